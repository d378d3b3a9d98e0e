//! Laws that hold in every history, whatever is done in whatever order under whatever policy.

use std::{cell::RefCell, collections::BTreeMap};

use mlicense_core::{
    customer::{Customer, CustomerEvent},
    history::{Event, Recorded},
    id::ProductId,
    overlap::CompensationOrigin,
    policy::CreditedStorage,
    subscription::{Quantities, Status, StatusKind, quantity},
    time::{Day, Instant, Zone},
    view::{Overview, ProductStatus},
};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use serde_json::{Value, json};

use super::{
    histories::{Act, History, PRODUCTS, histories},
    support::{Book, Reads},
    witness::Witness,
};

/// How often each event, refusal and status was met.
type Tally = BTreeMap<String, u32>;

/// A history in the course of being lived.
struct Life {
    book: Book,
    zone: Zone,
    today: Day,
    now: Instant,
    witness: Witness,
    periods: BTreeMap<(ProductId, Day), Day>,
    tally: Tally,
}

#[test]
fn laws_hold_in_every_history() {
    let tally = RefCell::new(Tally::new());
    let config = Config { failure_persistence: None, ..Config::default() };
    let whole = config.cases >= 256;
    let lived = TestRunner::new(config).run(&histories(), |history| {
        let life = Life::live(&history);
        for (name, count) in life.tally {
            *tally.borrow_mut().entry(name).or_default() += count;
        }
        Ok(())
    });
    lived.unwrap_or_else(|failure| panic!("{failure}"));
    let tally = tally.into_inner();
    for name in EXPECTED.split_whitespace().filter(|_| whole) {
        assert!(tally.contains_key(name), "no {name} was met: {tally:?}");
    }
}

/// What random histories must have met for the laws to mean something.
const EXPECTED: &str = "system_registered system_updated subscription_started key_redeemed
    licenses_stocked licenses_voided policy_adopted allocated compensated allocation_undone
    hardware_registered hardware_expanded hardware_upgraded growth_exceeded
    INSUFFICIENT_WALLET ADVANCE_LIMIT EXCEEDS_NEED PARTIAL_ALLOCATION PERIOD_GAP TERM_NOT_OFFERED
    SUBSCRIPTION_NOT_STARTED SUBSCRIPTION_ALREADY_STARTED LOT_TOUCHED ALLOCATION_NOT_LAST
    not_registered trial not_started grace licensed partly_licensed unlicensed
    licensed>grace licensed>licensed licensed>unlicensed grace>unlicensed grace>partly_licensed
    trial>unlicensed partly_licensed>unlicensed";

impl Life {
    fn live(history: &History) -> Self {
        let now = history.zone.start_of(history.first);
        let mut book = Book::reading(Reads::Everything);
        for (of, policy) in PRODUCTS.into_iter().zip(&history.policies) {
            book.define(now, of, policy.clone());
        }
        let customer = json!({"customer": "c1", "zone": history.zone});
        book.run(now, json!({"register_customer": customer}));
        let mut life = Self {
            book,
            zone: history.zone,
            today: history.first,
            now,
            witness: Witness::default(),
            periods: BTreeMap::new(),
            tally: Tally::new(),
        };
        for act in &history.acts {
            match act {
                Act::Wait(days) => life.wait(*days),
                _ => life.act(act),
            }
            life.hold();
        }
        assert!(life.book.replayed() == *life.book.world(), "replaying gives another state");
        life
    }

    fn act(&mut self, act: &Act) {
        for command in act.commands(&self.book, self.now) {
            let before = self.book.clone();
            let preview = self.book.preview(self.now, command.clone());
            assert!(before.written() == self.book.written(), "a preview changed something");
            match self.book.execute(self.now, command.clone()) {
                Ok(events) => {
                    let preview = preview.unwrap();
                    assert!(preview.token.is_some() && preview.refusal.is_none());
                    let done: Vec<_> = events.iter().map(|recorded| &recorded.event).collect();
                    assert_eq!(preview.events.iter().collect::<Vec<_>>(), done);
                    self.done(&before, &command, &events);
                }
                Err(refusal) => {
                    assert!(before.written() == self.book.written(), "a refusal changed something");
                    let told = preview.map_or_else(|refused| refused, |p| p.refusal.unwrap());
                    assert_eq!(told, refusal, "for {command}");
                    self.count(refusal.kind().name());
                }
            }
        }
    }

    fn done(&mut self, before: &Book, command: &Value, events: &[Recorded]) {
        for recorded in events {
            self.count(&recorded.event.name().unwrap());
            self.witness.take(recorded);
        }
        if command.get("allocate").is_some() {
            self.allocated_as_the_policy_allows(before, events);
            self.compensated_as_it_should(before, events);
            self.can_be_undone(before, command, events);
        }
    }

    /// Within the periods that may be covered, no more than the need and no less, unless the policy
    /// says so.
    fn allocated_as_the_policy_allows(&self, before: &Book, events: &[Recorded]) {
        let Event::Customer(CustomerEvent::Allocated { product, ahead, periods, lines, .. }) =
            &events[0].event
        else {
            panic!("{events:?}")
        };
        let policy =
            rolled(before, self.today).agreements()[product].pool().unwrap().policy().clone();
        let need = before.need_of(product.as_str(), self.now);
        for later in *ahead..ahead + u32::from(*periods) {
            let row = &need[usize::try_from(later).unwrap()];
            assert!(row.is_object(), "period {later} is too far ahead");
            let mut missing: Quantities = serde_json::from_value(row["missing"].clone()).unwrap();
            for line in lines {
                let open = missing.remove(&line.license_type).unwrap_or(0);
                assert!(policy.over_allocation || line.quantity <= open, "{line:?} of {row}");
                assert!(policy.partial_allocation || line.quantity >= open, "{line:?} of {row}");
            }
            assert!(policy.partial_allocation || missing.is_empty(), "{lines:?} of {row}");
        }
    }

    /// Compares what came back with the formula, over the status shown before.
    fn compensated_as_it_should(&self, before: &Book, events: &[Recorded]) {
        let Event::Customer(CustomerEvent::Allocated { product, ahead, lines, .. }) =
            &events[0].event
        else {
            panic!("{events:?}")
        };
        let mut returned = events[1..].iter().map(|recorded| &recorded.event);
        let status = before.overview_of("c1", self.now).products[product].status;
        let agreement = before.agreement(product.as_str()).unwrap();
        let policy =
            rolled(before, self.today).agreements()[product].pool().unwrap().policy().clone();
        let term = agreement.subscription().unwrap().term();
        let days = self.overlap(product, &status, policy.compensation);
        for line in lines.iter().filter(|_| *ahead == 0 && days > 0) {
            let Some(Event::Customer(CustomerEvent::Compensated {
                license_type,
                quantity,
                overlap_days,
                period_days,
                lot,
                carry,
                ..
            })) = returned.next()
            else {
                panic!("{days} days late and nothing came back: {events:?}")
            };
            assert_eq!(
                (license_type, *quantity, *overlap_days),
                (&line.license_type, line.quantity, days)
            );
            let length = status.end.unwrap().days_since(status.start.unwrap());
            assert_eq!(i64::from(*period_days), i64::from(length));
            let carried = agreement.subscription().unwrap().carry(license_type);
            let day = i128::from(term.ticks()) / i128::from(length);
            let total = i128::from(line.quantity) * i128::from(days) * day + i128::from(carried);
            let (whole, rest) =
                (total / i128::from(term.ticks()), total % i128::from(term.ticks()));
            assert_eq!(i128::from(lot.as_ref().map_or(0, |lot| lot.quantity)), whole);
            assert_eq!(i128::from(*carry), rest);
            let Some(lot) = lot else { continue };
            let sources = line
                .debits
                .iter()
                .map(|debit| agreement.wallet().lot(debit.lot).unwrap().0.expires_on);
            let expires_on = match policy.credited_storage {
                CreditedStorage::Fresh => {
                    self.today.plus_months(u32::from(policy.storage_years) * 12).unwrap()
                }
                CreditedStorage::Inherit => sources.min().unwrap(),
            };
            assert_eq!((lot.stored_on, lot.expires_on), (self.today, expires_on));
        }
        assert_eq!(returned.next(), None, "something came back that should not");
    }

    /// Days of the current period that an allocation today finds gone.
    fn overlap(&self, product: &ProductId, status: &Status, origin: CompensationOrigin) -> u32 {
        let start = status.start.unwrap();
        let joined = self.witness.account(product).unwrap().start.unwrap().joined.max(start);
        let grace_end = status.grace_end.unwrap_or(joined);
        let days = match origin {
            CompensationOrigin::None => 0,
            _ if self.today < grace_end => joined.days_since(start),
            CompensationOrigin::Elapsed => self.today.days_since(start),
            CompensationOrigin::GraceEnd => {
                joined.days_since(start) + self.today.days_since(grace_end)
            }
        };
        u32::try_from(days).unwrap()
    }

    /// Undone at once, an allocation leaves everything that can be seen as it was.
    fn can_be_undone(&self, before: &Book, command: &Value, events: &[Recorded]) {
        let of = command["allocate"]["product"].as_str().unwrap();
        let Event::Customer(CustomerEvent::Allocated { allocation, .. }) = &events[0].event else {
            panic!("{events:?}")
        };
        let mut undone = self.book.clone();
        undone.run(
            self.now,
            json!({"undo_allocation": {
                "customer": "c1", "product": of, "allocation": allocation, "reason": "to see",
            }}),
        );
        let seen = |book: &Book| {
            let wallet = book.wallet_of(("c1", of), self.now);
            json!([book.status_of(of, self.now), book.need_of(of, self.now), wallet.carry])
        };
        assert_eq!(seen(&undone), seen(before), "undone");
    }

    /// What holds after every step.
    fn hold(&mut self) {
        let overview = self.book.overview_of("c1", self.now);
        for (id, row) in &overview.products {
            self.count(&word(row.status.kind));
            let account = self.witness.account(id).unwrap();
            account.agrees_with(&self.book.wallet_of(("c1", id.as_str()), self.now));
            self.status_is_possible(id, &row.status);
            self.periods_tile(id);
        }
        self.rolling_twice_is_rolling_once();
    }

    fn status_is_possible(&self, id: &ProductId, status: &Status) {
        let account = self.witness.account(id).unwrap();
        assert_eq!(status.trial_end, account.trial_end.flatten(), "a trial is given once");
        if status.kind == StatusKind::Trial {
            assert!(self.today < status.trial_end.unwrap() && account.start.is_none());
        }
        let (Some(start), Some(end)) = (status.start, status.end) else { return };
        assert!(start <= self.today && self.today < end, "today is in the period");
        let days =
            rolled(&self.book, self.today).agreements()[id].pool().unwrap().policy().grace_days;
        let begun = account.start.unwrap();
        let renewed = start.plus_days(days.into()).unwrap();
        let joined = begun.joined.plus_days(begun.grace_days.into()).unwrap();
        if let Some(grace_end) = status.grace_end {
            assert!(grace_end == renewed || grace_end == joined, "{id}: {status:?}");
        }
        if start <= begun.joined {
            assert_eq!(status.grace_end, Some(joined), "the grace from joining");
        }
        if status.kind == StatusKind::Grace {
            assert!(status.grace_end.is_some_and(|end| self.today < end));
        }
        if matches!(status.kind, StatusKind::Unlicensed | StatusKind::PartlyLicensed) {
            assert!(status.grace_end.is_none_or(|end| end <= self.today));
        }
    }

    /// Periods lie end to end, and their dates never change once seen.
    fn periods_tile(&mut self, id: &ProductId) {
        let mut expected = None;
        for row in self.book.need_of(id.as_str(), self.now).as_array().unwrap() {
            let read = |end: &str| row["period"][end].as_str().map(|day| day.parse().unwrap());
            let (Some(start), Some(end)): (Option<Day>, Option<Day>) = (read("start"), read("end"))
            else {
                return;
            };
            assert_eq!(expected.unwrap_or(start), start);
            expected = Some(end);
            let known = *self.periods.entry((id.clone(), start)).or_insert(end);
            assert_eq!(known, end, "{id}: the period from {start} has moved its end");
        }
    }

    fn rolling_twice_is_rolling_once(&self) {
        let steps = u32::try_from(self.book.commands()).unwrap();
        let first = self.today.plus_days(steps * 37 % 500).unwrap();
        let second = first.plus_days(steps * 53 % 700).unwrap();
        let (mut twice, mut once) =
            (self.book.customer("c1").clone(), self.book.customer("c1").clone());
        twice.roll(first);
        twice.roll(second);
        once.roll(second);
        assert!(twice == once, "rolled to {first} and {second}");
        once.roll(first);
        assert!(twice == once, "rolled back to {first}");
    }

    /// Lets days pass; nothing may change but on days that were named before.
    fn wait(&mut self, days: u32) {
        let to = self.today.plus_days(days).unwrap();
        let mut at = self.today;
        while at < to {
            let due = self.next_due(at).unwrap_or(to).min(to);
            let eve = due.minus_days(1).unwrap();
            let named = self.next_due(at) == Some(due);
            let quiet = if named { eve } else { due };
            let middle = at.plus_days(u32::try_from(quiet.days_since(at)).unwrap() / 2).unwrap();
            for day in [middle, quiet] {
                assert_eq!(self.still(day), self.still(at), "on {day} without being due");
            }
            if named {
                self.turn(eve, due);
            }
            at = due;
        }
        self.today = to;
        let start = self.zone.start_of(to);
        let next = self.zone.start_of(to.plus_days(1).unwrap());
        let last = next.unix() - start.unix() - 1;
        let second = [0, last / 2, last][usize::try_from(days % 3).unwrap()];
        self.now = start.saturating_add(second);
    }

    fn next_due(&self, day: Day) -> Option<Day> {
        let due = self.book.due(self.zone.start_of(day));
        Some(due.get(0)?["on"].as_str().unwrap().parse().unwrap())
    }

    fn overview(&self, day: Day) -> Overview {
        self.book.overview_of("c1", self.zone.start_of(day))
    }

    /// All there is to see on a day, with days left put as the day they end on.
    fn still(&self, day: Day) -> Value {
        let rows = self.overview(day).products.into_iter().map(|(id, mut row)| {
            let left = row.status.days_left.take();
            // A lot that is used up leaves the sum when it expires.
            row.wallet.retain(|_, usable| *usable > 0);
            let ends = left.map(|days| day.plus_days(days).unwrap());
            json!([id, row, ends])
        });
        rows.collect()
    }

    /// What may happen overnight to a day that was named.
    fn turn(&mut self, eve: Day, day: Day) {
        let (before, after) = (self.overview(eve), self.overview(day));
        for (id, then) in &before.products {
            let now = &after.products[id];
            let (from, to) = (then.status, now.status);
            if from.start != to.start {
                assert_eq!((to.start, from.end), (Some(day), Some(day)), "{id}");
                if to.kind != StatusKind::NotRegistered {
                    opened_as_covered(&after, id, now);
                }
            }
            if from.kind != to.kind || from.start != to.start {
                self.count(&format!("{}>{}", word(from.kind), word(to.kind)));
            }
            if from.kind != to.kind {
                assert_eq!(from.days_left, Some(1), "{id}: {from:?} to {to:?}");
                assert!(may_become(from.kind, to.kind), "{id}: {from:?} to {to:?}");
            }
        }
    }

    fn count(&mut self, name: &str) {
        *self.tally.entry(name.to_owned()).or_default() += 1;
    }
}

fn rolled(book: &Book, day: Day) -> Customer {
    let mut customer = book.customer("c1").clone();
    customer.roll(day);
    customer
}

/// A period opens licensed exactly when it is covered, whatever the period before was.
fn opened_as_covered(overview: &Overview, id: &ProductId, row: &ProductStatus) {
    let systems = overview.systems.values().filter(|system| system.product == *id);
    let mut devices = BTreeMap::new();
    for (license_type, count) in systems.flat_map(|system| &system.devices) {
        *devices.entry(license_type).or_insert(0) += count;
    }
    let covered = devices.iter().all(|(of, count)| *count <= quantity(&row.allocated, of));
    assert_eq!(row.status.kind == StatusKind::Licensed, covered, "{id}: {row:?}");
}

/// What time alone may do: take away, open what was covered, and give grace to those who were
/// licensed.
const fn may_become(from: StatusKind, to: StatusKind) -> bool {
    use StatusKind::{Grace, Licensed, PartlyLicensed, Trial, Unlicensed};
    matches!(
        (from, to),
        (Trial | PartlyLicensed, Unlicensed)
            // Covered ahead, while there were no devices.
            | (PartlyLicensed | Unlicensed, Licensed)
            | (Grace, PartlyLicensed | Unlicensed)
            | (Licensed, Grace | PartlyLicensed | Unlicensed)
    )
}

fn word(kind: StatusKind) -> String {
    serde_json::to_value(kind).unwrap().as_str().unwrap().to_owned()
}

proptest! {
    #![proptest_config(Config { cases: 32, failure_persistence: None, ..Config::default() })]

    /// However the licences of one day are split, and in whatever order of types, the same comes
    /// back.
    #[test]
    fn s_ax_51_splitting_an_allocation_changes_nothing(
        steps in prop::collection::vec((1_u32..12, 1_u32..5, 0_u32..120), 1..4),
        months in prop::sample::select(&[3_u16, 12]),
    ) {
        let policy = json!({
            "terms": [months], "grace_days": 10, "partial_allocation": true,
            "over_allocation": true,
        });
        let contents = super::support::cameras_for(months, 1000);
        let mut whole = Book::opened("2027-01-31", "UTC", policy);
        whole.start("2027-01-31");
        whole.stock("2027-01-31", "key-1", contents);
        let mut split = whole.clone();
        let mut day: Day = "2027-01-31".parse().unwrap();
        for (quantity, parts, days) in steps {
            day = day.plus_days(days).unwrap();
            let day = day.to_string();
            whole.allocate(&*day, 0, json!({"camera": quantity * parts}));
            for _ in 0..parts {
                split.allocate(&*day, 0, json!({"camera": quantity}));
            }
            prop_assert_eq!(whole.cameras(&*day), split.cameras(&*day));
            prop_assert_eq!(whole.carry(&*day), split.carry(&*day));
            prop_assert_eq!(whole.status(&*day), split.status(&*day));
        }
    }
}
