//! Texts and bytes of the caller's: the one place where such pointers are followed.

use std::{
    ffi::{CStr, c_char},
    mem::MaybeUninit,
    slice,
};

use mlicense_core::error::{ErrorKind, Language, Refusal};

use crate::error::{Fault, Result};

/// The longest NUL-terminated text, in bytes without the NUL.
pub(crate) const TEXT_BYTES_MAX: usize = 64 * 1024;

/// Takes a NUL-terminated text.
///
/// # Safety
/// `pointer` is NULL or points to bytes that end with a NUL and do not change while borrowed.
pub(crate) unsafe fn text<'a>(pointer: *const c_char, argument: &'static str) -> Result<&'a str> {
    // SAFETY: as promised.
    unsafe { optional_text(pointer, argument) }?.ok_or_else(|| Fault::null(argument))
}

/// Takes a NUL-terminated text that may be left out as NULL.
///
/// # Safety
/// As [`text`].
pub(crate) unsafe fn optional_text<'a>(
    pointer: *const c_char,
    argument: &'static str,
) -> Result<Option<&'a str>> {
    // SAFETY: as promised.
    let text = unsafe { terminated(pointer) };
    text.map(|text| checked(text, argument)).transpose()
}

/// Takes the bytes up to a NUL as they are; none for NULL.
///
/// # Safety
/// As [`text`].
pub(crate) unsafe fn terminated<'a>(pointer: *const c_char) -> Option<&'a CStr> {
    if pointer.is_null() {
        return None;
    }
    // SAFETY: not NULL means NUL-terminated, by the caller's promise.
    Some(unsafe { CStr::from_ptr(pointer) })
}

/// Takes bytes as text of at most [`TEXT_BYTES_MAX`].
pub(crate) fn checked<'a>(text: &'a CStr, argument: &'static str) -> Result<&'a str> {
    check_size(argument, text.count_bytes(), TEXT_BYTES_MAX)?;
    let not_utf8 = |_| Refusal::new(ErrorKind::NotUtf8).with("what", argument);
    Ok(text.to_str().map_err(not_utf8)?)
}

/// Takes room for `N` bytes and fills it with zeros.
///
/// # Safety
/// `pointer` is NULL or points to `N` bytes that may be written and are nobody else's while
/// borrowed.
#[cfg(feature = "ledger")]
pub(crate) unsafe fn room<'a, const N: usize>(pointer: *mut u8) -> Option<&'a mut [u8; N]> {
    if pointer.is_null() {
        return None;
    }
    let room = pointer.cast::<[u8; N]>();
    // SAFETY: not NULL means room for `N` bytes, by the caller's promise.
    unsafe { room.write([0; N]) };
    // SAFETY: as above, and written just now.
    unsafe { room.as_mut() }
}

/// Takes the name of a language; NULL and every unknown name is English.
///
/// # Safety
/// As [`text`].
pub(crate) unsafe fn language(pointer: *const c_char) -> Language {
    // SAFETY: as promised.
    let name = unsafe { optional_text(pointer, "language") };
    name.ok().flatten().map_or(Language::En, Language::from_locale)
}

/// Takes `length` bytes, after checking that they are not more than `limit`.
///
/// # Safety
/// `pointer` is NULL or points to `length` bytes that do not change while borrowed.
pub(crate) unsafe fn bytes<'a>(
    (pointer, length): (*const c_char, usize),
    argument: &'static str,
    limit: usize,
) -> Result<&'a [u8]> {
    check_size(argument, length, limit)?;
    if length == 0 {
        return Ok(&[]);
    }
    if pointer.is_null() {
        return Err(Fault::null(argument));
    }
    // SAFETY: the caller promises `length` bytes; the limit is far below `isize::MAX`.
    Ok(unsafe { slice::from_raw_parts(pointer.cast::<u8>(), length) })
}

/// A structure of the caller's that begins with its size, and is all 0 where nothing is wanted.
///
/// # Safety
/// The first member is the size, a `usize`, and a structure of all 0 is one.
pub(crate) unsafe trait Extensible: Copy {
    /// The size of the structure in the first version that had it: no caller has a smaller one.
    const FIRST: usize;
    /// The largest structure of a later version, in bytes.
    const LARGEST: usize = 4096;
}

/// Takes a structure that begins with its size: of this version, of an earlier one, whose missing
/// members are taken as 0, or of a later one whose further members are all 0.
///
/// # Safety
/// `pointer` is NULL or points to as many bytes as the `size_t` at its beginning says.
pub(crate) unsafe fn sized<T: Extensible>(pointer: *const T, argument: &'static str) -> Result<T> {
    if pointer.is_null() {
        return Err(Fault::null(argument));
    }
    // SAFETY: the caller promises a structure that begins with its size.
    let size = unsafe { pointer.cast::<usize>().read() };
    let refused = |expected: &str| {
        let refusal = Refusal::new(ErrorKind::FieldInvalid);
        let refusal = refusal.with("field", format_args!("{argument}.size")).with("value", size);
        Fault::from(refusal.with("expected", expected))
    };
    if !(T::FIRST..=T::LARGEST).contains(&size) {
        return Err(refused("the size of the structure"));
    }
    // SAFETY: the caller promises `size` bytes.
    let given = unsafe { bytes((pointer.cast(), size), argument, T::LARGEST) }?;
    if given.iter().skip(size_of::<T>()).any(|byte| *byte != 0) {
        return Err(refused("all 0 in the members that this version does not know"));
    }
    let mut taken = MaybeUninit::<T>::zeroed();
    let known = size.min(size_of::<T>());
    // SAFETY: both have as many bytes, and are apart.
    unsafe { taken.as_mut_ptr().cast::<u8>().copy_from_nonoverlapping(given.as_ptr(), known) };
    // SAFETY: what the caller did not give is 0, which `T` promises to allow.
    Ok(unsafe { taken.assume_init() })
}

/// Puts a text with a NUL after it into a buffer of `size` bytes, as much of it as has room, and
/// returns how many bytes the whole text has.
///
/// # Safety
/// `buffer` is NULL or may be written for `size` bytes.
pub(crate) unsafe fn put(text: &str, buffer: *mut c_char, size: usize) -> usize {
    if let Some(room) = size.checked_sub(1)
        && !buffer.is_null()
    {
        let kept = text.floor_char_boundary(room);
        let buffer = buffer.cast::<u8>();
        // SAFETY: `kept` is less than `size`, which the caller promises.
        unsafe { buffer.copy_from_nonoverlapping(text.as_ptr(), kept) };
        // SAFETY: as above.
        let end = unsafe { buffer.add(kept) };
        // SAFETY: as above.
        unsafe { end.write(0) };
    }
    text.len()
}

/// Takes an array of NUL-terminated texts, after checking that it has not more than `limit`.
///
/// # Safety
/// `pointer` is NULL or points to `count` pointers, each as for [`text`].
pub(crate) unsafe fn texts<'a>(
    (pointer, count): (*const *const c_char, usize),
    argument: &'static str,
    limit: usize,
) -> Result<Vec<&'a str>> {
    if count > limit {
        let refusal = Refusal::new(ErrorKind::FieldInvalid).with("field", argument);
        let expected = format_args!("an array of at most {limit}").to_string();
        return Err(refusal.with("value", count).with("expected", expected).into());
    }
    if count == 0 {
        return Ok(Vec::new());
    }
    if pointer.is_null() {
        return Err(Fault::null(argument));
    }
    // SAFETY: the caller promises `count` pointers; the limit is far below `isize::MAX`.
    let pointers = unsafe { slice::from_raw_parts(pointer, count) };
    let texts = pointers.iter().map(|pointer| {
        // SAFETY: the caller promises texts.
        unsafe { text(*pointer, argument) }
    });
    texts.collect()
}

fn check_size(argument: &'static str, size: usize, limit: usize) -> Result<()> {
    if size <= limit {
        return Ok(());
    }
    let refusal = Refusal::new(ErrorKind::InputTooLarge).with("what", argument);
    Err(refusal.with("size", size).with("limit", limit).into())
}

#[cfg(test)]
mod tests {
    use std::{ffi::CString, ptr};

    use super::*;

    fn kind<T: std::fmt::Debug>(result: Result<T>) -> ErrorKind {
        result.unwrap_err().into_refusal().kind()
    }

    #[test]
    fn a_text_at_its_limit_is_taken_and_one_byte_more_refused() {
        for (length, taken) in [(0, true), (TEXT_BYTES_MAX, true), (TEXT_BYTES_MAX + 1, false)] {
            let long = CString::new(vec![b'x'; length]).unwrap();
            // SAFETY: NUL-terminated and alive.
            let result = unsafe { text(long.as_ptr(), "path") };
            assert_eq!(result.as_ref().map(|text| text.len()).ok(), taken.then_some(length));
            assert!(taken || kind(result) == ErrorKind::InputTooLarge);
        }
    }

    #[test]
    fn null_is_refused_unless_the_text_may_be_left_out() {
        // SAFETY: NULL is allowed.
        assert_eq!(kind(unsafe { text(ptr::null(), "path") }), ErrorKind::NullArgument);
        // SAFETY: NULL is allowed.
        assert_eq!(unsafe { optional_text(ptr::null(), "path") }.unwrap(), None);
    }

    #[test]
    fn text_that_is_not_utf8_is_refused() {
        // SAFETY: NUL-terminated and alive.
        let result = unsafe { text(c"caf\xe9".as_ptr(), "path") };
        assert_eq!(kind(result), ErrorKind::NotUtf8);
    }

    #[test]
    fn bytes_over_the_limit_are_refused_before_they_are_read() {
        let one = c"x".as_ptr();
        // SAFETY: refused by its length, nothing is read.
        let result = unsafe { bytes((one, 4097), "document", 4096) };
        assert_eq!(kind(result), ErrorKind::InputTooLarge);
        // SAFETY: refused by its length, nothing is read.
        let result = unsafe { bytes((one, usize::MAX), "document", 4096) };
        assert_eq!(kind(result), ErrorKind::InputTooLarge);
        // SAFETY: one byte is there.
        assert_eq!(unsafe { bytes((one, 1), "document", 1) }.unwrap(), b"x");
    }

    #[test]
    fn no_bytes_need_no_pointer_and_one_byte_does() {
        // SAFETY: NULL is allowed.
        assert_eq!(unsafe { bytes((ptr::null(), 0), "document", 1) }.unwrap(), b"");
        // SAFETY: NULL is allowed.
        let result = unsafe { bytes((ptr::null(), 1), "document", 1) };
        assert_eq!(kind(result), ErrorKind::NullArgument);
    }

    /// A structure that got its last member in a second version.
    #[derive(Clone, Copy, Debug, PartialEq)]
    #[repr(C)]
    struct Second {
        size: usize,
        old: usize,
        new: usize,
    }

    // SAFETY: whole numbers, of which the first is the size.
    unsafe impl Extensible for Second {
        const FIRST: usize = 2 * size_of::<usize>();
    }

    #[test]
    fn what_an_older_caller_does_not_know_is_0_and_what_a_newer_one_wants_is_refused() {
        let word = size_of::<usize>();
        let take = |words: [usize; 4]| {
            // SAFETY: no size that is taken is larger than the array.
            unsafe { sized((&raw const words).cast::<Second>(), "second") }
        };
        let of = |size, old, new| Second { size, old, new };
        assert_eq!(take([2 * word, 7, 8, 9]).unwrap(), of(2 * word, 7, 0));
        assert_eq!(take([3 * word, 7, 8, 9]).unwrap(), of(3 * word, 7, 8));
        assert_eq!(take([4 * word, 7, 8, 0]).unwrap(), of(4 * word, 7, 8));
        for size in [0, word, 2 * word - 1, Second::LARGEST + 1, usize::MAX] {
            assert_eq!(kind(take([size, 7, 8, 0])), ErrorKind::FieldInvalid, "{size}");
        }
        assert_eq!(kind(take([4 * word, 7, 8, 9])), ErrorKind::FieldInvalid);
        // SAFETY: NULL is allowed.
        let none: Result<Second> = unsafe { sized(ptr::null(), "second") };
        assert_eq!(kind(none), ErrorKind::NullArgument);
    }

    #[test]
    fn a_buffer_gets_whole_characters_and_a_nul() {
        for (size, shown) in
            [(0, None), (1, Some("")), (3, Some("é")), (4, Some("é")), (5, Some("éé"))]
        {
            let mut buffer = [c_char::MAX; 6];
            // SAFETY: the buffer is larger than said.
            assert_eq!(unsafe { put("éé", buffer.as_mut_ptr(), size) }, 4);
            assert!(buffer[size..].iter().all(|byte| *byte == c_char::MAX));
            let Some(shown) = shown else { continue };
            // SAFETY: a NUL was put.
            assert_eq!(unsafe { text(buffer.as_ptr(), "buffer") }.unwrap(), shown);
        }
        // SAFETY: NULL is allowed.
        assert_eq!(unsafe { put("éé", ptr::null_mut(), 9) }, 4);
    }

    #[test]
    fn an_array_of_texts_is_checked_as_a_whole_and_one_by_one() {
        let array = [c"a".as_ptr(), c"b".as_ptr(), ptr::null()];
        let of = |count, limit| {
            // SAFETY: never more than the three that are there.
            unsafe { texts((array.as_ptr(), count), "keys", limit) }
        };
        assert_eq!(of(2, 2).unwrap(), ["a", "b"]);
        assert_eq!(kind(of(2, 1)), ErrorKind::FieldInvalid);
        assert_eq!(kind(of(3, 3)), ErrorKind::NullArgument);
        assert!(of(0, 1).unwrap().is_empty());
    }
}
