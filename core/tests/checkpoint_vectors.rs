//! Replays `vectors/checkpoints.json`, which readers in other languages may replay too.

#[expect(dead_code, reason = "its `main` is not called here")]
#[path = "../examples/make_checkpoint_vectors.rs"]
mod make;

use make::{Expect, File, NoteCase};
use mlicense_core::{
    document::Checkpoint,
    error::Result,
    signing::{KeyRing, PublicKey, Trust},
};

const FILE: &str = include_str!("vectors/checkpoints.json");

/// What comes of reading a note.
fn read(case: &NoteCase) -> Result<Expect> {
    let roots: Vec<PublicKey> =
        case.roots.iter().map(|root| root.parse()).collect::<Result<_>>()?;
    let ring = case.key_ring.as_ref().map(|ring| KeyRing::verify(ring.as_bytes(), &roots));
    let trust = Trust::new(&roots, ring.transpose()?)?;
    Ok(match Checkpoint::verify(case.note.as_bytes(), &case.origin, &trust) {
        Ok(checkpoint) => Expect::Head(checkpoint.head()),
        Err(refusal) => Expect::Refusal(refusal.kind().name().into()),
    })
}

#[test]
fn every_vector_reads_as_expected() {
    let file: File = serde_json::from_str(FILE).unwrap();
    for case in &file.checkpoints {
        assert_eq!(read(case).unwrap(), case.expect, "{}", case.name);
    }
    for case in &file.inclusion {
        let result = case.head.verify_inclusion(case.leaf, case.index, &case.proof);
        assert_eq!(result.is_ok(), case.holds, "{} in {:?}", case.index, case.head);
    }
    for case in &file.consistency {
        let result = case.older.verify_consistency(&case.newer, &case.proof);
        assert_eq!(result.is_ok(), case.holds, "{:?} to {:?}", case.older, case.newer);
    }
    assert_eq!((file.checkpoints.len(), file.inclusion.len()), (14, 28));
    assert_eq!(file.consistency.len(), 24);
}

#[test]
fn the_vectors_are_made_again_byte_by_byte() {
    assert!(
        make::checkpoint_vectors().unwrap() == FILE,
        "run `cargo run -p mlicense-core --example make_checkpoint_vectors` and compare"
    );
}
