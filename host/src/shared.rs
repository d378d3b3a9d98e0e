//! What a client and its features share: who asks, what is held, what time it is.

use std::sync::{Arc, PoisonError, RwLock};

use mlicense_core::{
    decision::{Decision, Outcome},
    error::ErrorKind,
    evidence::{Evidence, Present, Verdict},
    id::ProductId,
    time::Instant,
};

use crate::{
    held::{Held, Identity},
    seat::OwnSeats,
    state::{Seed, State},
    store::Store,
    tick::Tick,
    watch::Watch,
};

/// Outlives the client as long as a feature is asked about.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) identity: Identity,
    pub(crate) store: Store,
    pub(crate) watch: Watch,
    seed: Seed,
    held: RwLock<Arc<Held>>,
    pub(crate) own_seats: OwnSeats,
    /// Why there is no state, and until when that is let pass.
    out_of_reach: Option<OutOfReach>,
}

/// A state that could not be reached at the opening.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OutOfReach {
    pub(crate) fault: ErrorKind,
    pub(crate) until: Instant,
}

impl Shared {
    pub(crate) fn new(
        identity: Identity,
        store: Store,
        watch: Watch,
        (seed, held): (Seed, Arc<Held>),
    ) -> Self {
        let (held, own_seats) = (RwLock::new(held), OwnSeats::default());
        Self { identity, store, watch, seed, held, own_seats, out_of_reach: None }
    }

    /// Lets pass for so many seconds what is denied, for want of the state.
    pub(crate) fn without_state(mut self, fault: ErrorKind, grace_seconds: u64) -> Self {
        let seconds = i64::try_from(grace_seconds).unwrap_or(i64::MAX);
        let until = self.present().now.saturating_add(seconds);
        self.out_of_reach = Some(OutOfReach { fault, until });
        self
    }

    /// A decision that says when it is about a state that cannot be reached.
    pub(crate) fn tell(&self, decision: Decision, now: Instant) -> Decision {
        match self.out_of_reach {
            Some(OutOfReach { fault, until }) => decision.without_state(fault, now, until),
            None => decision,
        }
    }

    pub(crate) const fn out_of_reach(&self) -> Option<OutOfReach> {
        self.out_of_reach
    }

    /// What time it is; at most once a minute this writes what is known of it.
    pub(crate) fn tick(&self) -> Tick {
        self.watch.glance().unwrap_or_else(|| self.look())
    }

    #[cold]
    fn look(&self) -> Tick {
        let (tick, to_keep) = self.watch.look();
        if let Some(evidence) = to_keep {
            self.keep(evidence);
        }
        tick
    }

    pub(crate) fn present(&self) -> Present {
        self.tick();
        self.watch.present()
    }

    /// The present if it were `now`, by the mark and by nothing else: it is the caller who says
    /// so, and no clock that could be set.
    pub(crate) fn present_at(&self, now: Instant) -> Present {
        let present = self.watch.evidence().asked_at(now);
        if present.is_behind() {
            let verdict = present.verdict.min(Verdict::Warn);
            let mut doubted = present;
            doubted.verdict = verdict;
            return doubted;
        }
        Present::by(now)
    }

    pub(crate) fn decide(&self, held: &Held, feature: &str) -> Decision {
        let tick = self.tick();
        if tick.is_trusted() {
            return self.tell(held.decide(&self.identity, feature, tick.now()), tick.now());
        }
        let present = self.watch.present();
        self.tell(held.decide_under(&self.identity, feature, present), present.now)
    }

    pub(crate) fn outcome(&self, held: &Held, feature: &str) -> Outcome {
        self.outcome_at_tick(held, feature, self.tick())
    }

    pub(crate) fn outcome_at_tick(&self, held: &Held, feature: &str, tick: Tick) -> Outcome {
        if self.out_of_reach.is_some() {
            return self.decide(held, feature).outcome();
        }
        if tick.is_trusted() {
            return held.outcome(&self.identity, feature, tick);
        }
        held.decide_under(&self.identity, feature, self.watch.present()).outcome()
    }

    pub(crate) fn held(&self) -> Arc<Held> {
        Arc::clone(&self.held.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether this is what is held.
    pub(crate) fn holds(&self, held: &Arc<Held>) -> bool {
        Arc::ptr_eq(&self.held.read().unwrap_or_else(PoisonError::into_inner), held)
    }

    /// Takes a state that was written, and what it holds.
    pub(crate) fn renew(&self, state: &State, held: Arc<Held>) {
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = held;
        self.watch.renew(state.evidence);
    }

    /// Writes what is known of the time, if it can be written; checks go on without.
    pub(crate) fn keep(&self, evidence: Evidence) {
        let uptime = self.watch.uptime();
        let kept = self.store.keep((self.product(), &self.seed), evidence, uptime);
        self.watch.kept(kept.map_err(|fault| fault.refusal().clone()));
    }

    fn product(&self) -> &ProductId {
        &self.identity.product
    }
}

impl Drop for Shared {
    /// Writes what would be lost; best effort, since nobody is left to be told.
    fn drop(&mut self) {
        if let Some(evidence) = self.watch.unkept() {
            self.keep(evidence);
        }
    }
}
