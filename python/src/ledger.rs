//! `Ledger` and `Preview`.

use std::{
    fs::File,
    io::{BufReader, BufWriter},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use mlicense_core::{
    access,
    error::{ErrorKind, Refusal},
    history::{self, Command, Envelope},
    id::{CommandId, CustomerId},
    json as core_json,
    time::Instant,
    view::{self, Query},
};
use mlicense_ledger::{ExportOptions, Place, RequestFrom, ShopLink, ShopLogin};
use pyo3::{
    intern,
    prelude::*,
    types::{PyBytes, PyDateTime, PyDict, PyMapping},
};

use crate::{
    checkpoint::Checkpoint,
    clock::{self, Clock},
    error::{self, Fault, Result},
    history::{Actor, Receipt},
    json::{self, Given},
    place,
    shape::{self, shaped},
    shop::Gateway,
    signing::{Signer, document_bytes},
};

const COMMAND: Given = Given { what: "the command", bytes_max: Command::BYTES_MAX };
const WHOM: Given = Given { what: "whom to link", bytes_max: Query::BYTES_MAX };
const QUERY: Given = Given { what: "the query", bytes_max: Query::BYTES_MAX };
/// Where the classes are with which a ledger tells of itself.
const REPORTS: &str = "mlicense.reports";
/// Who gives a command when nobody is named.
const USUAL_ACTOR: &str = "vendor";

/// The vendor's book of record, in one file or a PostgreSQL database.
///
/// It keeps the history, decides commands on it by the rules, answers requests and signs documents.
/// A context manager, usable from many threads at once; each call is one transaction, and a refused
/// call changes nothing.
///
/// While a ledger is open, the same process must not open its file with Python's own ``sqlite3``:
/// closing that would let go of the locks that keep other processes out.
///
/// Examples:
///     >>> import pathlib, tempfile
///     >>> folder = tempfile.TemporaryDirectory()
///     >>> with Ledger.create(pathlib.Path(folder.name, "vendor.mlicense")) as ledger:
///     ...     receipt = ledger.execute(
///     ...         {"register_customer": {"customer": "c1", "zone": "Europe/Paris"}})
///     ...     receipt.events[0].kind
///     ...     ledger.execute({"register_customer": {"customer": "c1", "zone": "Asia/Tokyo"}})
///     Traceback (most recent call last):
///     mlicense.errors.Refusal: customer `c1` is registered already
///     >>> folder.cleanup()
#[pyclass(frozen, module = "mlicense")]
pub(crate) struct Ledger {
    place: Place,
    clock: Option<Py<Clock>>,
    open: Mutex<Option<Arc<mlicense_ledger::Ledger>>>,
}

#[pymethods]
impl Ledger {
    /// Makes a new ledger in a file that does not exist yet, or in a database.
    ///
    /// Args:
    ///     place: The file; or a PostgreSQL database that exists, as ``postgresql://user@host/name``,
    ///         in which it takes a schema ``mlicense`` of its own. Another machine is reached under
    ///         TLS only, and its certificate is checked against the file of ``sslrootcert``.
    ///     clock: A clock in the place of the system's, for tests.
    ///
    /// Returns:
    ///     The ledger, open.
    ///
    /// Raises:
    ///     InputError: ``FIELD_INVALID`` for a connection that cannot be read, or leads to another
    ///         machine without TLS.
    ///     StorageError: ``STORE_EXISTS`` when something is there, ``STORE_UNAVAILABLE`` and the
    ///         like.
    #[staticmethod]
    #[pyo3(signature = (place, *, clock = None))]
    fn create(py: Python<'_>, place: PathBuf, clock: Option<Py<Clock>>) -> Result<Self> {
        let place = place::of(place);
        let made = py.detach(|| mlicense_ledger::Ledger::create(&place))?;
        Ok(Self::opened(place, made, clock))
    }

    /// Opens a ledger.
    ///
    /// Args:
    ///     place: The file or database, as for :meth:`create`.
    ///     clock: A clock in the place of the system's, for tests.
    ///
    /// Returns:
    ///     The ledger.
    ///
    /// Raises:
    ///     InputError: As :meth:`create`.
    ///     StorageError: ``STORE_UNAVAILABLE`` when there is none, ``STORE_FOREIGN`` when the file
    ///         is something else, ``STORE_UNTRUSTED`` for a server with another certificate,
    ///         ``STORE_NEWER`` or ``STORE_CORRUPT``.
    #[staticmethod]
    #[pyo3(signature = (place, *, clock = None))]
    fn open(py: Python<'_>, place: PathBuf, clock: Option<Py<Clock>>) -> Result<Self> {
        let place = place::of(place);
        let open = py.detach(|| mlicense_ledger::Ledger::open(&place))?;
        Ok(Self::opened(place, open, clock))
    }

    /// Opens a file to read it: queries, verification, export. Commands are refused.
    ///
    /// Args:
    ///     path: The file.
    ///     clock: A clock in the place of the system's, for tests.
    ///
    /// Returns:
    ///     The ledger.
    ///
    /// Raises:
    ///     StorageError: As :meth:`open`; ``STORE_READ_ONLY`` when an older version wrote it.
    #[staticmethod]
    #[pyo3(signature = (path, *, clock = None))]
    fn open_read_only(py: Python<'_>, path: PathBuf, clock: Option<Py<Clock>>) -> Result<Self> {
        let open = py.detach(|| mlicense_ledger::Ledger::open_read_only(&path))?;
        Ok(Self::opened(path.into(), open, clock))
    }

    /// The file, as a path; none when it is in a database.
    #[getter]
    fn path(&self) -> Option<&Path> {
        self.place.path()
    }

    /// The customers: to make one, find one or go through them all.
    #[getter]
    fn customers<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        shaped(slf, ("mlicense.customers", "Customers"), &[])
    }

    /// The products of the catalogue.
    #[getter]
    fn products<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        shaped(slf, ("mlicense.products", "Products"), &[])
    }

    /// The partners: who sells for the vendor.
    #[getter]
    fn partners<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        shaped(slf, ("mlicense.partners", "Partners"), &[])
    }

    /// What commands left to be sent, oldest first.
    #[getter]
    fn outbox<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        shaped(slf, ("mlicense.outbox", "Outbox"), &[])
    }

    /// The events of one stream, oldest first, asked for in pages.
    ///
    /// Args:
    ///     stream: The stream, such as ``customer/c1`` or ``catalogue``.
    ///     after: Only events after this index; 0 is all of them.
    ///
    /// Returns:
    ///     What can be iterated, each time anew.
    #[pyo3(signature = (stream, *, after = 0))]
    fn history<'py>(
        slf: &Bound<'py, Self>,
        stream: &Bound<'py, PyAny>,
        after: u64,
    ) -> PyResult<Bound<'py, PyAny>> {
        let after = after.into_pyobject(slf.py())?;
        let given = [("stream", Some(stream)), ("after", Some(after.as_any()))];
        shaped(slf, ("mlicense.streams", "History"), &given)
    }

    /// The events of all streams that are of all that is named, in the order of their times.
    ///
    /// Args:
    ///     stream: Only those of a stream: a customer's is ``customer/ID``.
    ///     actor: Only those that an actor of this id caused, in whatever role.
    ///     kind: Only those of a kind, such as ``registered``.
    ///     since: Only those decided at this instant or later.
    ///     until: Only those decided before this instant.
    ///
    /// Returns:
    ///     What can be iterated, each time anew; asked for in pages.
    #[pyo3(signature = (*, stream = None, actor = None, kind = None, since = None, until = None))]
    fn journal<'py>(
        slf: &Bound<'py, Self>,
        stream: Option<&Bound<'py, PyAny>>,
        actor: Option<&Bound<'py, PyAny>>,
        kind: Option<&Bound<'py, PyAny>>,
        since: Option<&Bound<'py, PyAny>>,
        until: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let given = [
            ("stream", stream),
            ("actor", actor),
            ("kind", kind),
            ("since", since),
            ("until", until),
        ];
        shaped(slf, ("mlicense.streams", "Journal"), &given)
    }

    /// What is coming for customers without anybody's doing, such as renewals.
    ///
    /// Args:
    ///     partner: Only for the customers of a partner.
    ///     until: Only what comes before this day; everything when left out.
    ///     now: An aware datetime; the system's time when left out.
    ///
    /// Returns:
    ///     The customers for whom something comes, in the order of their ids; asked for in pages.
    #[pyo3(signature = (*, partner = None, until = None, now = None))]
    fn due<'py>(
        slf: &Bound<'py, Self>,
        partner: Option<&Bound<'py, PyAny>>,
        until: Option<&Bound<'py, PyAny>>,
        now: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let given = [("partner", partner), ("until", until), ("now", now)];
        shaped(slf, ("mlicense.streams", "Coming"), &given)
    }

    /// Says what a command would do, in words, with the means to do exactly that.
    ///
    /// Args:
    ///     command: A value of ``mlicense.commands``.
    ///     actor: Who would give it; ``Actor.vendor("vendor")`` when left out.
    ///     now: An aware datetime; the system's time when left out.
    ///
    /// Returns:
    ///     The plan.
    ///
    /// Raises:
    ///     StorageError: When the ledger cannot be read.
    #[pyo3(signature = (command, *, actor = None, now = None))]
    fn plan<'py>(
        slf: &Bound<'py, Self>,
        command: &Bound<'py, PyAny>,
        actor: Option<&Bound<'py, PyAny>>,
        now: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let given = [("command", Some(command)), ("actor", actor), ("now", now)];
        shaped(slf, ("mlicense.plan", "Plan"), &given)
    }

    /// Whether the ledger was closed.
    #[getter]
    fn closed(&self) -> bool {
        self.lock().is_none()
    }

    /// Closes the file as soon as calls under way in other threads have ended.
    ///
    /// Closing again does nothing.
    fn close(&self, py: Python<'_>) {
        let open = self.lock().take();
        py.detach(|| drop(open));
    }

    /// Does a command, once.
    ///
    /// Args:
    ///     command: A value of ``mlicense.commands``, or a mapping or JSON text with one member.
    ///     actor: Who gives it; ``Actor.vendor("vendor")`` when left out.
    ///     now: An aware datetime; the system's time when left out.
    ///     idempotency_key: The command's id: the same command under the same id is done once and
    ///         answered with the first receipt. A random one when left out.
    ///
    /// Returns:
    ///     What was written.
    ///
    /// Raises:
    ///     InputError: ``JSON_INVALID`` for what is no command.
    ///     Refusal: What the rules refuse; ``COMMAND_ID_REUSED`` for another command under the
    ///         same id.
    ///     StorageError: When the file cannot be written.
    #[pyo3(signature = (command, *, actor = None, now = None, idempotency_key = None))]
    fn execute(
        &self,
        py: Python<'_>,
        command: &Bound<'_, PyAny>,
        actor: Option<&Actor>,
        now: Option<&Bound<'_, PyDateTime>>,
        idempotency_key: Option<&str>,
    ) -> Result<Receipt> {
        let (ledger, now) = (self.ledger()?, self.now(now)?);
        let envelope = envelope(command, actor, idempotency_key)?;
        Ok(Receipt(py.detach(move || ledger.execute(&envelope, now))?))
    }

    /// Does many commands, each for itself and in order: one refused stops none of the others.
    ///
    /// A hundred of them share a transaction, which is many times faster than one after another.
    /// What is left when a fault of the store stops it is not done; give all of them again, under
    /// the same ids, and those are done that were not.
    ///
    /// Args:
    ///     commands: The commands by their ids, each as :meth:`execute` takes it.
    ///     actor: Who gives them; ``Actor.vendor("vendor")`` when left out.
    ///     now: An aware datetime; the system's time when left out.
    ///
    /// Returns:
    ///     By id what each has written, or the ``Refusal``, which is not raised.
    ///
    /// Raises:
    ///     InputError: ``JSON_INVALID`` for what is no command; nothing is done then.
    ///     StorageError: When the file cannot be written.
    ///
    /// Examples:
    ///     >>> import tempfile
    ///     >>> from mlicense import Ledger
    ///     >>> customer = {"register_customer": {"customer": "c1", "zone": "Europe/Paris"}}
    ///     >>> with tempfile.TemporaryDirectory() as folder:
    ///     ...     with Ledger.create(f"{folder}/vendor.mlicense") as ledger:
    ///     ...         done = ledger.execute_many({"row-1": customer, "row-2": customer})
    ///     >>> done["row-1"].events[0].kind
    ///     'registered'
    ///     >>> done["row-2"].name
    ///     'CUSTOMER_ALREADY_REGISTERED'
    #[pyo3(signature = (commands, *, actor = None, now = None))]
    fn execute_many<'py>(
        &self,
        py: Python<'py>,
        commands: &Bound<'py, PyMapping>,
        actor: Option<&Actor>,
        now: Option<&Bound<'_, PyDateTime>>,
    ) -> Result<Bound<'py, PyDict>> {
        let (ledger, now) = (self.ledger()?, self.now(now)?);
        let mut envelopes = Vec::new();
        for item in commands.items()?.iter() {
            let (id, command): (String, Bound<'_, PyAny>) = item.extract()?;
            envelopes.push(envelope(&command, actor, Some(&id))?);
        }
        let (envelopes, done) = py.detach(move || {
            let done = ledger.execute_many(&envelopes, now, &mut |_| ());
            (envelopes, done)
        });
        let by_id = PyDict::new(py);
        for (envelope, done) in envelopes.iter().zip(done?) {
            let id = envelope.id.as_str();
            match done {
                Ok(receipt) => by_id.set_item(id, Receipt(receipt))?,
                Err(refusal) => by_id.set_item(id, PyErr::from(Fault::from(refusal)))?,
            }
        }
        Ok(by_id)
    }

    /// Says what a command would do, without doing it.
    ///
    /// Args:
    ///     command: A value of ``mlicense.commands``, or a mapping or JSON text with one member.
    ///     actor: Who would give it; ``Actor.vendor("vendor")`` when left out.
    ///     now: An aware datetime; the system's time when left out.
    ///
    /// Returns:
    ///     The events that would be written, or the refusal.
    ///
    /// Raises:
    ///     InputError: ``JSON_INVALID`` for what is no command.
    ///     StorageError: When the file cannot be read.
    #[pyo3(signature = (command, *, actor = None, now = None))]
    fn preview(
        &self,
        py: Python<'_>,
        command: &Bound<'_, PyAny>,
        actor: Option<&Actor>,
        now: Option<&Bound<'_, PyDateTime>>,
    ) -> Result<Preview> {
        let (ledger, now) = (self.ledger()?, self.now(now)?);
        let envelope = envelope(command, actor, None)?;
        Ok(Preview(py.detach(move || ledger.preview(&envelope, now))?))
    }

    /// Does a command if it would do exactly what its preview showed.
    ///
    /// Args:
    ///     command: The command that was previewed.
    ///     token: The token of the preview.
    ///     actor: Who gives it; ``Actor.vendor("vendor")`` when left out.
    ///     now: An aware datetime; the system's time when left out.
    ///     idempotency_key: The command's id, as for :meth:`execute`.
    ///
    /// Returns:
    ///     What was written.
    ///
    /// Raises:
    ///     Refusal: ``PREVIEW_STALE`` when it would do something else; else as :meth:`execute`.
    #[pyo3(signature = (command, token, *, actor = None, now = None, idempotency_key = None))]
    fn commit(
        &self,
        py: Python<'_>,
        command: &Bound<'_, PyAny>,
        token: &str,
        actor: Option<&Actor>,
        now: Option<&Bound<'_, PyDateTime>>,
        idempotency_key: Option<&str>,
    ) -> Result<Receipt> {
        let (ledger, now) = (self.ledger()?, self.now(now)?);
        let envelope = envelope(command, actor, idempotency_key)?;
        Ok(Receipt(py.detach(move || ledger.commit(&envelope, token, now))?))
    }

    /// Answers a question.
    ///
    /// Args:
    ///     query: A value of ``mlicense.queries``, or a mapping or JSON text with one member.
    ///     now: An aware datetime; the system's time when left out.
    ///
    /// Returns:
    ///     The answer: for a value of ``mlicense.queries`` one of its own type, of
    ///     ``mlicense.views``; for a mapping or text a dict or list, without the name of the query.
    ///
    /// Raises:
    ///     InputError: ``JSON_INVALID`` for what is no question.
    ///     Refusal: ``CUSTOMER_UNKNOWN``, ``NOT_REGISTERED`` and the like.
    ///     StorageError: When the file cannot be read.
    #[pyo3(signature = (query, *, now = None))]
    fn query<'py>(
        &self,
        py: Python<'py>,
        query: &Bound<'py, PyAny>,
        now: Option<&Bound<'py, PyDateTime>>,
    ) -> Result<Bound<'py, PyAny>> {
        let (ledger, now) = (self.ledger()?, self.now(now)?);
        let asked = Query::from_json(QUERY.text(query)?.as_bytes())?;
        let view = py.detach(move || ledger.query(&asked, now))?;
        let answer = json::answer(py, &view)?;
        // A query that has a class has an answer that has one.
        let reads = intern!(py, "_answered");
        Ok(if query.hasattr(reads)? { query.call_method1(reads, (answer,))? } else { answer })
    }

    /// Answers the request of an installation with a signed document.
    ///
    /// It carries a licence, a signed refusal or the receipt of what was given back; with it the
    /// published key ring and revocation list, and what time it is. Who registers becomes a
    /// customer with a number.
    ///
    /// Args:
    ///     request: The signed request.
    ///     customer: The id of the customer on whose behalf it is answered; when left out, the
    ///         customer whose registration number the request carries, or a new one that registers.
    ///     signer: A key of the published key ring.
    ///     actor: Who hands it in; ``Actor.vendor("vendor")`` when left out.
    ///     now: An aware datetime; the system's time when left out.
    ///
    /// Returns:
    ///     The signed answer.
    ///
    /// Raises:
    ///     Refusal: ``SYSTEM_FILE_INVALID`` when the request is damaged or forged,
    ///         ``KEY_RING_MISSING`` when no published key ring lets the signer sign, and what else
    ///         the rules refuse.
    ///     StorageError: When the file cannot be written.
    #[pyo3(signature = (request, *, customer = None, signer, actor = None, now = None))]
    fn answer<'py>(
        &self,
        py: Python<'py>,
        request: &Bound<'py, PyAny>,
        customer: Option<&str>,
        signer: &Signer,
        actor: Option<&Actor>,
        now: Option<&Bound<'py, PyDateTime>>,
    ) -> Result<Bound<'py, PyBytes>> {
        let (ledger, now) = (self.ledger()?, self.now(now)?);
        let request = document_bytes(request)?;
        let customer: Option<CustomerId> = customer.map(str::parse).transpose()?;
        let actor = acting(actor)?;
        let answer = py.detach(|| {
            let from = RequestFrom { customer: customer.as_ref(), actor: &actor, bytes: &request };
            ledger.answer(from, &signer.0, now)
        });
        Ok(PyBytes::new(py, answer?.as_bytes()))
    }

    /// Lists what commands left to be sent; :attr:`outbox` gives it as values.
    fn _outgoing<'py>(&self, py: Python<'py>, limit: u32) -> Result<Bound<'py, PyAny>> {
        let ledger = self.ledger()?;
        let outbox = py.detach(move || ledger.outbox(limit))?;
        json::object(py, &outbox)
    }

    /// Takes a message that was sent out of the outbox.
    fn _sent(&self, py: Python<'_>, message: u64) -> Result<()> {
        let ledger = self.ledger()?;
        Ok(py.detach(move || ledger.sent(message))?)
    }

    /// Links a customer or partner to its account at the vendor's shop.
    ///
    /// The password goes to the gateway and nowhere else: it is not kept, and in no error of ours.
    /// The gateway is called outside any transaction, and not at all for who may not make the link.
    ///
    /// Args:
    ///     whom: A mapping or JSON text: ``{"customer": "c1"}`` or ``{"partner": "d1"}``.
    ///     email: The e-mail of the account, as it was typed.
    ///     password: The password of the account, as it was typed.
    ///     gateway: Is called with both, and gives what the shop calls the account, or none when
    ///         the shop does not know them. The name is always the same for the same account and
    ///         never given to another, so not the e-mail. What it raises comes out as it is.
    ///     actor: Who asks for it; ``Actor.vendor("vendor")`` when left out.
    ///     now: An aware datetime; the system's time when left out.
    ///     idempotency_key: The command's id, as for :meth:`execute`; the shop is asked each time.
    ///
    /// Returns:
    ///     What was written.
    ///
    /// Raises:
    ///     InputError: ``JSON_INVALID`` for whom.
    ///     Refusal: ``FIELD_MISSING`` for an e-mail or password that is empty,
    ///         ``SHOP_LOGIN_REFUSED`` when the shop does not know them, ``SHOP_ALREADY_LINKED``;
    ///         else as :meth:`execute`.
    ///     StorageError: When the file cannot be written.
    #[pyo3(signature = (
        whom, *, email, password, gateway, actor = None, now = None, idempotency_key = None
    ))]
    #[expect(clippy::too_many_arguments, reason = "keywords of Python")]
    fn link_shop(
        &self,
        py: Python<'_>,
        whom: &Bound<'_, PyAny>,
        email: &str,
        password: &str,
        gateway: &Bound<'_, PyAny>,
        actor: Option<&Actor>,
        now: Option<&Bound<'_, PyDateTime>>,
        idempotency_key: Option<&str>,
    ) -> Result<Receipt> {
        let (ledger, now) = (self.ledger()?, self.now(now)?);
        let whom = WHOM.text(whom)?;
        let whom: view::Place = core_json::read(WHOM.what, whom.as_bytes(), WHOM.bytes_max)?;
        let (actor, id) = (acting(actor)?, command_id(idempotency_key)?);
        let login = ShopLogin { email, password };
        let shop = Gateway::new(gateway);
        let done = py.detach(|| {
            let link = ShopLink { whom: &whom, login, actor: &actor, id: &id };
            ledger.link_shop(link, &shop, now)
        });
        match shop.raised() {
            Some(raised) => Err(raised.into()),
            None => Ok(Receipt(done?)),
        }
    }

    /// Reads the whole ledger again: chains, the tables against the events, the checkpoints.
    ///
    /// Args:
    ///     since: A checkpoint that was kept elsewhere, whose history this one has to continue.
    ///
    /// Returns:
    ///     What was found to hold.
    ///
    /// Raises:
    ///     Refusal: ``HISTORY_BROKEN`` naming the first event that is not what was written,
    ///         ``TABLE_BROKEN`` the first row, ``CHECKPOINT_BROKEN`` the first checkpoint.
    ///     StorageError: When the file cannot be read.
    #[pyo3(signature = (since = None))]
    fn verify<'py>(
        &self,
        py: Python<'py>,
        since: Option<&Checkpoint>,
    ) -> Result<Bound<'py, PyAny>> {
        let ledger = self.ledger()?;
        let verified = py.detach(move || match since {
            Some(since) => ledger.verify_since(&since.0),
            None => ledger.verify(),
        })?;
        shape::value(py, (REPORTS, "Verified"), &verified)
    }

    /// Signs the history as it is now, so that any change to it can be shown later.
    ///
    /// Keep copies where nobody who can write to the ledger can write. What is done to events after
    /// the newest checkpoint that is known elsewhere, no checkpoint tells.
    ///
    /// Args:
    ///     origin: The name of the history, such as ``example.com/history``.
    ///     signer: A root key of the vendor, or a key of its key ring for checkpoints.
    ///     now: An aware datetime; the system's time when left out.
    ///
    /// Returns:
    ///     The checkpoint with its signed note; the last one when nothing has happened since.
    ///
    /// Raises:
    ///     InputError: ``FIELD_INVALID`` for what is no origin.
    ///     Refusal: ``OTHER_ORIGIN`` when the last has another, ``CHECKPOINT_BROKEN``.
    ///     StorageError: When the file cannot be written.
    #[pyo3(signature = (origin, signer, *, now = None))]
    fn checkpoint<'py>(
        &self,
        py: Python<'py>,
        origin: &str,
        signer: &Signer,
        now: Option<&Bound<'_, PyDateTime>>,
    ) -> Result<Bound<'py, PyAny>> {
        let (ledger, now) = (self.ledger()?, self.now(now)?);
        let kept = py.detach(move || ledger.checkpoint(origin, &signer.0, now))?;
        shape::value(py, (REPORTS, "KeptCheckpoint"), &kept)
    }

    /// The checkpoints that are kept, the oldest first.
    ///
    /// Returns:
    ///     Each as :meth:`checkpoint` gave it.
    ///
    /// Raises:
    ///     StorageError: When the file cannot be read.
    fn checkpoints<'py>(&self, py: Python<'py>) -> Result<Vec<Bound<'py, PyAny>>> {
        let ledger = self.ledger()?;
        let kept = py.detach(move || ledger.checkpoints())?;
        shape::values(py, (REPORTS, "KeptCheckpoint"), &kept)
    }

    /// Proves that an event stands in the history of a checkpoint.
    ///
    /// Args:
    ///     stream: The stream, such as ``customer/c1``.
    ///     index: The event, counted from 1.
    ///     size: How many events the checkpoint vouches for; the last one when left out.
    ///
    /// Returns:
    ///     The proof, for :meth:`TreeHead.verify_inclusion`.
    ///
    /// Raises:
    ///     Refusal: ``CHECKPOINT_MISSING``, ``CHECKPOINT_BROKEN``.
    ///     StorageError: When the file cannot be read.
    #[pyo3(signature = (stream, index, *, size = None))]
    fn prove_inclusion<'py>(
        &self,
        py: Python<'py>,
        stream: &str,
        index: u64,
        size: Option<u64>,
    ) -> Result<Bound<'py, PyAny>> {
        let (ledger, stream) = (self.ledger()?, stream.parse()?);
        let proved = py.detach(move || ledger.prove_inclusion((&stream, index), size))?;
        shape::value(py, (REPORTS, "Inclusion"), &proved)
    }

    /// Proves that the history of a checkpoint begins with that of an older one.
    ///
    /// Args:
    ///     older: How many events the older checkpoint vouches for.
    ///     newer: How many the newer one; the last when left out.
    ///
    /// Returns:
    ///     The proof, for :meth:`TreeHead.verify_consistency`.
    ///
    /// Raises:
    ///     Refusal: ``CHECKPOINT_MISSING``, ``CHECKPOINT_BROKEN``, ``QUANTITY_OUT_OF_RANGE``.
    ///     StorageError: When the file cannot be read.
    #[pyo3(signature = (older, newer = None))]
    fn prove_consistency<'py>(
        &self,
        py: Python<'py>,
        older: u64,
        newer: Option<u64>,
    ) -> Result<Bound<'py, PyAny>> {
        let ledger = self.ledger()?;
        let proved = py.detach(move || ledger.prove_consistency(older, newer))?;
        shape::value(py, (REPORTS, "Consistency"), &proved)
    }

    /// Copies the ledger as it is now to a new file; commands go on meanwhile.
    ///
    /// The copy is a ledger: open it to restore it.
    ///
    /// Args:
    ///     path: The file.
    ///
    /// Raises:
    ///     StorageError: ``STORE_EXISTS`` when something is there, ``STORE_FULL`` and the like.
    #[expect(clippy::needless_pass_by_value, reason = "paths come out of Python by value")]
    fn backup(&self, py: Python<'_>, path: PathBuf) -> Result<()> {
        let ledger = self.ledger()?;
        Ok(py.detach(|| ledger.backup(&path, &mut |_| ()))?)
    }

    /// Writes the whole ledger as lines of JSON to a file that does not exist yet.
    ///
    /// The file is as secret as the ledger: it has the salt under which codes are digested.
    ///
    /// Args:
    ///     path: The file.
    ///     people: Whether names and addresses go with it.
    ///     outbox: Whether what is yet to be sent goes with it.
    ///
    /// Raises:
    ///     FileExistsError: When something is there; other kinds of OSError when it cannot be made.
    ///     Refusal: As :meth:`verify`: what is broken is not written.
    ///     StorageError: When one of the files cannot be read or written.
    #[pyo3(signature = (path, *, people = true, outbox = true))]
    #[expect(clippy::needless_pass_by_value, reason = "paths come out of Python by value")]
    fn export(&self, py: Python<'_>, path: PathBuf, people: bool, outbox: bool) -> Result<()> {
        let ledger = self.ledger()?;
        let file = File::create_new(&path).map_err(PyErr::from)?;
        let options = ExportOptions { people, outbox };
        let written = py.detach(|| {
            let mut to = BufWriter::new(file);
            ledger.export(&mut to, options, &mut |_| ())
        });
        if written.is_err() {
            let _ = std::fs::remove_file(&path);
        }
        Ok(written?)
    }

    /// Makes a ledger, in a file that does not exist yet, of what :meth:`export` has written.
    ///
    /// Args:
    ///     place: The file or database of the new ledger, as for :meth:`create`.
    ///     source: The file to read.
    ///
    /// Returns:
    ///     The ledger, open. Go on with one of the two only.
    ///
    /// Raises:
    ///     OSError: When ``source`` cannot be opened.
    ///     Refusal: ``EXPORT_INVALID`` naming the first line that does not hold; as :meth:`verify`.
    ///     StorageError: ``STORE_EXISTS`` when something is there, and the like.
    #[staticmethod]
    #[expect(clippy::needless_pass_by_value, reason = "paths come out of Python by value")]
    fn import_from(py: Python<'_>, place: PathBuf, source: PathBuf) -> Result<Self> {
        let mut from = BufReader::new(File::open(&source).map_err(PyErr::from)?);
        let place = place::of(place);
        let ledger =
            py.detach(|| mlicense_ledger::Ledger::import(&place, &mut from, &mut |_| ()))?;
        Ok(Self::opened(place, ledger, None))
    }

    /// Rewrites the file without the room that deleted rows have left.
    ///
    /// Raises:
    ///     StorageError: ``STORE_BUSY`` while another program uses it, ``STORE_FULL`` and the like.
    fn vacuum(&self, py: Python<'_>) -> Result<()> {
        let ledger = self.ledger()?;
        Ok(py.detach(move || ledger.vacuum())?)
    }

    fn __enter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(&self, py: Python<'_>, _exception: &Bound<'_, pyo3::types::PyTuple>) {
        self.close(py);
    }

    fn __repr__(&self) -> String {
        let closed = if self.closed() { ", closed" } else { "" };
        format!("Ledger('{}'{closed})", self.place)
    }
}

impl Ledger {
    fn opened(place: Place, open: mlicense_ledger::Ledger, clock: Option<Py<Clock>>) -> Self {
        Self { place, clock, open: Mutex::new(Some(Arc::new(open))) }
    }

    fn now(&self, given: Option<&Bound<'_, PyDateTime>>) -> Result<Instant> {
        clock::now(given, self.clock.as_ref())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Arc<mlicense_ledger::Ledger>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ledger(&self) -> Result<Arc<mlicense_ledger::Ledger>, Refusal> {
        let closed = || Refusal::new(ErrorKind::Closed).with("object", "ledger");
        self.lock().clone().ok_or_else(closed)
    }
}

fn acting(actor: Option<&Actor>) -> Result<access::Actor> {
    Ok(match actor {
        Some(actor) => actor.0.clone(),
        None => access::Actor::vendor(USUAL_ACTOR.parse()?),
    })
}

fn envelope(
    command: &Bound<'_, PyAny>,
    actor: Option<&Actor>,
    idempotency_key: Option<&str>,
) -> Result<Envelope> {
    let body = Command::from_json(COMMAND.text(command)?.as_bytes())?;
    Ok(Envelope { id: command_id(idempotency_key)?, actor: acting(actor)?, body })
}

fn command_id(idempotency_key: Option<&str>) -> Result<CommandId> {
    match idempotency_key {
        Some(key) => Ok(key.parse()?),
        None => Ok(mlicense_ledger::fresh_id()?),
    }
}

/// What a command would do.
#[pyclass(frozen, eq, module = "mlicense")]
#[derive(PartialEq, Eq)]
pub(crate) struct Preview(history::Preview);

#[pymethods]
impl Preview {
    /// What to give to :meth:`Ledger.commit`; none when the command would be refused.
    #[getter]
    fn token(&self) -> Option<&str> {
        self.0.token.as_deref()
    }

    /// The events that would be written.
    #[getter]
    fn events<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>> {
        json::object(py, &self.0.events)
    }

    /// What to know before confirming, such as ``no_transfer_between_customers``.
    #[getter]
    fn warnings<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>> {
        json::object(py, &self.0.warnings)
    }

    /// The refusal, when the command would be refused; not raised. Its texts are English.
    #[getter]
    fn refusal(&self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        self.0.refusal.as_ref().map(|view| error::told(py, view)).transpose()
    }

    fn __repr__(&self) -> String {
        match &self.0.refusal {
            Some(refusal) => format!("Preview(refused: {})", refusal.message),
            None => format!("Preview({} events)", self.0.events.len()),
        }
    }
}
