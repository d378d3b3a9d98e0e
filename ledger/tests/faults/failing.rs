//! Disks that are full, fail or lie, from the first thing they are asked to the last.

use std::{
    ffi::c_int,
    fs,
    path::Path,
    sync::{Arc, Mutex},
    thread,
};

use mlicense_core::error::{ErrorClass, ErrorKind};
use mlicense_ledger::{Error, Ledger, Receipt};
use rusqlite::ffi;

use crate::{
    disk::{Call, Disk, Fate, Watch},
    support::{Book, Place, define, envelope, noon, tell},
    work::{Acknowledged, DAY, Finding, command, holds, in_memory},
};

/// One customer's: it is registered, asks, starts, is given a key, redeems it.
const COMMANDS: usize = 5;

#[test]
fn a_disk_that_is_full_at_any_write_loses_nothing_and_is_named() {
    let kinds = [ErrorKind::StoreFull];
    on_every_call("full", |at| broken_at(at, Ill::Full, &kinds));
}

#[test]
fn a_disk_that_fails_once_at_any_call_loses_nothing_and_is_named() {
    let kinds = [ErrorKind::StoreUnavailable, ErrorKind::OutcomeUnknown];
    on_every_call("failing once", |at| broken_at(at, Ill::Once, &kinds));
}

#[test]
fn a_disk_that_fails_from_any_call_on_loses_nothing_and_is_named() {
    let kinds = [ErrorKind::StoreUnavailable, ErrorKind::OutcomeUnknown];
    on_every_call("failing for good", |at| broken_at(at, Ill::Gone, &kinds));
}

#[test]
fn a_creation_that_fails_at_any_call_leaves_no_obstacle() {
    for ill in [Ill::Full, Ill::Once, Ill::Gone] {
        on_every_call("failing while a ledger is made", |at| creation_broken_at(at, ill));
    }
}

#[test]
fn a_disk_that_lies_about_a_write_is_found() {
    let mut found = Vec::new();
    on_every_call("lying", |at| {
        let (hit, finding) = lied_to_at(at);
        found.extend(finding);
        hit
    });
    tell(&format!("disk lying: found {} times", found.len()));
    assert!(!found.is_empty());
}

/// Breaks the first call, then the second and so on, until a trial ends before it comes to it.
fn on_every_call(what: &str, mut trial: impl FnMut(usize) -> bool) {
    let calls = (0..).take_while(|at| trial(*at)).count();
    tell(&format!("disk {what}: {calls} calls, one after the other"));
    assert!(calls > 5);
}

/// What is wrong with a disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ill {
    /// No write is done any more.
    Full,
    /// One call fails.
    Once,
    /// All calls fail.
    Gone,
    /// One write is not done, and said to be.
    Lies,
}

/// A disk that falls ill at call `at`, until it is mended.
struct Patient {
    at: usize,
    ill: Ill,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    calls: usize,
    fell: bool,
    mended: bool,
}

impl Patient {
    fn new(at: usize, ill: Ill) -> Arc<Self> {
        Arc::new(Self { at, ill, state: Mutex::default() })
    }

    fn mend(&self) {
        self.state.lock().unwrap().mended = true;
    }

    /// Whether it ever fell ill.
    fn fell(&self) -> bool {
        self.state.lock().unwrap().fell
    }
}

impl Disk for Patient {
    fn asked(&self, _file: &str, call: Call<'_>) -> Fate {
        // What is on the disk of this machine does not matter: nobody turns it off.
        let well = if call == Call::Sync { Fate::Pretended } else { Fate::Done };
        let mut state = self.state.lock().unwrap();
        let concerned =
            matches!(call, Call::Write { .. }) || matches!(self.ill, Ill::Once | Ill::Gone);
        if state.mended || !concerned {
            return well;
        }
        state.calls += 1;
        let (now, since) = (state.calls == self.at + 1, state.calls > self.at);
        state.fell |= now;
        match self.ill {
            Ill::Full if since => Fate::Fails(ffi::SQLITE_FULL),
            Ill::Once if now => Fate::Fails(failure(call)),
            Ill::Gone if since => Fate::Fails(failure(call)),
            Ill::Lies if now => Fate::Pretended,
            _ => well,
        }
    }
}

/// How SQLite's own layer says that it could not be done.
const fn failure(call: Call<'_>) -> c_int {
    match call {
        Call::Open => ffi::SQLITE_CANTOPEN,
        Call::Read => ffi::SQLITE_IOERR_READ,
        Call::Write { .. } => ffi::SQLITE_IOERR_WRITE,
        Call::Truncate { .. } => ffi::SQLITE_IOERR_TRUNCATE,
        Call::Sync => ffi::SQLITE_IOERR_FSYNC,
        Call::Size => ffi::SQLITE_IOERR_FSTAT,
        Call::Share => ffi::SQLITE_IOERR_SHMMAP,
        Call::Delete { .. } => ffi::SQLITE_IOERR_DELETE,
    }
}

/// The bytes of a ledger that is closed.
fn closed() -> Vec<u8> {
    let place = in_memory();
    drop(Book::with_cameras(&place));
    fs::read(place.path().unwrap()).unwrap()
}

/// Uses a ledger, from opening to closing, on a disk that falls ill; whether it ever did.
fn broken_at(at: usize, ill: Ill, kinds: &[ErrorKind]) -> bool {
    let place = in_memory();
    let path = &place.path().unwrap();
    fs::write(path, prepared()).unwrap();
    let patient = Patient::new(at, ill);
    let _watch = Watch::over(path.parent().unwrap(), patient.clone());
    let ledger = Ledger::open(path).unwrap_or_else(|error| {
        check(&error, kinds);
        patient.mend();
        Ledger::open(path).unwrap()
    });
    let acknowledged = Mutex::new(Acknowledged::default());
    let give = |who: &str| {
        for number in 0..COMMANDS {
            let receipt = insist(&ledger, (who, number), &patient, kinds);
            let id = command(who, number).id;
            acknowledged.lock().unwrap().note(id.as_str(), Some(receipt));
        }
    };
    let give = &give;
    // From two threads each second time, with more to commit at once.
    thread::scope(|scope| {
        (0..=at % 2).for_each(|thread| drop(scope.spawn(move || give(&format!("t{thread}")))));
    });
    drop(ledger);
    patient.mend();
    let found = acknowledged.into_inner().unwrap().examine(&Ledger::open(path).unwrap());
    assert_eq!(found, Ok(()), "call {at}, {ill:?}");
    patient.fell()
}

fn prepared() -> &'static [u8] {
    static PREPARED: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
    PREPARED.get_or_init(closed)
}

/// Gives a command until it is done: at the latest with the disk mended.
fn insist(
    ledger: &Ledger,
    (who, number): (&str, usize),
    patient: &Patient,
    kinds: &[ErrorKind],
) -> Receipt {
    let command = command(who, number);
    let error = match ledger.execute(&command, noon(DAY)) {
        Ok(receipt) => return receipt,
        Err(error) => error,
    };
    check(&error, kinds);
    // Somebody else may write just now where there are two threads: no moment to make a copy.
    if error.kind() != ErrorKind::OutcomeUnknown && patient.at.is_multiple_of(2) {
        let copied = copy(ledger.path().unwrap());
        assert!(!holds(&copied.open().unwrap(), command.id.as_str()), "{error:?}, and it is done");
    }
    if let Err(error) = ledger.execute(&command, noon(DAY)) {
        check(&error, kinds);
    }
    if let Err(error) = ledger.verify() {
        check(&error, kinds);
    }
    patient.mend();
    ledger.execute(&command, noon(DAY)).unwrap()
}

/// What is on the disk, elsewhere.
fn copy(path: &Path) -> Place {
    let place = in_memory();
    let copy = place.path().unwrap();
    fs::copy(path, &copy).unwrap();
    let log = path.with_extension("mlicense-wal");
    if log.exists() {
        fs::copy(log, copy.with_extension("mlicense-wal")).unwrap();
    }
    place
}

fn check(error: &Error, kinds: &[ErrorKind]) {
    assert!(kinds.contains(&error.kind()), "{error:?}");
    assert_eq!(error.kind().class(), ErrorClass::Storage);
}

fn creation_broken_at(at: usize, ill: Ill) -> bool {
    let place = in_memory();
    let path: &Path = &place.path().unwrap();
    let patient = Patient::new(at, ill);
    let _watch = Watch::over(path.parent().unwrap(), patient.clone());
    let made = Ledger::create(path).or_else(|error| {
        assert_eq!(error.kind().class(), ErrorClass::Storage, "{error:?}");
        patient.mend();
        Ledger::create(path)
    });
    made.unwrap_or_else(|error| panic!("call {at}, {ill:?}: {error:?}"));
    patient.mend();
    let ledger = Ledger::open(path).unwrap();
    ledger.verify().unwrap();
    let product = envelope("define", define("vms"));
    ledger.execute(&product, noon(DAY)).unwrap();
    patient.fell()
}

/// As [`broken_at`], on a disk that does not do one write; what is wrong then.
fn lied_to_at(at: usize) -> (bool, Option<Finding>) {
    let place = in_memory();
    let path = &place.path().unwrap();
    fs::write(path, prepared()).unwrap();
    let patient = Patient::new(at, Ill::Lies);
    let _watch = Watch::over(path.parent().unwrap(), patient.clone());
    let mut acknowledged = Acknowledged::default();
    let broken = |error: Error| Finding::Broken(error.to_string());
    let mut using = || -> Result<(), Error> {
        let ledger = Ledger::open(path)?;
        for number in 0..COMMANDS {
            let command = command("t0", number);
            let receipt = ledger.execute(&command, noon(DAY))?;
            acknowledged.note(command.id.as_str(), Some(receipt));
        }
        Ok(())
    };
    let used = using().map_err(broken);
    let found = used.and_then(|()| {
        acknowledged
            .examine(&Ledger::open(path).map_err(|error| Finding::Broken(error.to_string()))?)
    });
    (patient.fell(), found.err())
}
