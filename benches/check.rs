//! The repeated check of a program that holds a licence, beside the clock that it reads.

use std::{hint::black_box, time::SystemTime};

use criterion::{Criterion, criterion_group, criterion_main};
use mlicense_benches::{PRODUCT, claims, vendor};
use mlicense_core::document::License;
use mlicense_host::{Client, Options};

fn check(criterion: &mut Criterion) {
    let mut claims = claims();
    claims.host = None;
    let text = License::issue(&claims, &vendor()).expect("good claims");
    let product = PRODUCT.parse().expect("an id");
    let roots = [vendor().public_key()];
    let mut client = Client::open(product, &roots, Options::stateless()).expect("a client");
    client.accept(text.as_bytes()).expect("a licence");
    let feature = client.feature("feature-0");
    assert!(feature.allowed() && client.check("feature-0").allowed());

    let mut group = criterion.benchmark_group("check");
    group.bench_function("clock", |bencher| bencher.iter(SystemTime::now));
    group.bench_function("by name", |bencher| {
        bencher.iter(|| client.outcome(black_box("feature-0")));
    });
    group.bench_function("by feature", |bencher| bencher.iter(|| black_box(&feature).outcome()));
    group.bench_function("with reasons", |bencher| {
        bencher.iter(|| client.check(black_box("feature-0")));
    });
    group.finish();
}

criterion_group!(benches, check);
criterion_main!(benches);
