//! The symbols of a code and the two of them that check the others.
//!
//! The 32 symbols are the elements of the field GF(32) = GF(2)\[α\] / (α⁵ + α² + 1). A code
//! `c₀ c₁ … cₙ₋₁`, read from the left, holds when both of these are zero:
//!
//! - `S₀ = Σ cᵢ`
//! - `S₁ = Σ cᵢ·α^(n−1−i)`
//!
//! which makes it a word of a shortened Reed–Solomon code with the roots 1 and α. What that buys:
//!
//! - **One wrong symbol is noticed and found.** An error `e` at place `i` gives `S₀ = e ≠ 0` and
//!   `S₁ = e·α^(n−1−i)`. α has order 31, so for `n ≤ 31` the quotient names `i`.
//! - **Two wrong symbols are noticed.** Both sums vanish only if `e + f = 0` and
//!   `e·α^k + f·α^m = 0`, hence `e·(α^k + α^m) = 0`; with `k ≠ m`, both below 31, that leaves
//!   `e = f = 0`.
//! - **Two swapped symbols are noticed**, neighbours or not: that is two wrong symbols.
//!
//! Other damage slips through once in 1024. Two wrong symbols may look like one at a third place,
//! so the place is a hint and nothing is ever corrected.

/// The symbols, in the order of their values.
///
/// Left out are 0, 1, I and O, both sides of each pair that print alike, rather than one side with
/// a guess at the other. L stays: codes are printed in capitals, where L resembles neither 1 nor I.
/// Of the twelve capitals that Cyrillic shares in look with Latin eleven are here, O is not; I is
/// not either, so the Turkish rules for its case never matter.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// How many symbols of a code check the others; they stand last.
pub(super) const CHECK_SYMBOLS: usize = 2;

/// The most symbols that two check symbols can guard: the order of α.
pub(super) const SYMBOLS_MAX: usize = 31;

/// The value of a symbol, 0 to 31; `None` for a character that is no symbol.
pub(super) fn value_of(symbol: char) -> Option<u8> {
    let byte = u8::try_from(symbol).ok()?;
    let (first, value) = match byte {
        b'2'..=b'9' => (b'2', 0),
        b'A'..=b'H' => (b'A', 8),
        b'J'..=b'N' => (b'J', 16),
        b'P'..=b'Z' => (b'P', 21),
        _ => return None,
    };
    Some(byte.wrapping_sub(first).wrapping_add(value))
}

/// The symbol of a value; only the low five bits count.
#[expect(clippy::indexing_slicing, reason = "five bits index 32 symbols")]
pub(super) fn symbol_of(value: u8) -> char {
    char::from(ALPHABET[usize::from(value & 31)])
}

/// The product with α: a shift, reduced by α⁵ = α² + 1.
fn times_alpha(value: u8) -> u8 {
    let shifted = value << 1;
    if shifted & 0b10_0000 == 0 { shifted } else { shifted ^ 0b10_0101 }
}

/// The check symbols for these values: the remainder of division by (x + 1)(x + α).
pub(super) fn check_values(values: impl Iterator<Item = u8>) -> [u8; CHECK_SYMBOLS] {
    values.fold([0, 0], |[first, second], value| {
        let carried = first ^ value;
        let by_alpha = times_alpha(carried);
        [second ^ carried ^ by_alpha, by_alpha]
    })
}

/// What the check symbols say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The code holds.
    Holds,
    /// If one symbol alone is wrong, it is this one, counted from 0.
    OneWrong(usize),
    /// More than one symbol is wrong.
    SeveralWrong,
}

/// The running sums S₀ and S₁ over a code, symbol by symbol from the left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sums {
    plain: u8,
    weighted: u8,
    symbols: usize,
}

impl Sums {
    /// Takes the value of the next symbol.
    pub(super) fn add(&mut self, value: u8) {
        self.plain ^= value;
        self.weighted = times_alpha(self.weighted) ^ value;
        self.symbols = self.symbols.saturating_add(1);
    }

    /// Judges the symbols taken so far as a whole code.
    pub(super) fn verdict(self) -> Verdict {
        if self.plain == 0 && self.weighted == 0 {
            return Verdict::Holds;
        }
        let mut product = self.plain;
        for place in (0..self.symbols).rev() {
            if product == self.weighted {
                return Verdict::OneWrong(place);
            }
            product = times_alpha(product);
        }
        Verdict::SeveralWrong
    }
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "tests")]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_symbol_has_its_value_and_no_other_character_has_one() {
        for (value, symbol) in (0_u8..).zip(ALPHABET) {
            assert_eq!(value_of(char::from(*symbol)), Some(value));
            assert_eq!(symbol_of(value), char::from(*symbol));
        }
        let symbols = (0..=0x10_FFFF).filter_map(char::from_u32).filter_map(value_of).count();
        assert_eq!(symbols, ALPHABET.len());
        assert!(
            ["0", "O", "1", "I"]
                .iter()
                .all(|absent| { absent.chars().all(|character| value_of(character).is_none()) })
        );
    }

    #[test]
    fn alpha_runs_through_all_31_elements_but_zero() {
        let powers: BTreeSet<u8> =
            std::iter::successors(Some(1), |power| Some(times_alpha(*power))).take(31).collect();
        assert_eq!(powers, (1..32).collect());
    }

    /// The sums are linear (below), so an error pattern goes unnoticed in some code if and only if
    /// it goes unnoticed in the code of zeros; and a shorter code is one of 31 symbols that begins
    /// with zeros. So these patterns are all there are.
    #[test]
    fn every_error_of_one_or_two_symbols_is_noticed_in_codes_of_any_length() {
        let mut patterns = 0;
        for first in 0..SYMBOLS_MAX {
            for error in 1..32 {
                let mut wrong = [0; SYMBOLS_MAX];
                wrong[first] = error;
                assert_eq!(verdict(&wrong), Verdict::OneWrong(first));
                for second in first + 1..SYMBOLS_MAX {
                    for other in 1..32 {
                        wrong[second] = other;
                        assert_ne!(verdict(&wrong), Verdict::Holds, "{wrong:?}");
                        patterns += 1;
                    }
                    wrong[second] = 0;
                }
            }
        }
        assert_eq!(patterns, 31 * 31 * (31 * 30 / 2));
    }

    #[test]
    fn one_check_symbol_would_miss_a_swap() {
        let plain_only = |values: &[u8]| values.iter().fold(0, |sum, value| sum ^ value);
        assert_eq!(plain_only(&[3, 7]), plain_only(&[7, 3]));
    }

    proptest! {
        #[test]
        fn prop_the_sums_are_linear(
            pairs in prop::collection::vec((0_u8..32, 0_u8..32), 0..=SYMBOLS_MAX)
        ) {
            let of = |pick: fn(&(u8, u8)) -> u8| sums(&pairs.iter().map(pick).collect::<Vec<_>>());
            let (left, right, both) = (of(|p| p.0), of(|p| p.1), of(|p| p.0 ^ p.1));
            prop_assert_eq!(left.plain ^ right.plain, both.plain);
            prop_assert_eq!(left.weighted ^ right.weighted, both.weighted);
        }

        #[test]
        fn prop_check_symbols_make_a_code_that_holds(
            mut values in prop::collection::vec(0_u8..32, 0..=SYMBOLS_MAX - CHECK_SYMBOLS)
        ) {
            values.extend(check_values(values.clone().into_iter()));
            prop_assert_eq!(verdict(&values), Verdict::Holds);
        }

        #[test]
        fn prop_every_swap_of_neighbours_is_noticed(
            mut values in prop::collection::vec(0_u8..32, 16..=SYMBOLS_MAX - CHECK_SYMBOLS)
        ) {
            values.extend(check_values(values.clone().into_iter()));
            for place in 1..values.len() {
                let mut swapped = values.clone();
                swapped.swap(place - 1, place);
                prop_assert_eq!(verdict(&swapped) == Verdict::Holds, swapped == values);
            }
        }
    }

    fn verdict(values: &[u8]) -> Verdict {
        sums(values).verdict()
    }

    fn sums(values: &[u8]) -> Sums {
        let mut sums = Sums::default();
        values.iter().for_each(|value| sums.add(*value));
        sums
    }
}
