//! Any proof about any tree is answered, and a proof that was made is taken. The first bytes are
//! sizes and places, the others hashes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mlicense_core::signing::merkle::{MerkleHash, TreeHead, consistency_proof, inclusion_proof};

fuzz_target!(|input: (u64, u64, u8, u8, Vec<[u8; 32]>)| {
    let (older, newer, place, count, hashes) = input;
    let proof: Vec<_> = hashes.into_iter().map(MerkleHash::from_bytes).collect();
    let root = proof.first().copied().unwrap_or(MerkleHash::of_leaf(b""));
    let heads = [older, newer].map(|size| TreeHead::new(size, root));
    let _ = heads[0].verify_consistency(&heads[1], &proof);
    let _ = heads[0].verify_inclusion(root, newer, &proof);

    let leaves: Vec<_> = (0..count).map(|n| MerkleHash::of_leaf(&[n])).collect();
    let head = TreeHead::over(&leaves);
    if let Ok(path) = inclusion_proof(&leaves, place.into()) {
        let leaf = MerkleHash::of_leaf(&[place]);
        head.verify_inclusion(leaf, place.into(), &path).expect("a proof that was made");
        assert!(path == proof || head.verify_inclusion(leaf, place.into(), &proof).is_err());
    }
    if let Ok(path) = consistency_proof(&leaves, place.into()) {
        let part = TreeHead::over(&leaves[..place.into()]);
        part.verify_consistency(&head, &path).expect("a proof that was made");
        assert!(path == proof || part.verify_consistency(&head, &proof).is_err());
    }
});
