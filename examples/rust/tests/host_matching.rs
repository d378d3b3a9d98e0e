//! The tables of docs/hosts.md are what the simulation prints.
#![expect(clippy::unwrap_used, reason = "a failing test panics")]

use std::{fs, path::PathBuf, process::Command};

fn tables() -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_host_matching")).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_tables_of_the_page_are_those_of_the_program() {
    let page = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/hosts.md");
    let page = fs::read_to_string(page).unwrap();
    for table in tables().trim().split("\n\n") {
        assert!(
            page.contains(&format!("\n{table}\n")),
            "docs/hosts.md has another table than `cargo run -p mlicense-examples --bin \
             host_matching` prints:\n{table}"
        );
    }
}
