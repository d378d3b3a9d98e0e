//! Seats under licences by host: how many, and on what terms, as the policy says.

use mlicense_core::{
    document::{LicenseClaims, RequestKind},
    error::ErrorKind,
};
use serde_json::{Value, json};

use super::{
    hosts::{A, DAY, book, buy, define, licensed, request},
    support::Book,
};

/// What host A gets when it asks again.
fn refreshed(book: &mut Book) -> LicenseClaims {
    licensed(book, DAY, &request(RequestKind::Refresh, ("i1", A), DAY)).unwrap()
}

fn under(policy: Value) -> LicenseClaims {
    let mut book = book(policy);
    let contents = json!([
        {"license_type": "base", "kind": "host", "quantity": 1},
        {"license_type": "reports", "kind": "host", "quantity": 1},
    ]);
    buy(&mut book, DAY, contents);
    refreshed(&mut book)
}

fn quantities(claims: &LicenseClaims) -> Value {
    let features = claims.features.iter();
    features.map(|(id, feature)| (id.to_string(), json!(feature.quantity))).collect()
}

#[test]
fn s_mk_56_s_mk_58_the_policy_s_terms_of_seats_stand_in_the_licence() {
    let claims = under(json!({"lease_seconds": 900, "release_strict": true}));
    let stated = json!({"lease_seconds": 900, "release_strict": true});
    assert_eq!(json!(claims.seats), stated);
    assert_eq!(under(json!({"lease_seconds": 300})).seats, None, "what is usual is left out");
}

#[test]
fn s_mk_36_s_mk_52_a_type_has_the_seats_of_the_policy_on_each_host_or_no_limit() {
    let claims = under(json!({"seats": {"reports": 5}}));
    assert_eq!(quantities(&claims), json!({"base": null, "reports": 5}));
    assert_eq!(quantities(&under(json!({}))), json!({"base": null, "reports": null}));
}

#[test]
fn seats_of_a_type_that_the_product_lacks_are_refused() {
    let mut book = book(json!({}));
    let policy = json!({"host_bound": {"seats": {"repotrs": 5}}});
    let publish = json!({"publish_policy": {"product": "journal", "policy": policy}});
    let refusal = book.refused(DAY, publish);
    assert_eq!(refusal.kind(), ErrorKind::PolicyContradictory);
    assert!(refusal.to_string().contains("`repotrs`"), "{refusal}");
    let definition = json!({"name": "x", "license_types": ["base"]});
    let new = json!({"product": "x", "definition": definition, "policy": policy});
    assert_eq!(book.kind(DAY, json!({"define_product": new})), ErrorKind::PolicyContradictory);
    define(&mut book, "y", json!({"host_bound": {"seats": {"reports": 5}}}));
}
