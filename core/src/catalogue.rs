//! The vendor's catalogue: products, their policy versions and the published key ring.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    code::CodeFormat,
    document::{DocumentType, RevocationList},
    error::{ErrorKind, Refusal, Result},
    id::{CustomerId, LicenseType, ProductId, RegionId, VendorId, WebhookId},
    policy::Policy,
    signing::{KeyRing, PublicKey, RingKey, Signer, Trust},
    time::Instant,
    webhook::Webhooks,
};

/// What happened to the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum CatalogueEvent {
    /// The vendor was established, with the root keys that programs have compiled in.
    VendorEstablished {
        /// The vendor's id, named in every document.
        vendor: VendorId,
        /// The root keys that may sign key rings.
        roots: Vec<PublicKey>,
        /// The region this ledger serves; without one, all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        region: Option<RegionId>,
        /// The form of registration numbers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        number_format: Option<CodeFormat>,
    },
    /// A product was defined.
    ProductDefined {
        /// The product.
        product: ProductId,
        /// What it is and how it is named.
        definition: Definition,
    },
    /// A policy version was published; it never changes.
    PolicyPublished {
        /// The product.
        product: ProductId,
        /// 1, 2, 3, …
        version: u32,
        /// The rules.
        policy: Policy,
    },
    /// A revocation list was published.
    RevocationsPublished {
        /// The number of the list, higher than any before.
        number: u64,
        /// The list as signed.
        document: String,
    },
    /// A key ring was published.
    KeyRingPublished {
        /// The number of the ring, higher than any before.
        number: u64,
        /// The ring as signed by a root key.
        document: String,
    },
    /// What a webhook is told from now on was set.
    WebhookSet {
        /// The webhook.
        webhook: WebhookId,
        /// The kinds of events; with none the webhook is gone.
        kinds: BTreeSet<String>,
    },
}

/// What a product is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "a record of the history")]
pub struct Definition {
    /// The name shown to people.
    pub name: String,
    /// Its types of licence, at least one.
    pub license_types: Vec<LicenseType>,
    /// The form of its licence keys; without one they are opaque texts made elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_format: Option<CodeFormat>,
    /// Where licences are sold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub where_to_buy: Option<WhereToBuy>,
    /// Licensed by another system, so that no subscription can be started here (S-AX-68).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub external: bool,
}

/// Where the licences of a product are sold (S-AX-09).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "a record of the history")]
pub struct WhereToBuy {
    /// The address of a page.
    pub address: String,
    /// The regions with sellers.
    pub regions: Vec<RegionId>,
}

impl Definition {
    /// The most licence types of one product.
    pub const LICENSE_TYPES_MAX: usize = 64;
    /// The longest name, in bytes.
    pub const NAME_BYTES_MAX: usize = 200;

    fn validate(&self) -> Result<()> {
        let name = self.name.len();
        if !(1..=Self::NAME_BYTES_MAX).contains(&name) {
            return Err(Refusal::new(ErrorKind::QuantityOutOfRange)
                .with("what", "bytes of the name:")
                .with("value", name)
                .with("min", 1)
                .with("max", Self::NAME_BYTES_MAX));
        }
        let types = self.license_types.len();
        if !(1..=Self::LICENSE_TYPES_MAX).contains(&types) {
            return Err(Refusal::new(ErrorKind::QuantityOutOfRange)
                .with("what", "licence types:")
                .with("value", types)
                .with("min", 1)
                .with("max", Self::LICENSE_TYPES_MAX));
        }
        Ok(())
    }
}

/// A product with its policy versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    definition: Definition,
    policies: Vec<Policy>,
}

impl Product {
    /// What it is.
    #[must_use]
    pub const fn definition(&self) -> &Definition {
        &self.definition
    }

    /// The newest policy and its version.
    #[must_use]
    pub fn policy(&self) -> Option<(u32, &Policy)> {
        Some((self.newest_version(), self.policies.last()?))
    }

    /// Every policy, version 1 first.
    #[must_use]
    pub fn policies(&self) -> &[Policy] {
        &self.policies
    }

    fn newest_version(&self) -> u32 {
        u32::try_from(self.policies.len()).unwrap_or(u32::MAX)
    }
}

/// The state of the catalogue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalogue {
    vendor: Option<Vendor>,
    products: BTreeMap<ProductId, Product>,
    key_ring: Option<(u64, String)>,
    revocations: Option<(u64, String)>,
    webhooks: Webhooks,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Vendor {
    id: VendorId,
    roots: Vec<PublicKey>,
    region: Option<RegionId>,
    number_format: Option<CodeFormat>,
}

impl Catalogue {
    /// The most root keys of a vendor.
    pub const ROOTS_MAX: usize = 8;

    /// The vendor who signs; none before it is established.
    #[must_use]
    pub fn vendor(&self) -> Option<&VendorId> {
        self.vendor.as_ref().map(|vendor| &vendor.id)
    }

    /// The region this ledger serves; none is all of them.
    #[must_use]
    pub fn region(&self) -> Option<&RegionId> {
        self.vendor.as_ref()?.region.as_ref()
    }

    /// The form of registration numbers; none when none are given on request.
    #[must_use]
    pub fn number_format(&self) -> Option<&CodeFormat> {
        self.vendor.as_ref()?.number_format.as_ref()
    }

    /// Checks that a customer's region is served here (S-AX-08).
    pub(crate) fn check_region(
        &self,
        customer: &CustomerId,
        region: Option<&RegionId>,
    ) -> Result<()> {
        let Some(expected) = self.region() else { return Ok(()) };
        if region == Some(expected) {
            return Ok(());
        }
        Err(Refusal::new(ErrorKind::OtherRegion)
            .with("customer", customer)
            .with("found", region.map_or("", RegionId::as_str))
            .with("expected", expected))
    }

    /// Every product.
    #[must_use]
    pub const fn products(&self) -> &BTreeMap<ProductId, Product> {
        &self.products
    }

    /// The product with this id.
    ///
    /// # Errors
    /// [`ErrorKind::ProductUnknown`].
    pub fn product(&self, id: &ProductId) -> Result<&Product> {
        let unknown = || Refusal::new(ErrorKind::ProductUnknown).with("product", id);
        self.products.get(id).ok_or_else(unknown)
    }

    /// Number and signed document of the published key ring.
    #[must_use]
    pub fn key_ring(&self) -> Option<(u64, &str)> {
        self.key_ring.as_ref().map(|(number, document)| (*number, document.as_str()))
    }

    /// Number and signed document of the published revocation list.
    #[must_use]
    pub fn revocations(&self) -> Option<(u64, &str)> {
        self.revocations.as_ref().map(|(number, document)| (*number, document.as_str()))
    }

    /// The webhooks.
    #[must_use]
    pub const fn webhooks(&self) -> &Webhooks {
        &self.webhooks
    }

    /// The published key ring, when it lets `signer` sign answers at `now`.
    ///
    /// # Errors
    /// [`ErrorKind::KeyRingMissing`] when there is none that does.
    pub fn signing_ring(&self, signer: &Signer, now: Instant) -> Result<&str> {
        let kid = signer.public_key().thumbprint();
        let missing = || Refusal::new(ErrorKind::KeyRingMissing).with("key", kid);
        let (vendor, (_, document)) =
            self.vendor.as_ref().zip(self.key_ring.as_ref()).ok_or_else(missing)?;
        let ring = KeyRing::verify(document.as_bytes(), &vendor.roots)?;
        let usable = |key: &RingKey| {
            let types = [DocumentType::Answer, DocumentType::License];
            key.signed_at(now) && types.into_iter().all(|document| key.signs(document))
        };
        ring.key(kid).filter(|key| usable(key)).map(|_| document.as_str()).ok_or_else(missing)
    }

    /// Decides who the vendor is and which root keys are its own; later it may only name further
    /// root keys.
    pub(crate) fn establish_vendor(
        &self,
        vendor: &VendorId,
        roots: &[PublicKey],
        (region, number_format): (Option<&RegionId>, Option<&CodeFormat>),
    ) -> Result<CatalogueEvent> {
        let count = roots.len();
        if !(1..=Self::ROOTS_MAX).contains(&count) {
            return Err(Refusal::new(ErrorKind::QuantityOutOfRange)
                .with("what", "root keys:")
                .with("value", count)
                .with("min", 1)
                .with("max", Self::ROOTS_MAX));
        }
        if let Some(Vendor { id, roots: kept, region: here, .. }) = &self.vendor
            && (id != vendor
                || here.as_ref() != region
                || !kept.iter().all(|root| roots.contains(root)))
        {
            return Err(Refusal::new(ErrorKind::VendorEstablished).with("vendor", id));
        }
        let (vendor, roots, region) = (vendor.clone(), roots.to_vec(), region.cloned());
        let kept = self.number_format();
        if let (Some(kept), Some(wanted)) = (kept, number_format)
            && kept != wanted
        {
            return Err(Refusal::new(ErrorKind::VendorEstablished).with("vendor", vendor));
        }
        let number_format = number_format.or(kept).cloned();
        Ok(CatalogueEvent::VendorEstablished { vendor, roots, region, number_format })
    }

    /// Decides the publication of a key ring: signed by a root key, and newer than the last.
    pub(crate) fn publish_key_ring(&self, document: &str) -> Result<CatalogueEvent> {
        let roots = self.vendor.as_ref().map_or(&[][..], |vendor| &vendor.roots);
        let number = KeyRing::verify(document.as_bytes(), roots)?.number();
        if self.key_ring().is_some_and(|(published, _)| number <= published) {
            return Err(Refusal::new(ErrorKind::DocumentOutdated).with("document", "key ring"));
        }
        Ok(CatalogueEvent::KeyRingPublished { number, document: document.to_owned() })
    }

    /// Decides the publication of a revocation list: signed by a key that may, and newer than the
    /// last.
    pub(crate) fn publish_revocations(&self, document: &str) -> Result<CatalogueEvent> {
        let roots = self.vendor.as_ref().map_or(&[][..], |vendor| &vendor.roots);
        let ring = self.key_ring().map(|(_, ring)| KeyRing::verify(ring.as_bytes(), roots));
        let trust = Trust::new(roots, ring.transpose()?)?;
        let number = RevocationList::verify(document.as_bytes(), &trust)?.number();
        if self.revocations().is_some_and(|(published, _)| number <= published) {
            let outdated = Refusal::new(ErrorKind::DocumentOutdated);
            return Err(outdated.with("document", DocumentType::Revocations.noun()));
        }
        Ok(CatalogueEvent::RevocationsPublished { number, document: document.to_owned() })
    }

    /// Decides the definition of a product with its first policy.
    pub(crate) fn define_product(
        &self,
        product: &ProductId,
        definition: &Definition,
        policy: &Policy,
    ) -> Result<Vec<CatalogueEvent>> {
        if self.products.contains_key(product) {
            return Err(Refusal::new(ErrorKind::ProductAlreadyDefined).with("product", product));
        }
        definition.validate()?;
        policy.validate()?;
        policy.check_types(&definition.license_types)?;
        let (product, policy) = (product.clone(), policy.clone());
        Ok(vec![
            CatalogueEvent::ProductDefined {
                product: product.clone(),
                definition: definition.clone(),
            },
            CatalogueEvent::PolicyPublished { product, version: 1, policy },
        ])
    }

    /// Decides the publication of a further policy version.
    pub(crate) fn publish_policy(
        &self,
        product: &ProductId,
        policy: &Policy,
    ) -> Result<CatalogueEvent> {
        let entry = self.product(product)?;
        let version = entry.newest_version().saturating_add(1);
        if let Some((_, newest)) = entry.policy().filter(|(_, p)| p.scheme() != policy.scheme()) {
            return Err(Refusal::new(ErrorKind::SchemeMismatch)
                .with("product", product)
                .with("scheme", policy.scheme())
                .with("newest", newest.scheme()));
        }
        policy.validate()?;
        policy.check_types(&entry.definition.license_types)?;
        Ok(CatalogueEvent::PolicyPublished {
            product: product.clone(),
            version,
            policy: policy.clone(),
        })
    }

    /// Takes an event into the state.
    pub fn apply(&mut self, event: &CatalogueEvent) {
        match event {
            CatalogueEvent::VendorEstablished { vendor, roots, region, number_format } => {
                let (id, roots, region) = (vendor.clone(), roots.clone(), region.clone());
                let number_format = number_format.clone();
                self.vendor = Some(Vendor { id, roots, region, number_format });
            }
            CatalogueEvent::ProductDefined { product, definition } => {
                let entry = Product { definition: definition.clone(), policies: Vec::new() };
                self.products.insert(product.clone(), entry);
            }
            CatalogueEvent::PolicyPublished { product, policy, .. } => {
                if let Some(product) = self.products.get_mut(product) {
                    product.policies.push(policy.clone());
                }
            }
            CatalogueEvent::RevocationsPublished { number, document } => {
                self.revocations = Some((*number, document.clone()));
            }
            CatalogueEvent::KeyRingPublished { number, document } => {
                self.key_ring = Some((*number, document.clone()));
            }
            CatalogueEvent::WebhookSet { webhook, kinds } => self.webhooks.take(webhook, kinds),
        }
    }
}
