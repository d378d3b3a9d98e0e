//! `mlicense verify`, `checkpoint` and `backup`.

use std::path::PathBuf;

use clap::Args;
use mlicense_core::{
    document::Checkpoint as Document,
    signing::{KeyRing, Trust},
};

use super::book::Book;
use crate::{
    context::{Context, unserializable},
    exit::Exit,
    fault::Result,
    files, keys,
    words::Sentence,
};

/// Read the whole ledger again and say whether anything is not what was written
///
/// With a checkpoint that was kept elsewhere, also whether the history continues it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense verify --ledger vendor.ledger
  mlicense verify --since checkpoint.note --origin licences.example.com/history --root vendor.pub --ledger vendor.ledger")]
pub(crate) struct Verify {
    /// A checkpoint that was kept elsewhere
    #[arg(long, value_name = "FILE", requires_all = ["origin", "roots"])]
    since: Option<PathBuf>,
    /// The name of the history
    #[arg(long)]
    origin: Option<String>,
    /// The vendor's root key, as text or in a file; repeat it for further ones
    #[arg(long = "root", id = "roots", value_name = "KEY", value_delimiter = ',')]
    roots: Vec<String>,
    /// The vendor's key ring, where a key of it signed
    #[arg(long, value_name = "FILE")]
    ring: Option<PathBuf>,
    #[command(flatten)]
    book: Book,
}

/// Sign the history as it is now
///
/// Keep a copy where nobody who can write to the ledger can write: in a mailbox, on paper.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense checkpoint --origin licences.example.com/history --key vendor.seed --out checkpoint.note --ledger vendor.ledger")]
pub(crate) struct Checkpoint {
    /// The name of the history, the same in every checkpoint
    #[arg(long)]
    origin: String,
    /// The file of the key that signs: a root key, or one of the ring for checkpoints
    #[arg(long, value_name = "FILE", env = "MLICENSE_KEY")]
    key: PathBuf,
    /// The file to make; standard output without one
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    book: Book,
}

/// Copy the ledger while commands go on; nothing is overwritten
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense backup vendor-2026-03-01.ledger --ledger vendor.ledger")]
pub(crate) struct Backup {
    /// The file to make
    to: PathBuf,
    #[command(flatten)]
    book: Book,
}

impl Verify {
    pub(crate) fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        let checkpoint = self.checkpoint(context)?;
        let ledger = self.book.open_read_only()?;
        let verified = match &checkpoint {
            Some(checkpoint) => ledger.verify_since(checkpoint)?,
            None => ledger.verify()?,
        };
        let events = verified.events.to_string();
        let checkpoints = ledger.checkpoints()?.len().to_string();
        context.answer(&verified, |context| {
            let facts = [("events", events.as_str()), ("checkpoints", &checkpoints)];
            context.say(Sentence::Verified, &facts)
        })?;
        Ok(Exit::Done)
    }

    fn checkpoint(&self, context: &mut Context<'_>) -> Result<Option<Document>> {
        let (Some(path), Some(origin)) = (&self.since, &self.origin) else { return Ok(None) };
        let roots = keys::publics(&self.roots)?;
        let ring = match &self.ring {
            Some(path) => Some(KeyRing::verify(&files::read(context, path)?, &roots)?),
            None => None,
        };
        let note = files::read(context, path)?;
        Ok(Some(Document::verify(&note, origin, &Trust::new(&roots, ring)?)?))
    }
}

impl Checkpoint {
    pub(crate) fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        let signer = keys::signer(&self.key)?;
        let kept = self.book.open()?.checkpoint(&self.origin, &signer, context.now())?;
        let Some(path) = &self.out else {
            if context.is_json() {
                context.show(&kept)?;
            } else {
                context.bytes(kept.note.as_bytes())?;
            }
            return Ok(Exit::Done);
        };
        files::make(path, kept.note.as_bytes())?;
        let events = kept.head.size.to_string();
        let value = serde_json::to_value(&kept).map_err(unserializable)?;
        context.answer(&value, |context| {
            context.say(Sentence::CheckpointMade, &[("events", &events)])
        })?;
        Ok(Exit::Done)
    }
}

impl Backup {
    pub(crate) fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        // A copy is made by a ledger that is open for writing: its log may have to be brought in.
        let ledger = self.book.open()?;
        context.with_progress(|progress| {
            ledger.backup(&self.to, &mut |made| progress(made.done, made.of))
        })?;
        let file = self.to.display().to_string();
        context.answer(&serde_json::json!({"file": file}), |context| {
            context.say(Sentence::BackupMade, &[("file", &file)])
        })?;
        Ok(Exit::Done)
    }
}
