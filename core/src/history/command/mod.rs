//! Commands and their envelopes.

mod about;
mod accounts;
mod devices;
mod partners;
mod people;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    access::Actor,
    batch::KeyContents,
    catalogue::Definition,
    code::CodeFormat,
    customer::{BindingId, MemberRole},
    error::{ErrorKind, Refusal, Result},
    id::{
        BatchId, CommandId, CustomerId, GroupId, HardwareId, LicenseType, PersonId, ProductId,
        RegionId, VendorId, WebhookId,
    },
    person::PersonFields,
    policy::Policy,
    signing::PublicKey,
    subscription::Quantities,
    time::{Term, Zone},
    wallet::LotId,
};

pub use accounts::{
    AcknowledgeAccount, ChangeTerm, CreateAccount, EditAccount, OfAccount, RenewTerm, SetPrivacy,
};
pub use devices::{
    ChangePlan, EditDevice, InspectDevices, OfDevice, RegisterDevice, ReplaceDevice, ReportDevice,
    SaveAssignments,
};
pub use partners::{
    GiveLicenses, LinkPartnerShop, LinkShop, RegisterPartner, SetChannel, SetDealer, StockPartner,
};
pub use people::{
    ActivateUser, AddPartnerUser, AddUser, EditProfile, EditUser, RemovePartnerUser,
    ReplaceAdministrator, ResendActivation,
};

/// A command with who gives it and under which id.
///
/// The same id with the same body is the same command: it is done once and answered with the
/// first receipt. JSON form: `{"id": "…", "actor": {"role": "vendor", "id": "…"}, "body": {…}}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct Envelope {
    /// Unique among the commands of a ledger.
    pub id: CommandId,
    /// Who gives it.
    pub actor: Actor,
    /// What is to be done.
    pub body: Command,
}

/// What can be done to a ledger. Debugging shows its name alone: it may hold codes and addresses.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Command {
    /// Establishes the vendor and its root keys; the first command of a ledger.
    EstablishVendor {
        /// The vendor's id, named in every document.
        vendor: VendorId,
        /// The public root keys that programs have compiled in.
        roots: Vec<PublicKey>,
        /// The region this ledger serves; without one, all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        region: Option<RegionId>,
        /// The form of registration numbers; without one none are given on request.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        number_format: Option<CodeFormat>,
    },
    /// Puts a product with its first policy into the catalogue.
    DefineProduct {
        /// Its id.
        product: ProductId,
        /// What it is.
        definition: Definition,
        /// The rules under which it is sold.
        policy: Policy,
    },
    /// Publishes a further policy version of a product.
    PublishPolicy {
        /// The product.
        product: ProductId,
        /// The rules.
        policy: Policy,
    },
    /// Publishes a key ring signed by a root key.
    PublishKeyRing {
        /// The signed document.
        document: String,
    },
    /// Publishes a revocation list signed by a key of the ring or a root key.
    PublishRevocations {
        /// The signed document.
        document: String,
    },
    /// Sets which kinds of events a webhook is told from now on: each leaves a message in the
    /// outbox. Without kinds the webhook is gone; one that is set as it is already changes nothing.
    SetWebhook {
        /// The webhook; a new one, or one that is set anew.
        webhook: WebhookId,
        /// The kinds, such as `key_redeemed`: the names that a receipt gives events.
        kinds: BTreeSet<String>,
    },
    /// Issues licence keys. Only digests and masked tails are kept.
    IssueKeys {
        /// A new batch id.
        batch: BatchId,
        /// The product they are for.
        product: ProductId,
        /// What each key is worth.
        contents: Vec<KeyContents>,
        /// The keys in full, 1 to 1000.
        keys: Vec<String>,
    },
    /// Registers a customer.
    RegisterCustomer {
        /// A new customer id.
        customer: CustomerId,
        /// Where its days begin.
        zone: Zone,
        /// The region of the vendor's service it belongs to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        region: Option<RegionId>,
    },
    /// Adds a person; name and address go to the erasable table.
    AddPerson {
        /// A new person id.
        person: PersonId,
        /// Name and address.
        fields: PersonFields,
    },
    /// Erases name and address of a person.
    ErasePerson {
        /// The person.
        person: PersonId,
    },
    /// Makes a person a member of a customer with a role (S-AX-05).
    AddMember {
        /// The customer.
        customer: CustomerId,
        /// The person.
        person: PersonId,
        /// What it may do; usually manage licences.
        #[serde(default)]
        role: MemberRole,
    },
    /// Ends a membership.
    RemoveMember {
        /// The customer.
        customer: CustomerId,
        /// The person.
        person: PersonId,
    },
    /// Does what a signed request asks for: describes a system, starts a trial, redeems a coupon,
    /// binds a host or gives it back.
    TakeRequest {
        /// The customer its installation belongs to; the one whose number it carries when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        customer: Option<CustomerId>,
        /// The signed request.
        request: String,
    },
    /// Starts the subscription to a product.
    StartSubscription {
        /// The customer.
        customer: CustomerId,
        /// The product.
        product: ProductId,
        /// Length of a period in months; without it the usual one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        term: Option<Term>,
    },
    /// Redeems a licence key: everything it is worth goes to the wallet.
    RedeemKey {
        /// The customer.
        customer: CustomerId,
        /// The product the key should be for.
        product: ProductId,
        /// The key as typed.
        key: String,
    },
    /// Allocates licences from the wallet to a period.
    Allocate {
        /// The customer.
        customer: CustomerId,
        /// The product.
        product: ProductId,
        /// Licences by type.
        quantities: Quantities,
        /// Periods ahead of the current one; 0, the usual, is the current one.
        #[serde(default, skip_serializing_if = "is_zero")]
        ahead: u32,
        /// Term of the licences in months, a whole multiple of the subscription's, which is usual.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        term: Option<Term>,
    },
    /// Puts licences into a wallet without a key.
    StockLicenses {
        /// The customer.
        customer: CustomerId,
        /// The product.
        product: ProductId,
        /// The licences.
        contents: Vec<KeyContents>,
        /// Where they come from.
        source: StockSource,
        /// The number of the purchase: the same one is taken in once, whatever the command's id.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        purchase: Option<String>,
    },
    /// Registers a new customer by a request for a number, and gives it the number.
    RegisterNumber {
        /// A new customer id.
        customer: CustomerId,
        /// A new id of the person to speak with.
        person: PersonId,
        /// A new number in full.
        number: String,
        /// The signed request.
        request: String,
    },
    /// Gives a customer who is known already a number.
    IssueNumber {
        /// The customer.
        customer: CustomerId,
        /// A new number in full.
        number: String,
    },
    /// Sends the owner of an address a new number, by a request to find a forgotten one.
    RecoverNumber {
        /// A new number in full.
        number: String,
        /// The signed request.
        request: String,
    },
    /// Frees a bound host, or all of them: its licence may be bound elsewhere (S-MK-46).
    FreeHosts {
        /// The customer.
        customer: CustomerId,
        /// The product.
        product: ProductId,
        /// The binding; all of them when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        binding: Option<BindingId>,
        /// The group whose hosts are freed; hosts of any group and of none when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        group: Option<GroupId>,
        /// Why.
        reason: String,
    },
    /// Erases what a bound host is called, which its operator told.
    EraseHostLabel {
        /// The customer.
        customer: CustomerId,
        /// The product.
        product: ProductId,
        /// The binding.
        binding: BindingId,
    },
    /// Declares a group of hosts that share one licence, such as the nodes of a cluster; see
    /// docs/hosts.md for what that promises.
    GroupHosts {
        /// The customer.
        customer: CustomerId,
        /// The product.
        product: ProductId,
        /// The group.
        group: GroupId,
        /// How many hosts it may have, at most 16; 0 ends a group in which none is bound.
        hosts: u32,
    },
    /// Keeps the newest policy of a product: from the customer's next period on, and for licences by
    /// host or device for what is granted from now on. An account keeps the policy it was opened
    /// under.
    AdoptPolicy {
        /// The customer.
        customer: CustomerId,
        /// The product.
        product: ProductId,
    },
    /// Registers hardware; what it is preloaded with is active at once, for its life.
    RegisterHardware {
        /// The customer.
        customer: CustomerId,
        /// The product.
        product: ProductId,
        /// The hardware.
        hardware: HardwareId,
        /// Its licences by type; none where it has none.
        #[serde(default, skip_serializing_if = "Quantities::is_empty")]
        preloaded: Quantities,
    },
    /// Allocates expansion licences from the wallet to hardware, for its life.
    ExpandHardware {
        /// The customer.
        customer: CustomerId,
        /// The hardware.
        hardware: HardwareId,
        /// Licences by type.
        quantities: Quantities,
    },
    /// Turns licences of hardware into licences of another type, each by one upgrade licence.
    UpgradeHardware {
        /// The customer.
        customer: CustomerId,
        /// The hardware.
        hardware: HardwareId,
        /// The type they are of.
        from: LicenseType,
        /// The type they become.
        to: LicenseType,
        /// How many.
        quantity: u32,
    },
    /// Is always refused: licences of hardware stay with it.
    MoveHardwareLicenses {
        /// The customer.
        customer: CustomerId,
        /// The hardware that has them.
        hardware: HardwareId,
        /// The hardware that should have them.
        to: HardwareId,
    },
    /// Is always refused: nothing moves between customers.
    TransferLicenses {
        /// The customer that has them.
        customer: CustomerId,
        /// The customer that should have them.
        to: CustomerId,
        /// The product.
        product: ProductId,
    },
    /// Correction: voids a key that nobody has redeemed.
    VoidKey {
        /// The product the key should be for.
        product: ProductId,
        /// The key in full.
        key: String,
        /// Why.
        reason: String,
    },
    /// Correction: takes an untouched lot out of circulation.
    VoidLot {
        /// The customer.
        customer: CustomerId,
        /// The product.
        product: ProductId,
        /// The lot.
        lot: LotId,
        /// Why.
        reason: String,
    },
    /// Correction: takes back what is left of a lot that was not paid for.
    ChargeBack {
        /// The customer.
        customer: CustomerId,
        /// The product.
        product: ProductId,
        /// The lot.
        lot: LotId,
        /// Why.
        reason: String,
    },
    /// Correction: gives up a customer's claim to a machine that it has no longer, such as one sold
    /// second-hand, so that whoever has it now can register.
    FreeMachine {
        /// The customer that registered from it.
        customer: CustomerId,
        /// A signed request of an installation on the machine, which tells its facts.
        request: String,
        /// Why.
        reason: String,
    },
    /// Correction: undoes the newest allocation within its period, with what it gave back.
    UndoAllocation {
        /// The customer.
        customer: CustomerId,
        /// The product.
        product: ProductId,
        /// The number of the allocation.
        allocation: u32,
        /// Why.
        reason: String,
    },
    /// Creates a customer with an account.
    CreateAccount(Box<CreateAccount>),
    /// Changes what stands on the first two pages of an account.
    EditAccount(EditAccount),
    /// Says that what was left to the vendor's program is done.
    AcknowledgeAccount(AcknowledgeAccount),
    /// Suspends an account: its users cannot sign in, use and billing go on (S-ST-30).
    SuspendAccount(OfAccount),
    /// Ends the suspension of an account.
    RestoreAccount(OfAccount),
    /// Deletes an account without devices (S-ST-37).
    DeleteAccount(OfAccount),
    /// Sets whether the dealer may not enter a suspended account.
    SetPrivacy(SetPrivacy),
    /// Chooses the term of an account.
    ChangeTerm(ChangeTerm),
    /// Pays for one more term of an account.
    RenewTerm(RenewTerm),
    /// Adds a user to a customer.
    AddUser(AddUser),
    /// Says that a user followed the activation mail.
    ActivateUser(ActivateUser),
    /// Leaves the activation mail to be sent again.
    ResendActivation(ResendActivation),
    /// Changes the record of another user.
    EditUser(EditUser),
    /// Changes one's own record.
    EditProfile(EditProfile),
    /// Makes a member the administrator of an account.
    ReplaceAdministrator(ReplaceAdministrator),
    /// Adds a user to a partner.
    AddPartnerUser(AddPartnerUser),
    /// Ends that a person is a user of a partner.
    RemovePartnerUser(RemovePartnerUser),
    /// Registers a device.
    RegisterDevice(RegisterDevice),
    /// Tells the state of a device.
    ReportDevice(ReportDevice),
    /// Changes what is told of a device.
    EditDevice(EditDevice),
    /// Deletes a device, which ends its billing and frees its licence (S-ST-50).
    DeleteDevice(OfDevice),
    /// Replaces a device by a new one.
    ReplaceDevice(ReplaceDevice),
    /// Changes the plan of a device.
    ChangePlan(ChangePlan),
    /// Orders the restart of a device (S-IP-39).
    RebootDevice(OfDevice),
    /// Leaves a trace that somebody looks at the devices.
    InspectDevices(InspectDevices),
    /// Saves drafted assignments of licences to devices.
    SaveAssignments(SaveAssignments),
    /// Registers a partner.
    RegisterPartner(RegisterPartner),
    /// Puts licences into the stock of a partner.
    StockPartner(StockPartner),
    /// Gives licences from the stock of a partner to a customer.
    GiveLicenses(GiveLicenses),
    /// Chooses the dealer of a customer.
    SetDealer(SetDealer),
    /// Sets where a customer buys.
    SetChannel(SetChannel),
    /// Links a customer to its account at the vendor's shop.
    LinkShop(LinkShop),
    /// Links a partner to its account at the vendor's shop.
    LinkPartnerShop(LinkPartnerShop),
}

/// Where licences come from that are put into a wallet without a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_enums, reason = "a closed choice")]
pub enum StockSource {
    /// They were bought.
    Purchase,
    /// They came with something else.
    Preload,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl std::fmt::Debug for Command {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Command({})", self.name())
    }
}

impl Command {
    /// The largest command, in bytes of JSON.
    pub const BYTES_MAX: usize = 1 << 20;

    /// Reads a command from JSON.
    ///
    /// # Errors
    /// [`ErrorKind::InputTooLarge`] over [`Command::BYTES_MAX`]; [`ErrorKind::NotUtf8`];
    /// [`ErrorKind::JsonInvalid`] naming the place.
    ///
    /// ```
    /// use mlicense_core::history::Command;
    /// let json = br#"{"allocate":{"customer":"c1","product":"vms","quantities":{"camera":10}}}"#;
    /// assert_eq!(Command::from_json(json)?.name(), "allocate");
    /// assert!(Command::from_json(br#"{"alocate":{}}"#).is_err());
    /// # Ok::<(), mlicense_core::error::Refusal>(())
    /// ```
    pub fn from_json(json: &[u8]) -> Result<Self> {
        crate::json::read("the command", json, Self::BYTES_MAX)
    }
}

impl Envelope {
    /// Reads an envelope from JSON.
    ///
    /// # Errors
    /// As [`Command::from_json`].
    pub fn from_json(json: &[u8]) -> Result<Self> {
        crate::json::read("the command", json, Command::BYTES_MAX)
    }

    /// The bytes that stand for this envelope: the same command gives the same bytes.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] should it not serialize.
    pub fn canonical(&self) -> Result<Vec<u8>> {
        let fault =
            |error: serde_json::Error| Refusal::new(ErrorKind::Internal).with("detail", error);
        serde_json::to_vec(&(&self.actor, &self.body)).map_err(fault)
    }
}
