//! The ledger that is meant, and a command given to it.

use std::io::BufRead;

use clap::Args;
use mlicense_core::{
    access::Actor,
    history::{Command, Envelope, Preview},
    id::{ActorId, CommandId},
    view::Query,
};
use mlicense_ledger::{Ledger, Place, Progress, Receipt, fresh_id};

use crate::{context::Context, exit::Exit, fault::Result, words::Sentence};

/// Which ledger.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Ledger")]
pub(crate) struct Book {
    /// The file of the ledger, or postgresql://… where this command was built for that
    #[arg(long, value_name = "FILE", env = "MLICENSE_LEDGER")]
    ledger: String,
}

/// How a command is given.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Ledger")]
pub(crate) struct Given {
    #[command(flatten)]
    book: Book,
    /// Who gives the command: an id, never a name, for it stays in the history
    #[arg(long, value_name = "ID", default_value = "clerk")]
    actor: ActorId,
    /// The command's own id: given again under it, it is done once and answered alike
    #[arg(long, value_name = "ID")]
    id: Option<CommandId>,
    /// Say what would be done, and do nothing
    #[arg(long)]
    preview: bool,
}

impl Book {
    pub(crate) fn open(&self) -> Result<Ledger> {
        Ok(Ledger::open(self.ledger.as_str())?)
    }

    /// Opens it to be looked at only; what a database lets its user do, that database knows.
    pub(crate) fn open_read_only(&self) -> Result<Ledger> {
        match Place::from(self.ledger.as_str()).path() {
            Some(path) => Ok(Ledger::open_read_only(path)?),
            None => self.open(),
        }
    }

    /// Makes a ledger where there is none.
    pub(crate) fn create(&self) -> Result<Ledger> {
        Ok(Ledger::create(self.ledger.as_str())?)
    }

    /// Makes a ledger of an exported one.
    pub(crate) fn import(
        &self,
        from: &mut dyn BufRead,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Ledger> {
        Ok(Ledger::import(self.ledger.as_str(), from, progress)?)
    }

    pub(crate) fn name(&self) -> &str {
        &self.ledger
    }

    /// Asks, and shows the answer as lists and tables.
    pub(crate) fn ask(&self, query: &Query, context: &mut Context<'_>) -> Result<Exit> {
        let view = self.open_read_only()?.query(query, context.now())?;
        let value = serde_json::to_value(&view).map_err(crate::context::unserializable)?;
        // A view is an object with one member that names it, which the command has said already.
        let inner = value.as_object().and_then(|view| view.values().next()).unwrap_or(&value);
        if context.is_json() { context.show(&value) } else { context.show(inner) }?;
        Ok(Exit::Done)
    }
}

impl Given {
    pub(crate) fn open(&self) -> Result<Ledger> {
        self.book.open()
    }

    pub(crate) const fn is_preview(&self) -> bool {
        self.preview
    }

    /// Puts a body into its envelope.
    pub(crate) fn envelope(&self, body: Command) -> Result<Envelope> {
        let id = self.id.clone().map_or_else(fresh_id, Ok)?;
        Ok(Envelope { id, actor: Actor::vendor(self.actor.clone()), body })
    }

    /// Gives a command, or previews it, and says what came of it.
    pub(crate) fn give(&self, body: Command, context: &mut Context<'_>) -> Result<Exit> {
        let ledger = self.open()?;
        let envelope = self.envelope(body)?;
        let now = context.now();
        if self.preview {
            return show_preview(&ledger.preview(&envelope, now)?, context);
        }
        let receipt = ledger.execute(&envelope, now)?;
        context.answer(&receipt, |context| words(context, &receipt))?;
        Ok(Exit::Done)
    }
}

/// What a command has written: each event with its place.
pub(crate) fn words(context: &Context<'_>, receipt: &Receipt) -> String {
    if receipt.events.is_empty() {
        return context.say(Sentence::NothingToChange, &[]);
    }
    let lines = receipt.events.iter().map(|written| {
        let what = format!("{} {} {}", written.kind, written.stream, written.index);
        context.say(Sentence::Done, &[("what", &what)])
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn show_preview(preview: &Preview, context: &mut Context<'_>) -> Result<Exit> {
    let mut value = serde_json::to_value(preview).map_err(crate::context::unserializable)?;
    let refusal = preview.refusal.as_ref().map(|refusal| refusal.view_in(context.language()));
    let exit = if refusal.is_some() { Exit::Refused } else { Exit::Done };
    if let Some(shown) = value.get_mut("refusal") {
        *shown = serde_json::to_value(&refusal).map_err(crate::context::unserializable)?;
    }
    context.answer(&value, |context| match &refusal {
        Some(refusal) => format!("{} ({} {})", refusal.message, refusal.number, refusal.name),
        None if preview.events.is_empty() => context.say(Sentence::NothingToChange, &[]),
        None => {
            let names = preview.events.iter().map(|event| event.name().unwrap_or_default());
            let names = names.collect::<Vec<_>>().join(", ");
            context.say(Sentence::WouldDo, &[("what", &names)])
        }
    })?;
    Ok(exit)
}
