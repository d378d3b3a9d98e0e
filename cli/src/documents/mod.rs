//! Keys, licences and codes without a ledger, and what describes the command itself.

mod claims;
mod codes;
mod completions;
mod inspect;
mod keygen;
mod license;

pub(crate) use codes::{Codes, make as make_codes};
pub(crate) use completions::{Completions, Man};
pub(crate) use keygen::Keygen;
pub(crate) use license::License;
