//! Eight programs that want the same key, the same name and the last seat.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    thread,
    time::Duration,
};

use mlicense_core::{
    error::ErrorKind,
    seat::{Limits, SessionId},
};
use mlicense_ledger::{Ledger, Receipt, SeatLedger, SiteSeats};
use rusqlite::{Connection, params};
use serde_json::{Value, json};

use crate::{
    support::{Book, Place, envelope, noon, redeem, tell},
    work::{Acknowledged, DAY, trials},
};

const CHILD: &str = "MLICENSE_FAULTS_PROCESS";
const PROCESSES: usize = 8;
const SEATS: usize = 2;
/// After so many rounds they wait for one another, so that they want the same again.
const ROUNDS_PER_BLOCK: usize = 10;
/// A key, a name and a seat.
const ATTEMPTS_PER_ROUND: usize = 3 * PROCESSES;

#[test]
fn of_eight_processes_one_gets_what_is_there_once() {
    if let Some(told) = told() {
        return want(&told);
    }
    let test = "processes::of_eight_processes_one_gets_what_is_there_once";
    let place = Place::sqlite();
    contend(test, &place, trials("ATTEMPTS", 20_000));
    #[cfg(feature = "postgres")]
    if let Some(place) = Place::postgres() {
        contend(test, &place, trials("ATTEMPTS_POSTGRES", 2_000));
    }
}

#[test]
fn eight_processes_that_look_and_then_take_are_found() {
    if let Some(told) = told() {
        return want(&told);
    }
    let test = "processes::eight_processes_that_look_and_then_take_are_found";
    let place = Place::sqlite();
    drop(Naive::new(&place.path().unwrap()));
    let outcome = run(test, &place, (true, 100));
    let found = [
        outcome.keys.values().filter(|takers| takers.len() > 1).count(),
        outcome
            .names
            .values()
            .filter(|receipts| receipts.iter().any(|r| *r != receipts[0]))
            .count(),
        outcome.crowded,
    ];
    tell(&format!("processes without a ledger: keys, names, seats taken too often: {found:?}"));
    assert!(found.iter().all(|found| *found > 0), "{found:?}");
}

/// Lets eight processes contend for what a ledger gives once, and checks what they got.
fn contend(test: &str, place: &Place, attempts: usize) {
    let rounds = attempts.div_ceil(ATTEMPTS_PER_ROUND).next_multiple_of(ROUNDS_PER_BLOCK);
    let book = Book::with_cameras(place);
    for block in 0..rounds / ROUNDS_PER_BLOCK {
        let keys: Vec<String> = (0..ROUNDS_PER_BLOCK).map(|round| key(block, round)).collect();
        let contents = json!([{"license_type": "camera", "quantity": 1}]);
        book.run(
            DAY,
            json!({"issue_keys": {
                "batch": format!("b{block}"), "product": "vms", "contents": contents, "keys": keys,
            }}),
        );
    }
    let outcome = run(test, place, (false, rounds));
    assert_eq!((outcome.keys.len(), outcome.names.len()), (rounds, rounds));
    let mut acknowledged = Acknowledged::default();
    for (key, takers) in outcome.keys {
        assert_eq!(takers.len(), 1, "{key}: {takers:?}");
        note(&mut acknowledged, &takers[0]);
    }
    for (name, receipts) in outcome.names {
        assert!(receipts.iter().all(|receipt| *receipt == receipts[0]), "{name}: {receipts:?}");
        note(&mut acknowledged, &receipts[0]);
    }
    assert_eq!(outcome.crowded, 0, "more seats than {SEATS} were taken");
    assert_eq!(acknowledged.examine(&book.ledger), Ok(()));
    tell(&format!("processes: {} attempts, {place:?}", rounds * ATTEMPTS_PER_ROUND));
}

fn note(acknowledged: &mut Acknowledged, receipt: &str) {
    let receipt: Receipt = serde_json::from_str(receipt).unwrap();
    acknowledged.note(receipt.command.clone().as_str(), Some(receipt));
}

fn key(block: usize, round: usize) -> String {
    format!("key-{block}-{round}")
}

/// What eight processes say they got.
#[derive(Debug, Default)]
struct Outcome {
    /// The receipts of those who got a key.
    keys: BTreeMap<String, Vec<String>>,
    /// The receipt that each got for a name.
    names: BTreeMap<String, Vec<String>>,
    /// How often somebody who had a seat saw too many who had one.
    crowded: usize,
}

/// Runs eight processes to their end.
fn run(test: &str, place: &Place, (naive, rounds): (bool, usize)) -> Outcome {
    let witness = tempfile::tempdir().unwrap();
    let told = |process| {
        let connection: Option<&str> = match place {
            Place::Sqlite(_) => None,
            #[cfg(feature = "postgres")]
            Place::Postgres(connection) => Some(connection.as_str()),
        };
        json!({
            "path": place.path(), "connection": connection, "witness": witness.path(),
            "process": process, "rounds": rounds, "naive": naive,
        })
    };
    let mut children: Vec<_> = (0..PROCESSES).map(|process| start(test, &told(process))).collect();
    let mut outcome = Outcome::default();
    for _ in 0..rounds / ROUNDS_PER_BLOCK {
        // All have come here, then all go on.
        children.iter_mut().for_each(|(_, said, _)| hear(said, &mut outcome));
        for (.., tell) in &mut children {
            tell.write_all(b"\n").unwrap();
        }
    }
    for (mut child, mut said, _) in children {
        hear(&mut said, &mut outcome);
        assert!(child.wait().unwrap().success());
    }
    outcome
}

fn start(test: &str, told: &Value) -> (Child, BufReader<ChildStdout>, ChildStdin) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(CHILD, told.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let said = BufReader::new(child.stdout.take().unwrap());
    let tell = child.stdin.take().unwrap();
    (child, said, tell)
}

/// Hears a process until it waits, or ends.
fn hear(said: &mut BufReader<ChildStdout>, outcome: &mut Outcome) {
    for line in said.lines() {
        let line = line.unwrap();
        let words: Vec<&str> = line.splitn(3, ' ').collect();
        match words[..] {
            ["key", key, receipt] => {
                outcome.keys.entry(key.to_owned()).or_default().push(receipt.to_owned());
            }
            ["name", name, receipt] => {
                outcome.names.entry(name.to_owned()).or_default().push(receipt.to_owned());
            }
            ["crowded"] => outcome.crowded += 1,
            ["waiting"] | ["done"] => return,
            ["failed", ..] => panic!("{line}"),
            _ => {}
        }
    }
    panic!("a process has gone");
}

// In each of the processes.

fn told() -> Option<Value> {
    let told = std::env::var_os(CHILD)?;
    Some(serde_json::from_str(told.to_str().unwrap()).unwrap())
}

fn say(line: &str) {
    std::io::stdout().write_all(format!("{line}\n").as_bytes()).unwrap();
}

/// Wants a key, a name and a seat in every round.
fn want(told: &Value) {
    let text = |name: &str| told[name].as_str();
    let number = |name: &str| usize::try_from(told[name].as_u64().unwrap()).unwrap();
    let process = number("process");
    let source: Box<dyn Source> = match (told["naive"].as_bool(), text("path")) {
        (Some(true), Some(path)) => Box::new(Naive::new(Path::new(path))),
        (_, path) => Box::new(Shared::open(path, text("connection"))),
    };
    let witness = PathBuf::from(text("witness").unwrap());
    say("");
    for block in 0..number("rounds") / ROUNDS_PER_BLOCK {
        say("waiting");
        std::io::stdin().read_line(&mut String::new()).unwrap();
        source.prepare(block, process);
        for round in 0..ROUNDS_PER_BLOCK {
            if let Some(receipt) = source.key((block, round), process) {
                say(&format!("key {} {receipt}", key(block, round)));
            }
            let receipt = source.name((block, round), process);
            say(&format!("name n-{block}-{round} {receipt}"));
            if let Some(seat) = source.take_seat() {
                look_around(&witness.join(process.to_string()));
                source.give_back(seat);
            }
        }
    }
    say("done");
}

/// Whoever has a seat leaves a file; so all can count.
fn look_around(own: &Path) {
    fs::write(own, "").unwrap();
    thread::sleep(Duration::from_micros(200));
    if fs::read_dir(own.parent().unwrap()).unwrap().count() > SEATS {
        say("crowded");
    }
    fs::remove_file(own).unwrap();
}

/// What gives keys, names and seats.
trait Source {
    fn prepare(&self, block: usize, process: usize);
    /// The receipt, if the key was still there.
    fn key(&self, round: (usize, usize), process: usize) -> Option<String>;
    /// The receipt for a command that all give under one id.
    fn name(&self, round: (usize, usize), process: usize) -> String;
    fn take_seat(&self) -> Option<SessionId>;
    fn give_back(&self, seat: SessionId);
}

/// A ledger, with seats beside it.
struct Shared {
    ledger: Ledger,
    seats: SiteSeats,
}

impl Shared {
    fn open(path: Option<&str>, connection: Option<&str>) -> Self {
        let (ledger, seats) = match (path, connection) {
            #[cfg(feature = "postgres")]
            (_, Some(connection)) => (
                Ledger::open(mlicense_ledger::Place::database(connection)).unwrap(),
                SeatLedger::open(mlicense_ledger::Place::database(connection)).unwrap(),
            ),
            (path, _) => {
                let path = Path::new(path.unwrap());
                let seats = SeatLedger::open(path.with_extension("seats")).unwrap();
                (Ledger::open(path).unwrap(), seats)
            }
        };
        let limits = [("export".parse().unwrap(), Some(u32::try_from(SEATS).unwrap()))];
        let seats = seats.site(&"vms".parse().unwrap(), Limits::from_iter(limits));
        Self { ledger, seats }
    }

    /// The receipt, or nothing when it is refused as `lost`.
    fn give(&self, (id, body): (String, Value), lost: Option<ErrorKind>) -> Option<String> {
        match self.ledger.execute(&envelope(&id, body), noon(DAY)) {
            Ok(receipt) => Some(serde_json::to_string(&receipt).unwrap()),
            Err(error) if Some(error.kind()) == lost => None,
            Err(error) => fail(&error),
        }
    }
}

fn fail(error: &dyn std::fmt::Debug) -> ! {
    say(&format!("failed: {error:?}"));
    std::process::exit(1);
}

impl Source for Shared {
    fn prepare(&self, block: usize, process: usize) {
        let customer = format!("x-{block}-{process}");
        let body = json!({"register_customer": {"customer": customer, "zone": "UTC"}});
        self.give((customer, body), None);
    }

    fn key(&self, (block, round): (usize, usize), process: usize) -> Option<String> {
        let body = redeem(&format!("x-{block}-{process}"), &key(block, round));
        let id = format!("redeem-{block}-{round}-{process}");
        self.give((id, body), Some(ErrorKind::KeyAlreadyRedeemed))
    }

    fn name(&self, (block, round): (usize, usize), _process: usize) -> String {
        let name = format!("n-{block}-{round}");
        let body = json!({"register_customer": {"customer": name, "zone": "UTC"}});
        self.give((name, body), None).unwrap()
    }

    fn take_seat(&self) -> Option<SessionId> {
        match self.seats.capture("export", "") {
            Ok(captured) => Some(captured.session),
            Err(error) if error.kind() == ErrorKind::NoFreeLicense => None,
            Err(error) => fail(&error),
        }
    }

    fn give_back(&self, seat: SessionId) {
        self.seats.end(&seat).unwrap_or_else(|error| fail(&error));
    }
}

/// The control: tables in which somebody looks first and takes then.
struct Naive(Connection);

impl Naive {
    fn new(path: &Path) -> Self {
        let connection = Connection::open(path).unwrap();
        connection.busy_timeout(Duration::from_secs(5)).unwrap();
        let tables = "CREATE TABLE IF NOT EXISTS key (key TEXT);
            CREATE TABLE IF NOT EXISTS name (name TEXT, receipt INTEGER);
            CREATE TABLE IF NOT EXISTS seat (id INTEGER PRIMARY KEY)";
        connection
            .execute_batch(&format!(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; {tables}"
            ))
            .unwrap();
        Self(connection)
    }

    fn count(&self, sql: &str, name: &str) -> usize {
        let count = self.0.query_row(sql, [name], |row| row.get(0)).unwrap();
        // As when the machine has other things to do just now.
        thread::sleep(Duration::from_micros(200));
        count
    }
}

impl Source for Naive {
    fn prepare(&self, _block: usize, _process: usize) {}

    fn key(&self, (block, round): (usize, usize), process: usize) -> Option<String> {
        let key = key(block, round);
        if self.count("SELECT count(*) FROM key WHERE key = ?1", &key) > 0 {
            return None;
        }
        self.0.execute("INSERT INTO key VALUES (?1)", [key]).unwrap();
        Some(process.to_string())
    }

    fn name(&self, (block, round): (usize, usize), process: usize) -> String {
        let name = format!("n-{block}-{round}");
        if self.count("SELECT count(*) FROM name WHERE name = ?1", &name) == 0 {
            let row = params![name, process];
            self.0.execute("INSERT INTO name VALUES (?1, ?2)", row).unwrap();
            return process.to_string();
        }
        let sql = "SELECT receipt FROM name WHERE name = ?1";
        self.0.query_row(sql, [name], |row| row.get::<_, usize>(0)).unwrap().to_string()
    }

    fn take_seat(&self) -> Option<SessionId> {
        if self.count("SELECT count(*) FROM seat WHERE ?1 = ''", "") >= SEATS {
            return None;
        }
        self.0.execute("INSERT INTO seat VALUES (NULL)", []).unwrap();
        let mut id = [0; 16];
        id[..8].copy_from_slice(&self.0.last_insert_rowid().to_le_bytes());
        Some(SessionId::from_entropy(id))
    }

    fn give_back(&self, _seat: SessionId) {
        self.0.execute("DELETE FROM seat WHERE id = (SELECT min(id) FROM seat)", []).unwrap();
    }
}
