//! Pointers to objects: the one place where they are made, followed, written and freed.

use std::{ptr, sync::Arc};

use crate::{
    callback::Log,
    client::mlicense_client,
    error::{Fault, Result, mlicense_error},
    panic,
    status::{MLICENSE_STATUS_OK, mlicense_status},
};

/// Follows a pointer to an object; NULL is refused under the name of the argument.
///
/// # Safety
/// `pointer` is NULL or was given out by this library and is not freed while it is borrowed.
pub(crate) unsafe fn borrow<'a, T>(pointer: *const T, argument: &'static str) -> Result<&'a T> {
    // SAFETY: not NULL means alive, by the caller's promise.
    unsafe { pointer.as_ref() }.ok_or_else(|| Fault::null(argument))
}

/// Frees an object; NULL is nothing to free, and neither is one that is in use by the call whose
/// callback wants to free it.
///
/// # Safety
/// `pointer` is NULL or was given out by [`Reply::give`] and is not used again.
pub(crate) unsafe fn free<T>(pointer: *mut T, is_in_use: impl FnOnce(&T) -> bool) {
    // SAFETY: not NULL means alive, by the caller's promise.
    let Some(object) = (unsafe { pointer.as_ref() }) else { return };
    if panic::shield(true, || is_in_use(object)) {
        return;
    }
    // SAFETY: the caller gives up an object that came from a box.
    let object = unsafe { Box::from_raw(pointer) };
    panic::shield((), || drop(object));
}

/// Frees the object behind a variable of the caller's and sets the variable to NULL.
///
/// # Safety
/// `variable` is NULL or may be written, and holds what [`free`] takes.
pub(crate) unsafe fn close<T>(variable: *mut *mut T, is_in_use: impl FnOnce(&T) -> bool) {
    if variable.is_null() {
        return;
    }
    // SAFETY: not NULL means readable and writable, by the caller's promise.
    let pointer = unsafe { variable.read() };
    // SAFETY: not NULL means alive, by the caller's promise.
    let used = unsafe { pointer.as_ref() };
    if panic::shield(true, || used.is_some_and(is_in_use)) {
        return;
    }
    // SAFETY: as above.
    unsafe { variable.write(ptr::null_mut()) };
    // SAFETY: the only pointer the library knows of has just left the variable.
    unsafe { free(pointer, |_| false) };
}

/// Holds of what several threads of the caller's may use at once; anything else does not compile.
pub(crate) const fn shared_between_threads<T: Send + Sync>() {}

/// Where a call tells why it refused.
#[derive(Debug)]
pub(crate) struct Report {
    error: *mut *mut mlicense_error,
    log: Option<Arc<Log>>,
}

impl Report {
    /// Sets the caller's variable to NULL, if there is one.
    ///
    /// # Safety
    /// `error` is NULL or may be written until the report is used.
    pub(crate) unsafe fn new(error: *mut *mut mlicense_error) -> Self {
        // SAFETY: as promised.
        unsafe { empty(error) };
        Self { error, log: None }
    }

    /// Tells the log of a client, if it has one, what is refused.
    ///
    /// # Safety
    /// `client` is NULL or not yet closed.
    pub(crate) unsafe fn logged_by(self, client: *const mlicense_client) -> Self {
        // SAFETY: as promised.
        let client = unsafe { client.as_ref() };
        Self { log: client.and_then(mlicense_client::log).cloned(), ..self }
    }

    /// Does `work` and tells how it went.
    pub(crate) fn run(self, work: impl FnOnce() -> Result<()>) -> mlicense_status {
        match panic::guard(work) {
            Ok(()) => MLICENSE_STATUS_OK,
            Err(fault) => self.tell(fault),
        }
    }

    fn tell(self, fault: Fault) -> mlicense_status {
        let status = fault.status();
        if let Some(log) = &self.log {
            panic::shield((), || log.refused(&fault));
        }
        if !self.error.is_null() {
            let error = Box::into_raw(Box::new(mlicense_error::new(fault)));
            // SAFETY: `Report::new` was promised a variable that may be written.
            unsafe { self.error.write(error) };
        }
        status
    }
}

/// Where a call puts what it makes, or tells why it refused.
#[derive(Debug)]
pub(crate) struct Reply<T> {
    argument: &'static str,
    out: *mut *mut T,
    report: Report,
}

impl<T> Reply<T> {
    /// Sets both variables of the caller's to NULL; `argument` names the first.
    ///
    /// # Safety
    /// Either is NULL or may be written until the reply is used.
    pub(crate) unsafe fn new(
        argument: &'static str,
        out: *mut *mut T,
        error: *mut *mut mlicense_error,
    ) -> Self {
        // SAFETY: as promised.
        unsafe { empty(out) };
        // SAFETY: as promised.
        let report = unsafe { Report::new(error) };
        Self { argument, out, report }
    }

    /// As [`Report::logged_by`].
    ///
    /// # Safety
    /// As there.
    pub(crate) unsafe fn logged_by(self, client: *const mlicense_client) -> Self {
        // SAFETY: as promised.
        Self { report: unsafe { self.report.logged_by(client) }, ..self }
    }

    /// Gives the caller what `make` makes; without a place for it nothing is done.
    pub(crate) fn give(self, make: impl FnOnce() -> Result<T>) -> mlicense_status {
        if self.out.is_null() {
            return self.report.tell(Fault::null(self.argument));
        }
        self.give_if_wanted(make)
    }

    /// Gives the caller what `make` makes, which is done even without a place for it.
    pub(crate) fn give_if_wanted(self, make: impl FnOnce() -> Result<T>) -> mlicense_status {
        let Self { out, report, .. } = self;
        report.run(|| {
            let object = make()?;
            if !out.is_null() {
                // SAFETY: `Reply::new` was promised a variable that may be written.
                unsafe { out.write(Box::into_raw(Box::new(object))) };
            }
            Ok(())
        })
    }
}

/// Sets a variable of the caller's to NULL.
///
/// # Safety
/// `variable` is NULL or may be written.
unsafe fn empty<T>(variable: *mut *mut T) {
    if !variable.is_null() {
        // SAFETY: not NULL means writable, by the caller's promise.
        unsafe { variable.write(ptr::null_mut()) };
    }
}

#[cfg(test)]
mod tests {
    use mlicense_core::error::ErrorKind;

    use super::*;

    fn reply(out: &mut *mut u8, error: &mut *mut mlicense_error) -> Reply<u8> {
        // SAFETY: both variables outlive the reply.
        unsafe { Reply::new("out", out, error) }
    }

    #[test]
    fn what_is_made_is_given_and_freed_once() {
        let (mut out, mut error) = (ptr::dangling_mut(), ptr::dangling_mut());
        assert_eq!(reply(&mut out, &mut error).give(|| Ok(7)), 0);
        assert!(error.is_null());
        // SAFETY: just given.
        assert_eq!(unsafe { borrow(out, "out") }.unwrap(), &7);
        // SAFETY: just given, and not used again.
        unsafe { close(&raw mut out, |_| false) };
        assert!(out.is_null());
        // SAFETY: NULL may be freed, and a closed variable closed.
        unsafe { close(&raw mut out, |_| false) };
    }

    #[test]
    fn a_refusal_leaves_null_and_tells_its_number() {
        let (mut out, mut error) = (ptr::dangling_mut(), ptr::dangling_mut());
        let status = reply(&mut out, &mut error).give(|| Err(ErrorKind::Forbidden.into()));
        assert_eq!(status, ErrorKind::Forbidden.number());
        assert!(out.is_null());
        // SAFETY: just given.
        unsafe { free(error, |_| false) };
    }

    #[test]
    fn without_a_place_for_the_result_nothing_is_done() {
        // SAFETY: NULL is allowed.
        let reply = unsafe { Reply::<u8>::new("out", ptr::null_mut(), ptr::null_mut()) };
        let status = reply.give(|| panic!("not to be called"));
        assert_eq!(status, ErrorKind::NullArgument.number());
    }

    #[test]
    fn a_panic_is_told_and_leaves_null() {
        let (mut out, mut error) = (ptr::dangling_mut(), ptr::dangling_mut());
        assert_eq!(reply(&mut out, &mut error).give(|| panic!("no")), ErrorKind::Internal.number());
        assert!(out.is_null() && !error.is_null());
        // SAFETY: just given.
        unsafe { free(error, |_| false) };
    }
}
