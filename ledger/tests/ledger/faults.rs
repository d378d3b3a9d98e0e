//! Files that are no ledger, or are held by another program: each has its own error.

use std::{fs, path::PathBuf};

use mlicense_core::error::ErrorKind;
use mlicense_ledger::{ExportOptions, Ledger};
use rusqlite::Connection;

use crate::support::{Book, Place, assert_fault, envelope, noon, on_every_store, start};

/// A ledger in a file, closed again.
pub(crate) fn closed() -> (Place, PathBuf) {
    let place = Place::sqlite();
    drop(Book::started(&place));
    let path = place.path().unwrap();
    (place, path)
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let place = Place::sqlite();
    let error = place.open().unwrap_err();
    assert_eq!(error.to_string(), "vendor.mlicense cannot be opened: there is no such file");
    assert_fault::<Ledger>(Err(error), ErrorKind::StoreUnavailable);
    assert!(!place.path().unwrap().exists(), "opening made a file");
}

#[test]
fn nothing_is_created_over_something() {
    on_every_store(|place| {
        let book = Book::started(place);
        let before = place.everything();
        assert_fault(place.create(), ErrorKind::StoreExists);
        assert_eq!(before, place.everything());
        book.ledger.verify().unwrap();
    });
    let place = Place::sqlite();
    let path = place.path().unwrap();
    fs::write(&path, "precious").unwrap();
    assert_fault(place.create(), ErrorKind::StoreExists);
    assert_eq!(fs::read(&path).unwrap(), b"precious");
}

#[test]
fn a_file_of_another_kind_is_foreign_and_stays_as_it_is() {
    let place = Place::sqlite();
    let path = place.path().unwrap();
    for bytes in [b"".as_slice(), b"%PDF-1.7", &[b'x'; 100_000]] {
        fs::write(&path, bytes).unwrap();
        assert_fault(place.open(), ErrorKind::StoreForeign);
        assert_eq!(fs::read(&path).unwrap(), bytes);
    }
}

#[test]
fn a_database_of_another_program_is_foreign_and_stays_as_it_is() {
    let place = Place::sqlite();
    let path = place.path().unwrap();
    let connection = Connection::open(&path).unwrap();
    connection.execute_batch("CREATE TABLE event (name TEXT); PRAGMA user_version = 3").unwrap();
    drop(connection);
    let bytes = fs::read(&path).unwrap();
    assert_fault(place.open(), ErrorKind::StoreForeign);
    assert_eq!(fs::read(&path).unwrap(), bytes);
}

#[test]
fn a_file_cut_short_is_damaged_wherever_it_ends() {
    let (place, path) = closed();
    let whole = fs::read(&path).unwrap();
    assert!(whole.len() > 8192);
    for length in (4096..whole.len()).step_by(4096) {
        fs::write(&path, &whole[..length]).unwrap();
        let error = place.open().and_then(|ledger| ledger.verify()).unwrap_err();
        assert_fault::<()>(Err(error), ErrorKind::StoreCorrupt);
    }
    for length in [1, 99, 100, 512, 4095] {
        fs::write(&path, &whole[..length]).unwrap();
        let error = place.open().and_then(|ledger| ledger.verify()).unwrap_err();
        let kinds = [ErrorKind::StoreCorrupt, ErrorKind::StoreForeign];
        assert!(kinds.contains(&error.kind()), "{length}: {error:?}");
    }
    fs::write(&path, &whole).unwrap();
    place.open().unwrap().verify().unwrap();
}

#[test]
fn a_ledger_without_its_salt_is_damaged() {
    on_every_store(|place| {
        drop(Book::started(place));
        place.tamper("DELETE FROM setting WHERE name = 'salt'");
        assert_fault(place.open(), ErrorKind::StoreCorrupt);
    });
}

#[test]
fn a_salt_that_is_another_is_noticed() {
    let (place, _) = closed();
    place.tamper("UPDATE setting SET value = zeroblob(32) WHERE name = 'salt'");
    assert_fault(place.open(), ErrorKind::StoreCorrupt);
}

#[test]
fn a_receipt_that_cannot_be_read_is_damage() {
    on_every_store(|place| {
        let book = Book::with_cameras(place);
        let command = envelope("start", start("c1"));
        let execute = || book.ledger.execute(&command, noon("2026-03-02"));
        execute().unwrap();
        let export = || book.ledger.export(&mut Vec::new(), ExportOptions::default(), &mut |_| {});
        for change in ["events = '[['", "events = '[]', at = 'today'"] {
            place.tamper(&format!("UPDATE receipt SET {change} WHERE command = 'start'"));
            assert_fault(execute(), ErrorKind::StoreCorrupt);
            assert_fault(export(), ErrorKind::StoreCorrupt);
        }
    });
}

#[test]
fn a_receipt_that_its_events_do_not_tell_is_damage() {
    on_every_store(|place| {
        let book = Book::with_cameras(place);
        let command = envelope("start", start("c1"));
        let execute = || book.ledger.execute(&command, noon("2026-03-02"));
        let receipt = execute().unwrap();
        let change = |at: &str, events: &str| {
            place.tamper(&format!(
                "UPDATE receipt SET at = '{at}', events = '{events}' WHERE command = 'start'"
            ));
        };
        let (at, events) = ("2026-03-02T12:00:00Z", r#"[["customer/c1",3]]"#);
        for (at, events) in [
            ("2026-03-02T12:00:01Z", events),
            (at, r#"[["customer/c1",99]]"#),
            (at, r#"[["customer/c1",0]]"#),
            (at, r#"[["customer/c1",18446744073709551615]]"#),
            (at, r#"[["customer/c1",1]]"#),
            (at, r#"[["customer/c9",3]]"#),
        ] {
            change(at, events);
            assert_eq!(execute().unwrap_err().kind(), ErrorKind::HistoryBroken, "{events}");
        }
        change(at, events);
        assert_eq!(execute().unwrap(), receipt);
    });
}

#[test]
fn a_table_that_is_another_is_damage() {
    let (place, _) = closed();
    place.tamper("ALTER TABLE link RENAME COLUMN contact TO contract");
    assert_fault(place.open().unwrap().verify(), ErrorKind::StoreCorrupt);
}

#[test]
fn damage_to_the_list_of_migrations_is_no_panic() {
    let (place, _) = closed();
    place.tamper("UPDATE refinery_schema_history SET applied_on = 'x', checksum = 'x'");
    place.open().unwrap().verify().unwrap();
    place.tamper("DELETE FROM refinery_schema_history WHERE version > 1");
    assert_fault(place.open(), ErrorKind::StoreCorrupt);
}

#[test]
fn a_ledger_of_a_newer_version_is_refused_and_stays_as_it_is() {
    on_every_store(|place| {
        drop(Book::started(place));
        place.tamper(
            "INSERT INTO refinery_schema_history (version, name, applied_on, checksum)
             VALUES (4000, 'later', '2030-01-01T00:00:00Z', '1')",
        );
        let before = place.everything();
        let error = place.open().unwrap_err();
        assert!(error.to_string().contains("schema 4000"), "{error}");
        assert_fault::<Ledger>(Err(error), ErrorKind::StoreNewer);
        assert_eq!(before, place.everything());
    });
}

#[test]
fn a_store_held_by_another_program_is_busy() {
    on_every_store(|place| {
        let book = Book::with_cameras(place);
        let before = place.everything().0;
        let command = envelope("start", start("c1"));
        let execute = || book.ledger.execute(&command, noon("2026-03-02"));
        match place {
            Place::Sqlite(_) => {
                let other = place.sqlite_connection();
                other.execute_batch("BEGIN IMMEDIATE").unwrap();
                assert_fault(execute(), ErrorKind::StoreBusy);
                book.ledger.verify().unwrap();
            }
            #[cfg(feature = "postgres")]
            Place::Postgres(_) => {
                let mut other = place.client();
                other.batch_execute("BEGIN; SELECT FROM head FOR UPDATE").unwrap();
                assert_fault(execute(), ErrorKind::StoreBusy);
                book.ledger.verify().unwrap();
            }
        }
        assert_eq!(before, place.everything().0);
        execute().unwrap();
    });
}
