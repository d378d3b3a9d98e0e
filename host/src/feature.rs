//! `Feature`: one feature, ready to be asked about often.

use std::{fmt, sync::Arc};

use mlicense_core::{
    decision::{Decision, Outcome},
    error::Refusal,
};

use crate::{
    shared::Shared,
    tick::{LastOutcome, Tick},
};

/// One feature of a client, for code that asks at every turn.
///
/// It answers as the client does, and goes on to do so when the client accepts another licence; it
/// may outlive the client and be shared by threads. An answer costs one look at a clock and two
/// loads; once a second it is decided anew.
///
/// ```
/// use mlicense_core::document::{License, LicenseClaims};
/// use mlicense_core::signing::Signer;
/// use mlicense_host::{Client, Clock, Options, SystemClock};
///
/// let vendor = Signer::from_seed([1; 32]);
/// let mut client = Client::open("editor".parse()?, &[vendor.public_key()], Options::stateless())?;
/// let editor = client.feature("editor");
/// assert!(!editor.allowed());
///
/// let claims = LicenseClaims::perpetual("editor".parse()?, "Example Ltd", SystemClock.now());
/// client.accept(License::issue(&claims, &vendor)?.as_bytes())?;
/// assert!(editor.allowed());
/// assert!(!client.feature("export").allowed());
/// # Ok::<(), mlicense_host::Error>(())
/// ```
pub struct Feature {
    shared: Arc<Shared>,
    name: Box<str>,
    last: LastOutcome,
}

impl Feature {
    pub(crate) fn new(shared: Arc<Shared>, name: &str) -> Self {
        Self { shared, name: name.into(), last: LastOutcome::default() }
    }

    /// The feature's name, as it was asked for.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it may run now.
    #[must_use]
    pub fn allowed(&self) -> bool {
        self.outcome().allows()
    }

    /// The answer in one word; without lock or allocation.
    #[must_use = "an outcome that nobody reads stops nobody"]
    pub fn outcome(&self) -> Outcome {
        let tick = self.shared.tick();
        self.last.at(tick).unwrap_or_else(|| self.decide(tick))
    }

    /// The answer with its reasons, as [`Client::check`](crate::Client::check).
    pub fn check(&self) -> Decision {
        self.shared.decide(&self.shared.held(), &self.name)
    }

    /// Stops a caller when the feature may not run now.
    ///
    /// # Errors
    /// [`ErrorKind::NotLicensed`](mlicense_core::error::ErrorKind::NotLicensed) when denied, with
    /// the reason.
    pub fn require(&self) -> Result<(), Refusal> {
        if self.allowed() { Ok(()) } else { self.check().require() }
    }

    #[cold]
    fn decide(&self, tick: Tick) -> Outcome {
        let outcome = self.shared.outcome_at_tick(&self.shared.held(), &self.name, tick);
        self.last.remember(tick, outcome);
        outcome
    }
}

impl fmt::Debug for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Feature({})", self.name)
    }
}
