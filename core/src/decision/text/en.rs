//! English texts of reasons.

use super::Phrase;

pub(super) const fn text(phrase: Phrase) -> &'static str {
    use Phrase as P;
    match phrase {
        P::StateGrace => {
            "the state cannot be reached ({fault}); all the same it is let pass until {until_at}"
        }
        P::StateOver => "the state cannot be reached ({fault}); it was let pass until {until_at}",
        P::NoLicense => "no licence has been accepted yet",
        P::ProductSame => "the licence is for `{product}`",
        P::ProductOther => "the licence is for `{licensed_product}`, not for `{product}`",
        P::InstallationSame => "the licence is for this installation",
        P::InstallationOther => "the licence is for another installation",
        P::ListClears => "the vendor's list of {listed_at} does not revoke the licence",
        P::Revoked => "the vendor has revoked the licence since {revoked_at}: {why}",
        P::HostSame => "the host is the one enrolled: it scores {score}, {threshold} is enough",
        P::HostOther => {
            "the host is not the one enrolled: it scores {score}, {threshold} is needed; \
             not found: {lost}"
        }
        P::IssuedBefore => "the licence was issued at {issued_at}",
        P::IssuedInFuture => "the licence was issued at {issued_at}, which lies in the future",
        P::ClockAgrees => "nothing contradicts the clock",
        P::ClockAhead => "the clock says {clock}, far ahead of the last confirmed time, {mark}",
        P::ClockBehind => "the clock says {clock}, but it has been {mark} already",
        P::LicensedUntil => "licensed through {last_day}",
        P::LicensedForever => "licensed without end",
        P::LicensedNotYet => "the licence starts on {from}",
        P::LicensedOver => "the last licensed day was {last_day}",
        P::LicensedNever => "no licensed time has been allocated yet",
        P::InitialGraceUntil => "the first grace period lasts through {last_day}",
        P::InitialGraceNotYet => "the first grace period starts on {from}",
        P::InitialGraceOver => "the last day of the first grace period was {last_day}",
        P::RenewalGraceUntil => "the grace period for renewal lasts through {last_day}",
        P::RenewalGraceNotYet => "the grace period for renewal starts on {from}",
        P::RenewalGraceOver => "the last day of the grace period for renewal was {last_day}",
        P::OfflineUntil => "use without contact to the vendor is licensed through {last_day}",
        P::OfflineOver => "the last day of use without contact to the vendor was {last_day}",
        P::WholeProduct => "the question is about the product as a whole",
        P::FeatureNamed => "the licence includes `{feature}`",
        P::FeatureMissing => "the licence does not include `{feature}`",
        P::FeatureUntil => "`{feature}` is included through {last_day}",
        P::FeatureOver => "the last day of `{feature}` was {last_day}",
        P::DeviceCovered => "the licence covers device `{device}`",
        P::DeviceOther => "the licence does not cover device `{device}`",
        P::UpdatesIncluded => {
            "this version was built on {built_on}, and updates are included through {last_day}"
        }
        P::UpdatesOver => {
            "this version was built on {built_on}, and the last day of updates was {last_day}"
        }
        P::UpdatesUnknown => {
            "updates are included through {last_day}, and the program does not say when it was \
             built"
        }
        P::ListCurrent => "the next revocation list is due at {due_at}",
        P::ListStale => "the revocation list is stale: the next one was due at {due_at}",
        P::QuantityStated => "the licence allows {quantity}",
    }
}

pub(super) const fn remedy(phrase: Phrase) -> Option<&'static str> {
    use Phrase as P;
    Some(match phrase {
        P::StateGrace | P::StateOver => "Have the place of the state diagnosed and repaired.",
        P::NoLicense => "Send a request to the vendor and accept the answer.",
        P::ProductOther => "Accept a licence made for this product.",
        P::InstallationOther => "Send a request from this installation and accept the answer.",
        P::HostOther => "Ask the vendor to bind the licence to this host.",
        P::IssuedInFuture => "Correct the clock of this machine.",
        P::ClockAhead => {
            "Correct the clock; if it is right, let the program run for 4 hours, or send a request \
             to the vendor and accept the answer."
        }
        P::ClockBehind => {
            "Correct the clock; if it is right, send a request to the vendor and accept the answer."
        }
        P::LicensedNotYet | P::InitialGraceNotYet => "Wait for the first day.",
        P::LicensedOver | P::RenewalGraceOver => "Renew the licence.",
        P::LicensedNever | P::InitialGraceOver => "Allocate licences.",
        P::RenewalGraceNotYet => "Nothing is needed while the licence runs.",
        P::FeatureMissing => "Obtain a licence that includes the feature.",
        P::FeatureOver => "Renew the feature.",
        P::UpdatesOver => "Renew the updates, or use a version that was built by then.",
        P::UpdatesUnknown => "Ask the maker of the program to state the day it was built.",
        P::Revoked => "Ask the vendor.",
        P::OfflineOver | P::ListStale => "Send a request to refresh and accept the answer.",
        P::DeviceOther => "Obtain a licence that covers the device.",
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
