//! Programs that are killed in the middle of their work.

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use mlicense_ledger::{Ledger, Receipt};
use rand::RngExt;
use serde_json::{Value, json};

use crate::{
    support::{Book, Place, noon, tell},
    work::{Acknowledged, DAY, Finding, chance, command, trials},
};

const CHILD: &str = "MLICENSE_FAULTS_KILLED";
const THREADS: usize = 4;
/// After so many kills the next ledger: to read it again each time would take ever longer.
const KILLS_PER_LEDGER: usize = 25;

#[test]
fn what_a_killed_program_acknowledged_is_there_once() {
    if let Some(told) = told() {
        return work(&told);
    }
    let test = "kills::what_a_killed_program_acknowledged_is_there_once";
    let mut chance = chance(1);
    let (mut kills, mut seen) = (0, 0);
    let wanted = trials("KILLS", 50);
    while kills < wanted {
        let place = Place::sqlite();
        drop(Book::with_cameras(&place));
        let mut acknowledged = Acknowledged::default();
        for _ in 0..KILLS_PER_LEDGER.min(wanted - kills) {
            let told = json!({"path": place.path(), "run": kills, "early": false});
            // Now and then it is killed while it opens the ledger.
            let opened = chance.random_bool(0.9);
            let after = Duration::from_micros(chance.random_range(0..120_000));
            kill(test, &told, (opened, after), &mut acknowledged);
            kills += 1;
            let found = acknowledged.examine(&place.open().unwrap());
            assert_eq!(found, Ok(()), "after {kills} kills");
        }
        seen += acknowledged.len();
    }
    assert!(seen > kills, "{seen} commands in {kills} cycles show nothing");
    tell(&format!("kills: {kills}, with {seen} commands acknowledged"));
}

#[test]
fn a_program_that_acknowledges_too_early_is_found() {
    if let Some(told) = told() {
        return work(&told);
    }
    let test = "kills::a_program_that_acknowledges_too_early_is_found";
    let mut chance = chance(2);
    let place = Place::sqlite();
    drop(Book::with_cameras(&place));
    let found = (0..50).find_map(|run| {
        let told = json!({"path": place.path(), "run": run, "early": true});
        let after = Duration::from_micros(chance.random_range(0..120_000));
        let mut acknowledged = Acknowledged::default();
        kill(test, &told, (true, after), &mut acknowledged);
        acknowledged.examine(&place.open().unwrap()).err()
    });
    assert!(matches!(found, Some(Finding::Lost(_))), "{found:?}");
}

/// What the child is told to do.
fn told() -> Option<Value> {
    let told = std::env::var_os(CHILD)?;
    Some(serde_json::from_str(told.to_str().unwrap()).unwrap())
}

/// Runs a child until it is killed; notes what it has acknowledged.
fn kill(
    test: &str,
    told: &Value,
    (opened, after): (bool, Duration),
    acknowledged: &mut Acknowledged,
) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(CHILD, told.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    if opened {
        said.find(|line| line.ends_with("opened")).unwrap();
    }
    // What it says is read meanwhile: with a full pipe it would stand still.
    let reader = thread::spawn(move || said.collect::<Vec<_>>());
    thread::sleep(after);
    child.kill().unwrap();
    let status = child.wait().unwrap();
    assert_eq!(status.code(), None, "it ended by itself");
    for line in reader.join().unwrap() {
        let Some(line) = line.strip_prefix("done ") else { continue };
        let (id, receipt) = line.split_once(' ').unwrap();
        let receipt: Option<Receipt> = serde_json::from_str(receipt).unwrap();
        acknowledged.note(id, receipt);
    }
}

/// Gives commands from several threads for ever, and says which are done.
fn work(told: &Value) {
    let ledger = Ledger::open(Path::new(told["path"].as_str().unwrap())).unwrap();
    let early = told["early"].as_bool().unwrap();
    say("opened");
    let run = |thread: usize| {
        for number in 0.. {
            let command = command(&format!("r{}-t{thread}", told["run"]), number);
            if early {
                say(&format!("done {} null", command.id));
            }
            let receipt = ledger.execute(&command, noon(DAY)).unwrap_or_else(|error| {
                say(&format!("failed: {error}"));
                std::process::exit(1);
            });
            if !early {
                let receipt = serde_json::to_string(&receipt).unwrap();
                say(&format!("done {} {receipt}", command.id));
            }
        }
    };
    let run = &run;
    thread::scope(|scope| (0..THREADS).for_each(|thread| drop(scope.spawn(move || run(thread)))));
}

/// Says a line, whole or not at all: the harness does not capture this.
fn say(line: &str) {
    std::io::stdout().write_all(format!("{line}\n").as_bytes()).unwrap();
}
