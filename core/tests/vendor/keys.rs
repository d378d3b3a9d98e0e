//! Licence keys: issued, redeemed once and whole, voided.

use mlicense_core::error::ErrorKind;
use serde_json::{Value, json};

use super::support::{Book, cameras, redemption};

fn started() -> Book {
    Book::started(json!({}), 12)
}

fn void(product: &str, key: &str) -> Value {
    json!({"void_key": {"product": product, "key": key, "reason": "sent to the wrong buyer"}})
}

#[test]
fn s_ax_33_a_key_with_several_types_makes_a_lot_for_each() {
    let mut book = Book::with_cameras(json!({}));
    let contents = json!([
        {"license_type": "camera", "quantity": 10},
        {"license_type": "door", "quantity": 3, "kind": {"subscription": 60}},
        {"license_type": "door", "quantity": 2, "kind": "expansion"},
    ]);
    book.stock("2026-03-02", "key-1", contents.clone());
    let lots = book.wallet("2026-03-02").lots;
    let made: Vec<Value> = lots
        .iter()
        .map(|lot| {
            json!({
                "license_type": lot.lot.license_type, "kind": lot.lot.kind, "quantity": lot.left,
            })
        })
        .collect();
    let mut expect = contents;
    expect[0]["kind"] = json!({"subscription": 12});
    assert_eq!(json!(made), expect);
}

#[test]
fn s_ax_34_a_key_brings_all_it_holds_and_cannot_bring_a_part() {
    let mut book = Book::with_cameras(json!({}));
    let contents = json!([{"license_type": "camera", "quantity": 10}, {"license_type": "door", "quantity": 3}]);
    book.issue("2026-03-02", "key-1", contents);
    let mut part = redemption("key-1");
    part["redeem_key"]["quantity"] = json!(4);
    assert_eq!(book.kind("2026-03-02", part), ErrorKind::JsonInvalid);
    book.redeem("2026-03-02", "key-1");
    assert_eq!(book.status("2026-03-02")["wallet"], json!({"camera": 10, "door": 3}));
}

#[test]
fn s_ax_35_redeeming_allocates_nothing() {
    let mut book = Book::with_cameras(json!({}));
    book.start("2026-03-01");
    let before = book.status("2026-04-05");
    book.stock("2026-04-05", "key-1", cameras(12));
    let after = book.status("2026-04-05");
    assert_eq!((&before["kind"], &before["allocated"]), (&after["kind"], &after["allocated"]));
    assert_eq!(after["wallet"]["camera"], 12);
}

#[test]
fn s_ax_36_a_key_is_redeemed_once() {
    let mut book = started();
    assert_eq!(book.kind("2026-03-02", redemption("KEY-1")), ErrorKind::KeyAlreadyRedeemed);
    book.run("2026-03-02", json!({"register_customer": {"customer": "c2", "zone": "UTC"}}));
    let elsewhere = json!({"redeem_key": {"customer": "c2", "product": "vms", "key": "key-1"}});
    assert_eq!(book.kind("2026-03-02", elsewhere), ErrorKind::KeyAlreadyRedeemed);
    assert_eq!(book.cameras("2026-03-02"), 12);
}

#[test]
fn s_ax_37_a_key_of_another_product_is_refused() {
    let mut book = started();
    book.define("2026-03-01", "nvr", json!({"subscription": {}}));
    book.issue("2026-03-01", "key-2", cameras(3));
    let redeem = json!({"redeem_key": {"customer": "c1", "product": "nvr", "key": "key-2"}});
    let refusal = book.refused("2026-03-02", redeem);
    assert_eq!(refusal.kind(), ErrorKind::KeyWrongProduct);
    assert!(refusal.to_string().ends_with("is for product `vms`"), "{refusal}");
    // It can still be redeemed where it belongs.
    book.redeem("2026-03-02", "key-2");
}

#[test]
fn s_ax_38_blanks_around_a_key_do_not_matter() {
    let mut book = started();
    book.issue("2026-03-01", "key-2", cameras(3));
    book.redeem("2026-03-02", "\t KEY-2 \r\n");
    assert_eq!(book.cameras("2026-03-02"), 15);
}

#[test]
fn s_ax_39_an_unknown_key_is_refused() {
    let mut book = started();
    assert_eq!(book.kind("2026-03-02", redemption("key-9")), ErrorKind::KeyUnknown);
}

#[test]
fn a_key_is_issued_once() {
    let mut book = started();
    let issue = |batch: &str, key: &str| {
        json!({"issue_keys": {
            "batch": batch, "product": "vms", "contents": cameras(1), "keys": ["key-7", key],
        }})
    };
    assert_eq!(book.kind("2026-03-02", issue("b1", "KEY-7")), ErrorKind::CodeAlreadyIssued);
    assert_eq!(book.kind("2026-03-02", issue("b1", "key-1")), ErrorKind::CodeAlreadyIssued);
    book.run("2026-03-02", issue("b1", "key-8"));
    assert_eq!(book.kind("2026-03-02", issue("b1", "key-9")), ErrorKind::BatchAlreadyIssued);
}

#[test]
fn a_key_that_was_voided_is_worth_nothing() {
    let mut book = started();
    book.issue("2026-03-01", "key-2", cameras(3));
    book.run("2026-03-02", void("vms", "key-2"));
    assert_eq!(book.kind("2026-03-03", redemption("key-2")), ErrorKind::KeyVoided);
    assert_eq!(book.kind("2026-03-03", void("vms", "key-2")), ErrorKind::KeyVoided);
    // What was redeemed is in a wallet, where it is corrected lot by lot.
    assert_eq!(book.kind("2026-03-03", void("vms", "key-1")), ErrorKind::KeyAlreadyRedeemed);
    assert_eq!(book.kind("2026-03-03", void("vms", "key-9")), ErrorKind::KeyUnknown);
}

#[test]
fn a_key_is_voided_only_under_its_product() {
    let mut book = started();
    book.define("2026-03-01", "nvr", json!({"subscription": {}}));
    book.issue("2026-03-01", "key-2", cameras(3));
    assert_eq!(book.kind("2026-03-02", void("nvr", "key-2")), ErrorKind::KeyWrongProduct);
    book.redeem("2026-03-03", "key-2");
}
