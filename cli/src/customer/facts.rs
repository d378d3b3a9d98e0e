//! `mlicense facts` and `mlicense match`.

use std::path::{Path, PathBuf};

use clap::Args;
use mlicense_core::host_binding::{Fact, FactKind, HostFacts};
use serde_json::json;

use super::installation::Installation;
use crate::{context::Context, describe::table, exit::Exit, fault::Result, files, words::Sentence};

/// Show what this host shows of itself, as a licence may be bound to it
///
/// Values stay on this host unless `--values` shows them on the screen; the vendor only ever gets
/// keyed digests of them.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense facts --facts host.json
  mlicense facts --facts host.json --values --json")]
pub(crate) struct Facts {
    /// Show the values too
    #[arg(long)]
    values: bool,
    /// Facts of the host from a JSON file, instead of those of this machine
    #[arg(long, value_name = "FILE")]
    facts: Option<PathBuf>,
}

/// Compare this host with the one that each licence held is bound to
///
/// The exit code is 3 when a licence is bound to another host.
#[derive(Debug, Args)]
#[command(name = "match")]
#[command(after_help = "\
Examples:
  mlicense match --product editor --root vendor.pub --state state")]
pub(crate) struct Match {
    #[command(flatten)]
    installation: Installation,
}

impl Facts {
    pub(crate) fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        let facts = match &self.facts {
            Some(path) => HostFacts::from_json(&files::read(context, path)?)?,
            None => mlicense_host::facts::read(Path::new("/")),
        };
        let rows: Vec<Vec<String>> = facts.iter().map(|fact| self.row(fact)).collect();
        let unreadable: Vec<&str> = facts.unreadable().map(FactKind::as_str).collect();
        let value = json!({
            "class": facts.class().as_str(),
            "facts": facts.iter().map(|fact| self.json(fact)).collect::<Vec<_>>(),
            "unreadable": unreadable,
        });
        context.answer(&value, |context| {
            let mut lines =
                vec![context.say(Sentence::HostClass, &[("class", facts.class().as_str())])];
            let heads: &[&str] = if self.values { &["kind", "value"] } else { &["kind"] };
            lines.push(table(heads, rows));
            if !unreadable.is_empty() {
                lines.push(format!("unreadable: {}", unreadable.join(", ")));
            }
            lines.push(context.say(Sentence::HostFactsHidden, &[]));
            lines.join("\n")
        })?;
        Ok(Exit::Done)
    }

    fn row(&self, fact: &Fact) -> Vec<String> {
        let mut row = vec![fact.kind().as_str().to_owned()];
        row.extend(self.values.then(|| fact.value().to_owned()));
        row
    }

    fn json(&self, fact: &Fact) -> serde_json::Value {
        let kind = fact.kind().as_str();
        if self.values {
            json!({"kind": kind, "value": fact.value()})
        } else {
            json!({"kind": kind})
        }
    }
}

impl Match {
    pub(crate) fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        let client = self.installation.look(context)?;
        let salt = self.installation.salt()?;
        let present = client.host_facts().hash(&salt);
        let mut rows = Vec::new();
        let mut all_hold = true;
        for license in client.licenses() {
            let claims = license.claims();
            let Some(binding) = &claims.host else { continue };
            let found = mlicense_core::host_binding::MatchRule::from(binding).compare(&present);
            all_hold &= found.holds();
            let mut row = serde_json::to_value(&found).map_err(crate::context::unserializable)?;
            if let Some(row) = row.as_object_mut() {
                row.insert("license".into(), json!(claims.serial));
                row.insert("matches".into(), json!(found.holds()));
            }
            rows.push(row);
        }
        if rows.is_empty() && !context.is_json() {
            let text = context.say(Sentence::SaysAnyHost, &[]);
            context.line(&text)?;
        } else {
            context.show(&rows)?;
        }
        Ok(if all_hold { Exit::Done } else { Exit::Denied })
    }
}
