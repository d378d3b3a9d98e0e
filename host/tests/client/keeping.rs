//! State in bytes, the next action, and what a diagnosis tells.

use std::{
    cell::RefCell,
    fs,
    net::{TcpListener, TcpStream},
};

use mlicense_core::{
    contact::Action,
    document::{AnswerClaims, Request, RequestKind, SignedRefusal},
    error::{ErrorKind, Language},
};
use mlicense_host::{Client, Options, Part, diagnose};

use crate::support::*;

const NOON: &str = "2026-03-01T12:00:00Z";

fn given(state: Vec<u8>) -> Result<Client, ErrorKind> {
    let options = Options::bytes(state).facts(machine("D1", "B1"));
    Client::open(product(), &roots(), options).map_err(|fault| fault.kind())
}

#[test]
fn a_state_that_the_caller_keeps_is_the_installation() {
    let mut client = given(Vec::new()).unwrap();
    let request = ask(&mut client, RequestKind::Trial, NOON);
    let mut again = given(client.state()).unwrap();
    assert_eq!((again.installation(), again.epoch()), (client.installation(), 1));
    let answer = write(&answer(&request, year()));
    again.accept_at(answer.as_bytes(), at(NOON)).unwrap();
    let third = given(again.state()).unwrap();
    assert!(third.check_at("editor", at(NOON)).allowed());
    assert_eq!(third.state(), again.state());
}

#[test]
fn what_is_known_of_the_time_goes_with_the_bytes() {
    let hands = Hands::at(NOON);
    let client = by_clock(Options::bytes(Vec::new()), &hands);
    let _ = client.present();
    hands.pass_asking(5 * 3600, &client);
    let state = client.state();
    hands.set(NOON);
    let present = by_clock(Options::bytes(state), &hands).present();
    assert_eq!(present.now, at("2026-03-01T17:00:00Z"));
}

#[test]
fn s_mk_76_bytes_that_are_damaged_are_told_and_read_as_no_licence() {
    let mut client = given(Vec::new()).unwrap();
    client.accept_at(issue(&year()).as_bytes(), at(NOON)).unwrap();
    let state = client.state();
    for place in (0..state.len()).step_by(7) {
        let mut damaged = state.clone();
        damaged[place] ^= 1;
        assert!(given(damaged).is_err(), "byte {place}");
    }
    assert_eq!(given(state[..100].to_vec()).unwrap_err(), ErrorKind::StoreCorrupt);
    assert_eq!(given(vec![b' '; 3_000_000]).unwrap_err(), ErrorKind::StoreCorrupt);
    let viewer = Options::bytes(state).facts(machine("D1", "B1"));
    let fault = Client::open("viewer".parse().unwrap(), &roots(), viewer).unwrap_err();
    assert_eq!(fault.kind(), ErrorKind::StoreForeign);
}

#[test]
fn every_request_has_a_number_of_its_own_that_a_restored_state_repeats() {
    let folder = tempfile::tempdir().unwrap();
    let mut client = in_folder(folder.path());
    let number =
        |client: &mut Client| ask(client, RequestKind::Refresh, NOON).fields().epoch.unwrap();
    assert_eq!(number(&mut client), 1);
    let file = folder.path().join("mlicense-editor.state");
    let backup = fs::read(&file).unwrap();
    assert_eq!((number(&mut client), number(&mut client)), (2, 3));
    assert_eq!(number(&mut in_folder(folder.path())), 4);
    fs::write(&file, backup).unwrap();
    assert_eq!(number(&mut in_folder(folder.path())), 2);
}

#[test]
fn the_next_action_is_to_ask_then_to_refresh_at_half_life_and_to_wait_after_a_failure() {
    let mut client = in_memory();
    let now = at(NOON);
    assert_eq!(client.next_action_at(now).action, Action::Request);
    let request = ask(&mut client, RequestKind::Trial, NOON);
    assert!(!client.next_action_at(now).is_due(now), "one is under way");
    client.accept_at(write(&answer(&request, year_and_grace())).as_bytes(), now).unwrap();

    let next = client.next_action_at(now);
    assert_eq!((next.action, next.failures), (Action::Refresh, 0));
    assert_eq!(next.at, at("2026-08-30T18:00:00Z"));
    assert_eq!(next.renew_by, Some(at("2027-03-01T00:00:00Z")));
    assert_eq!(next.runs_until, Some(at("2027-03-31T00:00:00Z")));

    let asked_at = next.at;
    let request = client.request_at(RequestKind::Refresh, Default::default(), asked_at).unwrap();
    let waits = client.next_action_at(asked_at);
    assert_eq!(waits.failures, 1);
    assert!((225..=375).contains(&waits.at.seconds_since(asked_at)), "{waits:?}");
    let request = Request::verify(request.as_bytes()).unwrap();
    let confirmed = write(&AnswerClaims::to(&request, asked_at));
    client.accept_at(confirmed.as_bytes(), asked_at).unwrap();
    let next = client.next_action_at(asked_at);
    assert_eq!((next.failures, next.at), (0, at("2026-11-29T21:00:00Z")));
}

#[test]
fn a_licence_of_another_host_is_none_to_refresh() {
    let mut client = in_memory();
    let request = ask(&mut client, RequestKind::Trial, NOON);
    let mut bound = license_for(&request, year());
    bound.installation = None;
    let elsewhere = Options::stateless().facts(machine("D2", "B2"));
    let mut other = Client::open(product(), &roots(), elsewhere).unwrap();
    other.accept_at(issue(&bound).as_bytes(), at(NOON)).unwrap();
    assert_eq!(other.next_action_at(at(NOON)).action, Action::Request);
}

const ADDRESSES: [&str; 2] = ["lic.example.com:443", "lm.example.com:443"];

#[test]
fn s_mk_03_every_address_is_tried_and_told_by_itself() {
    let client = in_memory();
    let tried = RefCell::new(Vec::new());
    let diagnosis = client.diagnose(&ADDRESSES, &mut |address| {
        tried.borrow_mut().push(address.to_owned());
        if address == ADDRESSES[1] { Err("connection refused".into()) } else { Ok(String::new()) }
    });
    assert_eq!(tried.into_inner(), ADDRESSES);
    let network: Vec<_> = diagnosis
        .findings
        .iter()
        .filter(|finding| finding.part == Part::Network)
        .map(|finding| (finding.subject.as_str(), finding.problem.is_none()))
        .collect();
    assert_eq!(network, [(ADDRESSES[0], true), (ADDRESSES[1], false)]);
}

/// Both addresses, a proxy that lets nothing through, and the program's own network code, which
/// keeps to its setting.
#[test]
fn s_mk_04_whether_a_proxy_was_gone_past_is_shown_for_each_address() {
    let listen = || TcpListener::bind("127.0.0.1:0").unwrap();
    let (vendors, proxy) = ([listen(), listen()], "127.0.0.1:1");
    let addresses = [&vendors[0], &vendors[1]].map(|one| one.local_addr().unwrap().to_string());
    let addresses: Vec<&str> = addresses.iter().map(String::as_str).collect();
    let told = |no_proxy: &[&str]| {
        let diagnosis = in_memory().diagnose(&addresses, &mut |address| {
            let past = no_proxy.contains(&address);
            let (to, way) =
                if past { (address, "past the proxy") } else { (proxy, "by the proxy") };
            let reached = TcpStream::connect(to).map(|_| way.to_owned());
            reached.map_err(|fault| format!("{way}: {fault}"))
        });
        let network = diagnosis.findings.into_iter().filter(|one| one.part == Part::Network);
        network.map(|one| (one.problem.map(|why| why.kind()), one.detail)).collect::<Vec<_>>()
    };
    let past = (None, "reached past the proxy".to_owned());
    assert_eq!(told(&addresses), [past.clone(), past.clone()]);
    let found = told(&addresses[..1]);
    assert_eq!((&found[0], found[1].0), (&past, Some(ErrorKind::Network)));
    assert!(found[1].1.contains("by the proxy: "), "{found:?}");
}

#[test]
fn s_mk_02_a_state_that_cannot_be_reached_is_told_as_such_and_not_as_no_licence() {
    let folder = tempfile::tempdir().unwrap();
    let blocked = folder.path().join("blocked");
    fs::write(&blocked, "").unwrap();
    let options = || Options::folder(blocked.join("state")).facts(machine("D1", "B1"));
    assert_eq!(
        Client::open(product(), &roots(), options()).unwrap_err().kind(),
        ErrorKind::StoreUnavailable
    );
    let diagnosis = diagnose(&product(), &options(), &[], &mut |_| Ok(String::new())).unwrap();
    let names: Vec<_> = diagnosis.problems().map(|problem| problem.name).collect();
    assert!(names.contains(&"STORE_UNAVAILABLE"), "{names:?}");
    assert!(!names.contains(&"NO_LICENSE") && !names.contains(&"NETWORK"));
    let told = diagnosis.explain(Language::Ru);
    let path = serde_json::to_string(&blocked).unwrap();
    assert!(told.contains(path.trim_matches('"')) && told.contains("STORE_UNAVAILABLE"), "{told}");
}

#[test]
fn s_mk_16_a_wrong_number_is_answered_and_a_network_that_is_down_is_diagnosed() {
    let mut client = by_clock(Options::stateless(), &Hands::at(NOON));
    let down = client.diagnose(&ADDRESSES, &mut |_| Err("no route to host".into()));
    let problems: Vec<_> = down.problems().map(|problem| problem.name).collect();
    assert_eq!(problems, ["NETWORK", "NETWORK"]);

    let request = ask(&mut client, RequestKind::Trial, NOON);
    let mut wrong = AnswerClaims::to(&request, at(NOON));
    wrong.refusal = Some(SignedRefusal::from(ErrorKind::KeyUnknown));
    let accepted = client.accept_at(write(&wrong).as_bytes(), at(NOON)).unwrap();
    assert_eq!(accepted.refusal.unwrap().kind(), Some(ErrorKind::KeyUnknown));
    assert!(client.diagnose(&ADDRESSES, &mut |_| Ok(String::new())).is_well());
}

#[test]
fn s_mk_01_a_diagnosis_names_the_place_of_the_state_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("state");
    let options = Options::folder(&place).facts(machine("D1", "B1"));
    let before = diagnose(&product(), &options, &[], &mut |_| Ok(String::new())).unwrap();
    let file = place.join("mlicense-editor.state").display().to_string();
    assert!(before.is_well(), "{before:?}");
    assert_eq!((&before.findings[0].subject, before.findings[0].part), (&file, Part::State));
    assert!(fs::read_dir(folder.path()).unwrap().next().is_none());

    let client = in_folder(&place);
    let diagnosis = client.diagnose(&[], &mut |_| Ok(String::new()));
    assert_eq!(diagnosis.findings[0].subject, file);
    let mut names: Vec<_> =
        fs::read_dir(&place).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["mlicense-editor.state", "mlicense-editor.state.lock"]);
}

#[test]
fn a_diagnosis_tells_a_damaged_state_without_setting_it_aside() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mlicense-editor.state");
    fs::write(&file, "damage").unwrap();
    let options = Options::folder(folder.path()).facts(machine("D1", "B1"));
    let diagnosis = diagnose(&product(), &options, &[], &mut |_| Ok(String::new())).unwrap();
    let names: Vec<_> = diagnosis.problems().map(|problem| problem.name).collect();
    assert_eq!(names, ["STORE_CORRUPT"]);
    assert_eq!(fs::read_to_string(&file).unwrap(), "damage");
}

#[test]
fn a_diagnosis_tells_a_clock_that_is_not_believed() {
    let hands = Hands::at(NOON);
    let mut client = by_clock(Options::stateless(), &hands);
    client.accept(issue(&year()).as_bytes()).unwrap();
    hands.set("2025-03-01T12:00:00Z");
    let diagnosis = client.diagnose(&[], &mut |_| Ok(String::new()));
    let problem = diagnosis.problems().next().unwrap();
    assert_eq!(problem.name, "CLOCK_UNTRUSTED");
    assert!(problem.message.contains(NOON), "{}", problem.message);
}
