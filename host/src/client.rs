//! `Client`.

use std::{collections::BTreeMap, sync::Arc};

use mlicense_core::{
    code::CodeFormat,
    contact::{NextAction, Situation, Unanswered},
    decision::{Decision, Outcome},
    document::{
        HostFacts as ToldFacts, License, Moment, Nonce, Owner, Request, RequestFields, RequestKind,
    },
    error::{ErrorKind, Language, Refusal},
    evidence::{Evidence, Present, Verdict},
    host_binding::{FactSalt, HashedFacts, HostFacts},
    id::{CustomerId, DeviceId, GroupId, LicenseType, ProductId, SystemId},
    seat::{Available, Usage},
    signing::{KeyId, PublicKey, Signer, sha256},
    time::{Day, Instant},
};
use serde::Deserialize;

use crate::{
    Accepted, Entropy, Feature, Options, Quota, Seat, accept,
    diagnosis::{Diagnosis, Probe},
    entropy::random,
    error::{Error, Result},
    held::{Held, Identity},
    place::{Folders, Place},
    shared::{OutOfReach, Shared},
    state::{Number, Pending, State},
    store::{Access, StateFile, Store},
    watch::Watch,
};

/// How much earlier than in UTC a day begins somewhere, in seconds, rounded up.
const DAY_BEGINS_EARLIER: i64 = 14 * 3600;

/// One installation of one product, and the licences it holds.
///
/// Checks take `&self`, never fail and wait for nothing, from any number of threads; requests and
/// documents take `&mut self`. Programs that share a state folder take turns in writing; each
/// sees what another accepted when it next writes or opens.
///
/// Time is what the clock says, but never earlier than what was confirmed: a clock set back
/// prolongs nothing (S-MK-71). What is known of the time is kept in the state; a check writes it at
/// most once a minute. `docs/time.md` has the rules.
///
/// Only what the vendor signed changes what is held: there is no call by which an error of a
/// server, or of the network, could take a licence away (S-MK-70).
#[derive(Debug)]
pub struct Client {
    shared: Arc<Shared>,
    held: Arc<Held>,
    signer: Signer,
    facts: HostFacts,
    hashed: HashedFacts,
    pub(crate) number_format: Option<CodeFormat>,
    entropy: Box<dyn Entropy>,
    pub(crate) state: State,
}

impl Client {
    /// Opens the installation of `product`, or makes one with a random key of its own.
    ///
    /// `roots` are the vendor's root keys, compiled into the program. The first one also salts the
    /// digests of host facts, so it stays first when others join it: behind another, every host
    /// bound so far would look like another host.
    ///
    /// # Errors
    /// [`ErrorKind::FieldInvalid`] without a root key, for a declared id that tells no hosts
    /// apart, or for ids that are no names of folders. [`ErrorKind::StoreCorrupt`] for a damaged
    /// state; one in a file is set aside under another name so that the next opening starts afresh
    /// (S-MK-76). [`ErrorKind::StoreNewer`], [`ErrorKind::StoreForeign`],
    /// [`ErrorKind::StoreBusy`], [`ErrorKind::StoreFull`], [`ErrorKind::StoreReadOnly`] and
    /// [`ErrorKind::StoreUnavailable`] for a state that cannot be read or made;
    /// [`ErrorKind::Internal`] when the system gives no random bytes.
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
        let entropy = options.entropy;
        let (store, state, fault) = match open_state(&options.place, &product, &*entropy) {
            Err(fault) if options.fault_grace > 0 && is_out_of_reach(&fault) => {
                (Store::Memory, State::new(product.clone(), random(&*entropy)?), Some(fault.kind()))
            }
            opened => {
                let (store, state) = opened?;
                (store, state, None)
            }
        };
        let signer = Signer::from_seed(state.seed.0);
        let (installation, built_on) = (signer.key_id(), options.built_on);
        let (roots, customer) = (roots.to_vec(), options.customer);
        let identity = Identity { product, roots, installation, built_on, customer };
        let held = Arc::new(Held::new(&state, &identity, &hashed)?);
        let evidence = built_on.map_or(state.evidence, |day| since_built(state.evidence, day));
        let watch = Watch::new(options.clock, evidence, (state.evidence, state.uptime.as_ref()));
        let shared = Shared::new(identity, store, watch, (state.seed, Arc::clone(&held)));
        let shared = match fault {
            Some(fault) => shared.without_state(fault, options.fault_grace),
            None => shared,
        };
        let number_format = options.number_format;
        let shared = Arc::new(shared);
        Ok(Self { shared, held, signer, facts, hashed, number_format, entropy, state })
    }

    /// Decides whether a feature may run now; the product's own id asks for the product as a
    /// whole. An unknown feature is denied.
    pub fn check(&self, feature: &str) -> Decision {
        self.shared.decide(&self.held, feature)
    }

    /// Decides as [`Client::check`] at an instant given, instead of what the clock says: counted
    /// with the mark where that is later, and otherwise believed. Nothing is learnt from it about
    /// the clock.
    pub fn check_at(&self, feature: &str, now: Instant) -> Decision {
        let present = self.shared.present_at(now);
        let decision = if present.verdict == Verdict::Ok {
            self.held.decide(self.identity(), feature, present.now)
        } else {
            self.held.decide_under(self.identity(), feature, present)
        };
        self.shared.tell(decision, present.now)
    }

    /// Decides whether a feature may run now for one device; a licence that names devices covers
    /// those, and one that names none covers any.
    pub fn check_device(&self, feature: &str, device: &DeviceId) -> Decision {
        let present = self.present();
        let decision = self.held.decide_on(self.identity(), (feature, device), present);
        self.shared.tell(decision, present.now)
    }

    /// The answer of [`Client::check`] in one word, which costs less: without lock or allocation
    /// for every feature that a licence names.
    #[must_use = "an outcome that nobody reads stops nobody"]
    pub fn outcome(&self, feature: &str) -> Outcome {
        self.shared.outcome(&self.held, feature)
    }

    /// A feature for code that asks at every turn: found once, and asked at the price of a look at
    /// a clock.
    #[must_use]
    pub fn feature(&self, name: &str) -> Feature {
        Feature::new(Arc::clone(&self.shared), name)
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

    /// Captures a seat of a feature for one user of this program, who keeps it until the value is
    /// dropped.
    ///
    /// Counted are the seats of this client only; `mlicense_ledger::SiteSeats` counts those of
    /// several programs and hosts, by [`Client::quota`]. A feature without a limit takes no seat
    /// and is captured any number of times (S-MK-63).
    ///
    /// # Errors
    /// [`ErrorKind::NotLicensed`] when the feature may not run, with the reason;
    /// [`ErrorKind::NoFreeLicense`] when all its seats are taken (S-MK-55).
    pub fn capture(&self, feature: &str) -> Result<Seat> {
        Seat::capture(&self.shared, feature)
    }

    /// Every feature that may run now, with its limit and how many seats of it this program has
    /// captured (S-MK-52).
    #[must_use]
    pub fn usage(&self) -> Vec<Usage> {
        self.shared.usage()
    }

    /// Whether a feature could be captured now. It captures nothing: a feature counted by seats is
    /// served only to who holds a [`Seat`] (S-MK-64).
    #[must_use]
    pub fn available(&self, feature: &str) -> Available {
        self.shared.available(feature)
    }

    /// How many seats the licences allow, for a store that counts those of several programs.
    #[must_use]
    pub fn quota(&self) -> Quota {
        Quota::new(Arc::clone(&self.shared))
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
        self.request_at(kind, details, self.present().now)
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
        let details = self.numbered(kind, details)?;
        let nonce = Nonce::from_entropy(random(&*self.entropy)?);
        let live = self.shared.watch.evidence();
        let asked_at = now.max(live.mark());
        let mut fields = RequestFields::new(kind, self.product().clone(), nonce, asked_at);
        let RequestDetails { system, customer, code, number, owner, devices, group, label } =
            details;
        let customer = customer.or_else(|| self.identity().customer.clone());
        (fields.system, fields.customer, fields.code) = (system, customer, code);
        (fields.number, fields.owner) = (number, owner);
        (fields.devices, fields.group, fields.label) = (devices, group, label);
        fields.host = Some(ToldFacts::from(&self.hashed));
        let number = fields.number.clone().map(Number);
        let (signer, uptime) = (&self.signer, self.shared.watch.uptime());
        let write = |state: &mut State| {
            state.epoch = state.epoch.saturating_add(1);
            fields.epoch = Some(state.epoch);
            let request = Request::write(&fields, signer)?;
            state.evidence = live.merged(state.evidence);
            state.uptime = uptime;
            let mark = state.evidence.mark();
            state.remember(Pending { nonce, kind, number, asked_at, mark, is_answered: false });
            Ok(request)
        };
        let (state, request) = self.shared.store.update(&self.state, write)?;
        self.renew(state)?;
        Ok(request)
    }

    /// Changes what is kept, and writes it.
    pub(crate) fn change_state(&mut self, change: impl FnOnce(&mut State)) -> Result<()> {
        let change = |state: &mut State| {
            change(state);
            Ok(())
        };
        let (state, ()) = self.shared.store.update(&self.state, change)?;
        self.renew(state)
    }

    /// Writes a request to give the licence back, before this installation is removed or its
    /// product moved to another host.
    ///
    /// The licences stay until the vendor's answer is accepted, which confirms that they are free
    /// again; that answer is the receipt.
    ///
    /// # Errors
    /// As [`Client::request`].
    pub fn deactivate(&mut self) -> Result<String> {
        self.request(RequestKind::Release, RequestDetails::default())
    }

    /// Writes a request as [`Client::deactivate`] at an instant given.
    ///
    /// # Errors
    /// As [`Client::request`].
    pub fn deactivate_at(&mut self, now: Instant) -> Result<String> {
        self.request_at(RequestKind::Release, RequestDetails::default(), now)
    }

    /// Accepts a signed document: an answer, a licence, a key ring, a revocation list or a time
    /// token.
    ///
    /// The same document again changes nothing. A refused document changes nothing either.
    ///
    /// An answer that says `NOT_LICENSED` or `NO_FREE_LICENSE` ends at once what was licensed until
    /// it was signed (S-MK-69), and so does one that confirms a release; what the vendor refuses for other
    /// reasons takes nothing away.
    ///
    /// # Errors
    /// [`ErrorKind::InputTooLarge`], [`ErrorKind::DocumentMalformed`],
    /// [`ErrorKind::DocumentWrongType`], [`ErrorKind::KeyNotTrusted`], [`ErrorKind::KeyNotValid`],
    /// [`ErrorKind::SignatureInvalid`] or [`ErrorKind::ClaimsContradictory`] for bytes that are no
    /// document of this vendor; [`ErrorKind::OtherProduct`], [`ErrorKind::OtherCustomer`],
    /// [`ErrorKind::OtherInstallation`] and [`ErrorKind::OtherRequest`] for one made for others; [`ErrorKind::DocumentOutdated`] for an
    /// older one than held; [`ErrorKind::IssuedInFuture`] for one from more than 300 seconds
    /// ahead; [`ErrorKind::QuantityOutOfRange`] when [`LICENSES_MAX`](crate::LICENSES_MAX)
    /// licences that have not ended are held; for the state as [`Client::open`].
    pub fn accept(&mut self, document: &[u8]) -> Result<Accepted> {
        self.shared.tick();
        self.accept_at(document, self.shared.watch.clock())
    }

    /// Accepts a document as [`Client::accept`] at an instant given.
    ///
    /// # Errors
    /// As [`Client::accept`].
    pub fn accept_at(&mut self, document: &[u8], now: Instant) -> Result<Accepted> {
        let (live, uptime) = (self.shared.watch.evidence(), self.shared.watch.uptime());
        let identity = self.identity();
        let take = |state: &mut State| {
            let before = state.clone();
            state.evidence = live.merged(state.evidence);
            let accepted = accept::accept(state, identity, document, now)?;
            if accepted.changed {
                state.uptime = uptime;
            } else {
                *state = before;
            }
            Ok(accepted)
        };
        let (state, accepted) = self.shared.store.update(&self.state, take)?;
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

    /// What the program should do next, and when: to refresh, to ask for a licence, or nothing.
    #[must_use]
    pub fn next_action(&self) -> NextAction {
        self.next_action_under(self.shared.present())
    }

    /// The next action as [`Client::next_action`] at an instant given.
    #[must_use]
    pub fn next_action_at(&self, now: Instant) -> NextAction {
        self.next_action_under(self.shared.present_at(now))
    }

    fn next_action_under(&self, present: Present) -> NextAction {
        let mut situation = Situation::new(self.held.usable(self.installation()).collect());
        let unanswered = self.state.unanswered().map(|pending| {
            let digest = sha256(pending.nonce.to_string().as_bytes());
            let entropy = digest.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
            Unanswered { asked_at: pending.asked_at, entropy }
        });
        situation.unanswered = unanswered.collect();
        situation.heard_at = self.state.heard_at;
        let list = self.held.revocations();
        situation.revocations_due = list.map(|list| list.claims().next_update);
        situation.verdict = present.verdict;
        situation.next_action(present.now)
    }

    /// What time it is, and how far the clock is to be believed.
    #[must_use]
    pub fn present(&self) -> Present {
        self.shared.present()
    }

    /// The state in bytes, for a caller who keeps it and opens the next client with
    /// [`Options::bytes`].
    ///
    /// They hold the installation's private key.
    #[must_use]
    pub fn state(&self) -> Vec<u8> {
        let evidence = self.shared.watch.evidence().merged(self.state.evidence);
        let uptime = self.shared.watch.uptime();
        let state = State { evidence, uptime, ..self.state.clone() };
        // A state is made of texts and numbers, which always have a form.
        state.to_bytes().unwrap_or_default()
    }

    /// Looks at what can and cannot be read, written and reached: the state, the host's facts, the
    /// clock, the documents held, and each of `addresses` through `probe`.
    ///
    /// The library makes no connection; the probe does, in the way the program does, and tells
    /// which way it went, or what went wrong.
    ///
    /// ```
    /// use mlicense_core::signing::Signer;
    /// use mlicense_host::{Client, Options};
    /// let vendor = Signer::from_seed([1; 32]);
    /// let client = Client::open("editor".parse()?, &[vendor.public_key()], Options::stateless())?;
    /// let addresses = ["lic.example.com:443", "lm.example.com:443"];
    /// let diagnosis = client.diagnose(&addresses, &mut |address| match address {
    ///     "lic.example.com:443" => Ok("past the proxy".into()),
    ///     _ => Err("connection refused".into()),
    /// });
    /// let problems: Vec<_> = diagnosis.problems().map(|problem| problem.name).collect();
    /// assert!(problems.contains(&"NETWORK"));
    /// # Ok::<(), mlicense_host::Error>(())
    /// ```
    pub fn diagnose(&self, addresses: &[&str], probe: Probe<'_>) -> Diagnosis {
        let mut diagnosis = Diagnosis::default();
        match self.shared.store.file() {
            Some(file) => diagnosis.look_at_file(file, self.product()),
            None => match self.shared.out_of_reach() {
                Some(OutOfReach { fault, .. }) => diagnosis.note_out_of_reach(fault),
                None => diagnosis.note_memory(),
            },
        }
        diagnosis.look_at_facts(&self.facts);
        diagnosis.look_at_clock(self.shared.present(), self.shared.watch.fault());
        let due = self.held.revocations().map(|list| list.claims().next_update);
        diagnosis.look_at_documents(self.licenses().count(), due, self.notices());
        diagnosis.reach(addresses, probe);
        diagnosis
    }

    /// How many requests this installation has written: the vendor notices a number that comes
    /// twice, from a state that was restored or copied.
    #[must_use]
    pub const fn epoch(&self) -> u64 {
        self.state.epoch
    }

    /// The installation: the thumbprint of its own key.
    #[must_use]
    pub fn installation(&self) -> KeyId {
        self.identity().installation
    }

    /// The product that asks.
    #[must_use]
    pub fn product(&self) -> &ProductId {
        &self.identity().product
    }

    /// The facts of the host, read when the client was opened, to be shown here (S-MK-45).
    #[must_use]
    pub const fn host_facts(&self) -> &HostFacts {
        &self.facts
    }

    fn identity(&self) -> &Identity {
        &self.shared.identity
    }

    fn renew(&mut self, state: State) -> Result<()> {
        self.held = Arc::new(Held::new(&state, self.identity(), &self.hashed)?);
        self.shared.renew(&state, Arc::clone(&self.held));
        self.state = state;
        Ok(())
    }
}

/// Opens the state where it is kept.
fn open_state(place: &Place, product: &ProductId, entropy: &dyn Entropy) -> Result<(Store, State)> {
    let seed = || random(entropy);
    match place {
        Place::Bytes(bytes) if !bytes.is_empty() => {
            Ok((Store::Memory, State::given(bytes, product)?))
        }
        Place::Memory | Place::Bytes(_) => {
            Ok((Store::Memory, State::new(product.clone(), seed()?)))
        }
        Place::Folder(folder) => {
            let file = StateFile::new(folder, product, Access::Owner);
            let state = file.open(product, seed)?;
            Ok((Store::File(file), state))
        }
        Place::System(vendor) => {
            let (file, state) = Folders::of_this_system().open(vendor, product, seed)?;
            Ok((Store::File(file), state))
        }
    }
}

/// Whether the state may be whole where it is, and only cannot be reached now.
fn is_out_of_reach(fault: &Error) -> bool {
    use ErrorKind as K;
    let kinds = [K::StoreUnavailable, K::StoreReadOnly, K::StoreBusy, K::StoreFull];
    kinds.contains(&fault.kind())
}

/// A program runs after it was built: since the day began anywhere.
fn since_built(evidence: Evidence, day: Day) -> Evidence {
    evidence.not_before(Moment::utc(day).at().saturating_add(-DAY_BEGINS_EARLIER))
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
    /// The coupon as it was typed.
    pub code: Option<String>,
    /// The registration number as it was typed.
    pub number: Option<String>,
    /// Who asks, where a number is wanted.
    pub owner: Option<Owner>,
    /// How many devices need a licence of each type.
    pub devices: BTreeMap<LicenseType, u32>,
    /// The group of hosts that share a licence, which this host wants to join.
    pub group: Option<GroupId>,
    /// What to call the host, of 1 to 128 bytes; without one the vendor gets no name of it. Ask the
    /// operator first, for it may name a person.
    pub label: Option<String>,
}
