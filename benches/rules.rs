//! The rules that a vendor's back office asks for every customer, and a client at its opening:
//! status, overlap, codes and fingerprints.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use mlicense_benches::given;
use mlicense_core::{
    code::{Code, CodeFormat},
    host_binding::{Fact, FactKind, FactSalt, HostClass, HostFacts, MatchRule},
    overlap::credit,
    subscription::{Quantities, Start, Status, Subscription},
    time::{Day, Term},
};

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn cameras(count: u32) -> Quantities {
    [("camera".parse().expect("a type"), count)].into()
}

/// A subscription with licences for all devices in every period up to the second after this.
fn subscription() -> Subscription {
    let years = u32::try_from(given("BENCH_YEARS", 3)).expect("a few years");
    let mut subscription = Subscription::start(Start {
        co_term: day("2020-03-01"),
        term: Term::YEAR,
        joined: day("2020-03-01"),
        grace_days: 30,
    });
    for _ in 0..years {
        subscription.allocate(0, &cameras(100));
        subscription.settle(&cameras(100));
        let next = subscription.period(1).expect("a period");
        subscription.roll(next.start, &cameras(100));
    }
    subscription.allocate(0, &cameras(100));
    subscription.settle(&cameras(100));
    subscription.allocate(1, &cameras(100));
    subscription
}

fn status(criterion: &mut Criterion) {
    let (subscription, devices) = (subscription(), cameras(100));
    let today = subscription.period(0).expect("a period").start.plus_days(40).expect("a day");
    let status = Status::of(&subscription, &devices, today).expect("a status");
    assert!(status.days_left.is_some(), "{status:?}");
    let mut group = criterion.benchmark_group("status");
    group.bench_function("licensed", |bencher| {
        // Read where it is: to copy an answer costs a good part of what it costs to find it.
        bencher.iter(|| {
            black_box(&Status::of(&subscription, black_box(&devices), black_box(today)));
        });
    });
    let none = Subscription::start(Start {
        co_term: today,
        term: Term::YEAR,
        joined: today,
        grace_days: 30,
    });
    group.bench_function("in grace", |bencher| {
        bencher.iter(|| {
            black_box(&Status::of(&none, black_box(&devices), black_box(today)));
        });
    });
    group.finish();
}

fn overlap(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("overlap");
    group.bench_function("credit", |bencher| {
        bencher.iter(|| credit(Term::YEAR, black_box(10), black_box(100), 365, black_box(7)));
    });
    group.finish();
}

fn code(criterion: &mut Criterion) {
    let format: CodeFormat = "ACME-5x4".parse().expect("a form");
    let code = Code::generate(&format, &[7; 64]).expect("enough entropy").reveal();
    let mistyped = code.to_lowercase().replace('-', " ");
    let mut group = criterion.benchmark_group("code");
    group.bench_function("as printed", |bencher| {
        bencher.iter(|| Code::parse(&format, black_box(&code)).expect("a code"));
    });
    group.bench_function("as typed", |bencher| {
        bencher.iter(|| Code::parse(&format, black_box(&mistyped)).expect("a code"));
    });
    group.finish();
}

fn fingerprint(criterion: &mut Criterion) {
    let kinds = [FactKind::DiskSerial, FactKind::NetworkAddress];
    let mut facts = vec![
        Fact::new(FactKind::DmiUuid, "4c4c4544-0042-3510-8052-b4c04f4d3232").expect("a fact"),
        Fact::new(FactKind::BoardSerial, "PF3C7M1H").expect("a fact"),
    ];
    for n in 0..given("BENCH_FACTS", 10).saturating_sub(facts.len()) {
        let kind = kinds[n % kinds.len()];
        facts.push(Fact::new(kind, &format!("3c:52:82:aa:bb:{n:02x}")).expect("a fact"));
    }
    let host = HostFacts::new(HostClass::BareMetal, facts);
    let salt = FactSalt::new([7; 32]);
    let hashed = host.hash(&salt);
    let rule = MatchRule::enroll(&hashed).expect("a host");
    assert!(rule.compare(&hashed).holds());
    println!("{} facts, {} enrolled", hashed.iter().count(), rule.enrolled().count());
    let mut group = criterion.benchmark_group("fingerprint");
    group.bench_function("digests", |bencher| bencher.iter(|| black_box(&host).hash(&salt)));
    group.bench_function("match", |bencher| bencher.iter(|| rule.compare(black_box(&hashed))));
    group.finish();
}

criterion_group!(benches, status, overlap, code, fingerprint);
criterion_main!(benches);
