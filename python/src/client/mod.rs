//! `Client`: opened, asked and closed here; what it exchanges with the vendor is beside it.

mod accepted;
mod exchange;

use std::{
    path::PathBuf,
    sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use mlicense_core::{id::ProductId, time::Instant};
use pyo3::{
    prelude::*,
    types::{PyBytes, PyDate, PyDateTime, PyDict, PyList},
};

pub(crate) use self::accepted::Accepted;
use crate::{
    clock::Clock,
    decision::Decision,
    diagnosis::{Addresses, told},
    error::{Fault, Result},
    feature::Feature,
    json,
    license::License,
    options::Told,
    seat::{self, Seat},
    shape,
    signing::root_keys,
    time,
};

/// Where the classes are with which a client answers.
pub(crate) const ANSWERS: &str = "mlicense.answers";

/// The customer's side: one installation of one product, and the licences it holds.
///
/// Product and root keys are compiled into the program; nothing read from disk can take their
/// place. Time is what the clock says, but never earlier than what was confirmed: a clock set back
/// prolongs nothing. Usable from many threads at once; a check never fails.
///
/// Args:
///     product: The product's id.
///     roots: The vendor's root keys, or their texts. The first one stays first for good: it also
///         salts the digests of host facts.
///     state: The folder that keeps the installation's key and licences. Without any place the
///         state is in memory, and each client is a new installation that holds nothing.
///     kept: The state as :meth:`state` gave it, for programs that keep it themselves; no bytes
///         make a new installation.
///     vendor: The vendor's id: keeps the state where the system keeps such things, for the whole
///         machine where that is allowed and else for the user.
///     facts: What is known of the host, instead of what this machine shows: :class:`HostFacts`, or
///         ``{"class": "vm", "facts": [{"kind": "dmi_uuid", "value": "..."}]}``.
///     declared_id: An id of the host, such as the name of a container's volume.
///     customer: The customer's id: licences that name another, or none, are refused.
///     built_on: The day the program was built, for licences that cover versions up to a day.
///     fault_grace: For how many seconds every feature runs as grace when the state cannot be
///         reached at the opening, at most 259200; 0 lets the opening fail.
///     number_format: The form of the vendor's registration numbers, such as ``ACME-5x4``: what is
///         typed is checked before it is sent, and a coupon needs a number.
///     clock: A clock in the place of the system's, for tests.
///
/// Raises:
///     InputError: ``FIELD_INVALID`` without a root key, for an id that tells no hosts apart, or
///         for more than one place.
///     StorageError: ``STORE_CORRUPT`` for a damaged state, which is set aside so that the next
///         opening starts afresh; other faults of the folder.
///
/// Examples:
///     >>> vendor = Signer.generate()
///     >>> client = Client("editor", [vendor.public_key])
///     >>> claims = LicenseClaims.perpetual("editor", "Example Ltd")
///     >>> client.accept(License.issue(claims, vendor)).changed
///     True
///     >>> bool(client.check("editor")), bool(client.check("export"))
///     (True, False)
///     >>> client.require("export")
///     Traceback (most recent call last):
///     mlicense.errors.NotLicensed: `export` may not run: the licence does not include `export`
#[pyclass(frozen, module = "mlicense")]
pub(crate) struct Client(RwLock<mlicense_host::Client>);

#[pymethods]
impl Client {
    #[new]
    #[pyo3(signature = (
        product, roots, *, state = None, kept = None, vendor = None, facts = None,
        declared_id = None, customer = None, built_on = None, fault_grace = 0,
        number_format = None, clock = None
    ))]
    #[expect(clippy::too_many_arguments, reason = "keywords of Python")]
    fn new(
        py: Python<'_>,
        product: &str,
        roots: &Bound<'_, PyAny>,
        state: Option<PathBuf>,
        kept: Option<Vec<u8>>,
        vendor: Option<&str>,
        facts: Option<&Bound<'_, PyAny>>,
        declared_id: Option<&str>,
        customer: Option<&str>,
        built_on: Option<&Bound<'_, PyDate>>,
        fault_grace: u64,
        number_format: Option<&str>,
        clock: Option<&Clock>,
    ) -> Result<Self> {
        let (product, roots) = (product.parse()?, root_keys(roots)?);
        let told = Told {
            state,
            kept,
            vendor,
            facts,
            declared_id,
            customer,
            built_on,
            fault_grace,
            number_format,
            clock,
        };
        let options = told.options()?;
        let client = py.detach(|| mlicense_host::Client::open(product, &roots, options))?;
        Ok(Self(RwLock::new(client)))
    }

    /// Decides whether a feature may run.
    ///
    /// Args:
    ///     feature: The feature's id; the product's own id asks for the product as a whole. An
    ///         unknown feature is denied.
    ///     now: An aware datetime; the system's time when left out.
    ///
    /// Returns:
    ///     The decision, which is false when denied.
    #[pyo3(signature = (feature, *, now = None))]
    fn check(
        &self,
        py: Python<'_>,
        feature: &str,
        now: Option<&Bound<'_, PyDateTime>>,
    ) -> Result<Decision> {
        let now = given(now)?;
        let decide = |client: &mlicense_host::Client| match now {
            Some(now) => client.check_at(feature, now),
            None => client.check(feature),
        };
        // While another thread writes, wait without holding up the interpreter.
        let decision = match self.0.try_read() {
            Ok(client) => decide(&client),
            Err(_) => py.detach(|| decide(&self.read())),
        };
        Ok(decision.into())
    }

    /// Decides whether a feature may run now for one device.
    ///
    /// A licence that names devices covers those, and one that names none covers any.
    ///
    /// Args:
    ///     feature: The feature's id.
    ///     device: The device's id.
    ///
    /// Returns:
    ///     The decision, which is false when denied.
    ///
    /// Raises:
    ///     InputError: ``FIELD_INVALID`` for what is no id of a device.
    fn check_device(&self, py: Python<'_>, feature: &str, device: &str) -> Result<Decision> {
        let device = device.parse()?;
        Ok(py.detach(|| self.read().check_device(feature, &device)).into())
    }

    /// Finds a feature, for code that asks at every turn.
    ///
    /// Args:
    ///     name: The feature's id.
    ///
    /// Returns:
    ///     The feature, which is true while it may run.
    fn feature(&self, py: Python<'_>, name: &str) -> Feature {
        Feature::new(py.detach(|| self.read().feature(name)))
    }

    /// Captures a seat of a feature for one user of this program.
    ///
    /// A feature without a limit takes no seat, and is captured any number of times. Seats are
    /// counted for this client only; :class:`Site` counts those of several programs.
    ///
    /// Args:
    ///     feature: The feature's id.
    ///
    /// Returns:
    ///     The seat, to be given back with :meth:`Seat.release` or by leaving its ``with``.
    ///
    /// Raises:
    ///     Refusal: ``NOT_LICENSED`` when the feature may not run, ``NO_FREE_LICENSE`` (1051) when
    ///         all its seats are taken.
    fn capture(&self, py: Python<'_>, feature: &str) -> Result<Seat> {
        Ok(Seat::own(py.detach(|| self.read().capture(feature))?))
    }

    /// Lists every feature that may run now, with its limit and how many seats are taken here.
    ///
    /// Returns:
    ///     The features in the order of their ids.
    fn usage<'py>(&self, py: Python<'py>) -> Result<Vec<Bound<'py, PyAny>>> {
        let usage = py.detach(|| self.read().usage());
        shape::values(py, (ANSWERS, "Usage"), &usage)
    }

    /// Says how many seats of a feature are free in this program.
    ///
    /// They are nobody's: a feature that is counted is served only to who captured a seat.
    ///
    /// Args:
    ///     feature: The feature's id.
    ///
    /// Returns:
    ///     A count, 0 for a feature that may not run, or none for one that takes no seats.
    fn available(&self, py: Python<'_>, feature: &str) -> Option<u32> {
        seat::available(py.detach(|| self.read().available(feature)))
    }

    /// Stops a caller whose feature may not run.
    ///
    /// Args:
    ///     feature: The feature's id.
    ///     now: An aware datetime; the system's time when left out.
    ///
    /// Returns:
    ///     The decision, which tells a grace from a licence.
    ///
    /// Raises:
    ///     NotLicensed: When denied; it carries the decision.
    #[pyo3(signature = (feature, *, now = None))]
    fn require(
        &self,
        py: Python<'_>,
        feature: &str,
        now: Option<&Bound<'_, PyDateTime>>,
    ) -> Result<Decision> {
        let decision = self.check(py, feature, now)?;
        decision.require()?;
        Ok(decision)
    }

    /// Says what the program should do next to stay licensed, and when.
    ///
    /// Args:
    ///     now: An aware datetime; the system's time when left out.
    ///
    /// Returns:
    ///     What to do, from when on, and by when it is needed.
    #[pyo3(signature = (*, now = None))]
    fn next_action<'py>(
        &self,
        py: Python<'py>,
        now: Option<&Bound<'py, PyDateTime>>,
    ) -> Result<Bound<'py, PyAny>> {
        let now = given(now)?;
        let next = py.detach(|| {
            let client = self.read();
            now.map_or_else(|| client.next_action(), |now| client.next_action_at(now))
        });
        shape::value(py, (ANSWERS, "NextAction"), &next)
    }

    /// Gives the state, for programs that keep it themselves.
    ///
    /// It holds the installation's private key: keep it as a secret. Take it after each request
    /// and each accepted document, and now and then for what is known of the time.
    ///
    /// Returns:
    ///     What ``kept`` takes.
    fn state<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &py.detach(|| self.read().state()))
    }

    /// Looks at what can and cannot be read, written and reached.
    ///
    /// Args:
    ///     addresses: What the program wants to reach, each to be tried by itself.
    ///     probe: Tries to reach an address as the program does, and raises when it cannot;
    ///         may return which way it went, such as ``"past the proxy"``.
    ///     language: A code or locale: ``en``, ``ru``, ``ja`` or ``fr``; English for any other.
    ///
    /// Returns:
    ///     What was found, with a problem where something is wrong; true when nothing is.
    ///
    /// Raises:
    ///     InputError: ``FIELD_INVALID`` for addresses without a probe.
    #[pyo3(signature = (addresses = None, probe = None, *, language = "en"))]
    fn diagnose<'py>(
        &self,
        py: Python<'py>,
        addresses: Option<Vec<String>>,
        probe: Option<&Bound<'py, PyAny>>,
        language: &str,
    ) -> Result<Bound<'py, PyAny>> {
        // The program is asked first, so that it is not called with the client in hand.
        let addresses = Addresses::reach(addresses, probe)?;
        let diagnosis = py
            .detach(|| self.read().diagnose(&addresses.names(), &mut |name| addresses.found(name)));
        told(py, &diagnosis, language)
    }

    /// Gives the licences held whose signatures hold.
    ///
    /// Returns:
    ///     The licences, in the order in which they were accepted.
    fn licenses(&self, py: Python<'_>) -> Vec<License> {
        py.detach(|| self.read().licenses().cloned().map(License).collect())
    }

    /// Says why documents held do not count any more, such as a signer's key that was revoked.
    ///
    /// Returns:
    ///     Refusals, which are not raised.
    fn notices<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let notices = py.detach(|| self.read().notices().to_vec());
        let raised = notices.into_iter().map(|notice| PyErr::from(Fault::from(notice)));
        PyList::new(py, raised.map(|error| error.into_value(py)).collect::<Vec<_>>())
    }

    /// The product that asks.
    #[getter]
    fn product(&self, py: Python<'_>) -> String {
        py.detach(|| self.read().product().to_string())
    }

    /// The installation: the name of its own key.
    #[getter]
    fn installation(&self, py: Python<'_>) -> String {
        py.detach(|| self.read().installation().to_string())
    }

    /// The facts of the host, read when the client was opened; ``facts`` takes them too.
    #[getter]
    fn host_facts<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>> {
        let host = py.detach(|| self.read().host_facts().clone());
        let facts = PyList::empty(py);
        for fact in host.iter() {
            let row = PyDict::new(py);
            row.set_item("kind", fact.kind().as_str())?;
            row.set_item("value", fact.value())?;
            facts.append(row)?;
        }
        let unreadable: Vec<&str> = host.unreadable().map(|kind| kind.as_str()).collect();
        let given = PyDict::new(py);
        given.set_item("class", json::object(py, &host.class())?)?;
        given.set_item("facts", facts)?;
        given.set_item("unreadable", unreadable)?;
        let class = py.import(ANSWERS)?.getattr("HostFacts")?;
        Ok(class.call_method1("from_json", (given,))?)
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        let (product, installation) = (self.product(py), self.installation(py));
        format!("Client(product='{product}', installation='{installation}')")
    }
}

impl Client {
    /// The product, and how many seats its licences allow.
    pub(crate) fn quota(&self) -> (ProductId, mlicense_host::Quota) {
        let client = self.read();
        (client.product().clone(), client.quota())
    }

    // A panic elsewhere left what was held before.
    fn read(&self) -> RwLockReadGuard<'_, mlicense_host::Client> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, mlicense_host::Client> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

fn given(now: Option<&Bound<'_, PyDateTime>>) -> Result<Option<Instant>> {
    now.map(time::instant).transpose()
}
