//! Definitions as Python text, in the form in which `ruff format` leaves it.

use std::{collections::BTreeMap, fmt::Write};

use serde_json::Value;

use super::{
    examples,
    lines::{WIDTH, constant, docstring, each, listed, prose, wrapped},
    model::{Alternative, Definition, Described, Field, Model, NAMED, Payload, Shape},
};

/// Words that Python keeps for itself.
const KEYWORDS: [&str; 4] = ["class", "from", "in", "is"];

/// The class whose simple values have constructors of their own, written by hand.
const SIMPLE: &str = "LicenseClaims";

/// What a class is derived from, and what it says of itself.
pub(crate) struct Class<'a> {
    pub(crate) name: &'a str,
    pub(crate) base: &'a str,
    pub(crate) doc: &'a str,
    /// Constants, each a line.
    pub(crate) constants: Vec<String>,
}

/// Writes definitions.
pub(crate) struct Writer<'a> {
    pub(crate) model: &'a Model,
    /// The modules by which classes are called; none to call them by their names alone.
    pub(crate) places: Option<&'a BTreeMap<String, &'static str>>,
}

impl Writer<'_> {
    /// A class with members.
    pub(crate) fn record(&self, class: &Class<'_>, fields: &[Field]) -> String {
        let mut text = self.head(class, fields);
        let row = |field: &Field| format!("(\"{}\", {})", name_of(field), self.shape(&field.shape));
        let rows: Vec<String> = fields.iter().map(row).collect();
        if !rows.is_empty() {
            text += &listed("_FIELDS", "(", &rows, ")");
        }
        let omitted: Vec<String> = (fields.iter().filter(|field| field.omitted))
            .map(|field| format!("\"{}\"", name_of(field)))
            .collect();
        if !omitted.is_empty() {
            text += &listed("_OMITTED", "frozenset({", &omitted, "})");
        }
        let named: Vec<String> = (fields.iter().filter(|field| called(field).is_some()))
            .map(|field| format!("(\"{}\", \"{}\")", name_of(field), field.name))
            .collect();
        if !named.is_empty() {
            text += &listed("_NAMED", "(", &named, ")");
        }
        for field in fields {
            let _ = writeln!(text, "    {}: {}", name_of(field), self.kept(&field.shape));
        }
        text + &self.constructor(fields)
    }

    /// A class that stands under its own name, with what its kind of alternative has.
    pub(crate) fn alternative(&self, class: Class<'_>, alternative: &Alternative) -> String {
        let mut class = class;
        class.constants.insert(0, format!("TAG = \"{}\"", alternative.tag));
        match &alternative.payload {
            Payload::Unit => {
                class.constants.push("_BARE = True".to_owned());
                self.record(&class, &[])
            }
            Payload::Fields(fields) => self.record(&class, fields),
            Payload::One(name, shape) => self.alone(&mut class, name, shape),
        }
    }

    fn alone(&self, class: &mut Class<'_>, name: &str, shape: &Shape) -> String {
        class.constants.push(format!("_ALONE = {}", self.shape(shape)));
        let field = Field {
            name: name.to_owned(),
            doc: self.doc_of(shape),
            shape: shape.clone(),
            default: None,
            omitted: false,
        };
        let given = self.given(shape);
        let mut text = self.head(class, std::slice::from_ref(&field));
        let _ = write!(
            text,
            "    _FIELDS = ((\"{name}\", _ALONE),)\n    {name}: {}\n\n    \
             def __init__(self, {name}: {given}) -> None:\n        self._fill({name})\n",
            self.kept(shape)
        );
        text
    }

    /// What a shape is about, for alternatives that do not say.
    fn doc_of(&self, shape: &Shape) -> String {
        let named = match shape {
            Shape::Of(name) => self.model.definitions.get(name),
            _ => None,
        };
        named.map_or_else(|| "The text.".to_owned(), |described| described.doc.clone())
    }

    /// A definition of its own.
    pub(crate) fn definition(&self, name: &str, described: &Described) -> String {
        match &described.definition {
            Definition::Alias(_) | Definition::Groups(_) => String::new(),
            Definition::Words(words) => words_class(name, &described.doc, words),
            Definition::Record(fields) => {
                let base = match name {
                    SIMPLE => "SimpleClaims",
                    _ => "Value",
                };
                let class = Class { name, base, doc: &described.doc, constants: Vec::new() };
                self.record(&class, fields)
            }
            Definition::Choice(records) => {
                let classes: Vec<&str> = records.iter().map(|(_, class)| class.as_str()).collect();
                let pairs: Vec<String> =
                    records.iter().map(|(tag, class)| format!("{tag}={class}")).collect();
                format!(
                    "\n\n{name}: TypeAlias = {}\n\"\"\"{}\"\"\"\n{}: Choice = Choice(\n{})\n",
                    classes.join(" | "),
                    prose(&described.doc),
                    choice_name(name),
                    each(4, &pairs)
                )
            }
            Definition::Union(alternatives) => self.union(name, &described.doc, alternatives),
        }
    }

    /// A union with its alternatives, which stand inside it.
    fn union(&self, name: &str, doc: &str, alternatives: &[Alternative]) -> String {
        let mut text = format!("\n\nclass _{name}Names:\n    __slots__ = ()\n");
        text += "    if TYPE_CHECKING:\n";
        for one in alternatives {
            let camel = camel(&one.tag);
            let _ = writeln!(text, "        {camel}: TypeAlias = \"_{name}{camel}\"");
        }
        let _ =
            write!(text, "\n\nclass {name}(Tagged, _{name}Names):\n{}", docstring(doc, &[], None));
        text += "\n    __slots__ = ()\n";
        for one in alternatives {
            let class_name = format!("_{name}{}", camel(&one.tag));
            let class =
                Class { name: &class_name, base: name, doc: &one.doc, constants: Vec::new() };
            text += &self.alternative(class, one);
        }
        text + &format!("\n\nnest({name})\n")
    }

    fn head(&self, class: &Class<'_>, fields: &[Field]) -> String {
        let mut text = format!("\n\n@final\nclass {}({}):\n", class.name, class.base);
        text += &docstring(class.doc, fields, examples::of(class));
        let mut names: Vec<String> =
            fields.iter().map(|field| format!("\"{}\"", name_of(field))).collect();
        names.sort_unstable();
        text.push('\n');
        text += &match names.as_slice() {
            [] => "    __slots__ = ()\n".to_owned(),
            names => listed("__slots__", "(", names, ")"),
        };
        for line in &class.constants {
            text += &constant(line);
        }
        text
    }

    fn constructor(&self, fields: &[Field]) -> String {
        if fields.is_empty() {
            return String::new();
        }
        let mut text = "\n    def __init__(\n        self,\n        *,\n".to_owned();
        // What must be given stands first.
        let (needed, others): (Vec<_>, Vec<_>) =
            fields.iter().partition(|field| field.default.is_none());
        for field in needed {
            let _ = writeln!(text, "        {}: {},", name_of(field), self.given(&field.shape));
        }
        for field in others {
            let default = field.default.as_ref().map(|value| self.literal(&field.shape, value));
            let _ = writeln!(
                text,
                "        {}: {} = {},",
                name_of(field),
                self.given(&field.shape),
                default.unwrap_or_default()
            );
        }
        let names: Vec<String> = fields.iter().map(name_of).collect();
        text += "    ) -> None:\n";
        let line = format!("        self._fill({})\n", names.join(", "));
        if line.len() <= WIDTH {
            return text + &line;
        }
        format!("{text}        self._fill(\n{}        )\n", each(12, &names))
    }

    /// The type of an attribute.
    pub(crate) fn kept(&self, shape: &Shape) -> String {
        match shape {
            Shape::Text { .. } | Shape::Document => "str".to_owned(),
            Shape::Bytes => "bytes".to_owned(),
            Shape::Number => "int".to_owned(),
            Shape::Flag => "bool".to_owned(),
            Shape::Day => "date".to_owned(),
            Shape::Instant | Shape::Seconds => "datetime".to_owned(),
            Shape::Zone => "ZoneInfo".to_owned(),
            Shape::Key => "PublicKey".to_owned(),
            Shape::Maybe(inner) => format!("{} | None", self.kept(inner)),
            Shape::Many(inner) => format!("tuple[{}, ...]", self.kept(inner)),
            Shape::Table(inner) => format!("Mapping[str, {}]", self.kept(inner)),
            Shape::Numbered(inner) => format!("Mapping[int, {}]", self.kept(inner)),
            Shape::Of(name) => match self.alias(name) {
                Some(shape) => self.kept(&shape),
                None => self.called(name),
            },
        }
    }

    /// The type of an argument.
    fn given(&self, shape: &Shape) -> String {
        match shape {
            Shape::Document => "bytes | str".to_owned(),
            Shape::Zone => "ZoneInfo | str".to_owned(),
            Shape::Key => "PublicKey | str".to_owned(),
            Shape::Maybe(inner) => format!("{} | None", self.given(inner)),
            Shape::Many(inner) => format!("Iterable[{}]", self.given(inner)),
            Shape::Table(inner) => format!("Mapping[str, {}]", self.given(inner)),
            Shape::Numbered(inner) => format!("Mapping[int, {}]", self.given(inner)),
            Shape::Of(name) => match self.alias(name) {
                Some(shape) => self.given(&shape),
                None => self.called(name),
            },
            plain => self.kept(plain),
        }
    }

    /// How a value is taken, read and written.
    pub(crate) fn shape(&self, shape: &Shape) -> String {
        match shape {
            Shape::Text { private: true } => "PRIVATE".to_owned(),
            Shape::Text { private: false } | Shape::Number | Shape::Flag => "PLAIN".to_owned(),
            Shape::Document => "DOCUMENT".to_owned(),
            Shape::Bytes => "BYTES".to_owned(),
            Shape::Day => "DAY".to_owned(),
            Shape::Instant => "INSTANT".to_owned(),
            Shape::Seconds => "SECONDS".to_owned(),
            Shape::Zone => "ZONE".to_owned(),
            Shape::Key => "KEY".to_owned(),
            Shape::Maybe(inner) => format!("Maybe({})", self.shape(inner)),
            Shape::Many(inner) => format!("Many({})", self.shape(inner)),
            Shape::Table(inner) => format!("Table({})", self.shape(inner)),
            Shape::Numbered(inner) => format!("Numbered({})", self.shape(inner)),
            Shape::Of(name) => match self.definition_of(name) {
                Some(Definition::Alias(shape)) => self.shape(shape),
                Some(Definition::Words(_)) => format!("OneWord({})", self.called(name)),
                Some(Definition::Choice(_)) => choice_name(name),
                _ => format!("Of({})", self.called(name)),
            },
        }
    }

    /// A value of a shape, given in JSON, as an expression.
    fn literal(&self, shape: &Shape, value: &Value) -> String {
        match (shape, value) {
            (_, Value::Null) => "None".to_owned(),
            (Shape::Maybe(inner), value) => self.literal(inner, value),
            (Shape::Many(inner), Value::Array(items)) => {
                let items: Vec<String> =
                    items.iter().map(|item| self.literal(inner, item)).collect();
                match items.as_slice() {
                    [one] => format!("({one},)"),
                    items => format!("({})", items.join(", ")),
                }
            }
            (Shape::Table(_) | Shape::Numbered(_), _) => "EMPTY".to_owned(),
            (Shape::Of(name), value) => self.literal_of(name, value),
            (_, Value::Bool(true)) => "True".to_owned(),
            (_, Value::Bool(false)) => "False".to_owned(),
            (_, value) => value.to_string(),
        }
    }

    fn literal_of(&self, name: &str, value: &Value) -> String {
        match (self.definition_of(name), value) {
            (Some(Definition::Alias(shape)), value) => self.literal(shape, value),
            (Some(Definition::Words(_)), Value::String(word)) => {
                format!("{}.{}", self.called(name), word.to_uppercase())
            }
            (Some(Definition::Record(fields)), Value::Object(members)) => {
                let given = |field: &Field| {
                    let value = members.get(&field.name)?;
                    if field.default.as_ref() == Some(value) {
                        return None;
                    }
                    Some(format!("{}={}", name_of(field), self.literal(&field.shape, value)))
                };
                let given: Vec<String> = fields.iter().filter_map(given).collect();
                format!("{}({})", self.called(name), given.join(", "))
            }
            (Some(Definition::Union(alternatives)), value) => {
                let (tag, inner) = match value {
                    Value::String(tag) => (tag.as_str(), None),
                    value => (value.as_object().and_then(|one| one.iter().next()))
                        .map_or(("", None), |(tag, inner)| (tag.as_str(), Some(inner))),
                };
                let one = alternatives.iter().find(|one| one.tag == tag);
                let inner = match (one.map(|one| &one.payload), inner) {
                    (Some(Payload::One(_, shape)), Some(inner)) => self.literal(shape, inner),
                    _ => String::new(),
                };
                format!("_{name}{}({inner})", camel(tag))
            }
            (_, value) => value.to_string(),
        }
    }

    fn definition_of(&self, name: &str) -> Option<&Definition> {
        self.model.definitions.get(name).map(|described| &described.definition)
    }

    /// The name of a class where it is used.
    fn called(&self, name: &str) -> String {
        match self.places.and_then(|places| places.get(name)) {
            Some(module) => format!("{module}.{name}"),
            None => name.to_owned(),
        }
    }

    fn alias(&self, name: &str) -> Option<Shape> {
        match self.definition_of(name) {
            Some(Definition::Alias(shape)) => Some(shape.clone()),
            _ => None,
        }
    }
}

/// The name of a member in Python.
pub(crate) fn name_of(field: &Field) -> String {
    if let Some(name) = called(field) {
        return name.to_owned();
    }
    let keyword = KEYWORDS.contains(&field.name.as_str());
    if keyword { format!("{}_", field.name) } else { field.name.clone() }
}

/// Its name in Python where that is not made of the one in JSON.
fn called(field: &Field) -> Option<&'static str> {
    NAMED.iter().find(|(member, _)| *member == field.name).map(|(_, name)| *name)
}

fn choice_name(name: &str) -> String {
    format!("_{}", name.to_uppercase())
}

/// `trial_ends` as `TrialEnds`.
pub(crate) fn camel(name: &str) -> String {
    let mut camel = String::new();
    for part in name.split('_') {
        let mut letters = part.chars();
        camel.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        camel.extend(letters);
    }
    camel
}

fn words_class(name: &str, doc: &str, words: &[(String, String)]) -> String {
    let mut text = format!("\n\nclass {name}(Word):\n{}\n", docstring(doc, &[], None));
    for (word, doc) in words {
        let _ = writeln!(text, "    {} = \"{word}\"", word.to_uppercase());
        if !doc.is_empty() {
            let _ =
                writeln!(text, "{}", wrapped(&format!("\"\"\"{}\"\"\"", prose(doc)), 4, 4, WIDTH));
        }
    }
    text
}
