//! Connections: a few, kept open, one for each call at a time.

use std::{
    fmt,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use mlicense_core::error::{ErrorKind, Refusal};

use super::{
    address::Address,
    fault::{Doing, Fault},
    session::Session,
};
use crate::{
    error::{Error, Result},
    store::opener::Opener,
};

/// Calls beyond these wait for one of them.
const CONNECTIONS_MAX: usize = 16;
const WAIT_MAX: Duration = Duration::from_secs(5);

/// What every connection is set to.
///
/// The bounds on waiting stand where the database, the user or the connection text set none; none
/// at all is never had, or one client that hangs would hold up all others. `synchronous_commit` is
/// only ever raised: an acknowledged command must be on a disk, whatever the database was told to
/// be content with. Every statement is found by an index whatever its parameters are, so each is planned
/// once: by itself the server plans one with a list anew each time, which costs more than doing it.
const SETTINGS: &str = "
    SELECT set_config(name, usual, false)
        FROM (VALUES ('lock_timeout', '5s'),
                     ('statement_timeout', '30s'),
                     ('idle_in_transaction_session_timeout', '60s')) AS bound (name, usual)
        WHERE current_setting(name) = '0';
    SELECT set_config('synchronous_commit', 'on', false)
        WHERE current_setting('synchronous_commit') = 'off';
    SELECT set_config('plan_cache_mode', 'force_generic_plan', false)
        WHERE current_setting('plan_cache_mode') = 'auto'";

pub(super) struct Pool {
    address: Address,
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
        let address = Address::read(connection)?;
        let (opener, returned) = (Opener::here(), Condvar::new());
        let sessions = Mutex::new(Sessions { opener, idle: Vec::new(), open: 0 });
        Ok(Self { address, schema: super::SCHEMA, opener, sessions, returned })
    }

    /// The same for tables in another schema than the ledger's.
    pub(super) fn with_schema(self, schema: &'static str) -> Self {
        Self { schema, ..self }
    }

    /// The name of the database in errors; it holds no password.
    pub(super) fn place(&self) -> &str {
        self.address.place()
    }

    /// A session of the caller's own, outside the pool, that resolves names in `schema`.
    pub(super) fn connect(&self, schema: &str) -> Result<Session> {
        let mut session = self.address.connect().map_err(|fault| fault.at(self.place()))?;
        // Temporary tables come last, or they could stand in for those of the ledger.
        let settings = format!("{SETTINGS}; SET search_path TO {schema}, pg_temp");
        let set = session.run(&settings);
        set.map_err(|error| Fault::of(error, Doing::Opening).at(self.place()))?;
        Ok(session)
    }

    /// A session for one call.
    pub(super) fn session(&self) -> Result<Lease<'_>> {
        self.opener.check(self.place())?;
        let full =
            |sessions: &mut Sessions| sessions.idle.is_empty() && sessions.open >= CONNECTIONS_MAX;
        let waited = self.returned.wait_timeout_while(self.sessions(), WAIT_MAX, full);
        let (mut sessions, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() {
            let fault = Refusal::new(ErrorKind::StoreBusy).with("store", self.place());
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
        f.debug_struct("Pool").field("address", &self.address).finish_non_exhaustive()
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
