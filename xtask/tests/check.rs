//! Runs `tools/check` on machines that lack something: a `PATH` with stand-ins for the tools.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    env, fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

/// What the script itself is written in.
const SHELL: [&str; 4] = ["bash", "dirname", "mktemp", "rm"];
const CC_WORKS: &str = "while [ $# -gt 0 ]; do [ \"$1\" = -o ] && out=$2; shift; done
    printf '#!/bin/sh\\nexit 0\\n' >\"$out\" && /bin/chmod +x \"$out\"";

/// A machine with only the tools that were put on it.
struct Machine(TempDir);

impl Machine {
    fn bare() -> Self {
        let machine = Self(tempfile::tempdir().unwrap());
        for tool in SHELL {
            symlink(find(tool), machine.0.path().join(tool)).unwrap();
        }
        machine
    }

    fn complete() -> Self {
        Self::bare()
            .with("cargo", "exit 0")
            .with("rustc", "echo 'rustc 1.95.0 (59807616e 2026-04-14)'")
            .with("cc", CC_WORKS)
            .with("make", "echo 'GNU Make 4.3'")
            .with("python3", "[ \"$1\" != --version ] || echo 'Python 3.10.0'")
    }

    /// Puts a tool on the machine, or another in its place.
    fn with(self, tool: &str, script: &str) -> Self {
        let path = self.0.path().join(tool);
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        self
    }

    fn without(self, tool: &str) -> Self {
        fs::remove_file(self.0.path().join(tool)).unwrap();
        self
    }

    /// Whether the check passes, and what it says.
    fn check(&self, tools: &[&str]) -> (bool, String) {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let output = Command::new(root.join("tools/check"))
            .args(tools)
            .env_clear()
            .env("PATH", self.0.path())
            .output()
            .unwrap();
        assert!(output.stdout.is_empty(), "faults go to standard error");
        (output.status.success(), String::from_utf8(output.stderr).unwrap())
    }

    fn fault(&self) -> String {
        let (passes, said) = self.check(&["cargo", "lint", "cc", "make", "python"]);
        assert!(!passes, "{said}");
        assert!(said.contains("Nothing was built."), "{said}");
        assert_eq!(said.matches("missing: ").count(), 1, "{said}");
        said
    }
}

fn find(tool: &str) -> PathBuf {
    let path = env::var_os("PATH").unwrap();
    env::split_paths(&path).map(|folder| folder.join(tool)).find(|path| path.exists()).unwrap()
}

#[test]
fn a_complete_machine_passes_in_silence() {
    let all = ["cargo", "lint", "cc", "make", "python"];
    assert_eq!(Machine::complete().check(&all), (true, String::new()));
}

#[test]
fn every_missing_tool_is_named_at_once_with_how_to_get_it() {
    let (passes, said) = Machine::bare().check(&["cargo", "lint", "cc", "make", "python"]);
    assert!(!passes);
    for tool in ["cargo", "rustc", "cc, a C compiler", "make", "python3"] {
        assert!(said.contains(&format!("missing: {tool}\n    ")), "{tool} in {said}");
    }
    for way in ["rustup", "apt-get install gcc libc6-dev", "apt-get install python3 python3-venv"] {
        assert!(said.contains(way), "{way} in {said}");
    }
}

#[test]
fn a_compiler_for_windows_is_named_with_its_package() {
    let (passes, said) = Machine::bare().check(&["windows"]);
    assert!(!passes && said.contains("apt-get install gcc-mingw-w64-x86-64"), "{said}");
}

#[test]
fn one_missing_tool_is_the_only_one_named() {
    for tool in ["cargo", "rustc", "cc", "make", "python3"] {
        let said = Machine::complete().without(tool).fault();
        assert!(said.starts_with(&format!("missing: {tool}")), "{said}");
    }
}

#[test]
fn only_the_tools_asked_for_are_looked_for() {
    let machine = Machine::complete().without("python3");
    assert_eq!(machine.check(&["cargo", "cc", "make"]), (true, String::new()));
    assert!(!machine.check(&["python"]).0);
    assert!(machine.check(&["perl"]).1.contains("does not know `perl`"));
}

#[test]
fn versions_are_compared_as_numbers() {
    let rust = |version: &str| {
        let said = format!("echo 'rustc {version} (59807616e 2026-04-14)'");
        Machine::complete().with("rustc", &said)
    };
    for recent in ["1.95.0", "1.95.0-nightly", "1.100.1", "2.0.0"] {
        assert_eq!(rust(recent).check(&["cargo"]), (true, String::new()), "{recent}");
    }
    for old in ["1.94.9", "1.9.0", "0.96.0", "unknown"] {
        let said = rust(old).fault();
        assert!(said.contains("rustc 1.95 or newer") && said.contains(old), "{said}");
    }
}

#[test]
fn an_old_python_or_one_without_venv_is_named() {
    let old = "[ \"$1\" != --version ] || echo 'Python 3.9.18'";
    let said = Machine::complete().with("python3", old).fault();
    assert!(said.contains("Python 3.10 or newer (found: 3.9.18)"), "{said}");

    let without_venv =
        "case \"$*\" in --version) echo 'Python 3.11.2' ;; *ensurepip*) exit 1 ;; esac";
    let said = Machine::complete().with("python3", without_venv).fault();
    assert!(said.contains("the module venv of python3"), "{said}");
    assert!(said.contains("apt-get install python3-venv"), "{said}");
}

#[test]
fn another_make_is_named() {
    let said = Machine::complete().with("make", "exit 2").fault();
    assert!(said.contains("GNU make 4.0 or newer (found: another make)"), "{said}");
    let said = Machine::complete().with("make", "echo 'GNU Make 3.81'").fault();
    assert!(said.contains("GNU make 4.0 or newer (found: 3.81)"), "{said}");
}

#[test]
fn a_compiler_without_headers_or_sanitizer_is_named() {
    let said = Machine::complete().with("cc", "exit 1").fault();
    assert!(said.contains("headers of the C library for cc"), "{said}");

    let unsanitized = format!("case \"$*\" in *sanitize*) exit 1 ;; esac\n{CC_WORKS}");
    let said = Machine::complete().with("cc", &unsanitized).fault();
    assert!(said.contains("AddressSanitizer for cc"), "{said}");
}

#[test]
fn cargo_without_its_lints_is_named() {
    for (part, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        let script = format!("[ \"$1\" != {part} ]");
        let said = Machine::complete().with("cargo", &script).fault();
        assert!(said.starts_with(&format!("missing: cargo {part}\n")), "{said}");
        assert!(said.contains(&format!("rustup component add {component}")), "{said}");
    }
}
