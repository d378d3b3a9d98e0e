//! Ledgers as an earlier version left them: the tables it had, with the rows that fit them.

use rusqlite::Connection;

use super::Place;

mod sqlite {
    refinery::embed_migrations!("migrations/sqlite");
}

#[cfg(feature = "postgres")]
mod postgres_embedded {
    refinery::embed_migrations!("migrations/postgres");
}

/// "mlic" in ASCII, in the header of a file.
const APPLICATION_ID: i32 = 0x6d6c_6963;

/// Number, name and checksum of each migration of a store, in order.
pub(crate) fn migrations(place: &Place) -> Vec<(i32, String, u64)> {
    let runner = match place {
        Place::Sqlite(_) => sqlite::migrations::runner(),
        #[cfg(feature = "postgres")]
        Place::Postgres(_) => postgres_embedded::migrations::runner(),
    };
    let of = |migration: &refinery::Migration| {
        (migration.version(), migration.name().to_owned(), migration.checksum())
    };
    runner.get_migrations().iter().map(of).collect()
}

/// Takes a ledger, which nobody has open, back to the tables of a version: the first migrations
/// make them anew, and the rows are copied over.
pub(crate) fn take_back(place: &Place, version: i32) {
    match place {
        Place::Sqlite(folder) => {
            let (path, whole) = (place.path().unwrap(), folder.path().join("whole"));
            std::fs::rename(&path, &whole).unwrap();
            let mut connection = Connection::open(&path).unwrap();
            connection.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
            // As every ledger since its first day. To change the mode is what nobody waits for.
            connection.pragma_update(None, "journal_mode", "WAL").unwrap();
            let runner = sqlite::migrations::runner();
            runner.set_target(refinery::Target::Version(version)).run(&mut connection).unwrap();
            copy_sqlite(&connection, whole.to_str().unwrap());
        }
        #[cfg(feature = "postgres")]
        Place::Postgres(_) => {
            let mut client = place.client();
            client
                .batch_execute("ALTER SCHEMA mlicense RENAME TO whole; CREATE SCHEMA mlicense")
                .unwrap();
            let runner = postgres_embedded::migrations::runner();
            runner.set_target(refinery::Target::Version(version)).run(&mut client).unwrap();
            copy_postgres(&mut client);
        }
    }
}

/// Receipts stood there with all that events say, before.
const WHOLE_RECEIPTS_OF_SQLITE: &str = "
    INSERT INTO main.command (id, digest, receipt)
    SELECT command, digest, json_object('command', command, 'at', at, 'events', json((
        SELECT json_group_array(json_object('stream', stream, 'index', idx, 'kind', kind,
            'chain', lower(hex(chain))) ORDER BY place.key)
        FROM json_each(receipt.events) AS place JOIN whole.event
            ON stream = json_extract(value, '$[0]') AND idx = json_extract(value, '$[1]')
    )))
    FROM whole.receipt";

#[cfg(feature = "postgres")]
const WHOLE_RECEIPTS_OF_POSTGRES: &str = r#"
    INSERT INTO command (id, digest, receipt)
    SELECT command, digest, format('{"command":"%s","at":"%s","events":[%s]}', command, at, (
        SELECT string_agg(format('{"stream":"%s","index":%s,"kind":"%s","chain":"%s"}',
            stream, idx, kind, encode(chain, 'hex')), ',' ORDER BY number)
        FROM jsonb_array_elements(events::JSONB) WITH ORDINALITY AS place (value, number)
        JOIN whole.event ON stream = value->>0 AND idx = (value->>1)::BIGINT
    ))
    FROM whole.receipt"#;

fn copy_sqlite(connection: &Connection, whole: &str) {
    connection.execute("ATTACH ?1 AS whole", [whole]).unwrap();
    let strings = |sql: &str| -> Vec<String> {
        let mut statement = connection.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    };
    let tables = "SELECT name FROM main.sqlite_schema
                  WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'refinery%'";
    for table in strings(tables) {
        if table == "command" {
            connection.execute_batch(WHOLE_RECEIPTS_OF_SQLITE).unwrap();
            continue;
        }
        let columns = strings(&format!("SELECT name FROM pragma_table_info('{table}', 'main')"));
        let columns = columns.join(", ");
        let copy =
            format!("INSERT INTO main.{table} ({columns}) SELECT {columns} FROM whole.{table}");
        connection.execute_batch(&copy).unwrap();
    }
}

#[cfg(feature = "postgres")]
fn copy_postgres(client: &mut postgres::Client) {
    let columns = "SELECT table_name::TEXT, string_agg(column_name, ', ')
                   FROM information_schema.columns
                   WHERE table_schema = 'mlicense' AND table_name NOT LIKE 'refinery%'
                   GROUP BY table_name";
    for row in client.query(columns, &[]).unwrap() {
        let (table, columns): (String, String) = (row.get(0), row.get(1));
        if table == "command" {
            client.batch_execute(WHOLE_RECEIPTS_OF_POSTGRES).unwrap();
            continue;
        }
        let copy = format!(
            "INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE
             SELECT {columns} FROM whole.{table}"
        );
        client.batch_execute(&copy).unwrap();
        if table == "outbox" {
            let next = "SELECT setval(pg_get_serial_sequence('outbox', 'id'),
                                      coalesce(max(id), 1), max(id) IS NOT NULL) FROM outbox";
            client.batch_execute(next).unwrap();
        }
    }
    client.batch_execute("DROP SCHEMA whole CASCADE").unwrap();
}
