//! Texts of refusals, one file a language. `{name}` is filled from the refusal's details.

mod en;
mod fr;
mod ja;
mod ru;

use serde::{Deserialize, Serialize};

use super::ErrorKind;

/// A language of texts. JSON form: `en`, `ru`, `ja`, `fr`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Russian.
    Ru,
    /// Japanese.
    Ja,
    /// French.
    Fr,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 4] = [Self::En, Self::Ru, Self::Ja, Self::Fr];

    /// Finds a language by its code or locale: `ru`, `ru_RU.UTF-8`, `fr-CA`, or with the three
    /// letters of ISO 639-2, as some systems have it, `rus_RUS`. Anything else is English.
    ///
    /// ```
    /// use mlicense_core::error::Language;
    /// assert_eq!(Language::from_locale("ru_RU.UTF-8"), Language::Ru);
    /// assert_eq!(Language::from_locale("rus_RUS"), Language::Ru);
    /// assert_eq!(Language::from_locale("tlh"), Language::En);
    /// ```
    #[must_use]
    pub fn from_locale(locale: &str) -> Self {
        let code = locale.split(['_', '-', '.']).next().unwrap_or_default();
        match code.to_ascii_lowercase().as_str() {
            "ru" | "rus" => Self::Ru,
            "ja" | "jpn" => Self::Ja,
            "fr" | "fra" | "fre" => Self::Fr,
            _ => Self::En,
        }
    }

    /// The code of the language as in ISO 639-1: `en`, `ru`, `ja` or `fr`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ru => "ru",
            Self::Ja => "ja",
            Self::Fr => "fr",
        }
    }

    pub(super) const fn text(self, kind: ErrorKind) -> Text {
        let (message, remedy) = match self {
            Self::En => en::text(kind),
            Self::Ru => ru::text(kind),
            Self::Ja => ja::text(kind),
            Self::Fr => fr::text(kind),
        };
        Text { message, remedy }
    }
}

/// Message and remedy of a kind, with placeholders.
#[derive(Clone, Copy, Debug)]
pub(super) struct Text {
    pub(super) message: &'static str,
    pub(super) remedy: &'static str,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn placeholders(text: Text) -> BTreeSet<String> {
        let both = format!("{} {}", text.message, text.remedy);
        both.split('{')
            .skip(1)
            .filter_map(|rest| Some(rest.split_once('}')?.0.to_owned()))
            .collect()
    }

    #[test]
    fn a_code_finds_its_language() {
        for language in Language::ALL {
            assert_eq!(Language::from_locale(language.code()), language);
        }
    }

    #[test]
    fn every_language_uses_the_placeholders_of_english() {
        for kind in ErrorKind::ALL {
            let english = placeholders(Language::En.text(*kind));
            for language in Language::ALL {
                let text = language.text(*kind);
                assert_eq!(placeholders(text), english, "{} in {language:?}", kind.name());
                assert!(!text.message.ends_with(['.', '。']), "{} in {language:?}", kind.name());
                assert!(!text.remedy.is_empty());
            }
        }
    }
}
