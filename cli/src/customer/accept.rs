//! `mlicense accept` and `mlicense install`.

use std::path::{Path, PathBuf};

use clap::Args;
use mlicense_core::document::{DocumentType, RequestKind};
use mlicense_host::Accepted;
use serde::Serialize;

use super::installation::Installation;
use crate::{context::Context, exit::Exit, fault::Result, files, words::Sentence};

/// Accept what the vendor sent: an answer, a licence, a key ring, a revocation list
///
/// The same file again changes nothing. What is refused changes nothing either.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense accept editor.license --product editor --root vendor.pub --state state")]
pub(crate) struct Accept {
    /// The file; - is standard input
    file: PathBuf,
    #[command(flatten)]
    installation: Installation,
}

/// Put a licence in its product's place, and say whether the product may run
///
/// As `accept` and then `status`: the exit code is 3 when the product may not run with it. Use it
/// with the vendor's id to put the licence where the system keeps such things.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense install editor.license --product editor --root vendor.pub --state state")]
pub(crate) struct Install {
    #[command(flatten)]
    accept: Accept,
}

#[derive(Debug, Serialize)]
struct Done {
    document: DocumentType,
    changed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    answered: Option<RequestKind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<Refused>,
    ended: usize,
}

#[derive(Debug, Serialize)]
struct Refused {
    number: u32,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<String>,
}

impl Accept {
    pub(crate) fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        let accepted = accept(&self.installation, &self.file, context)?;
        tell(&accepted, context)
    }
}

impl Install {
    pub(crate) fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        let Accept { file, installation } = self.accept;
        let accepted = accept(&installation, &file, context)?;
        match tell(&accepted, context)? {
            Exit::Done => super::Status::of(installation).run(context),
            refused => Ok(refused),
        }
    }
}

fn accept(installation: &Installation, file: &Path, context: &mut Context<'_>) -> Result<Accepted> {
    let document = files::read(context, file)?;
    let mut client = installation.open(context)?;
    Ok(match context.asked_at() {
        Some(now) => client.accept_at(&document, now)?,
        None => client.accept(&document)?,
    })
}

/// Says what came of a document; the vendor's refusal is a refusal here too.
fn tell(accepted: &Accepted, context: &mut Context<'_>) -> Result<Exit> {
    let language = context.language();
    let refusal = accepted.refusal.as_ref().map(|refusal| Refused {
        number: refusal.number,
        name: refusal.name.clone(),
        remedy: refusal
            .kind()
            .map(|kind| mlicense_core::error::Refusal::new(kind).remedy(language)),
    });
    let exit = if refusal.is_some() { Exit::Refused } else { Exit::Done };
    let done = Done {
        document: accepted.document,
        changed: accepted.changed,
        answered: accepted.answered,
        refusal,
        ended: accepted.ended,
    };
    context.answer(&done, |context| done.words(context))?;
    Ok(exit)
}

impl Done {
    fn words(&self, context: &Context<'_>) -> String {
        let document = match self.document {
            DocumentType::License => Sentence::AcceptedLicense,
            DocumentType::KeyRing => Sentence::AcceptedKeyRing,
            DocumentType::Revocations => Sentence::AcceptedRevocations,
            DocumentType::Time => Sentence::AcceptedTime,
            _ => Sentence::AcceptedAnswer,
        };
        let mut lines = vec![context.say(document, &[])];
        if let Some(Refused { number, name, remedy }) = &self.refusal {
            let remedy = remedy.as_deref().unwrap_or_default();
            let why = format!("{number} {name}. {remedy}");
            lines.push(context.say(Sentence::VendorRefused, &[("why", why.trim_end())]));
        }
        if self.ended > 0 {
            let count = self.ended.to_string();
            lines.push(context.say(Sentence::LicensesEnded, &[("count", &count)]));
        }
        if !self.changed {
            lines.push(context.say(Sentence::NothingChanged, &[]));
        }
        lines.join("; ")
    }
}
