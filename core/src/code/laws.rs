//! Laws of codes, over every kind of format and any entropy.
#![expect(clippy::arithmetic_side_effects, reason = "tests")]

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn prop_a_code_survives_any_way_of_typing_it(
        (format, code) in codes(),
        dressing in prop::collection::vec((0_u8..4, prop::sample::select(NOISE)), 64)
    ) {
        let typed: String = code.reveal().chars().zip(dressing)
            .flat_map(|(symbol, (dress, noise))| [dressed(symbol, dress), noise])
            .collect();
        prop_assume!(typed.len() <= TYPED_BYTES_MAX);
        prop_assert_eq!(Code::parse(&format, &typed).unwrap(), code);
    }

    #[test]
    fn prop_folding_is_idempotent_on_any_text(text in "\\PC{0,60}") {
        let once = fold::fold(&text).unwrap();
        prop_assert_eq!(fold::fold(&once).unwrap(), once);
    }

    #[test]
    fn prop_a_refusal_shows_no_more_of_a_code_than_the_mask(
        (format, code) in codes(), from in 0_usize..12, to in 12_usize..45
    ) {
        let text = code.reveal();
        let part: String = text.chars().take(to).skip(from).collect();
        let short: String = part.chars().take(3).collect();
        let refusals = [Code::parse(&format, &part).err(), Code::opaque(&short).err()];
        for refusal in refusals.into_iter().flatten() {
            prop_assert_eq!(refusal.kind(), ErrorKind::CodeInvalid);
            let shown = details(&refusal, "code");
            let shown = shown.strip_prefix(format.prefix()).unwrap_or(&shown);
            prop_assert!(shown.trim_start_matches(['*', '-']).len() <= SHOWN_MAX, "{shown}");
        }
    }

    #[test]
    fn prop_any_text_is_read_or_refused(text in any::<String>(), format in formats()) {
        let _ = Code::parse(&format, &text);
        let _ = Code::parse(&format, &[format.prefix(), &text].concat());
        let _ = Code::opaque(&text);
        let _ = text.parse::<CodeFormat>();
    }

    #[test]
    fn prop_codes_of_one_format_fold_together_only_when_equal(
        format in formats(), first in entropy(), place in 0..check::SYMBOLS_MAX, change: u8
    ) {
        let of = |bytes: &[u8]| Code::generate(&format, bytes).unwrap();
        let same = change & 31 == 0 || place >= format.entropy_bytes();
        let mut second = first.clone();
        second[place] ^= change;
        let (first, second) = (of(&first), of(&second));
        let folded = |code: &Code| fold::fold(&code.reveal()).unwrap();
        prop_assert_eq!(folded(&first) == folded(&second), same);
        prop_assert_eq!(first.digest(&[7; 32]) == second.digest(&[7; 32]), same);
        prop_assert_eq!(folded(&first), first.folded());
    }

    #[test]
    fn prop_every_cyrillic_twin_is_the_same_code((format, code) in codes()) {
        let text: Vec<char> = code.reveal().chars().collect();
        for (place, symbol) in text.iter().enumerate() {
            for twin in twins(*symbol) {
                let mut typed = text.clone();
                typed[place] = twin;
                let typed: String = typed.into_iter().collect();
                prop_assert_eq!(&Code::parse(&format, &typed).unwrap(), &code);
            }
        }
    }

    #[test]
    fn prop_every_single_wrong_symbol_is_refused_and_pointed_at((format, code) in codes()) {
        let text: Vec<char> = code.reveal().chars().collect();
        let start = format.prefix().len();
        for place in (start..text.len()).filter(|place| text[*place] != '-') {
            for wrong in (0..32).map(check::symbol_of).filter(|other| *other != text[place]) {
                let mut typed = text.clone();
                typed[place] = wrong;
                let refusal =
                    Code::parse(&format, &typed.iter().collect::<String>()).unwrap_err();
                prop_assert_eq!(refusal.kind(), ErrorKind::CodeMistyped);
                let shown: Vec<char> = details(&refusal, "code").chars().collect();
                prop_assert_eq!(shown[place], '?');
                let counted = text[..=place].iter().filter(|c| **c != '-').count();
                prop_assert_eq!(details(&refusal, "place"), counted.to_string());
            }
        }
    }

    #[test]
    fn prop_every_swap_and_every_pair_of_wrong_symbols_is_refused(
        (format, code) in codes(), one in 0_usize..31, two in 0_usize..31,
        errors in (1_u8..32, 1_u8..32)
    ) {
        let symbols: Vec<char> = code.parts().1.chars().collect();
        let (one, two) = (one % symbols.len(), two % symbols.len());
        prop_assume!(one != two);
        let kind = |symbols: Vec<char>| {
            Code::parse(&format, &format.spell(symbols.into_iter())).map_err(|r| r.kind())
        };
        let mut swapped = symbols.clone();
        swapped.swap(one, two);
        let expected = if swapped == symbols { Ok(code) } else { Err(ErrorKind::CodeMistyped) };
        prop_assert_eq!(kind(swapped), expected);
        let mut wrong = symbols;
        for (place, error) in [(one, errors.0), (two, errors.1)] {
            wrong[place] = check::symbol_of(check::value_of(wrong[place]).unwrap() ^ error);
        }
        prop_assert_eq!(kind(wrong), Err(ErrorKind::CodeMistyped));
    }
}

/// A thousand codes of one format, as a vendor would issue them.
fn issued() -> Vec<Code> {
    let of = |index: u32| {
        Code::generate(&format("ACME-5x4"), &crate::signing::sha256(&index.to_be_bytes())).unwrap()
    };
    (0..1000).map(of).collect()
}

/// The rows of a keyboard in two layouts: a key and its neighbours have places that touch.
const LATIN: [&str; 4] = ["1234567890", "QWERTYUIOP", "ASDFGHJKL;", "ZXCVBNM,./"];
const RUSSIAN: [&str; 4] = ["1234567890", "ЙЦУКЕНГШЩЗ", "ФЫВАПРОЛДЖ", "ЯЧСМИТЬБЮ."];

fn key(row: usize, column: usize, layout: [&str; 4]) -> Option<char> {
    layout.get(row)?.chars().nth(column)
}

/// What stands in a layout on the key of a symbol, and on the keys that touch it.
fn typed_instead(symbol: char, layout: [&str; 4]) -> Vec<char> {
    let place = |(row, keys): (usize, &&str)| Some((row, keys.chars().position(|k| k == symbol)?));
    let Some((row, column)) = LATIN.iter().enumerate().find_map(place) else { return Vec::new() };
    let near = |at: usize| at.saturating_sub(1)..=at + 1;
    let places = near(row).flat_map(|row| near(column).map(move |column| (row, column)));
    places.filter_map(|(row, column)| key(row, column, layout)).collect()
}

#[test]
fn a_key_has_its_neighbours_in_both_layouts() {
    let near = |symbol, layout| typed_instead(symbol, layout).into_iter().collect::<String>();
    assert_eq!(near('G', LATIN), "RTYFGHVBN");
    assert_eq!(near('G', RUSSIAN), "КЕНАПРМИТ");
    assert_eq!(near('2', LATIN), "123QWE");
}

/// Goal: one slip of the finger, of the layout or of the alphabet never leads to another code.
#[test]
fn every_slip_in_a_thousand_codes_gives_the_same_code_or_is_refused() {
    let format = format("ACME-5x4");
    let (mut same, mut refused) = (0_u32, 0_u32);
    for code in issued() {
        let text: Vec<char> = code.reveal().chars().collect();
        for (place, symbol) in text.iter().enumerate().filter(|(_, symbol)| **symbol != '-') {
            let slips = typed_instead(*symbol, LATIN).into_iter();
            let slips = slips.chain(typed_instead(*symbol, RUSSIAN)).chain(twins(*symbol));
            for slip in slips {
                let mut typed = text.clone();
                typed[place] = slip;
                match Code::parse(&format, &typed.iter().collect::<String>()) {
                    Ok(parsed) if parsed == code => same += 1,
                    Ok(parsed) => panic!("{slip} at {place} of {} gives {parsed}", code.reveal()),
                    Err(_) => refused += 1,
                }
            }
        }
    }
    // Both happen: a twin is the same code, and most slips are refused.
    assert!(same > 1000 && refused > 100_000, "{same} {refused}");
}

#[test]
fn no_two_of_a_thousand_codes_fold_together() {
    let folded: BTreeSet<String> =
        issued().iter().map(|code| fold::fold(&code.reveal()).unwrap()).collect();
    let digests: BTreeSet<String> =
        issued().iter().map(|code| code.digest(&[7; 32]).to_string()).collect();
    assert_eq!((folded.len(), digests.len()), (1000, 1000));
}

const NOISE: &[char] = &[
    ' ', '-', '\t', '\n', '\r', '\u{A0}', '\u{AD}', '\u{200B}', '\u{200F}', '\u{202F}', '\u{2011}',
    '–', '—', '−', 'ー', '\u{3000}', '\u{FEFF}', '－',
];

fn dressed(symbol: char, dress: u8) -> char {
    match dress {
        1 => symbol.to_ascii_lowercase(),
        2 if symbol.is_ascii_graphic() => {
            char::from_u32(u32::from(symbol) + 0xFEE0).unwrap_or(symbol)
        }
        3 => twins(symbol).next().unwrap_or(symbol),
        _ => symbol,
    }
}

fn twins(symbol: char) -> impl Iterator<Item = char> {
    let place = "ABEKMHOPCTYX".chars().position(|latin| latin == symbol);
    ["АВЕКМНОРСТУХ", "авекмнорстух"]
        .into_iter()
        .filter_map(move |cyrillic| cyrillic.chars().nth(place?))
}

fn formats() -> impl Strategy<Value = CodeFormat> {
    let layouts = ["5x4", "6x3", "7x3", "8x3", "4x5", "4x6", "4x7", "5x5", "5x6", "6x5"];
    let prefixes = prop::sample::select(vec!["", "A-", "ACME-", "0O1IL-", "ABCDEFGHIJKL-"]);
    (prefixes, prop::sample::select(layouts.to_vec()))
        .prop_map(|(prefix, layout)| format(&[prefix, layout].concat()))
}

fn entropy() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), check::SYMBOLS_MAX)
}

fn codes() -> impl Strategy<Value = (CodeFormat, Code)> {
    (formats(), entropy()).prop_map(|(format, entropy)| {
        let code = Code::generate(&format, &entropy).unwrap();
        (format, code)
    })
}

fn format(text: &str) -> CodeFormat {
    text.parse().unwrap()
}

fn details(refusal: &Refusal, name: &str) -> String {
    refusal.details().find(|(key, _)| *key == name).unwrap().1.to_owned()
}
