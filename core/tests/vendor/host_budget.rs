//! How many hosts a customer moves without the vendor, and how many may run for it.

use std::collections::BTreeSet;

use mlicense_core::{
    document::{self, LicenseClaims, Request, RequestKind},
    error::{ErrorKind, Refusal},
    host_binding::{Fact, FactKind, FactSalt, HashedFacts, HostClass, HostFacts, MatchRule},
    policy::Budget,
    time::Day,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    hosts::{A, B, DAY, bindings, book, bound, buy, fields, free, hosts, licensed, request},
    support::{Book, day, manager, signer},
};

/// A book whose customer `c1` has so many licences, and a manager `ann`.
fn managed(policy: Value, licenses: u32) -> Book {
    let mut book = book(policy);
    buy(&mut book, DAY, hosts(licenses));
    book.join(DAY, "ann", "c1");
    book
}

fn ask(book: &mut Book, when: &str, from: (&str, super::hosts::Host)) {
    licensed(book, when, &request(RequestKind::Refresh, from, when)).unwrap();
}

fn free_as_manager(book: &mut Book, when: &str, binding: Option<u32>) -> Result<(), Refusal> {
    book.execute_as(manager("ann", "c1"), when, free(binding)).map(|_| ())
}

#[test]
fn a_customer_frees_as_many_hosts_as_its_budget_says_and_is_told_when_the_next() {
    let mut book = managed(json!({"moves": {"count": 2, "days": 90}}), 1);
    for (when, host, id) in [(DAY, A, 1), ("2026-03-11", B, 2)] {
        ask(&mut book, when, ("i1", host));
        free_as_manager(&mut book, when, Some(id)).unwrap();
    }
    ask(&mut book, "2026-03-12", ("i1", A));
    let refusal = free_as_manager(&mut book, "2026-05-29", Some(3)).unwrap_err();
    assert_eq!((refusal.kind(), refusal.kind().number()), (ErrorKind::MovesSpent, 10340));
    let said = "of 2 hosts that may be freed within 90 days, 0 are left; \
                the next from 2026-05-30 on";
    assert_eq!(refusal.to_string(), said);
    let moves = bindings(&book, "2026-05-29").moves.unwrap();
    assert_eq!((moves.allowed, moves.left, moves.next), (2, 0, Some(day("2026-05-30"))));
    free_as_manager(&mut book, "2026-05-30", Some(3)).unwrap();
}

#[test]
fn the_vendor_frees_hosts_without_a_budget_and_touches_none() {
    let mut book = managed(json!({"moves": {"count": 1, "days": 90}}), 1);
    for _ in 0..5 {
        ask(&mut book, DAY, ("i1", A));
        book.run(DAY, free(None));
    }
    assert_eq!(bindings(&book, DAY).moves.unwrap().left, 1);
}

#[test]
fn a_licence_given_back_counts_like_a_host_that_was_freed() {
    let mut book = managed(json!({"moves": {"count": 1, "days": 90}}), 1);
    ask(&mut book, DAY, ("i1", A));
    book.answer(DAY, &request(RequestKind::Release, ("i1", A), DAY)).unwrap();
    // Nothing is bound, and nothing counts.
    book.answer(DAY, &request(RequestKind::Release, ("i1", A), DAY)).unwrap();
    ask(&mut book, DAY, ("i2", B));
    let release = request(RequestKind::Release, ("i2", B), DAY);
    assert_eq!(book.answer(DAY, &release).unwrap_err().kind(), ErrorKind::MovesSpent);
    assert_eq!(bound(&book, DAY), [2]);
}

#[test]
fn all_hosts_at_once_are_as_many_as_there_are_and_none_is_freed_when_they_are_too_many() {
    let mut book = managed(json!({"moves": {"count": 1, "days": 90}}), 2);
    ask(&mut book, DAY, ("i1", A));
    ask(&mut book, DAY, ("i2", B));
    let refusal = free_as_manager(&mut book, DAY, None).unwrap_err();
    assert!(refusal.to_string().contains("1 are left; the next from 2026-03-01 on"), "{refusal}");
    assert_eq!(bound(&book, DAY), [1, 2]);
    free_as_manager(&mut book, DAY, Some(2)).unwrap();
}

#[test]
fn many_licences_allow_a_share_of_them() {
    let budget = json!({"count": 1, "percent": 50, "days": 90});
    let mut book = managed(json!({"moves": budget}), 4);
    assert_eq!(bindings(&book, DAY).moves.unwrap().allowed, 2);
    for id in 1..=2 {
        ask(&mut book, DAY, ("i1", A));
        free_as_manager(&mut book, DAY, Some(id)).unwrap();
    }
    ask(&mut book, DAY, ("i1", A));
    let refusal = free_as_manager(&mut book, DAY, Some(3)).unwrap_err();
    assert_eq!(refusal.kind(), ErrorKind::MovesSpent);
}

#[test]
fn a_host_whose_licence_has_ended_is_freed_without_a_budget() {
    let mut book = managed(json!({"duration": {"months": 1}, "moves": {"count": 0, "days": 1}}), 1);
    ask(&mut book, DAY, ("i1", A));
    let refusal = free_as_manager(&mut book, DAY, None).unwrap_err();
    assert!(refusal.to_string().ends_with("the next from – on"), "{refusal}");
    free_as_manager(&mut book, "2026-04-01", None).unwrap();
    assert!(bound(&book, "2026-04-01").is_empty());
}

#[test]
fn a_host_is_enrolled_anew_as_often_as_the_budget_says() {
    let mut book = managed(json!({"rebinds": {"count": 1, "days": 30}}), 1);
    ask(&mut book, DAY, ("i1", ("board-a", "disk-1")));
    let mut rebind = |when: &str, disk: &'static str| {
        let request = request(RequestKind::Rebind, ("i1", ("board-a", disk)), when);
        book.answer(when, &request).map(|answered| answered.license.is_ok()).map_err(|r| r.kind())
    };
    assert_eq!(rebind(DAY, "disk-1"), Ok(true), "nothing changed");
    assert_eq!(rebind(DAY, "disk-2"), Ok(true));
    assert_eq!(rebind("2026-03-30", "disk-2"), Ok(true), "nothing changed");
    assert_eq!(rebind("2026-03-30", "disk-3"), Err(ErrorKind::RebindsSpent));
    assert_eq!(rebind("2026-03-31", "disk-3"), Ok(true));
    assert_eq!(bindings(&book, "2026-03-31").rebinds.unwrap().left, 0);
}

#[test]
fn without_budgets_nothing_is_counted_against_anybody() {
    let mut book = managed(json!({"moves": null, "rebinds": null}), 1);
    for id in 1..20 {
        ask(&mut book, DAY, ("i1", A));
        free_as_manager(&mut book, DAY, Some(id)).unwrap();
    }
    let view = bindings(&book, DAY);
    assert_eq!((view.moves, view.rebinds), (None, None));
    assert_eq!(book.replayed(), *book.world());
}

/// How many machines the customer has.
const MACHINES: u8 = 6;
const OFFLINE_DAYS: u32 = 20;
const MOVES: Budget = Budget { count: 2, percent: 0, days: 15 };
const REBINDS: Budget = Budget { count: 1, percent: 0, days: 40 };

/// What an installation shows: board, UUID and disk, each of any machine, for a customer can make
/// facts up.
type Shown = (u8, u8, u8);

fn hashed((board, uuid, disk): Shown) -> HashedFacts {
    let kinds = [FactKind::BoardSerial, FactKind::DmiUuid, FactKind::DiskSerial];
    let facts = kinds.into_iter().zip([board, uuid, disk]);
    let facts = facts.map(|(kind, of)| Fact::new(kind, &format!("of-machine-{of}")).unwrap());
    HostFacts::new(HostClass::BareMetal, facts).hash(&FactSalt::new([7; 32]))
}

/// A licence that was signed, kept by somebody who deletes nothing.
struct Kept {
    claims: LicenseClaims,
    rule: MatchRule,
}

impl Kept {
    fn runs(&self, machine: u8, today: Day) -> bool {
        let ends = [self.claims.offline_until, self.claims.licensed.and_then(|span| span.until)];
        ends.into_iter().flatten().all(|end| today < end.day())
            && self.rule.compare(&hashed((machine, machine, machine))).holds()
    }
}

#[derive(Clone, Debug)]
enum Step {
    Ask(RequestKind, Shown),
    Free(u32),
    /// The same, of a machine that joins the cluster.
    Join(RequestKind, Shown),
    FreeByVendor,
    Buy,
    ChargeBack(u32),
    Wait(u32),
}

fn steps() -> impl Strategy<Value = Step> {
    let kinds = prop::sample::select(vec![
        RequestKind::Refresh,
        RequestKind::Rebind,
        RequestKind::Release,
        RequestKind::Trial,
    ]);
    let shown = (0..MACHINES, 0..MACHINES, 0..MACHINES);
    let pure = (0..MACHINES).prop_map(|machine| (machine, machine, machine));
    prop_oneof![
        6 => (kinds.clone(), pure).prop_map(|(kind, shown)| Step::Ask(kind, shown)),
        4 => (kinds.clone(), shown.clone()).prop_map(|(kind, shown)| Step::Ask(kind, shown)),
        2 => (kinds, shown).prop_map(|(kind, shown)| Step::Join(kind, shown)),
        4 => (1..20_u32).prop_map(Step::Free),
        1 => Just(Step::FreeByVendor),
        1 => Just(Step::Buy),
        1 => (1..4_u32).prop_map(Step::ChargeBack),
        4 => (0..12_u32).prop_map(Step::Wait),
    ]
}

/// What happened, by the day: for the bound.
#[derive(Default)]
struct Seen {
    kept: Vec<Kept>,
    places: Vec<(Day, u64)>,
    /// Hosts that the vendor freed, and licences it charged back.
    vendors: Vec<(Day, u64)>,
    /// Hosts that a cluster may have beyond its first.
    standby: u64,
}

impl Seen {
    fn take(&mut self, book: &mut Book, step: &Step, today: Day) {
        let now = today.to_string();
        match step {
            Step::Wait(_) => {}
            Step::Buy => buy(book, &now, hosts(1)),
            Step::ChargeBack(lot) => {
                let lot = json!({"customer": "c1", "product": "journal", "lot": lot,
                    "reason": "unpaid"});
                if book.execute(&*now, json!({"charge_back": lot})).is_ok() {
                    self.vendors.push((today, 1));
                }
            }
            Step::Free(id) => {
                let _ = free_as_manager(book, &now, Some(*id));
            }
            Step::FreeByVendor => {
                let count = bound(book, &now).len() as u64;
                book.run(&*now, free(None));
                self.vendors.push((today, count));
            }
            Step::Ask(kind, shown) | Step::Join(kind, shown) => {
                let mut fields = fields(*kind, &*now);
                fields.host = Some(document::HostFacts::from(&hashed(*shown)));
                fields.group = matches!(step, Step::Join(..)).then(|| "nodes".parse().unwrap());
                let request = Request::write(&fields, &signer("i1")).unwrap();
                if let Ok(answered) = book.answer(&*now, &request)
                    && let Ok(Some(claims)) = answered.license
                {
                    let rule = MatchRule::from(claims.host.as_ref().unwrap());
                    self.kept.push(Kept { claims, rule });
                }
            }
        }
        self.places.push((today, bindings(book, &now).places));
    }

    /// No more machines can run than docs/hosts.md says.
    fn check(&self, today: Day) {
        let machines = (0..MACHINES).filter(|m| self.kept.iter().any(|k| k.runs(*m, today)));
        let running: BTreeSet<u8> = machines.collect();
        let recent = |day: &Day| today < day.plus_days(OFFLINE_DAYS + 1).unwrap();
        // What there was at the beginning of the window counts as well.
        let first = self.places.iter().rposition(|(day, _)| !recent(day)).unwrap_or(0);
        let licenses = self.places[first..].iter().map(|(_, places)| *places).max().unwrap();
        let vendors: u64 =
            self.vendors.iter().filter(|(day, _)| recent(day)).map(|(_, count)| *count).sum();
        let spans = |budget: Budget| {
            u64::from((OFFLINE_DAYS + 1).div_ceil(budget.days.into())) * u64::from(budget.count)
        };
        let most = licenses + spans(MOVES) + spans(REBINDS) + vendors + self.standby;
        assert!(running.len() as u64 <= most, "{running:?} run, and {most} may");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn prop_no_more_hosts_run_than_licences_and_budgets_allow(
        steps in prop::collection::vec(steps(), 1..60), cluster in 0..4_u64,
    ) {
        let policy = json!({"offline_days": OFFLINE_DAYS, "moves": MOVES, "rebinds": REBINDS});
        let mut book = managed(policy, 1);
        let standby = cluster.saturating_sub(1);
        let (mut seen, mut today) = (Seen { standby, ..Seen::default() }, day(DAY));
        if cluster > 0 {
            let group = json!({"customer": "c1", "product": "journal", "group": "nodes", "hosts": cluster});
            book.run(DAY, json!({"group_hosts": group}));
        }
        for step in steps {
            if let Step::Wait(days) = step {
                today = today.plus_days(days).unwrap();
            }
            seen.take(&mut book, &step, today);
            seen.check(today);
        }
    }
}

/// The bound is not slack: who tries hard reaches it.
#[test]
fn a_customer_who_goes_round_runs_as_many_hosts_as_the_bound_says_and_no_more() {
    let policy = json!({"offline_days": OFFLINE_DAYS, "moves": MOVES, "rebinds": REBINDS});
    let mut book = managed(policy, 1);
    let mut seen = Seen::default();
    let ask = |kind, shown| Step::Ask(kind, shown);
    let refresh = |machine| Step::Ask(RequestKind::Refresh, (machine, machine, machine));
    // Facts made up turn the first machine into the second.
    let first = [ask(RequestKind::Refresh, (0, 1, 0)), ask(RequestKind::Rebind, (1, 1, 0))];
    let first = first.into_iter().chain([Step::Free(1), refresh(2), Step::Free(2), refresh(3)]);
    let second = [Step::Free(3), refresh(4), Step::Free(4), refresh(5)];
    let second_day = day(DAY).plus_days(MOVES.days.into()).unwrap();
    for (today, steps) in [(day(DAY), first.collect()), (second_day, Vec::from(second))] {
        for step in steps {
            seen.take(&mut book, &step, today);
        }
    }
    seen.check(second_day);
    let runs = |machine: &u8| seen.kept.iter().any(|kept| kept.runs(*machine, second_day));
    assert_eq!((0..MACHINES).filter(runs).count(), 1 + 2 * 2 + 1);
}
