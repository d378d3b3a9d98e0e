//! Batches of licence keys that were issued together.
//!
//! Only digests and masked tails are kept, never a key itself.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    code::CodeDigest,
    id::{LicenseType, ProductId},
    wallet::LotKind,
};

/// Licences of one type that a key is worth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "a record of the history")]
pub struct KeyContents {
    /// Type of licence.
    pub license_type: LicenseType,
    /// What they are good for; usually one year of a subscription.
    #[serde(default = "LotKind::year")]
    pub kind: LotKind,
    /// How many licences.
    pub quantity: u32,
}

/// A key as the history knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "a record of the history")]
pub struct IssuedKey {
    /// Keyed digest of the folded key.
    pub digest: CodeDigest,
    /// The key with all but its tail masked.
    pub masked: String,
}

/// What happened to a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum BatchEvent {
    /// Licence keys were issued, each worth the same.
    KeysIssued {
        /// The product they are for.
        product: ProductId,
        /// What each is worth.
        contents: Vec<KeyContents>,
        /// The keys.
        keys: Vec<IssuedKey>,
    },
    /// A key that nobody had redeemed was voided.
    KeyVoided {
        /// Digest of the key.
        digest: CodeDigest,
        /// The key with all but its tail masked.
        masked: String,
        /// Why.
        reason: String,
    },
}

/// The state of a batch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    product: Option<ProductId>,
    contents: Vec<KeyContents>,
    keys: BTreeMap<CodeDigest, String>,
    voided: BTreeSet<CodeDigest>,
}

impl Batch {
    /// The most keys in one batch.
    pub const KEYS_MAX: usize = 1000;
    /// The most lines a key is worth.
    pub const CONTENTS_MAX: usize = 64;

    /// The product the keys are for; none while nothing was issued.
    #[must_use]
    pub const fn product(&self) -> Option<&ProductId> {
        self.product.as_ref()
    }

    /// What each key is worth.
    #[must_use]
    pub fn contents(&self) -> &[KeyContents] {
        &self.contents
    }

    /// The masked form of a key of this batch.
    #[must_use]
    pub fn masked(&self, digest: &CodeDigest) -> Option<&str> {
        self.keys.get(digest).map(String::as_str)
    }

    /// Whether a key of this batch was voided.
    #[must_use]
    pub fn voided(&self, digest: &CodeDigest) -> bool {
        self.voided.contains(digest)
    }

    /// Takes an event into the state.
    pub fn apply(&mut self, event: &BatchEvent) {
        match event {
            BatchEvent::KeysIssued { product, contents, keys } => {
                self.product = Some(product.clone());
                self.contents.clone_from(contents);
                let keys = keys.iter().map(|key| (key.digest, key.masked.clone()));
                self.keys.extend(keys);
            }
            BatchEvent::KeyVoided { digest, .. } => {
                self.voided.insert(*digest);
            }
        }
    }
}
