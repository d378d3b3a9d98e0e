//! What a preview tells of a refusal.

use mlicense_cli::{Surroundings, run};
use mlicense_core::error::{ErrorKind, Language};
use serde_json::Value;

/// The exit code of a command line, and what it said in JSON.
fn said(line: &[&str]) -> (u8, Value) {
    let (mut input, mut output, mut errors) = (&b""[..], Vec::new(), Vec::new());
    let surroundings = Surroundings::new(&mut input, &mut output, &mut errors);
    let code = run([&["mlicense", "--json"], line].concat(), surroundings);
    let text = [output, errors].concat();
    (code, serde_json::from_slice(&text).unwrap_or_default())
}

#[test]
fn a_preview_refuses_in_the_language_and_words_of_the_command() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    for key in ["vendor", "daily"] {
        assert_eq!(said(&["keygen", &path(key)]).0, 0);
    }
    let (ledger, root, daily) = (path("vendor.ledger"), path("vendor.seed"), path("daily.seed"));
    let keys = ["--root-key", &root, "--daily-key", &daily];
    let begun = said(&[&["init", "--ledger", &ledger, "--vendor", "acme"], &keys[..]].concat());
    assert_eq!(begun.0, 0, "{}", begun.1);
    let register = ["customer", "register", "c1", "--zone", "UTC", "--ledger", &ledger];
    assert_eq!(said(&register).0, 0);

    let mut messages = Vec::new();
    for language in Language::ALL {
        let told = [&["--lang", language.code()], &register[..]].concat();
        let (refused, done) = said(&told);
        let (shown, preview) = said(&[&told[..], &["--preview"]].concat());
        assert_eq!((shown, refused), (4, 4));
        assert_eq!(preview["refusal"]["number"], ErrorKind::CustomerAlreadyRegistered.number());
        assert_eq!(preview["refusal"]["message"], done["error"]["message"], "{done}");
        messages.push(preview["refusal"]["message"].clone());
    }
    messages.dedup();
    assert_eq!(messages.len(), Language::ALL.len());
}
