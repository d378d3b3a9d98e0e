//! What the schemas say, as Python needs it: records, words, and alternatives that have a name.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

/// Where definitions that several schemas share are found.
const DEFS: &str = "#/$defs/";
/// Members that hold a signed document: bytes in Python, text in JSON.
const DOCUMENTS: [&str; 6] = ["document", "key_ring", "license", "request", "revocations", "time"];
/// Members of signed documents that are instants: numbers of seconds, as RFC 7519 wants.
const SECONDS: [&str; 3] = ["at", "iat", "next_update"];

/// Members of signed documents that have the names of JSON Web Tokens, and ours in Python.
pub(crate) const NAMED: [(&str, &str); 5] = [
    ("aud", "product"),
    ("iat", "issued_at"),
    ("iss", "vendor"),
    ("jti", "serial"),
    ("sub", "customer"),
];

/// Members that may hold a secret or tell of a person; they are not printed.
const PRIVATE: [&str; 22] = [
    "account",
    "address",
    "city",
    "code",
    "company",
    "contact",
    "email",
    "key",
    "keys",
    "label",
    "licensee",
    "login",
    "name",
    "number",
    "own",
    "phone",
    "postal_code",
    "reference",
    "serial",
    "street",
    "tax_id",
    "username",
];

/// The form of a value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shape {
    /// A text, and whether it may be a secret or tell of a person.
    Text {
        private: bool,
    },
    Number,
    Flag,
    Day,
    Instant,
    Seconds,
    Zone,
    Key,
    Document,
    Bytes,
    Maybe(Box<Self>),
    Many(Box<Self>),
    /// Values by text.
    Table(Box<Self>),
    /// Values by number.
    Numbered(Box<Self>),
    /// Of the definition of that name.
    Of(String),
}

/// A member of a record.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) shape: Shape,
    /// What it is when it is left out; none when it must not be.
    pub(crate) default: Option<Value>,
    /// Whether it is left out when it is empty.
    pub(crate) omitted: bool,
}

/// What stands behind the name of an alternative.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Payload {
    /// Nothing: the name alone.
    Unit,
    /// One value, with the name it has in Python.
    One(String, Shape),
    /// Members.
    Fields(Vec<Field>),
}

/// One of several alternatives.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Alternative {
    pub(crate) tag: String,
    pub(crate) doc: String,
    pub(crate) payload: Payload,
}

/// A definition that has a class in Python, or stands for a shape.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Definition {
    Alias(Shape),
    Words(Vec<(String, String)>),
    Record(Vec<Field>),
    /// Alternatives, each of which is a class of its own.
    Union(Vec<Alternative>),
    /// Alternatives, each of which is a record with a name of its own: tag and record.
    Choice(Vec<(String, String)>),
    /// Alternatives of several definitions, which are told apart by where they stand.
    Groups(Vec<String>),
}

/// A definition with its description.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Described {
    pub(crate) doc: String,
    pub(crate) definition: Definition,
}

/// All definitions, and the alternatives of the schemas themselves.
#[derive(Debug, Default)]
pub(crate) struct Model {
    pub(crate) definitions: BTreeMap<String, Described>,
}

impl Model {
    /// Adds the shared definitions of a schema. Whatever is written beats what is only read: it
    /// says which members are always there.
    pub(crate) fn define(&mut self, schema: &Value) -> Result<(), String> {
        let defs = schema.get("$defs").and_then(Value::as_object);
        for (name, schema) in defs.into_iter().flatten() {
            let told = |fault| format!("definition `{name}`: {fault}");
            let described = Described {
                doc: description(schema),
                definition: definition(name, schema).map_err(told)?,
            };
            self.definitions.insert(name.clone(), described);
        }
        Ok(())
    }

    /// Adds a schema itself, with its shared definitions.
    pub(crate) fn define_whole(&mut self, name: &str, schema: &Value) -> Result<(), String> {
        self.define(schema)?;
        let described =
            Described { doc: description(schema), definition: definition(name, schema)? };
        self.definitions.insert(name.to_owned(), described);
        Ok(())
    }

    /// The alternatives of a schema, with the members of records where these stand for payloads.
    pub(crate) fn alternatives(&self, schema: &Value) -> Result<Vec<Alternative>, String> {
        let mut found = alternatives(list(schema, "oneOf")?)?;
        for alternative in &mut found {
            if let Payload::One(_, Shape::Of(name)) = &alternative.payload
                && let Some(Described { definition: Definition::Record(fields), .. }) =
                    self.definitions.get(name)
            {
                alternative.payload = Payload::Fields(fields.clone());
            }
        }
        Ok(found)
    }

    /// The tag of each alternative of a schema with the shape of what stands behind it.
    pub(crate) fn answers(&self, schema: &Value) -> Result<BTreeMap<String, Shape>, String> {
        let mut answers = BTreeMap::new();
        for alternative in list(schema, "oneOf")? {
            let (tag, inner) = tagged(alternative)?;
            answers.insert(tag.to_owned(), shape(tag, inner)?);
        }
        Ok(answers)
    }

    /// The names of definitions that a shape needs, with all that these need.
    pub(crate) fn reached(&self, from: &[Shape]) -> BTreeSet<String> {
        let mut reached = BTreeSet::new();
        let mut open: Vec<String> = from.iter().filter_map(Shape::named).collect();
        while let Some(name) = open.pop() {
            if reached.insert(name.clone()) {
                open.extend(self.needs(&name));
            }
        }
        reached
    }

    /// The names of definitions that one needs itself.
    pub(crate) fn needs(&self, name: &str) -> Vec<String> {
        let Some(described) = self.definitions.get(name) else { return Vec::new() };
        match &described.definition {
            Definition::Alias(shape) => shape.named().into_iter().collect(),
            Definition::Words(_) => Vec::new(),
            Definition::Record(fields) => fields_need(fields),
            Definition::Union(alternatives) => {
                alternatives.iter().flat_map(|one| one.payload.needs()).collect()
            }
            Definition::Choice(records) => records.iter().map(|(_, name)| name.clone()).collect(),
            Definition::Groups(names) => names.clone(),
        }
    }
}

impl Shape {
    fn named(&self) -> Option<String> {
        match self {
            Self::Of(name) => Some(name.clone()),
            Self::Maybe(inner) | Self::Many(inner) | Self::Table(inner) | Self::Numbered(inner) => {
                inner.named()
            }
            _ => None,
        }
    }
}

impl Payload {
    /// The shapes behind the name.
    pub(crate) fn shapes(&self) -> Vec<Shape> {
        match self {
            Self::Unit => Vec::new(),
            Self::One(_, shape) => vec![shape.clone()],
            Self::Fields(fields) => fields.iter().map(|field| field.shape.clone()).collect(),
        }
    }

    fn needs(&self) -> Vec<String> {
        self.shapes().iter().filter_map(Shape::named).collect()
    }
}

fn fields_need(fields: &[Field]) -> Vec<String> {
    fields.iter().filter_map(|field| field.shape.named()).collect()
}

/// Reads a definition.
fn definition(name: &str, schema: &Value) -> Result<Definition, String> {
    if let Some(groups) = schema.get("anyOf").and_then(Value::as_array) {
        let names = groups.iter().filter_map(reference).map(str::to_owned).collect();
        return Ok(Definition::Groups(names));
    }
    if let Some(several) = schema.get("oneOf").and_then(Value::as_array) {
        return one_of(several);
    }
    if schema.get("properties").is_some() {
        return Ok(Definition::Record(fields(schema)?));
    }
    Ok(Definition::Alias(match (name, shape(name, schema)?) {
        ("Day", _) => Shape::Day,
        ("Instant", _) => Shape::Instant,
        ("Zone", _) => Shape::Zone,
        ("PublicKey", _) => Shape::Key,
        ("FeatureData", _) => Shape::Bytes,
        // What has a definition of its own is a name, and no secret.
        (_, Shape::Text { .. }) => Shape::Text { private: false },
        (_, shape) => shape,
    }))
}

fn one_of(several: &[Value]) -> Result<Definition, String> {
    let word = |one: &Value| {
        let text = one.get("const").and_then(Value::as_str)?;
        Some((text.to_owned(), description(one)))
    };
    if let Some(words) = several.iter().map(word).collect::<Option<Vec<_>>>() {
        return Ok(Definition::Words(words));
    }
    let choice = |one: &Value| {
        let (tag, inner) = tagged(one).ok()?;
        let name = reference(inner).filter(|name| name.ends_with("Policy"))?;
        Some((tag.to_owned(), name.to_owned()))
    };
    if let Some(records) = several.iter().map(choice).collect::<Option<Vec<_>>>() {
        return Ok(Definition::Choice(records));
    }
    Ok(Definition::Union(alternatives(several)?))
}

fn alternatives(several: &[Value]) -> Result<Vec<Alternative>, String> {
    several.iter().map(alternative).collect()
}

fn alternative(one: &Value) -> Result<Alternative, String> {
    let doc = description(one);
    if let Some(tag) = one.get("const").and_then(Value::as_str) {
        return Ok(Alternative { tag: tag.to_owned(), doc, payload: Payload::Unit });
    }
    let (tag, inner) = tagged(one)?;
    let members = inner.get("properties").is_some()
        || inner.get("additionalProperties") == Some(&Value::Bool(false));
    let payload = if members {
        Payload::Fields(fields(inner)?)
    } else if let Some(name) = reference(inner) {
        Payload::One(member_name(name), Shape::Of(name.to_owned()))
    } else {
        Payload::One(tag.to_owned(), shape(tag, inner)?)
    };
    Ok(Alternative { tag: tag.to_owned(), doc, payload })
}

/// The one member of an object that has no other.
fn tagged(one: &Value) -> Result<(&str, &Value), String> {
    let properties = one.get("properties").and_then(Value::as_object);
    match properties.map(|members| members.iter().collect::<Vec<_>>()).as_deref() {
        Some([(tag, inner)]) => Ok((tag, inner)),
        _ => Err(format!("no alternative with one member: {one}")),
    }
}

fn fields(schema: &Value) -> Result<Vec<Field>, String> {
    let none = Map::new();
    let properties = schema.get("properties").and_then(Value::as_object).unwrap_or(&none);
    let required: Vec<&str> = (schema.get("required").and_then(Value::as_array).into_iter())
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let mut fields = Vec::new();
    for (name, schema) in properties {
        let shape = shape(name, schema).map_err(|fault| format!("member `{name}`: {fault}"))?;
        let stated = schema.get("default").cloned();
        let needed = required.contains(&name.as_str());
        let omitted = !needed && stated.is_none();
        let default = stated.or_else(|| omitted.then(|| empty(&shape)));
        fields.push(Field {
            name: name.clone(),
            doc: description(schema),
            shape,
            default,
            omitted,
        });
    }
    Ok(fields)
}

/// What a member is that was left out because there was nothing to say.
fn empty(shape: &Shape) -> Value {
    match shape {
        Shape::Flag => Value::Bool(false),
        Shape::Number => Value::from(0),
        Shape::Many(_) => Value::Array(Vec::new()),
        Shape::Table(_) | Shape::Numbered(_) => Value::Object(Map::new()),
        _ => Value::Null,
    }
}

fn shape(name: &str, schema: &Value) -> Result<Shape, String> {
    if let Some(name) = reference(schema) {
        return Ok(Shape::Of(name.to_owned()));
    }
    if let Some([inner, null]) = schema.get("anyOf").and_then(Value::as_array).map(Vec::as_slice)
        && null.get("type") == Some(&Value::from("null"))
    {
        return Ok(Shape::Maybe(Box::new(shape(name, inner)?)));
    }
    match schema.get("type") {
        Some(Value::String(kind)) => plain(name, kind, schema),
        Some(Value::Array(kinds)) => match kinds.as_slice() {
            [Value::String(kind), Value::String(null)] if null == "null" => {
                Ok(Shape::Maybe(Box::new(plain(name, kind, schema)?)))
            }
            _ => Err(format!("the types {kinds:?}")),
        },
        _ => Err(format!("no type: {schema}")),
    }
}

fn plain(name: &str, kind: &str, schema: &Value) -> Result<Shape, String> {
    let member = |key: &str| schema.get(key).filter(|value| value.is_object());
    match kind {
        "string" if DOCUMENTS.contains(&name) => Ok(Shape::Document),
        "string" => Ok(Shape::Text { private: PRIVATE.contains(&name) }),
        "integer" if SECONDS.contains(&name) => Ok(Shape::Seconds),
        "integer" => Ok(Shape::Number),
        "boolean" => Ok(Shape::Flag),
        "array" => {
            let items = member("items").ok_or("an array of anything")?;
            Ok(Shape::Many(Box::new(shape(name, items)?)))
        }
        "object" => {
            if let Some(values) = member("additionalProperties") {
                return Ok(Shape::Table(Box::new(shape(name, values)?)));
            }
            let patterns = member("patternProperties").and_then(Value::as_object);
            let values = patterns.and_then(|patterns| patterns.get(r"^\d+$"));
            let values = values.ok_or_else(|| format!("an object: {schema}"))?;
            Ok(Shape::Numbered(Box::new(shape(name, values)?)))
        }
        _ => Err(format!("the type `{kind}`")),
    }
}

fn reference(schema: &Value) -> Option<&str> {
    schema.get("$ref").and_then(Value::as_str)?.strip_prefix(DEFS)
}

fn description(schema: &Value) -> String {
    schema.get("description").and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn list<'a>(schema: &'a Value, name: &str) -> Result<&'a [Value], String> {
    let found = schema.get(name).and_then(Value::as_array);
    found.map(Vec::as_slice).ok_or_else(|| format!("no `{name}`"))
}

/// What a value of a definition is called as a member: `person` for `PersonId`.
fn member_name(definition: &str) -> String {
    let mut name = String::new();
    for letter in definition.strip_suffix("Id").unwrap_or(definition).chars() {
        if letter.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_form_of_a_schema_has_a_shape() {
        let of = |schema: Value| shape("x", &schema).unwrap();
        let number = || Box::new(Shape::Number);
        assert_eq!(of(json!({"type": ["integer", "null"]})), Shape::Maybe(number()));
        assert_eq!(
            of(json!({"anyOf": [{"$ref": "#/$defs/Day"}, {"type": "null"}]})),
            Shape::Maybe(Box::new(Shape::Of("Day".to_owned())))
        );
        assert_eq!(
            of(json!({"type": "object", "additionalProperties": {"type": "integer"}})),
            Shape::Table(number())
        );
        let by_number = json!({"^\\d+$": {"type": "integer"}});
        assert_eq!(
            of(json!({"type": "object", "patternProperties": by_number})),
            Shape::Numbered(number())
        );
        assert_eq!(shape("request", &json!({"type": "string"})).unwrap(), Shape::Document);
    }

    #[test]
    fn what_python_could_not_type_is_a_fault() {
        for schema in [json!({}), json!({"type": "number"}), json!({"type": "object"})] {
            assert!(shape("x", &schema).is_err(), "{schema}");
        }
    }

    #[test]
    fn a_member_that_may_be_left_out_has_a_default() {
        let schema = json!({"required": ["a"], "properties": {
            "a": {"type": "integer"},
            "b": {"type": "integer"},
            "c": {"type": "integer", "default": 7},
        }});
        let defaults: Vec<_> =
            fields(&schema).unwrap().into_iter().map(|one| one.default).collect();
        assert_eq!(defaults, [None, Some(json!(0)), Some(json!(7))]);
    }

    #[test]
    fn names_of_members_follow_from_definitions() {
        assert_eq!(member_name("PersonId"), "person");
        assert_eq!(member_name("LicenseNumber"), "license_number");
    }
}
