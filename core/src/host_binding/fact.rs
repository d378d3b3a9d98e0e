//! `Fact`: one thing that tells a host from others.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{ErrorKind, Refusal, Result};

/// The longest value of a fact, in bytes after trimming.
pub const FACT_BYTES_MAX: usize = 256;

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident $name:literal,)+) => {
        /// What a fact is about; its text form is the name in snake case, such as `dmi_uuid`.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(rename_all = "snake_case")]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[non_exhaustive]
        pub enum FactKind {
            $($(#[$doc])* $variant,)+
        }

        impl FactKind {
            /// Every kind, in the order in which they are listed to people.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The stable name, as in signed documents.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }
    };
}

kinds! {
    /// Identity of an installed operating system.
    MachineId "machine_id",
    /// UUID that the firmware gives the whole machine.
    DmiUuid "dmi_uuid",
    /// Serial number of the main board.
    BoardSerial "board_serial",
    /// Serial number of a fixed disk.
    DiskSerial "disk_serial",
    /// Universally administered address of a built-in network interface.
    NetworkAddress "network_address",
    /// Identity of a trusted platform module.
    Tpm "tpm",
    /// Identity that the operator of the host declared.
    DeclaredId "declared_id",
    /// Model of the processor.
    CpuModel "cpu_model",
    /// Name of the host.
    Hostname "hostname",
    /// Identity that a cloud gives the instance.
    CloudInstance "cloud_instance",
    /// Identity of a container; a new one at each start.
    Container "container",
}

impl fmt::Display for FactKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One fact of a host: a kind and a normalised value.
///
/// Values are compared without regard to the case of ASCII letters and to blanks around them.
/// `Debug` shows the kind only, because values name a machine and its owner.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fact {
    kind: FactKind,
    value: Box<str>,
}

impl Fact {
    /// Takes a value as a machine reports it.
    ///
    /// # Errors
    /// [`ErrorKind::FieldInvalid`] for a value that many machines share: empty, a placeholder of
    /// a firmware's maker, all zeros or all F, `localhost`, a network address that is locally
    /// administered or no address of six bytes; and for one over [`FACT_BYTES_MAX`] or with
    /// control characters.
    ///
    /// ```
    /// use mlicense_core::host_binding::{Fact, FactKind};
    /// let address = Fact::new(FactKind::NetworkAddress, " 3C-52-82-AA-BB-CC\n")?;
    /// assert_eq!(address.value(), "3c:52:82:aa:bb:cc");
    /// assert!(Fact::new(FactKind::NetworkAddress, "02:42:ac:11:00:02").is_err());
    /// # Ok::<(), mlicense_core::error::Refusal>(())
    /// ```
    pub fn new(kind: FactKind, value: &str) -> Result<Self> {
        let trimmed = value.trim_matches(|c: char| c.is_whitespace() || c == '\0');
        let refused = |expected: &str| {
            let shown: String = trimmed.chars().take(SHOWN_CHARS_MAX).collect();
            Refusal::new(ErrorKind::FieldInvalid)
                .with("field", kind)
                .with("value", shown)
                .with("expected", expected)
        };
        if trimmed.len() > FACT_BYTES_MAX || trimmed.chars().any(char::is_control) {
            return Err(refused("at most 256 bytes without control characters"));
        }
        let folded = trimmed.to_ascii_lowercase();
        if is_placeholder(&folded) || (kind.is_factory_made() && is_blank_pattern(&folded)) {
            return Err(refused("a value that tells machines apart"));
        }
        let value = if kind == FactKind::NetworkAddress {
            universal_address(&folded)
                .ok_or_else(|| refused("a universally administered network address"))?
        } else {
            folded
        };
        Ok(Self { kind, value: value.into() })
    }

    /// What the fact is about.
    #[must_use]
    pub const fn kind(&self) -> FactKind {
        self.kind
    }

    /// The normalised value: never empty.
    #[must_use]
    pub const fn value(&self) -> &str {
        &self.value
    }
}

impl fmt::Debug for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: …", self.kind)
    }
}

impl FactKind {
    /// Whether a machine writes the value, so that `0000` is a sign of nothing written.
    const fn is_factory_made(self) -> bool {
        !matches!(self, Self::DeclaredId | Self::Hostname)
    }
}

const SHOWN_CHARS_MAX: usize = 64;

/// Values that makers leave where nothing was filled in, in lower case.
const PLACEHOLDERS: &[&str] = &[
    "",
    "0123456789",
    "03000200-0400-0500-0006-000700080009",
    "12345678",
    "123456789",
    "1234567890",
    "base board serial number",
    "chassis serial number",
    "default",
    "default string",
    "empty",
    "invalid",
    "localhost",
    "localhost.localdomain",
    "n/a",
    "na",
    "none",
    "not applicable",
    "not available",
    "not settable",
    "not specified",
    "null",
    "o.e.m.",
    "oem",
    "serial number",
    "system product name",
    "system serial number",
    "to be filled by o.e.m",
    "to be filled by o.e.m.",
    "undefined",
    "uninitialized",
    "unknown",
    "unspecified",
];

fn is_placeholder(folded: &str) -> bool {
    PLACEHOLDERS.contains(&folded)
}

/// Nothing but zeros, or nothing but F or X, between separators.
fn is_blank_pattern(folded: &str) -> bool {
    let mut signs = folded.chars().filter(|c| !matches!(c, '-' | ':' | '.' | '_' | ' '));
    match signs.next() {
        None => true,
        Some(first @ ('0' | 'f' | 'x')) => signs.all(|c| c == first),
        Some(_) => false,
    }
}

/// Six bytes with colons, when neither locally administered nor a group's (IEEE 802 bits 1, 0).
fn universal_address(folded: &str) -> Option<String> {
    let octets: Vec<&str> = folded.split([':', '-']).collect();
    let hexadecimal = |octet: &&str| octet.len() == 2 && u8::from_str_radix(octet, 16).is_ok();
    if octets.len() != 6 || !octets.iter().all(hexadecimal) {
        return None;
    }
    let first = u8::from_str_radix(octets.first()?, 16).ok()?;
    (first & 0b11 == 0).then(|| octets.join(":"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_placeholders_are_in_order_and_folded() {
        assert!(PLACEHOLDERS.is_sorted());
        for placeholder in PLACEHOLDERS {
            assert_eq!(*placeholder, placeholder.to_ascii_lowercase());
        }
    }

    #[test]
    fn values_that_many_machines_share_are_no_facts() {
        for value in [
            "",
            " \n",
            "None",
            "To Be Filled By O.E.M.",
            "Default string",
            "00000000-0000-0000-0000-000000000000",
            "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
            "0",
            "....",
            "System Serial Number\0",
        ] {
            let refusal = Fact::new(FactKind::BoardSerial, value).unwrap_err();
            assert_eq!(refusal.kind(), ErrorKind::FieldInvalid, "{value:?}");
        }
        assert!(Fact::new(FactKind::BoardSerial, "0000A1").is_ok());
        assert!(Fact::new(FactKind::DeclaredId, "0").is_ok());
        assert!(Fact::new(FactKind::Hostname, "localhost").is_err());
    }

    #[test]
    fn case_and_blanks_do_not_count() {
        let plain = Fact::new(FactKind::DmiUuid, "4c4c4544-0042-3510").unwrap();
        assert_eq!(Fact::new(FactKind::DmiUuid, "\t4C4C4544-0042-3510\0\n").unwrap(), plain);
    }

    #[test]
    fn only_universal_unicast_addresses_of_six_bytes_are_facts() {
        for (address, taken) in [
            ("3c:52:82:aa:bb:cc", true),
            ("3C-52-82-AA-BB-CC", true),
            ("02:42:ac:11:00:02", false),
            ("01:00:5e:00:00:01", false),
            ("00:00:00:00:00:00", false),
            ("ff:ff:ff:ff:ff:ff", false),
            ("3c:52:82:aa:bb", false),
            ("3c:52:82:aa:bb:c+", false),
            ("3c:52:82:aa:bb:cc:dd", false),
        ] {
            assert_eq!(Fact::new(FactKind::NetworkAddress, address).is_ok(), taken, "{address}");
        }
    }

    #[test]
    fn a_value_of_256_bytes_is_taken_and_of_257_refused() {
        assert!(Fact::new(FactKind::DeclaredId, &"a".repeat(FACT_BYTES_MAX)).is_ok());
        assert!(Fact::new(FactKind::DeclaredId, &"a".repeat(FACT_BYTES_MAX + 1)).is_err());
        assert!(Fact::new(FactKind::DeclaredId, "a\u{7}b").is_err());
    }

    #[test]
    fn debug_does_not_show_the_value() {
        let fact = Fact::new(FactKind::BoardSerial, "PF0ABCDE").unwrap();
        assert!(!format!("{fact:?}").to_lowercase().contains("pf0"));
    }

    #[test]
    fn names_are_those_of_the_documents() {
        for kind in FactKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
    }
}
