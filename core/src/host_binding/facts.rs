//! `HostFacts` and their hashed form.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Fact, FactDigest, FactKind, FactSalt};
use crate::{document, error::Result, json};

/// How many facts of one kind are kept; a host with more disks than that is known by these.
pub const FACTS_PER_KIND_MAX: usize = 64;
/// How many facts of one kind are told to the vendor, so that all kinds find room in a request.
const TOLD_PER_KIND_MAX: usize = 5;

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

impl HostClass {
    pub(crate) const ALL: [Self; 5] =
        [Self::BareMetal, Self::Vm, Self::Container, Self::CloudInstance, Self::Declared];

    /// The stable name, as in signed documents.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BareMetal => "bare_metal",
            Self::Vm => "vm",
            Self::Container => "container",
            Self::CloudInstance => "cloud_instance",
            Self::Declared => "declared",
        }
    }
}

impl HostFacts {
    /// The largest report that a program brings, in bytes of JSON.
    pub const BYTES_MAX: usize = 64 * 1024;

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

    /// Reads facts that a program brings instead of those of its machine, such as
    /// `{"class": "vm", "facts": [{"kind": "dmi_uuid", "value": "4c4c4544-0042"}]}`.
    ///
    /// # Errors
    /// [`ErrorKind::InputTooLarge`](crate::error::ErrorKind::InputTooLarge) over
    /// [`HostFacts::BYTES_MAX`], [`ErrorKind::NotUtf8`](crate::error::ErrorKind::NotUtf8),
    /// [`ErrorKind::JsonInvalid`](crate::error::ErrorKind::JsonInvalid); and for a value that tells
    /// no hosts apart as [`Fact::new`].
    ///
    /// ```
    /// use mlicense_core::host_binding::{HostClass, HostFacts};
    /// let json = br#"{"class": "vm", "facts": [{"kind": "hostname", "value": "billing"}]}"#;
    /// assert_eq!(HostFacts::from_json(json)?.class(), HostClass::Vm);
    /// assert!(HostFacts::from_json(br#"{"class": "vm", "facts": [{}]}"#).is_err());
    /// # Ok::<(), mlicense_core::error::Refusal>(())
    /// ```
    pub fn from_json(json: &[u8]) -> Result<Self> {
        let Given { class, facts, unreadable } = json::read("host facts", json, Self::BYTES_MAX)?;
        let facts = facts.iter().map(|fact| Fact::new(fact.kind, &fact.value));
        Ok(Self::new(class, facts.collect::<Result<Vec<_>>>()?).with_unreadable(unreadable))
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
            facts: in_order(self.facts.iter().map(hash)),
            unreadable: self.unreadable.clone(),
        }
    }
}

/// Facts as a program gives them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    class: HostClass,
    facts: Vec<GivenFact>,
    #[serde(default)]
    unreadable: BTreeSet<FactKind>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GivenFact {
    kind: FactKind,
    value: String,
}

/// One fact as the vendor sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_structs, reason = "a fact is a kind and a digest and nothing else")]
pub struct HashedFact {
    /// What the fact is about.
    pub kind: FactKind,
    /// The keyed digest of kind and value.
    pub digest: FactDigest,
}

impl HashedFact {
    /// Reads a fact as documents write it, if this version knows its kind.
    pub(super) fn from_texts(kind: &str, digest: &str) -> Option<Self> {
        let kind = FactKind::ALL.iter().copied().find(|known| known.as_str() == kind)?;
        Some(Self { kind, digest: digest.parse().ok()? })
    }
}

/// What a host shows of itself, as the vendor sees it; in requests [`document::HostFacts`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HashedFacts {
    class: HostClass,
    /// By kind and digest, none twice.
    pub(super) facts: Vec<HashedFact>,
    unreadable: BTreeSet<FactKind>,
}

impl HashedFacts {
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

    /// Whether facts of this kind may be there but could not be read.
    #[must_use]
    pub fn is_unreadable(&self, kind: FactKind) -> bool {
        self.unreadable.contains(&kind)
    }
}

/// Facts by kind and digest, each once.
fn in_order(facts: impl Iterator<Item = HashedFact>) -> Vec<HashedFact> {
    let mut facts: Vec<_> = facts.collect();
    facts.sort_unstable();
    facts.dedup();
    facts
}

impl From<&document::HostFacts> for HashedFacts {
    /// Reads the facts of a request. Kinds that this version does not know are passed over; of a
    /// host of an unknown class only what its operator declared counts.
    fn from(told: &document::HostFacts) -> Self {
        let class = HostClass::ALL.into_iter().find(|class| class.as_str() == told.class);
        let fact = |fact: &document::HostFact| HashedFact::from_texts(&fact.kind, &fact.digest);
        Self {
            class: class.unwrap_or(HostClass::Declared),
            facts: in_order(told.facts.iter().filter_map(fact)),
            unreadable: BTreeSet::new(),
        }
    }
}

impl document::HostFacts {
    /// The facts of kinds and classes that this version knows, in its order: what a history keeps,
    /// so that nothing else finds its way into it.
    #[must_use]
    #[cfg(feature = "zones")]
    pub(crate) fn known(&self) -> Self {
        Self::from(&HashedFacts::from(self))
    }
}

impl From<&HashedFacts> for document::HostFacts {
    fn from(facts: &HashedFacts) -> Self {
        let told =
            FactKind::ALL.iter().flat_map(|kind| facts.of_kind(*kind).take(TOLD_PER_KIND_MAX));
        let told =
            told.map(|fact| document::HostFact::new(fact.kind.as_str(), &fact.digest.to_string()));
        Self::new(facts.class.as_str(), told.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn facts_given_as_json_are_taken_like_those_of_a_machine() {
        let json = r#"{"class": "bare_metal", "unreadable": ["tpm"],
            "facts": [{"kind": "board_serial", "value": " PF0ABCDE "}]}"#;
        let fact = Fact::new(FactKind::BoardSerial, "PF0ABCDE").unwrap();
        let host = HostFacts::new(HostClass::BareMetal, [fact]).with_unreadable([FactKind::Tpm]);
        assert_eq!(HostFacts::from_json(json.as_bytes()).unwrap(), host);

        let kind = |json: &str| HostFacts::from_json(json.as_bytes()).unwrap_err().kind();
        for (old, new, refused) in [
            ("board_serial", "bored_serial", ErrorKind::JsonInvalid),
            ("\"value\"", "\"digest\"", ErrorKind::JsonInvalid),
            (" PF0ABCDE ", "To be filled by O.E.M.", ErrorKind::FieldInvalid),
        ] {
            assert_eq!(kind(&json.replace(old, new)), refused, "{new}");
        }
        let padded = |size: usize| format!("{json}{}", " ".repeat(size - json.len()));
        assert!(HostFacts::from_json(padded(HostFacts::BYTES_MAX).as_bytes()).is_ok());
        assert_eq!(kind(&padded(HostFacts::BYTES_MAX + 1)), ErrorKind::InputTooLarge);
    }

    #[test]
    fn of_one_kind_sixty_four_facts_are_kept() {
        let disk = |n: usize| Fact::new(FactKind::DiskSerial, &format!("S{n:02}")).unwrap();
        let host = HostFacts::new(HostClass::Vm, (1..=FACTS_PER_KIND_MAX).map(disk));
        assert_eq!(host.iter().count(), FACTS_PER_KIND_MAX);
        let more = host.clone().with(disk(FACTS_PER_KIND_MAX + 1));
        assert_eq!(more, host);
        let name = Fact::new(FactKind::Hostname, "a").unwrap();
        assert_eq!(more.with(name).iter().count(), FACTS_PER_KIND_MAX + 1);
    }

    #[test]
    fn the_hashed_form_survives_a_request_and_keeps_no_value() {
        let fact = Fact::new(FactKind::BoardSerial, "PF0ABCDE").unwrap();
        let hashed = HostFacts::new(HostClass::BareMetal, [fact]).hash(&FactSalt::new([3; 32]));
        let told = document::HostFacts::from(&hashed);
        assert_eq!(HashedFacts::from(&told), hashed);
        assert!(!format!("{told:?}").to_lowercase().contains("pf0abcde"));
    }

    #[test]
    fn whatever_a_host_shows_finds_room_in_a_request() {
        let many = FactKind::ALL.iter().flat_map(|kind| {
            (0..99).map(|n| Fact::new(*kind, &format!("3c:52:82:aa:bb:{n:02}")).unwrap())
        });
        let hashed = HostFacts::new(HostClass::Vm, many).hash(&FactSalt::new([3; 32]));
        let told = document::HostFacts::from(&hashed);
        assert!(told.facts.len() <= document::HOST_FACTS_MAX);
        assert_eq!(FactKind::ALL.len() * TOLD_PER_KIND_MAX, told.facts.len());
    }

    #[test]
    fn of_an_unknown_class_or_kind_nothing_is_made_up() {
        let told = document::HostFacts::new(
            "quantum",
            vec![document::HostFact::new("seal", "AAAAAAAAAAAAAAAAAAAAAA")],
        );
        let read = HashedFacts::from(&told);
        assert_eq!((read.class(), read.iter().count()), (HostClass::Declared, 0));
    }

    #[test]
    fn names_of_classes_are_those_of_json() {
        for class in HostClass::ALL {
            assert_eq!(serde_json::to_value(class).unwrap(), class.as_str());
        }
    }
}
