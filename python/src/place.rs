//! Where something durable is: a file, or a database that its URL names.

use std::{fmt, path::PathBuf};

/// Where something durable is.
#[derive(Clone)]
pub(crate) enum Place {
    /// A file.
    File(PathBuf),
    /// A database, told by what may be shown: no password.
    Database { connection: String, shown: String },
}

impl Place {
    /// A text that names a database is one, and no path.
    pub(crate) fn of(path: PathBuf) -> Self {
        let Some(connection) = path.to_str().filter(|text| is_database(text)) else {
            return Self::File(path);
        };
        let (connection, shown) = (connection.to_owned(), shown(connection));
        Self::Database { connection, shown }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Database { shown, .. } => f.write_str(shown),
        }
    }
}

fn is_database(text: &str) -> bool {
    ["postgresql://", "postgres://"].iter().any(|scheme| text.starts_with(scheme))
}

/// A connection without the name, password and settings in it.
fn shown(connection: &str) -> String {
    let (scheme, rest) = connection.split_once("://").unwrap_or(("postgresql", ""));
    let rest = rest.split('?').next().unwrap_or_default();
    let place = rest.rsplit_once('@').map_or(rest, |(_, place)| place);
    format!("{scheme}://{place}")
}
