//! `Limits`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Terms;
use crate::{
    decision::{Candidate, Decision, Question, evaluate_all},
    document::{License, SeatTerms},
    error::{ErrorKind, Refusal, Result},
    host_binding::HostMatch,
    id::{FeatureId, ProductId},
    time::Instant,
};

/// Sessions open at once, beyond four for each seat of the feature that has most (S-MK-61).
const SESSIONS_SPARE: u64 = 16;
const SESSIONS_PER_SEAT: u64 = 4;

/// How many may use each feature at once, of the features that may run at all.
///
/// A feature without a limit takes no seats; one that is not listed may not run, so that nobody
/// holds a seat of it.
///
/// ```
/// use mlicense_core::document::{Feature, License, LicenseClaims};
/// use mlicense_core::seat::Limits;
/// use mlicense_core::signing::{Signer, Trust};
///
/// let vendor = Signer::from_seed([1; 32]);
/// let issued_at = "2026-03-01T09:30:00Z".parse()?;
/// let mut claims = LicenseClaims::perpetual("editor".parse()?, "Example Ltd", issued_at);
/// claims.features.insert("export".parse()?, Feature::counted(5));
/// let trust = Trust::new(&[vendor.public_key()], None)?;
/// let license = License::verify(License::issue(&claims, &vendor)?.as_bytes(), &trust)?;
///
/// let limits = Limits::of_license(&license, &claims.product, issued_at);
/// assert_eq!(limits.of("export"), Some(Some(5)));
/// assert_eq!(limits.of("editor"), Some(None));
/// assert_eq!(limits.of("import"), None);
/// # Ok::<(), mlicense_core::error::Refusal>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    named: BTreeMap<FeatureId, Option<u32>>,
    /// Whether features that are not named may run too.
    all_others: bool,
    /// What the licences state of how seats are given.
    terms: SeatTerms,
}

impl Limits {
    /// Takes the limits from decisions: the quantity of each feature that may run, and the terms that
    /// its licences state.
    #[must_use]
    pub fn of_decisions(decisions: impl IntoIterator<Item = Decision>) -> Self {
        let mut limits = Self::default();
        for decision in decisions.into_iter().filter(Decision::allowed) {
            limits.terms = limits.terms.and(decision.seat_terms());
            if let Ok(feature) = decision.feature().parse() {
                limits.named.insert(feature, decision.quantity());
            }
        }
        limits
    }

    /// Takes the limits from a licence at an instant, for whoever hands out its seats on other
    /// hosts than the one it is bound to, such as its vendor: neither the host is asked about nor the
    /// installation, nor the version that runs there.
    #[must_use]
    pub fn of_license(license: &License, product: &ProductId, now: Instant) -> Self {
        let claims = license.claims();
        let threshold = claims.host.as_ref().map_or(0, |host| host.threshold);
        let host = HostMatch { score: threshold, threshold, ..HostMatch::default() };
        let built_on = "1970-01-01".parse().ok();
        let decide = |feature| {
            let mut question = Question::new(product, feature);
            (question.installation, question.built_on) = (claims.installation, built_on);
            evaluate_all(&[Candidate { license, host: &host }], now, &question)
        };
        let named = claims.features.keys().map(FeatureId::as_str);
        Self::of_decisions(named.chain([product.as_str()]).map(decide))
    }

    /// Lets every other feature run too, without a limit: while a client lets pass what it cannot
    /// look up.
    #[must_use]
    pub fn with_all_others(self) -> Self {
        Self { all_others: true, ..self }
    }

    /// The limits with what is stated of how seats are given, where no licence says it.
    #[must_use]
    pub fn with_terms(self, terms: SeatTerms) -> Self {
        Self { terms, ..self }
    }

    /// On what terms seats are given: as the licences state, and where they do not as `own` says.
    #[must_use]
    pub fn terms(&self, own: Terms) -> Terms {
        own.under(self.terms)
    }

    /// The limit of a feature: none when it may not run, `Some(None)` when it has no limit.
    #[must_use]
    pub fn of(&self, feature: &str) -> Option<Option<u32>> {
        let named = self.named.iter().find(|(id, _)| id.as_str() == feature);
        named.map(|(_, limit)| *limit).or_else(|| self.all_others.then_some(None))
    }

    /// As [`Limits::of`], for a name that is an id.
    pub(super) fn of_id(&self, feature: &FeatureId) -> Option<Option<u32>> {
        self.named.get(feature).copied().or_else(|| self.all_others.then_some(None))
    }

    /// The features known to run with their limits, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&FeatureId, Option<u32>)> {
        self.named.iter().map(|(feature, limit)| (feature, *limit))
    }

    /// How many sessions may be open at once: four for each seat of the feature that has most, and
    /// 16 (S-MK-61).
    #[must_use]
    pub fn sessions_max(&self) -> u64 {
        let most = self.named.values().flatten().max().copied().unwrap_or(0);
        u64::from(most).saturating_mul(SESSIONS_PER_SEAT).saturating_add(SESSIONS_SPARE)
    }

    /// Stops a holder whose feature may not run.
    ///
    /// # Errors
    /// [`ErrorKind::NotLicensed`].
    pub fn require(&self, feature: &str) -> Result<()> {
        self.of(feature).map(drop).ok_or_else(|| not_licensed(feature))
    }

    pub(super) fn require_limit(&self, feature: &FeatureId) -> Result<Option<u32>> {
        self.of_id(feature).ok_or_else(|| not_licensed(feature.as_str()))
    }
}

fn not_licensed(feature: &str) -> Refusal {
    Refusal::new(ErrorKind::NotLicensed)
        .with("feature", feature.chars().take(crate::id::ID_BYTES_MAX).collect::<String>())
        .with("reason", "no licence lets it run now")
}

impl FromIterator<(FeatureId, Option<u32>)> for Limits {
    fn from_iter<I: IntoIterator<Item = (FeatureId, Option<u32>)>>(limits: I) -> Self {
        Self { named: limits.into_iter().collect(), ..Self::default() }
    }
}

/// Whether a feature could be captured now. It holds nothing: the next moment another may have
/// taken the last seat, so that a feature counted by seats is served only to who captured it
/// (S-MK-64).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Available {
    /// The feature may not run.
    NotLicensed,
    /// The feature may run and takes no seat.
    Unlimited,
    /// The feature is counted, and this many of its seats are free.
    Seats(u32),
}

impl Available {
    /// Whether the feature may be served on this answer alone: only when it takes no seat. Free
    /// seats do not permit it; capture one.
    #[must_use]
    pub const fn permits(self) -> bool {
        matches!(self, Self::Unlimited)
    }
}
