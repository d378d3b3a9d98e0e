//! The facts that a rule used, for its reason.

use super::{
    Reason,
    reason::{Detail, Phrase},
    rules::Rules,
};
use crate::{
    document::{Moment, Revocation, Span},
    host_binding::HostMatch,
    time::Day,
};

impl Rules<'_> {
    pub(super) fn explain(&self, phrase: Phrase) -> Reason {
        use Phrase as P;
        let reason = Reason::new(phrase);
        match phrase {
            // Made where the state is, not by a rule.
            P::StateGrace | P::StateOver | P::NoLicense => reason,
            P::ProductSame | P::ProductOther => reason
                .with("product", Detail::Text(self.question.product.as_str().into()))
                .with("licensed_product", Detail::Text(self.claims.product.as_str().into())),
            P::InstallationSame | P::InstallationOther => {
                let reason = with(reason, "licensed_installation", self.claims.installation);
                with(reason, "installation", self.question.installation)
            }
            P::ListClears | P::Revoked | P::ListCurrent | P::ListStale => self.explain_list(reason),
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
            P::OfflineUntil | P::OfflineOver => with_end(reason, self.claims.offline_until),
            P::DeviceCovered | P::DeviceOther => with(reason, "device", self.question.device),
            P::WholeProduct | P::FeatureNamed | P::FeatureMissing => {
                reason.with("feature", Detail::Text(self.question.shown_feature().into()))
            }
            P::FeatureUntil | P::FeatureOver => {
                let reason =
                    reason.with("feature", Detail::Text(self.question.shown_feature().into()));
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

    fn explain_list(&self, reason: Reason) -> Reason {
        let Some(list) = self.question.revocations else { return reason };
        let reason = reason
            .with("listed_at", Detail::Instant(list.claims().issued_at))
            .with("due_at", Detail::Instant(list.claims().next_update));
        let Some(Revocation { at, reason: why, .. }) = self.revocation else { return reason };
        reason.with("revoked_at", Detail::Instant(*at)).with("why", text(why))
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
        reason.with_all([
            ("score", Detail::Number(u64::from(*score))),
            ("threshold", Detail::Number(threshold.into())),
            ("lost", Detail::Facts(lost)),
            ("matched", Detail::Facts(matched.clone())),
            ("changed", Detail::Facts(changed.clone())),
            ("vanished", Detail::Facts(vanished.clone())),
            ("unreadable", Detail::Facts(unreadable.clone())),
            ("appeared", Detail::Facts(appeared.clone())),
        ])
    }
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
    let from =
        [("from", Detail::Day(span.from.day())), ("from_at", Detail::Instant(span.from.at()))];
    let Some(until) = span.until else { return reason.with_all(from) };
    let [until, until_at, last_day] = end(until);
    let [from, from_at] = from;
    reason.with_all([from, from_at, until, until_at, last_day])
}

fn with_end(reason: Reason, until: Option<Moment>) -> Reason {
    match until {
        Some(until) => reason.with_all(end(until)),
        None => reason,
    }
}

/// An end as the first day outside, its instant, and for people the last day inside.
fn end(until: Moment) -> [(&'static str, Detail); 3] {
    let last = until.day().date().pred_opt().and_then(|date| Day::new(date).ok());
    [
        ("until", Detail::Day(until.day())),
        ("until_at", Detail::Instant(until.at())),
        ("last_day", Detail::Day(last.unwrap_or(until.day()))),
    ]
}
