//! What goes to the vendor and what comes back.

use mlicense_core::{
    document::{License, RequestKind},
    error::{Refusal, RefusalView, Result},
    json as read_json,
};
use mlicense_host::RequestDetails;
use serde::{
    Deserialize, Serialize,
    de::{IntoDeserializer, value::Error as NoKind},
};

use super::{Client, json};
use crate::{
    fault,
    told::Refused,
    value::{Arguments, Value},
};

/// The largest fields of a request, in bytes of JSON.
const FIELDS_BYTES_MAX: usize = 64 * 1024;

/// What requests are called in a configuration, beside the names that they bear.
const KINDS: [(&str, &str); 9] = [
    ("регистрация", "register"),
    ("номер", "number"),
    ("пробная", "trial"),
    ("купон", "coupon"),
    ("система", "system"),
    ("обновление", "refresh"),
    ("привязка", "rebind"),
    ("восстановление", "recover"),
    ("возврат", "release"),
];

impl Client {
    pub(super) fn request(&mut self, arguments: &mut Arguments) -> Result<Value> {
        let (open, told) = self.opened()?;
        let kind = request_kind(&arguments.text()?)?;
        let (fields, at) = (arguments.optional_text()?, open.instant(arguments)?);
        let written = (|| -> Result<_, Refused> {
            let details = match fields {
                Some(json) => read_json::read("the fields", json.as_bytes(), FIELDS_BYTES_MAX)?,
                None => RequestDetails::default(),
            };
            let client = &mut open.client;
            Ok(match at {
                Some(at) => client.request_at(kind, details, at)?,
                None => client.request(kind, details)?,
            }
            .into())
        })();
        Ok(told.or(written, ""))
    }

    pub(super) fn deactivate(&mut self, arguments: &mut Arguments) -> Result<Value> {
        let (open, told) = self.opened()?;
        let at = open.instant(arguments)?;
        let client = &mut open.client;
        let written = match at {
            Some(at) => client.deactivate_at(at),
            None => client.deactivate(),
        };
        Ok(told.or(written.map(Value::from), ""))
    }

    pub(super) fn accept(&mut self, arguments: &mut Arguments) -> Result<Value> {
        self.accepted.clear();
        let (open, told) = self.opened()?;
        let (document, at) = (arguments.bytes()?, open.instant(arguments)?);
        let client = &mut open.client;
        let taken = match at {
            Some(at) => client.accept_at(&document, at),
            None => client.accept(&document),
        };
        let accepted = match taken {
            Ok(accepted) => accepted,
            Err(refused) => return Ok(told.or(Err(refused), false)),
        };
        if let Some(refusal) = &accepted.refusal {
            told.refused_by_vendor(refusal, open.client.product().as_str());
        }
        self.accepted = json(&accepted)?;
        Ok(accepted.refusal.is_none().into())
    }

    pub(super) fn licenses(&mut self) -> Result<Value> {
        let (open, told) = self.opened()?;
        let licenses = open.client.licenses().collect();
        let view = |notice: &Refusal| notice.view_in(told.language);
        let notices = open.client.notices().iter().map(view).collect();
        Ok(json(&Held { licenses, notices })?.into())
    }
}

fn request_kind(name: &str) -> Result<RequestKind> {
    let lower = name.trim().to_lowercase();
    let known = KINDS.iter().find(|(russian, _)| *russian == lower);
    let english = known.map_or(lower.as_str(), |(_, english)| english);
    RequestKind::deserialize(english.into_deserializer()).map_err(|_: NoKind| {
        let shown: String = name.chars().take(64).collect();
        fault::not("Kind", shown, "a kind of request")
    })
}

#[derive(Serialize)]
struct Held<'c> {
    licenses: Vec<&'c License>,
    notices: Vec<RefusalView>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_request_has_a_name_in_either_language() {
        for (russian, english) in KINDS {
            let kind = request_kind(english).unwrap();
            assert_eq!(kind.name(), english);
            assert_eq!(request_kind(&format!(" {}\n", russian.to_uppercase())).unwrap(), kind);
        }
        assert!(request_kind("чек").is_err());
    }
}
