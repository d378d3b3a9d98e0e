//! Drafts: changes to what licences are on, saved together or not at all.

use mlicense_core::error::ErrorKind;
use serde_json::json;

use super::devices::{candidates, three_cameras_two_licenses};
use crate::support::{
    Book, on_every_store,
    trade::{DAY, assignments, off, on, placed, save, to},
};

#[test]
fn s_ip_18_a_pending_move_offers_the_old_device_at_once() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        let owner = book.member("c1", "owner", "manager");
        three_cameras_two_licenses(&book);
        let moving = book.draft(DAY, "c1", json!([to(1, "yard")]));
        assert_eq!(candidates(&moving, "2"), ["front"]);
        assert_eq!(moving["changed"], true);
        let both = json!([to(1, "yard"), to(2, "front")]);
        let moved = book.draft(DAY, "c1", both.clone());
        assert_eq!(on(&moved), placed([("1", Some("yard")), ("2", Some("front"))]));
        assert_eq!(candidates(&moved, "1"), ["back"]);
        // Two licences change places in the same way.
        let swapped = book.draft(DAY, "c1", json!([to(1, "back"), to(2, "front")]));
        assert_eq!(on(&swapped), placed([("1", Some("back")), ("2", Some("front"))]));
        // A move that is taken back leaves nothing to save.
        let back = book.draft(DAY, "c1", json!([to(1, "yard"), to(1, "front")]));
        assert_eq!(back["changed"], false);
        book.run_as(&owner, DAY, save(moved["base"].clone(), both));
        let expected = placed([("1", Some("yard")), ("2", Some("front"))]);
        assert_eq!(book.cameras_on(DAY), expected);
    });
}

#[test]
fn a_draft_shows_nothing_that_could_not_be_saved() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        three_cameras_two_licenses(&book);
        book.device(DAY, ("c1", "disk"), "storage");
        let cases = [
            (json!([to(1, "back")]), ErrorKind::CameraAlreadyLicensed),
            (json!([to(9, "yard")]), ErrorKind::LicenseUnknown),
            (json!([to(1, "nowhere")]), ErrorKind::DeviceNotRegistered),
            (json!([to(1, "disk")]), ErrorKind::DeviceNotRegistered),
        ];
        for (changes, kind) in cases {
            let asked = assignments("c1", changes.clone());
            assert_eq!(book.unanswered(DAY, asked), kind, "{changes}");
            assert_eq!(book.refused(DAY, book.saving(DAY, changes)), kind);
        }
    });
}

#[test]
fn s_ip_19_a_second_licence_for_a_device_is_refused() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        let owner = book.member("c1", "owner", "manager");
        three_cameras_two_licenses(&book);
        let refused = |changes| book.refused_as(&owner, DAY, book.saving(DAY, changes));
        assert_eq!(refused(json!([to(1, "back")])), ErrorKind::CameraAlreadyLicensed);
        let twice = json!([to(1, "yard"), to(2, "yard")]);
        assert_eq!(refused(twice), ErrorKind::CameraAlreadyLicensed);
        assert_eq!(ErrorKind::CameraAlreadyLicensed.name(), "CAMERA_ALREADY_LICENSED");
    });
}

#[test]
fn s_ip_20_a_licence_named_twice_is_on_the_last_device_alone() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        three_cameras_two_licenses(&book);
        book.run(
            DAY,
            book.saving(DAY, json!([to(2, "yard"), off(2), to(2, "back"), to(2, "yard")])),
        );
        let expected = placed([("1", Some("front")), ("2", Some("yard"))]);
        assert_eq!(book.cameras_on(DAY), expected);
        let devices = book.ask(DAY, json!({"devices": {"customer": "c1"}}))["devices"].clone();
        let licensed = devices.as_object().unwrap().values().filter(|row| row["license"] == 2);
        assert_eq!(licensed.count(), 1);
    });
}

#[test]
fn s_ip_21_three_changes_with_one_bad_are_none() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        let owner = book.member("c1", "owner", "manager");
        three_cameras_two_licenses(&book);
        book.buy(DAY, 2);
        let bad = json!([off(3), to(1, "yard"), to(4, "no-such-camera")]);
        let refused = |changes| book.refused_as(&owner, DAY, book.saving(DAY, changes));
        assert_eq!(refused(bad), ErrorKind::DeviceNotRegistered);
        book.camera("shed");
        book.camera("gate");
        let good = json!([off(3), to(1, "yard"), to(2, "front")]);
        book.run_as(&owner, DAY, book.saving(DAY, good));
        let on = book.cameras_on(DAY);
        let found = |license: &str| on[license].as_deref();
        assert_eq!((found("1"), found("2"), found("3")), (Some("yard"), Some("front"), None));
    });
}

#[test]
fn s_ip_21_a_draft_from_an_older_state_is_refused_whole() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        let (owner, other) =
            (book.member("c1", "owner", "manager"), book.member("c1", "other", "manager"));
        three_cameras_two_licenses(&book);
        let mine = book.saving(DAY, json!([to(1, "yard")]));
        book.run_as(&other, DAY, book.saving(DAY, json!([to(2, "yard")])));
        assert_eq!(book.refused_as(&owner, DAY, mine), ErrorKind::PreviewStale);
        let expected = placed([("1", Some("front")), ("2", Some("yard"))]);
        assert_eq!(book.cameras_on(DAY), expected);
    });
}

#[test]
fn s_ip_22_a_draft_that_is_not_saved_changes_nothing() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        let owner = book.member("c1", "owner", "manager");
        three_cameras_two_licenses(&book);
        let before = place.everything();
        let moves = json!([to(1, "yard"), to(2, "front")]);
        assert_eq!(book.draft(DAY, "c1", moves.clone())["changed"], true);
        let command = book.saving(DAY, moves);
        let (_, preview) = book.previewed(&owner, command);
        assert!(preview.refusal.is_none() && preview.token.is_some());
        assert_eq!(before, place.everything());
        assert_eq!(book.again(&owner), json!([]));
    });
}

#[test]
fn s_ip_23_after_a_saved_change_a_session_shows_its_old_rights_until_a_new_sign_in() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        three_cameras_two_licenses(&book);
        let owner = book.member("c1", "owner", "manager");
        assert_eq!(owner["licensed"], json!({"cams": ["back", "front"]}));
        assert_eq!(book.again(&owner), json!([]));
        let command = book.saving(DAY, json!([to(1, "yard")]));
        let warnings = book.previewed(&owner, command.clone()).1.warnings;
        assert_eq!(serde_json::to_value(warnings).unwrap(), json!(["users_sign_in_again"]));
        book.run_as(&owner, DAY, command);
        assert_eq!(book.again(&owner), json!(["rights_changed"]));
        assert_eq!(owner["licensed"], json!({"cams": ["back", "front"]}));
        let anew = book.sign_in(DAY, "owner", json!({"customer": "c1"}));
        assert_eq!(anew["licensed"], json!({"cams": ["back", "yard"]}));
        assert_eq!(book.again(&anew), json!([]));
    });
}

#[test]
fn s_ip_24_saving_no_change_asks_for_no_new_sign_in() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        three_cameras_two_licenses(&book);
        let owner = book.member("c1", "owner", "manager");
        for nothing in [json!([]), json!([to(1, "front")]), json!([to(1, "yard"), to(1, "front")])]
        {
            assert_eq!(book.draft(DAY, "c1", nothing.clone())["changed"], false);
            let receipt = book.run_as(&owner, DAY, book.saving(DAY, nothing));
            assert!(receipt.events.is_empty());
            assert_eq!(book.again(&owner), json!([]));
        }
    });
}
