//! Commands of a vendor beside the same rows written by hand: one after another, from several
//! threads, and many at once; and the whole history read again beside a bare scan.

use std::{
    collections::BTreeMap,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use criterion::{BatchSize::PerIteration, Criterion, criterion_group, criterion_main};
use mlicense_benches::{
    given,
    vendor::{Vendor, purchase, register},
};
use mlicense_core::{
    history::{ChainHash, Envelope},
    signing::sha256,
};
use rusqlite::{Connection, params};
use serde::Deserialize;
use serde_json::Value;

const THREADS: u64 = 8;
/// Commands of one transaction, where many are done at once.
const AT_ONCE: u64 = 100;

/// How many customers take turns.
fn customers() -> u64 {
    given("BENCH_BUYERS", 20_000).try_into().expect("a number")
}

fn founded(path: &Path) -> Vendor {
    let vendor = Vendor::new(path);
    let customers: Vec<_> = (0..customers()).map(register).collect();
    vendor.run_many(&customers);
    vendor
}

/// The next purchase; customers take turns.
fn next(vendor: &Vendor) -> Envelope {
    let n = vendor.next();
    purchase(n, n % customers())
}

/// The same rows by hand: an event and its index, a head and the command.
struct Bare {
    connection: Connection,
    next: u64,
    json: String,
    receipt: String,
}

impl Bare {
    /// With rows of the sizes that a purchase has.
    fn new(path: &Path, vendor: &Vendor) -> Self {
        let connection = Connection::open(path).expect("a file");
        let tables = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
            CREATE TABLE event (position INTEGER PRIMARY KEY, stream TEXT NOT NULL,
                idx INTEGER NOT NULL, json TEXT NOT NULL, chain BLOB NOT NULL, UNIQUE (stream, idx));
            CREATE TABLE head (stream TEXT NOT NULL PRIMARY KEY, idx INTEGER NOT NULL,
                chain BLOB NOT NULL) WITHOUT ROWID;
            CREATE TABLE command (id TEXT NOT NULL PRIMARY KEY, digest BLOB NOT NULL,
                receipt TEXT NOT NULL) WITHOUT ROWID;";
        connection.execute_batch(tables).expect("tables");
        for n in 0..customers() {
            let sql = "INSERT INTO head VALUES (?1, 0, zeroblob(32))";
            connection.execute(sql, [format!("customer/customer-{n}")]).expect("a row");
        }
        let written = Connection::open(vendor.ledger.path().expect("a file")).expect("a ledger");
        vendor.run(&next(vendor));
        let one = |sql: &str| written.query_row(sql, [], |row| row.get(0)).expect("a row");
        Self {
            connection,
            next: 0,
            json: one("SELECT json FROM event ORDER BY position DESC LIMIT 1"),
            receipt: one("SELECT receipt FROM command WHERE id LIKE 'purchase-%' LIMIT 1"),
        }
    }

    /// One transaction with the rows of so many commands.
    fn transact(&mut self, commands: u64) {
        let run = |sql: &str| {
            self.connection.prepare_cached(sql).expect("a statement").execute([]).expect("done");
        };
        run("BEGIN IMMEDIATE");
        for _ in 0..commands {
            self.next += 1;
            let stream = format!("customer/customer-{}", self.next % customers());
            let (index, chain) = (self.next / customers() + 1, [7_u8; 32]);
            let sql = "INSERT INTO event (stream, idx, json, chain) VALUES (?1, ?2, ?3, ?4)";
            self.put(sql, params![stream, index, self.json, chain]);
            let sql = "UPDATE head SET idx = ?2, chain = ?3 WHERE stream = ?1";
            self.put(sql, params![stream, index, chain]);
            let sql = "INSERT INTO command (id, digest, receipt) VALUES (?1, ?2, ?3)";
            self.put(sql, params![format!("purchase-{}", self.next), chain, self.receipt]);
        }
        run("COMMIT");
    }

    fn put(&self, sql: &str, row: impl rusqlite::Params) {
        let mut statement = self.connection.prepare_cached(sql).expect("a statement");
        assert_eq!(statement.execute(row).expect("a row"), 1);
    }
}

fn durable(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    let vendor = founded(&folder.path().join("vendor.mlicense"));
    let mut bare = Bare::new(&folder.path().join("bare"), &vendor);
    let mut group = criterion.benchmark_group("durable command");
    group.bench_function("mlicense", |bencher| {
        bencher.iter_batched(|| next(&vendor), |envelope| vendor.run(&envelope), PerIteration);
    });
    group.bench_function("bare rows", |bencher| bencher.iter(|| bare.transact(1)));
    group.bench_function("eight threads", |bencher| {
        bencher.iter_custom(|commands| crowd(&vendor, commands));
    });
    group.bench_function("a hundred at once", |bencher| {
        bencher.iter_custom(|commands| {
            let mut spent = Duration::ZERO;
            for _ in 0..commands.div_ceil(AT_ONCE) {
                let many: Vec<_> = (0..AT_ONCE).map(|_| next(&vendor)).collect();
                let begin = Instant::now();
                vendor.run_many(&many);
                spent += begin.elapsed();
            }
            per_command(spent, commands)
        });
    });
    group.bench_function("a hundred bare", |bencher| {
        bencher.iter_custom(|commands| {
            let begin = Instant::now();
            (0..commands.div_ceil(AT_ONCE)).for_each(|_| bare.transact(AT_ONCE));
            per_command(begin.elapsed(), commands)
        });
    });
    group.finish();
    replay(criterion, &vendor);
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
fn replay(criterion: &mut Criterion, vendor: &Vendor) {
    let bare = Connection::open(vendor.ledger.path().expect("a file")).expect("a ledger");
    let events = vendor.ledger.verify().expect("whole").events;
    let mut group = criterion.benchmark_group("replay");
    group.sample_size(10);
    group.bench_function("mlicense", |bencher| {
        bencher.iter(|| assert_eq!(vendor.ledger.verify().expect("whole").events, events));
    });
    group.bench_function("bare scan", |bencher| bencher.iter(|| assert_eq!(scan(&bare), events)));
    group.finish();
    println!("replay: {events} events");
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

/// Whole hundreds were done: what so many commands of them took.
fn per_command(spent: Duration, commands: u64) -> Duration {
    let done = commands.div_ceil(AT_ONCE) * AT_ONCE;
    spent.mul_f64(commands as f64 / done as f64)
}

/// How long eight threads take for so many commands together.
fn crowd(vendor: &Vendor, commands: u64) -> Duration {
    let each = commands.div_ceil(THREADS);
    let begin = Instant::now();
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| (0..each).for_each(|_| vendor.run(&next(vendor))));
        }
    });
    begin.elapsed().mul_f64(commands as f64 / (each * THREADS) as f64)
}

criterion_group!(benches, durable);
criterion_main!(benches);
