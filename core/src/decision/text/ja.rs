//! Japanese texts of reasons.

use super::Phrase;

pub(super) const fn text(phrase: Phrase) -> &'static str {
    use Phrase as P;
    match phrase {
        P::StateGrace => {
            "状態の保存先を読めません ({fault})。それでも {until_at} までは使用できます"
        }
        P::StateOver => "状態の保存先を読めません ({fault})。使用できたのは {until_at} までです",
        P::NoLicense => "ライセンスはまだ受け入れられていません",
        P::ProductSame => "ライセンスは `{product}` 用です",
        P::ProductOther => "ライセンスは `{licensed_product}` 用で、`{product}` 用ではありません",
        P::InstallationSame => "ライセンスはこのインストール用です",
        P::InstallationOther => "ライセンスは別のインストール用です",
        P::ListClears => "{listed_at} の失効リストにこのライセンスはありません",
        P::Revoked => "販売元がライセンスを {revoked_at} に失効させました: {why}",
        P::HostSame => "ホストは登録されたものです: 得点 {score}、必要 {threshold}",
        P::HostOther => {
            "ホストは登録されたものではありません: 得点 {score}、必要 {threshold}、見つからないもの: {lost}"
        }
        P::IssuedBefore => "ライセンスの発行日時は {issued_at} です",
        P::IssuedInFuture => "ライセンスの発行日時 {issued_at} は未来です",
        P::ClockAgrees => "時計と矛盾するものはありません",
        P::ClockAhead => "時計は {clock} を示し、最後に確認された時刻 {mark} よりはるかに先です",
        P::ClockBehind => "時計は {clock} を示していますが、すでに {mark} になっていました",
        P::LicensedUntil => "{last_day} までライセンスされています",
        P::LicensedForever => "無期限でライセンスされています",
        P::LicensedNotYet => "ライセンスは {from} に始まります",
        P::LicensedOver => "ライセンスの最終日は {last_day} でした",
        P::LicensedNever => "ライセンス期間はまだ割り当てられていません",
        P::InitialGraceUntil => "開始時の猶予期間は {last_day} までです",
        P::InitialGraceNotYet => "開始時の猶予期間は {from} に始まります",
        P::InitialGraceOver => "開始時の猶予期間の最終日は {last_day} でした",
        P::RenewalGraceUntil => "更新の猶予期間は {last_day} までです",
        P::RenewalGraceNotYet => "更新の猶予期間は {from} に始まります",
        P::RenewalGraceOver => "更新の猶予期間の最終日は {last_day} でした",
        P::OfflineUntil => "販売元に連絡せずに使用できるのは {last_day} までです",
        P::OfflineOver => "販売元に連絡せずに使用できる最終日は {last_day} でした",
        P::WholeProduct => "製品全体についての確認です",
        P::FeatureNamed => "ライセンスには `{feature}` が含まれます",
        P::FeatureMissing => "ライセンスには `{feature}` が含まれません",
        P::FeatureUntil => "`{feature}` は {last_day} まで含まれます",
        P::FeatureOver => "`{feature}` の最終日は {last_day} でした",
        P::DeviceCovered => "ライセンスはデバイス `{device}` を対象とします",
        P::DeviceOther => "ライセンスはデバイス `{device}` を対象としません",
        P::UpdatesIncluded => {
            "このバージョンのビルド日は {built_on} で、更新は {last_day} まで含まれます"
        }
        P::UpdatesOver => {
            "このバージョンのビルド日は {built_on} で、更新の最終日は {last_day} でした"
        }
        P::UpdatesUnknown => {
            "更新は {last_day} まで含まれますが、プログラムがビルド日を示していません"
        }
        P::ListCurrent => "次の失効リストの予定は {due_at} です",
        P::ListStale => "失効リストが古くなっています: 次の予定は {due_at} でした",
        P::QuantityStated => "ライセンスの数量は {quantity} です",
    }
}

pub(super) const fn remedy(phrase: Phrase) -> Option<&'static str> {
    use Phrase as P;
    Some(match phrase {
        P::StateGrace | P::StateOver => "状態の保存先を診断して復旧してください。",
        P::NoLicense => "販売元に要求を送り、回答を受け入れてください。",
        P::ProductOther => "この製品用のライセンスを受け入れてください。",
        P::InstallationOther => "このインストールから要求を送り、回答を受け入れてください。",
        P::HostOther => "このホストへのライセンスの結び付けを販売元に依頼してください。",
        P::IssuedInFuture => "このマシンの時計を直してください。",
        P::ClockAhead => {
            "時計を直してください。時計が正しい場合は、プログラムを4時間動かすか、販売元に要求を送り、\
             回答を受け入れてください。"
        }
        P::ClockBehind => {
            "時計を直してください。時計が正しい場合は、販売元に要求を送り、回答を受け入れてください。"
        }
        P::LicensedNotYet | P::InitialGraceNotYet => "初日までお待ちください。",
        P::LicensedOver | P::RenewalGraceOver => "ライセンスを更新してください。",
        P::LicensedNever | P::InitialGraceOver => "ライセンスを割り当ててください。",
        P::RenewalGraceNotYet => "ライセンスの有効期間中は何も必要ありません。",
        P::FeatureMissing => "この機能を含むライセンスを入手してください。",
        P::FeatureOver => "この機能を更新してください。",
        P::UpdatesOver => {
            "更新を延長するか、その日までにビルドされたバージョンを使用してください。"
        }
        P::UpdatesUnknown => "プログラムの製作者にビルド日の明示を依頼してください。",
        P::Revoked => "販売元にお問い合わせください。",
        P::OfflineOver | P::ListStale => "更新の要求を送り、回答を受け入れてください。",
        P::DeviceOther => "このデバイスを対象とするライセンスを入手してください。",
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
