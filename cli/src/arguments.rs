//! The command line.

use clap::{Args, Parser, Subcommand, ValueEnum};
use mlicense_core::time::Instant;

use crate::{
    carry, context::Context, customer, documents, exit::Exit, fault::Result, instant, vendor,
};

const ABOUT: &str = "Licences for the vendor's clerk and the customer's administrator";

const AFTER: &str = "\
Exit codes:
  0  done, or a check lets it run      4  refused by the rules
  1  done in part, or findings         5  a file or store cannot be read or written
  2  bad usage                         6  a fault of the command
  3  a check denies

Examples:
  mlicense keygen vendor
  mlicense status --product editor --root vendor.pub --state state";

#[derive(Debug, Parser)]
#[command(name = "mlicense", version, about = ABOUT, after_help = AFTER)]
#[command(subcommand_required = true, arg_required_else_help = true)]
#[command(disable_help_subcommand = true, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The heading of what every command takes.
const COMMON: &str = "Every command";

/// What every command takes.
#[derive(Clone, Debug, Args)]
pub(crate) struct Common {
    /// Answer in JSON, on one line
    #[arg(long, global = true, help_heading = COMMON)]
    pub(crate) json: bool,
    /// Language of sentences; usually that of the locale
    #[arg(long, global = true, value_name = "LANGUAGE", help_heading = COMMON)]
    pub(crate) lang: Option<Lang>,
    /// Decide as at this instant, such as 2027-03-01T00:00:00Z, or the start of a day in UTC
    #[arg(long, global = true, value_name = "INSTANT", value_parser = instant::parse)]
    #[arg(help_heading = COMMON)]
    pub(crate) now: Option<Instant>,
    /// A clock that stands still, for tests
    #[arg(long, global = true, hide = true, env = "MLICENSE_CLOCK", value_parser = instant::parse)]
    pub(crate) clock: Option<Instant>,
}

/// A language of sentences.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Lang {
    En,
    Ru,
    Ja,
    Fr,
}

impl Lang {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ru => "ru",
            Self::Ja => "ja",
            Self::Fr => "fr",
        }
    }
}

#[derive(Debug, Subcommand)]
#[expect(clippy::large_enum_variant, reason = "one, and not for long")]
pub(crate) enum Command {
    // The customer's side.
    Status(customer::Status),
    Explain(customer::Explain),
    Request(customer::Request),
    Show(customer::Show),
    Accept(customer::Accept),
    Install(customer::Install),
    Doctor(customer::Doctor),
    Facts(customer::Facts),
    Match(customer::Match),
    // The vendor's side.
    Init(vendor::Init),
    #[command(subcommand)]
    Publish(vendor::Publish),
    #[command(subcommand)]
    Product(vendor::Product),
    #[command(subcommand)]
    Customer(vendor::Customer),
    #[command(subcommand)]
    Subscription(vendor::Subscription),
    #[command(subcommand)]
    Wallet(vendor::Wallet),
    #[command(subcommand)]
    Partner(vendor::Partner),
    Answer(vendor::Answer),
    History(vendor::History),
    Due(vendor::Due),
    Verify(vendor::Verify),
    Checkpoint(vendor::Checkpoint),
    Backup(vendor::Backup),
    #[command(subcommand)]
    Import(carry::Import),
    #[command(subcommand)]
    Export(carry::Export),
    Exec(vendor::Exec),
    Query(vendor::Query),
    // Documents.
    Keygen(documents::Keygen),
    #[command(subcommand)]
    License(documents::License),
    #[command(subcommand)]
    Codes(documents::Codes),
    Completions(documents::Completions),
    Man(documents::Man),
}

impl Command {
    pub(crate) fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        match self {
            Self::Status(command) => command.run(context),
            Self::Explain(command) => command.run(context),
            Self::Request(command) => command.run(context),
            Self::Show(command) => command.run(context),
            Self::Accept(command) => command.run(context),
            Self::Install(command) => command.run(context),
            Self::Doctor(command) => command.run(context),
            Self::Facts(command) => command.run(context),
            Self::Match(command) => command.run(context),
            Self::Init(command) => command.run(context),
            Self::Publish(command) => command.run(context),
            Self::Product(command) => command.run(context),
            Self::Customer(command) => command.run(context),
            Self::Subscription(command) => command.run(context),
            Self::Wallet(command) => command.run(context),
            Self::Partner(command) => command.run(context),
            Self::Answer(command) => command.run(context),
            Self::History(command) => command.run(context),
            Self::Due(command) => command.run(context),
            Self::Verify(command) => command.run(context),
            Self::Checkpoint(command) => command.run(context),
            Self::Backup(command) => command.run(context),
            Self::Import(command) => command.run(context),
            Self::Export(command) => command.run(context),
            Self::Exec(command) => command.run(context),
            Self::Query(command) => command.run(context),
            Self::Keygen(command) => command.run(context),
            Self::License(command) => command.run(context),
            Self::Codes(command) => command.run(context),
            Self::Completions(command) => command.run(context),
            Self::Man(command) => command.run(context),
        }
    }
}
