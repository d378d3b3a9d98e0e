//! `mlicense_signer`: the vendor's private key.

use std::{
    ffi::{c_char, c_void},
    sync::Arc,
};

use mlicense_core::{
    error::{ErrorKind, Refusal},
    signing::{PublicKey, Signer},
};

use crate::{
    callback::{Calls, Context},
    entropy,
    error::{Fault, Result, mlicense_error},
    handle::{self, Reply},
    memory,
    status::mlicense_status,
    text::Terminated,
};

/// The bytes of the seed that a private key is made of.
pub const MLICENSE_SEED_BYTES: usize = 32;

/// The bytes of a signature.
pub const MLICENSE_SIGNATURE_BYTES: usize = 64;

/// Signs the `length` bytes of `message` with a private key that is kept elsewhere.
///
/// It writes the MLICENSE_SIGNATURE_BYTES of an Ed25519 signature (RFC 8032) to `signature` and
/// returns true, or returns false when there is none.
///
/// `context` is what the caller gave with it; both buffers are the caller's only while the call
/// lasts. What was written is checked against the public key before it goes into a document.
///
/// Threads: it is called in the thread of whichever call signs, by several at once, and may use
/// neither the signer nor the ledger that wants the signature: such a call is refused with
/// SIGNER_FAILED or CALLED_BACK.
#[expect(non_camel_case_types, reason = "named for C")]
pub type mlicense_sign = Option<
    unsafe extern "C" fn(
        context: *mut c_void,
        message: *const u8,
        length: usize,
        signature: *mut u8,
    ) -> bool,
>;

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
    calls: Arc<Calls>,
}

impl mlicense_signer {
    fn of_seed(seed: [u8; MLICENSE_SEED_BYTES]) -> Self {
        Self::new(Signer::from_seed(seed), Arc::default())
    }

    fn new(signer: Signer, calls: Arc<Calls>) -> Self {
        let public_key = Terminated::new(signer.public_key().to_string());
        let key_id = Terminated::new(signer.key_id().to_string());
        Self { signer, public_key, key_id, calls }
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
        Ok(mlicense_signer::of_seed(*place))
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
        Ok(mlicense_signer::of_seed(seed))
    })
}

/// Makes a signer of a private key that is kept elsewhere, such as in a hardware module.
///
/// `public_key` is the key in base64url; `sign` is called with `context` for each signature, until
/// the signer is freed. On success `*signer` is a new signer, to be freed with
/// mlicense_signer_free().
///
/// Refused: NULL_ARGUMENT; NOT_UTF8; INPUT_TOO_LARGE; KEY_WEAK for a text that is no key. What is
/// signed by it later is refused with SIGNER_FAILED when `sign` returns false, or writes what is no
/// signature of the key.
///
/// Threads: any, at any time.
///
/// # Safety
///
/// `public_key` must be NULL or end with a NUL; `sign` must be NULL or may be called with `context`
/// in any thread; `signer` and `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_signer_from_callback(
    public_key: *const c_char,
    sign: mlicense_sign,
    context: *mut c_void,
    signer: *mut *mut mlicense_signer,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("signer", signer, error) };
    reply.give(|| {
        // SAFETY: the caller promises a text or NULL.
        let public_key = unsafe { memory::text(public_key, "public_key") }?;
        let public_key = PublicKey::from_base64url(public_key)?;
        let sign = sign.ok_or_else(|| Fault::null("sign"))?;
        let calls = Arc::new(Calls::default());
        let (context, guard) = (Context(context), Arc::clone(&calls));
        let signer = Signer::elsewhere(public_key, move |message| {
            if guard.are_inside() {
                return Err("the callback that signs asked for a signature".to_owned());
            }
            let _inside = guard.enter();
            let Context(context) = { context };
            let mut signature = [0; MLICENSE_SIGNATURE_BYTES];
            let room = signature.as_mut_ptr();
            // SAFETY: the caller promised that it may be called with the context; message and room
            // are there.
            let signed = unsafe { sign(context, message.as_ptr(), message.len(), room) };
            if signed { Ok(signature) } else { Err("the callback gave no signature".to_owned()) }
        });
        Ok(mlicense_signer::new(signer, calls))
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
    unsafe { handle::free(signer, |signer| signer.calls.are_inside()) };
}

fn check_length(length: usize) -> Result<()> {
    if length == MLICENSE_SEED_BYTES {
        return Ok(());
    }
    let refusal = Refusal::new(ErrorKind::FieldInvalid).with("field", "seed of bytes");
    Err(refusal.with("value", length).with("expected", MLICENSE_SEED_BYTES).into())
}
