//! A ledger that grows: what a command costs among ten thousand customers and among a million.
//!
//! At each size it opens the ledger anew, so that nothing is kept in memory, and tells the time of a
//! durable command, what is read of the file for it, and the memory of the process. `BENCH_GROWTH` is
//! the number of customers at the end, each with ten events; `BENCH_ALONE` the commands that are timed
//! at each size.

use std::{
    env, fs,
    time::{Duration, Instant},
};

use mlicense_benches::{
    given,
    vendor::{Vendor, purchase, register},
};

const PAGE: u64 = 4096;
/// Commands handed over at once.
const AT_ONCE: u64 = 10_000;
const EVENTS_EACH: u64 = 10;

fn main() {
    if env::args().any(|argument| argument == "--test") {
        return;
    }
    let largest = given("BENCH_GROWTH", 1_000_000) as u64;
    let folder = tempfile::tempdir().expect("a folder");
    let mut vendor = Vendor::new(&folder.path().join("vendor.mlicense"));
    let mut random = Random(given("BENCH_SEED", 1) as u64);
    println!(
        "customers     events   file MB   grown in   median       p99    read/command  resident"
    );
    let (mut customers, mut events, mut size) = (0, 0, 10_000.min(largest));
    loop {
        let begin = Instant::now();
        grow(&vendor, &mut random, (customers, size));
        events += (size - customers) * EVENTS_EACH;
        customers = size;
        let grown = begin.elapsed();
        vendor.reopen();
        let (times, read) = alone(&vendor, &mut random, customers);
        events += times.len() as u64;
        let at = |percent: usize| times[(times.len() - 1) * percent / 100];
        let file =
            fs::metadata(vendor.ledger.path().expect("a path")).expect("a file").len() / 1_000_000;
        println!(
            "{customers:>9} {events:>10} {file:>9} {grown:>10.1?} {:>8.1?} {:>9.1?} {:>8.1} pages {:>6} MB",
            at(50),
            at(99),
            read as f64 / PAGE as f64 / times.len() as f64,
            resident() / 1_000_000,
        );
        if size == largest {
            return;
        }
        size = (size * 10).min(largest);
    }
}

/// Registers customers, and lets each of them buy in no order.
fn grow(vendor: &Vendor, random: &mut Random, (from, to): (u64, u64)) {
    for first in (from..to).step_by(AT_ONCE as usize) {
        let customers: Vec<_> = (first..to.min(first + AT_ONCE)).map(register).collect();
        vendor.run_many(&customers);
    }
    let mut left = (to - from) * (EVENTS_EACH - 1);
    while left > 0 {
        let some = left.min(AT_ONCE);
        let bought: Vec<_> =
            (0..some).map(|_| purchase(vendor.next(), from + random.below(to - from))).collect();
        vendor.run_many(&bought);
        left -= some;
    }
}

/// The times of commands one after another, the quickest first, and how many bytes they read.
fn alone(vendor: &Vendor, random: &mut Random, customers: u64) -> (Vec<Duration>, u64) {
    let before = bytes_read();
    let time = |_| {
        let command = purchase(vendor.next(), random.below(customers));
        let begin = Instant::now();
        vendor.run(&command);
        begin.elapsed()
    };
    let mut times: Vec<Duration> = (0..given("BENCH_ALONE", 2000)).map(time).collect();
    times.sort_unstable();
    (times, bytes_read() - before)
}

/// Bytes that this process has read of files, from wherever the system had them.
fn bytes_read() -> u64 {
    let io = fs::read_to_string("/proc/self/io").expect("Linux");
    io.lines()
        .find_map(|line| line.strip_prefix("rchar: "))
        .expect("a line")
        .parse()
        .expect("a number")
}

/// Bytes of memory in use.
fn resident() -> u64 {
    let pages = fs::read_to_string("/proc/self/statm").expect("Linux");
    pages.split(' ').nth(1).expect("a column").parse::<u64>().expect("a number") * PAGE
}

/// Numbers in no order: xorshift.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}
