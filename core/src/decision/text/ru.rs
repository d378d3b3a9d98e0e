//! Russian texts of reasons.

use super::Phrase;

pub(super) const fn text(phrase: Phrase) -> &'static str {
    use Phrase as P;
    match phrase {
        P::StateGrace => {
            "хранилище состояния недоступно ({fault}); до {until_at} работа всё же допускается"
        }
        P::StateOver => {
            "хранилище состояния недоступно ({fault}); работа допускалась до {until_at}"
        }
        P::NoLicense => "ни одна лицензия ещё не принята",
        P::ProductSame => "лицензия выдана на `{product}`",
        P::ProductOther => "лицензия выдана на `{licensed_product}`, а не на `{product}`",
        P::InstallationSame => "лицензия выдана для этой установки",
        P::InstallationOther => "лицензия выдана для другой установки",
        P::ListClears => "в списке отозванных лицензий от {listed_at} этой лицензии нет",
        P::Revoked => "поставщик отозвал лицензию {revoked_at}: {why}",
        P::HostSame => {
            "компьютер тот же, что при привязке: набрано {score}, достаточно {threshold}"
        }
        P::HostOther => {
            "компьютер не тот, что при привязке: набрано {score}, нужно {threshold}; \
             не найдено: {lost}"
        }
        P::IssuedBefore => "лицензия выпущена {issued_at}",
        P::IssuedInFuture => "лицензия выпущена {issued_at}, то есть в будущем",
        P::ClockAgrees => "часам ничто не противоречит",
        P::ClockAhead => {
            "часы показывают {clock}, намного позже последнего подтверждённого времени {mark}"
        }
        P::ClockBehind => "часы показывают {clock}, но уже было {mark}",
        P::LicensedUntil => "лицензия действует по {last_day} включительно",
        P::LicensedForever => "лицензия бессрочная",
        P::LicensedNotYet => "лицензия начнёт действовать {from}",
        P::LicensedOver => "последний день лицензии — {last_day}",
        P::LicensedNever => "лицензии ещё не распределены",
        P::InitialGraceUntil => "начальный льготный период длится по {last_day} включительно",
        P::InitialGraceNotYet => "начальный льготный период начнётся {from}",
        P::InitialGraceOver => "последний день начального льготного периода — {last_day}",
        P::RenewalGraceUntil => "льготный период продления длится по {last_day} включительно",
        P::RenewalGraceNotYet => "льготный период продления начнётся {from}",
        P::RenewalGraceOver => "последний день льготного периода продления — {last_day}",
        P::OfflineUntil => "без связи с поставщиком лицензия действует по {last_day} включительно",
        P::OfflineOver => "последний день работы без связи с поставщиком — {last_day}",
        P::WholeProduct => "вопрос о продукте в целом",
        P::FeatureNamed => "лицензия включает `{feature}`",
        P::FeatureMissing => "лицензия не включает `{feature}`",
        P::FeatureUntil => "`{feature}` включено по {last_day}",
        P::FeatureOver => "последний день для `{feature}` — {last_day}",
        P::DeviceCovered => "лицензия распространяется на устройство `{device}`",
        P::DeviceOther => "лицензия не распространяется на устройство `{device}`",
        P::UpdatesIncluded => "эта версия собрана {built_on}, обновления включены по {last_day}",
        P::UpdatesOver => "эта версия собрана {built_on}, а последний день обновлений — {last_day}",
        P::UpdatesUnknown => {
            "обновления включены по {last_day}, а программа не сообщает, когда собрана"
        }
        P::ListCurrent => "следующий список отозванных лицензий ожидается {due_at}",
        P::ListStale => "список отозванных лицензий устарел: следующий ожидался {due_at}",
        P::QuantityStated => "лицензия допускает количество {quantity}",
    }
}

pub(super) const fn remedy(phrase: Phrase) -> Option<&'static str> {
    use Phrase as P;
    Some(match phrase {
        P::StateGrace | P::StateOver => {
            "Проверьте место хранения состояния диагностикой и восстановите доступ."
        }
        P::NoLicense => "Отправьте запрос поставщику и примите ответ.",
        P::ProductOther => "Примите лицензию на этот продукт.",
        P::InstallationOther => "Отправьте запрос с этой установки и примите ответ.",
        P::HostOther => "Попросите поставщика привязать лицензию к этому компьютеру.",
        P::IssuedInFuture => "Исправьте часы этого компьютера.",
        P::ClockAhead => {
            "Исправьте часы; если они верны, дайте программе поработать 4 часа или отправьте \
             запрос поставщику и примите ответ."
        }
        P::ClockBehind => {
            "Исправьте часы; если они верны, отправьте запрос поставщику и примите ответ."
        }
        P::LicensedNotYet | P::InitialGraceNotYet => "Дождитесь первого дня.",
        P::LicensedOver | P::RenewalGraceOver => "Продлите лицензию.",
        P::LicensedNever | P::InitialGraceOver => "Распределите лицензии.",
        P::RenewalGraceNotYet => "Пока лицензия действует, ничего делать не нужно.",
        P::FeatureMissing => "Получите лицензию, включающую эту функцию.",
        P::FeatureOver => "Продлите эту функцию.",
        P::UpdatesOver => "Продлите обновления или используйте версию, собранную до этого дня.",
        P::UpdatesUnknown => "Попросите изготовителя программы указать день её сборки.",
        P::Revoked => "Обратитесь к поставщику.",
        P::OfflineOver | P::ListStale => "Отправьте запрос на обновление и примите ответ.",
        P::DeviceOther => "Получите лицензию, которая распространяется на это устройство.",
        P::ProductSame
        | P::InstallationSame
        | P::ListClears
        | P::HostSame
        | P::IssuedBefore
        | P::ClockAgrees
        | P::LicensedUntil
        | P::LicensedForever
        | P::InitialGraceUntil
        | P::RenewalGraceUntil
        | P::OfflineUntil
        | P::WholeProduct
        | P::FeatureNamed
        | P::FeatureUntil
        | P::DeviceCovered
        | P::UpdatesIncluded
        | P::ListCurrent
        | P::QuantityStated => return None,
    })
}
