//! `mlicense wallet`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use mlicense_core::{
    history::{Command, StockSource},
    id::{CustomerId, ProductId},
    view::Query,
    wallet::LotId,
};

use super::{
    book::{Book, Given},
    contents::Contents,
};
use crate::{
    context::{Context, unserializable},
    exit::Exit,
    fault::Result,
    files,
};

/// The stock of licences of a customer
#[derive(Debug, Subcommand)]
pub(crate) enum Wallet {
    Show(Show),
    Stock(Stock),
    Redeem(Redeem),
    Void(Correct),
    ChargeBack(ChargeBack),
}

/// Show what is in a wallet, where it came from and what became of it
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense wallet show c1 vms --ledger vendor.ledger")]
pub(crate) struct Show {
    /// The customer
    customer: CustomerId,
    /// The product
    product: ProductId,
    #[command(flatten)]
    book: Book,
}

/// Put licences that were bought into a wallet
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense wallet stock c1 vms camera=10 --purchase invoice-17 --ledger vendor.ledger
  mlicense wallet stock c2 editor editor=1 --for host --ledger vendor.ledger")]
pub(crate) struct Stock {
    /// The customer
    customer: CustomerId,
    /// The product
    product: ProductId,
    #[command(flatten)]
    contents: Contents,
    /// The number of the purchase: the same one is taken in once
    #[arg(long, value_name = "NUMBER")]
    purchase: Option<String>,
    #[command(flatten)]
    given: Given,
}

/// Redeem a licence key: everything it is worth goes to the wallet
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense wallet redeem c1 vms keys.txt --ledger vendor.ledger --preview")]
pub(crate) struct Redeem {
    /// The customer
    customer: CustomerId,
    /// The product
    product: ProductId,
    /// A file with the key on its first line; - is standard input
    key: PathBuf,
    #[command(flatten)]
    given: Given,
}

/// Correct a mistake: take an untouched lot out of circulation
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense wallet void c1 vms 1 --reason 'entered twice' --ledger vendor.ledger --preview")]
pub(crate) struct Correct {
    /// The customer
    customer: CustomerId,
    /// The product
    product: ProductId,
    /// The number of the lot
    #[arg(value_parser = lot)]
    lot: LotId,
    /// Why
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    given: Given,
}

/// Take back what is left of a lot that was not paid for
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense wallet charge-back c1 vms 1 --reason 'not paid' --ledger vendor.ledger --preview")]
pub(crate) struct ChargeBack {
    #[command(flatten)]
    correct: Correct,
}

impl Wallet {
    pub(crate) fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        match self {
            Self::Show(Show { customer, product, book }) => {
                book.ask(&Query::Wallet { customer, product }, context)
            }
            Self::Stock(Stock { customer, product, contents, purchase, given }) => {
                let (contents, source) = (contents.read(), StockSource::Purchase);
                let body = Command::StockLicenses { customer, product, contents, source, purchase };
                given.give(body, context)
            }
            Self::Redeem(Redeem { customer, product, key, given }) => {
                let bytes = files::read(context, &key)?;
                let text = String::from_utf8_lossy(&bytes);
                let key = text.lines().next().unwrap_or_default().trim().to_owned();
                given.give(Command::RedeemKey { customer, product, key }, context)
            }
            Self::Void(Correct { customer, product, lot, reason, given }) => {
                given.give(Command::VoidLot { customer, product, lot, reason }, context)
            }
            Self::ChargeBack(ChargeBack { correct }) => {
                let Correct { customer, product, lot, reason, given } = correct;
                given.give(Command::ChargeBack { customer, product, lot, reason }, context)
            }
        }
    }
}

fn lot(text: &str) -> Result<LotId, String> {
    let number: u32 = text.parse().map_err(|_| "not the number of a lot".to_owned())?;
    serde_json::from_value(number.into())
        .map_err(unserializable)
        .map_err(|fault| fault.view(mlicense_core::error::Language::En).message)
}
