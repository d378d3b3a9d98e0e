//! A licence in words.

use data_encoding::BASE64URL_NOPAD;
use mlicense_core::document::{Feature, LicenseClaims, LicenseKind, Span};

use crate::{context::Context, words::Sentence as S};

/// What a licence says, line by line.
pub(super) fn words(
    context: &Context<'_>,
    claims: &LicenseClaims,
    signed_by: Option<&str>,
) -> String {
    let mut lines = Lines { context, lines: Vec::new() };
    lines.about(claims);
    lines.dates(claims);
    lines.features(claims);
    lines.bounds(claims);
    match signed_by {
        Some(key) => {
            lines.say(S::SaysSigner, &[("key", key)]);
            lines.say(S::SaysVerified, &[]);
        }
        None => lines.say(S::SaysUnverified, &[]),
    }
    lines.lines.join("\n")
}

struct Lines<'a, 'c> {
    context: &'a Context<'c>,
    lines: Vec<String>,
}

impl Lines<'_, '_> {
    fn say(&mut self, sentence: S, facts: &[(&str, &str)]) {
        self.lines.push(self.context.say(sentence, facts));
    }

    fn said<T: ToString>(&mut self, sentence: S, name: &str, value: Option<&T>) {
        if let Some(value) = value {
            self.say(sentence, &[(name, &value.to_string())]);
        }
    }

    fn about(&mut self, claims: &LicenseClaims) {
        let product = claims.product.as_str();
        let updates =
            claims.updates_until.map_or_else(String::new, |until| until.day().to_string());
        let sentence = match claims.kind {
            LicenseKind::NodeLocked => S::SaysNodeLocked,
            LicenseKind::Perpetual => S::SaysPerpetual,
            LicenseKind::Site => S::SaysSite,
            LicenseKind::Trial => S::SaysTrial,
            LicenseKind::UpdatesUntil => S::SaysUpdatesUntil,
            _ => S::SaysSubscription,
        };
        self.say(sentence, &[("product", product), ("day", &updates)]);
        self.said(S::SaysLicensee, "licensee", claims.licensee.as_ref());
        self.said(S::SaysCustomer, "customer", claims.customer.as_ref());
        self.said(S::SaysSerial, "serial", claims.serial.as_ref());
        self.said(S::SaysIssued, "at", Some(&claims.issued_at));
    }

    fn dates(&mut self, claims: &LicenseClaims) {
        if let Some(Span { from, until, .. }) = claims.licensed {
            let from = from.day().to_string();
            match until {
                Some(until) => {
                    let until = until.day().to_string();
                    self.say(S::SaysLicensedSpan, &[("from", &from), ("until", &until)]);
                }
                None => self.say(S::SaysLicensedFrom, &[("from", &from)]),
            }
        }
        if let Some(Span { from, until: Some(until), .. }) = claims.grace {
            let (from, until) = (from.day().to_string(), until.day().to_string());
            self.say(S::SaysGrace, &[("from", &from), ("until", &until)]);
        }
        let offline = claims.offline_until.map(|until| until.day());
        self.said(S::SaysOffline, "day", offline.as_ref());
    }

    fn features(&mut self, claims: &LicenseClaims) {
        if claims.features.is_empty() {
            self.say(S::SaysNoFeatures, &[]);
        }
        for (id, Feature { quantity, until, data, .. }) in &claims.features {
            let feature = id.as_str();
            match quantity {
                Some(quantity) => {
                    let facts = [("feature", feature), ("quantity", &quantity.to_string())];
                    self.say(S::SaysFeatureCounted, &facts);
                }
                None => self.say(S::SaysFeature, &[("feature", feature)]),
            }
            if let Some(until) = until {
                let day = until.day().to_string();
                self.say(S::SaysFeatureUntil, &[("feature", feature), ("day", &day)]);
            }
            if let Some(data) = data {
                let text = String::from(data.clone());
                let bytes = BASE64URL_NOPAD.decode_len(text.len()).unwrap_or(0).to_string();
                self.say(S::SaysFeatureData, &[("feature", feature), ("bytes", &bytes)]);
            }
        }
        let lease = claims.seats.as_ref().and_then(|seats| seats.lease_seconds);
        self.said(S::SaysSeats, "seconds", lease.as_ref());
    }

    /// What it is bound to.
    fn bounds(&mut self, claims: &LicenseClaims) {
        if let Some(devices) = &claims.devices {
            let names: Vec<&str> = devices.iter().map(|device| device.as_str()).collect();
            let count = devices.len().to_string();
            self.say(S::SaysDevices, &[("count", &count), ("devices", &names.join(", "))]);
        }
        match &claims.host {
            Some(host) => {
                let weight: u64 = host.facts.iter().map(|fact| u64::from(fact.weight)).sum();
                let kinds: Vec<&str> = host.facts.iter().map(|fact| fact.kind.as_str()).collect();
                let (threshold, weight) = (host.threshold.to_string(), weight.to_string());
                let facts = kinds.join(", ");
                self.say(
                    S::SaysHost,
                    &[("threshold", &threshold), ("weight", &weight), ("facts", &facts)],
                );
            }
            None => self.say(S::SaysAnyHost, &[]),
        }
        self.said(S::SaysInstallation, "installation", claims.installation.as_ref());
    }
}
