//! Webhooks: which events the vendor's program tells other programs as they happen.
//!
//! The library connects to nothing: a webhook leaves a message in the outbox for every event of its
//! kinds, in the transaction of the event, and the vendor's program sends it on. What address it
//! has and by what secret it is signed, that program knows; neither stands in the history.

use serde::{Deserialize, Serialize};

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    catalogue::CatalogueEvent,
    error::{Refusal, Result},
    history::Event,
    id::WebhookId,
};

/// The webhooks of a vendor, each with the kinds of events it is told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Webhooks(BTreeMap<WebhookId, BTreeSet<String>>);

impl Webhooks {
    /// The most webhooks of a vendor: each may leave a message for every event.
    pub const MAX: usize = 32;

    /// Every webhook with its kinds.
    #[must_use]
    pub const fn all(&self) -> &BTreeMap<WebhookId, BTreeSet<String>> {
        &self.0
    }

    /// The webhooks that are told events of a kind.
    pub fn told<'w>(&'w self, kind: &'w str) -> impl Iterator<Item = &'w WebhookId> {
        self.0.iter().filter(move |(_, kinds)| kinds.contains(kind)).map(|(webhook, _)| webhook)
    }

    /// Decides what a webhook is told from now on; without kinds it is gone.
    pub(crate) fn set(
        &self,
        webhook: &WebhookId,
        kinds: &BTreeSet<String>,
    ) -> Result<Option<CatalogueEvent>> {
        for kind in kinds {
            Event::check_kind(kind)?;
        }
        let known = self.0.get(webhook);
        if known.map_or_else(|| kinds.is_empty(), |known| known == kinds) {
            return Ok(None);
        }
        if known.is_none() && self.0.len() >= Self::MAX {
            return Err(Refusal::over("webhooks:", self.0.len().saturating_add(1), Self::MAX));
        }
        let (webhook, kinds) = (webhook.clone(), kinds.clone());
        Ok(Some(CatalogueEvent::WebhookSet { webhook, kinds }))
    }

    pub(crate) fn take(&mut self, webhook: &WebhookId, kinds: &BTreeSet<String>) {
        if kinds.is_empty() {
            self.0.remove(webhook);
        } else {
            self.0.insert(webhook.clone(), kinds.clone());
        }
    }
}
