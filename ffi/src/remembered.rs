//! Features that were asked for by name, found again without a lock.

use std::sync::OnceLock;

use mlicense_host::Feature;

/// How many are remembered at most; who asks for more waits for the lock, and no longer than that.
const SLOTS: usize = 64;
/// In how many slots a name may be.
const STEPS: usize = 8;

/// Features that may run, by their names: put there once and then only read.
///
/// A feature goes on to answer as its client does, so nothing here is ever out of date.
#[derive(Debug)]
pub(crate) struct Remembered {
    slots: [OnceLock<Feature>; SLOTS],
}

impl Remembered {
    pub(crate) const fn new() -> Self {
        Self { slots: [const { OnceLock::new() }; SLOTS] }
    }

    /// The feature of this name; the bytes need not be UTF-8, and then there is none.
    pub(crate) fn find(&self, name: &[u8]) -> Option<&Feature> {
        for slot in self.path(name) {
            let feature = slot.get()?;
            if feature.name().as_bytes() == name {
                return Some(feature);
            }
        }
        None
    }

    /// Remembers a feature where there is room.
    pub(crate) fn remember(&self, feature: Feature) {
        let name: Box<[u8]> = feature.name().as_bytes().into();
        let mut feature = feature;
        for slot in self.path(&name) {
            match slot.set(feature) {
                Ok(()) => return,
                Err(back) if slot.get().is_some_and(|held| held.name() == back.name()) => return,
                Err(back) => feature = back,
            }
        }
    }

    fn path(&self, name: &[u8]) -> impl Iterator<Item = &OnceLock<Feature>> {
        let (front, back) = self.slots.split_at_checked(digest(name)).unwrap_or((&self.slots, &[]));
        back.iter().chain(front).take(STEPS)
    }
}

/// The slot where the search for a name starts.
fn digest(name: &[u8]) -> usize {
    let (words, rest) = name.as_chunks::<8>();
    let last = rest.iter().fold(0_u64, |word, byte| word << 8 | u64::from(*byte));
    let words =
        words.iter().fold(last, |mixed, word| mixed.rotate_left(5) ^ u64::from_le_bytes(*word));
    // The upper bits of the product depend on every bit of the words.
    let mixed = words.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58;
    usize::try_from(mixed).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use mlicense_core::signing::Signer;
    use mlicense_host::{Client, Options};

    use super::*;

    fn client() -> Client {
        let roots = [Signer::from_seed([1; 32]).public_key()];
        Client::open("editor".parse().unwrap(), &roots, Options::stateless()).unwrap()
    }

    #[test]
    fn what_is_remembered_is_found_and_nothing_else() {
        let (client, remembered) = (client(), Remembered::new());
        assert!(remembered.find(b"export").is_none());
        remembered.remember(client.feature("export"));
        remembered.remember(client.feature("export"));
        assert_eq!(remembered.find(b"export").unwrap().name(), "export");
        for other in [&b"exporu"[..], b"expor", b"export\0", b"", b"\xff\xfe"] {
            assert!(remembered.find(other).is_none(), "{other:?}");
        }
        assert_eq!(remembered.slots.iter().filter(|slot| slot.get().is_some()).count(), 1);
    }

    #[test]
    fn names_without_room_are_not_found_and_harm_none() {
        let (client, remembered) = (client(), Remembered::new());
        let names: Vec<String> = (0..1000).map(|n| format!("feature-{n}")).collect();
        for name in &names {
            remembered.remember(client.feature(name));
        }
        let found: Vec<_> = names
            .iter()
            .filter(|name| {
                let feature = remembered.find(name.as_bytes());
                assert!(feature.is_none_or(|feature| feature.name() == *name));
                feature.is_some()
            })
            .collect();
        assert!((SLOTS / 2..=SLOTS).contains(&found.len()), "{}", found.len());
    }
}
