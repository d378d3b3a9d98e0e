//! Diagnosis: what can be read, written and reached.

use std::collections::BTreeMap;

use mlicense_core::{error::Result, json};
use mlicense_host::{Diagnosis, diagnose};
use serde::Deserialize;

use super::Client;
use crate::{
    fault,
    told::Refused,
    value::{Arguments, Value},
};

/// The largest list of addresses, in bytes of JSON.
const ADDRESSES_BYTES_MAX: usize = 64 * 1024;

/// What came of trying an address, which the configuration did by its own means.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Tried {
    /// Which way, such as past the proxy; may be empty.
    Reached(String),
    /// What went wrong.
    Failed(String),
}

impl Client {
    pub(super) fn diagnose(&mut self, arguments: &mut Arguments) -> Result<Value> {
        self.told.clear();
        let addresses = arguments.optional_text()?;
        let told = self.look(addresses.as_deref()).map(|found| {
            let findings = found.explain(self.told.language);
            Value::from(findings)
        });
        Ok(self.told.or(told, ""))
    }

    /// Looks by the client, or where it could not be opened at what it was to be opened with.
    fn look(&self, addresses: Option<&str>) -> Result<Diagnosis, Refused> {
        let tried: BTreeMap<String, Tried> = match addresses {
            Some(text) => json::read("the addresses", text.as_bytes(), ADDRESSES_BYTES_MAX)?,
            None => BTreeMap::new(),
        };
        let names: Vec<&str> = tried.keys().map(String::as_str).collect();
        let probe = &mut |address: &str| match tried.get(address) {
            Some(Tried::Reached(way)) => Ok(way.clone()),
            Some(Tried::Failed(detail)) => Err(detail.clone()),
            None => Err(String::new()),
        };
        match (&self.open, &self.asked) {
            (Some(open), _) => Ok(open.client.diagnose(&names, probe)),
            (None, Some(asked)) => Ok(diagnose(&asked.product, &asked.options()?, &names, probe)?),
            (None, None) => Err(fault::closed("client").into()),
        }
    }
}
