//! `Session`, its id, and what its holder says.

use std::{collections::BTreeMap, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    base64url,
    error::{ErrorKind, Refusal, Result},
    id::FeatureId,
    time::Instant,
};

/// The most that a holder says about itself, in bytes, inclusive (S-MK-62).
pub const HOLDER_BYTES_MAX: usize = 1024;

/// 16 random bytes that name a session; whoever knows them may use and end it.
///
/// Text and JSON form: 22 characters of base64url without padding. `Debug` hides them.
///
/// ```
/// use mlicense_core::seat::SessionId;
/// let id = SessionId::from_entropy([7; 16]);
/// assert_eq!(id.to_string().parse::<SessionId>()?, id);
/// assert!("7".parse::<SessionId>().is_err());
/// # Ok::<(), mlicense_core::error::Refusal>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String"))]
pub struct SessionId([u8; 16]);

impl SessionId {
    /// Takes bytes from the operating system's source of randomness.
    #[must_use]
    pub const fn from_entropy(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base64url::encode(&self.0))
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionId")
    }
}

impl FromStr for SessionId {
    type Err = Refusal;

    /// # Errors
    /// [`ErrorKind::SessionUnknown`]: what has another form names no session that there could be.
    fn from_str(text: &str) -> Result<Self> {
        base64url::array(text).map(Self).ok_or_else(|| ErrorKind::SessionUnknown.into())
    }
}

impl TryFrom<String> for SessionId {
    type Error = Refusal;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<SessionId> for String {
    fn from(id: SessionId) -> Self {
        id.to_string()
    }
}

/// What a holder says about itself, such as the name of its host, for whoever looks who holds the
/// seats: at most [`HOLDER_BYTES_MAX`] bytes, which may be none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String"))]
pub struct Holder(Box<str>);

impl Holder {
    /// Takes what a holder says.
    ///
    /// # Errors
    /// [`ErrorKind::InputTooLarge`] for more than [`HOLDER_BYTES_MAX`] bytes;
    /// [`ErrorKind::FieldInvalid`] for a NUL, which no database takes.
    pub fn new(text: &str) -> Result<Self> {
        if text.contains('\0') {
            return Err(Refusal::new(ErrorKind::FieldInvalid)
                .with("field", "holder")
                .with("value", text.replace('\0', "…").chars().take(64).collect::<String>())
                .with("expected", "text without NUL"));
        }
        if text.len() <= HOLDER_BYTES_MAX {
            return Ok(Self(text.into()));
        }
        Err(Refusal::new(ErrorKind::InputTooLarge)
            .with("what", "holder")
            .with("size", text.len())
            .with("limit", HOLDER_BYTES_MAX))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Holder {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self> {
        Self::new(text)
    }
}

/// One holder with all that it captured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub(super) id: SessionId,
    pub(super) holder: Holder,
    pub(super) kept_at: Instant,
    pub(super) lease_seconds: Option<u32>,
    /// Each feature with its place in the order of all captures.
    pub(super) captured: BTreeMap<FeatureId, u64>,
}

impl Session {
    /// Takes a session as a store has kept it: when the last sign of life came, the lease from
    /// then on, and each feature captured with its place in the order of captures.
    #[must_use]
    pub const fn kept(
        id: SessionId,
        holder: Holder,
        (kept_at, lease_seconds): (Instant, Option<u32>),
        captured: BTreeMap<FeatureId, u64>,
    ) -> Self {
        Self { id, holder, kept_at, lease_seconds, captured }
    }

    /// Its id.
    #[must_use]
    pub const fn id(&self) -> SessionId {
        self.id
    }

    /// What its holder says about itself.
    #[must_use]
    pub const fn holder(&self) -> &Holder {
        &self.holder
    }

    /// When the last sign of life came.
    #[must_use]
    pub const fn kept_at(&self) -> Instant {
        self.kept_at
    }

    /// For how many seconds it lasts from then on; none when it does not end.
    #[must_use]
    pub const fn lease_seconds(&self) -> Option<u32> {
        self.lease_seconds
    }

    /// The first instant at which it is over, unless a sign of life comes before; none when it does
    /// not end.
    #[must_use]
    pub fn until(&self) -> Option<Instant> {
        self.lease_seconds.map(|seconds| self.kept_at.saturating_add(i64::from(seconds)))
    }

    /// What it captured, each with its place in the order of captures, on which depends who keeps
    /// a seat when a limit is lowered.
    pub fn captured(&self) -> impl Iterator<Item = (&FeatureId, u64)> {
        self.captured.iter().map(|(feature, place)| (feature, *place))
    }

    pub(super) fn is_open(&self, now: Instant) -> bool {
        self.until().is_none_or(|until| now < until)
    }
}
