//! No panic crosses into C: it becomes a refusal, or the answer that permits nothing.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind, set_hook},
    sync::Once,
};

use mlicense_core::error::{ErrorKind, Refusal};

use crate::error::Result;

/// Keeps the library from printing panics, which are told as refusals. The hook is of the library's
/// own copy of Rust: it is not that of a program which is written in Rust too.
fn print_nothing() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| set_hook(Box::new(|_| ())));
}

/// Does `work`; a panic is told as [`ErrorKind::Internal`].
pub(crate) fn guard<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    // No object is made elsewhere, and without one nothing else can panic.
    if !cfg!(test) {
        print_nothing();
    }
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

    /// Run by the next test, in a process of its own.
    #[test]
    #[ignore = "it silences every other test"]
    fn a_silent_panic() {
        print_nothing();
        assert_eq!(shield(7, || panic!("not to be printed")), 7);
        assert!(guard::<()>(|| panic!("not to be printed")).is_err());
    }

    #[test]
    fn a_panic_prints_nothing() {
        let tests = std::env::current_exe().unwrap();
        let arguments = ["--exact", "panic::tests::a_silent_panic", "--ignored", "--nocapture"];
        let output = std::process::Command::new(tests).args(arguments).output().unwrap();
        let printed = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert!(output.status.success() && printed.contains("1 passed"), "{printed}");
        assert!(!printed.contains("not to be printed"), "{printed}");
    }

    #[test]
    fn where_nothing_can_be_refused_a_panic_gives_the_fallback() {
        assert_eq!(shield(0, || panic!("no")), 0);
        assert_eq!(shield(0, || 1), 1);
    }
}
