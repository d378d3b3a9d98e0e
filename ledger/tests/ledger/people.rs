//! Users of accounts and of their integrator: added, activated, changed, signed in.

use mlicense_core::{error::ErrorKind, history::Message};
use serde_json::{Value, json};

use super::support::{
    Book,
    cloud::{Cloud, DAY, create, pages, user},
    on_every_store,
};

fn add(person: &str, role: &str, user: Value) -> Value {
    json!({"add_user": {"customer": "site", "person": person, "role": role, "user": user}})
}

fn edit(person: &str, changes: Value) -> Value {
    json!({"edit_user": {"customer": "site", "person": person, "changes": changes}})
}

fn activate(book: &Book<'_>, person: &str) {
    book.run(DAY, json!({"activate_user": {"person": person}}));
}

/// A member of a customer, as the list of its users shows it.
fn shown(book: &Book<'_>, customer: &str, person: &str) -> Value {
    let users = book.ask(DAY, json!({"users": {"customer": customer}}))["users"].clone();
    let mut rows = users["users"].as_array().unwrap().iter();
    rows.find(|row| row["person"] == person).unwrap().clone()
}

fn field(book: &Book<'_>, person: &str, field: &str) -> Value {
    shown(book, "site", person)["fields"][field].clone()
}

fn sign_in(person: &str, at: Value) -> Value {
    json!({"sign_in": {"who": {"person": person}, "at": at}})
}

/// Whom activation mails wait for, and of whom they are users.
fn mails(book: &Book<'_>) -> Vec<(String, String)> {
    let messages = book.ledger.outbox(1000).unwrap().into_iter().map(|out| out.message);
    let mails = messages.filter_map(|message| match message {
        Message::Activation { of, person } => Some((of.to_string(), person.to_string())),
        _ => None,
    });
    mails.collect()
}

fn suspend(cloud: &Cloud<'_>) {
    cloud.run(DAY, json!({"suspend_account": {"customer": "site"}}));
}

#[test]
fn s_st_17_a_change_of_language_takes_effect_at_the_next_sign_in() {
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        let at = json!({"customer": "site"});
        let session = cloud.book.sign_in(DAY, "adam-site", at.clone());
        assert_eq!(session["language"], "en");
        let again = |session: &Value| {
            let ask = json!({"session": {"session": session}});
            cloud.book.ask(DAY, ask)["session"]["sign_in_again"].clone()
        };
        assert_eq!(again(&session), json!([]));
        let change = json!({"person": "adam-site", "changes": {"language": "fr"}});
        cloud.book.run_as(&session, DAY, json!({"edit_profile": change}));
        assert_eq!(session["language"], "en", "a session is a value");
        assert_eq!(again(&session), json!(["profile_changed"]));
        let session = cloud.book.sign_in(DAY, "adam-site", at);
        assert_eq!((&session["language"], again(&session)), (&json!("fr"), json!([])));
    });
}

#[test]
fn s_st_18_the_identity_provider_comes_from_a_fixed_list() {
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        let with = |provider: &str| json!({"name": "Eve", "provider": provider, "username": "eve"});
        let refused = cloud.book.refused_as(&cloud.ingo, DAY, add("eve", "user", with("yahoo")));
        assert_eq!(refused, ErrorKind::ProviderUnknown);
        let mut draft = pages("zoe");
        draft["administrator"]["provider"] = json!("yahoo");
        let refused = cloud.book.refused_as(&cloud.ingo, DAY, create("other", draft));
        assert_eq!(refused, ErrorKind::ProviderUnknown);
        cloud.run(DAY, add("eve", "user", with("microsoft")));
        assert_eq!(shown(&cloud.book, "site", "eve")["provider"], "microsoft");
    });
}

#[test]
fn s_st_20_s_st_21_a_username_waits_for_activation_and_other_fields_do_not() {
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        cloud.run(DAY, add("eve", "user", user("eve")));
        assert_eq!(shown(&cloud.book, "site", "eve")["active"], false);
        assert_eq!(
            cloud.book.unanswered(DAY, sign_in("eve", json!({"customer": "site"}))),
            ErrorKind::UserNotActivated
        );
        let rename = edit("eve", json!({"username": "eva@example.org"}));
        let refused = cloud.book.refused_as(&cloud.ingo, DAY, rename.clone());
        assert_eq!(refused, ErrorKind::UserNotActivated);
        cloud.run(DAY, edit("eve", json!({"name": "Eva", "phone": "1", "language": "ja"})));
        let row = shown(&cloud.book, "site", "eve");
        assert_eq!((&row["fields"]["name"], &row["language"]), (&json!("Eva"), &json!("ja")));
        assert_eq!(row["fields"]["username"], "eve@example.org");

        activate(&cloud.book, "eve");
        cloud.run(DAY, rename);
        assert_eq!(field(&cloud.book, "eve", "username"), "eva@example.org");
        let by_name = |name: &str| json!({"sign_in": {"who": {"username": name}, "at": {"customer": "site"}}});
        let session = cloud.book.ask(DAY, by_name("eva@example.org"))["sign_in"].clone();
        assert_eq!((&session["person"], &session["language"]), (&json!("eve"), &json!("ja")));
        let before = cloud.book.unanswered(DAY, by_name("eve@example.org"));
        assert_eq!(before, ErrorKind::LoginUnknown);

        // The name given up is free, a name in use is not.
        cloud.run(DAY, add("new", "user", user("eve")));
        activate(&cloud.book, "new");
        let to_taken = edit("new", json!({"username": "eva@example.org"}));
        let refused = cloud.book.refused_as(&cloud.ingo, DAY, to_taken);
        assert_eq!(refused, ErrorKind::UsernameTaken);
    });
}

#[test]
fn s_st_22_s_st_23_mail_goes_to_the_username_or_to_an_address_of_its_own() {
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        let mut own = user("own");
        own["email"] = json!({"own": "mail@example.org"});
        cloud.run(DAY, add("own", "user", own));
        cloud.run(DAY, add("same", "user", user("same")));
        let mail = |person: &str| field(&cloud.book, person, "email");
        let follows =
            |person: &str| shown(&cloud.book, "site", person)["email_is_username"].clone();
        assert_eq!((mail("own"), follows("own")), (json!("mail@example.org"), json!(false)));
        assert_eq!((mail("same"), follows("same")), (json!("same@example.org"), json!(true)));
        let waiting = cloud.book.ledger.outbox(1000).unwrap();
        let to = waiting.last().unwrap().to.clone().unwrap();
        assert_eq!(to.email.as_deref(), Some("same@example.org"));

        for person in ["own", "same"] {
            activate(&cloud.book, person);
        }
        let rename = |person: &str, name: &str| {
            cloud.run(DAY, edit(person, json!({"username": name})));
        };
        rename("own", "own2@example.org");
        rename("same", "same2@example.org");
        assert_eq!(mail("own"), "mail@example.org");
        assert_eq!(mail("same"), "same2@example.org", "it follows");
        cloud.run(DAY, edit("same", json!({"email": {"own": "apart@example.org"}})));
        rename("same", "same3@example.org");
        assert_eq!(mail("same"), "apart@example.org");

        // The tick set again copies the username, and mail follows it from then on.
        cloud.run(DAY, edit("same", json!({"email": "same_as_username"})));
        assert_eq!(mail("same"), "same3@example.org");
        rename("same", "same4@example.org");
        assert_eq!((mail("same"), follows("same")), (json!("same4@example.org"), json!(true)));
    });
}

#[test]
fn s_st_31_s_st_36_a_suspended_user_is_told_why_at_the_next_sign_in() {
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        cloud.open("other");
        cloud.run(DAY, add("uma", "user", user("uma")));
        cloud.run(DAY, add("adam-other", "manager", user("adam-other")));
        activate(&cloud.book, "uma");
        let at = |customer: &str| json!({"customer": customer});
        let open = cloud.book.sign_in(DAY, "adam-site", at("site"));
        suspend(&cloud);
        for person in ["adam-site", "uma", "adam-other"] {
            let refused = cloud.book.unanswered(DAY, sign_in(person, at("site")));
            assert_eq!(refused, ErrorKind::AccountSuspended, "{person}");
        }
        assert_eq!(ErrorKind::AccountSuspended.name(), "ACCOUNT_SUSPENDED");
        cloud.book.sign_in(DAY, "adam-other", at("other"));

        // The session that is open goes on, until its user signs in again.
        let privacy = |on: bool| json!({"set_privacy": {"customer": "site", "privacy": on}});
        cloud.book.run_as(&open, DAY, privacy(true));
        let ask = json!({"session": {"session": open}});
        assert_eq!(cloud.book.ask(DAY, ask)["session"]["sign_in_again"], json!([]));
        cloud.run(DAY, json!({"restore_account": {"customer": "site"}}));
        cloud.book.sign_in(DAY, "adam-site", at("site"));
    });
}

#[test]
fn s_st_33_the_integrator_enters_a_suspended_customer_unless_privacy_is_on() {
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        let privacy = |on: bool| json!({"set_privacy": {"customer": "site", "privacy": on}});
        let enter = || sign_in("ingo", json!({"customer": "site"}));
        let adam = cloud.book.sign_in(DAY, "adam-site", json!({"customer": "site"}));
        let refused = cloud.book.refused_as(&cloud.boss, DAY, privacy(true));
        assert_eq!(refused, ErrorKind::Forbidden, "the customer alone decides on its privacy");
        cloud.book.run_as(&adam, DAY, privacy(true));
        cloud.book.ask(DAY, enter());
        suspend(&cloud);
        assert_eq!(cloud.book.unanswered(DAY, enter()), ErrorKind::PrivacyOn);
        cloud.book.run_as(&adam, DAY, privacy(false));
        let session = cloud.book.ask(DAY, enter())["sign_in"].clone();
        assert_eq!((&session["kind"], &session["customer"]), (&json!("proxy"), &json!("site")));
        assert_eq!(session["actor"]["role"], "partner_user");

        // Even with privacy on the integrator restores it, from its own page.
        cloud.book.run_as(&adam, DAY, privacy(true));
        cloud.run(DAY, json!({"restore_account": {"customer": "site"}}));
        cloud.book.ask(DAY, enter());
    });
}

#[test]
fn s_st_33_an_integrator_who_is_a_member_too_enters_as_integrator() {
    on_every_store(|place| {
        let cloud = Cloud::new(place);
        cloud.run(DAY, create("site", pages("ingo")));
        cloud.acknowledge("site", "creating");
        let enter = || sign_in("ingo", json!({"customer": "site"}));
        let own = cloud.book.ask(DAY, enter())["sign_in"].clone();
        assert_eq!(own["kind"], "own");
        suspend(&cloud);
        assert_eq!(cloud.book.ask(DAY, enter())["sign_in"]["kind"], "proxy");
        let privacy = json!({"set_privacy": {"customer": "site", "privacy": true}});
        cloud.book.run_as(&own, DAY, privacy);
        assert_eq!(cloud.book.unanswered(DAY, enter()), ErrorKind::PrivacyOn);
    });
}

#[test]
fn s_st_34_a_suspended_customer_is_marked_in_the_list_to_switch_with() {
    on_every_store(|place| {
        let cloud = Cloud::new(place);
        for customer in ["site", "twin"] {
            cloud.run(DAY, create(customer, pages("adam")));
            cloud.acknowledge(customer, "creating");
        }
        let list = || {
            let rows = cloud.book.ask(DAY, json!({"memberships": {"person": "adam"}}));
            let rows = rows["memberships"].as_array().unwrap().clone();
            let marks = rows.iter().map(|row| (row["customer"].clone(), row["suspended"].clone()));
            marks.collect::<Vec<_>>()
        };
        assert_eq!(list(), [(json!("site"), json!(false)), (json!("twin"), json!(false))]);
        suspend(&cloud);
        assert_eq!(list(), [(json!("site"), json!(true)), (json!("twin"), json!(false))]);
        // While it is edited too.
        let changes = json!({"client": {"reference": "new"}});
        cloud.run(DAY, json!({"edit_account": {"customer": "site", "changes": changes}}));
        assert_eq!(list()[0], (json!("site"), json!(true)));
        cloud.acknowledge("site", "updating");
        cloud.run(DAY, json!({"restore_account": {"customer": "site"}}));
        assert_eq!(list()[0], (json!("site"), json!(false)));
    });
}

#[test]
fn s_st_55_only_an_administrator_of_the_integrator_adds_integrators() {
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        let adam = cloud.book.sign_in(DAY, "adam-site", json!({"customer": "site"}));
        for administrator in [false, true] {
            let person = format!("new-{administrator}");
            let add = json!({"add_partner_user": {"partner": "integrator", "person": person,
                "administrator": administrator, "user": user(&person)}});
            for session in [&cloud.ingo, &adam] {
                let refused = cloud.book.refused_as(session, DAY, add.clone());
                assert_eq!(refused, ErrorKind::Forbidden);
            }
            cloud.book.run_as(&cloud.boss, DAY, add);
            activate(&cloud.book, &person);
            cloud.book.sign_in(DAY, &person, json!({"partner": "integrator"}));
        }
        let at = json!({"partner": "integrator"});
        let session = cloud.book.sign_in(DAY, "new-true", at);
        assert_eq!(session["actor"]["role"], "partner_administrator");
        // Nor does a user end that another is one.
        let remove = json!({"remove_partner_user":
            {"partner": "integrator", "person": "new-false"}});
        assert_eq!(cloud.book.refused_as(&cloud.ingo, DAY, remove.clone()), ErrorKind::Forbidden);
        cloud.book.run_as(&cloud.boss, DAY, remove);
        let gone = sign_in("new-false", json!({"partner": "integrator"}));
        assert_eq!(cloud.book.unanswered(DAY, gone), ErrorKind::NotAMember);
    });
}

#[test]
fn s_st_56_who_is_known_by_the_username_keeps_the_profile() {
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        cloud.open("other");
        let sent = mails(&cloud.book).len();
        let as_told = json!({"name": "Somebody Else", "provider": "microsoft", "language": "ja",
            "phone": "999", "username": "adam-site@example.org",
            "email": {"own": "else@example.org"}});
        let mut add = add("unused", "user", as_told.clone());
        add["add_user"]["customer"] = json!("other");
        cloud.run(DAY, add);
        let before = shown(&cloud.book, "site", "adam-site");
        assert_eq!(before["fields"]["name"], "adam-site");
        assert_eq!((&before["provider"], &before["language"]), (&json!("google"), &json!("en")));
        assert_eq!(before["fields"]["email"], "adam-site@example.org");
        let other = shown(&cloud.book, "other", "adam-site");
        assert_eq!((&other["role"], &other["fields"]), (&json!("user"), &before["fields"]));
        assert_eq!(mails(&cloud.book).len(), sent, "who is active needs no mail");

        // So it is with the administrator of a new account, and with an integrator.
        let mut draft = pages("adam-site");
        draft["administrator"] = as_told.clone();
        cloud.run(DAY, create("third", draft));
        assert_eq!(shown(&cloud.book, "third", "adam-site")["fields"], before["fields"]);
        let integrator = json!({"partner": "integrator", "person": "unused", "user": as_told});
        cloud.book.run_as(&cloud.boss, DAY, json!({"add_partner_user": integrator}));
        assert_eq!(shown(&cloud.book, "site", "adam-site"), before);
        assert_eq!(
            cloud.book.unanswered(DAY, sign_in("unused", json!({"customer": "other"}))),
            ErrorKind::PersonUnknown
        );
    });
}

#[test]
fn s_st_56_who_adds_a_known_username_gets_no_hold_of_it() {
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        cloud.open("evil");
        let mallory = cloud.book.sign_in(DAY, "adam-evil", json!({"customer": "evil"}));
        let before = shown(&cloud.book, "site", "adam-site")["fields"].clone();
        for victim in ["adam-site", "boss"] {
            let add = json!({"customer": "evil", "person": "unused", "role": "user",
                "user": user(victim)});
            cloud.book.run_as(&mallory, DAY, json!({"add_user": add}));
            for changes in [
                json!({"username": "mallory@example.org"}),
                json!({"email": {"own": "mallory@example.org"}}),
                json!({"name": "Mallory"}),
            ] {
                let take = json!({"customer": "evil", "person": victim, "changes": changes});
                let refused = cloud.book.refused_as(&mallory, DAY, json!({"edit_user": take}));
                assert_eq!(refused, ErrorKind::Forbidden, "{victim}");
            }
        }
        assert_eq!(shown(&cloud.book, "site", "adam-site")["fields"], before);
        // Where it came as a user, and to the vendor, it can be changed.
        cloud.run(DAY, edit("adam-site", json!({"name": "Adam"})));
        let by_vendor = json!({"customer": "evil", "person": "boss", "changes": {"name": "B"}});
        cloud.book.run(DAY, json!({"edit_user": by_vendor}));
    });
}

#[test]
fn s_st_57_a_new_user_gets_a_mail_which_can_be_sent_again_unless_the_organisation_vouches() {
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        let before = mails(&cloud.book).len();
        let new = |person: &str| ("customer/site".to_owned(), person.to_owned());
        cloud.run(DAY, add("eve", "user", user("eve")));
        assert_eq!(mails(&cloud.book)[before..], [new("eve")]);
        let resend =
            |person: &str| json!({"resend_activation": {"customer": "site", "person": person}});
        cloud.run(DAY, resend("eve"));
        cloud.run(DAY, resend("eve"));
        assert_eq!(mails(&cloud.book)[before..], [new("eve"), new("eve"), new("eve")]);
        activate(&cloud.book, "eve");
        let refused = cloud.book.refused_as(&cloud.ingo, DAY, resend("eve"));
        assert_eq!(refused, ErrorKind::UserAlreadyActive);
        let refused = cloud.book.refused_as(&cloud.ingo, DAY, resend("boss"));
        assert_eq!(refused, ErrorKind::NotAMember);
        activate(&cloud.book, "eve");

        let vouched = json!({"name": "Olaf", "provider": "own", "username": "olaf"});
        cloud.run(DAY, add("olaf", "user", vouched));
        assert_eq!(mails(&cloud.book).len(), before + 3);
        assert_eq!(shown(&cloud.book, "site", "olaf")["active"], true);
        cloud.book.sign_in(DAY, "olaf", json!({"customer": "site"}));
        let mut draft = pages("olga");
        draft["administrator"] = json!({"name": "Olga", "provider": "own", "username": "olga@x"});
        cloud.run(DAY, create("other", draft));
        assert_eq!(mails(&cloud.book).len(), before + 3);
        assert_eq!(shown(&cloud.book, "other", "olga")["active"], true);
    });
}

#[test]
fn s_st_58_the_administrator_is_replaced_by_who_waits_or_is_an_ordinary_user() {
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        let replace =
            |person: &str| json!({"replace_administrator": {"customer": "site", "person": person}});
        let roles = |person: &str| {
            let row = shown(&cloud.book, "site", person);
            (row["administrator"].as_bool().unwrap(), row["role"].as_str().unwrap().to_owned())
        };
        cloud.run(DAY, add("waits", "user", user("waits")));
        cloud.run(DAY, add("uma", "user", user("uma")));
        activate(&cloud.book, "uma");
        let refused = cloud.book.refused_as(&cloud.ingo, DAY, replace("boss"));
        assert_eq!(refused, ErrorKind::NotAMember);

        cloud.run(DAY, replace("waits"));
        assert_eq!(roles("waits"), (true, "manager".to_owned()));
        assert_eq!(shown(&cloud.book, "site", "waits")["active"], false);
        assert_eq!(roles("adam-site"), (false, "user".to_owned()));
        cloud.run(DAY, replace("uma"));
        assert_eq!((roles("uma").0, roles("waits").0), (true, false));
        assert_eq!(cloud.account(DAY, "site")["account"]["administrator"], "uma");
        let session = cloud.book.sign_in(DAY, "uma", json!({"customer": "site"}));
        assert_eq!(session["actor"]["role"], "customer_manager");

        // The administrator cannot be taken away, only replaced.
        for command in [
            json!({"remove_member": {"customer": "site", "person": "uma"}}),
            add("unused", "user", user("uma")),
        ] {
            let refused = cloud.book.refused_as(&cloud.ingo, DAY, command);
            assert_eq!(refused, ErrorKind::AccountStateForbids);
        }
        cloud.run(DAY, json!({"remove_member": {"customer": "site", "person": "adam-site"}}));
    });
}

#[test]
fn s_st_59_ones_own_record_is_edited_in_the_personal_preferences_only() {
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        let adam = cloud.book.sign_in(DAY, "adam-site", json!({"customer": "site"}));
        let refused = cloud.book.refused_as(&adam, DAY, edit("adam-site", json!({"name": "Adam"})));
        assert_eq!(refused, ErrorKind::OwnRecord);
        let profile =
            |person: &str| json!({"edit_profile": {"person": person, "changes": {"name": "Adam"}}});
        cloud.book.run_as(&adam, DAY, profile("adam-site"));
        assert_eq!(field(&cloud.book, "adam-site", "name"), "Adam");
        cloud.run(DAY, add("uma", "user", user("uma")));
        let refused = cloud.book.refused_as(&adam, DAY, profile("uma"));
        assert_eq!(refused, ErrorKind::Forbidden);
        cloud.book.run_as(&adam, DAY, edit("uma", json!({"name": "Uma"})));
        assert_eq!(field(&cloud.book, "uma", "name"), "Uma");

        // An integrator's own record neither, where the integrator is a user of the customer.
        cloud.run(DAY, add("unused", "user", user("ingo")));
        let refused = cloud.book.refused_as(&cloud.ingo, DAY, edit("ingo", json!({"name": "I"})));
        assert_eq!(refused, ErrorKind::OwnRecord);
        let refused = cloud.book.refused_as(&adam, DAY, edit("boss", json!({"name": "B"})));
        assert_eq!(refused, ErrorKind::NotAMember);
    });
}

#[test]
fn s_st_60_the_administrator_is_edited_only_while_the_customer_is_active() {
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        cloud.run(DAY, add("uma", "user", user("uma")));
        let rename = |person: &str, name: &str| edit(person, json!({"name": name}));
        let refused = |person: &str| cloud.book.refused_as(&cloud.ingo, DAY, rename(person, "New"));
        suspend(&cloud);
        assert_eq!(refused("adam-site"), ErrorKind::AccountStateForbids);
        cloud.run(DAY, rename("uma", "Uma"));
        let changes = json!({"client": {"reference": "new"}});
        cloud.run(DAY, json!({"edit_account": {"customer": "site", "changes": changes}}));
        assert_eq!(refused("adam-site"), ErrorKind::AccountStateForbids);
        cloud.acknowledge("site", "updating");
        cloud.run(DAY, json!({"restore_account": {"customer": "site"}}));
        cloud.run(DAY, rename("adam-site", "Adam"));
        assert_eq!(field(&cloud.book, "adam-site", "name"), "Adam");
    });
}
