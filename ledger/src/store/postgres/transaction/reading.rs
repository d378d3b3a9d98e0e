//! What a transaction reads.

use std::collections::{BTreeMap, BTreeSet};

use mlicense_core::{
    history::{ChainHash, Claim, Envelope, Holder, StreamId},
    id::PersonId,
    person::PersonFields,
    view::CustomerRow,
};

use super::{Asked, Doing, EVENTS_READ_MAX, HEAD, Open, PROBE_IF_FREE};
use crate::{
    error::Result,
    store::{
        Cache, EventPlace, JournalKey, Page, Reading, Remembered, Stored, Walk, Walked, Walking,
        at_last_event,
    },
};

/// A command that was done, and the head of the stream that every other looks at first.
const REMEMBERED: &str = "SELECT NULL, digest, at, events FROM receipt WHERE command = $1
     UNION ALL
     SELECT idx, chain, NULL, NULL FROM head WHERE stream = $2
     UNION ALL
     (SELECT idx, NULL, NULL, NULL FROM event WHERE stream = $2 ORDER BY idx DESC LIMIT 1)";

impl Open<'_> {
    /// Whether states of all these streams are kept: then they were there, and most are there for ever.
    fn are_known(&self, streams: &BTreeSet<StreamId>) -> bool {
        streams.iter().all(|stream| self.cache.knows(stream))
    }
}

impl Reading for Open<'_> {
    fn cache(&self) -> &Cache {
        self.cache
    }

    fn head(&self, stream: &StreamId) -> Result<Option<(u64, ChainHash)>> {
        let name = stream.to_string();
        let ahead = self.ahead.borrow_mut().remove(stream);
        let found = |rows: Vec<_>| self.found(&rows);
        let (head, last) = ahead.map_or_else(|| self.query(HEAD, &[&name]).and_then(found), Ok)?;
        // One that was only placed has none.
        let head = at_last_event(&name, head.filter(|(index, _)| *index > 0), last)?;
        self.see(stream, head.map_or(0, |(index, _)| index));
        Ok(head)
    }

    fn hold(&self, streams: &BTreeSet<StreamId>) -> Result<()> {
        if self.doing != Doing::Writing || streams.is_subset(&self.held.borrow()) {
            return Ok(());
        }
        if self.are_known(streams) && self.hold_heads(streams)? {
            return Ok(());
        }
        let names: Vec<String> = streams.iter().map(ToString::to_string).collect();
        // A stream to come gets its head first, so that it has something to lock.
        let placed = self.query(
            "INSERT INTO head (stream, idx, chain)
             SELECT stream, 0, $2 FROM unnest($1::TEXT[]) AS wanted (stream)
             ORDER BY stream COLLATE \"C\"
             ON CONFLICT DO NOTHING RETURNING stream",
            &[&names, &ChainHash::GENESIS.as_bytes().as_slice()],
        )?;
        for row in &placed {
            self.placed.borrow_mut().insert(self.column(row, 0)?);
        }
        self.hold_heads(streams).map(drop)
    }

    fn remembered(&self, command: &Envelope) -> Result<Option<Remembered>> {
        if self.lost {
            self.await_command(&command.id, PROBE_IF_FREE);
        }
        let catalogue = StreamId::Catalogue.to_string();
        let question: Asked<'_> = (REMEMBERED, &[&command.id.as_str(), &catalogue]);
        let mut named = command.streams().unwrap_or_default();
        named.remove(&StreamId::Catalogue);
        let are_foreseen = !named.is_empty() && self.are_known(&named);
        let rows = if self.doing == Doing::Writing && are_foreseen {
            // What is not needed after all is let go at the end.
            self.ask_and_hold(question, (&command.id, &named))?
        } else {
            self.query(question.0, question.1)?
        };
        let (done, catalogue): (Vec<_>, Vec<_>) =
            rows.into_iter().partition(|row| row.try_get::<_, &str>(2).is_ok());
        // Every command looks at the catalogue next.
        self.ahead.borrow_mut().insert(StreamId::Catalogue, self.found(&catalogue)?);
        done.first().map(|row| self.receipt(row, 1)).transpose()
    }

    fn events_at(&self, places: &[EventPlace]) -> Result<BTreeMap<EventPlace, Stored>> {
        // None has an index that a column cannot hold.
        let place = |(stream, index): &EventPlace| {
            i64::try_from(*index).ok().map(|index| (stream.to_string(), index))
        };
        let (streams, indexes): (Vec<String>, Vec<i64>) = places.iter().filter_map(place).unzip();
        let rows = self.query(
            "SELECT stream, idx, json, chain
             FROM unnest($1::TEXT[], $2::BIGINT[]) AS wanted (stream, idx)
             JOIN event USING (stream, idx)",
            &[&streams, &indexes],
        )?;
        let read = |row| {
            let index = self.index(self.column(row, 1)?)?;
            let stored = Stored { index, json: self.column(row, 2)?, chain: self.chain(row, 3)? };
            Ok(((self.parsed(row, 0)?, index), stored))
        };
        rows.iter().map(read).collect()
    }

    fn holders(&self, claims: &BTreeSet<Claim>) -> Result<BTreeMap<Claim, Holder>> {
        if claims.is_empty() {
            return Ok(BTreeMap::new());
        }
        if self.doing == Doing::Writing {
            self.hold_claims(claims);
        }
        let key = |claim: &Claim| (claim.space.name(), claim.digest.clone());
        let (spaces, digests): (Vec<&str>, Vec<String>) = claims.iter().map(key).unzip();
        let rows = self.query(
            "SELECT wanted.place, claim.holder
             FROM unnest($1::TEXT[], $2::TEXT[]) WITH ORDINALITY AS wanted (space, digest, place)
             JOIN claim USING (space, digest)",
            &[&spaces, &digests],
        )?;
        let wanted: Vec<&Claim> = claims.iter().collect();
        let mut held = BTreeMap::new();
        for row in &rows {
            let place: i64 = self.column(row, 0)?;
            let holder: &str = self.column(row, 1)?;
            let holder = holder.parse().map_err(|refusal| self.corrupt(refusal))?;
            let place = usize::try_from(place).ok().and_then(|place| place.checked_sub(1));
            if let Some(claim) = place.and_then(|place| wanted.get(place)) {
                held.insert(Claim::clone(claim), holder);
            }
        }
        Ok(held)
    }

    fn person(&self, id: &PersonId) -> Result<Option<PersonFields>> {
        let sql = "SELECT name, email, company, phone, tax_id, username, address
                   FROM person WHERE id = $1";
        let rows = self.query(sql, &[&id.as_str()])?;
        let read = |row| {
            Ok(PersonFields {
                name: self.column(row, 0)?,
                email: self.column(row, 1)?,
                company: self.column(row, 2)?,
                phone: self.column(row, 3)?,
                tax_id: self.column(row, 4)?,
                username: self.column(row, 5)?,
                address: self.column(row, 6)?,
            })
        };
        rows.first().map(read).transpose()
    }

    fn linked(&self, holder: &StreamId, limit: u32) -> Result<Vec<CustomerRow>> {
        let sql = "SELECT link.customer, person.name, person.email
                   FROM link LEFT JOIN person ON person.id = link.contact
                   WHERE link.holder = $1 ORDER BY link.customer LIMIT $2";
        let rows = self.query(sql, &[&holder.to_string(), &i64::from(limit)])?;
        let read = |row| {
            let customer: &str = self.column(row, 0)?;
            let customer = customer.parse().map_err(|refusal| self.corrupt(refusal))?;
            Ok(CustomerRow { customer, name: self.column(row, 1)?, email: self.column(row, 2)? })
        };
        rows.iter().map(read).collect()
    }

    fn messages(&self, limit: u32) -> Result<Vec<(u64, String, String)>> {
        let sql = "SELECT id, command, json FROM outbox ORDER BY id LIMIT $1";
        let rows = self.query(sql, &[&i64::from(limit)])?;
        let read = |row| {
            let id = self.index(self.column(row, 0)?)?;
            Ok((id, self.column(row, 1)?, self.column(row, 2)?))
        };
        rows.iter().map(read).collect()
    }

    fn events(
        &self,
        stream: &StreamId,
        page: Page,
        each: &mut dyn FnMut(Stored) -> Result<()>,
    ) -> Result<()> {
        let name = stream.to_string();
        let Page { mut after, mut limit } = page;
        while limit > 0 {
            let events = self.some_events(&name, Page { after, limit })?;
            let count = u32::try_from(events.len()).unwrap_or(u32::MAX);
            for event in events {
                after = event.index;
                each(event)?;
            }
            limit = if count < EVENTS_READ_MAX { 0 } else { limit.saturating_sub(count) };
        }
        self.see(stream, after);
        Ok(())
    }

    fn walk(&self, walking: &mut dyn Walking) -> Result<()> {
        // Also one with an empty name, and one that was only placed.
        let mut some = self.some_heads(("", -1))?;
        let heads = std::iter::from_fn(|| {
            let next = some.pop_front()?;
            if some.is_empty() {
                match self.number(next.1.0).and_then(|last| self.some_heads((&next.0, last))) {
                    Ok(more) => some = more,
                    Err(fault) => return Some(Err(fault)),
                }
            }
            Some(Ok(next))
        });
        let mut walk = Walk::new(heads, walking);
        let sql = "SELECT stream, idx, json, chain, at, actor, kind FROM event
                   WHERE (stream, idx) > ($1, $2) ORDER BY stream, idx LIMIT $3";
        let limit = i64::from(EVENTS_READ_MAX);
        let mut after = (String::new(), 0_i64);
        loop {
            let rows = self.query(sql, &[&after.0, &after.1, &limit])?;
            for row in &rows {
                let index = self.index(self.column(row, 1)?)?;
                let (at, actor) = (self.column(row, 4)?, self.column(row, 5)?);
                let key = JournalKey { at, actor, kind: self.column(row, 6)? };
                let (json, chain) = (self.column(row, 2)?, self.chain(row, 3)?);
                walk.take(self.column(row, 0)?, &Walked { index, json, chain, key })?;
            }
            match rows.last() {
                Some(last) => after = (self.column(last, 0)?, self.column(last, 1)?),
                None => return walk.end(),
            }
        }
    }
}
