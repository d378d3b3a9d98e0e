//! Keys, claims and documents of all types.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a helper of a test may fail the test")]

use data_encoding::BASE64URL_NOPAD;
use mlicense_core::{
    document::{
        Answer, AnswerClaims, Checkpoint, DocumentType, License, LicenseClaims, Moment, Nonce,
        Request, RequestFields, RequestKind, Revocation, RevocationClaims, RevocationList, Span,
        TimeClaims, TimeToken,
    },
    error::{ErrorKind, Result},
    id::ProductId,
    signing::{
        KeyRing, KeyRingClaims, RingKey, Signer, Trust,
        merkle::{MerkleHash, TreeHead},
    },
    time::Instant,
};

pub(crate) const ORIGIN: &str = "example.com/history";

pub(crate) fn root() -> Signer {
    Signer::from_seed([1; 32])
}

pub(crate) fn daily() -> Signer {
    Signer::from_seed([2; 32])
}

pub(crate) fn installation() -> Signer {
    Signer::from_seed([3; 32])
}

pub(crate) fn thief() -> Signer {
    Signer::from_seed([4; 32])
}

pub(crate) fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

pub(crate) fn product() -> ProductId {
    "editor".parse().unwrap()
}

pub(crate) fn nonce() -> Nonce {
    Nonce::from_entropy([9; 16])
}

pub(crate) fn only_roots() -> Trust {
    Trust::new(&[root().public_key()], None).unwrap()
}

pub(crate) fn license_claims(issued_at: &str) -> LicenseClaims {
    let from = Moment::utc("2026-03-01".parse().unwrap());
    let until = Moment::utc("2027-03-01".parse().unwrap());
    let licensed = Span::between(from, until);
    LicenseClaims::subscription(product(), "Example Ltd", at(issued_at), licensed)
}

pub(crate) fn license(issued_at: &str, signer: &Signer) -> String {
    License::issue(&license_claims(issued_at), signer).unwrap()
}

pub(crate) fn request(signer: &Signer) -> String {
    let issued_at = at("2026-03-01T09:30:00Z");
    let fields = RequestFields::new(RequestKind::Refresh, product(), nonce(), issued_at);
    Request::write(&fields, signer).unwrap()
}

pub(crate) fn answer_claims() -> AnswerClaims {
    let issued_at = at("2026-03-01T09:30:00Z");
    AnswerClaims::new(nonce(), installation().key_id(), product(), issued_at)
}

/// A list that names one licence, and is due again a week later.
pub(crate) fn revocation_claims(number: u64) -> RevocationClaims {
    let now = at("2026-03-01T09:30:00Z");
    let mut claims = RevocationClaims::new(number, now, at("2026-03-08T09:30:00Z"));
    claims.licenses.insert("L-7".into(), Revocation::new(now, "refunded"));
    claims
}

pub(crate) fn revocations(number: u64, signer: &Signer) -> String {
    RevocationList::issue(&revocation_claims(number), signer).unwrap()
}

pub(crate) fn time_token(signer: &Signer) -> String {
    let claims = TimeClaims::new(nonce(), installation().key_id(), at("2026-03-01T09:30:00Z"));
    TimeToken::issue(&claims, signer).unwrap()
}

pub(crate) fn leaves(count: u64) -> Vec<MerkleHash> {
    (0..count).map(|n| MerkleHash::of_leaf(&n.to_be_bytes())).collect()
}

pub(crate) fn checkpoint(size: u64) -> Checkpoint {
    Checkpoint::new(ORIGIN, TreeHead::over(&leaves(size))).unwrap()
}

pub(crate) fn ring_key(signer: &Signer) -> RingKey {
    RingKey::new(signer.public_key(), at("2026-01-01T00:00:00Z"))
}

pub(crate) fn ring(number: u64, keys: Vec<RingKey>, root: &Signer) -> String {
    let claims = KeyRingClaims::new(number, at("2026-01-01T00:00:00Z"), keys);
    KeyRing::issue(&claims, root).unwrap()
}

pub(crate) fn with_ring(keys: Vec<RingKey>) -> Trust {
    let roots = [root().public_key()];
    let ring = KeyRing::verify(ring(1, keys, &root()).as_bytes(), &roots).unwrap();
    Trust::new(&roots, Some(ring)).unwrap()
}

/// A correctly signed document with any payload.
pub(crate) fn signed(document_type: DocumentType, payload: &str, signer: &Signer) -> String {
    let kid = signer.key_id();
    let header = format!(r#"{{"alg":"EdDSA","kid":"{kid}","typ":"{}"}}"#, document_type.typ());
    let parts = [header.as_bytes(), payload.as_bytes()].map(|part| BASE64URL_NOPAD.encode(part));
    let text = parts.join(".");
    let signature = BASE64URL_NOPAD.encode(&signer.sign(text.as_bytes()).unwrap());
    format!("{text}.{signature}")
}

pub(crate) fn verify_as(document_type: DocumentType, bytes: &[u8], trust: &Trust) -> Result<()> {
    let roots: Vec<_> = trust.roots().copied().collect();
    match document_type {
        DocumentType::Answer => Answer::verify(bytes, trust).map(drop),
        DocumentType::KeyRing => KeyRing::verify(bytes, &roots).map(drop),
        DocumentType::License => License::verify(bytes, trust).map(drop),
        DocumentType::Request => Request::verify(bytes).map(drop),
        DocumentType::Revocations => RevocationList::verify(bytes, trust).map(drop),
        DocumentType::Time => TimeToken::verify(bytes, trust).map(drop),
        other => panic!("no reader for {other:?}"),
    }
}

pub(crate) fn refusal(result: Result<impl Sized>) -> ErrorKind {
    result.err().map(|refusal| refusal.kind()).unwrap()
}

/// One document of each type, all signed by the same key.
pub(crate) fn one_of_each(signer: &Signer) -> Vec<(DocumentType, String)> {
    DocumentType::ALL
        .into_iter()
        .map(|document_type| {
            let document = match document_type {
                DocumentType::Answer => Answer::write(&answer_claims(), signer).unwrap(),
                DocumentType::KeyRing => ring(1, vec![ring_key(&daily())], signer),
                DocumentType::License => license("2026-03-01T09:30:00Z", signer),
                DocumentType::Request => request(signer),
                DocumentType::Revocations => revocations(1, signer),
                DocumentType::Time => time_token(signer),
                other => panic!("no sample of {other:?}"),
            };
            (document_type, document)
        })
        .collect()
}
