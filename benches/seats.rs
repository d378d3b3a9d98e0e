//! Seats: within one program, and at a site in an SQLite file beside a bare update of one row.

use std::{
    env,
    hint::black_box,
    io::{BufRead, BufReader, stdin},
    path::Path,
    process::{Command, Stdio},
    sync::{Barrier, Mutex},
    thread,
    time::{Duration, Instant},
};

use criterion::{BatchSize, BenchmarkGroup, Criterion, criterion_group, measurement::WallTime};
use mlicense_benches::{PRODUCT, claims, given, vendor};
use mlicense_core::document::{Feature, License};
use mlicense_host::{Client, Options, Seat};
use mlicense_ledger::{SeatLedger, SiteSeats};
use rusqlite::Connection;

/// How many want seats at once.
const CROWD: usize = 8;
/// Names the file to a program that is one of several: of seats, or of one bare row.
const MEMBER: &str = "BENCH_MEMBER";
const BARE_MEMBER: &str = "BENCH_BARE_MEMBER";

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

/// How long each call took, the quickest first.
struct Calls(Vec<Duration>);

impl Calls {
    fn of(mut calls: Vec<Duration>) -> Self {
        calls.sort_unstable();
        Self(calls)
    }

    fn at(&self, percent: usize) -> Duration {
        self.0[(self.0.len() - 1) * percent / 100]
    }

    /// Beside a bare update alone, by its median, and beside as many at once, by their p99.
    fn print(&self, name: &str, alone: &Self, crowd: &Self) {
        let (half, most) = (self.at(50), self.at(99));
        let [alone, crowd] =
            [alone.at(50), crowd.at(99)].map(|bare| most.as_secs_f64() / bare.as_secs_f64());
        println!(
            "{name:44} median {half:>9.1?}  p99 {most:>9.1?} = {alone:.0} x bare alone, \
             {crowd:.1} x bare in such a crowd"
        );
    }
}

fn timed(mut call: impl FnMut(usize)) -> Vec<Duration> {
    let one = |turn| {
        let begin = Instant::now();
        call(turn);
        begin.elapsed()
    };
    (0..given("BENCH_TURNS", 1000)).map(one).collect()
}

/// Captures and releases a feature in turns, each of which writes.
fn one_of_a_crowd(site: &SiteSeats, go: impl FnOnce()) -> Vec<Duration> {
    let session = site.capture("feature-0", "desk").expect("a seat").session;
    let feature = "feature-1".parse().expect("an id");
    go();
    let calls = timed(|turn| match turn % 2 {
        0 => drop(site.capture_in(&session, "feature-1").expect("a seat")),
        _ => site.release(&session, &feature).expect("held"),
    });
    site.end(&session).expect("an end");
    calls
}

/// Eight threads at once, with what is shared by them.
fn threads(run: impl Fn(&Barrier) -> Vec<Duration> + Sync) -> Calls {
    let barrier = Barrier::new(CROWD);
    let calls = thread::scope(|scope| {
        let threads: Vec<_> = (0..CROWD).map(|_| scope.spawn(|| run(&barrier))).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("a thread")).collect()
    });
    Calls::of(calls)
}

/// Eight programs at once, each a `kind` of member, which begin when they are told to.
fn programs(kind: &str, file: &Path) -> Calls {
    let start = |_| {
        let mut program = Command::new(env::current_exe().expect("this program"));
        program.env(kind, file).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = program.spawn().expect("a program");
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        lines.next().expect("it is ready").expect("a line");
        (child, lines)
    };
    let mut all: Vec<_> = (0..CROWD).map(start).collect();
    for (child, _) in &mut all {
        drop(child.stdin.take());
    }
    let calls = all.into_iter().flat_map(|(mut child, lines)| {
        let calls: Vec<_> = lines
            .map(|line| Duration::from_nanos(line.expect("a line").parse().expect("a number")))
            .collect();
        assert!(child.wait().expect("an end").success());
        calls
    });
    Calls::of(calls.collect())
}

/// What one of the programs does, given what takes the times.
fn member(run: impl FnOnce(fn()) -> Vec<Duration>) {
    let calls = run(|| {
        println!("ready");
        stdin().read_line(&mut String::new()).expect("the end of the input");
    });
    calls.iter().for_each(|call| println!("{}", call.as_nanos()));
}

/// Criterion times one call after another; what a crowd waits for is told in a line each.
fn crowd(_: &mut Criterion) {
    let (folder, client) = (tempfile::tempdir().expect("a folder"), client());
    let (bare_file, seats) = (folder.path().join("bare"), folder.path().join("seats"));
    let connection = Mutex::new(bare(&bare_file));
    let touch_shared = || touch(&connection.lock().expect("nobody panicked"));
    let shared = site(&seats, &client);
    for _ in 0..given("BENCH_ROUNDS", 3) {
        let alone = Calls::of(timed(|_| touch_shared()));
        alone.print("one thread: a bare update", &alone, &alone);
        let bare_threads = threads(|barrier| {
            barrier.wait();
            timed(|_| touch_shared())
        });
        bare_threads.print("eight threads: a bare update", &alone, &bare_threads);
        threads(|barrier| one_of_a_crowd(&shared, || drop(barrier.wait()))).print(
            "eight threads: a capture or release",
            &alone,
            &bare_threads,
        );
        let bare_programs = programs(BARE_MEMBER, &bare_file);
        bare_programs.print("eight programs: a bare update", &alone, &bare_programs);
        programs(MEMBER, &seats).print(
            "eight programs: a capture or release",
            &alone,
            &bare_programs,
        );
    }
}

fn main() {
    if let Some(file) = env::var_os(MEMBER) {
        return member(|go| one_of_a_crowd(&site(Path::new(&file), &client()), go));
    }
    if let Some(file) = env::var_os(BARE_MEMBER) {
        let connection = bare(Path::new(&file));
        return member(|go| {
            go();
            timed(|_| touch(&connection))
        });
    }
    benches();
    Criterion::default().configure_from_args().final_summary();
}

criterion_group!(benches, in_process, at_a_site, crowd);
