//! Who may do what, tried out whole: every role gives every command to its own, a linked and a
//! foreign customer, and the answers are those of a table written for this test.

use std::collections::BTreeSet;

use mlicense_core::{access::Actor, error::ErrorKind, history::Command};
use serde_json::{Value, json};

use super::support::{Book, manager, request};

const DAY: &str = "2026-03-02";

/// To whom a command is tried: the parts of it that name somebody.
#[derive(Clone, Copy, Debug)]
struct Target {
    customer: &'static str,
    partner: &'static str,
    person: &'static str,
}

/// Customer `c1` has chosen partner `d1`, customer `c2` partner `d2`.
fn book() -> Book {
    let mut book = Book::with_cameras(json!({}));
    book.run(DAY, json!({"register_customer": {"customer": "c2", "zone": "UTC"}}));
    for (customer, dealer) in [("c1", "d1"), ("c2", "d2")] {
        let fields = json!({"name": "Dealer", "email": format!("{dealer}@example.org")});
        book.run(DAY, json!({"register_partner": {
            "partner": dealer, "code": format!("code-{dealer}"), "contact": format!("{dealer}-contact"),
            "fields": fields,
        }}));
        for (person, administrator) in [("boss", true), ("clerk", false)] {
            let person = format!("{dealer}-{person}");
            book.run(
                DAY,
                json!({"add_partner_user": {
                    "partner": dealer, "person": person, "administrator": administrator,
                    "user": user(&person),
                }}),
            );
        }
        for role in ["manager", "user", "shared", "monitoring", "federation"] {
            let person = format!("{customer}-{role}");
            book.run(
                DAY,
                json!({"add_user": {
                    "customer": customer, "person": person, "role": role, "user": user(&person),
                }}),
            );
        }
        book.run(DAY, json!({"set_dealer": {"customer": customer, "partner": dealer}}));
    }
    book
}

fn user(person: &str) -> Value {
    json!({"name": "P", "provider": "mail", "username": format!("{person}@example.org")})
}

/// One command of each name, about a target.
#[expect(clippy::too_many_lines, reason = "a table")]
fn commands(target: Target) -> Vec<Value> {
    let Target { customer, partner, person } = target;
    let of = json!({"customer": customer});
    let product = json!({"customer": customer, "product": "vms"});
    let device = json!({"customer": customer, "device": "e1"});
    let hardware = json!({"customer": customer, "hardware": "h1"});
    let contents = json!([{"license_type": "camera", "quantity": 1}]);
    let signed = request(("vms", "s7"), json!({"camera": 1}), DAY);
    let with = |base: &Value, more: Value| {
        let mut members = base.as_object().unwrap().clone();
        members.extend(more.as_object().unwrap().clone());
        Value::Object(members)
    };
    vec![
        json!({"establish_vendor": {"vendor": "acme", "roots": []}}),
        json!({"define_product": {"product": "p9",
            "definition": {"name": "P", "license_types": ["camera"]}, "policy": {"subscription": {}}}}),
        json!({"publish_policy": {"product": "vms", "policy": {"subscription": {}}}}),
        json!({"publish_key_ring": {"document": "x"}}),
        json!({"publish_revocations": {"document": "x"}}),
        json!({"set_webhook": {"webhook": "w9", "kinds": ["registered"]}}),
        json!({"issue_keys": {"batch": "b9", "product": "vms", "contents": contents, "keys": ["key-9"]}}),
        json!({"register_customer": {"customer": customer, "zone": "UTC"}}),
        json!({"add_person": {"person": person, "fields": {"name": "P"}}}),
        json!({"erase_person": {"person": person}}),
        json!({"add_member": with(&of, json!({"person": person}))}),
        json!({"remove_member": with(&of, json!({"person": "nobody"}))}),
        json!({"take_request": with(&of, json!({"request": signed}))}),
        json!({"start_subscription": product}),
        json!({"redeem_key": with(&product, json!({"key": "key-8"}))}),
        json!({"allocate": with(&product, json!({"quantities": {"camera": 1}}))}),
        json!({"stock_licenses": with(&product, json!({"contents": contents, "source": "purchase"}))}),
        json!({"register_number": with(&of, json!({"person": person, "number": "n", "request": signed}))}),
        json!({"issue_number": with(&of, json!({"number": "n"}))}),
        json!({"recover_number": {"number": "n", "request": signed}}),
        json!({"free_hosts": with(&product, json!({"reason": "moved"}))}),
        json!({"group_hosts": with(&product, json!({"group": "g1", "hosts": 2}))}),
        json!({"erase_host_label": with(&product, json!({"binding": 1}))}),
        json!({"free_machine": with(&of, json!({"request": signed, "reason": "sold"}))}),
        json!({"adopt_policy": product}),
        json!({"register_hardware": with(&product, json!({"hardware": "h1"}))}),
        json!({"expand_hardware": with(&hardware, json!({"quantities": {"camera": 1}}))}),
        json!({"upgrade_hardware": with(&hardware, json!({"from": "camera", "to": "door", "quantity": 1}))}),
        json!({"move_hardware_licenses": with(&hardware, json!({"to": "h2"}))}),
        json!({"transfer_licenses": with(&product, json!({"to": "c3"}))}),
        json!({"void_key": {"product": "vms", "key": "key-8", "reason": "x"}}),
        json!({"void_lot": with(&product, json!({"lot": 1, "reason": "x"}))}),
        json!({"charge_back": with(&product, json!({"lot": 1, "reason": "x"}))}),
        json!({"undo_allocation": with(&product, json!({"allocation": 1, "reason": "x"}))}),
        json!({"create_account": with(&product, json!({
            "draft": {"administrator": user("new")}, "client": "x1", "administrator": "x2", "dealer": partner}))}),
        json!({"edit_account": with(&of, json!({"changes": {}}))}),
        json!({"acknowledge_account": with(&of, json!({"state": "creating"}))}),
        json!({"suspend_account": of}),
        json!({"restore_account": of}),
        json!({"delete_account": of}),
        json!({"set_privacy": with(&of, json!({"privacy": true}))}),
        json!({"change_term": with(&product, json!({"term": 12}))}),
        json!({"renew_term": product}),
        json!({"add_user": with(&of, json!({"person": "x3", "role": "user", "user": user("x3")}))}),
        json!({"activate_user": {"person": person}}),
        json!({"resend_activation": with(&of, json!({"person": "nobody"}))}),
        json!({"edit_user": with(&of, json!({"person": "nobody", "changes": {}}))}),
        json!({"edit_profile": {"person": person, "changes": {}}}),
        json!({"replace_administrator": with(&of, json!({"person": person}))}),
        json!({"add_partner_user": {"partner": partner, "person": "x4", "user": user("x4")}}),
        json!({"remove_partner_user": {"partner": partner, "person": "nobody"}}),
        json!({"register_device": with(&product, json!({"device": "e1", "license_type": "camera"}))}),
        json!({"report_device": with(&device, json!({"state": "enrolled"}))}),
        json!({"edit_device": with(&device, json!({"description": {}}))}),
        json!({"delete_device": device}),
        json!({"replace_device": with(&of, json!({"device": "e1", "by": "e2"}))}),
        json!({"change_plan": with(&device, json!({"plan": "p"}))}),
        json!({"reboot_device": device}),
        json!({"inspect_devices": of}),
        json!({"save_assignments": with(&product, json!({"base": 0, "changes": []}))}),
        json!({"register_partner": {"partner": partner, "code": "c9", "contact": "x5", "fields": {"name": "P"}}}),
        json!({"stock_partner": {"partner": partner, "product": "vms", "contents": contents}}),
        json!({"give_licenses": with(&product, json!({"partner": partner, "contents": contents}))}),
        json!({"set_dealer": with(&of, json!({"partner": partner}))}),
        json!({"set_channel": with(&of, json!({"channel": "shop"}))}),
        json!({"link_shop": with(&of, json!({"account": "a1"}))}),
        json!({"link_partner_shop": {"partner": partner, "account": "a1"}}),
    ]
}

/// What a manager may do to its own customer, besides changing its own profile.
const MANAGER: &[&str] = &[
    "start_subscription",
    "redeem_key",
    "allocate",
    "take_request",
    "free_hosts",
    "group_hosts",
    "erase_host_label",
    "expand_hardware",
    "upgrade_hardware",
    "move_hardware_licenses",
    "transfer_licenses",
    "register_device",
    "edit_device",
    "delete_device",
    "replace_device",
    "change_plan",
    "reboot_device",
    "save_assignments",
    "set_dealer",
    "set_privacy",
    "link_shop",
    "add_user",
    "edit_user",
    "resend_activation",
    "remove_member",
];

/// What users of a partner may do to customers who chose it.
const DEALER: &[&str] = &[
    "edit_account",
    "suspend_account",
    "restore_account",
    "delete_account",
    "change_term",
    "renew_term",
    "add_user",
    "edit_user",
    "resend_activation",
    "remove_member",
    "replace_administrator",
    "register_device",
    "edit_device",
    "delete_device",
    "replace_device",
    "change_plan",
    "reboot_device",
    "inspect_devices",
    "give_licenses",
];

/// What only an administrator of a partner may do to the partner.
const BOSS: &[&str] = &["add_partner_user", "remove_partner_user", "link_partner_shop"];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Who {
    Manager,
    Member,
    Clerk,
    Boss,
}

fn actor(who: Who, id: &str) -> Actor {
    let (role, of) = match who {
        Who::Manager => ("customer_manager", "customer"),
        Who::Member => ("customer_user", "customer"),
        Who::Clerk => ("partner_user", "partner"),
        Who::Boss => ("partner_administrator", "partner"),
    };
    let belongs = id.split('-').next().unwrap();
    serde_json::from_value(json!({"role": role, "id": id, of: belongs})).unwrap()
}

/// Whether the rules let `id` give the command, by the lists above.
fn allowed(who: Who, id: &str, name: &str, target: Target) -> bool {
    let own_customer = id.starts_with(target.customer);
    let own_partner = id.starts_with(target.partner);
    let linked = matches!((id.get(..2), target.customer), (Some("d1"), "c1") | (Some("d2"), "c2"));
    if name == "edit_profile" {
        return id == target.person;
    }
    match who {
        Who::Member => false,
        Who::Manager => own_customer && MANAGER.contains(&name),
        Who::Clerk | Who::Boss => {
            let dealer =
                linked && DEALER.contains(&name) && (name != "give_licenses" || own_partner);
            let founding = name == "create_account" && own_partner;
            dealer || founding || (who == Who::Boss && own_partner && BOSS.contains(&name))
        }
    }
}

#[test]
fn s_ip_42_s_st_55_every_role_tries_every_command_on_every_customer() {
    let mut book = book();
    let actors = [
        (Who::Manager, "c1-manager"),
        (Who::Manager, "c2-manager"),
        (Who::Member, "c1-user"),
        (Who::Member, "c1-shared"),
        (Who::Member, "c1-monitoring"),
        (Who::Member, "c2-federation"),
        (Who::Clerk, "d1-clerk"),
        (Who::Clerk, "d2-clerk"),
        (Who::Boss, "d1-boss"),
        (Who::Boss, "d2-boss"),
    ];
    let (mut tried, mut let_through) = (0, 0);
    for (who, id) in actors {
        for customer in ["c1", "c2"] {
            for partner in ["d1", "d2"] {
                for person in [id, "c1-user", "d2-clerk"] {
                    let target = Target { customer, partner, person };
                    for command in commands(target) {
                        let name =
                            Command::from_json(command.to_string().as_bytes()).unwrap().name();
                        let before = book.clone();
                        let refused = book.execute_as(actor(who, id), DAY, command.clone()).err();
                        let forbidden =
                            refused.is_some_and(|refusal| refusal.kind() == ErrorKind::Forbidden);
                        let expected = allowed(who, id, name, target);
                        assert_eq!(!forbidden, expected, "{id} gives {command}");
                        book = before;
                        tried += 1;
                        let_through += usize::from(expected);
                    }
                }
            }
        }
    }
    assert_eq!(tried, actors.len() * 12 * Command::NAMES.len());
    assert!(let_through > 500, "{let_through}");
}

#[test]
fn there_is_a_trial_of_every_command() {
    let target = Target { customer: "c1", partner: "d1", person: "p" };
    let tried = commands(target);
    let name = |command: &Value| Command::from_json(command.to_string().as_bytes()).unwrap().name();
    let names: BTreeSet<&str> = tried.iter().map(name).collect();
    assert_eq!(names, Command::NAMES.iter().copied().collect());
}

#[test]
fn the_vectors_are_these_commands() {
    let commands = commands(Target { customer: "c1", partner: "d1", person: "p" });
    let text = format!("{}\n", serde_json::to_string_pretty(&commands).unwrap());
    let made = concat!(env!("CARGO_TARGET_TMPDIR"), "/commands.json");
    std::fs::write(made, &text).unwrap();
    let vectors: Vec<Value> =
        serde_json::from_str(include_str!("../vectors/commands.json")).unwrap();
    let same = vectors == commands;
    assert!(same, "compare {made} with core/tests/vectors/commands.json, and copy it there");
}

#[test]
fn the_vendor_is_forbidden_nothing() {
    let mut book = book();
    for command in commands(Target { customer: "c1", partner: "d1", person: "c1-user" }) {
        let before = book.clone();
        let refused = book.execute(DAY, command.clone()).err();
        assert!(refused.is_none_or(|refusal| refusal.kind() != ErrorKind::Forbidden), "{command}");
        book = before;
    }
}

#[test]
fn who_only_claims_to_belong_is_not_let_in() {
    let mut book = book();
    let start = || json!({"start_subscription": {"customer": "c1", "product": "vms"}});
    let stranger = book.execute_as(manager("nobody", "c1"), DAY, start()).unwrap_err();
    assert_eq!(stranger.kind(), ErrorKind::NotAMember);
    // A member who is no manager does not become one by saying so.
    let user = book.execute_as(manager("c1-user", "c1"), DAY, start()).unwrap_err();
    assert_eq!(user.kind(), ErrorKind::Forbidden);
    let claim = |role: &str, id: &str, partner: &str| -> Actor {
        serde_json::from_value(json!({"role": role, "id": id, "partner": partner})).unwrap()
    };
    let suspend = || json!({"suspend_account": {"customer": "c1"}});
    let stranger = book.execute_as(claim("partner_user", "nobody", "d1"), DAY, suspend());
    assert_eq!(stranger.unwrap_err().kind(), ErrorKind::NotAMember);
    let other = book.execute_as(claim("partner_user", "d2-clerk", "d1"), DAY, suspend());
    assert_eq!(other.unwrap_err().kind(), ErrorKind::NotAMember);
    let clerk = book.execute_as(
        claim("partner_administrator", "d1-clerk", "d1"),
        DAY,
        json!(
        {"remove_partner_user": {"partner": "d1", "person": "d1-boss"}}),
    );
    assert_eq!(clerk.unwrap_err().kind(), ErrorKind::Forbidden);
    // Nor does who names both a customer and a partner.
    let both = json!({"role": "partner_user", "id": "d1-clerk", "partner": "d1", "customer": "c1"});
    let both = book.execute_as(serde_json::from_value(both).unwrap(), DAY, suspend());
    assert_eq!(both.unwrap_err().kind(), ErrorKind::NotAMember);
}
