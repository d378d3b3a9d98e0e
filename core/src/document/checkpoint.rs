//! `Checkpoint`: how long the vendor's history was, and the hash over all of it.

use std::fmt::Write;

use super::note::{self, Note, malformed};
use crate::{
    error::{ErrorKind, Refusal, Result},
    signing::{
        PublicKey, Signer, Trust,
        merkle::{MerkleHash, TREE_SIZE_MAX, TreeHead},
    },
};

const NOUN: &str = "checkpoint";

/// What a vendor signs about its history: size and root of the Merkle tree over its events.
///
/// A signed note (C2SP tlog-checkpoint), which the tools and witnesses of transparency logs read.
/// Whoever keeps one can later have it proved that the history of today continues that of then:
/// with the head of each and [`TreeHead::verify_consistency`]. The note has no date, so the time of
/// a key in the ring is not asked; a revoked key vouches for no checkpoint.
///
/// ```
/// use mlicense_core::document::Checkpoint;
/// use mlicense_core::error::ErrorKind;
/// use mlicense_core::signing::{Signer, Trust, merkle::{MerkleHash, MerkleTree}};
/// let vendor = Signer::from_seed([1; 32]);
/// let mut tree = MerkleTree::new();
/// tree.append(MerkleHash::of_leaf(b"the first event"));
/// let checkpoint = Checkpoint::new("example.com/history", tree.head())?;
/// let note = checkpoint.sign(&vendor)?;
/// assert!(note.starts_with("example.com/history\n1\n"));
///
/// let trust = Trust::new(&[vendor.public_key()], None)?;
/// let read = Checkpoint::verify(note.as_bytes(), "example.com/history", &trust)?;
/// assert_eq!(read, checkpoint);
///
/// let forged = note.replace("history\n1\n", "history\n2\n");
/// let refusal = Checkpoint::verify(forged.as_bytes(), "example.com/history", &trust).unwrap_err();
/// assert_eq!(refusal.kind(), ErrorKind::SignatureInvalid);
/// # Ok::<(), mlicense_core::error::Refusal>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Checkpoint {
    origin: Box<str>,
    head: TreeHead,
}

impl Checkpoint {
    /// States the head of the history called `origin`.
    ///
    /// The origin is also the name of the key: by custom an address without a scheme, such as
    /// `example.com/history`, that belongs to the vendor; 1 to 128 bytes without spaces and `+`.
    ///
    /// # Errors
    /// [`ErrorKind::FieldInvalid`] for another origin, [`ErrorKind::QuantityOutOfRange`] for more
    /// than [`TREE_SIZE_MAX`] leaves.
    pub fn new(origin: &str, head: TreeHead) -> Result<Self> {
        note::check_name("origin", origin)?;
        if head.size > TREE_SIZE_MAX {
            return Err(Refusal::new(ErrorKind::QuantityOutOfRange)
                .with("what", "leaves:")
                .with("value", head.size)
                .with("min", 0)
                .with("max", TREE_SIZE_MAX));
        }
        Ok(Self { origin: origin.into(), head })
    }

    /// Signs the checkpoint; the same key gives the same text.
    ///
    /// A key of a ring needs the role [`Checkpoints`](crate::signing::KeyRole::Checkpoints).
    ///
    /// # Errors
    /// [`ErrorKind::SignerFailed`].
    pub fn sign(&self, signer: &Signer) -> Result<String> {
        let mut text = String::new();
        // Writing into a text does not fail.
        let _ = write!(text, "{}\n{}\n{}\n", self.origin, self.head.size, self.head.root);
        note::sign(&text, &self.origin, signer)
    }

    /// Reads a checkpoint of the history called `origin`, which a root key or a key of the ring
    /// for checkpoints must have signed.
    ///
    /// Signatures by others, such as witnesses, and lines after the third are passed over.
    ///
    /// # Errors
    /// [`ErrorKind::FieldInvalid`] when `origin` cannot be one, [`ErrorKind::InputTooLarge`] over
    /// 128 KiB, [`ErrorKind::DocumentMalformed`], [`ErrorKind::KeyNotTrusted`],
    /// [`ErrorKind::SignatureInvalid`] when one of the trusted signatures does not hold, and
    /// [`ErrorKind::OtherOrigin`].
    pub fn verify(bytes: &[u8], origin: &str, trust: &Trust) -> Result<Self> {
        note::check_name("origin", origin)?;
        let note = Note::parse(NOUN, bytes)?;
        let checkpoint = Self::parse(note.verify(NOUN, origin, trust.checkpoint_keys())?)?;
        if *checkpoint.origin != *origin {
            return Err(Refusal::new(ErrorKind::OtherOrigin)
                .with("found", &checkpoint.origin)
                .with("expected", origin));
        }
        Ok(checkpoint)
    }

    fn parse(text: &str) -> Result<Self> {
        let wrong = |detail: &str| malformed(&format!("the checkpoint {detail}"));
        let lines: Vec<&str> = text.strip_suffix('\n').unwrap_or(text).split('\n').collect();
        let [origin, size, root, more @ ..] = lines.as_slice() else {
            return Err(wrong("has fewer than three lines"));
        };
        if [origin, size, root].into_iter().chain(more).any(|line| line.is_empty()) {
            return Err(wrong("has an empty line"));
        }
        let count = size.parse().ok().filter(|count: &u64| count.to_string() == **size);
        let count = count.filter(|count| *count <= TREE_SIZE_MAX);
        let count = count.ok_or_else(|| wrong("states no size"))?;
        let root: MerkleHash = root.parse().map_err(|_| wrong("states no hash"))?;
        Ok(Self { origin: (*origin).into(), head: TreeHead::new(count, root) })
    }

    /// The name of the history.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Size and root.
    #[must_use]
    pub const fn head(&self) -> TreeHead {
        self.head
    }

    /// The key as programs for transparency logs take it: origin, id of the key, type and key.
    #[must_use]
    pub fn verifier_key(&self, key: &PublicKey) -> String {
        note::verifier_key(&self.origin, key)
    }
}
