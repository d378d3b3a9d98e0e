//! The journal of an SQLite ledger.

use mlicense_core::{history::StreamId, id::ActorId};
use rusqlite::params_from_iter;

use super::transaction::Open;
use crate::{
    error::Result,
    store::{
        Stored,
        scan::{ROWS, Wanted},
    },
};

/// The question, by one index that is named: without it the answer is an error and no long search.
fn sql(wanted: &Wanted<'_>) -> String {
    let index = match wanted {
        // All events of one stream are few.
        Wanted { stream: Some(_), .. } => "sqlite_autoindex_event_1",
        Wanted { actor: Some(_), .. } => "event_by_actor",
        Wanted { kind: Some(_), .. } => "event_by_kind",
        _ => "event_by_time",
    };
    let stream = wanted.stream.map_or("", |_| "stream = ?1 AND");
    let actor = wanted.actor.map_or("", |_| "actor = ?2 AND");
    let kind = wanted.kind.map_or("", |_| "kind = ?3 AND");
    format!(
        "SELECT stream, idx, json, chain FROM event INDEXED BY {index}
         WHERE {stream} {actor} {kind} (at, stream, idx) > (?4, ?5, ?6) AND at < ?7
         ORDER BY at, stream, idx LIMIT ?8"
    )
}

impl Open<'_> {
    pub(super) fn journal_of(&self, wanted: &Wanted<'_>) -> Result<Vec<(StreamId, Stored)>> {
        let limit = wanted.limit.min(ROWS.saturating_add(1));
        let (at, stream, index) = &wanted.after;
        let named = wanted.stream.map(ToString::to_string);
        let params: [&dyn rusqlite::ToSql; 8] = [
            &named,
            &wanted.actor.map(ActorId::as_str),
            &wanted.kind,
            at,
            stream,
            index,
            &wanted.until,
            &limit,
        ];
        self.rows(&sql(wanted), params_from_iter(params), |row| {
            let stored = Stored {
                index: self.column(row, 1)?,
                json: self.column(row, 2)?,
                chain: self.chain(&self.column::<Vec<u8>>(row, 3)?)?,
            };
            Ok((self.parsed(row, 0)?, stored))
        })
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::{Connection, params};

    use super::*;

    #[test]
    fn no_question_reads_events_that_it_does_not_answer_with() {
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch(include_str!("../../../migrations/sqlite/V1__history.sql"))
            .unwrap();
        connection
            .execute_batch(include_str!("../../../migrations/sqlite/V5__journal.sql"))
            .unwrap();
        connection
            .execute_batch(include_str!("../../../migrations/sqlite/V7__journal.sql"))
            .unwrap();
        let (stream, actor) = (StreamId::Catalogue, ActorId::new("a").unwrap());
        for ((by_actor, by_kind), index, equal) in [
            ((false, false), "event_by_time", ""),
            ((false, true), "event_by_kind", "kind=? AND "),
            ((true, false), "event_by_actor", "actor=? AND "),
            ((true, true), "event_by_actor", "actor=? AND "),
        ] {
            let wanted = Wanted {
                actor: by_actor.then_some(&actor),
                kind: by_kind.then_some("registered"),
                ..all()
            };
            let search = format!("SEARCH event USING INDEX {index} ({equal}");
            let search = format!("{search}(at,stream,idx)>(?,?,?) AND at<?)");
            assert_eq!(plan(&connection, &wanted), [search]);
        }
        let wanted = Wanted { stream: Some(&stream), actor: Some(&actor), ..all() };
        let steps = plan(&connection, &wanted);
        assert_eq!(steps[0], "SEARCH event USING INDEX sqlite_autoindex_event_1 (stream=?)");
    }

    fn all() -> Wanted<'static> {
        let (after, until) = (Default::default(), "~".to_owned());
        Wanted { stream: None, actor: None, kind: None, after, until, limit: 1 }
    }

    /// How SQLite goes about a question; a step more is one that sorts.
    fn plan(connection: &Connection, wanted: &Wanted<'_>) -> Vec<String> {
        let plan = format!("EXPLAIN QUERY PLAN {}", sql(wanted));
        let mut statement = connection.prepare(&plan).unwrap();
        let params = params!["catalogue", "a", "registered", "", "", 0, "~", 1];
        let rows = statement.query_map(params, |row| row.get(3)).unwrap();
        rows.map(Result::unwrap).collect()
    }
}
