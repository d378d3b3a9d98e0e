//! The rules, each asked once and in this order.

use super::{Outcome, Reason, reason::Phrase};
use crate::{
    document::{
        Feature, FeatureData, License, LicenseClaims, Moment, Revocation, RevocationList,
        SeatTerms, Span,
    },
    evidence::{Present, Verdict},
    host_binding::HostMatch,
    id::{DeviceId, ID_BYTES_MAX, ProductId},
    seat::Edition,
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
    /// The newest list of what the vendor revoked, where somebody keeps one.
    pub revocations: Option<&'a RevocationList>,
    /// The device that the feature is to serve; none asks about the program as a whole.
    pub device: Option<&'a DeviceId>,
}

impl<'a> Question<'a> {
    /// Asks about a feature, or with the product's id about the product as a whole.
    #[must_use]
    pub const fn new(product: &'a ProductId, feature: &'a str) -> Self {
        Self {
            product,
            installation: None,
            feature,
            built_on: None,
            present: None,
            revocations: None,
            device: None,
        }
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

    /// Says what the vendor revoked.
    #[must_use]
    pub const fn revoked_by(self, list: &'a RevocationList) -> Self {
        Self { revocations: Some(list), ..self }
    }

    /// Says which device the feature is to serve.
    #[must_use]
    pub const fn on_device(self, device: &'a DeviceId) -> Self {
        Self { device: Some(device), ..self }
    }

    /// The feature as shown: what is longer than any id is cut.
    pub(super) fn shown_feature(&self) -> &'a str {
        if self.feature.len() <= ID_BYTES_MAX {
            return self.feature;
        }
        let end = self.feature.char_indices().nth(ID_BYTES_MAX).map(|(end, _)| end);
        end.and_then(|end| self.feature.get(..end)).unwrap_or(self.feature)
    }
}

/// What each rule found, in order; a rule that a licence does not state is left out.
type Findings = [Option<Phrase>; 15];

/// The rules of one licence for one question.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules<'a> {
    pub(super) license: &'a License,
    pub(super) claims: &'a LicenseClaims,
    pub(super) host: &'a HostMatch,
    pub(super) question: &'a Question<'a>,
    /// What the licence says of the feature; the product as a whole may go without.
    pub(super) feature: Option<&'a Feature>,
    /// What the vendor's list says of the licence, or of the installation that asks.
    pub(super) revocation: Option<&'a Revocation>,
}

impl<'a> Rules<'a> {
    pub(super) fn new(candidate: &Candidate<'a>, question: &'a Question<'a>) -> Self {
        let claims = candidate.license.claims();
        let mut features = claims.features.iter();
        let feature = features.find(|(id, _)| id.as_str() == question.feature);
        let revocation = question.revocations.and_then(|list| {
            let asking = || list.revocation_of_installation(question.installation?);
            list.revocation_of(candidate.license).or_else(asking)
        });
        Self {
            license: candidate.license,
            claims,
            host: candidate.host,
            question,
            feature: feature.map(|(_, feature)| feature),
            revocation,
        }
    }

    pub(super) const fn claims(&self) -> &'a LicenseClaims {
        self.claims
    }

    /// The data that the licence carries for the feature.
    pub(super) fn data(&self) -> Option<&'a FeatureData> {
        self.feature.and_then(|feature| feature.data.as_ref())
    }

    /// How many of the feature the licence states.
    pub(super) fn quantity(&self) -> Option<u32> {
        self.feature.and_then(|feature| feature.quantity)
    }

    /// On what terms the licence has its seats given.
    pub(super) fn seat_terms(&self) -> SeatTerms {
        self.claims.seats.unwrap_or_default()
    }

    /// Which of the licences of an installation it is.
    pub(super) fn edition(&self) -> Edition<'a> {
        match (&self.claims.nonce, &self.claims.serial) {
            (Some(_), _) => Edition::Answer,
            (None, Some(serial)) => Edition::Serial(serial),
            (None, None) => Edition::Unnumbered,
        }
    }

    pub(super) fn findings_at(&self, now: Instant) -> Findings {
        let licensed = self.licensed(now);
        let grace = if licensed.passed() { None } else { self.grace(now) };
        [
            Some(self.product()),
            self.installation(),
            self.revoked(),
            self.host(),
            Some(self.issued(now)),
            self.question.present.map(clock),
            Some(licensed),
            grace,
            self.offline(now),
            Some(self.included()),
            self.feature_end(now),
            self.device(),
            self.updates(),
            self.list(now),
            self.quantity().map(|_| Phrase::QuantityStated),
        ]
    }

    pub(super) fn outcome_at(&self, now: Instant) -> Outcome {
        outcome(&self.findings_at(now))
    }

    pub(super) fn reasons_at(&self, now: Instant) -> Vec<Reason> {
        let findings = self.findings_at(now);
        findings.into_iter().flatten().map(|phrase| self.explain(phrase)).collect()
    }

    /// Every instant at which a rule may find something else than just before.
    pub(super) fn changes(&self) -> impl Iterator<Item = Instant> {
        let spans = [self.claims.licensed, self.claims.grace].into_iter().flatten();
        let ends = spans.flat_map(|span| [Some(span.from), span.until]);
        let feature_end = self.feature.and_then(|feature| feature.until);
        let moments = ends.chain([feature_end, self.claims.offline_until]).flatten();
        let list_due = self.question.revocations.map(|list| list.claims().next_update);
        let issued = self.claims.issued_at.saturating_add(-CLOCK_SKEW_SECONDS_MAX);
        moments.map(Moment::at).chain(list_due).chain([issued])
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

    /// What the newest list names is revoked whatever the clock says.
    fn revoked(&self) -> Option<Phrase> {
        self.question.revocations?;
        Some(if self.revocation.is_some() { Phrase::Revoked } else { Phrase::ListClears })
    }

    /// A list that is late revokes nothing, or whoever blocks the network could take what was
    /// paid for.
    fn list(&self, now: Instant) -> Option<Phrase> {
        let stale = self.question.revocations?.is_stale(now);
        Some(if stale { Phrase::ListStale } else { Phrase::ListCurrent })
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

    /// Asked beside licensed time and grace, both of which it may cut short.
    fn offline(&self, now: Instant) -> Option<Phrase> {
        let until = self.claims.offline_until?;
        Some(if now < until.at() { Phrase::OfflineUntil } else { Phrase::OfflineOver })
    }

    /// Asked when a device is asked for; a licence without a list covers any.
    fn device(&self) -> Option<Phrase> {
        let (device, devices) = (self.question.device?, self.claims.devices.as_ref()?);
        Some(if devices.contains(device) { Phrase::DeviceCovered } else { Phrase::DeviceOther })
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
    if findings.iter().flatten().any(|phrase| phrase.stops()) {
        return Outcome::Denied;
    }
    findings.iter().flatten().find_map(|phrase| phrase.permits()).unwrap_or(Outcome::Denied)
}
