//! What the benches share: keys and a licence whose size the environment may change.

pub mod turns;
pub mod vendor;

use std::env;

use mlicense_core::{
    document::{Feature, HostBinding, License, LicenseClaims, Moment},
    host_binding::{Fact, FactKind, FactSalt, HashedFacts, HostClass, HostFacts, MatchRule},
    signing::{Signer, Trust},
};

/// The product of the licence.
pub const PRODUCT: &str = "editor";

/// A number from the environment, so that nothing is tuned to one size of data.
pub fn given(name: &str, otherwise: usize) -> usize {
    env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// The seed of the vendor's key.
pub fn seed() -> [u8; 32] {
    [u8::try_from(given("BENCH_SEED", 1)).expect("a byte"); 32]
}

/// The vendor.
pub fn vendor() -> Signer {
    Signer::from_seed(seed())
}

/// Whom a program of the vendor trusts.
pub fn trust() -> Trust {
    Trust::new(&[vendor().public_key()], None).expect("a key")
}

/// The host that the licence is bound to, as a client keeps it.
pub fn host() -> HashedFacts {
    let kinds = [FactKind::DmiUuid, FactKind::BoardSerial, FactKind::DiskSerial];
    let facts = kinds.into_iter().cycle().zip(0..given("BENCH_FACTS", 3));
    let facts = facts.map(|(kind, n)| Fact::new(kind, &format!("PF3C7M{n:02}")).expect("a fact"));
    HostFacts::new(HostClass::BareMetal, facts).hash(&FactSalt::new([7; 32]))
}

/// A licence for years with features and a host.
pub fn claims() -> LicenseClaims {
    let issued_at = "2026-03-01T09:30:00Z".parse().expect("an instant");
    let until = Moment::utc("2100-03-01".parse().expect("a day"));
    let product = PRODUCT.parse().expect("an id");
    let mut claims = LicenseClaims::until(product, "Example Ltd", issued_at, until);
    let features = (0..given("BENCH_FEATURES", 4)).map(|n| format!("feature-{n}"));
    claims.features =
        features.map(|id| (id.parse().expect("an id"), Feature::counted(5))).collect();
    claims.host = MatchRule::enroll(&host()).ok().map(|rule| HostBinding::from(&rule));
    claims
}

/// The licence as a document.
pub fn document() -> String {
    License::issue(&claims(), &vendor()).expect("good claims")
}
