//! A licence verified and decided on, and one signed, beside bare libraries and other tokens.

use std::{
    hint::black_box,
    time::{Duration, Instant as Clock},
};

use criterion::{Criterion, criterion_group, criterion_main};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use mlicense_benches::{
    PRODUCT, claims, document, host, seed, trust,
    turns::{Work, measure},
    vendor,
};
use mlicense_core::{
    decision::{Outcome, Question, evaluate},
    document::{License, LicenseClaims},
    host_binding::MatchRule,
    id::ProductId,
    time::Instant,
};
use pasetors::{
    keys::{AsymmetricPublicKey, AsymmetricSecretKey},
    token::UntrustedToken,
    version4::{PublicToken, V4},
};

/// How often each is done in a round.
const TRIES: u32 = 200;

/// A private key as RFC 8410 writes it.
fn pkcs8() -> Vec<u8> {
    let head = [48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32];
    [&head[..], &seed()].concat()
}

fn paseto_secret() -> AsymmetricSecretKey<V4> {
    let both = [&seed()[..], vendor().public_key().as_bytes()].concat();
    AsymmetricSecretKey::from(&both).expect("a key")
}

fn verify(criterion: &mut Criterion) {
    let (text, trust, key) = (document(), trust(), vendor().public_key());
    println!("the licence has {} bytes", text.len());
    let mut group = criterion.benchmark_group("verify");

    let (signed, _) = text.rsplit_once('.').expect("a signature");
    let signature = vendor().sign(signed.as_bytes()).expect("a signature").to_vec();
    let ring = ring::signature::UnparsedPublicKey::new(&ring::signature::ED25519, key.as_bytes());
    group.bench_function("bare ring", |bencher| {
        bencher.iter(|| ring.verify(black_box(signed.as_bytes()), black_box(&signature)));
    });

    let product: ProductId = PRODUCT.parse().expect("an id");
    let now: Instant = "2026-06-01T12:00:00Z".parse().expect("an instant");
    let (host, question) = (host(), Question::new(&product, PRODUCT));
    // As a client does it, which keeps the digests of its host.
    let check = |text: &str, now| {
        let license = License::verify(text.as_bytes(), &trust).expect("a licence");
        let binding = license.claims().host.as_ref().map(MatchRule::from);
        let host = binding.map(|rule| rule.compare(&host)).unwrap_or_default();
        evaluate(&license, &host, now, &question).outcome()
    };
    assert_eq!(check(&text, now), Outcome::Licensed);
    group.bench_function("mlicense", |bencher| {
        bencher.iter(|| check(black_box(&text), black_box(now)));
    });

    let aws = aws_lc_rs::signature::UnparsedPublicKey::new(
        &aws_lc_rs::signature::ED25519,
        key.as_bytes(),
    );
    group.bench_function("bare aws-lc-rs", |bencher| {
        bencher.iter(|| aws.verify(black_box(signed.as_bytes()), black_box(&signature)));
    });

    let decoding = DecodingKey::from_ed_components(&key.to_string()).expect("a key");
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_audience(&[PRODUCT]);
    validation.required_spec_claims.clear();
    decode::<LicenseClaims>(&text, &decoding, &validation).expect("a licence");

    let signature_holds = || {
        if cfg!(feature = "aws-lc-rs") {
            aws.verify(signed.as_bytes(), &signature).is_ok()
        } else {
            ring.verify(signed.as_bytes(), &signature).is_ok()
        }
    };
    assert!(signature_holds());
    let decoded = || decode::<LicenseClaims>(&text, &decoding, &validation);
    let works: Vec<Work<'_>> = vec![
        ("mlicense", Box::new(|| least(|| check(&text, now)))),
        ("its signature alone", Box::new(|| least(signature_holds))),
        ("License::verify", Box::new(|| least(|| License::verify(text.as_bytes(), &trust)))),
        ("jsonwebtoken", Box::new(|| least(decoded))),
    ];
    measure(&format!("A licence, the least of {TRIES}"), works);

    group.bench_function("jsonwebtoken", |bencher| {
        bencher.iter(|| decode::<LicenseClaims>(black_box(&text), &decoding, &validation));
    });

    let payload = serde_json::to_vec(&claims()).expect("claims");
    let paseto = PublicToken::sign(&paseto_secret(), &payload, None, None).expect("a token");
    let public = AsymmetricPublicKey::<V4>::from(key.as_bytes()).expect("a key");
    let read = |text: &str| -> LicenseClaims {
        let token = UntrustedToken::try_from(text).expect("a token");
        let token = PublicToken::verify(&public, &token, None, None).expect("a signature");
        serde_json::from_str(token.payload()).expect("claims")
    };
    assert_eq!(read(&paseto), claims());
    group.bench_function("pasetors", |bencher| bencher.iter(|| read(black_box(&paseto))));
    group.finish();
}

/// Of [`TRIES`] times the least, which others on the machine have disturbed least.
fn least<T>(work: impl Fn() -> T) -> Duration {
    let time = |_| {
        let begin = Clock::now();
        black_box(work());
        begin.elapsed()
    };
    (0..TRIES).map(time).min().expect("a time")
}

fn issue(criterion: &mut Criterion) {
    let (signer, claims, text) = (vendor(), claims(), document());
    let mut group = criterion.benchmark_group("sign");
    let (signed, _) = text.rsplit_once('.').expect("a signature");
    let ring = ring::signature::Ed25519KeyPair::from_seed_unchecked(&seed()).expect("a key");
    group.bench_function("bare ring", |bencher| {
        bencher.iter(|| ring.sign(black_box(signed.as_bytes())));
    });
    group.bench_function("mlicense", |bencher| {
        bencher.iter(|| License::issue(black_box(&claims), &signer));
    });
    let aws = aws_lc_rs::signature::Ed25519KeyPair::from_seed_unchecked(&seed()).expect("a key");
    group.bench_function("bare aws-lc-rs", |bencher| {
        bencher.iter(|| aws.sign(black_box(signed.as_bytes())));
    });
    let (header, key) = (Header::new(Algorithm::EdDSA), EncodingKey::from_ed_der(&pkcs8()));
    encode(&header, &claims, &key).expect("a token");
    group.bench_function("jsonwebtoken", |bencher| {
        bencher.iter(|| encode(&header, black_box(&claims), &key));
    });
    let secret = paseto_secret();
    group.bench_function("pasetors", |bencher| {
        bencher.iter(|| {
            let payload = serde_json::to_vec(black_box(&claims)).expect("claims");
            PublicToken::sign(&secret, &payload, None, None)
        });
    });
    group.finish();
}

criterion_group!(benches, verify, issue);
criterion_main!(benches);
