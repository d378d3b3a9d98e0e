//! A ledger in a PostgreSQL database, from the command line.
#![cfg(all(unix, feature = "postgres"))]

use std::process::Command;

/// Makes a ledger, registers a customer, looks at it, and carries it into a file and compares.
const STORY: &str = r#"
set -eu
if [ -z "${MLICENSE_TEST_POSTGRES:-}" ]; then exit 0; fi
export LC_ALL=C MLICENSE_LEDGER="$MLICENSE_TEST_POSTGRES"
"$MLICENSE" keygen root >/dev/null
"$MLICENSE" keygen daily >/dev/null
"$MLICENSE" init --vendor acme --root-key root.seed --daily-key daily.seed
"$MLICENSE" customer register c1 --zone Europe/Paris
"$MLICENSE" customer show c1 | grep --quiet Europe/Paris
"$MLICENSE" verify
if "$MLICENSE" init --vendor acme --root-key root.seed --daily-key daily.seed 2>errors; then
    echo "made twice" >&2
    exit 1
fi
grep --quiet STORE_EXISTS errors
# Nobody is told how the database is reached.
if grep --quiet --fixed-strings "$MLICENSE_TEST_POSTGRES" errors; then
    cat errors >&2
    exit 1
fi
"$MLICENSE" export ledger all.jsonl
"$MLICENSE" import ledger all.jsonl --ledger copy.mlicense
"$MLICENSE" history --json >here
"$MLICENSE" history --json --ledger copy.mlicense >there
cmp here there
echo "the story ends"
"#;

#[test]
fn a_ledger_in_a_database_is_made_sold_from_and_carried_into_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let run = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../tools/with-postgres"))
        .args(["sh", "-c", STORY])
        .env("MLICENSE", env!("CARGO_BIN_EXE_mlicense"))
        .current_dir(folder.path())
        .output()
        .unwrap();
    let (said, errors) =
        (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success(), "{said}\n{errors}");
    let there = !errors.contains("PostgreSQL: not installed");
    assert_eq!(said.contains("the story ends"), there, "{said}\n{errors}");
}
