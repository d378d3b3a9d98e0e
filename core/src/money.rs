//! Money in minor units: pro-rata amounts.

use crate::error::{ErrorKind, Refusal, Result};

/// The part of `price` for `days_left` of `basis_days`, in minor units, rounded half up (S-ST-51).
///
/// # Errors
/// [`ErrorKind::QuantityOutOfRange`] when `basis_days` is 0, the days left exceed it, or the price
/// is negative.
///
/// ```
/// use mlicense_core::money::prorate;
/// assert_eq!(prorate(10_000, 100, 365)?, 2740);
/// assert!(prorate(10_000, 366, 365).is_err());
/// # Ok::<(), mlicense_core::error::Refusal>(())
/// ```
pub fn prorate(price: i64, days_left: u32, basis_days: u32) -> Result<i64> {
    let refused = |what: &'static str, value: i64, max: i64| {
        Refusal::new(ErrorKind::QuantityOutOfRange)
            .with("what", what)
            .with("value", value)
            .with("min", 0)
            .with("max", max)
    };
    if basis_days == 0 || days_left > basis_days {
        return Err(refused("days left", days_left.into(), basis_days.into()));
    }
    let price = u64::try_from(price).map_err(|_| refused("a price", price, i64::MAX))?;
    // round(price · left / basis) = floor((2 · price · left + basis) / (2 · basis))
    let basis = u128::from(basis_days);
    let doubled = u128::from(price).saturating_mul(days_left.into()).saturating_mul(2);
    let amount = doubled.saturating_add(basis).checked_div(basis.saturating_mul(2)).unwrap_or(0);
    Ok(i64::try_from(amount).unwrap_or(i64::MAX))
}
