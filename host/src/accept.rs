//! Taking in a signed document.

use mlicense_core::{
    decision::CLOCK_SKEW_SECONDS_MAX,
    document::{
        Answer, DocumentType, License, LicenseClaims, RequestKind, RevocationList, SignedRefusal,
        TimeClaims, TimeToken,
    },
    error::{ErrorKind, Refusal},
    evidence::BEHIND_SECONDS_OK,
    signing::{KeyRing, Trust},
    time::Instant,
};
use serde::Serialize;

use crate::{
    held::Identity,
    state::{LICENSES_MAX, Number, Pending, State},
};

/// What came of accepting a document. As JSON it leaves out what is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Accepted {
    /// What the document was.
    pub document: DocumentType,
    /// Whether anything held is different now; accepting the same document again changes nothing.
    pub changed: bool,
    /// What was asked for, when the document is an answer: what to tell the user was done, unless
    /// it was refused (S-MK-26).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered: Option<RequestKind>,
    /// What the vendor refused, when the document is an answer that says no.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<SignedRefusal>,
    /// How many licences were let go: the answer says that nothing is licensed here, or confirms
    /// that they were given back.
    #[serde(skip_serializing_if = "is_zero")]
    pub ended: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives references")]
const fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// Puts a document into a state, unless it is not for this installation or older than what it has.
pub(crate) fn accept(
    state: &mut State,
    identity: &Identity,
    bytes: &[u8],
    clock: Instant,
) -> Result<Accepted, Refusal> {
    let before = state.clone();
    let (trust, _) = identity.trust(state)?;
    let mut intake = Intake { clock, state, identity, trust, ended: 0, answered: None };
    let (document, refusal) = intake.take(bytes)?;
    let Intake { ended, answered, .. } = intake;
    Ok(Accepted { document, changed: *state != before, answered, refusal, ended })
}

fn is_another_type(refusal: &Refusal) -> bool {
    refusal.kind() == ErrorKind::DocumentWrongType
}

fn name_wanted_types(refusal: &Refusal) -> Refusal {
    let found = refusal.details().find(|(name, _)| *name == "found");
    Refusal::new(refusal.kind())
        .with("found", found.map_or("-", |(_, found)| found))
        .with("expected", "licence, answer, key ring, revocation list or time token")
}

struct Intake<'a> {
    state: &'a mut State,
    identity: &'a Identity,
    trust: Trust,
    /// What the clock says, whatever it is worth.
    clock: Instant,
    ended: usize,
    answered: Option<RequestKind>,
}

/// What the vendor refused, if the document says no.
type Taken = Result<Option<SignedRefusal>, Refusal>;

type Taker<'a> = fn(&mut Intake<'a>, &[u8]) -> Taken;

impl<'a> Intake<'a> {
    fn take(&mut self, bytes: &[u8]) -> Result<(DocumentType, Option<SignedRefusal>), Refusal> {
        let takers: [(DocumentType, Taker<'a>); 5] = [
            (DocumentType::Answer, Self::answer),
            (DocumentType::License, Self::license),
            (DocumentType::KeyRing, Self::key_ring),
            (DocumentType::Revocations, Self::revocations),
            (DocumentType::Time, Self::time),
        ];
        let mut other = Refusal::new(ErrorKind::DocumentWrongType);
        for (document, take) in takers {
            match take(self, bytes) {
                Err(refusal) if is_another_type(&refusal) => other = refusal,
                taken => return taken.map(|refusal| (document, refusal)),
            }
        }
        Err(name_wanted_types(&other))
    }

    fn answer(&mut self, bytes: &[u8]) -> Taken {
        let answer = Answer::verify(bytes, &self.trust)?;
        let claims = answer.claims();
        answer.require_product(&self.identity.product)?;
        answer.require_installation(self.identity.installation)?;
        let asked = self.state.request(claims.nonce).ok_or(ErrorKind::OtherRequest)?.clone();
        self.answered = Some(asked.kind);
        if !self.is_behind() {
            self.require_past(DocumentType::Answer, claims.issued_at)?;
        }
        self.state.take_answer(claims.nonce, claims.issued_at);
        let refused = claims.refusal.is_some();
        self.take_number(&asked, claims.number.clone().map(Number), refused)?;
        if let (Some(text), Some(ring)) = (&claims.key_ring, answer.trust().key_ring()) {
            self.take_ring(text, ring)?;
        }
        self.trust = answer.trust().clone();
        if let (Some(text), Some(list)) = (&claims.revocations, answer.trust().revocations()) {
            self.take_revocations(text, list)?;
        }
        self.forget_untrusted_revocations();
        if let Some(time) = answer.time() {
            self.require_past(DocumentType::Time, time.instant())?;
            self.state.take_date(time.instant());
        }
        match (&claims.license, answer.license(), &claims.refusal) {
            (Some(text), Some(license), _) => {
                self.take_license(text, license, Some(claims.issued_at))?;
            }
            // Whether another number has a licence for this host says nothing about this one's.
            (_, _, Some(refusal)) if takes_back(refusal) && asked.kind != RequestKind::Number => {
                self.end(claims.issued_at);
            }
            (_, _, None) if asked.kind == RequestKind::Release => self.end(claims.issued_at),
            _ => {}
        }
        Ok(claims.refusal.clone())
    }

    /// Keeps the number that was given or entered: the vendor knows the customer by it, whether or
    /// not there is a licence for this host. What was asked for under another number is refused.
    fn take_number(
        &mut self,
        asked: &Pending,
        given: Option<Number>,
        refused: bool,
    ) -> Result<(), Refusal> {
        let kept = self.state.number.as_ref();
        match asked.kind {
            // Once: an old answer brought again does not bring an old number back.
            RequestKind::Register | RequestKind::Number | RequestKind::Coupon
                if asked.is_answered => {}
            RequestKind::Number if refused && kept.is_some() => {}
            RequestKind::Register => self.state.number = given.or_else(|| kept.cloned()),
            RequestKind::Number => self.state.number.clone_from(&asked.number),
            RequestKind::Coupon if kept.is_none() => self.state.number.clone_from(&asked.number),
            _ if kept.is_some() && asked.number.is_some() && kept != asked.number.as_ref() => {
                return Err(ErrorKind::OtherRequest.into());
            }
            _ => {}
        }
        Ok(())
    }

    /// Lets go of what earlier answers licensed: the newest says all that this installation has.
    /// Licences that the vendor made without being asked stay beside it.
    fn replace(&mut self, newest: &LicenseClaims) {
        self.keep(|claims| {
            claims.is_none_or(|held| held.nonce.is_none() || held.issued_at > newest.issued_at)
        });
    }

    /// Keeps the licences that are wanted, asked without claims for one that does not verify now.
    fn keep(&mut self, wanted: impl Fn(Option<&LicenseClaims>) -> bool) {
        let trust = &self.trust;
        self.state.licenses.retain(|text| {
            let license = License::verify(text.as_bytes(), trust).ok();
            wanted(license.as_ref().map(License::claims))
        });
    }

    /// Lets go of what was licensed up to `signed_at`, once. A licence that was signed later stays,
    /// for answers may overtake each other.
    fn end(&mut self, signed_at: Instant) {
        if self.state.ended_at.is_some_and(|ended_at| signed_at <= ended_at) {
            return;
        }
        self.state.ended_at = Some(signed_at);
        let before = self.state.licenses.len();
        self.keep(|claims| claims.is_some_and(|held| held.issued_at > signed_at));
        self.ended = before.saturating_sub(self.state.licenses.len());
    }

    /// Whether the clock is known to be wrong, so that it cannot tell what comes from the future;
    /// a document that answers a request does not come from there either.
    fn is_behind(&self) -> bool {
        let behind = self.state.evidence.mark().seconds_since(self.clock);
        u64::try_from(behind).is_ok_and(|behind| behind > BEHIND_SECONDS_OK)
    }

    fn now(&self) -> Instant {
        self.clock.max(self.state.evidence.mark())
    }

    fn license(&mut self, bytes: &[u8]) -> Taken {
        let license = License::verify(bytes, &self.trust)?;
        self.take_license(text(bytes)?, &license, None)?;
        Ok(None)
    }

    fn key_ring(&mut self, bytes: &[u8]) -> Taken {
        let ring = KeyRing::verify(bytes, &self.identity.roots)?;
        self.trust.renew(ring.clone())?;
        self.take_ring(text(bytes)?, &ring)?;
        self.forget_untrusted_revocations();
        Ok(None)
    }

    fn revocations(&mut self, bytes: &[u8]) -> Taken {
        let list = RevocationList::verify(bytes, &self.trust)?;
        self.trust.renew_revocations(list.clone())?;
        self.take_revocations(text(bytes)?, &list)?;
        Ok(None)
    }

    /// A time token is an answer that says nothing else.
    fn time(&mut self, bytes: &[u8]) -> Taken {
        let token = TimeToken::verify(bytes, &self.trust)?;
        let TimeClaims { nonce, issued_at, .. } = *token.claims();
        token.require_installation(self.identity.installation)?;
        self.state.request(nonce).ok_or(ErrorKind::OtherRequest)?;
        if !self.is_behind() {
            self.require_past(DocumentType::Time, issued_at)?;
        }
        self.state.take_answer(nonce, issued_at);
        Ok(None)
    }

    /// Holds the newest list; another one inside an answer is passed over.
    fn take_revocations(&mut self, text: &str, newest: &RevocationList) -> Result<(), Refusal> {
        let list = RevocationList::verify(text.as_bytes(), &self.trust)?;
        if list != *newest {
            return Ok(());
        }
        let issued_at = list.claims().issued_at;
        self.require_past(DocumentType::Revocations, issued_at)?;
        if self.state.revocations.as_deref() != Some(text) {
            self.state.revocations = Some(text.to_owned());
        }
        self.state.take_date(issued_at);
        Ok(())
    }

    /// A ring that does not vouch for the signer of the list takes the list with it.
    fn forget_untrusted_revocations(&mut self) {
        if self.trust.revocations().is_none() {
            self.state.revocations = None;
        }
    }

    /// Holds the newest ring; another one inside an answer is passed over.
    fn take_ring(&mut self, text: &str, newest: &KeyRing) -> Result<(), Refusal> {
        let ring = KeyRing::verify(text.as_bytes(), &self.identity.roots)?;
        if ring != *newest {
            return Ok(());
        }
        self.require_past(DocumentType::KeyRing, ring.issued_at())?;
        let held = self.state.key_ring.as_ref();
        let held =
            held.and_then(|text| KeyRing::verify(text.as_bytes(), &self.identity.roots).ok());
        if held.as_ref() != Some(&ring) {
            self.state.key_ring = Some(text.to_owned());
        }
        self.state.take_date(ring.issued_at());
        Ok(())
    }

    /// Holds a licence that came by itself, or in an answer that was signed at `answered_at`.
    fn take_license(
        &mut self,
        text: &str,
        license: &License,
        answered_at: Option<Instant>,
    ) -> Result<(), Refusal> {
        license.require_product(&self.identity.product)?;
        license.require_installation(self.identity.installation)?;
        self.identity.require_customer(license)?;
        let claims = license.claims();
        let held = self.held_licenses();
        if held.iter().any(|(_, other)| other.claims() == claims) {
            return Ok(());
        }
        if claims.nonce.is_some_and(|nonce| self.state.request(nonce).is_none()) {
            return Err(ErrorKind::OtherRequest.into());
        }
        self.require_past(DocumentType::License, claims.issued_at)?;
        let ended = |ended_at: Instant| match answered_at {
            Some(answered_at) => answered_at < ended_at,
            None => claims.issued_at <= ended_at,
        };
        if self.state.ended_at.is_some_and(ended) {
            return Err(outdated());
        }
        if answered_at.is_some() {
            self.replace(claims);
        }
        let held = self.held_licenses();
        let same = claims.serial.as_ref().and_then(|serial| {
            held.iter().find(|(_, other)| other.claims().serial.as_ref() == Some(serial))
        });
        match same {
            Some((_, other)) if other.claims().issued_at > claims.issued_at => {
                return Err(outdated());
            }
            Some((place, _)) => drop(self.state.licenses.remove(*place)),
            None => self.make_room(&held)?,
        }
        self.state.licenses.push(text.to_owned());
        self.state.take_date(claims.issued_at);
        Ok(())
    }

    /// The licences that verify, each with its place in the state.
    fn held_licenses(&self) -> Vec<(usize, License)> {
        let texts = self.state.licenses.iter().enumerate();
        texts
            .filter_map(|(place, text)| {
                Some((place, License::verify(text.as_bytes(), &self.trust).ok()?))
            })
            .collect()
    }

    /// Lets go of the licence that ended first when no more can be held; one that may still allow
    /// something is never let go.
    fn make_room(&mut self, held: &[(usize, License)]) -> Result<(), Refusal> {
        if self.state.licenses.len() < LICENSES_MAX {
            return Ok(());
        }
        let ended = held.iter().filter_map(|(place, license)| {
            let end = end(license.claims())?;
            (end <= self.now()).then_some((end, *place))
        });
        let Some((_, place)) = ended.min() else {
            return Err(Refusal::new(ErrorKind::QuantityOutOfRange)
                .with("what", "the number of licences held")
                .with("value", LICENSES_MAX.saturating_add(1))
                .with("min", 0)
                .with("max", LICENSES_MAX));
        };
        self.state.licenses.remove(place);
        Ok(())
    }

    /// Refuses what comes from the future: a false date would raise the mark for good (S-MK-72).
    fn require_past(&self, document: DocumentType, issued_at: Instant) -> Result<(), Refusal> {
        let seconds = issued_at.seconds_since(self.now());
        if seconds <= CLOCK_SKEW_SECONDS_MAX {
            return Ok(());
        }
        Err(Refusal::new(ErrorKind::IssuedInFuture)
            .with("document", document.noun())
            .with("seconds", seconds))
    }
}

/// Whether the vendor says that nothing is licensed here, and not only that it will not do what was
/// asked (S-MK-69).
fn takes_back(refusal: &SignedRefusal) -> bool {
    matches!(
        refusal.kind(),
        Some(ErrorKind::NotLicensed | ErrorKind::NoLicense | ErrorKind::NoFreeLicense)
    )
}

fn outdated() -> Refusal {
    Refusal::new(ErrorKind::DocumentOutdated).with("document", DocumentType::License.noun())
}

/// The instant from which on a licence allows nothing, if there is one.
fn end(claims: &LicenseClaims) -> Option<Instant> {
    let spans = [claims.licensed, claims.grace].into_iter().flatten();
    let ends = spans.map(|span| span.until.map(|until| until.at()));
    ends.collect::<Option<Vec<Instant>>>()?.into_iter().max()
}

fn text(bytes: &[u8]) -> Result<&str, Refusal> {
    let text = str::from_utf8(bytes).map_err(|_| ErrorKind::NotUtf8)?;
    Ok(text.trim_end_matches(['\r', '\n']))
}
