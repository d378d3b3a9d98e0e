//! The tables of functions with which a C++ object begins, one for each class that it inherits from.

use std::ffi::{c_long, c_void};

use super::{host::DESTRUCTORS, variant::Variant};

/// The virtual destructor of a class: by the rules of Itanium two functions, of which the second frees
/// the object too.
#[cfg(not(windows))]
#[repr(C)]
pub(super) struct Destructors {
    pub(super) finish: unsafe extern "C" fn(*mut c_void),
    pub(super) delete: unsafe extern "C" fn(*mut c_void),
}

/// The virtual destructor of a class: by the rules of Microsoft one function, in the flags of which
/// bit 0 asks to free the object too.
#[cfg(windows)]
#[repr(C)]
pub(super) struct Destructors {
    pub(super) delete: Deleting,
}

#[cfg(all(windows, not(target_arch = "x86")))]
type Deleting = unsafe extern "C" fn(*mut c_void, u32) -> *mut c_void;

/// On x86 methods get their object in a register.
#[cfg(all(windows, target_arch = "x86"))]
type Deleting = unsafe extern "thiscall" fn(*mut c_void, u32) -> *mut c_void;

// As many as the host's own classes have.
const _: () = assert!(size_of::<Destructors>() == DESTRUCTORS * size_of::<*const c_void>());

impl Destructors {
    /// Frees an object.
    ///
    /// # Safety
    /// `object` is the part to which this belongs, and nothing uses it again.
    pub(super) unsafe fn free(&self, object: *mut c_void) {
        #[cfg(not(windows))]
        // SAFETY: as promised.
        unsafe {
            (self.delete)(object);
        }
        #[cfg(windows)]
        // SAFETY: as promised.
        unsafe {
            (self.delete)(object, 1);
        }
    }
}

#[repr(C)]
pub(super) struct Lifecycle {
    pub(super) destructors: Destructors,
    pub(super) init: unsafe extern "system" fn(*mut c_void, *mut c_void) -> bool,
    pub(super) set_memory: unsafe extern "system" fn(*mut c_void, *mut c_void) -> bool,
    pub(super) info: unsafe extern "system" fn(*mut c_void) -> c_long,
    pub(super) done: unsafe extern "system" fn(*mut c_void),
}

#[repr(C)]
pub(super) struct Extender {
    pub(super) destructors: Destructors,
    pub(super) register: unsafe extern "system" fn(*mut c_void, *mut *mut u16) -> bool,
    pub(super) property_count: unsafe extern "system" fn(*mut c_void) -> c_long,
    pub(super) find_property: unsafe extern "system" fn(*mut c_void, *const u16) -> c_long,
    pub(super) property_name: unsafe extern "system" fn(*mut c_void, c_long, c_long) -> *const u16,
    pub(super) read: unsafe extern "system" fn(*mut c_void, c_long, *mut Variant) -> bool,
    pub(super) write: unsafe extern "system" fn(*mut c_void, c_long, *mut Variant) -> bool,
    pub(super) is_readable: unsafe extern "system" fn(*mut c_void, c_long) -> bool,
    pub(super) is_writable: unsafe extern "system" fn(*mut c_void, c_long) -> bool,
    pub(super) method_count: unsafe extern "system" fn(*mut c_void) -> c_long,
    pub(super) find_method: unsafe extern "system" fn(*mut c_void, *const u16) -> c_long,
    pub(super) method_name: unsafe extern "system" fn(*mut c_void, c_long, c_long) -> *const u16,
    pub(super) parameter_count: unsafe extern "system" fn(*mut c_void, c_long) -> c_long,
    pub(super) left_out:
        unsafe extern "system" fn(*mut c_void, c_long, c_long, *mut Variant) -> bool,
    pub(super) returns: unsafe extern "system" fn(*mut c_void, c_long) -> bool,
    pub(super) call: unsafe extern "system" fn(*mut c_void, c_long, *mut Variant, c_long) -> bool,
    pub(super) ask:
        unsafe extern "system" fn(*mut c_void, c_long, *mut Variant, *mut Variant, c_long) -> bool,
}

/// The table of both parts that take a language.
#[repr(C)]
pub(super) struct Speaker {
    pub(super) destructors: Destructors,
    pub(super) speak: unsafe extern "system" fn(*mut c_void, *const u16),
}
