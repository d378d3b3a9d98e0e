//! `Trust`: the root keys a program brings and the key ring they signed.

use std::collections::BTreeMap;

use super::{KeyId, KeyRing, PublicKey, RingKey, key_ring::untrusted};
use crate::{
    document::{DocumentType, RevocationList},
    error::{ErrorKind, Refusal, Result},
    time::Instant,
};

/// Whose signatures count: root keys, compiled into the program, and the keys of a ring, save
/// those that a revocation list names.
///
/// Without a ring the root keys sign every document themselves. A root key cannot be revoked but by
/// a new release of the program that brings it.
///
/// ```
/// use mlicense_core::signing::{Signer, Trust};
/// let vendor = Signer::from_seed([1; 32]);
/// let trust = Trust::new(&[vendor.public_key()], None)?;
/// assert!(trust.key_ring().is_none());
/// # Ok::<(), mlicense_core::error::Refusal>(())
/// ```
#[derive(Clone, Debug)]
pub struct Trust {
    roots: BTreeMap<KeyId, PublicKey>,
    ring: Option<KeyRing>,
    revocations: Option<RevocationList>,
}

impl Trust {
    /// Trusts `roots` and the keys of `ring`.
    ///
    /// # Errors
    /// [`ErrorKind::KeyNotTrusted`] when the ring was verified under other roots than these.
    pub fn new(roots: &[PublicKey], ring: Option<KeyRing>) -> Result<Self> {
        let roots = roots.iter().map(|root| (root.thumbprint(), *root)).collect();
        let mut trust = Self { roots, ring: None, revocations: None };
        if let Some(ring) = ring {
            trust.renew(ring)?;
        }
        Ok(trust)
    }

    /// Puts a newer ring in the place of the one held; the same ring again changes nothing.
    ///
    /// A revocation list whose signer the newer ring does not vouch for is dropped: a ring that
    /// revokes a stolen key undoes what the thief revoked with it. What was read before must be
    /// read again, since its key may be revoked now.
    ///
    /// # Errors
    /// [`ErrorKind::KeyNotTrusted`] when the ring was verified under other roots,
    /// [`ErrorKind::DocumentOutdated`] when the one held has a higher number, or the same number
    /// and other keys.
    pub fn renew(&mut self, ring: KeyRing) -> Result<()> {
        if !self.roots.contains_key(&ring.root()) {
            return Err(untrusted(ring.root()));
        }
        let older = self.ring.as_ref().is_some_and(|held| {
            ring.number() < held.number() || (ring.number() == held.number() && ring != *held)
        });
        if older {
            return Err(outdated(DocumentType::KeyRing));
        }
        self.ring = Some(ring);
        if let Some(list) = self.revocations.take()
            && self.check_signer(&list).is_ok()
        {
            self.revocations = Some(list);
        }
        Ok(())
    }

    /// Puts a newer revocation list in the place of the one held; the same list again changes
    /// nothing.
    ///
    /// From then on no key that it names vouches for anything. What was read before must be read
    /// again.
    ///
    /// # Errors
    /// [`ErrorKind::KeyNotTrusted`] and [`ErrorKind::KeyNotValid`] when the list was verified under
    /// other keys, [`ErrorKind::DocumentOutdated`] when the one held has a higher number, or the
    /// same number and says something else.
    pub fn renew_revocations(&mut self, list: RevocationList) -> Result<()> {
        self.check_signer(&list)?;
        if self.revocations.as_ref().is_some_and(|held| list.is_older_than(held)) {
            return Err(outdated(DocumentType::Revocations));
        }
        self.revocations = Some(list);
        Ok(())
    }

    fn check_signer(&self, list: &RevocationList) -> Result<()> {
        let key = self.key(list.signed_by(), DocumentType::Revocations)?;
        key.check_time(list.claims().issued_at, DocumentType::Revocations)
    }

    /// The root keys, ordered by their names.
    pub fn roots(&self) -> impl Iterator<Item = &PublicKey> {
        self.roots.values()
    }

    /// The ring held.
    #[must_use]
    pub const fn key_ring(&self) -> Option<&KeyRing> {
        self.ring.as_ref()
    }

    /// The revocation list held.
    #[must_use]
    pub const fn revocations(&self) -> Option<&RevocationList> {
        self.revocations.as_ref()
    }

    /// The key under which a document of this type may be verified.
    pub(crate) fn key(&self, kid: KeyId, document_type: DocumentType) -> Result<TrustedKey<'_>> {
        if let Some(root) = self.roots.get(&kid) {
            return Ok(TrustedKey::Root(root));
        }
        let key = self.ring.as_ref().and_then(|ring| ring.key(kid));
        let key = key.filter(|key| key.signs(document_type)).ok_or_else(|| untrusted(kid))?;
        Ok(TrustedKey::Ring { kid, key, revoked: self.is_revoked(kid) })
    }

    /// The keys that may have signed a checkpoint, which has no date: none that is revoked.
    pub(crate) fn checkpoint_keys(&self) -> impl Iterator<Item = PublicKey> {
        let ring = self.ring.iter().flat_map(KeyRing::keys);
        let ring = ring.filter(|key| key.signs_checkpoints() && key.revoked_at.is_none());
        let ring = ring.map(|key| key.key).filter(|key| !self.is_revoked(key.thumbprint()));
        self.roots().copied().chain(ring)
    }

    /// Whether the list held revokes a key of the ring.
    fn is_revoked(&self, kid: KeyId) -> bool {
        self.revocations.as_ref().is_some_and(|list| list.revocation_of_key(kid).is_some())
    }
}

/// A key that may verify one document.
#[derive(Debug)]
pub(crate) enum TrustedKey<'a> {
    Root(&'a PublicKey),
    Ring { kid: KeyId, key: &'a RingKey, revoked: bool },
}

impl TrustedKey<'_> {
    pub(crate) const fn public_key(&self) -> PublicKey {
        match self {
            Self::Root(key) => **key,
            Self::Ring { key, .. } => key.key,
        }
    }

    /// Refuses what a key of a ring signed out of its time, or is revoked by now.
    pub(crate) fn check_time(&self, signed_at: Instant, document_type: DocumentType) -> Result<()> {
        match self {
            Self::Ring { kid, key, revoked } if *revoked || !key.signed_at(signed_at) => {
                Err(Refusal::new(ErrorKind::KeyNotValid)
                    .with("key", kid)
                    .with("document", document_type.noun()))
            }
            Self::Ring { .. } | Self::Root(_) => Ok(()),
        }
    }
}

fn outdated(document_type: DocumentType) -> Refusal {
    Refusal::new(ErrorKind::DocumentOutdated).with("document", document_type.noun())
}
