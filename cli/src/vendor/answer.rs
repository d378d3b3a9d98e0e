//! `mlicense answer`.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
};

use clap::Args;
use mlicense_core::{
    access::Actor,
    document::Request,
    id::{ActorId, CustomerId},
    signing::Signer,
};
use mlicense_ledger::{Ledger, RequestFrom};
use serde::Serialize;

use super::book::Book;
use crate::{
    context::Context,
    describe::table,
    exit::Exit,
    fault::{FaultView, Result},
    files, keys,
    words::Sentence,
};

/// What a request is called as a file, and its answer.
const REQUEST: &str = "request";
const ANSWER: &str = "answer";

/// Answer the requests of installations: one file, or a folder of them carried here on a stick
///
/// NAME.request is answered with NAME.answer. A request whose answer is there already is passed
/// over, so that an interrupted run can be repeated. The exit code is 1 when some were refused.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense answer office.request --customer c2 --key daily.seed --out answers --ledger vendor.ledger
  mlicense answer requests --key daily.seed --out answers --ledger vendor.ledger")]
pub(crate) struct Answer {
    /// A request, or a folder with requests
    requests: PathBuf,
    /// The folder for the answers; it is made when it is missing
    #[arg(long, short, value_name = "FOLDER")]
    out: PathBuf,
    /// The file of the key that signs answers and licences
    #[arg(long, value_name = "FILE", env = "MLICENSE_KEY")]
    key: PathBuf,
    /// The customer who is answered; the one whose number a request carries without
    #[arg(long, value_name = "ID")]
    customer: Option<CustomerId>,
    /// Who hands them in: an id, never a name
    #[arg(long, value_name = "ID", default_value = "clerk")]
    actor: ActorId,
    #[command(flatten)]
    book: Book,
}

/// What came of one request.
#[derive(Debug, Serialize)]
struct Row {
    request: String,
    result: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<FaultView>,
}

impl Answer {
    pub(crate) fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        let signer = keys::signer(&self.key)?;
        let ledger = self.book.open()?;
        let is_folder = self.requests.is_dir();
        let named = |path: &PathBuf| {
            !is_folder || path.extension().is_some_and(|extension| extension == REQUEST)
        };
        let requests: Vec<PathBuf> =
            files::listed(&self.requests)?.into_iter().filter(named).collect();
        files::make_folder(&self.out)?;
        let (language, now) = (context.language(), context.now());
        let rows: Vec<Row> = context.with_progress(|progress| {
            let all = u64::try_from(requests.len()).unwrap_or(u64::MAX);
            let one = |(number, path): (u64, &PathBuf)| {
                let row = self.one(path, (&ledger, &signer), now).unwrap_or_else(|fault| Row {
                    fault: Some(fault.view(language)),
                    ..Row::new(path, "refused")
                });
                progress(number, all);
                row
            };
            (1..).zip(&requests).map(one).collect()
        });
        tell(context, &rows)
    }

    fn one(
        &self,
        path: &Path,
        (ledger, signer): (&Ledger, &Signer),
        now: mlicense_core::time::Instant,
    ) -> Result<Row> {
        let name = path.file_stem().unwrap_or(OsStr::new(REQUEST));
        let to = self.out.join(name).with_added_extension(ANSWER);
        let answer = Some(to.display().to_string());
        if to.exists() {
            return Ok(Row { answer, ..Row::new(path, "there_already") });
        }
        let bytes = std::fs::read(path)
            .map_err(|error| files::fault(path, crate::fault::Doing::Reading, error))?;
        // A damaged file is told as such, and not as the request of nobody.
        Request::verify(&bytes)?;
        let actor = Actor::vendor(self.actor.clone());
        let from = RequestFrom { customer: self.customer.as_ref(), actor: &actor, bytes: &bytes };
        let document = ledger.answer(from, signer, now)?;
        files::make(&to, format!("{document}\n").as_bytes())?;
        Ok(Row { answer, ..Row::new(path, "answered") })
    }
}

impl Row {
    fn new(path: &Path, result: &'static str) -> Self {
        Self { request: path.display().to_string(), result, answer: None, fault: None }
    }
}

/// Tells what came of every request.
fn tell(context: &mut Context<'_>, rows: &[Row]) -> Result<Exit> {
    let refused = rows.iter().filter(|row| row.fault.is_some()).count();
    let done = rows.len().saturating_sub(refused).to_string();
    let all = rows.len().to_string();
    context.answer(&rows, |context| {
        let cells = rows.iter().map(|row| {
            let why = row.fault.as_ref().map(|fault| fault.message.clone());
            let last = why.or_else(|| row.answer.clone()).unwrap_or_default();
            vec![row.request.clone(), row.result.to_owned(), last]
        });
        let table = table(&["request", "result", "answer"], cells);
        let summary = context.say(Sentence::AnswersWritten, &[("done", &done), ("all", &all)]);
        format!("{table}\n{summary}")
    })?;
    Ok(if refused == 0 { Exit::Done } else { Exit::Findings })
}
