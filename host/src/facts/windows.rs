//! Facts of a Windows host, from the registry and the table of network adapters; all of it may be
//! read by any user.

mod adapters;
mod smbios;

use std::collections::BTreeSet;
#[cfg(windows)]
use std::io;

use mlicense_core::host_binding::{Fact, FactKind, HostClass, HostFacts};

use super::firmware;
use adapters::Adapter;
use smbios::Smbios;

/// What came of reading one value.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Reading<T> {
    /// Not there.
    Absent,
    /// There, but not to be read by this program.
    Unreadable,
    Value(T),
}

impl<T> Reading<T> {
    fn value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Unreadable => None,
        }
    }
}

/// The registry below `HKEY_LOCAL_MACHINE`; tests bring others.
trait Registry {
    fn text(&self, key: &str, name: &str) -> Reading<String>;
    /// The bytes of a value of any type.
    fn bytes(&self, key: &str, name: &str) -> Reading<Vec<u8>>;
    /// The names of the keys below a key, sorted.
    fn keys(&self, key: &str) -> Vec<String>;
}

/// The most keys looked at below one.
const KEYS_MAX: usize = 64;
const SMBIOS_KEY: &str = r"SYSTEM\CurrentControlSet\Services\mssmbios\Data";
const DISKS_KEY: &str = r"HARDWARE\DEVICEMAP\Scsi";
/// Texts of one value each.
const TEXTS: &[(FactKind, &str, &str)] = &[
    (FactKind::MachineId, r"SOFTWARE\Microsoft\Cryptography", "MachineGuid"),
    (
        FactKind::Hostname,
        r"SYSTEM\CurrentControlSet\Control\ComputerName\ComputerName",
        "ComputerName",
    ),
    (FactKind::CpuModel, r"HARDWARE\DESCRIPTION\System\CentralProcessor\0", "ProcessorNameString"),
];

/// What this machine shows.
#[cfg(windows)]
pub(super) fn of_this_machine() -> HostFacts {
    read(&System(windows_registry::LOCAL_MACHINE), adapters::of_this_machine())
}

fn read(registry: &impl Registry, adapters: Reading<Vec<Adapter>>) -> HostFacts {
    let (mut facts, mut unreadable) = (Vec::new(), BTreeSet::new());
    for (kind, key, name) in TEXTS {
        match registry.text(key, name) {
            Reading::Value(text) => facts.extend(Fact::new(*kind, &text).ok()),
            Reading::Unreadable => drop(unreadable.insert(*kind)),
            Reading::Absent => {}
        }
    }
    let table = registry.bytes(SMBIOS_KEY, "SMBiosData");
    if table == Reading::Unreadable {
        unreadable.extend([FactKind::DmiUuid, FactKind::BoardSerial]);
    }
    let firmware = table.value().map(|bytes| Smbios::read(&bytes)).unwrap_or_default();
    for (kind, name) in
        [(FactKind::DmiUuid, "product_uuid"), (FactKind::BoardSerial, "board_serial")]
    {
        facts.extend(firmware.text(name).and_then(|text| Fact::new(kind, &text).ok()));
    }
    facts.extend(disks(registry));
    match adapters {
        Reading::Value(adapters) => facts.extend(adapters::built_in(registry, &adapters)),
        Reading::Unreadable => drop(unreadable.insert(FactKind::NetworkAddress)),
        Reading::Absent => {}
    }
    let text = |name: &str| firmware.text(name);
    let cloud = firmware::cloud(&text);
    let id = cloud.clone().flatten();
    facts.extend(id.and_then(|id| Fact::new(FactKind::CloudInstance, &id).ok()));
    let class = match cloud {
        _ if is_container(registry) => HostClass::Container,
        Some(_) => HostClass::CloudInstance,
        None if firmware::is_virtual(&text) => HostClass::Vm,
        None => HostClass::BareMetal,
    };
    HostFacts::new(class, facts).with_unreadable(unreadable)
}

/// The kernel of a container says of what type it is.
fn is_container(registry: &impl Registry) -> bool {
    let control = r"SYSTEM\CurrentControlSet\Control";
    registry.bytes(control, "ContainerType") != Reading::Absent
}

/// Serial numbers of disks that say they are some, found four keys deep.
fn disks(registry: &impl Registry) -> Vec<Fact> {
    let mut places = vec![DISKS_KEY.to_owned()];
    for _ in 0..4 {
        let below = places.iter().flat_map(|key| {
            let names = registry.keys(key).into_iter();
            names.map(move |name| format!(r"{key}\{name}"))
        });
        places = below.take(KEYS_MAX).collect();
    }
    let disks = places.iter().filter(|key| {
        let kind = registry.text(key, "Type").value();
        kind.is_some_and(|kind| kind == "DiskPeripheral")
    });
    let serials = disks.filter_map(|key| registry.text(key, "SerialNumber").value());
    serials.filter_map(|serial| Fact::new(FactKind::DiskSerial, &serial).ok()).collect()
}

/// A part of the system's registry that holds what is read here.
#[cfg(windows)]
#[derive(Debug)]
struct System<'a>(&'a windows_registry::Key);

#[cfg(windows)]
impl System<'_> {
    /// Programs of 32 bits would otherwise be shown a registry of their own, without the machine's
    /// id.
    fn open(&self, key: &str) -> windows_registry::Result<windows_registry::Key> {
        self.0.options().read().wow64_64().open(key)
    }

    fn reading<T>(read: windows_registry::Result<T>) -> Reading<T> {
        match read.map_err(io::Error::from) {
            Ok(value) => Reading::Value(value),
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => Reading::Absent,
            Err(_) => Reading::Unreadable,
        }
    }
}

#[cfg(windows)]
impl Registry for System<'_> {
    fn text(&self, key: &str, name: &str) -> Reading<String> {
        Self::reading(self.open(key).and_then(|key| key.get_string(name)))
    }

    fn bytes(&self, key: &str, name: &str) -> Reading<Vec<u8>> {
        Self::reading(self.open(key).and_then(|key| Ok(key.get_value(name)?.to_vec())))
    }

    fn keys(&self, key: &str) -> Vec<String> {
        let names = self.open(key).and_then(|key| Ok(key.keys()?.take(KEYS_MAX).collect()));
        let mut names: Vec<_> = names.unwrap_or_default();
        names.sort_unstable();
        names
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::collections::BTreeMap;

    use super::{smbios::tests::table, *};

    fn read(registry: &impl Registry) -> HostFacts {
        super::read(registry, Reading::Value(Vec::new()))
    }

    /// Values by key and name.
    #[derive(Debug, Default)]
    pub(super) struct Values(BTreeMap<(String, String), Reading<Vec<u8>>>);

    impl Values {
        pub(super) fn text(self, key: &str, name: &str, text: &str) -> Self {
            self.bytes(key, name, Reading::Value(text.as_bytes().to_vec()))
        }

        pub(super) fn bytes(mut self, key: &str, name: &str, value: Reading<Vec<u8>>) -> Self {
            self.0.insert((key.into(), name.into()), value);
            self
        }
    }

    impl Registry for Values {
        fn text(&self, key: &str, name: &str) -> Reading<String> {
            match Registry::bytes(self, key, name) {
                Reading::Value(bytes) => Reading::Value(String::from_utf8(bytes).unwrap()),
                Reading::Absent => Reading::Absent,
                Reading::Unreadable => Reading::Unreadable,
            }
        }

        fn bytes(&self, key: &str, name: &str) -> Reading<Vec<u8>> {
            self.0.get(&(key.into(), name.into())).cloned().unwrap_or(Reading::Absent)
        }

        fn keys(&self, key: &str) -> Vec<String> {
            let below = self.0.keys().filter_map(|(place, _)| {
                let rest = place.strip_prefix(key)?.strip_prefix('\\')?;
                rest.split('\\').next().map(str::to_owned)
            });
            below.collect::<BTreeSet<_>>().into_iter().collect()
        }
    }

    fn machine(maker: &str, product: &str) -> Values {
        let disk = r"HARDWARE\DEVICEMAP\Scsi\Scsi Port 0\Scsi Bus 0\Target Id 0\Logical Unit Id 0";
        let tape = disk.replace("Target Id 0", "Target Id 1");
        Values::default()
            .text(TEXTS[0].1, TEXTS[0].2, "B4C04F4D-8052-4C4C-9544-000000000001")
            .text(TEXTS[1].1, TEXTS[1].2, "BILLING")
            .text(TEXTS[2].1, TEXTS[2].2, "Intel(R) Xeon(R) E-2336")
            .bytes(SMBIOS_KEY, "SMBiosData", Reading::Value(table(maker, product)))
            .text(disk, "Type", "DiskPeripheral")
            .text(disk, "SerialNumber", "S4EVNX0R123456  ")
            .text(&tape, "Type", "TapePeripheral")
            .text(&tape, "SerialNumber", "TAPE")
    }

    #[test]
    fn a_machine_is_known_by_its_fixed_parts() {
        let facts = read(&machine("Dell Inc.", "PowerEdge"));
        let values: Vec<_> = facts.iter().map(|fact| (fact.kind(), fact.value())).collect();
        assert_eq!(
            values,
            [
                (FactKind::MachineId, "b4c04f4d-8052-4c4c-9544-000000000001"),
                (FactKind::DmiUuid, "4c4c4544-0042-3510-8052-b4c04f4d3232"),
                (FactKind::BoardSerial, "pf0abcde"),
                (FactKind::DiskSerial, "s4evnx0r123456"),
                (FactKind::CpuModel, "intel(r) xeon(r) e-2336"),
                (FactKind::Hostname, "billing"),
            ]
        );
        assert_eq!((facts.class(), facts.unreadable().count()), (HostClass::BareMetal, 0));
    }

    #[test]
    fn virtual_machines_clouds_and_containers_are_told_apart() {
        let class = |maker, product| read(&machine(maker, product)).class();
        assert_eq!(class("VMware, Inc.", "VMware20,1"), HostClass::Vm);
        assert_eq!(class("Microsoft Corporation", "Virtual Machine"), HostClass::Vm);
        assert_eq!(class("Google", "Google Compute Engine"), HostClass::CloudInstance);
        let control = r"SYSTEM\CurrentControlSet\Control";
        let contained = machine("Dell Inc.", "PowerEdge");
        let contained = contained.bytes(control, "ContainerType", Reading::Value(vec![2, 0, 0, 0]));
        assert_eq!(read(&contained).class(), HostClass::Container);
    }

    #[test]
    fn what_cannot_be_read_is_unreadable_and_not_empty() {
        let registry = machine("Dell Inc.", "PowerEdge")
            .bytes(SMBIOS_KEY, "SMBiosData", Reading::Unreadable)
            .bytes(TEXTS[0].1, TEXTS[0].2, Reading::Unreadable)
            .text(TEXTS[1].1, TEXTS[1].2, "");
        let facts = read(&registry);
        let unreadable: Vec<_> = facts.unreadable().collect();
        assert_eq!(unreadable, [FactKind::MachineId, FactKind::DmiUuid, FactKind::BoardSerial]);
        assert!(facts.iter().all(|fact| !fact.value().is_empty()));
        assert!(facts.iter().all(|fact| fact.kind() != FactKind::Hostname));
    }

    #[test]
    fn adapters_that_cannot_be_listed_are_unreadable() {
        let facts = super::read(&machine("Dell Inc.", "PowerEdge"), Reading::Unreadable);
        assert_eq!(facts.unreadable().collect::<Vec<_>>(), [FactKind::NetworkAddress]);
    }

    #[test]
    fn an_empty_registry_shows_nothing() {
        let facts = read(&Values::default());
        assert_eq!((facts.iter().count(), facts.unreadable().count()), (0, 0));
    }

    /// What is recorded of a machine, written to a registry and read from it.
    #[cfg(windows)]
    #[test]
    fn the_registry_of_the_system_shows_what_is_in_it() {
        let name = format!(r"Software\mlicense-tests-{}", std::process::id());
        let recorded = machine("VMware, Inc.", "VMware20,1");
        let key = windows_registry::CURRENT_USER.create(&name).unwrap();
        assert_eq!(read(&System(&key)), read(&Values::default()));
        for ((below, name), value) in &recorded.0 {
            let below = key.create(below).unwrap();
            match (name.as_str(), value) {
                ("SMBiosData", Reading::Value(bytes)) => {
                    below.set_bytes(name, windows_registry::Type::Bytes, bytes).unwrap();
                }
                (_, Reading::Value(text)) => {
                    below.set_string(name, str::from_utf8(text).unwrap()).unwrap();
                }
                _ => {}
            }
        }
        let found = read(&System(&key));
        // A number where a text should be cannot be read as one.
        key.create(TEXTS[0].1).unwrap().set_u32(TEXTS[0].2, 7).unwrap();
        let spoilt = read(&System(&key));
        windows_registry::CURRENT_USER.remove_tree(&name).unwrap();
        assert_eq!(found, read(&recorded));
        assert_eq!(spoilt.unreadable().collect::<Vec<_>>(), [FactKind::MachineId]);
    }

    #[cfg(windows)]
    #[test]
    fn this_machine_shows_its_id_its_name_and_its_processor() {
        let facts = of_this_machine();
        let kinds: Vec<_> = facts.iter().map(Fact::kind).collect();
        for kind in [FactKind::MachineId, FactKind::Hostname, FactKind::CpuModel] {
            assert!(kinds.contains(&kind), "{facts:?}");
        }
        assert_eq!(facts.unreadable().count(), 0, "{facts:?}");
        assert_eq!(facts, super::super::read(std::path::Path::new("/")));
        assert_eq!(super::super::uptime(std::path::Path::new("/")), None);
    }
}
