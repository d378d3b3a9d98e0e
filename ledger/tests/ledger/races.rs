//! Many at once: what may happen once happens once, and nobody is turned away without need.

use std::{collections::BTreeSet, sync::Barrier, thread};

use mlicense_core::error::ErrorKind;
use mlicense_ledger::{Ledger, Receipt, Result};
use serde_json::{Value, json};

use crate::support::{Book, Place, define, envelope, noon, on_every_store, redeem, start};

const THREADS: usize = 8;

/// Does a command in each of eight threads at the same moment, on one ledger or on one each.
fn at_once(
    ledgers: &[Ledger],
    command: impl Fn(usize) -> (String, Value) + Sync,
) -> Vec<Result<Receipt>> {
    let barrier = Barrier::new(THREADS);
    let run = |thread: usize| {
        let (id, body) = command(thread);
        let command = envelope(&id, body);
        barrier.wait();
        ledgers[thread % ledgers.len()].execute(&command, noon("2026-03-02"))
    };
    let run = &run;
    thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|thread| scope.spawn(move || run(thread))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

/// Runs a test with all threads on one ledger, and with a program, so to say, for each thread.
fn on_one_and_on_many(prepare: impl Fn(&Book<'_>), test: impl Fn(&Place, &[Ledger])) {
    on_every_store(|place| {
        let book = Book::with_cameras(place);
        prepare(&book);
        test(place, &[book.ledger]);
    });
    on_every_store(|place| {
        let book = Book::with_cameras(place);
        prepare(&book);
        drop(book);
        let ledgers: Vec<Ledger> = (0..THREADS).map(|_| place.open().unwrap()).collect();
        test(place, &ledgers);
    });
}

/// The one that won; all others were refused as `kind`.
#[track_caller]
fn winner(results: Vec<Result<Receipt>>, kind: ErrorKind) -> Receipt {
    let (won, lost): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
    assert_eq!(won.len(), 1, "{won:?} {lost:?}");
    for lost in lost {
        assert_eq!(lost.unwrap_err().kind(), kind);
    }
    won.into_iter().next().unwrap().unwrap()
}

fn customers(book: &Book<'_>) {
    (0..THREADS).for_each(|thread| book.customer(&format!("x{thread}")));
}

#[test]
fn one_of_eight_customers_redeems_a_key() {
    let prepare = |book: &Book<'_>| {
        customers(book);
        book.issue("2026-03-01", "key-1", 20);
    };
    on_one_and_on_many(prepare, |place, ledgers| {
        let results = at_once(ledgers, |thread| {
            (format!("redeem-{thread}"), redeem(&format!("x{thread}"), "key-1"))
        });
        let receipt = winner(results, ErrorKind::KeyAlreadyRedeemed);
        let everything = place.everything().0;
        let redeemed = everything["claim"].iter().filter(|row| row.contains("redeemed_key"));
        assert_eq!(redeemed.count(), 1);
        assert_eq!(everything["receipt"].iter().filter(|row| row.contains("redeem-")).count(), 1);
        assert_eq!(receipt.events.len(), 1);
        ledgers[0].verify().unwrap();
    });
}

#[test]
fn one_of_eight_starts_of_a_subscription_is_the_first() {
    on_one_and_on_many(
        |_| {},
        |_, ledgers| {
            let results = at_once(ledgers, |thread| (format!("start-{thread}"), start("c1")));
            winner(results, ErrorKind::SubscriptionAlreadyStarted);
            ledgers[0].verify().unwrap();
        },
    );
}

#[test]
fn one_of_eight_customers_gets_a_new_id() {
    on_one_and_on_many(
        |_| {},
        |_, ledgers| {
            let body = json!({"register_customer": {"customer": "new", "zone": "UTC"}});
            let results = at_once(ledgers, |thread| (format!("register-{thread}"), body.clone()));
            winner(results, ErrorKind::CustomerAlreadyRegistered);
            ledgers[0].verify().unwrap();
        },
    );
}

#[test]
fn eight_customers_do_not_hinder_each_other() {
    let prepare = |book: &Book<'_>| {
        customers(book);
        (0..THREADS).for_each(|thread| book.issue("2026-03-01", &format!("key-{thread}"), 20));
    };
    on_one_and_on_many(prepare, |_, ledgers| {
        let results = at_once(ledgers, |thread| {
            let body = redeem(&format!("x{thread}"), &format!("key-{thread}"));
            (format!("redeem-{thread}"), body)
        });
        for result in results {
            assert_eq!(result.unwrap().events.len(), 1);
        }
        ledgers[0].verify().unwrap();
    });
}

#[test]
fn a_command_given_eight_times_at_once_has_one_receipt() {
    on_one_and_on_many(
        |_| {},
        |_, ledgers| {
            let results = at_once(ledgers, |_| ("start".to_owned(), start("c1")));
            let receipts: BTreeSet<String> =
                results.into_iter().map(|result| format!("{:?}", result.unwrap())).collect();
            assert_eq!(receipts.len(), 1);
        },
    );
}

#[test]
fn changes_of_the_catalogue_at_once_all_arrive() {
    on_one_and_on_many(
        |_| {},
        |_, ledgers| {
            let product = |thread: usize| define(&format!("product-{thread}"));
            let results = at_once(ledgers, |thread| (format!("define-{thread}"), product(thread)));
            for result in results {
                result.unwrap();
            }
            let verified = ledgers[0].verify().unwrap();
            assert!(verified.events > THREADS as u64);
        },
    );
}

#[test]
fn readers_see_whole_commands_while_others_write() {
    on_every_store(|place| {
        let book = Book::with_cameras(place);
        customers(&book);
        let ledger = &book.ledger;
        thread::scope(|scope| {
            let reader = scope.spawn(|| {
                let mut seen = 0;
                for _ in 0..20 {
                    let events = ledger.verify().unwrap().events;
                    assert!(events >= seen, "an event went");
                    seen = events;
                }
            });
            for thread in 0..THREADS {
                for number in 0..5 {
                    let key = format!("key-{thread}-{number}");
                    book.issue("2026-03-02", &key, 1);
                    book.run("2026-03-02", redeem(&format!("x{thread}"), &key));
                }
            }
            reader.join().unwrap();
        });
    });
}

/// Each program keeps the catalogue, as it was when it last looked.
#[test]
fn what_another_program_has_defined_counts_for_the_next_command() {
    on_every_store(|place| {
        let book = Book::with_cameras(place);
        let other = place.open().unwrap();
        let stock = json!({"stock_licenses": {"customer": "c1", "product": "later",
            "contents": [{"license_type": "camera", "quantity": 1}], "source": "purchase"}});
        let refused = book.refused("2026-03-02", stock.clone());
        assert_eq!(refused, ErrorKind::ProductUnknown, "the control");
        let define = envelope("elsewhere", define("later"));
        other.execute(&define, noon("2026-03-02")).unwrap();
        book.run("2026-03-02", stock);
        book.ledger.verify().unwrap();
    });
}
