//! Japanese texts: message, then remedy.
//!
//! Facts that come as English words, such as the noun of a document, stand in brackets.

use super::ErrorKind;

#[expect(clippy::too_many_lines, reason = "a table")]
pub(super) const fn text(kind: ErrorKind) -> (&'static str, &'static str) {
    use ErrorKind as K;
    match kind {
        K::NoNumber => ("先に登録番号が必要です", "登録するか、お持ちの番号を入力してください。"),
        K::AlreadyHasNumber => (
            "このコンピューターまたはアドレスにはすでに登録番号が発行されています",
            "番号が書かれたメールを探すか、番号の再送を依頼してください。",
        ),
        K::NumberUnknown => ("その登録番号は存在しません", "入力に誤りがないか確認してください。"),
        K::EmailOfOtherCompany => (
            "このアドレスには別の会社の登録番号が発行されています",
            "別のアドレスで登録するか、その会社の番号を確認してください。",
        ),
        K::RegisteredDifferently => (
            "このコンピューターは別のアドレスまたは会社で登録されています",
            "そのとき発行された番号を入力するか、販売元に問い合わせてください。",
        ),
        K::SessionUnknown => (
            "セッションが存在しないか、期限が切れています",
            "機能をもう一度取得してください。新しいセッションが開きます。",
        ),
        K::NoFreeLicense => (
            "このホストに使える `{product}` のライセンスがありません: {detail}",
            "不要になったホストを解放するか、ライセンスを購入してください。",
        ),
        K::CouponAlreadyUsed => (
            "クーポン {key} は別の顧客がすでに使用しています",
            "入力に誤りがないか確認し、なければ販売元に問い合わせてください。",
        ),
        K::Internal => (
            "内部エラーが発生しました: {detail}",
            "バージョンと実行した操作を添えて開発元に報告してください。",
        ),
        K::InputTooLarge => (
            "データ（{what}）が大きすぎます: {size} バイト（上限 {limit}）",
            "正しいファイルを指定したか確認してください。",
        ),
        K::NotUtf8 => (
            "テキスト（{what}）が UTF-8 ではありません",
            "内容を変えずに UTF-8 で保存し直してください。",
        ),
        K::JsonInvalid => (
            "JSON データ（{what}）が正しくありません: {detail}",
            "示された箇所の JSON を修正してください。",
        ),
        K::FieldInvalid => (
            "{field} の値 `{value}` が正しくありません（必要な形式: {expected}）",
            "項目を修正してください。",
        ),
        K::DateInvalid => (
            "`{value}` は 1970-01-01 から 9999-12-31 までの日付ではありません",
            "日付は「年-月-日」の形式で入力してください。",
        ),
        K::InstantInvalid => (
            "`{value}` は 2026-03-01T00:00:00Z のような日時ではありません",
            "日時は UTC で、末尾に Z を付けて入力してください。",
        ),
        K::ZoneUnknown => (
            "`{zone}` というタイムゾーンはありません",
            "Asia/Tokyo のような IANA の名前を指定してください。",
        ),
        K::DateOutOfRange => (
            "計算結果の日付が 9999-12-31 を過ぎています",
            "より早い日付か、より短い期間を指定してください。",
        ),
        K::NullArgument => ("引数 {argument} が NULL です", "有効なポインターを渡してください。"),
        K::Closed => {
            ("オブジェクト（{object}）はすでに閉じられています", "もう一度開いてください。")
        }
        K::CalledBack => (
            "{what} は、このコールバックを実行している呼び出しが使用中です",
            "呼び出しが戻ってから使用してください。",
        ),
        K::Forbidden => {
            ("役割 {role} では {command} を実行できません", "権限のある担当者に依頼してください。")
        }
        K::CommandIdReused => (
            "コマンド ID `{id}` は別の内容ですでに使われています",
            "新しいコマンドには新しい ID を付けてください。",
        ),
        K::PreviewStale => (
            "プレビューの後に状態が変わりました",
            "もう一度プレビューし、表示された内容を確定してください。",
        ),
        K::HistoryBroken => (
            "ストリーム {stream} が書き込まれた内容と一致しません: {detail}、イベント {index}",
            "台帳をバックアップから復元し、比較してください。",
        ),
        K::TableBroken => (
            "テーブル {table} が履歴の内容と一致しません: {detail}、行 `{row}`",
            "台帳をバックアップから復元し、比較してください。",
        ),
        K::CheckpointBroken => (
            "履歴が {size} 件のイベントのチェックポイントと一致しません: {detail}",
            "台帳をバックアップから復元し、比較してください。",
        ),
        K::CheckpointMissing => (
            "{what} を保証するチェックポイントがありません",
            "先にチェックポイントを作成するか、番号を修正してください。",
        ),
        K::ExportInvalid => (
            "エクスポートの {line} 行目が無効です: {detail}",
            "台帳を再度エクスポートし、ファイルを変更せずに使用してください。",
        ),
        K::ProductUnknown => (
            "製品 `{product}` はカタログにありません",
            "製品を登録するか、製品 ID を修正してください。",
        ),
        K::ProductAlreadyDefined => (
            "製品 `{product}` はすでにカタログにあります",
            "代わりにポリシーの新しいバージョンを公開してください。",
        ),
        K::PolicyContradictory => (
            "ポリシーの設定が矛盾しています: {detail}",
            "示された設定のいずれかを変更してください。",
        ),
        K::LicenseTypeUnknown => (
            "製品 `{product}` にライセンスの種類 `{license_type}` はありません",
            "この製品にあるライセンスの種類を指定してください。",
        ),
        K::TermNotOffered => (
            "製品 `{product}` には {months} か月の契約期間がありません",
            "ポリシーにある契約期間を選んでください。",
        ),
        K::ProductExternal => (
            "製品 `{product}` のライセンスは別のシステムで管理されています",
            "この製品のライセンスを管理するシステムを使ってください。",
        ),
        K::SchemeMismatch => (
            "製品 `{product}` の販売方式は {scheme} ではありません",
            "この製品の販売方式に対応するコマンドを使ってください。",
        ),
        K::VendorEstablished => (
            "この台帳はベンダー `{vendor}` のもので、そのルート鍵は外せません",
            "同じベンダーとそのルート鍵をすべて指定し、新しい鍵は後ろに加えてください。",
        ),
        K::CustomerUnknown => {
            ("顧客 `{customer}` は登録されていません", "顧客を登録するか、ID を修正してください。")
        }
        K::CustomerAlreadyRegistered => (
            "顧客 `{customer}` はすでに登録されています",
            "登録済みの顧客を使うか、別の ID を選んでください。",
        ),
        K::NotRegistered => (
            "顧客 `{customer}` には製品 `{product}` のシステムが登録されていません",
            "先にソフトウェアを顧客に登録してください。",
        ),
        K::SubscriptionNotStarted => (
            "`{product}` のサブスクリプションはまだ開始されていません",
            "先にサブスクリプションを開始してください。",
        ),
        K::SubscriptionAlreadyStarted => (
            "`{product}` のサブスクリプションは {started} に開始済みです",
            "必要な操作はありません。",
        ),
        K::AlreadyRegisteredElsewhere => (
            "システム `{system}` は別の顧客に登録されています",
            "正しい顧客を選んだか確認してください。システムは別の顧客に移せません。",
        ),
        K::PersonUnknown => (
            "ユーザー `{person}` は見つかりません",
            "ユーザーを追加するか、ID を修正してください。",
        ),
        K::PersonAlreadyAdded => {
            ("ユーザー `{person}` はすでに追加されています", "別の ID を選んでください。")
        }
        K::TrialAlreadyUsed => (
            "`{product}` の試用はすでに行われました。試用は {end} に終了しました",
            "ライセンスを購入してください。",
        ),
        K::TrialNotOffered => {
            ("`{product}` には試用がありません", "ライセンスを購入してください。")
        }
        K::BindingUnknown => {
            ("番号 {binding} のホストは登録されていません", "ホストの一覧を確認してください。")
        }
        K::RequestNotApplicable => (
            "種類 `{kind}` の要求は `{product}` (方式: {scheme}) には使えません",
            "製品に合った種類の要求を送ってください。",
        ),
        K::NumbersNotOffered => (
            "ここでは登録番号を発行していません",
            "製品のライセンス方法を販売元に問い合わせてください。",
        ),
        K::LoginUnknown => (
            "この番号ではサインインできません",
            "登録番号か、有効化済みのクーポンを使ってください。",
        ),
        K::MovesSpent => (
            "{days}日間に解放できるホストは{allowed}台、残りは{left}台です。次は{next}から可能です",
            "その日まで待つか、販売元にホストの解放を依頼してください。",
        ),
        K::RebindsSpent => (
            "{days}日間に再登録できるホストは{allowed}台、残りは{left}台です。次は{next}から可能です",
            "その日まで待つか、販売元にホストの解放を依頼してください。",
        ),
        K::GroupUnknown => (
            "ホストのグループ `{group}` はありません",
            "先にグループを作成するか、入力に誤りがないか確認してください。",
        ),
        K::GroupInUse => (
            "グループ `{group}` には {bound} 台のホストが登録されており、{hosts} 台を超えています",
            "先にグループのホストを解放してください。",
        ),
        K::MachineNotClaimed => (
            "顧客 `{customer}` はこのホストから登録していません",
            "どの顧客が登録したかを確認してください。",
        ),
        K::SessionsFull => (
            "セッションが {limit} 件開かれており、これ以上は開けません",
            "しばらくしてからやり直してください。",
        ),
        K::NotCaptured => (
            "このセッションは `{feature}` を取得していません",
            "取得したものだけを一度だけ解放してください。",
        ),
        K::DeviceNotRegistered => {
            ("機器 `{device}` はこの顧客に登録されていません", "先に機器を登録してください。")
        }
        K::DeviceAlreadyRegistered => {
            ("機器 `{device}` は登録済みです", "別の ID を使うか、機器を編集してください。")
        }
        K::CameraAlreadyLicensed => (
            "機器 `{device}` にはすでにライセンス（番号 {license}）があります",
            "ライセンスのない機器を選ぶか、先に外してください。",
        ),
        K::LicenseUnknown => (
            "この顧客には `{product}` の使用可能なライセンス番号 {license} がありません",
            "ライセンスの一覧を確認してください。",
        ),
        K::DeviceStateForbids => (
            "機器 `{device}` の状態は {state} です: {detail}",
            "準備ができるまで待つか、エラーの場合は削除してください。",
        ),
        K::CameraLimit => (
            "このアカウントの機器は {limit} 台までで、これ以上は追加できません",
            "機器を削除するか、別の種類のアカウントを販売元に相談してください。",
        ),
        K::PlanUnknown => {
            ("ポリシーにプラン `{plan}` はありません", "ポリシーにあるプランを使ってください。")
        }
        K::PlanLeft => (
            "機器 `{device}` は以前プラン `{plan}` をやめており、戻せません",
            "まだ使っていないプランを選んでください。",
        ),
        K::DeviceNotReplaceable => (
            "機器 `{device}` はエンコーダーのため交換できません",
            "削除して新しい機器を追加してください。",
        ),
        K::AccountStateForbids => {
            ("アカウントの状態は {state} です: {detail}", "準備ができるまで待ってください。")
        }
        K::AccountSuspended => (
            "顧客 `{customer}` のアカウントは停止中で、ユーザーはサインインできません",
            "アカウントの管理者に再開を依頼してください。",
        ),
        K::CamerasPresent => {
            ("アカウントに機器が {count} 台残っています", "先にすべての機器を削除してください。")
        }
        K::UsersPresent => (
            "アカウントに遠隔監視または連携のユーザーが {count} 人残っています",
            "先にそのユーザーを削除してください。",
        ),
        K::UserNotActivated => (
            "ユーザー `{person}` はまだ有効化されていません",
            "有効化メールのリンクを開くか、再送を依頼してください。",
        ),
        K::UserAlreadyActive => {
            ("ユーザー `{person}` は有効化済みです", "これ以上の操作は不要です。")
        }
        K::ProviderUnknown => (
            "ポリシーに ID プロバイダー `{provider}` はありません",
            "ポリシーにあるプロバイダーを使ってください。",
        ),
        K::CountryNotServed => (
            "国 `{country}` を担当するデータセンターがありません",
            "ポリシーにある国を使うか、販売元に相談してください。",
        ),
        K::FieldMissing => {
            ("ページ `{page}` の項目 `{field}` が入力されていません", "項目を入力してください。")
        }
        K::OwnRecord => ("`{person}` はあなた自身の記録です", "個人設定で変更してください。"),
        K::UsernameTaken => ("このユーザー名は使われています", "別のユーザー名を選んでください。"),
        K::NoAccount => {
            ("顧客 `{customer}` にアカウントがありません", "先にアカウントを作成してください。")
        }
        K::PrivacyOn => {
            ("顧客 `{customer}` はプライバシーを有効にしています", "顧客に解除を依頼してください。")
        }
        K::PartnerUnknown => (
            "パートナー `{partner}` は登録されていません",
            "パートナーを登録できるのは販売元だけです。",
        ),
        K::PartnerAlreadyRegistered => (
            "ID またはコード `{partner}` のパートナーは登録済みです",
            "別の ID とコードを選んでください。",
        ),
        K::InsufficientStock => (
            "パートナー `{partner}` のライセンス（種類 `{license_type}`）の在庫は {stock}、必要数は {wanted} です",
            "数を減らすか、販売元から購入してください。",
        ),
        K::ShopLoginRefused => (
            "ショップにこのメールアドレスとパスワードの登録がありません",
            "両方を確認するか、ショップでパスワードを再設定してください。",
        ),
        K::ShopAlreadyLinked => (
            "ショップとの連携は済んでいます",
            "これ以上の操作は不要です。別のアカウントとの連携は販売元に相談してください。",
        ),
        K::PurchaseOfAnother => {
            ("購入 `{purchase}` は別の顧客に計上済みです", "購入番号を確認してください。")
        }
        K::InsufficientWallet => (
            "ウォレットのライセンス（種類 `{license_type}`）が足りません: \
             使用可能 {usable}、必要 {wanted}",
            "別のライセンスキーを有効化するか、割り当てる数を減らしてください。",
        ),
        K::AdvanceLimit => (
            "期間 {period} は、前もって割り当てられる {limit} 期間の範囲を超えています",
            "次の更新日までお待ちください。",
        ),
        K::ExceedsNeed => (
            "ライセンス（種類 `{license_type}`）の数 {wanted} が必要数 {need} を超えています",
            "必要な数だけ割り当ててください。残りはウォレットに残ります。",
        ),
        K::PartialAllocation => (
            "ライセンス（種類 `{license_type}`）の数 {wanted} が必要数 {need} に足りません",
            "必要な数をまとめて割り当ててください。",
        ),
        K::PeriodGap => (
            "期間 {period} のライセンスがまだ足りません",
            "先に前の期間のライセンスをそろえてください。",
        ),
        K::QuantityOutOfRange => {
            ("値が {min} から {max} の範囲にありません: {what} {value}", "数量を修正してください。")
        }
        K::CustomerTransferForbidden => (
            "顧客 `{from}` から別の顧客へは何も移せません",
            "移したい先の顧客でライセンスキーを有効化してください。",
        ),
        K::KeyUnknown => {
            ("ライセンスキー {key} は見つかりません", "キーに入力の誤りがないか確認してください。")
        }
        K::KeyAlreadyRedeemed => (
            "ライセンスキー {key} はすでに有効化されています",
            "だれが有効化したかを履歴で確認してください。",
        ),
        K::KeyWrongProduct => {
            ("ライセンスキー {key} は製品 `{product}` 用です", "その製品で有効化してください。")
        }
        K::CodeInvalid => (
            "`{code}` は {form} の形式のコードではありません",
            "コードを、プレフィックスも含めて発行されたとおりに入力してください。",
        ),
        K::CodeAlreadyIssued => {
            ("コード {code} はすでに発行されています", "別のコードを生成してください。")
        }
        K::BatchAlreadyIssued => {
            ("バッチ `{batch}` はすでに発行されています", "別のバッチ ID を選んでください。")
        }
        K::CodeForeignCharacter => (
            "{place} 文字目の `{character}`（{codepoint}）はコードに使われない文字です",
            "元のコードと見比べ、英数字で入力してください。",
        ),
        K::CodeMistyped => (
            "コードに入力の誤りがあります: `{code}`",
            "元のコードと見比べてください。誤りが 1 文字だけなら、その位置を `?` で示しています。",
        ),
        K::NotAMember => (
            "`{actor}` は顧客 `{customer}` のメンバーではありません",
            "メンバーに追加するか、別の顧客を選んでください。",
        ),
        K::OtherRegion => (
            "顧客 `{customer}` は地域 `{found}` に属し、ここは `{expected}` です",
            "顧客の地域のサービスを使用してください。",
        ),
        K::HardwareUnknown => (
            "ハードウェア `{hardware}` はこの顧客に登録されていません",
            "ハードウェアを登録するか、IDを修正してください。",
        ),
        K::HardwareAlreadyRegistered => (
            "ハードウェア `{hardware}` は既に登録されています",
            "別の顧客に登録されていない限り、何もする必要はありません。",
        ),
        K::LicenseTiedToHardware => (
            "ハードウェア `{hardware}` のライセンスは移動できません",
            "別のハードウェア用に拡張ライセンスを購入してください。",
        ),
        K::LotUnknown => {
            ("ウォレットにロット {lot} はありません", "ウォレットでロット番号を確認してください。")
        }
        K::LotTouched => (
            "ロット {lot} のライセンスは使用中です（残り {left}／{quantity}）",
            "先に割り当てを取り消すか、残りを取り戻してください。",
        ),
        K::AllocationNotLast => (
            "割り当て {allocation} は取り消せません：{detail}",
            "最新の割り当てを、その期間内に先に取り消してください。",
        ),
        K::PolicyCurrent => (
            "`{product}` の契約は既にバージョン {version} です",
            "先に新しいバージョンを公開してください。",
        ),
        K::KeyVoided => {
            ("ライセンスキー {key} は無効化されました", "販売元に別のキーを依頼してください。")
        }
        K::DocumentMalformed => (
            "署名付き文書ではありません: {detail}",
            "ファイルをもう一度入手してください。転送中に壊れた可能性があります。",
        ),
        K::DocumentWrongType => (
            "文書の種類が違います: {found}（必要な種類: {expected}）",
            "正しいファイルを指定してください。",
        ),
        K::SignatureInvalid => (
            "署名が正しくありません: 文書（{document}）は署名後に変更されています",
            "発行元からファイルをもう一度入手してください。",
        ),
        K::KeyNotTrusted => (
            "署名に使われた鍵 {key} は信頼されていません",
            "ファイルがこの製品のベンダーから届いたものか確認してください。",
        ),
        K::KeyWeak => ("この公開鍵は使えません: {detail}", "新しい鍵ペアを生成してください。"),
        K::KeyNotValid => (
            "文書（{document}）の署名時に鍵 {key} は有効ではありませんでした",
            "現在有効な鍵で署名された文書をベンダーに依頼してください。",
        ),
        K::OtherProduct => (
            "文書（{document}）は製品 `{expected}` ではなく `{found}` 用です",
            "この製品用のファイルを指定してください。",
        ),
        K::OtherInstallation => (
            "文書（{document}）は別のインストール環境用です",
            "この環境から要求を送り、その応答を使ってください。",
        ),
        K::OtherRequest => ("別の要求に対する応答です", "最新の要求に対する応答を使ってください。"),
        K::OtherCustomer => (
            "文書（{document}）は顧客 `{expected}` ではなく `{found}` 用です",
            "この顧客用のファイルを指定してください。",
        ),
        K::DocumentOutdated => (
            "文書（{document}）は受け入れ済みのものより古いものです",
            "最新のファイルを使ってください。",
        ),
        K::SystemFileInvalid => (
            "システムファイルが破損または改ざんされています: {detail}",
            "システム上でファイルを作成し直してください。",
        ),
        K::KeyRingMissing => (
            "公開済みのキーリングに鍵 {key} がありません",
            "ルート鍵でキーリングに署名し、公開してください。",
        ),
        K::IssuedInFuture => (
            "文書（{document}）の発行日時が現在より {seconds} 秒先になっています",
            "このコンピューターの時計を確認してください。",
        ),
        K::ClaimsContradictory => {
            ("文書（{document}）の内容が矛盾しています: {detail}", "内容を修正してください。")
        }
        K::MemberUnknown => (
            "文書（{document}）に必須の項目 `{member}` は、このバージョンでは扱えません",
            "新しいバージョンをインストールしてください。",
        ),
        K::OtherOrigin => (
            "チェックポイントは `{expected}` ではなく `{found}` の履歴のものです",
            "この履歴のチェックポイントを使ってください。",
        ),
        K::ProofInvalid => (
            "証明が成り立ちません: {detail}",
            "証明をもう一度取得してください。それでも成り立たない場合、履歴が変更されています。",
        ),
        K::SignerFailed => (
            "鍵 {key} は署名しませんでした: {detail}",
            "秘密鍵の保管場所を確認して、もう一度お試しください。",
        ),
        K::NotLicensed => {
            ("`{feature}` のライセンスがありません: {reason}", "判定の理由を確認してください。")
        }
        K::NoLicense => (
            "受け入れ済みのライセンスがありません",
            "ベンダーに要求を送り、応答を受け入れてください。",
        ),
        K::HostNotIdentifiable => (
            "このコンピューターを他と区別するための情報が足りません",
            "コンピューターの ID を設定するか、シリアル番号の読み取りを許可してください。",
        ),
        K::Network => (
            "{address} に接続できません: {detail}",
            "ネットワーク、プロキシ、ファイアウォールを確認してください。その間もライセンスは有効です。",
        ),
        K::ClockUntrusted => (
            "時計は {clock} を示していますが、最後に確認された時刻は {mark} です",
            "時計を直してください。時計が正しい場合は、販売元に要求を送り、回答を受け入れてください。",
        ),
        K::NumberLocked => {
            ("ここにはすでに登録番号が保存されています", "番号を変更するか、先に削除してください。")
        }
        K::ConfirmationNeeded => {
            ("この操作には確認が必要です", "利用者に確かめて、操作を確認してください。")
        }
        K::StoreForeign => ("{store} は mlicense の台帳ではありません", "パスを確認してください。"),
        K::StoreNewer => (
            "{store} はより新しいバージョンで書き込まれています\
             （スキーマ {found}、対応しているのは {known} まで）",
            "新しいバージョンをインストールしてください。",
        ),
        K::StoreCorrupt => {
            ("{store} が破損しています: {detail}", "バックアップから復元してください。")
        }
        K::StoreBusy => ("{store} は使用中です", "もう一度お試しください。"),
        K::StoreFull => (
            "{store} の空き容量がありません",
            "空き容量を増やし、もう一度お試しください。データは失われていません。",
        ),
        K::StoreReadOnly => ("{store} に書き込めません", "アクセス権を確認してください。"),
        K::StoreUnavailable => {
            ("{store} を開けません: {detail}", "パスとアクセス権を確認してください。")
        }
        K::OutcomeUnknown => (
            "{store} への接続がコミット中に切れました",
            "同じコマンドを同じ ID でもう一度送ってください。",
        ),
        K::StoreExists => {
            ("{store} はすでに存在します", "それを開くか、別のパスを指定してください。")
        }
        K::StoreUntrusted => (
            "{store} は指定されたサーバーであることを証明できませんでした: {detail}",
            "証明書、サーバー名、`sslrootcert` を確認し、それまでパスワードを渡さないでください。",
        ),
    }
}
