//! Where a ledger is, as its caller wrote it, and what protects the way there.

use std::{fmt, time::Duration};

use mlicense_core::error::{ErrorKind, Refusal};
use rustls::pki_types::ServerName;
use tokio_postgres::{
    Config, NoTls,
    config::{Host, SslMode},
};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{
    fault::{Doing, Fault},
    options::Options,
    session::{Session, runtime},
    tls,
};
use crate::error::Result;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long sent bytes may stay unacknowledged.
const TCP_USER_TIMEOUT: Duration = Duration::from_secs(30);
/// After so long without a word the server is asked whether it is still there, and again
/// after the second pause, so often: one that went without a word is missed after half a minute,
/// where the system would wait for two hours.
const KEEPALIVE: (Duration, Duration, u32) = (Duration::from_secs(15), Duration::from_secs(5), 3);
const KEEPALIVE_OF_THE_SYSTEM: Duration = Duration::from_secs(2 * 60 * 60);

/// A server, a database and how to get there.
pub(super) struct Address {
    config: Config,
    /// None on this machine, where nobody listens in between.
    tls: Option<MakeRustlsConnect>,
    place: String,
}

impl Address {
    /// Reads a connection text, and the file of authorities it names; connects to nothing yet.
    pub(super) fn read(connection: &str) -> Result<Self> {
        let (options, rest) = Options::take_from(connection);
        let mut config: Config = rest.parse().map_err(|error| unreadable(&error))?;
        let tls = way(&config, &options)?.map(tls::connector).transpose()?;
        if tls.is_some() {
            config.ssl_mode(SslMode::Require);
        }
        bound(&mut config);
        let place = place(&config);
        Ok(Self { config, tls, place })
    }

    /// The name of the database in errors; it holds no password.
    pub(super) fn place(&self) -> &str {
        &self.place
    }

    pub(super) fn connect(&self) -> Result<Session, Fault> {
        let runtime = runtime().map_err(Fault::of_system)?;
        let fault = |error| Fault::of(error, Doing::Opening);
        Ok(match &self.tls {
            Some(tls) => {
                let connected = runtime.block_on(self.config.connect(tls.clone()));
                Session::new(runtime, connected.map_err(fault)?)
            }
            None => {
                let connected = runtime.block_on(self.config.connect(NoTls));
                Session::new(runtime, connected.map_err(fault)?)
            }
        })
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Address").field("place", &self.place).finish_non_exhaustive()
    }
}

/// Bounds what is waited for, where the caller said nothing else.
fn bound(config: &mut Config) {
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT_TIMEOUT);
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(TCP_USER_TIMEOUT);
    }
    if config.get_keepalives_idle() == KEEPALIVE_OF_THE_SYSTEM {
        let (idle, interval, retries) = KEEPALIVE;
        config.keepalives_idle(idle).keepalives_interval(interval).keepalives_retries(retries);
    }
    if config.get_application_name().is_none() {
        config.application_name("mlicense");
    }
}

/// The file of authorities that vouch for the server; none where no TLS is needed or wanted.
///
/// Passwords and names of customers do not travel to another machine but under TLS, to a server
/// that is known by its name: anything less protects from nobody who can stand in between.
fn way<'o>(config: &Config, options: &'o Options) -> Result<Option<&'o str>, Refusal> {
    let far = far(config);
    let roots = options.roots.as_deref();
    match (options.mode.as_deref(), &far) {
        (None, None) if roots.is_none() => return Ok(None),
        (None | Some("verify-full"), _) => {}
        (Some("disable" | "prefer"), None) => return Ok(None),
        (Some(mode @ ("disable" | "prefer")), Some((_, host))) => {
            let expected = format!("`verify-full`, and `{host}` is another machine");
            return Err(refused("sslmode", mode, expected));
        }
        (Some(mode), _) => {
            let expected = "`verify-full`, or on this machine `prefer` or `disable`";
            return Err(refused("sslmode", mode, expected));
        }
    }
    named(config)?;
    roots.map(Some).ok_or_else(|| match far {
        Some((field, host)) => {
            let expected = "on this machine: a connection to another one needs TLS, and \
                            `sslrootcert`, the file of the authority that signs its certificate";
            refused(field, &host, expected)
        }
        None => refused("sslmode", "verify-full", "of use without `sslrootcert`"),
    })
}

/// The first of the servers that is on another machine.
fn far(config: &Config) -> Option<(&'static str, String)> {
    let mut addresses = config.get_hostaddrs().iter();
    if let Some(address) = addresses.find(|address| !address.is_loopback()) {
        return Some(("hostaddr", address.to_string()));
    }
    // With addresses given, the names are not looked up.
    let named = if config.get_hostaddrs().is_empty() { config.get_hosts() } else { &[] };
    named.iter().find_map(|host| match host {
        Host::Tcp(name) if !is_here(name) => Some(("host", name.clone())),
        _ => None,
    })
}

fn is_here(name: &str) -> bool {
    let address = name.parse::<std::net::IpAddr>();
    name == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// Every server has a name that its certificate can be asked for.
fn named(config: &Config) -> Result<(), Refusal> {
    let expected = "a name that a certificate can have";
    for host in config.get_hosts() {
        match host {
            Host::Tcp(name) if ServerName::try_from(name.as_str()).is_ok() => {}
            Host::Tcp(name) => return Err(refused("host", name, expected)),
            #[cfg(unix)]
            Host::Unix(folder) => return Err(refused("host", folder.display(), expected)),
        }
    }
    match config.get_hostaddrs().get(config.get_hosts().len()) {
        Some(address) => {
            let expected = "enough: `host` has to say what name its certificate has";
            Err(refused("hostaddr", address, expected))
        }
        None => Ok(()),
    }
}

fn refused(field: &'static str, value: impl fmt::Display, expected: impl fmt::Display) -> Refusal {
    let refusal = Refusal::new(ErrorKind::FieldInvalid);
    refusal.with("field", field).with("value", value).with("expected", expected)
}

/// What is wrong with the text, without quoting it: it may hold a password.
fn unreadable(error: &tokio_postgres::Error) -> Refusal {
    let cause = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    refused("connection", "…", format!("a connection text of PostgreSQL: {cause}"))
}

fn place(config: &Config) -> String {
    let database = config.get_dbname().or_else(|| config.get_user()).unwrap_or("postgres");
    match config.get_hosts().first() {
        Some(Host::Tcp(name)) => format!("{database}@{name}"),
        #[cfg(unix)]
        Some(Host::Unix(folder)) => format!("{database}@{}", folder.display()),
        None => database.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(connection: &str) -> String {
        Address::read(connection).unwrap_err().refusal().to_string()
    }

    /// The file of authorities that a connection goes by.
    fn trusts(connection: &str) -> Option<String> {
        let (options, rest) = Options::take_from(connection);
        let way = way(&rest.parse().unwrap(), &options);
        way.unwrap_or_else(|refusal| panic!("{connection}: {refusal}")).map(str::to_owned)
    }

    #[test]
    fn only_this_machine_is_reached_without_tls() {
        for connection in [
            "postgresql://ledger@localhost/vendor",
            "postgresql://ledger@[::1]/vendor",
            "host=127.0.0.9 dbname=vendor",
            "host=127.0.0.9 dbname=vendor sslmode=prefer",
            "host=127.0.0.9 dbname=vendor sslmode=disable sslrootcert=/ca.pem",
            "host=/run/postgresql dbname=vendor",
            "host=db.example.com hostaddr=127.0.0.1 dbname=vendor",
        ] {
            assert!(trusts(connection).is_none(), "{connection}");
            assert!(Address::read(connection).is_ok(), "{connection}");
        }
        let text = refusal("postgresql://ledger:secret@db.example.com/vendor");
        let expected = "host `db.example.com` is not on this machine: a connection to another one \
                        needs TLS, and `sslrootcert`, the file of the authority that signs its \
                        certificate";
        assert_eq!(text, expected);
        assert!(refusal("host=localhost,10.0.0.1 dbname=vendor").contains("`10.0.0.1`"));
        assert!(refusal("host=localhost hostaddr=10.0.0.1").contains("`10.0.0.1`"));
        assert!(refusal("host=0.0.0.0 dbname=vendor").contains("`0.0.0.0`"));
    }

    #[test]
    fn another_machine_is_reached_by_the_name_on_its_certificate() {
        for connection in [
            "postgresql://ledger@db.example.com/vendor?sslrootcert=/ca.pem",
            "postgresql://ledger@db.example.com/vendor?sslrootcert=/ca.pem&sslmode=verify-full",
            "host=10.0.0.1 sslrootcert=/ca.pem",
            "host=db.example.com hostaddr=10.0.0.1 sslrootcert=/ca.pem",
            "host=localhost,db.example.com sslrootcert=/ca.pem",
            "host=localhost sslrootcert=/ca.pem",
            "host=localhost sslrootcert=/ca.pem sslmode=verify-full",
        ] {
            assert_eq!(trusts(connection).as_deref(), Some("/ca.pem"), "{connection}");
        }
    }

    #[test]
    fn less_than_a_name_and_an_authority_is_refused() {
        for mode in ["allow", "require", "verify-ca", "verify", ""] {
            for host in ["localhost", "db.example.com"] {
                let text = refusal(&format!("host={host} sslrootcert=/ca.pem sslmode='{mode}'"));
                assert!(text.starts_with(&format!("sslmode `{mode}` is not")), "{text}");
            }
        }
        for mode in ["disable", "prefer"] {
            let text = refusal(&format!("host=db.example.com sslrootcert=/ca.pem sslmode={mode}"));
            assert!(text.starts_with(&format!("sslmode `{mode}` is not")), "{text}");
        }
        assert!(refusal("host=localhost sslmode=verify-full").contains("`sslrootcert`"));
        for connection in [
            "hostaddr=10.0.0.1 sslrootcert=/ca.pem",
            "host='a b' sslrootcert=/ca.pem",
            "host=/run/postgresql sslrootcert=/ca.pem",
            "host=/run/postgresql,db.example.com sslrootcert=/ca.pem",
        ] {
            assert!(refusal(connection).starts_with("host"), "{connection}");
        }
    }

    #[test]
    fn a_password_is_in_no_error_and_in_no_debug_text() {
        let text = refusal("postgresql://ledger:secret@localhost/vendor?port=secret&colour=secret");
        assert!(!text.contains("secret"), "{text}");
        assert!(!refusal("password=secret host='localhost").contains("secret"));
        let address = Address::read("postgresql://ledger:secret@localhost/vendor").unwrap();
        assert_eq!(address.place(), "vendor@localhost");
        assert!(!format!("{address:?}").contains("secret"));
    }
}
