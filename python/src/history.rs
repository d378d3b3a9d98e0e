//! `Actor`, `Receipt` and `Written`.

use mlicense_core::{
    access::{self, Role},
    id::{CustomerId, PartnerId},
    json as core_json,
    session::Session,
    view::Query,
};
use pyo3::{
    prelude::*,
    types::{PyDateTime, PyTuple},
};

use crate::{
    error::{Fault, Result},
    json::Given,
    time,
};

/// Who gives a command; recorded for ever, so an id and never a name or an address.
///
/// Examples:
///     >>> Actor.vendor("back-office")
///     Actor.vendor('back-office')
///     >>> Actor.customer_manager("u17", customer="c1").customer
///     'c1'
#[pyclass(frozen, eq, module = "mlicense")]
#[derive(PartialEq, Eq)]
pub(crate) struct Actor(pub(crate) access::Actor);

#[pymethods]
impl Actor {
    /// A program or person of the vendor.
    ///
    /// Args:
    ///     actor_id: Its id: 1 to 64 letters, digits, ``.``, ``_`` and ``-``.
    ///
    /// Returns:
    ///     The actor.
    ///
    /// Raises:
    ///     InputError: ``FIELD_INVALID`` for another id.
    #[staticmethod]
    fn vendor(actor_id: &str) -> Result<Self> {
        Ok(Self(access::Actor::vendor(actor_id.parse()?)))
    }

    /// A user of a customer who manages its licences, and those of no other.
    ///
    /// Args:
    ///     actor_id: The user's id.
    ///     customer: The customer's id.
    ///
    /// Returns:
    ///     The actor.
    ///
    /// Raises:
    ///     InputError: ``FIELD_INVALID`` for another id.
    #[staticmethod]
    #[pyo3(signature = (actor_id, *, customer))]
    fn customer_manager(actor_id: &str, customer: &str) -> Result<Self> {
        let (id, customer) = (actor_id.parse()?, customer.parse()?);
        Ok(Self(access::Actor::of_customer(Role::CustomerManager, id, customer)))
    }

    /// A user of a partner, who acts for customers that chose the partner as their dealer.
    ///
    /// Args:
    ///     actor_id: The user's id.
    ///     partner: The partner's id.
    ///     administrator: Whether it also manages the partner's users.
    ///
    /// Returns:
    ///     The actor.
    ///
    /// Raises:
    ///     InputError: ``FIELD_INVALID`` for another id.
    #[staticmethod]
    #[pyo3(signature = (actor_id, *, partner, administrator = false))]
    fn partner_user(actor_id: &str, partner: &str, administrator: bool) -> Result<Self> {
        let role = if administrator { Role::PartnerAdministrator } else { Role::PartnerUser };
        Ok(Self(access::Actor::of_partner(role, actor_id.parse()?, partner.parse()?)))
    }

    /// The actor that a session names: what the question ``sign_in`` answers with.
    ///
    /// Args:
    ///     session: The session, a mapping or JSON text.
    ///
    /// Returns:
    ///     The actor.
    ///
    /// Raises:
    ///     InputError: ``JSON_INVALID`` for what is no session.
    #[staticmethod]
    fn of_session(session: &Bound<'_, PyAny>) -> Result<Self> {
        let given = Given { what: "the session", bytes_max: Query::BYTES_MAX };
        let text = given.text(session)?;
        let session: Session = core_json::read(given.what, text.as_bytes(), given.bytes_max)?;
        Ok(Self(session.actor))
    }

    /// The role, such as ``vendor``.
    #[getter]
    fn role(&self) -> Result<String> {
        let role = serde_json::to_value(self.0.role).map_err(Fault::internal)?;
        Ok(role.as_str().unwrap_or_default().to_owned())
    }

    /// The id.
    #[getter]
    fn id(&self) -> &str {
        self.0.id.as_str()
    }

    /// The customer the actor belongs to, for roles at a customer.
    #[getter]
    fn customer(&self) -> Option<&str> {
        self.0.customer.as_ref().map(CustomerId::as_str)
    }

    /// The partner the actor belongs to, for roles at a partner.
    #[getter]
    fn partner(&self) -> Option<&str> {
        self.0.partner.as_ref().map(PartnerId::as_str)
    }

    fn __repr__(&self) -> Result<String> {
        let (role, id) = (self.role()?, self.id());
        Ok(match (self.customer(), self.partner()) {
            (Some(customer), _) => format!("Actor.{role}('{id}', customer='{customer}')"),
            (_, Some(partner)) => format!("Actor.{role}('{id}', partner='{partner}')"),
            _ => format!("Actor.{role}('{id}')"),
        })
    }
}

/// What a command has written; the same command is always answered with the same receipt.
#[pyclass(frozen, eq, module = "mlicense")]
#[derive(PartialEq, Eq)]
pub(crate) struct Receipt(pub(crate) mlicense_ledger::Receipt);

#[pymethods]
impl Receipt {
    /// The id of the command: the idempotency key, or a random one.
    #[getter]
    fn command(&self) -> &str {
        self.0.command.as_str()
    }

    /// When it was decided, the first time.
    #[getter]
    fn at<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDateTime>> {
        time::datetime(py, self.0.at)
    }

    /// The events, in order; none when there was nothing to change.
    #[getter]
    fn events<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.events.iter().cloned().map(Written))
    }

    fn __repr__(&self) -> String {
        let events: Vec<String> = self.0.events.iter().map(|event| event.kind.clone()).collect();
        format!("Receipt({} at {}: {})", self.0.command, self.0.at, events.join(", "))
    }
}

/// An event that a command has written.
#[pyclass(frozen, eq, module = "mlicense")]
#[derive(PartialEq, Eq)]
pub(crate) struct Written(mlicense_ledger::Written);

#[pymethods]
impl Written {
    /// The stream, such as ``customer/c1``.
    #[getter]
    fn stream(&self) -> String {
        self.0.stream.to_string()
    }

    /// The event's index in its stream, from 1.
    #[getter]
    fn index(&self) -> u64 {
        self.0.index
    }

    /// The name of the event, such as ``allocated``.
    #[getter]
    fn kind(&self) -> &str {
        &self.0.kind
    }

    /// The chain hash of the stream after the event, lower-case hex.
    #[getter]
    fn chain(&self) -> &str {
        &self.0.chain
    }

    fn __repr__(&self) -> String {
        format!("Written({} {}: {})", self.0.stream, self.0.index, self.0.kind)
    }
}
