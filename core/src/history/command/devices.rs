//! What is done to devices and their licences.

use serde::{Deserialize, Serialize};

use crate::{
    customer::Assignment,
    device::{DeviceDescription, DeviceProblem, DeviceState},
    id::{CustomerId, DeviceId, LicenseType, PlanId, ProductId},
};

/// Registers a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct RegisterDevice {
    /// The customer.
    pub customer: CustomerId,
    /// The product.
    pub product: ProductId,
    /// A new device id.
    pub device: DeviceId,
    /// The type of licence it needs.
    pub license_type: LicenseType,
    /// What is told of it.
    #[serde(default)]
    pub description: DeviceDescription,
}

/// Tells the state of a device (S-ST-43).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct ReportDevice {
    /// The customer.
    pub customer: CustomerId,
    /// The device.
    pub device: DeviceId,
    /// The state.
    pub state: DeviceState,
    /// What is wrong, when it is in error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<DeviceProblem>,
}

/// Changes what is told of a device; not its plan or channels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct EditDevice {
    /// The customer.
    pub customer: CustomerId,
    /// The device.
    pub device: DeviceId,
    /// What is told of it.
    pub description: DeviceDescription,
}

/// A device of a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct OfDevice {
    /// The customer.
    pub customer: CustomerId,
    /// The device.
    pub device: DeviceId,
}

/// Replaces a device by a new one, which keeps label, plan and quality (S-ST-47).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct ReplaceDevice {
    /// The customer.
    pub customer: CustomerId,
    /// The device replaced.
    pub device: DeviceId,
    /// A new device id.
    pub by: DeviceId,
    /// What is told of the new one; label, plan and quality are those of the old.
    #[serde(default)]
    pub description: DeviceDescription,
}

/// Changes the plan of a device (S-ST-52).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct ChangePlan {
    /// The customer.
    pub customer: CustomerId,
    /// The device.
    pub device: DeviceId,
    /// The plan.
    pub plan: PlanId,
}

/// Leaves a trace that somebody looks at the devices (S-IP-38).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct InspectDevices {
    /// The customer.
    pub customer: CustomerId,
}

/// Saves drafted assignments of licences to devices, all or none (S-IP-21).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct SaveAssignments {
    /// The customer.
    pub customer: CustomerId,
    /// The product.
    pub product: ProductId,
    /// The revision the draft was made from, as the assignments show it.
    pub base: u64,
    /// Each licence that changes, with its device.
    pub changes: Vec<Assignment>,
}
