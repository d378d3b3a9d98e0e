//! `mlicense status`.

use clap::Args;
use mlicense_core::{
    decision::{Decision, Detail, Outcome, Reason, ReasonCode},
    document::{License, Moment, Span},
    evidence::Verdict,
    time::{Day, Instant},
};
use mlicense_host::Client;
use serde::Serialize;

use super::installation::Installation;
use crate::{context::Context, exit::Exit, fault::Result, words::Sentence};

/// Say in one line where an installation stands: licensed and grace through which day, host,
/// clock, renew by
///
/// It asks for the product as a whole; `explain` tells every rule. The exit code is 0 when the
/// product may run and 3 when not.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense status --product editor --root vendor.pub --state state
  mlicense status --product editor --root vendor.pub --state state --now 2027-03-05
  mlicense status --product editor --root vendor.pub --state state --json")]
pub(crate) struct Status {
    #[command(flatten)]
    installation: Installation,
}

/// Where an installation stands.
#[derive(Debug, Serialize)]
struct Standing {
    outcome: Outcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    licensed: Option<Stretch>,
    #[serde(skip_serializing_if = "Option::is_none")]
    grace: Option<Stretch>,
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<Host>,
    clock: Verdict,
    #[serde(skip_serializing_if = "Option::is_none")]
    renew_by: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    runs_until: Option<Instant>,
    licenses: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    denied_because: Option<String>,
}

/// A stretch of time, to its end.
#[derive(Debug, Serialize)]
struct Stretch {
    /// The first day outside; none without an end.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Day>,
    /// The last day inside.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_day: Option<Day>,
    is_over: bool,
}

#[derive(Debug, Serialize)]
struct Host {
    score: u64,
    threshold: u64,
    matches: bool,
}

impl Status {
    pub(super) const fn of(installation: Installation) -> Self {
        Self { installation }
    }

    pub(crate) fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        let client = self.installation.look(context)?;
        let product = client.product().as_str();
        let now = context.asked_at();
        let decision =
            now.map_or_else(|| client.check(product), |now| client.check_at(product, now));
        let standing = Standing::of(&client, &decision, context);
        context.answer(&standing, |context| standing.line(context))?;
        Ok(if decision.allowed() { Exit::Done } else { Exit::Denied })
    }
}

impl Standing {
    fn of(client: &Client, decision: &Decision, context: &Context<'_>) -> Self {
        let now = context.asked_at().unwrap_or_else(|| client.present().now);
        let next = client.next_action_at(now);
        let stretch = |code| decision.reason(code).and_then(|reason| Stretch::of(reason, now));
        let licensed = stretch(ReasonCode::LicensedNow);
        let graces = [ReasonCode::RenewalGrace, ReasonCode::InitialGrace];
        let host = decision.reason(ReasonCode::HostMatches).map(|reason| Host {
            score: number(reason, "score"),
            threshold: number(reason, "threshold"),
            matches: reason.passed(),
        });
        let grace = graces
            .into_iter()
            .find_map(stretch)
            .or_else(|| grace_after(client, licensed.as_ref(), now));
        let why = || decision.message(context.language());
        Self {
            outcome: decision.outcome(),
            licensed,
            grace,
            host,
            clock: client.present().verdict,
            renew_by: next.renew_by,
            runs_until: next.runs_until,
            licenses: client.licenses().count(),
            denied_because: (!decision.allowed()).then(why),
        }
    }

    /// The line, part by part.
    fn line(&self, context: &Context<'_>) -> String {
        let Some(licensed) = &self.licensed else {
            let why = self.denied_because.as_deref().unwrap_or("-");
            return context.say(Sentence::NotLicensed, &[("why", why)]);
        };
        let licensed_words =
            [Sentence::LicensedForever, Sentence::LicensedUntil, Sentence::LicensedOver];
        let grace_words = [Sentence::GraceNone, Sentence::GraceUntil, Sentence::GraceOver];
        let no_grace = Stretch { until: None, last_day: None, is_over: false };
        let renew = match licensed.last_day.filter(|_| self.renew_by.is_some()) {
            Some(day) => context.say(Sentence::RenewBy, &[("day", &day.to_string())]),
            None => context.say(Sentence::RenewNone, &[]),
        };
        let mut parts = vec![
            licensed.words(context, licensed_words),
            self.grace.as_ref().unwrap_or(&no_grace).words(context, grace_words),
            self.host_words(context),
            self.clock_words(context),
            renew,
        ];
        parts.extend(self.denied_because.clone());
        parts.join("; ")
    }

    fn host_words(&self, context: &Context<'_>) -> String {
        let Some(Host { score, threshold, matches }) = &self.host else {
            return context.say(Sentence::HostAny, &[]);
        };
        let sentence = if *matches { Sentence::HostScore } else { Sentence::HostOther };
        let (score, threshold) = (score.to_string(), threshold.to_string());
        context.say(sentence, &[("score", &score), ("threshold", &threshold)])
    }

    fn clock_words(&self, context: &Context<'_>) -> String {
        let sentence = match self.clock {
            Verdict::Ok => Sentence::ClockRight,
            Verdict::Warn => Sentence::ClockWarns,
            Verdict::Grace | Verdict::Deny => Sentence::ClockWrong,
        };
        context.say(sentence, &[])
    }
}

impl Stretch {
    /// The stretch that a rule about time looked at; none when the licence has none.
    fn of(reason: &Reason, now: Instant) -> Option<Self> {
        reason.detail("from")?;
        let until_at = match reason.detail("until_at") {
            Some(Detail::Instant(until)) => Some(*until),
            _ => None,
        };
        let is_over = until_at.is_some_and(|until| until <= now);
        Some(Self { until: day(reason, "until"), last_day: day(reason, "last_day"), is_over })
    }

    fn to(until: Moment, now: Instant) -> Self {
        let last_day = until.day().minus_days(1);
        Self { until: Some(until.day()), last_day, is_over: until.at() <= now }
    }

    /// Without an end, to come, or over.
    fn words(&self, context: &Context<'_>, [no_end, until, over]: [Sentence; 3]) -> String {
        let Some(day) = self.last_day else { return context.say(no_end, &[]) };
        let sentence = if self.is_over { over } else { until };
        context.say(sentence, &[("day", &day.to_string())])
    }
}

/// The grace behind a licensed time that has not ended: no rule looks at it before.
fn grace_after(client: &Client, licensed: Option<&Stretch>, now: Instant) -> Option<Stretch> {
    let until = licensed?.until?;
    let ends_then = |span: &Span| span.until.is_some_and(|end| end.day() == until);
    let claims = client
        .licenses()
        .map(License::claims)
        .find(|claims| claims.licensed.as_ref().is_some_and(ends_then))?;
    Some(Stretch::to(claims.grace?.until?, now))
}

fn day(reason: &Reason, name: &str) -> Option<Day> {
    match reason.detail(name) {
        Some(Detail::Day(day)) => Some(*day),
        _ => None,
    }
}

fn number(reason: &Reason, name: &str) -> u64 {
    match reason.detail(name) {
        Some(Detail::Number(number)) => *number,
        _ => 0,
    }
}
