//! The table of `docs/outcomes.md`: every row is played and compared.
#![expect(clippy::arithmetic_side_effects, reason = "what a test counts is small")]

use std::{collections::BTreeMap, fs, path::Path};

use mlicense_core::{
    decision::{Decision, Outcome},
    document::{
        AnswerClaims, License, LicenseClaims, Request, RequestKind, Revocation, RevocationClaims,
        RevocationList, SignedRefusal,
    },
    error::ErrorKind,
    host_binding::{FactKind, HostClass, HostFacts},
    signing::{KeyRing, KeyRingClaims, RingKey, Signer},
};
use mlicense_host::{Client, Error, FAULT_GRACE_SECONDS_MAX, Options};
use tempfile::TempDir;

use crate::support::*;

const NOON: &str = "2026-03-01T12:00:00Z";
const HOUR: u64 = 3600;

/// What came of it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Row {
    opening: String,
    check: String,
    says: String,
}

/// A folder, a clock, and what was so before.
struct Stage {
    folder: TempDir,
    hands: Hands,
}

impl Stage {
    fn empty() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), hands: Hands::at(NOON) }
    }

    /// An installation that holds this licence.
    fn holding(claims: &LicenseClaims) -> (Self, Client) {
        let stage = Self::empty();
        let mut client = by_clock(stage.options(), &stage.hands);
        client.accept(issue(claims).as_bytes()).unwrap();
        (stage, client)
    }

    fn options(&self) -> Options {
        Options::folder(self.folder.path())
    }

    fn state(&self) -> std::path::PathBuf {
        self.folder.path().join("mlicense-editor.state")
    }

    fn open(&self, options: Options) -> Result<Client, Error> {
        let options = options.facts(machine("D1", "B1")).clock(self.hands.clone());
        Client::open(product(), &roots(), options)
    }

    fn opened(&self, options: Options) -> Row {
        match self.open(options) {
            Ok(client) => asked(&client),
            Err(fault) => {
                let name = fault.kind().name().to_owned();
                Row { opening: name.clone(), says: name, check: String::new() }
            }
        }
    }

    /// Puts a folder in the place of the state: not to be read even by root, who runs tests.
    fn out_of_reach(&self) {
        fs::remove_file(self.state()).unwrap();
        fs::create_dir(self.state()).unwrap();
    }
}

fn word(outcome: Outcome) -> String {
    format!("{outcome:?}").to_lowercase()
}

/// The rule that stopped it, or doubts it.
fn failed(decision: &Decision) -> String {
    let failed = decision.reasons().iter().filter(|reason| !reason.passed());
    let codes = failed.map(|reason| serde_json::to_value(reason.code()).unwrap());
    let codes: Vec<String> = codes.map(|code| code.as_str().unwrap().to_owned()).collect();
    // Of grace that a licence does not state nothing is told, and what warns comes first.
    codes.into_iter().next().unwrap_or_default()
}

/// Asks as a program does, with the feature beside it.
fn asked(client: &Client) -> Row {
    let decision = client.check("editor");
    let feature = client.feature("editor");
    assert_eq!(feature.outcome(), decision.outcome());
    assert_eq!(client.outcome("editor"), decision.outcome());
    Row { opening: "ok".into(), check: word(decision.outcome()), says: failed(&decision) }
}

fn but_says(row: Row, says: impl Into<String>) -> Row {
    assert_eq!(row.says, "", "the decision says more");
    Row { says: says.into(), ..row }
}

fn accepting(client: &mut Client, document: &str) -> String {
    let fault = client.accept(document.as_bytes()).unwrap_err();
    fault.kind().name().to_owned()
}

fn problem(client: &Client) -> String {
    let diagnosis = client.diagnose(&["lic.example.com:443"], &mut |_| Ok(String::new()));
    diagnosis.problems().next().map(|problem| problem.name.to_owned()).unwrap_or_default()
}

fn notice(client: &Client) -> Row {
    let says = client.notices()[0].kind().name().to_owned();
    Row { says, ..asked(client) }
}

fn bound_to(facts: HostFacts) -> (Stage, LicenseClaims) {
    let options = Options::stateless().facts(facts);
    let mut client = Client::open(product(), &roots(), options).unwrap();
    let request = ask(&mut client, RequestKind::Trial, NOON);
    let mut claims = license_for(&request, year());
    claims.installation = None;
    (Stage::empty(), claims)
}

fn on(facts: HostFacts, claims: &LicenseClaims) -> (Client, Row) {
    let hands = Hands::at(NOON);
    let options = Options::stateless().facts(facts).clock(hands);
    let mut client = Client::open(product(), &roots(), options).unwrap();
    client.accept(issue(claims).as_bytes()).unwrap();
    let row = asked(&client);
    (client, row)
}

fn unreadable() -> HostFacts {
    let kinds = [FactKind::BoardSerial, FactKind::DiskSerial, FactKind::DmiUuid];
    HostFacts::new(HostClass::BareMetal, []).with_unreadable(kinds)
}

fn answered(client: &mut Client, kind: ErrorKind) -> Option<ErrorKind> {
    let request = client.request(RequestKind::Refresh, Default::default()).unwrap();
    let request = Request::verify(request.as_bytes()).unwrap();
    let mut claims = AnswerClaims::to(&request, at(NOON));
    claims.refusal = Some(SignedRefusal::from(kind));
    client.accept(write(&claims).as_bytes()).unwrap().refusal.and_then(|refusal| refusal.kind())
}

fn list(serial: Option<&str>) -> String {
    let mut claims = RevocationClaims::new(1, at(NOON), at("2026-03-01T13:00:00Z"));
    if let Some(serial) = serial {
        claims.licenses.insert(serial.into(), Revocation::new(at(NOON), "refunded"));
    }
    RevocationList::issue(&claims, &vendor()).unwrap()
}

/// What happens, by the number of the row.
fn play(number: u32) -> Row {
    let grace = |options: Options| options.fault_grace(FAULT_GRACE_SECONDS_MAX);
    match number {
        1 => {
            let stage = Stage::empty();
            stage.opened(stage.options())
        }
        2..=4 => without_a_place(number),
        5 | 6 => {
            let (stage, client) = Stage::holding(&year());
            drop(client);
            stage.out_of_reach();
            let options = stage.options();
            stage.opened(if number == 6 { grace(options) } else { options })
        }
        7..=9 => {
            let (stage, client) = Stage::holding(&year());
            drop(client);
            fs::write(stage.state(), "damage").unwrap();
            let options = stage.options();
            let first = stage.opened(if number == 8 { grace(options) } else { options });
            if number == 9 { stage.opened(stage.options()) } else { first }
        }
        10 => {
            let stage = Stage::empty();
            fs::write(stage.state(), "mlicense-state 2 whatever\n{}").unwrap();
            stage.opened(stage.options())
        }
        11 => {
            let stage = Stage::empty();
            Client::open("viewer".parse().unwrap(), &roots(), stage.options()).unwrap();
            let foreign = stage.folder.path().join("mlicense-viewer.state");
            fs::rename(foreign, stage.state()).unwrap();
            stage.opened(stage.options())
        }
        12 | 13 => {
            let (stage, client) = Stage::holding(&year());
            let mut state = client.state();
            state.truncate(200);
            stage.opened(if number == 12 { Options::bytes(state) } else { Options::stateless() })
        }
        14..=17 => while_running(number),
        18 => {
            let (stage, client) = Stage::holding(&year());
            drop(client);
            let others = [Signer::from_seed([66; 32]).public_key()];
            let options = stage.options().clock(stage.hands);
            notice(&Client::open(product(), &others, options).unwrap())
        }
        19..=26 => by_documents(number),
        27..=30 => by_the_clock(number),
        31..=34 => by_the_host(number),
        35 => {
            let (_stage, client) = Stage::holding(&year());
            let decision = client.check("export");
            let (check, says) = (word(decision.outcome()), failed(&decision));
            Row { opening: "ok".into(), check, says }
        }
        36 => {
            let claims =
                LicenseClaims::updates_until(product(), "Example Ltd", at(NOON), day("2027-03-01"));
            asked(&Stage::holding(&claims).1)
        }
        _ => panic!("no row {number}"),
    }
}

fn without_a_place(number: u32) -> Row {
    let stage = Stage::empty();
    let blocked = stage.folder.path().join("blocked");
    fs::write(&blocked, "").unwrap();
    let options = Options::folder(blocked.join("state"));
    if number == 2 {
        return stage.opened(options);
    }
    let client = stage.open(options.fault_grace(u64::MAX)).unwrap();
    if number == 4 {
        let before = asked(&client);
        assert_eq!(before.check, "grace");
        stage.hands.pass_asking(72 * HOUR - 1, &client);
        assert_eq!(asked(&client), before);
        stage.hands.pass_asking(1, &client);
    }
    assert_eq!(problem(&client), "STORE_UNAVAILABLE");
    asked(&client)
}

fn while_running(number: u32) -> Row {
    let (stage, mut client) = Stage::holding(&year());
    let other = issue(&numbered("L-2", NOON));
    match number {
        14 => {
            stage.out_of_reach();
            stage.hands.pass_asking(2 * HOUR, &client);
            let says = problem(&client);
            but_says(asked(&client), says)
        }
        15 => {
            stage.out_of_reach();
            let says = accepting(&mut client, &other);
            but_says(asked(&client), says)
        }
        16 => {
            let lock = fs::File::open(stage.state().with_extension("state.lock")).unwrap();
            lock.lock().unwrap();
            let says = accepting(&mut client, &other);
            but_says(asked(&client), says)
        }
        _ => {
            fs::write(stage.state(), "damage").unwrap();
            let says = accepting(&mut client, &other);
            but_says(asked(&client), says)
        }
    }
}

fn by_documents(number: u32) -> Row {
    let (stage, mut client) = Stage::holding(&numbered("L-7", NOON));
    match number {
        19 => {
            let signer = Signer::from_seed([2; 32]);
            let mut key = RingKey::new(signer.public_key(), at(NOON));
            key.revoked_at = Some(at(NOON));
            let mut fresh = by_clock(Options::stateless(), &stage.hands);
            let ring = |number, key| {
                let claims = KeyRingClaims::new(number, at(NOON), vec![key]);
                KeyRing::issue(&claims, &vendor()).unwrap()
            };
            let good = RingKey::new(signer.public_key(), at(NOON));
            fresh.accept(ring(1, good).as_bytes()).unwrap();
            let license = License::issue(&year(), &signer).unwrap();
            fresh.accept(license.as_bytes()).unwrap();
            assert!(fresh.check("editor").allowed());
            fresh.accept(ring(2, key).as_bytes()).unwrap();
            notice(&fresh)
        }
        20 => {
            client.accept(list(Some("L-7")).as_bytes()).unwrap();
            asked(&client)
        }
        21 => {
            client.accept(list(None).as_bytes()).unwrap();
            assert_eq!(asked(&client).says, "");
            stage.hands.pass_asking(2 * HOUR, &client);
            asked(&client)
        }
        22 => {
            let down = client.diagnose(&["lic.example.com:443"], &mut |_| Err("no route".into()));
            but_says(asked(&client), down.problems().next().unwrap().name)
        }
        23 => {
            let says = accepting(&mut client, "<html><title>403 Forbidden</title></html>");
            but_says(asked(&client), says)
        }
        24 => {
            assert_eq!(answered(&mut client, ErrorKind::NotLicensed), Some(ErrorKind::NotLicensed));
            asked(&client)
        }
        25 => {
            let refused = answered(&mut client, ErrorKind::KeyUnknown).unwrap();
            but_says(asked(&client), refused.name())
        }
        _ => {
            let mut forged = issue(&numbered("L-9", NOON));
            let last = forged.len() - 2;
            let other = if forged.as_bytes()[last] == b'A' { "B" } else { "A" };
            forged.replace_range(last..=last, other);
            let says = accepting(&mut client, &forged);
            but_says(asked(&client), says)
        }
    }
}

fn by_the_clock(number: u32) -> Row {
    let mut claims = year();
    if number == 27 {
        claims.offline_until = Some(day("2026-03-02"));
    } else if number == 30 {
        claims = LicenseClaims::perpetual(product(), "Example Ltd", at(NOON));
    }
    let (stage, client) = Stage::holding(&claims);
    if number == 27 {
        assert_eq!(asked(&client).check, "licensed");
        stage.hands.pass_asking(12 * HOUR, &client);
        return asked(&client);
    }
    stage.hands.set("2025-03-01T12:00:00Z");
    if number > 28 {
        stage.hands.pass_asking(72 * HOUR, &client);
    }
    asked(&client)
}

fn by_the_host(number: u32) -> Row {
    let (_stage, claims) = bound_to(machine("D1", "B1"));
    match number {
        31 => on(machine("D2", "B2"), &claims).1,
        32 => on(unreadable(), &claims).1,
        33 => {
            let (client, row) = on(unreadable(), &year());
            but_says(row, problem(&client))
        }
        _ => {
            let facts = machine("D1", "B1");
            let left = facts.iter().filter(|fact| fact.kind() != FactKind::DiskSerial).cloned();
            let left = HostFacts::new(HostClass::BareMetal, left);
            on(left.with_unreadable([FactKind::DiskSerial]), &claims).1
        }
    }
}

fn table() -> BTreeMap<u32, (Row, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("docs/outcomes.md");
    let text = fs::read_to_string(path).unwrap();
    let rows = text.lines().filter_map(|line| {
        let cells: Vec<&str> = line.strip_prefix("| ")?.split('|').map(str::trim).collect();
        let [number, _, opening, check, says, kind, _] = cells.as_slice() else { return None };
        let row = Row { opening: (*opening).into(), check: (*check).into(), says: (*says).into() };
        Some((number.parse().ok()?, (row, (*kind).to_owned())))
    });
    rows.collect()
}

#[test]
fn every_row_of_the_table_is_as_it_says() {
    let table = table();
    assert_eq!(table.keys().copied().collect::<Vec<_>>(), (1..=36).collect::<Vec<_>>());
    for (number, (row, kind)) in table {
        assert_eq!(play(number), row, "row {number}");
        let runs = !matches!(row.check.as_str(), "" | "denied");
        assert_eq!(kind, if runs { "open" } else { "closed" }, "row {number}");
    }
}
