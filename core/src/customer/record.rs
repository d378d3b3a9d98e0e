//! Records that stand in the events of a customer.

use serde::{Deserialize, Serialize};

use crate::{
    code::CodeDigest,
    document::HostFacts,
    id::{BatchId, LicenseType, ProductId, SystemId},
    signing::KeyId,
    subscription::Quantities,
    wallet::Debit,
};

/// One installation of a product at a customer's, as its newest request describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "a record of the history")]
pub struct System {
    /// The system's own id.
    pub id: SystemId,
    /// The product it runs.
    pub product: ProductId,
    /// The installation: thumbprint of the key that signs its requests.
    pub installation: KeyId,
    /// Devices by licence type.
    pub devices: Quantities,
    /// Facts of its host, hashed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<HostFacts>,
    /// The nonce of its newest description.
    pub nonce: String,
    /// Whether it is known by a description that was carried here, and has never asked by itself
    /// (S-AX-13).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub offline: bool,
}

/// Licences of one type in an allocation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "a record of the history")]
pub struct AllocationLine {
    /// Type of licence.
    pub license_type: LicenseType,
    /// How many.
    pub quantity: u32,
    /// The lots they were taken from.
    pub debits: Vec<Debit>,
}

/// A licence key that was redeemed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "a record of the history")]
pub struct RedeemedKey {
    /// The batch the key was issued in.
    pub batch: BatchId,
    /// Digest of the key.
    pub key: CodeDigest,
    /// The key with all but its tail masked.
    pub masked: String,
}

/// How licences left a wallet without being allocated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Correction {
    /// The lot had been stored by mistake; none of it was used.
    Void,
    /// The lot was not paid for; what was left of it was taken back.
    ChargeBack,
}
