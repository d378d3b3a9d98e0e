//! Signed licences that name devices, and what is due for them.

use mlicense_core::{
    access::Actor,
    document::{Answer, LicenseClaims, LicenseKind, Nonce, Request, RequestFields, RequestKind},
    error::ErrorKind,
    history::Envelope,
    signing::{KeyRing, KeyRingClaims, RingKey, Signer, Trust},
};
use mlicense_ledger::RequestFrom;
use serde_json::{Value, json};

use super::support::{
    Book,
    cloud::{Cloud, DAY},
    installation, noon, on_every_store,
};

/// The vendor of a book, who signs.
struct Vendor<'b, 'p> {
    book: &'b Book<'p>,
    root: Signer,
    signer: Signer,
    actor: Actor,
}

impl<'b, 'p> Vendor<'b, 'p> {
    fn of(book: &'b Book<'p>) -> Self {
        let (root, signer) = (Signer::from_seed([8; 32]), Signer::from_seed([9; 32]));
        book.run(
            DAY,
            json!({"establish_vendor": {"vendor": "acme", "roots": [root.public_key()]}}),
        );
        let at = noon(DAY);
        let ring = KeyRingClaims::new(1, at, vec![RingKey::new(signer.public_key(), at)]);
        let ring = KeyRing::issue(&ring, &root).unwrap();
        book.run(DAY, json!({"publish_key_ring": {"document": ring}}));
        let json = json!({"id": "x", "actor": {"role": "vendor", "id": "back-office"},
            "body": {"suspend_account": {"customer": "site"}}});
        let actor = Envelope::from_json(json.to_string().as_bytes()).unwrap().actor;
        Self { book, root, signer, actor }
    }

    /// The answer to system `nvr` of customer `site`, or why nothing answers.
    fn answer(
        &self,
        day: &str,
        product: &str,
        kind: RequestKind,
    ) -> Result<Answer, mlicense_ledger::Error> {
        let mut nonce = [0; 16];
        nonce.iter_mut().zip(day.bytes()).for_each(|(nonce, byte)| *nonce = byte);
        let nonce = Nonce::from_entropy(nonce);
        let mut fields = RequestFields::new(kind, product.parse().unwrap(), nonce, noon(day));
        fields.system = Some("nvr".parse().unwrap());
        let request = Request::write(&fields, &installation("nvr")).unwrap();
        let customer = "site".parse().unwrap();
        let from = RequestFrom {
            customer: Some(&customer),
            actor: &self.actor,
            bytes: request.as_bytes(),
        };
        let answer = self.book.ledger.answer(from, &self.signer, noon(day))?;
        let trust = Trust::new(&[self.root.public_key()], None).unwrap();
        Ok(Answer::verify(answer.as_bytes(), &trust).unwrap())
    }

    fn license(&self, day: &str, product: &str) -> Option<LicenseClaims> {
        let answer = self.answer(day, product, RequestKind::System).unwrap();
        let license = answer.license().map(|license| license.claims().clone());
        let refused = answer.claims().refusal.as_ref();
        assert_eq!(license.is_none(), refused.is_some(), "an answer is a licence or a refusal");
        license
    }
}

/// The devices that a licence names, and its span in days.
fn named(claims: &LicenseClaims) -> (Vec<&str>, String, String) {
    let devices = claims.devices.iter().flatten().map(|device| device.as_str()).collect();
    let licensed = claims.licensed.unwrap();
    let until = licensed.until.map_or("for ever".to_owned(), |until| until.day().to_string());
    (devices, licensed.from.day().to_string(), until)
}

fn expect(claims: Option<LicenseClaims>, devices: &[&str], from: &str, until: &str) {
    let claims = claims.unwrap();
    assert_eq!(named(&claims), (devices.to_vec(), from.to_owned(), until.to_owned()));
    claims.check().unwrap();
}

fn due(book: &Book<'_>, day: &str) -> Value {
    book.ask(day, json!({"due": {"customer": "site"}}))["due"].clone()
}

fn row(book: &Book<'_>, day: &str, product: &str) -> Value {
    let view = book.ask(day, json!({"overview": {"customer": "site"}}));
    view["overview"]["devices"][product].clone()
}

#[test]
fn s_st_32_the_licence_of_an_account_names_its_devices_whether_suspended_or_not() {
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        let vendor = Vendor::of(&cloud.book);
        let license = |day: &str| vendor.license(day, "cloud");
        cloud.register(DAY, "d1", json!({"plan": "basic"}));
        assert_eq!(license(DAY), None, "nothing is billed yet");
        cloud.enroll("2026-03-10", "d2", "basic");
        expect(license("2026-03-10"), &["d2"], "2026-03-10", "2027-03-10");
        cloud.report("2026-04-01", "d1", &["waiting_for_connection", "registering", "enrolled"]);
        let before = license("2026-05-01").unwrap();
        cloud.run("2026-05-01", json!({"suspend_account": {"customer": "site"}}));
        let after = license("2026-05-01").unwrap();
        assert_eq!(named(&before), named(&after));
        assert_eq!((before.kind, before.features), (LicenseKind::Subscription, after.features));
        expect(license("2026-05-01"), &["d1", "d2"], "2026-03-10", "2027-03-10");
        assert_eq!(
            row(&cloud.book, "2026-05-01", "cloud"),
            json!({
                "devices": 2, "licensed": 2, "until": "2027-03-10"
            })
        );

        // The next period has a licence of its own; what is deleted is named no more.
        expect(license("2027-03-10"), &["d1", "d2"], "2027-03-10", "2028-03-10");
        cloud.run("2027-04-01", json!({"delete_device": {"customer": "site", "device": "d1"}}));
        expect(license("2027-04-01"), &["d2"], "2027-03-10", "2028-03-10");
        cloud.run("2027-04-01", json!({"delete_device": {"customer": "site", "device": "d2"}}));
        let answer = vendor.answer("2027-04-01", "cloud", RequestKind::Refresh).unwrap();
        assert!(answer.license().is_none());
        let refusal = answer.claims().refusal.clone().unwrap();
        assert_eq!(refusal.kind(), Some(ErrorKind::NotLicensed));
    });
}

#[test]
fn a_replaced_device_hands_its_licence_on() {
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        let vendor = Vendor::of(&cloud.book);
        cloud.enroll("2026-03-10", "d1", "basic");
        let replace = json!({"customer": "site", "device": "d1", "by": "d2"});
        cloud.run("2026-04-01", json!({"replace_device": replace}));
        expect(vendor.license("2026-04-01", "cloud"), &["d2"], "2026-03-10", "2027-03-10");
    });
}

#[test]
fn without_automatic_renewal_the_licence_ends_with_what_is_paid_for() {
    on_every_store(|place| {
        let cloud = Cloud::under(place, json!({"automatic_renewal": false}));
        cloud.open("site");
        let vendor = Vendor::of(&cloud.book);
        assert_eq!(due(&cloud.book, DAY), json!([]));
        cloud.enroll("2026-03-10", "d1", "basic");
        let ends = |on: &str| json!({"on": on, "product": "cloud", "what": "term_ends"});
        let renewal = json!({"on": "2027-03-10", "product": "cloud", "what": "renewal"});
        assert_eq!(due(&cloud.book, "2026-03-10"), json!([ends("2027-03-10")]));
        let renew = json!({"renew_term": {"customer": "site", "product": "cloud"}});
        cloud.run("2026-05-01", renew.clone());
        assert_eq!(due(&cloud.book, "2026-05-01"), json!([renewal, ends("2028-03-10")]));
        expect(vendor.license("2026-05-01", "cloud"), &["d1"], "2026-03-10", "2028-03-10");
        assert_eq!(due(&cloud.book, "2027-03-10"), json!([ends("2028-03-10")]));

        assert_eq!(vendor.license("2028-03-10", "cloud"), None);
        assert_eq!(due(&cloud.book, "2028-03-10"), json!([]));
        assert_eq!(
            row(&cloud.book, "2028-03-10", "cloud"),
            json!({
                "devices": 1, "licensed": 0, "until": null
            })
        );
        cloud.run("2028-06-01", renew);
        expect(vendor.license("2028-06-01", "cloud"), &["d1"], "2028-06-01", "2029-06-01");
    });
}

#[test]
fn the_renewal_of_an_account_is_due_at_the_end_of_its_period() {
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        cloud.enroll("2026-03-10", "d1", "basic");
        for (day, on) in [
            ("2026-03-10", "2027-03-10"),
            ("2027-03-09", "2027-03-10"),
            ("2027-03-10", "2028-03-10"),
        ] {
            let renewal = json!([{"on": on, "product": "cloud", "what": "renewal"}]);
            assert_eq!(due(&cloud.book, day), renewal);
        }
    });
}

/// A customer `site` and product `cam` of which each licence is for one device.
fn devices<'p>(place: &'p super::support::Place, duration: Value) -> Book<'p> {
    let book = Book::new(place);
    book.run(
        DAY,
        json!({"define_product": {
            "product": "cam", "definition": {"name": "Cam", "license_types": ["camera"]},
            "policy": {"device_assigned": {"duration": duration}},
        }}),
    );
    book.customer("site");
    book
}

fn register(book: &Book<'_>, day: &str, device: &str) {
    let of = json!({"customer": "site", "product": "cam", "device": device});
    let mut of = of;
    of["license_type"] = json!("camera");
    book.run(day, json!({"register_device": of}));
}

fn stock(book: &Book<'_>, day: &str, quantity: u32) {
    let contents = json!([{"license_type": "camera", "kind": "device", "quantity": quantity}]);
    book.run(
        day,
        json!({"stock_licenses": {"customer": "site", "product": "cam", "contents": contents,
            "source": "purchase"}}),
    );
}

#[test]
fn the_licence_of_assigned_devices_names_them_and_ends_with_the_first() {
    on_every_store(|place| {
        let book = devices(place, json!({"months": 12}));
        let vendor = Vendor::of(&book);
        // A system that asks before anything was bought does not stand in the way of it.
        assert_eq!(vendor.license(DAY, "cam"), None);
        for device in ["d1", "d2", "d3"] {
            register(&book, DAY, device);
        }
        stock(&book, DAY, 1);
        stock(&book, "2026-06-01", 1);
        expect(vendor.license("2026-06-01", "cam"), &["d1", "d2"], DAY, "2027-03-02");
        let status = json!({"devices": 3, "licensed": 2, "until": "2027-03-02"});
        assert_eq!(row(&book, "2026-06-01", "cam"), status);
        let ends = |on: &str, lot: u32| {
            let lot = json!({"lot": lot, "license_type": "camera", "licenses": 1});
            json!({"on": on, "product": "cam", "what": {"device_licenses_end": lot}})
        };
        let coming = json!([ends("2027-03-02", 1), ends("2027-06-01", 2)]);
        assert_eq!(due(&book, "2026-06-01"), coming);
        expect(vendor.license("2027-03-02", "cam"), &["d2"], "2026-06-01", "2027-06-01");
        assert_eq!(due(&book, "2027-03-02"), json!([ends("2027-06-01", 2)]));
        assert_eq!(vendor.license("2027-06-01", "cam"), None);
    });
}

#[test]
fn a_perpetual_licence_of_devices_has_no_end_and_its_updates_may_have_one() {
    on_every_store(|place| {
        let book = devices(place, json!("perpetual"));
        let vendor = Vendor::of(&book);
        register(&book, DAY, "d1");
        stock(&book, DAY, 1);
        let license = vendor.license(DAY, "cam").unwrap();
        assert_eq!(license.kind, LicenseKind::Perpetual);
        assert_eq!(named(&license), (vec!["d1"], DAY.to_owned(), "for ever".to_owned()));
        assert_eq!(due(&book, DAY), json!([]));
    });
    on_every_store(|place| {
        let book = devices(place, json!({"updates_for": 12}));
        let vendor = Vendor::of(&book);
        register(&book, DAY, "d1");
        stock(&book, DAY, 1);
        let license = vendor.license(DAY, "cam").unwrap();
        assert_eq!(license.kind, LicenseKind::UpdatesUntil);
        assert_eq!(named(&license).2, "for ever");
        assert_eq!(license.updates_until.unwrap().day().to_string(), "2027-03-02");
        let updates = json!({"updates_end": {"lot": 1, "license_type": "camera"}});
        assert_eq!(
            due(&book, DAY),
            json!([{"on": "2027-03-02", "product": "cam", "what": updates}])
        );
    });
}

#[test]
fn an_account_is_there_before_its_system() {
    on_every_store(|place| {
        let cloud = Cloud::new(place);
        let vendor = Vendor::of(&cloud.book);
        cloud.book.customer("site");
        let refused = vendor.answer(DAY, "cloud", RequestKind::System).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::NotRegistered);
    });
}
