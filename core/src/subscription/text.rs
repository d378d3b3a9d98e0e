//! The words for a status, as users of each language know them.

use super::{Status, StatusKind};
use crate::error::Language;

impl Status {
    /// The status in words, for people.
    ///
    /// In French the grace of a new subscription is its *période d'essai* and the grace of a
    /// renewal its *délai de grâce* (S-AX-29).
    ///
    /// ```
    /// use mlicense_core::{error::Language, subscription::{Status, StatusKind}};
    /// let status = Status::unstarted(true, None, "2026-03-01".parse()?);
    /// assert_eq!(status.kind, StatusKind::NotStarted);
    /// assert_eq!(status.text(Language::En), "registered; no subscription has been started");
    /// # Ok::<(), mlicense_core::error::Refusal>(())
    /// ```
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let day = match self.kind {
            StatusKind::Trial => self.trial_end,
            StatusKind::Grace => self.grace_end,
            _ => self.end,
        };
        let day = day.map(|day| day.to_string()).unwrap_or_default();
        template(self.kind, self.renewed, language).replace("{day}", &day)
    }
}

const fn template(kind: StatusKind, renewed: bool, language: Language) -> &'static str {
    match language {
        Language::En => english(kind, renewed),
        Language::Ru => russian(kind, renewed),
        Language::Ja => japanese(kind, renewed),
        Language::Fr => french(kind, renewed),
    }
}

const fn english(kind: StatusKind, renewed: bool) -> &'static str {
    match kind {
        StatusKind::NotRegistered => "no system is registered",
        StatusKind::Trial => "trial until {day}, that day not included",
        StatusKind::NotStarted => "registered; no subscription has been started",
        StatusKind::Grace if renewed => {
            "subscription is to be renewed; grace until {day}, that day not included"
        }
        StatusKind::Grace => "subscription has started; grace until {day}, that day not included",
        StatusKind::Licensed => "licensed until {day}, that day not included",
        StatusKind::PartlyLicensed => "only some of the devices are licensed",
        StatusKind::Unlicensed => "not licensed",
    }
}

const fn russian(kind: StatusKind, renewed: bool) -> &'static str {
    match kind {
        StatusKind::NotRegistered => "ни одна система не зарегистрирована",
        StatusKind::Trial => "пробный период до {day}, не включая этот день",
        StatusKind::NotStarted => "зарегистрировано, подписка не начата",
        StatusKind::Grace if renewed => {
            "подписку нужно продлить, льготный период до {day}, не включая этот день"
        }
        StatusKind::Grace => "подписка начата, льготный период до {day}, не включая этот день",
        StatusKind::Licensed => "лицензия действует до {day}, не включая этот день",
        StatusKind::PartlyLicensed => "лицензиями обеспечены не все устройства",
        StatusKind::Unlicensed => "лицензии нет",
    }
}

const fn japanese(kind: StatusKind, renewed: bool) -> &'static str {
    match kind {
        StatusKind::NotRegistered => "登録されたシステムがありません",
        StatusKind::Trial => "試用期間中（{day}の前日まで）",
        StatusKind::NotStarted => "登録済み、サブスクリプション未開始",
        StatusKind::Grace if renewed => "更新待ち、猶予期間中（{day}の前日まで）",
        StatusKind::Grace => "サブスクリプション開始済み、猶予期間中（{day}の前日まで）",
        StatusKind::Licensed => "ライセンス有効（{day}の前日まで）",
        StatusKind::PartlyLicensed => "一部の機器のみライセンス済み",
        StatusKind::Unlicensed => "ライセンスなし",
    }
}

const fn french(kind: StatusKind, renewed: bool) -> &'static str {
    match kind {
        StatusKind::NotRegistered => "aucun système n’est enregistré",
        StatusKind::Trial => "essai jusqu’au {day} exclu",
        StatusKind::NotStarted => "enregistré, aucun abonnement n’a démarré",
        StatusKind::Grace if renewed => {
            "abonnement à renouveler, délai de grâce jusqu’au {day} exclu"
        }
        StatusKind::Grace => "l’abonnement a démarré, période d’essai jusqu’au {day} exclu",
        StatusKind::Licensed => "sous licence jusqu’au {day} exclu",
        StatusKind::PartlyLicensed => "une partie seulement des appareils est sous licence",
        StatusKind::Unlicensed => "sans licence",
    }
}
