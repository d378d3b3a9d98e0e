//! Which library is loaded.

use std::ffi::{CStr, c_char};

/// The version of this interface. It rises when a program built against an older header would no
/// longer run; compare it with mlicense_abi_version() when the library is loaded at run time.
pub const MLICENSE_ABI_VERSION: u32 = 1;

const VERSION: &CStr =
    match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
        Ok(version) => version,
        Err(_) => c"",
    };

/// Returns the version of the interface that the loaded library has: `MLICENSE_ABI_VERSION` as it
/// was when the library was built.
///
/// Threads: any, at any time.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn mlicense_abi_version() -> u32 {
    MLICENSE_ABI_VERSION
}

/// Returns the version of the library, such as "1.4.2". The text lives as long as the library.
///
/// Threads: any, at any time.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn mlicense_version() -> *const c_char {
    VERSION.as_ptr()
}
