//! Devices, partners and the people who look after them, in a [`Book`].

use std::collections::BTreeMap;

use mlicense_core::history::{Envelope, Preview};
use mlicense_ledger::Receipt;
use serde_json::{Value, json};

use super::{Book, Place, noon};

/// The day on which a book of devices begins.
pub(crate) const DAY: &str = "2026-03-02";

impl<'p> Book<'p> {
    /// A book with product `cams`, of which each licence is for one device, and customer `c1`.
    pub(crate) fn of_devices(place: &'p Place) -> Self {
        Self::of_devices_under(place, json!({}))
    }

    /// [`Book::of_devices`] under another policy.
    pub(crate) fn of_devices_under(place: &'p Place, policy: Value) -> Self {
        let book = Self::new(place);
        book.run(
            DAY,
            json!({"define_product": {
                "product": "cams",
                "definition": {"name": "Cameras", "license_types": ["camera", "storage"]},
                "policy": {"device_assigned": policy},
            }}),
        );
        book.customer("c1");
        book
    }

    /// Registers a camera of customer `c1`.
    pub(crate) fn camera(&self, device: &str) -> Receipt {
        self.device(DAY, ("c1", device), "camera")
    }

    pub(crate) fn device(
        &self,
        day: &str,
        (customer, device): (&str, &str),
        license_type: &str,
    ) -> Receipt {
        self.run(day, register_device((customer, device), license_type))
    }

    /// Customer `c1` buys licences for cameras.
    pub(crate) fn buy(&self, day: &str, quantity: u32) -> Receipt {
        self.run(
            day,
            json!({"stock_licenses": {
                "customer": "c1", "product": "cams", "contents": cameras(quantity),
                "source": "purchase",
            }}),
        )
    }

    /// The licences of a customer, with changes that are not saved yet.
    pub(crate) fn draft(&self, day: &str, customer: &str, changes: Value) -> Value {
        self.ask(day, assignments(customer, changes))["assignments"].clone()
    }

    /// Which camera each licence of customer `c1` is on; nothing for one on none.
    pub(crate) fn cameras_on(&self, day: &str) -> BTreeMap<String, Option<String>> {
        on(&self.draft(day, "c1", json!([])))
    }

    /// The command that saves changes to what the licences of customer `c1` are on now.
    pub(crate) fn saving(&self, day: &str, changes: Value) -> Value {
        let base = self.draft(day, "c1", json!([]))["base"].clone();
        save(base, changes)
    }

    /// Registers a partner with its name and e-mail.
    pub(crate) fn partner(&self, partner: &str) {
        let (contact, email) = (format!("contact-{partner}"), format!("desk@{partner}.example"));
        let fields = json!({"name": format!("Dealer {partner}"), "email": email});
        self.run(
            DAY,
            json!({"register_partner": {
                "partner": partner, "code": format!("code-{partner}"), "contact": contact,
                "fields": fields,
            }}),
        );
    }

    /// A user of a partner who has signed in at the partner's own page.
    pub(crate) fn dealer_user(&self, partner: &str, person: &str, administrator: bool) -> Value {
        self.run(
            DAY,
            json!({"add_partner_user": {
                "partner": partner, "person": person, "administrator": administrator,
                "user": user(person),
            }}),
        );
        self.run(DAY, json!({"activate_user": {"person": person}}));
        self.sign_in(DAY, person, json!({"partner": partner}))
    }

    /// A member of a customer who has signed in there.
    pub(crate) fn member(&self, customer: &str, person: &str, role: &str) -> Value {
        self.run(
            DAY,
            json!({"add_user": {
                "customer": customer, "person": person, "role": role, "user": user(person),
            }}),
        );
        self.run(DAY, json!({"activate_user": {"person": person}}));
        self.sign_in(DAY, person, json!({"customer": customer}))
    }

    /// Customer `c1` with its manager `owner`, who chose dealer `d1` with its user `sales`.
    ///
    /// Gives the sessions of `owner` and `sales`.
    pub(crate) fn dealt(&self) -> (Value, Value) {
        self.partner("d1");
        let owner = self.member("c1", "owner", "manager");
        self.run_as(&owner, DAY, set_dealer("c1", Some("d1")));
        (owner, self.dealer_user("d1", "sales", false))
    }

    pub(crate) fn stock_partner(&self, partner: &str, contents: Value) {
        self.run(
            DAY,
            json!({"stock_partner": {
                "partner": partner, "product": "cams", "contents": contents,
            }}),
        );
    }

    /// A partner as it sees itself.
    pub(crate) fn seen_by(&self, partner: &str) -> Value {
        self.ask(DAY, json!({"partner": {"partner": partner}}))["partner"].clone()
    }

    /// The first page of a partner's customers.
    pub(crate) fn customers_of(&self, partner: &str, filter: &str) -> Value {
        let query = json!({"partner_customers": {"partner": partner, "email": filter}});
        self.ask(DAY, query)["partner_customers"].clone()
    }

    /// Why a session has to sign in again.
    pub(crate) fn again(&self, session: &Value) -> Value {
        let view = self.ask(DAY, json!({"session": {"session": session}}));
        view["session"]["sign_in_again"].clone()
    }

    /// What a command of who signed in would do.
    pub(crate) fn previewed(&self, session: &Value, body: Value) -> (Envelope, Preview) {
        let envelope = self.envelope_of(session, body);
        let preview = self.ledger.preview(&envelope, noon(DAY)).unwrap();
        (envelope, preview)
    }

    /// What was left to be sent, as JSON; mails by which users are activated aside.
    pub(crate) fn orders(&self) -> Vec<Value> {
        let outbox = self.ledger.outbox(1000).unwrap().into_iter();
        let messages = outbox.map(|left| serde_json::to_value(left.message).unwrap());
        messages.filter(|message| message.get("activation").is_none()).collect()
    }
}

pub(crate) fn register_device((customer, device): (&str, &str), license_type: &str) -> Value {
    json!({"register_device": {
        "customer": customer, "product": "cams", "device": device, "license_type": license_type,
    }})
}

/// Licences for cameras, as what is stocked or given.
pub(crate) fn cameras(quantity: u32) -> Value {
    json!([{"license_type": "camera", "kind": "device", "quantity": quantity}])
}

pub(crate) fn give(customer: &str, contents: Value) -> Value {
    json!({"give_licenses": {
        "partner": "d1", "customer": customer, "product": "cams", "contents": contents,
    }})
}

pub(crate) fn set_dealer(customer: &str, partner: Option<&str>) -> Value {
    json!({"set_dealer": {"customer": customer, "partner": partner}})
}

pub(crate) fn assignments(customer: &str, changes: Value) -> Value {
    json!({"assignments": {"customer": customer, "product": "cams", "changes": changes}})
}

pub(crate) fn save(base: Value, changes: Value) -> Value {
    json!({"save_assignments": {
        "customer": "c1", "product": "cams", "base": base, "changes": changes,
    }})
}

/// Licence `license` goes to `device`.
pub(crate) fn to(license: u32, device: &str) -> Value {
    json!({"license": license, "device": device})
}

/// Licence `license` is taken off its device.
pub(crate) fn off(license: u32) -> Value {
    json!({"license": license})
}

pub(crate) fn of_device(command: &str, device: &str) -> Value {
    json!({command: {"customer": "c1", "device": device}})
}

pub(crate) fn user(person: &str) -> Value {
    json!({"name": format!("Person {person}"), "provider": "mail", "username":
        format!("{person}@people.example")})
}

/// Which device each licence in a view is on.
pub(crate) fn on(view: &Value) -> BTreeMap<String, Option<String>> {
    let licenses = view["licenses"].as_object().unwrap().iter();
    let device = |row: &Value| row["device"].as_str().map(str::to_owned);
    licenses.map(|(license, row)| (license.clone(), device(row))).collect()
}

/// What [`on`] should give.
pub(crate) fn placed<const N: usize>(
    rows: [(&str, Option<&str>); N],
) -> BTreeMap<String, Option<String>> {
    rows.map(|(license, device)| (license.to_owned(), device.map(str::to_owned))).into()
}
