//! `KeyRing`: the keys that sign for the vendor, signed by a root key.

use std::collections::{BTreeMap, BTreeSet};

use serde::{
    Deserialize, Serialize,
    de::{IntoDeserializer, value},
};

use super::{KeyId, PublicKey, Signer};
use crate::{
    document::{
        DocumentType, Unverified,
        payload::{self, Payload, contradiction},
    },
    error::{ErrorKind, Refusal, Result},
    time::{Instant, unix},
};

/// The most keys of a ring, retired and revoked ones included.
pub const RING_KEYS_MAX: usize = 100;

/// What a key of a ring may sign; a key without a role signs everything but checkpoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum KeyRole {
    /// Answers, and the revocation lists and time tokens that travel with them, such as the key of
    /// a server on the network.
    Answers,
    /// Checkpoints of the vendor's history only.
    Checkpoints,
    /// Licences only.
    Licenses,
}

/// A key of a ring and when it signs.
///
/// A retired key, one with `valid_until`, still vouches for what it signed in time. A revoked key
/// vouches for nothing any more, because whoever stole it can write any date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RingKey {
    /// The public key.
    pub key: PublicKey,
    /// What it may sign; everything but key rings and checkpoints when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<KeyRole>,
    /// The first instant at which it signs.
    pub valid_from: Instant,
    /// The first instant at which it signs no more; it does not end when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Instant>,
    /// Since when it is revoked; nothing it signed is taken, whatever the date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Instant>,
}

impl RingKey {
    /// A key without a role, from `valid_from` on.
    #[must_use]
    pub const fn new(key: PublicKey, valid_from: Instant) -> Self {
        Self { key, role: None, valid_from, valid_until: None, revoked_at: None }
    }

    /// Whether the key's role covers documents of this type.
    #[must_use]
    pub const fn signs(&self, document_type: DocumentType) -> bool {
        match document_type {
            DocumentType::Answer | DocumentType::Revocations | DocumentType::Time => {
                matches!(self.role, None | Some(KeyRole::Answers))
            }
            DocumentType::License => matches!(self.role, None | Some(KeyRole::Licenses)),
            DocumentType::KeyRing | DocumentType::Request => false,
        }
    }

    /// Whether the key signs checkpoints of the vendor's history.
    ///
    /// It needs the role: whoever holds a key for licences or answers cannot vouch for the history
    /// as well.
    #[must_use]
    pub const fn signs_checkpoints(&self) -> bool {
        matches!(self.role, Some(KeyRole::Checkpoints))
    }

    /// Whether the key signed at `instant`: in its time, and never revoked since.
    #[must_use]
    pub fn signed_at(&self, instant: Instant) -> bool {
        self.revoked_at.is_none()
            && self.valid_from <= instant
            && self.valid_until.is_none_or(|until| instant < until)
    }
}

/// What a vendor says in a key ring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct KeyRingClaims {
    /// Rises with every ring; a ring with a lower number never replaces one with a higher.
    pub number: u64,
    /// When the ring is signed.
    pub issued_at: Instant,
    /// 1 to [`RING_KEYS_MAX`] keys, none twice.
    pub keys: Vec<RingKey>,
}

impl KeyRingClaims {
    /// A ring of keys.
    #[must_use]
    pub const fn new(number: u64, issued_at: Instant, keys: Vec<RingKey>) -> Self {
        Self { number, issued_at, keys }
    }
}

/// A key ring whose signature was verified.
///
/// ```
/// use mlicense_core::error::ErrorKind;
/// use mlicense_core::signing::{KeyRing, KeyRingClaims, RingKey, Signer};
/// let (root, daily) = (Signer::from_seed([1; 32]), Signer::from_seed([2; 32]));
/// let now = "2026-03-01T00:00:00Z".parse()?;
/// let keys = vec![RingKey::new(daily.public_key(), now)];
/// let document = KeyRing::issue(&KeyRingClaims::new(1, now, keys), &root)?;
///
/// let ring = KeyRing::verify(document.as_bytes(), &[root.public_key()])?;
/// assert!(ring.key(daily.key_id()).is_some());
///
/// let forged = KeyRing::verify(document.as_bytes(), &[daily.public_key()]);
/// assert_eq!(forged.unwrap_err().kind(), ErrorKind::KeyNotTrusted);
/// # Ok::<(), mlicense_core::error::Refusal>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRing {
    number: u64,
    issued_at: Instant,
    keys: BTreeMap<KeyId, RingKey>,
    root: KeyId,
}

impl KeyRing {
    /// Signs a ring with a root key.
    ///
    /// # Errors
    /// [`ErrorKind::ClaimsContradictory`] without keys, with more than [`RING_KEYS_MAX`], with one
    /// twice, or with one whose time ends before it starts.
    pub fn issue(claims: &KeyRingClaims, root: &Signer) -> Result<String> {
        payload::issue(&RingPayload::from(claims), root)
    }

    /// Reads a ring that one of `roots` must have signed.
    ///
    /// A key of a role that this version does not know is left out: it signs nothing known here.
    ///
    /// # Errors
    /// [`ErrorKind::KeyNotTrusted`] when signed by another key, [`ErrorKind::KeyWeak`] when it holds
    /// a weak key, and as [`License::verify`](crate::document::License::verify).
    pub fn verify(bytes: &[u8], roots: &[PublicKey]) -> Result<Self> {
        let document = Unverified::parse(DocumentType::KeyRing, bytes)?;
        let kid = document.kid();
        let root = roots.iter().find(|root| root.thumbprint() == kid);
        let root = root.ok_or_else(|| untrusted(kid))?;
        let payload: RingPayload = payload::verified(&document, root)?;
        let mut keys = BTreeMap::new();
        for jwk in &payload.keys {
            keys.extend(jwk.ring_key()?.map(|key| (jwk.kid, key)));
        }
        Ok(Self { number: payload.number, issued_at: payload.issued_at, keys, root: kid })
    }

    /// Rises with every ring.
    #[must_use]
    pub const fn number(&self) -> u64 {
        self.number
    }

    /// When the ring was signed.
    #[must_use]
    pub const fn issued_at(&self) -> Instant {
        self.issued_at
    }

    /// The root key that signed the ring.
    #[must_use]
    pub const fn root(&self) -> KeyId {
        self.root
    }

    /// The key of this name.
    #[must_use]
    pub fn key(&self, kid: KeyId) -> Option<&RingKey> {
        self.keys.get(&kid)
    }

    /// All keys, ordered by their names.
    pub fn keys(&self) -> impl Iterator<Item = &RingKey> {
        self.keys.values()
    }
}

pub(super) fn untrusted(kid: KeyId) -> Refusal {
    Refusal::new(ErrorKind::KeyNotTrusted).with("key", kid)
}

/// The ring as it travels: a JSON Web Key Set (RFC 7517) with the times of its keys.
#[derive(Serialize, Deserialize)]
#[serde(expecting = "a key ring")]
struct RingPayload {
    number: u64,
    #[serde(rename = "iat", with = "unix")]
    issued_at: Instant,
    keys: Vec<RingJwk>,
}

#[derive(Serialize, Deserialize)]
#[serde(expecting = "a key")]
struct RingJwk {
    kty: String,
    crv: String,
    x: String,
    kid: KeyId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    role: Option<RoleName>,
    valid_from: Seconds,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    valid_until: Option<Seconds>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    revoked_at: Option<Seconds>,
}

/// A role as it travels: newer rings may have roles that this version does not know.
#[derive(Serialize, Deserialize)]
#[serde(untagged, from = "String")]
enum RoleName {
    Known(KeyRole),
    Unknown(String),
}

impl From<String> for RoleName {
    fn from(name: String) -> Self {
        let role: Result<_, value::Error> = KeyRole::deserialize(name.as_str().into_deserializer());
        role.map_or(Self::Unknown(name), Self::Known)
    }
}

#[derive(Clone, Copy, Serialize, Deserialize)]
struct Seconds(#[serde(with = "unix")] Instant);

impl From<&KeyRingClaims> for RingPayload {
    fn from(claims: &KeyRingClaims) -> Self {
        let keys = claims.keys.iter().map(RingJwk::from).collect();
        Self { number: claims.number, issued_at: claims.issued_at, keys }
    }
}

impl From<&RingKey> for RingJwk {
    fn from(key: &RingKey) -> Self {
        Self {
            kty: "OKP".into(),
            crv: "Ed25519".into(),
            x: key.key.to_string(),
            kid: key.key.thumbprint(),
            role: key.role.map(RoleName::Known),
            valid_from: Seconds(key.valid_from),
            valid_until: key.valid_until.map(Seconds),
            revoked_at: key.revoked_at.map(Seconds),
        }
    }
}

impl RingJwk {
    /// The key, unless its role is unknown.
    fn ring_key(&self) -> Result<Option<RingKey>> {
        if (&*self.kty, &*self.crv) != ("OKP", "Ed25519") {
            return Err(Refusal::new(ErrorKind::KeyWeak).with("detail", "not an Ed25519 key"));
        }
        let key = PublicKey::from_base64url(&self.x)?;
        if key.thumbprint() != self.kid {
            let detail = format!("key {} is named {}", key.thumbprint(), self.kid);
            return Err(contradiction(DocumentType::KeyRing, detail));
        }
        if self.valid_until.is_some_and(|until| until.0 <= self.valid_from.0) {
            let detail = format!("the time of key {} ends before it starts", self.kid);
            return Err(contradiction(DocumentType::KeyRing, detail));
        }
        let role = match self.role {
            None => None,
            Some(RoleName::Known(role)) => Some(role),
            Some(RoleName::Unknown(_)) => return Ok(None),
        };
        Ok(Some(RingKey {
            key,
            role,
            valid_from: self.valid_from.0,
            valid_until: self.valid_until.map(|seconds| seconds.0),
            revoked_at: self.revoked_at.map(|seconds| seconds.0),
        }))
    }
}

impl Payload for RingPayload {
    const TYPE: DocumentType = DocumentType::KeyRing;
    const MEMBERS: &'static [&'static str] = &["number", "iat", "keys"];

    fn issued_at(&self) -> Instant {
        self.issued_at
    }

    fn check(&self) -> Result<()> {
        let wrong = |detail| Err(contradiction(DocumentType::KeyRing, detail));
        if !(1..=RING_KEYS_MAX).contains(&self.keys.len()) {
            return wrong(format!("{} keys, not 1 to {RING_KEYS_MAX}", self.keys.len()));
        }
        let mut names = BTreeSet::new();
        for key in &self.keys {
            key.ring_key()?;
            if !names.insert(key.kid) {
                return wrong(format!("key {} appears twice", key.kid));
            }
        }
        Ok(())
    }
}
