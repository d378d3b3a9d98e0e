//! Where an SQLite file may be: on a disk of this machine.
//!
//! The log of an SQLite file is shared through memory, which machines do not share; and locks of
//! network file systems have let two writers in at once.

use std::path::Path;

use mlicense_core::error::ErrorKind;

use crate::error::{Error, Result};

/// Refuses a file on a file system of a network, where that can be told: on Linux by the type of
/// the file system, on Windows by a path that leads to another machine, also under a letter.
///
/// File systems in user space cannot be told apart, some of which are of a network.
pub(super) fn check_local(path: &Path) -> Result<()> {
    let Some(system) = network(path) else { return Ok(()) };
    let detail = format!(
        "it is on a network ({system}), where files of SQLite get damaged: \
         take a disk of this machine, or PostgreSQL"
    );
    Err(Error::store(ErrorKind::StoreUnavailable, path, detail))
}

#[cfg(target_os = "linux")]
fn network(path: &Path) -> Option<&'static str> {
    // A file that is not there or cannot be asked about is told as such by whoever opens it.
    let found = rustix::fs::statfs(path).ok()?;
    // Types are 32 bits, kept in a number that has a sign on some machines.
    named(u64::try_from(i128::from(found.f_type) & 0xffff_ffff).ok()?)
}

/// The network file systems that Linux knows, by the numbers of statfs(2).
#[cfg(target_os = "linux")]
const fn named(magic: u64) -> Option<&'static str> {
    Some(match magic {
        0x6969 => "NFS",
        0xff53_4d42 | 0xfe53_4d42 | 0x517b => "SMB",
        0x5346_414f | 0x6b41_4653 => "AFS",
        0x00c3_6400 => "Ceph",
        0x7375_7245 => "Coda",
        0x564c => "NCP",
        0x4750_4653 => "GPFS",
        0x0bd0_0bd0 => "Lustre",
        0x0116_1970 => "GFS2",
        0x7461_636f => "OCFS2",
        0x1983_0326 => "BeeGFS",
        _ => return None,
    })
}

#[cfg(windows)]
fn network(path: &Path) -> Option<&'static str> {
    use std::path::{Component, Prefix};
    // The whole path names the server also where a letter stands for a share.
    let whole = std::fs::canonicalize(path).ok()?;
    match whole.components().next() {
        Some(Component::Prefix(prefix))
            if matches!(prefix.kind(), Prefix::UNC(..) | Prefix::VerbatimUNC(..)) =>
        {
            Some("a share")
        }
        _ => None,
    }
}

#[cfg(not(any(target_os = "linux", windows)))]
const fn network(_path: &Path) -> Option<&'static str> {
    None
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn file_systems_of_a_network_are_named_and_those_of_a_disk_are_not() {
        for (magic, name) in [(0x6969, "NFS"), (0xff53_4d42, "SMB"), (0xfe53_4d42, "SMB")] {
            assert_eq!(named(magic), Some(name));
        }
        // ext4, XFS, Btrfs, tmpfs, overlayfs, ZFS.
        for magic in [0xef53, 0x5846_5342, 0x9123_683e, 0x0102_1994, 0x794c_7630, 0x2fc1_2fc1] {
            assert_eq!(named(magic), None);
        }
    }

    #[test]
    fn a_disk_of_this_machine_is_taken() {
        check_local(tempfile::tempdir().unwrap().path()).unwrap();
        check_local(Path::new("/there/is/no/such/file")).unwrap();
    }
}
