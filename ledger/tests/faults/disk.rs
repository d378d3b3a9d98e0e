//! A disk that a test watches and breaks: what SQLite asks of the files in one folder.
//!
//! SQLite's own layer for this system stays in use, with its locks and its shared memory. Under a
//! copy of its table, which becomes the default of this process, opening a file in a watched folder
//! puts a copy of the file's table of methods in place of the first, and in that a few of ours.
//! Files elsewhere are left alone.

use std::{
    collections::BTreeMap,
    ffi::{CStr, OsStr, c_char, c_int, c_void},
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
    ptr,
    sync::{Arc, Mutex, Once, OnceLock},
};

use rusqlite::ffi;

/// What is asked of the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Call<'a> {
    Open,
    Read,
    Write {
        at: u64,
        bytes: &'a [u8],
    },
    Truncate {
        size: u64,
    },
    Sync,
    Size,
    /// A piece of the memory that the programs share.
    Share,
    /// Whether the folder is synced too.
    Delete {
        synced: bool,
    },
}

/// What becomes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is done.
    Done,
    /// It is not done, and said to be.
    Pretended,
    /// It fails with a code of SQLite.
    Fails(c_int),
}

/// Decides on what is asked of a disk; the file is named as in its folder.
pub(crate) trait Disk: Send + Sync {
    fn asked(&self, file: &str, call: Call<'_>) -> Fate;
}

/// A folder under watch, until this is dropped.
pub(crate) struct Watch(PathBuf);

impl Watch {
    /// Puts a disk under the files of a folder that are opened from now on.
    pub(crate) fn over(folder: &Path, disk: Arc<dyn Disk>) -> Self {
        static INSTALLED: Once = Once::new();
        INSTALLED.call_once(install);
        let folder = folder.canonicalize().unwrap();
        assert!(FOLDERS.lock().unwrap().insert(folder.clone(), disk).is_none());
        Self(folder)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        FOLDERS.lock().unwrap().remove(&self.0);
    }
}

static FOLDERS: Mutex<BTreeMap<PathBuf, Arc<dyn Disk>>> = Mutex::new(BTreeMap::new());
/// What is open in watched folders, by the address of SQLite's record of it.
static OPEN: Mutex<BTreeMap<usize, Opened>> = Mutex::new(BTreeMap::new());
static REAL: OnceLock<Real> = OnceLock::new();

#[derive(Clone)]
struct Opened {
    name: String,
    disk: Arc<dyn Disk>,
    methods: &'static ffi::sqlite3_io_methods,
}

/// SQLite's own layer.
struct Real(&'static ffi::sqlite3_vfs);

// SAFETY: SQLite uses the table from all threads; nobody writes to it after it was registered.
unsafe impl Send for Real {}
// SAFETY: as above.
unsafe impl Sync for Real {}

fn install() {
    // SAFETY: null asks for the default, which is compiled in and stays for ever.
    let found = unsafe { ffi::sqlite3_vfs_find(ptr::null()) };
    // SAFETY: as above; it is not null where SQLite has a layer for the system.
    let real = unsafe { found.as_ref() }.unwrap();
    let ours = ffi::sqlite3_vfs {
        pNext: ptr::null_mut(),
        zName: c"watched".as_ptr(),
        xOpen: Some(open),
        xDelete: Some(delete),
        ..*real
    };
    assert!(REAL.set(Real(real)).is_ok());
    // SAFETY: the table is leaked, so that it stays for ever, and is SQLite's from here on.
    let code = unsafe { ffi::sqlite3_vfs_register(Box::into_raw(Box::new(ours)), 1) };
    assert_eq!(code, ffi::SQLITE_OK);
}

/// The disk a path is on, and the file's name, if somebody watches it.
fn watched(path: *const c_char) -> Option<(String, Arc<dyn Disk>)> {
    if path.is_null() {
        return None;
    }
    // SAFETY: SQLite names a file by a string that ends with zero and outlives the call.
    let path = unsafe { CStr::from_ptr(path) };
    let path = Path::new(OsStr::from_bytes(path.to_bytes()));
    let disk = FOLDERS.lock().unwrap().get(path.parent()?).cloned()?;
    Some((path.file_name()?.to_str()?.to_owned(), disk))
}

/// Does what the disk decided.
fn decided(fate: Fate, real: impl FnOnce() -> c_int) -> c_int {
    match fate {
        Fate::Done => real(),
        Fate::Pretended => ffi::SQLITE_OK,
        Fate::Fails(code) => code,
    }
}

unsafe extern "C" fn open(
    vfs: *mut ffi::sqlite3_vfs,
    path: *const c_char,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    let real = REAL.get().unwrap().0.xOpen.unwrap();
    // SAFETY: SQLite gives room for a file, which is not open before the call.
    unsafe { (*file).pMethods = ptr::null() };
    // SAFETY: the arguments are SQLite's own; ours has the same data as the real layer.
    let call = || unsafe { real(vfs, path, file, flags, out) };
    let Some((name, disk)) = watched(path) else { return call() };
    let code = decided(disk.asked(&name, Call::Open), call);
    // SAFETY: the room is still SQLite's.
    let methods = unsafe { (*file).pMethods };
    // SAFETY: where it was opened, the real layer has set its methods, which stay for ever.
    let methods = unsafe { methods.as_ref() };
    if let Some(methods) = methods {
        let ours = ffi::sqlite3_io_methods {
            xClose: Some(close),
            xRead: Some(read),
            xWrite: Some(write),
            xTruncate: Some(truncate),
            xSync: Some(sync),
            xFileSize: Some(size),
            xShmMap: Some(share),
            ..*methods
        };
        OPEN.lock().unwrap().insert(file.addr(), Opened { name, disk, methods });
        // SAFETY: as above; the table is leaked, since the file may outlive all that is known here.
        unsafe { (*file).pMethods = Box::leak(Box::new(ours)) };
    }
    code
}

unsafe extern "C" fn delete(
    vfs: *mut ffi::sqlite3_vfs,
    path: *const c_char,
    synced: c_int,
) -> c_int {
    let real = REAL.get().unwrap().0.xDelete.unwrap();
    // SAFETY: the arguments are SQLite's own.
    let call = || unsafe { real(vfs, path, synced) };
    let Some((name, disk)) = watched(path) else { return call() };
    decided(disk.asked(&name, Call::Delete { synced: synced != 0 }), call)
}

/// The file behind a record of SQLite's.
fn opened(file: *mut ffi::sqlite3_file) -> Opened {
    OPEN.lock().unwrap()[&file.addr()].clone()
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    let opened = OPEN.lock().unwrap().remove(&file.addr()).unwrap();
    // SAFETY: the file is open, by the layer whose methods these are.
    unsafe { opened.methods.xClose.unwrap()(file) }
}

unsafe extern "C" fn read(
    file: *mut ffi::sqlite3_file,
    bytes: *mut c_void,
    length: c_int,
    at: i64,
) -> c_int {
    let opened = opened(file);
    decided(opened.disk.asked(&opened.name, Call::Read), || {
        // SAFETY: the file is open, by the layer whose methods these are.
        unsafe { opened.methods.xRead.unwrap()(file, bytes, length, at) }
    })
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    bytes: *const c_void,
    length: c_int,
    at: i64,
) -> c_int {
    let opened = opened(file);
    let count = usize::try_from(length).unwrap();
    // SAFETY: SQLite gives as many bytes as it says, which nobody changes during the call.
    let written = unsafe { std::slice::from_raw_parts(bytes.cast::<u8>(), count) };
    let call = Call::Write { at: at.try_into().unwrap(), bytes: written };
    decided(opened.disk.asked(&opened.name, call), || {
        // SAFETY: the file is open, by the layer whose methods these are.
        unsafe { opened.methods.xWrite.unwrap()(file, bytes, length, at) }
    })
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, size: i64) -> c_int {
    let opened = opened(file);
    let call = Call::Truncate { size: size.try_into().unwrap() };
    decided(opened.disk.asked(&opened.name, call), || {
        // SAFETY: the file is open, by the layer whose methods these are.
        unsafe { opened.methods.xTruncate.unwrap()(file, size) }
    })
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, flags: c_int) -> c_int {
    let opened = opened(file);
    decided(opened.disk.asked(&opened.name, Call::Sync), || {
        // SAFETY: the file is open, by the layer whose methods these are.
        unsafe { opened.methods.xSync.unwrap()(file, flags) }
    })
}

unsafe extern "C" fn size(file: *mut ffi::sqlite3_file, size: *mut i64) -> c_int {
    let opened = opened(file);
    decided(opened.disk.asked(&opened.name, Call::Size), || {
        // SAFETY: the file is open, by the layer whose methods these are.
        unsafe { opened.methods.xFileSize.unwrap()(file, size) }
    })
}

unsafe extern "C" fn share(
    file: *mut ffi::sqlite3_file,
    page: c_int,
    length: c_int,
    extend: c_int,
    memory: *mut *mut c_void,
) -> c_int {
    let opened = opened(file);
    decided(opened.disk.asked(&opened.name, Call::Share), || {
        // SAFETY: the file is open, by the layer whose methods these are.
        unsafe { opened.methods.xShmMap.unwrap()(file, page, length, extend, memory) }
    })
}
