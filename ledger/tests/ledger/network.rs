//! PostgreSQL over the network: TLS, to a server that shows who it is.

use std::{
    fs,
    path::PathBuf,
    sync::{Mutex, MutexGuard, OnceLock},
    thread,
    time::Duration,
};

use mlicense_core::error::ErrorKind;
use mlicense_ledger::{Ledger, Place as At, Result};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, SanType,
    date_time_ymd,
};
use tempfile::TempDir;

use crate::support::{Server, Strip, assert_fault, define, envelope, noon};

const PASSWORD: &str = "correct horse battery staple";

/// A server with a port and a certificate for `ledger.test`, 127.0.0.1 and 0.0.0.0; the last leads
/// to this machine on Linux and counts as another one here.
struct Secure {
    server: Server,
    authority: CertifiedIssuer<'static, KeyPair>,
    other: CertifiedIssuer<'static, KeyPair>,
    folder: TempDir,
}

/// Runs a test on the server with TLS, one at a time, where PostgreSQL is installed.
fn over_tls(test: impl FnOnce(&Secure)) {
    static SECURE: OnceLock<Option<Mutex<Secure>>> = OnceLock::new();
    let secure = SECURE.get_or_init(|| Secure::start().map(Mutex::new));
    if let Some(secure) = secure {
        let secure: MutexGuard<'_, Secure> = secure.lock().unwrap_or_else(|left| left.into_inner());
        secure.show(&secure.certificate(&secure.authority, 2020..4000));
        test(&secure);
    }
}

fn authority(name: &str) -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, name);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

impl Secure {
    fn start() -> Option<Self> {
        let server = Server::with_port()?;
        let (authority, other) = (authority("ours"), authority("other"));
        let folder = tempfile::tempdir().unwrap();
        for (name, issuer) in [("ours", &authority), ("other", &other)] {
            fs::write(folder.path().join(name), issuer.pem()).unwrap();
        }
        let secure = Self { server, authority, other, folder };
        secure.tell(&format!("ALTER USER ledger PASSWORD '{PASSWORD}'"));
        Some(secure)
    }

    /// A certificate and its key, valid from the beginning of a year to that of another.
    fn certificate(
        &self,
        issuer: &CertifiedIssuer<'static, KeyPair>,
        years: std::ops::Range<i32>,
    ) -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec!["ledger.test".to_owned()]).unwrap();
        for address in ["127.0.0.1", "0.0.0.0"] {
            params.subject_alt_names.push(SanType::IpAddress(address.parse().unwrap()));
        }
        params.not_before = date_time_ymd(years.start, 1, 1);
        params.not_after = date_time_ymd(years.end, 1, 1);
        (params.signed_by(&key, issuer).unwrap().pem(), key.serialize_pem())
    }

    /// Makes the server show this certificate from now on.
    fn show(&self, (certificate, key): &(String, String)) {
        // The server writes them itself, so that they are its own.
        let write = |name: &str, pem: &str| {
            self.tell(&format!(
                "COPY (SELECT unnest(string_to_array('{}', E'\\n')))
                 TO PROGRAM 'umask 077; rm -f {name}; cat >{name}'",
                pem.trim_end()
            ));
        };
        write("server.crt", certificate);
        write("server.key", key);
        self.set("ssl", "on");
    }

    /// Changes a setting and waits until new connections have it.
    fn set(&self, name: &str, value: &str) {
        let loaded = || -> std::time::SystemTime {
            self.client().query_one("SELECT pg_conf_load_time()", &[]).unwrap().get(0)
        };
        let before = loaded();
        self.tell(&format!("ALTER SYSTEM SET {name} TO {value}"));
        self.tell("SELECT pg_reload_conf()");
        while loaded() == before {
            thread::sleep(Duration::from_millis(5));
        }
    }

    fn client(&self) -> postgres::Client {
        postgres::Client::connect(&self.server.database("postgres"), postgres::NoTls).unwrap()
    }

    fn tell(&self, sql: &str) {
        self.client().batch_execute(sql).unwrap();
    }

    /// The file of an authority.
    fn roots(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// How to reach a database by the port, with the options that matter.
    fn address(&self, database: &str, options: &str) -> String {
        self.address_by(self.server.port(), database, options)
    }

    fn address_by(&self, port: u16, database: &str, options: &str) -> String {
        let common = format!("user=ledger password='{PASSWORD}' dbname={database} port={port}");
        let ours = format!("sslrootcert='{}'", self.roots("ours").display());
        format!("{common} {}", options.replace("ROOT", &ours))
    }

    /// The name of a database with a ledger in it.
    fn ledger(&self) -> String {
        let connection = self.server.fresh_database();
        drop(Ledger::create(At::database(&connection)).unwrap());
        let name = connection.split(' ').find_map(|pair| pair.strip_prefix("dbname=")).unwrap();
        name.to_owned()
    }

    /// Opens the ledger of a database by the port.
    fn open(&self, database: &str, options: &str) -> Result<Ledger> {
        Ledger::open(At::database(&self.address(database, options)))
    }
}

#[test]
fn a_server_that_shows_who_it_is_is_used_under_tls() {
    over_tls(|secure| {
        for options in [
            "host=ledger.test hostaddr=127.0.0.1 sslmode=verify-full ROOT",
            "host=ledger.test hostaddr=0.0.0.0 ROOT",
            "host=0.0.0.0 ROOT",
            "host=127.0.0.1 ROOT channel_binding=require",
        ] {
            let database = secure.ledger();
            let ledger = secure.open(&database, options).unwrap();
            ledger.execute(&envelope("define", define("vms")), noon("2026-03-01")).unwrap();
            assert_eq!(ledger.verify().unwrap().events, 2, "{options}");
            let sql = format!(
                "SELECT bool_and(ssl), count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
                 WHERE datname = '{database}' AND application_name = 'mlicense'"
            );
            let row = secure.client().query_one(&sql, &[]).unwrap();
            assert!(row.get(0) && row.get::<_, i64>(1) > 0, "{options}: in the clear");
        }
    });
}

#[test]
fn a_ledger_is_made_over_the_network() {
    over_tls(|secure| {
        secure.tell("CREATE DATABASE made_far_away");
        let options = "host=ledger.test hostaddr=0.0.0.0 ROOT";
        let ledger =
            Ledger::create(At::database(&secure.address("made_far_away", options))).unwrap();
        ledger.execute(&envelope("define", define("vms")), noon("2026-03-01")).unwrap();
        secure.open("made_far_away", options).unwrap().verify().unwrap();
    });
}

/// Says that a server is not who it should be, and why.
#[track_caller]
fn assert_untrusted(opened: Result<Ledger>, why: &str) {
    let error = opened.unwrap_err();
    assert!(error.to_string().contains(why), "{error}");
    assert!(!error.to_string().contains(PASSWORD));
    assert_fault::<Ledger>(Err(error), ErrorKind::StoreUntrusted);
}

const FAR: &str = "host=ledger.test hostaddr=0.0.0.0 ROOT";

#[test]
fn a_server_of_another_authority_is_refused() {
    over_tls(|secure| {
        let database = secure.ledger();
        let other = format!(
            "host=ledger.test hostaddr=0.0.0.0 sslrootcert='{}'",
            secure.roots("other").display()
        );
        assert_untrusted(secure.open(&database, &other), "UnknownIssuer");
        secure.show(&secure.certificate(&secure.other, 2020..4000));
        assert_untrusted(secure.open(&database, FAR), "UnknownIssuer");
        secure.open(&database, &other).unwrap();
    });
}

#[test]
fn a_server_of_another_name_is_refused() {
    over_tls(|secure| {
        let database = secure.ledger();
        for options in [
            "host=other.test hostaddr=0.0.0.0 ROOT",
            "host=localhost sslmode=verify-full ROOT",
            "host=127.0.0.2 hostaddr=127.0.0.1 sslmode=verify-full ROOT",
        ] {
            assert_untrusted(secure.open(&database, options), "not valid for name");
        }
    });
}

#[test]
fn a_certificate_out_of_its_time_is_refused() {
    over_tls(|secure| {
        let database = secure.ledger();
        for (years, why) in [(2020..2021, "expired"), (3000..3001, "not valid yet")] {
            secure.show(&secure.certificate(&secure.authority, years));
            assert_untrusted(secure.open(&database, FAR), why);
        }
    });
}

#[test]
fn a_server_without_tls_is_refused() {
    over_tls(|secure| {
        let database = secure.ledger();
        secure.open(&database, FAR).unwrap();
        secure.set("ssl", "off");
        assert_untrusted(secure.open(&database, FAR), "does not support TLS");
        secure.open(&database, "host=127.0.0.1").unwrap();
    });
}

#[test]
fn who_strips_tls_hears_nothing() {
    over_tls(|secure| {
        let database = secure.ledger();
        let socket = format!(".s.PGSQL.{}", secure.server.port());
        let strip = Strip::new(secure.server.folder().join(socket));
        let by = |options| {
            Ledger::open(At::database(&secure.address_by(strip.port(), &database, options)))
        };
        assert_untrusted(by(FAR), "does not support TLS");
        assert_eq!(strip.heard().len(), 8, "the question for TLS and nothing else");
        assert_untrusted(by("host=127.0.0.1 sslmode=verify-full ROOT"), "does not support TLS");
        assert_eq!(strip.heard().len(), 8);
        // It does lead to the server, and hears what goes by without TLS.
        by("host=127.0.0.1").unwrap().verify().unwrap();
        let heard = String::from_utf8_lossy(&strip.heard()).into_owned();
        assert!(heard.contains(&database) && heard.contains("SELECT"), "{heard}");
    });
}

#[test]
fn a_server_that_becomes_another_is_refused_on_the_next_connection() {
    over_tls(|secure| {
        let database = secure.ledger();
        let ledger = secure.open(&database, FAR).unwrap();
        secure.show(&secure.certificate(&secure.other, 2020..4000));
        ledger.verify().unwrap();
        secure.tell(&format!(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
             WHERE datname = '{database}' AND application_name = 'mlicense'"
        ));
        assert_fault(ledger.verify(), ErrorKind::StoreUntrusted);
    });
}

#[test]
#[cfg(target_os = "linux")]
fn a_server_that_goes_without_a_word_is_missed() {
    over_tls(|secure| {
        let database = secure.ledger();
        let _ledger = secure.open(&database, FAR).unwrap();
        // Of each connection: who it leads to, its state, which timer runs and until when.
        let connections = fs::read_to_string("/proc/net/tcp").unwrap();
        let remote = format!(":{:04X}", secure.server.port());
        let columns = connections.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
        let ours = columns.filter(|of| of[2].ends_with(&remote) && of[3] == "01");
        let timers: Vec<&str> = ours.map(|of| of[5]).collect();
        assert!(!timers.is_empty());
        for timer in timers {
            let (kind, until) = timer.split_once(':').unwrap();
            let seconds = u64::from_str_radix(until, 16).unwrap() / 100;
            assert_eq!((kind, seconds <= 15), ("02", true), "{timer}");
        }
    });
}
