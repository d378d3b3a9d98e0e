//! The variant in which 1C gives parameters and takes results.
//!
//! It is foreign memory: its kind is read as a plain number, for one that is not known must not be
//! undefined behaviour, and a length counts only beside a pointer that is not null.

use std::{
    ffi::{c_char, c_int, c_void},
    ptr, slice,
};

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, Timelike};

use super::host::Host;
use crate::{fault, value::Value};
use mlicense_core::error::{ErrorKind, Refusal, Result};

/// The kinds that go over this border; 1C has a few more and passes none of them.
mod kind {
    pub(super) const EMPTY: u16 = 0;
    pub(super) const NULL: u16 = 1;
    pub(super) const I2: u16 = 2;
    pub(super) const I4: u16 = 3;
    pub(super) const R4: u16 = 4;
    pub(super) const R8: u16 = 5;
    pub(super) const DATE: u16 = 6;
    pub(super) const TM: u16 = 7;
    pub(super) const PSTR: u16 = 8;
    pub(super) const ERROR: u16 = 10;
    pub(super) const BOOL: u16 = 11;
    pub(super) const I1: u16 = 13;
    pub(super) const UI1: u16 = 14;
    pub(super) const UI2: u16 = 15;
    pub(super) const UI4: u16 = 16;
    pub(super) const I8: u16 = 17;
    pub(super) const UI8: u16 = 18;
    pub(super) const INT: u16 = 19;
    pub(super) const UINT: u16 = 20;
    pub(super) const HRESULT: u16 = 21;
    pub(super) const PWSTR: u16 = 22;
    pub(super) const BLOB: u16 = 23;
}

/// `struct tm` of C.
#[derive(Clone, Copy)]
#[repr(C)]
struct Tm {
    second: c_int,
    minute: c_int,
    hour: c_int,
    day: c_int,
    /// From 0.
    month: c_int,
    /// Since 1900.
    year: c_int,
    weekday: c_int,
    yearday: c_int,
    is_summer: c_int,
    #[cfg(not(windows))]
    offset: std::ffi::c_long,
    #[cfg(not(windows))]
    zone: *const c_char,
}

/// Bytes, with how many there are.
#[derive(Clone, Copy)]
#[repr(C)]
struct Narrow {
    start: *mut c_char,
    length: u32,
}

/// UTF-16, with how many units there are before the NUL.
#[derive(Clone, Copy)]
#[repr(C)]
struct Wide {
    start: *mut u16,
    length: u32,
}

/// An object of COM; no component gets one.
#[derive(Clone, Copy)]
#[repr(C)]
struct Interface {
    object: *mut c_void,
    id: [u8; 16],
}

/// What every bit pattern is a value of, so that foreign memory may be read as it.
trait Plain: Copy {}

impl Plain for i8 {}
impl Plain for i16 {}
impl Plain for i32 {}
impl Plain for i64 {}
impl Plain for u8 {}
impl Plain for u16 {}
impl Plain for u32 {}
impl Plain for u64 {}
impl Plain for f64 {}
impl Plain for Tm {}
impl Plain for Narrow {}
impl Plain for Wide {}

/// Room for the largest member, all of which begin at its beginning.
#[derive(Clone, Copy)]
#[repr(C)]
union Payload {
    number: u64,
    fraction: f64,
    tm: Tm,
    narrow: Narrow,
    wide: Wide,
    interface: Interface,
}

impl Payload {
    const NOTHING: Self = Self { number: 0 };

    fn get<T: Plain>(&self) -> T {
        const { assert!(size_of::<T>() <= size_of::<Self>()) };
        // SAFETY: there are as many bytes, and any of them make a value.
        unsafe { (&raw const *self).cast::<T>().read() }
    }

    fn put<T: Plain>(&mut self, value: T) {
        const { assert!(size_of::<T>() <= size_of::<Self>()) };
        // SAFETY: there is as much room, aligned for every member.
        unsafe { (&raw mut *self).cast::<T>().write(value) };
    }
}

/// What 1C calls a variant.
#[repr(C)]
pub(crate) struct Variant {
    payload: Payload,
    elements: u32,
    kind: u16,
}

// The sizes that hosts were built with.
#[cfg(all(not(windows), target_pointer_width = "64"))]
const _: () = assert!(
    size_of::<Variant>() == 64
        && std::mem::offset_of!(Variant, elements) == 56
        && std::mem::offset_of!(Variant, kind) == 60
);
#[cfg(windows)]
const _: () = assert!(
    size_of::<Variant>() == 48
        && std::mem::offset_of!(Variant, elements) == 40
        && std::mem::offset_of!(Variant, kind) == 44
);

/// The largest text or data taken, in bytes: more than any document or state has.
const BYTES_MAX: usize = 64 * 1024 * 1024;

impl Variant {
    /// Reads what 1C gave.
    ///
    /// # Safety
    /// What lies in the variant is of the kind it names, and its pointer is null or leads to as
    /// much as its length says.
    pub(crate) unsafe fn read(&self) -> Result<Value> {
        use kind as k;
        let at = &self.payload;
        Ok(match self.kind {
            k::EMPTY | k::NULL => Value::Empty,
            k::I1 => Value::Integer(at.get::<i8>().into()),
            k::I2 => Value::Integer(at.get::<i16>().into()),
            k::I4 | k::INT | k::ERROR | k::HRESULT => Value::Integer(at.get::<i32>().into()),
            k::I8 => Value::Integer(at.get()),
            k::UI1 => Value::Integer(at.get::<u8>().into()),
            k::UI2 => Value::Integer(at.get::<u16>().into()),
            k::UI4 | k::UINT => Value::Integer(at.get::<u32>().into()),
            k::UI8 => {
                i64::try_from(at.get::<u64>()).map_or(Value::Number(f64::MAX), Value::Integer)
            }
            // 1C documents the room of the long number for both.
            k::R4 | k::R8 => Value::Number(at.get()),
            k::BOOL => Value::Flag(at.get::<u8>() != 0),
            k::DATE => Value::Date(date_of_days(at.get())?),
            k::TM => Value::Date(date_of_tm(&at.get())?),
            k::PSTR => {
                let Narrow { start, length } = at.get();
                // SAFETY: as promised.
                let text = String::from_utf8(unsafe { copy(start.cast_const().cast(), length) }?);
                Value::Text(text.map_err(|_| fault::not_text())?)
            }
            k::PWSTR => {
                let Wide { start, length } = at.get();
                // SAFETY: as promised.
                let units: Vec<u16> = unsafe { copy(start.cast_const(), length) }?;
                Value::Text(String::from_utf16(&units).map_err(|_| fault::not_text())?)
            }
            k::BLOB => {
                let Narrow { start, length } = at.get();
                // SAFETY: as promised.
                Value::Data(unsafe { copy(start.cast_const().cast(), length) }?)
            }
            _ => return Err(fault::not("a parameter", "-", "of a type that components take")),
        })
    }

    /// Writes a result where 1C wants it, in memory of its own.
    ///
    /// What was there is not looked at, for nobody says that anything was.
    pub(crate) fn write(&mut self, value: Value, host: &Host) -> Result<()> {
        *self = Self { payload: Payload::NOTHING, elements: 0, kind: kind::EMPTY };
        self.kind = match value {
            Value::Empty => kind::EMPTY,
            Value::Flag(flag) => self.put(u8::from(flag), kind::BOOL),
            Value::Integer(number) => match i32::try_from(number) {
                Ok(number) => self.put(number, kind::I4),
                #[expect(clippy::cast_precision_loss, reason = "no integer of ours is that large")]
                Err(_) => self.put(number as f64, kind::R8),
            },
            Value::Number(number) => self.put(number, kind::R8),
            Value::Date(date) => self.put(tm_of_date(date), kind::TM),
            Value::Text(text) => {
                let units: Vec<u16> = text.encode_utf16().collect();
                let (start, length) = host.wide(&units)?;
                self.put(Wide { start, length }, kind::PWSTR)
            }
            Value::Data(bytes) => {
                let (start, length) = host.bytes(&bytes)?;
                self.put(Narrow { start: start.cast(), length }, kind::BLOB)
            }
        };
        Ok(())
    }

    /// Puts a value in and gives its kind.
    fn put<T: Plain>(&mut self, value: T, kind: u16) -> u16 {
        self.payload.put(value);
        kind
    }
}

/// Copies what a pointer and a length say.
///
/// # Safety
/// `start` is null or leads to `length` values.
unsafe fn copy<T: Copy>(start: *const T, length: u32) -> Result<Vec<T>> {
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    if start.is_null() || length == 0 {
        return Ok(Vec::new());
    }
    let size = length.saturating_mul(size_of::<T>());
    if size > BYTES_MAX {
        return Err(Refusal::new(ErrorKind::InputTooLarge)
            .with("what", "a parameter")
            .with("size", size)
            .with("limit", BYTES_MAX));
    }
    let mut values: Vec<T> = Vec::with_capacity(length);
    // SAFETY: there is as much room as is copied; the pointers of a host need not be aligned, so it
    // is copied byte by byte, and then as much is there.
    unsafe { ptr::copy_nonoverlapping(start.cast::<u8>(), values.as_mut_ptr().cast::<u8>(), size) };
    // SAFETY: as above.
    unsafe { values.set_len(length) };
    Ok(values)
}

/// The text that a pointer leads to, up to its NUL; none for null, or without a NUL near enough.
///
/// # Safety
/// `start` is null or leads to UTF-16 with a NUL behind it.
pub(super) unsafe fn terminated(start: *const u16) -> Option<String> {
    const UNITS_MAX: usize = 1024;
    if start.is_null() {
        return None;
    }
    // SAFETY: as promised, for there is no NUL before.
    let unit = |at: usize| unsafe { start.wrapping_add(at).read_unaligned() };
    let length = (0..UNITS_MAX).find(|at| unit(*at) == 0)?;
    if start.is_aligned() {
        // SAFETY: so many were just read.
        return Some(String::from_utf16_lossy(unsafe { slice::from_raw_parts(start, length) }));
    }
    Some(String::from_utf16_lossy(&(0..length).map(unit).collect::<Vec<_>>()))
}

fn no_date() -> Refusal {
    fault::not("a date", "-", "a day between years 1 and 9999")
}

fn date_of_tm(tm: &Tm) -> Result<NaiveDateTime> {
    let part = |value: c_int| u32::try_from(value).ok();
    let date = || {
        let year = tm.year.checked_add(1900)?;
        let month = part(tm.month)?.checked_add(1)?;
        let date = NaiveDate::from_ymd_opt(year, month, part(tm.day)?)?;
        // A leap second is the last one of its minute.
        date.and_hms_opt(part(tm.hour)?, part(tm.minute)?, part(tm.second)?.min(59))
    };
    date().filter(|date| (1..=9999).contains(&date.year())).ok_or_else(no_date)
}

/// The days count from 1899-12-30, and the fraction is the time of day, forwards also where the days
/// are below 0.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "in the range that was checked"
)]
fn date_of_days(days: f64) -> Result<NaiveDateTime> {
    const DAYS: std::ops::RangeInclusive<f64> = -693_593.0..=2_958_466.0;
    if !DAYS.contains(&days) {
        return Err(no_date());
    }
    let (whole, seconds) = (days.trunc(), (days.fract().abs() * 86_400.0).round() as i64);
    let shift = Days::new(whole.abs() as u64);
    let date = || {
        let first = NaiveDate::from_ymd_opt(1899, 12, 30)?;
        let day = if whole < 0.0 {
            first.checked_sub_days(shift)?
        } else {
            first.checked_add_days(shift)?
        };
        day.and_hms_opt(0, 0, 0)?.checked_add_signed(chrono::TimeDelta::seconds(seconds))
    };
    date().filter(|date| (1..=9999).contains(&date.year())).ok_or_else(no_date)
}

fn tm_of_date(date: NaiveDateTime) -> Tm {
    // Of a date between years 1 and 9999 no part is too large.
    let part = |value: u32| c_int::try_from(value).unwrap_or(0);
    Tm {
        second: part(date.second()),
        minute: part(date.minute()),
        hour: part(date.hour()),
        day: part(date.day()),
        month: part(date.month0()),
        year: date.year().saturating_sub(1900),
        weekday: part(date.weekday().num_days_from_sunday()),
        yearday: part(date.ordinal0()),
        is_summer: -1,
        #[cfg(not(windows))]
        offset: 0,
        #[cfg(not(windows))]
        zone: ptr::null(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    #[test]
    fn dates_count_days_from_the_end_of_1899_with_the_time_as_their_fraction() {
        for (days, text) in [
            (0.0, "1899-12-30T00:00:00"),
            (46_082.5, "2026-03-01T12:00:00"),
            (46_082.999_988_425_93, "2026-03-01T23:59:59"),
            // Half a day after the day before, and not half a day before it.
            (-1.5, "1899-12-29T12:00:00"),
            (-693_593.0, "0001-01-01T00:00:00"),
            (2_958_465.0, "9999-12-31T00:00:00"),
        ] {
            assert_eq!(date_of_days(days).unwrap(), date(text), "{days}");
        }
        for days in [f64::NAN, f64::INFINITY, -693_594.0, 2_958_466.0, 1e300] {
            assert!(date_of_days(days).is_err(), "{days}");
        }
    }

    #[test]
    fn a_date_comes_back_from_the_parts_it_is_sent_in() {
        for text in ["0001-01-01T00:00:00", "2024-02-29T23:59:59", "9999-12-31T12:30:15"] {
            assert_eq!(date_of_tm(&tm_of_date(date(text))).unwrap(), date(text));
        }
        let tm = tm_of_date(date("2026-03-01T00:00:00"));
        for wrong in [
            Tm { month: 12, ..tm },
            Tm { month: c_int::MAX, ..tm },
            Tm { day: 0, ..tm },
            Tm { day: -1, ..tm },
            Tm { hour: 24, ..tm },
            Tm { year: c_int::MAX, ..tm },
            Tm { year: 8100, ..tm },
            Tm { year: -1900, ..tm },
        ] {
            assert!(date_of_tm(&wrong).is_err());
        }
        assert!(date_of_tm(&Tm { second: 60, ..tm }).is_ok());
    }

    #[test]
    fn a_null_pointer_is_nothing_whatever_its_length() {
        // SAFETY: nothing is read behind a null pointer.
        assert!(unsafe { copy::<u16>(ptr::null(), 7) }.unwrap().is_empty());
        let too_many = u32::try_from(BYTES_MAX).unwrap() + 1;
        // SAFETY: so much is refused before anything is read.
        assert!(unsafe { copy(ptr::dangling::<u8>(), too_many) }.is_err());
    }
}
