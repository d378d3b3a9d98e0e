//! `Seats`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Available, Holder, Limits, Session, SessionId, Terms};
use crate::{
    error::{ErrorKind, Refusal, Result},
    id::FeatureId,
    time::Instant,
};

/// The sessions that are open at an instant, and what they captured.
///
/// A refused call leaves them as they were. Of a feature with a limit only the first holders, up to
/// the limit, have a seat; when it is lowered the latest lose theirs (S-MK-60), which they learn by
/// their next sign of life.
///
/// ```
/// use mlicense_core::error::ErrorKind;
/// use mlicense_core::seat::{Holder, Limits, Seats, SessionId, Terms};
///
/// let limits = Limits::from_iter([("export".parse()?, Some(1))]);
/// let (ann, bob) = (SessionId::from_entropy([1; 16]), SessionId::from_entropy([2; 16]));
/// let now = "2026-03-01T09:00:00Z".parse()?;
/// let (export, terms) = ("export".parse()?, Terms::default());
///
/// let mut seats = Seats::at(now, []);
/// seats.capture((ann, &Holder::new("desk 1")?), &export, &limits, &terms)?;
/// let refused = seats.capture((bob, &Holder::default()), &export, &limits, &terms).unwrap_err();
/// assert_eq!(refused.kind(), ErrorKind::NoFreeLicense);
///
/// // Nothing was heard of the first holder for the length of its lease.
/// let mut later = Seats::at(now.saturating_add(300), seats.into_sessions());
/// assert!(later.capture((bob, &Holder::default()), &export, &limits, &terms).is_ok());
/// # Ok::<(), mlicense_core::error::Refusal>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seats {
    now: Instant,
    sessions: BTreeMap<SessionId, Session>,
    /// No capture so far has a later place.
    last_place: u64,
}

/// What came of a capture.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Captured {
    /// The session, new or not.
    pub session: SessionId,
    /// What came of it as a sign of life.
    pub kept: Kept,
}

/// What came of a sign of life.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Kept {
    /// The first instant at which the session is over without another one; none when it does not
    /// end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Instant>,
    /// What the session still holds, in the order of names.
    pub captured: Vec<FeatureId>,
    /// What it lost since the last one, in the order of names (S-MK-59).
    pub dropped: Vec<FeatureId>,
}

/// A feature that may run, with its limit and how many seats are taken (S-MK-52).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Usage {
    /// The feature.
    pub feature: FeatureId,
    /// How many seats there are; none when it takes none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// How many are taken.
    pub captured: u32,
}

impl Seats {
    /// Takes the sessions that a store has kept, and looks at them at `now` by the store's clock:
    /// those whose lease is over are left out.
    ///
    /// A sign of life from later than `now` counts as of now, since the clock was set back: who has
    /// left is noticed a lease later, and not only when the clock is there again.
    #[must_use]
    pub fn at(now: Instant, sessions: impl IntoIterator<Item = Session>) -> Self {
        let open = sessions.into_iter().filter_map(|mut session| {
            session.kept_at = session.kept_at.min(now);
            session.is_open(now).then_some((session.id, session))
        });
        let sessions: BTreeMap<_, _> = open.collect();
        let places = sessions.values().flat_map(|session| session.captured.values());
        Self { now, last_place: places.max().copied().unwrap_or(0), sessions }
    }

    /// Captures a feature for a session: one that is open, for which it is a sign of life too, or a
    /// new one by an id that is none's.
    ///
    /// Again in the same session it takes no other seat (S-MK-54), and a feature without a limit
    /// takes none (S-MK-63). What the holder says is kept from the session's first capture.
    ///
    /// # Errors
    /// [`ErrorKind::NotLicensed`] for a feature that may not run; [`ErrorKind::NoFreeLicense`] when
    /// all its seats are taken (S-MK-55); [`ErrorKind::SessionsFull`] when a session would be opened
    /// beyond [`Limits::sessions_max`].
    pub fn capture(
        &mut self,
        (id, holder): (SessionId, &Holder),
        feature: &FeatureId,
        limits: &Limits,
        terms: &Terms,
    ) -> Result<Captured> {
        self.open((id, holder), feature, limits, terms)?;
        Ok(Captured { session: id, kept: self.keep_alive(&id, limits, terms)? })
    }

    /// Captures a feature for a new session, by an id that is none's, as [`Seats::capture`] does,
    /// and tells nothing of it: this feature is all that it holds.
    ///
    /// # Errors
    /// As [`Seats::capture`].
    pub fn open(
        &mut self,
        (id, holder): (SessionId, &Holder),
        feature: &FeatureId,
        limits: &Limits,
        terms: &Terms,
    ) -> Result<()> {
        let limit = limits.require_limit(feature)?;
        if terms.lease_seconds().is_some() && !self.sessions.contains_key(&id) {
            self.require_room(limits)?;
        }
        if let Some(limit) = limit
            && self.are_taken(limit, feature)
            && !self.is_held(&id, feature, limits)
        {
            return Err(all_taken(feature, limit));
        }
        self.last_place = self.last_place.saturating_add(1);
        let (place, kept_at) = (self.last_place, self.now);
        let opened = || Session {
            id,
            holder: holder.clone(),
            kept_at,
            lease_seconds: terms.lease_seconds(),
            captured: BTreeMap::new(),
        };
        let session = self.sessions.entry(id).or_insert_with(opened);
        session.captured.entry(feature.clone()).or_insert(place);
        Ok(())
    }

    /// Captures a feature for a session that is open.
    ///
    /// # Errors
    /// [`ErrorKind::SessionUnknown`] when it is not (S-MK-57); as [`Seats::capture`].
    pub fn capture_in(
        &mut self,
        id: &SessionId,
        feature: &FeatureId,
        limits: &Limits,
        terms: &Terms,
    ) -> Result<Captured> {
        let holder = self.session(id)?.holder.clone();
        self.capture((*id, &holder), feature, limits, terms)
    }

    /// Takes a sign of life: the session lasts for a lease from now, whatever was left of the last
    /// one (S-MK-58), and without the features that it lost meanwhile (S-MK-59).
    ///
    /// # Errors
    /// [`ErrorKind::SessionUnknown`] when no such session is open (S-MK-57).
    pub fn keep_alive(&mut self, id: &SessionId, limits: &Limits, terms: &Terms) -> Result<Kept> {
        let (mut captured, mut dropped) = (Vec::new(), Vec::new());
        for (feature, place) in self.session(id)?.captured() {
            let kept = self.has_seat((place, *id), feature, limits);
            if kept { &mut captured } else { &mut dropped }.push(feature.clone());
        }
        let now = self.now;
        let unknown = || Refusal::new(ErrorKind::SessionUnknown);
        let session = self.sessions.get_mut(id).ok_or_else(unknown)?;
        for feature in &dropped {
            session.captured.remove(feature);
        }
        (session.kept_at, session.lease_seconds) = (now, terms.lease_seconds());
        Ok(Kept { until: session.until(), captured, dropped })
    }

    /// Releases one feature; the session stays open.
    ///
    /// # Errors
    /// With [strict](Terms::strict) terms [`ErrorKind::SessionUnknown`] when no such session is
    /// open and [`ErrorKind::NotCaptured`] when it did not capture the feature; otherwise both do
    /// nothing (S-MK-56).
    pub fn release(&mut self, id: &SessionId, feature: &FeatureId, terms: &Terms) -> Result<()> {
        let released = match self.sessions.get_mut(id) {
            Some(session) => session.captured.remove(feature).is_some(),
            None if terms.is_strict() => return Err(ErrorKind::SessionUnknown.into()),
            None => return Ok(()),
        };
        if released || !terms.is_strict() {
            return Ok(());
        }
        Err(Refusal::new(ErrorKind::NotCaptured).with("feature", feature))
    }

    /// Releases all that a session captured and ends it.
    ///
    /// # Errors
    /// With [strict](Terms::strict) terms [`ErrorKind::SessionUnknown`] when it is not open.
    pub fn end(&mut self, id: &SessionId, terms: &Terms) -> Result<()> {
        match self.sessions.remove(id) {
            None if terms.is_strict() => Err(ErrorKind::SessionUnknown.into()),
            _ => Ok(()),
        }
    }

    /// The session of this id.
    ///
    /// # Errors
    /// [`ErrorKind::SessionUnknown`] when none is open (S-MK-57).
    pub fn session(&self, id: &SessionId) -> Result<&Session> {
        self.sessions.get(id).ok_or_else(|| ErrorKind::SessionUnknown.into())
    }

    /// The sessions that are open, in the order of their ids.
    pub fn sessions(&self) -> impl Iterator<Item = &Session> {
        self.sessions.values()
    }

    /// The sessions that are open, to be kept.
    pub fn into_sessions(self) -> impl Iterator<Item = Session> {
        self.sessions.into_values()
    }

    /// Whether a session holds what it captured: a feature that takes no seats, or a seat.
    #[must_use]
    pub fn is_held(&self, id: &SessionId, feature: &FeatureId, limits: &Limits) -> bool {
        let place = self.sessions.get(id).and_then(|open| open.captured.get(feature));
        place.is_some_and(|place| self.has_seat((*place, *id), feature, limits))
    }

    /// How many seats of a feature are taken; 0 for one that takes none or may not run.
    #[must_use]
    pub fn captured(&self, feature: &FeatureId, limits: &Limits) -> u32 {
        let limit = limits.of_id(feature).flatten().unwrap_or(0);
        u32::try_from(self.holders(feature)).unwrap_or(u32::MAX).min(limit)
    }

    /// Whether a feature could be captured; see [`Available`] for what that is worth.
    #[must_use]
    pub fn available(&self, feature: &FeatureId, limits: &Limits) -> Available {
        match limits.of_id(feature) {
            None => Available::NotLicensed,
            Some(None) => Available::Unlimited,
            Some(Some(limit)) => {
                Available::Seats(limit.saturating_sub(self.captured(feature, limits)))
            }
        }
    }

    /// Every feature that may run, with its limit and how many seats are taken (S-MK-52).
    #[must_use]
    pub fn usage(&self, limits: &Limits) -> Vec<Usage> {
        let usage = |(feature, limit): (&FeatureId, Option<u32>)| Usage {
            feature: feature.clone(),
            limit,
            captured: self.captured(feature, limits),
        };
        limits.iter().map(usage).collect()
    }

    fn require_room(&self, limits: &Limits) -> Result<()> {
        let (open, most) = (self.sessions.len(), limits.sessions_max());
        if u64::try_from(open).is_ok_and(|open| open < most) {
            return Ok(());
        }
        Err(Refusal::new(ErrorKind::SessionsFull).with("limit", most))
    }

    /// Whether all seats are taken, which takes as many sessions at least.
    fn are_taken(&self, limit: u32, feature: &FeatureId) -> bool {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        self.sessions.len() >= limit && self.holders(feature) >= limit
    }

    fn holders(&self, feature: &FeatureId) -> usize {
        let holds = |session: &&Session| session.captured.contains_key(feature);
        self.sessions.values().filter(holds).count()
    }

    /// Whether who captured a feature at this place holds it.
    fn has_seat(&self, own: (u64, SessionId), feature: &FeatureId, limits: &Limits) -> bool {
        match limits.of_id(feature) {
            None => false,
            Some(None) => true,
            Some(Some(limit)) => self.is_among_first(limit, own, feature),
        }
    }

    /// Whether fewer than `limit` captured the feature before `own` did. Of equal places, which only
    /// a damaged store has, the lesser id comes first.
    fn is_among_first(&self, limit: u32, own: (u64, SessionId), feature: &FeatureId) -> bool {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let place = |session: &Session| Some((*session.captured.get(feature)?, session.id));
        let before = || self.sessions.values().filter_map(place).filter(|other| *other < own);
        // Mostly there are fewer sessions than seats.
        self.sessions.len() <= limit || before().count() < limit
    }
}

fn all_taken(feature: &FeatureId, limit: u32) -> Refusal {
    Refusal::new(ErrorKind::NoFreeLicense)
        .with("product", feature)
        .with("detail", format_args!("all {limit} seats are taken").to_string())
}
