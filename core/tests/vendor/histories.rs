//! Random histories: what a customer and the vendor may do, in any order, under any policy.

use mlicense_core::time::{Day, Instant, Zone};
use proptest::{collection::vec, option, prelude::*, sample::select};
use serde_json::{Value, json};

use super::support::{Book, day, request};

/// The products of every history.
pub(crate) const PRODUCTS: [&str; 2] = ["vms", "nvr"];
const TYPES: [&str; 2] = ["camera", "door"];
const ZONES: [&str; 5] =
    ["UTC", "Europe/Berlin", "Pacific/Apia", "Asia/Kamchatka", "America/Sao_Paulo"];
const TERMS: &[&[u16]] = &[&[12], &[1], &[3], &[12, 1], &[3, 12], &[1, 3, 12]];
const ANCHORS: [&str; 5] = ["2026-03-01", "2027-01-31", "2028-02-29", "2026-11-30", "2027-08-15"];

/// A customer's life from its first day.
#[derive(Clone, Debug)]
pub(crate) struct History {
    pub(crate) zone: Zone,
    pub(crate) first: Day,
    pub(crate) policies: [Value; 2],
    pub(crate) acts: Vec<Act>,
}

/// One thing done; what it names is looked up when it is done.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// Days pass.
    Wait(u32),
    /// A system describes itself, anew or for another product.
    Describe {
        system: usize,
        product: usize,
        devices: [u32; 2],
    },
    Start {
        product: usize,
        term: Option<u16>,
    },
    Stock {
        product: usize,
        what: Stocked,
        quantity: u32,
        way: Way,
    },
    Allocate {
        product: usize,
        ahead: u32,
        term: Option<u16>,
        quantity: Option<u32>,
    },
    Hardware {
        hardware: usize,
        what: HardwareAct,
        quantity: u32,
    },
    /// A lot, counted from the newest, is voided or charged back.
    TakeBack {
        product: usize,
        lot: u32,
        void: bool,
    },
    /// An allocation, counted from the newest, is undone.
    Undo {
        product: usize,
        back: u32,
    },
    Publish {
        product: usize,
        policy: Value,
        adopt: bool,
    },
    Adopt {
        product: usize,
    },
}

/// What is put into a wallet.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stocked {
    /// Licences of the subscription's own term.
    Usual(usize),
    /// Licences of so many months.
    Months(usize, u16),
    Expansion(usize),
    /// Upgrades to the second type.
    Upgrade,
}

/// How licences come into a wallet.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Way {
    Key,
    Purchase,
    Preload,
}

/// What is done with hardware.
#[derive(Clone, Copy, Debug)]
pub(crate) enum HardwareAct {
    Register(usize),
    Expand(usize),
    /// From the first type to the second.
    Upgrade,
}

/// A policy with any settings that do not contradict each other.
fn policies() -> impl Strategy<Value = Value> {
    let terms = select(TERMS);
    let origin = select(&["elapsed", "grace_end", "none"]);
    let storage = select(&["fresh", "inherit"]);
    let grace = prop_oneof![1 => Just(0_u32), 4 => 1_u32..28];
    let days = (grace, prop_oneof![Just(0_u32), 1_u32..60]);
    let limits = (1_u32..6, 0_u32..7, select(&[0_u32, 50, 100, 200]));
    (terms, days, limits, origin, storage, any::<bool>(), prop::bool::weighted(0.2)).prop_map(
        |(terms, (grace, trial), (years, advance, growth), origin, storage, partial, over)| {
            json!({"subscription": {
                "terms": terms, "grace_days": grace, "trial_days": trial, "storage_years": years,
                "advance_periods": advance, "growth_percent": growth, "compensation": origin,
                "credited_storage": storage, "partial_allocation": partial,
                "over_allocation": over,
            }})
        },
    )
}

fn acts() -> impl Strategy<Value = Act> {
    // The first product and type lead, so that histories have some depth.
    let product = || prop::bool::weighted(0.1).prop_map(usize::from);
    let kind = || prop::bool::weighted(0.2).prop_map(usize::from);
    let months = || select(&[1_u16, 3, 12, 36, 60]);
    let days = prop_oneof![4 => 0_u32..40, 1 => 0_u32..=400];
    let devices = prop_oneof![
        4 => (0_u32..25, Just(0_u32)),
        1 => (0_u32..25, 0_u32..4),
    ];
    let stocked = prop_oneof![
        8 => kind().prop_map(Stocked::Usual),
        3 => (kind(), months()).prop_map(|(kind, months)| Stocked::Months(kind, months)),
        3 => kind().prop_map(Stocked::Expansion),
        2 => Just(Stocked::Upgrade),
    ];
    let way = select(&[Way::Key, Way::Purchase, Way::Preload]);
    let hardware = prop_oneof![
        1 => kind().prop_map(HardwareAct::Register),
        4 => kind().prop_map(HardwareAct::Expand),
        4 => Just(HardwareAct::Upgrade),
    ];
    let ahead = prop_oneof![8 => Just(0_u32), 3 => 1_u32..4, 1 => 4_u32..9];
    prop_oneof![
        9 => days.prop_map(Act::Wait),
        4 => (0..3_usize, product(), devices).prop_map(|(system, product, (cameras, doors))| {
            Act::Describe { system, product, devices: [cameras, doors] }
        }),
        1 => (product(), option::weighted(0.2, months()))
            .prop_map(|(product, term)| Act::Start { product, term }),
        6 => (product(), stocked, 1_u32..90, way).prop_map(|(product, what, quantity, way)| {
            Act::Stock { product, what, quantity, way }
        }),
        12 => (product(), ahead, option::weighted(0.2, months()), option::weighted(0.2, 1_u32..20))
            .prop_map(|(product, ahead, term, quantity)| {
                Act::Allocate { product, ahead, term, quantity }
            }),
        3 => (prop::bool::weighted(0.2).prop_map(usize::from), hardware, 1_u32..6).prop_map(|(hardware, what, quantity)| {
            Act::Hardware { hardware, what, quantity }
        }),
        1 => (product(), 0_u32..4, any::<bool>())
            .prop_map(|(product, lot, void)| Act::TakeBack { product, lot, void }),
        1 => (product(), prop_oneof![4 => Just(0_u32), 1 => 1_u32..3])
            .prop_map(|(product, back)| Act::Undo { product, back }),
        2 => (product(), policies(), any::<bool>()).prop_map(|(product, policy, adopt)| {
            Act::Publish { product, policy, adopt }
        }),
        1 => product().prop_map(|product| Act::Adopt { product }),
    ]
}

/// A history that has begun: a first system, some licences and mostly a start.
pub(crate) fn histories() -> impl Strategy<Value = History> {
    let first = (select(&ANCHORS), prop_oneof![2 => Just(0_u32), 1 => 0_u32..400]);
    let first = first.prop_map(|(anchor, days)| day(anchor).plus_days(days).unwrap());
    let zone = select(&ZONES).prop_map(|zone| zone.parse::<Zone>().unwrap());
    let begun = (1_u32..20, 1_u32..99, 0_u32..20, 0_u32..40, any::<bool>());
    let begun = begun.prop_map(|(cameras, quantity, days, later, second)| {
        let what = Stocked::Usual(0);
        let mut begun = vec![
            Act::Describe { system: 0, product: 0, devices: [cameras, 0] },
            Act::Hardware { hardware: 0, what: HardwareAct::Register(0), quantity: 4 },
            Act::Wait(days),
            Act::Start { product: 0, term: None },
            Act::Stock { product: 0, what, quantity, way: Way::Key },
            Act::Allocate { product: 0, ahead: 0, term: None, quantity: None },
            Act::Wait(later),
        ];
        if second {
            begun.push(Act::Describe { system: 1, product: 1, devices: [cameras, 1] });
            begun.push(Act::Start { product: 1, term: None });
        }
        begun
    });
    (zone, first, [policies(), policies()], begun, vec(acts(), 5..40)).prop_map(
        |(zone, first, policies, mut begun, acts)| {
            begun.extend(acts);
            History { zone, first, policies, acts: begun }
        },
    )
}

impl Act {
    /// The commands of this act, given what there is.
    pub(crate) fn commands(&self, book: &Book, now: Instant) -> Vec<Value> {
        let of = |product: usize, command: Value, name: &str| {
            let mut command = command;
            command["customer"] = json!("c1");
            command["product"] = json!(PRODUCTS[product]);
            vec![json!({name: command})]
        };
        match self {
            Self::Wait(_) => Vec::new(),
            Self::Describe { system, product, devices } => {
                let devices = json!({"camera": devices[0], "door": devices[1]});
                let system = format!("s{system}");
                let request = request((PRODUCTS[*product], &system), devices, now);
                vec![json!({"take_request": {"customer": "c1", "request": request}})]
            }
            Self::Start { product, term } => {
                of(*product, json!({"term": term}), "start_subscription")
            }
            Self::Stock { product, what, quantity, way } => {
                let (license_type, kind) = what.named(book, *product);
                let line =
                    json!({"license_type": license_type, "kind": kind, "quantity": quantity});
                way.stock(book, *product, json!([line]))
            }
            Self::Allocate { product, ahead, term, quantity } => {
                let (ahead, quantities) = match quantity {
                    Some(quantity) => (*ahead, json!({"camera": quantity})),
                    None => missing(book, *product, *ahead, now),
                };
                let body = json!({"quantities": quantities, "ahead": ahead, "term": term});
                of(*product, body, "allocate")
            }
            Self::Hardware { hardware, what, quantity } => what.command(*hardware, *quantity),
            Self::TakeBack { product, lot, void } => {
                let lots = lots(book, *product);
                let name = if *void { "void_lot" } else { "charge_back" };
                let body = json!({"lot": lots.saturating_sub(*lot), "reason": "a mistake"});
                of(*product, body, name)
            }
            Self::Undo { product, back } => {
                let newest = allocations(book, *product).saturating_sub(*back);
                let body = json!({"allocation": newest, "reason": "a mistake"});
                of(*product, body, "undo_allocation")
            }
            Self::Publish { product, policy, adopt } => {
                let body = json!({"product": PRODUCTS[*product], "policy": policy});
                let mut commands = vec![json!({"publish_policy": body})];
                if *adopt {
                    commands.extend(of(*product, json!({}), "adopt_policy"));
                }
                commands
            }
            Self::Adopt { product } => of(*product, json!({}), "adopt_policy"),
        }
    }
}

impl Stocked {
    fn named(self, book: &Book, product: usize) -> (&'static str, Value) {
        match self {
            Self::Usual(of) => (TYPES[of], json!({"subscription": months(book, product)})),
            Self::Months(of, months) => (TYPES[of], json!({"subscription": months})),
            Self::Expansion(of) => (TYPES[of], json!("expansion")),
            Self::Upgrade => (TYPES[1], json!("upgrade")),
        }
    }
}

impl Way {
    fn stock(self, book: &Book, product: usize, contents: Value) -> Vec<Value> {
        let product = PRODUCTS[product];
        let source = match self {
            Self::Key => {
                let key = format!("key-{:04}", book.commands());
                let issue = json!({
                    "batch": key, "product": product, "contents": contents, "keys": [key],
                });
                let redeem = json!({"customer": "c1", "product": product, "key": key});
                return vec![json!({"issue_keys": issue}), json!({"redeem_key": redeem})];
            }
            Self::Purchase => "purchase",
            Self::Preload => "preload",
        };
        let stock = json!({
            "customer": "c1", "product": product, "contents": contents, "source": source,
        });
        vec![json!({"stock_licenses": stock})]
    }
}

impl HardwareAct {
    fn command(self, hardware: usize, quantity: u32) -> Vec<Value> {
        let hardware = format!("h{hardware}");
        let body = match self {
            Self::Register(of) => json!({"register_hardware": {
                "customer": "c1", "product": PRODUCTS[0], "hardware": hardware,
                "preloaded": {TYPES[of]: quantity},
            }}),
            Self::Expand(of) => json!({"expand_hardware": {
                "customer": "c1", "hardware": hardware, "quantities": {TYPES[of]: quantity},
            }}),
            Self::Upgrade => json!({"upgrade_hardware": {
                "customer": "c1", "hardware": hardware, "quantity": quantity,
                "from": TYPES[0], "to": TYPES[1],
            }}),
        };
        vec![body]
    }
}

/// The first period from `ahead` on that still needs something, and what.
fn missing(book: &Book, product: usize, ahead: u32, now: Instant) -> (u32, Value) {
    let there = book.agreement(PRODUCTS[product]).is_some();
    let need = if there { book.need_of(PRODUCTS[product], now) } else { json!([]) };
    let rows = (0..).zip(need.as_array().unwrap()).skip(usize::try_from(ahead).unwrap());
    let mut rows = rows.map(|(ahead, row)| (ahead, row["missing"].clone()));
    rows.find(|(_, missing)| *missing != json!({})).unwrap_or((ahead, json!({"camera": 1})))
}

/// The months of the subscription's periods, or of the usual term.
fn months(book: &Book, product: usize) -> u16 {
    let product = PRODUCTS[product];
    if let Some(subscription) = book.agreement(product).and_then(|a| a.subscription()) {
        return subscription.term().in_months();
    }
    let catalogue = serde_json::to_value(mlicense_core::view::products(book.world().catalogue()));
    let policy = &catalogue.unwrap()["products"][product]["policy"]["subscription"];
    u16::try_from(policy["terms"][0].as_u64().unwrap()).unwrap()
}

fn lots(book: &Book, product: usize) -> u32 {
    let agreement = book.agreement(PRODUCTS[product]);
    agreement.map_or(0, |agreement| agreement.wallet().next_lot().0 - 1)
}

fn allocations(book: &Book, product: usize) -> u32 {
    let json = book.streams.values().flatten();
    let of = format!("{{\"allocated\":{{\"product\":\"{}\"", PRODUCTS[product]);
    u32::try_from(json.filter(|json| json.contains(&of)).count()).unwrap()
}
