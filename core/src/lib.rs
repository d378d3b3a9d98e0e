//! The rules of mlicense, and nothing but rules: no clock, no I/O, no randomness, no globals.
#![forbid(unsafe_code)]

#[cfg(feature = "zones")]
pub mod access;
#[cfg(feature = "zones")]
pub mod batch;
pub mod calculate;
#[cfg(feature = "zones")]
pub mod catalogue;
pub mod code;
#[cfg(feature = "zones")]
pub mod customer;
pub mod document;
pub mod error;
#[cfg(feature = "zones")]
pub mod history;
pub mod host_binding;
pub mod id;
mod json;
pub mod money;
pub mod overlap;
#[cfg(feature = "zones")]
pub mod person;
pub mod policy;
pub mod signing;
pub mod subscription;
pub mod time;
#[cfg(feature = "zones")]
pub mod view;
pub mod wallet;
