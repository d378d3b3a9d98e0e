//! Export and import: a ledger as text and back, on either store.

use mlicense_core::{error::ErrorKind, signing::Signer};
use mlicense_ledger::{ExportOptions, Ledger, Progress, Result};
use serde_json::{Value, json};

use crate::support::{Book, DAY, Place, Shop, allocate, asking, noon, on_every_store, owner};

const ORIGIN: &str = "vendor.example/history";

fn export(ledger: &Ledger, options: ExportOptions) -> String {
    let mut text = Vec::new();
    ledger.export(&mut text, options, &mut |_| {}).unwrap();
    String::from_utf8(text).unwrap()
}

fn import(place: &Place, text: &str) -> Result<Ledger> {
    let (mut from, mut ignore) = (text.as_bytes(), |_: Progress| {});
    Ledger::import(place.of_ledger(), &mut from, &mut ignore)
}

/// A ledger with two checkpoints, people, something to be sent and events after the last one.
fn full(place: &Place) -> Shop<'_> {
    let shop = Shop::new(place);
    let sign = |day: &str| shop.ledger().checkpoint(ORIGIN, &Signer::from_seed([5; 32]), noon(day));
    let request = asking(mlicense_core::document::RequestKind::Register, |fields| {
        fields.owner = Some(owner());
    });
    let number = shop.ledger().fresh_number().unwrap();
    let register = json!({"customer": "n1", "person": "p1", "number": number, "request": request});
    shop.book.run(DAY, json!({"register_number": register}));
    sign(DAY).unwrap();
    shop.book.customer("c2");
    shop.book.issue_for("journal", "coupon-1");
    sign(DAY).unwrap();
    shop.book.customer("a0");
    shop
}

#[test]
fn an_export_is_imported_to_the_same_ledger_on_either_store() {
    on_every_store(|from| {
        let shop = full(from);
        let verified = shop.ledger().verify().unwrap();
        let text = export(shop.ledger(), ExportOptions::default());
        on_every_store(|to| {
            let copy = import(to, &text).unwrap();
            assert_eq!(copy.verify().unwrap(), verified);
            assert_eq!(export(&copy, ExportOptions::default()), text, "not the same again");
            assert_eq!(copy.outbox(10).unwrap(), shop.ledger().outbox(10).unwrap());
            assert_eq!(copy.checkpoints().unwrap(), shop.ledger().checkpoints().unwrap());
            // And it goes on: nothing is issued twice, and what was signed is continued.
            drop(copy);
            let copy = to.open().unwrap();
            let kept = copy.checkpoint(ORIGIN, &Signer::from_seed([5; 32]), noon(DAY)).unwrap();
            copy.prove_consistency(copy.checkpoints().unwrap()[0].head.size, None).unwrap();
            assert_eq!(kept.head.size, verified.events);
        });
    });
}

#[test]
fn commands_and_codes_are_known_again_after_an_import() {
    on_every_store(|from| {
        let book = Book::started(from);
        let envelope = crate::support::envelope("once", allocate(10));
        let receipt = book.ledger.execute(&envelope, noon("2026-03-10")).unwrap();
        book.issue("2026-03-10", "key-2", 7);
        let text = export(&book.ledger, ExportOptions::default());
        let to = Place::sqlite();
        let copy = import(&to, &text).unwrap();
        assert_eq!(copy.execute(&envelope, noon("2026-04-10")).unwrap(), receipt);
        let run = |id: &str, body: Value| {
            copy.execute(&crate::support::envelope(id, body), noon("2026-03-11"))
        };
        let again = run("again", crate::support::redeem("c1", "key-1")).unwrap_err();
        assert_eq!(again.kind(), ErrorKind::KeyAlreadyRedeemed);
        run("new", crate::support::redeem("c1", "key-2")).unwrap();
        copy.verify().unwrap();
    });
}

#[test]
fn people_and_outbox_stay_behind_when_they_are_to() {
    on_every_store(|from| {
        let shop = full(from);
        let bare = export(shop.ledger(), ExportOptions { people: false, outbox: false });
        assert!(!bare.contains("acme.example") && !bare.contains("{\"message\""), "{bare}");
        let to = Place::sqlite();
        let copy = import(&to, &bare).unwrap();
        assert_eq!(copy.verify().unwrap(), shop.ledger().verify().unwrap());
        assert!(copy.outbox(10).unwrap().is_empty());
        let whole = export(shop.ledger(), ExportOptions::default());
        assert!(whole.contains("post@acme.example"));
    });
}

#[test]
fn an_export_that_was_changed_is_refused_and_leaves_nothing() {
    let source = Place::sqlite();
    let text = export(full(&source).ledger(), ExportOptions::default());
    let lines: Vec<&str> = text.lines().collect();
    let without = |at: usize| {
        let kept = lines.iter().enumerate().filter(|(line, _)| *line != at);
        kept.map(|(_, line)| format!("{line}\n")).collect::<String>()
    };
    let swapped = |one: usize, other: usize| {
        let mut lines = lines.clone();
        lines.swap(one, other);
        lines.iter().map(|line| format!("{line}\n")).collect::<String>()
    };
    let first = lines.iter().position(|line| line.starts_with("{\"event\"")).unwrap();
    let checkpoint = lines.iter().position(|line| line.starts_with("{\"checkpoint\"")).unwrap();
    let claim = lines.iter().position(|line| line.starts_with("{\"claim\"")).unwrap();
    let receipt = lines.iter().position(|line| line.contains("\"kind\":\"registered\"")).unwrap();
    let of_receipt = |from: &str, to: &str| {
        let edited = lines[receipt].replacen(from, to, 1);
        assert_ne!(edited, lines[receipt]);
        text.replacen(lines[receipt], &edited, 1)
    };
    let edited = [
        of_receipt("\"kind\":\"registered\"", "\"kind\":\"redeemed\""),
        of_receipt("\"index\":1", "\"index\":2"),
        of_receipt("\"receipt\":{\"command\":\"", "\"receipt\":{\"command\":\"x"),
        of_receipt("\"chain\":\"", "\"chain\":\"0"),
        without(0),
        without(first),
        without(checkpoint - 1),
        without(claim),
        without(lines.len() - 1),
        swapped(first, first + 1),
        swapped(checkpoint, checkpoint - 1),
        swapped(0, 1),
        text.replacen("back-office", "back-0ffice", 1),
        text.replacen("\"salt\":\"", "\"salt\":\"00", 1),
        text.replacen("\"format\":1", "\"format\":2", 1),
        text.replacen("{\"claim\":{", "{\"claim\":{\"more\":1,", 1),
        format!("{text}\n"),
        text.strip_suffix('\n').unwrap().to_owned(),
        text.split_inclusive('\n').take(lines.len() / 2).collect(),
        String::new(),
        format!("{}\n", lines[claim]).repeat(2) + &text,
        text.replacen(lines[claim], &format!("{0}\n{0}", lines[claim]), 1),
    ];
    for (number, edited) in edited.iter().enumerate() {
        on_every_store(|to| {
            let error = import(to, edited).expect_err(&format!("edit {number}"));
            assert!(
                matches!(error.kind(), ErrorKind::ExportInvalid | ErrorKind::StoreUnavailable),
                "edit {number}: {error}"
            );
            to.create().expect("something was left");
        });
    }
    let forged = text.replacen(
        "{\"claim\":{\"space\":\"code\",\"digest\":\"",
        "{\"claim\":{\"space\":\"code\",\"digest\":\"f",
        1,
    );
    assert_ne!(forged, text);
    on_every_store(|to| {
        assert_eq!(import(to, &forged).unwrap_err().kind(), ErrorKind::TableBroken);
    });
}

#[test]
fn a_ledger_that_is_broken_is_not_exported() {
    on_every_store(|place| {
        let shop = full(place);
        place.tamper("DELETE FROM claim WHERE space = 'number'");
        let refused = shop.ledger().export(&mut Vec::new(), ExportOptions::default(), &mut |_| {});
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::TableBroken);
    });
}

#[test]
fn nothing_is_imported_over_a_ledger() {
    on_every_store(|place| {
        let shop = full(place);
        let text = export(shop.ledger(), ExportOptions::default());
        let before = place.everything();
        assert_eq!(import(place, &text).unwrap_err().kind(), ErrorKind::StoreExists);
        assert_eq!(place.everything(), before);
    });
}
