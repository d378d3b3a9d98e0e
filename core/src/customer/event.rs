//! What happened to a customer.

use serde::{Deserialize, Serialize};

use super::{
    Account, AccountState, AllocationLine, Assignment, Binding, BindingId, Channel, Correction,
    DeviceLot, FreedBy, HostLot, MemberRole, RedeemedKey, Registration, System,
};
use crate::{
    batch::IssuedKey,
    code::CodeDigest,
    device::{Device, DeviceDescription, DeviceProblem, DeviceState},
    id::{
        BatchId, DeviceId, GroupId, HardwareId, LicenseType, PartnerId, PersonId, PlanId,
        ProductId, RegionId, SystemId,
    },
    policy::{AccountTermPolicy, DeviceAssignedPolicy, HostBoundPolicy, SubscriptionPolicy},
    pseudonym::Pseudonym,
    subscription::{Quantities, Start},
    time::{Day, Period, Term, Zone},
    wallet::{Debit, Lot},
};

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
    /// A person became a member, or what it may do changed.
    MemberAdded {
        /// The person.
        person: PersonId,
        /// What it may do; usually manage licences.
        #[serde(default)]
        role: MemberRole,
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
        /// Whether somebody asked for a forgotten one; until it is used, the next takes its place.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        recovered: bool,
        /// Under what the customer registered, with its first number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        registration: Option<Registration>,
    },
    /// A number that was asked for as a forgotten one was used for the first time.
    NumberUsed {
        /// The number.
        number: CodeDigest,
    },
    /// A number that nobody used is valid no longer: another one took its place.
    NumberSuperseded {
        /// The number.
        number: CodeDigest,
    },
    /// The customer no longer claims a machine from which it registered; its bindings stay.
    MachineFreed {
        /// What told the machine and its installation from all others, hashed.
        facts: Vec<String>,
        /// Why.
        reason: String,
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
        /// The day, where what is asked of the host changed: it counts against the customer's budget.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        enrolled_on: Option<Day>,
    },
    /// Hosts may share a licence from now on, or with 0 hosts no longer.
    HostsGrouped {
        /// The product.
        product: ProductId,
        /// The group.
        group: GroupId,
        /// How many hosts it may have.
        hosts: u32,
    },
    /// A host was freed: its licence may be bound to another.
    HostFreed {
        /// The product.
        product: ProductId,
        /// The binding.
        binding: BindingId,
        /// Who freed it.
        by: FreedBy,
        /// The day.
        on: Day,
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
    /// A device was registered.
    DeviceRegistered {
        /// The device.
        device: DeviceId,
        /// What is known of it.
        entry: Device,
    },
    /// A device is in another state.
    DeviceReported {
        /// The device.
        device: DeviceId,
        /// The state.
        state: DeviceState,
        /// What is wrong, when it is in error.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        problem: Option<DeviceProblem>,
    },
    /// What is told of a device changed.
    DeviceEdited {
        /// The device.
        device: DeviceId,
        /// What is told of it now.
        description: DeviceDescription,
    },
    /// The restart of a device was ordered.
    DeviceRebootOrdered {
        /// The device.
        device: DeviceId,
    },
    /// Somebody looked at the devices.
    DevicesInspected {},
    /// The agreement on licences for devices keeps this policy from now on; the first begins it.
    DevicePolicyKept {
        /// The product.
        product: ProductId,
        /// The version.
        policy_version: u32,
        /// The policy itself, so that this history can be read alone.
        policy: DeviceAssignedPolicy,
    },
    /// Licences for devices came.
    DeviceLicensesStocked {
        /// The product.
        product: ProductId,
        /// The licences.
        lots: Vec<DeviceLot>,
        /// The key that was redeemed for them, if one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        key: Option<RedeemedKey>,
    },
    /// Licences were assigned to devices, or taken off them.
    LicensesAssigned {
        /// The product.
        product: ProductId,
        /// Each licence with its device.
        changes: Vec<Assignment>,
        /// Whether it came about by itself.
        automatic: bool,
    },
    /// An account was opened.
    AccountOpened {
        /// The account.
        account: Account,
        /// The version of the policy the account keeps.
        policy_version: u32,
        /// The policy itself, so that this history can be read alone.
        policy: AccountTermPolicy,
        /// The term.
        term: Term,
    },
    /// What is known of the account changed.
    AccountChanged {
        /// The account as it is now.
        account: Account,
    },
    /// The account is in another state.
    AccountBecame {
        /// The state.
        state: AccountState,
    },
    /// The customer chose a dealer, or none.
    DealerSet {
        /// The dealer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        dealer: Option<PartnerId>,
    },
    /// It was set where the customer buys.
    ChannelSet {
        /// Where.
        channel: Channel,
    },
    /// The customer was linked to its account at the vendor's shop.
    ShopLinked {
        /// The account there.
        account: Pseudonym,
    },
    /// The term of the account began: with the first device that worked, or anew when it was renewed
    /// after its end.
    TermStarted {
        /// The product.
        product: ProductId,
        /// Its first day.
        on: Day,
    },
    /// Another term was chosen.
    TermSet {
        /// The product.
        product: ProductId,
        /// The term.
        term: Term,
        /// Months from the beginning until it holds.
        month: u32,
        /// Its first day; none where no period runs: it holds from the next beginning on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<Day>,
    },
    /// One more term was paid for.
    TermRenewed {
        /// The product.
        product: ProductId,
        /// Months from the beginning that are paid for.
        month: u32,
        /// First day that is not.
        until: Day,
    },
    /// A device is billed from this day on.
    BillingStarted {
        /// The product.
        product: ProductId,
        /// The device.
        device: DeviceId,
        /// Type of licence.
        license_type: LicenseType,
        /// As how many devices it counts.
        units: u32,
        /// The plan.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        plan: Option<PlanId>,
        /// The day.
        on: Day,
    },
    /// A device is billed no more after this day.
    BillingEnded {
        /// The product.
        product: ProductId,
        /// The device.
        device: DeviceId,
        /// The day.
        on: Day,
    },
    /// Another device is billed in the place of one.
    BillingMoved {
        /// The product.
        product: ProductId,
        /// The device it replaces.
        device: DeviceId,
        /// The new device.
        to: DeviceId,
        /// The day.
        on: Day,
    },
    /// A device has another plan from this day on.
    PlanChanged {
        /// The product.
        product: ProductId,
        /// The device.
        device: DeviceId,
        /// The plan.
        plan: PlanId,
        /// The day.
        on: Day,
    },
}
