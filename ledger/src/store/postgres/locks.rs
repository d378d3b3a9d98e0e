//! What a transaction that writes waits for before it reads.

use std::collections::BTreeSet;

use mlicense_core::{
    history::{Claim, StreamId},
    id::CommandId,
    signing::sha256,
};

use super::transaction::{Open, params};
use crate::error::Result;

/// Classes of advisory locks: "mlic" in ASCII and the number after it.
const LOCK_CLAIM: i32 = 0x6d6c_6963;
const LOCK_COMMAND: i32 = 0x6d6c_6964;

impl Open<'_> {
    /// Waits until no other call does the same command.
    pub(super) fn hold_command(&self, id: &CommandId) {
        let [a, b, c, d, ..] = digest(&[id.as_str()]);
        let lock = i32::from_le_bytes([a, b, c, d]);
        self.later("SELECT pg_advisory_xact_lock($1, $2)", params![LOCK_COMMAND, lock]);
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

    /// Waits until no other command holds these streams; how many of them are there.
    pub(super) fn hold_heads(&self, streams: &BTreeSet<StreamId>) -> Result<usize> {
        let names: Vec<String> = streams.iter().map(ToString::to_string).collect();
        let sql = "SELECT FROM head WHERE stream = ANY($1) ORDER BY stream FOR UPDATE";
        Ok(self.ask_with_heads((sql, &[&names]), streams)?.len())
    }
}

fn digest(parts: &[&str]) -> [u8; 32] {
    sha256(parts.join("\n").as_bytes())
}
