//! Any bytes where a signed document is wanted: limit, form, header, key, signature.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use mlicense_core::{
    document::{Answer, License, Request, RevocationList, TimeToken},
    signing::{KeyRing, Signer, Trust},
};

static TRUST: LazyLock<Trust> = LazyLock::new(|| {
    Trust::new(&[Signer::from_seed([1; 32]).public_key()], None).expect("no ring")
});

fuzz_target!(|bytes: &[u8]| {
    let roots: Vec<_> = TRUST.roots().copied().collect();
    // The seeds are vectors, so some documents do hold; whatever does is of one type only.
    let read = [
        Answer::verify(bytes, &TRUST).is_ok(),
        KeyRing::verify(bytes, &roots).is_ok(),
        License::verify(bytes, &TRUST).is_ok(),
        Request::verify(bytes).is_ok(),
        RevocationList::verify(bytes, &TRUST).is_ok(),
        TimeToken::verify(bytes, &TRUST).is_ok(),
    ];
    assert!(read.into_iter().filter(|read| *read).count() <= 1);
});
