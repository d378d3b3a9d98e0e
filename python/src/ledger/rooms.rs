//! What stands on a ledger: its customers, products and partners, its history and its outbox.

use pyo3::prelude::*;

use super::Ledger;
use crate::shape::shaped;

#[pymethods]
impl Ledger {
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
}
