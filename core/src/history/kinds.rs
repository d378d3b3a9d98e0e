//! The kinds of events, as the events themselves know them.

use std::{collections::BTreeSet, fmt};

use serde::{
    Deserialize,
    de::{self, value::StrDeserializer},
};

use super::Event;
use crate::{
    batch::BatchEvent,
    catalogue::CatalogueEvent,
    customer::CustomerEvent,
    error::{ErrorKind, Refusal, Result},
    partner::PartnerEvent,
    person::PersonEvent,
};

/// The error of an enum that is asked for a variant it does not have: it lists those it has.
#[derive(Debug)]
struct Variants(&'static [&'static str]);

impl fmt::Display for Variants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(", "))
    }
}

impl std::error::Error for Variants {}

impl de::Error for Variants {
    fn custom<T: fmt::Display>(_message: T) -> Self {
        Self(&[])
    }

    fn unknown_variant(_variant: &str, expected: &'static [&'static str]) -> Self {
        Self(expected)
    }
}

fn variants<'de, E: Deserialize<'de>>() -> &'static [&'static str] {
    let none = StrDeserializer::<Variants>::new("");
    E::deserialize(none).err().map_or(&[], |variants| variants.0)
}

impl Event {
    /// The kinds of events of all streams, as [`Event::name`] gives them.
    ///
    /// ```
    /// use mlicense_core::history::Event;
    /// assert!(Event::kinds().contains("subscription_started"));
    /// assert!(!Event::kinds().contains("subscription_begun"));
    /// ```
    #[must_use]
    pub fn kinds() -> BTreeSet<&'static str> {
        let streams = [
            variants::<CatalogueEvent>(),
            variants::<CustomerEvent>(),
            variants::<BatchEvent>(),
            variants::<PersonEvent>(),
            variants::<PartnerEvent>(),
        ];
        streams.into_iter().flatten().copied().collect()
    }

    /// Refuses a kind that no event has: it would be waited for in vain.
    ///
    /// # Errors
    /// [`ErrorKind::FieldInvalid`].
    pub fn check_kind(kind: &str) -> Result<()> {
        if Self::kinds().contains(kind) {
            return Ok(());
        }
        let shown: String = kind.chars().take(64).collect();
        let refusal = Refusal::new(ErrorKind::FieldInvalid).with("field", "kind");
        Err(refusal.with("value", shown).with("expected", "a kind of event, such as `registered`"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stream_has_its_kinds() {
        for stream in [
            variants::<CatalogueEvent>(),
            variants::<CustomerEvent>(),
            variants::<BatchEvent>(),
            variants::<PersonEvent>(),
            variants::<PartnerEvent>(),
        ] {
            assert!(!stream.is_empty());
        }
        for kind in Event::kinds() {
            assert!(kind.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{kind}");
            Event::check_kind(kind).unwrap();
        }
        for kind in ["", "Registered", "registerd", "registered "] {
            assert_eq!(Event::check_kind(kind).unwrap_err().kind(), ErrorKind::FieldInvalid);
        }
    }
}
