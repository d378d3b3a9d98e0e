//! What a transaction writes.

use mlicense_core::{
    customer::{Link, LinkChange},
    history::{Claim, Holder, PersonChange, Recorded, StreamId},
    id::CommandId,
    person::PersonFields,
};

use super::{Later, OnPurpose, Open, PROBE, params};
use crate::{
    error::Result,
    receipt::Receipt,
    store::{Stored, Writing},
};

/// Appends an event where a head was moved to it; else there is no stream to write. Divides, since
/// the server would write rows to its log that a constraint refuses.
macro_rules! append_where {
    ($moved:literal) => {
        concat!(
            "WITH moved AS (",
            $moved,
            " RETURNING 1 AS head)
             INSERT INTO event (stream, idx, json, chain, at, actor, kind)
             VALUES ($1, $2 / coalesce((SELECT head FROM moved), 0), $3, $4, $5, $6, $7)"
        )
    };
}

impl Writing for Open<'_> {
    fn append(&self, event: &Recorded, stored: &Stored) -> Result<()> {
        let (name, index) = (event.stream.to_string(), self.number(event.index)?);
        let sql = if event.index == 1 {
            append_where!(
                "INSERT INTO head (stream, idx, chain) VALUES ($1, $2, $4)
                 ON CONFLICT (stream) DO UPDATE SET idx = excluded.idx, chain = excluded.chain
                 WHERE head.idx = 0"
            )
        } else {
            append_where!(
                "UPDATE head SET idx = $2, chain = $4 WHERE stream = $1 AND idx = $2::BIGINT - 1"
            )
        };
        let chain = stored.chain.as_bytes().to_vec();
        let (at, actor) = (event.at.to_string(), event.actor.id.to_string());
        let kind = event.kind(&stored.json)?.to_owned();
        let params = params![name.clone(), index, stored.json.clone(), chain, at, actor, kind];
        self.placed.borrow_mut().remove(&name);
        let on_purpose = if self.held.borrow().contains(&event.stream) {
            OnPurpose::Misplaced(name, event.index)
        } else {
            OnPurpose::Overtaken
        };
        self.write(Later { sql, params, on_purpose })?;
        self.ahead.borrow_mut().remove(&event.stream);
        if let Some(last) = self.seen.borrow_mut().get_mut(&event.stream) {
            *last = event.index;
        }
        Ok(())
    }

    fn claim(&self, claim: &Claim, holder: &Holder) -> Result<()> {
        self.execute(
            "INSERT INTO claim (space, digest, holder) VALUES ($1, $2, $3)",
            params![claim.space.name(), claim.digest.clone(), holder.to_string()],
        )
    }

    fn release(&self, claim: &Claim) -> Result<()> {
        let sql = "DELETE FROM claim WHERE space = $1 AND digest = $2";
        self.execute(sql, params![claim.space.name(), claim.digest.clone()])
    }

    fn post(&self, command: &CommandId, json: &str) -> Result<()> {
        let sql = "INSERT INTO outbox (command, json) VALUES ($1, $2)";
        self.execute(sql, params![command.to_string(), json.to_owned()])
    }

    fn sent(&self, id: u64) -> Result<()> {
        self.execute("DELETE FROM outbox WHERE id = $1", params![self.number(id)?])
    }

    fn change_person(&self, change: &PersonChange) -> Result<()> {
        match change {
            PersonChange::Keep(id, fields) => {
                let PersonFields { name, email, company, phone, tax_id, username, address, .. } =
                    fields.clone();
                self.execute(
                    "INSERT INTO person
                         (id, name, email, company, phone, tax_id, username, address)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                     ON CONFLICT (id) DO UPDATE SET name = excluded.name, email = excluded.email,
                         company = excluded.company, phone = excluded.phone,
                         tax_id = excluded.tax_id, username = excluded.username,
                         address = excluded.address",
                    params![id.to_string(), name, email, company, phone, tax_id, username, address],
                )
            }
            PersonChange::Erase(id) => {
                self.execute("DELETE FROM person WHERE id = $1", params![id.to_string()])
            }
        }
    }

    fn change_link(&self, change: &LinkChange) -> Result<()> {
        match change {
            LinkChange::Tie(Link { holder, customer, contact }) => self.execute(
                "INSERT INTO link (holder, customer, contact) VALUES ($1, $2, $3)
                 ON CONFLICT (holder, customer) DO UPDATE SET contact = excluded.contact",
                params![
                    holder.to_string(),
                    customer.to_string(),
                    contact.as_ref().map(ToString::to_string)
                ],
            ),
            LinkChange::Cut(Link { holder, customer, .. }) => self.execute(
                "DELETE FROM link WHERE holder = $1 AND customer = $2",
                params![holder.to_string(), customer.to_string()],
            ),
        }
    }

    fn remember(&self, digest: &[u8], receipt: &Receipt) -> Result<()> {
        // What was decided on the catalogue must still hold. All that this command was decided on
        // beside it is held by now and has not changed since; whoever changes the catalogue after
        // this comes after this command in the order of all commands.
        let seen = self.seen.borrow_mut().remove(&StreamId::Catalogue);
        let sql = "INSERT INTO receipt (command, digest, at, events) SELECT $1, $2, $3, $4
                   WHERE 1 / (CASE WHEN EXISTS (SELECT FROM event WHERE stream = $5 AND idx > $6)
                              THEN 0 ELSE 1 END) = 1";
        let params = params![
            receipt.command.to_string(),
            digest.to_vec(),
            receipt.at.to_string(),
            receipt.places()?,
            StreamId::Catalogue.to_string(),
            seen.map_or(Ok(i64::MAX), |last| self.number(last))?,
        ];
        self.write(Later { sql, params, on_purpose: OnPurpose::Overtaken })
    }

    fn refuse(&self, id: &CommandId) -> Result<()> {
        if self.failed.get() {
            // It is that of the statement.
            return Ok(());
        }
        self.await_command(id, PROBE);
        self.send(&[]).map(drop)
    }

    fn written(&self) -> u64 {
        self.written.get()
    }
}
