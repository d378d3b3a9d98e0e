//! `Timeline`: every decision that time alone can bring.

use super::{Candidate, Decision, Question, evaluate_all, rules::Rules};
use crate::time::Instant;

/// The decisions about one question over all time, made once so that asking costs a search.
///
/// A decision changes only at instants that the licences name; between them it is the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    /// From the beginning of time.
    first: Decision,
    /// Each from its instant on, ascending.
    later: Vec<(Instant, Decision)>,
}

impl Timeline {
    /// Decides for all time.
    #[must_use]
    pub fn new(candidates: &[Candidate<'_>], question: &Question<'_>) -> Self {
        let mut changes: Vec<Instant> = Vec::new();
        for candidate in candidates {
            changes.extend(Rules::new(candidate, question).changes());
        }
        changes.sort_unstable();
        changes.dedup();
        let decide = |at| evaluate_all(candidates, at, question);
        let first = decide(Instant::MIN);
        let mut later: Vec<(Instant, Decision)> =
            changes.into_iter().map(|at| (at, decide(at))).collect();
        later.dedup_by(|next, previous| next.1 == previous.1);
        Self { first, later }
    }

    /// The decision at `now`: the same that [`evaluate_all`] gives.
    pub fn at(&self, now: Instant) -> &Decision {
        let past = self.later.partition_point(|(from, _)| *from <= now);
        let current = past.checked_sub(1).and_then(|index| self.later.get(index));
        current.map_or(&self.first, |(_, decision)| decision)
    }
}
