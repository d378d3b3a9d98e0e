//! `Reasons`: made when they are first asked for, since most who ask whether do not ask why.

use std::sync::OnceLock;

use serde::{Serialize, Serializer};
use smol_str::SmolStr;

use super::{Candidate, Question, Reason, rules::Rules};
use crate::{
    document::{License, RevocationList},
    evidence::Present,
    host_binding::HostMatch,
    id::{DeviceId, ProductId},
    signing::KeyId,
    time::{Day, Instant},
};

/// The reasons of a decision, or what they are made of.
pub(super) struct Reasons {
    made: OnceLock<Vec<Reason>>,
    /// Absent when the reasons were given.
    basis: Option<Basis>,
}

impl Reasons {
    /// The reasons of `rules` at an instant, to be made when somebody asks.
    pub(super) fn of(rules: &Rules<'_>, now: Instant) -> Self {
        Self { made: OnceLock::new(), basis: Some(Basis::of(rules, now)) }
    }

    /// Reasons as they are.
    pub(super) fn given(reasons: Vec<Reason>) -> Self {
        Self { made: OnceLock::from(reasons), basis: None }
    }

    pub(super) fn get(&self) -> &[Reason] {
        self.made.get_or_init(|| self.basis.as_ref().map(Basis::reasons).unwrap_or_default())
    }
}

impl PartialEq for Reasons {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl Eq for Reasons {}

impl Serialize for Reasons {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.get().serialize(to)
    }
}

/// What was asked of which licence: a decision outlives the question.
struct Basis {
    license: License,
    host: HostMatch,
    product: ProductId,
    installation: Option<KeyId>,
    /// Whole, since cut it may be the name of another.
    feature: SmolStr,
    built_on: Option<Day>,
    present: Option<Present>,
    revocations: Option<RevocationList>,
    device: Option<DeviceId>,
    now: Instant,
}

impl Basis {
    fn of(rules: &Rules<'_>, now: Instant) -> Self {
        let question = rules.question;
        Self {
            license: rules.license.clone(),
            host: rules.host.clone(),
            product: question.product.clone(),
            installation: question.installation,
            feature: question.feature.into(),
            built_on: question.built_on,
            present: question.present,
            revocations: question.revocations.cloned(),
            device: question.device.cloned(),
            now,
        }
    }

    fn reasons(&self) -> Vec<Reason> {
        let question = Question {
            product: &self.product,
            installation: self.installation,
            feature: &self.feature,
            built_on: self.built_on,
            present: self.present,
            revocations: self.revocations.as_ref(),
            device: self.device.as_ref(),
        };
        let candidate = Candidate { license: &self.license, host: &self.host };
        Rules::new(&candidate, &question).reasons_at(self.now)
    }
}
