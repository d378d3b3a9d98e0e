//! Files generated from the crates, and where the committed ones differ.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::Path,
};

/// Lines of a difference that are shown of either side.
const SHOWN_LINES_MAX: usize = 20;

/// What one command generates. Paths are relative to the root of the workspace.
#[derive(Debug)]
pub(crate) enum Generated {
    /// One file.
    File {
        /// Where it stands.
        path: &'static str,
        /// Its text.
        text: String,
    },
    /// A folder that holds nothing else.
    Folder {
        /// Where it stands.
        path: &'static str,
        /// The text of every file, by name.
        files: BTreeMap<String, String>,
    },
    /// Files of a folder that holds others too.
    Files {
        /// Where the folder stands.
        path: &'static str,
        /// The text of every file, by name.
        files: BTreeMap<String, String>,
    },
}

impl Generated {
    /// The path of the file or folder.
    pub(crate) const fn place(&self) -> &'static str {
        match self {
            Self::File { path, .. } | Self::Folder { path, .. } | Self::Files { path, .. } => path,
        }
    }

    /// Path and text of every file.
    fn files(&self) -> Vec<(String, &str)> {
        match self {
            Self::File { path, text } => vec![((*path).to_owned(), text)],
            Self::Folder { path, files } | Self::Files { path, files } => {
                files.iter().map(|(name, text)| (format!("{path}/{name}"), text.as_str())).collect()
            }
        }
    }

    /// Paths of files that stand in the folder and were not generated.
    fn strangers(&self, root: &Path) -> Result<Vec<String>, String> {
        let Self::Folder { path, files } = self else { return Ok(Vec::new()) };
        let told = |error: io::Error| format!("{path}: {error}");
        let entries = match fs::read_dir(root.join(path)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(told)?,
        };
        let mut strangers = BTreeSet::new();
        for entry in entries {
            let name = entry.map_err(told)?.file_name().to_string_lossy().into_owned();
            if !files.contains_key(&name) {
                strangers.insert(format!("{path}/{name}"));
            }
        }
        Ok(strangers.into_iter().collect())
    }

    /// Writes every file, removes strangers and answers with what was done.
    pub(crate) fn write(&self, root: &Path) -> Result<String, String> {
        for (path, text) in self.files() {
            let file = root.join(&path);
            let folder = file.parent().ok_or_else(|| format!("{path}: stands in no folder"))?;
            fs::create_dir_all(folder)
                .and_then(|()| fs::write(&file, text))
                .map_err(|error| format!("{path}: {error}"))?;
        }
        for path in self.strangers(root)? {
            fs::remove_file(root.join(&path)).map_err(|error| format!("{path}: {error}"))?;
        }
        Ok(format!("{} written", self.place()))
    }

    /// Everything in which the committed files are not as generated, one message each.
    pub(crate) fn faults(&self, root: &Path) -> Result<Vec<String>, String> {
        let mut faults = Vec::new();
        for (path, text) in self.files() {
            match fs::read_to_string(root.join(&path)) {
                Ok(committed) => faults.extend(difference(&path, &committed, text)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    faults.push(format!("{path} is missing"));
                }
                Err(error) => return Err(format!("{path}: {error}")),
            }
        }
        let strangers = self.strangers(root)?;
        faults.extend(strangers.iter().map(|path| format!("{path} is not generated any more")));
        Ok(faults)
    }
}

/// Says from which line on two texts differ, and how.
fn difference(path: &str, committed: &str, generated: &str) -> Option<String> {
    if committed == generated {
        return None;
    }
    let old: Vec<&str> = committed.split('\n').collect();
    let new: Vec<&str> = generated.split('\n').collect();
    let before = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let after = (old.iter().skip(before).rev())
        .zip(new.iter().skip(before).rev())
        .take_while(|(old, new)| old == new)
        .count();
    let mut shown = vec![format!("{path} differs from line {} on:", before.saturating_add(1))];
    for (sign, lines) in [('-', &old), ('+', &new)] {
        let count = lines.len().saturating_sub(before).saturating_sub(after);
        let middle = lines.iter().skip(before).take(count.min(SHOWN_LINES_MAX));
        shown.extend(middle.map(|line| format!("{sign} {line}")));
        if count > SHOWN_LINES_MAX {
            shown.push(format!("{sign} … of {count} lines"));
        }
    }
    Some(shown.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_do_not_differ() {
        assert_eq!(difference("a.h", "one\ntwo\n", "one\ntwo\n"), None);
    }

    #[test]
    fn a_difference_shows_the_lines_between_the_equal_ones() {
        let shown = difference("a.h", "one\ntwo\nthree\n", "one\n2\n2½\nthree\n");
        assert_eq!(shown.unwrap(), "a.h differs from line 2 on:\n- two\n+ 2\n+ 2½");
    }

    #[test]
    fn a_missing_line_or_final_newline_is_a_difference() {
        let shown = |old, new| difference("a.h", old, new).unwrap();
        assert_eq!(shown("one\none\n", "one\n"), "a.h differs from line 2 on:\n- one");
        assert_eq!(shown("one", "one\n"), "a.h differs from line 2 on:\n+ ");
        assert_eq!(shown("one\r\n", "one\n"), "a.h differs from line 1 on:\n- one\r\n+ one");
    }

    #[test]
    fn a_long_difference_is_cut_at_its_limit() {
        let lines = |count: usize| "x\n".repeat(count);
        let at_limit = difference("a.h", "", &lines(SHOWN_LINES_MAX)).unwrap();
        assert_eq!(at_limit.lines().count(), SHOWN_LINES_MAX + 1);
        let past_limit = difference("a.h", "", &lines(SHOWN_LINES_MAX + 1)).unwrap();
        assert!(past_limit.ends_with("+ … of 21 lines"), "{past_limit}");
    }

    #[test]
    fn what_is_written_has_no_faults_and_every_change_is_one() {
        let root = tempfile::tempdir().unwrap();
        let (root, folder) = (root.path(), "schema");
        let files = BTreeMap::from([("a.json".to_owned(), "{}\n".to_owned())]);
        let generated = Generated::Folder { path: folder, files };
        assert_eq!(generated.faults(root).unwrap(), ["schema/a.json is missing"]);

        generated.write(root).unwrap();
        assert_eq!(generated.faults(root).unwrap(), [""; 0]);

        fs::write(root.join("schema/a.json"), "[]\n").unwrap();
        fs::write(root.join("schema/b.json"), "{}\n").unwrap();
        let faults = generated.faults(root).unwrap();
        assert_eq!(faults.len(), 2);
        assert!(faults[0].starts_with("schema/a.json differs from line 1 on:"));
        assert_eq!(faults[1], "schema/b.json is not generated any more");

        generated.write(root).unwrap();
        assert_eq!(generated.faults(root).unwrap(), [""; 0]);
        assert!(!root.join("schema/b.json").exists());
    }
}
