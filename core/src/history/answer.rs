//! Answers to the requests of systems.

use super::{
    Changes, Claim, Command, Holder, Prepared, World, decide,
    prepared::{self, Payload},
};
use crate::{
    access,
    customer::{Draft, System},
    document::{LicenseClaims, Request},
    error::{ErrorKind, Refusal, Result},
    id::CustomerId,
    time::Instant,
};

/// What answers a system's request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "whoever answers must handle every part")]
pub struct Answered {
    /// What is to be written.
    pub changes: Changes,
    /// The licence to sign.
    pub license: Result<LicenseClaims>,
}

/// Decides the answer to a system's request: registers the system or takes its newer description,
/// and makes the licence that follows from the state (S-AX-13, S-AX-15).
///
/// # Errors
/// What [`decide`] refuses for `register_system`. That a system gets no licence is no error: the
/// answer says so, signed.
pub fn answer(prepared: &Prepared, world: &World, now: Instant) -> Result<Answered> {
    let body = &prepared.envelope.body;
    access::check(&prepared.envelope.actor, body, world)?;
    let (Command::RegisterSystem { customer, .. }, Payload::Request(request)) =
        (body, &prepared.payload)
    else {
        return Err(Refusal::new(ErrorKind::Internal).with("detail", "no request to answer"));
    };
    let (mut draft, claims) = register_system(world, customer, request, now)?;
    let system = System::described_by(request)?;
    let license = draft.issue_license(&system.id, request, now)?;
    let unlicensed = || {
        Refusal::new(ErrorKind::NotLicensed)
            .with("feature", &system.product)
            .with("reason", "no licences are allocated and no grace runs")
    };
    let changes = Changes { claims, ..decide::of_customer(draft) };
    Ok(Answered { changes, license: license.ok_or_else(unlicensed) })
}

pub(super) fn register_system<'w>(
    world: &'w World,
    customer: &'w CustomerId,
    request: &Request,
    now: Instant,
) -> Result<(Draft<'w>, Vec<(Claim, Holder)>)> {
    let claim = prepared::installation(request);
    let stream = decide::customer_stream(customer);
    let claims = match world.holder(&claim) {
        Some(holder) if *holder != stream => {
            return Err(Refusal::new(ErrorKind::AlreadyRegisteredElsewhere)
                .with("system", request.installation()));
        }
        Some(_) => Vec::new(),
        None => vec![(claim, Holder(stream))],
    };
    let mut draft = Draft::new(customer, world.customer(customer)?.clone(), now)?;
    draft.register_system(world.catalogue(), System::described_by(request)?)?;
    Ok((draft, claims))
}
