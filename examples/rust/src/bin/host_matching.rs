//! How often the rule of host binding errs, on hosts drawn by chance: prints the tables of
//! docs/hosts.md.
//!
//! A simulation, not field data: the figures follow from what `fleet` assumes, and the seed.

#![expect(
    clippy::print_stdout,
    clippy::arithmetic_side_effects,
    reason = "a program of small sums"
)]

use mlicense_core::{
    document::HostBinding,
    host_binding::{FactSalt, HashedFacts, HostClass, MatchRule},
};
use mlicense_examples::{
    Done,
    fleet::{Change, Machine},
};
use rand::SeedableRng;
use rand_xorshift::XorShiftRng;

/// Hosts drawn for each row.
const HOSTS: u32 = 1000;
const SEED: u64 = 20_260_301;
const CLASSES: [(HostClass, &str); 5] = [
    (HostClass::BareMetal, "bare metal"),
    (HostClass::Vm, "virtual machine"),
    (HostClass::CloudInstance, "cloud instance"),
    (HostClass::Container, "container"),
    (HostClass::Declared, "declared id"),
];
/// Parts of the enrolled weight that are enough: looser, usual, stricter.
const PARTS: [(u32, u32); 3] = [(1, 3), (1, 2), (2, 3)];

fn main() -> Done {
    let salt = FactSalt::new([7; 32]);
    let mut random = XorShiftRng::seed_from_u64(SEED);
    println!("| class | can be told apart |\n|---|---:|");
    for (class, name) in CLASSES {
        let mut enrolled = 0;
        for _ in 0..HOSTS {
            let host = Machine::draw(class, &mut random).facts()?.hash(&salt);
            enrolled += u32::from(MatchRule::enroll(&host).is_ok());
        }
        println!("| {name} | {} |", percent(enrolled, HOSTS));
    }
    type Changes = fn(HostClass) -> Vec<Change>;
    let tables: [(&str, Changes, bool); 2] = [
        ("refused though it is the same", Change::of_the_same, false),
        ("taken though it is another", Change::into_another, true),
    ];
    for (title, changes, wrong) in tables {
        println!("\n| {title} | | a third is enough | half (usual) | two thirds |");
        println!("|---|---|---:|---:|---:|");
        for (class, name) in CLASSES {
            for change in changes(class) {
                let errors = errors((class, change, wrong), &salt, &mut random)?;
                println!("| {name} | {} | {} |", change.words(), errors.join(" | "));
            }
        }
    }
    Ok(())
}

/// How often each part gives the wrong answer, of the hosts that can be told apart.
fn errors(
    (class, change, wrong): (HostClass, Change, bool),
    salt: &FactSalt,
    random: &mut XorShiftRng,
) -> Done<Vec<String>> {
    let (mut errors, mut enrolled) = ([0; PARTS.len()], 0);
    for _ in 0..HOSTS {
        let host = Machine::draw(class, random);
        let before = host.before(change, random).facts()?.hash(salt);
        let after = host.after(change, random).facts()?.hash(salt);
        let Ok(rule) = MatchRule::enroll(&before) else { continue };
        enrolled += 1;
        for (errors, part) in errors.iter_mut().zip(PARTS) {
            *errors += u32::from(holds(&rule, part, &after) == wrong);
        }
    }
    Ok(errors.map(|errors| percent(errors, enrolled)).into())
}

/// Whether a host matches when this part of what was enrolled is enough.
fn holds(rule: &MatchRule, (part, whole): (u32, u32), host: &HashedFacts) -> bool {
    let enrolled: u32 = rule.enrolled().map(|(_, weight)| weight).sum();
    let mut binding = HostBinding::from(rule);
    binding.threshold = (enrolled * part).div_ceil(whole);
    MatchRule::from(&binding).compare(host).holds()
}

/// Percent with one decimal, rounded down.
fn percent(count: u32, of: u32) -> String {
    let thousandths = count * 1000 / of.max(1);
    format!("{}.{} %", thousandths / 10, thousandths % 10)
}
