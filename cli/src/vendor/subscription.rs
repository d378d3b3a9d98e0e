//! `mlicense subscription`.

use clap::{Args, Subcommand};
use mlicense_core::{
    history::Command,
    id::{CustomerId, LicenseType, ProductId},
    time::Term,
    view::Query,
};

use super::{
    book::{Book, Given},
    contents::quantity,
};
use crate::{context::Context, exit::Exit, fault::Result};

/// Subscriptions to a pool of licences: start, need, allocate
#[derive(Debug, Subcommand)]
pub(crate) enum Subscription {
    Start(Start),
    Need(Need),
    Allocate(Allocate),
    Undo(Undo),
    Adopt(Adopt),
}

/// Start the subscription of a customer to a product
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense subscription start c1 vms --ledger vendor.ledger")]
pub(crate) struct Start {
    /// The customer
    customer: CustomerId,
    /// The product
    product: ProductId,
    /// Length of a period in months; the usual one without
    #[arg(long, value_name = "MONTHS", value_parser = months)]
    term: Option<Term>,
    #[command(flatten)]
    given: Given,
}

/// Show need and coverage of the current and the future periods
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense subscription need c1 vms --ledger vendor.ledger")]
pub(crate) struct Need {
    /// The customer
    customer: CustomerId,
    /// The product
    product: ProductId,
    #[command(flatten)]
    book: Book,
}

/// Allocate licences from the wallet to a period
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense subscription allocate c1 vms camera=10 --ledger vendor.ledger --preview
  mlicense subscription allocate c1 vms camera=10 --ledger vendor.ledger")]
pub(crate) struct Allocate {
    /// The customer
    customer: CustomerId,
    /// The product
    product: ProductId,
    /// Licences of a type, such as camera=40; repeat it for further types
    #[arg(required = true, value_name = "TYPE=N", value_parser = quantity)]
    quantities: Vec<(LicenseType, u32)>,
    /// Periods ahead of the current one
    #[arg(long, value_name = "N", default_value_t = 0)]
    ahead: u32,
    /// Term of the licences in months; that of the subscription without
    #[arg(long, value_name = "MONTHS", value_parser = months)]
    term: Option<Term>,
    #[command(flatten)]
    given: Given,
}

/// Correct a mistake: undo the newest allocation within its period
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense subscription undo c1 vms 1 --reason 'wrong customer' --ledger vendor.ledger --preview")]
pub(crate) struct Undo {
    /// The customer
    customer: CustomerId,
    /// The product
    product: ProductId,
    /// The number of the allocation
    allocation: u32,
    /// Why
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    given: Given,
}

/// Keep the newest policy of a product from the next period on
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense subscription adopt c1 vms --ledger vendor.ledger --preview")]
pub(crate) struct Adopt {
    /// The customer
    customer: CustomerId,
    /// The product
    product: ProductId,
    #[command(flatten)]
    given: Given,
}

impl Subscription {
    pub(crate) fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        match self {
            Self::Start(Start { customer, product, term, given }) => {
                given.give(Command::StartSubscription { customer, product, term }, context)
            }
            Self::Need(Need { customer, product, book }) => {
                book.ask(&Query::Need { customer, product }, context)
            }
            Self::Allocate(Allocate { customer, product, quantities, ahead, term, given }) => {
                let quantities = quantities.into_iter().collect();
                let body = Command::Allocate { customer, product, quantities, ahead, term };
                given.give(body, context)
            }
            Self::Undo(Undo { customer, product, allocation, reason, given }) => {
                let body = Command::UndoAllocation { customer, product, allocation, reason };
                given.give(body, context)
            }
            Self::Adopt(Adopt { customer, product, given }) => {
                given.give(Command::AdoptPolicy { customer, product }, context)
            }
        }
    }
}

fn months(text: &str) -> Result<Term, mlicense_core::error::Refusal> {
    let refused = || super::contents::refusal("term", text, "a number of months");
    Term::months(text.parse().map_err(|_| refused())?)
}
