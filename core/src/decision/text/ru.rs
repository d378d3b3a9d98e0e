//! Russian texts of reasons.

use super::Phrase;

pub(super) const fn text(phrase: Phrase) -> &'static str {
    use Phrase as P;
    match phrase {
        P::NoLicense => "ни одна лицензия ещё не принята",
        P::ProductSame => "лицензия выдана на `{product}`",
        P::ProductOther => "лицензия выдана на `{licensed_product}`, а не на `{product}`",
        P::InstallationSame => "лицензия выдана для этой установки",
        P::InstallationOther => "лицензия выдана для другой установки",
        P::HostSame => {
            "компьютер тот же, что при привязке: набрано {score}, достаточно {threshold}"
        }
        P::HostOther => {
            "компьютер не тот, что при привязке: набрано {score}, нужно {threshold}; \
             не найдено: {lost}"
        }
        P::IssuedBefore => "лицензия выпущена {issued_at}",
        P::IssuedInFuture => "лицензия выпущена {issued_at}, то есть в будущем",
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
        P::WholeProduct => "вопрос о продукте в целом",
        P::FeatureNamed => "лицензия включает `{feature}`",
        P::FeatureMissing => "лицензия не включает `{feature}`",
        P::FeatureUntil => "`{feature}` включено по {last_day}",
        P::FeatureOver => "последний день для `{feature}` — {last_day}",
        P::QuantityStated => "лицензия допускает количество {quantity}",
    }
}

pub(super) const fn remedy(phrase: Phrase) -> Option<&'static str> {
    use Phrase as P;
    Some(match phrase {
        P::NoLicense => "Отправьте запрос поставщику и примите ответ.",
        P::ProductOther => "Примите лицензию на этот продукт.",
        P::InstallationOther => "Отправьте запрос с этой установки и примите ответ.",
        P::HostOther => "Попросите поставщика привязать лицензию к этому компьютеру.",
        P::IssuedInFuture => "Исправьте часы этого компьютера.",
        P::LicensedNotYet | P::InitialGraceNotYet => "Дождитесь первого дня.",
        P::LicensedOver | P::RenewalGraceOver => "Продлите лицензию.",
        P::LicensedNever | P::InitialGraceOver => "Распределите лицензии.",
        P::RenewalGraceNotYet => "Пока лицензия действует, ничего делать не нужно.",
        P::FeatureMissing => "Получите лицензию, включающую эту функцию.",
        P::FeatureOver => "Продлите эту функцию.",
        P::ProductSame
        | P::InstallationSame
        | P::HostSame
        | P::IssuedBefore
        | P::LicensedUntil
        | P::LicensedForever
        | P::InitialGraceUntil
        | P::RenewalGraceUntil
        | P::WholeProduct
        | P::FeatureNamed
        | P::FeatureUntil
        | P::QuantityStated => return None,
    })
}
