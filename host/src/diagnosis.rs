//! `Diagnosis`: what can be read, written and reached.

use mlicense_core::{
    error::{ErrorKind, Language, Refusal, RefusalView},
    evidence::{Present, Verdict},
    host_binding::HostFacts,
    id::ProductId,
    time::Instant,
};
use serde::Serialize;

use crate::{
    Options,
    error::Error,
    place::{Folders, Place},
    store::{Access, Found, StateFile},
};

/// Tries to reach an address as the program does, with its settings for proxies, and tells which way
/// it went, such as past the proxy, or what went wrong; nothing where there is nothing to tell.
pub type Probe<'a> = &'a mut dyn FnMut(&str) -> Result<String, String>;

/// What is found where a state may be made.
const NONE_YET: &str = "none yet";

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Part {
    /// Where the state is kept.
    State,
    /// What the host shows of itself.
    Facts,
    /// The clock, and what is known of the time.
    Clock,
    /// The licences and the key ring held.
    Documents,
    /// An address that the program wants to reach.
    Network,
}

/// One thing that was looked at.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Finding {
    /// What it is about.
    pub part: Part,
    /// Which one: a path, an address, or the part itself.
    pub subject: String,
    /// What is wrong with it, and what can be done; none when nothing is.
    pub problem: Option<Refusal>,
    /// What was found, in English, for whoever helps.
    pub detail: String,
}

/// What can be read, written and reached.
///
/// A state that cannot be reached, a number that is wrong and a network that is down are three
/// things: the first is a finding of the part [`Part::State`], the last of [`Part::Network`] with
/// the name `NETWORK`, and the second is no finding at all but what the vendor answers.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Diagnosis {
    /// What was looked at, in a fixed order.
    pub findings: Vec<Finding>,
}

/// Looks at what a client would need, without opening one: when it cannot be opened, this says why.
///
/// Nothing is made or changed, but for an empty file that is tried out and removed.
///
/// # Errors
/// [`ErrorKind::FieldInvalid`] for a declared id that tells no hosts apart, or for ids that are no
/// names of folders.
///
/// ```
/// use mlicense_host::{Options, diagnose};
/// let options = Options::folder("/proc/nowhere");
/// let diagnosis = diagnose(&"editor".parse()?, &options, &[], &mut |_| Ok(String::new()))?;
/// let problems: Vec<_> = diagnosis.problems().map(|problem| problem.name).collect();
/// assert!(problems.iter().any(|name| name.starts_with("STORE_")));
/// assert!(!problems.contains(&"NO_LICENSE"));
/// # Ok::<(), mlicense_host::Error>(())
/// ```
pub fn diagnose(
    product: &ProductId,
    options: &Options,
    addresses: &[&str],
    probe: Probe<'_>,
) -> Result<Diagnosis, Error> {
    let mut diagnosis = Diagnosis::default();
    match &options.place {
        Place::Memory => diagnosis.note_memory(),
        Place::Bytes(bytes) => diagnosis.look_at_bytes(bytes, product),
        Place::Folder(folder) => {
            let file = StateFile::new(folder, product, Access::Owner);
            diagnosis.look_at_file(&file, product);
        }
        Place::System(vendor) => {
            let files = Folders::of_this_system().files(vendor, product)?;
            diagnosis.look_at_first_open(&files, product);
        }
    }
    diagnosis.look_at_facts(&options.host_facts()?);
    diagnosis.look_at_clock(Present::by(options.clock.now()), None);
    diagnosis.reach(addresses, probe);
    Ok(diagnosis)
}

impl Diagnosis {
    /// What is wrong, in English.
    pub fn problems(&self) -> impl Iterator<Item = RefusalView> {
        self.findings.iter().filter_map(|finding| finding.problem.as_ref().map(Refusal::view))
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_well(&self) -> bool {
        self.problems().next().is_none()
    }

    /// Whether a state was looked for and there is none, so that opening a client would make a new
    /// installation.
    #[must_use]
    pub fn is_new(&self) -> bool {
        let none = |finding: &Finding| finding.part == Part::State && finding.detail == NONE_YET;
        self.findings.iter().any(none)
    }

    /// The diagnosis as JSON, with what is wrong in the language given: `{"findings": [{"part":
    /// "network", "subject": "lic.example.com:443", "problem": {"number": 10710, …}, …}]}`.
    #[must_use]
    pub fn explain(&self, language: Language) -> String {
        #[derive(Serialize)]
        struct Told<'a> {
            part: Part,
            subject: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            problem: Option<RefusalView>,
            detail: &'a str,
        }
        #[derive(Serialize)]
        struct All<'a> {
            findings: Vec<Told<'a>>,
        }
        let findings = self.findings.iter().map(|finding| Told {
            part: finding.part,
            subject: &finding.subject,
            problem: finding.problem.as_ref().map(|problem| problem.view_in(language)),
            detail: &finding.detail,
        });
        serde_json::to_string(&All { findings: findings.collect() }).unwrap_or_default()
    }

    pub(crate) fn note_memory(&mut self) {
        self.note(Part::State, "memory", Ok("kept in memory, or by the program".into()));
    }

    pub(crate) fn note_out_of_reach(&mut self, fault: ErrorKind) {
        let detail = "it could not be reached when the client was opened";
        let problem = Refusal::new(fault).with("store", "the state").with("detail", detail);
        self.note(Part::State, "state", Err(problem));
    }

    fn look_at_bytes(&mut self, bytes: &[u8], product: &ProductId) {
        let found = if bytes.is_empty() {
            Ok(NONE_YET.into())
        } else {
            crate::state::State::given(bytes, product).map(|_| "whole".into())
        };
        self.note(Part::State, "bytes", found);
    }

    /// Looks at the file that a client would take: one that is there, else the first that is open;
    /// when none is, at all of them.
    fn look_at_first_open(&mut self, files: &[StateFile], product: &ProductId) {
        let look = |file| {
            let mut diagnosis = Self::default();
            diagnosis.look_at_file(file, product);
            diagnosis
        };
        let there = files.iter().find(|file| file.path().exists()).map(look);
        let open = || files.iter().map(look).find(Self::is_well);
        let looked = there.or_else(open).into_iter().collect::<Vec<_>>();
        let all = || files.iter().map(look).collect();
        let looked = if looked.is_empty() { all() } else { looked };
        self.findings.extend(looked.into_iter().flat_map(|diagnosis| diagnosis.findings));
    }

    /// Looks whether the state can be read, and whether another could be written beside it.
    pub(crate) fn look_at_file(&mut self, file: &StateFile, product: &ProductId) {
        let read = file.look(product).map(|found| match found {
            Found::Nothing => Ok(NONE_YET.to_owned()),
            Found::Whole(_) => Ok("can be read".to_owned()),
            Found::Damaged(detail) => Err(Refusal::new(ErrorKind::StoreCorrupt)
                .with("store", format_args!("`{}`", file.path().display()))
                .with("detail", detail)),
        });
        let read = read.unwrap_or_else(|fault| Err(fault.refusal().clone()));
        self.note(Part::State, &file.path().display().to_string(), read);
        let written = match file.try_writing() {
            Ok(true) => Ok("can be written".to_owned()),
            Ok(false) => Ok("will be made".to_owned()),
            Err(fault) => Err(fault.refusal().clone()),
        };
        self.note(Part::State, &file.folder().display().to_string(), written);
    }

    pub(crate) fn look_at_facts(&mut self, facts: &HostFacts) {
        let names = |kinds: Vec<&str>| {
            if kinds.is_empty() { "none".to_owned() } else { kinds.join(", ") }
        };
        let found = names(facts.iter().map(|fact| fact.kind().as_str()).collect());
        let unreadable = names(facts.unreadable().map(|kind| kind.as_str()).collect());
        let class = facts.class().as_str();
        let detail = format!("{class}; found: {found}; not to be read: {unreadable}");
        let shows_nothing = facts.iter().next().is_none();
        let nothing = || Err(ErrorKind::HostNotIdentifiable.into());
        self.note(Part::Facts, "facts", if shows_nothing { nothing() } else { Ok(detail) });
    }

    pub(crate) fn look_at_clock(&mut self, present: Present, fault: Option<Refusal>) {
        let Present { clock, mark, verdict, .. } = present;
        let found = if verdict == Verdict::Ok {
            Ok(format!("the clock says {clock}; confirmed: {mark}"))
        } else {
            Err(Refusal::new(ErrorKind::ClockUntrusted).with("clock", clock).with("mark", mark))
        };
        self.note(Part::Clock, "clock", found);
        if let Some(fault) = fault {
            self.note(Part::Clock, "evidence", Err(fault));
        }
    }

    pub(crate) fn look_at_documents(
        &mut self,
        licenses: usize,
        list_due: Option<Instant>,
        notices: &[Refusal],
    ) {
        self.note(Part::Documents, "licences", Ok(format!("{licenses} held")));
        if let Some(due) = list_due {
            self.note(Part::Documents, "revocations", Ok(format!("the next list is due at {due}")));
        }
        for notice in notices {
            self.note(Part::Documents, "licences", Err(notice.clone()));
        }
    }

    /// Tries every address by itself (S-MK-03), and shows which way it was reached (S-MK-04).
    pub(crate) fn reach(&mut self, addresses: &[&str], probe: Probe<'_>) {
        for address in addresses {
            let told = |way: String| match way.as_str() {
                "" => "reached".to_owned(),
                way => format!("reached {way}"),
            };
            let reached = probe(address).map(told).map_err(|detail| {
                Refusal::new(ErrorKind::Network).with("address", address).with("detail", detail)
            });
            self.note(Part::Network, address, reached);
        }
    }

    fn note(&mut self, part: Part, subject: &str, found: Result<String, Refusal>) {
        let (problem, detail) = match found {
            Ok(detail) => (None, detail),
            Err(problem) => {
                let detail = problem.to_string();
                (Some(problem), detail)
            }
        };
        self.findings.push(Finding { part, subject: subject.to_owned(), problem, detail });
    }
}
