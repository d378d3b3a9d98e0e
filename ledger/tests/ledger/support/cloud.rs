//! A book with an integrator, who looks after accounts with billed terms.

use serde_json::{Map, Value, json};

use super::{Book, Place};

/// The day on which the book was begun, and on which accounts are created.
pub(crate) const DAY: &str = "2026-03-02";

/// A book with product `cloud`, billed by terms of accounts, and partner `integrator`, who has an
/// administrator and another user.
#[derive(Debug)]
pub(crate) struct Cloud<'p> {
    pub(crate) book: Book<'p>,
    /// The session of the integrator's administrator `boss`.
    pub(crate) boss: Value,
    /// The session of the integrator's user `ingo`.
    pub(crate) ingo: Value,
}

impl<'p> Cloud<'p> {
    pub(crate) fn new(place: &'p Place) -> Self {
        Self::under(place, json!({}))
    }

    /// As [`Cloud::new`], with these settings changed.
    pub(crate) fn under(place: &'p Place, settings: Value) -> Self {
        let book = Book::new(place);
        book.run(
            DAY,
            json!({"define_product": {
                "product": "cloud",
                "definition": {"name": "Cloud", "license_types": ["camera", "encoder"]},
                "policy": {"account_term": policy(settings)},
            }}),
        );
        let fields = json!({"name": "Integrator", "email": "post@integrator.example"});
        book.run(
            DAY,
            json!({"register_partner": {"partner": "integrator", "code": "INT-1",
                "contact": "integrator-record", "fields": fields}}),
        );
        for (person, administrator) in [("boss", true), ("ingo", false)] {
            let add = json!({"partner": "integrator", "person": person,
                "administrator": administrator, "user": user(person)});
            book.run(DAY, json!({"add_partner_user": add}));
            book.run(DAY, json!({"activate_user": {"person": person}}));
        }
        let at = json!({"partner": "integrator"});
        let [boss, ingo] = ["boss", "ingo"].map(|person| book.sign_in(DAY, person, at.clone()));
        Self { book, boss, ingo }
    }

    /// [`Cloud::new`] with the active account `site`.
    pub(crate) fn with_site(place: &'p Place) -> Self {
        let cloud = Self::new(place);
        cloud.open("site");
        cloud
    }

    /// Creates an account, which is active then; its administrator is `adam-CUSTOMER`, activated.
    pub(crate) fn open(&self, customer: &str) {
        let person = format!("adam-{customer}");
        self.book.run_as(&self.ingo, DAY, create(customer, pages(&person)));
        self.acknowledge(customer, "creating");
        self.book.run(DAY, json!({"activate_user": {"person": person}}));
    }

    /// Says that the vendor's program has done what was left to it.
    pub(crate) fn acknowledge(&self, customer: &str, state: &str) {
        let done = json!({"customer": customer, "state": state});
        self.book.run(DAY, json!({"acknowledge_account": done}));
    }

    /// Does a command as the integrator's user.
    pub(crate) fn run(&self, day: &str, body: Value) {
        self.book.run_as(&self.ingo, day, body);
    }

    /// What the account of a customer is doing, and its term.
    pub(crate) fn account(&self, day: &str, customer: &str) -> Value {
        self.book.ask(day, json!({"account": {"customer": customer}}))["account"].clone()
    }

    pub(crate) fn state(&self, customer: &str) -> String {
        self.account(DAY, customer)["state"].as_str().unwrap().to_owned()
    }

    /// The term of account `site`.
    pub(crate) fn term(&self, day: &str) -> Value {
        self.account(day, "site")["term"].clone()
    }

    /// The invoice of account `site` in the month of a day.
    pub(crate) fn invoice(&self, month: &str) -> Value {
        let of = json!({"customer": "site", "product": "cloud", "month": month});
        self.book.ask(month, json!({"invoice": of}))["invoice"].clone()
    }

    /// Registers a device of account `site`, not yet connected.
    pub(crate) fn register(&self, day: &str, device: &str, description: Value) {
        self.run(day, register(device, description));
    }

    /// Tells the states a device of account `site` goes through.
    pub(crate) fn report(&self, day: &str, device: &str, states: &[&str]) {
        for state in states {
            self.book.run(day, report(device, state));
        }
    }

    /// Registers a device of account `site` and brings it to work.
    pub(crate) fn enroll(&self, day: &str, device: &str, plan: &str) {
        self.register(day, device, json!({"plan": plan}));
        self.report(day, device, &["waiting_for_connection", "registering", "enrolled"]);
    }

    /// Takes a device of account `site` away, to the end.
    pub(crate) fn remove(&self, day: &str, device: &str) {
        self.run(day, json!({"delete_device": {"customer": "site", "device": device}}));
        self.report(day, device, &["deleting_video", "deleted"]);
    }
}

/// The pages of an account whose administrator is so named.
pub(crate) fn pages(administrator: &str) -> Value {
    json!({
        "client": {"name": "Bakery", "country": "DE", "zone": "Europe/Berlin",
            "reference": "B-17", "term": 12},
        "address": {"street": "Example Street 1", "city": "Berlin", "postal_code": "10115",
            "phone": "+49 30 000", "email": "post@bakery.example"},
        "administrator": user(administrator),
    })
}

pub(crate) fn create(customer: &str, draft: Value) -> Value {
    let username = draft["administrator"]["username"].as_str().unwrap_or("nobody@");
    let administrator = username.split('@').next().unwrap();
    json!({"create_account": {
        "customer": customer, "product": "cloud", "draft": draft, "dealer": "integrator",
        "client": format!("record-{customer}"), "administrator": administrator,
    }})
}

/// The page of a user who signs in with an e-mail that follows from the name.
pub(crate) fn user(name: &str) -> Value {
    json!({"name": name, "provider": "google", "username": format!("{name}@example.org")})
}

pub(crate) fn register(device: &str, description: Value) -> Value {
    json!({"register_device": {"customer": "site", "product": "cloud", "device": device,
        "license_type": "camera", "description": description}})
}

pub(crate) fn report(device: &str, state: &str) -> Value {
    json!({"report_device": {"customer": "site", "device": device, "state": state}})
}

fn policy(settings: Value) -> Value {
    let plan = |year: u32, month: u32| json!({"prices": [{"term": 12, "amount": year}, {"term": 1, "amount": month}]});
    let mut policy = json!({
        "plans": {"basic": plan(10_000, 1_000), "plus": plan(20_000, 2_000)},
        "data_centers": {"DE": "frankfurt", "FR": "frankfurt", "US": "ashburn"},
        "identity_providers": {"google": {}, "microsoft": {}, "own": {"organizational": true}},
    });
    let Value::Object(settings) = settings else { return policy };
    policy.as_object_mut().unwrap().append(&mut Map::from_iter(settings));
    policy
}
