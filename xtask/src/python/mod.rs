//! `python/mlicense/{calculations,commands,documents,events,queries,values,views}.py`: a class for
//! every command, query, event, view, calculation and signed document, and for what they are made
//! of, from the schemas.

mod examples;
mod lines;
mod model;
mod text;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use mlicense_core::{
    calculate::{Calculated, Calculation},
    document::{AnswerClaims, LicenseClaims, RequestFields, RevocationClaims, TimeClaims},
    history::{Command, Message, Preview},
    signing::KeyRingClaims,
    view::{Query, View},
};
use serde_json::Value;

use crate::{
    generated::Generated,
    schemas::{read, written},
};
use lines::WIDTH;
use model::{Alternative, Definition, Described, Model, Shape};
use text::{Class, Writer, camel};

const FOLDER: &str = "python/mlicense";

/// Modules with what they are about, each importing only from those before it.
const MODULES: [(&str, &str); 7] = [
    (
        "documents",
        "What signed documents say: licences, requests, answers and what goes with them.",
    ),
    ("values", "What commands and queries are made of."),
    ("commands", "Commands: everything that can be done to a ledger."),
    ("events", "Events: everything that can have happened, as a history tells it."),
    ("views", "Views: what queries and calculations are answered with."),
    ("queries", "Queries: everything that a ledger can be asked."),
    ("calculations", "Calculations: the pure arithmetic, without a ledger."),
];

/// What signed documents say.
const DOCUMENTS: [&str; 6] = [
    "AnswerClaims",
    "KeyRingClaims",
    "LicenseClaims",
    "RequestFields",
    "RevocationClaims",
    "TimeClaims",
];

/// What all classes of a module are, for who writes types.
const BASES: [(&str, &str); 4] = [
    ("calculations", "Calculation"),
    ("commands", "Command"),
    ("events", "Event"),
    ("queries", "Query"),
];

/// What is written by hand and generated modules are made of, with where it stands.
const SHARED: [(&str, &[&str]); 5] = [
    (
        "_shapes",
        &[
            "BYTES", "Choice", "DAY", "DOCUMENT", "EMPTY", "INSTANT", "KEY", "Many", "Maybe",
            "Numbered", "Of", "OneWord", "PLAIN", "PRIVATE", "SECONDS", "Table", "Word", "ZONE",
        ],
    ),
    ("_simple", &["SimpleClaims"]),
    ("_tagged", &["Calculation", "Command", "Event", "Query", "Tagged", "nest"]),
    ("_typing", &["final"]),
    ("_value", &["Value"]),
];

/// A class or alias, with the name under which it is exported.
struct Item {
    name: String,
    text: String,
}

/// Makes every module.
pub(crate) fn generate() -> Result<Generated, String> {
    let (command, query) = (read::<Command>().to_value(), read::<Query>().to_value());
    let (view, preview) = (written::<View>().to_value(), written::<Preview>().to_value());
    let calculation = read::<Calculation>().to_value();
    let calculated = written::<Calculated>().to_value();
    let mut model = Model::default();
    for (name, schema) in [
        ("AnswerClaims", written::<AnswerClaims>()),
        ("KeyRingClaims", read::<KeyRingClaims>()),
        ("LicenseClaims", read::<LicenseClaims>()),
        ("TimeClaims", written::<TimeClaims>()),
        ("RequestFields", written::<RequestFields>()),
        ("RevocationClaims", written::<RevocationClaims>()),
    ] {
        model.define_whole(name, &schema.to_value())?;
    }
    for schema in [&calculation, &calculated, &command, &query, &preview, &view] {
        model.define(schema)?;
    }
    model.define_whole("Message", &written::<Message>().to_value())?;
    let asked = [(&query, &view), (&calculation, &calculated)];
    let house = House::new(&model, &command, asked)?;
    let mut files = BTreeMap::new();
    for (at, (name, about)) in MODULES.iter().enumerate() {
        let items = house.items(name);
        files.insert(format!("{name}.py"), house.module(at, (name, about), &items));
    }
    Ok(Generated::Files { path: FOLDER, files })
}

/// What can be asked, and by tag the shapes of the answers.
struct Questions {
    asked: Vec<Alternative>,
    answers: BTreeMap<String, Shape>,
}

impl Questions {
    fn new(model: &Model, (asked, answered): (&Value, &Value)) -> Result<Self, String> {
        Ok(Self { asked: model.alternatives(asked)?, answers: model.answers(answered)? })
    }

    fn answered(&self) -> Vec<Shape> {
        self.answers.values().cloned().collect()
    }
}

/// Where everything stands.
struct House<'a> {
    writer: Writer<'a>,
    commands: Vec<Alternative>,
    queries: Questions,
    calculations: Questions,
    events: Vec<Alternative>,
    /// The module of every definition that has a class.
    places: BTreeMap<String, &'static str>,
}

impl<'a> House<'a> {
    fn new(
        model: &'a Model,
        command: &Value,
        [queries, calculations]: [(&Value, &Value); 2],
    ) -> Result<Self, String> {
        let commands = model.alternatives(command)?;
        let queries = Questions::new(model, queries)?;
        let calculations = Questions::new(model, calculations)?;
        let events = events(model)?;
        let mut places = BTreeMap::new();
        let shapes = |of: &[Alternative]| -> Vec<Shape> {
            of.iter().flat_map(|one| one.payload.shapes()).collect()
        };
        let named = |names: &[&str]| -> Vec<Shape> {
            names.iter().map(|name| Shape::Of((*name).to_owned())).collect()
        };
        let asked =
            [shapes(&commands), shapes(&queries.asked), shapes(&calculations.asked)].concat();
        // What views do not hold, but plans and the outbox do.
        let shown = named(&["Message", "Warning"]);
        let answered = [queries.answered(), calculations.answered(), shown].concat();
        for (module, from) in [
            ("documents", named(&DOCUMENTS)),
            ("values", asked),
            ("events", shapes(&events)),
            ("views", answered),
        ] {
            for name in model.reached(&from) {
                places.entry(name).or_insert(module);
            }
        }
        // Groups of events have no class of their own: each event has.
        places.retain(|name, _| !name.ends_with("Event"));
        Ok(Self {
            writer: Writer { model, places: None },
            commands,
            queries,
            calculations,
            events,
            places,
        })
    }

    fn items(&self, module: &str) -> Vec<Item> {
        let mut items = self.definitions(module);
        items.extend(match module {
            "commands" => self.commands.iter().map(|one| self.tagged("Command", one)).collect(),
            "events" => self.events.iter().map(|one| self.event(one)).collect(),
            "queries" => self.questions("Query", &self.queries),
            "calculations" => self.questions("Calculation", &self.calculations),
            _ => Vec::new(),
        });
        items
    }

    /// The definitions of a module, each after those it needs.
    fn definitions(&self, module: &str) -> Vec<Item> {
        let (mut items, mut done) = (Vec::new(), BTreeSet::new());
        let names = self.places.iter().filter(|(_, place)| **place == module);
        for (name, _) in names {
            self.define(name, module, &mut done, &mut items);
        }
        items
    }

    fn define(&self, name: &str, module: &str, done: &mut BTreeSet<String>, to: &mut Vec<Item>) {
        if self.places.get(name) != Some(&module) || !done.insert(name.to_owned()) {
            return;
        }
        for needed in self.writer.model.needs(name) {
            self.define(&needed, module, done, to);
        }
        let Some(described) = self.writer.model.definitions.get(name) else { return };
        let text = self.writer.definition(name, described);
        if !text.is_empty() {
            to.push(Item { name: name.to_owned(), text });
        }
    }

    fn tagged(&self, base: &str, one: &Alternative) -> Item {
        let name = camel(&one.tag);
        let class = Class { name: &name, base, doc: &one.doc, constants: Vec::new() };
        Item { text: self.writer.alternative(class, one), name: name.clone() }
    }

    fn event(&self, one: &Alternative) -> Item {
        let twins = self.events.iter().filter(|other| other.tag == one.tag).count();
        let zoned = one.payload.shapes().contains(&Shape::Of("Zone".to_owned()));
        let name = match (twins, zoned) {
            (1, _) => camel(&one.tag),
            (_, true) => format!("Customer{}", camel(&one.tag)),
            _ => format!("Partner{}", camel(&one.tag)),
        };
        let summary = one.doc.replace('`', "").replace('"', "'");
        let constants = vec![format!("SUMMARY = \"{summary}\"")];
        let class = Class { name: &name, base: "Event", doc: &one.doc, constants };
        Item { text: self.writer.alternative(class, one), name: name.clone() }
    }

    fn questions(&self, base: &str, questions: &Questions) -> Vec<Item> {
        let asked = questions.asked.iter();
        asked.map(|one| self.question(base, one, questions.answers.get(&one.tag))).collect()
    }

    fn question(&self, base: &str, one: &Alternative, answer: Option<&Shape>) -> Item {
        let name = camel(&one.tag);
        let answer = answer.unwrap_or(&Shape::Flag);
        // Questions have the names of what they are about, as values and views have.
        let writer = Writer { model: self.writer.model, places: Some(&self.places) };
        let base = format!("{base}[{}]", writer.kept(answer));
        let constants = vec![format!("_ANSWER = {}", writer.shape(answer))];
        let class = Class { name: &name, base: &base, doc: &one.doc, constants };
        Item { text: writer.alternative(class, one), name: name.clone() }
    }

    fn module(&self, at: usize, (name, about): (&str, &str), items: &[Item]) -> String {
        let body: String = items.iter().map(|item| item.text.as_str()).collect();
        let mut text = format!(
            "\"\"\"{about}\n\nWritten by ``xtask python`` from the schemas of the engine.\n\"\"\"\n\n\
             from __future__ import annotations\n\n"
        );
        text += &self.imports(at, &body, items);
        let mut names: Vec<&str> = items.iter().map(|item| item.name.as_str()).collect();
        names.extend(BASES.iter().filter(|(base, _)| *base == name).map(|(_, class)| class));
        names.sort_unstable();
        let names: String = names.iter().map(|name| format!("    \"{name}\",\n")).collect();
        text + &format!("\n__all__ = [\n{names}]\n") + &body
    }

    fn imports(&self, at: usize, body: &str, items: &[Item]) -> String {
        let code = code(body);
        let mentions = |name: &str| mentions(&code, name);
        let own: BTreeSet<&str> = items.iter().map(|item| item.name.as_str()).collect();
        let mut text = String::new();
        if code.contains("Query[Mapping") {
            text += "from collections.abc import Mapping\n\n";
        }
        let modules: Vec<&str> = (MODULES.iter().take(at).map(|(module, _)| *module))
            .filter(|module| code.contains(&format!("{module}.")))
            .collect();
        text += &import("mlicense", &modules);
        for (module, names) in SHARED {
            let mentioned = |name: &&&str| mentions(name) && !own.contains(**name);
            let names: Vec<&str> = names.iter().filter(mentioned).copied().collect();
            text += &import(&format!("mlicense.{module}"), &names);
        }
        let mut others: Vec<&str> = MODULES.iter().take(at).map(|(other, _)| *other).collect();
        others.sort_unstable();
        for other in others {
            let names: Vec<String> = (self.places.iter())
                .filter(|(_, place)| **place == other)
                .filter(|(name, _)| self.writer.model.definitions.get(*name).is_some_and(has_class))
                .flat_map(|(name, _)| [name.clone(), format!("_{}", name.to_uppercase())])
                .filter(|name| mentions(name) && !own.contains(name.as_str()))
                .collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            text += &import(&format!("mlicense.{other}"), &names);
        }
        text += "\nTYPE_CHECKING = False\nif TYPE_CHECKING:\n";
        for (module, names) in [
            ("collections.abc", &["Iterable", "Mapping"][..]),
            ("datetime", &["date", "datetime"]),
            ("typing", &["TypeAlias"]),
            ("zoneinfo", &["ZoneInfo"]),
        ] {
            let wanted =
                |name: &&str| mentions(name) && !text.contains(&format!("import {name}\n"));
            let names: Vec<&str> = names.iter().copied().filter(wanted).collect();
            if !names.is_empty() {
                let _ = writeln!(text, "    from {module} import {}", names.join(", "));
            }
        }
        if mentions("PublicKey") {
            text += "\n    from mlicense._native import PublicKey\n";
        }
        text.replace("if TYPE_CHECKING:\n\n", "if TYPE_CHECKING:\n")
    }
}

/// Every event of every stream, those that are the same in two streams once.
fn events(model: &Model) -> Result<Vec<Alternative>, String> {
    let mut events: Vec<Alternative> = Vec::new();
    let Some(Described { definition: Definition::Groups(groups), .. }) =
        model.definitions.get("Event")
    else {
        return Err("no groups of events".to_owned());
    };
    for group in groups {
        let Some(Described { definition: Definition::Union(alternatives), .. }) =
            model.definitions.get(group)
        else {
            return Err(format!("`{group}` has no events"));
        };
        for one in alternatives {
            if !events.iter().any(|other| other.tag == one.tag && other.payload == one.payload) {
                events.push(one.clone());
            }
        }
    }
    Ok(events)
}

fn has_class(described: &Described) -> bool {
    !matches!(described.definition, Definition::Alias(_) | Definition::Groups(_))
}

/// The text without its docstrings.
fn code(text: &str) -> String {
    text.split("\"\"\"").step_by(2).collect()
}

/// Whether a name stands in a text as a word of its own, other than as a quoted text.
fn mentions(text: &str, name: &str) -> bool {
    let part = |letter: char| letter.is_alphanumeric() || letter == '_';
    text.match_indices(name).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at.saturating_add(name.len())..);
        let after = after.and_then(|after| after.chars().next());
        !before.is_some_and(|letter| part(letter) || letter == '.') && !after.is_some_and(part)
    })
}

fn import(module: &str, names: &[&str]) -> String {
    let mut names = names.to_vec();
    // The order in which `ruff` sorts them: constants, classes, functions.
    names.sort_by_key(|name| {
        let constant = !name.chars().any(|letter| letter.is_ascii_lowercase());
        let class = name.trim_start_matches('_').starts_with(|letter: char| letter.is_uppercase());
        (!constant, !class, (*name).to_owned())
    });
    match names.as_slice() {
        [] => String::new(),
        names => {
            let line = format!("from {module} import {}\n", names.join(", "));
            if line.trim_end().len() <= WIDTH {
                return line;
            }
            let names: String = names.iter().map(|name| format!("    {name},\n")).collect();
            format!("from {module} import (\n{names})\n")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn generated() -> BTreeMap<String, String> {
        let Generated::Files { files, .. } = generate().unwrap() else { panic!("files") };
        files
    }

    #[test]
    fn every_command_and_query_has_a_class() {
        let files = generated();
        for name in Command::NAMES {
            let class = format!("class {}(Command):", camel(name));
            assert!(files["commands.py"].contains(&class), "{class}");
        }
        assert_eq!(files["queries.py"].matches("(Query[").count(), 24);
    }

    #[test]
    fn lines_are_not_longer_than_the_linter_allows() {
        for (name, text) in generated() {
            let long = text.lines().find(|line| line.chars().count() > WIDTH);
            assert_eq!(long, None, "{name}");
        }
    }

    #[test]
    fn events_of_one_name_have_two_classes_only_where_they_differ() {
        let events = &generated()["events.py"];
        assert!(events.contains("class CustomerRegistered(Event):"));
        assert!(events.contains("class PartnerRegistered(Event):"));
        assert_eq!(events.matches("TAG = \"shop_linked\"").count(), 1);
    }

    #[test]
    fn a_word_is_mentioned_only_when_it_stands_alone() {
        assert!(mentions("Of(Plan)", "Plan"));
        for other in ["PlanPrice", "views.Plan", "_Plan"] {
            assert!(!mentions(other, "Plan"), "{other}");
        }
        assert_eq!(code("a\"\"\"b\"\"\"c"), "ac");
    }
}
