//! What documents say about hosts: facts seen by an installation, facts enrolled in a licence.

use serde::{Deserialize, Serialize};

use super::{
    jws::DocumentType,
    payload::{check_text, contradiction},
};
use crate::error::Result;

/// The most facts about one host.
pub const HOST_FACTS_MAX: usize = 64;
/// The longest kind or class, in bytes.
const KIND_BYTES_MAX: usize = 64;
/// The longest digest, in bytes of its text.
const DIGEST_BYTES_MAX: usize = 128;

/// One property of a host, such as the serial number of its board, as a digest.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(expecting = "a host fact")]
#[non_exhaustive]
pub struct HostFact {
    /// Which property: 1 to 64 bytes.
    pub kind: String,
    /// The property's keyed digest, never the property: 1 to 128 bytes of text.
    pub digest: String,
}

impl HostFact {
    /// Makes a fact; the document that carries it checks the lengths.
    #[must_use]
    pub fn new(kind: &str, digest: &str) -> Self {
        Self { kind: kind.into(), digest: digest.into() }
    }
}

/// What an installation sees of the host it runs on.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(expecting = "host facts")]
#[non_exhaustive]
pub struct HostFacts {
    /// What sort of host it is, such as a virtual machine: 1 to 64 bytes.
    pub class: String,
    /// At most [`HOST_FACTS_MAX`] facts, none twice.
    pub facts: Vec<HostFact>,
}

impl HostFacts {
    /// Makes a report of facts.
    #[must_use]
    pub fn new(class: &str, facts: Vec<HostFact>) -> Self {
        Self { class: class.into(), facts }
    }

    pub(super) fn check(&self, document: DocumentType) -> Result<()> {
        check_text("class", &self.class, KIND_BYTES_MAX)?;
        check_facts(document, &self.facts.iter().map(|fact| (&*fact.kind, &*fact.digest)))
    }
}

/// A fact that counts towards a licence's threshold while the host shows it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(expecting = "an enrolled fact")]
#[non_exhaustive]
pub struct EnrolledFact {
    /// Which property: 1 to 64 bytes.
    pub kind: String,
    /// The property's keyed digest: 1 to 128 bytes of text.
    pub digest: String,
    /// What the fact counts.
    pub weight: u32,
}

impl EnrolledFact {
    /// Makes an enrolled fact; the licence that carries it checks the lengths.
    #[must_use]
    pub fn new(kind: &str, digest: &str, weight: u32) -> Self {
        Self { kind: kind.into(), digest: digest.into(), weight }
    }
}

/// The host that a licence is bound to: enrolled facts and how much of their weight must match.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(expecting = "a host binding")]
#[non_exhaustive]
pub struct HostBinding {
    /// The least sum of matching weights: 1 up to the sum of all weights, inclusive.
    pub threshold: u32,
    /// 1 to [`HOST_FACTS_MAX`] facts, none twice.
    pub facts: Vec<EnrolledFact>,
}

impl HostBinding {
    /// Makes a binding; the licence that carries it refuses a threshold that cannot be reached.
    #[must_use]
    pub const fn new(threshold: u32, facts: Vec<EnrolledFact>) -> Self {
        Self { threshold, facts }
    }

    pub(super) fn check(&self, document: DocumentType) -> Result<()> {
        check_facts(document, &self.facts.iter().map(|fact| (&*fact.kind, &*fact.digest)))?;
        let weights: u64 = self.facts.iter().map(|fact| u64::from(fact.weight)).sum();
        if self.threshold == 0 || u64::from(self.threshold) > weights {
            let detail = format!("threshold {} is not between 1 and {weights}", self.threshold);
            return Err(contradiction(document, detail));
        }
        Ok(())
    }
}

/// A host has few facts, so each is compared with those before it.
fn check_facts<'a>(
    document: DocumentType,
    facts: &(impl ExactSizeIterator<Item = (&'a str, &'a str)> + Clone),
) -> Result<()> {
    if facts.len() > HOST_FACTS_MAX {
        return Err(contradiction(document, format!("more than {HOST_FACTS_MAX} facts")));
    }
    for (before, (kind, digest)) in facts.clone().enumerate() {
        check_text("kind", kind, KIND_BYTES_MAX)?;
        check_text("digest", digest, DIGEST_BYTES_MAX)?;
        if facts.clone().take(before).any(|fact| fact == (kind, digest)) {
            return Err(contradiction(document, format!("a fact `{kind}` appears twice")));
        }
    }
    Ok(())
}
