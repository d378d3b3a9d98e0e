"""What commands and queries are made of.

Written by ``xtask python`` from the schemas of the engine.
"""

from __future__ import annotations

from mlicense._shapes import (
    DAY,
    EMPTY,
    INSTANT,
    PLAIN,
    PRIVATE,
    ZONE,
    Choice,
    Many,
    Maybe,
    Of,
    OneWord,
    Table,
    Word,
)
from mlicense._tagged import Tagged, nest
from mlicense._typing import final
from mlicense._value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime
    from typing import TypeAlias
    from zoneinfo import ZoneInfo

__all__ = [
    "AccountChanges",
    "AccountDraft",
    "AccountState",
    "AccountTermPolicy",
    "Actor",
    "AddressPage",
    "Assignment",
    "Budget",
    "Channel",
    "ClientPage",
    "CompensationOrigin",
    "CompensationStep",
    "CreditedStorage",
    "Definition",
    "DeviceAssignedPolicy",
    "DeviceDescription",
    "DeviceProblem",
    "DeviceState",
    "EmailChoice",
    "EventPlace",
    "HostBoundPolicy",
    "IdentityProvider",
    "KeyContents",
    "Language",
    "LicenseDuration",
    "LotKind",
    "MemberRole",
    "PersonFields",
    "Place",
    "Plan",
    "PlanPrice",
    "Policy",
    "ProrataBasis",
    "Provisioning",
    "Role",
    "Session",
    "SessionKind",
    "StockSource",
    "StoredLot",
    "SubscriptionPolicy",
    "UserChanges",
    "UserFields",
    "WhereToBuy",
    "Who",
]


@final
class ClientPage(Value):
    """Who the customer is.

    Attributes:
        name: The name.
        country: Where the customer is; it decides the data centre.
        zone: Where its days begin.
        reference: What the customer wants to see on invoices; may be left out. It goes into the
            history: no names of people.
        term: The term, in months; the usual one of the policy when left out.
    """

    __slots__ = ("country", "name", "reference", "term", "zone")
    _FIELDS = (
        ("name", Maybe(PRIVATE)),
        ("country", Maybe(PLAIN)),
        ("zone", Maybe(ZONE)),
        ("reference", Maybe(PRIVATE)),
        ("term", Maybe(PLAIN)),
    )
    _OMITTED = frozenset({"name", "country", "zone", "reference", "term"})
    name: str | None
    country: str | None
    zone: ZoneInfo | None
    reference: str | None
    term: int | None

    def __init__(
        self,
        *,
        name: str | None = None,
        country: str | None = None,
        zone: ZoneInfo | str | None = None,
        reference: str | None = None,
        term: int | None = None,
    ) -> None:
        self._fill(name, country, zone, reference, term)


@final
class AddressPage(Value):
    """The address of a customer.

    Its country is that of the first page and cannot be given here (S-ST-07).

    Attributes:
        street: Street and number.
        city: City.
        postal_code: Postal code; may be left out.
        phone: A telephone number; may be left out.
        email: An address for mail.
    """

    __slots__ = ("city", "email", "phone", "postal_code", "street")
    _FIELDS = (
        ("street", Maybe(PRIVATE)),
        ("city", Maybe(PRIVATE)),
        ("postal_code", Maybe(PRIVATE)),
        ("phone", Maybe(PRIVATE)),
        ("email", Maybe(PRIVATE)),
    )
    _OMITTED = frozenset({"street", "city", "postal_code", "phone", "email"})
    street: str | None
    city: str | None
    postal_code: str | None
    phone: str | None
    email: str | None

    def __init__(
        self,
        *,
        street: str | None = None,
        city: str | None = None,
        postal_code: str | None = None,
        phone: str | None = None,
        email: str | None = None,
    ) -> None:
        self._fill(street, city, postal_code, phone, email)


@final
class AccountChanges(Value):
    """What changes of an account; what is absent stays as it is.

    Attributes:
        client: The first page. Zone and term are not changed here.
        address: The second page.
    """

    __slots__ = ("address", "client")
    _FIELDS = (("client", Maybe(Of(ClientPage))), ("address", Maybe(Of(AddressPage))))
    _OMITTED = frozenset({"client", "address"})
    client: ClientPage | None
    address: AddressPage | None

    def __init__(
        self,
        *,
        client: ClientPage | None = None,
        address: AddressPage | None = None,
    ) -> None:
        self._fill(client, address)


class Language(Word):
    """A language of texts. JSON form: ``en``, ``ru``, ``ja``, ``fr``."""

    EN = "en"
    """English."""
    RU = "ru"
    """Russian."""
    JA = "ja"
    """Japanese."""
    FR = "fr"
    """French."""


class _EmailChoiceNames:
    __slots__ = ()
    if TYPE_CHECKING:
        SameAsUsername: TypeAlias = "_EmailChoiceSameAsUsername"
        Own: TypeAlias = "_EmailChoiceOwn"


class EmailChoice(Tagged, _EmailChoiceNames):
    """Where mail to a user goes.

    In JSON ``"same_as_username"``, or ``{"own": "ann@example.org"}``.
    """

    __slots__ = ()


@final
class _EmailChoiceSameAsUsername(EmailChoice):
    """To the username, whatever it is (S-ST-22, S-ST-23)."""

    __slots__ = ()
    TAG = "same_as_username"
    _BARE = True


@final
class _EmailChoiceOwn(EmailChoice):
    """To an address of its own.

    Attributes:
        own: The text.
    """

    __slots__ = ("own",)
    TAG = "own"
    _ALONE = PRIVATE
    _FIELDS = (("own", _ALONE),)
    own: str

    def __init__(self, own: str) -> None:
        self._fill(own)


nest(EmailChoice)


@final
class UserFields(Value):
    """Who is to become a user: the page of an administrator, filled in as far as it is.

    Attributes:
        name: The name.
        phone: A telephone number; may be left out.
        language: The language of texts; usually English.
        provider: Who says who the user is when signing in.
        username: The name by which the user signs in.
        email: Where mail goes; usually to the username.
    """

    __slots__ = ("email", "language", "name", "phone", "provider", "username")
    _FIELDS = (
        ("name", Maybe(PRIVATE)),
        ("phone", Maybe(PRIVATE)),
        ("language", Maybe(OneWord(Language))),
        ("provider", Maybe(PLAIN)),
        ("username", Maybe(PRIVATE)),
        ("email", Of(EmailChoice)),
    )
    _OMITTED = frozenset({"name", "phone", "language", "provider", "username"})
    name: str | None
    phone: str | None
    language: Language | None
    provider: str | None
    username: str | None
    email: EmailChoice

    def __init__(
        self,
        *,
        name: str | None = None,
        phone: str | None = None,
        language: Language | None = None,
        provider: str | None = None,
        username: str | None = None,
        email: EmailChoice = _EmailChoiceSameAsUsername(),
    ) -> None:
        self._fill(name, phone, language, provider, username, email)


@final
class AccountDraft(Value):
    """The pages from which an account is created, each filled in as far as it is.

    A value and nothing more: going on or back loses nothing, and leaving it changes nothing
    (S-ST-04, S-ST-26).

    Attributes:
        client: The first page: the customer.
        address: The second page: the address, in the country of the first.
        administrator: The third page: the administrator.
    """

    __slots__ = ("address", "administrator", "client")
    _FIELDS = (
        ("client", Of(ClientPage)),
        ("address", Of(AddressPage)),
        ("administrator", Of(UserFields)),
    )
    client: ClientPage
    address: AddressPage
    administrator: UserFields

    def __init__(
        self,
        *,
        client: ClientPage = ClientPage(),
        address: AddressPage = AddressPage(),
        administrator: UserFields = UserFields(),
    ) -> None:
        self._fill(client, address, administrator)


class AccountState(Word):
    """What an account is doing."""

    CREATING = "creating"
    """It is being set up."""
    ACTIVE = "active"
    """It can be used."""
    UPDATING = "updating"
    """A change is being carried out."""
    SUSPENDED = "suspended"
    """Its users cannot sign in; use and billing go on (S-ST-31, S-ST-32)."""
    DELETING = "deleting"
    """It is being deleted."""
    DELETED = "deleted"
    """It is gone."""


class ProrataBasis(Word):
    """How many days a year has in pro-rata amounts.

    A term that is no whole number of years always has as many days as its period has.
    """

    FIXED365 = "fixed365"
    """Always 365."""
    ACTUAL = "actual"
    """As many as the period has."""


@final
class PlanPrice(Value):
    """The price of a term.

    Attributes:
        term: The term, in months.
        amount: The price in minor units, such as cents, 0 to ``PlanPrice::AMOUNT_MAX``.
    """

    __slots__ = ("amount", "term")
    _FIELDS = (("term", PLAIN), ("amount", PLAIN))
    term: int
    amount: int

    def __init__(
        self,
        *,
        term: int,
        amount: int,
    ) -> None:
        self._fill(term, amount)


@final
class Plan(Value):
    """What a plan costs.

    Attributes:
        prices: The price of one device, or of one channel of an encoder, for each term on offer.
    """

    __slots__ = ("prices",)
    _FIELDS = (("prices", Many(Of(PlanPrice))),)
    prices: tuple[PlanPrice, ...]

    def __init__(
        self,
        *,
        prices: Iterable[PlanPrice],
    ) -> None:
        self._fill(prices)


@final
class IdentityProvider(Value):
    """Who says who somebody is when signing in.

    Attributes:
        organizational: Whether it is of the customer's own organisation: its users are active at
            once and get no activation mail (S-ST-57).
    """

    __slots__ = ("organizational",)
    _FIELDS = (("organizational", PLAIN),)
    organizational: bool

    def __init__(
        self,
        *,
        organizational: bool = False,
    ) -> None:
        self._fill(organizational)


class Provisioning(Word):
    """Whether the vendor's program has to acknowledge what was done to an account."""

    ACKNOWLEDGED = "acknowledged"
    """It has to."""
    IMMEDIATE = "immediate"
    """It is so at once."""


@final
class AccountTermPolicy(Value):
    """Settings of an account and of its billed terms.

    In JSON every member may be left out and then has its usual value.

    Attributes:
        terms: Terms on offer, in months; the first is the usual one. Usually 12 and 1.
        prorata_basis: How many days a year has in pro-rata amounts. Usually 365.
        automatic_renewal: Whether a term renews by itself. Usually so.
        device_limit: The most devices of an account; without it any number.
        plans: The plans devices are billed by; none where nothing is billed.
        invoice_day: The day of the month of invoices, 1 to 28; on a weekend the closest day that is
            none. Usually 15.
        data_centers: Which data centre serves which country (S-ST-06); without any, every country
            is served.
        identity_providers: Who may say who somebody is when signing in (S-ST-18); without any,
            everybody may.
        provisioning: Whether the vendor's program has to acknowledge what was done to an account,
            or it is so at once. Usually it has to.
    """

    __slots__ = (
        "automatic_renewal",
        "data_centers",
        "device_limit",
        "identity_providers",
        "invoice_day",
        "plans",
        "prorata_basis",
        "provisioning",
        "terms",
    )
    _FIELDS = (
        ("terms", Many(PLAIN)),
        ("prorata_basis", OneWord(ProrataBasis)),
        ("automatic_renewal", PLAIN),
        ("device_limit", Maybe(PLAIN)),
        ("plans", Table(Of(Plan))),
        ("invoice_day", PLAIN),
        ("data_centers", Table(PLAIN)),
        ("identity_providers", Table(Of(IdentityProvider))),
        ("provisioning", OneWord(Provisioning)),
    )
    _OMITTED = frozenset({"device_limit", "plans", "data_centers", "identity_providers"})
    terms: tuple[int, ...]
    prorata_basis: ProrataBasis
    automatic_renewal: bool
    device_limit: int | None
    plans: Mapping[str, Plan]
    invoice_day: int
    data_centers: Mapping[str, str]
    identity_providers: Mapping[str, IdentityProvider]
    provisioning: Provisioning

    def __init__(
        self,
        *,
        terms: Iterable[int] = (12, 1),
        prorata_basis: ProrataBasis = ProrataBasis.FIXED365,
        automatic_renewal: bool = True,
        device_limit: int | None = None,
        plans: Mapping[str, Plan] = EMPTY,
        invoice_day: int = 15,
        data_centers: Mapping[str, str] = EMPTY,
        identity_providers: Mapping[str, IdentityProvider] = EMPTY,
        provisioning: Provisioning = Provisioning.ACKNOWLEDGED,
    ) -> None:
        self._fill(
            terms,
            prorata_basis,
            automatic_renewal,
            device_limit,
            plans,
            invoice_day,
            data_centers,
            identity_providers,
            provisioning,
        )


class Role(Word):
    """What an actor is."""

    VENDOR = "vendor"
    """The vendor's people and programs."""
    CUSTOMER_MANAGER = "customer_manager"
    """A user of the customer who manages its licences."""
    CUSTOMER_USER = "customer_user"
    """Another user of the customer."""
    PARTNER_ADMINISTRATOR = "partner_administrator"
    """A user of a partner who manages its users."""
    PARTNER_USER = "partner_user"
    """Another user of a partner."""


@final
class Actor(Value):
    """Who acts. Recorded with every event: an id, never a name or an address.

    Attributes:
        role: What the actor is.
        id: Which one.
        customer: The customer the actor belongs to, for roles at a customer.
        partner: The partner the actor belongs to, for roles at a partner.
    """

    __slots__ = ("customer", "id", "partner", "role")
    _FIELDS = (
        ("role", OneWord(Role)),
        ("id", PLAIN),
        ("customer", Maybe(PLAIN)),
        ("partner", Maybe(PLAIN)),
    )
    _OMITTED = frozenset({"customer", "partner"})
    role: Role
    id: str
    customer: str | None
    partner: str | None

    def __init__(
        self,
        *,
        role: Role,
        id: str,
        customer: str | None = None,
        partner: str | None = None,
    ) -> None:
        self._fill(role, id, customer, partner)


@final
class Assignment(Value):
    """A licence and the device it goes to.

    Attributes:
        license: The licence.
        device: The device; none takes the licence off its device.
    """

    __slots__ = ("device", "license")
    _FIELDS = (("license", PLAIN), ("device", Maybe(PLAIN)))
    _OMITTED = frozenset({"device"})
    license: int
    device: str | None

    def __init__(
        self,
        *,
        license: int,
        device: str | None = None,
    ) -> None:
        self._fill(license, device)


@final
class Budget(Value):
    """How often something may be done within any span of so many days.

    In JSON ``{"count": 3, "percent": 10, "days": 90}``: three times in 90 days, or for every tenth
    licence where that is more.

    Attributes:
        count: How often at least, 0 to ``Budget::COUNT_MAX``.
        percent: Percent of the licences, rounded down, where that is more than ``count``: 0 to 100.
        days: Days until what was done counts no longer, 1 to ``SETTING_MAX``.
    """

    __slots__ = ("count", "days", "percent")
    _FIELDS = (("count", PLAIN), ("percent", PLAIN), ("days", PLAIN))
    count: int
    percent: int
    days: int

    def __init__(
        self,
        *,
        count: int,
        days: int,
        percent: int = 0,
    ) -> None:
        self._fill(count, percent, days)


class Channel(Word):
    """Where a customer buys."""

    PARTNER = "partner"
    """From a partner."""
    SHOP = "shop"
    """In the vendor's shop."""
    BOTH = "both"
    """From both."""


class CompensationOrigin(Word):
    """From which day a late allocation is charged."""

    ELAPSED = "elapsed"
    """From the day of allocation: all days passed are credited, those of the grace too."""
    GRACE_END = "grace_end"
    """As if allocated on the last day of grace: only the days after the grace are credited."""
    NONE = "none"
    """Nothing is credited."""


@final
class CompensationStep(Value):
    """One of several ``LateAllocations``.

    Attributes:
        quantity: Licences allocated.
        joined: The day the product joined the period.
        allocated: The day of allocation.
    """

    __slots__ = ("allocated", "joined", "quantity")
    _FIELDS = (("quantity", PLAIN), ("joined", DAY), ("allocated", DAY))
    quantity: int
    joined: date
    allocated: date

    def __init__(
        self,
        *,
        quantity: int,
        joined: date,
        allocated: date,
    ) -> None:
        self._fill(quantity, joined, allocated)


class CreditedStorage(Word):
    """How long licences that a compensation gives back are stored."""

    FRESH = "fresh"
    """The full storage anew: they are new licences."""
    INHERIT = "inherit"
    """Until the first of the lots they were taken from expires, so that late allocation over and
    over does not prolong storage."""


@final
class WhereToBuy(Value):
    """Where the licences of a product are sold (S-AX-09).

    Attributes:
        address: The address of a page.
        regions: The regions with sellers.
    """

    __slots__ = ("address", "regions")
    _FIELDS = (("address", PRIVATE), ("regions", Many(PLAIN)))
    address: str
    regions: tuple[str, ...]

    def __init__(
        self,
        *,
        address: str,
        regions: Iterable[str],
    ) -> None:
        self._fill(address, regions)


@final
class Definition(Value):
    """What a product is.

    Attributes:
        name: The name shown to people.
        license_types: Its types of licence, at least one.
        key_format: The form of its licence keys; without one they are opaque texts made elsewhere.
        where_to_buy: Where licences are sold.
        external: Licensed by another system, so that no subscription can be started here (S-AX-68).
    """

    __slots__ = ("external", "key_format", "license_types", "name", "where_to_buy")
    _FIELDS = (
        ("name", PRIVATE),
        ("license_types", Many(PLAIN)),
        ("key_format", Maybe(PLAIN)),
        ("where_to_buy", Maybe(Of(WhereToBuy))),
        ("external", PLAIN),
    )
    _OMITTED = frozenset({"key_format", "where_to_buy", "external"})
    name: str
    license_types: tuple[str, ...]
    key_format: str | None
    where_to_buy: WhereToBuy | None
    external: bool

    def __init__(
        self,
        *,
        name: str,
        license_types: Iterable[str],
        key_format: str | None = None,
        where_to_buy: WhereToBuy | None = None,
        external: bool = False,
    ) -> None:
        self._fill(name, license_types, key_format, where_to_buy, external)


class _LicenseDurationNames:
    __slots__ = ()
    if TYPE_CHECKING:
        Perpetual: TypeAlias = "_LicenseDurationPerpetual"
        UpdatesFor: TypeAlias = "_LicenseDurationUpdatesFor"
        Months: TypeAlias = "_LicenseDurationMonths"


class LicenseDuration(Tagged, _LicenseDurationNames):
    """How long a licence lasts once it is given.

    In JSON ``"perpetual"``, ``{"updates_for": 12}`` or ``{"months": 12}``.
    """

    __slots__ = ()


@final
class _LicenseDurationPerpetual(LicenseDuration):
    """Without an end."""

    __slots__ = ()
    TAG = "perpetual"
    _BARE = True


@final
class _LicenseDurationUpdatesFor(LicenseDuration):
    """Without an end for every version built within so many months.

    Attributes:
        term: A term of 1 to 60 months. Periods are laid from an anchor: period *k* starts *k* terms
            after the anchor and ends where period *k + 1* starts, so that periods tile without gap
            or overlap. JSON form: the number of months.
    """

    __slots__ = ("term",)
    TAG = "updates_for"
    _ALONE = PLAIN
    _FIELDS = (("term", _ALONE),)
    term: int

    def __init__(self, term: int) -> None:
        self._fill(term)


@final
class _LicenseDurationMonths(LicenseDuration):
    """For so many months.

    Attributes:
        term: A term of 1 to 60 months. Periods are laid from an anchor: period *k* starts *k* terms
            after the anchor and ends where period *k + 1* starts, so that periods tile without gap
            or overlap. JSON form: the number of months.
    """

    __slots__ = ("term",)
    TAG = "months"
    _ALONE = PLAIN
    _FIELDS = (("term", _ALONE),)
    term: int

    def __init__(self, term: int) -> None:
        self._fill(term)


nest(LicenseDuration)


@final
class DeviceAssignedPolicy(Value):
    """Settings of licences that are assigned to devices by name.

    In JSON every member may be left out and then has its usual value.

    Attributes:
        duration: How long a licence lasts. Usually perpetual.
        automatic: Whether a free licence goes to an unlicensed device by itself. Usually so.
    """

    __slots__ = ("automatic", "duration")
    _FIELDS = (("duration", Of(LicenseDuration)), ("automatic", PLAIN))
    duration: LicenseDuration
    automatic: bool

    def __init__(
        self,
        *,
        duration: LicenseDuration = _LicenseDurationPerpetual(),
        automatic: bool = True,
    ) -> None:
        self._fill(duration, automatic)


@final
class DeviceDescription(Value):
    """What is told of a device when it is registered.

    It goes into the history, which is never rewritten: no names of people.

    Attributes:
        label: A label, such as a place.
        manufacturer: Who made it.
        serial: Its serial number.
        plan: The plan it is billed by, where the policy has plans.
        quality: The quality it records in.
        channels: The inputs of an encoder, 1 to ``DeviceDescription::CHANNELS_MAX``; none for what
            is no encoder.
    """

    __slots__ = ("channels", "label", "manufacturer", "plan", "quality", "serial")
    _FIELDS = (
        ("label", Maybe(PRIVATE)),
        ("manufacturer", Maybe(PLAIN)),
        ("serial", Maybe(PRIVATE)),
        ("plan", Maybe(PLAIN)),
        ("quality", Maybe(PLAIN)),
        ("channels", Maybe(PLAIN)),
    )
    _OMITTED = frozenset({"label", "manufacturer", "serial", "plan", "quality", "channels"})
    label: str | None
    manufacturer: str | None
    serial: str | None
    plan: str | None
    quality: str | None
    channels: int | None

    def __init__(
        self,
        *,
        label: str | None = None,
        manufacturer: str | None = None,
        serial: str | None = None,
        plan: str | None = None,
        quality: str | None = None,
        channels: int | None = None,
    ) -> None:
        self._fill(label, manufacturer, serial, plan, quality, channels)


class DeviceProblem(Word):
    """Why a device is in error (S-ST-45)."""

    WRONG_SERIAL = "wrong_serial"
    """The serial number is none of the maker's."""
    WRONG_OWNER_KEY = "wrong_owner_key"
    """The key that proves who owns it is wrong."""
    OTHER = "other"
    """Another problem."""


class DeviceState(Word):
    """What a device is doing (S-ST-43).

    Which state may follow which is one table, ``DeviceState::next``; further states may be added to
    it.
    """

    CREATING = "creating"
    """It is being set up."""
    WAITING_FOR_CONNECTION = "waiting_for_connection"
    """It has not been heard of yet."""
    REGISTERING = "registering"
    """It is connected and being registered."""
    INCOMPLETE = "incomplete"
    """It is connected and its configuration is not complete."""
    ENROLLED = "enrolled"
    """It works."""
    UPDATING = "updating"
    """Its settings are being changed."""
    REBOOTING = "rebooting"
    """It restarts; its picture may be missing for a while (S-IP-40)."""
    FORMATTING = "formatting"
    """Its storage is being formatted."""
    ERROR = "error"
    """Its serial number or owner key is wrong; it can only be deleted (S-ST-44)."""
    DELETING = "deleting"
    """It is being deleted."""
    DELETING_VIDEO = "deleting_video"
    """Its recordings are being deleted."""
    DELETED = "deleted"
    """It is gone."""


@final
class EventPlace(Value):
    """Where an event stands in the journal.

    In the order of the times, then of the streams, then of the indexes in a stream.

    In JSON ``{"at": "2026-03-01T12:00:00Z", "stream": "customer/c1", "index": 3}``.

    Attributes:
        at: When it was decided.
        stream: The stream.
        index: Index in the stream, from 1.
    """

    __slots__ = ("at", "index", "stream")
    _FIELDS = (("at", INSTANT), ("stream", PLAIN), ("index", PLAIN))
    at: datetime
    stream: str
    index: int

    def __init__(
        self,
        *,
        at: datetime,
        stream: str,
        index: int,
    ) -> None:
        self._fill(at, stream, index)


@final
class HostBoundPolicy(Value):
    """Settings of licences for hosts.

    In JSON every member may be left out and then has its usual value.

    Attributes:
        duration: How long a licence lasts. Usually perpetual.
        trial_days: Days of a trial, once for each customer; 0 offers none. Usually 30.
        needs_number: Whether a registration number is needed. Usually so.
        needs_facts: Whether a host must show enough to tell it from others, such as a declared id
            in a container, before it is bound or tries the product. Usually so: otherwise the key
            of its installation is all there is, which every copy has, and each new key is another
            host.
        offline_days: Whole days a host may go without contact; 0 for ever. Usually 30.
        group_hosts: How many hosts the customer may put into one group that shares a licence, 0 to
            ``HostBoundPolicy::GROUP_HOSTS_MAX``; 0 lets the vendor alone declare groups. Usually 0.
        moves: How many hosts the customer may free by itself, or its installations give back; none
            for as many as it likes. Usually three in 90 days, or every tenth where that is more.
        rebinds: How many bound hosts may be enrolled anew after they changed; none for as many as
            the customer likes. Usually three in 90 days, or every tenth where that is more.
        lease_seconds: Seconds a seat is held without a sign of life, 60 to 3600. Usually 300.
        release_strict: Whether releasing a seat that was not captured is refused. Usually it does
            nothing.
        seats: How many may use a type of licence at once on a host, at least 1 each. Usually nobody
            counts.
    """

    __slots__ = (
        "duration",
        "group_hosts",
        "lease_seconds",
        "moves",
        "needs_facts",
        "needs_number",
        "offline_days",
        "rebinds",
        "release_strict",
        "seats",
        "trial_days",
    )
    _FIELDS = (
        ("duration", Of(LicenseDuration)),
        ("trial_days", PLAIN),
        ("needs_number", PLAIN),
        ("needs_facts", PLAIN),
        ("offline_days", PLAIN),
        ("group_hosts", PLAIN),
        ("moves", Maybe(Of(Budget))),
        ("rebinds", Maybe(Of(Budget))),
        ("lease_seconds", PLAIN),
        ("release_strict", PLAIN),
        ("seats", Table(PLAIN)),
    )
    _OMITTED = frozenset({"release_strict", "seats"})
    duration: LicenseDuration
    trial_days: int
    needs_number: bool
    needs_facts: bool
    offline_days: int
    group_hosts: int
    moves: Budget | None
    rebinds: Budget | None
    lease_seconds: int
    release_strict: bool
    seats: Mapping[str, int]

    def __init__(
        self,
        *,
        duration: LicenseDuration = _LicenseDurationPerpetual(),
        trial_days: int = 30,
        needs_number: bool = True,
        needs_facts: bool = True,
        offline_days: int = 30,
        group_hosts: int = 0,
        moves: Budget | None = Budget(count=3, percent=10, days=90),
        rebinds: Budget | None = Budget(count=3, percent=10, days=90),
        lease_seconds: int = 300,
        release_strict: bool = False,
        seats: Mapping[str, int] = EMPTY,
    ) -> None:
        self._fill(
            duration,
            trial_days,
            needs_number,
            needs_facts,
            offline_days,
            group_hosts,
            moves,
            rebinds,
            lease_seconds,
            release_strict,
            seats,
        )


class _LotKindNames:
    __slots__ = ()
    if TYPE_CHECKING:
        Subscription: TypeAlias = "_LotKindSubscription"
        Expansion: TypeAlias = "_LotKindExpansion"
        Upgrade: TypeAlias = "_LotKindUpgrade"
        Host: TypeAlias = "_LotKindHost"
        Device: TypeAlias = "_LotKindDevice"


class LotKind(Tagged, _LotKindNames):
    """What the licences of a lot are good for.

    In JSON ``{"subscription": 12}``, ``"expansion"``, ``"upgrade"``, ``"host"`` or ``"device"``.
    """

    __slots__ = ()


@final
class _LotKindSubscription(LotKind):
    """One device for one term, in a subscription.

    Attributes:
        term: A term of 1 to 60 months. Periods are laid from an anchor: period *k* starts *k* terms
            after the anchor and ends where period *k + 1* starts, so that periods tile without gap
            or overlap. JSON form: the number of months.
    """

    __slots__ = ("term",)
    TAG = "subscription"
    _ALONE = PLAIN
    _FIELDS = (("term", _ALONE),)
    term: int

    def __init__(self, term: int) -> None:
        self._fill(term)


@final
class _LotKindExpansion(LotKind):
    """One more device on one piece of hardware, for its life (S-AX-63)."""

    __slots__ = ()
    TAG = "expansion"
    _BARE = True


@final
class _LotKindUpgrade(LotKind):
    """One licence of a piece of hardware becomes one of this type, once (S-AX-03)."""

    __slots__ = ()
    TAG = "upgrade"
    _BARE = True


@final
class _LotKindHost(LotKind):
    """One host, for as long as the policy of the product says (S-MK-24, S-MK-36)."""

    __slots__ = ()
    TAG = "host"
    _BARE = True


@final
class _LotKindDevice(LotKind):
    """One device by name, for as long as the policy of the product says (S-IP-20)."""

    __slots__ = ()
    TAG = "device"
    _BARE = True


nest(LotKind)


@final
class KeyContents(Value):
    """Licences of one type that a key is worth.

    Attributes:
        license_type: Type of licence.
        kind: What they are good for; usually one year of a subscription.
        quantity: How many licences.
    """

    __slots__ = ("kind", "license_type", "quantity")
    _FIELDS = (("license_type", PLAIN), ("kind", Of(LotKind)), ("quantity", PLAIN))
    license_type: str
    kind: LotKind
    quantity: int

    def __init__(
        self,
        *,
        license_type: str,
        quantity: int,
        kind: LotKind = _LotKindSubscription(12),
    ) -> None:
        self._fill(license_type, kind, quantity)


class MemberRole(Word):
    """What a person may do at a customer."""

    MANAGER = "manager"
    """Manages licences, devices and users."""
    USER = "user"
    """Uses what is licensed."""
    SHARED = "shared"
    """Sees what is shared with it, and nothing else (S-IP-42)."""
    MONITORING = "monitoring"
    """Watches from another system."""
    FEDERATION = "federation"
    """Joins another system to this one."""


@final
class PersonFields(Value):
    """What is known of a person, outside the history.

    Attributes:
        name: The name.
        email: The address for mail.
        company: The company.
        phone: A telephone number.
        tax_id: A tax number.
        username: The name by which the person signs in.
        address: The postal address, in lines.
    """

    __slots__ = ("address", "company", "email", "name", "phone", "tax_id", "username")
    _FIELDS = (
        ("name", PRIVATE),
        ("email", Maybe(PRIVATE)),
        ("company", Maybe(PRIVATE)),
        ("phone", Maybe(PRIVATE)),
        ("tax_id", Maybe(PRIVATE)),
        ("username", Maybe(PRIVATE)),
        ("address", Maybe(PRIVATE)),
    )
    _OMITTED = frozenset({"email", "company", "phone", "tax_id", "username", "address"})
    name: str
    email: str | None
    company: str | None
    phone: str | None
    tax_id: str | None
    username: str | None
    address: str | None

    def __init__(
        self,
        *,
        name: str,
        email: str | None = None,
        company: str | None = None,
        phone: str | None = None,
        tax_id: str | None = None,
        username: str | None = None,
        address: str | None = None,
    ) -> None:
        self._fill(name, email, company, phone, tax_id, username, address)


class _PlaceNames:
    __slots__ = ()
    if TYPE_CHECKING:
        Customer: TypeAlias = "_PlaceCustomer"
        Partner: TypeAlias = "_PlacePartner"


class Place(Tagged, _PlaceNames):
    """Where somebody signs in.

    In JSON ``{"customer": "c1"}`` or ``{"partner": "d1"}``.
    """

    __slots__ = ()


@final
class _PlaceCustomer(Place):
    """At a customer.

    Attributes:
        customer: An organisation, account or contractor that holds licences.
    """

    __slots__ = ("customer",)
    TAG = "customer"
    _ALONE = PLAIN
    _FIELDS = (("customer", _ALONE),)
    customer: str

    def __init__(self, customer: str) -> None:
        self._fill(customer)


@final
class _PlacePartner(Place):
    """At a partner's own page.

    Attributes:
        partner: A dealer of the vendor's.
    """

    __slots__ = ("partner",)
    TAG = "partner"
    _ALONE = PLAIN
    _FIELDS = (("partner", _ALONE),)
    partner: str

    def __init__(self, partner: str) -> None:
        self._fill(partner)


nest(Place)


@final
class SubscriptionPolicy(Value):
    """Settings of a subscription to a pool of licences.

    In JSON every member may be left out and then has its usual value.

    Attributes:
        terms: Terms on offer, in months; the first is the usual one. Usually 12.
        grace_days: Days of full use from the start of a subscription, and again at each renewal.
            Usually 30.
        trial_days: Days of full use from registration, before a subscription is started. Usually 0.
        storage_years: Years that licences may be stored in the wallet. Usually 5.
        advance_periods: Future periods that may be covered ahead. Usually 5.
        growth_percent: Growth within a period that needs no licences, in percent of those
            allocated. Usually 100.
        compensation: What a late allocation gives back. Usually ``elapsed``.
        credited_storage: How long licences given back are stored. Usually ``fresh``.
        partial_allocation: Whether a period may be covered in part. Usually not: the whole need at
            once.
        over_allocation: Whether more may be allocated than is needed. Usually not.
    """

    __slots__ = (
        "advance_periods",
        "compensation",
        "credited_storage",
        "grace_days",
        "growth_percent",
        "over_allocation",
        "partial_allocation",
        "storage_years",
        "terms",
        "trial_days",
    )
    _FIELDS = (
        ("terms", Many(PLAIN)),
        ("grace_days", PLAIN),
        ("trial_days", PLAIN),
        ("storage_years", PLAIN),
        ("advance_periods", PLAIN),
        ("growth_percent", PLAIN),
        ("compensation", OneWord(CompensationOrigin)),
        ("credited_storage", OneWord(CreditedStorage)),
        ("partial_allocation", PLAIN),
        ("over_allocation", PLAIN),
    )
    terms: tuple[int, ...]
    grace_days: int
    trial_days: int
    storage_years: int
    advance_periods: int
    growth_percent: int
    compensation: CompensationOrigin
    credited_storage: CreditedStorage
    partial_allocation: bool
    over_allocation: bool

    def __init__(
        self,
        *,
        terms: Iterable[int] = (12,),
        grace_days: int = 30,
        trial_days: int = 0,
        storage_years: int = 5,
        advance_periods: int = 5,
        growth_percent: int = 100,
        compensation: CompensationOrigin = CompensationOrigin.ELAPSED,
        credited_storage: CreditedStorage = CreditedStorage.FRESH,
        partial_allocation: bool = False,
        over_allocation: bool = False,
    ) -> None:
        self._fill(
            terms,
            grace_days,
            trial_days,
            storage_years,
            advance_periods,
            growth_percent,
            compensation,
            credited_storage,
            partial_allocation,
            over_allocation,
        )


Policy: TypeAlias = SubscriptionPolicy | HostBoundPolicy | DeviceAssignedPolicy | AccountTermPolicy
"""The rules under which a product is sold."""
_POLICY: Choice = Choice(
    subscription=SubscriptionPolicy,
    host_bound=HostBoundPolicy,
    device_assigned=DeviceAssignedPolicy,
    account_term=AccountTermPolicy,
)


class SessionKind(Word):
    """The kind of a sign-in (S-IP-43)."""

    OWN = "own"
    """A user of the customer, in its own name."""
    SHARED = "shared"
    """Somebody who sees what is shared."""
    PROXY = "proxy"
    """A user of the dealer, for the customer."""
    PARTNER = "partner"
    """A user of a partner, at the partner's own page."""


@final
class Session(Value):
    """What somebody signed in with may do: the rights of that moment.

    A value: whoever holds it acts with ``Session::actor``. Changes to rights do not reach it; after
    them one signs in again (S-IP-23, S-ST-17, S-ST-36).

    Attributes:
        person: Who signed in.
        kind: How.
        actor: In whose name commands are given.
        language: The language of texts.
        customer: The customer entered, if one.
        licensed: The devices with a licence, by product.
        at: When.
        rights: What the customer's rights had come to.
        edits: What the person's record had come to.
    """

    __slots__ = (
        "actor",
        "at",
        "customer",
        "edits",
        "kind",
        "language",
        "licensed",
        "person",
        "rights",
    )
    _FIELDS = (
        ("person", PLAIN),
        ("kind", OneWord(SessionKind)),
        ("actor", Of(Actor)),
        ("language", OneWord(Language)),
        ("customer", Maybe(PLAIN)),
        ("licensed", Table(Many(PLAIN))),
        ("at", INSTANT),
        ("rights", PLAIN),
        ("edits", PLAIN),
    )
    _OMITTED = frozenset({"customer", "licensed"})
    person: str
    kind: SessionKind
    actor: Actor
    language: Language
    customer: str | None
    licensed: Mapping[str, tuple[str, ...]]
    at: datetime
    rights: int
    edits: int

    def __init__(
        self,
        *,
        person: str,
        kind: SessionKind,
        actor: Actor,
        language: Language,
        at: datetime,
        rights: int,
        edits: int,
        customer: str | None = None,
        licensed: Mapping[str, Iterable[str]] = EMPTY,
    ) -> None:
        self._fill(person, kind, actor, language, customer, licensed, at, rights, edits)


class StockSource(Word):
    """Where licences come from that are put into a wallet without a key."""

    PURCHASE = "purchase"
    """They were bought."""
    PRELOAD = "preload"
    """They came with something else."""


@final
class StoredLot(Value):
    """One lot of a ``Calculation::Wallet``.

    Attributes:
        quantity: Licences in it.
        stored_on: The day it was stored.
    """

    __slots__ = ("quantity", "stored_on")
    _FIELDS = (("quantity", PLAIN), ("stored_on", DAY))
    quantity: int
    stored_on: date

    def __init__(
        self,
        *,
        quantity: int,
        stored_on: date,
    ) -> None:
        self._fill(quantity, stored_on)


@final
class UserChanges(Value):
    """What changes of a user; what is absent stays as it is.

    Attributes:
        name: The name.
        phone: A telephone number.
        language: The language of texts, from the next sign-in on.
        username: The name by which the user signs in; only once the user is active (S-ST-20).
        email: Where mail goes.
    """

    __slots__ = ("email", "language", "name", "phone", "username")
    _FIELDS = (
        ("name", Maybe(PRIVATE)),
        ("phone", Maybe(PRIVATE)),
        ("language", Maybe(OneWord(Language))),
        ("username", Maybe(PRIVATE)),
        ("email", Maybe(Of(EmailChoice))),
    )
    _OMITTED = frozenset({"name", "phone", "language", "username", "email"})
    name: str | None
    phone: str | None
    language: Language | None
    username: str | None
    email: EmailChoice | None

    def __init__(
        self,
        *,
        name: str | None = None,
        phone: str | None = None,
        language: Language | None = None,
        username: str | None = None,
        email: EmailChoice | None = None,
    ) -> None:
        self._fill(name, phone, language, username, email)


class _WhoNames:
    __slots__ = ()
    if TYPE_CHECKING:
        Username: TypeAlias = "_WhoUsername"
        Person: TypeAlias = "_WhoPerson"


class Who(Tagged, _WhoNames):
    """Who signs in.

    In JSON ``{"username": "ann@example.org"}`` or ``{"person": "p1"}``.
    """

    __slots__ = ()


@final
class _WhoUsername(Who):
    """By the name to sign in with.

    Attributes:
        username: The text.
    """

    __slots__ = ("username",)
    TAG = "username"
    _ALONE = PRIVATE
    _FIELDS = (("username", _ALONE),)
    username: str

    def __init__(self, username: str) -> None:
        self._fill(username)


@final
class _WhoPerson(Who):
    """By id.

    Attributes:
        person: A person whose names live in a table apart.
    """

    __slots__ = ("person",)
    TAG = "person"
    _ALONE = PLAIN
    _FIELDS = (("person", _ALONE),)
    person: str

    def __init__(self, person: str) -> None:
        self._fill(person)


nest(Who)
