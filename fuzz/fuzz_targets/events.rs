//! Any text where stored events are wanted, as from a ledger that was damaged or edited: a stream
//! and an event a line. What the events give can be looked at.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mlicense_core::{
    error::Language,
    history::{StreamId, World},
    view,
};

fuzz_target!(|lines: &str| {
    let mut world = World::default();
    for line in lines.lines().take(50) {
        let Some((stream, json)) = line.split_once(' ') else { continue };
        let Ok(stream) = stream.parse::<StreamId>() else { continue };
        if world.take(&stream, json).is_err() {
            return;
        }
    }
    let Ok(id) = "c1".parse() else { return };
    let Ok(customer) = world.customer(&id) else { return };
    for now in ["1970-01-01T00:00:00Z", "2026-06-01T00:00:00Z", "9999-12-31T23:59:59Z"] {
        let Ok(now) = now.parse() else { return };
        let _ = view::overview(customer, Language::En, now);
        let _ = view::due(customer, now);
    }
});
