//! The ledger, each test on every store there is.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a failing test panics; numbers are small; JSON is written in place"
)]

mod accounts;
mod answers;
mod backups;
mod checkpoints;
mod coming;
mod commands;
mod devices;
mod disk;
mod drafts;
mod exports;
mod faults;
mod history;
mod host_races;
mod journal;
mod lives;
mod many;
mod named;
#[cfg(feature = "postgres")]
mod network;
#[cfg(feature = "postgres")]
mod partitions;
mod partners;
mod people;
mod races;
mod seats;
mod seats_at_vendor;
#[cfg(feature = "postgres")]
mod shared;
mod shop;
mod snapshots;
mod streams;
mod support;
mod tables;
mod terms;
mod versions;
#[cfg(feature = "postgres")]
mod waiting;
mod webhooks;
