//! Opening, closing, and the state.

use std::path::PathBuf;

use mlicense_core::{
    error::{Refusal, Result},
    host_binding::HostFacts,
    id::ProductId,
    json,
    signing::PublicKey,
    time::Zone,
};
use mlicense_host::Options;
use mlicense_ledger::Place;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Client, Open, seats::Seats};
use crate::{
    fault,
    told::Refused,
    value::{Arguments, Value},
};

/// The largest options, in bytes of JSON.
const OPTIONS_BYTES_MAX: usize = 64 * 1024;
/// The largest state, in bytes.
const STATE_BYTES_MAX: usize = 2 * 1024 * 1024;

/// How a client is to be opened.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) product: ProductId,
    state: Option<Vec<u8>>,
    given: Given,
}

/// The options that a configuration gives, in JSON.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Given {
    /// Where the state is kept, instead of by the caller.
    folder: Option<PathBuf>,
    /// Whose products they are, to keep the state where the system keeps such things.
    vendor: Option<String>,
    /// An id of the host.
    declared_id: Option<String>,
    /// The facts of the host, instead of those of this machine.
    facts: Option<Box<RawValue>>,
    /// The customer whose licences alone are taken.
    customer: Option<String>,
    /// The day the configuration was built.
    built_on: Option<String>,
    /// For how many seconds all runs when the state cannot be reached.
    fault_grace: u64,
    /// The form of registration numbers.
    number_format: Option<String>,
    /// Where seats are counted: a file or a database.
    seats: Option<String>,
    /// How long a session lasts without a sign of life, where the licences state nothing.
    lease_seconds: Option<u32>,
    /// Whether to refuse a release of what was not captured, likewise.
    release_strict: bool,
}

impl Client {
    pub(super) fn open(&mut self, arguments: &mut Arguments) -> Result<Value> {
        self.told.clear();
        (self.open, self.asked, self.accepted) = (None, None, String::new());
        let (product, roots) = (arguments.text()?, arguments.text()?);
        let (zone, state) = (arguments.text()?, arguments.optional_bytes()?);
        let options = arguments.optional_text()?;
        let opened = (|| -> Result<_, Refused> {
            let product: ProductId = product.parse()?;
            let given: Given = match options {
                Some(text) => json::read("the options", text.as_bytes(), OPTIONS_BYTES_MAX)?,
                None => Given::default(),
            };
            let asked = Asked { product, state, given };
            let options = asked.options()?;
            let (zone, roots): (Zone, _) = (zone.parse()?, root_keys(&roots)?);
            let asked = self.asked.insert(asked);
            let client = mlicense_host::Client::open(asked.product.clone(), &roots, options)?;
            let given = &asked.given;
            let terms = (given.lease_seconds, given.release_strict);
            let seats = Seats::open(given.seats.as_deref().map(Place::from), terms, &client)?;
            self.open = Some(Open { client, zone, seats });
            Ok(true.into())
        })();
        Ok(self.told.or(opened, false))
    }

    pub(super) fn close(&mut self) -> Result<Value> {
        self.told.clear();
        (self.open, self.asked, self.accepted) = (None, None, String::new());
        Ok(Value::Empty)
    }

    /// The state as text, which an infobase keeps in a constant.
    pub(super) fn state(&self) -> Value {
        // The state is JSON, and so is text.
        self.of_open(|open| String::from_utf8(open.client.state()).unwrap_or_default())
    }
}

impl Asked {
    /// The options as the client takes them.
    pub(super) fn options(&self) -> Result<Options, Refusal> {
        let given = &self.given;
        let mut options = self.place()?.fault_grace(given.fault_grace);
        if let Some(customer) = &given.customer {
            options = options.customer(customer.parse()?);
        }
        if let Some(day) = &given.built_on {
            options = options.built_on(day.parse()?);
        }
        if let Some(format) = &given.number_format {
            options = options.number_format(format.parse()?);
        }
        if let Some(facts) = &given.facts {
            options = options.facts(HostFacts::from_json(facts.get().as_bytes())?);
        }
        Ok(given.declared_id.iter().fold(options, |options, id| options.declared_id(id)))
    }

    /// Where the state is kept: with the caller, unless another place is named.
    fn place(&self) -> Result<Options, Refusal> {
        let state = || self.state.clone().unwrap_or_default();
        match (&self.given.folder, &self.given.vendor, &self.state) {
            (None, None, Some(state)) if state.len() > STATE_BYTES_MAX => {
                let most = format!("at most {STATE_BYTES_MAX} bytes");
                Err(fault::not("State", state.len(), most))
            }
            (None, None, _) => Ok(Options::bytes(state())),
            (Some(folder), None, None) => Ok(Options::folder(folder)),
            (None, Some(vendor), None) => Ok(Options::system(vendor.parse()?)),
            _ => Err(fault::not(
                "Options",
                "folder, vendor",
                "one place for the state: the caller, a folder, or the system's",
            )),
        }
    }
}

/// Reads root keys: one, or several with commas or blanks between them.
fn root_keys(text: &str) -> Result<Vec<PublicKey>> {
    let keys = text.split([',', ' ', '\t', '\r', '\n']).filter(|key| !key.is_empty());
    keys.map(PublicKey::from_base64url).collect()
}
