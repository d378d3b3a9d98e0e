//! `mlicense customer`.

use clap::{Args, Subcommand};
use mlicense_core::{
    history::Command,
    id::{CustomerId, PersonId, ProductId, RegionId},
    time::Zone,
    view::Query,
};

use super::book::{Book, Given};
use crate::{context::Context, exit::Exit, fault::Result};

/// Who holds licences
#[derive(Debug, Subcommand)]
pub(crate) enum Customer {
    Register(Register),
    Show(Show),
    Number(Number),
    Hosts(Hosts),
    Free(Free),
    Erase(Erase),
}

/// Register a customer
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense customer register c1 --zone Europe/Paris --ledger vendor.ledger")]
pub(crate) struct Register {
    /// A new customer id; it stays in the history, so do not make it from a name
    customer: CustomerId,
    /// The time zone in which its days begin
    #[arg(long)]
    zone: Zone,
    /// The region of the vendor's service it belongs to
    #[arg(long, value_name = "ID")]
    region: Option<RegionId>,
    #[command(flatten)]
    given: Given,
}

/// Show where a customer stands with every product
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense customer show c1 --ledger vendor.ledger")]
pub(crate) struct Show {
    /// The customer
    customer: CustomerId,
    #[command(flatten)]
    book: Book,
}

/// Give a customer a registration number
///
/// The number goes to the outbox, and is shown here once.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense customer number c1 --ledger vendor.ledger")]
pub(crate) struct Number {
    /// The customer
    customer: CustomerId,
    #[command(flatten)]
    given: Given,
}

/// Show the hosts bound to the licences of a product
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense customer hosts c2 editor --ledger vendor.ledger")]
pub(crate) struct Hosts {
    /// The customer
    customer: CustomerId,
    /// The product
    product: ProductId,
    #[command(flatten)]
    book: Book,
}

/// Free bound hosts, such as a machine that died: its licence may be bound elsewhere
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense customer free c2 editor --reason 'the machine burnt' --ledger vendor.ledger --preview")]
pub(crate) struct Free {
    /// The customer
    customer: CustomerId,
    /// The product
    product: ProductId,
    /// The number of the binding; all of them without one
    #[arg(long, value_name = "N")]
    binding: Option<u32>,
    /// Why
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    given: Given,
}

/// Erase name and addresses of a person
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense customer erase p1 --ledger vendor.ledger --preview")]
pub(crate) struct Erase {
    /// The person
    person: PersonId,
    #[command(flatten)]
    given: Given,
}

impl Customer {
    pub(crate) fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        match self {
            Self::Register(Register { customer, zone, region, given }) => {
                given.give(Command::RegisterCustomer { customer, zone, region }, context)
            }
            Self::Show(Show { customer, book }) => {
                let language = context.language();
                book.ask(&Query::Overview { customer, language }, context)
            }
            Self::Number(command) => command.run(context),
            Self::Hosts(Hosts { customer, product, book }) => {
                book.ask(&Query::Bindings { customer, product }, context)
            }
            Self::Free(Free { customer, product, binding, reason, given }) => {
                let binding = binding.map(binding_id).transpose()?;
                let body = Command::FreeHosts { customer, product, binding, group: None, reason };
                given.give(body, context)
            }
            Self::Erase(Erase { person, given }) => {
                given.give(Command::ErasePerson { person }, context)
            }
        }
    }
}

impl Number {
    fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        let number = self.given.open()?.fresh_number()?;
        let is_preview = self.given.is_preview();
        let body = Command::IssueNumber { customer: self.customer, number: number.clone() };
        let exit = self.given.give(body, context)?;
        if exit == Exit::Done && !is_preview {
            context.line(&number)?;
        }
        Ok(exit)
    }
}

fn binding_id(number: u32) -> Result<mlicense_core::customer::BindingId> {
    serde_json::from_value(number.into()).map_err(crate::context::unserializable)
}
