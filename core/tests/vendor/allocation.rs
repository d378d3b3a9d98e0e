//! Allocation from the wallet to periods, late and ahead, and what it gives back.

use mlicense_core::error::ErrorKind;
use serde_json::{Value, json};

use super::support::{Book, allocation, cameras, cameras_for, request, start};

/// Ticks of a licence of one day in a year of 365 days.
const DAY: u64 = 366;

fn started(licenses: u32) -> Book {
    Book::started(json!({}), licenses)
}

/// An allocation of licences of so many months.
fn allocation_for(months: u16, ahead: u32, quantity: u32) -> Value {
    json!({"allocate": {
        "customer": "c1", "product": "vms", "quantities": {"camera": quantity}, "ahead": ahead,
        "term": months,
    }})
}

#[test]
fn s_ax_17_what_is_not_allocated_stays_in_the_wallet() {
    let mut book = started(20);
    book.allocate("2026-03-10", 0, json!({"camera": 10}));
    assert_eq!(book.cameras("2026-03-10"), 10);
    assert_eq!(book.status("2026-03-10")["kind"], "licensed");
}

#[test]
fn s_ax_18_what_is_left_covers_the_next_period() {
    let mut book = started(20);
    book.allocate("2026-03-10", 0, json!({"camera": 10}));
    book.allocate("2026-12-24", 1, json!({"camera": 10}));
    assert_eq!(book.cameras("2026-12-24"), 0);
    assert_eq!(book.need("2026-12-24")[1]["missing"], json!({}));
    assert_eq!(book.status("2027-03-01")["kind"], "licensed");
}

#[test]
fn s_ax_40_allocation_moves_licences_from_the_wallet_to_the_year() {
    let mut book = started(12);
    let months = |book: &Book| {
        let balance = book.wallet("2026-03-20").balance;
        let balance = balance.values().next().unwrap().values().next().unwrap();
        (balance.redeemed, balance.left, balance.allocated)
    };
    assert_eq!(months(&book), (144, 144, 0));
    book.allocate("2026-03-20", 0, json!({"camera": 10}));
    let status = book.status("2026-03-20");
    assert_eq!(status["wallet"]["camera"], 2);
    assert_eq!(status["allocated"]["camera"], 10);
    assert_eq!(months(&book), (144, 24, 120));
}

#[test]
fn s_ax_41_a_period_is_licensed_exactly_when_the_allocation_reaches_the_need() {
    for (day, below) in [("2026-03-20", "grace"), ("2026-06-09", "partly_licensed")] {
        let mut book = Book::started(json!({"partial_allocation": true}), 12);
        book.allocate(day, 0, json!({"camera": 9}));
        assert_eq!(book.status_kind(day), below);
        assert_eq!(book.need(day)[0]["missing"]["camera"], 1);
        book.allocate(day, 0, json!({"camera": 1}));
        assert_eq!(book.status_kind(day), "licensed");
        assert_eq!(book.need(day)[0]["missing"], json!({}));
    }
}

#[test]
fn s_ax_41_every_type_has_to_reach_its_need() {
    let mut book = Book::started(json!({"partial_allocation": true}), 12);
    book.register("2026-03-02", ("c1", "s1"), json!({"camera": 10, "door": 1}));
    book.allocate("2026-03-20", 0, json!({"camera": 10}));
    assert_eq!(book.status_kind("2026-03-20"), "grace");
    book.stock("2026-03-20", "key-2", json!([{"license_type": "door", "quantity": 1}]));
    book.allocate("2026-03-20", 0, json!({"door": 1}));
    assert_eq!(book.status_kind("2026-03-20"), "licensed");
}

#[test]
fn s_ax_42_a_period_covered_ahead_opens_licensed() {
    let mut book = started(20);
    book.allocate("2026-03-10", 0, json!({"camera": 10}));
    assert_eq!(book.status("2027-03-01")["kind"], "grace");
    book.allocate("2026-03-10", 1, json!({"camera": 10}));
    assert_eq!(book.status("2027-03-01")["kind"], "licensed");
    assert_eq!(book.status("2027-03-01")["allocated"]["camera"], 10);
}

#[test]
fn s_ax_43_a_wallet_below_the_need_cannot_be_confirmed() {
    for wanted in [9, 10] {
        let mut book = started(9);
        let allocate = allocation(0, json!({"camera": wanted}));
        let preview = book.preview("2026-03-20", allocate.clone()).unwrap();
        assert!(preview.token.is_none());
        assert_eq!(preview.refusal.unwrap().kind(), ErrorKind::InsufficientWallet);
        assert_eq!(book.kind("2026-03-20", allocate), ErrorKind::InsufficientWallet);
    }
}

#[test]
fn a_part_of_the_need_is_taken_only_where_the_policy_takes_parts() {
    let mut book = started(12);
    let part = allocation(0, json!({"camera": 9}));
    assert_eq!(book.kind("2026-03-20", part.clone()), ErrorKind::PartialAllocation);
    let mut book = Book::started(json!({"partial_allocation": true}), 9);
    book.run("2026-03-20", part);
    let more = allocation(0, json!({"camera": 1}));
    assert_eq!(book.kind("2026-03-20", more), ErrorKind::InsufficientWallet);
}

#[test]
fn more_than_the_need_is_taken_only_where_the_policy_allows_it() {
    let mut book = started(12);
    let more = allocation(0, json!({"camera": 11}));
    assert_eq!(book.kind("2026-03-20", more.clone()), ErrorKind::ExceedsNeed);
    let mut book = Book::started(json!({"over_allocation": true}), 12);
    book.run("2026-03-20", more);
    // Growth counts from what was allocated first.
    book.register("2026-04-20", ("c1", "s2"), json!({"camera": 12}));
    assert_eq!(book.need("2026-04-20")[0]["need"]["camera"], 11);
    book.register("2026-04-21", ("c1", "s2"), json!({"camera": 13}));
    assert_eq!(book.need("2026-04-21")[0]["need"]["camera"], 12);
}

#[test]
fn s_ax_47_late_allocation_keeps_the_dates() {
    let mut book = started(12);
    let before = book.status("2026-06-09");
    book.allocate("2026-06-09", 0, json!({"camera": 10}));
    let after = book.status("2026-06-09");
    assert_eq!((&before["start"], &before["end"]), (&after["start"], &after["end"]));
    assert_eq!((&before["kind"], &after["kind"]), (&json!("unlicensed"), &json!("licensed")));
}

#[test]
fn s_ax_48_late_allocation_credits_whole_licences() {
    let mut book = started(12);
    book.allocate("2026-06-09", 0, json!({"camera": 10}));
    assert_eq!(book.cameras("2026-06-09"), 4);
    assert_eq!(book.carry("2026-06-09"), 270 * DAY);
    let lot = &book.wallet("2026-06-09").lots[1];
    assert_eq!((lot.left, lot.lot.expires_on.to_string().as_str()), (2, "2031-06-09"));
}

#[test]
fn s_ax_49_a_product_added_later_keeps_the_dates_and_is_compensated() {
    // Within its own grace the days before it joined count, after it the days since too.
    for (allocated_on, back, rest) in [
        ("2026-08-15", 9, 55),
        ("2026-09-01", 9, 55),
        ("2026-09-13", 9, 55),
        ("2026-10-01", 11, 265),
    ] {
        let mut book = started(12);
        let day = "2026-08-15";
        book.define(day, "nvr", json!({"subscription": {}}));
        let request = request(("nvr", "s2"), json!({"camera": 20}), day);
        book.run(day, json!({"take_request": {"customer": "c1", "request": request}}));
        book.run(day, start("nvr"));
        let stock = json!({
            "customer": "c1", "product": "nvr", "contents": cameras(20), "source": "purchase",
        });
        book.run(day, json!({"stock_licenses": stock}));
        let allocate = json!({
            "customer": "c1", "product": "nvr", "quantities": {"camera": 20},
        });
        book.run(allocated_on, json!({"allocate": allocate}));
        assert_eq!(book.status_of("nvr", allocated_on)["end"], "2027-03-01");
        let wallet = book.wallet_of(("c1", "nvr"), allocated_on);
        let camera = "camera".parse().unwrap();
        assert_eq!(wallet.usable[&camera], back, "{allocated_on}");
        assert_eq!(wallet.carry[&camera].ticks, rest * DAY, "{allocated_on}");
    }
}

#[test]
fn s_ax_50_within_the_grace_nothing_is_compensated() {
    for day in ["2026-03-20", "2026-03-30"] {
        let mut book = started(12);
        book.allocate(day, 0, json!({"camera": 10}));
        assert_eq!((book.cameras(day), book.carry(day)), (2, 0));
    }
    let mut book = started(12);
    book.allocate("2026-03-31", 0, json!({"camera": 10}));
    assert_eq!((book.cameras("2026-03-31"), book.carry("2026-03-31")), (2, 300 * DAY));
}

#[test]
fn s_ax_50_nor_within_the_grace_of_a_renewal() {
    let mut book = started(22);
    book.allocate("2026-03-20", 0, json!({"camera": 10}));
    book.allocate("2027-03-30", 0, json!({"camera": 10}));
    assert_eq!((book.cameras("2027-03-30"), book.carry("2027-03-30")), (2, 0));
}

#[test]
fn s_ax_51_remainders_are_carried_in_any_order() {
    for steps in
        [[("2026-05-10", 4_u64), ("2026-06-09", 6)], [("2026-05-10", 6), ("2026-06-09", 4)]]
    {
        let mut book = Book::started(json!({"partial_allocation": true}), 12);
        for (day, quantity) in steps {
            book.allocate(day, 0, json!({"camera": quantity}));
        }
        let days: u64 = steps.iter().zip([70, 100]).map(|((_, q), o)| q * o).sum();
        assert_eq!(book.cameras("2026-06-09"), 2 + days / 365);
        assert_eq!(book.carry("2026-06-09"), days % 365 * DAY);
    }
}

#[test]
fn s_ax_51_a_carry_is_kept_over_the_years() {
    let mut book = started(40);
    book.allocate("2026-06-09", 0, json!({"camera": 10}));
    assert_eq!(book.carry("2027-06-08"), 270 * DAY);
    // The second year has a grace of its own; on its last day nothing is added.
    book.allocate("2027-03-30", 0, json!({"camera": 10}));
    assert_eq!(book.carry("2027-03-30"), 270 * DAY);
    // The third is left until 100 of its 365 days have gone: 98 820 + 366 000 = 3 · D + 64 050.
    let before = book.cameras("2028-06-09");
    assert_eq!(book.status("2028-06-09")["end"], "2029-03-01");
    book.allocate("2028-06-09", 0, json!({"camera": 10}));
    assert_eq!(book.cameras("2028-06-09"), before - 10 + 3);
    assert_eq!(book.carry("2028-06-09"), 64_050);
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
fn a_period_behind_one_that_is_not_covered_cannot_be_covered() {
    let mut book = started(40);
    let next = allocation(1, json!({"camera": 10}));
    assert_eq!(book.kind("2026-03-20", next), ErrorKind::PeriodGap);
    book.allocate("2026-03-20", 0, json!({"camera": 10}));
    let after = allocation(2, json!({"camera": 10}));
    assert_eq!(book.kind("2026-03-20", after), ErrorKind::PeriodGap);
}

#[test]
fn a_licence_of_five_years_covers_five_periods() {
    let mut book = started(20);
    book.stock("2026-03-01", "key-5", cameras_for(60, 10));
    book.run("2026-03-20", allocation_for(60, 0, 10));
    let allocated: Vec<Value> =
        (0..6).map(|ahead| book.need("2026-03-20")[ahead]["allocated"]["camera"].clone()).collect();
    assert_eq!(json!(allocated), json!([10, 10, 10, 10, 10, null]));
    assert_eq!(book.status("2030-03-01")["kind"], "licensed");
    assert_eq!(book.status("2031-02-28")["kind"], "licensed");
    assert_eq!(book.status("2031-03-01")["kind"], "grace");
    // Those of one year are still there.
    assert_eq!(book.cameras("2026-03-20"), 20);
}

#[test]
fn a_licence_of_five_years_needs_five_free_periods_within_the_limit() {
    let mut book = started(40);
    book.stock("2026-03-01", "key-5", cameras_for(60, 20));
    let day = "2026-03-20";
    book.allocate(day, 0, json!({"camera": 10}));
    book.allocate(day, 1, json!({"camera": 10}));
    assert_eq!(book.kind(day, allocation_for(60, 1, 10)), ErrorKind::ExceedsNeed);
    assert_eq!(book.kind(day, allocation_for(60, 2, 10)), ErrorKind::AdvanceLimit);
    book.run("2027-03-01", allocation_for(60, 1, 10));
    assert_eq!(book.status("2032-03-01")["kind"], "licensed");
}

#[test]
fn a_licence_of_five_years_allocated_late_gives_back_years() {
    let mut book = started(12);
    book.stock("2026-03-01", "key-5", cameras_for(60, 10));
    book.run("2026-06-09", allocation_for(60, 0, 10));
    let wallet = book.wallet("2026-06-09");
    let back = wallet.lots.last().unwrap();
    assert_eq!(serde_json::to_value(back.lot.kind).unwrap(), json!({"subscription": 12}));
    assert_eq!((back.left, book.carry("2026-06-09")), (2, 270 * DAY));
}

#[test]
fn licences_of_a_longer_term_count_as_whole_periods_or_not_at_all() {
    let policy = json!({"terms": [3], "grace_days": 20, "advance_periods": 8});
    let mut book = Book::opened("2026-03-01", "UTC", policy);
    book.start("2026-03-01");
    for (key, months) in [("key-a", 12), ("key-b", 6), ("key-c", 3)] {
        book.stock("2026-03-01", key, cameras_for(months, 10));
    }
    let day = "2026-03-02";
    book.run(day, allocation_for(12, 0, 10));
    book.run(day, allocation_for(6, 4, 10));
    book.allocate(day, 6, json!({"camera": 10}));
    assert_eq!(book.status("2027-11-30")["kind"], "licensed");
    assert_eq!(book.need(day)[7]["allocated"], json!({}));
    assert_eq!(book.kind(day, allocation_for(4, 7, 10)), ErrorKind::TermNotOffered);
}
