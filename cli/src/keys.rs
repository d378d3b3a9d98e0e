//! Keys of the command line: private ones in files only, public ones as text or in a file.

use std::{fs, path::Path};

use mlicense_core::{
    error::{ErrorKind, Refusal},
    signing::{PublicKey, Signer},
};

use crate::{
    fault::{Doing, Fault, Result},
    files,
};

/// The bytes of a seed.
pub(crate) const SEED_BYTES: usize = 32;

/// Reads a private key from the file of its seed.
pub(crate) fn signer(path: &Path) -> Result<Signer> {
    let bytes = fs::read(path).map_err(|error| files::fault(path, Doing::Reading, error))?;
    let seed: [u8; SEED_BYTES] = bytes.try_into().map_err(|bytes: Vec<u8>| {
        Fault::from(
            Refusal::new(ErrorKind::FieldInvalid)
                .with("field", "key")
                .with("value", format_args!("{} ({} bytes)", path.display(), bytes.len()))
                .with("expected", "a file of 32 bytes, as `mlicense keygen` makes it"),
        )
    })?;
    Ok(Signer::from_seed(seed))
}

/// Takes a public key: its text, or the path of a file that holds the text.
pub(crate) fn public(given: &str) -> Result<PublicKey> {
    if let Ok(key) = given.parse() {
        return Ok(key);
    }
    match fs::read_to_string(given) {
        Ok(text) => Ok(text.trim().parse()?),
        // A text that names no file is a key that was mistyped.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(given.parse::<PublicKey>().err().map_or_else(
                || ErrorKind::KeyWeak.into(),
                |refusal| {
                    let path = Path::new(given);
                    if given.len() == 43 {
                        refusal.into()
                    } else {
                        files::fault(path, Doing::Reading, error)
                    }
                },
            ))
        }
        Err(error) => Err(files::fault(Path::new(given), Doing::Reading, error)),
    }
}

pub(crate) fn publics(given: &[String]) -> Result<Vec<PublicKey>> {
    given.iter().map(|key| public(key)).collect()
}

/// Random bytes of the operating system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    fill(&mut bytes)?;
    Ok(bytes)
}

pub(crate) fn fill(bytes: &mut [u8]) -> Result<()> {
    getrandom::fill(bytes).map_err(|error| {
        Refusal::new(ErrorKind::Internal)
            .with("detail", format_args!("no random bytes: {error}"))
            .into()
    })
}
