//! Commands of a vendor in PostgreSQL beside the same rows written by hand, with eight clients each.
//! `MLICENSE_TEST_POSTGRES` leads to an empty database, as `tools/with-postgres` sets it; without it
//! nothing is measured.

use std::{
    env, thread,
    time::{Duration, Instant},
};

use criterion::{Criterion, criterion_group, criterion_main};
use mlicense_benches::vendor::{Vendor, purchase, register};
use mlicense_ledger::Place;
use postgres::{Client, NoTls};

const CLIENTS: u64 = 8;
/// Customers take turns, so that clients seldom wait for one another.
const CUSTOMERS: u64 = 2000;
/// Of about the sizes that a purchase has.
const JSON: usize = 420;
const RECEIPT: usize = 230;

const TABLES: &str = "
    CREATE SCHEMA bare; SET search_path TO bare;
    CREATE TABLE event (stream TEXT COLLATE \"C\", idx BIGINT, json TEXT NOT NULL,
        chain BYTEA NOT NULL, PRIMARY KEY (stream, idx));
    CREATE TABLE head (stream TEXT COLLATE \"C\" PRIMARY KEY, idx BIGINT NOT NULL,
        chain BYTEA NOT NULL);
    CREATE TABLE command (id TEXT COLLATE \"C\" PRIMARY KEY, digest BYTEA NOT NULL,
        receipt TEXT NOT NULL);";

/// How long so many pieces of work take eight clients together.
fn crowd(pieces: u64, client: impl Fn(u64, u64) + Sync) -> Duration {
    let each = pieces.div_ceil(CLIENTS);
    let begin = Instant::now();
    thread::scope(|scope| {
        for number in 0..CLIENTS {
            let client = &client;
            scope.spawn(move || client(number, each));
        }
    });
    begin.elapsed().mul_f64(pieces as f64 / (each * CLIENTS) as f64)
}

/// So many transactions of one client, each of the rows that a purchase writes.
fn write(client: &mut Client, commands: u64, next: impl Fn() -> u64) {
    let event = client.prepare("INSERT INTO bare.event VALUES ($1, $2, $3, $4)").expect("sql");
    let lock = client.prepare("SELECT idx FROM bare.head WHERE stream = $1 FOR UPDATE");
    let lock = lock.expect("sql");
    let head = client.prepare("UPDATE bare.head SET idx = $2, chain = $3 WHERE stream = $1");
    let head = head.expect("sql");
    let done = client.prepare("INSERT INTO bare.command VALUES ($1, $2, $3)").expect("sql");
    let (json, receipt, chain) = ("x".repeat(JSON), "x".repeat(RECEIPT), [7_u8; 32]);
    for _ in 0..commands {
        let n = next();
        let stream = format!("customer/customer-{}", n % CUSTOMERS);
        let mut open = client.transaction().expect("begun");
        let index: i64 = open.query_one(&lock, &[&stream]).expect("a head").get(0);
        let index = index + 1;
        open.execute(&event, &[&stream, &index, &json, &&chain[..]]).expect("a row");
        open.execute(&head, &[&stream, &index, &&chain[..]]).expect("a row");
        open.execute(&done, &[&format!("purchase-{n}"), &&chain[..], &receipt]).expect("a row");
        open.commit().expect("committed");
    }
}

fn clients(criterion: &mut Criterion) {
    let Ok(connection) = env::var("MLICENSE_TEST_POSTGRES") else {
        println!("postgres: no server, not measured");
        return;
    };
    let vendor = Vendor::at(Place::from(connection.as_str()));
    let customers: Vec<_> = (0..CUSTOMERS).map(register).collect();
    vendor.run_many(&customers);
    let connect = || Client::connect(&connection, NoTls).expect("a server");
    let mut bare = connect();
    bare.batch_execute(TABLES).expect("tables");
    let fill = "INSERT INTO bare.head SELECT 'customer/customer-' || n, 0, ''::BYTEA
                FROM generate_series(0, $1::BIGINT - 1) AS n";
    bare.execute(fill, &[&(CUSTOMERS as i64)]).expect("heads");

    let mut group = criterion.benchmark_group("postgres");
    group.sample_size(20);
    group.bench_function("eight clients", |bencher| {
        bencher.iter_custom(|commands| {
            crowd(commands, |_, each| {
                for _ in 0..each {
                    let n = vendor.next();
                    vendor.run(&purchase(n, n % CUSTOMERS));
                }
            })
        });
    });
    let sessions: Vec<_> = (0..CLIENTS).map(|_| std::sync::Mutex::new(connect())).collect();
    group.bench_function("eight bare", |bencher| {
        bencher.iter_custom(|commands| {
            crowd(commands, |number, each| {
                let session = &sessions[usize::try_from(number).expect("eight")];
                write(&mut session.lock().expect("one at a time"), each, || vendor.next());
            })
        });
    });
    group.finish();
}

criterion_group!(benches, clients);
criterion_main!(benches);
