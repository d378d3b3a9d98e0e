//! Seats within one program, and the quota of licences for whoever shares seats further.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use mlicense_core::{
    error::Refusal,
    id::FeatureId,
    seat::{Available, Holder, Kept, Limits, Quota as Limiting, Seats, SessionId, Terms, Usage},
    time::Instant,
};

use crate::{error::Result, held::Held, shared::Shared};

const TERMS: Terms = Terms::in_process();

/// A seat of a feature within this program; it is free again when the value is dropped.
///
/// Seats are counted in the memory of the program, for each client by itself, so that one that
/// crashes leaves none behind. It may outlive the client, and be shared by threads. A licence accepted
/// later counts at once: when its limit is lower, or it lacks the feature, the latest seats are lost,
/// which [`Seat::is_held`] tells.
///
/// ```
/// use mlicense_core::document::{Feature, License, LicenseClaims};
/// use mlicense_core::error::ErrorKind;
/// use mlicense_core::signing::Signer;
/// use mlicense_host::{Client, Clock, Options, SystemClock};
///
/// let vendor = Signer::from_seed([1; 32]);
/// let mut client = Client::open("editor".parse()?, &[vendor.public_key()], Options::stateless())?;
/// let mut claims = LicenseClaims::perpetual("editor".parse()?, "Example Ltd", SystemClock.now());
/// claims.features.insert("export".parse()?, Feature::counted(1));
/// client.accept(License::issue(&claims, &vendor)?.as_bytes())?;
///
/// let seat = client.capture("export")?;
/// assert_eq!(client.capture("export").unwrap_err().kind(), ErrorKind::NoFreeLicense);
/// drop(seat);
/// assert!(client.capture("export")?.is_held());
/// # Ok::<(), mlicense_host::Error>(())
/// ```
#[must_use = "a seat that is dropped is free again"]
pub struct Seat {
    shared: Arc<Shared>,
    session: SessionId,
    feature: FeatureId,
}

impl Seat {
    pub(crate) fn capture(shared: &Arc<Shared>, feature: &str) -> Result<Self> {
        let (session, feature) = shared.capture(feature)?;
        Ok(Self { shared: Arc::clone(shared), session, feature })
    }

    /// The feature for which it was captured.
    #[must_use]
    pub const fn feature(&self) -> &FeatureId {
        &self.feature
    }

    /// Whether its feature may still be used: the seat is among those that the licences held now
    /// allow, and they let the feature run.
    #[must_use]
    pub fn is_held(&self) -> bool {
        self.shared.is_held(&self.session, &self.feature)
    }

    /// Captures another feature for the same user; again the same feature takes no other seat
    /// (S-MK-54). It is released with the seat. The answer is that of [`Seat::keep_alive`].
    ///
    /// # Errors
    /// As [`Client::capture`](crate::Client::capture).
    pub fn capture_too(&self, feature: &str) -> Result<Kept> {
        Ok(self.shared.capture_in(&self.session, feature)?)
    }

    /// What is still held of all that was captured, and what was lost since this was asked last
    /// (S-MK-59). A seat lost comes back by a capture only.
    ///
    /// # Errors
    /// None while the value lives; the same type as with seats that are shared.
    pub fn keep_alive(&self) -> Result<Kept> {
        Ok(self.shared.keep_alive(&self.session)?)
    }

    /// Releases it, as dropping it does.
    pub fn release(self) {}
}

impl Drop for Seat {
    fn drop(&mut self) {
        // Not refused on these terms.
        let _ = self.shared.own_seats().seats.end(&self.session, &TERMS);
    }
}

impl fmt::Debug for Seat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Seat({})", self.feature)
    }
}

/// How many seats the licences of a client allow, whenever somebody asks: also after it accepted
/// others, and after it is gone.
#[derive(Clone, Debug)]
pub struct Quota(Arc<Shared>);

impl Quota {
    pub(crate) const fn new(shared: Arc<Shared>) -> Self {
        Self(shared)
    }
}

impl Limiting for Quota {
    fn limits(&self) -> Limits {
        self.0.limits(&mut self.0.own_seats().known).clone()
    }

    fn require(&self, feature: &str) -> Result<(), Refusal> {
        self.0.decide(&self.0.held(), feature).require()
    }
}

/// The seats of one program.
#[derive(Debug)]
pub(crate) struct OwnSeats(Mutex<Own>);

/// What a program has captured, and what its licences said when they were asked last.
#[derive(Debug)]
struct Own {
    seats: Seats,
    /// Sessions opened so far: each has a number of its own, which nobody outside sees.
    opened: u128,
    known: Known,
}

/// The limits as they were decided last.
#[derive(Debug)]
struct Known {
    limits: Limits,
    /// What they follow from; none when they have to be decided anew at each call.
    from: Option<(Arc<Held>, Instant)>,
}

impl Default for OwnSeats {
    fn default() -> Self {
        // No session ends by itself, so that the time is of no account.
        let (seats, limits) = (Seats::at(Instant::MIN, []), Limits::default());
        Self(Mutex::new(Own { seats, opened: 0, known: Known { limits, from: None } }))
    }
}

fn next_session(opened: &mut u128) -> SessionId {
    *opened = opened.wrapping_add(1);
    SessionId::from_entropy(opened.to_be_bytes())
}

impl Shared {
    /// The limits of this moment. Whoever captures at the same time goes by the same, or by newer
    /// ones, since all ask with the seats in their hands. Within one second of a clock that is
    /// trusted they follow from what is held.
    fn limits<'k>(&self, known: &'k mut Known) -> &'k Limits {
        let tick = self.tick();
        let same = |(held, now): &(Arc<Held>, Instant)| *now == tick.now() && self.holds(held);
        if !tick.is_trusted() || !known.from.as_ref().is_some_and(same) {
            *known = self.decided_limits();
        }
        &known.limits
    }

    fn decided_limits(&self) -> Known {
        let (held, tick) = (self.held(), self.tick());
        if tick.is_trusted() && self.out_of_reach().is_none() {
            let decide = |name| held.decide(&self.identity, name, tick.now());
            let limits = Limits::of_decisions(held.names().map(decide));
            return Known { limits, from: Some((held, tick.now())) };
        }
        let limits = Limits::of_decisions(held.names().map(|name| self.decide(&held, name)));
        let passes = self.out_of_reach().is_some_and(|lost| self.present().now < lost.until);
        let limits = if passes { limits.with_all_others() } else { limits };
        Known { limits, from: None }
    }

    pub(crate) fn usage(&self) -> Vec<Usage> {
        let Own { seats, known, .. } = &mut *self.own_seats();
        seats.usage(self.limits(known))
    }

    pub(crate) fn available(&self, feature: &str) -> Available {
        let feature = feature.parse::<FeatureId>();
        feature.map_or(Available::NotLicensed, |feature| {
            let Own { seats, known, .. } = &mut *self.own_seats();
            seats.available(&feature, self.limits(known))
        })
    }

    /// Captures for a new session.
    fn capture(&self, feature: &str) -> Result<(SessionId, FeatureId), Refusal> {
        let Own { seats, opened, known } = &mut *self.own_seats();
        let (limits, session) = (self.limits(known), next_session(opened));
        let captured = feature.parse().and_then(|feature| {
            seats.open((session, &Holder::default()), &feature, limits, &TERMS)?;
            Ok((session, feature))
        });
        captured.or_else(|refusal| self.refuse(feature, refusal))
    }

    fn capture_in(&self, session: &SessionId, feature: &str) -> Result<Kept, Refusal> {
        let Own { seats, known, .. } = &mut *self.own_seats();
        let limits = self.limits(known);
        let captured = feature.parse().and_then(|feature| {
            Ok(seats.capture((*session, &Holder::default()), &feature, limits, &TERMS)?.kept)
        });
        captured.or_else(|refusal| self.refuse(feature, refusal))
    }

    /// Refuses with the reason, where it is that the feature may not run.
    fn refuse<T>(&self, feature: &str, refusal: Refusal) -> Result<T, Refusal> {
        self.decide(&self.held(), feature).require()?;
        Err(refusal)
    }

    fn keep_alive(&self, session: &SessionId) -> Result<Kept, Refusal> {
        let Own { seats, known, .. } = &mut *self.own_seats();
        seats.keep_alive(session, self.limits(known), &TERMS)
    }

    fn is_held(&self, session: &SessionId, feature: &FeatureId) -> bool {
        let Own { seats, known, .. } = &mut *self.own_seats();
        seats.is_held(session, feature, self.limits(known))
    }

    // A panic elsewhere left them whole: a call changes them at its end.
    fn own_seats(&self) -> MutexGuard<'_, Own> {
        self.own_seats.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
