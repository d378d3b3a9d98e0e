//! Keygen's licence files, machine files and signed keys.
//!
//! Nothing of a file is used before its signature holds, neither decrypted nor read. The end of a
//! file is the one that it states, never its start and length added up.

use data_encoding::{BASE64, BASE64URL, HEXLOWER_PERMISSIVE};
use mlicense_core::{
    document::DOCUMENT_BYTES_MAX,
    error::{ErrorKind, Refusal},
    signing::{PublicKey, sha256},
    time::Instant,
};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use serde::{Deserialize, de::DeserializeOwned};

use crate::fault::Result;

/// How far ahead of the clock a file may say it was made, in seconds: as Keygen's own readers.
const DRIFT_SECONDS_MAX: i64 = 300;
/// What stands before the key in the DER of an Ed25519 public key (RFC 8410).
const DER_PREFIX: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0];

/// What a file is opened with.
pub(super) struct Opening<'a> {
    pub(super) public_key: PublicKey,
    pub(super) license_key: Option<&'a str>,
    pub(super) fingerprint: Option<&'a str>,
    pub(super) now: Instant,
}

/// What a file or key says about a licence.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) id: String,
    pub(super) name: Option<String>,
    pub(super) status: Option<String>,
    pub(super) created: Option<Instant>,
    pub(super) expiry: Option<Instant>,
    pub(super) entitlements: Vec<String>,
}

/// Reads a licence file, a machine file or a signed key.
pub(super) fn open(bytes: &[u8], opening: &Opening<'_>) -> Result<Found> {
    if bytes.len() > DOCUMENT_BYTES_MAX {
        return Err(Refusal::new(ErrorKind::InputTooLarge)
            .with("what", "a Keygen file")
            .with("size", bytes.len())
            .with("limit", DOCUMENT_BYTES_MAX)
            .into());
    }
    let text = std::str::from_utf8(bytes).map_err(|_| malformed("it is not text"))?;
    let text = text.replace("\r\n", "\n");
    let text = text.trim();
    for (kind, name) in [(Kind::License, "LICENSE"), (Kind::Machine, "MACHINE")] {
        let body = text
            .strip_prefix(&format!("-----BEGIN {name} FILE-----\n"))
            .and_then(|rest| rest.strip_suffix(&format!("-----END {name} FILE-----")));
        if let Some(body) = body {
            return file(&body.replace('\n', ""), kind, opening);
        }
    }
    match text.strip_prefix("key/") {
        Some(signed) => key(signed, opening),
        None => Err(malformed("it is neither a file nor a key of Keygen").into()),
    }
}

/// What an armoured file is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    License,
    Machine,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope {
    enc: String,
    sig: String,
    alg: String,
}

fn file(body: &str, kind: Kind, opening: &Opening<'_>) -> Result<Found> {
    let envelope: Envelope = json(&base64(body.as_bytes(), "its body")?)?;
    let Envelope { enc, sig, alg } = envelope;
    let (encoding, signature) = alg.split_once('+').unwrap_or((&alg, ""));
    if signature != "ed25519" {
        return Err(malformed("it is not signed with Ed25519").into());
    }
    let prefix = match kind {
        Kind::License => "license/",
        Kind::Machine => "machine/",
    };
    let signed = format!("{prefix}{enc}");
    verify(opening, signed.as_bytes(), &base64(sig.as_bytes(), "its signature")?)?;
    let payload = match encoding {
        "base64" => base64(enc.as_bytes(), "its payload")?,
        "aes-256-gcm" => decrypt(&enc, kind, opening)?,
        _ => return Err(malformed("its encoding is not known").into()),
    };
    let payload: Payload = json(&payload)?;
    payload.meta.check(&payload.data.id, opening.now)?;
    payload.found()
}

/// A signed key: `payload.signature`, both in base64url with padding.
fn key(signed: &str, opening: &Opening<'_>) -> Result<Found> {
    let (payload, signature) =
        signed.split_once('.').ok_or_else(|| malformed("the key has no signature"))?;
    let decode = |text: &str, what: &str| {
        BASE64URL
            .decode(text.as_bytes())
            .map_err(|_| malformed(&format!("{what} is not base64url")))
    };
    let message = format!("key/{payload}");
    verify(opening, message.as_bytes(), &decode(signature, "its signature")?)?;
    let dataset: Dataset = json(&decode(payload, "its payload")?)?;
    let Dataset { license } = dataset;
    Ok(Found {
        id: license.id,
        created: instant(license.created.as_deref())?,
        expiry: instant(license.expiry.as_deref())?,
        ..Found::default()
    })
}

fn verify(opening: &Opening<'_>, message: &[u8], signature: &[u8]) -> Result<()> {
    let refused = |_| Refusal::new(ErrorKind::SignatureInvalid).with("document", "Keygen file");
    Ok(opening.public_key.verify(message, signature).map_err(refused)?)
}

/// Decrypts what was verified: ciphertext, nonce and tag, each in base64.
fn decrypt(enc: &str, kind: Kind, opening: &Opening<'_>) -> Result<Vec<u8>> {
    let missing = |what: &str| malformed(&format!("it is encrypted, and no {what} was given"));
    let mut secret = opening.license_key.ok_or_else(|| missing("licence key"))?.to_owned();
    if kind == Kind::Machine {
        secret.push_str(opening.fingerprint.ok_or_else(|| missing("fingerprint"))?);
    }
    let mut parts = enc.split('.').map(|part| base64(part.as_bytes(), "its payload"));
    let (Some(text), Some(nonce), Some(tag), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(malformed("its payload is not three parts").into());
    };
    let nonce: [u8; NONCE_LEN] =
        nonce?.try_into().map_err(|_| malformed("its nonce is too long"))?;
    let mut text = text?;
    text.extend(tag?);
    let wrong = |_| malformed("another licence key or fingerprint encrypted it");
    let key = UnboundKey::new(&AES_256_GCM, &sha256(secret.as_bytes())).map_err(wrong)?;
    let nonce = Nonce::assume_unique_for_key(nonce);
    let plain = LessSafeKey::new(key).open_in_place(nonce, Aad::empty(), &mut text);
    Ok(plain.map_err(wrong)?.to_vec())
}

/// The payload of a file, as JSON:API; what is of no use here is passed over.
#[derive(Deserialize)]
struct Payload {
    data: Resource,
    #[serde(default)]
    included: Vec<Resource>,
    meta: Meta,
}

#[derive(Deserialize)]
struct Resource {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    attributes: Attributes,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Attributes {
    name: Option<String>,
    status: Option<String>,
    created: Option<String>,
    expiry: Option<String>,
    code: Option<String>,
}

#[derive(Deserialize)]
struct Meta {
    issued: String,
    expiry: Option<String>,
}

#[derive(Deserialize)]
struct Dataset {
    license: KeyLicense,
}

#[derive(Deserialize)]
struct KeyLicense {
    id: String,
    #[serde(default)]
    created: Option<String>,
    #[serde(default)]
    expiry: Option<String>,
}

impl Meta {
    /// Refuses a file that is of the future, or over by its own statement.
    fn check(&self, id: &str, now: Instant) -> Result<()> {
        let refused = |why: String| {
            Refusal::new(ErrorKind::NotLicensed).with("feature", id).with("reason", why)
        };
        let issued = instant(Some(&self.issued))?;
        if issued.is_some_and(|issued| issued > now.saturating_add(DRIFT_SECONDS_MAX)) {
            let why = format!("the file was made at {}, which lies in the future", self.issued);
            return Err(refused(why).into());
        }
        match (instant(self.expiry.as_deref())?, &self.expiry) {
            (Some(expiry), Some(text)) if expiry < now => {
                Err(refused(format!("the file ended at {text}; check out a new one")).into())
            }
            _ => Ok(()),
        }
    }
}

impl Payload {
    fn found(self) -> Result<Found> {
        let Self { data, included, .. } = self;
        let entitlements = included
            .iter()
            .filter(|resource| resource.kind == "entitlements")
            .filter_map(|resource| resource.attributes.code.clone())
            .collect();
        // A machine file tells of its licence beside the machine.
        let license = std::iter::once(data)
            .chain(included)
            .find(|resource| resource.kind == "licenses")
            .ok_or_else(|| malformed("it tells of no licence"))?;
        let Resource { id, attributes, .. } = license;
        Ok(Found {
            id,
            name: attributes.name,
            status: attributes.status,
            created: instant(attributes.created.as_deref())?,
            expiry: instant(attributes.expiry.as_deref())?,
            entitlements,
        })
    }
}

/// Takes a public key of an account: 64 hexadecimal digits, or its DER in base64.
pub(super) fn public_key(text: &str) -> Result<PublicKey, Refusal> {
    if let Ok(bytes) = HEXLOWER_PERMISSIVE.decode(text.as_bytes()) {
        return PublicKey::from_bytes(&bytes);
    }
    let der = BASE64.decode(text.as_bytes()).unwrap_or_default();
    match der.strip_prefix(&DER_PREFIX) {
        Some(key) => PublicKey::from_bytes(key),
        None => Err(Refusal::new(ErrorKind::KeyWeak)
            .with("detail", "neither 64 hexadecimal digits nor Ed25519 in DER")),
    }
}

/// Takes a time of theirs, `2026-03-01T09:30:00.123Z`; what is left of a second is dropped.
fn instant(text: Option<&str>) -> Result<Option<Instant>> {
    let Some(text) = text else { return Ok(None) };
    let whole = match text.split_once('.') {
        Some((seconds, rest)) if rest.ends_with('Z') => format!("{seconds}Z"),
        _ => text.to_owned(),
    };
    Ok(Some(whole.parse()?))
}

fn base64(text: &[u8], what: &str) -> Result<Vec<u8>> {
    Ok(BASE64.decode(text).map_err(|_| malformed(&format!("{what} is not base64")))?)
}

fn json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    Ok(mlicense_core::json::read("the Keygen file", bytes, DOCUMENT_BYTES_MAX)?)
}

fn malformed(detail: &str) -> Refusal {
    Refusal::new(ErrorKind::DocumentMalformed)
        .with("document", "Keygen file")
        .with("detail", detail)
}
