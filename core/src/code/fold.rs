//! Folding: what people type and paste, brought to the one spelling that a code has.
//!
//! Dropped are characters that carry nothing: blanks and line ends, dashes of every kind, and what
//! is invisible. Replaced are small letters, full-width forms, and the twelve Cyrillic letters that
//! look like Latin ones in capitals. Everything else stays as it is, to be refused by name later:
//! Ы is not `bl`, and И is nothing at all.

use crate::error::{ErrorKind, Refusal, Result};

/// The longest text that is taken as a typed code, in bytes of UTF-8.
pub const TYPED_BYTES_MAX: usize = 256;

/// Folds a typed code; folding twice changes nothing more.
pub(super) fn fold(typed: &str) -> Result<String> {
    if typed.len() > TYPED_BYTES_MAX {
        return Err(too_large(typed, TYPED_BYTES_MAX));
    }
    Ok(kept(typed).map(|(_, folded)| folded).collect())
}

/// The refusal of a text over its limit.
pub(super) fn too_large(typed: &str, limit: usize) -> Refusal {
    Refusal::new(ErrorKind::InputTooLarge)
        .with("what", "a code")
        .with("size", typed.len())
        .with("limit", limit)
}

/// The characters that folding keeps, each as typed and as folded.
pub(super) fn kept(typed: &str) -> impl Iterator<Item = (char, char)> {
    typed.chars().filter_map(|character| Some((character, fold_character(character)?)))
}

/// Whether folding drops a character.
pub(super) fn is_dropped(character: char) -> bool {
    fold_character(character).is_none()
}

fn fold_character(character: char) -> Option<char> {
    match character {
        'A'..='Z' | '0'..='9' => Some(character),
        'a'..='z' => Some(character.to_ascii_uppercase()),
        // Full-width forms of the printable ASCII characters.
        '\u{FF01}'..='\u{FF5E}' => {
            let plain = u32::from(character).wrapping_sub(0xFEE0);
            fold_character(char::from_u32(plain)?)
        }
        _ if is_blank(character) || is_dash(character) => None,
        _ => Some(latin_twin(capital(character))),
    }
}

/// Whether a character is white space or has no shape of its own.
pub(super) fn is_blank(character: char) -> bool {
    character.is_whitespace()
        || matches!(character,
            '\u{00AD}'                  // soft hyphen
            | '\u{061C}'                // Arabic letter mark
            | '\u{180E}'                // Mongolian vowel separator
            | '\u{200B}'..='\u{200F}'   // zero-width space and joiners, direction marks
            | '\u{202A}'..='\u{202E}'   // direction embeddings and overrides
            | '\u{2060}'..='\u{2064}'   // word joiner, invisible operators
            | '\u{2066}'..='\u{206F}'   // direction isolates
            | '\u{FEFF}'                // byte order mark
        )
}

fn is_dash(character: char) -> bool {
    matches!(
        character,
        '-'
        | '\u{058A}' | '\u{05BE}'   // Armenian hyphen, Hebrew maqaf
        | '\u{2010}'
            ..='\u{2015}'   // hyphen, non-breaking hyphen, figure, en, em, bar
        | '\u{2043}' | '\u{2212}'   // hyphen bullet, minus
        | '\u{2E3A}' | '\u{2E3B}'   // two-em and three-em dash
        | '\u{30FC}' | '\u{FF70}'   // what the dash key gives in Japanese input
        | '\u{FE58}' | '\u{FE63}' // small forms
    )
}

/// The capital of a Russian letter. Other scripts keep their case: ı would become I.
fn capital(character: char) -> char {
    match character {
        'а'..='я' => char::from_u32(u32::from(character).wrapping_sub(0x20)).unwrap_or(character),
        'ё' => 'Ё',
        _ => character,
    }
}

/// The Latin capital that looks like this Cyrillic one, by the confusables of Unicode (UTS #39).
fn latin_twin(character: char) -> char {
    match character {
        'А' => 'A',
        'В' => 'B',
        'Е' => 'E',
        'К' => 'K',
        'М' => 'M',
        'Н' => 'H',
        'О' => 'O',
        'Р' => 'P',
        'С' => 'C',
        'Т' => 'T',
        'У' => 'Y',
        'Х' => 'X',
        _ => character,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    #[test]
    fn folding_every_character_twice_is_folding_it_once() {
        for character in (0..=0x10_FFFF).filter_map(char::from_u32) {
            let once = fold_character(character);
            assert_eq!(once.and_then(fold_character), once, "{character:?}");
        }
    }

    /// Goal: nothing is guessed. Method: count, over all of Unicode, what becomes a letter or digit.
    #[test]
    fn only_case_width_and_the_twelve_twins_lead_to_letters_and_digits() {
        let mut found = BTreeMap::<char, BTreeSet<char>>::new();
        for character in (0..=0x10_FFFF).filter_map(char::from_u32) {
            if let Some(folded) = fold_character(character).filter(char::is_ascii_alphanumeric) {
                found.entry(folded).or_default().insert(character);
            }
        }
        let mut expected = BTreeMap::<char, BTreeSet<char>>::new();
        for plain in ('A'..='Z').chain('a'..='z').chain('0'..='9') {
            let wide = char::from_u32(u32::from(plain) + 0xFEE0).unwrap();
            expected.entry(plain.to_ascii_uppercase()).or_default().extend([plain, wide]);
        }
        for twins in ["АВЕКМНОРСТУХ", "авекмнорстух"] {
            for (latin, twin) in "ABEKMHOPCTYX".chars().zip(twins.chars()) {
                expected.entry(latin).or_default().insert(twin);
            }
        }
        assert_eq!(found, expected);
    }

    #[test]
    fn blanks_dashes_and_invisible_characters_are_dropped() {
        let typed = "\u{FEFF}a\u{00A0}b\u{2011}c\u{00AD}d\u{200B}e\u{200F}f–g—h−j\u{202E}k\u{3000}\
                     l－m\u{2060}nーp\t q\r\n";
        assert_eq!(fold(typed).unwrap(), "ABCDEFGHJKLMNPQ");
    }

    #[test]
    fn what_is_not_a_twin_stays() {
        assert_eq!(fold("ыьюийёЗбłıİſµ\0_").unwrap(), "ЫЬЮИЙЁЗБłıİſµ\0_");
    }

    #[test]
    fn a_text_of_256_bytes_is_folded_and_of_257_refused() {
        assert!(fold(&"A".repeat(256)).is_ok());
        let refusal = fold(&"A".repeat(257)).unwrap_err();
        assert_eq!(refusal.kind(), ErrorKind::InputTooLarge);
        assert_eq!(refusal.to_string(), "a code of 257 bytes exceeds 256");
        assert!(fold(&"Я".repeat(129)).is_err());
    }
}
