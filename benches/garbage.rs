//! 64 KiB of what is no licence, which must be refused before any work on signatures.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use mlicense_benches::{document, trust};
use mlicense_core::document::{DOCUMENT_BYTES_MAX, License};

fn refuse(criterion: &mut Criterion) {
    let (text, trust) = (document(), trust());
    let (header, rest) = text.split_once('.').expect("three parts");
    let filled = |start: String| {
        let missing = DOCUMENT_BYTES_MAX - start.len() - 87;
        format!("{start}{}.{}", "A".repeat(missing), "A".repeat(86))
    };
    let stranger = mlicense_core::signing::Signer::from_seed([9; 32]);
    let other = License::issue(&mlicense_benches::claims(), &stranger).expect("good claims");
    let mut group = criterion.benchmark_group("garbage");
    for (name, garbage) in [
        ("no parts", "A".repeat(DOCUMENT_BYTES_MAX)),
        ("dots", ".".repeat(DOCUMENT_BYTES_MAX)),
        ("a wrong header", filled(format!("{}.", header.replacen('e', "f", 1)))),
        ("a stranger's key", filled(format!("{}.", other.split_once('.').expect("parts").0))),
        ("a byte too many", format!("{header}.{rest}{}", "A".repeat(DOCUMENT_BYTES_MAX))),
    ] {
        assert!(License::verify(garbage.as_bytes(), &trust).is_err());
        group.bench_function(name, |bencher| {
            bencher.iter(|| License::verify(black_box(garbage.as_bytes()), &trust).is_err());
        });
    }
    group.finish();
}

criterion_group!(benches, refuse);
criterion_main!(benches);
