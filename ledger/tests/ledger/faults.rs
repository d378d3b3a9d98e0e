//! Files that are no ledger, cannot be read or cannot be written: each has its own error.

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    process::Command,
};

use mlicense_core::error::{ErrorClass, ErrorKind};
use mlicense_ledger::Ledger;
use rusqlite::Connection;

use crate::support::{
    Book, Place, assert_fault, define, envelope, noon, on_every_store, start, tell,
};

/// A ledger in a file, closed again.
fn closed() -> (Place, PathBuf) {
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

/// Runs the body of a test in a process of its own, started by `wrapper`.
fn apart(name: &str, wrapper: &[&str], body: fn()) {
    const CHILD: &str = "MLICENSE_TEST_APART";
    if std::env::var_os(CHILD).is_some() {
        return body();
    }
    // Where whoever the wrapper makes of it may read it.
    let folder = tempfile::tempdir_in("/tmp").unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let tests = folder.path().join("tests");
    // Copied here, another thread's child could hold the copy open and keep it from being run.
    let copied = Command::new("cp").arg(std::env::current_exe().unwrap()).arg(&tests).status();
    assert!(copied.unwrap().success());
    let output = Command::new(wrapper[0])
        .args(&wrapper[1..])
        .arg(&tests)
        .args(["--exact", &format!("faults::{name}")])
        .env("TMPDIR", "/tmp")
        .env(CHILD, "")
        .current_dir("/tmp")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

#[test]
fn a_file_that_cannot_be_written_is_read_only() {
    // Whoever is root writes where nobody may.
    let root = fs::metadata("/proc/self").is_ok_and(|itself| itself.uid() == 0);
    let nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"];
    let wrapper = if root { nobody.as_slice() } else { &["env"] };
    apart("a_file_that_cannot_be_written_is_read_only", wrapper, read_only_file);
}

fn read_only_file() {
    let (place, path) = closed();
    let allow = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    let before = place.everything().0;
    allow(&path, 0o444);
    let ledger = place.open().unwrap();
    ledger.verify().unwrap();
    let command = envelope("define", define("other"));
    assert_fault(ledger.execute(&command, noon("2026-03-02")), ErrorKind::StoreReadOnly);
    drop(ledger);
    // The log beside it took over its permissions.
    for entry in fs::read_dir(path.parent().unwrap()).unwrap() {
        allow(&entry.unwrap().path(), 0o644);
    }
    assert_eq!(before, place.everything().0);
    place.open().unwrap().execute(&command, noon("2026-03-02")).unwrap();

    let (place, path) = closed();
    let folder = path.parent().unwrap();
    allow(folder, 0o555);
    let opened = place.open().and_then(|ledger| ledger.execute(&command, noon("2026-03-02")));
    allow(folder, 0o755);
    assert_fault(opened, ErrorKind::StoreReadOnly);
    place.open().unwrap().verify().unwrap();
}

#[test]
fn a_disk_that_fails_during_a_commit_leaves_the_outcome_open_until_asked_again() {
    let name = "a_disk_that_fails_during_a_commit_leaves_the_outcome_open_until_asked_again";
    apart(name, &["sh", "-c", "trap '' XFSZ; exec \"$@\"", "sh"], failing_disk);
}

/// A limit on the size of files fails writes much as a broken disk does.
fn failing_disk() {
    let limit = |size: &str| {
        let process = format!("--pid={}", std::process::id());
        let limit = format!("--fsize={size}:unlimited");
        let status = Command::new("prlimit").args([process, limit]).status().unwrap();
        assert!(status.success());
    };
    let place = Place::sqlite();
    let book = Book::with_cameras(&place);
    let before = place.everything().0;
    let command = envelope("start", start("c1"));
    let execute = || book.ledger.execute(&command, noon("2026-03-02"));
    assert!(is_open("vendor.mlicense"));
    limit("4096");
    assert_fault(execute(), ErrorKind::OutcomeUnknown);
    assert!(!is_open("vendor.mlicense"), "what this connection has cached may not be on the disk");
    let again = execute().unwrap_err();
    assert_eq!(again.kind().class(), ErrorClass::Storage, "{again:?}");
    limit("unlimited");
    assert_eq!(before, place.everything().0);
    let receipt = execute().unwrap();
    assert_eq!(receipt, place.open().unwrap().execute(&command, noon("2026-03-03")).unwrap());
    book.ledger.verify().unwrap();
}

/// Whether this process has a file of this name open.
fn is_open(name: &str) -> bool {
    let open = fs::read_dir("/proc/self/fd").unwrap();
    open.filter_map(|file| fs::read_link(file.ok()?.path()).ok()).any(|file| file.ends_with(name))
}

#[test]
fn a_full_disk_loses_nothing_and_works_again_when_there_is_space() {
    let small = "mount -t tmpfs -o size=1m tmpfs /mnt && exec \"$@\"";
    let wrapper = ["unshare", "--map-root-user", "--mount", "sh", "-c", small, "sh"];
    let allowed = Command::new(wrapper[0]).args(&wrapper[1..]).arg("true").status();
    if !allowed.is_ok_and(|status| status.success()) {
        tell("a full disk: not tested, nobody may mount a small one here");
        return;
    }
    apart("a_full_disk_loses_nothing_and_works_again_when_there_is_space", &wrapper, full_disk);
}

fn full_disk() {
    let place = Place::sqlite_in(Path::new("/mnt"));
    let book = Book::with_cameras(&place);
    let filler = Path::new("/mnt/filler");
    let space = fs::write(filler, vec![0; 1 << 20]).unwrap_err();
    assert_eq!(space.kind(), std::io::ErrorKind::StorageFull);
    let mut done = 0;
    let fault = loop {
        let body = define(&format!("product-{done}"));
        match book.ledger.execute(&envelope(&format!("define-{done}"), body), noon("2026-03-02")) {
            Ok(_) => done += 1,
            Err(error) => break error,
        }
    };
    assert_fault::<()>(Err(fault), ErrorKind::StoreFull);
    let events = book.ledger.verify().unwrap().events;
    fs::remove_file(filler).unwrap();
    let body = define(&format!("product-{done}"));
    book.ledger.execute(&envelope(&format!("define-{done}"), body), noon("2026-03-02")).unwrap();
    assert!(place.open().unwrap().verify().unwrap().events > events);
}
