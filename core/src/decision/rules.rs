//! The rules, each asked once and in this order.

use super::{
    Outcome, Reason,
    reason::{Detail, Phrase},
};
use crate::{
    document::{Feature, License, LicenseClaims, Moment, Span},
    evidence::{Present, Verdict},
    host_binding::HostMatch,
    id::{ID_BYTES_MAX, ProductId},
    signing::KeyId,
    time::{Day, Instant},
};

/// How far in the future a licence may have been issued, in seconds, inclusive: clocks differ
/// (S-MK-72).
pub const CLOCK_SKEW_SECONDS_MAX: i64 = 300;

/// A verified licence and how the host compares with the one it is bound to.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "a licence and its host, by construction")]
pub struct Candidate<'a> {
    /// The licence.
    pub license: &'a License,
    /// The comparison for this licence; [`HostMatch::default`] when it is bound to no host.
    pub host: &'a HostMatch,
}

/// What is asked: may this feature of this product run, here?
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Question<'a> {
    /// The product that asks; never taken from the licence.
    pub product: &'a ProductId,
    /// The installation that asks, if it has a key of its own.
    pub installation: Option<KeyId>,
    /// The feature asked about; the product's own id asks for the product as a whole.
    pub feature: &'a str,
    /// When the program that asks was built, if it says so; a licence for versions up to a day
    /// wants to know.
    pub built_on: Option<Day>,
    /// How far the clock is to be believed, where somebody keeps evidence.
    pub present: Option<Present>,
}

impl<'a> Question<'a> {
    /// Asks about a feature, or with the product's id about the product as a whole.
    #[must_use]
    pub const fn new(product: &'a ProductId, feature: &'a str) -> Self {
        Self { product, installation: None, feature, built_on: None, present: None }
    }

    /// Says which installation asks.
    #[must_use]
    pub const fn from_installation(self, installation: KeyId) -> Self {
        Self { installation: Some(installation), ..self }
    }

    /// Says when the program that asks was built.
    #[must_use]
    pub const fn built_on(self, day: Day) -> Self {
        Self { built_on: Some(day), ..self }
    }

    /// Says what is known of the time; the instant to ask about is then [`Present::now`].
    #[must_use]
    pub const fn under(self, present: Present) -> Self {
        Self { present: Some(present), ..self }
    }

    /// The feature as shown: what is longer than any id is cut.
    pub(super) fn shown_feature(&self) -> Box<str> {
        self.feature.chars().take(ID_BYTES_MAX).collect::<String>().into()
    }
}

/// What each rule found, in order; a rule that a licence does not state is left out.
type Findings = [Option<Phrase>; 11];

/// The rules of one licence for one question.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules<'a> {
    claims: &'a LicenseClaims,
    host: &'a HostMatch,
    question: &'a Question<'a>,
    /// What the licence says of the feature; the product as a whole may go without.
    feature: Option<&'a Feature>,
}

impl<'a> Rules<'a> {
    pub(super) fn new(candidate: &Candidate<'a>, question: &'a Question<'a>) -> Self {
        let claims = candidate.license.claims();
        let mut features = claims.features.iter();
        let feature = features.find(|(id, _)| id.as_str() == question.feature);
        Self {
            claims,
            host: candidate.host,
            question,
            feature: feature.map(|(_, feature)| feature),
        }
    }

    pub(super) const fn claims(&self) -> &'a LicenseClaims {
        self.claims
    }

    /// How many of the feature the licence states.
    pub(super) fn quantity(&self) -> Option<u32> {
        self.feature.and_then(|feature| feature.quantity)
    }

    pub(super) fn findings_at(&self, now: Instant) -> Findings {
        let licensed = self.licensed(now);
        let grace = if licensed.passed() { None } else { self.grace(now) };
        [
            Some(self.product()),
            self.installation(),
            self.host(),
            Some(self.issued(now)),
            self.question.present.map(clock),
            Some(licensed),
            grace,
            Some(self.included()),
            self.feature_end(now),
            self.updates(),
            self.quantity().map(|_| Phrase::QuantityStated),
        ]
    }

    pub(super) fn outcome_at(&self, now: Instant) -> Outcome {
        outcome(&self.findings_at(now))
    }

    pub(super) fn reasons_at(&self, now: Instant) -> Vec<Reason> {
        self.findings_at(now).into_iter().flatten().map(|phrase| self.explain(phrase)).collect()
    }

    /// Every instant at which a rule may find something else than just before.
    pub(super) fn changes(&self) -> impl Iterator<Item = Instant> {
        let spans = [self.claims.licensed, self.claims.grace].into_iter().flatten();
        let ends = spans.flat_map(|span| [Some(span.from), span.until]);
        let feature_end = self.feature.and_then(|feature| feature.until);
        let moments = ends.chain([feature_end]).flatten().map(Moment::at);
        moments.chain([self.claims.issued_at.saturating_add(-CLOCK_SKEW_SECONDS_MAX)])
    }

    fn product(&self) -> Phrase {
        if self.claims.product == *self.question.product {
            Phrase::ProductSame
        } else {
            Phrase::ProductOther
        }
    }

    fn installation(&self) -> Option<Phrase> {
        let licensed = self.claims.installation?;
        Some(if self.question.installation == Some(licensed) {
            Phrase::InstallationSame
        } else {
            Phrase::InstallationOther
        })
    }

    fn host(&self) -> Option<Phrase> {
        // The threshold is the licence's own, whatever the comparison was made for.
        let threshold = self.claims.host.as_ref()?.threshold;
        Some(if self.host.score >= threshold { Phrase::HostSame } else { Phrase::HostOther })
    }

    fn issued(&self, now: Instant) -> Phrase {
        if self.claims.issued_at.seconds_since(now) > CLOCK_SKEW_SECONDS_MAX {
            Phrase::IssuedInFuture
        } else {
            Phrase::IssuedBefore
        }
    }

    fn licensed(&self, now: Instant) -> Phrase {
        match self.claims.licensed {
            None => Phrase::LicensedNever,
            Some(span) if now < span.from.at() => Phrase::LicensedNotYet,
            Some(span) if !span.contains(now) => Phrase::LicensedOver,
            Some(span) if span.until.is_some() => Phrase::LicensedUntil,
            Some(_) => Phrase::LicensedForever,
        }
    }

    fn grace(&self, now: Instant) -> Option<Phrase> {
        let grace = self.claims.grace?;
        let renews = |licensed: Span| grace.from.at() > licensed.from.at();
        let renewal = self.claims.licensed.is_some_and(renews);
        Some(match (renewal, grace.contains(now), now < grace.from.at()) {
            (false, true, _) => Phrase::InitialGraceUntil,
            (false, false, true) => Phrase::InitialGraceNotYet,
            (false, false, false) => Phrase::InitialGraceOver,
            (true, true, _) => Phrase::RenewalGraceUntil,
            (true, false, true) => Phrase::RenewalGraceNotYet,
            (true, false, false) => Phrase::RenewalGraceOver,
        })
    }

    fn included(&self) -> Phrase {
        match self.feature {
            _ if self.question.feature == self.question.product.as_str() => Phrase::WholeProduct,
            Some(_) => Phrase::FeatureNamed,
            None => Phrase::FeatureMissing,
        }
    }

    /// Asked of licensed time and grace alike: grace prolongs no feature (S-MK-79).
    fn feature_end(&self, now: Instant) -> Option<Phrase> {
        let until = self.feature?.until?;
        Some(if now < until.at() { Phrase::FeatureUntil } else { Phrase::FeatureOver })
    }

    /// Versions are told apart by the day on which they were built: a program that does not say
    /// is covered by no licence that asks.
    fn updates(&self) -> Option<Phrase> {
        let until = self.claims.updates_until?;
        Some(match self.question.built_on {
            Some(day) if day < until.day() => Phrase::UpdatesIncluded,
            Some(_) => Phrase::UpdatesOver,
            None => Phrase::UpdatesUnknown,
        })
    }

    fn explain(&self, phrase: Phrase) -> Reason {
        use Phrase as P;
        let reason = Reason::new(phrase);
        match phrase {
            P::NoLicense => reason,
            P::ProductSame | P::ProductOther => reason
                .with("product", text(self.question.product))
                .with("licensed_product", text(&self.claims.product)),
            P::InstallationSame | P::InstallationOther => {
                let reason = with(reason, "licensed_installation", self.claims.installation);
                with(reason, "installation", self.question.installation)
            }
            P::HostSame | P::HostOther => self.explain_host(reason),
            P::IssuedBefore | P::IssuedInFuture => {
                reason.with("issued_at", Detail::Instant(self.claims.issued_at))
            }
            P::ClockAgrees => reason,
            P::ClockAhead | P::ClockBehind => self.explain_clock(reason),
            P::LicensedUntil
            | P::LicensedForever
            | P::LicensedNotYet
            | P::LicensedOver
            | P::LicensedNever => with_span(reason, self.claims.licensed),
            P::InitialGraceUntil
            | P::InitialGraceNotYet
            | P::InitialGraceOver
            | P::RenewalGraceUntil
            | P::RenewalGraceNotYet
            | P::RenewalGraceOver => with_span(reason, self.claims.grace),
            P::WholeProduct | P::FeatureNamed | P::FeatureMissing => {
                reason.with("feature", Detail::Text(self.question.shown_feature()))
            }
            P::FeatureUntil | P::FeatureOver => {
                let reason = reason.with("feature", Detail::Text(self.question.shown_feature()));
                with_end(reason, self.feature.and_then(|feature| feature.until))
            }
            P::UpdatesIncluded | P::UpdatesOver | P::UpdatesUnknown => {
                let reason = with_end(reason, self.claims.updates_until);
                match self.question.built_on {
                    Some(day) => reason.with("built_on", Detail::Day(day)),
                    None => reason,
                }
            }
            P::QuantityStated => {
                reason.with("quantity", Detail::Number(self.quantity().unwrap_or(0).into()))
            }
        }
    }

    fn explain_clock(&self, reason: Reason) -> Reason {
        let Some(present) = self.question.present else { return reason };
        reason
            .with("clock", Detail::Instant(present.clock))
            .with("mark", Detail::Instant(present.mark))
    }

    fn explain_host(&self, reason: Reason) -> Reason {
        let HostMatch { score, matched, changed, vanished, unreadable, appeared, .. } = self.host;
        let threshold = self.claims.host.as_ref().map_or(0, |host| host.threshold);
        let lost = [changed.as_slice(), vanished, unreadable].concat();
        reason
            .with("score", Detail::Number(u64::from(*score)))
            .with("threshold", Detail::Number(threshold.into()))
            .with("lost", Detail::Facts(lost))
            .with("matched", Detail::Facts(matched.clone()))
            .with("changed", Detail::Facts(changed.clone()))
            .with("vanished", Detail::Facts(vanished.clone()))
            .with("unreadable", Detail::Facts(unreadable.clone()))
            .with("appeared", Detail::Facts(appeared.clone()))
    }
}

fn clock(present: Present) -> Phrase {
    match present.verdict {
        Verdict::Ok => Phrase::ClockAgrees,
        _ if present.is_behind() => Phrase::ClockBehind,
        _ => Phrase::ClockAhead,
    }
}

/// Denial is what remains: every rule must pass, and the licensed time or the grace hold now.
fn outcome(findings: &Findings) -> Outcome {
    let stops =
        |phrase: &Phrase| !phrase.passed() && !phrase.is_about_time() && !phrase.is_about_clock();
    if findings.iter().flatten().any(stops) {
        return Outcome::Denied;
    }
    findings.iter().flatten().find_map(|phrase| phrase.permits()).unwrap_or(Outcome::Denied)
}

fn text(value: &impl ToString) -> Detail {
    Detail::Text(value.to_string().into())
}

fn with(reason: Reason, name: &'static str, value: Option<impl ToString>) -> Reason {
    match value {
        Some(value) => reason.with(name, text(&value)),
        None => reason,
    }
}

fn with_span(reason: Reason, span: Option<Span>) -> Reason {
    let Some(span) = span else { return reason };
    let reason = reason
        .with("from", Detail::Day(span.from.day()))
        .with("from_at", Detail::Instant(span.from.at()));
    with_end(reason, span.until)
}

/// An end as the first day outside, its instant, and for people the last day inside.
fn with_end(reason: Reason, until: Option<Moment>) -> Reason {
    let Some(until) = until else { return reason };
    let last = until.day().date().pred_opt().and_then(|date| Day::new(date).ok());
    reason
        .with("until", Detail::Day(until.day()))
        .with("until_at", Detail::Instant(until.at()))
        .with("last_day", Detail::Day(last.unwrap_or(until.day())))
}
