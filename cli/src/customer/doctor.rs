//! `mlicense doctor`.

use std::{
    net::{TcpStream, ToSocketAddrs},
    time::Duration,
};

use clap::Args;
use mlicense_host::{Diagnosis, diagnose};

use super::installation::Installation;
use crate::{
    context::{Context, unserializable},
    exit::Exit,
    fault::Result,
    words::Sentence,
};

/// How long an address is waited for, in seconds.
const PATIENCE_SECONDS: u64 = 5;

/// Look at what can and cannot be read, written and reached
///
/// State, facts of the host, clock, documents held, and each address that is given. Nothing is
/// made or changed, but for an empty file that is tried out and removed. The exit code is 1 when
/// something is wrong.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense doctor --product editor --root vendor.pub --state state --facts host.json
  mlicense doctor --product editor --root vendor.pub --state state --facts host.json --reach localhost:1")]
pub(crate) struct Doctor {
    /// An address that the program wants to reach, such as lic.example.com:443
    #[arg(long, value_name = "HOST:PORT")]
    reach: Vec<String>,
    #[command(flatten)]
    installation: Installation,
}

impl Doctor {
    pub(crate) fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        let addresses: Vec<&str> = self.reach.iter().map(String::as_str).collect();
        let options = self.installation.options(context)?;
        let product = &self.installation.product;
        let unopened = diagnose(product, &options, &[], &mut probe)?;
        // Opening would make an installation where there is none.
        let opened = (!unopened.is_new()).then(|| self.installation.open(context)).transpose();
        let diagnosis = match &opened {
            Ok(Some(client)) => client.diagnose(&addresses, &mut probe),
            Ok(None) | Err(_) => diagnose(product, &options, &addresses, &mut probe)?,
        };
        if context.is_json() {
            let told = diagnosis.explain(context.language());
            let told: serde_json::Value = serde_json::from_str(&told).map_err(unserializable)?;
            context.show(&told)?;
        } else {
            let text = words(context, &diagnosis);
            context.line(&text)?;
        }
        match opened {
            Err(fault) if diagnosis.is_well() => Err(fault),
            _ if diagnosis.is_well() => Ok(Exit::Done),
            _ => Ok(Exit::Findings),
        }
    }
}

fn words(context: &Context<'_>, diagnosis: &Diagnosis) -> String {
    let language = context.language();
    let mut lines = Vec::new();
    for finding in &diagnosis.findings {
        match &finding.problem {
            None => lines.push(format!("+ {}: {}", finding.subject, finding.detail)),
            Some(problem) => {
                lines.push(format!("- {}: {}", finding.subject, problem.message(language)));
                lines.push(format!("  {}", problem.remedy(language)));
            }
        }
    }
    if diagnosis.is_well() {
        lines.push(context.say(Sentence::AllWell, &[]));
    }
    lines.join("\n")
}

/// Opens a connection and closes it.
fn probe(address: &str) -> Result<String, String> {
    let resolved = address.to_socket_addrs().map_err(|error| error.to_string())?;
    let mut last = "the name has no address".to_owned();
    for one in resolved {
        match TcpStream::connect_timeout(&one, Duration::from_secs(PATIENCE_SECONDS)) {
            Ok(_) => return Ok(format!("at {}", one.ip())),
            Err(error) => last = error.to_string(),
        }
    }
    Err(last)
}
