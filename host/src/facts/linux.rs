//! Facts of a Linux host, from `/etc`, `/proc`, `/run` and `/sys`.

mod place;
mod surroundings;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use mlicense_core::host_binding::{Fact, FactKind, HostFacts};

use crate::Uptime;
use place::{Place, Reading};

pub(super) fn read(root: &Path) -> HostFacts {
    let place = Place::new(root);
    let mut found = Found::default();
    found.take_first(FactKind::MachineId, &place, &["etc/machine-id", "var/lib/dbus/machine-id"]);
    found.take_first(FactKind::DmiUuid, &place, &["sys/class/dmi/id/product_uuid"]);
    found.take_first(FactKind::BoardSerial, &place, &["sys/class/dmi/id/board_serial"]);
    found.take_first(FactKind::Hostname, &place, &["proc/sys/kernel/hostname", "etc/hostname"]);
    found.take(FactKind::CpuModel, cpu_model(&place));
    disks(&place, &mut found);
    interfaces(&place, &mut found);
    let surroundings = surroundings::read(&place);
    found.facts.extend(surroundings.facts);
    HostFacts::new(surroundings.class, found.facts).with_unreadable(found.unreadable)
}

/// The seconds since the start of the machine, suspended ones included, and the name of that start.
pub(super) fn uptime(root: &Path) -> Option<Uptime> {
    let place = Place::new(root);
    let boot = place.text("proc/sys/kernel/random/boot_id").into_text()?.trim().to_owned();
    let text = place.text("proc/uptime").into_text()?;
    let seconds = text.split(['.', ' ']).next()?.parse().ok()?;
    Some(Uptime { boot, seconds })
}

#[derive(Default)]
struct Found {
    facts: Vec<Fact>,
    unreadable: BTreeSet<FactKind>,
}

impl Found {
    /// Takes the first of `paths` that holds a fact.
    fn take_first(&mut self, kind: FactKind, place: &Place, paths: &[&str]) {
        for path in paths {
            if self.take(kind, place.text(path)) {
                return;
            }
        }
    }

    /// Whether `reading` was a fact, or could have been and may not be read.
    fn take(&mut self, kind: FactKind, reading: Reading) -> bool {
        match reading {
            Reading::Absent => false,
            Reading::Unreadable => self.unreadable.insert(kind),
            Reading::Text(text) => match Fact::new(kind, &text) {
                Ok(fact) => {
                    self.facts.push(fact);
                    true
                }
                // A placeholder is no fact; another file may hold one.
                Err(_) => false,
            },
        }
    }
}

fn cpu_model(place: &Place) -> Reading {
    let Reading::Text(text) = place.text("proc/cpuinfo") else { return Reading::Absent };
    let model = text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        (name.trim() == "model name").then(|| value.trim().to_owned())
    });
    model.map_or(Reading::Absent, Reading::Text)
}

/// Fixed disks: no loop, memory, mapped or optical devices, and nothing that is plugged in.
fn disks(place: &Place, found: &mut Found) {
    const NOT_DISKS: &[&str] = &["dm-", "fd", "loop", "md", "nbd", "ram", "sr", "zram"];
    for name in place.names("sys/block") {
        let device = PathBuf::from("sys/block").join(&name);
        let pseudo = NOT_DISKS.iter().any(|prefix| name.starts_with(prefix));
        if pseudo || place.says(&device.join("removable"), "1") || place.is_plugged_in(&device) {
            continue;
        }
        let places = ["serial", "device/serial", "device/vpd_pg80", "wwid", "device/wwid"];
        for path in places.map(|tail| device.join(tail)) {
            let reading =
                if path.ends_with("vpd_pg80") { place.page_80(&path) } else { place.text(&path) };
            if found.take(FactKind::DiskSerial, reading) {
                break;
            }
        }
    }
}

/// Built-in interfaces with the address their maker gave them.
fn interfaces(place: &Place, found: &mut Found) {
    const ADDRESS_IS_PERMANENT: &str = "0";
    for name in place.names("sys/class/net") {
        let interface = PathBuf::from("sys/class/net").join(name);
        let made_up = place
            .text(interface.join("addr_assign_type"))
            .into_text()
            .is_some_and(|kind| kind.trim() != ADDRESS_IS_PERMANENT);
        let physical = place.exists(interface.join("device"));
        if physical && !made_up && !place.is_plugged_in(&interface) {
            found.take(FactKind::NetworkAddress, place.text(interface.join("address")));
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;

    use mlicense_core::host_binding::HostClass;

    use super::*;
    use crate::facts::linux::place::tests::Tree;

    fn machine() -> Tree {
        Tree::new()
            .file("etc/machine-id", "3d1219c7c4c5404aaa1f6d2a48adfda4\n")
            .file("sys/class/dmi/id/product_uuid", "4C4C4544-0042-3510-8052-B4C04F4D3232\n")
            .file("sys/class/dmi/id/board_serial", "To be filled by O.E.M.\n")
            .file("sys/class/dmi/id/sys_vendor", "Dell Inc.\n")
            .file("proc/sys/kernel/hostname", "billing\n")
            .file("proc/cpuinfo", "processor\t: 0\nmodel name\t: Xeon E-2336\nflags\t: fpu vme\n")
            .file("sys/block/nvme0n1/device/serial", "S4EVNX0R123456      \n")
            .file("sys/block/loop0/serial", "LOOP\n")
            .file("sys/block/sdb/removable", "1\n")
            .file("sys/block/sdb/device/wwid", "STICK\n")
            .file("sys/class/net/eth0/device/vendor", "0x8086\n")
            .file("sys/class/net/eth0/address", "3c:52:82:aa:bb:cc\n")
            .file("sys/class/net/eth0/addr_assign_type", "0\n")
            .file("sys/class/net/wlan0/device/vendor", "0x8086\n")
            .file("sys/class/net/wlan0/address", "3c:52:82:aa:bb:dd\n")
            .file("sys/class/net/wlan0/addr_assign_type", "3\n")
            .file("sys/class/net/docker0/address", "3c:52:82:00:00:01\n")
    }

    fn values(facts: &HostFacts) -> Vec<(FactKind, &str)> {
        facts.iter().map(|fact| (fact.kind(), fact.value())).collect()
    }

    #[test]
    fn a_machine_is_known_by_its_fixed_parts() {
        let tree = machine();
        let facts = read(tree.root());
        assert_eq!(facts.class(), HostClass::BareMetal);
        assert_eq!(
            values(&facts),
            [
                (FactKind::MachineId, "3d1219c7c4c5404aaa1f6d2a48adfda4"),
                (FactKind::DmiUuid, "4c4c4544-0042-3510-8052-b4c04f4d3232"),
                (FactKind::DiskSerial, "s4evnx0r123456"),
                (FactKind::NetworkAddress, "3c:52:82:aa:bb:cc"),
                (FactKind::CpuModel, "xeon e-2336"),
                (FactKind::Hostname, "billing"),
            ]
        );
        assert_eq!(facts.unreadable().count(), 0);
    }

    #[test]
    fn the_uptime_is_whole_seconds_since_a_start_that_has_a_name() {
        let tree = Tree::new().file("proc/sys/kernel/random/boot_id", "0c2a\n");
        assert_eq!(uptime(tree.root()), None);
        let tree = tree.file("proc/uptime", "3642.98 7001.20\n");
        assert_eq!(uptime(tree.root()), Some(Uptime { boot: "0c2a".into(), seconds: 3642 }));
    }

    #[test]
    fn an_empty_tree_shows_nothing() {
        let facts = read(Tree::new().root());
        assert_eq!((facts.iter().count(), facts.unreadable().count()), (0, 0));
    }

    #[test]
    fn what_cannot_be_read_is_unreadable_and_not_empty() {
        // A folder in place of the file: unreadable even for root, who runs tests in containers.
        let tree = machine();
        let uuid = tree.root().join("sys/class/dmi/id/product_uuid");
        fs::remove_file(&uuid).unwrap();
        fs::create_dir(&uuid).unwrap();
        let facts = read(tree.root());
        assert_eq!(facts.unreadable().collect::<Vec<_>>(), [FactKind::DmiUuid]);
        assert!(facts.iter().all(|fact| fact.kind() != FactKind::DmiUuid));
    }

    #[test]
    fn the_serial_of_a_scsi_disk_is_behind_a_header_of_four_bytes() {
        let tree = machine().file("sys/block/sda/device/vpd_pg80", "\0\u{1}\0\u{8}WD-1234 ");
        let facts = read(tree.root());
        assert!(values(&facts).contains(&(FactKind::DiskSerial, "wd-1234")));
    }

    #[test]
    fn a_disk_or_interface_on_usb_is_not_part_of_the_machine() {
        let tree = machine()
            .file("sys/devices/pci0/usb1/1-1/block/sdc/device/wwid", "STICK")
            .file("sys/devices/pci0/usb1/1-2/net/usb0/device/vendor", "x")
            .file("sys/devices/pci0/usb1/1-2/net/usb0/address", "3c:52:82:11:22:33");
        tree.link("sys/block/sdc", "sys/devices/pci0/usb1/1-1/block/sdc");
        tree.link("sys/class/net/usb0", "sys/devices/pci0/usb1/1-2/net/usb0");
        assert_eq!(values(&read(tree.root())), values(&read(machine().root())));
    }
}
