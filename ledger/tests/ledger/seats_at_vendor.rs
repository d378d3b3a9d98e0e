//! Seats that the vendor counts for a customer, over all its sites: the licences that it signed say
//! how many, and on what terms.

use mlicense_core::{
    document::{License, RequestKind},
    error::ErrorKind,
    id::{CustomerId, ProductId},
    seat::Limits,
};
use mlicense_ledger::{SeatLedger, SiteSeats};
use serde_json::json;

use super::support::{DAY, Place, Shop, allocate, asking_from, noon, on_every_store, request};

fn seats(place: &Place) -> SeatLedger {
    SeatLedger::open(place.of_seats()).unwrap()
}

/// The seats of customer `c1` under a licence, as the vendor opens them for each call of a site.
fn at_vendor(place: &Place, license: &License) -> SiteSeats {
    let product: ProductId = license.claims().product.clone();
    let limits = Limits::of_license(license, &product, noon(DAY));
    seats(place).customer(&"c1".parse().unwrap(), &product, limits)
}

fn answered(shop: &Shop<'_>, request: &str) -> License {
    let customer: CustomerId = "c1".parse().unwrap();
    shop.answered(Some(&customer), request).license().unwrap().clone()
}

#[test]
fn sites_of_a_customer_share_the_seats_of_its_licence_at_the_vendor() {
    on_every_store(|place| {
        let shop = Shop::new(place);
        let policy = json!({"host_bound": {
            "needs_number": false, "trial_days": 0, "lease_seconds": 60, "release_strict": true,
            "seats": {"base": 2},
        }});
        shop.book.run(DAY, json!({"publish_policy": {"product": "journal", "policy": policy}}));
        let contents = json!([{"license_type": "base", "kind": "host", "quantity": 1}]);
        let stock = json!({"customer": "c1", "product": "journal", "contents": contents,
            "source": "purchase"});
        shop.book.run(DAY, json!({"stock_licenses": stock}));
        let refresh = asking_from((1, 1), (RequestKind::Refresh, DAY), |_| {});
        let license = answered(&shop, &refresh);
        assert!(license.claims().installation.is_some() && license.claims().host.is_some());

        let (hamburg, lyon) = (at_vendor(place, &license), at_vendor(place, &license));
        let captured = hamburg.capture("base", "hamburg 1").unwrap();
        let lease = captured.kept.until.unwrap();
        lyon.capture("base", "lyon 1").unwrap();
        let refused = lyon.capture("base", "lyon 2").unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::NoFreeLicense);
        assert_eq!(lyon.sessions().unwrap().len(), 2);
        // The lease of the policy, and not the usual one.
        assert_eq!(lyon.sessions().unwrap()[0].lease_seconds(), Some(60));
        assert!(hamburg.keep_alive(&captured.session).unwrap().until.unwrap() >= lease);
        hamburg.end(&captured.session).unwrap();
        assert_eq!(hamburg.end(&captured.session).unwrap_err().kind(), ErrorKind::SessionUnknown);
        lyon.capture("base", "lyon 2").unwrap();

        let over = Limits::of_license(&license, &license.claims().product, noon("2020-01-01"));
        let site = seats(place).customer(&"c1".parse().unwrap(), &license.claims().product, over);
        assert_eq!(site.capture("base", "").unwrap_err().kind(), ErrorKind::NotLicensed);
    });
}

#[test]
fn the_pool_of_an_agreement_is_the_quota_of_all_its_systems() {
    on_every_store(|place| {
        let shop = Shop::new(place);
        shop.book.run("2026-03-10", allocate(10));
        let licenses = ["s1", "s2"].map(|system| answered(&shop, &request(system, noon(DAY))));
        let sites = licenses.map(|license| at_vendor(place, &license));
        let free = |site: &SiteSeats| json!(site.available("camera").unwrap());
        assert_eq!(free(&sites[0]), json!({"seats": 10}));
        for n in 0..5 {
            sites[n % 2].capture("camera", "").unwrap();
        }
        assert_eq!((free(&sites[0]), free(&sites[1])), (json!({"seats": 5}), json!({"seats": 5})));
    });
}
