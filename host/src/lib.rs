//! The customer's side: a program asks [`Client`] whether a feature may run, here and now.
//!
//! A client is opened with the product's id and the vendor's root keys, both compiled into the
//! program; nothing read from disk can take their place. It holds licences that it verified,
//! writes requests for the vendor and accepts the signed answers. How the bytes travel is up to
//! the program.
//!
//! ```
//! use mlicense_core::document::{License, LicenseClaims, Moment};
//! use mlicense_core::signing::Signer;
//! use mlicense_host::{Client, Options};
//!
//! // The vendor's side.
//! let vendor = Signer::from_seed([1; 32]);
//! let issued_at = "2026-03-01T09:30:00Z".parse()?;
//! let end = Moment::utc("2027-03-01".parse()?);
//! let claims = LicenseClaims::until("editor".parse()?, "Example Ltd", issued_at, end);
//! let license = License::issue(&claims, &vendor)?;
//!
//! // The customer's side.
//! let roots = [vendor.public_key()];
//! let mut client = Client::open("editor".parse()?, &roots, Options::stateless())?;
//! client.accept_at(license.as_bytes(), issued_at)?;
//! assert!(client.check_at("editor", issued_at).allowed());
//! assert!(!client.check_at("export", issued_at).allowed());
//! # Ok::<(), mlicense_host::Error>(())
//! ```
#![forbid(unsafe_code)]

mod accept;
mod client;
mod clock;
mod diagnosis;
mod entropy;
mod error;
pub mod facts;
mod feature;
mod held;
mod names;
mod number;
mod options;
mod place;
mod seat;
mod shared;
mod state;
mod store;
mod tick;
mod watch;

pub use accept::Accepted;
pub use client::{Client, RequestDetails};
pub use clock::{Clock, SystemClock, Uptime};
pub use diagnosis::{Diagnosis, Finding, Part, Probe, diagnose};
pub use entropy::{Entropy, SystemEntropy};
pub use error::{Error, Result, StorageFault};
pub use feature::Feature;
pub use options::{FAULT_GRACE_SECONDS_MAX, Options};
pub use seat::{Quota, Seat};
pub use state::{LICENSES_MAX, PENDING_MAX};
