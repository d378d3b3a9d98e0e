//! The customer's side: what a host shows of itself, and the time.
#![forbid(unsafe_code)]

mod clock;
pub mod facts;

pub use clock::{Clock, SystemClock};
