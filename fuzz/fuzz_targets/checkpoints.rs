//! Any bytes where a checkpoint is wanted, and any text under a true signature.
#![no_main]

use std::sync::LazyLock;

use data_encoding::BASE64;
use libfuzzer_sys::fuzz_target;
use mlicense_core::{
    document::Checkpoint,
    signing::{Signer, Trust, merkle::TreeHead, sha256},
};

const ORIGIN: &str = "example.com/history";

static ROOT: LazyLock<Signer> = LazyLock::new(|| Signer::from_seed([1; 32]));
static TRUST: LazyLock<Trust> =
    LazyLock::new(|| Trust::new(&[ROOT.public_key()], None).expect("no ring"));

fuzz_target!(|bytes: &[u8]| {
    let _ = Checkpoint::verify(bytes, ORIGIN, &TRUST);
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(checkpoint) = Checkpoint::verify(signed(text).as_bytes(), ORIGIN, &TRUST) {
        let again = checkpoint.sign(&ROOT).unwrap();
        assert_eq!(
            Checkpoint::verify(again.as_bytes(), ORIGIN, &TRUST).expect("a good checkpoint"),
            checkpoint
        );
    }
    let head = TreeHead::over(&[]);
    if let Ok(checkpoint) = Checkpoint::new(text, head) {
        let note = checkpoint.sign(&ROOT).unwrap();
        let read = Checkpoint::verify(note.as_bytes(), text, &TRUST).expect("a good checkpoint");
        assert_eq!(read, checkpoint);
    }
});

fn signed(text: &str) -> String {
    let id = sha256(&[ORIGIN.as_bytes(), b"\n\x01", ROOT.public_key().as_bytes()].concat());
    let signature = [&id[..4], &ROOT.sign(text.as_bytes()).unwrap()].concat();
    format!("{text}\n\u{2014} {ORIGIN} {}\n", BASE64.encode(&signature))
}
