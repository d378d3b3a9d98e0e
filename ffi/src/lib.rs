//! libmlicense: the C interface over the customer's and the vendor's side of mlicense.
//!
//! It converts and never decides. `include/mlicense.h` is generated from this crate; what C
//! programmers read there stands here as documentation of types and functions.
//!
//! - A file for each class of C, in the order of the header: [`version`], [`instant`], [`status`],
//!   [`error`], [`text`]; for customers [`client`] with its [`options`], [`exchange`], [`feature`],
//!   [`switch`], [`seat`], [`upkeep`], [`request`], [`number`] and [`diagnosis`]; for both sides [`license`]
//!   and [`code`]; for vendors, with the feature `ledger`, `signer`, `key_ring`, `revocation_list`,
//!   `document`, `calculate`, `ledger`, `command`, `office`, `record` and `shop`; and `site`, the seats
//!   that programs share. [`callback`] has what the program does for the library.
//! - Pointers are followed in `handle`, `memory` and `options` only, and functions of the caller's
//!   called in `callback`, `diagnosis`, `shop` and `signer`; `panic` keeps panics out of C.
//!
//! Calls that can be refused return a [`status::mlicense_status`], set their out-parameters to NULL
//! first and write them when they succeed. Handles are made by calls and freed by `_free` or
//! `_close` of their class.
#![expect(clippy::doc_markdown, reason = "in a header, names of C stand without backticks")]

pub mod callback;

mod entropy;
mod handle;
mod memory;
mod panic;
mod remembered;

// The order of the header, which formatting keeps between blank lines.

pub mod version;

pub mod instant;

pub mod status;

pub mod error;

pub mod text;

pub mod client;
pub mod options;

pub mod exchange;

pub mod feature;

pub mod switch;

pub mod seat;

pub mod upkeep;

pub mod request;

pub mod number;

pub mod diagnosis;

pub mod license;

pub mod code;

#[cfg(feature = "ledger")]
pub mod signer;

#[cfg(feature = "ledger")]
pub mod key_ring;

#[cfg(feature = "ledger")]
pub mod revocation_list;

#[cfg(feature = "ledger")]
pub mod document;

#[cfg(feature = "ledger")]
pub mod calculate;

#[cfg(feature = "ledger")]
pub mod command;
#[cfg(feature = "ledger")]
pub mod ledger;

#[cfg(feature = "ledger")]
pub mod office;

#[cfg(feature = "ledger")]
pub mod record;

#[cfg(feature = "ledger")]
pub mod shop;

#[cfg(feature = "ledger")]
pub mod site;
