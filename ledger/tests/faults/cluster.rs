//! PostgreSQL servers that a test stops, copies and promotes: in a temporary folder, on private
//! sockets, without a port.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use crate::support::{
    server::{programs, unprivileged},
    tell,
};

/// Makes a folder, says which, and waits for the end of its input, which comes with the end of the
/// process that holds it. Then it stops all servers there and takes the folder away.
const GUARD: &str = r#"
set -eu
folder=$(mktemp -d /tmp/mlicense-cluster-XXXXXX)
finish() {
    for data in "$folder"/*/postmaster.pid; do
        [ ! -e "$data" ] || "$1/pg_ctl" stop --mode=immediate --silent --pgdata="${data%/*}" || true
    done
    rm -rf "$folder"
}
trap 'finish "$1"' EXIT
trap '' PIPE
trap 'exit 1' HUP INT TERM
echo "$folder"
exec >/dev/null 2>&1
cat
"#;

/// Some servers, each under a name.
pub(crate) struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    /// Its input ends with this process.
    _guard: Child,
}

impl Cluster {
    /// None where PostgreSQL is not installed, or not all of it.
    pub(crate) fn new() -> Option<Self> {
        let programs = programs()?;
        if let Some(missing) =
            ["pg_ctl", "pg_basebackup"].iter().find(|name| !programs.join(name).is_file())
        {
            tell(&format!("PostgreSQL: without {missing}, servers are not taken away"));
            return None;
        }
        let mut guard = unprivileged()
            .args(["sh", "-c", GUARD, "sh"])
            .arg(&programs)
            .current_dir("/tmp")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(guard.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Some(Self { programs, folder: line.trim_end().into(), _guard: guard })
    }

    /// Makes an empty server, with settings as in its file of them, and starts it.
    pub(crate) fn make(&self, name: &str, settings: &str) {
        let options = ["--username=ledger", "--auth=trust", "--encoding=UTF8", "--locale=C"];
        let mut command = self.program("initdb");
        command.args(options).arg("--no-sync").arg("--pgdata").arg(self.data(name));
        run(command);
        self.set(name, settings);
        self.start(name);
    }

    /// Makes a copy that follows the first server, and starts it.
    pub(crate) fn follow(&self, first: &str, name: &str) {
        let mut command = self.program("pg_basebackup");
        let from = format!("host={} user=ledger application_name={name}", self.socket(first));
        command.args([
            "--write-recovery-conf",
            "--no-sync",
            "--checkpoint=fast",
            "--dbname",
            &from,
        ]);
        command.arg("--pgdata").arg(self.data(name));
        run(command);
        self.start(name);
    }

    pub(crate) fn start(&self, name: &str) {
        let socket = PathBuf::from(self.socket(name));
        if !socket.is_dir() {
            let mut command = unprivileged();
            command.arg("mkdir").arg(&socket);
            run(command);
        }
        let options = format!("-k {} -c listen_addresses=", socket.display());
        let mut command = self.control("start", name);
        command.arg("--log").arg(self.folder.join(format!("{name}.log")));
        command.args(["--options", &options]);
        run(command);
    }

    /// Stops a server as a crash does.
    pub(crate) fn crash(&self, name: &str) {
        let mut command = self.control("stop", name);
        command.arg("--mode=immediate");
        run(command);
    }

    /// Makes a server that followed another the first.
    pub(crate) fn promote(&self, name: &str) {
        run(self.control("promote", name));
    }

    /// Adds settings, which hold from the next start or reload on.
    pub(crate) fn set(&self, name: &str, settings: &str) {
        let mut command = unprivileged();
        command.args(["sh", "-c", "printf '%s\n' \"$1\" >>\"$2\"", "sh", settings]);
        command.arg(self.data(name).join("postgresql.conf"));
        run(command);
    }

    pub(crate) fn reload(&self, name: &str) {
        run(self.control("reload", name));
    }

    /// How to connect to a server.
    pub(crate) fn connection(&self, name: &str) -> String {
        format!("host={} user=ledger dbname=postgres", self.socket(name))
    }

    pub(crate) fn client(&self, name: &str) -> postgres::Client {
        postgres::Client::connect(&self.connection(name), postgres::NoTls).unwrap()
    }

    fn data(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn socket(&self, name: &str) -> String {
        self.folder.join(format!("{name}.socket")).display().to_string()
    }

    fn control(&self, what: &str, name: &str) -> Command {
        let mut command = self.program("pg_ctl");
        command.args([what, "--wait", "--silent", "--pgdata"]).arg(self.data(name));
        command
    }

    fn program(&self, name: &str) -> Command {
        let mut command = unprivileged();
        command.arg::<&Path>(&self.programs.join(name)).current_dir("/tmp");
        command
    }
}

/// Runs a program that has to succeed. A server it leaves running has closed what it was given.
fn run(mut command: Command) {
    let output = command.stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{command:?}: {output:?}");
}
