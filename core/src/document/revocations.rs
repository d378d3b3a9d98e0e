//! `RevocationList`: which licences, keys and installations the vendor has revoked.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{
    json,
    jws::{DOCUMENT_BYTES_MAX, DocumentType},
    license::{License, SERIAL_BYTES_MAX},
    payload::{self, Payload, check_text, contradiction},
};
use crate::{
    error::Result,
    signing::{KeyId, Signer, Trust},
    time::{Instant, unix},
};

/// The most licences, the most keys and the most installations of one list.
///
/// A list of long serials reaches the limit of a document earlier.
pub const REVOCATIONS_MAX: usize = 1000;
/// The longest reason, in bytes.
const REASON_BYTES_MAX: usize = 64;

/// Since when something is revoked, and why.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(expecting = "a revocation")]
#[non_exhaustive]
pub struct Revocation {
    /// Since when, to be told: what a list names is revoked whatever the clock says. In JSON
    /// seconds of UTC.
    #[serde(with = "unix")]
    #[cfg_attr(feature = "schema", schemars(with = "i64"))]
    pub at: Instant,
    /// Why, in the vendor's words: 1 to 64 bytes.
    pub reason: String,
}

impl Revocation {
    /// Makes an entry; the list that carries it checks the reason and the instant.
    #[must_use]
    pub fn new(at: Instant, reason: &str) -> Self {
        Self { at, reason: reason.into() }
    }
}

/// What a revocation list says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(expecting = "a revocation list")]
#[non_exhaustive]
pub struct RevocationClaims {
    /// Rises with every list; a list with a lower number never replaces one with a higher.
    pub number: u64,
    /// When the list is signed; in JSON seconds of UTC.
    #[serde(rename = "iat", with = "unix")]
    #[cfg_attr(feature = "schema", schemars(with = "i64"))]
    pub issued_at: Instant,
    /// When the next list is due, after `issued_at`; in JSON seconds of UTC.
    #[serde(with = "unix")]
    #[cfg_attr(feature = "schema", schemars(with = "i64"))]
    pub next_update: Instant,
    /// Licences by their serials; at most [`REVOCATIONS_MAX`].
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub licenses: BTreeMap<String, Revocation>,
    /// Keys of the ring that vouch for nothing any more; at most [`REVOCATIONS_MAX`]. A root key
    /// that is named here stays trusted.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub keys: BTreeMap<KeyId, Revocation>,
    /// Installations; at most [`REVOCATIONS_MAX`].
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub installations: BTreeMap<KeyId, Revocation>,
}

impl RevocationClaims {
    /// A list that revokes nothing yet.
    #[must_use]
    pub const fn new(number: u64, issued_at: Instant, next_update: Instant) -> Self {
        Self {
            number,
            issued_at,
            next_update,
            licenses: BTreeMap::new(),
            keys: BTreeMap::new(),
            installations: BTreeMap::new(),
        }
    }

    /// Reads the claims of a list to be issued: a member that would be ignored is refused.
    ///
    /// # Errors
    /// As [`LicenseClaims::from_json`](super::LicenseClaims::from_json).
    pub fn from_json(json: &[u8]) -> Result<Self> {
        let what = DocumentType::Revocations.noun();
        let text = crate::json::text(what, json, DOCUMENT_BYTES_MAX)?;
        json::read_all_of(what, text.as_bytes())
    }

    fn check_signer(&self, signer: KeyId) -> Result<()> {
        if self.keys.contains_key(&signer) {
            return wrong(format!("it revokes the key {signer} that signed it"));
        }
        Ok(())
    }

    fn check_entries<'a>(
        &self,
        what: &str,
        entries: impl ExactSizeIterator<Item = &'a Revocation>,
    ) -> Result<()> {
        if entries.len() > REVOCATIONS_MAX {
            return wrong(format!("more than {REVOCATIONS_MAX} {what}"));
        }
        for entry in entries {
            check_text("reason", &entry.reason, REASON_BYTES_MAX)?;
            if entry.at > self.issued_at {
                return wrong(format!("it revokes from {}, after it was signed", entry.at));
            }
        }
        Ok(())
    }
}

fn wrong(detail: impl Into<String>) -> Result<()> {
    Err(contradiction(DocumentType::Revocations, detail))
}

impl Payload for RevocationClaims {
    const TYPE: DocumentType = DocumentType::Revocations;
    const MEMBERS: &'static [&'static str] =
        &["number", "iat", "next_update", "licenses", "keys", "installations"];

    fn issued_at(&self) -> Instant {
        self.issued_at
    }

    fn check(&self) -> Result<()> {
        if self.next_update <= self.issued_at {
            return wrong("its next update is not after it was signed");
        }
        for serial in self.licenses.keys() {
            check_text("serial", serial, SERIAL_BYTES_MAX)?;
        }
        self.check_entries("licences", self.licenses.values())?;
        self.check_entries("keys", self.keys.values())?;
        self.check_entries("installations", self.installations.values())
    }
}

/// A revocation list whose signature was verified; cheap to clone.
///
/// Revoked is what the newest list names, and nothing else: being left out revokes nothing, and
/// what a newer list leaves out is revoked no more. A list that is late, or none at all, revokes
/// nothing either, or a blocked network could take rights that were paid for.
///
/// ```
/// use mlicense_core::document::{License, LicenseClaims, Revocation, RevocationClaims};
/// use mlicense_core::document::RevocationList;
/// use mlicense_core::error::ErrorKind;
/// use mlicense_core::signing::{Signer, Trust};
/// let vendor = Signer::from_seed([1; 32]);
/// let mut trust = Trust::new(&[vendor.public_key()], None)?;
/// let signed_at = "2026-03-01T09:30:00Z".parse()?;
/// let mut license = LicenseClaims::perpetual("editor".parse()?, "Example Ltd", signed_at);
/// license.serial = Some("L-7".into());
/// let license = License::verify(License::issue(&license, &vendor)?.as_bytes(), &trust)?;
///
/// let (now, due) = ("2026-04-01T00:00:00Z".parse()?, "2026-04-08T00:00:00Z".parse()?);
/// let mut claims = RevocationClaims::new(1, now, due);
/// claims.licenses.insert("L-7".into(), Revocation::new(now, "refunded"));
/// let document = RevocationList::issue(&claims, &vendor)?;
///
/// let list = RevocationList::verify(document.as_bytes(), &trust)?;
/// assert_eq!(list.revocation_of(&license).map(|entry| &*entry.reason), Some("refunded"));
/// assert!(!list.is_stale(now) && list.is_stale(due));
///
/// trust.renew_revocations(list)?;
/// let older = RevocationList::issue(&RevocationClaims::new(0, now, due), &vendor)?;
/// let older = RevocationList::verify(older.as_bytes(), &trust)?;
/// assert_eq!(trust.renew_revocations(older).unwrap_err().kind(), ErrorKind::DocumentOutdated);
/// # Ok::<(), mlicense_core::error::Refusal>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevocationList {
    claims: Arc<RevocationClaims>,
    signed_by: KeyId,
}

impl RevocationList {
    /// Signs a list.
    ///
    /// # Errors
    /// As [`License::issue`]; a list contradicts itself when its next update is not after it was
    /// signed, an entry is from later than the list, there are too many, or it revokes the key
    /// that signs it.
    pub fn issue(claims: &RevocationClaims, signer: &Signer) -> Result<String> {
        claims.check_signer(signer.key_id())?;
        payload::issue(claims, signer)
    }

    /// Reads a list that a root key, or a key of the ring for answers, must have signed.
    ///
    /// # Errors
    /// As [`License::verify`], and as [`RevocationList::issue`].
    pub fn verify(bytes: &[u8], trust: &Trust) -> Result<Self> {
        let (claims, signed_by): (RevocationClaims, _) = payload::open(bytes, trust)?;
        claims.check_signer(signed_by)?;
        Ok(Self { claims: Arc::new(claims), signed_by })
    }

    /// What the list says.
    #[must_use]
    pub fn claims(&self) -> &RevocationClaims {
        &self.claims
    }

    /// Rises with every list.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.claims.number
    }

    /// The key that signed the list.
    #[must_use]
    pub const fn signed_by(&self) -> KeyId {
        self.signed_by
    }

    /// Whether a newer list was due at `now` or before.
    ///
    /// A reason to warn and to ask the vendor, none to deny: what is not revoked stays licensed.
    #[must_use]
    pub fn is_stale(&self, now: Instant) -> bool {
        self.claims.next_update <= now
    }

    /// The revocation of a licence, by its serial or the installation it was made for.
    ///
    /// The key that signed the licence is not asked for here: under a [`Trust`] that holds this
    /// list the licence is refused when it is read.
    #[must_use]
    pub fn revocation_of(&self, license: &License) -> Option<&Revocation> {
        let claims = license.claims();
        let serial = claims.serial.as_ref().and_then(|serial| self.claims.licenses.get(serial));
        serial.or_else(|| self.revocation_of_installation(claims.installation?))
    }

    /// The revocation of an installation.
    #[must_use]
    pub fn revocation_of_installation(&self, installation: KeyId) -> Option<&Revocation> {
        self.claims.installations.get(&installation)
    }

    /// The revocation of a key of the ring.
    #[must_use]
    pub fn revocation_of_key(&self, kid: KeyId) -> Option<&Revocation> {
        self.claims.keys.get(&kid)
    }

    /// Whether this list may not take the place of `held`.
    pub(crate) fn is_older_than(&self, held: &Self) -> bool {
        self.number() < held.number()
            || (self.number() == held.number() && self.claims != held.claims)
    }
}
