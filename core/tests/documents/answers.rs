//! What an answer carries.

use mlicense_core::{
    document::{
        Answer, AnswerClaims, License, LicenseClaims, Nonce, Request, Revocation, RevocationList,
        TimeClaims, TimeToken,
    },
    error::ErrorKind,
    signing::{KeyRing, Signer, Trust},
};

use crate::support::*;

#[test]
fn an_answer_to_a_request_repeats_what_binds_it() {
    let request = Request::verify(request(&installation()).as_bytes()).unwrap();
    let claims = AnswerClaims::to(&request, at("2026-03-01T09:30:00Z"));
    assert_eq!(claims, answer_claims());
}

#[test]
fn an_answer_brings_its_ring_and_licence_and_is_for_one_installation() {
    let mut claims = license_claims("2026-03-01T09:30:00Z");
    claims.installation = Some(installation().key_id());
    let answer = |claims: &LicenseClaims| {
        let mut answer = answer_claims();
        answer.license = Some(License::issue(claims, &daily()).unwrap());
        answer.key_ring = Some(ring(1, vec![ring_key(&daily())], &root()));
        Answer::write(&answer, &daily()).unwrap()
    };
    let read = Answer::verify(answer(&claims).as_bytes(), &only_roots()).unwrap();
    assert_eq!(read.license().unwrap().claims(), &claims);
    assert_eq!(read.trust().key_ring().unwrap().number(), 1);
    read.require_installation(installation().key_id()).unwrap();
    read.require_product(&product()).unwrap();
    assert_eq!(refusal(read.require_installation(thief().key_id())), ErrorKind::OtherInstallation);
    assert_eq!(refusal(read.require_product(&"viewer".parse().unwrap())), ErrorKind::OtherProduct);

    claims.installation = Some(thief().key_id());
    let result = Answer::verify(answer(&claims).as_bytes(), &only_roots());
    assert_eq!(refusal(result), ErrorKind::OtherInstallation);
    claims.installation = None;
    claims.product = "viewer".parse().unwrap();
    let result = Answer::verify(answer(&claims).as_bytes(), &only_roots());
    assert_eq!(refusal(result), ErrorKind::OtherProduct);
}

#[test]
fn an_older_ring_in_an_answer_is_passed_over() {
    let roots = [root().public_key()];
    let newer = ring(7, vec![ring_key(&daily())], &root());
    let newer = KeyRing::verify(newer.as_bytes(), &roots).unwrap();
    let trust = Trust::new(&roots, Some(newer)).unwrap();
    let with_older = |signer: &Signer| {
        let mut claims = answer_claims();
        claims.key_ring = Some(ring(6, vec![ring_key(&daily()), ring_key(&thief())], &root()));
        Answer::write(&claims, signer).unwrap()
    };
    let answer = Answer::verify(with_older(&daily()).as_bytes(), &trust).unwrap();
    assert_eq!(answer.trust().key_ring().unwrap().number(), 7);
    // A key that the newer ring dropped does not come back by it.
    let result = Answer::verify(with_older(&thief()).as_bytes(), &trust);
    assert_eq!(refusal(result), ErrorKind::KeyNotTrusted);
}

#[test]
fn an_answer_with_licence_and_refusal_is_refused() {
    let mut claims = answer_claims();
    claims.license = Some(license("2026-03-01T09:30:00Z", &root()));
    claims.refusal = Some(ErrorKind::KeyUnknown.into());
    assert_eq!(refusal(Answer::write(&claims, &root())), ErrorKind::ClaimsContradictory);
}

#[test]
fn a_refusal_travels_with_its_number() {
    let mut claims = answer_claims();
    claims.refusal = Some(ErrorKind::KeyUnknown.into());
    let document = Answer::write(&claims, &root()).unwrap();
    let answer = Answer::verify(document.as_bytes(), &only_roots()).unwrap();
    let signed_refusal = answer.claims().refusal.as_ref().unwrap();
    assert_eq!(signed_refusal.kind(), Some(ErrorKind::KeyUnknown));
    assert_eq!(signed_refusal.name, "KEY_UNKNOWN");
}

#[test]
fn an_answer_brings_a_revocation_list_and_the_time() {
    let mut claims = answer_claims();
    claims.revocations = Some(revocations(3, &root()));
    claims.time = Some(time_token(&root()));
    let answer = Answer::write(&claims, &root()).unwrap();
    let answer = Answer::verify(answer.as_bytes(), &only_roots()).unwrap();
    assert_eq!(answer.trust().revocations().unwrap().number(), 3);
    assert_eq!(answer.time().unwrap().instant(), at("2026-03-01T09:30:00Z"));
    // An older list is passed over.
    claims.revocations = Some(revocations(2, &root()));
    let older = Answer::write(&claims, &root()).unwrap();
    let older = Answer::verify(older.as_bytes(), answer.trust()).unwrap();
    assert_eq!(older.trust().revocations().unwrap().number(), 3);
}

#[test]
fn the_list_in_an_answer_holds_for_the_licence_beside_it() {
    let mut list = revocation_claims(1);
    let now = at("2026-03-01T09:30:00Z");
    list.keys.insert(daily().key_id(), Revocation::new(now, "stolen"));
    let mut claims = answer_claims();
    claims.key_ring = Some(ring(1, vec![ring_key(&daily())], &root()));
    claims.license = Some(license("2026-03-01T09:30:00Z", &daily()));
    let verify = |claims: &AnswerClaims| {
        let document = Answer::write(claims, &root()).unwrap();
        Answer::verify(document.as_bytes(), &only_roots())
    };
    verify(&claims).unwrap();
    claims.revocations = Some(RevocationList::issue(&list, &root()).unwrap());
    assert_eq!(refusal(verify(&claims)), ErrorKind::KeyNotValid);
}

#[test]
fn a_list_or_time_token_of_a_stranger_spoils_the_answer() {
    let verify = |list: Option<String>, time: Option<String>| {
        let mut claims = answer_claims();
        (claims.revocations, claims.time) = (list, time);
        let document = Answer::write(&claims, &root()).unwrap();
        refusal(Answer::verify(document.as_bytes(), &only_roots()))
    };
    assert_eq!(verify(Some(revocations(1, &thief())), None), ErrorKind::KeyNotTrusted);
    assert_eq!(verify(None, Some(time_token(&thief()))), ErrorKind::KeyNotTrusted);
    // The members are not mixed up: each must hold a document of its own type.
    assert_eq!(verify(None, Some(revocations(1, &root()))), ErrorKind::DocumentWrongType);
    assert_eq!(verify(Some(time_token(&root())), None), ErrorKind::DocumentWrongType);
}

#[test]
fn the_time_of_another_request_or_installation_spoils_the_answer() {
    let now = at("2026-03-01T09:30:00Z");
    let (own, other) = (installation().key_id(), thief().key_id());
    for (time, kind) in [
        (TimeClaims::new(Nonce::from_entropy([8; 16]), own, now), ErrorKind::OtherRequest),
        (TimeClaims::new(nonce(), other, now), ErrorKind::OtherInstallation),
    ] {
        let mut claims = answer_claims();
        claims.time = Some(TimeToken::issue(&time, &root()).unwrap());
        let answer = Answer::write(&claims, &root()).unwrap();
        assert_eq!(refusal(Answer::verify(answer.as_bytes(), &only_roots())), kind);
    }
}
