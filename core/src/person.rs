//! Persons: the history knows an id and pseudonyms; names and addresses live in a table apart
//! that can be erased.

use serde::{Deserialize, Serialize};

use crate::{
    error::{ErrorKind, Language, Refusal, Result},
    history::StreamId,
    id::{PersonId, ProviderId},
    pseudonym::Pseudonym,
    unreadable::unreadable,
};

/// How somebody signs in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "a record of the history")]
pub struct SignIn {
    /// Who says who it is.
    pub provider: ProviderId,
    /// The language of texts.
    #[serde(default)]
    pub language: Language,
    /// The username.
    pub username: Pseudonym,
}

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
        /// How the person signs in; none for one who does not.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sign_in: Option<SignIn>,
        /// Whose user the person came as, where it signs in: nobody else's users change its record.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<StreamId>,
    },
    /// The mail by which the person is activated was left to be sent.
    ActivationSent {},
    /// The person was activated.
    Activated {},
    /// Name, address or the way of signing in changed.
    Edited {
        /// How the person signs in now; as before when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sign_in: Option<SignIn>,
    },
    /// Name and address were erased.
    Erased {},
}

/// The state of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    erased: bool,
    email: Option<Pseudonym>,
    sign_in: Option<SignIn>,
    of: Option<StreamId>,
    active: bool,
    edits: u64,
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

    /// How the person signs in; none for one who does not.
    #[must_use]
    pub const fn sign_in(&self) -> Option<&SignIn> {
        self.sign_in.as_ref()
    }

    /// Whose user the person came as. Whoever makes a known username a user of its own gets no hold
    /// of the record (S-ST-56).
    #[must_use]
    pub const fn of(&self) -> Option<&StreamId> {
        self.of.as_ref()
    }

    /// Whether the person may sign in.
    #[must_use]
    pub const fn active(&self) -> bool {
        self.active
    }

    /// Grows with every change to the person; a session names the one it began with.
    #[must_use]
    pub const fn edits(&self) -> u64 {
        self.edits
    }

    /// Takes an event into the state.
    pub fn apply(&mut self, event: &PersonEvent) {
        match event {
            PersonEvent::Added { email, sign_in, of } => {
                self.email.clone_from(email);
                self.of.clone_from(of);
                self.sign_in.clone_from(sign_in);
            }
            PersonEvent::ActivationSent {} => {}
            PersonEvent::Activated {} => self.active = true,
            PersonEvent::Edited { sign_in } => {
                self.edits = self.edits.saturating_add(1);
                if sign_in.is_some() {
                    self.sign_in.clone_from(sign_in);
                }
            }
            PersonEvent::Erased {} => {
                let edits = self.edits.saturating_add(1);
                *self = Self { erased: true, edits, ..Self::default() };
            }
        }
    }

    /// Begins the way of signing in that the person has not had yet.
    ///
    /// # Errors
    /// [`ErrorKind::UserAlreadyActive`].
    pub(crate) fn check_waiting(&self, id: &PersonId) -> Result<()> {
        if self.active {
            return Err(Refusal::new(ErrorKind::UserAlreadyActive).with("person", id));
        }
        Ok(())
    }
}

/// What is known of a person, outside the history.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    /// The name by which the person signs in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// The postal address, in lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

impl PersonFields {
    /// The longest name or address, in bytes.
    pub const BYTES_MAX: usize = 320;

    /// Every text there is, and whether it may have several lines.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&String, bool)> {
        let Self { name, email, company, phone, tax_id, username, address } = self;
        let lines = [Some(name), email.as_ref(), company.as_ref(), phone.as_ref()];
        let lines = lines.into_iter().chain([tax_id.as_ref(), username.as_ref()]);
        let lines = lines.flatten().map(|text| (text, false));
        lines.chain(address.as_ref().map(|text| (text, true)))
    }

    /// Whether mail goes to the username (S-ST-22).
    #[must_use]
    pub fn email_is_username(&self) -> bool {
        self.username.is_some() && self.email == self.username
    }
}

/// Where mail to a user goes.
///
/// In JSON `"same_as_username"`, or `{"own": "ann@example.org"}`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_enums, reason = "a closed choice")]
pub enum EmailChoice {
    /// To the username, whatever it is (S-ST-22, S-ST-23).
    #[default]
    SameAsUsername,
    /// To an address of its own.
    Own(String),
}

impl std::fmt::Debug for EmailChoice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::SameAsUsername => f.write_str("SameAsUsername"),
            Self::Own(_) => f.write_str("Own(…)"),
        }
    }
}

/// Who is to become a user: the page of an administrator, filled in as far as it is.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct UserFields {
    /// The name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A telephone number; may be left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The language of texts; usually English.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// Who says who the user is when signing in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<ProviderId>,
    /// The name by which the user signs in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// Where mail goes; usually to the username.
    pub email: EmailChoice,
}

/// What changes of a user; what is absent stays as it is.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct UserChanges {
    /// The name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The language of texts, from the next sign-in on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// The name by which the user signs in; only once the user is active (S-ST-20).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// Where mail goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<EmailChoice>,
}

impl UserFields {
    /// The page these fields stand on.
    pub const PAGE: &str = "administrator";

    /// What goes to the erasable table, and how the user signs in.
    ///
    /// # Errors
    /// [`ErrorKind::FieldMissing`] naming the first field that is needed and missing.
    pub(crate) fn complete(&self, secret: &[u8; 32]) -> Result<(PersonFields, SignIn)> {
        let name = needed(Self::PAGE, "name", self.name.as_ref())?;
        let provider = needed(Self::PAGE, "provider", self.provider.as_ref())?;
        let username = needed(Self::PAGE, "username", self.username.as_ref())?.trim();
        let email = match &self.email {
            EmailChoice::SameAsUsername => username,
            EmailChoice::Own(email) => email.trim(),
        };
        let fields = PersonFields {
            name: name.clone(),
            email: Some(email.to_owned()),
            phone: self.phone.clone(),
            username: Some(username.to_owned()),
            ..PersonFields::default()
        };
        let sign_in = SignIn {
            provider: provider.clone(),
            language: self.language.unwrap_or_default(),
            username: username_pseudonym(username, secret),
        };
        Ok((fields, sign_in))
    }
}

/// What stands in the history for a username.
pub(crate) fn username_pseudonym(username: &str, secret: &[u8; 32]) -> Pseudonym {
    Pseudonym::of("username", username, secret)
}

/// A field that a page has to have.
pub(crate) fn needed<'f, T>(
    page: &'static str,
    field: &'static str,
    value: Option<&'f T>,
) -> Result<&'f T> {
    let missing = || Refusal::new(ErrorKind::FieldMissing).with("page", page).with("field", field);
    value.ok_or_else(missing)
}

unreadable! { PersonFields UserFields UserChanges }
