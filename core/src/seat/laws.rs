//! The law of seats, tried on random runs: no feature is ever used by more than its limit.
//!
//! A holder goes by what it was told: it uses a feature from a capture that succeeded until it
//! releases it, is told that it was dropped, or has given no sign of life for a lease. After a limit
//! was lowered holders may go on until their next sign of life, and so no longer than a lease; so
//! the law is about the largest limit of the last lease.

#![expect(clippy::arithmetic_side_effects, reason = "numbers of a test are small")]

use std::collections::BTreeMap;

use proptest::{
    prelude::*,
    test_runner::{Config, TestError, TestRunner},
};

use super::*;
use crate::{error::Result, id::FeatureId, time::Instant};

const LEASE: i64 = 60;
const FEATURES: [&str; 3] = ["export", "print", "view"];

#[derive(Clone, Debug)]
enum Step {
    Capture(u8, usize),
    KeepAlive(u8),
    Release(u8, usize),
    End(u8),
    Pass(i64),
    SetBack(i64),
    /// A limit for a feature; none when it takes no seats.
    Limit(usize, Option<u32>),
    /// A feature may not run any more.
    Lose(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (who, what) = (|| 0..6_u8, || 0..FEATURES.len());
    let seconds = prop::sample::select(&[0, 1, 10, 29, 30, 59, 60, 61, 200]);
    let limit = prop_oneof![8 => (1..4_u32).prop_map(Some), 1 => Just(None)];
    let step = prop_oneof![
        8 => (who(), what()).prop_map(|(who, what)| Step::Capture(who, what)),
        4 => who().prop_map(Step::KeepAlive),
        2 => (who(), what()).prop_map(|(who, what)| Step::Release(who, what)),
        1 => who().prop_map(Step::End),
        4 => seconds.prop_map(Step::Pass),
        1 => (1..500_i64).prop_map(Step::SetBack),
        2 => (what(), limit).prop_map(|(what, limit)| Step::Limit(what, limit)),
        1 => what().prop_map(Step::Lose),
    ];
    prop::collection::vec(step, 0..80)
}

/// How the sessions are kept between calls; all but the first are wrong, as controls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Store {
    Right,
    /// A capture decides over what was there a step before, as without a transaction.
    Stale,
    /// The clock jumps forward when it should be set back.
    Hurried,
    /// One seat more than licensed.
    Generous,
}

struct World {
    store: Store,
    sessions: Vec<Session>,
    sessions_before: Vec<Session>,
    limits: Limits,
    /// True seconds, and how far the store's clock is off.
    elapsed: i64,
    offset: i64,
    /// Every limit there was, by the true second of its end; none is without end.
    past: Vec<(i64, Limits)>,
    /// Who goes by what was told, with the true second of the last sign of life.
    believed: BTreeMap<(u8, usize), i64>,
}

fn feature(what: usize) -> FeatureId {
    FEATURES[what].parse().unwrap()
}

fn id(who: u8) -> SessionId {
    // Not in the order in which they usually come.
    SessionId::from_entropy([who.wrapping_mul(101); 16])
}

impl World {
    fn new(store: Store) -> Self {
        let limits = [(feature(0), Some(2)), (feature(1), Some(1)), (feature(2), None)];
        Self {
            store,
            sessions: Vec::new(),
            sessions_before: Vec::new(),
            limits: limits.into_iter().collect(),
            elapsed: 0,
            offset: 0,
            past: Vec::new(),
            believed: BTreeMap::new(),
        }
    }

    fn now(&self) -> Instant {
        let start: Instant = "2026-03-01T09:00:00Z".parse().unwrap();
        start.saturating_add(self.elapsed + self.offset)
    }

    fn seats(&self) -> Seats {
        Seats::at(self.now(), self.sessions.clone())
    }

    fn keep(&mut self, seats: Seats) {
        self.sessions_before = std::mem::take(&mut self.sessions);
        self.sessions = seats.into_sessions().collect();
    }

    fn capture(&mut self, who: u8, what: usize) -> Result<Captured> {
        let terms = Terms::default().with_lease(60)?;
        let mut limits = self.limits.clone();
        if self.store == Store::Generous {
            limits = limits.iter().map(|(id, limit)| (id.clone(), limit.map(|n| n + 1))).collect();
        }
        let mut seats = self.seats();
        if self.store == Store::Stale {
            seats = Seats::at(self.now(), self.sessions_before.clone());
        }
        let captured =
            seats.capture((id(who), &Holder::default()), &feature(what), &limits, &terms);
        if self.store == Store::Stale {
            let own = seats.session(&id(who)).cloned().ok();
            let others = self.seats().into_sessions().filter(|session| session.id() != id(who));
            seats = Seats::at(self.now(), others.chain(own).collect::<Vec<_>>());
        }
        self.keep(seats);
        captured
    }

    fn step(&mut self, step: &Step) -> Result<()> {
        let terms = Terms::default().with_lease(60)?;
        match *step {
            Step::Capture(who, what) => {
                if let Ok(captured) = self.capture(who, what) {
                    self.believed.insert((who, what), self.elapsed);
                    self.told(who, &captured.kept.captured);
                }
            }
            Step::KeepAlive(who) => {
                let mut seats = self.seats();
                let kept = seats.keep_alive(&id(who), &self.limits, &terms);
                self.keep(seats);
                self.told(who, &kept.map(|kept| kept.captured).unwrap_or_default());
            }
            Step::Release(who, what) => {
                let mut seats = self.seats();
                seats.release(&id(who), &feature(what), &terms)?;
                self.keep(seats);
                self.believed.remove(&(who, what));
            }
            Step::End(who) => {
                let mut seats = self.seats();
                seats.end(&id(who), &terms)?;
                self.keep(seats);
                self.believed.retain(|(other, _), _| *other != who);
            }
            Step::Pass(seconds) => self.elapsed += seconds,
            Step::SetBack(seconds) if self.store == Store::Hurried => self.offset += seconds,
            Step::SetBack(seconds) => self.offset -= seconds,
            Step::Limit(what, limit) => self.relimit(what, Some(limit)),
            Step::Lose(what) => self.relimit(what, None),
        }
        let elapsed = self.elapsed;
        self.believed.retain(|_, heard| elapsed < *heard + LEASE);
        Ok(())
    }

    /// A holder was told, just now, that this is what it holds.
    fn told(&mut self, who: u8, captured: &[FeatureId]) {
        self.believed
            .retain(|(other, what), _| *other != who || captured.contains(&feature(*what)));
        for ((other, _), heard) in &mut self.believed {
            if *other == who {
                *heard = self.elapsed;
            }
        }
    }

    fn relimit(&mut self, what: usize, limit: Option<Option<u32>>) {
        let others = self.limits.iter().filter(|(id, _)| **id != feature(what));
        let others = others.map(|(id, limit)| (id.clone(), limit));
        let limits = others.chain(limit.map(|limit| (feature(what), limit))).collect();
        self.past.push((self.elapsed, std::mem::replace(&mut self.limits, limits)));
    }

    /// The most that may be used now; none where there was no limit within the last lease.
    fn most(&self, what: usize) -> Option<u32> {
        let recent = self.past.iter().filter(|(end, _)| self.elapsed < *end + LEASE);
        let recent = recent.map(|(_, limits)| limits).chain([&self.limits]);
        recent
            .map(|limits| limits.of(FEATURES[what]).unwrap_or(Some(0)))
            .try_fold(0, |most, limit| limit.map(|limit| most.max(limit)))
    }

    fn check(&self) -> std::result::Result<(), TestCaseError> {
        let seats = self.seats();
        for (what, name) in FEATURES.iter().enumerate() {
            let users = self.believed.keys().filter(|(_, used)| *used == what).count();
            if let Some(most) = self.most(what) {
                prop_assert!(users <= most as usize, "{users} use {name} of {most}");
            }
            let limit = self.limits.of(name).unwrap_or(Some(0));
            let holds =
                |session: &&Session| seats.is_held(&session.id(), &feature(what), &self.limits);
            let held = seats.sessions().filter(holds).count();
            let captured = seats.captured(&feature(what), &self.limits);
            prop_assert!(limit.is_none_or(|limit| held == captured as usize && captured <= limit));
            prop_assert!(limit.is_some() || captured == 0);
        }
        prop_assert!((seats.sessions().count() as u64) <= 28);
        Ok(())
    }
}

fn run(store: Store, steps: &[Step]) -> std::result::Result<(), TestCaseError> {
    let mut world = World::new(store);
    for step in steps {
        world.step(step).unwrap();
        world.check()?;
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn seats_never_exceed_their_limit_at_any_instant(steps in steps()) {
        run(Store::Right, &steps)?;
    }

    #[test]
    fn a_refused_call_changes_nothing(steps in steps(), who in 0..6_u8, what in 0..3_usize) {
        let mut world = World::new(Store::Right);
        for step in &steps {
            world.step(step).unwrap();
        }
        let before = world.seats();
        let mut seats = before.clone();
        let strict = Terms::default().strict();
        let holder = Holder::default();
        if seats.capture((id(who), &holder), &feature(what), &world.limits, &strict).is_err() {
            prop_assert_eq!(&seats, &before);
        }
        let mut seats = before.clone();
        if seats.keep_alive(&id(who), &world.limits, &strict).is_err() {
            prop_assert_eq!(&seats, &before);
        }
        let mut seats = before.clone();
        if seats.release(&id(who), &feature(what), &strict).is_err() {
            prop_assert_eq!(&seats, &before);
        }
    }
}

#[test]
fn the_law_finds_every_store_that_breaks_it() {
    for store in [Store::Stale, Store::Hurried, Store::Generous] {
        let config = Config { cases: 5000, failure_persistence: None, ..Config::default() };
        let rng = proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        );
        let found = TestRunner::new_with_rng(config, rng).run(&steps(), |steps| run(store, &steps));
        assert!(
            matches!(found, Err(TestError::Fail(..))),
            "{store:?} was not found out: {found:?}"
        );
    }
}
