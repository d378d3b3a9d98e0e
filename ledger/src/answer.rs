//! Answers to the requests of installations, signed.

use mlicense_core::{
    access::Actor,
    code::Code,
    document::{
        Answer, AnswerClaims, DOCUMENT_BYTES_MAX, License, Request, RequestKind, SignedRefusal,
        TimeClaims, TimeToken,
    },
    error::{ErrorKind, Refusal},
    history::{self, Answered, Command, Envelope, PersonChange, Prepared, StreamId, World},
    id::{CommandId, CustomerId, PersonId},
    person::PersonFields,
    signing::Signer,
    time::Instant,
};

use crate::{
    error::{Result, internal},
    ledger::{Ledger, fill, load_streams},
    store::Reading,
};

/// A request as it came in.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct RequestFrom<'a> {
    /// The customer on whose behalf it is answered; without one, the customer whose registration
    /// number the request carries, or a new one that registers.
    pub customer: Option<&'a CustomerId>,
    /// Who hands it in.
    pub actor: &'a Actor,
    /// The signed request.
    pub bytes: &'a [u8],
}

impl Ledger {
    /// Answers the request of an installation with a signed document: a licence, a signed refusal,
    /// or the receipt of what was given back; with it the published key ring and revocation list,
    /// and what time it is (S-AX-13, S-AX-15).
    ///
    /// Who registers becomes a customer with a number, which the answer tells and the
    /// [outbox](Self::outbox) has for the owner; that somebody asked for a forgotten number, the
    /// same answer confirms whether or not there is one.
    ///
    /// # Errors
    /// [`ErrorKind::SystemFileInvalid`] when the request is damaged or forged,
    /// [`ErrorKind::KeyRingMissing`] when no published key ring lets `signer` sign,
    /// [`ErrorKind::NoNumber`] and [`ErrorKind::NumberUnknown`] when nobody is named,
    /// [`ErrorKind::AlreadyRegisteredElsewhere`] and what else the rules refuse; storage faults.
    pub fn answer(&self, from: RequestFrom<'_>, signer: &Signer, now: Instant) -> Result<String> {
        let envelope = self.envelope(from)?;
        let mut answer = None;
        self.write(&envelope, now, |store, prepared, world| {
            let mut answered = history::answer(prepared, world, now)?;
            if let Ok(Some(license)) = &mut answered.license {
                license.vendor = world.catalogue().vendor().cloned();
                let customer = license.customer.as_ref();
                let owner = customer.map(|id| owner(store, world, (id, &answered.changes)));
                license.licensee = owner.transpose()?.flatten();
            }
            answer = Some(sign(prepared, world, (&answered, signer), now)?);
            Ok(answered.changes)
        })?;
        answer.ok_or_else(|| internal("no answer"))
    }

    /// Answers many requests, each for itself and in order: one refused stops none of the others.
    ///
    /// What the files of forty hosts are answered with, carried home on one stick.
    pub fn answer_all<'a>(
        &self,
        requests: impl IntoIterator<Item = RequestFrom<'a>>,
        signer: &Signer,
        now: Instant,
    ) -> Vec<Result<String>> {
        requests.into_iter().map(|from| self.answer(from, signer, now)).collect()
    }

    /// Every call is a command of its own: the same request may be answered again, later, with
    /// what holds then.
    fn envelope(&self, from: RequestFrom<'_>) -> Result<Envelope> {
        if from.bytes.len() > DOCUMENT_BYTES_MAX {
            return Err(Refusal::new(ErrorKind::InputTooLarge)
                .with("what", "a request")
                .with("size", from.bytes.len())
                .with("limit", DOCUMENT_BYTES_MAX)
                .into());
        }
        let request = std::str::from_utf8(from.bytes)
            .map_err(|_| Refusal::new(ErrorKind::NotUtf8).with("what", "a request"))?
            .to_owned();
        // Whether it verifies is decided with everything else.
        let kind = Request::verify(from.bytes).ok().map(|request| request.fields().kind);
        let body = match (kind, from.customer) {
            (Some(RequestKind::Register), None) => {
                let (customer, person) = (CustomerId::new(&random()?)?, PersonId::new(&random()?)?);
                let number = self.fresh_number()?;
                Command::RegisterNumber { customer, person, number, request }
            }
            (Some(RequestKind::Recover), None) => {
                Command::RecoverNumber { number: self.fresh_number()?, request }
            }
            (_, customer) => Command::TakeRequest { customer: customer.cloned(), request },
        };
        Ok(Envelope { id: fresh_id()?, actor: from.actor.clone(), body })
    }

    /// Makes a registration number that was never given, in the vendor's form.
    ///
    /// # Errors
    /// [`ErrorKind::NumbersNotOffered`] when the vendor has no form of numbers.
    pub fn fresh_number(&self) -> Result<String> {
        let world = self
            .store
            .read(|store| load_streams(store, World::default(), [StreamId::Catalogue]))?;
        let format = world
            .catalogue()
            .number_format()
            .ok_or_else(|| Refusal::new(ErrorKind::NumbersNotOffered))?;
        let mut entropy = vec![0; format.entropy_bytes()];
        fill(&mut entropy)?;
        Ok(Code::generate(format, &entropy)?.reveal())
    }
}

/// The name a licence shows: the company that registered, while it is known.
fn owner(
    store: &dyn Reading,
    world: &World,
    (customer, changes): (&CustomerId, &history::Changes),
) -> Result<Option<String>> {
    // What a host is called is kept beside names, and is nobody's.
    let is_person = |id: &PersonId| {
        changes.events.iter().any(|(stream, _)| *stream == StreamId::Person(id.clone()))
    };
    let fresh = changes.persons.iter().find_map(|change| match change {
        PersonChange::Keep(id, fields) if is_person(id) => Some(fields.clone()),
        _ => None,
    });
    let known = world.customer(customer).ok().and_then(|customer| customer.registration());
    let fields = match (fresh, known) {
        (Some(fields), _) => Some(fields),
        (None, Some(registration)) => store.person(&registration.owner)?,
        (None, None) => None,
    };
    let name = |fields: PersonFields| fields.company.unwrap_or(fields.name);
    Ok(fields.map(name))
}

fn sign(
    prepared: &Prepared,
    world: &World,
    (answered, signer): (&Answered, &Signer),
    now: Instant,
) -> Result<String> {
    let request = prepared.request().ok_or_else(|| internal("no request to answer"))?;
    let ring = world.catalogue().signing_ring(signer, now)?;
    let mut claims = AnswerClaims::to(request, now);
    claims.key_ring = Some(ring.to_owned());
    claims.revocations = world.catalogue().revocations().map(|(_, list)| list.to_owned());
    claims.time = Some(TimeToken::issue(&TimeClaims::to(request, now), signer)?);
    claims.number.clone_from(&answered.number);
    match &answered.license {
        Ok(None) => {}
        Ok(Some(license)) => claims.license = Some(License::issue(license, signer)?),
        Err(refusal) => claims.refusal = Some(SignedRefusal::from(refusal.kind())),
    }
    Ok(Answer::write(&claims, signer)?)
}

/// A random id of a command, for who does not give one of its own.
///
/// # Errors
/// [`ErrorKind::Internal`] when the system has no randomness to give.
pub fn fresh_id() -> Result<CommandId> {
    Ok(CommandId::new(&random()?)?)
}

/// A random id of 32 characters.
fn random() -> Result<String> {
    let mut bytes = [0; 16];
    fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
