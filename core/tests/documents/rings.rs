//! Keys of a ring: what they sign, and when.

use data_encoding::BASE64URL_NOPAD;
use mlicense_core::{
    document::{Answer, DocumentType, License},
    error::ErrorKind,
    signing::{KeyRing, KeyRingClaims, KeyRole, RING_KEYS_MAX, Signer, Trust, sha256},
};

use crate::support::*;

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
    use DocumentType as D;
    let answers = [D::Answer, D::Revocations, D::Time];
    for (role, signs) in [
        (None, [&answers[..], &[D::License]].concat()),
        (Some(KeyRole::Answers), answers.to_vec()),
        (Some(KeyRole::Checkpoints), vec![]),
        (Some(KeyRole::Licenses), vec![D::License]),
    ] {
        let mut key = ring_key(&daily());
        key.role = role;
        let trust = with_ring(vec![key]);
        // Whoever holds a request's own key signs it: no role is asked for.
        for (document_type, document) in one_of_each(&daily()) {
            let result = verify_as(document_type, document.as_bytes(), &trust);
            if signs.contains(&document_type) || document_type == D::Request {
                result.unwrap();
            } else {
                assert_eq!(refusal(result), ErrorKind::KeyNotTrusted, "{role:?} {document_type:?}");
            }
        }
    }
}

#[test]
fn a_key_of_an_unknown_role_signs_nothing_and_leaves_the_ring_readable() {
    let mut special = ring_key(&thief());
    special.role = Some(KeyRole::Answers);
    let document = ring(1, vec![ring_key(&daily()), special], &root());
    let payload = document.split('.').nth(1).unwrap();
    let payload = String::from_utf8(BASE64URL_NOPAD.decode(payload.as_bytes()).unwrap()).unwrap();
    let newer = payload.replace(r#""role":"answers""#, r#""role":"mirrors""#);
    let newer = signed(DocumentType::KeyRing, &newer, &root());

    let ring = KeyRing::verify(newer.as_bytes(), &[root().public_key()]).unwrap();
    assert!(ring.key(daily().key_id()).is_some());
    assert!(ring.key(thief().key_id()).is_none());
    let trust = Trust::new(&[root().public_key()], Some(ring)).unwrap();
    for (document_type, document) in one_of_each(&thief()) {
        if document_type != DocumentType::Request {
            let result = verify_as(document_type, document.as_bytes(), &trust);
            assert_eq!(refusal(result), ErrorKind::KeyNotTrusted, "{document_type:?}");
        }
    }
    for role in ["null", "7", "{}", r#"{"answers":null}"#] {
        let payload = payload.replace(r#""answers""#, role);
        let document = signed(DocumentType::KeyRing, &payload, &root());
        let result = KeyRing::verify(document.as_bytes(), &[root().public_key()]);
        // `null` is the same as no role; a role is text.
        assert_eq!(result.is_ok(), role == "null", "{role}");
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
