//! The wallet: stock, storage, the order in which lots are taken, and credited lots.

use mlicense_core::{error::ErrorKind, wallet::LotSource};
use serde_json::{Value, json};

use super::support::{Book, allocation, cameras, day};

/// What is left in each lot, in the order of storing.
fn left(book: &Book, day: &str) -> Vec<u32> {
    book.wallet(day).lots.iter().map(|lot| lot.left).collect()
}

fn publish(policy: Value) -> Value {
    json!({"publish_policy": {"product": "vms", "policy": {"subscription": policy}}})
}

#[test]
fn s_ax_19_a_lot_is_usable_until_the_day_before_five_years() {
    let mut book = Book::started(json!({}), 20);
    assert_eq!(book.cameras("2031-02-28"), 20);
    assert_eq!(book.cameras("2031-03-01"), 0);
    assert!(book.wallet("2031-03-01").lots[0].expired);
    let allocate = allocation(0, json!({"camera": 10}));
    let mut late = book.clone();
    assert_eq!(late.kind("2031-03-01", allocate.clone()), ErrorKind::InsufficientWallet);
    book.run("2031-02-28", allocate);
    assert_eq!(book.status("2031-02-28")["kind"], "licensed");
}

#[test]
fn s_ax_19_a_lot_stored_on_a_leap_day_ends_on_the_28th() {
    let mut book = Book::opened("2028-02-29", "Europe/Berlin", json!({}));
    book.stock("2028-02-29", "key-1", cameras(1));
    assert_eq!(book.wallet("2028-02-29").lots[0].lot.expires_on, day("2033-02-28"));
    assert_eq!((book.cameras("2033-02-27"), book.cameras("2033-02-28")), (1, 0));
}

#[test]
fn an_allocation_made_in_time_outlives_its_lot() {
    let mut book = Book::started(json!({}), 60);
    let day = "2031-02-28";
    book.allocate(day, 0, json!({"camera": 10}));
    for ahead in 1..=5 {
        book.allocate(day, ahead, json!({"camera": 10}));
    }
    assert_eq!(book.status("2036-02-29")["kind"], "licensed");
}

#[test]
fn s_ax_20_the_wallet_sums_what_the_lots_have_left_by_type() {
    let mut book = Book::started(json!({}), 12);
    let contents =
        json!([{"license_type": "camera", "quantity": 5}, {"license_type": "door", "quantity": 2}]);
    book.stock("2026-03-02", "key-2", contents);
    book.allocate("2026-03-20", 0, json!({"camera": 10}));
    assert_eq!(left(&book, "2026-03-20"), [2, 5, 2]);
    let usable = serde_json::to_value(book.wallet("2026-03-20").usable).unwrap();
    assert_eq!(usable, json!({"camera": 7, "door": 2}));
    assert_eq!(book.status("2026-03-20")["wallet"], usable);
}

#[test]
fn s_ax_21_of_two_lots_the_one_that_expires_first_is_taken() {
    // Licences given back here end with the lot they came from, before those redeemed later.
    let policy = json!({"credited_storage": "inherit", "partial_allocation": true});
    let mut book = Book::started(policy, 10);
    book.stock("2026-05-01", "key-2", cameras(10));
    book.allocate("2026-08-30", 0, json!({"camera": 4}));
    // 4 · 182 days are 1 licence: lot 3, ending with lot 1.
    assert_eq!(left(&book, "2026-08-30"), [6, 10, 1]);
    book.register("2026-08-30", ("c1", "s1"), json!({"camera": 100}));
    book.allocate("2026-08-30", 0, json!({"camera": 8}));
    assert_eq!(left(&book, "2026-08-30")[..3], [0, 9, 0]);
}

#[test]
fn s_ax_22_an_expired_lot_stays_in_view_and_is_not_taken() {
    let mut book = Book::started(json!({}), 5);
    book.stock("2027-03-01", "key-2", cameras(9));
    let day = "2031-03-01";
    let kind = book.kind(day, allocation(0, json!({"camera": 10})));
    assert_eq!(kind, ErrorKind::InsufficientWallet);
    let lots = book.wallet(day).lots;
    let seen: Vec<_> = lots.iter().map(|lot| (lot.left, lot.expired)).collect();
    assert_eq!(seen, [(5, true), (9, false)]);
}

#[test]
fn lots_that_are_about_to_expire_are_named_90_and_30_days_ahead() {
    let book = Book::started(json!({}), 5);
    let lots = |today: &str| -> Vec<Value> {
        let due = book.due(today);
        let due = due.as_array().unwrap().iter();
        due.filter(|due| due["what"].to_string().contains("lot_")).cloned().collect()
    };
    let all = lots("2030-11-30");
    let days: Vec<&Value> = all.iter().map(|due| &due["on"]).collect();
    assert_eq!(days, ["2030-12-01", "2031-01-30", "2031-03-01"]);
    assert_eq!(all[0]["what"]["lot_expires_in"]["days"], 90);
    assert_eq!(all[2]["what"]["lot_expires"]["left"], 5);
    assert_eq!(lots("2030-12-01").len(), 2, "the day itself is no longer coming");
    assert_eq!(lots("2031-03-01"), [json!(null); 0]);
}

#[test]
fn licences_given_back_are_stored_anew_or_end_with_their_source() {
    for (storage, end) in [("fresh", "2031-06-09"), ("inherit", "2031-03-01")] {
        let mut book = Book::started(json!({"credited_storage": storage}), 8);
        book.stock("2026-04-01", "key-2", cameras(8));
        book.allocate("2026-06-09", 0, json!({"camera": 10}));
        let back = book.wallet("2026-06-09").lots.pop().unwrap();
        assert_eq!((back.lot.source, back.left), (LotSource::Compensation, 2));
        assert_eq!(back.lot.expires_on, day(end), "{storage}");
    }
}

#[test]
fn storage_follows_the_policy_that_the_agreement_keeps() {
    let mut book = Book::started(json!({}), 12);
    book.run("2026-04-01", publish(json!({"storage_years": 1})));
    book.stock("2026-04-02", "key-2", cameras(1));
    assert_eq!(book.wallet("2026-04-02").lots[1].lot.expires_on, day("2031-04-02"));
    book.run("2026-04-03", json!({"adopt_policy": {"customer": "c1", "product": "vms"}}));
    book.stock("2027-02-28", "key-3", cameras(1));
    book.stock("2027-03-01", "key-4", cameras(1));
    let ends = book.wallet("2027-03-01").lots;
    let ends: Vec<String> = ends.iter().map(|lot| lot.lot.expires_on.to_string()).collect();
    assert_eq!(ends[2..], ["2032-02-28", "2028-03-01"]);
}
