//! `mlicense request`.

use std::path::PathBuf;

use clap::Args;
use mlicense_core::{
    document::{Owner, Request as Document, RequestKind},
    error::Refusal,
    id::{GroupId, LicenseType, ProductId, SystemId},
};
use mlicense_host::RequestDetails;
use serde::Serialize;

use super::installation::Installation;
use crate::{context::Context, exit::Exit, fault::Result, files, words::Sentence};

/// Write a request for the vendor, to be carried there as a file
///
/// The vendor's answer goes to `accept`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense request trial --product editor --root vendor.pub --state state --facts host.json --out trial.request --show
  mlicense request coupon --code 1234 --product editor --root vendor.pub --state state --out coupon.request")]
pub(crate) struct Request {
    /// coupon, number, rebind, recover, refresh, register, release, system or trial
    #[arg(value_parser = kind)]
    kind: RequestKind,
    #[command(flatten)]
    installation: Installation,
    #[command(flatten)]
    details: Details,
    /// The file to make; standard output without one
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Say in words what the vendor will be told
    #[arg(long, requires = "out")]
    show: bool,
}

/// Say in words what a request tells the vendor, before it is carried there
///
/// It names every thing that is told, masks codes and numbers but for their ends, and says when
/// that is all.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense show trial.request
  mlicense show trial.request --lang ru")]
pub(crate) struct Show {
    /// The file; - is standard input
    file: PathBuf,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "What it says")]
struct Details {
    /// The coupon as it was typed
    #[arg(long)]
    code: Option<String>,
    /// The registration number as it was typed
    #[arg(long)]
    number: Option<String>,
    /// The system that asks
    #[arg(long, value_name = "ID")]
    system: Option<SystemId>,
    /// How many devices need a licence of a type, such as camera=40
    #[arg(long = "devices", value_name = "TYPE=N", value_parser = devices)]
    devices: Vec<(LicenseType, u32)>,
    /// The e-mail address of who asks
    #[arg(long)]
    email: Option<String>,
    /// The company of who asks
    #[arg(long, requires = "email")]
    company: Option<String>,
    /// The name of the person to speak with
    #[arg(long, requires = "email")]
    contact: Option<String>,
    /// The time zone of who asks, such as Europe/Paris
    #[arg(long, requires = "email")]
    zone: Option<String>,
    /// The phone number of who asks
    #[arg(long, requires = "email")]
    phone: Option<String>,
    /// The number of who asks as a taxpayer
    #[arg(long, requires = "email")]
    tax_id: Option<String>,
    /// The group of hosts that share a licence, which this host wants to join
    #[arg(long, value_name = "ID")]
    group: Option<GroupId>,
    /// What to call this host; the vendor is told
    #[arg(long)]
    label: Option<String>,
}

impl Request {
    pub(crate) fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        let mut client = self.installation.open(context)?;
        let details = self.details.read();
        let document = match context.asked_at() {
            Some(now) => client.request_at(self.kind, details, now)?,
            None => client.request(self.kind, details)?,
        };
        files::give(context, self.out.as_deref(), &document)?;
        match &self.out {
            Some(_) if self.show => show(document.as_bytes(), context),
            Some(path) => {
                let file = path.display().to_string();
                let made =
                    |context: &Context<'_>| context.say(Sentence::FileMade, &[("file", &file)]);
                context.answer(&serde_json::json!({"file": file}), made)?;
                Ok(Exit::Done)
            }
            None => Ok(Exit::Done),
        }
    }
}

impl Show {
    pub(crate) fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        let bytes = files::read(context, &self.file)?;
        show(&bytes, context)
    }
}

/// What a request tells the vendor, with codes and numbers masked.
#[derive(Debug, Serialize)]
struct Shown<'a> {
    kind: RequestKind,
    product: &'a ProductId,
    says: Vec<&'a str>,
}

fn show(bytes: &[u8], context: &mut Context<'_>) -> Result<Exit> {
    let document = Document::verify(bytes)?;
    let told = document.explain(context.language());
    let fields = document.fields();
    let says = told.lines().collect();
    let shown = Shown { kind: fields.kind, product: &fields.product, says };
    context.answer(&shown, |_| told.clone())?;
    Ok(Exit::Done)
}

impl Details {
    fn read(self) -> RequestDetails {
        let owner = self.email.map(|email| {
            let mut owner = Owner::new(&email);
            (owner.company, owner.contact, owner.zone) = (self.company, self.contact, self.zone);
            (owner.phone, owner.tax_id) = (self.phone, self.tax_id);
            owner
        });
        let mut details = RequestDetails::default();
        (details.code, details.number, details.system) = (self.code, self.number, self.system);
        (details.owner, details.group, details.label) = (owner, self.group, self.label);
        details.devices = self.devices.into_iter().collect();
        details
    }
}

fn kind(text: &str) -> Result<RequestKind, String> {
    serde_json::from_value(text.into()).map_err(|error| error.to_string())
}

fn devices(text: &str) -> Result<(LicenseType, u32), Refusal> {
    crate::vendor::quantity(text)
}
