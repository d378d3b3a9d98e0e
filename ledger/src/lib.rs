//! The vendor's side of mlicense: a [`Ledger`] keeps the history, decides commands on it by the
//! rules of [`mlicense_core`], answers requests and signs documents.
//!
//! A ledger is one SQLite file or, with feature `postgres`, a schema of a PostgreSQL database that
//! many programs share. It does I/O and never decides; every rule is in core.
//!
//! ```
//! use mlicense_core::history::{Command, Envelope};
//! use mlicense_ledger::Ledger;
//!
//! # let folder = tempfile::tempdir()?;
//! let ledger = Ledger::create(folder.path().join("vendor.mlicense"))?;
//! let json = br#"{"id": "first", "actor": {"role": "vendor", "id": "back-office"},
//!     "body": {"register_customer": {"customer": "c1", "zone": "Europe/Paris"}}}"#;
//! let receipt = ledger.execute(&Envelope::from_json(json)?, "2026-03-01T09:00:00Z".parse()?)?;
//! assert_eq!(receipt.events[0].kind, "registered");
//! assert!(Ledger::open(folder.path().join("missing.mlicense")).is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

mod answer;
mod backup;
mod checkpoint;
mod company;
mod error;
mod execute;
mod export;
mod import;
mod ledger;
mod outbox;
mod place;
mod query;
mod receipt;
mod seats;
mod shop;
mod snapshot;
mod store;
mod verify;

pub use answer::{RequestFrom, fresh_id};
pub use checkpoint::{Consistency, Inclusion, KeptCheckpoint};
pub use error::{Error, Result};
pub use export::{ExportOptions, Progress};
pub use ledger::Ledger;
pub use mlicense_core as core;
pub use outbox::Outgoing;
pub use place::Place;
pub use receipt::{Receipt, Written};
pub use seats::{SeatLedger, SiteSeats};
pub use shop::{ShopAnswer, ShopGateway, ShopLink, ShopLogin};
pub use verify::Verified;
