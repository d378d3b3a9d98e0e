//! Commands of a vendor in PostgreSQL beside the same rows written by hand, with eight clients each,
//! in turns.
//! `MLICENSE_TEST_POSTGRES` leads to an empty database, as `tools/with-postgres` sets it; without it
//! nothing is measured.

use std::{
    env,
    sync::Mutex,
    thread,
    time::{Duration, Instant},
};

use mlicense_benches::{
    given,
    turns::{Work, measure},
    vendor::{Vendor, at, purchase, register},
};
use mlicense_ledger::Place;
use postgres::{Client, NoTls, Statement, types::ToSql};

const CLIENTS: usize = 8;
/// Customers take turns, so that clients seldom wait for one another.
const CUSTOMERS: u64 = 2000;
/// Of about the sizes that a purchase has.
const JSON: usize = 420;
const EVENTS: usize = 34;

const TABLES: &str = "
    CREATE TABLE event (stream TEXT COLLATE \"C\", idx BIGINT, json TEXT NOT NULL,
        chain BYTEA NOT NULL, PRIMARY KEY (stream, idx));
    CREATE TABLE head (stream TEXT COLLATE \"C\" PRIMARY KEY, idx BIGINT NOT NULL,
        chain BYTEA NOT NULL);
    CREATE TABLE receipt (command TEXT COLLATE \"C\" PRIMARY KEY, digest BYTEA NOT NULL,
        at TEXT COLLATE \"C\" NOT NULL, events TEXT NOT NULL);";

/// What the ledger keeps beside the rows, to be asked by when, by whom and of what kind.
const JOURNAL: &str = "
    ALTER TABLE event ADD COLUMN at TEXT COLLATE \"C\" NOT NULL,
        ADD COLUMN actor TEXT COLLATE \"C\" NOT NULL, ADD COLUMN kind TEXT COLLATE \"C\" NOT NULL;
    CREATE INDEX ON event (at, stream, idx);
    CREATE INDEX ON event (actor, at, stream, idx);
    CREATE INDEX ON event (kind, at, stream, idx);";

/// The rows by hand, in a schema of their own.
#[derive(Clone, Copy)]
struct Bare {
    schema: &'static str,
    has_journal: bool,
}

impl Bare {
    fn create(self, client: &mut Client) {
        let schema = self.schema;
        let begin = format!("CREATE SCHEMA {schema}; SET search_path TO {schema};");
        client.batch_execute(&(begin + TABLES)).expect("tables");
        if self.has_journal {
            client.batch_execute(JOURNAL).expect("a journal");
        }
        let fill = "INSERT INTO head SELECT 'customer/customer-' || n, 0, ''::BYTEA
                    FROM generate_series(0, $1::BIGINT - 1) AS n";
        client.execute(fill, &[&(CUSTOMERS as i64)]).expect("heads");
    }
}

/// How long a piece of work takes eight clients together, each of which does many; what it is done
/// with is made before.
fn crowd<T: Send>(make: impl Fn() -> T, work: impl Fn(usize, T) + Sync) -> Duration {
    let each = given("BENCH_COMMANDS", 100);
    let made: Vec<Vec<T>> = (0..CLIENTS).map(|_| (0..each).map(|_| make()).collect()).collect();
    let begin = Instant::now();
    thread::scope(|scope| {
        for (number, made) in made.into_iter().enumerate() {
            let work = &work;
            scope.spawn(move || made.into_iter().for_each(|one| work(number, one)));
        }
    });
    begin.elapsed().div_f64((each * CLIENTS) as f64)
}

/// A client with what it has prepared.
struct ByHand {
    bare: Bare,
    client: Client,
    lock: Statement,
    event: Statement,
    head: Statement,
    done: Statement,
}

impl ByHand {
    fn new(mut client: Client, bare: Bare) -> Self {
        let set = format!("SET search_path TO {}", bare.schema);
        client.batch_execute(&set).expect("a schema");
        let mut prepare = |sql: &str| client.prepare(sql).expect("sql");
        let lock = prepare("SELECT idx FROM head WHERE stream = $1 FOR UPDATE");
        let event = prepare(if bare.has_journal {
            "INSERT INTO event VALUES ($1, $2, $3, $4, $5, 'bench', 'stocked')"
        } else {
            "INSERT INTO event VALUES ($1, $2, $3, $4)"
        });
        let head = prepare("UPDATE head SET idx = $2, chain = $3 WHERE stream = $1");
        let done = prepare("INSERT INTO receipt VALUES ($1, $2, $3, $4)");
        Self { bare, client, lock, event, head, done }
    }

    /// The rows that a purchase writes.
    fn write(&mut self, n: u64) {
        let Self { bare, client, lock, event, head, done } = self;
        let (json, events, chain) = ("x".repeat(JSON), "x".repeat(EVENTS), [7_u8; 32]);
        let stream = format!("customer/customer-{}", n % CUSTOMERS);
        let mut open = client.transaction().expect("begun");
        let index: i64 = open.query_one(&*lock, &[&stream]).expect("a head").get(0);
        let index = index + 1;
        let at = at(n).to_string();
        let all: [&(dyn ToSql + Sync); 5] = [&stream, &index, &json, &&chain[..], &at];
        let row = if bare.has_journal { &all[..] } else { &all[..4] };
        open.execute(&*event, row).expect("a row");
        open.execute(&*head, &[&stream, &index, &&chain[..]]).expect("a row");
        let row: [&(dyn ToSql + Sync); 4] = [&format!("purchase-{n}"), &&chain[..], &at, &events];
        open.execute(&*done, &row).expect("a row");
        open.commit().expect("committed");
    }
}

fn main() {
    let Ok(connection) = env::var("MLICENSE_TEST_POSTGRES") else {
        println!("postgres: no server, not measured");
        return;
    };
    if env::args().any(|argument| argument == "--test") {
        return;
    }
    let vendor = Vendor::at(Place::from(connection.as_str()));
    let customers: Vec<_> = (0..CUSTOMERS).map(register).collect();
    vendor.run_many(&customers);
    let connect = || Client::connect(&connection, NoTls).expect("a server");
    let sessions = |schema: &'static str, has_journal: bool| -> Vec<_> {
        let bare = Bare { schema, has_journal };
        bare.create(&mut connect());
        (0..CLIENTS).map(|_| Mutex::new(ByHand::new(connect(), bare))).collect()
    };
    let (plain, journal) = (sessions("plain", false), sessions("journal", true));

    let ours = || {
        let next = || {
            let n = vendor.next();
            (purchase(n, n % CUSTOMERS), at(n))
        };
        crowd(next, |_, (purchase, now)| vendor.run_at(&purchase, now))
    };
    let by_hand = |sessions: &[Mutex<ByHand>]| {
        let write = |number: usize, n| sessions[number].lock().expect("one at a time").write(n);
        crowd(|| vendor.next(), write)
    };
    let works: Vec<Work<'_>> = vec![
        ("mlicense", Box::new(ours)),
        ("by hand", Box::new(|| by_hand(&plain))),
        ("by hand with a journal", Box::new(|| by_hand(&journal))),
    ];
    measure("PostgreSQL, a command of eight clients", works);
}
