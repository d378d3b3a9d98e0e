//! A second bookkeeping, from the events alone, to hold against what the views say.

use std::collections::BTreeMap;

use mlicense_core::{
    customer::{AllocationLine, CustomerEvent},
    history::{Event, Recorded},
    id::{HardwareId, LicenseType, ProductId},
    subscription::{Quantities, Start},
    time::Day,
    view::{Unit, WalletView},
    wallet::{Debit, Lot, LotKind, LotSource},
};

/// What the events say of one customer, product by product.
#[derive(Clone, Debug, Default)]
pub(crate) struct Witness {
    accounts: BTreeMap<ProductId, Account>,
    hardware: BTreeMap<HardwareId, ProductId>,
}

/// What the events say of one product.
#[derive(Clone, Debug, Default)]
pub(crate) struct Account {
    pub(crate) start: Option<Start>,
    /// The trial of the first registration; set once, also to none.
    pub(crate) trial_end: Option<Option<Day>>,
    left: BTreeMap<u32, i64>,
    voided: BTreeMap<u32, i64>,
    came: BTreeMap<(LicenseType, Unit), i128>,
    allocated: BTreeMap<(LicenseType, Unit), i128>,
    overlap: BTreeMap<LicenseType, Overlap>,
    newest: Option<Box<Newest>>,
}

/// Overlap earned, in ticks, and the whole licences given for it.
#[derive(Clone, Copy, Debug, Default)]
struct Overlap {
    ticks: i128,
    licenses: i128,
}

/// The newest allocation: what it took, and the state it met.
#[derive(Clone, Debug)]
struct Newest {
    debits: Vec<Debit>,
    credited: Vec<Lot>,
    allocated: Vec<((LicenseType, Unit), i128)>,
    overlap: BTreeMap<LicenseType, Overlap>,
}

impl Witness {
    pub(crate) fn account(&self, product: &ProductId) -> Option<&Account> {
        self.accounts.get(product)
    }

    pub(crate) fn take(&mut self, recorded: &Recorded) {
        let Event::Customer(event) = &recorded.event else { return };
        match event {
            CustomerEvent::SystemRegistered { system, trial_end, .. }
            | CustomerEvent::SystemUpdated { system, trial_end, .. } => {
                let account = self.of(&system.product);
                if let Some(known) = account.trial_end {
                    assert_eq!((known.is_some(), *trial_end), (known.is_some(), None), "{event:?}");
                }
                account.trial_end.get_or_insert(*trial_end);
            }
            CustomerEvent::SubscriptionStarted { product, start, .. } => {
                assert!(self.of(product).start.replace(*start).is_none(), "started twice");
            }
            CustomerEvent::KeyRedeemed { product, lots, .. }
            | CustomerEvent::LicensesStocked { product, lots } => {
                lots.iter().for_each(|lot| self.of(product).store(lot));
            }
            CustomerEvent::LicensesVoided { product, debit, .. } => self.of(product).void(*debit),
            CustomerEvent::Allocated { product, periods, lines, .. } => {
                self.of(product).allocate(*periods, lines);
            }
            CustomerEvent::Compensated { product, .. } => self.of(product).compensate(event),
            CustomerEvent::AllocationUndone { product, .. } => self.of(product).undo(),
            CustomerEvent::HardwareRegistered { hardware, product, preloaded } => {
                self.hardware.insert(hardware.clone(), product.clone());
                self.of(product).preload(preloaded);
            }
            CustomerEvent::HardwareExpanded { hardware, lines } => {
                let account = self.of(&self.hardware[hardware].clone());
                lines.iter().for_each(|line| account.tie(line, Unit::Expansions));
            }
            CustomerEvent::HardwareUpgraded { hardware, to, .. } => {
                self.of(&self.hardware[hardware].clone()).tie(to, Unit::Upgrades);
            }
            _ => {}
        }
    }

    fn of(&mut self, product: &ProductId) -> &mut Account {
        self.accounts.entry(product.clone()).or_default()
    }
}

impl Account {
    /// Compares a wallet with what the events say.
    pub(crate) fn agrees_with(&self, wallet: &WalletView) {
        assert_eq!(wallet.lots.len(), self.left.len());
        for view in &wallet.lots {
            let id = view.lot.id.0;
            assert_eq!(i64::from(view.left), self.left[&id], "left in lot {id}");
            let voided = self.voided.get(&id).copied().unwrap_or(0);
            assert_eq!(i64::from(view.voided), voided, "voided of lot {id}");
            assert!(self.left[&id] >= 0 && self.left[&id] + voided <= view.lot.quantity.into());
        }
        for (license_type, balances) in &wallet.balance {
            for (unit, balance) in balances {
                let key = (license_type.clone(), *unit);
                let came = self.came.get(&key).copied().unwrap_or(0);
                let parts =
                    [balance.redeemed, balance.preloaded, balance.purchased, balance.credited];
                assert_eq!(parts.map(i128::from).iter().sum::<i128>(), came, "{key:?} came");
                let allocated = self.allocated.get(&key).copied().unwrap_or(0);
                assert_eq!(i128::from(balance.allocated), allocated, "{key:?} allocated");
                assert!(balance.holds() && allocated <= came, "{key:?}: {balance:?}");
            }
        }
        for (license_type, earned) in &self.overlap {
            let carry = wallet.carry.get(license_type);
            let (ticks, of) = carry.map_or((0, 1), |carry| (carry.ticks, carry.ticks_per_license));
            assert!(ticks < of, "carry {ticks} of {of}");
            let given = earned.licenses * i128::from(of) + i128::from(ticks);
            assert_eq!(earned.ticks, given, "overlap of {license_type}");
        }
    }

    fn store(&mut self, lot: &Lot) {
        let next = u32::try_from(self.left.len()).unwrap() + 1;
        assert_eq!(lot.id.0, next, "lots are numbered in order");
        self.left.insert(lot.id.0, lot.quantity.into());
        let (unit, weight) = match lot.kind {
            LotKind::Subscription(term) => (Unit::SubscriptionMonths, term.in_months()),
            LotKind::Expansion => (Unit::Expansions, 1),
            LotKind::Upgrade => (Unit::Upgrades, 1),
            LotKind::Host | LotKind::Device => panic!("these are kept in no wallet"),
        };
        let came = self.came.entry((lot.license_type.clone(), unit)).or_default();
        *came += i128::from(lot.quantity) * i128::from(weight);
    }

    fn void(&mut self, debit: Debit) {
        *self.left.get_mut(&debit.lot.0).unwrap() -= i64::from(debit.quantity);
        *self.voided.entry(debit.lot.0).or_default() += i64::from(debit.quantity);
    }

    fn debit(&mut self, line: &AllocationLine) {
        let taken: u32 = line.debits.iter().map(|debit| debit.quantity).sum();
        assert_eq!(taken, line.quantity, "a line takes what it allocates");
        for debit in &line.debits {
            *self.left.get_mut(&debit.lot.0).unwrap() -= i64::from(debit.quantity);
        }
    }

    fn allocate(&mut self, periods: u16, lines: &[AllocationLine]) {
        let months = i128::from(self.start.unwrap().term.in_months()) * i128::from(periods);
        let allocated = lines.iter().map(|line| {
            let key = (line.license_type.clone(), Unit::SubscriptionMonths);
            (key, i128::from(line.quantity) * months)
        });
        let newest = Newest {
            debits: lines.iter().flat_map(|line| line.debits.clone()).collect(),
            credited: Vec::new(),
            allocated: allocated.collect(),
            overlap: self.overlap.clone(),
        };
        lines.iter().for_each(|line| self.debit(line));
        for (key, count) in &newest.allocated {
            *self.allocated.entry(key.clone()).or_default() += count;
        }
        self.newest = Some(Box::new(newest));
    }

    fn compensate(&mut self, event: &CustomerEvent) {
        let CustomerEvent::Compensated {
            license_type,
            term,
            quantity,
            overlap_days,
            period_days,
            lot,
            ..
        } = event
        else {
            return;
        };
        assert!(overlap_days < period_days && term.ticks() % u64::from(*period_days) == 0);
        let earned = self.overlap.entry(license_type.clone()).or_default();
        earned.ticks += i128::from(*quantity)
            * i128::from(*overlap_days)
            * i128::from(term.ticks() / u64::from(*period_days));
        let Some(lot) = lot else { return };
        earned.licenses += i128::from(lot.quantity);
        assert_eq!((lot.source, lot.kind), (LotSource::Compensation, LotKind::Subscription(*term)));
        self.store(lot);
        self.newest.as_mut().unwrap().credited.push(lot.clone());
    }

    fn undo(&mut self) {
        let newest = self.newest.take().unwrap();
        for debit in newest.debits {
            *self.left.get_mut(&debit.lot.0).unwrap() += i64::from(debit.quantity);
        }
        for lot in newest.credited {
            self.void(Debit { lot: lot.id, quantity: lot.quantity });
        }
        for (key, count) in newest.allocated {
            *self.allocated.get_mut(&key).unwrap() -= count;
        }
        self.overlap = newest.overlap;
    }

    fn preload(&mut self, preloaded: &Quantities) {
        for (license_type, count) in preloaded {
            let key = (license_type.clone(), Unit::Expansions);
            *self.came.entry(key.clone()).or_default() += i128::from(*count);
            *self.allocated.entry(key).or_default() += i128::from(*count);
        }
    }

    fn tie(&mut self, line: &AllocationLine, unit: Unit) {
        self.debit(line);
        let key = (line.license_type.clone(), unit);
        *self.allocated.entry(key).or_default() += i128::from(line.quantity);
    }
}
