//! Claims about clocks that are wrong.

use super::*;
use crate::evidence::{Evidence, Present, Reading, STANDSTILL_SECONDS_MAX};

/// What is known of the time when the clock was right until the start of `mark`.
fn present(mark: Moment, clock: Instant, stood_seconds: u64) -> Present {
    let evidence = Evidence::default().not_before(mark.at());
    let (evidence, _) = evidence.advance(Reading { clock: mark.at(), passed_seconds: 0 }, None);
    evidence.advance(Reading { clock, passed_seconds: stood_seconds }, None).1
}

fn ask_under(claims: &LicenseClaims, present: Present) -> Decision {
    let product = product();
    let question = Question::new(&product, "editor").under(present);
    evaluate(&signed(claims), &HostMatch::default(), present.now, &question)
}

#[test]
fn a_clock_that_agrees_changes_nothing_and_is_told() {
    let now = day(10).at();
    let decision = ask_under(&year_and_grace(), Present::by(now));
    let without = ask(&year_and_grace(), now, "editor");
    assert_eq!(decision.outcome(), without.outcome());
    assert_eq!(decision.to_string(), without.to_string());
    assert!(decision.reason(ReasonCode::ClockTrusted).unwrap().passed());
    assert!(without.reason(ReasonCode::ClockTrusted).is_none());
}

#[test]
fn a_clock_set_back_makes_a_grace_and_later_a_denial_of_what_ends() {
    let back = |seconds| present(day(10), day(0).at(), seconds);
    let decision = ask_under(&year_and_grace(), back(0));
    assert_eq!((decision.outcome(), decision.until()), (Outcome::Grace, Some(day(365).at())));
    assert_eq!(
        decision.to_string(),
        "`editor` may run: the clock says 2027-03-01T00:00:00Z, but it has been \
         2027-03-11T00:00:00Z already",
    );
    let decision = ask_under(&year_and_grace(), back(STANDSTILL_SECONDS_MAX));
    assert_eq!((decision.outcome(), decision.until()), (Outcome::Denied, None));
    let refusal = decision.require().unwrap_err();
    assert!(refusal.to_string().contains("the clock says"), "{refusal}");
}

#[test]
fn a_licence_without_an_end_does_not_ask_the_clock() {
    let endless = LicenseClaims { licensed: Some(Span::starting(day(0))), ..claims() };
    let decision = ask_under(&endless, present(day(10), day(0).at(), STANDSTILL_SECONDS_MAX));
    assert_eq!(decision.outcome(), Outcome::Licensed);
    assert!(!decision.reason(ReasonCode::ClockTrusted).unwrap().passed());
    assert_eq!(decision.to_string(), "`editor` may run: licensed without end");
    // A feature of it that ends does.
    let until = Feature { until: Some(day(50)), ..Feature::uncounted() };
    let product = product();
    let back = present(day(10), day(0).at(), 0);
    let question = Question::new(&product, "export").under(back);
    let license = signed(&with_feature(until, endless));
    let decision = evaluate(&license, &HostMatch::default(), back.now, &question);
    assert_eq!(decision.outcome(), Outcome::Grace);
}

#[test]
fn a_denial_blames_the_clock_only_when_a_right_one_would_allow() {
    let says = |present| ask_under(&year_and_grace(), present).to_string();
    let far_ahead = present(day(10), day(500).at(), 0);
    assert!(says(far_ahead).contains("far ahead of the last confirmed time"));
    let over_already = present(day(450), day(500).at(), 0);
    assert!(says(over_already).contains("the last licensed day was"));
    let poisoned = present(day(500), day(10).at(), 0);
    assert!(says(poisoned).contains("but it has been 2028-07-13T00:00:00Z already"));
    let other_product = LicenseClaims { product: "viewer".parse().unwrap(), ..year_and_grace() };
    assert!(ask_under(&other_product, poisoned).to_string().contains("not for `editor`"));
}
