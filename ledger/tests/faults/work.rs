//! What the ledgers under trial are given to do, and what is found in them afterwards.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use mlicense_core::history::Envelope;
use mlicense_ledger::{ExportOptions, Ledger, Receipt};
use rand::SeedableRng;
use rand_xorshift::XorShiftRng;
use serde_json::{Value, json};

use crate::support::{Place, envelope, noon, redeem, request, start};

/// The day on which the commands are given.
pub(crate) const DAY: &str = "2026-03-02";

/// How many trials: what variable `MLICENSE_FAULTS_NAME` says, else the usual number.
pub(crate) fn trials(name: &str, usual: usize) -> usize {
    let asked = std::env::var_os(format!("MLICENSE_FAULTS_{name}"));
    asked.map_or(usual, |number| number.to_str().unwrap().parse().unwrap())
}

/// Chance that is the same in every run; `MLICENSE_FAULTS_SEED` makes it another.
pub(crate) fn chance(stream: u64) -> XorShiftRng {
    let seed = trials("SEED", 20_260_301) as u64;
    XorShiftRng::seed_from_u64(seed.wrapping_mul(1_000_003).wrapping_add(stream))
}

/// A place in memory, where that can be had: for tests that decide themselves what is on a disk,
/// and would only wait for one.
pub(crate) fn in_memory() -> Place {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { Place::sqlite_in(memory) } else { Place::sqlite() }
}

/// Command `number` of somebody: registers a customer, takes the request of its system, starts its
/// subscription, issues a key, redeems it; then the next customer.
pub(crate) fn command(who: &str, number: usize) -> Envelope {
    let name = format!("{who}-{}", number / 5);
    let body = match number % 5 {
        0 => json!({"register_customer": {"customer": name, "zone": "Europe/Berlin"}}),
        1 => {
            let request = request(&name, noon(DAY));
            json!({"take_request": {"customer": name, "request": request}})
        }
        2 => start(&name),
        3 => json!({"issue_keys": {
            "batch": format!("b-{name}"), "product": "vms", "keys": [format!("key-{name}")],
            "contents": [{"license_type": "camera", "quantity": 20}],
        }}),
        _ => redeem(&name, &format!("key-{name}")),
    };
    envelope(&format!("{who}.{number}"), body)
}

/// The commands that were acknowledged, each with its receipt where it was told.
#[derive(Clone, Debug, Default)]
pub(crate) struct Acknowledged(BTreeMap<String, Option<Receipt>>);

/// What is wrong with a ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Finding {
    /// It cannot be opened, or does not verify.
    Broken(String),
    /// A command that was acknowledged is not in it.
    Lost(String),
    /// A command is in it with another receipt, or twice, or has not written what its receipt says.
    Other(String),
}

impl Acknowledged {
    pub(crate) fn note(&mut self, id: &str, receipt: Option<Receipt>) {
        assert!(self.0.insert(id.to_owned(), receipt).is_none(), "`{id}` was given twice");
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Reads a whole ledger and compares it with what was acknowledged.
    ///
    /// It may hold more: what was committed when nobody could be told any more. But every event
    /// belongs to one receipt, and every receipt has all its events.
    pub(crate) fn examine(&self, ledger: &Ledger) -> Result<(), Finding> {
        let content = Content::of(ledger)?;
        for (id, receipt) in &self.0 {
            let Some(found) = content.receipts.get(id) else {
                return Err(Finding::Lost(id.clone()));
            };
            if receipt.as_ref().is_some_and(|receipt| receipt != found) {
                return Err(Finding::Other(id.clone()));
            }
        }
        content.check_whole()
    }
}

/// Whether a ledger has the receipt of a command.
pub(crate) fn holds(ledger: &Ledger, id: &str) -> bool {
    Content::of(ledger).unwrap().receipts.contains_key(id)
}

/// The receipts and events of a ledger.
struct Content {
    receipts: BTreeMap<String, Receipt>,
    /// The command, stream and index of each.
    events: BTreeSet<(String, String, u64)>,
}

impl Content {
    fn of(ledger: &Ledger) -> Result<Self, Finding> {
        let mut text = Vec::new();
        let exported = ledger.export(&mut text, ExportOptions::default(), &mut |_| {});
        exported.map_err(|error| Finding::Broken(error.to_string()))?;
        let mut content = Self { receipts: BTreeMap::new(), events: BTreeSet::new() };
        for line in String::from_utf8(text).unwrap().lines() {
            let mut line: Value = serde_json::from_str(line).unwrap();
            if let Some(event) = line.get("event").map(|event| &event["json"]) {
                let text = |name: &str| event[name].as_str().unwrap().to_owned();
                let index = event["index"].as_u64().unwrap();
                let (command, stream) = (text("command"), text("stream"));
                if !content.events.insert((command.clone(), stream, index)) {
                    return Err(Finding::Other(command));
                }
            } else if let Some(command) = line.get_mut("command") {
                let receipt = serde_json::from_value(command["receipt"].take());
                let receipt: Receipt =
                    receipt.map_err(|error| Finding::Broken(error.to_string()))?;
                let id = command["id"].as_str().unwrap().to_owned();
                if content.receipts.insert(id.clone(), receipt).is_some() {
                    return Err(Finding::Other(id));
                }
            }
        }
        Ok(content)
    }

    fn check_whole(mut self) -> Result<(), Finding> {
        for (id, receipt) in self.receipts {
            for written in receipt.events {
                let event = (id.clone(), written.stream.to_string(), written.index);
                if !self.events.remove(&event) {
                    return Err(Finding::Other(id));
                }
            }
        }
        self.events.first().map_or(Ok(()), |(id, ..)| Err(Finding::Other(id.clone())))
    }
}
