//! Revocation lists: what they take away, and what they cannot.

#![expect(clippy::unwrap_used, reason = "a helper of a test may fail the test")]

use std::collections::BTreeMap;

use mlicense_core::{
    document::{
        DOCUMENT_BYTES_MAX, DocumentType, License, REVOCATIONS_MAX, Revocation, RevocationClaims,
        RevocationList,
    },
    error::ErrorKind,
    signing::{KeyId, KeyRing, KeyRole, RingKey, Signer, Trust},
    time::Instant,
};

use crate::support::*;

fn now() -> Instant {
    at("2026-03-01T09:30:00Z")
}

fn entry() -> Revocation {
    Revocation::new(now(), "stolen")
}

/// A list that names keys of the ring.
fn revoking(number: u64, keys: &[&Signer], signer: &Signer) -> String {
    let mut claims = revocation_claims(number);
    claims.keys = keys.iter().map(|key| (key.key_id(), entry())).collect();
    RevocationList::issue(&claims, signer).unwrap()
}

fn read(document: &str, trust: &Trust) -> RevocationList {
    RevocationList::verify(document.as_bytes(), trust).unwrap()
}

fn server() -> Signer {
    Signer::from_seed([5; 32])
}

/// Daily's key signs licences, the server's answers.
fn two_keys() -> Vec<RingKey> {
    let (mut daily, mut server) = (ring_key(&daily()), ring_key(&server()));
    (daily.role, server.role) = (Some(KeyRole::Licenses), Some(KeyRole::Answers));
    vec![daily, server]
}

#[test]
fn a_list_names_licences_installations_and_keys() {
    let mut claims = revocation_claims(1);
    claims.installations.insert(installation().key_id(), Revocation::new(now(), "scrapped"));
    claims.keys.insert(daily().key_id(), entry());
    let document = RevocationList::issue(&claims, &root()).unwrap();
    let list = read(&document, &only_roots());
    assert_eq!(list.claims(), &claims);
    assert_eq!((list.number(), list.signed_by()), (1, root().key_id()));
    assert_eq!(list.revocation_of_key(daily().key_id()), Some(&entry()));
    assert_eq!(list.revocation_of_key(installation().key_id()), None);

    let reason = |serial: Option<&str>, installation: Option<KeyId>| {
        let mut claims = license_claims("2026-03-01T09:30:00Z");
        (claims.serial, claims.installation) = (serial.map(Into::into), installation);
        let license = License::issue(&claims, &root()).unwrap();
        let license = License::verify(license.as_bytes(), &only_roots()).unwrap();
        list.revocation_of(&license).map(|entry| entry.reason.clone())
    };
    assert_eq!(reason(Some("L-7"), None).as_deref(), Some("refunded"));
    assert_eq!(reason(None, Some(installation().key_id())).as_deref(), Some("scrapped"));
    assert_eq!(reason(Some("L-8"), Some(thief().key_id())), None);
    assert_eq!(reason(None, None), None);
}

#[test]
fn a_list_is_late_from_its_next_update_on() {
    let list = read(&revocations(1, &root()), &only_roots());
    assert!(!list.is_stale(at("2026-03-08T09:29:59Z")));
    assert!(list.is_stale(at("2026-03-08T09:30:00Z")));
}

#[test]
fn a_list_never_goes_back() {
    let mut trust = only_roots();
    let list = |number, reason: &str| {
        let mut claims = revocation_claims(number);
        claims.licenses.insert("L-9".into(), Revocation::new(now(), reason));
        read(&RevocationList::issue(&claims, &root()).unwrap(), &only_roots())
    };
    trust.renew_revocations(list(5, "refunded")).unwrap();
    trust.renew_revocations(list(5, "refunded")).unwrap();
    for outdated in [list(4, "refunded"), list(5, "stolen"), list(0, "refunded")] {
        let result = trust.renew_revocations(outdated);
        assert_eq!(refusal(result), ErrorKind::DocumentOutdated);
    }
    trust.renew_revocations(list(6, "stolen")).unwrap();
    assert_eq!(trust.revocations().unwrap().number(), 6);
}

#[test]
fn what_a_newer_list_leaves_out_is_revoked_no_more() {
    let mut trust = with_ring(two_keys());
    let document = license("2026-03-01T09:30:00Z", &daily());
    let list = read(&revoking(1, &[&daily()], &server()), &trust);
    trust.renew_revocations(list).unwrap();
    let result = License::verify(document.as_bytes(), &trust);
    assert_eq!(refusal(result), ErrorKind::KeyNotValid);
    let list = read(&revoking(2, &[], &server()), &trust);
    trust.renew_revocations(list).unwrap();
    License::verify(document.as_bytes(), &trust).unwrap();
}

#[test]
fn a_key_that_a_list_names_vouches_for_nothing_even_from_before() {
    let mut trust = with_ring(vec![ring_key(&daily()), ring_key(&server())]);
    let list = read(&revoking(1, &[&daily()], &server()), &trust);
    trust.renew_revocations(list).unwrap();
    for (document_type, document) in one_of_each(&daily()) {
        let result = verify_as(document_type, document.as_bytes(), &trust);
        match document_type {
            DocumentType::Request => result.unwrap(),
            DocumentType::KeyRing => {
                assert_eq!(refusal(result), ErrorKind::KeyNotTrusted);
            }
            _ => assert_eq!(refusal(result), ErrorKind::KeyNotValid, "{document_type:?}"),
        }
    }
    License::verify(license("2026-03-01T09:30:00Z", &server()).as_bytes(), &trust).unwrap();
}

#[test]
fn a_root_key_that_a_list_names_stays_trusted() {
    let mut trust = with_ring(two_keys());
    let list = read(&revoking(1, &[&root()], &server()), &trust);
    trust.renew_revocations(list).unwrap();
    License::verify(license("2026-03-01T09:30:00Z", &root()).as_bytes(), &trust).unwrap();
}

#[test]
fn a_list_does_not_revoke_its_own_signer() {
    let mut claims = revocation_claims(1);
    claims.keys.insert(server().key_id(), entry());
    let result = RevocationList::issue(&claims, &server());
    assert_eq!(refusal(result), ErrorKind::ClaimsContradictory);
    let payload = serde_json::to_string(&claims).unwrap();
    let forged = signed(DocumentType::Revocations, &payload, &server());
    let result = RevocationList::verify(forged.as_bytes(), &with_ring(two_keys()));
    assert_eq!(refusal(result), ErrorKind::ClaimsContradictory);
}

#[test]
fn a_revoked_key_cannot_take_its_revocation_back() {
    let mut trust = with_ring(vec![ring_key(&daily()), ring_key(&server())]);
    let list = read(&revoking(1, &[&daily()], &server()), &trust);
    trust.renew_revocations(list).unwrap();
    let result = RevocationList::verify(revoking(2, &[&server()], &daily()).as_bytes(), &trust);
    assert_eq!(refusal(result), ErrorKind::KeyNotValid);
    // Not even with a list that was read while the key was good.
    let before = with_ring(vec![ring_key(&daily()), ring_key(&server())]);
    let list = read(&revoking(2, &[&server()], &daily()), &before);
    assert_eq!(refusal(trust.renew_revocations(list)), ErrorKind::KeyNotValid);
}

#[test]
fn a_list_of_a_stranger_is_not_taken() {
    let forged = revocations(1, &thief());
    let result = RevocationList::verify(forged.as_bytes(), &only_roots());
    assert_eq!(refusal(result), ErrorKind::KeyNotTrusted);
    // Even one that was read under the thief's own root cannot be brought in.
    let of_thief = Trust::new(&[thief().public_key()], None).unwrap();
    let list = read(&forged, &of_thief);
    assert_eq!(refusal(only_roots().renew_revocations(list)), ErrorKind::KeyNotTrusted);
}

#[test]
fn a_ring_that_revokes_a_stolen_key_undoes_what_the_thief_revoked() {
    let mut trust = with_ring(two_keys());
    let list = read(&revoking(u64::MAX, &[&daily()], &server()), &trust);
    trust.renew_revocations(list).unwrap();
    let document = license("2026-03-01T09:30:00Z", &daily());
    assert!(License::verify(document.as_bytes(), &trust).is_err());

    let next = |number, keys| {
        let ring = ring(number, keys, &root());
        KeyRing::verify(ring.as_bytes(), &[root().public_key()]).unwrap()
    };
    trust.renew(next(2, two_keys())).unwrap();
    assert!(trust.revocations().is_some(), "a ring that keeps the signer keeps its list");
    let mut keys = two_keys();
    keys[1].revoked_at = Some(now());
    trust.renew(next(3, keys)).unwrap();
    assert!(trust.revocations().is_none());
    License::verify(document.as_bytes(), &trust).unwrap();
    trust.renew_revocations(read(&revocations(1, &root()), &trust)).unwrap();
}

#[test]
fn lists_that_contradict_themselves_are_refused() {
    let issue = |claims: &RevocationClaims| RevocationList::issue(claims, &root());
    let good = revocation_claims(1);
    issue(&good).unwrap();
    let mut due = good.clone();
    due.next_update = good.issued_at;
    assert_eq!(refusal(issue(&due)), ErrorKind::ClaimsContradictory);
    let later = Revocation::new(now().saturating_add(1), "refunded");
    for fill in [
        (|claims: &mut RevocationClaims, entry| claims.licenses.insert("L-1".into(), entry))
            as fn(&mut RevocationClaims, Revocation) -> Option<Revocation>,
        |claims, entry| claims.keys.insert(daily().key_id(), entry),
        |claims, entry| claims.installations.insert(daily().key_id(), entry),
    ] {
        let mut claims = good.clone();
        fill(&mut claims, later.clone());
        assert_eq!(refusal(issue(&claims)), ErrorKind::ClaimsContradictory);
        for (length, taken) in [(0, false), (1, true), (64, true), (65, false)] {
            fill(&mut claims, Revocation::new(now(), &"r".repeat(length)));
            assert_eq!(issue(&claims).is_ok(), taken, "{length}");
        }
    }
    for serial in ["", "a\nb", &"9".repeat(65)] {
        let mut claims = good.clone();
        claims.licenses.insert(serial.into(), entry());
        assert_eq!(refusal(issue(&claims)), ErrorKind::FieldInvalid);
    }
}

#[test]
fn a_thousand_licences_are_revoked_and_one_more_refused() {
    let with = |count: usize| {
        let entries = (0..count).map(|n| (n.to_string(), Revocation::new(now(), "r")));
        let mut claims = revocation_claims(1);
        claims.licenses = entries.collect();
        claims
    };
    let document = RevocationList::issue(&with(REVOCATIONS_MAX), &root()).unwrap();
    assert!(document.len() < DOCUMENT_BYTES_MAX);
    assert_eq!(read(&document, &only_roots()).claims().licenses.len(), REVOCATIONS_MAX);
    let result = RevocationList::issue(&with(REVOCATIONS_MAX + 1), &root());
    assert_eq!(refusal(result), ErrorKind::ClaimsContradictory);
    // Long serials and keys reach the limit of the document earlier.
    let key = |n: usize| {
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&n.to_le_bytes());
        Signer::from_seed(seed).key_id()
    };
    let keys: BTreeMap<_, _> = (0..600).map(|n| (key(n), entry())).collect();
    let mut claims = revocation_claims(1);
    claims.keys = keys;
    assert_eq!(refusal(RevocationList::issue(&claims, &root())), ErrorKind::InputTooLarge);
}

#[test]
fn claims_of_a_list_are_read_and_nothing_in_them_is_ignored() {
    let mut claims = revocation_claims(1);
    claims.keys.insert(daily().key_id(), entry());
    let json = serde_json::to_string(&claims).unwrap();
    assert_eq!(RevocationClaims::from_json(json.as_bytes()).unwrap(), claims);
    for (old, new) in
        [("\"keys\"", "\"kyes\""), ("\"reason\"", "\"why\":1,\"reason\""), ("{", "{\"number\":1,")]
    {
        let result = RevocationClaims::from_json(json.replacen(old, new, 1).as_bytes());
        assert_eq!(refusal(result), ErrorKind::JsonInvalid, "{new}");
    }
}

#[test]
fn members_of_a_list_bear_the_names_of_the_format() {
    let mut claims = revocation_claims(7);
    claims.installations.insert(installation().key_id(), Revocation::new(now(), "scrapped"));
    let expected = concat!(
        r#"{"number":7,"iat":1772357400,"next_update":1772962200,"#,
        r#""licenses":{"L-7":{"at":1772357400,"reason":"refunded"}},"#,
        r#""installations":{"nRIE2VmKdMjL1JD7tbV7fXVgXxmv0GKnMFWRUJMTf9Q":"#,
        r#"{"at":1772357400,"reason":"scrapped"}}}"#,
    );
    assert_eq!(serde_json::to_string(&claims).unwrap(), expected);
}

#[test]
fn an_unsigned_or_missing_list_revokes_nothing() {
    let trust = only_roots();
    assert!(trust.revocations().is_none());
    let mut claims = license_claims("2026-03-01T09:30:00Z");
    claims.serial = Some("L-7".into());
    let license = License::issue(&claims, &root()).unwrap();
    License::verify(license.as_bytes(), &trust).unwrap();
}
