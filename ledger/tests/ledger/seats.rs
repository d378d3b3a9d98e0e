//! Seats that programs share.

use std::{
    env, fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Barrier, Mutex},
    thread,
    time::Duration,
};

use mlicense_core::{
    document::SeatTerms,
    error::ErrorKind,
    id::FeatureId,
    seat::{Available, HOLDER_BYTES_MAX, Limits, Quota, SessionId, Terms},
};
use mlicense_ledger::{Ledger, Result, SeatLedger, SiteSeats};

use crate::support::{Place, assert_fault, on_every_store};

fn file(place: &Place) -> PathBuf {
    place.of_seats().path().unwrap().to_owned()
}

fn open(place: &Place) -> Result<SeatLedger> {
    SeatLedger::open(place.of_seats())
}

/// Runs SQL behind the back of whoever has the table open.
fn tamper(place: &Place, sql: &str) {
    match place {
        Place::Sqlite(_) => {
            rusqlite::Connection::open(file(place)).unwrap().execute_batch(sql).unwrap();
        }
        #[cfg(feature = "postgres")]
        Place::Postgres(connection) => {
            let mut client = postgres::Client::connect(connection, postgres::NoTls).unwrap();
            client.batch_execute("SET search_path TO mlicense_seats").unwrap();
            client.batch_execute(sql).unwrap();
        }
    }
}

/// Lets seconds pass for every session.
fn pass(place: &Place, seconds: i64) {
    tamper(place, &format!("UPDATE session SET kept_at = kept_at - ({seconds})"));
}

fn feature(name: &str) -> FeatureId {
    name.parse().unwrap()
}

/// `export` has so many seats, `print` has one, and `view` takes none.
fn limits(export: u32) -> Limits {
    let counted = [("export", Some(export)), ("print", Some(1)), ("view", None)];
    counted.into_iter().map(|(name, limit)| (feature(name), limit)).collect()
}

/// A quota that a test changes, as a client does that accepts another licence.
#[derive(Clone, Debug)]
struct Changing(Arc<Mutex<Limits>>);

impl Changing {
    fn new(limits: Limits) -> Self {
        Self(Arc::new(Mutex::new(limits)))
    }

    fn change(&self, limits: Limits) {
        *self.0.lock().unwrap() = limits;
    }
}

impl Quota for Changing {
    fn limits(&self) -> Limits {
        self.0.lock().unwrap().clone()
    }
}

fn site(place: &Place, quota: impl Quota + 'static) -> SiteSeats {
    open(place).unwrap().site(&"editor".parse().unwrap(), quota)
}

fn captured(site: &SiteSeats, name: &str) -> u32 {
    let usage = site.usage().unwrap().into_iter();
    usage.filter(|usage| usage.feature.as_str() == name).map(|usage| usage.captured).sum()
}

fn kind<T: std::fmt::Debug>(result: Result<T>) -> ErrorKind {
    result.unwrap_err().kind()
}

#[test]
fn s_mk_52_s_mk_53_s_mk_55_programs_share_the_seats_of_a_site() {
    on_every_store(|place| {
        let (one, other) = (site(place, limits(2)), site(place, limits(2)));
        let session = one.capture("export", "desk 1").unwrap().session;
        other.capture("export", "desk 2").unwrap();
        assert_eq!((captured(&one, "export"), captured(&other, "export")), (2, 2));
        assert_eq!(kind(one.capture("export", "desk 3")), ErrorKind::NoFreeLicense);
        let mut holders: Vec<String> = one.sessions().unwrap().iter().map(holder).collect();
        holders.sort();
        assert_eq!(holders, ["desk 1", "desk 2"]);
        // Whoever knows the session may end it, from any program.
        other.end(&session).unwrap();
        one.capture("export", "desk 3").unwrap();
    });
}

fn holder(session: &mlicense_core::seat::Session) -> String {
    session.holder().as_str().to_owned()
}

#[test]
fn s_mk_54_s_mk_63_s_mk_64_one_session_takes_one_seat_and_none_where_there_is_no_limit() {
    on_every_store(|place| {
        let site = site(place, limits(2));
        let session = site.capture("view", "").unwrap().session;
        assert_eq!(captured(&site, "view"), 0);
        for _ in 0..2 {
            let kept = site.capture_in(&session, "export").unwrap().kept;
            assert_eq!(kept.captured, [feature("export"), feature("view")]);
            assert_eq!(captured(&site, "export"), 1);
        }
        assert_eq!(site.available("export").unwrap(), Available::Seats(1));
        assert!(!site.available("export").unwrap().permits());
        assert!(site.available("view").unwrap().permits());
        assert_eq!(site.available("import").unwrap(), Available::NotLicensed);
        assert_eq!(captured(&site, "export"), 1);
        assert_eq!(kind(site.capture("import", "")), ErrorKind::NotLicensed);
    });
}

#[test]
fn s_mk_56_releasing_twice_is_refused_on_strict_terms_only() {
    on_every_store(|place| {
        let site = site(place, limits(2));
        let session = site.capture("export", "").unwrap().session;
        for _ in 0..2 {
            site.release(&session, &feature("export")).unwrap();
        }
        let strict = site.clone().with_terms(Terms::default().strict());
        assert_eq!(kind(strict.release(&session, &feature("export"))), ErrorKind::NotCaptured);
        strict.end(&session).unwrap();
        assert_eq!(kind(strict.end(&session)), ErrorKind::SessionUnknown);
        site.end(&session).unwrap();
        site.release(&session, &feature("export")).unwrap();
    });
}

#[test]
fn s_mk_57_s_mk_58_a_session_without_a_sign_of_life_ends_with_its_lease() {
    on_every_store(|place| {
        let site = site(place, limits(1));
        let session = site.capture("export", "").unwrap().session;
        pass(place, 290);
        site.keep_alive(&session).unwrap();
        site.keep_alive(&session).unwrap();
        pass(place, 290);
        assert_eq!(kind(site.capture("export", "")), ErrorKind::NoFreeLicense);
        pass(place, 10);
        assert_eq!(captured(&site, "export"), 0);
        assert_eq!(kind(site.keep_alive(&session)), ErrorKind::SessionUnknown);
        assert_eq!(kind(site.capture_in(&session, "export")), ErrorKind::SessionUnknown);

        let short = site.with_terms(Terms::default().with_lease(60).unwrap());
        let session = short.capture("export", "").unwrap().session;
        pass(place, 60);
        assert_eq!(kind(short.keep_alive(&session)), ErrorKind::SessionUnknown);
        assert_eq!(short.sessions().unwrap(), []);
    });
}

#[test]
fn s_mk_56_s_mk_58_the_terms_of_the_licences_come_before_those_of_the_program() {
    on_every_store(|place| {
        let mut stated = SeatTerms::default();
        (stated.lease_seconds, stated.release_strict) = (Some(60), Some(true));
        let quota = Changing::new(limits(1).with_terms(stated));
        let own = Terms::default().with_lease(900).unwrap();
        let site = site(place, quota.clone()).with_terms(own);
        let session = site.capture("export", "").unwrap().session;
        assert_eq!(kind(site.release(&session, &feature("print"))), ErrorKind::NotCaptured);
        pass(place, 60);
        assert_eq!(kind(site.end(&session)), ErrorKind::SessionUnknown);

        // What no licence states, the program does.
        let session = site.capture("export", "").unwrap().session;
        quota.change(limits(1));
        site.keep_alive(&session).unwrap();
        pass(place, 899);
        assert_eq!(site.keep_alive(&session).unwrap().captured, [feature("export")]);
        pass(place, 900);
        assert_eq!(kind(site.keep_alive(&session)), ErrorKind::SessionUnknown);
        site.end(&session).unwrap();
    });
}

#[test]
fn s_mk_59_s_mk_60_a_lower_limit_takes_the_seats_of_the_latest_holders() {
    on_every_store(|place| {
        let quota = Changing::new(limits(3));
        let site = site(place, quota.clone());
        let holders: Vec<SessionId> =
            (0..3).map(|_| site.capture("export", "").unwrap().session).collect();
        quota.change(limits(1));
        assert_eq!(captured(&site, "export"), 1);
        for (holder, loses) in holders.iter().zip([false, true, true]) {
            let kept = site.keep_alive(holder).unwrap();
            let dropped = if loses { vec![feature("export")] } else { Vec::new() };
            assert_eq!(kept.dropped, dropped);
            assert_eq!(kept.captured.is_empty(), loses);
            assert_eq!(site.is_held(holder, &feature("export")).unwrap(), !loses);
        }
        assert_eq!(kind(site.capture_in(&holders[2], "export")), ErrorKind::NoFreeLicense);
        quota.change(Limits::default());
        assert_eq!(site.keep_alive(&holders[0]).unwrap().dropped, [feature("export")]);
        assert_eq!(site.usage().unwrap(), []);
    });
}

#[test]
fn s_mk_61_s_mk_62_sessions_and_what_their_holders_say_are_limited() {
    on_every_store(|place| {
        let site = site(place, limits(1));
        let long = "é".repeat(HOLDER_BYTES_MAX / 2);
        for _ in 0..20 {
            site.capture("view", &long).unwrap();
        }
        assert!(site.sessions().unwrap().iter().all(|session| holder(session) == long));
        assert_eq!(kind(site.capture("export", "")), ErrorKind::SessionsFull);
        assert_eq!(kind(site.capture("view", &format!("{long}x"))), ErrorKind::InputTooLarge);
        assert_eq!(kind(site.capture("view", "desk\0")), ErrorKind::FieldInvalid);
    });
}

#[test]
fn seats_of_other_products_and_customers_are_apart() {
    on_every_store(|place| {
        let ledger = open(place).unwrap();
        let (editor, viewer) = ("editor".parse().unwrap(), "viewer".parse().unwrap());
        let all = [
            ledger.site(&editor, limits(1)),
            ledger.site(&viewer, limits(1)),
            ledger.customer(&"c1".parse().unwrap(), &editor, limits(1)),
            ledger.customer(&"c2".parse().unwrap(), &editor, limits(1)),
        ];
        let sessions: Vec<_> =
            all.iter().map(|site| site.capture("export", "").unwrap().session).collect();
        assert!(all.iter().all(|site| captured(site, "export") == 1));
        assert_eq!(kind(all[0].keep_alive(&sessions[1])), ErrorKind::SessionUnknown);
        all[0].end(&sessions[1]).unwrap();
        assert_eq!(captured(&all[1], "export"), 1);
    });
}

#[test]
fn a_clock_set_back_keeps_who_has_left_no_longer_than_a_lease() {
    on_every_store(|place| {
        let site = site(place, limits(1));
        site.capture("export", "").unwrap();
        pass(place, -1_000_000);
        assert_eq!(captured(&site, "export"), 1);
        // Any call that writes notices.
        site.capture("view", "").unwrap();
        pass(place, 300);
        assert_eq!(captured(&site, "export"), 0);
    });
}

#[test]
fn a_refused_call_leaves_the_table_as_it_was() {
    on_every_store(|place| {
        let site = site(place, limits(1));
        let session = site.capture("export", "").unwrap().session;
        pass(place, 100);
        let before = site.sessions().unwrap();
        assert!(site.capture("export", "").is_err());
        assert!(site.capture_in(&session, "import").is_err());
        assert!(site.keep_alive(&SessionId::from_entropy([0; 16])).is_err());
        assert_eq!(site.sessions().unwrap(), before);
    });
}

#[test]
fn eight_programs_open_what_is_not_there_yet() {
    on_every_store(|place| {
        let barrier = Barrier::new(8);
        let capture = || {
            barrier.wait();
            site(place, limits(8)).capture("export", "").unwrap()
        };
        thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(capture)).collect();
            threads.into_iter().for_each(|thread| drop(thread.join().unwrap()));
        });
        assert_eq!(captured(&site(place, limits(8)), "export"), 8);
    });
}

#[test]
fn what_is_no_table_of_seats_is_named_and_stays_as_it_is() {
    let place = Place::sqlite();
    let path = file(&place);
    for bytes in [b"%PDF-1.7 and more".as_slice(), &[b'x'; 100_000]] {
        fs::write(&path, bytes).unwrap();
        assert_fault(open(&place), ErrorKind::StoreForeign);
        assert_eq!(fs::read(&path).unwrap(), bytes);
    }
    fs::remove_file(&path).unwrap();
    drop(Ledger::create(&path).unwrap());
    assert_fault(open(&place), ErrorKind::StoreForeign);
    Ledger::open(&path).unwrap();
    let nowhere = path.join("no").join("folder");
    assert_fault(SeatLedger::open(&nowhere), ErrorKind::StoreUnavailable);
}

#[test]
fn a_table_of_a_newer_version_is_refused_and_a_damaged_one_named() {
    on_every_store(|place| {
        let site = site(place, limits(1));
        site.capture("export", "").unwrap();
        tamper(place, "UPDATE session SET captured = '{\"export\": -1}'");
        assert_fault(site.usage(), ErrorKind::StoreCorrupt);
        assert_fault(site.capture("view", ""), ErrorKind::StoreCorrupt);
        tamper(
            place,
            match place {
                Place::Sqlite(_) => "PRAGMA user_version = 2",
                #[cfg(feature = "postgres")]
                Place::Postgres(_) => "UPDATE form SET version = 2",
            },
        );
        assert_fault(open(place), ErrorKind::StoreNewer);
    });
}

// Several processes: this program again, as one holder each.

const SEATS: &str = "MLICENSE_TEST_SEATS";
const WITNESS: &str = "MLICENSE_TEST_WITNESS";
const LIMIT: &str = "MLICENSE_TEST_LIMIT";
const CAPTURES: usize = 15;
/// Longer than all eight need to capture and release: so they meet.
const HOLDING: Duration = Duration::from_millis(30);

fn holder_process(place: &Place, witness: &Path, test: &str, limit: usize) -> Child {
    let seats = match place {
        Place::Sqlite(_) => format!("file {}", file(place).display()),
        #[cfg(feature = "postgres")]
        Place::Postgres(connection) => format!("database {connection}"),
    };
    Command::new(env::current_exe().unwrap())
        .args(["--exact", test, "--ignored", "--nocapture"])
        .envs([(SEATS, seats), (LIMIT, limit.to_string())])
        .env(WITNESS, witness)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// The seats of a holder's process, the folder of the witness, and the limit.
fn given() -> Option<(SiteSeats, PathBuf, u32)> {
    let text = |name| env::var_os(name)?.into_string().ok();
    let limit = text(LIMIT)?.parse().unwrap();
    let ledger = match text(SEATS)?.split_once(' ')? {
        ("file", path) => SeatLedger::open(Path::new(path)).unwrap(),
        #[cfg(feature = "postgres")]
        (_, connection) => SeatLedger::open(mlicense_ledger::Place::database(connection)).unwrap(),
        #[cfg(not(feature = "postgres"))]
        (other, _) => panic!("{other}"),
    };
    let site = ledger.site(&"editor".parse().unwrap(), limits(limit));
    Some((site, env::var_os(WITNESS)?.into(), limit))
}

/// Captures and releases, and looks, while it holds a seat, how many others do. The witness is a
/// folder: whoever has a seat puts a file in it, and takes it away before releasing the seat.
#[test]
#[ignore = "one of the processes of another test"]
fn holder_that_captures_and_releases() {
    let Some((site, witness, _)) = given() else { return };
    let own = witness.join(std::process::id().to_string());
    let mut done = 0;
    while done < CAPTURES {
        match site.capture("export", "") {
            Ok(captured) => {
                fs::write(&own, "").unwrap();
                thread::sleep(HOLDING);
                let holders = fs::read_dir(&witness).unwrap().count();
                fs::remove_file(&own).unwrap();
                site.end(&captured.session).unwrap();
                assert!(holders <= 3, "{holders} hold a seat");
                done += 1;
            }
            Err(error) => assert_eq!(error.kind(), ErrorKind::NoFreeLicense, "{error}"),
        }
    }
}

/// How many of eight processes found that more than three held a seat.
fn hammer(place: &Place, limit: usize) -> usize {
    drop(open(place).unwrap());
    let witness = tempfile::tempdir().unwrap();
    let test = "seats::holder_that_captures_and_releases";
    let start = |_| holder_process(place, witness.path(), test, limit);
    let processes: Vec<Child> = (0..8).map(start).collect();
    let outputs = processes.into_iter().map(|process| process.wait_with_output().unwrap());
    let outputs: Vec<_> = outputs.collect();
    let ran = |output: &&std::process::Output| {
        String::from_utf8_lossy(&output.stdout).contains("running 1 test")
    };
    assert_eq!(outputs.iter().filter(ran).count(), 8);
    outputs.iter().filter(|output| !output.status.success()).count()
}

#[test]
fn s_mk_55_eight_processes_never_hold_more_seats_than_there_are() {
    on_every_store(|place| {
        assert_eq!(hammer(place, 3), 0);
        assert_eq!(captured(&site(place, limits(3)), "export"), 0);
    });
}

#[test]
fn the_witness_of_eight_processes_sees_more_holders_when_there_are_more() {
    on_every_store(|place| assert_ne!(hammer(place, 8), 0));
}

#[test]
#[ignore = "one of the processes of another test"]
fn holder_that_is_killed() {
    let Some((site, _, _)) = given() else { return };
    site.capture("export", "killed").unwrap();
    writeln!(std::io::stdout(), "\nholding").unwrap();
    loop {
        thread::park();
    }
}

#[test]
fn s_mk_58_the_seat_of_a_killed_holder_is_free_when_its_lease_ends() {
    on_every_store(|place| {
        let site = site(place, limits(1));
        let mut process = holder_process(place, Path::new("/"), "seats::holder_that_is_killed", 1);
        let mut said = BufReader::new(process.stdout.take().unwrap()).lines();
        assert!(said.any(|line| line.unwrap() == "holding"));
        process.kill().unwrap();
        process.wait().unwrap();
        assert_eq!(kind(site.capture("export", "next")), ErrorKind::NoFreeLicense);
        pass(place, 280);
        assert_eq!(kind(site.capture("export", "next")), ErrorKind::NoFreeLicense);
        pass(place, 20);
        site.capture("export", "next").unwrap();
    });
}

/// A commit of which nobody was told is done again, and comes to the same.
#[cfg(feature = "postgres")]
#[test]
fn a_sign_of_life_whose_answer_was_lost_still_tells_what_was_dropped() {
    use crate::support::{Commit, Proxy, Server};
    let Some((place, server)) = Place::postgres().zip(Server::of_this_process()) else { return };
    let Place::Postgres(connection) = &place else { panic!("{place:?}") };
    let proxy = Proxy::new(server.folder());
    let name = |folder: &Path| format!("host={}", folder.display());
    let connection = connection.replace(&name(server.folder()), &name(proxy.folder()));
    let quota = Changing::new(limits(2));
    let behind = SeatLedger::open(mlicense_ledger::Place::database(&connection)).unwrap();
    let strict = Terms::default().strict();
    let behind = behind.site(&"editor".parse().unwrap(), quota.clone()).with_terms(strict);
    for commit in [Commit::LoseAnswer, Commit::Lose] {
        quota.change(limits(2));
        proxy.next_commit(commit, true);
        let session = behind.capture("export", "").unwrap().session;
        behind.capture_in(&session, "print").unwrap();
        assert_eq!(captured(&behind, "export"), 1, "{commit:?}");
        quota.change([(feature("print"), Some(1))].into_iter().collect());
        proxy.next_commit(commit, true);
        let kept = behind.keep_alive(&session).unwrap();
        assert_eq!(
            (kept.captured, kept.dropped),
            (vec![feature("print")], vec![feature("export")])
        );
        proxy.next_commit(commit, true);
        behind.release(&session, &feature("print")).unwrap();
        proxy.next_commit(commit, true);
        behind.end(&session).unwrap();
        assert_eq!(site(&place, limits(2)).sessions().unwrap(), [], "{commit:?}");
    }
}
