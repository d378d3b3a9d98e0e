//! Statuses, written from `core/src/error/kind.rs` by the test `statuses`; do not edit.

/// What a call that can be refused returns: `MLICENSE_STATUS_OK`, which is 0, or the number of an
/// error. Numbers are stable and never used for anything else; newer versions may return others.
#[expect(non_camel_case_types, reason = "named for C")]
pub type mlicense_status = u32;

/// It was done.
pub const MLICENSE_STATUS_OK: mlicense_status = 0;
/// A registration number is needed first.
pub const MLICENSE_STATUS_NO_NUMBER: mlicense_status = 1003;
/// The session is unknown or has run out.
pub const MLICENSE_STATUS_SESSION_UNKNOWN: mlicense_status = 1021;
/// No licence is free for this host: it changed too much, others hold them, or there is none.
pub const MLICENSE_STATUS_NO_FREE_LICENSE: mlicense_status = 1051;
/// This company has a registration number already, under this host or address.
pub const MLICENSE_STATUS_ALREADY_HAS_NUMBER: mlicense_status = 1059;
/// There is no such registration number.
pub const MLICENSE_STATUS_NUMBER_UNKNOWN: mlicense_status = 2009;
/// Another company has a registration number under this address.
pub const MLICENSE_STATUS_EMAIL_OF_OTHER_COMPANY: mlicense_status = 2022;
/// The coupon was used by another customer.
pub const MLICENSE_STATUS_COUPON_ALREADY_USED: mlicense_status = 2041;
/// This host was registered before with another address or company.
pub const MLICENSE_STATUS_REGISTERED_DIFFERENTLY: mlicense_status = 2051;
/// A fault of ours; please report it.
pub const MLICENSE_STATUS_INTERNAL: mlicense_status = 10000;
/// Input is larger than its limit; it was not read.
pub const MLICENSE_STATUS_INPUT_TOO_LARGE: mlicense_status = 10001;
/// Text is not UTF-8.
pub const MLICENSE_STATUS_NOT_UTF8: mlicense_status = 10002;
/// JSON is malformed, has a duplicate or unknown member, a fraction, or lacks a member.
pub const MLICENSE_STATUS_JSON_INVALID: mlicense_status = 10003;
/// A field's value is outside its range or form.
pub const MLICENSE_STATUS_FIELD_INVALID: mlicense_status = 10004;
/// Not a civil date between 1970-01-01 and 9999-12-31.
pub const MLICENSE_STATUS_DATE_INVALID: mlicense_status = 10005;
/// Not an instant in UTC in the form of RFC 3339.
pub const MLICENSE_STATUS_INSTANT_INVALID: mlicense_status = 10006;
/// Not an IANA time zone.
pub const MLICENSE_STATUS_ZONE_UNKNOWN: mlicense_status = 10007;
/// A date computed lies after 9999-12-31.
pub const MLICENSE_STATUS_DATE_OUT_OF_RANGE: mlicense_status = 10008;
/// A pointer argument was NULL.
pub const MLICENSE_STATUS_NULL_ARGUMENT: mlicense_status = 10009;
/// The object was closed before.
pub const MLICENSE_STATUS_CLOSED: mlicense_status = 10010;
/// A callback used the object whose call it runs in.
pub const MLICENSE_STATUS_CALLED_BACK: mlicense_status = 10011;
/// The actor's role may not do this.
pub const MLICENSE_STATUS_FORBIDDEN: mlicense_status = 10100;
/// The command id was used before with another body.
pub const MLICENSE_STATUS_COMMAND_ID_REUSED: mlicense_status = 10101;
/// The state changed between preview and commit.
pub const MLICENSE_STATUS_PREVIEW_STALE: mlicense_status = 10102;
/// The hash chain of a stream does not hold.
pub const MLICENSE_STATUS_HISTORY_BROKEN: mlicense_status = 10103;
/// A table that follows from the history does not say what the history says.
pub const MLICENSE_STATUS_TABLE_BROKEN: mlicense_status = 10104;
/// The history is not the one a checkpoint was made of.
pub const MLICENSE_STATUS_CHECKPOINT_BROKEN: mlicense_status = 10105;
/// No checkpoint vouches for what was asked about.
pub const MLICENSE_STATUS_CHECKPOINT_MISSING: mlicense_status = 10106;
/// An export of a ledger is damaged or not one.
pub const MLICENSE_STATUS_EXPORT_INVALID: mlicense_status = 10107;
/// No such product in the catalogue.
pub const MLICENSE_STATUS_PRODUCT_UNKNOWN: mlicense_status = 10200;
/// The product is in the catalogue already.
pub const MLICENSE_STATUS_PRODUCT_ALREADY_DEFINED: mlicense_status = 10201;
/// The knobs of a policy contradict each other.
pub const MLICENSE_STATUS_POLICY_CONTRADICTORY: mlicense_status = 10202;
/// The product has no such licence type.
pub const MLICENSE_STATUS_LICENSE_TYPE_UNKNOWN: mlicense_status = 10203;
/// The policy does not offer this term.
pub const MLICENSE_STATUS_TERM_NOT_OFFERED: mlicense_status = 10204;
/// The product is licensed elsewhere.
pub const MLICENSE_STATUS_PRODUCT_EXTERNAL: mlicense_status = 10205;
/// The product's policy is of another scheme.
pub const MLICENSE_STATUS_SCHEME_MISMATCH: mlicense_status = 10206;
/// The ledger belongs to a vendor already, and none of its root keys may be dropped.
pub const MLICENSE_STATUS_VENDOR_ESTABLISHED: mlicense_status = 10207;
/// No such customer.
pub const MLICENSE_STATUS_CUSTOMER_UNKNOWN: mlicense_status = 10300;
/// The customer id is taken.
pub const MLICENSE_STATUS_CUSTOMER_ALREADY_REGISTERED: mlicense_status = 10301;
/// The product has no system registered with this customer.
pub const MLICENSE_STATUS_NOT_REGISTERED: mlicense_status = 10302;
/// The subscription has not been started.
pub const MLICENSE_STATUS_SUBSCRIPTION_NOT_STARTED: mlicense_status = 10303;
/// The subscription was started before.
pub const MLICENSE_STATUS_SUBSCRIPTION_ALREADY_STARTED: mlicense_status = 10304;
/// The system belongs to another customer.
pub const MLICENSE_STATUS_ALREADY_REGISTERED_ELSEWHERE: mlicense_status = 10305;
/// No such person.
pub const MLICENSE_STATUS_PERSON_UNKNOWN: mlicense_status = 10306;
/// The person id is taken.
pub const MLICENSE_STATUS_PERSON_ALREADY_ADDED: mlicense_status = 10307;
/// The customer belongs to another region of the vendor's service.
pub const MLICENSE_STATUS_OTHER_REGION: mlicense_status = 10308;
/// No such hardware is registered with this customer.
pub const MLICENSE_STATUS_HARDWARE_UNKNOWN: mlicense_status = 10309;
/// The hardware is registered already.
pub const MLICENSE_STATUS_HARDWARE_ALREADY_REGISTERED: mlicense_status = 10310;
/// Licences of hardware stay with it for its life.
pub const MLICENSE_STATUS_LICENSE_TIED_TO_HARDWARE: mlicense_status = 10311;
/// The actor is not a member of the customer.
pub const MLICENSE_STATUS_NOT_A_MEMBER: mlicense_status = 10312;
/// The customer has tried the product before.
pub const MLICENSE_STATUS_TRIAL_ALREADY_USED: mlicense_status = 10313;
/// The policy offers no trial.
pub const MLICENSE_STATUS_TRIAL_NOT_OFFERED: mlicense_status = 10314;
/// No such host is bound.
pub const MLICENSE_STATUS_BINDING_UNKNOWN: mlicense_status = 10315;
/// The request asks for something that products of this scheme do not have.
pub const MLICENSE_STATUS_REQUEST_NOT_APPLICABLE: mlicense_status = 10316;
/// The vendor gives no registration numbers.
pub const MLICENSE_STATUS_NUMBERS_NOT_OFFERED: mlicense_status = 10317;
/// Nobody signs in with this number or coupon.
pub const MLICENSE_STATUS_LOGIN_UNKNOWN: mlicense_status = 10318;
/// The customer has freed as many hosts lately as the policy lets it free by itself.
pub const MLICENSE_STATUS_MOVES_SPENT: mlicense_status = 10340;
/// As many hosts were enrolled anew lately as the policy allows.
pub const MLICENSE_STATUS_REBINDS_SPENT: mlicense_status = 10341;
/// No such group of hosts was declared.
pub const MLICENSE_STATUS_GROUP_UNKNOWN: mlicense_status = 10342;
/// More hosts are bound in the group than it should have.
pub const MLICENSE_STATUS_GROUP_IN_USE: mlicense_status = 10343;
/// The customer did not register from this machine.
pub const MLICENSE_STATUS_MACHINE_NOT_CLAIMED: mlicense_status = 10344;
/// So many sessions are open that another has to wait.
pub const MLICENSE_STATUS_SESSIONS_FULL: mlicense_status = 10350;
/// The session did not capture the feature.
pub const MLICENSE_STATUS_NOT_CAPTURED: mlicense_status = 10351;
/// No such device is registered with the customer.
pub const MLICENSE_STATUS_DEVICE_NOT_REGISTERED: mlicense_status = 10360;
/// The device is registered already.
pub const MLICENSE_STATUS_DEVICE_ALREADY_REGISTERED: mlicense_status = 10361;
/// The device has a licence already.
pub const MLICENSE_STATUS_CAMERA_ALREADY_LICENSED: mlicense_status = 10362;
/// The customer has no such licence, or it has ended.
pub const MLICENSE_STATUS_LICENSE_UNKNOWN: mlicense_status = 10363;
/// The state of the device does not allow this.
pub const MLICENSE_STATUS_DEVICE_STATE_FORBIDS: mlicense_status = 10364;
/// The account may have no more devices.
pub const MLICENSE_STATUS_CAMERA_LIMIT: mlicense_status = 10365;
/// The policy has no such plan.
pub const MLICENSE_STATUS_PLAN_UNKNOWN: mlicense_status = 10366;
/// The device had this plan before and left it.
pub const MLICENSE_STATUS_PLAN_LEFT: mlicense_status = 10367;
/// Devices of this kind cannot be replaced.
pub const MLICENSE_STATUS_DEVICE_NOT_REPLACEABLE: mlicense_status = 10368;
/// The state of the account does not allow this.
pub const MLICENSE_STATUS_ACCOUNT_STATE_FORBIDS: mlicense_status = 10370;
/// The account is suspended: its users cannot sign in.
pub const MLICENSE_STATUS_ACCOUNT_SUSPENDED: mlicense_status = 10371;
/// The account still has devices.
pub const MLICENSE_STATUS_CAMERAS_PRESENT: mlicense_status = 10372;
/// The account still has users for remote monitoring or federation.
pub const MLICENSE_STATUS_USERS_PRESENT: mlicense_status = 10373;
/// The user has not been activated yet.
pub const MLICENSE_STATUS_USER_NOT_ACTIVATED: mlicense_status = 10374;
/// The user is active already.
pub const MLICENSE_STATUS_USER_ALREADY_ACTIVE: mlicense_status = 10375;
/// The policy has no such identity provider.
pub const MLICENSE_STATUS_PROVIDER_UNKNOWN: mlicense_status = 10376;
/// No data centre serves the country.
pub const MLICENSE_STATUS_COUNTRY_NOT_SERVED: mlicense_status = 10377;
/// A field that is needed is missing.
pub const MLICENSE_STATUS_FIELD_MISSING: mlicense_status = 10378;
/// One's own record is changed in one's own preferences only.
pub const MLICENSE_STATUS_OWN_RECORD: mlicense_status = 10379;
/// Somebody else has this username.
pub const MLICENSE_STATUS_USERNAME_TAKEN: mlicense_status = 10380;
/// The customer has no account, or it is of another kind.
pub const MLICENSE_STATUS_NO_ACCOUNT: mlicense_status = 10381;
/// The customer's privacy is on: its dealer may not enter.
pub const MLICENSE_STATUS_PRIVACY_ON: mlicense_status = 10382;
/// No such partner is registered.
pub const MLICENSE_STATUS_PARTNER_UNKNOWN: mlicense_status = 10390;
/// The partner id or code is taken.
pub const MLICENSE_STATUS_PARTNER_ALREADY_REGISTERED: mlicense_status = 10391;
/// The partner's stock holds fewer licences than asked for.
pub const MLICENSE_STATUS_INSUFFICIENT_STOCK: mlicense_status = 10392;
/// The shop does not know this e-mail and password.
pub const MLICENSE_STATUS_SHOP_LOGIN_REFUSED: mlicense_status = 10393;
/// The link to the shop was made before, or the shop's account belongs to another.
pub const MLICENSE_STATUS_SHOP_ALREADY_LINKED: mlicense_status = 10394;
/// The purchase was taken in for another customer.
pub const MLICENSE_STATUS_PURCHASE_OF_ANOTHER: mlicense_status = 10395;
/// The wallet holds fewer usable licences than asked for.
pub const MLICENSE_STATUS_INSUFFICIENT_WALLET: mlicense_status = 10400;
/// The period lies further ahead than the policy allows.
pub const MLICENSE_STATUS_ADVANCE_LIMIT: mlicense_status = 10401;
/// More licences than the period needs.
pub const MLICENSE_STATUS_EXCEEDS_NEED: mlicense_status = 10402;
/// Fewer licences than the period needs, and the policy wants all at once.
pub const MLICENSE_STATUS_PARTIAL_ALLOCATION: mlicense_status = 10403;
/// An earlier period is not fully covered yet.
pub const MLICENSE_STATUS_PERIOD_GAP: mlicense_status = 10404;
/// A quantity is zero or over its limit.
pub const MLICENSE_STATUS_QUANTITY_OUT_OF_RANGE: mlicense_status = 10405;
/// Licences never move between customers.
pub const MLICENSE_STATUS_CUSTOMER_TRANSFER_FORBIDDEN: mlicense_status = 10406;
/// The wallet has no such lot.
pub const MLICENSE_STATUS_LOT_UNKNOWN: mlicense_status = 10407;
/// Licences were taken from the lot already.
pub const MLICENSE_STATUS_LOT_TOUCHED: mlicense_status = 10408;
/// Only the newest allocation of the current period can be undone.
pub const MLICENSE_STATUS_ALLOCATION_NOT_LAST: mlicense_status = 10409;
/// The agreement keeps the newest policy already.
pub const MLICENSE_STATUS_POLICY_CURRENT: mlicense_status = 10410;
/// No licence key like this was issued.
pub const MLICENSE_STATUS_KEY_UNKNOWN: mlicense_status = 10500;
/// The licence key was redeemed before.
pub const MLICENSE_STATUS_KEY_ALREADY_REDEEMED: mlicense_status = 10501;
/// The licence key is for another product.
pub const MLICENSE_STATUS_KEY_WRONG_PRODUCT: mlicense_status = 10502;
/// What was typed is not a code.
pub const MLICENSE_STATUS_CODE_INVALID: mlicense_status = 10503;
/// The code was issued before.
pub const MLICENSE_STATUS_CODE_ALREADY_ISSUED: mlicense_status = 10504;
/// The batch id is taken.
pub const MLICENSE_STATUS_BATCH_ALREADY_ISSUED: mlicense_status = 10505;
/// A code holds a character that no code has; the refusal names it and its place.
pub const MLICENSE_STATUS_CODE_FOREIGN_CHARACTER: mlicense_status = 10506;
/// The check symbols of a code do not hold.
pub const MLICENSE_STATUS_CODE_MISTYPED: mlicense_status = 10507;
/// The licence key was voided.
pub const MLICENSE_STATUS_KEY_VOIDED: mlicense_status = 10508;
/// Not a signed document: not three parts of base64url with a known header.
pub const MLICENSE_STATUS_DOCUMENT_MALFORMED: mlicense_status = 10600;
/// A signed document of another type.
pub const MLICENSE_STATUS_DOCUMENT_WRONG_TYPE: mlicense_status = 10601;
/// The signature does not hold.
pub const MLICENSE_STATUS_SIGNATURE_INVALID: mlicense_status = 10602;
/// Signed by a key that is neither a root key nor in the key ring.
pub const MLICENSE_STATUS_KEY_NOT_TRUSTED: mlicense_status = 10603;
/// A public key that is malformed, non-canonical or of small order.
pub const MLICENSE_STATUS_KEY_WEAK: mlicense_status = 10604;
/// The key was revoked, or did not exist yet, when the document was signed.
pub const MLICENSE_STATUS_KEY_NOT_VALID: mlicense_status = 10605;
/// The document was made for another product.
pub const MLICENSE_STATUS_OTHER_PRODUCT: mlicense_status = 10606;
/// The document was made for another installation.
pub const MLICENSE_STATUS_OTHER_INSTALLATION: mlicense_status = 10607;
/// The document answers another request.
pub const MLICENSE_STATUS_OTHER_REQUEST: mlicense_status = 10608;
/// The document was made for another customer.
pub const MLICENSE_STATUS_OTHER_CUSTOMER: mlicense_status = 10609;
/// An older document than the one held already.
pub const MLICENSE_STATUS_DOCUMENT_OUTDATED: mlicense_status = 10610;
/// A system's request is damaged or forged.
pub const MLICENSE_STATUS_SYSTEM_FILE_INVALID: mlicense_status = 10611;
/// The catalogue holds no signed key ring that names the signer's key.
pub const MLICENSE_STATUS_KEY_RING_MISSING: mlicense_status = 10612;
/// The document says it was issued in the future.
pub const MLICENSE_STATUS_ISSUED_IN_FUTURE: mlicense_status = 10613;
/// The claims of a document contradict each other.
pub const MLICENSE_STATUS_CLAIMS_CONTRADICTORY: mlicense_status = 10614;
/// A document relies on a member that this version does not know.
pub const MLICENSE_STATUS_MEMBER_UNKNOWN: mlicense_status = 10615;
/// A checkpoint of another history.
pub const MLICENSE_STATUS_OTHER_ORIGIN: mlicense_status = 10616;
/// A proof about a Merkle tree does not hold.
pub const MLICENSE_STATUS_PROOF_INVALID: mlicense_status = 10617;
/// Whoever keeps the private key did not sign.
pub const MLICENSE_STATUS_SIGNER_FAILED: mlicense_status = 10618;
/// `require` was called and the answer was no.
pub const MLICENSE_STATUS_NOT_LICENSED: mlicense_status = 10700;
/// No licence has been accepted yet.
pub const MLICENSE_STATUS_NO_LICENSE: mlicense_status = 10701;
/// The host shows too few facts to tell it from others.
pub const MLICENSE_STATUS_HOST_NOT_IDENTIFIABLE: mlicense_status = 10702;
/// A registration number is kept here already.
pub const MLICENSE_STATUS_NUMBER_LOCKED: mlicense_status = 10703;
/// What cannot be undone has to be confirmed.
pub const MLICENSE_STATUS_CONFIRMATION_NEEDED: mlicense_status = 10704;
/// An address could not be reached; what the vendor would say is not known.
pub const MLICENSE_STATUS_NETWORK: mlicense_status = 10710;
/// The clock contradicts what is known of the time.
pub const MLICENSE_STATUS_CLOCK_UNTRUSTED: mlicense_status = 10711;
/// The file or database is not a ledger of mlicense.
pub const MLICENSE_STATUS_STORE_FOREIGN: mlicense_status = 10800;
/// The ledger was written by a newer mlicense.
pub const MLICENSE_STATUS_STORE_NEWER: mlicense_status = 10801;
/// The store is damaged.
pub const MLICENSE_STATUS_STORE_CORRUPT: mlicense_status = 10802;
/// Another program holds the store.
pub const MLICENSE_STATUS_STORE_BUSY: mlicense_status = 10803;
/// The disk is full.
pub const MLICENSE_STATUS_STORE_FULL: mlicense_status = 10804;
/// The store cannot be written.
pub const MLICENSE_STATUS_STORE_READ_ONLY: mlicense_status = 10805;
/// The store cannot be opened or reached.
pub const MLICENSE_STATUS_STORE_UNAVAILABLE: mlicense_status = 10806;
/// The connection broke during commit; ask again with the same command id.
pub const MLICENSE_STATUS_OUTCOME_UNKNOWN: mlicense_status = 10807;
/// A ledger exists there already.
pub const MLICENSE_STATUS_STORE_EXISTS: mlicense_status = 10808;
/// The server of the store could not show that it is the one that was named.
pub const MLICENSE_STATUS_STORE_UNTRUSTED: mlicense_status = 10809;
