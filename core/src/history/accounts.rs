//! Accounts: created, changed and deleted across the customer's stream and its persons'.

use super::{
    Changes, Message, PersonChange, StreamId, World,
    command::{Command, CreateAccount, EditAccount},
    decide::{self, of_customer},
    people::{NewUser, welcome},
    prepared::UserTold,
};
use crate::{
    customer::{Account, AccountState, Customer, Draft, check_user, other_scheme},
    error::{ErrorKind, Refusal, Result},
    id::ProductId,
    policy::{AccountTermPolicy, Policy, Provisioning},
    time::Instant,
};

/// Creates a customer with an account: all of it or nothing (S-ST-24, S-ST-25).
pub(super) fn create(
    world: &World,
    command: &CreateAccount,
    told: &UserTold,
    now: Instant,
) -> Result<Changes> {
    let CreateAccount { customer: id, product, draft: pages, client, administrator, dealer } =
        command;
    if world.customer(id).is_ok() {
        return Err(Refusal::new(ErrorKind::CustomerAlreadyRegistered).with("customer", id));
    }
    if let Some(dealer) = dealer {
        world.partner(dealer)?;
    }
    let (policy_version, policy) = policy(world, product)?;
    let fields = pages.client_fields(policy)?;
    let provider = policy.provider(check_user(&pages.administrator, policy)?)?;
    let page = &pages.client;
    let (Some(zone), Some(country)) = (page.zone, page.country) else {
        return Err(ErrorKind::Internal.into());
    };
    let of = StreamId::Customer(id.clone());
    let new = NewUser { id: administrator, told, provider, of };
    let (administrator, user) = welcome(world, new)?;
    if administrator == *client {
        return Err(Refusal::new(ErrorKind::PersonAlreadyAdded).with("person", client));
    }
    let record = decide::add_person(world, client, (&fields, None))?;
    let region = world.catalogue().region().cloned();
    let mut draft = Draft::founded(id, (zone, region), now)?;
    let account = Account {
        product: product.clone(),
        client: client.clone(),
        administrator,
        country,
        data_center: policy.data_center(country)?.cloned(),
        reference: page.reference.clone(),
        privacy: false,
    };
    draft.open_account((account, policy_version), (policy, page.term), dealer.as_ref())?;
    if immediate(policy) {
        draft.activate_account();
    }
    let messages = waiting(&draft, None);
    Ok(record.then(user).then(Changes { messages, ..of_customer(draft) }))
}

/// Changes what stands on the pages of an account.
pub(super) fn edit(world: &World, command: &EditAccount, now: Instant) -> Result<Changes> {
    let customer = world.customer(&command.customer)?;
    let mut draft = Draft::new(&command.customer, customer.clone(), now)?;
    let account = customer.require_account(&command.customer)?;
    let unknown = || Refusal::new(ErrorKind::PersonUnknown).with("person", &account.client);
    let known = world.known(&account.client).ok_or_else(unknown)?;
    let immediate = immediate(draft.account_policy(&account.product)?);
    let fields = draft.edit_account(&command.changes, (known, immediate))?;
    decide::check_fields(&fields)?;
    let persons = if fields == *known {
        Vec::new()
    } else {
        vec![PersonChange::Keep(account.client.clone(), fields)]
    };
    let messages = waiting(&draft, Some(customer));
    Ok(Changes { persons, messages, ..of_customer(draft) })
}

/// The other steps in the life of an account.
pub(super) fn step(world: &World, command: &Command, now: Instant) -> Result<Changes> {
    let id = command.customer().ok_or(ErrorKind::Internal)?;
    let customer = world.customer(id)?;
    let mut draft = Draft::new(id, customer.clone(), now)?;
    match command {
        Command::AcknowledgeAccount(of) => draft.acknowledge_account(of.state)?,
        Command::SuspendAccount(_) => draft.suspend_account(true)?,
        Command::RestoreAccount(_) => draft.suspend_account(false)?,
        Command::SetPrivacy(of) => draft.set_privacy(of.privacy)?,
        Command::DeleteAccount(_) => {
            let account = customer.require_account(id)?;
            let immediate = immediate(draft.account_policy(&account.product)?);
            draft.delete_account(immediate)?;
        }
        Command::ReplaceAdministrator(of) => draft.replace_administrator(&of.person)?,
        Command::ChangeTerm(of) => draft.change_term(&of.product, of.term)?,
        Command::RenewTerm(of) => draft.renew_term(&of.product)?,
        _ => return Err(Refusal::new(ErrorKind::Internal).with("detail", command.name())),
    }
    let messages = waiting(&draft, Some(customer));
    Ok(Changes { messages, ..of_customer(draft) })
}

fn immediate(policy: &AccountTermPolicy) -> bool {
    policy.provisioning == Provisioning::Immediate
}

/// The work that a step has left to the vendor's program; `before` is none for a new account.
fn waiting(draft: &Draft<'_>, before: Option<&Customer>) -> Vec<Message> {
    let state = draft.customer().state();
    let waits =
        matches!(state, AccountState::Creating | AccountState::Updating | AccountState::Deleting);
    if waits && before.map(Customer::state) != Some(state) {
        return vec![Message::Provision { customer: draft.id().clone(), state }];
    }
    Vec::new()
}

/// The newest policy of a product that accounts are opened under.
///
/// # Errors
/// [`ErrorKind::ProductUnknown`]; [`ErrorKind::SchemeMismatch`] for a product of another scheme.
pub fn policy<'w>(world: &'w World, product: &ProductId) -> Result<(u32, &'w AccountTermPolicy)> {
    match world.catalogue().product(product)?.policy() {
        Some((version, Policy::AccountTerm(policy))) => Ok((version, policy)),
        _ => Err(other_scheme(product, "account_term")),
    }
}
