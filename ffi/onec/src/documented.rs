//! Whether `docs/onec.md` lists every member of both classes, and no two share a name.

use std::{collections::BTreeSet, fs, path::Path};

use crate::{
    client::Client,
    component::{Component, Names},
    ledger::Ledger,
};

fn members<C: Component>() -> Vec<Names> {
    let methods = C::METHODS.iter().map(|method| method.names);
    methods.chain(C::PROPERTIES.iter().map(|property| property.names)).collect()
}

fn page() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(root.join("../../docs/onec.md")).unwrap()
}

#[test]
fn every_member_is_documented_under_both_names() {
    let page = page();
    for Names { english, russian } in members::<Client>().into_iter().chain(members::<Ledger>()) {
        let both = format!("`{russian}` / `{english}`");
        assert!(page.contains(&both), "{both} is not in docs/onec.md");
    }
}

#[test]
fn no_two_members_of_a_class_share_a_name() {
    for members in [members::<Client>(), members::<Ledger>()] {
        let names = members.iter().flat_map(|names| [names.english, names.russian]);
        let once: BTreeSet<String> = names.map(str::to_lowercase).collect();
        assert_eq!(once.len(), members.len() * 2);
    }
}
