//! Texts of reasons and decisions, one file a language. `{name}` is filled from the details.

mod en;
mod fr;
mod ja;
mod ru;

use super::reason::Phrase;
use crate::error::Language;

/// What a rule found.
pub(super) const fn of(language: Language, phrase: Phrase) -> &'static str {
    match language {
        Language::En => en::text(phrase),
        Language::Ru => ru::text(phrase),
        Language::Ja => ja::text(phrase),
        Language::Fr => fr::text(phrase),
    }
}

/// What would change it; nothing for what passed.
pub(super) const fn remedy(language: Language, phrase: Phrase) -> Option<&'static str> {
    match language {
        Language::En => en::remedy(phrase),
        Language::Ru => ru::remedy(phrase),
        Language::Ja => ja::remedy(phrase),
        Language::Fr => fr::remedy(phrase),
    }
}

/// The sentence of a decision, with `{feature}` and `{reason}`.
pub(super) const fn sentence(language: Language, allowed: bool) -> &'static str {
    match (language, allowed) {
        (Language::En, true) => "`{feature}` may run: {reason}",
        (Language::En, false) => "`{feature}` may not run: {reason}",
        (Language::Ru, true) => "`{feature}` можно использовать: {reason}",
        (Language::Ru, false) => "`{feature}` использовать нельзя: {reason}",
        (Language::Ja, true) => "`{feature}` は使用できます: {reason}",
        (Language::Ja, false) => "`{feature}` は使用できません: {reason}",
        (Language::Fr, true) => "`{feature}` peut être utilisé : {reason}",
        (Language::Fr, false) => "`{feature}` ne peut pas être utilisé : {reason}",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn placeholders(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect()
    }

    #[test]
    fn every_language_uses_the_placeholders_of_english() {
        for phrase in Phrase::ALL {
            for language in Language::ALL {
                let (text, english) = (of(language, *phrase), of(Language::En, *phrase));
                assert_eq!(placeholders(text), placeholders(english), "{phrase:?} {language:?}");
                assert!(!text.is_empty() && !text.ends_with(['.', '。']), "{phrase:?}");
            }
        }
    }

    #[test]
    fn what_failed_has_a_remedy_and_what_passed_has_none() {
        for phrase in Phrase::ALL {
            for language in Language::ALL {
                assert_eq!(remedy(language, *phrase).is_none(), phrase.passed(), "{phrase:?}");
            }
        }
    }

    #[test]
    fn no_language_repeats_another() {
        for phrase in Phrase::ALL {
            let texts: BTreeSet<_> = Language::ALL.map(|l| of(l, *phrase)).into();
            assert_eq!(texts.len(), Language::ALL.len(), "{phrase:?}");
        }
    }

    #[test]
    fn french_tells_the_trial_of_the_first_days_from_the_grace_of_a_renewal() {
        let text = |phrase| of(Language::Fr, phrase);
        assert!(text(Phrase::InitialGraceUntil).contains("période d’essai"));
        assert!(text(Phrase::RenewalGraceUntil).contains("délai de grâce"));
    }
}
