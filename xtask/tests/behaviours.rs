//! Compares the table `docs/behaviours.md` with the tests of the workspace.
//!
//! A test that shows a behaviour carries its id in front of its name: `s_ax_27_…` stands in the
//! row S-AX-27, and nowhere else. Reading files and judging are apart: [`faults`] is a pure function
//! over texts, and the control tests at the end plant one fault each and see it named.

use std::collections::BTreeSet;
use std::{fs, path::Path};

/// The areas of the table and how many ids each has.
const AREAS: [(&str, u32); 4] = [("AX", 68), ("MK", 79), ("IP", 45), ("ST", 60)];
const ROWS: usize = 252;
const SCANNED: [&str; 8] = ["core", "ledger", "host", "ffi", "python", "cli", "examples", "xtask"];
const THIS_FILE: &str = "xtask/tests/behaviours.rs";

/// A test of the workspace whose name begins like the name of a behaviour.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Test {
    file: String,
    name: String,
}

struct Row<'a> {
    id: &'a str,
    names: Vec<&'a str>,
}

/// Everything in which table and tests disagree, one message each.
fn faults(table: &str, tests: &[Test]) -> Vec<String> {
    let mut faults = Vec::new();
    let rows: Vec<Row<'_>> =
        table.lines().filter_map(|line| read_row(line.trim(), &mut faults)).collect();
    judge_ids(&rows, &mut faults);
    for row in &rows {
        for name in &row.names {
            if !ids_of(name).iter().any(|id| id == row.id) {
                faults.push(format!("row {}: `{name}` does not carry the row's id", row.id));
            } else if !tests.iter().any(|test| test.name == *name) {
                faults.push(format!("row {}: there is no test `{name}`", row.id));
            }
        }
    }
    for Test { file, name } in tests {
        let ids = ids_of(name);
        if ids.is_empty() {
            faults.push(format!("{file}: `{name}` is not an id of two digits and a claim"));
        }
        for id in ids {
            let listed = |row: &Row<'_>| row.id == id && row.names.contains(&name.as_str());
            if !rows.iter().any(listed) {
                faults.push(format!("{file}: test `{name}` is not in row {id}"));
            }
        }
    }
    faults
}

fn judge_ids(rows: &[Row<'_>], faults: &mut Vec<String>) {
    let ids: Vec<String> = AREAS
        .iter()
        .flat_map(|(area, count)| (1..=*count).map(move |number| format!("S-{area}-{number:02}")))
        .collect();
    let mut seen = BTreeSet::new();
    let mut last = None;
    for row in rows {
        let place = ids.iter().position(|id| id == row.id);
        if place.is_none() {
            faults.push(format!("row {}: there is no such id", row.id));
        } else if !seen.insert(row.id) {
            faults.push(format!("row {}: the id stands twice", row.id));
        } else if place < last {
            faults.push(format!("row {}: the id is out of order", row.id));
        }
        last = last.max(place);
    }
    for id in ids.iter().filter(|id| !seen.contains(id.as_str())) {
        faults.push(format!("row {id}: the id is missing"));
    }
    if rows.len() != ROWS {
        faults.push(format!("the table has {} rows, not {ROWS}", rows.len()));
    }
}

/// Reads a line of a table; the head, its rule and every other line are no rows.
fn read_row<'a>(line: &'a str, faults: &mut Vec<String>) -> Option<Row<'a>> {
    if !line.starts_with('|') || line.starts_with("| id |") || line.starts_with("|---") {
        return None;
    }
    let cells: Vec<&str> = line.split('|').map(str::trim).collect();
    let [_, id, behaviour, shown_by, ""] = cells[..] else {
        faults.push(format!("`{line}` does not have three cells"));
        return None;
    };
    if behaviour.is_empty() {
        faults.push(format!("row {id}: the behaviour is empty"));
    }
    let names = read_names(shown_by).unwrap_or_else(|| {
        faults.push(format!("row {id}: `{shown_by}` is neither `not yet` nor names of tests"));
        Vec::new()
    });
    let mut once = BTreeSet::new();
    for name in names.iter().filter(|name| !once.insert(**name)) {
        faults.push(format!("row {id}: `{name}` stands twice"));
    }
    Some(Row { id, names })
}

fn read_names(shown_by: &str) -> Option<Vec<&str>> {
    if shown_by == "not yet" {
        return Some(Vec::new());
    }
    let list = shown_by.strip_prefix("in part: ").unwrap_or(shown_by);
    list.split(", ").map(|name| name.strip_prefix('`')?.strip_suffix('`')).collect()
}

/// The ids a name carries: `S-AX-27` for `s_ax_27_grace_ends` and `test_s_ax_27_grace_ends`; both
/// `S-MK-36` and `S-MK-38` for `s_mk_36_s_mk_38_hosts_are_counted`.
fn ids_of(name: &str) -> Vec<String> {
    let mut ids = Vec::new();
    let mut rest = name.strip_prefix("test_").unwrap_or(name);
    while let Some((id, claim)) = id_of(rest) {
        ids.push(id);
        rest = claim;
    }
    ids
}

/// The id a name begins with, and what follows it.
fn id_of(name: &str) -> Option<(String, &str)> {
    let mut parts = name.splitn(4, '_');
    let (s, area, number, claim) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let two_digits = number.len() == 2 && number.bytes().all(|byte| byte.is_ascii_digit());
    let claims = !claim.is_empty()
        && claim.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'));
    (s == "s" && is_area(area) && two_digits && claims)
        .then(|| (format!("S-{}-{number}", area.to_ascii_uppercase()), claim))
}

fn is_area(text: &str) -> bool {
    AREAS.iter().any(|(area, _)| area.to_ascii_lowercase() == text)
}

/// Whether a name means to carry an id, well or badly written.
fn means_an_id(name: &str) -> bool {
    let rest = name.strip_prefix("test_").unwrap_or(name).strip_prefix("s_");
    rest.and_then(|rest| rest.split_once('_')).is_some_and(|(area, _)| is_area(area))
}

/// The tests in one source whose names mean to carry an id.
fn scan(file: &str, source: &str) -> Vec<Test> {
    let mut marked = false;
    let mut tests = Vec::new();
    for line in source.lines().map(str::trim).filter(|line| !line.starts_with("//")) {
        let name = match file.rsplit_once('.') {
            Some((_, "rs")) => rust_test(line, &mut marked),
            Some((_, "py")) => python_test(line),
            Some((_, "c" | "cpp")) => c_test(line),
            _ => None,
        };
        if let Some(name) = name.filter(|name| means_an_id(name)) {
            tests.push(Test { file: file.to_owned(), name: name.to_owned() });
        }
    }
    tests
}

/// A function counts as a test when `#[test]` or its like stands above it.
fn rust_test<'a>(line: &'a str, marked: &mut bool) -> Option<&'a str> {
    *marked |= line.starts_with("#[test") || (line.starts_with("#[") && line.contains("::test"));
    let (before, after) = line.split_once("fn ")?;
    if before.ends_with(is_word) {
        return None;
    }
    std::mem::take(marked).then(|| word(after))
}

fn python_test(line: &str) -> Option<&str> {
    let name = word(line.strip_prefix("async ").unwrap_or(line).strip_prefix("def ")?);
    name.starts_with("test_").then_some(name)
}

/// A definition `NAME(void)`, not a declaration, or a use of the macro `TEST(NAME)`.
fn c_test(line: &str) -> Option<&str> {
    if let Some((before, after)) = line.split_once("TEST(")
        && !before.ends_with(is_word)
    {
        return Some(word(after.trim_start()));
    }
    let (before, after) = line.split_once("(void)")?;
    let name = before.rsplit(|symbol| !is_word(symbol)).next();
    name.filter(|_| !after.trim_start().starts_with(';'))
}

fn word(text: &str) -> &str {
    text.split(|symbol| !is_word(symbol)).next().unwrap_or_default()
}

fn is_word(symbol: char) -> bool {
    symbol == '_' || symbol.is_alphanumeric()
}

/// Scans every source below `folder`; `path` is its name in messages.
fn walk(folder: &Path, path: &str, tests: &mut Vec<Test>) -> Result<(), String> {
    let told = |error: std::io::Error| format!("{path}: {error}");
    for entry in fs::read_dir(folder).map_err(told)? {
        let entry = entry.map_err(told)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let (below, path) = (entry.path(), format!("{path}/{name}"));
        let kind = entry.file_type().map_err(told)?;
        if kind.is_dir() && name != "target" && !name.starts_with('.') {
            walk(&below, &path, tests)?;
        } else if kind.is_file()
            && below
                .extension()
                .is_some_and(|end| ["rs", "py", "c", "cpp"].iter().any(|known| end == *known))
            && path != THIS_FILE
        {
            let source = fs::read_to_string(&below).map_err(|error| format!("{path}: {error}"))?;
            tests.extend(scan(&path, &source));
        }
    }
    Ok(())
}

#[test]
fn the_table_of_behaviours_agrees_with_the_tests() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let table = fs::read_to_string(root.join("docs/behaviours.md")).unwrap();
    let mut tests = Vec::new();
    for folder in SCANNED.iter().filter(|folder| root.join(folder).is_dir()) {
        walk(&root.join(folder), folder, &mut tests).unwrap();
    }
    let faults = faults(&table, &tests);
    assert!(faults.is_empty(), "docs/behaviours.md:\n{}", faults.join("\n"));
}

/// A whole table in which every row is `not yet` but S-AX-27.
fn table(ax_27: &str) -> String {
    let ids = AREAS.iter().flat_map(|(area, count)| (1..=*count).map(move |n| (area, n)));
    let rows = ids.map(|(area, n)| format!("| S-{area}-{n:02} | claim | not yet |\n"));
    let table: String = ["| id | behaviour | shown by |\n|---|---|---|\n".to_owned()]
        .into_iter()
        .chain(rows)
        .collect();
    table.replace("| S-AX-27 | claim | not yet |", &format!("| S-AX-27 | claim | {ax_27} |"))
}

fn test(name: &str) -> Test {
    Test { file: "core/tests/grace.rs".to_owned(), name: name.to_owned() }
}

#[test]
fn a_table_that_agrees_has_no_faults() {
    let both = [test("s_ax_27_a"), test("test_s_ax_27_b")];
    assert_eq!(faults(&table("`s_ax_27_a`, `test_s_ax_27_b`"), &both), [""; 0]);
    assert_eq!(faults(&table("in part: `s_ax_27_a`"), &both[..1]), [""; 0]);
    assert_eq!(faults(&table("not yet"), &[]), [""; 0]);
}

#[test]
fn names_that_do_not_match_are_faults() {
    let fault = |cell: &str, name: &str| faults(&table(cell), &[test(name)]).join("; ");
    let unlisted = "core/tests/grace.rs: test `s_ax_27_b` is not in row S-AX-27";
    let missing = "row S-AX-27: there is no test `s_ax_27_a`";
    assert_eq!(faults(&table("`s_ax_27_a`"), &[]), [missing]);
    assert_eq!(fault("not yet", "s_ax_27_b"), unlisted);
    assert_eq!(fault("`s_ax_27_a`", "s_ax_27_b"), format!("{missing}; {unlisted}"));
    let twice = fault("`s_ax_27_s_ax_28_b`", "s_ax_27_s_ax_28_b");
    assert_eq!(twice, "core/tests/grace.rs: test `s_ax_27_s_ax_28_b` is not in row S-AX-28");
    assert!(fault("not yet", "s_ax_69_b").contains("is not in row S-AX-69"));
    assert!(fault("not yet", "s_ax_7_b").contains("is not an id of two digits"));
    assert!(fault("`s_ax_28_a`", "s_ax_28_a").contains("does not carry the row's id"));
    assert!(fault("`s_ax_27_b`, `s_ax_27_b`", "s_ax_27_b").contains("stands twice"));
    assert!(fault("s_ax_27_b", "s_ax_27_b").contains("neither `not yet` nor names"));
    assert!(fault("in part: not yet", "s_ax_27_b").contains("neither `not yet` nor names"));
}

#[test]
fn rows_missing_doubled_or_displaced_are_faults() {
    let (whole, row) = (table("not yet"), "| S-MK-79 | claim | not yet |\n");
    let count = |rows: u32| format!("the table has {rows} rows, not 252");
    let without = whole.replace(row, "");
    assert_eq!(faults(&without, &[]), ["row S-MK-79: the id is missing".to_owned(), count(251)]);
    let twice = whole.replace(row, &row.repeat(2));
    assert_eq!(faults(&twice, &[]), ["row S-MK-79: the id stands twice".to_owned(), count(253)]);
    assert_eq!(faults(&format!("{without}{row}"), &[]), ["row S-MK-79: the id is out of order"]);
    let strange = faults(&whole.replace("| S-MK-79 |", "| S-MK-80 |"), &[]);
    assert_eq!(strange, ["row S-MK-80: there is no such id", "row S-MK-79: the id is missing"]);
    assert!(faults(&whole.replace(row, "| S-MK-79 | claim |\n"), &[])[0].contains("three cells"));
    assert_eq!(faults(&whole.replace("09 | claim", "09 |"), &[]).len(), 4);
}

#[test]
fn tests_are_found_in_every_language_and_nothing_else_is() {
    let names = |file: &str, source: &str| -> Vec<String> {
        scan(file, source).into_iter().map(|test| test.name).collect()
    };
    let rust = "#[test]\n#[expect(x)]\nfn s_ax_01_a() {}\nfn s_ax_01_helper() {}\n// #[test]\n\
        // fn s_ax_01_gone() {}\n#[test]\nfn other() {}\n#[test] fn test_s_ip_02_b() {}\n\
        #[cfg(test)]\nmod tests {\nfn s_ax_03_c() {}\n#[test]\npub fn s_st_4_bad() {}";
    assert_eq!(names("a.rs", rust), ["s_ax_01_a", "test_s_ip_02_b", "s_st_4_bad"]);
    let python = "  def test_s_mk_01_a(self):\n# def test_s_mk_02_b():\ndef s_mk_03_c():\n\
        async def test_s_mk_04_d() -> None:\ndef test_other():";
    assert_eq!(names("a.py", python), ["test_s_mk_01_a", "test_s_mk_04_d"]);
    let c = "static void s_st_01_a(void)\n{\nvoid s_st_02_b(void);\nTEST(s_st_03_c) {\n\
        RUN_TEST(s_st_04_d);\n// TEST(s_st_05_e)\ns_st_01_a();\nint main(void) {";
    for file in ["a.c", "a.cpp"] {
        assert_eq!(names(file, c), ["s_st_01_a", "s_st_03_c"]);
    }
}
