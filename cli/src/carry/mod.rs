//! Bringing licences in from elsewhere, and taking them out again.

mod claims;
mod csv;
mod export;
mod import;
mod keygen;
mod plan;

pub(crate) use export::Export;
pub(crate) use import::Import;
