//! x
#![forbid(unsafe_code)]

pub mod error;
pub mod id;
pub mod time;
