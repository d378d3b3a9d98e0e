//! May it run?

use mlicense_core::{
    contact::Action,
    decision::{Decision, Switch},
    error::Result,
};
use serde_json::{Value as Json, json};

use super::{Client, json as to_json};
use crate::{
    fault,
    value::{Arguments, Value},
};

impl Client {
    /// Never an exception: what cannot be asked is denied.
    pub(super) fn allowed(&mut self, arguments: &mut Arguments) -> bool {
        match self.decide(arguments) {
            Ok(decision) => {
                if let Err(denied) = decision.require() {
                    self.told.refuse(denied);
                }
                decision.allowed()
            }
            Err(mistake) => {
                self.told.refuse(mistake);
                false
            }
        }
    }

    /// What cannot be asked switches a module off, as what is denied does.
    pub(super) fn switch(&mut self, arguments: &mut Arguments) -> Result<Value> {
        let current = arguments.optional_text()?;
        let switch = current.map_or(Ok(Switch::On), |word| word.parse())?;
        Ok(switch.following(self.allowed(arguments)).as_str().into())
    }

    pub(super) fn why(&mut self, arguments: &mut Arguments) -> Result<Value> {
        let decision = self.decide(arguments)?;
        Ok(decision.message(self.told.language).into())
    }

    pub(super) fn explain(&mut self, arguments: &mut Arguments) -> Result<Value> {
        let decision = self.decide(arguments)?;
        Ok(decision.explain(self.told.language).into())
    }

    pub(super) fn data(&mut self, arguments: &mut Arguments) -> Result<Value> {
        let decision = self.decide(arguments)?;
        if let Err(denied) = decision.require() {
            self.told.refuse(denied);
        }
        Ok(decision.data().map_or(Value::Empty, |bytes| Value::Data(bytes.to_vec())))
    }

    fn decide(&mut self, arguments: &mut Arguments) -> Result<Decision> {
        let (open, _) = self.opened()?;
        let (feature, at) = (arguments.text()?, open.instant(arguments)?);
        let client = &open.client;
        Ok(at.map_or_else(|| client.check(&feature), |at| client.check_at(&feature, at)))
    }

    /// Until when the product is licensed: the empty date for ever, undefined without a licence.
    pub(super) fn valid_until(&self) -> Value {
        let Some(open) = &self.open else { return Value::Empty };
        let next = open.client.next_action();
        if next.action == Action::Request {
            return Value::Empty;
        }
        Value::Date(next.renew_by.map_or_else(Value::empty_date, |end| open.zone.local_at(end)))
    }

    pub(super) fn next_action(&self) -> Result<Value> {
        let Some(open) = &self.open else { return Ok("".into()) };
        let action = serde_json::to_value(open.client.next_action().action);
        let name = action.map_err(fault::internal)?;
        Ok(name.as_str().unwrap_or_default().into())
    }

    pub(super) fn next_action_at(&self) -> Value {
        let Some(open) = &self.open else { return Value::Empty };
        Value::Date(open.zone.local_at(open.client.next_action().at))
    }

    pub(super) fn host_facts(&self) -> Result<Value> {
        let Some(open) = &self.open else { return Ok("".into()) };
        let host = open.client.host_facts();
        let fact = |fact: &mlicense_core::host_binding::Fact| json!({"kind": fact.kind().as_str(), "value": fact.value()});
        let facts: Vec<Json> = host.iter().map(fact).collect();
        let unreadable: Vec<&str> = host.unreadable().map(|kind| kind.as_str()).collect();
        let told = json!({"class": host.class(), "facts": facts, "unreadable": unreadable});
        Ok(to_json(&told)?.into())
    }
}
