//! The rules of mlicense, and nothing but rules: no clock, no I/O, no randomness, no globals.
//!
//! A vendor sells subscriptions and licences; a customer's program asks "may I run?". Both sides
//! are decided here, by the same code: `now`, entropy, keys and host facts are arguments, and the
//! same arguments give the same bytes everywhere.
//!
//! ```
//! use mlicense_core::document::{License, LicenseClaims, Moment};
//! use mlicense_core::signing::{Signer, Trust};
//!
//! let vendor = Signer::from_seed([1; 32]); // a real one comes from the system's entropy
//! let until = Moment::utc("2027-03-01".parse()?);
//! let issued_at = "2026-03-01T09:00:00Z".parse()?;
//! let claims = LicenseClaims::until("editor".parse()?, "Example Ltd", issued_at, until);
//! let document = License::issue(&claims, &vendor)?;
//!
//! let trust = Trust::new(&[vendor.public_key()], None)?;
//! assert_eq!(License::verify(document.as_bytes(), &trust)?.claims(), &claims);
//! let stranger = Trust::new(&[Signer::from_seed([2; 32]).public_key()], None)?;
//! assert!(License::verify(document.as_bytes(), &stranger).is_err());
//! # Ok::<(), mlicense_core::error::Refusal>(())
//! ```
//!
//! # A room for each concept
//!
//! | room | holds |
//! |---|---|
//! | [`time`] | civil days, zones, instants, terms and the periods laid from an anchor |
//! | [`policy`] | what is sold and by which rules |
//! | [`wallet`], [`overlap`], [`subscription`] | stock of licences; compensation; status, need, growth |
//! | [`code`] | licence keys and other typed codes |
//! | [`host_binding`] | host facts and the arithmetic of their match |
//! | [`decision`] | may it run, and why |
//! | [`seat`] | how many may use it at once, who does, and for how long without a sign of life |
//! | [`contact`] | when to speak with the vendor next |
//! | [`evidence`] | what time it is, and how far the clock is to be believed |
//! | [`signing`], [`document`] | keys and key rings; licence, request, answer |
//! | [`calculate`], [`money`] | the pure arithmetic by itself |
//! | `catalogue`, `batch`, `customer`, `hardware`, `person` | the vendor's aggregates (feature `zones`) |
//! | `history`, `access`, `view` | commands, events, decisions; who may; questions (feature `zones`) |
//! | [`error`], [`id`] | refusals in four languages; names that callers give |
//!
//! # Words
//!
//! - **licence**: in the wallet, the right to run one device of a type over one term; as a
//!   document, what a vendor signs for an installation.
//! - **customer**: who holds licences: an organisation, an account, a contractor.
//! - **system**: one installation of a product at a customer's, with its devices.
//! - **need**: how many licences of each type a period wants.
//! - **wallet**, **lot**: the stock of licences and its parts, each with its own expiry.
//! - **allocate**: take licences from the wallet into a period.
//! - **co-term day**: the day from which all periods of a customer are laid.
//! - **grace**: days of full use without licences; **trial**: the same before a subscription.
//! - **refusal**: a caller asked for what may not be; nothing was changed. **denied**: an answer.
//!
//! # Features
//!
//! `zones` (off): the vendor's rooms and IANA time zones. Licences carry UTC instants beside civil
//! days, so that the customer's side needs neither. `schema` (off): JSON Schemas. `aws-lc-rs` (off):
//! signatures and hashes by AWS-LC in the place of ring, with the same results.
#![forbid(unsafe_code)]

#[cfg(feature = "zones")]
pub mod access;
mod base64url;
#[cfg(feature = "zones")]
pub mod batch;
pub mod calculate;
#[cfg(feature = "zones")]
pub mod catalogue;
pub mod code;
pub mod contact;
#[cfg(feature = "zones")]
pub mod customer;
pub mod decision;
#[cfg(feature = "zones")]
pub mod device;
pub mod document;
pub mod error;
pub mod evidence;
#[cfg(feature = "zones")]
pub mod hardware;
#[cfg(feature = "zones")]
pub mod history;
pub mod host_binding;
pub mod id;
pub mod json;
pub mod money;
mod number;
pub mod overlap;
#[cfg(feature = "zones")]
pub mod partner;
#[cfg(feature = "zones")]
pub mod person;
pub mod policy;
#[cfg(feature = "zones")]
pub mod pseudonym;
pub mod seat;
#[cfg(feature = "zones")]
pub mod session;
pub mod signing;
pub mod subscription;
mod template;
pub mod time;
#[cfg(feature = "zones")]
mod unreadable;
#[cfg(feature = "zones")]
pub mod view;
pub mod wallet;
#[cfg(feature = "zones")]
pub mod webhook;
