//! French texts: message, then remedy.
//!
//! Facts that come as English words, such as the noun of a document, stand in brackets or after a
//! colon, where they need neither article nor agreement. A no-break space (U+00A0) stands before a
//! colon or semicolon.

use super::ErrorKind;

#[expect(clippy::too_many_lines, reason = "a table")]
pub(super) const fn text(kind: ErrorKind) -> (&'static str, &'static str) {
    use ErrorKind as K;
    match kind {
        K::NoNumber => (
            "il faut d’abord un numéro d’enregistrement",
            "Enregistrez-vous, ou saisissez votre numéro.",
        ),
        K::AlreadyHasNumber => (
            "un numéro d’enregistrement a déjà été attribué à cet ordinateur ou à cette adresse",
            "Cherchez le message qui contient le numéro, ou demandez-le de nouveau.",
        ),
        K::NumberUnknown => ("ce numéro d’enregistrement n’existe pas", "Vérifiez la saisie."),
        K::EmailOfOtherCompany => (
            "une autre entreprise a un numéro d’enregistrement sous cette adresse",
            "Indiquez une autre adresse, ou demandez le numéro de cette entreprise.",
        ),
        K::RegisteredDifferently => (
            "cet ordinateur a déjà été enregistré avec une autre adresse ou entreprise",
            "Saisissez le numéro attribué alors, ou adressez-vous à l’éditeur.",
        ),
        K::SessionUnknown => (
            "la session est inconnue ou a expiré",
            "Réservez de nouveau la fonction, ce qui ouvre une nouvelle session.",
        ),
        K::NoFreeLicense => (
            "aucune licence de `{product}` n’est libre pour cet hôte : {detail}",
            "Libérez un hôte qui n’en a plus besoin, ou achetez une licence.",
        ),
        K::CouponAlreadyUsed => (
            "le coupon {key} a été utilisé par un autre client",
            "Vérifiez la saisie ; sinon, adressez-vous au vendeur.",
        ),
        K::Internal => (
            "erreur interne : {detail}",
            "Signalez-la en précisant la version et l’opération en cours.",
        ),
        K::InputTooLarge => (
            "données trop volumineuses ({what}) : {size} octets pour une limite de {limit}",
            "Vérifiez que le bon fichier a été fourni.",
        ),
        K::NotUtf8 => (
            "le texte n’est pas en UTF-8 ({what})",
            "Enregistrez le fichier en UTF-8 sans en changer le contenu.",
        ),
        K::JsonInvalid => (
            "données JSON non valides ({what}) : {detail}",
            "Corrigez le JSON à l’endroit indiqué.",
        ),
        K::FieldInvalid => {
            ("champ {field} : `{value}` au lieu de {expected}", "Corrigez le champ.")
        }
        K::DateInvalid => (
            "`{value}` n’est pas une date comprise entre 1970-01-01 et 9999-12-31",
            "Écrivez la date sous la forme année-mois-jour.",
        ),
        K::InstantInvalid => (
            "`{value}` n’est pas un instant tel que 2026-03-01T00:00:00Z",
            "Écrivez l’instant en UTC, avec un Z final.",
        ),
        K::ZoneUnknown => {
            ("`{zone}` n’est pas un fuseau horaire", "Utilisez un nom IANA tel que Europe/Paris.")
        }
        K::DateOutOfRange => (
            "la date obtenue serait postérieure au 9999-12-31",
            "Choisissez une date antérieure ou une durée plus courte.",
        ),
        K::NullArgument => ("l’argument {argument} est NULL", "Passez un pointeur valide."),
        K::Closed => ("l’objet est déjà fermé ({object})", "Ouvrez-le de nouveau."),
        K::CalledBack => (
            "{what} est utilisé par l’appel qui exécute cette fonction de rappel",
            "Utilisez-le après le retour de l’appel.",
        ),
        K::Forbidden => (
            "le rôle {role} n’autorise pas l’action {command}",
            "Adressez-vous à une personne dont le rôle le permet.",
        ),
        K::CommandIdReused => (
            "l’identifiant de commande `{id}` a déjà servi avec un autre contenu",
            "Donnez un nouvel identifiant à une nouvelle commande.",
        ),
        K::PreviewStale => (
            "l’état a changé depuis l’aperçu",
            "Demandez un nouvel aperçu et confirmez ce qu’il montre.",
        ),
        K::HistoryBroken => (
            "le flux {stream} n’est plus tel qu’il a été écrit : {detail}, événement {index}",
            "Restaurez le registre à partir d’une sauvegarde et comparez.",
        ),
        K::TableBroken => (
            "la table {table} ne dit pas ce que dit l’historique : {detail}, ligne `{row}`",
            "Restaurez le registre à partir d’une sauvegarde et comparez.",
        ),
        K::CheckpointBroken => (
            "l’historique n’est pas celui du point de contrôle de {size} événements : {detail}",
            "Restaurez le registre à partir d’une sauvegarde et comparez.",
        ),
        K::CheckpointMissing => (
            "aucun point de contrôle ne garantit {what}",
            "Créez d’abord un point de contrôle, ou corrigez le numéro.",
        ),
        K::ExportInvalid => (
            "la ligne {line} de l’export n’est pas valide : {detail}",
            "Exportez de nouveau le registre et prenez le fichier tel quel.",
        ),
        K::ProductUnknown => (
            "le produit `{product}` n’est pas au catalogue",
            "Ajoutez le produit au catalogue ou corrigez son identifiant.",
        ),
        K::ProductAlreadyDefined => (
            "le produit `{product}` est déjà au catalogue",
            "Publiez plutôt une nouvelle version de la politique.",
        ),
        K::PolicyContradictory => {
            ("la politique se contredit : {detail}", "Modifiez l’un des réglages indiqués.")
        }
        K::LicenseTypeUnknown => (
            "le produit `{product}` n’a pas de type de licence `{license_type}`",
            "Utilisez l’un des types de licence du produit.",
        ),
        K::TermNotOffered => (
            "une durée de {months} mois n’est pas proposée pour `{product}`",
            "Choisissez l’une des durées prévues par la politique.",
        ),
        K::ProductExternal => (
            "les licences du produit `{product}` sont gérées ailleurs",
            "Utilisez le système qui gère les licences de ce produit.",
        ),
        K::SchemeMismatch => (
            "le produit `{product}` n’est pas vendu selon le modèle {scheme}",
            "Utilisez les commandes du modèle propre à ce produit.",
        ),
        K::VendorEstablished => (
            "le registre appartient à l’éditeur `{vendor}`, dont les clés racines demeurent",
            "Indiquez cet éditeur et toutes ses clés racines, puis ajoutez les nouvelles à la suite.",
        ),
        K::CustomerUnknown => (
            "le client `{customer}` n’est pas enregistré",
            "Enregistrez le client ou corrigez l’identifiant.",
        ),
        K::CustomerAlreadyRegistered => (
            "le client `{customer}` est déjà enregistré",
            "Utilisez le client enregistré ou choisissez un autre identifiant.",
        ),
        K::NotRegistered => (
            "aucun système avec `{product}` n’est enregistré au nom du client `{customer}`",
            "Enregistrez d’abord le logiciel au nom du client.",
        ),
        K::SubscriptionNotStarted => {
            ("l’abonnement à `{product}` n’a pas encore commencé", "Démarrez d’abord l’abonnement.")
        }
        K::SubscriptionAlreadyStarted => {
            ("l’abonnement à `{product}` a déjà commencé le {started}", "Il n’y a rien à faire.")
        }
        K::AlreadyRegisteredElsewhere => (
            "le système `{system}` est enregistré au nom d’un autre client",
            "Vérifiez le client choisi ; un système ne change pas de client.",
        ),
        K::PersonUnknown => (
            "la personne `{person}` est inconnue",
            "Ajoutez la personne ou corrigez l’identifiant.",
        ),
        K::PersonAlreadyAdded => {
            ("la personne `{person}` a déjà été ajoutée", "Choisissez un autre identifiant.")
        }
        K::TrialAlreadyUsed => (
            "`{product}` a déjà été essayé ; l’essai s’est terminé le {end}",
            "Achetez une licence.",
        ),
        K::TrialNotOffered => ("`{product}` ne s’essaie pas", "Achetez une licence."),
        K::BindingUnknown => {
            ("aucun hôte n’est lié sous le numéro {binding}", "Consultez la liste des hôtes liés.")
        }
        K::RequestNotApplicable => (
            "une demande de type `{kind}` ne s’applique pas à `{product}` (mode de vente : {scheme})",
            "Envoyez une demande qui convient au produit.",
        ),
        K::NumbersNotOffered => (
            "aucun numéro d’enregistrement n’est attribué ici",
            "Demandez à l’éditeur comment ses produits sont mis sous licence.",
        ),
        K::LoginUnknown => (
            "personne ne se connecte avec ceci",
            "Utilisez le numéro d’enregistrement, ou un coupon activé.",
        ),
        K::MovesSpent => (
            "sur {allowed} hôtes à libérer en {days} jours, il en reste {left} ; le prochain à partir du {next}",
            "Attendez ce jour, ou demandez à l’éditeur de libérer l’hôte.",
        ),
        K::RebindsSpent => (
            "sur {allowed} hôtes à réinscrire en {days} jours, il en reste {left} ; le prochain à partir du {next}",
            "Attendez ce jour, ou demandez à l’éditeur de libérer l’hôte.",
        ),
        K::GroupUnknown => (
            "il n’y a pas de groupe d’hôtes `{group}`",
            "Déclarez-le d’abord, ou vérifiez la saisie.",
        ),
        K::GroupInUse => (
            "`{group}` a {bound} hôtes liés, plus que {hosts}",
            "Libérez d’abord certains de ses hôtes.",
        ),
        K::MachineNotClaimed => (
            "`{customer}` ne s’est pas enregistré depuis cet hôte",
            "Cherchez quel client l’a fait.",
        ),
        K::SessionsFull => {
            ("{limit} sessions sont ouvertes, aucune autre n’est admise", "Réessayez plus tard.")
        }
        K::NotCaptured => (
            "la session n’a pas réservé `{feature}`",
            "Ne libérez que ce qui a été réservé, et une seule fois.",
        ),
        K::DeviceNotRegistered => (
            "aucun appareil `{device}` n’est enregistré chez ce client",
            "Enregistrez d’abord l’appareil.",
        ),
        K::DeviceAlreadyRegistered => (
            "l’appareil `{device}` est déjà enregistré",
            "Choisissez un autre identifiant, ou modifiez l’appareil.",
        ),
        K::CameraAlreadyLicensed => (
            "l’appareil `{device}` a déjà une licence, la numéro {license}",
            "Choisissez un appareil sans licence, ou libérez d’abord celui-ci.",
        ),
        K::LicenseUnknown => (
            "le client n’a pas de licence utilisable numéro {license} de `{product}`",
            "Consultez la liste des licences.",
        ),
        K::DeviceStateForbids => (
            "l’appareil `{device}` est dans l’état {state} : {detail}",
            "Attendez que l’appareil soit prêt, ou supprimez-le s’il est en erreur.",
        ),
        K::CameraLimit => (
            "le compte admet {limit} appareils, et il en faudrait un de plus",
            "Supprimez un appareil, ou demandez au vendeur un autre type de compte.",
        ),
        K::PlanUnknown => {
            ("la politique n’a pas de formule `{plan}`", "Utilisez une formule de la politique.")
        }
        K::PlanLeft => (
            "l’appareil `{device}` a quitté la formule `{plan}` et ne peut y revenir",
            "Choisissez une formule que l’appareil n’a pas eue.",
        ),
        K::DeviceNotReplaceable => (
            "l’appareil `{device}` est un encodeur et ne peut être remplacé",
            "Supprimez-le et ajoutez le nouveau.",
        ),
        K::AccountStateForbids => {
            ("le compte est dans l’état {state} : {detail}", "Attendez que le compte soit prêt.")
        }
        K::AccountSuspended => (
            "le compte du client `{customer}` est suspendu : ses utilisateurs ne peuvent se connecter",
            "Demandez au responsable du compte de le rétablir.",
        ),
        K::CamerasPresent => {
            ("le compte a encore des appareils : {count}", "Supprimez d’abord tous les appareils.")
        }
        K::UsersPresent => (
            "le compte a encore des utilisateurs de surveillance à distance ou de fédération : {count}",
            "Retirez d’abord ces utilisateurs.",
        ),
        K::UserNotActivated => (
            "l’utilisateur `{person}` n’est pas encore activé",
            "Suivez le lien du courriel d’activation, ou faites-le renvoyer.",
        ),
        K::UserAlreadyActive => {
            ("l’utilisateur `{person}` est déjà activé", "Il n’y a plus rien à faire.")
        }
        K::ProviderUnknown => (
            "la politique n’a pas de fournisseur d’identité `{provider}`",
            "Utilisez un fournisseur de la politique.",
        ),
        K::CountryNotServed => (
            "aucun centre de données ne dessert le pays `{country}`",
            "Utilisez un pays de la politique, ou demandez au vendeur.",
        ),
        K::FieldMissing => {
            ("sur la page `{page}` le champ `{field}` manque", "Remplissez le champ.")
        }
        K::OwnRecord => ("`{person}` est votre propre fiche", "Modifiez-la dans vos préférences."),
        K::UsernameTaken => {
            ("quelqu’un d’autre a ce nom d’utilisateur", "Choisissez un autre nom d’utilisateur.")
        }
        K::NoAccount => ("le client `{customer}` n’a pas de compte", "Créez d’abord un compte."),
        K::PrivacyOn => (
            "le client `{customer}` a activé la confidentialité",
            "Demandez au client de la désactiver.",
        ),
        K::PartnerUnknown => (
            "aucun partenaire `{partner}` n’est enregistré",
            "Seul le vendeur enregistre les partenaires.",
        ),
        K::PartnerAlreadyRegistered => (
            "un partenaire d’identifiant ou de code `{partner}` est déjà enregistré",
            "Choisissez un autre identifiant et un autre code.",
        ),
        K::InsufficientStock => (
            "le partenaire `{partner}` a {stock} licences de type `{license_type}`, il en faudrait {wanted}",
            "Donnez-en moins, ou achetez-en au vendeur.",
        ),
        K::ShopLoginRefused => (
            "la boutique ne connaît pas cette adresse et ce mot de passe",
            "Vérifiez les deux, ou changez le mot de passe dans la boutique.",
        ),
        K::ShopAlreadyLinked => (
            "le lien avec la boutique est déjà fait",
            "Il n’y a plus rien à faire ; pour lier un autre compte, demandez au vendeur.",
        ),
        K::PurchaseOfAnother => (
            "l’achat `{purchase}` a été compté pour un autre client",
            "Vérifiez le numéro de l’achat.",
        ),
        K::InsufficientWallet => (
            "pas assez de licences de type `{license_type}` dans le portefeuille \
             (utilisables : {usable}, demandées : {wanted})",
            "Activez une autre clé de licence ou affectez moins de licences.",
        ),
        K::AdvanceLimit => (
            "la période {period} dépasse le nombre de périodes à couvrir d’avance ({limit})",
            "Attendez la prochaine date de renouvellement.",
        ),
        K::ExceedsNeed => (
            "trop de licences de type `{license_type}` : {wanted} pour un besoin de {need}",
            "Affectez le nécessaire ; le reste demeure dans le portefeuille.",
        ),
        K::PartialAllocation => (
            "trop peu de licences de type `{license_type}` : {wanted} pour un besoin de {need}",
            "Affectez en une fois toutes les licences nécessaires.",
        ),
        K::PeriodGap => (
            "la période {period} n’est pas encore entièrement couverte",
            "Couvrez d’abord la période antérieure.",
        ),
        K::QuantityOutOfRange => {
            ("nombre hors des limites de {min} à {max} : {what} {value}", "Corrigez la quantité.")
        }
        K::CustomerTransferForbidden => (
            "rien ne peut passer du client `{from}` à un autre",
            "Activez une clé de licence pour l’autre client.",
        ),
        K::KeyUnknown => (
            "la clé de licence {key} est inconnue",
            "Vérifiez que la clé ne comporte pas de faute de frappe.",
        ),
        K::KeyAlreadyRedeemed => (
            "la clé de licence {key} a déjà été activée",
            "Cherchez dans l’historique qui l’a activée.",
        ),
        K::KeyWrongProduct => (
            "la clé de licence {key} est destinée au produit `{product}`",
            "Activez-la pour ce produit.",
        ),
        K::CodeInvalid => (
            "`{code}` n’est pas un code de la forme {form}",
            "Saisissez le code tel qu’il a été remis, avec son préfixe.",
        ),
        K::CodeAlreadyIssued => ("le code {code} a déjà été émis", "Générez un autre code."),
        K::BatchAlreadyIssued => {
            ("le lot `{batch}` a déjà été émis", "Choisissez un autre identifiant de lot.")
        }
        K::CodeForeignCharacter => (
            "`{character}` ({codepoint}), à la position {place}, ne figure dans aucun code",
            "Comparez le code à l’original et saisissez-le en lettres latines et en chiffres.",
        ),
        K::CodeMistyped => (
            "le code comporte une faute de frappe : `{code}`",
            "Comparez-le à l’original ; si un seul caractère est faux, `?` en marque la place.",
        ),
        K::NotAMember => (
            "`{actor}` n’est pas membre du client `{customer}`",
            "Ajoutez cette personne au client, ou choisissez un autre client.",
        ),
        K::OtherRegion => (
            "le client `{customer}` relève de la région `{found}`, ici c’est `{expected}`",
            "Utilisez le service de la région du client.",
        ),
        K::HardwareUnknown => (
            "le matériel `{hardware}` n’est pas enregistré chez ce client",
            "Enregistrez le matériel ou corrigez son identifiant.",
        ),
        K::HardwareAlreadyRegistered => (
            "le matériel `{hardware}` est déjà enregistré",
            "Rien à faire, sauf s’il l’est chez un autre client.",
        ),
        K::LicenseTiedToHardware => (
            "les licences du matériel `{hardware}` lui restent attachées",
            "Achetez des licences d’extension pour l’autre matériel.",
        ),
        K::LotUnknown => (
            "le portefeuille n’a pas de lot {lot}",
            "Cherchez le numéro du lot dans le portefeuille.",
        ),
        K::LotTouched => (
            "des licences du lot {lot} sont utilisées, il en reste {left} sur {quantity}",
            "Annulez d’abord leur attribution, ou reprenez le reste.",
        ),
        K::AllocationNotLast => (
            "l’attribution {allocation} ne peut pas être annulée ({detail})",
            "Annulez d’abord la plus récente, pendant sa période.",
        ),
        K::PolicyCurrent => (
            "l’accord sur `{product}` suit déjà la version {version}",
            "Publiez d’abord une version plus récente.",
        ),
        K::KeyVoided => {
            ("la clé de licence {key} a été annulée", "Demandez une autre clé au vendeur.")
        }
        K::DocumentMalformed => (
            "ce n’est pas un document signé : {detail}",
            "Redemandez le fichier ; il a pu être endommagé pendant le transfert.",
        ),
        K::DocumentWrongType => (
            "type de document inattendu : {found} au lieu de {expected}",
            "Fournissez le bon fichier.",
        ),
        K::SignatureInvalid => (
            "signature non valide : le document ({document}) a été modifié après sa signature",
            "Redemandez le fichier à son émetteur.",
        ),
        K::KeyNotTrusted => (
            "le document est signé par la clé {key}, qui n’est pas reconnue ici",
            "Vérifiez que le fichier provient bien de l’éditeur de ce produit.",
        ),
        K::KeyWeak => {
            ("clé publique inutilisable : {detail}", "Générez une nouvelle paire de clés.")
        }
        K::KeyNotValid => (
            "la clé {key} n’était pas valable lors de la signature du document ({document})",
            "Demandez à l’éditeur un document signé avec une clé en vigueur.",
        ),
        K::OtherProduct => (
            "le document ({document}) concerne le produit `{found}` et non `{expected}`",
            "Fournissez le fichier établi pour ce produit.",
        ),
        K::OtherInstallation => (
            "le document ({document}) a été établi pour une autre installation",
            "Envoyez une demande depuis cette installation et utilisez sa réponse.",
        ),
        K::OtherRequest => (
            "cette réponse correspond à une autre demande",
            "Utilisez la réponse à la dernière demande.",
        ),
        K::OtherCustomer => (
            "le document ({document}) concerne le client `{found}` et non `{expected}`",
            "Fournissez le fichier établi pour ce client.",
        ),
        K::DocumentOutdated => (
            "le document ({document}) est plus ancien que celui déjà accepté",
            "Utilisez le fichier le plus récent.",
        ),
        K::SystemFileInvalid => (
            "le fichier du système est endommagé ou falsifié : {detail}",
            "Générez de nouveau le fichier sur le système.",
        ),
        K::KeyRingMissing => (
            "la clé {key} ne figure dans aucun trousseau publié",
            "Signez un trousseau avec la clé racine et publiez-le.",
        ),
        K::IssuedInFuture => (
            "la date d’émission du document ({document}) est en avance de {seconds} s",
            "Vérifiez l’horloge de cette machine.",
        ),
        K::ClaimsContradictory => {
            ("le document ({document}) se contredit : {detail}", "Corrigez ses données.")
        }
        K::MemberUnknown => (
            "le document ({document}) repose sur `{member}`, inconnu de cette version",
            "Installez une version plus récente.",
        ),
        K::OtherOrigin => (
            "le point de contrôle concerne `{found}` et non `{expected}`",
            "Utilisez un point de contrôle de cet historique.",
        ),
        K::ProofInvalid => (
            "la preuve ne tient pas : {detail}",
            "Redemandez la preuve ; si elle échoue encore, l’historique a été modifié.",
        ),
        K::SignerFailed => (
            "la clé {key} n’a pas signé : {detail}",
            "Vérifiez l’endroit où la clé privée est conservée, puis réessayez.",
        ),
        K::NotLicensed => {
            ("aucune licence pour `{feature}` : {reason}", "Consultez les motifs de la décision.")
        }
        K::NoLicense => (
            "aucune licence n’a encore été acceptée",
            "Envoyez une demande à l’éditeur et acceptez la réponse.",
        ),
        K::HostNotIdentifiable => (
            "la machine en révèle trop peu pour être distinguée des autres",
            "Donnez-lui un identifiant ou laissez le programme lire ses numéros de série.",
        ),
        K::Network => (
            "{address} ne peut pas être joint : {detail}",
            "Vérifiez le réseau, le proxy et le pare-feu ; la licence continue entre-temps.",
        ),
        K::ClockUntrusted => (
            "l’horloge indique {clock} et la dernière heure confirmée est {mark}",
            "Corrigez l’horloge ; si elle est juste, envoyez une demande à l’éditeur et acceptez la réponse.",
        ),
        K::NumberLocked => (
            "un numéro d’enregistrement est déjà conservé ici",
            "Changez le numéro, ou supprimez-le d’abord.",
        ),
        K::ConfirmationNeeded => {
            ("cette action doit être confirmée", "Demandez à l’utilisateur, puis confirmez-la.")
        }
        K::StoreForeign => ("{store} n’est pas un registre mlicense", "Vérifiez le chemin."),
        K::StoreNewer => (
            "{store} provient d’une version plus récente (schéma {found}, connu jusqu’à {known})",
            "Installez la version plus récente.",
        ),
        K::StoreCorrupt => {
            ("{store} est endommagé : {detail}", "Restaurez-le à partir d’une sauvegarde.")
        }
        K::StoreBusy => ("{store} est en cours d’utilisation", "Réessayez."),
        K::StoreFull => (
            "plus d’espace disponible pour {store}",
            "Libérez de l’espace et réessayez ; rien n’a été perdu.",
        ),
        K::StoreReadOnly => {
            ("{store} n’est pas accessible en écriture", "Vérifiez les droits d’accès.")
        }
        K::StoreUnavailable => {
            ("impossible d’ouvrir {store} : {detail}", "Vérifiez le chemin et les droits d’accès.")
        }
        K::OutcomeUnknown => (
            "la connexion à {store} a été rompue pendant la validation",
            "Renvoyez la même commande avec le même identifiant.",
        ),
        K::StoreExists => ("{store} existe déjà", "Ouvrez-le ou choisissez un autre chemin."),
        K::StoreUntrusted => (
            "{store} n’a pas prouvé être le serveur désigné : {detail}",
            "Vérifiez son certificat, son nom et `sslrootcert` ; d’ici là, aucun mot de passe.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_no_break_space_stands_before_colons_and_semicolons() {
        for kind in ErrorKind::ALL {
            let (message, remedy) = text(*kind);
            for wrong in [" :", " ;", " ?", " !", "'"] {
                assert!(!message.contains(wrong) && !remedy.contains(wrong), "{kind:?}");
            }
        }
    }
}
