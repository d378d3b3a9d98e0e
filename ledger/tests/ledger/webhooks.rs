//! Webhooks: an event of their kinds leaves a message, in the transaction of the event.

use mlicense_core::{error::ErrorKind, history::Message};
use mlicense_ledger::{ExportOptions, Ledger, Outgoing};
use serde_json::{Value, json};

use crate::support::{Book, Place, allocate, envelope, noon, on_every_store, redeem, start};

fn set(webhook: &str, kinds: &[&str]) -> Value {
    json!({"set_webhook": {"webhook": webhook, "kinds": kinds}})
}

/// Who is told of what: webhook, stream, kind and the chain hash of the event.
fn told(ledger: &Ledger) -> Vec<(String, String, String, String)> {
    let read = |outgoing: Outgoing| {
        let Message::Webhook { webhook, stream, index } = outgoing.message else {
            panic!("{outgoing:?}")
        };
        let told = outgoing.event.unwrap();
        assert_eq!((&told.stream, told.entry.index), (&stream, index));
        assert_eq!(told.entry.command, outgoing.command);
        let kind = told.entry.event.name().unwrap();
        (webhook.to_string(), stream.to_string(), kind, told.entry.chain.clone())
    };
    ledger.outbox(1000).unwrap().into_iter().map(read).collect()
}

#[test]
fn an_event_is_told_to_the_webhooks_of_its_kind_and_to_no_other() {
    on_every_store(|place| {
        let book = Book::with_cameras(place);
        book.run("2026-03-01", set("crm", &["subscription_started", "allocated"]));
        book.run("2026-03-01", set("billing", &["subscription_started"]));
        assert!(told(&book.ledger).is_empty());
        let started = book.run("2026-03-01", start("c1"));
        book.issue("2026-03-01", "key-1", 20);
        book.run("2026-03-01", redeem("c1", "key-1"));
        let allocated = book.run("2026-03-02", allocate(10));
        let told = told(&book.ledger);
        let of = |webhook: &str, receipt: &mlicense_ledger::Receipt| {
            let event = &receipt.events[0];
            (webhook.into(), event.stream.to_string(), event.kind.clone(), event.chain.clone())
        };
        let expected = [of("billing", &started), of("crm", &started), of("crm", &allocated)];
        assert_eq!(told, expected);
        let shown = serde_json::to_value(&book.ledger.outbox(1).unwrap()[0]).unwrap();
        let message =
            json!({"webhook": {"webhook": "billing", "stream": "customer/c1", "index": 3}});
        assert_eq!(shown["message"], message);
        assert_eq!(shown["event"]["event"], book.history("customer/c1")[2]["event"]);
        assert!(shown.get("to").is_none());
    });
}

#[test]
fn each_is_told_once_until_it_was_sent() {
    on_every_store(|place| {
        let book = Book::with_cameras(place);
        book.run("2026-03-01", set("crm", &["subscription_started"]));
        let command = envelope("start", start("c1"));
        for _ in 0..2 {
            book.ledger.execute(&command, noon("2026-03-02")).unwrap();
            place.open().unwrap().execute(&command, noon("2026-03-03")).unwrap();
        }
        book.refused("2026-03-04", start("c1"));
        let [message] = &book.ledger.outbox(9).unwrap()[..] else { panic!("not one") };
        assert_eq!(place.open().unwrap().outbox(9).unwrap(), std::slice::from_ref(message));
        book.ledger.sent(message.id).unwrap();
        assert!(book.ledger.outbox(9).unwrap().is_empty());
        book.ledger.verify().unwrap();
    });
}

fn webhooks(book: &Book<'_>) -> Value {
    book.ask("2026-03-01", json!({"webhooks": {}}))["webhooks"].clone()
}

#[test]
fn a_webhook_is_set_anew_and_goes_when_it_is_told_nothing() {
    on_every_store(|place| {
        let book = Book::with_cameras(place);
        assert_eq!(webhooks(&book), json!({}));
        book.run("2026-03-01", set("crm", &["registered", "allocated"]));
        assert_eq!(webhooks(&book), json!({"crm": ["allocated", "registered"]}));
        let again = book.run("2026-03-01", set("crm", &["allocated", "registered"]));
        assert!(again.events.is_empty(), "nothing has changed");
        book.run("2026-03-01", set("crm", &["subscription_started"]));
        book.customer("c2");
        assert!(told(&book.ledger).is_empty());
        book.run("2026-03-01", set("crm", &[]));
        assert_eq!(webhooks(&book), json!({}));
        assert!(book.run("2026-03-01", set("crm", &[])).events.is_empty());
        book.run("2026-03-01", start("c1"));
        assert!(told(&book.ledger).is_empty());
        assert_eq!(place.open().unwrap().verify().unwrap().events, 3 + 1 + 3 + 1 + 1);
    });
}

#[test]
fn a_webhook_of_no_event_one_too_many_and_one_of_a_stranger_are_refused() {
    on_every_store(|place| {
        let book = Book::with_cameras(place);
        for kind in ["", "registerd", "Registered", "register_customer"] {
            let refused = book.refused("2026-03-01", set("crm", &["allocated", kind]));
            assert_eq!(refused, ErrorKind::FieldInvalid, "{kind}");
            let asked = json!({"journal": {"kind": kind}});
            assert_eq!(book.unanswered("2026-03-01", asked), ErrorKind::FieldInvalid, "{kind}");
        }
        for webhook in 0..32 {
            book.run("2026-03-01", set(&format!("w{webhook}"), &["registered"]));
        }
        let one_more = set("w32", &["registered"]);
        assert_eq!(book.refused("2026-03-01", one_more.clone()), ErrorKind::QuantityOutOfRange);
        book.run("2026-03-01", set("w7", &["allocated"]));
        book.run("2026-03-01", set("w7", &[]));
        book.run("2026-03-01", one_more);
        let manager = json!({"actor": {"role": "customer_manager", "id": "p1", "customer": "c1"}});
        let refused = book.refused_as(&manager, "2026-03-01", set("w1", &[]));
        assert_eq!(refused, ErrorKind::Forbidden);
    });
}

#[test]
fn what_is_yet_to_be_told_moves_with_the_ledger() {
    on_every_store(|place| {
        let book = Book::with_cameras(place);
        book.run("2026-03-01", set("crm", &["subscription_started"]));
        book.run("2026-03-02", start("c1"));
        let mut export = Vec::new();
        book.ledger.export(&mut export, ExportOptions::default(), &mut |_| {}).unwrap();
        let to = Place::sqlite();
        let path = to.path().unwrap();
        let copy = Ledger::import(&path, &mut &export[..], &mut |_| {}).unwrap();
        assert_eq!(copy.outbox(9).unwrap(), book.ledger.outbox(9).unwrap());
        assert_eq!(told(&copy).len(), 1);
    });
}
