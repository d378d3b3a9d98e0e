//! What a licence says, and how simple ones are made.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::seats::SeatTerms;
use crate::{
    document::{
        feature_data::FeatureData,
        host::HostBinding,
        json,
        jws::{DOCUMENT_BYTES_MAX, DocumentType},
        moment::{Moment, Span},
        nonce::Nonce,
        payload::Payload,
    },
    error::Result,
    id::{CustomerId, DeviceId, FeatureId, ProductId, VendorId},
    signing::KeyId,
    time::{Instant, unix},
};

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
    /// At most [`FEATURES_MAX`](super::FEATURES_MAX) features; the product as a whole needs none.
    #[serde(default)]
    pub features: BTreeMap<FeatureId, Feature>,
    /// On what terms the seats of its features are given; the usual ones when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seats: Option<SeatTerms>,
    /// The devices that the licence covers, 1 to [`DEVICES_MAX`](super::DEVICES_MAX) and none
    /// twice; any when absent.
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
            seats: None,
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
    /// [`ErrorKind::InputTooLarge`](crate::error::ErrorKind::InputTooLarge) over
    /// [`DOCUMENT_BYTES_MAX`], [`ErrorKind::NotUtf8`](crate::error::ErrorKind::NotUtf8),
    /// [`ErrorKind::JsonInvalid`](crate::error::ErrorKind::JsonInvalid) for malformed JSON and for
    /// a member that is unknown, twice there or missing. Contradictions are found by
    /// [`License::issue`](super::License::issue).
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
        "seats",
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

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::error::ErrorKind;

    pub(in crate::document::license) fn utc(day: &str) -> Moment {
        Moment::utc(day.parse().unwrap())
    }

    pub(in crate::document::license) fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    pub(in crate::document::license) fn product() -> ProductId {
        ProductId::new("editor").unwrap()
    }

    pub(in crate::document::license) fn year() -> Span {
        Span::between(utc("2026-03-01"), utc("2027-03-01"))
    }

    pub(in crate::document::license) fn subscription() -> LicenseClaims {
        LicenseClaims::subscription(product(), "Example Ltd", at("2026-02-20T08:00:00Z"), year())
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
