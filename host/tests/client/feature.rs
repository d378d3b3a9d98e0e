//! Features that are asked about often.

use std::thread;

use mlicense_core::{
    decision::Outcome,
    document::{Feature as Licensed, LicenseClaims},
    error::ErrorKind,
};
use mlicense_host::{Client, Options};

use crate::support::*;

const NOON: &str = "2026-03-01T12:00:00Z";

fn with_export(claims: LicenseClaims) -> LicenseClaims {
    let mut claims = claims;
    claims.features.insert("export".parse().unwrap(), Licensed::uncounted());
    claims
}

fn holding(claims: &LicenseClaims, hands: &Hands) -> Client {
    let mut client = by_clock(Options::stateless(), hands);
    client.accept(issue(claims).as_bytes()).unwrap();
    client
}

#[test]
fn a_feature_answers_as_the_client_does_at_every_turn_of_the_clock() {
    let hands = Hands::at(NOON);
    let client = holding(&with_export(year_and_grace()), &hands);
    let features = ["editor", "export", "import", ""].map(|name| client.feature(name));
    for now in [
        NOON,
        "2026-03-01T12:00:01Z",
        "2027-02-28T23:59:59Z",
        "2027-03-01T00:00:00Z",
        "2027-03-30T23:59:59Z",
        "2027-03-31T00:00:00Z",
        "2026-03-01T10:59:59Z",
        "1970-01-01T00:00:00Z",
    ] {
        hands.set(now);
        for _ in 0..3 {
            hands.pass(0);
            for feature in &features {
                let decision = client.check(feature.name());
                assert_eq!(feature.outcome(), decision.outcome(), "{} {now}", feature.name());
                assert_eq!(client.outcome(feature.name()), decision.outcome());
                assert_eq!(feature.check(), decision);
                assert_eq!(feature.allowed(), decision.allowed());
            }
        }
    }
}

#[test]
fn a_feature_follows_what_the_client_accepts_within_the_same_second() {
    let hands = Hands::at(NOON);
    let mut client = by_clock(Options::stateless(), &hands);
    let feature = client.feature("export");
    assert_eq!(feature.outcome(), Outcome::Denied);
    assert_eq!(feature.require().unwrap_err().kind(), ErrorKind::NotLicensed);
    client.accept(issue(&with_export(year())).as_bytes()).unwrap();
    assert_eq!(feature.outcome(), Outcome::Licensed);
    feature.require().unwrap();
}

#[test]
fn a_feature_outlives_its_client_and_still_ends() {
    let hands = Hands::at(NOON);
    let feature = holding(&with_export(year()), &hands).feature("export");
    assert!(feature.allowed());
    hands.set("2027-02-28T23:59:59Z");
    assert!(feature.allowed());
    hands.pass(1);
    assert!(!feature.allowed());
}

#[test]
fn threads_share_a_feature() {
    let hands = Hands::at(NOON);
    let client = holding(&with_export(year()), &hands);
    let feature = client.feature("export");
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..1000 {
                    hands.pass(1);
                    assert!(feature.allowed() && client.outcome("export").allows());
                }
            });
        }
    });
}

#[test]
fn the_clocks_of_the_system_are_read_without_a_lock_and_agree() {
    let mut client = Client::open(product(), &roots(), Options::stateless()).unwrap();
    let now = client.present().now;
    let claims = LicenseClaims::perpetual(product(), "Example Ltd", now);
    client.accept(issue(&claims).as_bytes()).unwrap();
    let feature = client.feature("editor");
    for _ in 0..100_000 {
        assert!(feature.allowed());
    }
    let later = client.present().now;
    assert!((0..60).contains(&later.seconds_since(now)), "{now} {later}");
}
