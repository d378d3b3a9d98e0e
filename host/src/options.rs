//! `Options`: where a client keeps its state, and what it takes from its surroundings.

use std::path::{Path, PathBuf};

use mlicense_core::host_binding::{Fact, FactKind, HostClass, HostFacts};

use crate::{Clock, SystemClock, error::Result, facts};

/// How to open a [`Client`](crate::Client).
///
/// ```
/// use mlicense_host::Options;
/// let in_a_container = Options::folder("/data/licence").declared_id("pbx-paris-1");
/// ```
#[derive(Debug)]
pub struct Options {
    pub(crate) folder: Option<PathBuf>,
    pub(crate) clock: Box<dyn Clock>,
    facts: Option<HostFacts>,
    declared_id: Option<String>,
}

impl Options {
    /// Keeps the state in one file in this folder, which is made when it is missing.
    ///
    /// The file holds the installation's private key and may be read by its owner only.
    #[must_use]
    pub fn folder(path: impl Into<PathBuf>) -> Self {
        Self { folder: Some(path.into()), ..Self::stateless() }
    }

    /// Keeps the state in memory: each opening makes a new installation that holds nothing.
    #[must_use]
    pub fn stateless() -> Self {
        Self { folder: None, clock: Box::new(SystemClock), facts: None, declared_id: None }
    }

    /// Takes these facts instead of reading those of this machine.
    #[must_use]
    pub fn facts(self, facts: HostFacts) -> Self {
        Self { facts: Some(facts), ..self }
    }

    /// Declares an id of the host, such as the name of a container's volume; containers are
    /// enrolled by nothing else.
    #[must_use]
    pub fn declared_id(self, id: &str) -> Self {
        Self { declared_id: Some(id.to_owned()), ..self }
    }

    /// Takes the time from another clock than the system's.
    #[must_use]
    pub fn clock(self, clock: impl Clock + 'static) -> Self {
        Self { clock: Box::new(clock), ..self }
    }

    /// The facts given, or read, and the id declared.
    pub(crate) fn host_facts(&self) -> Result<HostFacts> {
        let found = self.facts.clone().unwrap_or_else(|| facts::read(Path::new("/")));
        let Some(id) = &self.declared_id else { return Ok(found) };
        let declared = Fact::new(FactKind::DeclaredId, id)?;
        if found.iter().next().is_none() {
            return Ok(HostFacts::new(HostClass::Declared, [declared]));
        }
        Ok(found.with(declared))
    }
}
