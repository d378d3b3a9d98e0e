//! The examples in C, compiled against the library and run as their readers would.
#![cfg(all(feature = "ledger", unix))]
#![expect(clippy::unwrap_used, reason = "a test")]

mod support;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use mlicense_core::{
    access::Actor,
    document::{Feature, License, LicenseClaims},
    history::Envelope,
    id::CustomerId,
    signing::{KeyRing, KeyRingClaims, RingKey, Signer},
    time::Instant,
};
use mlicense_host::{Clock as _, SystemClock};
use mlicense_ledger::{Ledger, RequestFrom};
use serde_json::{Value, json};
use tempfile::TempDir;

const FACTS: &str = r#"{"class": "bare_metal", "facts": [
    {"kind": "dmi_uuid", "value": "4c4c4544-0042"}, {"kind": "disk_serial", "value": "S1"},
    {"kind": "board_serial", "value": "PF0ABCDE"}]}"#;

/// An example with the public key of `root` compiled in, in a folder of its own.
struct Example {
    folder: TempDir,
    program: PathBuf,
}

impl Example {
    fn compile(name: &str, root: &Signer) -> Self {
        Self::compile_for(name, &root.public_key().to_string())
    }

    fn compile_for(name: &str, root: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join(name);
        let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let library = support::library();
        let output = Command::new("cc")
            .args(["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-pthread", "-o"])
            .arg(&program)
            .arg(repository.join("examples/c").join(name).with_extension("c"))
            .arg(format!("-DVENDOR_ROOT_KEY=\"{root}\""))
            .arg("-I")
            .arg(repository.join("include"))
            .arg("-L")
            .arg(&library)
            .args(["-lmlicense", &format!("-Wl,-rpath,{}", library.display())])
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Self { folder, program }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, contents: impl AsRef<[u8]>) {
        fs::write(self.path(name), contents).unwrap();
    }

    fn output(&self, arguments: &str) -> Output {
        let mut command = Command::new(&self.program);
        // Cargo's search path may lead to an older library than the one linked.
        command.env_remove("LD_LIBRARY_PATH");
        command.current_dir(self.folder.path()).args(arguments.split_whitespace());
        command.output().unwrap()
    }

    /// What it printed and with what it ended.
    fn run(&self, arguments: &str) -> (Option<i32>, String) {
        let output = self.output(arguments);
        let printed = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(printed).unwrap())
    }
}

#[test]
fn the_shortest_program_says_yes_to_its_licence_and_no_to_anything_else() {
    let vendor = Signer::from_seed([1; 32]);
    let example = Example::compile("may_i_run", &vendor);
    let now = SystemClock.now();
    let claims = LicenseClaims::perpetual("hello".parse().unwrap(), "Example Ltd", now);
    let license = License::issue(&claims, &vendor).unwrap();
    example.write("hello.license", &license);
    assert_eq!(example.run(""), (Some(0), "may run\n".to_owned()));

    let forged = License::issue(&claims, &Signer::from_seed([2; 32])).unwrap();
    let viewer = LicenseClaims::perpetual("viewer".parse().unwrap(), "Example Ltd", now);
    let other = License::issue(&viewer, &vendor).unwrap();
    for (wrong, reason) in [
        (forged, "not trusted"),
        (other, "`viewer`"),
        (license.replace('.', ""), "not a signed document"),
        (String::new(), "not a signed document"),
        ("A".repeat(65536), "not a signed document"),
    ] {
        example.write("hello.license", wrong);
        let (code, printed) = example.run("");
        assert_eq!(code, Some(1), "{printed}");
        assert!(printed.contains(reason), "{printed}");
        assert!(printed.ends_with("\nmay not run\n"), "{printed}");
    }
    fs::remove_file(example.path("hello.license")).unwrap();
    let (code, printed) = example.run("");
    assert_eq!(code, Some(1), "{printed}");
    assert!(printed.contains("hello.license cannot be opened"), "{printed}");
}

#[test]
fn three_desks_share_two_seats_and_one_that_crashed_keeps_its_own() {
    let vendor = Signer::from_seed([1; 32]);
    let example = Example::compile("seats", &vendor);
    let mut claims =
        LicenseClaims::perpetual("editor".parse().unwrap(), "Example Ltd", SystemClock.now());
    claims.features = [("export".parse().unwrap(), Feature::counted(2))].into();
    example.write("editor.license", License::issue(&claims, &vendor).unwrap());
    let story = include_str!("../../examples/data/seats.txt");
    assert_eq!(example.run("editor.license editor.seats"), (Some(0), story.to_owned()));
    let crash = example.run("editor.license editor.seats crash");
    assert_eq!(crash, (Some(9), "a desk that crashes has a seat\n".to_owned()));
    let (_, printed) = example.run("editor.license editor.seats");
    assert!(printed.contains("desk 2 waits: 1051 NO_FREE_LICENSE"), "{printed}");

    example.write("editor.license", "no licence");
    let (code, printed) = example.run("editor.license editor.seats");
    assert!(code == Some(1) && printed.contains("DOCUMENT_MALFORMED"), "{printed}");
}

/// A vendor whose customer has a subscription from 2026-03-01 on.
struct Vendor {
    ledger: Ledger,
    signer: Signer,
}

impl Vendor {
    fn new(folder: &Path, root: &Signer) -> Self {
        let (now, signer) = (at("2026-03-01T09:00:00Z"), Signer::from_seed([2; 32]));
        let keys = vec![RingKey::new(signer.public_key(), now)];
        let ring = KeyRing::issue(&KeyRingClaims::new(1, now, keys), root).unwrap();
        let ledger = Ledger::create(folder.join("vendor.mlicense")).unwrap();
        let vendor = Self { ledger, signer };
        for command in [
            json!({"establish_vendor": {"vendor": "example", "roots": [root.public_key()]}}),
            json!({"publish_key_ring": {"document": ring}}),
            json!({"define_product": {
                "product": "vms",
                "definition": {"name": "VMS", "license_types": ["camera"]},
                "policy": {"subscription": {}},
            }}),
            json!({"register_customer": {"customer": "harbour-school", "zone": "Europe/Paris"}}),
        ] {
            vendor.execute(&command, now);
        }
        vendor
    }

    fn execute(&self, body: &Value, now: Instant) {
        let actor = json!({"role": "vendor", "id": "desk"});
        let envelope = json!({"id": name_of(body), "actor": actor, "body": body}).to_string();
        self.ledger.execute(&Envelope::from_json(envelope.as_bytes()).unwrap(), now).unwrap();
    }

    fn answer(&self, request: &[u8], now: Instant) -> String {
        let customer: CustomerId = "harbour-school".parse().unwrap();
        let actor = Actor::vendor("desk".parse().unwrap());
        let from = RequestFrom { customer: Some(&customer), actor: &actor, bytes: request };
        self.ledger.answer(from, &self.signer, now).unwrap()
    }
}

fn name_of(command: &Value) -> &str {
    command.as_object().unwrap().keys().next().unwrap()
}

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

#[test]
fn the_customer_of_a_licence_year_asks_accepts_and_is_told_why() {
    let root = Signer::from_seed([1; 32]);
    let example = Example::compile("customer", &root);
    let vendor = Vendor::new(example.folder.path(), &root);
    example.write("facts.json", FACTS);
    example.write("system.json", include_str!("../../examples/data/system.json"));

    let request = example.output("request state facts.json system.json 2026-03-01").stdout;
    let now = at("2026-03-01T13:00:00Z");
    let register =
        json!({"customer": "harbour-school", "request": str::from_utf8(&request).unwrap()});
    vendor.execute(&json!({"take_request": register}), now);
    let start = json!({"customer": "harbour-school", "product": "vms"});
    vendor.execute(&json!({"start_subscription": start}), now);
    example.write("answer.jws", vendor.answer(&request, now));
    let (code, printed) = example.run("accept state facts.json answer.jws 2026-03-02");
    assert_eq!((code, printed.contains("\"changed\":true")), (Some(0), true), "{printed}");

    let (code, printed) = example.run("ask state facts.json vms 2026-03-30 2026-03-31");
    assert_eq!(code, Some(0), "{printed}");
    assert!(printed.contains("2026-03-30 grace: `vms` may run"), "{printed}");
    assert!(printed.contains("2026-03-31 denied: `vms` may not run"), "{printed}");
    assert!(printed.contains("  yes the licence is for `vms`\n"), "{printed}");
    assert!(printed.contains("  no  "), "{printed}");

    example.write(
        "other.json",
        r#"{"class": "bare_metal", "facts": [
        {"kind": "dmi_uuid", "value": "ffff4544-0042"}, {"kind": "disk_serial", "value": "S2"},
        {"kind": "board_serial", "value": "PF1ABCDE"}]}"#,
    );
    let (_, printed) = example.run("ask state other.json vms 2026-03-30");
    assert!(printed.contains("2026-03-30 denied: "), "on another host: {printed}");

    let (code, printed) = example.run("accept state facts.json system.json");
    assert_eq!((code, printed.contains("10600 DOCUMENT_MALFORMED")), (Some(1), true), "{printed}");
    assert_eq!(example.run("ask state").0, Some(2));
    assert_eq!(example.run("beg state facts.json vms").0, Some(2));
}

#[test]
fn a_threaded_server_has_never_more_users_at_once_than_seats() {
    let vendor = Signer::from_seed([1; 32]);
    let example = Example::compile("seat_server", &vendor);
    let mut claims =
        LicenseClaims::perpetual("editor".parse().unwrap(), "Example Ltd", SystemClock.now());
    claims.features = [("export".parse().unwrap(), Feature::counted(3))].into();
    example.write("editor.license", License::issue(&claims, &vendor).unwrap());
    let story = "12 users printed 240 pages, at most 3 at once; some had to wait\n";
    assert_eq!(example.run("editor.license 12"), (Some(0), story.to_owned()));

    example.write("editor.license", "no licence");
    let (code, printed) = example.run("editor.license 2");
    assert!(code == Some(1) && printed.contains("not a signed document"), "{printed}");
    assert_eq!(example.run("editor.license 65").0, Some(2));
}

#[test]
fn a_back_office_sells_answers_and_closes_the_day() {
    let office = Example::compile("back_office", &Signer::from_seed([1; 32]));
    assert_eq!(office.run("begin ."), (Some(0), String::new()));
    let root = fs::read_to_string(office.path("root.pub")).unwrap();

    let customer = Example::compile_for("customer", &root);
    customer.write("facts.json", FACTS);
    customer.write("system.json", include_str!("../../examples/data/system.json"));
    let request = customer.output("request state facts.json system.json").stdout;
    office.write("request.jws", &request);
    let sold = office.output("sell . harbour-school Europe/Paris request.jws 10");
    assert!(sold.status.success(), "{}", String::from_utf8_lossy(&sold.stderr));
    customer.write("answer.jws", sold.stdout.trim_ascii());
    let (code, printed) = customer.run("accept state facts.json answer.jws");
    assert_eq!((code, printed.contains("\"changed\":true")), (Some(0), true), "{printed}");
    let today: String = SystemClock.now().to_string().chars().take(10).collect();
    let (_, printed) = customer.run(&format!("ask state facts.json vms {today}"));
    assert!(printed.contains(": `vms` may run"), "{printed}");

    let (code, printed) = office.run("evening .");
    assert_eq!((code, printed.contains("example.com/history")), (Some(0), true), "{printed}");
    let copy = Ledger::open_read_only(&office.path("backup.mlicense")).unwrap();
    assert!(copy.verify().unwrap().checkpoint.is_some());
    let (code, printed) = office.run("sell . harbour-school Europe/Paris request.jws 10");
    assert_eq!((code, printed.contains("CUSTOMER_ALREADY_REGISTERED")), (Some(1), true));
    assert_eq!(office.run("begin .").0, Some(2), "keys are not written over");
}
