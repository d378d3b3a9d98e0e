//! A connection, on which several statements can be on their way at once.
//!
//! A small statement costs mostly the way to the server and back, and a turn of a process at either
//! end. So what need not be known before the next is asked goes with it. The server does one after
//! another; within a transaction none any more once one has failed.

use std::{
    collections::BTreeMap,
    future::{Future, poll_fn},
    io,
    pin::pin,
    task::{Context, Poll},
};

use futures_util::{TryStreamExt as _, future::maybe_done};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    runtime::{Builder, Runtime},
};
use tokio_postgres::{AsyncMessage, Client, Connection, Error, Row, Statement, types::ToSql};

/// Begins a transaction that sees one state and writes nothing.
pub(super) const BEGIN_TO_READ: &str =
    "START TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";
/// Begins a transaction of which each statement sees what has been committed before it.
pub(super) const BEGIN_TO_WRITE: &str =
    "START TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE";

/// Commits; sent as a text and not prepared.
pub(super) const COMMIT: &str = "COMMIT";

pub(super) type Params<'a> = &'a [&'a (dyn ToSql + Sync)];
/// A statement and what goes in its places.
pub(super) type Asked<'a> = (&'static str, Params<'a>);

/// A connection with the statements prepared on it.
pub(super) struct Session {
    statements: BTreeMap<&'static str, Statement>,
    // Closed first; then the line tells the server so and ends.
    client: Client,
    line: Line,
}

impl Session {
    pub(super) fn new<S, T>(runtime: Runtime, (client, line): (Client, Connection<S, T>)) -> Self
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
        T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let mut line = line;
        let poll = Box::new(move |cx: &mut Context<'_>| line.poll_message(cx));
        let line = Line { runtime, poll: Some(poll), end: None };
        Self { statements: BTreeMap::new(), client, line }
    }

    /// Asks all of them at once; the rows of each, or which is the first that failed.
    pub(super) fn ask(&mut self, asked: &[Asked<'_>]) -> Result<Vec<Vec<Row>>, (usize, Error)> {
        self.prepare(asked)?;
        let Self { statements, client, line } = self;
        let answers = line.wait(in_turn(asked.iter().map(async |(sql, params)| {
            let Some(statement) = statements.get(sql) else {
                return client.batch_execute(sql).await.map(|()| Vec::new());
            };
            let rows = client.query_raw(statement, params.iter().copied()).await?;
            rows.try_collect().await
        })));
        first_error(line, answers)
    }

    /// Prepares what is asked on this connection for the first time.
    pub(super) fn prepare(&mut self, asked: &[Asked<'_>]) -> Result<(), (usize, Error)> {
        let Self { statements, client, line } = self;
        let is_new = |sql: &&str| *sql != COMMIT && !statements.contains_key(sql);
        let new: Vec<&'static str> = asked.iter().map(|(sql, _)| *sql).filter(is_new).collect();
        if !new.is_empty() {
            let prepared = line.wait(in_turn(new.iter().map(|sql| client.prepare(sql))));
            statements.extend(new.into_iter().zip(first_error(line, prepared)?));
        }
        Ok(())
    }

    /// Asks one question.
    pub(super) fn query(
        &mut self,
        sql: &'static str,
        params: Params<'_>,
    ) -> Result<Vec<Row>, Error> {
        let answers = self.ask(&[(sql, params)]).map_err(|(_, error)| error)?;
        Ok(answers.into_iter().next().unwrap_or_default())
    }

    /// Does statements that have nothing to answer, in one text.
    pub(super) fn run(&mut self, sql: &str) -> Result<(), Error> {
        let done = self.line.wait(self.client.batch_execute(sql));
        done.map_err(|error| self.line.cause(error))
    }

    /// Applies the migrations that are missing.
    pub(super) fn migrate(&mut self, runner: &refinery::Runner) -> Result<(), refinery::Error> {
        self.line.wait(runner.run_async(&mut self.client)).map(drop)
    }
}

/// Sends each behind the one before, and none behind one that could not be sent.
async fn in_turn<T, W>(works: impl Iterator<Item = W>) -> Vec<Result<T, Error>>
where
    W: Future<Output = Result<T, Error>>,
{
    let mut works: Vec<_> = works.map(|work| Box::pin(maybe_done(work))).collect();
    let mut is_sent = false;
    let sent = poll_fn(|cx| {
        let mut waits = false;
        for (work, number) in works.iter_mut().zip(1..) {
            waits |= work.as_mut().poll(cx).is_pending();
            if !is_sent && matches!(work.as_mut().output_mut(), Some(Err(_))) {
                return Poll::Ready(number);
            }
        }
        is_sent = true;
        if waits { Poll::Pending } else { Poll::Ready(usize::MAX) }
    });
    let sent = sent.await;
    works.truncate(sent);
    works.into_iter().filter_map(|mut work| work.as_mut().take_output()).collect()
}

/// The first error, with its place; the others follow from it.
fn first_error<T>(
    line: &mut Line,
    results: Vec<Result<T, Error>>,
) -> Result<Vec<T>, (usize, Error)> {
    let results = results.into_iter().enumerate();
    let each = results.map(|(at, result)| result.map_err(|error| (at, line.cause(error))));
    each.collect()
}

/// What a program without an asynchronous runtime waits with.
pub(super) fn runtime() -> io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}

type PollLine = dyn FnMut(&mut Context<'_>) -> Poll<Option<Result<AsyncMessage, Error>>> + Send;

/// What sends and receives, as long as somebody waits.
struct Line {
    runtime: Runtime,
    /// None once it has ended.
    poll: Option<Box<PollLine>>,
    /// Why it ended.
    end: Option<Error>,
}

impl Line {
    fn wait<T>(&mut self, work: impl Future<Output = T>) -> T {
        let Self { runtime, poll, end } = self;
        let mut work = pin!(work);
        runtime.block_on(poll_fn(|cx| {
            run(poll, end, cx);
            work.as_mut().poll(cx)
        }))
    }

    /// Of a line that has ended whoever uses it hears no more than that.
    fn cause(&mut self, error: Error) -> Error {
        if error.is_closed() { self.end.take().unwrap_or(error) } else { error }
    }
}

/// Sends and receives what there is.
fn run(poll: &mut Option<Box<PollLine>>, end: &mut Option<Error>, cx: &mut Context<'_>) {
    while let Some(open) = poll {
        match open(cx) {
            Poll::Pending => return,
            // Notices, and what somebody is notified of.
            Poll::Ready(Some(Ok(_))) => {}
            Poll::Ready(Some(Err(error))) => (*poll, *end) = (None, Some(error)),
            Poll::Ready(None) => *poll = None,
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let Self { runtime, poll, end } = self;
        runtime.block_on(poll_fn(|cx| {
            run(poll, end, cx);
            if poll.is_none() { Poll::Ready(()) } else { Poll::Pending }
        }));
    }
}
