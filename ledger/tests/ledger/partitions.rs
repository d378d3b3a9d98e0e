//! Tables of a PostgreSQL ledger cut by customer: what a vendor may do by hand when one table
//! becomes too large.

use mlicense_core::{signing::Signer, view::View};
use mlicense_ledger::ExportOptions;
use serde_json::json;

use crate::{
    shared::{count, on_postgres},
    support::{Book, Place, allocate, noon, redeem, request, start, take_back},
};

/// Cuts a table in four by a column of its key.
fn cut(place: &Place, table: &str, by: &str) {
    let part = |number: u8| {
        format!(
            "CREATE TABLE {table}_{number} PARTITION OF {table}
             FOR VALUES WITH (MODULUS 4, REMAINDER {number});"
        )
    };
    let parts: String = (0..4).map(part).collect();
    place.tamper(&format!(
        "BEGIN;
         ALTER TABLE {table} RENAME TO whole;
         CREATE TABLE {table} (LIKE whole INCLUDING ALL) PARTITION BY HASH ({by});
         {parts}
         INSERT INTO {table} SELECT * FROM whole;
         DROP TABLE whole;
         COMMIT"
    ));
}

/// The life of three customers, up to a checkpoint, after `change`.
fn live(place: &Place, change: impl FnOnce(&Place)) -> String {
    let book = Book::with_cameras(place);
    change(place);
    for customer in ["c2", "c3"] {
        book.customer(customer);
        let asked = request(&format!("s-{customer}"), noon("2026-03-01"));
        let take = json!({"customer": customer, "request": asked});
        book.run("2026-03-01", json!({"take_request": take}));
    }
    for customer in ["c1", "c2", "c3"] {
        let key = format!("key-{customer}");
        book.run("2026-03-01", start(customer));
        book.issue("2026-03-01", &key, 20);
        book.run("2026-03-02", redeem(customer, &key));
    }
    book.run("2026-03-03", allocate(10));
    book.refused("2026-03-04", redeem("c2", "key-c1"));
    let fields = json!({"name": "D. Ealer", "email": "dealer@example.com"});
    let dealer = json!({"partner": "d1", "code": "D-1", "contact": "p1", "fields": fields});
    book.run("2026-03-05", json!({"register_partner": dealer}));
    book.run("2026-03-05", json!({"set_dealer": {"customer": "c1", "partner": "d1"}}));
    let signer = Signer::from_seed([5; 32]);
    book.ledger.checkpoint("vendor.example/history", &signer, noon("2026-03-06")).unwrap();
    book.ledger.verify().unwrap();
    let mut export = Vec::new();
    book.ledger.export(&mut export, ExportOptions::default(), &mut |_| {}).unwrap();
    String::from_utf8(export).unwrap()
}

/// The links of an export; nothing in them depends on its salt.
fn links(export: &str) -> Vec<&str> {
    export.lines().filter(|line| line.starts_with("{\"link")).collect()
}

#[test]
fn a_ledger_whose_tables_are_cut_by_customer_lives_the_same_life() {
    on_postgres(|place, _| {
        let cut_all = |place: &Place| {
            cut(place, "event", "stream");
            cut(place, "head", "stream");
            cut(place, "link", "holder");
            cut(place, "receipt", "command");
            cut(place, "claim", "digest");
        };
        let partitioned = live(place, cut_all);
        let parts = "SELECT count(DISTINCT tableoid) FROM event";
        assert!(count(place, parts) > 1, "all events are in one part");
        let whole = live(&Place::postgres().unwrap(), |_| {});
        assert_eq!(partitioned.lines().count(), whole.lines().count());
        assert_eq!(links(&partitioned), links(&whole));
        place.open().unwrap().verify().unwrap();
    });
}

#[test]
fn a_ledger_whose_tables_were_cut_is_brought_forward() {
    on_postgres(|place, _| {
        live(place, |_| {});
        // The last before the journal had columns.
        take_back(place, 7);
        cut(place, "event", "stream");
        cut(place, "command", "id");
        let computed = "SELECT count(*) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
                        WHERE indexprs IS NOT NULL AND relnamespace = 'mlicense'::REGNAMESPACE";
        assert_eq!(count(place, computed), 3 * 5, "the control: of the table and its four parts");
        let ledger = place.open().unwrap();
        assert_eq!(count(place, computed), 0);
        let verified = ledger.verify().unwrap();
        let journal = serde_json::from_value(json!({"journal": {"kind": "registered"}})).unwrap();
        let View::Journal(page) = ledger.query(&journal, noon("2026-03-20")).unwrap() else {
            panic!()
        };
        assert_eq!(page.entries.len(), 4, "three customers and a dealer of {verified:?}");
    });
}
