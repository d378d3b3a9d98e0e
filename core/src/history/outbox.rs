//! What a command leaves for the vendor's program to send.

use serde::{Deserialize, Serialize};

use crate::id::{CustomerId, PersonId};

/// Something to be sent once the command that caused it is done.
///
/// It is kept, with what may be read in it, until the program says that it was sent.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Message {
    /// A mail to the owner of a registration number that tells the number (S-MK-09).
    Number {
        /// The customer.
        customer: CustomerId,
        /// To whom.
        person: PersonId,
        /// The number in full.
        number: String,
    },
}

impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number { customer, person, .. } => {
                write!(f, "Number(…) of {customer} to {person}")
            }
        }
    }
}
