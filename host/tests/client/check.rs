//! What a client answers: dates, hosts, features, clocks.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    thread,
};

use mlicense_core::{
    decision::{Detail, Outcome, ReasonCode},
    document::{Feature, LicenseClaims, RequestKind},
    error::{ErrorKind, Language},
    host_binding::FactKind,
    time::Instant,
};
use mlicense_host::{Client, Clock, Options};

use crate::support::*;

fn holding(claims: &LicenseClaims) -> Client {
    let mut client = in_memory();
    client.accept_at(issue(claims).as_bytes(), claims.issued_at).unwrap();
    client
}

#[test]
fn a_licence_runs_to_the_last_second_of_its_year_and_of_its_grace() {
    let client = holding(&year_and_grace());
    for (now, outcome) in [
        ("2026-03-01T12:00:00Z", Outcome::Licensed),
        ("2027-02-28T23:59:59Z", Outcome::Licensed),
        ("2027-03-01T00:00:00Z", Outcome::Grace),
        ("2027-03-30T23:59:59Z", Outcome::Grace),
        ("2027-03-31T00:00:00Z", Outcome::Denied),
        ("9999-12-31T23:59:59Z", Outcome::Denied),
    ] {
        assert_eq!(client.check_at("editor", at(now)).outcome(), outcome, "{now}");
    }
}

#[test]
fn without_a_licence_every_check_is_denied_and_none_fails() {
    let client = in_memory();
    for feature in ["editor", "export", "", "\0", &"x".repeat(100_000)] {
        let decision = client.check(feature);
        assert!(!decision.allowed());
        assert!(decision.reason(ReasonCode::LicenseHeld).is_some());
    }
    assert_eq!(client.require("editor").unwrap_err().kind(), ErrorKind::NotLicensed);
}

#[test]
fn a_feature_runs_when_it_is_named_and_not_otherwise() {
    let mut claims = year();
    claims.features.insert("export".parse().unwrap(), Feature::counted(5));
    let client = holding(&claims);
    let now = claims.issued_at;
    let export = client.check_at("export", now);
    assert_eq!((export.allowed(), export.quantity()), (true, Some(5)));
    assert!(client.check_at("editor", now).allowed());
    let import = client.check_at("import", now);
    assert_eq!(import.to_string(), "`import` may not run: the licence does not include `import`");
}

#[test]
fn s_mk_40_on_another_machine_the_answer_names_what_changed() {
    let mut client = in_memory();
    let request = ask(&mut client, RequestKind::Trial, "2026-03-01T12:00:00Z");
    let bound = issue(&{
        let mut claims = license_for(&request, year());
        // Whoever copies the state copies the installation; here only the host is to differ.
        claims.installation = None;
        claims
    });
    let now = at("2026-03-02T00:00:00Z");
    let on = |facts| {
        let options = Options::stateless().facts(facts);
        let mut client = Client::open(product(), &roots(), options).unwrap();
        client.accept_at(bound.as_bytes(), now).unwrap();
        client.check_at("editor", now)
    };
    assert!(on(machine("D1", "B1")).allowed());
    assert!(on(machine("D2", "B1")).allowed());
    let moved = on(machine("D1", "B2"));
    assert!(!moved.allowed());
    let reason = moved.reason(ReasonCode::HostMatches).unwrap();
    let changed = vec![FactKind::DmiUuid, FactKind::BoardSerial];
    assert_eq!(reason.detail("changed"), Some(&Detail::Facts(changed)));
    assert!(moved.to_string().ends_with("not found: dmi_uuid, board_serial"), "{moved}");
}

#[test]
fn s_mk_71_a_clock_set_back_prolongs_nothing() {
    let mut client = holding(&year());
    let mut ended = year();
    ended.issued_at = at("2027-03-02T00:00:00Z");
    client.accept_at(issue(&ended).as_bytes(), ended.issued_at).unwrap();
    // The vendor signed after the end of the year, so the year is over whatever the clock says.
    for now in ["2027-03-01T23:59:59Z", "2026-06-01T00:00:00Z", "1970-01-01T00:00:00Z"] {
        let decision = client.check_at("editor", at(now));
        assert_eq!(decision.outcome(), Outcome::Denied, "{now}");
    }
}

#[test]
fn a_clock_set_back_costs_nothing_that_was_paid_for() {
    let client = holding(&year());
    for now in ["2026-03-01T11:59:59Z", "2026-02-28T12:00:00Z", "1970-01-01T00:00:00Z"] {
        assert_eq!(client.check_at("editor", at(now)).outcome(), Outcome::Licensed, "{now}");
    }
}

#[test]
fn a_clock_that_was_far_ahead_and_came_home_costs_nothing() {
    let client = holding(&year());
    assert!(!client.check_at("editor", at("2099-01-01T00:00:00Z")).allowed());
    assert!(client.check_at("editor", at("2026-06-01T00:00:00Z")).allowed());
}

#[derive(Debug)]
struct Hands(Arc<AtomicI64>);

impl Clock for Hands {
    fn now(&self) -> Instant {
        Instant::from_unix(self.0.load(Ordering::Relaxed)).unwrap()
    }
}

#[test]
fn a_client_reads_the_clock_it_was_given() {
    let hands = Arc::new(AtomicI64::new(at("2026-03-01T12:00:00Z").unix()));
    let options = Options::stateless().clock(Hands(Arc::clone(&hands)));
    let mut client = Client::open(product(), &roots(), options).unwrap();
    client.accept(issue(&year()).as_bytes()).unwrap();
    assert!(client.check("editor").allowed());
    hands.store(at("2027-03-01T00:00:00Z").unix(), Ordering::Relaxed);
    assert!(!client.check("editor").allowed());
}

#[test]
fn threads_check_at_once() {
    let client = holding(&year_and_grace());
    let agree = |_| {
        thread::scope(|scope| {
            let ask = || client.check_at("editor", at("2026-06-01T00:00:00Z")).allowed();
            let asked: Vec<_> = (0..4).map(|_| scope.spawn(ask)).collect();
            asked.into_iter().all(|thread| thread.join().unwrap())
        })
    };
    assert!((0..20).all(agree));
    fn is_shared<T: Send + Sync>(_: &T) {}
    is_shared(&client);
}

#[test]
fn an_explanation_is_json_in_the_language_asked_for() {
    let client = in_memory();
    let explained = client.explain("editor", Language::Fr);
    assert!(explained.starts_with(r#"{"message":"`editor` ne peut pas être utilisé : "#));
    assert!(explained.contains(r#""code":"LICENSE_HELD","passed":false"#));
}
