//! Commands: planned, previewed, done.

use mlicense_core::{
    access,
    history::{Command, Envelope},
    id::CommandId,
    json as core_json,
    view::{self, Query},
};
use mlicense_ledger::{ShopLink, ShopLogin};
use pyo3::{
    prelude::*,
    types::{PyDateTime, PyDict, PyMapping},
};

use super::Ledger;
use crate::{
    error::{Fault, Result},
    history::{Actor, Receipt},
    json::Given,
    preview::Preview,
    shape::shaped,
    shop::Gateway,
};

const COMMAND: Given = Given { what: "the command", bytes_max: Command::BYTES_MAX };
const WHOM: Given = Given { what: "whom to link", bytes_max: Query::BYTES_MAX };
/// Who gives a command when nobody is named.
const USUAL_ACTOR: &str = "vendor";

#[pymethods]
impl Ledger {
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
    /// Hundreds of them share a transaction, which is many times faster than one after another.
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
}

pub(super) fn acting(actor: Option<&Actor>) -> Result<access::Actor> {
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
