//! Any JSON where a calculation is wanted, and what comes of it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mlicense_core::calculate::{Calculation, calculate};

fuzz_target!(|json: &[u8]| {
    if let Ok(calculation) = Calculation::from_json(json) {
        let _ = calculate(&calculation);
    }
});
