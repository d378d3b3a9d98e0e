//! The journal: the events of all streams by who, what and when, page by page.

use mlicense_core::{error::ErrorKind, history::Envelope};
use serde_json::{Value, json};

use crate::support::{Book, Place, allocate, noon, on_every_store, redeem, request, start};

/// Three customers and two programs of the vendor's, some of it in the same second.
fn lived(place: &Place) -> Book<'_> {
    let book = Book::started(place);
    book.run("2026-03-03", allocate(10));
    for customer in ["c2", "c3"] {
        book.customer(customer);
        let asked = request(&format!("s-{customer}"), noon("2026-03-01"));
        let take = json!({"customer": customer, "request": asked});
        book.run("2026-03-02", json!({"take_request": take}));
        book.run("2026-03-02", start(customer));
        let key = format!("key-{customer}");
        book.issue("2026-03-04", &key, 5);
        let json = json!({"id": format!("shop-{customer}"),
            "actor": {"role": "vendor", "id": "web.shop"}, "body": redeem(customer, &key)});
        let command = Envelope::from_json(json.to_string().as_bytes()).unwrap();
        book.ledger.execute(&command, noon("2026-03-05")).unwrap();
    }
    book
}

fn page(book: &Book<'_>, query: &Value) -> Value {
    book.ask("2026-04-01", json!({"journal": query}))["journal"].clone()
}

/// All pages of a question, in which `query` may say how long they are.
fn all(book: &Book<'_>, query: &Value) -> Vec<Value> {
    let (mut found, mut query) = (Vec::new(), query.clone());
    loop {
        let page = page(book, &query);
        found.extend(page["entries"].as_array().unwrap().iter().cloned());
        match &page["next"] {
            Value::Null => return found,
            next => query["after"] = next.clone(),
        }
    }
}

/// The same, told from the histories of all streams.
fn expected(book: &Book<'_>, wanted: impl Fn(&Value) -> bool) -> Vec<Value> {
    let streams = book.ledger.verify().unwrap().heads;
    let mut every = Vec::new();
    for stream in streams.keys().map(ToString::to_string) {
        for mut entry in book.history(&stream) {
            entry["stream"] = json!(stream);
            every.push(entry);
        }
    }
    every.retain(wanted);
    every.sort_by_key(|entry| {
        let text = |name: &str| entry[name].as_str().unwrap().to_owned();
        (text("at"), text("stream"), entry["index"].as_u64())
    });
    every
}

fn kind(entry: &Value) -> &str {
    entry["event"].as_object().unwrap().keys().next().unwrap()
}

#[test]
fn every_question_and_page_size_gives_what_the_histories_of_all_streams_tell() {
    on_every_store(|place| {
        let book = lived(place);
        let (since, until) = ("2026-03-02T12:00:00Z", "2026-03-04T12:00:00Z");
        for number in 0..32_u32 {
            let named = |bit: u32, value: &str| (number >> bit & 1 == 1).then(|| value.to_owned());
            let (stream, actor) = (named(0, "customer/c2"), named(1, "web.shop"));
            let (of, from, to) = (named(2, "key_redeemed"), named(3, since), named(4, until));
            let wanted = expected(&book, |entry| {
                let is = |value: &Value, wanted: &Option<String>| {
                    wanted.as_ref().is_none_or(|wanted| value == wanted)
                };
                let at = entry["at"].as_str().unwrap();
                is(&entry["stream"], &stream)
                    && is(&entry["actor"]["id"], &actor)
                    && of.as_ref().is_none_or(|wanted| kind(entry) == wanted)
                    && from.as_ref().is_none_or(|from| at >= from.as_str())
                    && to.as_ref().is_none_or(|to| at < to.as_str())
            });
            let mut query = json!({"stream": stream, "actor": actor, "kind": of, "since": from,
                "until": to});
            for limit in [1, 2, 3, 7, 1000] {
                query["limit"] = json!(limit);
                assert_eq!(all(&book, &query), wanted, "{query}");
            }
            assert!(number > 7 || !wanted.is_empty(), "{query} finds nothing to tell apart");
        }
    });
}

#[test]
fn a_page_says_where_to_go_on_and_no_more_than_1000_fit_on_it() {
    on_every_store(|place| {
        let book = lived(place);
        let whole = page(&book, &json!({}));
        assert_eq!(whole["next"], Value::Null);
        let entries = whole["entries"].as_array().unwrap().clone();
        let count = entries.len();
        let exact = page(&book, &json!({"limit": count}));
        assert_eq!(exact["next"], Value::Null, "there is no empty page at the end");
        let less = page(&book, &json!({"limit": count - 1}));
        let last = &entries[count - 2];
        let next = json!({"at": last["at"], "stream": last["stream"], "index": last["index"]});
        assert_eq!(less["next"], next);
        for limit in [0, 1] {
            assert_eq!(page(&book, &json!({"limit": limit}))["entries"], json!([entries[0]]));
        }
        assert_eq!(page(&book, &json!({"actor": "nobody"})), json!({"entries": [], "next": null}));
        assert_eq!(page(&book, &json!({"until": "1970-01-01T00:00:00Z"}))["entries"], json!([]));
        assert_eq!(page(&book, &json!({"since": "9999-12-31T23:59:59Z"}))["entries"], json!([]));
        // All in the same second.
        place.tamper(
            "WITH RECURSIVE more (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM more WHERE i < 1001)
             INSERT INTO event (stream, idx, json, chain, at, actor, kind)
             SELECT 'customer/x' || i, 1, replace(json, 'customer/c2', 'customer/x' || i), chain,
                 at, actor, kind
             FROM event, more WHERE stream = 'customer/c2' AND idx = 1",
        );
        let query = json!({"kind": "registered", "limit": 5000});
        let first = page(&book, &query);
        assert_eq!(first["entries"].as_array().unwrap().len(), 1000);
        assert_eq!(all(&book, &query).len(), 1001 + 3);
    });
}

#[test]
fn what_was_done_later_comes_behind_what_was_read() {
    on_every_store(|place| {
        let book = lived(place);
        let limit = page(&book, &json!({}))["entries"].as_array().unwrap().len();
        book.run("2026-03-06", json!({"register_customer": {"customer": "c9", "zone": "UTC"}}));
        let first = page(&book, &json!({"limit": limit}));
        let second = page(&book, &json!({"after": first["next"]}));
        let rest = second["entries"].as_array().unwrap();
        assert_eq!(rest.len(), 1);
        assert_eq!((kind(&rest[0]), &rest[0]["stream"]), ("registered", &json!("customer/c9")));
    });
}

/// The history is what counts: the journal follows from it.
#[test]
fn an_event_that_the_journal_has_elsewhere_is_found() {
    on_every_store(|place| {
        let book = lived(place);
        for (column, other) in
            [("at", "2026-03-05T12:00:01Z"), ("actor", "nobody"), ("kind", "wallet_started")]
        {
            let of_one = "WHERE stream = 'customer/c2' AND kind = 'key_redeemed'";
            place.tamper(&format!(
                "CREATE TABLE whole AS SELECT {column} AS kept FROM event {of_one}"
            ));
            place.tamper(&format!("UPDATE event SET {column} = '{other}' {of_one}"));
            let error = book.ledger.verify().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::HistoryBroken, "{column}");
            place.tamper(&format!(
                "UPDATE event SET {column} = (SELECT kept FROM whole)
                 WHERE stream = 'customer/c2' AND {column} = '{other}';
                 DROP TABLE whole"
            ));
            book.ledger.verify().unwrap();
        }
    });
}

/// Events that the server has looked at for this table, by whatever way.
#[cfg(feature = "postgres")]
fn looked_at(place: &Place) -> i64 {
    let ours = "SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND application_name = 'mlicense'";
    // A session tells what it read at its end.
    while crate::shared::count(place, ours) > 0 {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    crate::shared::count(
        place,
        "SELECT (SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = 'event')
            + (SELECT sum(idx_tup_read)::BIGINT FROM pg_stat_user_indexes
               WHERE relname = 'event')",
    )
}

#[test]
#[cfg(feature = "postgres")]
fn a_page_costs_what_is_on_it() {
    crate::shared::on_postgres(|place, _| {
        drop(lived(place));
        // A hundred actors, and days over years.
        place.tamper(
            "INSERT INTO event (stream, idx, json, chain, at, actor, kind)
             SELECT 'customer/x' || i, 1, replace(replace(replace(json,
                 'customer/c2', 'customer/x' || i), 'back-office', 'actor' || i % 100),
                 '2026-03-01', to_char(DATE '2026-01-01' + i, 'YYYY-MM-DD')), chain,
                 to_char(DATE '2026-01-01' + i, 'YYYY-MM-DD') || substr(at, 11),
                 'actor' || i % 100, kind
             FROM event, generate_series(1, 20000) AS i WHERE stream = 'customer/c2' AND idx = 1;
             ANALYZE event",
        );
        let after = json!({"at": "2050-01-01T12:00:00Z", "stream": "catalogue", "index": 1});
        for (query, entries) in [
            (json!({}), 10),
            (json!({"after": after}), 10),
            (json!({"actor": "actor7"}), 10),
            (json!({"actor": "actor7", "after": after}), 10),
            (json!({"actor": "web.shop"}), 2),
            (json!({"kind": "registered", "after": after}), 10),
            (json!({"kind": "key_redeemed"}), 3),
            (json!({"since": "2050-01-01T00:00:00Z", "until": "2050-01-06T00:00:00Z"}), 5),
            (json!({"stream": "customer/x77", "actor": "actor77"}), 1),
        ] {
            let mut query = query;
            query["limit"] = json!(10);
            let before = looked_at(place);
            let ledger = place.open().unwrap();
            let asked = serde_json::from_value(json!({"journal": query})).unwrap();
            let view = serde_json::to_value(ledger.query(&asked, noon("2026-04-01")).unwrap());
            drop(ledger);
            assert_eq!(view.unwrap()["journal"]["entries"].as_array().unwrap().len(), entries);
            let read = looked_at(place) - before;
            // Other sessions may tell late what they read.
            assert!((1..=30).contains(&read), "{query}: {read} events were looked at");
        }
    });
}
