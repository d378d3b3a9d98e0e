//! `Switch`: whether a part of the host program is on, and who switched it off.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Decision;
use crate::error::{ErrorKind, Refusal};

/// Whether a module of the host program is on; kept by the program beside its settings.
///
/// What a lost licence switched off comes back by itself; what the user switched off does not.
///
/// ```
/// use mlicense_core::decision::Switch;
/// assert_eq!(Switch::On.following(false), Switch::DisabledByLicense);
/// assert_eq!(Switch::DisabledByLicense.following(true), Switch::On);
/// assert_eq!(Switch::DisabledByUser.following(true), Switch::DisabledByUser);
/// assert_eq!("DisabledByUser".parse(), Ok(Switch::DisabledByUser));
/// assert!("off".parse::<Switch>().is_err());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[expect(clippy::exhaustive_enums, reason = "a new reason must stop callers from compiling")]
pub enum Switch {
    /// The module runs.
    #[default]
    On,
    /// The licence does not allow it.
    DisabledByLicense,
    /// The user does not want it, whatever the licence allows.
    DisabledByUser,
}

impl Switch {
    /// The word by which programs keep it, as in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::On => "On",
            Self::DisabledByLicense => "DisabledByLicense",
            Self::DisabledByUser => "DisabledByUser",
        }
    }

    /// The switch after a check that did or did not allow the module.
    #[must_use]
    pub const fn following(self, allowed: bool) -> Self {
        match (self, allowed) {
            (Self::DisabledByUser, _) => Self::DisabledByUser,
            (Self::On | Self::DisabledByLicense, true) => Self::On,
            (Self::On | Self::DisabledByLicense, false) => Self::DisabledByLicense,
        }
    }

    /// The switch after a decision about the module's feature.
    #[must_use]
    pub fn after(self, decision: &Decision) -> Self {
        self.following(decision.allowed())
    }

    /// Whether the module runs.
    #[must_use]
    pub const fn is_on(self) -> bool {
        matches!(self, Self::On)
    }
}

impl FromStr for Switch {
    type Err = Refusal;

    /// Reads the word of [`Switch::as_str`].
    ///
    /// # Errors
    /// [`ErrorKind::FieldInvalid`] for any other.
    fn from_str(word: &str) -> Result<Self, Refusal> {
        let known = [Self::On, Self::DisabledByLicense, Self::DisabledByUser];
        known.into_iter().find(|switch| switch.as_str() == word).ok_or_else(|| {
            let shown: String = word.chars().take(64).collect();
            Refusal::new(ErrorKind::FieldInvalid)
                .with("field", "switch")
                .with("value", shown)
                .with("expected", "`On`, `DisabledByLicense` or `DisabledByUser`")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_is_that_of_json_and_no_other_is_read() {
        for switch in [Switch::On, Switch::DisabledByLicense, Switch::DisabledByUser] {
            assert_eq!(serde_json::to_value(switch).unwrap(), switch.as_str());
            assert_eq!(switch.as_str().parse(), Ok(switch));
        }
        for word in ["", "on", "On ", "DisabledByVendor"] {
            let refusal = word.parse::<Switch>().unwrap_err();
            assert_eq!(refusal.kind(), ErrorKind::FieldInvalid, "{word}");
        }
    }

    #[test]
    fn s_mk_66_a_module_without_its_licence_is_off_with_the_reason_and_comes_back_by_itself() {
        let lost = Switch::On.following(false);
        assert_eq!(serde_json::to_string(&lost).unwrap(), r#""DisabledByLicense""#);
        assert_eq!(lost.following(false), lost);
        assert!(!lost.is_on() && lost.following(true).is_on());
    }

    #[test]
    fn s_mk_67_a_module_that_the_user_switched_off_stays_off_when_its_licence_returns() {
        let off = Switch::DisabledByUser;
        assert_eq!(off.following(false).following(true), Switch::DisabledByUser);
    }
}
