//! `AddIn.MLicense.Client`: the customer's side for a configuration.
//!
//! What may well happen, such as a licence that is over or a coupon that was used, is a result: the
//! call gives `Ложь` or an empty text, and code and text of the error say why. 1C raises an
//! exception for mistakes of the code only: a wrong type, or a client that was not opened.

mod check;
mod diagnosis;
mod exchange;
mod number;
mod open;
mod seats;

use mlicense_core::{
    error::{Language, Refusal, Result},
    time::{Instant, Zone},
};
use serde::Serialize;

use self::{open::Asked, seats::Seats};
use crate::{
    component::{Component, Method, Property, methods, properties},
    fault,
    told::Told,
    value::{Arguments, LeftOut as L, Value},
};

/// A client, open or not.
#[derive(Debug, Default)]
pub(crate) struct Client {
    told: Told,
    open: Option<Open>,
    /// How it was to be opened the last time, so that a diagnosis can say why it was not.
    asked: Option<Asked>,
    /// What came of the last document, as JSON.
    accepted: String,
}

#[derive(Debug)]
struct Open {
    client: mlicense_host::Client,
    zone: Zone,
    seats: Seats,
}

impl Component for Client {
    const NAME: &'static str = "Client";

    const PROPERTIES: &'static [Property<Self>] = properties! {
        "State" "Состояние" |it| Ok(it.state());
        "IsOpen" "Открыт" |it| Ok(it.open.is_some().into());
        "Product" "Продукт" |it| Ok(it.of_open(|open| open.client.product().to_string()));
        "Installation" "Установка" |it| Ok(it.of_open(|open| open.client.installation().to_string()));
        "RegistrationNumber" "РегистрационныйНомер"
            |it| Ok(it.of_open(|open| open.client.number().unwrap_or_default()));
        "ValidUntil" "СрокДействия" |it| Ok(it.valid_until());
        "NextAction" "СледующееДействие" |it| it.next_action();
        "NextActionAt" "ВремяСледующегоДействия" |it| Ok(it.next_action_at());
        "HostFacts" "ПризнакиКомпьютера" |it| it.host_facts();
        "Accepted" "Принято" |it| Ok(it.accepted.as_str().into());
        "ErrorCode" "КодОшибки" |it| Ok(Value::Integer(it.told.number().into()));
        "ErrorName" "ИмяОшибки" |it| Ok(it.told.name().into());
        "ErrorText" "ТекстОшибки" |it| Ok(it.told.text().into());
        "ErrorAdvice" "СоветПоОшибке" |it| Ok(it.told.advice().into());
        "Version" "Версия" |_| Ok(env!("CARGO_PKG_VERSION").into());
    };

    const METHODS: &'static [Method<Self>] = methods! {
        "Open" "Открыть" ("Product" L::Never, "RootKeys" L::Never, "Zone" L::Never,
            "State" L::Text, "Options" L::Text) -> Self::open;
        "Close" "Закрыть" () => |it, _| it.close();
        "Allowed" "Разрешено" ("Feature" L::Never, "At" L::Date) -> |it, args| Ok(it.allowed(args).into());
        "Switch" "Выключатель" ("Switch" L::Text, "Feature" L::Never, "At" L::Date) -> Self::switch;
        "Why" "Пояснение" ("Feature" L::Never, "At" L::Date) -> Self::why;
        "Explain" "Обоснование" ("Feature" L::Never, "At" L::Date) -> Self::explain;
        "Data" "Данные" ("Feature" L::Never, "At" L::Date) -> Self::data;
        "Request" "Запрос" ("Kind" L::Never, "Fields" L::Text, "At" L::Date) -> Self::request;
        "Accept" "Принять" ("Document" L::Never, "At" L::Date) -> Self::accept;
        "Licenses" "Лицензии" () -> |it, _| it.licenses();
        "SetNumber" "УстановитьНомер" ("Number" L::Never, "Change" L::Flag, "At" L::Date)
            -> Self::set_number;
        "RemoveNumber" "УдалитьНомер" ("Confirmed" L::Flag) -> Self::remove_number;
        "RevealNumber" "ПоказатьНомер" () -> |it, _| it.reveal_number();
        "CheckCode" "ПроверитьКод" ("Code" L::Never, "Format" L::Never) -> Self::check_code;
        "Deactivate" "Деактивировать" ("At" L::Date) -> Self::deactivate;
        "Acquire" "Захватить" ("Feature" L::Never, "Holder" L::Text, "Session" L::Text)
            -> Self::acquire;
        "KeepAlive" "Продлить" ("Session" L::Never) -> Self::keep_alive;
        "Release" "Освободить" ("Session" L::Never, "Feature" L::Text) -> Self::release;
        "Available" "Доступно" ("Feature" L::Never) -> Self::available;
        "Usage" "Использование" () -> |it, _| it.usage();
        "Diagnose" "Диагностика" ("Addresses" L::Text) -> Self::diagnose;
    };

    fn speak(&mut self, language: Language) {
        self.told.language = language;
    }

    fn note(&mut self, refusal: Refusal) -> String {
        self.told.note(refusal)
    }
}

impl Client {
    /// The open client, for a call that begins.
    fn opened(&mut self) -> Result<(&mut Open, &mut Told)> {
        self.told.clear();
        let open = self.open.as_mut().ok_or_else(|| fault::closed("client"))?;
        Ok((open, &mut self.told))
    }

    /// A text of an open client; the empty one of another.
    fn of_open(&self, text: impl FnOnce(&Open) -> String) -> Value {
        self.open.as_ref().map(text).unwrap_or_default().into()
    }
}

impl Open {
    /// The instant that a date of 1C means, if one is given.
    fn instant(&self, arguments: &mut Arguments) -> Result<Option<Instant>> {
        arguments.date()?.map(|date| self.zone.instant_at(date)).transpose()
    }
}

/// A value as JSON.
pub(crate) fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(fault::internal)
}
