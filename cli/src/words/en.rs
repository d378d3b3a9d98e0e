//! English.

use super::Sentence;

#[expect(clippy::too_many_lines, reason = "a table")]
pub(super) const fn text(sentence: Sentence) -> &'static str {
    use Sentence as S;
    match sentence {
        S::FileUnreadable => "cannot read `{file}`: {detail}",
        S::FileUnwritable => "cannot write `{file}`: {detail}",
        S::FileExists => "`{file}` is there already and is not overwritten: {detail}",
        S::FileMade => "made `{file}`",
        S::NotLicensed => "not licensed: {why}",
        S::LicensedForever => "licensed without end",
        S::LicensedUntil => "licensed through {day}",
        S::LicensedOver => "licensed through {day}, which is over",
        S::GraceNone => "no grace",
        S::GraceUntil => "grace through {day}",
        S::GraceOver => "grace through {day}, which is over",
        S::HostAny => "any host",
        S::HostScore => "host {score} of {threshold} needed",
        S::HostOther => "another host, {score} of {threshold} needed",
        S::ClockRight => "clock right",
        S::ClockWarns => "clock in doubt",
        S::ClockWrong => "clock wrong",
        S::RenewNone => "nothing to renew",
        S::RenewBy => "renew by {day}",
        S::AcceptedLicense => "accepted a licence",
        S::AcceptedAnswer => "accepted the vendor's answer",
        S::AcceptedKeyRing => "accepted a key ring",
        S::AcceptedRevocations => "accepted a revocation list",
        S::AcceptedTime => "accepted a time token",
        S::NothingChanged => "nothing changed by it",
        S::VendorRefused => "the vendor refuses: {why}",
        S::LicensesEnded => "licences that ended by it: {count}",
        S::SaysPerpetual => "A perpetual licence of `{product}`",
        S::SaysUpdatesUntil => {
            "A perpetual licence of `{product}`, for versions built before {day}"
        }
        S::SaysSubscription => "A licence of `{product}` for a paid time",
        S::SaysTrial => "A trial of `{product}`",
        S::SaysNodeLocked => "A licence of `{product}` for one host or installation",
        S::SaysSite => "A licence of `{product}` for a site",
        S::SaysLicensee => "Licensed to {licensee}",
        S::SaysCustomer => "For customer `{customer}`",
        S::SaysSerial => "Its number is `{serial}`",
        S::SaysIssued => "Signed at {at}",
        S::SaysLicensedFrom => "Licensed from {from} on",
        S::SaysLicensedSpan => "Licensed from {from} up to and not including {until}",
        S::SaysGrace => "Grace from {from} up to and not including {until}",
        S::SaysOffline => "Without contact to the vendor before {day} only",
        S::SaysFeature => "Includes `{feature}`",
        S::SaysFeatureCounted => "Includes `{feature}`, {quantity} at once",
        S::SaysFeatureUntil => "`{feature}` ends before {day}",
        S::SaysFeatureData => "`{feature}` has {bytes} bytes of data",
        S::SaysNoFeatures => "Names no features: it is for the product as a whole",
        S::SaysSeats => "A seat lasts {seconds} seconds without a sign of life",
        S::SaysDevices => "Covers {count} devices: {devices}",
        S::SaysHost => "Bound to a host: {threshold} of {weight} must match ({facts})",
        S::SaysAnyHost => "Bound to no host",
        S::SaysInstallation => "Made for installation `{installation}`",
        S::SaysSigner => "Signed with key `{key}`",
        S::SaysVerified => "The signature holds, and the key is trusted",
        S::SaysUnverified => "THE SIGNATURE WAS NOT CHECKED: no root key was given",
        S::HostClass => "This host is of the class `{class}`",
        S::HostFactsHidden => "Values stay here: the vendor gets keyed digests only",
        S::AllWell => "Nothing is wrong",
        S::CodeRight => "the code is well formed: {code}",
        S::Done => "done: {what}",
        S::NothingToChange => "nothing to change",
        S::WouldDo => "would do: {what}",
        S::Verified => "the history is whole: {events} events, {checkpoints} checkpoints",
        S::CheckpointMade => "checkpoint over {events} events",
        S::BackupMade => "backed up to `{file}`",
        S::AnswersWritten => "answered {done} of {all}",
        S::RowsReport => "{done} done, {skipped} done before, {failed} refused",
        S::RowsDryRun => {
            "{done} would be done, {skipped} were done before, {failed} would be refused; nothing was changed"
        }
        S::Exported => "exported {count}",
    }
}
