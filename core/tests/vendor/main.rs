//! The vendor's rules through the history: commands in, events and views out.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::needless_pass_by_value,
    reason = "numbers are small; JSON is written in place"
)]

#[cfg(test)]
mod access;
#[cfg(test)]
mod access_table;
#[cfg(test)]
mod allocation;
#[cfg(test)]
mod assignment_drafts;
#[cfg(test)]
mod billing_laws;
#[cfg(test)]
mod catalogue;
#[cfg(test)]
mod corrections;
#[cfg(test)]
mod dates;
#[cfg(test)]
mod device_laws;
#[cfg(test)]
mod growth;
#[cfg(test)]
mod hardware;
#[cfg(test)]
mod histories;
#[cfg(test)]
mod history;
#[cfg(test)]
mod host_attacks;
#[cfg(test)]
mod host_budget;
#[cfg(test)]
mod host_groups;
#[cfg(test)]
mod host_labels;
#[cfg(test)]
mod host_laws;
#[cfg(test)]
mod host_seats;
#[cfg(test)]
mod hosts;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod numbers;
#[cfg(test)]
mod subscription;
#[cfg(test)]
mod support;
#[cfg(test)]
mod systems;
#[cfg(test)]
mod wallet;
#[cfg(test)]
mod witness;
