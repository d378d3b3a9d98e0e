//! What a client makes of clocks that are wrong.

use std::{fs, path::Path};

use mlicense_core::{
    decision::{Outcome, ReasonCode},
    document::{Answer, AnswerClaims, LicenseClaims, Request, RequestKind},
    error::ErrorKind,
    evidence::Verdict,
};
use mlicense_host::{Client, Options};

use crate::support::*;

const NOON: &str = "2026-03-01T12:00:00Z";
const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

fn holding(claims: &LicenseClaims, hands: &Hands) -> Client {
    let mut client = by_clock(Options::stateless(), hands);
    client.accept(issue(claims).as_bytes()).unwrap();
    client
}

fn perpetual() -> LicenseClaims {
    LicenseClaims::perpetual(product(), "Example Ltd", at(NOON))
}

/// What the vendor answers at an instant: nothing but when.
fn answered(client: &mut Client, now: &str) -> Result<(), ErrorKind> {
    let request = client.request(RequestKind::Refresh, Default::default()).unwrap();
    let request = Request::verify(request.as_bytes()).unwrap();
    let answer = Answer::write(&AnswerClaims::to(&request, at(now)), &vendor()).unwrap();
    client.accept(answer.as_bytes()).map(drop).map_err(|fault| fault.kind())
}

#[test]
fn s_mk_71_a_clock_set_back_gains_no_more_than_seventy_two_hours_of_running() {
    let hands = Hands::at(NOON);
    let client = holding(&year(), &hands);
    hands.pass_asking(2 * HOUR, &client);
    hands.set("2025-03-01T12:00:00Z");
    assert_eq!(client.check("editor").outcome(), Outcome::Grace);
    hands.pass_asking(72 * HOUR, &client);
    let denied = client.check("editor");
    assert_eq!(denied.outcome(), Outcome::Denied);
    assert!(denied.to_string().contains("the clock says 2025-03-04T12:00:00Z"), "{denied}");
    assert!(!denied.reason(ReasonCode::ClockTrusted).unwrap().passed());

    hands.set("2026-03-04T14:00:00Z");
    assert_eq!(client.check("editor").outcome(), Outcome::Licensed);
    assert_eq!(client.present().verdict, Verdict::Ok);
}

#[test]
fn s_mk_71_the_mark_follows_the_clock_and_survives_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let hands = Hands::at(NOON);
    let mut client = by_clock(Options::folder(folder.path()), &hands);
    client.accept(issue(&year()).as_bytes()).unwrap();
    hands.pass_asking(10 * DAY, &client);
    drop(client);

    hands.set("2026-03-02T00:00:00Z");
    let client = by_clock(Options::folder(folder.path()), &hands);
    let present = client.present();
    assert_eq!((present.now, present.verdict), (at("2026-03-11T12:00:00Z"), Verdict::Grace));
}

#[test]
fn a_perpetual_licence_runs_whatever_the_clock_says() {
    let hands = Hands::at(NOON);
    let client = holding(&perpetual(), &hands);
    for now in ["1970-01-01T00:00:00Z", "2025-03-01T12:00:00Z", "2099-01-01T00:00:00Z"] {
        hands.set(now);
        hands.pass_asking(100 * HOUR, &client);
        assert_eq!(client.check("editor").outcome(), Outcome::Licensed, "{now}");
        assert_eq!(client.outcome("editor"), Outcome::Licensed);
    }
}

#[test]
fn an_answer_repairs_a_mark_that_a_false_clock_left_behind() {
    let hands = Hands::at(NOON);
    let mut client = holding(&year(), &hands);
    hands.set("2099-01-01T00:00:00Z");
    hands.pass_asking(5 * HOUR, &client);
    hands.set("2026-03-02T12:00:00Z");
    let poisoned = client.check("editor");
    assert_eq!(poisoned.outcome(), Outcome::Denied);
    assert!(poisoned.to_string().contains("but it has been 2099-01-01T05:00:00Z already"));

    answered(&mut client, "2026-03-02T12:00:00Z").unwrap();
    assert_eq!(client.check("editor").outcome(), Outcome::Licensed);
    assert_eq!(client.present().now, at("2026-03-02T12:00:00Z"));
}

#[test]
fn an_answer_that_was_kept_does_not_turn_time_back() {
    let hands = Hands::at(NOON);
    let mut client = holding(&year(), &hands);
    let request = ask(&mut client, RequestKind::Refresh, NOON);
    let kept = Answer::write(&AnswerClaims::to(&request, at(NOON)), &vendor()).unwrap();
    hands.pass_asking(30 * DAY, &client);
    client.accept(kept.as_bytes()).unwrap();
    assert_eq!(client.present().now, at("2026-03-31T12:00:00Z"));
}

#[test]
fn a_mark_is_put_right_once_whatever_answers_were_kept() {
    let hands = Hands::at(NOON);
    let mut client = holding(&year(), &hands);
    hands.set("2026-03-02T11:00:00Z");
    let mut ask = || {
        let request = client.request(RequestKind::Refresh, Default::default()).unwrap();
        Request::verify(request.as_bytes()).unwrap()
    };
    let requests = [ask(), ask(), ask()];
    // The vendor signed all three an hour apart, when it was still the first day.
    let signed = ["2026-03-01T11:00:00Z", "2026-03-01T12:00:00Z", "2026-03-01T10:00:00Z"];
    let answers = requests.iter().zip(signed).map(|(request, now)| {
        Answer::write(&AnswerClaims::to(request, at(now)), &vendor()).unwrap()
    });
    let [first, second, third] = answers.collect::<Vec<_>>().try_into().unwrap();
    client.accept(second.as_bytes()).unwrap();
    hands.set("2026-03-01T06:00:00Z");
    assert_eq!(client.present().mark, at("2026-03-01T12:00:00Z"));
    for kept in [first, third] {
        client.accept(kept.as_bytes()).unwrap();
        assert_eq!(client.present().mark, at("2026-03-01T12:00:00Z"));
    }
}

#[test]
fn a_clock_known_to_be_behind_does_not_refuse_the_answer_that_says_so() {
    let hands = Hands::at("2026-06-01T12:00:00Z");
    let mut client = holding(&year(), &hands);
    hands.set("1970-01-01T00:00:00Z");
    answered(&mut client, "2026-06-09T12:00:00Z").unwrap();
    assert_eq!(client.present().now, at("2026-06-09T12:00:00Z"));

    let mut fresh = by_clock(Options::stateless(), &Hands::at("1970-01-01T00:00:00Z"));
    assert_eq!(answered(&mut fresh, NOON), Err(ErrorKind::IssuedInFuture));
}

#[test]
fn no_program_runs_before_it_was_built() {
    let hands = Hands::at("1970-01-01T00:00:00Z");
    let built = Options::stateless().built_on("2026-05-20".parse().unwrap());
    let mut client = by_clock(built, &hands);
    let present = client.present();
    // The day began fourteen hours earlier somewhere.
    assert_eq!((present.now, present.verdict), (at("2026-05-19T10:00:00Z"), Verdict::Grace));
    answered(&mut client, "2026-06-01T12:00:00Z").unwrap();
}

#[test]
fn a_licence_for_versions_up_to_a_day_asks_when_the_program_was_built() {
    let claims =
        LicenseClaims::updates_until(product(), "Example Ltd", at(NOON), day("2026-05-20"));
    let built = |day: &str| {
        let options = Options::stateless().built_on(day.parse().unwrap());
        let mut client = by_clock(options, &Hands::at("2026-08-01T00:00:00Z"));
        client.accept(issue(&claims).as_bytes()).unwrap();
        client.check("editor").outcome()
    };
    assert_eq!(built("2026-05-19"), Outcome::Licensed);
    assert_eq!(built("2026-05-20"), Outcome::Denied);
    let mut client = by_clock(Options::stateless(), &Hands::at(NOON));
    client.accept(issue(&claims).as_bytes()).unwrap();
    assert!(client.check("editor").to_string().contains("does not say when it was built"));
}

/// The time that a state file has confirmed.
fn written_mark(folder: &Path) -> String {
    let text = fs::read_to_string(folder.join("mlicense-editor.state")).unwrap();
    text.split("\"mark\": \"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[test]
fn a_check_writes_what_is_known_of_the_time_once_a_minute_at_most() {
    let folder = tempfile::tempdir().unwrap();
    let hands = Hands::at(NOON);
    let mut client = by_clock(Options::folder(folder.path()), &hands);
    client.accept(issue(&year()).as_bytes()).unwrap();
    assert_eq!(written_mark(folder.path()), NOON);
    let after = |seconds| {
        hands.pass(seconds);
        assert!(client.check("editor").allowed());
        written_mark(folder.path())
    };
    assert_eq!(after(59), NOON);
    assert_eq!(after(1), "2026-03-01T12:01:00Z");
    assert_eq!(after(30), "2026-03-01T12:01:00Z");
    assert_eq!(after(30), "2026-03-01T12:02:00Z");
}

#[test]
fn what_a_client_learnt_is_written_when_it_ends() {
    let folder = tempfile::tempdir().unwrap();
    let hands = Hands::at(NOON);
    let client = by_clock(Options::folder(folder.path()), &hands);
    let _ = client.present();
    hands.pass_asking(4 * HOUR, &client);
    hands.pass(59);
    let feature = client.feature("editor");
    drop(client);
    assert!(!feature.allowed());
    hands.pass(HOUR);
    assert!(!feature.allowed());
    drop(feature);
    assert_eq!(written_mark(folder.path()), "2026-03-01T17:00:59Z");
}

#[test]
fn time_that_the_machine_was_up_counts_from_one_program_to_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let hands = Hands::at(NOON);
    let open = || by_clock(Options::folder(folder.path()), &hands);
    open().accept(issue(&year()).as_bytes()).unwrap();
    // Every program runs for a moment, with the clock set back before each.
    for _ in 0..80 {
        hands.set("2026-02-01T00:00:00Z");
        hands.pass(HOUR);
        let _ = open().present();
    }
    assert_eq!(open().present().verdict, Verdict::Deny);
    hands.pass_off(0);
    hands.set("2026-03-04T20:00:00Z");
    assert_eq!(open().present().verdict, Verdict::Ok);
}

#[test]
fn a_machine_that_was_off_for_a_season_is_believed_after_hours_of_running() {
    let folder = tempfile::tempdir().unwrap();
    let hands = Hands::at(NOON);
    let open = || by_clock(Options::folder(folder.path()), &hands);
    open().accept(issue(&year()).as_bytes()).unwrap();
    hands.pass_off(90 * DAY);
    let client = open();
    assert_eq!(client.present().verdict, Verdict::Warn);
    assert_eq!(client.check("editor").outcome(), Outcome::Licensed);
    hands.pass_asking(3 * HOUR, &client);
    drop(client);
    hands.pass_off(12 * HOUR);
    let client = open();
    assert_eq!(client.present().verdict, Verdict::Warn);
    hands.pass_asking(HOUR, &client);
    assert_eq!(client.present().verdict, Verdict::Ok);
}

#[test]
fn programs_on_one_state_know_what_each_learnt() {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = (Hands::at(NOON), Hands::at(NOON));
    let mut first = by_clock(Options::folder(folder.path()), &one);
    let second = by_clock(Options::folder(folder.path()), &other);
    first.accept(issue(&year()).as_bytes()).unwrap();
    one.pass_asking(2 * HOUR, &first);
    // It learns when it writes what it knows itself.
    let _ = second.present();
    other.pass_asking(60, &second);
    let present = second.present();
    assert_eq!((present.mark, present.verdict), (at("2026-03-01T14:00:00Z"), Verdict::Grace));
}

#[test]
fn a_folder_that_cannot_be_written_stops_no_check() {
    let folder = tempfile::tempdir().unwrap();
    let hands = Hands::at(NOON);
    let mut client = by_clock(Options::folder(folder.path()), &hands);
    client.accept(issue(&year()).as_bytes()).unwrap();
    fs::remove_file(folder.path().join("mlicense-editor.state")).unwrap();
    hands.pass_asking(2 * HOUR, &client);
    assert_eq!(client.check("editor").outcome(), Outcome::Licensed);
    assert_eq!(client.present().now, at("2026-03-01T14:00:00Z"));
    let diagnosis = client.diagnose(&[], &mut |_| Ok(String::new()));
    let problem = diagnosis.problems().next().unwrap();
    assert_eq!(problem.name, "STORE_UNAVAILABLE");
    assert!(!folder.path().join("mlicense-editor.state").exists());
}

#[test]
fn an_instant_that_a_caller_gives_is_believed_and_teaches_nothing() {
    let hands = Hands::at(NOON);
    let client = holding(&year(), &hands);
    let later = client.check_at("editor", at("2027-02-28T23:59:59Z"));
    assert_eq!(later.outcome(), Outcome::Licensed);
    assert!(later.reason(ReasonCode::ClockTrusted).unwrap().passed());
    assert_eq!(client.present().now, at(NOON));
    let earlier = client.check_at("editor", at("2026-01-01T00:00:00Z"));
    assert_eq!(earlier.outcome(), Outcome::Licensed);
    assert!(!earlier.reason(ReasonCode::ClockTrusted).unwrap().passed());
}
