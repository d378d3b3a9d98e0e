//! A client beside a vendor: what it answers, accepts and keeps.

#[cfg(test)]
mod budget;
#[cfg(test)]
mod check;
#[cfg(test)]
mod ending;
#[cfg(test)]
mod exchange;
#[cfg(test)]
mod feature;
#[cfg(test)]
mod keeping;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod number;
#[cfg(test)]
mod outcomes;
#[cfg(test)]
mod seat;
#[cfg(test)]
mod sharing;
#[cfg(test)]
mod state;
#[cfg(test)]
mod support;
#[cfg(test)]
mod time;
