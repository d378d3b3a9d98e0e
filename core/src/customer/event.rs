//! What happened to a customer.

use serde::{Deserialize, Serialize};

use super::{Binding, BindingId, HostLot, Registration};
use crate::{
    batch::IssuedKey,
    code::CodeDigest,
    document::HostFacts,
    id::{BatchId, HardwareId, LicenseType, PersonId, ProductId, RegionId, SystemId},
    policy::{HostBoundPolicy, SubscriptionPolicy},
    signing::KeyId,
    subscription::{Quantities, Start},
    time::{Day, Period, Term, Zone},
    wallet::{Debit, Lot},
};

/// One installation of a product at a customer's, as its newest request describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "a record of the history")]
pub struct System {
    /// The system's own id.
    pub id: SystemId,
    /// The product it runs.
    pub product: ProductId,
    /// The installation: thumbprint of the key that signs its requests.
    pub installation: KeyId,
    /// Devices by licence type.
    pub devices: Quantities,
    /// Facts of its host, hashed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<HostFacts>,
    /// The nonce of its newest description.
    pub nonce: String,
    /// Whether it is known by a description that was carried here, and has never asked by itself
    /// (S-AX-13).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub offline: bool,
}

/// Licences of one type in an allocation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "a record of the history")]
pub struct AllocationLine {
    /// Type of licence.
    pub license_type: LicenseType,
    /// How many.
    pub quantity: u32,
    /// The lots they were taken from.
    pub debits: Vec<Debit>,
}

/// How licences left a wallet without being allocated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Correction {
    /// The lot had been stored by mistake; none of it was used.
    Void,
    /// The lot was not paid for; what was left of it was taken back.
    ChargeBack,
}

/// What happened to a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum CustomerEvent {
    /// The customer was registered.
    Registered {
        /// Where its days begin.
        zone: Zone,
        /// The region of the vendor's service it belongs to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        region: Option<RegionId>,
    },
    /// A person became a member.
    MemberAdded {
        /// The person.
        person: PersonId,
    },
    /// A person is no longer a member.
    MemberRemoved {
        /// The person.
        person: PersonId,
    },
    /// A system was registered.
    SystemRegistered {
        /// The system.
        system: System,
        /// First day after the trial that its registration began.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        trial_end: Option<Day>,
    },
    /// A newer request described the system anew.
    SystemUpdated {
        /// The system.
        system: System,
        /// First day after the trial, when the system changed to a product not seen before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        trial_end: Option<Day>,
    },
    /// A system was given up; its devices count no longer.
    SystemReleased {
        /// The system.
        system: SystemId,
    },
    /// A subscription was started.
    SubscriptionStarted {
        /// The product.
        product: ProductId,
        /// The version of the policy the agreement keeps.
        policy_version: u32,
        /// The policy itself, so that this history can be read alone.
        policy: SubscriptionPolicy,
        /// Its days.
        start: Start,
    },
    /// A licence key was redeemed; all it is worth went to the wallet.
    KeyRedeemed {
        /// The product.
        product: ProductId,
        /// The batch the key was issued in.
        batch: BatchId,
        /// Digest of the key.
        key: CodeDigest,
        /// The key with all but its tail masked.
        masked: String,
        /// What went to the wallet.
        lots: Vec<Lot>,
    },
    /// Licences went to the wallet without a key.
    LicensesStocked {
        /// The product.
        product: ProductId,
        /// What went to the wallet.
        lots: Vec<Lot>,
    },
    /// Licences were taken out of circulation.
    LicensesVoided {
        /// The product.
        product: ProductId,
        /// From which lot, and how many.
        debit: Debit,
        /// How.
        correction: Correction,
        /// Why.
        reason: String,
    },
    /// The agreement keeps a newer policy from its next period on.
    PolicyAdopted {
        /// The product.
        product: ProductId,
        /// The version.
        policy_version: u32,
        /// The policy itself.
        policy: SubscriptionPolicy,
    },
    /// Licences were allocated to one or more periods.
    Allocated {
        /// The product.
        product: ProductId,
        /// 1, 2, 3, … within the agreement.
        allocation: u32,
        /// Periods ahead of the one current then; 0 is the current one.
        ahead: u32,
        /// The first period.
        period: Period,
        /// How many periods each licence covers, from that one on.
        periods: u16,
        /// The licences.
        lines: Vec<AllocationLine>,
    },
    /// The overlap of a late allocation was credited.
    Compensated {
        /// The product.
        product: ProductId,
        /// Type of licence.
        license_type: LicenseType,
        /// Term of the licences.
        term: Term,
        /// Licences allocated late.
        quantity: u32,
        /// Days of the period that had passed.
        overlap_days: u32,
        /// Days of the whole period.
        period_days: u32,
        /// Licences that went back to the wallet, if any.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lot: Option<Lot>,
        /// Ticks carried from now on.
        carry: u64,
    },
    /// A mistaken allocation was undone, with what it had given back.
    AllocationUndone {
        /// The product.
        product: ProductId,
        /// The allocation.
        allocation: u32,
        /// Why.
        reason: String,
    },
    /// Hardware was registered; what it was preloaded with is active for its life.
    HardwareRegistered {
        /// The hardware.
        hardware: HardwareId,
        /// The product.
        product: ProductId,
        /// Its licences by type.
        preloaded: Quantities,
    },
    /// Expansion licences were allocated to hardware, for its life.
    HardwareExpanded {
        /// The hardware.
        hardware: HardwareId,
        /// The licences.
        lines: Vec<AllocationLine>,
    },
    /// Licences of hardware were upgraded to another type, for its life.
    HardwareUpgraded {
        /// The hardware.
        hardware: HardwareId,
        /// The type they were of.
        from: LicenseType,
        /// The type they are of, and the upgrades used.
        to: AllocationLine,
    },
    /// Devices grew beyond what is free in the period; nothing is blocked.
    GrowthExceeded {
        /// The product.
        product: ProductId,
        /// Type of licence.
        license_type: LicenseType,
        /// Devices that may run without further licences.
        free: u32,
        /// Devices there are.
        devices: u32,
        /// Licences wanted now.
        extra_now: u32,
    },
    /// A registration number was given; older ones stay valid.
    NumberIssued {
        /// The number.
        number: IssuedKey,
        /// The day.
        issued_on: Day,
        /// Under what the customer registered, with its first number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        registration: Option<Registration>,
    },
    /// The agreement on licences for hosts keeps this policy from now on; the first begins it.
    HostPolicyKept {
        /// The product.
        product: ProductId,
        /// The version.
        policy_version: u32,
        /// The policy itself, so that this history can be read alone.
        policy: HostBoundPolicy,
    },
    /// A coupon was redeemed; hosts may be bound to what it is worth.
    CouponRedeemed {
        /// The product.
        product: ProductId,
        /// The batch the coupon was issued in.
        batch: BatchId,
        /// Digest of the coupon.
        key: CodeDigest,
        /// The coupon with all but its tail masked.
        masked: String,
        /// What it is worth.
        lots: Vec<HostLot>,
    },
    /// Licences for hosts came without a coupon.
    HostLicensesStocked {
        /// The product.
        product: ProductId,
        /// The licences.
        lots: Vec<HostLot>,
    },
    /// The trial of a product began; there is no second one.
    TrialStarted {
        /// The product.
        product: ProductId,
        /// First day after it.
        end: Day,
    },
    /// A host was bound to a licence.
    HostBound {
        /// The product.
        product: ProductId,
        /// The host.
        binding: Binding,
    },
    /// A bound host has another installation, or its facts were enrolled anew.
    HostDescribed {
        /// The product.
        product: ProductId,
        /// The host as it is now.
        binding: Binding,
    },
    /// A host was freed: its licence may be bound to another.
    HostFreed {
        /// The product.
        product: ProductId,
        /// The binding.
        binding: BindingId,
        /// Why.
        reason: String,
    },
    /// A licence was signed for a bound host.
    HostLicenseIssued {
        /// The product.
        product: ProductId,
        /// The binding.
        binding: BindingId,
        /// 1, 2, 3, … within the customer.
        serial: u64,
        /// The nonce of the request it answers.
        nonce: String,
    },
    /// A licence was signed for a system.
    LicenseIssued {
        /// The system.
        system: SystemId,
        /// 1, 2, 3, … within the customer.
        serial: u64,
        /// The nonce of the request it answers.
        nonce: String,
    },
}
