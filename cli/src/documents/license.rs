//! `mlicense license`.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use mlicense_core::{
    document::{
        DOCUMENT_BYTES_MAX, DocumentType, License as Document, LicenseClaims, RevocationList,
    },
    error::{ErrorKind, Refusal},
    signing::{KeyRing, Trust},
};
use serde::Serialize;

use super::{claims::Claims, inspect};
use crate::{context::Context, exit::Exit, fault::Result, files, keys, words::Sentence};

/// Sign licences without a ledger, and read any licence file
#[derive(Debug, Subcommand)]
pub(crate) enum License {
    Issue(Box<Issue>),
    Inspect(Inspect),
    Verify(Verify),
}

/// Sign a licence
///
/// For a vendor who sells few licences. Where they are counted, renewed or bound to hosts use a
/// ledger: `init` and `answer`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense license issue --key vendor.seed --product editor --licensee 'Example Ltd' --until 2027-03-01 --grace-days 30 --feature export=5 --out editor.license
  mlicense license issue --key vendor.seed --claims site-claims.json --out site.license")]
pub(crate) struct Issue {
    /// The file of the private key, as keygen makes it
    #[arg(long, value_name = "FILE", env = "MLICENSE_KEY")]
    key: PathBuf,
    #[command(flatten)]
    claims: Claims,
    /// The file to make; standard output without one
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Explain a licence file in words, whether or not it can be trusted
///
/// It says whether the signature was checked: with a root key it is, and a licence that fails is
/// refused.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense license inspect editor.license --root vendor.pub
  mlicense license inspect editor.license --root vendor.pub --lang ja
  mlicense license inspect editor.license")]
pub(crate) struct Inspect {
    /// The file; - is standard input
    file: PathBuf,
    #[command(flatten)]
    trusted: Trusted,
}

/// Check the signature of a licence, and that it does not contradict itself
///
/// The exit code is 4 when it does not hold. Dates are not asked: `status` does that.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense license verify editor.license --root vendor.pub
  mlicense license verify hello.license --root vendor.pub")]
pub(crate) struct Verify {
    /// The file; - is standard input
    file: PathBuf,
    #[command(flatten)]
    trusted: Trusted,
}

/// Whom to trust.
#[derive(Debug, Args)]
struct Trusted {
    /// The vendor's root key, as text or in a file; repeat it for further ones
    #[arg(long = "root", value_name = "KEY", env = "MLICENSE_ROOT", value_delimiter = ',')]
    roots: Vec<String>,
    /// The vendor's key ring, where a key of it signed
    #[arg(long, value_name = "FILE")]
    ring: Option<PathBuf>,
    /// The vendor's revocation list
    #[arg(long, value_name = "FILE")]
    revocations: Option<PathBuf>,
}

impl License {
    pub(crate) fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        match self {
            Self::Issue(command) => command.run(context),
            Self::Inspect(command) => command.run(context),
            Self::Verify(command) => command.run(context),
        }
    }
}

impl Issue {
    fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        let signer = keys::signer(&self.key)?;
        let now = context.now();
        let claims = self.claims.read(context, now)?;
        let document = Document::issue(&claims, &signer)?;
        files::give(context, self.out.as_deref(), &document)?;
        if let Some(path) = &self.out {
            let file = path.display().to_string();
            let made = |context: &Context<'_>| context.say(Sentence::FileMade, &[("file", &file)]);
            context.answer(&serde_json::json!({"file": file, "claims": claims}), made)?;
        }
        Ok(Exit::Done)
    }
}

/// A licence as it was read.
#[derive(Debug, Serialize)]
struct Inspected<'a> {
    verified: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    signed_by: Option<String>,
    claims: &'a LicenseClaims,
}

impl Inspect {
    fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        let bytes = files::read(context, &self.file)?;
        let (claims, signed_by) = if self.trusted.roots.is_empty() {
            (unverified(&bytes)?, None)
        } else {
            let license = self.trusted.verify(context, &bytes)?;
            (license.claims().clone(), Some(license.signed_by().to_string()))
        };
        let inspected = Inspected { verified: signed_by.is_some(), signed_by, claims: &claims };
        context.answer(&inspected, |context| {
            inspect::words(context, &claims, inspected.signed_by.as_deref())
        })?;
        Ok(Exit::Done)
    }
}

impl Verify {
    fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        let bytes = files::read(context, &self.file)?;
        let license = self.trusted.verify(context, &bytes)?;
        let signed_by = license.signed_by().to_string();
        let value = serde_json::json!({"verified": true, "signed_by": signed_by});
        context.answer(&value, |context| {
            let signer = context.say(Sentence::SaysSigner, &[("key", &signed_by)]);
            format!("{}\n{signer}", context.say(Sentence::SaysVerified, &[]))
        })?;
        Ok(Exit::Done)
    }
}

impl Trusted {
    fn verify(&self, context: &mut Context<'_>, bytes: &[u8]) -> Result<Document> {
        let roots = keys::publics(&self.roots)?;
        let mut read = |path: &Path| files::read(context, path);
        let ring = match &self.ring {
            Some(path) => Some(KeyRing::verify(&read(path)?, &roots)?),
            None => None,
        };
        let mut trust = Trust::new(&roots, ring)?;
        if let Some(path) = &self.revocations {
            let list = RevocationList::verify(&read(path)?, &trust)?;
            trust.renew_revocations(list)?;
        }
        let license = Document::verify(bytes, &trust)?;
        if let Some(revocation) = trust.revocations().and_then(|list| list.revocation_of(&license))
        {
            let serial = license.claims().serial.clone().unwrap_or_default();
            return Err(Refusal::new(ErrorKind::NotLicensed)
                .with("feature", serial)
                .with("reason", format_args!("revoked at {}: {}", revocation.at, revocation.reason))
                .into());
        }
        Ok(license)
    }
}

/// Reads what a licence says without asking who signed it, to be shown as such.
fn unverified(bytes: &[u8]) -> Result<LicenseClaims> {
    let malformed = |detail: &str| {
        Refusal::new(ErrorKind::DocumentMalformed)
            .with("document", DocumentType::License.noun())
            .with("detail", detail)
    };
    if bytes.len() > DOCUMENT_BYTES_MAX {
        return Err(Refusal::new(ErrorKind::InputTooLarge)
            .with("what", DocumentType::License.noun())
            .with("size", bytes.len())
            .with("limit", DOCUMENT_BYTES_MAX)
            .into());
    }
    let text = std::str::from_utf8(bytes).map_err(|_| malformed("it is not text"))?;
    let mut parts = text.trim_end_matches(['\r', '\n']).split('.');
    let (Some(_), Some(payload), Some(_), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(malformed("it is not three parts with dots between them").into());
    };
    let payload = data_encoding::BASE64URL_NOPAD
        .decode(payload.as_bytes())
        .map_err(|_| malformed("its payload is not base64url"))?;
    Ok(LicenseClaims::from_json(&payload)?)
}
