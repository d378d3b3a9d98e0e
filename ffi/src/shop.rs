//! Links to the vendor's shop.

use std::{
    cell::RefCell,
    ffi::{c_char, c_void},
};

use ::mlicense_ledger::{ShopAnswer, ShopGateway, ShopLink, ShopLogin};
use mlicense_core::{
    access::Actor,
    error::{ErrorKind, Refusal},
    history::LinkShop,
    id::CommandId,
    json,
    view::Place,
};

use crate::{
    error::{Fault, mlicense_error},
    handle::Reply,
    instant::instant,
    ledger::mlicense_ledger,
    memory,
    status::mlicense_status,
    text::mlicense_text,
};

/// The shop does not know this e-mail with this password. So is every number but the two below.
pub const MLICENSE_SHOP_REFUSED: u32 = 0;
/// E-mail and password are right, and the name of the account was written.
pub const MLICENSE_SHOP_ACCOUNT: u32 = 1;
/// The shop could not be asked.
pub const MLICENSE_SHOP_UNREACHABLE: u32 = 2;

/// The room for the name of an account, in bytes with the NUL.
const ACCOUNT_BYTES: usize = LinkShop::ACCOUNT_BYTES_MAX + 1;

/// Asks the vendor's shop whose account an e-mail and a password belong to, and returns one of
/// `MLICENSE_SHOP_REFUSED`, `MLICENSE_SHOP_ACCOUNT` and `MLICENSE_SHOP_UNREACHABLE`.
///
/// `context` is what the caller gave with it; `email` and `password` end with a NUL, are as they
/// were typed, and are the gateway's only while the call lasts: it keeps neither and writes neither
/// anywhere. With `MLICENSE_SHOP_ACCOUNT` it has written into `account` what the shop calls the
/// account, as UTF-8 with a NUL after it; there is room for `account_size` bytes, which is 321. That
/// name is always the same for the same account and never given to another, so not the e-mail. It
/// may take its time, but must not call back into the ledger, and must return.
#[expect(non_camel_case_types, reason = "named for C")]
pub type mlicense_shop_gateway = Option<
    unsafe extern "C" fn(
        context: *mut c_void,
        email: *const c_char,
        password: *const c_char,
        account: *mut c_char,
        account_size: usize,
    ) -> u32,
>;

/// Links a customer or partner to its account at the vendor's shop, once the shop has confirmed
/// e-mail and password.
///
/// `whom` is JSON, `{"customer": "c1"}` or `{"partner": "d1"}`; `actor` is who asks for it, in JSON
/// as in an envelope; `id` is the id of the command, or NULL for a random one: repeated under the
/// same id the link is made once, and the shop is asked each time. Both `email` and `password` are
/// required; NULL counts as missing. The password goes to `gateway` and nowhere else: it is not
/// kept, and in no error. The gateway is called outside any transaction, and not at all for who may
/// not make the link. On success `*receipt` is a new text, to be freed with mlicense_text_free().
///
/// Refused: NULL_ARGUMENT; NOT_UTF8; JSON_INVALID for `whom` or `actor`; FIELD_INVALID for `id`;
/// FIELD_MISSING on page `shop`; QUANTITY_OUT_OF_RANGE for an e-mail or password over 1024 bytes, and
/// for an account without a name or with one over 320 bytes; FORBIDDEN; NOT_A_MEMBER;
/// SHOP_LOGIN_REFUSED; NETWORK when the shop could not be asked; SHOP_ALREADY_LINKED; and as
/// mlicense_ledger_execute().
///
/// Threads: any; the ledger may be in use elsewhere. The gateway is called in this thread.
///
/// # Safety
///
/// `ledger` must be NULL or not yet closed; `whom`, `actor`, `id`, `email` and `password` must be
/// NULL or end with a NUL; `gateway` must be NULL or may be called with `context`; `receipt` and
/// `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_ledger_link_shop(
    ledger: *const mlicense_ledger,
    whom: *const c_char,
    actor: *const c_char,
    id: *const c_char,
    email: *const c_char,
    password: *const c_char,
    gateway: mlicense_shop_gateway,
    context: *mut c_void,
    now: i64,
    receipt: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("receipt", receipt, error) };
    reply.give(|| {
        // SAFETY: the caller promises a ledger or NULL.
        let ledger = unsafe { mlicense_ledger::borrow(ledger) }?;
        // SAFETY: the caller promises a text or NULL.
        let whom = unsafe { memory::text(whom, "whom") }?;
        let whom: Place = json::read("whom to link", whom.as_bytes(), memory::TEXT_BYTES_MAX)?;
        // SAFETY: the caller promises a text or NULL.
        let actor = unsafe { memory::text(actor, "actor") }?;
        let actor: Actor = json::read("the actor", actor.as_bytes(), memory::TEXT_BYTES_MAX)?;
        // SAFETY: the caller promises a text or NULL.
        let id = match unsafe { memory::optional_text(id, "id") }? {
            Some(id) => CommandId::new(id)?,
            None => ::mlicense_ledger::fresh_id()?,
        };
        // SAFETY: the caller promises a text or NULL.
        let typed_email = unsafe { memory::optional_text(email, "email") }?.unwrap_or_default();
        // SAFETY: the caller promises a text or NULL.
        let typed = unsafe { memory::optional_text(password, "password") }?.unwrap_or_default();
        let login = ShopLogin { email: typed_email, password: typed };
        let link = ShopLink { whom: &whom, login, actor: &actor, id: &id };
        let ask = gateway.ok_or_else(|| Fault::null("gateway"))?;
        let ask = |account: &mut [u8; ACCOUNT_BYTES]| {
            // The gateway reads what the caller has typed, so that no copy is left behind.
            let (account, room) = (account.as_mut_ptr().cast(), ACCOUNT_BYTES);
            // SAFETY: the caller promises that it may be called with the context; both texts were
            // found to be there, and the room outlives the call.
            unsafe { ask(context, email, password, account, room) }
        };
        let shop = Shop { ask, fault: RefCell::new(None) };
        let _inside = ledger.enter();
        let done = ledger.ledger.link_shop(link, &shop, instant(now)?);
        match shop.fault.into_inner() {
            Some(fault) => Err(fault.into()),
            None => mlicense_text::json(&done?),
        }
    })
}

/// A shop behind a function of the caller's.
struct Shop<F> {
    ask: F,
    /// What was wrong with the name of the account.
    fault: RefCell<Option<Refusal>>,
}

impl<F: Fn(&mut [u8; ACCOUNT_BYTES]) -> u32> ShopGateway for Shop<F> {
    fn account(&self, _login: ShopLogin<'_>) -> ShopAnswer {
        let mut account = [0; ACCOUNT_BYTES];
        match (self.ask)(&mut account) {
            MLICENSE_SHOP_ACCOUNT => {}
            MLICENSE_SHOP_UNREACHABLE => return ShopAnswer::Unreachable,
            _ => return ShopAnswer::Refused,
        }
        // A name that fills all the room is longer than any may be, which the rules refuse.
        let name = account.split(|byte| *byte == 0).next().unwrap_or_default();
        match std::str::from_utf8(name) {
            Ok(name) => ShopAnswer::Account(name.to_owned()),
            Err(_) => {
                let refusal = Refusal::new(ErrorKind::NotUtf8).with("what", "account");
                self.fault.replace(Some(refusal));
                ShopAnswer::Unreachable
            }
        }
    }
}
