//! What the example programs share: reading their input and printing sentences.

pub mod fleet;

use std::{error::Error, fs, path::Path};

use mlicense_core::signing::{KeyId, Signer};
use serde::de::DeserializeOwned;

/// The result of an example program.
pub type Done<T = ()> = Result<T, Box<dyn Error>>;

/// Reads a JSON file.
///
/// # Errors
/// When it cannot be read or is not what is wanted.
pub fn input<T: DeserializeOwned>(path: &Path) -> Done<T> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()).into())
}

/// Makes a signing key of the operating system's random bytes and keeps its seed in a file that
/// only its owner may read.
///
/// # Errors
/// When the file cannot be written.
pub fn make_key(path: &Path) -> Done<Signer> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed)?;
    fs::write(path, seed)?;
    #[cfg(unix)]
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    Ok(Signer::from_seed(seed))
}

/// Reads a signing key back.
///
/// # Errors
/// When the file is not a seed of 32 bytes.
pub fn read_key(path: &Path) -> Done<Signer> {
    let seed: [u8; 32] = fs::read(path)?.try_into().map_err(|_| "not a seed of 32 bytes")?;
    Ok(Signer::from_seed(seed))
}

/// The first characters of a key's name, for sentences.
#[must_use]
pub fn short(key: KeyId) -> String {
    key.to_string().chars().take(8).chain(['…']).collect()
}
