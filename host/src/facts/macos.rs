//! Facts of a Mac, from its registry of devices; any user may read them.

use mlicense_core::host_binding::{Fact, FactKind, HostClass, HostFacts};

use super::firmware;

/// What the system says of the machine; `None` where it says nothing.
#[derive(Clone, Debug, Default)]
struct Shown {
    uuid: Option<String>,
    serial: Option<String>,
    model: Option<String>,
    maker: Option<String>,
    cpu: Option<String>,
    hostname: Option<String>,
    /// Interfaces by name, with their addresses.
    interfaces: Vec<(String, String)>,
}

/// Ethernet and Wi-Fi of every Mac that has them. Adapters that are plugged in come after.
const BUILT_IN: &[&str] = &["en0", "en1"];

impl Shown {
    fn facts(&self) -> HostFacts {
        let texts = [
            (FactKind::DmiUuid, &self.uuid),
            (FactKind::BoardSerial, &self.serial),
            (FactKind::CpuModel, &self.cpu),
            (FactKind::Hostname, &self.hostname),
        ];
        let texts = texts.into_iter().filter_map(|(kind, text)| Some((kind, text.as_deref()?)));
        let interfaces = self.interfaces.iter();
        let built_in = interfaces.filter(|(name, _)| BUILT_IN.contains(&name.as_str()));
        let addresses = built_in.map(|(_, address)| (FactKind::NetworkAddress, address.as_str()));
        let facts = texts.chain(addresses).filter_map(|(kind, text)| Fact::new(kind, text).ok());
        HostFacts::new(self.class(), facts)
    }

    fn class(&self) -> HostClass {
        let text = |name: &str| match name {
            "sys_vendor" => self.maker.clone(),
            "product_name" => self.model.clone(),
            _ => None,
        };
        if firmware::is_virtual(&text) { HostClass::Vm } else { HostClass::BareMetal }
    }

    #[cfg(target_os = "macos")]
    fn of_this_machine() -> Self {
        use sysinfo::{CpuRefreshKind, Motherboard, Networks, Product, RefreshKind, System};

        let processors = RefreshKind::nothing().with_cpu(CpuRefreshKind::nothing());
        let system = System::new_with_specifics(processors).ok();
        let networks = Networks::new_with_refreshed_list().ok();
        let mut interfaces: Vec<_> = networks
            .iter()
            .flat_map(|networks| networks.iter())
            .map(|(name, data)| (name.to_string_lossy().into(), data.mac_address().to_string()))
            .collect();
        interfaces.sort_unstable();
        Self {
            uuid: Product::uuid().ok(),
            serial: Product::serial_number().ok(),
            model: Product::name().ok(),
            maker: Motherboard::new().ok().and_then(|board| board.vendor_name()),
            cpu: system.and_then(|system| Some(system.cpus().first()?.brand().to_owned())),
            hostname: System::host_name().ok(),
            interfaces,
        }
    }
}

/// What this machine shows.
#[cfg(target_os = "macos")]
pub(super) fn of_this_machine() -> HostFacts {
    Shown::of_this_machine().facts()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mac(model: &str) -> Shown {
        let interface = |name: &str, address: &str| (name.to_owned(), address.to_owned());
        Shown {
            uuid: Some("4C4C4544-0042-3510-8052-B4C04F4D3232".into()),
            serial: Some("C02ABCDEFGH1".into()),
            model: Some(model.into()),
            maker: Some("Apple Inc.".into()),
            cpu: Some("Apple M2".into()),
            hostname: Some("studio.local".into()),
            interfaces: vec![
                interface("en0", "3c:52:82:aa:bb:cc"),
                // Wi-Fi with a private address, and an adapter that is plugged in.
                interface("en1", "02:42:ac:11:00:02"),
                interface("en7", "3c:52:82:11:22:33"),
                interface("lo0", "00:00:00:00:00:00"),
            ],
        }
    }

    #[test]
    fn a_machine_is_known_by_its_fixed_parts() {
        let facts = mac("Mac14,3").facts();
        let values: Vec<_> = facts.iter().map(|fact| (fact.kind(), fact.value())).collect();
        assert_eq!(
            values,
            [
                (FactKind::DmiUuid, "4c4c4544-0042-3510-8052-b4c04f4d3232"),
                (FactKind::BoardSerial, "c02abcdefgh1"),
                (FactKind::NetworkAddress, "3c:52:82:aa:bb:cc"),
                (FactKind::CpuModel, "apple m2"),
                (FactKind::Hostname, "studio.local"),
            ]
        );
        assert_eq!((facts.class(), facts.unreadable().count()), (HostClass::BareMetal, 0));
    }

    #[test]
    fn virtual_machines_are_told_apart_by_their_model() {
        for model in ["VirtualMac2,1", "VMware20,1", "Parallels20,1"] {
            assert_eq!(mac(model).facts().class(), HostClass::Vm, "{model}");
        }
    }

    #[test]
    fn what_is_not_shown_is_no_fact() {
        let facts = Shown { hostname: Some(String::new()), ..Shown::default() }.facts();
        assert_eq!((facts.iter().count(), facts.unreadable().count()), (0, 0));
    }

    #[cfg(target_os = "macos")]
    #[test]
    fn this_machine_shows_its_id_its_name_and_its_processor() {
        let facts = super::super::read(std::path::Path::new("/"));
        let kinds: Vec<_> = facts.iter().map(Fact::kind).collect();
        for kind in [FactKind::DmiUuid, FactKind::Hostname, FactKind::CpuModel] {
            assert!(kinds.contains(&kind), "{facts:?}");
        }
    }
}
