//! `mlicense codes`.

use clap::{Args, Subcommand};
use mlicense_core::code::{Code, CodeFormat};
use serde_json::json;

use crate::{context::Context, exit::Exit, fault::Result, keys, words::Sentence};

/// The most codes of one command.
const CODES_MAX: u32 = 1000;

/// Make and check codes that people copy by hand: licence keys, coupons, registration numbers
#[derive(Debug, Subcommand)]
pub(crate) enum Codes {
    Issue(Issue),
    Check(Check),
}

/// Make random codes, one a line
///
/// They are secrets, and are worth nothing until a ledger knows them: `product keys` issues keys
/// in a ledger.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense codes issue ACME-5x4 --count 2")]
pub(crate) struct Issue {
    /// The form of the codes, such as ACME-5x4: a prefix, and symbols in fives, four times
    form: CodeFormat,
    /// How many
    #[arg(long, value_name = "N", default_value_t = 1)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=i64::from(CODES_MAX)))]
    count: u32,
}

/// Check that a code was copied without a mistake
///
/// It does not ask whether anybody ever issued it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense codes check ACME-5x4 'acme 99999-99999-99999-999uu'
  mlicense codes check ACME-5x4 ACME-99999-96999-99999-999YN")]
pub(crate) struct Check {
    /// The form of the code
    form: CodeFormat,
    /// The code as it was typed
    code: String,
}

impl Codes {
    pub(crate) fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        match self {
            Self::Issue(command) => command.run(context),
            Self::Check(command) => command.run(context),
        }
    }
}

impl Issue {
    fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        let codes = make(&self.form, self.count)?;
        context.answer(&codes, |_| codes.join("\n"))?;
        Ok(Exit::Done)
    }
}

impl Check {
    fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        let masked = Code::parse(&self.form, &self.code)?.masked();
        context.answer(&json!({"code": masked}), |context| {
            context.say(Sentence::CodeRight, &[("code", &masked)])
        })?;
        Ok(Exit::Done)
    }
}

/// Makes random codes, in full.
pub(crate) fn make(form: &CodeFormat, count: u32) -> Result<Vec<String>> {
    let mut entropy = vec![0; form.entropy_bytes()];
    (0..count)
        .map(|_| {
            keys::fill(&mut entropy)?;
            Ok(Code::generate(form, &entropy)?.reveal())
        })
        .collect()
}
