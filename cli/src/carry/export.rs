//! `mlicense export`.

use std::{
    fs::OpenOptions,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};
use mlicense_core::{
    error::Language,
    history::StreamId,
    id::{CustomerId, ProductId},
    time::{Instant, Zone},
    view::{LotView, Query, View},
};
use mlicense_ledger::{ExportOptions, Ledger};
use serde::Serialize;
use serde_json::Value;

use crate::{
    context::{Context, unserializable},
    exit::Exit,
    fault::{Doing, Fault, Result},
    files,
    vendor::Book,
    words::Sentence,
};

/// Take licences out: rows of CSV or JSON, or the whole ledger
#[derive(Debug, Subcommand)]
pub(crate) enum Export {
    Csv(Rows),
    Jsonl(Jsonl),
    Ledger(Whole),
}

/// Write every purchase of every customer as a row of CSV
///
/// The columns are those of import csv, so that what was sold can be carried to another ledger or
/// looked at in a spreadsheet. Beside them stand left, how many are still in the wallet, and until,
/// the first day after the current period; an import passes over both.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense export csv sold.csv --ledger vendor.ledger")]
pub(crate) struct Rows {
    /// The file to make
    file: PathBuf,
    #[command(flatten)]
    book: Book,
}

/// Write every purchase of every customer as a line of JSON
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense export jsonl sold.jsonl --ledger vendor.ledger")]
pub(crate) struct Jsonl {
    #[command(flatten)]
    rows: Rows,
}

/// Write the whole ledger as lines of JSON, from which import ledger makes the same again
///
/// The file is as secret as the ledger: it has the salt under which codes and addresses are
/// digested. Only its owner may read it.
#[derive(Debug, Args)]
#[command(name = "ledger")]
#[command(after_help = "\
Examples:
  mlicense export ledger vendor.jsonl --ledger vendor.ledger")]
pub(crate) struct Whole {
    /// The file to make
    file: PathBuf,
    /// Leave names and addresses out
    #[arg(long)]
    without_people: bool,
    /// Leave out what is yet to be sent
    #[arg(long)]
    without_outbox: bool,
    #[command(flatten)]
    book: Book,
}

/// A lot that a customer got.
#[derive(Debug, Serialize)]
struct Sold {
    id: String,
    customer: CustomerId,
    zone: String,
    product: ProductId,
    license_type: String,
    quantity: u64,
    #[serde(rename = "for")]
    kind: String,
    start: String,
    system: Option<String>,
    /// How many are still in the wallet.
    left: Option<u64>,
    /// The first day after the current period of the product.
    until: Option<String>,
    #[serde(skip)]
    lot: u64,
}

impl Export {
    pub(crate) fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        match self {
            Self::Csv(command) => command.run(context, csv_of),
            Self::Jsonl(command) => command.rows.run(context, lines_of),
            Self::Ledger(command) => command.run(context),
        }
    }
}

impl Rows {
    fn run(self, context: &mut Context<'_>, form: fn(&[Sold]) -> Result<Vec<u8>>) -> Result<Exit> {
        let ledger = self.book.open_read_only()?;
        let now = context.now();
        let mut sold = Vec::new();
        for customer in customers(&ledger, now)? {
            sold.extend(sold_to(&ledger, &customer, now)?);
        }
        files::make(&self.file, &form(&sold)?)?;
        tell(context, &self.file, sold.len())
    }
}

impl Whole {
    fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        let ledger = self.book.open_read_only()?;
        let mut options = OpenOptions::new();
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.write(true).create_new(true).open(&self.file).map_err(|error| {
            let exists = error.kind() == std::io::ErrorKind::AlreadyExists;
            let doing = if exists { Doing::Making } else { Doing::Writing };
            files::fault(&self.file, doing, error)
        })?;
        let mut to = BufWriter::new(file);
        let kinds = ExportOptions { people: !self.without_people, outbox: !self.without_outbox };
        let written = context.with_progress(|progress| {
            ledger.export(&mut to, kinds, &mut |made| progress(made.done, made.of))
        });
        let synced = to.flush().and_then(|()| to.get_ref().sync_all());
        let written = written
            .map_err(Fault::from)
            .and_then(|()| synced.map_err(|error| files::fault(&self.file, Doing::Writing, error)));
        if let Err(fault) = written {
            // What was written is no export.
            let _ = std::fs::remove_file(&self.file);
            return Err(fault);
        }
        let events = usize::try_from(ledger.verify()?.events).unwrap_or(usize::MAX);
        tell(context, &self.file, events)
    }
}

fn tell(context: &mut Context<'_>, file: &Path, count: usize) -> Result<Exit> {
    let value = serde_json::json!({"file": file.display().to_string(), "count": count});
    let count = count.to_string();
    context.answer(&value, |context| context.say(Sentence::Exported, &[("count", &count)]))?;
    Ok(Exit::Done)
}

/// Every customer, in the order in which they were registered.
fn customers(ledger: &Ledger, now: Instant) -> Result<Vec<CustomerId>> {
    let (mut after, mut found) = (None, Vec::new());
    loop {
        let query = Query::Journal {
            stream: None,
            actor: None,
            kind: Some("registered".to_owned()),
            since: None,
            until: None,
            after,
            limit: Query::HISTORY_MAX,
        };
        let View::Journal(page) = ledger.query(&query, now)? else { return Ok(found) };
        for entry in page.entries {
            if let StreamId::Customer(customer) = entry.stream {
                found.push(customer);
            }
        }
        after = page.next;
        if after.is_none() {
            return Ok(found);
        }
    }
}

/// Every purchase of a customer, as its history tells it.
fn sold_to(ledger: &Ledger, customer: &CustomerId, now: Instant) -> Result<Vec<Sold>> {
    let overview = Query::Overview { customer: customer.clone(), language: Language::En };
    let View::Overview(overview) = ledger.query(&overview, now)? else { return Ok(Vec::new()) };
    let stream = StreamId::Customer(customer.clone());
    let (mut after, mut sold) = (0, Vec::new());
    loop {
        let query = Query::History { stream: stream.clone(), after, limit: Query::HISTORY_MAX };
        let View::History(entries) = ledger.query(&query, now)? else { break };
        let Some(last) = entries.last() else { break };
        after = last.index;
        for entry in &entries {
            let event = serde_json::to_value(&entry.event).map_err(unserializable)?;
            sold.extend(lots(&event, customer, overview.zone));
        }
    }
    for row in &mut sold {
        row.left = left(ledger, row, now)?;
        let status = overview.products.get(&row.product).map(|product| &product.status);
        let status = status.map(serde_json::to_value).transpose().map_err(unserializable)?;
        row.until = status.and_then(|status| Some(status.get("end")?.as_str()?.to_owned()));
    }
    Ok(sold)
}

/// The lots that an event tells of; other events tell of none.
fn lots(event: &Value, customer: &CustomerId, zone: Zone) -> Vec<Sold> {
    let kinds = [
        ("licenses_stocked", "quantity", ""),
        ("key_redeemed", "quantity", ""),
        ("host_licenses_stocked", "hosts", "host"),
        ("device_licenses_stocked", "quantity", "device"),
    ];
    let find = |(name, count, kind): &(&'static str, &'static str, &'static str)| {
        event.get(name).map(|told| (told, *count, *kind))
    };
    let Some((told, count, kind)) = kinds.iter().find_map(find) else { return Vec::new() };
    let text = |value: &Value, name: &str| value.get(name)?.as_str().map(str::to_owned);
    let row = |lot: &Value| {
        let product = text(told, "product")?;
        let kind = if kind.is_empty() { lot_kind(lot.get("kind")?)? } else { kind.to_owned() };
        Some(Sold {
            id: format!("{customer}-{product}-{}", lot.get("id")?),
            customer: customer.clone(),
            zone: zone.to_string(),
            product: product.parse().ok()?,
            license_type: text(lot, "license_type")?,
            quantity: lot.get(count)?.as_u64()?,
            kind,
            start: text(lot, "stored_on")?,
            system: None,
            left: None,
            until: None,
            lot: lot.get("id")?.as_u64()?,
        })
    };
    told.get("lots").and_then(Value::as_array).into_iter().flatten().filter_map(row).collect()
}

/// What a lot is good for, as the column `for` says it.
fn lot_kind(kind: &Value) -> Option<String> {
    match kind.get("subscription") {
        Some(months) => Some(months.to_string()),
        None => kind.as_str().map(str::to_owned),
    }
}

/// How many of a lot are still in the wallet; none where licences have no wallet.
fn left(ledger: &Ledger, row: &Sold, now: Instant) -> Result<Option<u64>> {
    if ["host", "device"].contains(&row.kind.as_str()) {
        return Ok(None);
    }
    let query = Query::Wallet { customer: row.customer.clone(), product: row.product.clone() };
    let View::Wallet(wallet) = ledger.query(&query, now)? else { return Ok(None) };
    let of = |lot: &LotView| serde_json::to_value(lot.lot.id).ok()?.as_u64();
    let found = wallet.lots.iter().find(|lot| of(lot) == Some(row.lot));
    Ok(found.map(|lot| u64::from(lot.left)))
}

fn csv_of(sold: &[Sold]) -> Result<Vec<u8>> {
    let failed = |error: ::csv::Error| Fault::Output(std::io::Error::other(error));
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    for row in sold {
        writer.serialize(row).map_err(failed)?;
    }
    writer.into_inner().map_err(|error| Fault::Output(std::io::Error::other(error.to_string())))
}

fn lines_of(sold: &[Sold]) -> Result<Vec<u8>> {
    let mut lines = Vec::new();
    for row in sold {
        lines.extend(serde_json::to_vec(row).map_err(unserializable)?);
        lines.push(b'\n');
    }
    Ok(lines)
}
