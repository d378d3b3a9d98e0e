//! What a licence cannot say: the rules between its members.

use std::collections::BTreeSet;

use super::claims::{LicenseClaims, LicenseKind};
use crate::{
    document::{
        jws::DocumentType,
        moment::Moment,
        payload::{check_text, contradiction},
    },
    error::Result,
};

/// The most features of a licence.
pub const FEATURES_MAX: usize = 1000;
/// The most devices that a licence names.
pub const DEVICES_MAX: usize = 1000;
/// The longest serial, in bytes.
pub(in crate::document) const SERIAL_BYTES_MAX: usize = 64;
/// The longest name of a licensee, in bytes.
const LICENSEE_BYTES_MAX: usize = 256;

impl LicenseClaims {
    /// Refuses what cannot all be true, as [`License::issue`](super::License::issue) does.
    ///
    /// # Errors
    /// [`ErrorKind::ClaimsContradictory`](crate::error::ErrorKind::ClaimsContradictory) or
    /// [`ErrorKind::FieldInvalid`](crate::error::ErrorKind::FieldInvalid).
    pub fn check(&self) -> Result<()> {
        self.check_texts()?;
        self.check_spans()?;
        self.check_kind()?;
        self.check_features()?;
        self.check_seats()?;
        self.check_devices()?;
        self.host.as_ref().map_or(Ok(()), |host| host.check(DocumentType::License))
    }

    fn check_texts(&self) -> Result<()> {
        if let Some(serial) = &self.serial {
            check_text("serial", serial, SERIAL_BYTES_MAX)?;
        }
        if let Some(licensee) = &self.licensee {
            check_text("licensee", licensee, LICENSEE_BYTES_MAX)?;
        }
        Ok(())
    }

    fn check_spans(&self) -> Result<()> {
        let Some(start) = self.start() else {
            return wrong("it has neither `licensed` nor `grace`");
        };
        if let Some(licensed) = &self.licensed {
            licensed.check(DocumentType::License, "licensed")?;
        }
        if let Some(grace) = &self.grace {
            grace.check(DocumentType::License, "grace")?;
            if grace.until.is_none() {
                return wrong("its grace has no end");
            }
        }
        if let Some(until) = self.updates_until
            && until.at() < start.at()
        {
            return wrong(&format!("updates end on {}, before it starts", until.day()));
        }
        match self.offline_until {
            Some(until) if until.at() <= self.issued_at => {
                wrong(&format!("offline use ends on {}, not after it is signed", until.day()))
            }
            _ => Ok(()),
        }
    }

    /// The earliest moment at which anything may be used.
    fn start(&self) -> Option<Moment> {
        let spans = [self.licensed, self.grace].into_iter().flatten();
        spans.map(|span| span.from).min_by_key(|from| from.at())
    }

    fn check_kind(&self) -> Result<()> {
        let ends = self.licensed.map(|licensed| licensed.until.is_some());
        let fault = match self.kind {
            LicenseKind::Perpetual | LicenseKind::UpdatesUntil if ends == Some(true) => {
                Some("it is perpetual and has an end")
            }
            LicenseKind::UpdatesUntil if self.updates_until.is_none() => {
                Some("it has no end of updates")
            }
            LicenseKind::Subscription if ends == Some(false) => {
                Some("it is a subscription without an end")
            }
            LicenseKind::Trial if ends != Some(true) => Some("it is a trial without an end"),
            LicenseKind::NodeLocked if self.host.is_none() && self.installation.is_none() => {
                Some("it is node-locked to no host and no installation")
            }
            LicenseKind::NodeLocked
            | LicenseKind::Perpetual
            | LicenseKind::Site
            | LicenseKind::Subscription
            | LicenseKind::Trial
            | LicenseKind::UpdatesUntil => None,
        };
        fault.map_or(Ok(()), wrong)
    }

    fn check_features(&self) -> Result<()> {
        if self.features.len() > FEATURES_MAX {
            return wrong(&format!("more than {FEATURES_MAX} features"));
        }
        let start = self.start();
        for (id, feature) in &self.features {
            if feature.quantity == Some(0) {
                return wrong(&format!("feature `{id}` has quantity 0"));
            }
            if let (Some(start), Some(until)) = (start, feature.until)
                && until.at() <= start.at()
            {
                return wrong(&format!("feature `{id}` ends on {}, at the start", until.day()));
            }
        }
        Ok(())
    }

    fn check_seats(&self) -> Result<()> {
        match self.seats.and_then(|seats| seats.wrong_lease()) {
            Some(lease) => wrong(&format!("a lease of {lease} seconds, not 60 to 3600")),
            None => Ok(()),
        }
    }

    fn check_devices(&self) -> Result<()> {
        let Some(devices) = &self.devices else { return Ok(()) };
        if !(1..=DEVICES_MAX).contains(&devices.len()) {
            return wrong(&format!("{} devices, not 1 to {DEVICES_MAX}", devices.len()));
        }
        let mut seen = BTreeSet::new();
        match devices.iter().find(|device| !seen.insert(*device)) {
            Some(device) => wrong(&format!("device `{device}` appears twice")),
            None => Ok(()),
        }
    }
}

fn wrong(detail: &str) -> Result<()> {
    Err(contradiction(DocumentType::License, detail))
}

#[cfg(test)]
mod tests {
    use super::{
        super::claims::tests::{at, product, subscription, utc, year},
        *,
    };
    use crate::{
        document::{EnrolledFact, Feature, HostBinding, License, SeatTerms, Span},
        error::ErrorKind,
        signing::{Signer, Trust},
    };

    #[track_caller]
    fn assert_contradictory(claims: &LicenseClaims, part: &str) {
        let refusal = License::issue(claims, &Signer::from_seed([1; 32])).unwrap_err();
        assert_eq!(refusal.kind(), ErrorKind::ClaimsContradictory);
        assert!(refusal.to_string().contains(part), "{refusal}");
    }

    #[test]
    fn simple_licences_do_not_contradict_themselves() {
        let now = at("2026-03-01T09:30:00Z");
        for claims in [
            LicenseClaims::perpetual(product(), "Example Ltd", now),
            LicenseClaims::updates_until(product(), "Example Ltd", now, utc("2027-03-01")),
            LicenseClaims::until(product(), "Example Ltd", now, utc("2026-03-02")),
            LicenseClaims::trial(product(), "Example Ltd", now, year()),
            subscription(),
        ] {
            claims.check().unwrap();
        }
    }

    #[test]
    fn an_end_that_is_not_after_the_start_is_refused() {
        for until in ["2026-03-01", "2026-02-28"] {
            let mut claims = subscription();
            claims.licensed = Some(Span::between(utc("2026-03-01"), utc(until)));
            assert_contradictory(&claims, "`licensed` ends on");
            let mut claims = subscription();
            claims.grace = Some(Span::between(utc("2026-03-01"), utc(until)));
            assert_contradictory(&claims, "`grace` ends on");
        }
    }

    #[test]
    fn a_licence_without_any_time_is_refused() {
        let mut claims = subscription();
        claims.licensed = None;
        assert_contradictory(&claims, "neither");
        claims.grace = Some(year());
        claims.check().unwrap();
    }

    #[test]
    fn grace_without_an_end_is_refused() {
        let mut claims = subscription();
        claims.grace = Some(Span::starting(utc("2027-03-01")));
        assert_contradictory(&claims, "grace has no end");
    }

    #[test]
    fn kinds_and_dates_agree() {
        let endless = Some(Span::starting(utc("2026-03-01")));
        for (kind, licensed, part) in [
            (LicenseKind::Perpetual, Some(year()), "perpetual and has an end"),
            (LicenseKind::UpdatesUntil, Some(year()), "perpetual and has an end"),
            (LicenseKind::UpdatesUntil, endless, "no end of updates"),
            (LicenseKind::Subscription, endless, "subscription without an end"),
            (LicenseKind::Trial, endless, "trial without an end"),
            (LicenseKind::NodeLocked, endless, "no host and no installation"),
        ] {
            assert_contradictory(&LicenseClaims { kind, licensed, ..subscription() }, part);
        }
        let grace = Some(year());
        let only_grace = LicenseClaims { kind: LicenseKind::Trial, grace, ..subscription() };
        assert_contradictory(&LicenseClaims { licensed: None, ..only_grace }, "trial without");
    }

    #[test]
    fn updates_that_end_before_the_start_are_refused() {
        let mut claims = subscription();
        claims.updates_until = Some(utc("2026-02-28"));
        assert_contradictory(&claims, "updates end on 2026-02-28");
        claims.updates_until = Some(utc("2026-03-01"));
        claims.check().unwrap();
    }

    #[test]
    fn offline_use_that_ends_before_the_licence_is_signed_is_refused() {
        let mut claims = subscription();
        claims.offline_until =
            Some(Moment::new("2026-02-20".parse().unwrap(), claims.issued_at).unwrap());
        assert_contradictory(&claims, "offline use ends on 2026-02-20");
        claims.offline_until = Some(
            Moment::new("2026-02-20".parse().unwrap(), claims.issued_at.saturating_add(1)).unwrap(),
        );
        claims.check().unwrap();
        // It may lie before the start and after the end: it ends use without contact, no more.
        claims.offline_until = Some(utc("2030-01-01"));
        claims.check().unwrap();
    }

    #[test]
    fn a_thousand_devices_are_taken_and_one_more_or_none_or_one_twice_refused() {
        let with = |count: usize| LicenseClaims {
            devices: Some((0..count).map(|n| format!("camera-{n}").parse().unwrap()).collect()),
            ..subscription()
        };
        let signer = Signer::from_seed([1; 32]);
        let trust = Trust::new(&[signer.public_key()], None).unwrap();
        let document = License::issue(&with(DEVICES_MAX), &signer).unwrap();
        assert!(License::verify(document.as_bytes(), &trust).is_ok());
        assert_contradictory(&with(DEVICES_MAX + 1), "1001 devices");
        assert_contradictory(&with(0), "0 devices");
        let mut twice = with(2);
        twice.devices.as_mut().unwrap().push("camera-0".parse().unwrap());
        assert_contradictory(&twice, "device `camera-0` appears twice");
    }

    #[test]
    fn a_feature_that_ends_at_the_start_or_counts_nothing_is_refused() {
        let with = |feature| LicenseClaims {
            features: [("export".parse().unwrap(), feature)].into(),
            ..subscription()
        };
        let until = |day| Feature { until: Some(utc(day)), ..Feature::uncounted() };
        assert_contradictory(&with(until("2026-03-01")), "feature `export` ends");
        with(until("2026-03-02")).check().unwrap();
        assert_contradictory(&with(Feature::counted(0)), "quantity 0");
        with(Feature::counted(1)).check().unwrap();
    }

    #[test]
    fn s_mk_58_a_licence_states_leases_of_60_to_3600_seconds() {
        let with = |lease_seconds| {
            let seats = SeatTerms { lease_seconds: Some(lease_seconds), ..SeatTerms::default() };
            LicenseClaims { seats: Some(seats), ..subscription() }
        };
        for lease in [60, 3600] {
            with(lease).check().unwrap();
        }
        for lease in [0, 59, 3601, u32::MAX] {
            assert_contradictory(&with(lease), &format!("a lease of {lease} seconds"));
        }
    }

    #[test]
    fn a_thousand_features_are_taken_and_one_more_refused() {
        let with = |count: usize| LicenseClaims {
            features: (0..count)
                .map(|n| (format!("f{n}").parse().unwrap(), Feature::uncounted()))
                .collect(),
            ..subscription()
        };
        let signer = Signer::from_seed([1; 32]);
        let document = License::issue(&with(FEATURES_MAX), &signer).unwrap();
        let trust = Trust::new(&[signer.public_key()], None).unwrap();
        assert!(License::verify(document.as_bytes(), &trust).is_ok());
        assert_contradictory(&with(FEATURES_MAX + 1), "more than 1000 features");
    }

    #[test]
    fn a_threshold_out_of_reach_and_a_fact_given_twice_are_refused() {
        let facts = vec![EnrolledFact::new("board", "d1", 3), EnrolledFact::new("disk", "d2", 2)];
        let with = |threshold, facts: &[EnrolledFact]| LicenseClaims {
            host: Some(HostBinding::new(threshold, facts.to_vec())),
            ..subscription()
        };
        with(1, &facts).check().unwrap();
        with(5, &facts).check().unwrap();
        assert_contradictory(&with(0, &facts), "threshold 0 is not between 1 and 5");
        assert_contradictory(&with(6, &facts), "threshold 6");
        assert_contradictory(&with(1, &[]), "threshold 1 is not between 1 and 0");
        let twice = [facts[0].clone(), EnrolledFact::new("board", "d1", 1)];
        assert_contradictory(&with(1, &twice), "`board` appears twice");
    }

    #[test]
    fn texts_have_their_limits() {
        for (licensee, taken) in [("a".repeat(256), true), ("a".repeat(257), false)] {
            let claims = LicenseClaims { licensee: Some(licensee), ..subscription() };
            assert_eq!(claims.check().is_ok(), taken);
        }
        for serial in ["", "a\nb", &"9".repeat(65)] {
            let claims = LicenseClaims { serial: Some(serial.into()), ..subscription() };
            assert_eq!(claims.check().unwrap_err().kind(), ErrorKind::FieldInvalid);
        }
    }
}
