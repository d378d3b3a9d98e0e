//! Licence keys: issued in batches, redeemed once, voided by correction.

use super::{
    Changes, Event, Holder, StreamId, World,
    decide::{Claims, customer_stream, in_range, one},
    prepared::{self, Typed},
};
use crate::{
    batch::{Batch, BatchEvent, IssuedKey, KeyContents},
    catalogue::Product,
    code::CodeDigest,
    customer::{Draft, check_quantities, check_reason, known_type, other_scheme},
    error::{ErrorKind, Refusal, Result},
    id::{BatchId, ProductId},
    policy::Policy,
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

/// Redeems a typed key, into the wallet or, as a coupon, for hosts.
///
/// A coupon that the same customer used before is no error and does nothing (S-MK-31).
pub(super) fn redeem_into(
    draft: &mut Draft<'_>,
    world: &World,
    (product, typed): (&ProductId, &Typed),
) -> Result<Claims> {
    let key = Key::find(world, product, typed)?;
    let stream = customer_stream(draft.id());
    if !key.for_hosts() {
        key.check_unused(world)?;
        draft.redeem(world.catalogue(), &key.digest, (key.id, key.batch))?;
    } else if let Some(holder) = world.holder(&prepared::redeemed(&key.digest)) {
        let same = *holder == stream;
        return if same {
            Ok(Claims::new())
        } else {
            Err(key.refused(ErrorKind::CouponAlreadyUsed))
        };
    } else {
        key.check_unused(world)?;
        draft.redeem_coupon(world.catalogue(), &key.digest, (key.id, key.batch))?;
    }
    Ok(vec![(prepared::redeemed(&key.digest), Holder(stream))])
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
        check_kind(product, entry, line.kind)?;
    }
    Ok(())
}

/// Licences are of the kind that a policy of the product has; a subscription's are for a term on
/// offer.
fn check_kind(product: &ProductId, entry: &Product, kind: LotKind) -> Result<()> {
    let usable = |policy: &Policy| match (kind, policy) {
        (LotKind::Host, Policy::HostBound(_)) | (LotKind::Device, Policy::DeviceAssigned(_)) => {
            true
        }
        (LotKind::Subscription(term), Policy::Subscription(policy)) => {
            policy.terms.iter().any(|unit| term.in_units_of(*unit).is_some())
        }
        (LotKind::Expansion | LotKind::Upgrade, Policy::Subscription(_)) => true,
        _ => false,
    };
    let policies = entry.policies();
    if policies.iter().any(usable) {
        return Ok(());
    }
    let pooled = policies.iter().any(|policy| matches!(policy, Policy::Subscription(_)));
    Err(match kind {
        LotKind::Subscription(term) if pooled => Refusal::new(ErrorKind::TermNotOffered)
            .with("months", term.in_months())
            .with("product", product),
        LotKind::Host => other_scheme(product, "host_bound"),
        LotKind::Device => other_scheme(product, "device_assigned"),
        _ => other_scheme(product, "subscription"),
    })
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

    /// Whether it is a coupon: its licences are for hosts.
    fn for_hosts(&self) -> bool {
        self.batch.contents().iter().any(|contents| contents.kind == LotKind::Host)
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
