//! Values as 1C has them, and the parameters of a call.

use chrono::{NaiveDate, NaiveDateTime};
use mlicense_core::error::Result;

use crate::fault;

/// A value of 1C.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// `Неопределено`.
    Empty,
    /// `Булево`.
    Flag(bool),
    /// `Число` without a fraction.
    Integer(i64),
    /// `Число`.
    Number(f64),
    /// `Дата`, in no zone.
    Date(NaiveDateTime),
    /// `Строка`.
    Text(String),
    /// `ДвоичныеДанные`.
    Data(Vec<u8>),
}

impl Value {
    /// What 1C calls the type.
    const fn type_name(&self) -> &'static str {
        match self {
            Self::Empty => "Undefined",
            Self::Flag(_) => "Boolean",
            Self::Integer(_) | Self::Number(_) => "Number",
            Self::Date(_) => "Date",
            Self::Text(_) => "String",
            Self::Data(_) => "BinaryData",
        }
    }

    /// The empty date of 1C.
    pub(crate) fn empty_date() -> NaiveDateTime {
        NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or_default().and_time(chrono::NaiveTime::MIN)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// A parameter of a method: its name in messages, and what stands for it when it is left out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) when_left_out: LeftOut,
}

/// What 1C passes for a parameter that is left out. Some hosts take only a value that is not empty
/// for a sign that a parameter may be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum LeftOut {
    /// It may not be.
    Never,
    /// The empty text.
    Text,
    /// No.
    Flag,
    /// So many.
    Number(i64),
    /// The empty date.
    Date,
}

impl LeftOut {
    /// The value passed, unless the parameter is needed.
    pub(crate) fn value(self) -> Option<Value> {
        match self {
            Self::Never => None,
            Self::Text => Some("".into()),
            Self::Flag => Some(false.into()),
            Self::Number(number) => Some(Value::Integer(number)),
            Self::Date => Some(Value::Date(Value::empty_date())),
        }
    }
}

/// What a method is called with, taken one after the other.
#[derive(Debug)]
pub(crate) struct Arguments {
    parameters: std::slice::Iter<'static, Parameter>,
    values: std::vec::IntoIter<Value>,
}

impl Arguments {
    /// Refuses more values than there are parameters; those at the end may be missing.
    pub(crate) fn new(parameters: &'static [Parameter], values: Vec<Value>) -> Result<Self> {
        if values.len() > parameters.len() {
            let most = format!("at most {} parameters", parameters.len());
            return Err(fault::not("a call", values.len(), most));
        }
        Ok(Self { parameters: parameters.iter(), values: values.into_iter() })
    }

    fn next(&mut self) -> (&'static str, Value) {
        let name = self.parameters.next().map_or("a parameter", |parameter| parameter.name);
        (name, self.values.next().unwrap_or(Value::Empty))
    }

    /// A text; it may be empty.
    pub(crate) fn text(&mut self) -> Result<String> {
        match self.next() {
            (_, Value::Text(text)) => Ok(text),
            (name, other) => Err(fault::not(name, other.type_name(), "String")),
        }
    }

    /// A text, unless it is empty or left out.
    pub(crate) fn optional_text(&mut self) -> Result<Option<String>> {
        match self.next() {
            (_, Value::Empty) => Ok(None),
            (_, Value::Text(text)) => Ok(Some(text).filter(|text| !text.is_empty())),
            (name, other) => Err(fault::not(name, other.type_name(), "String")),
        }
    }

    /// The bytes of data, or of a text as UTF-8.
    pub(crate) fn bytes(&mut self) -> Result<Vec<u8>> {
        match self.next() {
            (_, Value::Data(bytes)) => Ok(bytes),
            (_, Value::Text(text)) => Ok(text.into_bytes()),
            (name, other) => Err(fault::not(name, other.type_name(), "String or BinaryData")),
        }
    }

    /// The bytes as of [`Arguments::bytes`], unless there are none.
    pub(crate) fn optional_bytes(&mut self) -> Result<Option<Vec<u8>>> {
        match self.values.as_slice().first() {
            None | Some(Value::Empty) => {
                self.next();
                Ok(None)
            }
            Some(_) => Ok(Some(self.bytes()?).filter(|bytes| !bytes.is_empty())),
        }
    }

    /// Yes or no; no when it is left out.
    pub(crate) fn flag(&mut self) -> Result<bool> {
        match self.next() {
            (_, Value::Empty) => Ok(false),
            (_, Value::Flag(flag)) => Ok(flag),
            (name, other) => Err(fault::not(name, other.type_name(), "Boolean")),
        }
    }

    /// A whole number that is not below 0, in whichever form 1C has it.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "in the range that was checked"
    )]
    pub(crate) fn count(&mut self) -> Result<u64> {
        // Below this every whole number is one of the other form too.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        let (name, value) = self.next();
        let found = match value {
            Value::Integer(number) => u64::try_from(number).ok(),
            Value::Number(number) if (0.0..=EXACT).contains(&number) && number.fract() == 0.0 => {
                Some(number as u64)
            }
            _ => None,
        };
        found.ok_or_else(|| fault::not(name, value.type_name(), "a whole number from 0 on"))
    }

    /// A date, unless it is the empty one or left out.
    pub(crate) fn date(&mut self) -> Result<Option<NaiveDateTime>> {
        match self.next() {
            (_, Value::Empty) => Ok(None),
            (_, Value::Date(date)) => Ok(Some(date).filter(|date| *date != Value::empty_date())),
            (name, other) => Err(fault::not(name, other.type_name(), "Date")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARAMETERS: &[Parameter] =
        &[Parameter { name: "first", when_left_out: LeftOut::Never }; 1];

    fn given(value: Value) -> Arguments {
        Arguments::new(PARAMETERS, vec![value]).unwrap()
    }

    #[test]
    fn a_number_is_the_same_in_both_forms() {
        for value in [Value::Integer(7), Value::Number(7.0)] {
            assert_eq!(given(value).count().unwrap(), 7);
        }
        for value in [
            Value::Integer(-1),
            Value::Number(-1.0),
            Value::Number(0.5),
            Value::Number(f64::NAN),
            Value::Number(1e19),
            Value::Empty,
            "7".into(),
        ] {
            assert!(given(value).count().is_err());
        }
    }

    #[test]
    fn what_is_left_out_empty_and_undefined_are_the_same() {
        for value in [Value::Empty, "".into()] {
            assert_eq!(given(value.clone()).optional_text().unwrap(), None);
            assert_eq!(given(value).optional_bytes().unwrap(), None);
        }
        for value in [Value::Empty, Value::Date(Value::empty_date())] {
            assert_eq!(given(value).date().unwrap(), None);
        }
        assert!(!given(Value::Empty).flag().unwrap());
        assert_eq!(Arguments::new(PARAMETERS, vec![]).unwrap().optional_text().unwrap(), None);
    }

    #[test]
    fn another_type_is_refused_by_the_name_of_the_parameter() {
        let refusal = given(Value::Flag(true)).text().unwrap_err();
        assert_eq!(refusal.to_string(), "first `Boolean` is not String");
        let refusal = Arguments::new(PARAMETERS, vec![Value::Empty; 2]).unwrap_err();
        assert_eq!(refusal.to_string(), "a call `2` is not at most 1 parameters");
    }
}
