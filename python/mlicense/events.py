"""Events: everything that can have happened, as a history tells it.

Written by ``xtask python`` from the schemas of the engine.
"""

from __future__ import annotations

from mlicense._shapes import (
    DAY,
    DOCUMENT,
    KEY,
    PLAIN,
    PRIVATE,
    ZONE,
    Many,
    Maybe,
    Of,
    OneWord,
    Table,
    Word,
)
from mlicense._tagged import Event
from mlicense._typing import final
from mlicense._value import Value
from mlicense.documents import HostFacts
from mlicense.values import (
    _POLICY,
    AccountState,
    AccountTermPolicy,
    Assignment,
    Channel,
    Definition,
    DeviceAssignedPolicy,
    DeviceDescription,
    DeviceProblem,
    DeviceState,
    HostBoundPolicy,
    KeyContents,
    Language,
    LotKind,
    MemberRole,
    Policy,
    SubscriptionPolicy,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from zoneinfo import ZoneInfo

    from mlicense._native import PublicKey

__all__ = [
    "Account",
    "AccountBecame",
    "AccountChanged",
    "AccountOpened",
    "Activated",
    "ActivationSent",
    "Added",
    "Allocated",
    "AllocationLine",
    "AllocationUndone",
    "BillingEnded",
    "BillingMoved",
    "BillingStarted",
    "Binding",
    "ChannelSet",
    "Compensated",
    "Correction",
    "CouponRedeemed",
    "CustomerRegistered",
    "DealerSet",
    "Debit",
    "Device",
    "DeviceEdited",
    "DeviceLicensesStocked",
    "DeviceLot",
    "DevicePolicyKept",
    "DeviceRebootOrdered",
    "DeviceRegistered",
    "DeviceReported",
    "DevicesInspected",
    "Edited",
    "Erased",
    "Event",
    "FreedBy",
    "Given",
    "GrowthExceeded",
    "HardwareExpanded",
    "HardwareRegistered",
    "HardwareUpgraded",
    "HostBound",
    "HostDescribed",
    "HostFreed",
    "HostLicenseIssued",
    "HostLicensesStocked",
    "HostLot",
    "HostPolicyKept",
    "HostsGrouped",
    "IssuedKey",
    "KeyRedeemed",
    "KeyRingPublished",
    "KeyVoided",
    "KeysIssued",
    "LicenseIssued",
    "LicensesAssigned",
    "LicensesStocked",
    "LicensesVoided",
    "Lot",
    "LotSource",
    "MachineFreed",
    "MemberAdded",
    "MemberRemoved",
    "NumberIssued",
    "NumberSuperseded",
    "NumberUsed",
    "PartnerRegistered",
    "Period",
    "PlanChanged",
    "PolicyAdopted",
    "PolicyPublished",
    "ProductDefined",
    "RedeemedKey",
    "Registration",
    "RevocationsPublished",
    "ShopLinked",
    "SignIn",
    "Start",
    "Stocked",
    "SubscriptionStarted",
    "System",
    "SystemRegistered",
    "SystemReleased",
    "SystemUpdated",
    "TermRenewed",
    "TermSet",
    "TermStarted",
    "TrialStarted",
    "UserAdded",
    "UserRemoved",
    "VendorEstablished",
    "WebhookSet",
]


@final
class Account(Value):
    """An account, as the history knows it.

    Attributes:
        product: The product whose policy the account is under.
        client: The record with the customer's name and address.
        administrator: Who looks after the account at the customer's.
        country: Where the customer is.
        data_center: The data centre that serves it.
        reference: What the customer wants to see on invoices (S-ST-08).
        privacy: Whether the dealer may not enter while the account is suspended (S-ST-33).
    """

    __slots__ = (
        "administrator",
        "client",
        "country",
        "data_center",
        "privacy",
        "product",
        "reference",
    )
    _FIELDS = (
        ("product", PLAIN),
        ("client", PLAIN),
        ("administrator", PLAIN),
        ("country", PLAIN),
        ("data_center", Maybe(PLAIN)),
        ("reference", Maybe(PRIVATE)),
        ("privacy", PLAIN),
    )
    _OMITTED = frozenset({"data_center", "reference", "privacy"})
    product: str
    client: str
    administrator: str
    country: str
    data_center: str | None
    reference: str | None
    privacy: bool

    def __init__(
        self,
        *,
        product: str,
        client: str,
        administrator: str,
        country: str,
        data_center: str | None = None,
        reference: str | None = None,
        privacy: bool = False,
    ) -> None:
        self._fill(product, client, administrator, country, data_center, reference, privacy)


@final
class Debit(Value):
    """Licences taken, or to be taken, from one lot.

    Attributes:
        lot: The lot.
        quantity: Licences taken from it.
    """

    __slots__ = ("lot", "quantity")
    _FIELDS = (("lot", PLAIN), ("quantity", PLAIN))
    lot: int
    quantity: int

    def __init__(
        self,
        *,
        lot: int,
        quantity: int,
    ) -> None:
        self._fill(lot, quantity)


@final
class AllocationLine(Value):
    """Licences of one type in an allocation.

    Attributes:
        license_type: Type of licence.
        quantity: How many.
        debits: The lots they were taken from.
    """

    __slots__ = ("debits", "license_type", "quantity")
    _FIELDS = (("license_type", PLAIN), ("quantity", PLAIN), ("debits", Many(Of(Debit))))
    license_type: str
    quantity: int
    debits: tuple[Debit, ...]

    def __init__(
        self,
        *,
        license_type: str,
        quantity: int,
        debits: Iterable[Debit],
    ) -> None:
        self._fill(license_type, quantity, debits)


@final
class Binding(Value):
    """A host that holds a licence, with unlimited use on it (S-MK-36).

    Attributes:
        id: Number within the agreement.
        installation: The installation that asked last from this host.
        host: The facts enrolled, hashed; none where the host shows too few to tell it from others.
        group: The group it shares a licence with, if one.
        labelled: Whether the erasable table keeps what its operator calls it.
        bound_on: When it was bound.
        epoch: Which request of the installation bound or described it; older ones free nothing.
    """

    __slots__ = ("bound_on", "epoch", "group", "host", "id", "installation", "labelled")
    _FIELDS = (
        ("id", PLAIN),
        ("installation", PLAIN),
        ("host", Maybe(Of(HostFacts))),
        ("group", Maybe(PLAIN)),
        ("labelled", PLAIN),
        ("bound_on", DAY),
        ("epoch", Maybe(PLAIN)),
    )
    _OMITTED = frozenset({"host", "group", "labelled", "epoch"})
    id: int
    installation: str
    host: HostFacts | None
    group: str | None
    labelled: bool
    bound_on: date
    epoch: int | None

    def __init__(
        self,
        *,
        id: int,
        installation: str,
        bound_on: date,
        host: HostFacts | None = None,
        group: str | None = None,
        labelled: bool = False,
        epoch: int | None = None,
    ) -> None:
        self._fill(id, installation, host, group, labelled, bound_on, epoch)


class Correction(Word):
    """How licences left a wallet without being allocated."""

    VOID = "void"
    """The lot had been stored by mistake; none of it was used."""
    CHARGE_BACK = "charge_back"
    """The lot was not paid for; what was left of it was taken back."""


@final
class Device(Value):
    """A device that needs a licence or is billed, such as a camera.

    Attributes:
        product: The product it is used with.
        license_type: The type of licence it needs.
        number: 1, 2, 3, … in the order of registration within the customer.
        state: What it is doing.
        description: What is told of it.
    """

    __slots__ = ("description", "license_type", "number", "product", "state")
    _FIELDS = (
        ("product", PLAIN),
        ("license_type", PLAIN),
        ("number", PLAIN),
        ("state", OneWord(DeviceState)),
        ("description", Of(DeviceDescription)),
    )
    product: str
    license_type: str
    number: int
    state: DeviceState
    description: DeviceDescription

    def __init__(
        self,
        *,
        product: str,
        license_type: str,
        number: int,
        state: DeviceState,
        description: DeviceDescription = DeviceDescription(),
    ) -> None:
        self._fill(product, license_type, number, state, description)


class LotSource(Word):
    """Where the licences of a lot came from."""

    KEY = "key"
    """A licence key was redeemed."""
    COMPENSATION = "compensation"
    """Overlap of a late allocation was credited."""
    PRELOAD = "preload"
    """They came with something else, such as hardware."""
    PURCHASE = "purchase"
    """They were bought without a key."""
    PARTNER = "partner"
    """A partner gave them."""


@final
class DeviceLot(Value):
    """Licences of one type for devices, which came together.

    Attributes:
        id: Number within the agreement.
        first: The first of its licences; the others follow.
        license_type: Type of licence.
        quantity: How many licences.
        source: Where they came from.
        stored_on: First day usable.
        until: First day no longer usable; none for perpetual licences.
        updates_until: Versions built from this day on are not covered; none where all are.
    """

    __slots__ = (
        "first",
        "id",
        "license_type",
        "quantity",
        "source",
        "stored_on",
        "until",
        "updates_until",
    )
    _FIELDS = (
        ("id", PLAIN),
        ("first", PLAIN),
        ("license_type", PLAIN),
        ("quantity", PLAIN),
        ("source", OneWord(LotSource)),
        ("stored_on", DAY),
        ("until", Maybe(DAY)),
        ("updates_until", Maybe(DAY)),
    )
    _OMITTED = frozenset({"until", "updates_until"})
    id: int
    first: int
    license_type: str
    quantity: int
    source: LotSource
    stored_on: date
    until: date | None
    updates_until: date | None

    def __init__(
        self,
        *,
        id: int,
        first: int,
        license_type: str,
        quantity: int,
        source: LotSource,
        stored_on: date,
        until: date | None = None,
        updates_until: date | None = None,
    ) -> None:
        self._fill(id, first, license_type, quantity, source, stored_on, until, updates_until)


class FreedBy(Word):
    """Why a host was freed."""

    VENDOR = "vendor"
    """The vendor freed it."""
    CUSTOMER = "customer"
    """The customer freed it, out of its budget."""
    INSTALLATION = "installation"
    """The installation gave its licence back, out of the customer's budget."""
    ENDED = "ended"
    """Its licence or trial had ended, or had gone to hosts bound earlier."""


@final
class HostLot(Value):
    """Licences of one type for hosts, which came together.

    Attributes:
        id: Number within the agreement.
        license_type: Type of licence.
        hosts: For how many hosts, 1 to ``QUANTITY_MAX``.
        source: Where they came from.
        stored_on: First day usable.
        until: First day no longer usable; none for a perpetual licence (S-MK-28).
        updates_until: Versions built from this day on are not covered; none where all are.
    """

    __slots__ = ("hosts", "id", "license_type", "source", "stored_on", "until", "updates_until")
    _FIELDS = (
        ("id", PLAIN),
        ("license_type", PLAIN),
        ("hosts", PLAIN),
        ("source", OneWord(LotSource)),
        ("stored_on", DAY),
        ("until", Maybe(DAY)),
        ("updates_until", Maybe(DAY)),
    )
    _OMITTED = frozenset({"until", "updates_until"})
    id: int
    license_type: str
    hosts: int
    source: LotSource
    stored_on: date
    until: date | None
    updates_until: date | None

    def __init__(
        self,
        *,
        id: int,
        license_type: str,
        hosts: int,
        source: LotSource,
        stored_on: date,
        until: date | None = None,
        updates_until: date | None = None,
    ) -> None:
        self._fill(id, license_type, hosts, source, stored_on, until, updates_until)


@final
class IssuedKey(Value):
    """A key as the history knows it.

    Attributes:
        digest: Keyed digest of the folded key.
        masked: The key with all but its tail masked.
    """

    __slots__ = ("digest", "masked")
    _FIELDS = (("digest", PLAIN), ("masked", PLAIN))
    digest: str
    masked: str

    def __init__(
        self,
        *,
        digest: str,
        masked: str,
    ) -> None:
        self._fill(digest, masked)


@final
class Lot(Value):
    """Licences of one type and term that were stored together.

    Attributes:
        id: Number within the wallet.
        license_type: Type of licence.
        kind: What they are good for.
        quantity: Licences stored, 1 to ``QUANTITY_MAX``.
        source: Where they came from.
        stored_on: First day usable.
        expires_on: First day no longer usable.
    """

    __slots__ = ("expires_on", "id", "kind", "license_type", "quantity", "source", "stored_on")
    _FIELDS = (
        ("id", PLAIN),
        ("license_type", PLAIN),
        ("kind", Of(LotKind)),
        ("quantity", PLAIN),
        ("source", OneWord(LotSource)),
        ("stored_on", DAY),
        ("expires_on", DAY),
    )
    id: int
    license_type: str
    kind: LotKind
    quantity: int
    source: LotSource
    stored_on: date
    expires_on: date

    def __init__(
        self,
        *,
        id: int,
        license_type: str,
        kind: LotKind,
        quantity: int,
        source: LotSource,
        stored_on: date,
        expires_on: date,
    ) -> None:
        self._fill(id, license_type, kind, quantity, source, stored_on, expires_on)


@final
class Period(Value):
    """The days from ``start`` up to and not including ``end``.

    Attributes:
        start: First day inside.
        end: First day after.
    """

    __slots__ = ("end", "start")
    _FIELDS = (("start", DAY), ("end", DAY))
    start: date
    end: date

    def __init__(
        self,
        *,
        start: date,
        end: date,
    ) -> None:
        self._fill(start, end)


@final
class RedeemedKey(Value):
    """A licence key that was redeemed.

    Attributes:
        batch: The batch the key was issued in.
        key: Digest of the key.
        masked: The key with all but its tail masked.
    """

    __slots__ = ("batch", "key", "masked")
    _FIELDS = (("batch", PLAIN), ("key", PLAIN), ("masked", PLAIN))
    batch: str
    key: str
    masked: str

    def __init__(
        self,
        *,
        batch: str,
        key: str,
        masked: str,
    ) -> None:
        self._fill(batch, key, masked)


@final
class Registration(Value):
    """Under what a customer registered, none of it readable.

    Attributes:
        owner: The person to speak with.
        company: The company.
        email: The address for mail.
    """

    __slots__ = ("company", "email", "owner")
    _FIELDS = (("owner", PLAIN), ("company", PLAIN), ("email", PLAIN))
    owner: str
    company: str
    email: str

    def __init__(
        self,
        *,
        owner: str,
        company: str,
        email: str,
    ) -> None:
        self._fill(owner, company, email)


@final
class SignIn(Value):
    """How somebody signs in.

    Attributes:
        provider: Who says who it is.
        language: The language of texts.
        username: The username.
    """

    __slots__ = ("language", "provider", "username")
    _FIELDS = (("provider", PLAIN), ("language", OneWord(Language)), ("username", PLAIN))
    provider: str
    language: Language
    username: str

    def __init__(
        self,
        *,
        provider: str,
        username: str,
        language: Language = Language.EN,
    ) -> None:
        self._fill(provider, language, username)


@final
class Start(Value):
    """The days on which a subscription starts.

    Attributes:
        co_term: The day all periods of the customer are laid from.
        term: Length of a period, in months.
        joined: The day the product joined; not before the co-term day.
        grace_days: Days of grace from joining, and again from each renewal.
    """

    __slots__ = ("co_term", "grace_days", "joined", "term")
    _FIELDS = (("co_term", DAY), ("term", PLAIN), ("joined", DAY), ("grace_days", PLAIN))
    co_term: date
    term: int
    joined: date
    grace_days: int

    def __init__(
        self,
        *,
        co_term: date,
        term: int,
        joined: date,
        grace_days: int,
    ) -> None:
        self._fill(co_term, term, joined, grace_days)


@final
class System(Value):
    """One installation of a product at a customer's, as its newest request describes it.

    Attributes:
        id: The system's own id.
        product: The product it runs.
        installation: The installation: thumbprint of the key that signs its requests.
        devices: Devices by licence type.
        host: Facts of its host, hashed.
        nonce: The nonce of its newest description.
        offline: Whether it is known by a description that was carried here, and has never asked by
            itself (S-AX-13).
    """

    __slots__ = ("devices", "host", "id", "installation", "nonce", "offline", "product")
    _FIELDS = (
        ("id", PLAIN),
        ("product", PLAIN),
        ("installation", PLAIN),
        ("devices", Table(PLAIN)),
        ("host", Maybe(Of(HostFacts))),
        ("nonce", PLAIN),
        ("offline", PLAIN),
    )
    _OMITTED = frozenset({"host", "offline"})
    id: str
    product: str
    installation: str
    devices: Mapping[str, int]
    host: HostFacts | None
    nonce: str
    offline: bool

    def __init__(
        self,
        *,
        id: str,
        product: str,
        installation: str,
        devices: Mapping[str, int],
        nonce: str,
        host: HostFacts | None = None,
        offline: bool = False,
    ) -> None:
        self._fill(id, product, installation, devices, host, nonce, offline)


@final
class VendorEstablished(Event):
    """The vendor was established, with the root keys that programs have compiled in.

    Attributes:
        vendor: The vendor's id, named in every document.
        roots: The root keys that may sign key rings.
        region: The region this ledger serves; without one, all.
        number_format: The form of registration numbers.
    """

    __slots__ = ("number_format", "region", "roots", "vendor")
    TAG = "vendor_established"
    SUMMARY = "The vendor was established, with the root keys that programs have compiled in."
    _FIELDS = (
        ("vendor", PLAIN),
        ("roots", Many(KEY)),
        ("region", Maybe(PLAIN)),
        ("number_format", Maybe(PLAIN)),
    )
    _OMITTED = frozenset({"region", "number_format"})
    vendor: str
    roots: tuple[PublicKey, ...]
    region: str | None
    number_format: str | None

    def __init__(
        self,
        *,
        vendor: str,
        roots: Iterable[PublicKey | str],
        region: str | None = None,
        number_format: str | None = None,
    ) -> None:
        self._fill(vendor, roots, region, number_format)


@final
class ProductDefined(Event):
    """A product was defined.

    Attributes:
        product: The product.
        definition: What it is and how it is named.
    """

    __slots__ = ("definition", "product")
    TAG = "product_defined"
    SUMMARY = "A product was defined."
    _FIELDS = (("product", PLAIN), ("definition", Of(Definition)))
    product: str
    definition: Definition

    def __init__(
        self,
        *,
        product: str,
        definition: Definition,
    ) -> None:
        self._fill(product, definition)


@final
class PolicyPublished(Event):
    """A policy version was published; it never changes.

    Attributes:
        product: The product.
        version: 1, 2, 3, …
        policy: The rules.
    """

    __slots__ = ("policy", "product", "version")
    TAG = "policy_published"
    SUMMARY = "A policy version was published; it never changes."
    _FIELDS = (("product", PLAIN), ("version", PLAIN), ("policy", _POLICY))
    product: str
    version: int
    policy: Policy

    def __init__(
        self,
        *,
        product: str,
        version: int,
        policy: Policy,
    ) -> None:
        self._fill(product, version, policy)


@final
class RevocationsPublished(Event):
    """A revocation list was published.

    Attributes:
        number: The number of the list, higher than any before.
        document: The list as signed.
    """

    __slots__ = ("document", "number")
    TAG = "revocations_published"
    SUMMARY = "A revocation list was published."
    _FIELDS = (("number", PLAIN), ("document", DOCUMENT))
    number: int
    document: str

    def __init__(
        self,
        *,
        number: int,
        document: bytes | str,
    ) -> None:
        self._fill(number, document)


@final
class KeyRingPublished(Event):
    """A key ring was published.

    Attributes:
        number: The number of the ring, higher than any before.
        document: The ring as signed by a root key.
    """

    __slots__ = ("document", "number")
    TAG = "key_ring_published"
    SUMMARY = "A key ring was published."
    _FIELDS = (("number", PLAIN), ("document", DOCUMENT))
    number: int
    document: str

    def __init__(
        self,
        *,
        number: int,
        document: bytes | str,
    ) -> None:
        self._fill(number, document)


@final
class WebhookSet(Event):
    """What a webhook is told from now on was set.

    Attributes:
        webhook: The webhook.
        kinds: The kinds of events; with none the webhook is gone.
    """

    __slots__ = ("kinds", "webhook")
    TAG = "webhook_set"
    SUMMARY = "What a webhook is told from now on was set."
    _FIELDS = (("webhook", PLAIN), ("kinds", Many(PLAIN)))
    webhook: str
    kinds: tuple[str, ...]

    def __init__(
        self,
        *,
        webhook: str,
        kinds: Iterable[str],
    ) -> None:
        self._fill(webhook, kinds)


@final
class CustomerRegistered(Event):
    """The customer was registered.

    Attributes:
        zone: Where its days begin.
        region: The region of the vendor's service it belongs to.
    """

    __slots__ = ("region", "zone")
    TAG = "registered"
    SUMMARY = "The customer was registered."
    _FIELDS = (("zone", ZONE), ("region", Maybe(PLAIN)))
    _OMITTED = frozenset({"region"})
    zone: ZoneInfo
    region: str | None

    def __init__(
        self,
        *,
        zone: ZoneInfo | str,
        region: str | None = None,
    ) -> None:
        self._fill(zone, region)


@final
class MemberAdded(Event):
    """A person became a member, or what it may do changed.

    Attributes:
        person: The person.
        role: What it may do; usually manage licences.
    """

    __slots__ = ("person", "role")
    TAG = "member_added"
    SUMMARY = "A person became a member, or what it may do changed."
    _FIELDS = (("person", PLAIN), ("role", OneWord(MemberRole)))
    person: str
    role: MemberRole

    def __init__(
        self,
        *,
        person: str,
        role: MemberRole = MemberRole.MANAGER,
    ) -> None:
        self._fill(person, role)


@final
class MemberRemoved(Event):
    """A person is no longer a member.

    Attributes:
        person: The person.
    """

    __slots__ = ("person",)
    TAG = "member_removed"
    SUMMARY = "A person is no longer a member."
    _FIELDS = (("person", PLAIN),)
    person: str

    def __init__(
        self,
        *,
        person: str,
    ) -> None:
        self._fill(person)


@final
class SystemRegistered(Event):
    """A system was registered.

    Attributes:
        system: The system.
        trial_end: First day after the trial that its registration began.
    """

    __slots__ = ("system", "trial_end")
    TAG = "system_registered"
    SUMMARY = "A system was registered."
    _FIELDS = (("system", Of(System)), ("trial_end", Maybe(DAY)))
    _OMITTED = frozenset({"trial_end"})
    system: System
    trial_end: date | None

    def __init__(
        self,
        *,
        system: System,
        trial_end: date | None = None,
    ) -> None:
        self._fill(system, trial_end)


@final
class SystemUpdated(Event):
    """A newer request described the system anew.

    Attributes:
        system: The system.
        trial_end: First day after the trial, when the system changed to a product not seen before.
    """

    __slots__ = ("system", "trial_end")
    TAG = "system_updated"
    SUMMARY = "A newer request described the system anew."
    _FIELDS = (("system", Of(System)), ("trial_end", Maybe(DAY)))
    _OMITTED = frozenset({"trial_end"})
    system: System
    trial_end: date | None

    def __init__(
        self,
        *,
        system: System,
        trial_end: date | None = None,
    ) -> None:
        self._fill(system, trial_end)


@final
class SystemReleased(Event):
    """A system was given up; its devices count no longer.

    Attributes:
        system: The system.
    """

    __slots__ = ("system",)
    TAG = "system_released"
    SUMMARY = "A system was given up; its devices count no longer."
    _FIELDS = (("system", PLAIN),)
    system: str

    def __init__(
        self,
        *,
        system: str,
    ) -> None:
        self._fill(system)


@final
class SubscriptionStarted(Event):
    """A subscription was started.

    Attributes:
        product: The product.
        policy_version: The version of the policy the agreement keeps.
        policy: The policy itself, so that this history can be read alone.
        start: Its days.
    """

    __slots__ = ("policy", "policy_version", "product", "start")
    TAG = "subscription_started"
    SUMMARY = "A subscription was started."
    _FIELDS = (
        ("product", PLAIN),
        ("policy_version", PLAIN),
        ("policy", Of(SubscriptionPolicy)),
        ("start", Of(Start)),
    )
    product: str
    policy_version: int
    policy: SubscriptionPolicy
    start: Start

    def __init__(
        self,
        *,
        product: str,
        policy_version: int,
        policy: SubscriptionPolicy,
        start: Start,
    ) -> None:
        self._fill(product, policy_version, policy, start)


@final
class KeyRedeemed(Event):
    """A licence key was redeemed; all it is worth went to the wallet.

    Attributes:
        product: The product.
        batch: The batch the key was issued in.
        key: Digest of the key.
        masked: The key with all but its tail masked.
        lots: What went to the wallet.
    """

    __slots__ = ("batch", "key", "lots", "masked", "product")
    TAG = "key_redeemed"
    SUMMARY = "A licence key was redeemed; all it is worth went to the wallet."
    _FIELDS = (
        ("product", PLAIN),
        ("batch", PLAIN),
        ("key", PLAIN),
        ("masked", PLAIN),
        ("lots", Many(Of(Lot))),
    )
    product: str
    batch: str
    key: str
    masked: str
    lots: tuple[Lot, ...]

    def __init__(
        self,
        *,
        product: str,
        batch: str,
        key: str,
        masked: str,
        lots: Iterable[Lot],
    ) -> None:
        self._fill(product, batch, key, masked, lots)


@final
class LicensesStocked(Event):
    """Licences went to the wallet without a key.

    Attributes:
        product: The product.
        lots: What went to the wallet.
    """

    __slots__ = ("lots", "product")
    TAG = "licenses_stocked"
    SUMMARY = "Licences went to the wallet without a key."
    _FIELDS = (("product", PLAIN), ("lots", Many(Of(Lot))))
    product: str
    lots: tuple[Lot, ...]

    def __init__(
        self,
        *,
        product: str,
        lots: Iterable[Lot],
    ) -> None:
        self._fill(product, lots)


@final
class LicensesVoided(Event):
    """Licences were taken out of circulation.

    Attributes:
        product: The product.
        debit: From which lot, and how many.
        correction: How.
        reason: Why.
    """

    __slots__ = ("correction", "debit", "product", "reason")
    TAG = "licenses_voided"
    SUMMARY = "Licences were taken out of circulation."
    _FIELDS = (
        ("product", PLAIN),
        ("debit", Of(Debit)),
        ("correction", OneWord(Correction)),
        ("reason", PLAIN),
    )
    product: str
    debit: Debit
    correction: Correction
    reason: str

    def __init__(
        self,
        *,
        product: str,
        debit: Debit,
        correction: Correction,
        reason: str,
    ) -> None:
        self._fill(product, debit, correction, reason)


@final
class PolicyAdopted(Event):
    """The agreement keeps a newer policy from its next period on.

    Attributes:
        product: The product.
        policy_version: The version.
        policy: The policy itself.
    """

    __slots__ = ("policy", "policy_version", "product")
    TAG = "policy_adopted"
    SUMMARY = "The agreement keeps a newer policy from its next period on."
    _FIELDS = (("product", PLAIN), ("policy_version", PLAIN), ("policy", Of(SubscriptionPolicy)))
    product: str
    policy_version: int
    policy: SubscriptionPolicy

    def __init__(
        self,
        *,
        product: str,
        policy_version: int,
        policy: SubscriptionPolicy,
    ) -> None:
        self._fill(product, policy_version, policy)


@final
class Allocated(Event):
    """Licences were allocated to one or more periods.

    Attributes:
        product: The product.
        allocation: 1, 2, 3, … within the agreement.
        ahead: Periods ahead of the one current then; 0 is the current one.
        period: The first period.
        periods: How many periods each licence covers, from that one on.
        lines: The licences.
    """

    __slots__ = ("ahead", "allocation", "lines", "period", "periods", "product")
    TAG = "allocated"
    SUMMARY = "Licences were allocated to one or more periods."
    _FIELDS = (
        ("product", PLAIN),
        ("allocation", PLAIN),
        ("ahead", PLAIN),
        ("period", Of(Period)),
        ("periods", PLAIN),
        ("lines", Many(Of(AllocationLine))),
    )
    product: str
    allocation: int
    ahead: int
    period: Period
    periods: int
    lines: tuple[AllocationLine, ...]

    def __init__(
        self,
        *,
        product: str,
        allocation: int,
        ahead: int,
        period: Period,
        periods: int,
        lines: Iterable[AllocationLine],
    ) -> None:
        self._fill(product, allocation, ahead, period, periods, lines)


@final
class Compensated(Event):
    """The overlap of a late allocation was credited.

    Attributes:
        product: The product.
        license_type: Type of licence.
        term: Term of the licences.
        quantity: Licences allocated late.
        overlap_days: Days of the period that had passed.
        period_days: Days of the whole period.
        lot: Licences that went back to the wallet, if any.
        carry: Ticks carried from now on.
    """

    __slots__ = (
        "carry",
        "license_type",
        "lot",
        "overlap_days",
        "period_days",
        "product",
        "quantity",
        "term",
    )
    TAG = "compensated"
    SUMMARY = "The overlap of a late allocation was credited."
    _FIELDS = (
        ("product", PLAIN),
        ("license_type", PLAIN),
        ("term", PLAIN),
        ("quantity", PLAIN),
        ("overlap_days", PLAIN),
        ("period_days", PLAIN),
        ("lot", Maybe(Of(Lot))),
        ("carry", PLAIN),
    )
    _OMITTED = frozenset({"lot"})
    product: str
    license_type: str
    term: int
    quantity: int
    overlap_days: int
    period_days: int
    lot: Lot | None
    carry: int

    def __init__(
        self,
        *,
        product: str,
        license_type: str,
        term: int,
        quantity: int,
        overlap_days: int,
        period_days: int,
        carry: int,
        lot: Lot | None = None,
    ) -> None:
        self._fill(product, license_type, term, quantity, overlap_days, period_days, lot, carry)


@final
class AllocationUndone(Event):
    """A mistaken allocation was undone, with what it had given back.

    Attributes:
        product: The product.
        allocation: The allocation.
        reason: Why.
    """

    __slots__ = ("allocation", "product", "reason")
    TAG = "allocation_undone"
    SUMMARY = "A mistaken allocation was undone, with what it had given back."
    _FIELDS = (("product", PLAIN), ("allocation", PLAIN), ("reason", PLAIN))
    product: str
    allocation: int
    reason: str

    def __init__(
        self,
        *,
        product: str,
        allocation: int,
        reason: str,
    ) -> None:
        self._fill(product, allocation, reason)


@final
class HardwareRegistered(Event):
    """Hardware was registered; what it was preloaded with is active for its life.

    Attributes:
        hardware: The hardware.
        product: The product.
        preloaded: Its licences by type.
    """

    __slots__ = ("hardware", "preloaded", "product")
    TAG = "hardware_registered"
    SUMMARY = "Hardware was registered; what it was preloaded with is active for its life."
    _FIELDS = (("hardware", PLAIN), ("product", PLAIN), ("preloaded", Table(PLAIN)))
    hardware: str
    product: str
    preloaded: Mapping[str, int]

    def __init__(
        self,
        *,
        hardware: str,
        product: str,
        preloaded: Mapping[str, int],
    ) -> None:
        self._fill(hardware, product, preloaded)


@final
class HardwareExpanded(Event):
    """Expansion licences were allocated to hardware, for its life.

    Attributes:
        hardware: The hardware.
        lines: The licences.
    """

    __slots__ = ("hardware", "lines")
    TAG = "hardware_expanded"
    SUMMARY = "Expansion licences were allocated to hardware, for its life."
    _FIELDS = (("hardware", PLAIN), ("lines", Many(Of(AllocationLine))))
    hardware: str
    lines: tuple[AllocationLine, ...]

    def __init__(
        self,
        *,
        hardware: str,
        lines: Iterable[AllocationLine],
    ) -> None:
        self._fill(hardware, lines)


@final
class HardwareUpgraded(Event):
    """Licences of hardware were upgraded to another type, for its life.

    Attributes:
        hardware: The hardware.
        from_: The type they were of.
        to: The type they are of, and the upgrades used.
    """

    __slots__ = ("from_", "hardware", "to")
    TAG = "hardware_upgraded"
    SUMMARY = "Licences of hardware were upgraded to another type, for its life."
    _FIELDS = (("hardware", PLAIN), ("from_", PLAIN), ("to", Of(AllocationLine)))
    hardware: str
    from_: str
    to: AllocationLine

    def __init__(
        self,
        *,
        hardware: str,
        from_: str,
        to: AllocationLine,
    ) -> None:
        self._fill(hardware, from_, to)


@final
class GrowthExceeded(Event):
    """Devices grew beyond what is free in the period; nothing is blocked.

    Attributes:
        product: The product.
        license_type: Type of licence.
        free: Devices that may run without further licences.
        devices: Devices there are.
        extra_now: Licences wanted now.
    """

    __slots__ = ("devices", "extra_now", "free", "license_type", "product")
    TAG = "growth_exceeded"
    SUMMARY = "Devices grew beyond what is free in the period; nothing is blocked."
    _FIELDS = (
        ("product", PLAIN),
        ("license_type", PLAIN),
        ("free", PLAIN),
        ("devices", PLAIN),
        ("extra_now", PLAIN),
    )
    product: str
    license_type: str
    free: int
    devices: int
    extra_now: int

    def __init__(
        self,
        *,
        product: str,
        license_type: str,
        free: int,
        devices: int,
        extra_now: int,
    ) -> None:
        self._fill(product, license_type, free, devices, extra_now)


@final
class NumberIssued(Event):
    """A registration number was given; older ones stay valid.

    Attributes:
        number: The number.
        issued_on: The day.
        recovered: Whether somebody asked for a forgotten one; until it is used, the next takes its
            place.
        registration: Under what the customer registered, with its first number.
    """

    __slots__ = ("issued_on", "number", "recovered", "registration")
    TAG = "number_issued"
    SUMMARY = "A registration number was given; older ones stay valid."
    _FIELDS = (
        ("number", Of(IssuedKey)),
        ("issued_on", DAY),
        ("recovered", PLAIN),
        ("registration", Maybe(Of(Registration))),
    )
    _OMITTED = frozenset({"recovered", "registration"})
    number: IssuedKey
    issued_on: date
    recovered: bool
    registration: Registration | None

    def __init__(
        self,
        *,
        number: IssuedKey,
        issued_on: date,
        recovered: bool = False,
        registration: Registration | None = None,
    ) -> None:
        self._fill(number, issued_on, recovered, registration)


@final
class NumberUsed(Event):
    """A number that was asked for as a forgotten one was used for the first time.

    Attributes:
        number: The number.
    """

    __slots__ = ("number",)
    TAG = "number_used"
    SUMMARY = "A number that was asked for as a forgotten one was used for the first time."
    _FIELDS = (("number", PLAIN),)
    number: str

    def __init__(
        self,
        *,
        number: str,
    ) -> None:
        self._fill(number)


@final
class NumberSuperseded(Event):
    """A number that nobody used is valid no longer: another one took its place.

    Attributes:
        number: The number.
    """

    __slots__ = ("number",)
    TAG = "number_superseded"
    SUMMARY = "A number that nobody used is valid no longer: another one took its place."
    _FIELDS = (("number", PLAIN),)
    number: str

    def __init__(
        self,
        *,
        number: str,
    ) -> None:
        self._fill(number)


@final
class MachineFreed(Event):
    """The customer no longer claims a machine from which it registered; its bindings stay.

    Attributes:
        facts: What told the machine and its installation from all others, hashed.
        reason: Why.
    """

    __slots__ = ("facts", "reason")
    TAG = "machine_freed"
    SUMMARY = "The customer no longer claims a machine from which it registered; its bindings stay."
    _FIELDS = (("facts", Many(PLAIN)), ("reason", PLAIN))
    facts: tuple[str, ...]
    reason: str

    def __init__(
        self,
        *,
        facts: Iterable[str],
        reason: str,
    ) -> None:
        self._fill(facts, reason)


@final
class HostPolicyKept(Event):
    """The agreement on licences for hosts keeps this policy from now on; the first begins it.

    Attributes:
        product: The product.
        policy_version: The version.
        policy: The policy itself, so that this history can be read alone.
    """

    __slots__ = ("policy", "policy_version", "product")
    TAG = "host_policy_kept"
    SUMMARY = (
        "The agreement on licences for hosts keeps this policy from now on; the first begins it."
    )
    _FIELDS = (("product", PLAIN), ("policy_version", PLAIN), ("policy", Of(HostBoundPolicy)))
    product: str
    policy_version: int
    policy: HostBoundPolicy

    def __init__(
        self,
        *,
        product: str,
        policy_version: int,
        policy: HostBoundPolicy,
    ) -> None:
        self._fill(product, policy_version, policy)


@final
class CouponRedeemed(Event):
    """A coupon was redeemed; hosts may be bound to what it is worth.

    Attributes:
        product: The product.
        batch: The batch the coupon was issued in.
        key: Digest of the coupon.
        masked: The coupon with all but its tail masked.
        lots: What it is worth.
    """

    __slots__ = ("batch", "key", "lots", "masked", "product")
    TAG = "coupon_redeemed"
    SUMMARY = "A coupon was redeemed; hosts may be bound to what it is worth."
    _FIELDS = (
        ("product", PLAIN),
        ("batch", PLAIN),
        ("key", PLAIN),
        ("masked", PLAIN),
        ("lots", Many(Of(HostLot))),
    )
    product: str
    batch: str
    key: str
    masked: str
    lots: tuple[HostLot, ...]

    def __init__(
        self,
        *,
        product: str,
        batch: str,
        key: str,
        masked: str,
        lots: Iterable[HostLot],
    ) -> None:
        self._fill(product, batch, key, masked, lots)


@final
class HostLicensesStocked(Event):
    """Licences for hosts came without a coupon.

    Attributes:
        product: The product.
        lots: The licences.
    """

    __slots__ = ("lots", "product")
    TAG = "host_licenses_stocked"
    SUMMARY = "Licences for hosts came without a coupon."
    _FIELDS = (("product", PLAIN), ("lots", Many(Of(HostLot))))
    product: str
    lots: tuple[HostLot, ...]

    def __init__(
        self,
        *,
        product: str,
        lots: Iterable[HostLot],
    ) -> None:
        self._fill(product, lots)


@final
class TrialStarted(Event):
    """The trial of a product began; there is no second one.

    Attributes:
        product: The product.
        end: First day after it.
    """

    __slots__ = ("end", "product")
    TAG = "trial_started"
    SUMMARY = "The trial of a product began; there is no second one."
    _FIELDS = (("product", PLAIN), ("end", DAY))
    product: str
    end: date

    def __init__(
        self,
        *,
        product: str,
        end: date,
    ) -> None:
        self._fill(product, end)


@final
class HostBound(Event):
    """A host was bound to a licence.

    Attributes:
        product: The product.
        binding: The host.
    """

    __slots__ = ("binding", "product")
    TAG = "host_bound"
    SUMMARY = "A host was bound to a licence."
    _FIELDS = (("product", PLAIN), ("binding", Of(Binding)))
    product: str
    binding: Binding

    def __init__(
        self,
        *,
        product: str,
        binding: Binding,
    ) -> None:
        self._fill(product, binding)


@final
class HostDescribed(Event):
    """A bound host has another installation, or its facts were enrolled anew.

    Attributes:
        product: The product.
        binding: The host as it is now.
        enrolled_on: The day, where what is asked of the host changed: it counts against the
            customer's budget.
    """

    __slots__ = ("binding", "enrolled_on", "product")
    TAG = "host_described"
    SUMMARY = "A bound host has another installation, or its facts were enrolled anew."
    _FIELDS = (("product", PLAIN), ("binding", Of(Binding)), ("enrolled_on", Maybe(DAY)))
    _OMITTED = frozenset({"enrolled_on"})
    product: str
    binding: Binding
    enrolled_on: date | None

    def __init__(
        self,
        *,
        product: str,
        binding: Binding,
        enrolled_on: date | None = None,
    ) -> None:
        self._fill(product, binding, enrolled_on)


@final
class HostsGrouped(Event):
    """Hosts may share a licence from now on, or with 0 hosts no longer.

    Attributes:
        product: The product.
        group: The group.
        hosts: How many hosts it may have.
    """

    __slots__ = ("group", "hosts", "product")
    TAG = "hosts_grouped"
    SUMMARY = "Hosts may share a licence from now on, or with 0 hosts no longer."
    _FIELDS = (("product", PLAIN), ("group", PLAIN), ("hosts", PLAIN))
    product: str
    group: str
    hosts: int

    def __init__(
        self,
        *,
        product: str,
        group: str,
        hosts: int,
    ) -> None:
        self._fill(product, group, hosts)


@final
class HostFreed(Event):
    """A host was freed: its licence may be bound to another.

    Attributes:
        product: The product.
        binding: The binding.
        by: Who freed it.
        on: The day.
        reason: Why.
    """

    __slots__ = ("binding", "by", "on", "product", "reason")
    TAG = "host_freed"
    SUMMARY = "A host was freed: its licence may be bound to another."
    _FIELDS = (
        ("product", PLAIN),
        ("binding", PLAIN),
        ("by", OneWord(FreedBy)),
        ("on", DAY),
        ("reason", PLAIN),
    )
    product: str
    binding: int
    by: FreedBy
    on: date
    reason: str

    def __init__(
        self,
        *,
        product: str,
        binding: int,
        by: FreedBy,
        on: date,
        reason: str,
    ) -> None:
        self._fill(product, binding, by, on, reason)


@final
class HostLicenseIssued(Event):
    """A licence was signed for a bound host.

    Attributes:
        product: The product.
        binding: The binding.
        serial: 1, 2, 3, … within the customer.
        nonce: The nonce of the request it answers.
    """

    __slots__ = ("binding", "nonce", "product", "serial")
    TAG = "host_license_issued"
    SUMMARY = "A licence was signed for a bound host."
    _FIELDS = (("product", PLAIN), ("binding", PLAIN), ("serial", PLAIN), ("nonce", PLAIN))
    product: str
    binding: int
    serial: int
    nonce: str

    def __init__(
        self,
        *,
        product: str,
        binding: int,
        serial: int,
        nonce: str,
    ) -> None:
        self._fill(product, binding, serial, nonce)


@final
class LicenseIssued(Event):
    """A licence was signed for a system.

    Attributes:
        system: The system.
        serial: 1, 2, 3, … within the customer.
        nonce: The nonce of the request it answers.
    """

    __slots__ = ("nonce", "serial", "system")
    TAG = "license_issued"
    SUMMARY = "A licence was signed for a system."
    _FIELDS = (("system", PLAIN), ("serial", PLAIN), ("nonce", PLAIN))
    system: str
    serial: int
    nonce: str

    def __init__(
        self,
        *,
        system: str,
        serial: int,
        nonce: str,
    ) -> None:
        self._fill(system, serial, nonce)


@final
class DeviceRegistered(Event):
    """A device was registered.

    Attributes:
        device: The device.
        entry: What is known of it.
    """

    __slots__ = ("device", "entry")
    TAG = "device_registered"
    SUMMARY = "A device was registered."
    _FIELDS = (("device", PLAIN), ("entry", Of(Device)))
    device: str
    entry: Device

    def __init__(
        self,
        *,
        device: str,
        entry: Device,
    ) -> None:
        self._fill(device, entry)


@final
class DeviceReported(Event):
    """A device is in another state.

    Attributes:
        device: The device.
        state: The state.
        problem: What is wrong, when it is in error.
    """

    __slots__ = ("device", "problem", "state")
    TAG = "device_reported"
    SUMMARY = "A device is in another state."
    _FIELDS = (
        ("device", PLAIN),
        ("state", OneWord(DeviceState)),
        ("problem", Maybe(OneWord(DeviceProblem))),
    )
    _OMITTED = frozenset({"problem"})
    device: str
    state: DeviceState
    problem: DeviceProblem | None

    def __init__(
        self,
        *,
        device: str,
        state: DeviceState,
        problem: DeviceProblem | None = None,
    ) -> None:
        self._fill(device, state, problem)


@final
class DeviceEdited(Event):
    """What is told of a device changed.

    Attributes:
        device: The device.
        description: What is told of it now.
    """

    __slots__ = ("description", "device")
    TAG = "device_edited"
    SUMMARY = "What is told of a device changed."
    _FIELDS = (("device", PLAIN), ("description", Of(DeviceDescription)))
    device: str
    description: DeviceDescription

    def __init__(
        self,
        *,
        device: str,
        description: DeviceDescription,
    ) -> None:
        self._fill(device, description)


@final
class DeviceRebootOrdered(Event):
    """The restart of a device was ordered.

    Attributes:
        device: The device.
    """

    __slots__ = ("device",)
    TAG = "device_reboot_ordered"
    SUMMARY = "The restart of a device was ordered."
    _FIELDS = (("device", PLAIN),)
    device: str

    def __init__(
        self,
        *,
        device: str,
    ) -> None:
        self._fill(device)


@final
class DevicesInspected(Event):
    """Somebody looked at the devices."""

    __slots__ = ()
    TAG = "devices_inspected"
    SUMMARY = "Somebody looked at the devices."


@final
class DevicePolicyKept(Event):
    """The agreement on licences for devices keeps this policy from now on; the first begins it.

    Attributes:
        product: The product.
        policy_version: The version.
        policy: The policy itself, so that this history can be read alone.
    """

    __slots__ = ("policy", "policy_version", "product")
    TAG = "device_policy_kept"
    SUMMARY = (
        "The agreement on licences for devices keeps this policy from now on; the first begins it."
    )
    _FIELDS = (("product", PLAIN), ("policy_version", PLAIN), ("policy", Of(DeviceAssignedPolicy)))
    product: str
    policy_version: int
    policy: DeviceAssignedPolicy

    def __init__(
        self,
        *,
        product: str,
        policy_version: int,
        policy: DeviceAssignedPolicy,
    ) -> None:
        self._fill(product, policy_version, policy)


@final
class DeviceLicensesStocked(Event):
    """Licences for devices came.

    Attributes:
        product: The product.
        lots: The licences.
        key: The key that was redeemed for them, if one.
    """

    __slots__ = ("key", "lots", "product")
    TAG = "device_licenses_stocked"
    SUMMARY = "Licences for devices came."
    _FIELDS = (("product", PLAIN), ("lots", Many(Of(DeviceLot))), ("key", Maybe(Of(RedeemedKey))))
    _OMITTED = frozenset({"key"})
    product: str
    lots: tuple[DeviceLot, ...]
    key: RedeemedKey | None

    def __init__(
        self,
        *,
        product: str,
        lots: Iterable[DeviceLot],
        key: RedeemedKey | None = None,
    ) -> None:
        self._fill(product, lots, key)


@final
class LicensesAssigned(Event):
    """Licences were assigned to devices, or taken off them.

    Attributes:
        product: The product.
        changes: Each licence with its device.
        automatic: Whether it came about by itself.
    """

    __slots__ = ("automatic", "changes", "product")
    TAG = "licenses_assigned"
    SUMMARY = "Licences were assigned to devices, or taken off them."
    _FIELDS = (("product", PLAIN), ("changes", Many(Of(Assignment))), ("automatic", PLAIN))
    product: str
    changes: tuple[Assignment, ...]
    automatic: bool

    def __init__(
        self,
        *,
        product: str,
        changes: Iterable[Assignment],
        automatic: bool,
    ) -> None:
        self._fill(product, changes, automatic)


@final
class AccountOpened(Event):
    """An account was opened.

    Attributes:
        account: The account.
        policy_version: The version of the policy the account keeps.
        policy: The policy itself, so that this history can be read alone.
        term: The term.
    """

    __slots__ = ("account", "policy", "policy_version", "term")
    TAG = "account_opened"
    SUMMARY = "An account was opened."
    _FIELDS = (
        ("account", Of(Account)),
        ("policy_version", PLAIN),
        ("policy", Of(AccountTermPolicy)),
        ("term", PLAIN),
    )
    account: Account
    policy_version: int
    policy: AccountTermPolicy
    term: int

    def __init__(
        self,
        *,
        account: Account,
        policy_version: int,
        policy: AccountTermPolicy,
        term: int,
    ) -> None:
        self._fill(account, policy_version, policy, term)


@final
class AccountChanged(Event):
    """What is known of the account changed.

    Attributes:
        account: The account as it is now.
    """

    __slots__ = ("account",)
    TAG = "account_changed"
    SUMMARY = "What is known of the account changed."
    _FIELDS = (("account", Of(Account)),)
    account: Account

    def __init__(
        self,
        *,
        account: Account,
    ) -> None:
        self._fill(account)


@final
class AccountBecame(Event):
    """The account is in another state.

    Attributes:
        state: The state.
    """

    __slots__ = ("state",)
    TAG = "account_became"
    SUMMARY = "The account is in another state."
    _FIELDS = (("state", OneWord(AccountState)),)
    state: AccountState

    def __init__(
        self,
        *,
        state: AccountState,
    ) -> None:
        self._fill(state)


@final
class DealerSet(Event):
    """The customer chose a dealer, or none.

    Attributes:
        dealer: The dealer.
    """

    __slots__ = ("dealer",)
    TAG = "dealer_set"
    SUMMARY = "The customer chose a dealer, or none."
    _FIELDS = (("dealer", Maybe(PLAIN)),)
    _OMITTED = frozenset({"dealer"})
    dealer: str | None

    def __init__(
        self,
        *,
        dealer: str | None = None,
    ) -> None:
        self._fill(dealer)


@final
class ChannelSet(Event):
    """It was set where the customer buys.

    Attributes:
        channel: Where.
    """

    __slots__ = ("channel",)
    TAG = "channel_set"
    SUMMARY = "It was set where the customer buys."
    _FIELDS = (("channel", OneWord(Channel)),)
    channel: Channel

    def __init__(
        self,
        *,
        channel: Channel,
    ) -> None:
        self._fill(channel)


@final
class ShopLinked(Event):
    """The customer was linked to its account at the vendor's shop.

    Attributes:
        account: The account there.
    """

    __slots__ = ("account",)
    TAG = "shop_linked"
    SUMMARY = "The customer was linked to its account at the vendor's shop."
    _FIELDS = (("account", PLAIN),)
    account: str

    def __init__(
        self,
        *,
        account: str,
    ) -> None:
        self._fill(account)


@final
class TermStarted(Event):
    """The term of the account began.

    With the first device that worked, or anew when it was renewed after its end.

    Attributes:
        product: The product.
        on: Its first day.
    """

    __slots__ = ("on", "product")
    TAG = "term_started"
    SUMMARY = (
        "The term of the account began: with the first device that worked, or anew when it was "
        "renewed after its end."
    )
    _FIELDS = (("product", PLAIN), ("on", DAY))
    product: str
    on: date

    def __init__(
        self,
        *,
        product: str,
        on: date,
    ) -> None:
        self._fill(product, on)


@final
class TermSet(Event):
    """Another term was chosen.

    Attributes:
        product: The product.
        term: The term.
        month: Months from the beginning until it holds.
        from_: Its first day; none where no period runs: it holds from the next beginning on.
    """

    __slots__ = ("from_", "month", "product", "term")
    TAG = "term_set"
    SUMMARY = "Another term was chosen."
    _FIELDS = (("product", PLAIN), ("term", PLAIN), ("month", PLAIN), ("from_", Maybe(DAY)))
    _OMITTED = frozenset({"from_"})
    product: str
    term: int
    month: int
    from_: date | None

    def __init__(
        self,
        *,
        product: str,
        term: int,
        month: int,
        from_: date | None = None,
    ) -> None:
        self._fill(product, term, month, from_)


@final
class TermRenewed(Event):
    """One more term was paid for.

    Attributes:
        product: The product.
        month: Months from the beginning that are paid for.
        until: First day that is not.
    """

    __slots__ = ("month", "product", "until")
    TAG = "term_renewed"
    SUMMARY = "One more term was paid for."
    _FIELDS = (("product", PLAIN), ("month", PLAIN), ("until", DAY))
    product: str
    month: int
    until: date

    def __init__(
        self,
        *,
        product: str,
        month: int,
        until: date,
    ) -> None:
        self._fill(product, month, until)


@final
class BillingStarted(Event):
    """A device is billed from this day on.

    Attributes:
        product: The product.
        device: The device.
        license_type: Type of licence.
        units: As how many devices it counts.
        plan: The plan.
        on: The day.
    """

    __slots__ = ("device", "license_type", "on", "plan", "product", "units")
    TAG = "billing_started"
    SUMMARY = "A device is billed from this day on."
    _FIELDS = (
        ("product", PLAIN),
        ("device", PLAIN),
        ("license_type", PLAIN),
        ("units", PLAIN),
        ("plan", Maybe(PLAIN)),
        ("on", DAY),
    )
    _OMITTED = frozenset({"plan"})
    product: str
    device: str
    license_type: str
    units: int
    plan: str | None
    on: date

    def __init__(
        self,
        *,
        product: str,
        device: str,
        license_type: str,
        units: int,
        on: date,
        plan: str | None = None,
    ) -> None:
        self._fill(product, device, license_type, units, plan, on)


@final
class BillingEnded(Event):
    """A device is billed no more after this day.

    Attributes:
        product: The product.
        device: The device.
        on: The day.
    """

    __slots__ = ("device", "on", "product")
    TAG = "billing_ended"
    SUMMARY = "A device is billed no more after this day."
    _FIELDS = (("product", PLAIN), ("device", PLAIN), ("on", DAY))
    product: str
    device: str
    on: date

    def __init__(
        self,
        *,
        product: str,
        device: str,
        on: date,
    ) -> None:
        self._fill(product, device, on)


@final
class BillingMoved(Event):
    """Another device is billed in the place of one.

    Attributes:
        product: The product.
        device: The device it replaces.
        to: The new device.
        on: The day.
    """

    __slots__ = ("device", "on", "product", "to")
    TAG = "billing_moved"
    SUMMARY = "Another device is billed in the place of one."
    _FIELDS = (("product", PLAIN), ("device", PLAIN), ("to", PLAIN), ("on", DAY))
    product: str
    device: str
    to: str
    on: date

    def __init__(
        self,
        *,
        product: str,
        device: str,
        to: str,
        on: date,
    ) -> None:
        self._fill(product, device, to, on)


@final
class PlanChanged(Event):
    """A device has another plan from this day on.

    Attributes:
        product: The product.
        device: The device.
        plan: The plan.
        on: The day.
    """

    __slots__ = ("device", "on", "plan", "product")
    TAG = "plan_changed"
    SUMMARY = "A device has another plan from this day on."
    _FIELDS = (("product", PLAIN), ("device", PLAIN), ("plan", PLAIN), ("on", DAY))
    product: str
    device: str
    plan: str
    on: date

    def __init__(
        self,
        *,
        product: str,
        device: str,
        plan: str,
        on: date,
    ) -> None:
        self._fill(product, device, plan, on)


@final
class KeysIssued(Event):
    """Licence keys were issued, each worth the same.

    Attributes:
        product: The product they are for.
        contents: What each is worth.
        keys: The keys.
    """

    __slots__ = ("contents", "keys", "product")
    TAG = "keys_issued"
    SUMMARY = "Licence keys were issued, each worth the same."
    _FIELDS = (
        ("product", PLAIN),
        ("contents", Many(Of(KeyContents))),
        ("keys", Many(Of(IssuedKey))),
    )
    product: str
    contents: tuple[KeyContents, ...]
    keys: tuple[IssuedKey, ...]

    def __init__(
        self,
        *,
        product: str,
        contents: Iterable[KeyContents],
        keys: Iterable[IssuedKey],
    ) -> None:
        self._fill(product, contents, keys)


@final
class KeyVoided(Event):
    """A key that nobody had redeemed was voided.

    Attributes:
        digest: Digest of the key.
        masked: The key with all but its tail masked.
        reason: Why.
    """

    __slots__ = ("digest", "masked", "reason")
    TAG = "key_voided"
    SUMMARY = "A key that nobody had redeemed was voided."
    _FIELDS = (("digest", PLAIN), ("masked", PLAIN), ("reason", PLAIN))
    digest: str
    masked: str
    reason: str

    def __init__(
        self,
        *,
        digest: str,
        masked: str,
        reason: str,
    ) -> None:
        self._fill(digest, masked, reason)


@final
class Added(Event):
    """The person was added.

    Attributes:
        email: The address for mail, where a customer is registered under it.
        sign_in: How the person signs in; none for one who does not.
        of: Whose user the person came as, where it signs in: nobody else's users change its record.
    """

    __slots__ = ("email", "of", "sign_in")
    TAG = "added"
    SUMMARY = "The person was added."
    _FIELDS = (("email", Maybe(PLAIN)), ("sign_in", Maybe(Of(SignIn))), ("of", Maybe(PLAIN)))
    _OMITTED = frozenset({"email", "sign_in", "of"})
    email: str | None
    sign_in: SignIn | None
    of: str | None

    def __init__(
        self,
        *,
        email: str | None = None,
        sign_in: SignIn | None = None,
        of: str | None = None,
    ) -> None:
        self._fill(email, sign_in, of)


@final
class ActivationSent(Event):
    """The mail by which the person is activated was left to be sent."""

    __slots__ = ()
    TAG = "activation_sent"
    SUMMARY = "The mail by which the person is activated was left to be sent."


@final
class Activated(Event):
    """The person was activated."""

    __slots__ = ()
    TAG = "activated"
    SUMMARY = "The person was activated."


@final
class Edited(Event):
    """Name, address or the way of signing in changed.

    Attributes:
        sign_in: How the person signs in now; as before when absent.
    """

    __slots__ = ("sign_in",)
    TAG = "edited"
    SUMMARY = "Name, address or the way of signing in changed."
    _FIELDS = (("sign_in", Maybe(Of(SignIn))),)
    _OMITTED = frozenset({"sign_in"})
    sign_in: SignIn | None

    def __init__(
        self,
        *,
        sign_in: SignIn | None = None,
    ) -> None:
        self._fill(sign_in)


@final
class Erased(Event):
    """Name and address were erased."""

    __slots__ = ()
    TAG = "erased"
    SUMMARY = "Name and address were erased."


@final
class PartnerRegistered(Event):
    """The vendor registered the partner.

    Attributes:
        code: Its code.
        contact: The record with its name and e-mail.
    """

    __slots__ = ("code", "contact")
    TAG = "registered"
    SUMMARY = "The vendor registered the partner."
    _FIELDS = (("code", PLAIN), ("contact", PLAIN))
    code: str
    contact: str

    def __init__(
        self,
        *,
        code: str,
        contact: str,
    ) -> None:
        self._fill(code, contact)


@final
class UserAdded(Event):
    """A person became a user of the partner, or what it may do changed.

    Attributes:
        person: The person.
        administrator: Whether it is an administrator.
    """

    __slots__ = ("administrator", "person")
    TAG = "user_added"
    SUMMARY = "A person became a user of the partner, or what it may do changed."
    _FIELDS = (("person", PLAIN), ("administrator", PLAIN))
    person: str
    administrator: bool

    def __init__(
        self,
        *,
        person: str,
        administrator: bool,
    ) -> None:
        self._fill(person, administrator)


@final
class UserRemoved(Event):
    """A person is no longer a user of the partner.

    Attributes:
        person: The person.
    """

    __slots__ = ("person",)
    TAG = "user_removed"
    SUMMARY = "A person is no longer a user of the partner."
    _FIELDS = (("person", PLAIN),)
    person: str

    def __init__(
        self,
        *,
        person: str,
    ) -> None:
        self._fill(person)


@final
class Stocked(Event):
    """Licences came into the stock.

    Attributes:
        product: The product.
        contents: The licences.
    """

    __slots__ = ("contents", "product")
    TAG = "stocked"
    SUMMARY = "Licences came into the stock."
    _FIELDS = (("product", PLAIN), ("contents", Many(Of(KeyContents))))
    product: str
    contents: tuple[KeyContents, ...]

    def __init__(
        self,
        *,
        product: str,
        contents: Iterable[KeyContents],
    ) -> None:
        self._fill(product, contents)


@final
class Given(Event):
    """Licences were given to a customer.

    Attributes:
        customer: The customer.
        product: The product.
        contents: The licences.
    """

    __slots__ = ("contents", "customer", "product")
    TAG = "given"
    SUMMARY = "Licences were given to a customer."
    _FIELDS = (("customer", PLAIN), ("product", PLAIN), ("contents", Many(Of(KeyContents))))
    customer: str
    product: str
    contents: tuple[KeyContents, ...]

    def __init__(
        self,
        *,
        customer: str,
        product: str,
        contents: Iterable[KeyContents],
    ) -> None:
        self._fill(customer, product, contents)
