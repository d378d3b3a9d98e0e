//! Seats within one program.

use std::{sync::Barrier, thread};

use mlicense_core::{
    document::{Feature as Licensed, LicenseClaims, SeatTerms},
    error::ErrorKind,
    id::FeatureId,
    seat::{Available, Quota as _, Terms},
};
use mlicense_host::{Client, Options, Seat};

use crate::support::*;

const NOON: &str = "2026-03-01T12:00:00Z";

/// The year with so many seats of `export`, one of `print`, and `view` without a limit.
fn licensed(export: u32, issued_at: &str) -> LicenseClaims {
    let mut claims = numbered("L-1", issued_at);
    let counted = [("export", Licensed::counted(export)), ("print", Licensed::counted(1))];
    let features = counted.into_iter().chain([("view", Licensed::uncounted())]);
    claims.features = features.map(|(name, feature)| (name.parse().unwrap(), feature)).collect();
    claims
}

fn holding(export: u32, hands: &Hands) -> Client {
    let mut client = by_clock(Options::stateless(), hands);
    client.accept(issue(&licensed(export, NOON)).as_bytes()).unwrap();
    client
}

fn captured(client: &Client, feature: &str) -> u32 {
    let usage = client.usage().into_iter();
    usage.filter(|usage| usage.feature.as_str() == feature).map(|usage| usage.captured).sum()
}

fn names(features: &[FeatureId]) -> Vec<&str> {
    features.iter().map(FeatureId::as_str).collect()
}

#[test]
fn s_mk_52_s_mk_53_a_client_lists_its_features_and_what_is_captured() {
    let client = holding(5, &Hands::at(NOON));
    let _seats = [client.capture("export").unwrap(), client.capture("export").unwrap()];
    let expected = serde_json::json!([
        {"feature": "editor", "captured": 0},
        {"feature": "export", "limit": 5, "captured": 2},
        {"feature": "print", "limit": 1, "captured": 0},
        {"feature": "view", "captured": 0},
    ]);
    assert_eq!(serde_json::to_value(client.usage()).unwrap(), expected);
}

#[test]
fn seats_of_two_licences_add_up_and_a_newer_edition_of_one_takes_its_place() {
    let mut client = holding(2, &Hands::at(NOON));
    let mut more = licensed(3, NOON);
    more.serial = Some("L-2".into());
    client.accept(issue(&more).as_bytes()).unwrap();
    assert_eq!(client.check("export").quantity(), Some(5));
    let seats: Vec<Seat> = (0..5).map(|_| client.capture("export").unwrap()).collect();
    assert_eq!(client.capture("export").unwrap_err().kind(), ErrorKind::NoFreeLicense);

    client.accept(issue(&licensed(1, "2026-03-01T12:00:01Z")).as_bytes()).unwrap();
    assert_eq!(client.check("export").quantity(), Some(4));
    assert_eq!(seats.iter().filter(|seat| seat.is_held()).count(), 4);
}

#[test]
fn s_mk_58_the_quota_of_a_client_says_the_terms_of_its_licences() {
    let mut client = holding(2, &Hands::at(NOON));
    let quota = client.quota();
    let lease = || quota.limits().terms(Terms::default()).lease_seconds();
    assert_eq!(lease(), Some(300));
    let mut claims = licensed(2, "2026-03-01T12:00:01Z");
    let mut terms = SeatTerms::default();
    (terms.lease_seconds, terms.release_strict) = (Some(900), Some(true));
    claims.seats = Some(terms);
    client.accept(issue(&claims).as_bytes()).unwrap();
    assert_eq!(lease(), Some(900));
    assert!(quota.limits().terms(Terms::default()).is_strict());
}

#[test]
fn s_mk_54_one_user_takes_one_seat_of_a_feature_however_often_it_captures() {
    let client = holding(2, &Hands::at(NOON));
    let seat = client.capture("export").unwrap();
    let kept = seat.capture_too("export").unwrap();
    assert_eq!((names(&kept.captured), captured(&client, "export")), (vec!["export"], 1));
    let kept = seat.capture_too("print").unwrap();
    assert_eq!(names(&kept.captured), ["export", "print"]);
    assert_eq!((captured(&client, "export"), captured(&client, "print")), (1, 1));
    seat.release();
    assert_eq!((captured(&client, "export"), captured(&client, "print")), (0, 0));
}

#[test]
fn s_mk_55_no_more_are_captured_than_licensed_by_any_number_of_threads() {
    let client = holding(3, &Hands::at(NOON));
    let barrier = Barrier::new(8);
    let capture = || {
        barrier.wait();
        client.capture("export")
    };
    let results: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(capture)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let (seats, refused): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
    assert_eq!((seats.len(), captured(&client, "export")), (3, 3));
    assert!(refused.iter().all(|one| one.as_ref().unwrap_err().kind() == ErrorKind::NoFreeLicense));
    drop(seats);
    assert_eq!(captured(&client, "export"), 0);
}

#[test]
fn a_feature_that_may_not_run_is_refused_with_the_reason_of_the_decision() {
    let hands = Hands::at(NOON);
    let client = holding(3, &hands);
    for name in ["import", "", "no id at all", &"x".repeat(65)] {
        let error = client.capture(name).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotLicensed, "{error}");
        assert_eq!(client.available(name), Available::NotLicensed);
    }
    hands.set("2027-03-01T00:00:00Z");
    let error = client.capture("export").unwrap_err();
    let reason = client.check("export").require().unwrap_err();
    assert_eq!(error.to_string(), reason.to_string());
    assert_eq!(client.usage(), []);
}

#[test]
fn a_seat_is_held_for_as_long_as_its_feature_may_run_and_outlives_its_client() {
    let hands = Hands::at(NOON);
    let client = holding(1, &hands);
    let seat = client.capture("export").unwrap();
    assert_eq!(client.capture("export").unwrap_err().kind(), ErrorKind::NoFreeLicense);
    hands.set("2027-02-28T23:59:59Z");
    drop(client);
    assert!(seat.is_held());
    hands.set("2027-03-01T00:00:00Z");
    assert!(!seat.is_held());
    assert_eq!(names(&seat.keep_alive().unwrap().dropped), ["export"]);
}

#[test]
fn s_mk_59_s_mk_60_a_lowered_limit_frees_the_latest_seats_which_learn_of_it() {
    let mut client = holding(3, &Hands::at(NOON));
    let seats: Vec<Seat> = (0..3).map(|_| client.capture("export").unwrap()).collect();
    let lower = licensed(1, "2026-03-01T12:01:00Z");
    client.accept_at(issue(&lower).as_bytes(), at("2026-03-01T12:01:00Z")).unwrap();
    assert_eq!(captured(&client, "export"), 1);
    assert!(seats[0].is_held() && !seats[1].is_held() && !seats[2].is_held());
    let told = |seat: &Seat| seat.keep_alive().unwrap().dropped.len();
    assert_eq!((told(&seats[2]), told(&seats[1]), told(&seats[0])), (1, 1, 0));
    assert_eq!(told(&seats[1]), 0);
}

#[test]
fn s_mk_63_s_mk_64_a_feature_without_a_limit_takes_no_seat_and_may_be_served_as_it_is() {
    let client = holding(1, &Hands::at(NOON));
    let seats: Vec<Seat> = (0..100).map(|_| client.capture("view").unwrap()).collect();
    assert!(seats.iter().all(Seat::is_held));
    assert_eq!(captured(&client, "view"), 0);
    assert!(client.available("view").permits());

    assert_eq!(client.available("export"), Available::Seats(1));
    assert!(!client.available("export").permits());
    assert_eq!(captured(&client, "export"), 0);
}

#[test]
fn a_quota_follows_the_client_and_outlives_it() {
    let mut client = holding(3, &Hands::at(NOON));
    let quota = client.quota();
    assert_eq!(quota.limits().of("export"), Some(Some(3)));
    let lower = licensed(1, "2026-03-01T12:01:00Z");
    client.accept_at(issue(&lower).as_bytes(), at("2026-03-01T12:01:00Z")).unwrap();
    drop(client);
    assert_eq!(quota.limits().of("export"), Some(Some(1)));
    assert_eq!(quota.require("import").unwrap_err().kind(), ErrorKind::NotLicensed);
}

#[test]
fn what_is_let_pass_without_a_state_is_captured_without_a_limit() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let options = || Options::folder(file.join("state")).facts(machine("D1", "B1"));
    let open = |grace| Client::open(product(), &roots(), options().fault_grace(grace));
    assert!(open(0).is_err());
    let client = open(60).unwrap();
    assert!(client.check("export").allowed());
    assert!(client.capture("export").unwrap().is_held());
}
