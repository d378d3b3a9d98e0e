//! `License`: what a customer may use, where and until when.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{
    feature_data::FeatureData,
    host::HostBinding,
    json,
    jws::{DOCUMENT_BYTES_MAX, DocumentType},
    moment::{Moment, Span},
    nonce::Nonce,
    payload::{self, Payload, check_text, contradiction},
};
use crate::{
    error::{ErrorKind, Refusal, Result},
    id::{CustomerId, DeviceId, FeatureId, ProductId, VendorId},
    signing::{KeyId, Signer, Trust},
    time::{Instant, unix},
};

/// The most features of a licence.
pub const FEATURES_MAX: usize = 1000;
/// The most devices that a licence names.
pub const DEVICES_MAX: usize = 1000;
/// The longest serial, in bytes.
pub(super) const SERIAL_BYTES_MAX: usize = 64;
/// The longest name of a licensee, in bytes.
const LICENSEE_BYTES_MAX: usize = 256;

/// The sort of a licence; it names what the dates say and decides nothing by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum LicenseKind {
    /// For one host or installation.
    NodeLocked,
    /// Without an end.
    Perpetual,
    /// For a site.
    Site,
    /// For paid periods.
    Subscription,
    /// To try the product, with an end.
    Trial,
    /// Without an end, for versions released before a date.
    UpdatesUntil,
}

/// A feature of a product under a licence.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(expecting = "a feature")]
#[non_exhaustive]
pub struct Feature {
    /// How many, at least 1; not counted when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<u32>,
    /// Its own end, exclusive; the licence's when absent. Grace does not prolong it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Moment>,
    /// What the feature needs to run; the decision that allows it hands it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<FeatureData>,
}

impl Feature {
    /// A feature that is not counted and ends with the licence.
    #[must_use]
    pub const fn uncounted() -> Self {
        Self { quantity: None, until: None, data: None }
    }

    /// A number of a feature that ends with the licence.
    #[must_use]
    pub const fn counted(quantity: u32) -> Self {
        Self { quantity: Some(quantity), until: None, data: None }
    }
}

/// What a licence says. In JSON its members bear the names of JSON Web Tokens where those exist.
///
/// The constructors make simple licences; further fields may be set before it is signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(expecting = "a licence")]
#[non_exhaustive]
pub struct LicenseClaims {
    /// Who licenses.
    #[serde(rename = "iss", default, skip_serializing_if = "Option::is_none")]
    pub vendor: Option<VendorId>,
    /// Who is licensed.
    #[serde(rename = "sub", default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// What is licensed.
    #[serde(rename = "aud")]
    pub product: ProductId,
    /// The vendor's number of this licence: 1 to 64 bytes.
    #[serde(rename = "jti", default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
    /// When the licence is signed; in JSON seconds of UTC.
    #[serde(rename = "iat", with = "unix")]
    #[cfg_attr(feature = "schema", schemars(with = "i64"))]
    pub issued_at: Instant,
    /// Who is licensed, to be shown: 1 to 256 bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licensee: Option<String>,
    /// The sort of the licence.
    pub kind: LicenseKind,
    /// When use is licensed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licensed: Option<Span>,
    /// When use is let pass although it is not licensed; always with an end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grace: Option<Span>,
    /// Versions released from this moment on are not covered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updates_until: Option<Moment>,
    /// From this moment on an installation may use the licence only after it got a newer one from
    /// the vendor; for ever when absent. It prolongs nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offline_until: Option<Moment>,
    /// At most [`FEATURES_MAX`] features; the product as a whole needs none.
    #[serde(default)]
    pub features: BTreeMap<FeatureId, Feature>,
    /// The devices that the licence covers, 1 to [`DEVICES_MAX`] and none twice; any when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub devices: Option<Vec<DeviceId>>,
    /// The host the licence is bound to; any when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<HostBinding>,
    /// The installation the licence was made for; any when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub installation: Option<KeyId>,
    /// The request that the licence answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<Nonce>,
}

impl LicenseClaims {
    /// A licence without any dates, which must get `licensed` or `grace` before it is signed.
    #[must_use]
    pub const fn new(kind: LicenseKind, product: ProductId, issued_at: Instant) -> Self {
        Self {
            vendor: None,
            customer: None,
            product,
            serial: None,
            issued_at,
            licensee: None,
            kind,
            licensed: None,
            grace: None,
            updates_until: None,
            offline_until: None,
            features: BTreeMap::new(),
            devices: None,
            host: None,
            installation: None,
            nonce: None,
        }
    }

    /// A licence without an end, from the day of issue in UTC on.
    #[must_use]
    pub fn perpetual(product: ProductId, licensee: &str, issued_at: Instant) -> Self {
        let licensed = Span::starting(Moment::utc_day_of(issued_at));
        let claims = Self::new(LicenseKind::Perpetual, product, issued_at);
        Self { licensee: Some(licensee.into()), licensed: Some(licensed), ..claims }
    }

    /// A licence without an end for all versions released before `updates_until`.
    #[must_use]
    pub fn updates_until(
        product: ProductId,
        licensee: &str,
        issued_at: Instant,
        updates_until: Moment,
    ) -> Self {
        let claims = Self::perpetual(product, licensee, issued_at);
        Self { kind: LicenseKind::UpdatesUntil, updates_until: Some(updates_until), ..claims }
    }

    /// A licence for a span with an end.
    #[must_use]
    pub fn subscription(
        product: ProductId,
        licensee: &str,
        issued_at: Instant,
        licensed: Span,
    ) -> Self {
        let claims = Self::new(LicenseKind::Subscription, product, issued_at);
        Self { licensee: Some(licensee.into()), licensed: Some(licensed), ..claims }
    }

    /// A licence from the day of issue in UTC up to and not including `until`.
    #[must_use]
    pub fn until(product: ProductId, licensee: &str, issued_at: Instant, until: Moment) -> Self {
        let licensed = Span::between(Moment::utc_day_of(issued_at), until);
        Self::subscription(product, licensee, issued_at, licensed)
    }

    /// A trial for a span with an end.
    #[must_use]
    pub fn trial(product: ProductId, licensee: &str, issued_at: Instant, licensed: Span) -> Self {
        let claims = Self::subscription(product, licensee, issued_at, licensed);
        Self { kind: LicenseKind::Trial, ..claims }
    }

    /// Reads the claims of a licence to be issued: a member that would be ignored is refused.
    ///
    /// # Errors
    /// [`ErrorKind::InputTooLarge`] over [`DOCUMENT_BYTES_MAX`], [`ErrorKind::NotUtf8`],
    /// [`ErrorKind::JsonInvalid`] for malformed JSON and for a member that is unknown, twice there
    /// or missing. Contradictions are found by [`License::issue`].
    ///
    /// ```
    /// use mlicense_core::document::LicenseClaims;
    /// let json = br#"{"aud": "editor", "kind": "perpetual", "iat": 1772357400,
    ///     "licensed": {"from": {"day": "2026-03-01", "at": 1772323200}}}"#;
    /// assert_eq!(LicenseClaims::from_json(json)?.product.as_str(), "editor");
    ///
    /// let mistyped = br#"{"aud": "editor", "kind": "perpetual", "iat": 0, "featrues": {}}"#;
    /// let refusal = LicenseClaims::from_json(mistyped).unwrap_err();
    /// assert!(refusal.to_string().ends_with("unknown member `featrues`"), "{refusal}");
    /// # Ok::<(), mlicense_core::error::Refusal>(())
    /// ```
    pub fn from_json(json: &[u8]) -> Result<Self> {
        let what = DocumentType::License.noun();
        let text = crate::json::text(what, json, DOCUMENT_BYTES_MAX)?;
        json::read_all_of(what, text.as_bytes())
    }

    /// Refuses what cannot all be true, as [`License::issue`] does.
    ///
    /// # Errors
    /// [`ErrorKind::ClaimsContradictory`] or [`ErrorKind::FieldInvalid`].
    pub fn check(&self) -> Result<()> {
        self.check_texts()?;
        self.check_spans()?;
        self.check_kind()?;
        self.check_features()?;
        self.check_devices()?;
        self.host.as_ref().map_or(Ok(()), |host| host.check(DocumentType::License))
    }

    fn check_texts(&self) -> Result<()> {
        if let Some(serial) = &self.serial {
            check_text("serial", serial, SERIAL_BYTES_MAX)?;
        }
        if let Some(licensee) = &self.licensee {
            check_text("licensee", licensee, LICENSEE_BYTES_MAX)?;
        }
        Ok(())
    }

    fn check_spans(&self) -> Result<()> {
        let Some(start) = self.start() else {
            return wrong("it has neither `licensed` nor `grace`");
        };
        if let Some(licensed) = &self.licensed {
            licensed.check(DocumentType::License, "licensed")?;
        }
        if let Some(grace) = &self.grace {
            grace.check(DocumentType::License, "grace")?;
            if grace.until.is_none() {
                return wrong("its grace has no end");
            }
        }
        if let Some(until) = self.updates_until
            && until.at() < start.at()
        {
            return wrong(&format!("updates end on {}, before it starts", until.day()));
        }
        match self.offline_until {
            Some(until) if until.at() <= self.issued_at => {
                wrong(&format!("offline use ends on {}, not after it is signed", until.day()))
            }
            _ => Ok(()),
        }
    }

    /// The earliest moment at which anything may be used.
    fn start(&self) -> Option<Moment> {
        let spans = [self.licensed, self.grace].into_iter().flatten();
        spans.map(|span| span.from).min_by_key(|from| from.at())
    }

    fn check_kind(&self) -> Result<()> {
        let ends = self.licensed.map(|licensed| licensed.until.is_some());
        let fault = match self.kind {
            LicenseKind::Perpetual | LicenseKind::UpdatesUntil if ends == Some(true) => {
                Some("it is perpetual and has an end")
            }
            LicenseKind::UpdatesUntil if self.updates_until.is_none() => {
                Some("it has no end of updates")
            }
            LicenseKind::Subscription if ends == Some(false) => {
                Some("it is a subscription without an end")
            }
            LicenseKind::Trial if ends != Some(true) => Some("it is a trial without an end"),
            LicenseKind::NodeLocked if self.host.is_none() && self.installation.is_none() => {
                Some("it is node-locked to no host and no installation")
            }
            LicenseKind::NodeLocked
            | LicenseKind::Perpetual
            | LicenseKind::Site
            | LicenseKind::Subscription
            | LicenseKind::Trial
            | LicenseKind::UpdatesUntil => None,
        };
        fault.map_or(Ok(()), wrong)
    }

    fn check_features(&self) -> Result<()> {
        if self.features.len() > FEATURES_MAX {
            return wrong(&format!("more than {FEATURES_MAX} features"));
        }
        let start = self.start();
        for (id, feature) in &self.features {
            if feature.quantity == Some(0) {
                return wrong(&format!("feature `{id}` has quantity 0"));
            }
            if let (Some(start), Some(until)) = (start, feature.until)
                && until.at() <= start.at()
            {
                return wrong(&format!("feature `{id}` ends on {}, at the start", until.day()));
            }
        }
        Ok(())
    }

    fn check_devices(&self) -> Result<()> {
        let Some(devices) = &self.devices else { return Ok(()) };
        if !(1..=DEVICES_MAX).contains(&devices.len()) {
            return wrong(&format!("{} devices, not 1 to {DEVICES_MAX}", devices.len()));
        }
        let mut seen = BTreeSet::new();
        match devices.iter().find(|device| !seen.insert(*device)) {
            Some(device) => wrong(&format!("device `{device}` appears twice")),
            None => Ok(()),
        }
    }
}

fn wrong(detail: &str) -> Result<()> {
    Err(contradiction(DocumentType::License, detail))
}

impl Payload for LicenseClaims {
    const TYPE: DocumentType = DocumentType::License;
    const MEMBERS: &'static [&'static str] = &[
        "iss",
        "sub",
        "aud",
        "jti",
        "iat",
        "licensee",
        "kind",
        "licensed",
        "grace",
        "updates_until",
        "offline_until",
        "features",
        "devices",
        "host",
        "installation",
        "nonce",
    ];

    fn issued_at(&self) -> Instant {
        self.issued_at
    }

    fn check(&self) -> Result<()> {
        Self::check(self)
    }
}

/// A licence whose signature was verified.
///
/// ```
/// use mlicense_core::document::{License, LicenseClaims};
/// use mlicense_core::error::ErrorKind;
/// use mlicense_core::signing::{Signer, Trust};
/// let vendor = Signer::from_seed([1; 32]);
/// let issued_at = "2026-03-01T09:30:00Z".parse()?;
/// let claims = LicenseClaims::perpetual("editor".parse()?, "Example Ltd", issued_at);
/// let document = License::issue(&claims, &vendor)?;
///
/// let trust = Trust::new(&[vendor.public_key()], None)?;
/// let license = License::verify(document.as_bytes(), &trust)?;
/// assert_eq!(license.claims(), &claims);
///
/// let stranger = Trust::new(&[Signer::from_seed([2; 32]).public_key()], None)?;
/// let refusal = License::verify(document.as_bytes(), &stranger).unwrap_err();
/// assert_eq!(refusal.kind(), ErrorKind::KeyNotTrusted);
/// # Ok::<(), mlicense_core::error::Refusal>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct License {
    claims: LicenseClaims,
    signed_by: KeyId,
}

impl License {
    /// Signs a licence; the same claims and key give the same text.
    ///
    /// # Errors
    /// [`ErrorKind::ClaimsContradictory`] when the claims cannot all be true,
    /// [`ErrorKind::FieldInvalid`] for a text that is empty, too long or has control characters,
    /// [`ErrorKind::InputTooLarge`] when the licence would be longer than
    /// [`DOCUMENT_BYTES_MAX`].
    pub fn issue(claims: &LicenseClaims, signer: &Signer) -> Result<String> {
        payload::issue(claims, signer)
    }

    /// Reads a licence that a trusted key must have signed.
    ///
    /// # Errors
    /// [`ErrorKind::InputTooLarge`], [`ErrorKind::DocumentMalformed`],
    /// [`ErrorKind::DocumentWrongType`], [`ErrorKind::KeyNotTrusted`], [`ErrorKind::KeyNotValid`]
    /// and [`ErrorKind::SignatureInvalid`], in this order; and for what a trusted key signed,
    /// [`ErrorKind::JsonInvalid`], [`ErrorKind::MemberUnknown`] and as [`License::issue`].
    pub fn verify(bytes: &[u8], trust: &Trust) -> Result<Self> {
        let (claims, signed_by) = payload::open(bytes, trust)?;
        Ok(Self { claims, signed_by })
    }

    /// What the licence says.
    #[must_use]
    pub const fn claims(&self) -> &LicenseClaims {
        &self.claims
    }

    /// The key that signed the licence.
    #[must_use]
    pub const fn signed_by(&self) -> KeyId {
        self.signed_by
    }

    /// Refuses a licence of another product.
    ///
    /// # Errors
    /// [`ErrorKind::OtherProduct`].
    pub fn require_product(&self, product: &ProductId) -> Result<()> {
        if self.claims.product == *product {
            return Ok(());
        }
        Err(Refusal::new(ErrorKind::OtherProduct)
            .with("document", DocumentType::License.noun())
            .with("found", &self.claims.product)
            .with("expected", product))
    }

    /// Refuses a licence that was made for another installation; one for any passes.
    ///
    /// # Errors
    /// [`ErrorKind::OtherInstallation`].
    pub fn require_installation(&self, installation: KeyId) -> Result<()> {
        match self.claims.installation {
            Some(found) if found != installation => Err(Refusal::new(ErrorKind::OtherInstallation)
                .with("document", DocumentType::License.noun())),
            _ => Ok(()),
        }
    }

    /// Refuses a licence that names another customer, or none.
    ///
    /// # Errors
    /// [`ErrorKind::OtherCustomer`].
    pub fn require_customer(&self, customer: &CustomerId) -> Result<()> {
        if self.claims.customer.as_ref() == Some(customer) {
            return Ok(());
        }
        let found = self.claims.customer.as_ref().map_or("-", CustomerId::as_str);
        Err(Refusal::new(ErrorKind::OtherCustomer)
            .with("document", DocumentType::License.noun())
            .with("found", found)
            .with("expected", customer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(day: &str) -> Moment {
        Moment::utc(day.parse().unwrap())
    }

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    fn product() -> ProductId {
        ProductId::new("editor").unwrap()
    }

    fn year() -> Span {
        Span::between(utc("2026-03-01"), utc("2027-03-01"))
    }

    fn subscription() -> LicenseClaims {
        LicenseClaims::subscription(product(), "Example Ltd", at("2026-02-20T08:00:00Z"), year())
    }

    #[track_caller]
    fn assert_contradictory(claims: &LicenseClaims, part: &str) {
        let refusal = License::issue(claims, &Signer::from_seed([1; 32])).unwrap_err();
        assert_eq!(refusal.kind(), ErrorKind::ClaimsContradictory);
        assert!(refusal.to_string().contains(part), "{refusal}");
    }

    #[test]
    fn simple_licences_do_not_contradict_themselves() {
        let now = at("2026-03-01T09:30:00Z");
        for claims in [
            LicenseClaims::perpetual(product(), "Example Ltd", now),
            LicenseClaims::updates_until(product(), "Example Ltd", now, utc("2027-03-01")),
            LicenseClaims::until(product(), "Example Ltd", now, utc("2026-03-02")),
            LicenseClaims::trial(product(), "Example Ltd", now, year()),
            subscription(),
        ] {
            claims.check().unwrap();
        }
    }

    #[test]
    fn claims_survive_their_json_and_nothing_in_it_is_ignored() {
        let feature = Feature { until: Some(utc("2026-09-01")), ..Feature::counted(5) };
        let features = [("export".parse().unwrap(), feature)].into();
        let claims = LicenseClaims { features, ..subscription() };
        let json = serde_json::to_string(&claims).unwrap();
        assert_eq!(LicenseClaims::from_json(json.as_bytes()).unwrap(), claims);

        let refused = |json: &str| {
            let refusal = LicenseClaims::from_json(json.as_bytes()).unwrap_err();
            assert_eq!(refusal.kind(), ErrorKind::JsonInvalid, "{json}");
            refusal.to_string()
        };
        for (old, new, member) in [
            ("\"aud\"", "\"exp\":1,\"aud\"", "`exp`"),
            ("\"quantity\"", "\"quantitty\"", "`features.export.quantitty`"),
            ("{\"day\"", "{\"zone\":\"UTC\",\"day\"", ".zone`"),
        ] {
            assert!(refused(&json.replacen(old, new, 1)).contains(member), "{member}");
        }
        assert!(refused(&json.replacen('{', "{\"iat\":1,", 1)).contains("duplicate"));
        let null = json.replacen('{', "{\"grace\":null,", 1);
        assert_eq!(LicenseClaims::from_json(null.as_bytes()).unwrap(), claims);

        let padded = |size: usize| format!("{json}{}", " ".repeat(size - json.len()));
        assert!(LicenseClaims::from_json(padded(DOCUMENT_BYTES_MAX).as_bytes()).is_ok());
        let kind = |bytes: &[u8]| LicenseClaims::from_json(bytes).unwrap_err().kind();
        assert_eq!(kind(padded(DOCUMENT_BYTES_MAX + 1).as_bytes()), ErrorKind::InputTooLarge);
        assert_eq!(kind(b"{\"aud\":\"\xff\"}"), ErrorKind::NotUtf8);
    }

    #[test]
    fn an_end_that_is_not_after_the_start_is_refused() {
        for until in ["2026-03-01", "2026-02-28"] {
            let mut claims = subscription();
            claims.licensed = Some(Span::between(utc("2026-03-01"), utc(until)));
            assert_contradictory(&claims, "`licensed` ends on");
            let mut claims = subscription();
            claims.grace = Some(Span::between(utc("2026-03-01"), utc(until)));
            assert_contradictory(&claims, "`grace` ends on");
        }
    }

    #[test]
    fn a_licence_without_any_time_is_refused() {
        let mut claims = subscription();
        claims.licensed = None;
        assert_contradictory(&claims, "neither");
        claims.grace = Some(year());
        claims.check().unwrap();
    }

    #[test]
    fn grace_without_an_end_is_refused() {
        let mut claims = subscription();
        claims.grace = Some(Span::starting(utc("2027-03-01")));
        assert_contradictory(&claims, "grace has no end");
    }

    #[test]
    fn kinds_and_dates_agree() {
        let endless = Some(Span::starting(utc("2026-03-01")));
        for (kind, licensed, part) in [
            (LicenseKind::Perpetual, Some(year()), "perpetual and has an end"),
            (LicenseKind::UpdatesUntil, Some(year()), "perpetual and has an end"),
            (LicenseKind::UpdatesUntil, endless, "no end of updates"),
            (LicenseKind::Subscription, endless, "subscription without an end"),
            (LicenseKind::Trial, endless, "trial without an end"),
            (LicenseKind::NodeLocked, endless, "no host and no installation"),
        ] {
            assert_contradictory(&LicenseClaims { kind, licensed, ..subscription() }, part);
        }
        let grace = Some(year());
        let only_grace = LicenseClaims { kind: LicenseKind::Trial, grace, ..subscription() };
        assert_contradictory(&LicenseClaims { licensed: None, ..only_grace }, "trial without");
    }

    #[test]
    fn updates_that_end_before_the_start_are_refused() {
        let mut claims = subscription();
        claims.updates_until = Some(utc("2026-02-28"));
        assert_contradictory(&claims, "updates end on 2026-02-28");
        claims.updates_until = Some(utc("2026-03-01"));
        claims.check().unwrap();
    }

    #[test]
    fn offline_use_that_ends_before_the_licence_is_signed_is_refused() {
        let mut claims = subscription();
        claims.offline_until =
            Some(Moment::new("2026-02-20".parse().unwrap(), claims.issued_at).unwrap());
        assert_contradictory(&claims, "offline use ends on 2026-02-20");
        claims.offline_until = Some(
            Moment::new("2026-02-20".parse().unwrap(), claims.issued_at.saturating_add(1)).unwrap(),
        );
        claims.check().unwrap();
        // It may lie before the start and after the end: it ends use without contact, no more.
        claims.offline_until = Some(utc("2030-01-01"));
        claims.check().unwrap();
    }

    #[test]
    fn a_thousand_devices_are_taken_and_one_more_or_none_or_one_twice_refused() {
        let with = |count: usize| LicenseClaims {
            devices: Some((0..count).map(|n| format!("camera-{n}").parse().unwrap()).collect()),
            ..subscription()
        };
        let signer = Signer::from_seed([1; 32]);
        let trust = Trust::new(&[signer.public_key()], None).unwrap();
        let document = License::issue(&with(DEVICES_MAX), &signer).unwrap();
        assert!(License::verify(document.as_bytes(), &trust).is_ok());
        assert_contradictory(&with(DEVICES_MAX + 1), "1001 devices");
        assert_contradictory(&with(0), "0 devices");
        let mut twice = with(2);
        twice.devices.as_mut().unwrap().push("camera-0".parse().unwrap());
        assert_contradictory(&twice, "device `camera-0` appears twice");
    }

    #[test]
    fn a_feature_that_ends_at_the_start_or_counts_nothing_is_refused() {
        let with = |feature| LicenseClaims {
            features: [("export".parse().unwrap(), feature)].into(),
            ..subscription()
        };
        let until = |day| Feature { until: Some(utc(day)), ..Feature::uncounted() };
        assert_contradictory(&with(until("2026-03-01")), "feature `export` ends");
        with(until("2026-03-02")).check().unwrap();
        assert_contradictory(&with(Feature::counted(0)), "quantity 0");
        with(Feature::counted(1)).check().unwrap();
    }

    #[test]
    fn a_thousand_features_are_taken_and_one_more_refused() {
        let with = |count: usize| LicenseClaims {
            features: (0..count)
                .map(|n| (format!("f{n}").parse().unwrap(), Feature::uncounted()))
                .collect(),
            ..subscription()
        };
        let signer = Signer::from_seed([1; 32]);
        let document = License::issue(&with(FEATURES_MAX), &signer).unwrap();
        let trust = Trust::new(&[signer.public_key()], None).unwrap();
        assert!(License::verify(document.as_bytes(), &trust).is_ok());
        assert_contradictory(&with(FEATURES_MAX + 1), "more than 1000 features");
    }

    #[test]
    fn a_threshold_out_of_reach_and_a_fact_given_twice_are_refused() {
        use super::super::host::EnrolledFact;
        let facts = vec![EnrolledFact::new("board", "d1", 3), EnrolledFact::new("disk", "d2", 2)];
        let with = |threshold, facts: &[EnrolledFact]| LicenseClaims {
            host: Some(HostBinding::new(threshold, facts.to_vec())),
            ..subscription()
        };
        with(1, &facts).check().unwrap();
        with(5, &facts).check().unwrap();
        assert_contradictory(&with(0, &facts), "threshold 0 is not between 1 and 5");
        assert_contradictory(&with(6, &facts), "threshold 6");
        assert_contradictory(&with(1, &[]), "threshold 1 is not between 1 and 0");
        let twice = [facts[0].clone(), EnrolledFact::new("board", "d1", 1)];
        assert_contradictory(&with(1, &twice), "`board` appears twice");
    }

    #[test]
    fn texts_have_their_limits() {
        for (licensee, taken) in [("a".repeat(256), true), ("a".repeat(257), false)] {
            let claims = LicenseClaims { licensee: Some(licensee), ..subscription() };
            assert_eq!(claims.check().is_ok(), taken);
        }
        for serial in ["", "a\nb", &"9".repeat(65)] {
            let claims = LicenseClaims { serial: Some(serial.into()), ..subscription() };
            assert_eq!(claims.check().unwrap_err().kind(), ErrorKind::FieldInvalid);
        }
    }

    #[test]
    fn a_licence_is_for_its_product_customer_and_installation() {
        let vendor = Signer::from_seed([1; 32]);
        let trust = Trust::new(&[vendor.public_key()], None).unwrap();
        let read = |claims: &LicenseClaims| {
            let document = License::issue(claims, &vendor).unwrap();
            License::verify(document.as_bytes(), &trust).unwrap()
        };
        let (own, other) = (vendor.key_id(), Signer::from_seed([2; 32]).key_id());
        let anywhere = read(&subscription());
        anywhere.require_product(&product()).unwrap();
        anywhere.require_installation(other).unwrap();
        assert!(anywhere.require_customer(&"acme".parse().unwrap()).is_err());
        let refusal = anywhere.require_product(&"viewer".parse().unwrap()).unwrap_err();
        assert_eq!(refusal.to_string(), "the licence is for product `editor`, not `viewer`");

        let customer = Some("acme".parse().unwrap());
        let bound = read(&LicenseClaims { installation: Some(own), customer, ..subscription() });
        bound.require_installation(own).unwrap();
        let refusal = bound.require_installation(other).unwrap_err();
        assert_eq!(refusal.kind(), ErrorKind::OtherInstallation);
        bound.require_customer(&"acme".parse().unwrap()).unwrap();
    }

    #[test]
    fn members_bear_the_names_of_json_web_tokens() {
        let claims = LicenseClaims::until(
            product(),
            "Example Ltd",
            at("2026-03-01T09:30:00Z"),
            utc("2027-03-01"),
        );
        let expected = concat!(
            r#"{"aud":"editor","iat":1772357400,"licensee":"Example Ltd","kind":"subscription","#,
            r#""licensed":{"from":{"day":"2026-03-01","at":1772323200},"#,
            r#""until":{"day":"2027-03-01","at":1803859200}},"features":{}}"#,
        );
        assert_eq!(serde_json::to_string(&claims).unwrap(), expected);
    }
}
