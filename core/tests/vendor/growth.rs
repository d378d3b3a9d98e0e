//! Need and growth: what devices need now, what from the next period on, and the warning.

use mlicense_core::{customer::CustomerEvent, history::Event};
use serde_json::{Value, json};

use super::{
    support::{Book, cameras, request},
    systems::{allowed, license},
};

/// Ten cameras, licensed for the year from 2026-03-01.
fn licensed(policy: Value, wallet: u32) -> Book {
    let mut book = Book::started(policy, wallet);
    book.allocate("2026-03-20", 0, json!({"camera": 10}));
    book
}

/// Sets the devices of system `s2`, beside the ten cameras of `s1`.
fn add(book: &mut Book, day: &str, devices: Value) {
    book.register(day, ("c1", "s2"), devices);
}

/// What the warnings of growth in the history of customer `c1` said: devices, free, wanted.
fn warnings(book: &Book) -> Vec<(u32, u32, u32)> {
    let stream = "customer/c1".parse().unwrap();
    let events = book.events(&stream).into_iter().filter_map(|recorded| match recorded.event {
        Event::Customer(CustomerEvent::GrowthExceeded { devices, free, extra_now, .. }) => {
            Some((devices, free, extra_now))
        }
        _ => None,
    });
    events.collect()
}

fn needed(book: &Book, day: &str, ahead: usize) -> Value {
    book.need(day)[ahead]["need"]["camera"].clone()
}

#[test]
fn s_ax_10_need_is_told_by_type_for_this_period_and_five_ahead() {
    let mut book = Book::started(json!({}), 12);
    add(&mut book, "2026-03-02", json!({"door": 2}));
    let need = book.need("2026-03-02");
    let rows = need.as_array().unwrap();
    assert_eq!(rows.len(), 6);
    for (ahead, row) in rows.iter().enumerate() {
        assert_eq!(
            (&row["ahead"], &row["need"]),
            (&json!(ahead), &json!({"camera": 10, "door": 2}))
        );
    }
    let starts: Vec<&Value> = rows.iter().map(|row| &row["period"]["start"]).collect();
    let years =
        ["2026", "2027", "2028", "2029", "2030", "2031"].map(|year| format!("{year}-03-01"));
    assert_eq!(starts, years.iter().collect::<Vec<_>>());
}

#[test]
fn s_ax_11_need_is_the_number_of_devices_of_a_type() {
    let mut book = Book::started(json!({}), 12);
    add(&mut book, "2026-03-02", json!({"camera": 3}));
    assert_eq!(needed(&book, "2026-03-02", 0), 13);
    book.register("2026-03-03", ("c1", "s1"), json!({"camera": 7}));
    assert_eq!(needed(&book, "2026-03-03", 0), 10);
    book.allocate("2026-03-04", 0, json!({"camera": 10}));
    // From here on devices count in the period after.
    add(&mut book, "2026-03-05", json!({"camera": 6}));
    assert_eq!(
        (needed(&book, "2026-03-05", 0), needed(&book, "2026-03-05", 1)),
        (json!(10), json!(13))
    );
}

#[test]
fn s_ax_55_devices_added_within_a_period_change_no_status() {
    let mut book = licensed(json!({}), 10);
    add(&mut book, "2026-07-01", json!({"camera": 10}));
    assert_eq!(book.status("2026-07-01")["kind"], "licensed");
    assert_eq!(book.status("2027-02-28")["kind"], "licensed");
    assert_eq!(warnings(&book), []);
}

#[test]
fn s_ax_56_devices_added_within_a_period_count_from_the_next() {
    let mut book = licensed(json!({}), 12);
    add(&mut book, "2026-07-01", json!({"camera": 4}));
    assert_eq!(
        (needed(&book, "2026-07-01", 0), needed(&book, "2026-07-01", 1)),
        (json!(10), json!(14))
    );
    assert_eq!(book.status("2026-07-01")["kind"], "licensed");
}

#[test]
fn s_ax_57_growth_up_to_as_much_again_is_free() {
    let mut book = licensed(json!({}), 12);
    add(&mut book, "2026-07-01", json!({"camera": 10}));
    assert_eq!(needed(&book, "2026-07-01", 0), 10);
    assert_eq!(book.need("2026-07-01")[0]["missing"], json!({}));
    assert_eq!(book.status("2026-07-01")["growth_exceeded"], json!({}));
}

#[test]
fn s_ax_58_growth_beyond_the_free_share_needs_licences_now() {
    let mut book = licensed(json!({}), 12);
    add(&mut book, "2026-07-01", json!({"camera": 10}));
    assert_eq!(needed(&book, "2026-07-01", 0), 10);
    add(&mut book, "2026-07-02", json!({"camera": 11}));
    assert_eq!(needed(&book, "2026-07-02", 0), 11);
    assert_eq!(book.need("2026-07-02")[0]["missing"], json!({"camera": 1}));
    assert_eq!(book.status("2026-07-02")["kind"], "licensed");
}

#[test]
fn s_ax_59_growth_warns_once_for_each_crossing_and_never_blocks() {
    let mut book = licensed(json!({}), 12);
    for (day, more) in [("2026-07-01", 11), ("2026-07-02", 15), ("2026-07-03", 11)] {
        add(&mut book, day, json!({"camera": more}));
    }
    assert_eq!(warnings(&book), [(21, 20, 1)]);
    assert_eq!(book.status("2026-07-03")["growth_exceeded"]["camera"]["extra_now"], 1);
    add(&mut book, "2026-07-04", json!({"camera": 10}));
    add(&mut book, "2026-07-05", json!({"camera": 90}));
    assert_eq!(warnings(&book), [(21, 20, 1), (100, 20, 80)]);
    assert_eq!(book.status("2026-07-05")["kind"], "licensed");
    // The check on the system still says yes.
    let file = request(("vms", "s2"), json!({"camera": 90}), "2026-07-06");
    let license = license(&mut book, "2026-07-06", &file);
    assert!(allowed(&license, "s2", "2026-07-07"));
}

#[test]
fn before_the_period_is_licensed_nothing_has_grown() {
    let mut book = Book::started(json!({}), 12);
    add(&mut book, "2026-03-02", json!({"camera": 90}));
    assert_eq!(warnings(&book), []);
    assert_eq!(needed(&book, "2026-03-02", 0), 100);
}

#[test]
fn licences_topped_up_count_one_for_one() {
    let mut book = licensed(json!({}), 30);
    add(&mut book, "2026-07-01", json!({"camera": 15}));
    assert_eq!(needed(&book, "2026-07-01", 0), 15);
    book.allocate("2026-07-01", 0, json!({"camera": 5}));
    let free = |book: &Book| book.status("2026-07-02")["growth_exceeded"].clone();
    assert_eq!(free(&book), json!({}));
    // 20 + 5 are free: the 26th wants another.
    add(&mut book, "2026-07-02", json!({"camera": 16}));
    assert_eq!(free(&book)["camera"], json!({"free": 25, "extra_now": 1}));
    assert_eq!(warnings(&book), [(25, 20, 5), (26, 25, 1)]);
}

#[test]
fn licences_allocated_later_open_no_new_growth() {
    let mut book = licensed(json!({"over_allocation": true}), 30);
    book.allocate("2026-04-01", 0, json!({"camera": 5}));
    // 15 licences for 10 devices; 20 + 5 are free, not 30.
    add(&mut book, "2026-07-01", json!({"camera": 15}));
    assert_eq!(needed(&book, "2026-07-01", 0), 15);
    add(&mut book, "2026-07-02", json!({"camera": 16}));
    assert_eq!(needed(&book, "2026-07-02", 0), 16);
}

#[test]
fn a_share_that_is_not_whole_is_rounded_down() {
    let mut book = Book::started(json!({"growth_percent": 50}), 12);
    book.register("2026-03-02", ("c1", "s1"), json!({"camera": 7}));
    book.allocate("2026-03-20", 0, json!({"camera": 7}));
    add(&mut book, "2026-07-01", json!({"camera": 3}));
    assert_eq!(needed(&book, "2026-07-01", 0), 7);
    add(&mut book, "2026-07-02", json!({"camera": 4}));
    assert_eq!(needed(&book, "2026-07-02", 0), 8);
}

#[test]
fn each_type_grows_by_itself() {
    let mut book = Book::started(json!({}), 12);
    book.stock("2026-03-01", "key-2", json!([{"license_type": "door", "quantity": 2}]));
    add(&mut book, "2026-03-02", json!({"door": 2}));
    book.allocate("2026-03-20", 0, json!({"camera": 10, "door": 2}));
    add(&mut book, "2026-07-01", json!({"camera": 5, "door": 5}));
    let need = book.need("2026-07-01");
    assert_eq!(need[0]["need"], json!({"camera": 10, "door": 3}));
    assert_eq!(need[1]["need"], json!({"camera": 15, "door": 5}));
}

#[test]
fn each_period_grows_from_its_own_base() {
    let mut book = licensed(json!({}), 80);
    add(&mut book, "2026-07-01", json!({"camera": 10}));
    book.allocate("2027-03-02", 0, json!({"camera": 20}));
    add(&mut book, "2027-07-01", json!({"camera": 30}));
    assert_eq!(needed(&book, "2027-07-01", 0), 20);
    add(&mut book, "2027-07-02", json!({"camera": 31}));
    assert_eq!(needed(&book, "2027-07-02", 0), 21);
}

#[test]
fn devices_added_after_an_early_renewal_are_missing_when_the_period_opens() {
    let mut book = licensed(json!({"partial_allocation": true}), 40);
    book.allocate("2026-03-20", 1, json!({"camera": 10}));
    add(&mut book, "2026-07-01", json!({"camera": 4}));
    assert_eq!(book.need("2026-07-01")[1]["missing"], json!({"camera": 4}));
    assert_eq!(book.status("2027-03-01")["kind"], "grace");
    assert_eq!(book.status("2027-03-31")["kind"], "partly_licensed");
    // 4 · 100 days of 366: one licence back, 34 days carried.
    book.allocate("2027-06-09", 0, json!({"camera": 4}));
    assert_eq!(book.status("2027-06-09")["kind"], "licensed");
    assert_eq!((book.cameras("2027-06-09"), book.carry("2027-06-09")), (17, 34 * 365));
}

#[test]
fn fewer_devices_complete_a_period_and_fix_its_base() {
    let mut book = Book::started(json!({"partial_allocation": true}), 12);
    book.allocate("2026-03-20", 0, json!({"camera": 8}));
    book.register("2026-05-01", ("c1", "s1"), json!({"camera": 8}));
    assert_eq!(book.status("2026-05-01")["kind"], "licensed");
    add(&mut book, "2026-06-01", json!({"camera": 8}));
    assert_eq!(book.status("2026-06-01")["kind"], "licensed");
    add(&mut book, "2026-06-02", json!({"camera": 9}));
    assert_eq!((needed(&book, "2026-06-02", 0), warnings(&book)), (json!(9), vec![(17, 16, 1)]));
}

#[test]
fn a_system_that_leaves_for_another_product_completes_a_period_too() {
    let mut book = Book::started(json!({"partial_allocation": true}), 12);
    book.define("2026-03-01", "nvr", json!({"subscription": {}}));
    add(&mut book, "2026-03-02", json!({"camera": 2}));
    book.allocate("2026-03-20", 0, json!({"camera": 10}));
    let away = request(("nvr", "s2"), json!({"camera": 2}), "2026-05-01");
    book.run("2026-05-01", json!({"take_request": {"customer": "c1", "request": away}}));
    assert_eq!(book.status("2026-05-01")["kind"], "licensed");
    book.register("2026-06-01", ("c1", "s3"), json!({"camera": 5}));
    assert_eq!(book.status("2026-06-01")["kind"], "licensed");
}

#[test]
fn a_wallet_may_be_stocked_for_growth_to_come() {
    let mut book = licensed(json!({}), 10);
    add(&mut book, "2026-07-01", json!({"camera": 11}));
    book.stock("2026-07-02", "key-2", cameras(1));
    book.allocate("2026-07-02", 0, json!({"camera": 1}));
    assert_eq!(book.need("2026-07-02")[0]["missing"], json!({}));
    assert_eq!(book.status("2026-07-02")["growth_exceeded"], json!({}));
}
