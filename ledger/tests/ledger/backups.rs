//! Backups of an SQLite ledger, and reading one only.

use std::{cell::RefCell, path::Path};

use mlicense_core::error::ErrorKind;
use mlicense_ledger::{Ledger, Progress};

use crate::support::{Book, Place, allocate, assert_fault, noon, redeem};

fn ignore(_: Progress) {}

fn files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_backup_is_the_ledger_of_its_moment_and_goes_on_when_opened() {
    let place = Place::sqlite();
    let book = Book::started(&place);
    let to = tempfile::tempdir().unwrap();
    let path = to.path().join("backup.mlicense");
    let told = RefCell::new(Vec::new());
    book.ledger.backup(&path, &mut |at| told.borrow_mut().push(at)).unwrap();
    let last = *told.borrow().last().unwrap();
    assert!(last.done == last.of && last.of > 0);
    assert_eq!(files(to.path()), ["backup.mlicense"], "nothing else is needed");
    let then = book.ledger.verify().unwrap();
    book.run("2026-03-10", allocate(10));
    let copy = Ledger::open(&path).unwrap();
    assert_eq!(copy.verify().unwrap(), then);
    let again = crate::support::envelope("again", redeem("c1", "key-1"));
    let refused = copy.execute(&again, noon("2026-03-11")).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::KeyAlreadyRedeemed);
    copy.execute(&crate::support::envelope("more", allocate(10)), noon("2026-03-11")).unwrap();
    copy.verify().unwrap();
}

#[test]
fn backups_made_while_commands_run_are_each_a_state_there_was() {
    let place = Place::sqlite();
    let book = Book::started(&place);
    let to = tempfile::tempdir().unwrap();
    let (first, last) = std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for number in 0..60 {
                book.customer(&format!("late-{number}"));
            }
        });
        let mut counts = Vec::new();
        for number in 0.. {
            let path = to.path().join(format!("backup-{number}"));
            let over = writer.is_finished();
            book.ledger.backup(&path, &mut ignore).unwrap();
            counts.push(Ledger::open_read_only(&path).unwrap().verify().unwrap().streams);
            if over {
                break;
            }
        }
        assert!(counts.is_sorted(), "{counts:?}");
        (counts[0], *counts.last().unwrap())
    });
    assert!(first < last, "none was made meanwhile");
    assert_eq!(last, book.ledger.verify().unwrap().streams);
}

#[test]
fn a_backup_overwrites_nothing_and_leaves_nothing_when_it_fails() {
    let place = Place::sqlite();
    let book = Book::started(&place);
    let to = tempfile::tempdir().unwrap();
    let path = to.path().join("backup");
    std::fs::write(&path, "mine").unwrap();
    assert_fault(book.ledger.backup(&path, &mut ignore), ErrorKind::StoreExists);
    assert_eq!(std::fs::read(&path).unwrap(), b"mine");
    assert_fault(book.ledger.backup(&place.path().unwrap(), &mut ignore), ErrorKind::StoreExists);
    let nowhere = to.path().join("no").join("folder");
    assert_fault(book.ledger.backup(&nowhere, &mut ignore), ErrorKind::StoreUnavailable);
    // What is copied into cannot be written: a folder has its name.
    let path = to.path().join("other");
    std::fs::create_dir(to.path().join("other.unfinished")).unwrap();
    assert_fault(book.ledger.backup(&path, &mut ignore), ErrorKind::StoreUnavailable);
    assert!(!path.exists());
}

#[test]
fn what_an_interrupted_backup_left_is_no_ledger_and_in_nobodys_way() {
    let place = Place::sqlite();
    let book = Book::started(&place);
    let to = tempfile::tempdir().unwrap();
    let path = to.path().join("backup");
    std::fs::write(&path, "").unwrap();
    std::fs::write(to.path().join("backup.unfinished"), vec![7; 10_000]).unwrap();
    assert_fault(Ledger::open(&path), ErrorKind::StoreForeign);
    std::fs::remove_file(&path).unwrap();
    book.ledger.backup(&path, &mut ignore).unwrap();
    assert_eq!(files(to.path()), ["backup"]);
    assert_eq!(Ledger::open(&path).unwrap().verify().unwrap(), book.ledger.verify().unwrap());
}

#[test]
fn a_ledger_opened_to_read_answers_and_takes_no_command() {
    let place = Place::sqlite();
    let book = Book::started(&place);
    let reader = Ledger::open_read_only(&place.path().unwrap()).unwrap();
    let before = place.everything().0;
    let command = crate::support::envelope("x", allocate(10));
    assert_fault(reader.execute(&command, noon("2026-03-10")), ErrorKind::StoreReadOnly);
    assert_fault(reader.vacuum(), ErrorKind::StoreReadOnly);
    assert_eq!(place.everything().0, before);
    // It sees what others do.
    let streams = reader.verify().unwrap().streams;
    book.customer("c2");
    assert_eq!(reader.verify().unwrap().streams, streams + 1);
    let mut text = Vec::new();
    reader.export(&mut text, mlicense_ledger::ExportOptions::default(), &mut ignore).unwrap();
    let missing = place.path().unwrap().with_extension("missing");
    assert_fault(Ledger::open_read_only(&missing), ErrorKind::StoreUnavailable);
}

#[test]
fn tidying_up_makes_the_file_smaller_and_changes_no_row() {
    let place = Place::sqlite();
    let book = Book::started(&place);
    place.tamper("CREATE TABLE much (text TEXT); INSERT INTO much VALUES (zeroblob(1000000))");
    place.tamper("DROP TABLE much");
    book.ledger
        .checkpoint(
            "a.example",
            &mlicense_core::signing::Signer::from_seed([5; 32]),
            noon("2026-03-02"),
        )
        .unwrap();
    let (before, path) = (place.everything().0, place.path().unwrap());
    drop(place.open().unwrap());
    place.tamper("PRAGMA wal_checkpoint(TRUNCATE)");
    let size = std::fs::metadata(&path).unwrap().len();
    book.ledger.vacuum().unwrap();
    assert!(std::fs::metadata(&path).unwrap().len() < size);
    assert_eq!(place.everything().0, before);
    book.ledger.verify().unwrap();
}
