//! x
#![forbid(unsafe_code)]

pub mod code;
pub mod document;
pub mod error;
pub mod host_binding;
pub mod id;
pub mod money;
pub mod overlap;
pub mod policy;
pub mod signing;
pub mod time;
pub mod wallet;
