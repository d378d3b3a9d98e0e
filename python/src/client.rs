//! `Client` and `Accepted`.

use std::{
    path::PathBuf,
    sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use mlicense_core::{
    document::{DOCUMENT_BYTES_MAX, DocumentType, RequestKind},
    error::{ErrorKind, Refusal},
    id::ProductId,
    time::Instant,
};
use mlicense_host::RequestDetails;
use pyo3::{
    prelude::*,
    types::{PyBytes, PyDate, PyDateTime, PyDict, PyList, PyString},
};
use serde::de::DeserializeOwned;

use crate::{
    clock::Clock,
    decision::Decision,
    diagnosis::{Addresses, told},
    error::{Fault, Result},
    feature::Feature,
    json::{self, Given},
    license::License,
    options::Told,
    seat::{self, Seat},
    shape,
    signing::{document_bytes, root_keys},
    time,
};

/// Where the classes are with which a client answers.
pub(crate) const ANSWERS: &str = "mlicense.answers";
const REQUEST: Given = Given { what: DocumentType::Request.noun(), bytes_max: DOCUMENT_BYTES_MAX };

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

    /// Writes a request for the vendor, signed with the installation's own key.
    ///
    /// It tells the host's facts as digests. Several requests may be under way at once.
    ///
    /// Args:
    ///     kind: A :class:`RequestKind`, or its text: ``register``, ``number``, ``trial``,
    ///         ``coupon``, ``system``, ``refresh``, ``rebind``, ``recover`` or ``release``.
    ///     now: An aware datetime; the system's time when left out.
    ///     **fields: What the kind needs: ``code`` for a coupon, ``system`` for a system, ``owner``
    ///         (``email``, ``company``, ``contact``, ``zone``, ``phone``, ``tax_id``) to register
    ///         or recover; where known ``number``, under which it asks, ``customer``, and
    ///         ``devices``, a count by licence type; ``group``, the group of hosts that share a
    ///         licence, to join it; and ``label``, what to call the host, which is told only where
    ///         it is given: ask first, for it may name a person.
    ///
    /// Returns:
    ///     The signed request, to be carried to the vendor.
    ///
    /// Raises:
    ///     InputError: ``JSON_INVALID`` for an unknown kind or field.
    ///     Refusal: ``CLAIMS_CONTRADICTORY`` when a field lacks that the kind needs.
    ///     StorageError: When the state cannot be written.
    #[pyo3(signature = (kind, *, now = None, **fields))]
    fn request<'py>(
        &self,
        py: Python<'py>,
        kind: &Bound<'py, PyString>,
        now: Option<&Bound<'py, PyDateTime>>,
        fields: Option<&Bound<'py, PyDict>>,
    ) -> Result<Bound<'py, PyBytes>> {
        let kind: RequestKind = read(&json::quoted(REQUEST, kind)?)?;
        let details: RequestDetails = match fields {
            Some(fields) => read(&REQUEST.text(fields)?)?,
            None => RequestDetails::default(),
        };
        let now = given(now)?;
        let request = py.detach(|| {
            let mut client = self.write();
            match now {
                Some(now) => client.request_at(kind, details, now),
                None => client.request(kind, details),
            }
        })?;
        Ok(PyBytes::new(py, request.as_bytes()))
    }

    /// The registration number kept, all but its tail masked; None when there is none.
    #[getter]
    fn number(&self, py: Python<'_>) -> Option<String> {
        py.detach(|| self.read().number())
    }

    /// The registration number that is kept, in full: for whoever asked to see it.
    ///
    /// Returns:
    ///     The number, or None when there is none.
    fn reveal_number(&self, py: Python<'_>) -> Option<String> {
        py.detach(|| self.read().reveal_number().map(ToOwned::to_owned))
    }

    /// Writes a request to use a registration number here.
    ///
    /// The number is kept once the vendor's answer is accepted; from then on every request bears
    /// it.
    ///
    /// Args:
    ///     typed: The number as it was typed.
    ///     now: An aware datetime; the system's time when left out.
    ///
    /// Returns:
    ///     The signed request, or None when this number is kept already.
    ///
    /// Raises:
    ///     Refusal: ``NUMBER_LOCKED`` when another number is kept; ``CODE_INVALID``,
    ///         ``CODE_MISTYPED`` and ``CODE_FOREIGN_CHARACTER`` for what is no number, where the
    ///         form of numbers is known.
    ///     StorageError: When the state cannot be written.
    #[pyo3(signature = (typed, *, now = None))]
    fn enter_number<'py>(
        &self,
        py: Python<'py>,
        typed: &str,
        now: Option<&Bound<'py, PyDateTime>>,
    ) -> Result<Option<Bound<'py, PyBytes>>> {
        let now = given(now)?;
        let request = py.detach(|| self.write().enter_number_at(typed, now))?;
        Ok(request.map(|request| PyBytes::new(py, request.as_bytes())))
    }

    /// Writes a request to use another registration number here than the one that is kept.
    ///
    /// The number that is kept stays until the vendor's answer is accepted.
    ///
    /// Args:
    ///     typed: The number as it was typed.
    ///     now: An aware datetime; the system's time when left out.
    ///
    /// Returns:
    ///     The signed request, or None when this number is kept already.
    ///
    /// Raises:
    ///     Refusal: ``CODE_INVALID``, ``CODE_MISTYPED`` and ``CODE_FOREIGN_CHARACTER`` for what is
    ///         no number, where the form of numbers is known.
    ///     StorageError: When the state cannot be written.
    #[pyo3(signature = (typed, *, now = None))]
    fn change_number<'py>(
        &self,
        py: Python<'py>,
        typed: &str,
        now: Option<&Bound<'py, PyDateTime>>,
    ) -> Result<Option<Bound<'py, PyBytes>>> {
        let now = given(now)?;
        let request = py.detach(|| self.write().change_number_at(typed, now))?;
        Ok(request.map(|request| PyBytes::new(py, request.as_bytes())))
    }

    /// Forgets the registration number.
    ///
    /// Licences stay until they end; the vendor is not told, and the host stays bound.
    ///
    /// Args:
    ///     confirmed: Whether the user has confirmed it.
    ///
    /// Raises:
    ///     Refusal: ``CONFIRMATION_NEEDED`` unless confirmed.
    ///     StorageError: When the state cannot be written.
    #[pyo3(signature = (*, confirmed = false))]
    fn remove_number(&self, py: Python<'_>, confirmed: bool) -> Result<()> {
        Ok(py.detach(|| self.write().remove_number(confirmed))?)
    }

    /// Writes a request to give the licence back, before this installation is removed or moved.
    ///
    /// The licences stay until the vendor's answer is accepted: it is the signed receipt, and ends
    /// them.
    ///
    /// Args:
    ///     now: An aware datetime; the system's time when left out.
    ///
    /// Returns:
    ///     The signed request, to be carried to the vendor.
    ///
    /// Raises:
    ///     StorageError: When the state cannot be written.
    #[pyo3(signature = (*, now = None))]
    fn deactivate<'py>(
        &self,
        py: Python<'py>,
        now: Option<&Bound<'py, PyDateTime>>,
    ) -> Result<Bound<'py, PyBytes>> {
        let now = given(now)?;
        let request = py.detach(|| {
            let mut client = self.write();
            match now {
                Some(now) => client.deactivate_at(now),
                None => client.deactivate(),
            }
        })?;
        Ok(PyBytes::new(py, request.as_bytes()))
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

    /// Accepts a signed document of the vendor's.
    ///
    /// It is an answer, a licence, a key ring, a revocation list or a time token. The same
    /// document again changes nothing, and neither does one that is refused.
    ///
    /// Args:
    ///     document: The signed document.
    ///     now: An aware datetime; the system's time when left out.
    ///
    /// Returns:
    ///     What came of it.
    ///
    /// Raises:
    ///     Refusal: ``SIGNATURE_INVALID``, ``KEY_NOT_TRUSTED`` and the like for what is no document
    ///         of this vendor; ``OTHER_PRODUCT``, ``OTHER_CUSTOMER``, ``OTHER_INSTALLATION`` and
    ///         ``OTHER_REQUEST`` for one made for others; ``DOCUMENT_OUTDATED``;
    ///         ``ISSUED_IN_FUTURE``.
    ///     StorageError: When the state cannot be written.
    #[pyo3(signature = (document, *, now = None))]
    fn accept(
        &self,
        py: Python<'_>,
        document: &Bound<'_, PyAny>,
        now: Option<&Bound<'_, PyDateTime>>,
    ) -> Result<Accepted> {
        let (document, now) = (document_bytes(document)?, given(now)?);
        let accepted = py.detach(|| {
            let mut client = self.write();
            match now {
                Some(now) => client.accept_at(&document, now),
                None => client.accept(&document),
            }
        })?;
        Ok(Accepted(accepted))
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

fn read<T: DeserializeOwned>(text: &str) -> Result<T, Refusal> {
    serde_json::from_str(text).map_err(|error| {
        Refusal::new(ErrorKind::JsonInvalid).with("what", REQUEST.what).with("detail", error)
    })
}

/// What came of accepting a document.
#[pyclass(frozen, eq, module = "mlicense")]
#[derive(PartialEq, Eq)]
pub(crate) struct Accepted(mlicense_host::Accepted);

#[pymethods]
impl Accepted {
    /// The type of the document.
    ///
    /// It is ``mlicense-license+jwt``, ``mlicense-answer+jwt``, ``mlicense-key-ring+jwt``,
    /// ``mlicense-revocations+jwt`` or ``mlicense-time+jwt``.
    #[getter]
    fn document<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>> {
        json::object(py, &self.0.document)
    }

    /// Whether anything held is different now.
    #[getter]
    fn changed(&self) -> bool {
        self.0.changed
    }

    /// What was asked for, such as ``coupon``, when the document is an answer.
    ///
    /// It is what to tell the user was done, unless it was refused.
    #[getter]
    fn answered(&self) -> Option<&'static str> {
        self.0.answered.map(RequestKind::name)
    }

    /// Number and name of what the vendor refused, when the document is such an answer.
    #[getter]
    fn refusal(&self) -> Option<(u32, &str)> {
        let refusal = self.0.refusal.as_ref()?;
        Some((refusal.number, &refusal.name))
    }

    /// How many licences were let go.
    ///
    /// The answer says that nothing is licensed here, or confirms that they were given back.
    #[getter]
    fn ended(&self) -> usize {
        self.0.ended
    }

    fn __repr__(&self) -> String {
        format!("{:?}", self.0)
    }
}
