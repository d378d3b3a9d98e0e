//! Questions, requests of installations, and what is to be sent.

use mlicense_core::{id::CustomerId, view::Query};
use mlicense_ledger::RequestFrom;
use pyo3::{
    prelude::*,
    types::{PyBytes, PyDateTime},
};

use super::{Ledger, commands::acting};
use crate::{
    error::Result,
    history::Actor,
    json::{self, Given},
    shape,
    signing::{Signer, document_bytes},
};

const QUERY: Given = Given { what: "the query", bytes_max: Query::BYTES_MAX };

#[pymethods]
impl Ledger {
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
        shape::answer(query, &view)
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
}
