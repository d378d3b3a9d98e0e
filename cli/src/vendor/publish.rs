//! `mlicense publish`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use mlicense_core::{
    document::{Revocation, RevocationClaims, RevocationList},
    error::Refusal,
    history::Command,
    signing::{KeyRing, KeyRingClaims, KeyRole, RingKey},
    time::Instant,
};

use super::{book::Given, contents::refusal};
use crate::{context::Context, exit::Exit, fault::Result, instant, keys};

/// Sign what travels with every answer from then on: key rings and revocation lists
#[derive(Debug, Subcommand)]
pub(crate) enum Publish {
    Ring(Ring),
    Revocations(Revocations),
}

/// Sign a key ring with the root key and publish it
///
/// It replaces the one before whole: name every key that still has to vouch for what it signed,
/// retired ones with the instant from which they sign no more.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense publish ring 2 --root-key vendor.seed --key daily.pub --key vendor.pub=checkpoints --from 2026-01-01 --ledger vendor.ledger --preview
  mlicense publish ring 2 --root-key vendor.seed --key daily.pub --from 2026-01-01 --ledger vendor.ledger")]
pub(crate) struct Ring {
    /// The number of the ring, higher than any before
    number: u64,
    /// The file of the root key
    #[arg(long, value_name = "FILE")]
    root_key: PathBuf,
    /// A public key, as text or in a file, and what alone it may sign: answers, checkpoints or
    /// licenses; repeat it for further ones
    #[arg(long = "key", value_name = "KEY[=ROLE]", required = true)]
    keys: Vec<String>,
    /// A public key that signs no more, and from when on; repeat it for further ones
    #[arg(long = "retired", value_name = "KEY=INSTANT")]
    retired: Vec<String>,
    /// A public key that was stolen or lost, and since when; repeat it for further ones
    #[arg(long = "revoked", value_name = "KEY=INSTANT")]
    revoked: Vec<String>,
    /// The first instant at which the keys sign; now without one
    #[arg(long, value_name = "INSTANT", value_parser = instant::parse)]
    from: Option<Instant>,
    #[command(flatten)]
    given: Given,
}

/// Sign a revocation list and publish it
///
/// It replaces the one before whole: what it leaves out is revoked no more.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense publish revocations 1 --key daily.seed --license 'L-2026-0007=charged back' --next 2026-04-01 --ledger vendor.ledger")]
pub(crate) struct Revocations {
    /// The number of the list, higher than any before
    number: u64,
    /// The file of the key that signs answers
    #[arg(long, value_name = "FILE", env = "MLICENSE_KEY")]
    key: PathBuf,
    /// The number of a licence and why it is revoked; repeat it for further ones
    #[arg(long = "license", value_name = "NUMBER=REASON")]
    licenses: Vec<String>,
    /// The id of an installation and why it is revoked; repeat it for further ones
    #[arg(long = "installation", value_name = "KEY_ID=REASON")]
    installations: Vec<String>,
    /// When the next list is due
    #[arg(long, value_name = "INSTANT", value_parser = instant::parse)]
    next: Instant,
    #[command(flatten)]
    given: Given,
}

impl Publish {
    pub(crate) fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        match self {
            Self::Ring(command) => command.run(context),
            Self::Revocations(command) => command.run(context),
        }
    }
}

impl Ring {
    fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        let root = keys::signer(&self.root_key)?;
        let now = context.now();
        let from = self.from.unwrap_or(now);
        let mut ring = Vec::new();
        for given in &self.keys {
            let (key, role) = given
                .split_once('=')
                .map_or((given.as_str(), None), |(key, role)| (key, Some(role)));
            let mut key = RingKey::new(keys::public(key)?, from);
            key.role = role.map(role_of).transpose()?;
            ring.push(key);
        }
        for given in &self.retired {
            let (key, until) = dated("retired", given)?;
            let mut key = RingKey::new(keys::public(key)?, from);
            key.valid_until = Some(until);
            ring.push(key);
        }
        for given in &self.revoked {
            let (key, at) = dated("revoked", given)?;
            let mut key = RingKey::new(keys::public(key)?, from);
            key.revoked_at = Some(at);
            ring.push(key);
        }
        let document = KeyRing::issue(&KeyRingClaims::new(self.number, now, ring), &root)?;
        self.given.give(Command::PublishKeyRing { document }, context)
    }
}

impl Revocations {
    fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        let signer = keys::signer(&self.key)?;
        let now = context.now();
        let mut claims = RevocationClaims::new(self.number, now, self.next);
        for given in &self.licenses {
            let (serial, reason) = reasoned("license", given)?;
            claims.licenses.insert(serial.to_owned(), Revocation::new(now, reason));
        }
        for given in &self.installations {
            let (installation, reason) = reasoned("installation", given)?;
            claims.installations.insert(installation.parse()?, Revocation::new(now, reason));
        }
        let document = RevocationList::issue(&claims, &signer)?;
        self.given.give(Command::PublishRevocations { document }, context)
    }
}

fn role_of(name: &str) -> Result<KeyRole, Refusal> {
    serde_json::from_value(name.into())
        .map_err(|_| refusal("role", name, "answers, checkpoints or licenses"))
}

fn dated<'a>(field: &str, given: &'a str) -> Result<(&'a str, Instant), Refusal> {
    let expected = "a key and an instant, such as old.pub=2026-03-01";
    let (key, at) = given.rsplit_once('=').ok_or_else(|| refusal(field, given, expected))?;
    Ok((key, instant::parse(at)?))
}

fn reasoned<'a>(field: &str, given: &'a str) -> Result<(&'a str, &'a str), Refusal> {
    given
        .split_once('=')
        .ok_or_else(|| refusal(field, given, "a number and a reason with = between"))
}
