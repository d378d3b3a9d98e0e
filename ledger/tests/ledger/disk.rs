//! A disk that is read-only, fails or is full.
//!
//! Tools of Linux make it so: another user, limits of a process, a small file system.
#![cfg(unix)]

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::Path,
    process::Command,
};

use mlicense_core::error::{ErrorClass, ErrorKind};

use crate::{
    faults::closed,
    support::{Book, Place, assert_fault, define, envelope, noon, start, tell},
};

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
        .args(["--exact", &format!("disk::{name}")])
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
    assert!(is_open("vendor.mlicense"), "opened anew, its log may show what is not on the disk");
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
