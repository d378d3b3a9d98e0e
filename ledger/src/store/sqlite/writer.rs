//! Who writes: one at a time, and several in one transaction, each on a thread of its own, as whoever
//! calls a vendor's signer must be.
//!
//! To sync the disk takes longer than a command. So whoever has done its work does not commit while
//! others wait for their turn: they go on in the same transaction, and the last of them commits for
//! all. Nobody returns before that commit.

use std::{
    mem,
    panic::{self, AssertUnwindSafe},
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError, TryLockError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use mlicense_core::error::ErrorKind;
use rusqlite::Connection;

use super::{
    Access, Place, reconnect,
    transaction::{Heads, Open},
};
use crate::{
    error::{Error, Result},
    store::{
        Writing as _,
        opener::{Own, OwnConnection},
    },
};

/// The most that share a transaction, so that the first of them does not wait for ever.
const MEMBERS_MAX: u32 = 128;

/// How often who has the next turn lets others run before it sleeps.
const AWAKE_MAX: u32 = 200;

/// The one connection that writes.
#[derive(Debug)]
pub(super) struct Writer {
    waiting: AtomicUsize,
    /// Held by who has the next turn.
    next: Mutex<()>,
    turn: Mutex<Turn>,
}

/// What is handed from one writer to the next.
#[derive(Debug)]
struct Turn {
    connection: OwnConnection,
    /// The transaction that is open.
    group: Option<Group>,
}

/// Those whose work is done in the transaction that is open.
#[derive(Debug, Default)]
struct Group {
    members: u32,
    heads: Heads,
    end: Arc<OnceLock<End>>,
}

/// What became of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Committed,
    /// Nothing of it was written.
    Undone,
    /// The disk failed while it was committed.
    Unknown,
}

impl Writer {
    pub(super) fn new(connection: Connection) -> Self {
        let turn = Turn { connection: Own::new(connection), group: None };
        Self { waiting: AtomicUsize::new(0), next: Mutex::new(()), turn: Mutex::new(turn) }
    }

    /// Runs `work` in a transaction, with what others do at this moment; when it comes to nothing
    /// through one of them, again and alone.
    pub(super) fn write<T>(
        &self,
        place: Place<'_>,
        mut work: impl FnMut(&Open<'_>) -> Result<T>,
    ) -> Result<T> {
        let mut turn = self.turn();
        turn.begin(place)?;
        let result = turn.run(place, &mut work);
        let end = match &mut turn.group {
            None => return result,
            Some(group)
                if self.waiting.load(Ordering::SeqCst) > 0 && group.members < MEMBERS_MAX =>
            {
                let ending = Arc::clone(&group.end);
                drop(turn);
                *ending.wait()
            }
            Some(_) => {
                let end = turn.commit(place)?;
                drop(turn);
                end
            }
        };
        match end {
            End::Committed => result,
            End::Undone => self.write_alone(place, work),
            End::Unknown => {
                let detail = "the disk failed while it was committed with others";
                Err(Error::store(ErrorKind::OutcomeUnknown, place.path, detail))
            }
        }
    }

    fn write_alone<T>(
        &self,
        place: Place<'_>,
        mut work: impl FnMut(&Open<'_>) -> Result<T>,
    ) -> Result<T> {
        self.with_connection(place, |turn| {
            turn.begin(place)?;
            let result = turn.run(place, &mut work);
            if turn.group.is_some() {
                turn.commit(place)?;
            }
            result
        })
    }

    /// Does what needs the connection itself and nobody else's transaction on it.
    pub(super) fn on_connection<T>(
        &self,
        place: Place<'_>,
        work: impl FnOnce(&mut Connection) -> Result<T>,
    ) -> Result<T> {
        self.with_connection(place, |turn| {
            let result = work(turn.connection(place)?);
            turn.close_after(&result);
            result
        })
    }

    fn with_connection<T>(
        &self,
        place: Place<'_>,
        work: impl FnOnce(&mut Turn) -> Result<T>,
    ) -> Result<T> {
        let mut turn = self.turn();
        if turn.group.is_some() {
            // Its members hear what became of it; it is not ours.
            let _ = turn.commit(place);
        }
        work(&mut turn)
    }

    /// Waits for the turn. A panic elsewhere rolled its transaction back; what is here is sound.
    ///
    /// Who is next stays awake for a moment: to wake somebody takes as long as a command. The one
    /// behind is woken when the turn begins, and awake when it ends.
    fn turn(&self) -> MutexGuard<'_, Turn> {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = self
            .turn_soon()
            .unwrap_or_else(|| self.turn.lock().unwrap_or_else(PoisonError::into_inner));
        drop(next);
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        turn
    }

    fn turn_soon(&self) -> Option<MutexGuard<'_, Turn>> {
        for _ in 0..AWAKE_MAX {
            match self.turn.try_lock() {
                Ok(turn) => return Some(turn),
                Err(TryLockError::Poisoned(turn)) => return Some(turn.into_inner()),
                Err(TryLockError::WouldBlock) => thread::yield_now(),
            }
        }
        None
    }
}

impl Turn {
    fn connection(&mut self, place: Place<'_>) -> Result<&mut Connection> {
        self.connection.or_open(|| reconnect(place.path, Access::Write))
    }

    /// Begins a transaction unless one is open.
    fn begin(&mut self, place: Place<'_>) -> Result<()> {
        if self.group.is_none() {
            let begun = execute(self.connection(place)?, "BEGIN IMMEDIATE");
            let begun = begun.map_err(|error| Error::sqlite(place.path, error));
            self.close_after(&begun);
            begun?;
            self.group = Some(Group::default());
        }
        Ok(())
    }

    /// Does work in the transaction and counts it among the members; one that failed, or wrote
    /// something and was refused then, undoes it all.
    fn run<T>(
        &mut self,
        place: Place<'_>,
        work: &mut impl FnMut(&Open<'_>) -> Result<T>,
    ) -> Result<T> {
        let heads = self.group.as_mut().map(|group| mem::take(&mut group.heads));
        let open = Open::new(place, self.connection(place)?, heads.unwrap_or_default());
        let result = panic::catch_unwind(AssertUnwindSafe(|| work(&open)));
        let result = match result {
            // After some failures SQLite rolls back by itself.
            Ok(Ok(_)) if !open.is_open() => {
                let detail = "the transaction was rolled back";
                Ok(Err(Error::store(ErrorKind::StoreUnavailable, place.path, detail)))
            }
            result => result,
        };
        let sound = match &result {
            Ok(Ok(_)) => true,
            Ok(Err(Error::Refused(_))) => open.written() == 0,
            Ok(Err(Error::Store { .. })) | Err(_) => false,
        };
        let heads = open.into_heads();
        match &mut self.group {
            Some(group) if sound => {
                group.members = group.members.saturating_add(1);
                group.heads = heads;
            }
            _ => {
                self.roll_back();
                self.end(End::Undone);
            }
        }
        let result = result.unwrap_or_else(|panic| panic::resume_unwind(panic));
        self.close_after(&result);
        result
    }

    /// Commits what the members did and tells them; an error to whoever was the only one.
    fn commit(&mut self, place: Place<'_>) -> Result<End> {
        let members = self.group.as_ref().map_or(0, |group| group.members);
        let committed = execute(self.connection(place)?, "COMMIT");
        let committed = committed.map_err(|error| Error::sqlite_commit(place.path, error));
        let end = match &committed {
            Ok(()) => End::Committed,
            Err(error) if error.kind() == ErrorKind::OutcomeUnknown => End::Unknown,
            Err(_) => End::Undone,
        };
        if end != End::Committed {
            // The connection knows that it has to write all of it again; whoever opens the file
            // anew would find in the log what a failed sync has left out of the disk for good.
            self.roll_back();
        }
        self.end(end);
        if members > 1 { Ok(end) } else { committed.map(|()| end) }
    }

    fn roll_back(&mut self) {
        // After some failures SQLite has done so itself; what cannot be rolled back is closed.
        if let Some(connection) = self.connection.held()
            && !connection.is_autocommit()
            && execute(connection, "ROLLBACK").is_err()
        {
            self.connection.close();
        }
    }

    fn end(&mut self, end: End) {
        if let Some(group) = self.group.take() {
            // Nobody else tells.
            let _ = group.end.set(end);
        }
    }

    /// A connection that failed to read or write the disk believes what may not be there.
    fn close_after<T>(&mut self, result: &Result<T>) {
        if result.as_ref().is_err_and(Error::is_of_the_disk) {
            self.connection.close();
        }
    }
}

fn execute(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.execute([]).map(drop)
}

#[cfg(test)]
mod tests {
    use std::{panic, path::PathBuf, thread};

    use mlicense_core::error::Refusal;

    use super::*;
    use crate::store::Cache;

    struct File {
        _folder: tempfile::TempDir,
        path: PathBuf,
        cache: Cache,
        writer: Writer,
    }

    impl File {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("numbers");
            let connection = Connection::open(&path).unwrap();
            let sql = "PRAGMA journal_mode = WAL; CREATE TABLE number (n INTEGER PRIMARY KEY)";
            connection.execute_batch(sql).unwrap();
            Self { _folder: folder, path, cache: Cache::new(), writer: Writer::new(connection) }
        }

        fn place(&self) -> Place<'_> {
            Place { path: &self.path, cache: &self.cache }
        }

        /// What others see.
        fn numbers(&self) -> Vec<u32> {
            let connection = Connection::open(&self.path).unwrap();
            let mut statement = connection.prepare("SELECT n FROM number ORDER BY n").unwrap();
            let rows = statement.query_map([], |row| row.get(0)).unwrap();
            rows.collect::<Result<_, _>>().unwrap()
        }

        fn put(&self, n: u32) -> Result<()> {
            self.writer.write(self.place(), |open| put(open, n))
        }

        /// Puts 1, and while that is being done lets somebody else wait who does `next`; how often
        /// 1 was put, and what became of the two.
        fn with_company(&self, next: impl FnMut(&Open<'_>) -> Result<()> + Send) -> (u32, Both) {
            let mut times = 0_u32;
            thread::scope(|scope| {
                let mut second = None;
                let mut next = Some(next);
                let first = self.writer.write(self.place(), |open| {
                    times = times.saturating_add(1);
                    if let Some(next) = next.take() {
                        second = Some(scope.spawn(|| self.writer.write(self.place(), next)));
                        while self.writer.waiting.load(Ordering::SeqCst) == 0 {
                            thread::yield_now();
                        }
                    }
                    put(open, 1)
                });
                (times, (first, second.unwrap().join()))
            })
        }
    }

    type Both = (Result<()>, thread::Result<Result<()>>);

    fn put(open: &Open<'_>, n: u32) -> Result<()> {
        open.execute("INSERT INTO number (n) VALUES (?1)", [n]).map(drop)
    }

    fn refused() -> Error {
        Refusal::new(ErrorKind::NotRegistered).into()
    }

    #[test]
    fn who_waits_shares_the_transaction_and_nobody_returns_before_its_commit() {
        let file = File::new();
        let (times, (first, second)) = file.with_company(|open| {
            assert!(file.numbers().is_empty(), "the first was committed alone");
            put(open, 2)
        });
        first.unwrap();
        second.unwrap().unwrap();
        assert_eq!((times, file.numbers()), (1, vec![1, 2]));
    }

    #[test]
    fn a_refusal_leaves_alone_what_others_do() {
        let file = File::new();
        let (times, (first, second)) = file.with_company(|_| Err(refused()));
        first.unwrap();
        assert_eq!(second.unwrap().unwrap_err().kind(), ErrorKind::NotRegistered);
        assert_eq!((times, file.numbers()), (1, vec![1]));
    }

    #[test]
    fn what_half_of_a_refused_work_wrote_is_undone_and_the_company_done_again() {
        let file = File::new();
        let (times, (first, second)) = file.with_company(|open| {
            put(open, 2)?;
            Err(refused())
        });
        first.unwrap();
        assert_eq!(second.unwrap().unwrap_err().kind(), ErrorKind::NotRegistered);
        assert_eq!((times, file.numbers()), (2, vec![1]));
    }

    #[test]
    fn a_fault_undoes_the_company_which_is_done_again() {
        let file = File::new();
        file.put(2).unwrap();
        let (times, (first, second)) = file.with_company(|open| put(open, 2));
        first.unwrap();
        assert_eq!(second.unwrap().unwrap_err().kind(), ErrorKind::StoreUnavailable);
        assert_eq!((times, file.numbers()), (2, vec![1, 2]));
    }

    #[test]
    fn work_whose_transaction_was_rolled_back_is_not_done() {
        let file = File::new();
        let rolled_back = file.writer.write(file.place(), |open| {
            put(open, 1)?;
            open.execute("ROLLBACK", [])?;
            put(open, 2)
        });
        assert_eq!(rolled_back.unwrap_err().kind(), ErrorKind::StoreUnavailable);
        file.put(3).unwrap();
        assert!(!file.numbers().contains(&1));
    }

    #[test]
    fn a_panic_undoes_the_company_which_is_done_again() {
        let file = File::new();
        let (times, (first, second)) = file.with_company(|open| {
            put(open, 2).unwrap();
            panic::resume_unwind(Box::new("on purpose"))
        });
        first.unwrap();
        assert!(second.is_err());
        assert_eq!((times, file.numbers()), (2, vec![1]));
        file.put(3).unwrap();
        assert_eq!(file.numbers(), [1, 3]);
    }

    #[test]
    fn a_commit_that_fails_undoes_all_and_each_hears_of_its_own() {
        let file = File::new();
        // Checked at the commit alone.
        let sql = "PRAGMA foreign_keys = ON;
             CREATE TABLE child (n INTEGER REFERENCES number (n) DEFERRABLE INITIALLY DEFERRED)";
        let prepared = file.writer.on_connection(file.place(), |connection| {
            connection.execute_batch(sql).map_err(|error| Error::sqlite(&file.path, error))
        });
        prepared.unwrap();
        let (times, (first, second)) = file
            .with_company(|open| open.execute("INSERT INTO child (n) VALUES (99)", []).map(drop));
        first.unwrap();
        assert_eq!(second.unwrap().unwrap_err().kind(), ErrorKind::StoreUnavailable);
        assert_eq!((times, file.numbers()), (2, vec![1]));
    }
}
