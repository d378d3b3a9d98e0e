//! The status of a subscription on a day.

use serde::{Deserialize, Serialize};

use super::{Quantities, Subscription, future::Future};
use crate::{
    error::Result,
    time::{Day, Period},
};

/// What a customer may do with a product, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_enums, reason = "the decision itself: a new one must be handled")]
pub enum StatusKind {
    /// No system with the product is registered.
    NotRegistered,
    /// Full use before a subscription is started.
    Trial,
    /// Registered, and no subscription was started.
    NotStarted,
    /// Full use while licences are bought and allocated.
    Grace,
    /// Every device is covered, or was when the period became fully licensed.
    Licensed,
    /// The grace is over and only some devices are covered.
    PartlyLicensed,
    /// The grace or trial is over and nothing is allocated.
    Unlicensed,
}

/// The status of a product with a customer on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "the whole answer")]
pub struct Status {
    /// In one word.
    pub kind: StatusKind,
    /// First day of the current period.
    pub start: Option<Day>,
    /// First day after the current period.
    pub end: Option<Day>,
    /// First day after the grace of this period, past or to come; none when it had no grace.
    pub grace_end: Option<Day>,
    /// First day after the trial, past or to come.
    pub trial_end: Option<Day>,
    /// Whether the current period is a renewal, not the one the product joined in.
    pub renewed: bool,
    /// Days until the status changes by itself, today included; none when it does not.
    pub days_left: Option<u32>,
}

impl Status {
    /// The status of a product without a started subscription.
    #[must_use]
    pub fn unstarted(registered: bool, trial_end: Option<Day>, today: Day) -> Self {
        let kind = match trial_end {
            _ if !registered => StatusKind::NotRegistered,
            Some(end) if today < end => StatusKind::Trial,
            Some(_) => StatusKind::Unlicensed,
            None => StatusKind::NotStarted,
        };
        let days_left =
            (kind == StatusKind::Trial).then(|| days_until(trial_end?, today)).flatten();
        Self { kind, start: None, end: None, grace_end: None, trial_end, renewed: false, days_left }
    }

    /// The status of a started subscription while no system is registered: its days go on.
    #[cfg(feature = "zones")]
    pub(crate) fn without_systems(self) -> Self {
        Self { kind: StatusKind::NotRegistered, days_left: None, ..self }
    }

    /// The status of a subscription that was rolled to `today`.
    ///
    /// # Errors
    /// [`DateOutOfRange`](crate::error::ErrorKind::DateOutOfRange) after the year 9999.
    pub fn of(subscription: &Subscription, devices: &Quantities, today: Day) -> Result<Self> {
        let (mut future, period) = (Future::of(subscription, devices), subscription.period(0)?);
        let grace = future.grace(period.start)?;
        let kind = future.kind_on(today, grace);
        let changes_on = match kind {
            StatusKind::Licensed => licensed_until(&mut future)?,
            _ => changes_on(&mut future, (today, kind), (period, grace))?,
        };
        Ok(Self {
            kind,
            start: Some(period.start),
            end: Some(period.end),
            grace_end: grace.map(|grace| grace.end),
            trial_end: None,
            renewed: !period.contains(subscription.joined()),
            days_left: changes_on.and_then(|day| days_until(day, today)),
        })
    }
}

/// The first day on which not every device is covered, by itself; none without devices.
fn licensed_until(future: &mut Future<'_>) -> Result<Option<Day>> {
    future.advance();
    while future.is_licensed() {
        if !future.is_allocated_from_here() {
            return Ok(None);
        }
        future.advance();
    }
    future.start().map(Some)
}

/// The day on which the status is another by itself: the end of a grace or of a period. Beyond the
/// periods with licences nothing changes any more.
fn changes_on(
    future: &mut Future<'_>,
    (today, kind): (Day, StatusKind),
    (period, grace): (Period, Option<Period>),
) -> Result<Option<Day>> {
    let (mut ends, mut grace) = (period.end, grace);
    let mut empty_periods = 0_u8;
    while empty_periods < 2 {
        let grace_ends = grace.map(|grace| grace.end).filter(|end| today < *end && *end < ends);
        if grace_ends.is_some_and(|day| future.kind_on(day, None) != kind) {
            return Ok(grace_ends);
        }
        future.advance();
        grace = future.grace(ends)?;
        if future.kind_on(ends, grace) != kind {
            return Ok(Some(ends));
        }
        if !future.is_allocated_from_here() {
            empty_periods = empty_periods.saturating_add(1);
        }
        ends = future.end()?;
    }
    Ok(None)
}

fn days_until(end: Day, today: Day) -> Option<u32> {
    u32::try_from(end.days_since(today)).ok()
}
