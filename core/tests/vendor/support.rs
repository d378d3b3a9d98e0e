//! A ledger in memory, for tests: the same steps a store takes, without a store.

use std::collections::{BTreeMap, BTreeSet};

use mlicense_core::{
    access::Actor,
    customer::{Customer, PoolAgreement},
    document::{Nonce, Request, RequestFields, RequestKind},
    error::{ErrorKind, Language, Refusal},
    history::{
        self, Aggregate, Answered, Changes, Claim, Command, Envelope, Holder, PersonChange,
        Prepared, Preview, Recorded, Salt, StreamId, World,
    },
    id::{ActorId, CommandId, CustomerId, PersonId, ProductId},
    person::PersonFields,
    signing::Signer,
    time::{Day, Instant},
    view::{self, Overview, View, WalletView},
};
use serde_json::{Value, json};

/// An instant; a day in text stands for its noon in UTC.
pub(crate) trait When {
    fn at(self) -> Instant;
}

impl When for &str {
    fn at(self) -> Instant {
        let text = if self.contains('T') { self.to_owned() } else { format!("{self}T12:00:00Z") };
        text.parse().unwrap()
    }
}

impl When for Instant {
    fn at(self) -> Instant {
        self
    }
}

/// Streams, claims and a salt, as a store keeps them, and the state they give.
#[derive(Clone, Debug)]
pub(crate) struct Book {
    pub(crate) streams: BTreeMap<StreamId, Vec<String>>,
    claims: BTreeMap<Claim, Holder>,
    persons: BTreeMap<PersonId, PersonFields>,
    world: World,
    commands: u64,
    decides_on: Reads,
}

/// What a decision is given to see.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Reads {
    /// The streams that the command names, read anew: what a store does.
    Named,
    /// Every stream, kept at hand: for long histories.
    Everything,
}

/// What a book is compared by.
type Written<'b> = (&'b BTreeMap<StreamId, Vec<String>>, &'b BTreeMap<Claim, Holder>, &'b World);

const SALT: Salt = Salt::new([7; 32]);

pub(crate) fn back_office() -> Actor {
    Actor::vendor(ActorId::new("back-office").unwrap())
}

/// The customer's licence manager `person`.
pub(crate) fn manager(person: &str, customer: &str) -> Actor {
    let actor = json!({"role": "customer_manager", "id": person, "customer": customer});
    serde_json::from_value(actor).unwrap()
}

impl Book {
    pub(crate) fn new() -> Self {
        Self::reading(Reads::Named)
    }

    pub(crate) fn reading(decides_on: Reads) -> Self {
        Self {
            streams: BTreeMap::new(),
            claims: BTreeMap::new(),
            persons: BTreeMap::new(),
            world: World::default(),
            commands: 0,
            decides_on,
        }
    }

    /// A book with product `vms` (types `camera` and `door`), customer `c1` in Berlin, and system
    /// `s1` with ten cameras, registered on 2026-03-01.
    pub(crate) fn with_cameras(policy: Value) -> Self {
        Self::opened("2026-03-01", "Europe/Berlin", policy)
    }

    /// As [`Book::with_cameras`], at another time and place.
    pub(crate) fn opened(when: impl When + Copy, zone: &str, policy: Value) -> Self {
        let mut book = Self::new();
        book.define(when, "vms", json!({"subscription": policy}));
        book.run(when, json!({"register_customer": {"customer": "c1", "zone": zone}}));
        book.register(when, ("c1", "s1"), json!({"camera": 10}));
        book
    }

    /// [`Book::with_cameras`], started on 2026-03-01 and with so many licences in lot 1.
    pub(crate) fn started(policy: Value, licenses: u32) -> Self {
        let mut book = Self::with_cameras(policy);
        book.start("2026-03-01");
        book.stock("2026-03-01", "key-1", cameras(licenses));
        book
    }

    /// Defines a product with the types `camera` and `door`.
    pub(crate) fn define(&mut self, when: impl When, product: &str, policy: Value) {
        let definition = json!({"name": product, "license_types": ["camera", "door"]});
        let define = json!({"product": product, "definition": definition, "policy": policy});
        self.run(when, json!({"define_product": define}));
    }

    /// Makes a person a member of a customer, and known where it was not.
    pub(crate) fn join(&mut self, day: &str, person: &str, customer: &str) {
        let _ =
            self.execute(day, json!({"add_person": {"person": person, "fields": {"name": "P"}}}));
        self.run(day, json!({"add_member": {"person": person, "customer": customer}}));
    }

    /// Does a command; the vendor gives it.
    pub(crate) fn run(&mut self, when: impl When, command: Value) -> Vec<Recorded> {
        let shown = command.to_string();
        self.execute(when, command).unwrap_or_else(|refusal| panic!("{refusal:?} for {shown}"))
    }

    /// Does a command that must be refused, and checks that nothing has changed.
    pub(crate) fn refused(&mut self, when: impl When, command: Value) -> Refusal {
        let before = self.clone();
        let shown = command.to_string();
        let refusal = self.execute(when, command);
        assert!(before.written() == self.written(), "a refusal changed something: {shown}");
        match refusal {
            Err(refusal) => refusal,
            Ok(events) => panic!("not refused: {shown} gave {events:?}"),
        }
    }

    /// The kind of a refusal; see [`Book::refused`].
    pub(crate) fn kind(&mut self, when: impl When, command: Value) -> ErrorKind {
        self.refused(when, command).kind()
    }

    pub(crate) fn execute(
        &mut self,
        when: impl When,
        command: Value,
    ) -> Result<Vec<Recorded>, Refusal> {
        self.execute_as(back_office(), when, command)
    }

    /// What a command of the vendor would write; nothing is done.
    pub(crate) fn changes(&mut self, when: impl When, command: Value) -> Changes {
        let envelope = self.envelope(back_office(), command).unwrap();
        let (prepared, world) = self.load(envelope).unwrap();
        history::decide(&prepared, &world, when.at()).unwrap()
    }

    pub(crate) fn execute_as(
        &mut self,
        actor: Actor,
        when: impl When,
        command: Value,
    ) -> Result<Vec<Recorded>, Refusal> {
        let at = when.at();
        let envelope = self.envelope(actor, command)?;
        let (prepared, world) = self.load(envelope.clone())?;
        let changes = history::decide(&prepared, &world, at)?;
        Ok(self.append(&envelope, &changes, at))
    }

    /// What a command would do, now; nothing is done.
    pub(crate) fn preview(&mut self, when: impl When, command: Value) -> Result<Preview, Refusal> {
        let envelope = self.envelope(back_office(), command)?;
        let (prepared, world) = self.load(envelope)?;
        history::preview(&prepared, &world, when.at())
    }

    /// Does a command if it would do what the preview with this token showed.
    pub(crate) fn commit(
        &mut self,
        when: impl When,
        command: Value,
        token: &str,
    ) -> Result<Vec<Recorded>, Refusal> {
        let at = when.at();
        let envelope = self.envelope(back_office(), command)?;
        let (prepared, world) = self.load(envelope.clone())?;
        let changes = history::decide(&prepared, &world, at)?;
        if history::token(&world, &changes)? == token {
            return Ok(self.append(&envelope, &changes, at));
        }
        Err(ErrorKind::PreviewStale.into())
    }

    /// Answers the request of a system of customer `c1`.
    pub(crate) fn answer(&mut self, when: impl When, request: &str) -> Result<Answered, Refusal> {
        self.answer_to(when, json!({"take_request": {"customer": "c1", "request": request}}))
    }

    /// Answers the request in a command.
    pub(crate) fn answer_to(
        &mut self,
        when: impl When,
        command: Value,
    ) -> Result<Answered, Refusal> {
        let at = when.at();
        let envelope = self.envelope(back_office(), command)?;
        let (prepared, world) = self.load(envelope.clone())?;
        let answered = history::answer(&prepared, &world, at)?;
        self.append(&envelope, &answered.changes, at);
        Ok(answered)
    }

    /// Issues a licence key for product `vms` and redeems it for customer `c1`.
    pub(crate) fn stock(&mut self, when: impl When + Copy, key: &str, contents: Value) {
        self.issue(when, key, contents);
        self.redeem(when, key);
    }

    pub(crate) fn issue(&mut self, when: impl When, key: &str, contents: Value) {
        let batch = format!("batch-{}", self.commands);
        let issue = json!({"batch": batch, "product": "vms", "contents": contents, "keys": [key]});
        self.run(when, json!({"issue_keys": issue}));
    }

    pub(crate) fn redeem(&mut self, when: impl When, key: &str) -> Vec<Recorded> {
        self.run(when, redemption(key))
    }

    pub(crate) fn start(&mut self, when: impl When) -> Vec<Recorded> {
        self.run(when, start("vms"))
    }

    pub(crate) fn allocate(
        &mut self,
        when: impl When,
        ahead: u32,
        quantities: Value,
    ) -> Vec<Recorded> {
        self.run(when, allocation(ahead, quantities))
    }

    /// Registers a system of product `vms` with these devices, or updates it.
    pub(crate) fn register(
        &mut self,
        when: impl When + Copy,
        (customer, system): (&str, &str),
        devices: Value,
    ) {
        let request = request(("vms", system), devices, when);
        self.run(when, json!({"take_request": {"customer": customer, "request": request}}));
    }

    /// The state, which reading the streams anew would give.
    pub(crate) const fn world(&self) -> &World {
        &self.world
    }

    /// The state that the streams give when they are read anew.
    pub(crate) fn replayed(&self) -> World {
        self.read(World::default(), self.streams.keys().cloned())
    }

    pub(crate) fn customer(&self, id: &str) -> &Customer {
        self.world.customer(&id.parse().unwrap()).unwrap()
    }

    /// What customer `c1` has with a product.
    pub(crate) fn agreement(&self, of: &str) -> Option<&PoolAgreement> {
        self.customer("c1").agreements().get(&product(of))?.pool()
    }

    /// Commands given so far, done or not.
    pub(crate) const fn commands(&self) -> u64 {
        self.commands
    }

    pub(crate) fn overview_of(&self, customer: &str, when: impl When) -> Overview {
        self.overview_in(Language::En, customer, when)
    }

    fn overview_in(&self, language: Language, customer: &str, when: impl When) -> Overview {
        match view::overview(self.customer(customer), language, when.at()).unwrap() {
            View::Overview(overview) => overview,
            other => panic!("{other:?}"),
        }
    }

    /// The status of product `vms` in words.
    pub(crate) fn text(&self, when: impl When, language: Language) -> String {
        self.overview_in(language, "c1", when).products[&product("vms")].text.clone()
    }

    /// What is due for customer `c1`, as JSON.
    pub(crate) fn due(&self, when: impl When) -> Value {
        let view = view::due(self.customer("c1"), when.at()).unwrap();
        serde_json::to_value(view).unwrap()["due"].clone()
    }

    /// The row of product `vms` in the overview, as JSON.
    pub(crate) fn status(&self, when: impl When) -> Value {
        self.status_of("vms", when)
    }

    pub(crate) fn status_of(&self, of: &str, when: impl When) -> Value {
        serde_json::to_value(&self.overview_of("c1", when).products[&product(of)]).unwrap()
    }

    /// The status of product `vms` in one word.
    pub(crate) fn status_kind(&self, when: impl When) -> String {
        self.status(when)["kind"].as_str().unwrap().to_owned()
    }

    pub(crate) fn wallet(&self, when: impl When) -> WalletView {
        self.wallet_of(("c1", "vms"), when)
    }

    /// A wallet, whose balances must hold.
    pub(crate) fn wallet_of(&self, (id, of): (&str, &str), when: impl When) -> WalletView {
        let (id, product) = (CustomerId::new(id).unwrap(), product(of));
        let customer = self.world.customer(&id).unwrap();
        match view::wallet(customer, &id, &product, when.at()).unwrap() {
            View::Wallet(wallet) => {
                let mut balances = wallet.balance.values().flat_map(BTreeMap::values);
                assert!(balances.all(view::Balance::holds), "{:?}", wallet.balance);
                wallet
            }
            other => panic!("{other:?}"),
        }
    }

    /// Cameras that can be taken from the wallet.
    pub(crate) fn cameras(&self, when: impl When) -> u64 {
        self.wallet(when).usable.get(&"camera".parse().unwrap()).copied().unwrap_or(0)
    }

    /// Ticks carried for cameras.
    pub(crate) fn carry(&self, when: impl When) -> u64 {
        self.wallet(when).carry.get(&"camera".parse().unwrap()).map_or(0, |carry| carry.ticks)
    }

    pub(crate) fn need(&self, when: impl When) -> Value {
        self.need_of("vms", when)
    }

    pub(crate) fn need_of(&self, of: &str, when: impl When) -> Value {
        let (id, of) = (CustomerId::new("c1").unwrap(), product(of));
        let view = view::need(self.customer("c1"), &id, &of, when.at()).unwrap();
        serde_json::to_value(view).unwrap()["need"].clone()
    }

    /// The entries of a stream, oldest first.
    pub(crate) fn events(&self, stream: &StreamId) -> Vec<Recorded> {
        let entries = self.streams.get(stream).into_iter().flatten();
        let read = |(index, json): (u64, &String)| Recorded::from_json(stream, index, json);
        (1..).zip(entries).map(|entry| read(entry).unwrap()).collect()
    }

    pub(crate) const fn written(&self) -> Written<'_> {
        (&self.streams, &self.claims, &self.world)
    }

    fn envelope(&mut self, actor: Actor, command: Value) -> Result<Envelope, Refusal> {
        self.commands = self.commands.wrapping_add(1);
        let id = CommandId::new(&format!("command-{}", self.commands))?;
        let body = Command::from_json(command.to_string().as_bytes())?;
        Ok(Envelope { id, actor, body })
    }

    fn load(&self, envelope: Envelope) -> Result<(Prepared, World), Refusal> {
        let told = envelope.streams();
        let prepared = Prepared::new(envelope, &SALT, self.world.catalogue())?;
        if let Some(streams) = told {
            assert_eq!(prepared.claims(), BTreeSet::new());
            assert_eq!(prepared.streams(&BTreeMap::new()), streams);
        }
        let held = prepared.claims().into_iter().filter_map(|claim| {
            let holder = self.claims.get(&claim)?.clone();
            Some((claim, holder))
        });
        let held: BTreeMap<Claim, Holder> = held.collect();
        let world = match self.decides_on {
            Reads::Everything => self.world.clone(),
            Reads::Named => self.read(World::default(), prepared.streams(&held)),
        };
        let known = prepared.known(&world).into_iter().filter_map(|person| {
            let fields = self.persons.get(&person)?.clone();
            Some((person, fields))
        });
        Ok((prepared, world.holding(held).knowing(known.collect())))
    }

    fn read(&self, mut world: World, streams: impl IntoIterator<Item = StreamId>) -> World {
        for stream in streams {
            for json in self.streams.get(&stream).into_iter().flatten() {
                world.take(&stream, json).unwrap();
            }
        }
        world
    }

    fn append(&mut self, envelope: &Envelope, changes: &Changes, at: Instant) -> Vec<Recorded> {
        let mut written = Vec::new();
        for (stream, event) in &changes.events {
            let recorded = Recorded {
                stream: stream.clone(),
                index: self.world.head(stream).0.wrapping_add(1),
                at,
                actor: envelope.actor.clone(),
                command: envelope.id.clone(),
                event: event.clone(),
            };
            let json = recorded.to_json().unwrap();
            self.world.append(&recorded, &json).unwrap();
            assert_kept_whole(&self.world, stream);
            self.streams.entry(stream.clone()).or_default().push(json);
            written.push(recorded);
        }
        for claim in &changes.released {
            self.claims.remove(claim);
        }
        for (claim, holder) in &changes.claims {
            assert!(self.claims.insert(claim.clone(), holder.clone()).is_none(), "{claim:?} twice");
        }
        for change in &changes.persons {
            match change {
                PersonChange::Keep(id, fields) => self.persons.insert(id.clone(), fields.clone()),
                PersonChange::Erase(id) => self.persons.remove(id),
            };
        }
        written
    }
}

pub(crate) fn product(id: &str) -> ProductId {
    id.parse().unwrap()
}

pub(crate) fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// So many licences for one camera for a year, as what a key is worth.
pub(crate) fn cameras(quantity: u32) -> Value {
    json!([{"license_type": "camera", "quantity": quantity}])
}

/// So many licences for one camera for some months, as what a key is worth.
pub(crate) fn cameras_for(months: u16, quantity: u32) -> Value {
    json!([{
        "license_type": "camera", "kind": {"subscription": months}, "quantity": quantity,
    }])
}

pub(crate) fn allocation(ahead: u32, quantities: Value) -> Value {
    json!({"allocate": {
        "customer": "c1", "product": "vms", "quantities": quantities, "ahead": ahead,
    }})
}

pub(crate) fn start(product: &str) -> Value {
    json!({"start_subscription": {"customer": "c1", "product": product}})
}

pub(crate) fn redemption(key: &str) -> Value {
    json!({"redeem_key": {"customer": "c1", "product": "vms", "key": key}})
}

/// The key with which a system signs; it follows from the system's id.
pub(crate) fn signer(system: &str) -> Signer {
    let mut seed = [1; 32];
    seed.iter_mut().zip(system.bytes()).for_each(|(seed, byte)| *seed = byte);
    Signer::from_seed(seed)
}

/// A signed request of a system of a product.
pub(crate) fn request((product, system): (&str, &str), devices: Value, when: impl When) -> String {
    let at = when.at();
    let mut nonce = [0; 16];
    nonce.iter_mut().zip(at.unix().to_le_bytes()).for_each(|(nonce, byte)| *nonce = byte);
    let nonce = Nonce::from_entropy(nonce);
    let mut fields = RequestFields::new(RequestKind::System, product.parse().unwrap(), nonce, at);
    fields.system = Some(system.parse().unwrap());
    fields.devices = serde_json::from_value(devices).unwrap();
    Request::write(&fields, &signer(system)).unwrap()
}

/// What a state is after an event, it is also by its snapshot.
fn assert_kept_whole(world: &World, stream: &StreamId) {
    let state = world.aggregate(stream).unwrap();
    let snapshot = state.to_snapshot(stream).unwrap();
    let read = Aggregate::from_snapshot(stream, &snapshot);
    assert_eq!(read, Some(state), "{snapshot}");
}
