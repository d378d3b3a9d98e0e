//! What 1C lends a component: its memory, and a place for errors.

use std::{
    ffi::{c_long, c_ulong, c_ushort, c_void},
    ptr,
    sync::atomic::{AtomicPtr, Ordering},
};

use mlicense_core::error::{ErrorKind, Refusal, Result};

/// How many slots the virtual destructor of a C++ class takes: one by the rules of Microsoft, by
/// which 1C is built on Windows, and two by those of Itanium elsewhere.
pub(super) const DESTRUCTORS: usize = if cfg!(windows) { 1 } else { 2 };

/// An error that is told to the user.
const ADDIN_E_FAIL: c_ushort = 1006;

#[repr(C)]
struct MemoryTable {
    destructors: [*const c_void; DESTRUCTORS],
    allocate: unsafe extern "system" fn(*mut c_void, *mut *mut c_void, c_ulong) -> u8,
    free: unsafe extern "system" fn(*mut c_void, *mut *mut c_void),
}

/// The beginning of what 1C offers for calls back.
#[repr(C)]
struct ConnectionTable {
    destructors: [*const c_void; DESTRUCTORS],
    add_error:
        unsafe extern "system" fn(*mut c_void, c_ushort, *const u16, *const u16, c_long) -> u8,
}

/// What 1C lent to one object: nothing at first, and no connection any more when it is done.
#[derive(Debug, Default)]
pub(crate) struct Host {
    memory: AtomicPtr<*const MemoryTable>,
    connection: AtomicPtr<*const ConnectionTable>,
}

impl Host {
    /// # Safety
    /// `memory` is null or a memory manager that outlives the object.
    pub(super) unsafe fn lend_memory(&self, memory: *mut c_void) {
        self.memory.store(memory.cast(), Ordering::Release);
    }

    /// # Safety
    /// `connection` is null or a connection that lives until [`Host::disconnect`].
    pub(super) unsafe fn connect(&self, connection: *mut c_void) {
        self.connection.store(connection.cast(), Ordering::Release);
    }

    pub(super) fn disconnect(&self) {
        self.connection.store(ptr::null_mut(), Ordering::Release);
    }

    /// A copy of `units` in memory of the host, with a NUL behind it.
    pub(super) fn wide(&self, units: &[u16]) -> Result<(*mut u16, u32)> {
        let length = small(units.len())?;
        let terminated: Vec<u16> = units.iter().copied().chain([0]).collect();
        let bytes: Vec<u8> = terminated.iter().flat_map(|unit| unit.to_ne_bytes()).collect();
        Ok((self.copy(&bytes)?.cast(), length))
    }

    /// A copy of `bytes` in memory of the host; null when there are none.
    pub(super) fn bytes(&self, bytes: &[u8]) -> Result<(*mut u8, u32)> {
        if bytes.is_empty() {
            return Ok((ptr::null_mut(), 0));
        }
        Ok((self.copy(bytes)?, small(bytes.len())?))
    }

    fn copy(&self, bytes: &[u8]) -> Result<*mut u8> {
        let start = self.allocate(bytes.len())?;
        // SAFETY: the host has given as much, and nobody else knows of it yet.
        unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), start, bytes.len()) };
        Ok(start)
    }

    fn allocate(&self, size: usize) -> Result<*mut u8> {
        let none = || Refusal::new(ErrorKind::Internal).with("detail", "no memory was lent");
        let manager = self.memory.load(Ordering::Acquire);
        let size = c_ulong::from(small(size)?);
        if manager.is_null() {
            return Err(none());
        }
        // SAFETY: a manager begins with the address of its table, and lives as long as the object.
        let table = unsafe { manager.read() };
        let mut start = ptr::null_mut();
        // SAFETY: the table of a memory manager has this function there.
        let allocate = unsafe { (*table).allocate };
        // SAFETY: called as the interface says, on the manager it belongs to.
        let is_there = unsafe { allocate(manager.cast(), &raw mut start, size) };
        if is_there == 0 || start.is_null() { Err(none()) } else { Ok(start.cast()) }
    }

    /// Tells an error, so that 1C raises an exception with the text.
    ///
    /// Called without any lock: the host may call back.
    pub(super) fn raise(&self, source: &str, text: &str, number: u32) {
        let connection = self.connection.load(Ordering::Acquire);
        if connection.is_null() {
            return;
        }
        let wide = |text: &str| text.encode_utf16().chain([0]).collect::<Vec<u16>>();
        let (source, text) = (wide(source), wide(text));
        let number = c_long::from(i32::try_from(number).unwrap_or(i32::MAX));
        // SAFETY: a connection begins with the address of its table, and lives until it is given up.
        let table = unsafe { connection.read() };
        // SAFETY: the table of a connection has this function there.
        let add_error = unsafe { (*table).add_error };
        // SAFETY: called as the interface says, with texts that end with a NUL.
        let _ = unsafe {
            add_error(connection.cast(), ADDIN_E_FAIL, source.as_ptr(), text.as_ptr(), number)
        };
    }
}

fn small(length: usize) -> Result<u32> {
    // 1C counts with 32 bits, also the NUL.
    const LENGTH_MAX: usize = 0x7fff_fffe;
    let too_large = || {
        Refusal::new(ErrorKind::InputTooLarge)
            .with("what", "a result")
            .with("size", length)
            .with("limit", LENGTH_MAX)
    };
    u32::try_from(length).ok().filter(|_| length <= LENGTH_MAX).ok_or_else(too_large)
}
