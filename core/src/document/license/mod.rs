//! `License`: what a customer may use, where and until when.

mod check;
mod claims;
mod seats;

pub(super) use check::SERIAL_BYTES_MAX;
pub use check::{DEVICES_MAX, FEATURES_MAX};
pub use claims::{Feature, LicenseClaims, LicenseKind};
pub use seats::SeatTerms;

use std::sync::Arc;

use serde::Serialize;

use super::{jws::DocumentType, payload};
use crate::{
    error::{ErrorKind, Refusal, Result},
    id::{CustomerId, ProductId},
    signing::{KeyId, Signer, Trust},
};

/// A licence whose signature was verified; cheap to clone.
///
/// ```
/// use mlicense_core::document::{License, LicenseClaims};
/// use mlicense_core::error::ErrorKind;
/// use mlicense_core::signing::{Signer, Trust};
/// let vendor = Signer::from_seed([1; 32]);
/// let issued_at = "2026-03-01T09:30:00Z".parse()?;
/// let claims = LicenseClaims::perpetual("editor".parse()?, "Example Ltd", issued_at);
/// let document = License::issue(&claims, &vendor)?;
///
/// let trust = Trust::new(&[vendor.public_key()], None)?;
/// let license = License::verify(document.as_bytes(), &trust)?;
/// assert_eq!(license.claims(), &claims);
///
/// let stranger = Trust::new(&[Signer::from_seed([2; 32]).public_key()], None)?;
/// let refusal = License::verify(document.as_bytes(), &stranger).unwrap_err();
/// assert_eq!(refusal.kind(), ErrorKind::KeyNotTrusted);
/// # Ok::<(), mlicense_core::error::Refusal>(())
/// ```
///
/// As JSON it is what is shown of it, `{"claims": {…}, "signed_by": "…"}`; the document is what was
/// signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct License {
    claims: Arc<LicenseClaims>,
    signed_by: KeyId,
}

impl License {
    /// Signs a licence; the same claims and key give the same text.
    ///
    /// # Errors
    /// [`ErrorKind::ClaimsContradictory`] when the claims cannot all be true,
    /// [`ErrorKind::FieldInvalid`] for a text that is empty, too long or has control characters,
    /// [`ErrorKind::InputTooLarge`] when the licence would be longer than
    /// [`DOCUMENT_BYTES_MAX`](crate::document::DOCUMENT_BYTES_MAX).
    pub fn issue(claims: &LicenseClaims, signer: &Signer) -> Result<String> {
        payload::issue(claims, signer)
    }

    /// Reads a licence that a trusted key must have signed.
    ///
    /// # Errors
    /// [`ErrorKind::InputTooLarge`], [`ErrorKind::DocumentMalformed`],
    /// [`ErrorKind::DocumentWrongType`], [`ErrorKind::KeyNotTrusted`], [`ErrorKind::KeyNotValid`]
    /// and [`ErrorKind::SignatureInvalid`], in this order; and for what a trusted key signed,
    /// [`ErrorKind::JsonInvalid`], [`ErrorKind::MemberUnknown`] and as [`License::issue`].
    pub fn verify(bytes: &[u8], trust: &Trust) -> Result<Self> {
        let (claims, signed_by) = payload::open(bytes, trust)?;
        Ok(Self { claims: Arc::new(claims), signed_by })
    }

    /// What the licence says.
    #[must_use]
    pub fn claims(&self) -> &LicenseClaims {
        &self.claims
    }

    /// The key that signed the licence.
    #[must_use]
    pub const fn signed_by(&self) -> KeyId {
        self.signed_by
    }

    /// Refuses a licence of another product.
    ///
    /// # Errors
    /// [`ErrorKind::OtherProduct`].
    pub fn require_product(&self, product: &ProductId) -> Result<()> {
        if self.claims.product == *product {
            return Ok(());
        }
        Err(Refusal::new(ErrorKind::OtherProduct)
            .with("document", DocumentType::License.noun())
            .with("found", &self.claims.product)
            .with("expected", product))
    }

    /// Refuses a licence that was made for another installation; one for any passes.
    ///
    /// # Errors
    /// [`ErrorKind::OtherInstallation`].
    pub fn require_installation(&self, installation: KeyId) -> Result<()> {
        match self.claims.installation {
            Some(found) if found != installation => Err(Refusal::new(ErrorKind::OtherInstallation)
                .with("document", DocumentType::License.noun())),
            _ => Ok(()),
        }
    }

    /// Refuses a licence that names another customer, or none.
    ///
    /// # Errors
    /// [`ErrorKind::OtherCustomer`].
    pub fn require_customer(&self, customer: &CustomerId) -> Result<()> {
        if self.claims.customer.as_ref() == Some(customer) {
            return Ok(());
        }
        let found = self.claims.customer.as_ref().map_or("-", CustomerId::as_str);
        Err(Refusal::new(ErrorKind::OtherCustomer)
            .with("document", DocumentType::License.noun())
            .with("found", found)
            .with("expected", customer))
    }
}

#[cfg(test)]
mod tests {
    use super::{
        claims::tests::{product, subscription},
        *,
    };

    #[test]
    fn a_licence_is_for_its_product_customer_and_installation() {
        let vendor = Signer::from_seed([1; 32]);
        let trust = Trust::new(&[vendor.public_key()], None).unwrap();
        let read = |claims: &LicenseClaims| {
            let document = License::issue(claims, &vendor).unwrap();
            License::verify(document.as_bytes(), &trust).unwrap()
        };
        let (own, other) = (vendor.key_id(), Signer::from_seed([2; 32]).key_id());
        let anywhere = read(&subscription());
        anywhere.require_product(&product()).unwrap();
        anywhere.require_installation(other).unwrap();
        assert!(anywhere.require_customer(&"acme".parse().unwrap()).is_err());
        let refusal = anywhere.require_product(&"viewer".parse().unwrap()).unwrap_err();
        assert_eq!(refusal.to_string(), "the licence is for product `editor`, not `viewer`");

        let customer = Some("acme".parse().unwrap());
        let bound = read(&LicenseClaims { installation: Some(own), customer, ..subscription() });
        bound.require_installation(own).unwrap();
        let refusal = bound.require_installation(other).unwrap_err();
        assert_eq!(refusal.kind(), ErrorKind::OtherInstallation);
        bound.require_customer(&"acme".parse().unwrap()).unwrap();
    }
}
