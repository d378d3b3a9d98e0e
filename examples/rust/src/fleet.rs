//! A model of hosts and of what changes on them, to try the rule of host binding on.
//!
//! Everything here is assumed and nothing measured: which facts a host of a class shows, how often
//! one is missing, and what a change takes away. The assumptions stand beside the tables in
//! docs/hosts.md.

use std::collections::{BTreeMap, BTreeSet};

use mlicense_core::host_binding::{Fact, FactKind, HostClass, HostFacts};
use rand::RngExt;
use rand_xorshift::XorShiftRng;

/// A host: the facts it shows, by kind.
#[derive(Clone, Debug)]
pub struct Machine {
    class: HostClass,
    facts: BTreeMap<FactKind, BTreeSet<String>>,
}

/// What happens to a host, or which other host shows itself in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// Nothing.
    Nothing,
    /// A disk was replaced.
    NewDisk,
    /// A network card was replaced.
    NewNetworkCard,
    /// The main board was replaced, with what is soldered to it.
    NewBoard,
    /// A dock with a network interface was plugged in.
    DockPlugged,
    /// The dock that was there at enrolment is gone.
    DockUnplugged,
    /// The operating system was installed anew, under another name.
    Reinstalled,
    /// As that, on a new disk.
    ReinstalledOnNewDisk,
    /// The virtual machine moved to other hardware.
    Moved,
    /// The container was started again.
    Restarted,
    /// Another host of the same make.
    Another,
    /// A copy, to which the hypervisor gave a UUID and an address of its own.
    Copied,
    /// A copy to the bit, UUID and address included.
    CopiedToTheBit,
    /// Another host, set up from the same image without a new machine id.
    SameImage,
    /// Another host that got the disk.
    DiskCarriedOver,
}

impl Change {
    /// What happens to hosts of a class that stay the same to their owner.
    #[must_use]
    pub fn of_the_same(class: HostClass) -> Vec<Self> {
        match class {
            HostClass::BareMetal => vec![
                Self::Nothing,
                Self::NewDisk,
                Self::NewNetworkCard,
                Self::DockPlugged,
                Self::DockUnplugged,
                Self::Reinstalled,
                Self::ReinstalledOnNewDisk,
                Self::NewBoard,
            ],
            HostClass::Vm => vec![Self::Nothing, Self::NewDisk, Self::Moved, Self::Reinstalled],
            HostClass::CloudInstance => vec![Self::Nothing, Self::NewDisk, Self::Reinstalled],
            HostClass::Container => vec![Self::Nothing, Self::Restarted],
            _ => vec![Self::Nothing],
        }
    }

    /// Which other hosts may show themselves in the place of one of a class.
    #[must_use]
    pub fn into_another(class: HostClass) -> Vec<Self> {
        match class {
            HostClass::BareMetal => vec![Self::Another, Self::SameImage, Self::DiskCarriedOver],
            HostClass::Vm => {
                vec![Self::Another, Self::SameImage, Self::Copied, Self::CopiedToTheBit]
            }
            HostClass::CloudInstance => vec![Self::Another, Self::SameImage],
            _ => vec![Self::Another, Self::CopiedToTheBit],
        }
    }

    /// In words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Nothing => "nothing changed",
            Self::NewDisk => "new disk",
            Self::NewNetworkCard => "new network card",
            Self::NewBoard => "new main board",
            Self::DockPlugged => "dock plugged in",
            Self::DockUnplugged => "dock unplugged",
            Self::Reinstalled => "system reinstalled, renamed",
            Self::ReinstalledOnNewDisk => "the same on a new disk",
            Self::Moved => "moved to other hardware",
            Self::Restarted => "started again",
            Self::Another => "another of the same make",
            Self::Copied => "a copy with a UUID of its own",
            Self::CopiedToTheBit => "a copy to the bit",
            Self::SameImage => "another from the same image",
            Self::DiskCarriedOver => "another that got its disk",
        }
    }
}

impl Machine {
    /// Draws a host of a class.
    pub fn draw(class: HostClass, random: &mut XorShiftRng) -> Self {
        use FactKind as K;
        let mut machine = Self { class, facts: BTreeMap::new() };
        let (always, sometimes): (&[K], &[(K, f64)]) = match class {
            HostClass::BareMetal => (
                &[K::MachineId, K::Hostname, K::DiskSerial, K::NetworkAddress, K::CpuModel],
                &[
                    (K::DmiUuid, 0.97),
                    (K::BoardSerial, 0.85),
                    (K::Tpm, 0.5),
                    (K::DiskSerial, 0.3),
                    (K::NetworkAddress, 0.4),
                ],
            ),
            HostClass::Vm => (
                &[K::MachineId, K::Hostname, K::DmiUuid, K::CpuModel],
                &[(K::DiskSerial, 0.3), (K::NetworkAddress, 0.5)],
            ),
            HostClass::CloudInstance => (
                &[K::MachineId, K::Hostname, K::DmiUuid, K::CloudInstance],
                &[(K::DiskSerial, 0.5)],
            ),
            HostClass::Container => {
                (&[K::Container, K::Hostname, K::CpuModel], &[(K::DeclaredId, 0.6)])
            }
            _ => (&[K::DeclaredId], &[]),
        };
        always.iter().for_each(|kind| machine.add(*kind, random));
        for (kind, likely) in sometimes {
            if random.random_bool(*likely) {
                machine.add(*kind, random);
            }
        }
        machine
    }

    /// The host after a change, or the other one; none where it has no such part.
    #[must_use]
    pub fn after(&self, change: Change, random: &mut XorShiftRng) -> Self {
        use FactKind as K;
        let mut machine = self.clone();
        match change {
            Change::Nothing | Change::DockUnplugged | Change::CopiedToTheBit => {}
            Change::NewDisk => machine.replace(K::DiskSerial, random),
            Change::NewNetworkCard => machine.replace(K::NetworkAddress, random),
            Change::DockPlugged => machine.add(K::NetworkAddress, random),
            Change::NewBoard => {
                let soldered = [K::BoardSerial, K::DmiUuid, K::Tpm, K::NetworkAddress];
                soldered.into_iter().for_each(|kind| machine.replace(kind, random));
            }
            Change::Reinstalled => machine.reinstall(random),
            Change::ReinstalledOnNewDisk => {
                machine.replace(K::DiskSerial, random);
                machine.reinstall(random);
            }
            Change::Moved => machine.replace(K::CpuModel, random),
            Change::Restarted => {
                machine.replace(K::Container, random);
                machine.replace(K::Hostname, random);
            }
            Change::Another => machine = Self::draw(self.class, random),
            Change::Copied => {
                let own = [K::DmiUuid, K::NetworkAddress];
                own.into_iter().for_each(|kind| machine.replace(kind, random));
            }
            Change::SameImage => {
                machine = Self::draw(self.class, random);
                machine.take_over(self, K::MachineId);
            }
            Change::DiskCarriedOver => {
                machine = Self::draw(self.class, random);
                let on_disk = [K::DiskSerial, K::MachineId, K::Hostname];
                on_disk.into_iter().for_each(|kind| machine.take_over(self, kind));
            }
        }
        machine
    }

    /// The host as it is when a change begins: a dock that is to be unplugged is there.
    #[must_use]
    pub fn before(&self, change: Change, random: &mut XorShiftRng) -> Self {
        let mut machine = self.clone();
        if change == Change::DockUnplugged {
            machine.add(FactKind::NetworkAddress, random);
        }
        machine
    }

    /// What it shows of itself.
    ///
    /// # Errors
    /// Should a value drawn tell no machines apart.
    pub fn facts(&self) -> mlicense_core::error::Result<HostFacts> {
        let values = self.facts.iter().flat_map(|(kind, values)| values.iter().map(|v| (*kind, v)));
        let facts = values.map(|(kind, value)| Fact::new(kind, value));
        Ok(HostFacts::new(self.class, facts.collect::<Result<Vec<_>, _>>()?))
    }

    fn add(&mut self, kind: FactKind, random: &mut XorShiftRng) {
        let drawn: u32 = random.random_range(0..=u32::MAX);
        let value = match kind {
            FactKind::NetworkAddress => {
                let [a, b, c, d] = drawn.to_be_bytes();
                format!("00:50:{a:02x}:{b:02x}:{c:02x}:{d:02x}")
            }
            FactKind::CpuModel => format!("model {}", drawn % 20),
            _ => format!("{kind} {drawn:08x}"),
        };
        self.facts.entry(kind).or_default().insert(value);
    }

    /// Replaces one value of a kind, if there is one.
    fn replace(&mut self, kind: FactKind, random: &mut XorShiftRng) {
        if self.facts.get_mut(&kind).and_then(BTreeSet::pop_first).is_some() {
            self.add(kind, random);
        }
    }

    fn reinstall(&mut self, random: &mut XorShiftRng) {
        self.replace(FactKind::MachineId, random);
        self.replace(FactKind::Hostname, random);
    }

    fn take_over(&mut self, from: &Self, kind: FactKind) {
        if let Some(values) = from.facts.get(&kind) {
            self.facts.insert(kind, values.clone());
        }
    }
}
