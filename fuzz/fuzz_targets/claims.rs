//! Any JSON where claims to be signed are wanted.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mlicense_core::{
    document::{License, LicenseClaims, RevocationClaims, RevocationList},
    signing::{Signer, Trust},
};

fuzz_target!(|json: &[u8]| {
    let root = Signer::from_seed([1; 32]);
    let trust = || Trust::new(&[root.public_key()], None).expect("no ring");
    if let Ok(claims) = LicenseClaims::from_json(json)
        && let Ok(document) = License::issue(&claims, &root)
    {
        let license = License::verify(document.as_bytes(), &trust()).expect("what was issued");
        assert_eq!(license.claims(), &claims);
    }
    if let Ok(claims) = RevocationClaims::from_json(json)
        && let Ok(document) = RevocationList::issue(&claims, &root)
    {
        let list = RevocationList::verify(document.as_bytes(), &trust()).expect("what was issued");
        assert_eq!(list.claims(), &claims);
    }
});
