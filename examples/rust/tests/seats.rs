//! The desks that share a licence do what the story says, also beside one that crashed.
#![expect(clippy::unwrap_used, reason = "a failing test panics")]

use std::{fs, path::Path, process::Command};

use mlicense_core::{
    document::{Feature, License, LicenseClaims},
    signing::Signer,
};

fn run(folder: &Path, license: &str, more: &[&str]) -> (Option<i32>, String) {
    fs::write(folder.join("editor.license"), license).unwrap();
    let root = Signer::from_seed([1; 32]).public_key().to_string();
    let mut program = Command::new(env!("CARGO_BIN_EXE_seats"));
    program.current_dir(folder).args([&root, "editor.license", "editor.seats"]).args(more);
    let output = program.output().unwrap();
    (output.status.code(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
}

#[test]
fn three_desks_share_two_seats_and_one_that_crashed_keeps_its_own() {
    let vendor = Signer::from_seed([1; 32]);
    let issued_at = "2026-03-01T09:00:00Z".parse().unwrap();
    let mut claims =
        LicenseClaims::perpetual("editor".parse().unwrap(), "Example Orchard Ltd", issued_at);
    claims.features = [("export".parse().unwrap(), Feature::counted(2))].into();
    let license = License::issue(&claims, &vendor).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let story = include_str!("../../data/seats.txt");
    assert_eq!(run(folder.path(), &license, &[]), (Some(0), story.to_owned()));
    let (code, said) = run(folder.path(), &license, &["crash"]);
    assert_eq!((code, &*said), (Some(9), "a desk that crashes has a seat\n"));
    let (_, said) = run(folder.path(), &license, &[]);
    assert!(said.contains("desk 2 waits: 1051 NO_FREE_LICENSE"), "{said}");

    let forged = License::issue(&claims, &Signer::from_seed([2; 32])).unwrap();
    let (code, said) = run(folder.path(), &forged, &[]);
    assert!(code == Some(1) && !said.contains("has a seat"), "{said}");
}
