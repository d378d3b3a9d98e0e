//! No panic crosses into C: it becomes a refusal, or the answer that permits nothing.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
};

use mlicense_core::error::{ErrorKind, Refusal};

use crate::error::Result;

/// Does `work`; a panic is told as [`ErrorKind::Internal`].
pub(crate) fn guard<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let detail = detail(&*panic);
        Err(Refusal::new(ErrorKind::Internal).with("detail", detail).into())
    })
}

/// Does `work` that cannot be refused; a panic is answered with `fallback`.
pub(crate) fn shield<T>(fallback: T, work: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(fallback)
}

fn detail(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_internal_fault_with_its_text() {
        for (fault, text) in [
            (guard::<()>(|| panic!("a {}", "text")), "an internal fault: a text"),
            (guard::<()>(|| panic!("plain")), "an internal fault: plain"),
            (guard::<()>(|| std::panic::panic_any(7)), "an internal fault: a panic"),
        ] {
            let refusal = fault.unwrap_err().into_refusal();
            assert_eq!((refusal.kind(), &*refusal.to_string()), (ErrorKind::Internal, text));
        }
    }

    #[test]
    fn where_nothing_can_be_refused_a_panic_gives_the_fallback() {
        assert_eq!(shield(0, || panic!("no")), 0);
        assert_eq!(shield(0, || 1), 1);
    }
}
