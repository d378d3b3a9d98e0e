//! What is coming for many customers, page by page.

use mlicense_core::error::ErrorKind;
use serde_json::{Value, json};

use crate::support::{Book, noon, on_every_store, redeem, request};

const DAY: &str = "2026-03-05";

/// Customers `c0` to `c6`, of whom the even ones have licences; `c2` and `c5` are the dealer's.
fn dealt(book: &Book<'_>) {
    book.run(DAY, crate::support::define("vms"));
    let fields = json!({"name": "D. Ealer"});
    let partner = json!({"partner": "d1", "code": "D-1", "contact": "p1", "fields": fields});
    book.run(DAY, json!({"register_partner": partner}));
    for number in 0..7 {
        let customer = format!("c{number}");
        book.customer(&customer);
        if number % 2 == 0 {
            book.issue(DAY, &format!("key-{number}"), 3);
            let request = request(&format!("s{number}"), noon(DAY));
            let request = json!({"customer": customer, "request": request});
            book.run(DAY, json!({"take_request": request}));
            let start = json!({"customer": customer, "product": "vms"});
            book.run(DAY, json!({"start_subscription": start}));
            book.run(DAY, redeem(&customer, &format!("key-{number}")));
        }
    }
    for customer in ["c2", "c5"] {
        book.run(DAY, json!({"set_dealer": {"customer": customer, "partner": "d1"}}));
    }
}

fn page(book: &Book<'_>, query: Value) -> Value {
    book.ask(DAY, json!({"coming_due": query}))["coming_due"].clone()
}

fn all(book: &Book<'_>, query: &Value) -> Vec<Value> {
    let (mut found, mut query) = (Vec::new(), query.clone());
    loop {
        let page = page(book, query.clone());
        found.extend(page["customers"].as_array().unwrap().iter().cloned());
        match &page["next"] {
            Value::Null => return found,
            next => query["after"] = next.clone(),
        }
    }
}

fn names(rows: &[Value]) -> Vec<&str> {
    rows.iter().map(|row| row["customer"].as_str().unwrap()).collect()
}

#[test]
fn every_page_size_gives_the_same_customers_in_order_with_what_each_is_told_alone() {
    on_every_store(|place| {
        let book = Book::new(place);
        dealt(&book);
        let whole = all(&book, &json!({}));
        assert_eq!(names(&whole), ["c0", "c2", "c4", "c6"]);
        for limit in [1, 2, 3, 7, 8, 500, 501] {
            assert_eq!(all(&book, &json!({"limit": limit})), whole, "pages of {limit}");
        }
        for row in &whole {
            let alone = book.ask(DAY, json!({"due": {"customer": row["customer"]}}));
            assert_eq!(row["due"], alone["due"]);
        }
    });
}

#[test]
fn a_page_looks_at_no_more_customers_than_wanted() {
    on_every_store(|place| {
        let book = Book::new(place);
        dealt(&book);
        let first = page(&book, json!({"limit": 2}));
        assert_eq!(names(first["customers"].as_array().unwrap()), ["c0"]);
        assert_eq!(first["next"], "c1");
        let last = page(&book, json!({"limit": 2, "after": "c4"}));
        assert_eq!(last["next"], Value::Null, "c6 was the last");
        assert_eq!(page(&book, json!({"limit": 1, "after": "c5"}))["next"], Value::Null);
        assert_eq!(page(&book, json!({"limit": 0}))["next"], "c0", "one at least");
    });
}

#[test]
fn a_partner_hears_of_its_own_customers_only() {
    on_every_store(|place| {
        let book = Book::new(place);
        dealt(&book);
        assert_eq!(names(&all(&book, &json!({"partner": "d1", "limit": 1}))), ["c2"]);
        let query = json!({"coming_due": {"partner": "d2"}});
        assert_eq!(book.unanswered(DAY, query), ErrorKind::PartnerUnknown);
    });
}

#[test]
fn what_comes_on_the_last_day_or_later_is_left_out() {
    on_every_store(|place| {
        let book = Book::new(place);
        dealt(&book);
        let whole = all(&book, &json!({}));
        let day = whole[0]["due"][0]["on"].as_str().unwrap().to_owned();
        assert!(all(&book, &json!({"until": day})).is_empty(), "exclusive");
        let later: mlicense_core::time::Day = day.parse().unwrap();
        let later = later.plus_days(1).unwrap().to_string();
        assert_eq!(names(&all(&book, &json!({"until": later}))), ["c0", "c2", "c4", "c6"]);
    });
}
