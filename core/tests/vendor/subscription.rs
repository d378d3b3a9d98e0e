//! The life of a subscription: registration, trial, start, grace, renewal.

use mlicense_core::error::{ErrorKind, Language};
use serde_json::{Value, json};

use super::support::{Book, When, allocation, cameras, request, start};

/// Registers system `s2` with ten cameras for product `nvr`, and defines it.
fn with_nvr(book: &mut Book, when: impl When + Copy, policy: Value) {
    book.define(when, "nvr", json!({"subscription": policy}));
    register_for(book, when, "nvr", "s2");
}

fn register_for(book: &mut Book, when: impl When + Copy, product: &str, system: &str) {
    let request = request((product, system), json!({"camera": 10}), when);
    book.run(when, json!({"take_request": {"customer": "c1", "request": request}}));
}

#[test]
fn s_ax_01_the_overview_gives_trial_grace_and_status_of_every_product() {
    let mut book = Book::with_cameras(json!({"trial_days": 90}));
    with_nvr(&mut book, "2026-03-01", json!({}));
    book.run("2026-03-02", start("nvr"));
    let given = |product: &str| {
        let status = book.status_of(product, "2026-03-02");
        json!([status["kind"], status["trial_end"], status["grace_end"]])
    };
    assert_eq!(given("vms"), json!(["trial", "2026-05-30", null]));
    assert_eq!(given("nvr"), json!(["grace", null, "2026-04-01"]));
}

#[test]
fn s_ax_04_a_product_must_be_registered_before_it_is_licensed() {
    let mut book = Book::with_cameras(json!({}));
    book.run("2026-03-01", json!({"register_customer": {"customer": "c2", "zone": "UTC"}}));
    let start = json!({"start_subscription": {"customer": "c2", "product": "vms"}});
    assert_eq!(book.kind("2026-03-01", start), ErrorKind::NotRegistered);
}

#[test]
fn s_ax_04_a_wallet_alone_is_no_registration() {
    let mut book = Book::with_cameras(json!({}));
    let day = "2026-03-01";
    book.run(day, json!({"register_customer": {"customer": "c2", "zone": "UTC"}}));
    let stock = json!({
        "customer": "c2", "product": "vms", "contents": cameras(5), "source": "purchase",
    });
    book.run(day, json!({"stock_licenses": stock}));
    let kind = book.overview_of("c2", day).products.values().next().unwrap().status.kind;
    assert_eq!(serde_json::to_value(kind).unwrap(), "not_registered");
    let start = json!({"start_subscription": {"customer": "c2", "product": "vms"}});
    assert_eq!(book.kind(day, start), ErrorKind::NotRegistered);
}

#[test]
fn s_ax_26_nothing_is_allocated_before_the_start() {
    let mut book = Book::with_cameras(json!({}));
    book.stock("2026-03-01", "key-1", cameras(12));
    let allocate = allocation(0, json!({"camera": 10}));
    assert_eq!(book.kind("2026-03-01", allocate), ErrorKind::SubscriptionNotStarted);
}

#[test]
fn s_ax_27_grace_ends_on_day_thirty() {
    let book = Book::started(json!({}), 12);
    assert_eq!(book.status("2026-03-30")["kind"], "grace");
    assert_eq!(book.status("2026-03-30")["days_left"], 1);
    assert_eq!(book.status("2026-03-31")["kind"], "unlicensed");
}

#[test]
fn s_ax_27_a_product_that_joins_shortly_before_a_renewal_has_its_whole_grace() {
    let mut book = Book::started(json!({}), 12);
    with_nvr(&mut book, "2027-02-20", json!({}));
    book.run("2027-02-20", start("nvr"));
    let status = |day: &str| {
        let status = book.status_of("nvr", day);
        json!([status["kind"], status["start"], status["grace_end"]])
    };
    assert_eq!(status("2027-02-28"), json!(["grace", "2026-03-01", "2027-03-22"]));
    assert_eq!(status("2027-03-01"), json!(["grace", "2027-03-01", "2027-03-22"]));
    assert_eq!(status("2027-03-21"), json!(["grace", "2027-03-01", "2027-03-22"]));
    assert_eq!(status("2027-03-22"), json!(["unlicensed", "2027-03-01", "2027-03-22"]));
    let due = book.due("2027-03-01");
    assert_eq!(due[0], json!({"on": "2027-03-22", "product": "nvr", "what": "grace_ends"}));
}

#[test]
fn s_ax_29_right_after_the_start_the_status_says_so_and_names_the_end_of_grace() {
    let book = Book::started(json!({}), 12);
    let status = book.status("2026-03-01");
    assert_eq!((&status["kind"], &status["grace_end"]), (&json!("grace"), &json!("2026-03-31")));
    let text = |language| book.text("2026-03-01", language);
    assert_eq!(
        text(Language::En),
        "subscription has started; grace until 2026-03-31, that day not included"
    );
    assert!(text(Language::Fr).contains("a démarré, période d’essai jusqu’au 2026-03-31"));
    for language in [Language::Ru, Language::Ja] {
        assert!(text(language).contains("2026-03-31"));
    }
}

#[test]
fn s_ax_30_a_second_start_is_refused() {
    let mut book = Book::started(json!({}), 12);
    let refusal = book.refused("2026-04-01", start("vms"));
    assert_eq!(refusal.kind(), ErrorKind::SubscriptionAlreadyStarted);
    assert_eq!(refusal.to_string(), "the subscription to `vms` was started on 2026-03-01");
}

#[test]
fn s_ax_31_the_grace_lies_inside_the_year() {
    let book = Book::started(json!({}), 12);
    let status = book.status("2026-03-01");
    assert_eq!(status["start"], "2026-03-01");
    assert_eq!(status["end"], "2027-03-01");
    assert_eq!(status["grace_end"], "2026-03-31");
}

#[test]
fn s_ax_32_a_trial_that_ends_without_a_start_leaves_nothing() {
    let book = Book::with_cameras(json!({"trial_days": 90}));
    assert_eq!(book.status("2026-05-29")["kind"], "trial");
    assert_eq!(book.status("2026-05-29")["days_left"], 1);
    assert_eq!(book.status("2026-05-30")["kind"], "unlicensed");
    assert_eq!(Book::with_cameras(json!({})).status("2026-05-29")["kind"], "not_started");
}

#[test]
fn s_ax_32_a_start_ends_the_trial_and_opens_the_grace() {
    let mut book = Book::with_cameras(json!({"trial_days": 90}));
    book.start("2026-03-10");
    assert_eq!(book.status("2026-04-08")["kind"], "grace");
    // The trial would still run, and does not come back.
    assert_eq!(book.status("2026-04-09")["kind"], "unlicensed");
    assert_eq!(book.status("2026-04-09")["trial_end"], "2026-05-30");
}

#[test]
fn a_trial_never_revives() {
    let mut book = Book::with_cameras(json!({"trial_days": 30}));
    with_nvr(&mut book, "2026-03-01", json!({}));
    let over = |book: &Book, day: &str| {
        assert_eq!(book.status(day)["kind"], "unlicensed", "{day}");
        assert_eq!(book.status(day)["trial_end"], "2026-03-31", "{day}");
    };
    over(&book, "2026-04-01");
    // Another system, the same system again, and the system lent to another product and back.
    book.register("2026-04-02", ("c1", "s3"), json!({"camera": 1}));
    book.register("2026-04-03", ("c1", "s1"), json!({"camera": 9}));
    over(&book, "2026-04-03");
    for system in ["s1", "s3"] {
        register_for(&mut book, "2026-04-04", "nvr", system);
    }
    assert_eq!(book.status("2026-04-04")["kind"], "not_registered");
    register_for(&mut book, "2026-04-05", "vms", "s1");
    over(&book, "2026-04-05");
}

#[test]
fn a_policy_with_a_trial_gives_none_to_those_who_are_there() {
    let mut book = Book::with_cameras(json!({}));
    let policy = json!({"subscription": {"trial_days": 30}});
    let publish = json!({"product": "vms", "policy": policy});
    book.run("2026-06-01", json!({"publish_policy": publish}));
    book.register("2026-06-02", ("c1", "s1"), json!({"camera": 11}));
    assert_eq!(book.status("2026-06-02")["kind"], "not_started");
    book.start("2026-06-03");
    book.register("2026-06-04", ("c1", "s2"), json!({"camera": 1}));
    assert_eq!(book.status("2026-06-04")["trial_end"], json!(null));
}

#[test]
fn s_ax_52_each_renewal_of_a_licensed_period_has_a_grace() {
    let mut book = Book::started(json!({}), 12);
    book.allocate("2026-03-20", 0, json!({"camera": 10}));
    assert_eq!(book.status("2027-02-28")["kind"], "licensed");
    let renewed = book.status("2027-03-01");
    assert_eq!((&renewed["kind"], &renewed["grace_end"]), (&json!("grace"), &json!("2027-03-31")));
    assert_eq!(book.status("2027-03-31")["kind"], "unlicensed");
    // Nothing was paid in 2027, so 2028 opens without another grace.
    assert_eq!(book.status("2028-03-01")["kind"], "unlicensed");
}

#[test]
fn s_ax_52_a_late_allocation_earns_the_next_grace_again() {
    let mut book = Book::started(json!({}), 40);
    assert_eq!(book.status("2027-03-01")["kind"], "unlicensed");
    book.allocate("2028-02-28", 0, json!({"camera": 10}));
    assert_eq!(book.status("2028-02-29")["kind"], "licensed");
    assert_eq!(book.status("2028-03-01")["kind"], "grace");
    assert_eq!(book.status("2028-03-30")["kind"], "grace");
    assert_eq!(book.status("2028-03-31")["kind"], "unlicensed");
}

#[test]
fn a_period_licensed_in_part_is_followed_by_no_grace() {
    let mut book = Book::started(json!({"partial_allocation": true}), 9);
    book.allocate("2026-03-20", 0, json!({"camera": 9}));
    assert_eq!(book.status("2026-03-30")["kind"], "grace");
    assert_eq!(book.status("2026-03-31")["kind"], "partly_licensed");
    assert_eq!(book.status("2027-02-28")["kind"], "partly_licensed");
    assert_eq!(book.status("2027-03-01")["kind"], "unlicensed");
}

#[test]
fn s_ax_53_a_period_covered_ahead_opens_licensed() {
    let mut book = Book::started(json!({}), 30);
    book.allocate("2026-03-20", 0, json!({"camera": 10}));
    book.allocate("2026-03-20", 1, json!({"camera": 10}));
    assert_eq!(book.status("2027-03-01")["kind"], "licensed");
    assert_eq!(book.status("2028-03-01")["kind"], "grace");
}

#[test]
fn s_ax_53_it_does_so_from_the_first_second() {
    let mut book = Book::started(json!({}), 30);
    book.allocate("2026-03-20", 0, json!({"camera": 10}));
    book.allocate("2026-03-20", 1, json!({"camera": 10}));
    // Midnight in Berlin.
    let status = |instant: &str| {
        let status = book.status(instant);
        json!([status["kind"], status["start"]])
    };
    assert_eq!(status("2027-02-28T22:59:59Z"), json!(["licensed", "2026-03-01"]));
    assert_eq!(status("2027-02-28T23:00:00Z"), json!(["licensed", "2027-03-01"]));
    assert_eq!(status("2028-02-29T22:59:59Z"), json!(["licensed", "2027-03-01"]));
    assert_eq!(status("2028-02-29T23:00:00Z"), json!(["grace", "2028-03-01"]));
}

#[test]
fn a_subscription_whose_systems_are_away_goes_on() {
    let mut book = Book::started(json!({}), 30);
    book.allocate("2026-03-20", 0, json!({"camera": 10}));
    book.define("2026-04-01", "nvr", json!({"subscription": {}}));
    register_for(&mut book, "2026-04-01", "nvr", "s1");
    let status = book.status("2026-04-01");
    assert_eq!(status["kind"], "not_registered");
    assert_eq!((&status["start"], &status["end"]), (&json!("2026-03-01"), &json!("2027-03-01")));
    let due = book.due("2026-04-01");
    assert_eq!(due[0], json!({"on": "2027-03-01", "product": "vms", "what": "renewal"}));
    register_for(&mut book, "2026-05-01", "vms", "s1");
    assert_eq!(book.status("2026-05-01")["kind"], "licensed");
}

#[test]
fn a_period_covered_while_there_were_no_devices_is_looked_forward_to() {
    let mut book = Book::started(json!({"over_allocation": true}), 30);
    book.register("2026-03-02", ("c1", "s1"), json!({"camera": 0}));
    book.allocate("2026-03-03", 1, json!({"camera": 10}));
    book.register("2026-06-09", ("c1", "s1"), json!({"camera": 10}));
    let left = |day: &str| json!([book.status(day)["kind"], book.status(day)["days_left"]]);
    assert_eq!(left("2026-06-09"), json!(["unlicensed", 265]));
    assert_eq!(left("2027-02-28"), json!(["unlicensed", 1]));
    assert_eq!(left("2027-03-01"), json!(["licensed", 366]));
}

#[test]
fn products_share_the_customers_dates_whatever_their_terms() {
    let mut book = Book::started(json!({}), 12);
    with_nvr(&mut book, "2026-08-15", json!({"terms": [1, 3], "grace_days": 14}));
    book.run("2026-08-15", start("nvr"));
    let status = book.status_of("nvr", "2026-08-15");
    assert_eq!(json!([status["start"], status["end"]]), json!(["2026-08-01", "2026-09-01"]));
    // Both of the customer's periods turn on the same day.
    let status = book.status_of("nvr", "2027-03-01");
    assert_eq!(json!([status["start"], status["end"]]), json!(["2027-03-01", "2027-04-01"]));
    assert_eq!(book.status("2027-03-01")["start"], "2027-03-01");
}
