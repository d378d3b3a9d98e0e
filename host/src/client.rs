//! `Client`.

use std::collections::BTreeMap;

use mlicense_core::{
    decision::Decision,
    document::{HostFacts as ToldFacts, License, Nonce, Request, RequestFields, RequestKind},
    error::{ErrorKind, Language, Refusal},
    host_binding::{FactSalt, HashedFacts, HostFacts},
    id::{CustomerId, LicenseType, ProductId, SystemId},
    signing::{KeyId, PublicKey, Signer},
    time::Instant,
};
use serde::Deserialize;

use crate::{
    Accepted, Clock, Options, accept,
    error::Result,
    held::{Held, Identity},
    state::{Pending, State},
    store::{StateFile, Store},
};

/// One installation of one product, and the licences it holds.
///
/// Checks take `&self`, never fail and wait for nothing, from any number of threads; requests and
/// documents take `&mut self`. Programs that share a state folder take turns in writing; each
/// sees what another accepted when it next writes or opens.
///
/// Time is what the clock says, but never earlier than the newest instant that the vendor signed:
/// a clock set back prolongs nothing (S-MK-71).
#[derive(Debug)]
pub struct Client {
    identity: Identity,
    signer: Signer,
    facts: HostFacts,
    hashed: HashedFacts,
    clock: Box<dyn Clock>,
    store: Store,
    state: State,
    held: Held,
}

impl Client {
    /// Opens the installation of `product`, or makes one with a random key of its own.
    ///
    /// `roots` are the vendor's root keys, compiled into the program. The first one also salts the
    /// digests of host facts, so it stays first when others join it: behind another, every host
    /// bound so far would look like another host.
    ///
    /// # Errors
    /// [`ErrorKind::FieldInvalid`] without a root key or for a declared id that tells no hosts
    /// apart. [`ErrorKind::StoreCorrupt`] for a damaged state, which is set aside under another
    /// name so that the next opening starts afresh (S-MK-76); [`ErrorKind::StoreNewer`],
    /// [`ErrorKind::StoreForeign`], [`ErrorKind::StoreBusy`], [`ErrorKind::StoreFull`],
    /// [`ErrorKind::StoreReadOnly`] and [`ErrorKind::StoreUnavailable`] for a state that cannot be
    /// read or made; [`ErrorKind::Internal`] when the system gives no random bytes.
    pub fn open(product: ProductId, roots: &[PublicKey], options: Options) -> Result<Self> {
        let Some(first) = roots.first() else {
            return Err(Refusal::new(ErrorKind::FieldInvalid)
                .with("field", "roots")
                .with("value", "")
                .with("expected", "at least one root key")
                .into());
        };
        let facts = options.host_facts()?;
        let hashed = facts.hash(&FactSalt::new(*first.as_bytes()));
        let (store, state) = match &options.folder {
            None => (Store::Memory, State::new(product.clone(), entropy()?)),
            Some(folder) => {
                let (file, state) = StateFile::open(folder, &product, entropy)?;
                (Store::File(file), state)
            }
        };
        let signer = Signer::from_seed(state.seed.0);
        let identity = Identity { product, roots: roots.to_vec(), installation: signer.key_id() };
        let held = Held::new(&state, &identity, &hashed)?;
        Ok(Self { identity, signer, facts, hashed, clock: options.clock, store, state, held })
    }

    /// Decides whether a feature may run now; the product's own id asks for the product as a
    /// whole. An unknown feature is denied.
    pub fn check(&self, feature: &str) -> Decision {
        self.check_at(feature, self.clock.now())
    }

    /// Decides as [`Client::check`] at an instant given.
    pub fn check_at(&self, feature: &str, now: Instant) -> Decision {
        self.held.decide(&self.identity, feature, self.not_before_mark(now))
    }

    /// Stops a caller whose feature may not run now.
    ///
    /// # Errors
    /// [`ErrorKind::NotLicensed`] when denied, with the reason.
    pub fn require(&self, feature: &str) -> Result<(), Refusal> {
        self.check(feature).require()
    }

    /// The decision with every reason and what would change it, as JSON with texts.
    #[must_use]
    pub fn explain(&self, feature: &str, language: Language) -> String {
        self.check(feature).explain(language)
    }

    /// Writes a request for the vendor, signed with the installation's key.
    ///
    /// It tells the host's facts as digests. Several requests may be under way at once, such as
    /// one online and one in a file (S-MK-74): the last [`PENDING_MAX`](crate::PENDING_MAX).
    ///
    /// # Errors
    /// [`ErrorKind::ClaimsContradictory`] or [`ErrorKind::FieldInvalid`] when the details lack
    /// what the kind needs or are too long; for the state as [`Client::open`].
    pub fn request(&mut self, kind: RequestKind, details: RequestDetails) -> Result<String> {
        self.request_at(kind, details, self.clock.now())
    }

    /// Writes a request as [`Client::request`] at an instant given.
    ///
    /// # Errors
    /// As [`Client::request`].
    pub fn request_at(
        &mut self,
        kind: RequestKind,
        details: RequestDetails,
        now: Instant,
    ) -> Result<String> {
        let nonce = Nonce::from_entropy(entropy()?);
        let asked_at = self.not_before_mark(now);
        let product = self.identity.product.clone();
        let mut fields = RequestFields::new(kind, product, nonce, asked_at);
        let RequestDetails { system, customer, code, devices } = details;
        (fields.system, fields.customer, fields.code) = (system, customer, code);
        fields.devices = devices;
        fields.host = Some(ToldFacts::from(&self.hashed));
        let request = Request::write(&fields, &self.signer)?;
        let remember = |state: &mut State| {
            state.remember(Pending { nonce, kind, asked_at });
            Ok(())
        };
        let (state, ()) = self.store.update(&self.state, remember)?;
        self.renew(state)?;
        Ok(request)
    }

    /// Accepts a signed document: an answer, a licence or a key ring.
    ///
    /// The same document again changes nothing. A refused document changes nothing either.
    ///
    /// # Errors
    /// [`ErrorKind::InputTooLarge`], [`ErrorKind::DocumentMalformed`],
    /// [`ErrorKind::DocumentWrongType`], [`ErrorKind::KeyNotTrusted`], [`ErrorKind::KeyNotValid`],
    /// [`ErrorKind::SignatureInvalid`] or [`ErrorKind::ClaimsContradictory`] for bytes that are no
    /// document of this vendor; [`ErrorKind::OtherProduct`], [`ErrorKind::OtherInstallation`] and
    /// [`ErrorKind::OtherRequest`] for one made for others; [`ErrorKind::DocumentOutdated`] for an
    /// older one than held; [`ErrorKind::IssuedInFuture`] for one from more than 300 seconds
    /// ahead; [`ErrorKind::QuantityOutOfRange`] when [`LICENSES_MAX`](crate::LICENSES_MAX)
    /// licences that have not ended are held; for the state as [`Client::open`].
    pub fn accept(&mut self, document: &[u8]) -> Result<Accepted> {
        self.accept_at(document, self.clock.now())
    }

    /// Accepts a document as [`Client::accept`] at an instant given.
    ///
    /// # Errors
    /// As [`Client::accept`].
    pub fn accept_at(&mut self, document: &[u8], now: Instant) -> Result<Accepted> {
        let take = |state: &mut State| Ok(accept::accept(state, &self.identity, document, now)?);
        let (state, accepted) = self.store.update(&self.state, take)?;
        self.renew(state)?;
        Ok(accepted)
    }

    /// The licences held whose signatures hold, in the order in which they were accepted.
    pub fn licenses(&self) -> impl Iterator<Item = &License> {
        self.held.licenses()
    }

    /// Why documents held do not count any more, such as a signer's key that was revoked.
    #[must_use]
    pub fn notices(&self) -> &[Refusal] {
        self.held.notices()
    }

    /// The installation: the thumbprint of its own key.
    #[must_use]
    pub const fn installation(&self) -> KeyId {
        self.identity.installation
    }

    /// The product that asks.
    #[must_use]
    pub const fn product(&self) -> &ProductId {
        &self.identity.product
    }

    /// The facts of the host, read when the client was opened, to be shown here (S-MK-45).
    #[must_use]
    pub const fn host_facts(&self) -> &HostFacts {
        &self.facts
    }

    fn not_before_mark(&self, now: Instant) -> Instant {
        now.max(self.state.mark)
    }

    fn renew(&mut self, state: State) -> Result<()> {
        self.held = Held::new(&state, &self.identity, &self.hashed)?;
        self.state = state;
        Ok(())
    }
}

/// What a request says beyond its kind; each kind needs its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct RequestDetails {
    /// The system that asks, where one installation serves a system.
    pub system: Option<SystemId>,
    /// The customer, where the installation knows.
    pub customer: Option<CustomerId>,
    /// The number or coupon as it was typed.
    pub code: Option<String>,
    /// How many devices need a licence of each type.
    pub devices: BTreeMap<LicenseType, u32>,
}

/// Random bytes of the operating system.
fn entropy<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|fault| {
        Refusal::new(ErrorKind::Internal).with("detail", format_args!("no random bytes: {fault}"))
    })?;
    Ok(bytes)
}
