//! JSON as lists and tables for people.
//!
//! Names are those of the JSON, so that whoever reads the one can write a program for the other.

use comfy_table::{Table, presets::ASCII_MARKDOWN};
use serde_json::{Map, Value};

/// The widest list of short values that stands on one line.
const LINE_MAX: usize = 60;

/// Writes a value in lines, without the last line end.
pub(crate) fn describe(value: &Value) -> String {
    let mut lines = Vec::new();
    write(&mut lines, value, 0);
    if lines.is_empty() { "-".to_owned() } else { lines.join("\n") }
}

/// Writes rows under their heads.
pub(crate) fn table(heads: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN).set_header(heads);
    for row in rows {
        table.add_row(row);
    }
    table.to_string()
}

fn write(lines: &mut Vec<String>, value: &Value, depth: usize) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                member(lines, (name, value), depth);
            }
        }
        Value::Array(rows) => match of_rows(rows) {
            Some(text) => lines.extend(text.lines().map(|line| indented(depth, line))),
            None => rows.iter().for_each(|row| element(lines, row, depth)),
        },
        plain => lines.push(indented(depth, &short(plain))),
    }
}

fn member(lines: &mut Vec<String>, (name, value): (&str, &Value), depth: usize) {
    match one_line(value) {
        Some(text) => lines.push(indented(depth, &format!("{name}: {text}"))),
        None => {
            lines.push(indented(depth, &format!("{name}:")));
            write(lines, value, depth.saturating_add(1));
        }
    }
}

/// An element of a list that makes no table.
fn element(lines: &mut Vec<String>, value: &Value, depth: usize) {
    let from = lines.len();
    write(lines, value, depth.saturating_add(1));
    if let Some(first) = lines.get_mut(from) {
        let text = first.trim_start().to_owned();
        *first = indented(depth, &format!("- {text}"));
    }
}

/// A list of flat objects as a table.
fn of_rows(rows: &[Value]) -> Option<String> {
    let rows: Vec<&Map<String, Value>> =
        rows.iter().map(Value::as_object).collect::<Option<_>>()?;
    let mut heads: Vec<&str> = Vec::new();
    for name in rows.iter().flat_map(|row| row.keys()) {
        if !heads.contains(&name.as_str()) {
            heads.push(name);
        }
    }
    let cell = |row: &Map<String, Value>, head: &str| match row.get(head) {
        None => Some(String::new()),
        Some(value) => one_line(value),
    };
    let cells: Option<Vec<Vec<String>>> =
        rows.iter().map(|row| heads.iter().map(|head| cell(row, head)).collect()).collect();
    (!rows.is_empty()).then(|| cells.map(|cells| table(&heads, cells)))?
}

/// What stands on one line.
fn one_line(value: &Value) -> Option<String> {
    match value {
        Value::Object(members) => {
            let parts: Option<Vec<String>> = members
                .iter()
                .map(|(name, value)| one_line(value).map(|text| format!("{name} {text}")))
                .collect();
            let text = parts?.join(", ");
            (text.len() <= LINE_MAX).then_some(text).map(or_dash)
        }
        Value::Array(values) => {
            let plain = values.iter().all(|value| !value.is_object() && !value.is_array());
            let text = values.iter().map(short).collect::<Vec<_>>().join(", ");
            (plain && text.len() <= LINE_MAX).then_some(text).map(or_dash)
        }
        plain => Some(short(plain)),
    }
}

fn or_dash(text: String) -> String {
    if text.is_empty() { "-".to_owned() } else { text }
}

fn short(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "-".to_owned(),
        value => value.to_string(),
    }
}

fn indented(depth: usize, text: &str) -> String {
    format!("{}{text}", "  ".repeat(depth))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn flat_rows_make_a_table_and_the_rest_is_indented() {
        let value = json!({
            "name": "editor",
            "features": [{"id": "export", "quantity": 5}, {"id": "print"}],
            "nested": {"deep": [{"rows": [{"a": 1}, {"b": [{"c": 2}]}]}]},
            "none": [],
        });
        let expected = "name: editor\nfeatures:\n  | id     | quantity |\n  |--------|----------|\n  | export | 5        |\n  | print  |          |\nnested:\n  deep:\n    - rows:\n        - a: 1\n        - b:\n            | c |\n            |---|\n            | 2 |\nnone: -";
        assert_eq!(describe(&value), expected, "{}", describe(&value));
    }

    #[test]
    fn nothing_is_told_as_a_dash() {
        assert_eq!(describe(&json!({})), "-");
        assert_eq!(describe(&json!([])), "-");
    }
}
