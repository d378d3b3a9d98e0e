//! PostgreSQL servers that go away: in the middle of a commit, in the middle of work, for good.

use std::{
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use mlicense_core::{
    document::Checkpoint,
    error::ErrorKind,
    signing::{Signer, Trust},
};
use mlicense_ledger::{Ledger, Place as At, Receipt};
use postgres::{Client, NoTls};
use rand::RngExt;

use crate::{
    cluster::Cluster,
    support::{Book, Commit, Place, Proxy, Server, noon, tell},
    work::{Acknowledged, DAY, Finding, chance, command, trials},
};

const THREADS: usize = 4;
/// Tries of one command, with a pause of [`PAUSE`] after each: far longer than a server is away.
const TRIES: usize = 2_000;
const PAUSE: Duration = Duration::from_millis(10);
const ORIGIN: &str = "licences.example.com/history";

/// Gives a command again, under its id, until it is done.
fn insist(ledger: &Ledger, (who, number): (&str, usize)) -> Receipt {
    let command = command(who, number);
    for _ in 0..TRIES {
        match ledger.execute(&command, noon(DAY)) {
            Ok(receipt) => return receipt,
            Err(error) => assert!(is_away(error.kind()), "{error:?}"),
        }
        thread::sleep(PAUSE);
    }
    panic!("`{}` is never done", command.id);
}

/// Whether an error says that the server is away, or was when it mattered.
fn is_away(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::OutcomeUnknown | ErrorKind::StoreUnavailable)
}

/// Lets threads give commands, until `work` in between has returned; what was acknowledged.
fn meanwhile(ledger: &Ledger, part: &str, work: impl FnOnce()) -> Acknowledged {
    let (over, acknowledged) = (AtomicBool::new(false), Mutex::new(Acknowledged::default()));
    let run = |thread: usize| {
        let who = format!("{part}-t{thread}");
        for number in 0.. {
            if over.load(Ordering::Relaxed) {
                return;
            }
            let receipt = insist(ledger, (&who, number));
            let id = command(&who, number).id;
            acknowledged.lock().unwrap().note(id.as_str(), Some(receipt));
        }
    };
    let run = &run;
    thread::scope(|scope| {
        (0..THREADS).for_each(|thread| drop(scope.spawn(move || run(thread))));
        work();
        over.store(true, Ordering::Relaxed);
    });
    acknowledged.into_inner().unwrap()
}

/// How to connect through a proxy to the database of a place.
fn through(proxy: &Proxy, server: &Server, place: &Place) -> String {
    let Place::Postgres(connection) = place else { panic!("{place:?}") };
    let host = |folder: &Path| format!("host={}", folder.display());
    connection.replace(&host(server.folder()), &host(proxy.folder()))
}

#[test]
fn a_connection_cut_after_a_commit_was_sent_does_nothing_twice() {
    let Some((place, server)) = Place::postgres().zip(Server::of_this_process()) else { return };
    let mut chance = chance(5);
    drop(Book::with_cameras(&place));
    let proxy = Proxy::new(server.folder());
    let ledger = Ledger::open(At::database(&through(&proxy, server, &place))).unwrap();
    let cuts = trials("CUTS", 50);
    let mut own = Vec::new();
    let acknowledged = meanwhile(&ledger, "cut", || {
        for number in 0..cuts {
            let commit = if chance.random() { Commit::LoseAnswer } else { Commit::Lose };
            // Now and then the outcome cannot be asked for at once.
            proxy.next_commit(commit, chance.random_bool(0.8));
            // It is cut, or the commit of another thread just before; both have to go on.
            let first = ledger.execute(&command("own", number), noon(DAY));
            assert!(first.as_ref().err().is_none_or(|error| is_away(error.kind())), "{first:?}");
            proxy.restore();
            own.push(insist(&ledger, ("own", number)));
        }
    });
    let mut all = acknowledged;
    for receipt in own {
        all.note(receipt.command.clone().as_str(), Some(receipt));
    }
    assert_eq!(all.examine(&place.open().unwrap()), Ok(()));
    tell(&format!("PostgreSQL: {cuts} commits cut, with {} commands acknowledged", all.len()));
}

#[test]
fn who_repeats_a_cut_commit_without_an_id_does_it_twice() {
    let Some((place, server)) = Place::postgres().zip(Server::of_this_process()) else { return };
    drop(place.create().unwrap());
    let mut direct = place.client();
    direct.batch_execute("CREATE TABLE public.naive (number BIGINT)").unwrap();
    let proxy = Proxy::new(server.folder());
    let connection = through(&proxy, server, &place);
    for number in 0..10_i64 {
        proxy.next_commit(Commit::LoseAnswer, true);
        while give_naively(&connection, number).is_err() {}
    }
    let sql = "SELECT count(*) FROM public.naive";
    let rows: i64 = direct.query_one(sql, &[]).unwrap().get(0);
    assert_eq!(rows, 20);
}

fn give_naively(connection: &str, number: i64) -> Result<(), postgres::Error> {
    let mut client = Client::connect(connection, NoTls)?;
    client.batch_execute("BEGIN")?;
    client.execute("INSERT INTO public.naive VALUES ($1)", &[&number])?;
    client.batch_execute("COMMIT")
}

#[test]
fn a_server_that_crashes_loses_nothing_that_was_acknowledged() {
    let Some(cluster) = Cluster::new() else { return };
    // What the ledger asks for counts, not what the server would be content with.
    cluster.make("first", "synchronous_commit = off\nwal_writer_delay = 10s");
    let place = Place::Postgres(cluster.connection("first"));
    drop(Book::with_cameras(&place));
    let ledger = place.open().unwrap();
    let mut chance = chance(6);
    let crashes = trials("CRASHES", 5);
    let acknowledged = meanwhile(&ledger, "crash", || {
        for _ in 0..crashes {
            thread::sleep(Duration::from_millis(chance.random_range(50..300)));
            cluster.crash("first");
            cluster.start("first");
        }
    });
    assert_eq!(acknowledged.examine(&place.open().unwrap()), Ok(()));
    tell(&format!("PostgreSQL: {crashes} crashes, {} acknowledged", acknowledged.len()));
    assert!(acknowledged.len() > crashes);
    // The control: somebody who is content with less than the ledger.
    let mut client = cluster.client("first");
    let statement = "SET synchronous_commit TO on; CREATE TABLE public.naive (number BIGINT);
        RESET synchronous_commit; INSERT INTO public.naive VALUES (1)";
    statement.split(';').for_each(|statement| client.batch_execute(statement).unwrap());
    cluster.crash("first");
    cluster.start("first");
    let sql = "SELECT count(*) FROM public.naive";
    let rows: i64 = cluster.client("first").query_one(sql, &[]).unwrap().get(0);
    assert_eq!(rows, 0, "the row was kept without having been synced");
}

#[test]
fn a_synchronous_standby_has_all_that_was_acknowledged() {
    let Some(cluster) = Cluster::new() else { return };
    cluster.make("first", "");
    cluster.follow("first", "second");
    cluster.set("first", "synchronous_standby_names = 'second'");
    cluster.reload("first");
    let place = Place::Postgres(cluster.connection("first"));
    drop(Book::with_cameras(&place));
    let ledger = place.open().unwrap();
    let mut acknowledged = Acknowledged::default();
    let all = Mutex::new(&mut acknowledged);
    let run = |thread: usize| {
        let who = format!("standby-t{thread}");
        for number in 0.. {
            let command = command(&who, number);
            match ledger.execute(&command, noon(DAY)) {
                Ok(receipt) => all.lock().unwrap().note(command.id.as_str(), Some(receipt)),
                Err(error) => return assert!(is_away(error.kind()), "{error:?}"),
            }
        }
    };
    let run = &run;
    thread::scope(|scope| {
        (0..THREADS).for_each(|thread| drop(scope.spawn(move || run(thread))));
        thread::sleep(Duration::from_millis(700));
        cluster.crash("first");
    });
    cluster.promote("second");
    let second = Ledger::open(At::database(&cluster.connection("second"))).unwrap();
    assert!(acknowledged.len() > THREADS);
    assert_eq!(acknowledged.examine(&second), Ok(()));
    insist(&second, ("later", 0));
    tell(&format!("PostgreSQL: a standby with {} commands acknowledged", acknowledged.len()));
}

#[test]
fn what_a_standby_that_lagged_behind_has_lost_is_named() {
    let Some(cluster) = Cluster::new() else { return };
    cluster.make("first", "");
    let place = Place::Postgres(cluster.connection("first"));
    drop(Book::with_cameras(&place));
    let ledger = place.open().unwrap();
    let mut acknowledged = Acknowledged::default();
    let mut give = |number: usize| {
        let receipt = insist(&ledger, ("lag", number));
        acknowledged.note(receipt.command.clone().as_str(), Some(receipt));
    };
    (0..5).for_each(&mut give);
    let early = checkpoint(&ledger);
    cluster.follow("first", "second");
    // From here on it does not follow any more.
    cluster.crash("second");
    (5..10).for_each(&mut give);
    let late = checkpoint(&ledger);
    cluster.crash("first");
    cluster.start("second");
    cluster.promote("second");
    let second = Ledger::open(At::database(&cluster.connection("second"))).unwrap();
    // It looks as it should: that something is missing only somebody knows who has seen more.
    second.verify().unwrap();
    second.verify_since(&early).unwrap();
    let error = second.verify_since(&late).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::CheckpointBroken, "{error:?}");
    assert_eq!(acknowledged.examine(&second), Err(Finding::Lost("lag.5".into())));
}

/// A checkpoint as somebody keeps it elsewhere.
fn checkpoint(ledger: &Ledger) -> Checkpoint {
    let signer = Signer::from_seed([9; 32]);
    let kept = ledger.checkpoint(ORIGIN, &signer, noon(DAY)).unwrap();
    let trust = Trust::new(&[signer.public_key()], None).unwrap();
    Checkpoint::verify(kept.note.as_bytes(), ORIGIN, &trust).unwrap()
}
