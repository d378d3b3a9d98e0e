//! `Reason`: what one rule said, with the facts it used.

use std::fmt;

use serde::{Serialize, Serializer, ser::SerializeStruct};

use super::{Outcome, text};
use crate::{
    error::Language,
    host_binding::FactKind,
    template,
    time::{Day, Instant},
};

/// Which rule gave a reason; the names are stable and read as the claim that was tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum ReasonCode {
    /// The state, in which licences are kept, could be read.
    StateReached,
    /// A licence has been accepted.
    LicenseHeld,
    /// The licence is for the product asked about.
    ProductMatches,
    /// The licence is for this installation.
    InstallationMatches,
    /// The vendor's newest list does not revoke the licence.
    NotRevoked,
    /// The host is still the one that was enrolled.
    HostMatches,
    /// The licence does not come from the future.
    IssuedByNow,
    /// Nothing contradicts the clock that tells the time.
    ClockTrusted,
    /// The licensed time holds this instant.
    LicensedNow,
    /// The grace before anything was licensed holds this instant.
    InitialGrace,
    /// The grace after the licensed time holds this instant.
    RenewalGrace,
    /// The time of use without contact to the vendor has not ended.
    OfflineAllowed,
    /// The licence names the feature.
    FeatureIncluded,
    /// The feature's own end has not come.
    FeatureNotEnded,
    /// The licence covers the device asked for.
    DeviceCovered,
    /// The version of the program is one that the licence covers.
    UpdatesCovered,
    /// The vendor's newest list is not late; a late one only warns.
    RevocationsCurrent,
    /// The licence states how many; whoever hands them out counts.
    Quantity,
}

/// A fact that a rule used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Detail {
    /// A name or an id.
    Text(Box<str>),
    /// A count.
    Number(u64),
    /// A civil day in the customer's zone.
    Day(Day),
    /// An instant in UTC.
    Instant(Instant),
    /// Kinds of host facts.
    Facts(Vec<FactKind>),
}

impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => number.fmt(f),
            Self::Day(day) => day.fmt(f),
            Self::Instant(instant) => instant.fmt(f),
            Self::Facts(kinds) => {
                let names: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
                f.write_str(&names.join(", "))
            }
        }
    }
}

/// What one rule said.
///
/// JSON form: `{"code": "HOST_MATCHES", "passed": false, "facts": {"score": 3, …}}`.
#[derive(Clone, PartialEq, Eq)]
pub struct Reason {
    phrase: Phrase,
    details: Vec<(&'static str, Detail)>,
}

impl Reason {
    pub(super) const fn new(phrase: Phrase) -> Self {
        Self { phrase, details: Vec::new() }
    }

    pub(super) fn with(mut self, name: &'static str, detail: Detail) -> Self {
        self.details.push((name, detail));
        self
    }

    pub(super) fn with_all<const N: usize>(mut self, details: [(&'static str, Detail); N]) -> Self {
        self.details.extend(details);
        self
    }

    /// Which rule it was.
    #[must_use]
    pub const fn code(&self) -> ReasonCode {
        self.phrase.code()
    }

    /// Whether what the code claims is so.
    #[must_use]
    pub const fn passed(&self) -> bool {
        self.phrase.passed()
    }

    /// The facts that the rule used, in a fixed order.
    pub fn details(&self) -> impl Iterator<Item = (&'static str, &Detail)> {
        self.details.iter().map(|(name, detail)| (*name, detail))
    }

    /// One fact by its name.
    #[must_use]
    pub fn detail(&self, name: &str) -> Option<&Detail> {
        self.details.iter().find(|(other, _)| *other == name).map(|(_, detail)| detail)
    }

    /// What the rule found, in one clause without a final stop.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        self.fill(text::of(language, self.phrase))
    }

    /// What would change the answer; nothing for a rule that passed.
    #[must_use]
    pub fn remedy(&self, language: Language) -> Option<String> {
        text::remedy(language, self.phrase).map(|template| self.fill(template))
    }

    pub(super) const fn phrase(&self) -> Phrase {
        self.phrase
    }

    fn fill(&self, template: &str) -> String {
        template::fill(template, |name| self.detail(name).map(ToString::to_string))
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Language::En))
    }
}

impl fmt::Debug for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.passed() { "passed" } else { "failed" };
        write!(f, "{:?} {verdict}: {self}", self.code())
    }
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut form = to.serialize_struct("Reason", 3)?;
        form.serialize_field("code", &self.code())?;
        form.serialize_field("passed", &self.passed())?;
        form.serialize_field("facts", &Details(&self.details))?;
        form.end()
    }
}

struct Details<'a>(&'a [(&'static str, Detail)]);

impl Serialize for Details<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.0.iter().map(|(name, detail)| (name, detail)))
    }
}

macro_rules! phrases {
    ($($phrase:ident $code:ident $passed:literal,)+) => {
        /// What a rule can find; the key of the table of texts.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Phrase {
            $($phrase,)+
        }

        impl Phrase {
            #[cfg(test)]
            pub(super) const ALL: &[Self] = &[$(Self::$phrase,)+];

            const fn code(self) -> ReasonCode {
                match self { $(Self::$phrase => ReasonCode::$code,)+ }
            }

            pub(super) const fn passed(self) -> bool {
                match self { $(Self::$phrase => $passed,)+ }
            }
        }
    };
}

impl Phrase {
    /// The outcome when every other rule passes; none for what is not about time or is not now.
    pub(super) const fn permits(self) -> Option<Outcome> {
        match (self.passed(), self.code()) {
            (true, ReasonCode::LicensedNow) => Some(Outcome::Licensed),
            (true, ReasonCode::InitialGrace | ReasonCode::RenewalGrace) => Some(Outcome::Grace),
            _ => None,
        }
    }

    /// Whether it is about the licensed time or the grace, of which one is enough.
    pub(super) const fn is_about_time(self) -> bool {
        matches!(
            self.code(),
            ReasonCode::LicensedNow | ReasonCode::InitialGrace | ReasonCode::RenewalGrace
        )
    }

    /// Whether it is about the clock, which by itself stops nothing: the verdict does.
    pub(super) const fn is_about_clock(self) -> bool {
        matches!(self.code(), ReasonCode::ClockTrusted)
    }

    /// Whether it denies by itself.
    pub(super) const fn stops(self) -> bool {
        let warns = self.is_about_clock() || matches!(self, Self::ListStale);
        !self.passed() && !self.is_about_time() && !warns
    }
}

phrases! {
    StateGrace StateReached false,
    StateOver StateReached false,
    NoLicense LicenseHeld false,
    ProductSame ProductMatches true,
    ProductOther ProductMatches false,
    InstallationSame InstallationMatches true,
    InstallationOther InstallationMatches false,
    ListClears NotRevoked true,
    Revoked NotRevoked false,
    HostSame HostMatches true,
    HostOther HostMatches false,
    IssuedBefore IssuedByNow true,
    IssuedInFuture IssuedByNow false,
    ClockAgrees ClockTrusted true,
    ClockAhead ClockTrusted false,
    ClockBehind ClockTrusted false,
    LicensedUntil LicensedNow true,
    LicensedForever LicensedNow true,
    LicensedNotYet LicensedNow false,
    LicensedOver LicensedNow false,
    LicensedNever LicensedNow false,
    InitialGraceUntil InitialGrace true,
    InitialGraceNotYet InitialGrace false,
    InitialGraceOver InitialGrace false,
    RenewalGraceUntil RenewalGrace true,
    RenewalGraceNotYet RenewalGrace false,
    RenewalGraceOver RenewalGrace false,
    OfflineUntil OfflineAllowed true,
    OfflineOver OfflineAllowed false,
    WholeProduct FeatureIncluded true,
    FeatureNamed FeatureIncluded true,
    FeatureMissing FeatureIncluded false,
    FeatureUntil FeatureNotEnded true,
    FeatureOver FeatureNotEnded false,
    DeviceCovered DeviceCovered true,
    DeviceOther DeviceCovered false,
    UpdatesIncluded UpdatesCovered true,
    UpdatesOver UpdatesCovered false,
    UpdatesUnknown UpdatesCovered false,
    ListCurrent RevocationsCurrent true,
    ListStale RevocationsCurrent false,
    QuantityStated Quantity true,
}
