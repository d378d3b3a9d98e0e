//! Who may do what: role × command × relation, as data.

use serde::{Deserialize, Serialize};

use crate::{
    error::{ErrorKind, Refusal, Result},
    history::Command,
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
    (Role::CustomerManager, "register_system", Relation::Own),
    (Role::CustomerManager, "expand_hardware", Relation::Own),
    (Role::CustomerManager, "upgrade_hardware", Relation::Own),
    (Role::CustomerManager, "move_hardware_licenses", Relation::Own),
    (Role::CustomerManager, "transfer_licenses", Relation::Own),
];

/// Checks that the actor may give this command; what no row allows is forbidden.
///
/// # Errors
/// [`ErrorKind::Forbidden`] naming role and command.
pub fn check(actor: &Actor, command: &Command) -> Result<()> {
    let name = command.name();
    let own = actor.customer.is_some() && actor.customer.as_ref() == command.customer();
    let allowed = TABLE.iter().any(|(role, row, relation)| {
        *role == actor.role
            && (*row == "*" || *row == name)
            && match relation {
                Relation::Any => true,
                Relation::Own => own,
            }
    });
    if allowed {
        return Ok(());
    }
    Err(Refusal::new(ErrorKind::Forbidden).with("role", actor.role.name()).with("command", name))
}
