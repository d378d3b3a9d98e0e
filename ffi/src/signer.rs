//! `mlicense_signer`: the vendor's private key.

use std::ffi::c_char;

use mlicense_core::{
    error::{ErrorKind, Refusal},
    signing::Signer,
};

use crate::{
    entropy,
    error::{Fault, Result, mlicense_error},
    handle::{self, Reply},
    memory,
    status::mlicense_status,
    text::Terminated,
};

/// The bytes of the seed that a private key is made of.
pub const MLICENSE_SEED_BYTES: usize = 32;

/// A private key that signs for the vendor: an Ed25519 key (RFC 8032).
///
/// Free it with mlicense_signer_free(). The seed cannot be read back: keep it where it came from,
/// never in the program that customers get, nor anywhere else on their side.
///
/// Threads: a signer never changes; several threads may use it at once.
///
/// ```c
/// mlicense_signer *signer = NULL;
/// if (mlicense_signer_from_seed(seed, sizeof seed, &signer, NULL) == MLICENSE_STATUS_OK)
///     printf("compile this in: %s\n", mlicense_signer_public_key(signer));
/// mlicense_signer_free(signer);
/// ```
#[derive(Debug)]
#[expect(non_camel_case_types, reason = "named for C")]
pub struct mlicense_signer {
    pub(crate) signer: Signer,
    public_key: Terminated,
    key_id: Terminated,
}

impl mlicense_signer {
    fn new(seed: [u8; MLICENSE_SEED_BYTES]) -> Self {
        let signer = Signer::from_seed(seed);
        let public_key = Terminated::new(signer.public_key().to_string());
        let key_id = Terminated::new(signer.key_id().to_string());
        Self { signer, public_key, key_id }
    }
}

/// Makes a new key from the operating system's source of randomness.
///
/// Writes the seed to `seed`, which has room for `MLICENSE_SEED_BYTES`, and a new signer to
/// `*signer`; free that with mlicense_signer_free(). Whoever loses the seed loses the key: store it
/// before the public key is handed out. When refused, the seed is all zeros and the signer NULL.
///
/// Refused: NULL_ARGUMENT for `seed` or `signer`; INTERNAL when the system has no randomness to
/// give.
///
/// Threads: any, at any time.
///
/// # Safety
///
/// `seed` must be NULL or have room for `MLICENSE_SEED_BYTES`; `signer` and `error` must be NULL or
/// writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_signer_generate(
    seed: *mut u8,
    signer: *mut *mut mlicense_signer,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("signer", signer, error) };
    // SAFETY: the caller promises room for a seed.
    let place = unsafe { memory::room::<MLICENSE_SEED_BYTES>(seed) };
    reply.give(|| {
        let place = place.ok_or_else(|| Fault::null("seed"))?;
        *place = entropy::bytes()?;
        Ok(mlicense_signer::new(*place))
    })
}

/// Makes the key of a seed: the same seed makes the same key.
///
/// Reads `seed_length` bytes, which must be `MLICENSE_SEED_BYTES`, and writes a new signer to
/// `*signer`; free that with mlicense_signer_free(). The seed is copied.
///
/// Refused: NULL_ARGUMENT for `seed` or `signer`; FIELD_INVALID for another length.
///
/// Threads: any, at any time.
///
/// # Safety
///
/// `seed` must be NULL or point to `seed_length` bytes; `signer` and `error` must be NULL or
/// writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_signer_from_seed(
    seed: *const u8,
    seed_length: usize,
    signer: *mut *mut mlicense_signer,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("signer", signer, error) };
    reply.give(|| {
        check_length(seed_length)?;
        // SAFETY: the caller promises as many bytes as were just checked.
        let seed =
            unsafe { memory::bytes((seed.cast(), seed_length), "seed", MLICENSE_SEED_BYTES) };
        let seed = seed?.try_into().map_err(Fault::internal)?;
        Ok(mlicense_signer::new(seed))
    })
}

/// Returns the public key in 43 characters of base64url: what programs have compiled in, and what
/// key rings list. "" for NULL.
///
/// The text belongs to the signer and lives as long.
///
/// Threads: any, several at once.
///
/// # Safety
///
/// `signer` must be NULL or not yet freed.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_signer_public_key(
    signer: *const mlicense_signer,
) -> *const c_char {
    // SAFETY: the caller promises a signer or NULL.
    let signer = unsafe { handle::borrow(signer, "signer") };
    signer.map_or(c"".as_ptr(), |signer| signer.public_key.as_ptr())
}

/// Returns the name under which documents cite the key: its thumbprint (RFC 7638) in 43 characters
/// of base64url. "" for NULL.
///
/// The text belongs to the signer and lives as long.
///
/// Threads: any, several at once.
///
/// # Safety
///
/// `signer` must be NULL or not yet freed.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_signer_key_id(signer: *const mlicense_signer) -> *const c_char {
    // SAFETY: the caller promises a signer or NULL.
    let signer = unsafe { handle::borrow(signer, "signer") };
    signer.map_or(c"".as_ptr(), |signer| signer.key_id.as_ptr())
}

/// Frees a signer; NULL is nothing to free.
///
/// Threads: any; no other call may use it any more.
///
/// # Safety
///
/// `signer` must be NULL or not yet freed, and must not be used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_signer_free(signer: *mut mlicense_signer) {
    // SAFETY: the caller gives it up.
    unsafe { handle::free(signer) };
}

fn check_length(length: usize) -> Result<()> {
    if length == MLICENSE_SEED_BYTES {
        return Ok(());
    }
    let refusal = Refusal::new(ErrorKind::FieldInvalid).with("field", "seed of bytes");
    Err(refusal.with("value", length).with("expected", MLICENSE_SEED_BYTES).into())
}
