//! Diagnosis: what can be read, written and reached.

use std::ffi::{CString, c_char, c_void};

use mlicense_core::id::ProductId;
use mlicense_host::diagnose;

use crate::{
    client::mlicense_client,
    error::{Fault, Result, mlicense_error},
    handle::Reply,
    memory,
    options::mlicense_client_options,
    status::mlicense_status,
    text::mlicense_text,
};

/// The most addresses tried at once.
const ADDRESSES_MAX: usize = 64;
/// The room a probe has for telling what went wrong, in bytes with the NUL.
const DETAIL_BYTES: usize = 256;

/// Tries to reach an address in the way the program does, and returns whether it was reached.
///
/// `context` is what the caller gave with it; `address` ends with a NUL and is the caller's only
/// while the call lasts. A probe may write into `detail` which way it reached the address, such as
/// "past the proxy", or what went wrong, as UTF-8 with a NUL after it; there is room for `detail_size` bytes, which is 256. It must not call back into the
/// client, and must return.
#[expect(non_camel_case_types, reason = "named for C")]
pub type mlicense_probe = Option<
    unsafe extern "C" fn(
        context: *mut c_void,
        address: *const c_char,
        detail: *mut c_char,
        detail_size: usize,
    ) -> bool,
>;

/// Looks at what a client can and cannot read, write and reach.
///
/// That is its state, the facts of the host, the clock, the documents held, and each of
/// `addresses_count` addresses, at most 64, through `probe`; the library makes no connection itself.
///
/// `probe` may be NULL when there are no addresses; `context` is passed to it. `language` is as for
/// mlicense_error_message(). On success `*findings` is a new text, to be freed with
/// mlicense_text_free(): JSON such as `{"findings": [{"part": "network", "subject":
/// "lic.example.com:443", "problem": {"number": 10710, "name": "NETWORK", ...}, "detail": "..."}]}`,
/// with "problem" only where something is wrong.
///
/// Refused: NULL_ARGUMENT; NOT_UTF8; INPUT_TOO_LARGE; FIELD_INVALID for too many addresses.
///
/// Threads: any; the client may be in use elsewhere. The probe is called in this thread.
///
/// # Safety
///
/// `client` must be NULL or not yet closed; `addresses` must be NULL or point to `addresses_count`
/// pointers, each NULL or ending with a NUL; `probe` must be NULL or may be called with `context`;
/// `language` must be NULL or end with a NUL; `findings` and `error` must be NULL or writable.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_client_diagnose(
    client: *const mlicense_client,
    addresses: *const *const c_char,
    addresses_count: usize,
    probe: mlicense_probe,
    context: *mut c_void,
    language: *const c_char,
    findings: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("findings", findings, error) };
    // SAFETY: the caller promises a client or NULL.
    let reply = unsafe { reply.logged_by(client) };
    reply.give(|| {
        // SAFETY: the caller promises a client or NULL.
        let client = unsafe { mlicense_client::borrow(client) }?;
        // SAFETY: the caller promises a text or NULL.
        let language = unsafe { memory::language(language) };
        // SAFETY: the caller promises as many addresses.
        let addresses = unsafe { wanted(addresses, addresses_count, probe) }?;
        let mut reach = |address: &str| {
            let _inside = client.calls().enter();
            // SAFETY: the caller promises that the probe may be called with the context.
            unsafe { reach(probe, context, address) }
        };
        let diagnosis = client.read()?.diagnose(&addresses, &mut reach);
        Ok(mlicense_text::new(diagnosis.explain(language)))
    })
}

/// Looks at what a client would need, as mlicense_client_diagnose(), without opening one: when
/// mlicense_client_open() is refused, this says why.
///
/// `product` and `options` are as for mlicense_client_open(). Nothing is made or changed, but for an
/// empty file that is tried out and removed.
///
/// Refused: as mlicense_client_diagnose(), and FIELD_INVALID, JSON_INVALID for the product or an
/// option.
///
/// Threads: any, at any time. The probe is called in this thread.
///
/// # Safety
///
/// `product` must be NULL or end with a NUL; `options` must be NULL or point to as many bytes as its
/// `size` says; the others are as for mlicense_client_diagnose().
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlicense_diagnose(
    product: *const c_char,
    options: *const mlicense_client_options,
    addresses: *const *const c_char,
    addresses_count: usize,
    probe: mlicense_probe,
    context: *mut c_void,
    language: *const c_char,
    findings: *mut *mut mlicense_text,
    error: *mut *mut mlicense_error,
) -> mlicense_status {
    // SAFETY: the caller promises that both are NULL or writable.
    let reply = unsafe { Reply::new("findings", findings, error) };
    reply.give(|| {
        // SAFETY: the caller promises a text or NULL.
        let product = ProductId::new(unsafe { memory::text(product, "product") }?)?;
        // SAFETY: the caller promises options or NULL.
        let options = unsafe { mlicense_client_options::read(options) }?.options;
        // SAFETY: the caller promises a text or NULL.
        let language = unsafe { memory::language(language) };
        // SAFETY: the caller promises as many addresses.
        let addresses = unsafe { wanted(addresses, addresses_count, probe) }?;
        // SAFETY: the caller promises that the probe may be called with the context.
        let mut reach = |address: &str| unsafe { reach(probe, context, address) };
        let diagnosis = diagnose(&product, &options, &addresses, &mut reach)?;
        Ok(mlicense_text::new(diagnosis.explain(language)))
    })
}

/// # Safety
/// `addresses` is NULL or points to `count` pointers, each as for [`memory::text`].
unsafe fn wanted<'a>(
    addresses: *const *const c_char,
    count: usize,
    probe: mlicense_probe,
) -> Result<Vec<&'a str>> {
    // SAFETY: as promised.
    let addresses = unsafe { memory::texts((addresses, count), "addresses", ADDRESSES_MAX) }?;
    if probe.is_none() && !addresses.is_empty() {
        return Err(Fault::null("probe"));
    }
    Ok(addresses)
}

/// # Safety
/// `probe` may be called with `context`, and writes no more than there is room for.
unsafe fn reach(
    probe: mlicense_probe,
    context: *mut c_void,
    address: &str,
) -> std::result::Result<String, String> {
    let Some(probe) = probe else { return Err(String::new()) };
    let address = CString::new(address).map_err(|fault| fault.to_string())?;
    let mut detail = [0_u8; DETAIL_BYTES];
    // SAFETY: as promised; the address and the room outlive the call.
    let reached =
        unsafe { probe(context, address.as_ptr(), detail.as_mut_ptr().cast(), DETAIL_BYTES) };
    let told = detail.split(|byte| *byte == 0).next().unwrap_or_default();
    let told = String::from_utf8_lossy(told).into_owned();
    if reached { Ok(told) } else { Err(told) }
}
