//! The compact JWS around every document (RFC 7515, RFC 8037).

use serde::{Deserialize, Serialize};

use super::json;
use crate::{
    base64url,
    error::{ErrorKind, Refusal, Result},
    signing::{KeyId, PublicKey, Signer},
};

/// The longest document, in bytes; longer input is refused unread.
pub const DOCUMENT_BYTES_MAX: usize = 64 * 1024;
/// The longest header, in bytes of its base64url text.
const HEADER_BYTES_MAX: usize = 1024;
/// A key id as text, in bytes.
const KID_BYTES: usize = 43;
/// Room for a header as we write it, in bytes.
const PLAIN_HEADER_BYTES_MAX: usize = 128;
const SIGNATURE_BYTES: usize = 64;

/// What a document is; it stands in the signed header as `typ`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum DocumentType {
    /// The vendor's answer to a request.
    #[serde(rename = "mlicense-answer+jwt")]
    Answer,
    /// The keys that sign for the vendor.
    #[serde(rename = "mlicense-key-ring+jwt")]
    KeyRing,
    /// What a customer may use.
    #[serde(rename = "mlicense-license+jwt")]
    License,
    /// What an installation asks for.
    #[serde(rename = "mlicense-request+jwt")]
    Request,
    /// What the vendor has revoked.
    #[serde(rename = "mlicense-revocations+jwt")]
    Revocations,
    /// What time it is, for one request.
    #[serde(rename = "mlicense-time+jwt")]
    Time,
}

impl DocumentType {
    /// Every type.
    pub const ALL: [Self; 6] =
        [Self::Answer, Self::KeyRing, Self::License, Self::Request, Self::Revocations, Self::Time];

    /// The header's `typ`, compared exactly.
    #[must_use]
    pub const fn typ(self) -> &'static str {
        match self {
            Self::Answer => "mlicense-answer+jwt",
            Self::KeyRing => "mlicense-key-ring+jwt",
            Self::License => "mlicense-license+jwt",
            Self::Request => "mlicense-request+jwt",
            Self::Revocations => "mlicense-revocations+jwt",
            Self::Time => "mlicense-time+jwt",
        }
    }

    /// The type in words, for refusals.
    #[must_use]
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::KeyRing => "key ring",
            Self::License => "licence",
            Self::Request => "request",
            Self::Revocations => "revocation list",
            Self::Time => "time token",
        }
    }
}

/// Signs a payload as a document of type `typ`.
///
/// A request brings its own key in the header, as RFC 9449 does.
pub(crate) fn sign<T: Serialize>(
    document_type: DocumentType,
    payload: &T,
    signer: &Signer,
) -> Result<String> {
    let jwk = (document_type == DocumentType::Request).then(|| Jwk::new(signer.public_key()));
    let header = Header {
        alg: Algorithm::EdDsa,
        jwk,
        kid: signer.key_id(),
        typ: document_type.typ().into(),
    };
    let mut text = base64url::encode(&json::write(&header)?);
    text.push('.');
    base64url::encode_onto(&mut text, &json::write(payload)?);
    let signature = signer.sign(text.as_bytes())?;
    text.push('.');
    base64url::encode_onto(&mut text, &signature);
    within_limit(document_type, text.len())?;
    Ok(text)
}

/// A document of the wanted type with a well-formed header; nothing is verified yet.
#[derive(Debug)]
pub(crate) struct Unverified<'a> {
    compact: Compact<'a>,
    document_type: DocumentType,
    kid: KeyId,
    own_key: Option<PublicKey>,
}

impl<'a> Unverified<'a> {
    /// Takes a document apart and checks everything that stands before the signature.
    ///
    /// Line ends after the document are ignored: editors add them.
    pub(crate) fn parse(document_type: DocumentType, bytes: &'a [u8]) -> Result<Self> {
        within_limit(document_type, bytes.len())?;
        let text = str::from_utf8(bytes).map_err(|_| malformed("not text"))?;
        let compact = Compact::split(text.trim_end_matches(['\r', '\n']))?;
        if let Some(kid) = compact.plain_kid(document_type) {
            return Ok(Self { compact, document_type, kid, own_key: None });
        }
        let header = compact.header()?;
        if header.typ != document_type.typ() {
            let known = DocumentType::ALL.into_iter().find(|known| known.typ() == header.typ);
            return Err(Refusal::new(ErrorKind::DocumentWrongType)
                .with("found", known.map_or("document of another kind", DocumentType::noun))
                .with("expected", document_type.noun()));
        }
        let own_key = header.own_key(document_type)?;
        Ok(Self { compact, document_type, kid: header.kid, own_key })
    }

    /// The key that the document claims to be signed with.
    pub(crate) const fn kid(&self) -> KeyId {
        self.kid
    }

    /// The key that the document brings along, which proves nothing but its possession.
    pub(crate) const fn own_key(&self) -> Option<PublicKey> {
        self.own_key
    }

    /// Checks the signature on the bytes as they came and returns the payload.
    pub(crate) fn verify(&self, key: &PublicKey) -> Result<Vec<u8>> {
        if !self.compact.holds(key) {
            return Err(Refusal::new(ErrorKind::SignatureInvalid)
                .with("document", self.document_type.noun()));
        }
        self.compact.payload()
    }

    /// The payload without any proof of where it comes from.
    pub(crate) fn unverified_payload(&self) -> Result<Vec<u8>> {
        self.compact.payload()
    }
}

/// The three parts of a compact JWS.
#[derive(Debug)]
struct Compact<'a> {
    header: &'a str,
    payload: &'a str,
    signed: &'a str,
    signature: [u8; SIGNATURE_BYTES],
}

impl<'a> Compact<'a> {
    fn split(text: &'a str) -> Result<Self> {
        let three = || malformed("not three parts joined by dots");
        let (signed, signature) = text.rsplit_once('.').ok_or_else(three)?;
        let (header, payload) = signed.split_once('.').ok_or_else(three)?;
        if payload.contains('.') {
            return Err(three());
        }
        let signature = match base64url::array(signature) {
            Some(signature) => signature,
            None => decode("signature", signature)?
                .try_into()
                .map_err(|_| malformed("its signature is not 64 bytes long"))?,
        };
        Ok(Self { header, payload, signed, signature })
    }

    /// The key named in a header written as we write it, which most are: compared byte by byte, it
    /// needs no reading. A request brings a key, and its header is always read.
    fn plain_kid(&self, document_type: DocumentType) -> Option<KeyId> {
        if document_type == DocumentType::Request {
            return None;
        }
        let mut bytes = [0; PLAIN_HEADER_BYTES_MAX];
        let header = base64url::decode_into(self.header, &mut bytes)?;
        let header = str::from_utf8(header).ok()?;
        let kid_and_typ = header.strip_prefix(r#"{"alg":"EdDSA","kid":""#)?;
        let (kid, typ) = kid_and_typ.split_at_checked(KID_BYTES)?;
        let typ = typ.strip_prefix(r#"","typ":""#)?.strip_suffix(r#""}"#)?;
        if typ == document_type.typ() { kid.parse().ok() } else { None }
    }

    fn header(&self) -> Result<Header> {
        if self.header.len() > HEADER_BYTES_MAX {
            return Err(Refusal::new(ErrorKind::InputTooLarge)
                .with("what", "a header")
                .with("size", self.header.len())
                .with("limit", HEADER_BYTES_MAX));
        }
        // `Header` denies unknown and duplicate members at both of its depths.
        json::typed(&decode("header", self.header)?)
            .map_err(|error| malformed(&format!("its header is not ours: {error}")))
    }

    fn holds(&self, key: &PublicKey) -> bool {
        key.vouches(self.signed.as_bytes(), &self.signature)
    }

    fn payload(&self) -> Result<Vec<u8>> {
        decode("payload", self.payload)
    }
}

/// A protected header; every other member is refused, so that none can be ignored wrongly.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct Header {
    alg: Algorithm,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    jwk: Option<Jwk>,
    kid: KeyId,
    typ: String,
}

impl Header {
    /// The key that a request brings along and nothing else may.
    fn own_key(&self, document_type: DocumentType) -> Result<Option<PublicKey>> {
        match (&self.jwk, document_type) {
            (None, DocumentType::Request) => Err(malformed("its header lacks `jwk`")),
            (None, _) => Ok(None),
            (Some(jwk), DocumentType::Request) => {
                let key = PublicKey::from_base64url(&jwk.x)?;
                if key.thumbprint() != self.kid {
                    return Err(malformed("its `kid` is not the thumbprint of its `jwk`"));
                }
                Ok(Some(key))
            }
            (Some(_), _) => Err(malformed("its header brings a key of its own")),
        }
    }
}

#[derive(Debug, Serialize, Deserialize)]
enum Algorithm {
    #[serde(rename = "EdDSA")]
    EdDsa,
}

/// A public JSON Web Key (RFC 8037); a private one has a member too many.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a key")]
struct Jwk {
    crv: Curve,
    kty: KeyType,
    x: String,
}

impl Jwk {
    fn new(key: PublicKey) -> Self {
        Self { crv: Curve::Ed25519, kty: KeyType::Okp, x: key.to_string() }
    }
}

#[derive(Debug, Serialize, Deserialize)]
enum Curve {
    Ed25519,
}

#[derive(Debug, Serialize, Deserialize)]
enum KeyType {
    #[serde(rename = "OKP")]
    Okp,
}

fn within_limit(document_type: DocumentType, size: usize) -> Result<()> {
    if size <= DOCUMENT_BYTES_MAX {
        return Ok(());
    }
    Err(Refusal::new(ErrorKind::InputTooLarge)
        .with("what", document_type.noun())
        .with("size", size)
        .with("limit", DOCUMENT_BYTES_MAX))
}

fn decode(part: &str, text: &str) -> Result<Vec<u8>> {
    base64url::decode(text)
        .ok_or_else(|| malformed(&format!("its {part} is not canonical base64url")))
}

fn malformed(detail: &str) -> Refusal {
    Refusal::new(ErrorKind::DocumentMalformed).with("detail", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8037, appendix A.4.
    const FOREIGN: &str = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.\
        hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

    fn signer() -> Signer {
        Signer::from_seed([1; 32])
    }

    /// A document with any header, correctly signed.
    fn with_header(header: &str) -> String {
        let encode = |bytes: &[u8]| base64url::encode(bytes);
        let signed = format!("{}.{}", encode(header.as_bytes()), encode(b"{}"));
        let signature = signer().sign(signed.as_bytes()).unwrap();
        format!("{signed}.{}", encode(&signature))
    }

    fn header_refusal(header: &str) -> Refusal {
        Unverified::parse(DocumentType::License, with_header(header).as_bytes()).unwrap_err()
    }

    fn plain() -> String {
        format!(r#"{{"alg":"EdDSA","kid":"{}","typ":"mlicense-license+jwt"}}"#, signer().key_id())
    }

    #[test]
    fn the_signature_of_rfc_8037_holds() {
        let key = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo".parse().unwrap();
        let compact = Compact::split(FOREIGN).unwrap();
        assert!(compact.holds(&key));
        assert_eq!(compact.payload().unwrap(), b"Example of Ed25519 signing");
        assert!(!compact.holds(&signer().public_key()));
        let refusal = Unverified::parse(DocumentType::License, FOREIGN.as_bytes()).unwrap_err();
        assert_eq!(refusal.kind(), ErrorKind::DocumentMalformed, "no `kid`, no `typ`");
    }

    #[test]
    fn the_thumbprint_of_rfc_8037_is_reproduced() {
        let key: PublicKey = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo".parse().unwrap();
        let expected = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";
        assert_eq!(key.thumbprint().to_string(), expected);
    }

    #[test]
    fn the_plain_header_is_taken() {
        let document = with_header(&plain());
        let unverified = Unverified::parse(DocumentType::License, document.as_bytes()).unwrap();
        assert_eq!(unverified.kid(), signer().key_id());
        assert_eq!(unverified.verify(&signer().public_key()).unwrap(), b"{}");
    }

    #[test]
    fn other_algorithms_are_refused_before_the_signature() {
        for algorithm in ["none", "None", "HS256", "RS256", "ES256", "eddsa", "Ed25519", ""] {
            let header = plain().replace("EdDSA", algorithm);
            let refusal = header_refusal(&header);
            assert_eq!(refusal.kind(), ErrorKind::DocumentMalformed, "{algorithm}");
        }
        let refusal = header_refusal(&plain().replace(r#""EdDSA""#, r#"{"EdDSA":null}"#));
        assert_eq!(refusal.kind(), ErrorKind::DocumentMalformed);
    }

    #[test]
    fn every_other_member_of_a_header_is_refused() {
        for member in [
            r#""jku":"https://example.org/keys""#,
            r#""x5u":"https://example.org/chain""#,
            r#""x5c":["AA"]"#,
            r#""crit":["exp"],"exp":1"#,
            r#""b64":false"#,
            r#""zip":"DEF""#,
            r#""cty":"JWT""#,
            r#""alg":"EdDSA""#,
            r#""jwk":{"crv":"Ed25519","kty":"OKP","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#,
            r#""jwk":{"crv":"Ed25519","d":"AA","kty":"OKP","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#,
        ] {
            let header = plain().replace('}', &format!(",{member}}}"));
            let refusal = header_refusal(&header);
            assert_eq!(refusal.kind(), ErrorKind::DocumentMalformed, "{member}");
        }
    }

    #[test]
    fn a_header_without_one_of_its_members_is_refused() {
        for member in ["alg", "kid", "typ"] {
            let header = plain().replace(&format!(r#""{member}""#), r#""other""#);
            assert_eq!(header_refusal(&header).kind(), ErrorKind::DocumentMalformed, "{member}");
        }
    }

    #[test]
    fn other_types_are_refused() {
        for typ in ["JWT", "mlicense-request+jwt", "MLICENSE-LICENSE+JWT", ""] {
            let header = plain().replace("mlicense-license+jwt", typ);
            assert_eq!(header_refusal(&header).kind(), ErrorKind::DocumentWrongType, "{typ}");
        }
        let refusal = header_refusal(&plain().replace("mlicense-license", "mlicense-request"));
        assert_eq!(refusal.to_string(), "this is a request, a licence is wanted");
    }

    #[test]
    fn a_key_id_that_is_no_thumbprint_is_refused() {
        for kid in ["../../etc/passwd", "' OR 1=1 --", "", &"A".repeat(44)] {
            let header = plain().replace(&signer().key_id().to_string(), kid);
            assert_eq!(header_refusal(&header).kind(), ErrorKind::DocumentMalformed, "{kid}");
        }
    }

    #[test]
    fn a_header_of_1024_bytes_is_taken_and_a_longer_one_refused() {
        let spaces = |count| plain().replacen('{', &format!("{{{}", " ".repeat(count)), 1);
        let room = 768 - plain().len();
        let document = with_header(&spaces(room));
        assert!(Unverified::parse(DocumentType::License, document.as_bytes()).is_ok());
        assert_eq!(header_refusal(&spaces(room + 1)).kind(), ErrorKind::InputTooLarge);
    }

    #[test]
    fn a_document_of_64_kib_is_read_and_a_longer_one_refused() {
        let full = vec![b'A'; DOCUMENT_BYTES_MAX];
        let refusal = Unverified::parse(DocumentType::License, &full).unwrap_err();
        assert_eq!(refusal.kind(), ErrorKind::DocumentMalformed);
        let longer = vec![b'A'; DOCUMENT_BYTES_MAX + 1];
        let refusal = Unverified::parse(DocumentType::License, &longer).unwrap_err();
        assert_eq!(refusal.kind(), ErrorKind::InputTooLarge);
        assert_eq!(refusal.to_string(), "licence of 65537 bytes exceeds 65536");
    }

    #[test]
    fn a_payload_that_makes_a_document_too_long_is_not_signed() {
        let payload = "a".repeat(DOCUMENT_BYTES_MAX);
        let refusal = sign(DocumentType::License, &payload, &signer()).unwrap_err();
        assert_eq!(refusal.kind(), ErrorKind::InputTooLarge);
    }

    #[test]
    fn only_three_parts_of_canonical_base64url_are_a_document() {
        let document = with_header(&plain());
        let (signed, signature) = document.rsplit_once('.').unwrap();
        for wrong in [
            signed.to_owned(),
            format!("{document}.AAAA"),
            format!("{signed}..{signature}"),
            format!("{document}="),
            format!("{signed}.{}", signature.split_at(84).0),
            format!("{signed}.{signature}AA"),
            format!(" {document}"),
            format!("{signed}. {signature}"),
            String::new(),
            "..".to_owned(),
        ] {
            let refusal = Unverified::parse(DocumentType::License, wrong.as_bytes()).unwrap_err();
            assert_eq!(refusal.kind(), ErrorKind::DocumentMalformed, "{wrong}");
        }
        let lines = format!("{document}\r\n");
        assert!(Unverified::parse(DocumentType::License, lines.as_bytes()).is_ok());
    }

    #[test]
    fn types_are_written_as_they_are_named() {
        for document_type in DocumentType::ALL {
            let json = serde_json::to_value(document_type).unwrap();
            assert_eq!(json, document_type.typ());
        }
    }
}
