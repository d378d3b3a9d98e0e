//! The catalogue: where to buy, terms on offer, products licensed elsewhere, newer policies.

use mlicense_core::{error::ErrorKind, view};
use serde_json::{Value, json};

use super::support::{Book, cameras, cameras_for, product, request, start};

const DAY: &str = "2026-03-02";

fn define(definition: Value, policy: Value) -> Value {
    let policy = json!({"subscription": policy});
    json!({"define_product": {"product": "nvr", "definition": definition, "policy": policy}})
}

fn publish(policy: Value) -> Value {
    json!({"publish_policy": {"product": "vms", "policy": {"subscription": policy}}})
}

fn adopt() -> Value {
    json!({"adopt_policy": {"customer": "c1", "product": "vms"}})
}

fn start_for(months: u16) -> Value {
    let mut start = start("vms");
    start["start_subscription"]["term"] = json!(months);
    start
}

#[test]
fn s_ax_09_a_product_says_where_its_licences_are_sold() {
    let mut book = Book::with_cameras(json!({}));
    let sold = json!({"address": "https://sellers.example/nvr", "regions": ["eu", "us"]});
    let definition = json!({"name": "NVR", "license_types": ["camera"], "where_to_buy": sold});
    book.run(DAY, define(definition, json!({})));
    let catalogue = book.world().catalogue();
    let told = view::where_to_buy(catalogue, &product("nvr")).unwrap();
    assert_eq!(serde_json::to_value(told).unwrap()["where_to_buy"], sold);
    let untold = view::where_to_buy(catalogue, &product("vms")).unwrap();
    assert_eq!(serde_json::to_value(untold).unwrap()["where_to_buy"], json!(null));
}

#[test]
fn s_ax_67_only_the_terms_on_offer_can_be_started() {
    let policy = json!({"terms": [12, 60]});
    for other in [1, 24, 59] {
        let mut book = Book::with_cameras(policy.clone());
        assert_eq!(book.kind(DAY, start_for(other)), ErrorKind::TermNotOffered);
    }
    for (term, end) in [(12, "2027-03-02"), (60, "2031-03-02")] {
        let mut book = Book::with_cameras(policy.clone());
        book.run(DAY, start_for(term));
        assert_eq!(book.status(DAY)["end"], end);
    }
    let mut book = Book::with_cameras(policy);
    book.start(DAY);
    assert_eq!(book.status(DAY)["end"], "2027-03-02", "the first is the usual one");
}

#[test]
fn s_ax_67_licences_of_other_terms_are_not_made() {
    let mut book = Book::started(json!({}), 12);
    let issue = |months: u16| {
        json!({"issue_keys": {
            "batch": "b2", "product": "vms", "contents": cameras_for(months, 1), "keys": ["key-2"],
        }})
    };
    for months in [1, 6, 18] {
        assert_eq!(book.kind(DAY, issue(months)), ErrorKind::TermNotOffered);
    }
    book.run(DAY, issue(24));
}

#[test]
fn s_ax_68_a_product_licensed_elsewhere_cannot_be_started() {
    let mut book = Book::with_cameras(json!({}));
    let definition = json!({"name": "Old", "license_types": ["camera"], "external": true});
    book.run(DAY, define(definition, json!({})));
    let file = request(("nvr", "s2"), json!({"camera": 5}), DAY);
    book.run(DAY, json!({"take_request": {"customer": "c1", "request": file}}));
    assert_eq!(book.kind(DAY, start("nvr")), ErrorKind::ProductExternal);
    let products = serde_json::to_value(view::products(book.world().catalogue())).unwrap();
    assert_eq!(products["products"]["nvr"]["name"], "Old");
}

#[test]
fn an_agreement_keeps_its_policy_until_it_adopts_a_newer_one() {
    let mut book = Book::started(json!({}), 40);
    book.allocate("2026-03-20", 0, json!({"camera": 10}));
    book.run("2026-04-01", publish(json!({"grace_days": 10, "growth_percent": 0})));
    assert_eq!(book.status("2027-03-01")["grace_end"], "2027-03-31", "published, not adopted");
    assert_eq!(
        book.kind("2026-04-01", json!({"adopt_policy": {"customer": "c1", "product": "nvr"}})),
        ErrorKind::ProductUnknown
    );
    book.run("2026-04-02", adopt());
    assert_eq!(book.kind("2026-04-03", adopt()), ErrorKind::PolicyCurrent);
    // The current period stays under the old rules, the next is under the new ones.
    book.register("2026-05-01", ("c1", "s2"), json!({"camera": 10}));
    assert_eq!(book.need("2026-05-01")[0]["need"]["camera"], 10);
    assert_eq!(book.status("2026-05-01")["grace_end"], "2026-03-31");
    assert_eq!(book.status("2027-03-10")["kind"], "grace");
    assert_eq!(book.status("2027-03-11")["kind"], "unlicensed");
    book.allocate("2027-03-10", 0, json!({"camera": 20}));
    book.register("2027-03-12", ("c1", "s2"), json!({"camera": 11}));
    assert_eq!(book.need("2027-03-12")[0]["need"]["camera"], 21);
}

#[test]
fn a_policy_adopted_twice_before_the_period_turns_is_the_second_one() {
    let mut book = Book::started(json!({}), 40);
    book.allocate("2026-03-20", 0, json!({"camera": 10}));
    book.run("2026-04-01", publish(json!({"grace_days": 10})));
    book.run("2026-04-02", adopt());
    book.run("2026-04-03", publish(json!({"grace_days": 20})));
    book.run("2026-04-04", adopt());
    assert_eq!(book.status("2027-03-01")["grace_end"], "2027-03-21");
    book.allocate("2027-03-20", 0, json!({"camera": 10}));
    assert_eq!(book.status("2028-03-01")["grace_end"], "2028-03-21", "and stays");
}

#[test]
fn a_policy_adopted_does_not_shorten_a_grace_that_runs() {
    let mut book = Book::started(json!({}), 12);
    book.define("2027-02-20", "nvr", json!({"subscription": {}}));
    let file = request(("nvr", "s2"), json!({"camera": 5}), "2027-02-20");
    book.run("2027-02-20", json!({"take_request": {"customer": "c1", "request": file}}));
    book.run("2027-02-20", start("nvr"));
    let policy = json!({"product": "nvr", "policy": {"subscription": {"grace_days": 3}}});
    book.run("2027-02-21", json!({"publish_policy": policy}));
    book.run("2027-02-22", json!({"adopt_policy": {"customer": "c1", "product": "nvr"}}));
    assert_eq!(book.status_of("nvr", "2027-03-21")["kind"], "grace");
    assert_eq!(book.status_of("nvr", "2027-03-22")["kind"], "unlicensed");
}

#[test]
fn only_a_policy_that_offers_the_term_can_be_adopted() {
    let mut book = Book::started(json!({}), 12);
    book.run("2026-04-01", publish(json!({"terms": [60]})));
    assert_eq!(book.kind("2026-04-02", adopt()), ErrorKind::TermNotOffered);
    let mut unstarted = Book::with_cameras(json!({}));
    unstarted.run("2026-04-01", publish(json!({"grace_days": 10})));
    assert_eq!(unstarted.kind("2026-04-02", adopt()), ErrorKind::SubscriptionNotStarted);
    unstarted.start("2026-04-03");
    assert_eq!(unstarted.status("2026-04-03")["grace_end"], "2026-04-13", "the newest at once");
    unstarted.stock("2026-04-03", "key-1", cameras(1));
}
