//! What a request tells the vendor, in words, for whoever is asked to send it.

mod en;
mod fr;
mod ja;
mod ru;

use std::collections::BTreeMap;

use super::{HostFacts, Owner, Request, RequestFields, RequestKind};
use crate::{
    error::Language,
    host_binding::{FactKind, HostClass},
    template::fill,
};

/// How many characters of a code are shown.
const CODE_SHOWN: usize = 4;

/// One thing that a request may say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phrase {
    Asks(RequestKind),
    Customer,
    System,
    Number,
    Code,
    Owner,
    Devices,
    Host,
    Facts,
    NoFacts,
    Group,
    Label,
    Installation,
    Written,
    NothingElse,
}

impl Phrase {
    const fn text(self, language: Language) -> &'static str {
        match language {
            Language::En => en::text(self),
            Language::Ru => ru::text(self),
            Language::Ja => ja::text(self),
            Language::Fr => fr::text(self),
        }
    }
}

impl Request {
    /// Says line by line what the request tells the vendor and what it keeps, to be shown before it
    /// is sent; in plain words, with the values that may be shown.
    ///
    /// A number or coupon is masked but for its end. Of the host it names the kinds of facts whose
    /// digests are told; values are not in the request.
    ///
    /// ```
    /// use mlicense_core::document::{Nonce, Request, RequestFields, RequestKind};
    /// use mlicense_core::error::Language;
    /// use mlicense_core::signing::Signer;
    /// let nonce = Nonce::from_entropy([9; 16]);
    /// let now = "2026-03-01T09:30:00Z".parse()?;
    /// let fields = RequestFields::new(RequestKind::Trial, "editor".parse()?, nonce, now);
    /// let document = Request::write(&fields, &Signer::from_seed([3; 32]))?;
    /// let told = Request::verify(document.as_bytes())?.explain(Language::En);
    /// assert!(told.starts_with("It asks to try `editor`.\n"));
    /// assert!(told.ends_with("It tells nothing else."));
    /// # Ok::<(), mlicense_core::error::Refusal>(())
    /// ```
    #[must_use]
    pub fn explain(&self, language: Language) -> String {
        let told = Told { request: self, fields: self.fields(), language };
        let lines: Vec<String> = told.phrases().map(|phrase| told.line(phrase)).collect();
        lines.join("\n")
    }
}

/// A request, to be told in a language.
struct Told<'a> {
    request: &'a Request,
    fields: &'a RequestFields,
    language: Language,
}

impl Told<'_> {
    /// What there is to tell, in order.
    fn phrases(&self) -> impl Iterator<Item = Phrase> {
        let fields = self.fields;
        let RequestFields { kind, customer, system, code, number, owner, devices, host, .. } =
            fields;
        let facts = host
            .as_ref()
            .map(|host| if host.facts.is_empty() { Phrase::NoFacts } else { Phrase::Facts });
        [
            Some(Phrase::Asks(*kind)),
            customer.as_ref().map(|_| Phrase::Customer),
            system.as_ref().map(|_| Phrase::System),
            number.as_ref().map(|_| Phrase::Number),
            code.as_ref().map(|_| Phrase::Code),
            owner.as_ref().map(|_| Phrase::Owner),
            (!devices.is_empty()).then_some(Phrase::Devices),
            host.as_ref().map(|_| Phrase::Host),
            facts,
            fields.group.as_ref().map(|_| Phrase::Group),
            fields.label.as_ref().map(|_| Phrase::Label),
            Some(Phrase::Installation),
            Some(Phrase::Written),
            Some(Phrase::NothingElse),
        ]
        .into_iter()
        .flatten()
    }

    fn line(&self, phrase: Phrase) -> String {
        fill(phrase.text(self.language), |name| self.value(name))
    }

    fn value(&self, name: &str) -> Option<String> {
        let fields = self.fields;
        Some(match name {
            "product" => fields.product.to_string(),
            "customer" => fields.customer.as_ref()?.to_string(),
            "system" => fields.system.as_ref()?.to_string(),
            "number" => masked(fields.number.as_ref()?),
            "code" => masked(fields.code.as_ref()?),
            "owner" => owner(fields.owner.as_ref()?),
            "devices" => {
                let devices = fields.devices.iter();
                list(devices.map(|(license_type, count)| format!("`{license_type}` × {count}")))
            }
            "class" => self.class(fields.host.as_ref()?),
            "facts" => self.facts(fields.host.as_ref()?),
            "group" => fields.group.as_ref()?.to_string(),
            "label" => fields.label.clone()?,
            "installation" => self.request.installation().to_string(),
            "written_at" => fields.issued_at.to_string(),
            "epoch" => fields.epoch.map_or_else(|| "-".to_owned(), |epoch| epoch.to_string()),
            _ => return None,
        })
    }

    fn class(&self, host: &HostFacts) -> String {
        let class = HostClass::ALL.iter().find(|class| class.as_str() == host.class);
        let known = class.map(|class| match self.language {
            Language::En => en::class(*class),
            Language::Ru => ru::class(*class),
            Language::Ja => ja::class(*class),
            Language::Fr => fr::class(*class),
        });
        known.map_or_else(|| format!("`{}`", host.class), ToOwned::to_owned)
    }

    /// The kinds of facts, in the order in which they are listed to people, each with how many.
    fn facts(&self, host: &HostFacts) -> String {
        let mut counts = BTreeMap::<&str, usize>::new();
        for fact in &host.facts {
            let count = counts.entry(&fact.kind).or_default();
            *count = count.saturating_add(1);
        }
        let known = FactKind::ALL.iter().filter_map(|kind| {
            let count = counts.remove(kind.as_str())?;
            Some((self.fact(*kind).to_owned(), count))
        });
        let mut told: Vec<(String, usize)> = known.collect();
        told.extend(counts.into_iter().map(|(kind, count)| (format!("`{kind}`"), count)));
        list(told.into_iter().map(
            |(kind, count)| {
                if count == 1 { kind } else { format!("{kind} × {count}") }
            },
        ))
    }

    const fn fact(&self, kind: FactKind) -> &'static str {
        match self.language {
            Language::En => en::fact(kind),
            Language::Ru => ru::fact(kind),
            Language::Ja => ja::fact(kind),
            Language::Fr => fr::fact(kind),
        }
    }
}

fn list(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join(", ")
}

/// What is told of an owner, as it stands in the request.
fn owner(owner: &Owner) -> String {
    let Owner { email, company, contact, zone, phone, tax_id } = owner;
    let optional = [company, contact, phone, tax_id, zone].into_iter().flatten();
    list([email].into_iter().chain(optional).map(|text| format!("`{text}`")))
}

/// The last characters of a code that is long enough to spare them.
fn masked(code: &str) -> String {
    let length = code.chars().count();
    let shown = if length > CODE_SHOWN.saturating_mul(2) { CODE_SHOWN } else { 0 };
    let end: String = code.chars().skip(length.saturating_sub(shown)).collect();
    format!("…{end}")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{super::HostFact, *};
    use crate::{document::Nonce, signing::Signer};

    const KINDS: [RequestKind; 9] = [
        RequestKind::Coupon,
        RequestKind::Number,
        RequestKind::Rebind,
        RequestKind::Recover,
        RequestKind::Refresh,
        RequestKind::Register,
        RequestKind::Release,
        RequestKind::System,
        RequestKind::Trial,
    ];

    fn fields(kind: RequestKind) -> RequestFields {
        let nonce = Nonce::from_entropy([9; 16]);
        let now = "2026-03-01T09:30:00Z".parse().unwrap();
        let mut fields = RequestFields::new(kind, "editor".parse().unwrap(), nonce, now);
        fields.code = Some("ACME-12345-67890".into());
        fields.number = Some("MINE-12345-54321".into());
        let mut owner = Owner::new("post@acme.example");
        owner.company = Some("Acme".into());
        owner.contact = Some("C. Ontact".into());
        owner.zone = Some("Europe/Berlin".into());
        fields.owner = Some(owner);
        fields.system = Some("door-7".parse().unwrap());
        fields
    }

    fn everything() -> RequestFields {
        let mut fields = fields(RequestKind::System);
        fields.customer = Some("acme".parse().unwrap());
        fields.devices.insert("camera".parse().unwrap(), 10);
        fields.epoch = Some(3);
        fields.group = Some("nodes".parse().unwrap());
        fields.label = Some("front desk".into());
        let facts = [("dmi_uuid", "A"), ("disk_serial", "B"), ("disk_serial", "C"), ("scent", "D")];
        let facts = facts.map(|(kind, digest)| HostFact::new(kind, digest)).to_vec();
        fields.host = Some(HostFacts::new("vm", facts));
        fields
    }

    fn told(fields: &RequestFields, language: Language) -> String {
        let document = Request::write(fields, &Signer::from_seed([3; 32])).unwrap();
        Request::verify(document.as_bytes()).unwrap().explain(language)
    }

    #[test]
    fn what_leaves_is_told_line_by_line() {
        let expected = format!(
            "It asks to license the system described here for `editor`.\n\
             It names the customer `acme`.\n\
             It names the system `door-7`.\n\
             It tells the registration number that ends in `…4321`; the vendor gets all of it.\n\
             It tells the code that ends in `…7890`; the vendor gets all of it.\n\
             It tells who asks: `post@acme.example`, `Acme`, `C. Ontact`, `Europe/Berlin`.\n\
             It counts the devices that need a licence: `camera` × 10.\n\
             It says that the host is a virtual machine.\n\
             It tells keyed digests of facts of the host, and no value: UUID of the machine, \
             serial number of a disk × 2, `scent`.\n\
             It asks to join the group `nodes` of hosts that share a licence.\n\
             It tells what to call this host: `front desk`; the vendor gets all of it.\n\
             It is signed with the key of this installation, `{}`.\n\
             It was written at 2026-03-01T09:30:00Z, as number 3.\n\
             It tells nothing else.",
            own_key()
        );
        assert_eq!(told(&everything(), Language::En), expected);
    }

    fn own_key() -> String {
        Signer::from_seed([3; 32]).key_id().to_string()
    }

    #[test]
    fn every_language_says_as_much_and_in_its_own_words() {
        for kind in KINDS {
            let mut fields = everything();
            fields.kind = kind;
            let texts = Language::ALL.map(|language| told(&fields, language));
            for text in &texts {
                assert_eq!(text.lines().count(), 14, "{text}");
                for part in [
                    "`editor`",
                    "`acme`",
                    "`door-7`",
                    "`…7890`",
                    "`camera` × 10",
                    "`scent`",
                    "`nodes`",
                    "`front desk`",
                ] {
                    assert!(text.contains(part), "{part} in {text}");
                }
                assert!(text.contains(&own_key()) && text.contains("2026-03-01T09:30:00Z"));
                assert!(!text.contains(['{', '}']), "{text}");
            }
            let lines: BTreeSet<_> = texts.iter().flat_map(|text| text.lines()).collect();
            assert_eq!(lines.len(), 56, "{lines:?}");
        }
    }

    #[test]
    fn every_kind_asks_for_something_else() {
        for language in Language::ALL {
            let first = |kind| told(&fields(kind), language).lines().next().unwrap().to_owned();
            let lines: BTreeSet<_> = KINDS.into_iter().map(first).collect();
            assert_eq!(lines.len(), KINDS.len());
        }
    }

    #[test]
    fn every_kind_of_fact_and_host_has_a_name_in_every_language() {
        for name in [en::fact, ru::fact, ja::fact, fr::fact] {
            let names: BTreeSet<_> = FactKind::ALL.iter().map(|kind| name(*kind)).collect();
            assert_eq!(names.len(), FactKind::ALL.len());
        }
        for name in [en::class, ru::class, ja::class, fr::class] {
            let names: BTreeSet<_> = HostClass::ALL.iter().map(|class| name(*class)).collect();
            assert_eq!(names.len(), HostClass::ALL.len());
        }
    }

    #[test]
    fn a_short_code_is_not_shown_at_all() {
        assert_eq!(masked("12345678"), "…");
        assert_eq!(masked("123456789"), "…6789");
        assert_eq!(masked("ключ-ключ"), "…ключ");
    }

    #[test]
    fn a_code_is_never_taken_for_a_place() {
        let mut fields = fields(RequestKind::Coupon);
        fields.code = Some("aaaaaaaa{system}".into());
        assert!(told(&fields, Language::En).contains("…tem}`"));
    }
}
