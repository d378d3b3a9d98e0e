//! What every command has at hand: streams, language, form of the output, the time.

use indicatif::{ProgressBar, ProgressStyle};
use mlicense_core::{
    error::{ErrorKind, Language, Refusal},
    time::Instant,
};
use mlicense_host::{Clock, SystemClock};
use serde::Serialize;

use crate::{
    Surroundings,
    arguments::Common,
    describe::describe,
    exit::Exit,
    fault::{Fault, Result},
    words::{Sentence, say},
};

/// What a command is run with.
pub(crate) struct Context<'a> {
    surroundings: Surroundings<'a>,
    common: Common,
}

impl<'a> Context<'a> {
    pub(crate) fn new(mut surroundings: Surroundings<'a>, common: Common) -> Self {
        if let Some(language) = &common.lang {
            surroundings.language = Language::from_locale(language.as_str());
        }
        Self { surroundings, common }
    }

    pub(crate) const fn language(&self) -> Language {
        self.surroundings.language
    }

    pub(crate) const fn is_json(&self) -> bool {
        self.common.json
    }

    /// The instant that the arguments name to decide at; none means now.
    pub(crate) const fn asked_at(&self) -> Option<Instant> {
        self.common.now
    }

    /// The instant to act at.
    pub(crate) fn now(&self) -> Instant {
        self.common.now.or(self.common.clock).unwrap_or_else(|| SystemClock.now())
    }

    /// The clock that stands still for a test.
    pub(crate) const fn stopped_clock(&self) -> Option<Instant> {
        self.common.clock
    }

    /// Reads standard input to its end.
    pub(crate) fn input(&mut self) -> std::io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.surroundings.input.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// A sentence of the command, in the language of its user.
    pub(crate) fn say(&self, sentence: Sentence, facts: &[(&str, &str)]) -> String {
        say(self.language(), sentence, facts)
    }

    /// Writes a line, or lines, for people.
    pub(crate) fn line(&mut self, text: &str) -> Result<()> {
        writeln!(self.surroundings.output, "{text}").map_err(Fault::Output)
    }

    /// Writes bytes as they are.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> Result<()> {
        self.surroundings.output.write_all(bytes).map_err(Fault::Output)
    }

    /// Writes a line about what is done, which is not the answer itself.
    pub(crate) fn note(&mut self, text: &str) {
        // Whoever closed the stream does not want to hear it.
        let _ = writeln!(self.surroundings.errors, "{text}");
    }

    /// Answers with JSON on one line, or with what `words` makes of it.
    pub(crate) fn answer<T: Serialize>(
        &mut self,
        value: &T,
        words: impl FnOnce(&Self) -> String,
    ) -> Result<()> {
        let text = if self.is_json() { json(value)? } else { words(self) };
        self.line(&text)
    }

    /// Answers with JSON on one line, or with the same as lists and tables.
    pub(crate) fn show<T: Serialize>(&mut self, value: &T) -> Result<()> {
        let value = serde_json::to_value(value).map_err(unserializable)?;
        self.answer(&value, |_| describe(&value))
    }

    /// Does long work, and shows on a terminal how far it has come.
    pub(crate) fn with_progress<T>(&self, work: impl FnOnce(&mut dyn FnMut(u64, u64)) -> T) -> T {
        if !self.surroundings.shows_progress || self.is_json() {
            return work(&mut |_, _| {});
        }
        let bar = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos} / {len} {eta}") {
            bar.set_style(style);
        }
        let done = work(&mut |done, of| {
            bar.set_length(of);
            bar.set_position(done);
        });
        bar.finish_and_clear();
        done
    }

    /// Tells what stopped the command, if anything did, and how it ended.
    pub(crate) fn end(&mut self, done: Result<Exit>) -> Exit {
        let fault = match done {
            Ok(exit) => return exit,
            // The reader of a pipe has seen enough.
            Err(Fault::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => {
                return Exit::Done;
            }
            Err(fault) => fault,
        };
        let view = fault.view(self.language());
        let text = if self.is_json() {
            serde_json::json!({ "error": view }).to_string()
        } else {
            format!("mlicense: {}", view.lines())
        };
        self.note(&text);
        fault.exit()
    }
}

fn json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(unserializable)
}

pub(crate) fn unserializable(error: serde_json::Error) -> Fault {
    Refusal::new(ErrorKind::Internal).with("detail", error).into()
}
