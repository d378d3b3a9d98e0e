//! Who opened a store: a fork of that process must not go on with its connections.
//!
//! A lock held by a file handle, and a conversation with a server, belong to one process. What is
//! left of them in its fork must neither be used nor closed: to close it would end what the first
//! one is still using.

use std::fmt;

use mlicense_core::error::ErrorKind;
use rusqlite::Connection;

use crate::error::{Error, Result};

/// The process that opened a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Opener(u32);

impl Opener {
    pub(super) fn here() -> Self {
        Self(std::process::id())
    }

    fn is_here(self) -> bool {
        self == Self::here()
    }

    /// Closes what is held, but in a fork, where that would close it for the first process too.
    #[expect(clippy::mem_forget, reason = "left open on purpose")]
    pub(super) fn close_own<T>(self, held: T) {
        if self.is_here() {
            drop(held);
        } else {
            std::mem::forget(held);
        }
    }

    /// Refuses to go on in a fork; asked before any lock, which another thread may have held.
    pub(super) fn check(self, store: impl fmt::Display) -> Result<()> {
        if self.is_here() {
            return Ok(());
        }
        let detail = "this process is a fork of the one that opened it: open it again here";
        Err(Error::named(ErrorKind::StoreUnavailable, store, detail))
    }
}

/// What is closed by the process that opened it and by no other.
#[derive(Debug)]
pub(super) struct Own<T> {
    opener: Opener,
    held: Option<T>,
}

/// An SQLite connection; none after a failure of the disk: what it still believes may not be there.
pub(super) type OwnConnection = Own<Connection>;

impl<T> Own<T> {
    pub(super) fn new(held: T) -> Self {
        Self { opener: Opener::here(), held: Some(held) }
    }

    /// What is held, opened anew where it was closed.
    pub(super) fn or_open(&mut self, open: impl FnOnce() -> Result<T>) -> Result<&mut T> {
        match &mut self.held {
            Some(held) => Ok(held),
            none => Ok(none.insert(open()?)),
        }
    }

    pub(super) const fn held(&self) -> Option<&T> {
        self.held.as_ref()
    }

    pub(super) fn close(&mut self) {
        self.held = None;
    }
}

impl<T> Drop for Own<T> {
    fn drop(&mut self) {
        self.opener.close_own(self.held.take());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_process_is_refused_and_closes_nothing() {
        struct Closes<'a>(&'a std::cell::Cell<bool>);
        impl Drop for Closes<'_> {
            fn drop(&mut self) {
                self.0.set(true);
            }
        }
        let opener = Opener::here();
        opener.check("ledger").unwrap();
        let other = Opener(opener.0.wrapping_add(1));
        let refused = other.check("ledger").unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::StoreUnavailable);
        for (opener, expected) in [(opener, true), (other, false)] {
            let closed = std::cell::Cell::new(false);
            drop(Own { opener, held: Some(Closes(&closed)) });
            assert_eq!(closed.get(), expected);
        }
    }
}
