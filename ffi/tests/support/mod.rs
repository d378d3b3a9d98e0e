//! Where the library is that C programs are linked with.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::{fs, os::unix::fs::symlink, path::PathBuf};

/// The folder of the tests, where the library stands beside them, also under the name that programs
/// look for when they start.
pub(crate) fn library() -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let folder = tests.parent().unwrap().to_owned();
    let name = format!("libmlicense.so.{}", mlicense::version::MLICENSE_ABI_VERSION);
    let link = folder.join(name);
    // Another test may make it at the same time.
    let made = symlink("libmlicense.so", &link);
    assert!(made.is_ok() || fs::symlink_metadata(&link).is_ok(), "{made:?}");
    folder
}
