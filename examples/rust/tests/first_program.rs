//! The first programs of the README: they are the example files, short enough, and they run.
#![expect(clippy::unwrap_used, reason = "a failing test panics")]

use std::{fs, path::PathBuf, process::Command};

use mlicense_core::{
    document::{License, LicenseClaims},
    signing::Signer,
};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// The block of the README in a language.
fn block(language: &str) -> String {
    let readme = read("README.md");
    let (_, rest) = readme.split_once(&format!("```{language}\n")).unwrap();
    rest.split_once("```").unwrap().0.to_owned()
}

#[test]
fn the_programs_of_the_readme_are_the_examples_and_have_twelve_lines() {
    for (language, path) in [
        ("c", "examples/c/may_i_run.c"),
        ("python", "examples/python/may_i_run.py"),
        ("rust", "examples/rust/src/bin/may_i_run.rs"),
    ] {
        let (block, file) = (block(language), read(path));
        assert!(file.contains(&block), "the {language} program of README.md is not {path}");
        let lines = block.lines().filter(|line| !line.trim().is_empty()).count();
        assert!(lines <= 12, "{language}: {lines} lines");
    }
}

/// The key of RFC 8032, section 7.1, test 1, is public: anyone can sign with it. A vendor makes
/// one of its own.
#[test]
fn the_licence_beside_the_examples_is_signed_with_the_key_of_rfc_8032() {
    let seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
    let seed = data_encoding::HEXLOWER.decode(seed.as_bytes()).unwrap();
    let vendor = Signer::from_seed(seed.try_into().unwrap());
    let issued_at = "2026-01-01T00:00:00Z".parse().unwrap();
    let product = "hello".parse().unwrap();
    let claims = LicenseClaims::perpetual(product, "Example Orchard Ltd", issued_at);
    let license = License::issue(&claims, &vendor).unwrap();
    let fresh = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("hello.license");
    fs::write(&fresh, &license).unwrap();
    assert_eq!(read("examples/data/hello.license").trim_end(), license, "see {}", fresh.display());
}

#[test]
fn the_rust_program_runs_on_a_licence_and_not_on_an_edited_one() {
    let folder = tempfile::tempdir().unwrap();
    let run = |license: &str| {
        fs::write(folder.path().join("hello.license"), license).unwrap();
        let mut program = Command::new(env!("CARGO_BIN_EXE_may_i_run"));
        program.current_dir(folder.path()).output().unwrap()
    };
    let license = read("examples/data/hello.license");
    let output = run(&license);
    assert!(output.status.success());
    assert!(String::from_utf8(output.stdout).unwrap().contains("`hello` may run"));
    let mut edited = license.into_bytes();
    edited[200] = if edited[200] == b'A' { b'B' } else { b'A' };
    assert!(!run(&String::from_utf8(edited).unwrap()).status.success());
}
