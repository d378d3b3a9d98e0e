//! A class that panics, for the tests.

use mlicense_core::error::{Language, Refusal};

use crate::{
    component::{Component, Method, Property, methods, properties},
    value::Value,
};

/// What is planted.
#[derive(Debug, Default)]
pub(crate) struct Planted;

impl Component for Planted {
    const NAME: &'static str = "Planted";
    const PROPERTIES: &'static [Property<Self>] = properties! {
        "Panic" "Паника" |_| fall();
    };
    const METHODS: &'static [Method<Self>] = methods! {
        "Fall" "Упасть" () -> |_, _| fall();
    };

    fn speak(&mut self, _: Language) {
        let _ = fall();
    }

    fn note(&mut self, refusal: Refusal) -> String {
        refusal.to_string()
    }
}

#[expect(clippy::panic, reason = "what it is for")]
fn fall() -> mlicense_core::error::Result<Value> {
    panic!("planted")
}
