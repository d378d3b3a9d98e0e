//! Measuring in turns: what else a machine does changes from one second to the next, and then it
//! changes for everything that is compared.

use std::{env, time::Duration};

use crate::given;

/// Something to be measured; it gives the time of one piece of its work.
pub type Work<'w> = (&'static str, Box<dyn FnMut() -> Duration + 'w>);

/// Does each in turn, as often as `BENCH_ROUNDS` says, and prints the medians; of all but the first
/// also the median of how many times as long the first took in the same round. `BENCH_ONLY` names
/// the ones to be measured, a comma between two.
pub fn measure(what: &str, mut works: Vec<Work<'_>>) {
    let rounds = given("BENCH_ROUNDS", 30);
    if let Ok(only) = env::var("BENCH_ONLY") {
        works.retain(|(name, _)| only.split(',').any(|one| one == *name));
    }
    if works.is_empty() {
        return;
    }
    let (names, mut works): (Vec<_>, Vec<_>) = works.into_iter().unzip();
    // The first round fills what is kept in memory.
    for work in &mut works {
        work();
    }
    let times: Vec<Vec<Duration>> =
        (0..rounds).map(|_| works.iter_mut().map(|work| work()).collect()).collect();
    println!("{what}: medians of {rounds} rounds in turns");
    for (at, name) in names.into_iter().enumerate() {
        let time = median(times.iter().map(|round| round[at].as_secs_f64()));
        let ratio = median(times.iter().map(|round| round[0].div_duration_f64(round[at])));
        println!("    {name:24}{:>12.1?}{ratio:>8.2}", Duration::from_secs_f64(time));
    }
}

fn median(all: impl Iterator<Item = f64>) -> f64 {
    let mut all: Vec<f64> = all.collect();
    all.sort_unstable_by(f64::total_cmp);
    all[all.len() / 2]
}
