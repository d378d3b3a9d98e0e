//! The pages from which an account is created and changed.

use serde::{Deserialize, Serialize};

use crate::{
    error::{ErrorKind, Refusal, RefusalView, Result},
    id::ProviderId,
    person::{EmailChoice, PersonFields, UserFields, needed},
    policy::{AccountTermPolicy, Country},
    time::{Term, Zone},
    unreadable::unreadable,
};

/// The pages from which an account is created, each filled in as far as it is.
///
/// A value and nothing more: going on or back loses nothing, and leaving it changes nothing
/// (S-ST-04, S-ST-26).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct AccountDraft {
    /// The first page: the customer.
    pub client: ClientPage,
    /// The second page: the address, in the country of the first.
    pub address: AddressPage,
    /// The third page: the administrator.
    pub administrator: UserFields,
}

/// Who the customer is.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct ClientPage {
    /// The name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where the customer is; it decides the data centre.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<Country>,
    /// Where its days begin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<Zone>,
    /// What the customer wants to see on invoices; may be left out. It goes into the history: no
    /// names of people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The term, in months; the usual one of the policy when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub term: Option<Term>,
}

/// The address of a customer. Its country is that of the first page and cannot be given here
/// (S-ST-07).
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct AddressPage {
    /// Street and number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    /// City.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// Postal code; may be left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// A telephone number; may be left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// An address for mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

unreadable! { ClientPage AddressPage }

/// What changes of an account; what is absent stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct AccountChanges {
    /// The first page. Zone and term are not changed here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<ClientPage>,
    /// The second page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<AddressPage>,
}

/// What is wrong with a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct PageProblem {
    /// The page: `client`, `address` or `administrator`.
    pub page: &'static str,
    /// The first thing wrong with it.
    pub refusal: RefusalView,
}

impl AccountDraft {
    /// What is wrong with each page; empty when the account can be created.
    #[must_use]
    pub fn problems(&self, policy: &AccountTermPolicy) -> Vec<PageProblem> {
        let pages = [
            ("client", self.client.complete(policy).map(drop)),
            ("address", self.address.complete().map(drop)),
            (UserFields::PAGE, check_user(&self.administrator, policy).map(drop)),
        ];
        let wrong = pages.into_iter().filter_map(|(page, result)| {
            let refusal = result.err()?.view();
            Some(PageProblem { page, refusal })
        });
        wrong.collect()
    }

    /// The record that goes to the erasable table for the customer.
    ///
    /// # Errors
    /// [`ErrorKind::FieldMissing`] naming page and field.
    pub(crate) fn client_fields(&self, policy: &AccountTermPolicy) -> Result<PersonFields> {
        let (name, _) = self.client.complete(policy)?;
        self.address
            .complete()?
            .filled(PersonFields { name: name.to_owned(), ..PersonFields::default() })
    }
}

/// Checks the page of a user against the identity providers there are (S-ST-18).
pub(crate) fn check_user<'p>(
    user: &'p UserFields,
    policy: &AccountTermPolicy,
) -> Result<&'p ProviderId> {
    user.complete(&[0; 32])?;
    let provider = needed(UserFields::PAGE, "provider", user.provider.as_ref())?;
    policy.provider(provider)?;
    Ok(provider)
}

impl ClientPage {
    const PAGE: &str = "client";
    /// The longest reference, in bytes.
    pub const REFERENCE_BYTES_MAX: usize = 100;

    /// Name and country, once the page is complete.
    fn complete(&self, policy: &AccountTermPolicy) -> Result<(&str, Country)> {
        let name = needed(Self::PAGE, "name", self.name.as_ref())?;
        let country = *needed(Self::PAGE, "country", self.country.as_ref())?;
        needed(Self::PAGE, "zone", self.zone.as_ref())?;
        policy.data_center(country)?;
        self.check_reference()?;
        if let Some(term) = self.term.filter(|term| !policy.terms.contains(term)) {
            return Err(not_offered(term));
        }
        Ok((name, country))
    }

    pub(super) fn check_reference(&self) -> Result<()> {
        let Some(reference) = &self.reference else { return Ok(()) };
        let fits = (1..=Self::REFERENCE_BYTES_MAX).contains(&reference.len());
        if fits && !reference.contains(char::is_control) {
            return Ok(());
        }
        Err(Refusal::new(ErrorKind::FieldInvalid)
            .with("field", "reference")
            .with("value", reference.escape_debug())
            .with("expected", "1 to 100 bytes without control characters"))
    }
}

pub(super) fn not_offered(term: Term) -> Refusal {
    Refusal::new(ErrorKind::TermNotOffered)
        .with("months", term.in_months())
        .with("product", "the account")
}

impl AddressPage {
    const PAGE: &str = "address";

    pub(super) fn complete(&self) -> Result<&Self> {
        needed(Self::PAGE, "street", self.street.as_ref())?;
        needed(Self::PAGE, "city", self.city.as_ref())?;
        needed(Self::PAGE, "email", self.email.as_ref())?;
        Ok(self)
    }

    pub(super) fn filled(&self, fields: PersonFields) -> Result<PersonFields> {
        let lines = [&self.street, &self.postal_code, &self.city];
        let lines: Vec<&str> = lines.into_iter().flatten().map(String::as_str).collect();
        if lines.iter().any(|line| line.contains(char::is_control)) {
            return Err(Refusal::new(ErrorKind::FieldInvalid)
                .with("field", "address")
                .with("value", lines.join(" ").escape_debug())
                .with("expected", "free of control characters"));
        }
        let (phone, email) = (self.phone.clone(), self.email.clone());
        Ok(PersonFields { address: Some(lines.join("\n")), phone, email, ..fields })
    }
}

/// Where mail goes after a change: to the username when it did, or when that is chosen.
pub(crate) fn email_after(
    known: &PersonFields,
    username: Option<&String>,
    choice: Option<&EmailChoice>,
) -> Option<String> {
    let username = username.or(known.username.as_ref());
    match choice {
        Some(EmailChoice::Own(email)) => Some(email.trim().to_owned()),
        Some(EmailChoice::SameAsUsername) => username.cloned(),
        None if known.email_is_username() => username.cloned(),
        None => known.email.clone(),
    }
}
