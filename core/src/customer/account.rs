//! The life of an account: created, changed, suspended, deleted; and what it is made from.

use serde::{Deserialize, Serialize};

use super::{AccountChanges, Customer, CustomerEvent, Draft, MemberRole};
use crate::{
    error::{ErrorKind, Refusal, Result},
    id::{CustomerId, DataCenterId, PartnerId, PersonId, ProductId},
    person::PersonFields,
    policy::{AccountTermPolicy, Country},
    time::Term,
};

/// What an account is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum AccountState {
    /// It is being set up.
    Creating,
    /// It can be used.
    Active,
    /// A change is being carried out.
    Updating,
    /// Its users cannot sign in; use and billing go on (S-ST-31, S-ST-32).
    Suspended,
    /// It is being deleted.
    Deleting,
    /// It is gone.
    Deleted,
}

impl AccountState {
    /// The states that may follow this one.
    #[must_use]
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::Creating => &[Self::Active],
            Self::Active => &[Self::Updating, Self::Suspended, Self::Deleting],
            Self::Updating => &[Self::Active, Self::Suspended],
            Self::Suspended => &[Self::Active, Self::Updating, Self::Deleting],
            Self::Deleting => &[Self::Deleted],
            Self::Deleted => &[],
        }
    }

    /// The name of the state, as in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Creating => "creating",
            Self::Active => "active",
            Self::Updating => "updating",
            Self::Suspended => "suspended",
            Self::Deleting => "deleting",
            Self::Deleted => "deleted",
        }
    }

    fn forbids(self, detail: &str) -> Refusal {
        Refusal::new(ErrorKind::AccountStateForbids)
            .with("state", self.name())
            .with("detail", detail)
    }
}

/// An account, as the history knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "a record of the history")]
pub struct Account {
    /// The product whose policy the account is under.
    pub product: ProductId,
    /// The record with the customer's name and address.
    pub client: PersonId,
    /// Who looks after the account at the customer's.
    pub administrator: PersonId,
    /// Where the customer is.
    pub country: Country,
    /// The data centre that serves it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_center: Option<DataCenterId>,
    /// What the customer wants to see on invoices (S-ST-08).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Whether the dealer may not enter while the account is suspended (S-ST-33).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub privacy: bool,
}

impl Customer {
    /// The account; none where there is none.
    #[must_use]
    pub const fn account(&self) -> Option<&Account> {
        self.account.as_ref()
    }

    /// What the account is doing. A customer without one is active.
    #[must_use]
    pub const fn state(&self) -> AccountState {
        self.state
    }

    /// Whether users cannot sign in: also while a suspended account is being changed.
    #[must_use]
    pub fn suspended(&self) -> bool {
        let updating = self.state == AccountState::Updating;
        (if updating { self.resumes } else { self.state }) == AccountState::Suspended
    }

    /// The dealer that the customer has chosen.
    #[must_use]
    pub const fn dealer(&self) -> Option<&PartnerId> {
        self.dealer.as_ref()
    }

    /// Grows with every change after which users have to sign in again; a session names the one it
    /// began with (S-IP-23).
    #[must_use]
    pub const fn rights(&self) -> u64 {
        self.rights
    }

    /// Refuses to do anything more to what is deleted (S-ST-41).
    pub(super) fn check_exists(&self) -> Result<()> {
        match self.state {
            AccountState::Deleted => Err(self.state.forbids("it is gone")),
            _ => Ok(()),
        }
    }

    /// The account, where the customer has one.
    ///
    /// # Errors
    /// [`ErrorKind::NoAccount`]; `id` is named in it.
    pub(crate) fn require_account(&self, id: &CustomerId) -> Result<&Account> {
        let none = || Refusal::new(ErrorKind::NoAccount).with("customer", id);
        self.account.as_ref().ok_or_else(none)
    }

    pub(super) fn take_of_account(&mut self, event: &CustomerEvent) {
        match event {
            CustomerEvent::AccountOpened { account, policy_version, policy, term } => {
                self.state = AccountState::Creating;
                let new = super::AccountAgreement::new(*policy_version, policy.clone(), *term);
                let agreement = super::Agreement::Account(Box::new(new));
                self.agreements.insert(account.product.clone(), agreement);
                self.account = Some(account.clone());
            }
            CustomerEvent::AccountChanged { account } => self.account = Some(account.clone()),
            CustomerEvent::AccountBecame { state } => {
                // An update ends where it began.
                if *state == AccountState::Updating {
                    self.resumes = self.state;
                }
                self.state = *state;
                if *state == AccountState::Deleted {
                    self.members.clear();
                }
            }
            CustomerEvent::DealerSet { dealer } => self.dealer.clone_from(dealer),
            CustomerEvent::TermStarted { product, .. }
            | CustomerEvent::TermSet { product, .. }
            | CustomerEvent::TermRenewed { product, .. }
            | CustomerEvent::BillingStarted { product, .. }
            | CustomerEvent::BillingEnded { product, .. }
            | CustomerEvent::BillingMoved { product, .. }
            | CustomerEvent::PlanChanged { product, .. } => {
                let agreement = self.agreements.get_mut(product);
                if let Some(account) = agreement.and_then(super::Agreement::account_mut) {
                    account.take(event);
                }
                self.take_plan(event);
            }
            _ => {}
        }
    }

    fn take_plan(&mut self, event: &CustomerEvent) {
        if let CustomerEvent::PlanChanged { device, plan, .. } = event
            && let Some(device) = self.devices.get_mut(device)
        {
            device.description.plan = Some(plan.clone());
        }
    }
}

impl Draft<'_> {
    /// Changes what stands on the first two pages of an account (S-ST-28).
    pub(crate) fn edit_account(
        &mut self,
        changes: &AccountChanges,
        (known, immediate): (&PersonFields, bool),
    ) -> Result<PersonFields> {
        let account = self.customer.require_account(self.id)?.clone();
        self.check_becomes(AccountState::Updating)?;
        let policy = self.account_policy(&account.product)?.clone();
        let (mut after, mut fields) = (account.clone(), known.clone());
        if let Some(page) = &changes.client {
            if page.zone.is_some() || page.term.is_some() {
                let detail = "zone and term are not changed on this page";
                return Err(self.customer.state.forbids(detail));
            }
            page.check_reference()?;
            if let Some(country) = page.country {
                after.country = country;
                after.data_center = policy.data_center(country)?.cloned();
            }
            if let Some(name) = &page.name {
                fields.name.clone_from(name);
            }
            after.reference = page.reference.clone().or(after.reference);
        }
        if let Some(page) = &changes.address {
            let filled = page.complete()?.filled(fields)?;
            fields = filled;
        }
        if after == account && fields == *known {
            return Ok(fields);
        }
        self.become_state(AccountState::Updating);
        if after != account {
            self.record(CustomerEvent::AccountChanged { account: after });
        }
        if immediate {
            self.become_state(self.customer.resumes);
        }
        Ok(fields)
    }

    /// Takes in that the vendor's program has carried out what was left to it (S-ST-24).
    pub(crate) fn acknowledge_account(&mut self, state: AccountState) -> Result<()> {
        self.customer.require_account(self.id)?;
        let next = match state {
            AccountState::Creating => AccountState::Active,
            AccountState::Updating => self.customer.resumes,
            AccountState::Deleting => AccountState::Deleted,
            _ => return Err(state.forbids("there is nothing to acknowledge in this state")),
        };
        if self.customer.state != state {
            let detail = format!("it is not {}, which is acknowledged", state.name());
            return Err(self.customer.state.forbids(&detail));
        }
        self.become_state(next);
        Ok(())
    }

    /// Suspends an account, or restores it; as often as one likes (S-ST-30, S-ST-35).
    pub(crate) fn suspend_account(&mut self, suspended: bool) -> Result<()> {
        self.customer.require_account(self.id)?;
        let to = if suspended { AccountState::Suspended } else { AccountState::Active };
        if self.customer.state != to {
            let from = if suspended { AccountState::Active } else { AccountState::Suspended };
            if self.customer.state != from {
                return Err(self
                    .customer
                    .state
                    .forbids("it can be neither suspended nor restored"));
            }
            self.become_state(to);
        }
        Ok(())
    }

    /// Begins to delete an account without devices and without users of other systems (S-ST-37 to
    /// S-ST-41).
    pub(crate) fn delete_account(&mut self, immediate: bool) -> Result<()> {
        self.customer.require_account(self.id)?;
        self.check_becomes(AccountState::Deleting)?;
        let devices = self.customer.devices.len();
        if devices > 0 {
            return Err(Refusal::new(ErrorKind::CamerasPresent).with("count", devices));
        }
        let foreign = [MemberRole::Monitoring, MemberRole::Federation];
        let users = self.customer.members.values().filter(|role| foreign.contains(role)).count();
        if users > 0 {
            return Err(Refusal::new(ErrorKind::UsersPresent).with("count", users));
        }
        self.become_state(AccountState::Deleting);
        if immediate {
            self.become_state(AccountState::Deleted);
        }
        Ok(())
    }

    /// Sets whether the dealer may enter while the account is suspended.
    pub(crate) fn set_privacy(&mut self, privacy: bool) -> Result<()> {
        let account = self.customer.require_account(self.id)?;
        if account.privacy != privacy {
            let account = Account { privacy, ..account.clone() };
            self.record(CustomerEvent::AccountChanged { account });
        }
        Ok(())
    }

    /// Makes a member the administrator of the account; the one before stays a user (S-ST-58).
    pub(crate) fn replace_administrator(&mut self, person: &PersonId) -> Result<()> {
        let account = self.customer.require_account(self.id)?.clone();
        if !self.customer.members.contains_key(person) {
            return Err(Refusal::new(ErrorKind::NotAMember)
                .with("actor", person)
                .with("customer", self.id));
        }
        if account.administrator == *person {
            return Ok(());
        }
        self.set_member(person, Some(MemberRole::Manager))?;
        let before = account.administrator.clone();
        let account = Account { administrator: person.clone(), ..account };
        self.record(CustomerEvent::AccountChanged { account });
        self.set_member(&before, Some(MemberRole::User))
    }

    /// Chooses the dealer, or none (S-IP-36).
    pub(crate) fn set_dealer(&mut self, dealer: Option<&PartnerId>) {
        if self.customer.dealer.as_ref() != dealer {
            self.record(CustomerEvent::DealerSet { dealer: dealer.cloned() });
        }
    }

    /// Opens an account for a customer just registered.
    pub(crate) fn open_account(
        &mut self,
        (account, policy_version): (Account, u32),
        (policy, term): (&AccountTermPolicy, Option<Term>),
        dealer: Option<&PartnerId>,
    ) -> Result<()> {
        let usual = policy.terms.first().copied().unwrap_or(Term::YEAR);
        let term = term.unwrap_or(usual);
        let administrator = account.administrator.clone();
        let policy = policy.clone();
        self.record(CustomerEvent::AccountOpened { account, policy_version, policy, term });
        self.set_member(&administrator, Some(MemberRole::Manager))?;
        self.set_dealer(dealer);
        Ok(())
    }

    /// The account is active at once where nobody has to acknowledge it.
    pub(crate) fn activate_account(&mut self) {
        self.become_state(AccountState::Active);
    }

    pub(crate) fn account_policy(&self, product: &ProductId) -> Result<&AccountTermPolicy> {
        Ok(self.customer.account_agreement(self.id, product)?.policy())
    }

    fn check_becomes(&self, to: AccountState) -> Result<()> {
        if self.customer.state.next().contains(&to) {
            return Ok(());
        }
        Err(self.customer.state.forbids(&format!("it cannot become {} next", to.name())))
    }

    fn become_state(&mut self, state: AccountState) {
        self.record(CustomerEvent::AccountBecame { state });
    }
}
