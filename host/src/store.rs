//! Where a state lives: in memory, or in one file that is replaced whole.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use mlicense_core::{error::ErrorKind, id::ProductId};

use crate::{
    error::{Error, Result, StorageFault},
    state::{STATE_BYTES_MAX, State, Unusable},
};

/// How often, and after which pause, a lock that another program holds is tried again: 5 seconds.
const LOCK_TRIES_MAX: u32 = 100;
const LOCK_PAUSE: Duration = Duration::from_millis(50);
/// How many damaged files are kept beside each other.
const SET_ASIDE_MAX: u32 = 99;

/// Where a state lives.
#[derive(Debug)]
pub(crate) enum Store {
    Memory,
    File(StateFile),
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
}

/// What a look at the file shows.
enum Found {
    Nothing,
    Whole(Box<State>),
    Damaged(String),
}

/// One file in a folder, and a lock beside it.
#[derive(Debug)]
pub(crate) struct StateFile {
    folder: PathBuf,
    path: PathBuf,
}

impl StateFile {
    /// Opens the state of a product in a folder, or starts one with the key that `seed` gives.
    pub(crate) fn open(
        folder: &Path,
        product: &ProductId,
        seed: impl FnOnce() -> Result<[u8; 32]>,
    ) -> Result<(Self, State)> {
        let path = folder.join(format!("mlicense-{product}.state"));
        let file = Self { folder: folder.to_owned(), path };
        // A whole state is read without the lock, so that a folder may be read-only.
        if let Found::Whole(state) = file.look(product)? {
            return Ok((file, *state));
        }
        file.make_folder()?;
        let _lock = file.lock()?;
        let state = match file.read(product)? {
            Some(state) => state,
            None => {
                let state = State::new(product.clone(), seed()?);
                file.write(&state)?;
                state
            }
        };
        Ok((file, state))
    }

    fn update<R>(
        &self,
        held: &State,
        change: impl FnOnce(&mut State) -> Result<R>,
    ) -> Result<(State, R)> {
        let _lock = self.lock()?;
        let stored = self.read(&held.product)?;
        if stored.as_ref().is_some_and(|stored| stored.seed != held.seed) {
            let detail = "another installation's state has taken its place";
            return Err(self.fault(ErrorKind::StoreCorrupt).with("detail", detail).into());
        }
        let mut state = stored.clone().unwrap_or_else(|| held.clone());
        let result = change(&mut state)?;
        if stored.as_ref() != Some(&state) {
            self.write(&state)?;
        }
        Ok((state, result))
    }

    /// Reads the state under the lock; a damaged one is set aside and reported (S-MK-76).
    fn read(&self, product: &ProductId) -> Result<Option<State>> {
        match self.look(product)? {
            Found::Nothing => Ok(None),
            Found::Whole(state) => Ok(Some(*state)),
            Found::Damaged(detail) => Err(self.set_aside(&detail)),
        }
    }

    /// Reads the state and leaves it as it is.
    fn look(&self, product: &ProductId) -> Result<Found> {
        let mut bytes = Vec::new();
        // One byte over the limit is enough to be told from a whole file.
        let limit = STATE_BYTES_MAX.saturating_add(1);
        match File::open(&self.path).and_then(|file| file.take(limit).read_to_end(&mut bytes)) {
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
        let bytes = state.to_bytes().map_err(io::Error::from);
        let fresh = self.beside("new");
        let written = bytes.and_then(|bytes| {
            let mut file =
                private(OpenOptions::new().write(true).create(true).truncate(true)).open(&fresh)?;
            file.write_all(&bytes)?;
            file.sync_all()?;
            fs::rename(&fresh, &self.path)?;
            sync_folder(&self.folder)
        });
        written.map_err(|fault| {
            // Best effort: the fault that matters is the first.
            let _ = fs::remove_file(&fresh);
            StorageFault::writing(&self.path, fault).into()
        })
    }

    fn lock(&self) -> Result<File> {
        let path = self.beside("lock");
        let file = private(OpenOptions::new().write(true).create(true).truncate(false))
            .open(&path)
            .map_err(|fault| StorageFault::writing(&path, fault))?;
        for _ in 0..LOCK_TRIES_MAX {
            match file.try_lock() {
                Ok(()) => return Ok(file),
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
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        let made = builder.create(&self.folder);
        made.map_err(|fault| StorageFault::writing(&self.folder, fault).into())
    }

    fn beside(&self, ending: &str) -> PathBuf {
        let mut name = self.path.clone().into_os_string();
        name.push(".");
        name.push(ending);
        name.into()
    }

    fn fault(&self, kind: ErrorKind) -> StorageFault {
        StorageFault::new(kind, &self.path)
    }
}

/// Lets only the owner read and write a file that is made.
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

/// Makes a rename last; elsewhere than on Unix a folder cannot be synced.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
