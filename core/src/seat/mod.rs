//! Seats: how many may use a feature at once, who does, and for how long without a sign of life.
//!
//! A licence states a quantity for a feature: its limit. A holder opens a [`Session`] by capturing a
//! seat, gives signs of life while it works, and releases the seat. One that says nothing for the
//! length of a [lease](Terms) has left: a program that crashed blocks a seat no longer than that.
//!
//! [`Seats`] decides over the sessions that are open. Whoever keeps them, in memory, in a file or in
//! a database, gives them with the time by its own clock, and keeps what comes of it. Nothing runs
//! beside: whether a lease has ended is seen when somebody looks.

mod limits;
mod quota;
mod session;
mod terms;

mod seats;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;

pub use limits::{Available, Limits};
pub use quota::Quota;
pub(crate) use quota::{Edition, Stated, together};
pub use seats::{Captured, Kept, Seats, Usage};
pub use session::{HOLDER_BYTES_MAX, Holder, Session, SessionId};
pub use terms::{LEASE_SECONDS_DEFAULT, LEASE_SECONDS_MAX, LEASE_SECONDS_MIN, Terms};
