//! How long a PostgreSQL ledger waits for others, and what its caller hears then.

use std::{
    io::{self, Write},
    sync::{Barrier, Condvar, Mutex},
    thread,
    time::Duration,
};

use mlicense_core::error::ErrorKind;
use mlicense_ledger::{ExportOptions, Ledger};

use crate::{
    shared::{ATTEMPTS, await_waiting, count, execute, on_postgres, plant},
    support::{Book, Place, Server, assert_fault},
};

/// Opens the ledger of a place by a database that has these settings.
fn open_set(place: &Place, server: &Server, settings: &[(&str, &str)]) -> Ledger {
    let Place::Postgres(connection) = place else { panic!("{place:?}") };
    let name = connection.split(' ').find_map(|pair| pair.strip_prefix("dbname=")).unwrap();
    let admin = postgres::Client::connect(&server.database("postgres"), postgres::NoTls);
    let mut admin = admin.unwrap();
    for (setting, value) in settings {
        admin.batch_execute(&format!("ALTER DATABASE {name} SET {setting} TO '{value}'")).unwrap();
    }
    place.open().unwrap()
}

/// What bounds a command, as the server is told.
fn bounds(place: &Place, ledger: &Ledger) -> Vec<String> {
    place.tamper("CREATE TABLE public.seen (setting TEXT)");
    let settings = ["lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"];
    let settings = settings.map(|name| format!("(current_setting('{name}'))")).join(", ");
    plant(place, &format!("INSERT INTO public.seen VALUES {settings}"));
    execute(ledger).unwrap();
    let rows = place.client().query("SELECT setting FROM public.seen", &[]).unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

#[test]
fn waiting_is_bounded_unless_the_database_sets_other_bounds() {
    on_postgres(|place, server| {
        let _ = Book::with_cameras(place);
        let ledger = open_set(place, server, &[]);
        assert_eq!(bounds(place, &ledger), ["5s", "30s", "1min"]);
    });
    on_postgres(|place, server| {
        let _ = Book::with_cameras(place);
        let settings = [
            ("lock_timeout", "7s"),
            ("statement_timeout", "11s"),
            ("idle_in_transaction_session_timeout", "13s"),
        ];
        let ledger = open_set(place, server, &settings);
        assert_eq!(bounds(place, &ledger), ["7s", "11s", "13s"]);
    });
}

#[test]
fn a_lock_that_is_held_too_long_is_busy() {
    on_postgres(|place, server| {
        let _ = Book::with_cameras(place);
        let ledger = open_set(place, server, &[("lock_timeout", "300ms")]);
        let before = place.everything();
        let mut other = place.client();
        other.batch_execute("BEGIN; SELECT FROM head FOR UPDATE").unwrap();
        assert_fault(execute(&ledger), ErrorKind::StoreBusy);
        ledger.verify().unwrap();
        other.batch_execute("ROLLBACK").unwrap();
        assert_eq!(before, place.everything());
        execute(&ledger).unwrap();
    });
}

#[test]
fn a_lock_that_is_given_back_in_time_is_waited_for() {
    on_postgres(|place, _| {
        let book = Book::with_cameras(place);
        let mut other = place.client();
        other.batch_execute("BEGIN; SELECT FROM head FOR UPDATE").unwrap();
        thread::scope(|scope| {
            let waiting = scope.spawn(|| execute(&book.ledger));
            await_waiting(place, 1, "%");
            other.batch_execute("ROLLBACK").unwrap();
            waiting.join().unwrap().unwrap();
        });
    });
}

#[test]
fn a_statement_that_takes_too_long_is_busy_and_not_tried_again() {
    on_postgres(|place, server| {
        let _ = Book::with_cameras(place);
        let ledger = open_set(place, server, &[("statement_timeout", "300ms")]);
        plant(place, "PERFORM pg_sleep(60)");
        let before = place.everything();
        assert_fault(execute(&ledger), ErrorKind::StoreBusy);
        assert_eq!(count(place, ATTEMPTS), 1);
        assert_eq!(before, place.everything());
        place.tamper("DROP FUNCTION public.stumble CASCADE");
        execute(&ledger).unwrap();
    });
}

/// Takes the first line and holds up whoever writes the second until it is let go.
struct Slow<'g> {
    gate: &'g Gate,
    begun: &'g Barrier,
    lines: u32,
}

#[derive(Default)]
struct Gate {
    open: Mutex<bool>,
    opened: Condvar,
}

impl Gate {
    fn open(&self) {
        *self.open.lock().unwrap() = true;
        self.opened.notify_all();
    }
}

impl Write for Slow<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.lines += 1;
        if self.lines == 2 {
            self.begun.wait();
            drop(self.gate.opened.wait_while(self.gate.open.lock().unwrap(), |open| !*open));
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn export(ledger: &Ledger, to: &mut Slow<'_>) -> mlicense_ledger::Result<()> {
    ledger.export(to, ExportOptions::default(), &mut |_| {})
}

#[test]
fn who_gets_no_connection_hears_that_the_store_is_busy() {
    on_postgres(|place, _| {
        let book = Book::with_cameras(place);
        // As many as there are connections, and this thread.
        let (gate, begun) = (Gate::default(), Barrier::new(17));
        thread::scope(|scope| {
            let slow = || export(&book.ledger, &mut Slow { gate: &gate, begun: &begun, lines: 0 });
            let exports: Vec<_> = (0..16).map(|_| scope.spawn(slow)).collect();
            begun.wait();
            let refused = execute(&book.ledger);
            let late = scope.spawn(|| execute(&book.ledger));
            gate.open();
            assert_fault(refused, ErrorKind::StoreBusy);
            late.join().unwrap().unwrap();
            exports.into_iter().for_each(|export| export.join().unwrap().unwrap());
        });
        book.ledger.verify().unwrap();
    });
}

#[test]
fn who_leaves_a_transaction_lying_loses_it() {
    on_postgres(|place, server| {
        let _ = Book::with_cameras(place);
        let bound = [("idle_in_transaction_session_timeout", "300ms")];
        let ledger = open_set(place, server, &bound);
        let (gate, begun) = (Gate::default(), Barrier::new(2));
        thread::scope(|scope| {
            let slow = || export(&ledger, &mut Slow { gate: &gate, begun: &begun, lines: 0 });
            let export = scope.spawn(slow);
            begun.wait();
            let left = "SELECT count(*) FROM pg_stat_activity
                        WHERE datname = current_database() AND application_name = 'mlicense'";
            while count(place, left) > 0 {
                thread::sleep(Duration::from_millis(20));
            }
            gate.open();
            assert_fault(export.join().unwrap(), ErrorKind::StoreUnavailable);
        });
        execute(&ledger).unwrap();
        ledger.verify().unwrap();
    });
}
