//! Keys and whom to trust: Ed25519 keys, the vendor's key ring, and the roots a program brings.
//!
//! A public key is refused when it comes in if it is weak, because the verification itself does not
//! refuse it. The algorithm is a property of the key and never read from a document.

mod crypto;
mod key;
mod key_ring;
pub mod merkle;
mod trust;

pub use crypto::{hmac_sha256, sha256};
pub use key::{KeyId, PublicKey, Signer};
pub use key_ring::{KeyRing, KeyRingClaims, KeyRole, RING_KEYS_MAX, RingKey};
pub use trust::Trust;
