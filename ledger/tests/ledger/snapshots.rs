//! States of long streams that are kept beside their events: what they save, and that nobody has to
//! believe them.

use data_encoding::HEXLOWER;
use mlicense_core::{error::ErrorKind, history::Aggregate, signing::sha256};
use rusqlite::OptionalExtension;
use serde_json::{Value, json};

use crate::support::{Book, Place, on_every_store};

const STREAM: &str = "customer/c1";

/// A customer of so many events, of which the first two are that it registered and has a system.
fn long(place: &Place, events: usize) -> Book<'_> {
    let book = Book::with_cameras(place);
    for number in book.history(STREAM).len()..events {
        let contents = json!([{"license_type": "camera", "quantity": 1}]);
        book.run(
            "2026-03-02",
            json!({"stock_licenses": {"customer": "c1", "product": "vms", "contents": contents,
                "source": "purchase", "purchase": format!("order-{number}")}}),
        );
    }
    book
}

/// What a ledger that is opened anew says about the customer.
fn overview(place: &Place) -> Value {
    let query = serde_json::from_value(json!({"overview": {"customer": "c1"}})).unwrap();
    let view = place.open().unwrap().query(&query, "2026-03-03T12:00:00Z".parse().unwrap());
    serde_json::to_value(view.unwrap()).unwrap()
}

/// The customer's snapshot.
fn kept(place: &Place) -> Option<String> {
    let read = "SELECT json FROM snapshot WHERE stream = 'customer/c1'";
    match place {
        Place::Sqlite(_) => {
            let connection = place.sqlite_connection();
            connection.query_row(read, [], |row| row.get(0)).optional().unwrap()
        }
        #[cfg(feature = "postgres")]
        Place::Postgres(_) => place.client().query_opt(read, &[]).unwrap().map(|row| row.get(0)),
    }
}

fn verified(place: &Place) -> Result<(), (ErrorKind, String)> {
    let verified = place.open().unwrap().verify();
    verified.map(drop).map_err(|error| (error.kind(), error.to_string()))
}

/// Puts something else in place of the customer's snapshot, with a digest that fits.
fn replace(place: &Place, change: impl FnOnce(String) -> String) {
    let json = kept(place).unwrap();
    let changed = change(json.clone());
    assert_ne!(changed, json);
    let digest = HEXLOWER.encode(&sha256(changed.as_bytes()));
    let changed = changed.replace('\'', "''");
    place.tamper(&format!(
        "UPDATE snapshot SET json = '{changed}', digest = '{digest}' WHERE stream = 'customer/c1'"
    ));
}

#[test]
fn a_stream_has_none_before_its_eighth_event_and_then_one_each_time_it_has_doubled() {
    for (events, index) in
        [(7, None), (15, Some(8)), (31, Some(16)), (63, Some(32)), (100, Some(64))]
    {
        on_every_store(|place| {
            drop(long(place, events));
            let index = index.map(|index| format!("\"index\":{index},"));
            let kept = kept(place);
            assert_eq!(index.is_some(), kept.is_some(), "{events} events");
            assert!(index.is_none_or(|index| kept.unwrap().contains(&index)), "{events} events");
            verified(place).unwrap();
        });
    }
}

/// The first events are not read any more, which is what a snapshot is for; who reads them all says
/// that they were changed.
#[test]
fn a_long_stream_is_opened_from_its_snapshot() {
    on_every_store(|place| {
        drop(long(place, 100));
        let before = overview(place);
        place.tamper("UPDATE event SET json = '{}' WHERE stream = 'customer/c1' AND idx = 2");
        assert_eq!(overview(place), before);
        assert_eq!(verified(place).unwrap_err().0, ErrorKind::HistoryBroken);
        // The control: without it the change would have been met at once.
        place.tamper("DELETE FROM snapshot");
        let query = serde_json::from_value(json!({"overview": {"customer": "c1"}})).unwrap();
        let now = "2026-03-03T12:00:00Z".parse().unwrap();
        let error = place.open().unwrap().query(&query, now).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::HistoryBroken);
    });
}

#[test]
fn commands_go_on_from_a_snapshot_as_from_the_events() {
    on_every_store(|place| {
        drop(long(place, 130));
        let with = overview(place);
        place.tamper("DELETE FROM snapshot");
        assert_eq!(overview(place), with);
        // Written anew when it is due again.
        let book = Book::opened(place, 200);
        for number in 130..200 {
            let dealer = json!({"set_channel": {"customer": "c1",
                "channel": if number % 2 == 0 { "shop" } else { "partner" }}});
            book.run("2026-03-03", dealer);
        }
        assert!(kept(place).unwrap().contains(r#""index":192"#));
        verified(place).unwrap();
    });
}

#[test]
fn a_damaged_snapshot_is_not_used_and_verify_names_it() {
    on_every_store(|place| {
        drop(long(place, 100));
        let before = overview(place);
        for damage in [
            "json = json || ' '",
            "json = replace(json, 'UTC', 'GMT') || ' '",
            "json = ''",
            "digest = ''",
        ] {
            place.tamper(&format!("UPDATE snapshot SET {damage}"));
            assert_eq!(overview(place), before, "{damage}");
            let (kind, text) = verified(place).unwrap_err();
            assert_eq!(kind, ErrorKind::TableBroken, "{damage}");
            assert!(text.contains("table snapshot") && text.contains(STREAM), "{text}");
        }
    });
}

#[test]
fn a_forged_snapshot_is_found_by_verify() {
    on_every_store(|place| {
        drop(long(place, 100));
        let before = overview(place);
        replace(place, |json| json.replacen(r#""left":1"#, r#""left":9"#, 1));
        let (kind, text) = verified(place).unwrap_err();
        assert_eq!(kind, ErrorKind::TableBroken);
        assert!(text.contains("another state"), "{text}");
        // One that stands further on than the stream, or leads elsewhere, does nothing at all.
        for (from, to) in [(r#""index":64"#, r#""index":101"#), (r#""index":64"#, r#""index":63"#)]
        {
            replace(place, |json| json.replacen(from, to, 1));
            assert_eq!(overview(place), before);
            assert_eq!(verified(place).unwrap_err().0, ErrorKind::TableBroken);
            replace(place, |json| json.replacen(to, from, 1));
        }
    });
}

#[test]
fn the_snapshot_of_another_version_or_stream_is_not_used() {
    on_every_store(|place| {
        drop(long(place, 100));
        let before = overview(place);
        replace(place, |json| json.replacen(r#""form":""#, r#""form":"other "#, 1));
        assert_eq!(overview(place), before);
        verified(place).unwrap();
        replace(place, |json| json.replacen(r#""form":"other "#, r#""form":""#, 1));
        replace(place, |json| json.replacen("customer/c1", "customer/c2", 1));
        assert_eq!(overview(place), before);
        assert_eq!(Aggregate::from_snapshot(&STREAM.parse().unwrap(), "{}"), None);
    });
}
