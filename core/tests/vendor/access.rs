//! Who may do what to whom, and what never moves.

use mlicense_core::error::ErrorKind;
use serde_json::{Value, json};

use super::support::{Book, allocation, cameras, manager, redemption, request, start};

const DAY: &str = "2026-03-02";

/// Two customers with the same product, both registered.
fn two_customers() -> Book {
    let mut book = Book::with_cameras(json!({}));
    book.run(DAY, json!({"register_customer": {"customer": "c2", "zone": "UTC"}}));
    book.register(DAY, ("c2", "s9"), json!({"camera": 3}));
    book
}

fn transfer(to: &str) -> Value {
    json!({"transfer_licenses": {"customer": "c1", "to": to, "product": "vms"}})
}

#[test]
fn s_ax_05_what_is_done_touches_the_chosen_customer_and_no_other() {
    let mut book = two_customers();
    let (first, second) = (manager("p1", "c1"), manager("p1", "c2"));
    book.join(DAY, "p1", "c1");
    book.join(DAY, "p1", "c2");
    let other = book.overview_of("c2", DAY);
    book.execute_as(first, DAY, start("vms")).unwrap();
    assert_eq!(book.status(DAY)["kind"], "grace");
    assert_eq!(book.overview_of("c2", DAY), other);
    // Acting for the one customer gives no hold on the other.
    let allocate = allocation(0, json!({"camera": 10}));
    let refusal = book.execute_as(second, DAY, allocate.clone()).unwrap_err();
    assert_eq!(refusal.kind(), ErrorKind::Forbidden);
    // Who is no member cannot choose the customer, nor can who was one.
    let refusal = book.execute_as(manager("p2", "c1"), DAY, allocate.clone()).unwrap_err();
    assert_eq!(refusal.kind(), ErrorKind::NotAMember);
    book.run(DAY, json!({"remove_member": {"customer": "c1", "person": "p1"}}));
    let refusal = book.execute_as(manager("p1", "c1"), DAY, allocate).unwrap_err();
    assert_eq!(refusal.kind(), ErrorKind::NotAMember);
}

#[test]
fn s_ax_06_four_previews_warn_that_nothing_can_move_later() {
    let mut book = Book::with_cameras(json!({}));
    book.issue(DAY, "key-1", cameras(12));
    let file = request(("vms", "s2"), json!({"camera": 5}), DAY);
    let acts = [
        start("vms"),
        redemption("key-1"),
        json!({"take_request": {"customer": "c1", "request": file}}),
        json!({"register_hardware": {"customer": "c1", "product": "vms", "hardware": "h1"}}),
    ];
    for act in acts {
        let preview = serde_json::to_value(book.preview(DAY, act.clone()).unwrap()).unwrap();
        assert_eq!(preview["warnings"], json!(["no_transfer_between_customers"]), "{act}");
        assert_ne!(preview["token"], json!(null), "{act}");
    }
    let allocate = book.preview(DAY, allocation(0, json!({"camera": 10}))).unwrap();
    assert_eq!(allocate.warnings, []);
}

#[test]
fn s_ax_07_licences_never_move_between_customers() {
    let mut book = two_customers();
    book.stock(DAY, "key-1", cameras(12));
    for to in ["c2", "c1", "nobody"] {
        assert_eq!(book.kind(DAY, transfer(to)), ErrorKind::CustomerTransferForbidden);
    }
    book.join(DAY, "p1", "c1");
    let refusal = book.execute_as(manager("p1", "c1"), DAY, transfer("c2")).unwrap_err();
    assert_eq!(refusal.kind(), ErrorKind::CustomerTransferForbidden);
}

#[test]
fn s_ax_08_the_service_of_another_region_refuses_to_act() {
    let mut book = Book::new();
    let root = mlicense_core::signing::Signer::from_seed([5; 32]).public_key();
    let vendor = json!({"vendor": "acme", "roots": [root], "region": "us"});
    book.run(DAY, json!({"establish_vendor": vendor}));
    book.define(DAY, "vms", json!({"subscription": {}}));
    let customer = |region: Value| json!({"register_customer": {"customer": "c1", "zone": "UTC", "region": region}});
    for other in [json!("world"), json!(null)] {
        assert_eq!(book.kind(DAY, customer(other)), ErrorKind::OtherRegion);
        assert_eq!(book.kind(DAY, start("vms")), ErrorKind::CustomerUnknown);
    }
    book.run(DAY, customer(json!("us")));
    assert_eq!(book.kind(DAY, start("vms")), ErrorKind::NotRegistered);
}

/// A customer may be older than the region of the ledger.
#[test]
fn s_ax_08_a_request_of_a_customer_of_another_region_is_refused() {
    let mut book = two_customers();
    let root = mlicense_core::signing::Signer::from_seed([5; 32]).public_key();
    let customer = json!({"customer": "c3", "zone": "UTC", "region": "us"});
    book.run(DAY, json!({"register_customer": customer}));
    let vendor = json!({"vendor": "acme", "roots": [root], "region": "us"});
    book.run(DAY, json!({"establish_vendor": vendor}));
    let take = |customer: &str, system: &str| {
        let request = request(("vms", system), json!({"camera": 5}), DAY);
        json!({"take_request": {"customer": customer, "request": request}})
    };
    let refusal = book.refused(DAY, take("c1", "s1"));
    assert_eq!(refusal.kind(), ErrorKind::OtherRegion);
    let details: Vec<_> = refusal.details().map(|(_, value)| value.to_owned()).collect();
    assert_eq!(details, ["c1", "", "us"]);
    book.run(DAY, take("c3", "s3"));
}

#[test]
fn a_customers_manager_sells_nothing_to_himself() {
    let mut book = two_customers();
    let stock = json!({
        "customer": "c1", "product": "vms", "contents": cameras(5), "source": "purchase",
    });
    let preloaded = json!({"customer": "c1", "product": "vms", "hardware": "h1"});
    let issue = json!({
        "batch": "b9", "product": "vms", "contents": cameras(5), "keys": ["key-9"],
    });
    let policy = json!({"product": "vms", "policy": {"subscription": {"grace_days": 300}}});
    for command in [
        json!({"stock_licenses": stock}),
        json!({"register_hardware": preloaded}),
        json!({"issue_keys": issue}),
        json!({"publish_policy": policy}),
        json!({"adopt_policy": {"customer": "c1", "product": "vms"}}),
        json!({"register_customer": {"customer": "c3", "zone": "UTC"}}),
    ] {
        let refusal = book.execute_as(manager("p1", "c1"), DAY, command).unwrap_err();
        assert_eq!(refusal.kind(), ErrorKind::Forbidden);
    }
}

#[test]
fn a_name_with_control_characters_is_refused() {
    let mut book = Book::new();
    for name in ["Nul\0", "Line\n", "\u{85}"] {
        let person = json!({"add_person": {"person": "p1", "fields": {"name": name}}});
        assert_eq!(book.kind(DAY, person), ErrorKind::FieldInvalid);
    }
}
