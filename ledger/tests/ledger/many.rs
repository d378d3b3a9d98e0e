//! Many commands at once, and several programs whose states of streams are kept apart.

use std::thread;

use mlicense_core::error::ErrorKind;
use serde_json::{Value, json};

use crate::support::{Book, Place, assert_fault, envelope, noon, on_every_store, start};

fn buy(cameras: u32) -> Value {
    let contents = json!([{"license_type": "camera", "quantity": cameras}]);
    json!({"stock_licenses": {
        "customer": "c1", "product": "vms", "contents": contents, "source": "purchase",
    }})
}

#[test]
fn one_of_many_that_is_refused_stops_none_of_the_others() {
    on_every_store(|place| {
        let book = Book::with_cameras(place);
        let mut many = vec![envelope("start", start("c1")), envelope("again", start("c1"))];
        let at_once = match place {
            Place::Sqlite(_) => 500,
            #[cfg(feature = "postgres")]
            Place::Postgres(_) => 100,
        };
        many.extend((0..at_once).map(|n| {
            let body = json!({"register_customer": {"customer": format!("n{n}"), "zone": "UTC"}});
            envelope(&format!("register-{n}"), body)
        }));
        many.push(envelope("nobody", start("nobody")));
        let mut told = Vec::new();
        let done = book.ledger.execute_many(&many, noon("2026-03-02"), &mut |progress| {
            told.push((progress.done, progress.of));
        });
        let done = done.unwrap();
        let all = at_once + 3;
        assert_eq!(told, [(at_once, all), (all, all)]);
        let kinds: Vec<_> = done.iter().map(|done| done.as_ref().map_err(|r| r.kind())).collect();
        assert_eq!(kinds[1].unwrap_err(), ErrorKind::SubscriptionAlreadyStarted);
        assert_eq!(kinds[many.len() - 1].unwrap_err(), ErrorKind::CustomerUnknown);
        assert_eq!(kinds.iter().filter(|done| done.is_ok()).count() as u64, at_once + 1);
        // In order: the first of them is what the second is refused by.
        assert_eq!(done[0].as_ref().unwrap().events[0].kind, "subscription_started");
        book.ledger.verify().unwrap();
    });
}

#[test]
fn many_given_again_are_answered_with_the_first_receipts() {
    on_every_store(|place| {
        let book = Book::started(place);
        let many = [envelope("one", buy(1)), envelope("two", buy(2))];
        let first = book.ledger.execute_many(&many, noon("2026-03-02"), &mut |_| ()).unwrap();
        let everything = place.everything();
        let again = book.ledger.execute_many(&many, noon("2026-04-02"), &mut |_| ()).unwrap();
        assert_eq!(first, again);
        for (command, receipt) in many.iter().zip(first) {
            let single = book.ledger.execute(command, noon("2026-05-02")).unwrap();
            assert_eq!(single, receipt.unwrap());
        }
        assert!(everything == place.everything());
    });
}

#[test]
fn a_fault_stops_many_at_one_and_given_again_they_go_on_from_there() {
    let place = Place::sqlite();
    let book = Book::with_cameras(&place);
    refuse(&place, "WHEN NEW.command = 'two'");
    let many = ["one", "two", "three"].map(|id| envelope(id, buy(1)));
    let run = || book.ledger.execute_many(&many, noon("2026-03-02"), &mut |_| ());
    assert_fault(run(), ErrorKind::StoreUnavailable);
    // Together with the second, the first had come to nothing.
    assert_eq!(book.history("customer/c1").len(), 3);
    place.tamper("DROP TRIGGER no");
    let done: Vec<_> = run().unwrap().into_iter().map(Result::unwrap).collect();
    let indexes: Vec<u64> = done.iter().map(|receipt| receipt.events[0].index).collect();
    assert_eq!(indexes, [3, 4, 5]);
    book.ledger.verify().unwrap();
}

#[test]
fn a_fault_of_one_of_eight_at_once_stops_none_of_the_others() {
    let place = Place::sqlite();
    let book = Book::with_cameras(&place);
    refuse(&place, "WHEN NEW.command LIKE '%-3'");
    for round in 0..20 {
        let run = |thread: usize| {
            let command = envelope(&format!("{round}-{thread}"), buy(1));
            (command.id.clone(), book.ledger.execute(&command, noon("2026-03-02")))
        };
        let run = &run;
        let done: Vec<_> = thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|at| scope.spawn(move || run(at))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        for (at, (id, done)) in done.into_iter().enumerate() {
            match at {
                3 => assert_fault(done, ErrorKind::StoreUnavailable),
                _ => assert_eq!(done.unwrap().command, id, "its own receipt"),
            }
        }
    }
    // Two were there before.
    assert_eq!(book.history("customer/c1").len(), 2 + 20 * 7);
    book.ledger.verify().unwrap();
}

/// Lets the store fail at the last row of a command, when its events were appended.
fn refuse(place: &Place, when: &str) {
    let refuse = "SELECT RAISE(ABORT, 'on purpose')";
    place.tamper(&format!("CREATE TRIGGER no BEFORE INSERT ON receipt {when} BEGIN {refuse}; END"));
}

#[test]
fn what_one_program_keeps_in_mind_another_may_change() {
    on_every_store(|place| {
        let book = Book::started(place);
        let other = place.open().unwrap();
        // Both have seen customer and wallet; each builds on what the other wrote.
        for turn in 0..6 {
            let ledger = if turn % 2 == 0 { &book.ledger } else { &other };
            let command = envelope(&format!("turn-{turn}"), buy(1));
            let receipt = ledger.execute(&command, noon("2026-03-02")).unwrap();
            assert_eq!(receipt.events[0].index, 5 + turn, "{place:?}");
        }
        book.ledger.verify().unwrap();
    });
}

#[test]
fn a_transaction_that_came_to_nothing_is_not_kept_in_mind() {
    let place = Place::sqlite();
    let book = Book::started(&place);
    refuse(&place, "");
    let command = envelope("buy", buy(1));
    let failed = book.ledger.execute(&command, noon("2026-03-02"));
    assert_fault(failed, ErrorKind::StoreUnavailable);
    place.tamper("DROP TRIGGER no");
    let receipt = book.ledger.execute(&command, noon("2026-03-02")).unwrap();
    assert_eq!(receipt.events[0].index, 5);
    book.ledger.verify().unwrap();
}
