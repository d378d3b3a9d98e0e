//! Replays `vectors/documents.json`, which readers in other languages replay too.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a helper of a test may fail the test")]

#[expect(dead_code, reason = "its `main` is not called here")]
#[path = "../examples/make_document_vectors.rs"]
mod make;

use mlicense_core::{
    document::{Answer, DocumentType, License, Request, RevocationList, TimeToken},
    error::Result,
    signing::{KeyRing, KeyRingClaims, PublicKey, Trust},
};
use serde::Deserialize;
use serde_json::Value;

const FILE: &str = include_str!("vectors/documents.json");

#[derive(Deserialize)]
struct File {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    number: usize,
    name: String,
    wanted: DocumentType,
    roots: Vec<String>,
    key_ring: Option<String>,
    document: String,
    expect: Expect,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Expect {
    Claims(Value),
    Refusal(String),
}

impl Case {
    fn read(&self) -> Result<Value> {
        let bytes = self.document.as_bytes();
        let roots = self.roots.iter().map(|root| PublicKey::from_base64url(root));
        let roots: Vec<_> = roots.collect::<Result<_>>()?;
        let ring = self.key_ring.as_ref().map(|ring| KeyRing::verify(ring.as_bytes(), &roots));
        let trust = Trust::new(&roots, ring.transpose()?)?;
        let claims = match self.wanted {
            DocumentType::Answer => serde_json::to_value(Answer::verify(bytes, &trust)?.claims()),
            DocumentType::KeyRing => {
                let ring = KeyRing::verify(bytes, &roots)?;
                let keys = ring.keys().cloned().collect();
                serde_json::to_value(KeyRingClaims::new(ring.number(), ring.issued_at(), keys))
            }
            DocumentType::License => serde_json::to_value(License::verify(bytes, &trust)?.claims()),
            DocumentType::Request => serde_json::to_value(Request::verify(bytes)?.fields()),
            DocumentType::Revocations => {
                serde_json::to_value(RevocationList::verify(bytes, &trust)?.claims())
            }
            DocumentType::Time => serde_json::to_value(TimeToken::verify(bytes, &trust)?.claims()),
            other => panic!("no reader for {other:?}"),
        };
        Ok(claims.unwrap())
    }
}

#[test]
fn every_vector_reads_as_expected() {
    let file: File = serde_json::from_str(FILE).unwrap();
    for (case, number) in file.cases.iter().zip(1..) {
        let outcome = match case.read() {
            Ok(claims) => Expect::Claims(claims),
            Err(refusal) => Expect::Refusal(refusal.kind().name().to_owned()),
        };
        assert_eq!(outcome, case.expect, "case {} {}", case.number, case.name);
        assert_eq!(case.number, number);
    }
    assert!(file.cases.len() > 110, "{} cases", file.cases.len());
}

#[test]
fn the_vectors_are_made_again_byte_by_byte() {
    assert!(
        make::document_vectors().unwrap() == FILE,
        "run `cargo run -p mlicense-core --example make_document_vectors` and compare"
    );
}
