//! `mlicense keygen`.

use std::path::PathBuf;

use clap::Args;
use mlicense_core::signing::Signer;
use serde_json::json;

use crate::{
    context::Context,
    exit::Exit,
    fault::{Doing, Fault, Result},
    files,
    keys::{self, SEED_BYTES},
    words::Sentence,
};

/// Make a signing key: NAME.seed, the private one, and NAME.pub, to hand out
///
/// The seed is 32 random bytes in a file that only its owner may read. Nothing is overwritten.
/// Whoever has the seed can make licences: keep it off the network, and a copy of it in a safe.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mlicense keygen vendor")]
pub(crate) struct Keygen {
    /// Where to make the files, without an extension
    name: PathBuf,
}

impl Keygen {
    pub(crate) fn run(self, context: &mut Context<'_>) -> Result<Exit> {
        let seed_path = self.name.with_added_extension("seed");
        let public_path = self.name.with_added_extension("pub");
        // A seed without its public key would be half a key, which nobody could finish.
        if public_path.exists() {
            let detail = "a key of this name was made before".to_owned();
            return Err(Fault::File { path: public_path, doing: Doing::Making, detail });
        }
        let seed: [u8; SEED_BYTES] = keys::random()?;
        files::make_secret(&seed_path, &seed)?;
        let key = Signer::from_seed(seed).public_key();
        files::make(&public_path, format!("{key}\n").as_bytes())?;
        let value = json!({
            "seed": seed_path.display().to_string(),
            "public": public_path.display().to_string(),
            "key": key.to_string(),
            "key_id": key.thumbprint(),
        });
        context.answer(&value, |context| {
            let made = |path: &PathBuf| {
                context.say(Sentence::FileMade, &[("file", &path.display().to_string())])
            };
            format!("{}\n{}\n{key}", made(&seed_path), made(&public_path))
        })?;
        Ok(Exit::Done)
    }
}
