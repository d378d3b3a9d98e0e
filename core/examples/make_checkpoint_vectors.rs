//! Writes `core/tests/vectors/checkpoints.json` to standard output, the same bytes every time.
//!
//! Every language may replay the file: of checkpoints a reader is given the origin, the roots, the
//! key ring where there is one and the note; of proofs the heads, the leaf and the path.

use std::{
    error::Error,
    io::{self, Write},
};

use mlicense_core::{
    document::Checkpoint,
    error::ErrorKind,
    signing::{
        KeyRing, KeyRingClaims, KeyRole, RingKey, Signer,
        merkle::{MerkleHash, TreeHead, consistency_proof, inclusion_proof},
    },
};
use serde::{Deserialize, Serialize};

type Made<T> = Result<T, Box<dyn Error>>;

const ORIGIN: &str = "example.com/history";

fn main() -> Made<()> {
    Ok(io::stdout().write_all(checkpoint_vectors()?.as_bytes())?)
}

/// The whole file.
pub(crate) fn checkpoint_vectors() -> Made<String> {
    let file = File {
        about: "Seeds of 32 equal bytes: 1 root, 2 a key of the ring, 4 stranger. Leaf n is the \
                hash of the entry with the single byte n. Made by \
                core/examples/make_checkpoint_vectors.rs."
            .into(),
        checkpoints: checkpoints()?,
        inclusion: inclusion()?,
        consistency: consistency()?,
    };
    Ok(format!("{}\n", serde_json::to_string_pretty(&file)?))
}

#[derive(Serialize, Deserialize)]
pub(crate) struct File {
    pub(crate) about: String,
    pub(crate) checkpoints: Vec<NoteCase>,
    pub(crate) inclusion: Vec<InclusionCase>,
    pub(crate) consistency: Vec<ConsistencyCase>,
}

/// One note, what is known when it is read, and what comes of it.
#[derive(Serialize, Deserialize)]
pub(crate) struct NoteCase {
    pub(crate) name: String,
    pub(crate) origin: String,
    pub(crate) roots: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) key_ring: Option<String>,
    pub(crate) note: String,
    pub(crate) expect: Expect,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Expect {
    Head(TreeHead),
    Refusal(String),
}

/// A leaf, where it is said to stand, and whether the path shows it.
#[derive(Serialize, Deserialize)]
pub(crate) struct InclusionCase {
    pub(crate) head: TreeHead,
    pub(crate) leaf: MerkleHash,
    pub(crate) index: u64,
    pub(crate) proof: Vec<MerkleHash>,
    pub(crate) holds: bool,
}

/// Two heads, and whether the path shows that the newer continues the older.
#[derive(Serialize, Deserialize)]
pub(crate) struct ConsistencyCase {
    pub(crate) older: TreeHead,
    pub(crate) newer: TreeHead,
    pub(crate) proof: Vec<MerkleHash>,
    pub(crate) holds: bool,
}

fn root() -> Signer {
    Signer::from_seed([1; 32])
}

fn ring_signer() -> Signer {
    Signer::from_seed([2; 32])
}

fn stranger() -> Signer {
    Signer::from_seed([4; 32])
}

fn leaves(count: u8) -> Vec<MerkleHash> {
    (0..count).map(|n| MerkleHash::of_leaf(&[n])).collect()
}

fn head(count: u8) -> TreeHead {
    TreeHead::over(&leaves(count))
}

fn ring(role: Option<KeyRole>) -> Made<String> {
    let issued_at = "2026-01-01T00:00:00Z".parse()?;
    let mut key = RingKey::new(ring_signer().public_key(), issued_at);
    key.role = role;
    Ok(KeyRing::issue(&KeyRingClaims::new(1, issued_at, vec![key]), &root())?)
}

fn checkpoints() -> Made<Vec<NoteCase>> {
    let note = |size, signer: &Signer| -> Made<String> {
        Ok(Checkpoint::new(ORIGIN, head(size))?.sign(signer)?)
    };
    let good = note(13, &root())?;
    let (text, line) = good.split_once("\n\n").unwrap_or_default();
    let witness = Checkpoint::new("witness.example", head(13))?.sign(&stranger())?;
    let (_, witness) = witness.split_once("\n\n").unwrap_or_default();
    let (_, other_line) = note(5, &root())?.split_once("\n\n").map(own).unwrap_or_default();
    let by_ring = note(13, &ring_signer())?;
    let (yes, no) = (ring(Some(KeyRole::Checkpoints))?, ring(None)?);
    let (malformed, untrusted) = (ErrorKind::DocumentMalformed, ErrorKind::KeyNotTrusted);
    let forged = ErrorKind::SignatureInvalid;
    let mut cases = Vec::new();
    for (name, key_ring, note, expect) in [
        ("a_checkpoint", None, good.clone(), Ok(13)),
        ("a_checkpoint_of_nothing", None, note(0, &root())?, Ok(0)),
        ("a_checkpoint_with_a_witness", None, format!("{text}\n\n{witness}{line}"), Ok(13)),
        ("a_checkpoint_by_a_key_for_checkpoints", Some(yes), by_ring.clone(), Ok(13)),
        ("a_checkpoint_by_a_key_without_a_role", Some(no), by_ring.clone(), Err(untrusted)),
        ("a_checkpoint_by_a_key_of_no_ring", None, by_ring, Err(untrusted)),
        ("a_checkpoint_of_a_witness_alone", None, format!("{text}\n\n{witness}"), Err(untrusted)),
        ("a_false_signature_beside_a_true_one", None, format!("{good}{other_line}"), Err(forged)),
        ("another_checkpoint_s_signature", None, format!("{text}\n\n{other_line}"), Err(forged)),
        ("another_size", None, good.replace("\n13\n", "\n14\n"), Err(forged)),
        ("no_empty_line", None, good.replace("\n\n", "\n"), Err(malformed)),
        ("no_line_end", None, good.trim_end().to_owned(), Err(malformed)),
        (
            "a_signature_without_padding",
            None,
            format!("{}\n", good.trim_end_matches(['=', '\n'])),
            Err(malformed),
        ),
        ("a_document", None, ring(None)?, Err(malformed)),
    ] {
        cases.push(NoteCase {
            name: name.to_owned(),
            origin: ORIGIN.to_owned(),
            roots: vec![root().public_key().to_string()],
            key_ring,
            note,
            expect: expect.map_or_else(
                |kind| Expect::Refusal(kind.name().into()),
                |size| Expect::Head(head(size)),
            ),
        });
    }
    Ok(cases)
}

fn own((text, line): (&str, &str)) -> (String, String) {
    (text.to_owned(), line.to_owned())
}

fn inclusion() -> Made<Vec<InclusionCase>> {
    let mut cases = Vec::new();
    for (count, index) in [(1, 0), (2, 1), (5, 4), (8, 5), (13, 12), (13, 0), (33, 32)] {
        let leaves = leaves(count);
        let proof = inclusion_proof(&leaves, index.into())?;
        let leaf = MerkleHash::of_leaf(&[index]);
        let case = |leaf, index: u8, proof, holds| InclusionCase {
            head: head(count),
            leaf,
            index: index.into(),
            proof,
            holds,
        };
        cases.push(case(leaf, index, proof.clone(), true));
        cases.push(case(MerkleHash::of_leaf(b"stranger"), index, proof.clone(), false));
        cases.push(case(leaf, index ^ 1, proof.clone(), false));
        cases.push(case(leaf, index, [proof, vec![leaf]].concat(), false));
    }
    Ok(cases)
}

fn consistency() -> Made<Vec<ConsistencyCase>> {
    let mut cases = Vec::new();
    for (older, newer) in [(0, 3), (1, 1), (1, 2), (3, 7), (4, 8), (6, 8), (7, 33), (32, 33)] {
        let proof = consistency_proof(&leaves(newer), older.into())?;
        let case =
            |older, proof, holds| ConsistencyCase { older, newer: head(newer), proof, holds };
        cases.push(case(head(older), proof.clone(), true));
        let lie = TreeHead::new(older.into(), MerkleHash::of_leaf(b"stranger"));
        cases.push(case(lie, proof.clone(), false));
        let longer = [proof, vec![lie.root]].concat();
        cases.push(case(head(older), longer, false));
    }
    Ok(cases)
}
