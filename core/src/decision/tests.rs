//! Claims about single decisions; the laws stand in `laws.rs`.

mod clock;
mod limits;

use super::*;
use crate::{
    document::{
        EnrolledFact, Feature, HostBinding, License, LicenseClaims, LicenseKind, Moment, Span,
    },
    error::{ErrorKind, Language},
    host_binding::{FactKind, HostMatch},
    id::ProductId,
    signing::{KeyId, Signer, Trust},
    time::{Day, Instant},
};

pub(super) fn product() -> ProductId {
    ProductId::new("editor").unwrap()
}

/// The start of the day `days` after 2027-03-01, in UTC.
pub(super) fn day(days: u32) -> Moment {
    Moment::utc("2027-03-01".parse::<Day>().unwrap().plus_days(days).unwrap())
}

pub(super) fn signed(claims: &LicenseClaims) -> License {
    let vendor = Signer::from_seed([1; 32]);
    let trust = Trust::new(&[vendor.public_key()], None).unwrap();
    License::verify(License::issue(claims, &vendor).unwrap().as_bytes(), &trust).unwrap()
}

pub(super) fn claims() -> LicenseClaims {
    LicenseClaims::new(LicenseKind::Site, product(), day(0).at())
}

/// Licensed for a year of 365 days, then a grace of 30.
fn year_and_grace() -> LicenseClaims {
    LicenseClaims {
        licensed: Some(Span::between(day(0), day(365))),
        grace: Some(Span::between(day(365), day(395))),
        ..claims()
    }
}

fn only_grace() -> LicenseClaims {
    LicenseClaims { grace: Some(Span::between(day(0), day(30))), ..claims() }
}

fn with_feature(feature: Feature, claims: LicenseClaims) -> LicenseClaims {
    LicenseClaims { features: [("export".parse().unwrap(), feature)].into(), ..claims }
}

fn ask(claims: &LicenseClaims, now: Instant, feature: &str) -> Decision {
    let product = product();
    evaluate(&signed(claims), &HostMatch::default(), now, &Question::new(&product, feature))
}

fn second_before(moment: Moment) -> Instant {
    moment.at().saturating_add(-1)
}

#[test]
fn licensed_time_and_grace_end_exclusively_at_the_second() {
    let claims = year_and_grace();
    for (now, outcome, until) in [
        (second_before(day(0)), Outcome::Denied, Some(day(0))),
        (day(0).at(), Outcome::Licensed, Some(day(365))),
        (second_before(day(365)), Outcome::Licensed, Some(day(365))),
        (day(365).at(), Outcome::Grace, Some(day(395))),
        (second_before(day(395)), Outcome::Grace, Some(day(395))),
        (day(395).at(), Outcome::Denied, None),
        (Instant::MAX, Outcome::Denied, None),
    ] {
        let decision = ask(&claims, now, "editor");
        assert_eq!(decision.outcome(), outcome, "{now}");
        assert_eq!(decision.until(), until.map(Moment::at), "{now}");
    }
}

#[test]
fn s_ax_27_the_first_grace_lasts_thirty_days_and_not_one_second_more() {
    let claims = only_grace();
    assert_eq!(ask(&claims, second_before(day(30)), "editor").outcome(), Outcome::Grace);
    assert_eq!(ask(&claims, day(30).at(), "editor").outcome(), Outcome::Denied);
}

#[test]
fn s_ax_28_in_grace_everything_runs_and_the_end_is_told() {
    let claims = with_feature(Feature::counted(5), only_grace());
    let decision = ask(&claims, day(3).at(), "export");
    assert!(decision.allowed());
    assert_eq!((decision.until(), decision.quantity()), (Some(day(30).at()), Some(5)));
    assert_eq!(
        decision.to_string(),
        "`export` may run: the first grace period lasts through 2027-03-30"
    );
}

#[test]
fn s_mk_28_a_licence_without_an_end_is_perpetual() {
    let perpetual = LicenseClaims::perpetual(product(), "Example Ltd", day(0).at());
    let decision = ask(&perpetual, Instant::MAX, "editor");
    assert_eq!((decision.outcome(), decision.until()), (Outcome::Licensed, None));
    assert_eq!(decision.to_string(), "`editor` may run: licensed without end");
}

#[test]
fn s_mk_72_a_licence_from_more_than_300_seconds_ahead_is_denied() {
    let claims = LicenseClaims { licensed: Some(Span::starting(day(0))), ..claims() };
    let ahead = LicenseClaims { issued_at: day(1).at(), ..claims };
    let now = |seconds: i64| day(1).at().saturating_add(-seconds);
    assert!(ask(&ahead, now(300), "editor").allowed());
    let decision = ask(&ahead, now(301), "editor");
    assert_eq!((decision.allowed(), decision.until()), (false, Some(now(300))));
    assert!(!decision.reason(ReasonCode::IssuedByNow).unwrap().passed());
}

#[test]
fn s_mk_79_grace_prolongs_no_feature_past_its_own_end() {
    let until = |days| Feature { until: Some(day(days)), ..Feature::uncounted() };
    let claims = with_feature(until(370), year_and_grace());
    assert_eq!(ask(&claims, second_before(day(370)), "export").outcome(), Outcome::Grace);
    let decision = ask(&claims, day(370).at(), "export");
    assert_eq!(decision.outcome(), Outcome::Denied);
    assert_eq!(
        decision.to_string(),
        "`export` may not run: the last day of `export` was 2028-03-04"
    );
    assert!(ask(&claims, day(370).at(), "editor").allowed());
}

#[test]
fn the_end_that_comes_first_is_the_one_that_is_told() {
    let until = Feature { until: Some(day(9)), ..Feature::uncounted() };
    let decision = ask(&with_feature(until, year_and_grace()), day(0).at(), "export");
    assert_eq!(decision.until(), Some(day(9).at()));
    assert_eq!(decision.to_string(), "`export` may run: `export` is included through 2027-03-09");
}

#[test]
fn a_feature_that_is_not_named_is_denied_and_the_product_as_a_whole_is_not() {
    let claims = with_feature(Feature::uncounted(), year_and_grace());
    assert!(ask(&claims, day(0).at(), "editor").allowed());
    assert!(ask(&claims, day(0).at(), "export").allowed());
    for feature in ["import", "", "EXPORT", "export ", &"x".repeat(10_000)] {
        let decision = ask(&claims, day(0).at(), feature);
        assert!(!decision.allowed(), "{feature}");
        assert!(!decision.reason(ReasonCode::FeatureIncluded).unwrap().passed());
        assert!(decision.feature().len() <= 64);
    }
}

#[test]
fn a_name_that_is_cut_to_be_shown_is_not_the_feature_it_begins_with() {
    let longest = "x".repeat(64);
    let features = [(longest.parse().unwrap(), Feature::uncounted())].into();
    let claims = LicenseClaims { features, ..year_and_grace() };
    assert!(ask(&claims, day(0).at(), &longest).allowed());
    let decision = ask(&claims, day(0).at(), &format!("{longest}y"));
    assert_eq!((decision.allowed(), decision.feature()), (false, &*longest));
    assert!(!decision.reason(ReasonCode::FeatureIncluded).unwrap().passed());
}

#[test]
fn a_licence_of_another_product_is_denied() {
    let viewer = ProductId::new("viewer").unwrap();
    let license = signed(&year_and_grace());
    for feature in ["viewer", "editor"] {
        let question = Question::new(&viewer, feature);
        let decision = evaluate(&license, &HostMatch::default(), day(0).at(), &question);
        assert_eq!(
            decision.message(Language::En),
            format!("`{feature}` may not run: the licence is for `editor`, not for `viewer`")
        );
    }
}

#[test]
fn a_licence_of_another_installation_is_denied() {
    let installation = |seed| -> KeyId { Signer::from_seed([seed; 32]).key_id() };
    let license =
        signed(&LicenseClaims { installation: Some(installation(3)), ..year_and_grace() });
    let product = product();
    let asked = |question: Question<'_>| {
        evaluate(&license, &HostMatch::default(), day(0).at(), &question).allowed()
    };
    let question = Question::new(&product, "editor");
    assert!(asked(question.from_installation(installation(3))));
    assert!(!asked(question.from_installation(installation(4))));
    assert!(!asked(question));
}

#[test]
fn s_mk_40_a_changed_host_is_denied_and_the_reason_names_what_changed() {
    let facts =
        vec![EnrolledFact::new("dmi_uuid", "a", 4), EnrolledFact::new("disk_serial", "b", 2)];
    let license =
        signed(&LicenseClaims { host: Some(HostBinding::new(4, facts)), ..year_and_grace() });
    let product = product();
    let question = Question::new(&product, "editor");
    let mut host = HostMatch { score: 4, threshold: 4, ..HostMatch::default() };
    assert!(evaluate(&license, &host, day(0).at(), &question).allowed());

    host = HostMatch { score: 2, matched: vec![FactKind::DiskSerial], ..host };
    host.changed = vec![FactKind::DmiUuid];
    let decision = evaluate(&license, &host, day(0).at(), &question);
    assert_eq!((decision.allowed(), decision.until()), (false, None));
    let reason = decision.reason(ReasonCode::HostMatches).unwrap();
    assert_eq!(reason.detail("changed"), Some(&Detail::Facts(vec![FactKind::DmiUuid])));
    assert_eq!(
        reason.to_string(),
        "the host is not the one enrolled: it scores 2, 4 is needed; not found: dmi_uuid"
    );
    assert_eq!(
        reason.remedy(Language::En).unwrap(),
        "Ask the vendor to bind the licence to this host."
    );
}

#[test]
fn a_comparison_made_for_another_licence_cannot_lower_the_threshold() {
    let facts = vec![EnrolledFact::new("dmi_uuid", "a", 4)];
    let bound = LicenseClaims { host: Some(HostBinding::new(4, facts)), ..year_and_grace() };
    let decision = ask(&bound, day(0).at(), "editor");
    assert!(HostMatch::default().holds() && !decision.allowed());
}

#[test]
fn without_any_licence_the_answer_is_a_denial_that_says_so() {
    let product = product();
    let decision = evaluate_all(&[], day(0).at(), &Question::new(&product, "editor"));
    assert_eq!(decision.to_string(), "`editor` may not run: no licence has been accepted yet");
    let refusal = decision.require().unwrap_err();
    assert_eq!(refusal.kind(), ErrorKind::NotLicensed);
    assert_eq!(refusal.to_string(), "`editor` is not licensed: no licence has been accepted yet");
}

#[test]
fn of_several_licences_the_best_decides_and_of_equals_the_one_that_lasts() {
    let named =
        |serial: &str, claims| signed(&LicenseClaims { serial: Some(serial.into()), ..claims });
    let short = LicenseClaims { licensed: Some(Span::between(day(0), day(9))), ..claims() };
    let grace = named("grace", only_grace());
    let all = [named("short", short), named("year", year_and_grace()), grace];
    let host = HostMatch::default();
    let product = product();
    let question = Question::new(&product, "editor");
    let decide = |licenses: &[&License], now| {
        let candidates: Vec<Candidate<'_>> =
            licenses.iter().map(|license| Candidate { license, host: &host }).collect();
        evaluate_all(&candidates, now, &question)
    };
    let [short, year, grace] = &all;
    assert_eq!(decide(&[short, year, grace], day(0).at()).license(), Some("year"));
    let two = decide(&[short, grace], day(0).at());
    assert_eq!((two.license(), two.until()), (Some("short"), Some(day(9).at())));
    let later = decide(&[short, grace], day(9).at());
    assert_eq!((later.license(), later.outcome()), (Some("grace"), Outcome::Grace));
}

#[test]
fn in_french_the_first_grace_is_a_trial_and_a_renewals_is_a_delay() {
    let first = ask(&only_grace(), day(0).at(), "editor").message(Language::Fr);
    assert_eq!(
        first,
        "`editor` peut être utilisé : la période d’essai court jusqu’au 2027-03-30 inclus"
    );
    let renewal = ask(&year_and_grace(), day(365).at(), "editor").message(Language::Fr);
    assert!(renewal.contains("délai de grâce"), "{renewal}");
}

#[test]
fn a_decision_in_json_names_every_rule_and_its_facts() {
    let claims = with_feature(Feature::counted(5), only_grace());
    let json = serde_json::to_value(ask(&claims, day(0).at(), "export")).unwrap();
    let codes: Vec<&str> =
        json["reasons"].as_array().unwrap().iter().map(|r| r["code"].as_str().unwrap()).collect();
    assert_eq!(
        codes,
        [
            "PRODUCT_MATCHES",
            "ISSUED_BY_NOW",
            "LICENSED_NOW",
            "INITIAL_GRACE",
            "FEATURE_INCLUDED",
            "QUANTITY"
        ]
    );
    assert_eq!(json["outcome"], "grace");
    assert_eq!(json["until"], "2027-03-31T00:00:00Z");
    assert_eq!(json["reasons"][3]["facts"]["until"], "2027-03-31");
    assert_eq!(json["reasons"][3]["facts"]["last_day"], "2027-03-30");
    assert_eq!(json["reasons"][2]["passed"], false);
}

#[test]
fn an_explanation_says_what_would_change_the_answer() {
    let decision = ask(&only_grace(), day(30).at(), "editor");
    let explained: serde_json::Value =
        serde_json::from_str(&decision.explain(Language::Ru)).unwrap();
    assert_eq!(explained["message"], "`editor` использовать нельзя: лицензии ещё не распределены");
    assert_eq!(explained["reasons"][2]["remedy"], "Распределите лицензии.");
    assert!(explained["reasons"][0].get("remedy").is_none());
}
