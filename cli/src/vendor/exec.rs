//! `mlicense exec` and `mlicense query`: everything a ledger does, in JSON.

use std::path::PathBuf;

use clap::Args;
use mlicense_core::{
    error::{ErrorKind, Refusal},
    history::{Command, Envelope},
    view::Query as Question,
};
use serde_json::{Value, value::RawValue};

use super::book::{Book, Given, words};
use crate::{
    context::{Context, unserializable},
    exit::Exit,
    fault::{Fault, Result},
    files,
};

/// Give commands in JSON: bodies, or envelopes with id, actor and body, one after another
///
/// Hundreds share a transaction; each is done for itself, and one that is refused stops none of the
/// others. Under their own ids they can be given again: what was done is answered alike.
/// The members are those of include/schema/command.json.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense exec commands.json --ledger vendor.ledger
  mlicense exec commands.json --ledger vendor.ledger --json")]
pub(crate) struct Exec {
    /// The file; - is standard input
    file: PathBuf,
    #[command(flatten)]
    given: Given,
}

/// Ask a question in JSON
///
/// The members are those of include/schema/query.json.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense query '{\"where_to_buy\": {\"product\": \"vms\"}}' --ledger vendor.ledger --json
  mlicense query query.json --ledger vendor.ledger")]
pub(crate) struct Query {
    /// The question, or a file that holds it
    question: String,
    #[command(flatten)]
    book: Book,
}

impl Exec {
    pub(crate) fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        let bytes = files::read(context, &self.file)?;
        let envelopes = self.read(&bytes)?;
        if self.given.is_preview() {
            let mut last = Exit::Done;
            for envelope in envelopes {
                last = self.given.give(envelope.body, context)?.max(last);
            }
            return Ok(last);
        }
        let (ledger, now) = (self.given.open()?, context.now());
        let done = context.with_progress(|progress| {
            let told = &mut |made: mlicense_ledger::Progress| progress(made.done, made.of);
            ledger.execute_many(&envelopes, now, told)
        })?;
        let mut exit = Exit::Done;
        for result in done {
            match result {
                Ok(receipt) => context.answer(&receipt, |context| words(context, &receipt))?,
                Err(refusal) => {
                    exit = if envelopes.len() == 1 { Exit::Refused } else { Exit::Findings };
                    context.end(Err(refusal.into()));
                }
            }
        }
        Ok(exit)
    }

    fn read(&self, bytes: &[u8]) -> Result<Vec<Envelope>> {
        let values = serde_json::Deserializer::from_slice(bytes).into_iter::<Box<RawValue>>();
        let mut envelopes = Vec::new();
        for value in values {
            let value = value.map_err(|error| invalid("the commands", &error))?;
            envelopes.push(self.one(value.get().as_bytes())?);
        }
        Ok(envelopes)
    }

    fn one(&self, json: &[u8]) -> Result<Envelope> {
        let shape: Value =
            serde_json::from_slice(json).map_err(|error| invalid("the command", &error))?;
        if shape.get("body").is_some() {
            return Ok(Envelope::from_json(json)?);
        }
        self.given.envelope(Command::from_json(json)?)
    }
}

impl Query {
    pub(crate) fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        let json = if self.question.trim_start().starts_with('{') {
            self.question.clone().into_bytes()
        } else {
            files::read(context, &PathBuf::from(&self.question))?
        };
        let question = Question::from_json(&json)?;
        let view = self.book.open_read_only()?.query(&question, context.now())?;
        let value = serde_json::to_value(&view).map_err(unserializable)?;
        context.show(&value)?;
        Ok(Exit::Done)
    }
}

fn invalid(what: &str, error: &serde_json::Error) -> Fault {
    Refusal::new(ErrorKind::JsonInvalid).with("what", what).with("detail", error).into()
}
