//! The vendor's side: what a clerk does in a ledger.

mod answer;
mod book;
mod contents;
mod customer;
mod exec;
mod history;
mod init;
mod keeping;
mod partner;
mod product;
mod publish;
mod subscription;
mod wallet;

pub(crate) use answer::Answer;
pub(crate) use book::Book;
pub(crate) use contents::{kind, quantity, refusal};
pub(crate) use customer::Customer;
pub(crate) use exec::{Exec, Query};
pub(crate) use history::{Due, History};
pub(crate) use init::Init;
pub(crate) use keeping::{Backup, Checkpoint, Verify};
pub(crate) use partner::Partner;
pub(crate) use product::Product;
pub(crate) use publish::Publish;
pub(crate) use subscription::Subscription;
pub(crate) use wallet::Wallet;
