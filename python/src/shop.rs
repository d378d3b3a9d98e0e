//! The vendor's shop behind a callable.

use std::sync::{Mutex, PoisonError};

use mlicense_ledger::{ShopAnswer, ShopGateway, ShopLogin};
use pyo3::prelude::*;

/// A callable that is asked, and what it raised.
#[derive(Debug)]
pub(crate) struct Gateway {
    asked: Py<PyAny>,
    raised: Mutex<Option<PyErr>>,
}

impl Gateway {
    pub(crate) fn new(asked: &Bound<'_, PyAny>) -> Self {
        Self { asked: asked.clone().unbind(), raised: Mutex::new(None) }
    }

    /// What the callable raised, which says more than any refusal.
    pub(crate) fn raised(self) -> Option<PyErr> {
        self.raised.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ShopGateway for Gateway {
    fn account(&self, login: ShopLogin<'_>) -> ShopAnswer {
        let ask = |py: Python<'_>| {
            let answer = self.asked.bind(py).call1((login.email, login.password))?;
            answer.extract::<Option<String>>()
        };
        match Python::attach(ask) {
            Ok(Some(account)) => ShopAnswer::Account(account),
            Ok(None) => ShopAnswer::Refused,
            Err(raised) => {
                let mut place = self.raised.lock().unwrap_or_else(PoisonError::into_inner);
                *place = Some(raised);
                ShopAnswer::Unreachable
            }
        }
    }
}
