//! The examples of `docs/command.md`, run one after another and compared; every example in the help
//! of a command is among them.

use std::{collections::BTreeSet, fs, path::Path};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/command.md");

#[test]
fn the_examples_of_the_page_answer_as_it_says() {
    let folder = tempfile::tempdir().unwrap();
    // Beside the page stands nothing that a run could leave behind.
    let page = folder.path().join("command.md");
    fs::copy(PAGE, &page).unwrap();
    let given = folder.path().join("command.in");
    fs::create_dir(&given).unwrap();
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/data");
    fs::create_dir(given.join("requests")).unwrap();
    fs::write(given.join("requests/damaged.request"), "a.b.c").unwrap();
    fs::create_dir(given.join("keygen")).unwrap();
    let keygen = fs::read_dir(data.join("keygen")).unwrap();
    let keygen = keygen.map(|file| format!("keygen/{}", file.unwrap().file_name().display()));
    for name in keygen.chain(GIVEN.iter().map(ToString::to_string)) {
        fs::copy(data.join(&name), given.join(&name)).unwrap();
    }
    // Only with a folder of what should be there at the end do the examples share a folder.
    fs::create_dir(folder.path().join("command.out")).unwrap();
    let cases = trycmd::TestCases::new();
    cases.env("LC_ALL", "C").env("MLICENSE_CLOCK", "2026-03-01T09:00:00Z");
    cases.case(page.to_str().unwrap());
    cases.run();
    if std::env::var_os("TRYCMD").is_some() {
        // With `overwrite` the page was written anew.
        fs::copy(&page, PAGE).unwrap();
    }
}

/// The files of examples/data that the page begins with.
const GIVEN: &[&str] = &[
    "hello.license",
    "host.json",
    "other-host.json",
    "site-claims.json",
    "policy.json",
    "commands.json",
    "query.json",
    "licences.csv",
    "keygen-license-key.txt",
];

#[test]
fn every_example_in_a_help_is_run_on_the_page() {
    let page = fs::read_to_string(PAGE).unwrap();
    let run: BTreeSet<&str> = page.lines().filter_map(|line| line.strip_prefix("$ ")).collect();
    let mut without = Vec::new();
    each(&mlicense_cli::command(), &mut |name, command| {
        let examples = examples(command);
        assert!(!examples.is_empty(), "`{name}` has no example");
        without.extend(examples.into_iter().filter(|example| !run.contains(example.as_str())));
    });
    assert!(without.is_empty(), "not on the page:\n{}", without.join("\n"));
}

#[test]
fn the_page_and_the_help_list_every_exit_code() {
    let page = fs::read_to_string(PAGE).unwrap();
    let section = page.split("## Exit codes").nth(1).unwrap().split("##").next().unwrap();
    let codes: Vec<u8> = section
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(' ').next()?.parse().ok())
        .collect();
    assert_eq!(codes, mlicense_cli::Exit::ALL.map(mlicense_cli::Exit::code));
    let help = mlicense_cli::command().get_after_help().unwrap().to_string();
    for code in codes {
        assert!(help.contains(&format!("  {code}  ")), "{code}");
    }
}

/// The lines below `Examples:` in the help of a command.
fn examples(command: &clap::Command) -> Vec<String> {
    let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let examples = help.split("Examples:\n").nth(1).unwrap_or_default();
    examples.lines().map(|line| line.trim().to_owned()).collect()
}

/// Every command that does something.
fn each(command: &clap::Command, look: &mut dyn FnMut(&str, &clap::Command)) {
    for below in command.get_subcommands() {
        if below.has_subcommands() {
            each(below, look);
        } else {
            look(below.get_name(), below);
        }
    }
}
