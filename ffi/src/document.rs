//! What signed documents say, and whether signatures and proofs hold.
//!
//! This is for tools that show and check, a vendor's or an auditor's, while programs ask a client.

use std::ffi::c_char;

use mlicense_core::{
    document::{
        Answer, Checkpoint, DOCUMENT_BYTES_MAX, DocumentType, License, Request, RevocationList,
        TimeToken,
    },
    error::{ErrorKind, Refusal},
    json,
    signing::{
        KeyRing, KeyRingClaims, PublicKey, Trust,
        merkle::{MerkleHash, TreeHead},
    },
};
use serde::Deserialize;

use crate::{
    error::{Result, mlicense_error},
    handle::{Reply, Report},
    license::{KEYS_MAX, public_keys},
    memory,
    status::mlicense_status,
    text::mlicense_text,
};

/// The longest signed note.
pub(crate) const NOTE_BYTES_MAX: usize = 128 * 1024;
/// The longest message whose signature is verified.
const MESSAGE_BYTES_MAX: usize = 1024 * 1024;

/// Reads a document of any type, and decides nothing on it.
///
/// `type` is the `typ` of its header, such as "mlicense-answer+jwt"; a document of another type is
/// refused. `document` is at most 64 KiB; `roots` are `roots_count` root keys in base64url, at most
/// 64, and none for a request, which its own key signs. `key_ring` is a key ring as a document, or
/// NULL for none. On success `*claims` is a new text, to be freed with mlicense_text_free(): JSON
/// with the members that the document has.
///
/// Refused: NULL_ARGUMENT; FIELD_INVALID for an unknown type and for too many keys; KEY_WEAK; what
/// the key ring is refused for; for the document INPUT_TOO_LARGE, DOCUMENT_MALFORMED,
/// DOCUMENT_WRONG_TYPE, KEY_NOT_TRUSTED, SIGNATURE_INVALID, JSON_INVALID, MEMBER_UNKNOWN,
/// FIELD_INVALID, CLAIMS_CONTRADICTORY, KEY_NOT_VALID, in this order; for an answer also
/// OTHER_PRODUCT, OTHER_INSTALLATION and OTHER_REQUEST.
///
/// Threads: any, at any time.
///
/// # Safety
///
/// `type` and `key_ring` must be NULL or end with a NUL; `document` must be NULL or point to
/// `document_length` bytes; `roots` must be NULL or point to `roots_count` pointers, each NULL or
/// ending with a NUL; `claims` and `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_document_inspect(
    r#type: *const c_char,
    document: *const c_char,
    document_length: usize,
    roots: *const *const c_char,
    roots_count: usize,
    key_ring: *const c_char,
    claims: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("claims", claims, error) };
    reply.give(|| {
        // SAFETY: the caller promises a text or NULL.
        let document_type = document_type(unsafe { memory::text(r#type, "type") }?)?;
        // SAFETY: the caller promises as many keys and a text or NULL.
        let trust = unsafe { trust((roots, roots_count), key_ring) }?;
        let document = (document, document_length);
        // SAFETY: the caller promises as many bytes.
        let bytes = unsafe { memory::bytes(document, "document", DOCUMENT_BYTES_MAX) }?;
        inspect(document_type, bytes, &trust)
    })
}

/// Reads a checkpoint, as a signed note, of the history called `origin`.
///
/// `note` is at most 128 KiB; `roots` and `key_ring` are as for mlicense_document_inspect(). On
/// success `*head` is a new text, to be freed with mlicense_text_free(): JSON such as
/// `{"size": 13, "root": "317h..."}`, how many events the history has and the root of the tree over
/// them in base64.
///
/// Refused: NULL_ARGUMENT; FIELD_INVALID for too many keys and for what is no origin; KEY_WEAK; what
/// the key ring is refused for; INPUT_TOO_LARGE, DOCUMENT_MALFORMED, KEY_NOT_TRUSTED,
/// SIGNATURE_INVALID, OTHER_ORIGIN.
///
/// Threads: any, at any time.
///
/// # Safety
///
/// `note` must be NULL or point to `note_length` bytes; `origin` and `key_ring` must be NULL or end
/// with a NUL; `roots` must be NULL or point to `roots_count` pointers, each NULL or ending with a
/// NUL; `head` and `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_checkpoint_inspect(
    note: *const c_char,
    note_length: usize,
    origin: *const c_char,
    roots: *const *const c_char,
    roots_count: usize,
    key_ring: *const c_char,
    head: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("head", head, error) };
    reply.give(|| {
        // SAFETY: the caller promises as many bytes.
        let note = unsafe { memory::bytes((note, note_length), "note", NOTE_BYTES_MAX) }?;
        // SAFETY: the caller promises a text or NULL.
        let origin = unsafe { memory::text(origin, "origin") }?;
        // SAFETY: the caller promises as many keys and a text or NULL.
        let trust = unsafe { trust((roots, roots_count), key_ring) }?;
        mlicense_text::json(&Checkpoint::verify(note, origin, &trust)?.head())
    })
}

/// Checks a proof about a history: that it has an event, or that it continues an older one.
///
/// `proof` is JSON of at most 64 KiB, hashes in base64: `{"inclusion": {"head": {"size": 13, "root":
/// "317h..."}, "leaf": "P6oU...", "index": 4, "proof": ["lqKW..."]}}`, with the index counted from
/// 0, or `{"consistency": {"older": {"size": 5, "root": "O2zM..."}, "newer": {"size": 13, "root":
/// "317h..."}, "proof": ["lqKW..."]}}`. The heads are what mlicense_checkpoint_inspect() gives.
///
/// Refused: NULL_ARGUMENT; INPUT_TOO_LARGE; NOT_UTF8; JSON_INVALID; PROOF_INVALID when it does not
/// hold.
///
/// Threads: any, at any time.
///
/// # Safety
///
/// `proof` must be NULL or point to `proof_length` bytes; `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_proof_verify(
    proof: *const c_char,
    proof_length: usize,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that it is NULL or writable.
    let report = unsafe { Report::new(error) };
    report.run(|| {
        // SAFETY: the caller promises as many bytes.
        let bytes = unsafe { memory::bytes((proof, proof_length), "proof", DOCUMENT_BYTES_MAX) }?;
        match json::read("the proof", bytes, DOCUMENT_BYTES_MAX)? {
            Proof::Inclusion { head, leaf, index, proof } => {
                head.verify_inclusion(leaf, index, &proof)?;
            }
            Proof::Consistency { older, newer, proof } => {
                older.verify_consistency(&newer, &proof)?;
            }
        }
        Ok(())
    })
}

/// Verifies an Ed25519 signature (RFC 8032) over any bytes, such as a receipt of the program's own.
///
/// `public_key` is in base64url, as mlicense_signer_public_key() gives it; `message` is at most
/// 1 MiB. Documents are not verified by this: mlicense_document_inspect() looks at more.
///
/// Refused: NULL_ARGUMENT; KEY_WEAK for a text that is no key; INPUT_TOO_LARGE; SIGNATURE_INVALID
/// when the signature is not 64 bytes long or does not hold.
///
/// Threads: any, at any time.
///
/// # Safety
///
/// `public_key` must be NULL or end with a NUL; `message` must be NULL or point to
/// `message_length` bytes and `signature` to `signature_length`; `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_signature_verify(
    public_key: *const c_char,
    message: *const u8,
    message_length: usize,
    signature: *const u8,
    signature_length: usize,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that it is NULL or writable.
    let report = unsafe { Report::new(error) };
    report.run(|| {
        // SAFETY: the caller promises a text or NULL.
        let key = unsafe { memory::text(public_key, "public_key") }?;
        let message = (message.cast(), message_length);
        // SAFETY: the caller promises as many bytes.
        let message = unsafe { memory::bytes(message, "message", MESSAGE_BYTES_MAX) }?;
        let signature = (signature.cast(), signature_length);
        // SAFETY: the caller promises as many bytes.
        let signature = unsafe { memory::bytes(signature, "signature", DOCUMENT_BYTES_MAX) }?;
        PublicKey::from_base64url(key)?.verify(message, signature)?;
        Ok(())
    })
}

/// A proof as it is given.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Proof {
    Inclusion { head: TreeHead, leaf: MerkleHash, index: u64, proof: Vec<MerkleHash> },
    Consistency { older: TreeHead, newer: TreeHead, proof: Vec<MerkleHash> },
}

/// Reads root keys and a key ring, which may be left out.
///
/// # Safety
/// As [`memory::texts`] and [`memory::optional_text`].
pub(crate) unsafe fn trust(
    roots: (*const *const c_char, usize),
    key_ring: *const c_char,
) -> Result<Trust> {
    // SAFETY: as promised.
    let roots = public_keys(unsafe { memory::texts(roots, "roots", KEYS_MAX) }?)?;
    // SAFETY: as promised.
    let ring = unsafe { memory::optional_text(key_ring, "key_ring") }?;
    let ring = ring.map(|ring| KeyRing::verify(ring.as_bytes(), &roots)).transpose()?;
    Ok(Trust::new(&roots, ring)?)
}

fn document_type(typ: &str) -> Result<DocumentType> {
    let found = DocumentType::ALL.into_iter().find(|one| one.typ() == typ);
    Ok(found.ok_or_else(|| unknown_type(typ))?)
}

fn unknown_type(typ: &str) -> Refusal {
    Refusal::new(ErrorKind::FieldInvalid)
        .with("field", "type")
        .with("value", typ)
        .with("expected", "the `typ` of a document")
}

fn inspect(document_type: DocumentType, bytes: &[u8], trust: &Trust) -> Result<mlicense_text> {
    match document_type {
        DocumentType::Answer => mlicense_text::json(Answer::verify(bytes, trust)?.claims()),
        DocumentType::KeyRing => {
            let roots: Vec<_> = trust.roots().copied().collect();
            let ring = KeyRing::verify(bytes, &roots)?;
            let keys = ring.keys().cloned().collect();
            mlicense_text::json(&KeyRingClaims::new(ring.number(), ring.issued_at(), keys))
        }
        DocumentType::License => mlicense_text::json(License::verify(bytes, trust)?.claims()),
        DocumentType::Request => mlicense_text::json(Request::verify(bytes)?.fields()),
        DocumentType::Revocations => {
            mlicense_text::json(RevocationList::verify(bytes, trust)?.claims())
        }
        DocumentType::Time => mlicense_text::json(TimeToken::verify(bytes, trust)?.claims()),
        other => Err(unknown_type(other.typ()).into()),
    }
}
