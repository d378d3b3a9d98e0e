//! `Answer`: what the vendor sends back, complete for an installation without a network.

use serde::{Deserialize, Serialize};

use super::{
    json,
    jws::{DocumentType, Unverified},
    license::License,
    nonce::Nonce,
    payload::{self, Payload, check_text, contradiction},
    revocations::RevocationList,
    time_token::TimeToken,
};
use crate::{
    error::{ErrorKind, Refusal, Result},
    id::ProductId,
    signing::{KeyId, KeyRing, PublicKey, Signer, Trust},
    time::{Instant, unix},
};

/// The longest name of a refusal, in bytes.
const NAME_BYTES_MAX: usize = 64;
/// The longest registration number, in bytes.
const NUMBER_BYTES_MAX: usize = 64;

/// Why a vendor refused a request: the number and name of an [`ErrorKind`], maybe a newer one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(expecting = "a refusal")]
#[non_exhaustive]
pub struct SignedRefusal {
    /// The stable number.
    pub number: u32,
    /// The stable name: 1 to 64 bytes.
    pub name: String,
}

impl SignedRefusal {
    /// The kind of error, when this version knows it.
    #[must_use]
    pub fn kind(&self) -> Option<ErrorKind> {
        ErrorKind::from_number(self.number)
    }
}

impl From<ErrorKind> for SignedRefusal {
    fn from(kind: ErrorKind) -> Self {
        Self { number: kind.number(), name: kind.name().into() }
    }
}

/// What an answer says. In JSON its members bear the names of JSON Web Tokens where those exist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(expecting = "an answer")]
#[non_exhaustive]
pub struct AnswerClaims {
    /// The request that is answered.
    pub nonce: Nonce,
    /// The installation that asked.
    pub installation: KeyId,
    /// The product it asked for.
    #[serde(rename = "aud")]
    pub product: ProductId,
    /// When the answer is signed; in JSON seconds of UTC.
    #[serde(rename = "iat", with = "unix")]
    #[cfg_attr(feature = "schema", schemars(with = "i64"))]
    pub issued_at: Instant,
    /// The registration number that was asked for, in full: 1 to 64 bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// A signed licence for that product and installation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    /// The key ring that names the signer of answer and licence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_ring: Option<String>,
    /// What the vendor has revoked, as a revocation list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revocations: Option<String>,
    /// What time it is, as a time token for the same nonce and installation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// Why there is no licence; an answer with neither confirms what was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<SignedRefusal>,
}

impl AnswerClaims {
    /// An answer that confirms a request, without licence or refusal.
    #[must_use]
    pub const fn new(
        nonce: Nonce,
        installation: KeyId,
        product: ProductId,
        issued_at: Instant,
    ) -> Self {
        Self {
            nonce,
            installation,
            product,
            issued_at,
            number: None,
            license: None,
            key_ring: None,
            revocations: None,
            time: None,
            refusal: None,
        }
    }

    /// An answer to `request` that confirms it, without licence or refusal.
    #[must_use]
    pub fn to(request: &super::Request, issued_at: Instant) -> Self {
        let fields = request.fields();
        Self::new(fields.nonce, request.installation(), fields.product.clone(), issued_at)
    }

    fn read_license(&self, license: &str, trust: &Trust) -> Result<License> {
        let license = License::verify(license.as_bytes(), trust)?;
        license.require_product(&self.product)?;
        license.require_installation(self.installation)?;
        Ok(license)
    }

    fn read_time(&self, time: &str, trust: &Trust) -> Result<TimeToken> {
        let time = TimeToken::verify(time.as_bytes(), trust)?;
        time.require_installation(self.installation)?;
        time.require_request(self.nonce)?;
        Ok(time)
    }
}

impl Payload for AnswerClaims {
    const TYPE: DocumentType = DocumentType::Answer;
    const MEMBERS: &'static [&'static str] = &[
        "nonce",
        "installation",
        "aud",
        "iat",
        "number",
        "license",
        "key_ring",
        "revocations",
        "time",
        "refusal",
    ];

    fn issued_at(&self) -> Instant {
        self.issued_at
    }

    fn check(&self) -> Result<()> {
        if self.license.is_some() && self.refusal.is_some() {
            let detail = "it has a licence and a refusal";
            return Err(contradiction(DocumentType::Answer, detail));
        }
        if let Some(number) = &self.number {
            check_text("number", number, NUMBER_BYTES_MAX)?;
        }
        let refusal = self.refusal.as_ref();
        refusal.map_or(Ok(()), |refusal| check_text("name", &refusal.name, NAME_BYTES_MAX))
    }
}

/// An answer whose signature was verified, and the signatures of what it carries.
///
/// ```
/// use mlicense_core::document::{Answer, AnswerClaims, Nonce, SignedRefusal};
/// use mlicense_core::error::ErrorKind;
/// use mlicense_core::signing::{Signer, Trust};
/// let (vendor, installation) = (Signer::from_seed([1; 32]), Signer::from_seed([3; 32]));
/// let nonce = Nonce::from_entropy([9; 16]);
/// let now = "2026-03-01T09:30:00Z".parse()?;
/// let mut claims = AnswerClaims::new(nonce, installation.key_id(), "editor".parse()?, now);
/// claims.refusal = Some(SignedRefusal::from(ErrorKind::KeyUnknown));
/// let document = Answer::write(&claims, &vendor)?;
///
/// let trust = Trust::new(&[vendor.public_key()], None)?;
/// let answer = Answer::verify(document.as_bytes(), &trust)?;
/// assert!(answer.license().is_none());
/// answer.require_request(nonce)?;
///
/// let other = answer.require_request(Nonce::from_entropy([8; 16])).unwrap_err();
/// assert_eq!(other.kind(), ErrorKind::OtherRequest);
/// # Ok::<(), mlicense_core::error::Refusal>(())
/// ```
#[derive(Clone, Debug)]
pub struct Answer {
    claims: AnswerClaims,
    license: Option<License>,
    time: Option<TimeToken>,
    trust: Trust,
}

impl Answer {
    /// Signs an answer.
    ///
    /// # Errors
    /// [`ErrorKind::ClaimsContradictory`] with both a licence and a refusal,
    /// [`ErrorKind::InputTooLarge`] when the answer would be longer than
    /// [`DOCUMENT_BYTES_MAX`](super::DOCUMENT_BYTES_MAX).
    pub fn write(claims: &AnswerClaims, signer: &Signer) -> Result<String> {
        payload::issue(claims, signer)
    }

    /// Reads an answer and all that it carries.
    ///
    /// A key ring inside is verified first, under the root keys of `trust` alone, and then names
    /// the keys for the answer itself; one older than the ring of `trust` is passed over. So is a
    /// revocation list; a newer one holds for the time token and the licence that come with it.
    ///
    /// # Errors
    /// As [`License::verify`], for the answer and each document it carries;
    /// [`ErrorKind::OtherProduct`] and [`ErrorKind::OtherInstallation`] when the licence inside was
    /// made for others than the answer; [`ErrorKind::OtherInstallation`] and
    /// [`ErrorKind::OtherRequest`] when the time token was.
    pub fn verify(bytes: &[u8], trust: &Trust) -> Result<Self> {
        let document = Unverified::parse(DocumentType::Answer, bytes)?;
        let mut trust = renewed(&document, trust)?;
        let (claims, _): (AnswerClaims, _) = payload::open(bytes, &trust)?;
        if let Some(list) = &claims.revocations {
            renew_revocations(&mut trust, list)?;
        }
        let time = claims.time.as_deref().map(|time| claims.read_time(time, &trust));
        let license = claims.license.as_deref().map(|license| claims.read_license(license, &trust));
        Ok(Self { time: time.transpose()?, license: license.transpose()?, claims, trust })
    }

    /// What the answer says.
    #[must_use]
    pub const fn claims(&self) -> &AnswerClaims {
        &self.claims
    }

    /// The licence inside, verified.
    #[must_use]
    pub const fn license(&self) -> Option<&License> {
        self.license.as_ref()
    }

    /// The time token inside, verified, for the installation and the request of the answer.
    #[must_use]
    pub const fn time(&self) -> Option<&TimeToken> {
        self.time.as_ref()
    }

    /// The trust under which the answer was read: with its ring and its revocation list, where
    /// those are the newest.
    #[must_use]
    pub const fn trust(&self) -> &Trust {
        &self.trust
    }

    /// Refuses an answer to another product.
    ///
    /// # Errors
    /// [`ErrorKind::OtherProduct`].
    pub fn require_product(&self, product: &ProductId) -> Result<()> {
        if self.claims.product == *product {
            return Ok(());
        }
        Err(Refusal::new(ErrorKind::OtherProduct)
            .with("document", DocumentType::Answer.noun())
            .with("found", &self.claims.product)
            .with("expected", product))
    }

    /// Refuses an answer to another installation.
    ///
    /// # Errors
    /// [`ErrorKind::OtherInstallation`].
    pub fn require_installation(&self, installation: KeyId) -> Result<()> {
        if self.claims.installation == installation {
            return Ok(());
        }
        let noun = DocumentType::Answer.noun();
        Err(Refusal::new(ErrorKind::OtherInstallation).with("document", noun))
    }

    /// Refuses an answer to another request.
    ///
    /// # Errors
    /// [`ErrorKind::OtherRequest`].
    pub fn require_request(&self, nonce: Nonce) -> Result<()> {
        if self.claims.nonce == nonce { Ok(()) } else { Err(ErrorKind::OtherRequest.into()) }
    }
}

/// The one member that is read before the signature of the answer: it has a signature of its own.
#[derive(Deserialize)]
struct RingInside {
    #[serde(default)]
    key_ring: Option<String>,
}

fn renewed(document: &Unverified<'_>, trust: &Trust) -> Result<Trust> {
    let mut trust = trust.clone();
    let payload = document.unverified_payload()?;
    // What cannot be read has no ring; the signature will tell whether it was damaged.
    let inside = json::read(DocumentType::Answer.noun(), AnswerClaims::MEMBERS, &payload);
    let Ok(RingInside { key_ring: Some(text) }) = inside else { return Ok(trust) };
    let roots: Vec<PublicKey> = trust.roots().copied().collect();
    let ring = KeyRing::verify(text.as_bytes(), &roots)?;
    if trust.key_ring().is_none_or(|held| held.number() < ring.number()) {
        trust.renew(ring)?;
    }
    Ok(trust)
}

fn renew_revocations(trust: &mut Trust, list: &str) -> Result<()> {
    let list = RevocationList::verify(list.as_bytes(), trust)?;
    if trust.revocations().is_none_or(|held| held.number() < list.number()) {
        trust.renew_revocations(list)?;
    }
    Ok(())
}
