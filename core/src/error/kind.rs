//! The kinds of error with their stable numbers and names.

use super::text::{Language, Text};

/// Who has to act on an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorClass {
    /// The caller asked for something the rules do not allow; nothing was changed.
    Refusal,
    /// A file or database could not be read or written.
    Storage,
    /// A fault of ours.
    Internal,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $number:literal $name:ident $variant:ident,)+) => {
        /// What went wrong. Numbers and names are stable and shared by every language.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum ErrorKind {
            $($(#[$doc])* $variant,)+
        }

        impl ErrorKind {
            /// Every kind, in the order of their numbers.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The stable number: 1000–2999 for the numbers that users of registration numbers
            /// know already, 10000 and up for ours.
            #[must_use]
            pub const fn number(self) -> u32 {
                match self { $(Self::$variant => $number,)+ }
            }

            /// The stable name, such as `INSUFFICIENT_WALLET`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => stringify!($name),)+ }
            }
        }
    };
}

kinds! {
    // Known by these numbers to users of registration numbers.
    /// A registration number is needed first.
    1003 NO_NUMBER NoNumber,
    /// The session is unknown or has run out.
    1021 SESSION_UNKNOWN SessionUnknown,
    /// No licence is free for this host: it changed too much, others hold them, or there is none.
    1051 NO_FREE_LICENSE NoFreeLicense,
    /// This company has a registration number already, under this host or address.
    1059 ALREADY_HAS_NUMBER AlreadyHasNumber,
    /// There is no such registration number.
    2009 NUMBER_UNKNOWN NumberUnknown,
    /// Another company has a registration number under this address.
    2022 EMAIL_OF_OTHER_COMPANY EmailOfOtherCompany,
    /// The coupon was used by another customer.
    2041 COUPON_ALREADY_USED CouponAlreadyUsed,
    /// This host was registered before with another address or company.
    2051 REGISTERED_DIFFERENTLY RegisteredDifferently,

    // Input.
    /// A fault of ours; please report it.
    10000 INTERNAL Internal,
    /// Input is larger than its limit; it was not read.
    10001 INPUT_TOO_LARGE InputTooLarge,
    /// Text is not UTF-8.
    10002 NOT_UTF8 NotUtf8,
    /// JSON is malformed, has a duplicate or unknown member, a fraction, or lacks a member.
    10003 JSON_INVALID JsonInvalid,
    /// A field's value is outside its range or form.
    10004 FIELD_INVALID FieldInvalid,
    /// Not a civil date between 1970-01-01 and 9999-12-31.
    10005 DATE_INVALID DateInvalid,
    /// Not an instant in UTC in the form of RFC 3339.
    10006 INSTANT_INVALID InstantInvalid,
    /// Not an IANA time zone.
    10007 ZONE_UNKNOWN ZoneUnknown,
    /// A date computed lies after 9999-12-31.
    10008 DATE_OUT_OF_RANGE DateOutOfRange,
    /// A pointer argument was NULL.
    10009 NULL_ARGUMENT NullArgument,
    /// The object was closed before.
    10010 CLOSED Closed,
    /// A callback used the object whose call it runs in.
    10011 CALLED_BACK CalledBack,

    // History.
    /// The actor's role may not do this.
    10100 FORBIDDEN Forbidden,
    /// The command id was used before with another body.
    10101 COMMAND_ID_REUSED CommandIdReused,
    /// The state changed between preview and commit.
    10102 PREVIEW_STALE PreviewStale,
    /// The hash chain of a stream does not hold.
    10103 HISTORY_BROKEN HistoryBroken,
    /// A table that follows from the history does not say what the history says.
    10104 TABLE_BROKEN TableBroken,
    /// The history is not the one a checkpoint was made of.
    10105 CHECKPOINT_BROKEN CheckpointBroken,
    /// No checkpoint vouches for what was asked about.
    10106 CHECKPOINT_MISSING CheckpointMissing,
    /// An export of a ledger is damaged or not one.
    10107 EXPORT_INVALID ExportInvalid,

    // Catalogue and policies.
    /// No such product in the catalogue.
    10200 PRODUCT_UNKNOWN ProductUnknown,
    /// The product is in the catalogue already.
    10201 PRODUCT_ALREADY_DEFINED ProductAlreadyDefined,
    /// The knobs of a policy contradict each other.
    10202 POLICY_CONTRADICTORY PolicyContradictory,
    /// The product has no such licence type.
    10203 LICENSE_TYPE_UNKNOWN LicenseTypeUnknown,
    /// The policy does not offer this term.
    10204 TERM_NOT_OFFERED TermNotOffered,
    /// The product is licensed elsewhere.
    10205 PRODUCT_EXTERNAL ProductExternal,
    /// The product's policy is of another scheme.
    10206 SCHEME_MISMATCH SchemeMismatch,
    /// The ledger belongs to a vendor already, and none of its root keys may be dropped.
    10207 VENDOR_ESTABLISHED VendorEstablished,

    // Customers and subscriptions.
    /// No such customer.
    10300 CUSTOMER_UNKNOWN CustomerUnknown,
    /// The customer id is taken.
    10301 CUSTOMER_ALREADY_REGISTERED CustomerAlreadyRegistered,
    /// The product has no system registered with this customer.
    10302 NOT_REGISTERED NotRegistered,
    /// The subscription has not been started.
    10303 SUBSCRIPTION_NOT_STARTED SubscriptionNotStarted,
    /// The subscription was started before.
    10304 SUBSCRIPTION_ALREADY_STARTED SubscriptionAlreadyStarted,
    /// The system belongs to another customer.
    10305 ALREADY_REGISTERED_ELSEWHERE AlreadyRegisteredElsewhere,
    /// No such person.
    10306 PERSON_UNKNOWN PersonUnknown,
    /// The person id is taken.
    10307 PERSON_ALREADY_ADDED PersonAlreadyAdded,
    /// The customer belongs to another region of the vendor's service.
    10308 OTHER_REGION OtherRegion,
    /// No such hardware is registered with this customer.
    10309 HARDWARE_UNKNOWN HardwareUnknown,
    /// The hardware is registered already.
    10310 HARDWARE_ALREADY_REGISTERED HardwareAlreadyRegistered,
    /// Licences of hardware stay with it for its life.
    10311 LICENSE_TIED_TO_HARDWARE LicenseTiedToHardware,
    /// The actor is not a member of the customer.
    10312 NOT_A_MEMBER NotAMember,
    /// The customer has tried the product before.
    10313 TRIAL_ALREADY_USED TrialAlreadyUsed,
    /// The policy offers no trial.
    10314 TRIAL_NOT_OFFERED TrialNotOffered,
    /// No such host is bound.
    10315 BINDING_UNKNOWN BindingUnknown,
    /// The request asks for something that products of this scheme do not have.
    10316 REQUEST_NOT_APPLICABLE RequestNotApplicable,
    /// The vendor gives no registration numbers.
    10317 NUMBERS_NOT_OFFERED NumbersNotOffered,
    /// Nobody signs in with this number or coupon.
    10318 LOGIN_UNKNOWN LoginUnknown,
    /// The customer has freed as many hosts lately as the policy lets it free by itself.
    10340 MOVES_SPENT MovesSpent,
    /// As many hosts were enrolled anew lately as the policy allows.
    10341 REBINDS_SPENT RebindsSpent,
    /// No such group of hosts was declared.
    10342 GROUP_UNKNOWN GroupUnknown,
    /// More hosts are bound in the group than it should have.
    10343 GROUP_IN_USE GroupInUse,
    /// The customer did not register from this machine.
    10344 MACHINE_NOT_CLAIMED MachineNotClaimed,

    // Seats.
    /// So many sessions are open that another has to wait.
    10350 SESSIONS_FULL SessionsFull,
    /// The session did not capture the feature.
    10351 NOT_CAPTURED NotCaptured,

    // Devices and their licences.
    /// No such device is registered with the customer.
    10360 DEVICE_NOT_REGISTERED DeviceNotRegistered,
    /// The device is registered already.
    10361 DEVICE_ALREADY_REGISTERED DeviceAlreadyRegistered,
    /// The device has a licence already.
    10362 CAMERA_ALREADY_LICENSED CameraAlreadyLicensed,
    /// The customer has no such licence, or it has ended.
    10363 LICENSE_UNKNOWN LicenseUnknown,
    /// The state of the device does not allow this.
    10364 DEVICE_STATE_FORBIDS DeviceStateForbids,
    /// The account may have no more devices.
    10365 CAMERA_LIMIT CameraLimit,
    /// The policy has no such plan.
    10366 PLAN_UNKNOWN PlanUnknown,
    /// The device had this plan before and left it.
    10367 PLAN_LEFT PlanLeft,
    /// Devices of this kind cannot be replaced.
    10368 DEVICE_NOT_REPLACEABLE DeviceNotReplaceable,

    // Accounts and their users.
    /// The state of the account does not allow this.
    10370 ACCOUNT_STATE_FORBIDS AccountStateForbids,
    /// The account is suspended: its users cannot sign in.
    10371 ACCOUNT_SUSPENDED AccountSuspended,
    /// The account still has devices.
    10372 CAMERAS_PRESENT CamerasPresent,
    /// The account still has users for remote monitoring or federation.
    10373 USERS_PRESENT UsersPresent,
    /// The user has not been activated yet.
    10374 USER_NOT_ACTIVATED UserNotActivated,
    /// The user is active already.
    10375 USER_ALREADY_ACTIVE UserAlreadyActive,
    /// The policy has no such identity provider.
    10376 PROVIDER_UNKNOWN ProviderUnknown,
    /// No data centre serves the country.
    10377 COUNTRY_NOT_SERVED CountryNotServed,
    /// A field that is needed is missing.
    10378 FIELD_MISSING FieldMissing,
    /// One's own record is changed in one's own preferences only.
    10379 OWN_RECORD OwnRecord,
    /// Somebody else has this username.
    10380 USERNAME_TAKEN UsernameTaken,
    /// The customer has no account, or it is of another kind.
    10381 NO_ACCOUNT NoAccount,
    /// The customer's privacy is on: its dealer may not enter.
    10382 PRIVACY_ON PrivacyOn,

    // Partners and shops.
    /// No such partner is registered.
    10390 PARTNER_UNKNOWN PartnerUnknown,
    /// The partner id or code is taken.
    10391 PARTNER_ALREADY_REGISTERED PartnerAlreadyRegistered,
    /// The partner's stock holds fewer licences than asked for.
    10392 INSUFFICIENT_STOCK InsufficientStock,
    /// The shop does not know this e-mail and password.
    10393 SHOP_LOGIN_REFUSED ShopLoginRefused,
    /// The link to the shop was made before, or the shop's account belongs to another.
    10394 SHOP_ALREADY_LINKED ShopAlreadyLinked,
    /// The purchase was taken in for another customer.
    10395 PURCHASE_OF_ANOTHER PurchaseOfAnother,

    // Wallet and allocation.
    /// The wallet holds fewer usable licences than asked for.
    10400 INSUFFICIENT_WALLET InsufficientWallet,
    /// The period lies further ahead than the policy allows.
    10401 ADVANCE_LIMIT AdvanceLimit,
    /// More licences than the period needs.
    10402 EXCEEDS_NEED ExceedsNeed,
    /// Fewer licences than the period needs, and the policy wants all at once.
    10403 PARTIAL_ALLOCATION PartialAllocation,
    /// An earlier period is not fully covered yet.
    10404 PERIOD_GAP PeriodGap,
    /// A quantity is zero or over its limit.
    10405 QUANTITY_OUT_OF_RANGE QuantityOutOfRange,
    /// Licences never move between customers.
    10406 CUSTOMER_TRANSFER_FORBIDDEN CustomerTransferForbidden,
    /// The wallet has no such lot.
    10407 LOT_UNKNOWN LotUnknown,
    /// Licences were taken from the lot already.
    10408 LOT_TOUCHED LotTouched,
    /// Only the newest allocation of the current period can be undone.
    10409 ALLOCATION_NOT_LAST AllocationNotLast,
    /// The agreement keeps the newest policy already.
    10410 POLICY_CURRENT PolicyCurrent,

    // Codes.
    /// No licence key like this was issued.
    10500 KEY_UNKNOWN KeyUnknown,
    /// The licence key was redeemed before.
    10501 KEY_ALREADY_REDEEMED KeyAlreadyRedeemed,
    /// The licence key is for another product.
    10502 KEY_WRONG_PRODUCT KeyWrongProduct,
    /// What was typed is not a code.
    10503 CODE_INVALID CodeInvalid,
    /// The code was issued before.
    10504 CODE_ALREADY_ISSUED CodeAlreadyIssued,
    /// The batch id is taken.
    10505 BATCH_ALREADY_ISSUED BatchAlreadyIssued,
    /// A code holds a character that no code has; the refusal names it and its place.
    10506 CODE_FOREIGN_CHARACTER CodeForeignCharacter,
    /// The check symbols of a code do not hold.
    10507 CODE_MISTYPED CodeMistyped,
    /// The licence key was voided.
    10508 KEY_VOIDED KeyVoided,

    // Documents and keys.
    /// Not a signed document: not three parts of base64url with a known header.
    10600 DOCUMENT_MALFORMED DocumentMalformed,
    /// A signed document of another type.
    10601 DOCUMENT_WRONG_TYPE DocumentWrongType,
    /// The signature does not hold.
    10602 SIGNATURE_INVALID SignatureInvalid,
    /// Signed by a key that is neither a root key nor in the key ring.
    10603 KEY_NOT_TRUSTED KeyNotTrusted,
    /// A public key that is malformed, non-canonical or of small order.
    10604 KEY_WEAK KeyWeak,
    /// The key was revoked, or did not exist yet, when the document was signed.
    10605 KEY_NOT_VALID KeyNotValid,
    /// The document was made for another product.
    10606 OTHER_PRODUCT OtherProduct,
    /// The document was made for another installation.
    10607 OTHER_INSTALLATION OtherInstallation,
    /// The document answers another request.
    10608 OTHER_REQUEST OtherRequest,
    /// The document was made for another customer.
    10609 OTHER_CUSTOMER OtherCustomer,
    /// An older document than the one held already.
    10610 DOCUMENT_OUTDATED DocumentOutdated,
    /// A system's request is damaged or forged.
    10611 SYSTEM_FILE_INVALID SystemFileInvalid,
    /// The catalogue holds no signed key ring that names the signer's key.
    10612 KEY_RING_MISSING KeyRingMissing,
    /// The document says it was issued in the future.
    10613 ISSUED_IN_FUTURE IssuedInFuture,
    /// The claims of a document contradict each other.
    10614 CLAIMS_CONTRADICTORY ClaimsContradictory,
    /// A document relies on a member that this version does not know.
    10615 MEMBER_UNKNOWN MemberUnknown,
    /// A checkpoint of another history.
    10616 OTHER_ORIGIN OtherOrigin,
    /// A proof about a Merkle tree does not hold.
    10617 PROOF_INVALID ProofInvalid,
    /// Whoever keeps the private key did not sign.
    10618 SIGNER_FAILED SignerFailed,

    // The customer's side.
    /// `require` was called and the answer was no.
    10700 NOT_LICENSED NotLicensed,
    /// No licence has been accepted yet.
    10701 NO_LICENSE NoLicense,
    /// The host shows too few facts to tell it from others.
    10702 HOST_NOT_IDENTIFIABLE HostNotIdentifiable,
    /// A registration number is kept here already.
    10703 NUMBER_LOCKED NumberLocked,
    /// What cannot be undone has to be confirmed.
    10704 CONFIRMATION_NEEDED ConfirmationNeeded,
    /// An address could not be reached; what the vendor would say is not known.
    10710 NETWORK Network,
    /// The clock contradicts what is known of the time.
    10711 CLOCK_UNTRUSTED ClockUntrusted,

    // Stores.
    /// The file or database is not a ledger of mlicense.
    10800 STORE_FOREIGN StoreForeign,
    /// The ledger was written by a newer mlicense.
    10801 STORE_NEWER StoreNewer,
    /// The store is damaged.
    10802 STORE_CORRUPT StoreCorrupt,
    /// Another program holds the store.
    10803 STORE_BUSY StoreBusy,
    /// The disk is full.
    10804 STORE_FULL StoreFull,
    /// The store cannot be written.
    10805 STORE_READ_ONLY StoreReadOnly,
    /// The store cannot be opened or reached.
    10806 STORE_UNAVAILABLE StoreUnavailable,
    /// The connection broke during commit; ask again with the same command id.
    10807 OUTCOME_UNKNOWN OutcomeUnknown,
    /// A ledger exists there already.
    10808 STORE_EXISTS StoreExists,
    /// The server of the store could not show that it is the one that was named.
    10809 STORE_UNTRUSTED StoreUntrusted,
}

impl ErrorKind {
    /// Finds the kind with this number.
    ///
    /// ```
    /// use mlicense_core::error::ErrorKind;
    /// assert_eq!(ErrorKind::from_number(10400), Some(ErrorKind::InsufficientWallet));
    /// assert_eq!(ErrorKind::from_number(9), None);
    /// ```
    #[must_use]
    pub fn from_number(number: u32) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.number() == number)
    }

    /// Who has to act.
    #[must_use]
    pub const fn class(self) -> ErrorClass {
        match self.number() {
            10000 => ErrorClass::Internal,
            10800..=10899 => ErrorClass::Storage,
            _ => ErrorClass::Refusal,
        }
    }

    pub(super) fn text(self, language: Language) -> Text {
        language.text(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_are_unique_and_in_order() {
        for pair in ErrorKind::ALL.windows(2) {
            assert!(pair[0].number() < pair[1].number(), "{:?} before {:?}", pair[0], pair[1]);
        }
        let names: std::collections::BTreeSet<_> =
            ErrorKind::ALL.iter().map(|kind| kind.name()).collect();
        assert_eq!(names.len(), ErrorKind::ALL.len());
    }

    #[test]
    fn a_number_finds_its_kind() {
        for kind in ErrorKind::ALL {
            assert_eq!(ErrorKind::from_number(kind.number()), Some(*kind));
        }
    }
}
