//! `Seat` and `Site`.

use std::{
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
};

use mlicense_core::{
    error::ErrorKind,
    id::FeatureId,
    seat::{Available, Limits, SessionId, Terms},
};
use mlicense_ledger::{Place, SeatLedger as Counted, SiteSeats};
use pyo3::{
    prelude::*,
    types::{PyDateTime, PyTuple},
};

use crate::{
    client::{ANSWERS, Client},
    clock,
    error::{Fault, Result},
    license::License,
    place, shape,
};

/// A seat of a feature for one user, within this program or shared by a site.
///
/// A context manager that gives the seat back at its end, and true while the seat is held. One of
/// :meth:`Client.capture` is taken until it is released or forgotten, or the program ends; one of
/// :meth:`Site.capture` has a lease, and needs a sign of life within it. Usable from many threads
/// at once.
///
/// Examples:
///     >>> vendor = Signer.generate()
///     >>> client = Client("editor", [vendor.public_key])
///     >>> from mlicense.documents import Feature
///     >>> claims = LicenseClaims.perpetual("editor", "Example Ltd")
///     >>> claims = claims.replace(features={"export": Feature(quantity=1)})
///     >>> client.accept(License.issue(claims, vendor)).changed
///     True
///     >>> with client.capture("export") as seat:
///     ...     bool(seat)
///     ...     client.capture("export")
///     Traceback (most recent call last):
///     mlicense.errors.Refusal: no licence of `export` is free for this host: all 1 seats are taken
///     >>> client.available("export")
///     1
#[pyclass(frozen, module = "mlicense")]
pub(crate) struct Seat {
    feature: String,
    kind: Kind,
}

enum Kind {
    /// None when it was released.
    Own(Mutex<Option<mlicense_host::Seat>>),
    Shared(SiteSeats, SessionId),
}

impl Seat {
    pub(crate) fn own(seat: mlicense_host::Seat) -> Self {
        Self { feature: seat.feature().to_string(), kind: Kind::Own(Mutex::new(Some(seat))) }
    }
}

#[pymethods]
impl Seat {
    /// The feature for which it was captured.
    #[getter]
    fn feature(&self) -> &str {
        &self.feature
    }

    /// The id of the session at a site, by which whoever knows it may use and end it.
    ///
    /// None for a seat within this program.
    #[getter]
    fn session(&self) -> Option<String> {
        match &self.kind {
            Kind::Own(_) => None,
            Kind::Shared(_, session) => Some(session.to_string()),
        }
    }

    fn __bool__(&self, py: Python<'_>) -> Result<bool> {
        py.detach(|| match &self.kind {
            Kind::Own(seat) => Ok(taken(seat).as_ref().is_some_and(mlicense_host::Seat::is_held)),
            Kind::Shared(site, session) => {
                Ok(site.is_held(session, &FeatureId::new(&self.feature)?)?)
            }
        })
    }

    /// Captures another feature for the same user.
    ///
    /// Again the same feature takes no other seat. It is released with the seat. At a site this is
    /// a sign of life too.
    ///
    /// Args:
    ///     feature: The feature's id.
    ///
    /// Returns:
    ///     What :meth:`keep_alive` returns.
    ///
    /// Raises:
    ///     Refusal: ``NOT_LICENSED`` when the feature may not run, ``NO_FREE_LICENSE`` (1051) when
    ///         all its seats are taken, ``SESSION_UNKNOWN`` (1021) when the lease has ended or the
    ///         seat was released.
    fn capture<'py>(&self, py: Python<'py>, feature: &str) -> Result<Bound<'py, PyAny>> {
        let kept = py.detach(|| match &self.kind {
            Kind::Own(seat) => {
                Ok(taken(seat).as_ref().ok_or_else(released)?.capture_too(feature)?)
            }
            Kind::Shared(site, session) => Ok::<_, Fault>(site.capture_in(session, feature)?.kept),
        })?;
        shape::value(py, (ANSWERS, "Kept"), &kept)
    }

    /// Gives a sign of life: at a site the seat lasts for a lease from now.
    ///
    /// Returns:
    ///     What is held, until when, and what was lost meanwhile.
    ///
    /// Raises:
    ///     Refusal: ``SESSION_UNKNOWN`` (1021) when the lease has ended or the seat was released.
    fn keep_alive<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>> {
        let kept = py.detach(|| match &self.kind {
            Kind::Own(seat) => Ok(taken(seat).as_ref().ok_or_else(released)?.keep_alive()?),
            Kind::Shared(site, session) => Ok::<_, Fault>(site.keep_alive(session)?),
        })?;
        shape::value(py, (ANSWERS, "Kept"), &kept)
    }

    /// Gives back all that was captured; again it does nothing, unless the site is strict.
    ///
    /// Raises:
    ///     Refusal: ``SESSION_UNKNOWN`` (1021) at a strict site when it is over already.
    fn release(&self, py: Python<'_>) -> Result<()> {
        py.detach(|| match &self.kind {
            Kind::Own(seat) => {
                drop(taken(seat).take());
                Ok(())
            }
            Kind::Shared(site, session) => Ok(site.end(session)?),
        })
    }

    fn __enter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(&self, py: Python<'_>, _exception: &Bound<'_, PyTuple>) -> Result<()> {
        match self.release(py) {
            // It was released, or its lease has ended: what is wanted is so.
            Err(Fault::Refused(refusal)) if refusal.kind() == ErrorKind::SessionUnknown => Ok(()),
            released => released,
        }
    }

    fn __repr__(&self) -> String {
        format!("Seat('{}')", self.feature)
    }
}

fn taken(seat: &Mutex<Option<mlicense_host::Seat>>) -> MutexGuard<'_, Option<mlicense_host::Seat>> {
    seat.lock().unwrap_or_else(PoisonError::into_inner)
}

fn released() -> Fault {
    mlicense_core::error::Refusal::new(ErrorKind::SessionUnknown).into()
}

/// How many seats are free, as Python says it.
pub(crate) fn available(available: Available) -> Option<u32> {
    match available {
        Available::Seats(free) => Some(free),
        Available::Unlimited => None,
        _ => Some(0),
    }
}

/// The seats of a product at a site, shared by the programs of a machine through one file.
///
/// The licences of the client say how many there are, also after it accepted others; the programs
/// hold the same licences. The seats of a holder that crashed are free when its lease ends. Usable
/// from many threads at once; each call is one transaction. A process that forks opens it anew.
///
/// Args:
///     place: The file, on a disk of this machine, made where there is none; or a PostgreSQL
///         database for many machines, as ``postgresql://user@host/name``.
///     client: The client whose product and licences count.
///     lease: For how many seconds a seat lasts without a sign of life, 60 to 3600, where the
///         licences state nothing else.
///     strict: Whether releasing what was not captured is refused, instead of doing nothing, where
///         the licences state nothing else.
///
/// Raises:
///     InputError: ``FIELD_INVALID`` for the lease.
///     StorageError: ``STORE_FOREIGN`` when the file is something else, ``STORE_UNAVAILABLE`` and
///         the like.
///
/// Examples:
///     >>> import pathlib, tempfile
///     >>> folder = tempfile.TemporaryDirectory()
///     >>> vendor = Signer.generate()
///     >>> client = Client("editor", [vendor.public_key])
///     >>> from mlicense.documents import Feature
///     >>> claims = LicenseClaims.perpetual("editor", "Example Ltd")
///     >>> claims = claims.replace(features={"export": Feature(quantity=5)})
///     >>> client.accept(License.issue(claims, vendor)).changed
///     True
///     >>> site = Site(pathlib.Path(folder.name, "editor.seats"), client)
///     >>> with site.capture("export", holder="desk 1") as seat:
///     ...     seat.keep_alive().captured, site.available("export")
///     (('export',), 4)
///     >>> site.available("export")
///     5
///     >>> folder.cleanup()
#[pyclass(frozen, module = "mlicense")]
pub(crate) struct Site {
    place: Place,
    seats: SiteSeats,
}

#[pymethods]
impl Site {
    #[new]
    #[pyo3(signature = (place, client, *, lease = 300, strict = false))]
    fn new(
        py: Python<'_>,
        place: PathBuf,
        client: &Bound<'_, Client>,
        lease: u32,
        strict: bool,
    ) -> Result<Self> {
        let terms = Terms::default().with_lease(lease)?;
        let terms = if strict { terms.strict() } else { terms };
        let client = client.get();
        py.detach(|| {
            let (product, quota) = client.quota();
            let place = place::of(place);
            let seats = Counted::open(&place)?.site(&product, quota).with_terms(terms);
            Ok(Self { place, seats })
        })
    }

    /// The seat of a session, for whoever knows its id: a sign of life that came by a network.
    ///
    /// Nothing is asked yet; a session that is over is noticed when the seat is used.
    ///
    /// Args:
    ///     session: The id, as :attr:`Seat.session` gave it.
    ///     feature: The feature for which it was captured.
    ///
    /// Returns:
    ///     The seat.
    ///
    /// Raises:
    ///     Refusal: ``SESSION_UNKNOWN`` (1021) for what is no id of a session.
    fn seat(&self, session: &str, feature: &str) -> Result<Seat> {
        let kind = Kind::Shared(self.seats.clone(), session.parse()?);
        Ok(Seat { feature: feature.to_owned(), kind })
    }

    /// Captures a seat of a feature for one user.
    ///
    /// Args:
    ///     feature: The feature's id.
    ///     holder: What the user says about itself, at most 1024 bytes, for whoever looks who holds
    ///         the seats.
    ///
    /// Returns:
    ///     The seat, to be given back with :meth:`Seat.release` or by leaving its ``with``.
    ///
    /// Raises:
    ///     Refusal: ``NOT_LICENSED`` when the feature may not run, ``NO_FREE_LICENSE`` (1051) when
    ///         all its seats are taken, ``SESSIONS_FULL`` when so many are open that this one has
    ///         to wait.
    ///     InputError: ``INPUT_TOO_LARGE`` for the holder.
    #[pyo3(signature = (feature, *, holder = ""))]
    fn capture(&self, py: Python<'_>, feature: &str, holder: &str) -> Result<Seat> {
        let captured = py.detach(|| self.seats.capture(feature, holder))?;
        let kind = Kind::Shared(self.seats.clone(), captured.session);
        Ok(Seat { feature: feature.to_owned(), kind })
    }

    /// Lists every feature that may run now, with its limit and how many seats are taken.
    ///
    /// Returns:
    ///     The features in the order of their ids.
    fn usage<'py>(&self, py: Python<'py>) -> Result<Vec<Bound<'py, PyAny>>> {
        let usage = py.detach(|| self.seats.usage())?;
        shape::values(py, (ANSWERS, "Usage"), &usage)
    }

    /// Says how many seats of a feature are free.
    ///
    /// They are nobody's: a feature that is counted is served only to who captured a seat.
    ///
    /// Args:
    ///     feature: The feature's id.
    ///
    /// Returns:
    ///     A count, 0 for a feature that may not run, or none for one that takes no seats.
    fn available(&self, py: Python<'_>, feature: &str) -> Result<Option<u32>> {
        Ok(available(py.detach(|| self.seats.available(feature))?))
    }

    /// Lists who holds what now.
    ///
    /// Returns:
    ///     ``[("desk 1", ["export"]), ...]``: what each holder says about itself, and what it
    ///     captured.
    fn holders(&self, py: Python<'_>) -> Result<Vec<(String, Vec<String>)>> {
        let sessions = py.detach(|| self.seats.sessions())?;
        let told = sessions.iter().map(|session| {
            let captured = session.captured().map(|(feature, _)| feature.to_string()).collect();
            (session.holder().as_str().to_owned(), captured)
        });
        Ok(told.collect())
    }

    fn __repr__(&self) -> String {
        format!("Site('{}')", self.place)
    }
}

/// Seats that a vendor counts for its customers, in one file or a PostgreSQL database.
///
/// It is no history and stands apart from the :class:`Ledger`: who holds a seat comes and goes in
/// one table. Usable from many threads at once; each call is one transaction.
///
/// Examples:
///     >>> import pathlib, tempfile
///     >>> folder = tempfile.TemporaryDirectory()
///     >>> vendor = Signer.generate()
///     >>> from mlicense.documents import Feature
///     >>> claims = LicenseClaims.perpetual("editor", "Example Ltd")
///     >>> claims = claims.replace(features={"export": Feature(quantity=1)})
///     >>> sold = License.issue(claims, vendor)
///     >>> sold = License.verify(sold, [vendor.public_key])
///     >>> seats = SeatLedger.open(pathlib.Path(folder.name, "vendor.seats"))
///     >>> session = seats.of_customer("c1", sold).capture("export", holder="lyon").session
///     >>> seats.of_customer("c1", sold).seat(session, "export").keep_alive().captured
///     ('export',)
///     >>> seats.of_customer("c1", sold).capture("export", holder="hamburg")
///     Traceback (most recent call last):
///     mlicense.errors.Refusal: no licence of `export` is free for this host: all 1 seats are taken
///     >>> folder.cleanup()
#[pyclass(frozen, module = "mlicense")]
pub(crate) struct SeatLedger {
    place: Place,
    seats: Counted,
}

#[pymethods]
impl SeatLedger {
    /// Opens the seats, or makes them where there are none.
    ///
    /// Args:
    ///     place: The file, on a disk of this machine; or a PostgreSQL database that exists, as
    ///         ``postgresql://user@host/name``, which may be that of a ledger.
    ///
    /// Returns:
    ///     The seats.
    ///
    /// Raises:
    ///     InputError: ``FIELD_INVALID`` for a connection that cannot be read.
    ///     StorageError: ``STORE_FOREIGN`` when the file is something else, ``STORE_UNAVAILABLE``
    ///         and the like.
    #[staticmethod]
    fn open(py: Python<'_>, place: PathBuf) -> Result<Self> {
        let place = place::of(place);
        let seats = py.detach(|| Counted::open(&place))?;
        Ok(Self { place, seats })
    }

    /// The seats of a licence for one customer, over all its sites.
    ///
    /// It costs nothing: make it anew for each call of a site, with the newest licence.
    ///
    /// Args:
    ///     customer: The customer's id.
    ///     held: A licence of the vendor's that was verified; it says how many there are.
    ///     now: An aware datetime; the system's time when left out.
    ///
    /// Returns:
    ///     The seats.
    ///
    /// Raises:
    ///     InputError: ``FIELD_INVALID`` for the customer.
    #[pyo3(signature = (customer, held, *, now = None))]
    fn of_customer(
        &self,
        customer: &str,
        held: &License,
        now: Option<&Bound<'_, PyDateTime>>,
    ) -> Result<Site> {
        let (customer, now) = (customer.parse()?, clock::now(now, None)?);
        let product = &held.0.claims().product;
        let limits = Limits::of_license(&held.0, product, now);
        let seats = self.seats.customer(&customer, product, limits);
        Ok(Site { place: self.place.clone(), seats })
    }

    fn __repr__(&self) -> String {
        format!("SeatLedger('{}')", self.place)
    }
}
