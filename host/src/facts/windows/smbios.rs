//! The table of the firmware (DMTF DSP0134), as far as it tells machines apart.

use std::collections::BTreeMap;

/// Texts of the firmware by the names that Linux gives them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Smbios(BTreeMap<&'static str, String>);

/// The first eight bytes of the registry's value are about the table.
const HEADER_BYTES: usize = 8;
/// The type of a structure, where in it the number of a text stands, and the text's name.
const TEXTS: &[(u8, usize, &str)] = &[
    (0, 0x04, "bios_vendor"),
    (1, 0x04, "sys_vendor"),
    (1, 0x05, "product_name"),
    (1, 0x07, "product_serial"),
    (2, 0x07, "board_serial"),
    (2, 0x08, "board_asset_tag"),
    (3, 0x08, "chassis_asset_tag"),
];
const SYSTEM: u8 = 1;
const UUID_AT: usize = 0x08;

impl Smbios {
    /// Reads as many structures as are whole; of each type the first one counts.
    pub(super) fn read(bytes: &[u8]) -> Self {
        let mut found = Self::default();
        let mut rest = bytes.get(HEADER_BYTES..).unwrap_or_default();
        while let Some((structure, after)) = Structure::split(rest) {
            found.take(&structure);
            rest = after;
        }
        found
    }

    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.0.get(name).cloned()
    }

    fn take(&mut self, structure: &Structure<'_>) {
        for (kind, at, name) in TEXTS {
            if structure.kind() == Some(*kind)
                && let Some(text) = structure.text(*at)
            {
                self.0.entry(name).or_insert(text);
            }
        }
        if structure.kind() == Some(SYSTEM)
            && let Some(uuid) = structure.uuid()
        {
            self.0.entry("product_uuid").or_insert(uuid);
        }
    }
}

/// One structure and the texts behind it.
struct Structure<'a> {
    fields: &'a [u8],
    texts: &'a [u8],
}

impl<'a> Structure<'a> {
    fn split(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let length = usize::from(*bytes.get(1)?);
        let (fields, behind) = bytes.split_at_checked(length).filter(|_| length >= 4)?;
        let end = behind.windows(2).position(|pair| pair == [0, 0])?;
        let (texts, after) = behind.split_at_checked(end)?;
        Some((Self { fields, texts }, after.get(2..)?))
    }

    fn kind(&self) -> Option<u8> {
        self.fields.first().copied()
    }

    /// The text whose number, from 1 on, stands at `at`.
    fn text(&self, at: usize) -> Option<String> {
        let number = usize::from(*self.fields.get(at)?).checked_sub(1)?;
        let text = self.texts.split(|byte| *byte == 0).nth(number)?;
        Some(String::from_utf8_lossy(text).trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// The UUID, whose first three parts are stored with their lowest byte first.
    fn uuid(&self) -> Option<String> {
        let bytes: [u8; 16] = *self.fields.get(UUID_AT..)?.first_chunk()?;
        let [a, b, c, d, e, f, g, h, rest @ ..] = bytes;
        let [i, j, node @ ..] = rest;
        let first = u32::from_le_bytes([a, b, c, d]);
        let (second, third) = (u16::from_le_bytes([e, f]), u16::from_le_bytes([g, h]));
        let node: String = node.iter().map(|byte| format!("{byte:02x}")).collect();
        Some(format!("{first:08x}-{second:04x}-{third:04x}-{i:02x}{j:02x}-{node}"))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    fn structure(kind: u8, fields: &[u8], texts: &[&str]) -> Vec<u8> {
        let length = u8::try_from(fields.len().saturating_add(4)).unwrap();
        let mut bytes = vec![kind, length, 0, 0];
        bytes.extend(fields);
        for text in texts {
            bytes.extend(text.as_bytes());
            bytes.push(0);
        }
        bytes.extend(if texts.is_empty() { &[0, 0][..] } else { &[0] });
        bytes
    }

    /// A value of the registry for a machine of this maker.
    pub(in crate::facts::windows) fn table(maker: &str, product: &str) -> Vec<u8> {
        let uuid = [
            0x44, 0x45, 0x4c, 0x4c, 0x42, 0x00, 0x10, 0x35, 0x80, 0x52, 0xb4, 0xc0, 0x4f, 0x4d,
            0x32, 0x32,
        ];
        let system = [&[1, 2, 0, 3][..], &uuid, &[6, 0, 0]].concat();
        [
            vec![0, 3, 3, 0, 0, 0, 0, 0],
            structure(0, &[1, 0], &["Example Firmware"]),
            structure(SYSTEM, &system, &[maker, product, "SER-1"]),
            structure(2, &[0, 0, 0, 1, 0], &["PF0ABCDE"]),
            structure(2, &[0, 0, 0, 1, 0], &["SECOND"]),
            structure(127, &[], &[]),
        ]
        .concat()
    }

    #[test]
    fn texts_and_uuid_are_found_in_the_first_structure_of_their_type() {
        let found = Smbios::read(&table("Dell Inc.", "PowerEdge"));
        for (name, text) in [
            ("bios_vendor", "Example Firmware"),
            ("sys_vendor", "Dell Inc."),
            ("product_name", "PowerEdge"),
            ("product_serial", "SER-1"),
            ("product_uuid", "4c4c4544-0042-3510-8052-b4c04f4d3232"),
            ("board_serial", "PF0ABCDE"),
        ] {
            assert_eq!(found.text(name).as_deref(), Some(text), "{name}");
        }
        assert_eq!(found.text("board_asset_tag"), None);
    }

    #[test]
    fn a_table_that_is_cut_or_damaged_is_read_as_far_as_it_is_whole() {
        let whole = table("Dell Inc.", "PowerEdge");
        for length in 0..whole.len() {
            let cut = Smbios::read(&whole[..length]);
            assert!(cut.0.len() <= Smbios::read(&whole).0.len());
            let mut damaged = whole.clone();
            damaged[length] = 0xff;
            let _ = Smbios::read(&damaged);
        }
        assert_eq!(Smbios::read(&[]), Smbios::default());
    }
}
