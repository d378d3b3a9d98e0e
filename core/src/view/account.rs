//! Accounts: what they are doing, their terms, and what they are to pay.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{View, rolled};
use crate::{
    customer::{
        Account, AccountAgreement, AccountState, Channel, Charge, Customer, MemberRole,
        PageProblem, TermPeriod,
    },
    error::{ErrorKind, Refusal, Result},
    id::{CustomerId, DataCenterId, PartnerId, PersonId, ProductId},
    policy::AccountTermPolicy,
    session::SignInAgain,
    time::{Day, Instant, Term},
};

/// A customer as who looks after it sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct AccountView {
    /// What the account is doing; a customer without one is active.
    pub state: AccountState,
    /// Whether its users cannot sign in.
    pub suspended: bool,
    /// What is known of the account; none for a customer without one.
    pub account: Option<Account>,
    /// Its persons, with what each may do.
    pub members: BTreeMap<PersonId, MemberRole>,
    /// The dealer it has chosen.
    pub dealer: Option<PartnerId>,
    /// Its term; none for a customer without an account.
    pub term: Option<TermView>,
}

/// The term of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct TermView {
    /// The first day of the first period; none while no device has worked, which is "not
    /// activated" (S-ST-13).
    pub started: Option<Day>,
    /// The term that holds, in months.
    pub term: Term,
    /// The current period.
    pub period: Option<TermPeriod>,
    /// The term of the next period (S-ST-16).
    pub renewal_term: Term,
    /// A change that has not taken hold yet.
    pub pending: Option<PendingTerm>,
    /// Whether a term renews by itself.
    pub automatic_renewal: bool,
    /// Devices that count, and how many there may be.
    pub devices: usize,
    /// The most devices there may be.
    pub device_limit: Option<u32>,
}

/// A term that will hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct PendingTerm {
    /// The term, in months.
    pub term: Term,
    /// Its first day.
    pub from: Day,
}

/// What an account is to pay, as data for a billing program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Invoice {
    /// The day of the invoice.
    pub dated: Day,
    /// What the customer wants to see on it (S-ST-08).
    pub reference: Option<String>,
    /// First day whose charges are on it: the day of the invoice before.
    pub from: Day,
    /// The amounts, in the order in which they arose.
    pub lines: Vec<Charge>,
    /// Their sum, in minor units.
    pub total: i64,
}

/// A row of the list in which somebody changes from one customer to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Membership {
    /// The customer.
    pub customer: CustomerId,
    /// What the person may do there.
    pub role: MemberRole,
    /// Whether the account is suspended (S-ST-34).
    pub suspended: bool,
    /// What the account is doing.
    pub state: AccountState,
}

/// What is wrong with the pages of an account, and what follows from them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct DraftCheck {
    /// The first thing wrong with each page; empty when the account can be created.
    pub problems: Vec<PageProblem>,
    /// The data centre that the country leads to.
    pub data_center: Option<DataCenterId>,
    /// The country of the address, which is that of the first page (S-ST-07).
    pub country: Option<crate::policy::Country>,
}

/// Whether somebody is to be asked to link an account at the vendor's shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ShopView {
    /// Where it buys.
    pub channel: Channel,
    /// Whether the link was made.
    pub linked: bool,
    /// Whether to show the dialog (S-IP-04, S-IP-08).
    pub needs_link: bool,
}

/// Whether a session still shows what is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SessionView {
    /// Why to sign in again; empty when there is no need (S-IP-23, S-IP-24).
    pub sign_in_again: Vec<SignInAgain>,
}

/// The answer to [`Query::Account`](super::Query::Account).
///
/// # Errors
/// [`ErrorKind::DateOutOfRange`] after the year 9999.
pub fn account(customer: &Customer, now: Instant) -> Result<View> {
    let (customer, today) = rolled(customer, now)?;
    let term = customer.account().map(|account| term(&customer, account, today));
    Ok(View::Account(AccountView {
        state: customer.state(),
        suspended: customer.suspended(),
        account: customer.account().cloned(),
        members: customer.members().clone(),
        dealer: customer.dealer().cloned(),
        term: term.transpose()?.flatten(),
    }))
}

fn term(customer: &Customer, account: &Account, today: Day) -> Result<Option<TermView>> {
    let agreement = customer.agreements().get(&account.product);
    let Some(agreement) = agreement.and_then(|agreement| agreement.account()) else {
        return Ok(None);
    };
    let pending = agreement.pending(today)?.map(|(term, from)| PendingTerm { term, from });
    Ok(Some(TermView {
        started: agreement.started(),
        term: agreement.term(today)?,
        period: agreement.period(today)?,
        renewal_term: agreement.renewal_term(),
        pending,
        automatic_renewal: agreement.policy().automatic_renewal,
        devices: customer.devices_of(&account.product).count(),
        device_limit: agreement.policy().device_limit,
    }))
}

/// The answer to [`Query::Invoice`](super::Query::Invoice): that of the month which holds `month`;
/// none while nothing has been charged yet (S-ST-53). `id` names the customer in a refusal.
///
/// # Errors
/// [`ErrorKind::NotRegistered`] and [`ErrorKind::SchemeMismatch`] without an account of this
/// product; [`ErrorKind::DateOutOfRange`].
pub fn invoice(
    customer: &Customer,
    (id, product): (&CustomerId, &ProductId),
    month: Day,
) -> Result<View> {
    let agreement = customer.account_agreement(id, product)?;
    let dated = invoice_day(agreement, month)?;
    let Some(from) =
        month_before(month).map(|before| invoice_day(agreement, before)).transpose()?
    else {
        return Ok(View::Invoice(None));
    };
    if agreement.started().is_none_or(|started| dated <= started) {
        return Ok(View::Invoice(None));
    }
    let lines = agreement.charges(from, dated)?;
    let total = lines.iter().try_fold(0_i64, |sum, line| sum.checked_add(line.amount));
    let overflow = || Refusal::new(ErrorKind::Internal).with("detail", "the sum of an invoice");
    Ok(View::Invoice(Some(Invoice {
        dated,
        reference: customer.account().and_then(|account| account.reference.clone()),
        from,
        total: total.ok_or_else(overflow)?,
        lines,
    })))
}

/// The day of the invoice in a month: that of the policy, or the closest that is on no weekend.
fn invoice_day(agreement: &AccountAgreement, month: Day) -> Result<Day> {
    use chrono::{Datelike, Weekday};
    let date = month.date();
    let day = date.with_day(u32::from(agreement.policy().invoice_day)).unwrap_or(date);
    let closest = match day.weekday() {
        Weekday::Sat => day.pred_opt(),
        Weekday::Sun => day.succ_opt(),
        _ => Some(day),
    };
    Day::new(closest.unwrap_or(day))
}

/// A day of the month before; none in the first month there is.
fn month_before(month: Day) -> Option<Day> {
    use chrono::Datelike;
    month.minus_days(month.date().day())
}

/// The answer to [`Query::CheckDraft`](super::Query::CheckDraft).
#[must_use]
pub fn check_draft(policy: &AccountTermPolicy, draft: &crate::customer::AccountDraft) -> View {
    let country = draft.client.country;
    let data_center = country.and_then(|country| policy.data_center(country).ok().flatten());
    View::CheckDraft(DraftCheck {
        problems: draft.problems(policy),
        data_center: data_center.cloned(),
        country,
    })
}

/// One row of the answer to [`Query::Memberships`](super::Query::Memberships); none where the
/// person is no member, or the account is gone (S-ST-41).
#[must_use]
pub fn membership(id: &CustomerId, customer: &Customer, person: &PersonId) -> Option<Membership> {
    let role = *customer.members().get(person)?;
    let (state, suspended) = (customer.state(), customer.suspended());
    let listed = state != AccountState::Deleted;
    listed.then(|| Membership { customer: id.clone(), role, suspended, state })
}

/// The answer to [`Query::Session`](super::Query::Session).
#[must_use]
pub fn session(again: std::collections::BTreeSet<SignInAgain>) -> View {
    View::Session(SessionView { sign_in_again: again.into_iter().collect() })
}

/// The answer to [`Query::Shop`](super::Query::Shop).
#[must_use]
pub const fn shop(customer: &Customer) -> View {
    View::Shop(ShopView {
        channel: customer.channel(),
        linked: customer.shop_linked(),
        needs_link: customer.needs_shop_link(),
    })
}
