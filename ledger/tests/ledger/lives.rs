//! Random lives of customers licensed by host, lived on every store at once.
//!
//! Each step is one command, the same bytes for every ledger. Stores must come to the same events or
//! the same refusal, and in the end to the same views and the same outbox; a ledger opened anew sees
//! the same, and every command repeated under its id changes nothing and gives its first receipt.

use std::{cell::RefCell, collections::BTreeMap};

use mlicense_core::{
    code::{Code, CodeFormat},
    document::{RequestFields, RequestKind},
    history::Envelope,
    time::Day,
};
use mlicense_ledger::{Ledger, Receipt, Result};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use serde_json::{Value, json};

use crate::support::{DAY, Place, Shop, asking_from, envelope, noon, on_every_store, owner};

const HOSTS: u8 = 4;
const CUSTOMERS: u8 = 3;
const COUPONS: u8 = 4;

#[derive(Clone, Debug)]
enum Step {
    /// An installation registers: customer, host, address and company.
    Register(u8, u8, u8, u8),
    /// Somebody asks for a number that was forgotten.
    Recover(u8),
    /// A customer that is known gets another number.
    Number(u8),
    /// A coupon is redeemed on a host.
    Coupon(u8, u8, u8),
    /// A host of a customer asks, with or without its number; installation and host may differ.
    Ask(RequestKind, u8, (u8, u8), bool),
    /// Licences are bought.
    Buy(u8, u32),
    ChargeBack(u8, u32),
    Free(u8, Option<u32>),
    /// Days pass.
    Wait(u32),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (who, host) = (|| 0..CUSTOMERS, || 0..HOSTS);
    let kinds = prop::sample::select(vec![
        RequestKind::Trial,
        RequestKind::Refresh,
        RequestKind::Rebind,
        RequestKind::Release,
        RequestKind::Number,
        RequestKind::System,
    ]);
    let place = (host(), prop::bool::weighted(0.8), host());
    let place = place.prop_map(|(host, same, other)| (host, if same { host } else { other }));
    let step = prop_oneof![
        4 => (who(), host(), 0..3_u8, 0..3_u8).prop_map(|(who, host, address, company)| {
            Step::Register(who, host, address, company)
        }),
        1 => (0..3_u8).prop_map(Step::Recover),
        1 => who().prop_map(Step::Number),
        4 => (who(), 0..COUPONS, host()).prop_map(|(who, n, host)| Step::Coupon(who, n, host)),
        10 => (kinds, who(), place, any::<bool>())
            .prop_map(|(kind, who, place, numbered)| Step::Ask(kind, who, place, numbered)),
        3 => (who(), 1..4_u32).prop_map(|(who, count)| Step::Buy(who, count)),
        2 => (who(), 1..3_u32).prop_map(|(who, lot)| Step::ChargeBack(who, lot)),
        2 => (who(), prop::option::of(1..5_u32)).prop_map(|(who, id)| Step::Free(who, id)),
        3 => (0..50_u32).prop_map(Step::Wait),
    ];
    prop::collection::vec(step, 10..50)
}

fn customer(who: u8) -> String {
    format!("n{who}")
}

/// A number that no other call gives.
fn number(of: u32) -> String {
    let format: CodeFormat = "JRNL-5x4".parse().unwrap();
    let mut entropy = vec![0; format.entropy_bytes()];
    entropy.iter_mut().zip(of.to_le_bytes()).for_each(|(entropy, byte)| *entropy = byte);
    Code::generate(&format, &entropy).unwrap().reveal()
}

/// The number that a customer got when it registered.
fn first_number(who: u8) -> String {
    number(1_000_000 + u32::from(who))
}

impl Step {
    /// The command of step `at`, on a day; none when only time passes.
    fn command(&self, at: u32, day: &str) -> Option<Value> {
        let asking = |place, kind, change: &dyn Fn(&mut RequestFields)| {
            asking_from(place, (kind, day), |fields| change(fields))
        };
        let of = |who: u8, more: Value| {
            let mut body = more;
            (body["customer"], body["product"]) = (json!(customer(who)), json!("journal"));
            body
        };
        Some(match *self {
            Self::Wait(_) => return None,
            Self::Register(who, host, address, company) => {
                let request = asking((host, host), RequestKind::Register, &|fields| {
                    let mut owner = owner();
                    owner.email = format!("post@{address}.example");
                    owner.company = Some(format!("Company {company}"));
                    fields.owner = Some(owner);
                });
                json!({"register_number": {
                    "customer": customer(who), "person": format!("p{who}"),
                    "number": first_number(who), "request": request,
                }})
            }
            Self::Recover(address) => {
                let request = asking((0, 0), RequestKind::Recover, &|fields| {
                    let mut owner = owner();
                    owner.email = format!("post@{address}.example");
                    fields.owner = Some(owner);
                });
                json!({"recover_number": {"number": number(at), "request": request}})
            }
            Self::Number(who) => {
                json!({"issue_number": {"customer": customer(who), "number": number(at)}})
            }
            Self::Coupon(who, coupon, host) => {
                let request = asking((host, host), RequestKind::Coupon, &|fields| {
                    fields.code = Some(format!("coupon-{coupon}"));
                });
                json!({"take_request": {"customer": customer(who), "request": request}})
            }
            Self::Ask(kind, who, place, numbered) => {
                let numbered = numbered || kind == RequestKind::Number;
                let request = asking(place, kind, &|fields| {
                    fields.number = numbered.then(|| first_number(who));
                    if kind == RequestKind::System {
                        fields.product = "vms".parse().unwrap();
                        fields.system = Some(format!("s{}", place.0).parse().unwrap());
                        fields.devices = [("camera".parse().unwrap(), 3)].into();
                    }
                });
                let customer = (!numbered).then(|| customer(who));
                json!({"take_request": {"customer": customer, "request": request}})
            }
            Self::Buy(who, count) => {
                let contents = json!([{"license_type": "base", "kind": "host", "quantity": count}]);
                let body = of(who, json!({"contents": contents, "source": "purchase"}));
                json!({"stock_licenses": body})
            }
            Self::ChargeBack(who, lot) => {
                json!({"charge_back": of(who, json!({"lot": lot, "reason": "unpaid"}))})
            }
            Self::Free(who, binding) => {
                json!({"free_hosts": of(who, json!({"binding": binding, "reason": "moved"}))})
            }
        })
    }

    /// The name of the step for the tally.
    fn name(&self) -> String {
        match self {
            Self::Ask(kind, ..) => kind.name().to_owned(),
            other => format!("{other:?}").split('(').next().unwrap().to_lowercase(),
        }
    }
}

/// What a call comes to, in what is the same on every store: hashes are salted by each ledger.
fn come_to(result: &Result<Receipt>) -> std::result::Result<Vec<String>, String> {
    match result {
        Ok(receipt) => {
            let written = receipt.events.iter();
            let line = |event: &mlicense_ledger::Written| {
                format!("{} {} {}", event.stream, event.index, event.kind)
            };
            Ok(written.map(line).collect())
        }
        Err(error) => Err(error.refusal().to_string()),
    }
}

/// What all customers have, and what is to be sent.
fn shown(ledger: &Ledger, day: &str) -> Vec<String> {
    let mut shown = Vec::new();
    for who in 0..CUSTOMERS {
        let customer = customer(who);
        let of = |product: &str| json!({"customer": customer, "product": product});
        for query in [
            json!({"overview": {"customer": customer}}),
            json!({"bindings": of("journal")}),
            json!({"wallet": of("vms")}),
            json!({"need": of("vms")}),
            json!({"due": {"customer": customer}}),
            json!({"login": {"login": first_number(who)}}),
        ] {
            let query = serde_json::from_value(query).unwrap();
            shown.push(match ledger.query(&query, noon(day)) {
                Ok(view) => serde_json::to_string(&view).unwrap(),
                Err(error) => error.refusal().to_string(),
            });
        }
    }
    shown.extend(ledger.outbox(1000).unwrap().iter().map(|mail| format!("{mail:?}")));
    shown
}

/// How often a step was done, and how often refused.
type Tally = BTreeMap<String, [u32; 2]>;

/// One life on one store.
struct Life<'p> {
    shop: Shop<'p>,
    /// Every command that was done, with its receipt.
    done: Vec<(Envelope, String, Receipt)>,
}

impl<'p> Life<'p> {
    fn begin(place: &'p Place) -> Self {
        let shop = Shop::new(place);
        // The last customer is known without having registered: only it can ask for the trial.
        let known = CUSTOMERS - 1;
        shop.book.customer(&customer(known));
        let number = json!({"customer": customer(known), "number": first_number(known)});
        shop.book.run(DAY, json!({"issue_number": number}));
        for coupon in 0..COUPONS {
            let contents = json!([{"license_type": "base", "kind": "host", "quantity": 1}]);
            let issue = json!({
                "batch": format!("b{coupon}"), "product": "journal", "contents": contents,
                "keys": [format!("coupon-{coupon}")],
            });
            shop.book.run(DAY, json!({"issue_keys": issue}));
        }
        Self { shop, done: Vec::new() }
    }

    fn execute(&mut self, command: &Envelope, day: &str) -> Result<Receipt> {
        let result = self.shop.ledger().execute(command, noon(day));
        if let Ok(receipt) = &result {
            self.done.push((command.clone(), day.to_owned(), receipt.clone()));
        }
        result
    }

    /// Reads it all again, and gives every command again.
    fn replay(&self, day: &str) {
        let place = self.shop.book.place;
        let (before, seen) = (place.everything().0, shown(self.shop.ledger(), day));
        let ledger = place.open().unwrap();
        for (command, day, receipt) in &self.done {
            assert_eq!(ledger.execute(command, noon(day)).unwrap(), *receipt);
        }
        assert_eq!(before, place.everything().0, "a command was done twice");
        assert_eq!(seen, shown(&ledger, day));
        assert_eq!(ledger.verify().unwrap(), self.shop.ledger().verify().unwrap());
    }
}

/// Lives a life on one store, and tells what came of each step and what is seen at the end.
fn live(place: &Place, steps: &[Step]) -> (Vec<String>, Tally) {
    let mut life = Life::begin(place);
    let (mut told, mut tally) = (Vec::new(), Tally::new());
    let mut today: Day = DAY.parse().unwrap();
    for (at, step) in (0..).zip(steps) {
        if let Step::Wait(days) = step {
            today = today.plus_days(*days).unwrap();
        }
        let day = today.to_string();
        let Some(command) = step.command(at, &day) else { continue };
        let result = life.execute(&envelope(&format!("step-{at}"), command), &day);
        let counts = tally.entry(step.name()).or_default();
        counts[usize::from(result.is_err())] += 1;
        told.push(format!("{step:?}: {:?}", come_to(&result)));
    }
    let day = today.to_string();
    life.replay(&day);
    told.extend(shown(life.shop.ledger(), &day));
    (told, tally)
}

#[test]
fn lives_of_hosts_are_the_same_on_every_store_and_when_they_are_replayed() {
    let tally = RefCell::new(Tally::new());
    let config = Config { cases: 16, failure_persistence: None, ..Config::default() };
    let lived = TestRunner::new(config).run(&steps(), |steps| {
        let all = RefCell::new(Vec::new());
        on_every_store(|place| all.borrow_mut().push(live(place, &steps)));
        let all = all.into_inner();
        let (first, met) = &all[0];
        for (other, _) in &all[1..] {
            prop_assert_eq!(first, other);
        }
        for (name, counts) in met {
            let known = &mut *tally.borrow_mut();
            let sum = known.entry(name.clone()).or_default();
            (sum[0], sum[1]) = (sum[0] + counts[0], sum[1] + counts[1]);
        }
        Ok(())
    });
    lived.unwrap_or_else(|failure| panic!("{failure}"));
    let tally = tally.into_inner();
    for name in "register coupon trial refresh rebind release number system buy free".split(' ') {
        let [done, _] = tally.get(name).copied().unwrap_or_default();
        assert!(done > 0, "no {name} was ever done: {tally:?}");
    }
    assert!(tally["register"][1] > 0 && tally["coupon"][1] > 0, "nothing was refused: {tally:?}");
}

/// The control: a store that does one step less is told apart.
#[test]
fn a_store_that_lost_a_step_comes_to_something_else() {
    let steps = [
        Step::Register(0, 0, 0, 0),
        Step::Coupon(0, 0, 0),
        Step::Ask(RequestKind::Rebind, 0, (0, 0), true),
    ];
    on_every_store(|place| {
        let whole = live(place, &steps).0;
        let other = Place::sqlite();
        assert_ne!(whole, live(&other, &steps[..2]).0);
        let other = Place::sqlite();
        assert_eq!(whole, live(&other, &steps).0);
    });
}
