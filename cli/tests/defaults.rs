//! The rows of `docs/defaults.md`, each compared with what was built.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failing test panics")]

use std::{collections::BTreeMap, fs, path::Path};

use mlicense_cli::{Surroundings, run};
use mlicense_core::{
    document::{License, LicenseClaims, RevocationClaims, RevocationList},
    error::{ErrorKind, Language},
    evidence::{BEHIND_SECONDS_MAX, BEHIND_SECONDS_OK, STANDSTILL_SECONDS_MAX},
    policy::{HostBoundPolicy, SubscriptionPolicy},
    signing::Signer,
    view::EXPIRY_WARNING_DAYS,
};
use mlicense_host::{Client, Clock, FAULT_GRACE_SECONDS_MAX, Options, SystemClock, diagnose};
use serde_json::Value;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/defaults.md");

#[test]
fn every_row_says_what_was_built() {
    let page = fs::read_to_string(PAGE).unwrap();
    let cells = |line: &str| -> Vec<String> {
        line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect()
    };
    let rows = page.lines().filter(|line| line.starts_with("| ")).skip(1).map(cells);
    let told: BTreeMap<String, String> = rows.map(|row| (row[0].clone(), row[1].clone())).collect();
    let mut built = BTreeMap::new();
    for rows in [of_policies(), of_clients(), of_clocks(), of_commands()] {
        built.extend(rows.into_iter().map(|(name, value)| (name.to_owned(), value)));
    }
    assert_eq!(told, built);
}

fn of_policies() -> Vec<(&'static str, String)> {
    let pool = SubscriptionPolicy::default();
    let host = HostBoundPolicy::default();
    let [first, second] = EXPIRY_WARNING_DAYS;
    let months: Vec<u16> = pool.terms.iter().map(|term| term.in_months()).collect();
    assert_eq!(months.len(), 1);
    vec![
        (
            "grace of a subscription",
            format!("{} days, at the start and at each renewal", pool.grace_days),
        ),
        ("trial of a subscription", format!("{} days", pool.trial_days)),
        ("storage in the wallet", format!("{} years", pool.storage_years)),
        ("growth that is free", format!("{} percent", pool.growth_percent)),
        ("term of a subscription", format!("{} months", months[0])),
        ("trial by host", format!("{} days", host.trial_days)),
        ("use without contact by host", format!("{} days", host.offline_days)),
        ("seat without a sign of life", format!("{} seconds", host.lease_seconds)),
        ("warnings of expiry", format!("{first} and {second} days before")),
    ]
}

fn vendor() -> Signer {
    Signer::from_seed([1; 32])
}

fn client(options: Options) -> mlicense_host::Result<Client> {
    Client::open("editor".parse().unwrap(), &[vendor().public_key()], options)
}

fn of_clocks() -> Vec<(&'static str, String)> {
    let present = client(Options::stateless()).unwrap().present();
    assert!(SystemClock.now().seconds_since(present.clock) < 60, "another clock");
    vec![
        ("clock", "the system's, in UTC".to_owned()),
        (
            "clock behind the mark",
            format!("warns from {BEHIND_SECONDS_OK} seconds, grace from {BEHIND_SECONDS_MAX}"),
        ),
        (
            "clock that is wrong",
            format!("{} hours of running in grace, then denied", STANDSTILL_SECONDS_MAX / 3600),
        ),
    ]
}

fn of_clients() -> Vec<(&'static str, String)> {
    let two = [(); 2].map(|()| client(Options::stateless()).unwrap());
    assert_ne!(two[0].installation(), two[1].installation(), "not random");
    // Nothing was made on a disk: a third one is new too.
    assert_eq!(two.iter().map(|one| one.licenses().count()).sum::<usize>(), 0);

    let out_of_reach = client(Options::folder("/proc/nowhere/state")).unwrap_err();
    assert_ne!(out_of_reach.kind(), ErrorKind::StoreCorrupt);
    assert_eq!(FAULT_GRACE_SECONDS_MAX, 259_200, "the page names it");

    let places = Options::system("example".parse().unwrap());
    let found = diagnose(&"editor".parse().unwrap(), &places, &[], &mut |_| Ok(String::new()));
    let subject = found.unwrap().findings[0].subject.clone();
    let kept = ["/var/lib/editor", ".local/state/editor", "Application Support", "ProgramData"];
    assert!(kept.iter().any(|place| subject.contains(place)), "{subject}");

    vec![
        ("entropy", "the operating system's".to_owned()),
        ("state", "in memory, unless a place is named".to_owned()),
        ("state where the system keeps it", "the machine's folder, else the user's".to_owned()),
        ("own fault", "the opening fails: grace of 0 seconds".to_owned()),
        (
            "stale revocation list",
            if runs_under_a_stale_list() { "warns, and denies nothing" } else { "denies" }
                .to_owned(),
        ),
    ]
}

fn runs_under_a_stale_list() -> bool {
    let now = SystemClock.now();
    let before = now.saturating_add(-3600);
    let mut client = client(Options::stateless()).unwrap();
    let claims = LicenseClaims::perpetual("editor".parse().unwrap(), "Example Ltd", before);
    client.accept(License::issue(&claims, &vendor()).unwrap().as_bytes()).unwrap();
    let list = RevocationClaims::new(1, before, now.saturating_add(-1800));
    client.accept(RevocationList::issue(&list, &vendor()).unwrap().as_bytes()).unwrap();
    client.check("editor").allowed()
}

/// Runs the command, and gives its exit code, output and errors.
fn command(line: &[&str]) -> (u8, String, String) {
    let (mut input, mut output, mut errors) = (&b""[..], Vec::new(), Vec::new());
    let surroundings = Surroundings::new(&mut input, &mut output, &mut errors);
    let code = run(["mlicense"].iter().chain(line), surroundings);
    (code, String::from_utf8(output).unwrap(), String::from_utf8(errors).unwrap())
}

fn of_commands() -> Vec<(&'static str, String)> {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let done = |line: &[&str]| -> Value {
        let (code, output, errors) = command(&[line, &["--json"]].concat());
        assert_eq!((code, errors.as_str()), (0, ""), "{line:?}");
        serde_json::from_str(&output).unwrap()
    };
    let (root, daily, ledger) = (path("root"), path("daily"), path("vendor.ledger"));
    done(&["keygen", &root]);
    done(&["keygen", &daily]);
    let (root, daily) = (format!("{root}.seed"), format!("{daily}.seed"));
    done(&[
        "init",
        "--ledger",
        &ledger,
        "--vendor",
        "acme",
        "--root-key",
        &root,
        "--daily-key",
        &daily,
    ]);

    let without_zone = command(&["customer", "register", "c1", "--ledger", &ledger]);
    assert!(without_zone.0 == 2 && without_zone.2.contains("--zone"), "{}", without_zone.2);
    let register = |id| done(&["customer", "register", id, "--zone", "UTC", "--ledger", &ledger]);
    let ids = ["c1", "c2"].map(|id| register(id)["command"].as_str().unwrap().to_owned());
    assert_ne!(ids[0], ids[1]);
    let history =
        done(&["query", r#"{"history": {"stream": "customer/c1"}}"#, "--ledger", &ledger]);
    let actor = history["history"][0]["actor"]["id"].as_str().unwrap().to_owned();

    let license = path("editor.license");
    done(&[
        "license",
        "issue",
        "--key",
        &root,
        "--product",
        "editor",
        "--from",
        "2026-03-01",
        "--out",
        &license,
    ]);
    let inspected = done(&["license", "inspect", &license]);
    assert_eq!(inspected["claims"]["licensed"]["from"]["at"], 1_772_323_200, "the start in UTC");
    vec![
        (
            "ids of commands",
            format!("{} random bits, new with every call", ids[0].len().saturating_mul(4)),
        ),
        ("zone of a customer", "none: it has to be named".to_owned()),
        ("zone of days in `license issue`", "UTC".to_owned()),
        // Every command above left nothing on standard error.
        ("log", "nothing is written".to_owned()),
        ("language", language()),
        ("actor of the command", actor),
    ]
}

/// The language where nobody names one, which is that of every unknown locale.
fn language() -> String {
    let (_, _, errors) = command(&["license", "verify", "nowhere.license"]);
    assert!(errors.contains("cannot read"), "{errors}");
    assert!(!Path::new("nowhere.license").exists());
    assert_eq!(Language::from_locale("tlh_QO"), Language::default());
    Language::default().code().to_owned()
}
