//! Three desks share the seats of one licence, through a file on their machine.
//!
//! `seats ROOT_KEY LICENSE SEATS [crash]`: the vendor's key would be compiled in. With `crash` the
//! program takes a seat and ends without giving it back: it is free when its lease is over.

#![expect(clippy::print_stdout, reason = "an example tells its story")]

use std::{env, fs, path::Path, process};

use mlicense_core::seat::SessionId;
use mlicense_examples::Done;
use mlicense_host::{Client, Options};
use mlicense_ledger::{SeatLedger, SiteSeats};

const DESKS: [&str; 3] = ["desk 1", "desk 2", "desk 3"];

fn main() -> Done {
    let args: Vec<String> = env::args().skip(1).collect();
    let [root, license, seats, crash @ ..] = &args[..] else {
        return Err("usage: seats ROOT_KEY LICENSE SEATS [crash]".into());
    };
    let mut client = Client::open("editor".parse()?, &[root.parse()?], Options::stateless())?;
    client.accept(&fs::read(license)?)?;
    let site = SeatLedger::open(Path::new(seats))?.site(client.product(), client.quota());
    if !crash.is_empty() {
        sit(&site, "a desk that crashes");
        process::exit(9);
    }
    println!("{}", serde_json::to_string(&site.usage()?)?);
    let [first, second, third] = DESKS.map(|desk| sit(&site, desk));
    leave(&site, DESKS[0], first)?;
    let third = third.or_else(|| sit(&site, DESKS[2]));
    for (desk, session) in [(DESKS[1], second), (DESKS[2], third)] {
        if let Some(session) = session {
            let kept = site.keep_alive(&session)?;
            println!("{desk} is there and holds {:?}", kept.captured);
            leave(&site, desk, Some(session))?;
        }
    }
    println!("{}", serde_json::to_string(&site.usage()?)?);
    Ok(())
}

/// Takes a seat, or tells why there is none.
fn sit(site: &SiteSeats, desk: &str) -> Option<SessionId> {
    match site.capture("export", desk) {
        Ok(captured) => {
            println!("{desk} has a seat");
            Some(captured.session)
        }
        Err(error) => {
            let kind = error.kind();
            println!("{desk} waits: {} {}", kind.number(), kind.name());
            None
        }
    }
}

fn leave(site: &SiteSeats, desk: &str, session: Option<SessionId>) -> Done {
    if let Some(session) = session {
        site.end(&session)?;
        println!("{desk} goes home");
    }
    Ok(())
}
