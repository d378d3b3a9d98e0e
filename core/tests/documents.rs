//! What passes for a document, and what does not, seen from outside.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a helper of a test may fail the test")]

use std::collections::BTreeMap;

use data_encoding::BASE64URL_NOPAD;
use mlicense_core::{
    document::{
        Answer, AnswerClaims, DOCUMENT_BYTES_MAX, DocumentType, License, LicenseClaims, Moment,
        Nonce, Request, RequestFields, RequestKind, Span,
    },
    error::{ErrorKind, Result},
    id::ProductId,
    signing::{
        KeyRing, KeyRingClaims, KeyRole, PublicKey, RING_KEYS_MAX, RingKey, Signer, Trust, sha256,
    },
    time::Instant,
};

fn root() -> Signer {
    Signer::from_seed([1; 32])
}

fn daily() -> Signer {
    Signer::from_seed([2; 32])
}

fn installation() -> Signer {
    Signer::from_seed([3; 32])
}

fn thief() -> Signer {
    Signer::from_seed([4; 32])
}

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn product() -> ProductId {
    "editor".parse().unwrap()
}

fn nonce() -> Nonce {
    Nonce::from_entropy([9; 16])
}

fn only_roots() -> Trust {
    Trust::new(&[root().public_key()], None).unwrap()
}

fn license_claims(issued_at: &str) -> LicenseClaims {
    let from = Moment::utc("2026-03-01".parse().unwrap());
    let until = Moment::utc("2027-03-01".parse().unwrap());
    let licensed = Span::between(from, until);
    LicenseClaims::subscription(product(), "Example Ltd", at(issued_at), licensed)
}

fn license(issued_at: &str, signer: &Signer) -> String {
    License::issue(&license_claims(issued_at), signer).unwrap()
}

fn request(signer: &Signer) -> String {
    let issued_at = at("2026-03-01T09:30:00Z");
    let fields = RequestFields::new(RequestKind::Refresh, product(), nonce(), issued_at);
    Request::write(&fields, signer).unwrap()
}

fn answer_claims() -> AnswerClaims {
    let issued_at = at("2026-03-01T09:30:00Z");
    AnswerClaims::new(nonce(), installation().key_id(), product(), issued_at)
}

fn ring_key(signer: &Signer) -> RingKey {
    RingKey::new(signer.public_key(), at("2026-01-01T00:00:00Z"))
}

fn ring(number: u64, keys: Vec<RingKey>, root: &Signer) -> String {
    let claims = KeyRingClaims::new(number, at("2026-01-01T00:00:00Z"), keys);
    KeyRing::issue(&claims, root).unwrap()
}

fn with_ring(keys: Vec<RingKey>) -> Trust {
    let roots = [root().public_key()];
    let ring = KeyRing::verify(ring(1, keys, &root()).as_bytes(), &roots).unwrap();
    Trust::new(&roots, Some(ring)).unwrap()
}

/// A correctly signed document with any payload.
fn signed(document_type: DocumentType, payload: &str, signer: &Signer) -> String {
    let kid = signer.key_id();
    let header = format!(r#"{{"alg":"EdDSA","kid":"{kid}","typ":"{}"}}"#, document_type.typ());
    let parts = [header.as_bytes(), payload.as_bytes()].map(|part| BASE64URL_NOPAD.encode(part));
    let text = parts.join(".");
    let signature = BASE64URL_NOPAD.encode(&signer.sign(text.as_bytes()));
    format!("{text}.{signature}")
}

fn verify_as(document_type: DocumentType, bytes: &[u8], trust: &Trust) -> Result<()> {
    let roots: Vec<_> = trust.roots().copied().collect();
    match document_type {
        DocumentType::Answer => Answer::verify(bytes, trust).map(drop),
        DocumentType::KeyRing => KeyRing::verify(bytes, &roots).map(drop),
        DocumentType::License => License::verify(bytes, trust).map(drop),
        DocumentType::Request => Request::verify(bytes).map(drop),
        other => panic!("no reader for {other:?}"),
    }
}

fn refusal(result: Result<impl Sized>) -> ErrorKind {
    result.err().map(|refusal| refusal.kind()).unwrap()
}

/// One document of each type, all signed by the same key.
fn one_of_each() -> Vec<(DocumentType, String)> {
    DocumentType::ALL
        .into_iter()
        .map(|document_type| {
            let document = match document_type {
                DocumentType::Answer => Answer::write(&answer_claims(), &root()).unwrap(),
                DocumentType::KeyRing => ring(1, vec![ring_key(&daily())], &root()),
                DocumentType::License => license("2026-03-01T09:30:00Z", &root()),
                DocumentType::Request => request(&root()),
                other => panic!("no sample of {other:?}"),
            };
            (document_type, document)
        })
        .collect()
}

#[test]
fn no_document_passes_for_another() {
    for (document_type, document) in one_of_each() {
        for wanted in DocumentType::ALL {
            let result = verify_as(wanted, document.as_bytes(), &only_roots());
            if wanted == document_type {
                result.unwrap();
            } else {
                assert_eq!(refusal(result), ErrorKind::DocumentWrongType, "{wanted:?}");
                // Nothing but the type stands in the way: the signature itself holds.
                let (text, signature) = document.rsplit_once('.').unwrap();
                let signature = BASE64URL_NOPAD.decode(signature.as_bytes()).unwrap();
                root().public_key().verify(text.as_bytes(), &signature).unwrap();
            }
        }
    }
}

#[test]
fn a_document_whose_type_was_changed_is_refused() {
    for (document_type, document) in one_of_each() {
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
    for (document_type, document) in one_of_each() {
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
    for (document_type, document) in one_of_each() {
        for length in 0..document.len() {
            let start = document.as_bytes().split_at(length).0;
            assert!(verify_as(document_type, start, &only_roots()).is_err(), "{length}");
        }
    }
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
fn a_licence_and_ring_replaced_together_are_not_trusted() {
    let roots = [root().public_key()];
    let forged_ring = ring(2, vec![ring_key(&daily())], &thief());
    assert_eq!(refusal(KeyRing::verify(forged_ring.as_bytes(), &roots)), ErrorKind::KeyNotTrusted);
    // Even a ring that was read under the thief's own root cannot be brought in.
    let read = KeyRing::verify(forged_ring.as_bytes(), &[thief().public_key()]).unwrap();
    assert_eq!(refusal(Trust::new(&roots, Some(read.clone()))), ErrorKind::KeyNotTrusted);
    assert_eq!(refusal(only_roots().renew(read)), ErrorKind::KeyNotTrusted);

    let forged = license("2026-03-01T09:30:00Z", &daily());
    let result = License::verify(forged.as_bytes(), &only_roots());
    assert_eq!(refusal(result), ErrorKind::KeyNotTrusted);
    let mut claims = answer_claims();
    (claims.license, claims.key_ring) = (Some(forged), Some(forged_ring));
    let answer = Answer::write(&claims, &daily()).unwrap();
    let result = Answer::verify(answer.as_bytes(), &only_roots());
    assert_eq!(refusal(result), ErrorKind::KeyNotTrusted);
}

#[test]
fn a_key_of_a_ring_signs_in_its_time_only() {
    let mut key = ring_key(&daily());
    key.valid_until = Some(at("2026-06-01T00:00:00Z"));
    let trust = with_ring(vec![key]);
    for (issued_at, taken) in [
        ("2025-12-31T23:59:59Z", false),
        ("2026-01-01T00:00:00Z", true),
        ("2026-05-31T23:59:59Z", true),
        ("2026-06-01T00:00:00Z", false),
    ] {
        let result = License::verify(license(issued_at, &daily()).as_bytes(), &trust);
        if taken {
            assert_eq!(result.unwrap().signed_by(), daily().key_id());
        } else {
            assert_eq!(refusal(result), ErrorKind::KeyNotValid, "{issued_at}");
        }
    }
}

#[test]
fn a_revoked_key_vouches_for_nothing_even_from_before() {
    let mut key = ring_key(&daily());
    key.revoked_at = Some(at("2026-06-01T00:00:00Z"));
    let trust = with_ring(vec![key]);
    for issued_at in ["2026-02-01T00:00:00Z", "2026-07-01T00:00:00Z"] {
        let result = License::verify(license(issued_at, &daily()).as_bytes(), &trust);
        assert_eq!(refusal(result), ErrorKind::KeyNotValid);
    }
}

#[test]
fn a_role_limits_what_a_key_signs() {
    let document = license("2026-03-01T09:30:00Z", &daily());
    let answer = Answer::write(&answer_claims(), &daily()).unwrap();
    for (role, licenses, answers) in [
        (None, true, true),
        (Some(KeyRole::Licenses), true, false),
        (Some(KeyRole::Answers), false, true),
    ] {
        let mut key = ring_key(&daily());
        key.role = role;
        let trust = with_ring(vec![key]);
        assert_eq!(License::verify(document.as_bytes(), &trust).is_ok(), licenses, "{role:?}");
        assert_eq!(Answer::verify(answer.as_bytes(), &trust).is_ok(), answers, "{role:?}");
    }
}

#[test]
fn a_key_of_a_ring_signs_no_ring() {
    let trust = with_ring(vec![ring_key(&daily())]);
    let forged = ring(2, vec![ring_key(&thief())], &daily());
    let roots: Vec<_> = trust.roots().copied().collect();
    assert_eq!(refusal(KeyRing::verify(forged.as_bytes(), &roots)), ErrorKind::KeyNotTrusted);
}

#[test]
fn a_ring_never_goes_back() {
    let roots = [root().public_key()];
    let read = |number, signer: &Signer| {
        let document = ring(number, vec![ring_key(signer)], &root());
        KeyRing::verify(document.as_bytes(), &roots).unwrap()
    };
    let mut trust = Trust::new(&roots, Some(read(5, &daily()))).unwrap();
    trust.renew(read(5, &daily())).unwrap();
    assert_eq!(refusal(trust.renew(read(4, &daily()))), ErrorKind::DocumentOutdated);
    assert_eq!(refusal(trust.renew(read(5, &thief()))), ErrorKind::DocumentOutdated);
    trust.renew(read(6, &thief())).unwrap();
    assert_eq!(trust.key_ring().unwrap().number(), 6);
}

#[test]
fn weak_keys_in_a_ring_are_refused() {
    for low in [0, 1] {
        let mut weak = [0_u8; 32];
        weak[0] = low;
        let x = BASE64URL_NOPAD.encode(&weak);
        let jwk = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
        let kid = BASE64URL_NOPAD.encode(&sha256(jwk.as_bytes()));
        let payload = format!(
            r#"{{"number":1,"iat":1772323200,"keys":[{{"kty":"OKP","crv":"Ed25519","x":"{x}",
            "kid":"{kid}","valid_from":1772323200}}]}}"#
        );
        let document = signed(DocumentType::KeyRing, &payload, &root());
        let result = KeyRing::verify(document.as_bytes(), &[root().public_key()]);
        assert_eq!(refusal(result), ErrorKind::KeyWeak);
    }
}

#[test]
fn a_ring_key_of_another_name_type_or_curve_is_refused() {
    let document = ring(1, vec![ring_key(&daily())], &root());
    let payload = document.split('.').nth(1).unwrap();
    let payload = String::from_utf8(BASE64URL_NOPAD.decode(payload.as_bytes()).unwrap()).unwrap();
    let (own, other) = (daily().key_id().to_string(), thief().key_id().to_string());
    for (from, to, kind) in [
        (own.as_str(), other.as_str(), ErrorKind::ClaimsContradictory),
        ("OKP", "EC", ErrorKind::KeyWeak),
        ("Ed25519", "Ed448", ErrorKind::KeyWeak),
    ] {
        let forged = signed(DocumentType::KeyRing, &payload.replace(from, to), &root());
        let result = KeyRing::verify(forged.as_bytes(), &[root().public_key()]);
        assert_eq!(refusal(result), kind, "{to}");
    }
}

#[test]
fn rings_that_contradict_themselves_are_refused() {
    let issue =
        |keys| KeyRing::issue(&KeyRingClaims::new(1, at("2026-01-01T00:00:00Z"), keys), &root());
    let mut backwards = ring_key(&daily());
    backwards.valid_until = Some(backwards.valid_from);
    for keys in [vec![], vec![ring_key(&daily()), ring_key(&daily())], vec![backwards]] {
        assert_eq!(refusal(issue(keys)), ErrorKind::ClaimsContradictory);
    }
    let many = |count: usize| {
        (0..count)
            .map(|n| {
                let mut seed = [0; 32];
                seed[0] = u8::try_from(n).unwrap();
                ring_key(&Signer::from_seed(seed))
            })
            .collect::<Vec<_>>()
    };
    let document = issue(many(RING_KEYS_MAX)).unwrap();
    KeyRing::verify(document.as_bytes(), &[root().public_key()]).unwrap();
    assert_eq!(refusal(issue(many(RING_KEYS_MAX + 1))), ErrorKind::ClaimsContradictory);
}

#[test]
fn an_answer_to_a_request_repeats_what_binds_it() {
    let request = Request::verify(request(&installation()).as_bytes()).unwrap();
    let claims = AnswerClaims::to(&request, at("2026-03-01T09:30:00Z"));
    assert_eq!(claims, answer_claims());
}

#[test]
fn an_answer_brings_its_ring_and_licence_and_is_for_one_installation() {
    let mut claims = license_claims("2026-03-01T09:30:00Z");
    claims.installation = Some(installation().key_id());
    let answer = |claims: &LicenseClaims| {
        let mut answer = answer_claims();
        answer.license = Some(License::issue(claims, &daily()).unwrap());
        answer.key_ring = Some(ring(1, vec![ring_key(&daily())], &root()));
        Answer::write(&answer, &daily()).unwrap()
    };
    let read = Answer::verify(answer(&claims).as_bytes(), &only_roots()).unwrap();
    assert_eq!(read.license().unwrap().claims(), &claims);
    assert_eq!(read.trust().key_ring().unwrap().number(), 1);
    read.require_installation(installation().key_id()).unwrap();
    read.require_product(&product()).unwrap();
    assert_eq!(refusal(read.require_installation(thief().key_id())), ErrorKind::OtherInstallation);
    assert_eq!(refusal(read.require_product(&"viewer".parse().unwrap())), ErrorKind::OtherProduct);

    claims.installation = Some(thief().key_id());
    let result = Answer::verify(answer(&claims).as_bytes(), &only_roots());
    assert_eq!(refusal(result), ErrorKind::OtherInstallation);
    claims.installation = None;
    claims.product = "viewer".parse().unwrap();
    let result = Answer::verify(answer(&claims).as_bytes(), &only_roots());
    assert_eq!(refusal(result), ErrorKind::OtherProduct);
}

#[test]
fn an_older_ring_in_an_answer_is_passed_over() {
    let roots = [root().public_key()];
    let newer = ring(7, vec![ring_key(&daily())], &root());
    let newer = KeyRing::verify(newer.as_bytes(), &roots).unwrap();
    let trust = Trust::new(&roots, Some(newer)).unwrap();
    let with_older = |signer: &Signer| {
        let mut claims = answer_claims();
        claims.key_ring = Some(ring(6, vec![ring_key(&daily()), ring_key(&thief())], &root()));
        Answer::write(&claims, signer).unwrap()
    };
    let answer = Answer::verify(with_older(&daily()).as_bytes(), &trust).unwrap();
    assert_eq!(answer.trust().key_ring().unwrap().number(), 7);
    // A key that the newer ring dropped does not come back by it.
    let result = Answer::verify(with_older(&thief()).as_bytes(), &trust);
    assert_eq!(refusal(result), ErrorKind::KeyNotTrusted);
}

#[test]
fn an_answer_with_licence_and_refusal_is_refused() {
    let mut claims = answer_claims();
    claims.license = Some(license("2026-03-01T09:30:00Z", &root()));
    claims.refusal = Some(ErrorKind::KeyUnknown.into());
    assert_eq!(refusal(Answer::write(&claims, &root())), ErrorKind::ClaimsContradictory);
}

#[test]
fn a_refusal_travels_with_its_number() {
    let mut claims = answer_claims();
    claims.refusal = Some(ErrorKind::KeyUnknown.into());
    let document = Answer::write(&claims, &root()).unwrap();
    let answer = Answer::verify(document.as_bytes(), &only_roots()).unwrap();
    let signed_refusal = answer.claims().refusal.as_ref().unwrap();
    assert_eq!(signed_refusal.kind(), Some(ErrorKind::KeyUnknown));
    assert_eq!(signed_refusal.name, "KEY_UNKNOWN");
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
fn the_same_claims_and_key_give_the_same_text() {
    assert_eq!(license("2026-03-01T09:30:00Z", &root()), license("2026-03-01T09:30:00Z", &root()));
}

mod properties {
    use mlicense_core::document::{EnrolledFact, Feature, HostBinding, HostFact, HostFacts};
    use proptest::prelude::*;

    use super::*;

    fn moment() -> impl Strategy<Value = Moment> {
        (10_000..20_000_u32, -14 * 3600..=12 * 3600_i64).prop_map(|(days, offset)| {
            let day = "1970-01-01".parse::<mlicense_core::time::Day>().unwrap();
            let day = day.plus_days(days).unwrap();
            Moment::new(day, Moment::utc(day).at().saturating_add(offset)).unwrap()
        })
    }

    fn span() -> impl Strategy<Value = Span> {
        (moment(), 1..5000_u32).prop_map(|(from, days)| {
            let day = from.day().plus_days(days).unwrap();
            let at = from.at().saturating_add(i64::from(days).saturating_mul(86_400));
            Span::between(from, Moment::new(day, at).unwrap())
        })
    }

    fn claims() -> impl Strategy<Value = LicenseClaims> {
        let features =
            prop::collection::btree_map("[a-z0-9._-]{1,64}", prop::option::of(1..=u32::MAX), 0..20);
        let facts = prop::collection::btree_map("[a-z]{1,9}", (1..=u32::MAX, "\\PC{1,20}"), 1..9);
        let texts = (prop::option::of("\\PC{1,20}"), prop::option::of("\\PC{1,60}"));
        (span(), prop::option::of(span()), features, prop::option::of(facts), texts).prop_map(
            |(licensed, grace, features, facts, (serial, licensee))| {
                let mut claims = license_claims("2026-03-01T09:30:00Z");
                claims.licensed = Some(licensed);
                claims.grace = grace;
                claims.serial = serial.filter(|serial| serial.len() <= 64);
                claims.licensee = licensee;
                claims.features = features
                    .into_iter()
                    .map(|(id, quantity)| {
                        (
                            id.parse().unwrap(),
                            quantity.map_or_else(Feature::uncounted, Feature::counted),
                        )
                    })
                    .collect();
                claims.host = facts.map(|facts| {
                    let facts = facts.into_iter();
                    let facts =
                        facts.map(|(kind, (weight, text))| EnrolledFact::new(&kind, &text, weight));
                    HostBinding::new(1, facts.collect())
                });
                claims
            },
        )
    }

    proptest! {
        #[test]
        fn prop_a_licence_reads_as_it_was_written(claims in claims()) {
            let document = License::issue(&claims, &root()).unwrap();
            let license = License::verify(document.as_bytes(), &only_roots()).unwrap();
            prop_assert_eq!(license.claims(), &claims);
        }

        #[test]
        fn prop_a_request_reads_as_it_was_written(
            seed: [u8; 32],
            entropy: [u8; 16],
            devices in prop::collection::btree_map("[a-z]{1,9}", any::<u32>(), 0..9),
            facts in prop::collection::btree_set(("[a-z]{1,9}", "[0-9a-f]{1,64}"), 0..9),
        ) {
            let issued_at = at("2026-03-01T09:30:00Z");
            let nonce = Nonce::from_entropy(entropy);
            let mut fields = RequestFields::new(RequestKind::Refresh, product(), nonce, issued_at);
            fields.devices = devices
                .into_iter()
                .map(|(id, count)| (id.parse().unwrap(), count))
                .collect::<BTreeMap<_, _>>();
            let facts = facts.iter().map(|(kind, digest)| HostFact::new(kind, digest)).collect();
            fields.host = Some(HostFacts::new("bare_metal", facts));
            let installation = Signer::from_seed(seed);
            let document = Request::write(&fields, &installation).unwrap();
            let request = Request::verify(document.as_bytes()).unwrap();
            prop_assert_eq!(request.fields(), &fields);
            prop_assert_eq!(request.installation(), installation.key_id());
        }

        #[test]
        fn prop_garbage_is_refused(bytes: Vec<u8>) {
            for document_type in DocumentType::ALL {
                prop_assert!(verify_as(document_type, &bytes, &only_roots()).is_err());
            }
        }

        #[test]
        fn prop_garbage_under_a_true_signature_is_answered(payload in "\\PC*") {
            for document_type in DocumentType::ALL {
                let document = signed(document_type, &payload, &root());
                let _ = verify_as(document_type, document.as_bytes(), &only_roots());
            }
        }

        #[test]
        fn prop_only_roots_are_trusted(seed: [u8; 32]) {
            let signer = Signer::from_seed(seed);
            let document = license("2026-03-01T09:30:00Z", &signer);
            let roots: [PublicKey; 1] = [root().public_key()];
            let trusted = License::verify(document.as_bytes(), &only_roots()).is_ok();
            prop_assert_eq!(trusted, roots.contains(&signer.public_key()));
        }
    }
}
