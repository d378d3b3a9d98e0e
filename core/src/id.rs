//! Names that callers give to things: one type each, so that they cannot be mixed up.
//!
//! An id is 1 to 64 characters of `A–Z a–z 0–9 . _ -`, compared exactly. Ids go into the history,
//! which is never rewritten: do not make them from people's names or addresses.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use smol_str::SmolStr;

use crate::{
    error::{ErrorKind, Refusal, Result},
    json,
};

/// The longest id, in bytes.
pub const ID_BYTES_MAX: usize = 64;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident $field:literal,)+) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String"))]
        pub struct $name(SmolStr);

        impl $name {
            /// Takes an id.
            ///
            /// # Errors
            /// [`ErrorKind::FieldInvalid`] when empty, longer than [`ID_BYTES_MAX`] or with
            /// other characters than letters, digits, `.`, `_` and `-`.
            pub fn new(id: &str) -> Result<Self> {
                check($field, id).map(|()| Self(id.into()))
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = Refusal;

            fn from_str(id: &str) -> Result<Self> {
                Self::new(id)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                json::parse(from)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(&self.0)
            }
        }
    )+};
}

ids! {
    /// Who acts: a program or a person's id, never a name or an address.
    ActorId "actor",
    /// A batch of codes issued together.
    BatchId "batch",
    /// One command; the same id with the same body is the same command.
    CommandId "command id",
    /// An organisation, account or contractor that holds licences.
    CustomerId "customer",
    /// One of the vendor's data centres.
    DataCenterId "data center",
    /// A device that needs a licence, such as a camera.
    DeviceId "device",
    /// A part of a product that is licensed by name; the product's own id names the whole of it.
    FeatureId "feature",
    /// Several hosts that share one licence, such as the nodes of a cluster.
    GroupId "group",
    /// A piece of hardware that carries licences for its life.
    HardwareId "hardware",
    /// A type of licence of a product, such as one per camera or one per door.
    LicenseType "licence type",
    /// A dealer of the vendor's.
    PartnerId "partner",
    /// A person whose names live in a table apart.
    PersonId "person",
    /// A plan by which a device is billed.
    PlanId "plan",
    /// A product of the vendor.
    ProductId "product",
    /// A service that says who somebody is when signing in.
    ProviderId "identity provider",
    /// A region of the vendor's service.
    RegionId "region",
    /// One installation of a product at a customer's.
    SystemId "system",
    /// The vendor who signs.
    VendorId "vendor",
    /// A program that the vendor's program tells of events.
    WebhookId "webhook",
}

fn check(field: &'static str, id: &str) -> Result<()> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
    if (1..=ID_BYTES_MAX).contains(&id.len()) && id.bytes().all(plain) {
        return Ok(());
    }
    let shown: String = id.chars().take(ID_BYTES_MAX).collect();
    Err(Refusal::new(ErrorKind::FieldInvalid)
        .with("field", field)
        .with("value", shown)
        .with("expected", "1 to 64 letters, digits, dots, dashes or underscores"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_of_64_bytes_is_taken_and_of_65_refused() {
        assert!(ProductId::new(&"a".repeat(64)).is_ok());
        assert!(ProductId::new(&"a".repeat(65)).is_err());
        assert!(ProductId::new("").is_err());
    }

    #[test]
    fn an_address_is_no_id() {
        let refusal = ActorId::new("ann@example.org").unwrap_err();
        assert_eq!(refusal.kind(), ErrorKind::FieldInvalid);
        assert!(refusal.to_string().starts_with("actor `ann@example.org` is not 1 to 64"));
    }
}
