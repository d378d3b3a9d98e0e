//! Writes `core/tests/vectors/documents.json` to standard output, the same bytes every time.
//!
//! Every language replays the file: a reader is given the roots, the key ring where there is one,
//! the type wanted and the document, and must come to the claims or to the refusal named.

use std::{
    error::Error,
    io::{self, Write},
};

use data_encoding::BASE64URL_NOPAD;
use mlicense_core::{
    document::{
        Answer, AnswerClaims, DocumentType, EnrolledFact, Feature, FeatureData, HostBinding,
        HostFact, HostFacts, License, LicenseClaims, LicenseKind, Moment, Nonce, Owner, Request,
        RequestFields, RequestKind, Revocation, RevocationClaims, RevocationList, SeatTerms, Span,
        TimeClaims, TimeToken,
    },
    error::ErrorKind,
    signing::{KeyRing, KeyRingClaims, KeyRole, RingKey, Signer, sha256},
    time::Instant,
};
use serde::Serialize;

type Made<T> = Result<T, Box<dyn Error>>;

fn main() -> Made<()> {
    Ok(io::stdout().write_all(document_vectors()?.as_bytes())?)
}

/// The whole file.
pub(crate) fn document_vectors() -> Made<String> {
    let mut cases = Cases::default();
    licenses(&mut cases)?;
    requests_and_answers(&mut cases)?;
    rings(&mut cases)?;
    headers(&mut cases)?;
    keys_of_requests(&mut cases)?;
    forms(&mut cases)?;
    payloads(&mut cases)?;
    signatures(&mut cases)?;
    // New cases go to the end: numbers are kept.
    roles(&mut cases)?;
    revocation_lists(&mut cases)?;
    times(&mut cases)?;
    answers_that_carry_more(&mut cases)?;
    limits_of_use(&mut cases)?;
    rules_of_requests_and_answers(&mut cases)?;
    arrays_for_objects(&mut cases)?;
    terms_of_seats(&mut cases)?;
    let about = "Seeds of 32 equal bytes: 1 root, 2 vendor's daily key, 3 installation, 4 stranger. \
                 Made by core/examples/make_document_vectors.rs.";
    Ok(format!("{}\n", serde_json::to_string_pretty(&File { about, cases: cases.0 })?))
}

#[derive(Serialize)]
struct File {
    about: &'static str,
    cases: Vec<Case>,
}

/// One document, what is known when it is read, and what comes of it.
#[derive(Clone, Serialize)]
struct Case {
    number: usize,
    name: &'static str,
    /// The type of document wanted.
    wanted: DocumentType,
    /// Root keys.
    roots: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_ring: Option<String>,
    document: String,
    expect: Expect,
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "snake_case")]
enum Expect {
    #[serde(rename = "claims")]
    License(Box<LicenseClaims>),
    #[serde(rename = "claims")]
    Request(Box<RequestFields>),
    #[serde(rename = "claims")]
    Answer(Box<AnswerClaims>),
    #[serde(rename = "claims")]
    KeyRing(KeyRingClaims),
    #[serde(rename = "claims")]
    Revocations(RevocationClaims),
    #[serde(rename = "claims")]
    Time(TimeClaims),
    Refusal(&'static str),
}

#[derive(Default)]
struct Cases(Vec<Case>);

impl Cases {
    fn add(&mut self, name: &'static str, wanted: DocumentType, document: String, expect: Expect) {
        let roots = vec![root().public_key().to_string()];
        let number = self.0.len().saturating_add(1);
        self.0.push(Case { number, name, wanted, roots, key_ring: None, document, expect });
    }

    fn refuse(&mut self, name: &'static str, document: String, kind: ErrorKind) {
        self.add(name, DocumentType::License, document, Expect::Refusal(kind.name()));
    }

    fn accept(&mut self, name: &'static str, claims: &LicenseClaims, signer: &Signer) -> Made<()> {
        let document = License::issue(claims, signer)?;
        let expect = Expect::License(Box::new(claims.clone()));
        self.add(name, DocumentType::License, document, expect);
        Ok(())
    }

    /// Gives the case added last a key ring.
    fn with_ring(&mut self, ring: &str) {
        if let Some(case) = self.0.last_mut() {
            case.key_ring = Some(ring.to_owned());
        }
    }
}

fn root() -> Signer {
    Signer::from_seed([1; 32])
}

fn daily() -> Signer {
    Signer::from_seed([2; 32])
}

fn installation() -> Signer {
    Signer::from_seed([3; 32])
}

fn stranger() -> Signer {
    Signer::from_seed([4; 32])
}

fn issued_at() -> Made<Instant> {
    Ok("2026-03-01T09:30:00Z".parse()?)
}

fn utc(day: &str) -> Made<Moment> {
    Ok(Moment::utc(day.parse()?))
}

fn year() -> Made<Span> {
    Ok(Span::between(utc("2026-03-01")?, utc("2027-03-01")?))
}

fn simple() -> Made<LicenseClaims> {
    Ok(LicenseClaims::subscription("editor".parse()?, "Example Ltd", issued_at()?, year()?))
}

fn simple_document() -> Made<String> {
    Ok(License::issue(&simple()?, &root())?)
}

/// Everything a licence can say, with days of a zone an hour ahead of UTC.
fn full() -> Made<LicenseClaims> {
    let paris =
        |day: &str, at: &str| -> Made<Moment> { Ok(Moment::new(day.parse()?, at.parse()?)?) };
    let end = paris("2027-03-01", "2027-02-28T23:00:00Z")?;
    let mut claims = simple()?;
    claims.vendor = Some("example-vendor".parse()?);
    claims.customer = Some("acme".parse()?);
    claims.serial = Some("L-2026/17 é".into());
    claims.licensed = Some(Span::between(paris("2026-03-01", "2026-02-28T23:00:00Z")?, end));
    claims.grace = Some(Span::between(end, paris("2027-03-31", "2027-03-30T22:00:00Z")?));
    claims.updates_until = Some(end);
    let mut camera = Feature::counted(25);
    camera.until = Some(paris("2026-09-01", "2026-08-31T22:00:00Z")?);
    claims.features =
        [("camera".parse()?, camera), ("export".parse()?, Feature::uncounted())].into();
    let facts = vec![EnrolledFact::new("board", "0a1b", 3), EnrolledFact::new("disk", "2c3d", 2)];
    claims.host = Some(HostBinding::new(3, facts));
    claims.installation = Some(installation().key_id());
    claims.nonce = Some(Nonce::from_entropy([9; 16]));
    Ok(claims)
}

fn licenses(cases: &mut Cases) -> Made<()> {
    let (product, at) = ("editor".parse()?, issued_at()?);
    let perpetual = LicenseClaims::perpetual(product, "Example Ltd", at);
    cases.accept("a_perpetual_licence", &perpetual, &root())?;
    cases.accept("a_subscription", &simple()?, &root())?;
    cases.accept("a_licence_that_says_everything", &full()?, &root())?;
    let trial = LicenseClaims::trial("editor".parse()?, "Example Ltd", at, year()?);
    cases.accept("a_trial", &trial, &root())?;
    let updates =
        LicenseClaims::updates_until("editor".parse()?, "Example Ltd", at, utc("2027-03-01")?);
    cases.accept("a_licence_with_an_end_of_updates", &updates, &root())?;
    let mut locked = LicenseClaims::new(LicenseKind::NodeLocked, "editor".parse()?, at);
    locked.licensed = Some(Span::starting(utc("2026-03-01")?));
    locked.installation = Some(installation().key_id());
    cases.accept("a_licence_for_one_installation", &locked, &root())?;
    let mut grace = simple()?;
    (grace.licensed, grace.grace) = (None, Some(year()?));
    cases.accept("a_licence_of_grace_alone", &grace, &root())?;
    let line = format!("{}\r\n", simple_document()?);
    let expect = Expect::License(Box::new(simple()?));
    cases.add("a_line_end_after_the_document", DocumentType::License, line, expect);
    Ok(())
}

fn requests_and_answers(cases: &mut Cases) -> Made<()> {
    let nonce = Nonce::from_entropy([9; 16]);
    let mut fields =
        RequestFields::new(RequestKind::System, "editor".parse()?, nonce, issued_at()?);
    fields.system = Some("door-7".parse()?);
    fields.customer = Some("acme".parse()?);
    fields.devices = [("camera".parse()?, 12)].into();
    fields.host = Some(HostFacts::new("vm", vec![HostFact::new("board", "0a1b")]));
    let request = Request::write(&fields, &installation())?;
    let expect = Expect::Request(Box::new(fields));
    cases.add("a_request_of_a_system", DocumentType::Request, request.clone(), expect);
    cases.refuse("a_request_is_no_licence", request, ErrorKind::DocumentWrongType);

    let mut answer =
        AnswerClaims::new(nonce, installation().key_id(), "editor".parse()?, issued_at()?);
    answer.license = Some(License::issue(&full()?, &daily())?);
    answer.key_ring = Some(ring(1, vec![ring_key(&daily())?], &root())?);
    let document = Answer::write(&answer, &daily())?;
    let expect = Expect::Answer(Box::new(answer.clone()));
    cases.add("an_answer_with_ring_and_licence", DocumentType::Answer, document, expect);
    answer.key_ring = Some(ring(1, vec![ring_key(&daily())?], &stranger())?);
    let document = Answer::write(&answer, &daily())?;
    let expect = Expect::Refusal(ErrorKind::KeyNotTrusted.name());
    cases.add("an_answer_with_a_stranger_s_ring", DocumentType::Answer, document, expect);
    (answer.license, answer.key_ring) = (None, None);
    answer.refusal = Some(ErrorKind::KeyUnknown.into());
    let document = Answer::write(&answer, &root())?;
    let expect = Expect::Answer(Box::new(answer));
    cases.add("an_answer_that_refuses", DocumentType::Answer, document.clone(), expect);
    cases.refuse("an_answer_is_no_licence", document, ErrorKind::DocumentWrongType);
    Ok(())
}

fn ring_key(signer: &Signer) -> Made<RingKey> {
    Ok(RingKey::new(signer.public_key(), "2026-01-01T00:00:00Z".parse()?))
}

fn ring(number: u64, keys: Vec<RingKey>, root: &Signer) -> Made<String> {
    let issued_at = "2026-01-01T00:00:00Z".parse()?;
    Ok(KeyRing::issue(&KeyRingClaims::new(number, issued_at, keys), root)?)
}

fn rings(cases: &mut Cases) -> Made<()> {
    let mut key = ring_key(&daily())?;
    key.valid_until = Some("2026-06-01T00:00:00Z".parse()?);
    let keys = vec![key.clone()];
    let document = ring(3, keys.clone(), &root())?;
    let issued = "2026-01-01T00:00:00Z".parse()?;
    let expect = Expect::KeyRing(KeyRingClaims::new(3, issued, keys));
    cases.add("a_key_ring", DocumentType::KeyRing, document.clone(), expect);
    cases.accept("a_licence_by_a_key_of_the_ring_in_its_time", &simple()?, &daily())?;
    cases.with_ring(&document);
    let mut late = simple()?;
    late.issued_at = "2026-06-01T00:00:00Z".parse()?;
    let late = License::issue(&late, &daily())?;
    cases.refuse("a_licence_by_a_retired_key", late, ErrorKind::KeyNotValid);
    cases.with_ring(&document);

    let in_time = License::issue(&simple()?, &daily())?;
    cases.refuse("a_licence_by_a_key_of_no_ring", in_time.clone(), ErrorKind::KeyNotTrusted);
    key.revoked_at = Some("2026-05-01T00:00:00Z".parse()?);
    let revoked = ring(4, vec![key.clone()], &root())?;
    cases.refuse("a_licence_by_a_revoked_key", in_time.clone(), ErrorKind::KeyNotValid);
    cases.with_ring(&revoked);
    (key.revoked_at, key.role) = (None, Some(KeyRole::Answers));
    let answers = ring(5, vec![key], &root())?;
    cases.refuse("a_licence_by_a_key_for_answers", in_time, ErrorKind::KeyNotTrusted);
    cases.with_ring(&answers);

    let expect = Expect::Refusal(ErrorKind::KeyNotTrusted.name());
    let forged = ring(9, vec![ring_key(&stranger())?], &stranger())?;
    cases.add("a_ring_by_a_stranger", DocumentType::KeyRing, forged, expect);
    let expect = Expect::Refusal(ErrorKind::KeyWeak.name());
    let weak = signed(&header(DocumentType::KeyRing), &ring_with_neutral_key(), &root());
    cases.add("a_ring_with_a_weak_key", DocumentType::KeyRing, weak, expect);
    Ok(())
}

/// The neutral point of the curve, under which one signature holds for every message.
fn neutral() -> String {
    let mut point = [0; 32];
    if let Some(low) = point.first_mut() {
        *low = 1;
    }
    BASE64URL_NOPAD.encode(&point)
}

fn thumbprint(x: &str) -> String {
    let jwk = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
    BASE64URL_NOPAD.encode(&sha256(jwk.as_bytes()))
}

fn ring_with_neutral_key() -> String {
    let x = neutral();
    let kid = thumbprint(&x);
    format!(r#"{{"number":1,"iat":1767225600,"keys":[{{"kty":"OKP","crv":"Ed25519","x":"{x}","#)
        + &format!(r#""kid":"{kid}","valid_from":1767225600}}]}}"#)
}

fn header(document_type: DocumentType) -> String {
    let kid = root().key_id();
    format!(r#"{{"alg":"EdDSA","kid":"{kid}","typ":"{}"}}"#, document_type.typ())
}

/// A correctly signed document of any header and payload.
fn signed(header: &str, payload: &str, signer: &Signer) -> String {
    let parts = [header.as_bytes(), payload.as_bytes()].map(|part| BASE64URL_NOPAD.encode(part));
    let text = parts.join(".");
    // A seed always signs.
    let signature = signer.sign(text.as_bytes()).unwrap_or([0; 64]);
    format!("{text}.{}", BASE64URL_NOPAD.encode(&signature))
}

fn headers(cases: &mut Cases) -> Made<()> {
    let payload = serde_json::to_string(&simple()?)?;
    let plain = header(DocumentType::License);
    let with = |member: &str| plain.replace("\"typ\"", &format!("{member},\"typ\""));
    let jwk = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, root().public_key());
    for (name, header, kind) in [
        ("alg_none", plain.replace("EdDSA", "none"), ErrorKind::DocumentMalformed),
        ("alg_hs256", plain.replace("EdDSA", "HS256"), ErrorKind::DocumentMalformed),
        ("alg_twice", with(r#""alg":"EdDSA""#), ErrorKind::DocumentMalformed),
        ("jku_in_header", with(r#""jku":"https://example.org""#), ErrorKind::DocumentMalformed),
        ("x5c_in_header", with(r#""x5c":["AA"]"#), ErrorKind::DocumentMalformed),
        ("crit_in_header", with(r#""crit":["exp"]"#), ErrorKind::DocumentMalformed),
        ("b64_in_header", with(r#""b64":false"#), ErrorKind::DocumentMalformed),
        ("jwk_in_a_licence", with(&format!(r#""jwk":{jwk}"#)), ErrorKind::DocumentMalformed),
        ("no_key_id", plain.replace("\"kid\"", "\"kip\""), ErrorKind::DocumentMalformed),
        (
            "a_path_as_key_id",
            plain.replace(r#""kid":""#, r#""kid":"../"#),
            ErrorKind::DocumentMalformed,
        ),
        ("typ_jwt", plain.replace("mlicense-license+jwt", "JWT"), ErrorKind::DocumentWrongType),
        (
            "typ_in_capitals",
            plain.replace("mlicense-l", "mlicense-L"),
            ErrorKind::DocumentWrongType,
        ),
    ] {
        cases.refuse(name, signed(&header, &payload, &root()), kind);
    }
    let none = signed(&plain.replace("EdDSA", "none"), &payload, &root());
    let none = format!("{}.", none.rsplit_once('.').unwrap_or_default().0);
    cases.refuse("alg_none_without_signature", none, ErrorKind::DocumentMalformed);
    cases.refuse(
        "a_stranger_s_licence",
        License::issue(&simple()?, &stranger())?,
        ErrorKind::KeyNotTrusted,
    );
    let claimed = signed(&plain, &payload, &stranger());
    cases.refuse("a_stranger_under_the_root_s_name", claimed, ErrorKind::SignatureInvalid);
    Ok(())
}

fn keys_of_requests(cases: &mut Cases) -> Made<()> {
    let nonce = Nonce::from_entropy([9; 16]);
    let fields = RequestFields::new(RequestKind::Trial, "editor".parse()?, nonce, issued_at()?);
    let payload = serde_json::to_string(&fields)?;
    let typ = DocumentType::Request.typ();
    let header = |kid: &str, x: &str| {
        let jwk = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
        format!(r#"{{"alg":"EdDSA","jwk":{jwk},"kid":"{kid}","typ":"{typ}"}}"#)
    };
    let own = installation().public_key().to_string();
    let (kid, other) = (installation().key_id().to_string(), stranger().key_id().to_string());
    let good = header(&kid, &own);
    let without =
        good.replace(&format!(r#""jwk":{{"crv":"Ed25519","kty":"OKP","x":"{own}"}},"#), "");
    let private = good.replace(r#""crv""#, r#""d":"AA","crv""#);
    let other_curve = good.replace("Ed25519", "X25519");
    let weak = header(&thumbprint(&neutral()), &neutral());
    for (name, header, kind) in [
        ("a_request_under_another_s_name", header(&other, &own), ErrorKind::DocumentMalformed),
        ("a_request_without_its_key", without, ErrorKind::DocumentMalformed),
        ("a_request_with_a_private_key", private, ErrorKind::DocumentMalformed),
        ("a_request_with_a_key_of_another_curve", other_curve, ErrorKind::DocumentMalformed),
        ("a_request_with_a_weak_key", weak, ErrorKind::KeyWeak),
    ] {
        let mut document = signed(&header, &payload, &installation());
        if kind == ErrorKind::KeyWeak {
            let (text, _) = document.rsplit_once('.').unwrap_or_default();
            document = format!("{text}.{}", BASE64URL_NOPAD.encode(&neutral_signature()));
        }
        cases.add(name, DocumentType::Request, document, Expect::Refusal(kind.name()));
    }
    let expect = Expect::Request(Box::new(fields));
    let document = signed(&good, &payload, &installation());
    cases.add("a_request_for_a_trial", DocumentType::Request, document, expect);
    Ok(())
}

fn forms(cases: &mut Cases) -> Made<()> {
    let document = simple_document()?;
    let (text, signature) = document.rsplit_once('.').unwrap_or_default();
    let short = signature.split_at(signature.len().saturating_sub(2)).0;
    // RFC 8037, appendix A.4: a good signature, and no document of ours.
    let foreign = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.\
        hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    for (name, document) in [
        ("nothing", String::new()),
        ("one_part", "AAAA".into()),
        ("two_parts", text.to_owned()),
        ("four_parts", format!("{document}.AAAA")),
        ("padding", format!("{document}==")),
        ("a_leading_space", format!(" {document}")),
        ("a_signature_of_63_bytes", format!("{text}.{short}")),
        ("a_signature_of_66_bytes", format!("{document}AA")),
        ("the_example_of_rfc_8037", foreign.into()),
    ] {
        cases.refuse(name, document, ErrorKind::DocumentMalformed);
    }
    Ok(())
}

fn payloads(cases: &mut Cases) -> Made<()> {
    let good = serde_json::to_string(&simple()?)?;
    let with = |member: &str| good.replacen('{', &format!("{{{member},"), 1);
    let nested = |depth: usize| {
        let (open, close) = ("[".repeat(depth), "]".repeat(depth));
        with(&format!(r#""newer":{open}{close}"#))
    };
    let array = |items: usize| with(&format!(r#""newer":[{}]"#, vec!["1"; items].join(",")));
    let expect = Expect::License(Box::new(simple()?));
    for (name, payload) in [
        ("an_unknown_member", with(r#""newer":{"a":1}"#)),
        ("nesting_of_16", nested(15)),
        ("a_thousand_items", array(1000)),
    ] {
        let document = signed(&header(DocumentType::License), &payload, &root());
        cases.add(name, DocumentType::License, document, expect.clone());
    }
    let (json, false_claims) = (ErrorKind::JsonInvalid, ErrorKind::ClaimsContradictory);
    for (name, payload, kind) in [
        (
            "an_unknown_critical_member",
            with(r#""newer":1,"crit":["newer"]"#),
            ErrorKind::MemberUnknown,
        ),
        ("a_member_twice", with(r#""aud":"viewer""#), json),
        ("a_member_twice_deep_down", with(r#""newer":[{"a":1,"a":2}]"#), json),
        ("a_fraction", with(r#""newer":1.5"#), json),
        ("an_exponent", with(r#""newer":1E400"#), json),
        ("a_number_of_65_bits", with(r#""newer":18446744073709551616"#), json),
        ("nesting_of_17", nested(16), json),
        ("a_thousand_items_and_one", array(1001), json),
        ("bytes_after_the_payload", format!("{good}{{}}"), json),
        ("no_product", good.replace("\"aud\"", "\"avd\""), json),
        (
            "an_end_before_the_start",
            good.replace("2027-03-01", "2025-03-01").replace("1803859200", "1740787200"),
            false_claims,
        ),
        ("a_day_and_an_instant_apart", good.replace("2027-03-01", "2028-03-01"), json),
        (
            "a_trial_without_an_end",
            with_kind(
                &LicenseClaims::perpetual("editor".parse()?, "Example Ltd", issued_at()?),
                "trial",
            )?,
            false_claims,
        ),
        ("a_perpetual_licence_with_an_end", with_kind(&simple()?, "perpetual")?, false_claims),
        ("a_node_locked_licence_for_no_node", with_kind(&simple()?, "node_locked")?, false_claims),
        ("neither_licensed_nor_grace", good.replace("\"licensed\"", "\"newer\""), false_claims),
    ] {
        let document = signed(&header(DocumentType::License), &payload, &root());
        cases.refuse(name, document, kind);
    }
    Ok(())
}

fn with_kind(claims: &LicenseClaims, kind: &str) -> Made<String> {
    let json = serde_json::to_string(claims)?;
    let kinds = ["perpetual", "subscription"].map(|kind| format!(r#""kind":"{kind}""#));
    Ok(kinds.iter().fold(json, |json, old| json.replace(old, &format!(r#""kind":"{kind}""#))))
}

fn signatures(cases: &mut Cases) -> Made<()> {
    let document = simple_document()?;
    let (text, signature) = document.rsplit_once('.').unwrap_or_default();
    let signature = BASE64URL_NOPAD.decode(signature.as_bytes())?;
    let with = |signature: &[u8]| format!("{text}.{}", BASE64URL_NOPAD.encode(signature));
    let (r, s) = signature.split_at(32);
    let zeros = [0; 32];
    for (name, signature) in [
        ("a_signature_of_zeros", [zeros, zeros].concat()),
        ("a_signature_with_r_of_zeros", [&zeros, s].concat()),
        ("a_signature_with_s_of_zeros", [r, &zeros].concat()),
        ("a_signature_with_s_plus_the_order", [r, &plus_order(s)].concat()),
    ] {
        cases.refuse(name, with(&signature), ErrorKind::SignatureInvalid);
    }
    let mut other = simple()?;
    other.licensee = Some("Exemple SA".into());
    let other = License::issue(&other, &root())?;
    let (other, _) = other.rsplit_once('.').unwrap_or_default();
    let swapped = format!("{other}.{}", BASE64URL_NOPAD.encode(&signature));
    cases.refuse("another_licence_s_signature", swapped, ErrorKind::SignatureInvalid);
    cases.refuse("the_neutral_point_as_root", with(&neutral_signature()), ErrorKind::KeyWeak);
    if let Some(case) = cases.0.last_mut() {
        case.roots = vec![neutral()];
    }
    Ok(())
}

fn roles(cases: &mut Cases) -> Made<()> {
    let mut key = ring_key(&daily())?;
    key.role = Some(KeyRole::Checkpoints);
    let keys = vec![key];
    let document = ring(6, keys.clone(), &root())?;
    let expect = Expect::KeyRing(KeyRingClaims::new(6, "2026-01-01T00:00:00Z".parse()?, keys));
    cases.add("a_ring_with_a_key_for_checkpoints", DocumentType::KeyRing, document.clone(), expect);
    let license = License::issue(&simple()?, &daily())?;
    cases.refuse("a_licence_by_a_key_for_checkpoints", license, ErrorKind::KeyNotTrusted);
    cases.with_ring(&document);

    let mut mirror = ring_key(&stranger())?;
    mirror.role = Some(KeyRole::Answers);
    let known = vec![ring_key(&daily())?];
    let payload = payload_of(&ring(7, [known.clone(), vec![mirror]].concat(), &root())?)?;
    let payload = payload.replace(r#""role":"answers""#, r#""role":"mirrors""#);
    let document = signed(&header(DocumentType::KeyRing), &payload, &root());
    let expect = Expect::KeyRing(KeyRingClaims::new(7, "2026-01-01T00:00:00Z".parse()?, known));
    let name = "a_ring_with_a_key_of_an_unknown_role";
    cases.add(name, DocumentType::KeyRing, document.clone(), expect);
    let license = License::issue(&simple()?, &stranger())?;
    cases.refuse("a_licence_by_a_key_of_an_unknown_role", license, ErrorKind::KeyNotTrusted);
    cases.with_ring(&document);
    Ok(())
}

fn payload_of(document: &str) -> Made<String> {
    let payload = document.split('.').nth(1).unwrap_or_default();
    Ok(String::from_utf8(BASE64URL_NOPAD.decode(payload.as_bytes())?)?)
}

fn list_of(number: u64) -> Made<RevocationClaims> {
    let (now, due) = (issued_at()?, "2026-03-08T09:30:00Z".parse()?);
    let entry = |reason| Revocation::new(now, reason);
    let mut claims = RevocationClaims::new(number, now, due);
    claims.licenses.insert("L-2026/17 é".into(), entry("refunded"));
    claims.keys.insert(daily().key_id(), entry("key stolen"));
    claims.installations.insert(installation().key_id(), entry("scrapped"));
    Ok(claims)
}

/// A ring with one key for answers and one for licences.
fn ring_of_two(answers: &Signer, licenses: &Signer) -> Made<String> {
    let (mut server, mut daily) = (ring_key(answers)?, ring_key(licenses)?);
    (server.role, daily.role) = (Some(KeyRole::Answers), Some(KeyRole::Licenses));
    ring(8, vec![server, daily], &root())
}

fn revocation_lists(cases: &mut Cases) -> Made<()> {
    let list = DocumentType::Revocations;
    let claims = list_of(4)?;
    let document = RevocationList::issue(&claims, &root())?;
    cases.add("a_revocation_list", list, document.clone(), Expect::Revocations(claims.clone()));
    cases.refuse("a_revocation_list_is_no_licence", document, ErrorKind::DocumentWrongType);
    let wrong_type = Expect::Refusal(ErrorKind::DocumentWrongType.name());
    cases.add("a_licence_is_no_revocation_list", list, simple_document()?, wrong_type);
    let nothing = RevocationClaims::new(5, claims.issued_at, claims.next_update);
    let document = RevocationList::issue(&nothing, &root())?;
    cases.add("a_list_that_revokes_nothing", list, document, Expect::Revocations(nothing));

    let document = RevocationList::issue(&claims, &stranger())?;
    let untrusted = Expect::Refusal(ErrorKind::KeyNotTrusted.name());
    cases.add("a_stranger_s_list", list, document.clone(), untrusted.clone());
    let (name, expect) = ("a_list_by_a_key_for_answers", Expect::Revocations(claims.clone()));
    cases.add(name, list, document.clone(), expect);
    cases.with_ring(&ring_of_two(&stranger(), &daily())?);
    cases.add("a_list_by_a_key_for_licences", list, document, untrusted);
    cases.with_ring(&ring_of_two(&daily(), &stranger())?);

    let good = serde_json::to_string(&claims)?;
    let signed_list = |payload: &str| signed(&header(list), payload, &root());
    let own = good.replace(&daily().key_id().to_string(), &root().key_id().to_string());
    let (json, false_claims) = (ErrorKind::JsonInvalid, ErrorKind::ClaimsContradictory);
    for (name, payload, kind) in [
        ("a_list_that_revokes_its_signer", own, false_claims),
        ("a_list_due_when_it_was_signed", good.replace("1772962200", "1772357400"), false_claims),
        (
            "a_revocation_from_after_the_list",
            good.replace(r#""at":1772357400"#, r#""at":1772357401"#),
            false_claims,
        ),
        ("a_revocation_without_a_reason", good.replace("refunded", ""), ErrorKind::FieldInvalid),
        (
            "a_licence_revoked_twice",
            good.replace(r#"{"L-"#, r#"{"L-2026/17 é":{"at":1,"reason":"r"},"L-"#),
            json,
        ),
        ("a_list_without_a_number", good.replace("number", "nummer"), json),
    ] {
        cases.add(name, list, signed_list(&payload), Expect::Refusal(kind.name()));
    }
    Ok(())
}

fn time_claims() -> Made<TimeClaims> {
    Ok(TimeClaims::new(Nonce::from_entropy([9; 16]), installation().key_id(), issued_at()?))
}

fn times(cases: &mut Cases) -> Made<()> {
    let time = DocumentType::Time;
    let document = TimeToken::issue(&time_claims()?, &root())?;
    cases.add("a_time_token", time, document.clone(), Expect::Time(time_claims()?));
    cases.refuse("a_time_token_is_no_licence", document.clone(), ErrorKind::DocumentWrongType);
    let (_, rest) = document.split_once('.').unwrap_or_default();
    let renamed = BASE64URL_NOPAD.encode(header(DocumentType::License).as_bytes());
    let renamed = format!("{renamed}.{rest}");
    cases.refuse("a_time_token_renamed_to_a_licence", renamed, ErrorKind::SignatureInvalid);

    let document = TimeToken::issue(&time_claims()?, &stranger())?;
    let name = "a_time_token_by_a_key_for_answers";
    cases.add(name, time, document.clone(), Expect::Time(time_claims()?));
    cases.with_ring(&ring_of_two(&stranger(), &daily())?);
    let untrusted = Expect::Refusal(ErrorKind::KeyNotTrusted.name());
    cases.add("a_time_token_by_a_key_for_licences", time, document, untrusted);
    cases.with_ring(&ring_of_two(&daily(), &stranger())?);
    let payload = serde_json::to_string(&time_claims()?)?.replace("CQkJ", "CQk");
    let document = signed(&header(time), &payload, &root());
    let expect = Expect::Refusal(ErrorKind::JsonInvalid.name());
    cases.add("a_time_token_with_a_short_nonce", time, document, expect);
    Ok(())
}

fn answers_that_carry_more(cases: &mut Cases) -> Made<()> {
    let (nonce, own) = (Nonce::from_entropy([9; 16]), installation().key_id());
    let plain = AnswerClaims::new(nonce, own, "editor".parse()?, issued_at()?);
    let mut full = plain.clone();
    full.revocations = Some(RevocationList::issue(&list_of(4)?, &root())?);
    full.time = Some(TimeToken::issue(&time_claims()?, &root())?);
    full.license = Some(License::issue(&simple()?, &root())?);
    let expect = Expect::Answer(Box::new(full.clone()));
    let document = Answer::write(&full, &root())?;
    cases.add("an_answer_with_list_time_and_licence", DocumentType::Answer, document, expect);

    let mut revoked = full.clone();
    revoked.key_ring = Some(ring(1, vec![ring_key(&daily())?], &root())?);
    revoked.license = Some(License::issue(&simple()?, &daily())?);
    let (mut other_nonce, mut other_host) = (plain.clone(), plain.clone());
    let time = TimeClaims::new(Nonce::from_entropy([8; 16]), own, issued_at()?);
    other_nonce.time = Some(TimeToken::issue(&time, &root())?);
    let time = TimeClaims::new(nonce, stranger().key_id(), issued_at()?);
    other_host.time = Some(TimeToken::issue(&time, &root())?);
    let (mut swapped, mut foreign) = (plain.clone(), plain);
    swapped.time = full.revocations;
    foreign.revocations = Some(RevocationList::issue(&list_of(4)?, &stranger())?);
    for (name, claims, kind) in [
        ("an_answer_whose_list_revokes_the_licence_s_key", revoked, ErrorKind::KeyNotValid),
        ("an_answer_with_the_time_of_another_request", other_nonce, ErrorKind::OtherRequest),
        ("an_answer_with_another_s_time", other_host, ErrorKind::OtherInstallation),
        ("an_answer_with_a_list_as_time", swapped, ErrorKind::DocumentWrongType),
        ("an_answer_with_a_stranger_s_list", foreign, ErrorKind::KeyNotTrusted),
    ] {
        let document = Answer::write(&claims, &root())?;
        cases.add(name, DocumentType::Answer, document, Expect::Refusal(kind.name()));
    }
    Ok(())
}

/// Offline use, devices, and data of features.
fn limits_of_use(cases: &mut Cases) -> Made<()> {
    let mut claims = simple()?;
    claims.offline_until = Some(utc("2026-04-01")?);
    claims.devices = Some(vec!["camera-2".parse()?, "camera-1".parse()?]);
    let mut export = Feature::counted(5);
    export.data = Some(FeatureData::new(&[0xfb, 0xff, 0])?);
    claims.features = [("export".parse()?, export)].into();
    cases.accept("a_licence_with_offline_use_devices_and_data", &claims, &root())?;
    let good = serde_json::to_string(&claims)?;
    let data = |text: &str| good.replace(r#""data":"-_8A""#, &format!(r#""data":"{text}""#));
    let (json, false_claims) = (ErrorKind::JsonInvalid, ErrorKind::ClaimsContradictory);
    for (name, payload, kind) in [
        ("data_in_ordinary_base64", data("+/8A"), json),
        ("no_data", data(""), json),
        ("data_of_4097_bytes", data(&BASE64URL_NOPAD.encode(&[0; 4097])), json),
        ("a_device_twice", good.replace("camera-2", "camera-1"), false_claims),
        ("no_device", good.replace(r#"["camera-2","camera-1"]"#, "[]"), false_claims),
        ("a_device_that_is_no_id", good.replace("camera-2", "camera 2"), json),
        (
            "offline_use_that_ends_when_it_is_signed",
            good.replace(
                r#"{"day":"2026-04-01","at":1775001600}"#,
                r#"{"day":"2026-03-01","at":1772357400}"#,
            ),
            false_claims,
        ),
    ] {
        assert_ne!(payload, good, "{name}");
        cases.refuse(name, signed(&header(DocumentType::License), &payload, &root()), kind);
    }
    Ok(())
}

fn rules_of_requests_and_answers(cases: &mut Cases) -> Made<()> {
    let nonce = Nonce::from_entropy([9; 16]);
    let mut fields =
        RequestFields::new(RequestKind::Number, "editor".parse()?, nonce, issued_at()?);
    fields.number = Some("ACME-1".into());
    fields.epoch = Some(u64::MAX);
    fields.group = Some("nodes".parse()?);
    fields.label = Some("Empfang, 2. Stock".into());
    let fact = HostFact::new("board", "0a1b");
    fields.host = Some(HostFacts::new("vm", vec![fact]));
    let request = Request::write(&fields, &installation())?;
    let header = request.split_once('.').unwrap_or_default().0;
    let header = String::from_utf8(BASE64URL_NOPAD.decode(header.as_bytes())?)?;
    let good = serde_json::to_string(&fields)?;
    let expect = Expect::Request(Box::new(fields));
    cases.add(
        "a_request_with_number_group_label_and_epoch",
        DocumentType::Request,
        request,
        expect,
    );
    let (fact, false_claims) =
        (r#"{"kind":"board","digest":"0a1b"}"#, ErrorKind::ClaimsContradictory);
    for (name, old, new, kind) in [
        ("a_request_with_a_long_number", "ACME-1", &*"1".repeat(65), ErrorKind::FieldInvalid),
        (
            "a_request_with_a_long_label",
            "Empfang, 2. Stock",
            &*"1".repeat(129),
            ErrorKind::FieldInvalid,
        ),
        ("a_request_with_a_group_that_is_no_id", "nodes", "no id", ErrorKind::JsonInvalid),
        ("a_request_without_its_number", r#""number":"ACME-1","#, "", false_claims),
        ("a_request_of_no_system", r#""kind":"number""#, r#""kind":"system""#, false_claims),
        ("a_request_with_a_fact_twice", fact, &format!("{fact},{fact}"), false_claims),
        (
            "an_epoch_of_65_bits",
            "18446744073709551615",
            "18446744073709551616",
            ErrorKind::JsonInvalid,
        ),
        ("a_recovery_without_an_owner", r#""kind":"number""#, r#""kind":"recover""#, false_claims),
        (
            "a_request_of_a_kind_unknown",
            r#""kind":"number""#,
            r#""kind":"favour""#,
            ErrorKind::JsonInvalid,
        ),
    ] {
        let payload = good.replace(old, new);
        assert_ne!(payload, good, "{name}");
        let document = signed(&header, &payload, &installation());
        cases.add(name, DocumentType::Request, document, Expect::Refusal(kind.name()));
    }

    registrations(cases)?;
    answers_with_licences_of_others(cases)
}

fn answers_with_licences_of_others(cases: &mut Cases) -> Made<()> {
    let nonce = Nonce::from_entropy([9; 16]);
    let own = installation().key_id();
    let mut answer = AnswerClaims::new(nonce, own, "editor".parse()?, issued_at()?);
    let mut claims = simple()?;
    claims.product = "viewer".parse()?;
    answer.license = Some(License::issue(&claims, &root())?);
    let other_product = Answer::write(&answer, &root())?;
    let mut claims = simple()?;
    claims.installation = Some(stranger().key_id());
    answer.license = Some(License::issue(&claims, &root())?);
    let other_host = Answer::write(&answer, &root())?;
    answer.refusal = Some(ErrorKind::KeyUnknown.into());
    let both = serde_json::to_string(&answer)?;
    let both = signed(&header(DocumentType::Answer), &both, &root());
    for (name, document, kind) in [
        ("an_answer_with_another_product_s_licence", other_product, ErrorKind::OtherProduct),
        ("an_answer_with_another_s_licence", other_host, ErrorKind::OtherInstallation),
        ("an_answer_with_licence_and_refusal", both, ErrorKind::ClaimsContradictory),
    ] {
        cases.add(name, DocumentType::Answer, document, Expect::Refusal(kind.name()));
    }
    Ok(())
}

/// Who asks for a number, and the number that answers.
fn registrations(cases: &mut Cases) -> Made<()> {
    let nonce = Nonce::from_entropy([9; 16]);
    let mut fields =
        RequestFields::new(RequestKind::Register, "editor".parse()?, nonce, issued_at()?);
    let mut owner = Owner::new("post@acme.example");
    owner.company = Some("Acme".into());
    owner.contact = Some("C. Ontact".into());
    owner.zone = Some("Europe/Berlin".into());
    fields.owner = Some(owner);
    let request = Request::write(&fields, &installation())?;
    let header = request.split_once('.').unwrap_or_default().0;
    let header = String::from_utf8(BASE64URL_NOPAD.decode(header.as_bytes())?)?;
    let good = serde_json::to_string(&fields)?;
    let expect = Expect::Request(Box::new(fields));
    cases.add("a_request_for_a_number", DocumentType::Request, request, expect);
    for (name, old, new, kind) in [
        ("an_owner_without_a_company", r#","company":"Acme""#, "", ErrorKind::ClaimsContradictory),
        (
            "an_owner_without_an_address",
            "post@acme.example",
            "acme.example",
            ErrorKind::ClaimsContradictory,
        ),
        ("an_owner_of_no_name", r#""C. Ontact""#, r#""""#, ErrorKind::FieldInvalid),
        (
            "a_number_recovered_for_nobody",
            r#""owner":{"email":"post@acme.example","company":"Acme","contact":"C. Ontact","zone":"Europe/Berlin"},"#,
            "",
            ErrorKind::ClaimsContradictory,
        ),
    ] {
        let payload = good.replace(old, new);
        assert_ne!(payload, good, "{name}");
        let document = signed(&header, &payload, &installation());
        cases.add(name, DocumentType::Request, document, Expect::Refusal(kind.name()));
    }
    let own = installation().key_id();
    let mut answer = AnswerClaims::new(nonce, own, "editor".parse()?, issued_at()?);
    answer.number = Some("ACME-1".into());
    let document = Answer::write(&answer, &root())?;
    let expect = Expect::Answer(Box::new(answer));
    cases.add("an_answer_with_a_number", DocumentType::Answer, document, expect);
    Ok(())
}

fn arrays_for_objects(cases: &mut Cases) -> Made<()> {
    let good = serde_json::to_string(&simple()?)?;
    let start = r#"{"day":"2026-03-01","at":1772323200}"#;
    let moment = good.replace(start, r#"["2026-03-01",1772323200]"#);
    let feature = good.replace(r#""features":{}"#, r#""features":{"export":[5,null,null]}"#);
    for (name, payload) in [("a_moment_as_an_array", moment), ("a_feature_as_an_array", feature)] {
        assert_ne!(payload, good, "{name}");
        let document = signed(&header(DocumentType::License), &payload, &root());
        cases.refuse(name, document, ErrorKind::JsonInvalid);
    }
    let header = format!(r#"["EdDSA",null,"{}","mlicense-license+jwt"]"#, root().key_id());
    let document = signed(&header, &good, &root());
    cases.refuse("a_header_as_an_array", document, ErrorKind::DocumentMalformed);
    Ok(())
}

fn terms_of_seats(cases: &mut Cases) -> Made<()> {
    let mut claims = simple()?;
    let mut seats = SeatTerms::default();
    (seats.lease_seconds, seats.release_strict) = (Some(3600), Some(false));
    claims.seats = Some(seats);
    cases.accept("a_licence_with_terms_of_seats", &claims, &root())?;
    let good = serde_json::to_string(&claims)?;
    let (json, false_claims) = (ErrorKind::JsonInvalid, ErrorKind::ClaimsContradictory);
    for (name, old, new, kind) in [
        ("a_lease_of_59_seconds", "3600", "59", false_claims),
        ("a_lease_of_3601_seconds", "3600", "3601", false_claims),
        ("a_lease_that_is_a_text", "3600", "\"3600\"", json),
        ("a_release_that_is_strict_by_number", "false", "0", json),
        (
            "terms_of_seats_as_an_array",
            r#"{"lease_seconds":3600,"release_strict":false}"#,
            "[]",
            json,
        ),
    ] {
        let payload = good.replace(old, new);
        assert_ne!(payload, good, "{name}");
        cases.refuse(name, signed(&header(DocumentType::License), &payload, &root()), kind);
    }
    claims.seats = Some(SeatTerms::default());
    cases.accept("a_licence_with_terms_of_seats_that_say_nothing", &claims, &root())
}

/// The signature that holds for every message under the neutral point.
fn neutral_signature() -> [u8; 64] {
    let mut signature = [0; 64];
    if let Some(low) = signature.first_mut() {
        *low = 1;
    }
    signature
}

/// `s` plus the order of the base point, lowest byte first: the same number to a lenient verifier.
fn plus_order(s: &[u8]) -> Vec<u8> {
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde,
        0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut carry = 0_u16;
    s.iter()
        .zip(ORDER)
        .map(|(s, order)| {
            let sum = u16::from(*s).saturating_add(order.into()).saturating_add(carry);
            let [low, high] = sum.to_le_bytes();
            carry = high.into();
            low
        })
        .collect()
}
