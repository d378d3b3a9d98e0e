//! Hosts that share one licence, such as the nodes of a cluster.

use mlicense_core::{
    access::Actor,
    document::{LicenseClaims, Request, RequestKind},
    error::{ErrorKind, Refusal},
};
use serde_json::{Value, json};

use super::{
    hosts::{A, B, DAY, Host, bindings, book, bound, buy, facts, fields, hosts, request, status},
    support::{Book, back_office, manager, signer},
};

const C: Host = ("board-c", "disk-c");
const D: Host = ("board-d", "disk-d");

/// A book whose customer `c1` has so many licences and a manager `ann`, and whose vendor declared
/// a group `nodes` of two hosts.
fn clustered(licenses: u32) -> Book {
    let mut book = book(json!({}));
    buy(&mut book, DAY, hosts(licenses));
    book.join(DAY, "ann", "c1");
    declare(&mut book, back_office(), ("nodes", 2)).unwrap();
    book
}

fn declare(book: &mut Book, by: Actor, (group, hosts): (&str, u32)) -> Result<(), Refusal> {
    let group = json!({"customer": "c1", "product": "journal", "group": group, "hosts": hosts});
    book.execute_as(by, DAY, json!({"group_hosts": group})).map(|_| ())
}

fn join(book: &mut Book, from: (&str, Host), group: &str) -> Result<LicenseClaims, Refusal> {
    let mut fields = fields(RequestKind::Refresh, DAY);
    (fields.host, fields.group) = (Some(facts(from.1)), Some(group.parse().unwrap()));
    let request = Request::write(&fields, &signer(from.0)).unwrap();
    book.answer(DAY, &request)?.license.map(|license| license.expect("a licence"))
}

fn ask(book: &mut Book, from: (&str, Host)) -> Result<LicenseClaims, Refusal> {
    let request = request(RequestKind::Refresh, from, DAY);
    book.answer(DAY, &request)?.license.map(|license| license.expect("a licence"))
}

fn free(of: Value) -> Value {
    let mut free = json!({"customer": "c1", "product": "journal", "reason": "moved"});
    for (name, value) in of.as_object().unwrap() {
        free[name] = value.clone();
    }
    json!({"free_hosts": free})
}

#[test]
fn the_hosts_of_a_group_use_one_licence() {
    let mut book = clustered(1);
    join(&mut book, ("i1", A), "nodes").unwrap();
    join(&mut book, ("i2", B), "nodes").unwrap();
    assert_eq!(status(&book, DAY)["bound"], 1);
    let view = bindings(&book, DAY);
    let shown: Vec<_> = view.bindings.iter().map(|row| (row.id.0, row.group.clone())).collect();
    let nodes = Some("nodes".parse().unwrap());
    assert_eq!(shown, [(1, nodes.clone()), (2, nodes)]);
    assert!(view.bindings.iter().all(|row| row.licensed.len() == 1), "both have the licence");
    assert_eq!(view.groups[&"nodes".parse().unwrap()], 2);
    // Each goes on asking, whether or not it names the group.
    ask(&mut book, ("i1", A)).unwrap();
    join(&mut book, ("i2", B), "nodes").unwrap();
    assert_eq!(bound(&book, DAY), [1, 2]);
    assert_eq!(book.replayed(), *book.world());
}

#[test]
fn a_group_is_joined_on_purpose_and_has_no_more_hosts_than_declared() {
    let mut book = clustered(1);
    join(&mut book, ("i1", A), "nodes").unwrap();
    assert_eq!(ask(&mut book, ("i2", B)).unwrap_err().kind(), ErrorKind::NoFreeLicense);
    join(&mut book, ("i2", B), "nodes").unwrap();
    let refusal = join(&mut book, ("i3", C), "nodes").unwrap_err();
    assert_eq!(refusal.kind(), ErrorKind::NoFreeLicense);
    assert!(refusal.to_string().ends_with("the group `nodes` has its 2 hosts"), "{refusal}");
    let refusal = join(&mut book, ("i3", C), "knots").unwrap_err();
    assert_eq!((refusal.kind(), refusal.kind().number()), (ErrorKind::GroupUnknown, 10342));
    declare(&mut book, back_office(), ("nodes", 3)).unwrap();
    join(&mut book, ("i3", C), "nodes").unwrap();
}

#[test]
fn the_first_host_of_a_group_needs_a_licence_like_any_other() {
    let mut book = clustered(1);
    ask(&mut book, ("i1", A)).unwrap();
    let refusal = join(&mut book, ("i2", B), "nodes").unwrap_err();
    assert_eq!(refusal.kind(), ErrorKind::NoFreeLicense);
}

#[test]
fn a_host_bound_alone_joins_a_group_and_frees_what_it_used() {
    let mut book = clustered(2);
    ask(&mut book, ("i1", A)).unwrap();
    join(&mut book, ("i2", B), "nodes").unwrap();
    assert_eq!(ask(&mut book, ("i3", C)).unwrap_err().kind(), ErrorKind::NoFreeLicense);
    join(&mut book, ("i1", A), "nodes").unwrap();
    ask(&mut book, ("i3", C)).unwrap();
    assert_eq!(status(&book, DAY)["bound"], 2);
}

#[test]
fn a_host_leaves_its_group_only_when_it_is_freed() {
    let mut book = clustered(2);
    declare(&mut book, back_office(), ("others", 2)).unwrap();
    join(&mut book, ("i1", A), "nodes").unwrap();
    let refusal = join(&mut book, ("i1", A), "others").unwrap_err();
    let said = "group `others` is not `nodes`, in which the host is bound";
    assert_eq!(refusal.to_string(), said);
    book.run(DAY, free(json!({"binding": 1})));
    join(&mut book, ("i1", A), "others").unwrap();
}

#[test]
fn freeing_a_group_frees_all_its_hosts_and_no_other() {
    let mut book = clustered(2);
    join(&mut book, ("i1", A), "nodes").unwrap();
    join(&mut book, ("i2", B), "nodes").unwrap();
    ask(&mut book, ("i3", C)).unwrap();
    assert_eq!(book.kind(DAY, free(json!({"group": "knots"}))), ErrorKind::GroupUnknown);
    let of_another = free(json!({"group": "nodes", "binding": 3}));
    assert_eq!(book.kind(DAY, of_another), ErrorKind::BindingUnknown);
    book.run(DAY, free(json!({"group": "nodes"})));
    assert_eq!(bound(&book, DAY), [3]);
    // A dead node alone is replaced.
    join(&mut book, ("i1", A), "nodes").unwrap();
    join(&mut book, ("i2", B), "nodes").unwrap();
    book.run(DAY, free(json!({"binding": 4})));
    join(&mut book, ("i4", D), "nodes").unwrap();
    assert_eq!(bound(&book, DAY), [3, 5, 6]);
}

#[test]
fn every_host_of_a_group_counts_when_the_customer_frees_it() {
    let mut book = clustered(1);
    join(&mut book, ("i1", A), "nodes").unwrap();
    join(&mut book, ("i2", B), "nodes").unwrap();
    book.execute_as(manager("ann", "c1"), DAY, free(json!({"group": "nodes"}))).unwrap();
    assert_eq!(bindings(&book, DAY).moves.unwrap().left, 1);
}

#[test]
fn a_customer_declares_groups_as_far_as_its_policy_says_and_the_vendor_up_to_sixteen_hosts() {
    let mut book = clustered(1);
    let kind = |book: &mut Book, by: Actor, hosts| {
        declare(book, by, ("own", hosts)).map_err(|refusal| refusal.kind())
    };
    let ann = || manager("ann", "c1");
    let too_many = Err(ErrorKind::QuantityOutOfRange);
    assert_eq!(kind(&mut book, ann(), 2), too_many);
    let policy = json!({"host_bound": {"group_hosts": 2}});
    book.run(DAY, json!({"publish_policy": {"product": "journal", "policy": policy}}));
    book.run(DAY, json!({"adopt_policy": {"customer": "c1", "product": "journal"}}));
    assert_eq!(kind(&mut book, ann(), 2), Ok(()));
    assert_eq!(kind(&mut book, ann(), 3), too_many);
    assert_eq!(kind(&mut book, back_office(), 16), Ok(()));
    assert_eq!(kind(&mut book, back_office(), 17), too_many);
    assert_eq!(kind(&mut book, manager("bob", "c1"), 2), Err(ErrorKind::NotAMember));
}

#[test]
fn a_group_ends_and_shrinks_only_while_its_hosts_fit() {
    let mut book = clustered(1);
    join(&mut book, ("i1", A), "nodes").unwrap();
    let refusal = declare(&mut book, back_office(), ("nodes", 0)).unwrap_err();
    assert_eq!(refusal.to_string(), "`nodes` has 1 hosts bound, more than 0");
    assert_eq!(refusal.kind(), ErrorKind::GroupInUse);
    declare(&mut book, back_office(), ("nodes", 1)).unwrap();
    book.run(DAY, free(json!({"group": "nodes"})));
    declare(&mut book, back_office(), ("nodes", 0)).unwrap();
    assert!(bindings(&book, DAY).groups.is_empty());
    let refusal = declare(&mut book, back_office(), ("nodes", 0)).unwrap_err();
    assert_eq!(refusal.kind(), ErrorKind::GroupUnknown);
}

#[test]
fn a_hundred_groups_are_declared_and_not_one_more() {
    let mut book = clustered(1);
    for n in 1..100 {
        declare(&mut book, back_office(), (&format!("g{n}"), 2)).unwrap();
    }
    let refusal = declare(&mut book, back_office(), ("g100", 2)).unwrap_err();
    assert_eq!(refusal.kind(), ErrorKind::QuantityOutOfRange);
    declare(&mut book, back_office(), ("nodes", 3)).unwrap();
}

#[test]
fn when_there_are_fewer_licences_a_group_stands_where_its_first_host_stands() {
    let mut book = clustered(1);
    buy(&mut book, DAY, hosts(1));
    join(&mut book, ("i1", A), "nodes").unwrap();
    ask(&mut book, ("i2", B)).unwrap();
    join(&mut book, ("i3", C), "nodes").unwrap();
    let lot = json!({"customer": "c1", "product": "journal", "lot": 2, "reason": "unpaid"});
    book.run(DAY, json!({"charge_back": lot}));
    ask(&mut book, ("i3", C)).unwrap();
    assert_eq!(ask(&mut book, ("i2", B)).unwrap_err().kind(), ErrorKind::NotLicensed);
}
