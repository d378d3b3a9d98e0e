//! The Merkle tree over an append-only log (RFC 6962, section 2; RFC 9162, section 2.1).
//!
//! The root of a tree vouches for every entry and their order in 32 bytes. A proof of inclusion
//! shows that an entry is in a tree, a proof of consistency that a tree grew out of an older one;
//! both are a few hashes and need none of the other entries.
//!
//! ```
//! use mlicense_core::signing::merkle::{self, MerkleHash, MerkleTree};
//! let leaves = ["a", "b", "c"].map(|entry| MerkleHash::of_leaf(entry.as_bytes()));
//! let mut tree = MerkleTree::new();
//! let [older, _, newer] = leaves.map(|leaf| {
//!     tree.append(leaf);
//!     tree.head()
//! });
//!
//! let proof = merkle::inclusion_proof(&leaves, 1)?;
//! newer.verify_inclusion(MerkleHash::of_leaf(b"b"), 1, &proof)?;
//! assert!(newer.verify_inclusion(MerkleHash::of_leaf(b"B"), 1, &proof).is_err());
//!
//! let proof = merkle::consistency_proof(&leaves, 1)?;
//! older.verify_consistency(&newer, &proof)?;
//! # Ok::<(), mlicense_core::error::Refusal>(())
//! ```

use std::{fmt, str::FromStr};

use base64::prelude::{BASE64_STANDARD, Engine};
use serde::{Deserialize, Serialize};

use super::crypto::sha256;
use crate::error::{ErrorKind, Refusal, Result};

/// The most leaves of a tree.
pub const TREE_SIZE_MAX: u64 = i64::MAX.unsigned_abs();

/// A SHA-256 hash in a Merkle tree: of a leaf, of a node above, or of the whole.
///
/// Text and JSON form: 44 characters of base64 with padding, as in checkpoints.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String"))]
pub struct MerkleHash([u8; 32]);

impl MerkleHash {
    /// The hash of an entry, told apart from that of a node by its first byte.
    #[must_use]
    pub fn of_leaf(entry: &[u8]) -> Self {
        Self(sha256(&[&[0], entry].concat()))
    }

    /// Takes the 32 bytes of a hash.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes of the hash.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    fn of_node(left: Self, right: Self) -> Self {
        Self(sha256(&[&[1], &left.0[..], &right.0[..]].concat()))
    }

    fn of_nothing() -> Self {
        Self(sha256(b""))
    }
}

impl fmt::Display for MerkleHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64_STANDARD.encode(self.0))
    }
}

impl fmt::Debug for MerkleHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for MerkleHash {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self> {
        let bytes = BASE64_STANDARD.decode(text).ok();
        bytes.and_then(|bytes| bytes.try_into().ok()).map(Self).ok_or_else(|| {
            let shown: String = text.chars().take(64).collect();
            Refusal::new(ErrorKind::FieldInvalid)
                .with("field", "hash")
                .with("value", shown)
                .with("expected", "32 bytes in 44 base64 characters")
        })
    }
}

impl TryFrom<String> for MerkleHash {
    type Error = Refusal;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<MerkleHash> for String {
    fn from(hash: MerkleHash) -> Self {
        hash.to_string()
    }
}

/// How many leaves a tree has, and its root.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct TreeHead {
    /// The number of leaves.
    pub size: u64,
    /// The hash over all of them.
    pub root: MerkleHash,
}

impl TreeHead {
    /// Takes what someone states about a tree.
    #[must_use]
    pub const fn new(size: u64, root: MerkleHash) -> Self {
        Self { size, root }
    }

    /// The head of the tree over `leaves`; hashes once for each of them.
    #[must_use]
    pub fn over(leaves: &[MerkleHash]) -> Self {
        Self::new(length(leaves), root(leaves))
    }

    /// Checks that the leaf number `index`, counted from 0, is `leaf`.
    ///
    /// # Errors
    /// [`ErrorKind::ProofInvalid`].
    pub fn verify_inclusion(
        &self,
        leaf: MerkleHash,
        index: u64,
        proof: &[MerkleHash],
    ) -> Result<()> {
        if index >= self.size {
            return invalid(&format!("a tree of {} has no leaf {index}", self.size));
        }
        // RFC 9162, 2.1.3.2.
        let mut path = Path { node: index, last: self.size.saturating_sub(1) };
        let mut hash = leaf;
        for sibling in proof {
            hash = match path.climb() {
                Some(Side::Left) => MerkleHash::of_node(*sibling, hash),
                Some(Side::Right) => MerkleHash::of_node(hash, *sibling),
                None => return invalid("it is too long"),
            };
        }
        if path.last == 0 && hash == self.root {
            return Ok(());
        }
        invalid("it does not lead to the root")
    }

    /// Checks that the tree `newer` begins with the leaves of this one.
    ///
    /// # Errors
    /// [`ErrorKind::ProofInvalid`].
    pub fn verify_consistency(&self, newer: &Self, proof: &[MerkleHash]) -> Result<()> {
        if self.size > newer.size {
            return invalid(&format!("a tree of {} was one of {}", newer.size, self.size));
        }
        if self.size == 0 || self.size == newer.size {
            let same = if self.size == 0 { MerkleHash::of_nothing() } else { newer.root };
            return match proof {
                [] if self.root == same => Ok(()),
                [] => invalid("the roots differ"),
                _ => invalid("it is too long"),
            };
        }
        // RFC 9162, 2.1.4.2.
        let mut path = Path::above(self.size, newer.size);
        let (first, rest) = match proof.split_first() {
            _ if self.size.is_power_of_two() => (self.root, proof),
            Some((first, rest)) => (*first, rest),
            None => return invalid("it is too short"),
        };
        let (mut old, mut new) = (first, first);
        for sibling in rest {
            match path.climb() {
                Some(Side::Left) => {
                    old = MerkleHash::of_node(*sibling, old);
                    new = MerkleHash::of_node(*sibling, new);
                }
                Some(Side::Right) => new = MerkleHash::of_node(new, *sibling),
                None => return invalid("it is too long"),
            }
        }
        if path.last == 0 && old == self.root && new == newer.root {
            return Ok(());
        }
        invalid("it does not lead to both roots")
    }
}

fn invalid(detail: &str) -> Result<()> {
    Err(Refusal::new(ErrorKind::ProofInvalid).with("detail", detail))
}

/// On which side of a node its sibling is.
enum Side {
    Left,
    Right,
}

/// A node on its way up to the root, and the last node of its level.
struct Path {
    node: u64,
    last: u64,
}

impl Path {
    /// The largest full subtree at the end of a tree of `older` leaves, among `newer`.
    const fn above(older: u64, newer: u64) -> Self {
        let (node, last) = (older.saturating_sub(1), newer.saturating_sub(1));
        let levels = node.trailing_ones();
        Self { node: node.unbounded_shr(levels), last: last.unbounded_shr(levels) }
    }

    /// Goes to the next node above that has a sibling, and says where that is.
    fn climb(&mut self) -> Option<Side> {
        if self.last == 0 {
            return None;
        }
        if self.node.is_multiple_of(2) && self.node != self.last {
            self.rise(1);
            return Some(Side::Right);
        }
        // An even node at the end of its level has no sibling: it stands for its parent.
        self.rise(self.node.trailing_zeros().saturating_add(1));
        Some(Side::Left)
    }

    const fn rise(&mut self, levels: u32) {
        self.node = self.node.unbounded_shr(levels);
        self.last = self.last.unbounded_shr(levels);
    }
}

/// A tree that grows: it keeps a hash for each 1 in the binary number of its leaves, not the leaves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MerkleTree {
    size: u64,
    /// Roots of the full subtrees, the largest first.
    peaks: Vec<MerkleHash>,
}

impl MerkleTree {
    /// A tree without leaves.
    #[must_use]
    pub const fn new() -> Self {
        Self { size: 0, peaks: Vec::new() }
    }

    /// Goes on with a tree of `size` leaves from what [`MerkleTree::peaks`] gave.
    ///
    /// # Errors
    /// [`ErrorKind::QuantityOutOfRange`] when there are not as many peaks as 1s in `size`, or
    /// `size` is above [`TREE_SIZE_MAX`].
    pub fn resume(size: u64, peaks: Vec<MerkleHash>) -> Result<Self> {
        let ones = u64::from(size.count_ones());
        if length(&peaks) != ones {
            return Err(out_of_range("peaks:", length(&peaks), (ones, ones)));
        }
        if size > TREE_SIZE_MAX {
            return Err(out_of_range("leaves:", size, (0, TREE_SIZE_MAX)));
        }
        Ok(Self { size, peaks })
    }

    /// Adds a leaf at the end.
    pub fn append(&mut self, leaf: MerkleHash) {
        let full = self.size.trailing_ones();
        let right = (0..full).fold(leaf, |right, _| match self.peaks.pop() {
            Some(left) => MerkleHash::of_node(left, right),
            None => right,
        });
        self.peaks.push(right);
        self.size = self.size.saturating_add(1);
    }

    /// The number of leaves.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The roots of the full subtrees, the largest first: all that is needed to go on.
    #[must_use]
    pub fn peaks(&self) -> &[MerkleHash] {
        &self.peaks
    }

    /// Size and root.
    #[must_use]
    pub fn head(&self) -> TreeHead {
        let peaks = self.peaks.iter().rev().copied();
        let root = peaks.reduce(|right, left| MerkleHash::of_node(left, right));
        TreeHead::new(self.size, root.unwrap_or_else(MerkleHash::of_nothing))
    }
}

/// The hashes that lead from leaf number `index`, counted from 0, to the root over `leaves`.
///
/// Hashes once for each leaf.
///
/// # Errors
/// [`ErrorKind::QuantityOutOfRange`] when there is no such leaf.
pub fn inclusion_proof(leaves: &[MerkleHash], index: u64) -> Result<Vec<MerkleHash>> {
    let place = usize::try_from(index).ok().filter(|place| *place < leaves.len());
    let last = length(leaves).saturating_sub(1);
    let place = place.ok_or_else(|| out_of_range("leaf", index, (0, last)))?;
    let mut proof = Vec::new();
    include(leaves, place, &mut proof);
    Ok(proof)
}

/// PATH of RFC 6962, 2.1.1.
fn include(leaves: &[MerkleHash], place: usize, proof: &mut Vec<MerkleHash>) {
    let Some((left, right)) = halves(leaves) else { return };
    match place.checked_sub(left.len()) {
        None => {
            include(left, place, proof);
            proof.push(root(right));
        }
        Some(place) => {
            include(right, place, proof);
            proof.push(root(left));
        }
    }
}

/// The hashes that show that the tree over `leaves` begins with the tree over the first `older`.
///
/// Hashes once for each leaf.
///
/// # Errors
/// [`ErrorKind::QuantityOutOfRange`] when there are fewer leaves than `older`.
pub fn consistency_proof(leaves: &[MerkleHash], older: u64) -> Result<Vec<MerkleHash>> {
    let count = usize::try_from(older).ok().filter(|count| *count <= leaves.len());
    let count = count.ok_or_else(|| out_of_range("leaves:", older, (0, length(leaves))))?;
    let mut proof = Vec::new();
    if count > 0 {
        extend(leaves, count, true, &mut proof);
    }
    Ok(proof)
}

/// SUBPROOF of RFC 6962, 2.1.2; `known` while the older tree is a whole one that was asked about.
fn extend(leaves: &[MerkleHash], older: usize, known: bool, proof: &mut Vec<MerkleHash>) {
    match halves(leaves) {
        Some((left, right)) if older < leaves.len() => match older.checked_sub(left.len()) {
            Some(older) if older > 0 => {
                extend(right, older, false, proof);
                proof.push(root(left));
            }
            _ => {
                extend(left, older, known, proof);
                proof.push(root(right));
            }
        },
        _ if !known => proof.push(root(leaves)),
        _ => {}
    }
}

/// MTH of RFC 6962, 2.1, over leaves that are hashed already.
fn root(leaves: &[MerkleHash]) -> MerkleHash {
    match (halves(leaves), leaves) {
        (Some((left, right)), _) => MerkleHash::of_node(root(left), root(right)),
        (None, [leaf]) => *leaf,
        (None, _) => MerkleHash::of_nothing(),
    }
}

/// Two or more leaves, parted at the largest power of two below their number.
fn halves(leaves: &[MerkleHash]) -> Option<(&[MerkleHash], &[MerkleHash])> {
    let below = leaves.len().checked_sub(1)?.checked_ilog2()?;
    leaves.split_at_checked(1_usize.checked_shl(below)?)
}

fn length(hashes: &[MerkleHash]) -> u64 {
    u64::try_from(hashes.len()).unwrap_or(u64::MAX)
}

fn out_of_range(what: &str, value: u64, (min, max): (u64, u64)) -> Refusal {
    Refusal::new(ErrorKind::QuantityOutOfRange)
        .with("what", what)
        .with("value", value)
        .with("min", min)
        .with("max", max)
}
