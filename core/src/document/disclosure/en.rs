//! English.

use super::{FactKind, HostClass, Phrase, RequestKind};

pub(super) const fn text(phrase: Phrase) -> &'static str {
    match phrase {
        Phrase::Asks(kind) => asks(kind),
        Phrase::Customer => "It names the customer `{customer}`.",
        Phrase::System => "It names the system `{system}`.",
        Phrase::Number => {
            "It tells the registration number that ends in `{number}`; the vendor gets all of it."
        }
        Phrase::Owner => "It tells who asks: {owner}.",
        Phrase::Code => "It tells the code that ends in `{code}`; the vendor gets all of it.",
        Phrase::Devices => "It counts the devices that need a licence: {devices}.",
        Phrase::Host => "It says that the host is {class}.",
        Phrase::Facts => "It tells keyed digests of facts of the host, and no value: {facts}.",
        Phrase::NoFacts => "It tells no fact of the host.",
        Phrase::Group => "It asks to join the group `{group}` of hosts that share a licence.",
        Phrase::Label => "It tells what to call this host: `{label}`; the vendor gets all of it.",
        Phrase::Installation => "It is signed with the key of this installation, `{installation}`.",
        Phrase::Written => "It was written at {written_at}, as number {epoch}.",
        Phrase::NothingElse => "It tells nothing else.",
    }
}

const fn asks(kind: RequestKind) -> &'static str {
    match kind {
        RequestKind::Coupon => "It asks to redeem a coupon for `{product}`.",
        RequestKind::Number => "It asks to use a registration number for `{product}` here.",
        RequestKind::Rebind => "It asks to bind the licence of `{product}` to this host anew.",
        RequestKind::Recover => "It asks for the forgotten registration number of `{product}`.",
        RequestKind::Refresh => "It asks what has changed for `{product}`.",
        RequestKind::Register => "It asks for a registration number for `{product}`.",
        RequestKind::Release => "It gives the licence of `{product}` back.",
        RequestKind::System => "It asks to license the system described here for `{product}`.",
        RequestKind::Trial => "It asks to try `{product}`.",
    }
}

pub(super) const fn class(class: HostClass) -> &'static str {
    match class {
        HostClass::BareMetal => "a machine of its own",
        HostClass::Vm => "a virtual machine",
        HostClass::Container => "a container",
        HostClass::CloudInstance => "a virtual machine in a cloud",
        HostClass::Declared => "known by a declared id only",
    }
}

pub(super) const fn fact(kind: FactKind) -> &'static str {
    match kind {
        FactKind::MachineId => "id of the operating system",
        FactKind::DmiUuid => "UUID of the machine",
        FactKind::BoardSerial => "serial number of the main board",
        FactKind::DiskSerial => "serial number of a disk",
        FactKind::NetworkAddress => "address of a network interface",
        FactKind::Tpm => "id of the trusted platform module",
        FactKind::DeclaredId => "declared id",
        FactKind::CpuModel => "model of the processor",
        FactKind::Hostname => "name of the host",
        FactKind::CloudInstance => "id of the cloud instance",
        FactKind::Container => "id of the container",
    }
}
