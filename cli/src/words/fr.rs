//! French. A no-break space stands before double signs.

use super::Sentence;

#[expect(clippy::too_many_lines, reason = "a table")]
pub(super) const fn text(sentence: Sentence) -> &'static str {
    use Sentence as S;
    match sentence {
        S::FileUnreadable => "impossible de lire `{file}` : {detail}",
        S::FileUnwritable => "impossible d’écrire `{file}` : {detail}",
        S::FileExists => "`{file}` existe déjà et n’est pas remplacé : {detail}",
        S::FileMade => "`{file}` créé",
        S::NotLicensed => "sans licence : {why}",
        S::LicensedForever => "licence sans fin",
        S::LicensedUntil => "licence jusqu’au {day} inclus",
        S::LicensedOver => "licence jusqu’au {day} inclus, terminée",
        S::GraceNone => "pas de délai de grâce",
        S::GraceUntil => "délai de grâce jusqu’au {day} inclus",
        S::GraceOver => "délai de grâce jusqu’au {day} inclus, terminé",
        S::HostAny => "tout hôte",
        S::HostScore => "hôte {score} pour {threshold} requis",
        S::HostOther => "autre hôte, {score} pour {threshold} requis",
        S::ClockRight => "horloge juste",
        S::ClockWarns => "horloge douteuse",
        S::ClockWrong => "horloge fausse",
        S::RenewNone => "rien à renouveler",
        S::RenewBy => "à renouveler le {day} au plus tard",
        S::AcceptedLicense => "licence acceptée",
        S::AcceptedAnswer => "réponse du fournisseur acceptée",
        S::AcceptedKeyRing => "trousseau de clés accepté",
        S::AcceptedRevocations => "liste de révocation acceptée",
        S::AcceptedTime => "jeton horaire accepté",
        S::NothingChanged => "cela n’a rien changé",
        S::VendorRefused => "le fournisseur refuse : {why}",
        S::LicensesEnded => "licences qui ont ainsi pris fin : {count}",
        S::SaysPerpetual => "Une licence perpétuelle de `{product}`",
        S::SaysUpdatesUntil => {
            "Une licence perpétuelle de `{product}`, pour les versions produites avant le {day}"
        }
        S::SaysSubscription => "Une licence de `{product}` pour une durée payée",
        S::SaysTrial => "Un essai de `{product}`",
        S::SaysNodeLocked => "Une licence de `{product}` pour un hôte ou une installation",
        S::SaysSite => "Une licence de `{product}` pour un site",
        S::SaysLicensee => "Accordée à {licensee}",
        S::SaysCustomer => "Pour le client `{customer}`",
        S::SaysSerial => "Son numéro est `{serial}`",
        S::SaysIssued => "Signée le {at}",
        S::SaysLicensedFrom => "Valable à partir du {from}",
        S::SaysLicensedSpan => "Valable du {from} au {until} exclu",
        S::SaysGrace => "Délai de grâce du {from} au {until} exclu",
        S::SaysOffline => "Sans contact avec le fournisseur, avant le {day} seulement",
        S::SaysFeature => "Comprend `{feature}`",
        S::SaysFeatureCounted => "Comprend `{feature}`, {quantity} à la fois",
        S::SaysFeatureUntil => "`{feature}` finit avant le {day}",
        S::SaysFeatureData => "`{feature}` a {bytes} octets de données",
        S::SaysNoFeatures => "Ne nomme aucune fonction : elle vaut pour tout le produit",
        S::SaysSeats => "Une place tient {seconds} secondes sans signe de vie",
        S::SaysDevices => "Couvre {count} appareils : {devices}",
        S::SaysHost => "Liée à un hôte : {threshold} sur {weight} doivent correspondre ({facts})",
        S::SaysAnyHost => "Liée à aucun hôte",
        S::SaysInstallation => "Faite pour l’installation `{installation}`",
        S::SaysSigner => "Signée avec la clé `{key}`",
        S::SaysVerified => "La signature est bonne, et la clé est reconnue",
        S::SaysUnverified => "LA SIGNATURE N’A PAS ÉTÉ VÉRIFIÉE : aucune clé racine n’est donnée",
        S::HostClass => "Cet hôte est de la classe `{class}`",
        S::HostFactsHidden => {
            "Les valeurs restent ici : le fournisseur ne reçoit que des empreintes à clé"
        }
        S::AllWell => "Tout va bien",
        S::CodeRight => "le code est bien formé : {code}",
        S::Done => "fait : {what}",
        S::NothingToChange => "rien à changer",
        S::WouldDo => "serait fait : {what}",
        S::Verified => {
            "l’historique est entier : {events} événements, {checkpoints} points de contrôle"
        }
        S::CheckpointMade => "point de contrôle sur {events} événements",
        S::BackupMade => "sauvegarde faite dans `{file}`",
        S::AnswersWritten => "{done} réponses sur {all}",
        S::RowsReport => "{done} faites, {skipped} faites auparavant, {failed} refusées",
        S::RowsDryRun => {
            "{done} seraient faites, {skipped} ont été faites auparavant, {failed} seraient refusées ; rien n’a été changé"
        }
        S::Exported => "{count} exportés",
    }
}
