//! What people call a host: told by consent, kept where it can be erased, and in no event.

use mlicense_core::{
    customer::{BindingId, label_id},
    document::{Request, RequestKind},
    error::ErrorKind,
    history::{Answered, PersonChange},
    id::PersonId,
};
use serde_json::{Value, json};

use super::{
    hosts::{A, B, DAY, bought, buy, coupon, facts, fields, free, hosts, issue, request},
    support::{Book, manager, product, signer},
};

const LABEL: &str = "Ann's desk";

fn labelled(book: &mut Book, host: super::hosts::Host, label: &str) -> Answered {
    let mut fields = fields(RequestKind::Refresh, DAY);
    (fields.host, fields.label) = (Some(facts(host)), Some(label.into()));
    book.answer(DAY, &Request::write(&fields, &signer("i1")).unwrap()).unwrap()
}

fn id(binding: u32) -> PersonId {
    label_id(&"c1".parse().unwrap(), &product("journal"), BindingId(binding)).unwrap()
}

fn erase(binding: u32) -> Value {
    json!({"erase_host_label": {"customer": "c1", "product": "journal", "binding": binding}})
}

/// The label that changes keep, or `erased`.
fn told(changes: &[PersonChange], binding: u32) -> Option<String> {
    changes.iter().find_map(|change| match change {
        PersonChange::Keep(kept, fields) if *kept == id(binding) => Some(fields.name.clone()),
        PersonChange::Erase(erased) if *erased == id(binding) => Some("erased".into()),
        _ => None,
    })
}

#[test]
fn a_label_is_kept_in_the_erasable_table_and_in_no_event() {
    let mut book = bought(1);
    let answered = labelled(&mut book, A, LABEL);
    assert_eq!(told(&answered.changes.persons, 1).as_deref(), Some(LABEL));
    let answered = labelled(&mut book, A, "reception");
    assert_eq!(told(&answered.changes.persons, 1).as_deref(), Some("reception"));
    let history = format!("{:?}", book.streams);
    assert!(!history.contains("Ann") && !history.contains("reception"), "{history}");
    assert_eq!(book.replayed(), *book.world());
}

#[test]
fn a_request_without_a_label_tells_none_and_takes_none_away() {
    let mut book = bought(1);
    labelled(&mut book, A, LABEL);
    let refresh = request(RequestKind::Refresh, ("i1", A), DAY);
    assert!(book.answer(DAY, &refresh).unwrap().changes.persons.is_empty());
}

#[test]
fn a_host_that_is_not_bound_has_no_label() {
    let mut book = bought(1);
    labelled(&mut book, A, LABEL);
    assert!(labelled(&mut book, B, "another").changes.persons.is_empty());
}

#[test]
fn a_label_is_erased_by_the_customer_or_the_vendor_and_may_be_told_anew() {
    let mut book = bought(1);
    book.join(DAY, "ann", "c1");
    labelled(&mut book, A, LABEL);
    assert_eq!(book.changes(DAY, erase(1)).persons, [PersonChange::Erase(id(1))]);
    book.execute_as(manager("ann", "c1"), DAY, erase(1)).unwrap();
    // There is nothing left to erase, and no such host.
    assert!(book.changes(DAY, erase(1)).persons.is_empty());
    assert_eq!(book.kind(DAY, erase(2)), ErrorKind::BindingUnknown);
    let answered = labelled(&mut book, A, LABEL);
    assert_eq!(told(&answered.changes.persons, 1).as_deref(), Some(LABEL));
}

#[test]
fn a_host_that_is_freed_in_whatever_way_takes_its_label_along() {
    let mut book = bought(1);
    labelled(&mut book, A, LABEL);
    assert_eq!(told(&book.changes(DAY, free(None)).persons, 1).as_deref(), Some("erased"));
    let release = request(RequestKind::Release, ("i1", A), DAY);
    let answered = book.clone().answer(DAY, &release).unwrap();
    assert_eq!(told(&answered.changes.persons, 1).as_deref(), Some("erased"));

    // So does one that makes room for a coupon.
    let mut book = super::hosts::book(json!({"duration": {"months": 1}}));
    buy(&mut book, DAY, hosts(1));
    labelled(&mut book, A, LABEL);
    issue(&mut book, "ABCD-1", hosts(1));
    let later = "2026-05-01";
    let answered = book.answer(later, &coupon("ABCD-1", ("i2", B), later)).unwrap();
    assert_eq!(told(&answered.changes.persons, 1).as_deref(), Some("erased"));
}

#[test]
fn labels_of_two_hosts_customers_or_products_are_kept_apart() {
    let of = |customer: &str, of: &str, binding| {
        label_id(&customer.parse().unwrap(), &product(of), BindingId(binding)).unwrap()
    };
    let ids = [of("c1", "a", 1), of("c1", "a", 2), of("c2", "a", 1), of("c1", "b", 1)];
    let distinct: std::collections::BTreeSet<_> = ids.iter().collect();
    assert_eq!(distinct.len(), ids.len());
}
