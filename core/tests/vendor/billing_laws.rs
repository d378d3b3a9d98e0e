//! Laws of what accounts are charged, over random histories, beside a biller who walks from day to
//! day with a purse and knows nothing of histories.

use std::collections::{BTreeMap, VecDeque};

use chrono::{Datelike, NaiveDate};
use mlicense_core::{
    customer::{AccountAgreement, Charge, ChargeKind},
    time::Day,
    view::{self, View},
};
use proptest::{
    prelude::*,
    test_runner::{Config, TestError, TestRunner},
};
use serde_json::{Value, json};

use super::support::{Book, Reads, product};

/// Prices by plan, in the order of the terms; they are odd so that rounding shows.
const PRICES: [(&str, [i64; 3]); 3] =
    [("a", [9_999, 5_555, 1_001]), ("b", [20_003, 11_111, 1_999]), ("c", [15_001, 8_001, 3])];
const TERMS: [u32; 3] = [12, 6, 1];

#[derive(Clone, Debug)]
enum Step {
    Enroll { plan: usize, channels: Option<u32> },
    Delete(usize),
    Plan(usize, usize),
    Replace(usize),
    Term(usize),
    Renew,
    Suspend(bool),
    Wait(u32),
}

/// What is drawn at random: the first day, the policy and the steps.
#[derive(Clone, Debug)]
struct Story {
    first: u32,
    actual: bool,
    automatic: bool,
    steps: Vec<Step>,
}

fn stories() -> impl Strategy<Value = Story> {
    let step = prop_oneof![
        4 => (0..3_usize, prop::option::weighted(0.2, 1..5_u32))
            .prop_map(|(plan, channels)| Step::Enroll { plan, channels }),
        2 => (0..8_usize).prop_map(Step::Delete),
        3 => (0..8_usize, 0..3_usize).prop_map(|(device, plan)| Step::Plan(device, plan)),
        1 => (0..8_usize).prop_map(Step::Replace),
        2 => (0..3_usize).prop_map(Step::Term),
        2 => Just(Step::Renew),
        1 => any::<bool>().prop_map(Step::Suspend),
        4 => prop_oneof![0..3_u32, 20..40_u32, 100..400_u32].prop_map(Step::Wait),
    ];
    // A start on one of the last days of a month lets anchors show.
    let first = prop_oneof![0..1_800_u32, Just(30), Just(89), Just(423), Just(424), Just(1_154)];
    let steps = prop::collection::vec(step, 1..40);
    (first, any::<bool>(), prop::bool::weighted(0.7), steps)
        .prop_map(|(first, actual, automatic, steps)| Story { first, actual, automatic, steps })
}

/// What a biller gets wrong, to see whether that is noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mistake {
    None,
    RoundsDown,
    ChainsPeriods,
    LetsGoOnTheFirstDay,
    ChangesTermsAtOnce,
    ChargesTheWholeOfAnUpgrade,
}

#[derive(Clone, Debug)]
struct Camera {
    name: String,
    had: Vec<usize>,
    units: i64,
    /// The price paid for the current period.
    paid: i64,
    encoder: bool,
}

/// A line of a bill: day, reason, device and amount.
type Line = (NaiveDate, ChargeKind, String, i64);

/// A biller, who charges at the moment in which something happens.
#[derive(Debug)]
struct Biller {
    mistake: Mistake,
    actual: bool,
    automatic: bool,
    today: NaiveDate,
    anchor: Option<NaiveDate>,
    months: u32,
    period: Option<(NaiveDate, NaiveDate, usize)>,
    next: usize,
    bought: VecDeque<usize>,
    cameras: Vec<Camera>,
    suspended: bool,
    bill: Vec<Line>,
    names: usize,
}

fn month_days(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 => 29,
        2 => 28,
        _ => 31,
    }
}

fn plus_months(day: NaiveDate, months: u32) -> NaiveDate {
    let month = day.month0() + months;
    let year = day.year() + i32::try_from(month / 12).unwrap();
    let month = month % 12 + 1;
    NaiveDate::from_ymd_opt(year, month, day.day().min(month_days(year, month))).unwrap()
}

impl Biller {
    fn new(story: &Story, mistake: Mistake) -> Self {
        Self {
            mistake,
            actual: story.actual,
            automatic: story.automatic,
            today: first(story),
            anchor: None,
            months: 0,
            period: None,
            next: 0,
            bought: VecDeque::new(),
            cameras: Vec::new(),
            suspended: false,
            bill: Vec::new(),
            names: 0,
        }
    }

    fn price(&self, plan: usize) -> i64 {
        self.period.map_or(0, |(.., term)| PRICES[plan].1[term])
    }

    fn pay(&mut self, kind: ChargeKind, at: usize, price: i64) {
        let Some((start, end, term)) = self.period else { return };
        let left = (end - self.today).num_days();
        let whole = (end - start).num_days();
        let basis = if self.actual || !TERMS[term].is_multiple_of(12) { whole } else { 365 };
        let part = if self.today == start {
            price
        } else {
            // Half of a cent is added before the fraction is cut off.
            let half = if self.mistake == Mistake::RoundsDown { 0 } else { basis };
            (2 * price * left.min(basis) + half).div_euclid(2 * basis)
        };
        let camera = &self.cameras[at];
        self.bill.push((self.today, kind, camera.name.clone(), part * camera.units));
    }

    fn begin(&mut self, term: usize) {
        let anchor = *self.anchor.get_or_insert(self.today);
        self.months += TERMS[term];
        let end = if self.mistake == Mistake::ChainsPeriods {
            plus_months(self.today, TERMS[term])
        } else {
            plus_months(anchor, self.months)
        };
        self.period = Some((self.today, end, term));
        for at in 0..self.cameras.len() {
            let price = self.price(*self.cameras[at].had.last().unwrap());
            self.cameras[at].paid = price;
            self.pay(ChargeKind::Period, at, price);
        }
    }

    fn midnight(&mut self) {
        self.today = self.today.succ_opt().unwrap();
        if self.period.is_none_or(|(_, end, _)| end != self.today) {
            return;
        }
        match self.bought.pop_front() {
            Some(term) => self.begin(term),
            None if self.automatic => self.begin(self.next),
            None => (self.period, self.anchor, self.months) = (None, None, 0),
        }
    }

    /// Whether the step is allowed; it is done then.
    fn take(&mut self, step: &Step) -> bool {
        match step {
            Step::Wait(days) => (0..*days).for_each(|_| self.midnight()),
            Step::Suspend(on) => self.suspended = *on,
            Step::Term(term) => {
                self.next = *term;
                if self.mistake == Mistake::ChangesTermsAtOnce && self.period.is_some() {
                    let (start, end, _) = self.period.unwrap();
                    self.period = Some((start, end, *term));
                }
            }
            Step::Renew if self.automatic || self.names == 0 => return false,
            Step::Renew if self.period.is_some() => self.bought.push_back(self.next),
            Step::Renew => self.begin(self.next),
            Step::Enroll { .. } if self.suspended => return false,
            Step::Enroll { plan, channels } => self.enroll(*plan, *channels),
            Step::Delete(at) => match self.found(*at) {
                Some(at) => {
                    let gone = self.cameras.remove(at);
                    let start = self.period.map(|(start, ..)| start);
                    if self.mistake == Mistake::LetsGoOnTheFirstDay && start == Some(self.today) {
                        self.bill
                            .retain(|(on, _, name, _)| !(*on == self.today && *name == gone.name));
                    }
                }
                None => return false,
            },
            Step::Plan(at, plan) => return self.change(*at, *plan),
            Step::Replace(at) => match self.found(*at) {
                Some(at) if !self.suspended && !self.cameras[at].encoder => {
                    self.cameras[at].name = format!("d{}", self.names);
                    self.names += 1;
                }
                _ => return false,
            },
        }
        true
    }

    fn enroll(&mut self, plan: usize, channels: Option<u32>) {
        self.cameras.push(Camera {
            name: format!("d{}", self.names),
            had: vec![plan],
            units: channels.unwrap_or(1).into(),
            paid: 0,
            encoder: channels.is_some(),
        });
        self.names += 1;
        if self.names == 1 {
            self.begin(self.next);
            return;
        }
        let (at, price) = (self.cameras.len() - 1, self.price(plan));
        self.cameras[at].paid = price;
        let on_first = self.period.is_some_and(|(start, ..)| start == self.today);
        let kind = if on_first { ChargeKind::Period } else { ChargeKind::Addition };
        self.pay(kind, at, price);
    }

    fn change(&mut self, at: usize, plan: usize) -> bool {
        let Some(at) = self.found(at).filter(|_| !self.suspended) else { return false };
        if self.cameras[at].had.last() == Some(&plan) {
            return true;
        }
        if self.cameras[at].had.contains(&plan) {
            return false;
        }
        self.cameras[at].had.push(plan);
        let (price, paid) = (self.price(plan), self.cameras[at].paid);
        if price > paid {
            let whole = self.mistake == Mistake::ChargesTheWholeOfAnUpgrade;
            self.pay(ChargeKind::Upgrade, at, if whole { price } else { price - paid });
            self.cameras[at].paid = price;
        }
        true
    }

    fn found(&self, at: usize) -> Option<usize> {
        (at < self.cameras.len()).then_some(at)
    }

    fn sorted(&self) -> Vec<Line> {
        let mut bill = self.bill.clone();
        bill.sort();
        bill
    }
}

fn first(story: &Story) -> NaiveDate {
    let start = NaiveDate::from_ymd_opt(2027, 1, 1).unwrap();
    start + chrono::Days::new(story.first.into())
}

/// The history, to which the same is done by commands.
struct Office {
    book: Book,
}

impl Office {
    fn new(story: &Story) -> Self {
        let mut book = Book::reading(Reads::Everything);
        let prices = |amounts: [i64; 3]| {
            let price = |(term, amount)| json!({"term": term, "amount": amount});
            json!({"prices": TERMS.into_iter().zip(amounts).map(price).collect::<Vec<_>>()})
        };
        let plans: BTreeMap<_, _> =
            PRICES.into_iter().map(|(plan, amounts)| (plan, prices(amounts))).collect();
        let policy = json!({"account_term": {
            "terms": TERMS, "plans": plans, "provisioning": "immediate",
            "automatic_renewal": story.automatic,
            "prorata_basis": if story.actual { "actual" } else { "fixed365" },
        }});
        let day = first(story).to_string();
        book.define(day.as_str(), "cloud", policy);
        let draft = json!({
            "client": {"name": "C", "country": "DE", "zone": "Europe/Berlin"},
            "address": {"street": "S", "city": "B", "email": "e"},
            "administrator": {"name": "A", "provider": "p", "username": "a"},
        });
        let create = json!({"customer": "site", "product": "cloud", "draft": draft,
            "client": "record", "administrator": "adam"});
        book.run(day.as_str(), json!({"create_account": create}));
        Self { book }
    }

    fn agreement(&self) -> &AccountAgreement {
        let customer = self.book.customer("site");
        customer.agreements()[&product("cloud")].account().unwrap()
    }

    fn charges(&self, from: NaiveDate, to: NaiveDate) -> Vec<Charge> {
        let day = |date| Day::new(date).unwrap();
        self.agreement().charges(day(from), day(to)).unwrap()
    }

    fn take(&mut self, day: NaiveDate, step: &Step, biller: &Biller) -> bool {
        let day = day.to_string();
        let name = |at: usize| biller.cameras.get(at).map_or("none", |camera| &camera.name);
        let new = format!("d{}", biller.names);
        let of = |device: &str| json!({"customer": "site", "device": device});
        let with = |mut value: Value, field: &str, more: &str| {
            value[field] = json!(more);
            value
        };
        let command = match step {
            Step::Wait(_) => return true,
            Step::Enroll { plan, channels } => json!({"register_device": {
                "customer": "site", "product": "cloud", "device": new, "license_type": "camera",
                "description": {"plan": PRICES[*plan].0, "channels": channels}}}),
            Step::Delete(at) => json!({"delete_device": of(name(*at))}),
            Step::Plan(at, plan) => {
                json!({"change_plan": with(of(name(*at)), "plan", PRICES[*plan].0)})
            }
            Step::Replace(at) => json!({"replace_device": with(of(name(*at)), "by", &new)}),
            Step::Term(term) => json!({"change_term":
                {"customer": "site", "product": "cloud", "term": TERMS[*term]}}),
            Step::Renew => json!({"renew_term": {"customer": "site", "product": "cloud"}}),
            Step::Suspend(true) => json!({"suspend_account": {"customer": "site"}}),
            Step::Suspend(false) => json!({"restore_account": {"customer": "site"}}),
        };
        let done = self.book.execute(day.as_str(), command).is_ok();
        if done && matches!(step, Step::Enroll { .. } | Step::Replace(_)) {
            for state in ["waiting_for_connection", "registering", "enrolled"] {
                let report = with(of(&new), "state", state);
                self.book.run(day.as_str(), json!({"report_device": report}));
            }
        }
        done
    }
}

fn shown(charges: &[Charge]) -> Vec<Line> {
    let line =
        |charge: &Charge| (charge.on.date(), charge.kind, charge.device.to_string(), charge.amount);
    let mut lines: Vec<Line> = charges.iter().map(line).collect();
    lines.sort();
    lines
}

/// Lives through a story on both sides; the first thing on which they do not agree, if any.
fn disagreement(story: &Story, mistake: Mistake) -> Result<(Office, Biller), String> {
    let (mut office, mut biller) = (Office::new(story), Biller::new(story, mistake));
    for step in &story.steps {
        let (before, day) = (biller.today, biller.today);
        let ahead = plus_months(before, 40);
        let suspending = matches!(step, Step::Suspend(_));
        let coming = suspending.then(|| office.charges(first(story), ahead));
        let done = office.take(day, step, &biller);
        let allowed = biller.take(step);
        if done != allowed {
            return Err(format!("{step:?} on {day} is allowed on one side: {done}"));
        }
        if coming.is_some_and(|coming| coming != office.charges(first(story), ahead)) {
            return Err(format!("{step:?} on {day} changes what is charged"));
        }
        // All that was charged so far, seen from today: none of it ever changes.
        let tomorrow = biller.today.succ_opt().unwrap();
        let charged = shown(&office.charges(first(story), tomorrow));
        if charged != biller.sorted() {
            let (charged, bill) = (format!("{charged:#?}"), format!("{:#?}", biller.sorted()));
            return Err(format!("after {step:?} on {day}: {charged} is not {bill}"));
        }
    }
    Ok((office, biller))
}

/// The invoices of all months up to one that is long past.
fn invoices(office: &Office, story: &Story, until: NaiveDate) -> Vec<view::Invoice> {
    let customer = office.book.customer("site");
    let (id, product) = ("site".parse().unwrap(), product("cloud"));
    let mut month = first(story).with_day(1).unwrap();
    let mut invoices = Vec::new();
    while month <= until {
        let day = Day::new(month).unwrap();
        match view::invoice(customer, (&id, &product), day).unwrap() {
            View::Invoice(invoice) => invoices.extend(invoice),
            other => panic!("{other:?}"),
        }
        month = plus_months(month, 1);
    }
    invoices
}

/// By device and period: what was charged, and the most it may be.
fn check_ceiling(agreement: &AccountAgreement, charges: &[Charge]) {
    let mut paid: BTreeMap<(String, Day), i64> = BTreeMap::new();
    for charge in charges {
        assert!(charge.amount >= 0, "{charge:?}");
        let sum = paid.entry((charge.device.to_string(), charge.until)).or_default();
        *sum += charge.amount;
        let term = agreement.period(charge.on).unwrap().unwrap().term;
        let at = TERMS.iter().position(|months| *months == u32::from(term.in_months())).unwrap();
        let dearest = PRICES.iter().map(|(_, amounts)| amounts[at]).max().unwrap();
        assert!(*sum <= dearest * i64::from(charge.units), "{charge:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(160))]

    #[test]
    fn prop_charges_are_those_of_a_biller_who_walks_from_day_to_day(story in stories()) {
        let lived = disagreement(&story, Mistake::None);
        let (office, biller) = lived.unwrap_or_else(|why| panic!("{why}"));
        assert_eq!(office.book.replayed(), *office.book.world());
        let tomorrow = biller.today.succ_opt().unwrap();
        check_ceiling(office.agreement(), &office.charges(first(&story), tomorrow));
    }

    #[test]
    fn prop_charges_split_anywhere_sum_to_the_same(
        story in stories(), cuts in prop::collection::vec(0..3_000_u64, 0..6),
    ) {
        let Ok((office, biller)) = disagreement(&story, Mistake::None) else { panic!() };
        let start = first(&story);
        let end = plus_months(biller.today, 30);
        let whole = office.charges(start, end);
        let mut cuts: Vec<NaiveDate> =
            cuts.into_iter().map(|days| (start + chrono::Days::new(days)).min(end)).collect();
        cuts.extend([start, end]);
        cuts.sort();
        let parts = cuts.windows(2).flat_map(|pair| office.charges(pair[0], pair[1]));
        assert_eq!(parts.collect::<Vec<_>>(), whole);

        let invoices = invoices(&office, &story, end);
        let lines: Vec<Charge> = invoices.iter().flat_map(|i| i.lines.clone()).collect();
        let last = invoices.last().map_or(start, |invoice| invoice.dated.date());
        assert_eq!(lines, office.charges(start, last));
        let total: i64 = invoices.iter().map(|invoice| invoice.total).sum();
        assert_eq!(total, lines.iter().map(|line| line.amount).sum::<i64>());
        assert!(invoices.windows(2).all(|pair| pair[0].dated == pair[1].from));
        if let Some(started) = office.agreement().started() {
            assert!(whole.iter().all(|charge| charge.on >= started));
        } else {
            assert!(whole.is_empty() && invoices.is_empty());
        }
    }
}

/// The laws can fail: a biller with any of these mistakes is found out.
#[test]
fn a_biller_with_a_mistake_is_found_out() {
    for mistake in [
        Mistake::RoundsDown,
        Mistake::ChainsPeriods,
        Mistake::LetsGoOnTheFirstDay,
        Mistake::ChangesTermsAtOnce,
        Mistake::ChargesTheWholeOfAnUpgrade,
    ] {
        let config = Config {
            cases: 2_000,
            max_shrink_iters: 0,
            failure_persistence: None,
            ..Config::default()
        };
        let found = TestRunner::new(config).run(&stories(), |story| {
            let agrees = disagreement(&story, mistake).is_ok();
            prop_assert!(agrees);
            Ok(())
        });
        assert!(matches!(found, Err(TestError::Fail(..))), "nobody noticed: {mistake:?}");
    }
}
