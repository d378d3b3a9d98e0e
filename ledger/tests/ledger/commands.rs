//! Commands: done once, refused without a trace, previewed; requests answered.

use mlicense_core::{
    document::Answer,
    error::ErrorKind,
    history::Envelope,
    signing::{KeyRing, KeyRingClaims, PublicKey, RingKey, Signer, Trust},
};
use mlicense_ledger::{Error, RequestFrom};
use serde_json::{Value, json};

use crate::support::{
    Book, allocate, define, envelope, installation, noon, on_every_store, redeem, request, start,
};

#[test]
fn a_command_is_answered_with_what_it_wrote() {
    on_every_store(|place| {
        let book = Book::with_cameras(place);
        let receipt = book.run("2026-03-02", start("c1"));
        let history = book.history("customer/c1");
        assert_eq!(receipt.at, noon("2026-03-02"));
        let [written] = &receipt.events[..] else { panic!("{receipt:?}") };
        assert_eq!(written.stream.to_string(), "customer/c1");
        assert_eq!((written.index, written.kind.as_str()), (3, "subscription_started"));
        assert_eq!(history.len(), 3);
        assert_eq!(history[2]["chain"], json!(written.chain));
        assert_eq!(history[2]["command"], json!(receipt.command));
    });
}

#[test]
fn the_same_command_is_done_once_and_answered_with_the_first_receipt() {
    on_every_store(|place| {
        let book = Book::with_cameras(place);
        let command = envelope("start", start("c1"));
        let first = book.ledger.execute(&command, noon("2026-03-02")).unwrap();
        let everything = place.everything();
        assert_eq!(book.ledger.execute(&command, noon("2026-04-02")).unwrap(), first);
        let reopened = place.open().unwrap();
        assert_eq!(reopened.execute(&command, noon("2026-05-02")).unwrap(), first);
        assert_eq!(reopened.commit(&command, "", noon("2026-05-02")).unwrap(), first);
        drop(reopened);
        assert_eq!(everything.0, place.everything().0);
    });
}

#[test]
fn another_command_under_a_used_id_is_refused() {
    on_every_store(|place| {
        let book = Book::with_cameras(place);
        book.ledger.execute(&envelope("start", start("c1")), noon("2026-03-02")).unwrap();
        let everything = place.everything();
        let mut by_another = envelope("start", start("c1"));
        by_another.actor = serde_json::from_value(json!({"role": "vendor", "id": "shop"})).unwrap();
        for command in [envelope("start", start("c2")), by_another] {
            let refused = book.ledger.execute(&command, noon("2026-03-02")).unwrap_err();
            assert_eq!(refused.kind(), ErrorKind::CommandIdReused);
            assert!(matches!(refused, Error::Refused(_)));
        }
        assert_eq!(everything, place.everything());
    });
}

#[test]
fn a_refusal_leaves_every_byte_as_it_was() {
    on_every_store(|place| {
        let book = Book::started(place);
        let refused = |body| book.refused("2026-03-02", body);
        assert_eq!(refused(start("c1")), ErrorKind::SubscriptionAlreadyStarted);
        assert_eq!(refused(start("nobody")), ErrorKind::CustomerUnknown);
        assert_eq!(refused(redeem("c1", "key-1")), ErrorKind::KeyAlreadyRedeemed);
        assert_eq!(refused(redeem("c1", "no-such-key")), ErrorKind::KeyUnknown);
        assert_eq!(refused(allocate(11)), ErrorKind::ExceedsNeed);
        assert_eq!(refused(define("vms")), ErrorKind::ProductAlreadyDefined);
        let keys = json!({"issue_keys": {
            "batch": "b2", "product": "vms", "keys": ["key-2", "key-1"],
            "contents": [{"license_type": "camera", "quantity": 1}],
        }});
        assert_eq!(refused(keys), ErrorKind::CodeAlreadyIssued);
        let person = json!({"erase_person": {"person": "p1"}});
        assert_eq!(refused(person), ErrorKind::PersonUnknown);
    });
}

#[test]
fn a_refused_command_may_be_given_again_under_its_id() {
    on_every_store(|place| {
        let book = Book::with_cameras(place);
        let command = envelope("redeem", redeem("c1", "key-1"));
        let refused = book.ledger.execute(&command, noon("2026-03-02")).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::KeyUnknown);
        book.issue("2026-03-02", "key-1", 20);
        book.ledger.execute(&command, noon("2026-03-02")).unwrap();
    });
}

#[test]
fn names_live_in_a_table_that_can_be_erased() {
    on_every_store(|place| {
        let book = Book::new(place);
        let fields = json!({"name": "Ada Example", "email": "ada@example.com"});
        book.run("2026-03-01", json!({"add_person": {"person": "p1", "fields": fields}}));
        let stored = |book: &Book<'_>| format!("{:?}", book.place.everything().0);
        assert!(stored(&book).contains("Ada Example"));
        book.run("2026-03-02", json!({"erase_person": {"person": "p1"}}));
        let left = stored(&book);
        assert!(!left.contains("Ada") && !left.contains("ada@"), "{left}");
        assert_eq!(book.ledger.verify().unwrap().events, 2);
    });
}

/// Index, stream and content of what a command wrote: all but the chain, which depends on the
/// ledger's salt through the digests of keys.
fn written(book: &Book<'_>, command: &str) -> Vec<Value> {
    let of_command = |entry: &Value| entry["command"] == command;
    let entries = book.history("customer/c1").into_iter().filter(of_command);
    entries.map(|entry| json!([entry["index"], entry["at"], entry["event"]])).collect()
}

#[test]
fn preview_and_commit_do_what_execute_does() {
    on_every_store(|place| {
        let book = Book::started(place);
        let command = envelope("allocate", allocate(10));
        let now = noon("2026-06-09");
        let preview = book.ledger.preview(&command, now).unwrap();
        let token = preview.token.clone().unwrap();
        let receipt = book.ledger.commit(&command, &token, now).unwrap();
        let committed = written(&book, "allocate");

        let another = crate::support::Place::sqlite();
        let straight = Book::started(&another);
        let expected = straight.ledger.execute(&command, now).unwrap();
        assert_eq!(committed, written(&straight, "allocate"));
        let kinds = |receipt: &mlicense_ledger::Receipt| -> Vec<String> {
            receipt.events.iter().map(|event| event.kind.clone()).collect()
        };
        assert_eq!(kinds(&receipt), kinds(&expected));
        let previewed = serde_json::to_value(&preview).unwrap()["events"].clone();
        let events: Vec<Value> = committed.iter().map(|entry| entry[2].clone()).collect();
        assert_eq!(previewed, json!(events));
    });
}

#[test]
fn s_ax_44_a_confirmation_without_the_token_of_a_preview_is_refused() {
    on_every_store(|place| {
        let book = Book::started(place);
        let (command, now) = (envelope("allocate", allocate(10)), noon("2026-03-10"));
        let other = book.ledger.preview(&envelope("x", define("other")), now).unwrap();
        let everything = place.everything();
        for token in ["", "AAAA", &other.token.unwrap()] {
            let refused = book.ledger.commit(&command, token, now).unwrap_err();
            assert_eq!(refused.kind(), ErrorKind::PreviewStale);
        }
        assert_eq!(everything, place.everything());
    });
}

#[test]
fn s_ax_45_a_preview_changes_nothing() {
    on_every_store(|place| {
        let book = Book::started(place);
        let everything = place.everything();
        let preview = |command: &Envelope| book.ledger.preview(command, noon("2026-03-10"));
        let shown = preview(&envelope("allocate", allocate(10))).unwrap();
        assert!(shown.refusal.is_none() && !shown.events.is_empty());
        let shown = preview(&envelope("allocate", allocate(11))).unwrap();
        assert_eq!(shown.refusal.unwrap().kind(), ErrorKind::ExceedsNeed);
        preview(&envelope("new", define("other"))).unwrap();
        assert_eq!(everything, place.everything());
    });
}

#[test]
fn s_ax_46_a_preview_is_stale_after_a_change_in_between() {
    on_every_store(|place| {
        let book = Book::started(place);
        let (command, now) = (envelope("allocate", allocate(10)), noon("2026-03-10"));
        let token = |command| book.ledger.preview(command, now).unwrap().token.unwrap();
        let before = token(&command);
        book.issue("2026-03-10", "key-2", 5);
        book.run("2026-03-10", redeem("c1", "key-2"));
        let everything = place.everything();
        let refused = book.ledger.commit(&command, &before, now).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::PreviewStale);
        assert_eq!(everything, place.everything());
        book.ledger.commit(&command, &token(&command), now).unwrap();
    });
}

/// Makes the book a vendor's whose root key trusts `signer`.
fn establish(book: &Book<'_>, root: &Signer, signer: &Signer) {
    let at = noon("2026-03-01");
    let roots: Vec<PublicKey> = vec![root.public_key()];
    book.run("2026-03-01", json!({"establish_vendor": {"vendor": "acme", "roots": roots}}));
    let ring = KeyRingClaims::new(1, at, vec![RingKey::new(signer.public_key(), at)]);
    let ring = KeyRing::issue(&ring, root).unwrap();
    book.run("2026-03-01", json!({"publish_key_ring": {"document": ring}}));
}

#[test]
fn a_request_is_answered_with_a_document_its_system_can_verify() {
    on_every_store(|place| {
        let book = Book::started(place);
        let (root, signer) = (Signer::from_seed([8; 32]), Signer::from_seed([9; 32]));
        establish(&book, &root, &signer);
        book.run("2026-03-10", allocate(10));

        let (customer, now) = ("c1".parse().unwrap(), noon("2026-03-11"));
        let actor = envelope("x", define("x")).actor;
        let bytes = request("s1", now);
        let from =
            RequestFrom { customer: Some(&customer), actor: &actor, bytes: bytes.as_bytes() };
        let answer = book.ledger.answer(from, &signer, now).unwrap();

        let trust = Trust::new(&[root.public_key()], None).unwrap();
        let answer = Answer::verify(answer.as_bytes(), &trust).unwrap();
        answer.require_installation(installation("s1").key_id()).unwrap();
        let license = answer.license().unwrap();
        license.require_customer(&customer).unwrap();
        license.require_product(&"vms".parse().unwrap()).unwrap();
        assert_eq!(license.claims().vendor, Some("acme".parse().unwrap()));
    });
}

#[test]
fn a_forged_request_is_refused_and_leaves_no_trace() {
    on_every_store(|place| {
        let book = Book::started(place);
        let (root, signer) = (Signer::from_seed([8; 32]), Signer::from_seed([9; 32]));
        establish(&book, &root, &signer);
        let (customer, now) = ("c1".parse().unwrap(), noon("2026-03-11"));
        let actor = envelope("x", define("x")).actor;
        let everything = place.everything();
        let answer = |bytes: &[u8]| {
            let from = RequestFrom { customer: Some(&customer), actor: &actor, bytes };
            book.ledger.answer(from, &signer, now).unwrap_err().kind()
        };
        let mut forged = request("s1", now).into_bytes();
        let last = forged.last_mut().unwrap();
        *last = if *last == b'A' { b'B' } else { b'A' };
        assert_eq!(answer(&forged), ErrorKind::SystemFileInvalid);
        assert_eq!(answer(b"\xff"), ErrorKind::NotUtf8);
        assert_eq!(answer(&[b'a'; 65537]), ErrorKind::InputTooLarge);
        assert_eq!(everything, place.everything());
    });
}
