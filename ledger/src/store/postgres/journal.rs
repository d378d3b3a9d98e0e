//! The journal of a PostgreSQL ledger.

use mlicense_core::{history::StreamId, id::ActorId};
use tokio_postgres::types::ToSql;

use super::transaction::Open;
use crate::{
    error::Result,
    store::{
        Stored,
        scan::{ROWS, Wanted},
    },
};

/// The question, with further conditions.
macro_rules! sql {
    ($($condition:literal),*) => {
        concat!(
            "SELECT stream, idx, json, chain FROM event
             WHERE (at, stream, idx) > ($1, $2, $3) AND at < $4",
            $(" AND ", $condition,)*
            " ORDER BY at, stream, idx LIMIT $5"
        )
    };
}

/// Each question is a text of its own, so that the server plans it by the index that fits.
const fn sql(wanted: &Wanted<'_>) -> &'static str {
    match (wanted.stream, wanted.actor, wanted.kind) {
        (None, None, None) => sql!(),
        (None, None, Some(_)) => sql!("kind = $6"),
        (None, Some(_), None) => sql!("actor = $6"),
        (None, Some(_), Some(_)) => sql!("actor = $6", "kind = $7"),
        (Some(_), None, None) => sql!("stream = $6"),
        (Some(_), None, Some(_)) => sql!("stream = $6", "kind = $7"),
        (Some(_), Some(_), None) => sql!("stream = $6", "actor = $7"),
        (Some(_), Some(_), Some(_)) => sql!("stream = $6", "actor = $7", "kind = $8"),
    }
}

type Param<'a> = &'a (dyn ToSql + Sync);

impl Open<'_> {
    pub(super) fn journal_of(&self, wanted: &Wanted<'_>) -> Result<Vec<(StreamId, Stored)>> {
        let (at, stream, index) = &wanted.after;
        // No index is above what a BIGINT holds.
        let index = i64::try_from(*index).unwrap_or(i64::MAX);
        let limit = i64::from(wanted.limit.min(ROWS.saturating_add(1)));
        let named = wanted.stream.map(ToString::to_string);
        let actor = wanted.actor.map(ActorId::as_str);
        let mut params: Vec<Param<'_>> = vec![at, stream, &index, &wanted.until, &limit];
        params.extend(named.as_ref().map(|named| named as Param<'_>));
        params.extend(actor.as_ref().map(|actor| actor as Param<'_>));
        params.extend(wanted.kind.as_ref().map(|kind| kind as Param<'_>));
        let rows = self.query(sql(wanted), &params)?;
        let read = |row| {
            let stored = Stored {
                index: self.index(self.column(row, 1)?)?,
                json: self.column(row, 2)?,
                chain: self.chain(row, 3)?,
            };
            Ok((self.parsed(row, 0)?, stored))
        };
        rows.iter().map(read).collect()
    }
}
