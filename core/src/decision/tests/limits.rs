//! Claims about versions, devices, use without contact, revocations and data.

use super::*;
use crate::{
    document::{FeatureData, Revocation, RevocationClaims, RevocationList},
    id::DeviceId,
};

#[test]
fn updates_end_exclusively_on_the_day_the_program_was_built() {
    let claims = LicenseClaims {
        licensed: Some(Span::starting(day(0))),
        updates_until: Some(day(10)),
        ..claims()
    };
    let product = product();
    let ask = |question: Question<'_>| {
        evaluate(&signed(&claims), &HostMatch::default(), day(500).at(), &question)
    };
    let built = |days| ask(Question::new(&product, "editor").built_on(day(days).day()));
    assert_eq!(built(9).outcome(), Outcome::Licensed);
    let after = built(10);
    assert_eq!(after.outcome(), Outcome::Denied);
    assert_eq!(
        after.to_string(),
        "`editor` may not run: this version was built on 2027-03-11, and the last day of updates \
         was 2027-03-10",
    );
    let unknown = ask(Question::new(&product, "editor"));
    assert!(!unknown.allowed() && unknown.reason(ReasonCode::UpdatesCovered).is_some());
}

#[test]
fn s_mk_68_offline_a_licence_lasts_until_the_later_of_its_end_and_its_offline_limit() {
    for (licensed, offline) in [(20, 30), (30, 20)] {
        let claims = LicenseClaims {
            licensed: Some(Span::between(day(0), day(licensed))),
            grace: Some(Span::between(day(10), day(offline))),
            ..claims()
        };
        assert!(ask(&claims, second_before(day(30)), "editor").allowed());
        assert!(!ask(&claims, day(30).at(), "editor").allowed());
    }
}

#[test]
fn s_mk_79_use_without_contact_prolongs_no_feature_and_no_licence() {
    let until = Feature { until: Some(day(20)), ..Feature::uncounted() };
    let claims = with_feature(
        until,
        LicenseClaims {
            licensed: Some(Span::between(day(0), day(30))),
            offline_until: Some(day(40)),
            ..claims()
        },
    );
    assert!(ask(&claims, second_before(day(20)), "export").allowed());
    assert!(!ask(&claims, day(20).at(), "export").allowed());
    assert!(ask(&claims, second_before(day(30)), "editor").allowed());
    assert!(!ask(&claims, day(30).at(), "editor").allowed());
}

#[test]
fn use_without_contact_ends_exclusively_and_cuts_licensed_time_and_grace_short() {
    let offline = |days| LicenseClaims { offline_until: Some(day(days)), ..year_and_grace() };
    for days in [100, 380] {
        let last = ask(&offline(days), second_before(day(days)), "editor");
        assert!(last.allowed(), "{days}");
        let over = ask(&offline(days), day(days).at(), "editor");
        assert_eq!((over.outcome(), over.until()), (Outcome::Denied, None));
        assert!(over.to_string().contains("the last day of use without contact"), "{over}");
        assert!(!over.reason(ReasonCode::OfflineAllowed).unwrap().passed());
    }
    let decision = ask(&offline(100), day(1).at(), "editor");
    assert_eq!(decision.until(), Some(day(100).at()));
}

fn list(change: impl Fn(&mut RevocationClaims)) -> RevocationList {
    let vendor = Signer::from_seed([1; 32]);
    let mut claims = RevocationClaims::new(1, day(10).at(), day(20).at());
    change(&mut claims);
    let trust = Trust::new(&[vendor.public_key()], None).unwrap();
    let document = RevocationList::issue(&claims, &vendor).unwrap();
    RevocationList::verify(document.as_bytes(), &trust).unwrap()
}

fn ask_with(list: &RevocationList, claims: &LicenseClaims, now: Instant) -> Decision {
    let (product, here) = (product(), Signer::from_seed([3; 32]).key_id());
    let question = Question::new(&product, "editor").from_installation(here).revoked_by(list);
    evaluate(&signed(claims), &HostMatch::default(), now, &question)
}

#[test]
fn what_the_newest_list_names_is_denied_whatever_the_clock_says() {
    let numbered = LicenseClaims { serial: Some("L-7".into()), ..year_and_grace() };
    let refunded = || Revocation::new(day(5).at(), "refunded");
    let by_serial = list(|claims| drop(claims.licenses.insert("L-7".into(), refunded())));
    let here = Signer::from_seed([3; 32]).key_id();
    let by_installation = list(|claims| drop(claims.installations.insert(here, refunded())));
    for now in [day(0).at(), day(5).at(), day(15).at(), day(100).at()] {
        for list in [&by_serial, &by_installation] {
            let decision = ask_with(list, &numbered, now);
            assert_eq!(decision.outcome(), Outcome::Denied, "{now}");
            assert_eq!(
                decision.to_string(),
                "`editor` may not run: the vendor has revoked the licence since \
                 2027-03-06T00:00:00Z: refunded",
            );
        }
    }
    let others = list(|claims| drop(claims.licenses.insert("L-8".into(), refunded())));
    let decision = ask_with(&others, &numbered, day(15).at());
    assert!(decision.reason(ReasonCode::NotRevoked).unwrap().passed());
    assert!(decision.allowed());
}

#[test]
fn a_list_that_is_late_warns_from_its_second_on_and_denies_nothing() {
    let late = list(|_| {});
    for (now, current) in [(second_before(day(20)), true), (day(20).at(), false)] {
        let decision = ask_with(&late, &year_and_grace(), now);
        assert_eq!(decision.outcome(), Outcome::Licensed);
        let reason = decision.reason(ReasonCode::RevocationsCurrent).unwrap();
        assert_eq!(reason.passed(), current, "{now}");
        assert_eq!(decision.until(), Some(day(365).at()));
    }
    let over = ask_with(&late, &year_and_grace(), day(500).at());
    assert!(over.to_string().contains("the last licensed day was"), "{over}");
}

#[test]
fn a_licence_for_devices_covers_those_it_names_and_the_program_as_a_whole() {
    let (front, back): (DeviceId, DeviceId) =
        ("camera-1".parse().unwrap(), "camera-2".parse().unwrap());
    let named = LicenseClaims { devices: Some(vec![front.clone()]), ..year_and_grace() };
    let product = product();
    let question = Question::new(&product, "editor");
    let ask = |claims: &LicenseClaims, question: &Question<'_>| {
        evaluate(&signed(claims), &HostMatch::default(), day(1).at(), question)
    };
    assert!(ask(&named, &question).allowed());
    assert!(ask(&named, &question.on_device(&front)).allowed());
    assert_eq!(
        ask(&named, &question.on_device(&back)).to_string(),
        "`editor` may not run: the licence does not cover device `camera-2`",
    );
    assert!(ask(&year_and_grace(), &question.on_device(&back)).allowed());
}

#[test]
fn data_come_with_a_decision_that_allows_and_in_no_other_way() {
    let data = Feature { data: Some(FeatureData::new(b"key").unwrap()), ..Feature::uncounted() };
    let claims = with_feature(data, year_and_grace());
    assert_eq!(ask(&claims, day(1).at(), "export").data(), Some(&b"key"[..]));
    assert_eq!(ask(&claims, day(370).at(), "export").data(), Some(&b"key"[..]));
    for (now, feature) in [(day(1), "editor"), (day(1), "import"), (day(400), "export")] {
        assert_eq!(ask(&claims, now.at(), feature).data(), None);
    }
    let denied = ask(&claims, day(400).at(), "export");
    let told = format!("{denied:?} {}", denied.explain(Language::En));
    let json = serde_json::to_string(&ask(&claims, day(1).at(), "export")).unwrap();
    assert!(!told.contains("a2V5") && !json.contains("a2V5"));
}
