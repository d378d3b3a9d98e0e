//! Japanese.

use super::{FactKind, HostClass, Phrase, RequestKind};

pub(super) const fn text(phrase: Phrase) -> &'static str {
    match phrase {
        Phrase::Asks(kind) => asks(kind),
        Phrase::Customer => "顧客 `{customer}` の名を伝えます。",
        Phrase::System => "システム `{system}` の名を伝えます。",
        Phrase::Number => {
            "末尾が `{number}` の登録番号を送ります。販売元は番号の全体を受け取ります。"
        }
        Phrase::Owner => "申請者の情報を送ります: {owner}。",
        Phrase::Code => "末尾が `{code}` のコードを伝えます。販売元には全体が届きます。",
        Phrase::Devices => "ライセンスが必要な機器の数を伝えます: {devices}。",
        Phrase::Host => "ホストの種類を伝えます: {class}。",
        Phrase::Facts => "ホストの特徴を、値ではなく鍵付きハッシュとして伝えます: {facts}。",
        Phrase::NoFacts => "ホストの特徴は伝えません。",
        Phrase::Group => "ライセンスを共有するホストのグループ `{group}` への参加を求めます。",
        Phrase::Label => "このホストの呼び名 `{label}` を伝えます。販売元には全体が届きます。",
        Phrase::Installation => "このインストールの鍵 `{installation}` で署名されています。",
        Phrase::Written => "作成日時は {written_at}、番号は {epoch} です。",
        Phrase::NothingElse => "これ以外は何も伝えません。",
    }
}

const fn asks(kind: RequestKind) -> &'static str {
    match kind {
        RequestKind::Coupon => "`{product}` のクーポンの利用を求めます。",
        RequestKind::Number => "`{product}` の登録番号をここで使うことを求めます。",
        RequestKind::Rebind => "`{product}` のライセンスをこのホストに結び付け直すことを求めます。",
        RequestKind::Recover => "忘れた `{product}` の登録番号を問い合わせます。",
        RequestKind::Refresh => "`{product}` のライセンスの変更を問い合わせます。",
        RequestKind::Register => "`{product}` の登録番号の発行を求めます。",
        RequestKind::Release => "`{product}` のライセンスを返却します。",
        RequestKind::System => "ここに記すシステムでの `{product}` のライセンスを求めます。",
        RequestKind::Trial => "`{product}` の試用を求めます。",
    }
}

pub(super) const fn class(class: HostClass) -> &'static str {
    match class {
        HostClass::BareMetal => "物理マシン",
        HostClass::Vm => "仮想マシン",
        HostClass::Container => "コンテナ",
        HostClass::CloudInstance => "クラウド上の仮想マシン",
        HostClass::Declared => "申告された ID だけで識別",
    }
}

pub(super) const fn fact(kind: FactKind) -> &'static str {
    match kind {
        FactKind::MachineId => "OS の識別子",
        FactKind::DmiUuid => "マシンの UUID",
        FactKind::BoardSerial => "マザーボードのシリアル番号",
        FactKind::DiskSerial => "ディスクのシリアル番号",
        FactKind::NetworkAddress => "ネットワークインターフェースのアドレス",
        FactKind::Tpm => "TPM の識別子",
        FactKind::DeclaredId => "申告された ID",
        FactKind::CpuModel => "プロセッサの型番",
        FactKind::Hostname => "ホスト名",
        FactKind::CloudInstance => "クラウドインスタンスの識別子",
        FactKind::Container => "コンテナの識別子",
    }
}
