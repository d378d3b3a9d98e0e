//! The classes, each made when it is first asked for: few programs need more than three.

use pyo3::{exceptions::PyAttributeError, prelude::*, types::PyType};

use crate::{
    checkpoint::{Checkpoint, TreeHead},
    client::{Accepted, Client},
    clock::Clock,
    code::Code,
    decision::{Decision, Reason},
    document::{Answer, Request},
    feature::Feature,
    history::{Actor, Receipt, Written},
    ledger::Ledger,
    license::License,
    preview::Preview,
    revocations::RevocationList,
    seat::{Seat, SeatLedger, Site},
    signing::{KeyRing, PublicKey, Signer},
    time_token::TimeToken,
};

macro_rules! classes {
    ($($class:ident)+) => {
        /// Their names.
        pub(crate) const NAMES: &[&str] = &[$(stringify!($class)),+];

        fn class<'py>(py: Python<'py>, name: &str) -> Option<Bound<'py, PyType>> {
            match name {
                $(stringify!($class) => Some(py.get_type::<$class>()),)+
                _ => None,
            }
        }
    };
}

classes! {
    Accepted Actor Answer Checkpoint Client Clock Code Decision Feature KeyRing Ledger License
    Preview PublicKey Reason Receipt Request RevocationList Seat SeatLedger Signer Site TimeToken
    TreeHead Written
}

/// Finds a class of the module (PEP 562).
#[pyfunction]
pub(crate) fn __getattr__<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyType>> {
    class(py, name).ok_or_else(|| {
        let text = format!("module 'mlicense._native' has no attribute '{name}'");
        PyAttributeError::new_err(text)
    })
}
