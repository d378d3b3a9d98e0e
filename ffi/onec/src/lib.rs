//! A component for 1C:Enterprise, by its Native API: `AddIn.MLicense.Client` is the customer's side
//! of mlicense for a configuration, `AddIn.MLicense.Ledger` the vendor's.
//!
//! `docs/onec.md` lists every member. Both classes convert and decide nothing; every rule is in
//! `mlicense-core`.

mod abi;
mod client;
mod component;
#[cfg(test)]
mod documented;
mod fault;
mod ledger;
#[cfg(feature = "planted")]
mod planted;
mod told;
mod value;

pub use abi::{
    DestroyObject, GetAttachType, GetClassNames, GetClassObject, SetPlatformCapabilities,
};
