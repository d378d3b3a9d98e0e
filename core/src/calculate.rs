//! The pure arithmetic, without a ledger: for quotations, for tests, and to see how a figure came
//! about.

use serde::{Deserialize, Serialize};

use crate::{
    error::{ErrorKind, Refusal, Result},
    id::LicenseType,
    money,
    overlap::{CompensationOrigin, Overlap, credit},
    subscription::{Growth, growth},
    time::{Day, Period, Term},
    wallet::{Debit, Lot, LotId, LotKind, LotSource, Wallet, Want},
};

/// What to calculate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Calculation {
    /// Period `index` of `term_months` months from an anchor.
    Period {
        /// The day periods are laid from.
        anchor: Day,
        /// Length of a period.
        term_months: Term,
        /// 0 is the period that starts on the anchor.
        index: u32,
    },
    /// The first `count` periods of `term_months` months from an anchor.
    Periods {
        /// The day periods are laid from.
        anchor: Day,
        /// Length of a period.
        term_months: Term,
        /// How many, at most [`Calculation::PERIODS_MAX`].
        count: u32,
    },
    /// What late allocations to one period give back.
    Compensation(LateAllocations),
    /// Which lots of a wallet licences are taken from.
    Wallet {
        /// The lots, in the order of storing.
        lots: Vec<StoredLot>,
        /// How many years a lot is stored.
        storage_years: u16,
        /// The day of taking.
        today: Day,
        /// How many licences are wanted.
        quantity: u32,
    },
    /// The growth rule for one licence type.
    Growth {
        /// Licences allocated when the period first became fully licensed.
        base: u32,
        /// Licences allocated now.
        allocated: u32,
        /// Devices there are.
        devices: u32,
        /// Percent of the base that is free.
        percent: u16,
    },
    /// A price for part of a period, in minor units.
    Prorata {
        /// The price of the whole, in minor units.
        price_cents: i64,
        /// Days that are left.
        days_left: u32,
        /// Days of the whole.
        basis_days: u32,
    },
}

const fn year() -> Term {
    Term::YEAR
}

/// Late allocations to one period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct LateAllocations {
    /// First day of the period.
    pub start: Day,
    /// First day after it.
    pub end: Day,
    /// Length of the period and of each licence.
    #[serde(default = "year")]
    pub term_months: Term,
    /// Days of grace from joining.
    pub grace_days: u16,
    /// From which day a late allocation is charged.
    #[serde(default)]
    pub origin: CompensationOrigin,
    /// Ticks carried from before.
    #[serde(default)]
    pub carry: u64,
    /// The allocations, one after another.
    pub steps: Vec<CompensationStep>,
}

/// One of several [`LateAllocations`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct CompensationStep {
    /// Licences allocated.
    pub quantity: u32,
    /// The day the product joined the period.
    pub joined: Day,
    /// The day of allocation.
    pub allocated: Day,
}

/// One lot of a [`Calculation::Wallet`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct StoredLot {
    /// Licences in it.
    pub quantity: u32,
    /// The day it was stored.
    pub stored_on: Day,
}

/// What was calculated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Calculated {
    /// A period.
    Period(PeriodRow),
    /// Periods, index 0 first.
    Periods(Vec<PeriodRow>),
    /// What each allocation gave back.
    Compensation(Compensation),
    /// Lots and what is taken from them.
    Wallet(TakenLots),
    /// Growth.
    Growth(Growth),
    /// Part of a price.
    Prorata(Amount),
}

/// A period with its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct PeriodRow {
    /// First day inside.
    pub start: Day,
    /// First day after.
    pub end: Day,
    /// Days inside.
    pub days: u32,
}

impl From<Period> for PeriodRow {
    fn from(period: Period) -> Self {
        Self { start: period.start, end: period.end, days: period.days() }
    }
}

/// What late allocations gave back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Compensation {
    /// Ticks of one licence over the term.
    pub ticks_per_license: u64,
    /// One a step.
    pub steps: Vec<Compensated>,
}

/// What one step of a compensation gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Compensated {
    /// Days of the period credited for each licence.
    pub overlap_days: u32,
    /// Whole licences back.
    pub credited: u32,
    /// Ticks carried.
    pub carry: u64,
}

/// Lots and what is taken from them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct TakenLots {
    /// First day on which each lot can no longer be used.
    pub expires_on: Vec<Day>,
    /// What is taken; lots are numbered from 1.
    pub taken: Vec<Debit>,
}

/// An amount in minor units, rounded half up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Amount {
    /// The amount.
    pub cents: i64,
}

impl Calculation {
    /// The largest calculation, in bytes of JSON.
    pub const BYTES_MAX: usize = 64 * 1024;
    /// The most periods of one [`Calculation::Periods`].
    pub const PERIODS_MAX: u32 = 1200;

    /// Reads a calculation from JSON.
    ///
    /// # Errors
    /// [`ErrorKind::InputTooLarge`] over [`Calculation::BYTES_MAX`], [`ErrorKind::NotUtf8`],
    /// [`ErrorKind::JsonInvalid`].
    pub fn from_json(json: &[u8]) -> Result<Self> {
        crate::json::read("the calculation", json, Self::BYTES_MAX)
    }
}

/// Calculates.
///
/// # Errors
/// What the rule asked for refuses, such as [`ErrorKind::InsufficientWallet`].
///
/// ```
/// use mlicense_core::calculate::{Calculated, Calculation, calculate};
/// let json = br#"{"growth":{"base":10,"allocated":10,"devices":21,"percent":100}}"#;
/// let Calculated::Growth(growth) = calculate(&Calculation::from_json(json)?)? else { panic!() };
/// assert_eq!(growth.extra_now, 1);
/// # Ok::<(), mlicense_core::error::Refusal>(())
/// ```
pub fn calculate(calculation: &Calculation) -> Result<Calculated> {
    match calculation {
        Calculation::Period { anchor, term_months, index } => {
            Ok(Calculated::Period(term_months.period(*anchor, *index)?.into()))
        }
        Calculation::Periods { count, .. } if *count > Calculation::PERIODS_MAX => {
            Err(Refusal::new(ErrorKind::QuantityOutOfRange)
                .with("what", "a number of periods of")
                .with("value", count)
                .with("min", 0)
                .with("max", Calculation::PERIODS_MAX))
        }
        Calculation::Periods { anchor, term_months, count } => {
            let periods = (0..*count).map(|index| term_months.period(*anchor, index));
            let rows = periods.map(|period| period.map(PeriodRow::from));
            Ok(Calculated::Periods(rows.collect::<Result<_>>()?))
        }
        Calculation::Compensation(late) => compensation(late),
        Calculation::Wallet { lots, storage_years, today, quantity } => {
            wallet(lots, *storage_years, *today, *quantity)
        }
        Calculation::Growth { base, allocated, devices, percent } => {
            Ok(Calculated::Growth(growth(*base, *allocated, *devices, *percent)))
        }
        Calculation::Prorata { price_cents, days_left, basis_days } => {
            let cents = money::prorate(*price_cents, *days_left, *basis_days)?;
            Ok(Calculated::Prorata(Amount { cents }))
        }
    }
}

fn compensation(late: &LateAllocations) -> Result<Calculated> {
    let period = Period::new(late.start, late.end);
    let mut carry = late.carry;
    let mut results = Vec::new();
    for step in &late.steps {
        if !period.contains(step.joined) || !period.contains(step.allocated) {
            return Err(Refusal::new(ErrorKind::FieldInvalid)
                .with("field", "joined or allocated")
                .with("value", format_args!("{} / {}", step.joined, step.allocated))
                .with("expected", format_args!("in the period {period}")));
        }
        let grace_ends = step.joined.plus_days(late.grace_days.into())?;
        let overlap =
            Overlap { period, joined: step.joined, grace_ends, allocated_on: step.allocated };
        let overlap_days = overlap.days(late.origin);
        let back = credit(late.term_months, step.quantity, overlap_days, period.days(), carry)?;
        carry = back.carry;
        results.push(Compensated { overlap_days, credited: back.licenses, carry });
    }
    let ticks_per_license = late.term_months.ticks();
    Ok(Calculated::Compensation(Compensation { ticks_per_license, steps: results }))
}

fn wallet(lots: &[StoredLot], storage_years: u16, today: Day, quantity: u32) -> Result<Calculated> {
    let license_type = LicenseType::new("any")?;
    let mut wallet = Wallet::default();
    let mut expiries = Vec::new();
    for (id, lot) in (1..).zip(lots) {
        let expires_on = lot.stored_on.plus_months(u32::from(storage_years).saturating_mul(12))?;
        expiries.push(expires_on);
        wallet.store(Lot {
            id: LotId(id),
            license_type: license_type.clone(),
            kind: LotKind::year(),
            quantity: lot.quantity,
            source: LotSource::Key,
            stored_on: lot.stored_on,
            expires_on,
        });
    }
    let want = Want { license_type: &license_type, kind: LotKind::year(), quantity };
    let taken = wallet.choose(want, today)?;
    Ok(Calculated::Wallet(TakenLots { expires_on: expiries, taken }))
}
