//! What passes for a document, and what does not.

#![expect(clippy::unwrap_used, reason = "a helper of a test may fail the test")]

use data_encoding::{BASE64, BASE64URL_NOPAD};
use mlicense_core::{
    document::{Checkpoint, DOCUMENT_BYTES_MAX, DocumentType, License, Request},
    error::{ErrorKind, Result},
};

use crate::support::*;

/// What a reader can be asked for: a document of a type, or with `None` a checkpoint.
fn places() -> impl Iterator<Item = Option<DocumentType>> {
    DocumentType::ALL.into_iter().map(Some).chain([None])
}

/// One document of each kind, all under the same key.
fn offered() -> Vec<(Option<DocumentType>, String)> {
    let documents = one_of_each(&root()).into_iter().map(|(kind, text)| (Some(kind), text));
    documents.chain([(None, checkpoint(3).sign(&root()).unwrap())]).collect()
}

fn read_at(place: Option<DocumentType>, document: &str) -> Result<()> {
    match place {
        Some(wanted) => verify_as(wanted, document.as_bytes(), &only_roots()),
        None => Checkpoint::verify(document.as_bytes(), ORIGIN, &only_roots()).map(drop),
    }
}

/// A reader that looks at the signature alone, in whatever form it comes.
fn careless(document: &str) -> bool {
    let (text, signature) = match document.split_once("\n\n") {
        Some((text, lines)) => {
            let signature = lines.trim_end().rsplit(' ').next().unwrap();
            let signature = BASE64.decode(signature.as_bytes()).unwrap();
            (format!("{text}\n"), signature.split_at(4).1.to_vec())
        }
        None => {
            let (text, signature) = document.rsplit_once('.').unwrap();
            (text.to_owned(), BASE64URL_NOPAD.decode(signature.as_bytes()).unwrap())
        }
    };
    root().public_key().verify(text.as_bytes(), &signature).is_ok()
}

#[test]
fn no_document_passes_for_another() {
    let (mut accepted, mut refused, mut by_careless) = (0, 0, 0);
    for (kind, document) in offered() {
        for place in places() {
            match read_at(place, &document) {
                Ok(()) => {
                    assert_eq!(place, kind);
                    accepted += 1;
                }
                Err(refusal) => {
                    let form = kind.is_none() || place.is_none();
                    let expected = if form {
                        ErrorKind::DocumentMalformed
                    } else {
                        ErrorKind::DocumentWrongType
                    };
                    assert_eq!(refusal.kind(), expected, "{kind:?} as {place:?}");
                    refused += 1;
                }
            }
            // Nothing but the kind stands in the way: the signature itself holds everywhere.
            by_careless += u32::from(careless(&document));
        }
    }
    assert_eq!((accepted, refused, by_careless), (7, 42, 49));
}

#[test]
fn a_document_whose_type_was_changed_is_refused() {
    for (document_type, document) in one_of_each(&root()) {
        let (header, rest) = document.split_once('.').unwrap();
        let header = String::from_utf8(BASE64URL_NOPAD.decode(header.as_bytes()).unwrap()).unwrap();
        for wanted in DocumentType::ALL.into_iter().filter(|wanted| *wanted != document_type) {
            let header = header.replace(document_type.typ(), wanted.typ());
            let forged = format!("{}.{rest}", BASE64URL_NOPAD.encode(header.as_bytes()));
            let result = verify_as(wanted, forged.as_bytes(), &only_roots());
            assert!(result.is_err(), "{document_type:?} as {wanted:?}");
        }
    }
}

#[test]
fn every_flipped_bit_of_a_document_is_noticed() {
    for (document_type, document) in one_of_each(&root()) {
        for place in 0..document.len() {
            for bit in 0..8 {
                let mut bytes = document.clone().into_bytes();
                bytes[place] ^= 1 << bit;
                let result = verify_as(document_type, &bytes, &only_roots());
                assert!(result.is_err(), "{document_type:?}: bit {bit} of byte {place}");
            }
        }
    }
}

#[test]
fn a_request_with_one_changed_byte_is_refused() {
    let document = request(&installation());
    for place in 0..document.len() {
        let mut bytes = document.clone().into_bytes();
        bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
        assert!(Request::verify(&bytes).is_err(), "byte {place}");
    }
}

#[test]
fn every_truncation_of_a_document_is_noticed() {
    for (document_type, document) in one_of_each(&root()) {
        for length in 0..document.len() {
            let start = document.as_bytes().split_at(length).0;
            assert!(verify_as(document_type, start, &only_roots()).is_err(), "{length}");
        }
    }
}

#[test]
fn a_kind_written_as_an_object_is_refused() {
    let claims = serde_json::to_string(&license_claims("2026-03-01T09:30:00Z")).unwrap();
    let object = claims.replace(r#""subscription""#, r#"{"subscription":null}"#);
    assert_ne!(object, claims);
    let document = signed(DocumentType::License, &object, &root());
    let result = verify_as(DocumentType::License, document.as_bytes(), &only_roots());
    assert_eq!(refusal(result), ErrorKind::JsonInvalid);
}

#[test]
fn a_licence_of_64_kib_is_taken_and_a_longer_one_refused() {
    let claims = serde_json::to_string(&license_claims("2026-03-01T09:30:00Z")).unwrap();
    let sized = |size: usize| {
        let short = signed(DocumentType::License, &claims, &root()).len();
        // Spaces within the payload; three of its bytes are four of the document.
        let spaces = (size - short) / 4 * 3;
        (spaces..spaces + 6)
            .map(|spaces| {
                let payload = claims.replacen('{', &format!("{{{}", " ".repeat(spaces)), 1);
                signed(DocumentType::License, &payload, &root())
            })
            .find(|document| document.len() >= size)
            .unwrap()
    };
    let full = sized(DOCUMENT_BYTES_MAX);
    assert_eq!(full.len(), DOCUMENT_BYTES_MAX);
    License::verify(full.as_bytes(), &only_roots()).unwrap();
    let longer = sized(DOCUMENT_BYTES_MAX + 1);
    let result = License::verify(longer.as_bytes(), &only_roots());
    assert_eq!(refusal(result), ErrorKind::InputTooLarge);
}

#[test]
fn what_a_trusted_key_signed_is_still_read_strictly() {
    let good = serde_json::to_string(&license_claims("2026-03-01T09:30:00Z")).unwrap();
    let read = |payload: &str| {
        let document = signed(DocumentType::License, payload, &root());
        License::verify(document.as_bytes(), &only_roots())
    };
    let with = |member: &str| good.replacen('{', &format!("{{{member},"), 1);
    read(&good).unwrap();
    read(&with(r#""newer":{"a":[1,2]}"#)).unwrap();
    for payload in [
        with(r#""aud":"viewer""#),
        with(r#""newer":{"a":1,"a":2}"#),
        with(r#""newer":1.5"#),
        good.replace("1772323200", "1772323200.0"),
        good.replace("1772323200", "-1"),
        good.replace("subscription", "everything"),
        good.replace("\"2026-03-01\"", "\"2026-02-30\""),
        format!("{good}{good}"),
        "[]".into(),
        String::new(),
    ] {
        assert_eq!(refusal(read(&payload)), ErrorKind::JsonInvalid, "{payload}");
    }
    let critical = with(r#""newer":1,"crit":["newer"]"#);
    assert_eq!(refusal(read(&critical)), ErrorKind::MemberUnknown);
    let reversed = good.replace("1803859200", "1772323100").replace("2027-03-01", "2026-02-28");
    assert_eq!(refusal(read(&reversed)), ErrorKind::ClaimsContradictory);
}

#[test]
fn an_array_of_values_does_not_pass_for_an_object() {
    let good = serde_json::to_string(&license_claims("2026-03-01T09:30:00Z")).unwrap();
    let read = |payload: &str| {
        let document = signed(DocumentType::License, payload, &root());
        License::verify(document.as_bytes(), &only_roots())
    };
    let start = r#"{"day":"2026-03-01","at":1772323200}"#;
    assert!(good.contains(start));
    for payload in [
        good.replace(start, r#"["2026-03-01",1772323200]"#),
        good.replace(r#""features":{}"#, r#""features":{"export":[5,null,null]}"#),
        good.replace(r#""features":{}"#, r#""features":{},"host":[1,[["board","0a1b",1]]]"#),
        format!(
            r#"[null,null,"editor",null,1772357400,null,"perpetual",{{"from":{start}}},null,null,
            null,{{}},null,null,null,null]"#
        ),
    ] {
        let result = read(&payload);
        assert_eq!(refusal(result), ErrorKind::JsonInvalid, "{payload}");
    }
    let header = format!(r#"["EdDSA",null,"{}","mlicense-license+jwt"]"#, root().key_id());
    let parts = [header.as_bytes(), good.as_bytes()].map(|part| BASE64URL_NOPAD.encode(part));
    let text = parts.join(".");
    let signature = BASE64URL_NOPAD.encode(&root().sign(text.as_bytes()).unwrap());
    let document = format!("{text}.{signature}");
    let result = License::verify(document.as_bytes(), &only_roots());
    assert_eq!(refusal(result), ErrorKind::DocumentMalformed);
}

#[test]
fn the_same_claims_and_key_give_the_same_text() {
    assert_eq!(license("2026-03-01T09:30:00Z", &root()), license("2026-03-01T09:30:00Z", &root()));
}
