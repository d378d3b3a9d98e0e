//! Any JSON where the facts of a host are wanted.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mlicense_core::host_binding::{FactSalt, HostFacts, MatchRule};

fuzz_target!(|json: &[u8]| {
    let Ok(host) = HostFacts::from_json(json) else { return };
    let hashed = host.hash(&FactSalt::new([7; 32]));
    if let Ok(rule) = MatchRule::enroll(&hashed) {
        assert!(rule.compare(&hashed).holds(), "a host is not itself");
    }
});
