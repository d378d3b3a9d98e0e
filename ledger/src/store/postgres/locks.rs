//! What a transaction that writes waits for before it reads.

use std::collections::BTreeSet;

use mlicense_core::{
    history::{Claim, StreamId},
    id::CommandId,
    signing::sha256,
};
use tokio_postgres::Row;

use super::{
    session::{Asked, Params},
    transaction::{Open, params},
};
use crate::error::Result;

/// Class of the advisory locks of claims: "mlic" in ASCII.
const LOCK_CLAIM: i32 = 0x6d6c_6963;

/// Heads of streams, held to the end of the transaction, each with the index of its last event.
macro_rules! hold {
    ($only:literal) => {
        concat!(
            "SELECT stream, idx, chain,
                 (SELECT idx FROM event WHERE stream = head.stream ORDER BY idx DESC LIMIT 1)
             FROM head WHERE stream = ANY($1) ",
            $only,
            " ORDER BY stream FOR UPDATE"
        )
    };
}
const HOLD: &str = hold!("");
/// The same unless a command was done: whoever gives it again waits for nobody.
const HOLD_FOR: &str = hold!("AND NOT EXISTS (SELECT FROM receipt WHERE command = $2)");

/// Writes the key of a command, for as long as [`LEAVE`] lets it stand.
pub(super) const PROBE: &str = "INSERT INTO receipt (command, digest, at, events)
    VALUES ($1, '', '', '')";
/// The same, and nothing where it was done.
pub(super) const PROBE_IF_FREE: &str = "INSERT INTO receipt (command, digest, at, events)
    VALUES ($1, '', '', '') ON CONFLICT DO NOTHING";
const LEAVE: &str = "DELETE FROM receipt WHERE command = $1 AND digest = ''";

impl Open<'_> {
    /// Waits, when the next question is sent, until nobody else is about to do this command: its key
    /// waits for whoever has written it.
    pub(super) fn await_command(&self, id: &CommandId, probe: &'static str) {
        self.later(probe, params![id.to_string()]);
        self.later(LEAVE, params![id.to_string()]);
    }

    /// Waits until no other command looks at these claims, held or free. A free claim has no row to
    /// lock, so each falls into one of 256 locks: few enough for the server's table of locks.
    pub(super) fn hold_claims(&self, claims: &BTreeSet<Claim>) {
        let locks = claims.iter().map(|claim| {
            let [first, ..] = digest(&[claim.space.name(), &claim.digest]);
            i32::from(first)
        });
        let locks: Vec<i32> = locks.collect::<BTreeSet<i32>>().into_iter().collect();
        let sql = "SELECT pg_advisory_xact_lock($1, lock) FROM unnest($2::INT[]) AS lock";
        self.later(sql, params![LOCK_CLAIM, locks]);
    }

    /// Waits until no other command holds these streams; whether all of them are there.
    pub(super) fn hold_heads(&self, streams: &BTreeSet<StreamId>) -> Result<bool> {
        let heads = self.query(HOLD, &[&names(streams)])?;
        self.take_heads(streams, &heads)
    }

    /// Asks what a command came to that was done before, and holds these streams if it was not.
    pub(super) fn ask_and_hold(
        &self,
        question: Asked<'_>,
        (id, streams): (&CommandId, &BTreeSet<StreamId>),
    ) -> Result<Vec<Row>> {
        let hold: Params<'_> = &[&names(streams), &id.as_str()];
        let mut answers = self.send(&[question, (HOLD_FOR, hold)])?;
        let heads = answers.pop().unwrap_or_default();
        self.take_heads(streams, &heads)?;
        Ok(answers.pop().unwrap_or_default())
    }

    fn take_heads(&self, streams: &BTreeSet<StreamId>, heads: &[Row]) -> Result<bool> {
        for row in heads {
            let index = self.index(self.column(row, 1)?)?;
            let last: Option<i64> = self.column(row, 3)?;
            let last = last.map(|last| self.index(last)).transpose()?;
            // Who had to wait has the head as it became, but the last event as it was.
            if last.unwrap_or(0) == index {
                let stream: &str = self.column(row, 0)?;
                let stream = stream.parse().map_err(|refusal| self.corrupt(refusal))?;
                let found = (Some((index, self.chain(row, 2)?)), last);
                self.ahead.borrow_mut().insert(stream, found);
            }
        }
        let are_there = heads.len() == streams.len();
        if are_there {
            self.held.borrow_mut().extend(streams.iter().cloned());
        }
        Ok(are_there)
    }
}

fn names(streams: &BTreeSet<StreamId>) -> Vec<String> {
    streams.iter().map(ToString::to_string).collect()
}

fn digest(parts: &[&str]) -> [u8; 32] {
    sha256(parts.join("\n").as_bytes())
}
