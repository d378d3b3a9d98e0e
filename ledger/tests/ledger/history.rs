//! The history: it only grows, and whatever was changed behind the ledger's back is found.

use mlicense_core::error::ErrorKind;
use serde_json::{Value, json};

use crate::support::{Book, Place, allocate, envelope, noon, on_every_store, redeem, start};

const STREAM: &str = "customer/c1";

#[test]
fn verify_counts_streams_and_events_and_names_the_heads() {
    on_every_store(|place| {
        let book = Book::started(place);
        let receipt = book.run("2026-03-10", allocate(10));
        let verified = book.ledger.verify().unwrap();
        assert_eq!(verified.streams, 3, "catalogue, customer and batch");
        let events =
            ["catalogue", STREAM, "batch/b-key-1"].map(|stream| book.history(stream).len());
        assert_eq!(verified.events, events.iter().sum::<usize>() as u64);
        let head = &verified.heads[&STREAM.parse().unwrap()];
        assert_eq!(head.to_string(), receipt.events.last().unwrap().chain);
        assert_eq!(place.open().unwrap().verify().unwrap(), verified);
    });
}

#[test]
fn s_ax_25_history_only_grows() {
    on_every_store(|place| {
        let book = Book::with_cameras(place);
        let events = |table: &str| place.everything().0[table].clone();
        let mut before = events("event");
        let keep = |now: Vec<String>, before: &mut Vec<String>| {
            assert!(before.iter().all(|row| now.contains(row)), "an entry changed or went");
            *before = now;
        };
        book.issue("2026-03-01", "key-1", 20);
        let steps = [start("c1"), redeem("c1", "key-1"), allocate(10)];
        for (day, step) in ["2026-03-01", "2026-03-02", "2026-03-03"].into_iter().zip(steps) {
            let length = before.len();
            book.run(day, step);
            keep(events("event"), &mut before);
            assert!(before.len() > length);
            book.ledger.verify().unwrap();
        }
        for body in [start("c1"), redeem("c1", "key-1"), allocate(10)] {
            book.refused("2026-03-04", body);
        }
        let length = before.len();
        keep(events("event"), &mut before);
        assert_eq!(before.len(), length);

        book.customer("c2");
        let other: Vec<Value> = book.history("customer/c2");
        assert_eq!(other.len(), 1, "the history of one customer holds nothing of another");
    });
}

#[test]
fn history_is_read_page_by_page() {
    on_every_store(|place| {
        let book = Book::started(place);
        let all = book.history(STREAM);
        assert!(all.len() > 3);
        let page = |after: usize, limit: usize| {
            let query = json!({"stream": STREAM, "after": after, "limit": limit});
            book.ask("2026-03-01", json!({"history": query}))["history"].clone()
        };
        assert_eq!(page(0, 2), json!(all[..2]));
        assert_eq!(page(2, 1), json!(all[2..3]));
        assert_eq!(page(all.len(), 5), json!([]));
        assert_eq!(page(0, 0), json!([]));
    });
}

/// Plants an edit of the five events of a customer and gives what verify says to it.
fn found(edit: &str) -> Vec<(u32, String)> {
    let found = std::cell::RefCell::new(Vec::new());
    on_every_store(|place| {
        let book = Book::started(place);
        assert_eq!(book.history(STREAM).len(), 4);
        book.ledger.verify().unwrap();
        place.tamper(edit);
        found.borrow_mut().push(verdict(place));
    });
    found.into_inner()
}

/// The kind of verify's refusal, and the stream and event it names.
fn verdict(place: &Place) -> (u32, String) {
    let error = place.open().unwrap().verify().unwrap_err();
    let named: Vec<String> = error
        .refusal()
        .details()
        .filter(|(name, _)| ["stream", "index"].contains(name))
        .map(|(_, value)| value.to_owned())
        .collect();
    (error.kind().number(), named.join(" "))
}

#[track_caller]
fn assert_found(edit: &str, event: u32) {
    assert_found_in(STREAM, edit, event);
}

#[track_caller]
fn assert_found_in(stream: &str, edit: &str, event: u32) {
    let expected = (ErrorKind::HistoryBroken.number(), format!("{stream} {event}"));
    for found in found(edit) {
        assert_eq!(found, expected, "{edit}");
    }
}

#[test]
fn an_edited_text_is_found() {
    // Still an event that could be: only the chain tells.
    assert_found(
        "UPDATE event SET json = replace(json, 'back-office', 'backoffice')
         WHERE stream = 'customer/c1' AND idx = 2",
        2,
    );
    assert_found("UPDATE event SET json = json || ' ' WHERE stream = 'customer/c1' AND idx = 4", 4);
    assert_found("UPDATE event SET json = '{' WHERE stream = 'customer/c1' AND idx = 3", 3);
}

#[test]
fn the_first_of_several_edits_is_named() {
    assert_found("UPDATE event SET json = json || ' ' WHERE stream = 'customer/c1' AND idx > 1", 2);
}

#[test]
fn a_deleted_event_is_found() {
    for event in 1..=4 {
        let edit = format!("DELETE FROM event WHERE stream = 'customer/c1' AND idx = {event}");
        assert_found(&edit, event);
    }
    assert_found("DELETE FROM event WHERE stream = 'customer/c1'", 1);
}

#[test]
fn swapped_events_are_found() {
    assert_found(
        "UPDATE event SET idx = 99 WHERE stream = 'customer/c1' AND idx = 2;
         UPDATE event SET idx = 2 WHERE stream = 'customer/c1' AND idx = 3;
         UPDATE event SET idx = 3 WHERE stream = 'customer/c1' AND idx = 99",
        2,
    );
}

#[test]
fn an_event_moved_from_another_stream_is_found() {
    let to = |stream: &str, index: u32| {
        format!(
            "UPDATE event SET stream = '{stream}', idx = {index} WHERE stream = 'batch/b-key-1'"
        )
    };
    // Streams come in the order of their names.
    assert_found_in("batch/b-key-1", &to(STREAM, 5), 1);
    assert_found_in("batch/a", &to("batch/a", 2), 1);
}

#[test]
fn an_event_of_a_stream_that_cannot_be_is_found() {
    let edit = "UPDATE event SET stream = 'cstomer/c1' WHERE stream = 'customer/c1' AND idx = 4";
    for found in found(edit) {
        assert_eq!(found, (ErrorKind::HistoryBroken.number(), "cstomer/c1 4".to_owned()));
    }
}

#[test]
fn a_changed_chain_is_found() {
    assert_found(
        "UPDATE event SET chain = (SELECT chain FROM event WHERE stream = 'customer/c1' AND idx = 1)
         WHERE stream = 'customer/c1' AND idx = 3",
        3,
    );
}

#[test]
fn a_changed_head_is_found() {
    assert_found(
        "UPDATE head SET chain = (SELECT chain FROM event WHERE stream = 'customer/c1' AND idx = 1)
         WHERE stream = 'customer/c1'",
        4,
    );
    assert_found("UPDATE head SET idx = 5 WHERE stream = 'customer/c1'", 5);
    assert_found("UPDATE head SET idx = 2 WHERE stream = 'customer/c1'", 3);
    assert_found("DELETE FROM head WHERE stream = 'customer/c1'", 1);
}

#[test]
fn a_history_cut_short_or_led_elsewhere_is_refused_instead_of_being_grown_over() {
    for edit in [
        "DELETE FROM event WHERE stream = 'customer/c1' AND idx = 4",
        "DELETE FROM event WHERE stream = 'customer/c1'",
        "DELETE FROM head WHERE stream = 'customer/c1'",
        "UPDATE head SET idx = 2 WHERE stream = 'customer/c1'",
        "UPDATE head SET chain = (SELECT chain FROM event WHERE stream = 'customer/c1' AND idx = 1)
         WHERE stream = 'customer/c1'",
    ] {
        on_every_store(|place| {
            let book = Book::started(place);
            book.issue("2026-03-02", "key-2", 5);
            place.tamper(edit);
            let before = place.everything().0;
            let body = match edit {
                "DELETE FROM event WHERE stream = 'customer/c1'" => {
                    json!({"register_customer": {"customer": "c1", "zone": "UTC"}})
                }
                _ => redeem("c1", "key-2"),
            };
            let refused = book.refused("2026-03-03", body);
            assert_eq!(refused, ErrorKind::HistoryBroken, "{edit}");
            assert_eq!(before, place.everything().0, "{edit}");
        });
    }
}

/// Whoever opens the ledger has no state of the stream yet, and reads its events.
#[test]
fn a_changed_chain_is_refused_by_who_reads_it() {
    on_every_store(|place| {
        drop(Book::started(place));
        place.tamper(
            "UPDATE event SET chain = (SELECT chain FROM event
                 WHERE stream = 'customer/c1' AND idx = 1)
             WHERE stream = 'customer/c1' AND idx = 3",
        );
        let ledger = place.open().unwrap();
        let command = envelope("x", redeem("c1", "key-1"));
        let refused = ledger.execute(&command, noon("2026-03-03")).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::HistoryBroken);
    });
}

/// More than a store reads at once.
#[test]
fn the_heads_of_many_streams_are_all_compared() {
    on_every_store(|place| {
        let book = Book::new(place);
        let customers: Vec<_> = (0..2100)
            .map(|n| {
                let register = json!({"customer": format!("many-{n}"), "zone": "UTC"});
                envelope(&format!("many-{n}"), json!({"register_customer": register}))
            })
            .collect();
        book.ledger.execute_many(&customers, noon("2026-03-01"), &mut |_| {}).unwrap();
        assert_eq!(book.ledger.verify().unwrap().streams, 2100);
        place.tamper("DELETE FROM event WHERE stream = 'customer/many-999'");
        let error = book.ledger.verify().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::HistoryBroken, "the control");
    });
}

#[test]
fn a_broken_event_is_named_before_a_row_behind_it_that_cannot_be_read() {
    let here = |index: u32| format!("WHERE stream = '{STREAM}' AND idx = {index}");
    let unreadable = format!("UPDATE event SET chain = substr(chain, 1, 31) {}", here(4));
    let broken = format!("UPDATE event SET json = '{{}}' {}", here(3));
    assert_found(&format!("{broken}; {unreadable}"), 3);
    // The control: by itself it is a fault of the store.
    for (kind, _) in found(&unreadable) {
        assert_eq!(kind, ErrorKind::StoreCorrupt.number());
    }
}
