//! Tables that follow from the history: each row that does not is found and named.

use mlicense_core::{
    document::{RequestFields, RequestKind},
    error::ErrorKind,
};
use serde_json::json;

use crate::support::{Book, DAY, Place, Shop, asking_from, on_every_store, owner};

/// A vendor with a dealer, a customer of it with a member, a key redeemed, a system and hardware.
fn full(place: &Place) -> Book<'_> {
    let book = Book::started(place);
    let fields = json!({"name": "D. Ealer", "email": "dealer@example.com"});
    book.run("2026-03-02", json!({"add_person": {"person": "p1", "fields": fields}}));
    book.run("2026-03-02", json!({"add_member": {"customer": "c1", "person": "p1"}}));
    let partner = json!({"partner": "d1", "code": "D-1", "contact": "p2", "fields": fields});
    book.run("2026-03-02", json!({"register_partner": partner}));
    book.run("2026-03-02", json!({"set_dealer": {"customer": "c1", "partner": "d1"}}));
    let hardware = json!({"customer": "c1", "product": "vms", "hardware": "h1", "preloaded": {}});
    book.run("2026-03-02", json!({"register_hardware": hardware}));
    let contents = json!([{"license_type": "camera", "quantity": 1}]);
    let bought = json!({"customer": "c1", "product": "vms", "contents": contents,
        "source": "purchase", "purchase": "order-1"});
    book.run("2026-03-02", json!({"stock_licenses": bought}));
    book
}

/// What verify says to an edit: the kind and, for a row, its table and the row.
#[track_caller]
fn assert_found(edit: &str, table: &str, row: &str) {
    on_every_store(|place| {
        let book = full(place);
        book.ledger.verify().unwrap();
        place.tamper(edit);
        let error = place.open().unwrap().verify().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TableBroken, "{edit}: {error}");
        let details: Vec<_> = error.refusal().details().collect();
        let of = |wanted: &str| details.iter().find(|(name, _)| *name == wanted).unwrap().1;
        assert_eq!(of("table"), table, "{edit}: {error}");
        assert!(of("row").starts_with(row), "{edit}: {error}");
    });
}

#[test]
fn a_clean_ledger_is_counted() {
    on_every_store(|place| {
        let verified = full(place).ledger.verify().unwrap();
        // A code and its redemption, the installation, the hardware and the code of the partner.
        assert_eq!((verified.claims, verified.untold), (5, 1));
        assert_eq!(verified.links, 2);
    });
}

#[test]
fn a_forged_claim_is_found() {
    assert_found(
        "INSERT INTO claim (space, digest, holder) VALUES ('code', 'forged', 'batch/b-key-1')",
        "claim",
        "code forged",
    );
    assert_found(
        "INSERT INTO claim (space, digest, holder) VALUES ('host', 'tpm:1', 'customer/c1')",
        "claim",
        "host tpm:1",
    );
    assert_found(
        "INSERT INTO claim (space, digest, holder) VALUES ('purchase', 'order-2', 'customer/c2')",
        "claim",
        "purchase order-2",
    );
}

#[test]
fn a_claim_that_was_taken_away_is_found() {
    assert_found("DELETE FROM claim WHERE space = 'redeemed_key'", "claim", "redeemed_key ");
    assert_found("DELETE FROM claim WHERE space = 'installation'", "claim", "installation ");
    assert_found("DELETE FROM claim WHERE space = 'hardware'", "claim", "hardware h1");
    assert_found("DELETE FROM claim WHERE space = 'partner_code'", "claim", "partner_code D-1");
}

#[test]
fn a_claim_given_to_another_is_found() {
    assert_found(
        "UPDATE claim SET holder = 'customer/c2' WHERE space = 'redeemed_key'",
        "claim",
        "redeemed_key ",
    );
}

#[test]
fn a_link_that_was_taken_away_changed_or_added_is_found() {
    assert_found("DELETE FROM link WHERE holder = 'partner/d1'", "link", "partner/d1 c1");
    assert_found("DELETE FROM link WHERE holder = 'person/p1'", "link", "person/p1 c1");
    assert_found(
        "UPDATE link SET contact = 'p9' WHERE holder = 'partner/d1'",
        "link",
        "partner/d1 c1",
    );
    assert_found(
        "INSERT INTO link (holder, customer, contact) VALUES ('partner/d2', 'c1', NULL)",
        "link",
        "partner/d2 c1",
    );
}

/// The limit of what can be compared: nothing but the claim itself says what was bought, or what
/// machine registered.
#[test]
fn a_claim_that_no_event_tells_can_be_taken_away_unseen() {
    on_every_store(|place| {
        let book = full(place);
        place.tamper("DELETE FROM claim WHERE space = 'purchase'");
        assert_eq!(book.ledger.verify().unwrap().untold, 0);
    });
}

#[test]
fn what_a_registration_claims_is_compared_until_it_is_given_up() {
    on_every_store(|place| {
        let shop = Shop::new(place);
        let before = shop.ledger().verify().unwrap().claims;
        let asked = |host: u8, email: &str| {
            asking_from((host, host), (RequestKind::Register, DAY), {
                |fields: &mut RequestFields| {
                    let mut owner = owner();
                    owner.email = email.to_owned();
                    fields.owner = Some(owner);
                }
            })
        };
        let register = |customer: &str, person: &str, request: &str| {
            let number = shop.ledger().fresh_number().unwrap();
            json!({"register_number": {"customer": customer, "person": person, "number": number,
                "request": request}})
        };
        let first = asked(1, "one@example.com");
        shop.book.run(DAY, register("n1", "p1", &first));
        let verified = shop.ledger().verify().unwrap();
        // Number and address beside what the shop began with; and, of the machine, a fact of the
        // host and the installation.
        assert_eq!((verified.claims, verified.untold), (before + 2, 2));
        let free = json!({"customer": "n1", "request": first, "reason": "sold"});
        shop.book.run(DAY, json!({"free_machine": free}));
        assert_eq!(shop.ledger().verify().unwrap().untold, 0);
        place.tamper(
            "INSERT INTO claim (space, digest, holder) SELECT 'host', 'tpm:1',
            'customer/n1'",
        );
        assert_eq!(shop.ledger().verify().unwrap().untold, 1, "it could be");
        place.tamper("DELETE FROM claim WHERE digest = 'tpm:1'");
        // Who is erased gives the address up, and another may register with it.
        shop.book.run(DAY, json!({"erase_person": {"person": "p1"}}));
        assert_eq!(shop.ledger().verify().unwrap().claims, before + 1);
        shop.book.run(DAY, register("n2", "p2", &asked(2, "one@example.com")));
        assert_eq!(shop.ledger().verify().unwrap().claims, before + 3);
        place.tamper("DELETE FROM claim WHERE space = 'email'");
        assert_eq!(shop.ledger().verify().unwrap_err().kind(), ErrorKind::TableBroken);
    });
}

#[test]
fn a_number_that_another_took_the_place_of_is_claimed_no_more() {
    on_every_store(|place| {
        let shop = Shop::new(place);
        let register = asking_from((1, 1), (RequestKind::Register, DAY), |fields| {
            fields.owner = Some(owner());
        });
        let number = || shop.ledger().fresh_number().unwrap();
        let body = json!({"customer": "n1", "person": "p1", "number": number(),
            "request": register});
        shop.book.run(DAY, json!({"register_number": body}));
        let before = shop.ledger().verify().unwrap().claims;
        for day in ["2026-03-12", "2026-03-13"] {
            let recover = asking_from((1, 1), (RequestKind::Recover, day), |fields| {
                fields.owner = Some(owner());
            });
            let body = json!({"number": number(), "request": recover});
            assert!(!shop.book.run(day, json!({"recover_number": body})).events.is_empty());
            assert_eq!(shop.ledger().verify().unwrap().claims, before + 1, "{day}");
        }
    });
}
