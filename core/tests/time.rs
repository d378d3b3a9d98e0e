//! The clock scenarios of `docs/time.md`: every row of the table is played and compared.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a helper of a test may fail the test"
)]

use std::{collections::BTreeMap, fs, path::Path};

use mlicense_core::{
    decision::{Outcome, Question, evaluate},
    document::{License, LicenseClaims, Moment, Span},
    evidence::{Evidence, Present, Reading, SignedDate, Verdict},
    host_binding::HostMatch,
    id::ProductId,
    signing::{Signer, Trust},
    time::Instant,
};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A program, its clock, and what it knows of time.
#[derive(Clone)]
struct Program {
    evidence: Evidence,
    clock: Instant,
    /// What time it is indeed.
    truth: Instant,
    holds_licence: bool,
}

impl Program {
    /// After some weeks with a right clock, since the licence was issued.
    fn settled() -> Self {
        let issued = at("2026-03-01T12:00:00Z");
        let evidence = Evidence::default().not_before(issued);
        let mut program = Self { evidence, clock: issued, truth: issued, holds_licence: true };
        while program.truth < at("2026-06-01T12:00:00Z") {
            program = program.off(16 * HOUR).runs(8 * HOUR);
        }
        program
    }

    fn fresh(clock: Instant) -> Self {
        Self { evidence: Evidence::default(), clock, truth: clock, holds_licence: false }
    }

    fn clock_steps(self, seconds: i64) -> Self {
        let clock = self.clock.saturating_add(seconds);
        Self { clock, ..self }.reads(0)
    }

    fn clock_set(self, clock: Instant) -> Self {
        Self { clock, ..self }.reads(0)
    }

    fn clock_set_right(self) -> Self {
        let truth = self.truth;
        self.clock_set(truth)
    }

    /// Runs with a reading every minute.
    fn runs(mut self, seconds: i64) -> Self {
        for _ in 0..seconds / MINUTE {
            self = self.passes(MINUTE).reads(MINUTE.unsigned_abs());
        }
        self
    }

    /// Is off, or asleep: the clock goes on and nothing is counted.
    fn off(self, seconds: i64) -> Self {
        self.passes(seconds).reads(0)
    }

    fn passes(self, seconds: i64) -> Self {
        let (clock, truth) = (self.clock, self.truth);
        let (clock, truth) = (clock.saturating_add(seconds), truth.saturating_add(seconds));
        Self { clock, truth, ..self }
    }

    fn reads(self, passed_seconds: u64) -> Self {
        let reading = Reading { clock: self.clock, passed_seconds };
        Self { evidence: self.evidence.advance(reading, None).0, ..self }
    }

    /// Asks the vendor, whose clock may be wrong, and takes the answer.
    fn asks(self, vendor_off_by: i64) -> Self {
        let signed = SignedDate::new(self.truth.saturating_add(vendor_off_by));
        let evidence = self.evidence.dated(signed.answering(self.evidence.mark()));
        Self { evidence, ..self }.reads(0)
    }
}

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn near(moment: &str) -> Program {
    let settled = Program::settled();
    let away = at(moment).seconds_since(settled.truth);
    settled.off(away / 2).runs(5 * HOUR).off(away - away / 2 - 5 * HOUR).runs(5 * HOUR)
}

/// What happens, by the number of the row.
fn play(number: u32) -> Program {
    let settled = Program::settled;
    match number {
        1 => settled().clock_steps(-1),
        2 => settled().clock_steps(-59 * MINUTE),
        3 => settled().clock_steps(-61 * MINUTE),
        4 => settled().clock_steps(-DAY),
        5 => settled().clock_steps(-365 * DAY),
        6 => settled().clock_set(Instant::MIN),
        7 => settled().clock_set(at("2026-02-28T12:00:00Z")),
        8 => {
            let built = at("2026-05-20T00:00:00Z");
            let mut program = Program::fresh(at("2026-05-19T12:00:00Z"));
            program.evidence = program.evidence.not_before(built);
            Program { holds_licence: true, ..program }.reads(0)
        }
        9 => settled().clock_steps(DAY),
        10 => settled().clock_steps(31 * DAY),
        11 => settled().clock_steps(365 * DAY),
        12 => settled().clock_set(at("2038-01-19T03:14:08Z")),
        13 => play(14).asks(0),
        14 => settled().clock_set(at("2099-01-01T00:00:00Z")).runs(DAY).clock_set_right(),
        // A zone changes what is shown; a reading is in UTC, and so is a change of summer time.
        15 => settled().runs(HOUR),
        16 => near("2026-10-25T01:00:00Z").runs(3 * HOUR),
        17 => near("2028-02-28T22:00:00Z").runs(27 * HOUR),
        18 => near("2026-12-31T23:59:00Z").passes(59).reads(59).clock_steps(-1).passes(1).reads(1),
        19 => settled().clock_steps(-2).asks(0),
        20 => settled().off(8 * HOUR),
        21 => settled().clock_steps(30 * MINUTE).runs(10 * MINUTE).clock_steps(-30 * MINUTE),
        22 => settled().asks(HOUR),
        23 => {
            let then = settled();
            let now = then.clone().runs(8 * HOUR).off(7 * DAY);
            Program { evidence: then.evidence, ..now }.reads(0)
        }
        24 => Program::fresh(at("2026-06-01T12:00:00Z")).reads(0),
        25 => settled().clock_steps(-365 * DAY).runs(72 * HOUR),
        26 => play(25).clock_set_right(),
        27 => play(25).asks(0),
        28 => settled().clock_set(at("2099-01-01T00:00:00Z")).runs(3 * HOUR).clock_set_right(),
        29 => settled().off(90 * DAY),
        30 => settled().off(90 * DAY).runs(4 * HOUR),
        31 => settled().asks(-HOUR),
        _ => panic!("no scenario {number}"),
    }
}

fn decide(claims: &LicenseClaims, present: Present) -> Outcome {
    let vendor = Signer::from_seed([1; 32]);
    let trust = Trust::new(&[vendor.public_key()], None).unwrap();
    let document = License::issue(claims, &vendor).unwrap();
    let license = License::verify(document.as_bytes(), &trust).unwrap();
    let question = Question::new(&claims.product, "editor").under(present);
    evaluate(&license, &HostMatch::default(), present.now, &question).outcome()
}

/// The licences: one that ends nine months after the scenario, and one that does not.
fn outcomes(program: &Program) -> (Outcome, Outcome) {
    if !program.holds_licence {
        return (Outcome::Denied, Outcome::Denied);
    }
    let product = ProductId::new("editor").unwrap();
    let issued = at("2026-03-01T12:00:00Z");
    let from = Moment::utc("2026-03-01".parse().unwrap());
    let end = program.truth.saturating_add(270 * DAY).to_string();
    let until = Moment::utc(end.split('T').next().unwrap().parse().unwrap());
    let year = Span::between(from, until);
    let year = LicenseClaims::subscription(product.clone(), "Example Ltd", issued, year);
    let perpetual = LicenseClaims::perpetual(product, "Example Ltd", issued);
    let present = program.evidence.present();
    (decide(&year, present), decide(&perpetual, present))
}

/// Number, what happens, verdict and outcomes of every row.
fn table() -> BTreeMap<u32, (String, [String; 3])> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/time.md");
    let text = fs::read_to_string(path).unwrap();
    let rows = text.lines().filter_map(|line| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, number, what, verdict, year, perpetual, ""] = cells[..] else { return None };
        let expected = [verdict, year, perpetual].map(str::to_owned);
        Some((number.parse().ok()?, (what.to_owned(), expected)))
    });
    rows.collect()
}

fn word(value: impl serde::Serialize) -> String {
    serde_json::to_string(&value).unwrap().replace('"', "")
}

#[test]
fn every_clock_scenario_ends_as_the_table_says() {
    let table = table();
    assert_eq!(table.keys().copied().collect::<Vec<_>>(), (1..=31).collect::<Vec<_>>());
    for (number, (what, expected)) in table {
        let program = play(number);
        let (year, perpetual) = outcomes(&program);
        let found = [word(program.evidence.present().verdict), word(year), word(perpetual)];
        assert_eq!(found, expected, "{number}: {what}");
    }
}

#[test]
fn after_every_scenario_a_right_clock_and_an_answer_restore_what_was_paid() {
    for number in table().into_keys().filter(|number| *number != 24) {
        let program = play(number).clock_set_right().asks(0);
        assert_eq!(program.evidence.present().verdict, Verdict::Ok, "{number}");
        assert_eq!(outcomes(&program), (Outcome::Licensed, Outcome::Licensed), "{number}");
    }
}

#[test]
fn without_evidence_the_scenarios_end_otherwise() {
    // The control: a clock that is simply believed passes few of the rows that set it back.
    let naive = |number| {
        let program = play(number);
        outcomes(&Program { evidence: Evidence::default(), ..program }.reads(0))
    };
    for number in 3..=7 {
        assert_ne!(naive(number).0, Outcome::Grace, "{number}");
    }
}
