//! `Place`: where a ledger is.

use std::{
    fmt,
    path::{Path, PathBuf},
};

#[cfg(not(feature = "postgres"))]
use mlicense_core::error::ErrorKind;
use mlicense_core::error::Refusal;

/// How a connection text begins that cannot be mistaken for a path.
const SCHEMES: [&str; 2] = ["postgresql://", "postgres://"];

/// Where a ledger is: a SQLite file or, with feature `postgres`, a PostgreSQL database.
///
/// A path stands for itself. A text that begins with `postgresql://` or `postgres://` is a database,
/// any other text a path, so that programs can take either from their settings.
///
/// A database's user needs the right to create in it where a ledger is made. To this machine, by
/// socket or loopback address, it goes without TLS unless told otherwise. Another machine is reached
/// under TLS only, and only when its certificate is for the host that is named and signed by an
/// authority in the file `sslrootcert`, an absolute path:
/// `postgresql://user@db.example.com/vendor?sslrootcert=/etc/vendor/ca.pem`. `sslmode` may say
/// `verify-full`, which is the same on this machine too, and there `prefer` or `disable`.
///
/// ```
/// use std::path::Path;
/// use mlicense_ledger::Place;
///
/// assert_eq!(Place::from("sales/vendor.mlicense").path(), Some(Path::new("sales/vendor.mlicense")));
/// assert_eq!(Place::from("postgresql://ledger:secret@localhost/vendor").path(), None);
/// ```
#[derive(Clone, Eq, PartialEq)]
pub struct Place(Kind);

#[derive(Clone, Eq, PartialEq)]
enum Kind {
    File(PathBuf),
    Database(String),
}

/// A place that this program can open.
pub(crate) enum At<'p> {
    File(&'p Path),
    #[cfg(feature = "postgres")]
    Database(&'p str),
}

impl Place {
    /// A database by its connection text: a URL, or pairs such as
    /// `host=/run/postgresql dbname=vendor`.
    #[must_use]
    pub fn database(connection: &str) -> Self {
        Self(Kind::Database(connection.to_owned()))
    }

    /// The file; none when it is a database.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match &self.0 {
            Kind::File(path) => Some(path),
            Kind::Database(_) => None,
        }
    }

    #[cfg(feature = "postgres")]
    pub(crate) fn at(&self) -> Result<At<'_>, Refusal> {
        Ok(match &self.0 {
            Kind::File(path) => At::File(path),
            Kind::Database(connection) => At::Database(connection),
        })
    }

    #[cfg(not(feature = "postgres"))]
    pub(crate) fn at(&self) -> Result<At<'_>, Refusal> {
        self.path().map(At::File).ok_or_else(|| {
            let refusal = Refusal::new(ErrorKind::FieldInvalid).with("field", "place");
            let refusal = refusal.with("value", "postgresql://…");
            refusal.with("expected", "a path: this program was built without PostgreSQL")
        })
    }
}

/// A path as it is, and a database without what its connection text says of users, passwords and
/// settings.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::File(path) => path.display().fmt(f),
            Kind::Database(text) => {
                let (_, rest) = text.split_once("://").unwrap_or(("", "…"));
                let rest = rest.split('?').next().unwrap_or_default();
                write!(f, "postgresql://{}", rest.rsplit_once('@').map_or(rest, |(_, at)| at))
            }
        }
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Place({self})")
    }
}

impl From<&Self> for Place {
    fn from(place: &Self) -> Self {
        place.clone()
    }
}

impl From<&Path> for Place {
    fn from(path: &Path) -> Self {
        Self(Kind::File(path.to_owned()))
    }
}

impl From<&PathBuf> for Place {
    fn from(path: &PathBuf) -> Self {
        path.as_path().into()
    }
}

impl From<PathBuf> for Place {
    fn from(path: PathBuf) -> Self {
        Self(Kind::File(path))
    }
}

impl From<&str> for Place {
    fn from(text: &str) -> Self {
        if SCHEMES.iter().any(|scheme| text.starts_with(scheme)) {
            Self::database(text)
        } else {
            Path::new(text).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_text_is_a_database_and_any_other_text_a_path() {
        for text in ["postgresql://localhost/vendor", "postgres://localhost/vendor"] {
            assert_eq!(Place::from(text), Place::database(text));
        }
        for text in ["vendor.mlicense", "", "POSTGRESQL://x", "./postgresql://x", "postgresql:/x"] {
            assert_eq!(Place::from(text).path(), Some(Path::new(text)));
        }
        let path = Path::new("postgresql://localhost/vendor");
        assert_eq!(Place::from(path).path(), Some(path));
    }

    #[test]
    fn a_password_is_not_shown() {
        for (text, shown) in [
            ("postgresql://ledger:secret@localhost/vendor?options=secret", "localhost/vendor"),
            ("postgres://ledger:sec@ret@localhost/vendor", "localhost/vendor"),
            ("postgresql://localhost/vendor", "localhost/vendor"),
        ] {
            assert_eq!(Place::from(text).to_string(), format!("postgresql://{shown}"));
        }
        let place = Place::database("host=localhost password=secret");
        assert_eq!(format!("{place:?}"), "Place(postgresql://…)");
        assert_eq!(Place::from("a/b.mlicense").to_string(), "a/b.mlicense");
    }
}
