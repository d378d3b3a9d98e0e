//! Typed codes: registration numbers, coupons and licence keys, which people copy by hand.
//!
//! A code is a prefix and groups of symbols, the last two of which check the others: one or two
//! wrong symbols never pass, and a single wrong one is pointed at. What is typed is folded first, so
//! that blanks, dashes, case and alphabets that look alike do not matter. Codes issued elsewhere are
//! kept as they are.
//!
//! A code is a secret: whoever has it can redeem it. It prints masked, is stored as a
//! [`CodeDigest`], and only [`Code::reveal`] gives it away. Refusals show no more of it than the
//! mask does.
//!
//! Who may redeem a code, and what for, is no matter of this room.

mod check;
mod digest;
mod fold;
mod format;

use std::fmt;

use check::{Sums, Verdict};
pub use digest::{CodeDigest, DIGEST_KEY_BYTES};
pub use fold::TYPED_BYTES_MAX;
pub use format::CodeFormat;

use crate::error::{ErrorKind, Refusal, Result};

/// The fewest characters of a code issued elsewhere, blanks not counted.
pub const OPAQUE_CHARACTERS_MIN: usize = 4;

/// The most characters of a code issued elsewhere, blanks not counted.
pub const OPAQUE_CHARACTERS_MAX: usize = 128;

/// The most symbols that a masked code shows.
const SHOWN_MAX: usize = 4;

/// A code as it was issued, however it was typed.
///
/// Prints masked. Codes of one format are equal when they fold to the same text.
///
/// ```
/// use mlicense_core::code::{Code, CodeFormat};
/// use mlicense_core::error::ErrorKind;
///
/// let format: CodeFormat = "ACME-5x4".parse()?;
/// let code = Code::generate(&format, &[7; 18])?; // from the system's entropy, in earnest
/// assert_eq!(code.reveal(), "ACME-99999-99999-99999-999UU");
/// assert_eq!(code.to_string(), "ACME-*****-*****-*****-*99UU");
///
/// // Blanks, dashes and small letters do not matter, nor that this с is Cyrillic.
/// assert_eq!(Code::parse(&format, " aсme 99999—99999—99999—999uu\r\n")?, code);
///
/// let refusal = Code::parse(&format, "ACME-99999-96999-99999-999YN").unwrap_err();
/// assert_eq!(refusal.kind(), ErrorKind::CodeMistyped);
/// assert_eq!(refusal.to_string(), "the code is mistyped: `ACME-*****-*?***-*****-*****`");
/// # Ok::<(), mlicense_core::error::Refusal>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Code {
    /// The prefix and the symbols without dashes; of a code issued elsewhere the whole text.
    folded: Box<str>,
    /// Bytes of `folded` before the symbols.
    prefix_length: usize,
    /// Symbols between dashes; 0 for a code issued elsewhere.
    group_length: usize,
}

impl Code {
    /// Makes a code from entropy: one byte a symbol, [`CodeFormat::entropy_bytes`] in all.
    ///
    /// A symbol takes the low five bits of its byte, so unbiased bytes make unbiased codes. Bytes
    /// left over are not used. The same bytes make the same code: each code needs fresh ones from
    /// the operating system.
    ///
    /// # Errors
    /// [`ErrorKind::FieldInvalid`] for fewer bytes than the format needs.
    pub fn generate(format: &CodeFormat, entropy: &[u8]) -> Result<Self> {
        let needed = format.entropy_bytes();
        let Some(entropy) = entropy.get(..needed) else {
            return Err(Refusal::new(ErrorKind::FieldInvalid)
                .with("field", "entropy of bytes")
                .with("value", entropy.len())
                .with("expected", format_args!("{needed} or more")));
        };
        let values = || entropy.iter().map(|byte| byte & 31);
        let symbols = values().chain(check::check_values(values())).map(check::symbol_of);
        Ok(Self::of(format, format.prefix().chars().chain(symbols).collect()))
    }

    /// Reads what someone typed or pasted.
    ///
    /// Blanks, dashes of every kind, invisible characters, case, full-width forms and the twelve
    /// Cyrillic letters that look like Latin ones make no difference; nothing else is guessed. The
    /// prefix must be there: it tells a coupon from a number. S-MK-06, S-MK-18, S-MK-23, S-AX-38.
    ///
    /// # Errors
    /// - [`ErrorKind::InputTooLarge`] for more than [`TYPED_BYTES_MAX`] bytes.
    /// - [`ErrorKind::CodeInvalid`] for another prefix or another number of symbols.
    /// - [`ErrorKind::CodeForeignCharacter`] for a character that no code has; its place counts
    ///   from 1 at the start of the text, without blanks and dashes.
    /// - [`ErrorKind::CodeMistyped`] where the check symbols do not hold. The detail `place`, counted
    ///   in the same way, is there when a single wrong symbol would explain it.
    pub fn parse(format: &CodeFormat, typed: &str) -> Result<Self> {
        let folded = fold::fold(typed)?;
        let rest = format.after_prefix(&folded);
        let Some(symbols) = rest.filter(|rest| format.is_whole(rest)) else {
            return Err(not_of_form(format, typed, &folded, rest));
        };
        let mut sums = Sums::default();
        for symbol in symbols.chars() {
            let Some(value) = check::value_of(symbol) else {
                return Err(not_of_form(format, typed, &folded, rest));
            };
            sums.add(value);
        }
        match sums.verdict() {
            Verdict::Holds => Ok(Self::of(format, [format.prefix(), symbols].concat())),
            Verdict::OneWrong(place) => Err(mistyped(format, &folded, Some(place))),
            Verdict::SeveralWrong => Err(mistyped(format, &folded, None)),
        }
    }

    /// Takes a code that was issued elsewhere: 4 to 128 printable ASCII characters, kept as they are
    /// but for blanks, which are dropped, and small letters, which become capitals.
    ///
    /// Nothing checks such a code for typing mistakes. S-AX-38.
    ///
    /// # Errors
    /// - [`ErrorKind::InputTooLarge`] for more than [`TYPED_BYTES_MAX`] bytes.
    /// - [`ErrorKind::CodeForeignCharacter`] for a character outside printable ASCII.
    /// - [`ErrorKind::CodeInvalid`] for fewer than [`OPAQUE_CHARACTERS_MIN`] or more than
    ///   [`OPAQUE_CHARACTERS_MAX`] characters.
    ///
    /// ```
    /// use mlicense_core::code::Code;
    /// let code = Code::opaque(" 8412-77-kq \n")?;
    /// assert_eq!(code.reveal(), "8412-77-KQ");
    /// assert_eq!(code.to_string(), "****-**-KQ");
    /// assert!(Code::opaque("ключ-77").is_err());
    /// # Ok::<(), mlicense_core::error::Refusal>(())
    /// ```
    pub fn opaque(text: &str) -> Result<Self> {
        if text.len() > TYPED_BYTES_MAX {
            return Err(fold::too_large(text, TYPED_BYTES_MAX));
        }
        let kept = || text.chars().filter(|character| !fold::is_blank(*character));
        if let Some((place, character)) =
            kept().enumerate().find(|(_, character)| !character.is_ascii_graphic())
        {
            return Err(foreign(place, character));
        }
        let folded: Box<str> = kept().map(|character| character.to_ascii_uppercase()).collect();
        let code = Self { folded, prefix_length: 0, group_length: 0 };
        if (OPAQUE_CHARACTERS_MIN..=OPAQUE_CHARACTERS_MAX).contains(&code.folded.len()) {
            return Ok(code);
        }
        Err(Refusal::new(ErrorKind::CodeInvalid)
            .with("code", code)
            .with("form", format_args!("X…X ({OPAQUE_CHARACTERS_MIN}–{OPAQUE_CHARACTERS_MAX})")))
    }

    /// The whole code, to hand to the one it is for.
    #[must_use]
    pub fn reveal(&self) -> String {
        let (prefix, symbols) = self.parts();
        format::grouped(prefix, self.group_length, symbols.chars())
    }

    /// The code with all but its last symbols hidden: four at most, and at most a quarter of them.
    ///
    /// The two check symbols are among those shown, so the mask tells 20 of the random bits; of the
    /// shortest code 60 remain.
    #[must_use]
    pub fn masked(&self) -> String {
        let (prefix, symbols) = self.parts();
        format::grouped(prefix, self.group_length, masked(symbols))
    }

    /// The text that is the same for every way of typing the code: capitals, with the prefix,
    /// without dashes. As secret as [`Code::reveal`].
    #[must_use]
    pub fn folded(&self) -> &str {
        &self.folded
    }

    /// The pseudonym under which to store the code, by a secret key of the vendor.
    ///
    /// ```
    /// use mlicense_core::code::Code;
    /// let key = [7; 32]; // random and kept secret, in earnest
    /// let digest = Code::opaque("8412-77-KQ")?.digest(&key);
    /// assert_eq!(digest, Code::opaque("8412-77-kq ")?.digest(&key));
    /// assert_eq!(digest.to_string().len(), 43);
    /// # Ok::<(), mlicense_core::error::Refusal>(())
    /// ```
    #[must_use]
    pub fn digest(&self, key: &[u8; DIGEST_KEY_BYTES]) -> CodeDigest {
        CodeDigest::of(&self.folded, key)
    }

    fn of(format: &CodeFormat, folded: String) -> Self {
        Self {
            folded: folded.into(),
            prefix_length: format.prefix().len(),
            group_length: format.group_length().into(),
        }
    }

    fn parts(&self) -> (&str, &str) {
        // INVARIANT: the prefix is ASCII and stands at the start.
        self.folded.split_at_checked(self.prefix_length).unwrap_or_default()
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

/// The symbols with all but the last hidden; dashes inside stay.
fn masked(symbols: &str) -> impl Iterator<Item = char> {
    let count = symbols.chars().count();
    let shown = count.checked_div(4).map_or(0, |quarter| quarter.min(SHOWN_MAX));
    let hidden = count.saturating_sub(shown);
    let mask = move |(place, symbol)| if place < hidden && symbol != '-' { '*' } else { symbol };
    symbols.chars().enumerate().map(mask)
}

/// Refuses a text for the first character that cannot be, or else for its form. `rest` is what
/// follows a prefix that was recognised.
fn not_of_form(format: &CodeFormat, typed: &str, folded: &str, rest: Option<&str>) -> Refusal {
    let symbols = rest.unwrap_or(folded);
    let known = |character: char| match rest {
        Some(_) => check::value_of(character).is_some(),
        None => character.is_ascii_alphanumeric(),
    };
    let before = count_before(folded, symbols);
    if let Some(place) = symbols.chars().position(|character| !known(character)) {
        let place = before.saturating_add(place);
        if let Some((character, _)) = fold::kept(typed).nth(place) {
            return foreign(place, character);
        }
    }
    let prefix = if rest.is_some() { format.prefix() } else { "" };
    Refusal::new(ErrorKind::CodeInvalid)
        .with("code", format::grouped(prefix, 0, masked(symbols)))
        .with("form", format.form())
}

fn foreign(place: usize, character: char) -> Refusal {
    let shown = match character {
        '\'' | '"' | '\\' => character.to_string(),
        _ => character.escape_debug().to_string(),
    };
    Refusal::new(ErrorKind::CodeForeignCharacter)
        .with("character", shown)
        .with("codepoint", format_args!("U+{:04X}", u32::from(character)))
        .with("place", place.saturating_add(1))
}

fn mistyped(format: &CodeFormat, folded: &str, wrong: Option<usize>) -> Refusal {
    let marks = (0..format.symbols()).map(|place| if wrong == Some(place) { '?' } else { '*' });
    let refusal = Refusal::new(ErrorKind::CodeMistyped).with("code", format.spell(marks));
    let Some(wrong) = wrong else { return refusal };
    let typed = folded.chars().count();
    let before = typed.saturating_sub(format.symbols());
    refusal.with("place", before.saturating_add(wrong).saturating_add(1))
}

/// How many characters of `text` stand before its tail.
fn count_before(text: &str, tail: &str) -> usize {
    text.chars().count().saturating_sub(tail.chars().count())
}

#[cfg(test)]
mod laws;

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, clippy::string_slice, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn s_mk_06_a_number_is_a_prefix_and_four_groups_of_five() {
        let number = code("ACME-5x4");
        let text = number.reveal();
        assert_eq!(text.len(), 28);
        assert_eq!(text.split('-').map(str::len).collect::<Vec<_>>(), [4, 5, 5, 5, 5]);
        for wrong in [&text[..27], &format!("{text}2"), &text.replace("ACME", "ACNE"), "", "-"] {
            let refusal = Code::parse(&format("ACME-5x4"), wrong).unwrap_err();
            assert_eq!(refusal.kind(), ErrorKind::CodeInvalid, "{wrong}");
        }
    }

    #[test]
    fn s_mk_23_a_coupon_has_31_characters_under_a_prefix_of_seven() {
        let text = code("ACMEUPD-5x4").reveal();
        assert_eq!(text.len(), 31);
        for wrong in [&text[..30], &format!("{text}2")] {
            let refusal = Code::parse(&format("ACMEUPD-5x4"), wrong).unwrap_err();
            assert_eq!(refusal.kind(), ErrorKind::CodeInvalid, "{wrong}");
        }
    }

    #[test]
    fn s_mk_18_a_pasted_number_loses_blanks_and_keeps_its_prefix() {
        let number = code("ACME-5x4");
        let text = number.reveal();
        let pasted = format!("  {}\r\n", text.replace('-', " - "));
        assert_eq!(Code::parse(&format("ACME-5x4"), &pasted).unwrap(), number);
        let coupon = code("ACMEUPD-5x4").reveal();
        for wrong in [text.strip_prefix("ACME-").unwrap(), &coupon] {
            let refusal = Code::parse(&format("ACME-5x4"), wrong).unwrap_err();
            assert_eq!(refusal.kind(), ErrorKind::CodeInvalid);
        }
    }

    #[test]
    fn s_ax_38_blanks_around_a_key_do_no_harm() {
        let key = code("5x4");
        assert_eq!(Code::parse(&format("5x4"), &format!(" {}\n", key.reveal())).unwrap(), key);
        assert_eq!(Code::opaque(" 8412-77-kq\r\n").unwrap(), Code::opaque("8412-77-KQ").unwrap());
    }

    #[test]
    fn a_refusal_tells_the_form_and_not_the_code() {
        let text = code("ACME-5x4").reveal();
        let refusal = Code::parse(&format("ACME-5x4"), &text[..27]).unwrap_err();
        assert_eq!(
            refusal.to_string(),
            "`ACME***************RSTS` is not a code of the form ACME-XXXXX-XXXXX-XXXXX-XXXXX"
        );
        let refusal = Code::parse(&format("ACME-5x4"), &text[5..]).unwrap_err();
        assert!(
            refusal.to_string().starts_with("`****************STST` is not a code"),
            "{refusal}"
        );
    }

    #[test]
    fn a_foreign_character_is_named_as_typed_with_its_place() {
        let format = format("ACME-5x4");
        let text = code("ACME-5x4").reveal();
        for (old, new, character, codepoint, place) in [
            ("Q", "ы", "ы", "U+044B", "19"),
            ("Q", "О", "О", "U+041E", "19"),
            ("Q", "０", "０", "U+FF10", "19"),
            ("Q", "ǅ", "ǅ", "U+01C5", "19"),
            ("Q", "!", "!", "U+0021", "19"),
            ("Q", "\0", "\\0", "U+0000", "19"),
            ("Q", "\u{301}", "\\u{301}", "U+0301", "19"),
            ("ACME-", "АСМЁ – ", "Ё", "U+0401", "4"),
            ("ACME", "ФСЬУ", "Ф", "U+0424", "1"),
        ] {
            let refusal = Code::parse(&format, &text.replace(old, new)).unwrap_err();
            assert_eq!(refusal.kind(), ErrorKind::CodeForeignCharacter, "{new:?}: {refusal}");
            let details: Vec<_> = refusal.details().map(|(_, value)| value).collect();
            assert_eq!(details, [character, codepoint, place], "{new:?}");
        }
    }

    #[test]
    fn a_prefix_is_known_by_its_aliases_alone() {
        let format = format("ACME|АКМЭ|ФСЬУ-5x4");
        let code = code("ACME-5x4");
        let symbols = code.reveal().split_off(4);
        for prefix in ["ACME", "acme", "АКМЭ", "акмэ", "ФСЬУ", "фсьу", "АСМЕ"] {
            let parsed = Code::parse(&format, &format!("{prefix}{symbols}")).unwrap();
            assert_eq!(parsed, code, "{prefix}");
            assert_eq!(parsed.folded(), code.folded());
        }
        let refusal = Code::parse(&format, &format!("АКМЭ{}", &symbols[..20])).unwrap_err();
        assert_eq!(refusal.kind(), ErrorKind::CodeInvalid);
        let refusal = Code::parse(&format, &format!("АКМЕ{symbols}")).unwrap_err();
        assert_eq!(refusal.kind(), ErrorKind::CodeInvalid);
    }

    #[test]
    fn the_prefix_has_no_part_in_checking() {
        assert_eq!(code("ACME-5x4").reveal()[5..], code("5x4").reveal());
        assert_ne!(code("ACME-5x4").digest(&[7; 32]), code("5x4").digest(&[7; 32]));
    }

    #[test]
    fn a_code_prints_masked_whatever_is_asked_for_but_reveal() {
        let code = code("ACME-5x4");
        let masked = "ACME-*****-*****-*****-*STST";
        assert_eq!(code.reveal(), "ACME-ABCDE-FGHJK-LMNPQ-RSTST");
        assert_eq!(code.masked(), masked);
        assert_eq!(format!("{code} {code:?} {code:#?}"), [masked; 3].join(" "));
        for (text, masked) in [("ABCD", "***D"), ("ABCDEFG", "******G"), ("AB-CDEFG", "**-***FG")] {
            assert_eq!(Code::opaque(text).unwrap().masked(), masked);
        }
    }

    #[test]
    fn an_opaque_code_has_4_to_128_characters_of_ascii() {
        for (length, taken) in [(3, false), (4, true), (128, true), (129, false)] {
            let result = Code::opaque(&"x".repeat(length));
            assert_eq!(result.is_ok(), taken, "{length}");
            assert!(result.err().is_none_or(|refusal| refusal.kind() == ErrorKind::CodeInvalid));
        }
        let kind = |text: &str| Code::opaque(text).unwrap_err().kind();
        assert_eq!(kind(&" ".repeat(257)), ErrorKind::InputTooLarge);
        assert_eq!(kind("ABCDÉ"), ErrorKind::CodeForeignCharacter);
        assert_eq!(kind("AB\0CD"), ErrorKind::CodeForeignCharacter);
        assert_eq!(Code::opaque("a0O1iIl").unwrap().reveal(), "A0O1IIL");
    }

    #[test]
    fn too_little_entropy_is_refused_and_more_is_not_used() {
        let format = format("ACME-5x4");
        let refusal = Code::generate(&format, &[0; 17]).unwrap_err();
        assert_eq!(refusal.to_string(), "entropy of bytes `17` is not 18 or more");
        let eighteen = Code::generate(&format, &[9; 18]).unwrap();
        assert_eq!(Code::generate(&format, &[9; 19]).unwrap(), eighteen);
    }

    /// Each symbol stands for 8 of the 256 values of a byte, so unbiased bytes stay so.
    #[test]
    fn every_symbol_is_equally_likely() {
        let format = format("5x4");
        let mut counts = std::collections::BTreeMap::<char, u32>::new();
        for byte in 0..=u8::MAX {
            let text = Code::generate(&format, &[byte; 18]).unwrap().reveal();
            *counts.entry(text.chars().next().unwrap()).or_default() += 1;
        }
        assert_eq!(counts.len(), 32);
        assert!(counts.values().all(|count| *count == 8));
    }

    fn format(text: &str) -> CodeFormat {
        text.parse().unwrap()
    }

    fn code(text: &str) -> Code {
        let entropy: [u8; 31] = std::array::from_fn(|index| u8::try_from(index).unwrap() + 40);
        Code::generate(&format(text), &entropy).unwrap()
    }
}
