//! Time tokens: for one installation and one request.

use mlicense_core::{
    document::{Nonce, Request, TimeClaims, TimeToken},
    error::ErrorKind,
    signing::KeyRole,
};

use crate::support::*;

#[test]
fn a_time_token_is_for_one_installation_and_one_request() {
    let token = TimeToken::verify(time_token(&root()).as_bytes(), &only_roots()).unwrap();
    assert_eq!(token.instant(), at("2026-03-01T09:30:00Z"));
    assert_eq!(token.signed_by(), root().key_id());
    token.require_request(nonce()).unwrap();
    token.require_installation(installation().key_id()).unwrap();
    let other = token.require_request(Nonce::from_entropy([8; 16]));
    assert_eq!(refusal(other), ErrorKind::OtherRequest);
    let other = token.require_installation(thief().key_id());
    assert_eq!(refusal(other), ErrorKind::OtherInstallation);
}

#[test]
fn a_time_token_repeats_what_binds_it_to_a_request() {
    let request = Request::verify(request(&installation()).as_bytes()).unwrap();
    let claims = TimeClaims::to(&request, at("2026-03-01T09:30:00Z"));
    assert_eq!(TimeToken::issue(&claims, &root()).unwrap(), time_token(&root()));
}

#[test]
fn a_key_signs_the_time_within_its_own_only() {
    let mut key = ring_key(&daily());
    key.role = Some(KeyRole::Answers);
    key.valid_until = Some(at("2026-03-01T09:30:00Z"));
    let token = time_token(&daily());
    let result = TimeToken::verify(token.as_bytes(), &with_ring(vec![key.clone()]));
    assert_eq!(refusal(result), ErrorKind::KeyNotValid);
    key.valid_until = Some(at("2026-03-01T09:30:01Z"));
    TimeToken::verify(token.as_bytes(), &with_ring(vec![key])).unwrap();
}
