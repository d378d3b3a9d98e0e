//! Decisions about licences for hosts: granting, trying, binding, freeing.

use super::{
    Binding, BindingId, CustomerEvent, Draft, FreedBy, HostAgreement, HostLot, check_reason,
    other_scheme,
};
use crate::{
    batch::{Batch, KeyContents},
    catalogue::Catalogue,
    code::CodeDigest,
    document::{HostFacts, Request, RequestKind},
    error::{ErrorKind, Refusal, Result},
    host_binding::{HashedFacts, HostMatch, MatchRule},
    id::{BatchId, GroupId, ProductId},
    policy::Policy,
    time::Day,
    wallet::{LotId, LotSource},
};

/// Hosts to be freed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Freeing<'a> {
    /// One of them; all of them when absent.
    pub(crate) binding: Option<BindingId>,
    /// Those of one group; of any when absent.
    pub(crate) group: Option<&'a GroupId>,
    pub(crate) by: FreedBy,
    pub(crate) reason: &'a str,
}

impl Draft<'_> {
    /// Redeems a coupon: its licences may be bound at once (S-MK-24).
    pub(crate) fn redeem_coupon(
        &mut self,
        catalogue: &Catalogue,
        key: &CodeDigest,
        (batch_id, batch): (&BatchId, &Batch),
    ) -> Result<()> {
        let masked = batch.masked(key).ok_or(ErrorKind::Internal)?.to_owned();
        let product = batch.product().ok_or(ErrorKind::Internal)?;
        let lots = self.host_lots(catalogue, product, (batch.contents(), LotSource::Key))?;
        self.record(CustomerEvent::CouponRedeemed {
            product: product.clone(),
            batch: batch_id.clone(),
            key: *key,
            masked,
            lots,
        });
        Ok(())
    }

    /// Takes licences for hosts that came without a coupon.
    pub(crate) fn stock_hosts(
        &mut self,
        catalogue: &Catalogue,
        product: &ProductId,
        (contents, source): (&[KeyContents], LotSource),
    ) -> Result<()> {
        let lots = self.host_lots(catalogue, product, (contents, source))?;
        self.record(CustomerEvent::HostLicensesStocked { product: product.clone(), lots });
        Ok(())
    }

    /// Begins the trial of a product, once for each customer (S-MK-19, S-MK-21).
    ///
    /// Where hosts are to be told apart, one that shows too little tries nothing: else every new key
    /// of an installation would be another host to try it on.
    pub(crate) fn start_trial(&mut self, catalogue: &Catalogue, request: &Request) -> Result<()> {
        let product = &request.fields().product;
        let agreement = self.join_hosts(catalogue, product)?;
        let days = agreement.policy.trial_days;
        if let Some(end) = agreement.trial_end {
            let kind = ErrorKind::TrialAlreadyUsed;
            return Err(Refusal::new(kind).with("product", product).with("end", end));
        }
        if days == 0 {
            return Err(Refusal::new(ErrorKind::TrialNotOffered).with("product", product));
        }
        agreement.check_shown(request)?;
        let end = self.today.plus_days(days.into())?;
        self.record(CustomerEvent::TrialStarted { product: product.clone(), end });
        Ok(())
    }

    /// Binds the host a request comes from, unless it is bound already, and gives the index of its
    /// binding (S-MK-36 to S-MK-41).
    ///
    /// What was enrolled stays, save on request; so a host does not change by and by into another.
    pub(crate) fn bind_host(&mut self, catalogue: &Catalogue, request: &Request) -> Result<usize> {
        let (fields, installation) = (request.fields(), request.installation());
        self.join_hosts(catalogue, &fields.product)?;
        let agreement = self.customer.hosts(self.id, &fields.product)?;
        if let Some((index, binding)) = agreement.find(installation, fields.host.as_ref()) {
            let before = binding.clone();
            self.describe(request, &before)?;
            return Ok(index);
        }
        let index = agreement.bindings.len();
        let (product, group) = (fields.product.clone(), fields.group.clone());
        let joins = group.as_ref().map(|group| agreement.check_group(&product, group));
        if !joins.unwrap_or(Ok(false))? && agreement.uses() >= agreement.places(self.today) {
            return Err(no_free_license(agreement, request, self.today));
        }
        agreement.check_shown(request)?;
        let id = BindingId(agreement.last_binding.0.saturating_add(1));
        let (host, bound_on, epoch) = (shown(request), self.today, fields.epoch);
        let labelled = fields.label.is_some();
        self.label(&product, id, fields.label.as_deref())?;
        let binding = Binding { id, installation, host, group, labelled, bound_on, epoch };
        self.record(CustomerEvent::HostBound { product, binding });
        Ok(index)
    }

    /// Takes what a request says about a host that is bound.
    fn describe(&mut self, request: &Request, before: &Binding) -> Result<()> {
        let (fields, installation) = (request.fields(), request.installation());
        let agreement = self.customer.hosts(self.id, &fields.product)?;
        let host = shown(request);
        let asked = fields.kind == RequestKind::Rebind && before.host != host;
        if asked {
            check_epoch(before, request)?;
        }
        let (rule, shown) = (before.rule(), rule_of(host.as_ref()));
        let told = rule.is_none() && shown.is_some();
        if asked && rule.is_some() && shown.is_none() {
            return Err(ErrorKind::HostNotIdentifiable.into());
        }
        let anew = asked && rule.is_some() && rule != shown;
        if anew {
            agreement.check_rebinds(self.today)?;
        }
        let group = joined(agreement, (before, fields.group.as_ref()), &fields.product)?.cloned();
        let labelled = before.labelled || fields.label.is_some();
        self.label(&fields.product, before.id, fields.label.as_deref())?;
        let mut binding = Binding { installation, group, labelled, ..before.clone() };
        if asked || told {
            binding.host = host;
        }
        if binding != *before {
            binding.epoch = fields.epoch.max(before.epoch);
            let (product, enrolled_on) = (fields.product.clone(), anew.then_some(self.today));
            self.record(CustomerEvent::HostDescribed { product, binding, enrolled_on });
        }
        Ok(())
    }

    /// Frees one host, or all of them (S-MK-46).
    pub(crate) fn free_hosts(&mut self, product: &ProductId, freeing: Freeing<'_>) -> Result<()> {
        check_reason(freeing.reason)?;
        let agreement = self.customer.hosts(self.id, product)?;
        freeing.group.map_or(Ok(0), |group| agreement.group(group))?;
        let chosen = |bound: &&Binding| {
            freeing.binding.is_none_or(|id| id == bound.id)
                && freeing.group.is_none_or(|group| bound.group.as_ref() == Some(group))
        };
        let ids: Vec<BindingId> =
            agreement.bindings.iter().filter(chosen).map(|bound| bound.id).collect();
        if let (Some(id), true) = (freeing.binding, ids.is_empty()) {
            return Err(Refusal::new(ErrorKind::BindingUnknown).with("binding", id));
        }
        self.free(product, &ids, (freeing.by, freeing.reason))
    }

    /// Frees hosts; where the customer does so, those that have a licence count.
    fn free(
        &mut self,
        product: &ProductId,
        ids: &[BindingId],
        (by, reason): (FreedBy, &str),
    ) -> Result<()> {
        let (today, agreement) = (self.today, self.customer.hosts(self.id, product)?);
        let entitled = |id: &BindingId| agreement.is_entitled(*id, today);
        let by = |id: &BindingId| if entitled(id) || !by.counts() { by } else { FreedBy::Ended };
        let freed: Vec<(BindingId, FreedBy)> = ids.iter().map(|id| (*id, by(id))).collect();
        agreement.check_moves(freed.iter().filter(|(_, by)| by.counts()).count(), today)?;
        for (id, by) in freed {
            self.free_host(product, id, (by, reason))?;
        }
        Ok(())
    }

    /// Frees the host a request comes from; nothing happens when it is not bound.
    pub(crate) fn release_host(&mut self, request: &Request) -> Result<()> {
        let fields = request.fields();
        let Ok(agreement) = self.customer.hosts(self.id, &fields.product) else { return Ok(()) };
        let found = agreement.find(request.installation(), fields.host.as_ref());
        if let Some((_, binding)) = found {
            check_epoch(binding, request)?;
            let (ids, why) = ([binding.id], "released by the installation");
            self.free(&fields.product, &ids, (FreedBy::Installation, why))?;
        }
        Ok(())
    }

    /// Frees the hosts whose licence or trial has ended, so that a coupon is for the host that
    /// brings it.
    pub(crate) fn free_ended(&mut self, catalogue: &Catalogue, product: &ProductId) -> Result<()> {
        let types = &catalogue.product(product)?.definition().license_types;
        let Ok(agreement) = self.customer.hosts(self.id, product) else { return Ok(()) };
        let ended = agreement
            .bindings
            .iter()
            .zip(agreement.ranks())
            .filter(|(_, rank)| agreement.entitled(*rank, self.today, types).is_empty());
        for id in ended.map(|(binding, _)| binding.id).collect::<Vec<_>>() {
            self.free_host(product, id, (FreedBy::Ended, "its licence has ended"))?;
        }
        Ok(())
    }

    /// Keeps the newest policy for what is granted from now on.
    pub(super) fn adopt_host_policy(
        &mut self,
        catalogue: &Catalogue,
        product: &ProductId,
    ) -> Result<()> {
        let kept = self.customer.hosts(self.id, product)?.policy_version;
        let Some((policy_version, Policy::HostBound(policy))) =
            catalogue.product(product)?.policy()
        else {
            return Err(other_scheme(product, "host_bound"));
        };
        if kept == policy_version {
            return Err(Refusal::new(ErrorKind::PolicyCurrent)
                .with("product", product)
                .with("version", policy_version));
        }
        let (product, policy) = (product.clone(), policy.clone());
        self.record(CustomerEvent::HostPolicyKept { product, policy_version, policy });
        Ok(())
    }

    fn free_host(
        &mut self,
        product: &ProductId,
        binding: BindingId,
        (by, reason): (FreedBy, &str),
    ) -> Result<()> {
        let bindings = self.customer.hosts(self.id, product)?.bindings();
        if let Some(bound) = bindings.iter().find(|bound| bound.id == binding).cloned() {
            self.forget_label(product, &bound)?;
        }
        let (product, on, reason) = (product.clone(), self.today, reason.to_owned());
        self.record(CustomerEvent::HostFreed { product, binding, by, on, reason });
        Ok(())
    }

    /// The agreement on licences for hosts, which begins here where there is none.
    pub(super) fn join_hosts(
        &mut self,
        catalogue: &Catalogue,
        product: &ProductId,
    ) -> Result<&HostAgreement> {
        if !self.customer.agreements.contains_key(product) {
            let entry = catalogue.product(product)?;
            if entry.definition().external {
                return Err(Refusal::new(ErrorKind::ProductExternal).with("product", product));
            }
            let Some((policy_version, Policy::HostBound(policy))) = entry.policy() else {
                return Err(other_scheme(product, "host_bound"));
            };
            self.record(CustomerEvent::HostPolicyKept {
                product: product.clone(),
                policy_version,
                policy: policy.clone(),
            });
        }
        self.customer.hosts(self.id, product)
    }

    fn host_lots(
        &mut self,
        catalogue: &Catalogue,
        product: &ProductId,
        (contents, source): (&[KeyContents], LotSource),
    ) -> Result<Vec<HostLot>> {
        let today = self.today;
        let agreement = self.join_hosts(catalogue, product)?;
        let (until, updates_until) = agreement.policy.duration.ends(today)?;
        let first = agreement.next_lot();
        let lot = |(offset, contents): (u32, &KeyContents)| HostLot {
            id: LotId(first.0.saturating_add(offset)),
            license_type: contents.license_type.clone(),
            hosts: contents.quantity,
            source,
            stored_on: today,
            until,
            updates_until,
        };
        Ok((0..).zip(contents).map(lot).collect())
    }
}

/// The group of a bound host: the one it is in, else the one it wants to join.
fn joined<'a>(
    agreement: &HostAgreement,
    (binding, wanted): (&'a Binding, Option<&'a GroupId>),
    product: &ProductId,
) -> Result<Option<&'a GroupId>> {
    match (&binding.group, wanted) {
        (Some(own), Some(wanted)) if own != wanted => Err(Refusal::new(ErrorKind::FieldInvalid)
            .with("field", "group")
            .with("value", wanted)
            .with("expected", format_args!("`{own}`, in which the host is bound"))),
        (None, Some(wanted)) => agreement.check_group(product, wanted).map(|_| Some(wanted)),
        (own, _) => Ok(own.as_ref()),
    }
}

impl HostAgreement {
    /// Refuses a host that cannot be told from others where the policy wants to tell them apart.
    fn check_shown(&self, request: &Request) -> Result<()> {
        if self.policy.needs_facts && rule_of(request.fields().host.as_ref()).is_none() {
            return Err(ErrorKind::HostNotIdentifiable.into());
        }
        Ok(())
    }
}

/// What a host shows of itself, as far as it is known here.
fn shown(request: &Request) -> Option<HostFacts> {
    request.fields().host.as_ref().map(HostFacts::known)
}

/// What would be asked of a host; nothing when it shows too little to tell it from others.
fn rule_of(host: Option<&HostFacts>) -> Option<MatchRule> {
    MatchRule::enroll(&HashedFacts::from(host?)).ok()
}

/// Refuses a request that the installation wrote before the one by which it was bound, such as an
/// old file that somebody brings again.
fn check_epoch(binding: &Binding, request: &Request) -> Result<()> {
    let older = binding.epoch.zip(request.fields().epoch).is_some_and(|(known, own)| own < known);
    if older && binding.installation == request.installation() {
        return Err(Refusal::new(ErrorKind::DocumentOutdated).with("document", "request"));
    }
    Ok(())
}

/// Why there is no licence for a host (S-MK-37, S-MK-40): it changed, others hold them, or there
/// are none.
fn no_free_license(agreement: &HostAgreement, request: &Request, today: Day) -> Refusal {
    let host = request.fields().host.as_ref();
    let own = |binding: &&Binding| binding.installation == request.installation();
    let detail = if let Some(binding) = agreement.bindings.iter().find(own) {
        changed(binding, binding.compare(host))
    } else if agreement.places(today) == 0 {
        "there is none".to_owned()
    } else {
        let held = agreement.bindings.iter();
        let held = held.map(|b| format!("binding {} since {}", b.id, b.bound_on));
        format!("other hosts hold all of them: {}", held.take(8).collect::<Vec<_>>().join(", "))
    };
    Refusal::new(ErrorKind::NoFreeLicense)
        .with("product", &request.fields().product)
        .with("detail", detail)
}

fn changed(binding: &Binding, result: Option<HostMatch>) -> String {
    let Some(result) = result else {
        return format!("binding {} is to a host that shows its facts, and none came", binding.id);
    };
    let kinds = [&result.changed, &result.vanished, &result.unreadable].into_iter().flatten();
    let kinds: Vec<&str> = kinds.map(|kind| kind.as_str()).collect();
    format!(
        "the host of binding {} changed too much, {} of {} match: {}",
        binding.id,
        result.score,
        result.threshold,
        kinds.join(", ")
    )
}
