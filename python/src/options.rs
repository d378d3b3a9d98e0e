//! How to open a client, as a caller tells it.

use std::path::PathBuf;

use mlicense_core::{
    error::{ErrorKind, Refusal},
    host_binding::HostFacts,
};
use mlicense_host::Options;
use pyo3::{prelude::*, types::PyDate};

use crate::{clock::Clock, error::Result, json::Given, time};

const FACTS: Given = Given { what: "host facts", bytes_max: HostFacts::BYTES_MAX };

/// What a caller tells of a client to be opened.
pub(crate) struct Told<'a, 'py> {
    pub(crate) state: Option<PathBuf>,
    pub(crate) kept: Option<Vec<u8>>,
    pub(crate) vendor: Option<&'a str>,
    pub(crate) facts: Option<&'a Bound<'py, PyAny>>,
    pub(crate) declared_id: Option<&'a str>,
    pub(crate) customer: Option<&'a str>,
    pub(crate) built_on: Option<&'a Bound<'py, PyDate>>,
    pub(crate) fault_grace: u64,
    pub(crate) number_format: Option<&'a str>,
    pub(crate) clock: Option<&'a Clock>,
}

impl Told<'_, '_> {
    pub(crate) fn options(self) -> Result<Options> {
        let mut options = match (self.state, self.kept, self.vendor) {
            (None, None, None) => Options::stateless(),
            (Some(folder), None, None) => Options::folder(folder),
            (None, Some(kept), None) => Options::bytes(kept),
            (None, None, Some(vendor)) => Options::system(vendor.parse()?),
            _ => {
                let refusal = Refusal::new(ErrorKind::FieldInvalid).with("field", "state");
                let refusal = refusal.with("value", "state, kept, vendor");
                return Err(refusal.with("expected", "one place for the state").into());
            }
        };
        options = options.fault_grace(self.fault_grace);
        if let Some(facts) = self.facts {
            options = options.facts(HostFacts::from_json(FACTS.text(facts)?.as_bytes())?);
        }
        if let Some(id) = self.declared_id {
            options = options.declared_id(id);
        }
        if let Some(customer) = self.customer {
            options = options.customer(customer.parse()?);
        }
        if let Some(format) = self.number_format {
            options = options.number_format(format.parse()?);
        }
        if let Some(clock) = self.clock {
            options = options.clock(clock.hands());
        }
        if let Some(day) = self.built_on {
            options = options.built_on(time::day(day)?);
        }
        Ok(options)
    }
}
