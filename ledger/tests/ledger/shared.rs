//! What only a shared store does: lost races, broken connections, rights.

use std::{path::Path, thread, time::Duration};

use mlicense_core::{document::RequestKind, error::ErrorKind};
use mlicense_ledger::{Ledger, Place as At, Receipt, Result};
use serde_json::json;

use crate::support::{
    Book, Commit, DAY, Place, Proxy, Server, Shop, asking, assert_fault, envelope, noon, owner,
    redeem, start,
};

/// Runs a test on PostgreSQL, where it is installed.
pub(crate) fn on_postgres(test: impl FnOnce(&Place, &Server)) {
    if let (Some(place), Some(server)) = (Place::postgres(), Server::of_this_process()) {
        test(&place, server);
    }
}

pub(crate) fn execute(ledger: &Ledger) -> Result<Receipt> {
    ledger.execute(&envelope("start", start("c1")), noon("2026-03-02"))
}

pub(crate) fn count(place: &Place, sql: &str) -> i64 {
    place.client().query_one(sql, &[]).unwrap().get(0)
}

#[test]
fn a_database_that_cannot_be_reached_is_named() {
    on_postgres(|_, server| {
        let missing = Ledger::open(At::database(&server.database("nowhere"))).unwrap_err();
        assert!(missing.to_string().contains("nowhere@"), "{missing}");
        assert_fault::<Ledger>(Err(missing), ErrorKind::StoreUnavailable);
        let folder = tempfile::tempdir().unwrap();
        let nobody = format!("host={} user=ledger dbname=x", folder.path().display());
        assert_fault(Ledger::open(At::database(&nobody)), ErrorKind::StoreUnavailable);
        assert_fault(Ledger::create(At::database(&nobody)), ErrorKind::StoreUnavailable);
    });
}

#[test]
fn a_database_without_a_ledger_is_foreign() {
    on_postgres(|place, _| {
        assert_fault(place.open(), ErrorKind::StoreForeign);
        place.tamper("CREATE SCHEMA mlicense; CREATE TABLE mlicense.event (name TEXT)");
        assert_fault(place.open(), ErrorKind::StoreForeign);
        assert_fault(place.create(), ErrorKind::StoreExists);
        assert_eq!(place.everything().0.len(), 1);
        place.tamper("DROP SCHEMA mlicense CASCADE; CREATE TABLE public.event (name TEXT)");
        drop(Book::started(place));
        place.open().unwrap().verify().unwrap();
    });
}

#[test]
fn a_creation_that_was_interrupted_leaves_no_ledger_and_no_obstacle() {
    on_postgres(|place, _| {
        place.tamper("CREATE SCHEMA mlicense_unfinished");
        place.tamper("CREATE TABLE mlicense_unfinished.setting (name TEXT)");
        assert_fault(place.open(), ErrorKind::StoreForeign);
        place.create().unwrap().verify().unwrap();
        let left = "SELECT count(*) FROM pg_namespace WHERE nspname = 'mlicense_unfinished'";
        assert_eq!(count(place, left), 0);
    });
}

#[test]
fn one_of_eight_creators_makes_the_ledger() {
    on_postgres(|place, _| {
        let made = thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| place.create())).collect();
            let results = threads.into_iter().map(|thread| thread.join().unwrap());
            let (made, refused): (Vec<_>, Vec<_>) = results.partition(Result::is_ok);
            for refused in refused {
                assert_fault(refused, ErrorKind::StoreExists);
            }
            made.len()
        });
        assert_eq!(made, 1);
        place.open().unwrap().verify().unwrap();
    });
}

#[test]
fn a_user_who_may_only_read_reads_and_cannot_write() {
    on_postgres(|place, _| {
        let book = Book::with_cameras(place);
        place.tamper(
            "CREATE ROLE auditor LOGIN; CREATE ROLE stranger LOGIN;
             GRANT USAGE ON SCHEMA mlicense TO auditor;
             GRANT SELECT ON ALL TABLES IN SCHEMA mlicense TO auditor",
        );
        let Place::Postgres(connection) = place else { panic!("{place:?}") };
        let auditor = connection.replace("user=ledger", "user=auditor");
        let ledger = Ledger::open(At::database(&auditor)).unwrap();
        assert_eq!(ledger.verify().unwrap(), book.ledger.verify().unwrap());
        assert_fault(execute(&ledger), ErrorKind::StoreReadOnly);
        let stranger = connection.replace("user=ledger", "user=stranger");
        assert_fault(Ledger::open(At::database(&stranger)), ErrorKind::StoreUnavailable);
    });
}

/// Makes every insertion of an event run a statement first.
pub(crate) fn plant(place: &Place, statement: &str) {
    place.tamper(&format!(
        "CREATE SEQUENCE public.attempt;
         CREATE FUNCTION public.stumble() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN PERFORM nextval('public.attempt'); {statement}; RETURN NEW; END $$;
         CREATE TRIGGER stumble BEFORE INSERT ON event
             FOR EACH ROW EXECUTE FUNCTION public.stumble()"
    ));
}

pub(crate) const ATTEMPTS: &str = "SELECT last_value FROM public.attempt";

#[test]
fn every_fault_of_the_server_has_its_own_error() {
    on_postgres(|place, _| faults(place));
}

fn faults(place: &Place) {
    let book = Book::with_cameras(place);
    for (code, kind) in [
        ("53100", ErrorKind::StoreFull),
        ("25006", ErrorKind::StoreReadOnly),
        ("42501", ErrorKind::StoreReadOnly),
        ("XX001", ErrorKind::StoreCorrupt),
        ("XX002", ErrorKind::StoreCorrupt),
        ("55P03", ErrorKind::StoreBusy),
        ("57014", ErrorKind::StoreBusy),
        ("58030", ErrorKind::StoreUnavailable),
        ("53200", ErrorKind::StoreUnavailable),
        ("42P01", ErrorKind::StoreForeign),
    ] {
        plant(place, &format!("RAISE EXCEPTION 'planted' USING ERRCODE = '{code}'"));
        let before = place.everything();
        assert_fault(execute(&book.ledger), kind);
        assert_eq!(before, place.everything(), "{code}");
        assert_eq!(count(place, ATTEMPTS), 1, "{code} was tried again");
        place.tamper("DROP FUNCTION public.stumble CASCADE; DROP SEQUENCE public.attempt");
    }
    execute(&book.ledger).unwrap();
}

#[test]
fn a_lost_race_is_run_again_as_a_whole() {
    for code in ["40001", "40P01", "23505"] {
        on_postgres(|place, _| {
            let book = Book::with_cameras(place);
            let raise = format!("RAISE EXCEPTION 'planted' USING ERRCODE = '{code}'");
            plant(place, &format!("IF lastval() < 4 THEN {raise}; END IF"));
            let receipt = execute(&book.ledger).unwrap();
            assert_eq!(count(place, ATTEMPTS), 4);
            assert_eq!(receipt, execute(&book.ledger).unwrap());
            assert_eq!(book.history("customer/c1").len(), 3);
            book.ledger.verify().unwrap();
        });
    }
}

#[test]
fn a_race_lost_in_the_commit_is_run_again_as_a_whole() {
    for code in ["40001", "40P01", "23505"] {
        on_postgres(|place, _| {
            let book = Book::with_cameras(place);
            // A deferred trigger runs within the commit.
            place.tamper(&format!(
                "CREATE SEQUENCE public.attempt;
                 CREATE FUNCTION public.stumble() RETURNS trigger LANGUAGE plpgsql AS
                     $$ BEGIN IF nextval('public.attempt') < 4 THEN
                         RAISE EXCEPTION 'planted' USING ERRCODE = '{code}';
                     END IF; RETURN NEW; END $$;
                 CREATE CONSTRAINT TRIGGER stumble AFTER INSERT ON event
                     DEFERRABLE INITIALLY DEFERRED
                     FOR EACH ROW EXECUTE FUNCTION public.stumble()"
            ));
            let receipt = execute(&book.ledger).unwrap();
            assert_eq!(count(place, ATTEMPTS), 4, "{code}");
            assert_eq!(receipt, execute(&book.ledger).unwrap());
            assert_eq!(book.history("customer/c1").len(), 3);
            book.ledger.verify().unwrap();
        });
    }
}

#[test]
fn who_is_let_go_from_a_deadlock_begins_again() {
    on_postgres(|place, _| {
        let book = Book::with_cameras(place);
        book.issue("2026-03-01", "key-1", 20);
        let mut other = place.client();
        let lock = "SET deadlock_timeout TO '60s'; BEGIN; SELECT FROM head FOR UPDATE";
        other.batch_execute(lock).unwrap();
        let redeem = envelope("redeem", redeem("c1", "key-1"));
        thread::scope(|scope| {
            let command = scope.spawn(|| book.ledger.execute(&redeem, noon("2026-03-02")));
            await_waiting(place, 1, "%");
            // The lock of the claim, which it took first.
            let sql = "SELECT pg_advisory_xact_lock(classid::BIGINT::INT, objid::BIGINT::BIT(32)::INT)
                       FROM pg_locks WHERE locktype = 'advisory' AND granted
                       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
            other.batch_execute(sql).unwrap();
            other.batch_execute("COMMIT").unwrap();
            command.join().unwrap().unwrap();
        });
        let deadlocks = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";
        for _ in 0..400 {
            if count(place, deadlocks) == 1 {
                return book.ledger.verify().map(drop).unwrap();
            }
            thread::sleep(Duration::from_millis(25));
        }
        panic!("there was no deadlock");
    });
}

#[test]
fn a_race_lost_again_and_again_ends_as_busy() {
    on_postgres(|place, _| {
        let book = Book::with_cameras(place);
        plant(place, "RAISE EXCEPTION 'planted' USING ERRCODE = '40001'");
        let before = place.everything();
        assert_fault(execute(&book.ledger), ErrorKind::StoreBusy);
        assert_eq!(count(place, ATTEMPTS), 9);
        assert_eq!(before, place.everything());
    });
}

#[test]
fn a_connection_that_breaks_before_the_commit_is_replaced() {
    on_postgres(|place, _| {
        let book = Book::with_cameras(place);
        let hang_up = "PERFORM pg_terminate_backend(pg_backend_pid())";
        plant(place, &format!("IF lastval() < 3 THEN {hang_up}; END IF"));
        let receipt = execute(&book.ledger).unwrap();
        assert_eq!(count(place, ATTEMPTS), 3);
        assert_eq!(receipt.events.len(), 1);
        book.ledger.verify().unwrap();
    });
}

#[test]
fn connections_that_died_while_idle_are_replaced() {
    on_postgres(|place, _| {
        let book = Book::with_cameras(place);
        thread::scope(|scope| {
            (0..8).for_each(|_| drop(scope.spawn(|| book.ledger.verify().unwrap())));
        });
        let ours = "FROM pg_stat_activity
                    WHERE datname = current_database() AND application_name = 'mlicense'";
        assert!(count(place, &format!("SELECT count(*) {ours}")) > 1);
        place.tamper(&format!("SELECT pg_terminate_backend(pid, 5000) {ours}"));
        book.ledger.verify().unwrap();
        execute(&book.ledger).unwrap();
    });
}

/// A ledger behind a proxy, its database, and what to break.
fn behind_a_proxy(test: impl Fn(&Place, &Proxy, &Ledger)) {
    on_postgres(|place, server| {
        drop(Book::with_cameras(place));
        let (proxy, ledger) = through_a_proxy(place, server);
        test(place, &proxy, &ledger);
    });
}

fn through_a_proxy(place: &Place, server: &Server) -> (Proxy, Ledger) {
    let proxy = Proxy::new(server.folder());
    let Place::Postgres(connection) = place else { panic!("{place:?}") };
    let name = |folder: &Path| format!("host={}", folder.display());
    let connection = connection.replace(&name(server.folder()), &name(proxy.folder()));
    let ledger = Ledger::open(At::database(&connection)).unwrap();
    (proxy, ledger)
}

const STARTS: &str = "SELECT count(*) FROM event WHERE json LIKE '%subscription_started%'";

#[test]
fn a_lost_commit_is_looked_up_under_its_id() {
    for commit in [Commit::LoseAnswer, Commit::Lose] {
        behind_a_proxy(|place, proxy, ledger| {
            proxy.next_commit(commit, true);
            let receipt = execute(ledger).unwrap();
            assert_eq!(count(place, STARTS), 1, "{commit:?}");
            assert_eq!(receipt, execute(&place.open().unwrap()).unwrap());
            ledger.verify().unwrap();
        });
    }
}

/// While the server is still about to commit, the command must not be decided on once more: what was
/// signed then would follow from no history.
#[test]
fn an_answer_whose_commit_comes_late_is_that_of_the_commit() {
    on_postgres(|place, server| {
        let shop = Shop::new(place);
        let register = asking(RequestKind::Register, |fields| fields.owner = Some(owner()));
        let number = shop.answered(None, &register).claims().number.clone();
        let refresh = asking(RequestKind::Refresh, |fields| fields.number = number);
        let (proxy, ledger) = through_a_proxy(place, server);
        place.tamper(
            "CREATE FUNCTION public.late() RETURNS trigger LANGUAGE plpgsql AS
                 $$ BEGIN PERFORM pg_sleep(0.3); RETURN NEW; END $$;
             CREATE CONSTRAINT TRIGGER late AFTER INSERT ON event
                 DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.late()",
        );
        proxy.next_commit(Commit::Late, true);
        let answer = ledger.answer(shop.from(None, &refresh), &shop.signer, noon(DAY)).unwrap();
        let answer = shop.read(&answer);
        let license = answer.license().unwrap().claims();
        let second = format!("{}-2", license.customer.as_ref().unwrap());
        assert_eq!(license.serial, Some(second), "the licence after that of the registration");
        ledger.verify().unwrap();
    });
}

#[test]
fn a_lost_commit_that_cannot_be_looked_up_has_an_unknown_outcome() {
    for (commit, starts) in [(Commit::LoseAnswer, 1), (Commit::Lose, 0)] {
        behind_a_proxy(|place, proxy, ledger| {
            proxy.next_commit(commit, false);
            assert_fault(execute(ledger), ErrorKind::OutcomeUnknown);
            assert_eq!(count(place, STARTS), starts, "{commit:?}");
            proxy.restore();
            let receipt = execute(ledger).unwrap();
            assert_eq!(count(place, STARTS), 1, "{commit:?}");
            assert_eq!(receipt, execute(&place.open().unwrap()).unwrap());
        });
    }
}

#[test]
fn a_command_overtaken_by_the_catalogue_is_decided_again() {
    on_postgres(|place, _| {
        let book = Book::with_cameras(place);
        let mut other = place.client();
        other
            .batch_execute("BEGIN; SELECT FROM head WHERE stream = 'customer/c1' FOR UPDATE")
            .unwrap();
        thread::scope(|scope| {
            let command = scope.spawn(|| execute(&book.ledger));
            await_waiting(place, 1, "%");
            let policy = json!({"subscription": {"grace_days": 7}});
            book.run("2026-03-02", json!({"publish_policy": {"product": "vms", "policy": policy}}));
            other.batch_execute("COMMIT").unwrap();
            command.join().unwrap().unwrap();
        });
        let started = book.history("customer/c1")[2]["event"].to_string();
        assert!(started.contains("\"policy_version\":2"), "{started}");
    });
}

/// What a command comes to that the rules refuse, while another session has written its id and then
/// does `end`.
fn refused_beside(place: &Place, end: &str) -> ErrorKind {
    let book = Book::with_cameras(place);
    let mut other = place.client();
    other
        .batch_execute(
            "BEGIN; INSERT INTO receipt (command, digest, at, events)
                 VALUES ('refused', '', '2026-03-02T12:00:00Z', '[]')",
        )
        .unwrap();
    let command = envelope("refused", redeem("c1", "no-such-key"));
    thread::scope(|scope| {
        let refused = scope.spawn(|| book.ledger.execute(&command, noon("2026-03-02")));
        await_waiting(place, 1, "transactionid");
        other.batch_execute(end).unwrap();
        refused.join().unwrap().unwrap_err().kind()
    })
}

#[test]
fn a_refusal_waits_for_who_is_about_to_do_the_same_command() {
    on_postgres(|place, _| {
        assert_eq!(refused_beside(place, "COMMIT"), ErrorKind::CommandIdReused);
    });
    on_postgres(|place, _| {
        assert_eq!(refused_beside(place, "ROLLBACK"), ErrorKind::KeyUnknown);
        assert_eq!(count(place, "SELECT count(*) FROM receipt WHERE command = 'refused'"), 0);
    });
}

#[test]
fn of_two_that_write_the_catalogue_one_begins_again() {
    on_postgres(|place, _| {
        let book = Book::with_cameras(place);
        let publish = |days: u32| {
            let policy = json!({"subscription": {"grace_days": days}});
            let policy = json!({"publish_policy": {"product": "vms", "policy": policy}});
            book.ledger.execute(&envelope(&format!("{days}-days"), policy), noon("2026-03-02"))
        };
        let mut other = place.client();
        let lock = "BEGIN; SELECT FROM head WHERE stream = 'catalogue' FOR UPDATE";
        other.batch_execute(lock).unwrap();
        let written = thread::scope(|scope| {
            let both = [7, 8].map(|days| scope.spawn(move || publish(days)));
            await_waiting(place, 2, "%");
            other.batch_execute("COMMIT").unwrap();
            both.map(|one| one.join().unwrap().unwrap().events[0].index)
        });
        assert_eq!(written[0].abs_diff(written[1]), 1);
        book.ledger.verify().unwrap();
    });
}

/// Waits until this many sessions of the database wait for a lock, of this kind if one is named.
pub(crate) fn await_waiting(place: &Place, sessions: i64, event: &str) {
    let waiting = format!(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
         AND wait_event_type = 'Lock' AND wait_event LIKE '{event}'"
    );
    for _ in 0..400 {
        if count(place, &waiting) >= sessions {
            return;
        }
        thread::sleep(Duration::from_millis(5));
    }
    panic!("nobody waits");
}

#[test]
fn commands_that_look_at_one_claim_take_turns() {
    on_postgres(|place, _| {
        let book = Book::with_cameras(place);
        book.customer("c2");
        book.issue("2026-03-01", "key-1", 20);
        let redeem = |customer: &str| {
            let command = envelope(&format!("redeem-{customer}"), redeem(customer, "key-1"));
            book.ledger.execute(&command, noon("2026-03-02"))
        };
        let mut other = place.client();
        other.batch_execute("BEGIN; SELECT FROM head FOR UPDATE").unwrap();
        thread::scope(|scope| {
            let first = scope.spawn(|| redeem("c1"));
            await_waiting(place, 1, "%");
            let second = scope.spawn(|| redeem("c2"));
            await_waiting(place, 1, "advisory");
            other.batch_execute("COMMIT").unwrap();
            first.join().unwrap().unwrap();
            let refused = second.join().unwrap().unwrap_err();
            assert_eq!(refused.kind(), ErrorKind::KeyAlreadyRedeemed);
        });
    });
}

#[test]
fn commits_are_synced_whatever_the_database_says() {
    on_postgres(|place, server| {
        let Place::Postgres(connection) = place else { panic!("{place:?}") };
        let name = connection.rsplit('=').next().unwrap();
        let off = format!("ALTER DATABASE {name} SET synchronous_commit TO off");
        let mut admin = postgres::Client::connect(&server.database("postgres"), postgres::NoTls);
        admin.as_mut().unwrap().batch_execute(&off).unwrap();
        let book = Book::with_cameras(place);
        assert_eq!(
            place.client().query_one("SHOW synchronous_commit", &[]).unwrap().get::<_, String>(0),
            "off"
        );
        place.tamper("CREATE TABLE public.seen (setting TEXT)");
        plant(place, "INSERT INTO public.seen VALUES (current_setting('synchronous_commit'))");
        execute(&book.ledger).unwrap();
        assert_eq!(count(place, "SELECT count(*) FROM public.seen WHERE setting = 'on'"), 1);
    });
}

#[test]
fn more_callers_than_connections_wait_for_each_other() {
    on_postgres(|place, _| {
        let book = Book::with_cameras(place);
        (0..40).for_each(|caller| book.issue("2026-03-01", &format!("key-{caller}"), 1));
        let run = |caller: usize| {
            let body = redeem("c1", &format!("key-{caller}"));
            let command = envelope(&format!("redeem-{caller}"), body);
            book.ledger.execute(&command, noon("2026-03-02")).unwrap();
        };
        let run = &run;
        let ours = "SELECT count(*) FROM pg_stat_activity
                    WHERE datname = current_database() AND application_name = 'mlicense'";
        let most = thread::scope(|scope| {
            let callers: Vec<_> = (0..40).map(|caller| scope.spawn(move || run(caller))).collect();
            let mut most = 0;
            while callers.iter().any(|caller| !caller.is_finished()) {
                most = most.max(count(place, ours));
            }
            callers.into_iter().for_each(|caller| caller.join().unwrap());
            most
        });
        assert!((1..=16).contains(&most), "{} connections", most);
        assert_eq!(book.ledger.verify().unwrap().events, 3 + 1 + 40 + 40);
    });
}
