//! Programs of two users of the system on one state.
//!
//! Changing the user takes rights that only root has. Where a test is run by another user it says
//! so and shows nothing.
#![cfg(unix)]

use std::{
    env, fs,
    io::ErrorKind,
    os::unix::{
        fs::{MetadataExt, PermissionsExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Command, Output},
    thread,
};

use mlicense_core::document::RequestKind;
use mlicense_host::{Client, Options};

use crate::support::*;

const NOON: &str = "2026-03-01T12:00:00Z";
/// What another process is to do, and with which folder.
const TASK: &str = "MLICENSE_TEST_TASK";
const FOLDER: &str = "MLICENSE_TEST_FOLDER";

/// A user and the group that shares a state.
#[derive(Clone, Copy)]
struct User {
    id: u32,
    group: u32,
}

const SHARING: u32 = 60_100;
const ANN: User = User { id: 60_001, group: SHARING };
const BOB: User = User { id: 60_002, group: SHARING };
const EVE: User = User { id: 60_003, group: 60_003 };

/// A folder that every user may enter, with a copy of this program in it.
struct Stage {
    root: tempfile::TempDir,
    program: PathBuf,
}

impl Stage {
    /// None, said aloud, where this is not root.
    fn new() -> Option<Self> {
        let root = tempfile::tempdir().unwrap();
        if fs::metadata(root.path()).unwrap().uid() != 0 {
            #[expect(clippy::print_stderr, reason = "what was left out is to be seen")]
            {
                eprintln!("not root: this test shows nothing");
            }
            return None;
        }
        fs::set_permissions(root.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let program = root.path().join("program");
        fs::copy(env::current_exe().unwrap(), &program).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        Some(Self { root, program })
    }

    fn folder(&self, owner: User, mode: u32) -> PathBuf {
        let folder = self.root.path().join("state");
        fs::create_dir(&folder).unwrap();
        chown(&folder, Some(owner.id), Some(owner.group)).unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(mode)).unwrap();
        folder
    }

    fn run(&self, user: User, task: &str, folder: &Path) -> Output {
        let mut command = Command::new(&self.program);
        command.args(["--exact", "sharing::does_what_another_process_was_asked", "--nocapture"]);
        command.env(TASK, task).env(FOLDER, folder).current_dir(self.root.path());
        command.uid(user.id).gid(user.group);
        loop {
            // A process that another test just started may still hold the copy open for writing.
            match command.output() {
                Err(fault) if fault.kind() == ErrorKind::ExecutableFileBusy => thread::yield_now(),
                output => return output.unwrap(),
            }
        }
    }

    #[track_caller]
    fn does(&self, user: User, task: &str, folder: &Path) {
        let output = self.run(user, task, folder);
        let (told, failed) = (text(&output.stdout), text(&output.stderr));
        assert!(output.status.success(), "{task} by {}: {told} {failed}", user.id);
        assert!(told.contains(&format!("done: {task}")), "{task} by {}: {told}", user.id);
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn open(folder: &Path) -> Result<Client, String> {
    let options = Options::folder(folder).facts(machine("D1", "B1"));
    Client::open(product(), &roots(), options).map_err(|fault| fault.to_string())
}

/// Nothing when the tests are run; a task when one of them runs this program anew.
#[test]
fn does_what_another_process_was_asked() {
    let (Some(task), Some(folder)) = (env::var_os(TASK), env::var_os(FOLDER)) else { return };
    let (task, folder) = (task.into_string().unwrap(), Path::new(&folder));
    let (verb, serial) = task.split_once(' ').unwrap_or((&task, ""));
    match verb {
        "accept" => {
            let license = issue(&numbered(serial, NOON));
            let accepted = open(folder).unwrap().accept_at(license.as_bytes(), at(NOON)).unwrap();
            assert!(accepted.changed);
        }
        "check" => assert!(open(folder).unwrap().check_at("editor", at(NOON)).allowed()),
        "ask" => {
            let request = ask(&mut open(folder).unwrap(), RequestKind::Refresh, NOON);
            assert_eq!(request.fields().epoch.unwrap().to_string(), serial);
        }
        "not_accept" => {
            let license = issue(&numbered(serial, NOON));
            let fault = open(folder).unwrap().accept_at(license.as_bytes(), at(NOON)).unwrap_err();
            assert_eq!(fault.kind().name(), "STORE_READ_ONLY");
        }
        "not_open" => {
            let fault = open(folder).unwrap_err();
            assert!(fault.contains("ermission denied"), "{fault}");
        }
        _ => panic!("no task {task}"),
    }
    #[expect(clippy::print_stdout, reason = "read by the process that asked")]
    {
        println!("done: {task}");
    }
}

#[test]
fn two_users_who_may_write_in_a_folder_take_turns_in_one_state() {
    let Some(stage) = Stage::new() else { return };
    let folder = stage.folder(ANN, 0o770);
    stage.does(ANN, "accept L-1", &folder);
    stage.does(BOB, "check", &folder);
    stage.does(BOB, "accept L-2", &folder);
    stage.does(ANN, "accept L-3", &folder);
    for (number, user) in [ANN, BOB, ANN, BOB].into_iter().enumerate() {
        stage.does(user, &format!("ask {}", number + 1), &folder);
    }
    assert_eq!(open(&folder).unwrap().licenses().count(), 3);
    let file = fs::metadata(folder.join("mlicense-editor.state")).unwrap();
    assert_eq!((file.mode() & 0o777, file.uid(), file.gid()), (0o660, BOB.id, SHARING));
    stage.does(EVE, "not_open", &folder);
}

#[test]
fn a_user_whose_own_group_is_another_gives_the_state_to_that_of_the_folder() {
    let Some(stage) = Stage::new() else { return };
    let folder = stage.folder(ANN, 0o770);
    // Root is in no group of theirs, and may give a file to any.
    open(&folder).unwrap().accept_at(issue(&year()).as_bytes(), at(NOON)).unwrap();
    stage.does(ANN, "check", &folder);
    stage.does(BOB, "accept L-2", &folder);
}

#[test]
fn a_user_who_may_only_read_is_licensed_and_writes_nothing() {
    let Some(stage) = Stage::new() else { return };
    let folder = stage.folder(ANN, 0o770);
    stage.does(ANN, "accept L-1", &folder);
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o750)).unwrap();
    let file = folder.join("mlicense-editor.state");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    fs::set_permissions(
        folder.join("mlicense-editor.state.lock"),
        fs::Permissions::from_mode(0o640),
    )
    .unwrap();
    stage.does(BOB, "check", &folder);
    stage.does(BOB, "not_accept L-2", &folder);
    stage.does(ANN, "accept L-2", &folder);
    stage.does(BOB, "check", &folder);
}

#[test]
fn a_folder_of_ones_own_is_shared_with_nobody() {
    let Some(stage) = Stage::new() else { return };
    let folder = stage.folder(ANN, 0o755);
    stage.does(ANN, "accept L-1", &folder);
    let file = fs::metadata(folder.join("mlicense-editor.state")).unwrap();
    assert_eq!(file.mode() & 0o777, 0o600);
    stage.does(BOB, "not_open", &folder);
    stage.does(EVE, "not_open", &folder);
}

#[test]
fn root_who_writes_in_a_folder_of_a_user_leaves_the_state_to_the_user() {
    let Some(stage) = Stage::new() else { return };
    let folder = stage.folder(ANN, 0o700);
    stage.does(ANN, "accept L-1", &folder);
    open(&folder).unwrap().accept_at(issue(&year()).as_bytes(), at(NOON)).unwrap();
    stage.does(ANN, "accept L-2", &folder);
}

#[test]
fn users_who_write_at_once_lose_nothing() {
    let Some(stage) = Stage::new() else { return };
    let folder = stage.folder(ANN, 0o770);
    thread::scope(|scope| {
        for n in 0..8 {
            let (stage, folder) = (&stage, &folder);
            let user = if n % 2 == 0 { ANN } else { BOB };
            scope.spawn(move || stage.does(user, &format!("accept L-{n}"), folder));
        }
    });
    assert_eq!(open(&folder).unwrap().licenses().count(), 8);
}
