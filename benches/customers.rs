//! The page of customers that a partner sees, among many customers of other partners.

use std::{hint::black_box, path::Path, time::Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use mlicense_benches::given;
use mlicense_core::{history::Envelope, view::Query};
use mlicense_ledger::Ledger;
use rusqlite::Connection;
use serde_json::{Value, json};

const NOW: &str = "2026-03-02T12:00:00Z";
/// The customer that the others are copies of; what is copied has this name in it.
const OTHER: &str = "other-0000000";
/// Customers of one partner, other partners' too.
const EACH: usize = 1000;

/// How many customers the ledger has.
fn customers() -> usize {
    given("BENCH_CUSTOMERS", 100_000)
}

/// A vendor that gives commands one after another.
struct Vendor {
    ledger: Ledger,
    commands: usize,
}

impl Vendor {
    fn run(&mut self, body: Value) {
        self.commands += 1;
        let actor = json!({"role": "vendor", "id": "bench"});
        let id = format!("command-{}", self.commands);
        let envelope = json!({"id": id, "actor": actor, "body": body}).to_string();
        let envelope = Envelope::from_json(envelope.as_bytes()).expect("a command");
        self.ledger.execute(&envelope, NOW.parse().expect("an instant")).expect("done");
    }

    fn partner(&mut self, partner: &str) {
        let fields = json!({"name": "A Dealer", "email": format!("desk@{partner}.example")});
        let contact = format!("contact-{partner}");
        self.run(json!({"register_partner": {
            "partner": partner, "code": partner, "contact": contact, "fields": fields,
        }}));
        let contents = json!([{"license_type": "camera", "kind": "device", "quantity": EACH}]);
        self.run(json!({"stock_partner": {
            "partner": partner, "product": "cams", "contents": contents,
        }}));
    }

    /// A customer with a manager, a dealer and a licence given by it.
    fn customer(&mut self, (customer, email): (&str, &str), partner: &str) {
        self.run(json!({"register_customer": {"customer": customer, "zone": "Asia/Tokyo"}}));
        let user = json!({"name": format!("Manager of {customer}"), "provider": "mail",
            "username": email});
        self.run(json!({"add_user": {
            "customer": customer, "person": format!("person-of-{customer}"), "user": user,
        }}));
        self.run(json!({"set_dealer": {"customer": customer, "partner": partner}}));
        let contents = json!([{"license_type": "camera", "kind": "device", "quantity": 1}]);
        self.run(json!({"give_licenses": {
            "partner": partner, "customer": customer, "product": "cams", "contents": contents,
        }}));
    }
}

/// The e-mail of one of the customers of `dealer`.
fn own(n: usize) -> String {
    format!("customer-{n:04}@own.example")
}

/// The partner `dealer` with its customers, and one customer of another; all by commands.
fn founded(path: &Path) {
    let mut vendor = Vendor { ledger: Ledger::create(path).expect("a ledger"), commands: 0 };
    vendor.run(json!({"define_product": {
        "product": "cams", "definition": {"name": "Cameras", "license_types": ["camera"]},
        "policy": {"device_assigned": {}},
    }}));
    vendor.partner("dealer");
    vendor.partner("others-0");
    vendor.customer((OTHER, &format!("{OTHER}@people.example")), "others-0");
    // Its customers lie scattered among the others, as customers do.
    let apart = customers() / (EACH + 1);
    for n in 1..=EACH {
        let (customer, email) = (format!("other-{:07}-own", n * apart), own(n));
        vendor.customer((&customer, &email), "dealer");
    }
}

/// Copies what the commands wrote for one customer, row by row in every table, under other names:
/// half a million commands would take too long. Their partners have no streams, their chains do
/// not verify and their pseudonyms are none, which a page does not look at.
fn grow(path: &Path, copies: usize) {
    let connection = Connection::open(path).expect("a file");
    let named = |column: &str| format!("replace({column}, '{OTHER}', printf('other-%07d', n))");
    let numbered = format!(
        "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {copies})"
    );
    let (stream, json, id) = (named("stream"), named("json"), named("id"));
    let (name, email, username) = (named("name"), named("email"), named("username"));
    let (customer, contact) = (named("customer"), named("contact"));
    let of_one = format!("stream LIKE '%{OTHER}%'");
    let tables = [
        format!(
            "INSERT INTO event (stream, idx, json, chain, at, actor, kind) {numbered}
             SELECT {stream}, idx, {json}, chain, at, actor, kind FROM number, event WHERE {of_one}"
        ),
        format!(
            "INSERT INTO head (stream, idx, chain) {numbered}
             SELECT {stream}, idx, chain FROM number, head WHERE {of_one}"
        ),
        format!(
            "INSERT INTO claim (space, digest, holder) {numbered}
             SELECT space, digest || n, {} FROM number, claim WHERE holder LIKE '%{OTHER}%'",
            named("holder")
        ),
        format!(
            "INSERT INTO receipt (command, digest, at, events) {numbered}
             SELECT command || '-' || n, digest, at, {} FROM number, receipt WHERE events LIKE '%{OTHER}%'",
            named("events")
        ),
        format!(
            "INSERT INTO person (id, name, email, username) {numbered}
             SELECT {id}, {name}, {email}, {username} FROM number, person WHERE id LIKE '%{OTHER}%'"
        ),
        format!(
            "INSERT INTO link (holder, customer, contact) {numbered}
             SELECT replace({}, 'others-0', 'others-' || (n / {EACH})), {customer}, {contact}
             FROM number, link WHERE customer = '{OTHER}'",
            named("holder")
        ),
    ];
    let sql = format!("BEGIN; {}; COMMIT; ANALYZE", tables.join("; "));
    connection.execute_batch(&sql).expect("copies");
}

fn page(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("vendor.mlicense");
    let began = Instant::now();
    founded(&path);
    let (by_commands, began) = (began.elapsed(), Instant::now());
    grow(&path, customers().saturating_sub(EACH + 1));
    println!(
        "{} customers: {EACH} and one by commands in {by_commands:.1?}, the others copied in {:.1?}",
        customers(),
        began.elapsed(),
    );
    let ledger = Ledger::open(&path).expect("a ledger");
    let now = NOW.parse().expect("an instant");
    let ask = |filter: &str, page: u32| {
        let query =
            json!({"partner_customers": {"partner": "dealer", "email": filter, "page": page}});
        Query::from_json(query.to_string().as_bytes()).expect("a query")
    };
    let total = |query: &Query| {
        let view = serde_json::to_value(ledger.query(query, now).expect("a page")).expect("JSON");
        view["partner_customers"]["total"].as_u64().expect("a number")
    };
    let asked = [("first page", ask("", 1), 1000), ("page by e-mail", ask("R-012", 1), 10)];
    let mut group = criterion.benchmark_group("customers of a partner");
    for (name, query, expected) in asked {
        assert_eq!(total(&query), expected, "{name}");
        group.bench_function(name, |bencher| {
            bencher.iter(|| ledger.query(black_box(&query), now).expect("a page"));
        });
    }
    group.finish();
}

criterion_group!(benches, page);
criterion_main!(benches);
