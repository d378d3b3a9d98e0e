//! Russian.

use super::{FactKind, HostClass, Phrase, RequestKind};

pub(super) const fn text(phrase: Phrase) -> &'static str {
    match phrase {
        Phrase::Asks(kind) => asks(kind),
        Phrase::Customer => "В запросе назван клиент `{customer}`.",
        Phrase::System => "В запросе названа система `{system}`.",
        Phrase::Number => {
            "Передаётся регистрационный номер, который кончается на `{number}`; поставщик получит его целиком."
        }
        Phrase::Owner => "Сообщается, кто обращается: {owner}.",
        Phrase::Code => {
            "Передаётся код, который кончается на `{code}`; поставщик получит его целиком."
        }
        Phrase::Devices => "Передаётся число устройств, которым нужна лицензия: {devices}.",
        Phrase::Host => "Сообщается, что этот компьютер — {class}.",
        Phrase::Facts => {
            "Передаются хеши с ключом, а не сами значения признаков компьютера: {facts}."
        }
        Phrase::NoFacts => "Признаки компьютера не передаются.",
        Phrase::Group => "Запрошено вступление в группу `{group}` компьютеров с общей лицензией.",
        Phrase::Label => {
            "Передаётся название этого компьютера: `{label}`; поставщик получит его целиком."
        }
        Phrase::Installation => "Запрос подписан ключом этой установки, `{installation}`.",
        Phrase::Written => "Запрос составлен {written_at}, его номер — {epoch}.",
        Phrase::NothingElse => "Больше ничего не передаётся.",
    }
}

const fn asks(kind: RequestKind) -> &'static str {
    match kind {
        RequestKind::Coupon => "Это запрос на активацию купона для `{product}`.",
        RequestKind::Number => {
            "Это запрос на использование регистрационного номера для `{product}` здесь."
        }
        RequestKind::Rebind => "Это запрос на новую привязку лицензии `{product}` к компьютеру.",
        RequestKind::Recover => "Это запрос забытого регистрационного номера для `{product}`.",
        RequestKind::Refresh => "Это запрос об изменениях лицензии на `{product}`.",
        RequestKind::Register => "Это запрос регистрационного номера для `{product}`.",
        RequestKind::Release => "Этим запросом лицензия на `{product}` возвращается.",
        RequestKind::System => "Это запрос лицензии на `{product}` для описанной здесь системы.",
        RequestKind::Trial => "Это запрос пробной лицензии на `{product}`.",
    }
}

pub(super) const fn class(class: HostClass) -> &'static str {
    match class {
        HostClass::BareMetal => "физическая машина",
        HostClass::Vm => "виртуальная машина",
        HostClass::Container => "контейнер",
        HostClass::CloudInstance => "виртуальная машина в облаке",
        HostClass::Declared => "известен только по заявленному идентификатору",
    }
}

pub(super) const fn fact(kind: FactKind) -> &'static str {
    match kind {
        FactKind::MachineId => "идентификатор операционной системы",
        FactKind::DmiUuid => "UUID машины",
        FactKind::BoardSerial => "серийный номер материнской платы",
        FactKind::DiskSerial => "серийный номер диска",
        FactKind::NetworkAddress => "адрес сетевого интерфейса",
        FactKind::Tpm => "идентификатор модуля TPM",
        FactKind::DeclaredId => "заявленный идентификатор",
        FactKind::CpuModel => "модель процессора",
        FactKind::Hostname => "имя компьютера",
        FactKind::CloudInstance => "идентификатор облачной машины",
        FactKind::Container => "идентификатор контейнера",
    }
}
