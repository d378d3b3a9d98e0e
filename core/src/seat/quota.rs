//! `Quota`, and how many seats several licences give together.

use std::{collections::BTreeMap, fmt};

use super::Limits;
use crate::{decision::Outcome, error::Result};

/// Where the limits of seats come from, asked anew at every call: a client's signed licences, or
/// [`Limits`] that stay as they are.
///
/// Several licences that let a feature run add up, by the rules of
/// [`Decision::quantity`](crate::decision::Decision::quantity).
pub trait Quota: fmt::Debug + Send + Sync {
    /// The limits at this moment.
    fn limits(&self) -> Limits;

    /// Stops a holder whose feature may not run now, with the reason where there is one.
    ///
    /// # Errors
    /// [`ErrorKind::NotLicensed`](crate::error::ErrorKind::NotLicensed).
    fn require(&self, feature: &str) -> Result<()> {
        self.limits().require(feature)
    }
}

impl Quota for Limits {
    fn limits(&self) -> Limits {
        self.clone()
    }
}

/// Which licence it is of those that one installation holds, whenever it was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Edition<'a> {
    /// What answers a request; each says all that the installation has.
    Answer,
    /// A licence with this number.
    Serial(&'a str),
    /// A licence without a number, which cannot be told from another one.
    Unnumbered,
}

/// What one licence that lets a feature run says of its seats.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stated<'a> {
    pub(crate) edition: Edition<'a>,
    pub(crate) outcome: Outcome,
    /// None when the feature takes no seats.
    pub(crate) quantity: Option<u32>,
}

/// How many seats of a feature licences give together, the preferred ones first; none when it takes
/// none.
///
/// A licence without a limit wins. Licences add up; of several editions of one licence the preferred
/// one counts. What runs in grace is what a newer licence mostly renews, and so is not added to what
/// is licensed: the larger of the two sums counts.
pub(crate) fn together<'a>(stated: impl IntoIterator<Item = Stated<'a>>) -> Option<u32> {
    let mut editions: BTreeMap<(u32, Edition<'a>), Option<u32>> = BTreeMap::new();
    for Stated { edition, outcome, quantity } in stated {
        editions.entry((outcome.number(), edition)).or_insert(quantity);
    }
    let mut sums: BTreeMap<u32, u32> = BTreeMap::new();
    for ((outcome, _), quantity) in editions {
        let sum = sums.entry(outcome).or_default();
        *sum = sum.saturating_add(quantity?);
    }
    sums.into_values().max()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Licences with numbers of their own, each with what comes of it and its quantity.
    type Licenses = Vec<(Outcome, Option<u32>)>;

    fn licenses() -> impl Strategy<Value = Licenses> {
        let outcome = prop::sample::select(&[Outcome::Licensed, Outcome::Grace]);
        let quantity = prop_oneof![
            8 => (1..9_u32).prop_map(Some),
            1 => Just(Some(u32::MAX)),
            1 => Just(None),
        ];
        prop::collection::vec((outcome, quantity), 1..8)
    }

    fn seats(licenses: &[(Outcome, Option<u32>)]) -> Option<u32> {
        let serials: Vec<String> = (0..licenses.len()).map(|n| format!("L-{n}")).collect();
        together(licenses.iter().zip(&serials).map(|((outcome, quantity), serial)| Stated {
            edition: Edition::Serial(serial),
            outcome: *outcome,
            quantity: *quantity,
        }))
    }

    /// None, which is no limit, as more than any.
    fn most(seats: Option<u32>) -> u64 {
        seats.map_or(u64::MAX, u64::from)
    }

    proptest! {
        #[test]
        fn prop_licences_of_their_own_add_up_and_no_limit_wins(
            given in licenses().prop_flat_map(|given| (Just(given.clone()), Just(given).prop_shuffle()))
        ) {
            let (licenses, shuffled) = given;
            prop_assert_eq!(seats(&licenses), seats(&shuffled));
            let sum = |of| {
                let quantities = licenses.iter().filter(|(outcome, _)| *outcome == of);
                quantities.map(|(_, quantity)| most(*quantity)).fold(0, u64::saturating_add)
            };
            let sums = sum(Outcome::Licensed).max(sum(Outcome::Grace));
            let expected = match licenses.iter().any(|(_, quantity)| quantity.is_none()) {
                true => u64::MAX,
                false => sums.min(u32::MAX.into()),
            };
            prop_assert_eq!(most(seats(&licenses)), expected);
        }

        #[test]
        fn prop_another_licence_takes_no_seat_away(
            licenses in licenses(), another in licenses(),
        ) {
            let both: Licenses = licenses.iter().chain(&another).copied().collect();
            prop_assert!(most(seats(&both)) >= most(seats(&licenses)));
        }
    }

    #[test]
    fn editions_of_one_licence_count_once_and_the_preferred_one() {
        let stated = |edition, quantity| Stated {
            edition,
            outcome: Outcome::Licensed,
            quantity: Some(quantity),
        };
        for edition in [Edition::Answer, Edition::Unnumbered, Edition::Serial("L-7")] {
            assert_eq!(together([stated(edition, 2), stated(edition, 5)]), Some(2));
        }
        let all =
            [Edition::Answer, Edition::Unnumbered, Edition::Serial("a"), Edition::Serial("b")];
        assert_eq!(together(all.map(|edition| stated(edition, 2))), Some(8));
    }

    #[test]
    fn what_a_licence_renews_is_not_added_to_it() {
        let old = (Outcome::Grace, Some(5));
        assert_eq!(seats(&[old, (Outcome::Licensed, Some(5))]), Some(5));
        assert_eq!(seats(&[old, (Outcome::Licensed, Some(2))]), Some(5));
        assert_eq!(seats(&[old, (Outcome::Licensed, Some(8))]), Some(8));
    }
}
