//! What this machine shows of itself.
//!
//! Readers only open files or ask the system; they start no program and need no rights. What is
//! absent or cannot be read is left out and, where that makes a difference, named as unreadable: a
//! fact is never an empty string.

mod firmware;
mod linux;
#[cfg(any(test, target_os = "macos"))]
mod macos;
#[cfg(any(test, windows))]
mod windows;

use std::path::Path;

use mlicense_core::host_binding::HostFacts;

use crate::Uptime;

/// Reads the facts of the machine whose file system is mounted at `root`: `/` for this one.
///
/// On Linux that is a tree of files; on Windows and macOS `/` is what the system says of itself. On
/// other systems nothing is found; give [`Options::facts`] or [`Options::declared_id`] there.
///
/// [`Options::facts`]: crate::Options::facts
/// [`Options::declared_id`]: crate::Options::declared_id
#[must_use]
pub fn read(root: &Path) -> HostFacts {
    #[cfg(windows)]
    if root == Path::new("/") {
        return windows::of_this_machine();
    }
    #[cfg(target_os = "macos")]
    if root == Path::new("/") {
        return macos::of_this_machine();
    }
    linux::read(root)
}

/// Reads for how long the machine has been up whose file system is mounted at `root`; on Windows
/// `/` cannot tell, and anybody could make a folder `proc` there.
pub(crate) fn uptime(root: &Path) -> Option<Uptime> {
    if cfg!(windows) && root == Path::new("/") { None } else { linux::uptime(root) }
}
