//! The licence that a bound host gets.

use std::collections::BTreeMap;

use super::{
    Binding, Customer, CustomerEvent, Draft,
    hosts::{Entitlement, latest},
};
use crate::{
    catalogue::Catalogue,
    document::{Feature, HostBinding, LicenseClaims, LicenseKind, Moment, Request, Span},
    error::{ErrorKind, Refusal, Result},
    id::{FeatureId, LicenseType},
    policy::HostBoundPolicy,
    time::{Day, Instant},
};

impl Draft<'_> {
    /// Makes the licence for the host whose binding has this index.
    pub(crate) fn issue_host_license(
        &mut self,
        catalogue: &Catalogue,
        (request, index): (&Request, usize),
        now: Instant,
    ) -> Result<LicenseClaims> {
        let (product, nonce) = (request.fields().product.clone(), request.fields().nonce);
        let definition = catalogue.product(&product)?.definition();
        let types = &definition.license_types;
        let agreement = self.customer.hosts(self.id, &product)?;
        let bound = agreement.bindings.get(index).zip(agreement.ranks().nth(index));
        let (binding, rank) = bound.ok_or(ErrorKind::Internal)?;
        let binding = binding.clone();
        let entitled = agreement.entitled(rank, self.today, types);
        if entitled.is_empty() {
            return Err(Refusal::new(ErrorKind::NotLicensed)
                .with("feature", &product)
                .with("reason", "its licence has ended, or went to hosts bound earlier"));
        }
        let licensed = agreement.entitlements(rank, self.today);
        // A trial has an end of its own and prolongs no updates.
        let updates_until = latest(licensed.values().map(|entitlement| entitlement.updates_until));
        let trial = licensed.is_empty();
        let policy = agreement.policy.clone();
        let claims = LicenseClaims::new(LicenseKind::Perpetual, product.clone(), now);
        let claims = self.customer.dated(claims, trial, (&binding, &entitled, updates_until))?;
        let mut claims = claims;
        state_seats(&mut claims, &policy)?;
        if policy.offline_days > 0 {
            // The day that has begun does not count.
            let day = self.today.plus_days(u32::from(policy.offline_days).saturating_add(1))?;
            claims.offline_until = Some(Moment::in_zone(day, self.customer.zone));
        }
        let serial = self.customer.serial.saturating_add(1);
        let id = binding.id;
        let text = nonce.to_string();
        self.record(CustomerEvent::HostLicenseIssued { product, binding: id, serial, nonce: text });
        claims.customer = Some(self.id.clone());
        claims.serial = Some(format!("{}-{serial}", self.id));
        claims.nonce = Some(nonce);
        claims.installation = Some(request.installation());
        claims.host = binding.rule().as_ref().map(HostBinding::from);
        Ok(claims)
    }
}

/// Says how many may use each type at once, and on what terms.
fn state_seats(claims: &mut LicenseClaims, policy: &HostBoundPolicy) -> Result<()> {
    for (license_type, seats) in &policy.seats {
        if let Some(feature) = claims.features.get_mut(&FeatureId::new(license_type.as_str())?) {
            feature.quantity = Some(*seats);
        }
    }
    claims.seats = policy.seat_terms();
    Ok(())
}

impl Customer {
    /// Puts what a host may use into dates: each type is a feature with an end of its own where
    /// the licence lasts longer. Updates end for all of them on one day, the latest.
    fn dated(
        &self,
        claims: LicenseClaims,
        trial: bool,
        (binding, entitled, updates_until): (
            &Binding,
            &BTreeMap<LicenseType, Entitlement>,
            Option<Day>,
        ),
    ) -> Result<LicenseClaims> {
        let moment = |day: Day| Moment::in_zone(day, self.zone);
        let until = latest(entitled.values().map(|entitlement| entitlement.until));
        let kind = match (trial, until, updates_until) {
            (true, ..) => LicenseKind::Trial,
            (false, Some(_), _) => LicenseKind::Subscription,
            (false, None, Some(_)) => LicenseKind::UpdatesUntil,
            (false, None, None) => LicenseKind::Perpetual,
        };
        let mut features = BTreeMap::new();
        for (license_type, entitlement) in entitled {
            let mut feature = Feature::uncounted();
            feature.until = entitlement.until.filter(|_| entitlement.until != until).map(moment);
            features.insert(FeatureId::new(license_type.as_str())?, feature);
        }
        let since = entitled.values().map(|entitlement| entitlement.since);
        let from = moment(since.min().unwrap_or(binding.bound_on).min(binding.bound_on));
        let licensed = match until {
            Some(until) => Span::between(from, moment(until)),
            None => Span::starting(from),
        };
        let updates_until = updates_until.map(moment);
        let licensed = Some(licensed);
        Ok(LicenseClaims { kind, licensed, updates_until, features, ..claims })
    }
}
