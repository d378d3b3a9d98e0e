//! Who may do what: role × command × relation, as data.

use serde::{Deserialize, Serialize};

use crate::{
    error::{ErrorKind, Refusal, Result},
    history::{Command, World},
    id::{ActorId, CustomerId},
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
}

impl Role {
    const fn name(self) -> &'static str {
        match self {
            Self::Vendor => "vendor",
            Self::CustomerManager => "customer_manager",
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
}

impl Actor {
    /// A program or person of the vendor.
    #[must_use]
    pub const fn vendor(id: ActorId) -> Self {
        Self { role: Role::Vendor, id, customer: None }
    }
}

/// To whom a command may be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    /// To anyone.
    Any,
    /// To the actor's own customer.
    Own,
}

/// One row of the table; `*` stands for every command.
type Row = (Role, &'static str, Relation);

const TABLE: &[Row] = &[
    (Role::Vendor, "*", Relation::Any),
    (Role::CustomerManager, "start_subscription", Relation::Own),
    (Role::CustomerManager, "redeem_key", Relation::Own),
    (Role::CustomerManager, "allocate", Relation::Own),
    (Role::CustomerManager, "take_request", Relation::Own),
    (Role::CustomerManager, "free_hosts", Relation::Own),
    (Role::CustomerManager, "expand_hardware", Relation::Own),
    (Role::CustomerManager, "upgrade_hardware", Relation::Own),
    (Role::CustomerManager, "move_hardware_licenses", Relation::Own),
    (Role::CustomerManager, "transfer_licenses", Relation::Own),
];

/// Checks that the actor may give this command; what no row allows is forbidden.
///
/// Who acts for a customer must be a member of it; a person may be a member of several and names
/// the one it acts for (S-AX-05).
///
/// # Errors
/// [`ErrorKind::Forbidden`] naming role and command; [`ErrorKind::NotAMember`];
/// [`ErrorKind::CustomerUnknown`].
pub fn check(actor: &Actor, command: &Command, world: &World) -> Result<()> {
    let name = command.name();
    let own = actor.customer.as_ref().filter(|own| Some(*own) == command.customer());
    let mut rows = TABLE.iter().filter(|(role, row, relation)| {
        *role == actor.role
            && (*row == "*" || *row == name)
            && (*relation == Relation::Any || own.is_some())
    });
    match (rows.next(), own) {
        (Some((_, _, Relation::Any)), _) => Ok(()),
        (Some((_, _, Relation::Own)), Some(own)) => check_member(actor, own, world),
        _ => {
            let role = actor.role.name();
            Err(Refusal::new(ErrorKind::Forbidden).with("role", role).with("command", name))
        }
    }
}

fn check_member(actor: &Actor, customer: &CustomerId, world: &World) -> Result<()> {
    let members = world.customer(customer)?.members();
    if members.iter().any(|member| member.as_str() == actor.id.as_str()) {
        return Ok(());
    }
    Err(Refusal::new(ErrorKind::NotAMember).with("actor", &actor.id).with("customer", customer))
}
