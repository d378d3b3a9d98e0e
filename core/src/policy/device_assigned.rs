//! The scheme of assigned licences: one device, one licence.

use serde::{Deserialize, Serialize};

use super::LicenseDuration;

/// Settings of licences that are assigned to devices by name.
///
/// In JSON every member may be left out and then has its usual value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "settings, made with ..Default::default()")]
pub struct DeviceAssignedPolicy {
    /// How long a licence lasts. Usually perpetual.
    pub duration: LicenseDuration,
    /// Whether a free licence goes to an unlicensed device by itself. Usually so.
    pub automatic: bool,
}

impl Default for DeviceAssignedPolicy {
    fn default() -> Self {
        Self { duration: LicenseDuration::Perpetual, automatic: true }
    }
}
