//! Terms of accounts and what they cost: begun, changed, renewed, invoiced.

use mlicense_core::error::ErrorKind;
use serde_json::{Value, json};

use super::support::{
    cloud::{Cloud, DAY, register, report},
    on_every_store,
};

fn change(term: u16) -> Value {
    json!({"change_term": {"customer": "site", "product": "cloud", "term": term}})
}

fn renew() -> Value {
    json!({"renew_term": {"customer": "site", "product": "cloud"}})
}

fn plan(device: &str, plan: &str) -> Value {
    json!({"change_plan": {"customer": "site", "device": device, "plan": plan}})
}

fn replace(device: &str, by: &str, description: Value) -> Value {
    json!({"replace_device":
        {"customer": "site", "device": device, "by": by, "description": description}})
}

fn delete(device: &str) -> Value {
    json!({"delete_device": {"customer": "site", "device": device}})
}

/// First and last day of the current period, as `[start, end)`, and its term in months.
fn period(cloud: &Cloud<'_>, day: &str) -> (String, u64) {
    let period = cloud.term(day)["period"].clone();
    let day = |name: &str| period[name].as_str().unwrap_or("none").to_owned();
    (format!("[{}, {})", day("start"), day("end")), period["term"].as_u64().unwrap_or(0))
}

/// The lines of an invoice: day, reason, device and amount.
fn lines(invoice: &Value) -> Vec<(String, String, String, i64)> {
    let lines = invoice["lines"].as_array().unwrap_or_else(|| panic!("{invoice}")).iter();
    let text = |line: &Value, name: &str| line[name].as_str().unwrap().to_owned();
    let line = |line: &Value| {
        let [on, kind, device] = ["on", "kind", "device"].map(|name| text(line, name));
        (on, kind, device, line["amount"].as_i64().unwrap())
    };
    lines.map(line).collect()
}

fn line(on: &str, kind: &str, device: &str, amount: i64) -> (String, String, String, i64) {
    (on.to_owned(), kind.to_owned(), device.to_owned(), amount)
}

/// The state of a device of account `site`.
fn device(cloud: &Cloud<'_>, device: &str) -> Value {
    let devices = cloud.book.ask(DAY, json!({"devices": {"customer": "site"}}));
    devices["devices"][device].clone()
}

#[test]
fn s_st_08_the_reference_stands_on_invoices() {
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        cloud.enroll("2026-03-10", "d1", "basic");
        let invoice = cloud.invoice("2026-03-20");
        assert_eq!(invoice["reference"], "B-17");
        assert_eq!(
            (&invoice["from"], &invoice["dated"]),
            (&json!("2026-02-16"), &json!("2026-03-16"))
        );
        let changes = json!({"client": {"reference": "B-18"}});
        cloud.run(DAY, json!({"edit_account": {"customer": "site", "changes": changes}}));
        assert_eq!(cloud.invoice("2026-04-20")["reference"], "B-18");
    });
}

#[test]
fn s_st_09_s_st_12_s_st_16_the_term_is_free_while_no_device_works() {
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        let expect = |term: u16| {
            let shown = cloud.term(DAY);
            let told = [&shown["term"], &shown["renewal_term"], &shown["pending"]];
            assert_eq!(told, [&json!(term), &json!(term), &Value::Null]);
            assert_eq!((&shown["started"], &shown["period"]), (&Value::Null, &Value::Null));
        };
        expect(12);
        cloud.run(DAY, change(1));
        expect(1);
        cloud.register(DAY, "d1", json!({"plan": "basic"}));
        for (state, term) in
            [("waiting_for_connection", 12), ("registering", 1), ("incomplete", 12)]
        {
            cloud.report(DAY, "d1", &[state]);
            cloud.run(DAY, change(term));
            expect(term);
        }
        let refused = cloud.book.refused_as(&cloud.ingo, DAY, change(6));
        assert_eq!(refused, ErrorKind::TermNotOffered);
        cloud.report("2026-03-10", "d1", &["enrolled"]);
        assert_eq!(period(&cloud, "2026-03-10"), ("[2026-03-10, 2027-03-10)".to_owned(), 12));
    });
    // Without a term the usual one of the policy holds.
    on_every_store(|place| {
        let cloud = Cloud::new(place);
        let mut pages = super::support::cloud::pages("adam");
        pages["client"].as_object_mut().unwrap().remove("term");
        cloud.run(DAY, super::support::cloud::create("site", pages));
        assert_eq!(
            (&cloud.term(DAY)["term"], &cloud.term(DAY)["renewal_term"]),
            (&json!(12), &json!(12))
        );
    });
}

#[test]
fn s_st_10_s_st_11_from_year_to_month_the_year_is_lived_out() {
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        cloud.enroll("2026-03-10", "d1", "basic");
        cloud.run("2026-06-01", change(1));
        for day in ["2026-06-01", "2027-03-09"] {
            let term = cloud.term(day);
            assert_eq!(term["pending"], json!({"term": 1, "from": "2027-03-10"}), "{day}");
            assert_eq!((&term["term"], &term["renewal_term"]), (&json!(12), &json!(1)));
            assert_eq!(period(&cloud, day), ("[2026-03-10, 2027-03-10)".to_owned(), 12));
        }
        assert_eq!(period(&cloud, "2027-03-10"), ("[2027-03-10, 2027-04-10)".to_owned(), 1));
        assert_eq!(cloud.term("2027-03-10")["pending"], Value::Null);
        assert_eq!(period(&cloud, "2027-05-09"), ("[2027-04-10, 2027-05-10)".to_owned(), 1));

        let costs = |month: &str| cloud.invoice(month)["total"].as_i64().unwrap();
        assert_eq!(costs("2026-03-01"), 10_000);
        for month in ["2026-04-01", "2026-07-01", "2026-12-01", "2027-02-01"] {
            assert_eq!(costs(month), 0, "{month}");
        }
        for month in ["2027-03-01", "2027-04-01", "2028-02-01"] {
            assert_eq!(costs(month), 1_000, "{month}");
        }
        // And back to a year, from the next month on.
        cloud.run("2027-06-20", change(12));
        assert_eq!(period(&cloud, "2027-07-09"), ("[2027-06-10, 2027-07-10)".to_owned(), 1));
        assert_eq!(period(&cloud, "2027-07-10"), ("[2027-07-10, 2028-07-10)".to_owned(), 12));
        assert_eq!((costs("2027-07-01"), costs("2027-08-01")), (10_000, 0));
    });
}

#[test]
fn s_st_13_the_first_device_that_works_starts_the_term() {
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        cloud.register("2026-03-05", "d1", json!({"plan": "basic"}));
        cloud.report("2026-03-06", "d1", &["waiting_for_connection", "registering"]);
        assert_eq!(cloud.term("2026-03-09")["started"], Value::Null);
        cloud.report("2026-03-10", "d1", &["enrolled"]);
        cloud.enroll("2026-05-01", "d2", "basic");
        cloud.report("2026-06-01", "d1", &["updating", "enrolled", "incomplete", "enrolled"]);
        let term = cloud.term("2026-06-01");
        assert_eq!((&term["started"], &term["devices"]), (&json!("2026-03-10"), &json!(2)));
        assert_eq!(period(&cloud, "2026-06-01"), ("[2026-03-10, 2027-03-10)".to_owned(), 12));
    });
    // The day is one of the customer's zone.
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        cloud.register(DAY, "d1", json!({"plan": "basic"}));
        cloud.report(DAY, "d1", &["waiting_for_connection", "registering"]);
        let command = super::support::envelope("late", report("d1", "enrolled"));
        let late = "2026-03-10T23:30:00Z".parse().unwrap();
        cloud.book.ledger.execute(&command, late).unwrap();
        assert_eq!(cloud.term("2026-04-01")["started"], "2026-03-11", "in Berlin");
    });
}

#[test]
fn s_st_14_deleting_all_devices_does_not_free_the_term() {
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        cloud.enroll("2026-03-10", "d1", "basic");
        cloud.remove("2026-04-01", "d1");
        assert_eq!(cloud.term("2026-04-02")["devices"], 0);
        cloud.run("2026-04-02", change(1));
        let term = cloud.term("2026-04-02");
        assert_eq!((&term["term"], &term["pending"]["from"]), (&json!(12), &json!("2027-03-10")));
        assert_eq!(term["started"], "2026-03-10");
        // Nor does a new device begin another.
        cloud.enroll("2026-05-01", "d2", "basic");
        assert_eq!(period(&cloud, "2026-05-01"), ("[2026-03-10, 2027-03-10)".to_owned(), 12));
    });
}

#[test]
fn s_st_15_a_pending_term_is_replaced_or_taken_back_until_the_period_ends() {
    on_every_store(|place| {
        let prices = json!([{"term": 12, "amount": 10_000}, {"term": 6, "amount": 6_000},
            {"term": 1, "amount": 1_000}]);
        let settings = json!({"terms": [12, 6, 1], "plans": {"basic": {"prices": prices}}});
        let cloud = Cloud::under(place, settings);
        cloud.open("site");
        cloud.enroll("2026-03-10", "d1", "basic");
        let pending = |day: &str| cloud.term(day)["pending"]["term"].clone();
        cloud.run("2026-06-01", change(1));
        cloud.run("2026-07-01", change(6));
        assert_eq!(pending("2026-07-01"), 6);
        cloud.run("2026-08-01", change(12));
        assert_eq!(pending("2026-08-01"), Value::Null, "taken back");
        cloud.run("2027-03-09", change(1));
        cloud.run("2027-03-09", change(6));
        assert_eq!(pending("2027-03-09"), 6);
        assert_eq!(period(&cloud, "2027-03-10"), ("[2027-03-10, 2027-09-10)".to_owned(), 6));
        cloud.run("2027-03-10", change(12));
        assert_eq!(period(&cloud, "2027-03-10"), ("[2027-03-10, 2027-09-10)".to_owned(), 6));
        assert_eq!(period(&cloud, "2027-09-10"), ("[2027-09-10, 2028-09-10)".to_owned(), 12));
    });
}

#[test]
fn terms_are_laid_from_their_first_day_whatever_the_month() {
    let walk = |first: &str, term: u16, expected: &[&str]| {
        on_every_store(|place| {
            let cloud = Cloud::with_site(place);
            cloud.run(DAY, change(term));
            cloud.enroll(first, "d1", "basic");
            let mut day = first.to_owned();
            for expected in expected {
                let (shown, _) = period(&cloud, &day);
                assert_eq!(shown, *expected);
                let last: mlicense_core::time::Day = shown.get(13..23).unwrap().parse().unwrap();
                let eve = last.minus_days(1).unwrap().to_string();
                assert_eq!(period(&cloud, &eve).0, *expected);
                day = last.to_string();
            }
        });
    };
    walk(
        "2028-02-29",
        12,
        &[
            "[2028-02-29, 2029-02-28)",
            "[2029-02-28, 2030-02-28)",
            "[2030-02-28, 2031-02-28)",
            "[2031-02-28, 2032-02-29)",
            "[2032-02-29, 2033-02-28)",
        ],
    );
    walk(
        "2027-01-31",
        1,
        &[
            "[2027-01-31, 2027-02-28)",
            "[2027-02-28, 2027-03-31)",
            "[2027-03-31, 2027-04-30)",
            "[2027-04-30, 2027-05-31)",
        ],
    );
    walk("2028-01-30", 1, &["[2028-01-30, 2028-02-29)", "[2028-02-29, 2028-03-30)"]);
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        cloud.enroll("2028-02-29", "d1", "basic");
        cloud.run("2028-03-01", change(1));
        assert_eq!(period(&cloud, "2029-02-28"), ("[2029-02-28, 2029-03-29)".to_owned(), 1));
        cloud.run("2029-03-01", change(12));
        assert_eq!(period(&cloud, "2029-03-29"), ("[2029-03-29, 2030-03-29)".to_owned(), 12));
    });
}

#[test]
fn without_automatic_renewal_a_term_ends_and_is_renewed_by_command() {
    on_every_store(|place| {
        let cloud = Cloud::under(place, json!({"automatic_renewal": false}));
        cloud.open("site");
        let refused = || cloud.book.refused_as(&cloud.ingo, DAY, renew());
        assert_eq!(refused(), ErrorKind::AccountStateForbids, "it has not begun");
        cloud.enroll("2026-03-10", "d1", "basic");
        cloud.run("2027-02-01", renew());
        assert_eq!(period(&cloud, "2027-03-10"), ("[2027-03-10, 2028-03-10)".to_owned(), 12));
        assert_eq!(cloud.invoice("2027-03-01")["total"], 10_000);

        // What is paid for stays; the new term begins after it.
        cloud.run("2027-04-01", renew());
        cloud.run("2027-04-01", change(1));
        assert_eq!(cloud.term("2027-04-01")["pending"]["from"], "2029-03-10");
        cloud.run("2028-12-01", renew());
        assert_eq!(period(&cloud, "2028-03-10"), ("[2028-03-10, 2029-03-10)".to_owned(), 12));
        assert_eq!(period(&cloud, "2029-03-10"), ("[2029-03-10, 2029-04-10)".to_owned(), 1));

        // After the end nothing runs and nothing is charged, until it is renewed from a day on.
        assert_eq!(period(&cloud, "2029-04-10").1, 0);
        cloud.enroll("2029-05-01", "d2", "basic");
        cloud.run("2029-06-01", change(12));
        let idle = cloud.term("2029-06-01");
        assert_eq!((&idle["pending"], &idle["term"]), (&Value::Null, &json!(12)));
        let before: Vec<Value> =
            ["2029-04-01", "2029-05-01", "2029-06-01"].map(|month| cloud.invoice(month)).into();
        cloud.run("2029-06-20", renew());
        assert_eq!(period(&cloud, "2029-06-20"), ("[2029-06-20, 2030-06-20)".to_owned(), 12));
        assert_eq!(period(&cloud, "2029-06-19").1, 0);
        let after: Vec<Value> =
            ["2029-04-01", "2029-05-01", "2029-06-01"].map(|month| cloud.invoice(month)).into();
        assert_eq!(before, after, "invoices that were made stay as they are");
        let first = [
            line("2029-06-20", "period", "d1", 10_000),
            line("2029-06-20", "period", "d2", 10_000),
        ];
        assert_eq!(lines(&cloud.invoice("2029-07-01")), first);
        assert_eq!(cloud.term("2029-06-20")["started"], "2026-03-10");
    });
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        cloud.enroll(DAY, "d1", "basic");
        let refused = cloud.book.refused_as(&cloud.ingo, DAY, renew());
        assert_eq!(refused, ErrorKind::AccountStateForbids, "it renews by itself");
    });
}

#[test]
fn what_goes_on_the_day_of_a_new_beginning_costs_nothing_in_it() {
    on_every_store(|place| {
        let cloud = Cloud::under(place, json!({"automatic_renewal": false}));
        cloud.open("site");
        for device in ["stays", "goes", "changes", "late", "old"] {
            cloud.enroll("2026-03-10", device, "plus");
        }
        let day = "2027-06-01";
        cloud.run(day, delete("goes"));
        cloud.run(day, plan("changes", "basic"));
        cloud.run(day, replace("old", "new", json!({})));
        cloud.run(day, renew());
        cloud.run(day, delete("late"));
        let first = [
            line(day, "period", "changes", 10_000),
            line(day, "period", "late", 20_000),
            line(day, "period", "new", 20_000),
            line(day, "period", "stays", 20_000),
        ];
        assert_eq!(lines(&cloud.invoice("2027-06-01")), first);
    });
}

#[test]
fn s_st_32_suspension_stops_no_billing() {
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        cloud.enroll("2026-03-10", "d1", "basic");
        let months = ["2026-03-01", "2026-12-01", "2027-03-01"];
        let invoices = || months.map(|month| cloud.invoice(month));
        let before = invoices();
        cloud.run("2026-04-01", json!({"suspend_account": {"customer": "site"}}));
        assert_eq!(before, invoices());
        assert_eq!(before.map(|invoice| invoice["total"].clone()), [10_000, 0, 10_000]);
        // A device that was on its way is billed from the day on which it works.
        cloud.run("2026-04-01", json!({"restore_account": {"customer": "site"}}));
        cloud.register("2026-04-01", "d2", json!({"plan": "basic"}));
        cloud.run("2026-04-01", json!({"suspend_account": {"customer": "site"}}));
        cloud.report("2026-11-30", "d2", &["waiting_for_connection", "registering", "enrolled"]);
        assert_eq!(cloud.invoice("2026-12-01")["total"], 2_740);
    });
}

#[test]
fn s_st_43_a_step_of_a_device_that_is_not_in_the_table_is_refused() {
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        cloud.register(DAY, "d1", json!({"plan": "basic"}));
        let refused = |state: &str| cloud.book.refused(DAY, report("d1", state));
        for state in ["registering", "enrolled", "incomplete", "rebooting", "deleted"] {
            assert_eq!(refused(state), ErrorKind::DeviceStateForbids, "{state}");
        }
        let way = [
            "waiting_for_connection",
            "registering",
            "incomplete",
            "enrolled",
            "updating",
            "enrolled",
            "rebooting",
            "enrolled",
            "formatting",
            "enrolled",
            "deleting",
            "deleting_video",
        ];
        for state in way {
            cloud.report(DAY, "d1", &[state]);
            assert_eq!(device(&cloud, "d1")["state"], state);
        }
        assert_eq!(refused("enrolled"), ErrorKind::DeviceStateForbids);
        cloud.report(DAY, "d1", &["deleted"]);
        assert_eq!(device(&cloud, "d1"), Value::Null);
        assert_eq!(refused("enrolled"), ErrorKind::DeviceNotRegistered);
        let forbidden = cloud.book.refused_as(&cloud.boss, DAY, report("d1", "enrolled"));
        assert_eq!(forbidden, ErrorKind::Forbidden, "only the vendor's program knows");
    });
}

#[test]
fn s_st_44_s_st_45_a_wrong_serial_or_owner_key_leaves_a_device_that_can_only_be_deleted() {
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        for problem in ["wrong_serial", "wrong_owner_key"] {
            cloud.register(DAY, "d1", json!({"plan": "basic", "serial": "S-1"}));
            let mut fails = report("d1", "error");
            assert_eq!(
                cloud.book.refused(DAY, fails.clone()),
                ErrorKind::DeviceStateForbids,
                "an error has a reason"
            );
            fails["report_device"]["problem"] = json!(problem);
            cloud.book.run(DAY, fails);
            assert_eq!(device(&cloud, "d1")["state"], "error");
            let description = json!({"plan": "basic", "serial": "S-2"});
            let commands = [
                json!({"edit_device":
                    {"customer": "site", "device": "d1", "description": description}}),
                plan("d1", "plus"),
                replace("d1", "d2", json!({})),
                json!({"reboot_device": {"customer": "site", "device": "d1"}}),
            ];
            for command in commands {
                let shown = command.to_string();
                let refused = cloud.book.refused_as(&cloud.ingo, DAY, command);
                assert_eq!(refused, ErrorKind::DeviceStateForbids, "{shown}");
            }
            let refused = cloud.book.refused(DAY, report("d1", "enrolled"));
            assert_eq!(refused, ErrorKind::DeviceStateForbids);
            assert_eq!(cloud.term(DAY)["started"], Value::Null);
            cloud.remove(DAY, "d1");
        }
    });
}

#[test]
fn s_st_46_the_kind_of_the_customer_limits_its_devices() {
    on_every_store(|place| {
        let cloud = Cloud::under(place, json!({"device_limit": 2}));
        cloud.open("site");
        cloud.enroll(DAY, "d1", "basic");
        cloud.register(DAY, "d2", json!({"plan": "basic"}));
        let third = || register("d3", json!({"plan": "basic"}));
        let refused = cloud.book.refused_as(&cloud.ingo, DAY, third());
        assert_eq!((refused, refused.name()), (ErrorKind::CameraLimit, "CAMERA_LIMIT"));
        assert_eq!(
            (&cloud.term(DAY)["devices"], &cloud.term(DAY)["device_limit"]),
            (&json!(2), &json!(2))
        );
        // A replacement is none more, and what is being deleted counts no longer.
        cloud.run(DAY, replace("d1", "d1b", json!({})));
        assert_eq!(cloud.book.refused_as(&cloud.ingo, DAY, third()), ErrorKind::CameraLimit);
        cloud.run(DAY, delete("d2"));
        cloud.run(DAY, third());
    });
}

#[test]
fn s_st_47_a_replacement_keeps_name_plan_and_quality_and_costs_nothing() {
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        let told = json!({"label": "Door", "plan": "plus", "quality": "high",
            "manufacturer": "A", "serial": "S-1"});
        cloud.register("2026-03-10", "d1", told);
        cloud.report("2026-03-10", "d1", &["waiting_for_connection", "registering", "enrolled"]);
        let march = cloud.invoice("2026-03-01");
        cloud.run("2026-06-01", replace("d1", "d2", json!({"manufacturer": "B", "serial": "S-2"})));
        assert_eq!(device(&cloud, "d1")["state"], "deleting");
        let description = json!({"label": "Door", "plan": "plus", "quality": "high",
            "manufacturer": "B", "serial": "S-2"});
        let new = device(&cloud, "d2");
        assert_eq!(new["state"], "creating");
        for (field, value) in description.as_object().unwrap() {
            assert_eq!(new[field], *value, "{field}");
        }
        cloud.report("2026-06-02", "d2", &["waiting_for_connection", "registering", "enrolled"]);
        cloud.report("2026-06-02", "d1", &["deleting_video", "deleted"]);
        for month in ["2026-06-01", "2026-07-01"] {
            assert_eq!(
                (cloud.invoice(month)["total"].clone(), lines(&cloud.invoice(month))),
                (json!(0), Vec::new())
            );
        }
        assert_eq!(march, cloud.invoice("2026-03-01"), "what was invoiced keeps its name");
        let next = line("2027-03-10", "period", "d2", 20_000);
        assert_eq!(lines(&cloud.invoice("2027-03-01")), [next]);
        // A plan that the old one left the new one cannot take either.
        cloud.run("2027-04-01", plan("d2", "basic"));
        let refused = cloud.book.refused_as(&cloud.ingo, "2027-04-01", plan("d2", "plus"));
        assert_eq!(refused, ErrorKind::PlanLeft);

        cloud.register("2027-04-01", "e1", json!({"plan": "basic", "channels": 4}));
        let refused =
            cloud.book.refused_as(&cloud.ingo, "2027-04-01", replace("e1", "e2", json!({})));
        assert_eq!(refused, ErrorKind::DeviceNotReplaceable);
        let by_encoder = replace("d2", "e2", json!({"channels": 4}));
        let refused = cloud.book.refused_as(&cloud.ingo, "2027-04-01", by_encoder);
        assert_eq!(refused, ErrorKind::DeviceNotReplaceable);
    });
}

#[test]
fn s_st_48_an_encoder_is_billed_by_its_channels() {
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        cloud.enroll("2026-03-10", "d1", "basic");
        cloud.register("2026-11-30", "e1", json!({"plan": "basic", "channels": 4}));
        cloud.report("2026-11-30", "e1", &["waiting_for_connection", "registering", "enrolled"]);
        // Each channel costs 100.00 × 100 / 365 = 27.40.
        let first = line("2026-11-30", "addition", "e1", 4 * 2_740);
        assert_eq!(lines(&cloud.invoice("2026-12-01")), [first]);
        assert_eq!(cloud.invoice("2026-12-01")["lines"][0]["units"], 4);
        assert_eq!(cloud.invoice("2027-03-01")["total"], 10_000 + 4 * 10_000);
    });
}

#[test]
fn s_st_49_at_the_end_of_a_term_the_next_begins_by_itself() {
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        cloud.enroll("2026-03-10", "d1", "basic");
        let before = place.everything();
        for (day, expected) in [
            ("2027-03-09", "[2026-03-10, 2027-03-10)"),
            ("2027-03-10", "[2027-03-10, 2028-03-10)"),
            ("2036-03-10", "[2036-03-10, 2037-03-10)"),
        ] {
            assert_eq!(period(&cloud, day), (expected.to_owned(), 12));
        }
        for year in 2026..2036 {
            let invoice = cloud.invoice(&format!("{year}-03-01"));
            let first = line(&format!("{year}-03-10"), "period", "d1", 10_000);
            assert_eq!(lines(&invoice), [first]);
        }
        assert_eq!(before, place.everything());
    });
}

#[test]
fn s_st_50_to_cancel_is_to_delete_the_device_in_time_and_nothing_is_refunded() {
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        for device in ["in-time", "early", "late", "stays"] {
            cloud.enroll("2026-03-10", device, "basic");
        }
        let year = |year: u32| -> Vec<_> {
            let months = (4..=12).map(|month| (year, month));
            let months = months.chain((1..=3).map(|month| (year + 1, month)));
            let invoices =
                months.map(|(year, month)| cloud.invoice(&format!("{year}-{month:02}-01")));
            invoices.flat_map(|invoice| lines(&invoice)).collect()
        };
        cloud.remove("2026-04-01", "early");
        cloud.remove("2027-03-09", "in-time");
        cloud.remove("2027-03-10", "late");
        let charged = [
            line("2027-03-10", "period", "late", 10_000),
            line("2027-03-10", "period", "stays", 10_000),
        ];
        assert_eq!(year(2026), charged, "no credit, and the last day in time is the last");
        assert_eq!(year(2027), [line("2028-03-10", "period", "stays", 10_000)]);
        assert_eq!(cloud.invoice("2026-03-01")["total"], 40_000);
    });
}

#[test]
fn s_st_51_what_is_added_is_billed_for_the_days_left() {
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        cloud.enroll("2026-03-10", "d1", "basic");
        // 100.00 × 100 / 365 = 27.397…, 100.00 × 1 / 365 = 0.273…, 100.00 × 364 / 365 = 99.726….
        for (day, device, month, amount) in [
            ("2026-03-11", "d4", "2026-03-01", 9_973),
            ("2026-11-30", "d2", "2026-12-01", 2_740),
            ("2027-03-09", "d3", "2027-03-01", 27),
        ] {
            cloud.enroll(day, device, "basic");
            let invoice = cloud.invoice(month);
            assert!(lines(&invoice).contains(&line(day, "addition", device, amount)), "{invoice}");
        }
        assert_eq!(cloud.invoice("2026-12-01")["lines"][0]["until"], "2027-03-10");
    });
    // A month has the days it has: 10.00 × 14 / 31 = 4.516… from 2026-03-27 to 2026-04-10.
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        cloud.run(DAY, change(1));
        cloud.enroll("2026-03-10", "d1", "basic");
        cloud.enroll("2026-03-27", "d2", "basic");
        let added = line("2026-03-27", "addition", "d2", 452);
        let april = [
            added,
            line("2026-04-10", "period", "d1", 1_000),
            line("2026-04-10", "period", "d2", 1_000),
        ];
        assert_eq!(lines(&cloud.invoice("2026-04-01")), april);
    });
}

#[test]
fn a_year_of_366_days_is_365_or_what_it_has() {
    // From 2027-03-10 to 2028-03-10 there are 366 days. 100.00 × 366 / 365 is never asked for;
    // with 183 days left: 50.136… by 365, 50.00 by 366.
    for (basis, second_day, half) in [("fixed365", 10_000, 5_014), ("actual", 9_973, 5_000)] {
        on_every_store(|place| {
            let cloud = Cloud::under(place, json!({"prorata_basis": basis}));
            cloud.open("site");
            cloud.enroll("2027-03-10", "d1", "basic");
            cloud.enroll("2027-03-11", "d2", "basic");
            cloud.enroll("2027-09-09", "d3", "basic");
            let march = lines(&cloud.invoice("2027-03-01"));
            assert_eq!(march[1], line("2027-03-11", "addition", "d2", second_day), "{basis}");
            let september = lines(&cloud.invoice("2027-09-01"));
            assert_eq!(september, [line("2027-09-09", "addition", "d3", half)], "{basis}");
        });
    }
}

#[test]
fn s_st_52_a_better_plan_is_billed_for_the_difference() {
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        cloud.enroll("2026-03-10", "d1", "basic");
        cloud.run("2026-09-01", plan("d1", "plus"));
        assert_eq!(device(&cloud, "d1")["plan"], "plus");
        // (200.00 − 100.00) × 190 / 365 = 52.054….
        let upgrade = line("2026-09-01", "upgrade", "d1", 5_205);
        assert_eq!(lines(&cloud.invoice("2026-09-01")), [upgrade]);
        assert_eq!(cloud.invoice("2027-03-01")["total"], 20_000);
        // A cheaper one gives nothing back and holds from the next period on.
        cloud.enroll("2026-10-01", "d2", "plus");
        cloud.run("2026-11-20", plan("d2", "basic"));
        assert_eq!(lines(&cloud.invoice("2026-12-01")), []);
        assert_eq!(cloud.invoice("2027-03-01")["total"], 20_000 + 10_000);
        let unknown = cloud.book.refused_as(&cloud.ingo, "2026-12-01", plan("d2", "best"));
        assert_eq!(unknown, ErrorKind::PlanUnknown);
    });
}

#[test]
fn s_st_52_a_plan_is_changed_of_a_device_that_works_in_an_active_account() {
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        cloud.register(DAY, "d1", json!({"plan": "basic"}));
        let refused = || cloud.book.refused_as(&cloud.ingo, DAY, plan("d1", "plus"));
        assert_eq!(refused(), ErrorKind::DeviceStateForbids);
        cloud.report(DAY, "d1", &["waiting_for_connection", "registering", "enrolled"]);
        cloud.run(DAY, json!({"suspend_account": {"customer": "site"}}));
        assert_eq!(refused(), ErrorKind::AccountStateForbids);
        cloud.run(DAY, json!({"restore_account": {"customer": "site"}}));
        cloud.run(DAY, plan("d1", "plus"));
        let without = register("d2", json!({}));
        assert_eq!(cloud.book.refused_as(&cloud.ingo, DAY, without), ErrorKind::FieldMissing);
        let unknown = register("d2", json!({"plan": "best"}));
        assert_eq!(cloud.book.refused_as(&cloud.ingo, DAY, unknown), ErrorKind::PlanUnknown);
    });
}

#[test]
fn s_st_53_a_new_customer_is_billed_only_after_activation() {
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        let none = |month: &str| assert_eq!(cloud.invoice(month), Value::Null, "{month}");
        none("2026-03-01");
        cloud.register("2026-03-10", "d1", json!({"plan": "basic"}));
        cloud.report("2026-03-10", "d1", &["waiting_for_connection", "registering", "incomplete"]);
        none("2026-04-01");
        cloud.report("2026-05-15", "d1", &["enrolled"]);
        none("2026-04-01");
        none("2026-05-01");
        assert_eq!(cloud.invoice("2026-06-01")["total"], 10_000, "the next invoice");
        let of = json!({"customer": "nobody", "product": "cloud", "month": "2026-03-01"});
        let unknown = cloud.book.unanswered(DAY, json!({"invoice": of}));
        assert_eq!(unknown, ErrorKind::CustomerUnknown);
    });
}

#[test]
fn s_st_54_a_plan_that_was_left_cannot_be_taken_again() {
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        cloud.enroll("2026-03-10", "d1", "basic");
        cloud.run("2026-04-01", plan("d1", "plus"));
        for day in ["2026-04-01", "2027-04-01"] {
            let refused = cloud.book.refused_as(&cloud.ingo, day, plan("d1", "basic"));
            assert_eq!(refused, ErrorKind::PlanLeft);
        }
        cloud.run("2026-04-02", plan("d1", "plus"));
        // An edit is no way around it.
        let edit = json!({"customer": "site", "device": "d1", "description": {"plan": "basic"}});
        let refused =
            cloud.book.refused_as(&cloud.ingo, "2026-04-02", json!({"edit_device": edit}));
        assert_eq!(refused, ErrorKind::DeviceStateForbids);
    });
}

#[test]
fn invoices_are_dated_on_the_closest_working_day_and_miss_nothing() {
    on_every_store(|place| {
        let cloud = Cloud::with_site(place);
        cloud.run(DAY, change(1));
        cloud.enroll("2026-03-10", "d1", "basic");
        // Saturday, Sunday, Saturday, Sunday, Tuesday, Thursday.
        for (month, dated) in [
            ("2026-08-31", "2026-08-14"),
            ("2026-11-01", "2026-11-16"),
            ("2027-05-20", "2027-05-14"),
            ("2027-08-01", "2027-08-16"),
            ("2026-12-15", "2026-12-15"),
            ("2026-10-14", "2026-10-15"),
        ] {
            assert_eq!(cloud.invoice(month)["dated"], dated);
        }
        let mut total = 0;
        let mut last: Option<Value> = None;
        for (year, month) in (3..=12).map(|m| (2026, m)).chain((1..=12).map(|m| (2027, m))) {
            let invoice = cloud.invoice(&format!("{year}-{month:02}-20"));
            if let Some(last) = last {
                assert_eq!(invoice["from"], last, "each begins where the one before ended");
            }
            last = Some(invoice["dated"].clone());
            total += invoice["total"].as_i64().unwrap();
        }
        // From 2026-03-10 to 2027-12-15 the month began 22 times.
        assert_eq!(total, 22 * 1_000);
    });
}
