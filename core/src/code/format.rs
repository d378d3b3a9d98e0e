//! `CodeFormat`: how the codes of one kind look.

use std::{collections::BTreeSet, fmt, ops::RangeInclusive, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{
    check::{CHECK_SYMBOLS, SYMBOLS_MAX},
    fold::{fold, is_dropped},
};
use crate::error::{ErrorKind, Refusal, Result};

/// The form of a vendor's codes: a prefix, and groups of symbols joined by dashes.
///
/// Text and JSON form: `ACME-5x4`, which is the prefix `ACME` and symbols in fives, four times; or
/// `5x4` without a prefix. A group has 4 to 8 symbols and a code 18 to 31 in all, the last two of
/// which check the others; so at least 80 bits are random.
///
/// The prefix tells people what they hold and has no part in checking. Other spellings of it are
/// taken when the vendor lists them: `ACME|АКМЭ|ФСЬУ-5x4` also knows the name in Russian and what
/// its keys give on a Russian keyboard.
///
/// ```
/// use mlicense_core::code::CodeFormat;
/// let format: CodeFormat = "ACME-5x4".parse()?;
/// assert_eq!(format.form(), "ACME-XXXXX-XXXXX-XXXXX-XXXXX");
/// assert_eq!(format.entropy_bytes(), 18);
/// assert!("ACME-5x3".parse::<CodeFormat>().is_err(), "too short to be random enough");
/// # Ok::<(), mlicense_core::error::Refusal>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String"))]
pub struct CodeFormat {
    prefix: Option<Box<str>>,
    /// Folded, without the prefix itself; empty where there is no prefix.
    aliases: BTreeSet<Box<str>>,
    group_length: u8,
    groups: u8,
}

impl CodeFormat {
    /// The longest prefix or alias of a prefix, in characters.
    pub const PREFIX_MAX: usize = 12;
    /// The most aliases of a prefix.
    pub const ALIASES_MAX: usize = 8;
    /// The fewest and the most symbols in a group.
    pub const GROUP_LENGTH: RangeInclusive<u8> = 4..=8;
    /// The fewest and the most symbols in a code, its two check symbols included.
    pub const SYMBOLS: RangeInclusive<usize> = SYMBOLS_MIN..=SYMBOLS_MAX;

    /// The usual form under `prefix`: four groups of five symbols, 90 random bits.
    ///
    /// # Errors
    /// [`ErrorKind::FieldInvalid`] unless the prefix is 1 to 12 of `A–Z` and `0–9`.
    pub fn usual(prefix: &str) -> Result<Self> {
        let prefix = Some(checked_prefix(prefix)?);
        Ok(Self { prefix, aliases: BTreeSet::new(), group_length: 5, groups: 4 })
    }

    /// Also takes `alias` for the prefix when a code is typed; case and the Cyrillic letters that
    /// look like Latin ones need no alias.
    ///
    /// # Errors
    /// [`ErrorKind::FieldInvalid`] where the format has no prefix, for an alias that is not 1 to 12
    /// letters or digits of any script, and for the ninth alias.
    pub fn with_alias(mut self, alias: &str) -> Result<Self> {
        let folded = fold(alias)?;
        let letters = folded.chars().all(char::is_alphanumeric) && !alias.contains(is_dropped);
        let sized = (1..=Self::PREFIX_MAX).contains(&folded.chars().count());
        if self.prefix.is_none() || !letters || !sized {
            return Err(refused(alias, "1 to 12 letters or digits that stand for a prefix"));
        }
        if self.prefix.as_deref() != Some(folded.as_str()) {
            self.aliases.insert(folded.into());
        }
        if self.aliases.len() > Self::ALIASES_MAX {
            return Err(refused(alias, "one of at most 8 aliases"));
        }
        Ok(self)
    }

    /// The prefix, without the dash that follows it; empty where there is none.
    #[must_use]
    pub fn prefix(&self) -> &str {
        self.prefix.as_deref().unwrap_or_default()
    }

    /// How many groups follow the prefix.
    #[must_use]
    pub const fn groups(&self) -> u8 {
        self.groups
    }

    /// How many symbols a group has.
    #[must_use]
    pub const fn group_length(&self) -> u8 {
        self.group_length
    }

    /// The number of symbols without the prefix, check symbols included.
    #[must_use]
    pub fn symbols(&self) -> usize {
        usize::from(self.groups).saturating_mul(self.group_length.into())
    }

    /// How many bytes of entropy one code takes: a byte for each symbol that checks no other, of
    /// which five bits are used.
    #[must_use]
    pub fn entropy_bytes(&self) -> usize {
        self.symbols().saturating_sub(CHECK_SYMBOLS)
    }

    /// The form to show to people, such as `ACME-XXXXX-XXXXX-XXXXX-XXXXX`.
    #[must_use]
    pub fn form(&self) -> String {
        self.spell((0..self.symbols()).map(|_| 'X'))
    }

    /// Puts the prefix and the dashes to these symbols.
    pub(super) fn spell(&self, symbols: impl Iterator<Item = char>) -> String {
        grouped(self.prefix(), self.group_length.into(), symbols)
    }

    /// What follows the prefix, or an alias of it, in a folded text; the whole text for a format
    /// without a prefix. Where several fit, the one that leaves a whole code counts.
    pub(super) fn after_prefix<'a>(&self, folded: &'a str) -> Option<&'a str> {
        let aliases = self.aliases.iter().map(AsRef::as_ref);
        let rests = std::iter::once(self.prefix())
            .chain(aliases)
            .filter_map(|prefix| folded.strip_prefix(prefix));
        rests.reduce(|one, other| if self.is_whole(other) { other } else { one })
    }

    /// Whether `rest` has as many characters as a code without its prefix.
    pub(super) fn is_whole(&self, rest: &str) -> bool {
        rest.chars().count() == self.symbols()
    }
}

/// Fewer symbols would leave fewer than 80 random bits.
const SYMBOLS_MIN: usize = 80 / 5 + CHECK_SYMBOLS;

/// Joins a prefix and symbols, a dash before each group; a group length of 0 makes no groups.
pub(super) fn grouped(
    prefix: &str,
    group_length: usize,
    symbols: impl Iterator<Item = char>,
) -> String {
    let mut text = String::with_capacity(64);
    text.push_str(prefix);
    for (place, symbol) in symbols.enumerate() {
        if place.checked_rem(group_length) == Some(0) && !text.is_empty() {
            text.push('-');
        }
        text.push(symbol);
    }
    text
}

fn checked_prefix(prefix: &str) -> Result<Box<str>> {
    let plain = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    if (1..=CodeFormat::PREFIX_MAX).contains(&prefix.len()) && prefix.bytes().all(plain) {
        return Ok(prefix.into());
    }
    Err(refused(prefix, "a prefix of 1 to 12 of A–Z and 0–9"))
}

fn refused(value: &str, expected: &str) -> Refusal {
    let shown: String = value.chars().take(64).collect();
    Refusal::new(ErrorKind::FieldInvalid)
        .with("field", "code format")
        .with("value", shown)
        .with("expected", expected)
}

impl FromStr for CodeFormat {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self> {
        let expected = "a form such as `ACME-5x4`, with 18 to 31 symbols in groups of 4 to 8";
        let (names, layout) = match text.rsplit_once('-') {
            Some((names, layout)) => (Some(names), layout),
            None => (None, text),
        };
        let (length, groups) =
            layout.split_once(['x', '×']).ok_or_else(|| refused(text, expected))?;
        let digit = |text: &str| match text.as_bytes() {
            [digit @ b'1'..=b'9'] => Some(digit.wrapping_sub(b'0')),
            _ => None,
        };
        let (Some(group_length), Some(groups)) = (digit(length), digit(groups)) else {
            return Err(refused(text, expected));
        };
        let format = Self { prefix: None, aliases: BTreeSet::new(), group_length, groups };
        if !Self::GROUP_LENGTH.contains(&group_length) || !Self::SYMBOLS.contains(&format.symbols())
        {
            return Err(refused(text, expected));
        }
        let Some(names) = names else { return Ok(format) };
        let mut names = names.split('|');
        let prefix = Some(checked_prefix(names.next().unwrap_or_default())?);
        names.try_fold(Self { prefix, ..format }, Self::with_alias)
    }
}

impl fmt::Display for CodeFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.prefix())?;
        self.aliases.iter().try_for_each(|alias| write!(f, "|{alias}"))?;
        let dash = if self.prefix.is_some() { "-" } else { "" };
        write!(f, "{dash}{}x{}", self.group_length, self.groups)
    }
}

impl fmt::Debug for CodeFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl TryFrom<String> for CodeFormat {
    type Error = Refusal;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<CodeFormat> for String {
    fn from(format: CodeFormat) -> Self {
        format.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_what_it_prints() {
        for text in ["ACME-5x4", "5x4", "A-6x3", "ABCDEFGHJK12-5x6", "X-8x3", "7x4", "X|QЯ|Ю-4x5"]
        {
            assert_eq!(format(text).to_string(), text);
        }
        assert_eq!(format("ACME-5×4"), format("ACME-5x4"));
        assert_eq!(CodeFormat::usual("ACME").unwrap(), format("ACME-5x4"));
    }

    #[test]
    fn json_is_the_text_and_is_checked() {
        let json = serde_json::to_string(&format("ACME-5x4")).unwrap();
        assert_eq!(json, r#""ACME-5x4""#);
        assert_eq!(serde_json::from_str::<CodeFormat>(&json).unwrap(), format("ACME-5x4"));
        assert!(serde_json::from_str::<CodeFormat>(r#""ACME-5x3""#).is_err());
    }

    #[test]
    fn a_code_has_18_to_31_symbols_in_groups_of_4_to_8() {
        let mut lengths = BTreeSet::new();
        for group_length in 1..=9 {
            for groups in 1..=9 {
                let text = format!("{group_length}x{groups}");
                let symbols = group_length * groups;
                let fits = (4..=8).contains(&group_length) && (18..=31).contains(&symbols);
                assert_eq!(text.parse::<CodeFormat>().is_ok(), fits, "{text}");
                if fits {
                    lengths.insert(symbols);
                }
            }
        }
        assert_eq!(lengths.first(), Some(&18));
        assert_eq!(lengths.last(), Some(&30));
        assert_eq!((SYMBOLS_MIN - CHECK_SYMBOLS) * 5, 80);
    }

    #[test]
    fn a_prefix_of_12_is_taken_and_of_13_refused() {
        assert!(CodeFormat::usual(&"A".repeat(12)).is_ok());
        assert!(CodeFormat::usual(&"A".repeat(13)).is_err());
    }

    #[test]
    fn what_is_no_format_is_refused() {
        for text in [
            "",
            "-",
            "x",
            "5x",
            "x4",
            "-5x4",
            "acme-5x4",
            "AC ME-5x4",
            "A-B-5x4",
            "ACME-05x4",
            "ACME-+5x4",
            "ACME-5x4 ",
            "ACME-5X4",
            "ACME5x4",
            "МИКО-5x4",
            "|A-5x4",
            "A|-5x4",
            "A|B B-5x4",
            "A|B\u{200B}-5x4",
            "A|_-5x4",
            "ACME-55x4",
            "ACME-5x4x4",
        ] {
            let refusal = text.parse::<CodeFormat>().unwrap_err();
            assert_eq!(refusal.kind(), ErrorKind::FieldInvalid, "{text}");
        }
        assert_eq!(
            "ACME-9x9".parse::<CodeFormat>().unwrap_err().to_string(),
            "code format `ACME-9x9` is not a form such as `ACME-5x4`, with 18 to 31 symbols in \
             groups of 4 to 8"
        );
    }

    #[test]
    fn an_alias_needs_a_prefix_and_letters_and_there_are_at_most_8() {
        assert!(format("5x4").with_alias("ACME").is_err());
        assert!(format("A-5x4").with_alias(&"Я".repeat(12)).is_ok());
        assert!(format("A-5x4").with_alias(&"Я".repeat(13)).is_err());
        let eight = "BCDEFGHJ"
            .chars()
            .fold(format("A-5x4"), |format, alias| format.with_alias(&alias.to_string()).unwrap());
        assert!(eight.clone().with_alias("K").is_err());
        assert_eq!(eight.clone().with_alias("B").unwrap(), eight);
    }

    #[test]
    fn an_alias_that_folds_to_the_prefix_adds_nothing() {
        assert_eq!(format("ACME-5x4").with_alias("асме").unwrap(), format("ACME-5x4"));
    }

    #[test]
    fn of_nested_prefixes_the_one_that_leaves_a_whole_code_counts() {
        let format = format("A|AB|ABB-6x3");
        for prefix in ["A", "AB", "ABB"] {
            let rest = "BBBBBBBBBBBBBBBBBB";
            assert_eq!(format.after_prefix(&[prefix, rest].concat()), Some(rest));
        }
        assert_eq!(format.after_prefix("CBBBBBBBBBBBBBBBBBB"), None);
    }

    fn format(text: &str) -> CodeFormat {
        text.parse().unwrap()
    }
}
