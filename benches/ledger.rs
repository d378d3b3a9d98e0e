//! Commands of a vendor beside the same rows written by hand: one after another, from several
//! threads, and many at once.

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main, measurement::WallTime};
use mlicense_benches::given;
use mlicense_core::history::Envelope;
use mlicense_ledger::Ledger;
use rusqlite::{Connection, params};
use serde_json::{Value, json};

const NOW: &str = "2026-03-02T12:00:00Z";
const THREADS: u64 = 8;
/// Commands of one transaction, where many are done at once.
const AT_ONCE: u64 = 100;

/// How many customers take turns.
fn customers() -> u64 {
    given("BENCH_BUYERS", 1000).try_into().expect("a number")
}

fn envelope(id: &str, body: &Value) -> Envelope {
    let actor = json!({"role": "vendor", "id": "bench"});
    let text = json!({"id": id, "actor": actor, "body": body}).to_string();
    Envelope::from_json(text.as_bytes()).expect("a command")
}

/// A purchase of one licence by one of the customers.
fn purchase(n: u64) -> Envelope {
    let contents = json!([{"license_type": "camera", "kind": "new", "quantity": 1, "term": 12}]);
    envelope(
        &format!("purchase-{n}"),
        &json!({"stock_licenses": {
            "customer": format!("customer-{}", n % customers()), "product": "vms",
            "contents": contents, "source": "purchase",
        }}),
    )
}

/// A vendor with its customers.
struct Vendor {
    ledger: Ledger,
    next: AtomicU64,
}

impl Vendor {
    fn new(path: &Path) -> Self {
        let vendor = Self { ledger: Ledger::create(path).expect("a ledger"), next: 0.into() };
        let product = json!({"define_product": {
            "product": "vms", "definition": {"name": "Video", "license_types": ["camera"]},
            "policy": {"pool": {}},
        }});
        vendor.run(&envelope("product", &product));
        let founding = (0..customers()).flat_map(|n| {
            let customer = format!("customer-{n}");
            let register = json!({"register_customer": {"customer": customer, "zone": "UTC"}});
            [envelope(&format!("register-{n}"), &register)]
        });
        let founding: Vec<_> = founding.collect();
        for envelope in &founding {
            vendor.run(envelope);
        }
        vendor
    }

    fn run(&self, envelope: &Envelope) {
        self.ledger.execute(envelope, NOW.parse().expect("an instant")).expect("done");
    }

    fn purchases(&self, count: u64) -> Vec<Envelope> {
        let first = self.next.fetch_add(count, Ordering::Relaxed);
        (first..first + count).map(purchase).collect()
    }
}
