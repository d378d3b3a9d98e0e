//! A customer of a long history, opened with nothing kept in memory: from its snapshot, and from all
//! of its events. `BENCH_LONG` is how many there are, reports of twenty systems in turn.

use std::path::Path;

use criterion::{BatchSize::PerIteration, Criterion, criterion_group, criterion_main};
use mlicense_benches::{
    given,
    vendor::{NOW, Vendor, envelope, register},
};
use mlicense_core::{
    document::{Nonce, Request, RequestFields, RequestKind},
    history::Envelope,
    signing::Signer,
    view::Query,
};
use mlicense_ledger::Ledger;
use rusqlite::Connection;
use serde_json::{from_value, json};

const SYSTEMS: u64 = 20;
/// Commands handed over at once.
const AT_ONCE: u64 = 10_000;

/// The report of a system about its cameras.
fn report(n: u64) -> Envelope {
    let (system, at) = (n % SYSTEMS, NOW.parse().expect("an instant"));
    let mut nonce = [0; 16];
    nonce[..8].copy_from_slice(&n.to_le_bytes());
    let product = "vms".parse().expect("a product");
    let mut fields =
        RequestFields::new(RequestKind::System, product, Nonce::from_entropy(nonce), at);
    fields.system = Some(format!("system-{system}").parse().expect("a system"));
    let cameras = u32::try_from(10 + n / SYSTEMS % 90).expect("few");
    fields.devices = [("camera".parse().expect("a type"), cameras)].into();
    let key = Signer::from_seed([u8::try_from(system).expect("few"); 32]);
    let request = Request::write(&fields, &key).expect("a request");
    let taken = json!({"take_request": {"customer": "customer-0", "request": request}});
    envelope(&format!("report-{n}"), &taken)
}

fn grown(path: &Path) {
    let vendor = Vendor::new(path);
    vendor.run(&register(0));
    let reports = given("BENCH_LONG", 100_000) as u64;
    for begin in (0..reports).step_by(AT_ONCE as usize) {
        let some: Vec<_> = (begin..reports.min(begin + AT_ONCE)).map(report).collect();
        vendor.run_many(&some);
    }
}

fn opening(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("vendor.mlicense");
    grown(&path);
    let query: Query =
        from_value(json!({"overview": {"customer": "customer-0"}})).expect("a question");
    let now = NOW.parse().expect("an instant");
    let opened = || Ledger::open(&path).expect("a ledger");
    let ask = |ledger: Ledger| {
        ledger.query(&query, now).expect("an answer");
        ledger
    };
    let kept = Connection::open(&path).expect("a file");
    let length: u64 = kept
        .query_row("SELECT length(json) FROM snapshot", [], |row| row.get(0))
        .expect("a snapshot");

    let mut group = criterion.benchmark_group("a long customer");
    group.bench_function("from its snapshot", |bencher| {
        bencher.iter_batched(opened, ask, PerIteration);
    });
    kept.execute("DELETE FROM snapshot", []).expect("deleted");
    group.sample_size(10);
    group.bench_function("from its events", |bencher| {
        bencher.iter_batched(opened, ask, PerIteration);
    });
    group.finish();
    println!(
        "a long customer: {} events, a snapshot of {length} bytes",
        given("BENCH_LONG", 100_000)
    );
}

criterion_group!(benches, opening);
criterion_main!(benches);
