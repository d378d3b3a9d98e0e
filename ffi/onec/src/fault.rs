//! Mistakes of whoever calls the component, for which 1C raises an exception.

use std::fmt::Display;

use mlicense_core::error::{ErrorKind, Refusal};

/// A value that is not what is expected there.
pub(crate) fn not(field: &str, value: impl Display, expected: impl Display) -> Refusal {
    Refusal::new(ErrorKind::FieldInvalid)
        .with("field", field)
        .with("value", value)
        .with("expected", expected)
}

/// A text with half a character.
pub(crate) fn not_text() -> Refusal {
    Refusal::new(ErrorKind::NotUtf8).with("what", "a parameter")
}

/// An object that is not open.
pub(crate) fn closed(object: &str) -> Refusal {
    Refusal::new(ErrorKind::Closed).with("object", object)
}

/// What has to hold and does not.
pub(crate) fn internal(detail: impl Display) -> Refusal {
    Refusal::new(ErrorKind::Internal).with("detail", detail)
}
