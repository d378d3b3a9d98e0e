//! What a command leaves for the vendor's program to send.

use serde::{Deserialize, Serialize};

use super::StreamId;
use crate::{
    customer::AccountState,
    id::{CustomerId, DeviceId, PersonId, WebhookId},
};

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
    /// A mail by which a user is activated (S-ST-57).
    Activation {
        /// The customer or partner whose user it is.
        of: StreamId,
        /// To whom.
        person: PersonId,
    },
    /// Work on an account for the vendor's program, to be acknowledged by it.
    Provision {
        /// The customer.
        customer: CustomerId,
        /// In which state the account waits.
        state: AccountState,
    },
    /// The order to restart a device; its program reports what became of it (S-IP-39).
    RebootDevice {
        /// The customer.
        customer: CustomerId,
        /// The device.
        device: DeviceId,
    },
    /// An event to tell a webhook.
    Webhook {
        /// The webhook.
        webhook: WebhookId,
        /// The stream of the event.
        stream: StreamId,
        /// Its index in the stream, from 1.
        index: u64,
    },
}

impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number { customer, person, .. } => {
                write!(f, "Number(…) of {customer} to {person}")
            }
            Self::Activation { of, person } => write!(f, "Activation of {person} at {of}"),
            Self::Provision { customer, state } => {
                write!(f, "Provision of {customer}, {}", state.name())
            }
            Self::RebootDevice { customer, device } => {
                write!(f, "RebootDevice {device} of {customer}")
            }
            Self::Webhook { webhook, stream, index } => {
                write!(f, "Webhook {webhook} of event {index} of {stream}")
            }
        }
    }
}
