//! Time as evidence: no sequence of clock changes gains more than the budget while the state
//! survives; and where it does not survive, a sequence is found that does.
#![expect(clippy::arithmetic_side_effects, reason = "what a test counts is small")]

use mlicense_core::{document::LicenseClaims, evidence::STANDSTILL_SECONDS_MAX};
use mlicense_host::{Client, Options};
use proptest::{
    prelude::*,
    test_runner::{Config, TestCaseError, TestRunner},
};

use crate::support::*;

const NOON: &str = "2026-03-01T12:00:00Z";
/// A licence until the end of the next day: 36 hours, counted from noon.
const LEFT: u64 = 36 * 3600;
/// A program is asked every hour; what it ran since its last answer may not be counted.
const SLACK: u64 = 3600;

/// What whoever owns the clock does next.
#[derive(Clone, Copy, Debug)]
enum Deed {
    /// Sets the clock by so many seconds from where it is.
    Move(i64),
    /// Sets the clock to so many seconds from where it was in the beginning.
    Set(i64),
    /// Lets the program run for so many seconds.
    Run(u64),
    /// Ends the program and starts it anew, on a machine that stays up or was started anew.
    Restart { reboots: bool },
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        2 => (-200_000..100_000_i64).prop_map(Deed::Move),
        2 => (-100_000_000..200_000_i64).prop_map(Deed::Set),
        4 => (0..200_000_u64).prop_map(Deed::Run),
        1 => any::<bool>().prop_map(|reboots| Deed::Restart { reboots }),
    ];
    prop::collection::vec(deed, 1..30)
}

fn licensed() -> LicenseClaims {
    LicenseClaims::until(product(), "Example Ltd", at(NOON), day("2026-03-03"))
}

fn opened(state: Vec<u8>, hands: &Hands) -> Client {
    by_clock(Options::bytes(state), hands)
}

/// Plays the deeds and says for how long the program ran while it was let run.
fn seconds_allowed(deeds: &[Deed], survives: bool) -> u64 {
    let hands = Hands::at(NOON);
    let mut client = opened(Vec::new(), &hands);
    client.accept(issue(&licensed()).as_bytes()).unwrap();
    let (backup, mut allowed) = (client.state(), 0);
    for deed in deeds {
        match *deed {
            Deed::Move(by) => hands.turn(hands.shown().saturating_add(by)),
            Deed::Set(to) => hands.turn(at(NOON).saturating_add(to)),
            Deed::Run(seconds) => {
                for hour in steps(seconds) {
                    let runs = client.check("editor").allowed();
                    hands.pass(hour);
                    allowed += if runs { hour } else { 0 };
                }
            }
            Deed::Restart { reboots } => {
                let state = if survives { client.state() } else { backup.clone() };
                if reboots {
                    hands.pass_off(0);
                }
                client = opened(state, &hands);
            }
        }
    }
    allowed
}

fn steps(seconds: u64) -> impl Iterator<Item = u64> {
    (0..seconds.div_ceil(3600)).map(move |hour| (seconds - hour * 3600).min(3600))
}

fn within_budget(deeds: &[Deed], survives: bool) -> Result<(), TestCaseError> {
    let (allowed, budget) = (seconds_allowed(deeds, survives), LEFT + STANDSTILL_SECONDS_MAX);
    // Each start may leave out what passed since the last answer.
    let starts = deeds.iter().filter(|deed| matches!(deed, Deed::Restart { .. })).count();
    let slack = SLACK * (u64::try_from(starts).unwrap() + 1);
    prop_assert!(allowed <= budget + slack, "{allowed} of {budget}");
    Ok(())
}

fn runner() -> TestRunner {
    TestRunner::new(Config { cases: 128, failure_persistence: None, ..Config::default() })
}

#[test]
fn s_mk_71_no_sequence_of_clock_changes_gains_more_than_the_budget_while_the_state_survives() {
    let found = runner().run(&deeds(), |deeds| within_budget(&deeds, true));
    assert!(found.is_ok(), "{found:?}");
}

/// The control: the same law does not hold for a state that is restored at every start.
#[test]
fn a_state_that_is_restored_at_every_start_gains_more() {
    let round = [Deed::Set(0), Deed::Run(LEFT), Deed::Restart { reboots: true }];
    let deeds: Vec<_> = round.into_iter().cycle().take(3 * 6).collect();
    assert!(within_budget(&deeds, false).is_err());
    assert!(within_budget(&deeds, true).is_ok());
    let mut runner =
        TestRunner::new(Config { cases: 4096, failure_persistence: None, ..Config::default() });
    assert!(runner.run(&deeds_with_many_starts(), |deeds| within_budget(&deeds, false)).is_err());
}

fn deeds_with_many_starts() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        Just(Deed::Set(0)),
        (50_000..200_000_u64).prop_map(Deed::Run),
        Just(Deed::Restart { reboots: true }),
    ];
    prop::collection::vec(deed, 20..60)
}
