//! The life of the vendor's keys, rehearsed from ten years back to ten years ahead.
#![expect(clippy::arithmetic_side_effects, reason = "years are counted")]

use mlicense_core::{
    document::{License, LicenseClaims, RequestKind},
    error::ErrorKind,
    signing::{KeyRing, KeyRingClaims, RingKey, Signer},
    time::Instant,
};
use mlicense_host::{Client, Options};

use crate::support::*;

const FIRST_YEAR: u16 = 2016;
const LAST_YEAR: u16 = 2036;

fn new_year(year: u16) -> Instant {
    at(&format!("{year}-01-01T00:00:00Z"))
}

/// The signer that takes office on the first day of a year.
fn signer(year: u16) -> Signer {
    let mut seed = [2; 32];
    seed[..2].copy_from_slice(&year.to_be_bytes());
    Signer::from_seed(seed)
}

/// A key signs for thirteen months: it overlaps with the next by one.
fn key(year: u16) -> RingKey {
    let mut key = RingKey::new(signer(year).public_key(), new_year(year));
    key.valid_until = Some(at(&format!("{}-02-01T00:00:00Z", year + 1)));
    key
}

/// The ring that a year begins with: every key so far.
fn ring(year: u16, change: impl Fn(u16, &mut RingKey)) -> String {
    let keys = (FIRST_YEAR..=year).map(|year| {
        let mut key = key(year);
        change(year, &mut key);
        key
    });
    let claims = KeyRingClaims::new(year.into(), new_year(year), keys.collect());
    KeyRing::issue(&claims, &vendor()).unwrap()
}

fn perpetual(serial: &str, issued_at: Instant) -> LicenseClaims {
    let mut claims = LicenseClaims::perpetual(product(), "Example Ltd", issued_at);
    claims.serial = Some(serial.into());
    claims
}

/// A client that took a ring and a licence in each year.
fn grown() -> Client {
    let mut client = in_memory();
    for year in FIRST_YEAR..=LAST_YEAR {
        let now = new_year(year).saturating_add(20 * 86_400);
        client.accept_at(ring(year, |_, _| {}).as_bytes(), now).unwrap();
        // In January the old key and the new one both sign.
        for by in [year.max(FIRST_YEAR + 1) - 1, year] {
            let license = License::issue(&perpetual("L-1", now), &signer(by)).unwrap();
            client.accept_at(license.as_bytes(), now).unwrap();
            assert!(client.check_at("editor", now).allowed(), "{year} by {by}");
        }
    }
    client
}

#[test]
fn twenty_years_of_rings_leave_no_gap_in_which_nothing_may_sign() {
    let client = grown();
    assert_eq!((client.licenses().count(), client.notices().len()), (1, 0));
}

#[test]
fn a_key_that_retired_vouches_for_what_it_signed_in_time_and_for_nothing_later() {
    let now = new_year(LAST_YEAR).saturating_add(60 * 86_400);
    for year in FIRST_YEAR..LAST_YEAR {
        let sign = |issued_at| {
            let claims = perpetual(&format!("L-{year}"), issued_at);
            License::issue(&claims, &signer(year)).unwrap()
        };
        let mut client = in_memory();
        client.accept_at(ring(LAST_YEAR, |_, _| {}).as_bytes(), now).unwrap();
        let end = key(year).valid_until.unwrap();
        for outside in [new_year(year).saturating_add(-1), end] {
            let fault = client.accept_at(sign(outside).as_bytes(), now).unwrap_err();
            assert_eq!(fault.kind(), ErrorKind::KeyNotValid, "{year}");
        }
        for inside in [new_year(year), end.saturating_add(-1)] {
            client.accept_at(sign(inside).as_bytes(), now).unwrap();
            assert!(client.check_at("editor", now).allowed(), "{year}");
        }
    }
}

#[test]
fn a_key_that_was_revoked_vouches_for_nothing_however_old() {
    let stolen = LAST_YEAR - 5;
    let mut client = in_memory();
    let then = new_year(stolen).saturating_add(86_400);
    client.accept_at(ring(stolen, |_, _| {}).as_bytes(), then).unwrap();
    for (serial, by) in [("L-1", stolen), ("L-2", stolen - 1)] {
        let license = License::issue(&perpetual(serial, then), &signer(by)).unwrap();
        client.accept_at(license.as_bytes(), then).unwrap();
    }
    let now = new_year(stolen + 1);
    let revoke = |year, key: &mut RingKey| {
        key.revoked_at = (year == stolen).then_some(now);
    };
    client.accept_at(ring(stolen + 1, revoke).as_bytes(), now).unwrap();
    let left: Vec<_> = client.licenses().map(|one| one.claims().serial.clone().unwrap()).collect();
    assert_eq!(left, ["L-2"]);
    assert_eq!(client.notices()[0].kind(), ErrorKind::KeyNotValid);
    let again = License::issue(&perpetual("L-3", then), &signer(stolen)).unwrap();
    let fault = client.accept_at(again.as_bytes(), now).unwrap_err();
    assert_eq!(fault.kind(), ErrorKind::KeyNotValid);
}

#[test]
fn no_ring_goes_back_and_none_of_the_same_number_says_something_else() {
    let mut client = grown();
    let now = new_year(LAST_YEAR).saturating_add(20 * 86_400);
    for year in [FIRST_YEAR, LAST_YEAR - 1] {
        let fault = client.accept_at(ring(year, |_, _| {}).as_bytes(), now).unwrap_err();
        assert_eq!(fault.kind(), ErrorKind::DocumentOutdated);
    }
    let other = ring(LAST_YEAR, |_, key| key.valid_until = None);
    let fault = client.accept_at(other.as_bytes(), now).unwrap_err();
    assert_eq!(fault.kind(), ErrorKind::DocumentOutdated);
    assert!(!client.accept_at(ring(LAST_YEAR, |_, _| {}).as_bytes(), now).unwrap().changed);
}

/// A program that waited ten years for its update meets a new root and the newest ring at once.
#[test]
fn a_licence_that_an_old_root_signed_lives_as_long_as_the_program_brings_that_root() {
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = (vendor(), Signer::from_seed([9; 32]));
    let (then, now) = (new_year(FIRST_YEAR), new_year(LAST_YEAR));
    let open = |roots: &[&Signer]| {
        let roots: Vec<_> = roots.iter().map(|root| root.public_key()).collect();
        let options = Options::folder(folder.path()).facts(machine("D1", "B1"));
        Client::open(product(), &roots, options).unwrap()
    };
    let mut first = open(&[&old]);
    first.accept_at(issue(&perpetual("L-1", then)).as_bytes(), then).unwrap();
    drop(first);

    let mut both = open(&[&old, &new]);
    assert!(both.check_at("editor", now).allowed());
    let claims = KeyRingClaims::new(100, now, vec![key(LAST_YEAR)]);
    let by_new = KeyRing::issue(&claims, &new).unwrap();
    both.accept_at(by_new.as_bytes(), now).unwrap();
    let request = ask(&mut both, RequestKind::Refresh, "2036-01-01T00:00:00Z");
    let renewed = license_for(&request, perpetual("L-1", now.saturating_add(1)));
    let renewed = License::issue(&renewed, &signer(LAST_YEAR)).unwrap();
    both.accept_at(renewed.as_bytes(), now).unwrap();
    assert!(both.check_at("editor", now).allowed());
    drop(both);

    // The host was enrolled under the salt of the first root, which stays first.
    assert!(open(&[&old, &new]).check_at("editor", now).allowed());
    assert!(!open(&[&old]).check_at("editor", now).allowed());
}
