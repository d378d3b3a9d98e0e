//! Civil days, instants, terms and periods.
//!
//! Rules speak of civil days in the customer's zone; documents and receipts of instants in UTC.
//! Every span is half-open: its end is the first day or instant that is outside.

mod day;
mod instant;
mod term;
#[cfg(feature = "zones")]
mod zone;

pub use day::{Day, Period};
pub use instant::Instant;
pub(crate) use instant::unix;
pub use term::Term;
#[cfg(feature = "zones")]
pub use zone::Zone;
