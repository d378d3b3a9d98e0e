//! `mlicense history` and `mlicense due`.

use clap::Args;
use mlicense_core::{
    history::StreamId,
    id::{ActorId, PartnerId},
    time::{Day, Instant},
    view::{JournalEntry, Query, View},
};
use serde_json::json;

use super::book::Book;
use crate::{
    context::{Context, unserializable},
    describe::table,
    exit::Exit,
    fault::Result,
    instant,
};

/// Show what was done: of whom, by whom, of what kind, when
///
/// With `--json` every event is one line of JSON, in full.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense history --stream customer/c1 --ledger vendor.ledger
  mlicense history --kind product_defined --since 2026-01-01 --ledger vendor.ledger")]
pub(crate) struct History {
    /// Only what was done to this: customer/ID, partner/ID, person/ID, batch/ID or catalogue
    #[arg(long)]
    stream: Option<StreamId>,
    /// Only what this actor did
    #[arg(long, value_name = "ID")]
    actor: Option<ActorId>,
    /// Only events of this kind, such as allocated
    #[arg(long)]
    kind: Option<String>,
    /// Only from this instant on
    #[arg(long, value_name = "INSTANT", value_parser = instant::parse)]
    since: Option<Instant>,
    /// Only before this instant
    #[arg(long, value_name = "INSTANT", value_parser = instant::parse)]
    until: Option<Instant>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = u32::MAX, hide_default_value = true)]
    limit: u32,
    #[command(flatten)]
    book: Book,
}

/// Show what is coming for all customers without anybody's doing, for whoever sends the mail
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense due --ledger vendor.ledger
  mlicense due --until 2026-06-01 --ledger vendor.ledger --json")]
pub(crate) struct Due {
    /// Only for the customers of this partner
    #[arg(long, value_name = "ID")]
    partner: Option<PartnerId>,
    /// Only what comes before this day
    #[arg(long, value_name = "DAY")]
    until: Option<Day>,
    #[command(flatten)]
    book: Book,
}

impl History {
    pub(crate) fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        let ledger = self.book.open_read_only()?;
        let (mut after, mut left, mut rows) = (None, self.limit, Vec::new());
        while left > 0 {
            let query = Query::Journal {
                stream: self.stream.clone(),
                actor: self.actor.clone(),
                kind: self.kind.clone(),
                since: self.since,
                until: self.until,
                after,
                limit: left.min(Query::HISTORY_MAX),
            };
            let View::Journal(page) = ledger.query(&query, context.now())? else { break };
            left = left.saturating_sub(u32::try_from(page.entries.len()).unwrap_or(u32::MAX));
            for entry in page.entries {
                if context.is_json() {
                    context.show(&entry)?;
                } else {
                    rows.push(row(&entry)?);
                }
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        if !context.is_json() {
            let text = table(&["at", "stream", "index", "event", "actor", "command"], rows);
            context.line(&text)?;
        }
        Ok(Exit::Done)
    }
}

fn row(journal: &JournalEntry) -> Result<Vec<String>> {
    let entry = &journal.entry;
    Ok(vec![
        entry.at.to_string(),
        journal.stream.to_string(),
        entry.index.to_string(),
        entry.event.name()?,
        format!("{} {}", entry.actor.role.name(), entry.actor.id),
        entry.command.to_string(),
    ])
}

impl Due {
    pub(crate) fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        let ledger = self.book.open_read_only()?;
        let (mut after, mut rows) = (None, Vec::new());
        loop {
            let query = Query::ComingDue {
                partner: self.partner.clone(),
                until: self.until,
                after,
                limit: Query::DUE_MAX,
            };
            let View::ComingDue(page) = ledger.query(&query, context.now())? else { break };
            for of in page.customers {
                for due in of.due {
                    let what = serde_json::to_value(&due.what).map_err(unserializable)?;
                    rows.push(json!({
                        "on": due.on,
                        "customer": of.customer,
                        "product": due.product,
                        "what": what,
                    }));
                }
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        context.show(&rows)?;
        Ok(Exit::Done)
    }
}
