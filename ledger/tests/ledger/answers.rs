//! What comes back for a request: numbers, lists, the time; and forty hosts at once.

use mlicense_core::{
    document::{Owner, RequestKind, Revocation, RevocationClaims, RevocationList},
    error::ErrorKind,
    history::Message,
    id::CustomerId,
    signing::Signer,
    view::{Query, View},
};
use serde_json::json;

use super::support::{Book, DAY, Shop, allocate, asking, noon, on_every_store, owner, request};

#[test]
fn what_a_host_is_called_is_shown_until_it_is_erased_and_in_no_licence() {
    on_every_store(|place| {
        let shop = Shop::new(place);
        let desk = "Ann's desk";
        let register = asking(RequestKind::Register, |fields| {
            (fields.owner, fields.label) = (Some(owner()), Some(desk.into()));
        });
        let answer = shop.answered(None, &register);
        let license = answer.license().unwrap().claims();
        assert_eq!(license.licensee.as_deref(), Some("Acme"));
        let query = Query::Bindings {
            customer: license.customer.clone().unwrap(),
            product: "journal".parse().unwrap(),
        };
        let shown = || match shop.ledger().query(&query, noon(DAY)).unwrap() {
            View::Bindings(view) => view.bindings.into_iter().map(|row| row.label).collect(),
            other => panic!("{other:?}"),
        };
        let labels: Vec<Option<String>> = shown();
        assert_eq!(labels, [Some(desk.to_owned())]);
        let number = answer.claims().number.clone();
        let again = asking(RequestKind::Refresh, |fields| {
            (fields.number, fields.label) = (number, Some("front desk".into()));
        });
        let answer = shop.answered(None, &again);
        assert_eq!(answer.license().unwrap().claims().licensee.as_deref(), Some("Acme"));
        assert_eq!(shown(), [Some("front desk".to_owned())]);
        let Query::Bindings { customer: own, .. } = &query else { panic!("{query:?}") };
        let erase = json!({"customer": own, "product": "journal", "binding": 1});
        shop.book.run(DAY, json!({"erase_host_label": erase}));
        assert_eq!(shown(), [None]);
        let everything = format!("{:?}", place.everything());
        assert!(!everything.contains("desk"), "a label was kept");
    });
}

#[test]
fn nothing_waits_for_an_owner_who_was_erased() {
    on_every_store(|place| {
        let shop = Shop::new(place);
        let register = asking(RequestKind::Register, |fields| fields.owner = Some(owner()));
        let answer = shop.answered(None, &register);
        let customer = answer.license().unwrap().claims().customer.clone().unwrap();
        let outbox = || shop.ledger().outbox(10).unwrap();
        let Message::Number { person, .. } = outbox().remove(0).message else { panic!() };
        shop.book.run(DAY, json!({"erase_person": {"person": person}}));
        assert!(outbox().is_empty());
        let number = shop.ledger().fresh_number().unwrap();
        let issue = json!({"customer": customer, "number": number});
        shop.book.run(DAY, json!({"issue_number": issue}));
        assert!(outbox().is_empty());
        assert!(!format!("{:?}", place.everything()).contains(&number));
    });
}

#[test]
fn s_mk_09_who_registers_gets_a_number_and_one_mail_that_tells_it() {
    on_every_store(|place| {
        let shop = Shop::new(place);
        let register = asking(RequestKind::Register, |fields| fields.owner = Some(owner()));
        let answer = shop.answered(None, &register);
        let number = answer.claims().number.clone().unwrap();
        assert!(number.starts_with("JRNL-") && number.len() == 28, "{number}");
        let license = answer.license().unwrap().claims();
        assert_eq!(license.licensee.as_deref(), Some("Acme"));

        let outbox = shop.ledger().outbox(10).unwrap();
        let [mail] = &outbox[..] else { panic!("{outbox:?}") };
        let Message::Number { number: told, .. } = &mail.message else { panic!("{mail:?}") };
        assert_eq!(*told, number);
        assert_eq!(mail.to.as_ref().unwrap().email.as_deref(), Some("post@acme.example"));
        for _ in 0..2 {
            shop.ledger().sent(mail.id).unwrap();
        }
        assert!(shop.ledger().outbox(10).unwrap().is_empty());
        let everything = format!("{:?}", place.everything());
        assert!(!everything.contains(&number), "the number is kept in full");
    });
}

#[test]
fn s_mk_27_a_refresh_names_the_customer() {
    on_every_store(|place| {
        let shop = Shop::new(place);
        let register = asking(RequestKind::Register, |fields| fields.owner = Some(owner()));
        let number = shop.answered(None, &register).claims().number.clone();
        let refresh = asking(RequestKind::Refresh, |fields| fields.number = number);
        let answer = shop.answered(None, &refresh);
        let license = answer.license().unwrap().claims();
        assert_eq!(license.licensee.as_deref(), Some("Acme"));
        assert!(license.customer.is_some());
    });
}

#[test]
fn a_forgotten_number_is_answered_alike_whether_or_not_there_is_one() {
    on_every_store(|place| {
        let shop = Shop::new(place);
        let register = asking(RequestKind::Register, |fields| fields.owner = Some(owner()));
        shop.answered(None, &register);
        shop.ledger().sent(1).unwrap();
        let recover = |email: &str| {
            let owner = Some(Owner::new(email));
            let request = asking(RequestKind::Recover, |fields| fields.owner = owner);
            let now = noon("2026-03-12");
            let answer = shop.ledger().answer(shop.from(None, &request), &shop.signer, now);
            let claims = shop.read(&answer.unwrap()).claims().clone();
            (claims.number, claims.license, claims.refusal)
        };
        assert_eq!(recover("post@acme.example"), recover("nobody@acme.example"));
        assert_eq!(shop.ledger().outbox(10).unwrap().len(), 1);
    });
}

#[test]
fn s_mk_42_s_mk_43_a_customer_signs_in_with_its_number_or_an_activated_coupon() {
    on_every_store(|place| {
        let shop = Shop::new(place);
        let register = asking(RequestKind::Register, |fields| fields.owner = Some(owner()));
        let answer = shop.answered(None, &register);
        let (claims, license) = (answer.claims(), answer.license().unwrap().claims());
        let (number, customer) = (claims.number.clone().unwrap(), license.customer.clone());
        for (batch, coupon) in [("b1", "coupon-1"), ("b2", "coupon-2")] {
            let contents = json!([{"license_type": "base", "kind": "host", "quantity": 1}]);
            let issue = json!({"batch": batch, "product": "journal", "contents": contents,
                "keys": [coupon]});
            shop.book.run(DAY, json!({"issue_keys": issue}));
        }
        let redeem = json!({"customer": customer, "product": "journal", "key": "coupon-1"});
        shop.book.run(DAY, json!({"redeem_key": redeem}));
        for login in [&*number, &number.to_lowercase(), " COUPON-1 "] {
            let view = shop.book.ask(DAY, json!({"login": {"login": login}}));
            assert_eq!(view["login"], json!(customer), "{login}");
        }
        for stranger in ["coupon-2", "JRNL-99999-99999-99999-999UU", "", "c1"] {
            let query = serde_json::from_value(json!({"login": {"login": stranger}})).unwrap();
            let refused = shop.ledger().query(&query, noon(DAY)).unwrap_err();
            assert_eq!(refused.kind(), ErrorKind::LoginUnknown, "{stranger}");
        }
    });
}

#[test]
fn a_vendor_without_a_form_of_numbers_gives_none() {
    on_every_store(|place| {
        let book = Book::started(place);
        assert_eq!(book.ledger.fresh_number().unwrap_err().kind(), ErrorKind::NumbersNotOffered);
    });
}

#[test]
fn an_answer_carries_licence_ring_list_and_time_in_one_file() {
    on_every_store(|place| {
        let shop = Shop::new(place);
        shop.book.run("2026-03-10", allocate(10));
        let at = noon("2026-03-02");
        let publish = |number: u64| {
            let mut list = RevocationClaims::new(number, at, noon("2026-04-02"));
            list.licenses.insert("c9-1".into(), Revocation::new(at, "lost"));
            let document = RevocationList::issue(&list, &shop.signer).unwrap();
            json!({"publish_revocations": {"document": document}})
        };
        shop.book.run("2026-03-02", publish(3));
        for older in [3, 2] {
            assert_eq!(
                shop.book.refused("2026-03-02", publish(older)),
                ErrorKind::DocumentOutdated
            );
        }
        let stranger = RevocationClaims::new(4, at, noon("2026-04-02"));
        let stranger = RevocationList::issue(&stranger, &Signer::from_seed([1; 32])).unwrap();
        let stranger = json!({"publish_revocations": {"document": stranger}});
        assert_eq!(shop.book.refused("2026-03-02", stranger), ErrorKind::KeyNotTrusted);

        let customer = "c1".parse().unwrap();
        let answer = shop.answered(Some(&customer), &request("s1", noon(DAY)));
        assert!(answer.license().is_some());
        assert_eq!(answer.time().unwrap().instant(), noon(DAY));
        assert_eq!(answer.trust().key_ring().unwrap().number(), 1);
        assert_eq!(answer.trust().revocations().unwrap().number(), 3);
    });
}

#[test]
fn the_files_of_forty_hosts_are_answered_in_one_batch_and_one_bad_file_stops_none() {
    on_every_store(|place| {
        let shop = Shop::new(place);
        shop.book.run("2026-03-10", allocate(10));
        let customer: CustomerId = "c1".parse().unwrap();
        let mut files: Vec<String> =
            (0..40).map(|n| request(&format!("s{n}"), noon(DAY))).collect();
        files[17] = "damaged".into();
        let batch = files.iter().map(|file| shop.from(Some(&customer), file));
        let answers = shop.ledger().answer_all(batch, &shop.signer, noon(DAY));
        assert_eq!(answers.len(), 40);
        for (n, answer) in answers.iter().enumerate() {
            match answer {
                Ok(answer) => assert!(shop.read(answer).claims().nonce.to_string().len() > 10),
                Err(error) => {
                    assert_eq!((n, error.kind()), (17, ErrorKind::SystemFileInvalid));
                }
            }
        }
        assert_eq!(answers.iter().filter(|answer| answer.is_err()).count(), 1);
        let view = shop.book.ask(DAY, json!({"overview": {"customer": "c1"}}));
        assert_eq!(view["overview"]["systems"].as_object().unwrap().len(), 39);
    });
}

#[test]
fn the_same_request_twice_counts_once() {
    on_every_store(|place| {
        let shop = Shop::new(place);
        let customer = "c1".parse().unwrap();
        let file = request("s7", noon(DAY));
        let devices = || {
            let view = shop.book.ask(DAY, json!({"need": {"customer": "c1", "product": "vms"}}));
            view["need"][0]["need"]["camera"].as_u64().unwrap()
        };
        shop.answered(Some(&customer), &file);
        let once = devices();
        shop.answered(Some(&customer), &file);
        assert_eq!(devices(), once);
    });
}
