//! The Merkle tree against the definition of RFC 6962, its known vectors and another library.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a helper of a test may fail the test"
)]

use ct_merkle::{ConsistencyProof, InclusionProof, RootHash, mem_backed_tree::MemoryBackedTree};
use data_encoding::HEXLOWER;
use mlicense_core::{
    error::ErrorKind,
    signing::{
        merkle::{
            MerkleHash, MerkleTree, TREE_SIZE_MAX, TreeHead, consistency_proof, inclusion_proof,
        },
        sha256,
    },
};
use proptest::prelude::*;
use sha2::Sha256;

/// The eight entries over which implementations of Certificate Transparency test themselves, and
/// the roots over the first one, two and so on.
const ENTRIES: [&str; 8] = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
];
const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn hex(text: &str) -> Vec<u8> {
    HEXLOWER.decode(text.as_bytes()).unwrap()
}

fn entry(n: usize) -> [u8; 8] {
    (n as u64).to_be_bytes()
}

fn leaves(count: usize) -> Vec<MerkleHash> {
    (0..count).map(|n| MerkleHash::of_leaf(&entry(n))).collect()
}

/// The definition of RFC 6962, 2.1, word for word.
fn mth(entries: &[[u8; 8]]) -> [u8; 32] {
    match entries {
        [] => sha256(&[]),
        [entry] => sha256(&[&[0], &entry[..]].concat()),
        _ => {
            let (left, right) = entries.split_at(split(entries.len()));
            sha256(&[&[1], &mth(left)[..], &mth(right)[..]].concat())
        }
    }
}

/// The largest power of two smaller than `n`, by trying.
fn split(n: usize) -> usize {
    (0..).map(|bits| 1 << bits).take_while(|power| *power < n).last().unwrap()
}

fn refused<T: std::fmt::Debug>(result: Result<T, mlicense_core::error::Refusal>) -> ErrorKind {
    result.unwrap_err().kind()
}

/// Every way to spoil a proof: a hash changed, left out, put in twice.
fn spoiled(proof: &[MerkleHash]) -> Vec<Vec<MerkleHash>> {
    let changed = |place: usize| {
        let mut proof = proof.to_vec();
        let mut bytes = *proof[place].as_bytes();
        bytes[31] ^= 1;
        proof[place] = MerkleHash::from_bytes(bytes);
        proof
    };
    let without = |place: usize| {
        let mut proof = proof.to_vec();
        proof.remove(place);
        proof
    };
    let longer = |place: usize| {
        let mut proof = proof.to_vec();
        proof.insert(place, MerkleHash::of_leaf(b"stranger"));
        proof
    };
    let places = || 0..proof.len();
    let all = places().map(changed).chain(places().map(without));
    all.chain((0..=proof.len()).map(longer)).collect()
}

#[test]
fn roots_are_those_of_certificate_transparency() {
    let leaves = ENTRIES.map(|entry| MerkleHash::of_leaf(&hex(entry)));
    let mut tree = MerkleTree::new();
    let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(tree.head().root.as_bytes()[..], hex(nothing));
    for (count, root) in (1..).zip(ROOTS) {
        tree.append(leaves[count - 1]);
        assert_eq!(tree.head().root.as_bytes()[..], hex(root), "{count}");
        assert_eq!(tree.head(), TreeHead::over(&leaves[..count]));
    }
}

#[test]
fn proofs_are_those_of_certificate_transparency() {
    let leaves = ENTRIES.map(|entry| MerkleHash::of_leaf(&hex(entry)));
    let shown = |proof: Vec<MerkleHash>| {
        proof.iter().map(|hash| HEXLOWER.encode(&hash.as_bytes()[..4])).collect::<Vec<_>>()
    };
    for (count, index, path) in [
        (1, 0, &[][..]),
        (8, 0, &["96a296d2", "5f083f0a", "6b47aaf2"]),
        (8, 5, &["bc1a0643", "ca854ea1", "d37ee418"]),
        (3, 2, &["fac54203"]),
        (5, 1, &["6e340b9c", "5f083f0a", "bc1a0643"]),
    ] {
        let proof = inclusion_proof(&leaves[..count], index).unwrap();
        assert_eq!(shown(proof), path, "{index} of {count}");
    }
    for (count, older, path) in [
        (1, 1, &[][..]),
        (8, 1, &["96a296d2", "5f083f0a", "6b47aaf2"]),
        (8, 6, &["0ebc5d34", "ca854ea1", "d37ee418"]),
        (5, 2, &["5f083f0a", "bc1a0643"]),
    ] {
        let proof = consistency_proof(&leaves[..count], older).unwrap();
        assert_eq!(shown(proof), path, "{older} of {count}");
    }
}

#[test]
fn heads_are_those_of_the_definition() {
    let entries: Vec<_> = (0..130).map(entry).collect();
    for count in 0..entries.len() {
        let head = TreeHead::over(&leaves(count));
        assert_eq!(head.root.as_bytes(), &mth(&entries[..count]), "{count}");
    }
}

#[test]
fn a_leaf_is_told_apart_from_a_node() {
    let [a, b] = [b"a", b"b"].map(|entry| MerkleHash::of_leaf(entry));
    let node = TreeHead::over(&[a, b]).root;
    let forged = MerkleHash::of_leaf(&[&a.as_bytes()[..], b.as_bytes()].concat());
    assert_ne!(node, forged);
}

#[test]
fn every_leaf_of_every_tree_is_proved_and_no_other() {
    for count in 1..=33 {
        let leaves = leaves(count);
        let head = TreeHead::over(&leaves);
        for (index, leaf) in (0..).zip(leaves.iter().copied()) {
            let proof = inclusion_proof(&leaves, index).unwrap();
            head.verify_inclusion(leaf, index, &proof).unwrap();
            for wrong in spoiled(&proof) {
                let result = head.verify_inclusion(leaf, index, &wrong);
                assert_eq!(refused(result), ErrorKind::ProofInvalid, "{index} of {count}");
            }
            for other in (0..=count as u64).filter(|other| *other != index) {
                assert!(head.verify_inclusion(leaf, other, &proof).is_err());
            }
            let stranger = MerkleHash::of_leaf(b"stranger");
            assert!(head.verify_inclusion(stranger, index, &proof).is_err());
        }
        assert_eq!(refused(inclusion_proof(&leaves, count as u64)), ErrorKind::QuantityOutOfRange);
    }
    assert_eq!(refused(inclusion_proof(&[], 0)), ErrorKind::QuantityOutOfRange);
}

#[test]
fn every_tree_grew_out_of_every_smaller_one_and_of_no_other() {
    for count in 0..=33 {
        let leaves = leaves(count);
        let newer = TreeHead::over(&leaves);
        for size in 0..=count {
            let older = TreeHead::over(&leaves[..size]);
            let proof = consistency_proof(&leaves, size as u64).unwrap();
            older.verify_consistency(&newer, &proof).unwrap();
            for wrong in spoiled(&proof) {
                let result = older.verify_consistency(&newer, &wrong);
                assert_eq!(refused(result), ErrorKind::ProofInvalid, "{size} to {count}");
            }
            let mut forged = leaves[..size].to_vec();
            if let Some(last) = forged.last_mut() {
                *last = MerkleHash::of_leaf(b"stranger");
                let forged = TreeHead::over(&forged);
                assert!(forged.verify_consistency(&newer, &proof).is_err(), "{size} to {count}");
            }
            if size < count {
                assert!(newer.verify_consistency(&older, &proof).is_err(), "it shrank");
            }
        }
        let more = count as u64 + 1;
        assert_eq!(refused(consistency_proof(&leaves, more)), ErrorKind::QuantityOutOfRange);
    }
    let lie = TreeHead::new(0, MerkleHash::of_leaf(b"stranger"));
    assert!(lie.verify_consistency(&TreeHead::over(&leaves(3)), &[]).is_err());
}

#[test]
fn another_library_makes_and_takes_the_same_proofs() {
    let mut theirs = MemoryBackedTree::<Sha256, [u8; 8]>::new();
    for count in 1..=40_usize {
        theirs.push(entry(count - 1));
        let ours = leaves(count);
        let head = TreeHead::over(&ours);
        assert_eq!(head.root.as_bytes(), &theirs.root().as_bytes()[..]);
        let bytes = |proof: &[MerkleHash]| {
            proof.iter().flat_map(|hash| *hash.as_bytes()).collect::<Vec<u8>>()
        };
        for index in 0..count {
            let proof = bytes(&inclusion_proof(&ours, index as u64).unwrap());
            assert_eq!(proof, theirs.prove_inclusion(index).as_bytes());
            let proof = InclusionProof::try_from_bytes(proof).unwrap();
            theirs.root().verify_inclusion(&entry(index), index as u64, &proof).unwrap();
        }
        for older in 1..=count {
            let proof = bytes(&consistency_proof(&ours, older as u64).unwrap());
            assert_eq!(proof, theirs.prove_consistency(count - older).as_bytes());
            let root = *TreeHead::over(&ours[..older]).root.as_bytes();
            let root = RootHash::<Sha256>::new(root.into(), older as u64);
            let proof = ConsistencyProof::try_from_bytes(proof).unwrap();
            theirs.root().verify_consistency(&root, &proof).unwrap();
        }
    }
}

#[test]
fn a_tree_goes_on_from_its_peaks() {
    let mut whole = MerkleTree::new();
    for (leaf, size) in leaves(70).into_iter().zip(1..) {
        let mut resumed = MerkleTree::resume(whole.size(), whole.peaks().to_vec()).unwrap();
        resumed.append(leaf);
        whole.append(leaf);
        assert_eq!((&resumed, whole.size()), (&whole, size));
        assert_eq!(whole.peaks().len(), size.count_ones() as usize);
    }
    let peak = || vec![MerkleHash::of_leaf(b"")];
    assert_eq!(refused(MerkleTree::resume(3, peak())), ErrorKind::QuantityOutOfRange);
    assert_eq!(refused(MerkleTree::resume(0, peak())), ErrorKind::QuantityOutOfRange);
    assert!(MerkleTree::resume(1 << 62, peak()).is_ok());
    assert_eq!(refused(MerkleTree::resume(1 << 63, peak())), ErrorKind::QuantityOutOfRange);
    let full = vec![MerkleHash::of_leaf(b""); 63];
    assert!(MerkleTree::resume(TREE_SIZE_MAX, full).is_ok());
}

proptest! {
    #[test]
    fn prop_any_proof_about_any_size_is_answered(
        sizes: [u64; 2],
        index: u64,
        seeds in prop::collection::vec(any::<[u8; 32]>(), 0..70),
    ) {
        let proof: Vec<_> = seeds.into_iter().map(MerkleHash::from_bytes).collect();
        let [older, newer] = sizes.map(|size| TreeHead::new(size, MerkleHash::of_leaf(b"a")));
        prop_assert!(older.verify_inclusion(newer.root, index, &proof).is_err() || older.size == 1);
        let _ = older.verify_consistency(&newer, &proof);
    }

    #[test]
    fn prop_a_hash_survives_its_text(bytes: [u8; 32]) {
        let hash = MerkleHash::from_bytes(bytes);
        prop_assert_eq!(hash.to_string().parse::<MerkleHash>().unwrap(), hash);
        let json = serde_json::to_string(&TreeHead::new(7, hash)).unwrap();
        prop_assert_eq!(serde_json::from_str::<TreeHead>(&json).unwrap(), TreeHead::new(7, hash));
    }
}
