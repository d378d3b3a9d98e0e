//! Checkpoints: what was signed about the history, and what they find that chains do not.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU32, Ordering},
};

use mlicense_core::{
    document::Checkpoint,
    error::ErrorKind,
    history::{ChainHash, StreamId},
    signing::{Signer, Trust, merkle::MerkleHash},
};
use serde_json::json;

use crate::support::{Book, Place, allocate, noon, on_every_store};

const ORIGIN: &str = "vendor.example/history";
const STREAM: &str = "customer/c1";

fn vendor() -> Signer {
    Signer::from_seed([5; 32])
}

fn verified(note: &str) -> Checkpoint {
    let trust = Trust::new(&[vendor().public_key()], None).unwrap();
    Checkpoint::verify(note.as_bytes(), ORIGIN, &trust).unwrap()
}

fn signed(book: &Book<'_>, day: &str) -> Checkpoint {
    verified(&book.ledger.checkpoint(ORIGIN, &vendor(), noon(day)).unwrap().note)
}

fn stream(name: &str) -> StreamId {
    name.parse().unwrap()
}

#[test]
fn a_checkpoint_vouches_for_every_event_and_is_kept() {
    on_every_store(|place| {
        let book = Book::started(place);
        let kept = book.ledger.checkpoint(ORIGIN, &vendor(), noon("2026-03-02")).unwrap();
        let verified_now = book.ledger.verify().unwrap();
        assert_eq!(kept.head.size, verified_now.events);
        assert_eq!(verified(&kept.note).head(), kept.head);
        assert_eq!(verified_now.checkpoint, Some(kept.head));
        assert_eq!(place.open().unwrap().checkpoints().unwrap(), std::slice::from_ref(&kept));
        // Nothing has happened since: the same answer, later and from another key.
        let again = book.ledger.checkpoint(ORIGIN, &Signer::from_seed([6; 32]), noon("2026-03-05"));
        assert_eq!(again.unwrap(), kept);
    });
}

#[test]
fn an_empty_history_can_be_signed() {
    on_every_store(|place| {
        let book = Book::new(place);
        assert_eq!(signed(&book, "2026-03-01").head().size, 0);
        book.customer("c1");
        assert_eq!(signed(&book, "2026-03-02").head().size, 1);
        book.ledger.verify().unwrap();
        book.ledger.prove_consistency(0, None).unwrap();
    });
}

#[test]
fn every_event_is_proved_to_stand_in_every_later_checkpoint() {
    on_every_store(|place| {
        let book = Book::started(place);
        let older = signed(&book, "2026-03-02").head();
        let early: BTreeMap<StreamId, usize> = ["catalogue", STREAM, "batch/b-key-1"]
            .map(|name| (stream(name), book.history(name).len()))
            .into();
        book.run("2026-03-10", allocate(10));
        book.customer("c0");
        let newer = signed(&book, "2026-03-11").head();
        for (stream, count) in &early {
            for (index, head) in (1..=*count as u64).flat_map(|at| [(at, older), (at, newer)]) {
                let proved = book.ledger.prove_inclusion((stream, index), Some(head.size)).unwrap();
                assert_eq!(proved.head, head);
                let leaf = MerkleHash::of_leaf(proved.event.as_bytes());
                head.verify_inclusion(leaf, proved.index, &proved.proof).unwrap();
                assert!(
                    proved.event.contains(&format!("\"stream\":\"{stream}\",\"index\":{index},"))
                );
                let other = MerkleHash::of_leaf(format!("{} ", proved.event).as_bytes());
                head.verify_inclusion(other, proved.index, &proved.proof).unwrap_err();
            }
        }
        let late = stream("customer/c0");
        let refused = book.ledger.prove_inclusion((&late, 1), Some(older.size)).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::CheckpointMissing);
        book.ledger.prove_inclusion((&late, 1), None).unwrap();
        let refused = book.ledger.prove_inclusion((&late, 2), None).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::CheckpointMissing);
        let refused = book.ledger.prove_inclusion((&late, 1), Some(newer.size + 1)).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::CheckpointMissing);
    });
}

#[test]
fn each_checkpoint_is_proved_to_continue_the_ones_before() {
    on_every_store(|place| {
        let book = Book::with_cameras(place);
        let mut heads = Vec::new();
        for (at, day) in ["2026-03-02", "2026-03-03", "2026-03-04"].into_iter().enumerate() {
            for number in 0..=at {
                book.customer(&format!("c-{at}-{number}"));
            }
            heads.push(signed(&book, day).head());
        }
        for (at, older) in heads.iter().enumerate() {
            for newer in &heads[at..] {
                let proved = book.ledger.prove_consistency(older.size, Some(newer.size)).unwrap();
                assert_eq!((proved.older, proved.newer), (*older, *newer));
                older.verify_consistency(newer, &proved.proof).unwrap();
            }
        }
        let refused = book.ledger.prove_consistency(heads[2].size, Some(heads[0].size));
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::QuantityOutOfRange);
    });
}

#[test]
fn another_origin_is_refused() {
    on_every_store(|place| {
        let book = Book::started(place);
        signed(&book, "2026-03-02");
        let other = book.ledger.checkpoint("other.example", &vendor(), noon("2026-03-03"));
        assert_eq!(other.unwrap_err().kind(), ErrorKind::OtherOrigin);
        let none = book.ledger.checkpoint("with a space", &vendor(), noon("2026-03-03"));
        assert!(none.is_err());
    });
}

/// Writes an event of the customer anew and all that follows from it, as somebody would who knows
/// how: chains and head are right.
fn rewrite(place: &Place, book: &Book<'_>, from: &str, to: &str) {
    let query = json!({"history": {"stream": STREAM, "after": 0, "limit": 1000}});
    drop(book.ask("2026-03-01", query));
    let mut chain = ChainHash::GENESIS;
    let mut sql = String::new();
    for (index, json) in place.events(STREAM).into_iter().enumerate() {
        let json = json.replace(from, to);
        chain = chain.next(&json);
        let (text, chain) = (json.replace('\'', "''"), place.bytes(chain.as_bytes()));
        sql += &format!(
            "UPDATE event SET json = '{text}', chain = {chain},
                 actor = replace(actor, '{from}', '{to}')
             WHERE stream = '{STREAM}' AND idx = {};
             UPDATE head SET chain = {chain} WHERE stream = '{STREAM}';",
            index + 1
        );
    }
    place.tamper(&sql);
}

#[test]
fn an_edit_with_its_chain_computed_anew_is_found_by_the_checkpoint_alone() {
    on_every_store(|place| {
        let book = Book::started(place);
        rewrite(place, &book, "back-office", "nobody-else");
        book.ledger.verify().expect("without a checkpoint nothing tells it");
        let checkpoint = signed(&book, "2026-03-02");
        book.ledger.verify_since(&checkpoint).unwrap();
        rewrite(place, &book, "nobody-else", "back-office");
        let found = book.ledger.verify().unwrap_err();
        assert_eq!(found.kind(), ErrorKind::CheckpointBroken);
        assert_eq!(
            book.ledger.prove_consistency(checkpoint.head().size, None).unwrap_err().kind(),
            ErrorKind::CheckpointBroken
        );
        // Whoever also takes the checkpoint away is found by the one that was kept elsewhere.
        place.tamper("DELETE FROM checkpoint");
        book.ledger.verify().expect("nothing in the ledger tells it any more");
        let found = book.ledger.verify_since(&checkpoint).unwrap_err();
        assert_eq!(found.kind(), ErrorKind::CheckpointBroken);
    });
}

/// Takes the last event of the customer away, with its head set back.
fn cut(place: &Place) {
    place.tamper(
        "DELETE FROM event WHERE stream = 'customer/c1' AND idx = 5;
         UPDATE head SET idx = 4, chain = (SELECT chain FROM event
            WHERE stream = 'customer/c1' AND idx = 4) WHERE stream = 'customer/c1'",
    );
}

#[test]
fn a_tail_cut_off_is_found_up_to_the_checkpoint_and_not_beyond() {
    on_every_store(|place| {
        let book = Book::started(place);
        book.run("2026-03-10", allocate(10));
        assert_eq!(book.history(STREAM).len(), 5);
        let checkpoint = signed(&book, "2026-03-11");
        cut(place);
        assert_eq!(book.ledger.verify().unwrap_err().kind(), ErrorKind::CheckpointBroken);
        let refused = book.ledger.checkpoint(ORIGIN, &vendor(), noon("2026-03-12"));
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::CheckpointBroken);
        assert_eq!(
            book.ledger.verify_since(&checkpoint).unwrap_err().kind(),
            ErrorKind::CheckpointBroken
        );
    });
    on_every_store(|place| {
        let book = Book::started(place);
        let checkpoint = signed(&book, "2026-03-02");
        book.run("2026-03-10", allocate(10));
        cut(place);
        book.ledger.verify_since(&checkpoint).expect("after the checkpoint nothing tells it");
    });
}

#[test]
fn a_checkpoint_that_was_changed_is_found() {
    for edit in [
        "UPDATE checkpoint SET size = size - 1",
        "UPDATE checkpoint SET note = replace(note, 'vendor', 'wendor')",
        "UPDATE checkpoint SET origin = 'other.example'",
        "UPDATE checkpoint SET peaks = root",
    ] {
        on_every_store(|place| {
            let book = Book::started(place);
            signed(&book, "2026-03-02");
            place.tamper(edit);
            let found = book.ledger.verify().unwrap_err();
            assert_eq!(found.kind(), ErrorKind::CheckpointBroken, "{edit}");
        });
    }
}

#[test]
fn checkpoints_made_while_commands_run_continue_each_other() {
    on_every_store(|place| {
        let book = Book::started(place);
        let other = place.open().unwrap();
        let left = AtomicU32::new(4);
        std::thread::scope(|scope| {
            for writer in 0..4 {
                let (book, left) = (&book, &left);
                scope.spawn(move || {
                    (0..15).for_each(|n| book.customer(&format!("c-{writer}-{n}")));
                    left.fetch_sub(1, Ordering::Relaxed);
                });
            }
            // Two of them, so that they meet.
            for ledger in [&book.ledger, &other] {
                let left = &left;
                scope.spawn(move || {
                    while left.load(Ordering::Relaxed) > 0 {
                        ledger.checkpoint(ORIGIN, &vendor(), noon("2026-03-02")).unwrap();
                    }
                });
            }
        });
        signed(&book, "2026-03-02");
        let kept = book.ledger.checkpoints().unwrap();
        assert!(kept.len() > 2, "none was made meanwhile");
        assert!(kept.windows(2).all(|pair| pair[0].head.size < pair[1].head.size));
        let verified = book.ledger.verify().unwrap();
        assert_eq!(verified.events, kept.last().unwrap().head.size);
        for older in &kept {
            let proved = book.ledger.prove_consistency(older.head.size, None).unwrap();
            older.head.verify_consistency(&proved.newer, &proved.proof).unwrap();
        }
    });
}
