//! What an installation keeps between runs, and its form in a file.

use std::fmt;

use base16ct::lower::encode_string as hex;
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use mlicense_core::{
    document::{Nonce, RequestKind},
    error::{ErrorKind, Refusal},
    evidence::{Evidence, SignedDate},
    id::ProductId,
    json,
    signing::sha256,
    time::Instant,
};
use serde::{Deserialize, Serialize};

use crate::Uptime;

/// How many licences are held at once.
pub const LICENSES_MAX: usize = 16;
/// How many requests may wait for their answers; a newer one takes the oldest's place.
pub const PENDING_MAX: usize = 16;
/// The longest state file, in bytes: every document at its limit, with room to spare.
pub(crate) const STATE_BYTES_MAX: u64 = 2 * 1024 * 1024;
const NAME: &str = "mlicense-state";

/// The state of one installation of one product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct State {
    pub(crate) product: ProductId,
    pub(crate) seed: Seed,
    /// The signed key ring, as it came.
    pub(crate) key_ring: Option<String>,
    /// The signed list of what was revoked, as it came.
    pub(crate) revocations: Option<String>,
    /// The signed licences, as they came.
    pub(crate) licenses: Vec<String>,
    /// What is known of the time.
    pub(crate) evidence: Evidence,
    /// For how long the machine had been up when the evidence was written.
    pub(crate) uptime: Option<Uptime>,
    /// How many requests were written; the next one bears the next number.
    pub(crate) epoch: u64,
    /// When the vendor signed the newest answer.
    pub(crate) heard_at: Option<Instant>,
    /// When the vendor took back what was licensed, or got it back: what was signed by then is
    /// not taken again.
    pub(crate) ended_at: Option<Instant>,
    /// The registration number, in full.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) number: Option<Number>,
    /// Requests that may be answered, oldest first.
    pub(crate) pending: Vec<Pending>,
}

/// A request that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pending {
    pub(crate) nonce: Nonce,
    pub(crate) kind: RequestKind,
    /// The number under which it asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) number: Option<Number>,
    pub(crate) asked_at: Instant,
    /// The mark when it was written: a signed answer shows whether that was wrong.
    pub(crate) mark: Instant,
    pub(crate) is_answered: bool,
}

/// A registration number in full; never shown by chance.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Number(pub(crate) String);

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Number(…)")
    }
}

/// The installation's private key; never shown.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Seed(pub(crate) [u8; 32]);

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seed(…)")
    }
}

impl TryFrom<String> for Seed {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok();
        bytes.and_then(|bytes| bytes.try_into().ok()).map(Self).ok_or("the key is not 32 bytes")
    }
}

impl From<Seed> for String {
    fn from(seed: Seed) -> Self {
        BASE64_URL_SAFE_NO_PAD.encode(seed.0)
    }
}

/// Why bytes are not the state of this product.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unusable {
    /// Not what was written.
    Damaged(String),
    /// Written by a newer version, in a form of this number.
    Newer(u32),
    /// Another product's.
    Foreign,
}

impl State {
    /// The version of the form that this program writes, and the newest that it reads.
    pub(crate) const FORM: u32 = 1;

    /// The state of an installation that has accepted nothing.
    pub(crate) fn new(product: ProductId, seed: [u8; 32]) -> Self {
        Self {
            product,
            seed: Seed(seed),
            key_ring: None,
            revocations: None,
            licenses: Vec::new(),
            evidence: Evidence::default(),
            uptime: None,
            epoch: 0,
            heard_at: None,
            ended_at: None,
            number: None,
            pending: Vec::new(),
        }
    }

    /// One line with the name and number of the form and the SHA-256 of the rest, then JSON.
    ///
    /// The digest finds damage, not forgery: whoever may write the file may write the digest.
    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        let body = serde_json::to_string_pretty(self)?;
        let digest = hex(&sha256(body.as_bytes()));
        Ok(format!("{NAME} {} {digest}\n{body}", Self::FORM).into_bytes())
    }

    pub(crate) fn from_bytes(bytes: &[u8], product: &ProductId) -> Result<Self, Unusable> {
        let damaged = |detail: &str| Unusable::Damaged(detail.to_owned());
        let text = str::from_utf8(bytes).map_err(|_| damaged("it is not text"))?;
        let (first, body) = text.split_once('\n').ok_or_else(|| damaged("it has no first line"))?;
        let mut words = first.split(' ');
        if words.next() != Some(NAME) {
            return Err(damaged("it does not start with its name"));
        }
        match words.next().and_then(|number| number.parse().ok()) {
            Some(Self::FORM) => {}
            Some(number) if number > Self::FORM => return Err(Unusable::Newer(number)),
            _ => return Err(damaged("its form has no number")),
        }
        if words.next() != Some(&hex(&sha256(body.as_bytes()))) {
            return Err(damaged("its digest does not hold"));
        }
        let state: Self =
            json::from_str(body).map_err(|fault| Unusable::Damaged(fault.to_string()))?;
        if state.product == *product { Ok(state) } else { Err(Unusable::Foreign) }
    }

    /// Reads a state that a caller kept.
    pub(crate) fn given(bytes: &[u8], product: &ProductId) -> Result<Self, Refusal> {
        let refused = |kind| Refusal::new(kind).with("store", "the state given");
        if u64::try_from(bytes.len()).is_ok_and(|size| size > STATE_BYTES_MAX) {
            return Err(refused(ErrorKind::StoreCorrupt).with("detail", "it is too large"));
        }
        Self::from_bytes(bytes, product).map_err(|unusable| match unusable {
            Unusable::Damaged(detail) => refused(ErrorKind::StoreCorrupt).with("detail", detail),
            Unusable::Foreign => refused(ErrorKind::StoreForeign),
            Unusable::Newer(found) => {
                refused(ErrorKind::StoreNewer).with("found", found).with("known", Self::FORM)
            }
        })
    }

    /// Remembers a request, and forgets the oldest when there are too many.
    pub(crate) fn remember(&mut self, pending: Pending) {
        self.pending.push(pending);
        let too_many = self.pending.len().saturating_sub(PENDING_MAX);
        self.pending.drain(..too_many);
    }

    /// The request that bears this nonce, if it waits for an answer, or had one.
    pub(crate) fn request(&self, nonce: Nonce) -> Option<&Pending> {
        self.pending.iter().find(|pending| pending.nonce == nonce)
    }

    /// The requests written since the last one that was answered, oldest first.
    pub(crate) fn unanswered(&self) -> impl Iterator<Item = &Pending> {
        let answered = self.pending.iter().rposition(|pending| pending.is_answered);
        self.pending.iter().skip(answered.map_or(0, |place| place.saturating_add(1)))
    }

    /// Takes the date of a document that answers nothing.
    pub(crate) fn take_date(&mut self, signed_at: Instant) {
        self.evidence = self.evidence.dated(SignedDate::new(signed_at));
    }

    /// Takes the date of an answer to the request with this nonce.
    ///
    /// When it puts a mark right that was wrong, nothing is left to put right for the other
    /// requests that were written until then.
    pub(crate) fn take_answer(&mut self, nonce: Nonce, signed_at: Instant) {
        let corrections = self.evidence.corrections();
        let Some(asked) = self.pending.iter_mut().find(|pending| pending.nonce == nonce) else {
            return;
        };
        asked.is_answered = true;
        let signed = SignedDate::new(signed_at).answering(asked.mark);
        self.evidence = self.evidence.dated(signed);
        if self.evidence.corrections() != corrections {
            for pending in &mut self.pending {
                pending.mark = Instant::MIN;
            }
        }
        self.heard_at = self.heard_at.max(Some(signed_at));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state() -> State {
        let mut state = State::new("editor".parse().unwrap(), [7; 32]);
        state.licenses.push("a.b.c".into());
        state.take_date("2027-03-01T00:00:00Z".parse().unwrap());
        for n in 0..3 {
            state.remember(pending(n));
        }
        state
    }

    fn pending(n: u8) -> Pending {
        let nonce = Nonce::from_entropy([n; 16]);
        let (asked_at, mark) = (Instant::MIN, Instant::MIN);
        Pending {
            nonce,
            kind: RequestKind::Trial,
            number: None,
            asked_at,
            mark,
            is_answered: false,
        }
    }

    #[test]
    fn a_state_survives_its_file() {
        let state = state();
        let bytes = state.to_bytes().unwrap();
        assert_eq!(State::from_bytes(&bytes, &state.product).unwrap(), state);
    }

    #[test]
    fn every_flipped_byte_and_every_cut_is_found() {
        let state = state();
        let bytes = state.to_bytes().unwrap();
        for place in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[place] ^= 1;
            assert!(State::from_bytes(&damaged, &state.product).is_err(), "byte {place}");
            assert!(State::from_bytes(&bytes[..place], &state.product).is_err(), "cut {place}");
        }
    }

    #[test]
    fn a_newer_form_and_another_product_are_told_from_damage() {
        let state = state();
        let text = String::from_utf8(state.to_bytes().unwrap()).unwrap();
        let newer = text.replacen("mlicense-state 1 ", "mlicense-state 2 ", 1);
        let product = &state.product;
        assert_eq!(State::from_bytes(newer.as_bytes(), product), Err(Unusable::Newer(2)));
        let viewer = "viewer".parse().unwrap();
        assert_eq!(State::from_bytes(text.as_bytes(), &viewer), Err(Unusable::Foreign));
    }

    #[test]
    fn sixteen_requests_wait_and_the_seventeenth_takes_the_place_of_the_oldest() {
        let mut state = State::new("editor".parse().unwrap(), [7; 32]);
        for n in 0..=16 {
            state.remember(pending(n));
        }
        assert_eq!(state.pending.len(), PENDING_MAX);
        let remembers = |n| state.request(Nonce::from_entropy([n; 16])).is_some();
        assert!(!remembers(0) && remembers(1) && remembers(16));
    }

    #[test]
    fn requests_are_unanswered_since_the_last_answer() {
        let mut state = state();
        assert_eq!(state.unanswered().count(), 3);
        state.take_answer(Nonce::from_entropy([1; 16]), Instant::MIN);
        let left: Vec<_> = state.unanswered().map(|pending| pending.nonce).collect();
        assert_eq!(left, [Nonce::from_entropy([2; 16])]);
    }

    #[test]
    fn a_mark_that_an_answer_put_right_was_wrong_for_every_request_and_once() {
        let right: Instant = "2026-06-01T00:00:00Z".parse().unwrap();
        let wrong: Instant = "2099-01-01T00:00:00Z".parse().unwrap();
        let mut state = state();
        state.take_date(wrong);
        state.pending.iter_mut().for_each(|pending| pending.mark = wrong);
        state.take_answer(Nonce::from_entropy([0; 16]), right);
        assert_eq!(state.evidence.mark(), right);
        state.take_date(right.saturating_add(86_400));
        state.take_answer(Nonce::from_entropy([1; 16]), right);
        assert_eq!(state.evidence.mark(), right.saturating_add(86_400));
    }

    #[test]
    fn debug_does_not_show_the_key() {
        let shown = format!("{:?}", state());
        assert!(shown.contains("Seed(…)") && !shown.contains("BwcHBwc"));
    }
}
