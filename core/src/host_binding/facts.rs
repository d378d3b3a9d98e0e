//! `HostFacts` and their hashed form.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Fact, FactDigest, FactKind, FactSalt};

/// How many facts of one kind are kept; a host with more disks than that is known by these.
pub const FACTS_PER_KIND_MAX: usize = 16;

/// What sort of host it is: it decides which facts are worth enrolling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum HostClass {
    /// A machine of its own.
    BareMetal,
    /// A virtual machine.
    Vm,
    /// A container; what it shows of the hardware is its host's.
    Container,
    /// A virtual machine rented in a cloud.
    CloudInstance,
    /// Known by what its operator declared and by nothing else.
    Declared,
}

/// What a host shows of itself.
///
/// `Debug` shows kinds, never values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostFacts {
    class: HostClass,
    facts: BTreeSet<Fact>,
    unreadable: BTreeSet<FactKind>,
}

impl HostFacts {
    /// Collects facts; of one kind the first [`FACTS_PER_KIND_MAX`] by value are kept.
    #[must_use]
    pub fn new(class: HostClass, facts: impl IntoIterator<Item = Fact>) -> Self {
        let mut kept: BTreeMap<FactKind, usize> = BTreeMap::new();
        let sorted: BTreeSet<Fact> = facts.into_iter().collect();
        let within_limit = |fact: &Fact| {
            let count = kept.entry(fact.kind()).or_default();
            *count = count.saturating_add(1);
            *count <= FACTS_PER_KIND_MAX
        };
        let facts = sorted.into_iter().filter(within_limit).collect();
        Self { class, facts, unreadable: BTreeSet::new() }
    }

    /// Notes kinds that may be there but could not be read, so that a report can say so.
    #[must_use]
    pub fn with_unreadable(mut self, kinds: impl IntoIterator<Item = FactKind>) -> Self {
        self.unreadable.extend(kinds);
        self
    }

    /// Adds one fact, such as an id that the operator declares.
    #[must_use]
    pub fn with(self, fact: Fact) -> Self {
        let Self { class, facts, unreadable } = self;
        Self::new(class, facts.into_iter().chain([fact])).with_unreadable(unreadable)
    }

    /// The sort of host.
    #[must_use]
    pub const fn class(&self) -> HostClass {
        self.class
    }

    /// The facts, by kind and value.
    pub fn iter(&self) -> impl Iterator<Item = &Fact> {
        self.facts.iter()
    }

    /// Kinds that could not be read, as opposed to absent.
    pub fn unreadable(&self) -> impl Iterator<Item = FactKind> {
        self.unreadable.iter().copied()
    }

    /// The form in which facts leave the host.
    #[must_use]
    pub fn hash(&self, salt: &FactSalt) -> HashedFacts {
        let hash = |fact: &Fact| HashedFact { kind: fact.kind(), digest: salt.digest(fact) };
        HashedFacts {
            class: self.class,
            facts: self.facts.iter().map(hash).collect(),
            unreadable: self.unreadable.clone(),
        }
    }
}

/// One fact as the vendor sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "a fact is a kind and a digest and nothing else")]
pub struct HashedFact {
    /// What the fact is about.
    pub kind: FactKind,
    /// The keyed digest of kind and value.
    pub digest: FactDigest,
}

/// What a host shows of itself, as the vendor sees it.
///
/// JSON form, as in requests: `{"class": "vm", "facts": [{"kind": "dmi_uuid", "digest": "…"}]}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HashedFacts {
    class: HostClass,
    facts: BTreeSet<HashedFact>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    unreadable: BTreeSet<FactKind>,
}

impl HashedFacts {
    /// Collects facts that were hashed elsewhere.
    #[must_use]
    pub fn new(class: HostClass, facts: impl IntoIterator<Item = HashedFact>) -> Self {
        Self { class, facts: facts.into_iter().collect(), unreadable: BTreeSet::new() }
    }

    /// The sort of host.
    #[must_use]
    pub const fn class(&self) -> HostClass {
        self.class
    }

    /// The facts, by kind and digest.
    pub fn iter(&self) -> impl Iterator<Item = &HashedFact> {
        self.facts.iter()
    }

    /// The facts of one kind, by digest.
    pub fn of_kind(&self, kind: FactKind) -> impl Iterator<Item = &HashedFact> {
        self.facts.iter().filter(move |fact| fact.kind == kind)
    }

    /// Whether the host shows this fact.
    #[must_use]
    pub fn contains(&self, fact: &HashedFact) -> bool {
        self.facts.contains(fact)
    }

    /// Whether facts of this kind may be there but could not be read.
    #[must_use]
    pub fn is_unreadable(&self, kind: FactKind) -> bool {
        self.unreadable.contains(&kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_one_kind_sixteen_facts_are_kept() {
        let disk = |n: usize| Fact::new(FactKind::DiskSerial, &format!("S{n:02}")).unwrap();
        let host = HostFacts::new(HostClass::Vm, (1..=FACTS_PER_KIND_MAX).map(disk));
        assert_eq!(host.iter().count(), FACTS_PER_KIND_MAX);
        let more = host.clone().with(disk(FACTS_PER_KIND_MAX + 1));
        assert_eq!(more, host);
        let name = Fact::new(FactKind::Hostname, "a").unwrap();
        assert_eq!(more.with(name).iter().count(), FACTS_PER_KIND_MAX + 1);
    }

    #[test]
    fn the_hashed_form_survives_json_and_keeps_no_value() {
        let fact = Fact::new(FactKind::BoardSerial, "PF0ABCDE").unwrap();
        let host = HostFacts::new(HostClass::BareMetal, [fact]).with_unreadable([FactKind::Tpm]);
        let hashed = host.hash(&FactSalt::new([3; 32]));
        let json = serde_json::to_string(&hashed).unwrap();
        assert_eq!(serde_json::from_str::<HashedFacts>(&json).unwrap(), hashed);
        assert!(json.starts_with(r#"{"class":"bare_metal","facts":[{"kind":"board_serial","#));
        assert!(json.ends_with(r#""unreadable":["tpm"]}"#));
        assert!(!json.to_lowercase().contains("pf0abcde"));
    }
}
