//! Signed notes (C2SP signed-note): lines of text and signature lines under them.

use base16ct::lower::encode_string as hex;
use base64::prelude::{BASE64_STANDARD, Engine};

use crate::{
    error::{ErrorKind, Refusal, Result},
    signing::{PublicKey, Signer, sha256},
};

/// The longest note, in bytes: room for the signatures of sixteen witnesses, post-quantum ones too.
pub(super) const NOTE_BYTES_MAX: usize = 128 * 1024;
/// The most signatures of a note; verifiers must take sixteen.
const SIGNATURES_MAX: usize = 100;
/// The longest name of a key, in bytes.
const NAME_BYTES_MAX: usize = 128;
/// What stands for Ed25519 in the id of a key.
const ED25519: u8 = 1;
const SIGNATURE_START: &str = "\u{2014} ";

/// A note taken apart; nothing is verified yet.
#[derive(Debug)]
pub(super) struct Note<'a> {
    text: &'a str,
    signatures: Vec<NoteSignature<'a>>,
}

#[derive(Debug)]
struct NoteSignature<'a> {
    name: &'a str,
    key_id: [u8; 4],
    signature: Vec<u8>,
}

impl<'a> Note<'a> {
    /// Takes a note apart at its last empty line.
    pub(super) fn parse(what: &'static str, bytes: &'a [u8]) -> Result<Self> {
        if bytes.len() > NOTE_BYTES_MAX {
            return Err(Refusal::new(ErrorKind::InputTooLarge)
                .with("what", what)
                .with("size", bytes.len())
                .with("limit", NOTE_BYTES_MAX));
        }
        let note = str::from_utf8(bytes).map_err(|_| malformed("not text"))?;
        if note.chars().any(|c| c < ' ' && c != '\n') {
            return Err(malformed("it has a control character"));
        }
        let split = note.rfind("\n\n").and_then(|end| note.split_at_checked(end.checked_add(1)?));
        let (text, rest) = split.ok_or_else(|| malformed("it has no empty line"))?;
        let lines = rest.strip_prefix('\n').and_then(|rest| rest.strip_suffix('\n'));
        let lines = lines.ok_or_else(|| malformed("its last line does not end"))?;
        if lines.split('\n').count() > SIGNATURES_MAX {
            return Err(malformed(&format!("it has more than {SIGNATURES_MAX} signatures")));
        }
        let signatures = lines.split('\n').map(NoteSignature::parse);
        Ok(Self { text, signatures: signatures.collect::<Result<_>>()? })
    }

    /// The text, when one of `keys` signed it under `name`, and none of them falsely.
    ///
    /// Signatures by others are passed over, as the format wants.
    pub(super) fn verify(
        &self,
        what: &'static str,
        name: &str,
        keys: impl Iterator<Item = PublicKey>,
    ) -> Result<&'a str> {
        let mut known = false;
        for key in keys {
            let id = key_id(name, &key);
            let own = self.signatures.iter().filter(|one| (one.name, one.key_id) == (name, id));
            for signature in own {
                key.verify(self.text.as_bytes(), &signature.signature).map_err(|_| {
                    Refusal::new(ErrorKind::SignatureInvalid).with("document", what)
                })?;
                known = true;
            }
        }
        if known { Ok(self.text) } else { Err(self.unknown_key(name)) }
    }

    fn unknown_key(&self, name: &str) -> Refusal {
        let mut own = self.signatures.iter().filter(|one| one.name == name);
        let shown = own.next().or_else(|| self.signatures.first()).map(|one| {
            let name: String = one.name.chars().take(NAME_BYTES_MAX).collect();
            format!("{name}+{}", hex(&one.key_id))
        });
        Refusal::new(ErrorKind::KeyNotTrusted).with("key", shown.unwrap_or_default())
    }
}

impl<'a> NoteSignature<'a> {
    fn parse(line: &'a str) -> Result<Self> {
        let wrong = || malformed("a signature line is not one");
        let rest = line.strip_prefix(SIGNATURE_START).ok_or_else(wrong)?;
        let (name, signature) = rest.split_once(' ').ok_or_else(wrong)?;
        let bytes = BASE64_STANDARD.decode(signature).map_err(|_| wrong())?;
        match bytes.split_first_chunk() {
            Some((key_id, signature)) if is_name(name) && !signature.is_empty() => {
                Ok(Self { name, key_id: *key_id, signature: signature.to_vec() })
            }
            _ => Err(wrong()),
        }
    }
}

/// Signs `text`, which must end with a line end and have no empty line.
pub(super) fn sign(text: &str, name: &str, signer: &Signer) -> Result<String> {
    let id = key_id(name, &signer.public_key());
    let signature = [&id[..], &signer.sign(text.as_bytes())?].concat();
    Ok(format!("{text}\n{SIGNATURE_START}{name} {}\n", BASE64_STANDARD.encode(&signature)))
}

/// The key as programs for transparency logs take it: name, id and type with key.
pub(super) fn verifier_key(name: &str, key: &PublicKey) -> String {
    let id = hex(&key_id(name, key));
    format!("{name}+{id}+{}", BASE64_STANDARD.encode([&[ED25519], &key.as_bytes()[..]].concat()))
}

/// Refuses what cannot be the name of a key.
pub(super) fn check_name(field: &'static str, name: &str) -> Result<()> {
    if is_name(name) && name.len() <= NAME_BYTES_MAX && !name.chars().any(char::is_control) {
        return Ok(());
    }
    let shown: String = name.chars().filter(|c| !c.is_control()).take(64).collect();
    let expected = "a name such as `example.com/history` of at most 128 bytes";
    Err(Refusal::new(ErrorKind::FieldInvalid)
        .with("field", field)
        .with("value", shown)
        .with("expected", expected))
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|c| c.is_whitespace() || c == '+')
}

fn key_id(name: &str, key: &PublicKey) -> [u8; 4] {
    let named = [name.as_bytes(), &[b'\n', ED25519], key.as_bytes()].concat();
    let [a, b, c, d, ..] = sha256(&named);
    [a, b, c, d]
}

pub(super) fn malformed(detail: &str) -> Refusal {
    Refusal::new(ErrorKind::DocumentMalformed).with("detail", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The head of the log of Go's modules as its server signed it, and the server's key.
    const FOREIGN: &str = "go.sum database tree\n6476701\n\
        mb8QLQIs0Z0yP5Cstq6guj87oXWeC9gEM8oVikmm9Wk=\n\n\
        \u{2014} sum.golang.org Az3grsLX85Gz+s1SiTbgkuqxgItqFq7gsMUEyVnrsa9LM7Us9S+1xbFIGu95949rj4n\
        PRYfvimWEPWL+o3GeoWwOoAw=\n";
    const FOREIGN_KEY: &str =
        "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";

    fn foreign_key() -> PublicKey {
        let key = FOREIGN_KEY.splitn(3, '+').nth(2).unwrap();
        let bytes = BASE64_STANDARD.decode(key).unwrap();
        assert_eq!(bytes[0], ED25519);
        PublicKey::from_bytes(&bytes[1..]).unwrap()
    }

    fn signer() -> Signer {
        Signer::from_seed([1; 32])
    }

    fn own() -> String {
        sign("one\ntwo\n", "example.com/history", &signer()).unwrap()
    }

    fn read<'a>(note: &'a str, name: &str, key: PublicKey) -> Result<&'a str> {
        Note::parse("note", note.as_bytes())?.verify("note", name, [key].into_iter())
    }

    fn refused(note: &str) -> ErrorKind {
        read(note, "example.com/history", signer().public_key()).unwrap_err().kind()
    }

    #[test]
    fn a_note_of_another_program_is_read_and_its_key_named_the_same() {
        let name = "sum.golang.org";
        let text = read(FOREIGN, name, foreign_key()).unwrap();
        assert!(text.ends_with("Wk=\n"));
        assert_eq!(verifier_key(name, &foreign_key()), FOREIGN_KEY);
        let forged = FOREIGN.replace("6476701", "6476702");
        let refusal = read(&forged, name, foreign_key()).unwrap_err();
        assert_eq!(refusal.kind(), ErrorKind::SignatureInvalid);
    }

    #[test]
    fn signatures_of_others_are_passed_over() {
        let other = sign("one\ntwo\n", "witness.example", &Signer::from_seed([2; 32])).unwrap();
        let line = other.lines().last().unwrap();
        let both = format!("{}{line}\n", own());
        assert_eq!(
            read(&both, "example.com/history", signer().public_key()).unwrap(),
            "one\ntwo\n"
        );
        assert_eq!(refused(&other), ErrorKind::KeyNotTrusted);
        let refusal = read(&own(), "example.com/other", signer().public_key()).unwrap_err();
        assert_eq!(refusal.kind(), ErrorKind::KeyNotTrusted);
    }

    #[test]
    fn one_false_signature_by_a_known_key_spoils_the_note() {
        let other = sign("one\nthree\n", "example.com/history", &signer()).unwrap();
        let line = other.lines().last().unwrap();
        assert_eq!(refused(&format!("{}{line}\n", own())), ErrorKind::SignatureInvalid);
    }

    #[test]
    fn what_is_not_a_note_is_refused() {
        let own = own();
        let (text, line) = own.split_once("\n\n").unwrap();
        for note in [
            String::new(),
            "\n\n".into(),
            text.to_owned(),
            format!("{text}\n\n"),
            format!("{text}\n{line}"),
            own.trim_end().to_owned(),
            format!("{own}\n"),
            format!("{own}{}", line.replace('\u{2014}', "-")),
            own.replace("example.com/", "example.com/ "),
            own.replace("example.com/", "example.com+"),
            own.replace("example.com/history", ""),
            own.replace('=', ""),
            own.replace("one", "o\tne"),
            own.replace("one", "o\rne"),
            format!("{text}\n\n\u{2014} example.com/history AAAAAA==\n"),
        ] {
            assert_eq!(refused(&note), ErrorKind::DocumentMalformed, "{note:?}");
        }
        assert_eq!(
            Note::parse("note", b"\xff\n\n").unwrap_err().kind(),
            ErrorKind::DocumentMalformed
        );
    }

    #[test]
    fn a_hundred_signatures_and_128_kib_are_taken_and_more_refused() {
        let own = own();
        let line = own.lines().last().unwrap();
        let with = |count: usize| format!("{own}{}", format!("{line}\n").repeat(count - 1));
        let read = |note: &str| Note::parse("note", note.as_bytes()).map(drop);
        read(&with(100)).unwrap();
        assert_eq!(read(&with(101)).unwrap_err().kind(), ErrorKind::DocumentMalformed);
        let sized = |size: usize| format!("{}{own}", "a".repeat(size - own.len()));
        read(&sized(NOTE_BYTES_MAX)).unwrap();
        let refusal = read(&sized(NOTE_BYTES_MAX + 1)).unwrap_err();
        assert_eq!(refusal.kind(), ErrorKind::InputTooLarge);
    }

    #[test]
    fn names_have_no_space_and_no_plus() {
        check_name("origin", "example.com/history").unwrap();
        check_name("origin", &"a".repeat(128)).unwrap();
        for name in ["", "a b", "a\u{a0}b", "a+b", "a\nb", "a\u{7f}", &"a".repeat(129)] {
            let refusal = check_name("origin", name).unwrap_err();
            assert_eq!(refusal.kind(), ErrorKind::FieldInvalid, "{name:?}");
        }
    }
}
