//! Checkpoints: whose they are, and that they are no documents.

#![expect(clippy::unwrap_used, reason = "a helper of a test may fail the test")]

use data_encoding::BASE64;
use mlicense_core::{
    document::{Checkpoint, Revocation, RevocationList},
    error::ErrorKind,
    signing::{
        KeyRole, RingKey, Signer, Trust,
        merkle::{MerkleHash, TREE_SIZE_MAX, TreeHead, consistency_proof},
        sha256,
    },
};

use crate::support::*;

fn read(note: &str, trust: &Trust) -> mlicense_core::error::Result<Checkpoint> {
    Checkpoint::verify(note.as_bytes(), ORIGIN, trust)
}

/// A note with any text under a true signature, made from the format's definition.
fn note(text: &str, signer: &Signer) -> String {
    let key = signer.public_key();
    let id = sha256(&[ORIGIN.as_bytes(), b"\n\x01", key.as_bytes()].concat());
    let signature = [id.split_at(4).0, &signer.sign(text.as_bytes()).unwrap()].concat();
    format!("{text}\n\u{2014} {ORIGIN} {}\n", BASE64.encode(&signature))
}

fn for_checkpoints(signer: &Signer) -> RingKey {
    let mut key = ring_key(signer);
    key.role = Some(KeyRole::Checkpoints);
    key
}

#[test]
fn a_checkpoint_has_the_lines_of_the_format() {
    let hash = "bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=";
    let head = TreeHead::over(&[MerkleHash::of_leaf(b"")]);
    let checkpoint = Checkpoint::new(ORIGIN, head).unwrap();
    let expected = note(&format!("{ORIGIN}\n1\n{hash}\n"), &root());
    assert_eq!(checkpoint.sign(&root()).unwrap(), expected);
    assert_eq!(read(&expected, &only_roots()).unwrap(), checkpoint);
    let key = checkpoint.verifier_key(&root().public_key());
    assert!(key.starts_with("example.com/history+"), "{key}");
}

#[test]
fn two_checkpoints_show_that_nothing_was_rewritten() {
    let [older, newer] = [5, 13]
        .map(|size| read(&checkpoint(size).sign(&root()).unwrap(), &only_roots()).unwrap().head());
    let proof = consistency_proof(&leaves(13), 5).unwrap();
    older.verify_consistency(&newer, &proof).unwrap();
    let mut rewritten = leaves(13);
    rewritten[2] = MerkleHash::of_leaf(b"another event");
    let newer = TreeHead::over(&rewritten);
    let proof = consistency_proof(&rewritten, 5).unwrap();
    assert_eq!(refusal(older.verify_consistency(&newer, &proof)), ErrorKind::ProofInvalid);
}

#[test]
fn only_a_key_for_checkpoints_signs_them() {
    let note = checkpoint(3).sign(&daily()).unwrap();
    for role in [None, Some(KeyRole::Answers), Some(KeyRole::Licenses)] {
        let mut key = ring_key(&daily());
        key.role = role;
        let result = read(&note, &with_ring(vec![key]));
        assert_eq!(refusal(result), ErrorKind::KeyNotTrusted, "{role:?}");
    }
    read(&note, &with_ring(vec![for_checkpoints(&daily())])).unwrap();
    assert_eq!(refusal(read(&note, &only_roots())), ErrorKind::KeyNotTrusted);
}

#[test]
fn a_retired_key_keeps_its_checkpoints_and_a_revoked_one_does_not() {
    let note = checkpoint(3).sign(&daily()).unwrap();
    let mut key = for_checkpoints(&daily());
    key.valid_until = Some(at("2026-01-02T00:00:00Z"));
    read(&note, &with_ring(vec![key.clone()])).unwrap();
    key.revoked_at = Some(at("2026-06-01T00:00:00Z"));
    assert_eq!(refusal(read(&note, &with_ring(vec![key]))), ErrorKind::KeyNotTrusted);

    let mut trust = with_ring(vec![for_checkpoints(&daily())]);
    let mut claims = revocation_claims(1);
    let entry = Revocation::new(claims.issued_at, "stolen");
    claims.keys.insert(daily().key_id(), entry);
    let list = RevocationList::issue(&claims, &root()).unwrap();
    let list = RevocationList::verify(list.as_bytes(), &trust).unwrap();
    trust.renew_revocations(list).unwrap();
    assert_eq!(refusal(read(&note, &trust)), ErrorKind::KeyNotTrusted);
}

#[test]
fn a_checkpoint_of_another_history_is_refused() {
    let other = Checkpoint::new("example.com/other", TreeHead::over(&[])).unwrap();
    // Its key has another name, so it is a stranger's.
    assert_eq!(
        refusal(read(&other.sign(&root()).unwrap(), &only_roots())),
        ErrorKind::KeyNotTrusted
    );
    let text = "example.com/other\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
    let result = read(&note(text, &root()), &only_roots());
    assert_eq!(refusal(result), ErrorKind::OtherOrigin);
    for origin in ["", "two words", "a+b", &"a".repeat(129)] {
        let result = Checkpoint::verify(text.as_bytes(), origin, &only_roots());
        assert_eq!(refusal(result), ErrorKind::FieldInvalid);
        assert_eq!(refusal(Checkpoint::new(origin, TreeHead::over(&[]))), ErrorKind::FieldInvalid);
    }
}

#[test]
fn only_the_lines_of_a_checkpoint_are_one() {
    let hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    let result = |text: &str| read(&note(text, &root()), &only_roots());
    for text in [
        format!("{ORIGIN}\n0\n{hash}\n"),
        format!("{ORIGIN}\n9223372036854775807\n{hash}\n"),
        format!("{ORIGIN}\n7\n{hash}\nnote for later\nanother\n"),
    ] {
        result(&text).unwrap();
    }
    for text in [
        "\n".into(),
        format!("{ORIGIN}\n0\n"),
        format!("{ORIGIN}\n00\n{hash}\n"),
        format!("{ORIGIN}\n+1\n{hash}\n"),
        format!("{ORIGIN}\n-1\n{hash}\n"),
        format!("{ORIGIN}\n 1\n{hash}\n"),
        format!("{ORIGIN}\n9223372036854775808\n{hash}\n"),
        format!("{ORIGIN}\n1\n{}\n", hash.trim_end_matches('=')),
        format!("{ORIGIN}\n1\n{}\n", hash.replace('+', "-").replace('/', "_")),
        format!("{ORIGIN}\n1\n\n{hash}\n"),
        format!("{ORIGIN}\n1\n{hash}\n\n"),
        format!("\n1\n{hash}\n"),
    ] {
        assert_eq!(refusal(result(&text)), ErrorKind::DocumentMalformed, "{text:?}");
    }
    let head = |size| TreeHead::new(size, MerkleHash::of_leaf(b""));
    assert!(Checkpoint::new(ORIGIN, head(TREE_SIZE_MAX)).is_ok());
    let result = Checkpoint::new(ORIGIN, head(TREE_SIZE_MAX + 1));
    assert_eq!(refusal(result), ErrorKind::QuantityOutOfRange);
}

#[test]
fn every_flipped_bit_and_every_truncation_of_a_checkpoint_is_noticed() {
    let note = checkpoint(300).sign(&root()).unwrap();
    for place in 0..note.len() {
        for bit in 0..8 {
            let mut bytes = note.clone().into_bytes();
            bytes[place] ^= 1 << bit;
            let result = Checkpoint::verify(&bytes, ORIGIN, &only_roots());
            assert!(result.is_err(), "bit {bit} of byte {place}");
        }
        let start = note.as_bytes().split_at(place).0;
        assert!(Checkpoint::verify(start, ORIGIN, &only_roots()).is_err(), "{place}");
    }
}

#[test]
fn no_checkpoint_is_a_document_and_no_document_a_checkpoint() {
    let note = checkpoint(1).sign(&root()).unwrap();
    for (document_type, document) in one_of_each(&root()) {
        let result = verify_as(document_type, note.as_bytes(), &only_roots());
        assert_eq!(refusal(result), ErrorKind::DocumentMalformed);
        let result = Checkpoint::verify(document.as_bytes(), ORIGIN, &only_roots());
        assert_eq!(refusal(result), ErrorKind::DocumentMalformed);
    }
}
