//! Views of licences for hosts.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    customer::{Binding, BindingId, BudgetLeft, Customer, HostAgreement, HostLot},
    error::{Language, Result},
    id::{CustomerId, GroupId, LicenseType, ProductId},
    signing::KeyId,
    time::{Day, Instant},
};

use super::{View, rolled};

/// How a customer stands with a product that is licensed by host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum HostStatusKind {
    /// There is a licence without an end: no date is shown (S-MK-28).
    Perpetual,
    /// There is a licence with an end.
    Licensed,
    /// The trial runs.
    Trial,
    /// There was a licence or a trial, and it is over (S-MK-29).
    Expired,
    /// There is none, and none that ended.
    NotLicensed,
}

/// Where a customer stands with a product that is licensed by host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct HostStatus {
    /// The status in one word.
    pub kind: HostStatusKind,
    /// First day no longer covered, or since when nothing is; none for a perpetual licence.
    pub until: Option<Day>,
    /// Versions built from this day on are not covered; none where all are.
    pub updates_until: Option<Day>,
    /// How many hosts may be bound today.
    pub places: u64,
    /// How many are; a group of hosts that share a licence counts once.
    pub bound: u64,
    /// The status in words.
    pub text: String,
}

/// The hosts bound to the licences of a product (S-MK-44).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Bindings {
    /// How many hosts may be bound today.
    pub places: u64,
    /// First day after the trial, when there was one.
    pub trial_end: Option<Day>,
    /// Every lot of licences, in the order of storing.
    pub lots: Vec<HostLotView>,
    /// How many hosts the customer may free by itself; none for as many as it likes.
    pub moves: Option<BudgetLeft>,
    /// How many hosts may be enrolled anew; none for as many as the customer likes.
    pub rebinds: Option<BudgetLeft>,
    /// The groups of hosts that share a licence, and how many hosts each may have.
    pub groups: BTreeMap<GroupId, u32>,
    /// The hosts bound, in the order of binding.
    pub bindings: Vec<BindingView>,
}

/// A lot of licences for hosts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct HostLotView {
    /// The lot.
    #[serde(flatten)]
    pub lot: HostLot,
    /// Whether it was taken out of circulation by a correction.
    pub voided: bool,
    /// Whether it can no longer be used today.
    pub expired: bool,
}

/// A bound host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct BindingView {
    /// Number within the agreement.
    pub id: BindingId,
    /// The installation that asked last from this host.
    pub installation: KeyId,
    /// What sort of host it is, such as `bare_metal` or `vm`; none when it did not say.
    pub class: Option<String>,
    /// Kinds of the facts enrolled (S-MK-45); empty where the installation's key is all there is.
    pub facts: Vec<String>,
    /// What its operator calls it, where that was told and not erased; a ledger knows, for no event
    /// holds it.
    pub label: Option<String>,
    /// The group it shares a licence with, if one.
    pub group: Option<GroupId>,
    /// When it was bound.
    pub bound_on: Day,
    /// What it may use today, by type of licence, with the first day no longer covered or none;
    /// empty in a trial, and when its licence has ended or went to hosts bound earlier.
    pub licensed: BTreeMap<LicenseType, Option<Day>>,
}

impl HostStatus {
    pub(super) fn of(hosts: &HostAgreement, language: Language, today: Day) -> Self {
        let standing = hosts.lots().filter(|(_, voided)| !voided);
        let ended = standing.filter_map(|(lot, _)| lot.until).chain(hosts.trial_end()).max();
        let longest = hosts.longest(today);
        let (kind, until) = match (longest, ended) {
            (Some((None, _)), _) => (HostStatusKind::Perpetual, None),
            (Some((until, _)), _) => (HostStatusKind::Licensed, until),
            (None, _) if hosts.in_trial(today) => (HostStatusKind::Trial, hosts.trial_end()),
            (None, Some(end)) => (HostStatusKind::Expired, Some(end)),
            (None, None) => (HostStatusKind::NotLicensed, None),
        };
        Self {
            kind,
            until,
            updates_until: longest.and_then(|(_, updates_until)| updates_until),
            places: hosts.places(today),
            bound: hosts.uses(),
            text: text(kind, until, language),
        }
    }
}

fn text(kind: HostStatusKind, until: Option<Day>, language: Language) -> String {
    use HostStatusKind as K;
    let [perpetual, licensed, trial, expired, none] = match language {
        Language::En => {
            let licensed = "licensed until {}, that day not included";
            let trial = "trial until {}, that day not included";
            ["perpetual", licensed, trial, "expired on {}", "not licensed"]
        }
        Language::Ru => [
            "бессрочно",
            "действует до {}, не включая этот день",
            "пробный период до {}, не включая этот день",
            "срок истёк {}",
            "лицензии нет",
        ],
        Language::Ja => {
            let licensed = "ライセンス有効（{}の前日まで）";
            let trial = "試用期間中（{}の前日まで）";
            ["無期限", licensed, trial, "{}に期限切れ", "ライセンスなし"]
        }
        Language::Fr => [
            "licence perpétuelle",
            "sous licence jusqu’au {} exclu",
            "essai jusqu’au {} exclu",
            "expirée le {}",
            "sans licence",
        ],
    };
    let text = match kind {
        K::Perpetual => perpetual,
        K::Licensed => licensed,
        K::Trial => trial,
        K::Expired => expired,
        K::NotLicensed => none,
    };
    text.replace("{}", &until.map(|day| day.to_string()).unwrap_or_default())
}

/// The answer to [`Query::Bindings`](super::Query::Bindings); `id` names the customer in a refusal.
///
/// # Errors
/// [`NotRegistered`](crate::error::ErrorKind::NotRegistered) without an agreement,
/// [`SchemeMismatch`](crate::error::ErrorKind::SchemeMismatch) when it is of another scheme.
pub fn bindings(
    customer: &Customer,
    id: &CustomerId,
    product: &ProductId,
    now: Instant,
) -> Result<View> {
    let (customer, today) = rolled(customer, now)?;
    let hosts = customer.hosts(id, product)?;
    let lots = hosts.lots().map(|(lot, voided)| HostLotView {
        expired: !lot.usable_on(today),
        lot: lot.clone(),
        voided,
    });
    let bound = |(binding, rank): (&Binding, usize)| BindingView {
        id: binding.id,
        installation: binding.installation,
        class: binding.host.as_ref().map(|host| host.class.clone()),
        facts: binding.host.iter().flat_map(|h| &h.facts).map(|fact| fact.kind.clone()).collect(),
        label: None,
        group: binding.group.clone(),
        bound_on: binding.bound_on,
        licensed: hosts.licensed(rank, today),
    };
    Ok(View::Bindings(Bindings {
        places: hosts.places(today),
        trial_end: hosts.trial_end(),
        lots: lots.collect(),
        moves: hosts.moves_left(today),
        rebinds: hosts.rebinds_left(today),
        groups: hosts.groups().clone(),
        bindings: hosts.bindings().iter().zip(hosts.ranks()).map(bound).collect(),
    }))
}
