//! Previews: what a command would do.

use super::{Changes, Command, Prepared, Preview, Warning, World, decide};
use crate::{
    base64url,
    error::{ErrorKind, Refusal, Result},
    signing::sha256,
    time::Instant,
};

/// Says what a command would do, without doing it.
///
/// The token stands for the heads that were read and the events that would result; whoever commits
/// decides again and compares.
///
/// # Errors
/// [`ErrorKind::Internal`] should the events not serialize.
pub fn preview(prepared: &Prepared, world: &World, now: Instant) -> Result<Preview> {
    let warnings = warnings(&prepared.envelope.body);
    match decide(prepared, world, now) {
        Ok(changes) => {
            let token = Some(token(world, &changes)?);
            let events = changes.events.into_iter().map(|(_, event)| event).collect();
            Ok(Preview { token, events, warnings, refusal: None })
        }
        Err(refusal) => Ok(Preview::refused(refusal, warnings)),
    }
}

/// The token of changes decided on a world; see [`preview`].
///
/// # Errors
/// [`ErrorKind::Internal`] should the events not serialize.
pub fn token(world: &World, changes: &Changes) -> Result<String> {
    let heads = world.heads().iter().map(|(stream, (index, chain))| (stream, index, chain));
    let seen = (heads.collect::<Vec<_>>(), &changes.events);
    let bytes = serde_json::to_vec(&seen)
        .map_err(|error| Refusal::new(ErrorKind::Internal).with("detail", error))?;
    Ok(base64url::encode(&sha256(&bytes)))
}

fn warnings(command: &Command) -> Vec<Warning> {
    match command {
        Command::TakeRequest { .. }
        | Command::StartSubscription { .. }
        | Command::RedeemKey { .. }
        | Command::RegisterHardware { .. } => vec![Warning::NoTransferBetweenCustomers],
        Command::RebootDevice(_) => vec![Warning::PictureMayBeMissing, Warning::UsersSignInAgain],
        Command::SaveAssignments(_) => vec![Warning::UsersSignInAgain],
        _ => Vec::new(),
    }
}
