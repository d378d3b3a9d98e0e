//! `include/mlicense.h`, from the crate `ffi` by the settings in `ffi/cbindgen.toml`.
//!
//! cbindgen writes types first and functions in the order of the source; here they get chapters, one
//! for each file of the crate.

use std::{fs, path::Path};

use crate::generated::Generated;

/// What stands before the chapters, and after the introduction.
const CONTENTS: &str = "@CONTENTS@";
/// The last line before the types.
const MACROS: &str = "#define MLICENSE_MUST_USE\n#endif\n";
const TYPES: &str = "\n/**\n * @defgroup types Constants, classes and callbacks\n * @{\n */\n";
const EXTERN: &str = "#ifdef __cplusplus\nextern \"C\" {\n#endif // __cplusplus\n";

/// A file of the crate that exports functions.
struct Chapter {
    module: String,
    title: String,
    first: String,
}

/// Reads the crate and writes its C interface.
pub(crate) fn generate(root: &Path) -> Result<Generated, String> {
    let folder = root.join("ffi");
    let config = cbindgen::Config::from_file(folder.join("cbindgen.toml"))
        .map_err(|fault| format!("ffi/cbindgen.toml: {fault}"))?;
    let bindings = cbindgen::Builder::new()
        .with_crate(&folder)
        .with_config(config)
        .generate()
        .map_err(|error| format!("ffi: {error}"))?;
    let mut bytes = Vec::new();
    bindings.write(&mut bytes);
    let text = String::from_utf8(bytes).map_err(|error| format!("the header: {error}"))?;
    let text = with_chapters(&text, &chapters(&folder.join("src"))?)?;
    Ok(Generated::File { path: "include/mlicense.h", text })
}

/// The chapters in the order of `lib.rs`, which is that of the header.
fn chapters(source: &Path) -> Result<Vec<Chapter>, String> {
    let read = |name: &str| {
        fs::read_to_string(source.join(name)).map_err(|error| format!("ffi/src/{name}: {error}"))
    };
    let library = read("lib.rs")?;
    let modules =
        library.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    let mut chapters = Vec::new();
    for module in modules {
        let text = read(&format!("{module}.rs"))?;
        if let Some(first) = first_function(&text) {
            let title = title(&text).ok_or_else(|| format!("ffi/src/{module}.rs: no title"))?;
            let (module, first) = (module.to_owned(), first.to_owned());
            chapters.push(Chapter { module, title, first });
        }
    }
    Ok(chapters)
}

fn first_function(text: &str) -> Option<&str> {
    let (_, exported) = text.split_once("#[unsafe(no_mangle)]")?;
    let (_, named) = exported.split_once(" fn ")?;
    named.split_once('(').map(|(name, _)| name)
}

/// The first sentence about a module, without backticks and final stop.
fn title(text: &str) -> Option<String> {
    let lines = text.lines().map_while(|line| line.strip_prefix("//! "));
    let title = lines.collect::<Vec<_>>().join(" ").replace('`', "");
    Some(title.trim_end_matches('.').to_owned()).filter(|title| !title.is_empty())
}

/// Puts a heading before the first function of each chapter, and the list of them in front.
fn with_chapters(header: &str, chapters: &[Chapter]) -> Result<String, String> {
    let (types, functions) =
        header.split_once(EXTERN).ok_or("the header: no functions that C++ can call")?;
    let mut text = String::new();
    let mut list = String::new();
    let mut rest = functions;
    for (number, Chapter { module, title, first }) in (1..).zip(chapters) {
        let at = declared(rest, first);
        let at = at.ok_or_else(|| format!("the header: {first} is missing"))?;
        let comment = rest.get(..at).and_then(|before| before.rfind("\n/**\n"));
        let comment = comment.ok_or_else(|| format!("the header: {first} has no comment"))?;
        let (before, after) = rest.split_at(comment);
        let end = if number == 1 { "" } else { "\n/** @} */\n" };
        text +=
            &format!("{before}{end}\n/**\n * @defgroup {module} {number}. {title}\n * @{{\n */\n");
        list += &format!(" * {number}. {title}\n");
        rest = after;
    }
    let (last, end) = rest.split_once("#ifdef __cplusplus").ok_or("the header: no end")?;
    let types = types.replace(&format!(" * {CONTENTS}\n"), &list);
    let (head, types) = types.rsplit_once(MACROS).ok_or("the header: no macros")?;
    let types = format!("{head}{MACROS}{TYPES}{types}/** @}} */\n\n");
    Ok(format!("{types}{EXTERN}{text}{last}/** @}} */\n\n#ifdef __cplusplus{end}"))
}

/// Where a function is declared, and not only spoken of.
fn declared(text: &str, function: &str) -> Option<usize> {
    let called = format!("{function}(");
    text.match_indices(&called).map(|(at, _)| at).find(|at| {
        let before = text.get(..*at).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        line.ends_with([' ', '*']) && !line.starts_with(" *")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chapter(module: &str, first: &str) -> Chapter {
        let (module, first) = (module.to_owned(), first.to_owned());
        Chapter { title: format!("About {module}"), module, first }
    }

    #[test]
    fn chapters_begin_before_their_first_function_and_are_listed() {
        let header = format!(
            "/*\n * @CONTENTS@\n */\n{MACROS}\n{EXTERN}\n/**\n * One.\n */\nint one(void);\n\n\
             /**\n * Two.\n */\nconst char *two(void);\n\n#ifdef __cplusplus\n}}\n"
        );
        let text = with_chapters(&header, &[chapter("a", "one"), chapter("b", "two")]).unwrap();
        assert!(text.starts_with("/*\n * 1. About a\n * 2. About b\n */\n"), "{text}");
        let group = "\n/** @} */\n\n/**\n * @defgroup b 2. About b\n * @{\n */\n\n/**\n * Two.\n";
        assert!(text.contains(group), "{text}");
        assert!(text.ends_with("\n/** @} */\n\n#ifdef __cplusplus\n}\n"), "{text}");
        assert!(with_chapters(&header, &[chapter("a", "three")]).is_err());
    }

    #[test]
    fn a_title_is_the_first_paragraph_of_a_module() {
        let text = "//! `x`: what\n//! it is.\n//!\n//! More.\n\n#[unsafe(no_mangle)]\n\
                    pub unsafe extern \"C\" fn mlicense_x_free(x: u8) {}\n";
        assert_eq!(title(text).unwrap(), "x: what it is");
        assert_eq!(first_function(text).unwrap(), "mlicense_x_free");
        assert_eq!(first_function("//! None.\n"), None);
    }
}
