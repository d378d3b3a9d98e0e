//! The way every payload goes into a document and comes out of one.

use serde::{Serialize, de::DeserializeOwned};

use super::{
    json,
    jws::{self, DocumentType, Unverified},
};
use crate::{
    error::{ErrorKind, Refusal, Result},
    signing::{KeyId, PublicKey, Signer, Trust},
    time::Instant,
};

/// What a document of one type says.
pub(crate) trait Payload: Serialize + DeserializeOwned {
    /// The type of the documents that carry this.
    const TYPE: DocumentType;
    /// The names of all members, for `crit`.
    const MEMBERS: &'static [&'static str];

    /// When the document was signed, according to its signer.
    fn issued_at(&self) -> Instant;

    /// Refuses what contradicts itself; asked before signing and after verifying.
    fn check(&self) -> Result<()>;
}

/// Signs what the claims say, unless they contradict themselves.
pub(crate) fn issue<P: Payload>(payload: &P, signer: &Signer) -> Result<String> {
    payload.check()?;
    jws::sign(P::TYPE, payload, signer)
}

/// Reads a document that must be signed by a key that `trust` knows for documents of its type.
pub(crate) fn open<P: Payload>(bytes: &[u8], trust: &Trust) -> Result<(P, KeyId)> {
    let document = Unverified::parse(P::TYPE, bytes)?;
    let key = trust.key(document.kid(), P::TYPE)?;
    let payload: P = verified(&document, &key.public_key())?;
    key.check_time(payload.issued_at(), P::TYPE)?;
    Ok((payload, document.kid()))
}

/// Reads a document whose signature must hold under `key`.
pub(crate) fn verified<P: Payload>(document: &Unverified<'_>, key: &PublicKey) -> Result<P> {
    let payload: P = json::read(P::TYPE.noun(), P::MEMBERS, &document.verify(key)?)?;
    payload.check()?;
    Ok(payload)
}

/// A refusal of claims that cannot all be true.
pub(crate) fn contradiction(document: DocumentType, detail: impl Into<String>) -> Refusal {
    Refusal::new(ErrorKind::ClaimsContradictory)
        .with("document", document.noun())
        .with("detail", detail.into())
}

/// As [`check_text`], for what a refusal must not repeat.
pub(super) fn check_private(field: &'static str, text: &str, bytes_max: usize) -> Result<()> {
    let check = check_text(field, text, bytes_max);
    check.map_err(|refusal| match refusal.kind() {
        ErrorKind::FieldInvalid => {
            Refusal::new(ErrorKind::FieldInvalid).with("field", field).with("value", "…").with(
                "expected",
                format_args!("text of 1 to {bytes_max} bytes without control characters"),
            )
        }
        _ => refusal,
    })
}

/// Takes text for people or programs: 1 to `bytes_max` bytes without control characters.
pub(super) fn check_text(field: &'static str, text: &str, bytes_max: usize) -> Result<()> {
    // Without a way out of the loop it is done many bytes at a time.
    let unclear = |byte: u8| byte.is_ascii_control() || !byte.is_ascii();
    let is_unclear = text.bytes().fold(false, |any, byte| any | unclear(byte));
    let has_control = || is_unclear && text.chars().any(char::is_control);
    if (1..=bytes_max).contains(&text.len()) && !has_control() {
        return Ok(());
    }
    let shown: String = text.chars().filter(|c| !c.is_control()).take(bytes_max.min(64)).collect();
    Err(Refusal::new(ErrorKind::FieldInvalid).with("field", field).with("value", shown).with(
        "expected",
        format_args!("text of 1 to {bytes_max} bytes without control characters"),
    ))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::document::{
        AnswerClaims, HostBinding, HostFacts, LicenseClaims, Moment, Nonce, Owner, RequestFields,
        RequestKind, Revocation, RevocationClaims, SeatTerms, Span, TimeClaims,
    };

    /// Whether the list of known members is what is written when nothing is left out.
    fn assert_members<P: Payload>(full: &P) {
        let json = serde_json::to_value(full).unwrap();
        let written: BTreeSet<_> = json.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(written, P::MEMBERS.iter().copied().collect());
        assert_eq!(written.len(), P::MEMBERS.len());
    }

    #[test]
    fn every_member_is_known() {
        let issued_at = "2026-03-01T09:30:00Z".parse().unwrap();
        let moment = Moment::utc("2026-03-01".parse().unwrap());
        let nonce = Nonce::from_entropy([9; 16]);
        let key = Signer::from_seed([1; 32]).key_id();
        let id = "editor".parse().unwrap();
        let mut license = LicenseClaims::updates_until(id, "Example Ltd", issued_at, moment);
        license.vendor = Some("vendor".parse().unwrap());
        license.customer = Some("acme".parse().unwrap());
        license.serial = Some("1".into());
        license.grace = Some(Span::starting(moment));
        license.offline_until = Some(moment);
        license.seats = Some(SeatTerms::default());
        license.devices = Some(vec!["camera-1".parse().unwrap()]);
        license.host = Some(HostBinding::new(1, vec![]));
        license.installation = Some(key);
        license.nonce = Some(nonce);
        assert_members(&license);

        let id = "editor".parse().unwrap();
        let mut request = RequestFields::new(RequestKind::System, id, nonce, issued_at);
        request.system = Some("door-7".parse().unwrap());
        request.customer = Some("acme".parse().unwrap());
        request.code = Some("7".into());
        request.number = Some("8".into());
        request.owner = Some(Owner::new("post@acme.example"));
        request.group = Some("nodes".parse().unwrap());
        request.label = Some("front desk".into());
        request.epoch = Some(1);
        request.host = Some(HostFacts::new("vm", vec![]));
        assert_members(&request);

        let id = "editor".parse().unwrap();
        let mut answer = AnswerClaims::new(nonce, key, id, issued_at);
        answer.number = Some(String::new());
        answer.license = Some(String::new());
        answer.key_ring = Some(String::new());
        answer.revocations = Some(String::new());
        answer.time = Some(String::new());
        answer.number = Some("8".into());
        answer.refusal = Some(ErrorKind::KeyUnknown.into());
        assert_members(&answer);

        let mut list = RevocationClaims::new(1, issued_at, issued_at.saturating_add(1));
        let entry = Revocation::new(issued_at, "refunded");
        list.licenses.insert("1".into(), entry.clone());
        list.keys.insert(key, entry.clone());
        list.installations.insert(key, entry);
        assert_members(&list);
        assert_members(&TimeClaims::new(nonce, key, issued_at));
    }
}
