//! Which installation is meant.

use std::path::PathBuf;

use clap::Args;
use mlicense_core::{
    code::CodeFormat,
    error::ErrorKind,
    host_binding::{FactSalt, HostFacts},
    id::{CustomerId, ProductId, VendorId},
    time::Day,
};
use mlicense_host::{Client, Options, diagnose};

use crate::{context::Context, fault::Result, files, instant::Stopped, keys};

/// Which installation of which product is meant, and whom it trusts.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Installation")]
pub(crate) struct Installation {
    /// The product's id
    #[arg(long, value_name = "ID", env = "MLICENSE_PRODUCT")]
    pub(crate) product: ProductId,
    /// The vendor's root key, as text or in a file; repeat it for further ones, the first one first
    #[arg(long = "root", value_name = "KEY", env = "MLICENSE_ROOT", required = true)]
    #[arg(value_delimiter = ',')]
    roots: Vec<String>,
    #[command(flatten)]
    place: Place,
    /// An id that the operator declares for this host, such as that of a container's volume
    #[arg(long, value_name = "ID")]
    declared_id: Option<String>,
    /// Facts of the host from a JSON file, instead of those of this machine
    #[arg(long, value_name = "FILE")]
    facts: Option<PathBuf>,
    /// The customer whose installation this is: licences of others are refused
    #[arg(long, value_name = "ID")]
    customer: Option<CustomerId>,
    /// The day the program was built, for licences that cover versions up to a day
    #[arg(long, value_name = "DAY")]
    built_on: Option<Day>,
    /// The form of the vendor's registration numbers, such as ACME-5x4
    #[arg(long, value_name = "FORM")]
    number_format: Option<CodeFormat>,
}

/// Where the state is kept.
#[derive(Clone, Debug, Args)]
#[group(required = true, multiple = false)]
struct Place {
    /// The folder that keeps the state
    #[arg(long, value_name = "FOLDER", env = "MLICENSE_STATE")]
    state: Option<PathBuf>,
    /// The vendor's id: the state is where the system keeps such things
    #[arg(long, value_name = "ID", env = "MLICENSE_VENDOR")]
    vendor: Option<VendorId>,
}

impl Installation {
    /// Opens the client to be asked only: where there is no installation yet, none is made.
    pub(crate) fn look(&self, context: &mut Context<'_>) -> Result<Client> {
        let options = self.options(context)?;
        let found = diagnose(&self.product, &options, &[], &mut |_| Ok(String::new()))?;
        if !found.is_new() {
            return self.open(context);
        }
        let roots = keys::publics(&self.roots)?;
        let options = self.described(Options::stateless(), context)?;
        Ok(Client::open(self.product.clone(), &roots, options)?)
    }

    /// Opens the client, as the product's own program would.
    pub(crate) fn open(&self, context: &mut Context<'_>) -> Result<Client> {
        let roots = keys::publics(&self.roots)?;
        let options = self.options(context)?;
        Ok(Client::open(self.product.clone(), &roots, options)?)
    }

    /// What digests of host facts are made with: the first root key.
    pub(crate) fn salt(&self) -> Result<FactSalt> {
        let first = self.roots.first().ok_or(ErrorKind::Internal)?;
        Ok(FactSalt::new(*keys::public(first)?.as_bytes()))
    }

    pub(crate) fn options(&self, context: &mut Context<'_>) -> Result<Options> {
        let options = match (&self.place.state, &self.place.vendor) {
            (Some(folder), _) => Options::folder(folder),
            (None, Some(vendor)) => Options::system(vendor.clone()),
            (None, None) => Options::stateless(),
        };
        self.described(options, context)
    }

    /// Adds what is said of the host, the customer and the program.
    fn described(&self, mut options: Options, context: &mut Context<'_>) -> Result<Options> {
        if let Some(path) = &self.facts {
            options = options.facts(HostFacts::from_json(&files::read(context, path)?)?);
        }
        if let Some(id) = &self.declared_id {
            options = options.declared_id(id);
        }
        if let Some(customer) = &self.customer {
            options = options.customer(customer.clone());
        }
        if let Some(day) = self.built_on {
            options = options.built_on(day);
        }
        if let Some(format) = &self.number_format {
            options = options.number_format(format.clone());
        }
        if let Some(instant) = context.stopped_clock() {
            options = options.clock(Stopped(instant));
        }
        Ok(options)
    }
}
