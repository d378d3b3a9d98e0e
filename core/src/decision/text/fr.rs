//! French texts of reasons.

use super::Phrase;

pub(super) const fn text(phrase: Phrase) -> &'static str {
    use Phrase as P;
    match phrase {
        P::StateGrace => {
            "l’état est inaccessible ({fault}) ; l’usage est toléré jusqu’au {until_at}"
        }
        P::StateOver => {
            "l’état est inaccessible ({fault}) ; l’usage a été toléré jusqu’au {until_at}"
        }
        P::NoLicense => "aucune licence n’a encore été acceptée",
        P::ProductSame => "la licence concerne `{product}`",
        P::ProductOther => "la licence concerne `{licensed_product}` et non `{product}`",
        P::InstallationSame => "la licence concerne cette installation",
        P::InstallationOther => "la licence concerne une autre installation",
        P::ListClears => "la liste de révocation du {listed_at} ne contient pas la licence",
        P::Revoked => "l’éditeur a révoqué la licence le {revoked_at} : {why}",
        P::HostSame => "la machine est celle enregistrée : score {score}, {threshold} suffit",
        P::HostOther => {
            "la machine n’est pas celle enregistrée : score {score}, {threshold} nécessaire ; \
             non trouvé : {lost}"
        }
        P::IssuedBefore => "la licence a été émise le {issued_at}",
        P::IssuedInFuture => "la licence a été émise le {issued_at}, dans le futur",
        P::ClockAgrees => "rien ne contredit l’horloge",
        P::ClockAhead => {
            "l’horloge indique {clock}, bien après la dernière heure confirmée, {mark}"
        }
        P::ClockBehind => "l’horloge indique {clock}, mais il a déjà été {mark}",
        P::LicensedUntil => "licence valable jusqu’au {last_day} inclus",
        P::LicensedForever => "licence sans limite de durée",
        P::LicensedNotYet => "la licence commence le {from}",
        P::LicensedOver => "le dernier jour de la licence était le {last_day}",
        P::LicensedNever => "aucune période de licence n’a encore été allouée",
        P::InitialGraceUntil => "la période d’essai court jusqu’au {last_day} inclus",
        P::InitialGraceNotYet => "la période d’essai commence le {from}",
        P::InitialGraceOver => "le dernier jour de la période d’essai était le {last_day}",
        P::RenewalGraceUntil => "le délai de grâce court jusqu’au {last_day} inclus",
        P::RenewalGraceNotYet => "le délai de grâce commence le {from}",
        P::RenewalGraceOver => "le dernier jour du délai de grâce était le {last_day}",
        P::OfflineUntil => {
            "l’utilisation sans contact avec l’éditeur est permise jusqu’au {last_day} inclus"
        }
        P::OfflineOver => {
            "le dernier jour d’utilisation sans contact avec l’éditeur était le {last_day}"
        }
        P::WholeProduct => "la question porte sur le produit entier",
        P::FeatureNamed => "la licence comprend `{feature}`",
        P::FeatureMissing => "la licence ne comprend pas `{feature}`",
        P::FeatureUntil => "`{feature}` est compris jusqu’au {last_day} inclus",
        P::FeatureOver => "le dernier jour de `{feature}` était le {last_day}",
        P::DeviceCovered => "la licence couvre l’appareil `{device}`",
        P::DeviceOther => "la licence ne couvre pas l’appareil `{device}`",
        P::UpdatesIncluded => {
            "cette version date du {built_on} et les mises à jour sont comprises jusqu’au \
             {last_day} inclus"
        }
        P::UpdatesOver => {
            "cette version date du {built_on} et le dernier jour des mises à jour était le \
             {last_day}"
        }
        P::UpdatesUnknown => {
            "les mises à jour sont comprises jusqu’au {last_day} inclus et le programme n’indique \
             pas sa date de fabrication"
        }
        P::ListCurrent => "la prochaine liste de révocation est attendue le {due_at}",
        P::ListStale => {
            "la liste de révocation est périmée : la suivante était attendue le {due_at}"
        }
        P::QuantityStated => "la licence autorise une quantité de {quantity}",
    }
}

pub(super) const fn remedy(phrase: Phrase) -> Option<&'static str> {
    use Phrase as P;
    Some(match phrase {
        P::StateGrace | P::StateOver => "Faites diagnostiquer et réparer l’emplacement de l’état.",
        P::NoLicense => "Envoyez une demande à l’éditeur et acceptez la réponse.",
        P::ProductOther => "Acceptez une licence faite pour ce produit.",
        P::InstallationOther => {
            "Envoyez une demande depuis cette installation et acceptez la réponse."
        }
        P::HostOther => "Demandez à l’éditeur de lier la licence à cette machine.",
        P::IssuedInFuture => "Corrigez l’horloge de cette machine.",
        P::ClockAhead => {
            "Corrigez l’horloge ; si elle est juste, laissez le programme tourner 4 heures, ou \
             envoyez une demande à l’éditeur et acceptez la réponse."
        }
        P::ClockBehind => {
            "Corrigez l’horloge ; si elle est juste, envoyez une demande à l’éditeur et acceptez \
             la réponse."
        }
        P::LicensedNotYet | P::InitialGraceNotYet => "Attendez le premier jour.",
        P::LicensedOver | P::RenewalGraceOver => "Renouvelez la licence.",
        P::LicensedNever | P::InitialGraceOver => "Allouez des licences.",
        P::RenewalGraceNotYet => "Rien n’est nécessaire tant que la licence court.",
        P::FeatureMissing => "Obtenez une licence qui comprend cette fonction.",
        P::FeatureOver => "Renouvelez cette fonction.",
        P::UpdatesOver => {
            "Renouvelez les mises à jour, ou utilisez une version plus ancienne que leur fin."
        }
        P::UpdatesUnknown => {
            "Demandez à l’auteur du programme d’indiquer le jour de sa fabrication."
        }
        P::Revoked => "Adressez-vous à l’éditeur.",
        P::OfflineOver | P::ListStale => {
            "Envoyez une demande d’actualisation et acceptez la réponse."
        }
        P::DeviceOther => "Obtenez une licence qui couvre cet appareil.",
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
