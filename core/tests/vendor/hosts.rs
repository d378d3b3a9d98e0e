//! Licences for hosts: coupons, trials, bindings, and agreements of several schemes side by side.

use mlicense_core::{
    document::{
        self, License, LicenseClaims, LicenseKind, Nonce, Request, RequestFields, RequestKind,
    },
    error::{ErrorKind, Refusal},
    host_binding::{Fact, FactKind, FactSalt, HostClass, HostFacts},
    signing::{Signer, Trust},
    view::{self, View},
};
use serde_json::{Value, json};

use super::support::{Book, When, day, product, signer};

pub(crate) const DAY: &str = "2026-03-01";

/// A host by the serial numbers of its board and its disk.
pub(crate) type Host = (&'static str, &'static str);
pub(crate) const A: Host = ("board-a", "disk-a");
pub(crate) const B: Host = ("board-b", "disk-b");

pub(crate) fn facts((board, disk): Host) -> document::HostFacts {
    let uuid = format!("uuid-of-{board}");
    let named =
        [(FactKind::BoardSerial, board), (FactKind::DmiUuid, &uuid), (FactKind::DiskSerial, disk)];
    let facts = named.map(|(kind, value)| Fact::new(kind, value).unwrap());
    let host = HostFacts::new(HostClass::BareMetal, facts).hash(&FactSalt::new([7; 32]));
    document::HostFacts::from(&host)
}

pub(crate) fn fields(kind: RequestKind, when: impl When) -> RequestFields {
    RequestFields::new(kind, product("journal"), Nonce::from_entropy([9; 16]), when.at())
}

/// A request of an installation on a host.
pub(crate) fn request(kind: RequestKind, (installation, host): (&str, Host), when: &str) -> String {
    let mut fields = fields(kind, when);
    fields.host = Some(facts(host));
    Request::write(&fields, &signer(installation)).unwrap()
}

pub(crate) fn coupon(code: &str, (installation, host): (&str, Host), when: &str) -> String {
    let mut fields = fields(RequestKind::Coupon, when);
    (fields.code, fields.host) = (Some(code.into()), Some(facts(host)));
    Request::write(&fields, &signer(installation)).unwrap()
}

/// A book with product `journal`, licensed by host, and customers `c1` and `c2` in Berlin, each
/// with a registration number.
pub(crate) fn book(policy: Value) -> Book {
    let mut book = Book::new();
    define(&mut book, "journal", json!({"host_bound": policy}));
    for customer in ["c1", "c2"] {
        let registration = json!({"customer": customer, "zone": "Europe/Berlin"});
        book.run(DAY, json!({"register_customer": registration}));
        give_number(&mut book, customer);
    }
    book
}

fn give_number(book: &mut Book, customer: &str) {
    let number = json!({"customer": customer, "number": format!("number-{customer}")});
    book.run(DAY, json!({"issue_number": number}));
}

pub(crate) fn define(book: &mut Book, product: &str, policy: Value) {
    let definition = json!({"name": product, "license_types": ["base", "reports"]});
    let define = json!({"product": product, "definition": definition, "policy": policy});
    book.run(DAY, json!({"define_product": define}));
}

/// What a coupon for so many hosts is worth.
pub(crate) fn hosts(quantity: u32) -> Value {
    json!([{"license_type": "base", "kind": "host", "quantity": quantity}])
}

pub(crate) fn issue(book: &mut Book, code: &str, contents: Value) {
    let batch = format!("batch-{code}");
    let issue = json!({"batch": batch, "product": "journal", "contents": contents, "keys": [code]});
    book.run(DAY, json!({"issue_keys": issue}));
}

/// As [`bought`], of a vendor that binds hosts which show nothing to tell them by.
pub(crate) fn bought_blind(quantity: u32) -> Book {
    let mut book = book(json!({"needs_facts": false}));
    buy(&mut book, DAY, hosts(quantity));
    book
}

/// A book whose customer `c1` has bought licences for so many hosts.
pub(crate) fn bought(quantity: u32) -> Book {
    let mut book = book(json!({}));
    buy(&mut book, DAY, hosts(quantity));
    book
}

pub(crate) fn buy(book: &mut Book, when: &str, contents: Value) {
    let stock =
        json!({"customer": "c1", "product": "journal", "contents": contents, "source": "purchase"});
    book.run(when, json!({"stock_licenses": stock}));
}

/// The licence that answers a request.
pub(crate) fn licensed(
    book: &mut Book,
    when: &str,
    request: &str,
) -> Result<LicenseClaims, Refusal> {
    let answered = book.answer(when, request).unwrap();
    let claims = answered.license.map(|license| license.expect("a licence"))?;
    // What is promised can be signed and read.
    let vendor = Signer::from_seed([99; 32]);
    let trust = Trust::new(&[vendor.public_key()], None).unwrap();
    License::verify(License::issue(&claims, &vendor).unwrap().as_bytes(), &trust).unwrap();
    Ok(claims)
}

pub(crate) fn kind(book: &mut Book, when: &str, request: &str) -> ErrorKind {
    licensed(book, when, request).unwrap_err().kind()
}

pub(crate) fn bindings(book: &Book, when: &str) -> view::Bindings {
    let (id, product) = ("c1".parse().unwrap(), product("journal"));
    match view::bindings(book.customer("c1"), &id, &product, when.at()).unwrap() {
        View::Bindings(bindings) => bindings,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn bound(book: &Book, when: &str) -> Vec<u32> {
    bindings(book, when).bindings.iter().map(|binding| binding.id.0).collect()
}

pub(crate) fn status(book: &Book, when: &str) -> Value {
    serde_json::to_value(&book.overview_of("c1", when).hosts[&product("journal")]).unwrap()
}

#[test]
fn s_mk_24_a_coupon_gives_a_perpetual_licence() {
    let mut book = book(json!({}));
    issue(&mut book, "ABCD-1", hosts(1));
    let claims = licensed(&mut book, DAY, &coupon("abcd-1", ("i1", A), DAY)).unwrap();
    assert_eq!((claims.kind, claims.updates_until), (LicenseKind::Perpetual, None));
    assert_eq!(claims.licensed.unwrap().until, None);
    assert!(claims.host.is_some() && claims.installation.is_some());
}

#[test]
fn s_mk_28_no_date_is_perpetual() {
    let book = bought(1);
    let status = status(&book, "2040-01-01");
    assert_eq!((&status["kind"], &status["until"]), (&json!("perpetual"), &Value::Null));
    assert_eq!(status["text"], "perpetual");
}

#[test]
fn s_mk_30_s_mk_31_a_used_coupon_is_refused_elsewhere_and_is_the_same_customers_already() {
    let mut book = book(json!({}));
    issue(&mut book, "ABCD-1", hosts(1));
    book.answer(DAY, &coupon("ABCD-1", ("i1", A), DAY)).unwrap();
    let before = book.events(&"customer/c1".parse().unwrap()).len();
    let again = licensed(&mut book, DAY, &coupon("ABCD-1", ("i1", A), DAY)).unwrap();
    assert_eq!(again.kind, LicenseKind::Perpetual);
    // Only the licence was signed once more.
    assert_eq!(book.events(&"customer/c1".parse().unwrap()).len(), before + 1);
    assert_eq!(bindings(&book, DAY).places, 1);

    let redemption = json!({"customer": "c2", "product": "journal", "key": "ABCD-1"});
    let refusal = book.refused(DAY, json!({"redeem_key": redemption}));
    assert_eq!((refusal.kind(), refusal.kind().number()), (ErrorKind::CouponAlreadyUsed, 2041));
}

#[test]
fn s_mk_19_s_mk_20_a_trial_of_thirty_days_is_listed_with_its_end() {
    let mut book = book(json!({}));
    let claims = licensed(&mut book, DAY, &request(RequestKind::Trial, ("i1", A), DAY)).unwrap();
    assert_eq!(claims.kind, LicenseKind::Trial);
    assert_eq!(claims.licensed.unwrap().until.unwrap().day(), day("2026-03-31"));
    assert_eq!(claims.features.len(), 2, "a trial is of everything");
    assert_eq!(status(&book, "2026-03-30")["kind"], "trial");
    assert_eq!(status(&book, "2026-03-30")["until"], "2026-03-31");
    assert_eq!(bindings(&book, DAY).trial_end, Some(day("2026-03-31")));
}

#[test]
fn s_mk_29_a_trial_that_is_over_is_expired() {
    let mut book = book(json!({}));
    book.answer(DAY, &request(RequestKind::Trial, ("i1", A), DAY)).unwrap();
    assert_eq!(status(&book, "2026-03-31")["kind"], "expired");
    let refresh = request(RequestKind::Refresh, ("i1", A), "2026-03-31");
    assert_eq!(kind(&mut book, "2026-03-31", &refresh), ErrorKind::NotLicensed);
}

#[test]
fn s_mk_21_s_mk_22_a_trial_is_given_once_a_customer_and_product() {
    let mut book = book(json!({}));
    define(&mut book, "fax", json!({"host_bound": {}}));
    let trial = request(RequestKind::Trial, ("i1", A), DAY);
    book.answer(DAY, &trial).unwrap();
    for when in [DAY, "2027-03-01"] {
        let refusal = book.answer(when, &trial).unwrap_err();
        assert_eq!(refusal.kind(), ErrorKind::TrialAlreadyUsed);
    }
    let mut other = fields(RequestKind::Trial, DAY);
    (other.product, other.host) = (product("fax"), Some(facts(A)));
    let other = Request::write(&other, &signer("i1")).unwrap();
    assert_eq!(licensed(&mut book, DAY, &other).unwrap().kind, LicenseKind::Trial);
}

#[test]
fn no_trial_is_given_where_the_policy_offers_none() {
    let mut book = book(json!({"trial_days": 0}));
    let refusal = book.answer(DAY, &request(RequestKind::Trial, ("i1", A), DAY)).unwrap_err();
    assert_eq!(refusal.kind(), ErrorKind::TrialNotOffered);
}

#[test]
fn s_mk_36_one_licence_is_one_host_whatever_asks_from_it() {
    let mut book = bought(1);
    for installation in 0..100 {
        let from = format!("i{installation}");
        let request = request(RequestKind::Refresh, (&from, A), DAY);
        licensed(&mut book, DAY, &request).unwrap();
    }
    assert_eq!(bound(&book, DAY), [1]);
}

#[test]
fn s_mk_37_a_second_host_finds_no_free_licence() {
    let mut book = bought(1);
    licensed(&mut book, DAY, &request(RequestKind::Refresh, ("i1", A), DAY)).unwrap();
    let other = request(RequestKind::Refresh, ("i2", B), DAY);
    let refusal = licensed(&mut book, DAY, &other).unwrap_err();
    assert_eq!((refusal.kind(), refusal.kind().number()), (ErrorKind::NoFreeLicense, 1051));
    assert!(refusal.to_string().contains("binding 1 since 2026-03-01"), "{refusal}");
    let command = json!({"take_request": {"customer": "c1", "request": other}});
    assert_eq!(book.kind(DAY, command), ErrorKind::NoFreeLicense);
}

#[test]
fn s_mk_38_s_mk_50_n_licences_serve_n_hosts() {
    let mut book = bought(3);
    for host in 0..3 {
        let host = [("b0", "d0"), ("b1", "d1"), ("b2", "d2")][host];
        licensed(&mut book, DAY, &request(RequestKind::Refresh, (host.0, host), DAY)).unwrap();
    }
    assert_eq!(bound(&book, DAY), [1, 2, 3]);
    let fourth = request(RequestKind::Refresh, ("i4", ("b3", "d3")), DAY);
    assert_eq!(kind(&mut book, DAY, &fourth), ErrorKind::NoFreeLicense);
}

#[test]
fn s_mk_39_a_trial_counts_for_one_host_too() {
    let mut book = book(json!({}));
    licensed(&mut book, DAY, &request(RequestKind::Trial, ("i1", A), DAY)).unwrap();
    licensed(&mut book, DAY, &request(RequestKind::Refresh, ("i2", A), DAY)).unwrap();
    let other = request(RequestKind::Refresh, ("i3", B), DAY);
    assert_eq!(kind(&mut book, DAY, &other), ErrorKind::NoFreeLicense);
}

#[test]
fn s_mk_40_a_host_that_changed_too_much_is_told_what_changed() {
    let mut book = bought(1);
    licensed(&mut book, DAY, &request(RequestKind::Refresh, ("i1", A), DAY)).unwrap();
    let changed = request(RequestKind::Refresh, ("i1", ("board-b", "disk-a")), DAY);
    let refusal = licensed(&mut book, DAY, &changed).unwrap_err();
    assert_eq!(refusal.kind(), ErrorKind::NoFreeLicense);
    assert!(refusal.to_string().contains("changed too much, 2 of 5 match"), "{refusal}");
    assert!(refusal.to_string().contains("dmi_uuid, board_serial"), "{refusal}");
}

#[test]
fn s_mk_41_a_new_disk_keeps_the_binding() {
    let mut book = bought(1);
    licensed(&mut book, DAY, &request(RequestKind::Refresh, ("i1", A), DAY)).unwrap();
    let repaired = request(RequestKind::Refresh, ("i1", ("board-a", "disk-b")), DAY);
    licensed(&mut book, DAY, &repaired).unwrap();
    assert_eq!(bound(&book, DAY), [1]);
}

#[test]
fn a_host_does_not_change_by_and_by_into_another_unless_it_is_enrolled_anew() {
    let mut book = bought(1);
    licensed(&mut book, DAY, &request(RequestKind::Refresh, ("i1", A), DAY)).unwrap();
    let step = ("board-a", "disk-b");
    let away = ("board-c", "disk-b");
    licensed(&mut book, DAY, &request(RequestKind::Refresh, ("i1", step), DAY)).unwrap();
    let rule = |claims: LicenseClaims| claims.host.unwrap();
    let kept =
        rule(licensed(&mut book, DAY, &request(RequestKind::Refresh, ("i1", A), DAY)).unwrap());
    let anew =
        rule(licensed(&mut book, DAY, &request(RequestKind::Rebind, ("i1", step), DAY)).unwrap());
    assert_ne!(kept, anew);
    assert_eq!(
        kind(&mut book, DAY, &request(RequestKind::Rebind, ("i1", away), DAY)),
        ErrorKind::NoFreeLicense
    );
}

#[test]
fn a_client_gains_nothing_by_showing_less() {
    let mut book = bought(1);
    licensed(&mut book, DAY, &request(RequestKind::Refresh, ("i1", A), DAY)).unwrap();
    let bare = Request::write(&fields(RequestKind::Refresh, DAY), &signer("i1")).unwrap();
    assert_eq!(kind(&mut book, DAY, &bare), ErrorKind::NoFreeLicense);
}

#[test]
fn a_host_without_facts_is_known_by_its_installation_where_the_policy_takes_it() {
    let mut book = bought_blind(1);
    let bare = |who| Request::write(&fields(RequestKind::Refresh, DAY), &signer(who)).unwrap();
    let claims = licensed(&mut book, DAY, &bare("i1")).unwrap();
    assert_eq!(claims.host, None);
    assert_eq!(claims.installation, Some(signer("i1").key_id()));
    licensed(&mut book, DAY, &bare("i1")).unwrap();
    assert_eq!(kind(&mut book, DAY, &bare("i2")), ErrorKind::NoFreeLicense);
}

#[test]
fn a_host_that_cannot_be_told_from_others_is_neither_bound_nor_given_a_trial() {
    let mut book = bought(1);
    let bare = |kind| Request::write(&fields(kind, DAY), &signer("i1")).unwrap();
    let refused = ErrorKind::HostNotIdentifiable;
    assert_eq!(kind(&mut book, DAY, &bare(RequestKind::Refresh)), refused);
    let tried = book.answer(DAY, &bare(RequestKind::Trial)).unwrap_err();
    assert_eq!(tried.kind(), refused);
    assert_eq!((bound(&book, DAY), bindings(&book, DAY).trial_end), (vec![], None));

    let mut book = self::book(json!({"needs_facts": false}));
    let claims = licensed(&mut book, DAY, &bare(RequestKind::Trial)).unwrap();
    assert_eq!((claims.kind, claims.host), (LicenseKind::Trial, None));
}

#[test]
fn s_mk_44_s_mk_45_bound_hosts_are_listed_with_what_they_show() {
    let mut book = bought(2);
    licensed(&mut book, DAY, &request(RequestKind::Refresh, ("i1", A), DAY)).unwrap();
    let list = bindings(&book, DAY);
    let row = &list.bindings[0];
    assert_eq!((list.places, row.id.0, row.bound_on), (2, 1, day(DAY)));
    assert_eq!(row.class.as_deref(), Some("bare_metal"));
    assert_eq!(row.facts, ["dmi_uuid", "board_serial", "disk_serial"]);
    assert_eq!(row.licensed, [("base".parse().unwrap(), None)].into());
}

pub(crate) fn free(binding: Option<u32>) -> Value {
    let binding = binding.map_or(Value::Null, Value::from);
    let free =
        json!({"customer": "c1", "product": "journal", "binding": binding, "reason": "moved"});
    json!({"free_hosts": free})
}

#[test]
fn s_mk_46_s_mk_47_a_freed_binding_can_be_bound_again() {
    let mut book = bought(1);
    licensed(&mut book, DAY, &request(RequestKind::Refresh, ("i1", A), DAY)).unwrap();
    book.run(DAY, free(Some(1)));
    assert!(bound(&book, DAY).is_empty());
    licensed(&mut book, DAY, &request(RequestKind::Refresh, ("i1", A), DAY)).unwrap();
    assert_eq!(bound(&book, DAY), [2]);
    assert_eq!(book.kind(DAY, free(Some(1))), ErrorKind::BindingUnknown);
}

#[test]
fn s_mk_49_state_carried_to_another_host_is_refused_until_the_binding_is_freed() {
    let mut book = bought(1);
    licensed(&mut book, DAY, &request(RequestKind::Refresh, ("i1", A), DAY)).unwrap();
    let carried = request(RequestKind::Refresh, ("i1", B), DAY);
    assert_eq!(kind(&mut book, DAY, &carried), ErrorKind::NoFreeLicense);
    book.run(DAY, free(None));
    licensed(&mut book, DAY, &carried).unwrap();
}

#[test]
fn a_licence_given_back_is_free_for_another_host() {
    let mut book = bought(1);
    licensed(&mut book, DAY, &request(RequestKind::Refresh, ("i1", A), DAY)).unwrap();
    for _ in 0..2 {
        let release = request(RequestKind::Release, ("i1", A), DAY);
        assert_eq!(book.answer(DAY, &release).unwrap().license, Ok(None));
    }
    licensed(&mut book, DAY, &request(RequestKind::Refresh, ("i2", B), DAY)).unwrap();
}

#[test]
fn perpetual_licences_with_updates_until_a_date_name_it() {
    let mut book = book(json!({"duration": {"updates_for": 12}}));
    buy(&mut book, DAY, hosts(1));
    let claims = licensed(&mut book, DAY, &request(RequestKind::Refresh, ("i1", A), DAY)).unwrap();
    assert_eq!((claims.kind, claims.licensed.unwrap().until), (LicenseKind::UpdatesUntil, None));
    assert_eq!(claims.updates_until.unwrap().day(), day("2027-03-01"));
    assert_eq!(status(&book, DAY)["updates_until"], "2027-03-01");
    let due = book.due(DAY);
    assert_eq!(due[0]["on"], "2027-03-01");
    assert_eq!(due[0]["what"], json!({"updates_end": {"lot": 1, "license_type": "base"}}));

    // A year later the updates are bought again.
    buy(&mut book, "2027-05-01", hosts(1));
    let refresh = request(RequestKind::Refresh, ("i1", A), "2027-05-01");
    let claims = licensed(&mut book, "2027-05-01", &refresh).unwrap();
    assert_eq!(claims.updates_until.unwrap().day(), day("2028-05-01"));
}

#[test]
fn licences_for_months_end_and_the_host_bound_first_keeps_the_longest() {
    let mut book = book(json!({"duration": {"months": 12}, "offline_days": 0}));
    buy(&mut book, DAY, hosts(1));
    buy(&mut book, "2026-06-01", hosts(1));
    for (who, host) in [("i1", A), ("i2", B)] {
        let request = request(RequestKind::Refresh, (who, host), "2026-06-01");
        let claims = licensed(&mut book, "2026-06-01", &request).unwrap();
        let end = if who == "i1" { "2027-06-01" } else { "2027-03-01" };
        assert_eq!(claims.licensed.unwrap().until.unwrap().day(), day(end));
        assert_eq!((claims.kind, claims.offline_until), (LicenseKind::Subscription, None));
    }
    let refresh = |who, host| request(RequestKind::Refresh, (who, host), "2027-03-01");
    licensed(&mut book, "2027-03-01", &refresh("i1", A)).unwrap();
    assert_eq!(kind(&mut book, "2027-03-01", &refresh("i2", B)), ErrorKind::NotLicensed);
}

#[test]
fn a_type_with_fewer_licences_serves_the_hosts_bound_first() {
    let mut book = book(json!({}));
    buy(&mut book, DAY, hosts(2));
    buy(&mut book, DAY, json!([{"license_type": "reports", "kind": "host", "quantity": 1}]));
    let mut features = |who, host| {
        let request = request(RequestKind::Refresh, (who, host), DAY);
        let claims = licensed(&mut book, DAY, &request).unwrap();
        claims.features.keys().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(features("i1", A), ["base", "reports"]);
    assert_eq!(features("i2", B), ["base"]);
}

#[test]
fn use_without_contact_ends_when_the_policy_says_so() {
    let mut book = book(json!({"offline_days": 45}));
    buy(&mut book, DAY, hosts(1));
    let claims = licensed(&mut book, DAY, &request(RequestKind::Refresh, ("i1", A), DAY)).unwrap();
    assert_eq!(claims.offline_until.unwrap().day(), day("2026-04-16"), "45 whole days");
}

#[test]
fn an_unused_lot_can_be_voided_and_an_unpaid_one_charged_back_from_whoever_holds_it() {
    let mut book = bought(1);
    buy(&mut book, DAY, hosts(1));
    let correction =
        |lot| json!({"customer": "c1", "product": "journal", "lot": lot, "reason": "mistake"});
    licensed(&mut book, DAY, &request(RequestKind::Refresh, ("i1", A), DAY)).unwrap();
    book.run(DAY, json!({"void_lot": correction(1)}));
    assert_eq!(book.kind(DAY, json!({"void_lot": correction(2)})), ErrorKind::LotTouched);
    assert_eq!(book.kind(DAY, json!({"void_lot": correction(1)})), ErrorKind::LotTouched);
    assert_eq!(book.kind(DAY, json!({"void_lot": correction(3)})), ErrorKind::LotUnknown);
    let refresh = request(RequestKind::Refresh, ("i1", A), DAY);
    licensed(&mut book, DAY, &refresh).unwrap();
    buy(&mut book, DAY, hosts(2));
    book.run(DAY, json!({"void_lot": correction(2)}));
    licensed(&mut book, DAY, &refresh).unwrap();

    book.run(DAY, json!({"charge_back": correction(3)}));
    assert_eq!(kind(&mut book, DAY, &refresh), ErrorKind::NotLicensed);
    assert_eq!(bindings(&book, DAY).places, 0);
}

#[test]
fn what_is_not_licensed_by_host_is_refused_by_its_scheme() {
    let mut book = book(json!({}));
    define(&mut book, "vms", json!({"subscription": {}}));
    let stock = |product: &str, kind: Value| {
        let contents = json!([{"license_type": "base", "kind": kind, "quantity": 1}]);
        let stock = json!({"customer": "c1", "product": product, "contents": contents, "source": "purchase"});
        json!({"stock_licenses": stock})
    };
    let year = json!({"subscription": 12});
    assert_eq!(book.kind(DAY, stock("journal", year)), ErrorKind::SchemeMismatch);
    assert_eq!(book.kind(DAY, stock("vms", json!("host"))), ErrorKind::SchemeMismatch);
    let policy = json!({"subscription": {}});
    let publish = json!({"product": "journal", "policy": policy});
    assert_eq!(book.kind(DAY, json!({"publish_policy": publish})), ErrorKind::SchemeMismatch);
    let start = json!({"customer": "c1", "product": "journal"});
    assert_eq!(book.kind(DAY, json!({"start_subscription": start})), ErrorKind::SchemeMismatch);
    let mut trial = fields(RequestKind::Trial, DAY);
    trial.product = product("vms");
    let trial = Request::write(&trial, &signer("i1")).unwrap();
    let refusal = book.answer(DAY, &trial).unwrap_err();
    assert_eq!(refusal.kind(), ErrorKind::RequestNotApplicable);
}

#[test]
fn agreements_of_several_schemes_live_with_one_customer() {
    let mut book = Book::with_cameras(json!({}));
    define(&mut book, "journal", json!({"host_bound": {}}));
    define(&mut book, "draw", json!({"host_bound": {"duration": {"updates_for": 12}}}));
    give_number(&mut book, "c1");
    book.start(DAY);
    book.stock(DAY, "key-1", json!([{"license_type": "camera", "quantity": 10}]));
    book.allocate(DAY, 0, json!({"camera": 10}));
    buy(&mut book, DAY, hosts(1));
    licensed(&mut book, DAY, &request(RequestKind::Refresh, ("i1", A), DAY)).unwrap();
    let stock =
        json!({"customer": "c1", "product": "draw", "contents": hosts(4), "source": "purchase"});
    book.run(DAY, json!({"stock_licenses": stock}));

    let overview = book.overview_of("c1", "2027-02-28");
    assert_eq!(
        overview.products[&product("vms")].text,
        "licensed until 2027-03-01, that day not included"
    );
    assert_eq!(overview.hosts[&product("journal")].text, "perpetual");
    let draw = &overview.hosts[&product("draw")];
    assert_eq!((draw.places, draw.bound, draw.updates_until), (4, 0, Some(day("2027-03-01"))));
    assert_eq!(book.replayed(), *book.world());
}

#[test]
fn a_newer_policy_counts_for_what_is_granted_after_it_was_adopted() {
    let mut book = bought(1);
    let policy = json!({"host_bound": {"duration": {"months": 12}}});
    book.run(DAY, json!({"publish_policy": {"product": "journal", "policy": policy}}));
    let adopt = json!({"adopt_policy": {"customer": "c1", "product": "journal"}});
    buy(&mut book, DAY, hosts(1));
    book.run(DAY, adopt.clone());
    assert_eq!(book.kind(DAY, adopt), ErrorKind::PolicyCurrent);
    buy(&mut book, DAY, hosts(1));
    let ends: Vec<_> = bindings(&book, DAY).lots.iter().map(|row| row.lot.until).collect();
    assert_eq!(ends, [None, None, Some(day("2027-03-01"))]);
}

#[test]
fn a_system_given_back_counts_no_longer() {
    let mut book = Book::with_cameras(json!({}));
    let mut release = fields(RequestKind::Release, DAY);
    release.product = product("vms");
    let release = Request::write(&release, &signer("s1")).unwrap();
    assert_eq!(book.answer(DAY, &release).unwrap().license, Ok(None));
    assert!(book.customer("c1").systems().is_empty());
    assert_eq!(book.status_kind(DAY), "not_registered");
}

#[test]
fn a_refresh_gets_the_newest_licence_of_its_system() {
    let mut book = Book::started(json!({}), 10);
    let mut refresh = fields(RequestKind::Refresh, DAY);
    refresh.product = product("vms");
    let refresh = Request::write(&refresh, &signer("s1")).unwrap();
    let before = book.answer(DAY, &refresh).unwrap().license.unwrap().unwrap();
    assert_eq!(before.licensed, None);
    book.allocate(DAY, 0, json!({"camera": 10}));
    let after = book.answer(DAY, &refresh).unwrap().license.unwrap().unwrap();
    assert_eq!(after.licensed.unwrap().until.unwrap().day(), day("2027-03-01"));
    assert_eq!(book.customer("c1").devices(&product("vms")).values().sum::<u32>(), 10);
}
