//! What breaks beneath a ledger: killed programs, lost power, failing disks, flipped bytes, many
//! programs at once, servers that go away.
//!
//! Each test has its control in the same run: a fault is planted, and what looks for faults has to
//! find it. Environment variables ask for more than the usual number of trials; see [`work::trials`].
#![cfg_attr(
    unix,
    expect(
        clippy::arithmetic_side_effects,
        clippy::indexing_slicing,
        clippy::needless_pass_by_value,
        clippy::panic,
        clippy::unwrap_used,
        reason = "a failing test panics; numbers are small; JSON is written in place"
    )
)]

#[cfg(all(unix, feature = "postgres"))]
mod cluster;
#[cfg(unix)]
mod disk;
#[cfg(unix)]
mod failing;
#[cfg(unix)]
mod flips;
#[cfg(unix)]
mod kills;
#[cfg(unix)]
mod power;
#[cfg(unix)]
mod processes;
#[cfg(all(unix, feature = "postgres"))]
mod servers;
#[cfg(unix)]
#[expect(dead_code, unused_imports, reason = "shared with the other tests; not all is used here")]
#[path = "../ledger/support/mod.rs"]
mod support;
#[cfg(unix)]
mod work;
