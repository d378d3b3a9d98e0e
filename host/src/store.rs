//! Where a state lives: with the caller, or in one file that is replaced whole.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use mlicense_core::{error::ErrorKind, evidence::Evidence, id::ProductId};

use crate::{
    Uptime,
    error::{Error, Result, StorageFault},
    state::{STATE_BYTES_MAX, Seed, State, Unusable},
};

/// How often, and after which pause, a lock that another program holds is tried again: 5 seconds.
const LOCK_TRIES_MAX: u32 = 100;
const LOCK_PAUSE: Duration = Duration::from_millis(50);
/// How often, with the same pause, a file that a scanner or a backup holds on Windows is tried
/// again: half a second.
const HELD_TRIES_MAX: u32 = 10;
/// What Windows says of a file to be replaced that another program has open, and of one that
/// another program has open for itself.
const ACCESS_DENIED: i32 = 5;
const SHARING_VIOLATION: i32 = 32;
/// How many damaged files are kept beside each other.
const SET_ASIDE_MAX: u32 = 99;

/// Where a state lives.
#[derive(Debug)]
pub(crate) enum Store {
    /// In the client, or with a caller who takes it out as bytes.
    Memory,
    File(StateFile),
}

/// Who may read a state that is made. Whoever may write in a folder by its group may also read and
/// write the state in it: so users share one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    Owner,
    /// The owner, and for reading the group of the folder.
    Group,
}

impl Access {
    #[cfg(unix)]
    const fn of_file(self) -> u32 {
        if matches!(self, Self::Owner) { 0o600 } else { 0o640 }
    }

    #[cfg(unix)]
    const fn of_folder(self) -> u32 {
        if matches!(self, Self::Owner) { 0o700 } else { 0o750 }
    }
}

impl Store {
    /// Changes the state as it is stored now, writes it, and only then hands it out.
    ///
    /// Programs that share a folder take turns; nothing is written when nothing was changed or
    /// the change is refused.
    pub(crate) fn update<R>(
        &self,
        held: &State,
        change: impl FnOnce(&mut State) -> Result<R>,
    ) -> Result<(State, R)> {
        match self {
            Self::Memory => {
                let mut state = held.clone();
                let result = change(&mut state)?;
                Ok((state, result))
            }
            Self::File(file) => file.update(held, change),
        }
    }

    /// Writes what is known of the time and gives what is known with what others wrote; without
    /// waiting for a program that is at it.
    pub(crate) fn keep(
        &self,
        installation: (&ProductId, &Seed),
        evidence: Evidence,
        uptime: Option<Uptime>,
    ) -> Result<Evidence> {
        match self {
            Self::Memory => Ok(evidence),
            Self::File(file) => file.keep(installation, evidence, uptime),
        }
    }

    /// The file, if there is one.
    pub(crate) const fn file(&self) -> Option<&StateFile> {
        match self {
            Self::Memory => None,
            Self::File(file) => Some(file),
        }
    }
}

/// What a look at the file shows.
pub(crate) enum Found {
    Nothing,
    Whole(Box<State>),
    Damaged(String),
}

/// One file in a folder, and a lock beside it.
#[derive(Debug)]
pub(crate) struct StateFile {
    folder: PathBuf,
    path: PathBuf,
    #[cfg_attr(not(unix), expect(dead_code, reason = "who may read is for the folder to say"))]
    access: Access,
}

impl StateFile {
    /// The file of a product in a folder, whether it is there or not.
    pub(crate) fn new(folder: &Path, product: &ProductId, access: Access) -> Self {
        let path = folder.join(format!("mlicense-{product}.state"));
        Self { folder: folder.to_owned(), path, access }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Opens the state of a product, or starts one with the key that `seed` gives.
    pub(crate) fn open(
        &self,
        product: &ProductId,
        seed: impl FnOnce() -> Result<[u8; 32]>,
    ) -> Result<State> {
        // A whole state is read without the lock, so that a folder may be read-only.
        if let Found::Whole(state) = self.look(product)? {
            return Ok(*state);
        }
        self.make_folder()?;
        let _lock = self.lock()?;
        if let Some(state) = self.read(product)? {
            return Ok(state);
        }
        let state = State::new(product.clone(), seed()?);
        self.write(&state)?;
        Ok(state)
    }

    fn update<R>(
        &self,
        held: &State,
        change: impl FnOnce(&mut State) -> Result<R>,
    ) -> Result<(State, R)> {
        let _lock = self.lock()?;
        let stored = self.read(&held.product)?;
        if stored.as_ref().is_some_and(|stored| stored.seed != held.seed) {
            return Err(self.replaced());
        }
        let mut state = stored.clone().unwrap_or_else(|| held.clone());
        let result = change(&mut state)?;
        if stored.as_ref() != Some(&state) {
            self.write(&state)?;
        }
        Ok((state, result))
    }

    fn keep(
        &self,
        (product, seed): (&ProductId, &Seed),
        evidence: Evidence,
        uptime: Option<Uptime>,
    ) -> Result<Evidence> {
        let _lock = self.lock_within(1)?;
        let Found::Whole(mut state) = self.look_within(1, product)? else {
            return Err(self
                .fault(ErrorKind::StoreUnavailable)
                .with("detail", "it is gone")
                .into());
        };
        if state.seed != *seed {
            return Err(self.replaced());
        }
        state.evidence = evidence.merged(state.evidence);
        state.uptime = uptime;
        self.write_within(1, &state)?;
        Ok(state.evidence)
    }

    /// Reads the state under the lock; a damaged one is set aside and reported (S-MK-76).
    fn read(&self, product: &ProductId) -> Result<Option<State>> {
        match self.look(product)? {
            Found::Nothing => Ok(None),
            Found::Whole(state) => Ok(Some(*state)),
            Found::Damaged(detail) => Err(self.set_aside(&detail)),
        }
    }

    fn replaced(&self) -> Error {
        let detail = "another installation's state has taken its place";
        self.fault(ErrorKind::StoreCorrupt).with("detail", detail).into()
    }

    /// Reads the state and leaves it as it is.
    pub(crate) fn look(&self, product: &ProductId) -> Result<Found> {
        self.look_within(HELD_TRIES_MAX, product)
    }

    fn look_within(&self, tries: u32, product: &ProductId) -> Result<Found> {
        let mut bytes = Vec::new();
        // One byte over the limit is enough to be told from a whole file.
        let limit = STATE_BYTES_MAX.saturating_add(1);
        let file = while_held(tries, &[SHARING_VIOLATION], || File::open(&self.path));
        match file.and_then(|file| file.take(limit).read_to_end(&mut bytes)) {
            Ok(_) => {}
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(Found::Nothing),
            Err(fault) => return Err(StorageFault::reading(&self.path, fault).into()),
        }
        match State::from_bytes(&bytes, product) {
            Ok(state) => Ok(Found::Whole(Box::new(state))),
            Err(Unusable::Damaged(detail)) => Ok(Found::Damaged(detail)),
            Err(Unusable::Foreign) => Err(self.fault(ErrorKind::StoreForeign).into()),
            Err(Unusable::Newer(found)) => {
                let fault = self.fault(ErrorKind::StoreNewer);
                Err(fault.with("found", found).with("known", State::FORM).into())
            }
        }
    }

    /// Gives a damaged file another name, so that the next opening starts afresh and nothing is
    /// lost to whoever may repair it.
    fn set_aside(&self, detail: &str) -> Error {
        let name = |n: u32| self.beside(&format!("damaged-{n}"));
        let free = (1..SET_ASIDE_MAX).map(name).find(|path| !path.exists());
        let aside = free.unwrap_or_else(|| name(SET_ASIDE_MAX));
        if let Err(fault) = fs::rename(&self.path, &aside) {
            return StorageFault::writing(&self.path, fault).into();
        }
        let detail = format!("{detail}; it was set aside as `{}`", aside.display());
        self.fault(ErrorKind::StoreCorrupt).with("detail", detail).into()
    }

    /// Replaces the file whole, under the lock: written and synced under another name first, so that a crash
    /// leaves the old one or the new one.
    fn write(&self, state: &State) -> Result<()> {
        self.write_within(HELD_TRIES_MAX, state)
    }

    fn write_within(&self, tries: u32, state: &State) -> Result<()> {
        let bytes = state.to_bytes().map_err(io::Error::from);
        let fresh = self.beside("new");
        let written = bytes.and_then(|bytes| {
            let mut file = self
                .closed(OpenOptions::new().write(true).create(true).truncate(true))
                .open(&fresh)?;
            self.share(&file)?;
            file.write_all(&bytes)?;
            file.sync_all()?;
            // Where the access is denied for good, the lock could not have been opened.
            let held = [ACCESS_DENIED, SHARING_VIOLATION];
            while_held(tries, &held, || fs::rename(&fresh, &self.path))?;
            sync_folder(&self.folder)
        });
        written.map_err(|fault| {
            // Best effort: the fault that matters is the first.
            let _ = fs::remove_file(&fresh);
            StorageFault::writing(&self.path, fault).into()
        })
    }

    /// Tries whether the state could be written, and leaves nothing behind; false when its folder
    /// has yet to be made.
    pub(crate) fn try_writing(&self) -> Result<bool> {
        let tried = self.beside("try");
        if self.folder.is_dir() {
            let written = self
                .closed(OpenOptions::new().write(true).create(true).truncate(true))
                .open(&tried)
                .and_then(|mut file| file.write_all(b"?").and_then(|()| file.sync_all()));
            let removed = fs::remove_file(&tried);
            return match written.and(removed) {
                Ok(()) => Ok(true),
                Err(fault) => Err(StorageFault::writing(&self.folder, fault).into()),
            };
        }
        let above = self.folder.ancestors().find(|folder| folder.exists());
        let tried = above.unwrap_or(&self.folder).join(".mlicense-try");
        match fs::create_dir(&tried).and_then(|()| fs::remove_dir(&tried)) {
            Ok(()) => Ok(false),
            Err(fault) => Err(StorageFault::writing(&self.folder, fault).into()),
        }
    }

    fn lock(&self) -> Result<File> {
        self.lock_within(LOCK_TRIES_MAX)
    }

    fn lock_within(&self, tries: u32) -> Result<File> {
        let path = self.beside("lock");
        let open =
            || self.closed(OpenOptions::new().write(true).create(true).truncate(false)).open(&path);
        // Another user may have made it just now and be about to share it.
        let opened = open().or_else(|fault| match fault.kind() {
            io::ErrorKind::PermissionDenied if tries > 1 => {
                thread::sleep(LOCK_PAUSE);
                open()
            }
            _ => Err(fault),
        });
        let file = opened.map_err(|fault| StorageFault::writing(&path, fault))?;
        self.share(&file).map_err(|fault| StorageFault::writing(&path, fault))?;
        for tried in 1..=tries {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::WouldBlock) if tried == tries => break,
                Err(TryLockError::WouldBlock) => thread::sleep(LOCK_PAUSE),
                Err(TryLockError::Error(fault)) => {
                    return Err(StorageFault::writing(&path, fault).into());
                }
            }
        }
        Err(StorageFault::new(ErrorKind::StoreBusy, &path).into())
    }

    fn make_folder(&self) -> Result<()> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, self.access.of_folder());
        let made = builder.create(&self.folder);
        made.map_err(|fault| StorageFault::writing(&self.folder, fault).into())
    }

    /// Lets nobody but those with access read or write a file that is made.
    fn closed<'o>(&self, options: &'o mut OpenOptions) -> &'o mut OpenOptions {
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(options, self.access.of_file());
        options
    }

    /// Gives a file that was made to the group of the folder, when that group may write there;
    /// whoever makes the file would otherwise lock the others out. Elsewhere it keeps the access of
    /// the state that is there, and its owner when root writes.
    #[cfg(unix)]
    fn share(&self, file: &File) -> io::Result<()> {
        use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
        const WRITES: u32 = 0o030;
        let (folder, found) = (fs::metadata(&self.folder)?, file.metadata()?);
        let (group, mode) = if folder.mode() & WRITES == WRITES {
            (folder.gid(), 0o660)
        } else if let Ok(state) = fs::metadata(&self.path) {
            if found.uid() == 0 && state.uid() != 0 {
                fchown(file, Some(state.uid()), None)?;
            }
            (state.gid(), state.mode() & 0o060 | 0o600)
        } else {
            return Ok(());
        };
        // Who is no member of the group cannot share with it, and keeps the file.
        if found.gid() != group && fchown(file, None, Some(group)).is_err() {
            return Ok(());
        }
        if found.mode() & 0o777 == mode {
            return Ok(());
        }
        match file.set_permissions(fs::Permissions::from_mode(mode)) {
            // Only who made the lock may change it, and did.
            Err(fault) if fault.kind() == io::ErrorKind::PermissionDenied => Ok(()),
            changed => changed,
        }
    }

    #[cfg(not(unix))]
    fn share(&self, _: &File) -> io::Result<()> {
        Ok(())
    }

    pub(crate) fn beside(&self, ending: &str) -> PathBuf {
        let mut name = self.path.clone().into_os_string();
        name.push(".");
        name.push(ending);
        name.into()
    }

    fn fault(&self, kind: ErrorKind) -> StorageFault {
        StorageFault::new(kind, &self.path)
    }
}

/// Makes a rename last; elsewhere than on Unix a folder cannot be synced.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Tries again what Windows refuses with one of `faults` while another program has the file open.
fn while_held<R>(tries: u32, faults: &[i32], act: impl Fn() -> io::Result<R>) -> io::Result<R> {
    let is_held = |fault: &io::Error| {
        cfg!(windows) && fault.raw_os_error().is_some_and(|number| faults.contains(&number))
    };
    for _ in 1..tries {
        match act() {
            Err(fault) if is_held(&fault) => thread::sleep(LOCK_PAUSE),
            done => return done,
        }
    }
    act()
}

#[cfg(windows)]
#[cfg(test)]
mod tests {
    use std::{
        cell::{Cell, RefCell},
        os::windows::fs::OpenOptionsExt,
    };

    use super::*;

    const SHARED_FOR_NOTHING: u32 = 0;
    const SHARED_FOR_READING: u32 = 1;

    fn scanner(path: &Path, shared: u32) -> File {
        OpenOptions::new().read(true).share_mode(shared).open(path).unwrap()
    }

    /// What comes of `act`, and how often it was refused, beside a scanner that lets go of the file
    /// when it was refused twice.
    fn scanned<R>(path: &Path, shared: u32, act: impl Fn() -> io::Result<R>) -> (R, u32) {
        let (scanner, refused) = (RefCell::new(Some(scanner(path, shared))), Cell::new(0_u32));
        let done = while_held(HELD_TRIES_MAX, &[ACCESS_DENIED, SHARING_VIOLATION], || {
            act().inspect_err(|_| {
                refused.set(refused.get().saturating_add(1));
                if refused.get() == 2 {
                    scanner.take();
                }
            })
        });
        (done.unwrap(), refused.get())
    }

    #[test]
    fn a_file_that_a_scanner_holds_for_a_moment_is_tried_again() {
        let folder = tempfile::tempdir().unwrap();
        let (path, fresh) = (folder.path().join("state"), folder.path().join("state.new"));
        fs::write(&path, "old").unwrap();
        fs::write(&fresh, "new").unwrap();
        let read = scanned(&path, SHARED_FOR_NOTHING, || fs::read(&path));
        assert_eq!(read, (b"old".to_vec(), 2));
        let replaced = scanned(&path, SHARED_FOR_READING, || fs::rename(&fresh, &path));
        assert_eq!((replaced, fs::read(&path).unwrap()), (((), 2), b"new".to_vec()));
    }

    #[test]
    fn a_state_that_a_scanner_keeps_to_itself_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let product = "editor".parse().unwrap();
        let file = StateFile::new(folder.path(), &product, Access::Owner);
        let state = file.open(&product, || Ok([7; 32])).unwrap();
        let kept = scanner(file.path(), SHARED_FOR_NOTHING);
        let fault = file.open(&product, || Ok([8; 32])).unwrap_err();
        assert_eq!(fault.kind(), ErrorKind::StoreUnavailable);
        drop(kept);
        assert_eq!(file.open(&product, || Ok([8; 32])).unwrap(), state);
    }
}
