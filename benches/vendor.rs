//! A vendor whose customers buy.

use std::{
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
};

use mlicense_core::{history::Envelope, time::Instant};
use mlicense_ledger::{Ledger, Place};
use serde_json::{Value, json};

/// When the first purchase is made; each is made a second after the one before.
pub const NOW: &str = "2026-03-02T12:00:00Z";

/// A vendor with its ledger.
pub struct Vendor {
    /// The ledger.
    pub ledger: Ledger,
    next: AtomicU64,
}

impl Vendor {
    /// A vendor with a product and no customers.
    pub fn new(path: &Path) -> Self {
        Self::at(path.into())
    }

    /// The same in any place.
    pub fn at(place: Place) -> Self {
        let vendor = Self { ledger: Ledger::create(place).expect("a ledger"), next: 0.into() };
        let product = json!({"define_product": {
            "product": "vms", "definition": {"name": "Video", "license_types": ["camera"]},
            "policy": {"subscription": {}},
        }});
        vendor.run(&envelope("product", &product));
        vendor
    }

    /// Opens the ledger anew.
    pub fn reopen(&mut self) {
        let path = self.ledger.path().expect("a file").to_owned();
        self.ledger = Ledger::open(&path).expect("a ledger");
    }

    /// Does a command.
    pub fn run(&self, envelope: &Envelope) {
        self.run_at(envelope, at(self.next.load(Ordering::Relaxed)));
    }

    /// Does a command at an instant of its own.
    pub fn run_at(&self, envelope: &Envelope, now: Instant) {
        self.ledger.execute(envelope, now).expect("done");
    }

    /// Does many commands.
    pub fn run_many(&self, envelopes: &[Envelope]) {
        let now = at(self.next.load(Ordering::Relaxed));
        let done = self.ledger.execute_many(envelopes, now, &mut |_| ()).expect("done");
        assert!(done.iter().all(Result::is_ok));
    }

    /// The next of the numbers that tell purchases apart.
    pub fn next(&self) -> u64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }
}

/// When the purchase with this number is made.
pub fn at(n: u64) -> Instant {
    let seconds = n.try_into().expect("seconds");
    NOW.parse::<Instant>().expect("an instant").saturating_add(seconds)
}

/// Registers the customer with this number.
pub fn register(n: u64) -> Envelope {
    let customer = format!("customer-{n}");
    let register = json!({"register_customer": {"customer": customer, "zone": "UTC"}});
    envelope(&format!("register-{n}"), &register)
}

/// A purchase of one licence by the customer with this number.
pub fn purchase(n: u64, customer: u64) -> Envelope {
    let contents = json!([{"license_type": "camera", "quantity": 1}]);
    let stock = json!({"stock_licenses": {
        "customer": format!("customer-{customer}"), "product": "vms", "contents": contents,
        "source": "purchase",
    }});
    envelope(&format!("purchase-{n}"), &stock)
}

/// A command of the vendor's.
pub fn envelope(id: &str, body: &Value) -> Envelope {
    let actor = json!({"role": "vendor", "id": "bench"});
    let text = json!({"id": id, "actor": actor, "body": body}).to_string();
    Envelope::from_json(text.as_bytes()).expect("a command")
}
