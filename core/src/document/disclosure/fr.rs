//! French.

use super::{FactKind, HostClass, Phrase, RequestKind};

pub(super) const fn text(phrase: Phrase) -> &'static str {
    match phrase {
        Phrase::Asks(kind) => asks(kind),
        Phrase::Customer => "Elle nomme le client `{customer}`.",
        Phrase::System => "Elle nomme le système `{system}`.",
        Phrase::Number => {
            "Elle transmet le numéro d’enregistrement qui se termine par `{number}` ; l’éditeur le reçoit en entier."
        }
        Phrase::Owner => "Elle indique qui demande : {owner}.",
        Phrase::Code => {
            "Elle transmet le code qui se termine par `{code}` ; l’éditeur le reçoit en entier."
        }
        Phrase::Devices => "Elle compte les appareils qui ont besoin d’une licence : {devices}.",
        Phrase::Host => "Elle indique la nature de l’hôte : {class}.",
        Phrase::Facts => {
            "Elle transmet des empreintes à clé de faits de l’hôte, et aucune valeur : {facts}."
        }
        Phrase::NoFacts => "Elle ne transmet aucun fait de l’hôte.",
        Phrase::Group => {
            "Elle demande à rejoindre le groupe `{group}` d’hôtes qui partagent une licence."
        }
        Phrase::Label => {
            "Elle indique comment appeler cet hôte : `{label}` ; l’éditeur le reçoit en entier."
        }
        Phrase::Installation => {
            "Elle est signée avec la clé de cette installation, `{installation}`."
        }
        Phrase::Written => "Elle a été écrite le {written_at}, sous le numéro {epoch}.",
        Phrase::NothingElse => "Elle ne transmet rien d’autre.",
    }
}

const fn asks(kind: RequestKind) -> &'static str {
    match kind {
        RequestKind::Coupon => "Cette demande active un coupon pour `{product}`.",
        RequestKind::Number => {
            "Cette demande vise à utiliser ici un numéro d’enregistrement de `{product}`."
        }
        RequestKind::Rebind => {
            "Cette demande vise à lier de nouveau la licence de `{product}` à cet hôte."
        }
        RequestKind::Recover => {
            "Cette demande vise à retrouver le numéro d’enregistrement de `{product}`."
        }
        RequestKind::Refresh => "Cette demande porte sur ce qui a changé pour `{product}`.",
        RequestKind::Register => {
            "Cette demande vise à obtenir un numéro d’enregistrement pour `{product}`."
        }
        RequestKind::Release => "Cette demande restitue la licence de `{product}`.",
        RequestKind::System => {
            "Cette demande vise à licencier pour `{product}` le système décrit ici."
        }
        RequestKind::Trial => "Cette demande vise à essayer `{product}`.",
    }
}

pub(super) const fn class(class: HostClass) -> &'static str {
    match class {
        HostClass::BareMetal => "machine physique",
        HostClass::Vm => "machine virtuelle",
        HostClass::Container => "conteneur",
        HostClass::CloudInstance => "machine virtuelle dans un nuage",
        HostClass::Declared => "connu par un identifiant déclaré seulement",
    }
}

pub(super) const fn fact(kind: FactKind) -> &'static str {
    match kind {
        FactKind::MachineId => "identifiant du système d’exploitation",
        FactKind::DmiUuid => "UUID de la machine",
        FactKind::BoardSerial => "numéro de série de la carte mère",
        FactKind::DiskSerial => "numéro de série d’un disque",
        FactKind::NetworkAddress => "adresse d’une interface réseau",
        FactKind::Tpm => "identifiant du module TPM",
        FactKind::DeclaredId => "identifiant déclaré",
        FactKind::CpuModel => "modèle du processeur",
        FactKind::Hostname => "nom de l’hôte",
        FactKind::CloudInstance => "identifiant de l’instance en nuage",
        FactKind::Container => "identifiant du conteneur",
    }
}
