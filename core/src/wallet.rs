//! A customer's stock of licences of one product, kept in lots.
//!
//! A lot may be stored for some years and is usable until the day before it expires (S-AX-19).
//! Licences leave the wallet from the lot that expires first (S-AX-21); expired lots stay visible
//! and cannot be taken from (S-AX-22).

use serde::{Deserialize, Serialize};

use crate::{
    error::{ErrorKind, Refusal, Result},
    id::LicenseType,
    number::number,
    time::{Day, Term},
};

/// The largest number of licences in one lot, command or period.
pub const QUANTITY_MAX: u32 = 1_000_000_000;

number! {
    /// The number of a lot within its wallet: 1, 2, 3, … in the order of storing.
    LotId "lot"
}

/// Where the licences of a lot came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum LotSource {
    /// A licence key was redeemed.
    Key,
    /// Overlap of a late allocation was credited.
    Compensation,
    /// They came with something else, such as hardware.
    Preload,
    /// They were bought without a key.
    Purchase,
    /// A partner gave them.
    Partner,
}

/// What the licences of a lot are good for.
///
/// In JSON `{"subscription": 12}`, `"expansion"`, `"upgrade"`, `"host"` or `"device"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(
    clippy::exhaustive_enums,
    reason = "a licence is for a time, for a device's life, for a host or for a device"
)]
pub enum LotKind {
    /// One device for one term, in a subscription.
    Subscription(Term),
    /// One more device on one piece of hardware, for its life (S-AX-63).
    Expansion,
    /// One licence of a piece of hardware becomes one of this type, once (S-AX-03).
    Upgrade,
    /// One host, for as long as the policy of the product says (S-MK-24, S-MK-36).
    Host,
    /// One device by name, for as long as the policy of the product says (S-IP-20).
    Device,
}

impl LotKind {
    /// One device for a year.
    #[must_use]
    pub const fn year() -> Self {
        Self::Subscription(Term::YEAR)
    }

    /// How many subscription periods of `unit` one licence covers; 1 for the life of a device.
    #[must_use]
    pub fn units(self, unit: Term) -> u16 {
        match self {
            Self::Subscription(term) => term.in_units_of(unit).unwrap_or(0),
            Self::Expansion | Self::Upgrade | Self::Host | Self::Device => 1,
        }
    }
}

/// Licences of one type and term that were stored together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "a record of the history")]
pub struct Lot {
    /// Number within the wallet.
    pub id: LotId,
    /// Type of licence.
    pub license_type: LicenseType,
    /// What they are good for.
    pub kind: LotKind,
    /// Licences stored, 1 to [`QUANTITY_MAX`].
    pub quantity: u32,
    /// Where they came from.
    pub source: LotSource,
    /// First day usable.
    pub stored_on: Day,
    /// First day no longer usable.
    pub expires_on: Day,
}

impl Lot {
    /// Whether licences may be taken on `today`.
    #[must_use]
    pub fn usable_on(&self, today: Day) -> bool {
        today < self.expires_on
    }
}

/// Licences taken, or to be taken, from one lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "a record of the history")]
pub struct Debit {
    /// The lot.
    pub lot: LotId,
    /// Licences taken from it.
    pub quantity: u32,
}

/// What is asked of a wallet: so many licences of a type and kind.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct Want<'a> {
    /// Type of licence.
    pub license_type: &'a LicenseType,
    /// What they should be good for.
    pub kind: LotKind,
    /// How many.
    pub quantity: u32,
}

/// The lots of one customer and product.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wallet {
    stocked: Vec<Stocked>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Stocked {
    lot: Lot,
    left: u32,
    voided: u32,
}

impl Wallet {
    /// The id the next lot stored will have.
    #[must_use]
    pub fn next_lot(&self) -> LotId {
        LotId(u32::try_from(self.stocked.len()).unwrap_or(u32::MAX).saturating_add(1))
    }

    /// Every lot with what is left in it and what was taken back, in the order of storing.
    pub fn lots(&self) -> impl Iterator<Item = (&Lot, Left)> {
        self.stocked.iter().map(|stocked| (&stocked.lot, stocked.left()))
    }

    /// A lot with what is left in it and what was taken back.
    #[must_use]
    pub fn lot(&self, id: LotId) -> Option<(&Lot, Left)> {
        self.lots().find(|(lot, _)| lot.id == id)
    }

    /// How many licences of this type and kind can be taken on `today`.
    #[must_use]
    pub fn usable(&self, license_type: &LicenseType, kind: LotKind, today: Day) -> u64 {
        self.matching(license_type, kind, today).map(|stocked| u64::from(stocked.left)).sum()
    }

    /// Chooses the lots from which to take licences: earliest expiry first, then the lot stored
    /// first. All or nothing; the wallet is not changed.
    ///
    /// # Errors
    /// [`ErrorKind::InsufficientWallet`] when fewer are usable on `today`.
    ///
    /// ```
    /// use mlicense_core::wallet::{Lot, LotKind, LotSource, Wallet, Want};
    /// use mlicense_core::{error::ErrorKind, id::LicenseType};
    ///
    /// let camera = LicenseType::new("camera")?;
    /// let mut wallet = Wallet::default();
    /// wallet.store(Lot {
    ///     id: wallet.next_lot(), license_type: camera.clone(), kind: LotKind::year(), quantity: 5,
    ///     source: LotSource::Key, stored_on: "2022-01-15".parse()?, expires_on: "2027-01-15".parse()?,
    /// });
    /// let want = Want { license_type: &camera, kind: LotKind::year(), quantity: 5 };
    /// assert_eq!(wallet.choose(want, "2027-01-14".parse()?)?.len(), 1);
    /// let refusal = wallet.choose(want, "2027-01-15".parse()?).unwrap_err();
    /// assert_eq!(refusal.kind(), ErrorKind::InsufficientWallet);
    /// # Ok::<(), mlicense_core::error::Refusal>(())
    /// ```
    pub fn choose(&self, want: Want<'_>, today: Day) -> Result<Vec<Debit>> {
        let mut lots: Vec<_> =
            self.matching(want.license_type, want.kind, today).filter(|s| s.left > 0).collect();
        lots.sort_by_key(|stocked| (stocked.lot.expires_on, stocked.lot.id));
        let mut missing = want.quantity;
        let mut debits = Vec::new();
        for stocked in lots {
            let quantity = missing.min(stocked.left);
            if quantity == 0 {
                break;
            }
            debits.push(Debit { lot: stocked.lot.id, quantity });
            missing = missing.saturating_sub(quantity);
        }
        if missing == 0 {
            return Ok(debits);
        }
        let usable = self.usable(want.license_type, want.kind, today);
        Err(Refusal::new(ErrorKind::InsufficientWallet)
            .with("license_type", want.license_type)
            .with("usable", usable)
            .with("wanted", want.quantity))
    }

    /// Stores a lot.
    pub fn store(&mut self, lot: Lot) {
        self.stocked.push(Stocked { left: lot.quantity, voided: 0, lot });
    }

    /// Takes what [`Wallet::choose`] chose.
    pub fn debit(&mut self, debit: Debit) {
        if let Some(stocked) = self.stocked.iter_mut().find(|s| s.lot.id == debit.lot) {
            stocked.left = stocked.left.saturating_sub(debit.quantity);
        }
    }

    /// Puts back what a debit took.
    pub fn put_back(&mut self, debit: Debit) {
        if let Some(stocked) = self.stocked.iter_mut().find(|s| s.lot.id == debit.lot) {
            stocked.left = stocked.left.saturating_add(debit.quantity).min(stocked.lot.quantity);
        }
    }

    /// Takes licences out of circulation, for a correction; they count as voided.
    pub fn void(&mut self, debit: Debit) {
        if let Some(stocked) = self.stocked.iter_mut().find(|s| s.lot.id == debit.lot) {
            stocked.left = stocked.left.saturating_sub(debit.quantity);
            stocked.voided = stocked.voided.saturating_add(debit.quantity);
        }
    }

    fn matching(
        &self,
        license_type: &LicenseType,
        kind: LotKind,
        today: Day,
    ) -> impl Iterator<Item = &Stocked> {
        self.stocked.iter().filter(move |stocked| {
            stocked.lot.license_type == *license_type
                && stocked.lot.kind == kind
                && stocked.lot.usable_on(today)
        })
    }
}

impl Stocked {
    const fn left(&self) -> Left {
        Left { left: self.left, voided: self.voided }
    }
}

/// What became of a lot; the rest was allocated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "the whole answer")]
pub struct Left {
    /// Licences still in it.
    pub left: u32,
    /// Licences taken out of circulation.
    pub voided: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn camera() -> LicenseType {
        LicenseType::new("camera").unwrap()
    }

    fn wallet(lots: &[(u32, &str, &str)]) -> Wallet {
        let mut wallet = Wallet::default();
        for (quantity, stored_on, expires_on) in lots {
            wallet.store(Lot {
                id: wallet.next_lot(),
                license_type: camera(),
                kind: LotKind::year(),
                quantity: *quantity,
                source: LotSource::Key,
                stored_on: day(stored_on),
                expires_on: day(expires_on),
            });
        }
        wallet
    }

    fn choose(wallet: &Wallet, quantity: u32, today: &str) -> Result<Vec<(u32, u32)>> {
        let camera = camera();
        let want = Want { license_type: &camera, kind: LotKind::year(), quantity };
        let debits = wallet.choose(want, day(today))?;
        Ok(debits.iter().map(|debit| (debit.lot.0, debit.quantity)).collect())
    }

    #[test]
    fn s_ax_21_the_lot_that_expires_first_is_debited_first() {
        let wallet = wallet(&[
            (5, "2022-01-15", "2027-01-15"),
            (10, "2024-02-29", "2029-02-28"),
            (3, "2026-06-09", "2031-06-09"),
        ]);
        assert_eq!(choose(&wallet, 12, "2027-01-14").unwrap(), [(1, 5), (2, 7)]);
        assert_eq!(choose(&wallet, 12, "2027-01-15").unwrap(), [(2, 10), (3, 2)]);
    }

    #[test]
    fn s_ax_22_expired_lots_stay_visible_and_are_not_taken() {
        let wallet = wallet(&[(5, "2022-01-15", "2027-01-15"), (13, "2024-02-29", "2029-02-28")]);
        let refusal = choose(&wallet, 14, "2027-01-15").unwrap_err();
        assert_eq!(refusal.kind(), ErrorKind::InsufficientWallet);
        assert!(refusal.to_string().contains("13 usable"), "{refusal}");
        assert_eq!(
            wallet.lots().next().map(|(lot, left)| (lot.id, left.left)),
            Some((LotId(1), 5))
        );
    }

    #[test]
    fn another_term_is_another_stock() {
        let wallet = wallet(&[(5, "2026-01-01", "2031-01-01")]);
        let camera = camera();
        let month = Term::months(1).unwrap();
        let kind = LotKind::Subscription(month);
        let want = Want { license_type: &camera, kind, quantity: 1 };
        assert!(wallet.choose(want, day("2026-02-01")).is_err());
    }
}
