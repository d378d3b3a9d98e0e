//! Commands of a vendor beside the same rows written by hand: one after another, from several
//! threads, and many at once.

use std::{
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

use criterion::{BatchSize::PerIteration, Criterion, criterion_group, criterion_main};
use mlicense_benches::given;
use mlicense_core::history::Envelope;
use mlicense_ledger::Ledger;
use rusqlite::{Connection, params};
use serde_json::{Value, json};

const NOW: &str = "2026-03-02T12:00:00Z";
const THREADS: u64 = 8;
/// Commands of one transaction, where many are done at once.
const AT_ONCE: u64 = 100;

/// How many customers take turns.
fn customers() -> u64 {
    given("BENCH_BUYERS", 20_000).try_into().expect("a number")
}

fn envelope(id: &str, body: &Value) -> Envelope {
    let actor = json!({"role": "vendor", "id": "bench"});
    let text = json!({"id": id, "actor": actor, "body": body}).to_string();
    Envelope::from_json(text.as_bytes()).expect("a command")
}

/// A purchase of one licence by one of the customers.
fn purchase(n: u64) -> Envelope {
    let contents = json!([{"license_type": "camera", "quantity": 1}]);
    envelope(
        &format!("purchase-{n}"),
        &json!({"stock_licenses": {
            "customer": format!("customer-{}", n % customers()), "product": "vms",
            "contents": contents, "source": "purchase",
        }}),
    )
}

/// A vendor with its customers.
struct Vendor {
    ledger: Ledger,
    next: AtomicU64,
}

impl Vendor {
    fn new(path: &Path) -> Self {
        let vendor = Self { ledger: Ledger::create(path).expect("a ledger"), next: 0.into() };
        let product = json!({"define_product": {
            "product": "vms", "definition": {"name": "Video", "license_types": ["camera"]},
            "policy": {"subscription": {}},
        }});
        vendor.run(&envelope("product", &product));
        let register = |n: u64| {
            let customer = format!("customer-{n}");
            let register = json!({"register_customer": {"customer": customer, "zone": "UTC"}});
            envelope(&format!("register-{n}"), &register)
        };
        let customers: Vec<_> = (0..customers()).map(register).collect();
        vendor.run_many(&customers);
        vendor
    }

    fn run(&self, envelope: &Envelope) {
        self.ledger.execute(envelope, NOW.parse().expect("an instant")).expect("done");
    }

    fn run_many(&self, envelopes: &[Envelope]) {
        let now = NOW.parse().expect("an instant");
        let done = self.ledger.execute_many(envelopes, now, &mut |_| ()).expect("done");
        assert!(done.iter().all(Result::is_ok));
    }

    fn purchase(&self) -> Envelope {
        purchase(self.next.fetch_add(1, Ordering::Relaxed))
    }
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
        vendor.run(&vendor.purchase());
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
    let vendor = Vendor::new(&folder.path().join("vendor.mlicense"));
    let mut bare = Bare::new(&folder.path().join("bare"), &vendor);
    let mut group = criterion.benchmark_group("durable command");
    group.bench_function("mlicense", |bencher| {
        bencher.iter_batched(|| vendor.purchase(), |envelope| vendor.run(&envelope), PerIteration);
    });
    group.bench_function("bare rows", |bencher| bencher.iter(|| bare.transact(1)));
    group.bench_function("eight threads", |bencher| {
        bencher.iter_custom(|commands| crowd(&vendor, commands));
    });
    group.bench_function("a hundred at once", |bencher| {
        bencher.iter_custom(|commands| {
            let mut spent = Duration::ZERO;
            for _ in 0..commands.div_ceil(AT_ONCE) {
                let many: Vec<_> = (0..AT_ONCE).map(|_| vendor.purchase()).collect();
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
            scope.spawn(|| (0..each).for_each(|_| vendor.run(&vendor.purchase())));
        }
    });
    begin.elapsed().mul_f64(commands as f64 / (each * THREADS) as f64)
}

criterion_group!(benches, durable);
criterion_main!(benches);
