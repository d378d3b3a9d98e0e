//! What the requests of installations do, and what answers them.

use std::fmt;

use super::{
    Changes, Command, Prepared, World, decide,
    decide::Claims,
    keys, number,
    prepared::{self, Asked, Payload},
};
use crate::{
    access,
    customer::{Draft, System},
    document::{LicenseClaims, RequestKind},
    error::{ErrorKind, Refusal, Result},
    id::{CustomerId, SystemId},
    policy::Policy,
    time::Instant,
};

/// What answers a request.
#[derive(Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "whoever answers must handle every part")]
pub struct Answered {
    /// What is to be written.
    pub changes: Changes,
    /// The licence to sign, or why there is none; neither where a licence was given back.
    pub license: Result<Option<LicenseClaims>>,
    /// The registration number that was asked for, in full.
    pub number: Option<String>,
}

impl fmt::Debug for Answered {
    /// Without the number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Answered");
        shown
            .field("changes", &self.changes)
            .field("license", &self.license)
            .finish_non_exhaustive()
    }
}

/// Decides the answer to a request: does what it asks for, and makes the licence that follows from
/// the state (S-AX-13, S-AX-15).
///
/// # Errors
/// What [`decide`] refuses for `take_request`. That an installation gets no licence is no error:
/// the answer says so, signed.
pub fn answer(prepared: &Prepared, world: &World, now: Instant) -> Result<Answered> {
    let body = &prepared.envelope.body;
    access::check(&prepared.envelope.actor, body, world)?;
    match (body, &prepared.payload) {
        (Command::TakeRequest { customer, .. }, Payload::Asked(asked)) => {
            let taken = Taken::new(world, customer.as_ref(), asked, now)?;
            Ok(taken.answer(world, (asked, Changes::default()), now))
        }
        (Command::RegisterNumber { customer, person, .. }, Payload::Registering(registering)) => {
            let (taken, before) = number::register(world, (customer, person), registering, now)?;
            let answered = taken.answer(world, (&registering.asked, before), now);
            Ok(Answered { number: Some(registering.number.clone()), ..answered })
        }
        (Command::RecoverNumber { .. }, Payload::Registering(registering)) => {
            let changes = number::recover(world, registering, now)?;
            Ok(Answered { changes, license: Ok(None), number: None })
        }
        _ => Err(Refusal::new(ErrorKind::Internal).with("detail", "no request to answer")),
    }
}

/// A request that was taken into the state.
pub(super) struct Taken<'w> {
    pub(super) draft: Draft<'w>,
    pub(super) claims: Claims,
    pub(super) subject: Subject,
}

/// Whom the licence is for.
pub(super) enum Subject {
    /// One system of a pool.
    System(SystemId),
    /// The host whose binding has this index, or why it is not bound.
    Host(Result<usize>),
    /// Nobody: it was given back.
    Nobody,
}

impl<'w> Taken<'w> {
    /// Does what the request asks for.
    pub(super) fn new(
        world: &'w World,
        customer: Option<&'w CustomerId>,
        asked: &Asked,
        now: Instant,
    ) -> Result<Self> {
        let customer = whose(world, customer, asked)?;
        let known = world.customer(customer)?;
        world.catalogue().check_region(customer, known.region())?;
        let mut draft = Draft::new(customer, known.clone(), now)?;
        if let Some(number) = &asked.number {
            draft.use_number(|unused| number.is(unused));
        }
        let mut taken = Self { draft, claims: Claims::new(), subject: Subject::Nobody };
        let product = &asked.request.fields().product;
        match world.catalogue().product(product)?.policy() {
            Some((_, Policy::HostBound(_))) => taken.host(world, asked)?,
            policy => taken.system(world, asked, policy.map(|(_, policy)| policy))?,
        }
        Ok(taken)
    }

    /// All that the request changes, or why it cannot be done whole.
    pub(super) fn complete(self) -> Result<Changes> {
        if let Subject::Host(Err(refusal)) = self.subject {
            return Err(refusal);
        }
        Ok(Changes::default().and(self.claims, self.draft))
    }

    fn answer(
        mut self,
        world: &World,
        (asked, before): (&Asked, Changes),
        now: Instant,
    ) -> Answered {
        let license = self.license(world, asked, now);
        Answered { changes: before.and(self.claims, self.draft), license, number: None }
    }

    fn system(&mut self, world: &World, asked: &Asked, policy: Option<&Policy>) -> Result<()> {
        let (request, fields) = (&asked.request, asked.request.fields());
        match fields.kind {
            RequestKind::System => {
                let claim = prepared::installation(request);
                let stream = decide::customer_stream(self.draft.id());
                match world.holder(&claim) {
                    Some(holder) if *holder != stream => {
                        return Err(Refusal::new(ErrorKind::AlreadyRegisteredElsewhere)
                            .with("system", request.installation()));
                    }
                    Some(_) => {}
                    None => self.claims.push((claim, super::Holder(stream))),
                }
                let system = System::described_by(request)?;
                self.draft.join_scheme(world.catalogue(), &fields.product)?;
                self.subject = Subject::System(system.id.clone());
                self.draft.register_system(world.catalogue(), system)
            }
            RequestKind::Refresh => {
                self.subject = Subject::System(self.draft.hear_of(request)?);
                Ok(())
            }
            RequestKind::Release => self.draft.release_system(request),
            _ => Err(not_applicable(asked, policy.map_or("nothing", Policy::scheme))),
        }
    }

    fn host(&mut self, world: &World, asked: &Asked) -> Result<()> {
        let (request, catalogue) = (&asked.request, world.catalogue());
        if request.fields().kind != RequestKind::Release {
            self.draft.check_number(catalogue, request)?;
        }
        match (request.fields().kind, &asked.coupon) {
            (RequestKind::Release, _) => return self.draft.release_host(request),
            (RequestKind::Coupon, Some(coupon)) => {
                let product = &request.fields().product;
                self.draft.free_ended(catalogue, product)?;
                let claims = keys::redeem_into(&mut self.draft, world, (product, coupon))?;
                self.claims.extend(claims);
            }
            (RequestKind::Trial, _) => {
                self.draft.start_trial(catalogue, request)?;
            }
            (
                RequestKind::System
                | RequestKind::Refresh
                | RequestKind::Rebind
                | RequestKind::Number,
                _,
            ) => {}
            _ => return Err(not_applicable(asked, "host_bound")),
        }
        let bound = self.draft.bind_host(catalogue, request);
        self.subject = match bound {
            // A trial that this host cannot have does not begin.
            Err(refusal)
                if !answered_so(&refusal) || request.fields().kind == RequestKind::Trial =>
            {
                return Err(refusal);
            }
            bound => Subject::Host(bound),
        };
        Ok(())
    }

    fn license(
        &mut self,
        world: &World,
        asked: &Asked,
        now: Instant,
    ) -> Result<Option<LicenseClaims>> {
        let request = &asked.request;
        let unlicensed = || {
            Refusal::new(ErrorKind::NotLicensed)
                .with("feature", &request.fields().product)
                .with("reason", "no licences are allocated and no grace runs")
        };
        match &self.subject {
            Subject::Nobody => Ok(None),
            Subject::System(system) => {
                let license = self.draft.issue_license(system, request, now)?;
                license.map(Some).ok_or_else(unlicensed)
            }
            Subject::Host(bound) => {
                let place = (request, bound.clone()?);
                self.draft.issue_host_license(world.catalogue(), place, now).map(Some)
            }
        }
    }
}

/// The customer that is named, else the one whose number the request carries; both are the same.
fn whose<'w>(
    world: &'w World,
    named: Option<&'w CustomerId>,
    asked: &Asked,
) -> Result<&'w CustomerId> {
    let numbered = match &asked.number {
        Some(number) => Some(number.holder(world)?),
        None => None,
    };
    match (named, numbered) {
        (Some(named), Some(numbered)) if named != numbered => {
            Err(Refusal::new(ErrorKind::NumberUnknown))
        }
        (Some(customer), _) | (None, Some(customer)) => Ok(customer),
        (None, None) => Err(Refusal::new(ErrorKind::NoNumber)),
    }
}

/// Whether a host that is not bound is told so by a signed answer.
fn answered_so(refusal: &Refusal) -> bool {
    matches!(refusal.kind(), ErrorKind::NoFreeLicense | ErrorKind::HostNotIdentifiable)
}

pub(super) fn not_applicable(asked: &Asked, scheme: &str) -> Refusal {
    let fields = asked.request.fields();
    Refusal::new(ErrorKind::RequestNotApplicable)
        .with("kind", fields.kind.name())
        .with("product", &fields.product)
        .with("scheme", scheme)
}
