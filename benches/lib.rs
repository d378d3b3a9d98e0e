//! What the benches share: keys and a licence whose size the environment may change.

pub mod turns;
pub mod vendor;

use std::env;

use mlicense_core::{
    document::{EnrolledFact, Feature, HostBinding, License, LicenseClaims, Moment},
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

/// A licence for a year with features and a host.
pub fn claims() -> LicenseClaims {
    let issued_at = "2026-03-01T09:30:00Z".parse().expect("an instant");
    let until = Moment::utc("2100-03-01".parse().expect("a day"));
    let product = PRODUCT.parse().expect("an id");
    let mut claims = LicenseClaims::until(product, "Example Ltd", issued_at, until);
    let features = (0..given("BENCH_FEATURES", 4)).map(|n| format!("feature-{n}"));
    claims.features =
        features.map(|id| (id.parse().expect("an id"), Feature::counted(5))).collect();
    let facts = (0..given("BENCH_FACTS", 3))
        .map(|n| EnrolledFact::new("disk_serial", &format!("sTmu2npXNalCssE7lP2n{n:02}"), 1));
    let facts: Vec<_> = facts.collect();
    claims.host = (!facts.is_empty()).then(|| HostBinding::new(1, facts));
    claims
}

/// The licence as a document.
pub fn document() -> String {
    License::issue(&claims(), &vendor()).expect("good claims")
}
