//! A walk through everything: heads and events come from the store apart, and are brought together.

use std::iter::Peekable;

use mlicense_core::history::ChainHash;

use super::JournalKey;
use crate::error::Result;

/// An event as a walk comes by it, with what the journal finds it by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Walked<'e> {
    pub(crate) index: u64,
    pub(crate) json: &'e str,
    pub(crate) chain: ChainHash,
    pub(crate) key: JournalKey<'e>,
}

/// Who is shown all streams.
pub(crate) trait Walking {
    /// A stream begins; without a head, if nobody wrote one.
    fn begin(&mut self, stream: &str, head: Option<(u64, ChainHash)>) -> Result<()>;
    /// The next event of it.
    fn take(&mut self, event: &Walked<'_>) -> Result<()>;
}

/// Brings events together with the heads of their streams, both in the order of the names.
pub(super) struct Walk<'w, H: Iterator> {
    heads: Peekable<H>,
    walking: &'w mut dyn Walking,
    stream: Option<String>,
}

impl<'w, H: Iterator<Item = Result<(String, (u64, ChainHash))>>> Walk<'w, H> {
    pub(super) fn new(heads: H, walking: &'w mut dyn Walking) -> Self {
        Self { heads: heads.peekable(), walking, stream: None }
    }

    pub(super) fn take(&mut self, stream: &str, event: &Walked<'_>) -> Result<()> {
        if self.stream.as_deref() != Some(stream) {
            self.pass(|other| other < stream)?;
            let is_here = |head: &H::Item| head.as_ref().is_ok_and(|(other, _)| other == stream);
            let head = self.heads.next_if(is_here).transpose()?;
            self.walking.begin(stream, head.map(|(_, head)| head))?;
            self.stream = Some(stream.to_owned());
        }
        self.walking.take(event)
    }

    pub(super) fn end(mut self) -> Result<()> {
        self.pass(|_| true)
    }

    /// Shows streams that have a head and no events.
    fn pass(&mut self, is_passed: impl Fn(&str) -> bool) -> Result<()> {
        let is_next = |head: &H::Item| head.as_ref().map_or(true, |(other, _)| is_passed(other));
        while let Some(head) = self.heads.next_if(is_next) {
            let (other, head) = head?;
            self.walking.begin(&other, Some(head))?;
        }
        Ok(())
    }
}
