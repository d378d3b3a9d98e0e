//! Which network adapters are built in, and their addresses.

use std::fmt::Write;

use mlicense_core::host_binding::{Fact, FactKind};

use super::{KEYS_MAX, Registry};

/// Where Windows keeps a key for each adapter, by the class of devices that adapters are.
const CLASS_KEY: &str =
    r"SYSTEM\CurrentControlSet\Control\Class\{4D36E972-E325-11CE-BFC1-08002BE10318}";

/// `NCF_PHYSICAL`, the bit of `Characteristics` that a driver sets whose adapter is a device.
const PHYSICAL: u8 = 0x04;

/// One row of the system's table of adapters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Adapter {
    /// A GUID in braces, by which the registry knows it too.
    pub(super) name: String,
    pub(super) address: Vec<u8>,
}

/// The addresses of adapters that are devices, without those on USB.
pub(super) fn built_in(registry: &impl Registry, adapters: &[Adapter]) -> Vec<Fact> {
    let keys = registry.keys(CLASS_KEY).into_iter().take(KEYS_MAX);
    let devices = keys.filter_map(|key| device(registry, &format!(r"{CLASS_KEY}\{key}")));
    let devices: Vec<_> = devices.collect();
    let built_in = adapters
        .iter()
        .filter(|adapter| devices.iter().any(|device| device.eq_ignore_ascii_case(&adapter.name)));
    let address = |adapter: &Adapter| Fact::new(FactKind::NetworkAddress, &text(&adapter.address));
    built_in.filter_map(|adapter| address(adapter).ok()).collect()
}

/// The name of the adapter at `key`, if it is a device and not on USB.
fn device(registry: &impl Registry, key: &str) -> Option<String> {
    let characteristics = registry.bytes(key, "Characteristics").value()?;
    let bus = registry.text(key, "ComponentId").value()?;
    let plugged_in = bus.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("usb"));
    let physical = characteristics.first().is_some_and(|bits| bits & PHYSICAL != 0);
    if physical && !plugged_in { registry.text(key, "NetCfgInstanceId").value() } else { None }
}

/// `3c:52:82:aa:bb:cc`.
fn text(address: &[u8]) -> String {
    address.iter().enumerate().fold(String::new(), |mut text, (place, byte)| {
        let colon = if place == 0 { "" } else { ":" };
        // A String takes all that is written to it.
        let _ = write!(text, "{colon}{byte:02x}");
        text
    })
}

#[cfg(windows)]
pub(super) fn of_this_machine() -> super::Reading<Vec<Adapter>> {
    let Ok(adapters) = ipconfig::get_adapters() else { return super::Reading::Unreadable };
    let adapters = adapters.iter().filter_map(|adapter| {
        let address = adapter.physical_address()?.to_vec();
        Some(Adapter { name: adapter.adapter_name().to_owned(), address })
    });
    super::Reading::Value(adapters.collect())
}

#[cfg(test)]
mod tests {
    use super::{
        super::{Reading, tests::Values},
        *,
    };

    const CARD: &str = "{0B7C4D1E-1111-4A4A-9C9C-0123456789AB}";

    fn adapter(name: &str, last: u8) -> Adapter {
        Adapter { name: name.into(), address: vec![0x3c, 0x52, 0x82, 0xaa, 0xbb, last] }
    }

    fn listed(values: Values, place: &str, name: &str, bus: &str, bits: u32) -> Values {
        let key = format!(r"{CLASS_KEY}\{place}");
        let bits = Reading::Value(bits.to_le_bytes().to_vec());
        values.text(&key, "NetCfgInstanceId", name).text(&key, "ComponentId", bus).bytes(
            &key,
            "Characteristics",
            bits,
        )
    }

    #[test]
    fn an_adapter_is_part_of_the_machine_when_it_is_a_device_and_not_on_usb() {
        let values = listed(Values::default(), "0001", CARD, r"pci\ven_8086&dev_15bb", 0x84);
        let values = listed(values, "0002", "{stick}", r"USB\VID_0BDA&PID_8153", 0x84);
        let values = listed(values, "0003", "{tunnel}", "tap0901", 0x01);
        let values = listed(values, "0004", "{guest}", r"VMBUS\{F8615163}", 0x84);
        let adapters = [
            adapter(&CARD.to_lowercase(), 1),
            adapter("{stick}", 2),
            adapter("{tunnel}", 3),
            adapter("{guest}", 4),
            adapter("{not listed}", 5),
        ];
        let facts = built_in(&values, &adapters);
        let values: Vec<_> = facts.iter().map(Fact::value).collect();
        assert_eq!(values, ["3c:52:82:aa:bb:01", "3c:52:82:aa:bb:04"]);
    }

    #[test]
    fn an_address_that_is_none_is_no_fact() {
        let values = listed(Values::default(), "0000", CARD, "pci", 4);
        for address in [vec![], vec![0; 6], vec![0x02, 0x42, 1, 2, 3, 4], vec![0x3c; 8]] {
            let adapters = [Adapter { name: CARD.into(), address }];
            assert_eq!(built_in(&values, &adapters), []);
        }
    }

    #[cfg(windows)]
    #[test]
    fn the_adapters_of_this_machine_can_be_listed() {
        assert!(matches!(of_this_machine(), Reading::Value(_)));
    }
}
