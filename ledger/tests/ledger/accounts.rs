//! The life of accounts: created, changed, suspended, deleted.

use mlicense_core::{
    error::ErrorKind,
    history::{Envelope, Message},
    view::Query,
};
use serde_json::{Value, json};

use super::support::{
    Book, Place,
    cloud::{Cloud, DAY, create, pages, register},
    envelope, noon, on_every_store,
};

/// The pages with one member of one page changed, or taken away.
fn with(page: &str, field: &str, value: Value) -> Value {
    let mut pages = pages("adam");
    let page = pages[page].as_object_mut().unwrap();
    match value {
        Value::Null => page.remove(field),
        value => page.insert(field.to_owned(), value),
    };
    pages
}

fn check(book: &Book<'_>, draft: &Value) -> Value {
    let query = json!({"check_draft": {"product": "cloud", "draft": draft}});
    book.ask(DAY, query)["check_draft"].clone()
}

fn act(command: &str, customer: &str) -> Value {
    json!({command: {"customer": customer}})
}

fn edit(customer: &str, changes: Value) -> Value {
    json!({"edit_account": {"customer": customer, "changes": changes}})
}

/// The work left to the vendor's program, in words.
fn work(book: &Book<'_>) -> Vec<String> {
    let messages = book.ledger.outbox(1000).unwrap().into_iter().map(|out| out.message);
    let provision = |message: &Message| matches!(message, Message::Provision { .. });
    messages.filter(provision).map(|message| format!("{message:?}")).collect()
}

#[test]
fn s_st_01_devices_and_an_administrator_need_a_customer() {
    on_every_store(|place| {
        let cloud = Cloud::new(place);
        let device = register("d1", json!({"plan": "basic"}));
        assert_eq!(cloud.book.refused(DAY, device.clone()), ErrorKind::CustomerUnknown);
        let add = json!({"add_user":
            {"customer": "site", "person": "adam", "user": pages("adam")["administrator"]}});
        assert_eq!(cloud.book.refused(DAY, add), ErrorKind::CustomerUnknown);

        // A customer without an account has nothing that devices could be billed to.
        cloud.book.customer("site");
        assert_eq!(cloud.book.refused(DAY, device), ErrorKind::NoAccount);
        cloud.open("other");
        cloud.book.run_as(&cloud.ingo, DAY, create("third", pages("adam")));
        let at_third = json!({"register_device": {"customer": "third", "product": "cloud",
            "device": "d1", "license_type": "camera", "description": {"plan": "basic"}}});
        let refused = cloud.book.refused_as(&cloud.ingo, DAY, at_third.clone());
        assert_eq!(refused, ErrorKind::AccountStateForbids, "while it is being created");
        cloud.acknowledge("third", "creating");
        cloud.run(DAY, at_third);
    });
}

#[test]
fn s_st_02_each_field_that_is_missing_is_refused_by_name() {
    on_every_store(|place| {
        let cloud = Cloud::new(place);
        let needed = [
            ("client", "name"),
            ("client", "country"),
            ("client", "zone"),
            ("address", "street"),
            ("address", "city"),
            ("address", "email"),
            ("administrator", "name"),
            ("administrator", "provider"),
            ("administrator", "username"),
        ];
        for (page, field) in needed {
            let draft = with(page, field, Value::Null);
            let told = check(&cloud.book, &draft);
            let problem = &told["problems"][0];
            assert_eq!(
                (&problem["page"], told["problems"].as_array().unwrap().len()),
                (&json!(page), 1)
            );
            let message = problem["refusal"]["message"].as_str().unwrap();
            assert!(message.contains(&format!("`{field}`")), "{message}");
            let refused = cloud.book.refused_as(&cloud.ingo, DAY, create("site", draft));
            assert_eq!(refused, ErrorKind::FieldMissing, "{page}.{field}");
        }
        for (page, field) in [
            ("client", "reference"),
            ("client", "term"),
            ("address", "postal_code"),
            ("address", "phone"),
        ] {
            let draft = with(page, field, Value::Null);
            assert_eq!(check(&cloud.book, &draft)["problems"], json!([]), "{field}");
        }
        let empty = check(&cloud.book, &json!({}));
        let wrong = empty["problems"].as_array().unwrap().iter().map(|problem| &problem["page"]);
        assert_eq!(wrong.collect::<Vec<_>>(), ["client", "address", "administrator"]);
    });
}

#[test]
fn fields_that_cannot_be_kept_are_refused() {
    on_every_store(|place| {
        let cloud = Cloud::new(place);
        let refused = |page, field, value| {
            let draft = with(page, field, value);
            cloud.book.refused_as(&cloud.ingo, DAY, create("site", draft))
        };
        let long = json!("x".repeat(321));
        assert_eq!(refused("client", "name", long.clone()), ErrorKind::QuantityOutOfRange);
        assert_eq!(refused("client", "name", json!("")), ErrorKind::QuantityOutOfRange);
        assert_eq!(refused("client", "name", json!("a\nb")), ErrorKind::FieldInvalid);
        assert_eq!(refused("client", "reference", json!("")), ErrorKind::FieldInvalid);
        assert_eq!(refused("client", "reference", json!("x".repeat(101))), ErrorKind::FieldInvalid);
        assert_eq!(refused("client", "term", json!(6)), ErrorKind::TermNotOffered);
        assert_eq!(refused("address", "street", json!("a\nb")), ErrorKind::FieldInvalid);
        assert_eq!(refused("address", "city", long), ErrorKind::QuantityOutOfRange);
        assert_eq!(refused("administrator", "name", json!("")), ErrorKind::QuantityOutOfRange);
        assert_eq!(
            refused("administrator", "provider", json!("nobody")),
            ErrorKind::ProviderUnknown
        );
        let draft = with("client", "reference", json!("x".repeat(100)));
        cloud.run(DAY, create("site", draft));
    });
}

#[test]
fn s_st_03_s_st_19_one_username_stands_on_three_customers_and_at_the_integrator() {
    on_every_store(|place| {
        let cloud = Cloud::new(place);
        for customer in ["a", "b", "c"] {
            cloud.run(DAY, create(customer, pages("adam")));
            cloud.acknowledge(customer, "creating");
            let account = cloud.account(DAY, customer)["account"].clone();
            assert_eq!(account["administrator"], "adam");
        }
        cloud.book.run(DAY, json!({"activate_user": {"person": "adam"}}));
        for customer in ["a", "b", "c"] {
            let session = cloud.book.sign_in(DAY, "adam", json!({"customer": customer}));
            assert_eq!(session["actor"]["role"], "customer_manager", "{session}");
            assert_eq!(session["actor"]["customer"], customer);
        }

        // The integrator's own user looks after a site of its own.
        cloud.run(DAY, create("own", pages("ingo")));
        cloud.acknowledge("own", "creating");
        let at = |at| cloud.book.sign_in(DAY, "ingo", at);
        assert_eq!(at(json!({"partner": "integrator"}))["actor"]["role"], "partner_user");
        assert_eq!(at(json!({"customer": "own"}))["actor"]["role"], "customer_manager");
        assert_eq!(at(json!({"customer": "a"}))["kind"], "proxy");
    });
}

#[test]
fn s_st_04_s_st_26_pages_keep_what_was_entered_and_leaving_them_creates_nothing() {
    on_every_store(|place| {
        let cloud = Cloud::new(place);
        let before = place.everything();
        let mut draft = json!({});
        let (pages, names) = (pages("adam"), ["client", "address", "administrator"]);
        for (done, name) in names.iter().enumerate() {
            draft[name] = pages[name].clone();
            let wrong = check(&cloud.book, &draft)["problems"].clone();
            let wrong = wrong.as_array().unwrap().iter().map(|problem| problem["page"].clone());
            assert_eq!(wrong.collect::<Vec<_>>(), names[done + 1..], "after {name}");
            // Going back finds all that was entered.
            let value: Query = serde_json::from_value(
                json!({"check_draft": {"product": "cloud", "draft": draft}}),
            )
            .unwrap();
            let back = serde_json::to_value(value).unwrap()["check_draft"]["draft"].clone();
            for entered in &names[..=done] {
                for (field, value) in pages[entered].as_object().unwrap() {
                    assert_eq!(back[entered][field], *value, "{entered}.{field}");
                }
            }
        }
        assert_eq!(before, place.everything(), "looking at the pages has changed something");
    });
}

#[test]
fn s_st_05_what_stands_on_the_first_page_is_stored() {
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        let view = cloud.account(DAY, "site");
        let account = &view["account"];
        assert_eq!((&account["country"], &account["reference"]), (&json!("DE"), &json!("B-17")));
        assert_eq!(view["term"]["term"], 12);
        assert_eq!(view["dealer"], "integrator");
        let users = cloud.book.ask(DAY, json!({"users": {"customer": "site"}}))["users"].clone();
        let client = &users["client"];
        assert_eq!((&client["name"], &client["phone"]), (&json!("Bakery"), &json!("+49 30 000")));
        assert_eq!(client["address"], "Example Street 1\n10115\nBerlin");
        assert_eq!(client["email"], "post@bakery.example");
        let overview = cloud.book.ask(DAY, json!({"overview": {"customer": "site"}}));
        assert_eq!(overview["overview"]["zone"], "Europe/Berlin");
        // What can be erased is not in the history.
        let history = format!("{:?}", cloud.book.history("customer/site"));
        assert!(!history.contains("Bakery") && !history.contains("Example Street"), "{history}");
    });
}

#[test]
fn s_st_06_the_country_decides_the_data_centre() {
    on_every_store(|place| {
        let cloud = Cloud::new(place);
        for (country, center) in [("DE", "frankfurt"), ("FR", "frankfurt"), ("US", "ashburn")] {
            let draft = with("client", "country", json!(country));
            assert_eq!(check(&cloud.book, &draft)["data_center"], center);
            let customer = format!("site-{country}");
            cloud.run(DAY, create(&customer, draft));
            assert_eq!(cloud.account(DAY, &customer)["account"]["data_center"], center);
        }
        let draft = with("client", "country", json!("JP"));
        let refused = cloud.book.refused_as(&cloud.ingo, DAY, create("site", draft));
        assert_eq!(refused, ErrorKind::CountryNotServed);
        let everywhere = json!({"define_product": {"product": "plain",
            "definition": {"name": "Plain", "license_types": ["camera"]},
            "policy": {"account_term": {}}}});
        cloud.book.run(DAY, everywhere);
        let mut create = create("site", with("client", "country", json!("JP")));
        create["create_account"]["product"] = json!("plain");
        cloud.run(DAY, create);
        assert_eq!(cloud.account(DAY, "site")["account"]["data_center"], Value::Null);
    });
}

#[test]
fn s_st_07_the_country_is_changed_on_the_first_page_and_cannot_be_given_with_the_address() {
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        let read = |body: Value| {
            let json = json!({"id": "x", "actor": cloud.ingo["actor"], "body": body}).to_string();
            Envelope::from_json(json.as_bytes()).map(drop)
        };
        let mut address = pages("adam")["address"].clone();
        assert!(read(edit("site", json!({"address": address}))).is_ok());
        address["country"] = json!("FR");
        for body in [
            edit("site", json!({"address": address})),
            create("other", with("address", "country", json!("DE"))),
        ] {
            let refusal = read(body).unwrap_err();
            assert_eq!(refusal.kind(), ErrorKind::JsonInvalid);
            assert!(refusal.to_string().contains("`country`"), "{refusal}");
        }

        let draft = with("client", "country", json!("FR"));
        assert_eq!(check(&cloud.book, &draft)["country"], "FR", "as the page of the address shows");
        cloud.run(DAY, edit("site", json!({"client": {"country": "US"}})));
        let account = cloud.account(DAY, "site")["account"].clone();
        let of = |field: &str| account[field].clone();
        assert_eq!((of("country"), of("data_center")), (json!("US"), json!("ashburn")));
        let to_japan = edit("site", json!({"client": {"country": "JP"}}));
        cloud.acknowledge("site", "updating");
        let refused = cloud.book.refused_as(&cloud.ingo, DAY, to_japan);
        assert_eq!(refused, ErrorKind::CountryNotServed);
    });
}

#[test]
fn s_st_24_a_new_customer_is_creating_and_then_active() {
    on_every_store(|place| {
        let cloud = Cloud::new(place);
        cloud.run(DAY, create("site", pages("adam")));
        assert_eq!(cloud.state("site"), "creating");
        assert_eq!(work(&cloud.book), ["Provision of site, creating"]);
        cloud.book.run(DAY, json!({"activate_user": {"person": "adam"}}));
        let sign_in = json!({"sign_in": {"who": {"person": "adam"}, "at": {"customer": "site"}}});
        assert_eq!(cloud.book.unanswered(DAY, sign_in.clone()), ErrorKind::AccountStateForbids);
        let done = |state| json!({"acknowledge_account": {"customer": "site", "state": state}});
        for wrong in ["updating", "deleting", "active", "suspended", "deleted"] {
            let refused = cloud.book.refused(DAY, done(wrong));
            assert_eq!(refused, ErrorKind::AccountStateForbids, "{wrong}");
        }
        let forbidden = cloud.book.refused_as(&cloud.boss, DAY, done("creating"));
        assert_eq!(forbidden, ErrorKind::Forbidden, "only the vendor's program knows");
        cloud.book.run(DAY, done("creating"));
        assert_eq!(cloud.state("site"), "active");
        assert_eq!(cloud.book.refused(DAY, done("creating")), ErrorKind::AccountStateForbids);
        cloud.book.ask(DAY, sign_in);
    });
    on_every_store(|place| {
        let cloud = Cloud::under(place, json!({"provisioning": "immediate"}));
        cloud.run(DAY, create("site", pages("adam")));
        assert_eq!(cloud.state("site"), "active");
        cloud.run(DAY, edit("site", json!({"client": {"reference": "new"}})));
        assert_eq!(cloud.state("site"), "active");
        let became: Vec<Value> = states(&cloud.book);
        assert_eq!(became, ["active", "updating", "active"]);
        cloud.run(DAY, act("delete_account", "site"));
        assert_eq!((cloud.state("site"), work(&cloud.book)), ("deleted".to_owned(), Vec::new()));
    });
}

/// The states that account `site` went through after the first.
fn states(book: &Book<'_>) -> Vec<Value> {
    let events = book.history("customer/site");
    let became = events.iter().filter_map(|entry| {
        let state = &entry["event"]["account_became"]["state"];
        state.is_string().then(|| state.clone())
    });
    became.collect()
}

#[test]
fn s_st_25_a_later_part_that_is_refused_leaves_nothing_of_the_account() {
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        let refused = |body: Value| cloud.book.refused_as(&cloud.ingo, DAY, body);
        let mut taken = create("other", pages("eve"));
        taken["create_account"]["administrator"] = json!("boss");
        assert_eq!(refused(taken), ErrorKind::PersonAlreadyAdded);
        let mut taken = create("other", pages("eve"));
        taken["create_account"]["client"] = json!("record-site");
        assert_eq!(refused(taken), ErrorKind::PersonAlreadyAdded);
        let mut same = create("other", pages("eve"));
        same["create_account"]["client"] = json!("eve");
        assert_eq!(refused(same), ErrorKind::PersonAlreadyAdded, "two records under one id");
        assert_eq!(refused(create("site", pages("eve"))), ErrorKind::CustomerAlreadyRegistered);
        let mut nobody = create("other", pages("eve"));
        nobody["create_account"]["dealer"] = json!("nobody");
        assert_eq!(cloud.book.refused(DAY, nobody), ErrorKind::PartnerUnknown);
        let users = cloud.book.unanswered(DAY, json!({"users": {"customer": "other"}}));
        assert_eq!(users, ErrorKind::CustomerUnknown);
        cloud.run(DAY, create("other", pages("eve")));
    });
}

#[test]
fn s_st_25_a_fault_in_the_middle_leaves_nothing_of_the_account() {
    // The last that is written of a command; each must take all before it along.
    for table in ["person", "outbox", "link", "claim", "receipt"] {
        on_every_store(|place| {
            let cloud = Cloud::with_site(place);
            let command = envelope("create-other", create("other", pages("eve")));
            break_table(place, table);
            let before = place.everything().0;
            let broken = cloud.book.ledger.execute(&command, noon(DAY));
            let error = broken.unwrap_err();
            assert!(!matches!(error, mlicense_ledger::Error::Refused(_)), "{table}: {error:?}");
            assert_eq!(before, place.everything().0, "{table}");
            mend_table(place, table);
            cloud.book.ledger.execute(&command, noon(DAY)).unwrap();
            assert_eq!(cloud.state("other"), "creating");
            cloud.book.ledger.verify().unwrap();
        });
    }
}

/// From now on nothing can be written to a table.
fn break_table(place: &Place, table: &str) {
    place.tamper(&match place {
        Place::Sqlite(_) => format!(
            "CREATE TRIGGER broken BEFORE INSERT ON {table}
             BEGIN SELECT RAISE(ABORT, 'broken'); END"
        ),
        #[cfg(feature = "postgres")]
        Place::Postgres(_) => format!(
            "CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql
             AS $$ BEGIN RAISE 'broken'; END $$;
             CREATE TRIGGER broken BEFORE INSERT ON {table}
             FOR EACH STATEMENT EXECUTE FUNCTION broken()"
        ),
    });
}

fn mend_table(place: &Place, table: &str) {
    place.tamper(&match place {
        Place::Sqlite(_) => "DROP TRIGGER broken".to_owned(),
        #[cfg(feature = "postgres")]
        Place::Postgres(_) => format!("DROP TRIGGER broken ON {table}; DROP FUNCTION broken"),
    });
    let _ = table;
}

#[test]
fn s_st_27_s_st_29_an_edit_is_updating_then_active_and_going_back_changes_nothing() {
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        let before = place.everything();
        cloud.account(DAY, "site");
        cloud.book.ask(DAY, json!({"users": {"customer": "site"}}));
        assert_eq!(before, place.everything(), "looking at the page has changed something");

        // Saving what is there already is no change.
        let same = json!({"client": {"name": "Bakery", "country": "DE", "reference": "B-17"},
            "address": pages("adam")["address"]});
        cloud.run(DAY, edit("site", same));
        assert_eq!(
            (cloud.state("site"), states(&cloud.book)),
            ("active".to_owned(), vec![json!("active")])
        );

        let changes = json!({"client": {"name": "Bakery & Son", "reference": "B-18"}});
        cloud.run(DAY, edit("site", changes));
        assert_eq!(cloud.state("site"), "updating");
        assert_eq!(work(&cloud.book).last().unwrap(), "Provision of site, updating");
        cloud.acknowledge("site", "updating");
        assert_eq!(states(&cloud.book), ["active", "updating", "active"]);
        let users = cloud.book.ask(DAY, json!({"users": {"customer": "site"}}))["users"].clone();
        assert_eq!(users["client"]["name"], "Bakery & Son");
        assert_eq!(users["client"]["address"], "Example Street 1\n10115\nBerlin");
        assert_eq!(cloud.account(DAY, "site")["account"]["reference"], "B-18");
    });
}

#[test]
fn s_st_28_s_st_37_edits_and_deletion_need_an_active_or_suspended_customer() {
    on_every_store(|place| {
        let cloud = Cloud::new(place);
        let change = |reference: &str| edit("site", json!({"client": {"reference": reference}}));
        let delete = act("delete_account", "site");
        let refused = |body: &Value| cloud.book.refused_as(&cloud.ingo, DAY, body.clone());
        let both_refused = |state: &str| {
            assert_eq!(cloud.state("site"), state);
            assert_eq!(refused(&change("x")), ErrorKind::AccountStateForbids, "{state}");
            assert_eq!(refused(&delete), ErrorKind::AccountStateForbids, "{state}");
        };
        cloud.run(DAY, create("site", pages("adam")));
        both_refused("creating");
        cloud.acknowledge("site", "creating");
        cloud.run(DAY, change("one"));
        both_refused("updating");
        assert_eq!(refused(&act("suspend_account", "site")), ErrorKind::AccountStateForbids);
        cloud.acknowledge("site", "updating");

        // A suspended customer is still suspended after an edit.
        cloud.run(DAY, act("suspend_account", "site"));
        cloud.run(DAY, change("two"));
        both_refused("updating");
        assert_eq!(cloud.account(DAY, "site")["suspended"], true);
        cloud.acknowledge("site", "updating");
        assert_eq!(cloud.state("site"), "suspended");

        cloud.run(DAY, delete.clone());
        both_refused("deleting");
        assert_eq!(refused(&act("restore_account", "site")), ErrorKind::AccountStateForbids);
        cloud.acknowledge("site", "deleting");
        both_refused("deleted");
    });
}

#[test]
fn nothing_is_done_to_a_customer_that_is_deleted() {
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        cloud.run(DAY, act("delete_account", "site"));
        cloud.acknowledge("site", "deleting");
        let user =
            json!({"customer": "site", "person": "eve", "user": pages("eve")["administrator"]});
        let commands = [
            json!({"add_user": user}),
            json!({"add_member": {"customer": "site", "person": "boss"}}),
            json!({"set_privacy": {"customer": "site", "privacy": true}}),
            json!({"set_dealer": {"customer": "site"}}),
            json!({"change_term": {"customer": "site", "product": "cloud", "term": 1}}),
            act("suspend_account", "site"),
            register("d1", json!({"plan": "basic"})),
        ];
        for command in commands {
            let shown = command.to_string();
            let refused = cloud.book.refused(DAY, command);
            assert_eq!(refused, ErrorKind::AccountStateForbids, "{shown}");
        }
        assert_eq!(
            cloud.book.refused(DAY, create("site", pages("eve"))),
            ErrorKind::CustomerAlreadyRegistered,
            "its history stays"
        );
    });
}

#[test]
fn s_st_30_s_st_35_integrators_suspend_and_restore_a_hundred_times() {
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        let adam = cloud.book.sign_in(DAY, "adam-site", json!({"customer": "site"}));
        for command in ["suspend_account", "restore_account"] {
            let refused = cloud.book.refused_as(&adam, DAY, act(command, "site"));
            assert_eq!(refused, ErrorKind::Forbidden);
        }
        for round in 0..100 {
            let who = if round % 2 == 0 { &cloud.ingo } else { &cloud.boss };
            cloud.book.run_as(who, DAY, act("suspend_account", "site"));
            assert_eq!(cloud.state("site"), "suspended");
            cloud.book.run_as(who, DAY, act("restore_account", "site"));
            assert_eq!(cloud.state("site"), "active");
        }
        assert_eq!(states(&cloud.book).len(), 201);
        // Once more of the same changes nothing.
        cloud.run(DAY, act("restore_account", "site"));
        assert_eq!(states(&cloud.book).len(), 201);

        // An integrator of others may not.
        let fields = json!({"name": "Other", "email": "post@other.example"});
        let other = json!({"partner": "other", "code": "OTH-1", "contact": "other-record",
            "fields": fields});
        cloud.book.run(DAY, json!({"register_partner": other}));
        let olga = json!({"partner": "other", "person": "olga", "administrator": true,
            "user": super::support::cloud::user("olga")});
        cloud.book.run(DAY, json!({"add_partner_user": olga}));
        cloud.book.run(DAY, json!({"activate_user": {"person": "olga"}}));
        let olga = cloud.book.sign_in(DAY, "olga", json!({"partner": "other"}));
        let refused = cloud.book.refused_as(&olga, DAY, act("suspend_account", "site"));
        assert_eq!(refused, ErrorKind::Forbidden);
    });
}

#[test]
fn s_st_38_a_customer_with_devices_is_not_deleted() {
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        cloud.enroll(DAY, "d1", "basic");
        let delete = act("delete_account", "site");
        let refused = || cloud.book.refused_as(&cloud.ingo, DAY, delete.clone());
        assert_eq!(refused(), ErrorKind::CamerasPresent);
        cloud.run(DAY, json!({"delete_device": {"customer": "site", "device": "d1"}}));
        assert_eq!(refused(), ErrorKind::CamerasPresent, "while its deletion goes on");
        cloud.report(DAY, "d1", &["deleting_video"]);
        assert_eq!(refused(), ErrorKind::CamerasPresent);
        cloud.report(DAY, "d1", &["deleted"]);
        cloud.run(DAY, delete.clone());
        assert_eq!(cloud.state("site"), "deleting");
    });
}

#[test]
fn s_st_39_a_customer_with_users_of_other_systems_is_not_deleted() {
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        let delete = act("delete_account", "site");
        for role in ["monitoring", "federation"] {
            let person = format!("far-{role}");
            let user = super::support::cloud::user(&person);
            let add = json!({"customer": "site", "person": person, "role": role, "user": user});
            cloud.run(DAY, json!({"add_user": add}));
            let refused = cloud.book.refused_as(&cloud.ingo, DAY, delete.clone());
            assert_eq!(refused, ErrorKind::UsersPresent, "{role}");
            let remove = json!({"customer": "site", "person": person});
            cloud.run(DAY, json!({"remove_member": remove}));
        }
        let user = super::support::cloud::user("uma");
        let add = json!({"customer": "site", "person": "uma", "role": "user", "user": user});
        cloud.run(DAY, json!({"add_user": add}));
        cloud.run(DAY, delete);
    });
}

#[test]
fn s_st_40_s_st_41_s_st_42_deleting_one_site_leaves_the_others_as_they_were() {
    on_every_store(|place| {
        let cloud = Cloud::new(place);
        for customer in ["site", "twin"] {
            cloud.run(DAY, create(customer, pages("adam")));
            cloud.acknowledge(customer, "creating");
        }
        cloud.book.run(DAY, json!({"activate_user": {"person": "adam"}}));
        cloud.enroll(DAY, "d1", "basic");
        let customers = || {
            let ask = json!({"memberships": {"person": "adam"}});
            let rows = cloud.book.ask(DAY, ask)["memberships"].clone();
            let rows = rows.as_array().unwrap().iter().map(|row| row["customer"].clone());
            rows.collect::<Vec<_>>()
        };
        let seen_by_dealer = || {
            let ask = json!({"partner_customers": {"partner": "integrator"}});
            cloud.book.ask(DAY, ask)["partner_customers"]["total"].clone()
        };
        assert_eq!((customers(), seen_by_dealer()), (vec![json!("site"), json!("twin")], json!(2)));
        let site = (cloud.account(DAY, "site"), cloud.book.history("customer/site"));

        cloud.run(DAY, edit("twin", json!({"client": {"name": "Twin", "country": "US"}})));
        cloud.acknowledge("twin", "updating");
        cloud.run(DAY, act("suspend_account", "twin"));
        cloud.run(DAY, act("delete_account", "twin"));
        assert_eq!(cloud.state("twin"), "deleting");
        cloud.acknowledge("twin", "deleting");
        assert_eq!(cloud.state("twin"), "deleted");
        assert_eq!(cloud.account(DAY, "twin")["members"], json!({}));

        assert_eq!(customers(), ["site"]);
        assert_eq!(seen_by_dealer(), 1, "it is gone from the integrator's list too");
        assert_eq!(site, (cloud.account(DAY, "site"), cloud.book.history("customer/site")));
        let at = |customer| {
            json!({"sign_in": {"who": {"username": "adam@example.org"},
            "at": {"customer": customer}}})
        };
        assert_eq!(cloud.book.ask(DAY, at("site"))["sign_in"]["person"], "adam");
        assert_eq!(cloud.book.unanswered(DAY, at("twin")), ErrorKind::AccountStateForbids);
        let users = cloud.book.ask(DAY, json!({"users": {"customer": "site"}}))["users"].clone();
        assert_eq!(users["client"]["name"], "Bakery");
    });
}

#[test]
fn an_account_needs_a_policy_of_account_terms() {
    on_every_store(|place| {
        let cloud = Cloud::new(place);
        cloud.book.run(DAY, super::support::define("vms"));
        let mut create = create("site", pages("adam"));
        create["create_account"]["product"] = json!("vms");
        assert_eq!(cloud.book.refused(DAY, create.clone()), ErrorKind::SchemeMismatch);
        create["create_account"]["product"] = json!("nothing");
        assert_eq!(cloud.book.refused(DAY, create), ErrorKind::ProductUnknown);
    });
}
