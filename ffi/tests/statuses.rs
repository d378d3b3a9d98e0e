//! `src/status.rs` is written from core's list of errors; this test says when it is out of date.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::{fmt::Write as _, fs, path::Path};

use mlicense_core::error::ErrorKind;

const KINDS: &str = include_str!("../../core/src/error/kind.rs");
const COMMITTED: &str = include_str!("../src/status.rs");

const HEAD: &str = "\
//! Statuses, written from `core/src/error/kind.rs` by the test `statuses`; do not edit.

/// What a call that can be refused returns: `MLICENSE_STATUS_OK`, which is 0, or the number of an
/// error. Numbers are stable and never used for anything else; newer versions may return others.
#[expect(non_camel_case_types, reason = \"named for C\")]
pub type mlicense_status = u32;

/// It was done.
pub const MLICENSE_STATUS_OK: mlicense_status = 0;
";

/// The constants, with the sentences that document the kinds in core.
fn generated() -> String {
    let (_, table) = KINDS.split_once("\nkinds! {\n").unwrap();
    let (table, _) = table.split_once("\n}\n").unwrap();
    let mut text = HEAD.to_owned();
    for line in table.lines().map(str::trim) {
        let words: Vec<&str> = line.split(' ').collect();
        if line.starts_with("///") {
            writeln!(text, "{line}").unwrap();
        } else if let [number, name, _] = words[..]
            && number.bytes().all(|byte| byte.is_ascii_digit())
        {
            writeln!(text, "pub const MLICENSE_STATUS_{name}: mlicense_status = {number};")
                .unwrap();
        }
    }
    text
}

#[test]
fn statuses_are_the_errors_of_core() {
    let generated = generated();
    for kind in ErrorKind::ALL {
        let line = format!("_{}: mlicense_status = {};", kind.name(), kind.number());
        assert!(generated.contains(&line), "{line}");
    }
    assert_eq!(generated.matches("pub const").count(), ErrorKind::ALL.len() + 1);
    if generated != COMMITTED {
        let fresh = Path::new(env!("CARGO_TARGET_TMPDIR")).join("status.rs");
        fs::write(&fresh, &generated).unwrap();
        panic!("core has other errors: copy {} to ffi/src/status.rs", fresh.display());
    }
}
