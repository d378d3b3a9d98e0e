//! Hosts that share one licence, such as the nodes of a cluster.

use std::collections::BTreeMap;

use super::{Binding, CustomerEvent, Draft, HostAgreement};
use crate::{
    catalogue::Catalogue,
    error::{ErrorKind, Refusal, Result},
    id::{GroupId, ProductId},
    policy::HostBoundPolicy,
};

impl HostAgreement {
    /// The most groups.
    pub const GROUPS_MAX: usize = 100;

    /// The groups declared, and how many hosts each may have.
    #[must_use]
    pub const fn groups(&self) -> &BTreeMap<GroupId, u32> {
        &self.groups
    }

    /// The hosts bound in a group.
    pub fn bound_in<'a>(&'a self, group: &'a GroupId) -> impl Iterator<Item = &'a Binding> {
        self.bindings.iter().filter(|binding| binding.group.as_ref() == Some(group))
    }

    /// How many licences are in use: one for each host, and one for each group with a host.
    #[must_use]
    pub fn uses(&self) -> u64 {
        let last = self.ranks().max().map(|rank| u64::try_from(rank).unwrap_or(u64::MAX));
        last.map_or(0, |rank| rank.saturating_add(1))
    }

    /// The place of each binding in the order of binding; a group stands where the first of its
    /// hosts stands.
    pub fn ranks(&self) -> impl Iterator<Item = usize> {
        let (mut groups, mut next) = (BTreeMap::new(), 0_usize);
        self.bindings.iter().map(move |binding| {
            let known = binding.group.as_ref().and_then(|group| groups.get(group)).copied();
            let rank = known.unwrap_or(next);
            if known.is_none() {
                next = next.saturating_add(1);
            }
            if let Some(group) = &binding.group {
                groups.insert(group, rank);
            }
            rank
        })
    }

    /// Whether a host can still join the group: then whether others are in it.
    pub(super) fn check_group(&self, product: &ProductId, group: &GroupId) -> Result<bool> {
        let most = self.group(group)?;
        let bound = self.bound_in(group).count();
        if u32::try_from(bound).unwrap_or(u32::MAX) < most {
            return Ok(bound > 0);
        }
        let detail = format!("the group `{group}` has its {most} hosts");
        let kind = ErrorKind::NoFreeLicense;
        Err(Refusal::new(kind).with("product", product).with("detail", detail))
    }

    /// How many hosts a group may have.
    pub(super) fn group(&self, group: &GroupId) -> Result<u32> {
        let unknown = || Refusal::new(ErrorKind::GroupUnknown).with("group", group);
        self.groups.get(group).copied().ok_or_else(unknown)
    }
}

impl Draft<'_> {
    /// Declares a group of up to so many hosts that share a licence, changes how many, or with 0
    /// hosts ends a group in which none is bound. Customers are limited by their policy.
    pub(crate) fn group_hosts(
        &mut self,
        catalogue: &Catalogue,
        product: &ProductId,
        (group, hosts): (&GroupId, u32),
        by_vendor: bool,
    ) -> Result<()> {
        let agreement = self.join_hosts(catalogue, product)?;
        let most =
            if by_vendor { HostBoundPolicy::GROUP_HOSTS_MAX } else { agreement.policy.group_hosts };
        let known = agreement.groups.get(group).copied();
        check_count("hosts of one group:", hosts, most.into())?;
        if known.is_none() && hosts > 0 {
            let groups = u32::try_from(agreement.groups.len()).unwrap_or(u32::MAX);
            let most = u32::try_from(HostAgreement::GROUPS_MAX).unwrap_or(u32::MAX);
            check_count("groups of hosts:", groups.saturating_add(1), most)?;
        }
        let bound = agreement.bound_in(group).count();
        if u32::try_from(bound).unwrap_or(u32::MAX) > hosts {
            return Err(Refusal::new(ErrorKind::GroupInUse)
                .with("group", group)
                .with("bound", bound)
                .with("hosts", hosts));
        }
        if known == Some(hosts) {
            return Ok(());
        }
        if hosts == 0 {
            agreement.group(group)?;
        }
        let (product, group) = (product.clone(), group.clone());
        self.record(CustomerEvent::HostsGrouped { product, group, hosts });
        Ok(())
    }
}

fn check_count(what: &'static str, value: u32, max: u32) -> Result<()> {
    if value <= max {
        return Ok(());
    }
    Err(Refusal::new(ErrorKind::QuantityOutOfRange)
        .with("what", what)
        .with("value", value)
        .with("min", 0)
        .with("max", max))
}
