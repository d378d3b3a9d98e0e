//! An object of 1C: four tables of functions, and behind them a class in safe Rust.
//!
//! A C++ object that inherits from four classes begins with the addresses of four tables, and a
//! method gets the address of the part that its class is. Each table begins with the destructor of
//! its class, for hosts that delete an object instead of giving it back.

use std::{
    ffi::{c_long, c_void},
    ptr,
    sync::{Mutex, MutexGuard, PoisonError},
};

use mlicense_core::error::{Language, Result};

use super::{
    host::Host,
    panic::{guard, shield},
    tables::{Destructors, Extender, Lifecycle, Speaker},
    variant::{Variant, terminated},
};
use crate::{
    component::{Component, find},
    fault,
    value::{Arguments, Value},
};

/// The version of the interface that hosts know as the second.
const INTERFACE_VERSION: c_long = 2000;

/// The parts, in the order in which an object has them.
const LIFECYCLE: usize = 0;
const EXTENDER: usize = 1;
const LOCALE: usize = 2;
const USER_LANGUAGE: usize = 3;

/// An object; hosts see its address only.
#[repr(C)]
pub(super) struct Object<C: Component> {
    lifecycle: &'static Lifecycle,
    extender: &'static Extender,
    locale: &'static Speaker,
    user_language: &'static Speaker,
    host: Host,
    component: Mutex<C>,
}

/// Makes an object, which is given back by [`destroy`] or by a destructor.
pub(super) fn create<C: Component>() -> *mut c_void {
    let object = Object {
        lifecycle: Object::<C>::LIFECYCLE,
        extender: Object::<C>::EXTENDER,
        locale: Object::<C>::LOCALE,
        user_language: Object::<C>::USER_LANGUAGE,
        host: Host::default(),
        component: Mutex::new(C::default()),
    };
    Box::into_raw(Box::new(object)).cast()
}

/// Frees an object of any class.
///
/// # Safety
/// `object` was made by [`create`] and is not used again.
pub(super) unsafe fn destroy(object: *mut c_void) {
    // SAFETY: an object begins with the address of this table, whatever its class.
    let table = unsafe { object.cast::<&Lifecycle>().read() };
    // SAFETY: the table is that of this object, which is the caller's to give up.
    unsafe { table.destructors.free(object) };
}

impl<C: Component> Object<C> {
    const LIFECYCLE: &'static Lifecycle = &Lifecycle {
        destructors: Self::destructors::<LIFECYCLE>(),
        init: Self::init,
        set_memory: Self::set_memory,
        info: Self::info,
        done: Self::done,
    };
    const EXTENDER: &'static Extender = &Extender {
        destructors: Self::destructors::<EXTENDER>(),
        register: Self::register,
        property_count: Self::property_count,
        find_property: Self::find_property,
        property_name: Self::property_name,
        read: Self::read,
        write: Self::write,
        is_readable: Self::is_readable,
        is_writable: Self::is_writable,
        method_count: Self::method_count,
        find_method: Self::find_method,
        method_name: Self::method_name,
        parameter_count: Self::parameter_count,
        left_out: Self::left_out,
        returns: Self::returns,
        call: Self::call,
        ask: Self::ask,
    };
    const LOCALE: &'static Speaker =
        &Speaker { destructors: Self::destructors::<LOCALE>(), speak: Self::speak::<LOCALE> };
    const USER_LANGUAGE: &'static Speaker = &Speaker {
        destructors: Self::destructors::<USER_LANGUAGE>(),
        speak: Self::speak::<USER_LANGUAGE>,
    };

    #[cfg(not(windows))]
    const fn destructors<const PART: usize>() -> Destructors {
        Destructors { finish: Self::finish::<PART>, delete: Self::delete::<PART> }
    }

    #[cfg(windows)]
    const fn destructors<const PART: usize>() -> Destructors {
        Destructors { delete: Self::delete::<PART> }
    }

    /// The address of an object from that of one of its parts.
    fn whole(part: *mut c_void, place: usize) -> *mut Self {
        part.cast::<*const c_void>().wrapping_sub(place).cast()
    }

    /// Follows the address of a part; none for null.
    ///
    /// # Safety
    /// `part` is null or that part of an object of this class that lives as long as the call.
    unsafe fn of<'a>(part: *mut c_void, place: usize) -> Option<&'a Self> {
        if part.is_null() {
            return None;
        }
        // SAFETY: as promised; what changes in an object is behind atomics and a lock.
        Some(unsafe { &*Self::whole(part, place) })
    }

    /// The class; a panic in it left it as it was, as far as it goes on.
    fn component(&self) -> MutexGuard<'_, C> {
        self.component.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does the work of a call, and raises what is refused.
    fn work(&self, work: impl FnOnce() -> Result<()>) -> bool {
        let Err(refusal) = guard(work) else { return true };
        let number = refusal.kind().number();
        // Without the lock, since the host may call back.
        let text = guard(|| Ok(self.component().note(refusal))).unwrap_or_default();
        self.host.raise(C::NAME, &text, number);
        false
    }

    /// The destructor that leaves the memory to whoever called it; nobody is known to do so.
    #[cfg(not(windows))]
    unsafe extern "C" fn finish<const PART: usize>(part: *mut c_void) {
        // SAFETY: a destructor gets the part it stands for.
        let object = unsafe { Self::of(part, PART) };
        shield((), || {
            if let Some(object) = object {
                *object.component() = C::default();
            }
        });
    }

    /// The destructor that frees the object.
    #[cfg(not(windows))]
    unsafe extern "C" fn delete<const PART: usize>(part: *mut c_void) {
        // SAFETY: a destructor gets the part it stands for, and nothing uses the object after it.
        unsafe { Self::free(part, PART) };
    }

    #[cfg(all(windows, not(target_arch = "x86")))]
    unsafe extern "C" fn delete<const PART: usize>(part: *mut c_void, flags: u32) -> *mut c_void {
        // SAFETY: as below.
        unsafe { Self::destruct(part, PART, flags) }
    }

    #[cfg(all(windows, target_arch = "x86"))]
    unsafe extern "thiscall" fn delete<const PART: usize>(
        part: *mut c_void,
        flags: u32,
    ) -> *mut c_void {
        // SAFETY: as below.
        unsafe { Self::destruct(part, PART, flags) }
    }

    /// # Safety
    /// As [`Object::of`]; with bit 0 of `flags` nothing uses the object after it.
    #[cfg(windows)]
    unsafe fn destruct(part: *mut c_void, place: usize, flags: u32) -> *mut c_void {
        if flags & 1 == 1 {
            // SAFETY: as promised.
            unsafe { Self::free(part, place) };
        } else if let Some(object) = {
            // SAFETY: as promised.
            unsafe { Self::of(part, place) }
        } {
            shield((), || *object.component() = C::default());
        }
        part
    }

    /// # Safety
    /// As [`Object::of`], and nothing uses the object after it.
    unsafe fn free(part: *mut c_void, place: usize) {
        if part.is_null() {
            return;
        }
        // SAFETY: an object was made in a box, and is the caller's to give up.
        let object = unsafe { Box::from_raw(Self::whole(part, place)) };
        shield((), || drop(object));
    }

    unsafe extern "system" fn init(part: *mut c_void, connection: *mut c_void) -> bool {
        // SAFETY: the host passes the part.
        let Some(object) = (unsafe { Self::of(part, LIFECYCLE) }) else { return false };
        // SAFETY: the host promises a connection until it calls `done`.
        unsafe { object.host.connect(connection) };
        !connection.is_null()
    }

    unsafe extern "system" fn set_memory(part: *mut c_void, memory: *mut c_void) -> bool {
        // SAFETY: the host passes the part.
        let Some(object) = (unsafe { Self::of(part, LIFECYCLE) }) else { return false };
        // SAFETY: the host promises a manager that outlives the object.
        unsafe { object.host.lend_memory(memory) };
        !memory.is_null()
    }

    unsafe extern "system" fn info(_: *mut c_void) -> c_long {
        INTERFACE_VERSION
    }

    /// Files are closed here, and nothing is told to the host any more.
    unsafe extern "system" fn done(part: *mut c_void) {
        // SAFETY: the host passes the part.
        let Some(object) = (unsafe { Self::of(part, LIFECYCLE) }) else { return };
        object.host.disconnect();
        shield((), || *object.component() = C::default());
    }

    unsafe extern "system" fn register(part: *mut c_void, name: *mut *mut u16) -> bool {
        // SAFETY: the host passes the part.
        let Some(object) = (unsafe { Self::of(part, EXTENDER) }) else { return false };
        if name.is_null() {
            return false;
        }
        let given = object.name(Some(C::NAME));
        if given.is_null() {
            return false;
        }
        // SAFETY: the host passes where to put it.
        unsafe { name.write(given.cast_mut()) };
        true
    }

    unsafe extern "system" fn property_count(_: *mut c_void) -> c_long {
        count(C::PROPERTIES.len())
    }

    unsafe extern "system" fn find_property(_: *mut c_void, name: *const u16) -> c_long {
        shield(-1, || {
            // SAFETY: the host passes a text with a NUL.
            let name = unsafe { terminated(name) };
            place(find(C::PROPERTIES.iter().map(|it| &it.names), &name.unwrap_or_default()))
        })
    }

    unsafe extern "system" fn property_name(
        part: *mut c_void,
        number: c_long,
        alias: c_long,
    ) -> *const u16 {
        // SAFETY: the host passes the part.
        let Some(object) = (unsafe { Self::of(part, EXTENDER) }) else { return ptr::null() };
        let names = at(C::PROPERTIES, number).map(|property| property.names);
        object.name(names.and_then(|names| match alias {
            0 => Some(names.english),
            1 => Some(names.russian),
            _ => None,
        }))
    }

    unsafe extern "system" fn read(part: *mut c_void, number: c_long, value: *mut Variant) -> bool {
        // SAFETY: the host passes the part.
        let Some(object) = (unsafe { Self::of(part, EXTENDER) }) else { return false };
        object.work(|| {
            let unknown = || fault::not("a property", number, "one of the class");
            let property = at(C::PROPERTIES, number).ok_or_else(unknown)?;
            let read = (property.read)(&object.component())?;
            // SAFETY: the host passes where to put it.
            unsafe { object.give(read, value) }
        })
    }

    unsafe extern "system" fn write(part: *mut c_void, number: c_long, _: *mut Variant) -> bool {
        // SAFETY: the host passes the part.
        let Some(object) = (unsafe { Self::of(part, EXTENDER) }) else { return false };
        object.work(|| Err(fault::not("a property", number, "one that can be written")))
    }

    unsafe extern "system" fn is_readable(_: *mut c_void, number: c_long) -> bool {
        at(C::PROPERTIES, number).is_some()
    }

    unsafe extern "system" fn is_writable(_: *mut c_void, _: c_long) -> bool {
        false
    }

    unsafe extern "system" fn method_count(_: *mut c_void) -> c_long {
        count(C::METHODS.len())
    }

    unsafe extern "system" fn find_method(_: *mut c_void, name: *const u16) -> c_long {
        shield(-1, || {
            // SAFETY: the host passes a text with a NUL.
            let name = unsafe { terminated(name) };
            place(find(C::METHODS.iter().map(|it| &it.names), &name.unwrap_or_default()))
        })
    }

    unsafe extern "system" fn method_name(
        part: *mut c_void,
        number: c_long,
        alias: c_long,
    ) -> *const u16 {
        // SAFETY: the host passes the part.
        let Some(object) = (unsafe { Self::of(part, EXTENDER) }) else { return ptr::null() };
        let names = at(C::METHODS, number).map(|method| method.names);
        object.name(names.and_then(|names| match alias {
            0 => Some(names.english),
            1 => Some(names.russian),
            _ => None,
        }))
    }

    unsafe extern "system" fn parameter_count(_: *mut c_void, number: c_long) -> c_long {
        at(C::METHODS, number).map_or(0, |method| count(method.parameters.len()))
    }

    unsafe extern "system" fn left_out(
        part: *mut c_void,
        number: c_long,
        parameter: c_long,
        value: *mut Variant,
    ) -> bool {
        // SAFETY: the host passes the part.
        let Some(object) = (unsafe { Self::of(part, EXTENDER) }) else { return false };
        let parameter = at(C::METHODS, number).and_then(|it| at(it.parameters, parameter));
        let usual = parameter.and_then(|parameter| parameter.when_left_out.value());
        let is_optional = usual.is_some();
        let given = guard(|| {
            // SAFETY: the host passes where to put it.
            unsafe { object.give(usual.unwrap_or(Value::Empty), value) }
        });
        is_optional && given.is_ok()
    }

    unsafe extern "system" fn returns(_: *mut c_void, number: c_long) -> bool {
        at(C::METHODS, number).is_some_and(|method| method.returns)
    }

    unsafe extern "system" fn call(
        part: *mut c_void,
        number: c_long,
        parameters: *mut Variant,
        length: c_long,
    ) -> bool {
        // SAFETY: the host passes the part.
        let Some(object) = (unsafe { Self::of(part, EXTENDER) }) else { return false };
        object.work(|| {
            // SAFETY: the host passes so many parameters.
            unsafe { object.run(number, parameters, length) }?;
            Ok(())
        })
    }

    unsafe extern "system" fn ask(
        part: *mut c_void,
        number: c_long,
        result: *mut Variant,
        parameters: *mut Variant,
        length: c_long,
    ) -> bool {
        // SAFETY: the host passes the part.
        let Some(object) = (unsafe { Self::of(part, EXTENDER) }) else { return false };
        object.work(|| {
            // SAFETY: the host passes so many parameters.
            let answer = unsafe { object.run(number, parameters, length) }?;
            // SAFETY: the host passes where to put it.
            unsafe { object.give(answer, result) }
        })
    }

    unsafe extern "system" fn speak<const PART: usize>(part: *mut c_void, locale: *const u16) {
        // SAFETY: the host passes the part.
        let Some(object) = (unsafe { Self::of(part, PART) }) else { return };
        shield((), || {
            // SAFETY: the host passes a text with a NUL.
            if let Some(locale) = unsafe { terminated(locale) } {
                object.component().speak(Language::from_locale(&locale));
            }
        });
    }

    /// Calls a method.
    ///
    /// # Safety
    /// `parameters` is null or leads to `length` variants that are what they say.
    unsafe fn run(
        &self,
        number: c_long,
        parameters: *const Variant,
        length: c_long,
    ) -> Result<Value> {
        let unknown = || fault::not("a method", number, "one of the class");
        let method = at(C::METHODS, number).ok_or_else(unknown)?;
        let length = usize::try_from(length).unwrap_or(0);
        let length = if parameters.is_null() { 0 } else { length };
        // More than there are is refused without a look at them.
        let most = method.parameters.len().saturating_add(1);
        let mut values = Vec::new();
        for place in 0..length.min(most) {
            // SAFETY: there are so many, as promised.
            let variant = unsafe { &*parameters.wrapping_add(place) };
            // SAFETY: as promised.
            values.push(unsafe { variant.read() }?);
        }
        let mut arguments = Arguments::new(method.parameters, values)?;
        (method.call)(&mut self.component(), &mut arguments)
    }

    /// Puts a value where the host wants it.
    ///
    /// # Safety
    /// `place` is null or may be written.
    unsafe fn give(&self, value: Value, place: *mut Variant) -> Result<()> {
        // SAFETY: as promised; numbers may have any value, and nothing else is read of it.
        let variant = unsafe { place.as_mut() };
        variant.map_or(Ok(()), |variant| variant.write(value, &self.host))
    }

    /// A name in memory of the host; null for none, or without memory.
    fn name(&self, name: Option<&str>) -> *const u16 {
        let Some(name) = name else { return ptr::null() };
        shield(ptr::null(), || {
            let units: Vec<u16> = name.encode_utf16().collect();
            self.host.wide(&units).map_or(ptr::null(), |(start, _)| start.cast_const())
        })
    }
}

fn at<T>(members: &[T], number: c_long) -> Option<&T> {
    members.get(usize::try_from(number).ok()?)
}

fn count(length: usize) -> c_long {
    c_long::try_from(length).unwrap_or(c_long::MAX)
}

fn place(found: Option<usize>) -> c_long {
    found.map_or(-1, count)
}
