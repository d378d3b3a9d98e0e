//! A place for one ledger, empty and of the test's own, on every store.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

use mlicense_ledger::{ExportOptions, Ledger, Place as At, Result};
use rusqlite::{Connection, types::ValueRef};
use tempfile::TempDir;

#[cfg(feature = "postgres")]
use super::server::Server;

/// Where one ledger can be made.
#[derive(Debug)]
pub(crate) enum Place {
    /// A file in a folder.
    Sqlite(TempDir),
    /// A database; how to connect to it.
    #[cfg(feature = "postgres")]
    Postgres(String),
}

/// Runs a test on each store, each time in a fresh place.
pub(crate) fn on_every_store(test: impl Fn(&Place)) {
    on(Place::sqlite(), &test);
    #[cfg(feature = "postgres")]
    if let Some(place) = Place::postgres() {
        on(place, &test);
    }
    #[cfg(not(feature = "postgres"))]
    {
        static SAID: std::sync::Once = std::sync::Once::new();
        SAID.call_once(|| {
            super::tell("PostgreSQL: built without feature `postgres`, SQLite only");
        });
    }
}

/// For [`streams`](crate::streams): writes an export of the ledger to the folder that is asked for.
impl Drop for Place {
    fn drop(&mut self) {
        let Some(folder) = std::env::var_os("MLICENSE_STREAMS") else { return };
        static WRITTEN: AtomicU32 = AtomicU32::new(0);
        let (thread, mut text) = (std::thread::current(), Vec::new());
        let test = thread.name().unwrap_or("test").replace("::", "-");
        let ledger = matches!(self, Self::Sqlite(_)).then(|| self.open());
        // Some tests leave none, or a damaged one.
        if let Some(Ok(ledger)) = ledger
            && ledger.export(&mut text, ExportOptions::default(), &mut |_| {}).is_ok()
        {
            let file = format!("{test}-{}.jsonl", WRITTEN.fetch_add(1, Ordering::Relaxed));
            let _ = std::fs::write(Path::new(&folder).join(file), text);
        }
    }
}

#[expect(clippy::print_stderr, reason = "shown when a test fails")]
fn on(place: Place, test: impl Fn(&Place)) {
    eprintln!("on {place:?}");
    test(&place);
}

impl Place {
    pub(crate) fn sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().unwrap())
    }

    #[cfg(unix)]
    pub(crate) fn sqlite_in(folder: &Path) -> Self {
        Self::Sqlite(tempfile::tempdir_in(folder).unwrap())
    }

    /// None where PostgreSQL is not installed.
    #[cfg(feature = "postgres")]
    pub(crate) fn postgres() -> Option<Self> {
        Server::of_this_process().map(|server| Self::Postgres(server.fresh_database()))
    }

    pub(crate) fn create(&self) -> Result<Ledger> {
        Ledger::create(self.of_ledger())
    }

    pub(crate) fn open(&self) -> Result<Ledger> {
        Ledger::open(self.of_ledger())
    }

    /// Where the ledger is.
    pub(crate) fn of_ledger(&self) -> At {
        self.at("vendor.mlicense")
    }

    /// Where seats are: in a file or a schema of their own beside the ledger.
    pub(crate) fn of_seats(&self) -> At {
        self.at("vendor.seats")
    }

    fn at(&self, name: &str) -> At {
        match self {
            Self::Sqlite(folder) => folder.path().join(name).into(),
            #[cfg(feature = "postgres")]
            Self::Postgres(connection) => At::database(connection),
        }
    }

    /// The file of an SQLite ledger.
    pub(crate) fn path(&self) -> Option<PathBuf> {
        self.of_ledger().path().map(Path::to_owned)
    }

    /// Runs SQL behind the ledger's back.
    pub(crate) fn tamper(&self, sql: &str) {
        match self {
            Self::Sqlite(_) => self.sqlite_connection().execute_batch(sql).unwrap(),
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => self.client().batch_execute(sql).unwrap(),
        }
    }

    /// The exact text of the events of a stream, in order.
    pub(crate) fn events(&self, stream: &str) -> Vec<String> {
        let sql = format!("SELECT json FROM event WHERE stream = '{stream}' ORDER BY idx");
        match self {
            Self::Sqlite(_) => {
                let connection = self.sqlite_connection();
                let mut statement = connection.prepare(&sql).unwrap();
                let rows = statement.query_map([], |row| row.get(0)).unwrap();
                rows.map(std::result::Result::unwrap).collect()
            }
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => {
                self.client().query(&sql, &[]).unwrap().iter().map(|row| row.get(0)).collect()
            }
        }
    }

    /// Bytes as SQL writes them.
    pub(crate) fn bytes(&self, bytes: &[u8]) -> String {
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        match self {
            Self::Sqlite(_) => format!("x'{hex}'"),
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => format!("'\\x{hex}'::BYTEA"),
        }
    }

    /// Every row of every table, and where it is a file, its bytes and those of its log.
    pub(crate) fn everything(&self) -> (BTreeMap<String, Vec<String>>, Vec<Vec<u8>>) {
        match self {
            Self::Sqlite(folder) => {
                let files = ["vendor.mlicense", "vendor.mlicense-wal"].into_iter();
                let files = files.map(|name| std::fs::read(folder.path().join(name)).unwrap());
                // The log is there as long as the connection is.
                (sqlite_tables(&self.sqlite_connection()), files.collect())
            }
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => (self.rows(), Vec::new()),
        }
    }

    /// Every row of every table.
    pub(crate) fn rows(&self) -> BTreeMap<String, Vec<String>> {
        match self {
            Self::Sqlite(_) => sqlite_tables(&self.sqlite_connection()),
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => postgres_tables(&mut self.client()),
        }
    }

    /// A connection to the file of an SQLite ledger.
    pub(crate) fn sqlite_connection(&self) -> Connection {
        Connection::open(self.path().unwrap()).unwrap()
    }

    /// A connection to the database of a PostgreSQL ledger, in its schema.
    #[cfg(feature = "postgres")]
    pub(crate) fn client(&self) -> postgres::Client {
        let Self::Postgres(connection) = self else { panic!("not in PostgreSQL") };
        let mut client = postgres::Client::connect(connection, postgres::NoTls).unwrap();
        client.batch_execute("SET search_path TO mlicense").unwrap();
        client
    }
}

fn sqlite_tables(connection: &Connection) -> BTreeMap<String, Vec<String>> {
    let strings = |sql: &str| -> Vec<String> {
        let mut statement = connection.prepare(sql).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        let mut lines = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            let value = |column| match row.get_ref(column).unwrap() {
                ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                other => format!("{other:?}"),
            };
            lines.push((0..columns).map(value).collect::<Vec<_>>().join(" | "));
        }
        lines
    };
    let tables = strings("SELECT name FROM sqlite_schema WHERE type = 'table'");
    let rows = |table: String| {
        let rows = strings(&format!("SELECT * FROM \"{table}\" ORDER BY 1, 2"));
        (table, rows)
    };
    tables.into_iter().map(rows).collect()
}

#[cfg(feature = "postgres")]
fn postgres_tables(client: &mut postgres::Client) -> BTreeMap<String, Vec<String>> {
    let mut strings = |sql: &str| -> Vec<String> {
        client.query(sql, &[]).unwrap().iter().map(|row| row.get(0)).collect()
    };
    let tables = strings("SELECT tablename::text FROM pg_tables WHERE schemaname = 'mlicense'");
    let rows = |table: String| {
        let rows = strings(&format!("SELECT every::text FROM \"{table}\" AS every ORDER BY 1"));
        (table, rows)
    };
    tables.into_iter().map(rows).collect()
}
