//! Subscriptions through the history: commands in, status and wallet out.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a failing test panics; numbers are small; JSON is written in place"
)]

mod support;

use mlicense_core::error::{ErrorKind, Language};
use serde_json::{Value, json};
use support::{Book, allocation};

fn key(quantity: u32) -> Value {
    json!([{"license_type": "camera", "quantity": quantity}])
}

/// Started on 2026-03-01 with ten cameras and a wallet of `licenses`.
fn started(licenses: u32) -> Book {
    let mut book = Book::with_cameras(json!({}));
    book.start("2026-03-01");
    book.stock("2026-03-01", "key-1", key(licenses));
    book
}

fn cameras(book: &Book, day: &str) -> u64 {
    book.wallet(day).usable.get(&"camera".parse().unwrap()).copied().unwrap_or(0)
}

fn carry(book: &Book, day: &str) -> u64 {
    book.wallet(day).carry.get(&"camera".parse().unwrap()).map_or(0, |carry| carry.ticks)
}

#[test]
fn s_ax_04_a_product_must_be_registered_before_it_is_licensed() {
    let mut book = Book::with_cameras(json!({}));
    book.run("2026-03-01", json!({"register_customer": {"customer": "c2", "zone": "UTC"}}));
    let start = json!({"start_subscription": {"customer": "c2", "product": "vms"}});
    assert_eq!(book.kind("2026-03-01", start), ErrorKind::NotRegistered);
}

#[test]
fn s_ax_17_what_is_not_allocated_stays_in_the_wallet() {
    let mut book = started(20);
    book.allocate("2026-03-10", 0, json!({"camera": 10}));
    assert_eq!(cameras(&book, "2026-03-10"), 10);
    assert_eq!(book.status("2026-03-10")["kind"], "licensed");
}

#[test]
fn s_ax_19_a_lot_is_usable_until_the_day_before_five_years() {
    let book = started(20);
    assert_eq!(cameras(&book, "2031-02-28"), 20);
    assert_eq!(cameras(&book, "2031-03-01"), 0);
    assert!(book.wallet("2031-03-01").lots[0].expired);
}

#[test]
fn s_ax_26_nothing_is_allocated_before_the_start() {
    let mut book = Book::with_cameras(json!({}));
    book.stock("2026-03-01", "key-1", key(12));
    let allocate = allocation(0, json!({"camera": 10}));
    assert_eq!(book.kind("2026-03-01", allocate), ErrorKind::SubscriptionNotStarted);
}

#[test]
fn s_ax_27_grace_ends_on_day_thirty() {
    let book = started(12);
    assert_eq!(book.status("2026-03-30")["kind"], "grace");
    assert_eq!(book.status("2026-03-30")["days_left"], 1);
    assert_eq!(book.status("2026-03-31")["kind"], "unlicensed");
}

#[test]
fn s_ax_30_a_second_start_is_refused() {
    let mut book = started(12);
    let start = json!({"start_subscription": {"customer": "c1", "product": "vms"}});
    let refusal = book.refused("2026-04-01", start);
    assert_eq!(refusal.kind(), ErrorKind::SubscriptionAlreadyStarted);
    assert_eq!(refusal.to_string(), "the subscription to `vms` was started on 2026-03-01");
}

#[test]
fn s_ax_31_the_grace_lies_inside_the_year() {
    let book = started(12);
    let status = book.status("2026-03-01");
    assert_eq!(status["start"], "2026-03-01");
    assert_eq!(status["end"], "2027-03-01");
    assert_eq!(status["grace_end"], "2026-03-31");
}

#[test]
fn s_ax_35_redeeming_allocates_nothing() {
    let mut book = Book::with_cameras(json!({}));
    book.start("2026-03-01");
    let before = book.status("2026-04-05");
    book.stock("2026-04-05", "key-1", key(12));
    let after = book.status("2026-04-05");
    assert_eq!((&before["kind"], &before["allocated"]), (&after["kind"], &after["allocated"]));
    assert_eq!(after["wallet"]["camera"], 12);
}

#[test]
fn s_ax_36_a_key_is_redeemed_once() {
    let mut book = started(12);
    let again = json!({"redeem_key": {"customer": "c1", "product": "vms", "key": "KEY-1"}});
    assert_eq!(book.kind("2026-03-02", again), ErrorKind::KeyAlreadyRedeemed);
    assert_eq!(cameras(&book, "2026-03-02"), 12);
}

#[test]
fn s_ax_37_a_key_of_another_product_is_refused() {
    let mut book = started(12);
    book.run(
        "2026-03-01",
        json!({"define_product": {
            "product": "nvr", "definition": {"name": "NVR", "license_types": ["box"]},
            "policy": {"subscription": {}},
        }}),
    );
    book.issue("2026-03-01", "key-2", key(3));
    let redeem = json!({"redeem_key": {"customer": "c1", "product": "nvr", "key": "key-2"}});
    let refusal = book.refused("2026-03-02", redeem);
    assert_eq!(refusal.kind(), ErrorKind::KeyWrongProduct);
    assert!(refusal.to_string().ends_with("is for product `vms`"), "{refusal}");
}

#[test]
fn s_ax_38_blanks_around_a_key_do_not_matter() {
    let mut book = started(12);
    book.issue("2026-03-01", "key-2", key(3));
    book.redeem("2026-03-02", "\t KEY-2 \r\n");
    assert_eq!(cameras(&book, "2026-03-02"), 15);
}

#[test]
fn s_ax_39_an_unknown_key_is_refused() {
    let mut book = started(12);
    let redeem = json!({"redeem_key": {"customer": "c1", "product": "vms", "key": "key-9"}});
    assert_eq!(book.kind("2026-03-02", redeem), ErrorKind::KeyUnknown);
}

#[test]
fn s_ax_40_allocation_moves_licences_from_the_wallet_to_the_year() {
    let mut book = started(12);
    book.allocate("2026-03-20", 0, json!({"camera": 10}));
    let status = book.status("2026-03-20");
    assert_eq!(status["wallet"]["camera"], 2);
    assert_eq!(status["allocated"]["camera"], 10);
}

#[test]
fn s_ax_43_a_wallet_below_the_need_cannot_be_confirmed() {
    let mut book = started(9);
    let preview = book.preview("2026-03-20", allocation(0, json!({"camera": 9})));
    assert!(preview.token.is_none());
    assert_eq!(preview.refusal.unwrap().name, "INSUFFICIENT_WALLET");
    let kind = book.kind("2026-03-20", allocation(0, json!({"camera": 9})));
    assert_eq!(kind, ErrorKind::InsufficientWallet);
}

#[test]
fn s_ax_47_late_allocation_keeps_the_dates() {
    let mut book = started(12);
    let before = book.status("2026-06-09");
    book.allocate("2026-06-09", 0, json!({"camera": 10}));
    let after = book.status("2026-06-09");
    assert_eq!((&before["start"], &before["end"]), (&after["start"], &after["end"]));
    assert_eq!(
        (after["kind"].as_str(), before["kind"].as_str()),
        (Some("licensed"), Some("unlicensed"))
    );
}

#[test]
fn s_ax_48_late_allocation_credits_whole_licences() {
    let mut book = started(12);
    book.allocate("2026-06-09", 0, json!({"camera": 10}));
    assert_eq!(cameras(&book, "2026-06-09"), 4);
    assert_eq!(carry(&book, "2026-06-09"), 270 * 366);
    let lot = &book.wallet("2026-06-09").lots[1];
    assert_eq!((lot.left, lot.lot.expires_on.to_string().as_str()), (2, "2031-06-09"));
}

#[test]
fn s_ax_49_a_product_added_later_keeps_the_dates_and_is_compensated() {
    for (allocated_on, back, rest) in [("2026-09-01", 9, 55), ("2026-10-01", 11, 265)] {
        let mut book = started(0x7f);
        book.run(
            "2026-08-15",
            json!({"define_product": {
                "product": "nvr", "definition": {"name": "NVR", "license_types": ["camera"]},
                "policy": {"subscription": {}},
            }}),
        );
        let mut request =
            support::request("s2", json!({"camera": 20}), support::noon("2026-08-15"));
        request = request_for("nvr", &request);
        book.run("2026-08-15", json!({"register_system": {"customer": "c1", "request": request}}));
        book.run("2026-08-15", json!({"start_subscription": {"customer": "c1", "product": "nvr"}}));
        book.run(
            "2026-08-15",
            json!({"issue_keys": {"batch": "b2", "product": "nvr",
            "contents": key(20), "keys": ["nvr-key"]}}),
        );
        book.run(
            "2026-08-15",
            json!({"redeem_key": {"customer": "c1", "product": "nvr",
            "key": "nvr-key"}}),
        );
        book.run(
            allocated_on,
            json!({"allocate": {"customer": "c1", "product": "nvr",
            "quantities": {"camera": 20}}}),
        );
        let overview = serde_json::to_value(book.overview(allocated_on)).unwrap();
        let nvr = &overview["products"]["nvr"];
        assert_eq!(nvr["end"], "2027-03-01");
        assert_eq!(nvr["wallet"]["camera"], back, "{allocated_on}");
        let world = book.world();
        let customer = world.customer(&"c1".parse().unwrap()).unwrap();
        let agreement = &customer.agreements()[&"nvr".parse().unwrap()];
        let carry = agreement.subscription().unwrap().carry(&"camera".parse().unwrap());
        assert_eq!(carry, rest * 366, "{allocated_on}");
    }
}

/// The same request for another product, signed anew.
fn request_for(product: &str, request: &str) -> String {
    use mlicense_core::{document::Request, signing::Signer};
    let mut fields = Request::verify(request.as_bytes()).unwrap().fields().clone();
    fields.product = product.parse().unwrap();
    Request::write(&fields, &Signer::from_seed([9; 32])).unwrap()
}

#[test]
fn s_ax_50_within_the_grace_nothing_is_compensated() {
    let mut book = started(12);
    book.allocate("2026-03-30", 0, json!({"camera": 10}));
    assert_eq!((cameras(&book, "2026-03-30"), carry(&book, "2026-03-30")), (2, 0));
}

#[test]
fn s_ax_51_remainders_are_carried_in_any_order() {
    for steps in
        [[("2026-05-10", 4_u64), ("2026-06-09", 6)], [("2026-05-10", 6), ("2026-06-09", 4)]]
    {
        let mut book = Book::with_cameras(json!({"partial_allocation": true}));
        book.start("2026-03-01");
        book.stock("2026-03-01", "key-1", key(12));
        for (day, quantity) in steps {
            book.allocate(day, 0, json!({"camera": quantity}));
        }
        let days: u64 = steps.iter().zip([70, 100]).map(|((_, q), o)| q * o).sum();
        assert_eq!(cameras(&book, "2026-06-09"), 2 + days / 365);
        assert_eq!(carry(&book, "2026-06-09"), days % 365 * 366);
    }
}

#[test]
fn s_ax_52_each_renewal_of_a_licensed_period_has_a_grace() {
    let mut book = started(12);
    book.allocate("2026-03-20", 0, json!({"camera": 10}));
    assert_eq!(book.status("2027-02-28")["kind"], "licensed");
    let renewed = book.status("2027-03-01");
    assert_eq!((&renewed["kind"], &renewed["grace_end"]), (&json!("grace"), &json!("2027-03-31")));
    assert_eq!(book.status("2027-03-31")["kind"], "unlicensed");
    // Nothing was paid in 2027, so 2028 opens without another grace.
    assert_eq!(book.status("2028-03-01")["kind"], "unlicensed");
}

#[test]
fn s_ax_53_a_period_covered_ahead_opens_licensed() {
    let mut book = started(30);
    book.allocate("2026-03-20", 0, json!({"camera": 10}));
    book.allocate("2026-03-20", 1, json!({"camera": 10}));
    assert_eq!(book.status("2027-03-01")["kind"], "licensed");
    assert_eq!(book.status("2028-03-01")["kind"], "grace");
}

#[test]
fn s_ax_54_five_periods_may_be_covered_ahead_and_no_more() {
    let mut book = started(100);
    for ahead in 0..=5 {
        book.allocate("2026-03-20", ahead, json!({"camera": 10}));
    }
    let kind = book.kind("2026-03-20", allocation(6, json!({"camera": 10})));
    assert_eq!(kind, ErrorKind::AdvanceLimit);
    book.allocate("2027-03-01", 5, json!({"camera": 10}));
    assert_eq!(book.status("2032-03-01")["kind"], "licensed");
}

#[test]
fn s_ax_56_devices_added_within_a_period_count_from_the_next() {
    let mut book = started(12);
    book.allocate("2026-03-20", 0, json!({"camera": 10}));
    book.register("2026-07-01", ("c1", "s2"), json!({"camera": 4}));
    let need = book.need("2026-07-01");
    assert_eq!((&need[0]["need"]["camera"], &need[1]["need"]["camera"]), (&json!(10), &json!(14)));
    assert_eq!(book.status("2026-07-01")["kind"], "licensed");
}

#[test]
fn s_ax_58_growth_beyond_the_free_share_needs_licences_now() {
    let mut book = started(12);
    book.allocate("2026-03-20", 0, json!({"camera": 10}));
    book.register("2026-07-01", ("c1", "s2"), json!({"camera": 10}));
    assert_eq!(book.need("2026-07-01")[0]["need"]["camera"], 10);
    book.register("2026-07-02", ("c1", "s2"), json!({"camera": 11}));
    assert_eq!(book.need("2026-07-02")[0]["need"]["camera"], 11);
    assert_eq!(book.status("2026-07-02")["kind"], "licensed");
}

#[test]
fn s_ax_29_the_status_says_that_the_subscription_has_started_and_until_when_grace_lasts() {
    let mut book = started(30);
    let english = book.text("2026-03-01", Language::En);
    assert_eq!(english, "subscription has started; grace until 2026-03-31, that day not included");
    assert!(book.text("2026-03-01", Language::Fr).contains("période d’essai jusqu’au 2026-03-31"));
    book.allocate("2026-03-20", 0, json!({"camera": 10}));
    assert!(book.text("2027-03-01", Language::Fr).contains("délai de grâce jusqu’au 2027-03-31"));
}

#[test]
fn what_comes_by_itself_is_due() {
    let book = started(12);
    let due = book.due("2026-03-01");
    let days: Vec<(&str, &Value)> =
        due.as_array().unwrap().iter().map(|d| (d["on"].as_str().unwrap(), &d["what"])).collect();
    assert_eq!(days[0], ("2026-03-31", &json!("grace_ends")));
    assert_eq!(days[1], ("2027-03-01", &json!("renewal")));
    assert_eq!((days[2].0, &days[2].1["lot_expires_in"]["days"]), ("2030-12-01", &json!(90)));
    assert_eq!((days[3].0, &days[3].1["lot_expires_in"]["days"]), ("2031-01-30", &json!(30)));
    assert_eq!((days[4].0, &days[4].1["lot_expires"]["left"]), ("2031-03-01", &json!(12)));
}
