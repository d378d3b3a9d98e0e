//! English texts: message, then remedy.

use super::ErrorKind;

#[expect(clippy::too_many_lines, reason = "a table")]
pub(super) const fn text(kind: ErrorKind) -> (&'static str, &'static str) {
    use ErrorKind as K;
    match kind {
        K::NoNumber => ("a registration number is needed first", "Register, or enter your number."),
        K::AlreadyHasNumber => (
            "a registration number was given to this computer or address before",
            "Look for the mail with the number, or ask for it again.",
        ),
        K::NumberUnknown => {
            ("there is no such registration number", "Look whether it was mistyped.")
        }
        K::EmailOfOtherCompany => (
            "another company has a registration number under this address",
            "Register with another address, or ask for the number of that company.",
        ),
        K::RegisteredDifferently => (
            "this computer was registered before with another address or company",
            "Enter the number that was given then, or ask the vendor.",
        ),
        K::SessionUnknown => (
            "the session is unknown or has run out",
            "Capture the feature again, which opens a new session.",
        ),
        K::NoFreeLicense => (
            "no licence of `{product}` is free for this host: {detail}",
            "Free a host that needs it no longer, or buy a licence.",
        ),
        K::CouponAlreadyUsed => (
            "the coupon {key} was used by another customer",
            "Look whether it was mistyped; else ask whoever sold it.",
        ),
        K::Internal => {
            ("an internal fault: {detail}", "Report it with the version and what was called.")
        }
        K::InputTooLarge => {
            ("{what} of {size} bytes exceeds {limit}", "Check that the right file was given.")
        }
        K::NotUtf8 => {
            ("{what} is not UTF-8", "Save the file as UTF-8 without changing its contents.")
        }
        K::JsonInvalid => ("{what} is not valid: {detail}", "Correct the JSON at the place named."),
        K::FieldInvalid => ("{field} `{value}` is not {expected}", "Correct the field."),
        K::DateInvalid => (
            "`{value}` is not a date between 1970-01-01 and 9999-12-31",
            "Write the date as year-month-day.",
        ),
        K::InstantInvalid => (
            "`{value}` is not an instant such as 2026-03-01T00:00:00Z",
            "Write the instant in UTC with a final Z.",
        ),
        K::ZoneUnknown => ("`{zone}` is not a time zone", "Use an IANA name such as Europe/Paris."),
        K::DateOutOfRange => {
            ("a date after 9999-12-31 would be needed", "Use an earlier date or a shorter term.")
        }
        K::NullArgument => ("{argument} is NULL", "Pass a valid pointer."),
        K::Closed => ("the {object} is closed", "Open it again."),
        K::CalledBack => (
            "{what} is in use by the call that runs this callback",
            "Use it after the call has returned.",
        ),
        K::Forbidden => ("role {role} may not {command}", "Ask someone whose role allows it."),
        K::CommandIdReused => {
            ("command id `{id}` was used with another body", "Use a new id for a new command.")
        }
        K::PreviewStale => {
            ("the state has changed since the preview", "Preview again and confirm what it shows.")
        }
        K::HistoryBroken => (
            "stream {stream} is not what was written: {detail}, event {index}",
            "Restore the ledger from a backup and compare.",
        ),
        K::TableBroken => (
            "table {table} is not what the history says: {detail}, row `{row}`",
            "Restore the ledger from a backup and compare.",
        ),
        K::CheckpointBroken => (
            "the history is not the one of the checkpoint of {size} events: {detail}",
            "Restore the ledger from a backup and compare.",
        ),
        K::CheckpointMissing => {
            ("no checkpoint vouches for {what}", "Make a checkpoint first, or correct the number.")
        }
        K::ExportInvalid => (
            "line {line} of the export is not valid: {detail}",
            "Export the ledger again and take the file as it is.",
        ),
        K::ProductUnknown => {
            ("product `{product}` is not in the catalogue", "Define the product or correct its id.")
        }
        K::ProductAlreadyDefined => (
            "product `{product}` is in the catalogue already",
            "Publish a new policy version instead.",
        ),
        K::PolicyContradictory => {
            ("the policy contradicts itself: {detail}", "Change one of the settings named.")
        }
        K::LicenseTypeUnknown => (
            "product `{product}` has no licence type `{license_type}`",
            "Use one of the product's licence types.",
        ),
        K::TermNotOffered => (
            "a term of {months} months is not offered for `{product}`",
            "Use one of the terms of the policy.",
        ),
        K::ProductExternal => (
            "product `{product}` is licensed elsewhere",
            "Use the system that licenses this product.",
        ),
        K::SchemeMismatch => (
            "product `{product}` is not sold under {scheme}",
            "Use the commands of the product's own scheme.",
        ),
        K::VendorEstablished => (
            "the ledger belongs to vendor `{vendor}`, whose root keys stay",
            "Name the same vendor and every root key it has, and add others behind them.",
        ),
        K::CustomerUnknown => {
            ("customer `{customer}` is not registered", "Register the customer or correct the id.")
        }
        K::CustomerAlreadyRegistered => (
            "customer `{customer}` is registered already",
            "Use the registered customer or choose another id.",
        ),
        K::NotRegistered => (
            "no system with `{product}` is registered with customer `{customer}`",
            "Register the software with the customer first.",
        ),
        K::SubscriptionNotStarted => (
            "the subscription to `{product}` has not been started",
            "Start the subscription first.",
        ),
        K::SubscriptionAlreadyStarted => (
            "the subscription to `{product}` was started on {started}",
            "Nothing needs to be done.",
        ),
        K::AlreadyRegisteredElsewhere => (
            "system `{system}` is registered with another customer",
            "Check that the right customer was chosen; systems do not move.",
        ),
        K::PersonUnknown => ("person `{person}` is not known", "Add the person or correct the id."),
        K::PersonAlreadyAdded => ("person `{person}` was added already", "Choose another id."),
        K::TrialAlreadyUsed => {
            ("`{product}` was tried before; the trial ended on {end}", "Buy a licence.")
        }
        K::TrialNotOffered => ("there is no trial of `{product}`", "Buy a licence."),
        K::BindingUnknown => {
            ("no host is bound as number {binding}", "Look at the list of bindings.")
        }
        K::RequestNotApplicable => (
            "a request of kind `{kind}` does not apply to `{product}`, which is sold as {scheme}",
            "Send a request of a kind that suits the product.",
        ),
        K::NumbersNotOffered => (
            "no registration numbers are given here",
            "Ask the vendor how its products are licensed.",
        ),
        K::LoginUnknown => (
            "nobody signs in with this",
            "Use the registration number, or a coupon that was activated.",
        ),
        K::MovesSpent => (
            "of {allowed} hosts that may be freed within {days} days, {left} are left; the next from {next} on",
            "Wait until then, or ask the vendor to free the host.",
        ),
        K::RebindsSpent => (
            "of {allowed} hosts that may be enrolled anew within {days} days, {left} are left; the next from {next} on",
            "Wait until then, or ask the vendor to free the host.",
        ),
        K::GroupUnknown => (
            "there is no group `{group}` of hosts",
            "Declare it first, or look whether it was mistyped.",
        ),
        K::GroupInUse => (
            "`{group}` has {bound} hosts bound, more than {hosts}",
            "Free some of its hosts first.",
        ),
        K::MachineNotClaimed => {
            ("`{customer}` did not register from this machine", "Look up which customer did.")
        }
        K::SessionsFull => {
            ("{limit} sessions are open, and no more are let in", "Try again later.")
        }
        K::NotCaptured => {
            ("the session did not capture `{feature}`", "Release only what was captured, and once.")
        }
        K::DeviceNotRegistered => {
            ("no device `{device}` is registered with this customer", "Register the device first.")
        }
        K::DeviceAlreadyRegistered => {
            ("device `{device}` is registered already", "Choose another id, or edit the device.")
        }
        K::CameraAlreadyLicensed => (
            "device `{device}` has a licence already: number {license}",
            "Choose a device without a licence, or free this one first.",
        ),
        K::LicenseUnknown => (
            "the customer has no licence number {license} of `{product}` that can be used",
            "Look at the list of licences.",
        ),
        K::DeviceStateForbids => (
            "device `{device}` is {state}: {detail}",
            "Wait until the device is ready, or delete it where it is in error.",
        ),
        K::CameraLimit => (
            "the account may have {limit} devices, and one more is wanted",
            "Delete a device, or ask the vendor for another kind of account.",
        ),
        K::PlanUnknown => ("the policy has no plan `{plan}`", "Use a plan of the policy."),
        K::PlanLeft => (
            "device `{device}` left plan `{plan}` before and cannot go back to it",
            "Choose a plan that the device has not had.",
        ),
        K::DeviceNotReplaceable => (
            "device `{device}` is an encoder and cannot be replaced",
            "Delete it and add the new one.",
        ),
        K::AccountStateForbids => {
            ("the account is {state}: {detail}", "Wait until the account is ready.")
        }
        K::AccountSuspended => (
            "the account of customer `{customer}` is suspended: its users cannot sign in",
            "Ask whoever looks after the account to restore it.",
        ),
        K::CamerasPresent => {
            ("the account still has devices: {count}", "Delete every device first.")
        }
        K::UsersPresent => (
            "the account still has users for remote monitoring or federation: {count}",
            "Remove these users first.",
        ),
        K::UserNotActivated => (
            "user `{person}` has not been activated yet",
            "Follow the link in the activation mail, or have it sent again.",
        ),
        K::UserAlreadyActive => ("user `{person}` is active already", "Nothing is left to do."),
        K::ProviderUnknown => (
            "the policy has no identity provider `{provider}`",
            "Use one of the providers of the policy.",
        ),
        K::CountryNotServed => (
            "no data centre serves the country `{country}`",
            "Use a country of the policy, or ask the vendor.",
        ),
        K::FieldMissing => {
            ("on the page `{page}` the field `{field}` is missing", "Fill in the field.")
        }
        K::OwnRecord => ("`{person}` is your own record", "Change it in your own preferences."),
        K::UsernameTaken => ("somebody else has this username", "Choose another username."),
        K::NoAccount => ("customer `{customer}` has no account", "Create an account first."),
        K::PrivacyOn => {
            ("customer `{customer}` has turned its privacy on", "Ask the customer to turn it off.")
        }
        K::PartnerUnknown => {
            ("no partner `{partner}` is registered", "Only the vendor registers partners.")
        }
        K::PartnerAlreadyRegistered => (
            "a partner with the id or code `{partner}` is registered already",
            "Choose another id and code.",
        ),
        K::InsufficientStock => (
            "partner `{partner}` has {stock} licences of type `{license_type}`, {wanted} are wanted",
            "Give fewer, or buy more from the vendor.",
        ),
        K::ShopLoginRefused => (
            "the shop does not know this e-mail and password",
            "Check both, or reset the password in the shop.",
        ),
        K::ShopAlreadyLinked => (
            "the link to the shop was made before",
            "Nothing is left to do; to link another shop account ask the vendor.",
        ),
        K::PurchaseOfAnother => (
            "purchase `{purchase}` was taken in for another customer",
            "Look at the number of the purchase.",
        ),
        K::InsufficientWallet => (
            "the wallet holds {usable} usable licences of type `{license_type}`, {wanted} are wanted",
            "Redeem another licence key, or allocate fewer.",
        ),
        K::AdvanceLimit => (
            "period {period} lies beyond the {limit} periods that may be covered ahead",
            "Wait for the next renewal date.",
        ),
        K::ExceedsNeed => (
            "{wanted} licences of type `{license_type}` exceed the need of {need}",
            "Allocate what is needed; the rest stays in the wallet.",
        ),
        K::PartialAllocation => (
            "{wanted} licences of type `{license_type}` do not cover the need of {need}",
            "Allocate the whole need at once.",
        ),
        K::PeriodGap => {
            ("period {period} is not fully covered yet", "Cover the earlier period first.")
        }
        K::QuantityOutOfRange => {
            ("{what} {value} is not between {min} and {max}", "Correct the quantity.")
        }
        K::CustomerTransferForbidden => (
            "nothing moves from customer `{from}` to another",
            "Redeem a licence key for the other customer.",
        ),
        K::KeyUnknown => ("licence key {key} is not known", "Check the key for typing mistakes."),
        K::KeyAlreadyRedeemed => {
            ("licence key {key} was redeemed before", "Look in the history for who redeemed it.")
        }
        K::KeyWrongProduct => {
            ("licence key {key} is for product `{product}`", "Redeem it for that product.")
        }
        K::CodeInvalid => (
            "`{code}` is not a code of the form {form}",
            "Enter the code as it was given, with its prefix.",
        ),
        K::CodeAlreadyIssued => ("code {code} was issued before", "Generate another code."),
        K::BatchAlreadyIssued => ("batch `{batch}` was issued before", "Choose another batch id."),
        K::CodeForeignCharacter => (
            "`{character}` ({codepoint}) at place {place} is not used in codes",
            "Compare the code with the original and type it in Latin letters and digits.",
        ),
        K::CodeMistyped => (
            "the code is mistyped: `{code}`",
            "Compare the code with the original; where one symbol alone is wrong, `?` marks it.",
        ),
        K::NotAMember => (
            "`{actor}` is not a member of customer `{customer}`",
            "Add the person to the customer, or choose another customer.",
        ),
        K::OtherRegion => (
            "customer `{customer}` belongs to region `{found}`, this is `{expected}`",
            "Use the service of the customer’s region.",
        ),
        K::HardwareUnknown => (
            "hardware `{hardware}` is not registered with this customer",
            "Register the hardware or correct its id.",
        ),
        K::HardwareAlreadyRegistered => (
            "hardware `{hardware}` is registered already",
            "Nothing needs to be done, unless it is with another customer.",
        ),
        K::LicenseTiedToHardware => (
            "the licences of hardware `{hardware}` stay with it",
            "Buy expansion licences for the other hardware.",
        ),
        K::LotUnknown => {
            ("the wallet has no lot {lot}", "Look in the wallet for the number of the lot.")
        }
        K::LotTouched => (
            "licences of lot {lot} are in use: {left} of {quantity} are left",
            "Undo their allocation first, or charge back what is left.",
        ),
        K::AllocationNotLast => (
            "allocation {allocation} cannot be undone: {detail}",
            "Undo the newest allocation first, within its period.",
        ),
        K::PolicyCurrent => (
            "the agreement on `{product}` keeps version {version} already",
            "Publish a newer version first.",
        ),
        K::KeyVoided => ("licence key {key} was voided", "Ask the seller for another key."),
        K::DocumentMalformed => (
            "not a signed document: {detail}",
            "Ask for the file again; it may have been damaged on its way.",
        ),
        K::DocumentWrongType => {
            ("this is a {found}, a {expected} is wanted", "Give the right file.")
        }
        K::SignatureInvalid => (
            "the signature does not hold: the {document} was changed after signing",
            "Ask the issuer for the file again.",
        ),
        K::KeyNotTrusted => (
            "signed by key {key}, which is not trusted here",
            "Check that the file comes from the vendor of this product.",
        ),
        K::KeyWeak => ("the public key is {detail}", "Generate a new key pair."),
        K::KeyNotValid => (
            "key {key} was not valid when the {document} was signed",
            "Ask the vendor for a document signed with a current key.",
        ),
        K::OtherProduct => (
            "the {document} is for product `{found}`, not `{expected}`",
            "Give the file made for this product.",
        ),
        K::OtherInstallation => (
            "the {document} was made for another installation",
            "Send a request from this installation and use its answer.",
        ),
        K::OtherRequest => {
            ("the answer is to another request", "Use the answer to the latest request.")
        }
        K::OtherCustomer => (
            "the {document} is for customer `{found}`, not `{expected}`",
            "Give the file made for this customer.",
        ),
        K::DocumentOutdated => {
            ("the {document} is older than the one already accepted", "Use the newest file.")
        }
        K::SystemFileInvalid => (
            "the system file is damaged or forged: {detail}",
            "Write the file again on the system.",
        ),
        K::KeyRingMissing => (
            "no published key ring names key {key}",
            "Sign a key ring with the root key and publish it.",
        ),
        K::IssuedInFuture => (
            "the {document} was issued {seconds} seconds in the future",
            "Check the clock of this machine.",
        ),
        K::ClaimsContradictory => {
            ("the {document} contradicts itself: {detail}", "Correct the claims.")
        }
        K::MemberUnknown => (
            "the {document} relies on `{member}`, which this version does not know",
            "Install a newer version.",
        ),
        K::OtherOrigin => (
            "the checkpoint is of `{found}`, not of `{expected}`",
            "Use a checkpoint of this history.",
        ),
        K::ProofInvalid => (
            "the proof does not hold: {detail}",
            "Ask for the proof again; if it still fails, the history was changed.",
        ),
        K::SignerFailed => (
            "key {key} did not sign: {detail}",
            "Check the place where the private key is kept, and try again.",
        ),
        K::NotLicensed => {
            ("`{feature}` is not licensed: {reason}", "See the reasons of the decision.")
        }
        K::NoLicense => (
            "no licence has been accepted yet",
            "Send a request to the vendor and accept the answer.",
        ),
        K::HostNotIdentifiable => (
            "the host shows too little of itself to be told from others",
            "Declare an id for the host, or let the program read its serial numbers.",
        ),
        K::Network => (
            "{address} cannot be reached: {detail}",
            "Check the network, the proxy and the firewall; what is licensed goes on meanwhile.",
        ),
        K::ClockUntrusted => (
            "the clock says {clock}, and the newest confirmed time is {mark}",
            "Correct the clock; if it is right, send a request to the vendor and accept the answer.",
        ),
        K::NumberLocked => {
            ("a registration number is kept here already", "Change the number, or remove it first.")
        }
        K::ConfirmationNeeded => ("this has to be confirmed", "Ask the user, and confirm it."),
        K::StoreForeign => ("{store} is not a ledger of mlicense", "Check the path."),
        K::StoreNewer => (
            "{store} was written by a newer version (schema {found}, this one knows {known})",
            "Install the newer version.",
        ),
        K::StoreCorrupt => ("{store} is damaged: {detail}", "Restore it from a backup."),
        K::StoreBusy => ("{store} is in use", "Try again."),
        K::StoreFull => {
            ("no space is left for {store}", "Free space and try again; nothing was lost.")
        }
        K::StoreReadOnly => ("{store} cannot be written", "Check the permissions."),
        K::StoreUnavailable => {
            ("{store} cannot be opened: {detail}", "Check the path and the permissions.")
        }
        K::OutcomeUnknown => (
            "the connection to {store} broke during commit",
            "Send the same command with the same id again.",
        ),
        K::StoreExists => ("{store} exists already", "Open it, or choose another path."),
        K::StoreUntrusted => (
            "{store} could not show that it is the server that was named: {detail}",
            "Check its certificate, its name and `sslrootcert`; give no password until then.",
        ),
    }
}
