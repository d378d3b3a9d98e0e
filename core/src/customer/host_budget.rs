//! How many hosts a customer may move without the vendor.

use serde::{Deserialize, Serialize};

use super::{FreedBy, HostAgreement};
use crate::{
    error::{ErrorKind, Refusal, Result},
    policy::{Budget, SETTING_MAX},
    time::Day,
};

/// The days on which the customer moved hosts, oldest first, as far back as any budget counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Moved {
    freed: Vec<Day>,
    enrolled: Vec<Day>,
}

impl Moved {
    pub(super) fn free(&mut self, by: FreedBy, on: Day) {
        if by.counts() {
            note(&mut self.freed, on);
        }
    }

    pub(super) fn enroll(&mut self, on: Option<Day>) {
        if let Some(on) = on {
            note(&mut self.enrolled, on);
        }
    }
}

/// Keeps a day, and forgets those that no budget counts any more.
fn note(days: &mut Vec<Day>, on: Day) {
    let counts = |day: &Day| day.plus_days(SETTING_MAX).map_or(true, |end| on < end);
    days.retain(counts);
    days.push(on);
}

/// How a budget stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "parts of one answer")]
pub struct BudgetLeft {
    /// How often within the span.
    pub allowed: u64,
    /// How often still today.
    pub left: u64,
    /// From which day on the next time; none when never.
    pub next: Option<Day>,
}

impl HostAgreement {
    /// How many hosts the customer may still free by itself; none where the policy sets no limit.
    #[must_use]
    pub fn moves_left(&self, today: Day) -> Option<BudgetLeft> {
        self.policy.moves.map(|budget| self.left(budget, &self.moved.freed, today))
    }

    /// How many hosts may still be enrolled anew; none where the policy sets no limit.
    #[must_use]
    pub fn rebinds_left(&self, today: Day) -> Option<BudgetLeft> {
        self.policy.rebinds.map(|budget| self.left(budget, &self.moved.enrolled, today))
    }

    fn left(&self, budget: Budget, done: &[Day], today: Day) -> BudgetLeft {
        let places = self.places(today);
        let (left, next) = budget.left(done, places, today);
        BudgetLeft { allowed: budget.allowed(places), left, next }
    }

    /// Refuses to let the customer free so many hosts more than its budget has left.
    pub(super) fn check_moves(&self, wanted: usize, today: Day) -> Result<()> {
        let left = self.moves_left(today).filter(|budget| over(wanted, *budget));
        match (left, self.policy.moves) {
            (Some(left), Some(budget)) => Err(spent(ErrorKind::MovesSpent, left, budget)),
            _ => Ok(()),
        }
    }

    /// Refuses to enrol a host anew when the budget is spent.
    pub(super) fn check_rebinds(&self, today: Day) -> Result<()> {
        let left = self.rebinds_left(today).filter(|budget| over(1, *budget));
        match (left, self.policy.rebinds) {
            (Some(left), Some(budget)) => Err(spent(ErrorKind::RebindsSpent, left, budget)),
            _ => Ok(()),
        }
    }
}

fn over(wanted: usize, budget: BudgetLeft) -> bool {
    u64::try_from(wanted).unwrap_or(u64::MAX) > budget.left
}

fn spent(kind: ErrorKind, left: BudgetLeft, budget: Budget) -> Refusal {
    let next = left.next.map_or_else(|| "–".to_owned(), |day| day.to_string());
    Refusal::new(kind)
        .with("allowed", left.allowed)
        .with("days", budget.days)
        .with("left", left.left)
        .with("next", next)
}
