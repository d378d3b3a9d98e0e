//! `mlicense init`.

use std::path::PathBuf;

use clap::Args;
use mlicense_core::{
    access::Actor,
    code::CodeFormat,
    history::{Command, Envelope},
    id::{ActorId, RegionId, VendorId},
    signing::{KeyRing, KeyRingClaims, RingKey},
    time::Instant,
};
use mlicense_ledger::{Ledger, fresh_id};
use serde_json::json;

use super::book::Book;
use crate::{context::Context, exit::Exit, fault::Result, keys, words::Sentence};

/// Make a ledger, establish the vendor, and publish the first key ring
///
/// Programs have the public root key compiled in. The root key signs key rings, the daily key
/// everything else: after this the root key can go into a safe.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense keygen daily
  mlicense init --ledger vendor.ledger --vendor acme --root-key vendor.seed --daily-key daily.seed --numbers ACME-5x4")]
pub(crate) struct Init {
    #[command(flatten)]
    book: Book,
    /// The vendor's id, named in every document
    #[arg(long, value_name = "ID")]
    vendor: VendorId,
    /// The file of the root key
    #[arg(long, value_name = "FILE")]
    root_key: PathBuf,
    /// The file of the key that signs answers and licences from day to day
    #[arg(long, value_name = "FILE")]
    daily_key: PathBuf,
    /// A further public root key, as text or in a file
    #[arg(long = "root", value_name = "KEY")]
    roots: Vec<String>,
    /// The form of registration numbers, such as ACME-5x4; without one none are given
    #[arg(long, value_name = "FORM")]
    numbers: Option<CodeFormat>,
    /// The region that this ledger serves; without one all of them
    #[arg(long, value_name = "ID")]
    region: Option<RegionId>,
}

impl Init {
    pub(crate) fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        // Keys first: a ledger that nobody can sign for should not be left behind.
        let root = keys::signer(&self.root_key)?;
        let daily = keys::signer(&self.daily_key)?;
        let mut roots = vec![root.public_key()];
        roots.extend(keys::publics(&self.roots)?);
        let ledger = self.book.create()?;
        let now = context.now();
        let establish = Command::EstablishVendor {
            vendor: self.vendor,
            roots,
            region: self.region,
            number_format: self.numbers,
        };
        give(&ledger, establish, now)?;
        let ring = KeyRingClaims::new(1, now, vec![RingKey::new(daily.public_key(), now)]);
        let document = KeyRing::issue(&ring, &root)?;
        give(&ledger, Command::PublishKeyRing { document }, now)?;
        let file = self.book.name().to_owned();
        let value = json!({
            "ledger": file,
            "root": root.public_key().to_string(),
            "daily": daily.public_key().to_string(),
        });
        context.answer(&value, |context| context.say(Sentence::FileMade, &[("file", &file)]))?;
        Ok(Exit::Done)
    }
}

fn give(ledger: &Ledger, body: Command, now: Instant) -> Result<()> {
    let actor = Actor::vendor(ActorId::new("init")?);
    ledger.execute(&Envelope { id: fresh_id()?, actor, body }, now)?;
    Ok(())
}
