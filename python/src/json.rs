//! JSON: mappings of Python become JSON text for core, and JSON text of core becomes dicts.

use std::fmt::{self, Write};

use mlicense_core::error::{ErrorKind, Refusal};
use pyo3::{
    IntoPyObjectExt,
    exceptions::PyTypeError,
    intern,
    prelude::*,
    types::{
        PyBool, PyBytes, PyDate, PyDateTime, PyDict, PyFloat, PyInt, PyList, PyMapping, PyString,
        PyTuple,
    },
};
use serde::{
    Serialize,
    de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor},
};

use crate::{
    error::{Fault, Result},
    signing::PublicKey,
    time,
};

/// Deeper than any command; a list that contains itself ends here.
const DEPTH_MAX: usize = 64;
/// The method of a class whose values know their JSON.
const TO_JSON: &str = "to_json";

/// What a caller gives as JSON: what it is called in refusals, and the most bytes core takes.
#[derive(Clone, Copy)]
pub(crate) struct Given {
    pub(crate) what: &'static str,
    pub(crate) bytes_max: usize,
}

impl Given {
    /// The JSON text of a mapping; a text is taken as it is.
    pub(crate) fn text(self, value: &Bound<'_, PyAny>) -> Result<String> {
        if let Ok(text) = value.cast::<PyString>() {
            return Ok(self.utf8(text)?);
        }
        let mapping = value.is_instance_of::<PyDict>() || value.cast::<PyMapping>().is_ok();
        if !mapping && !typed(value)? {
            let kind = value.get_type().name()?;
            let text = format!(
                "{} must be a value of its class, a mapping or JSON text, not {kind}",
                self.what
            );
            return Err(PyTypeError::new_err(text).into());
        }
        let mut writer = Writer { given: self, text: String::new() };
        writer.value(value, 1)?;
        Ok(writer.text)
    }

    fn utf8(self, text: &Bound<'_, PyString>) -> Result<String, Refusal> {
        match text.to_cow() {
            Ok(text) => Ok(text.into_owned()),
            Err(_) => Err(Refusal::new(ErrorKind::NotUtf8).with("what", self.what)),
        }
    }

    fn invalid(self, detail: impl fmt::Display) -> Fault {
        let refusal = Refusal::new(ErrorKind::JsonInvalid);
        refusal.with("what", self.what).with("detail", detail).into()
    }
}

/// Whether a value is one of the package's own classes, which know their JSON.
fn typed(value: &Bound<'_, PyAny>) -> PyResult<bool> {
    value.get_type().hasattr(intern!(value.py(), TO_JSON))
}

struct Writer {
    given: Given,
    text: String,
}

impl Writer {
    fn value(&mut self, value: &Bound<'_, PyAny>, depth: usize) -> Result<()> {
        if depth > DEPTH_MAX {
            return Err(self.given.invalid(format_args!("nested deeper than {DEPTH_MAX}")));
        }
        if value.is_none() {
            self.push("null")
        } else if let Ok(truth) = value.cast::<PyBool>() {
            self.push(if truth.is_true() { "true" } else { "false" })
        } else if value.is_instance_of::<PyInt>() {
            self.integer(value)
        } else if let Ok(text) = value.cast::<PyString>() {
            let text = self.given.utf8(text)?;
            self.string(&text)
        } else if let Ok(bytes) = value.cast::<PyBytes>() {
            self.bytes(bytes)
        } else if let Ok(moment) = value.cast::<PyDateTime>() {
            self.string(&time::instant(moment)?.to_string())
        } else if let Ok(date) = value.cast::<PyDate>() {
            self.string(&time::day(date)?.to_string())
        } else if let Ok(key) = value.cast::<PublicKey>() {
            self.string(&key.get().0.to_string())
        } else {
            self.container(value, depth)
        }
    }

    fn container(&mut self, value: &Bound<'_, PyAny>, depth: usize) -> Result<()> {
        if let Ok(list) = value.cast::<PyList>() {
            self.array(list.iter(), depth)
        } else if let Ok(tuple) = value.cast::<PyTuple>() {
            self.array(tuple.iter(), depth)
        } else if let Ok(dict) = value.cast::<PyDict>() {
            self.object(dict.items().iter(), depth)
        } else if let Ok(mapping) = value.cast::<PyMapping>() {
            self.object(mapping.items()?.iter(), depth)
        } else if typed(value)? {
            self.value(&value.call_method0(intern!(value.py(), TO_JSON))?, depth)
        } else if value.is_instance_of::<PyFloat>() {
            let number = value.str()?;
            Err(self.given.invalid(format_args!("{number} is not a whole number")))
        } else {
            let kind = value.get_type().name()?;
            Err(self.given.invalid(format_args!("a value of type {kind}")))
        }
    }

    fn integer(&mut self, value: &Bound<'_, PyAny>) -> Result<()> {
        match (value.extract::<i64>(), value.extract::<u64>()) {
            (Ok(number), _) => self.push(&number.to_string()),
            (_, Ok(number)) => self.push(&number.to_string()),
            _ => Err(self.given.invalid("a number that does not fit 64 bits")),
        }
    }

    /// Documents are bytes in Python and text in JSON.
    fn bytes(&mut self, bytes: &Bound<'_, PyBytes>) -> Result<()> {
        match std::str::from_utf8(bytes.as_bytes()) {
            Ok(text) => self.string(text),
            Err(_) => Err(Refusal::new(ErrorKind::NotUtf8).with("what", self.given.what).into()),
        }
    }

    fn array<'py>(
        &mut self,
        items: impl Iterator<Item = Bound<'py, PyAny>>,
        depth: usize,
    ) -> Result<()> {
        let mut separator = "[";
        for item in items {
            self.push(separator)?;
            self.value(&item, depth.saturating_add(1))?;
            separator = ",";
        }
        self.push(if separator == "[" { "[]" } else { "]" })
    }

    fn object<'py>(
        &mut self,
        items: impl Iterator<Item = Bound<'py, PyAny>>,
        depth: usize,
    ) -> Result<()> {
        let mut separator = "{";
        for item in items {
            let (name, value): (Bound<'_, PyAny>, Bound<'_, PyAny>) = item.extract()?;
            let Ok(name) = name.cast::<PyString>() else {
                let kind = name.get_type().name()?;
                return Err(self.given.invalid(format_args!("a member named by {kind}")));
            };
            self.push(separator)?;
            let name = self.given.utf8(name)?;
            self.string(&name)?;
            self.push(":")?;
            self.value(&value, depth.saturating_add(1))?;
            separator = ",";
        }
        self.push(if separator == "{" { "{}" } else { "}" })
    }

    fn string(&mut self, text: &str) -> Result<()> {
        self.fits(text.len())?;
        let quoted = serde_json::to_string(text).map_err(Fault::internal)?;
        self.push(&quoted)
    }

    fn push(&mut self, text: &str) -> Result<()> {
        self.fits(text.len())?;
        self.text.write_str(text).map_err(Fault::internal)
    }

    /// Core would refuse it by its size; said here, before more is written.
    fn fits(&self, more: usize) -> Result<()> {
        let size = self.text.len().saturating_add(more);
        if size <= self.given.bytes_max {
            return Ok(());
        }
        Err(Refusal::new(ErrorKind::InputTooLarge)
            .with("what", self.given.what)
            .with("size", size)
            .with("limit", self.given.bytes_max)
            .into())
    }
}

/// The JSON text of one text.
pub(crate) fn quoted(given: Given, text: &Bound<'_, PyString>) -> Result<String> {
    serde_json::to_string(&given.utf8(text)?).map_err(Fault::internal)
}

/// Gives a value out as Python's own types, members in the order in which they are written.
pub(crate) fn object<'py, T: Serialize>(py: Python<'py>, value: &T) -> Result<Bound<'py, PyAny>> {
    let text = serde_json::to_string(value).map_err(Fault::internal)?;
    parsed(py, &text)
}

/// Gives JSON text of core out as Python's own types.
pub(crate) fn parsed<'py>(py: Python<'py>, text: &str) -> Result<Bound<'py, PyAny>> {
    let mut reader = serde_json::Deserializer::from_str(text);
    Reader(py).deserialize(&mut reader).map_err(Fault::internal)
}

/// Gives an answer out without the name of its kind, which is that of the question.
pub(crate) fn answer<'py, T: Serialize>(py: Python<'py>, value: &T) -> Result<Bound<'py, PyAny>> {
    let tagged = object(py, value)?.cast_into::<PyDict>().map_err(PyErr::from)?;
    let inner = tagged.values().get_item(0)?;
    Ok(inner)
}

#[derive(Clone, Copy)]
struct Reader<'py>(Python<'py>);

impl<'py> Reader<'py> {
    fn made<E: Error>(self, value: impl IntoPyObject<'py>) -> Result<Bound<'py, PyAny>, E> {
        value.into_bound_py_any(self.0).map_err(E::custom)
    }
}

impl<'de, 'py> DeserializeSeed<'de> for Reader<'py> {
    type Value = Bound<'py, PyAny>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de, 'py> Visitor<'de> for Reader<'py> {
    type Value = Bound<'py, PyAny>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON without fractions")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(self.0.None().into_bound(self.0))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        self.made(value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        self.made(value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        self.made(value)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Self::Value, E> {
        self.made(value)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Self::Value, A::Error> {
        let list = PyList::empty(self.0);
        while let Some(item) = array.next_element_seed(self)? {
            list.append(item).map_err(A::Error::custom)?;
        }
        Ok(list.into_any())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let dict = PyDict::new(self.0);
        while let Some(name) = object.next_key::<String>()? {
            let value = object.next_value_seed(self)?;
            dict.set_item(name, value).map_err(A::Error::custom)?;
        }
        Ok(dict.into_any())
    }
}
