//! Finding a thing by its name in less time than a look at a clock.

/// Things by their names, made once and then only looked up.
#[derive(Debug)]
pub(crate) struct Names<T> {
    entries: Vec<(Box<str>, T)>,
    /// Places of entries, from 1 on, where the digest of the name says or soon behind; 0 is free.
    /// Twice as many as entries at least, so that a search ends soon.
    slots: Box<[u32]>,
}

impl<T> Names<T> {
    /// Takes names, each once.
    pub(crate) fn new(entries: impl IntoIterator<Item = (Box<str>, T)>) -> Self {
        let entries: Vec<_> = entries.into_iter().collect();
        let size = entries.len().saturating_mul(2).next_power_of_two().max(2);
        let mut names = Self { entries, slots: vec![0; size].into() };
        for (place, number) in (0..names.entries.len()).zip(1..) {
            let free = names.entries.get(place).and_then(|(name, _)| {
                names.path(name).find(|slot| names.slots.get(*slot) == Some(&0))
            });
            if let Some(slot) = free.and_then(|free| names.slots.get_mut(free)) {
                *slot = number;
            }
        }
        names
    }

    pub(crate) fn find(&self, name: &str) -> Option<&T> {
        for slot in self.path(name) {
            let place = self.slots.get(slot)?.checked_sub(1)?;
            let (found, thing) = self.entries.get(place as usize)?;
            if **found == *name {
                return Some(thing);
            }
        }
        None
    }

    /// The names, in the order in which they were given.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|(name, _)| &**name)
    }

    /// The slots in which a name may be, in the order in which to look.
    fn path(&self, name: &str) -> impl Iterator<Item = usize> + use<T> {
        let mask = self.slots.len().saturating_sub(1);
        let first = digest(name) & mask;
        (0..=mask).map(move |step| first.wrapping_add(step) & mask)
    }
}

/// Mixes a name, eight bytes at a time. Whoever chooses the names is the vendor: it need not
/// withstand those who would make them collide.
fn digest(name: &str) -> usize {
    const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
    let (words, rest) = name.as_bytes().as_chunks::<8>();
    let last = rest.iter().fold(0, |word: u64, byte| word << 8 | u64::from(*byte));
    let mix = |mixed: u64, word: u64| {
        let mixed = (mixed ^ word).wrapping_mul(SPREAD);
        mixed ^ (mixed >> 29)
    };
    let words = words.iter().map(|word| u64::from_le_bytes(*word));
    let mixed = mix(words.fold(name.len() as u64, mix), last);
    usize::try_from(mixed >> 32).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found_and_no_other() {
        for count in [0, 1, 2, 3, 11, 1000] {
            let entry = |n: usize| (format!("feature-{n}").into_boxed_str(), n);
            let names = Names::new((0..count).map(entry));
            for n in 0..count {
                assert_eq!(names.find(&format!("feature-{n}")), Some(&n));
            }
            let others = ["", "feature-", "feature-1000", "FEATURE-1", "feature-1 ", "\0"];
            assert!(others.iter().all(|name| names.find(name).is_none()), "{count}");
        }
    }

    #[test]
    fn names_of_every_length_are_told_apart() {
        let names = Names::new((0..100).map(|n| ("x".repeat(n).into_boxed_str(), n)));
        assert!((0..100).all(|n| names.find(&"x".repeat(n)) == Some(&n)));
        assert_eq!(names.find(&"x".repeat(100)), None);
    }

    #[test]
    fn names_that_differ_little_are_spread() {
        let names = Names::new((0..4000).map(|n| (format!("f{n}").into_boxed_str(), n)));
        let steps = |n: usize| {
            let name = format!("f{n}");
            let here = |slot: &usize| names.slots[*slot] == u32::try_from(n + 1).unwrap();
            names.path(&name).position(|slot| here(&slot)).unwrap()
        };
        let total: usize = (0..4000).map(steps).sum();
        assert!(total < 4000, "{total} steps beyond the first");
    }
}
