//! Any JSON where a command, an envelope or a query is wanted.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mlicense_core::{
    history::{Command, Envelope},
    view::Query,
};

fuzz_target!(|json: &[u8]| {
    if let Ok(command) = Command::from_json(json) {
        let again = serde_json::to_vec(&command).expect("a command is JSON");
        assert_eq!(Command::from_json(&again).expect("what was written"), command);
    }
    if let Ok(envelope) = Envelope::from_json(json) {
        let again = serde_json::to_vec(&envelope).expect("an envelope is JSON");
        assert_eq!(Envelope::from_json(&again).expect("what was written"), envelope);
    }
    if let Ok(query) = Query::from_json(json) {
        let again = serde_json::to_vec(&query).expect("a query is JSON");
        assert_eq!(Query::from_json(&again).expect("what was written"), query);
    }
});
