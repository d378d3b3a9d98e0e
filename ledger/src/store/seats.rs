//! Where shared seats are kept: one table of sessions.

use std::collections::BTreeMap;

use mlicense_core::{
    id::FeatureId,
    seat::{Holder, Seats, Session, SessionId},
    time::Instant,
};

#[cfg(feature = "postgres")]
use super::PostgresSeats;
use super::SqliteSeats;
use crate::error::{Result, internal};

/// Where shared seats are kept.
#[derive(Debug)]
pub(crate) enum SeatStore {
    Sqlite(SqliteSeats),
    #[cfg(feature = "postgres")]
    Postgres(Box<PostgresSeats>),
}

impl SeatStore {
    /// Shows `look` the seats of an owner as they are now, by the store's clock.
    pub(crate) fn read<T>(
        &self,
        owner: &str,
        mut look: impl FnMut(&Seats) -> Result<T>,
    ) -> Result<T> {
        match self {
            Self::Sqlite(store) => store.read(owner, |seats| look(&seats)),
            #[cfg(feature = "postgres")]
            Self::Postgres(store) => store.read(owner, |seats| look(&seats)),
        }
    }

    /// Lets `change` change the seats of an owner as they are now, by the store's clock, while
    /// nobody else does; when it fails, nothing is changed. It may be run again, with the seats as
    /// they are then.
    pub(crate) fn write<T>(
        &self,
        owner: &str,
        change: impl FnMut(&mut Seats) -> Result<T>,
    ) -> Result<T> {
        match self {
            Self::Sqlite(store) => store.write(owner, change),
            #[cfg(feature = "postgres")]
            Self::Postgres(store) => store.write(owner, change),
        }
    }
}

/// A session as it stands in the table.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) holder: String,
    pub(crate) kept_at: i64,
    /// None when it does not end.
    pub(crate) lease: Option<i64>,
    /// JSON: each feature with its place.
    pub(crate) captured: String,
}

impl Row {
    /// None when no session was ever written like this.
    pub(crate) fn session(&self) -> Option<Session> {
        let captured: BTreeMap<FeatureId, u64> = serde_json::from_str(&self.captured).ok()?;
        let lease = self.lease.map(u32::try_from).transpose().ok()?;
        let kept = (Instant::from_unix(self.kept_at).ok()?, lease);
        Some(Session::kept(self.id.parse().ok()?, Holder::new(&self.holder).ok()?, kept, captured))
    }

    pub(crate) fn of(session: &Session) -> Result<Self> {
        let captured: BTreeMap<_, _> = session.captured().collect();
        Ok(Self {
            id: session.id().to_string(),
            holder: session.holder().as_str().to_owned(),
            kept_at: session.kept_at().unix(),
            lease: session.lease_seconds().map(i64::from),
            captured: serde_json::to_string(&captured).map_err(internal)?,
        })
    }
}

/// What has to be written so that the table holds what was decided.
#[derive(Debug)]
pub(crate) struct Difference {
    pub(crate) put: Vec<Row>,
    pub(crate) gone: Vec<SessionId>,
}

impl Difference {
    pub(crate) fn between(before: &[Session], after: &Seats) -> Result<Self> {
        let known: BTreeMap<SessionId, &Session> =
            before.iter().map(|session| (session.id(), session)).collect();
        let is_new = |session: &&Session| known.get(&session.id()) != Some(session);
        let put = after.sessions().filter(is_new).map(Row::of).collect::<Result<_>>()?;
        let gone = known.into_keys().filter(|id| after.session(id).is_err()).collect();
        Ok(Self { put, gone })
    }
}
