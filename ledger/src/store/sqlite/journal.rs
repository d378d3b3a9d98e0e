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

/// As in the indexes, word for word: else they are not used.
const AT: &str = "CASE WHEN json_valid(json) THEN json_extract(json, '$.at') END";
const ACTOR: &str = "CASE WHEN json_valid(json) THEN json_extract(json, '$.actor.id') END";
const KIND: &str = "CASE WHEN json_valid(json) THEN substr(json_extract(json, '$.event'), 3, \
                    instr(substr(json_extract(json, '$.event'), 3), '\"') - 1) END";

/// Which part of the answer: SQLite compares a time, a stream and an index at once by a search of
/// the index only when all three are columns, and the time is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// Of the time after which it begins.
    SameTime,
    Later,
}

/// The question, by one index that is named: without it the answer is an error and no long search.
fn sql(wanted: &Wanted<'_>, part: Part) -> String {
    let index = match wanted {
        // All events of one stream are few.
        Wanted { stream: Some(_), .. } => "sqlite_autoindex_event_1",
        Wanted { actor: Some(_), .. } => "event_by_actor",
        Wanted { kind: Some(_), .. } => "event_by_kind",
        _ => "event_by_time",
    };
    let stream = wanted.stream.map_or("", |_| "stream = ?1 AND");
    let actor = wanted.actor.map_or_else(String::new, |_| format!("{ACTOR} = ?2 AND"));
    let kind = wanted.kind.map_or_else(String::new, |_| format!("{KIND} = ?3 AND"));
    let rest = match part {
        Part::SameTime => {
            format!("{AT} = ?4 AND (stream, idx) > (?5, ?6) AND ?4 < ?7 ORDER BY stream, idx")
        }
        Part::Later => format!("{AT} > ?4 AND {AT} < ?7 ORDER BY {AT}, stream, idx"),
    };
    format!(
        "SELECT stream, idx, json, chain FROM event INDEXED BY {index}
         WHERE {stream} {actor} {kind} {rest} LIMIT ?8"
    )
}

impl Open<'_> {
    pub(super) fn journal_of(&self, wanted: &Wanted<'_>) -> Result<Vec<(StreamId, Stored)>> {
        let limit = usize::try_from(wanted.limit.min(ROWS.saturating_add(1)));
        let limit = limit.unwrap_or(usize::MAX);
        let mut found = self.part(wanted, Part::SameTime, limit)?;
        found.extend(self.part(wanted, Part::Later, limit.saturating_sub(found.len()))?);
        Ok(found)
    }

    fn part(
        &self,
        wanted: &Wanted<'_>,
        part: Part,
        limit: usize,
    ) -> Result<Vec<(StreamId, Stored)>> {
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
        self.rows(&sql(wanted, part), params_from_iter(params), |row| {
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
        let (stream, actor) = (StreamId::Catalogue, ActorId::new("a").unwrap());
        for ((by_actor, by_kind), index, equal) in [
            ((false, false), "event_by_time", ""),
            ((false, true), "event_by_kind", "<expr>=? AND "),
            ((true, false), "event_by_actor", "<expr>=? AND "),
            ((true, true), "event_by_actor", "<expr>=? AND "),
        ] {
            let wanted = Wanted {
                actor: by_actor.then_some(&actor),
                kind: by_kind.then_some("registered"),
                ..all()
            };
            let search = format!("SEARCH event USING INDEX {index} ({equal}<expr>");
            let same = format!("{search}=? AND (stream,idx)>(?,?))");
            assert_eq!(plan(&connection, &wanted, Part::SameTime), [same]);
            let later = format!("{search}>? AND <expr><?)");
            assert_eq!(plan(&connection, &wanted, Part::Later), [later]);
        }
        let wanted = Wanted { stream: Some(&stream), actor: Some(&actor), ..all() };
        let steps = plan(&connection, &wanted, Part::Later);
        assert_eq!(steps[0], "SEARCH event USING INDEX sqlite_autoindex_event_1 (stream=?)");
    }

    fn all() -> Wanted<'static> {
        let (after, until) = (Default::default(), "~".to_owned());
        Wanted { stream: None, actor: None, kind: None, after, until, limit: 1 }
    }

    /// How SQLite goes about a question; a step more is one that sorts.
    fn plan(connection: &Connection, wanted: &Wanted<'_>, part: Part) -> Vec<String> {
        let plan = format!("EXPLAIN QUERY PLAN {}", sql(wanted, part));
        let mut statement = connection.prepare(&plan).unwrap();
        let params = params!["catalogue", "a", "registered", "", "", 0, "~", 1];
        let rows = statement.query_map(params, |row| row.get(3)).unwrap();
        rows.map(Result::unwrap).collect()
    }
}
