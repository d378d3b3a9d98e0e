//! Seats: within one program, and at a site in an SQLite file beside a bare update of one row.

use std::{
    hint::black_box,
    path::Path,
    sync::Barrier,
    thread,
    time::{Duration, Instant},
};

use criterion::{
    BatchSize, BenchmarkGroup, Criterion, criterion_group, criterion_main, measurement::WallTime,
};
use mlicense_benches::{PRODUCT, claims, given, vendor};
use mlicense_core::document::{Feature, License};
use mlicense_host::{Client, Options, Seat};
use mlicense_ledger::{SeatLedger, SiteSeats};
use rusqlite::Connection;

const THREADS: u32 = 8;

fn client() -> Client {
    let mut claims = claims();
    claims.host = None;
    for name in ["feature-0", "feature-1"] {
        claims.features.insert(name.parse().expect("an id"), Feature::counted(1000));
    }
    let text = License::issue(&claims, &vendor()).expect("good claims");
    let (product, roots) = (PRODUCT.parse().expect("an id"), [vendor().public_key()]);
    let mut client = Client::open(product, &roots, Options::stateless()).expect("a client");
    client.accept(text.as_bytes()).expect("a licence");
    client
}

/// How many others are at work.
fn others() -> usize {
    given("BENCH_HOLDERS", 4)
}

fn in_process(criterion: &mut Criterion) {
    let client = client();
    let _others: Vec<_> = (0..others()).map(|_| client.capture("feature-0")).collect();
    let seat = client.capture("feature-0").expect("a seat");
    let mut group = criterion.benchmark_group("seat");
    // A few at a time, so that the others at work stay few.
    group.bench_function("capture", |bencher| {
        let capture = |()| client.capture(black_box("feature-0")).expect("a seat");
        bencher.iter_batched(|| (), capture, BatchSize::NumIterations(8));
    });
    group.bench_function("release", |bencher| {
        let captured = || client.capture("feature-0").expect("a seat");
        bencher.iter_batched(captured, Seat::release, BatchSize::NumIterations(8));
    });
    group.bench_function("keep alive", |bencher| bencher.iter(|| seat.keep_alive()));
    group.bench_function("is held", |bencher| bencher.iter(|| seat.is_held()));
    group.finish();
}

/// What the same costs without any rule: one row of one table. After a power cut a seat may be
/// forgotten, and its holder captures anew; so neither waits for the disk.
fn bare(path: &Path) -> Connection {
    let connection = Connection::open(path).expect("a file");
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 60000;
             CREATE TABLE IF NOT EXISTS session (
                 id TEXT PRIMARY KEY, holder TEXT NOT NULL, kept_at INTEGER NOT NULL,
                 lease INTEGER, captured TEXT NOT NULL) STRICT, WITHOUT ROWID;
             INSERT OR IGNORE INTO session VALUES ('s1', 'desk 1', 0, 300, '{\"feature-0\":1}')",
        )
        .expect("a table");
    connection
}

fn touch(connection: &Connection) {
    let sql = "UPDATE session SET kept_at = kept_at + 1 WHERE id = 's1'";
    let mut statement = connection.prepare_cached(sql).expect("a statement");
    assert_eq!(statement.execute([]).expect("an update"), 1);
}

fn site(path: &Path, client: &Client) -> SiteSeats {
    SeatLedger::open(path).expect("a file").site(client.product(), client.quota())
}

fn at_a_site(criterion: &mut Criterion) {
    let (folder, client) = (tempfile::tempdir().expect("a folder"), client());
    let connection = bare(&folder.path().join("bare"));
    let site = site(&folder.path().join("seats"), &client);
    for n in 0..others() {
        site.capture("feature-0", &format!("desk {n}")).expect("a seat");
    }
    let session = site.capture("feature-0", "desk").expect("a seat").session;
    let mut group = criterion.benchmark_group("seat at a site");
    let bare_update = |group: &mut BenchmarkGroup<'_, WallTime>| {
        group.bench_function("bare update", |bencher| bencher.iter(|| touch(&connection)));
    };
    bare_update(&mut group);
    // Again within one second it writes nothing: the session lasts as long.
    group.bench_function("keep alive again", |bencher| bencher.iter(|| site.keep_alive(&session)));
    group.bench_function("capture and release", |bencher| {
        bencher.iter(|| {
            let captured = site.capture("feature-0", "desk").expect("a seat");
            site.end(&captured.session)
        });
    });
    group.bench_function("is held", |bencher| {
        let feature = "feature-0".parse().expect("an id");
        bencher.iter(|| site.is_held(&session, &feature));
    });
    group.finish();
}

/// Every call of eight threads with a file of their own each in hand, the quickest first.
fn calls<T>(open: impl Fn() -> T + Sync, call: impl Fn(&T) + Sync) -> Vec<Duration> {
    let turns = given("BENCH_TURNS", 200);
    let barrier = Barrier::new(THREADS as usize);
    let run = || {
        let own = open();
        barrier.wait();
        let timed = |_| {
            let begin = Instant::now();
            call(&own);
            begin.elapsed()
        };
        (0..turns).map(timed).collect::<Vec<_>>()
    };
    let mut all: Vec<Duration> = thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(run)).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("a thread")).collect()
    });
    all.sort_unstable();
    all
}

/// Criterion times one call after another; what a crowd waits for is told in a line.
fn crowd(_: &mut Criterion) {
    let (folder, client) = (tempfile::tempdir().expect("a folder"), client());
    let (bare_file, seats) = (folder.path().join("bare"), folder.path().join("seats"));
    drop((bare(&bare_file), site(&seats, &client)));
    let alone = calls_of_one(&bare_file);
    let opened = || {
        let site = site(&seats, &client);
        let session = site.capture("feature-0", "desk").expect("a seat").session;
        (site, session)
    };
    let seat = calls(opened, |(site, session)| {
        // Two calls that both write.
        let feature = "feature-1".parse().expect("an id");
        drop(site.capture_in(session, "feature-1").expect("a seat"));
        site.release(session, &feature).expect("held");
    });
    let row = calls(|| bare(&bare_file), touch);
    let at = |all: &[Duration], percent: usize| all[(all.len() - 1) * percent / 100];
    let line = |name: &str, all: &[Duration]| {
        let (half, most) = (at(all, 50), at(all, 99));
        println!("eight at a site: {name:24} median {half:>10.1?}  p99 {most:>10.1?}");
    };
    println!("alone: a bare update {alone:.1?}");
    line("bare update", &row);
    line("capture and release", &seat);
}

fn calls_of_one(path: &Path) -> Duration {
    let connection = bare(path);
    let begin = Instant::now();
    (0..1000).for_each(|_| touch(&connection));
    begin.elapsed() / 1000
}

criterion_group!(benches, in_process, at_a_site, crowd);
criterion_main!(benches);
