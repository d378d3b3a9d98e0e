//! What was told last: the code and text of what went wrong, in the language of the user.

use mlicense_core::{
    document::SignedRefusal,
    error::{ErrorKind, Language, Refusal},
};

use crate::value::Value;

/// What the last call came to; nothing when all went well.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) language: Language,
    last: Last,
}

#[derive(Debug, Default)]
enum Last {
    #[default]
    Well,
    Refused(Refusal),
    /// By a newer vendor's ledger, for a reason that this version does not know.
    Unknown(SignedRefusal),
}

impl Told {
    /// A call begins, in which nothing went wrong yet.
    pub(crate) fn clear(&mut self) {
        self.last = Last::Well;
    }

    pub(crate) fn refuse(&mut self, refusal: Refusal) {
        self.last = Last::Refused(refusal);
    }

    /// Keeps what the vendor refused; the answer bears its number and name only, so the places of
    /// its text are filled with what is known here.
    pub(crate) fn refused_by_vendor(&mut self, signed: &SignedRefusal, product: &str) {
        self.last = signed.kind().map_or_else(
            || Last::Unknown(signed.clone()),
            |kind| {
                let refusal = Refusal::new(kind).with("product", product).with("feature", product);
                let name = signed.name.as_str();
                Last::Refused(refusal.with("detail", name).with("reason", name))
            },
        );
    }

    /// The result, or the fallback of one that was refused.
    pub(crate) fn or<E: Into<Refused>>(
        &mut self,
        result: Result<Value, E>,
        fallback: impl Into<Value>,
    ) -> Value {
        result.unwrap_or_else(|fault| {
            self.refuse(fault.into().0);
            fallback.into()
        })
    }

    pub(crate) fn number(&self) -> u32 {
        match &self.last {
            Last::Well => 0,
            Last::Refused(refusal) => refusal.kind().number(),
            Last::Unknown(signed) => signed.number,
        }
    }

    pub(crate) fn name(&self) -> &str {
        match &self.last {
            Last::Well => "",
            Last::Refused(refusal) => refusal.kind().name(),
            Last::Unknown(signed) => &signed.name,
        }
    }

    pub(crate) fn text(&self) -> String {
        match &self.last {
            Last::Well => String::new(),
            Last::Refused(refusal) => refusal.message(self.language),
            Last::Unknown(signed) => format!("{} {}", signed.number, signed.name),
        }
    }

    pub(crate) fn advice(&self) -> String {
        match &self.last {
            Last::Well | Last::Unknown(_) => String::new(),
            Last::Refused(refusal) => refusal.remedy(self.language),
        }
    }

    /// Keeps a mistake of the caller's, and gives its text.
    pub(crate) fn note(&mut self, refusal: Refusal) -> String {
        self.refuse(refusal);
        self.text()
    }
}

/// A refusal from either side.
#[derive(Debug)]
pub(crate) struct Refused(Refusal);

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self(refusal)
    }
}

impl From<mlicense_host::Error> for Refused {
    fn from(error: mlicense_host::Error) -> Self {
        Self(error.refusal().clone())
    }
}

impl From<mlicense_ledger::Error> for Refused {
    fn from(error: mlicense_ledger::Error) -> Self {
        Self(error.refusal().clone())
    }
}

impl From<ErrorKind> for Refused {
    fn from(kind: ErrorKind) -> Self {
        Self(kind.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told_by_vendor(signed: &str) -> Told {
        let mut told = Told { language: Language::Ru, ..Told::default() };
        told.refused_by_vendor(&serde_json::from_str(signed).unwrap(), "journal");
        told
    }

    #[test]
    fn what_a_vendor_refuses_has_a_text_without_gaps() {
        for kind in [ErrorKind::NoFreeLicense, ErrorKind::NotLicensed] {
            let (number, name) = (kind.number(), kind.name());
            let signed = format!(r#"{{"number": {number}, "name": "{name}"}}"#);
            let told = told_by_vendor(&signed);
            assert_eq!((told.number(), told.name()), (number, name));
            let text = told.text();
            assert!(text.contains("`journal`") && !text.contains("``"), "{text}");
            assert!(!told.advice().is_empty());
        }
    }

    #[test]
    fn a_refusal_that_this_version_does_not_know_is_told_by_number_and_name() {
        let told = told_by_vendor(r#"{"number": 99999, "name": "NEW_REASON"}"#);
        assert_eq!((told.number(), told.name()), (99999, "NEW_REASON"));
        assert_eq!((told.text().as_str(), told.advice().as_str()), ("99999 NEW_REASON", ""));
    }

    #[test]
    fn the_language_counts_when_the_text_is_read() {
        let mut told = Told::default();
        told.refuse(ErrorKind::NoNumber.into());
        let english = told.text();
        told.language = Language::Ru;
        assert_ne!(told.text(), english);
        told.clear();
        assert_eq!((told.number(), told.text().as_str()), (0, ""));
    }
}
