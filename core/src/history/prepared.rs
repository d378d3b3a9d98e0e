//! A command made ready: what it carries is read and verified once, and it says what it has to
//! see.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Claim, Command, EditProfile, EditUser, Envelope, Holder, LinkShop, Salt, Space, StreamId,
    World, decide,
};
use crate::{
    access,
    batch::IssuedKey,
    catalogue::Catalogue,
    code::{Code, CodeDigest, CodeFormat},
    document::{HostFacts, Request, RequestKind},
    error::{ErrorKind, Refusal, Result},
    host_binding::{FactDigest, FactKind, HashedFacts, MatchRule},
    id::{CustomerId, HardwareId, PartnerId, PersonId, ProductId},
    person::{self, PersonFields, SignIn, UserFields},
    pseudonym::Pseudonym,
    signing::KeyId,
};

/// An envelope whose codes are digested and whose documents are verified.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub(super) envelope: Envelope,
    pub(super) payload: Payload,
}

/// What a command carries beside its members.
#[derive(Clone, Debug)]
pub(super) enum Payload {
    Nothing,
    /// Keys to issue.
    Issued(Vec<IssuedKey>),
    /// What a typed key may be.
    Typed(Typed),
    /// What an installation asks for.
    Asked(Box<Asked>),
    /// A number to be given to whoever asks for one.
    Registering(Box<Registering>),
    /// A number to be given.
    Number(IssuedKey),
    /// Who is to become a user.
    User(Box<UserTold>),
    /// The username somebody is to have.
    Renamed(Pseudonym),
    /// An account at the vendor's shop.
    Shop(ShopAccount),
    /// What tells a machine from all others.
    Machine(Vec<Claim>),
}

/// A user as a command tells it.
#[derive(Clone, Debug)]
pub(super) struct UserTold {
    pub(super) fields: PersonFields,
    pub(super) sign_in: SignIn,
}

impl UserTold {
    fn read(user: &UserFields, salt: &Salt) -> Result<Payload> {
        let (fields, sign_in) = user.complete(salt.as_bytes())?;
        Ok(Payload::User(Box::new(Self { fields, sign_in })))
    }
}

/// An account at the vendor's shop, as the history knows it.
#[derive(Clone, Debug)]
pub(super) struct ShopAccount(pub(super) Pseudonym);

impl ShopAccount {
    fn read(account: &str, salt: &Salt) -> Result<Self> {
        let what = "bytes of an account at the shop:";
        decide::in_range(what, account.trim().len(), LinkShop::ACCOUNT_BYTES_MAX)?;
        Ok(Self(Pseudonym::of("shop", account, salt.as_bytes())))
    }
}

/// A request, with the coupon it may carry.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) request: Request,
    pub(super) coupon: Option<Typed>,
    pub(super) number: Option<Typed>,
}

/// A request for a number, with a fresh one.
#[derive(Clone, Debug)]
pub(super) struct Registering {
    pub(super) asked: Asked,
    pub(super) number: String,
    pub(super) issued: IssuedKey,
    pub(super) owner: OwnerTold,
    /// What tells the host from all others.
    pub(super) hosts: Vec<Claim>,
}

/// An owner as a request tells it.
#[derive(Clone, Debug)]
pub(super) struct OwnerTold {
    pub(super) fields: PersonFields,
    pub(super) zone: String,
    pub(super) company: Pseudonym,
    pub(super) email: Pseudonym,
}

/// A key as somebody typed it.
#[derive(Clone, Debug)]
pub(super) struct Typed {
    /// Digests it would have under the formats of the catalogue and as an opaque text.
    pub(super) candidates: BTreeSet<CodeDigest>,
    /// What to say when no such key was issued.
    pub(super) unknown: Refusal,
}

impl Typed {
    fn claims(&self) -> impl Iterator<Item = Claim> {
        self.candidates.iter().flat_map(|digest| [code(digest), redeemed(digest)])
    }

    fn numbers(&self) -> impl Iterator<Item = Claim> {
        self.candidates.iter().map(number_of)
    }

    /// Whether it is this number.
    pub(super) fn is(&self, number: &IssuedKey) -> bool {
        self.candidates.contains(&number.digest)
    }

    /// The customer who has this registration number.
    pub(super) fn holder<'w>(&self, world: &'w World) -> Result<&'w CustomerId> {
        let found = self.numbers().find_map(|claim| match world.holder(&claim) {
            Some(StreamId::Customer(customer)) => Some(customer),
            _ => None,
        });
        found.ok_or_else(|| self.unknown.clone())
    }
}

impl Prepared {
    /// Reads and verifies what the command carries. `salt` is the ledger's secret.
    ///
    /// # Errors
    /// - [`ErrorKind::Forbidden`] for a role that may give the command to nobody.
    /// - [`ErrorKind::ProductUnknown`] where the format of a product's keys is wanted.
    /// - What [`Code::parse`] and [`Code::opaque`] refuse, for keys to be issued.
    /// - [`ErrorKind::SystemFileInvalid`] for a request that does not verify (S-AX-14).
    /// - [`ErrorKind::QuantityOutOfRange`] for an account at the shop that is empty or too long.
    pub fn new(envelope: Envelope, salt: &Salt, catalogue: &Catalogue) -> Result<Self> {
        access::check_role(&envelope.actor, &envelope.body)?;
        let reading = reading(&envelope.body);
        let payload = reading.map_or(Ok(Payload::Nothing), |read| read(salt, catalogue))?;
        Ok(Self { envelope, payload })
    }

    /// The envelope.
    #[must_use]
    pub const fn envelope(&self) -> &Envelope {
        &self.envelope
    }

    /// The request it carries, if one.
    #[must_use]
    pub fn request(&self) -> Option<&Request> {
        match &self.payload {
            Payload::Asked(asked) => Some(&asked.request),
            Payload::Registering(registering) => Some(&registering.asked.request),
            _ => None,
        }
    }

    /// The claims whose holders it has to see.
    #[must_use]
    pub fn claims(&self) -> BTreeSet<Claim> {
        match &self.payload {
            Payload::Nothing => told_claim(&self.envelope.body).into_iter().collect(),
            Payload::Issued(keys) => keys.iter().map(|key| code(&key.digest)).collect(),
            Payload::Typed(typed) => typed.claims().collect(),
            Payload::Asked(asked) => {
                let coupon = asked.coupon.iter().flat_map(Typed::claims);
                let number = asked.number.iter().flat_map(Typed::numbers);
                coupon.chain(number).chain([installation(&asked.request)]).collect()
            }
            Payload::Registering(registering) => {
                let hosts = registering.hosts.iter().cloned();
                let own = [number(&registering.issued), email(&registering.owner.email)];
                hosts.chain(own).collect()
            }
            Payload::Number(issued) => BTreeSet::from([number(issued)]),
            Payload::User(told) => BTreeSet::from([username(&told.sign_in.username)]),
            Payload::Renamed(name) => BTreeSet::from([username(name)]),
            Payload::Shop(account) => BTreeSet::from([shop_account(account)]),
            Payload::Machine(claims) => claims.iter().cloned().collect(),
        }
    }

    /// The streams it has to see, in the order in which they are to be locked.
    #[must_use]
    pub fn streams(&self, held: &BTreeMap<Claim, Holder>) -> BTreeSet<StreamId> {
        let seen = [
            Space::Code,
            Space::Installation,
            Space::Number,
            Space::Email,
            Space::Host,
            Space::Username,
        ];
        let seen = held.iter().filter(|(claim, _)| seen.contains(&claim.space));
        let seen = seen.map(|(_, holder)| holder.0.clone());
        named(&self.envelope).chain(seen).collect()
    }

    /// The persons of whom it has to see what the erasable table knows, once these streams are
    /// read.
    #[must_use]
    pub fn known(&self, world: &World) -> BTreeSet<PersonId> {
        let person = match &self.envelope.body {
            Command::EditUser(of) => Some(&of.person),
            Command::EditProfile(of) => Some(&of.person),
            Command::EditAccount(of) => {
                let customer = world.customer(&of.customer).ok();
                customer.and_then(|customer| Some(&customer.account()?.client))
            }
            _ => None,
        };
        person.into_iter().cloned().collect()
    }
}

impl Envelope {
    /// The streams it has to see, where it tells them by itself: it looks at no claim. Who shares a
    /// store with others can hold them before the catalogue is read.
    #[must_use]
    pub fn streams(&self) -> Option<BTreeSet<StreamId>> {
        let is_plain = reading(&self.body).is_none() && told_claim(&self.body).is_none();
        is_plain.then(|| named(self).collect())
    }
}

type Reading<'c> = Box<dyn FnOnce(&Salt, &Catalogue) -> Result<Payload> + 'c>;

/// How what a command carries is read, if it carries something.
fn reading(command: &Command) -> Option<Reading<'_>> {
    let user = |user| -> Reading<'_> { Box::new(move |salt, _| UserTold::read(user, salt)) };
    let shop = |account| -> Reading<'_> {
        Box::new(move |salt, _| ShopAccount::read(account, salt).map(Payload::Shop))
    };
    Some(match command {
        Command::IssueKeys { keys, product, .. } => Box::new(move |salt, catalogue| {
            let format = catalogue.product(product)?.definition().key_format.as_ref();
            let issued = keys.iter().map(|key| issue(format, key, salt));
            Ok(Payload::Issued(issued.collect::<Result<_>>()?))
        }),
        Command::RedeemKey { key, product, .. } | Command::VoidKey { key, product, .. } => {
            Box::new(move |salt, catalogue| {
                Ok(Payload::Typed(typed(catalogue, product, key, salt)?))
            })
        }
        Command::TakeRequest { request, .. } => Box::new(move |salt, catalogue| {
            Ok(Payload::Asked(Box::new(Asked::read(request, salt, catalogue)?)))
        }),
        Command::RegisterNumber { request, number, .. } => {
            Registering::reading(request, number, RequestKind::Register)
        }
        Command::RecoverNumber { request, number } => {
            Registering::reading(request, number, RequestKind::Recover)
        }
        Command::CreateAccount(of) => user(&of.draft.administrator),
        Command::AddUser(of) => user(&of.user),
        Command::AddPartnerUser(of) => user(&of.user),
        Command::EditUser(EditUser { changes, .. })
        | Command::EditProfile(EditProfile { changes, .. }) => {
            let name = changes.username.as_ref()?;
            Box::new(move |salt, _| {
                Ok(Payload::Renamed(person::username_pseudonym(name, salt.as_bytes())))
            })
        }
        Command::LinkShop(of) => shop(&of.account),
        Command::LinkPartnerShop(of) => shop(&of.account),
        Command::FreeMachine { request, .. } => Box::new(move |salt, catalogue| {
            Ok(Payload::Machine(machine(&Asked::read(request, salt, catalogue)?.request)))
        }),
        Command::IssueNumber { number, .. } => Box::new(move |salt, catalogue| {
            Ok(Payload::Number(issue(catalogue.number_format(), number, salt)?))
        }),
        _ => return None,
    })
}

/// The claim that a command without a payload looks at.
fn told_claim(command: &Command) -> Option<Claim> {
    match command {
        Command::RegisterHardware { hardware: id, .. } => Some(hardware(id)),
        Command::RegisterPartner(of) => Some(partner_code(&of.code)),
        Command::StockLicenses { purchase: Some(number), .. } => Some(purchase(number)),
        _ => None,
    }
}

/// The streams that a command names.
fn named(Envelope { actor, body, .. }: &Envelope) -> impl Iterator<Item = StreamId> {
    let customers = [body.customer(), actor.customer.as_ref()];
    let partners = [body.partner(), actor.partner.as_ref()];
    let batch = match body {
        Command::IssueKeys { batch, .. } => Some(StreamId::Batch(batch.clone())),
        _ => None,
    };
    let persons = told_persons(body).into_iter().cloned().map(StreamId::Person);
    let customers = customers.into_iter().flatten().cloned().map(StreamId::Customer);
    let partners = partners.into_iter().flatten().cloned().map(StreamId::Partner);
    let named = customers.chain(partners).chain(batch).chain(persons);
    [StreamId::Catalogue].into_iter().chain(named)
}

/// The persons that a command names.
fn told_persons(command: &Command) -> Vec<&PersonId> {
    match command {
        Command::CreateAccount(of) => vec![&of.client, &of.administrator],
        Command::RegisterPartner(of) => vec![&of.contact],
        body => body.person().into_iter().collect(),
    }
}

impl Asked {
    fn read(request: &str, salt: &Salt, catalogue: &Catalogue) -> Result<Self> {
        let forged = |refusal| Refusal::new(ErrorKind::SystemFileInvalid).with("detail", refusal);
        let request = Request::verify(request.as_bytes()).map_err(forged)?;
        let fields = request.fields();
        let coupon = match (&fields.code, fields.kind) {
            (Some(code), RequestKind::Coupon) => {
                Some(typed(catalogue, &fields.product, code, salt)?)
            }
            _ => None,
        };
        let format = catalogue.number_format();
        let number = fields.number.as_deref().map(|number| typed_number(format, number, salt));
        Ok(Self { coupon, number, request })
    }
}

impl Registering {
    fn reading<'c>(request: &'c str, number: &'c str, kind: RequestKind) -> Reading<'c> {
        Box::new(move |salt, catalogue| {
            let asked = Asked::read(request, salt, catalogue)?;
            let registering = Self::new((asked, kind), number, salt, catalogue)?;
            Ok(Payload::Registering(Box::new(registering)))
        })
    }

    fn new(
        (asked, kind): (Asked, RequestKind),
        number: &str,
        salt: &Salt,
        catalogue: &Catalogue,
    ) -> Result<Self> {
        if asked.request.fields().kind != kind {
            return Err(super::answer::not_applicable(&asked, "another request"));
        }
        let told = asked.request.fields().owner.as_ref();
        let told = told.ok_or_else(|| super::answer::not_applicable(&asked, "anything"))?;
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let (secret, email) = (salt.as_bytes(), &told.email);
        let owner = OwnerTold {
            fields: PersonFields {
                name: text(&told.contact),
                email: Some(email.trim().to_owned()),
                company: told.company.clone(),
                phone: told.phone.clone(),
                tax_id: told.tax_id.clone(),
                ..PersonFields::default()
            },
            zone: text(&told.zone),
            company: Pseudonym::of("company", &text(&told.company), secret),
            email: Pseudonym::of("email", email, secret),
        };
        let issued = issue(catalogue.number_format(), number, salt)?;
        let hosts = machine(&asked.request);
        Ok(Self { asked, number: number.to_owned(), issued, owner, hosts })
    }
}

/// What tells the machine that a request comes from, and its installation, from all others.
fn machine(request: &Request) -> Vec<Claim> {
    let facts = request.fields().host.as_ref().map(host_claims).unwrap_or_default();
    facts.into_iter().chain([installation(request)]).collect()
}

/// The facts of a host that no other has.
fn host_claims(host: &HostFacts) -> Vec<Claim> {
    let Ok(rule) = MatchRule::enroll(&HashedFacts::from(host)) else { return Vec::new() };
    // An id that somebody declares may be declared by others too.
    let strong = [FactKind::Tpm, FactKind::DmiUuid, FactKind::CloudInstance];
    let facts = rule.enrolled().filter(|(fact, _)| strong.contains(&fact.kind));
    let digest = |kind: FactKind, digest: &FactDigest| format!("{}:{digest}", kind.as_str());
    let claim = |digest| Claim { space: Space::Host, digest };
    facts.map(|(fact, _)| claim(digest(fact.kind, &fact.digest))).collect()
}

fn typed_number(format: Option<&CodeFormat>, number: &str, salt: &Salt) -> Typed {
    let read = format.map_or_else(|| Code::opaque(number), |format| Code::parse(format, number));
    // Numbers that were given before there was a form are read as they are.
    let codes = read.clone().into_iter().chain(Code::opaque(number));
    let candidates: BTreeSet<CodeDigest> = codes.map(|code| code.digest(salt.as_bytes())).collect();
    let unknown = || Refusal::new(ErrorKind::NumberUnknown);
    Typed { candidates, unknown: read.map_or_else(|refusal| refusal, |_| unknown()) }
}

fn issue(format: Option<&CodeFormat>, key: &str, salt: &Salt) -> Result<IssuedKey> {
    let code = match format {
        Some(format) => Code::parse(format, key)?,
        None => Code::opaque(key)?,
    };
    Ok(IssuedKey { digest: code.digest(salt.as_bytes()), masked: code.masked() })
}

/// A key of another product should be told from one that does not exist, so it is read under
/// every format there is.
fn typed(catalogue: &Catalogue, product: &ProductId, key: &str, salt: &Salt) -> Result<Typed> {
    let own = catalogue.product(product)?.definition().key_format.as_ref();
    let read = own.map_or_else(|| Code::opaque(key), |format| Code::parse(format, key));
    let codes = formats(catalogue).filter_map(|format| Code::parse(format, key).ok());
    let candidates = codes.chain(Code::opaque(key)).map(|code| code.digest(salt.as_bytes()));
    let unknown = |code: Code| Refusal::new(ErrorKind::KeyUnknown).with("key", code);
    Ok(Typed { candidates: candidates.collect(), unknown: read.map_or_else(|r| r, unknown) })
}

/// The forms of the keys and coupons of every product.
pub(super) fn formats(catalogue: &Catalogue) -> impl Iterator<Item = &CodeFormat> {
    catalogue.products().values().filter_map(|product| product.definition().key_format.as_ref())
}

pub(super) fn code(digest: &CodeDigest) -> Claim {
    Claim { space: Space::Code, digest: digest.to_string() }
}

pub(super) fn redeemed(digest: &CodeDigest) -> Claim {
    Claim { space: Space::RedeemedKey, digest: digest.to_string() }
}

pub(super) fn installation(request: &Request) -> Claim {
    installed(&request.installation())
}

pub(super) fn installed(installation: &KeyId) -> Claim {
    Claim { space: Space::Installation, digest: installation.to_string() }
}

pub(super) fn number(number: &IssuedKey) -> Claim {
    number_of(&number.digest)
}

pub(super) fn number_of(digest: &CodeDigest) -> Claim {
    Claim { space: Space::Number, digest: digest.to_string() }
}

pub(super) fn email(email: &Pseudonym) -> Claim {
    Claim { space: Space::Email, digest: email.to_string() }
}

pub(super) fn hardware(id: &HardwareId) -> Claim {
    Claim { space: Space::Hardware, digest: id.to_string() }
}

pub(super) fn username(username: &Pseudonym) -> Claim {
    Claim { space: Space::Username, digest: username.to_string() }
}

pub(super) fn partner_code(code: &PartnerId) -> Claim {
    Claim { space: Space::PartnerCode, digest: code.to_string() }
}

pub(super) fn shop_account(account: &ShopAccount) -> Claim {
    shop(&account.0)
}

pub(super) fn shop(account: &Pseudonym) -> Claim {
    Claim { space: Space::ShopAccount, digest: account.to_string() }
}

pub(super) fn purchase(number: &str) -> Claim {
    Claim { space: Space::Purchase, digest: number.to_owned() }
}
