//! The history: who did what and when, and the two steps of preview and commit.

use mlicense_core::{
    error::{ErrorKind, Refusal},
    history::{ChainHash, Command, Envelope, Recorded, World},
    view::Query,
};
use serde_json::{Value, json};

use super::support::{Book, allocation, cameras, manager, redemption};

fn history(book: &Book) -> Vec<Value> {
    let stream = "customer/c1".parse().unwrap();
    book.events(&stream).iter().map(|recorded| serde_json::to_value(recorded).unwrap()).collect()
}

#[test]
fn s_ax_23_history_tells_who_allocated_what_and_when() {
    let mut book = Book::started(json!({}), 12);
    let allocate = allocation(0, json!({"camera": 10}));
    book.join("2026-03-20", "p1", "c1");
    book.execute_as(manager("p1", "c1"), "2026-03-20", allocate).unwrap();
    let entry = history(&book).pop().unwrap();
    assert_eq!(entry["actor"]["id"], "p1");
    assert_eq!(entry["at"], "2026-03-20T12:00:00Z");
    let allocated = &entry["event"]["allocated"];
    assert_eq!(allocated["period"], json!({"start": "2026-03-01", "end": "2027-03-01"}));
    let line = json!({
        "license_type": "camera", "quantity": 10, "debits": [{"lot": 1, "quantity": 10}],
    });
    assert_eq!(allocated["lines"], json!([line]));
}

#[test]
fn s_ax_24_history_tells_who_redeemed_which_key_and_when() {
    let mut book = Book::started(json!({}), 12);
    book.issue("2026-03-02", "secret-4711", cameras(3));
    book.join("2026-03-03", "p1", "c1");
    book.execute_as(manager("p1", "c1"), "2026-03-03", redemption("secret-4711")).unwrap();
    let entry = history(&book).pop().unwrap();
    assert_eq!(
        (&entry["actor"]["id"], &entry["at"]),
        (&json!("p1"), &json!("2026-03-03T12:00:00Z"))
    );
    let redeemed = &entry["event"]["key_redeemed"];
    let masked = redeemed["masked"].as_str().unwrap();
    assert!(masked.starts_with('*') && masked.ends_with("11"), "{masked}");
    assert_eq!(
        (&redeemed["lots"][0]["quantity"], &redeemed["lots"].as_array().unwrap().len()),
        (&json!(3), &1)
    );
    // No stream keeps the key itself.
    let all =
        book.streams.values().flatten().any(|json| json.to_lowercase().contains("secret-4711"));
    assert!(!all);
}

#[test]
fn s_ax_25_history_only_grows_and_its_chain_shows_every_edit() {
    let mut book = Book::started(json!({}), 12);
    let stream = "customer/c1".parse().unwrap();
    let before = book.streams[&stream].clone();
    book.allocate("2026-03-20", 0, json!({"camera": 10}));
    book.run(
        "2026-03-21",
        json!({"undo_allocation": {
            "customer": "c1", "product": "vms", "allocation": 1, "reason": "the wrong product",
        }}),
    );
    let after = &book.streams[&stream];
    assert_eq!(after[..before.len()], before[..], "a correction adds an entry");
    assert_eq!(after.len(), before.len() + 2);
    let chain = |entries: &[String]| {
        entries.iter().fold(ChainHash::GENESIS, |chain, json| chain.next(json))
    };
    let head = book.world().head(&stream);
    assert_eq!(head, (u64::try_from(after.len()).unwrap(), chain(after)));
    for index in 0..after.len() {
        let mut edited = after.clone();
        edited[index] = edited[index].replace("back-office", "back-0ffice");
        assert_ne!(chain(&edited), head.1, "entry {index} was edited");
        let mut world = World::default();
        let kept = after.iter().enumerate().filter(|(at, _)| *at != index);
        let taken: Vec<_> = kept.map(|(_, json)| world.take(&stream, json)).collect();
        let last = index == after.len() - 1;
        assert_eq!(taken.iter().all(Result::is_ok), last, "entry {index} was deleted");
    }
}

#[test]
fn s_ax_44_a_preview_shows_the_periods_and_its_token_confirms() {
    let mut book = Book::started(json!({}), 20);
    let allocate = allocation(0, json!({"camera": 10}));
    let preview = book.preview("2026-03-20", allocate.clone()).unwrap();
    let events = serde_json::to_value(&preview.events).unwrap();
    let period = json!({"start": "2026-03-01", "end": "2027-03-01"});
    assert_eq!(events[0]["allocated"]["period"], period);
    for token in ["", "guessed"] {
        let refusal = book.commit("2026-03-20", allocate.clone(), token).unwrap_err();
        assert_eq!(refusal.kind(), ErrorKind::PreviewStale);
    }
    let done = book.commit("2026-03-20", allocate, &preview.token.unwrap()).unwrap();
    let done: Vec<_> = done.into_iter().map(|recorded| recorded.event).collect();
    assert_eq!(done, preview.events);
}

#[test]
fn s_ax_45_leaving_between_the_steps_changes_nothing() {
    let mut book = Book::started(json!({}), 20);
    let before = book.clone();
    for day in ["2026-03-20", "2026-06-09"] {
        book.preview(day, allocation(0, json!({"camera": 10}))).unwrap();
    }
    assert!(before.written() == book.written());
}

#[test]
fn s_ax_46_a_preview_of_another_state_is_stale() {
    let allocate = allocation(0, json!({"camera": 10}));
    let token = |book: &mut Book, day: &str| {
        book.preview(day, allocation(0, json!({"camera": 10}))).unwrap().token.unwrap()
    };
    // Something happened in between.
    let mut book = Book::started(json!({}), 20);
    let seen = token(&mut book, "2026-03-20");
    book.stock("2026-03-21", "key-2", cameras(1));
    let refusal = book.commit("2026-03-21", allocate.clone(), &seen).unwrap_err();
    assert_eq!(refusal.kind(), ErrorKind::PreviewStale);
    // Nothing happened, but the grace ran out: licences would come back now.
    let mut book = Book::started(json!({}), 20);
    let seen = token(&mut book, "2026-03-20");
    assert_eq!(token(&mut book, "2026-03-30"), seen, "a day later it would be the same");
    let refusal = book.commit("2026-03-31", allocate.clone(), &seen).unwrap_err();
    assert_eq!(refusal.kind(), ErrorKind::PreviewStale);
    book.commit("2026-03-30", allocate, &seen).unwrap();
}

#[test]
fn reading_the_streams_anew_gives_the_same_state() {
    let mut book = Book::started(json!({}), 20);
    book.allocate("2026-06-09", 0, json!({"camera": 10}));
    assert!(book.replayed() == *book.world());
}

#[test]
fn a_struct_is_no_array() {
    type Read = fn(&str) -> Result<(), Refusal>;
    let command: Read = |json| Command::from_json(json.as_bytes()).map(drop);
    let envelope: Read = |json| Envelope::from_json(json.as_bytes()).map(drop);
    let query: Read = |json| Query::from_json(json.as_bytes()).map(drop);
    let event: Read = |json| Recorded::from_json(&"person/p1".parse()?, 1, json).map(drop);

    let erase = r#"{"erase_person":{"person":"p1"}}"#;
    let issue = r#"{"issue_keys":{"batch":"b1","product":"vms","contents":[{"license_type":"camera","kind":"host","quantity":1}],"keys":["k"]}}"#;
    let erasing = r#"{"id":"x1","actor":{"role":"vendor","id":"shop"},"body":{"erase_person":{"person":"p1"}}}"#;
    let need = r#"{"need":{"customer":"c1","product":"vms"}}"#;
    let added = r#"{"stream":"person/p1","index":1,"at":"2026-03-01T12:00:00Z","actor":{"role":"vendor","id":"shop"},"command":"x1","event":{"added":{}}}"#;

    let actor = (r#"{"role":"vendor","id":"shop"}"#, r#"["vendor","shop",null,null]"#);
    let contents = r#"{"license_type":"camera","kind":"host","quantity":1}"#;
    let erasing_array = r#"["x1",{"role":"vendor","id":"shop"},{"erase_person":{"person":"p1"}}]"#;
    // What holds a struct, the struct, and its values in their order.
    let structs = [
        (command, erase, r#"{"person":"p1"}"#, r#"["p1"]"#),
        (command, issue, contents, r#"["camera","host",1]"#),
        (envelope, erasing, erasing, erasing_array),
        (envelope, erasing, actor.0, actor.1),
        (query, need, r#"{"customer":"c1","product":"vms"}"#, r#"["c1","vms"]"#),
        (event, added, actor.0, actor.1),
        (event, added, "{}", "[null,null,null]"),
    ];
    for (read, json, object, array) in structs {
        read(json).unwrap();
        let refusal = read(&json.replacen(object, array, 1)).unwrap_err().to_string();
        assert!(refusal.contains("invalid type: sequence, expected struct"), "{refusal}");
    }
}
