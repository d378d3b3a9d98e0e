//! Examples of seats, one by one.

use super::*;
use crate::{
    decision::{Candidate, Question, evaluate_all},
    document::{
        EnrolledFact, Feature, HostBinding, License, LicenseClaims, LicenseKind, Moment, Nonce,
        SeatTerms, Span,
    },
    error::{ErrorKind, Result},
    host_binding::HostMatch,
    id::FeatureId,
    signing::{Signer, Trust},
    time::Instant,
};

fn start() -> Instant {
    "2026-03-01T09:00:00Z".parse().unwrap()
}

fn after(seconds: i64) -> Instant {
    start().saturating_add(seconds)
}

fn feature(name: &str) -> FeatureId {
    name.parse().unwrap()
}

fn session(number: u8) -> SessionId {
    SessionId::from_entropy([number; 16])
}

/// `export` has so many seats, `print` has one, and `view` takes none.
fn limits(export: u32) -> Limits {
    let counted = [("export", Some(export)), ("print", Some(1)), ("view", None)];
    counted.into_iter().map(|(name, limit)| (feature(name), limit)).collect()
}

/// Seats with terms and limits that may be changed.
struct Desk {
    seats: Seats,
    limits: Limits,
    terms: Terms,
}

impl Desk {
    fn new(export: u32) -> Self {
        let (limits, terms) = (limits(export), Terms::default());
        Self { seats: Seats::at(start(), []), limits, terms }
    }

    fn at(&mut self, now: Instant) {
        self.seats = Seats::at(now, self.seats.clone().into_sessions());
    }

    fn capture(&mut self, number: u8, name: &str) -> Result<Captured> {
        let holder = Holder::default();
        self.seats.capture((session(number), &holder), &feature(name), &self.limits, &self.terms)
    }

    fn keep_alive(&mut self, number: u8) -> Result<Kept> {
        self.seats.keep_alive(&session(number), &self.limits, &self.terms)
    }

    fn release(&mut self, number: u8, name: &str) -> Result<()> {
        self.seats.release(&session(number), &feature(name), &self.terms)
    }

    fn captured(&self, name: &str) -> u32 {
        self.seats.captured(&feature(name), &self.limits)
    }
}

fn kind<T: std::fmt::Debug>(result: Result<T>) -> ErrorKind {
    result.unwrap_err().kind()
}

#[test]
fn s_mk_52_every_feature_is_listed_with_its_limit_and_how_much_is_captured() {
    let mut desk = Desk::new(5);
    desk.capture(1, "export").unwrap();
    desk.capture(2, "export").unwrap();
    desk.capture(2, "view").unwrap();
    let usage = serde_json::to_value(desk.seats.usage(&desk.limits)).unwrap();
    let expected = serde_json::json!([
        {"feature": "export", "limit": 5, "captured": 2},
        {"feature": "print", "limit": 1, "captured": 0},
        {"feature": "view", "captured": 0},
    ]);
    assert_eq!(usage, expected);
}

#[test]
fn s_mk_53_s_mk_54_a_capture_takes_one_seat_however_often_a_session_captures() {
    let mut desk = Desk::new(5);
    assert_eq!(desk.captured("export"), 0);
    let first = desk.capture(1, "export").unwrap();
    assert_eq!((first.session, first.kept.until), (session(1), Some(after(300))));
    assert_eq!(desk.captured("export"), 1);
    let second = desk.seats.capture_in(&session(1), &feature("export"), &desk.limits, &desk.terms);
    assert_eq!(second.unwrap(), first);
    assert_eq!(desk.captured("export"), 1);
    desk.capture(1, "print").unwrap();
    assert_eq!((desk.captured("export"), desk.captured("print")), (1, 1));
    assert_eq!(desk.seats.sessions().count(), 1);
}

#[test]
fn s_mk_55_the_capture_after_the_last_seat_is_refused_and_changes_nothing() {
    let mut desk = Desk::new(3);
    for number in 1..=3 {
        desk.capture(number, "export").unwrap();
    }
    let before = desk.seats.clone();
    let refusal = desk.capture(4, "export").unwrap_err();
    assert_eq!((refusal.kind(), refusal.kind().number()), (ErrorKind::NoFreeLicense, 1051));
    let text = "no licence of `export` is free for this host: all 3 seats are taken";
    assert_eq!(refusal.to_string(), text);
    assert_eq!(desk.seats, before);
    desk.release(2, "export").unwrap();
    desk.capture(4, "export").unwrap();
}

#[test]
fn a_feature_that_may_not_run_is_refused_and_none_is_free() {
    let mut desk = Desk::new(3);
    assert_eq!(kind(desk.capture(1, "import")), ErrorKind::NotLicensed);
    let available = desk.seats.available(&feature("import"), &desk.limits);
    assert_eq!(available, Available::NotLicensed);
    assert!(!available.permits());
    assert_eq!(desk.seats.sessions().count(), 0);
}

#[test]
fn s_mk_56_releasing_what_was_not_captured_follows_the_terms() {
    let mut desk = Desk::new(3);
    desk.capture(1, "export").unwrap();
    let before = desk.seats.clone();
    for _ in 0..2 {
        desk.release(1, "print").unwrap();
        desk.release(9, "export").unwrap();
        desk.seats.end(&session(9), &desk.terms).unwrap();
        assert_eq!(desk.seats, before);
    }
    desk.terms = desk.terms.strict();
    assert_eq!(kind(desk.release(1, "print")), ErrorKind::NotCaptured);
    assert_eq!(kind(desk.release(9, "export")), ErrorKind::SessionUnknown);
    assert_eq!(kind(desk.seats.end(&session(9), &desk.terms)), ErrorKind::SessionUnknown);
    assert_eq!(desk.seats, before);
    desk.release(1, "export").unwrap();
    assert_eq!(kind(desk.release(1, "export")), ErrorKind::NotCaptured);
}

#[test]
fn s_mk_57_an_unknown_session_and_one_that_has_run_out_are_refused_with_1021() {
    assert_eq!(ErrorKind::SessionUnknown.number(), 1021);
    let mut desk = Desk::new(3);
    assert_eq!(kind(desk.keep_alive(1)), ErrorKind::SessionUnknown);
    let unknown = desk.seats.capture_in(&session(1), &feature("export"), &desk.limits, &desk.terms);
    assert_eq!(kind(unknown), ErrorKind::SessionUnknown);

    desk.capture(1, "export").unwrap();
    desk.at(after(299));
    assert!(desk.seats.session(&session(1)).is_ok());
    desk.at(after(300));
    assert_eq!(kind(desk.seats.session(&session(1)).cloned()), ErrorKind::SessionUnknown);
    assert_eq!(kind(desk.keep_alive(1)), ErrorKind::SessionUnknown);
    for text in ["", "x", "AAAAAAAAAAAAAAAAAAAAAB", "AAAAAAAAAAAAAAAAAAAAAA="] {
        assert_eq!(kind(text.parse::<SessionId>()), ErrorKind::SessionUnknown, "{text}");
    }
}

#[test]
fn s_mk_58_a_sign_of_life_sets_the_end_and_two_do_not_add_up() {
    let mut desk = Desk::new(3);
    desk.capture(1, "export").unwrap();
    desk.at(after(100));
    assert_eq!(desk.keep_alive(1).unwrap().until, Some(after(400)));
    assert_eq!(desk.keep_alive(1).unwrap().until, Some(after(400)));
    desk.terms = desk.terms.with_lease(60).unwrap();
    desk.at(after(399));
    assert_eq!(desk.keep_alive(1).unwrap().until, Some(after(459)));
    desk.at(after(459));
    assert_eq!(desk.captured("export"), 0);
}

#[test]
fn s_mk_59_a_sign_of_life_drops_what_was_lost_and_lists_it_once() {
    let mut desk = Desk::new(3);
    for name in ["export", "print", "view"] {
        desk.capture(1, name).unwrap();
    }
    desk.limits = Limits::from_iter([(feature("export"), Some(3))]);
    let kept = desk.keep_alive(1).unwrap();
    assert_eq!(kept.captured, [feature("export")]);
    assert_eq!(kept.dropped, [feature("print"), feature("view")]);
    assert_eq!(desk.keep_alive(1).unwrap().dropped, []);

    // They come back by a capture only.
    desk.limits = limits(3);
    assert_eq!(desk.keep_alive(1).unwrap().captured, [feature("export")]);
    desk.capture(1, "print").unwrap();
}

#[test]
fn s_mk_59_a_capture_is_a_sign_of_life_and_drops_what_was_lost() {
    let mut desk = Desk::new(3);
    desk.capture(1, "print").unwrap();
    desk.limits = Limits::from_iter([(feature("export"), Some(1))]);
    desk.at(after(100));
    let captured = desk.capture(1, "export").unwrap();
    assert_eq!(captured.kept.until, Some(after(400)));
    assert_eq!(captured.kept.captured, [feature("export")]);
    assert_eq!(captured.kept.dropped, [feature("print")]);
}

#[test]
fn s_mk_60_a_lowered_limit_frees_the_latest_holders() {
    let mut desk = Desk::new(5);
    // The ids do not come in the order of captures.
    for number in [5, 1, 4, 2, 3] {
        desk.capture(number, "export").unwrap();
    }
    desk.limits = limits(2);
    assert_eq!(desk.captured("export"), 2);
    for (number, stays) in [(5, true), (1, true), (4, false), (2, false), (3, false)] {
        let held = desk.seats.is_held(&session(number), &feature("export"), &desk.limits);
        assert_eq!(held, stays, "{number}");
    }
    // Whoever asks first is of no account.
    for (number, stays) in [(3, false), (4, false), (2, false), (1, true), (5, true)] {
        assert_eq!(desk.keep_alive(number).unwrap().dropped.is_empty(), stays, "{number}");
    }
    assert_eq!(kind(desk.capture(3, "export")), ErrorKind::NoFreeLicense);
}

#[test]
fn s_mk_60_a_holder_beyond_the_limit_cannot_capture_its_seat_back() {
    let mut desk = Desk::new(2);
    desk.capture(1, "export").unwrap();
    desk.capture(2, "export").unwrap();
    desk.limits = limits(1);
    assert_eq!(kind(desk.capture(2, "export")), ErrorKind::NoFreeLicense);
    desk.capture(1, "export").unwrap();
}

#[test]
fn s_mk_61_one_session_more_than_four_for_each_seat_and_16_is_told_to_try_later() {
    for (most, sessions) in [(1, 20), (5, 36)] {
        let mut desk = Desk::new(most);
        for number in 1..=sessions {
            desk.capture(number, "view").unwrap();
        }
        let refusal = desk.capture(sessions + 1, "export").unwrap_err();
        assert_eq!(refusal.kind(), ErrorKind::SessionsFull);
        // None of the numbers that tell of licences.
        assert_eq!(refusal.kind().number(), 10350);
        // Those that are open go on.
        desk.capture(1, "export").unwrap();
        desk.seats.end(&session(2), &desk.terms).unwrap();
        desk.capture(sessions + 1, "view").unwrap();
    }
    assert_eq!(Limits::default().sessions_max(), 16);
    assert_eq!(limits(u32::MAX).sessions_max(), 4 * u64::from(u32::MAX) + 16);
}

#[test]
fn s_mk_62_a_holder_says_1024_bytes_and_not_one_more() {
    let long = "x".repeat(HOLDER_BYTES_MAX);
    assert_eq!(Holder::new(&long).unwrap().as_str(), long);
    let refusal = Holder::new(&"x".repeat(1025)).unwrap_err();
    assert_eq!(refusal.kind(), ErrorKind::InputTooLarge);
    assert_eq!(refusal.to_string(), "holder of 1025 bytes exceeds 1024");
    assert_eq!(kind(Holder::new("desk\0")), ErrorKind::FieldInvalid);
    // In bytes, not in characters.
    assert_eq!(kind(Holder::new(&"é".repeat(513))), ErrorKind::InputTooLarge);
}

#[test]
fn what_a_holder_said_first_is_kept() {
    let mut desk = Desk::new(3);
    let (limits, terms) = (desk.limits.clone(), desk.terms);
    for said in ["desk 1", "desk 2"] {
        let holder = (session(1), &Holder::new(said).unwrap());
        desk.seats.capture(holder, &feature("export"), &limits, &terms).unwrap();
    }
    assert_eq!(desk.seats.session(&session(1)).unwrap().holder().as_str(), "desk 1");
}

#[test]
fn s_mk_63_a_feature_without_a_limit_takes_no_seat() {
    let mut desk = Desk::new(1);
    for number in 1..=20 {
        desk.capture(number, "view").unwrap();
    }
    assert_eq!(desk.captured("view"), 0);
    assert_eq!(desk.captured("export"), 0);
    assert!(desk.seats.is_held(&session(20), &feature("view"), &desk.limits));
}

#[test]
fn s_mk_64_available_holds_nothing_and_permits_nothing_that_is_counted() {
    let mut desk = Desk::new(1);
    let available = |desk: &Desk, name: &str| desk.seats.available(&feature(name), &desk.limits);
    assert_eq!(available(&desk, "export"), Available::Seats(1));
    assert!(!available(&desk, "export").permits());
    assert_eq!(desk.captured("export"), 0);
    // Another takes the seat that was free a moment ago.
    desk.capture(2, "export").unwrap();
    assert_eq!(available(&desk, "export"), Available::Seats(0));
    assert_eq!(kind(desk.capture(1, "export")), ErrorKind::NoFreeLicense);
    assert_eq!(available(&desk, "view"), Available::Unlimited);
    assert!(available(&desk, "view").permits());
}

#[test]
fn a_clock_set_back_keeps_nobody_longer_than_a_lease() {
    let mut desk = Desk::new(1);
    desk.capture(1, "export").unwrap();
    desk.at(after(-1_000_000));
    assert_eq!(desk.captured("export"), 1);
    desk.at(after(-1_000_000 + 299));
    assert_eq!(desk.captured("export"), 1);
    desk.at(after(-1_000_000 + 300));
    assert_eq!(desk.captured("export"), 0);
}

#[test]
fn in_process_no_session_ends_by_itself_and_no_ceiling_stops_one() {
    let mut desk = Desk::new(200);
    desk.terms = Terms::in_process();
    for number in 1..=200 {
        desk.capture(number, "view").unwrap();
    }
    assert_eq!(desk.keep_alive(1).unwrap().until, None);
    desk.at(Instant::MAX);
    assert_eq!(desk.seats.sessions().count(), 200);
}

#[test]
fn places_that_a_damaged_store_gave_twice_are_still_told_apart() {
    let damaged = |number| {
        let captured = [(feature("export"), u64::MAX)].into_iter().collect();
        Session::kept(session(number), Holder::default(), (start(), Some(300)), captured)
    };
    let mut desk = Desk::new(2);
    desk.seats = Seats::at(start(), (1..=4).map(damaged));
    desk.seats.end(&session(4), &desk.terms).unwrap();
    desk.seats.end(&session(3), &desk.terms).unwrap();
    let held = |desk: &Desk, number| {
        desk.seats.is_held(&session(number), &feature("export"), &desk.limits)
    };
    assert!(held(&desk, 1) && held(&desk, 2));
    desk.limits = limits(1);
    assert!(held(&desk, 1) && !held(&desk, 2));
}

#[test]
fn limits_are_those_of_features_that_a_licence_lets_run_at_an_instant() {
    let vendor = Signer::from_seed([1; 32]);
    let end = Moment::utc("2027-03-01".parse().unwrap());
    let mut claims = LicenseClaims::until("editor".parse().unwrap(), "Example Ltd", start(), end);
    claims.features.insert(feature("export"), Feature::counted(5));
    let until = Some(Moment::utc("2026-06-01".parse().unwrap()));
    claims.features.insert(feature("print"), Feature { until, ..Feature::counted(2) });
    claims.features.insert(feature("view"), Feature::uncounted());
    let trust = Trust::new(&[vendor.public_key()], None).unwrap();
    let document = License::issue(&claims, &vendor).unwrap();
    let license = License::verify(document.as_bytes(), &trust).unwrap();

    let at = |now: &str| {
        let limits = Limits::of_license(&license, &claims.product, now.parse().unwrap());
        let shown = limits.iter().map(|(feature, limit)| format!("{feature} {limit:?}"));
        shown.collect::<Vec<_>>().join(", ")
    };
    assert_eq!(at("2026-05-31T23:59:59Z"), "editor None, export Some(5), print Some(2), view None",);
    assert_eq!(at("2026-06-01T00:00:00Z"), "editor None, export Some(5), view None");
    assert_eq!(at("2027-03-01T00:00:00Z"), "");
    let other = "viewer".parse().unwrap();
    assert_eq!(Limits::of_license(&license, &other, start()), Limits::default());
}

/// A licence for `export` with so many seats, and what else it says.
fn licensed(quantity: u32, change: impl FnOnce(&mut LicenseClaims)) -> License {
    let vendor = Signer::from_seed([1; 32]);
    let mut claims = LicenseClaims::perpetual("editor".parse().unwrap(), "Example Ltd", start());
    claims.features.insert(feature("export"), Feature::counted(quantity));
    change(&mut claims);
    let trust = Trust::new(&[vendor.public_key()], None).unwrap();
    License::verify(License::issue(&claims, &vendor).unwrap().as_bytes(), &trust).unwrap()
}

/// The limits and terms under several licences, for a client that holds them.
fn limits_under(licenses: &[License]) -> (Option<Option<u32>>, Terms) {
    let product = "editor".parse().unwrap();
    let host = HostMatch::default();
    let candidates: Vec<_> =
        licenses.iter().map(|license| Candidate { license, host: &host }).collect();
    let decide = |name| evaluate_all(&candidates, after(60), &Question::new(&product, name));
    let limits = Limits::of_decisions([decide("export"), decide("editor")]);
    (limits.of("export"), limits.terms(Terms::default()))
}

fn numbered(serial: &str, quantity: u32) -> License {
    licensed(quantity, |claims| claims.serial = Some(serial.into()))
}

#[test]
fn seats_of_licences_with_numbers_of_their_own_add_up() {
    let seats = |licenses: &[License]| limits_under(licenses).0;
    assert_eq!(seats(&[numbered("a", 2), numbered("b", 3)]), Some(Some(5)));
    assert_eq!(seats(&[numbered("b", 3), numbered("a", 2)]), Some(Some(5)));
    assert_eq!(seats(&[numbered("a", u32::MAX), numbered("b", 3)]), Some(Some(u32::MAX)));
    let unlimited = licensed(1, |claims| {
        claims.serial = Some("c".into());
        claims.features.insert(feature("export"), Feature::uncounted());
    });
    assert_eq!(seats(&[numbered("a", 2), unlimited]), Some(None));
    let over = licensed(9, |claims| {
        claims.serial = Some("d".into());
        claims.kind = LicenseKind::Trial;
        let day = |day: &str| Moment::utc(day.parse().unwrap());
        claims.licensed = Some(Span::between(day("2026-01-01"), day("2026-02-01")));
    });
    assert_eq!(seats(&[numbered("a", 2), over]), Some(Some(2)));
}

#[test]
fn of_licences_that_cannot_be_told_apart_the_newest_counts() {
    let newer = |claims: &mut LicenseClaims| claims.issued_at = after(30);
    for (old, new) in [
        (licensed(5, |_| {}), licensed(2, newer)),
        (numbered("a", 5), {
            licensed(2, |claims| (claims.serial, claims.issued_at) = (Some("a".into()), after(30)))
        }),
        (
            licensed(5, |claims| claims.nonce = Some(Nonce::from_entropy([1; 16]))),
            licensed(2, |claims| {
                newer(claims);
                claims.nonce = Some(Nonce::from_entropy([2; 16]));
                claims.serial = Some("c1-2".into());
            }),
        ),
    ] {
        assert_eq!(limits_under(&[old.clone(), new.clone()]).0, Some(Some(2)));
        assert_eq!(limits_under(&[new, old]).0, Some(Some(2)));
    }
}

#[test]
fn s_mk_56_s_mk_58_licences_state_the_terms_of_their_seats() {
    let stating = |serial: &str, lease_seconds, release_strict| {
        licensed(1, |claims| {
            let terms = SeatTerms { lease_seconds, release_strict };
            (claims.serial, claims.seats) = (Some(serial.into()), Some(terms));
        })
    };
    let terms = |licenses: &[License]| {
        let terms = limits_under(licenses).1;
        (terms.lease_seconds(), terms.is_strict())
    };
    assert_eq!(terms(&[numbered("a", 1)]), (Some(300), false));
    assert_eq!(terms(&[stating("a", Some(60), Some(true))]), (Some(60), true));
    let both = [stating("a", Some(60), Some(true)), stating("b", Some(900), None)];
    assert_eq!(terms(&both), (Some(900), true));
}

#[test]
fn whoever_hands_out_the_seats_of_a_licence_needs_not_be_where_it_is_bound() {
    let license = licensed(5, |claims| {
        claims.kind = LicenseKind::NodeLocked;
        claims.host = Some(HostBinding::new(2, vec![EnrolledFact::new("board", "d1", 2)]));
        claims.installation = Some(Signer::from_seed([3; 32]).key_id());
        claims.updates_until = Some(Moment::utc("2027-03-01".parse().unwrap()));
        let terms = SeatTerms { lease_seconds: Some(60), ..SeatTerms::default() };
        claims.seats = Some(terms);
    });
    let limits = Limits::of_license(&license, &"editor".parse().unwrap(), start());
    assert_eq!((limits.of("export"), limits.of("editor")), (Some(Some(5)), Some(None)));
    assert_eq!(limits.terms(Terms::default()).lease_seconds(), Some(60));
    assert_eq!(limits_under(&[license]).0, None);
}
