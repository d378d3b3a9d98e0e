//! Stands between a ledger and its server and breaks the connection in the middle of a commit.

use std::{
    io::{Read, Write},
    mem,
    os::unix::net::{UnixListener, UnixStream},
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    thread,
};

use tempfile::TempDir;

const SOCKET: &str = ".s.PGSQL.5432";
/// A simple query `COMMIT` as it goes over the wire.
const COMMIT: &[u8] = b"Q\0\0\0\x0bCOMMIT\0";

/// What happens to the next commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Commit {
    /// It passes.
    Pass,
    /// The server commits and its answer is lost.
    LoseAnswer,
    /// It never reaches the server.
    Lose,
    /// The connection is lost, and the server may still be about to commit when others come.
    Late,
}

/// A socket that leads to the server.
#[derive(Debug)]
pub(crate) struct Proxy {
    folder: TempDir,
    fate: Arc<Mutex<Fate>>,
}

#[derive(Debug)]
struct Fate {
    server: PathBuf,
    commit: Commit,
    /// Whether new connections are let in after a commit was lost.
    reachable_after: bool,
    reachable: bool,
}

impl Proxy {
    pub(crate) fn new(server: &Path) -> Self {
        let folder = tempfile::tempdir_in("/tmp").unwrap();
        let listener = UnixListener::bind(folder.path().join(SOCKET)).unwrap();
        let fate = Fate {
            server: server.join(SOCKET),
            commit: Commit::Pass,
            reachable_after: true,
            reachable: true,
        };
        let fate = Arc::new(Mutex::new(fate));
        let shared = Arc::clone(&fate);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let shared = Arc::clone(&shared);
                thread::spawn(move || pass(client, &shared));
            }
        });
        Self { folder, fate }
    }

    /// The folder of its socket.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Decides on the next commit, and whether the server can be reached after it was lost.
    pub(crate) fn next_commit(&self, commit: Commit, reachable_after: bool) {
        let mut fate = self.fate.lock().unwrap();
        (fate.commit, fate.reachable_after) = (commit, reachable_after);
    }

    /// Lets connections through again.
    pub(crate) fn restore(&self) {
        self.fate.lock().unwrap().reachable = true;
    }
}

/// Passes what the two say to each other, until one hangs up or a commit is lost.
fn pass(mut client: UnixStream, fate: &Mutex<Fate>) {
    let path = {
        let fate = fate.lock().unwrap();
        if !fate.reachable {
            return;
        }
        fate.server.clone()
    };
    let mut server = UnixStream::connect(path).unwrap();
    let (mut from_server, mut to_client) =
        (server.try_clone().unwrap(), client.try_clone().unwrap());
    let answers = thread::spawn(move || {
        let _ = std::io::copy(&mut from_server, &mut to_client);
        let _ = to_client.shutdown(std::net::Shutdown::Both);
    });
    let mut buffer = [0; 65536];
    while let Ok(length @ 1..) = client.read(&mut buffer) {
        let message = &buffer[..length];
        if message.ends_with(COMMIT) && lose(fate, &client, &mut server, message) {
            break;
        }
        if server.write_all(message).is_err() {
            break;
        }
    }
    let _ = server.shutdown(std::net::Shutdown::Both);
    answers.join().unwrap();
}

/// Loses this commit if it is to be lost; unless it is late, the server is done with it before
/// anybody notices.
fn lose(fate: &Mutex<Fate>, client: &UnixStream, server: &mut UnixStream, commit: &[u8]) -> bool {
    let mut fate = fate.lock().unwrap();
    let lost = mem::replace(&mut fate.commit, Commit::Pass);
    if lost == Commit::Pass {
        return false;
    }
    fate.reachable = fate.reachable_after;
    // Nobody else is let in meanwhile.
    let _closed = (lost != Commit::Late).then_some(fate);
    if lost != Commit::Lose {
        client.shutdown(std::net::Shutdown::Write).unwrap();
        server.write_all(commit).unwrap();
        // `Terminate`: the server hangs up when it has done what came before.
        server.write_all(b"X\0\0\0\x04").unwrap();
        // Hung up on before, it could find that out before it comes to the commit.
        let _ = std::io::copy(server, &mut std::io::sink());
    }
    true
}
