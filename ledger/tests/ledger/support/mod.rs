//! Places for ledgers, and a book that drives one with commands in JSON.

pub(crate) mod cloud;
mod earlier;
mod place;
#[cfg(feature = "postgres")]
mod proxy;
#[cfg(feature = "postgres")]
pub(crate) mod server;
mod shop;
#[cfg(feature = "postgres")]
mod strip;
pub(crate) mod trade;

use std::{
    io::Write,
    sync::atomic::{AtomicU32, Ordering},
};

use mlicense_core::{
    document::{Nonce, Request, RequestFields, RequestKind},
    error::{ErrorClass, ErrorKind},
    history::Envelope,
    signing::Signer,
    time::Instant,
    view::Query,
};
use mlicense_ledger::{Error, Ledger, Receipt};
use serde_json::{Value, json};

pub(crate) use earlier::{migrations, take_back};
pub(crate) use place::{Place, on_every_store};
pub(crate) use shop::{DAY, Shop, asking, asking_from, owner};
#[cfg(feature = "postgres")]
pub(crate) use {
    proxy::{Commit, Proxy},
    server::Server,
    strip::Strip,
};

/// Says something about the whole run; the harness does not capture this.
pub(crate) fn tell(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// The instant of noon in UTC on a day.
pub(crate) fn noon(day: &str) -> Instant {
    format!("{day}T12:00:00Z").parse().unwrap()
}

/// A command of the vendor's.
pub(crate) fn envelope(id: &str, body: Value) -> Envelope {
    let actor = json!({"role": "vendor", "id": "back-office"});
    let json = json!({"id": id, "actor": actor, "body": body}).to_string();
    Envelope::from_json(json.as_bytes()).unwrap()
}

/// A ledger and the commands given to it.
#[derive(Debug)]
pub(crate) struct Book<'p> {
    pub(crate) place: &'p Place,
    pub(crate) ledger: Ledger,
    commands: AtomicU32,
}

impl<'p> Book<'p> {
    pub(crate) fn new(place: &'p Place) -> Self {
        Self { place, ledger: place.create().unwrap(), commands: AtomicU32::new(0) }
    }

    /// A book of a ledger that is there, to which fewer commands than `before` were given.
    pub(crate) fn opened(place: &'p Place, before: u32) -> Self {
        Self { place, ledger: place.open().unwrap(), commands: AtomicU32::new(before) }
    }

    /// A book with product `vms` under the usual subscription and customer `c1` with ten cameras
    /// in system `s1`, all of 2026-03-01.
    pub(crate) fn with_cameras(place: &'p Place) -> Self {
        let book = Self::new(place);
        book.run("2026-03-01", define("vms"));
        book.customer("c1");
        let request = request("s1", noon("2026-03-01"));
        book.run("2026-03-01", json!({"take_request": {"customer": "c1", "request": request}}));
        book
    }

    /// [`Book::with_cameras`] with a subscription started and 20 licences in the wallet.
    pub(crate) fn started(place: &'p Place) -> Self {
        let book = Self::with_cameras(place);
        book.run("2026-03-01", start("c1"));
        book.issue("2026-03-01", "key-1", 20);
        book.run("2026-03-01", redeem("c1", "key-1"));
        book
    }

    /// Does a command at noon of a day.
    pub(crate) fn run(&self, day: &str, body: Value) -> Receipt {
        let shown = body.to_string();
        let done = self.ledger.execute(&self.envelope(body), noon(day));
        done.unwrap_or_else(|error| panic!("{error:?} for {shown}"))
    }

    /// Does a command as who signed in to `session`.
    pub(crate) fn run_as(&self, session: &Value, day: &str, body: Value) -> Receipt {
        let shown = body.to_string();
        let done = self.ledger.execute(&self.envelope_of(session, body), noon(day));
        done.unwrap_or_else(|error| panic!("{error:?} for {shown}"))
    }

    /// The session of a person who signs in at `{"customer": …}` or `{"partner": …}`.
    pub(crate) fn sign_in(&self, day: &str, person: &str, at: Value) -> Value {
        let who = json!({"person": person});
        self.ask(day, json!({"sign_in": {"who": who, "at": at}}))["sign_in"].clone()
    }

    /// Why a question is refused.
    pub(crate) fn unanswered(&self, day: &str, query: Value) -> ErrorKind {
        let query: Query = serde_json::from_value(query).unwrap();
        match self.ledger.query(&query, noon(day)) {
            Err(error @ Error::Refused(_)) => error.kind(),
            other => panic!("not refused: {other:?}"),
        }
    }

    /// Does a command that must be refused, and checks that nothing at all has changed.
    pub(crate) fn refused(&self, day: &str, body: Value) -> ErrorKind {
        self.refuses(day, &self.envelope(body))
    }

    /// As [`Book::refused`], for who signed in to `session`.
    pub(crate) fn refused_as(&self, session: &Value, day: &str, body: Value) -> ErrorKind {
        self.refuses(day, &self.envelope_of(session, body))
    }

    fn refuses(&self, day: &str, envelope: &Envelope) -> ErrorKind {
        let before = self.place.everything();
        let shown = serde_json::to_string(&envelope.body).unwrap();
        let result = self.ledger.execute(envelope, noon(day));
        assert!(before == self.place.everything(), "a refusal changed something: {shown}");
        match result {
            Err(error @ Error::Refused(_)) => error.kind(),
            other => panic!("not refused: {shown} gave {other:?}"),
        }
    }

    pub(crate) fn customer(&self, customer: &str) {
        self.run(
            "2026-03-01",
            json!({"register_customer": {"customer": customer, "zone": "Europe/Berlin"}}),
        );
    }

    /// Issues a licence key worth some licences for cameras.
    pub(crate) fn issue(&self, day: &str, key: &str, quantity: u32) {
        let contents = json!([{"license_type": "camera", "quantity": quantity}]);
        self.run(
            day,
            json!({"issue_keys": {
                "batch": format!("b-{key}"), "product": "vms", "contents": contents, "keys": [key],
            }}),
        );
    }

    /// Issues a coupon for one host.
    pub(crate) fn issue_for(&self, product: &str, coupon: &str) {
        let contents = json!([{"license_type": "base", "kind": "host", "quantity": 1}]);
        self.run(
            DAY,
            json!({"issue_keys": {
                "batch": format!("b-{coupon}"), "product": product, "contents": contents,
                "keys": [coupon],
            }}),
        );
    }

    /// The answer to a question, as JSON.
    pub(crate) fn ask(&self, day: &str, query: Value) -> Value {
        let query: Query = serde_json::from_value(query).unwrap();
        serde_json::to_value(self.ledger.query(&query, noon(day)).unwrap()).unwrap()
    }

    /// The events of a stream, as JSON.
    pub(crate) fn history(&self, stream: &str) -> Vec<Value> {
        let query = json!({"history": {"stream": stream, "after": 0, "limit": 1000}});
        let view = self.ask("2026-03-01", query);
        view["history"].as_array().unwrap_or_else(|| panic!("{view}")).clone()
    }

    fn envelope(&self, body: Value) -> Envelope {
        envelope(&self.next(), body)
    }

    fn envelope_of(&self, session: &Value, body: Value) -> Envelope {
        let json = json!({"id": self.next(), "actor": session["actor"], "body": body});
        Envelope::from_json(json.to_string().as_bytes()).unwrap()
    }

    fn next(&self) -> String {
        format!("command-{}", self.commands.fetch_add(1, Ordering::Relaxed))
    }
}

pub(crate) fn define(product: &str) -> Value {
    json!({"define_product": {
        "product": product,
        "definition": {"name": "VMS", "license_types": ["camera", "door"]},
        "policy": {"subscription": {}},
    }})
}

pub(crate) fn start(customer: &str) -> Value {
    json!({"start_subscription": {"customer": customer, "product": "vms"}})
}

pub(crate) fn redeem(customer: &str, key: &str) -> Value {
    json!({"redeem_key": {"customer": customer, "product": "vms", "key": key}})
}

pub(crate) fn allocate(cameras: u32) -> Value {
    json!({"allocate": {"customer": "c1", "product": "vms", "quantities": {"camera": cameras}}})
}

/// A signed request of a system of product `vms` with ten cameras; its key follows from its id.
pub(crate) fn request(system: &str, at: Instant) -> String {
    let mut nonce = [0; 16];
    nonce.iter_mut().zip(at.unix().to_le_bytes()).for_each(|(nonce, byte)| *nonce = byte);
    let nonce = Nonce::from_entropy(nonce);
    let mut fields = RequestFields::new(RequestKind::System, "vms".parse().unwrap(), nonce, at);
    fields.system = Some(system.parse().unwrap());
    fields.devices = serde_json::from_value(json!({"camera": 10})).unwrap();
    Request::write(&fields, &installation(system)).unwrap()
}

/// The key of a system.
pub(crate) fn installation(system: &str) -> Signer {
    let mut seed = [1; 32];
    seed.iter_mut().zip(system.bytes()).for_each(|(seed, byte)| *seed = byte);
    Signer::from_seed(seed)
}

/// Checks that an error is of this kind and says all that an error of a store has to say.
#[track_caller]
pub(crate) fn assert_fault<T: std::fmt::Debug>(result: Result<T, Error>, kind: ErrorKind) {
    let error = result.unwrap_err();
    let view = error.refusal().view();
    assert_eq!(error.kind(), kind, "{error:?}");
    assert_eq!((view.number, view.name), (kind.number(), kind.name()));
    assert_eq!(kind.class(), ErrorClass::Storage);
    for text in [&view.message, &view.remedy] {
        assert!(!text.is_empty() && !text.contains(['{', '}']), "{text}");
    }
}
