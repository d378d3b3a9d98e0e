//! What a client keeps in its folder.

use std::{
    fs,
    path::{Path, PathBuf},
    thread,
};

use mlicense_core::{
    decision::Outcome,
    document::RequestKind,
    error::{ErrorClass, ErrorKind},
    signing::Signer,
};
use mlicense_host::{Client, Error, Options};

use crate::support::*;

const NOON: &str = "2026-03-01T12:00:00Z";

fn state_file(folder: &Path) -> PathBuf {
    folder.join("mlicense-editor.state")
}

fn reopened(folder: &Path) -> Result<Client, Error> {
    Client::open(product(), &roots(), Options::folder(folder).facts(machine("D1", "B1")))
}

#[test]
fn installation_licences_and_requests_survive_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let mut client = in_folder(folder.path());
    let request = ask(&mut client, RequestKind::Trial, NOON);
    let installation = client.installation();
    drop(client);

    let mut client = in_folder(folder.path());
    assert_eq!(client.installation(), installation);
    let answer = write(&answer(&request, year()));
    client.accept_at(answer.as_bytes(), at(NOON)).unwrap();
    drop(client);

    let client = in_folder(folder.path());
    assert!(client.check_at("editor", at(NOON)).allowed());
    assert_eq!(client.licenses().count(), 1);
}

#[test]
fn s_mk_71_the_mark_survives_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let mut ended = year();
    ended.issued_at = at("2027-03-02T00:00:00Z");
    in_folder(folder.path()).accept_at(issue(&ended).as_bytes(), ended.issued_at).unwrap();
    let client = in_folder(folder.path());
    let decision = client.check_at("editor", at("2026-06-01T00:00:00Z"));
    assert_eq!(decision.outcome(), Outcome::Denied);
}

#[test]
fn a_state_of_another_machine_is_denied_there() {
    let folder = tempfile::tempdir().unwrap();
    let mut client = in_folder(folder.path());
    let request = ask(&mut client, RequestKind::Trial, NOON);
    client.accept_at(write(&answer(&request, year())).as_bytes(), at(NOON)).unwrap();
    let elsewhere = Options::folder(folder.path()).facts(machine("D2", "B2"));
    let copied = Client::open(product(), &roots(), elsewhere).unwrap();
    assert!(!copied.check_at("editor", at(NOON)).allowed());
}

#[test]
fn s_mk_76_a_damaged_state_is_set_aside_and_told_and_allows_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut client = in_folder(folder.path());
    client.accept_at(issue(&year()).as_bytes(), at(NOON)).unwrap();
    let file = state_file(folder.path());
    let mut damaged = fs::read_to_string(&file).unwrap();
    damaged.truncate(300);
    fs::write(&file, &damaged).unwrap();

    let Err(Error::Storage(fault)) = reopened(folder.path()) else { panic!("not told") };
    assert_eq!((fault.kind(), fault.path()), (ErrorKind::StoreCorrupt, file.as_path()));
    assert_eq!(fault.kind().class(), ErrorClass::Storage);
    let aside = folder.path().join("mlicense-editor.state.damaged-1");
    assert!(fault.to_string().contains(&aside.display().to_string()), "{fault}");
    assert_eq!(fs::read_to_string(&aside).unwrap(), damaged);

    let fresh = reopened(folder.path()).unwrap();
    assert_ne!(fresh.installation(), client.installation());
    assert!(!fresh.check_at("editor", at(NOON)).allowed());
}

#[test]
fn a_second_damaged_state_does_not_replace_the_first() {
    let folder = tempfile::tempdir().unwrap();
    for damage in ["one", "two"] {
        fs::write(state_file(folder.path()), damage).unwrap();
        assert!(reopened(folder.path()).is_err());
    }
    let aside = |n| fs::read_to_string(state_file(folder.path()).with_extension(n)).unwrap();
    assert_eq!((aside("state.damaged-1"), aside("state.damaged-2")), ("one".into(), "two".into()));
}

#[test]
fn a_state_damaged_under_a_running_client_is_set_aside_and_written_anew() {
    let folder = tempfile::tempdir().unwrap();
    let mut client = in_folder(folder.path());
    client.accept_at(issue(&year()).as_bytes(), at(NOON)).unwrap();
    fs::write(state_file(folder.path()), "damage").unwrap();
    let other = issue(&numbered("L-2", NOON));
    let fault = client.accept_at(other.as_bytes(), at(NOON)).unwrap_err();
    assert_eq!(fault.kind(), ErrorKind::StoreCorrupt);
    assert!(client.check_at("editor", at(NOON)).allowed());
    client.accept_at(other.as_bytes(), at(NOON)).unwrap();
    assert_eq!(in_folder(folder.path()).licenses().count(), 2);
}

#[test]
fn a_newer_state_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = state_file(folder.path());
    fs::write(&file, "mlicense-state 2 whatever\n{}").unwrap();
    assert_eq!(reopened(folder.path()).unwrap_err().kind(), ErrorKind::StoreNewer);
    assert_eq!(fs::read_to_string(&file).unwrap(), "mlicense-state 2 whatever\n{}");
}

#[test]
fn the_trust_anchor_is_the_programs_whatever_the_state_holds() {
    let folder = tempfile::tempdir().unwrap();
    in_folder(folder.path()).accept_at(issue(&year()).as_bytes(), at(NOON)).unwrap();
    let others = [Signer::from_seed([66; 32]).public_key()];
    let client = Client::open(product(), &others, Options::folder(folder.path())).unwrap();
    assert!(!client.check_at("editor", at(NOON)).allowed());
    assert_eq!(client.notices()[0].kind(), ErrorKind::KeyNotTrusted);
    assert!(in_folder(folder.path()).check_at("editor", at(NOON)).allowed());
}

#[test]
fn two_clients_of_one_folder_keep_what_each_accepted() {
    let folder = tempfile::tempdir().unwrap();
    let accept = |serial: &str| {
        let mut client = in_folder(folder.path());
        let claims = numbered(serial, NOON);
        client.accept_at(issue(&claims).as_bytes(), at(NOON)).unwrap();
    };
    thread::scope(|scope| {
        for n in 0..8 {
            scope.spawn(move || accept(&format!("L-{n}")));
        }
    });
    assert_eq!(in_folder(folder.path()).licenses().count(), 8);
}

#[test]
fn a_missing_folder_is_made_and_a_file_in_its_place_is_told() {
    let folder = tempfile::tempdir().unwrap();
    in_folder(&folder.path().join("a/b"));
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let fault = reopened(&file).unwrap_err();
    assert_eq!(fault.kind(), ErrorKind::StoreUnavailable);
    assert!(std::error::Error::source(&fault).is_some());
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_the_state() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let made = folder.path().join("made");
    in_folder(&made).accept_at(issue(&year()).as_bytes(), at(NOON)).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&state_file(&made)), 0o600);
    assert_eq!(mode(&made), 0o700);
    let names = fs::read_dir(&made).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<_> = names.collect();
    names.sort();
    assert_eq!(names, ["mlicense-editor.state", "mlicense-editor.state.lock"]);
}

#[test]
fn debug_shows_no_key() {
    let folder = tempfile::tempdir().unwrap();
    let client = in_folder(folder.path());
    let text = fs::read_to_string(state_file(folder.path())).unwrap();
    let seed = text.split("\"seed\": \"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(seed.len(), 43);
    assert!(!format!("{client:?}").contains(seed));
}
