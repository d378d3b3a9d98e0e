//! `MatchRule`: what a licence asks of its host.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{FactDigest, FactKind, HashedFact, HashedFacts, HostClass, HostMatch};
use crate::error::{ErrorKind, Refusal, Result};

/// The largest weight of one fact.
pub const WEIGHT_MAX: u16 = 1000;
/// How many facts one rule may enrol.
pub const ENROLLED_MAX: u32 = 64;

/// One enrolled fact and what it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "three members of the signed form")]
pub struct EnrolledFact {
    /// What the fact is about.
    pub kind: FactKind,
    /// The keyed digest of its value.
    pub digest: FactDigest,
    /// What it counts when the host shows it: 1 to [`WEIGHT_MAX`].
    pub weight: u16,
}

/// The facts enrolled with a weight each, and the score that is enough.
///
/// JSON form, as in licences: `{"threshold": 5, "facts": [{"kind", "digest", "weight"}, …]}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "MatchRuleForm", into = "MatchRuleForm")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "MatchRuleForm"))]
pub struct MatchRule {
    threshold: u32,
    enrolled: BTreeMap<HashedFact, u16>,
}

#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct MatchRuleForm {
    threshold: u32,
    facts: Vec<EnrolledFact>,
}

impl MatchRule {
    /// How many facts of one kind [`MatchRule::enroll`] takes.
    pub const ENROLLED_PER_KIND_MAX: usize = 2;
    /// The least sum of weights that [`MatchRule::enroll`] takes for a host of its own.
    pub const ENROLLED_WEIGHT_MIN: u32 = 3;

    /// Makes a rule.
    ///
    /// # Errors
    /// [`ErrorKind::QuantityOutOfRange`] unless there are 1 to [`ENROLLED_MAX`] facts, every
    /// weight is 1 to [`WEIGHT_MAX`] and the threshold is 1 to the sum of the weights: a rule that
    /// every host meets, or none, is a mistake. [`ErrorKind::FieldInvalid`] when a fact is
    /// enrolled twice.
    pub fn new(threshold: u32, facts: impl IntoIterator<Item = EnrolledFact>) -> Result<Self> {
        let mut enrolled = BTreeMap::new();
        for fact in facts {
            within("the weight", fact.weight.into(), WEIGHT_MAX.into())?;
            let EnrolledFact { kind, digest, weight } = fact;
            if enrolled.insert(HashedFact { kind, digest }, weight).is_some() {
                return Err(Refusal::new(ErrorKind::FieldInvalid)
                    .with("field", kind)
                    .with("value", digest)
                    .with("expected", "enrolled once"));
            }
            let count = u32::try_from(enrolled.len()).unwrap_or(u32::MAX);
            within("the number of enrolled facts", count, ENROLLED_MAX)?;
        }
        let sum = enrolled.values().copied().map(u32::from).sum();
        within("the threshold", threshold, sum)?;
        Ok(Self { threshold, enrolled })
    }

    /// Enrols a host with the usual weights of its class; half of their sum, rounded up, is
    /// enough.
    ///
    /// So a new disk or address, or a reinstalled system, keeps the match, and a disk moved to
    /// another machine loses it. Of one kind at most [`MatchRule::ENROLLED_PER_KIND_MAX`] facts
    /// are enrolled. A container is enrolled by its declared id alone, because everything else it
    /// shows is its image's or its host's.
    ///
    /// # Errors
    /// [`ErrorKind::HostNotIdentifiable`] when the facts weigh less than
    /// [`MatchRule::ENROLLED_WEIGHT_MIN`] together; for a container that means no declared id.
    pub fn enroll(host: &HashedFacts) -> Result<Self> {
        let facts: Vec<EnrolledFact> = FactKind::ALL
            .iter()
            .flat_map(|kind| host.of_kind(*kind).take(Self::ENROLLED_PER_KIND_MAX))
            .map(|fact| EnrolledFact {
                kind: fact.kind,
                digest: fact.digest,
                weight: usual_weight(host.class(), fact.kind),
            })
            .filter(|fact| fact.weight > 0)
            .collect();
        let sum: u32 = facts.iter().map(|fact| u32::from(fact.weight)).sum();
        if sum < Self::ENROLLED_WEIGHT_MIN {
            return Err(ErrorKind::HostNotIdentifiable.into());
        }
        Self::new(sum.div_ceil(2), facts)
    }

    /// The score that is enough; at least 1.
    #[must_use]
    pub const fn threshold(&self) -> u32 {
        self.threshold
    }

    /// The facts enrolled, by kind and digest.
    pub fn enrolled(&self) -> impl Iterator<Item = EnrolledFact> {
        self.enrolled.iter().map(|(fact, weight)| EnrolledFact {
            kind: fact.kind,
            digest: fact.digest,
            weight: *weight,
        })
    }

    /// Compares a host with what was enrolled: the weights of enrolled facts that it shows add
    /// up; missing and changed ones count nothing, and neither do additions (S-MK-40, S-MK-41).
    #[must_use]
    pub fn compare(&self, present: &HashedFacts) -> HostMatch {
        HostMatch::compare(self, present)
    }
}

impl TryFrom<MatchRuleForm> for MatchRule {
    type Error = Refusal;

    fn try_from(form: MatchRuleForm) -> Result<Self> {
        Self::new(form.threshold, form.facts)
    }
}

impl From<MatchRule> for MatchRuleForm {
    fn from(rule: MatchRule) -> Self {
        Self { threshold: rule.threshold, facts: rule.enrolled().collect() }
    }
}

fn within(what: &str, value: u32, max: u32) -> Result<()> {
    if (1..=max).contains(&value) {
        return Ok(());
    }
    Err(Refusal::new(ErrorKind::QuantityOutOfRange)
        .with("what", what)
        .with("value", value)
        .with("min", 1)
        .with("max", max))
}

/// What a fact counts by default; 0 is not enrolled.
const fn usual_weight(class: HostClass, kind: FactKind) -> u16 {
    use FactKind as K;
    match (class, kind) {
        (_, K::DeclaredId) => 4,
        (HostClass::Container | HostClass::Declared, _) | (_, K::Container | K::CpuModel) => 0,
        (HostClass::CloudInstance, K::CloudInstance) => 6,
        (_, K::Tpm | K::DmiUuid | K::CloudInstance) => 4,
        (HostClass::BareMetal, K::BoardSerial) => 3,
        (HostClass::BareMetal, K::DiskSerial) | (_, K::MachineId) => 2,
        (_, K::BoardSerial | K::DiskSerial | K::NetworkAddress | K::Hostname) => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host_binding::{Fact, FactSalt, HostFacts};

    fn host(class: HostClass, facts: &[(FactKind, &str)]) -> HashedFacts {
        let facts = facts.iter().map(|(kind, value)| Fact::new(*kind, value).unwrap());
        HostFacts::new(class, facts).hash(&FactSalt::new([7; 32]))
    }

    const MACHINE: &[(FactKind, &str)] = &[
        (FactKind::BoardSerial, "B1"),
        (FactKind::CpuModel, "Xeon"),
        (FactKind::DiskSerial, "D1"),
        (FactKind::DmiUuid, "U1"),
        (FactKind::Hostname, "h1"),
        (FactKind::MachineId, "m1"),
        (FactKind::NetworkAddress, "3c:52:82:aa:bb:cc"),
    ];

    fn machine_with(changes: &[(FactKind, &str)]) -> HashedFacts {
        let changed = |kind| changes.iter().find(|(other, _)| *other == kind);
        let facts: Vec<_> = MACHINE.iter().map(|fact| *changed(fact.0).unwrap_or(fact)).collect();
        host(HostClass::BareMetal, &facts)
    }

    #[test]
    fn s_mk_41_a_new_disk_or_a_new_system_keeps_the_match() {
        let rule = MatchRule::enroll(&machine_with(&[])).unwrap();
        assert_eq!((rule.compare(&machine_with(&[])).score, rule.threshold()), (13, 7));
        assert!(rule.compare(&machine_with(&[(FactKind::DiskSerial, "D2")])).holds());
        let reinstalled = [
            (FactKind::MachineId, "m2"),
            (FactKind::Hostname, "h2"),
            (FactKind::NetworkAddress, "3c:52:82:aa:bb:dd"),
        ];
        assert!(rule.compare(&machine_with(&reinstalled)).holds());
    }

    #[test]
    fn s_mk_40_a_disk_moved_to_another_machine_loses_the_match() {
        let rule = MatchRule::enroll(&machine_with(&[])).unwrap();
        let other = machine_with(&[
            (FactKind::BoardSerial, "B2"),
            (FactKind::DmiUuid, "U2"),
            (FactKind::NetworkAddress, "3c:52:82:aa:bb:dd"),
        ]);
        let result = rule.compare(&other);
        assert!(!result.holds());
        assert_eq!(
            result.changed,
            [FactKind::DmiUuid, FactKind::BoardSerial, FactKind::NetworkAddress]
        );
    }

    #[test]
    fn a_cloned_virtual_machine_with_a_new_uuid_loses_the_match() {
        let vm = |uuid| {
            let facts = [
                (FactKind::CpuModel, "Xeon"),
                (FactKind::DmiUuid, uuid),
                (FactKind::Hostname, "h1"),
                (FactKind::MachineId, "m1"),
            ];
            host(HostClass::Vm, &facts)
        };
        let rule = MatchRule::enroll(&vm("U1")).unwrap();
        assert!(rule.compare(&vm("U1")).holds());
        assert!(!rule.compare(&vm("U2")).holds());
    }

    #[test]
    fn a_container_is_enrolled_by_its_declared_id_alone() {
        let bare = [(FactKind::DmiUuid, "U1"), (FactKind::MachineId, "m1")];
        let refusal = MatchRule::enroll(&host(HostClass::Container, &bare)).unwrap_err();
        assert_eq!(refusal.kind(), ErrorKind::HostNotIdentifiable);
        let declared = [(FactKind::DeclaredId, "pbx-1"), (FactKind::DmiUuid, "U1")];
        let rule = MatchRule::enroll(&host(HostClass::Container, &declared)).unwrap();
        assert_eq!(rule.enrolled().map(|f| f.kind).collect::<Vec<_>>(), [FactKind::DeclaredId]);
    }

    #[test]
    fn a_host_name_alone_is_not_enough_to_enroll() {
        let facts = [(FactKind::Hostname, "h1"), (FactKind::NetworkAddress, "3c:52:82:aa:bb:cc")];
        assert!(MatchRule::enroll(&host(HostClass::Vm, &facts)).is_err());
        let more = [facts[0], (FactKind::MachineId, "m1")];
        assert!(MatchRule::enroll(&host(HostClass::Vm, &more)).is_ok());
    }

    #[test]
    fn a_rule_that_every_host_meets_or_none_is_refused() {
        let host = machine_with(&[]);
        let fact = |weight| {
            let HashedFact { kind, digest } = *host.iter().next().unwrap();
            EnrolledFact { kind, digest, weight }
        };
        assert!(MatchRule::new(1, [fact(1)]).is_ok());
        assert!(MatchRule::new(u32::from(WEIGHT_MAX), [fact(WEIGHT_MAX)]).is_ok());
        for (threshold, weights) in
            [(0, vec![1]), (2, vec![1]), (1, vec![]), (1, vec![0]), (1, vec![WEIGHT_MAX + 1])]
        {
            let refusal = MatchRule::new(threshold, weights.into_iter().map(fact)).unwrap_err();
            assert_eq!(refusal.kind(), ErrorKind::QuantityOutOfRange);
        }
        let twice = MatchRule::new(1, [fact(1), fact(1)]).unwrap_err();
        assert_eq!(twice.kind(), ErrorKind::FieldInvalid);
    }

    #[test]
    fn sixty_four_facts_are_enrolled_and_not_one_more() {
        let facts = |count: usize| {
            (0..count).map(|n| {
                let fact = Fact::new(FactKind::DiskSerial, &format!("S{n}")).unwrap();
                let digest = FactSalt::new([7; 32]).digest(&fact);
                EnrolledFact { kind: FactKind::DiskSerial, digest, weight: 1 }
            })
        };
        assert!(MatchRule::new(1, facts(64)).is_ok());
        assert!(MatchRule::new(1, facts(65)).is_err());
    }

    #[test]
    fn a_rule_survives_json_and_its_json_is_checked() {
        let rule = MatchRule::enroll(&machine_with(&[])).unwrap();
        let json = serde_json::to_string(&rule).unwrap();
        assert!(json.starts_with(r#"{"threshold":7,"facts":[{"kind":"machine_id","digest":"#));
        assert_eq!(serde_json::from_str::<MatchRule>(&json).unwrap(), rule);
        let lowered = json.replace(r#""threshold":7"#, r#""threshold":0"#);
        assert!(serde_json::from_str::<MatchRule>(&lowered).is_err());
    }
}
