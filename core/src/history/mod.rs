//! The history: commands in, events out, each stream a hash chain.
//!
//! A command comes in an [`Envelope`] that says who gives it and under which id. [`Prepared`] reads
//! what it carries and names the claims and streams it has to see; [`decide`] answers with the
//! [`Changes`] to write or with a refusal, and changes nothing itself. The store writes all changes
//! in one transaction.

mod accounts;
mod aggregate;
mod answer;
mod changes;
mod command;
mod decide;
mod derived;
mod keys;
mod kinds;
mod login;
mod number;
mod outbox;
mod partners;
mod people;
mod prepared;
mod preview;
mod record;
mod snapshot;
mod stream;
mod world;

pub use accounts::policy as account_policy;
pub use aggregate::Aggregate;
pub use answer::{Answered, answer};
pub use changes::{Changes, PersonChange, Preview, Warning};
pub use command::{
    AcknowledgeAccount, ActivateUser, AddPartnerUser, AddUser, ChangePlan, ChangeTerm, Command,
    CreateAccount, EditAccount, EditDevice, EditProfile, EditUser, Envelope, GiveLicenses,
    InspectDevices, LinkPartnerShop, LinkShop, OfAccount, OfDevice, RegisterDevice,
    RegisterPartner, RemovePartnerUser, RenewTerm, ReplaceAdministrator, ReplaceDevice,
    ReportDevice, ResendActivation, SaveAssignments, SetChannel, SetDealer, SetPrivacy,
    StockPartner, StockSource,
};
pub use decide::decide;
pub use derived::{Beside, Derived, links};
pub use login::{login, login_claims, username_claim};
pub use outbox::Message;
pub use prepared::Prepared;
pub use preview::{preview, token};
pub use record::{ChainHash, Recorded};
pub use stream::{Event, StreamId};
pub use world::{Claim, Holder, Salt, Space, World};
