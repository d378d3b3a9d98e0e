//! Signed documents: what vendor and installation send each other, as JSON Web Signatures.
//!
//! Every document is a compact JWS (RFC 7515) signed with Ed25519 (RFC 8037), at most
//! [`DOCUMENT_BYTES_MAX`] bytes long. Its type stands inside the signed bytes, so that no document
//! passes for another. Reading goes one way: limit, form, header, signature, and only then the
//! payload, as strictly as JSON allows. Deciding what a licence permits is not done here.
//!
//! A [`Checkpoint`] is none of these: a signed note, because the tools of transparency logs read
//! those.

mod answer;
mod checkpoint;
mod disclosure;
mod feature_data;
mod host;
mod json;
mod jws;
mod license;
mod moment;
mod nonce;
mod note;
mod owner;
pub(crate) mod payload;
mod request;
mod revocations;
mod strict;
mod time_token;

pub use answer::{Answer, AnswerClaims, SignedRefusal};
pub use checkpoint::Checkpoint;
pub use feature_data::{FEATURE_DATA_BYTES_MAX, FeatureData};
pub use host::{EnrolledFact, HOST_FACTS_MAX, HostBinding, HostFact, HostFacts};
pub(crate) use jws::Unverified;
pub use jws::{DOCUMENT_BYTES_MAX, DocumentType};
pub use license::{
    DEVICES_MAX, FEATURES_MAX, Feature, License, LicenseClaims, LicenseKind, SeatTerms,
};
pub use moment::{Moment, Span};
pub use nonce::Nonce;
pub use owner::Owner;
pub use request::{DEVICE_TYPES_MAX, LABEL_BYTES_MAX, Request, RequestFields, RequestKind};
pub use revocations::{REVOCATIONS_MAX, Revocation, RevocationClaims, RevocationList};
pub use time_token::{TimeClaims, TimeToken};
