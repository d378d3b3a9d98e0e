//! Persons: the history knows an id and nothing else; names and addresses live in a table apart
//! that can be erased.

use serde::{Deserialize, Serialize};

use crate::pseudonym::Pseudonym;

/// What happened to a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum PersonEvent {
    /// The person was added.
    Added {
        /// The address for mail, where a customer is registered under it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        email: Option<Pseudonym>,
    },
    /// Name and address were erased.
    Erased {},
}

/// The state of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    erased: bool,
    email: Option<Pseudonym>,
}

impl Person {
    /// Whether name and address were erased.
    #[must_use]
    pub const fn erased(&self) -> bool {
        self.erased
    }

    /// The address for mail, where a customer is registered under it.
    #[must_use]
    pub const fn email(&self) -> Option<&Pseudonym> {
        self.email.as_ref()
    }

    /// Takes an event into the state.
    pub fn apply(&mut self, event: &PersonEvent) {
        match event {
            PersonEvent::Added { email } => self.email.clone_from(email),
            PersonEvent::Erased {} => *self = Self { erased: true, email: None },
        }
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
    /// The company.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    /// A telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// A tax number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_id: Option<String>,
}

impl PersonFields {
    /// The longest name or address, in bytes.
    pub const BYTES_MAX: usize = 320;

    /// Every text there is.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &String> {
        let Self { name, email, company, phone, tax_id } = self;
        [Some(name), email.as_ref(), company.as_ref(), phone.as_ref(), tax_id.as_ref()]
            .into_iter()
            .flatten()
    }
}

impl std::fmt::Debug for PersonFields {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PersonFields(…)")
    }
}
