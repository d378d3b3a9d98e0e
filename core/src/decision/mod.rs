//! May this run? One pure function over a verified licence, the host and the time.
//!
//! [`evaluate`] asks every rule in a fixed order and can tell each answer as a [`Reason`]; denial is
//! what remains when nothing allows. Nothing here fails: whatever is asked, there is a
//! [`Decision`]. Reading and verifying the licence came before, in [`crate::document`].

mod evaluate;
mod explain;
#[cfg(test)]
mod laws;
mod outcome;
mod reason;
mod reasons;
mod rules;
mod switch;
#[cfg(test)]
mod tests;
mod text;
mod timeline;

pub use evaluate::{Decision, evaluate, evaluate_all};
pub use outcome::Outcome;
pub use reason::{Detail, Reason, ReasonCode};
pub use rules::{CLOCK_SKEW_SECONDS_MAX, Candidate, Question};
pub use switch::Switch;
pub use timeline::Timeline;
