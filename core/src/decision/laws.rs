//! Laws of decisions, tried on licences of every shape around the instants they name.

use proptest::prelude::*;

use super::{
    tests::{claims, day, product, signed},
    *,
};
use crate::{
    document::{EnrolledFact, Feature, HostBinding, License, LicenseClaims, Span},
    host_binding::HostMatch,
    time::Instant,
};

const DAYS: u32 = 8;

/// Instants on, just before and just after the days that licences name, and far away.
fn instants() -> impl Strategy<Value = Instant> {
    let near = (0..=DAYS, prop::sample::select(&[-301_i64, -300, -299, -1, 0, 1, 43_200]));
    prop_oneof![
        20 => near.prop_map(|(days, seconds)| day(days).at().saturating_add(seconds)),
        1 => Just(Instant::MIN),
        1 => Just(Instant::MAX),
    ]
}

fn spans(endless: bool) -> impl Strategy<Value = Span> {
    (0..DAYS, 1..DAYS, prop::bool::weighted(0.2)).prop_map(move |(from, length, open)| {
        if open && endless {
            Span::starting(day(from))
        } else {
            Span::between(day(from), day(from.saturating_add(length)))
        }
    })
}

prop_compose! {
    /// A licence that may be bound to a host with 4 points of 6, and may name `export`.
    fn licenses()(
        licensed in prop::option::weighted(0.8, spans(true)),
        grace in prop::option::of(spans(false)),
        issued in 0..DAYS,
        export in prop::option::of(prop::option::of(1..DAYS)),
        offline in prop::option::weighted(0.3, 1..DAYS),
        bound in any::<bool>(),
    ) -> License {
        let until = |days: u32| day(days.saturating_add(DAYS));
        let feature = |until_days: Option<u32>| {
            let mut feature = Feature::uncounted();
            feature.until = until_days.map(until);
            ("export".parse().unwrap(), feature)
        };
        let facts = vec![EnrolledFact::new("dmi_uuid", "a", 6)];
        let licensed = licensed.or(grace.is_none().then(|| Span::starting(day(0))));
        signed(&LicenseClaims {
            issued_at: day(issued).at(),
            licensed,
            grace,
            offline_until: offline.map(|days| day(issued.saturating_add(days))),
            features: export.map(feature).into_iter().collect(),
            host: bound.then(|| HostBinding::new(4, facts)),
            ..claims()
        })
    }
}

fn hosts() -> impl Strategy<Value = HostMatch> {
    (3..=5_u32).prop_map(|score| HostMatch { score, threshold: 4, ..HostMatch::default() })
}

fn features() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&["editor", "export", "import"])
}

fn decide(license: &License, host: &HostMatch, now: Instant, feature: &str) -> Decision {
    evaluate(license, host, now, &Question::new(&product(), feature))
}

/// The definition, as a person would write it down.
fn by_definition(license: &License, host: &HostMatch, now: Instant, feature: &str) -> Outcome {
    let claims = license.claims();
    let included = claims.features.iter().find(|(id, _)| id.as_str() == feature);
    let feature_runs = match included {
        None => feature == "editor",
        Some((_, feature)) => feature.until.is_none_or(|until| now.unix() < until.at().unix()),
    };
    let host_fits = claims.host.is_none() || host.score >= 4;
    let offline = claims.offline_until.is_none_or(|until| now.unix() < until.at().unix());
    let issued = claims.issued_at.unix() <= now.unix().saturating_add(300);
    let inside = |span: &Span| {
        span.from.at().unix() <= now.unix()
            && span.until.is_none_or(|until| now.unix() < until.at().unix())
    };
    match (claims.licensed.as_ref().is_some_and(inside), claims.grace.as_ref().is_some_and(inside))
    {
        _ if !(feature_runs && host_fits && issued && offline) => Outcome::Denied,
        (true, _) => Outcome::Licensed,
        (false, true) => Outcome::Grace,
        (false, false) => Outcome::Denied,
    }
}

proptest! {
    #[test]
    fn prop_a_decision_is_what_the_definition_says(
        license in licenses(), host in hosts(), now in instants(), feature in features(),
    ) {
        let decision = decide(&license, &host, now, feature);
        prop_assert_eq!(decision.outcome(), by_definition(&license, &host, now, feature));
        prop_assert_eq!(decision.require().is_ok(), decision.allowed());
    }

    #[test]
    fn prop_outside_licensed_time_and_grace_everything_is_denied(
        license in licenses(), host in hosts(), now in instants(), feature in features(),
    ) {
        let claims = license.claims();
        let inside = |span: Option<Span>| span.is_some_and(|span| span.contains(now));
        prop_assume!(!inside(claims.licensed) && !inside(claims.grace));
        prop_assert!(!decide(&license, &host, now, feature).allowed());
    }

    #[test]
    fn prop_an_outcome_lasts_until_the_instant_it_names_and_no_longer(
        license in licenses(), host in hosts(), now in instants(), later in instants(),
        feature in features(),
    ) {
        let decision = decide(&license, &host, now, feature);
        if let Some(until) = decision.until() {
            prop_assert!(until > now);
            let at_the_end = decide(&license, &host, until, feature);
            prop_assert_ne!(at_the_end.outcome(), decision.outcome());
            let last = decide(&license, &host, until.saturating_add(-1), feature);
            prop_assert_eq!(last.outcome(), decision.outcome());
        }
        if later >= now && decision.until().is_none_or(|until| later < until) {
            let then = decide(&license, &host, later, feature);
            prop_assert_eq!(then.outcome(), decision.outcome());
            prop_assert_eq!(then.until(), decision.until());
        }
    }

    #[test]
    fn prop_every_failed_rule_of_a_denial_says_what_would_change_it(
        license in licenses(), host in hosts(), now in instants(), feature in features(),
    ) {
        let decision = decide(&license, &host, now, feature);
        let failed = decision.reasons().iter().filter(|reason| !reason.passed());
        prop_assert!(failed.clone().all(|reason| reason.remedy(Default::default()).is_some()));
        prop_assert!(decision.allowed() || failed.count() > 0);
    }

    #[test]
    fn prop_several_licences_allow_what_the_best_of_them_allows(
        all in prop::collection::vec((licenses(), hosts()), 0..4), now in instants(),
        later in instants(), feature in features(),
    ) {
        let candidates: Vec<Candidate<'_>> =
            all.iter().map(|(license, host)| Candidate { license, host }).collect();
        let product = product();
        let question = Question::new(&product, feature);
        let together = evaluate_all(&candidates, now, &question);
        let best = all.iter().map(|(license, host)| decide(license, host, now, feature).outcome());
        let best = best.max_by_key(|outcome| outcome.rank()).unwrap_or(Outcome::Denied);
        prop_assert_eq!(together.outcome(), best);

        let then = evaluate_all(&candidates, later, &question);
        if later >= now && together.until().is_none_or(|until| later < until) {
            prop_assert_eq!(then.outcome(), together.outcome());
        }
        let timeline = Timeline::new(&candidates, &question);
        prop_assert_eq!(timeline.at(now), &together);
        prop_assert_eq!(timeline.at(later), &then);
    }
}
