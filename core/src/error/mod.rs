//! Refusals: what a caller asked for and may not have, and why.
//!
//! One number space serves Rust, C, 1C and Python. A number is never reused. Each kind has a stable
//! name, a text and a remedy in four languages; the texts live in one file a language.
//!
//! A refusal is not a denial: "this customer is not licensed" is an answer, never an error.

mod kind;
mod text;

use std::fmt;

use serde::Serialize;

pub use kind::{ErrorClass, ErrorKind};
pub use text::Language;

/// The result of everything that can be refused.
pub type Result<T, E = Refusal> = std::result::Result<T, E>;

/// A caller's mistake: nothing was changed.
///
/// Carries its [`ErrorKind`] and the facts that fill the placeholders of its text.
///
/// ```
/// use mlicense_core::time::Day;
/// use mlicense_core::error::{ErrorKind, Language};
///
/// let refusal = "2026-02-30".parse::<Day>().unwrap_err();
/// assert_eq!(refusal.kind(), ErrorKind::DateInvalid);
/// assert_eq!(refusal.to_string(), "`2026-02-30` is not a date between 1970-01-01 and 9999-12-31");
/// assert!(refusal.message(Language::Fr).contains("2026-02-30"));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Refusal(Box<Facts>);

#[derive(Clone, PartialEq, Eq)]
struct Facts {
    kind: ErrorKind,
    details: Vec<(&'static str, String)>,
}

impl Refusal {
    /// Makes a refusal without details.
    #[must_use]
    pub fn new(kind: ErrorKind) -> Self {
        Self(Box::new(Facts { kind, details: Vec::new() }))
    }

    /// Refuses a number that is over its limit; `what` says what is counted, and ends in a colon.
    #[cfg(feature = "zones")]
    pub(crate) fn over(
        what: &'static str,
        value: impl fmt::Display,
        max: impl fmt::Display,
    ) -> Self {
        let refusal = Self::new(ErrorKind::QuantityOutOfRange).with("what", what);
        refusal.with("value", value).with("min", 0).with("max", max)
    }

    /// Adds a fact; it replaces `{name}` in the text and appears in [`Refusal::details`].
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.0.details.push((name, value.to_string()));
        self
    }

    /// The kind, to match on.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The facts given, in the order they were added.
    pub fn details(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.details.iter().map(|(name, value)| (*name, value.as_str()))
    }

    /// What was refused and why, in one sentence without a final stop.
    #[must_use]
    pub fn message(&self, language: Language) -> String {
        self.fill(self.kind().text(language).message)
    }

    /// What the caller can do about it.
    #[must_use]
    pub fn remedy(&self, language: Language) -> String {
        self.fill(self.kind().text(language).remedy)
    }

    /// The refusal as data, with its text in English.
    #[must_use]
    pub fn view(&self) -> RefusalView {
        self.view_in(Language::En)
    }

    /// The refusal as data, with its text in `language`.
    #[must_use]
    pub fn view_in(&self, language: Language) -> RefusalView {
        RefusalView {
            number: self.kind().number(),
            name: self.kind().name(),
            message: self.message(language),
            remedy: self.remedy(language),
        }
    }

    fn fill(&self, template: &str) -> String {
        self.details().fold(template.to_owned(), |text, (name, value)| {
            text.replace(&format!("{{{name}}}"), value)
        })
    }
}

/// A refusal as it appears in views and across languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct RefusalView {
    /// The stable number.
    pub number: u32,
    /// The stable name.
    pub name: &'static str,
    /// What was refused and why.
    pub message: String,
    /// What the caller can do about it.
    pub remedy: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(Language::En))
    }
}

impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {self}", self.kind().number(), self.kind().name())
    }
}

impl std::error::Error for Refusal {}

impl From<ErrorKind> for Refusal {
    fn from(kind: ErrorKind) -> Self {
        Self::new(kind)
    }
}
