//! Base64url without padding, in its canonical form only.

use base64::Engine;

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
mod engine {
    use std::sync::LazyLock;

    use base64::engine::{Simd, general_purpose::NO_PAD};

    /// Looks once what the processor can do.
    pub(super) static ENGINE: LazyLock<Simd> = LazyLock::new(|| Simd::url_safe(NO_PAD));
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
mod engine {
    pub(super) use base64::engine::general_purpose::URL_SAFE_NO_PAD as ENGINE;
}

use engine::ENGINE;

/// The form of `bytes`.
pub(crate) fn encode(bytes: &[u8]) -> String {
    ENGINE.encode(bytes)
}

/// Appends the form of `bytes` to `text`.
pub(crate) fn encode_onto(text: &mut String, bytes: &[u8]) {
    ENGINE.encode_string(bytes, text);
}

/// The bytes of which `text` is the form.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    ENGINE.decode(text).ok()
}

/// The bytes of which `text` is the form, in `room`, if they fit.
pub(crate) fn decode_into<'r>(text: &str, room: &'r mut [u8]) -> Option<&'r [u8]> {
    let length = ENGINE.decode_slice(text, room).ok()?;
    room.get(..length)
}

/// The `N` bytes of which `text` is the form; a text that is too long is not read.
pub(crate) fn array<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let length = decode_into(text, &mut bytes)?.len();
    (length == N).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use data_encoding::BASE64URL_NOPAD;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn prop_the_same_is_taken_as_by_another_library(
            text in "([A-Za-z0-9_=+/ -]{0,8}|[A-Za-z0-9_-]{0,200}[A-Za-z0-9_=+/ é-]{0,2}[A-Za-z0-9_-]{0,70})",
        ) {
            let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok();
            prop_assert_eq!(&decode(&text), &bytes);
            let bytes = bytes.as_deref();
            let four = bytes.filter(|bytes| bytes.len() == 4);
            prop_assert_eq!(array::<4>(&text).map(Vec::from), four.map(Vec::from));
            let mut room = [0; 100];
            let fits = bytes.filter(|bytes| bytes.len() <= 100);
            prop_assert_eq!(decode_into(&text, &mut room), fits);
        }

        #[test]
        fn prop_bytes_read_back(bytes: [u8; 32]) {
            let text = BASE64URL_NOPAD.encode(&bytes);
            prop_assert_eq!(array(&text), Some(bytes));
            prop_assert_eq!(array::<31>(&text), None);
            prop_assert_eq!(array::<33>(&text), None);
        }

        #[test]
        fn prop_long_bytes_read_back(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
            prop_assert_eq!(decode(&BASE64URL_NOPAD.encode(&bytes)), Some(bytes));
        }
    }
}
