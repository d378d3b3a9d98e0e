//! The licences held, verified and compared with the host, ready to be asked.

use std::{collections::BTreeMap, sync::OnceLock};

use mlicense_core::{
    decision::{Candidate, Decision, Question, Timeline, evaluate_all},
    document::License,
    error::Refusal,
    host_binding::{HashedFacts, HostMatch, MatchRule},
    id::ProductId,
    signing::{KeyId, KeyRing, PublicKey, Trust},
    time::Instant,
};

use crate::state::State;

/// Who asks, by what the program brings and by its own key: nothing of it is read from a document.
#[derive(Debug)]
pub(crate) struct Identity {
    pub(crate) product: ProductId,
    pub(crate) roots: Vec<PublicKey>,
    pub(crate) installation: KeyId,
}

impl Identity {
    /// The keys to trust: the roots, and those of the ring that a root signed. A ring that does
    /// not verify any more, because the program brings other roots, adds none.
    pub(crate) fn trust(&self, state: &State) -> Result<(Trust, Option<Refusal>), Refusal> {
        let roots = Trust::new(&self.roots, None)?;
        let Some(text) = &state.key_ring else { return Ok((roots, None)) };
        let ring = KeyRing::verify(text.as_bytes(), &self.roots);
        match ring.and_then(|ring| Trust::new(&self.roots, Some(ring))) {
            Ok(trust) => Ok((trust, None)),
            Err(refusal) => Ok((roots, Some(refusal))),
        }
    }

    fn question<'a>(&'a self, feature: &'a str) -> Question<'a> {
        Question::new(&self.product, feature).from_installation(self.installation)
    }
}

/// The licences held.
#[derive(Debug, Default)]
pub(crate) struct Held {
    licenses: Vec<(License, HostMatch)>,
    /// Of every feature named, made when first asked about.
    timelines: BTreeMap<Box<str>, OnceLock<Timeline>>,
    notices: Vec<Refusal>,
}

impl Held {
    /// Verifies what a state holds; what does not verify any more is left out and noted.
    pub(crate) fn new(
        state: &State,
        identity: &Identity,
        facts: &HashedFacts,
    ) -> Result<Self, Refusal> {
        let (trust, notice) = identity.trust(state)?;
        let mut held = Self { notices: Vec::from_iter(notice), ..Self::default() };
        for text in &state.licenses {
            match License::verify(text.as_bytes(), &trust) {
                Ok(license) => held.add(license, facts),
                Err(refusal) => held.notices.push(refusal),
            }
        }
        held.timelines.entry(identity.product.as_str().into()).or_default();
        Ok(held)
    }

    fn add(&mut self, license: License, facts: &HashedFacts) {
        let binding = license.claims().host.as_ref();
        let host = binding.map(|binding| MatchRule::from(binding).compare(facts));
        for feature in license.claims().features.keys() {
            self.timelines.entry(feature.as_str().into()).or_default();
        }
        self.licenses.push((license, host.unwrap_or_default()));
    }

    /// Without lock; without allocation once a feature that is named was asked about.
    pub(crate) fn decide(&self, identity: &Identity, feature: &str, now: Instant) -> Decision {
        let question = || identity.question(feature);
        match self.timelines.get(feature) {
            Some(timeline) => {
                let made = timeline.get_or_init(|| Timeline::new(&self.candidates(), &question()));
                made.at(now).clone()
            }
            None => evaluate_all(&self.candidates(), now, &question()),
        }
    }

    pub(crate) fn licenses(&self) -> impl Iterator<Item = &License> {
        self.licenses.iter().map(|(license, _)| license)
    }

    pub(crate) fn notices(&self) -> &[Refusal] {
        &self.notices
    }

    fn candidates(&self) -> Vec<Candidate<'_>> {
        self.licenses.iter().map(|(license, host)| Candidate { license, host }).collect()
    }
}
