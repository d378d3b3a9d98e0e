//! A vendor, hosts and clocks to try clients with.

use std::{
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

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
use mlicense_host::{Client, Clock, Options, RequestDetails, Uptime};

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

/// Two clocks that a test turns: one that anybody may set, and one that only runs.
#[derive(Clone, Debug)]
pub(crate) struct Hands(Arc<Turned>);

#[derive(Debug)]
struct Turned {
    clock: AtomicI64,
    /// Milliseconds.
    ran: AtomicU64,
    boot: Mutex<String>,
}

impl Hands {
    pub(crate) fn at(now: &str) -> Self {
        let clock = AtomicI64::new(at(now).unix());
        Self(Arc::new(Turned { clock, ran: AtomicU64::new(1), boot: Mutex::new("1".into()) }))
    }

    /// Sets the clock, which takes longer than a client goes by one look at it.
    pub(crate) fn set(&self, now: &str) {
        self.turn(at(now));
    }

    /// Sets the clock to an instant, as [`Hands::set`].
    pub(crate) fn turn(&self, to: Instant) {
        self.0.clock.store(to.unix(), Ordering::Relaxed);
        self.0.ran.fetch_add(20, Ordering::Relaxed);
    }

    /// What the clock shows that anybody may set.
    pub(crate) fn shown(&self) -> Instant {
        Instant::from_unix(self.0.clock.load(Ordering::Relaxed)).unwrap()
    }

    /// Lets both clocks run, as they do while a machine is up.
    pub(crate) fn pass(&self, seconds: u64) {
        self.0.clock.fetch_add(seconds.cast_signed(), Ordering::Relaxed);
        self.0.ran.fetch_add(seconds.saturating_mul(1000), Ordering::Relaxed);
    }

    /// Lets time pass while a client is asked every hour.
    pub(crate) fn pass_asking(&self, seconds: u64, client: &Client) {
        let mut left = seconds;
        while left > 0 {
            self.pass(left.min(3600));
            left = left.saturating_sub(3600);
            let _ = client.present();
        }
    }

    /// Lets time pass while the machine is off.
    pub(crate) fn pass_off(&self, seconds: u64) {
        self.0.clock.fetch_add(seconds.cast_signed(), Ordering::Relaxed);
        self.0.boot.lock().unwrap().push('+');
        self.0.ran.store(1, Ordering::Relaxed);
    }
}

impl Clock for Hands {
    fn now(&self) -> Instant {
        Instant::from_unix(self.0.clock.load(Ordering::Relaxed)).unwrap()
    }

    fn running(&self) -> Option<Duration> {
        Some(Duration::from_millis(self.0.ran.load(Ordering::Relaxed)))
    }

    fn uptime(&self) -> Option<Uptime> {
        let boot = self.0.boot.lock().unwrap().clone();
        Some(Uptime { boot, seconds: self.0.ran.load(Ordering::Relaxed) / 1000 })
    }
}

pub(crate) fn by_clock(options: Options, hands: &Hands) -> Client {
    let options = options.facts(machine("D1", "B1")).clock(hands.clone());
    Client::open(product(), &roots(), options).unwrap()
}
