//! What the texts of a machine's firmware tell: whether it is virtual, and whose cloud it is in.

/// A cloud, how its firmware shows, and where it writes the id of the instance, if anywhere.
struct Cloud {
    sign: (&'static str, &'static str),
    id: Option<(&'static str, &'static str)>,
}

/// Signs and ids are a text of the firmware, by its name under `/sys/class/dmi/id`, and how it starts.
const CLOUDS: &[Cloud] = &[
    Cloud { sign: ("sys_vendor", "Amazon EC2"), id: Some(("board_asset_tag", "i-")) },
    Cloud {
        sign: ("product_name", "Google Compute Engine"),
        id: Some(("product_serial", "GoogleCloud-")),
    },
    Cloud {
        sign: ("chassis_asset_tag", "7783-7084-3265-9085-8269-3286-77"),
        id: Some(("product_uuid", "")),
    },
    Cloud { sign: ("sys_vendor", "DigitalOcean"), id: Some(("product_serial", "")) },
    Cloud { sign: ("sys_vendor", "Hetzner"), id: Some(("product_serial", "")) },
    Cloud { sign: ("sys_vendor", "Alibaba Cloud"), id: Some(("product_serial", "")) },
    Cloud { sign: ("chassis_asset_tag", "OracleCloud.com"), id: None },
    Cloud { sign: ("product_name", "OpenStack"), id: Some(("product_uuid", "")) },
];

/// `Some` in a cloud, with the id of the instance where it may be read.
pub(super) fn cloud(text: &impl Fn(&str) -> Option<String>) -> Option<Option<String>> {
    let starts = |(name, start): (&str, &str)| text(name).filter(|text| text.starts_with(start));
    let cloud = CLOUDS.iter().find(|cloud| starts(cloud.sign).is_some())?;
    Some(cloud.id.and_then(starts))
}

/// Whether the texts name a maker of virtual machines.
pub(super) fn is_virtual(text: &impl Fn(&str) -> Option<String>) -> bool {
    const MAKERS: &[&str] = &[
        "Apple Virtualization",
        "BHYVE",
        "Bochs",
        "KVM",
        "Parallels",
        "QEMU",
        "VMware",
        "Virtual Machine",
        "VirtualBox",
        "VirtualMac",
        "Xen",
        "innotek",
        "oVirt",
    ];
    let named = |name: &&str| {
        text(name).is_some_and(|text| MAKERS.iter().any(|maker| text.contains(maker)))
    };
    ["sys_vendor", "product_name", "bios_vendor"].iter().any(named)
}
