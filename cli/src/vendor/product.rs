//! `mlicense product`.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use mlicense_core::{
    catalogue::{CatalogueEvent, Definition},
    code::CodeFormat,
    history::{Command, Event, StreamId},
    id::{BatchId, LicenseType, ProductId},
    policy::Policy,
    view::{Query, View},
};
use mlicense_ledger::Ledger;

use super::{
    book::{Book, Given},
    contents::{Contents, refusal},
};
use crate::{context::Context, documents, exit::Exit, fault::Result, files};

/// The products that are sold, by which rules, and their licence keys
#[derive(Debug, Subcommand)]
pub(crate) enum Product {
    Define(Define),
    Policy(Publish),
    List(List),
    Keys(Keys),
}

/// Put a product into the catalogue
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense product define vms --name 'Video Suite' --type camera --policy subscription --keys ACME-5x4 --ledger vendor.ledger
  mlicense product define editor --name Editor --type editor --policy policy.json --ledger vendor.ledger")]
pub(crate) struct Define {
    /// A new product id
    product: ProductId,
    /// The name shown to people
    #[arg(long)]
    name: String,
    /// A type of licence; repeat it for further ones
    #[arg(long = "type", value_name = "TYPE", required = true)]
    types: Vec<LicenseType>,
    /// The usual policy of a scheme, or a JSON file with settings; `subscription`, `host_bound`,
    /// `device_assigned` and `account_term` are schemes
    #[arg(long, value_name = "SCHEME|FILE")]
    policy: String,
    /// The form of its licence keys, such as ACME-5x4
    #[arg(long, value_name = "FORM")]
    keys: Option<CodeFormat>,
    #[command(flatten)]
    given: Given,
}

/// Publish a further policy version of a product
///
/// Customers keep the one they bought under until they adopt the new one.
#[derive(Debug, Args)]
#[command(name = "policy")]
#[command(after_help = "\
Examples:
  mlicense product policy editor --policy policy.json --ledger vendor.ledger --preview")]
pub(crate) struct Publish {
    /// The product
    product: ProductId,
    /// As for define
    #[arg(long, value_name = "SCHEME|FILE")]
    policy: String,
    #[command(flatten)]
    given: Given,
}

/// List the products with their newest policies
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense product list --ledger vendor.ledger")]
pub(crate) struct List {
    #[command(flatten)]
    book: Book,
}

/// Issue licence keys of a product, each worth the same licences
///
/// The ledger keeps digests and masked tails only: this is the one time the keys are told.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense product keys vms camera=10 --count 2 --batch spring --out keys.txt --ledger vendor.ledger")]
pub(crate) struct Keys {
    /// The product
    product: ProductId,
    #[command(flatten)]
    contents: Contents,
    /// How many keys
    #[arg(long, value_name = "N", default_value_t = 1)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=1000))]
    count: u32,
    /// A new id of the batch
    #[arg(long, value_name = "ID")]
    batch: BatchId,
    /// The file to make, one key a line, that only its owner may read
    #[arg(long, short, value_name = "FILE")]
    out: PathBuf,
    /// The form of the keys, where the product has none
    #[arg(long, value_name = "FORM")]
    form: Option<CodeFormat>,
    #[command(flatten)]
    given: Given,
}

impl Product {
    pub(crate) fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        match self {
            Self::Define(command) => command.run(context),
            Self::Policy(command) => {
                let policy = policy(&command.policy, context)?;
                let body = Command::PublishPolicy { product: command.product, policy };
                command.given.give(body, context)
            }
            Self::List(command) => command.book.ask(&Query::Products {}, context),
            Self::Keys(command) => command.run(context),
        }
    }
}

impl Keys {
    fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        let ledger = self.given.open()?;
        let form = key_format(&ledger, &self.product, context)?.or(self.form);
        let form = form.ok_or_else(|| refusal("form", "-", "named, for the product has none"))?;
        drop(ledger);
        let keys = documents::make_codes(&form, self.count)?;
        // First the file: keys that were issued and are written nowhere would be lost.
        files::make_secret(&self.out, (keys.join("\n") + "\n").as_bytes())?;
        let body = Command::IssueKeys {
            batch: self.batch,
            product: self.product,
            contents: self.contents.read(),
            keys,
        };
        let given = self.given.give(body, context);
        if given.is_err() || self.given.is_preview() {
            // Nobody issued them.
            let _ = std::fs::remove_file(&self.out);
        }
        given
    }
}

/// The form of a product's keys, as its definition says.
fn key_format(
    ledger: &Ledger,
    product: &ProductId,
    context: &Context<'_>,
) -> Result<Option<CodeFormat>> {
    let mut after = 0;
    loop {
        let query =
            Query::History { stream: StreamId::Catalogue, after, limit: Query::HISTORY_MAX };
        let View::History(entries) = ledger.query(&query, context.now())? else {
            return Ok(None);
        };
        let Some(last) = entries.last().map(|entry| entry.index) else { return Ok(None) };
        after = last;
        let defined = entries.into_iter().find_map(|entry| match entry.event {
            Event::Catalogue(CatalogueEvent::ProductDefined { product: id, definition })
                if id == *product =>
            {
                Some(definition.key_format)
            }
            _ => None,
        });
        if let Some(format) = defined {
            return Ok(format);
        }
    }
}

impl Define {
    fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        let policy = policy(&self.policy, context)?;
        let definition = Definition {
            name: self.name,
            license_types: self.types,
            key_format: self.keys,
            where_to_buy: None,
            external: false,
        };
        let body = Command::DefineProduct { product: self.product, definition, policy };
        self.given.give(body, context)
    }
}

/// The usual policy of a scheme, or one with settings.
fn policy(given: &str, context: &mut Context<'_>) -> Result<Policy> {
    Ok(match given {
        "subscription" => Policy::pool_subscription(),
        "host_bound" => Policy::host_key(),
        "device_assigned" => Policy::device_assignment(),
        "account_term" => Policy::account_term(),
        path => {
            let json = files::read(context, Path::new(path))?;
            mlicense_core::json::read("the policy", &json, Command::BYTES_MAX)?
        }
    })
}
