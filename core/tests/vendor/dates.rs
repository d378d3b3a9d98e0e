//! Terms and days: month ends, leap years, zones, and late allocation in periods of every length.

use serde_json::{Value, json};

use super::support::{Book, cameras, cameras_for};

/// First days of the current and the coming periods.
fn starts(book: &Book, when: &str) -> Vec<String> {
    let need = book.need(when);
    let rows = need.as_array().unwrap().iter();
    rows.map(|row| row["period"]["start"].as_str().unwrap().to_owned()).collect()
}

/// Ten cameras, started at noon of a day in UTC under terms of so many months.
fn started(day: &str, months: u16, more: Value) -> Book {
    let mut policy = json!({"terms": [months], "grace_days": 10, "advance_periods": 5});
    policy.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let mut book = Book::opened(day, "UTC", policy);
    book.start(day);
    book.stock(day, "key-1", cameras_for(months, 100));
    book
}

/// Licences back, and ticks carried, for ten allocated on a day.
fn late(mut book: Book, day: &str) -> (u64, u64) {
    let before = book.cameras(day);
    book.allocate(day, 0, json!({"camera": 10}));
    (book.cameras(day) + 10 - before, book.carry(day))
}

#[test]
fn monthly_periods_from_the_31st_end_with_each_month() {
    let book = started("2027-01-31", 1, json!({"advance_periods": 14}));
    let expect = [
        "2027-01-31",
        "2027-02-28",
        "2027-03-31",
        "2027-04-30",
        "2027-05-31",
        "2027-06-30",
        "2027-07-31",
        "2027-08-31",
        "2027-09-30",
        "2027-10-31",
        "2027-11-30",
        "2027-12-31",
        "2028-01-31",
        "2028-02-29",
        "2028-03-31",
    ];
    assert_eq!(starts(&book, "2027-01-31"), expect);
    assert_eq!(starts(&book, "2027-02-27")[0], "2027-01-31");
    assert_eq!(starts(&book, "2027-02-28")[0], "2027-02-28");
    assert_eq!(starts(&book, "2027-03-30")[0], "2027-02-28");
}

#[test]
fn quarters_from_the_30th_of_november_pass_over_february() {
    let book = started("2026-11-30", 3, json!({}));
    let expect =
        ["2026-11-30", "2027-02-28", "2027-05-30", "2027-08-30", "2027-11-30", "2028-02-29"];
    assert_eq!(starts(&book, "2026-11-30"), expect);
}

#[test]
fn seven_months_from_the_31st_are_counted_from_it_each_time() {
    let book = started("2026-08-31", 7, json!({}));
    let expect =
        ["2026-08-31", "2027-03-31", "2027-10-31", "2028-05-31", "2028-12-31", "2029-07-31"];
    assert_eq!(starts(&book, "2026-08-31"), expect);
    // 212 days, half of them over.
    assert_eq!(late(book, "2026-12-15"), (5, 0));
}

#[test]
fn years_from_a_leap_day_come_back_to_it() {
    let mut book = Book::opened("2028-02-29", "UTC", json!({}));
    book.start("2028-02-29");
    let expect =
        ["2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29", "2033-02-28"];
    assert_eq!(starts(&book, "2028-02-29"), expect);
    // The state is carried over them as well, one by one or in one step.
    book.stock("2028-02-29", "key-1", cameras(60));
    book.allocate("2028-03-01", 0, json!({"camera": 10}));
    assert_eq!(book.status("2029-02-27")["kind"], "licensed");
    assert_eq!(book.status("2029-02-28")["kind"], "grace");
    for (day, ahead) in [("2029-02-28", 0), ("2029-02-28", 1), ("2029-02-28", 2)] {
        book.allocate(day, ahead, json!({"camera": 10}));
    }
    assert_eq!(book.status("2032-02-28")["kind"], "licensed");
    assert_eq!(book.status("2032-02-29")["kind"], "grace");
    assert_eq!(book.status("2032-02-29")["grace_end"], "2032-03-30");
}

#[test]
fn five_years_are_one_period_where_they_are_the_term() {
    let mut book = started("2028-02-29", 60, json!({"advance_periods": 1}));
    assert_eq!(starts(&book, "2028-02-29"), ["2028-02-29", "2033-02-28"]);
    book.allocate("2028-03-01", 0, json!({"camera": 10}));
    assert_eq!(book.status("2033-02-27")["kind"], "licensed");
    assert_eq!(book.status("2033-02-28")["kind"], "grace");
}

#[test]
fn s_ax_51_overlap_is_exact_in_periods_of_every_length() {
    let year = json!({"grace_days": 30});
    // Seven licences of a leap year, 182 of 366 days late: 3 back.
    let mut book = started("2027-09-01", 12, year.clone());
    book.register("2027-09-02", ("c1", "s1"), json!({"camera": 7}));
    let before = book.cameras("2028-03-01");
    book.allocate("2028-03-01", 0, json!({"camera": 7}));
    assert_eq!((book.cameras("2028-03-01"), book.carry("2028-03-01")), (before - 7 + 3, 64_240));
    // Three in the leap year that begins on a 28th, 306 of 366 days late: 2 back.
    let mut book = started("2028-02-29", 12, year.clone());
    book.register("2028-03-01", ("c1", "s1"), json!({"camera": 3}));
    let before = book.cameras("2031-12-31");
    book.allocate("2031-12-31", 0, json!({"camera": 3}));
    assert_eq!((book.cameras("2031-12-31"), book.carry("2031-12-31")), (before - 3 + 2, 67_890));
    // One on the last day of a year never gives a whole one back.
    let mut book = started("2026-03-01", 12, year);
    book.register("2026-03-02", ("c1", "s1"), json!({"camera": 1}));
    book.allocate("2027-02-28", 0, json!({"camera": 1}));
    assert_eq!((book.cameras("2027-02-28"), book.carry("2027-02-28")), (99, 133_224));
    // A month of 28 days, half over: 5 back; of 31 days: 4 and 16 · 10 days less 4 months.
    assert_eq!(late(started("2027-01-31", 1, json!({})), "2027-02-14"), (5, 0));
    let day = 377_580 / 31;
    assert_eq!(late(started("2027-03-01", 1, json!({})), "2027-03-17"), (5, (160 - 155) * day));
    // A quarter of 90 days: 450 of 900 days.
    assert_eq!(late(started("2026-11-30", 3, json!({})), "2027-01-14"), (5, 0));
    // Five years of 1827 days in one period, 1000 of them over.
    let ticks = 6_088_386_150 / 1827;
    let book = started("2027-03-01", 60, json!({}));
    assert_eq!(late(book, "2029-11-25"), (5, (10_000 - 5 * 1827) * ticks));
}

#[test]
fn compensation_from_the_end_of_grace_has_no_jump() {
    let back = |day: &str| {
        late(started("2026-03-01", 12, json!({"compensation": "grace_end", "grace_days": 30})), day)
    };
    assert_eq!(back("2026-03-30"), (0, 0));
    assert_eq!(back("2026-03-31"), (0, 0));
    assert_eq!(back("2026-04-01"), (0, 10 * 366));
    let none = started("2026-03-01", 12, json!({"compensation": "none"}));
    assert_eq!(late(none, "2026-12-01"), (0, 0));
}

#[test]
fn a_day_begins_at_midnight_where_the_customer_is() {
    for (zone, midnight, before) in [
        ("Asia/Kamchatka", "2026-03-30T12:00:00Z", "2026-03-30T11:59:59Z"),
        ("Pacific/Apia", "2026-03-30T11:00:00Z", "2026-03-30T10:59:59Z"),
        ("America/Sao_Paulo", "2026-03-31T03:00:00Z", "2026-03-31T02:59:59Z"),
        ("UTC", "2026-03-31T00:00:00Z", "2026-03-30T23:59:59Z"),
    ] {
        // Noon in UTC on 28 February is the start of 1 March in Kamchatka, and Apia is ahead.
        let mut book = Book::opened("2026-02-28T15:00:00Z", zone, json!({}));
        let start = "2026-03-01T11:00:00Z";
        book.start(if zone == "America/Sao_Paulo" || zone == "UTC" {
            start
        } else {
            "2026-02-28T15:00:00Z"
        });
        assert_eq!(book.status(before)["start"], "2026-03-01", "{zone}");
        assert_eq!(book.status(before)["kind"], "grace", "{zone}");
        assert_eq!(book.status(before)["days_left"], 1, "{zone}");
        assert_eq!(book.status(midnight)["kind"], "unlicensed", "{zone}");
    }
}

#[test]
fn a_start_belongs_to_the_civil_day_of_its_second() {
    for (second, day) in
        [("2026-02-28T11:59:59Z", "2026-02-28"), ("2026-02-28T12:00:00Z", "2026-03-01")]
    {
        let mut book = Book::opened("2026-02-01", "Asia/Kamchatka", json!({}));
        book.start(second);
        assert_eq!(book.status(second)["start"], day);
    }
}

#[test]
fn days_without_a_midnight_or_without_themselves_still_end_a_grace() {
    // Clocks jumped from 00:00 to 01:00 when 2018-11-04 began in São Paulo.
    let mut book = Book::opened("2018-10-05T12:00:00Z", "America/Sao_Paulo", json!({}));
    book.start("2018-10-05T12:00:00Z");
    assert_eq!(book.status("2018-11-04T02:59:59Z")["kind"], "grace");
    assert_eq!(book.status("2018-11-04T03:00:00Z")["kind"], "unlicensed");
    // 2011-12-30, the end of this grace, never was in Apia.
    let mut book = Book::opened("2011-11-30T12:00:00Z", "Pacific/Apia", json!({}));
    book.start("2011-11-30T12:00:00Z");
    assert_eq!(book.status("2011-12-01")["grace_end"], "2011-12-30");
    assert_eq!(book.status("2011-12-30T09:59:59Z")["kind"], "grace");
    assert_eq!(book.status("2011-12-30T10:00:00Z")["kind"], "unlicensed");
}

#[test]
fn a_grace_of_no_days_makes_every_day_late() {
    let book = started("2026-03-01", 12, json!({"grace_days": 0}));
    assert_eq!(book.status("2026-03-01")["kind"], "unlicensed");
    assert_eq!(late(book.clone(), "2026-03-01"), (0, 0));
    assert_eq!(late(book, "2026-03-02"), (0, 10 * 366));
}
