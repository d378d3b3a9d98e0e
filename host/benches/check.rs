//! What a check costs, beside its floor: a look at the clocks that it reads.

use std::{hint::black_box, thread, time::Duration};

use criterion::{Criterion, criterion_group, criterion_main};
use mlicense_core::{
    document::{Feature as Licensed, License, LicenseClaims, Moment},
    host_binding::{Fact, FactKind, HostClass, HostFacts},
    signing::{Signer, Trust},
};
use mlicense_host::{Client, Clock as _, Options, SystemClock};

type Fallible<T> = Result<T, mlicense_host::Error>;

/// As many features as a large product has.
const FEATURES: usize = 40;

fn vendor() -> Signer {
    Signer::from_seed([1; 32])
}

fn license() -> Fallible<String> {
    let (now, end) = (SystemClock.now(), Moment::utc("2199-01-01".parse()?));
    let mut claims = LicenseClaims::until("editor".parse()?, "Example Ltd", now, end);
    for n in 0..FEATURES {
        claims.features.insert(format!("feature-{n}").parse()?, Licensed::uncounted());
    }
    Ok(License::issue(&claims, &vendor())?)
}

fn client(options: Options) -> Fallible<Client> {
    let facts = Fact::new(FactKind::DmiUuid, "4c4c4544-0042-3510-8052-b4c04f4d3232")?;
    let options = options.facts(HostFacts::new(HostClass::BareMetal, [facts]));
    let mut client = Client::open("editor".parse()?, &[vendor().public_key()], options)?;
    client.accept(license()?.as_bytes())?;
    Ok(client)
}

fn checks(bench: &mut Criterion) -> Fallible<()> {
    let client = client(Options::stateless())?;
    let feature = client.feature("feature-7");
    let mut group = bench.benchmark_group("check");
    group.bench_function("floor: the time of day", |bench| bench.iter(|| SystemClock.now()));
    group.bench_function("floor: a clock that runs", |bench| bench.iter(|| SystemClock.running()));
    group.bench_function("feature handle", |bench| bench.iter(|| feature.outcome()));
    group.bench_function("by name, in one word", |bench| {
        bench.iter(|| client.outcome(black_box("feature-7")));
    });
    group.bench_function("by name, with reasons", |bench| {
        bench.iter(|| client.check(black_box("feature-7")));
    });
    group.bench_function("a feature that nobody licensed", |bench| {
        bench.iter(|| client.outcome(black_box("feature-99")));
    });
    group.finish();
    Ok(())
}

/// The handle again, while another thread asks as fast as it can.
fn beside_another_thread(bench: &mut Criterion) -> Fallible<()> {
    let client = client(Options::stateless())?;
    let (one, other) = (client.feature("feature-7"), client.feature("feature-8"));
    let going = std::sync::atomic::AtomicBool::new(true);
    thread::scope(|scope| {
        scope.spawn(|| {
            while going.load(std::sync::atomic::Ordering::Relaxed) {
                black_box(other.outcome());
            }
        });
        let mut group = bench.benchmark_group("check beside another thread");
        group.bench_function("feature handle", |bench| bench.iter(|| one.outcome()));
        group.bench_function("by name, in one word", |bench| {
            bench.iter(|| client.outcome(black_box("feature-7")));
        });
        group.finish();
        going.store(false, std::sync::atomic::Ordering::Relaxed);
    });
    Ok(())
}

/// A whole licence, from bytes to an answer, beside the signature alone.
fn verification(bench: &mut Criterion) -> Fallible<()> {
    let (document, trust) = (license()?, Trust::new(&[vendor().public_key()], None)?);
    let mut group = bench.benchmark_group("accept");
    group.bench_function("verify the licence", |bench| {
        bench.iter(|| License::verify(black_box(document.as_bytes()), &trust));
    });
    let mut client = client(Options::stateless())?;
    group.bench_function("accept it again in memory", |bench| {
        bench.iter(|| client.accept(black_box(document.as_bytes())));
    });
    group.finish();
    Ok(())
}

#[expect(clippy::print_stderr, reason = "who measures wants to know")]
fn all(bench: &mut Criterion) {
    let done = checks(bench).and_then(|()| beside_another_thread(bench));
    if let Err(fault) = done.and_then(|()| verification(bench)) {
        eprintln!("{fault}");
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1));
    targets = all
}
criterion_main!(benches);
