//! The scheme of accounts with billed terms.

use std::{collections::BTreeMap, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{check_terms, refused, within};
use crate::{
    error::{ErrorKind, Refusal, Result},
    id::{DataCenterId, PlanId, ProviderId},
    time::Term,
};

/// Settings of an account and of its billed terms.
///
/// In JSON every member may be left out and then has its usual value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "settings, made with ..Default::default()")]
pub struct AccountTermPolicy {
    /// Terms on offer, in months; the first is the usual one. Usually 12 and 1.
    pub terms: Vec<Term>,
    /// How many days a year has in pro-rata amounts. Usually 365.
    pub prorata_basis: ProrataBasis,
    /// Whether a term renews by itself. Usually so.
    pub automatic_renewal: bool,
    /// The most devices of an account; without it any number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_limit: Option<u32>,
    /// The plans devices are billed by; none where nothing is billed.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub plans: BTreeMap<PlanId, Plan>,
    /// The day of the month of invoices, 1 to 28; on a weekend the closest day that is none.
    /// Usually 15.
    pub invoice_day: u8,
    /// Which data centre serves which country (S-ST-06); without any, every country is served.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub data_centers: BTreeMap<Country, DataCenterId>,
    /// Who may say who somebody is when signing in (S-ST-18); without any, everybody may.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub identity_providers: BTreeMap<ProviderId, IdentityProvider>,
    /// Whether the vendor's program has to acknowledge what was done to an account, or it is so at
    /// once. Usually it has to.
    pub provisioning: Provisioning,
}

/// What a plan costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "settings")]
pub struct Plan {
    /// The price of one device, or of one channel of an encoder, for each term on offer.
    pub prices: Vec<PlanPrice>,
}

/// The price of a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "settings")]
pub struct PlanPrice {
    /// The term, in months.
    pub term: Term,
    /// The price in minor units, such as cents, 0 to [`PlanPrice::AMOUNT_MAX`].
    pub amount: i64,
}

impl PlanPrice {
    /// The largest price: sums of all devices of an account stay exact in any JSON reader.
    pub const AMOUNT_MAX: i64 = 1_000_000_000;
}

impl Plan {
    /// The price of a term; none where the plan has none.
    #[must_use]
    pub fn price(&self, term: Term) -> Option<i64> {
        self.prices.iter().find(|price| price.term == term).map(|price| price.amount)
    }
}

/// Who says who somebody is when signing in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "settings")]
pub struct IdentityProvider {
    /// Whether it is of the customer's own organisation: its users are active at once and get no
    /// activation mail (S-ST-57).
    pub organizational: bool,
}

/// Whether the vendor's program has to acknowledge what was done to an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_enums, reason = "a closed choice of policies")]
pub enum Provisioning {
    /// It has to.
    #[default]
    Acknowledged,
    /// It is so at once.
    Immediate,
}

/// How many days a year has in pro-rata amounts.
///
/// A term that is no whole number of years always has as many days as its period has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_enums, reason = "a closed choice of policies")]
pub enum ProrataBasis {
    /// Always 365.
    #[default]
    Fixed365,
    /// As many as the period has.
    Actual,
}

impl ProrataBasis {
    /// The days that stand for a whole period of `days` days, which is `term` long.
    #[must_use]
    pub fn days(self, term: Term, days: u32) -> u32 {
        match (self, term.in_units_of(Term::YEAR)) {
            (Self::Fixed365, Some(years)) => u32::from(years).saturating_mul(365),
            _ => days,
        }
    }
}

/// A country, by its two letters in ISO 3166-1, such as `DE`. Whether there is such a country is
/// not checked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String"))]
pub struct Country([u8; 2]);

impl FromStr for Country {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self> {
        match text.as_bytes() {
            [a, b] if a.is_ascii_uppercase() && b.is_ascii_uppercase() => Ok(Self([*a, *b])),
            _ => Err(Refusal::new(ErrorKind::FieldInvalid)
                .with("field", "country")
                .with("value", text.chars().take(16).collect::<String>())
                .with("expected", "two capital letters as in ISO 3166-1")),
        }
    }
}

impl TryFrom<String> for Country {
    type Error = Refusal;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<Country> for String {
    fn from(country: Country) -> Self {
        country.to_string()
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(str::from_utf8(&self.0).unwrap_or_default())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Default for AccountTermPolicy {
    fn default() -> Self {
        let month = Term::months(1).ok();
        Self {
            terms: [Some(Term::YEAR), month].into_iter().flatten().collect(),
            prorata_basis: ProrataBasis::Fixed365,
            automatic_renewal: true,
            device_limit: None,
            plans: BTreeMap::new(),
            invoice_day: 15,
            data_centers: BTreeMap::new(),
            identity_providers: BTreeMap::new(),
            provisioning: Provisioning::Acknowledged,
        }
    }
}

impl AccountTermPolicy {
    /// The most plans, countries or identity providers of one policy.
    pub const ENTRIES_MAX: usize = 300;

    pub(super) fn validate(&self) -> Result<()> {
        check_terms(&self.terms)?;
        if self.device_limit == Some(0) {
            return refused("an account without devices cannot be billed");
        }
        within("invoice_day", self.invoice_day.into(), 1..=28)?;
        let entries = [self.plans.len(), self.data_centers.len(), self.identity_providers.len()];
        if let Some(count) = entries.into_iter().find(|count| *count > Self::ENTRIES_MAX) {
            return refused(&format!("{count} entries, not up to {}", Self::ENTRIES_MAX));
        }
        for (id, plan) in &self.plans {
            let priced = plan.prices.len() == self.terms.len()
                && self.terms.iter().all(|term| plan.price(*term).is_some());
            if !priced {
                return refused(&format!("plan {id} has not one price for each term"));
            }
            let amounts = 0..=PlanPrice::AMOUNT_MAX;
            if !plan.prices.iter().all(|price| amounts.contains(&price.amount)) {
                return refused(&format!("a price of plan {id} is not 0 to {}", amounts.end()));
            }
        }
        Ok(())
    }

    /// The data centre that serves a country; none where every country is served alike.
    ///
    /// # Errors
    /// [`ErrorKind::CountryNotServed`] when the table does not have it.
    pub fn data_center(&self, country: Country) -> Result<Option<&DataCenterId>> {
        if self.data_centers.is_empty() {
            return Ok(None);
        }
        let unserved = || Refusal::new(ErrorKind::CountryNotServed).with("country", country);
        self.data_centers.get(&country).map(Some).ok_or_else(unserved)
    }

    /// An identity provider; the usual settings where the policy names none at all.
    ///
    /// # Errors
    /// [`ErrorKind::ProviderUnknown`] when the list does not have it.
    pub fn provider(&self, provider: &ProviderId) -> Result<IdentityProvider> {
        if self.identity_providers.is_empty() {
            return Ok(IdentityProvider::default());
        }
        let unknown = || Refusal::new(ErrorKind::ProviderUnknown).with("provider", provider);
        self.identity_providers.get(provider).copied().ok_or_else(unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn priced(prices: &[(u16, i64)]) -> AccountTermPolicy {
        let price = |(months, amount): &(u16, i64)| PlanPrice {
            term: Term::months(*months).unwrap(),
            amount: *amount,
        };
        let plan = Plan { prices: prices.iter().map(price).collect() };
        let plans = BTreeMap::from([(PlanId::new("basic").unwrap(), plan)]);
        AccountTermPolicy { plans, ..AccountTermPolicy::default() }
    }

    #[test]
    fn an_account_is_billed_by_the_year_or_the_month() {
        let policy = AccountTermPolicy::default();
        assert_eq!(policy.terms.iter().map(|term| term.in_months()).collect::<Vec<_>>(), [12, 1]);
        assert!(policy.validate().is_ok());
        assert!(AccountTermPolicy { device_limit: Some(0), ..policy }.validate().is_err());
    }

    #[test]
    fn a_plan_has_one_price_for_each_term() {
        assert!(priced(&[(12, 10_000), (1, 0)]).validate().is_ok());
        for wrong in [
            &[(12, 10_000)][..],
            &[(12, 10_000), (24, 1)],
            &[(12, 10_000), (12, 10_000)],
            &[(12, -1), (1, 0)],
            &[(12, PlanPrice::AMOUNT_MAX + 1), (1, 0)],
        ] {
            assert!(priced(wrong).validate().is_err(), "{wrong:?}");
        }
        for (day, valid) in [(0, false), (1, true), (28, true), (29, false)] {
            let policy = AccountTermPolicy { invoice_day: day, ..AccountTermPolicy::default() };
            assert_eq!(policy.validate().is_ok(), valid, "{day}");
        }
    }

    #[test]
    fn a_country_is_two_capital_letters() {
        assert_eq!("DE".parse::<Country>().unwrap().to_string(), "DE");
        for text in ["", "D", "de", "DEU", "ДЕ", "D1"] {
            assert!(text.parse::<Country>().is_err(), "{text}");
        }
    }
}
