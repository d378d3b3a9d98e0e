//! Who reads: each on a connection of its own, beside whoever writes and however long it takes.

use std::sync::{Mutex, PoisonError};

use rusqlite::{Connection, TransactionBehavior};

use super::{
    Access, Place, reconnect,
    transaction::{Heads, Open},
};
use crate::{
    error::{Error, Result},
    store::opener::{Own, OwnConnection},
};

/// The most connections that are kept for those who come next.
const IDLE_MAX: usize = 4;

/// The connections on which nobody reads at the moment.
#[derive(Debug, Default)]
pub(super) struct Readers {
    idle: Mutex<Vec<OwnConnection>>,
}

impl Readers {
    /// Runs `work` in a transaction that sees one state and writes nothing.
    pub(super) fn read<T>(
        &self,
        place: Place<'_>,
        access: Access,
        work: impl FnOnce(&Open<'_>) -> Result<T>,
    ) -> Result<T> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut own = idle.map_or_else(|| reconnect(place.path, access).map(Own::new), Ok)?;
        let result = read(place, own.or_open(|| reconnect(place.path, access))?, work);
        if !result.as_ref().is_err_and(Error::is_of_the_disk) {
            self.keep(own);
        }
        result
    }

    /// Keeps a connection for whoever reads next.
    pub(super) fn keep(&self, own: OwnConnection) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < IDLE_MAX {
            idle.push(own);
        }
    }
}

fn read<T>(
    place: Place<'_>,
    connection: &mut Connection,
    work: impl FnOnce(&Open<'_>) -> Result<T>,
) -> Result<T> {
    let fault = |error| Error::sqlite(place.path, error);
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Deferred).map_err(fault)?;
    let result = work(&Open::new(place, &transaction, Heads::new()));
    transaction.finish().map_err(fault)?;
    result
}
