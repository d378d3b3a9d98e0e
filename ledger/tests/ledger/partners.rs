//! Partners: their stock, what they give, and the customers they see.

use mlicense_core::error::ErrorKind;
use serde_json::{Value, json};

use crate::support::{
    Book, on_every_store,
    trade::{DAY, cameras, give, of_device, on, register_device, save, set_dealer, to, user},
};

fn register_partner(partner: &str) -> Value {
    json!({"register_partner": {
        "partner": partner, "code": format!("code-{partner}"),
        "contact": format!("contact-{partner}"),
        "fields": {"name": "New Dealer", "email": "new@dealer.example"},
    }})
}

fn stock(view: &Value) -> Vec<(String, u64, u64, u64)> {
    let number = |row: &Value, field: &str| row[field].as_u64().unwrap();
    let rows = view["stock"].as_array().unwrap().iter();
    rows.map(|row| {
        let license_type = row["license_type"].as_str().unwrap().to_owned();
        (license_type, number(row, "received"), number(row, "given"), number(row, "left"))
    })
    .collect()
}

fn ids(page: &Value) -> Vec<&str> {
    let rows = page["customers"].as_array().unwrap().iter();
    rows.map(|row| row["customer"].as_str().unwrap()).collect()
}

/// Customer `customer` with a manager of this e-mail, and partner `d1` as its dealer.
fn customer_of_d1(book: &Book<'_>, customer: &str, email: &str) {
    let person = format!("boss-{customer}");
    book.customer(customer);
    let mut fields = user(&person);
    fields["email"] = json!({"own": email});
    book.run(DAY, json!({"add_user": {"customer": customer, "person": person, "user": fields}}));
    book.run(DAY, json!({"activate_user": {"person": person}}));
    let session = book.sign_in(DAY, &person, json!({"customer": customer}));
    book.run_as(&session, DAY, set_dealer(customer, Some("d1")));
}

#[test]
fn s_ip_01_only_the_vendor_makes_a_partner() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        let (owner, sales) = book.dealt();
        let head = book.dealer_user("d1", "head", true);
        for session in [&owner, &sales, &head] {
            let refused = book.refused_as(session, DAY, register_partner("d2"));
            assert_eq!(refused, ErrorKind::Forbidden);
        }
        // Whoever says to be of a partner that does not exist is none either.
        let mut nobody = sales;
        nobody["actor"] = json!({"role": "partner_administrator", "id": "sales", "partner": "d2"});
        assert_eq!(book.refused_as(&nobody, DAY, register_partner("d2")), ErrorKind::Forbidden);
        let query = json!({"partner": {"partner": "d2"}});
        assert_eq!(book.unanswered(DAY, query), ErrorKind::PartnerUnknown);
        book.run(DAY, register_partner("d2"));
        assert_eq!(book.seen_by("d2")["name"], "New Dealer");
        assert_eq!(book.refused(DAY, register_partner("d2")), ErrorKind::PartnerAlreadyRegistered);
        let mut same_code = register_partner("d3");
        same_code["register_partner"]["code"] = json!("code-d2");
        assert_eq!(book.refused(DAY, same_code), ErrorKind::PartnerAlreadyRegistered);
    });
}

#[test]
fn s_ip_02_what_a_partner_gives_leaves_its_stock_and_reaches_the_customer() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        let (_, sales) = book.dealt();
        book.stock_partner("d1", cameras(10));
        let receipt = book.run_as(&sales, DAY, give("c1", cameras(3)));
        let streams: Vec<_> = receipt.events.iter().map(|event| event.stream.to_string()).collect();
        assert!(streams.contains(&"partner/d1".to_owned()), "{streams:?}");
        assert!(streams.contains(&"customer/c1".to_owned()), "{streams:?}");
        let view = book.seen_by("d1");
        assert_eq!(stock(&view), [("camera".to_owned(), 10, 3, 7)]);
        assert_eq!(view["total"], 7);
        let list = book.draft(DAY, "c1", json!([]));
        assert_eq!(on(&list).len(), 3);
        let sources = list["licenses"].as_object().unwrap().values();
        assert!(sources.clone().all(|row| row["source"] == "partner"), "{list}");
        book.run_as(&sales, DAY, give("c1", cameras(2)));
        assert_eq!(on(&book.draft(DAY, "c1", json!([]))).len(), 5);
        assert_eq!(book.seen_by("d1")["total"], 5);
        assert_eq!(book.ledger.verify().unwrap().events, u64::try_from(count(&book)).unwrap());
    });
}

/// The events of every stream there is.
fn count(book: &Book<'_>) -> usize {
    let streams = ["catalogue", "customer/c1", "partner/d1", "person/contact-d1"];
    let streams = streams.into_iter().chain(["person/owner", "person/sales"]);
    streams.map(|stream| book.history(stream).len()).sum()
}

#[test]
fn s_ip_03_the_numbers_of_each_kind_add_up_to_the_total() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        let (_, sales) = book.dealt();
        assert_eq!(
            (&book.seen_by("d1")["total"], stock(&book.seen_by("d1")).len()),
            (&json!(0), 0)
        );
        book.stock_partner(
            "d1",
            json!([
                {"license_type": "camera", "kind": "device", "quantity": 10},
                {"license_type": "storage", "kind": "device", "quantity": 4},
                {"license_type": "camera", "kind": "device", "quantity": 1},
            ]),
        );
        book.run_as(&sales, DAY, give("c1", cameras(2)));
        let view = book.seen_by("d1");
        let expected = [("camera".to_owned(), 11, 2, 9), ("storage".to_owned(), 4, 0, 4)];
        assert_eq!(stock(&view), expected);
        let left: u64 = stock(&view).iter().map(|(.., left)| left).sum();
        assert_eq!(view["total"], left);
    });
}

#[test]
fn s_ip_30_who_signs_in_at_a_partner_has_the_first_page_without_asking_for_more() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        let (_, sales) = book.dealt();
        assert_eq!(sales["kind"], "partner");
        let query = json!({"partner_customers": {"partner": sales["actor"]["partner"]}});
        let page = book.ask(DAY, query)["partner_customers"].clone();
        assert_eq!(ids(&page), ["c1"]);
        assert_eq!(page["customers"][0]["email"], "owner@people.example");
        assert_eq!(
            (&page["page"], &page["pages"], &page["total"]),
            (&json!(1), &json!(1), &json!(1))
        );
    });
}

#[test]
fn s_ip_31_a_partner_sees_its_name_e_mail_and_code() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        book.partner("d1");
        let view = book.seen_by("d1");
        assert_eq!(view["name"], "Dealer d1");
        assert_eq!(view["email"], "desk@d1.example");
        assert_eq!(view["code"], "code-d1");
    });
}

#[test]
fn s_ip_32_s_ip_33_a_part_of_the_e_mail_is_enough_in_either_case_of_ascii() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        book.partner("d1");
        customer_of_d1(&book, "c2", "a@example");
        customer_of_d1(&book, "c3", "Straße.ÄRGER@b.test");
        customer_of_d1(&book, "c4", "カメラ@c.test");
        customer_of_d1(&book, "c5", "ｶﾒﾗ@d.test");
        let found = |filter: &str| {
            let page = book.customers_of("d1", filter);
            let found: Vec<_> = ids(&page).into_iter().map(str::to_owned).collect();
            found
        };
        assert_eq!(found("exa"), ["c2"]);
        assert_eq!(found("EXA"), ["c2"]);
        assert_eq!(found(" a@example "), ["c2"]);
        assert_eq!(found("straße"), ["c3"]);
        assert_eq!(found("STRASSE"), [""; 0]);
        assert_eq!(found(".ÄRGER"), ["c3"]);
        assert_eq!(found(".ärger"), [""; 0]);
        assert_eq!(found("カメ"), ["c4"]);
        assert_eq!(found("ｶﾒ"), ["c5"]);
        assert_eq!(found("a@example.org"), [""; 0]);
        assert_eq!(found("%"), [""; 0]);
        assert_eq!(found("_"), [""; 0]);
        assert_eq!(found("").len(), 4);
    });
}

#[test]
fn s_ip_34_a_page_has_twenty_customers_and_the_pager_comes_with_the_twentieth() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        book.partner("d1");
        let add = |number: u32| {
            let customer = format!("k{number:02}");
            book.customer(&customer);
            book.run(DAY, set_dealer(&customer, Some("d1")));
        };
        let page = |number: u32| {
            let query = json!({"partner_customers": {"partner": "d1", "page": number}});
            book.ask(DAY, query)["partner_customers"].clone()
        };
        let shown = |page: &Value| (ids(page).len(), page["pages"].clone(), page["pager"].clone());
        assert_eq!(shown(&page(1)), (0, json!(1), json!(false)));
        (1..=19).for_each(add);
        assert_eq!(shown(&page(1)), (19, json!(1), json!(false)));
        add(20);
        assert_eq!(shown(&page(1)), (20, json!(1), json!(true)));
        (21..=40).for_each(add);
        assert_eq!(shown(&page(1)), (20, json!(2), json!(true)));
        add(41);
        assert_eq!(shown(&page(1)), (20, json!(3), json!(true)));
        assert_eq!(ids(&page(3)), ["k41"]);
        // Every customer is on one page; a page past the last is the last.
        let all: Vec<_> = (1..=3)
            .flat_map(|number| {
                ids(&page(number)).into_iter().map(str::to_owned).collect::<Vec<_>>()
            })
            .collect();
        let expected: Vec<_> = (1..=41).map(|number| format!("k{number:02}")).collect();
        assert_eq!(all, expected);
        assert_eq!((page(4), page(0)), (page(3), page(1)));
    });
}

#[test]
fn s_ip_35_a_partner_finds_only_customers_who_chose_it() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        let (_, sales) = book.dealt();
        book.partner("d2");
        customer_of_d1(&book, "c2", "two@shop.example");
        let other = book.member("c2", "other", "manager");
        book.run_as(&other, DAY, set_dealer("c2", Some("d2")));
        book.customer("c3");
        book.member("c3", "three", "manager");
        for email in ["two@shop.example", "three@people.example"] {
            assert!(ids(&book.customers_of("d1", email)).is_empty(), "{email}");
        }
        assert_eq!(ids(&book.customers_of("d1", "")), ["c1"]);
        assert_eq!(ids(&book.customers_of("d2", "two@shop.example")), ["c2"]);
        // What it does not find it cannot do anything to either.
        book.stock_partner("d1", cameras(1));
        for customer in ["c2", "c3"] {
            let look = json!({"inspect_devices": {"customer": customer}});
            assert_eq!(book.refused_as(&sales, DAY, look), ErrorKind::Forbidden);
            let gift = give(customer, cameras(1));
            assert_eq!(book.refused_as(&sales, DAY, gift), ErrorKind::Forbidden);
        }
    });
}

#[test]
fn s_ip_36_only_the_customer_chooses_its_dealer() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        let (owner, sales) = book.dealt();
        let head = book.dealer_user("d1", "head", true);
        book.customer("c2");
        for session in [&sales, &head] {
            for (customer, partner) in [("c1", None), ("c2", Some("d1"))] {
                let refused = book.refused_as(session, DAY, set_dealer(customer, partner));
                assert_eq!(refused, ErrorKind::Forbidden);
            }
        }
        // By proxy no less.
        let proxy = book.sign_in(DAY, "head", json!({"customer": "c1"}));
        assert_eq!(book.refused_as(&proxy, DAY, set_dealer("c1", None)), ErrorKind::Forbidden);
        // Nor another customer, nor a user who does not manage.
        let stranger = book.member("c2", "stranger", "manager");
        assert_eq!(book.refused_as(&stranger, DAY, set_dealer("c1", None)), ErrorKind::Forbidden);
        let user = book.member("c1", "viewer", "user");
        assert_eq!(book.refused_as(&user, DAY, set_dealer("c1", None)), ErrorKind::Forbidden);
        let unknown = book.refused_as(&owner, DAY, set_dealer("c1", Some("d9")));
        assert_eq!(unknown, ErrorKind::PartnerUnknown);
        book.run_as(&owner, DAY, set_dealer("c1", None));
        assert!(ids(&book.customers_of("d1", "")).is_empty());
    });
}

#[test]
fn s_ip_37_a_customer_who_leaves_its_dealer_keeps_the_licences() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        let (owner, sales) = book.dealt();
        book.camera("front");
        book.stock_partner("d1", cameras(5));
        book.run_as(&sales, DAY, give("c1", cameras(2)));
        let before = on(&book.draft(DAY, "c1", json!([])));
        assert_eq!(before["1"].as_deref(), Some("front"));
        book.run_as(&owner, DAY, set_dealer("c1", None));
        assert!(ids(&book.customers_of("d1", "")).is_empty());
        assert_eq!(on(&book.draft(DAY, "c1", json!([]))), before);
        assert_eq!(stock(&book.seen_by("d1")), [("camera".to_owned(), 5, 2, 3)]);
        let gift = book.refused_as(&sales, DAY, give("c1", cameras(1)));
        assert_eq!(gift, ErrorKind::Forbidden);
        // And is found again once it comes back.
        book.run_as(&owner, DAY, set_dealer("c1", Some("d1")));
        assert_eq!(ids(&book.customers_of("d1", "owner@")), ["c1"]);
    });
}

#[test]
fn s_ip_38_a_partner_reads_the_devices_of_its_customer_and_leaves_a_trace() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        let (_, sales) = book.dealt();
        book.camera("front");
        book.run_as(&sales, DAY, json!({"inspect_devices": {"customer": "c1"}}));
        let devices = book.ask(DAY, json!({"devices": {"customer": "c1"}}))["devices"].clone();
        assert_eq!(devices["front"]["state"], "enrolled");
        let history = book.history("customer/c1");
        let trace = history.last().unwrap();
        assert!(trace["event"].get("devices_inspected").is_some(), "{trace}");
        assert_eq!(trace["actor"], sales["actor"]);
        assert_eq!(trace["actor"]["role"], "partner_user");
    });
}

#[test]
fn s_ip_43_a_session_has_the_role_of_its_kind_of_sign_in() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        let (owner, sales) = book.dealt();
        let guest = book.member("c1", "guest", "shared");
        let proxy = book.sign_in(DAY, "sales", json!({"customer": "c1"}));
        let of = |session: &Value| (session["kind"].clone(), session["actor"]["role"].clone());
        assert_eq!(of(&owner), (json!("own"), json!("customer_manager")));
        assert_eq!(of(&guest), (json!("shared"), json!("customer_user")));
        assert_eq!(of(&proxy), (json!("proxy"), json!("partner_user")));
        assert_eq!(of(&sales), (json!("partner"), json!("partner_user")));
        assert_eq!((&proxy["customer"], &proxy["actor"]["partner"]), (&json!("c1"), &json!("d1")));
        // Who belongs nowhere, and the dealer that is none any more, stay outside.
        book.customer("c2");
        let at = |person: &str, customer: &str| {
            json!({"sign_in": {
                "who": {"person": person}, "at": {"customer": customer},
            }})
        };
        assert_eq!(book.unanswered(DAY, at("sales", "c2")), ErrorKind::NotAMember);
        assert_eq!(book.unanswered(DAY, at("guest", "c2")), ErrorKind::NotAMember);
        book.run_as(&owner, DAY, set_dealer("c1", None));
        assert_eq!(book.unanswered(DAY, at("sales", "c1")), ErrorKind::NotAMember);
        let door = json!({"sign_in": {"who": {"person": "owner"}, "at": {"partner": "d1"}}});
        assert_eq!(book.unanswered(DAY, door), ErrorKind::NotAMember);
    });
}

#[test]
fn s_ip_44_a_partner_gives_no_more_than_its_stock_holds() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        let (_, sales) = book.dealt();
        let refused = |contents| book.refused_as(&sales, DAY, give("c1", contents));
        assert_eq!(refused(cameras(1)), ErrorKind::InsufficientStock);
        assert_eq!(ErrorKind::InsufficientStock.name(), "INSUFFICIENT_STOCK");
        book.stock_partner("d1", cameras(3));
        assert_eq!(refused(cameras(4)), ErrorKind::InsufficientStock);
        // Lines of one kind count together, and another kind does not help.
        let split = json!([cameras(2)[0], cameras(2)[0]]);
        assert_eq!(refused(split), ErrorKind::InsufficientStock);
        let storage = json!([{"license_type": "storage", "kind": "device", "quantity": 1}]);
        assert_eq!(refused(storage), ErrorKind::InsufficientStock);
        book.run_as(&sales, DAY, give("c1", cameras(3)));
        assert_eq!(refused(cameras(1)), ErrorKind::InsufficientStock);
        // Nobody gives from the stock of another partner.
        book.partner("d2");
        book.stock_partner("d2", cameras(9));
        let mut of_another = give("c1", cameras(1));
        of_another["give_licenses"]["partner"] = json!("d2");
        assert_eq!(book.refused_as(&sales, DAY, of_another), ErrorKind::Forbidden);
    });
}

#[test]
fn s_ip_45_a_partner_has_no_call_to_choose_the_device() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        let (owner, sales) = book.dealt();
        book.camera("front");
        book.camera("back");
        book.stock_partner("d1", cameras(2));
        let mut named = give("c1", cameras(1));
        named["give_licenses"]["device"] = json!("back");
        let text = json!({"id": "named", "actor": sales["actor"], "body": named}).to_string();
        let unread = mlicense_core::history::Envelope::from_json(text.as_bytes());
        assert_eq!(unread.unwrap_err().kind(), ErrorKind::JsonInvalid);
        book.run_as(&sales, DAY, give("c1", cameras(1)));
        let base = book.draft(DAY, "c1", json!([]))["base"].clone();
        let head = book.dealer_user("d1", "head", true);
        let proxy = book.sign_in(DAY, "head", json!({"customer": "c1"}));
        for session in [&sales, &head, &proxy] {
            let command = save(base.clone(), json!([to(1, "back")]));
            assert_eq!(book.refused_as(session, DAY, command), ErrorKind::Forbidden);
        }
        book.run_as(&owner, DAY, save(base, json!([to(1, "back")])));
    });
}

#[test]
fn a_partner_looks_after_the_devices_of_its_own_customers_only() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        let (owner, sales) = book.dealt();
        book.run_as(&sales, DAY, register_device(("c1", "front"), "camera"));
        book.run_as(&owner, DAY, set_dealer("c1", None));
        for command in ["reboot_device", "delete_device"] {
            let refused = book.refused_as(&sales, DAY, of_device(command, "front"));
            assert_eq!(refused, ErrorKind::Forbidden);
        }
        // Who is no user of the partner any more does nothing in its name.
        book.run_as(&owner, DAY, set_dealer("c1", Some("d1")));
        let head = book.dealer_user("d1", "head", true);
        let removal = json!({"remove_partner_user": {"partner": "d1", "person": "sales"}});
        assert_eq!(book.refused_as(&sales, DAY, removal.clone()), ErrorKind::Forbidden);
        book.run_as(&head, DAY, removal);
        let refused = book.refused_as(&sales, DAY, of_device("reboot_device", "front"));
        assert_eq!(refused, ErrorKind::NotAMember);
    });
}

#[test]
fn an_erased_person_vanishes_from_the_search_and_signs_in_no_more() {
    on_every_store(|place| {
        let book = Book::of_devices(place);
        let (owner, _) = book.dealt();
        assert_eq!(ids(&book.customers_of("d1", "owner@people")), ["c1"]);
        book.run(DAY, json!({"erase_person": {"person": "owner"}}));
        let unknown = json!({"partner_customers": {"partner": "d9"}});
        assert_eq!(book.unanswered(DAY, unknown), ErrorKind::PartnerUnknown);
        assert!(ids(&book.customers_of("d1", "owner@people")).is_empty());
        let page = book.customers_of("d1", "");
        assert_eq!(ids(&page), ["c1"]);
        assert_eq!(
            (&page["customers"][0]["name"], &page["customers"][0]["email"]),
            (&json!(null), &json!(null))
        );
        let at = |who: Value| json!({"sign_in": {"who": who, "at": {"customer": "c1"}}});
        let by_name = at(json!({"username": "owner@people.example"}));
        assert_eq!(book.unanswered(DAY, by_name), ErrorKind::LoginUnknown);
        let by_id = at(json!({"person": "owner"}));
        assert_eq!(book.unanswered(DAY, by_id), ErrorKind::UserNotActivated);
        // A session from before is told so, whatever had happened to the person.
        assert_eq!(book.again(&owner), json!(["profile_changed"]));
        let everything = format!("{:?}", place.everything().0);
        assert!(
            !everything.contains("owner@people.example") && !everything.contains("Person owner")
        );
        book.ledger.verify().unwrap();
        // The partner's own contact is erased in the same way.
        book.run(DAY, json!({"erase_person": {"person": "contact-d1"}}));
        let view = book.seen_by("d1");
        assert_eq!((&view["name"], &view["email"]), (&json!(null), &json!(null)));
        assert_eq!(view["code"], "code-d1");
        book.ledger.verify().unwrap();
    });
}
