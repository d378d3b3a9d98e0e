//! Batches of licence keys that were issued together.
//!
//! Only digests and masked tails are kept, never a key itself.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    code::CodeDigest,
    id::{LicenseType, ProductId},
    time::Term,
};

/// Licences of one type that a key is worth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "a record of the history")]
pub struct KeyContents {
    /// Type of licence.
    pub license_type: LicenseType,
    /// Term of each licence, in months.
    #[serde(default = "year")]
    pub term: Term,
    /// How many licences.
    pub quantity: u32,
}

const fn year() -> Term {
    Term::YEAR
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
}

/// The state of a batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    product: Option<ProductId>,
    contents: Vec<KeyContents>,
    keys: BTreeMap<CodeDigest, String>,
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

    /// Takes an event into the state.
    pub fn apply(&mut self, event: &BatchEvent) {
        match event {
            BatchEvent::KeysIssued { product, contents, keys } => {
                self.product = Some(product.clone());
                self.contents.clone_from(contents);
                let keys = keys.iter().map(|key| (key.digest, key.masked.clone()));
                self.keys.extend(keys);
            }
        }
    }
}
