//! `Owner`: who asks for a registration number.

use serde::{Deserialize, Serialize};

use super::{
    jws::DocumentType,
    payload::{check_private, contradiction},
};
use crate::error::Result;

/// The longest address for mail, in bytes.
const EMAIL_BYTES_MAX: usize = 320;
/// The longest name or number, in bytes; a licence shows the company.
const TEXT_BYTES_MAX: usize = 256;

/// Who asks for a registration number, and under which address the vendor finds them.
///
/// To register, company, contact and zone are needed; to find a number again, the address alone
/// (S-MK-07).
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(expecting = "an owner")]
#[non_exhaustive]
pub struct Owner {
    /// The address for mail: 3 to 320 bytes with an `@`.
    pub email: String,
    /// The company: 1 to 256 bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    /// The person to speak with: 1 to 256 bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// The IANA time zone in which the company's days begin, such as `Europe/Berlin`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// A telephone number: 1 to 256 bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// A tax number: 1 to 256 bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_id: Option<String>,
}

impl Owner {
    /// An owner of whom the address is known.
    #[must_use]
    pub fn new(email: &str) -> Self {
        Self { email: email.into(), ..Self::default() }
    }

    pub(super) fn check(&self) -> Result<()> {
        let Self { email, company, contact, zone, phone, tax_id } = self;
        let optional = [
            ("company", company),
            ("contact", contact),
            ("zone", zone),
            ("phone", phone),
            ("tax_id", tax_id),
        ];
        for (field, text) in optional {
            if let Some(text) = text {
                check_private(field, text, TEXT_BYTES_MAX)?;
            }
        }
        check_private("email", email, EMAIL_BYTES_MAX)?;
        match email.trim().split_once('@') {
            Some((local, domain))
                if !local.is_empty()
                    && !domain.is_empty()
                    && !email.trim().contains([' ', ',', ';', '<', '>']) =>
            {
                Ok(())
            }
            _ => Err(contradiction(DocumentType::Request, "its e-mail is no address")),
        }
    }

    /// What is needed to register, each named when it is missing.
    pub(super) fn check_to_register(&self) -> Result<()> {
        let needed = [("company", &self.company), ("contact", &self.contact), ("zone", &self.zone)];
        for (field, text) in needed {
            if text.is_none() {
                let detail = format!("its owner has no `{field}`");
                return Err(contradiction(DocumentType::Request, detail));
            }
        }
        Ok(())
    }
}

impl std::fmt::Debug for Owner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Owner(…)")
    }
}
