//! What the caller's program does for the library: its clock, its log, its random bytes, its keys.

use std::{
    ffi::{c_char, c_void},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread::{self, ThreadId},
};

use mlicense_core::{
    error::{ErrorKind, Refusal},
    time::Instant,
};
use mlicense_host::{Clock, Entropy};

use crate::error::{Fault, Result};

/// A fault of the library's own; please report it.
pub const MLICENSE_LOG_ERROR: u32 = 1;
/// A call was refused, or a licence that is held does not count.
pub const MLICENSE_LOG_WARNING: u32 = 2;
/// Something was done: a client was opened, a document was accepted.
pub const MLICENSE_LOG_INFO: u32 = 3;

/// Returns the present second, counted from 1970-01-01T00:00:00Z, by a clock of the program's own.
///
/// Outside 1970–9999 the time stops at the end it passed. `context` is what the caller gave with it.
///
/// Threads: it is called in the thread of whichever call asks for the time, by several at once, and
/// may use no client that asks it: such a call is refused with CALLED_BACK, and a check is denied.
#[expect(non_camel_case_types, reason = "named for C")]
pub type mlicense_clock = Option<unsafe extern "C" fn(context: *mut c_void) -> i64>;

/// Takes a line for the log of the program.
///
/// `level` is MLICENSE_LOG_ERROR, MLICENSE_LOG_WARNING or MLICENSE_LOG_INFO; newer versions may give
/// others. `text` has `length` bytes of UTF-8 in English, without a line end, and a NUL after them;
/// it is the caller's only while the call lasts, and holds no secrets: codes and numbers are masked.
/// `context` is what the caller gave with it.
///
/// Threads: it is called in the thread of the call it tells about, by several at once, and may use
/// no client that it logs for: such a call is refused with CALLED_BACK, and a check is denied.
#[expect(non_camel_case_types, reason = "named for C")]
pub type mlicense_log = Option<
    unsafe extern "C" fn(context: *mut c_void, level: u32, text: *const c_char, length: usize),
>;

/// Fills `length` bytes with random ones from a source of the program's own, and returns whether it
/// did; if not, the call that needed them is refused.
///
/// Keys are made of them: bytes that can be guessed give the installation away. `context` is what
/// the caller gave with it.
///
/// Threads: as mlicense_clock.
#[expect(non_camel_case_types, reason = "named for C")]
pub type mlicense_entropy =
    Option<unsafe extern "C" fn(context: *mut c_void, bytes: *mut u8, length: usize) -> bool>;

/// Takes how far a long call is: `done` of `of` parts, which is the same at each call but for a
/// ledger that grows meanwhile. `context` is what the caller gave with it.
///
/// Threads: it is called in the thread of the long call, and may not use the ledger: such a call is
/// refused with CALLED_BACK.
#[cfg(feature = "ledger")]
#[expect(non_camel_case_types, reason = "named for C")]
pub type mlicense_progress = Option<unsafe extern "C" fn(context: *mut c_void, done: u64, of: u64)>;

/// What the caller gave to be passed to a callback.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context(pub(crate) *mut c_void);

// SAFETY: the library never follows it; that callbacks may be called in any thread is documented.
unsafe impl Send for Context {}
// SAFETY: as above.
unsafe impl Sync for Context {}

/// Which threads are in a callback of an object now: a call from there would wait for itself.
#[derive(Debug, Default)]
pub(crate) struct Calls {
    inside: AtomicUsize,
    threads: Mutex<Vec<ThreadId>>,
}

impl Calls {
    /// Refuses a call that comes from a callback of the object.
    pub(crate) fn check(&self, what: &'static str) -> Result<()> {
        if self.are_inside() {
            return Err(Refusal::new(ErrorKind::CalledBack).with("what", what).into());
        }
        Ok(())
    }

    /// Whether this thread is in a callback of the object.
    pub(crate) fn are_inside(&self) -> bool {
        // What this thread wrote itself it sees in any order.
        if self.inside.load(Ordering::Relaxed) == 0 {
            return false;
        }
        let threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        threads.contains(&thread::current().id())
    }

    /// Holds while the thread is in a callback.
    pub(crate) fn enter(&self) -> Inside<'_> {
        let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        threads.push(thread::current().id());
        self.inside.store(threads.len(), Ordering::Relaxed);
        Inside(self)
    }
}

#[derive(Debug)]
pub(crate) struct Inside<'c>(&'c Calls);

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        let mut threads = self.0.threads.lock().unwrap_or_else(PoisonError::into_inner);
        let own = thread::current().id();
        if let Some(place) = threads.iter().rposition(|thread| *thread == own) {
            threads.swap_remove(place);
        }
        self.0.inside.store(threads.len(), Ordering::Relaxed);
    }
}

/// A clock of the caller's.
#[derive(Debug)]
pub(crate) struct OwnClock {
    pub(crate) now: unsafe extern "C" fn(*mut c_void) -> i64,
    pub(crate) context: Context,
    pub(crate) calls: Arc<Calls>,
}

impl Clock for OwnClock {
    fn now(&self) -> Instant {
        let _inside = self.calls.enter();
        // SAFETY: the caller promised that it may be called with the context.
        let seconds = unsafe { (self.now)(self.context.0) };
        let end = if seconds < 0 { Instant::MIN } else { Instant::MAX };
        Instant::from_unix(seconds).unwrap_or(end)
    }
}

/// Random bytes of the caller's.
#[derive(Debug)]
pub(crate) struct OwnEntropy {
    pub(crate) fill: unsafe extern "C" fn(*mut c_void, *mut u8, usize) -> bool,
    pub(crate) context: Context,
    pub(crate) calls: Arc<Calls>,
}

impl Entropy for OwnEntropy {
    fn fill(&self, bytes: &mut [u8]) -> std::result::Result<(), String> {
        let _inside = self.calls.enter();
        // SAFETY: the caller promised that it may be called with the context; the room is there.
        let filled = unsafe { (self.fill)(self.context.0, bytes.as_mut_ptr(), bytes.len()) };
        if filled { Ok(()) } else { Err("the program’s own source gave none".to_owned()) }
    }
}

/// A log of the caller's.
#[derive(Debug)]
pub(crate) struct Log {
    pub(crate) write: unsafe extern "C" fn(*mut c_void, u32, *const c_char, usize),
    pub(crate) context: Context,
    pub(crate) calls: Arc<Calls>,
}

impl Log {
    /// Tells one line; nothing while a callback runs, which could go on for ever.
    pub(crate) fn tell(&self, level: u32, text: &str) {
        if self.calls.are_inside() {
            return;
        }
        let _inside = self.calls.enter();
        let mut line = text.replace(['\0', '\n', '\r'], " ");
        line.push('\0');
        let length = line.len().saturating_sub(1);
        // SAFETY: the caller promised that it may be called with the context; the text is there.
        unsafe { (self.write)(self.context.0, level, line.as_ptr().cast(), length) };
    }

    /// Tells why a call was refused.
    pub(crate) fn refused(&self, fault: &Fault) {
        let refusal = fault.refusal();
        let internal = refusal.kind() == ErrorKind::Internal;
        let level = if internal { MLICENSE_LOG_ERROR } else { MLICENSE_LOG_WARNING };
        let (number, name) = (refusal.kind().number(), refusal.kind().name());
        self.tell(level, &format!("refused: {number} {name}: {refusal}"));
    }
}

/// Tells the caller how far a call is.
#[cfg(feature = "ledger")]
pub(crate) fn progress(tell: mlicense_progress, context: Context) -> impl FnMut(u64, u64) {
    move |done, of| {
        if let Some(tell) = tell {
            // SAFETY: the caller promised that it may be called with the context.
            unsafe { tell(context.0, done, of) };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_is_inside_while_its_callback_runs_and_no_other_is() {
        let calls = Calls::default();
        assert!(calls.check("client").is_ok());
        let outer = calls.enter();
        let inner = calls.enter();
        let refusal = calls.check("client").unwrap_err().into_refusal();
        assert_eq!(refusal.kind(), ErrorKind::CalledBack);
        thread::scope(|scope| {
            scope.spawn(|| assert!(calls.check("client").is_ok()));
        });
        drop(inner);
        assert!(calls.are_inside());
        drop(outer);
        assert!(!calls.are_inside());
    }

    #[test]
    fn a_clock_outside_its_range_stops_at_the_end_it_passed() {
        unsafe extern "C" fn told(context: *mut c_void) -> i64 {
            // SAFETY: the test gives an instant.
            unsafe { *context.cast::<i64>() }
        }
        for (mut seconds, shown) in [
            (1_772_323_200, Instant::from_unix(1_772_323_200).unwrap()),
            (-1, Instant::MIN),
            (i64::MIN, Instant::MIN),
            (i64::MAX, Instant::MAX),
        ] {
            let context = Context((&raw mut seconds).cast());
            let clock = OwnClock { now: told, context, calls: Arc::default() };
            assert_eq!(clock.now(), shown, "{seconds}");
        }
    }
}
