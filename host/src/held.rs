//! The licences held, verified and compared with the host, ready to be asked.

use std::{collections::BTreeSet, sync::OnceLock};

use mlicense_core::{
    decision::{Candidate, Decision, Outcome, Question, Timeline, evaluate_all},
    document::{License, LicenseClaims, RevocationList},
    error::Refusal,
    evidence::Present,
    host_binding::{HashedFacts, HostMatch, MatchRule},
    id::{CustomerId, DeviceId, FeatureId, ProductId},
    signing::{KeyId, KeyRing, PublicKey, Trust},
    time::{Day, Instant},
};

use crate::{
    names::Names,
    state::State,
    tick::{LastOutcome, Tick},
};

/// Who asks, by what the program brings and by its own key: nothing of it is read from a document.
#[derive(Debug)]
pub(crate) struct Identity {
    pub(crate) product: ProductId,
    pub(crate) roots: Vec<PublicKey>,
    pub(crate) installation: KeyId,
    pub(crate) built_on: Option<Day>,
    pub(crate) customer: Option<CustomerId>,
}

impl Identity {
    /// The keys to trust: the roots, those of the ring that a root signed, and none that the
    /// revocation list names. A ring or list that does not verify any more, because the program
    /// brings other roots, is left out and noted.
    pub(crate) fn trust(&self, state: &State) -> Result<(Trust, Vec<Refusal>), Refusal> {
        let mut trust = Trust::new(&self.roots, None)?;
        let mut notices = Vec::new();
        if let Some(text) = &state.key_ring {
            let ring = KeyRing::verify(text.as_bytes(), &self.roots);
            notices.extend(ring.and_then(|ring| trust.renew(ring)).err());
        }
        if let Some(text) = &state.revocations {
            let list = RevocationList::verify(text.as_bytes(), &trust);
            notices.extend(list.and_then(|list| trust.renew_revocations(list)).err());
        }
        Ok((trust, notices))
    }

    /// Refuses a licence that was made for another customer than the program says.
    pub(crate) fn require_customer(&self, license: &License) -> Result<(), Refusal> {
        self.customer.as_ref().map_or(Ok(()), |customer| license.require_customer(customer))
    }

    fn question<'a>(&'a self, feature: &'a str, present: Present) -> Question<'a> {
        let mut question = Question::new(&self.product, feature);
        question.installation = Some(self.installation);
        question.built_on = self.built_on;
        question.present = Some(present);
        question
    }
}

/// The licences held.
#[derive(Debug)]
pub(crate) struct Held {
    licenses: Vec<(License, HostMatch)>,
    /// Every feature that a licence names, and the product.
    named: Names<Named>,
    revocations: Option<RevocationList>,
    notices: Vec<Refusal>,
}

/// What is known of a feature that is named.
#[derive(Debug, Default)]
struct Named {
    /// Made when first asked about.
    timeline: OnceLock<Timeline>,
    last: LastOutcome,
}

impl Held {
    /// Verifies what a state holds; what does not verify any more is left out and noted.
    pub(crate) fn new(
        state: &State,
        identity: &Identity,
        facts: &HashedFacts,
    ) -> Result<Self, Refusal> {
        let (trust, mut notices) = identity.trust(state)?;
        let mut licenses = Vec::new();
        for text in &state.licenses {
            let license = License::verify(text.as_bytes(), &trust);
            let own = |license| identity.require_customer(&license).map(|()| license);
            match license.and_then(own) {
                Ok(license) => licenses.push(compared(license, facts)),
                Err(refusal) => notices.push(refusal),
            }
        }
        let features = licenses.iter().flat_map(|(license, _)| license.claims().features.keys());
        let mut names: BTreeSet<&str> = features.map(FeatureId::as_str).collect();
        names.insert(identity.product.as_str());
        let named = names.iter().map(|name| ((*name).into(), Named::default()));
        let revocations = trust.revocations().cloned();
        Ok(Self { named: Names::new(named), licenses, revocations, notices })
    }

    /// Decides by a clock that is trusted. Without lock; without allocation once a feature that is
    /// named was asked about.
    pub(crate) fn decide(&self, identity: &Identity, feature: &str, now: Instant) -> Decision {
        match self.named.find(feature) {
            Some(named) => self.timeline(identity, feature, named).at(now).clone(),
            None => self.decide_under(identity, feature, Present::by(now)),
        }
    }

    /// The outcome of [`Held::decide`] at a tick whose clock is trusted, which costs less: once a
    /// second it is decided, and between found beside the name.
    pub(crate) fn outcome(&self, identity: &Identity, feature: &str, tick: Tick) -> Outcome {
        let Some(named) = self.named.find(feature) else {
            return self.decide_under(identity, feature, Present::by(tick.now())).outcome();
        };
        named.last.at(tick).unwrap_or_else(|| {
            let outcome = self.timeline(identity, feature, named).at(tick.now()).outcome();
            named.last.remember(tick, outcome);
            outcome
        })
    }

    /// Decides by what is known of the time.
    pub(crate) fn decide_under(
        &self,
        identity: &Identity,
        feature: &str,
        present: Present,
    ) -> Decision {
        self.evaluate(present, identity.question(feature, present))
    }

    /// Decides for a device by what is known of the time.
    pub(crate) fn decide_on(
        &self,
        identity: &Identity,
        (feature, device): (&str, &DeviceId),
        present: Present,
    ) -> Decision {
        self.evaluate(present, identity.question(feature, present).on_device(device))
    }

    fn evaluate(&self, present: Present, question: Question<'_>) -> Decision {
        let revocations = self.revocations.as_ref();
        let mut question = question;
        question.revocations = revocations;
        evaluate_all(&self.candidates(), present.now, &question)
    }

    fn timeline<'n>(&self, identity: &Identity, name: &str, named: &'n Named) -> &'n Timeline {
        // The same for every instant by which a clock that is trusted may go.
        named.timeline.get_or_init(|| {
            let mut question = identity.question(name, Present::by(Instant::MIN));
            question.revocations = self.revocations.as_ref();
            Timeline::new(&self.candidates(), &question)
        })
    }

    pub(crate) fn licenses(&self) -> impl Iterator<Item = &License> {
        self.licenses.iter().map(|(license, _)| license)
    }

    /// Every feature that a licence names, and the product.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.named.iter()
    }

    /// The licences that are bound to this host and installation, or to none.
    pub(crate) fn usable(&self, installation: KeyId) -> impl Iterator<Item = &LicenseClaims> {
        let here = move |(license, host): &&(License, HostMatch)| {
            license.require_installation(installation).is_ok() && host.holds()
        };
        self.licenses.iter().filter(here).map(|(license, _)| license.claims())
    }

    /// The newest list of what the vendor revoked.
    pub(crate) const fn revocations(&self) -> Option<&RevocationList> {
        self.revocations.as_ref()
    }

    pub(crate) fn notices(&self) -> &[Refusal] {
        &self.notices
    }

    fn candidates(&self) -> Vec<Candidate<'_>> {
        self.licenses.iter().map(|(license, host)| Candidate { license, host }).collect()
    }
}

/// A licence and how this host compares with the one it is bound to.
fn compared(license: License, facts: &HashedFacts) -> (License, HostMatch) {
    let binding = license.claims().host.as_ref();
    let host = binding.map(|binding| MatchRule::from(binding).compare(facts));
    (license, host.unwrap_or_default())
}
