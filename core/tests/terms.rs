//! Every case of `vectors/terms.json` and `vectors/worked.json`, through the same door that C and
//! Python use.
//!
//! The first come from an independent source (calendar arithmetic of another library and rational
//! numbers), the second were worked by hand; C and Python replay the same files.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failing test panics")]

use mlicense_core::{
    calculate::{Calculated, Calculation, calculate},
    error::ErrorKind,
};
use serde_json::{Value, json};

fn cases(kind: &str) -> Vec<Value> {
    let read = |text| {
        let all: Value = serde_json::from_str(text).unwrap();
        all[kind].as_array().unwrap().clone()
    };
    let cases = read(include_str!("vectors/terms.json"));
    assert!(cases.len() > 50, "{kind}");
    [cases, read(include_str!("vectors/worked.json"))].concat()
}

fn run(calculation: &Value) -> Result<Value, ErrorKind> {
    let calculation = Calculation::from_json(calculation.to_string().as_bytes()).unwrap();
    let result: Calculated = calculate(&calculation).map_err(|refusal| refusal.kind())?;
    Ok(serde_json::to_value(result).unwrap())
}

#[test]
fn periods_agree() {
    for case in cases("periods") {
        let given = json!({"period": {
            "anchor": case["anchor"], "term_months": case["term_months"], "index": case["index"],
        }});
        let expect = json!({"period": {
            "start": case["start"], "end": case["end"], "days": case["days"],
        }});
        assert_eq!(run(&given), Ok(expect), "{case}");
    }
}

#[test]
fn compensations_agree() {
    for case in cases("compensation") {
        let steps = case["steps"].as_array().unwrap();
        let given: Vec<Value> = steps
            .iter()
            .map(|step| {
                json!({"quantity": step["quantity"], "joined": step["joined"],
                    "allocated": step["allocated"]})
            })
            .collect();
        let given = json!({"compensation": {
            "start": case["start"], "end": case["end"], "grace_days": case["grace_days"],
            "origin": case["origin"], "carry": case["carry"].as_u64().unwrap_or(0), "steps": given,
        }});
        let result = run(&given).unwrap();
        let result = &result["compensation"];
        assert_eq!(result["ticks_per_license"], case["ticks_per_license"]);
        for (index, step) in steps.iter().enumerate() {
            assert_eq!(result["steps"][index]["credited"], step["credited"], "{case}");
            assert_eq!(result["steps"][index]["carry"], step["carry"], "{case}");
        }
    }
}

#[test]
fn wallets_agree() {
    for case in cases("wallet") {
        let lots = case["lots"].as_array().unwrap();
        let given: Vec<Value> = lots
            .iter()
            .map(|lot| json!({"quantity": lot["quantity"], "stored_on": lot["stored_on"]}))
            .collect();
        let given = json!({"wallet": {
            "lots": given, "storage_years": case["storage_years"], "today": case["today"],
            "quantity": case["quantity"],
        }});
        let result = run(&given);
        let Some(taken) = case["taken"].as_array() else {
            assert_eq!(result, Err(ErrorKind::InsufficientWallet), "{case}");
            continue;
        };
        let result = &result.unwrap()["wallet"];
        let expires: Vec<&Value> = lots.iter().map(|lot| &lot["expires_on"]).collect();
        assert_eq!(result["expires_on"], json!(expires), "{case}");
        let expect: Vec<Value> =
            taken.iter().map(|pair| json!({"lot": pair[0], "quantity": pair[1]})).collect();
        assert_eq!(result["taken"], json!(expect), "{case}");
    }
}

#[test]
fn growth_agrees() {
    for case in cases("growth") {
        let given = json!({"growth": {
            "base": case["base"], "allocated": case["allocated"], "devices": case["devices"],
            "percent": case["percent"],
        }});
        let expect = json!({"growth": {"free": case["free"], "extra_now": case["extra_now"]}});
        assert_eq!(run(&given), Ok(expect), "{case}");
    }
}

#[test]
fn prorata_agrees() {
    for case in cases("prorata") {
        let given = json!({"prorata": {
            "price_cents": case["price_cents"], "days_left": case["days_left"],
            "basis_days": case["basis_days"],
        }});
        assert_eq!(run(&given), Ok(json!({"prorata": {"cents": case["cents"]}})), "{case}");
    }
}
