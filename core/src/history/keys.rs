//! Licence keys: issued in batches, redeemed once, voided by correction.

use super::{
    Changes, Event, Holder, StreamId, World,
    decide::{customer_stream, in_range, of_customer, one},
    prepared::{self, Typed},
};
use crate::{
    batch::{Batch, BatchEvent, IssuedKey, KeyContents},
    code::CodeDigest,
    customer::{Draft, check_quantities, check_reason, known_type},
    error::{ErrorKind, Refusal, Result},
    id::{BatchId, CustomerId, ProductId},
    policy::Policy,
    time::Instant,
    wallet::LotKind,
};

pub(super) fn issue(
    world: &World,
    batch: &BatchId,
    product: &ProductId,
    (contents, keys): (&[KeyContents], &[IssuedKey]),
) -> Result<Changes> {
    if world.batch(batch).is_some() {
        return Err(Refusal::new(ErrorKind::BatchAlreadyIssued).with("batch", batch));
    }
    check_contents(world, product, contents)?;
    in_range("keys:", keys.len(), Batch::KEYS_MAX)?;
    let mut claims = Vec::new();
    let stream = StreamId::Batch(batch.clone());
    for key in keys {
        let claim = prepared::code(&key.digest);
        if world.holder(&claim).is_some() || claims.iter().any(|(taken, _)| *taken == claim) {
            return Err(Refusal::new(ErrorKind::CodeAlreadyIssued).with("code", &key.masked));
        }
        claims.push((claim, Holder(stream.clone())));
    }
    let event = BatchEvent::KeysIssued {
        product: product.clone(),
        contents: contents.to_vec(),
        keys: keys.to_vec(),
    };
    Ok(Changes { claims, ..one(stream, Event::Batch(event)) })
}

pub(super) fn redeem(
    world: &World,
    (customer, product): (&CustomerId, &ProductId),
    typed: &Typed,
    now: Instant,
) -> Result<Changes> {
    let mut draft = Draft::new(customer, world.customer(customer)?.clone(), now)?;
    let key = Key::find(world, product, typed)?;
    key.check_unused(world)?;
    draft.redeem(world.catalogue(), &key.digest, (key.id, key.batch))?;
    let claims = vec![(prepared::redeemed(&key.digest), Holder(customer_stream(customer)))];
    Ok(Changes { claims, ..of_customer(draft) })
}

/// Voids a key that nobody has redeemed.
pub(super) fn void(
    world: &World,
    product: &ProductId,
    typed: &Typed,
    reason: &str,
) -> Result<Changes> {
    check_reason(reason)?;
    let key = Key::find(world, product, typed)?;
    key.check_unused(world)?;
    let event = BatchEvent::KeyVoided {
        digest: key.digest,
        masked: key.masked.to_owned(),
        reason: reason.to_owned(),
    };
    Ok(one(StreamId::Batch(key.id.clone()), Event::Batch(event)))
}

/// What licences are made of must be known to the product, and usable in one of its terms.
pub(super) fn check_contents(
    world: &World,
    product: &ProductId,
    contents: &[KeyContents],
) -> Result<()> {
    let entry = world.catalogue().product(product)?;
    in_range("lines of contents:", contents.len(), Batch::CONTENTS_MAX)?;
    for line in contents {
        known_type(entry, product, &line.license_type)?;
        check_quantities(&[(line.license_type.clone(), line.quantity)].into())?;
        let LotKind::Subscription(term) = line.kind else { continue };
        let usable = |policy: &Policy| match policy {
            Policy::Subscription(policy) => {
                policy.terms.iter().any(|unit| term.in_units_of(*unit).is_some())
            }
            _ => false,
        };
        if !entry.policies().iter().any(usable) {
            return Err(Refusal::new(ErrorKind::TermNotOffered)
                .with("months", term.in_months())
                .with("product", product));
        }
    }
    Ok(())
}

/// A key that was issued.
struct Key<'w> {
    digest: CodeDigest,
    id: &'w BatchId,
    batch: &'w Batch,
    masked: &'w str,
}

impl<'w> Key<'w> {
    /// The key that was typed, if it was issued for this product.
    fn find(world: &'w World, product: &ProductId, typed: &Typed) -> Result<Self> {
        let issued = |digest: &CodeDigest| match world.holder(&prepared::code(digest)) {
            Some(StreamId::Batch(id)) => {
                let batch = world.batch(id)?;
                Some(Self { digest: *digest, id, batch, masked: batch.masked(digest)? })
            }
            _ => None,
        };
        let found = typed.candidates.iter().find_map(issued);
        let key = found.ok_or_else(|| typed.unknown.clone())?;
        if key.batch.product() == Some(product) {
            return Ok(key);
        }
        let of = key.batch.product().map(ToString::to_string).unwrap_or_default();
        Err(key.refused(ErrorKind::KeyWrongProduct).with("product", of))
    }

    fn check_unused(&self, world: &World) -> Result<()> {
        if self.batch.voided(&self.digest) {
            return Err(self.refused(ErrorKind::KeyVoided));
        }
        if world.holder(&prepared::redeemed(&self.digest)).is_some() {
            return Err(self.refused(ErrorKind::KeyAlreadyRedeemed));
        }
        Ok(())
    }

    fn refused(&self, kind: ErrorKind) -> Refusal {
        Refusal::new(kind).with("key", self.masked)
    }
}
