//! Links of customers and partners to their accounts at the vendor's shop.

use std::fmt;

use mlicense_core::{
    access::{self, Actor},
    error::{ErrorKind, Refusal},
    history::{Command, Envelope, LinkPartnerShop, LinkShop},
    id::CommandId,
    time::Instant,
    view::Place,
};

use crate::{error::Result, ledger::Ledger, receipt::Receipt};

/// The vendor's shop, as a link needs it.
pub trait ShopGateway {
    /// Asks the shop whose account this is.
    ///
    /// It is called outside any transaction and may take its time. It keeps nothing of what it is
    /// given, and writes it nowhere.
    fn account(&self, login: ShopLogin<'_>) -> ShopAnswer;
}

/// What somebody typed to sign in at the shop.
#[derive(Clone, Copy)]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct ShopLogin<'a> {
    /// The e-mail, as it was typed.
    pub email: &'a str,
    /// The password, as it was typed.
    pub password: &'a str,
}

impl fmt::Debug for ShopLogin<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ShopLogin(…)")
    }
}

/// What a shop answers to a login.
///
/// There is no room for a reason: what a shop says may hold what was typed.
#[derive(Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a gateway says one of these")]
pub enum ShopAnswer {
    /// The login is right, and this is what the shop calls the account: always the same for the
    /// same account, and never given to another, so not the e-mail.
    Account(String),
    /// The shop does not know this e-mail with this password.
    Refused,
    /// The shop could not be asked.
    Unreachable,
}

impl fmt::Debug for ShopAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Account(_) => "Account(…)",
            Self::Refused => "Refused",
            Self::Unreachable => "Unreachable",
        })
    }
}

/// A customer or partner that is to be linked to its account at the shop.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct ShopLink<'a> {
    /// Whom to link.
    pub whom: &'a Place,
    /// What was typed into the dialog.
    pub login: ShopLogin<'a>,
    /// Who asks for it.
    pub actor: &'a Actor,
    /// The id of the command.
    pub id: &'a CommandId,
}

impl ShopLogin<'_> {
    /// The page these fields stand on.
    pub const PAGE: &'static str = "shop";
    /// The longest e-mail or password, in bytes.
    pub const BYTES_MAX: usize = 1024;

    /// Both fields are required (S-IP-05). A refusal repeats nothing of them.
    fn check(&self) -> Result<(), Refusal> {
        let fields = [
            ("email", "bytes of an e-mail:", self.email.trim()),
            ("password", "bytes of a password:", self.password),
        ];
        for (field, what, value) in fields {
            if value.is_empty() {
                return Err(Refusal::new(ErrorKind::FieldMissing)
                    .with("page", Self::PAGE)
                    .with("field", field));
            }
            if value.len() > Self::BYTES_MAX {
                return Err(Refusal::new(ErrorKind::QuantityOutOfRange)
                    .with("what", what)
                    .with("value", value.len())
                    .with("min", 1)
                    .with("max", Self::BYTES_MAX));
            }
        }
        Ok(())
    }
}

impl Ledger {
    /// Links a customer or partner to its account at the vendor's shop, once the shop has confirmed
    /// e-mail and password (S-IP-06, S-IP-10).
    ///
    /// The password goes to the gateway and nowhere else. Who may not make the link does not get as
    /// far as the shop, so nobody tries passwords this way who could not use them. Repeated under
    /// the same id, it is done once; the shop is asked each time.
    ///
    /// # Errors
    /// - [`ErrorKind::FieldMissing`] on page `shop` for an e-mail or password that is missing or
    ///   empty; [`ErrorKind::QuantityOutOfRange`] for one over [`ShopLogin::BYTES_MAX`].
    /// - [`ErrorKind::Forbidden`] and [`ErrorKind::NotAMember`], before the shop is asked.
    /// - [`ErrorKind::ShopLoginRefused`] when the shop does not know them;
    ///   [`ErrorKind::Network`] when it could not be asked.
    /// - [`ErrorKind::ShopAlreadyLinked`] when the link was made before, or the account is linked
    ///   to another; and as [`Ledger::execute`].
    ///
    /// # Examples
    /// ```
    /// use mlicense_core::{access::Actor, error::ErrorKind, view::Place};
    /// use mlicense_ledger::{Ledger, ShopAnswer, ShopGateway, ShopLink, ShopLogin};
    /// # use mlicense_core::history::Envelope;
    ///
    /// struct Shop;
    /// impl ShopGateway for Shop {
    ///     fn account(&self, login: ShopLogin<'_>) -> ShopAnswer {
    ///         match (login.email, login.password) {
    ///             ("ann@example.org", "open sesame") => ShopAnswer::Account("4711".to_owned()),
    ///             _ => ShopAnswer::Refused,
    ///         }
    ///     }
    /// }
    ///
    /// # let folder = tempfile::tempdir()?;
    /// # let now = "2026-03-01T09:00:00Z".parse()?;
    /// let ledger = Ledger::create(folder.path().join("vendor.mlicense"))?;
    /// # let json = br#"{"id": "first", "actor": {"role": "vendor", "id": "back-office"},
    /// #     "body": {"register_customer": {"customer": "c1", "zone": "Europe/Paris"}}}"#;
    /// # ledger.execute(&Envelope::from_json(json)?, now)?;
    /// let (whom, actor) = (Place::Customer("c1".parse()?), Actor::vendor("back-office".parse()?));
    /// let link = |password| {
    ///     let login = ShopLogin { email: "ann@example.org", password };
    ///     let id = "link-1".parse()?;
    ///     ledger.link_shop(ShopLink { whom: &whom, login, actor: &actor, id: &id }, &Shop, now)
    /// };
    /// assert_eq!(link("guess").unwrap_err().kind(), ErrorKind::ShopLoginRefused);
    /// assert_eq!(link("open sesame")?.events[0].kind, "shop_linked");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn link_shop(
        &self,
        link: ShopLink<'_>,
        gateway: &dyn ShopGateway,
        now: Instant,
    ) -> Result<Receipt> {
        link.login.check()?;
        self.store.read(|store| {
            // What the account is called has no part in who may link.
            let (prepared, world) = self.load(store, link.envelope("unknown"))?;
            let envelope = prepared.envelope();
            Ok(access::check(&envelope.actor, &envelope.body, &world)?)
        })?;
        match gateway.account(link.login) {
            ShopAnswer::Account(account) => self.execute(&link.envelope(&account), now),
            ShopAnswer::Refused => Err(Refusal::new(ErrorKind::ShopLoginRefused).into()),
            ShopAnswer::Unreachable => Err(Refusal::new(ErrorKind::Network)
                .with("address", "the shop")
                .with("detail", "it gave no answer")
                .into()),
        }
    }
}

impl ShopLink<'_> {
    fn envelope(&self, account: &str) -> Envelope {
        let account = account.to_owned();
        let body = match self.whom {
            Place::Customer(customer) => {
                Command::LinkShop(LinkShop { customer: customer.clone(), account })
            }
            Place::Partner(partner) => {
                Command::LinkPartnerShop(LinkPartnerShop { partner: partner.clone(), account })
            }
        };
        Envelope { id: self.id.clone(), actor: self.actor.clone(), body }
    }
}
