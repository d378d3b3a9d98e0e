//! Laws of evidence, tried on clocks that go anywhere.
#![expect(clippy::arithmetic_side_effects, reason = "tests")]

use proptest::prelude::*;

use super::*;

const START: i64 = 1_780_000_000;

fn at(seconds: i64) -> Instant {
    Instant::from_unix(seconds).unwrap()
}

fn reading(clock: i64, passed_seconds: u64) -> Reading {
    Reading { clock: Instant::MIN.saturating_add(clock), passed_seconds }
}

fn settled() -> Evidence {
    Evidence::default().advance(reading(START, 0), Some(SignedDate::new(at(START)))).0
}

/// Where somebody sets the clock: near where it is, near the mark, or anywhere.
#[derive(Clone, Copy, Debug)]
enum Hand {
    Leave,
    Move(i64),
    ToMark(i64),
    Set(i64),
}

fn hands() -> impl Strategy<Value = Hand> {
    let near = prop_oneof![-7300..7300_i64, -200_000..200_000_i64];
    prop_oneof![
        3 => Just(Hand::Leave),
        2 => near.clone().prop_map(Hand::Move),
        2 => near.prop_map(Hand::ToMark),
        1 => (0..5_000_000_000_i64).prop_map(Hand::Set),
    ]
}

fn runs() -> impl Strategy<Value = u64> {
    prop_oneof![0..90_u64, 0..20_000_u64, 0..400_000_u64]
}

fn set(hand: Hand, clock: i64, mark: Instant) -> i64 {
    match hand {
        Hand::Leave => clock,
        Hand::Move(by) => clock.saturating_add(by),
        Hand::ToMark(by) => mark.unix().saturating_add(by),
        Hand::Set(to) => to,
    }
    .clamp(0, Instant::MAX.unix())
}

/// Whether a licence that ends at `end` lets the program run.
fn runs_until(end: i64, evidence: &Evidence) -> bool {
    let present = evidence.present();
    present.now < at(end) && present.verdict < Verdict::Deny
}

proptest! {
    /// However the clock is set and whenever the program is started: whenever a licence lets it
    /// run, it has run for no longer than the licence had left, and the standstill.
    #[test]
    fn prop_no_setting_of_the_clock_gains_more_than_the_standstill(
        left in 0..1_000_000_u64,
        steps in prop::collection::vec((hands(), runs()), 1..60),
    ) {
        let end = START + i64::try_from(left).unwrap();
        let (mut evidence, mut clock, mut ran) = (settled(), START, 0);
        for (hand, seconds) in steps {
            ran += seconds;
            clock = set(hand, clock + i64::try_from(seconds).unwrap(), evidence.mark());
            evidence = evidence.advance(reading(clock, seconds), None).0;
            if runs_until(end, &evidence) {
                prop_assert!(ran <= left + STANDSTILL_SECONDS_MAX, "{ran} of {left}");
            }
        }
    }

    /// The same with a vendor who answers: neither answers kept for later nor a mark that was
    /// wrong and put right gain anything.
    #[test]
    fn prop_no_answer_gains_more_than_the_standstill(
        left in 0..1_000_000_u64,
        steps in prop::collection::vec((hands(), runs(), 0..400_000_i64, 0..6_u8), 1..60),
    ) {
        let end = START + i64::try_from(left).unwrap();
        let (mut evidence, mut clock, mut ran) = (settled(), START, 0);
        let (mut truth, mut answers) = (START, Vec::new());
        for (hand, seconds, off, act) in steps {
            let passed = i64::try_from(seconds).unwrap() + if act == 0 { off } else { 0 };
            (ran, truth) = (ran + seconds, truth + passed);
            clock = set(hand, clock + passed, evidence.mark());
            evidence = evidence.advance(reading(clock, seconds), None).0;
            match act {
                // The vendor signs at once; the newest answer is taken, or an old one.
                1 | 2 => answers.push((evidence.mark(), at(truth))),
                3 | 4 if !answers.is_empty() => {
                    let newest = usize::from(act == 3) * (answers.len() - 1);
                    let (mark, signed) = answers[newest];
                    let corrections = evidence.corrections();
                    evidence = evidence.dated(SignedDate::new(signed).answering(mark));
                    if evidence.corrections() > corrections {
                        answers.iter_mut().for_each(|(mark, _)| *mark = Instant::MIN);
                    }
                }
                _ => {}
            }
            if runs_until(end, &evidence) {
                prop_assert!(ran <= left + STANDSTILL_SECONDS_MAX, "{ran} of {left}");
            }
        }
    }

    /// Nothing that clocks do is for good: one answer and a right clock, and all is as it should be.
    #[test]
    fn prop_an_answer_and_a_right_clock_repair_everything(
        steps in prop::collection::vec((hands(), runs()), 0..40), truth in START..4_000_000_000,
    ) {
        let (mut evidence, mut clock) = (settled(), START);
        for (hand, ran) in steps {
            clock = set(hand, clock, evidence.mark());
            evidence = evidence.advance(reading(clock, ran), None).0;
        }
        let signed = SignedDate::new(at(truth)).answering(evidence.mark());
        let (_, present) = evidence.advance(reading(truth, 0), Some(signed));
        prop_assert_eq!(present.verdict, Verdict::Ok);
        prop_assert!(present.now.seconds_since(at(truth)) <= 300);
    }

    /// A right clock is never doubted, however seldom or often it is read.
    #[test]
    fn prop_a_right_clock_is_ok(steps in prop::collection::vec((runs(), 0..86_000_u64), 0..60)) {
        let (mut evidence, mut clock) = (settled(), START);
        for (ran, off) in steps {
            clock += i64::try_from(ran + off).unwrap();
            let (next, present) = evidence.advance(reading(clock, ran), None);
            prop_assert_eq!((present.verdict, present.now), (Verdict::Ok, at(clock)));
            prop_assert_eq!((next.mark(), next.stood_seconds()), (at(clock), 0));
            evidence = next;
        }
    }

    #[test]
    fn prop_without_a_correction_neither_now_nor_the_mark_falls_below_the_mark(
        steps in prop::collection::vec((hands(), runs(), prop::option::of(0..4_000_000_000_i64)), 0..40),
    ) {
        let (mut evidence, mut clock) = (settled(), START);
        for (hand, ran, signed) in steps {
            clock = set(hand, clock, evidence.mark());
            let signed = signed.map(|seconds| SignedDate::new(at(seconds)));
            let (next, present) = evidence.advance(reading(clock, ran), signed);
            prop_assert!(next.mark() >= evidence.mark());
            prop_assert!(present.now >= next.mark() && present.now >= at(clock));
            prop_assert!(next.stood_seconds() <= STANDSTILL_SECONDS_MAX);
            evidence = next;
        }
    }

    #[test]
    fn prop_two_programs_know_together_what_each_knows(
        one in prop::collection::vec((hands(), runs()), 0..10),
        two in prop::collection::vec((hands(), runs()), 0..10),
    ) {
        let play = |steps: Vec<(Hand, u64)>| {
            let step = |(evidence, clock): (Evidence, i64), (hand, ran): (Hand, u64)| {
                let clock = set(hand, clock, evidence.mark());
                (evidence.advance(reading(clock, ran), None).0, clock)
            };
            steps.into_iter().fold((settled(), START), step).0
        };
        let (one, two) = (play(one), play(two));
        let both = one.merged(two);
        prop_assert_eq!(both.clock, one.clock);
        prop_assert_eq!(both, Evidence { clock: one.clock, ..two.merged(one) });
        prop_assert_eq!(both.merged(one), both);
        prop_assert!(both.mark() >= one.mark() && both.mark() >= two.mark());
    }
}

#[test]
fn a_mark_that_was_put_right_takes_the_place_of_one_that_was_not() {
    let (poisoned, _) = settled().advance(reading(4_000_000_000, 0), None);
    let (poisoned, _) = poisoned.advance(reading(4_000_014_400, CONFIRMING_SECONDS), None);
    assert_eq!(poisoned.mark(), at(4_000_014_400));
    let right = poisoned.dated(SignedDate::new(at(START)).answering(poisoned.mark()));
    assert_eq!((right.mark(), right.corrections()), (at(START), 1));
    assert_eq!(poisoned.merged(right), Evidence { clock: poisoned.clock, ..right });
    assert_eq!(right.merged(poisoned), right);
}

#[test]
fn an_answer_that_was_kept_lowers_the_mark_by_no_more_than_was_wrong_when_it_was_asked_for() {
    let asked_at_mark = settled().mark();
    let later = START + 300 * 86_400;
    let kept = SignedDate::new(at(START + 10)).answering(asked_at_mark);
    let evidence = settled().not_before(at(later)).dated(kept);
    assert_eq!((evidence.mark(), evidence.corrections()), (at(later), 0));
}

#[test]
fn a_step_forward_of_a_day_is_believed_and_one_second_more_is_not() {
    let day = i64::try_from(STEP_SECONDS_MAX).unwrap();
    let (evidence, _) = settled().advance(reading(START + day + 60, 60), None);
    assert_eq!(evidence.mark(), at(START + day + 60));
    let (evidence, present) = settled().advance(reading(START + day + 61, 60), None);
    assert_eq!((evidence.mark(), present.now), (at(START), at(START + day + 61)));
}

#[test]
fn four_hours_of_running_confirm_a_step_and_one_second_less_does_not() {
    let far = START + 90 * 86_400;
    let (evidence, present) = settled().advance(reading(far, 0), None);
    assert_eq!(present.verdict, Verdict::Warn);
    let (less, _) = evidence.advance(reading(far + 14_399, CONFIRMING_SECONDS - 1), None);
    assert_eq!(less.mark(), at(START));
    let (enough, present) = less.advance(reading(far + 14_400, 1), None);
    assert_eq!((enough.mark(), present.verdict), (at(far + 14_400), Verdict::Ok));
}

#[test]
fn a_clock_that_jumps_again_is_confirmed_anew() {
    let (far, farther) = (START + 90 * 86_400, START + 900 * 86_400);
    for (first, second) in [(far, farther), (farther, far)] {
        let (evidence, _) = settled().advance(reading(first, 0), None);
        let (evidence, _) = evidence.advance(reading(first + 14_000, 14_000), None);
        let (evidence, _) = evidence.advance(reading(second, 0), None);
        let (evidence, _) = evidence.advance(reading(second + 14_399, 14_399), None);
        assert_eq!(evidence.mark(), at(START));
    }
}

#[test]
fn seconds_behind_make_the_verdict_up_to_their_limits() {
    for (behind, verdict) in [
        (0, Verdict::Ok),
        (300, Verdict::Ok),
        (301, Verdict::Warn),
        (3600, Verdict::Warn),
        (3601, Verdict::Grace),
        (START, Verdict::Grace),
    ] {
        let (_, present) = settled().advance(reading(START - behind, 0), None);
        assert_eq!(present.verdict, verdict, "{behind}");
        assert_eq!((present.now, present.is_behind()), (at(START), behind > 0));
    }
}

#[test]
fn time_stands_still_for_seventy_two_hours_of_running_and_then_goes_on() {
    let (evidence, present) = settled().advance(reading(0, STANDSTILL_SECONDS_MAX - 1), None);
    assert_eq!((present.now, present.verdict), (at(START), Verdict::Grace));
    let (evidence, present) = evidence.advance(reading(0, 1), None);
    assert_eq!((present.now, present.verdict), (at(START), Verdict::Deny));
    let (_, present) = evidence.advance(reading(0, 10), None);
    assert_eq!((present.now, present.verdict), (at(START + 10), Verdict::Deny));
}

#[test]
fn ahead_by_thirty_days_is_ok_and_one_second_more_a_warning() {
    let limit = START + i64::try_from(AHEAD_SECONDS_MAX).unwrap();
    assert_eq!(settled().asked_at(at(limit)).verdict, Verdict::Ok);
    assert_eq!(settled().asked_at(at(limit + 1)).verdict, Verdict::Warn);
    assert_eq!(Evidence::default().asked_at(at(limit + 1)).verdict, Verdict::Ok);
}

#[test]
fn a_document_that_is_old_makes_nobody_doubt_a_clock_that_never_agreed_with_anything() {
    let old = SignedDate::new(at(START));
    let years_later = START + 2000 * 86_400;
    let (fresh, present) = Evidence::default().advance(reading(years_later, 0), Some(old));
    assert_eq!((present.verdict, present.mark), (Verdict::Ok, at(START)));
    let (confirmed, _) = fresh.advance(reading(years_later + 14_400, 14_400), None);
    let (_, present) = confirmed.advance(reading(years_later + 40 * 86_400, 0), None);
    assert_eq!(present.verdict, Verdict::Warn);
}

#[test]
fn a_minute_is_worth_keeping_and_one_second_less_is_not() {
    let kept = settled();
    for (clock, passed) in [(START + 60, 60), (START - 10, 60), (START + 90 * 86_400, 60)] {
        let after = |less: i64, passed| {
            let (first, _) = kept.advance(reading(clock - 60, 0), None);
            first.advance(reading(clock - less, passed), None).0
        };
        assert!(after(0, passed).is_worth_keeping(&kept), "{clock}");
        assert!(!after(1, passed - 1).is_worth_keeping(&kept), "{clock}");
    }
}

#[test]
fn evidence_survives_its_json_and_nothing_in_it_is_ignored() {
    let (evidence, _) = settled().advance(reading(START + 90 * 86_400, 7), None);
    let json = serde_json::to_string(&evidence).unwrap();
    assert_eq!(serde_json::from_str::<Evidence>(&json).unwrap(), evidence);
    let more = json.replacen('{', r#"{"more": 1, "#, 1);
    assert!(serde_json::from_str::<Evidence>(&more).is_err());
}
