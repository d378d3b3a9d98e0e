//! Systems without a network: their description files, and what they are answered.

use mlicense_core::{
    decision::{Question, evaluate},
    document::{License, Request},
    error::ErrorKind,
    host_binding::HostMatch,
    signing::{Signer, Trust},
    subscription::quantity,
};
use serde_json::{Value, json};

use super::support::{Book, When, product, request, signer};

fn register(request: &str) -> Value {
    json!({"take_request": {"customer": "c1", "request": request}})
}

/// The licence that answers the request of a system on a day, signed by the vendor.
pub(crate) fn license(book: &mut Book, day: &str, request: &str) -> License {
    let vendor = Signer::from_seed([99; 32]);
    let claims = book.answer(day, request).unwrap().license.unwrap().unwrap();
    let trust = Trust::new(&[vendor.public_key()], None).unwrap();
    License::verify(License::issue(&claims, &vendor).unwrap().as_bytes(), &trust).unwrap()
}

/// Whether a system may use cameras of product `vms` under a licence, asking at noon.
pub(crate) fn allowed(license: &License, system: &str, day: &str) -> bool {
    let (vms, installation) = (product("vms"), signer(system).public_key().thumbprint());
    let question = Question::new(&vms, "camera").from_installation(installation);
    evaluate(license, &HostMatch::default(), day.at(), &question).allowed()
}

#[test]
fn s_ax_12_a_description_file_holds_id_counts_nonce_and_signature() {
    let file = request(("vms", "s1"), json!({"camera": 10}), "2026-03-01");
    let read = Request::verify(file.as_bytes()).unwrap();
    let fields = read.fields();
    assert_eq!(fields.system.as_ref().unwrap().as_str(), "s1");
    assert_eq!(quantity(&fields.devices, &"camera".parse().unwrap()), 10);
    assert_eq!(read.installation(), signer("s1").public_key().thumbprint());
    let other = request(("vms", "s1"), json!({"camera": 10}), "2026-03-02");
    assert_ne!(fields.nonce, Request::verify(other.as_bytes()).unwrap().fields().nonce);
}

#[test]
fn s_ax_13_an_uploaded_description_stands_in_the_overview_with_its_need() {
    let mut book = Book::with_cameras(json!({}));
    let file = request(("vms", "s2"), json!({"camera": 5}), "2026-03-02");
    book.run("2026-03-02", register(&file));
    let overview = serde_json::to_value(book.overview_of("c1", "2026-03-02")).unwrap();
    assert_eq!(overview["systems"]["s2"]["devices"], json!({"camera": 5}));
    assert_eq!(overview["products"]["vms"]["need"], json!({"camera": 15}));
}

#[test]
fn s_ax_14_a_file_with_one_changed_byte_is_refused() {
    let mut book = Book::with_cameras(json!({}));
    let file = request(("vms", "s2"), json!({"camera": 5}), "2026-03-02");
    for place in 0..file.len() {
        let mut bytes = file.clone().into_bytes();
        bytes[place] ^= 1;
        let damaged = String::from_utf8(bytes).unwrap();
        let refusal = book.execute("2026-03-02", register(&damaged)).unwrap_err();
        assert_eq!(refusal.kind(), ErrorKind::SystemFileInvalid, "byte {place}");
    }
    let cut: String = file.chars().take(file.len() - 1).collect();
    assert_eq!(book.kind("2026-03-02", register(&cut)), ErrorKind::SystemFileInvalid);
    assert_eq!(book.kind("2026-03-02", register("")), ErrorKind::SystemFileInvalid);
    book.run("2026-03-02", register(&file));
}

#[test]
fn s_ax_15_the_answer_licenses_the_system_that_asked_and_no_other() {
    let mut book = Book::started(json!({}), 12);
    book.allocate("2026-03-02", 0, json!({"camera": 10}));
    let file = request(("vms", "s1"), json!({"camera": 10}), "2026-03-03");
    let license = license(&mut book, "2026-03-03", &file);
    assert!(allowed(&license, "s1", "2026-03-04"));
    assert!(!allowed(&license, "s2", "2026-03-04"));
}

#[test]
fn the_answer_covers_what_is_covered_ahead_and_the_grace_after() {
    let mut book = Book::started(json!({}), 40);
    let span = |book: &mut Book, day: &str| {
        let file = request(("vms", "s1"), json!({"camera": 10}), day);
        let license = license(book, day, &file);
        let claims = serde_json::to_value(license.claims()).unwrap();
        let day = |span: &str, end: &str| claims[span][end]["day"].clone();
        [day("licensed", "until"), day("grace", "from"), day("grace", "until")]
    };
    assert_eq!(
        span(&mut book, "2026-03-10"),
        [json!(null), json!("2026-03-01"), json!("2026-03-31")]
    );
    book.allocate("2026-03-20", 0, json!({"camera": 10}));
    book.allocate("2026-03-20", 1, json!({"camera": 10}));
    assert_eq!(span(&mut book, "2026-03-20"), ["2028-03-01", "2028-03-01", "2028-03-31"]);
    assert_eq!(
        span(&mut book, "2028-03-10"),
        [json!(null), json!("2028-03-01"), json!("2028-03-31")]
    );
    let late = request(("vms", "s1"), json!({"camera": 10}), "2028-04-01");
    let refusal = book.answer("2028-04-01", &late).unwrap().license.unwrap_err();
    assert_eq!(refusal.kind(), ErrorKind::NotLicensed);
}

#[test]
fn s_ax_16_a_file_uploaded_twice_counts_once() {
    let mut book = Book::with_cameras(json!({}));
    let file = request(("vms", "s2"), json!({"camera": 5}), "2026-03-02");
    book.run("2026-03-02", register(&file));
    assert_eq!(book.run("2026-03-03", register(&file)), [], "nothing is left to be written");
    assert_eq!(book.need("2026-03-03")[0]["need"]["camera"], 15);
    // A newer file of the same system takes its place.
    let newer = request(("vms", "s2"), json!({"camera": 6}), "2026-03-04");
    book.run("2026-03-04", register(&newer));
    assert_eq!(book.need("2026-03-04")[0]["need"]["camera"], 16);
    assert_eq!(book.overview_of("c1", "2026-03-04").systems.len(), 2);
}

#[test]
fn a_system_belongs_to_one_customer() {
    let mut book = Book::with_cameras(json!({}));
    book.run("2026-03-02", json!({"register_customer": {"customer": "c2", "zone": "UTC"}}));
    let file = request(("vms", "s1"), json!({"camera": 10}), "2026-03-02");
    let elsewhere = json!({"take_request": {"customer": "c2", "request": file}});
    assert_eq!(book.kind("2026-03-02", elsewhere), ErrorKind::AlreadyRegisteredElsewhere);
}

#[test]
fn s_ax_66_two_sites_draw_on_one_pool() {
    let mut book = Book::started(json!({}), 12);
    book.register("2026-03-02", ("c1", "paris"), json!({"camera": 1}));
    book.register("2026-03-02", ("c1", "oslo"), json!({"camera": 1}));
    book.allocate("2026-03-03", 0, json!({"camera": 12}));
    assert_eq!(book.status("2026-03-03")["kind"], "licensed");
    // Devices go from one site to the other; nothing is allocated anew.
    book.register("2026-03-04", ("c1", "s1"), json!({"camera": 4}));
    book.register("2026-03-04", ("c1", "oslo"), json!({"camera": 7}));
    assert_eq!(book.need("2026-03-04")[0]["missing"], json!({}));
    for (system, devices) in [("s1", 4), ("paris", 1), ("oslo", 7)] {
        let file = request(("vms", system), json!({"camera": devices}), "2026-03-05");
        assert!(book.answer("2026-03-05", &file).unwrap().license.is_ok(), "{system}");
    }
}
