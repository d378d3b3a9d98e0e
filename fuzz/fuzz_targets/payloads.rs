//! Any payload under a true signature, as from a vendor whose program is at fault. The first byte
//! chooses the type of the document.
#![no_main]

use std::sync::LazyLock;

use data_encoding::BASE64URL_NOPAD;
use libfuzzer_sys::fuzz_target;
use mlicense_core::{
    document::{Answer, DocumentType, License, Request, RevocationList, TimeToken},
    signing::{KeyRing, KeyRingClaims, Signer, Trust},
};

static ROOT: LazyLock<Signer> = LazyLock::new(|| Signer::from_seed([1; 32]));
static TRUST: LazyLock<Trust> =
    LazyLock::new(|| Trust::new(&[ROOT.public_key()], None).expect("no ring"));

fuzz_target!(|input: &[u8]| {
    let Some((choice, payload)) = input.split_first() else { return };
    let document_type = DocumentType::ALL[usize::from(*choice) % DocumentType::ALL.len()];
    let document = signed(document_type, payload);
    let (bytes, roots) = (document.as_bytes(), [ROOT.public_key()]);
    // What is read can be written again, and reads the same.
    match document_type {
        DocumentType::Answer => {
            let Ok(answer) = Answer::verify(bytes, &TRUST) else { return };
            let again = Answer::write(answer.claims(), &ROOT).expect("claims that were read");
            let again = Answer::verify(again.as_bytes(), &TRUST).expect("a good answer");
            assert_eq!(again.claims(), answer.claims());
        }
        DocumentType::KeyRing => {
            let Ok(ring) = KeyRing::verify(bytes, &roots) else { return };
            let keys: Vec<_> = ring.keys().cloned().collect();
            // A ring whose keys all have unknown roles has none left to be written.
            if !keys.is_empty() {
                let claims = KeyRingClaims::new(ring.number(), ring.issued_at(), keys);
                let again = KeyRing::issue(&claims, &ROOT).expect("claims that were read");
                assert_eq!(KeyRing::verify(again.as_bytes(), &roots).expect("a good ring"), ring);
            }
        }
        DocumentType::License => {
            let Ok(license) = License::verify(bytes, &TRUST) else { return };
            if cfg!(feature = "planted") {
                planted(&license);
            }
            let again = License::issue(license.claims(), &ROOT).expect("claims that were read");
            assert_eq!(License::verify(again.as_bytes(), &TRUST).expect("a good licence"), license);
        }
        DocumentType::Request => {
            let Ok(request) = Request::verify(bytes) else { return };
            let again = Request::write(request.fields(), &ROOT).expect("fields that were read");
            assert_eq!(Request::verify(again.as_bytes()).expect("a good request"), request);
        }
        DocumentType::Revocations => {
            let Ok(list) = RevocationList::verify(bytes, &TRUST) else { return };
            let again = RevocationList::issue(list.claims(), &ROOT).expect("claims that were read");
            let again = RevocationList::verify(again.as_bytes(), &TRUST).expect("a good list");
            assert_eq!(again, list);
        }
        DocumentType::Time => {
            let Ok(token) = TimeToken::verify(bytes, &TRUST) else { return };
            let again = TimeToken::issue(token.claims(), &ROOT).expect("claims that were read");
            assert_eq!(TimeToken::verify(again.as_bytes(), &TRUST).expect("a good token"), token);
        }
        other => panic!("no reader of {other:?}"),
    }
});

/// The fault that `make fuzz-planted` must find: a reader with room for 64 bytes of a text that may
/// have 256, in a payload that holds in every other way.
fn planted(license: &License) {
    let licensee = license.claims().licensee.as_deref().unwrap_or_default();
    assert!(licensee.len() <= 64, "the planted fault");
}

fn signed(document_type: DocumentType, payload: &[u8]) -> String {
    let (kid, typ) = (ROOT.key_id(), document_type.typ());
    let jwk = match document_type {
        DocumentType::Request => {
            format!(r#""jwk":{{"crv":"Ed25519","kty":"OKP","x":"{}"}},"#, ROOT.public_key())
        }
        _ => String::new(),
    };
    let header = format!(r#"{{"alg":"EdDSA",{jwk}"kid":"{kid}","typ":"{typ}"}}"#);
    let parts = [header.as_bytes(), payload].map(|part| BASE64URL_NOPAD.encode(part));
    let text = parts.join(".");
    let signature = BASE64URL_NOPAD.encode(&ROOT.sign(text.as_bytes()).unwrap());
    format!("{text}.{signature}")
}
