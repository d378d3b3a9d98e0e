//! `TimeToken`: what time it is, said by the vendor to one installation that asked.

use serde::{Deserialize, Serialize};

use super::{
    jws::DocumentType,
    nonce::Nonce,
    payload::{self, Payload},
};
use crate::{
    error::{ErrorKind, Refusal, Result},
    signing::{KeyId, Signer, Trust},
    time::{Instant, unix},
};

/// What a time token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(expecting = "a time token")]
#[non_exhaustive]
pub struct TimeClaims {
    /// The request that asked.
    pub nonce: Nonce,
    /// The installation that asked.
    pub installation: KeyId,
    /// The time by the vendor's clock when the token is signed; in JSON seconds of UTC.
    #[serde(rename = "iat", with = "unix")]
    #[cfg_attr(feature = "schema", schemars(with = "i64"))]
    pub issued_at: Instant,
}

impl TimeClaims {
    /// The time for one request of one installation.
    #[must_use]
    pub const fn new(nonce: Nonce, installation: KeyId, issued_at: Instant) -> Self {
        Self { nonce, installation, issued_at }
    }

    /// The time for the installation that sent `request`.
    #[must_use]
    pub fn to(request: &super::Request, issued_at: Instant) -> Self {
        Self::new(request.fields().nonce, request.installation(), issued_at)
    }
}

impl Payload for TimeClaims {
    const TYPE: DocumentType = DocumentType::Time;
    const MEMBERS: &'static [&'static str] = &["nonce", "installation", "iat"];

    fn issued_at(&self) -> Instant {
        self.issued_at
    }

    fn check(&self) -> Result<()> {
        Ok(())
    }
}

/// A time token whose signature was verified.
///
/// It was not signed before the installation made the nonce, and not after it was read: so the
/// present is not earlier than [`TimeToken::instant`], whatever the clock of the host says. It does
/// not say how long it was under way.
///
/// ```
/// use mlicense_core::document::{Nonce, TimeClaims, TimeToken};
/// use mlicense_core::error::ErrorKind;
/// use mlicense_core::signing::{Signer, Trust};
/// let (vendor, installation) = (Signer::from_seed([1; 32]), Signer::from_seed([3; 32]));
/// let nonce = Nonce::from_entropy([9; 16]);
/// let now = "2026-03-01T09:30:00Z".parse()?;
/// let document = TimeToken::issue(&TimeClaims::new(nonce, installation.key_id(), now), &vendor)?;
///
/// let trust = Trust::new(&[vendor.public_key()], None)?;
/// let token = TimeToken::verify(document.as_bytes(), &trust)?;
/// token.require_request(nonce)?;
/// token.require_installation(installation.key_id())?;
/// assert_eq!(token.instant(), now);
///
/// let refusal = token.require_request(Nonce::from_entropy([8; 16])).unwrap_err();
/// assert_eq!(refusal.kind(), ErrorKind::OtherRequest);
/// # Ok::<(), mlicense_core::error::Refusal>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeToken {
    claims: TimeClaims,
    signed_by: KeyId,
}

impl TimeToken {
    /// Signs a time token.
    ///
    /// # Errors
    /// None but [`ErrorKind::Internal`].
    pub fn issue(claims: &TimeClaims, signer: &Signer) -> Result<String> {
        payload::issue(claims, signer)
    }

    /// Reads a time token that a root key, or a key of the ring for answers, must have signed.
    ///
    /// # Errors
    /// As [`License::verify`](super::License::verify).
    pub fn verify(bytes: &[u8], trust: &Trust) -> Result<Self> {
        let (claims, signed_by) = payload::open(bytes, trust)?;
        Ok(Self { claims, signed_by })
    }

    /// What the token says.
    #[must_use]
    pub const fn claims(&self) -> &TimeClaims {
        &self.claims
    }

    /// The time by the vendor's clock when the token was signed.
    #[must_use]
    pub const fn instant(&self) -> Instant {
        self.claims.issued_at
    }

    /// The key that signed the token.
    #[must_use]
    pub const fn signed_by(&self) -> KeyId {
        self.signed_by
    }

    /// Refuses a token for another installation.
    ///
    /// # Errors
    /// [`ErrorKind::OtherInstallation`].
    pub fn require_installation(&self, installation: KeyId) -> Result<()> {
        if self.claims.installation == installation {
            return Ok(());
        }
        let noun = DocumentType::Time.noun();
        Err(Refusal::new(ErrorKind::OtherInstallation).with("document", noun))
    }

    /// Refuses a token for another request, such as one that was kept back.
    ///
    /// # Errors
    /// [`ErrorKind::OtherRequest`].
    pub fn require_request(&self, nonce: Nonce) -> Result<()> {
        if self.claims.nonce == nonce { Ok(()) } else { Err(ErrorKind::OtherRequest.into()) }
    }
}
