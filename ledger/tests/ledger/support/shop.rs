//! A vendor that licenses by host, and the requests it gets.

use mlicense_core::{
    access::Actor,
    document::{Answer, HostFacts, Nonce, Owner, Request, RequestFields, RequestKind},
    host_binding::{Fact, FactKind, FactSalt, HostClass, HostFacts as Facts},
    id::CustomerId,
    signing::{KeyRing, KeyRingClaims, RingKey, Signer, Trust},
};
use mlicense_ledger::{Ledger, RequestFrom};
use serde_json::json;

use super::{Book, Place, envelope, noon};

/// When it is asked, unless a test says otherwise.
pub(crate) const DAY: &str = "2026-03-11";

/// A vendor that gives numbers, with product `journal` licensed by host and a key that signs.
#[derive(Debug)]
pub(crate) struct Shop<'p> {
    pub(crate) book: Book<'p>,
    pub(crate) root: Signer,
    pub(crate) signer: Signer,
    pub(crate) actor: Actor,
}

impl<'p> Shop<'p> {
    pub(crate) fn new(place: &'p Place) -> Self {
        let book = Book::started(place);
        let (root, signer) = (Signer::from_seed([8; 32]), Signer::from_seed([9; 32]));
        let at = noon("2026-03-01");
        let vendor = json!({"vendor": "acme", "roots": [root.public_key()],
            "number_format": "JRNL-5x4"});
        book.run("2026-03-01", json!({"establish_vendor": vendor}));
        let ring = KeyRingClaims::new(1, at, vec![RingKey::new(signer.public_key(), at)]);
        let ring = KeyRing::issue(&ring, &root).unwrap();
        book.run("2026-03-01", json!({"publish_key_ring": {"document": ring}}));
        let definition = json!({"name": "Journal", "license_types": ["base"]});
        let policy = json!({"host_bound": {}});
        let define = json!({"product": "journal", "definition": definition, "policy": policy});
        book.run("2026-03-01", json!({"define_product": define}));
        let actor = envelope(
            "x",
            json!({"free_hosts":
            {"customer": "c1", "product": "journal", "reason": "none"}}),
        )
        .actor;
        Self { book, root, signer, actor }
    }

    pub(crate) fn ledger(&self) -> &Ledger {
        &self.book.ledger
    }

    pub(crate) fn from<'a>(
        &'a self,
        customer: Option<&'a CustomerId>,
        bytes: &'a str,
    ) -> RequestFrom<'a> {
        RequestFrom { customer, actor: &self.actor, bytes: bytes.as_bytes() }
    }

    pub(crate) fn read(&self, answer: &str) -> Answer {
        let trust = Trust::new(&[self.root.public_key()], None).unwrap();
        Answer::verify(answer.as_bytes(), &trust).unwrap()
    }

    pub(crate) fn answered(&self, customer: Option<&CustomerId>, request: &str) -> Answer {
        let answer = self.ledger().answer(self.from(customer, request), &self.signer, noon(DAY));
        self.read(&answer.unwrap())
    }
}

/// A request about `journal` of one installation.
pub(crate) fn asking(kind: RequestKind, change: impl FnOnce(&mut RequestFields)) -> String {
    let nonce = Nonce::from_entropy([9; 16]);
    let mut fields = RequestFields::new(kind, "journal".parse().unwrap(), nonce, noon(DAY));
    fields.host = Some(facts(0));
    change(&mut fields);
    Request::write(&fields, &Signer::from_seed([77; 32])).unwrap()
}

/// A request about `journal` of installation and host `number`, on a day.
pub(crate) fn asking_from(
    (installation, host): (u8, u8),
    (kind, day): (RequestKind, &str),
    change: impl FnOnce(&mut RequestFields),
) -> String {
    let nonce = Nonce::from_entropy([installation; 16]);
    let mut fields = RequestFields::new(kind, "journal".parse().unwrap(), nonce, noon(day));
    fields.host = Some(facts(host));
    change(&mut fields);
    Request::write(&fields, &Signer::from_seed([installation.wrapping_add(100); 32])).unwrap()
}

fn facts(host: u8) -> HostFacts {
    let named = [(FactKind::BoardSerial, "board"), (FactKind::DmiUuid, "uuid")];
    let facts = named.map(|(kind, name)| Fact::new(kind, &format!("{name}-{host}")).unwrap());
    HostFacts::from(&Facts::new(HostClass::BareMetal, facts).hash(&FactSalt::new([7; 32])))
}

/// Who asks for a number.
pub(crate) fn owner() -> Owner {
    let mut owner = Owner::new("post@acme.example");
    owner.company = Some("Acme".into());
    owner.contact = Some("C. Ontact".into());
    owner.zone = Some("Europe/Moscow".into());
    owner
}
