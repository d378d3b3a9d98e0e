//! `diagnose`, and addresses that a program tries to reach.

use std::{collections::BTreeMap, path::PathBuf};

use mlicense_core::error::{ErrorKind, Language, Refusal};
use mlicense_host::Diagnosis;
use pyo3::{prelude::*, types::PyDate};

use crate::{client::ANSWERS, error::Result, json, options::Told};

/// Looks at what a client would need, without opening one.
///
/// When a client cannot be opened, this says why. Nothing is made or changed, but for an
/// empty file that is tried out and removed.
///
/// Args:
///     product: The product's id.
///     addresses: What the program wants to reach, each to be tried by itself.
///     probe: Tries to reach an address as the program does, and raises when it cannot;
///         may return which way it went, such as ``"past the proxy"``.
///     language: A code or locale: ``en``, ``ru``, ``ja`` or ``fr``; English for any other.
///     state: As for :class:`Client`, like the rest.
///     kept: The state in bytes.
///     vendor: The vendor's id.
///     facts: What is known of the host.
///     declared_id: An id of the host.
///     customer: The customer's id.
///     built_on: The day the program was built.
///
/// Returns:
///     What was found, with a problem where something is wrong; true when nothing is.
///
/// Raises:
///     InputError: ``FIELD_INVALID`` for addresses without a probe, or for an option.
///
/// Examples:
///     >>> def probe(address):
///     ...     raise OSError("no route to host")
///     >>> found = diagnose("editor", ["lic.example.com:443"], probe, state="/proc/nowhere")
///     >>> sorted({finding.part for finding in found.problems})
///     ['network', 'state']
#[pyfunction]
#[pyo3(signature = (
    product, addresses = None, probe = None, *, language = "en", state = None, kept = None,
    vendor = None, facts = None, declared_id = None, customer = None, built_on = None
))]
#[expect(clippy::too_many_arguments, reason = "keywords of Python")]
pub(crate) fn diagnose<'py>(
    py: Python<'py>,
    product: &str,
    addresses: Option<Vec<String>>,
    probe: Option<&Bound<'py, PyAny>>,
    language: &str,
    state: Option<PathBuf>,
    kept: Option<Vec<u8>>,
    vendor: Option<&str>,
    facts: Option<&Bound<'py, PyAny>>,
    declared_id: Option<&str>,
    customer: Option<&str>,
    built_on: Option<&Bound<'py, PyDate>>,
) -> Result<Bound<'py, PyAny>> {
    let product = product.parse()?;
    let fault_grace = 0;
    let number_format = None;
    let given = Told {
        state,
        kept,
        vendor,
        facts,
        declared_id,
        customer,
        built_on,
        fault_grace,
        number_format,
        clock: None,
    };
    let options = given.options()?;
    let addresses = Addresses::reach(addresses, probe)?;
    let diagnosis = py.detach(|| {
        let mut probe = |address: &str| addresses.found(address);
        mlicense_host::diagnose(&product, &options, &addresses.names(), &mut probe)
    })?;
    told(py, &diagnosis, language)
}

/// Addresses, and what came of trying them.
#[derive(Debug)]
pub(crate) struct Addresses {
    wanted: Vec<String>,
    found: BTreeMap<String, Result<String, String>>,
}

impl Addresses {
    /// Tries every address by the caller's probe; whatever it raises is what went wrong.
    pub(crate) fn reach(
        wanted: Option<Vec<String>>,
        probe: Option<&Bound<'_, PyAny>>,
    ) -> Result<Self> {
        let wanted = wanted.unwrap_or_default();
        let mut found = BTreeMap::new();
        for address in &wanted {
            let Some(probe) = probe else {
                let refusal = Refusal::new(ErrorKind::FieldInvalid).with("field", "probe");
                let refusal = refusal.with("value", "None");
                return Err(refusal.with("expected", "what tries to reach addresses").into());
            };
            let reached = match probe.call1((address,)) {
                // What stops the program stops this as well.
                Err(raised)
                    if !raised.is_instance_of::<pyo3::exceptions::PyException>(probe.py()) =>
                {
                    return Err(raised.into());
                }
                reached => reached,
            };
            // A probe need not say which way it went.
            let way = |way: Bound<'_, PyAny>| way.extract::<String>().unwrap_or_default();
            found.insert(address.clone(), reached.map(way).map_err(|raised| raised.to_string()));
        }
        Ok(Self { wanted, found })
    }

    pub(crate) fn names(&self) -> Vec<&str> {
        self.wanted.iter().map(String::as_str).collect()
    }

    pub(crate) fn found(&self, address: &str) -> Result<String, String> {
        self.found.get(address).cloned().unwrap_or(Ok(String::new()))
    }
}

/// A diagnosis as Python has it.
pub(crate) fn told<'py>(
    py: Python<'py>,
    diagnosis: &Diagnosis,
    language: &str,
) -> Result<Bound<'py, PyAny>> {
    let told = json::parsed(py, &diagnosis.explain(Language::from_locale(language)))?;
    let class = py.import(ANSWERS)?.getattr("Diagnosis")?;
    Ok(class.call_method1("from_json", (told,))?)
}
