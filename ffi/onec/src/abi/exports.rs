//! The functions that a host looks for in the library.

use std::{
    ffi::{c_int, c_long, c_void},
    ptr,
};

use super::{
    object::{create, destroy},
    panic::{print_nothing, shield},
    variant::terminated,
};
use crate::{client::Client, component::Component, ledger::Ledger};

/// All classes, as a host wants them: UTF-16, each after a stroke, with a NUL at the end.
static CLASS_NAMES: [u16; NAMES.len() + 1] = {
    let mut units = [0; NAMES.len() + 1];
    let mut at = 0;
    while at < NAMES.len() {
        #[expect(clippy::indexing_slicing, reason = "known when it is compiled")]
        {
            assert!(NAMES[at].is_ascii());
            units[at] = NAMES[at] as u16;
        }
        at += 1;
    }
    units
};

#[cfg(not(feature = "planted"))]
const NAMES: &[u8] = b"Client|Ledger";
#[cfg(feature = "planted")]
const NAMES: &[u8] = b"Client|Ledger|Planted";

/// The third set of what hosts and components know of each other, with the language of the user.
const CAPABILITIES: c_int = 3;
/// In the process of the host or in one of its own.
const ATTACH_ANY: c_int = 3;

/// Names the classes.
#[unsafe(no_mangle)]
pub extern "C" fn GetClassNames() -> *const u16 {
    CLASS_NAMES.as_ptr()
}

/// Makes an object of a class, and says whether there is one.
///
/// # Safety
/// `name` is null or ends with a NUL; `object` is null or may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn GetClassObject(name: *const u16, object: *mut *mut c_void) -> c_long {
    print_nothing();
    // SAFETY: the host passes a text with a NUL.
    let Some(name) = (unsafe { terminated(name) }) else { return 0 };
    if object.is_null() {
        return 0;
    }
    // SAFETY: the host passes where to put it.
    if !unsafe { object.read() }.is_null() {
        return 0;
    }
    let made = shield(ptr::null_mut(), || make(&name));
    // SAFETY: as above.
    unsafe { object.write(made) };
    c_long::from(!made.is_null())
}

fn make(name: &str) -> *mut c_void {
    match name {
        Client::NAME => create::<Client>(),
        Ledger::NAME => create::<Ledger>(),
        #[cfg(feature = "planted")]
        crate::planted::Planted::NAME => create::<crate::planted::Planted>(),
        _ => ptr::null_mut(),
    }
}

/// Frees an object, and says with 0 that all went well.
///
/// # Safety
/// `object` is null, or leads to null or to an object that is not used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn DestroyObject(object: *mut *mut c_void) -> c_long {
    // SAFETY: the host passes where the address is.
    let Some(object) = (unsafe { object.as_mut() }) else { return -1 };
    let given = std::mem::replace(object, ptr::null_mut());
    if given.is_null() {
        return -1;
    }
    // SAFETY: the host gives up what `GetClassObject` has made.
    unsafe { destroy(given) };
    0
}

/// Says what the library can do, whatever the host can.
#[unsafe(no_mangle)]
pub extern "C" fn SetPlatformCapabilities(_capabilities: c_int) -> c_int {
    CAPABILITIES
}

/// Says where the library may run.
#[unsafe(no_mangle)]
pub extern "C" fn GetAttachType() -> c_int {
    ATTACH_ANY
}
