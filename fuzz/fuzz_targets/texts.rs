//! Any text where a date, an instant, a zone, a key or another value in one word is wanted.
#![no_main]

use std::{fmt::Display, str::FromStr};

use libfuzzer_sys::fuzz_target;
use mlicense_core::{
    code::CodeDigest,
    document::Nonce,
    history::StreamId,
    host_binding::FactDigest,
    id::FeatureId,
    signing::{KeyId, PublicKey, merkle::MerkleHash},
    time::{Day, Instant, Zone},
};

fuzz_target!(|text: &str| {
    read_twice::<CodeDigest>(text);
    read_twice::<Day>(text);
    read_twice::<FactDigest>(text);
    read_twice::<FeatureId>(text);
    read_twice::<Instant>(text);
    read_twice::<KeyId>(text);
    read_twice::<MerkleHash>(text);
    read_twice::<Nonce>(text);
    read_twice::<PublicKey>(text);
    read_twice::<StreamId>(text);
    read_twice::<Zone>(text);
});

/// What is read can be written, and reads the same.
fn read_twice<T: FromStr + Display + PartialEq>(text: &str) {
    let Ok(value) = text.parse::<T>() else { return };
    assert!(value.to_string().parse().ok() == Some(value));
}
