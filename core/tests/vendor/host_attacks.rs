//! Licences by host against those who would have more, and for those who paid.

use mlicense_core::{
    document::{HostFact, LicenseKind, Request, RequestKind},
    error::ErrorKind,
};
use serde_json::json;

use super::{
    hosts::{
        A, B, DAY, Host, bindings, book, bought, bought_blind, bound, buy, coupon, facts, fields,
        free, hosts, issue, kind, licensed, request, status,
    },
    support::{Book, day, manager, signer},
};

#[test]
fn a_perpetual_licence_moves_to_a_new_host_after_its_updates_have_ended() {
    let mut book = book(json!({"duration": {"updates_for": 12}}));
    buy(&mut book, DAY, hosts(1));
    licensed(&mut book, DAY, &request(RequestKind::Refresh, ("i1", A), DAY)).unwrap();
    let later = "2027-05-01";
    book.run(later, free(None));
    let there = request(RequestKind::Refresh, ("i2", B), later);
    let claims = licensed(&mut book, later, &there).unwrap();
    assert_eq!(claims.updates_until.unwrap().day(), day("2027-03-01"));
    assert_eq!(claims.licensed.unwrap().from.day(), day(DAY));
}

#[test]
fn what_is_not_paid_for_is_charged_back_though_every_place_is_bound() {
    let mut book = bought(1);
    let refresh = request(RequestKind::Refresh, ("i1", A), DAY);
    licensed(&mut book, DAY, &refresh).unwrap();
    let lot = json!({"customer": "c1", "product": "journal", "lot": 1, "reason": "unpaid"});
    assert_eq!(book.kind(DAY, json!({"void_lot": lot})), ErrorKind::LotTouched);
    book.run(DAY, json!({"charge_back": lot}));
    assert_eq!(kind(&mut book, DAY, &refresh), ErrorKind::NotLicensed);
    assert_eq!(book.kind(DAY, json!({"charge_back": lot})), ErrorKind::LotTouched);
}

#[test]
fn a_bound_host_cannot_be_enrolled_as_one_that_nobody_can_tell() {
    let mut book = bought(1);
    licensed(&mut book, DAY, &request(RequestKind::Refresh, ("i1", A), DAY)).unwrap();
    let mut fields = fields(RequestKind::Rebind, DAY);
    let mut shown = facts(A);
    shown.class = "container".into();
    fields.host = Some(shown);
    let request = Request::write(&fields, &signer("i1")).unwrap();
    assert_eq!(kind(&mut book, DAY, &request), ErrorKind::HostNotIdentifiable);
}

#[test]
fn the_facts_of_two_hosts_enrol_one() {
    let mut book = bought(1);
    licensed(&mut book, DAY, &request(RequestKind::Refresh, ("i1", A), DAY)).unwrap();
    let mut fields = fields(RequestKind::Rebind, DAY);
    let mut both = facts(A);
    both.facts.extend(facts(B).facts);
    fields.host = Some(both);
    licensed(&mut book, DAY, &Request::write(&fields, &signer("i1")).unwrap()).unwrap();
    let served = [A, B].map(|host| {
        let request = request(RequestKind::Refresh, ("i1", host), DAY);
        licensed(&mut book, DAY, &request).is_ok()
    });
    assert_eq!(served.iter().filter(|served| **served).count(), 1);
}

#[test]
fn facts_of_unknown_kinds_and_classes_do_not_reach_the_history() {
    let mut book = bought_blind(2);
    let mut fields = fields(RequestKind::Refresh, DAY);
    let mut shown = facts(A);
    shown.facts.push(HostFact::new("C. Ontact's favourite", "0123456789abcdefABCDEF"));
    shown.facts.push(HostFact::new("dmi_uuid", "written on the lid"));
    fields.host = Some(shown.clone());
    licensed(&mut book, DAY, &Request::write(&fields, &signer("i1")).unwrap()).unwrap();
    fields.kind = RequestKind::Rebind;
    licensed(&mut book, DAY, &Request::write(&fields, &signer("i1")).unwrap()).unwrap();
    fields.host.as_mut().unwrap().class = "C. Ontact's".into();
    fields.host.as_mut().unwrap().facts.retain(|fact| fact.kind.starts_with('C'));
    licensed(&mut book, DAY, &Request::write(&fields, &signer("i2")).unwrap()).unwrap();
    let history = format!("{:?}", book.streams);
    assert!(!history.contains("Ontact") && !history.contains("the lid"), "{history}");
    assert_eq!(bindings(&book, DAY).bindings[0].facts.len(), 3);
}

#[test]
fn facts_are_enrolled_when_they_first_appear() {
    let mut book = bought_blind(1);
    let bare = Request::write(&fields(RequestKind::Refresh, DAY), &signer("i1")).unwrap();
    licensed(&mut book, DAY, &bare).unwrap();
    let shown = licensed(&mut book, DAY, &request(RequestKind::Refresh, ("i1", A), DAY)).unwrap();
    assert!(shown.host.is_some());
    let elsewhere = request(RequestKind::Refresh, ("i1", B), DAY);
    assert_eq!(kind(&mut book, DAY, &elsewhere), ErrorKind::NoFreeLicense);
}

#[test]
fn an_old_release_brought_again_frees_nothing() {
    let mut book = bought(1);
    let numbered = |kind, epoch| {
        let mut fields = fields(kind, DAY);
        (fields.host, fields.epoch) = (Some(facts(A)), Some(epoch));
        Request::write(&fields, &signer("i1")).unwrap()
    };
    licensed(&mut book, DAY, &numbered(RequestKind::Refresh, 1)).unwrap();
    let release = numbered(RequestKind::Release, 2);
    book.answer(DAY, &release).unwrap();
    licensed(&mut book, "2026-06-01", &numbered(RequestKind::Refresh, 3)).unwrap();
    let refusal = book.answer("2026-09-01", &release).unwrap_err();
    assert_eq!(refusal.kind(), ErrorKind::DocumentOutdated);
    assert_eq!(bound(&book, "2026-09-01").len(), 1);
}

#[test]
fn a_trial_that_another_host_holds_up_is_not_used_up() {
    let mut book = bought(1);
    licensed(&mut book, DAY, &request(RequestKind::Refresh, ("i1", A), DAY)).unwrap();
    let refusal = book.answer(DAY, &request(RequestKind::Trial, ("i2", B), DAY)).unwrap_err();
    assert_eq!(refusal.kind(), ErrorKind::NoFreeLicense);
    assert_eq!(bindings(&book, DAY).trial_end, None);
}

#[test]
fn a_coupon_is_for_the_host_that_brings_it_and_not_for_one_whose_trial_is_over() {
    let mut book = book(json!({}));
    licensed(&mut book, DAY, &request(RequestKind::Trial, ("i1", A), DAY)).unwrap();
    issue(&mut book, "ABCD-1", hosts(1));
    let later = "2026-05-01";
    let claims = licensed(&mut book, later, &coupon("ABCD-1", ("i2", B), later)).unwrap();
    assert_eq!(claims.kind, LicenseKind::Perpetual);
    let first = request(RequestKind::Refresh, ("i1", A), later);
    assert_eq!(kind(&mut book, later, &first), ErrorKind::NoFreeLicense);
}

#[test]
fn a_coupon_that_was_voided_is_refused() {
    let mut book = book(json!({}));
    issue(&mut book, "ABCD-1", hosts(1));
    let void = json!({"product": "journal", "key": "ABCD-1", "reason": "lost"});
    book.run(DAY, json!({"void_key": void}));
    let refusal = book.answer(DAY, &coupon("ABCD-1", ("i1", A), DAY)).unwrap_err();
    assert_eq!(refusal.kind(), ErrorKind::KeyVoided);
}

#[test]
fn a_trial_prolongs_no_updates() {
    let mut book = book(json!({"duration": {"updates_for": 12}}));
    buy(&mut book, DAY, hosts(1));
    licensed(&mut book, DAY, &request(RequestKind::Refresh, ("i1", A), DAY)).unwrap();
    let claims = licensed(&mut book, DAY, &request(RequestKind::Trial, ("i1", A), DAY)).unwrap();
    assert_eq!(claims.kind, LicenseKind::UpdatesUntil);
    assert_eq!(claims.updates_until.unwrap().day(), day("2027-03-01"));
    let trial = &claims.features[&"reports".parse().unwrap()];
    assert_eq!(trial.until.unwrap().day(), day("2026-03-31"));
}

#[test]
fn the_overview_says_what_the_licence_of_the_first_host_says() {
    let mut book = book(json!({"duration": {"updates_for": 12}}));
    buy(&mut book, DAY, hosts(1));
    let policy = json!({"host_bound": {"duration": {"months": 24}}});
    book.run(DAY, json!({"publish_policy": {"product": "journal", "policy": policy}}));
    book.run(DAY, json!({"adopt_policy": {"customer": "c1", "product": "journal"}}));
    buy(&mut book, DAY, hosts(1));
    let claims = licensed(&mut book, DAY, &request(RequestKind::Refresh, ("i1", A), DAY)).unwrap();
    assert_eq!((claims.kind, claims.licensed.unwrap().until), (LicenseKind::UpdatesUntil, None));
    assert_eq!(claims.updates_until.unwrap().day(), day("2027-03-01"));
    let status = status(&book, DAY);
    assert_eq!(
        (&status["kind"], &status["updates_until"]),
        (&json!("perpetual"), &json!("2027-03-01"))
    );
}

/// What an installation shows when it mixes the facts of two hosts that are bound.
fn mixed(more: Host, fewer: Host) -> String {
    let mut shown = facts(more);
    let weaker = facts(fewer).facts.into_iter().filter(|fact| fact.kind != "board_serial");
    shown.facts.extend(weaker);
    let mut fields = fields(RequestKind::Refresh, DAY);
    fields.host = Some(shown);
    Request::write(&fields, &signer("i9")).unwrap()
}

#[test]
fn of_several_hosts_that_match_the_best_is_served_and_of_equals_the_first() {
    for (first, second, binding) in [(A, B, 2), (B, A, 1)] {
        let mut book = bought(2);
        licensed(&mut book, DAY, &request(RequestKind::Refresh, ("i1", first), DAY)).unwrap();
        licensed(&mut book, DAY, &request(RequestKind::Refresh, ("i2", second), DAY)).unwrap();
        licensed(&mut book, DAY, &mixed(B, A)).unwrap();
        assert_eq!(served(&book), binding);
    }
    let mut book = bought(2);
    for (from, host) in [("i1", A), ("i2", B)] {
        licensed(&mut book, DAY, &request(RequestKind::Refresh, (from, host), DAY)).unwrap();
    }
    let mut fields = fields(RequestKind::Refresh, DAY);
    let mut both = facts(A);
    both.facts.extend(facts(B).facts);
    fields.host = Some(both);
    licensed(&mut book, DAY, &Request::write(&fields, &signer("i9")).unwrap()).unwrap();
    assert_eq!(served(&book), 1);
}

/// The binding for which the newest licence was signed.
fn served(book: &Book) -> u64 {
    let newest = book.events(&"customer/c1".parse().unwrap()).pop().unwrap();
    let newest = serde_json::to_value(&newest.event).unwrap();
    newest["host_license_issued"]["binding"].as_u64().unwrap()
}

#[test]
fn a_manager_frees_the_hosts_of_its_own_customer_and_of_no_other() {
    let mut book = bought(1);
    licensed(&mut book, DAY, &request(RequestKind::Refresh, ("i1", A), DAY)).unwrap();
    book.join(DAY, "ann", "c1");
    book.join(DAY, "bob", "c2");
    let mut kind = |person: &str, customer: &str| {
        let by = manager(person, customer);
        book.execute_as(by, DAY, free(None)).map(|freed| freed.len()).map_err(|r| r.kind())
    };
    assert_eq!(kind("bob", "c2"), Err(ErrorKind::Forbidden));
    assert_eq!(kind("bob", "c1"), Err(ErrorKind::NotAMember));
    assert_eq!(kind("ann", "c1"), Ok(1));
}
