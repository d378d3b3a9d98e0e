//! What stops a command.

use std::{io, path::PathBuf};

use mlicense_core::error::{ErrorClass, ErrorKind, Language, Refusal, RefusalView};
use serde::Serialize;

use crate::{
    exit::Exit,
    words::{Sentence, say},
};

pub(crate) type Result<T, E = Fault> = std::result::Result<T, E>;

/// Why a command was not done.
#[derive(Debug)]
pub(crate) enum Fault {
    /// What core, host or ledger refused, or could not read or write.
    Refused(Refusal),
    /// A file that cannot be read or written.
    File { path: PathBuf, doing: Doing, detail: String },
    /// Standard output cannot be written.
    Output(io::Error),
}

/// What was being done with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Doing {
    /// Reading it.
    Reading,
    /// Writing it.
    Writing,
    /// Making it, and something is there already.
    Making,
}

/// A fault as JSON.
#[derive(Debug, Serialize)]
pub(crate) struct FaultView {
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<u32>,
    name: &'static str,
    pub(crate) message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<String>,
}

impl Fault {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Refused(refusal) => match refusal.kind().class() {
                ErrorClass::Refusal => Exit::Refused,
                ErrorClass::Storage => Exit::Storage,
                ErrorClass::Internal => Exit::Internal,
                _ => Exit::Internal,
            },
            Self::File { .. } | Self::Output(_) => Exit::Storage,
        }
    }

    pub(crate) fn view(&self, language: Language) -> FaultView {
        match self {
            Self::Refused(refusal) => {
                let RefusalView { number, name, message, remedy, .. } = refusal.view_in(language);
                FaultView { number: Some(number), name, message, remedy: Some(remedy) }
            }
            Self::File { path, doing, detail } => {
                let (name, sentence) = match doing {
                    Doing::Reading => ("FILE_UNREADABLE", Sentence::FileUnreadable),
                    Doing::Writing => ("FILE_UNWRITABLE", Sentence::FileUnwritable),
                    Doing::Making => ("FILE_EXISTS", Sentence::FileExists),
                };
                let file = path.display().to_string();
                let message = say(language, sentence, &[("file", &file), ("detail", detail)]);
                FaultView { number: None, name, message, remedy: None }
            }
            Self::Output(error) => {
                FaultView { number: None, name: "OUTPUT", message: error.to_string(), remedy: None }
            }
        }
    }
}

impl FaultView {
    /// The fault for people: what, by which name to look it up, and what to do.
    pub(crate) fn lines(&self) -> String {
        let remedy = self.remedy.as_ref().map_or_else(String::new, |remedy| format!("\n{remedy}"));
        match self.number {
            Some(number) => format!("{} ({number} {}){remedy}", self.message, self.name),
            None => format!("{}{remedy}", self.message),
        }
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<ErrorKind> for Fault {
    fn from(kind: ErrorKind) -> Self {
        Self::Refused(kind.into())
    }
}

impl From<mlicense_host::Error> for Fault {
    fn from(error: mlicense_host::Error) -> Self {
        Self::Refused(error.refusal().clone())
    }
}

impl From<mlicense_ledger::Error> for Fault {
    fn from(error: mlicense_ledger::Error) -> Self {
        Self::Refused(error.refusal().clone())
    }
}
