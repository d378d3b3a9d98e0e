//! Any text where a code or the form of codes is wanted: the first line is the form.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mlicense_core::code::{Code, CodeFormat};

fuzz_target!(|input: &str| {
    let (form, typed) = input.split_once('\n').unwrap_or(("ACME|АКМЭ-5x4", input));
    if let Ok(code) = Code::opaque(typed) {
        assert_eq!(Code::opaque(&code.reveal()).expect("what was shown").reveal(), code.reveal());
    }
    let Ok(format) = form.parse::<CodeFormat>() else { return };
    assert_eq!(format.to_string().parse::<CodeFormat>().expect("what was written"), format);
    if let Ok(code) = Code::parse(&format, typed) {
        let again = Code::parse(&format, &code.reveal()).expect("what was shown");
        assert_eq!(again.folded(), code.folded());
        assert_ne!(code.masked(), code.reveal());
    }
});
