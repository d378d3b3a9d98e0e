//! `include/mlicense.h`, from the crate `ffi` by the settings in `ffi/cbindgen.toml`.

use std::path::Path;

use crate::generated::Generated;

/// Reads the crate and writes its C interface.
pub(crate) fn generate(root: &Path) -> Result<Generated, String> {
    let folder = root.join("ffi");
    let config = cbindgen::Config::from_file(folder.join("cbindgen.toml"))
        .map_err(|fault| format!("ffi/cbindgen.toml: {fault}"))?;
    let bindings = cbindgen::Builder::new()
        .with_crate(folder)
        .with_config(config)
        .generate()
        .map_err(|error| format!("ffi: {error}"))?;
    let mut bytes = Vec::new();
    bindings.write(&mut bytes);
    let text = String::from_utf8(bytes).map_err(|error| format!("the header: {error}"))?;
    Ok(Generated::File { path: "include/mlicense.h", text })
}
