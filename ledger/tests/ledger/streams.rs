//! What a version wrote is read by all that come after it, and means the same.
//!
//! `tests/streams/VERSION` holds exports of ledgers that the version wrote, with what it answered
//! about them at the time of the last event. None of these files is ever changed. For a new
//! version, `MLICENSE_STREAMS=FOLDER cargo test --package mlicense-ledger` writes an export of the
//! SQLite ledger of every test to the folder: a few that have every kind of event are put into a
//! folder of the version's name, and the next run of the tests writes the answers beside them.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use mlicense_core::{
    document::{Nonce, Owner, Request, RequestFields, RequestKind},
    time::Instant,
    view::Query,
};
use mlicense_ledger::{ExportOptions, Ledger, Progress};
use serde_json::{Value, json};

use crate::support::{
    Book, DAY, Place, Shop, allocate, asking_from, cloud::Cloud, installation, noon,
    on_every_store, owner,
};

const DAYS_AFTER: [&str; 2] = ["2026-03-12", "2026-03-13"];

#[test]
fn corrections_hardware_and_policies_are_kept_and_replayed() {
    on_every_store(|place| {
        let book = Book::started(place);
        let run = |body: Value| book.run(DAY, body);
        run(allocate(10));
        run(json!({"undo_allocation":
            {"customer": "c1", "product": "vms", "allocation": 1, "reason": "a mistake"}}));
        book.issue(DAY, "key-2", 3);
        run(json!({"void_key": {"product": "vms", "key": "key-2", "reason": "lost"}}));
        let lots = json!([
            {"license_type": "camera", "kind": "expansion", "quantity": 2},
            {"license_type": "door", "kind": "upgrade", "quantity": 1},
        ]);
        run(json!({"issue_keys": {"batch": "b9", "product": "vms", "contents": lots,
            "keys": ["key-3"]}}));
        run(json!({"redeem_key": {"customer": "c1", "product": "vms", "key": "key-3"}}));
        run(json!({"register_hardware": {"customer": "c1", "product": "vms", "hardware": "h1",
            "preloaded": {"camera": 4}}}));
        run(json!({"expand_hardware":
            {"customer": "c1", "hardware": "h1", "quantities": {"camera": 2}}}));
        run(json!({"upgrade_hardware": {"customer": "c1", "hardware": "h1", "from": "camera",
            "to": "door", "quantity": 1}}));
        run(json!({"publish_policy":
            {"product": "vms", "policy": {"subscription": {"grace_days": 20}}}}));
        run(json!({"adopt_policy": {"customer": "c1", "product": "vms"}}));
        moves_whole(&book.ledger);
    });
}

#[test]
fn groups_freed_machines_and_recovered_numbers_are_kept_and_replayed() {
    on_every_store(|place| {
        let shop = Shop::new(place);
        let run = |body: Value| shop.book.run(DAY, body);
        run(json!({"group_hosts":
            {"customer": "c1", "product": "journal", "group": "nodes", "hosts": 2}}));
        let registering = |installation: u8, email: &str| {
            let mut owner = owner();
            owner.email = email.into();
            asking_from((installation, 1), (RequestKind::Register, DAY), |fields| {
                fields.owner = Some(owner);
            })
        };
        let first = shop.answered(None, &registering(1, "post@acme.example"));
        let customer = first.license().unwrap().claims().customer.clone();
        let bought = registering(2, "post@other.example");
        run(json!({"free_machine":
            {"customer": customer, "request": bought, "reason": "sold"}}));
        let answer = |request: &str, day: &str| {
            let from = shop.from(None, request);
            shop.ledger().answer(from, &shop.signer, noon(day)).unwrap()
        };
        // The second takes the place of the first, which nobody used.
        for day in DAYS_AFTER {
            let recover = asking_from((3, 3), (RequestKind::Recover, day), |fields| {
                fields.owner = Some(Owner::new("post@acme.example"));
            });
            answer(&recover, day);
        }
        let mails = serde_json::to_value(shop.ledger().outbox(10).unwrap()).unwrap();
        let number = mails[2]["message"]["number"]["number"].as_str();
        let number = number.unwrap_or_else(|| panic!("{mails}"));
        let entered = asking_from((1, 1), (RequestKind::Number, DAYS_AFTER[1]), |fields| {
            fields.number = Some(number.parse().unwrap());
        });
        answer(&entered, DAYS_AFTER[1]);
        let vms = "vms".parse().unwrap();
        let mut leaving =
            RequestFields::new(RequestKind::Release, vms, Nonce::from_entropy([5; 16]), noon(DAY));
        leaving.system = Some("s1".parse().unwrap());
        let leaving = Request::write(&leaving, &installation("s1")).unwrap();
        run(json!({"take_request": {"customer": "c1", "request": leaving}}));
        moves_whole(shop.ledger());
    });
}

#[test]
fn an_edited_device_is_kept_and_replayed() {
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        cloud.register(DAY, "d1", json!({"plan": "basic"}));
        cloud.run(
            DAY,
            json!({"edit_device":
            {"customer": "site", "device": "d1", "description": {"plan": "basic", "serial": "S-2"}}}),
        );
        moves_whole(&cloud.book.ledger);
    });
}

/// Checks that a ledger is whole, and again as an import.
fn moves_whole(ledger: &Ledger) {
    ledger.verify().unwrap();
    let text = export(ledger);
    let place = Place::sqlite();
    assert_eq!(export(&imported(&text, &place)), text);
}

fn export(ledger: &Ledger) -> String {
    let mut text = Vec::new();
    ledger.export(&mut text, ExportOptions::default(), &mut |_| {}).unwrap();
    String::from_utf8(text).unwrap()
}

fn imported(text: &str, to: &Place) -> Ledger {
    let (mut from, mut ignore) = (text.as_bytes(), |_: Progress| {});
    Ledger::import(to.of_ledger(), &mut from, &mut ignore).unwrap()
}

/// Every stream of every version.
fn streams() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/streams");
    let entries = |folder: &Path| {
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>()
    };
    let versions = entries(&folder).into_iter().filter(|entry| entry.is_dir());
    let files = versions.flat_map(|version| entries(&version));
    let mut files: Vec<_> = files.filter(|file| file.extension().unwrap() == "jsonl").collect();
    files.sort();
    assert!(!files.is_empty());
    files
}

/// The events in an export.
fn events(text: &str) -> Vec<Value> {
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.filter_map(|line| line.get("event").map(|event| event["json"].clone())).collect()
}

/// The name of what happened.
fn kind(event: &Value) -> String {
    event["event"].as_object().unwrap().keys().next().unwrap().clone()
}

/// Every question about whoever is in the events that has an answer, as of the last of them.
fn answers(ledger: &Ledger, text: &str) -> Vec<Value> {
    let events = events(text);
    let at: Instant = serde_json::from_value(events.last().unwrap()["at"].clone()).unwrap();
    let of = |stream: &str| -> BTreeSet<String> {
        let names = events.iter().filter_map(|event| event["stream"].as_str());
        names.filter_map(|name| Some(name.strip_prefix(stream)?.to_owned())).collect()
    };
    let defined = events.iter().filter(|event| kind(event) == "product_defined");
    let products: Vec<_> =
        defined.map(|event| event["event"]["product_defined"]["product"].clone()).collect();
    let mut queries = vec![json!({"products": {}})];
    for customer in of("customer/") {
        let about = ["overview", "due", "account", "users", "devices"];
        queries.extend(about.map(|query| json!({query: {"customer": customer}})));
        for product in &products {
            let about = ["need", "wallet", "bindings", "assignments"];
            let of = json!({"customer": customer, "product": product});
            queries.extend(about.map(|query| json!({query: of})));
        }
    }
    queries.extend(of("partner/").iter().map(|p| json!({"partner": {"partner": p}})));
    let answered = queries.into_iter().filter_map(|query| {
        let asked: Query = serde_json::from_value(query.clone()).ok()?;
        let answer = ledger.query(&asked, at).ok()?;
        Some(json!({"at": at, "query": query, "answer": answer}))
    });
    answered.collect()
}

/// Whether all that `then` says is in what is said `now`, which may say more.
fn says_as_much(then: &Value, now: &Value) -> bool {
    match (then, now) {
        (Value::Object(then), Value::Object(now)) => then
            .iter()
            .all(|(name, value)| now.get(name).is_some_and(|now| says_as_much(value, now))),
        (Value::Array(then), Value::Array(now)) => {
            then.len() == now.len() && then.iter().zip(now).all(|(t, n)| says_as_much(t, n))
        }
        _ => then == now,
    }
}

#[test]
fn what_every_version_wrote_is_read_and_means_the_same() {
    for file in streams() {
        let text = fs::read_to_string(&file).unwrap();
        let place = Place::sqlite();
        let ledger = imported(&text, &place);
        assert_eq!(ledger.verify().unwrap().events, events(&text).len() as u64, "{file:?}");
        let now = answers(&ledger, &text);
        let recorded = file.with_extension("answers.json");
        if !recorded.exists() && std::env::var_os("MLICENSE_STREAMS").is_some() {
            fs::write(&recorded, serde_json::to_string_pretty(&now).unwrap() + "\n").unwrap();
        }
        let then: Vec<Value> =
            serde_json::from_str(&fs::read_to_string(&recorded).unwrap()).unwrap();
        assert!(!then.is_empty(), "{recorded:?} has no answers");
        for then in then {
            let now = now.iter().find(|now| now["query"] == then["query"]);
            let now = now.unwrap_or_else(|| panic!("{file:?}: {} has no answer", then["query"]));
            assert!(says_as_much(&then, now), "{file:?}: {then}\n now: {now}");
        }
        // The control: an answer that is another is seen.
        assert!(!says_as_much(&now[0], &json!({"query": now[0]["query"], "at": "never"})));
    }
}

#[test]
fn the_streams_have_every_kind_of_event() {
    let schema = include_str!("../../../include/schema/recorded.json");
    let schema: Value = serde_json::from_str(schema).unwrap();
    let kinds = kinds(&schema, &schema["$defs"]["Event"]);
    assert!(kinds.len() > 60, "{kinds:?}");
    let texts = streams().into_iter().map(|file| fs::read_to_string(file).unwrap());
    let there: BTreeSet<_> =
        texts.flat_map(|text| events(&text).iter().map(kind).collect::<Vec<_>>()).collect();
    let missing: Vec<_> = kinds.difference(&there).collect();
    assert!(missing.is_empty(), "in no stream: {missing:?}");
}

/// The names of the alternatives of a schema.
fn kinds(schema: &Value, of: &Value) -> BTreeSet<String> {
    let alternatives = ["oneOf", "anyOf"].into_iter().filter_map(|list| of[list].as_array());
    let mut names = BTreeSet::new();
    for alternative in alternatives.flatten() {
        if let Some(name) = alternative["$ref"].as_str() {
            let name = name.rsplit('/').next().unwrap();
            names.extend(kinds(schema, &schema["$defs"][name]));
        }
        let members = alternative["properties"].as_object();
        names.extend(members.into_iter().flatten().map(|(name, _)| name.clone()));
    }
    names
}
