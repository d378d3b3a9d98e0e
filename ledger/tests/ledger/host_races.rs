//! Codes, numbers and seats asked for by eight at once: one gets it, and the others the refusal that
//! says why not.
//!
//! Each race is run on every store, by threads that share a ledger and by threads with one each, as
//! programs have; and once more by eight that share nothing, where all of them win. So a race that
//! nobody loses is one that the tests would see.

use std::{sync::Barrier, thread};

use mlicense_core::{
    document::{Owner, RequestKind},
    error::ErrorKind,
    history::Message,
    seat::{Limits, Terms},
};
use mlicense_ledger::{Ledger, Result, SeatLedger, SiteSeats};
use serde_json::json;

use crate::support::{DAY, Place, Shop, asking_from, noon, on_every_store, owner};

const THREADS: u8 = 8;
const NEXT_DAY: &str = "2026-03-12";

/// What eight threads come to that begin at the same moment.
fn at_once<T: Send>(act: impl Fn(u8) -> T + Sync) -> Vec<T> {
    let barrier = Barrier::new(THREADS.into());
    let run = |thread| {
        barrier.wait();
        act(thread)
    };
    let run = &run;
    thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|thread| scope.spawn(move || run(thread))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

/// How many won; all others were refused as `kind`.
#[track_caller]
fn winners<T>(results: Vec<Result<T>>, kind: ErrorKind) -> usize {
    let (won, lost): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
    for lost in lost {
        assert_eq!(lost.err().unwrap().kind(), kind);
    }
    won.len()
}

/// What is raced for.
struct Race {
    prepare: fn(&Shop<'_>),
    /// What each thread asks for, and when.
    request: fn(u8) -> (String, &'static str),
    /// Whether each thread asks for a customer of its own.
    named: bool,
    /// What the others are refused.
    kind: ErrorKind,
}

impl Race {
    fn run(&self, shop: &Shop<'_>, ledgers: &[&Ledger]) -> usize {
        let results = at_once(|thread| {
            let (request, day) = (self.request)(thread);
            let customer = self.named.then(|| format!("x{thread}").parse().unwrap());
            let from = shop.from(customer.as_ref(), &request);
            ledgers[usize::from(thread) % ledgers.len()].answer(from, &shop.signer, noon(day))
        });
        winners(results, self.kind)
    }

    /// Runs it on one ledger and on eight in the same place, and checks what is there then.
    fn has_one_winner(&self, check: impl Fn(&Shop<'_>)) {
        on_every_store(|place| {
            let shop = self.prepared(place);
            assert_eq!(self.run(&shop, &[shop.ledger()]), 1);
            check(&shop);
            shop.ledger().verify().unwrap();
        });
        on_every_store(|place| {
            let shop = self.prepared(place);
            let ledgers: Vec<Ledger> = (0..THREADS).map(|_| place.open().unwrap()).collect();
            assert_eq!(self.run(&shop, &ledgers.iter().collect::<Vec<_>>()), 1);
            check(&shop);
            shop.ledger().verify().unwrap();
        });
    }

    /// The control: eight ledgers that share nothing have eight winners.
    fn has_eight_where_nothing_is_shared(&self) {
        let places: Vec<Place> = (0..THREADS).map(|_| Place::sqlite()).collect();
        self.apart(&places);
        #[cfg(feature = "postgres")]
        if let Some(places) = (0..THREADS).map(|_| Place::postgres()).collect::<Option<Vec<_>>>() {
            self.apart(&places);
        }
    }

    fn apart(&self, places: &[Place]) {
        let shops: Vec<Shop<'_>> = places.iter().map(|place| self.prepared(place)).collect();
        let ledgers: Vec<&Ledger> = shops.iter().map(Shop::ledger).collect();
        assert_eq!(self.run(&shops[0], &ledgers), usize::from(THREADS));
    }

    fn prepared<'p>(&self, place: &'p Place) -> Shop<'p> {
        let shop = Shop::new(place);
        (self.prepare)(&shop);
        shop
    }
}

/// Eight customers with a number each, and a coupon for one host.
fn one_coupon(shop: &Shop<'_>) {
    for thread in 0..THREADS {
        let customer = format!("x{thread}");
        shop.book.customer(&customer);
        let number = shop.ledger().fresh_number().unwrap();
        shop.book.run(DAY, json!({"issue_number": {"customer": customer, "number": number}}));
    }
    let contents = json!([{"license_type": "base", "kind": "host", "quantity": 1}]);
    shop.book.run(
        DAY,
        json!({"issue_keys": {
            "batch": "b1", "product": "journal", "contents": contents, "keys": ["coupon-1"],
        }}),
    );
}

const COUPON: Race = Race {
    prepare: one_coupon,
    request: |thread| {
        let asked = (RequestKind::Coupon, DAY);
        let redeem =
            asking_from((thread, thread), asked, |fields| fields.code = Some("coupon-1".into()));
        (redeem, DAY)
    },
    named: true,
    kind: ErrorKind::CouponAlreadyUsed,
};

#[test]
fn s_mk_30_one_of_eight_customers_redeems_a_coupon() {
    COUPON.has_one_winner(|shop| {
        let redeemed = shop.book.place.everything().0;
        let claims = redeemed["claim"].iter().filter(|row| row.contains("redeemed_key"));
        assert_eq!(claims.count(), 2, "the coupon, and the key that the shop began with");
    });
}

/// A registration from an installation on a host, with an address of a company.
fn registration(places: (u8, u8), email: &str, company: &str) -> (String, &'static str) {
    let mut owner = owner();
    (owner.email, owner.company) = (email.into(), Some(company.into()));
    (asking_from(places, (RequestKind::Register, DAY), |fields| fields.owner = Some(owner)), DAY)
}

const fn registering(request: fn(u8) -> (String, &'static str), kind: ErrorKind) -> Race {
    Race { prepare: |_| {}, request, named: false, kind }
}

const SAME_COMPANY: Race = registering(
    |thread| registration((thread, thread), "post@acme.example", "Acme"),
    ErrorKind::AlreadyHasNumber,
);
const SAME_HOST: Race = registering(
    |thread| registration((thread, 1), &format!("post@acme-{thread}.example"), "Acme"),
    ErrorKind::RegisteredDifferently,
);
const SAME_ADDRESS: Race = registering(
    |thread| registration((thread, thread), "post@acme.example", &format!("Acme {thread}")),
    ErrorKind::EmailOfOtherCompany,
);

/// Who registered: one, with one mail, and nothing of the others.
fn one_registered(shop: &Shop<'_>) {
    assert_eq!(mails(shop), 1);
    let everything = shop.book.place.everything().0;
    assert_eq!(everything["person"].len(), 1);
    let numbers = everything["claim"].iter().filter(|row| row.contains("number"));
    assert_eq!(numbers.count(), 1, "{:?}", everything["claim"]);
}

fn mails(shop: &Shop<'_>) -> usize {
    let outbox = shop.ledger().outbox(100).unwrap();
    assert!(outbox.iter().all(|mail| matches!(mail.message, Message::Number { .. })));
    outbox.len()
}

#[test]
fn s_mk_10_one_of_eight_machines_of_a_company_registers() {
    SAME_COMPANY.has_one_winner(one_registered);
}

#[test]
fn s_mk_11_one_of_eight_addresses_registers_from_a_host() {
    SAME_HOST.has_one_winner(one_registered);
}

#[test]
fn s_mk_12_one_of_eight_companies_registers_an_address() {
    SAME_ADDRESS.has_one_winner(one_registered);
}

#[test]
fn every_race_has_eight_winners_where_nothing_is_shared() {
    for race in [COUPON, SAME_COMPANY, SAME_HOST, SAME_ADDRESS] {
        race.has_eight_where_nothing_is_shared();
    }
}

/// Eight ask for a forgotten number on a day; how many mails there are then.
fn recovered(shop: &Shop<'_>, ledgers: &[&Ledger]) -> usize {
    let answers = at_once(|thread| {
        let owner = Some(Owner::new("post@acme.example"));
        let asked = (RequestKind::Recover, NEXT_DAY);
        let request = asking_from((thread, thread), asked, |fields| fields.owner = owner);
        let ledger = ledgers[usize::from(thread) % ledgers.len()];
        let answer = ledger.answer(shop.from(None, &request), &shop.signer, noon(NEXT_DAY));
        let claims = shop.read(&answer.unwrap()).claims().clone();
        (claims.number, claims.license, claims.refusal)
    });
    assert!(answers.iter().all(|answer| *answer == (None, None, None)), "{answers:?}");
    mails(shop)
}

fn registered(place: &Place) -> Shop<'_> {
    let shop = Shop::new(place);
    SAME_COMPANY.run_first(&shop);
    shop
}

impl Race {
    /// The first thread alone.
    fn run_first(&self, shop: &Shop<'_>) {
        let (request, _) = (self.request)(0);
        shop.answered(None, &request);
        shop.ledger().sent(1).unwrap();
        assert_eq!(mails(shop), 0);
    }
}

#[test]
fn of_eight_who_ask_for_a_forgotten_number_one_makes_a_mail_and_all_are_answered_alike() {
    on_every_store(|place| {
        let shop = registered(place);
        assert_eq!(recovered(&shop, &[shop.ledger()]), 1);
        shop.ledger().verify().unwrap();
    });
    on_every_store(|place| {
        let shop = registered(place);
        let ledgers: Vec<Ledger> = (0..THREADS).map(|_| place.open().unwrap()).collect();
        assert_eq!(recovered(&shop, &ledgers.iter().collect::<Vec<_>>()), 1);
        shop.ledger().verify().unwrap();
    });
    // The control: where nothing is shared, each makes one.
    let places: Vec<Place> = (0..THREADS).map(|_| Place::sqlite()).collect();
    let shops: Vec<Shop<'_>> = places.iter().map(registered).collect();
    let ledgers: Vec<&Ledger> = shops.iter().map(Shop::ledger).collect();
    recovered(&shops[0], &ledgers);
    assert_eq!(shops.iter().map(mails).sum::<usize>(), usize::from(THREADS));
}

// Seats.

fn site(place: &Place) -> SiteSeats {
    let ledger = SeatLedger::open(place.of_seats()).unwrap();
    let limits: Limits = [("export".parse().unwrap(), Some(1))].into_iter().collect();
    let site = ledger.site(&"editor".parse().unwrap(), limits);
    site.with_terms(Terms::default().strict())
}

fn captures(sites: &[SiteSeats]) -> usize {
    let capture = |thread| sites[usize::from(thread) % sites.len()].capture("export", "");
    winners(at_once(capture), ErrorKind::NoFreeLicense)
}

fn eight(site: impl Fn() -> SiteSeats) -> Vec<SiteSeats> {
    (0..THREADS).map(|_| site()).collect()
}

#[test]
fn s_mk_55_one_of_eight_threads_captures_the_only_seat() {
    on_every_store(|place| assert_eq!(captures(&[site(place)]), 1));
    on_every_store(|place| assert_eq!(captures(&eight(|| site(place))), 1));
    // The control: eight tables have a seat for each.
    let places: Vec<Place> = (0..THREADS).map(|_| Place::sqlite()).collect();
    let apart: Vec<SiteSeats> = places.iter().map(site).collect();
    assert_eq!(captures(&apart), usize::from(THREADS));
}

#[test]
fn s_mk_56_s_mk_57_one_of_eight_threads_ends_a_session_on_strict_terms() {
    on_every_store(|place| {
        let sites = eight(|| site(place));
        let session = sites[0].capture("export", "").unwrap().session;
        let end = |thread: u8| sites[usize::from(thread)].end(&session);
        assert_eq!(winners(at_once(end), ErrorKind::SessionUnknown), 1);
        let lenient = |thread: u8| {
            sites[usize::from(thread)].clone().with_terms(Terms::default()).end(&session)
        };
        assert_eq!(winners(at_once(lenient), ErrorKind::SessionUnknown), usize::from(THREADS));
    });
}
