//! `include/schema/*.json`: JSON Schemas of what goes in and out, one file each.
//!
//! What is read has the schema of what is accepted, what is written the schema of what appears.

use std::collections::BTreeMap;

use mlicense_core::{
    calculate::{Calculated, Calculation},
    document::{AnswerClaims, LicenseClaims, RequestFields, RevocationClaims},
    error::RefusalView,
    history::{Command, Envelope, Preview, Recorded},
    view::{Query, View},
};
use schemars::{
    JsonSchema, Schema,
    generate::SchemaSettings,
    transform::{RecursiveTransform, Transform},
};
use serde_json::Value;

use crate::generated::Generated;

/// Makes every schema.
pub(crate) fn generate() -> Result<Generated, String> {
    let schemas = [
        ("answer-claims", written::<AnswerClaims>()),
        ("calculated", written::<Calculated>()),
        ("calculation", read::<Calculation>()),
        ("command", read::<Command>()),
        ("envelope", read::<Envelope>()),
        ("license-claims", read::<LicenseClaims>()),
        ("preview", written::<Preview>()),
        ("query", read::<Query>()),
        ("recorded", written::<Recorded>()),
        ("refusal", written::<RefusalView>()),
        ("request-fields", written::<RequestFields>()),
        ("revocation-claims", read::<RevocationClaims>()),
        ("view", written::<View>()),
    ];
    let mut files = BTreeMap::new();
    for (name, schema) in schemas {
        let text = serde_json::to_string_pretty(&schema)
            .map_err(|error| format!("the schema of `{name}`: {error}"))?;
        files.insert(format!("{name}.json"), format!("{text}\n"));
    }
    Ok(Generated::Folder { path: "include/schema", files })
}

/// The schema of JSON that is accepted.
pub(crate) fn read<T: JsonSchema>() -> Schema {
    schema::<T>(SchemaSettings::draft2020_12())
}

/// The schema of JSON that is given.
pub(crate) fn written<T: JsonSchema>() -> Schema {
    schema::<T>(SchemaSettings::draft2020_12().for_serialize())
}

fn schema<T: JsonSchema>(settings: SchemaSettings) -> Schema {
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    RecursiveTransform(describe).transform(&mut schema);
    schema
}

/// Makes a description that was written for Rust one for readers of JSON.
fn describe(schema: &mut Schema) {
    if let Some(Value::String(text)) = schema.get_mut("description") {
        let prose = text
            .split("\n\n")
            .take_while(|part| !part.starts_with("# ") && !part.starts_with("```"));
        let lines: Vec<String> =
            prose.map(|part| without_links(&part.replace('\n', " "))).collect();
        *text = lines.join("\n\n");
    }
}

/// Turns links to items of Rust into the names of these items.
fn without_links(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, link)) = rest.split_once("[`") {
        let (name, after) = link.split_once("`]").unwrap_or((link, ""));
        let target = after.strip_prefix('(').and_then(|target| target.split_once(')'));
        rest = target.map_or(after, |(_, after)| after);
        plain.extend([before, "`", name, "`"]);
    }
    plain + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_lose_their_links_and_examples() {
        let text = "At most [`A::MAX`] of [`B`](crate::b::B) (or [`C`]),\nnot `[D]`.\n\nEnd [`E";
        let example = "\n\n```\nlet a = b[0];\n\nlet c = a;\n```";
        let mut schema = schemars::json_schema!({ "description": format!("{text}{example}") });
        describe(&mut schema);
        let plain = "At most `A::MAX` of `B` (or `C`), not `[D]`.\n\nEnd `E`";
        assert_eq!(schema.get("description").unwrap(), plain);
    }

    #[test]
    fn what_is_read_needs_less_than_what_is_written() {
        let iat_and_features = |schema: Schema| {
            let required = schema.get("required").unwrap().as_array().unwrap().clone();
            ["iat", "features"].map(|name| required.contains(&name.into()))
        };
        assert_eq!(iat_and_features(read::<LicenseClaims>()), [true, false]);
        assert_eq!(iat_and_features(written::<LicenseClaims>()), [true, true]);
    }
}
