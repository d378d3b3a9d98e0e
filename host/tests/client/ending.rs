//! What ends a licence, and what does not.

use mlicense_core::{
    decision::{Outcome, ReasonCode},
    document::{
        Answer, AnswerClaims, DocumentType, License, Request, RequestKind, Revocation,
        RevocationClaims, RevocationList, SignedRefusal, TimeClaims, TimeToken,
    },
    error::ErrorKind,
    signing::{KeyRing, KeyRingClaims, RingKey, Signer},
};
use mlicense_host::{Accepted, Client, Options};

use crate::support::*;

const NOON: &str = "2026-03-01T12:00:00Z";
const LATER: &str = "2026-06-01T12:00:00Z";

fn holding() -> Client {
    let mut client = in_memory();
    client.accept_at(issue(&year()).as_bytes(), at(NOON)).unwrap();
    client
}

fn allowed(client: &Client, now: &str) -> bool {
    client.check_at("editor", at(now)).allowed()
}

/// The vendor's no to a request, signed at `now`.
fn no(request: &Request, kind: ErrorKind, now: &str) -> String {
    let mut claims = AnswerClaims::to(request, at(now));
    claims.refusal = Some(SignedRefusal::from(kind));
    write(&claims)
}

fn accept(client: &mut Client, document: &str, now: &str) -> Accepted {
    client.accept_at(document.as_bytes(), at(now)).unwrap()
}

#[test]
fn s_mk_69_a_signed_refusal_ends_a_licence_that_is_still_fresh() {
    let mut client = holding();
    let feature = client.feature("editor");
    let request = ask(&mut client, RequestKind::Refresh, LATER);
    let refused = accept(&mut client, &no(&request, ErrorKind::NotLicensed, LATER), LATER);
    assert_eq!((refused.changed, refused.ended), (true, 1));
    assert!(!allowed(&client, LATER) && !feature.allowed());
    assert_eq!(client.licenses().count(), 0);

    let again = accept(&mut client, &no(&request, ErrorKind::NotLicensed, LATER), LATER);
    assert_eq!((again.changed, again.ended), (false, 0));
    let back = client.accept_at(issue(&year()).as_bytes(), at(LATER)).unwrap_err();
    assert_eq!(back.kind(), ErrorKind::DocumentOutdated);
}

#[test]
fn s_mk_69_a_licence_that_was_signed_after_the_refusal_stays() {
    let mut client = holding();
    let late = ask(&mut client, RequestKind::Refresh, LATER);
    let request = ask(&mut client, RequestKind::Refresh, LATER);
    let mut renewed = year();
    renewed.issued_at = at("2026-06-01T12:00:05Z");
    accept(&mut client, &write(&answer(&request, renewed)), "2026-06-01T12:00:06Z");
    // The answer to the earlier request comes last.
    let refused = no(&late, ErrorKind::NotLicensed, "2026-06-01T12:00:04Z");
    accept(&mut client, &refused, "2026-06-01T12:00:07Z");
    assert!(allowed(&client, "2026-06-01T12:00:08Z"));
    assert_eq!(client.licenses().count(), 1);
}

#[test]
fn what_is_refused_for_other_reasons_takes_nothing_away() {
    for kind in [ErrorKind::KeyUnknown, ErrorKind::KeyAlreadyRedeemed, ErrorKind::Forbidden] {
        let mut client = holding();
        let request = ask(&mut client, RequestKind::Trial, NOON);
        let refused = accept(&mut client, &no(&request, kind, NOON), NOON);
        assert_eq!((refused.refusal.unwrap().kind(), refused.ended), (Some(kind), 0));
        assert!(allowed(&client, NOON));
    }
}

#[test]
fn s_mk_70_what_is_not_signed_revokes_nothing() {
    let mut client = holding();
    let request = ask(&mut client, RequestKind::Refresh, NOON);
    let stranger = Signer::from_seed([66; 32]);
    let mut claims = AnswerClaims::to(&request, at(NOON));
    claims.refusal = Some(SignedRefusal::from(ErrorKind::NotLicensed));
    let forged = Answer::write(&claims, &stranger).unwrap();
    let bare = r#"{"refusal": {"number": 10700, "name": "NOT_LICENSED"}}"#;
    let page = "<html><head><title>403 Forbidden</title></head></html>";
    for bytes in [page, bare, "", "10700 NOT_LICENSED", &forged] {
        assert!(client.accept_at(bytes.as_bytes(), at(NOON)).is_err());
        assert!(allowed(&client, NOON), "{bytes}");
    }
}

#[test]
fn a_release_ends_the_licence_when_its_receipt_comes_and_not_before() {
    let mut client = holding();
    let request = client.deactivate_at(at(LATER)).unwrap();
    let request = Request::verify(request.as_bytes()).unwrap();
    assert_eq!(request.fields().kind, RequestKind::Release);
    assert!(allowed(&client, LATER));

    let receipt = write(&AnswerClaims::to(&request, at(LATER)));
    assert_eq!(accept(&mut client, &receipt, LATER).ended, 1);
    assert!(!allowed(&client, LATER));
    for _ in 0..2 {
        // Neither the licence nor its receipt can be used a second time.
        let back = client.accept_at(issue(&year()).as_bytes(), at(LATER)).unwrap_err();
        assert_eq!(back.kind(), ErrorKind::DocumentOutdated);
        assert!(!accept(&mut client, &receipt, LATER).changed);
    }
}

#[test]
fn after_a_release_the_same_installation_can_be_licensed_anew_in_the_same_second() {
    let mut client = holding();
    let released = client.deactivate_at(at(LATER)).unwrap();
    let released = Request::verify(released.as_bytes()).unwrap();
    let receipt = write(&AnswerClaims::to(&released, at(LATER)));
    accept(&mut client, &receipt, LATER);
    let request = ask(&mut client, RequestKind::Trial, LATER);
    let mut anew = year();
    anew.issued_at = at(LATER);
    accept(&mut client, &write(&answer(&request, anew)), LATER);
    assert!(allowed(&client, LATER));
    accept(&mut client, &receipt, LATER);
    assert!(allowed(&client, LATER));
}

#[test]
fn a_release_that_the_vendor_refuses_ends_nothing() {
    let mut client = holding();
    let request = client.deactivate_at(at(LATER)).unwrap();
    let request = Request::verify(request.as_bytes()).unwrap();
    accept(&mut client, &no(&request, ErrorKind::Forbidden, LATER), LATER);
    assert!(allowed(&client, LATER));
}

fn list(number: u64, signer: &Signer, change: impl Fn(&mut RevocationClaims)) -> String {
    let mut claims = RevocationClaims::new(number, at(NOON), at("2026-03-08T12:00:00Z"));
    change(&mut claims);
    RevocationList::issue(&claims, signer).unwrap()
}

fn refund(claims: &mut RevocationClaims) {
    claims.licenses.insert("L-7".into(), Revocation::new(at(NOON), "refunded"));
}

#[test]
fn a_revocation_list_ends_what_it_names_until_a_newer_one_leaves_it_out() {
    let mut client = in_memory();
    for serial in ["L-7", "L-8"] {
        client.accept_at(issue(&numbered(serial, NOON)).as_bytes(), at(NOON)).unwrap();
    }
    let feature = client.feature("editor");
    let taken = accept(&mut client, &list(2, &vendor(), refund), NOON);
    assert_eq!((taken.document, taken.changed), (DocumentType::Revocations, true));
    assert!(allowed(&client, NOON), "the other licence goes on");
    let both = |claims: &mut RevocationClaims| {
        refund(claims);
        claims.licenses.insert("L-8".into(), Revocation::new(at(NOON), "refunded"));
    };
    accept(&mut client, &list(3, &vendor(), both), NOON);
    let denied = client.check_at("editor", at(NOON));
    assert!(denied.to_string().ends_with("since 2026-03-01T12:00:00Z: refunded"), "{denied}");
    assert!(!feature.allowed());
    let older = client.accept_at(list(2, &vendor(), refund).as_bytes(), at(NOON)).unwrap_err();
    assert_eq!(older.kind(), ErrorKind::DocumentOutdated);
    accept(&mut client, &list(4, &vendor(), refund), NOON);
    assert!(allowed(&client, NOON));
}

#[test]
fn a_revocation_list_survives_reopening_and_comes_inside_answers() {
    let folder = tempfile::tempdir().unwrap();
    let mut client = in_folder(folder.path());
    client.accept_at(issue(&numbered("L-7", NOON)).as_bytes(), at(NOON)).unwrap();
    let request = ask(&mut client, RequestKind::Refresh, NOON);
    let mut claims = AnswerClaims::to(&request, at(NOON));
    claims.revocations = Some(list(1, &vendor(), refund));
    accept(&mut client, &write(&claims), NOON);
    drop(client);
    let client = in_folder(folder.path());
    assert!(!allowed(&client, NOON));
    assert!(!client.check_at("editor", at(NOON)).reason(ReasonCode::NotRevoked).unwrap().passed());
}

#[test]
fn a_list_that_is_late_warns_and_asks_for_the_next() {
    let mut client = holding();
    accept(&mut client, &list(1, &vendor(), |_| {}), NOON);
    let due = "2026-03-08T12:00:00Z";
    let decision = client.check_at("editor", at(due));
    assert_eq!(decision.outcome(), Outcome::Licensed);
    assert!(!decision.reason(ReasonCode::RevocationsCurrent).unwrap().passed());
    assert!(client.next_action_at(at(due)).is_due(at(due)));
    assert!(!client.next_action_at(at(NOON)).is_due(at(NOON)));
}

#[test]
fn a_ring_that_revokes_the_signer_of_a_list_undoes_the_list() {
    let mut client = in_memory();
    let thief = Signer::from_seed([2; 32]);
    let mut key = RingKey::new(thief.public_key(), at("2026-01-01T00:00:00Z"));
    let ring = |number, key: &RingKey| {
        KeyRing::issue(&KeyRingClaims::new(number, at(NOON), vec![key.clone()]), &vendor()).unwrap()
    };
    accept(&mut client, &ring(1, &key), NOON);
    client.accept_at(issue(&numbered("L-7", NOON)).as_bytes(), at(NOON)).unwrap();
    accept(&mut client, &list(9, &thief, refund), NOON);
    assert!(!allowed(&client, NOON));
    key.revoked_at = Some(at(NOON));
    accept(&mut client, &ring(2, &key), NOON);
    assert!(allowed(&client, NOON));
    accept(&mut client, &list(1, &vendor(), |_| {}), NOON);
}

#[test]
fn a_key_that_a_list_revokes_ends_what_it_signed() {
    let mut client = in_memory();
    let signer = Signer::from_seed([2; 32]);
    let key = RingKey::new(signer.public_key(), at("2026-01-01T00:00:00Z"));
    let ring = KeyRing::issue(&KeyRingClaims::new(1, at(NOON), vec![key]), &vendor()).unwrap();
    accept(&mut client, &ring, NOON);
    accept(&mut client, &License::issue(&year(), &signer).unwrap(), NOON);
    assert!(allowed(&client, NOON));
    let revoke = |claims: &mut RevocationClaims| {
        claims.keys.insert(signer.key_id(), Revocation::new(at(NOON), "stolen"));
    };
    accept(&mut client, &list(1, &vendor(), revoke), NOON);
    assert!(!allowed(&client, NOON));
    assert_eq!(client.notices()[0].kind(), ErrorKind::KeyNotValid);
}

#[test]
fn a_time_token_answers_one_request_and_says_when_it_is() {
    let hands = Hands::at(NOON);
    let mut client = by_clock(Options::stateless(), &hands);
    client.accept(issue(&year()).as_bytes()).unwrap();
    hands.set("2099-01-01T00:00:00Z");
    hands.pass_asking(5 * 3600, &client);
    hands.set("2026-03-02T12:00:00Z");
    assert!(!client.check("editor").allowed());

    let request = client.request(RequestKind::Refresh, Default::default()).unwrap();
    let request = Request::verify(request.as_bytes()).unwrap();
    let claims = TimeClaims::to(&request, at("2026-03-02T12:00:00Z"));
    let token = TimeToken::issue(&claims, &vendor()).unwrap();
    assert_eq!(client.accept(token.as_bytes()).unwrap().document, DocumentType::Time);
    assert!(client.check("editor").allowed());

    let mut other = in_memory();
    let kind = other.accept_at(token.as_bytes(), at(NOON)).unwrap_err().kind();
    assert_eq!(kind, ErrorKind::OtherInstallation);
}
