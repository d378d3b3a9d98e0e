//! `Outcome`.

use serde::Serialize;

/// The answer in one word; its number is the same in every language and above 0 when it may run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
#[expect(clippy::exhaustive_enums, reason = "a new outcome must stop callers from compiling")]
pub enum Outcome {
    /// It may not run.
    Denied = 0,
    /// It may run; it is licensed.
    Licensed = 1,
    /// It may run for now; it is not licensed, or not any more.
    Grace = 2,
    /// It may run with less than everything, as the host program sees fit. Not given yet.
    Limited = 3,
}

impl Outcome {
    /// The stable number, 0 for denied.
    #[must_use]
    pub const fn number(self) -> u32 {
        self as u32
    }

    /// Whether it may run.
    #[must_use]
    pub const fn allows(self) -> bool {
        !matches!(self, Self::Denied)
    }

    /// How good it is for whoever asks, when several licences answer differently.
    pub(super) const fn rank(self) -> u8 {
        match self {
            Self::Denied => 0,
            Self::Limited => 1,
            Self::Grace => 2,
            Self::Licensed => 3,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_denied_is_zero_and_stops() {
        let all = [Outcome::Denied, Outcome::Licensed, Outcome::Grace, Outcome::Limited];
        for (number, outcome) in (0..).zip(all) {
            assert_eq!(outcome.number(), number);
            assert_eq!(outcome.allows(), number > 0);
        }
    }
}
