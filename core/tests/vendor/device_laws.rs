//! Laws of licences for devices and of what partners give, over random histories.

use std::collections::{BTreeMap, BTreeSet};

use mlicense_core::{
    customer::{Assignment, Customer, CustomerEvent, LicenseNumber},
    error::{ErrorKind, Language},
    history::{Event, StreamId},
    id::{CustomerId, DeviceId},
    partner::PartnerEvent,
    time::Day,
    view::{self, AssignmentsView, View},
    wallet::LotSource,
};
use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use serde_json::{Value, json};

use super::support::{Book, When, product};

const DAY: &str = "2026-03-02";
const CUSTOMERS: [&str; 2] = ["c1", "c2"];
const TYPES: [&str; 2] = ["camera", "door"];
const DEVICES: u32 = 6;

/// A licence and where it is to go: a device, one that was never registered, or none.
type Move = (u32, Option<u32>);

#[derive(Clone, Debug)]
enum Step {
    Register(usize, u32),
    Delete(usize, u32),
    BeginToDelete(usize, u32),
    Buy(usize, usize, u32),
    StockPartner(usize, u32),
    Give(usize, usize, u32),
    Save(usize, Vec<Move>),
    SaveLate(usize, u64),
    Void(usize, u32),
    ChargeBack(usize, u32),
    Wait(u32),
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    prop::collection::vec((1..7_u32, prop::option::weighted(0.8, 0..=DEVICES)), 0..4)
}

fn steps() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..2_usize, 0..DEVICES).prop_map(|(who, id)| Step::Register(who, id)),
        1 => (0..2_usize, 0..DEVICES).prop_map(|(who, id)| Step::Delete(who, id)),
        1 => (0..2_usize, 0..DEVICES).prop_map(|(who, id)| Step::BeginToDelete(who, id)),
        2 => (0..2_usize, 0..2_usize, 1..3_u32).prop_map(|(who, of, n)| Step::Buy(who, of, n)),
        2 => (0..2_usize, 1..6_u32).prop_map(|(of, n)| Step::StockPartner(of, n)),
        3 => (0..2_usize, 0..2_usize, 1..4_u32).prop_map(|(who, of, n)| Step::Give(who, of, n)),
        6 => (0..2_usize, moves()).prop_map(|(who, moves)| Step::Save(who, moves)),
        1 => (0..2_usize, 1..3_u64).prop_map(|(who, ago)| Step::SaveLate(who, ago)),
        1 => (0..2_usize, 1..4_u32).prop_map(|(who, lot)| Step::Void(who, lot)),
        1 => (0..2_usize, 1..4_u32).prop_map(|(who, lot)| Step::ChargeBack(who, lot)),
        2 => (1..200_u32).prop_map(Step::Wait),
    ]
}

/// Every third device is a door.
fn type_of(device: u32) -> &'static str {
    if device % 3 == 2 { "door" } else { "camera" }
}

fn contents(of: usize, quantity: u32) -> Value {
    json!([{"license_type": TYPES[of], "kind": "device", "quantity": quantity}])
}

fn changes(moves: &[Move]) -> Vec<Assignment> {
    let device = |id: u32| DeviceId::new(&format!("d{id}")).unwrap();
    let change = |(license, to): &Move| Assignment {
        license: LicenseNumber(*license),
        device: to.map(device),
    };
    moves.iter().map(change).collect()
}

fn save(who: &str, base: u64, changes: &[Assignment]) -> Value {
    json!({"save_assignments": {
        "customer": who, "product": "vms", "base": base, "changes": changes,
    }})
}

fn command(book: &Book, step: &Step) -> Value {
    let lot = |command: &str, who: usize, lot: u32| {
        json!({command: {"customer": CUSTOMERS[who], "product": "vms", "lot": lot,
            "reason": "a mistake"}})
    };
    match step {
        Step::Register(who, id) => json!({"register_device": {"customer": CUSTOMERS[*who],
            "product": "vms", "device": format!("d{id}"), "license_type": type_of(*id)}}),
        Step::Delete(who, id) => {
            json!({"delete_device": {"customer": CUSTOMERS[*who], "device": format!("d{id}")}})
        }
        Step::BeginToDelete(who, id) => json!({"report_device": {"customer": CUSTOMERS[*who],
            "device": format!("d{id}"), "state": "deleting"}}),
        Step::Buy(who, of, n) => json!({"stock_licenses": {"customer": CUSTOMERS[*who],
            "product": "vms", "contents": contents(*of, *n), "source": "purchase"}}),
        Step::StockPartner(of, n) => json!({"stock_partner": {"partner": "p1", "product": "vms",
            "contents": contents(*of, *n)}}),
        Step::Give(who, of, n) => json!({"give_licenses": {"partner": "p1",
            "customer": CUSTOMERS[*who], "product": "vms", "contents": contents(*of, *n)}}),
        Step::Save(who, moves) => save(CUSTOMERS[*who], 0, &changes(moves)),
        Step::SaveLate(who, ago) => {
            let agreement = book.customer(CUSTOMERS[*who]).agreements().get(&product("vms"));
            let now = agreement.and_then(|of| of.devices()).map_or(0, |of| of.revision());
            save(CUSTOMERS[*who], now.saturating_sub(*ago), &[])
        }
        Step::Void(who, id) => lot("void_lot", *who, *id),
        Step::ChargeBack(who, id) => lot("charge_back", *who, *id),
        Step::Wait(_) => Value::Null,
    }
}

fn draft(
    book: &Book,
    who: &str,
    changes: &[Assignment],
    now: &str,
) -> Result<AssignmentsView, ErrorKind> {
    let id: CustomerId = who.parse().unwrap();
    let asked = (changes, Language::En);
    match view::assignments(book.customer(who), (&id, &product("vms")), asked, now.at()) {
        Ok(View::Assignments(view)) => Ok(view),
        Ok(other) => panic!("{other:?}"),
        Err(refusal) => Err(refusal.kind()),
    }
}

/// Which device each licence is on.
type On = BTreeMap<u32, u32>;

/// What a save may do, said once more and naively: licences and devices with their types.
#[derive(Clone, Debug, Default)]
struct Model {
    licenses: BTreeMap<u32, String>,
    devices: BTreeMap<u32, String>,
    on: On,
}

impl Model {
    fn of(view: &AssignmentsView, customer: &Customer) -> Self {
        let number = |id: &DeviceId| id.as_str().trim_start_matches('d').parse::<u32>().unwrap();
        let rows = || view.licenses.iter();
        let of_product = product("vms");
        Self {
            licenses: rows().map(|(id, row)| (id.0, row.license_type.to_string())).collect(),
            devices: customer
                .devices_of(&of_product)
                .map(|(id, device)| (number(id), device.license_type.to_string()))
                .collect(),
            on: rows().filter_map(|(id, row)| Some((id.0, number(row.device.as_ref()?)))).collect(),
        }
    }

    /// What is on what afterwards; nothing where the save is refused.
    fn save(&self, moves: &[Move]) -> Option<On> {
        let mut on = self.on.clone();
        for (license, to) in moves {
            self.licenses.get(license)?;
            match to {
                Some(device) => on.insert(*license, *device),
                None => on.remove(license),
            };
        }
        let named: BTreeSet<u32> = moves.iter().map(|(license, _)| *license).collect();
        let fits = |license: &u32| {
            let device = on.get(license);
            device.is_none_or(|device| self.devices.get(device) == self.licenses.get(license))
        };
        (one_each(&on) && named.iter().all(fits)).then_some(on)
    }

    /// As somebody in a hurry would write it: each change is checked against what is now, and
    /// nobody looks at what the changes make together.
    fn save_in_a_hurry(&self, moves: &[Move]) -> Option<On> {
        let mut on = self.on.clone();
        for (license, to) in moves {
            let license_type = self.licenses.get(license)?;
            match to {
                Some(device) if self.devices.get(device) != Some(license_type) => return None,
                Some(device) if self.on.values().any(|taken| taken == device) => return None,
                Some(device) => on.insert(*license, *device),
                None => on.remove(license),
            };
        }
        Some(on)
    }
}

/// No device has two licences.
fn one_each(on: &On) -> bool {
    on.values().collect::<BTreeSet<_>>().len() == on.len()
}

/// Does a step. What is refused changes nothing; a save does what the model does.
fn take(book: &mut Book, step: &Step, now: &str) {
    if let Step::Save(who, moves) = step {
        return take_save(book, (CUSTOMERS[*who], moves), now);
    }
    let command = command(book, step);
    if command.is_null() {
        return;
    }
    let before = book.clone();
    if book.execute(now, command).is_err() {
        assert!(before.written() == book.written(), "a refusal changed something: {step:?}");
    }
}

fn take_save(book: &mut Book, (who, moves): (&str, &[Move]), now: &str) {
    let Ok(view) = draft(book, who, &[], now) else { return };
    let expected = Model::of(&view, book.customer(who)).save(moves);
    let changes = changes(moves);
    let drafted = draft(book, who, &changes, now);
    let before = book.clone();
    match book.execute(now, save(who, view.base, &changes)) {
        Ok(events) => {
            let after = draft(book, who, &[], now).unwrap();
            let drafted = drafted.unwrap();
            assert_eq!(Some(Model::of(&after, book.customer(who)).on), expected);
            let on = |view: &AssignmentsView| {
                let rows = view.licenses.iter();
                rows.map(|(id, row)| (*id, row.device.clone())).collect::<Vec<_>>()
            };
            assert_eq!(on(&after), on(&drafted), "the draft showed something else");
            assert_eq!(drafted.changed, !events.is_empty());
        }
        Err(refusal) => {
            assert!(before.written() == book.written(), "a refusal changed something");
            assert_eq!(expected, None, "{refusal:?}");
            assert_eq!(drafted.map(|_| ()), Err(refusal.kind()));
        }
    }
}

/// However devices, licences, drafts and corrections follow each other: no device has two
/// licences, no licence is on two devices or on one that it does not fit, and what is free does
/// not lie beside what waits for it, unless somebody assigned by hand.
fn check(book: &Book, (automatic, by_hand): (bool, bool), now: &str) {
    for who in CUSTOMERS {
        let customer = book.customer(who);
        let Some(agreement) = customer.agreements().get(&product("vms")) else { continue };
        let agreement = agreement.devices().unwrap();
        let mut licensed = BTreeSet::new();
        for (license, of) in agreement.licenses() {
            let Some(id) = &of.device else { continue };
            assert!(licensed.insert(id.clone()), "{id} of {who} has two licences");
            let device = &customer.registered_devices()[id];
            assert!(device.state.counts(), "{license} is on {id}, which is being deleted");
            assert_eq!(device.license_type, of.license_type);
        }
        let view = draft(book, who, &[], now).unwrap();
        let View::Devices(rows) = view::devices(customer, now.at()).unwrap() else { panic!() };
        let of_devices: BTreeMap<_, _> =
            rows.iter().filter_map(|(id, row)| Some((row.license?, id.clone()))).collect();
        let of_licenses: BTreeMap<_, _> =
            view.licenses.iter().filter_map(|(id, row)| Some((*id, row.device.clone()?))).collect();
        assert_eq!(of_devices, of_licenses, "devices and licences disagree");
        if automatic && !by_hand {
            let idle = view.licenses.values().filter(|row| row.device.is_none());
            let idle: Vec<_> = idle.filter(|row| !row.candidates.is_empty()).collect();
            assert!(idle.is_empty(), "{idle:?}");
        }
    }
}

/// What the partner gave is what customers got from partners, and no more than it had.
fn check_stock(book: &Book) {
    let mut gave: BTreeMap<(CustomerId, String), u64> = BTreeMap::new();
    let mut got = gave.clone();
    let partner = book.world().partner(&"p1".parse().unwrap()).unwrap();
    for recorded in book.events(&StreamId::Partner("p1".parse().unwrap())) {
        let Event::Partner(PartnerEvent::Given { customer, contents, .. }) = recorded.event else {
            continue;
        };
        for line in contents {
            let sum = gave.entry((customer.clone(), line.license_type.to_string())).or_default();
            *sum += u64::from(line.quantity);
        }
    }
    for who in CUSTOMERS {
        let id: CustomerId = who.parse().unwrap();
        for recorded in book.events(&StreamId::Customer(id.clone())) {
            let Event::Customer(CustomerEvent::DeviceLicensesStocked { lots, .. }) = recorded.event
            else {
                continue;
            };
            for lot in lots.iter().filter(|lot| lot.source == LotSource::Partner) {
                let sum = got.entry((id.clone(), lot.license_type.to_string())).or_default();
                *sum += u64::from(lot.quantity);
            }
        }
    }
    assert_eq!(gave, got);
    let given: u64 = partner.stock().values().map(|stock| stock.given).sum();
    assert_eq!(given, gave.values().sum::<u64>());
    assert!(partner.stock().values().all(|stock| stock.given <= stock.received));
}

fn book(policy: Value) -> Book {
    let mut book = Book::new();
    book.define(DAY, "vms", json!({"device_assigned": policy}));
    for who in CUSTOMERS {
        book.run(DAY, json!({"register_customer": {"customer": who, "zone": "Asia/Tokyo"}}));
    }
    let fields = json!({"name": "A Dealer"});
    book.run(
        DAY,
        json!({"register_partner": {"partner": "p1", "code": "p1", "contact": "p1",
        "fields": fields}}),
    );
    book
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn s_ip_19_s_ip_20_s_ip_44_one_device_has_one_licence_and_no_stock_is_overdrawn(
        steps in prop::collection::vec(steps(), 1..60),
        months in prop::option::of(1..13_u16),
        automatic in any::<bool>(),
    ) {
        let for_months = |months| json!({"months": months});
        let duration = months.map_or_else(|| json!("perpetual"), for_months);
        let mut book = book(json!({"duration": duration, "automatic": automatic}));
        let mut today: Day = DAY.parse().unwrap();
        let mut by_hand = false;
        for step in steps {
            if let Step::Wait(days) = step {
                today = today.plus_days(days).unwrap();
            }
            by_hand |= matches!(step, Step::Save(..));
            take(&mut book, &step, &today.to_string());
            check(&book, (automatic, by_hand), &today.to_string());
            check_stock(&book);
        }
        assert_eq!(book.replayed(), *book.world());
    }

    #[test]
    fn prop_time_in_one_stride_is_time_in_many(
        steps in prop::collection::vec(steps(), 1..40),
        strides in prop::collection::vec(1..90_u32, 1..9),
    ) {
        let mut book = book(json!({"duration": {"months": 2}}));
        let mut today: Day = DAY.parse().unwrap();
        for step in steps {
            if let Step::Wait(days) = step {
                today = today.plus_days(days).unwrap();
            }
            take(&mut book, &step, &today.to_string());
        }
        let mut in_strides = book.customer("c1").clone();
        in_strides.roll(today);
        for days in strides {
            today = today.plus_days(days).unwrap();
            in_strides.roll(today);
        }
        let mut at_once = book.customer("c1").clone();
        at_once.roll(today);
        prop_assert_eq!(in_strides, at_once);
    }
}

/// Four licences for four devices of one type, two of them in place.
fn in_place() -> Model {
    let of_type = |ids: std::ops::Range<u32>| ids.map(|id| (id, "camera".to_owned())).collect();
    Model { licenses: of_type(1..5), devices: of_type(0..4), on: [(1, 0), (2, 1)].into() }
}

/// Saves follow each other by a rule, and the law is looked at after each.
fn holds(save: fn(&Model, &[Move]) -> Option<On>) -> bool {
    let saves = prop::collection::vec(moves(), 1..8);
    let config = Config { cases: 1000, failure_persistence: None, ..Config::default() };
    let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let lived = TestRunner::new_with_rng(config, random).run(&saves, |saves| {
        let mut model = in_place();
        for moves in saves {
            model.on = save(&model, &moves).unwrap_or(model.on);
            prop_assert!(one_each(&model.on), "{:?}", model.on);
        }
        Ok(())
    });
    lived.is_ok()
}

#[test]
fn a_check_of_each_change_by_itself_breaks_the_law_and_the_search_finds_it() {
    assert!(holds(Model::save));
    assert!(!holds(Model::save_in_a_hurry));
}
