//! `AddIn.MLicense.Ledger`: the vendor's side, where the back office is a configuration too.

use data_encoding::BASE64URL_NOPAD;
use mlicense_core::{
    access::Actor,
    code::{Code, CodeFormat},
    document::{DOCUMENT_BYTES_MAX, License, LicenseClaims},
    error::{Language, Refusal, Result},
    history::{Command, Envelope},
    id::{ActorId, CommandId, CustomerId},
    json as read_json,
    signing::{KeyRing, KeyRingClaims, Signer},
    time::{Instant, Zone},
    view::Query,
};
use mlicense_host::{Clock as _, SystemClock};
use mlicense_ledger::{Ledger as Book, Place, RequestFrom, fresh_id};

use crate::{
    client::json,
    component::{Component, Method, Property, methods, properties},
    fault,
    told::{Refused, Told},
    value::{Arguments, LeftOut as L, Value},
};

/// Who gives a command when nobody is named.
const USUAL_ACTOR: &str = "vendor";
/// The bytes of the seed that a private key is made of.
const SEED_BYTES: usize = 32;

/// A ledger, open or not.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    told: Told,
    open: Option<Open>,
    signer: Option<Signer>,
}

#[derive(Debug)]
struct Open {
    book: Book,
    zone: Zone,
}

impl Component for Ledger {
    const NAME: &'static str = "Ledger";

    const PROPERTIES: &'static [Property<Self>] = properties! {
        "IsOpen" "Открыт" |it| Ok(it.open.is_some().into());
        "PublicKey" "ОткрытыйКлюч" |it| Ok(it.public_key().into());
        "ErrorCode" "КодОшибки" |it| Ok(Value::Integer(it.told.number().into()));
        "ErrorName" "ИмяОшибки" |it| Ok(it.told.name().into());
        "ErrorText" "ТекстОшибки" |it| Ok(it.told.text().into());
        "ErrorAdvice" "СоветПоОшибке" |it| Ok(it.told.advice().into());
        "Version" "Версия" |_| Ok(env!("CARGO_PKG_VERSION").into());
    };

    const METHODS: &'static [Method<Self>] = methods! {
        "Create" "Создать" ("Place" L::Never, "Zone" L::Never) -> |it, args| it.enter(args, Book::create);
        "Open" "Открыть" ("Place" L::Never, "Zone" L::Never) -> |it, args| it.enter(args, Book::open);
        "Close" "Закрыть" () => |it, _| it.close();
        "Execute" "Выполнить" ("Command" L::Never, "Actor" L::Text, "Id" L::Text, "At" L::Date)
            -> Self::execute;
        "Query" "Запросить" ("Query" L::Never, "At" L::Date) -> Self::query;
        "Answer" "Ответить" ("Request" L::Never, "Customer" L::Text, "Actor" L::Text, "At" L::Date)
            -> Self::answer;
        "Outbox" "Исходящие" ("Limit" L::Number(100)) -> Self::outbox;
        "Sent" "Отправлено" ("Message" L::Never) -> Self::sent;
        "GenerateKey" "СоздатьКлюч" () -> |it, _| it.generate_key();
        "UseKey" "УстановитьКлюч" ("Seed" L::Never) -> Self::use_key;
        "IssueKeyRing" "ВыпуститьКольцоКлючей" ("Claims" L::Never) -> Self::issue_key_ring;
        "IssueLicense" "ВыпуститьЛицензию" ("Claims" L::Never) -> Self::issue_license;
        "GenerateCode" "СоздатьКод" ("Format" L::Never) -> Self::generate_code;
    };

    fn speak(&mut self, language: Language) {
        self.told.language = language;
    }

    fn note(&mut self, refusal: Refusal) -> String {
        self.told.note(refusal)
    }
}

impl Ledger {
    fn enter(
        &mut self,
        arguments: &mut Arguments,
        enter: fn(Place) -> mlicense_ledger::Result<Book>,
    ) -> Result<Value> {
        self.told.clear();
        // Closed first, so that a file may be opened again.
        self.open = None;
        let (place, zone) = (arguments.text()?, arguments.text()?);
        let entered = (|| -> Result<_, Refused> {
            let zone = zone.parse()?;
            self.open = Some(Open { book: enter(place.as_str().into())?, zone });
            Ok(true.into())
        })();
        Ok(self.told.or(entered, false))
    }

    fn close(&mut self) -> Result<Value> {
        self.told.clear();
        self.open = None;
        Ok(Value::Empty)
    }

    /// The open ledger, for a call that begins.
    fn opened(&mut self) -> Result<(&Open, &mut Told, Option<&Signer>)> {
        self.told.clear();
        let open = self.open.as_ref().ok_or_else(|| fault::closed("ledger"))?;
        Ok((open, &mut self.told, self.signer.as_ref()))
    }

    fn execute(&mut self, arguments: &mut Arguments) -> Result<Value> {
        let (open, told, _) = self.opened()?;
        let (command, actor) = (arguments.bytes()?, arguments.optional_text()?);
        let (id, now) = (arguments.optional_text()?, open.now(arguments)?);
        let done = (|| -> Result<_, Refused> {
            let body = read_json::read("the command", &command, Command::BYTES_MAX)?;
            let id = match id {
                Some(id) => CommandId::new(&id)?,
                None => fresh_id()?,
            };
            let envelope = Envelope { id, actor: acting(actor)?, body };
            Ok(json(&open.book.execute(&envelope, now)?)?.into())
        })();
        Ok(told.or(done, ""))
    }

    fn query(&mut self, arguments: &mut Arguments) -> Result<Value> {
        let (open, told, _) = self.opened()?;
        let (query, now) = (arguments.bytes()?, open.now(arguments)?);
        let view = (|| -> Result<_, Refused> {
            let view = open.book.query(&Query::from_json(&query)?, now)?;
            Ok(json(&view)?.into())
        })();
        Ok(told.or(view, ""))
    }

    fn answer(&mut self, arguments: &mut Arguments) -> Result<Value> {
        let (open, told, signer) = self.opened()?;
        let signer = signer.ok_or_else(no_key)?;
        let (request, customer) = (arguments.bytes()?, arguments.optional_text()?);
        let (actor, now) = (arguments.optional_text()?, open.now(arguments)?);
        let answer = (|| -> Result<_, Refused> {
            let customer = customer.as_deref().map(CustomerId::new).transpose()?;
            let actor = acting(actor)?;
            let from = RequestFrom { customer: customer.as_ref(), actor: &actor, bytes: &request };
            Ok(open.book.answer(from, signer, now)?.into())
        })();
        Ok(told.or(answer, ""))
    }

    fn outbox(&mut self, arguments: &mut Arguments) -> Result<Value> {
        let (open, told, _) = self.opened()?;
        let limit = u32::try_from(arguments.count()?).unwrap_or(u32::MAX);
        let listed = (|| -> Result<_, Refused> { Ok(json(&open.book.outbox(limit)?)?.into()) })();
        Ok(told.or(listed, ""))
    }

    fn sent(&mut self, arguments: &mut Arguments) -> Result<Value> {
        let (open, told, _) = self.opened()?;
        let sent = open.book.sent(arguments.count()?).map(|()| true.into());
        Ok(told.or(sent, false))
    }

    fn generate_key(&mut self) -> Result<Value> {
        self.told.clear();
        let mut seed = [0; SEED_BYTES];
        fill(&mut seed)?;
        Ok(BASE64URL_NOPAD.encode(&seed).into())
    }

    fn use_key(&mut self, arguments: &mut Arguments) -> Result<Value> {
        self.told.clear();
        self.signer = None;
        let given = arguments.bytes()?;
        let seed = BASE64URL_NOPAD.decode(given.trim_ascii()).ok();
        let seed = seed.and_then(|seed| <[u8; SEED_BYTES]>::try_from(seed).ok());
        // What was given is a secret, and stands in no message.
        let wrong = || fault::not("Seed", "…", "a key that GenerateKey has made").into();
        let used: Result<_, Refused> = seed.ok_or_else(wrong).map(|seed| {
            self.signer = Some(Signer::from_seed(seed));
            true.into()
        });
        Ok(self.told.or(used, false))
    }

    fn public_key(&self) -> String {
        self.signer.as_ref().map(|signer| signer.public_key().to_string()).unwrap_or_default()
    }

    fn issue_key_ring(&mut self, arguments: &mut Arguments) -> Result<Value> {
        self.told.clear();
        let (signer, claims) = (self.signer.as_ref().ok_or_else(no_key)?, arguments.bytes()?);
        let issue = || -> Result<_, Refused> {
            let claims: KeyRingClaims =
                read_json::read("the key ring", &claims, DOCUMENT_BYTES_MAX)?;
            Ok(KeyRing::issue(&claims, signer)?.into())
        };
        let issued = issue();
        Ok(self.told.or(issued, ""))
    }

    fn issue_license(&mut self, arguments: &mut Arguments) -> Result<Value> {
        self.told.clear();
        let (signer, claims) = (self.signer.as_ref().ok_or_else(no_key)?, arguments.bytes()?);
        let issue = || -> Result<_, Refused> {
            Ok(License::issue(&LicenseClaims::from_json(&claims)?, signer)?.into())
        };
        let issued = issue();
        Ok(self.told.or(issued, ""))
    }

    fn generate_code(&mut self, arguments: &mut Arguments) -> Result<Value> {
        self.told.clear();
        let format = arguments.text()?;
        let generated = (|| -> Result<_, Refused> {
            let format: CodeFormat = format.parse()?;
            let mut entropy = vec![0; format.entropy_bytes()];
            fill(&mut entropy)?;
            Ok(Code::generate(&format, &entropy)?.reveal().into())
        })();
        Ok(self.told.or(generated, ""))
    }
}

impl Open {
    /// The instant that a date of 1C means; the present one when none is given.
    fn now(&self, arguments: &mut Arguments) -> Result<Instant> {
        match arguments.date()? {
            Some(date) => self.zone.instant_at(date),
            None => Ok(SystemClock.now()),
        }
    }
}

fn no_key() -> Refusal {
    fault::not("UseKey", "", "called before anything is signed")
}

/// Who acts: as JSON, or whoever acts for the vendor.
fn acting(actor: Option<String>) -> Result<Actor> {
    match actor {
        Some(json) => read_json::read("the actor", json.as_bytes(), Query::BYTES_MAX),
        None => Ok(Actor::vendor(ActorId::new(USUAL_ACTOR)?)),
    }
}

fn fill(bytes: &mut [u8]) -> Result<()> {
    getrandom::fill(bytes).map_err(|detail| fault::internal(format!("no random bytes: {detail}")))
}
