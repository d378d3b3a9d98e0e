//! Every function of the header, called with whatever a caller may hand it by mistake.
//!
//! The calls are made from the declarations in `include/mlicense.h`, so that no function can be left
//! out; what they are called with stands in `tests/c/abuse.h`.
#![cfg(all(feature = "ledger", unix))]
#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test"
)]

mod support;

use std::{
    fmt::Write as _,
    fs,
    path::Path,
    process::{Command, Output},
};

const HEADER: &str = include_str!("../../include/mlicense.h");
/// What C programs call handles.
const HANDLES: [&str; 8] =
    ["client", "feature", "seat", "site", "ledger", "signer", "error", "text"];
const CALLBACKS: [&str; 4] =
    ["mlicense_probe", "mlicense_shop_gateway", "mlicense_sign", "mlicense_progress"];

#[derive(Debug)]
struct Function {
    returns: String,
    name: String,
    parameters: Vec<(String, String)>,
}

/// The functions that a header declares, in its order.
fn functions(header: &str) -> Vec<Function> {
    let mut code = String::new();
    let mut rest = header;
    while let Some((before, comment)) = rest.split_once("/*") {
        code += before;
        rest = comment.split_once("*/").unwrap().1;
    }
    code += rest;
    let (_, code) = code.split_once("extern \"C\" {").unwrap();
    let lines = code.lines().map(|line| line.split("//").next().unwrap_or_default());
    let code: Vec<&str> = lines.filter(|line| !line.starts_with('#')).collect();
    let code = code.join(" ").replace("struct ", "").replace("MLICENSE_MUST_USE", "");
    code.split(';').filter(|text| text.contains('(')).map(function).collect()
}

fn function(declaration: &str) -> Function {
    let (head, parameters) = declaration.trim().split_once('(').unwrap();
    let parameters = parameters.trim().strip_suffix(')').unwrap();
    let (returns, name) = split_name(head);
    let given = parameters.split(',').map(str::trim).filter(|text| *text != "void");
    Function { returns, name, parameters: given.map(split_name).collect() }
}

/// `const char *text` as `const char *` and `text`.
fn split_name(text: &str) -> (String, String) {
    let text = text.trim();
    let begins = text.rfind([' ', '*']).unwrap() + 1;
    let (what, name) = text.split_at(begins);
    (what.trim().to_owned(), name.to_owned())
}

/// What a parameter is in the call, and its sort; none when it belongs to the one before it.
fn argument(function: &Function, at: usize) -> (String, Option<&'static str>, String) {
    let (what, name) = &function.parameters[at];
    let next = function.parameters.get(at + 1).map(|(_, name)| name.as_str());
    let before = at.checked_sub(1).map(|at| &function.parameters[at]);
    let follows = |suffix: &str| next == Some(format!("{name}{suffix}").as_str());
    let frees = function.returns == "void";
    let handle = HANDLES.iter().find(|handle| what.contains(&format!("mlicense_{handle} ")));
    let plain = |call: String, sort| (call, Some(sort), String::new());
    match (what.as_str(), handle) {
        ("const char *" | "const uint8_t *", _) if follows("_length") => {
            let cast = if what.contains("uint8_t") { "(const uint8_t *)" } else { "" };
            plain(format!("{cast}bytes_of(\"{name}\", c[{at}])"), "BYTES")
        }
        ("const char *", _) => plain(format!("text_of(\"{name}\", c[{at}])"), "TEXT"),
        ("const char *const *", _) => plain(format!("texts_of(c[{at}])"), "TEXTS"),
        ("char *", _) => plain(format!("buffer_of(c[{at}])"), "BUFFER"),
        ("uint8_t *", _) => plain(format!("room_of(c[{at}])"), "ROOM"),
        ("size_t", _) => {
            let (_, owner) = before.unwrap();
            let call = match name.strip_prefix(owner.as_str()) {
                Some("_length") => format!("length_of(\"{owner}\", c[{}])", at - 1),
                Some("_count") => format!("count_of(c[{}])", at - 1),
                _ if name == "size" => format!("size_of(c[{}])", at - 1),
                _ => panic!("{}: what is the size of {name}?", function.name),
            };
            (call, None, String::new())
        }
        ("const mlicense_client_options *", _) => plain(format!("options_of(c[{at}])"), "OPTIONS"),
        ("const mlicense_order *", _) => plain(format!("order_of(c[{at}])"), "ORDER"),
        ("int64_t", _) => plain(format!("instant_of(c[{at}])"), "INSTANT"),
        ("uint32_t", _) => plain(format!("(uint32_t)number_of(c[{at}])"), "NUMBER"),
        ("uint64_t", _) => plain(format!("number_of(c[{at}])"), "NUMBER"),
        ("bool", _) => plain(format!("flag_of(c[{at}])"), "FLAG"),
        ("void *", _) => plain(format!("context_of(c[{at}])"), "CONTEXT"),
        (callback, _) if CALLBACKS.contains(&callback) => {
            plain(format!("callback_{callback}(c[{at}])"), "CALLBACK")
        }
        (what, Some(handle)) if what.ends_with("**") => {
            let first = if frees {
                format!("mlicense_{handle} *v{at} = fresh_{handle}(c[{at}]);")
            } else {
                format!("mlicense_{handle} *v{at} = POISON({handle});")
            };
            let sort = if frees { "FRESH" } else { "OUT" };
            let null = if frees { "0" } else { &format!("c[{at}] == 0") };
            (format!("{null} ? NULL : &v{at}"), Some(sort), first)
        }
        (_, Some(handle)) if frees => plain(format!("fresh_{handle}(c[{at}])"), "FRESH"),
        (_, Some(handle)) => plain(format!("handle_{handle}(c[{at}])"), "HANDLE"),
        _ => panic!("{}: with what is `{what}{name}` abused?", function.name),
    }
}

/// The function that calls another with the choice of each pool, and its line in the table.
fn call(function: &Function) -> (String, String) {
    let Function { returns, name, parameters } = function;
    let (mut before, mut after) = (String::new(), String::new());
    let (mut arguments, mut sorts) = (Vec::new(), Vec::new());
    for (at, (what, _)) in parameters.iter().enumerate() {
        let (argument, sort, declared) = argument(function, at);
        writeln!(before, "    {declared}").unwrap();
        // What belongs to the parameter before has no pool of its own.
        sorts.push(sort.unwrap_or("CONTEXT"));
        arguments.push(argument);
        if sort != Some("OUT") {
            continue;
        }
        let handle = HANDLES.iter().find(|h| what.contains(&format!("mlicense_{h} "))).unwrap();
        let claim = if *handle == "error" { "TOLD(" } else { &format!("SET({handle}, ") };
        writeln!(after, "    if (c[{at}] != 0) {claim}v{at}, result);").unwrap();
        writeln!(after, "    DROP({handle}, v{at});").unwrap();
    }
    let arguments = arguments.join(", ");
    let called = match returns.as_str() {
        "void" => format!("{name}({arguments});"),
        "const char *" => format!("must({name}({arguments}) != NULL, \"no text\");"),
        "mlicense_outcome" => {
            let pointers = (0..parameters.len()).filter(|at| parameters[*at].0.ends_with('*'));
            let right: Vec<String> = pointers.map(|at| format!("c[{at}] == 1")).collect();
            let right = right.join(" && ");
            format!("must(!{name}({arguments}) || ({right}), \"it allows what nobody asked\");")
        }
        "mlicense_status" => {
            format!("mlicense_status result = {name}({arguments});\n    (void)result;")
        }
        _ => format!("(void)!{name}({arguments});"),
    };
    let text = format!(
        "static void call_{name}(const size_t *c) {{\n    (void)c;\n{before}    {called}\n{after}}}\n"
    );
    let count = sorts.len();
    let sorts = if sorts.is_empty() { "CONTEXT".to_owned() } else { sorts.join(", ") };
    (text, format!("    {{\"{name}\", call_{name}, {count}, {{{sorts}}}}},\n"))
}

/// A program that abuses every function of a header.
fn program(header: &str, more: &str) -> String {
    let functions = functions(header);
    let mut text = format!("#include \"abuse.h\"\n{more}\n");
    let mut table = "static const abused functions[] = {\n".to_owned();
    for function in &functions {
        let (call, line) = call(function);
        text += &call;
        table += &line;
    }
    text + &table
        + "};\nint main(void) { return abuse(functions, sizeof functions / sizeof *functions); }\n"
}

/// Compiles and runs a program with sanitizers.
fn run(source: &str) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let (file, program) = (folder.path().join("abuse.c"), folder.path().join("abuse"));
    fs::write(&file, source).unwrap();
    let library = support::library();
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let compiled = Command::new("cc")
        .args(["-std=c11", "-Wall", "-Wextra", "-Werror", "-g", "-pthread"])
        .args(["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-o"])
        .args([&program, &file])
        .arg("-I")
        .arg(crate_folder.join("../include"))
        .arg("-I")
        .arg(crate_folder.join("tests/c"))
        .arg("-L")
        .arg(&library)
        .args(["-lmlicense", &format!("-Wl,-rpath,{}", library.display())])
        .output()
        .unwrap();
    assert!(compiled.status.success(), "{}", String::from_utf8_lossy(&compiled.stderr));
    let mut command = Command::new(&program);
    // Cargo's search path may lead to an older library than the one linked.
    command.env_remove("LD_LIBRARY_PATH").current_dir(folder.path()).output().unwrap()
}

fn printed(output: &Output) -> String {
    let both = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&both).into_owned()
}

#[test]
fn every_function_survives_whatever_it_is_called_with() {
    let output = run(&program(HEADER, ""));
    assert!(output.status.success(), "{}", printed(&output));
    let count = functions(HEADER).len();
    assert!(count > 80, "{count}");
    let told = format!("{count} functions, ");
    assert!(printed(&output).contains(&told), "{}", printed(&output));
}

/// Exported functions without a guard, and what is said of each.
const UNGUARDED: [(&str, &str, &str); 3] = [
    (
        "size_t mlicense_planted_length(const char *text);",
        "size_t mlicense_planted_length(const char *text) { return strlen(text); }",
        "null pointer passed as argument",
    ),
    (
        "mlicense_outcome mlicense_planted_check(const struct mlicense_client *client);",
        "mlicense_outcome mlicense_planted_check(const mlicense_client *client) {\
            (void)client; return MLICENSE_OUTCOME_LICENSED; }",
        "mlicense_planted_check: it allows what nobody asked",
    ),
    (
        "mlicense_status mlicense_planted_make(struct mlicense_text **text);",
        "mlicense_status mlicense_planted_make(mlicense_text **text) {\
            (void)text; return MLICENSE_STATUS_INTERNAL; }",
        "mlicense_planted_make: an out-parameter was not set to NULL",
    ),
];

#[test]
fn a_function_without_a_guard_is_caught() {
    for (declaration, definition, told) in UNGUARDED {
        let header = format!("extern \"C\" {{\n{declaration}\n");
        let output = run(&program(&header, &format!("{declaration}\n{definition}")));
        assert!(!output.status.success(), "{declaration} is not caught");
        assert!(printed(&output).contains(told), "{told}\nnot in\n{}", printed(&output));
    }
}

#[test]
#[should_panic(expected = "with what is `const mlicense_novelty *new` abused?")]
fn a_parameter_of_a_new_type_needs_a_pool() {
    program("extern \"C\" {\nvoid mlicense_x(const struct mlicense_novelty *new);\n", "");
}
