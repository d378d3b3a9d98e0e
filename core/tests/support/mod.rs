//! A ledger in memory, for tests: the same steps a store takes, without a store.

use std::collections::BTreeMap;

use mlicense_core::{
    access::Actor,
    document::{Nonce, Request, RequestFields, RequestKind},
    error::{ErrorKind, Language, Refusal},
    history::{
        self, Changes, Claim, Command, Envelope, Holder, Prepared, Preview, Recorded, Salt,
        StreamId, World,
    },
    id::{ActorId, CommandId},
    signing::Signer,
    time::Instant,
    view::{Overview, View, WalletView},
};
use serde_json::{Value, json};

/// Streams, claims and a salt, as a store keeps them.
#[derive(Clone, Debug)]
pub(crate) struct Book {
    salt: Salt,
    streams: BTreeMap<StreamId, Vec<String>>,
    claims: BTreeMap<Claim, Holder>,
    commands: u64,
}

/// The instant of noon in UTC on a day.
pub(crate) fn noon(day: &str) -> Instant {
    format!("{day}T12:00:00Z").parse().unwrap()
}

impl Book {
    pub(crate) fn new() -> Self {
        let salt = Salt::new([7; 32]);
        Self { salt, streams: BTreeMap::new(), claims: BTreeMap::new(), commands: 0 }
    }

    /// A book with product `vms` (types `camera` and `door`), customer `c1` in Berlin, and system
    /// `s1` with ten cameras, registered on 2026-03-01.
    pub(crate) fn with_cameras(policy: Value) -> Self {
        let mut book = Self::new();
        let day = "2026-03-01";
        book.run(
            day,
            json!({"define_product": {
                "product": "vms",
                "definition": {"name": "VMS", "license_types": ["camera", "door"]},
                "policy": {"subscription": policy},
            }}),
        );
        book.run(day, json!({"register_customer": {"customer": "c1", "zone": "Europe/Berlin"}}));
        book.register(day, ("c1", "s1"), json!({"camera": 10}));
        book
    }

    /// Does a command at noon of a day; the vendor gives it.
    pub(crate) fn run(&mut self, day: &str, command: Value) -> Vec<Recorded> {
        let shown = command.to_string();
        self.execute(day, command).unwrap_or_else(|refusal| panic!("{refusal:?} for {shown}"))
    }

    /// Does a command that must be refused, and checks that nothing has changed.
    pub(crate) fn refused(&mut self, day: &str, command: Value) -> Refusal {
        let before = self.clone();
        let shown = command.to_string();
        let refusal = self.execute(day, command);
        assert_eq!(before.streams, self.streams, "a refusal changed something");
        assert_eq!(before.claims, self.claims, "a refusal changed something");
        match refusal {
            Err(refusal) => refusal,
            Ok(events) => panic!("not refused: {shown} gave {events:?}"),
        }
    }

    /// The kind of a refusal; see [`Book::refused`].
    pub(crate) fn kind(&mut self, day: &str, command: Value) -> ErrorKind {
        self.refused(day, command).kind()
    }

    pub(crate) fn execute(&mut self, day: &str, command: Value) -> Result<Vec<Recorded>, Refusal> {
        let actor = Actor::vendor(ActorId::new("back-office").unwrap());
        self.execute_as(actor, day, command)
    }

    pub(crate) fn execute_as(
        &mut self,
        actor: Actor,
        day: &str,
        command: Value,
    ) -> Result<Vec<Recorded>, Refusal> {
        let envelope = self.envelope(actor, command)?;
        let (prepared, world) = self.load(envelope.clone())?;
        let changes = history::decide(&prepared, &world, noon(day))?;
        Ok(self.append(&envelope, &world, &changes, noon(day)))
    }

    pub(crate) fn preview(&mut self, day: &str, command: Value) -> Preview {
        let actor = Actor::vendor(ActorId::new("back-office").unwrap());
        let envelope = self.envelope(actor, command).unwrap();
        let (prepared, world) = self.load(envelope).unwrap();
        history::preview(&prepared, &world, noon(day)).unwrap()
    }

    /// Issues a licence key for product `vms` and redeems it for customer `c1`.
    pub(crate) fn stock(&mut self, day: &str, key: &str, contents: Value) {
        self.issue(day, key, contents);
        self.redeem(day, key);
    }

    pub(crate) fn issue(&mut self, day: &str, key: &str, contents: Value) {
        self.run(
            day,
            json!({"issue_keys": {
                "batch": format!("b-{key}"), "product": "vms", "contents": contents, "keys": [key],
            }}),
        );
    }

    pub(crate) fn redeem(&mut self, day: &str, key: &str) -> Vec<Recorded> {
        self.run(day, json!({"redeem_key": {"customer": "c1", "product": "vms", "key": key}}))
    }

    pub(crate) fn start(&mut self, day: &str) -> Vec<Recorded> {
        self.run(day, json!({"start_subscription": {"customer": "c1", "product": "vms"}}))
    }

    pub(crate) fn allocate(&mut self, day: &str, ahead: u32, quantities: Value) -> Vec<Recorded> {
        self.run(day, allocation(ahead, quantities))
    }

    /// Registers a system of product `vms` with these devices, or updates it.
    pub(crate) fn register(&mut self, day: &str, (customer, system): (&str, &str), devices: Value) {
        let request = request(system, devices, noon(day));
        self.run(day, json!({"register_system": {"customer": customer, "request": request}}));
    }

    pub(crate) fn overview(&self, day: &str) -> Overview {
        match self.view_in(day, Language::En) {
            View::Overview(overview) => overview,
            other => panic!("{other:?}"),
        }
    }

    /// The status of product `vms` in words.
    pub(crate) fn text(&self, day: &str, language: Language) -> String {
        match self.view_in(day, language) {
            View::Overview(overview) => overview.products[&"vms".parse().unwrap()].text.clone(),
            other => panic!("{other:?}"),
        }
    }

    fn view_in(&self, day: &str, language: Language) -> View {
        self.view(day, |customer, now| mlicense_core::view::overview(customer, language, now))
    }

    pub(crate) fn due(&self, day: &str) -> Value {
        serde_json::to_value(self.view(day, mlicense_core::view::due)).unwrap()["due"].clone()
    }

    /// The row of product `vms` in the overview, as JSON.
    pub(crate) fn status(&self, day: &str) -> Value {
        serde_json::to_value(&self.overview(day).products[&"vms".parse().unwrap()]).unwrap()
    }

    pub(crate) fn wallet(&self, day: &str) -> WalletView {
        let (id, product) = ("c1".parse().unwrap(), "vms".parse().unwrap());
        let view = self
            .view(day, |customer, now| mlicense_core::view::wallet(customer, &id, &product, now));
        match view {
            View::Wallet(wallet) => wallet,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn need(&self, day: &str) -> Value {
        let (id, product) = ("c1".parse().unwrap(), "vms".parse().unwrap());
        let view =
            self.view(day, |customer, now| mlicense_core::view::need(customer, &id, &product, now));
        serde_json::to_value(view).unwrap()["need"].clone()
    }

    pub(crate) fn world(&self) -> World {
        self.read(World::default(), self.streams.keys().cloned())
    }

    fn view(
        &self,
        day: &str,
        view: impl FnOnce(&mlicense_core::customer::Customer, Instant) -> Result<View, Refusal>,
    ) -> View {
        let world = self.world();
        view(world.customer(&"c1".parse().unwrap()).unwrap(), noon(day)).unwrap()
    }

    fn envelope(&mut self, actor: Actor, command: Value) -> Result<Envelope, Refusal> {
        self.commands += 1;
        let id = CommandId::new(&format!("command-{}", self.commands))?;
        let body = Command::from_json(command.to_string().as_bytes())?;
        Ok(Envelope { id, actor, body })
    }

    fn load(&self, envelope: Envelope) -> Result<(Prepared, World), Refusal> {
        let catalogue = self.read(World::default(), [StreamId::Catalogue]);
        let prepared = Prepared::new(envelope, &self.salt, catalogue.catalogue())?;
        let claims = prepared.claims();
        let held = claims.into_iter().filter_map(|claim| {
            let holder = self.claims.get(&claim)?.clone();
            Some((claim, holder))
        });
        let held: BTreeMap<Claim, Holder> = held.collect();
        let mut streams = prepared.streams(&held);
        streams.remove(&StreamId::Catalogue);
        Ok((prepared, self.read(catalogue.holding(held), streams)))
    }

    fn read(&self, mut world: World, streams: impl IntoIterator<Item = StreamId>) -> World {
        for stream in streams {
            for json in self.streams.get(&stream).into_iter().flatten() {
                world.take(&stream, json).unwrap();
            }
        }
        world
    }

    fn append(
        &mut self,
        envelope: &Envelope,
        world: &World,
        changes: &Changes,
        at: Instant,
    ) -> Vec<Recorded> {
        let mut written = Vec::new();
        let mut after = world.clone();
        for (stream, event) in &changes.events {
            let recorded = Recorded {
                stream: stream.clone(),
                index: after.head(stream).0 + 1,
                at,
                actor: envelope.actor.clone(),
                command: envelope.id.clone(),
                event: event.clone(),
            };
            let json = recorded.to_json().unwrap();
            after.take(stream, &json).unwrap();
            self.streams.entry(stream.clone()).or_default().push(json);
            written.push(recorded);
        }
        for (claim, holder) in &changes.claims {
            assert!(self.claims.insert(claim.clone(), holder.clone()).is_none(), "{claim:?} twice");
        }
        written
    }
}

pub(crate) fn allocation(ahead: u32, quantities: Value) -> Value {
    json!({"allocate": {
        "customer": "c1", "product": "vms", "quantities": quantities, "ahead": ahead,
    }})
}

/// A signed request of a system of product `vms`; its key follows from its id.
pub(crate) fn request(system: &str, devices: Value, at: Instant) -> String {
    let mut seed = [1; 32];
    seed.iter_mut().zip(system.bytes()).for_each(|(seed, byte)| *seed = byte);
    let mut nonce = [0; 16];
    nonce.iter_mut().zip(at.unix().to_le_bytes()).for_each(|(nonce, byte)| *nonce = byte);
    let nonce = Nonce::from_entropy(nonce);
    let mut fields = RequestFields::new(RequestKind::System, "vms".parse().unwrap(), nonce, at);
    fields.system = Some(system.parse().unwrap());
    fields.devices = serde_json::from_value(devices).unwrap();
    Request::write(&fields, &Signer::from_seed(seed)).unwrap()
}
