//! A command made ready: what it carries is read and verified once, and it says what it has to
//! see.

use std::collections::{BTreeMap, BTreeSet};

use super::{Claim, Command, Envelope, Holder, Salt, Space, StreamId};
use crate::{
    batch::IssuedKey,
    catalogue::Catalogue,
    code::{Code, CodeDigest, CodeFormat},
    document::{Request, RequestKind},
    error::{ErrorKind, Refusal, Result},
    id::{HardwareId, ProductId},
};

/// An envelope whose codes are digested and whose documents are verified.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub(super) envelope: Envelope,
    pub(super) payload: Payload,
}

/// What a command carries beside its members.
#[derive(Clone, Debug)]
pub(super) enum Payload {
    Nothing,
    /// Keys to issue.
    Issued(Vec<IssuedKey>),
    /// What a typed key may be.
    Typed(Typed),
    /// What an installation asks for.
    Asked(Box<Asked>),
}

/// A request, with the coupon it may carry.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) request: Request,
    pub(super) coupon: Option<Typed>,
}

/// A key as somebody typed it.
#[derive(Clone, Debug)]
pub(super) struct Typed {
    /// Digests it would have under the formats of the catalogue and as an opaque text.
    pub(super) candidates: BTreeSet<CodeDigest>,
    /// What to say when no such key was issued.
    pub(super) unknown: Refusal,
}

impl Typed {
    fn claims(&self) -> impl Iterator<Item = Claim> {
        self.candidates.iter().flat_map(|digest| [code(digest), redeemed(digest)])
    }
}

impl Prepared {
    /// Reads and verifies what the command carries. `salt` is the ledger's secret.
    ///
    /// # Errors
    /// - [`ErrorKind::ProductUnknown`] where the format of a product's keys is wanted.
    /// - What [`Code::parse`] and [`Code::opaque`] refuse, for keys to be issued.
    /// - [`ErrorKind::SystemFileInvalid`] for a request that does not verify (S-AX-14).
    pub fn new(envelope: Envelope, salt: &Salt, catalogue: &Catalogue) -> Result<Self> {
        let payload = match &envelope.body {
            Command::IssueKeys { keys, product, .. } => {
                let format = catalogue.product(product)?.definition().key_format.as_ref();
                let issued = keys.iter().map(|key| issue(format, key, salt));
                Payload::Issued(issued.collect::<Result<_>>()?)
            }
            Command::RedeemKey { key, product, .. } | Command::VoidKey { key, product, .. } => {
                Payload::Typed(typed(catalogue, product, key, salt)?)
            }
            Command::TakeRequest { request, .. } => {
                let forged =
                    |refusal| Refusal::new(ErrorKind::SystemFileInvalid).with("detail", refusal);
                let request = Request::verify(request.as_bytes()).map_err(forged)?;
                let fields = request.fields();
                let coupon = match (&fields.code, fields.kind) {
                    (Some(code), RequestKind::Coupon) => {
                        Some(typed(catalogue, &fields.product, code, salt)?)
                    }
                    _ => None,
                };
                Payload::Asked(Box::new(Asked { request, coupon }))
            }
            _ => Payload::Nothing,
        };
        Ok(Self { envelope, payload })
    }

    /// The envelope.
    #[must_use]
    pub const fn envelope(&self) -> &Envelope {
        &self.envelope
    }

    /// The request it carries, if one.
    #[must_use]
    pub fn request(&self) -> Option<&Request> {
        match &self.payload {
            Payload::Asked(asked) => Some(&asked.request),
            _ => None,
        }
    }

    /// The claims whose holders it has to see.
    #[must_use]
    pub fn claims(&self) -> BTreeSet<Claim> {
        match &self.payload {
            Payload::Nothing => match &self.envelope.body {
                Command::RegisterHardware { hardware: id, .. } => BTreeSet::from([hardware(id)]),
                _ => BTreeSet::new(),
            },
            Payload::Issued(keys) => keys.iter().map(|key| code(&key.digest)).collect(),
            Payload::Typed(typed) => typed.claims().collect(),
            Payload::Asked(asked) => {
                let coupon = asked.coupon.iter().flat_map(Typed::claims);
                coupon.chain([installation(&asked.request)]).collect()
            }
        }
    }

    /// The streams it has to see, in the order in which they are to be locked.
    #[must_use]
    pub fn streams(&self, held: &BTreeMap<Claim, Holder>) -> BTreeSet<StreamId> {
        let body = &self.envelope.body;
        let customer = body.customer().map(|id| StreamId::Customer(id.clone()));
        let other = if let Command::IssueKeys { batch, .. } = body {
            Some(StreamId::Batch(batch.clone()))
        } else if let Command::AddPerson { person, .. }
        | Command::ErasePerson { person }
        | Command::AddMember { person, .. } = body
        {
            Some(StreamId::Person(person.clone()))
        } else {
            None
        };
        let batches = held.iter().filter(|(claim, _)| claim.space == Space::Code);
        let batches = batches.map(|(_, holder)| holder.0.clone());
        [StreamId::Catalogue].into_iter().chain(customer).chain(other).chain(batches).collect()
    }
}

fn issue(format: Option<&CodeFormat>, key: &str, salt: &Salt) -> Result<IssuedKey> {
    let code = match format {
        Some(format) => Code::parse(format, key)?,
        None => Code::opaque(key)?,
    };
    Ok(IssuedKey { digest: code.digest(salt.as_bytes()), masked: code.masked() })
}

/// A key of another product should be told from one that does not exist, so it is read under
/// every format there is.
fn typed(catalogue: &Catalogue, product: &ProductId, key: &str, salt: &Salt) -> Result<Typed> {
    let own = catalogue.product(product)?.definition().key_format.as_ref();
    let read = own.map_or_else(|| Code::opaque(key), |format| Code::parse(format, key));
    let formats = catalogue.products().values().filter_map(|p| p.definition().key_format.as_ref());
    let codes = formats.filter_map(|format| Code::parse(format, key).ok());
    let candidates = codes.chain(Code::opaque(key)).map(|code| code.digest(salt.as_bytes()));
    let unknown = |code: Code| Refusal::new(ErrorKind::KeyUnknown).with("key", code);
    Ok(Typed { candidates: candidates.collect(), unknown: read.map_or_else(|r| r, unknown) })
}

pub(super) fn code(digest: &CodeDigest) -> Claim {
    Claim { space: Space::Code, digest: digest.to_string() }
}

pub(super) fn redeemed(digest: &CodeDigest) -> Claim {
    Claim { space: Space::RedeemedKey, digest: digest.to_string() }
}

pub(super) fn installation(request: &Request) -> Claim {
    Claim { space: Space::Installation, digest: request.installation().to_string() }
}

pub(super) fn hardware(id: &HardwareId) -> Claim {
    Claim { space: Space::Hardware, digest: id.to_string() }
}
