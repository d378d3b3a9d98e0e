//! `mlicense explain`.

use clap::Args;
use mlicense_core::{decision::Decision, id::DeviceId};

use super::installation::Installation;
use crate::{
    context::{Context, unserializable},
    exit::Exit,
    fault::Result,
};

/// Say whether a feature may run, by which rules, and what would change the answer
///
/// The product's own id asks for the product as a whole. The exit code is 0 when it may run and 3
/// when not.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense explain export --product editor --root vendor.pub --state state
  mlicense explain print --product editor --root vendor.pub --state state
  mlicense explain export --product editor --root vendor.pub --state state --now 2028-01-01 --lang fr")]
pub(crate) struct Explain {
    /// The feature's id
    feature: String,
    /// The device it should run for
    #[arg(long, value_name = "ID")]
    device: Option<DeviceId>,
    #[command(flatten)]
    installation: Installation,
}

impl Explain {
    pub(crate) fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        let client = self.installation.look(context)?;
        let decision = match (&self.device, context.asked_at()) {
            (Some(device), _) => client.check_device(&self.feature, device),
            (None, Some(now)) => client.check_at(&self.feature, now),
            (None, None) => client.check(&self.feature),
        };
        if context.is_json() {
            let told = decision.explain(context.language());
            let told: serde_json::Value = serde_json::from_str(&told).map_err(unserializable)?;
            context.show(&told)?;
        } else {
            let text = words(context, &decision);
            context.line(&text)?;
        }
        Ok(if decision.allowed() { Exit::Done } else { Exit::Denied })
    }
}

/// The answer, then each rule with what would change it.
fn words(context: &Context<'_>, decision: &Decision) -> String {
    let language = context.language();
    let mut lines = vec![decision.message(language)];
    for reason in decision.reasons() {
        let mark = if reason.passed() { '+' } else { '-' };
        lines.push(format!("  {mark} {}", reason.text(language)));
        // A rule that failed and stopped nothing needs no remedy.
        if let Some(remedy) = reason.remedy(language).filter(|_| !decision.allowed()) {
            lines.push(format!("    {remedy}"));
        }
    }
    lines.join("\n")
}
