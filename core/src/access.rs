//! Who may do what: role × command × relation, as data.

use serde::{Deserialize, Serialize};

use crate::{
    customer::MemberRole,
    error::{ErrorKind, Refusal, Result},
    history::{Command, World},
    id::{ActorId, CustomerId, PartnerId, PersonId},
};

/// What an actor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Role {
    /// The vendor's people and programs.
    Vendor,
    /// A user of the customer who manages its licences.
    CustomerManager,
    /// Another user of the customer.
    CustomerUser,
    /// A user of a partner who manages its users.
    PartnerAdministrator,
    /// Another user of a partner.
    PartnerUser,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] = [
        Self::Vendor,
        Self::CustomerManager,
        Self::CustomerUser,
        Self::PartnerAdministrator,
        Self::PartnerUser,
    ];

    /// The name of the role, as in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Vendor => "vendor",
            Self::CustomerManager => "customer_manager",
            Self::CustomerUser => "customer_user",
            Self::PartnerAdministrator => "partner_administrator",
            Self::PartnerUser => "partner_user",
        }
    }
}

/// Who acts. Recorded with every event: an id, never a name or an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "a record of the history")]
pub struct Actor {
    /// What the actor is.
    pub role: Role,
    /// Which one.
    pub id: ActorId,
    /// The customer the actor belongs to, for roles at a customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// The partner the actor belongs to, for roles at a partner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner: Option<PartnerId>,
}

impl Actor {
    /// A program or person of the vendor.
    #[must_use]
    pub const fn vendor(id: ActorId) -> Self {
        Self { role: Role::Vendor, id, customer: None, partner: None }
    }

    /// A user of a customer.
    #[must_use]
    pub const fn of_customer(role: Role, id: ActorId, customer: CustomerId) -> Self {
        Self { role, id, customer: Some(customer), partner: None }
    }

    /// A user of a partner.
    #[must_use]
    pub const fn of_partner(role: Role, id: ActorId, partner: PartnerId) -> Self {
        Self { role, id, customer: None, partner: Some(partner) }
    }
}

/// To whom a command may be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Relation {
    /// To anyone.
    Any,
    /// To the actor's own customer.
    Own,
    /// To a customer who chose the actor's partner as its dealer.
    Linked,
    /// To the actor's own partner, or in its name.
    OwnPartner,
    /// To the actor itself.
    Itself,
}

/// One row of the table; `*` stands for every command.
pub type Row = (Role, &'static str, Relation);

const MANAGER: Role = Role::CustomerManager;
const ADMINISTRATOR: Role = Role::PartnerAdministrator;
const PARTNER: Role = Role::PartnerUser;

/// Who may do what to whom; what no row allows is forbidden.
pub const TABLE: &[Row] = &[
    (Role::Vendor, "*", Relation::Any),
    (MANAGER, "start_subscription", Relation::Own),
    (MANAGER, "redeem_key", Relation::Own),
    (MANAGER, "allocate", Relation::Own),
    (MANAGER, "take_request", Relation::Own),
    (MANAGER, "free_hosts", Relation::Own),
    (MANAGER, "group_hosts", Relation::Own),
    (MANAGER, "erase_host_label", Relation::Own),
    (MANAGER, "expand_hardware", Relation::Own),
    (MANAGER, "upgrade_hardware", Relation::Own),
    (MANAGER, "move_hardware_licenses", Relation::Own),
    (MANAGER, "transfer_licenses", Relation::Own),
    (MANAGER, "register_device", Relation::Own),
    (MANAGER, "edit_device", Relation::Own),
    (MANAGER, "delete_device", Relation::Own),
    (MANAGER, "replace_device", Relation::Own),
    (MANAGER, "change_plan", Relation::Own),
    (MANAGER, "reboot_device", Relation::Own),
    (MANAGER, "save_assignments", Relation::Own),
    (MANAGER, "set_dealer", Relation::Own),
    (MANAGER, "set_privacy", Relation::Own),
    (MANAGER, "link_shop", Relation::Own),
    (MANAGER, "add_user", Relation::Own),
    (MANAGER, "edit_user", Relation::Own),
    (MANAGER, "resend_activation", Relation::Own),
    (MANAGER, "remove_member", Relation::Own),
    (MANAGER, "edit_profile", Relation::Itself),
    (Role::CustomerUser, "edit_profile", Relation::Itself),
    (PARTNER, "create_account", Relation::OwnPartner),
    (PARTNER, "edit_account", Relation::Linked),
    (PARTNER, "suspend_account", Relation::Linked),
    (PARTNER, "restore_account", Relation::Linked),
    (PARTNER, "delete_account", Relation::Linked),
    (PARTNER, "change_term", Relation::Linked),
    (PARTNER, "renew_term", Relation::Linked),
    (PARTNER, "add_user", Relation::Linked),
    (PARTNER, "edit_user", Relation::Linked),
    (PARTNER, "resend_activation", Relation::Linked),
    (PARTNER, "remove_member", Relation::Linked),
    (PARTNER, "replace_administrator", Relation::Linked),
    (PARTNER, "register_device", Relation::Linked),
    (PARTNER, "edit_device", Relation::Linked),
    (PARTNER, "delete_device", Relation::Linked),
    (PARTNER, "replace_device", Relation::Linked),
    (PARTNER, "change_plan", Relation::Linked),
    (PARTNER, "reboot_device", Relation::Linked),
    (PARTNER, "inspect_devices", Relation::Linked),
    (PARTNER, "give_licenses", Relation::Linked),
    (PARTNER, "edit_profile", Relation::Itself),
    // An administrator may also do what a user of the partner may.
    (ADMINISTRATOR, "add_partner_user", Relation::OwnPartner),
    (ADMINISTRATOR, "remove_partner_user", Relation::OwnPartner),
    (ADMINISTRATOR, "link_partner_shop", Relation::OwnPartner),
];

/// The rows that hold for a role: an administrator of a partner is one of its users too.
pub fn rows(role: Role) -> impl Iterator<Item = &'static Row> {
    let also = (role == Role::PartnerAdministrator).then_some(Role::PartnerUser);
    TABLE.iter().filter(move |(of, ..)| *of == role || Some(*of) == also)
}

/// Checks that the role may give this command to somebody at all, before anything of it is read.
///
/// # Errors
/// [`ErrorKind::Forbidden`] naming role and command.
pub(crate) fn check_role(actor: &Actor, command: &Command) -> Result<()> {
    let name = command.name();
    if rows(actor.role).any(|(_, row, _)| *row == "*" || *row == name) {
        return Ok(());
    }
    Err(forbidden(actor, command))
}

/// Checks that the actor may give this command; what no row allows is forbidden.
///
/// Who acts for a customer must be a member of it; a person may be a member of several and names
/// the one it acts for (S-AX-05). Who acts for a partner must be one of its users.
///
/// # Errors
/// [`ErrorKind::Forbidden`] naming role and command; [`ErrorKind::NotAMember`];
/// [`ErrorKind::CustomerUnknown`], [`ErrorKind::PartnerUnknown`].
pub fn check(actor: &Actor, command: &Command, world: &World) -> Result<()> {
    let name = command.name();
    let mut allowed = rows(actor.role).filter(|(_, row, _)| *row == "*" || *row == name);
    let row = allowed.find(|(.., relation)| relates(actor, command, *relation, world));
    match row {
        Some((.., Relation::Any)) => Ok(()),
        Some(_) => check_belongs(actor, command, world),
        None => Err(forbidden(actor, command)),
    }
}

fn forbidden(actor: &Actor, command: &Command) -> Refusal {
    Refusal::new(ErrorKind::Forbidden)
        .with("role", actor.role.name())
        .with("command", command.name())
}

/// Whether the command is about whom the relation names.
fn relates(actor: &Actor, command: &Command, relation: Relation, world: &World) -> bool {
    let own_partner = actor.partner.is_some() && actor.partner.as_ref() == command.partner();
    match relation {
        Relation::Any => true,
        Relation::Own => actor.customer.is_some() && actor.customer.as_ref() == command.customer(),
        Relation::OwnPartner => own_partner,
        Relation::Itself => {
            command.person().is_some_and(|person| person.as_str() == actor.id.as_str())
        }
        Relation::Linked => {
            let customer = command.customer().and_then(|id| world.customer(id).ok());
            let dealer = customer.and_then(|customer| customer.dealer());
            let named = command.partner().is_none() || own_partner;
            actor.partner.is_some() && actor.partner.as_ref() == dealer && named
        }
    }
}

/// Checks that the actor is what it says: a member of its customer, or a user of its partner.
fn check_belongs(actor: &Actor, command: &Command, world: &World) -> Result<()> {
    let is_it = |person: &PersonId| person.as_str() == actor.id.as_str();
    let (found, of) = match (&actor.customer, &actor.partner) {
        (Some(customer), None) => {
            let members = world.customer(customer)?.members();
            let found = members.iter().find(|(member, _)| is_it(member));
            (found.map(|(_, role)| *role == MemberRole::Manager), customer.as_str())
        }
        (None, Some(partner)) => {
            let users = world.partner(partner)?.users();
            let found = users.iter().find(|(user, _)| is_it(user));
            (found.map(|(_, administers)| *administers), partner.as_str())
        }
        _ => (None, "nobody"),
    };
    let leads = matches!(actor.role, Role::CustomerManager | Role::PartnerAdministrator);
    match found {
        Some(may_lead) if may_lead || !leads => Ok(()),
        Some(_) => Err(forbidden(actor, command)),
        None => {
            let kind = ErrorKind::NotAMember;
            Err(Refusal::new(kind).with("actor", &actor.id).with("customer", of))
        }
    }
}
