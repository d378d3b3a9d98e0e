//! Reading under a root that may be another than `/`.

use std::{
    fs,
    io::{ErrorKind, Read},
    path::{Path, PathBuf},
};

/// What came of reading one file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// Not there.
    Absent,
    /// There, but not to be read by this program.
    Unreadable,
    /// Its contents; bytes that are not UTF-8 are replaced.
    Text(String),
}

impl Reading {
    pub(super) fn into_text(self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text),
            Self::Absent | Self::Unreadable => None,
        }
    }
}

/// A tree of files; every path given is relative to its root.
#[derive(Debug)]
pub(super) struct Place {
    root: PathBuf,
}

impl Place {
    /// The most that is read of one file, in bytes; what follows is left.
    const FILE_BYTES_MAX: u64 = 64 * 1024;
    /// The most entries looked at in one folder.
    const NAMES_MAX: usize = 1000;

    pub(super) fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    pub(super) fn text(&self, path: impl AsRef<Path>) -> Reading {
        self.bytes(path.as_ref(), |bytes| String::from_utf8_lossy(bytes).into_owned())
    }

    /// The unit serial number of a SCSI disk: vital product data, page 80, behind four bytes.
    pub(super) fn page_80(&self, path: &Path) -> Reading {
        self.bytes(path, |bytes| {
            String::from_utf8_lossy(bytes.get(4..).unwrap_or_default()).into_owned()
        })
    }

    pub(super) fn exists(&self, path: impl AsRef<Path>) -> bool {
        self.root.join(path).exists()
    }

    pub(super) fn says(&self, path: &Path, text: &str) -> bool {
        self.text(path).into_text().is_some_and(|found| found.trim() == text)
    }

    /// Whether the device behind a path of `/sys` hangs on a USB bus.
    pub(super) fn is_plugged_in(&self, path: &Path) -> bool {
        let on_usb = |path: PathBuf| {
            path.components().any(|part| part.as_os_str().to_string_lossy().starts_with("usb"))
        };
        let below_root = |path: PathBuf| path.strip_prefix(&self.root).map(Path::to_owned).ok();
        let device = |path: PathBuf| path.parent().map(Path::to_owned);
        // The last part is the name of the device, which may well be `usb0`.
        let real = self.root.join(path).canonicalize().ok();
        real.and_then(below_root).and_then(device).is_some_and(on_usb)
    }

    /// The names in a folder, sorted; none when it cannot be read.
    pub(super) fn names(&self, path: &str) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.root.join(path)) else { return Vec::new() };
        let names = entries.take(Self::NAMES_MAX).filter_map(|entry| {
            entry.ok().map(|entry| entry.file_name().to_string_lossy().into_owned())
        });
        let mut names: Vec<String> = names.collect();
        names.sort_unstable();
        names
    }

    fn bytes(&self, path: &Path, text: impl Fn(&[u8]) -> String) -> Reading {
        let mut contents = Vec::new();
        let read = fs::File::open(self.root.join(path))
            .and_then(|file| file.take(Self::FILE_BYTES_MAX).read_to_end(&mut contents));
        match read {
            Ok(_) => Reading::Text(text(&contents)),
            Err(fault) if fault.kind() == ErrorKind::NotFound => Reading::Absent,
            Err(fault) if fault.kind() == ErrorKind::NotADirectory => Reading::Absent,
            Err(_) => Reading::Unreadable,
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A tree of files in a folder of its own.
    #[derive(Debug)]
    pub(in crate::facts::linux) struct Tree {
        _folder: tempfile::TempDir,
        root: PathBuf,
    }

    impl Tree {
        pub(in crate::facts::linux) fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let root = folder.path().canonicalize().unwrap();
            Self { _folder: folder, root }
        }

        pub(in crate::facts::linux) fn file(self, path: &str, contents: &str) -> Self {
            let path = self.root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, contents).unwrap();
            self
        }

        #[cfg(unix)]
        pub(in crate::facts::linux) fn link(&self, from: &str, to: &str) {
            std::os::unix::fs::symlink(self.root.join(to), self.root.join(from)).unwrap();
        }

        pub(in crate::facts::linux) fn root(&self) -> &Path {
            &self.root
        }
    }

    #[test]
    fn a_file_is_read_up_to_its_limit() {
        let tree = Tree::new().file("long", &"a".repeat(70_000));
        let text = Place::new(tree.root()).text("long").into_text().unwrap();
        assert_eq!(text.len(), 65_536);
    }
}
