//! Which host a licence is bound to, and whether this is still it.
//!
//! A host is known by [`Fact`]s: serial numbers, identifiers, addresses. The vendor sees them only
//! as keyed digests ([`HashedFacts`]): pseudonyms, not a protection, for whoever knows the salt
//! can try likely values. A licence carries a [`MatchRule`]: the facts enrolled, a weight each and
//! a threshold; [`MatchRule::compare`] adds up the weights of those that the host still shows.
//! Facts are untrusted input: whoever rules the host can make them up.
//!
//! ```
//! use mlicense_core::host_binding::{Fact, FactKind, FactSalt, HostClass, HostFacts, MatchRule};
//!
//! let salt = FactSalt::new([7; 32]);
//! let host = |disk: &str| {
//!     let facts = [(FactKind::DmiUuid, "4c4c4544-0042"), (FactKind::DiskSerial, disk)];
//!     let facts = facts.into_iter().filter_map(|(kind, value)| Fact::new(kind, value).ok());
//!     HostFacts::new(HostClass::BareMetal, facts).hash(&salt)
//! };
//! let rule = MatchRule::enroll(&host("S1"))?;
//! assert!(rule.compare(&host("S1")).holds());
//! let new_disk = rule.compare(&host("S2"));
//! assert!(new_disk.holds());
//! assert_eq!(new_disk.changed, [FactKind::DiskSerial]);
//! assert!(Fact::new(FactKind::BoardSerial, "To be filled by O.E.M.").is_err());
//! # Ok::<(), mlicense_core::error::Refusal>(())
//! ```

mod digest;
mod fact;
mod facts;
mod matching;
mod rule;

pub use digest::{FACT_DIGEST_BYTES, FactDigest, FactSalt};
pub use fact::{FACT_BYTES_MAX, Fact, FactKind};
pub use facts::{FACTS_PER_KIND_MAX, HashedFact, HashedFacts, HostClass, HostFacts};
pub use matching::HostMatch;
pub use rule::MatchRule;
