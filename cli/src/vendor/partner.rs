//! `mlicense partner`.

use clap::{Args, Subcommand};
use mlicense_core::{
    history::{Command, GiveLicenses, RegisterPartner, SetDealer, StockPartner},
    id::{CustomerId, PartnerId, PersonId, ProductId},
    person::PersonFields,
    view::Query,
};

use super::{
    book::{Book, Given},
    contents::Contents,
};
use crate::{
    context::{Context, unserializable},
    exit::Exit,
    fault::Result,
};

/// Dealers, their stock and their customers
#[derive(Debug, Subcommand)]
pub(crate) enum Partner {
    Register(Register),
    Show(Show),
    Customers(Customers),
    Stock(Stock),
    Give(Give),
    Dealer(Dealer),
}

/// Register a partner
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense partner register d1 --code dealer-1 --contact p9 --name 'Example Dealer' --email desk@dealer.example --ledger vendor.ledger")]
pub(crate) struct Register {
    /// A new partner id
    partner: PartnerId,
    /// Its code, unique among partners
    #[arg(long)]
    code: PartnerId,
    /// A new id of the record with its name and e-mail
    #[arg(long, value_name = "ID")]
    contact: PersonId,
    /// Its name, which can be erased
    #[arg(long)]
    name: String,
    /// Its e-mail address, which can be erased
    #[arg(long)]
    email: Option<String>,
    #[command(flatten)]
    given: Given,
}

/// Show what a partner has and gave
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense partner show d1 --ledger vendor.ledger")]
pub(crate) struct Show {
    /// The partner
    partner: PartnerId,
    #[command(flatten)]
    book: Book,
}

/// Show the customers who chose a partner as their dealer
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense partner customers d1 --ledger vendor.ledger")]
pub(crate) struct Customers {
    /// The partner
    partner: PartnerId,
    /// A part of the e-mail address
    #[arg(long, default_value = "")]
    email: String,
    /// The page
    #[arg(long, value_name = "N", default_value_t = 1)]
    page: u32,
    #[command(flatten)]
    book: Book,
}

/// Put licences into the stock of a partner
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense partner stock d1 vms camera=50 --ledger vendor.ledger")]
pub(crate) struct Stock {
    /// The partner
    partner: PartnerId,
    /// The product
    product: ProductId,
    #[command(flatten)]
    contents: Contents,
    #[command(flatten)]
    given: Given,
}

/// Give licences from the stock of a partner to a customer
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense partner give d1 c1 vms camera=5 --ledger vendor.ledger")]
pub(crate) struct Give {
    /// The partner
    partner: PartnerId,
    /// The customer
    customer: CustomerId,
    /// The product
    product: ProductId,
    #[command(flatten)]
    contents: Contents,
    #[command(flatten)]
    given: Given,
}

/// Choose the dealer of a customer, or none
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense partner dealer c1 d1 --ledger vendor.ledger")]
pub(crate) struct Dealer {
    /// The customer
    customer: CustomerId,
    /// The partner; without one the customer has none
    partner: Option<PartnerId>,
    #[command(flatten)]
    given: Given,
}

impl Partner {
    pub(crate) fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        match self {
            Self::Register(command) => command.run(context),
            Self::Show(Show { partner, book }) => book.ask(&Query::Partner { partner }, context),
            Self::Customers(Customers { partner, email, page, book }) => {
                book.ask(&Query::PartnerCustomers { partner, email, page }, context)
            }
            Self::Stock(Stock { partner, product, contents, given }) => {
                let contents = contents.read();
                let body = Command::StockPartner(StockPartner { partner, product, contents });
                given.give(body, context)
            }
            Self::Give(Give { partner, customer, product, contents, given }) => {
                let contents = contents.read();
                let give = GiveLicenses { partner, customer, product, contents };
                given.give(Command::GiveLicenses(give), context)
            }
            Self::Dealer(Dealer { customer, partner, given }) => {
                given.give(Command::SetDealer(SetDealer { customer, partner }), context)
            }
        }
    }
}

impl Register {
    fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        let fields = serde_json::json!({"name": self.name, "email": self.email});
        let fields: PersonFields = serde_json::from_value(fields).map_err(unserializable)?;
        let (partner, code, contact) = (self.partner, self.code, self.contact);
        let body = Command::RegisterPartner(RegisterPartner { partner, code, contact, fields });
        self.given.give(body, context)
    }
}
