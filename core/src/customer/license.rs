//! The licence that a system of a customer gets: the state of its subscription, put into dates.

use std::collections::BTreeMap;

use super::{Customer, CustomerEvent, Draft, System, not_registered};
use crate::{
    document::{
        Feature, HostBinding, HostFacts, LicenseClaims, LicenseKind, Moment, Request, Span,
    },
    error::{ErrorKind, Refusal, Result},
    host_binding::{HashedFacts, MatchRule},
    id::{CustomerId, FeatureId, ProductId, SystemId},
    subscription::{StatusKind, quantity},
    time::{Day, Instant},
};

impl System {
    /// The system as its request describes it.
    ///
    /// # Errors
    /// [`ErrorKind::FieldInvalid`] when the request names no system.
    pub fn described_by(request: &Request) -> Result<Self> {
        let claims = request.fields();
        let missing = || {
            Refusal::new(ErrorKind::FieldInvalid)
                .with("field", "system")
                .with("value", "")
                .with("expected", "the id of the system")
        };
        Ok(Self {
            id: claims.system.clone().ok_or_else(missing)?,
            product: claims.product.clone(),
            installation: request.installation(),
            devices: claims.devices.clone(),
            host: claims.host.as_ref().map(HostFacts::known),
            nonce: claims.nonce.to_string(),
            offline: true,
        })
    }
}

impl Draft<'_> {
    pub(crate) const fn id(&self) -> &CustomerId {
        self.id
    }

    /// The system of the installation that sent a request.
    pub(crate) fn system_of(&self, request: &Request) -> Result<SystemId> {
        let (product, installation) = (&request.fields().product, request.installation());
        let mut systems = self.customer.systems.values();
        let own = systems.find(|s| s.installation == installation && s.product == *product);
        own.map(|system| system.id.clone()).ok_or_else(|| not_registered(self.id, product))
    }

    /// Takes notice of a system that asks by itself.
    pub(crate) fn hear_of(&mut self, request: &Request) -> Result<SystemId> {
        let id = self.system_of(request)?;
        let system = self.customer.systems.get(&id).filter(|system| system.offline);
        if let Some(system) = system {
            let system = System { offline: false, ..system.clone() };
            self.record(CustomerEvent::SystemUpdated { system, trial_end: None });
        }
        Ok(id)
    }

    /// Gives a system up; nothing happens when there is none.
    pub(crate) fn release_system(&mut self, request: &Request) -> Result<()> {
        match self.system_of(request) {
            Ok(system) => self.record(CustomerEvent::SystemReleased { system }),
            Err(refusal) if refusal.kind() == ErrorKind::NotRegistered => {}
            Err(refusal) => return Err(refusal),
        }
        Ok(())
    }

    /// Makes the licence for a system, unless it has none to get.
    pub(crate) fn issue_license(
        &mut self,
        system: &SystemId,
        request: &Request,
        now: Instant,
    ) -> Result<Option<LicenseClaims>> {
        let Some(claims) = self.customer.license(self.id, system, self.today, now)? else {
            return Ok(None);
        };
        let serial = self.customer.serial.saturating_add(1);
        let nonce = request.fields().nonce;
        self.record(CustomerEvent::LicenseIssued {
            system: system.clone(),
            serial,
            nonce: nonce.to_string(),
        });
        let serial = Some(format!("{}-{serial}", self.id));
        Ok(Some(LicenseClaims { serial, nonce: Some(nonce), ..claims }))
    }
}

impl Customer {
    /// What the licence of a system says on `today`, to which the customer was rolled; none when
    /// nothing may be used.
    fn license(
        &self,
        id: &CustomerId,
        system: &SystemId,
        today: Day,
        now: Instant,
    ) -> Result<Option<LicenseClaims>> {
        let system = self.systems.get(system).ok_or(ErrorKind::Internal)?;
        let claims = match self.licensed_devices(&system.product, today)? {
            Some(found) => self.license_of_devices(&system.product, &found, now)?,
            None => self.license_of_pool((id, &system.product), system, (today, now))?,
        };
        let Some(mut claims) = claims else { return Ok(None) };
        claims.customer = Some(id.clone());
        claims.installation = Some(system.installation);
        // A container that declares no id has no facts to enrol; its installation key binds it.
        let enroll = |host| MatchRule::enroll(&HashedFacts::from(host)).ok();
        claims.host = system.host.as_ref().and_then(enroll).as_ref().map(HostBinding::from);
        Ok(Some(claims))
    }

    /// What a licence of a pool says.
    ///
    /// Periods covered ahead without a gap are one span. After the last one comes the grace of
    /// its renewal, so that a system without a network lives through it (S-AX-52).
    fn license_of_pool(
        &self,
        (id, product): (&CustomerId, &ProductId),
        system: &System,
        (today, now): (Day, Instant),
    ) -> Result<Option<LicenseClaims>> {
        let agreement = self.pool(id, product)?;
        let devices = self.devices(&system.product);
        let status = agreement.status(true, &devices, today)?;
        let moment = |day: Day| Moment::in_zone(day, self.zone);
        let span = |from: Day, until: Day| Some(Span::between(moment(from), moment(until)));
        let kind = if status.kind == StatusKind::Trial {
            LicenseKind::Trial
        } else {
            LicenseKind::Subscription
        };
        let (licensed, grace) = match (status.kind, status.start) {
            (StatusKind::Trial, _) => match status.trial_end {
                Some(end) => (span(today, end), None),
                None => return Ok(None),
            },
            (StatusKind::Grace, Some(start)) => match status.grace_end {
                Some(end) => (None, span(start, end)),
                None => return Ok(None),
            },
            (StatusKind::Licensed, Some(start)) => {
                let covered = match &agreement.subscription {
                    Some(subscription) => subscription.covered_until(&devices)?,
                    None => None,
                };
                let Some(until) = covered.or(status.end) else { return Ok(None) };
                let grace_end = until.plus_days(agreement.policy().grace_days.into())?;
                (span(start, until), span(until, grace_end))
            }
            _ => return Ok(None),
        };
        let pool = match (&agreement.subscription, status.kind) {
            (Some(subscription), StatusKind::Licensed) => subscription.allocated(0),
            _ => devices,
        };
        let features = system.devices.keys().map(|license_type| {
            let feature = Feature::counted(quantity(&pool, license_type).max(1));
            FeatureId::new(license_type.as_str()).map(|id| (id, feature))
        });
        let mut claims = LicenseClaims::new(kind, system.product.clone(), now);
        claims.licensed = licensed;
        claims.grace = grace.filter(|grace| grace.from != grace.until.unwrap_or(grace.from));
        claims.features = features.collect::<Result<BTreeMap<_, _>>>()?;
        Ok(Some(claims))
    }
}
