//! Exit codes.

/// How a command ended; the numbers are stable, and `docs/command.md` lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
#[non_exhaustive]
pub enum Exit {
    /// Done; a check lets it run.
    Done = 0,
    /// Done in part, or something was found wrong: a row, a file or a finding tells what.
    Findings = 1,
    /// The command line is not one of this command.
    Usage = 2,
    /// A check denies: it may not run.
    Denied = 3,
    /// Refused by the rules, such as a document that is not the vendor's; nothing was changed.
    Refused = 4,
    /// A file, a state or a ledger cannot be read or written.
    Storage = 5,
    /// A fault of the command itself.
    Internal = 6,
}

impl Exit {
    /// Every way to end, by number.
    pub const ALL: [Self; 7] = [
        Self::Done,
        Self::Findings,
        Self::Usage,
        Self::Denied,
        Self::Refused,
        Self::Storage,
        Self::Internal,
    ];

    /// The exit code.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_ascend_from_zero_without_a_gap() {
        for (code, exit) in (0..).zip(Exit::ALL) {
            assert_eq!(exit.code(), code);
        }
    }
}
