//! Corrections: void, charge back, undo; given by the vendor, with a reason, conserving the sums.

use mlicense_core::{error::ErrorKind, view::Balance};
use serde_json::{Value, json};

use super::support::{Book, allocation, cameras, manager};

/// The day on which 100 days of the year from 2026-03-01 have gone.
const LATE: &str = "2026-06-09";

fn correction(name: &str, of: (&str, u32), reason: &str) -> Value {
    let mut body = json!({"customer": "c1", "product": "vms", "reason": reason});
    body[of.0] = json!(of.1);
    json!({name: body})
}

fn void(lot: u32) -> Value {
    correction("void_lot", ("lot", lot), "stocked by mistake")
}

fn charge_back(lot: u32) -> Value {
    correction("charge_back", ("lot", lot), "was not paid")
}

fn undo(allocation: u32) -> Value {
    correction("undo_allocation", ("allocation", allocation), "the wrong product")
}

fn balance(book: &Book, day: &str) -> Balance {
    *book.wallet(day).balance.values().next().unwrap().values().next().unwrap()
}

/// Everything that an allocation may change, as seen on a day.
fn seen(book: &Book, day: &str) -> Value {
    let wallet = book.wallet(day);
    json!([book.status(day), book.need(day), wallet.usable, wallet.carry])
}

#[test]
fn an_untouched_lot_can_be_voided() {
    let mut book = Book::started(json!({}), 12);
    book.stock("2026-03-02", "key-2", cameras(5));
    book.run("2026-03-03", void(2));
    assert_eq!(book.cameras("2026-03-03"), 12);
    let lot = &book.wallet("2026-03-03").lots[1];
    assert_eq!((lot.left, lot.voided), (0, 5), "it stays in view");
    let sums = balance(&book, "2026-03-03");
    assert_eq!((sums.redeemed, sums.left, sums.voided), (17 * 12, 12 * 12, 5 * 12));
    assert_eq!(book.kind("2026-03-03", void(2)), ErrorKind::LotTouched);
    assert_eq!(book.kind("2026-03-03", void(3)), ErrorKind::LotUnknown);
}

#[test]
fn a_lot_in_use_is_charged_back_and_not_voided() {
    let mut book = Book::started(json!({}), 12);
    book.allocate("2026-03-20", 0, json!({"camera": 10}));
    assert_eq!(book.kind("2026-03-21", void(1)), ErrorKind::LotTouched);
    book.run("2026-03-21", charge_back(1));
    let lot = &book.wallet("2026-03-21").lots[0];
    assert_eq!((lot.left, lot.voided, book.cameras("2026-03-21")), (0, 2, 0));
    assert_eq!(book.status("2026-03-21")["kind"], "licensed", "what was allocated stays");
    assert_eq!(book.kind("2026-03-22", charge_back(1)), ErrorKind::LotTouched);
}

#[test]
fn an_undone_allocation_leaves_no_trace_but_in_the_history() {
    for (policy, day) in [
        (json!({}), "2026-03-20"),
        (json!({}), LATE),
        (json!({"credited_storage": "inherit"}), LATE),
        (json!({"compensation": "grace_end"}), LATE),
    ] {
        let mut book = Book::started(policy, 12);
        let before = seen(&book, day);
        book.allocate(day, 0, json!({"camera": 10}));
        assert_ne!(seen(&book, day), before);
        book.run(day, undo(1));
        assert_eq!(seen(&book, day), before);
        // What it gave back was taken out of circulation, and the debits are back.
        let sums = balance(&book, day);
        assert_eq!((sums.allocated, sums.left), (0, 12 * 12));
        assert_eq!(sums.credited, sums.voided);
        book.allocate(day, 0, json!({"camera": 10}));
        assert_eq!(book.status(day)["kind"], "licensed");
    }
}

#[test]
fn undoing_restores_the_carry_that_was() {
    let mut book = Book::started(json!({"partial_allocation": true}), 12);
    book.allocate("2026-05-10", 0, json!({"camera": 4}));
    let before = seen(&book, LATE);
    assert_eq!(book.carry(LATE), 102_480);
    book.allocate(LATE, 0, json!({"camera": 6}));
    assert_eq!((book.carry(LATE), book.cameras(LATE)), (54_900, 4));
    book.run(LATE, undo(2));
    assert_eq!(seen(&book, LATE), before);
}

#[test]
fn undoing_restores_the_base_of_growth() {
    let mut book = Book::started(json!({}), 40);
    book.allocate("2026-03-20", 0, json!({"camera": 10}));
    book.run("2026-03-21", undo(1));
    assert_eq!(book.status("2026-03-21")["kind"], "grace");
    book.register("2026-03-22", ("c1", "s2"), json!({"camera": 4}));
    assert_eq!(book.need("2026-03-22")[0]["need"]["camera"], 14, "the period is open again");
    book.allocate("2026-03-23", 0, json!({"camera": 14}));
    book.register("2026-03-24", ("c1", "s2"), json!({"camera": 18}));
    assert_eq!(book.need("2026-03-24")[0]["need"]["camera"], 14);
    book.register("2026-03-25", ("c1", "s2"), json!({"camera": 19}));
    assert_eq!(book.need("2026-03-25")[0]["need"]["camera"], 15);
}

#[test]
fn undoing_settles_with_the_devices_of_that_day() {
    let mut book = Book::started(json!({"partial_allocation": true}), 40);
    book.allocate("2026-03-20", 0, json!({"camera": 6}));
    book.allocate("2026-03-20", 0, json!({"camera": 4}));
    book.register("2026-04-20", ("c1", "s1"), json!({"camera": 6}));
    book.run("2026-04-20", undo(2));
    assert_eq!(book.status("2026-04-20")["kind"], "licensed");
    book.register("2026-04-21", ("c1", "s1"), json!({"camera": 13}));
    assert_eq!(book.need("2026-04-21")[0]["need"]["camera"], 7, "6 and as many again are free");
}

#[test]
fn undoing_takes_back_every_period_of_a_longer_licence() {
    let mut book = Book::started(json!({}), 12);
    book.stock("2026-03-01", "key-5", super::support::cameras_for(60, 10));
    let before = seen(&book, LATE);
    let mut allocate = allocation(0, json!({"camera": 10}));
    allocate["allocate"]["term"] = json!(60);
    book.run(LATE, allocate);
    book.run(LATE, undo(1));
    assert_eq!(seen(&book, LATE), before);
}

#[test]
fn only_the_newest_allocation_is_undone_within_its_period() {
    let mut book = Book::started(json!({}), 40);
    book.allocate("2026-03-20", 0, json!({"camera": 10}));
    book.allocate("2026-03-20", 1, json!({"camera": 10}));
    for allocation in [0, 1, 3] {
        assert_eq!(book.kind("2026-03-21", undo(allocation)), ErrorKind::AllocationNotLast);
    }
    let mut next_year = book.clone();
    assert_eq!(next_year.kind("2027-03-01", undo(2)), ErrorKind::AllocationNotLast);
    book.run("2027-02-28", undo(2));
    assert_eq!(book.kind("2027-02-28", undo(2)), ErrorKind::AllocationNotLast, "once");
    assert_eq!(book.kind("2027-02-28", undo(1)), ErrorKind::AllocationNotLast);
}

#[test]
fn what_an_allocation_gave_back_must_be_untouched_to_undo_it() {
    let mut book = Book::started(json!({"partial_allocation": true}), 10);
    book.allocate(LATE, 0, json!({"camera": 10}));
    book.run("2026-06-10", charge_back(2));
    assert_eq!(book.kind("2026-06-11", undo(1)), ErrorKind::AllocationNotLast);
}

#[test]
fn corrections_want_a_reason_and_the_vendor() {
    let mut book = Book::started(json!({}), 12);
    book.allocate("2026-03-20", 0, json!({"camera": 10}));
    for (name, of) in
        [("void_lot", "lot"), ("charge_back", "lot"), ("undo_allocation", "allocation")]
    {
        let long = "x".repeat(501);
        for reason in ["", " \t", &long] {
            let command = correction(name, (of, 1), reason);
            assert_eq!(book.kind("2026-03-21", command), ErrorKind::FieldInvalid, "{name}");
        }
        let command = correction(name, (of, 1), "because");
        let refusal = book.execute_as(manager("p1", "c1"), "2026-03-21", command).unwrap_err();
        assert_eq!(refusal.kind(), ErrorKind::Forbidden, "{name}");
    }
    book.run("2026-03-21", correction("undo_allocation", ("allocation", 1), &"x".repeat(500)));
}
