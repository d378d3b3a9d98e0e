//! What can be asked of a ledger.

use serde::{Deserialize, Serialize};

use crate::{
    customer::{AccountDraft, Assignment},
    error::{Language, Result},
    history::StreamId,
    id::{ActorId, CustomerId, PartnerId, PersonId, ProductId},
    session::Session,
    time::{Day, Instant},
};

use super::EventPlace;

/// A question to a ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Query {
    /// The products with their newest policies.
    Products {},
    /// Where a customer stands with every product (S-AX-01).
    Overview {
        /// The customer.
        customer: CustomerId,
        /// The language of the status text; usually English.
        #[serde(default)]
        language: Language,
    },
    /// Need and coverage of the current and the future periods of a product (S-AX-10).
    Need {
        /// The customer.
        customer: CustomerId,
        /// The product.
        product: ProductId,
    },
    /// The stock of licences of a product (S-AX-20).
    Wallet {
        /// The customer.
        customer: CustomerId,
        /// The product.
        product: ProductId,
    },
    /// The hosts bound to the licences of a product (S-MK-44).
    Bindings {
        /// The customer.
        customer: CustomerId,
        /// The product.
        product: ProductId,
    },
    /// What is coming for a customer without anybody's doing, nearest first.
    Due {
        /// The customer.
        customer: CustomerId,
    },
    /// What is coming for all customers, or for those of a partner, in the order of their ids: at
    /// most `limit` customers are looked at for an answer, which says where to go on.
    ComingDue {
        /// The partner whose customers are meant; all customers without.
        #[serde(default)]
        partner: Option<PartnerId>,
        /// Only what comes before this day; everything without.
        #[serde(default)]
        until: Option<Day>,
        /// The customer after whom to begin: `next` of the answer before.
        #[serde(default)]
        after: Option<CustomerId>,
        /// How many customers to look at; the usual and the most is 500.
        #[serde(default = "due_page")]
        limit: u32,
    },
    /// The customer who signs in with a registration number, or with a coupon that was activated
    /// (S-MK-42, S-MK-43).
    Login {
        /// The number or coupon as it was typed.
        login: String,
    },
    /// Where the licences of a product are sold (S-AX-09).
    WhereToBuy {
        /// The product.
        product: ProductId,
    },
    /// What a customer's account is doing, and its term.
    Account {
        /// The customer.
        customer: CustomerId,
    },
    /// The persons of a customer, and what is known of them.
    Users {
        /// The customer.
        customer: CustomerId,
    },
    /// What is wrong with the pages of an account that is to be created (S-ST-04).
    CheckDraft {
        /// The product whose policy of account terms holds.
        product: ProductId,
        /// The pages.
        draft: Box<AccountDraft>,
    },
    /// What an account is to pay in a month (S-ST-08).
    Invoice {
        /// The customer.
        customer: CustomerId,
        /// The product.
        product: ProductId,
        /// Any day of the month.
        month: Day,
    },
    /// The devices of a customer.
    Devices {
        /// The customer.
        customer: CustomerId,
    },
    /// The licences for devices and where they are, with changes that are not saved yet (S-IP-14,
    /// S-IP-18).
    Assignments {
        /// The customer.
        customer: CustomerId,
        /// The product.
        product: ProductId,
        /// The changes; none to see what is.
        #[serde(default)]
        changes: Vec<Assignment>,
        /// The language of the marker of free licences; usually English.
        #[serde(default)]
        language: Language,
    },
    /// A partner: what it has and gave (S-IP-03, S-IP-31).
    Partner {
        /// The partner.
        partner: PartnerId,
    },
    /// The customers who chose a partner as their dealer, 20 a page (S-IP-30, S-IP-34).
    PartnerCustomers {
        /// The partner.
        partner: PartnerId,
        /// A part of the e-mail; empty, the usual, for all.
        #[serde(default)]
        email: String,
        /// The page, from 1, the usual; past the last it is the last.
        #[serde(default = "first_page")]
        page: u32,
    },
    /// Whether a customer is to be asked to link its account at the vendor's shop (S-IP-04).
    Shop {
        /// The customer.
        customer: CustomerId,
    },
    /// Lets somebody in whom the vendor's program has found out to be who it is.
    SignIn {
        /// Who.
        who: Who,
        /// Where.
        at: Place,
    },
    /// Whether a session still shows what is.
    Session {
        /// The session.
        session: Box<Session>,
    },
    /// The customers that a person is a member of (S-ST-34, S-ST-41).
    Memberships {
        /// The person.
        person: PersonId,
    },
    /// The events of a stream, oldest first (S-AX-23, S-AX-24).
    History {
        /// The stream, such as `customer/ID`.
        stream: StreamId,
        /// Only events after this index; 0, the usual, is all of them.
        #[serde(default)]
        after: u64,
        /// At most so many; the usual and the most is 1000.
        #[serde(default = "page")]
        limit: u32,
    },
    /// The webhooks with the kinds of events that each is told.
    Webhooks {},
    /// The events of all streams that are of all that is named, in the order of their times, then
    /// of their streams; it says where to go on. For the vendor: it tells of every customer.
    Journal {
        /// Only those of a stream: a customer's is `customer/ID`.
        #[serde(default)]
        stream: Option<StreamId>,
        /// Only those that an actor of this id caused, in whatever role.
        #[serde(default)]
        actor: Option<ActorId>,
        /// Only those of a kind, such as `registered`: the name that a receipt gives an event.
        #[serde(default)]
        kind: Option<String>,
        /// Only those decided at this instant or later.
        #[serde(default)]
        since: Option<Instant>,
        /// Only those decided before this instant.
        #[serde(default)]
        until: Option<Instant>,
        /// Only those after this one: `next` of the answer before.
        #[serde(default)]
        after: Option<EventPlace>,
        /// At most so many; the usual and the most is 1000.
        #[serde(default = "page")]
        limit: u32,
    },
}

const fn first_page() -> u32 {
    1
}

const fn page() -> u32 {
    Query::HISTORY_MAX
}

const fn due_page() -> u32 {
    Query::DUE_MAX
}

impl Query {
    /// The most customers looked at for one [`Query::ComingDue`].
    pub const DUE_MAX: u32 = 500;
    /// The most events of one [`Query::History`] or [`Query::Journal`].
    pub const HISTORY_MAX: u32 = 1000;
    /// The largest query, in bytes of JSON.
    pub const BYTES_MAX: usize = 64 * 1024;

    /// Reads a query from JSON.
    ///
    /// # Errors
    /// [`InputTooLarge`](crate::error::ErrorKind::InputTooLarge) over [`Query::BYTES_MAX`],
    /// [`NotUtf8`](crate::error::ErrorKind::NotUtf8),
    /// [`JsonInvalid`](crate::error::ErrorKind::JsonInvalid).
    pub fn from_json(json: &[u8]) -> Result<Self> {
        crate::json::read("the query", json, Self::BYTES_MAX)
    }
}

/// Who signs in.
///
/// In JSON `{"username": "ann@example.org"}` or `{"person": "p1"}`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_enums, reason = "a closed choice")]
pub enum Who {
    /// By the name to sign in with.
    Username(String),
    /// By id.
    Person(PersonId),
}

impl std::fmt::Debug for Who {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Username(_) => f.write_str("Username(…)"),
            Self::Person(person) => write!(f, "{person}"),
        }
    }
}

/// Where somebody signs in.
///
/// In JSON `{"customer": "c1"}` or `{"partner": "d1"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_enums, reason = "a closed choice")]
pub enum Place {
    /// At a customer.
    Customer(CustomerId),
    /// At a partner's own page.
    Partner(PartnerId),
}
