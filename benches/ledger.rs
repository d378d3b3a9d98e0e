//! Commands of a vendor beside the same rows written by hand: one after another, from several
//! threads, and many at once; and the whole history read again beside a bare scan.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    env, iter,
    path::Path,
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use mlicense_benches::{
    given,
    turns::{Work, measure},
    vendor::{Vendor, at, purchase, register},
};
use mlicense_core::{
    history::{ChainHash, Envelope},
    signing::sha256,
};
use rusqlite::{Connection, params};
use serde::Deserialize;
use serde_json::Value;

const THREADS: u32 = 8;
/// Commands of one transaction, where many are done at once.
const AT_ONCE: u32 = 500;
/// Commands in a round, where each is a transaction.
const ALONE: u32 = 50;
/// What the ledger keeps beside the rows, to be asked by when, by whom and of what kind.
const JOURNAL: &str = concat!(
    include_str!("../ledger/migrations/sqlite/V5__journal.sql"),
    include_str!("../ledger/migrations/sqlite/V7__journal.sql"),
    "DROP TRIGGER event_of_an_older_program",
);

/// How many customers take turns.
fn customers() -> u64 {
    given("BENCH_BUYERS", 20_000).try_into().expect("a number")
}

fn founded(path: &Path) -> Vendor {
    let vendor = Vendor::new(path);
    let customers: Vec<_> = (0..customers()).map(register).collect();
    vendor.run_many(&customers);
    one_by_one(&vendor, &next(&vendor, 1));
    vendor
}

/// The next purchases, each a second after the one before; customers take turns.
fn next(vendor: &Vendor, count: u32) -> Vec<Purchase> {
    let next = |_| {
        let n = vendor.next();
        (purchase(n, n % customers()), at(n))
    };
    (0..count).map(next).collect()
}

type Purchase = (Envelope, mlicense_core::time::Instant);

/// The same rows by hand: an event and its index, a head and the command.
struct Bare {
    connection: Connection,
    has_journal: bool,
    next: u64,
    json: String,
    /// The instant in it, in whose place another is put.
    at: String,
}

impl Bare {
    /// With rows of the sizes that a purchase has.
    fn new(path: &Path, vendor: &Vendor, has_journal: bool) -> Self {
        let connection = Connection::open(path).expect("a file");
        let tables = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
            CREATE TABLE event (position INTEGER PRIMARY KEY, stream TEXT NOT NULL,
                idx INTEGER NOT NULL, json TEXT NOT NULL, chain BLOB NOT NULL, UNIQUE (stream, idx));
            CREATE TABLE head (stream TEXT NOT NULL PRIMARY KEY, idx INTEGER NOT NULL,
                chain BLOB NOT NULL) WITHOUT ROWID;
            CREATE TABLE receipt (command TEXT NOT NULL PRIMARY KEY, digest BLOB NOT NULL,
                at TEXT NOT NULL, events TEXT NOT NULL) WITHOUT ROWID;";
        connection.execute_batch(tables).expect("tables");
        if has_journal {
            connection.execute_batch(JOURNAL).expect("a journal");
        }
        let written = Connection::open(vendor.ledger.path().expect("a file")).expect("a ledger");
        let one = |sql: &str| written.query_row(sql, [], |row| row.get(0)).expect("a row");
        let sample = |command: &str| {
            one(&format!("SELECT json FROM event WHERE json LIKE '%{command}-%' LIMIT 1"))
        };
        let (json, at) = (sample("register"), at(0).to_string());
        let mut bare = Self { connection, has_journal, next: 0, json, at };
        bare.fill();
        bare.json = sample("purchase");
        assert!(bare.json.contains(&bare.at), "the first of all");
        bare
    }

    /// What there is of customers before they buy.
    fn fill(&self) {
        self.connection.execute_batch("BEGIN").expect("begun");
        for n in 0..customers() {
            let (stream, chain) = (format!("customer/customer-{n}"), [0_u8; 32]);
            self.append(&stream, 1, (&at(0).to_string(), &self.json), chain);
            self.put(
                "INSERT INTO head (stream, idx, chain) VALUES (?1, 1, ?2)",
                params![stream, chain],
            );
            self.remember(&format!("register-{n}"), &at(0).to_string(), (&stream, 1));
        }
        self.connection.execute_batch("COMMIT").expect("committed");
    }

    /// One transaction with the rows of so many commands.
    fn transact(&mut self, commands: u32) {
        let run = |sql: &str| {
            self.connection.prepare_cached(sql).expect("a statement").execute([]).expect("done");
        };
        run("BEGIN IMMEDIATE");
        for _ in 0..commands {
            self.next += 1;
            let stream = format!("customer/customer-{}", self.next % customers());
            let (index, chain) = (self.next / customers() + 2, [7_u8; 32]);
            let at = at(self.next).to_string();
            let json = self.json.replacen(&self.at, &at, 1);
            self.append(&stream, index, (&at, &json), chain);
            let sql = "UPDATE head SET idx = ?2, chain = ?3 WHERE stream = ?1";
            self.put(sql, params![stream, index, chain]);
            self.remember(&format!("purchase-{}", self.next), &at, (&stream, index));
        }
        run("COMMIT");
    }

    fn append(&self, stream: &str, index: u64, (at, json): (&str, &str), chain: [u8; 32]) {
        if self.has_journal {
            let sql = "INSERT INTO event (stream, idx, json, chain, at, actor, kind)
                       VALUES (?1, ?2, ?3, ?4, ?5, 'bench', 'stocked')";
            self.put(sql, params![stream, index, json, chain, at]);
        } else {
            let sql = "INSERT INTO event (stream, idx, json, chain) VALUES (?1, ?2, ?3, ?4)";
            self.put(sql, params![stream, index, json, chain]);
        }
    }

    fn remember(&self, command: &str, at: &str, (stream, index): (&str, u64)) {
        let sql = "INSERT INTO receipt (command, digest, at, events) VALUES (?1, ?2, ?3, ?4)";
        let events = format!("[[\"{stream}\",{index}]]");
        self.put(sql, params![command, [7_u8; 32], at, events]);
    }

    fn put(&self, sql: &str, row: impl rusqlite::Params) {
        let mut statement = self.connection.prepare_cached(sql).expect("a statement");
        assert_eq!(statement.execute(row).expect("a row"), 1);
    }
}

fn main() {
    if env::args().any(|argument| argument == "--test") {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let vendor = founded(&folder.path().join("vendor.mlicense"));
    let bare = |name: &str, has_journal: bool| {
        RefCell::new(Bare::new(&folder.path().join(name), &vendor, has_journal))
    };
    let (plain, journal) = (bare("plain", false), bare("journal", true));
    // Each for itself, or many in a transaction: the time of one.
    let alone = |bare: &RefCell<Bare>| timed(ALONE, |_| bare.borrow_mut().transact(1));
    let many = |bare: &RefCell<Bare>| timed(1, |_| bare.borrow_mut().transact(AT_ONCE)) / AT_ONCE;
    let works: Vec<Work<'_>> = vec![
        ("mlicense", Box::new(|| one_by_one(&vendor, &next(&vendor, ALONE)) / ALONE)),
        ("by hand", Box::new(|| alone(&plain))),
        ("by hand with a journal", Box::new(|| alone(&journal))),
        ("eight threads", Box::new(|| crowd(&vendor))),
        ("eight threads by hand", Box::new(|| crowd_by_hand(&mut journal.borrow_mut()))),
        (
            "many at once",
            Box::new(|| {
                let commands = next(&vendor, AT_ONCE);
                let commands: Vec<_> = commands.into_iter().map(|(command, _)| command).collect();
                timed(1, |_| vendor.run_many(&commands)) / AT_ONCE
            }),
        ),
        ("many by hand", Box::new(|| many(&plain))),
        ("many by hand with a journal", Box::new(|| many(&journal))),
    ];
    measure("SQLite, a command", works);
    replay(&vendor);
}

/// How long one takes of so many.
fn timed(count: u32, work: impl FnMut(u32)) -> Duration {
    let begin = Instant::now();
    (0..count).for_each(work);
    begin.elapsed() / count
}

/// An event as a program reads it that knows nothing of its meaning.
#[derive(Deserialize)]
struct Event {
    #[expect(dead_code, reason = "read as the ledger reads it")]
    stream: String,
    index: u64,
    #[expect(dead_code, reason = "read as the ledger reads it")]
    at: String,
    #[expect(dead_code, reason = "read as the ledger reads it")]
    actor: BTreeMap<String, String>,
    #[expect(dead_code, reason = "read as the ledger reads it")]
    command: String,
    #[expect(dead_code, reason = "read as the ledger reads it")]
    event: Value,
}

/// Everything that was written so far, read again and checked.
fn replay(vendor: &Vendor) {
    let bare = Connection::open(vendor.ledger.path().expect("a file")).expect("a ledger");
    let events = vendor.ledger.verify().expect("whole").events;
    let ours = || timed(1, |_| assert_eq!(vendor.ledger.verify().expect("whole").events, events));
    let by_hand = || timed(1, |_| assert_eq!(scan(&bare), events));
    let works: Vec<Work<'_>> = vec![("mlicense", Box::new(ours)), ("by hand", Box::new(by_hand))];
    measure(&format!("SQLite, {events} events read again"), works);
}

/// Reads every event in the order of its stream, parses it and computes the chain.
fn scan(bare: &Connection) -> u64 {
    let sql = "SELECT json, chain FROM event ORDER BY stream, idx";
    let mut statement = bare.prepare_cached(sql).expect("a statement");
    let mut rows = statement.query([]).expect("rows");
    let (mut events, mut chain) = (0, ChainHash::GENESIS);
    while let Some(row) = rows.next().expect("a row") {
        let json = row.get_ref(0).and_then(|json| Ok(json.as_str()?)).expect("text");
        let event: Event = serde_json::from_str(json).expect("an event");
        let before = if event.index == 1 { ChainHash::GENESIS } else { chain };
        let bytes = [b"mlicense-event-1\n", &before.as_bytes()[..], json.as_bytes()].concat();
        chain = ChainHash::from_bytes(sha256(&bytes));
        assert_eq!(
            row.get_ref(1).and_then(|chain| Ok(chain.as_blob()?)),
            Ok(&chain.as_bytes()[..])
        );
        events += 1;
    }
    events
}

/// How long commands take one after another.
fn one_by_one<'p>(vendor: &Vendor, purchases: impl IntoIterator<Item = &'p Purchase>) -> Duration {
    let begin = Instant::now();
    purchases.into_iter().for_each(|(purchase, now)| vendor.run_at(purchase, *now));
    begin.elapsed()
}

/// How long eight threads take for a command together.
fn crowd(vendor: &Vendor) -> Duration {
    let purchases = next(vendor, ALONE * THREADS);
    let all = timed(1, |_| {
        thread::scope(|scope| {
            for thread in 0..THREADS as usize {
                let own = purchases.iter().skip(thread).step_by(THREADS as usize);
                scope.spawn(|| one_by_one(vendor, own));
            }
        });
    });
    all / (ALONE * THREADS)
}

/// The same by hand: one thread writes what the others ask for, as much at once as there is.
fn crowd_by_hand(bare: &mut Bare) -> Duration {
    let all = timed(1, |_| {
        thread::scope(|scope| {
            let (ask, asked) = mpsc::channel();
            for _ in 0..THREADS {
                let ask = ask.clone();
                scope.spawn(move || {
                    let (done, is_done) = mpsc::channel();
                    for _ in 0..ALONE {
                        ask.send(done.clone()).expect("a writer");
                        is_done.recv().expect("done");
                    }
                });
            }
            drop(ask);
            while let Ok(first) = asked.recv() {
                let some: Vec<_> = iter::once(first).chain(asked.try_iter()).collect();
                bare.transact(some.len().try_into().expect("a few"));
                some.iter().for_each(|done| done.send(()).expect("somebody waits"));
            }
        });
    });
    all / (ALONE * THREADS)
}
