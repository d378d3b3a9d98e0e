//! A recording program and its vendor: the licence of an account names its cameras, from the
//! ledger to the check.
#![expect(
    clippy::needless_pass_by_value,
    clippy::unwrap_used,
    reason = "a failing test panics; JSON is written in place"
)]

use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU32, Ordering},
};

use mlicense_core::{
    access::Actor,
    document::RequestKind,
    history::Envelope,
    host_binding::{Fact, FactKind, HostClass, HostFacts},
    id::DeviceId,
    signing::{KeyRing, KeyRingClaims, RingKey, Signer},
    time::Instant,
};
use mlicense_host::{Client, Clock, Options, RequestDetails};
use mlicense_ledger::{Ledger, RequestFrom};
use serde_json::{Value, json};
use tempfile::TempDir;

const BEGAN: &str = "2026-03-02";

fn noon(day: &str) -> Instant {
    format!("{day}T12:00:00Z").parse().unwrap()
}

/// A clock that a test sets.
#[derive(Clone, Debug)]
struct Hands(Arc<AtomicI64>);

impl Clock for Hands {
    fn now(&self) -> Instant {
        Instant::from_unix(self.0.load(Ordering::Relaxed)).unwrap()
    }
}

/// A vendor with account `site`, and the client of its recording program.
struct Site {
    _folder: TempDir,
    ledger: Ledger,
    signer: Signer,
    actor: Actor,
    hands: Hands,
    client: Client,
    commands: AtomicU32,
}

impl Site {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::create(folder.path().join("vendor.mlicense")).unwrap();
        let (root, signer) = (Signer::from_seed([1; 32]), Signer::from_seed([2; 32]));
        let hands = Hands(Arc::new(AtomicI64::new(noon(BEGAN).unix())));
        let fact = Fact::new(FactKind::DmiUuid, "recorder").unwrap();
        let facts = HostFacts::new(HostClass::BareMetal, [fact]);
        let options = Options::stateless().facts(facts).clock(hands.clone());
        let product = "cloud".parse().unwrap();
        let client = Client::open(product, &[root.public_key()], options).unwrap();
        let actor = serde_json::from_value(json!({"role": "vendor", "id": "desk"})).unwrap();
        let commands = AtomicU32::new(0);
        let site = Self { _folder: folder, ledger, signer, actor, hands, client, commands };
        let at = noon(BEGAN);
        let keys = vec![RingKey::new(site.signer.public_key(), at)];
        let ring = KeyRing::issue(&KeyRingClaims::new(1, at, keys), &root).unwrap();
        let roots = [root.public_key()];
        site.run(BEGAN, json!({"establish_vendor": {"vendor": "acme", "roots": roots}}));
        site.run(BEGAN, json!({"publish_key_ring": {"document": ring}}));
        site.open();
        site
    }

    fn open(&self) {
        let prices = json!([{"term": 12, "amount": 10_000}]);
        let policy = json!({"account_term": {"terms": [12], "provisioning": "immediate",
            "plans": {"basic": {"prices": prices}}}});
        let definition = json!({"name": "Cloud", "license_types": ["camera"]});
        let define = json!({"product": "cloud", "definition": definition, "policy": policy});
        self.run(BEGAN, json!({"define_product": define}));
        let draft = json!({
            "client": {"name": "Bakery", "country": "DE", "zone": "Europe/Berlin"},
            "address": {"street": "S", "city": "B", "email": "post@bakery.example"},
            "administrator": {"name": "A", "provider": "p", "username": "a@bakery.example"},
        });
        let create = json!({"customer": "site", "product": "cloud", "draft": draft,
            "client": "record", "administrator": "adam"});
        self.run(BEGAN, json!({"create_account": create}));
    }

    fn run(&self, day: &str, body: Value) {
        let id = format!("command-{}", self.commands.fetch_add(1, Ordering::Relaxed));
        let json = json!({"id": id, "actor": self.actor, "body": body}).to_string();
        let envelope = Envelope::from_json(json.as_bytes()).unwrap();
        let done = self.ledger.execute(&envelope, noon(day));
        assert!(done.is_ok(), "{done:?} for {body}");
    }

    fn enroll(&self, day: &str, device: &str) {
        let of = json!({"customer": "site", "product": "cloud", "device": device,
            "license_type": "camera", "description": {"plan": "basic"}});
        self.run(day, json!({"register_device": of}));
        for state in ["waiting_for_connection", "registering", "enrolled"] {
            let report = json!({"customer": "site", "device": device, "state": state});
            self.run(day, json!({"report_device": report}));
        }
    }

    /// The program asks its vendor on a day, and takes what it answers.
    fn ask(&mut self, day: &str, kind: RequestKind) {
        self.hands.0.store(noon(day).unix(), Ordering::Relaxed);
        let mut details = RequestDetails::default();
        details.system = Some("recorder".parse().unwrap());
        let request = self.client.request_at(kind, details, noon(day)).unwrap();
        let customer = "site".parse().unwrap();
        let bytes = request.as_bytes();
        let from = RequestFrom { customer: Some(&customer), actor: &self.actor, bytes };
        let answer = self.ledger.answer(from, &self.signer, noon(day)).unwrap();
        self.client.accept_at(answer.as_bytes(), noon(day)).unwrap();
    }

    /// The cameras of these that may record on a day.
    fn recording<'d>(&self, day: &str, devices: &[&'d str]) -> Vec<&'d str> {
        self.hands.0.store(noon(day).unix(), Ordering::Relaxed);
        let allowed = |device: &&&str| {
            let device = DeviceId::new(device).unwrap();
            let checks = ["camera", "cloud"].map(|of| self.client.check_device(of, &device));
            assert_eq!(checks[0].allowed(), checks[1].allowed(), "{checks:?}");
            checks[0].allowed()
        };
        devices.iter().filter(allowed).copied().collect()
    }
}

#[test]
fn s_st_32_cameras_record_offline_to_the_end_of_what_is_paid_even_while_suspended() {
    let mut site = Site::new();
    let all = ["d1", "d2", "d3"];
    site.ask(BEGAN, RequestKind::System);
    assert_eq!(site.recording(BEGAN, &all), [""; 0], "nothing is billed yet");
    site.enroll("2026-03-10", "d1");
    site.enroll("2026-03-10", "d2");
    site.ask("2026-03-10", RequestKind::Refresh);
    assert_eq!(site.recording("2026-03-10", &all), ["d1", "d2"]);

    site.run("2026-04-01", json!({"suspend_account": {"customer": "site"}}));
    assert_eq!(site.recording("2026-04-01", &all), ["d1", "d2"]);
    site.ask("2026-04-02", RequestKind::Refresh);
    assert_eq!(site.recording("2026-04-02", &all), ["d1", "d2"]);
    site.run("2026-04-03", json!({"restore_account": {"customer": "site"}}));

    // A year without the vendor, up to the last day that is paid for and not one more.
    assert_eq!(site.recording("2027-03-09", &all), ["d1", "d2"]);
    assert_eq!(site.recording("2027-03-10", &all), [""; 0]);
    site.ask("2027-03-10", RequestKind::Refresh);
    assert_eq!(site.recording("2027-03-11", &all), ["d1", "d2"], "it renews by itself");

    // What is deleted stops with the next answer, what is new begins with it.
    site.run("2027-04-01", json!({"delete_device": {"customer": "site", "device": "d1"}}));
    site.enroll("2027-04-01", "d3");
    assert_eq!(site.recording("2027-04-01", &all), ["d1", "d2"]);
    site.ask("2027-04-02", RequestKind::Refresh);
    assert_eq!(site.recording("2027-04-02", &all), ["d2", "d3"]);
    for device in ["d2", "d3"] {
        site.run("2027-05-01", json!({"delete_device": {"customer": "site", "device": device}}));
    }
    site.ask("2027-05-01", RequestKind::Refresh);
    assert_eq!(site.recording("2027-05-01", &all), [""; 0]);
}
