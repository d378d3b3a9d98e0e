//! `evaluate` and its `Decision`.

use std::{cmp::Reverse, fmt, sync::Arc};

use serde::Serialize;
use smol_str::SmolStr;

use super::{
    Candidate, Outcome, Question, Reason, ReasonCode,
    reason::{Detail, Phrase},
    reasons::Reasons,
    rules::Rules,
    text,
};
use crate::{
    document::{FeatureData, License, SeatTerms},
    error::{ErrorKind, Language, Refusal},
    evidence::{Present, Verdict},
    host_binding::HostMatch,
    seat::{Stated, together},
    template,
    time::Instant,
};

/// Decides whether a feature may run under one licence; total and pure.
///
/// Every rule is asked: product, installation, revocation, host, issue (not over
/// [`CLOCK_SKEW_SECONDS_MAX`](super::CLOCK_SKEW_SECONDS_MAX) in the future), clock, licensed time,
/// grace, use without contact, feature, the feature's own end, device, the program's version. Spans
/// hold their start and not their end. What nothing allows is denied.
///
/// ```
/// use mlicense_core::decision::{Outcome, Question, evaluate};
/// use mlicense_core::document::{License, LicenseClaims, Moment};
/// use mlicense_core::host_binding::HostMatch;
/// use mlicense_core::signing::{Signer, Trust};
///
/// let vendor = Signer::from_seed([1; 32]);
/// let trust = Trust::new(&[vendor.public_key()], None)?;
/// let end = Moment::utc("2027-03-01".parse()?);
/// let issued_at = "2026-03-01T09:30:00Z".parse()?;
/// let claims = LicenseClaims::until("editor".parse()?, "Example Ltd", issued_at, end);
/// let license = License::verify(License::issue(&claims, &vendor)?.as_bytes(), &trust)?;
///
/// let product = "editor".parse()?;
/// let question = Question::new(&product, "editor");
/// let last_second = end.at().saturating_add(-1);
/// let decision = evaluate(&license, &HostMatch::default(), last_second, &question);
/// assert_eq!((decision.outcome(), decision.until()), (Outcome::Licensed, Some(end.at())));
///
/// let decision = evaluate(&license, &HostMatch::default(), end.at(), &question);
/// assert!(!decision.allowed());
/// assert_eq!(
///     decision.to_string(),
///     "`editor` may not run: the last licensed day was 2027-02-28",
/// );
/// # Ok::<(), mlicense_core::error::Refusal>(())
/// ```
pub fn evaluate(
    license: &License,
    host: &HostMatch,
    now: Instant,
    question: &Question<'_>,
) -> Decision {
    decide(&[Rules::new(&Candidate { license, host }, question)], now, question)
}

/// Decides under several licences: the best answer wins, and of equals the one that lasts.
///
/// Among denials the one with the fewest failed rules is told, then the newest. Without any
/// licence the answer is a denial that says so.
pub fn evaluate_all(
    candidates: &[Candidate<'_>],
    now: Instant,
    question: &Question<'_>,
) -> Decision {
    let all: Vec<Rules<'_>> = candidates.iter().map(|one| Rules::new(one, question)).collect();
    decide(&all, now, question)
}

fn decide(all: &[Rules<'_>], now: Instant, question: &Question<'_>) -> Decision {
    let best = match all {
        [only] => Some(only),
        several => several.iter().max_by_key(|rules| preference(rules, now)),
    };
    let feature = question.shown_feature().into();
    let Some(best) = best else {
        return Decision::new(Answer {
            outcome: Outcome::Denied,
            feature,
            license: None,
            until: None,
            quantity: None,
            seat_terms: SeatTerms::default(),
            data: None,
            reasons: Reasons::given(vec![Reason::new(Phrase::NoLicense)]),
            blames_clock: false,
        });
    };
    let (unclouded, until) = (best.outcome_at(now), next_change(all, now));
    let outcome = by_clock(unclouded, until, question.present);
    let (quantity, seat_terms) = seats(all, best, now);
    Decision::new(Answer {
        outcome,
        feature,
        license: best.claims().serial.as_deref().map(Into::into),
        until: until.filter(|_| unclouded.allows() == outcome.allows()),
        quantity,
        seat_terms,
        data: best.data().filter(|_| outcome.allows()).cloned(),
        reasons: Reasons::of(best, now),
        blames_clock: outcome != unclouded || would_run_by_clock(all, outcome, question.present),
    })
}

/// What the licences that let a feature run state together of its seats; when none does, what the
/// best one states.
fn seats(all: &[Rules<'_>], best: &Rules<'_>, now: Instant) -> (Option<u32>, SeatTerms) {
    if all.len() < 2 {
        return (best.quantity(), best.seat_terms());
    }
    let outcome_of = |rules| (Rules::outcome_at(rules, now), rules);
    let mut allowing: Vec<_> =
        all.iter().map(outcome_of).filter(|(outcome, _)| outcome.allows()).collect();
    if allowing.len() < 2 {
        return (best.quantity(), best.seat_terms());
    }
    let preferred = |rules: &Rules<'_>| {
        let quantity = rules.quantity().map_or(u64::MAX, u64::from);
        Reverse((preference(rules, now), quantity))
    };
    allowing.sort_by_cached_key(|(_, rules)| preferred(rules));
    let terms = allowing.iter().map(|(_, rules)| rules.seat_terms());
    let terms = terms.fold(SeatTerms::default(), SeatTerms::and);
    let stated = allowing.into_iter().map(|(outcome, rules)| Stated {
        edition: rules.edition(),
        outcome,
        quantity: rules.quantity(),
    });
    (together(stated), terms)
}

/// What a clock that is not to be believed leaves of an outcome; one that stays the same for ever
/// does not depend on it.
fn by_clock(outcome: Outcome, until: Option<Instant>, present: Option<Present>) -> Outcome {
    let verdict = present.map_or(Verdict::Ok, |present| present.verdict);
    match verdict {
        _ if until.is_none() || !outcome.allows() => outcome,
        Verdict::Ok | Verdict::Warn => outcome,
        Verdict::Grace => Outcome::Grace,
        Verdict::Deny => Outcome::Denied,
    }
}

/// Whether what is denied would run if the clock were right, or were not doubted.
fn would_run_by_clock(all: &[Rules<'_>], outcome: Outcome, present: Option<Present>) -> bool {
    let Some(present) = present.filter(|present| present.verdict > Verdict::Ok) else {
        return false;
    };
    let other = if present.is_behind() { present.clock } else { present.mark };
    !outcome.allows() && all.iter().any(|rules| rules.outcome_at(other).allows())
}

/// What is preferred is larger.
fn preference(rules: &Rules<'_>, now: Instant) -> (u8, Instant, Reverse<usize>, Instant) {
    let outcome = rules.outcome_at(now);
    let lasts = match next_change(std::slice::from_ref(rules), now) {
        _ if !outcome.allows() => Instant::MIN,
        Some(until) => until,
        None => Instant::MAX,
    };
    let findings = rules.findings_at(now);
    let failed = findings.iter().flatten().filter(|phrase| !phrase.passed()).count();
    (outcome.rank(), lasts, Reverse(failed), rules.claims().issued_at)
}

/// The first instant after `now` at which the best outcome is another.
fn next_change(all: &[Rules<'_>], now: Instant) -> Option<Instant> {
    let best_at = |at| all.iter().map(|rules| rules.outcome_at(at).rank()).max();
    let present = best_at(now);
    let changes = all.iter().flat_map(Rules::changes).filter(|at| *at > now);
    changes.filter(|at| best_at(*at) != present).min()
}

/// The answer to one question at one instant; cheap to clone.
///
/// `Display` is one sentence in English. JSON form: `{"outcome": "grace", "feature": "export",
/// "license": "L-7", "until": "2027-03-31T00:00:00Z", "reasons": […]}`.
#[derive(Clone, PartialEq, Eq)]
#[must_use = "a decision that nobody reads stops nobody"]
pub struct Decision(Arc<Answer>);

#[derive(PartialEq, Eq, Serialize)]
struct Answer {
    outcome: Outcome,
    feature: SmolStr,
    #[serde(skip_serializing_if = "Option::is_none")]
    license: Option<SmolStr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quantity: Option<u32>,
    /// What is stated of how its seats are given.
    #[serde(skip)]
    seat_terms: SeatTerms,
    /// Only where it allows.
    #[serde(skip)]
    data: Option<FeatureData>,
    reasons: Reasons,
    /// Whether it would be another outcome but for a clock that is wrong.
    #[serde(skip)]
    blames_clock: bool,
}

impl Decision {
    fn new(answer: Answer) -> Self {
        Self(Arc::new(answer))
    }

    /// Lets pass until `until`, exclusive, what is denied because the state that may hold its
    /// licence cannot be reached; the reason says so, and after that as well.
    ///
    /// What is allowed stays as it is. Whether anything is let pass, and for how long, is for the
    /// program to say.
    pub fn without_state(self, fault: ErrorKind, now: Instant, until: Instant) -> Self {
        if self.allowed() {
            return self;
        }
        let passes = now < until;
        let reason = Reason::new(if passes { Phrase::StateGrace } else { Phrase::StateOver })
            .with("fault", Detail::Text(fault.name().into()))
            .with("until_at", Detail::Instant(until));
        let outcome = if passes { Outcome::Grace } else { Outcome::Denied };
        let reasons = std::iter::once(reason).chain(self.reasons().iter().cloned()).collect();
        Self::new(Answer {
            outcome,
            feature: self.0.feature.clone(),
            license: self.0.license.clone(),
            until: if passes { Some(until) } else { self.until() },
            quantity: None,
            seat_terms: SeatTerms::default(),
            data: None,
            reasons: Reasons::given(reasons),
            blames_clock: false,
        })
    }

    /// Whether it may run.
    #[must_use]
    pub fn allowed(&self) -> bool {
        self.0.outcome.allows()
    }

    /// Turns a denial into a refusal, for callers who stop there.
    ///
    /// # Errors
    /// [`ErrorKind::NotLicensed`] when denied.
    pub fn require(&self) -> Result<(), Refusal> {
        if self.allowed() {
            return Ok(());
        }
        let reason = self.decisive().map(ToString::to_string).unwrap_or_default();
        Err(Refusal::new(ErrorKind::NotLicensed)
            .with("feature", self.feature())
            .with("reason", reason))
    }

    /// The answer in one word.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.0.outcome
    }

    /// The feature asked about, cut to 64 characters.
    #[must_use]
    pub fn feature(&self) -> &str {
        &self.0.feature
    }

    /// The serial of the licence that decided, if it has one.
    #[must_use]
    pub fn license(&self) -> Option<&str> {
        self.0.license.as_deref()
    }

    /// The first instant at which the outcome is another; none when it stays for ever.
    ///
    /// Between the instant asked about, inclusive, and this one, exclusive, the whole decision
    /// keeps its outcome.
    #[must_use]
    pub fn until(&self) -> Option<Instant> {
        self.0.until
    }

    /// How many the licences state for the feature, if it is counted.
    ///
    /// Those that let it run add up, and one that does not count it wins. A licence is one by its
    /// serial (`jti`): of several with one serial, of those without any and of those that answered
    /// requests, each time one counts, the one that lasts longest and then the newest. What runs in
    /// grace is not added to what is licensed; the larger of the two sums counts.
    #[must_use]
    pub fn quantity(&self) -> Option<u32> {
        self.0.quantity
    }

    /// On what terms the licences that let it run have its seats given.
    #[must_use]
    pub fn seat_terms(&self) -> SeatTerms {
        self.0.seat_terms
    }

    /// The bytes that the licence carries for the feature, when it may run; nothing when it may not.
    ///
    /// ```
    /// use mlicense_core::decision::{Question, evaluate};
    /// use mlicense_core::document::{Feature, FeatureData, License, LicenseClaims};
    /// use mlicense_core::host_binding::HostMatch;
    /// use mlicense_core::signing::{Signer, Trust};
    ///
    /// let vendor = Signer::from_seed([1; 32]);
    /// let issued_at = "2026-03-01T09:30:00Z".parse()?;
    /// let mut claims = LicenseClaims::perpetual("editor".parse()?, "Example Ltd", issued_at);
    /// let mut export = Feature::uncounted();
    /// export.data = Some(FeatureData::new(b"table of lenses")?);
    /// claims.features.insert("export".parse()?, export);
    /// let trust = Trust::new(&[vendor.public_key()], None)?;
    /// let license = License::verify(License::issue(&claims, &vendor)?.as_bytes(), &trust)?;
    ///
    /// let question = Question::new(&claims.product, "export");
    /// let ask = |now| evaluate(&license, &HostMatch::default(), now, &question);
    /// assert_eq!(ask(issued_at).data(), Some(&b"table of lenses"[..]));
    /// assert_eq!(ask("2026-02-28T00:00:00Z".parse()?).data(), None);
    /// # Ok::<(), mlicense_core::error::Refusal>(())
    /// ```
    #[must_use]
    pub fn data(&self) -> Option<&[u8]> {
        self.0.data.as_ref().map(FeatureData::bytes)
    }

    /// What each rule found, in the order of the rules; made when first asked for.
    #[must_use]
    pub fn reasons(&self) -> &[Reason] {
        self.0.reasons.get()
    }

    /// What one rule found, if the licence states it.
    #[must_use]
    pub fn reason(&self, code: ReasonCode) -> Option<&Reason> {
        self.reasons().iter().find(|reason| reason.code() == code)
    }

    /// One sentence without a final stop: may it run, and why.
    #[must_use]
    pub fn message(&self, language: Language) -> String {
        let reason = self.decisive().map(|reason| reason.text(language)).unwrap_or_default();
        template::fill(text::sentence(language, self.allowed()), |name| match name {
            "feature" => Some(self.feature().to_owned()),
            _ => Some(reason.clone()),
        })
    }

    /// The decision as JSON with texts: of the whole, of every reason, and what would change it.
    #[must_use]
    pub fn explain(&self, language: Language) -> String {
        let reasons = self.reasons().iter().map(|reason| ExplainedReason {
            text: reason.text(language),
            remedy: reason.remedy(language),
            reason,
        });
        let explained = Explained {
            message: self.message(language),
            outcome: self.outcome(),
            feature: self.feature(),
            license: self.license(),
            until: self.until(),
            quantity: self.quantity(),
            reasons: reasons.collect(),
        };
        serde_json::to_string(&explained).unwrap_or_default()
    }

    /// The reason that a sentence gives: the first rule that failed, or the end that comes first.
    fn decisive(&self) -> Option<&Reason> {
        let reasons = self.reasons();
        let failed = || reasons.iter().filter(|reason| !reason.passed());
        let about_clock = |reason: &&Reason| reason.phrase().is_about_clock();
        let stops = |reason: &&Reason| reason.phrase().stops();
        let about_time = |reason: &&Reason| reason.phrase().is_about_time();
        if self.0.blames_clock {
            return failed().find(about_clock);
        }
        if let Some(reason) = failed().find(|reason| reason.phrase() == Phrase::StateGrace) {
            return Some(reason);
        }
        if !self.allowed() {
            return failed().find(stops).or_else(|| failed().find(about_time));
        }
        let ends = self.0.until.map(Detail::Instant);
        let names_end =
            |reason: &&Reason| ends.is_some() && reason.detail("until_at") == ends.as_ref();
        let passed = || reasons.iter().filter(|reason| reason.passed());
        passed().find(names_end).or_else(|| passed().find(about_time))
    }
}

#[derive(Serialize)]
struct Explained<'a> {
    message: String,
    outcome: Outcome,
    feature: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    license: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quantity: Option<u32>,
    reasons: Vec<ExplainedReason<'a>>,
}

#[derive(Serialize)]
struct ExplainedReason<'a> {
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<String>,
    #[serde(flatten)]
    reason: &'a Reason,
}

impl Serialize for Decision {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(to)
    }
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(Language::En))
    }
}

impl fmt::Debug for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {self}", self.outcome())
    }
}
