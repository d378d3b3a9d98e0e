//! No panic crosses into 1C, where it would end the whole server.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind, set_hook},
    sync::Once,
};

use mlicense_core::error::Result;

use crate::fault;

/// Keeps the library from printing panics, which are told as errors. The hook is of the library's
/// own copy of Rust.
pub(super) fn print_nothing() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| set_hook(Box::new(|_| ())));
}

/// Does `work`; a panic is an internal fault.
pub(super) fn guard<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(fault::internal(said(&*panic))))
}

/// Does `work` that cannot be refused; a panic is answered with `fallback`.
pub(super) fn shield<T>(fallback: T, work: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(fallback)
}

fn said(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic")
}
