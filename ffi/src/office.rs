//! What a vendor's back office does every day, without JSON going in.

use std::ffi::c_char;

use mlicense_core::{
    access::Actor,
    batch::KeyContents,
    history::{Command, Envelope, StockSource},
    id::CommandId,
    json,
    view::Query,
    wallet::LotKind,
};

use crate::{
    error::{Result, mlicense_error},
    handle::Reply,
    instant::instant,
    ledger::mlicense_ledger,
    memory::{self, Extensible},
    status::mlicense_status,
    text::mlicense_text,
};

/// Who gives an order, and under which id. Set `size` to the size of the structure:
///
/// ```c
/// mlicense_order desk = {.size = sizeof desk, .actor = "desk", .now = MLICENSE_NOW};
/// ```
///
/// Later versions may have further members at the end; an older library refuses those that are not
/// 0.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
#[expect(clippy::exhaustive_structs, reason = "its size tells versions apart")]
pub struct mlicense_order {
    /// `sizeof(mlicense_order)`.
    pub size: usize,
    /// The id of who orders it, one of the vendor's own people or programs; or an actor in JSON, as
    /// in an envelope, which begins with a brace.
    pub actor: *const c_char,
    /// The id of the command: repeated under the same id it is done once, and answered with the
    /// first receipt. NULL makes a random one.
    pub id: *const c_char,
    /// When it happens: an instant, or MLICENSE_NOW.
    pub now: i64,
}

/// Registers a customer, with the time zone that its days are counted in, such as "Europe/Paris".
///
/// `receipt` may be NULL; otherwise `*receipt` is a new text on success, to be freed with
/// mlicense_text_free(): JSON as of mlicense_ledger_execute().
///
/// Refused: NULL_ARGUMENT; NOT_UTF8; FIELD_INVALID for the customer or a member of the order;
/// ZONE_UNKNOWN; CUSTOMER_ALREADY_REGISTERED; and as mlicense_ledger_execute().
///
/// Threads: any; the ledger may be in use elsewhere.
///
/// # Safety
///
/// `ledger` must be NULL or not yet closed; `customer` and `zone` must be NULL or end with a NUL;
/// `order` must be NULL or point to as many bytes as its `size` says; `receipt` and `error` must be
/// NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_ledger_register_customer(
    ledger: *const mlicense_ledger,
    customer: *const c_char,
    zone: *const c_char,
    order: *const mlicense_order,
    receipt: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    let command = || {
        // SAFETY: the caller promises a text or NULL.
        let customer = unsafe { memory::text(customer, "customer") }?.parse()?;
        // SAFETY: the caller promises a text or NULL.
        let zone = unsafe { memory::text(zone, "zone") }?.parse()?;
        Ok(Command::RegisterCustomer { customer, zone, region: None })
    };
    // SAFETY: as promised.
    unsafe { execute(ledger, command, order, receipt, error) }
}

/// Starts the subscription of a customer to a product.
///
/// On success `*receipt` is a new text, as of mlicense_ledger_register_customer().
///
/// Refused: NULL_ARGUMENT; NOT_UTF8; FIELD_INVALID; CUSTOMER_UNKNOWN, PRODUCT_UNKNOWN,
/// NOT_REGISTERED; and as mlicense_ledger_execute().
///
/// Threads: any; the ledger may be in use elsewhere.
///
/// # Safety
///
/// `customer` and `product` must be NULL or end with a NUL; the others are as for
/// mlicense_ledger_register_customer().
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_ledger_start_subscription(
    ledger: *const mlicense_ledger,
    customer: *const c_char,
    product: *const c_char,
    order: *const mlicense_order,
    receipt: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    let command = || {
        // SAFETY: the caller promises a text or NULL.
        let customer = unsafe { memory::text(customer, "customer") }?.parse()?;
        // SAFETY: the caller promises a text or NULL.
        let product = unsafe { memory::text(product, "product") }?.parse()?;
        Ok(Command::StartSubscription { customer, product, term: None })
    };
    // SAFETY: as promised.
    unsafe { execute(ledger, command, order, receipt, error) }
}

/// Puts licences that a customer bought into its wallet, without a key: `quantity` of one type for a
/// year each.
///
/// `purchase` is the number of the sale, or NULL: the same sale is put in once. On success
/// `*receipt` is a new text, as of mlicense_ledger_register_customer().
///
/// Refused: NULL_ARGUMENT; NOT_UTF8; FIELD_INVALID; CUSTOMER_UNKNOWN, PRODUCT_UNKNOWN;
/// QUANTITY_OUT_OF_RANGE; and as mlicense_ledger_execute().
///
/// Threads: any; the ledger may be in use elsewhere.
///
/// # Safety
///
/// `customer`, `product`, `license_type` and `purchase` must be NULL or end with a NUL; the others
/// are as for mlicense_ledger_register_customer().
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_ledger_stock_licenses(
    ledger: *const mlicense_ledger,
    customer: *const c_char,
    product: *const c_char,
    license_type: *const c_char,
    quantity: u32,
    purchase: *const c_char,
    order: *const mlicense_order,
    receipt: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    let command = || {
        // SAFETY: the caller promises a text or NULL.
        let customer = unsafe { memory::text(customer, "customer") }?.parse()?;
        // SAFETY: the caller promises a text or NULL.
        let product = unsafe { memory::text(product, "product") }?.parse()?;
        // SAFETY: the caller promises a text or NULL.
        let license_type = unsafe { memory::text(license_type, "license_type") }?.parse()?;
        // SAFETY: the caller promises a text or NULL.
        let purchase = unsafe { memory::optional_text(purchase, "purchase") }?.map(str::to_owned);
        let contents = vec![KeyContents { license_type, kind: LotKind::year(), quantity }];
        let source = StockSource::Purchase;
        Ok(Command::StockLicenses { customer, product, contents, source, purchase })
    };
    // SAFETY: as promised.
    unsafe { execute(ledger, command, order, receipt, error) }
}

/// Redeems a licence key that was issued before: all that it is worth goes to the wallet.
///
/// `key` is as somebody typed it. On success `*receipt` is a new text, as of
/// mlicense_ledger_register_customer().
///
/// Refused: NULL_ARGUMENT; NOT_UTF8; FIELD_INVALID; CUSTOMER_UNKNOWN, PRODUCT_UNKNOWN; what the rules
/// refuse of a key, such as COUPON_ALREADY_USED; and as mlicense_ledger_execute().
///
/// Threads: any; the ledger may be in use elsewhere.
///
/// # Safety
///
/// `customer`, `product` and `key` must be NULL or end with a NUL; the others are as for
/// mlicense_ledger_register_customer().
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_ledger_redeem_key(
    ledger: *const mlicense_ledger,
    customer: *const c_char,
    product: *const c_char,
    key: *const c_char,
    order: *const mlicense_order,
    receipt: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    let command = || {
        // SAFETY: the caller promises a text or NULL.
        let customer = unsafe { memory::text(customer, "customer") }?.parse()?;
        // SAFETY: the caller promises a text or NULL.
        let product = unsafe { memory::text(product, "product") }?.parse()?;
        // SAFETY: the caller promises a text or NULL.
        let key = unsafe { memory::text(key, "key") }?.to_owned();
        Ok(Command::RedeemKey { customer, product, key })
    };
    // SAFETY: as promised.
    unsafe { execute(ledger, command, order, receipt, error) }
}

/// Allocates `quantity` licences of one type from the wallet of a customer to the period that runs.
///
/// On success `*receipt` is a new text, as of mlicense_ledger_register_customer().
///
/// Refused: NULL_ARGUMENT; NOT_UTF8; FIELD_INVALID; CUSTOMER_UNKNOWN, PRODUCT_UNKNOWN;
/// INSUFFICIENT_WALLET and what else the rules refuse; and as mlicense_ledger_execute().
///
/// Threads: any; the ledger may be in use elsewhere.
///
/// # Safety
///
/// `customer`, `product` and `license_type` must be NULL or end with a NUL; the others are as for
/// mlicense_ledger_register_customer().
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_ledger_allocate(
    ledger: *const mlicense_ledger,
    customer: *const c_char,
    product: *const c_char,
    license_type: *const c_char,
    quantity: u32,
    order: *const mlicense_order,
    receipt: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    let command = || {
        // SAFETY: the caller promises a text or NULL.
        let customer = unsafe { memory::text(customer, "customer") }?.parse()?;
        // SAFETY: the caller promises a text or NULL.
        let product = unsafe { memory::text(product, "product") }?.parse()?;
        // SAFETY: the caller promises a text or NULL.
        let license_type = unsafe { memory::text(license_type, "license_type") }?.parse()?;
        let quantities = [(license_type, quantity)].into();
        Ok(Command::Allocate { customer, product, quantities, ahead: 0, term: None })
    };
    // SAFETY: as promised.
    unsafe { execute(ledger, command, order, receipt, error) }
}

/// Says how a customer stands with all that it has: status, dates, and what is to be done.
///
/// `language` is as for mlicense_error_message(). On success `*view` is a new text, to be freed with
/// mlicense_text_free(): JSON, the "overview" of include/schema/view.json.
///
/// Refused: NULL_ARGUMENT; NOT_UTF8; FIELD_INVALID; CUSTOMER_UNKNOWN; and as every call of a ledger.
///
/// Threads: any; the ledger may be in use elsewhere.
///
/// # Safety
///
/// `ledger` must be NULL or not yet closed; `customer` and `language` must be NULL or end with a
/// NUL; `view` and `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_ledger_overview(
    ledger: *const mlicense_ledger,
    customer: *const c_char,
    language: *const c_char,
    now: i64,
    view: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("view", view, error) };
    reply.give(|| {
        // SAFETY: the caller promises a ledger or NULL.
        let ledger = unsafe { mlicense_ledger::borrow(ledger) }?;
        // SAFETY: the caller promises a text or NULL.
        let customer = unsafe { memory::text(customer, "customer") }?.parse()?;
        // SAFETY: the caller promises a text or NULL.
        let language = unsafe { memory::language(language) };
        let query = Query::Overview { customer, language };
        mlicense_text::json(&ledger.ledger.query(&query, instant(now)?)?)
    })
}

/// Lists what is coming for all customers, page by page, for whoever sends the mail: grace that
/// ends, lots that run out, renewals.
///
/// `until` is the last day that counts, such as "2026-06-30"; `after` is the last customer of the
/// page before. Both may be NULL. `limit` is how many customers at most, or 0 for as many as one
/// page may have. On success `*view` is a new text, to be freed with mlicense_text_free(): JSON, the
/// "coming_due" of include/schema/view.json.
///
/// Refused: NULL_ARGUMENT; NOT_UTF8; DATE_INVALID; FIELD_INVALID; QUANTITY_OUT_OF_RANGE for the
/// limit; and as every call of a ledger.
///
/// Threads: any; the ledger may be in use elsewhere.
///
/// # Safety
///
/// `ledger` must be NULL or not yet closed; `until` and `after` must be NULL or end with a NUL;
/// `view` and `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_ledger_coming_due(
    ledger: *const mlicense_ledger,
    until: *const c_char,
    after: *const c_char,
    limit: u32,
    now: i64,
    view: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("view", view, error) };
    reply.give(|| {
        // SAFETY: the caller promises a ledger or NULL.
        let ledger = unsafe { mlicense_ledger::borrow(ledger) }?;
        // SAFETY: the caller promises a text or NULL.
        let until = unsafe { memory::optional_text(until, "until") }?;
        // SAFETY: the caller promises a text or NULL.
        let after = unsafe { memory::optional_text(after, "after") }?;
        let (until, after) = (until.map(str::parse).transpose()?, after.map(str::parse));
        let limit = if limit == 0 { Query::DUE_MAX } else { limit };
        let query = Query::ComingDue { partner: None, until, after: after.transpose()?, limit };
        mlicense_text::json(&ledger.ledger.query(&query, instant(now)?)?)
    })
}

/// Does the command that a caller asks for.
///
/// # Safety
/// `ledger` is NULL or not yet closed, `order` as for [`mlicense_order::read`], and the others are
/// NULL or may be written.
unsafe fn execute(
    ledger: *const mlicense_ledger,
    command: impl FnOnce() -> Result<Command>,
    order: *const mlicense_order,
    receipt: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("receipt", receipt, error) };
    reply.give_if_wanted(|| {
        // SAFETY: the caller promises a ledger or NULL.
        let ledger = unsafe { mlicense_ledger::borrow(ledger) }?;
        let body = command()?;
        // SAFETY: the caller promises an order or NULL.
        let (actor, id, now) = unsafe { mlicense_order::read(order) }?;
        let envelope = Envelope { id, actor, body };
        mlicense_text::json(&ledger.ledger.execute(&envelope, instant(now)?)?)
    })
}

// SAFETY: texts and an instant, all of which may be 0, behind the size.
unsafe impl Extensible for mlicense_order {
    const FIRST: usize = size_of::<Self>();
}

impl mlicense_order {
    /// Reads the order of a caller.
    ///
    /// # Safety
    /// `order` is NULL or points to as many bytes as its `size` says, and each pointer in it is NULL
    /// or ends with a NUL.
    unsafe fn read(order: *const Self) -> Result<(Actor, CommandId, i64)> {
        // SAFETY: as promised.
        let order = unsafe { memory::sized(order, "order") }?;
        // SAFETY: the caller promises a text or NULL.
        let actor = unsafe { memory::text(order.actor, "order.actor") }?;
        let actor = if actor.trim_start().starts_with('{') {
            json::read("the actor", actor.as_bytes(), memory::TEXT_BYTES_MAX)?
        } else {
            Actor::vendor(actor.parse()?)
        };
        // SAFETY: the caller promises a text or NULL.
        let id = match unsafe { memory::optional_text(order.id, "order.id") }? {
            Some(id) => CommandId::new(id)?,
            None => ::mlicense_ledger::fresh_id()?,
        };
        Ok((actor, id, order.now))
    }
}
