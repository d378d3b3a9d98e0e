//! The customer's side: what an administrator asks of one installation.

mod accept;
mod doctor;
mod explain;
mod facts;
mod installation;
mod request;
mod status;

pub(crate) use accept::{Accept, Install};
pub(crate) use doctor::Doctor;
pub(crate) use explain::Explain;
pub(crate) use facts::{Facts, Match};
pub(crate) use request::{Request, Show};
pub(crate) use status::Status;
