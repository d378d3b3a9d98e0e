//! Licences that are brought in and taken out again.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failing test panics")]

use std::{fs, path::PathBuf};

use mlicense_cli::{Surroundings, run};
use serde_json::Value;
use tempfile::TempDir;

const NOW: &str = "2026-03-01T09:00:00Z";

/// A folder with the vendor's keys and a ledger with product `vms`, and one without anything sold.
struct Office(TempDir);

impl Office {
    fn new() -> Self {
        let office = Self(tempfile::tempdir().unwrap());
        for key in ["vendor", "daily"] {
            office.done(&["keygen", &office.path(key)]);
        }
        for ledger in ["vendor.ledger", "other.ledger"] {
            let (ledger, root, daily) =
                (office.path(ledger), office.path("vendor.seed"), office.path("daily.seed"));
            let keys = ["--root-key", &root, "--daily-key", &daily];
            office.done(&[&["init", "--ledger", &ledger, "--vendor", "acme"], &keys[..]].concat());
            let product = ["product", "define", "vms", "--name", "VMS", "--type", "camera"];
            let rest = ["--policy", "subscription", "--ledger", &ledger];
            office.done(&[&product[..], &rest].concat());
        }
        office
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    /// Runs a command in JSON at a fixed time.
    fn run(&self, line: &[&str]) -> (u8, Value) {
        let (mut input, mut output, mut errors) = (&b""[..], Vec::new(), Vec::new());
        let surroundings = Surroundings::new(&mut input, &mut output, &mut errors);
        let line = [&["mlicense", "--json", "--now", NOW], line].concat();
        let code = run(line, surroundings);
        let text = String::from_utf8([output, errors].concat()).unwrap();
        (code, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    fn done(&self, line: &[&str]) -> Value {
        let (code, value) = self.run(line);
        assert_eq!(code, 0, "{line:?}: {value}");
        value
    }

    fn import(&self, rows: &str, ledger: &str, more: &[&str]) -> Vec<String> {
        let head = "id,customer,zone,product,license_type,quantity,for,start,system\n";
        let file = self.path("rows.csv");
        fs::write(&file, format!("{head}{rows}")).unwrap();
        let ledger = self.path(ledger);
        let line = [&["import", "csv", &file, "--ledger", &ledger], more].concat();
        let (_, report) = self.run(&line);
        let result = |row: &Value| row["result"].as_str().unwrap().to_owned();
        report.as_array().unwrap().iter().map(result).collect()
    }

    /// All of a ledger, in a form that can be compared.
    fn whole(&self, ledger: &str, to: &str) -> String {
        self.done(&["export", "ledger", &self.path(to), "--ledger", &self.path(ledger)]);
        fs::read_to_string(self.path(to)).unwrap()
    }
}

const YEARS: &str = "inv-1,nordic,Europe/Oslo,vms,camera,12,12,2024-04-01,oslo\n\
    inv-2,nordic,Europe/Oslo,vms,camera,15,12,2025-04-01,oslo\n";

#[test]
fn a_dry_run_tells_what_comes_and_changes_nothing() {
    let office = Office::new();
    let before = office.whole("vendor.ledger", "before.jsonl");
    assert_eq!(office.import(YEARS, "vendor.ledger", &["--dry-run"]), ["done", "done"]);
    assert_eq!(office.whole("vendor.ledger", "after.jsonl"), before);
    assert_eq!(office.import(YEARS, "vendor.ledger", &[]), ["done", "done"]);
}

#[test]
fn the_same_rows_again_and_more_of_them_are_done_once() {
    let office = Office::new();
    let (first, _) = YEARS.split_once('\n').unwrap();
    assert_eq!(office.import(&format!("{first}\n"), "vendor.ledger", &[]), ["done"]);
    let before = office.whole("vendor.ledger", "before.jsonl");
    assert_eq!(office.import(&format!("{first}\n"), "vendor.ledger", &[]), ["done_before"]);
    assert_eq!(office.whole("vendor.ledger", "after.jsonl"), before);
    assert_eq!(office.import(YEARS, "vendor.ledger", &[]), ["done_before", "done"]);
    let need = ["customer", "show", "nordic", "--ledger", &office.path("vendor.ledger")];
    let shown = office.done(&need);
    let product = &shown["overview"]["products"]["vms"];
    assert_eq!(
        (&product["end"], &product["allocated"]["camera"]),
        (&"2026-04-01".into(), &15.into())
    );
}

#[test]
fn a_purchase_that_is_refused_stops_no_other() {
    let office = Office::new();
    let rows = "a,nordic,Europe/Oslo,vms,gate,1,12,2025-04-01,\n\
        b,nordic,Europe/Oslo,vms,camera,2,12,2027-04-01,\n\
        c,nordic,Europe/Oslo,vms,camera,3,12,2025-04-01,\n";
    assert_eq!(office.import(rows, "vendor.ledger", &[]), ["refused", "refused", "done"]);
}

#[test]
fn rows_that_were_mended_are_done_when_they_come_again() {
    let office = Office::new();
    let rows = "a,nordic,Europe/Oslo,vms,camera,2,12,2025-04-01,oslo\n\
        b,nordic,Europe/Oslo,vms,camera,0,12,2025-04-01,oslo\n";
    assert_eq!(office.import(rows, "vendor.ledger", &[]), ["done", "refused"]);
    let mended = rows.replace("camera,0", "camera,3");
    assert_eq!(office.import(&mended, "vendor.ledger", &[]), ["done", "done"]);
    let ledger = office.path("vendor.ledger");
    let shown = office.done(&["customer", "show", "nordic", "--ledger", &ledger]);
    assert_eq!(shown["overview"]["products"]["vms"]["allocated"]["camera"], 5);
}

#[test]
fn what_was_sold_comes_out_and_goes_into_another_ledger() {
    let office = Office::new();
    let rows = "a,nordic,Europe/Oslo,vms,camera,3,12,2025-04-01,\n\
        b,harbour,Asia/Tokyo,vms,camera,7,24,2025-09-15,\n";
    assert_eq!(office.import(rows, "vendor.ledger", &[]), ["done", "done"]);
    let sold = |ledger: &str, file: &str| {
        office.done(&["export", "csv", &office.path(file), "--ledger", &office.path(ledger)]);
        fs::read_to_string(office.path(file)).unwrap()
    };
    let first = sold("vendor.ledger", "sold.csv");
    assert!(first.contains("harbour,Asia/Tokyo,vms,camera,7,24,2025-09-15,"), "{first}");
    let file = office.path("sold.csv");
    office.done(&["import", "csv", &file, "--ledger", &office.path("other.ledger")]);
    assert_eq!(sold("other.ledger", "again.csv"), first);
    let lines = office.path("sold.jsonl");
    office.done(&["export", "jsonl", &lines, "--ledger", &office.path("vendor.ledger")]);
    let line: Value =
        serde_json::from_str(fs::read_to_string(lines).unwrap().lines().next().unwrap()).unwrap();
    assert_eq!((&line["quantity"], &line["left"]), (&3.into(), &3.into()));
}

fn keygen(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../examples/data/keygen").join(file)
}

impl Office {
    /// What a dry run says of one Keygen file, and why it is refused, if it is.
    fn opened(&self, text: &str, more: &[&str]) -> (String, String) {
        let file = self.path("file.lic");
        fs::write(&file, text).unwrap();
        let key = "5c10bf10c0eda425ae830882154c69a668715d959fe972107bed5426c8ad7a4c";
        let line = ["import", "keygen", &file, "--public-key", key, "--product", "editor"];
        let (_, report) = self.run(&[&line[..], &["--dry-run"], more].concat());
        let row = &report[0];
        let name = row["fault"]["name"].as_str().unwrap_or_default();
        (row["what"].as_str().unwrap().to_owned(), name.to_owned())
    }
}

#[test]
fn a_keygen_file_is_verified_before_it_is_decrypted() {
    let office = Office::new();
    let secret = office.path("secret");
    fs::write(&secret, "DEMO-1A2B3C\n").unwrap();
    let with_key = ["--license-key", secret.as_str()];
    let read = |name: &str| fs::read_to_string(keygen(name)).unwrap();
    let (what, _) = office.opened(&read("encrypted.lic"), &with_key);
    assert_eq!(what, "lic-1002 editor, without end");
    // It would decrypt with the right key.
    let refused = office.opened(&read("tampered.lic"), &with_key).1;
    assert_eq!(refused, "SIGNATURE_INVALID");
    assert_eq!(office.opened(&read("encrypted.lic"), &[]).1, "DOCUMENT_MALFORMED");
    fs::write(&secret, "DEMO-000000\n").unwrap();
    assert_eq!(office.opened(&read("encrypted.lic"), &with_key).1, "DOCUMENT_MALFORMED");
}

#[test]
fn a_keygen_file_may_have_come_through_windows_and_nothing_else() {
    let office = Office::new();
    let plain = fs::read_to_string(keygen("plain.lic")).unwrap();
    let (what, _) = office.opened(&format!("\r\n{}\r\n", plain.replace('\n', "\r\n")), &[]);
    assert_eq!(what, "lic-1001 editor, until 2026-11-05T10:00:00Z, EXPORT, PRINT");
    let machine = plain.replace("LICENSE FILE", "MACHINE FILE");
    assert_eq!(office.opened(&machine, &[]).1, "SIGNATURE_INVALID", "signed as a licence file");
    assert_eq!(office.opened(&plain.replace("-----END", "----END"), &[]).1, "DOCUMENT_MALFORMED");
    assert_eq!(office.opened(&" ".repeat(65_537), &[]).1, "INPUT_TOO_LARGE");
    assert_eq!(office.opened(&" ".repeat(65_536), &[]).1, "DOCUMENT_MALFORMED");
}

#[test]
fn a_keygen_file_ends_when_it_says_and_a_suspended_licence_stays_so() {
    let office = Office::new();
    for name in ["stale.lic", "suspended.lic"] {
        let text = fs::read_to_string(keygen(name)).unwrap();
        assert_eq!(office.opened(&text, &[]).1, "NOT_LICENSED", "{name}");
    }
}
