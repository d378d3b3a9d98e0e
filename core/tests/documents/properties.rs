//! Laws that hold for any claims and any garbage.

#![expect(clippy::unwrap_used, reason = "a helper of a test may fail the test")]

use std::collections::BTreeMap;

use mlicense_core::{
    document::{
        DocumentType, EnrolledFact, Feature, FeatureData, HostBinding, HostFact, HostFacts,
        License, LicenseClaims, Moment, Nonce, Request, RequestFields, RequestKind, Revocation,
        RevocationClaims, RevocationList, Span,
    },
    signing::{PublicKey, Signer},
};
use proptest::prelude::*;

use crate::support::*;

fn moment() -> impl Strategy<Value = Moment> {
    (10_000..20_000_u32, -14 * 3600..=12 * 3600_i64).prop_map(|(days, offset)| {
        let day = "1970-01-01".parse::<mlicense_core::time::Day>().unwrap();
        let day = day.plus_days(days).unwrap();
        Moment::new(day, Moment::utc(day).at().saturating_add(offset)).unwrap()
    })
}

fn span() -> impl Strategy<Value = Span> {
    (moment(), 1..5000_u32).prop_map(|(from, days)| {
        let day = from.day().plus_days(days).unwrap();
        let at = from.at().saturating_add(i64::from(days).saturating_mul(86_400));
        Span::between(from, Moment::new(day, at).unwrap())
    })
}

fn features() -> impl Strategy<Value = BTreeMap<String, Feature>> {
    let feature = (prop::option::of(1..=u32::MAX), prop::collection::vec(any::<u8>(), 0..100));
    let feature = feature.prop_map(|(quantity, data)| {
        let mut feature = quantity.map_or_else(Feature::uncounted, Feature::counted);
        feature.data = FeatureData::new(&data).ok();
        feature
    });
    prop::collection::btree_map("[a-z0-9._-]{1,64}", feature, 0..20)
}

fn claims() -> impl Strategy<Value = LicenseClaims> {
    let facts = prop::collection::btree_map("[a-z]{1,9}", (1..=u32::MAX, "\\PC{1,20}"), 1..9);
    let texts = (prop::option::of("\\PC{1,20}"), prop::option::of("\\PC{1,60}"));
    let spans = (span(), prop::option::of(span()), prop::option::of(span()));
    let devices = prop::option::of(prop::collection::hash_set("[A-Za-z0-9._-]{1,64}", 1..9));
    (spans, features(), prop::option::of(facts), texts, devices).prop_map(
        |((licensed, grace, offline), features, facts, (serial, licensee), devices)| {
            let mut claims = license_claims("1996-03-01T09:30:00Z");
            claims.licensed = Some(licensed);
            claims.grace = grace;
            claims.offline_until = offline.map(|span| span.from);
            claims.serial = serial.filter(|serial| serial.len() <= 64);
            claims.licensee = licensee;
            let features = features.into_iter();
            claims.features = features.map(|(id, one)| (id.parse().unwrap(), one)).collect();
            claims.devices = devices.map(|ids| ids.iter().map(|id| id.parse().unwrap()).collect());
            claims.host = facts.map(|facts| {
                let facts = facts.into_iter();
                let facts =
                    facts.map(|(kind, (weight, text))| EnrolledFact::new(&kind, &text, weight));
                HostBinding::new(1, facts.collect())
            });
            claims
        },
    )
}

proptest! {
    #[test]
    fn prop_a_licence_reads_as_it_was_written(claims in claims()) {
        let document = License::issue(&claims, &root()).unwrap();
        let license = License::verify(document.as_bytes(), &only_roots()).unwrap();
        prop_assert_eq!(license.claims(), &claims);
    }

    #[test]
    fn prop_a_request_reads_as_it_was_written(
        seed: [u8; 32],
        entropy: [u8; 16],
        devices in prop::collection::btree_map("[a-z]{1,9}", any::<u32>(), 0..9),
        facts in prop::collection::btree_set(("[a-z]{1,9}", "[0-9a-f]{1,64}"), 0..9),
        label in prop::option::of("\\PC{1,30}"),
    ) {
        let issued_at = at("2026-03-01T09:30:00Z");
        let nonce = Nonce::from_entropy(entropy);
        let mut fields = RequestFields::new(RequestKind::Refresh, product(), nonce, issued_at);
        fields.devices = devices
            .into_iter()
            .map(|(id, count)| (id.parse().unwrap(), count))
            .collect::<BTreeMap<_, _>>();
        let facts = facts.iter().map(|(kind, digest)| HostFact::new(kind, digest)).collect();
        fields.host = Some(HostFacts::new("bare_metal", facts));
        fields.label = label;
        let installation = Signer::from_seed(seed);
        let document = Request::write(&fields, &installation).unwrap();
        let request = Request::verify(document.as_bytes()).unwrap();
        prop_assert_eq!(request.fields(), &fields);
        prop_assert_eq!(request.installation(), installation.key_id());
    }

    #[test]
    fn prop_a_revocation_list_reads_as_it_was_written(
        number: u64,
        serials in prop::collection::btree_map("\\PC{1,16}", "\\PC{1,16}", 0..9),
        seeds: [[u8; 32]; 2],
    ) {
        let mut claims = revocation_claims(number);
        let entry = |reason: String| Revocation::new(claims.issued_at, &reason);
        claims.licenses = serials.into_iter().map(|(id, why)| (id, entry(why))).collect();
        let ids = seeds.map(|seed| (Signer::from_seed(seed).key_id(), entry("stolen".into())));
        [claims.keys, claims.installations] = ids.map(|id| [id].into());
        let document = RevocationList::issue(&claims, &root()).unwrap();
        let list = RevocationList::verify(document.as_bytes(), &only_roots()).unwrap();
        prop_assert_eq!(list.claims(), &claims);
        let json = serde_json::to_string(&claims).unwrap();
        prop_assert_eq!(RevocationClaims::from_json(json.as_bytes()).unwrap(), claims);
    }

    #[test]
    fn prop_garbage_is_refused(bytes: Vec<u8>) {
        for document_type in DocumentType::ALL {
            prop_assert!(verify_as(document_type, &bytes, &only_roots()).is_err());
        }
    }

    #[test]
    fn prop_garbage_under_a_true_signature_is_answered(payload in "\\PC*") {
        for document_type in DocumentType::ALL {
            let document = signed(document_type, &payload, &root());
            let _ = verify_as(document_type, document.as_bytes(), &only_roots());
        }
    }

    #[test]
    fn prop_only_roots_are_trusted(seed: [u8; 32]) {
        let signer = Signer::from_seed(seed);
        let document = license("2026-03-01T09:30:00Z", &signer);
        let roots: [PublicKey; 1] = [root().public_key()];
        let trusted = License::verify(document.as_bytes(), &only_roots()).is_ok();
        prop_assert_eq!(trusted, roots.contains(&signer.public_key()));
    }
}
