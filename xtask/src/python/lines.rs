//! Lines of Python: constants, docstrings and what is broken to fit the width.
#![expect(clippy::arithmetic_side_effects, reason = "lengths of lines")]

use super::{model::Field, text::name_of};

/// Longest line of Python.
pub(crate) const WIDTH: usize = 100;

/// A constant, its value on a line of its own where it needs one.
pub(crate) fn constant(line: &str) -> String {
    match line.split_once(" = ") {
        Some((name, value)) if line.chars().count() + 4 > WIDTH => {
            if value.chars().count() + 8 <= WIDTH {
                return format!("    {name} = (\n        {value}\n    )\n");
            }
            let lines = wrapped(value.trim_matches('"'), 0, 0, WIDTH - 11);
            let lines: Vec<String> =
                lines.lines().map(|line| format!("        \"{line}")).collect();
            format!("    {name} = (\n{}\"\n    )\n", lines.join(" \"\n"))
        }
        _ => format!("    {line}\n"),
    }
}

/// A constant with several values, on one line where they fit.
pub(crate) fn listed(name: &str, open: &str, values: &[String], close: &str) -> String {
    let comma = if values.len() == 1 && open == "(" { "," } else { "" };
    let line = format!("    {name} = {open}{}{comma}{close}\n", values.join(", "));
    if line.trim_end().chars().count() <= WIDTH {
        return line;
    }
    let inner = values.join(", ");
    match open {
        // A set inside a call keeps its braces on the line of the call.
        "frozenset({" if inner.chars().count() + 10 <= WIDTH => {
            format!("    {name} = frozenset(\n        {{{inner}}}\n    )\n")
        }
        "frozenset({" => {
            format!("    {name} = frozenset(\n        {{\n{}        }}\n    )\n", each(12, values))
        }
        _ => format!("    {name} = {open}\n{}    {close}\n", each(8, values)),
    }
}

/// Each value on a line of its own.
pub(crate) fn each(indent: usize, values: &[String]) -> String {
    let indent = " ".repeat(indent);
    values.iter().map(|value| format!("{indent}{value},\n")).collect()
}

/// A docstring with the members, each with what it is, and an example.
pub(crate) fn docstring(doc: &str, fields: &[Field], example: Option<&str>) -> String {
    let doc = prose(doc);
    let (first, rest) = summary(&doc);
    let mut parts = vec![wrapped(&format!("\"\"\"{first}"), 4, 4, WIDTH)];
    parts.extend(rest.iter().map(|part| format!("\n{}", wrapped(part, 4, 4, WIDTH))));
    if !fields.is_empty() {
        parts.push("\n    Attributes:".to_owned());
    }
    for field in fields {
        let line = format!("{}: {}", name_of(field), prose(&field.doc));
        parts.push(wrapped(line.trim_end_matches(": "), 8, 12, WIDTH));
    }
    if let Some(example) = example {
        parts.push("\n    Examples:".to_owned());
        parts.extend(example.trim().lines().map(|line| format!("        {line}")));
    }
    match parts.as_slice() {
        [one] if one.chars().count() + 3 <= WIDTH && !one.contains('\n') => {
            format!("{one}\"\"\"\n")
        }
        parts => format!("{}\n    \"\"\"\n", parts.join("\n")),
    }
}

/// The first sentence, which has to fit a line, and the other paragraphs.
fn summary(doc: &str) -> (String, Vec<String>) {
    let mut paragraphs = doc.split("\n\n").map(str::to_owned);
    let first = paragraphs.next().unwrap_or_default();
    let mut rest: Vec<String> = paragraphs.collect();
    if first.chars().count() + 7 <= WIDTH {
        return (first, rest);
    }
    let ends = [". ", ": ", "; ", ", "];
    let fits = |at: &usize| *at + 10 <= WIDTH;
    let cut =
        ends.iter().find_map(|end| first.match_indices(end).map(|(at, _)| at).filter(fits).last());
    match cut {
        Some(at) => {
            let (head, tail) = first.split_at(at);
            let tail = tail.trim_start_matches(['.', ':', ';', ',']).trim_start();
            let mut letters = tail.chars();
            let tail: String =
                letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
            rest.insert(0, tail);
            (format!("{head}."), rest)
        }
        None => (first, rest),
    }
}

/// Text of Rust's documentation in the form of Python's: two backticks where Markdown has one.
pub(crate) fn prose(text: &str) -> String {
    text.replace('`', "``")
}

/// Breaks text at words.
pub(crate) fn wrapped(text: &str, indent: usize, hanging: usize, width: usize) -> String {
    let (mut lines, mut line) = (Vec::new(), " ".repeat(indent));
    let mut empty = true;
    for word in text.split_whitespace() {
        let more = usize::from(!empty) + word.chars().count();
        if !empty && line.chars().count() + more > width {
            lines.push(std::mem::replace(&mut line, " ".repeat(hanging)));
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line += word;
        empty = false;
    }
    lines.push(line);
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_at_the_width_and_never_past_it() {
        let words = "word ".repeat(60);
        let lines = wrapped(&words, 4, 8, 30);
        assert!(lines.lines().all(|line| line.chars().count() <= 30), "{lines}");
        assert!(lines.lines().skip(1).all(|line| line.starts_with("        word")), "{lines}");
        assert_eq!(lines.split_whitespace().count(), 60);
    }

    #[test]
    fn a_first_sentence_that_fits_no_line_is_cut_where_it_pauses() {
        let (first, rest) = summary(&format!("One, {}; two three", "x".repeat(80)));
        assert_eq!(first, format!("One, {}.", "x".repeat(80)));
        assert_eq!(rest, ["Two three"]);
    }

    #[test]
    fn a_long_constant_stands_on_lines_of_its_own() {
        assert_eq!(constant("A = 1"), "    A = 1\n");
        let long = constant(&format!("A = \"{}\"", "word ".repeat(30)));
        assert!(long.starts_with("    A = (\n        \"word"), "{long}");
        assert!(long.lines().all(|line| line.chars().count() <= WIDTH), "{long}");
    }

    #[test]
    fn one_value_in_brackets_keeps_its_comma() {
        let values = |count: usize| vec!["\"name_of_some_length\"".to_owned(); count];
        assert_eq!(listed("A", "(", &values(1), ")"), "    A = (\"name_of_some_length\",)\n");
        assert_eq!(listed("A", "(", &values(9), ")").lines().count(), 11);
    }
}
