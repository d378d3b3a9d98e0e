//! Names the shared library after the version of its interface, as loaders look for it.

/// The one place where the version stands.
const SOURCE: &str = include_str!("src/version.rs");

fn main() {
    println!("cargo::rerun-if-changed=src/version.rs");
    let version = SOURCE.split_once("MLICENSE_ABI_VERSION: u32 = ");
    let version = version.and_then(|(_, rest)| rest.split(';').next()).unwrap_or_default();
    if std::env::var_os("CARGO_CFG_TARGET_OS").is_some_and(|system| system == "linux") {
        println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libmlicense.so.{version}");
    }
}
