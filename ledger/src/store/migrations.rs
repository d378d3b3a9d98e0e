//! What refinery brings a store forward with.

use refinery::{Migration, Runner};
use serde_json::json;

use crate::error::{Result, internal};

/// A migration: its name, refinery's checksum of it, and its SQL.
pub(super) type Step = (&'static str, u64, &'static str);

/// Runs what is given, which begins with version 1.
///
/// Refinery's own macro reads the names of the files when the program runs, with regular expressions
/// that are half a megabyte; so each migration is given in the form that refinery saves it in.
pub(super) fn runner(steps: &[Step]) -> Result<Runner> {
    let migration = |(version, (name, checksum, sql)): (i32, &Step)| -> Result<Migration> {
        let saved = json!({
            "state": "Unapplied",
            "name": name,
            "checksum": checksum,
            "version": version,
            "prefix": "Versioned",
            "sql": sql,
            "applied_on": null,
        });
        serde_json::from_value(saved).map_err(internal)
    };
    let migrations: Vec<Migration> = (1..).zip(steps).map(migration).collect::<Result<_>>()?;
    Ok(Runner::new(&migrations))
}

#[cfg(test)]
pub(super) fn assert_same(steps: &[Step], embedded: &Runner) {
    let ours = runner(steps).unwrap();
    assert_eq!(
        format!("{:#?}", ours.get_migrations()),
        format!("{:#?}", embedded.get_migrations())
    );
}
