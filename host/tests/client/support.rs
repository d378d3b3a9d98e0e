//! A vendor and hosts to try clients with.

use std::path::Path;

use mlicense_core::{
    document::{
        Answer, AnswerClaims, HostBinding, License, LicenseClaims, Moment, Request, RequestKind,
        Span,
    },
    host_binding::{Fact, FactKind, HashedFacts, HostClass, HostFacts, MatchRule},
    id::ProductId,
    signing::{PublicKey, Signer},
    time::Instant,
};
use mlicense_host::{Client, Options, RequestDetails};

pub(crate) fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

pub(crate) fn day(text: &str) -> Moment {
    Moment::utc(text.parse().unwrap())
}

pub(crate) fn product() -> ProductId {
    ProductId::new("editor").unwrap()
}

pub(crate) fn vendor() -> Signer {
    Signer::from_seed([1; 32])
}

pub(crate) fn roots() -> [PublicKey; 1] {
    [vendor().public_key()]
}

/// Issued on 2026-03-01 at noon, licensed for the year from that day on.
pub(crate) fn year() -> LicenseClaims {
    LicenseClaims::until(product(), "Example Ltd", at("2026-03-01T12:00:00Z"), day("2027-03-01"))
}

/// The year, then a grace of 30 days.
pub(crate) fn year_and_grace() -> LicenseClaims {
    let mut claims = year();
    claims.grace = Some(Span::between(day("2027-03-01"), day("2027-03-31")));
    claims
}

pub(crate) fn numbered(serial: &str, issued_at: &str) -> LicenseClaims {
    let mut claims = year();
    claims.serial = Some(serial.into());
    claims.issued_at = at(issued_at);
    claims
}

pub(crate) fn issue(claims: &LicenseClaims) -> String {
    License::issue(claims, &vendor()).unwrap()
}

/// A machine whose disk and board have these serial numbers.
pub(crate) fn machine(disk: &str, board: &str) -> HostFacts {
    let facts = [
        (FactKind::BoardSerial, board),
        (FactKind::DiskSerial, disk),
        (FactKind::DmiUuid, board),
        (FactKind::Hostname, "billing"),
    ];
    let facts = facts.map(|(kind, value)| Fact::new(kind, value).unwrap());
    HostFacts::new(HostClass::BareMetal, facts)
}

pub(crate) fn in_memory() -> Client {
    Client::open(product(), &roots(), Options::stateless().facts(machine("D1", "B1"))).unwrap()
}

pub(crate) fn in_folder(folder: &Path) -> Client {
    let options = Options::folder(folder).facts(machine("D1", "B1"));
    Client::open(product(), &roots(), options).unwrap()
}

pub(crate) fn ask(client: &mut Client, kind: RequestKind, now: &str) -> Request {
    let text = client.request_at(kind, RequestDetails::default(), at(now)).unwrap();
    Request::verify(text.as_bytes()).unwrap()
}

/// What a vendor does with a request: bind a licence to its host and installation.
pub(crate) fn license_for(request: &Request, claims: LicenseClaims) -> LicenseClaims {
    let told = request.fields().host.as_ref().unwrap();
    let rule = MatchRule::enroll(&HashedFacts::from(told)).unwrap();
    let mut claims = claims;
    claims.host = Some(HostBinding::from(&rule));
    claims.installation = Some(request.installation());
    claims
}

pub(crate) fn answer(request: &Request, claims: LicenseClaims) -> AnswerClaims {
    let issued_at = claims.issued_at;
    let mut answer = AnswerClaims::to(request, issued_at);
    answer.license = Some(issue(&license_for(request, claims)));
    answer
}

pub(crate) fn write(answer: &AnswerClaims) -> String {
    Answer::write(answer, &vendor()).unwrap()
}
