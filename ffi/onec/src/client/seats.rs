//! Seats: how many use a feature at once.
//!
//! They are counted in a file that the configuration names, with every other user of that file, or
//! without one by this object alone.

use std::collections::BTreeMap;

use mlicense_core::{
    error::{ErrorKind, Result},
    id::FeatureId,
    seat::{Available, SessionId, Terms},
};
use mlicense_host::{Client as Host, Seat};
use mlicense_ledger::{Place, SeatLedger, SiteSeats};

use super::{Client, json};
use crate::{
    fault,
    told::Refused,
    value::{Arguments, Value},
};

/// The seats of this object, or those of a file.
#[derive(Debug)]
pub(super) enum Seats {
    Own { captured: BTreeMap<String, Seat>, sessions: u64 },
    Shared(SiteSeats),
}

impl Seats {
    /// The seats of a place, on these terms where the licences state none; without one, of this
    /// object.
    pub(super) fn open(
        place: Option<Place>,
        (lease_seconds, is_strict): (Option<u32>, bool),
        client: &Host,
    ) -> Result<Self, Refused> {
        let Some(place) = place else {
            return Ok(Self::Own { captured: BTreeMap::new(), sessions: 0 });
        };
        let terms = if is_strict { Terms::default().strict() } else { Terms::default() };
        let terms = match lease_seconds {
            Some(seconds) => terms.with_lease(seconds)?,
            None => terms,
        };
        let ledger = SeatLedger::open(place)?;
        Ok(Self::Shared(ledger.site(client.product(), client.quota()).with_terms(terms)))
    }

    fn acquire(&mut self, client: &Host, (feature, holder): (&str, &str)) -> Captured {
        match self {
            Self::Own { captured, sessions } => {
                let seat = client.capture(feature)?;
                *sessions = sessions.wrapping_add(1);
                let session = sessions.to_string();
                captured.insert(session.clone(), seat);
                Ok(session.into())
            }
            Self::Shared(site) => Ok(site.capture(feature, holder)?.session.to_string().into()),
        }
    }

    /// Captures another feature in a session that is open.
    fn acquire_too(&self, (feature, session): (&str, &str)) -> Captured {
        match self {
            Self::Own { captured, .. } => {
                let seat = captured.get(session).ok_or(ErrorKind::SessionUnknown)?;
                seat.capture_too(feature)?;
            }
            Self::Shared(site) => {
                site.capture_in(&id(session)?, feature)?;
            }
        }
        Ok(session.into())
    }

    fn keep_alive(&self, session: &str) -> Captured {
        let kept = match self {
            Self::Own { captured, .. } => {
                captured.get(session).ok_or(ErrorKind::SessionUnknown)?.keep_alive()?
            }
            Self::Shared(site) => site.keep_alive(&id(session)?)?,
        };
        Ok(json(&kept)?.into())
    }

    fn release(&mut self, session: &str, feature: Option<&str>) -> Captured {
        match (self, feature) {
            // As often as one likes, as seats within one program are released.
            (Self::Own { captured, .. }, None) => drop(captured.remove(session)),
            (Self::Own { .. }, Some(feature)) => {
                let expected = "left out where seats are counted by one object";
                return Err(fault::not("Feature", feature, expected).into());
            }
            (Self::Shared(site), None) => site.end(&id(session)?)?,
            (Self::Shared(site), Some(feature)) => {
                site.release(&id(session)?, &FeatureId::new(feature)?)?;
            }
        }
        Ok(true.into())
    }
}

type Captured = Result<Value, Refused>;

/// What is no id of a session is none that is open.
fn id(session: &str) -> Result<SessionId, Refused> {
    session.parse().map_err(|_| ErrorKind::SessionUnknown.into())
}

impl Client {
    pub(super) fn acquire(&mut self, arguments: &mut Arguments) -> Result<Value> {
        let (open, told) = self.opened()?;
        let (feature, holder) = (arguments.text()?, arguments.optional_text()?);
        let session = arguments.optional_text()?;
        let captured = match session {
            Some(session) => open.seats.acquire_too((&feature, &session)),
            None => {
                let holder = holder.unwrap_or_default();
                open.seats.acquire(&open.client, (&feature, &holder))
            }
        };
        Ok(told.or(captured, ""))
    }

    pub(super) fn keep_alive(&mut self, arguments: &mut Arguments) -> Result<Value> {
        let (open, told) = self.opened()?;
        let kept = open.seats.keep_alive(&arguments.text()?);
        Ok(told.or(kept, ""))
    }

    pub(super) fn release(&mut self, arguments: &mut Arguments) -> Result<Value> {
        let (open, told) = self.opened()?;
        let (session, feature) = (arguments.text()?, arguments.optional_text()?);
        Ok(told.or(open.seats.release(&session, feature.as_deref()), false))
    }

    /// How many seats are free: none of them is the caller's. Undefined where none are counted.
    pub(super) fn available(&mut self, arguments: &mut Arguments) -> Result<Value> {
        let (open, told) = self.opened()?;
        let feature = arguments.text()?;
        let available = match &open.seats {
            Seats::Own { .. } => Ok(open.client.available(&feature)),
            Seats::Shared(site) => site.available(&feature),
        };
        match available {
            Ok(Available::Unlimited) => Ok(Value::Empty),
            Ok(Available::Seats(free)) => Ok(Value::Integer(free.into())),
            Ok(_) => Ok(Value::Integer(0)),
            Err(fault) => Ok(told.or(Err(fault), Value::Integer(0))),
        }
    }

    pub(super) fn usage(&mut self) -> Result<Value> {
        let (open, told) = self.opened()?;
        let usage = match &open.seats {
            Seats::Own { .. } => Ok(open.client.usage()),
            Seats::Shared(site) => site.usage(),
        };
        match usage {
            Ok(usage) => Ok(json(&usage)?.into()),
            Err(fault) => Ok(told.or(Err(fault), "")),
        }
    }
}
