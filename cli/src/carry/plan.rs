//! What rows become: commands at the instants at which they would have been given.
//!
//! All commands of a step have ids that follow from the row, so that the same file again does
//! nothing twice. Whether something may be done, the ledger decides.

use std::collections::{BTreeMap, BTreeSet};

use mlicense_core::{
    access::Actor,
    document::{Nonce, Request, RequestFields, RequestKind},
    error::{ErrorKind, Language, Refusal},
    history::{Command, Envelope, StockSource, StreamId},
    id::{ActorId, CommandId, CustomerId, LicenseType, ProductId, SystemId},
    signing::{Signer, sha256},
    time::{Day, Instant, Term},
    view::{Query, View},
    wallet::LotKind,
};
use mlicense_ledger::Ledger;

use super::{
    csv::Bought,
    import::{Came, Row},
};
use crate::{
    exit::Exit,
    fault::{Fault, Result},
    keys, vendor,
};

/// An import that is under way.
pub(super) struct Importing {
    pub(super) actor: ActorId,
    pub(super) now: Instant,
    pub(super) language: Language,
}

/// The licences that one system got on one day.
type Period = (CustomerId, Day, Option<(ProductId, SystemId)>);

impl Importing {
    /// Does every row, each customer's in the order of their days; told in the order of the file.
    pub(super) fn run(
        &self,
        ledger: &Ledger,
        rows: Vec<(u64, Result<Bought, Refusal>)>,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Vec<Row>> {
        let all = u64::try_from(rows.len()).unwrap_or(u64::MAX);
        let mut report: BTreeMap<u64, Row> = BTreeMap::new();
        let mut periods: BTreeMap<Period, Vec<Bought>> = BTreeMap::new();
        for (line, row) in rows {
            match row {
                Ok(bought) => {
                    let system = bought.system.clone();
                    let system = system.map(|system| (bought.product.clone(), system));
                    let period = (bought.customer.clone(), bought.start, system);
                    periods.entry(period).or_default().push(bought);
                }
                Err(refusal) => {
                    report.insert(line, self.refused(line, &refusal.into()));
                }
            }
        }
        for ((customer, start, system), rows) in &periods {
            let before = done_before(ledger, customer, self.now)?;
            let step = Step { import: self, ledger, before: &before, start: *start };
            for (line, row) in step.period(rows, system.as_ref())? {
                report.insert(line, row);
                progress(u64::try_from(report.len()).unwrap_or(u64::MAX), all);
            }
        }
        Ok(report.into_values().collect())
    }

    fn refused(&self, line: u64, fault: &Fault) -> Row {
        let fault = Some(fault.view(self.language));
        Row { place: place(line), result: Came::Refused, what: String::new(), fault }
    }
}

fn place(line: u64) -> String {
    format!("line {line}")
}

/// The commands that were done for a customer.
fn done_before(
    ledger: &Ledger,
    customer: &CustomerId,
    now: Instant,
) -> Result<BTreeSet<CommandId>> {
    let stream = StreamId::Customer(customer.clone());
    let (mut after, mut done) = (0, BTreeSet::new());
    loop {
        let query = Query::History { stream: stream.clone(), after, limit: Query::HISTORY_MAX };
        let View::History(entries) = ledger.query(&query, now)? else { return Ok(done) };
        let Some(last) = entries.last() else { return Ok(done) };
        after = last.index;
        done.extend(entries.into_iter().map(|entry| entry.command));
    }
}

/// What is done on one day for one customer.
struct Step<'a> {
    import: &'a Importing,
    ledger: &'a Ledger,
    before: &'a BTreeSet<CommandId>,
    start: Day,
}

impl Step<'_> {
    /// Stocks every row, and allocates what a system got to the period that begins.
    fn period(
        &self,
        rows: &[Bought],
        system: Option<&(ProductId, SystemId)>,
    ) -> Result<Vec<(u64, Row)>> {
        let Some(first) = rows.first() else { return Ok(Vec::new()) };
        let stocked: Vec<Result<Came>> = match self.prepare((first, rows), system) {
            Ok(()) => rows.iter().map(|row| self.stock(row)).collect(),
            Err(fault) => rows.iter().map(|_| Err(again(&fault))).collect(),
        };
        let allocated = match system {
            Some(system) if stocked.iter().all(Result::is_ok) => {
                self.allocate((first, rows), system)
            }
            _ => Ok(Came::DoneBefore),
        };
        let mut report = Vec::new();
        for (row, stocked) in rows.iter().zip(stocked) {
            let came = match (stocked, &allocated) {
                (Ok(_), Err(fault)) => Err(again(fault)),
                (Ok(Came::DoneBefore), Ok(came)) => Ok(*came),
                (stocked, _) => stocked,
            };
            let told = match came {
                Ok(result) => Row { place: place(row.line), result, what: words(row), fault: None },
                Err(fault) if fault.exit() == Exit::Refused => {
                    self.import.refused(row.line, &fault)
                }
                // A store that fails one row fails the next one too.
                Err(fault) => return Err(fault),
            };
            report.push((row.line, told));
        }
        Ok(report)
    }

    /// Registers the customer, and describes the system with what it got.
    fn prepare(
        &self,
        (first, rows): (&Bought, &[Bought]),
        system: Option<&(ProductId, SystemId)>,
    ) -> Result<()> {
        let at = self.at(first)?;
        let (customer, zone) = (first.customer.clone(), first.zone);
        let id = id(&["customer", customer.as_str()])?;
        let register = Command::RegisterCustomer { customer, zone, region: None };
        unless(ErrorKind::CustomerAlreadyRegistered, self.give(id, register, at))?;
        match system {
            Some((_, system)) => self.describe((first, rows), system, at),
            None => Ok(()),
        }
    }

    /// Puts the licences into the wallet.
    fn stock(&self, row: &Bought) -> Result<Came> {
        let stock = Command::StockLicenses {
            customer: row.customer.clone(),
            product: row.product.clone(),
            contents: vec![row.contents.clone()],
            source: StockSource::Purchase,
            purchase: Some(row.id.clone()),
        };
        let id = id(&["stock", row.customer.as_str(), row.product.as_str(), &row.id])?;
        self.give(id, stock, self.at(row)?)
    }

    /// Starts the subscription and allocates all that the system got on this day.
    fn allocate(
        &self,
        (first, rows): (&Bought, &[Bought]),
        (product, system): &(ProductId, SystemId),
    ) -> Result<Came> {
        let at = self.at(first)?;
        let (customer, product) = (first.customer.clone(), product.clone());
        let LotKind::Subscription(term) = first.contents.kind else {
            return Err(ErrorKind::Internal.into());
        };
        let day = self.start.to_string();
        let key = [customer.as_str(), product.as_str(), system.as_str(), &day];
        let allocation = id(&[&["allocate"], &key[..]].concat())?;
        if self.before.contains(&allocation) {
            return Ok(Came::DoneBefore);
        }
        self.subscribe((&customer, &product), term, at)?;
        let quantities = quantities(rows);
        let body = Command::Allocate { customer, product, quantities, ahead: 0, term: Some(term) };
        self.give(allocation, body, at)
    }

    fn subscribe(
        &self,
        (customer, product): (&CustomerId, &ProductId),
        term: Term,
        at: Instant,
    ) -> Result<()> {
        let start = id(&["start", customer.as_str(), product.as_str()])?;
        let (customer, product) = (customer.clone(), product.clone());
        let body = Command::StartSubscription { customer, product, term: Some(term) };
        unless(ErrorKind::SubscriptionAlreadyStarted, self.give(start, body, at))
    }

    /// Describes the system with the devices it had then, as its own request would.
    ///
    /// The key of the request is made here and thrown away: the system's own installation describes
    /// it anew when it first asks.
    fn describe(
        &self,
        (first, rows): (&Bought, &[Bought]),
        system: &SystemId,
        at: Instant,
    ) -> Result<()> {
        let day = self.start.to_string();
        let (customer, product) = (first.customer.as_str(), first.product.as_str());
        let devices = quantities(rows);
        // A row that was mended since is another description of the day.
        let counted = format!("{devices:?}");
        let id = id(&["system", customer, product, system.as_str(), &day, &counted])?;
        // Each request has another key, so the same step is another command.
        if self.before.contains(&id) {
            return Ok(());
        }
        let nonce = Nonce::from_entropy(keys::random()?);
        let mut fields = RequestFields::new(RequestKind::System, first.product.clone(), nonce, at);
        fields.system = Some(system.clone());
        fields.customer = Some(first.customer.clone());
        fields.devices = devices;
        let request = Request::write(&fields, &Signer::from_seed(keys::random()?))?;
        let body = Command::TakeRequest { customer: Some(first.customer.clone()), request };
        self.give(id, body, at).map(|_| ())
    }

    fn give(&self, id: CommandId, body: Command, at: Instant) -> Result<Came> {
        if self.before.contains(&id) {
            return Ok(Came::DoneBefore);
        }
        let actor = Actor::vendor(self.import.actor.clone());
        let receipt = self.ledger.execute(&Envelope { id, actor, body }, at)?;
        Ok(if receipt.events.is_empty() { Came::DoneBefore } else { Came::Done })
    }

    /// The first second of the day on which the licences start, in the customer's zone.
    fn at(&self, row: &Bought) -> Result<Instant> {
        let at = row.zone.start_of(row.start);
        if at <= self.import.now {
            return Ok(at);
        }
        let start = row.start.to_string();
        Err(vendor::refusal("start", &start, "a day that has come").into())
    }
}

/// The devices that licences of a system are for.
fn quantities(rows: &[Bought]) -> BTreeMap<LicenseType, u32> {
    let mut sums: BTreeMap<LicenseType, u32> = BTreeMap::new();
    for row in rows {
        let sum = sums.entry(row.contents.license_type.clone()).or_default();
        *sum = sum.saturating_add(row.contents.quantity);
    }
    sums
}

/// A fault that holds for several rows.
fn again(fault: &Fault) -> Fault {
    match fault {
        Fault::Refused(refusal) => Fault::Refused(refusal.clone()),
        _ => ErrorKind::Internal.into(),
    }
}

/// Takes one refusal for what it says: it is so already.
fn unless(already: ErrorKind, given: Result<Came>) -> Result<()> {
    match given {
        Err(Fault::Refused(refusal)) if refusal.kind() == already => Ok(()),
        given => given.map(|_| ()),
    }
}

fn words(row: &Bought) -> String {
    let Bought { customer, product, contents, start, .. } = row;
    format!("{customer} {product} {}={} {start}", contents.license_type, contents.quantity)
}

/// The id of a command that follows from what it is about.
fn id(parts: &[&str]) -> Result<CommandId> {
    // A unit separator stands in no id and no number of a purchase.
    let digest = sha256(parts.join("\u{1f}").as_bytes());
    let text = data_encoding::HEXLOWER.encode(&digest);
    let short: String = text.chars().take(ID_CHARACTERS).collect();
    Ok(CommandId::new(&format!("import-{short}"))?)
}

/// 128 bits: nobody meets two of them by chance.
const ID_CHARACTERS: usize = 32;
