//! The registration number, and codes as they are typed.

use mlicense_core::{
    code::{Code, CodeFormat},
    error::Result,
};

use super::Client;
use crate::{
    told::Refused,
    value::{Arguments, Value},
};

impl Client {
    pub(super) fn set_number(&mut self, arguments: &mut Arguments) -> Result<Value> {
        let (open, told) = self.opened()?;
        let (typed, change) = (arguments.text()?, arguments.flag()?);
        let at = open.instant(arguments)?;
        let client = &mut open.client;
        let written = match change {
            true => client.change_number_at(&typed, at),
            false => client.enter_number_at(&typed, at),
        };
        Ok(told.or(written.map(|request| Value::from(request.unwrap_or_default())), ""))
    }

    pub(super) fn remove_number(&mut self, arguments: &mut Arguments) -> Result<Value> {
        let (open, told) = self.opened()?;
        let removed = open.client.remove_number(arguments.flag()?);
        Ok(told.or(removed.map(|()| true.into()), false))
    }

    pub(super) fn reveal_number(&mut self) -> Result<Value> {
        let (open, _) = self.opened()?;
        Ok(open.client.reveal_number().unwrap_or_default().into())
    }

    /// Works without an open client too: a form checks what is typed before anything else.
    pub(super) fn check_code(&mut self, arguments: &mut Arguments) -> Result<Value> {
        self.told.clear();
        let (typed, format) = (arguments.text()?, arguments.text()?);
        let read = || -> Result<_, Refused> {
            Code::parse(&format.parse::<CodeFormat>()?, &typed)?;
            Ok(true.into())
        };
        Ok(self.told.or(read(), false))
    }
}
