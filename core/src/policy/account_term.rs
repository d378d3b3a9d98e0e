//! The scheme of accounts with billed terms.

use serde::{Deserialize, Serialize};

use super::{check_terms, refused};
use crate::{error::Result, time::Term};

/// Settings of the billed terms of an account.
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
}

/// How many days a year has in pro-rata amounts.
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

impl Default for AccountTermPolicy {
    fn default() -> Self {
        let month = Term::months(1).ok();
        Self {
            terms: [Some(Term::YEAR), month].into_iter().flatten().collect(),
            prorata_basis: ProrataBasis::Fixed365,
            automatic_renewal: true,
            device_limit: None,
        }
    }
}

impl AccountTermPolicy {
    pub(super) fn validate(&self) -> Result<()> {
        check_terms(&self.terms)?;
        if self.device_limit == Some(0) {
            return refused("an account without devices cannot be billed");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_billed_by_the_year_or_the_month() {
        let policy = AccountTermPolicy::default();
        assert_eq!(policy.terms.iter().map(|term| term.in_months()).collect::<Vec<_>>(), [12, 1]);
        assert!(policy.validate().is_ok());
        assert!(AccountTermPolicy { device_limit: Some(0), ..policy }.validate().is_err());
    }
}
