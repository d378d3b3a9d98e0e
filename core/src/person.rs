//! Persons: the history knows an id and nothing else; names and addresses live in a table apart
//! that can be erased.

use serde::{Deserialize, Serialize};

/// What happened to a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum PersonEvent {
    /// The person was added.
    Added {},
    /// Name and address were erased.
    Erased {},
}

/// The state of a person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Person {
    erased: bool,
}

impl Person {
    /// Whether name and address were erased.
    #[must_use]
    pub const fn erased(self) -> bool {
        self.erased
    }

    /// Takes an event into the state.
    pub fn apply(&mut self, event: &PersonEvent) {
        self.erased = matches!(event, PersonEvent::Erased {});
    }
}

/// What is known of a person, outside the history.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "a record of the erasable table")]
pub struct PersonFields {
    /// The name.
    pub name: String,
    /// The address for mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

impl PersonFields {
    /// The longest name or address, in bytes.
    pub const BYTES_MAX: usize = 320;
}

impl std::fmt::Debug for PersonFields {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PersonFields(…)")
    }
}
