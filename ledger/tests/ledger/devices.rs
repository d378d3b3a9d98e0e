//! Devices and the licences assigned to them, from the customer's side.

use mlicense_core::error::ErrorKind;
use serde_json::{Value, json};

use crate::support::{
    Book, noon, on_every_store,
    trade::{
        DAY, assignments, cameras, of_device, on, placed, register_device, set_dealer, to, user,
    },
};

/// Customer `c1` with cameras `front`, `back` and `yard`, and licences 1 and 2 on the first two.
pub(crate) fn three_cameras_two_licenses(book: &Book<'_>) {
    for device in ["front", "back", "yard"] {
        book.camera(device);
    }
    book.buy(DAY, 2);
    let expected = placed([("1", Some("front")), ("2", Some("back"))]);
    assert_eq!(book.cameras_on(DAY), expected);
}

pub(crate) fn candidates(view: &Value, license: &str) -> Vec<String> {
    serde_json::from_value(view["licenses"][license]["candidates"].clone()).unwrap()
}

fn shortage(book: &Book<'_>) -> Value {
    book.draft(DAY, "c1", json!([]))["shortage"]["camera"].clone()
}

#[test]
fn s_ip_12_a_new_licence_goes_to_the_device_that_waited_longest() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        book.camera("z-first");
        book.camera("a-second");
        book.buy(DAY, 1);
        assert_eq!(book.cameras_on(DAY), placed([("1", Some("z-first"))]));
        book.buy(DAY, 1);
        let both = placed([("1", Some("z-first")), ("2", Some("a-second"))]);
        assert_eq!(book.cameras_on(DAY), both);
    });
}

#[test]
fn s_ip_12_a_new_device_gets_the_free_licence_that_ends_first() {
    on_every_store(|place| {
        let book = Book::of_devices_under(place, json!({"duration": {"months": 12}}));
        book.buy("2026-06-01", 1);
        // The clock of whoever took in licence 2 was behind, so it ends earlier.
        book.buy(DAY, 1);
        let view = book.draft("2026-06-02", "c1", json!([]));
        assert_eq!(view["licenses"]["1"]["until"], "2027-06-01");
        assert_eq!(view["licenses"]["2"]["until"], "2027-03-02");
        book.device("2026-06-02", ("c1", "front"), "camera");
        let view = book.draft("2026-06-02", "c1", json!([]));
        assert_eq!(on(&view), placed([("1", None), ("2", Some("front"))]));
    });
}

#[test]
fn s_ip_12_a_licence_goes_to_devices_of_its_type_only() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        book.device(DAY, ("c1", "disk"), "storage");
        book.buy(DAY, 1);
        assert_eq!(book.cameras_on(DAY), placed([("1", None)]));
        book.camera("front");
        assert_eq!(book.cameras_on(DAY), placed([("1", Some("front"))]));
    });
}

#[test]
fn s_ip_12_a_free_licence_takes_over_on_the_day_another_ends() {
    on_every_store(|place| {
        let book = Book::of_devices_under(place, json!({"duration": {"months": 12}}));
        book.camera("front");
        book.buy(DAY, 1);
        book.buy("2026-09-01", 1);
        let before = book.draft("2027-03-01", "c1", json!([]));
        assert_eq!(on(&before), placed([("1", Some("front")), ("2", None)]));
        let after = book.draft("2027-03-02", "c1", json!([]));
        assert_eq!(on(&after), placed([("2", Some("front"))]));
        let devices = book.ask("2027-03-02", json!({"devices": {"customer": "c1"}}));
        assert_eq!(devices["devices"]["front"]["licensed"], true);
        book.member("c1", "owner", "manager");
        let session = book.sign_in("2027-03-02", "owner", json!({"customer": "c1"}));
        assert_eq!(session["licensed"], json!({"cams": ["front"]}));
        // What comes later finds the state that was shown.
        book.device("2027-03-02", ("c1", "back"), "camera");
        let later = book.draft("2027-03-02", "c1", json!([]));
        assert_eq!(on(&later), placed([("2", Some("front"))]));
    });
}

#[test]
fn s_ip_13_without_automatic_assignment_the_customer_assigns_by_hand() {
    on_every_store(|place| {
        let book = Book::of_devices_under(place, json!({"automatic": false}));
        let owner = book.member("c1", "owner", "manager");
        book.camera("front");
        book.buy(DAY, 1);
        assert_eq!(book.cameras_on(DAY), placed([("1", None)]));
        book.run_as(&owner, DAY, book.saving(DAY, json!([to(1, "front")])));
        assert_eq!(book.cameras_on(DAY), placed([("1", Some("front"))]));
    });
}

#[test]
fn s_ip_14_the_list_has_every_licence_with_its_device() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        three_cameras_two_licenses(&book);
        book.run(
            DAY,
            json!({"stock_licenses": {
                "customer": "c1", "product": "cams", "source": "purchase",
                "contents": [{"license_type": "storage", "kind": "device", "quantity": 1}],
            }}),
        );
        let view = book.draft(DAY, "c1", json!([]));
        let rows = placed([("1", Some("front")), ("2", Some("back")), ("3", None)]);
        assert_eq!(on(&view), rows);
        assert_eq!(view["licenses"]["2"]["license_type"], "camera");
        assert_eq!(view["licenses"]["3"]["license_type"], "storage");
        assert_eq!(view["licenses"]["3"]["source"], "purchase");
        let devices = book.ask(DAY, json!({"devices": {"customer": "c1"}}))["devices"].clone();
        assert_eq!(
            (&devices["back"]["license"], &devices["back"]["licensed"]),
            (&json!(2), &json!(true))
        );
        assert_eq!(
            (&devices["yard"]["license"], &devices["yard"]["licensed"]),
            (&json!(null), &json!(false))
        );
    });
}

#[test]
fn s_ip_15_a_free_licence_has_a_marker_that_is_no_device_id() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        book.buy(DAY, 1);
        let mut query = assignments("c1", json!([]));
        let words = [("en", "unassigned"), ("ja", "未割り当て"), ("fr", "non attribuée")];
        for (language, expected) in words.into_iter().chain([("ru", "не назначена")]) {
            query["assignments"]["language"] = json!(language);
            let view = book.ask(DAY, query.clone())["assignments"].clone();
            assert_eq!(view["unassigned"], expected);
            // The row itself names no device, so a device called like the marker is not taken for
            // it.
            assert_eq!(view["licenses"]["1"]["device"], json!(null));
        }
        book.camera("unassigned");
        assert_eq!(book.cameras_on(DAY), placed([("1", Some("unassigned"))]));
    });
}

#[test]
fn s_ip_16_the_choice_offers_only_devices_without_a_licence() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        three_cameras_two_licenses(&book);
        book.device(DAY, ("c1", "disk"), "storage");
        let view = book.draft(DAY, "c1", json!([]));
        assert_eq!(candidates(&view, "1"), ["yard"]);
        assert_eq!(candidates(&view, "2"), ["yard"]);
        book.run(DAY, of_device("delete_device", "yard"));
        let view = book.draft(DAY, "c1", json!([]));
        assert!(candidates(&view, "1").is_empty());
    });
}

#[test]
fn s_ip_17_an_assigned_licence_moves_and_frees_its_old_device() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        let owner = book.member("c1", "owner", "manager");
        three_cameras_two_licenses(&book);
        let receipt = book.run_as(&owner, DAY, book.saving(DAY, json!([to(1, "yard")])));
        assert_eq!(receipt.events.len(), 1);
        assert_eq!(receipt.events[0].kind, "licenses_assigned");
        let expected = placed([("1", Some("yard")), ("2", Some("back"))]);
        assert_eq!(book.cameras_on(DAY), expected);
        let devices = book.ask(DAY, json!({"devices": {"customer": "c1"}}))["devices"].clone();
        assert_eq!(devices["front"]["licensed"], false);
        assert_eq!(devices["yard"]["licensed"], true);
        assert_eq!(candidates(&book.draft(DAY, "c1", json!([])), "1"), ["front"]);
    });
}

#[test]
fn s_ip_25_s_ip_26_s_ip_27_s_ip_28_a_broken_storage_is_replaced_in_spite_of_the_shortage() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        let owner = book.member("c1", "owner", "manager");
        book.camera("old");
        book.buy(DAY, 1);
        assert_eq!(shortage(&book), 0);
        book.run_as(&owner, DAY, register_device(("c1", "new"), "camera"));
        assert_eq!(book.cameras_on(DAY), placed([("1", Some("old"))]));
        assert_eq!(shortage(&book), 1);
        book.run_as(&owner, DAY, book.saving(DAY, json!([to(1, "new")])));
        assert_eq!(book.cameras_on(DAY), placed([("1", Some("new"))]));
        assert_eq!(shortage(&book), 1);
        book.run_as(&owner, DAY, of_device("delete_device", "old"));
        assert_eq!(shortage(&book), 0);
        assert_eq!(book.cameras_on(DAY), placed([("1", Some("new"))]));
    });
}

#[test]
fn s_ip_28_a_device_that_is_deleted_gives_its_licence_to_one_that_waits() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        three_cameras_two_licenses(&book);
        assert_eq!(shortage(&book), 1);
        book.run(DAY, of_device("delete_device", "front"));
        let expected = placed([("1", Some("yard")), ("2", Some("back"))]);
        assert_eq!(book.cameras_on(DAY), expected);
        assert_eq!(shortage(&book), 0);
        // Its id may be registered again, as another device.
        book.camera("front");
        assert_eq!(shortage(&book), 1);
        let refused = book.refused(DAY, register_device(("c1", "front"), "camera"));
        assert_eq!(refused, ErrorKind::DeviceAlreadyRegistered);
    });
}

#[test]
fn s_ip_29_a_licence_does_not_move_to_a_device_that_is_not_registered() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        let owner = book.member("c1", "owner", "manager");
        three_cameras_two_licenses(&book);
        book.customer("c2");
        book.device(DAY, ("c2", "elsewhere"), "camera");
        book.device(DAY, ("c1", "disk"), "storage");
        book.run(DAY, of_device("delete_device", "yard"));
        for device in ["unknown", "elsewhere", "disk", "yard"] {
            let command = book.saving(DAY, json!([to(1, device)]));
            assert_eq!(book.refused_as(&owner, DAY, command), ErrorKind::DeviceNotRegistered);
        }
        assert_eq!(ErrorKind::DeviceNotRegistered.name(), "DEVICE_NOT_REGISTERED");
    });
}

#[test]
fn s_ip_29_a_device_whose_deletion_has_begun_gets_no_licence() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        three_cameras_two_licenses(&book);
        let report = |device: &str, state: &str| {
            json!({"report_device": {
                "customer": "c1", "device": device, "state": state,
            }})
        };
        book.run(DAY, report("front", "deleting"));
        let expected = placed([("1", Some("yard")), ("2", Some("back"))]);
        assert_eq!(book.cameras_on(DAY), expected);
        let refused = book.refused(DAY, book.saving(DAY, json!([to(1, "front")])));
        assert_eq!(refused, ErrorKind::DeviceNotRegistered);
        book.run(DAY, report("front", "deleted"));
        let unknown = book.refused(DAY, of_device("delete_device", "front"));
        assert_eq!(unknown, ErrorKind::DeviceNotRegistered);
    });
}

#[test]
fn s_ip_39_a_restart_is_ordered_when_confirmed_and_not_when_cancelled() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        book.camera("front");
        let (_, sales) = book.dealt();
        let before = place.everything();
        let reboot = of_device("reboot_device", "front");
        let (envelope, preview) = book.previewed(&sales, reboot);
        let warnings = serde_json::to_value(&preview.warnings).unwrap();
        assert_eq!(warnings, json!(["picture_may_be_missing", "users_sign_in_again"]));
        assert_eq!(before, place.everything());
        assert!(book.orders().is_empty());
        let receipt = book.ledger.commit(&envelope, &preview.token.unwrap(), noon(DAY)).unwrap();
        assert_eq!(receipt.events.len(), 1);
        assert_eq!(receipt.events[0].kind, "device_reboot_ordered");
        let order = json!({"reboot_device": {"customer": "c1", "device": "front"}});
        assert_eq!(book.orders(), [order]);
        // The same confirmation twice orders one restart.
        book.ledger.execute(&envelope, noon(DAY)).unwrap();
        assert_eq!(book.orders().len(), 1);
    });
}

#[test]
fn s_ip_40_a_device_is_rebooting_until_its_program_reports() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        book.camera("front");
        book.buy(DAY, 1);
        book.run(DAY, of_device("reboot_device", "front"));
        let row =
            || book.ask(DAY, json!({"devices": {"customer": "c1"}}))["devices"]["front"].clone();
        assert_eq!(row()["state"], "rebooting");
        // The licence stays where it is.
        assert_eq!(row()["licensed"], true);
        let twice = book.refused(DAY, of_device("reboot_device", "front"));
        assert_eq!(twice, ErrorKind::DeviceStateForbids);
        let back = json!({"customer": "c1", "device": "front", "state": "enrolled"});
        book.run(DAY, json!({"report_device": back}));
        assert_eq!(row()["state"], "enrolled");
    });
}

#[test]
fn s_ip_41_an_owner_signed_in_during_a_restart_signs_in_again() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        book.camera("front");
        let (owner, sales) = book.dealt();
        let owner = book.sign_in(DAY, owner["person"].as_str().unwrap(), json!({"customer": "c1"}));
        let reboot = of_device("reboot_device", "front");
        let hints = book.previewed(&sales, reboot.clone()).1.warnings;
        let hints = serde_json::to_value(hints).unwrap();
        assert!(hints.as_array().unwrap().contains(&json!("users_sign_in_again")), "{hints}");
        assert_eq!(book.again(&owner), json!([]));
        book.run_as(&sales, DAY, reboot);
        assert_eq!(book.again(&owner), json!(["rights_changed"]));
        let anew = book.sign_in(DAY, "owner", json!({"customer": "c1"}));
        assert_eq!(book.again(&anew), json!([]));
    });
}

#[test]
fn s_ip_42_who_only_sees_what_is_shared_cannot_manage_licences() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        three_cameras_two_licenses(&book);
        book.partner("d1");
        let shared = book.member("c1", "guest", "shared");
        let forbidden = [
            book.saving(DAY, json!([to(1, "yard")])),
            register_device(("c1", "shed"), "camera"),
            of_device("delete_device", "front"),
            of_device("reboot_device", "front"),
            set_dealer("c1", Some("d1")),
            json!({"link_shop": {"customer": "c1", "account": "shop-1"}}),
            json!({"redeem_key": {"customer": "c1", "product": "cams", "key": "key-1"}}),
            json!({"add_user": {"customer": "c1", "person": "p9", "user": user("p9")}}),
        ];
        for command in forbidden {
            assert_eq!(book.refused_as(&shared, DAY, command), ErrorKind::Forbidden);
        }
        // Not even who says to be more than was found at the sign-in.
        let mut raised = shared;
        raised["actor"]["role"] = json!("customer_manager");
        let command = book.saving(DAY, json!([to(1, "yard")]));
        assert_eq!(book.refused_as(&raised, DAY, command), ErrorKind::Forbidden);
    });
}

#[test]
fn a_licence_key_brings_licences_for_devices_and_corrections_take_them() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        for device in ["front", "back", "yard"] {
            book.camera(device);
        }
        book.run(
            DAY,
            json!({"issue_keys": {
                "batch": "b1", "product": "cams", "contents": cameras(1), "keys": ["key-1"],
            }}),
        );
        book.run(DAY, json!({"redeem_key": {"customer": "c1", "product": "cams", "key": "key-1"}}));
        book.buy(DAY, 1);
        assert_eq!(book.cameras_on(DAY), placed([("1", Some("front")), ("2", Some("back"))]));
        let correct = |command: &str, lot: u32| {
            json!({command: {
                "customer": "c1", "product": "cams", "lot": lot, "reason": "a mistake",
            }})
        };
        // A lot on a device is not void; what is not paid for goes wherever it is.
        assert_eq!(book.refused(DAY, correct("void_lot", 1)), ErrorKind::LotTouched);
        book.run(DAY, correct("charge_back", 1));
        assert_eq!(book.cameras_on(DAY), placed([("2", Some("back"))]));
        assert_eq!(book.refused(DAY, correct("charge_back", 1)), ErrorKind::LotTouched);
        assert_eq!(book.refused(DAY, correct("void_lot", 3)), ErrorKind::LotUnknown);
        assert_eq!(shortage(&book), 2);
    });
}
