//! `Options`: where a client keeps its state, and what it takes from its surroundings.

use std::path::{Path, PathBuf};

use mlicense_core::{
    code::CodeFormat,
    host_binding::{Fact, FactKind, HostClass, HostFacts},
    id::{CustomerId, VendorId},
    time::Day,
};

use crate::{Clock, Entropy, SystemClock, SystemEntropy, error::Result, facts, place::Place};

/// The longest grace over a state that cannot be reached, in seconds: 72 hours.
pub const FAULT_GRACE_SECONDS_MAX: u64 = 72 * 3600;

/// How to open a [`Client`](crate::Client).
///
/// ```
/// use mlicense_host::Options;
/// let in_a_container = Options::folder("/data/licence").declared_id("pbx-paris-1");
/// let on_a_desktop = Options::system("example".parse()?).built_on("2026-05-20".parse()?);
/// # Ok::<(), mlicense_core::error::Refusal>(())
/// ```
#[derive(Debug)]
pub struct Options {
    pub(crate) place: Place,
    pub(crate) clock: Box<dyn Clock>,
    pub(crate) entropy: Box<dyn Entropy>,
    pub(crate) built_on: Option<Day>,
    pub(crate) customer: Option<CustomerId>,
    pub(crate) fault_grace: u64,
    pub(crate) number_format: Option<CodeFormat>,
    facts: Option<HostFacts>,
    declared_id: Option<String>,
}

impl Options {
    /// Keeps the state in one file in this folder, which is made when it is missing.
    ///
    /// The file holds the installation's private key and may be read by its owner only.
    #[must_use]
    pub fn folder(path: impl Into<PathBuf>) -> Self {
        Self::at(Place::Folder(path.into()))
    }

    /// Keeps the state where the system keeps such things.
    ///
    /// That is one place for the whole machine, `/var/lib/PRODUCT` or
    /// `C:\ProgramData\VENDOR\PRODUCT`, in a file that the group of the folder may read; or, where
    /// that is not open to the user, one of the user's own, `~/.local/state/PRODUCT` or
    /// `AppData\Local\VENDOR\PRODUCT`, in a file that nobody else may read. A state that is there
    /// comes first, the machine's before the user's.
    #[must_use]
    pub fn system(vendor: VendorId) -> Self {
        Self::at(Place::System(vendor))
    }

    /// Takes the state from the caller, who keeps it: what [`Client::state`](crate::Client::state)
    /// gave, or nothing to make a new installation.
    ///
    /// The bytes hold the installation's private key. They are to be taken out and kept again after
    /// every request, every accepted document and, for the evidence about time, now and then.
    #[must_use]
    pub fn bytes(state: Vec<u8>) -> Self {
        Self::at(Place::Bytes(state))
    }

    /// Keeps the state in memory: each opening makes a new installation that holds nothing.
    #[must_use]
    pub fn stateless() -> Self {
        Self::at(Place::Memory)
    }

    fn at(place: Place) -> Self {
        Self {
            place,
            clock: Box::new(SystemClock),
            entropy: Box::new(SystemEntropy),
            built_on: None,
            customer: None,
            fault_grace: 0,
            number_format: None,
            facts: None,
            declared_id: None,
        }
    }

    /// Says when the program was built: licences for versions up to a day ask for it, and no clock
    /// can be right that says it is earlier.
    #[must_use]
    pub fn built_on(self, day: Day) -> Self {
        Self { built_on: Some(day), ..self }
    }

    /// Says whose installation this is: licences that name another customer, or none, are refused.
    #[must_use]
    pub fn customer(self, customer: CustomerId) -> Self {
        Self { customer: Some(customer), ..self }
    }

    /// Lets every feature run as grace for so many seconds when the state cannot be reached at the
    /// opening, at most [`FAULT_GRACE_SECONDS_MAX`]; 0, the usual, lets the opening fail.
    ///
    /// For programs that must not stop over a disk that was not mounted. What cannot be reached may
    /// hold no licence at all, so whoever takes the state away gains as much at every start. A
    /// state that is damaged, or of another product or version, is told in any case.
    #[must_use]
    pub fn fault_grace(self, seconds: u64) -> Self {
        Self { fault_grace: seconds.min(FAULT_GRACE_SECONDS_MAX), ..self }
    }

    /// Says that the product uses registration numbers of this form: what is typed is checked
    /// before it is sent, and a coupon needs a number (S-MK-32).
    #[must_use]
    pub fn number_format(self, format: CodeFormat) -> Self {
        Self { number_format: Some(format), ..self }
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

    /// Takes random bytes from another source than the system's: the installation's private key is
    /// made of them, and every request has some.
    #[must_use]
    pub fn entropy(self, entropy: impl Entropy + 'static) -> Self {
        Self { entropy: Box::new(entropy), ..self }
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
