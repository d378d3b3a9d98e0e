//! `mlicense import`.

use std::{
    fs::File,
    io::BufReader,
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};
use mlicense_core::id::{ActorId, ProductId};
use mlicense_ledger::{ExportOptions, Ledger};
use serde::Serialize;

use super::{claims, csv, keygen, plan};
use crate::{
    context::Context,
    describe::table,
    exit::Exit,
    fault::{Doing, FaultView, Result},
    files, keys,
    vendor::Book,
    words::Sentence,
};

/// Bring licences in: rows of CSV, files and keys of Keygen, or a whole exported ledger
#[derive(Debug, Subcommand)]
pub(crate) enum Import {
    Csv(Csv),
    Keygen(Keygen),
    Ledger(Whole),
}

/// Take licences and terms from CSV into a ledger, with starts that lie behind
///
/// Each row is so many licences of one type that a customer bought; docs/command.md explains the
/// columns, id, customer, zone, product, `license_type`, quantity, for, start and system. A row
/// that is refused stops none of the others. The same file can be given again: what was done is
/// told as done before. With --dry-run all of it is done in a copy, which is thrown away.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense import csv licences.csv --dry-run --ledger vendor.ledger
  mlicense import csv licences.csv --ledger vendor.ledger
  mlicense import csv licences.csv --ledger vendor.ledger --json")]
pub(crate) struct Csv {
    /// The file; - is standard input
    file: PathBuf,
    /// Say what would come of each row, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Who imports: an id, never a name, for it stays in the history
    #[arg(long, value_name = "ID", default_value = "import")]
    actor: ActorId,
    #[command(flatten)]
    book: Book,
}

/// Make licences of Keygen licence files, machine files and signed keys
///
/// The signature is checked before anything else is read, and the file's own expiry is believed.
/// Only Ed25519 is taken. With --dry-run it says what each file would become.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense import keygen keygen --public-key 5c10bf10c0eda425ae830882154c69a668715d959fe972107bed5426c8ad7a4c --license-key keygen-license-key.txt --fingerprint example-machine-1 --product editor --dry-run
  mlicense import keygen keygen --public-key 5c10bf10c0eda425ae830882154c69a668715d959fe972107bed5426c8ad7a4c --license-key keygen-license-key.txt --fingerprint example-machine-1 --product editor --key vendor.seed --out imported")]
pub(crate) struct Keygen {
    /// A file, or a folder with files
    files: PathBuf,
    /// The account's public key: 64 hexadecimal digits, or its DER in base64
    #[arg(long, value_name = "KEY", value_parser = keygen::public_key)]
    public_key: mlicense_core::signing::PublicKey,
    /// The file with the licence key, for files that are encrypted
    #[arg(long, value_name = "FILE")]
    license_key: Option<PathBuf>,
    /// The fingerprint of the machine, for machine files that are encrypted
    #[arg(long, value_name = "TEXT")]
    fingerprint: Option<String>,
    /// The product that the licences will be for
    #[arg(long, value_name = "ID")]
    product: ProductId,
    /// The file of the key that signs the licences
    #[arg(long, value_name = "FILE", env = "MLICENSE_KEY", required_unless_present = "dry_run")]
    key: Option<PathBuf>,
    /// The folder for the licences; it is made when it is missing
    #[arg(long, short, value_name = "FOLDER", required_unless_present = "dry_run")]
    out: Option<PathBuf>,
    /// Say what each file would become, and make nothing
    #[arg(long)]
    dry_run: bool,
}

/// Make a ledger of a whole exported one
///
/// The same events, chains, checkpoints and receipts. An export that was changed is refused.
#[derive(Debug, Args)]
#[command(name = "ledger")]
#[command(after_help = "\
Examples:
  mlicense import ledger vendor.jsonl --ledger restored.ledger")]
pub(crate) struct Whole {
    /// The file that export ledger has made
    file: PathBuf,
    #[command(flatten)]
    book: Book,
}

/// What came of a row or file.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    pub(super) place: String,
    pub(super) result: Came,
    pub(super) what: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) fault: Option<FaultView>,
}

/// How it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Came {
    Done,
    DoneBefore,
    Refused,
}

impl Import {
    pub(crate) fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        match self {
            Self::Csv(command) => command.run(context),
            Self::Keygen(command) => command.run(context),
            Self::Ledger(command) => command.run(context),
        }
    }
}

impl Csv {
    fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        let bytes = files::read(context, &self.file)?;
        let rows = csv::read(&bytes);
        let ledger = self.book.open()?;
        let (language, now) = (context.language(), context.now());
        let import = plan::Importing { actor: self.actor, now, language };
        let report = if self.dry_run {
            let folder = tempfile::tempdir()
                .map_err(|error| files::fault(&std::env::temp_dir(), Doing::Writing, error))?;
            let copy = copy(&ledger, &folder.path().join("copy.ledger"))?;
            context.with_progress(|progress| import.run(&copy, rows, progress))?
        } else {
            context.with_progress(|progress| import.run(&ledger, rows, progress))?
        };
        tell(context, &report, self.dry_run)
    }
}

/// A copy of a ledger, of whichever store, in a file.
fn copy(ledger: &Ledger, path: &Path) -> Result<Ledger> {
    if ledger.path().is_some() {
        ledger.backup(path, &mut |_| {})?;
        return Ok(Ledger::open(path)?);
    }
    let mut lines = Vec::new();
    ledger.export(&mut lines, ExportOptions::default(), &mut |_| {})?;
    Ok(Ledger::import(path, &mut lines.as_slice(), &mut |_| {})?)
}

impl Keygen {
    fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        let signer = self.key.as_deref().filter(|_| !self.dry_run).map(keys::signer).transpose()?;
        let out = self.out.as_deref().filter(|_| !self.dry_run);
        if let Some(folder) = out {
            files::make_folder(folder)?;
        }
        let license_key = match &self.license_key {
            Some(path) => Some(String::from_utf8_lossy(&files::read(context, path)?).into_owned()),
            None => None,
        };
        let opening = keygen::Opening {
            public_key: self.public_key,
            license_key: license_key.as_deref().map(str::trim),
            fingerprint: self.fingerprint.as_deref(),
            now: context.now(),
        };
        let language = context.language();
        let mut report = Vec::new();
        for path in files::listed(&self.files)? {
            let bytes = files::read(context, &path)?;
            let made = keygen::open(&bytes, &opening).and_then(|found| {
                let to = signer.as_ref().zip(out);
                claims::issue(&found, (&self.product, opening.now), to)
            });
            report.push(match made {
                Ok((result, what)) => Row { place: place(&path), result, what, fault: None },
                Err(fault) => Row {
                    place: place(&path),
                    result: Came::Refused,
                    what: String::new(),
                    fault: Some(fault.view(language)),
                },
            });
        }
        tell(context, &report, self.dry_run)
    }
}

fn place(path: &Path) -> String {
    path.display().to_string()
}

impl Whole {
    fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        let file = File::open(&self.file)
            .map_err(|error| files::fault(&self.file, Doing::Reading, error))?;
        let mut lines = BufReader::new(file);
        let ledger = context.with_progress(|progress| {
            self.book.import(&mut lines, &mut |made| progress(made.done, made.of))
        })?;
        let verified = ledger.verify()?;
        let events = verified.events.to_string();
        let checkpoints = ledger.checkpoints()?.len().to_string();
        context.answer(&verified, |context| {
            let facts = [("events", events.as_str()), ("checkpoints", &checkpoints)];
            context.say(Sentence::Verified, &facts)
        })?;
        Ok(Exit::Done)
    }
}

/// Tells what came of every row, and how many went how.
fn tell(context: &mut Context<'_>, report: &[Row], dry_run: bool) -> Result<Exit> {
    let count = |came| report.iter().filter(|row| row.result == came).count();
    let failed = count(Came::Refused);
    let counts = [Came::Done, Came::DoneBefore, Came::Refused].map(|came| count(came).to_string());
    context.answer(&report, |context| {
        let cells = report.iter().map(|row| {
            let result = match row.result {
                Came::Done => "done",
                Came::DoneBefore => "done before",
                Came::Refused => "refused",
            };
            let why = row.fault.as_ref().map(|fault| fault.message.clone());
            vec![row.place.clone(), result.to_owned(), why.unwrap_or_else(|| row.what.clone())]
        });
        let [done, skipped, failed] = &counts;
        let facts = [("done", done.as_str()), ("skipped", skipped), ("failed", failed)];
        let summary = if dry_run { Sentence::RowsDryRun } else { Sentence::RowsReport };
        let table = table(&["from", "result", "what"], cells);
        format!("{table}\n{}", context.say(summary, &facts))
    })?;
    Ok(if failed == 0 { Exit::Done } else { Exit::Findings })
}
