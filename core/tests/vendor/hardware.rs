//! Licences tied to hardware: preloaded, expanded, upgraded, never moved.

use mlicense_core::{error::ErrorKind, wallet::QUANTITY_MAX};
use serde_json::{Value, json};

use super::support::{Book, allocation};

const DAY: &str = "2026-03-02";

/// Ten cameras under a started subscription, and hardware `h1` with four cameras of its own.
fn with_hardware() -> Book {
    let mut book = Book::started(json!({}), 12);
    book.run(DAY, register("h1", json!({"camera": 4})));
    book
}

fn register(hardware: &str, preloaded: Value) -> Value {
    json!({"register_hardware": {
        "customer": "c1", "product": "vms", "hardware": hardware, "preloaded": preloaded,
    }})
}

fn expand(hardware: &str, quantities: Value) -> Value {
    json!({"expand_hardware": {
        "customer": "c1", "hardware": hardware, "quantities": quantities,
    }})
}

fn upgrade(hardware: &str, quantity: u32) -> Value {
    json!({"upgrade_hardware": {
        "customer": "c1", "hardware": hardware, "from": "camera", "to": "door",
        "quantity": quantity,
    }})
}

fn contents(kind: &str, license_type: &str, quantity: u32) -> Value {
    json!([{"license_type": license_type, "kind": kind, "quantity": quantity}])
}

fn licenses(book: &Book, hardware: &str, day: &str) -> Value {
    let overview = serde_json::to_value(book.overview_of("c1", day)).unwrap();
    overview["hardware"][hardware]["licenses"].clone()
}

#[test]
fn s_ax_02_subscription_licences_end_and_those_of_hardware_do_not() {
    let mut book = with_hardware();
    book.allocate(DAY, 0, json!({"camera": 10}));
    assert_eq!(book.status("2027-02-28")["kind"], "licensed");
    assert_eq!(book.status("2028-03-01")["kind"], "unlicensed");
    let overview = serde_json::to_value(book.overview_of("c1", "2028-03-01")).unwrap();
    let expect = json!({"product": "vms", "licenses": {"camera": 4}});
    assert_eq!(overview["hardware"]["h1"], expect, "with no end date");
}

#[test]
fn s_ax_03_an_upgrade_is_used_once() {
    let mut book = with_hardware();
    book.stock(DAY, "key-2", contents("upgrade", "door", 1));
    book.run(DAY, upgrade("h1", 1));
    assert_eq!(licenses(&book, "h1", DAY), json!({"camera": 3, "door": 1}));
    assert_eq!(book.kind(DAY, upgrade("h1", 1)), ErrorKind::InsufficientWallet);
    assert_eq!(licenses(&book, "h1", DAY), json!({"camera": 3, "door": 1}));
}

#[test]
fn s_ax_03_an_upgrade_needs_a_licence_that_exists() {
    let mut book = with_hardware();
    book.stock(DAY, "key-2", contents("upgrade", "door", 9));
    assert_eq!(book.kind(DAY, upgrade("h1", 5)), ErrorKind::ExceedsNeed);
    assert_eq!(book.kind(DAY, upgrade("h9", 1)), ErrorKind::HardwareUnknown);
    book.run(DAY, upgrade("h1", 4));
    assert_eq!(book.kind(DAY, upgrade("h1", 1)), ErrorKind::ExceedsNeed);
}

#[test]
fn s_ax_60_what_hardware_comes_with_is_active_at_once() {
    let book = with_hardware();
    assert_eq!(licenses(&book, "h1", DAY), json!({"camera": 4}));
    assert_eq!(book.wallet(DAY).lots.len(), 1, "only the key of the subscription");
}

#[test]
fn s_ax_61_it_is_still_valid_fifty_years_later() {
    assert_eq!(licenses(&with_hardware(), "h1", "2076-03-02"), json!({"camera": 4}));
}

#[test]
fn s_ax_62_licences_of_hardware_do_not_move() {
    let mut book = with_hardware();
    book.run(DAY, register("h2", json!({})));
    let to = |hardware: &str| json!({"move_hardware_licenses": {"customer": "c1", "hardware": hardware, "to": "h2"}});
    assert_eq!(book.kind(DAY, to("h1")), ErrorKind::LicenseTiedToHardware);
    assert_eq!(book.kind(DAY, to("h9")), ErrorKind::HardwareUnknown);
}

#[test]
fn s_ax_63_an_expansion_key_brings_lots_of_that_kind() {
    let mut book = with_hardware();
    let both = json!([
        {"license_type": "camera", "kind": "expansion", "quantity": 3},
        {"license_type": "door", "kind": "expansion", "quantity": 2},
    ]);
    book.stock(DAY, "key-2", both.clone());
    let lots = book.wallet(DAY).lots;
    let made: Vec<Value> = lots[1..]
        .iter()
        .map(|lot| {
            json!({
                "license_type": lot.lot.license_type, "kind": lot.lot.kind, "quantity": lot.left,
            })
        })
        .collect();
    assert_eq!(json!(made), both);
}

#[test]
fn s_ax_64_expansions_are_bound_to_the_hardware_chosen() {
    let mut book = with_hardware();
    book.run(DAY, register("h2", json!({})));
    book.stock(DAY, "key-2", contents("expansion", "camera", 5));
    book.run(DAY, expand("h2", json!({"camera": 3})));
    assert_eq!(licenses(&book, "h1", DAY), json!({"camera": 4}));
    assert_eq!(licenses(&book, "h2", DAY), json!({"camera": 3}));
    let too_many = expand("h2", json!({"camera": 3}));
    assert_eq!(book.kind(DAY, too_many), ErrorKind::InsufficientWallet);
    assert_eq!(book.kind(DAY, expand("h9", json!({"camera": 1}))), ErrorKind::HardwareUnknown);
    book.run(DAY, expand("h1", json!({"camera": 2})));
    assert_eq!(licenses(&book, "h1", DAY), json!({"camera": 6}));
}

#[test]
fn s_ax_65_expansions_pay_for_no_period_and_periods_for_no_hardware() {
    let mut book = Book::with_cameras(json!({}));
    book.start(DAY);
    book.run(DAY, register("h1", json!({})));
    book.stock(DAY, "key-2", contents("expansion", "camera", 10));
    let allocate = allocation(0, json!({"camera": 10}));
    assert_eq!(book.kind(DAY, allocate.clone()), ErrorKind::InsufficientWallet);
    book.stock(DAY, "key-3", super::support::cameras(10));
    book.run(DAY, expand("h1", json!({"camera": 10})));
    assert_eq!(book.kind(DAY, expand("h1", json!({"camera": 1}))), ErrorKind::InsufficientWallet);
    book.run(DAY, allocate);
}

#[test]
fn hardware_is_registered_once_and_with_one_customer() {
    let mut book = with_hardware();
    let again = register("h1", json!({"camera": 9}));
    assert_eq!(book.kind(DAY, again), ErrorKind::HardwareAlreadyRegistered);
    book.run(DAY, json!({"register_customer": {"customer": "c2", "zone": "UTC"}}));
    let elsewhere = json!({"register_hardware": {
        "customer": "c2", "product": "vms", "hardware": "h1",
    }});
    assert_eq!(book.kind(DAY, elsewhere), ErrorKind::HardwareAlreadyRegistered);
    let strange = register("h2", json!({"lamp": 1}));
    assert_eq!(book.kind(DAY, strange), ErrorKind::LicenseTypeUnknown);
}

#[test]
fn hardware_holds_at_most_the_largest_quantity() {
    let mut book = Book::started(json!({}), 12);
    book.run(DAY, register("h1", json!({"camera": QUANTITY_MAX - 1})));
    for (key, kind, of) in [("key-2", "expansion", "camera"), ("key-3", "upgrade", "door")] {
        book.stock(DAY, key, contents(kind, of, QUANTITY_MAX));
    }
    book.run(DAY, expand("h1", json!({"camera": 1})));
    let one_more = expand("h1", json!({"camera": 1}));
    assert_eq!(book.kind(DAY, one_more), ErrorKind::QuantityOutOfRange);
    book.run(DAY, upgrade("h1", QUANTITY_MAX));
    book.run(DAY, expand("h1", json!({"camera": 5})));
    book.stock(DAY, "key-4", contents("upgrade", "door", 5));
    assert_eq!(book.kind(DAY, upgrade("h1", 5)), ErrorKind::QuantityOutOfRange);
    book.wallet(DAY);
}
