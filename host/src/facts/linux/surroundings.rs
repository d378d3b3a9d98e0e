//! Whether this is a machine of its own, a virtual one, a cloud's or a container.

use mlicense_core::host_binding::{Fact, FactKind, HostClass};

use super::place::Place;
use crate::facts::firmware;

/// The class of the host and the facts that only its surroundings give.
#[derive(Debug)]
pub(super) struct Surroundings {
    pub(super) class: HostClass,
    pub(super) facts: Vec<Fact>,
}

pub(super) fn read(place: &Place) -> Surroundings {
    let cloud = firmware::cloud(&firmware_texts(place));
    let container = container(place);
    let class = match (&container, &cloud) {
        (Some(_), _) => HostClass::Container,
        (None, Some(_)) => HostClass::CloudInstance,
        (None, None) if is_virtual(place) => HostClass::Vm,
        (None, None) => HostClass::BareMetal,
    };
    let fact = |kind, id: Option<String>| Fact::new(kind, &id?).ok();
    let facts = [
        fact(FactKind::Container, container.flatten()),
        fact(FactKind::CloudInstance, cloud.flatten()),
    ];
    Surroundings { class, facts: facts.into_iter().flatten().collect() }
}

/// `Some` in a container, with its id where it shows.
fn container(place: &Place) -> Option<Option<String>> {
    const MARKS: &[&str] = &[".dockerenv", "run/.containerenv", "run/systemd/container"];
    const ENGINES: &[&str] =
        &["containerd", "docker", "garden", "kubepods", "libpod", "lxc", "machine.slice/machine-"];
    let groups = place.text("proc/1/cgroup").into_text().unwrap_or_default();
    let mounts = place.text("proc/1/mountinfo").into_text();
    let mounts = mounts.or_else(|| place.text("proc/self/mountinfo").into_text());
    let mounts = mounts.unwrap_or_default();
    let marked = MARKS.iter().any(|path| place.exists(path));
    let grouped = ENGINES.iter().any(|engine| groups.contains(engine));
    let mounted = root_mount(&mounts).is_some_and(is_of_an_engine);
    // The second version of control groups shows a container its own groups only: `0::/`.
    let id = || container_id(&groups).or_else(|| engine_mounts(&mounts).find_map(container_id));
    (marked || grouped || mounted).then(id)
}

/// The line of `mountinfo` (proc(5)) that tells how `/` is mounted.
fn root_mount(mounts: &str) -> Option<&str> {
    mounts.lines().find(|line| line.split(' ').nth(4) == Some("/"))
}

/// Whether a mount is made of layers that an engine keeps for its containers.
fn is_of_an_engine(mount: &str) -> bool {
    const LAYERS: &[&str] =
        &["/containerd/", "/containers/storage/", "/docker/overlay", "/docker/vfs/", "/k3s/"];
    mount.contains(" - overlay ") && LAYERS.iter().any(|part| mount.contains(part))
}

/// The files that engines put into a container from a folder that bears its id.
fn engine_mounts(mounts: &str) -> impl Iterator<Item = &str> {
    const FILES: &[&str] = &["/etc/hostname", "/etc/hosts", "/etc/resolv.conf"];
    let paths = |line: &'_ str| line.split(' ').nth(4).is_some_and(|at| FILES.contains(&at));
    mounts.lines().filter(move |line| paths(line)).filter_map(|line| line.split(' ').nth(3))
}

/// The 64 hexadecimal digits that engines name a container by.
fn container_id(groups: &str) -> Option<String> {
    const DIGITS: usize = 64;
    let is_id = |word: &&str| word.len() == DIGITS && word.bytes().all(|b| b.is_ascii_hexdigit());
    groups.split(|c: char| !c.is_ascii_alphanumeric()).find(is_id).map(str::to_owned)
}

/// Whether the firmware or the processor says that the machine is virtual.
fn is_virtual(place: &Place) -> bool {
    let named = firmware::is_virtual(&firmware_texts(place));
    named || place.exists("sys/hypervisor/type") || has_hypervisor_flag(place)
}

/// Reads texts of the firmware by their names.
fn firmware_texts(place: &Place) -> impl Fn(&str) -> Option<String> {
    |name| place.text(format!("sys/class/dmi/id/{name}")).into_text()
}

fn has_hypervisor_flag(place: &Place) -> bool {
    let text = place.text("proc/cpuinfo").into_text().unwrap_or_default();
    let flags = text.lines().find(|line| line.starts_with("flags"));
    flags.is_some_and(|line| line.split_whitespace().any(|flag| flag == "hypervisor"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::linux::place::tests::Tree;

    fn surroundings(files: &[(&str, &str)]) -> Surroundings {
        let tree = files.iter().fold(Tree::new(), |tree, (path, text)| tree.file(path, text));
        read(&Place::new(tree.root()))
    }

    #[test]
    fn a_class_is_told_by_firmware_processor_and_marks() {
        let id = "0123456789abcdef".repeat(4);
        let docker = format!("12:pids:/docker/{id}\n");
        let scope = format!("0::/kubepods.slice/cri-containerd-{id}.scope\n");
        for (path, text, class) in [
            ("sys/class/dmi/id/sys_vendor", "Dell Inc.", HostClass::BareMetal),
            ("sys/class/dmi/id/sys_vendor", "QEMU", HostClass::Vm),
            ("sys/class/dmi/id/sys_vendor", "VMware, Inc.", HostClass::Vm),
            ("sys/class/dmi/id/product_name", "VirtualBox", HostClass::Vm),
            ("proc/cpuinfo", "flags\t\t: fpu hypervisor lahf_lm", HostClass::Vm),
            ("proc/cpuinfo", "flags\t\t: fpu lahf_lm", HostClass::BareMetal),
            ("sys/hypervisor/type", "xen", HostClass::Vm),
            ("sys/class/dmi/id/sys_vendor", "Amazon EC2", HostClass::CloudInstance),
            (".dockerenv", "", HostClass::Container),
            ("run/.containerenv", "", HostClass::Container),
            ("run/systemd/container", "systemd-nspawn", HostClass::Container),
            ("proc/1/cgroup", "0::/init.scope\n", HostClass::BareMetal),
            ("proc/1/cgroup", &docker, HostClass::Container),
            ("proc/1/cgroup", &scope, HostClass::Container),
            ("proc/1/mountinfo", LAYERED, HostClass::Container),
            ("proc/self/mountinfo", LAYERED, HostClass::Container),
            ("proc/1/mountinfo", "21 1 8:2 / / rw - ext4 /dev/sda2 rw\n", HostClass::BareMetal),
            ("proc/1/mountinfo", "21 1 0:9 / / rw - overlay cow rw\n", HostClass::BareMetal),
        ] {
            assert_eq!(surroundings(&[(path, text)]).class, class, "{path}: {text}");
        }
    }

    /// A container's mounts under the second version of control groups, `/` and one beside it.
    const LAYERED: &str = "\
        311 302 0:57 / / rw - overlay overlay rw,lowerdir=/var/lib/docker/overlay2/l/A,upperdir=/B\n\
        322 311 8:2 /var/lib/docker/containers/0123456789abcdef0123456789abcdef0123456789abcdef\
        0123456789abcdef/hostname /etc/hostname rw - ext4 /dev/sda2 rw\n";

    #[test]
    fn a_container_that_sees_only_its_own_groups_is_known_by_its_mounts() {
        let found = surroundings(&[("proc/1/cgroup", "0::/\n"), ("proc/1/mountinfo", LAYERED)]);
        assert_eq!(found.class, HostClass::Container);
        let values: Vec<_> = found.facts.iter().map(|fact| fact.value()).collect();
        assert_eq!(values, ["0123456789abcdef".repeat(4)]);
    }

    #[test]
    fn a_container_in_a_cloud_is_a_container_first() {
        let found =
            surroundings(&[(".dockerenv", ""), ("sys/class/dmi/id/sys_vendor", "Amazon EC2")]);
        assert_eq!(found.class, HostClass::Container);
    }

    #[test]
    fn the_ids_of_container_and_instance_are_facts() {
        let id = "0123456789abcdef".repeat(4);
        let found = surroundings(&[
            ("proc/1/cgroup", &format!("0::/docker-{id}.scope\n")),
            ("sys/class/dmi/id/sys_vendor", "Amazon EC2\n"),
            ("sys/class/dmi/id/board_asset_tag", "i-0123456789abcdef0\n"),
        ]);
        let values: Vec<_> = found.facts.iter().map(|f| (f.kind(), f.value())).collect();
        assert_eq!(
            values,
            [(FactKind::Container, id.as_str()), (FactKind::CloudInstance, "i-0123456789abcdef0")]
        );
    }
}
