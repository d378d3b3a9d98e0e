//! Bytes of a ledger's file that are not what was written.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    thread,
};

use mlicense_core::{
    document::Checkpoint,
    error::ErrorKind,
    signing::{Signer, Trust},
};
use mlicense_ledger::{Error, ExportOptions, Ledger};
use rand::RngExt;
use rusqlite::{Connection, OpenFlags, types::Value};

use crate::{
    support::{Book, Place, noon, tell, trade::set_dealer},
    work::{DAY, chance, in_memory, trials},
};

const THREADS: usize = 2;

const ORIGIN: &str = "licences.example.com/history";

/// What a ledger that was read says, by kind of line.
type Reading = BTreeMap<String, Vec<String>>;

/// What came of so many flips.
#[derive(Debug, Default)]
struct Tally {
    /// An error, or the same reading.
    refused: usize,
    same: usize,
    /// Another reading of what vouches for itself only, as the documentation says.
    unvouched: usize,
    /// Refused by the ledger, while the tables can be read and say something else.
    only_by_the_ledger: usize,
    /// Another reading, of anything else.
    unnoticed: Vec<String>,
}

#[test]
fn a_flipped_byte_is_an_error_or_changes_nothing() {
    let (place, path) = written();
    let bytes = fs::read(&path).unwrap();
    let (whole, raw) = (read(&path).unwrap(), read_raw(&path).unwrap());
    let flips = trials("FLIPS", 2_000) / THREADS;
    let run = |thread: usize| flip(&bytes, flips, (thread, &whole, &raw));
    let run = &run;
    let tallies: Vec<Tally> = thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|thread| scope.spawn(move || run(thread))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    drop(place);
    let count = |of: fn(&Tally) -> usize| tallies.iter().map(of).sum::<usize>();
    let unnoticed: Vec<&String> = tallies.iter().flat_map(|tally| &tally.unnoticed).collect();
    let by_chains = count(|tally| tally.only_by_the_ledger);
    tell(&format!(
        "flips: {} of {} bytes: {} refused, of which {by_chains} by the ledger alone; {} changed \
         nothing; {} names, receipts or messages",
        flips * THREADS,
        bytes.len(),
        count(|tally| tally.refused),
        count(|tally| tally.same),
        count(|tally| tally.unvouched),
    ));
    assert!(unnoticed.is_empty(), "{} unnoticed: {unnoticed:#?}", unnoticed.len());
    // The control: without what the ledger checks itself these were other histories.
    assert!(by_chains > 0);
}

fn signer() -> Signer {
    Signer::from_seed([9; 32])
}

/// A closed ledger that has something of everything.
fn written() -> (Place, PathBuf) {
    let place = in_memory();
    let book = Book::started(&place);
    book.partner("d1");
    book.run(DAY, set_dealer("c1", Some("d1")));
    book.ledger.checkpoint(ORIGIN, &signer(), noon(DAY)).unwrap();
    book.issue(DAY, "key-2", 5);
    drop(book);
    let path = place.path().unwrap();
    (place, path)
}

fn flip(bytes: &[u8], flips: usize, (thread, whole, raw): (usize, &Reading, &Raw)) -> Tally {
    let mut chance = chance(100 + thread as u64);
    let place = in_memory();
    let path = place.path().unwrap();
    let mut bytes = bytes.to_vec();
    let mut tally = Tally::default();
    for _ in 0..flips {
        let (at, by) = (chance.random_range(0..bytes.len()), chance.random_range(1..=255));
        bytes[at] ^= by;
        fs::write(&path, &bytes).unwrap();
        match read(&path) {
            Err(error) => {
                assert!(is_named(&error), "byte {at} by {by}: {error:?}");
                tally.refused += 1;
                if read_raw(&path).is_ok_and(|found| found != *raw) {
                    tally.only_by_the_ledger += 1;
                }
            }
            Ok(found) if found == *whole => tally.same += 1,
            Ok(found) if !are_signed(&found) => tally.refused += 1,
            Ok(found) => match vouched_change(whole, &found) {
                Some(change) => tally.unnoticed.push(format!("byte {at} by {by}: {change}")),
                None => tally.unvouched += 1,
            },
        }
        bytes[at] ^= by;
        // What a reader leaves beside the file belongs to the file it has read.
        for end in ["-wal", "-shm"] {
            let _ = fs::remove_file(path.with_extension(format!("mlicense{end}")));
        }
    }
    tally
}

/// Whether it says that the ledger is damaged. Of a column that has gone SQLite does not always say
/// more than that it cannot do what it was asked.
fn is_named(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::StoreCorrupt
            | ErrorKind::StoreForeign
            | ErrorKind::StoreNewer
            | ErrorKind::HistoryBroken
            | ErrorKind::TableBroken
            | ErrorKind::CheckpointBroken
            | ErrorKind::StoreUnavailable
    )
}

/// All that a ledger says, verified.
fn read(path: &Path) -> Result<Reading, Error> {
    let ledger = Ledger::open(path)?;
    let mut text = Vec::new();
    ledger.export(&mut text, ExportOptions::default(), &mut |_| {})?;
    let mut reading = Reading::new();
    for line in String::from_utf8(text).unwrap().lines() {
        let kind = line.split('"').nth(1).unwrap().to_owned();
        reading.entry(kind).or_default().push(line.to_owned());
    }
    Ok(reading)
}

/// Whether the checkpoints are signed. The ledger has no key to tell; whoever reads them has.
fn are_signed(reading: &Reading) -> bool {
    let trust = Trust::new(&[signer().public_key()], None).unwrap();
    reading.get("checkpoint").into_iter().flatten().all(|line| {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let note = line["checkpoint"]["note"].as_str().unwrap();
        Checkpoint::verify(note.as_bytes(), ORIGIN, &trust).is_ok()
    })
}

/// What differs between two readings, but for what nothing vouches for: names and addresses,
/// receipts, what is to be sent, and when a checkpoint was made.
fn vouched_change(whole: &Reading, found: &Reading) -> Option<String> {
    let kinds = ["ledger", "event", "checkpoint", "claim", "link"];
    let lines = |reading: &Reading, kind: &str| -> Vec<String> {
        let lines = reading.get(kind).into_iter().flatten();
        let undated = |line: &String| match (
            kind,
            line.split_once("\"at\":"),
            line.split_once("\"note\":"),
        ) {
            ("checkpoint", Some((before, _)), Some((_, note))) => format!("{before}{note}"),
            _ => line.clone(),
        };
        lines.map(undated).collect()
    };
    kinds.into_iter().find_map(|kind| {
        let (whole, found) = (lines(whole, kind), lines(found, kind));
        (whole != found).then(|| format!("{kind}: {whole:?} {found:?}"))
    })
}

/// The rows of the tables of which the history is made, as any program reads them.
type Raw = Vec<Vec<Value>>;

fn read_raw(path: &Path) -> rusqlite::Result<Raw> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let mut rows = Vec::new();
    for sql in [
        "SELECT stream, idx, json, chain FROM event ORDER BY position",
        "SELECT space, digest, holder FROM claim",
        "SELECT holder, customer, contact FROM link",
    ] {
        let mut statement = connection.prepare(sql)?;
        let columns = statement.column_count();
        let mut found = statement.query([])?;
        while let Some(row) = found.next()? {
            rows.push((0..columns).map(|column| row.get(column)).collect::<Result<_, _>>()?);
        }
    }
    Ok(rows)
}
