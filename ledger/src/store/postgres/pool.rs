//! Connections: a few, kept open, one for each call at a time.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use mlicense_core::error::{ErrorKind, Refusal};
use postgres::{
    Client, Config, NoTls, Statement,
    config::{Host, SslMode},
};

use super::fault::{Doing, Fault};
use crate::{
    error::{Error, Result},
    store::opener::Opener,
};

/// Calls beyond these wait for one of them.
const CONNECTIONS_MAX: usize = 16;
const WAIT_MAX: Duration = Duration::from_secs(5);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long sent bytes may stay unacknowledged.
const TCP_USER_TIMEOUT: Duration = Duration::from_secs(30);

/// What every connection is set to. `synchronous_commit` is only ever raised: an acknowledged
/// command must be on a disk, whatever the database was told to be content with.
const SETTINGS: &str = "
    SET lock_timeout TO '5s';
    SET statement_timeout TO '30s';
    SET idle_in_transaction_session_timeout TO '60s';
    SELECT set_config('synchronous_commit', 'on', false)
        WHERE current_setting('synchronous_commit') = 'off'";

/// A connection with the statements prepared on it.
pub(super) struct Session {
    pub(super) client: Client,
    pub(super) statements: BTreeMap<&'static str, Statement>,
}

pub(super) struct Pool {
    config: Config,
    place: String,
    schema: &'static str,
    opener: Opener,
    sessions: Mutex<Sessions>,
    returned: Condvar,
}

struct Sessions {
    opener: Opener,
    idle: Vec<Session>,
    open: usize,
}

impl Drop for Sessions {
    fn drop(&mut self) {
        self.opener.close_own(std::mem::take(&mut self.idle));
    }
}

impl Pool {
    /// Reads where to connect to, and connects to nothing yet.
    pub(super) fn new(connection: &str) -> Result<Self> {
        let mut config: Config = connection.parse().map_err(|error| unreadable(&error))?;
        local(&config)?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(TCP_USER_TIMEOUT);
        }
        if config.get_application_name().is_none() {
            config.application_name("mlicense");
        }
        let (opener, returned) = (Opener::here(), Condvar::new());
        let sessions = Mutex::new(Sessions { opener, idle: Vec::new(), open: 0 });
        let (place, schema) = (place(&config), super::SCHEMA);
        Ok(Self { config, place, schema, opener, sessions, returned })
    }

    /// The same for tables in another schema than the ledger's.
    pub(super) fn with_schema(self, schema: &'static str) -> Self {
        Self { schema, ..self }
    }

    /// The name of the database in errors; it holds no password.
    pub(super) fn place(&self) -> &str {
        &self.place
    }

    /// A session of the caller's own, outside the pool, that resolves names in `schema`.
    pub(super) fn connect(&self, schema: &str) -> Result<Session> {
        let fault = |error| Fault::of(error, Doing::Opening).at(&self.place);
        // Whoever adds TLS gives its connector here and lets `local` pass other hosts with it.
        let mut client = self.config.connect(NoTls).map_err(fault)?;
        client.batch_execute(SETTINGS).map_err(fault)?;
        // Temporary tables come last, or they could stand in for those of the ledger.
        let path = format!("SET search_path TO {schema}, pg_temp");
        client.batch_execute(&path).map_err(fault)?;
        Ok(Session { client, statements: BTreeMap::new() })
    }

    /// A session for one call.
    pub(super) fn session(&self) -> Result<Lease<'_>> {
        self.opener.check(&self.place)?;
        let full =
            |sessions: &mut Sessions| sessions.idle.is_empty() && sessions.open >= CONNECTIONS_MAX;
        let waited = self.returned.wait_timeout_while(self.sessions(), WAIT_MAX, full);
        let (mut sessions, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() {
            let fault = Refusal::new(ErrorKind::StoreBusy).with("store", &self.place);
            return Err(Error::Store { fault, source: None });
        }
        let mut lease = Lease { pool: self, session: sessions.idle.pop(), keep: false };
        if lease.session.is_none() {
            sessions.open = sessions.open.saturating_add(1);
            drop(sessions);
            // Should this fail, the lease gives its place back.
            lease.session = Some(self.connect(self.schema)?);
        }
        Ok(lease)
    }

    /// Closes the sessions that nobody uses: the server they were connected to is gone.
    pub(super) fn close_idle(&self) {
        let closed = {
            let mut sessions = self.sessions();
            let closed = std::mem::take(&mut sessions.idle);
            sessions.open = sessions.open.saturating_sub(closed.len());
            closed
        };
        drop(closed);
        self.returned.notify_all();
    }

    fn sessions(&self) -> MutexGuard<'_, Sessions> {
        // Nothing panics while it is held, and a count and a list are sound in any case.
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").field("place", &self.place).finish_non_exhaustive()
    }
}

/// A session in use; it goes back to the pool only when [`Lease::keep`] was called.
pub(super) struct Lease<'p> {
    pool: &'p Pool,
    session: Option<Session>,
    keep: bool,
}

impl Lease<'_> {
    pub(super) fn session(&mut self) -> Result<&mut Session> {
        let missing = || Refusal::new(ErrorKind::Internal).with("detail", "no session").into();
        self.session.as_mut().ok_or_else(missing)
    }

    /// Its transaction has ended as it should.
    pub(super) fn keep(&mut self) {
        self.keep = true;
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        let session = self.session.take();
        let mut sessions = self.pool.sessions();
        let unwanted = match session {
            Some(session) if self.keep => {
                sessions.idle.push(session);
                None
            }
            unwanted => {
                sessions.open = sessions.open.saturating_sub(1);
                unwanted
            }
        };
        drop(sessions);
        self.pool.returned.notify_one();
        drop(unwanted);
    }
}

/// What is wrong with the text, without quoting it: it may hold a password.
fn unreadable(error: &postgres::Error) -> Refusal {
    let cause = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    Refusal::new(ErrorKind::FieldInvalid)
        .with("field", "connection")
        .with("value", "…")
        .with("expected", format!("a connection text of PostgreSQL: {cause}"))
}

/// Passwords and names of customers would travel in the clear to another machine.
fn local(config: &Config) -> Result<()> {
    let refused = |field: &'static str, value: &dyn fmt::Display| {
        Refusal::new(ErrorKind::FieldInvalid)
            .with("field", field)
            .with("value", value)
            .with("expected", "on this machine: a connection to another one needs TLS")
    };
    if config.get_ssl_mode() == SslMode::Require {
        let refusal = Refusal::new(ErrorKind::FieldInvalid);
        let refusal = refusal.with("field", "sslmode").with("value", "require");
        return Err(refusal.with("expected", "`prefer` or `disable`").into());
    }
    for address in config.get_hostaddrs() {
        if !address.is_loopback() {
            return Err(refused("hostaddr", address).into());
        }
    }
    // With addresses given, the names are not looked up.
    let named = if config.get_hostaddrs().is_empty() { config.get_hosts() } else { &[] };
    for host in named {
        if let Host::Tcp(name) = host
            && name != "localhost"
            && !name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
        {
            return Err(refused("host", name).into());
        }
    }
    Ok(())
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
        Pool::new(connection).unwrap_err().refusal().to_string()
    }

    #[test]
    fn only_this_machine_is_reached_without_tls() {
        for connection in [
            "postgresql://ledger@localhost/vendor",
            "postgresql://ledger@[::1]/vendor",
            "host=127.0.0.9 dbname=vendor",
            "host=/run/postgresql dbname=vendor",
            "host=db.example.com hostaddr=127.0.0.1 dbname=vendor",
        ] {
            assert!(Pool::new(connection).is_ok(), "{connection}");
        }
        let text = refusal("postgresql://ledger:secret@db.example.com/vendor");
        let expected = "host `db.example.com` is not on this machine: a connection to another one \
                        needs TLS";
        assert_eq!(text, expected);
        assert!(refusal("host=localhost,10.0.0.1 dbname=vendor").contains("`10.0.0.1`"));
        assert!(refusal("host=localhost hostaddr=10.0.0.1").contains("`10.0.0.1`"));
        assert!(refusal("host=localhost sslmode=require").contains("`require`"));
    }

    #[test]
    fn a_password_is_in_no_error_and_in_no_debug_text() {
        let text = refusal("postgresql://ledger:secret@localhost/vendor?port=secret&colour=secret");
        assert!(!text.contains("secret"), "{text}");
        assert!(!refusal("password=secret host='localhost").contains("secret"));
        let pool = Pool::new("postgresql://ledger:secret@localhost/vendor").unwrap();
        assert_eq!(pool.place(), "vendor@localhost");
        assert!(!format!("{pool:?}").contains("secret"));
    }
}
