//! Randomness of the operating system.

use crate::error::{Fault, Result};

/// Fresh random bytes.
#[cfg(feature = "ledger")]
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    fill(&mut bytes)?;
    Ok(bytes)
}

/// Fills a buffer with fresh random bytes.
pub(crate) fn fill(bytes: &mut [u8]) -> Result<()> {
    getrandom::fill(bytes).map_err(Fault::internal)
}
