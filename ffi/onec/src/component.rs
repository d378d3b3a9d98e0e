//! What a class of the component is: tables of its members, and functions behind them.
//!
//! A class is safe Rust: [`abi`](crate::abi) makes an object of 1C of it, and catches its panics.

use mlicense_core::error::{Language, Refusal, Result};

use crate::value::{Arguments, Parameter, Value};

/// A class that 1C creates objects of.
pub(crate) trait Component: Default + Send + 'static {
    /// Its name, in ASCII: 1C takes it from the object, other hosts from the library, so that there
    /// is one.
    const NAME: &'static str;

    /// What objects have, all of which can be read and none written.
    const PROPERTIES: &'static [Property<Self>];

    /// What objects do.
    const METHODS: &'static [Method<Self>];

    /// Takes the language of the texts from now on.
    fn speak(&mut self, language: Language);

    /// Keeps a mistake of the caller's for whoever asks what went wrong, and gives its text.
    fn note(&mut self, refusal: Refusal) -> String;
}

/// The two names of a member; 1C does not mind case.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Names {
    pub(crate) english: &'static str,
    pub(crate) russian: &'static str,
}

impl Names {
    fn contain(&self, name: &str) -> bool {
        [self.english, self.russian].into_iter().any(|known| folded(known).eq(folded(name)))
    }
}

fn folded(name: &str) -> impl Iterator<Item = char> + '_ {
    name.chars().flat_map(char::to_lowercase)
}

/// A value that can be read.
pub(crate) struct Property<C> {
    pub(crate) names: Names,
    pub(crate) read: fn(&C) -> Result<Value>,
}

/// Something that can be done.
pub(crate) struct Method<C> {
    pub(crate) names: Names,
    pub(crate) parameters: &'static [Parameter],
    /// Whether there is a result to take.
    pub(crate) returns: bool,
    pub(crate) call: fn(&mut C, &mut Arguments) -> Result<Value>,
}

/// Where a member of either table stands.
pub(crate) fn find<'m>(members: impl IntoIterator<Item = &'m Names>, name: &str) -> Option<usize> {
    members.into_iter().position(|names| names.contain(name))
}

/// A method: `"English" "Russian" (parameters) -> function`.
macro_rules! methods {
    ($($english:literal $russian:literal ($($name:literal $left_out:expr),*) $does:tt $call:expr;)*) => {
        &[$($crate::component::Method {
            names: $crate::component::Names { english: $english, russian: $russian },
            parameters: &[$($crate::value::Parameter { name: $name, when_left_out: $left_out }),*],
            returns: $crate::component::returns!($does),
            call: $call,
        }),*]
    };
}

/// Whether an arrow says that there is a result.
macro_rules! returns {
    (->) => {
        true
    };
    (=>) => {
        false
    };
}

/// A property: `"English" "Russian" function`.
macro_rules! properties {
    ($($english:literal $russian:literal $read:expr;)*) => {
        &[$($crate::component::Property {
            names: $crate::component::Names { english: $english, russian: $russian },
            read: $read,
        }),*]
    };
}

pub(crate) use {methods, properties, returns};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_in_either_language_and_any_case() {
        let members = [
            Names { english: "Open", russian: "Открыть" },
            Names { english: "Close", russian: "Закрыть" },
        ];
        for (name, place) in [
            ("Open", Some(0)),
            ("OPEN", Some(0)),
            ("открыть", Some(0)),
            ("зАКРЫТЬ", Some(1)),
            ("Close ", None),
            ("", None),
            ("Оpen", None),
        ] {
            assert_eq!(find(&members, name), place, "{name}");
        }
    }
}
