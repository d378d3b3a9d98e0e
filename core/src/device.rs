//! Devices of a customer: what is known of them, and the states they go through.

use serde::{Deserialize, Serialize};

use crate::{
    error::{ErrorKind, Refusal, Result},
    id::{DeviceId, LicenseType, PlanId, ProductId},
};

/// A device that needs a licence or is billed, such as a camera.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "a record of the history")]
pub struct Device {
    /// The product it is used with.
    pub product: ProductId,
    /// The type of licence it needs.
    pub license_type: LicenseType,
    /// 1, 2, 3, … in the order of registration within the customer.
    pub number: u64,
    /// What it is doing.
    pub state: DeviceState,
    /// What is told of it.
    #[serde(default)]
    pub description: DeviceDescription,
}

/// What is told of a device when it is registered.
///
/// It goes into the history, which is never rewritten: no names of people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "arguments by name")]
pub struct DeviceDescription {
    /// A label, such as a place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Who made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manufacturer: Option<String>,
    /// Its serial number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
    /// The plan it is billed by, where the policy has plans.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<PlanId>,
    /// The quality it records in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quality: Option<String>,
    /// The inputs of an encoder, 1 to [`DeviceDescription::CHANNELS_MAX`]; none for what is no
    /// encoder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channels: Option<u32>,
}

impl DeviceDescription {
    /// The longest text, in bytes.
    pub const BYTES_MAX: usize = 100;
    /// The most inputs of an encoder.
    pub const CHANNELS_MAX: u32 = 1024;

    /// As how many devices it is billed: an encoder by its channels (S-ST-48).
    #[must_use]
    pub fn units(&self) -> u32 {
        self.channels.unwrap_or(1)
    }

    /// Checks that texts and numbers are within their limits.
    ///
    /// # Errors
    /// [`ErrorKind::FieldInvalid`] for a text that is empty, too long or has control characters;
    /// [`ErrorKind::QuantityOutOfRange`] for channels.
    pub fn validate(&self) -> Result<()> {
        let Self { label, manufacturer, serial, quality, plan: _, channels } = self;
        let texts = [
            ("label", label),
            ("manufacturer", manufacturer),
            ("serial", serial),
            ("quality", quality),
        ];
        for (field, text) in texts {
            let Some(text) = text else { continue };
            let fits = (1..=Self::BYTES_MAX).contains(&text.len());
            if !fits || text.contains(char::is_control) {
                return Err(Refusal::new(ErrorKind::FieldInvalid)
                    .with("field", field)
                    .with("value", text.escape_debug())
                    .with("expected", "1 to 100 bytes without control characters"));
            }
        }
        match channels {
            Some(count) if !(1..=Self::CHANNELS_MAX).contains(count) => {
                Err(Refusal::new(ErrorKind::QuantityOutOfRange)
                    .with("what", "channels:")
                    .with("value", count)
                    .with("min", 1)
                    .with("max", Self::CHANNELS_MAX))
            }
            _ => Ok(()),
        }
    }
}

macro_rules! states {
    ($($(#[$doc:meta])* $state:ident $name:literal => [$($next:ident),*],)+) => {
        /// What a device is doing (S-ST-43).
        ///
        /// Which state may follow which is one table, [`DeviceState::next`]; further states may be
        /// added to it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[non_exhaustive]
        pub enum DeviceState {
            $($(#[$doc])* $state,)+
        }

        impl DeviceState {
            /// Every state.
            pub const ALL: &[Self] = &[$(Self::$state,)+];

            /// The states that may follow this one.
            #[must_use]
            pub const fn next(self) -> &'static [Self] {
                match self { $(Self::$state => &[$(Self::$next,)*],)+ }
            }

            /// The name of the state, as in JSON.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$state => $name,)+ }
            }
        }
    };
}

states! {
    /// It is being set up.
    Creating "creating" => [WaitingForConnection, Error, Deleting],
    /// It has not been heard of yet.
    WaitingForConnection "waiting_for_connection" => [Registering, Error, Deleting],
    /// It is connected and being registered.
    Registering "registering" => [Incomplete, Enrolled, Error, Deleting],
    /// It is connected and its configuration is not complete.
    Incomplete "incomplete" => [Enrolled, Updating, Rebooting, Error, Deleting],
    /// It works.
    Enrolled "enrolled" => [Incomplete, Updating, Rebooting, Formatting, Error, Deleting],
    /// Its settings are being changed.
    Updating "updating" => [Incomplete, Enrolled, Error, Deleting],
    /// It restarts; its picture may be missing for a while (S-IP-40).
    Rebooting "rebooting" => [WaitingForConnection, Incomplete, Enrolled, Error, Deleting],
    /// Its storage is being formatted.
    Formatting "formatting" => [Enrolled, Error, Deleting],
    /// Its serial number or owner key is wrong; it can only be deleted (S-ST-44).
    Error "error" => [Deleting],
    /// It is being deleted.
    Deleting "deleting" => [DeletingVideo, Deleted],
    /// Its recordings are being deleted.
    DeletingVideo "deleting_video" => [Deleted],
    /// It is gone.
    Deleted "deleted" => [],
}

impl DeviceState {
    /// Whether the device counts: not once its deletion began.
    #[must_use]
    pub const fn counts(self) -> bool {
        !matches!(self, Self::Deleting | Self::DeletingVideo | Self::Deleted)
    }

    /// Whether settings can be changed.
    #[must_use]
    pub const fn editable(self) -> bool {
        self.counts() && !matches!(self, Self::Error)
    }

    /// Checks that `to` may follow; staying is no step and always allowed.
    ///
    /// # Errors
    /// [`ErrorKind::DeviceStateForbids`].
    pub fn check_step(self, device: &DeviceId, to: Self) -> Result<()> {
        if self == to || self.next().contains(&to) {
            return Ok(());
        }
        Err(self.forbids(device, &format!("it cannot become {} next", to.name())))
    }

    pub(crate) fn forbids(self, device: &DeviceId, detail: &str) -> Refusal {
        Refusal::new(ErrorKind::DeviceStateForbids)
            .with("device", device)
            .with("state", self.name())
            .with("detail", detail)
    }
}

/// Why a device is in error (S-ST-45).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum DeviceProblem {
    /// The serial number is none of the maker's.
    WrongSerial,
    /// The key that proves who owns it is wrong.
    WrongOwnerKey,
    /// Another problem.
    Other,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s_st_43_a_step_that_is_not_in_the_table_is_refused() {
        let device = DeviceId::new("d1").unwrap();
        assert!(DeviceState::ALL.len() >= 12);
        for from in DeviceState::ALL {
            for to in DeviceState::ALL {
                let allowed = from == to || from.next().contains(to);
                let step = from.check_step(&device, *to);
                assert_eq!(step.is_ok(), allowed, "{from:?} to {to:?}");
            }
            let json = serde_json::to_string(from).unwrap();
            assert_eq!(json, format!("{:?}", from.name()));
        }
    }

    #[test]
    fn every_state_is_reached_and_every_device_can_be_deleted() {
        let reach = |from: DeviceState| {
            let mut reached = std::collections::BTreeSet::from([from]);
            let mut todo = vec![from];
            while let Some(state) = todo.pop() {
                todo.extend(state.next().iter().filter(|next| reached.insert(**next)));
            }
            reached
        };
        assert_eq!(reach(DeviceState::Creating).len(), DeviceState::ALL.len());
        for state in DeviceState::ALL {
            assert!(reach(*state).contains(&DeviceState::Deleted), "{state:?}");
        }
        assert_eq!(DeviceState::Error.next(), [DeviceState::Deleting]);
    }

    #[test]
    fn an_encoder_has_1024_channels_at_most() {
        let encoder =
            |channels| DeviceDescription { channels: Some(channels), ..Default::default() };
        assert!(encoder(1).validate().is_ok() && encoder(1024).validate().is_ok());
        assert!(encoder(0).validate().is_err() && encoder(1025).validate().is_err());
        assert_eq!((encoder(4).units(), DeviceDescription::default().units()), (4, 1));
        let label =
            |text: &str| DeviceDescription { label: Some(text.to_owned()), ..Default::default() };
        assert!(label(&"x".repeat(100)).validate().is_ok());
        for text in ["", "a\n", &"x".repeat(101)] {
            assert_eq!(label(text).validate().unwrap_err().kind(), ErrorKind::FieldInvalid);
        }
    }
}
