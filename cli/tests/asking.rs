//! What only asks leaves nothing behind.

use std::fs;

use mlicense_cli::{Exit, Surroundings, run};

const KEY: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

fn code(line: &[&str]) -> u8 {
    let (mut input, mut output, mut errors) = (&b""[..], Vec::new(), Vec::new());
    let surroundings = Surroundings::new(&mut input, &mut output, &mut errors);
    run([&["mlicense"], line].concat(), surroundings)
}

#[test]
fn asking_makes_no_installation() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    let place = ["--product", "hello", "--root", KEY, "--state", state.to_str().unwrap()];
    for (asked, expected) in [
        (&["status"][..], Exit::Denied),
        (&["explain", "hello"], Exit::Denied),
        (&["match"], Exit::Done),
        (&["doctor"], Exit::Done),
    ] {
        assert_eq!(code(&[asked, &place].concat()), expected.code(), "{asked:?}");
        assert!(!state.exists(), "{asked:?}");
    }
    let license = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/data/hello.license");
    let before = [&["accept", license], &place[..]].concat();
    assert_eq!(code(&before), Exit::Done.code());
    assert_eq!(code(&[&["status"], &place[..]].concat()), Exit::Done.code());
    assert!(fs::read_dir(&state).unwrap().count() > 0);
}
