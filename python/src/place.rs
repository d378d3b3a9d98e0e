//! Where something durable is, as Python says it.

use std::path::PathBuf;

use mlicense_ledger::Place;

/// A text that names a database is one; a path object may be one too, since it stands for its text.
pub(crate) fn of(path: PathBuf) -> Place {
    path.to_str().map(Place::from).unwrap_or_else(|| path.into())
}
