//! The private module `mlicense._native`: conversions between Python and the Rust crates.
//!
//! Nothing is decided here. What a class or a function means is said where Python's readers look,
//! in its docstring, and again in `_native.pyi`; a test holds the two together.
#![forbid(unsafe_code)]
#![expect(clippy::doc_markdown, reason = "they are docstrings of Python, not Markdown")]

mod calculate;
mod checkpoint;
mod client;
mod clock;
mod code;
mod command;
mod decision;
mod diagnosis;
mod document;
mod error;
mod feature;
mod history;
mod json;
mod ledger;
mod license;
mod options;
mod place;
mod revocations;
mod seat;
mod shape;
mod shop;
mod signing;
mod switch;
mod time;
mod time_token;

/// Conversions over the Rust crates; import `mlicense` instead.
#[pyo3::pymodule]
mod _native {
    #[pymodule_export]
    use crate::{
        calculate::calculate,
        checkpoint::{Checkpoint, TreeHead},
        client::{Accepted, Client},
        clock::Clock,
        code::Code,
        command::command,
        decision::{Decision, Reason},
        diagnosis::diagnose,
        document::{Answer, Request},
        error::{language, refused},
        feature::Feature,
        history::{Actor, Receipt, Written},
        ledger::{Ledger, Preview},
        license::{License, LicenseClaims},
        revocations::RevocationList,
        seat::{Seat, SeatLedger, Site},
        signing::{KeyRing, PublicKey, Signer},
        switch::switched,
        time_token::TimeToken,
    };

    /// The version of the crates, as Cargo writes it.
    #[pymodule_export]
    #[expect(non_upper_case_globals, reason = "the name is Python's")]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
