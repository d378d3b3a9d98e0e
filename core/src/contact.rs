//! When to speak with the vendor next: at half-life, after a failure, before an end.
//!
//! The library makes no connection. It says what the host program should do and when, as data; the
//! program does it, or waits.

use serde::Serialize;

use crate::{
    document::{LicenseClaims, Moment, Span},
    evidence::Verdict,
    time::Instant,
};

/// The wait after the first failure, in seconds, and the least between two refreshes.
pub const RETRY_SECONDS_MIN: u64 = 300;
/// The longest wait before it is varied, in seconds: 6 hours.
pub const RETRY_SECONDS_MAX: u64 = 21_600;

/// For how many seconds to wait after so many failures in a row (S-MK-75).
///
/// It begins at [`RETRY_SECONDS_MIN`], doubles up to [`RETRY_SECONDS_MAX`], and is varied by at
/// most a quarter up or down, so that many installations do not come back at once. `entropy` is
/// any number that differs from one installation and attempt to another.
///
/// ```
/// use mlicense_core::contact::retry_seconds;
/// assert_eq!(retry_seconds(0, 7), 0);
/// assert!((225..=375).contains(&retry_seconds(1, 7)));
/// assert!((16_200..=27_000).contains(&retry_seconds(100, 7)));
/// ```
#[must_use]
pub fn retry_seconds(failures: u32, entropy: u64) -> u64 {
    let Some(doublings) = failures.checked_sub(1) else { return 0 };
    let doubled = 1_u64.checked_shl(doublings).and_then(|n| n.checked_mul(RETRY_SECONDS_MIN));
    let wait = doubled.unwrap_or(RETRY_SECONDS_MAX).min(RETRY_SECONDS_MAX);
    let (quarter, span) = (wait / 4, (wait / 4).saturating_mul(2).saturating_add(1));
    let varied = entropy.checked_rem(span).unwrap_or(0);
    wait.saturating_sub(quarter).saturating_add(varied)
}

/// What the host program should do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Action {
    /// Nothing: the licence held does not end, and no list is awaited.
    Nothing,
    /// Write a request to refresh, carry it to the vendor and accept the answer.
    Refresh,
    /// Ask for a licence in whichever way the program offers: none is held.
    Request,
}

/// What the host program should do next, and when.
///
/// JSON form: `{"action": "refresh", "at": "2026-08-30T12:00:00Z", "failures": 0, "renew_by":
/// "2027-03-01T00:00:00Z", "runs_until": "2027-03-31T00:00:00Z"}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NextAction {
    /// What to do.
    pub action: Action,
    /// From when on: an instant that has passed already when it is overdue.
    pub at: Instant,
    /// How many requests in a row have had no answer.
    pub failures: u32,
    /// The end of the licensed time, by which the customer should have renewed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub renew_by: Option<Instant>,
    /// From then on nothing runs without a newer licence: the end of grace, or of the licensed time,
    /// or of use without contact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runs_until: Option<Instant>,
}

impl NextAction {
    /// Whether there is something to do already at `now`.
    #[must_use]
    pub fn is_due(&self, now: Instant) -> bool {
        self.action != Action::Nothing && self.at <= now
    }
}

/// A request that has had no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a request is known by when and which")]
pub struct Unanswered {
    /// When it was written.
    pub asked_at: Instant,
    /// A number that differs from one request to another.
    pub entropy: u64,
}

/// What is known when asking what to do next.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Situation<'a> {
    /// The licences held.
    pub licenses: Vec<&'a LicenseClaims>,
    /// When the vendor signed the newest answer, if there was one.
    pub heard_at: Option<Instant>,
    /// The requests written since then, oldest first.
    pub unanswered: Vec<Unanswered>,
    /// When the next revocation list is due, if one is held.
    pub revocations_due: Option<Instant>,
    /// How far the clock is to be believed.
    pub verdict: Verdict,
}

impl<'a> Situation<'a> {
    /// A situation in which the vendor was never asked and the clock is right.
    #[must_use]
    pub const fn new(licenses: Vec<&'a LicenseClaims>) -> Self {
        Self {
            licenses,
            heard_at: None,
            unanswered: Vec::new(),
            revocations_due: None,
            verdict: Verdict::Ok,
        }
    }

    /// Says what to do next, and when; pure.
    ///
    /// Of several licences the one that lasts longest counts. It is to be refreshed at the half of
    /// the time left when it was issued or last confirmed, and every six hours once that time is
    /// over. Use without contact ends it as well as the licensed time does. A doubted clock is a
    /// reason to ask at once, for a signed date settles that; a revocation list that is late, from
    /// then on.
    ///
    /// ```
    /// use mlicense_core::contact::{Action, Situation};
    /// use mlicense_core::document::{LicenseClaims, Moment};
    /// let issued_at = "2026-03-01T00:00:00Z".parse()?;
    /// let end = Moment::utc("2026-03-11".parse()?);
    /// let claims = LicenseClaims::until("editor".parse()?, "Example Ltd", issued_at, end);
    /// let next = Situation::new(vec![&claims]).next_action(issued_at);
    /// assert_eq!((next.action, next.at), (Action::Refresh, "2026-03-06T00:00:00Z".parse()?));
    /// assert_eq!(next.renew_by, Some(end.at()));
    /// # Ok::<(), mlicense_core::error::Refusal>(())
    /// ```
    #[must_use]
    pub fn next_action(&self, now: Instant) -> NextAction {
        let held = self.licenses.iter().map(|claims| Tenure::of(claims));
        let longest = held.max_by_key(|tenure| tenure.runs_until.unwrap_or(Instant::MAX));
        let Some(tenure) = longest else {
            let at = self.heard(now).map_or(now, |heard| after(heard, RETRY_SECONDS_MIN));
            return self.after_failures(Action::Request, at, Tenure::NONE, now);
        };
        let by_licence = tenure.contact_by.map(|end| self.refresh_at(tenure.issued_at, end, now));
        let by_list = self.revocations_due.map(|due| due.max(self.soonest(now)));
        match by_licence.into_iter().chain(by_list).min() {
            Some(at) => self.after_failures(Action::Refresh, at, tenure, now),
            None => self.after_failures(Action::Nothing, now, tenure, now),
        }
    }

    /// When the vendor was heard last, unless by a clock that was wrong.
    fn heard(&self, now: Instant) -> Option<Instant> {
        self.heard_at.filter(|heard| *heard <= now)
    }

    /// So soon after the last answer, and no sooner; at once when there was none.
    fn soonest(&self, now: Instant) -> Instant {
        self.heard(now).map_or(Instant::MIN, |heard| after(heard, RETRY_SECONDS_MIN))
    }

    fn refresh_at(&self, issued_at: Instant, end: Instant, now: Instant) -> Instant {
        let heard = self.heard(now);
        if now >= end {
            return heard.map_or(end, |heard| end.max(after(heard, RETRY_SECONDS_MAX)));
        }
        let confirmed = heard.unwrap_or(issued_at).max(issued_at);
        let left = u64::try_from(end.seconds_since(confirmed)).unwrap_or(0);
        let at = if self.verdict > Verdict::Ok { now } else { after(confirmed, left / 2) };
        at.max(self.soonest(now))
    }

    /// Waits after failures. What was asked at an instant that has not come was asked by a clock
    /// that was wrong, and is not waited for.
    fn after_failures(
        &self,
        action: Action,
        at: Instant,
        tenure: Tenure,
        now: Instant,
    ) -> NextAction {
        let failures = u32::try_from(self.unanswered.len()).unwrap_or(u32::MAX);
        let last = self.unanswered.last().filter(|last| last.asked_at <= now);
        let retry_at = last.map(|last| after(last.asked_at, retry_seconds(failures, last.entropy)));
        NextAction {
            action,
            at: retry_at.map_or(at, |retry_at| at.max(retry_at)),
            failures,
            renew_by: tenure.renew_by,
            runs_until: tenure.runs_until,
        }
    }
}

/// The time that a licence gives; ends that are missing do not come.
#[derive(Clone, Copy, Debug)]
struct Tenure {
    issued_at: Instant,
    renew_by: Option<Instant>,
    runs_until: Option<Instant>,
    contact_by: Option<Instant>,
}

impl Tenure {
    const NONE: Self =
        Self { issued_at: Instant::MIN, renew_by: None, runs_until: None, contact_by: None };

    fn of(claims: &LicenseClaims) -> Self {
        let end = |span: Option<Span>| span.map(|span| span.until.map(Moment::at));
        let (licensed, grace) = (end(claims.licensed), end(claims.grace));
        // Without licensed time the end of grace is the day by which something must be done.
        let renew_by = licensed.or(grace).flatten();
        let licensed_or_grace = renew_by.map(|end| grace.flatten().map_or(end, |it| it.max(end)));
        let offline_until = claims.offline_until.map(Moment::at);
        let earlier = |end: Option<Instant>| end.into_iter().chain(offline_until).min();
        Self {
            issued_at: claims.issued_at,
            renew_by,
            runs_until: earlier(licensed_or_grace),
            contact_by: earlier(renew_by),
        }
    }
}

fn after(at: Instant, seconds: u64) -> Instant {
    at.saturating_add(i64::try_from(seconds).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::document::LicenseKind;

    fn day(days: u32) -> Moment {
        let first: crate::time::Day = "2027-03-01".parse().unwrap();
        Moment::utc(first.plus_days(days).unwrap())
    }

    /// Issued on day 0, licensed for 100 days, then a grace of 10.
    fn claims() -> LicenseClaims {
        let product = "editor".parse().unwrap();
        let mut claims = LicenseClaims::new(LicenseKind::Subscription, product, day(0).at());
        claims.licensed = Some(Span::between(day(0), day(100)));
        claims.grace = Some(Span::between(day(100), day(110)));
        claims
    }

    fn asked(days: u32, count: usize) -> Vec<Unanswered> {
        vec![Unanswered { asked_at: day(days).at(), entropy: 0 }; count]
    }

    #[test]
    fn s_mk_75_waits_begin_at_300_seconds_and_double_to_21_600_give_or_take_a_quarter() {
        let waits = [300, 600, 1200, 2400, 4800, 9600, 19_200, 21_600, 21_600];
        for (failures, wait) in (1..).zip(waits) {
            let (least, most) = (wait - wait / 4, wait + wait / 4);
            assert_eq!(retry_seconds(failures, 0), least);
            assert_eq!(retry_seconds(failures, most - least), most);
            assert_eq!(retry_seconds(failures, most - least + 1), least);
        }
        assert_eq!(retry_seconds(u32::MAX, 0), 16_200);
    }

    proptest! {
        #[test]
        fn prop_every_wait_is_within_a_quarter(failures in 1..u32::MAX, entropy: u64) {
            let wait = retry_seconds(failures, entropy);
            prop_assert!((225..=27_000).contains(&wait));
        }

        #[test]
        fn prop_after_a_failure_nothing_is_due_until_the_wait_is_over(
            count in 1..30_usize, entropy: u64, waited in 0..40_000_u64,
        ) {
            let claims = claims();
            let last = Unanswered { asked_at: day(60).at(), entropy };
            let unanswered = vec![last; count];
            let situation = Situation { unanswered, ..Situation::new(vec![&claims]) };
            let now = after(last.asked_at, waited);
            let next = situation.next_action(now);
            let wait = retry_seconds(u32::try_from(count).unwrap(), entropy);
            prop_assert_eq!(next.is_due(now), waited >= wait);
        }
    }

    #[test]
    fn a_licence_is_refreshed_at_half_of_what_was_left() {
        let claims = claims();
        let at = |heard_at, now: u32| {
            let situation = Situation { heard_at, ..Situation::new(vec![&claims]) };
            let next = situation.next_action(day(now).at());
            assert_eq!(next.action, Action::Refresh);
            next.at
        };
        assert_eq!(at(None, 0), day(50).at());
        assert_eq!(at(None, 70), day(50).at());
        assert_eq!(at(Some(day(50).at()), 50), day(75).at());
        assert_eq!(at(Some(day(99).at()), 99), after(day(99).at(), 43_200));
        let minute_before = day(100).at().saturating_add(-60);
        assert_eq!(at(Some(minute_before), 99), day(50).at(), "heard in the future");
    }

    #[test]
    fn two_refreshes_are_never_closer_than_300_seconds() {
        let claims = claims();
        let heard = day(100).at().saturating_add(-100);
        let situation = Situation { heard_at: Some(heard), ..Situation::new(vec![&claims]) };
        assert_eq!(situation.next_action(heard).at, after(heard, RETRY_SECONDS_MIN));
    }

    #[test]
    fn from_the_end_on_the_vendor_is_asked_every_six_hours() {
        let claims = claims();
        let next = Situation::new(vec![&claims]).next_action(day(105).at());
        assert_eq!((next.action, next.at), (Action::Refresh, day(100).at()));
        assert_eq!(next.renew_by, Some(day(100).at()));
        assert_eq!(next.runs_until, Some(day(110).at()));
        let heard_at = Some(day(105).at());
        let situation = Situation { heard_at, ..Situation::new(vec![&claims]) };
        let next = situation.next_action(day(105).at());
        assert_eq!(next.at, after(day(105).at(), RETRY_SECONDS_MAX));
    }

    #[test]
    fn a_doubted_clock_asks_for_a_signed_date_at_once() {
        let claims = claims();
        for verdict in [Verdict::Warn, Verdict::Grace, Verdict::Deny] {
            let situation = Situation { verdict, ..Situation::new(vec![&claims]) };
            assert!(situation.next_action(day(1).at()).is_due(day(1).at()));
        }
    }

    #[test]
    fn a_licence_without_an_end_wants_nothing_and_without_a_licence_one_is_asked_for() {
        let endless = LicenseClaims { licensed: Some(Span::starting(day(0))), ..claims() };
        let ends = claims();
        let next = Situation::new(vec![&ends, &endless]).next_action(day(500).at());
        assert_eq!((next.action, next.renew_by), (Action::Nothing, None));
        assert!(!next.is_due(Instant::MAX));
        let next = Situation::new(vec![]).next_action(day(3).at());
        assert_eq!((next.action, next.at), (Action::Request, day(3).at()));
        let unanswered = asked(3, 2);
        let situation = Situation { unanswered, ..Situation::new(vec![]) };
        assert_eq!(situation.next_action(day(3).at()).at, after(day(3).at(), 450));
    }

    #[test]
    fn use_without_contact_is_refreshed_at_its_half_and_ends_what_runs() {
        let product = "editor".parse().unwrap();
        let mut endless = LicenseClaims::perpetual(product, "Example Ltd", day(0).at());
        endless.offline_until = Some(day(30));
        let next = Situation::new(vec![&endless]).next_action(day(1).at());
        assert_eq!((next.action, next.at), (Action::Refresh, day(15).at()));
        assert_eq!((next.renew_by, next.runs_until), (None, Some(day(30).at())));
        let soon = LicenseClaims { offline_until: Some(day(20)), ..claims() };
        assert_eq!(Situation::new(vec![&soon]).next_action(day(1).at()).at, day(10).at());
    }

    #[test]
    fn the_next_list_is_asked_for_when_it_is_due() {
        let endless = LicenseClaims { licensed: Some(Span::starting(day(0))), ..claims() };
        for claims in [claims(), endless] {
            let mut situation = Situation::new(vec![&claims]);
            situation.revocations_due = Some(day(7).at());
            let next = situation.next_action(day(1).at());
            assert_eq!((next.action, next.at), (Action::Refresh, day(7).at()));
            situation.heard_at = Some(day(8).at());
            let next = situation.next_action(day(8).at());
            assert_eq!(next.at, after(day(8).at(), RETRY_SECONDS_MIN));
        }
    }

    #[test]
    fn a_request_from_a_clock_that_was_ahead_is_not_waited_for() {
        let claims = claims();
        let unanswered = asked(5000, 1);
        let situation = Situation { unanswered, ..Situation::new(vec![&claims]) };
        assert!(situation.next_action(day(60).at()).is_due(day(60).at()));
    }

    #[test]
    fn the_next_action_is_data() {
        let next = Situation::new(vec![&claims()]).next_action(day(0).at());
        assert_eq!(
            serde_json::to_string(&next).unwrap(),
            r#"{"action":"refresh","at":"2027-04-20T00:00:00Z","failures":0,"renew_by":"2027-06-09T00:00:00Z","runs_until":"2027-06-19T00:00:00Z"}"#
        );
    }
}
