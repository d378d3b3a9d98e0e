//! `Request`: what an installation asks of the vendor, signed with its own key.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use super::{
    host::HostFacts,
    jws::{DocumentType, Unverified},
    nonce::Nonce,
    owner::Owner,
    payload::{self, Payload, check_private, contradiction},
};
use crate::{
    error::{ErrorKind, Result},
    id::{CustomerId, GroupId, LicenseType, ProductId, SystemId},
    signing::{KeyId, PublicKey, Signer},
    time::{Instant, unix},
};

/// The most types of licences that a request counts devices for.
pub const DEVICE_TYPES_MAX: usize = 100;
/// The longest label of a host, in bytes.
pub const LABEL_BYTES_MAX: usize = 128;
/// The longest number or coupon, in bytes.
const CODE_BYTES_MAX: usize = 64;

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum RequestKind {
    /// To redeem the coupon in `code`.
    Coupon,
    /// To use the registration number here.
    Number,
    /// To bind the licence to the host as it is now.
    Rebind,
    /// To find a forgotten number again.
    Recover,
    /// To get what has changed since.
    Refresh,
    /// To get a number.
    Register,
    /// To give the licence back.
    Release,
    /// To license a system that is described here and carried to the vendor by hand (S-AX-12).
    System,
    /// To try the product.
    Trial,
}

impl RequestKind {
    /// The name, as in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Coupon => "coupon",
            Self::Number => "number",
            Self::Rebind => "rebind",
            Self::Recover => "recover",
            Self::Refresh => "refresh",
            Self::Register => "register",
            Self::Release => "release",
            Self::System => "system",
            Self::Trial => "trial",
        }
    }
}

/// What a request says. Debugging shows neither coupon nor number.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(expecting = "a request")]
#[non_exhaustive]
pub struct RequestFields {
    /// What is asked for.
    pub kind: RequestKind,
    /// Of which product.
    pub product: ProductId,
    /// The system that asks, where one installation serves a system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<SystemId>,
    /// The customer, where the installation knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// The coupon as it was typed: 1 to 64 bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The registration number under which it asks, as it was typed: 1 to 64 bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Who asks, where a number is wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Owner>,
    /// How many devices need a licence of each type; at most [`DEVICE_TYPES_MAX`] types.
    #[serde(default)]
    pub devices: BTreeMap<LicenseType, u32>,
    /// The host the installation runs on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<HostFacts>,
    /// The group of hosts that share a licence, which this host wants to join.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupId>,
    /// What to call the host, by which people know it: 1 to [`LABEL_BYTES_MAX`] bytes. Only what
    /// the operator chose to tell, for it may name a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Which request of the installation it is; one that comes twice with different nonces tells
    /// that a copy of the state was restored or is in use elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<u64>,
    /// Ties the answer to this request.
    pub nonce: Nonce,
    /// When the request was written, by the installation's clock; in JSON seconds of UTC.
    #[serde(rename = "iat", with = "unix")]
    #[cfg_attr(feature = "schema", schemars(with = "i64"))]
    pub issued_at: Instant,
}

impl fmt::Debug for RequestFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("RequestFields");
        shown.field("kind", &self.kind).field("product", &self.product);
        shown.field("system", &self.system).field("customer", &self.customer);
        shown.field("devices", &self.devices).field("nonce", &self.nonce);
        shown.field("issued_at", &self.issued_at).finish_non_exhaustive()
    }
}

impl RequestFields {
    /// A request that says no more than it must.
    #[must_use]
    pub const fn new(
        kind: RequestKind,
        product: ProductId,
        nonce: Nonce,
        issued_at: Instant,
    ) -> Self {
        Self {
            kind,
            product,
            system: None,
            customer: None,
            code: None,
            number: None,
            owner: None,
            devices: BTreeMap::new(),
            host: None,
            group: None,
            label: None,
            epoch: None,
            nonce,
            issued_at,
        }
    }
}

impl Payload for RequestFields {
    const TYPE: DocumentType = DocumentType::Request;
    const MEMBERS: &'static [&'static str] = &[
        "kind", "product", "system", "customer", "code", "number", "owner", "devices", "host",
        "group", "label", "epoch", "nonce", "iat",
    ];

    fn issued_at(&self) -> Instant {
        self.issued_at
    }

    fn check(&self) -> Result<()> {
        let wrong = |detail: String| Err(contradiction(DocumentType::Request, detail));
        for (field, code) in [("code", &self.code), ("number", &self.number)] {
            if let Some(code) = code {
                check_private(field, code, CODE_BYTES_MAX)?;
            }
        }
        let label = self.label.as_ref();
        label.map_or(Ok(()), |label| check_private("label", label, LABEL_BYTES_MAX))?;
        let owner = self.owner.as_ref();
        owner.map_or(Ok(()), Owner::check)?;
        let missing = match self.kind {
            RequestKind::Coupon if self.code.is_none() => Some("code"),
            RequestKind::Number if self.number.is_none() => Some("number"),
            RequestKind::System if self.system.is_none() => Some("system"),
            RequestKind::Register | RequestKind::Recover if owner.is_none() => Some("owner"),
            _ => None,
        };
        if let Some(member) = missing {
            return wrong(format!("it names no `{member}`"));
        }
        if let (RequestKind::Register, Some(owner)) = (self.kind, owner) {
            owner.check_to_register()?;
        }
        if self.devices.len() > DEVICE_TYPES_MAX {
            return wrong(format!("more than {DEVICE_TYPES_MAX} types of devices"));
        }
        self.host.as_ref().map_or(Ok(()), |host| host.check(DocumentType::Request))
    }
}

/// A request whose signature was verified.
///
/// The key travels with the request, so the signature proves that the sender holds the key of the
/// installation named, and nothing about who that is.
///
/// ```
/// use mlicense_core::document::{Nonce, Request, RequestFields, RequestKind};
/// use mlicense_core::error::ErrorKind;
/// use mlicense_core::signing::Signer;
/// let installation = Signer::from_seed([3; 32]);
/// let now = "2026-03-01T09:30:00Z".parse()?;
/// let nonce = Nonce::from_entropy([9; 16]);
/// let fields = RequestFields::new(RequestKind::Trial, "editor".parse()?, nonce, now);
/// let document = Request::write(&fields, &installation)?;
///
/// let request = Request::verify(document.as_bytes())?;
/// assert_eq!(request.installation(), installation.key_id());
/// assert_eq!(request.fields(), &fields);
///
/// let damaged = document.replacen("eyJraW5k", "eyJLaW5k", 1);
/// let refusal = Request::verify(damaged.as_bytes()).unwrap_err();
/// assert_eq!(refusal.kind(), ErrorKind::SignatureInvalid);
/// # Ok::<(), mlicense_core::error::Refusal>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    fields: RequestFields,
    key: PublicKey,
}

impl Request {
    /// Signs a request with the installation's own key.
    ///
    /// # Errors
    /// [`ErrorKind::ClaimsContradictory`] when a coupon lacks its `code`, a number or a system
    /// itself, a registration its owner, or a list is too long; [`ErrorKind::FieldInvalid`] for a text that is too long.
    pub fn write(fields: &RequestFields, installation: &Signer) -> Result<String> {
        payload::issue(fields, installation)
    }

    /// Reads a request and checks that its sender holds the key it names.
    ///
    /// # Errors
    /// As [`License::verify`](super::License::verify), save that any key will do:
    /// [`ErrorKind::KeyWeak`] takes the place of [`ErrorKind::KeyNotTrusted`].
    pub fn verify(bytes: &[u8]) -> Result<Self> {
        let document = Unverified::parse(DocumentType::Request, bytes)?;
        let key = document.own_key().ok_or(ErrorKind::DocumentMalformed)?;
        Ok(Self { fields: payload::verified(&document, &key)?, key })
    }

    /// What the request says.
    #[must_use]
    pub const fn fields(&self) -> &RequestFields {
        &self.fields
    }

    /// The installation that sent it: the thumbprint of its key.
    #[must_use]
    pub fn installation(&self) -> KeyId {
        self.key.thumbprint()
    }

    /// The installation's public key.
    #[must_use]
    pub const fn key(&self) -> PublicKey {
        self.key
    }
}

#[cfg(test)]
mod tests {
    use super::{super::host::HostFact, *};

    fn fields(kind: RequestKind) -> RequestFields {
        let issued_at = "2026-03-01T09:30:00Z".parse().unwrap();
        let nonce = Nonce::from_entropy([9; 16]);
        RequestFields::new(kind, "editor".parse().unwrap(), nonce, issued_at)
    }

    fn refused(fields: &RequestFields) -> ErrorKind {
        Request::write(fields, &Signer::from_seed([3; 32])).unwrap_err().kind()
    }

    #[test]
    fn coupons_numbers_and_systems_are_named() {
        for kind in [RequestKind::Coupon, RequestKind::Number] {
            assert_eq!(refused(&fields(kind)), ErrorKind::ClaimsContradictory);
            let (code, number) = (Some("7".into()), Some("8".into()));
            RequestFields { code, number, ..fields(kind) }.check().unwrap();
        }
        let system = fields(RequestKind::System);
        assert_eq!(refused(&system), ErrorKind::ClaimsContradictory);
        RequestFields { system: Some("door-7".parse().unwrap()), ..system }.check().unwrap();
    }

    #[test]
    fn s_mk_07_registration_names_each_field_that_is_missing() {
        let with = |owner: &Owner| RequestFields {
            owner: Some(owner.clone()),
            ..fields(RequestKind::Register)
        };
        let missing = |owner: &Owner| with(owner).check().unwrap_err().to_string();
        let mut owner = Owner::new("post@acme.example");
        assert!(missing(&owner).ends_with("its owner has no `company`"));
        owner.company = Some("Acme".into());
        assert!(missing(&owner).ends_with("its owner has no `contact`"));
        owner.contact = Some("C. Ontact".into());
        assert!(missing(&owner).ends_with("its owner has no `zone`"));
        owner.zone = Some("Europe/Berlin".into());
        with(&owner).check().unwrap();
        for email in ["", "acme", "@acme.example", "post@"] {
            assert!(with(&Owner { email: email.into(), ..owner.clone() }).check().is_err());
        }
        assert_eq!(refused(&fields(RequestKind::Register)), ErrorKind::ClaimsContradictory);
        let recover = fields(RequestKind::Recover);
        let owner = Some(Owner::new("post@acme.example"));
        RequestFields { owner, ..recover }.check().unwrap();
    }

    #[test]
    fn a_code_of_64_bytes_is_taken_and_a_longer_one_refused() {
        let with = |code: String| RequestFields { code: Some(code), ..fields(RequestKind::Coupon) };
        with("9".repeat(64)).check().unwrap();
        assert_eq!(refused(&with("9".repeat(65))), ErrorKind::FieldInvalid);
    }

    #[test]
    fn a_label_of_128_bytes_is_taken_and_a_longer_one_refused_unread() {
        let with =
            |label: String| RequestFields { label: Some(label), ..fields(RequestKind::Trial) };
        with("я".repeat(64)).check().unwrap();
        for wrong in ["", "a\nb", &"9".repeat(129)] {
            assert_eq!(refused(&with(wrong.into())), ErrorKind::FieldInvalid);
        }
        let secret = with("C. Ontact's desk\n".into());
        let shown = format!("{secret:?} {}", secret.check().unwrap_err());
        assert!(!shown.contains("Ontact"), "{shown}");
    }

    #[test]
    fn a_hundred_device_types_are_taken_and_one_more_refused() {
        let with = |count: usize| RequestFields {
            devices: (0..count).map(|n| (format!("t{n}").parse().unwrap(), 1)).collect(),
            ..fields(RequestKind::Refresh)
        };
        with(100).check().unwrap();
        assert_eq!(refused(&with(101)), ErrorKind::ClaimsContradictory);
    }

    #[test]
    fn sixty_four_host_facts_are_taken_and_one_more_or_one_twice_refused() {
        let with = |facts| RequestFields {
            host: Some(HostFacts::new("vm", facts)),
            ..fields(RequestKind::Refresh)
        };
        let facts = |count: usize| (0..count).map(|n| HostFact::new("mac", &format!("d{n}")));
        with(facts(64).collect()).check().unwrap();
        assert_eq!(refused(&with(facts(65).collect())), ErrorKind::ClaimsContradictory);
        let twice = facts(1).chain(facts(1)).collect();
        assert_eq!(refused(&with(twice)), ErrorKind::ClaimsContradictory);
        let empty = vec![HostFact::new("mac", "")];
        assert_eq!(refused(&with(empty)), ErrorKind::FieldInvalid);
    }
}
