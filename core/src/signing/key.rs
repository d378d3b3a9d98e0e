//! `PublicKey`, `KeyId` and `Signer`.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize};

use super::crypto::{self, KEY_BYTES, SIGNATURE_BYTES, SigningKey};
use crate::{
    base64url,
    error::{ErrorKind, Refusal, Result},
    json,
};

/// An Ed25519 public key (RFC 8032) that is neither malformed nor weak.
///
/// Text and JSON form: 43 characters of base64url without padding, as the member `x` of a JSON Web
/// Key (RFC 8037).
///
/// ```
/// use mlicense_core::{error::ErrorKind, signing::PublicKey};
/// let key: PublicKey = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo".parse()?;
/// assert_eq!(key.thumbprint().to_string(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
///
/// // Under the neutral point of the curve anyone can sign anything.
/// let neutral = "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".parse::<PublicKey>();
/// assert_eq!(neutral.unwrap_err().kind(), ErrorKind::KeyWeak);
/// # Ok::<(), mlicense_core::error::Refusal>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(into = "String")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String"))]
pub struct PublicKey([u8; KEY_BYTES]);

impl PublicKey {
    /// Takes the 32 bytes of a key.
    ///
    /// A key that is no point of the curve is taken, and no signature holds under it.
    ///
    /// # Errors
    /// [`ErrorKind::KeyWeak`] when not 32 bytes, not the canonical encoding of a point, or a point
    /// of small order, under which signatures can be made without a private key.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let weak = |detail: &str| Err(Refusal::new(ErrorKind::KeyWeak).with("detail", detail));
        let Ok(key) = <[u8; KEY_BYTES]>::try_from(bytes) else {
            return weak(&format!("of {} bytes instead of {KEY_BYTES}", bytes.len()));
        };
        let y = without_sign(key);
        if !below_prime(&y) {
            return weak("not in canonical form");
        }
        if SMALL_ORDER_Y.contains(&y) {
            return weak("of small order");
        }
        Ok(Self(key))
    }

    /// Takes a key in its text form.
    ///
    /// # Errors
    /// [`ErrorKind::KeyWeak`] when not base64url without padding, or as
    /// [`PublicKey::from_bytes`].
    pub fn from_base64url(text: &str) -> Result<Self> {
        match base64url::decode(text) {
            Some(bytes) => Self::from_bytes(&bytes),
            None => Err(Refusal::new(ErrorKind::KeyWeak).with("detail", "not base64url")),
        }
    }

    /// The 32 bytes of the key.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }

    /// The key's name: the SHA-256 thumbprint of its JSON Web Key (RFC 7638, RFC 8037 A.3).
    #[must_use]
    pub fn thumbprint(&self) -> KeyId {
        let jwk = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{self}"}}"#);
        KeyId(crypto::sha256(jwk.as_bytes()))
    }

    /// Checks a signature over the exact bytes of `message`.
    ///
    /// # Errors
    /// [`ErrorKind::SignatureInvalid`] when the signature is not 64 bytes long or does not hold.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<()> {
        let signature = <&[u8; SIGNATURE_BYTES]>::try_from(signature);
        if signature.is_ok_and(|signature| self.vouches(message, signature)) {
            return Ok(());
        }
        Err(Refusal::new(ErrorKind::SignatureInvalid).with("document", "message"))
    }

    #[must_use]
    pub(crate) fn vouches(&self, message: &[u8], signature: &[u8; SIGNATURE_BYTES]) -> bool {
        crypto::holds(&self.0, message, signature)
    }
}

/// The name of a key, and of the installation that holds the key.
///
/// Text and JSON form: 43 characters of base64url without padding, canonical.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(into = "String")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String"))]
pub struct KeyId([u8; 32]);

impl KeyId {
    /// The 32 bytes of the thumbprint.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl FromStr for KeyId {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self> {
        base64url::array(text).map(Self).ok_or_else(|| {
            let shown: String = text.chars().take(64).collect();
            Refusal::new(ErrorKind::FieldInvalid)
                .with("field", "key id")
                .with("value", shown)
                .with("expected", "a thumbprint of 43 base64url characters")
        })
    }
}

/// A private key that signs: the vendor's, or an installation's own.
///
/// Its public key is always derived from the seed. Neither the seed nor the private key can be read
/// back or printed: keep the seed where it came from.
pub struct Signer {
    key: Private,
    public_key: PublicKey,
    key_id: KeyId,
}

impl Signer {
    /// Makes the key of a seed: 32 bytes from the operating system's source of randomness.
    ///
    /// ```
    /// use mlicense_core::signing::Signer;
    /// let signer = Signer::from_seed([7; 32]);
    /// let signature = signer.sign(b"note")?;
    /// assert!(signer.public_key().verify(b"note", &signature).is_ok());
    /// assert!(signer.public_key().verify(b"Note", &signature).is_err());
    /// # Ok::<(), mlicense_core::error::Refusal>(())
    /// ```
    #[must_use]
    pub fn from_seed(seed: [u8; 32]) -> Self {
        let key = SigningKey::new(&seed);
        // Clamping makes the private scalar a non-zero multiple of the base point: never weak.
        let public_key = PublicKey(key.public_key());
        Self { key: Private::Seed(key), public_key, key_id: public_key.thumbprint() }
    }

    /// Makes a signer of a private key that is kept elsewhere, such as in a hardware module: `sign`
    /// is given the exact bytes and gives their signature, or says why there is none.
    ///
    /// What comes back is checked against the public key before it goes into a document.
    ///
    /// ```
    /// use mlicense_core::{error::ErrorKind, signing::Signer};
    /// let kept = Signer::from_seed([7; 32]);
    /// let public_key = kept.public_key();
    /// let signer = Signer::elsewhere(public_key, move |message| {
    ///     kept.sign(message).map_err(|refusal| refusal.to_string())
    /// });
    /// assert!(public_key.verify(b"note", &signer.sign(b"note")?).is_ok());
    ///
    /// let locked = Signer::elsewhere(public_key, |_| Err("the token is locked".to_owned()));
    /// assert_eq!(locked.sign(b"note").unwrap_err().kind(), ErrorKind::SignerFailed);
    /// # Ok::<(), mlicense_core::error::Refusal>(())
    /// ```
    #[must_use]
    pub fn elsewhere(
        public_key: PublicKey,
        sign: impl Fn(&[u8]) -> Result<[u8; SIGNATURE_BYTES], String> + Send + Sync + 'static,
    ) -> Self {
        let key = Private::Elsewhere(Box::new(sign));
        Self { key, public_key, key_id: public_key.thumbprint() }
    }

    /// The public key to hand out.
    #[must_use]
    pub const fn public_key(&self) -> PublicKey {
        self.public_key
    }

    /// The name under which documents cite the key.
    #[must_use]
    pub const fn key_id(&self) -> KeyId {
        self.key_id
    }

    /// Signs the exact bytes of `message`.
    ///
    /// Documents sign themselves, with their type inside what is signed; this is for other notes,
    /// which must not look like a document.
    ///
    /// # Errors
    /// [`ErrorKind::SignerFailed`] when a key that is kept elsewhere gives no signature, or one that
    /// is not its own.
    pub fn sign(&self, message: &[u8]) -> Result<[u8; SIGNATURE_BYTES]> {
        let sign = match &self.key {
            Private::Seed(key) => return Ok(key.sign(message)),
            Private::Elsewhere(sign) => sign,
        };
        let signature = sign(message).and_then(|signature| {
            let checked = self.public_key.verify(message, &signature);
            checked.map(|()| signature).map_err(|_| "the signature is not of this key".to_owned())
        });
        signature.map_err(|detail| {
            let refusal = Refusal::new(ErrorKind::SignerFailed);
            refusal.with("key", self.key_id).with("detail", detail)
        })
    }
}

/// Where a private key is.
enum Private {
    Seed(SigningKey),
    Elsewhere(Box<SignElsewhere>),
}

type SignElsewhere = dyn Fn(&[u8]) -> Result<[u8; SIGNATURE_BYTES], String> + Send + Sync;

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({})", self.key_id)
    }
}

macro_rules! base64url {
    ($($name:ident)+) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&base64url::encode(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                json::parse(from)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.to_string()
            }
        }
    )+};
}

base64url! { PublicKey KeyId }

impl FromStr for PublicKey {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self> {
        Self::from_base64url(text)
    }
}

/// The ordinates below the prime of all eight points whose order divides 8, lowest byte first; the
/// sign of the abscissa is left out.
const SMALL_ORDER_Y: [[u8; KEY_BYTES]; 5] = [
    // 0: two points of order 4.
    [0; KEY_BYTES],
    // 1: the neutral point.
    [
        1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0,
    ],
    // -1: the point of order 2.
    [
        0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0x7f,
    ],
    // Two points of order 8 each.
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98,
        0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53,
        0xfc, 0x05,
    ],
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67,
        0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac,
        0x03, 0x7a,
    ],
];

fn without_sign(mut key: [u8; KEY_BYTES]) -> [u8; KEY_BYTES] {
    if let Some(last) = key.last_mut() {
        *last &= 0x7f;
    }
    key
}

/// Whether an ordinate, lowest byte first, is below the prime 2^255 - 19.
fn below_prime(y: &[u8; KEY_BYTES]) -> bool {
    match y {
        [low, middle @ .., 0x7f] => *low < 0xed || middle.iter().any(|byte| *byte != 0xff),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use curve25519_dalek::{constants::EIGHT_TORSION, edwards::CompressedEdwardsY};
    use data_encoding::HEXLOWER;
    use proptest::prelude::*;

    use super::*;

    fn hex(text: &str) -> Vec<u8> {
        HEXLOWER.decode(text.as_bytes()).unwrap()
    }

    /// Both signs of every ordinate from the prime up to 2^255 - 1.
    fn non_canonical() -> impl Iterator<Item = [u8; 32]> {
        (0xed..=0xff).flat_map(|low| {
            [0x7f, 0xff].map(|high| {
                let mut key = [0xff; 32];
                (key[0], key[31]) = (low, high);
                key
            })
        })
    }

    /// Every encoding that another library decompresses to a point of small order.
    fn small_order() -> BTreeSet<[u8; 32]> {
        let canonical = EIGHT_TORSION.iter().map(|point| point.compress().0);
        let flipped = EIGHT_TORSION.iter().map(|point| {
            let mut key = point.compress().0;
            key[31] ^= 0x80;
            key
        });
        let small = |key: &[u8; 32]| {
            CompressedEdwardsY(*key).decompress().is_some_and(|point| point.is_small_order())
        };
        canonical.chain(flipped).chain(non_canonical()).filter(small).collect()
    }

    #[test]
    fn all_14_encodings_of_small_order_are_refused() {
        let weak = small_order();
        assert_eq!(weak.len(), 14);
        for key in weak {
            assert_eq!(PublicKey::from_bytes(&key).unwrap_err().kind(), ErrorKind::KeyWeak);
        }
    }

    #[test]
    fn all_38_ordinates_from_the_prime_upwards_are_refused() {
        assert_eq!(non_canonical().count(), 38);
        for key in non_canonical() {
            assert_eq!(PublicKey::from_bytes(&key).unwrap_err().kind(), ErrorKind::KeyWeak);
        }
    }

    #[test]
    fn the_greatest_ordinates_below_the_prime_are_taken() {
        let mut key = [0xff; 32];
        for (low, high) in [(0xeb, 0x7f), (0xeb, 0xff), (0x00, 0x7f)] {
            (key[0], key[31]) = (low, high);
            assert!(PublicKey::from_bytes(&key).is_ok(), "{low:x} {high:x}");
        }
    }

    #[test]
    fn one_signature_for_every_message_holds_under_a_weak_key_unless_the_key_is_refused() {
        let mut neutral = [0; 32];
        neutral[0] = 1;
        // R is the neutral point and S is 0, so that S·B = R + k·A whatever k is.
        let mut signature = [0; 64];
        signature[0] = 1;
        for message in ["a licence", "another licence"] {
            assert!(
                crypto::holds(&neutral, message.as_bytes(), &signature),
                "the library takes it"
            );
        }
        assert_eq!(PublicKey::from_bytes(&neutral).unwrap_err().kind(), ErrorKind::KeyWeak);
    }

    #[test]
    fn a_key_that_is_kept_elsewhere_signs_as_itself_or_not_at_all() {
        let kept = || Signer::from_seed([7; 32]);
        let elsewhere = |seed: u8| {
            let key = Signer::from_seed([seed; 32]);
            Signer::elsewhere(kept().public_key(), move |message| Ok(key.sign(message).unwrap()))
        };
        assert_eq!(elsewhere(7).sign(b"note").unwrap(), kept().sign(b"note").unwrap());
        assert_eq!(elsewhere(7).key_id(), kept().key_id());

        let of_another_key = elsewhere(8).sign(b"note").unwrap_err();
        assert_eq!(of_another_key.kind(), ErrorKind::SignerFailed);
        let locked = Signer::elsewhere(kept().public_key(), |_| Err("no token".to_owned()));
        let refusal = locked.sign(b"note").unwrap_err();
        assert_eq!(refusal.kind(), ErrorKind::SignerFailed);
        assert!(refusal.to_string().ends_with("did not sign: no token"), "{refusal}");
    }

    #[test]
    fn keys_of_other_lengths_are_refused() {
        for length in [0, 31, 33, 64] {
            assert!(PublicKey::from_bytes(&vec![9; length]).is_err(), "{length}");
        }
    }

    #[test]
    fn padded_and_non_canonical_base64url_is_refused() {
        let good = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
        assert!(PublicKey::from_base64url(good).is_ok());
        for text in [
            format!("{good}="),
            good.replace('_', "/"),
            // The last character carries two bits of padding, which must be 0.
            good.replace("Ro", "Rp"),
            format!("{good} "),
        ] {
            assert!(PublicKey::from_base64url(&text).is_err(), "{text}");
            assert!(text.parse::<KeyId>().is_err(), "{text}");
        }
    }

    #[test]
    fn signatures_of_rfc_8032_are_reproduced() {
        for (seed, key, message, signature) in [
            (
                "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
                "",
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bac\
                 c61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
            ),
            (
                "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
                "72",
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e\
                 458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
            ),
            (
                "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
                "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
                "af82",
                "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290\
                 ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
            ),
            // The long one of section 7.1 is the last line of vectors/sign_input.txt.
            (
                "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
                "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
                "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a8\
                 36ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
                "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ec\
                 fdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
            ),
        ] {
            let signer = Signer::from_seed(hex(seed).try_into().unwrap());
            assert_eq!(signer.public_key().as_bytes()[..], hex(key));
            assert_eq!(signer.sign(&hex(message)).unwrap()[..], hex(signature));
            assert!(signer.public_key().verify(&hex(message), &hex(signature)).is_ok());
        }
    }

    #[test]
    fn a_signature_of_63_or_65_bytes_or_of_zeros_does_not_hold() {
        let signer = Signer::from_seed([1; 32]);
        let mut signature = signer.sign(b"note").unwrap().to_vec();
        assert!(signer.public_key().verify(b"note", &signature[..63]).is_err());
        signature.push(0);
        assert!(signer.public_key().verify(b"note", &signature).is_err());
        let refusal = signer.public_key().verify(b"note", &[0; 64]).unwrap_err();
        assert_eq!(refusal.kind(), ErrorKind::SignatureInvalid);
    }

    #[test]
    fn a_signer_prints_its_key_id_only() {
        let signer = Signer::from_seed([7; 32]);
        assert_eq!(format!("{signer:?}"), format!("Signer({})", signer.key_id()));
    }

    proptest! {
        #[test]
        fn keys_of_seeds_are_never_weak_and_survive_their_text(seed: [u8; 32]) {
            let signer = Signer::from_seed(seed);
            let key = PublicKey::from_bytes(signer.public_key().as_bytes()).unwrap();
            prop_assert_eq!(key.to_string().parse::<PublicKey>().unwrap(), key);
            prop_assert_eq!(signer.key_id().to_string().parse::<KeyId>().unwrap(), signer.key_id());
        }
    }
}
