//! The command's own sentences; outcomes, reasons and refusals have theirs in core.
//!
//! `{name}` is filled from facts. One file a language.

mod en;
mod fr;
mod ja;
mod ru;

use mlicense_core::error::Language;

macro_rules! sentences {
    ($($sentence:ident,)+) => {
        /// A sentence of the command.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Sentence {
            $($sentence,)+
        }

        #[cfg(test)]
        impl Sentence {
            const ALL: &[Self] = &[$(Self::$sentence,)+];
        }
    };
}

sentences! {
    // Files.
    FileUnreadable,
    FileUnwritable,
    FileExists,
    FileMade,
    // The line of a status.
    NotLicensed,
    LicensedForever,
    LicensedUntil,
    LicensedOver,
    GraceNone,
    GraceUntil,
    GraceOver,
    HostAny,
    HostScore,
    HostOther,
    ClockRight,
    ClockWarns,
    ClockWrong,
    RenewNone,
    RenewBy,
    // What came of a document.
    AcceptedLicense,
    AcceptedAnswer,
    AcceptedKeyRing,
    AcceptedRevocations,
    AcceptedTime,
    NothingChanged,
    VendorRefused,
    LicensesEnded,
    // What a licence says.
    SaysPerpetual,
    SaysUpdatesUntil,
    SaysSubscription,
    SaysTrial,
    SaysNodeLocked,
    SaysSite,
    SaysLicensee,
    SaysCustomer,
    SaysSerial,
    SaysIssued,
    SaysLicensedFrom,
    SaysLicensedSpan,
    SaysGrace,
    SaysOffline,
    SaysFeature,
    SaysFeatureCounted,
    SaysFeatureUntil,
    SaysFeatureData,
    SaysNoFeatures,
    SaysSeats,
    SaysDevices,
    SaysHost,
    SaysAnyHost,
    SaysInstallation,
    SaysSigner,
    SaysVerified,
    SaysUnverified,
    // The host.
    HostClass,
    HostFactsHidden,
    // Diagnosis.
    AllWell,
    // Codes.
    CodeRight,
    // The vendor's side.
    Done,
    NothingToChange,
    WouldDo,
    Verified,
    CheckpointMade,
    BackupMade,
    AnswersWritten,
    RowsReport,
    RowsDryRun,
    Exported,
}

/// A sentence in a language, with its facts.
pub(crate) fn say(language: Language, sentence: Sentence, facts: &[(&str, &str)]) -> String {
    let template = text(language, sentence);
    facts.iter().fold(template.to_owned(), |text, (name, value)| {
        text.replace(&format!("{{{name}}}"), value)
    })
}

const fn text(language: Language, sentence: Sentence) -> &'static str {
    match language {
        Language::Ru => ru::text(sentence),
        Language::Ja => ja::text(sentence),
        Language::Fr => fr::text(sentence),
        _ => en::text(sentence),
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
    fn every_language_says_the_same_facts_and_none_ends_in_a_stop() {
        for sentence in Sentence::ALL {
            let english = placeholders(text(Language::En, *sentence));
            for language in Language::ALL {
                let text = text(language, *sentence);
                assert_eq!(placeholders(text), english, "{sentence:?} in {language:?}");
                assert!(!text.ends_with(['.', '。']), "{sentence:?} in {language:?}");
            }
        }
    }

    #[test]
    fn the_languages_differ() {
        for sentence in Sentence::ALL {
            let texts: BTreeSet<_> = Language::ALL.map(|language| text(language, *sentence)).into();
            assert_eq!(texts.len(), Language::ALL.len(), "{sentence:?}");
        }
    }

    #[test]
    fn french_does_not_break_before_its_double_signs() {
        for sentence in Sentence::ALL {
            let text = text(Language::Fr, *sentence);
            for sign in [" :", " ;", " !", " ?", " %"] {
                assert!(!text.contains(sign), "{sentence:?}: `{text}`");
            }
        }
    }
}
