//! Drafts of assignments: what they offer, and that saving them does what they show.

use std::collections::BTreeSet;

use mlicense_core::{
    customer::LicenseNumber,
    error::{ErrorKind, Language},
    id::DeviceId,
    view::{self, AssignmentDraft, AssignmentsView, View},
};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::support::{Book, When, product};

const DAY: &str = "2026-03-02";

/// Customer `c1` with three cameras, one door, and two licences for cameras and one for doors, none
/// of them assigned.
fn book() -> Book {
    let mut book = Book::new();
    book.define(DAY, "nvr", json!({"device_assigned": {"automatic": false}}));
    book.run(DAY, json!({"register_customer": {"customer": "c1", "zone": "UTC"}}));
    for (device, of) in
        [("cam-1", "camera"), ("cam-2", "camera"), ("cam-3", "camera"), ("gate", "door")]
    {
        let device =
            json!({"customer": "c1", "product": "nvr", "device": device, "license_type": of});
        book.run(DAY, json!({"register_device": device}));
    }
    let lines = [("camera", 2), ("door", 1)];
    let line = |(of, quantity)| json!({"license_type": of, "kind": "device", "quantity": quantity});
    let stock = json!({"customer": "c1", "product": "nvr", "source": "purchase",
        "contents": lines.map(line)});
    book.run(DAY, json!({"stock_licenses": stock}));
    book
}

fn shown(book: &Book) -> AssignmentsView {
    let id = "c1".parse().unwrap();
    let asked = (&id, &product("nvr"));
    match view::assignments(book.customer("c1"), asked, (&[], Language::En), DAY.at()).unwrap() {
        View::Assignments(view) => view,
        other => panic!("{other:?}"),
    }
}

fn device(id: &str) -> DeviceId {
    id.parse().unwrap()
}

fn offered(draft: &AssignmentDraft, license: u32) -> Vec<String> {
    draft.candidates(LicenseNumber(license)).map(ToString::to_string).collect()
}

fn save(book: &mut Book, draft: AssignmentDraft) -> Value {
    let command = draft.into_command("c1".parse().unwrap(), product("nvr"));
    let command = serde_json::to_value(command).unwrap();
    json!(book.run(DAY, command).len())
}

#[test]
fn s_ip_16_s_ip_18_a_draft_offers_devices_without_a_licence_and_those_it_has_freed() {
    let mut book = book();
    let mut draft = AssignmentDraft::new(&shown(&book));
    assert_eq!(offered(&draft, 1), ["cam-1", "cam-2", "cam-3"]);
    assert_eq!(offered(&draft, 3), ["gate"]);
    draft.assign(LicenseNumber(1), Some(&device("cam-1"))).unwrap();
    assert_eq!(offered(&draft, 2), ["cam-2", "cam-3"]);
    save(&mut book, draft);
    let mut draft = AssignmentDraft::new(&shown(&book));
    assert_eq!(offered(&draft, 2), ["cam-2", "cam-3"]);
    draft.assign(LicenseNumber(1), Some(&device("cam-3"))).unwrap();
    assert_eq!(offered(&draft, 2), ["cam-1", "cam-2"]);
    assert_eq!(draft.changes().len(), 1);
    draft.assign(LicenseNumber(1), Some(&device("cam-1"))).unwrap();
    assert_eq!(draft.changes(), []);
}

#[test]
fn s_ip_19_s_ip_29_a_draft_refuses_what_could_not_be_saved() {
    let book = book();
    let mut draft = AssignmentDraft::new(&shown(&book));
    draft.assign(LicenseNumber(1), Some(&device("cam-1"))).unwrap();
    let kept = draft.clone();
    let kinds = [
        (2, Some("cam-1"), ErrorKind::CameraAlreadyLicensed),
        (2, Some("gate"), ErrorKind::DeviceNotRegistered),
        (2, Some("cam-9"), ErrorKind::DeviceNotRegistered),
        (4, None, ErrorKind::LicenseUnknown),
    ];
    for (license, on, kind) in kinds {
        let refused = draft.assign(LicenseNumber(license), on.map(device).as_ref());
        assert_eq!(refused.unwrap_err().kind(), kind);
    }
    assert_eq!(draft, kept);
}

#[test]
fn a_newer_policy_holds_for_what_comes_after_it_is_adopted() {
    let mut book = book();
    let automatic = json!({"device_assigned": {"duration": {"months": 12}}});
    book.run(DAY, json!({"publish_policy": {"product": "nvr", "policy": automatic}}));
    let adopt = || json!({"adopt_policy": {"customer": "c1", "product": "nvr"}});
    let unassigned = |book: &Book| shown(book).licenses.values().all(|l| l.device.is_none());
    assert!(unassigned(&book));
    book.run(DAY, adopt());
    assert_eq!(book.kind(DAY, adopt()), ErrorKind::PolicyCurrent);
    // Free licences go to devices at once, and keep the ends they were sold with.
    let after = shown(&book);
    assert!(after.licenses.values().all(|license| license.device.is_some()));
    assert!(after.licenses.values().all(|license| license.until.is_none()));
    let stock = json!({"customer": "c1", "product": "nvr", "source": "purchase",
        "contents": [{"license_type": "camera", "kind": "device", "quantity": 1}]});
    book.run(DAY, json!({"stock_licenses": stock}));
    let fourth = &shown(&book).licenses[&LicenseNumber(4)];
    assert_eq!(fourth.until, Some("2027-03-02".parse().unwrap()));
    assert_eq!(fourth.device, Some(device("cam-3")));
}

proptest! {
    /// Goal: what a draft accepts can be saved, and is then what the draft showed. Method: random
    /// choices, refused ones left out.
    #[test]
    fn prop_a_draft_is_saved_as_it_is_shown(
        rounds in prop::collection::vec(
            prop::collection::vec((1_u32..=4, prop::option::of(0_usize..6)), 0..8), 1..4)
    ) {
        let devices = ["cam-1", "cam-2", "cam-3", "gate", "cam-9", ""];
        let mut book = book();
        for choices in rounds {
            let mut draft = AssignmentDraft::new(&shown(&book));
            for (license, on) in choices {
                let on = on.and_then(|index| devices[index].parse().ok());
                let _ = draft.assign(LicenseNumber(license), on.as_ref());
            }
            let expected: Vec<_> = (1..=3).map(|n| draft.device(LicenseNumber(n)).cloned()).collect();
            let changed = !draft.changes().is_empty();
            let events = save(&mut book, draft);
            prop_assert_eq!(events, json!(u32::from(changed)));
            let saved = shown(&book);
            let on: Vec<_> = saved.licenses.values().map(|license| license.device.clone()).collect();
            prop_assert_eq!(&on, &expected);
            let taken: Vec<_> = on.iter().flatten().collect();
            prop_assert_eq!(taken.iter().collect::<BTreeSet<_>>().len(), taken.len());
        }
    }
}
