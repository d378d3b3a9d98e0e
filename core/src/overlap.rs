//! Compensation: licences given back for the part of a period that had passed before they were
//! allocated.
//!
//! Allocating late, or for a product added later, never moves the dates of a period (S-AX-47,
//! S-AX-49). Instead the overlap is credited exactly, in ticks: a licence over a term of *N*
//! months is worth D(*N*) ticks ([`Term::ticks`]), and a day of a period of *L* days is
//! D(*N*) / *L* of them, always a whole number. Whole licences go back to the wallet, the rest is
//! carried; nothing is rounded and nothing is lost (S-AX-51). The result depends neither on the
//! order of allocations nor on how a quantity is split.

use serde::{Deserialize, Serialize};

use crate::{
    error::{ErrorKind, Refusal, Result},
    time::{Day, Period, Term},
};

/// From which day a late allocation is charged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_enums, reason = "a closed choice of policies")]
pub enum CompensationOrigin {
    /// From the day of allocation: all days passed are credited, those of the grace too.
    #[default]
    Elapsed,
    /// As if allocated on the last day of grace: only the days after the grace are credited.
    GraceEnd,
    /// Nothing is credited.
    None,
}

/// When licences came into a period.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct Overlap {
    /// The period they are allocated to.
    pub period: Period,
    /// The day the product joined it: its start, or later for a product added within it.
    pub joined: Day,
    /// The first day after the grace that began when the product joined.
    pub grace_ends: Day,
    /// The day of allocation.
    pub allocated_on: Day,
}

impl Overlap {
    /// Days of the period to be credited, less than its length.
    ///
    /// Within the grace only the days before the product joined count (S-AX-50).
    #[must_use]
    pub fn days(self, origin: CompensationOrigin) -> u32 {
        let since_start = |day: Day| u32::try_from(day.days_since(self.period.start)).unwrap_or(0);
        let late = self.allocated_on >= self.grace_ends;
        match origin {
            CompensationOrigin::None => 0,
            CompensationOrigin::Elapsed if late => since_start(self.allocated_on),
            CompensationOrigin::GraceEnd if late => {
                let after = self.allocated_on.days_since(self.grace_ends);
                since_start(self.joined).saturating_add(u32::try_from(after).unwrap_or(0))
            }
            CompensationOrigin::Elapsed | CompensationOrigin::GraceEnd => since_start(self.joined),
        }
    }
}

/// What an allocation gives back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "the whole answer")]
pub struct Credit {
    /// Whole licences for the wallet.
    pub licenses: u32,
    /// Ticks carried to the next allocation, below [`Term::ticks`].
    pub carry: u64,
}

/// Credits `quantity` licences for `overlap_days` of a period of `period_days`.
///
/// `carry` is what earlier allocations of the same customer, product, type and term left.
///
/// # Errors
/// [`ErrorKind::ClaimsContradictory`] when the period's length is none that `term` can have or
/// the overlap is not shorter than the period.
///
/// ```
/// use mlicense_core::{overlap::credit, time::Term};
/// // Ten licences, 100 of 365 days late: two come back, 270/365 of a licence is carried.
/// let back = credit(Term::YEAR, 10, 100, 365, 0)?;
/// assert_eq!((back.licenses, back.carry), (2, 270 * 366));
/// assert!(credit(Term::YEAR, 10, 100, 364, 0).is_err());
/// # Ok::<(), mlicense_core::error::Refusal>(())
/// ```
pub fn credit(
    term: Term,
    quantity: u32,
    overlap_days: u32,
    period_days: u32,
    carry: u64,
) -> Result<Credit> {
    let ticks = term.ticks();
    let whole_day = |days: u32| ticks.checked_rem(days.into()) == Some(0);
    if !whole_day(period_days) || overlap_days >= period_days || carry >= ticks {
        let detail = format!("{overlap_days} of {period_days} days in {term}, carry {carry}");
        return Err(Refusal::new(ErrorKind::ClaimsContradictory).with("detail", detail));
    }
    let day = ticks.checked_div(period_days.into()).unwrap_or(0);
    // INVARIANT: both are below 2^32, so u64 holds the product.
    let elapsed = u64::from(quantity).saturating_mul(overlap_days.into());
    match elapsed.checked_mul(day).and_then(|ticks| ticks.checked_add(carry)) {
        Some(total) => {
            let licenses = total.checked_div(ticks).unwrap_or(0);
            let carry = total.checked_rem(ticks).unwrap_or(0);
            Ok(Credit { licenses: u32::try_from(licenses).unwrap_or(u32::MAX), carry })
        }
        None => Ok(credit_many(elapsed, day, (ticks, carry))),
    }
}

/// Credits what 64 bits do not hold, which costs more: a day's ticks are below 2^53, so 128 do.
fn credit_many(elapsed: u64, day: u64, (ticks, carry): (u64, u64)) -> Credit {
    let total = u128::from(elapsed).saturating_mul(day.into()).saturating_add(carry.into());
    let licenses = total.checked_div(ticks.into()).unwrap_or(0);
    let carry = total.checked_rem(ticks.into()).unwrap_or(0);
    Credit {
        licenses: u32::try_from(licenses).unwrap_or(u32::MAX),
        carry: u64::try_from(carry).unwrap_or(u64::MAX),
    }
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "small numbers")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn prop_what_64_bits_hold_is_credited_as_what_they_do_not(
            quantity: u32, overlap in 0..365_u32, carry in 0..Term::YEAR.ticks(),
        ) {
            let back = credit(Term::YEAR, quantity, overlap, 365, carry).unwrap();
            let elapsed = u64::from(quantity) * u64::from(overlap);
            prop_assert_eq!(back, credit_many(elapsed, 366, (Term::YEAR.ticks(), carry)));
        }

        #[test]
        fn prop_splitting_and_order_do_not_matter(
            steps in proptest::collection::vec((1_u32..5000, 0_u32..365), 1..8),
        ) {
            let run = |steps: &[(u32, u32)]| {
                steps.iter().fold((0_u64, 0_u64), |(licenses, carry), (quantity, overlap)| {
                    let back = credit(Term::YEAR, *quantity, *overlap, 365, carry).unwrap();
                    (licenses + u64::from(back.licenses), back.carry)
                })
            };
            let reversed: Vec<_> = steps.iter().rev().copied().collect();
            let split: Vec<_> = steps.iter().flat_map(|(q, o)| vec![(1, *o); *q as usize]).collect();
            prop_assert_eq!(run(&steps), run(&reversed));
            prop_assert_eq!(run(&steps), run(&split));
            let ticks: u64 = steps.iter().map(|(q, o)| u64::from(*q) * u64::from(*o) * 366).sum();
            let (licenses, carry) = run(&steps);
            prop_assert_eq!(ticks, licenses * Term::YEAR.ticks() + carry);
        }
    }
}
