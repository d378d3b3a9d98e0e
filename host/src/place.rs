//! Where a state is kept when the program names no folder.

use std::{
    env,
    path::{Path, PathBuf},
};

use mlicense_core::{
    error::{ErrorKind, Refusal},
    id::{ProductId, VendorId},
};

use crate::{
    error::{Error, Result},
    state::State,
    store::{Access, StateFile},
};

/// Where a client keeps its state.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    /// Nowhere: it ends with the client.
    Memory,
    /// With the caller, who gives what [`Client::state`](crate::Client::state) gave; nothing at
    /// first.
    Bytes(Vec<u8>),
    /// In a folder that the program names.
    Folder(PathBuf),
    /// Where the system keeps such things, for the products of this vendor.
    System(VendorId),
}

/// The folders of this system; tests bring others.
#[derive(Debug)]
pub(crate) struct Folders {
    /// For the whole machine.
    pub(crate) machine: PathBuf,
    /// The user's own, if there is a user.
    pub(crate) home: Option<PathBuf>,
}

impl Folders {
    /// Those of the system that this was compiled for. Where they are is fixed, but for the user's
    /// own.
    pub(crate) fn of_this_system() -> Self {
        let machine = match env::consts::OS {
            "windows" => r"C:\ProgramData",
            "macos" => "/Library/Application Support",
            _ => "/var/lib",
        };
        Self { machine: machine.into(), home: env::home_dir() }
    }

    /// The files to try, in this order.
    pub(crate) fn files(&self, vendor: &VendorId, product: &ProductId) -> Result<Vec<StateFile>> {
        let within = |folder: &Path| match env::consts::OS {
            "windows" | "macos" => folder.join(vendor.as_str()).join(product.as_str()),
            _ => folder.join(product.as_str()),
        };
        for (field, id) in [("vendor", vendor.as_str()), ("product", product.as_str())] {
            if matches!(id, "." | "..") {
                return Err(Refusal::new(ErrorKind::FieldInvalid)
                    .with("field", field)
                    .with("value", id)
                    .with("expected", "the name of a folder")
                    .into());
            }
        }
        let users = match env::consts::OS {
            "windows" => r"AppData\Local",
            "macos" => "Library/Application Support",
            _ => ".local/state",
        };
        let machine = StateFile::new(&within(&self.machine), product, Access::Group);
        let home = self.home.as_ref().filter(|home| home.is_absolute());
        let user =
            home.map(|home| StateFile::new(&within(&home.join(users)), product, Access::Owner));
        Ok([machine].into_iter().chain(user).collect())
    }

    /// Opens the state that is there: the machine's before the user's; or starts one, for the
    /// whole machine where that is allowed.
    pub(crate) fn open(
        &self,
        vendor: &VendorId,
        product: &ProductId,
        seed: impl Fn() -> Result<[u8; 32]>,
    ) -> Result<(StateFile, State)> {
        // A state that is there comes before a folder that could be made: the same at every run.
        let (there, missing): (Vec<_>, Vec<_>) =
            self.files(vendor, product)?.into_iter().partition(|file| file.path().exists());
        let mut closed = None;
        for file in there.into_iter().chain(missing) {
            match file.open(product, &seed) {
                Ok(state) => return Ok((file, state)),
                Err(fault) if is_closed(&fault) => closed = closed.or(Some(fault)),
                Err(fault) => return Err(fault),
            }
        }
        Err(closed.unwrap_or_else(|| Refusal::new(ErrorKind::Internal).into()))
    }
}

/// Whether a place is not open to this user, so that another may be.
pub(crate) fn is_closed(fault: &Error) -> bool {
    matches!(fault.kind(), ErrorKind::StoreReadOnly | ErrorKind::StoreUnavailable)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// The folders of a product below those of the machine and of a user, and the user's own.
    const PRODUCT: &str = match env::consts::OS.as_bytes() {
        b"windows" => r"example\editor",
        b"macos" => "example/editor",
        _ => "editor",
    };
    const USERS: &str = match env::consts::OS.as_bytes() {
        b"windows" => r"AppData\Local",
        b"macos" => "Library/Application Support",
        _ => ".local/state",
    };
    const STATE: &str = "mlicense-editor.state";

    fn folders(root: &Path) -> Folders {
        Folders { machine: root.join("var/lib"), home: Some(root.join("home/ann")) }
    }

    fn open(folders: &Folders) -> Result<(StateFile, State)> {
        let (vendor, product) = ("example".parse().unwrap(), "editor".parse().unwrap());
        folders.open(&vendor, &product, || Ok([7; 32]))
    }

    #[cfg(unix)]
    fn mode(path: &Path) -> u32 {
        std::os::unix::fs::PermissionsExt::mode(&fs::metadata(path).unwrap().permissions()) & 0o777
    }

    #[test]
    fn s_mk_01_a_state_is_kept_for_the_machine_readable_by_its_group() {
        let root = tempfile::tempdir().unwrap();
        let (file, _) = open(&folders(root.path())).unwrap();
        let expected = root.path().join("var/lib").join(PRODUCT).join(STATE);
        assert_eq!(file.path(), expected);
        #[cfg(unix)]
        assert_eq!((mode(&expected), mode(file.folder())), (0o640, 0o750));
        assert_eq!(open(&folders(root.path())).unwrap().0.path(), expected);
    }

    #[test]
    fn s_mk_01_where_the_machine_is_closed_a_state_is_kept_for_the_user() {
        let root = tempfile::tempdir().unwrap();
        // A file in place of the folder: closed even for root, who runs tests in containers.
        fs::create_dir_all(root.path().join("var")).unwrap();
        fs::write(root.path().join("var/lib"), "").unwrap();
        let (file, _) = open(&folders(root.path())).unwrap();
        let expected = root.path().join("home/ann").join(USERS).join(PRODUCT).join(STATE);
        assert_eq!(file.path(), expected);
        #[cfg(unix)]
        assert_eq!(mode(&expected), 0o600);
    }

    #[test]
    fn a_users_state_that_is_there_comes_before_one_for_the_machine_that_is_not() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("var")).unwrap();
        let blocker = root.path().join("var/lib");
        fs::write(&blocker, "").unwrap();
        let (users, _) = open(&folders(root.path())).unwrap();
        fs::remove_file(&blocker).unwrap();
        assert_eq!(open(&folders(root.path())).unwrap().0.path(), users.path());
    }

    #[test]
    fn a_damaged_state_is_told_and_not_passed_over() {
        let root = tempfile::tempdir().unwrap();
        let (file, _) = open(&folders(root.path())).unwrap();
        fs::write(file.path(), "damage").unwrap();
        assert_eq!(open(&folders(root.path())).unwrap_err().kind(), ErrorKind::StoreCorrupt);
    }

    #[test]
    fn without_any_open_place_the_machines_fault_is_told() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("var"), "").unwrap();
        let folders = Folders { home: None, ..folders(root.path()) };
        let fault = open(&folders).unwrap_err();
        let place = folders.machine.join(PRODUCT).display().to_string();
        assert!(is_closed(&fault) && fault.to_string().contains(&place), "{fault}");
    }

    #[test]
    fn a_product_that_is_no_name_of_a_folder_is_refused() {
        let folders = folders(Path::new("/nowhere"));
        let fault = folders.files(&"example".parse().unwrap(), &"..".parse().unwrap());
        assert_eq!(fault.unwrap_err().kind(), ErrorKind::FieldInvalid);
    }
}
