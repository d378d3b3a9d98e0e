//! A PostgreSQL server of this process's own: a temporary folder, a private socket, and no port
//! but where a test asks for one.

use std::{
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    sync::{
        Mutex, OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

use postgres::{Client, NoTls};

use super::tell;

/// Makes a server and stops it when its input ends, which comes with the end of this process.
const GUARD: &str = include_str!("../../../../tools/postgres-server");

/// The server of this process.
pub(crate) struct Server {
    folder: PathBuf,
    port: u16,
    admin: Mutex<Client>,
    databases: AtomicU32,
    /// Its input ends with this process.
    _guard: Child,
}

impl Server {
    /// The server, started by the first test that asks; none where PostgreSQL is not installed.
    pub(crate) fn of_this_process() -> Option<&'static Self> {
        static SERVER: OnceLock<Option<Server>> = OnceLock::new();
        SERVER.get_or_init(|| programs().map(|folder| Self::start(&folder, ("", 5432)))).as_ref()
    }

    /// Another server, which can be reached by a port of this machine too.
    pub(crate) fn with_port() -> Option<Self> {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        programs().map(|folder| Self::start(&folder, ("127.0.0.1", free)))
    }

    /// How to connect to a new, empty database.
    pub(crate) fn fresh_database(&self) -> String {
        let name = format!("vendor_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.admin.lock().unwrap().batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
        self.database(&name)
    }

    /// How to connect to a database of this name.
    pub(crate) fn database(&self, name: &str) -> String {
        let port = if self.port == 5432 { String::new() } else { format!(" port={}", self.port) };
        format!("host={} user=ledger dbname={name}{port}", self.folder.display())
    }

    /// Its port.
    pub(crate) const fn port(&self) -> u16 {
        self.port
    }

    /// The folder of the server's socket.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    fn start(programs: &Path, (address, port): (&str, u16)) -> Self {
        let mut guard = unprivileged()
            .args(["sh", "-c", GUARD, "sh"])
            .arg(programs)
            .args([address, &port.to_string()])
            .current_dir("/tmp")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(guard.stdout.take().unwrap());
        let folder = PathBuf::from(socket(&mut said));
        let mut config = postgres::Config::new();
        config.host_path(&folder).port(port).user("ledger").dbname("postgres");
        let admin = Mutex::new(config.connect(NoTls).unwrap());
        Self { folder, port, admin, databases: AtomicU32::new(0), _guard: guard }
    }
}

fn socket(said: &mut BufReader<ChildStdout>) -> String {
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    if let Some(folder) = line.trim_end().strip_prefix("socket ") {
        return folder.to_owned();
    }
    said.read_to_string(&mut line).unwrap();
    panic!("PostgreSQL does not start: {line}");
}

/// The folder of `initdb` and `postgres`, of the newest version installed.
pub(crate) fn programs() -> Option<PathBuf> {
    let asked = Command::new("pg_config").arg("--bindir").output().ok();
    let asked = asked.map(|output| PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let version = |path: &PathBuf| -> Option<u32> {
        path.parent()?.file_name()?.to_string_lossy().parse().ok()
    };
    let mut found: Vec<PathBuf> = debian.map(|entry| entry.path().join("bin")).collect();
    found.sort_by_key(version);
    let complete = |folder: &PathBuf| {
        ["initdb", "postgres", "pg_isready"].iter().all(|program| folder.join(program).is_file())
    };
    let found = asked.into_iter().chain(found.into_iter().rev()).find(complete);
    if found.is_none() {
        tell("PostgreSQL: not installed, SQLite only");
    }
    found
}

/// A command line to be completed; the server refuses to run as root. It is a process group of its
/// own: interrupting the tests from a terminal must leave it the time to clean up.
pub(crate) fn unprivileged() -> Command {
    let mut command = if id(&["-u"]).as_deref() == Some("0") {
        let user = if id(&["-u", "postgres"]).is_some() { "postgres" } else { "nobody" };
        let group = id(&["-g", user]).unwrap();
        let mut command = Command::new("setpriv");
        command.arg(format!("--reuid={user}")).arg(format!("--regid={group}"));
        command.args(["--clear-groups", "--"]);
        command
    } else {
        Command::new("env")
    };
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command
}

fn id(arguments: &[&str]) -> Option<String> {
    let output = Command::new("id").args(arguments).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
