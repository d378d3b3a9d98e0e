//! The registration number that an installation keeps.

use mlicense_core::{
    code::{Code, CodeFormat},
    contact::Action,
    decision::{Reason, ReasonCode},
    document::{
        Answer, AnswerClaims, Feature as CountedFeature, LicenseClaims, LicenseKind, Owner,
        Request, RequestKind, Span,
    },
    error::ErrorKind,
};
use mlicense_host::{Accepted, Client, Options, RequestDetails};

use crate::support::*;

const NOON: &str = "2026-03-01T12:00:00Z";

fn format() -> CodeFormat {
    "ACME-5x4".parse().unwrap()
}

/// A number of the vendor's form.
fn number(entropy: u8) -> String {
    Code::generate(&format(), &[entropy; 18]).unwrap().reveal()
}

fn options() -> Options {
    Options::stateless().facts(machine("D1", "B1")).number_format(format())
}

fn client() -> Client {
    Client::open(product(), &roots(), options()).unwrap()
}

/// Accepts what the vendor answers to a request, with a licence for the year.
fn answered(client: &mut Client, request: &str) -> Accepted {
    let request = Request::verify(request.as_bytes()).unwrap();
    let answer = write(&answer(&request, year()));
    client.accept_at(answer.as_bytes(), at(NOON)).unwrap()
}

/// A client that keeps the number of this entropy.
fn numbered(entropy: u8) -> Client {
    let mut client = client();
    let request = client.enter_number(&number(entropy)).unwrap().unwrap();
    answered(&mut client, &request);
    client
}

fn details(change: impl FnOnce(&mut RequestDetails)) -> RequestDetails {
    let mut details = RequestDetails::default();
    change(&mut details);
    details
}

fn owner() -> Owner {
    let mut owner = Owner::new("post@acme.example");
    owner.company = Some("Acme".into());
    owner.contact = Some("C. Ontact".into());
    owner.zone = Some("Europe/Berlin".into());
    owner
}

fn kind<T: std::fmt::Debug>(result: mlicense_host::Result<T>) -> ErrorKind {
    result.unwrap_err().kind()
}

#[test]
fn s_mk_05_registration_is_open_only_without_a_number() {
    let mut client = numbered(1);
    let by = || details(|details| details.owner = Some(owner()));
    assert_eq!(kind(client.request(RequestKind::Register, by())), ErrorKind::NumberLocked);
    client.remove_number(true).unwrap();
    client.request(RequestKind::Register, by()).unwrap();
}

#[test]
fn a_number_that_was_registered_is_kept() {
    let mut client = client();
    let by = details(|details| details.owner = Some(owner()));
    let request = client.request(RequestKind::Register, by).unwrap();
    let request = Request::verify(request.as_bytes()).unwrap();
    let mut claims = AnswerClaims::to(&request, at(NOON));
    claims.number = Some(number(3));
    let answer = Answer::write(&claims, &vendor()).unwrap();
    client.accept_at(answer.as_bytes(), at(NOON)).unwrap();
    assert_eq!(client.reveal_number(), Some(&*number(3)));
}

#[test]
fn s_mk_14_a_number_is_locked_until_it_is_changed_on_purpose() {
    let mut client = numbered(1);
    assert_eq!(kind(client.enter_number(&number(2))), ErrorKind::NumberLocked);
    let request = client.change_number(&number(2)).unwrap().unwrap();
    assert_eq!(client.reveal_number(), Some(&*number(1)));
    answered(&mut client, &request);
    assert_eq!(client.reveal_number(), Some(&*number(2)));
}

#[test]
fn s_mk_15_s_mk_26_what_was_answered_is_listed_and_named() {
    let mut client = client();
    let request = client.enter_number(&number(1)).unwrap().unwrap();
    let accepted = answered(&mut client, &request);
    assert_eq!((accepted.answered, accepted.refusal), (Some(RequestKind::Number), None));
    let request = Request::verify(request.as_bytes()).unwrap();
    let listed: Vec<_> = client.licenses().map(|license| license.claims().clone()).collect();
    assert_eq!(listed, [license_for(&request, year())]);

    let coupon = details(|details| details.code = Some("coupon-1".into()));
    let request = client.request(RequestKind::Coupon, coupon).unwrap();
    assert_eq!(answered(&mut client, &request).answered, Some(RequestKind::Coupon));
}

#[test]
fn s_mk_17_the_number_that_is_kept_asks_nobody() {
    let mut client = numbered(1);
    let epoch = client.epoch();
    let typed = number(1).to_lowercase().replace('-', " ");
    assert_eq!(client.enter_number(&typed).unwrap(), None);
    assert_eq!(client.change_number(&typed).unwrap(), None);
    assert_eq!(client.epoch(), epoch);
}

#[test]
fn s_mk_06_s_mk_18_s_mk_23_what_is_no_number_is_refused_before_anything_is_sent() {
    let mut client = client();
    let coupon = Code::generate(&"ACMEUPD-5x4".parse().unwrap(), &[1; 18]).unwrap().reveal();
    let number = number(1);
    assert_eq!((number.len(), coupon.len()), (24 + 4, 24 + 7));
    let without_prefix = number.trim_start_matches("ACME-");
    let short: String = number.chars().take(27).collect();
    for wrong in [&short, &format!("{number}9"), &coupon, without_prefix] {
        assert_eq!(kind(client.enter_number(wrong)), ErrorKind::CodeInvalid, "{wrong}");
    }
    let cyrillic = number.replacen("ACME", "АСМЕ", 1);
    let request = client.enter_number(&format!("  {cyrillic} \r\n")).unwrap().unwrap();
    let request = Request::verify(request.as_bytes()).unwrap();
    assert_eq!(request.fields().number.as_deref(), Some(&*number));
}

#[test]
fn s_mk_32_a_coupon_counts_only_with_a_complete_number() {
    let mut client = client();
    let coupon = |number: Option<&str>| {
        details(|details| {
            details.code = Some("coupon-1".into());
            details.number = number.map(ToOwned::to_owned);
        })
    };
    let mut refused = |number| kind(client.request(RequestKind::Coupon, coupon(number)));
    assert_eq!(refused(None), ErrorKind::NoNumber);
    assert_eq!(refused(Some("ACME-99999")), ErrorKind::CodeInvalid);
    let complete = number(1);
    client.request(RequestKind::Coupon, coupon(Some(&complete))).unwrap();
}

#[test]
fn s_mk_34_s_mk_35_a_number_that_was_removed_is_gone_and_the_vendor_is_not_told() {
    let mut client = numbered(1);
    let epoch = client.epoch();
    client.remove_number(true).unwrap();
    assert_eq!((client.number(), client.reveal_number()), (None, None));
    assert_eq!(client.epoch(), epoch);
    assert!(client.check_at("editor", at(NOON)).allowed());
}

#[test]
fn s_mk_51_a_number_is_masked_unless_it_is_revealed() {
    let client = numbered(1);
    let masked = client.number().unwrap();
    assert!(masked.starts_with("ACME-*****-*****-*****-*"), "{masked}");
    assert_eq!(client.reveal_number(), Some(&*number(1)));
    assert!(!format!("{client:?}").contains(&number(1)));
}

#[test]
fn s_mk_78_removing_the_number_has_to_be_confirmed() {
    let mut client = numbered(1);
    assert_eq!(kind(client.remove_number(false)), ErrorKind::ConfirmationNeeded);
    assert!(client.number().is_some());
}

#[test]
fn s_mk_73_what_was_asked_for_under_another_number_is_refused() {
    let mut client = numbered(1);
    let under_1 = client.request(RequestKind::Refresh, details(|_| {})).unwrap();
    let request = client.change_number(&number(2)).unwrap().unwrap();
    answered(&mut client, &request);
    let late = Request::verify(under_1.as_bytes()).unwrap();
    let late = write(&answer(&late, year()));
    let refused = client.accept_at(late.as_bytes(), at(NOON)).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::OtherRequest);
    let other = details(|details| details.number = Some(number(1)));
    assert_eq!(kind(client.request(RequestKind::Trial, other)), ErrorKind::NumberLocked);
}

#[test]
fn a_coupon_entered_with_a_number_keeps_the_number() {
    let mut client = client();
    let both = details(|details| {
        (details.code, details.number) = (Some("coupon-1".into()), Some(number(1)));
    });
    let request = client.request(RequestKind::Coupon, both).unwrap();
    answered(&mut client, &request);
    assert_eq!(client.reveal_number(), Some(&*number(1)));
}

#[test]
fn every_request_bears_the_number_and_it_survives_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let open = || {
        let options = Options::folder(folder.path()).facts(machine("D1", "B1"));
        Client::open(product(), &roots(), options.number_format(format())).unwrap()
    };
    let mut client = open();
    let request = client.enter_number(&number(1)).unwrap().unwrap();
    assert_eq!(client.number(), None, "kept before the vendor answered");
    answered(&mut client, &request);
    drop(client);
    let mut client = open();
    for kind in [RequestKind::Refresh, RequestKind::Trial, RequestKind::Release] {
        let request = ask(&mut client, kind, NOON);
        assert_eq!(request.fields().number.as_deref(), Some(&*number(1)));
    }
}

/// What the installer of a module asks, and what the switch of one of its features asks.
const PRODUCT: &str = "editor";
const FEATURE: &str = "export";

#[test]
fn s_mk_65_without_a_number_neither_the_product_is_installed_nor_a_feature_switched_on() {
    let mut client = client();
    for asked in [PRODUCT, FEATURE] {
        let decision = client.check_at(asked, at(NOON));
        assert_eq!(decision.reasons()[0].code(), ReasonCode::LicenseHeld, "{asked}");
        assert_eq!(decision.require().unwrap_err().kind(), ErrorKind::NotLicensed);
    }
    let coupon = details(|details| details.code = Some("coupon-1".into()));
    assert_eq!(kind(client.request(RequestKind::Coupon, coupon)), ErrorKind::NoNumber);

    // The licence of the product lets it be installed, and its features are licensed by name.
    let request = client.enter_number(&number(1)).unwrap().unwrap();
    answered(&mut client, &request);
    assert!(client.check_at(PRODUCT, at(NOON)).allowed());
    let decision = client.check_at(FEATURE, at(NOON));
    let failed: Vec<_> =
        decision.reasons().iter().filter(|r| !r.passed()).map(Reason::code).collect();
    assert_eq!((decision.allowed(), failed), (false, vec![ReasonCode::FeatureIncluded]));

    let request = ask(&mut client, RequestKind::Refresh, NOON);
    let mut claims = year();
    claims.features.insert(FEATURE.parse().unwrap(), CountedFeature::uncounted());
    let answer = write(&answer(&request, claims));
    client.accept_at(answer.as_bytes(), at(NOON)).unwrap();
    assert!(client.check_at(FEATURE, at(NOON)).allowed());
}

/// A free product is one whose program brings a licence for everybody.
#[test]
fn s_mk_77_a_free_product_needs_no_number_and_no_step_of_licensing() {
    let mut free =
        LicenseClaims::new(LicenseKind::Perpetual, product(), at("2026-01-01T00:00:00Z"));
    free.licensed = Some(Span::starting(day("2026-01-01")));
    let brought = issue(&free);
    for host in [machine("D1", "B1"), machine("D2", "B2")] {
        let options = Options::stateless().facts(host).number_format(format());
        let mut client = Client::open(product(), &roots(), options).unwrap();
        client.accept_at(brought.as_bytes(), at(NOON)).unwrap();
        for now in [NOON, "2060-01-01T00:00:00Z"] {
            assert!(client.check_at(PRODUCT, at(now)).allowed(), "{now}");
            assert_eq!(client.next_action_at(at(now)).action, Action::Nothing, "{now}");
        }
        assert_eq!((client.number(), client.reveal_number()), (None, None));
    }
}
