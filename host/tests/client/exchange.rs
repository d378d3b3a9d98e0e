//! What a client asks for and what it accepts.

use mlicense_core::{
    decision::ReasonCode,
    document::{
        Answer, DocumentType, License, Nonce, Request, RequestKind, RevocationClaims,
        RevocationList, SignedRefusal, TimeClaims, TimeToken,
    },
    error::ErrorKind,
    signing::{KeyRing, KeyRingClaims, RingKey, Signer},
};
use mlicense_host::{Client, LICENSES_MAX, Options, RequestDetails};

use crate::support::*;

const NOON: &str = "2026-03-01T12:00:00Z";

fn refused(client: &mut Client, document: &str, now: &str) -> ErrorKind {
    let before = format!("{client:?}");
    let fault = client.accept_at(document.as_bytes(), at(now)).unwrap_err();
    assert_eq!(format!("{client:?}"), before, "a refused document changed something");
    fault.kind()
}

#[test]
fn an_answer_brings_a_licence_for_this_host_and_installation() {
    let mut client = in_memory();
    let request = ask(&mut client, RequestKind::Trial, NOON);
    let answer = write(&answer(&request, year()));
    let accepted = client.accept_at(answer.as_bytes(), at(NOON)).unwrap();
    assert_eq!((accepted.document, accepted.changed), (DocumentType::Answer, true));
    assert!(client.check_at("editor", at(NOON)).allowed());
    assert_eq!(client.licenses().count(), 1);
}

#[test]
fn the_same_document_again_changes_nothing() {
    let mut client = in_memory();
    let request = ask(&mut client, RequestKind::Trial, NOON);
    for document in [write(&answer(&request, year())), issue(&numbered("L-9", NOON))] {
        assert!(client.accept_at(document.as_bytes(), at(NOON)).unwrap().changed);
        let again = client.accept_at(format!("{document}\r\n").as_bytes(), at(NOON)).unwrap();
        assert!(!again.changed);
    }
    assert_eq!(client.licenses().count(), 2);
}

#[test]
fn s_mk_73_an_answer_to_another_installation_is_refused() {
    let (mut one, mut other) = (in_memory(), in_memory());
    let request = ask(&mut one, RequestKind::Trial, NOON);
    ask(&mut other, RequestKind::Trial, NOON);
    let answered = answer(&request, year());
    assert_eq!(refused(&mut other, &write(&answered), NOON), ErrorKind::OtherInstallation);
    let license = answered.license.unwrap();
    assert_eq!(refused(&mut other, &license, NOON), ErrorKind::OtherInstallation);
}

#[test]
fn s_mk_73_an_answer_with_another_nonce_is_refused() {
    let mut client = in_memory();
    let request = ask(&mut client, RequestKind::Trial, NOON);
    let mut answered = answer(&request, year());
    answered.nonce = Nonce::from_entropy([5; 16]);
    assert_eq!(refused(&mut client, &write(&answered), NOON), ErrorKind::OtherRequest);
    let mut claims = year();
    claims.nonce = Some(answered.nonce);
    assert_eq!(refused(&mut client, &issue(&claims), NOON), ErrorKind::OtherRequest);
    claims.nonce = Some(request.fields().nonce);
    assert!(client.accept_at(issue(&claims).as_bytes(), at(NOON)).is_ok());
}

#[test]
fn s_mk_73_an_answer_signed_with_another_key_is_refused() {
    let mut client = in_memory();
    let request = ask(&mut client, RequestKind::Trial, NOON);
    let stranger = Signer::from_seed([66; 32]);
    let mut claims = answer(&request, year());
    claims.license = None;
    let forged = Answer::write(&claims, &stranger).unwrap();
    assert_eq!(refused(&mut client, &forged, NOON), ErrorKind::KeyNotTrusted);
}

#[test]
fn s_mk_74_two_requests_wait_for_their_own_answers() {
    let mut client = in_memory();
    let exported = ask(&mut client, RequestKind::Trial, NOON);
    let online = ask(&mut client, RequestKind::Refresh, NOON);
    for request in [online, exported] {
        let answer = write(&answer(&request, year()));
        client.accept_at(answer.as_bytes(), at(NOON)).unwrap();
    }
}

#[test]
fn a_licence_of_another_product_is_refused() {
    let mut client = in_memory();
    let mut claims = year();
    claims.product = "viewer".parse().unwrap();
    assert_eq!(refused(&mut client, &issue(&claims), NOON), ErrorKind::OtherProduct);
}

#[test]
fn a_licence_and_a_key_ring_of_an_attacker_are_refused_together() {
    let mut client = in_memory();
    let (attacker, own) = (Signer::from_seed([66; 32]), Signer::from_seed([67; 32]));
    let ring = KeyRingClaims::new(9, at(NOON), vec![RingKey::new(own.public_key(), at(NOON))]);
    let ring = KeyRing::issue(&ring, &attacker).unwrap();
    let license = License::issue(&year(), &own).unwrap();
    assert_eq!(refused(&mut client, &ring, NOON), ErrorKind::KeyNotTrusted);
    assert_eq!(refused(&mut client, &license, NOON), ErrorKind::KeyNotTrusted);

    let request = ask(&mut client, RequestKind::Trial, NOON);
    let mut claims = answer(&request, year());
    (claims.key_ring, claims.license) = (Some(ring), Some(license));
    for signer in [&own, &attacker, &vendor()] {
        let document = Answer::write(&claims, signer).unwrap();
        assert_eq!(refused(&mut client, &document, NOON), ErrorKind::KeyNotTrusted);
    }
    assert!(!client.check_at("editor", at(NOON)).allowed());
}

#[test]
fn a_licence_of_another_customer_is_refused_and_counts_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let open = |customer: &str| {
        let options = Options::folder(folder.path()).facts(machine("D1", "B1"));
        let options = options.customer(customer.parse().unwrap());
        Client::open(product(), &roots(), options).unwrap()
    };
    let mut client = open("acme");
    let named = |customer: Option<&str>| {
        let mut claims = year();
        claims.customer = customer.map(|customer| customer.parse().unwrap());
        issue(&claims)
    };
    assert_eq!(refused(&mut client, &named(Some("other")), NOON), ErrorKind::OtherCustomer);
    assert_eq!(refused(&mut client, &named(None), NOON), ErrorKind::OtherCustomer);
    client.accept_at(named(Some("acme")).as_bytes(), at(NOON)).unwrap();
    assert!(client.check_at("editor", at(NOON)).allowed());

    let request = ask(&mut client, RequestKind::Refresh, NOON);
    assert_eq!(request.fields().customer.as_ref().unwrap().as_str(), "acme");
    let mut claims = year();
    claims.customer = Some("other".parse().unwrap());
    let foreign = write(&answer(&request, claims));
    assert_eq!(refused(&mut client, &foreign, NOON), ErrorKind::OtherCustomer);

    let other = open("other");
    assert!(!other.check_at("editor", at(NOON)).allowed());
    assert_eq!(other.notices()[0].kind(), ErrorKind::OtherCustomer);
}

fn ring(number: u64, key: RingKey) -> String {
    KeyRing::issue(&KeyRingClaims::new(number, at(NOON), vec![key]), &vendor()).unwrap()
}

#[test]
fn a_key_ring_lets_its_keys_sign_until_a_newer_one_revokes_them() {
    let mut client = in_memory();
    let signer = Signer::from_seed([2; 32]);
    let key = RingKey::new(signer.public_key(), at("2026-01-01T00:00:00Z"));
    let license = License::issue(&year(), &signer).unwrap();
    assert_eq!(refused(&mut client, &license, NOON), ErrorKind::KeyNotTrusted);

    let first = ring(1, key.clone());
    let accepted = client.accept_at(first.as_bytes(), at(NOON)).unwrap();
    assert_eq!((accepted.document, accepted.changed), (DocumentType::KeyRing, true));
    assert!(!client.accept_at(first.as_bytes(), at(NOON)).unwrap().changed);
    client.accept_at(license.as_bytes(), at(NOON)).unwrap();
    assert!(client.check_at("editor", at(NOON)).allowed());

    let mut revoked = key;
    revoked.revoked_at = Some(at(NOON));
    client.accept_at(ring(2, revoked).as_bytes(), at(NOON)).unwrap();
    assert!(!client.check_at("editor", at(NOON)).allowed());
    assert_eq!(client.notices()[0].kind(), ErrorKind::KeyNotValid);
    assert_eq!(refused(&mut client, &first, NOON), ErrorKind::DocumentOutdated);
}

#[test]
fn a_key_ring_inside_an_answer_is_kept_and_an_older_one_passed_over() {
    let mut client = in_memory();
    let signer = Signer::from_seed([2; 32]);
    let key = RingKey::new(signer.public_key(), at("2026-01-01T00:00:00Z"));
    let request = ask(&mut client, RequestKind::Trial, NOON);
    let mut claims = answer(&request, year());
    claims.license = Some(License::issue(&license_for(&request, year()), &signer).unwrap());
    claims.key_ring = Some(ring(7, key.clone()));
    let document = Answer::write(&claims, &signer).unwrap();
    client.accept_at(document.as_bytes(), at(NOON)).unwrap();
    assert!(client.check_at("editor", at(NOON)).allowed());

    claims.key_ring = Some(ring(6, key.clone()));
    let older = Answer::write(&claims, &signer).unwrap();
    assert!(!client.accept_at(older.as_bytes(), at(NOON)).unwrap().changed);
    assert_eq!(refused(&mut client, &ring(6, key), NOON), ErrorKind::DocumentOutdated);
}

#[test]
fn one_answer_brings_licence_key_ring_revocations_and_time_and_whole_or_not_at_all() {
    let mut client = in_memory();
    let signer = Signer::from_seed([2; 32]);
    let key = RingKey::new(signer.public_key(), at("2026-01-01T00:00:00Z"));
    let request = ask(&mut client, RequestKind::Trial, NOON);
    let mut claims = answer(&request, year());
    claims.license = Some(License::issue(&license_for(&request, year()), &signer).unwrap());
    claims.key_ring = Some(ring(7, key));
    let list = RevocationClaims::new(3, at(NOON), at("2026-03-08T12:00:00Z"));
    claims.revocations = Some(RevocationList::issue(&list, &signer).unwrap());
    let time = TimeClaims::to(&request, at("2026-03-01T12:00:30Z"));
    claims.time = Some(TimeToken::issue(&time, &signer).unwrap());
    let document = Answer::write(&claims, &signer).unwrap();

    let before = format!("{client:?}");
    for place in (0..document.len()).step_by(41) {
        let mut damaged = document.as_bytes().to_vec();
        damaged[place] ^= 1 << (place % 7);
        assert!(client.accept_at(&damaged, at(NOON)).is_err(), "byte {place}");
    }
    // One part that a stranger signed, and nothing of the rest is taken.
    let stranger = Signer::from_seed([66; 32]);
    let mut mixed = claims;
    mixed.revocations = Some(RevocationList::issue(&list, &stranger).unwrap());
    let mixed = Answer::write(&mixed, &signer).unwrap();
    assert_eq!(refused(&mut client, &mixed, NOON), ErrorKind::KeyNotTrusted);
    assert_eq!(format!("{client:?}"), before);

    assert!(client.accept_at(document.as_bytes(), at(NOON)).unwrap().changed);
    assert!(!client.accept_at(document.as_bytes(), at(NOON)).unwrap().changed);
    let decision = client.check_at("editor", at(NOON));
    assert!(decision.allowed() && decision.reason(ReasonCode::NotRevoked).unwrap().passed());
    assert_eq!(refused(&mut in_memory(), &document, NOON), ErrorKind::OtherInstallation);
}

#[test]
fn an_older_licence_of_the_same_serial_is_refused_and_a_newer_one_takes_its_place() {
    let mut client = in_memory();
    let (first, second) = (numbered("L-1", NOON), numbered("L-1", "2026-03-02T12:00:00Z"));
    client.accept_at(issue(&first).as_bytes(), first.issued_at).unwrap();
    client.accept_at(issue(&second).as_bytes(), second.issued_at).unwrap();
    assert_eq!(client.licenses().count(), 1);
    let now = "2026-03-03T00:00:00Z";
    assert_eq!(refused(&mut client, &issue(&first), now), ErrorKind::DocumentOutdated);
    let other = numbered("L-2", NOON);
    client.accept_at(issue(&other).as_bytes(), at(now)).unwrap();
    assert_eq!(client.licenses().count(), 2);
}

#[test]
fn s_mk_72_a_licence_from_the_future_is_refused() {
    let mut client = in_memory();
    let license = issue(&year());
    assert_eq!(refused(&mut client, &license, "2026-03-01T11:54:59Z"), ErrorKind::IssuedInFuture);
    client.accept_at(license.as_bytes(), at("2026-03-01T11:55:00Z")).unwrap();
}

#[test]
fn a_signed_refusal_is_an_answer_and_takes_nothing_away() {
    let mut client = in_memory();
    client.accept_at(issue(&year()).as_bytes(), at(NOON)).unwrap();
    let request = ask(&mut client, RequestKind::Trial, NOON);
    let mut claims = answer(&request, year());
    claims.license = None;
    claims.refusal = Some(SignedRefusal::from(ErrorKind::KeyUnknown));
    let accepted = client.accept_at(write(&claims).as_bytes(), at(NOON)).unwrap();
    assert_eq!(accepted.refusal.unwrap().kind(), Some(ErrorKind::KeyUnknown));
    assert!(client.check_at("editor", at(NOON)).allowed());
}

#[test]
fn what_is_no_document_of_a_vendor_is_refused() {
    let mut client = in_memory();
    assert_eq!(refused(&mut client, "hello", NOON), ErrorKind::DocumentMalformed);
    assert_eq!(refused(&mut client, "", NOON), ErrorKind::DocumentMalformed);
    let long = "a".repeat(64 * 1024 + 1);
    assert_eq!(refused(&mut client, &long, NOON), ErrorKind::InputTooLarge);
    let own = client.request_at(RequestKind::Trial, RequestDetails::default(), at(NOON)).unwrap();
    let fault = client.accept_at(own.as_bytes(), at(NOON)).unwrap_err();
    assert_eq!(
        fault.to_string(),
        "this is a request, a licence, answer, key ring, revocation list or time token is wanted"
    );
}

#[test]
fn every_flipped_bit_of_a_licence_is_refused() {
    let mut client = in_memory();
    let license = issue(&year()).into_bytes();
    for (place, bit) in (0..license.len()).map(|place| (place, place % 8)) {
        let mut flipped = license.clone();
        flipped[place] ^= 1 << bit;
        assert!(client.accept_at(&flipped, at(NOON)).is_err(), "byte {place}");
    }
}

#[test]
fn sixteen_licences_are_held_and_an_ended_one_makes_room() {
    let mut client = in_memory();
    let serial = |n: usize| numbered(&format!("L-{n}"), NOON);
    for n in 0..LICENSES_MAX {
        client.accept_at(issue(&serial(n)).as_bytes(), at(NOON)).unwrap();
    }
    let more = issue(&serial(LICENSES_MAX));
    assert_eq!(refused(&mut client, &more, NOON), ErrorKind::QuantityOutOfRange);
    let after_the_year = at("2027-03-01T00:00:00Z");
    client.accept_at(more.as_bytes(), after_the_year).unwrap();
    assert_eq!(client.licenses().count(), LICENSES_MAX);
}

#[test]
fn a_request_tells_digests_of_the_host_and_no_value() {
    let mut client = in_memory();
    let text = client.request_at(RequestKind::Trial, RequestDetails::default(), at(NOON)).unwrap();
    let request = Request::verify(text.as_bytes()).unwrap();
    assert_eq!(request.installation(), client.installation());
    let host = request.fields().host.as_ref().unwrap();
    assert_eq!((host.class.as_str(), host.facts.len()), ("bare_metal", 4));
    assert!(host.facts.iter().all(|fact| fact.digest.len() == 22));
}

#[test]
fn a_coupon_request_without_its_code_is_refused_and_forgotten() {
    let mut client = in_memory();
    let before = format!("{client:?}");
    let fault =
        client.request_at(RequestKind::Coupon, RequestDetails::default(), at(NOON)).unwrap_err();
    assert_eq!(fault.kind(), ErrorKind::ClaimsContradictory);
    assert_eq!(format!("{client:?}"), before);
}

#[test]
fn a_container_is_bound_by_its_declared_id() {
    use mlicense_core::host_binding::{HostClass, HostFacts};
    let container = |id| {
        let facts = HostFacts::new(HostClass::Container, []);
        let options = Options::stateless().facts(facts).declared_id(id);
        Client::open(product(), &roots(), options).unwrap()
    };
    let mut first = container("pbx-1");
    let request = ask(&mut first, RequestKind::Trial, NOON);
    let mut bound = license_for(&request, year());
    bound.installation = None;
    let allowed = |mut client: Client| {
        client.accept_at(issue(&bound).as_bytes(), at(NOON)).unwrap();
        client.check_at("editor", at(NOON)).allowed()
    };
    assert!(allowed(first) && allowed(container("PBX-1 ")));
    assert!(!allowed(container("pbx-2")));
}

#[test]
fn a_client_needs_a_root_key_and_an_id_that_says_something() {
    let open = |roots: &[_], options| Client::open(product(), roots, options).unwrap_err().kind();
    assert_eq!(open(&[], Options::stateless()), ErrorKind::FieldInvalid);
    let placeholder = Options::stateless().declared_id("None");
    assert_eq!(open(&roots(), placeholder), ErrorKind::FieldInvalid);
}

#[test]
fn the_newest_answer_says_all_that_there_is_however_often_it_comes() {
    let mut client = in_memory();
    client.accept_at(issue(&year()).as_bytes(), at(NOON)).unwrap();
    for number in 0..40 {
        let request = ask(&mut client, RequestKind::Refresh, NOON);
        let mut claims = numbered(&format!("c1-{number}"), NOON);
        claims.nonce = Some(request.fields().nonce);
        let answer = write(&answer(&request, claims));
        client.accept_at(answer.as_bytes(), at(NOON)).unwrap();
        let held: Vec<_> = client.licenses().map(|held| held.claims().serial.clone()).collect();
        assert_eq!(held, [None, Some(format!("c1-{number}"))], "beside the one nobody asked for");
    }
}
