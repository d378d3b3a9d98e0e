//! Any bytes where the state of a client is wanted, as they are and as the contents of a state whose
//! digest holds, from the caller and from a file.
#![no_main]

use std::{fs, sync::LazyLock};

use data_encoding::HEXLOWER;
use libfuzzer_sys::fuzz_target;
use mlicense_core::{
    document::{License, LicenseClaims, Moment},
    error::{ErrorKind, Language},
    host_binding::{HostClass, HostFacts},
    id::ProductId,
    signing::{Signer, sha256},
    time::Instant,
};
use mlicense_host::{Client, Clock, Options, Result};

const FILE: &str = "mlicense-editor.state";

static VENDOR: LazyLock<Signer> = LazyLock::new(|| Signer::from_seed([1; 32]));
static NOW: LazyLock<Instant> =
    LazyLock::new(|| "2026-06-01T12:00:00Z".parse().expect("an instant"));
static LICENSE: LazyLock<String> = LazyLock::new(|| {
    let until = Moment::utc("2027-03-01".parse().expect("a day"));
    let claims = LicenseClaims::until(product(), "Example Ltd", *NOW, until);
    License::issue(&claims, &VENDOR).expect("good claims")
});

/// A clock that stands, so that a state tells the same whenever it is opened.
#[derive(Debug)]
struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> Instant {
        *NOW
    }
}

fuzz_target!(|bytes: &[u8]| {
    open_anywhere(bytes);
    open_anywhere(&whole(bytes));
});

fn product() -> ProductId {
    "editor".parse().expect("an id")
}

/// The file of a state whose contents are these.
fn whole(contents: &[u8]) -> Vec<u8> {
    let first = format!("mlicense-state 1 {}\n", HEXLOWER.encode(&sha256(contents)));
    [first.as_bytes(), contents].concat()
}

fn open(options: Options) -> Result<Client> {
    let options = options.clock(Stopped).facts(HostFacts::new(HostClass::Vm, []));
    Client::open(product(), &[VENDOR.public_key()], options)
}

/// From the caller and from a file comes the same: a client, or a refusal that leaves the bytes.
fn open_anywhere(bytes: &[u8]) {
    if bytes.is_empty() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join(FILE);
    fs::write(&file, bytes).expect("a file");
    let filed = open(Options::folder(folder.path()));
    match (open(Options::bytes(bytes.to_vec())), filed) {
        (Ok(given), Ok(filed)) => {
            assert_eq!(given.state(), filed.state());
            use_it(given);
        }
        (Err(given), Err(filed)) => {
            assert_eq!(given.kind(), filed.kind());
            let aside = folder.path().join(format!("{FILE}.damaged-1"));
            let is_damaged = filed.kind() == ErrorKind::StoreCorrupt;
            let kept = if is_damaged { aside } else { file };
            assert_eq!(fs::read(kept).expect("the bytes as they were"), bytes);
        }
        (given, filed) => panic!("{:?} of bytes, {:?} of a file", given.err(), filed.err()),
    }
}

/// What was read answers every question, is kept and reads the same, and takes a licence or says
/// why not.
fn use_it(client: Client) {
    let kept = client.state();
    let mut again = open(Options::bytes(kept.clone())).expect("what was kept");
    assert_eq!(again.state(), kept);
    for (one, other) in [("editor", "export"), ("export", "editor")] {
        assert_eq!(client.check(one), again.check(one));
        assert_eq!(client.outcome(other), client.check(other).outcome());
    }
    let _ = (client.usage(), client.next_action(), client.explain("editor", Language::En));
    let _ = client.diagnose(&[], &mut |_| Ok(())).problems().count();
    if again.accept(LICENSE.as_bytes()).is_ok() {
        let held = open(Options::bytes(again.state())).expect("what was kept");
        assert_eq!(held.licenses().count(), again.licenses().count());
    }
}
