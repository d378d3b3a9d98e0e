//! Ledgers of every earlier version are brought forward, whole; those of later ones are refused.

use std::{cell::Cell, collections::BTreeMap, thread};

use mlicense_core::{
    document::RequestKind,
    error::{ErrorClass, ErrorKind},
    signing::Signer,
    view::{Query, View},
};
use mlicense_ledger::{ExportOptions, Ledger};
use serde_json::json;

use crate::support::{
    DAY, Place, Shop, allocate, asking_from, assert_fault, envelope, migrations, noon,
    on_every_store, owner, take_back,
};

/// Runs a test for each version before today's, on each store, each time in a fresh place.
fn from_every_earlier_version(test: impl Fn(&Place, i32)) {
    for version in 1.. {
        let is_earlier = Cell::new(false);
        on_every_store(|place| {
            if usize::try_from(version).unwrap() < migrations(place).len() {
                is_earlier.set(true);
                test(place, version);
            }
        });
        if !is_earlier.get() {
            return;
        }
    }
}

/// Does what a program of this version could do, in a ledger of today's.
fn live(place: &Place, version: i32) {
    let shop = Shop::new(place);
    shop.book.run("2026-03-02", allocate(10));
    let fields = json!({"name": "P. Erson", "email": "person@example.com"});
    shop.book.run(DAY, json!({"add_person": {"person": "p1", "fields": fields}}));
    if version >= 2 {
        let number = shop.ledger().fresh_number().unwrap();
        let request = asking_from((1, 1), (RequestKind::Register, DAY), |fields| {
            fields.owner = Some(owner());
        });
        let register = json!({"customer": "n1", "person": "p2", "number": number,
            "request": request});
        shop.book.run(DAY, json!({"register_number": register}));
        assert_eq!(shop.ledger().outbox(9).unwrap().len(), 1);
    }
    if version >= 3 {
        shop.book.run(DAY, json!({"add_member": {"customer": "c1", "person": "p1"}}));
        let dealer = json!({"partner": "d1", "code": "D-1", "contact": "p3", "fields": fields});
        shop.book.run(DAY, json!({"register_partner": dealer}));
        shop.book.run(DAY, json!({"set_dealer": {"customer": "c1", "partner": "d1"}}));
    }
    if version >= 4 {
        checkpoint(shop.ledger());
    }
    // Versions 5 and 7, in PostgreSQL 8 too, brought the journal, which follows from the events, and
    // the last one left out of the receipts what events say.
}

fn checkpoint(ledger: &Ledger) {
    let signer = Signer::from_seed([5; 32]);
    ledger.checkpoint("vendor.example/history", &signer, noon("2026-03-20")).unwrap();
}

/// Every row of every table, but for what the migrations and SQLite write down for themselves.
fn rows(place: &Place) -> BTreeMap<String, Vec<String>> {
    let mut rows = place.rows();
    rows.retain(|table, _| !table.starts_with("refinery") && !table.starts_with("sqlite"));
    rows
}

/// A ledger of an earlier version with what was done in it, and what it holds.
fn earlier(place: &Place, version: i32) -> (BTreeMap<String, Vec<String>>, u64) {
    live(place, version);
    let ledger = place.open().unwrap();
    let (rows, events) = (rows(place), ledger.verify().unwrap().events);
    drop(ledger);
    take_back(place, version);
    (rows, events)
}

#[test]
fn a_ledger_of_every_earlier_version_is_brought_forward_with_every_row() {
    from_every_earlier_version(|place, version| {
        let (before, events) = earlier(place, version);
        let ledger = place.open().unwrap();
        assert_eq!(rows(place), before, "from version {version}");
        assert_eq!(ledger.verify().unwrap().events, events);
        let journal: Query = serde_json::from_value(json!({"journal": {}})).unwrap();
        let View::Journal(page) = ledger.query(&journal, noon(DAY)).unwrap() else { panic!() };
        assert_eq!(page.entries.len() as u64, events);
        checkpoint(&ledger);
        let posted = ledger.outbox(9).unwrap();
        assert_eq!(posted.len(), usize::from(version >= 2));
        posted.iter().for_each(|message| ledger.sent(message.id).unwrap());
        drop(ledger);
        place.open().unwrap().verify().unwrap();
    });
}

/// What an event does not tell is no obstacle, and is named by verifying.
#[test]
fn a_damaged_ledger_is_brought_forward() {
    from_every_earlier_version(|place, version| {
        earlier(place, version);
        place.tamper("UPDATE event SET json = '{}' WHERE stream = 'customer/c1' AND idx = 1");
        let found = place.open().unwrap().verify().unwrap_err();
        assert_eq!(found.kind(), ErrorKind::HistoryBroken, "from version {version}");
    });
}

#[test]
fn a_receipt_that_could_not_be_read_is_brought_forward_as_one_that_cannot() {
    for receipt in [r#"{"at":"2026-03-01T12:00:00Z","events":["x"]}"#, "{"] {
        from_every_earlier_version(|place, version| {
            earlier(place, version);
            let of = "WHERE id = 'command-0'";
            place.tamper(&format!("UPDATE command SET receipt = '{receipt}' {of}"));
            let ledger = place.open().unwrap();
            ledger.verify().unwrap();
            let export = ledger.export(&mut Vec::new(), ExportOptions::default(), &mut |_| {});
            assert_fault(export, ErrorKind::StoreCorrupt);
        });
    }
}

#[test]
fn a_ledger_brought_forward_goes_on() {
    from_every_earlier_version(|place, version| {
        let (_, events) = earlier(place, version);
        let ledger = place.open().unwrap();
        let body = json!({"register_customer": {"customer": "later", "zone": "UTC"}});
        let command = envelope("later", body);
        ledger.execute(&command, noon("2026-03-21")).unwrap();
        let again = envelope(
            "command-0",
            json!({"register_customer": {"customer": "later", "zone": "UTC"}}),
        );
        let refused = ledger.execute(&again, noon("2026-03-21")).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::CommandIdReused, "from version {version}");
        assert_eq!(ledger.verify().unwrap().events, events + 1);
    });
}

#[test]
fn eight_programs_bring_one_ledger_forward() {
    from_every_earlier_version(|place, version| {
        let (_, events) = earlier(place, version);
        let opened: Vec<Ledger> = thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| place.open().unwrap())).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        for ledger in opened {
            assert_eq!(ledger.verify().unwrap().events, events);
        }
    });
}

#[test]
fn a_ledger_is_brought_forward_all_the_way_or_not_at_all() {
    from_every_earlier_version(|place, version| {
        earlier(place, version);
        // In the way of the last migration.
        place.tamper("CREATE TABLE receipt (other INT, another INT)");
        let before = place.rows();
        let error = place.open().unwrap_err();
        assert_eq!(error.kind().class(), ErrorClass::Storage, "{error}");
        assert_eq!(place.rows(), before, "from version {version}");
        place.tamper("DROP TABLE receipt");
        place.open().unwrap().verify().unwrap();
    });
}

/// As programs of earlier versions do it that had the ledger open while it was brought forward: without
/// what the journal is asked by, or with the whole receipt.
#[test]
fn a_command_of_a_program_of_an_earlier_version_is_not_written() {
    on_every_store(|place| {
        drop(Shop::new(place));
        let command = "INSERT INTO command (id, digest, receipt) VALUES ('older', '', '{}')";
        for columns in ["stream, idx, json, chain", "stream, idx, json, chain, at, actor, kind"] {
            let of = columns.replace("idx", "idx + 9");
            let older = format!(
                "BEGIN; INSERT INTO event ({columns})
                 SELECT {of} FROM event WHERE stream = 'catalogue'; {command}; COMMIT"
            );
            match place {
                Place::Sqlite(_) => {
                    let connection = place.sqlite_connection();
                    let refused = connection.execute_batch(&older).unwrap_err();
                    assert!(refused.to_string().contains("brought forward"), "{refused}");
                    connection.execute_batch("ROLLBACK").unwrap();
                    // Nor does it take what was done for not done.
                    let done = "SELECT digest, receipt FROM command WHERE id = 'command-0'";
                    let read = |row: &rusqlite::Row<'_>| row.get::<_, String>(1);
                    assert!(connection.query_row(done, [], read).is_err());
                    let none = connection.query_row(&done.replace("-0", "-x"), [], read);
                    assert_eq!(none, Err(rusqlite::Error::QueryReturnedNoRows));
                }
                #[cfg(feature = "postgres")]
                Place::Postgres(_) => {
                    let refused = place.client().batch_execute(&older).unwrap_err();
                    let expected = if columns.ends_with("kind") {
                        postgres::error::SqlState::UNDEFINED_TABLE
                    } else {
                        postgres::error::SqlState::NOT_NULL_VIOLATION
                    };
                    assert_eq!(refused.code(), Some(&expected));
                }
            }
            place.open().unwrap().verify().unwrap();
        }
    });
}

#[test]
fn the_very_next_version_is_refused() {
    on_every_store(|place| {
        live(place, 1);
        let latest = migrations(place).len();
        place.tamper(&format!(
            "INSERT INTO refinery_schema_history (version, name, applied_on, checksum)
             VALUES ({}, 'later', '2030-01-01T00:00:00Z', '1')",
            latest + 1
        ));
        assert_fault(place.open(), ErrorKind::StoreNewer);
    });
}

#[test]
fn an_older_ledger_is_not_brought_forward_by_reading_it() {
    let place = Place::sqlite();
    let (before, _) = earlier(&place, 1);
    assert_fault(Ledger::open_read_only(&place.path().unwrap()), ErrorKind::StoreReadOnly);
    place.open().unwrap();
    assert_eq!(rows(&place), before);
    Ledger::open_read_only(&place.path().unwrap()).unwrap().verify().unwrap();
}

/// A migration that was released is never edited: ledgers exist that were made by it.
#[test]
fn migrations_stay_as_they_are() {
    let shown = |place: &Place| -> Vec<String> {
        let lines = migrations(place).into_iter();
        lines.map(|(version, name, sum)| format!("V{version} {name} {sum:016x}")).collect()
    };
    let expected = [
        "V1 history 8ae5ba9cf1a9174b",
        "V2 outbox 45b80eaee666756f",
        "V3 links 706b0dd4899bd4d4",
        "V4 checkpoints 2ee1f73a93e5b099",
        "V5 journal e147e427f38eef6e",
        "V6 snapshots b35389ec7814953d",
        "V7 journal a9a4c543ffb7df61",
        "V8 receipts 17b097692ee5f75b",
    ];
    assert_eq!(shown(&Place::sqlite()), expected);
    #[cfg(feature = "postgres")]
    assert_eq!(
        shown(&Place::Postgres(String::new())),
        [
            "V1 history f9ba04942b581149",
            "V2 outbox 467adfe2b51ad930",
            "V3 links 9fc20ddce3a440b6",
            "V4 checkpoints bafc28281fd8e3d4",
            "V5 journal 2f2d7ada65cdb7d4",
            "V6 snapshots 15a0a547d3c585e9",
            "V7 journal 9ef87dd3f61b3504",
            "V8 journal 4197dc11afcbc086",
            "V9 receipts 2bca3ee4a3130c1c",
        ]
    );
}
