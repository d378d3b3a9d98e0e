//! Laws of licences by host, over random histories.

use std::collections::{BTreeMap, BTreeSet};

use mlicense_core::{
    document::{Request, RequestKind},
    time::Day,
    view::{self, View},
    wallet::LotSource,
};
use proptest::prelude::*;
use serde_json::json;

use super::{
    hosts::{DAY, Host, book, coupon, facts, fields, hosts, issue},
    support::{Book, When, product, signer},
};

const HOSTS: [Host; 5] = [("b0", "d0"), ("b1", "d1"), ("b2", "d2"), ("b3", "d3"), ("b4", "d4")];
const COUPONS: [&str; 3] = ["coupon-0", "coupon-1", "coupon-2"];
const CUSTOMERS: [&str; 2] = ["c1", "c2"];

#[derive(Clone, Debug)]
enum Step {
    Buy(usize, u32),
    Redeem(usize, usize),
    Ask(usize, RequestKind, usize, usize),
    Free(usize, Option<u32>),
    ChargeBack(usize, u32),
    Wait(u32),
}

fn steps() -> impl Strategy<Value = Step> {
    let kinds = prop::sample::select(vec![
        RequestKind::Refresh,
        RequestKind::Rebind,
        RequestKind::Trial,
        RequestKind::Release,
    ]);
    prop_oneof![
        2 => (0..2_usize, 1..4_u32).prop_map(|(who, count)| Step::Buy(who, count)),
        2 => (0..2_usize, 0..3_usize).prop_map(|(who, coupon)| Step::Redeem(who, coupon)),
        6 => (0..2_usize, kinds, 0..5_usize, 0..5_usize)
            .prop_map(|(who, kind, from, host)| Step::Ask(who, kind, from, host)),
        1 => (0..2_usize, prop::option::of(1..6_u32)).prop_map(|(who, id)| Step::Free(who, id)),
        1 => (0..2_usize, 1..6_u32).prop_map(|(who, lot)| Step::ChargeBack(who, lot)),
        2 => (0..300_u32).prop_map(Step::Wait),
    ]
}

/// Does a step; what is refused changes nothing, which the book checks.
fn take(book: &mut Book, step: &Step, now: &str) {
    let of = |who: usize| CUSTOMERS[who];
    let command = match step {
        Step::Wait(_) => return,
        Step::Buy(who, count) => json!({"stock_licenses": {"customer": of(*who),
            "product": "journal", "contents": hosts(*count), "source": "purchase"}}),
        Step::Redeem(who, of_three) => {
            let request = coupon(COUPONS[*of_three], ("i0", HOSTS[0]), now);
            json!({"take_request": {"customer": of(*who), "request": request}})
        }
        Step::Ask(who, kind, from, host) => {
            let mut fields = fields(*kind, now);
            fields.host = Some(facts(HOSTS[*host]));
            let request = Request::write(&fields, &signer(&format!("i{from}"))).unwrap();
            let command = json!({"take_request": {"customer": of(*who), "request": request}});
            let _ = book.answer_to(now, command);
            return;
        }
        Step::Free(who, binding) => json!({"free_hosts": {"customer": of(*who),
            "product": "journal", "binding": binding, "reason": "moved"}}),
        Step::ChargeBack(who, lot) => json!({"charge_back": {"customer": of(*who),
            "product": "journal", "lot": lot, "reason": "unpaid"}}),
    };
    let _ = book.execute(now, command);
}

fn bindings(book: &Book, who: &str, now: &str) -> Option<view::Bindings> {
    let view =
        view::bindings(book.customer(who), &who.parse().unwrap(), &product("journal"), now.at());
    match view {
        Ok(View::Bindings(bindings)) => Some(bindings),
        _ => None,
    }
}

/// However hosts, coupons and corrections follow each other: no type of licence is held by more
/// hosts than there are licences; no host is bound twice; no coupon counts twice.
fn check(book: &Book, now: &str) {
    let mut redeemed = 0;
    for who in CUSTOMERS {
        let Some(view) = bindings(book, who, now) else { continue };
        let mut licenses: BTreeMap<_, u64> = BTreeMap::new();
        for row in view.lots.iter().filter(|row| !row.voided && !row.expired) {
            *licenses.entry(row.lot.license_type.clone()).or_default() += u64::from(row.lot.hosts);
        }
        for (license_type, count) in &licenses {
            let held = view.bindings.iter().filter(|b| b.licensed.contains_key(license_type));
            assert!(held.count() as u64 <= *count, "{license_type} of {who}: {view:?}");
        }
        let agreement = book.customer(who).agreements()[&product("journal")].hosts().unwrap();
        let hosts: BTreeSet<_> =
            agreement.bindings().iter().map(|b| format!("{:?}", b.host)).collect();
        assert_eq!(hosts.len(), agreement.bindings().len(), "a host is bound twice");
        redeemed += view.lots.iter().filter(|row| row.lot.source == LotSource::Key).count();
    }
    assert!(redeemed <= COUPONS.len(), "a coupon counts twice");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn prop_hosts_never_hold_more_than_there_is(
        steps in prop::collection::vec(steps(), 1..50), months in prop::option::of(1..13_u16),
    ) {
        let duration = months.map_or_else(|| json!("perpetual"), |months| json!({"months": months}));
        let mut book = book(json!({"duration": duration}));
        for coupon in COUPONS {
            issue(&mut book, coupon, hosts(1));
        }
        let mut today: Day = DAY.parse().unwrap();
        for step in steps {
            if let Step::Wait(days) = step {
                today = today.plus_days(days).unwrap();
            }
            take(&mut book, &step, &today.to_string());
            check(&book, &today.to_string());
        }
        assert_eq!(book.replayed(), *book.world());
    }
}
