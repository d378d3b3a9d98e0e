//! `include/mlicense.h` as C and C++ see it.
#![cfg(feature = "ledger")]
#![expect(clippy::unwrap_used, reason = "a test")]

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    io::{ErrorKind as Io, Write as _},
    mem::offset_of,
    process::{Command, Stdio},
};

use mlicense::{
    client::mlicense_outcome, instant::MLICENSE_NOW, office::mlicense_order,
    options::mlicense_client_options, switch::mlicense_switch, version::MLICENSE_ABI_VERSION,
};
use mlicense_core::{
    decision::{Outcome, Switch},
    error::ErrorKind,
};

const HEADER: &str = include_str!("../../include/mlicense.h");

/// Compiles `source` without a result; none when there is no such compiler.
#[track_caller]
fn assert_compiles(compiler: &str, options: &[&str], source: &str) {
    let mut child = match Command::new(compiler)
        .args(options)
        .args(["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-c", "-o", "/dev/null", "-"])
        .arg(concat!("-I", env!("CARGO_MANIFEST_DIR"), "/../include"))
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
    {
        // A machine may do without C++.
        Err(error) if error.kind() == Io::NotFound && compiler == "c++" => return,
        child => child.unwrap(),
    };
    child.stdin.take().unwrap().write_all(source.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}\n{source}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn cargo_c_names_the_library_after_the_version_of_its_interface() {
    let manifest = include_str!("../Cargo.toml");
    let (_, library) = manifest.split_once("[package.metadata.capi.library]\n").unwrap();
    assert!(library.starts_with(&format!("version = \"{MLICENSE_ABI_VERSION}.0.0\"\n")));
}

#[test]
#[cfg_attr(windows, ignore = "there is no `cc` on Windows")]
fn the_header_compiles_alone_and_twice_in_c_and_in_cpp() {
    let source = "#include \"mlicense.h\"\n#include \"mlicense.h\"\n";
    for (compiler, standard, language) in [
        ("cc", "-std=c99", "-xc"),
        ("cc", "-std=c11", "-xc"),
        ("cc", "-std=c17", "-xc"),
        ("c++", "-std=c++17", "-xc++"),
    ] {
        assert_compiles(compiler, &[standard, language], source);
    }
    let wrappers = source.replace("mlicense.h\"", "mlicense.hpp\"");
    assert_compiles("c++", &["-std=c++17", "-xc++"], &wrappers);
}

#[test]
fn every_class_has_an_example_and_says_which_threads_may_use_it() {
    let mut classes = 0;
    for block in HEADER.split("\n/**\n").skip(1) {
        let (comment, code) = block.split_once("*/").unwrap();
        let Some(class) = code.trim_start().strip_prefix("typedef struct mlicense_") else {
            continue;
        };
        classes += 1;
        assert!(comment.contains("* ```c"), "{class} has no example");
        let threads = comment.contains("* Threads: ") || class.contains("_options");
        assert!(threads || class.contains("order"), "{class} does not say which threads");
    }
    assert_eq!(classes, 10);
}

/// Names and values of the constants that stand in the header.
fn constants() -> BTreeMap<&'static str, &'static str> {
    let lines = HEADER.lines().map(str::trim);
    let defined = lines.clone().filter_map(|line| line.strip_prefix("#define ")?.split_once(' '));
    let outcomes = lines.filter_map(|line| line.strip_suffix(',')?.split_once(" = "));
    defined.chain(outcomes).filter(|(name, _)| name.starts_with("MLICENSE_")).collect()
}

#[test]
fn statuses_are_the_numbers_of_core_and_no_others() {
    let constants = constants();
    let statuses: BTreeMap<_, _> = constants
        .iter()
        .filter_map(|(name, number)| {
            Some(((*name).strip_prefix("MLICENSE_STATUS_")?, number.parse::<u32>().unwrap()))
        })
        .collect();
    let of_core = ErrorKind::ALL.iter().map(|kind| (kind.name(), kind.number()));
    assert_eq!(statuses, of_core.chain([("OK", 0)]).collect());
}

#[test]
fn outcomes_are_the_numbers_of_core_and_denied_is_0() {
    let constants = constants();
    let number = |name: &str| constants.get(name).unwrap().parse::<u32>().unwrap();
    for (name, outcome) in [
        ("MLICENSE_OUTCOME_DENIED", Outcome::Denied),
        ("MLICENSE_OUTCOME_LICENSED", Outcome::Licensed),
        ("MLICENSE_OUTCOME_GRACE", Outcome::Grace),
        ("MLICENSE_OUTCOME_LIMITED", Outcome::Limited),
    ] {
        assert_eq!(number(name), outcome.number(), "{name}");
        assert_eq!(mlicense_outcome::from(outcome) as u32, outcome.number(), "{name}");
    }
    assert_eq!(constants.keys().filter(|name| name.starts_with("MLICENSE_OUTCOME_")).count(), 4);
    assert_eq!(number("MLICENSE_ABI_VERSION"), MLICENSE_ABI_VERSION);
}

/// Whoever takes a switch for a check runs at most what the user does not want.
#[test]
fn switches_are_those_of_core_and_what_the_licence_switched_off_is_0() {
    let constants = constants();
    for (name, number, switch) in [
        ("MLICENSE_SWITCH_DISABLED_BY_LICENSE", "0", Switch::DisabledByLicense),
        ("MLICENSE_SWITCH_ON", "1", Switch::On),
        ("MLICENSE_SWITCH_DISABLED_BY_USER", "2", Switch::DisabledByUser),
    ] {
        assert_eq!(constants.get(name), Some(&number), "{name}");
        assert_eq!((mlicense_switch::from(switch) as u32).to_string(), number, "{name}");
    }
    assert_eq!(constants.keys().filter(|name| name.starts_with("MLICENSE_SWITCH_")).count(), 3);
}

#[test]
#[cfg_attr(windows, ignore = "there is no `cc` on Windows")]
fn structures_and_types_have_the_layout_of_rust() {
    type Options = mlicense_client_options;
    let mut source = String::from("#include \"mlicense.h\"\n");
    for (expression, value) in [
        ("sizeof(mlicense_client_options)", size_of::<Options>()),
        ("offsetof(mlicense_client_options, size)", offset_of!(Options, size)),
        ("offsetof(mlicense_client_options, state_folder)", offset_of!(Options, state_folder)),
        ("offsetof(mlicense_client_options, host_facts)", offset_of!(Options, host_facts)),
        (
            "offsetof(mlicense_client_options, host_facts_length)",
            offset_of!(Options, host_facts_length),
        ),
        ("offsetof(mlicense_client_options, declared_id)", offset_of!(Options, declared_id)),
        ("offsetof(mlicense_client_options, state)", offset_of!(Options, state)),
        ("offsetof(mlicense_client_options, state_length)", offset_of!(Options, state_length)),
        ("offsetof(mlicense_client_options, vendor)", offset_of!(Options, vendor)),
        ("offsetof(mlicense_client_options, customer)", offset_of!(Options, customer)),
        ("offsetof(mlicense_client_options, built_on)", offset_of!(Options, built_on)),
        (
            "offsetof(mlicense_client_options, fault_grace_seconds)",
            offset_of!(Options, fault_grace_seconds),
        ),
        ("offsetof(mlicense_client_options, clock)", offset_of!(Options, clock)),
        ("offsetof(mlicense_client_options, log_context)", offset_of!(Options, log_context)),
        ("offsetof(mlicense_client_options, entropy)", offset_of!(Options, entropy)),
        ("sizeof(mlicense_order)", size_of::<mlicense_order>()),
        ("offsetof(mlicense_order, now)", offset_of!(mlicense_order, now)),
        ("sizeof(mlicense_status)", size_of::<u32>()),
        ("sizeof(mlicense_outcome)", size_of::<mlicense_outcome>()),
    ] {
        writeln!(source, "_Static_assert({expression} == {value}, \"layout\");").unwrap();
    }
    let now = MLICENSE_NOW.wrapping_add(1);
    writeln!(source, "_Static_assert(MLICENSE_NOW + 1 == {now}, \"now\");").unwrap();
    assert_compiles("cc", &["-std=c11", "-xc"], &source);
}

/// What the examples take for granted.
const SURROUNDINGS: &str = "\
#include <stdio.h>
#include <string.h>
#include \"mlicense.h\"
extern const char *path, *query, *license;
extern size_t license_length;
extern unsigned char seed[32];
extern mlicense_client *client;
extern mlicense_error *error;
extern const char *const roots[1];
extern mlicense_ledger *ledger;
extern mlicense_signer *signer, *root, *daily;
void export_everything(void);
";

#[test]
#[cfg_attr(windows, ignore = "there is no `cc` on Windows")]
fn examples_in_comments_compile() {
    let mut source = SURROUNDINGS.to_owned();
    let blocks: Vec<&str> = HEADER.split("* ```c\n").skip(1).collect();
    for (number, block) in blocks.iter().enumerate() {
        let (example, _) = block.split_once("* ```").unwrap();
        writeln!(source, "void example_{number}(void);\nvoid example_{number}(void) {{").unwrap();
        for line in example.lines() {
            let line = line.trim_start().strip_prefix('*').unwrap_or_default();
            writeln!(source, "{line}").unwrap();
        }
        source.push_str("}\n");
    }
    assert!(blocks.len() >= 8, "{}", blocks.len());
    assert_compiles("cc", &["-std=c11", "-xc", "-Wno-unused-variable"], &source);
}

#[test]
fn every_function_says_what_it_needs_and_which_threads_may_call_it() {
    let mut functions = 0;
    for block in HEADER.split("\n/**\n").skip(1) {
        let (comment, code) = block.split_once("*/").unwrap();
        let Some((head, _)) = code.split_once('(').filter(|(_, rest)| rest.contains(");")) else {
            continue;
        };
        let Some(name) = head.rsplit([' ', '*']).next().filter(|n| n.starts_with("mlicense_"))
        else {
            continue;
        };
        functions += 1;
        assert!(comment.contains("* Threads: "), "{name} does not say which threads");
        // A comment that ends a chapter may follow.
        let pointers = code.split_once(");").is_some_and(|(declared, _)| declared.contains('*'));
        assert!(!pointers || name == "mlicense_version" || comment.contains("# Safety"), "{name}");
    }
    let code: Vec<_> = HEADER.lines().filter(|line| !line.starts_with(" *")).collect();
    let code = code.join("\n");
    let calls = code.split(";\n").filter(|s| s.ends_with(')') && !s.contains("typedef "));
    assert_eq!(functions, calls.count());
}

#[test]
fn every_function_is_called_by_a_test_in_c() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/c");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let tests: String = files
        // What abuses every function says of none that it works.
        .filter(|path| !path.ends_with("abuse.h"))
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect();
    let symbols = include_str!("../abi/symbols");
    let untested: Vec<&str> =
        symbols.lines().filter(|name| !tests.contains(&format!("{name}("))).collect();
    assert_eq!(untested, [""; 0]);
    assert!(symbols.lines().count() > 80);
}
