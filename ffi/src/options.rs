//! `mlicense_client_options`: where a client keeps its state, and what it takes from outside.

use std::{
    ffi::{c_char, c_void},
    sync::Arc,
};

use mlicense_core::{
    error::{ErrorKind, Refusal},
    host_binding::HostFacts,
};
use mlicense_host::Options;

use crate::{
    callback::{
        Calls, Context, Log, OwnClock, OwnEntropy, mlicense_clock, mlicense_entropy, mlicense_log,
    },
    error::Result,
    memory::{self, Extensible},
};

/// How to open a client. Set `size` to the size of the structure and what is not wanted to 0:
///
/// ```c
/// mlicense_client_options options = {.size = sizeof options, .state_folder = "/var/lib/editor"};
/// ```
///
/// Later versions may have further members at the end; an older library refuses those that are not
/// 0. Everything is read before mlicense_client_open() returns.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
#[expect(clippy::exhaustive_structs, reason = "its size tells versions apart")]
pub struct mlicense_client_options {
    /// `sizeof(mlicense_client_options)`.
    pub size: usize,
    /// The folder that keeps the installation's key and licences in one file; made when missing.
    /// With `state_folder`, `state` and `vendor` all NULL they are kept in memory: each opening makes
    /// a new installation that holds nothing.
    pub state_folder: *const c_char,
    /// Host facts in JSON in place of those of this machine, which NULL takes:
    /// `{"class": "bare_metal", "facts": [{"kind": "board_serial", "value": "PF0ABCDE"}]}`.
    pub host_facts: *const c_char,
    /// The length of `host_facts` in bytes, at most 64 KiB.
    pub host_facts_length: usize,
    /// An id of the host that its operator declares; containers are known by nothing else. NULL
    /// declares none.
    pub declared_id: *const c_char,
    /// The state as mlicense_client_state() gave it, for programs that keep it themselves; with a
    /// length of 0 a new installation is made. NULL takes none.
    pub state: *const c_char,
    /// The length of `state` in bytes, at most 2 MiB.
    pub state_length: usize,
    /// The vendor's id: keeps the state where the system keeps such things, for the whole machine
    /// where that is allowed and else for the user. NULL does not.
    pub vendor: *const c_char,
    /// The customer's id: licences that name another customer, or none, are refused. NULL takes
    /// those of any.
    pub customer: *const c_char,
    /// The day the program was built, such as "2026-05-20", for licences that cover versions up to a
    /// day; no clock can be right that says it is earlier. NULL does not say.
    pub built_on: *const c_char,
    /// For how many seconds every feature runs as grace when the state cannot be reached at the
    /// opening, at most 259200; 0 lets the opening fail.
    pub fault_grace_seconds: u64,
    /// The form of the vendor's registration numbers, such as "ACME-5x4": what is typed is checked
    /// before it is sent, and a coupon needs a number. NULL knows none.
    pub number_format: *const c_char,
    /// The program's own clock; NULL takes the system's.
    pub clock: mlicense_clock,
    /// What `clock` is called with.
    pub clock_context: *mut c_void,
    /// Takes what there is to log; NULL logs nothing. Checks are not logged.
    pub log: mlicense_log,
    /// What `log` is called with.
    pub log_context: *mut c_void,
    /// The program's own source of random bytes; NULL takes the system's.
    pub entropy: mlicense_entropy,
    /// What `entropy` is called with.
    pub entropy_context: *mut c_void,
}

/// What a caller's options say.
#[derive(Debug)]
pub(crate) struct Given {
    pub(crate) options: Options,
    pub(crate) calls: Arc<Calls>,
    pub(crate) log: Option<Arc<Log>>,
}

/// The largest state given, in bytes.
const STATE_BYTES_MAX: usize = 2 * 1024 * 1024;

// SAFETY: texts, lengths and functions, all of which may be 0, behind the size.
unsafe impl Extensible for mlicense_client_options {
    const FIRST: usize = size_of::<Self>();
}

impl mlicense_client_options {
    /// Reads the options of a caller; NULL takes the usual ones.
    ///
    /// # Safety
    /// `options` is NULL or points to as many bytes as its `size` says, and each pointer in it is
    /// NULL or points to what the member says.
    pub(crate) unsafe fn read(options: *const Self) -> Result<Given> {
        let calls = Arc::new(Calls::default());
        if options.is_null() {
            return Ok(Given { options: Options::stateless(), calls, log: None });
        }
        // SAFETY: the caller promises a structure that begins with its size.
        let given = unsafe { memory::sized(options, "options") }?;
        // SAFETY: the caller promises the same of the structure as of its copy.
        let options = unsafe { given.place() }?;
        // SAFETY: as above.
        let options = unsafe { given.fill(options) }?;
        let log = given.log.map(|write| {
            let (context, calls) = (Context(given.log_context), Arc::clone(&calls));
            Arc::new(Log { write, context, calls })
        });
        Ok(Given { options: given.surroundings(options, &calls), calls, log })
    }

    /// What the program's own functions do for the client.
    fn surroundings(&self, options: Options, calls: &Arc<Calls>) -> Options {
        let mut options = options;
        if let Some(now) = self.clock {
            let (context, calls) = (Context(self.clock_context), Arc::clone(calls));
            options = options.clock(OwnClock { now, context, calls });
        }
        if let Some(fill) = self.entropy {
            let (context, calls) = (Context(self.entropy_context), Arc::clone(calls));
            options = options.entropy(OwnEntropy { fill, context, calls });
        }
        options
    }

    /// Where the state is kept.
    ///
    /// # Safety
    /// Each pointer is NULL or points to what the member says.
    unsafe fn place(&self) -> Result<Options> {
        // SAFETY: the caller promises a text or NULL.
        let folder = unsafe { memory::optional_text(self.state_folder, "state_folder") }?;
        // SAFETY: the caller promises a text or NULL.
        let vendor = unsafe { memory::optional_text(self.vendor, "vendor") }?;
        let state = (self.state, self.state_length);
        // SAFETY: the caller promises as many bytes.
        let state = unsafe { memory::bytes(state, "state", STATE_BYTES_MAX) }?;
        match (folder, vendor, !self.state.is_null()) {
            (None, None, false) => Ok(Options::stateless()),
            (Some(folder), None, false) => Ok(Options::folder(folder)),
            (None, Some(vendor), false) => Ok(Options::system(vendor.parse()?)),
            (None, None, true) => Ok(Options::bytes(state.to_vec())),
            _ => {
                let refusal = Refusal::new(ErrorKind::FieldInvalid).with("field", "options");
                let expected = "one place for the state: a folder, the system's, or bytes";
                Err(refusal.with("value", "state").with("expected", expected).into())
            }
        }
    }

    /// What is taken from outside.
    ///
    /// # Safety
    /// Each pointer is NULL or points to what the member says.
    unsafe fn fill(&self, options: Options) -> Result<Options> {
        let (given, mut options) = (self, options.fault_grace(self.fault_grace_seconds));
        // SAFETY: the caller promises a text or NULL.
        let declared_id = unsafe { memory::optional_text(given.declared_id, "declared_id") }?;
        // SAFETY: the caller promises a text or NULL.
        let customer = unsafe { memory::optional_text(given.customer, "customer") }?;
        // SAFETY: the caller promises a text or NULL.
        let built_on = unsafe { memory::optional_text(given.built_on, "built_on") }?;
        // SAFETY: the caller promises a text or NULL.
        let number_format = unsafe { memory::optional_text(given.number_format, "number_format") }?;
        let facts = (given.host_facts, given.host_facts_length);
        // SAFETY: the caller promises as many bytes.
        let facts = unsafe { memory::bytes(facts, "host_facts", HostFacts::BYTES_MAX) }?;

        if let Some(customer) = customer {
            options = options.customer(customer.parse()?);
        }
        if let Some(format) = number_format {
            options = options.number_format(format.parse()?);
        }
        if let Some(day) = built_on {
            options = options.built_on(day.parse()?);
        }
        if !given.host_facts.is_null() {
            options = options.facts(HostFacts::from_json(facts)?);
        }
        Ok(declared_id.into_iter().fold(options, Options::declared_id))
    }
}

#[cfg(test)]
mod tests {
    use std::ptr;

    use super::*;

    /// A structure of a later version.
    #[repr(C)]
    struct Later {
        known: mlicense_client_options,
        unknown: usize,
    }

    fn later(size: usize, unknown: usize) -> Result<Options> {
        let known = mlicense_client_options {
            size,
            state_folder: ptr::null(),
            host_facts: ptr::null(),
            host_facts_length: 0,
            declared_id: ptr::null(),
            state: ptr::null(),
            state_length: 0,
            vendor: ptr::null(),
            customer: ptr::null(),
            built_on: ptr::null(),
            fault_grace_seconds: 0,
            number_format: ptr::null(),
            clock: None,
            clock_context: ptr::null_mut(),
            log: None,
            log_context: ptr::null_mut(),
            entropy: None,
            entropy_context: ptr::null_mut(),
        };
        let later = Later { known, unknown };
        // SAFETY: no size in these tests that is taken is larger than the structure.
        unsafe { mlicense_client_options::read((&raw const later).cast()) }
            .map(|given| given.options)
    }

    #[test]
    fn members_of_later_versions_are_taken_when_they_are_0() {
        let known = size_of::<mlicense_client_options>();
        for (size, unknown, taken) in [
            (known, 1, true),
            (size_of::<Later>(), 0, true),
            (size_of::<Later>(), 1, false),
            (known - 1, 0, false),
            (0, 0, false),
            (mlicense_client_options::LARGEST + 1, 0, false),
            (usize::MAX, 0, false),
        ] {
            let options = later(size, unknown);
            assert_eq!(options.is_ok(), taken, "{size} {unknown}");
            let kind = options.err().map(|fault| fault.into_refusal().kind());
            assert!(kind.is_none_or(|kind| kind == ErrorKind::FieldInvalid));
        }
    }
}
