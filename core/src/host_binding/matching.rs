//! `HostMatch`: how a host compares with what was enrolled.

use serde::Serialize;

use super::{FactKind, HashedFact, HashedFacts, MatchRule};

/// How far a host is still the one that was enrolled.
///
/// Each enrolled fact is listed once, by kind: matched, changed, vanished or unreadable. Only
/// matched ones count; the others differ in the report alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct HostMatch {
    /// Sum of the weights of the enrolled facts that the host shows now.
    pub score: u32,
    /// The score that is enough.
    pub threshold: u32,
    /// Enrolled facts that the host shows now.
    pub matched: Vec<FactKind>,
    /// Enrolled facts in whose place the host shows another of the same kind.
    pub changed: Vec<FactKind>,
    /// Enrolled facts that the host does not show and has no other of that kind for.
    pub vanished: Vec<FactKind>,
    /// Enrolled facts of a kind that could not be read this time.
    pub unreadable: Vec<FactKind>,
    /// Facts that the host shows beyond those enrolled; they count nothing.
    pub appeared: Vec<FactKind>,
}

impl HostMatch {
    /// Whether the score reaches the threshold.
    #[must_use]
    pub const fn holds(&self) -> bool {
        self.score >= self.threshold
    }

    pub(super) fn compare(rule: &MatchRule, present: &HashedFacts) -> Self {
        let (mut enrolled, mut shown) = (rule.enrolled.as_slice(), present.facts.as_slice());
        let matched = Vec::with_capacity(enrolled.len());
        let mut result = Self { threshold: rule.threshold(), matched, ..Self::default() };
        for kind in FactKind::ALL {
            let enrolled = take_while(&mut enrolled, |(fact, _)| fact.kind == *kind);
            let shown = take_while(&mut shown, |fact| fact.kind == *kind);
            result.compare_kind(*kind, enrolled, shown, present.is_unreadable(*kind));
        }
        result
    }

    fn compare_kind(
        &mut self,
        kind: FactKind,
        enrolled: &[(HashedFact, u32)],
        shown: &[HashedFact],
        unreadable: bool,
    ) {
        let mut matched: usize = 0;
        for (_, weight) in enrolled.iter().filter(|(fact, _)| shown.contains(fact)) {
            matched = matched.saturating_add(1);
            self.matched.push(kind);
            self.score = self.score.saturating_add(*weight);
        }
        let (missing, fresh) =
            (enrolled.len().saturating_sub(matched), shown.len().saturating_sub(matched));
        let replaced = missing.min(fresh);
        let gone = missing.saturating_sub(replaced);
        let list = if unreadable { &mut self.unreadable } else { &mut self.vanished };
        list.extend(std::iter::repeat_n(kind, gone));
        self.changed.extend(std::iter::repeat_n(kind, replaced));
        self.appeared.extend(std::iter::repeat_n(kind, fresh.saturating_sub(replaced)));
    }
}

/// Cuts off the front of a list as far as the items fit.
fn take_while<'a, T>(list: &mut &'a [T], fits: impl Fn(&T) -> bool) -> &'a [T] {
    let end = list.iter().position(|item| !fits(item)).unwrap_or(list.len());
    let (front, rest) = list.split_at_checked(end).unwrap_or_default();
    *list = rest;
    front
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::document::{EnrolledFact, HostBinding};
    use crate::host_binding::{Fact, FactSalt, HostClass, HostFacts};

    type Named = BTreeSet<(FactKind, u8)>;

    fn fact((kind, name): (FactKind, u8)) -> Fact {
        // The first octet's two low bits are clear, so that any `name` makes a valid address.
        Fact::new(kind, &format!("3c:52:82:aa:bb:{name:02x}")).unwrap()
    }

    fn hashed(named: &Named) -> HashedFacts {
        HostFacts::new(HostClass::BareMetal, named.iter().copied().map(fact))
            .hash(&FactSalt::new([7; 32]))
    }

    fn enroll(weights: &[(FactKind, u8, u32)], threshold: u32) -> MatchRule {
        let facts = weights.iter().map(|(kind, name, weight)| {
            let digest = FactSalt::new([7; 32]).digest(&fact((*kind, *name)));
            EnrolledFact::new(kind.as_str(), &digest.to_string(), *weight)
        });
        MatchRule::from(&HostBinding::new(threshold, facts.collect()))
    }

    fn named() -> impl Strategy<Value = (FactKind, u8)> {
        (prop::sample::select(FactKind::ALL), 0..4_u8)
    }

    fn hosts() -> impl Strategy<Value = Named> {
        prop::collection::btree_set(named(), 0..12)
    }

    prop_compose! {
        fn rules()(
            weights in prop::collection::btree_map(named(), 1..9_u32, 1..8),
            threshold in 1..9_u32,
        ) -> (Vec<(FactKind, u8, u32)>, u32) {
            (weights.into_iter().map(|((kind, name), weight)| (kind, name, weight)).collect(),
             threshold)
        }
    }

    proptest! {
        #[test]
        fn prop_the_score_is_the_weight_of_what_is_enrolled_and_present(
            (weights, threshold) in rules(), host in hosts(),
        ) {
            let rule = enroll(&weights, threshold);
            let result = rule.compare(&hashed(&host));
            let naive: u32 = weights.iter()
                .filter(|(kind, name, _)| host.contains(&(*kind, *name)))
                .map(|(_, _, weight)| *weight)
                .sum();
            prop_assert_eq!(result.score, naive);
            prop_assert_eq!(result.holds(), naive >= threshold);
            let lists = [result.matched, result.changed, result.vanished];
            prop_assert_eq!(lists.concat().len(), weights.len());
        }

        #[test]
        fn prop_a_fact_more_never_lowers_the_score(
            (weights, threshold) in rules(), host in hosts(), more in named(),
        ) {
            let rule = enroll(&weights, threshold);
            let mut larger = host.clone();
            larger.insert(more);
            let (before, after) = (rule.compare(&hashed(&host)), rule.compare(&hashed(&larger)));
            prop_assert!(after.score >= before.score);
        }

        #[test]
        fn prop_facts_that_are_not_enrolled_count_nothing(
            (weights, threshold) in rules(), host in hosts(), more in hosts(),
        ) {
            let rule = enroll(&weights, threshold);
            let enrolled: Named = weights.iter().map(|(kind, name, _)| (*kind, *name)).collect();
            let larger: Named = host.iter().chain(more.difference(&enrolled)).copied().collect();
            let (before, after) = (rule.compare(&hashed(&host)), rule.compare(&hashed(&larger)));
            prop_assert_eq!((before.score, before.matched), (after.score, after.matched));
        }
    }

    const DISK: FactKind = FactKind::DiskSerial;

    #[test]
    fn each_enrolled_fact_is_matched_changed_or_vanished() {
        let rule = enroll(&[(DISK, 1, 2), (DISK, 2, 2), (FactKind::DmiUuid, 1, 4)], 5);
        let result = rule.compare(&hashed(&Named::from([(DISK, 2), (DISK, 3), (DISK, 4)])));
        assert_eq!((result.score, result.threshold, result.holds()), (2, 5, false));
        assert_eq!(result.matched, [DISK]);
        assert_eq!(result.changed, [DISK]);
        assert_eq!(result.appeared, [DISK]);
        assert_eq!(result.vanished, [FactKind::DmiUuid]);
    }

    #[test]
    fn a_fact_that_cannot_be_read_is_told_from_one_that_vanished() {
        let rule = enroll(&[(FactKind::DmiUuid, 1, 4), (DISK, 1, 2)], 4);
        let host = HostFacts::new(HostClass::BareMetal, [fact((DISK, 1))])
            .with_unreadable([FactKind::DmiUuid])
            .hash(&FactSalt::new([7; 32]));
        let result = rule.compare(&host);
        assert_eq!(result.unreadable, [FactKind::DmiUuid]);
        assert!(result.vanished.is_empty() && !result.holds());
    }

    #[test]
    fn the_threshold_itself_is_enough() {
        let rule = enroll(&[(FactKind::DmiUuid, 1, 4), (DISK, 1, 2)], 4);
        assert!(rule.compare(&hashed(&Named::from([(FactKind::DmiUuid, 1)]))).holds());
        assert!(!rule.compare(&hashed(&Named::from([(DISK, 1)]))).holds());
    }
}
