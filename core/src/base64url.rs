//! Base64url of a known length, read without allocation.

use data_encoding::BASE64URL_NOPAD;

/// The `N` bytes of which `text` is the canonical form without padding.
pub(crate) fn array<const N: usize>(text: &str) -> Option<[u8; N]> {
    // The length decides first: a text that is too long is not read.
    if BASE64URL_NOPAD.decode_len(text.len()) != Ok(N) {
        return None;
    }
    let mut bytes = [0; N];
    BASE64URL_NOPAD.decode_mut(text.as_bytes(), &mut bytes).ok().map(|_| bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn prop_the_same_is_taken_as_with_allocation(text in "[A-Za-z0-9_=+/ -]{0,8}") {
            let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok();
            let four = bytes.filter(|bytes| bytes.len() == 4);
            prop_assert_eq!(array::<4>(&text).map(Vec::from), four);
        }

        #[test]
        fn prop_bytes_read_back(bytes: [u8; 32]) {
            let text = BASE64URL_NOPAD.encode(&bytes);
            prop_assert_eq!(array(&text), Some(bytes));
            prop_assert_eq!(array::<31>(&text), None);
            prop_assert_eq!(array::<33>(&text), None);
        }
    }
}
