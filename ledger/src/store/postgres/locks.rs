//! What a transaction that writes waits for before it reads.

use std::collections::BTreeSet;

use mlicense_core::{
    history::{Claim, StreamId},
    signing::sha256,
};

use super::transaction::{Open, params};
use crate::error::Result;

/// Class of the advisory locks of claims: "mlic" in ASCII.
const LOCK_CLAIM: i32 = 0x6d6c_6963;

impl Open<'_> {
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

    /// Waits until no other command holds these streams; how many of them are there.
    pub(super) fn hold_heads(&self, streams: &BTreeSet<StreamId>) -> Result<usize> {
        let names: Vec<String> = streams.iter().map(ToString::to_string).collect();
        let sql = "SELECT stream, idx, chain,
                   (SELECT idx FROM event WHERE stream = head.stream ORDER BY idx DESC LIMIT 1)
                   FROM head WHERE stream = ANY($1) ORDER BY stream FOR UPDATE";
        let rows = self.query(sql, &[&names])?;
        for row in &rows {
            let index = self.index(self.column(row, 1)?)?;
            let last =
                self.column::<Option<i64>>(row, 3)?.map(|last| self.index(last)).transpose()?;
            // Who had to wait has the head as it became, but not the last event.
            if last.unwrap_or(0) == index {
                let stream: &str = self.column(row, 0)?;
                let stream = stream.parse().map_err(|refusal| self.corrupt(refusal))?;
                let found = (Some((index, self.chain(row, 2)?)), last);
                self.ahead.borrow_mut().insert(stream, found);
            }
        }
        Ok(rows.len())
    }
}

fn digest(parts: &[&str]) -> [u8; 32] {
    sha256(parts.join("\n").as_bytes())
}
