"""Views: what queries and calculations are answered with.

Written by ``xtask python`` from the schemas of the engine.
"""

from __future__ import annotations

from mlicense._shapes import (
    DAY,
    INSTANT,
    PLAIN,
    PRIVATE,
    ZONE,
    Many,
    Maybe,
    Numbered,
    Of,
    OneWord,
    Table,
    Word,
)
from mlicense._tagged import Event, Tagged, nest
from mlicense._typing import final
from mlicense._value import Value
from mlicense.events import Account, Debit, LotSource, Period
from mlicense.values import (
    _POLICY,
    AccountState,
    Actor,
    Channel,
    DeviceState,
    EventPlace,
    Language,
    LotKind,
    MemberRole,
    PersonFields,
    Policy,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime
    from typing import TypeAlias
    from zoneinfo import ZoneInfo

__all__ = [
    "AccountView",
    "Amount",
    "AssignmentView",
    "AssignmentsView",
    "Balance",
    "BindingView",
    "Bindings",
    "BudgetLeft",
    "Carry",
    "Charge",
    "ChargeKind",
    "Compensated",
    "Compensation",
    "CustomerDue",
    "CustomerRow",
    "CustomersPage",
    "DeviceView",
    "DevicesStatus",
    "DraftCheck",
    "Due",
    "DueKind",
    "DuePage",
    "Growth",
    "HardwareView",
    "HistoryEntry",
    "HostLotView",
    "HostStatus",
    "HostStatusKind",
    "Invoice",
    "JournalEntry",
    "JournalPage",
    "LotView",
    "Membership",
    "Message",
    "NeedView",
    "Overview",
    "PageProblem",
    "PartnerView",
    "PendingTerm",
    "PeriodRow",
    "ProductStatus",
    "ProductView",
    "RefusalView",
    "SessionView",
    "ShopView",
    "SignInAgain",
    "StatusKind",
    "StockView",
    "SystemView",
    "TakenLots",
    "TermPeriod",
    "TermView",
    "UserView",
    "UsersView",
    "WalletView",
    "Warning",
]


@final
class TermPeriod(Value):
    """A period of an account.

    Attributes:
        start: First day inside.
        end: First day after.
        term: Its length in months.
    """

    __slots__ = ("end", "start", "term")
    _FIELDS = (("start", DAY), ("end", DAY), ("term", PLAIN))
    start: date
    end: date
    term: int

    def __init__(
        self,
        *,
        start: date,
        end: date,
        term: int,
    ) -> None:
        self._fill(start, end, term)


@final
class PendingTerm(Value):
    """A term that will hold.

    Attributes:
        term: The term, in months.
        from_: Its first day.
    """

    __slots__ = ("from_", "term")
    _FIELDS = (("term", PLAIN), ("from_", DAY))
    term: int
    from_: date

    def __init__(
        self,
        *,
        term: int,
        from_: date,
    ) -> None:
        self._fill(term, from_)


@final
class TermView(Value):
    """The term of an account.

    Attributes:
        started: The first day of the first period; none while no device has worked, which is "not
            activated" (S-ST-13).
        term: The term that holds, in months.
        period: The current period.
        renewal_term: The term of the next period (S-ST-16).
        pending: A change that has not taken hold yet.
        automatic_renewal: Whether a term renews by itself.
        devices: Devices that count, and how many there may be.
        device_limit: The most devices there may be.
    """

    __slots__ = (
        "automatic_renewal",
        "device_limit",
        "devices",
        "pending",
        "period",
        "renewal_term",
        "started",
        "term",
    )
    _FIELDS = (
        ("started", Maybe(DAY)),
        ("term", PLAIN),
        ("period", Maybe(Of(TermPeriod))),
        ("renewal_term", PLAIN),
        ("pending", Maybe(Of(PendingTerm))),
        ("automatic_renewal", PLAIN),
        ("devices", PLAIN),
        ("device_limit", Maybe(PLAIN)),
    )
    started: date | None
    term: int
    period: TermPeriod | None
    renewal_term: int
    pending: PendingTerm | None
    automatic_renewal: bool
    devices: int
    device_limit: int | None

    def __init__(
        self,
        *,
        started: date | None,
        term: int,
        period: TermPeriod | None,
        renewal_term: int,
        pending: PendingTerm | None,
        automatic_renewal: bool,
        devices: int,
        device_limit: int | None,
    ) -> None:
        self._fill(
            started,
            term,
            period,
            renewal_term,
            pending,
            automatic_renewal,
            devices,
            device_limit,
        )


@final
class AccountView(Value):
    """A customer as who looks after it sees it.

    Attributes:
        state: What the account is doing; a customer without one is active.
        suspended: Whether its users cannot sign in.
        account: What is known of the account; none for a customer without one.
        members: Its persons, with what each may do.
        dealer: The dealer it has chosen.
        term: Its term; none for a customer without an account.
    """

    __slots__ = ("account", "dealer", "members", "state", "suspended", "term")
    _FIELDS = (
        ("state", OneWord(AccountState)),
        ("suspended", PLAIN),
        ("account", Maybe(Of(Account))),
        ("members", Table(OneWord(MemberRole))),
        ("dealer", Maybe(PLAIN)),
        ("term", Maybe(Of(TermView))),
    )
    state: AccountState
    suspended: bool
    account: Account | None
    members: Mapping[str, MemberRole]
    dealer: str | None
    term: TermView | None

    def __init__(
        self,
        *,
        state: AccountState,
        suspended: bool,
        account: Account | None,
        members: Mapping[str, MemberRole],
        dealer: str | None,
        term: TermView | None,
    ) -> None:
        self._fill(state, suspended, account, members, dealer, term)


@final
class Amount(Value):
    """An amount in minor units, rounded half up.

    Attributes:
        cents: The amount.
    """

    __slots__ = ("cents",)
    _FIELDS = (("cents", PLAIN),)
    cents: int

    def __init__(
        self,
        *,
        cents: int,
    ) -> None:
        self._fill(cents)


@final
class AssignmentView(Value):
    """A licence, the device it is on, and those it may go to.

    Attributes:
        license_type: Type of licence.
        source: Where it came from.
        until: First day no longer usable; none for a perpetual licence.
        device: The device it is on.
        candidates: The devices it may go to: those of its type without a licence in this draft
            (S-IP-16, S-IP-18).
    """

    __slots__ = ("candidates", "device", "license_type", "source", "until")
    _FIELDS = (
        ("license_type", PLAIN),
        ("source", OneWord(LotSource)),
        ("until", Maybe(DAY)),
        ("device", Maybe(PLAIN)),
        ("candidates", Many(PLAIN)),
    )
    license_type: str
    source: LotSource
    until: date | None
    device: str | None
    candidates: tuple[str, ...]

    def __init__(
        self,
        *,
        license_type: str,
        source: LotSource,
        until: date | None,
        device: str | None,
        candidates: Iterable[str],
    ) -> None:
        self._fill(license_type, source, until, device, candidates)


@final
class AssignmentsView(Value):
    """The licences of a product and the devices they are on, as a draft of changes leaves them.

    Attributes:
        base: To be named when the draft is saved.
        licenses: Every licence that can be used today.
        unassigned: What is shown for a licence on no device (S-IP-15).
        shortage: Registered devices beyond the licences, by type (S-IP-26).
        changed: Whether saving changes anything; if so, users sign in again afterwards (S-IP-23,
            S-IP-24).
    """

    __slots__ = ("base", "changed", "licenses", "shortage", "unassigned")
    _FIELDS = (
        ("base", PLAIN),
        ("licenses", Numbered(Of(AssignmentView))),
        ("unassigned", PLAIN),
        ("shortage", Table(PLAIN)),
        ("changed", PLAIN),
    )
    base: int
    licenses: Mapping[int, AssignmentView]
    unassigned: str
    shortage: Mapping[str, int]
    changed: bool

    def __init__(
        self,
        *,
        base: int,
        licenses: Mapping[int, AssignmentView],
        unassigned: str,
        shortage: Mapping[str, int],
        changed: bool,
    ) -> None:
        self._fill(base, licenses, unassigned, shortage, changed)


@final
class Balance(Value):
    """What came into a wallet and what became of it.

    ``redeemed + preloaded + purchased + given + credited = left + allocated + expired + voided``,
    on every day and after every command.

    Attributes:
        redeemed: Came by licence keys.
        preloaded: Came with hardware or something else.
        purchased: Were bought without a key.
        given: Were given by a partner.
        credited: Were given back by compensations.
        left: Can still be allocated.
        allocated: Are or were allocated.
        expired: Were stored too long.
        voided: Were taken out of circulation by corrections.
    """

    __slots__ = (
        "allocated",
        "credited",
        "expired",
        "given",
        "left",
        "preloaded",
        "purchased",
        "redeemed",
        "voided",
    )
    _FIELDS = (
        ("redeemed", PLAIN),
        ("preloaded", PLAIN),
        ("purchased", PLAIN),
        ("given", PLAIN),
        ("credited", PLAIN),
        ("left", PLAIN),
        ("allocated", PLAIN),
        ("expired", PLAIN),
        ("voided", PLAIN),
    )
    redeemed: int
    preloaded: int
    purchased: int
    given: int
    credited: int
    left: int
    allocated: int
    expired: int
    voided: int

    def __init__(
        self,
        *,
        redeemed: int,
        preloaded: int,
        purchased: int,
        given: int,
        credited: int,
        left: int,
        allocated: int,
        expired: int,
        voided: int,
    ) -> None:
        self._fill(
            redeemed,
            preloaded,
            purchased,
            given,
            credited,
            left,
            allocated,
            expired,
            voided,
        )


@final
class BindingView(Value):
    """A bound host.

    Attributes:
        id: Number within the agreement.
        installation: The installation that asked last from this host.
        class_: What sort of host it is, such as ``bare_metal`` or ``vm``; none when it did not say.
        facts: Kinds of the facts enrolled (S-MK-45); empty where the installation's key is all
            there is.
        label: What its operator calls it, where that was told and not erased; a ledger knows, for
            no event holds it.
        group: The group it shares a licence with, if one.
        bound_on: When it was bound.
        licensed: What it may use today, by type of licence, with the first day no longer covered or
            none; empty in a trial, and when its licence has ended or went to hosts bound earlier.
    """

    __slots__ = ("bound_on", "class_", "facts", "group", "id", "installation", "label", "licensed")
    _FIELDS = (
        ("id", PLAIN),
        ("installation", PLAIN),
        ("class_", Maybe(PLAIN)),
        ("facts", Many(PLAIN)),
        ("label", Maybe(PRIVATE)),
        ("group", Maybe(PLAIN)),
        ("bound_on", DAY),
        ("licensed", Table(Maybe(DAY))),
    )
    id: int
    installation: str
    class_: str | None
    facts: tuple[str, ...]
    label: str | None
    group: str | None
    bound_on: date
    licensed: Mapping[str, date | None]

    def __init__(
        self,
        *,
        id: int,
        installation: str,
        class_: str | None,
        facts: Iterable[str],
        label: str | None,
        group: str | None,
        bound_on: date,
        licensed: Mapping[str, date | None],
    ) -> None:
        self._fill(id, installation, class_, facts, label, group, bound_on, licensed)


@final
class HostLotView(Value):
    """A lot of licences for hosts.

    Attributes:
        id: Number within the agreement.
        license_type: Type of licence.
        hosts: For how many hosts, 1 to ``QUANTITY_MAX``.
        source: Where they came from.
        stored_on: First day usable.
        until: First day no longer usable; none for a perpetual licence (S-MK-28).
        updates_until: Versions built from this day on are not covered; none where all are.
        voided: Whether it was taken out of circulation by a correction.
        expired: Whether it can no longer be used today.
    """

    __slots__ = (
        "expired",
        "hosts",
        "id",
        "license_type",
        "source",
        "stored_on",
        "until",
        "updates_until",
        "voided",
    )
    _FIELDS = (
        ("id", PLAIN),
        ("license_type", PLAIN),
        ("hosts", PLAIN),
        ("source", OneWord(LotSource)),
        ("stored_on", DAY),
        ("until", Maybe(DAY)),
        ("updates_until", Maybe(DAY)),
        ("voided", PLAIN),
        ("expired", PLAIN),
    )
    _OMITTED = frozenset({"until", "updates_until"})
    id: int
    license_type: str
    hosts: int
    source: LotSource
    stored_on: date
    until: date | None
    updates_until: date | None
    voided: bool
    expired: bool

    def __init__(
        self,
        *,
        id: int,
        license_type: str,
        hosts: int,
        source: LotSource,
        stored_on: date,
        voided: bool,
        expired: bool,
        until: date | None = None,
        updates_until: date | None = None,
    ) -> None:
        self._fill(
            id,
            license_type,
            hosts,
            source,
            stored_on,
            until,
            updates_until,
            voided,
            expired,
        )


@final
class BudgetLeft(Value):
    """How a budget stands.

    Attributes:
        allowed: How often within the span.
        left: How often still today.
        next: From which day on the next time; none when never.
    """

    __slots__ = ("allowed", "left", "next")
    _FIELDS = (("allowed", PLAIN), ("left", PLAIN), ("next", Maybe(DAY)))
    allowed: int
    left: int
    next: date | None

    def __init__(
        self,
        *,
        allowed: int,
        left: int,
        next: date | None,
    ) -> None:
        self._fill(allowed, left, next)


@final
class Bindings(Value):
    """The hosts bound to the licences of a product (S-MK-44).

    Attributes:
        places: How many hosts may be bound today.
        trial_end: First day after the trial, when there was one.
        lots: Every lot of licences, in the order of storing.
        moves: How many hosts the customer may free by itself; none for as many as it likes.
        rebinds: How many hosts may be enrolled anew; none for as many as the customer likes.
        groups: The groups of hosts that share a licence, and how many hosts each may have.
        bindings: The hosts bound, in the order of binding.
    """

    __slots__ = ("bindings", "groups", "lots", "moves", "places", "rebinds", "trial_end")
    _FIELDS = (
        ("places", PLAIN),
        ("trial_end", Maybe(DAY)),
        ("lots", Many(Of(HostLotView))),
        ("moves", Maybe(Of(BudgetLeft))),
        ("rebinds", Maybe(Of(BudgetLeft))),
        ("groups", Table(PLAIN)),
        ("bindings", Many(Of(BindingView))),
    )
    places: int
    trial_end: date | None
    lots: tuple[HostLotView, ...]
    moves: BudgetLeft | None
    rebinds: BudgetLeft | None
    groups: Mapping[str, int]
    bindings: tuple[BindingView, ...]

    def __init__(
        self,
        *,
        places: int,
        trial_end: date | None,
        lots: Iterable[HostLotView],
        moves: BudgetLeft | None,
        rebinds: BudgetLeft | None,
        groups: Mapping[str, int],
        bindings: Iterable[BindingView],
    ) -> None:
        self._fill(places, trial_end, lots, moves, rebinds, groups, bindings)


@final
class Carry(Value):
    """A part of a licence: ``ticks`` of ``ticks_per_license``.

    Attributes:
        term: The term the licence is of.
        ticks: Ticks carried.
        ticks_per_license: Ticks of a whole licence.
    """

    __slots__ = ("term", "ticks", "ticks_per_license")
    _FIELDS = (("term", PLAIN), ("ticks", PLAIN), ("ticks_per_license", PLAIN))
    term: int
    ticks: int
    ticks_per_license: int

    def __init__(
        self,
        *,
        term: int,
        ticks: int,
        ticks_per_license: int,
    ) -> None:
        self._fill(term, ticks, ticks_per_license)


class ChargeKind(Word):
    """Why an amount is charged."""

    PERIOD = "period"
    """A period began with the device in it."""
    ADDITION = "addition"
    """The device came within a period (S-ST-51)."""
    UPGRADE = "upgrade"
    """The device got a dearer plan within a period (S-ST-52)."""


@final
class Charge(Value):
    """An amount to be paid.

    Attributes:
        on: The day on which it arose.
        kind: Why.
        device: The device, as it was called then.
        license_type: Type of licence.
        plan: The plan.
        units: Channels of an encoder; 1 for other devices (S-ST-48).
        from_: First day paid for.
        until: First day no longer paid for.
        amount: The amount for all units, in minor units.
    """

    __slots__ = (
        "amount",
        "device",
        "from_",
        "kind",
        "license_type",
        "on",
        "plan",
        "units",
        "until",
    )
    _FIELDS = (
        ("on", DAY),
        ("kind", OneWord(ChargeKind)),
        ("device", PLAIN),
        ("license_type", PLAIN),
        ("plan", Maybe(PLAIN)),
        ("units", PLAIN),
        ("from_", DAY),
        ("until", DAY),
        ("amount", PLAIN),
    )
    on: date
    kind: ChargeKind
    device: str
    license_type: str
    plan: str | None
    units: int
    from_: date
    until: date
    amount: int

    def __init__(
        self,
        *,
        on: date,
        kind: ChargeKind,
        device: str,
        license_type: str,
        plan: str | None,
        units: int,
        from_: date,
        until: date,
        amount: int,
    ) -> None:
        self._fill(on, kind, device, license_type, plan, units, from_, until, amount)


@final
class Compensated(Value):
    """What one step of a compensation gave.

    Attributes:
        overlap_days: Days of the period credited for each licence.
        credited: Whole licences back.
        carry: Ticks carried.
    """

    __slots__ = ("carry", "credited", "overlap_days")
    _FIELDS = (("overlap_days", PLAIN), ("credited", PLAIN), ("carry", PLAIN))
    overlap_days: int
    credited: int
    carry: int

    def __init__(
        self,
        *,
        overlap_days: int,
        credited: int,
        carry: int,
    ) -> None:
        self._fill(overlap_days, credited, carry)


@final
class Compensation(Value):
    """What late allocations gave back.

    Attributes:
        ticks_per_license: Ticks of one licence over the term.
        steps: One a step.
    """

    __slots__ = ("steps", "ticks_per_license")
    _FIELDS = (("ticks_per_license", PLAIN), ("steps", Many(Of(Compensated))))
    ticks_per_license: int
    steps: tuple[Compensated, ...]

    def __init__(
        self,
        *,
        ticks_per_license: int,
        steps: Iterable[Compensated],
    ) -> None:
        self._fill(ticks_per_license, steps)


class _DueKindNames:
    __slots__ = ()
    if TYPE_CHECKING:
        TrialEnds: TypeAlias = "_DueKindTrialEnds"
        GraceEnds: TypeAlias = "_DueKindGraceEnds"
        HostLicensesEnd: TypeAlias = "_DueKindHostLicensesEnd"
        UpdatesEnd: TypeAlias = "_DueKindUpdatesEnd"
        DeviceLicensesEnd: TypeAlias = "_DueKindDeviceLicensesEnd"
        TermEnds: TypeAlias = "_DueKindTermEnds"
        Renewal: TypeAlias = "_DueKindRenewal"
        LotExpiresIn: TypeAlias = "_DueKindLotExpiresIn"
        LotExpires: TypeAlias = "_DueKindLotExpires"


class DueKind(Tagged, _DueKindNames):
    """What happens without anybody's doing."""

    __slots__ = ()


@final
class _DueKindTrialEnds(DueKind):
    """The trial is over."""

    __slots__ = ()
    TAG = "trial_ends"
    _BARE = True


@final
class _DueKindGraceEnds(DueKind):
    """The grace is over."""

    __slots__ = ()
    TAG = "grace_ends"
    _BARE = True


@final
class _DueKindHostLicensesEnd(DueKind):
    """Licences for hosts have ended.

    Attributes:
        lot: The lot.
        license_type: Type of licence.
        hosts: For how many hosts they were.
    """

    __slots__ = ("hosts", "license_type", "lot")
    TAG = "host_licenses_end"
    _FIELDS = (("lot", PLAIN), ("license_type", PLAIN), ("hosts", PLAIN))
    lot: int
    license_type: str
    hosts: int

    def __init__(
        self,
        *,
        lot: int,
        license_type: str,
        hosts: int,
    ) -> None:
        self._fill(lot, license_type, hosts)


@final
class _DueKindUpdatesEnd(DueKind):
    """Versions built from this day on are not covered by these licences for hosts or devices.

    Attributes:
        lot: The lot.
        license_type: Type of licence.
    """

    __slots__ = ("license_type", "lot")
    TAG = "updates_end"
    _FIELDS = (("lot", PLAIN), ("license_type", PLAIN))
    lot: int
    license_type: str

    def __init__(
        self,
        *,
        lot: int,
        license_type: str,
    ) -> None:
        self._fill(lot, license_type)


@final
class _DueKindDeviceLicensesEnd(DueKind):
    """Licences for devices have ended.

    Attributes:
        lot: The lot.
        license_type: Type of licence.
        licenses: How many they are.
    """

    __slots__ = ("license_type", "licenses", "lot")
    TAG = "device_licenses_end"
    _FIELDS = (("lot", PLAIN), ("license_type", PLAIN), ("licenses", PLAIN))
    lot: int
    license_type: str
    licenses: int

    def __init__(
        self,
        *,
        lot: int,
        license_type: str,
        licenses: int,
    ) -> None:
        self._fill(lot, license_type, licenses)


@final
class _DueKindTermEnds(DueKind):
    """The term of an account is over, and is not renewed by itself."""

    __slots__ = ()
    TAG = "term_ends"
    _BARE = True


@final
class _DueKindRenewal(DueKind):
    """The period is over and the next one begins."""

    __slots__ = ()
    TAG = "renewal"
    _BARE = True


@final
class _DueKindLotExpiresIn(DueKind):
    """Licences in the wallet will expire in so many days: warn their owner.

    Attributes:
        days: Days left: one of ``EXPIRY_WARNING_DAYS``.
        lot: The lot.
        license_type: Type of licence.
        left: Licences left in it.
    """

    __slots__ = ("days", "left", "license_type", "lot")
    TAG = "lot_expires_in"
    _FIELDS = (("days", PLAIN), ("lot", PLAIN), ("license_type", PLAIN), ("left", PLAIN))
    days: int
    lot: int
    license_type: str
    left: int

    def __init__(
        self,
        *,
        days: int,
        lot: int,
        license_type: str,
        left: int,
    ) -> None:
        self._fill(days, lot, license_type, left)


@final
class _DueKindLotExpires(DueKind):
    """Licences in the wallet have expired.

    Attributes:
        lot: The lot.
        license_type: Type of licence.
        left: Licences left in it.
    """

    __slots__ = ("left", "license_type", "lot")
    TAG = "lot_expires"
    _FIELDS = (("lot", PLAIN), ("license_type", PLAIN), ("left", PLAIN))
    lot: int
    license_type: str
    left: int

    def __init__(
        self,
        *,
        lot: int,
        license_type: str,
        left: int,
    ) -> None:
        self._fill(lot, license_type, left)


nest(DueKind)


@final
class Due(Value):
    """Something that happens on a day without anybody's doing.

    Attributes:
        on: The day.
        product: The product.
        what: What happens.
    """

    __slots__ = ("on", "product", "what")
    _FIELDS = (("on", DAY), ("product", PLAIN), ("what", Of(DueKind)))
    on: date
    product: str
    what: DueKind

    def __init__(
        self,
        *,
        on: date,
        product: str,
        what: DueKind,
    ) -> None:
        self._fill(on, product, what)


@final
class CustomerDue(Value):
    """What is coming for one customer.

    Attributes:
        customer: The customer.
        due: What is coming, nearest first.
    """

    __slots__ = ("customer", "due")
    _FIELDS = (("customer", PLAIN), ("due", Many(Of(Due))))
    customer: str
    due: tuple[Due, ...]

    def __init__(
        self,
        *,
        customer: str,
        due: Iterable[Due],
    ) -> None:
        self._fill(customer, due)


@final
class CustomerRow(Value):
    """A customer in the list of its dealer.

    Attributes:
        customer: The customer.
        name: The name of the person to speak with; none once erased.
        email: The e-mail of that person.
    """

    __slots__ = ("customer", "email", "name")
    _FIELDS = (("customer", PLAIN), ("name", Maybe(PRIVATE)), ("email", Maybe(PRIVATE)))
    customer: str
    name: str | None
    email: str | None

    def __init__(
        self,
        *,
        customer: str,
        name: str | None,
        email: str | None,
    ) -> None:
        self._fill(customer, name, email)


@final
class CustomersPage(Value):
    """A page of a partner's customers.

    Attributes:
        customers: The customers, by e-mail and then by id.
        page: Which page it is, from 1.
        pages: How many pages there are, at least 1.
        total: How many customers match.
        pager: Whether to show a pager (S-IP-34).
    """

    __slots__ = ("customers", "page", "pager", "pages", "total")
    _FIELDS = (
        ("customers", Many(Of(CustomerRow))),
        ("page", PLAIN),
        ("pages", PLAIN),
        ("total", PLAIN),
        ("pager", PLAIN),
    )
    customers: tuple[CustomerRow, ...]
    page: int
    pages: int
    total: int
    pager: bool

    def __init__(
        self,
        *,
        customers: Iterable[CustomerRow],
        page: int,
        pages: int,
        total: int,
        pager: bool,
    ) -> None:
        self._fill(customers, page, pages, total, pager)


@final
class DeviceView(Value):
    """A device of a customer.

    Attributes:
        product: The product it is used with.
        license_type: The type of licence it needs.
        state: What it is doing.
        label: A label, such as a place.
        manufacturer: Who made it.
        serial: Its serial number.
        plan: The plan it is billed by, where the policy has plans.
        quality: The quality it records in.
        channels: The inputs of an encoder, 1 to ``DeviceDescription::CHANNELS_MAX``; none for what
            is no encoder.
        licensed: Whether it may be used today: a licence is on it, or it counts in the term of an
            account.
        license: The licence on it, where it needs one of its own.
    """

    __slots__ = (
        "channels",
        "label",
        "license",
        "license_type",
        "licensed",
        "manufacturer",
        "plan",
        "product",
        "quality",
        "serial",
        "state",
    )
    _FIELDS = (
        ("product", PLAIN),
        ("license_type", PLAIN),
        ("state", OneWord(DeviceState)),
        ("label", Maybe(PRIVATE)),
        ("manufacturer", Maybe(PLAIN)),
        ("serial", Maybe(PRIVATE)),
        ("plan", Maybe(PLAIN)),
        ("quality", Maybe(PLAIN)),
        ("channels", Maybe(PLAIN)),
        ("licensed", PLAIN),
        ("license", Maybe(PLAIN)),
    )
    _OMITTED = frozenset({"label", "manufacturer", "serial", "plan", "quality", "channels"})
    product: str
    license_type: str
    state: DeviceState
    label: str | None
    manufacturer: str | None
    serial: str | None
    plan: str | None
    quality: str | None
    channels: int | None
    licensed: bool
    license: int | None

    def __init__(
        self,
        *,
        product: str,
        license_type: str,
        state: DeviceState,
        licensed: bool,
        license: int | None,
        label: str | None = None,
        manufacturer: str | None = None,
        serial: str | None = None,
        plan: str | None = None,
        quality: str | None = None,
        channels: int | None = None,
    ) -> None:
        self._fill(
            product,
            license_type,
            state,
            label,
            manufacturer,
            serial,
            plan,
            quality,
            channels,
            licensed,
            license,
        )


@final
class DevicesStatus(Value):
    """Where a customer stands with a product whose licences name devices.

    Attributes:
        devices: Devices that are registered.
        licensed: Those of them that may be used today.
        until: First day on which one of these may not, or the period of the account is over; none
            where all licences are perpetual, or none is in use.
    """

    __slots__ = ("devices", "licensed", "until")
    _FIELDS = (("devices", PLAIN), ("licensed", PLAIN), ("until", Maybe(DAY)))
    devices: int
    licensed: int
    until: date | None

    def __init__(
        self,
        *,
        devices: int,
        licensed: int,
        until: date | None,
    ) -> None:
        self._fill(devices, licensed, until)


@final
class RefusalView(Value):
    """A refusal as it appears in views and across languages.

    Attributes:
        number: The stable number.
        name: The stable name.
        message: What was refused and why.
        remedy: What the caller can do about it.
    """

    __slots__ = ("message", "name", "number", "remedy")
    _FIELDS = (("number", PLAIN), ("name", PRIVATE), ("message", PLAIN), ("remedy", PLAIN))
    number: int
    name: str
    message: str
    remedy: str

    def __init__(
        self,
        *,
        number: int,
        name: str,
        message: str,
        remedy: str,
    ) -> None:
        self._fill(number, name, message, remedy)


@final
class PageProblem(Value):
    """What is wrong with a page.

    Attributes:
        page: The page: ``client``, ``address`` or ``administrator``.
        refusal: The first thing wrong with it.
    """

    __slots__ = ("page", "refusal")
    _FIELDS = (("page", PLAIN), ("refusal", Of(RefusalView)))
    page: str
    refusal: RefusalView

    def __init__(
        self,
        *,
        page: str,
        refusal: RefusalView,
    ) -> None:
        self._fill(page, refusal)


@final
class DraftCheck(Value):
    """What is wrong with the pages of an account, and what follows from them.

    Attributes:
        problems: The first thing wrong with each page; empty when the account can be created.
        data_center: The data centre that the country leads to.
        country: The country of the address, which is that of the first page (S-ST-07).
    """

    __slots__ = ("country", "data_center", "problems")
    _FIELDS = (
        ("problems", Many(Of(PageProblem))),
        ("data_center", Maybe(PLAIN)),
        ("country", Maybe(PLAIN)),
    )
    problems: tuple[PageProblem, ...]
    data_center: str | None
    country: str | None

    def __init__(
        self,
        *,
        problems: Iterable[PageProblem],
        data_center: str | None,
        country: str | None,
    ) -> None:
        self._fill(problems, data_center, country)


@final
class DuePage(Value):
    """What is coming for some customers.

    Attributes:
        customers: The customers for whom something is coming, by id.
        next: After whom to ask on; none when all customers were looked at.
    """

    __slots__ = ("customers", "next")
    _FIELDS = (("customers", Many(Of(CustomerDue))), ("next", Maybe(PLAIN)))
    customers: tuple[CustomerDue, ...]
    next: str | None

    def __init__(
        self,
        *,
        customers: Iterable[CustomerDue],
        next: str | None,
    ) -> None:
        self._fill(customers, next)


@final
class Growth(Value):
    """Where a period stands with the growth rule, for one licence type.

    Attributes:
        free: Devices that may run without further licences in this period.
        extra_now: Licences wanted now for devices beyond that. They never block; they are a warning
            (S-AX-59).
    """

    __slots__ = ("extra_now", "free")
    _FIELDS = (("free", PLAIN), ("extra_now", PLAIN))
    free: int
    extra_now: int

    def __init__(
        self,
        *,
        free: int,
        extra_now: int,
    ) -> None:
        self._fill(free, extra_now)


@final
class HardwareView(Value):
    """Hardware of a customer.

    Attributes:
        product: The product.
        licenses: Licences by type; they have no end (S-AX-61).
    """

    __slots__ = ("licenses", "product")
    _FIELDS = (("product", PLAIN), ("licenses", Table(PLAIN)))
    product: str
    licenses: Mapping[str, int]

    def __init__(
        self,
        *,
        product: str,
        licenses: Mapping[str, int],
    ) -> None:
        self._fill(product, licenses)


@final
class HistoryEntry(Value):
    """An event of a stream with its chain hash.

    Attributes:
        index: Index in the stream, from 1.
        at: When it was decided.
        actor: Role and id of who caused it.
        command: The command that caused it.
        event: What happened.
        chain: Chain hash after it, lower-case hex.
    """

    __slots__ = ("actor", "at", "chain", "command", "event", "index")
    _FIELDS = (
        ("index", PLAIN),
        ("at", INSTANT),
        ("actor", Of(Actor)),
        ("command", PLAIN),
        ("event", Of(Event)),
        ("chain", PLAIN),
    )
    index: int
    at: datetime
    actor: Actor
    command: str
    event: Event
    chain: str

    def __init__(
        self,
        *,
        index: int,
        at: datetime,
        actor: Actor,
        command: str,
        event: Event,
        chain: str,
    ) -> None:
        self._fill(index, at, actor, command, event, chain)


class HostStatusKind(Word):
    """How a customer stands with a product that is licensed by host."""

    PERPETUAL = "perpetual"
    """There is a licence without an end: no date is shown (S-MK-28)."""
    LICENSED = "licensed"
    """There is a licence with an end."""
    TRIAL = "trial"
    """The trial runs."""
    EXPIRED = "expired"
    """There was a licence or a trial, and it is over (S-MK-29)."""
    NOT_LICENSED = "not_licensed"
    """There is none, and none that ended."""


@final
class HostStatus(Value):
    """Where a customer stands with a product that is licensed by host.

    Attributes:
        kind: The status in one word.
        until: First day no longer covered, or since when nothing is; none for a perpetual licence.
        updates_until: Versions built from this day on are not covered; none where all are.
        places: How many hosts may be bound today.
        bound: How many are; a group of hosts that share a licence counts once.
        text: The status in words.
    """

    __slots__ = ("bound", "kind", "places", "text", "until", "updates_until")
    _FIELDS = (
        ("kind", OneWord(HostStatusKind)),
        ("until", Maybe(DAY)),
        ("updates_until", Maybe(DAY)),
        ("places", PLAIN),
        ("bound", PLAIN),
        ("text", PLAIN),
    )
    kind: HostStatusKind
    until: date | None
    updates_until: date | None
    places: int
    bound: int
    text: str

    def __init__(
        self,
        *,
        kind: HostStatusKind,
        until: date | None,
        updates_until: date | None,
        places: int,
        bound: int,
        text: str,
    ) -> None:
        self._fill(kind, until, updates_until, places, bound, text)


@final
class Invoice(Value):
    """What an account is to pay, as data for a billing program.

    Attributes:
        dated: The day of the invoice.
        reference: What the customer wants to see on it (S-ST-08).
        from_: First day whose charges are on it: the day of the invoice before.
        lines: The amounts, in the order in which they arose.
        total: Their sum, in minor units.
    """

    __slots__ = ("dated", "from_", "lines", "reference", "total")
    _FIELDS = (
        ("dated", DAY),
        ("reference", Maybe(PRIVATE)),
        ("from_", DAY),
        ("lines", Many(Of(Charge))),
        ("total", PLAIN),
    )
    dated: date
    reference: str | None
    from_: date
    lines: tuple[Charge, ...]
    total: int

    def __init__(
        self,
        *,
        dated: date,
        reference: str | None,
        from_: date,
        lines: Iterable[Charge],
        total: int,
    ) -> None:
        self._fill(dated, reference, from_, lines, total)


@final
class JournalEntry(Value):
    """An event with the stream it stands in.

    Attributes:
        stream: The stream.
        index: Index in the stream, from 1.
        at: When it was decided.
        actor: Role and id of who caused it.
        command: The command that caused it.
        event: What happened.
        chain: Chain hash after it, lower-case hex.
    """

    __slots__ = ("actor", "at", "chain", "command", "event", "index", "stream")
    _FIELDS = (
        ("stream", PLAIN),
        ("index", PLAIN),
        ("at", INSTANT),
        ("actor", Of(Actor)),
        ("command", PLAIN),
        ("event", Of(Event)),
        ("chain", PLAIN),
    )
    stream: str
    index: int
    at: datetime
    actor: Actor
    command: str
    event: Event
    chain: str

    def __init__(
        self,
        *,
        stream: str,
        index: int,
        at: datetime,
        actor: Actor,
        command: str,
        event: Event,
        chain: str,
    ) -> None:
        self._fill(stream, index, at, actor, command, event, chain)


@final
class JournalPage(Value):
    """Events in the order of their places, and where to go on.

    Attributes:
        entries: The events.
        next: The place of the last one, to give as ``after`` for the next page; none when there is
            none.
    """

    __slots__ = ("entries", "next")
    _FIELDS = (("entries", Many(Of(JournalEntry))), ("next", Maybe(Of(EventPlace))))
    entries: tuple[JournalEntry, ...]
    next: EventPlace | None

    def __init__(
        self,
        *,
        entries: Iterable[JournalEntry],
        next: EventPlace | None,
    ) -> None:
        self._fill(entries, next)


@final
class LotView(Value):
    """A lot and what is left of it.

    Attributes:
        id: Number within the wallet.
        license_type: Type of licence.
        kind: What they are good for.
        quantity: Licences stored, 1 to ``QUANTITY_MAX``.
        source: Where they came from.
        stored_on: First day usable.
        expires_on: First day no longer usable.
        left: Licences left in it.
        voided: Licences taken out of circulation by a correction.
        expired: Whether it can no longer be used today.
    """

    __slots__ = (
        "expired",
        "expires_on",
        "id",
        "kind",
        "left",
        "license_type",
        "quantity",
        "source",
        "stored_on",
        "voided",
    )
    _FIELDS = (
        ("id", PLAIN),
        ("license_type", PLAIN),
        ("kind", Of(LotKind)),
        ("quantity", PLAIN),
        ("source", OneWord(LotSource)),
        ("stored_on", DAY),
        ("expires_on", DAY),
        ("left", PLAIN),
        ("voided", PLAIN),
        ("expired", PLAIN),
    )
    id: int
    license_type: str
    kind: LotKind
    quantity: int
    source: LotSource
    stored_on: date
    expires_on: date
    left: int
    voided: int
    expired: bool

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
        left: int,
        voided: int,
        expired: bool,
    ) -> None:
        self._fill(
            id,
            license_type,
            kind,
            quantity,
            source,
            stored_on,
            expires_on,
            left,
            voided,
            expired,
        )


@final
class Membership(Value):
    """A row of the list in which somebody changes from one customer to another.

    Attributes:
        customer: The customer.
        role: What the person may do there.
        suspended: Whether the account is suspended (S-ST-34).
        state: What the account is doing.
    """

    __slots__ = ("customer", "role", "state", "suspended")
    _FIELDS = (
        ("customer", PLAIN),
        ("role", OneWord(MemberRole)),
        ("suspended", PLAIN),
        ("state", OneWord(AccountState)),
    )
    customer: str
    role: MemberRole
    suspended: bool
    state: AccountState

    def __init__(
        self,
        *,
        customer: str,
        role: MemberRole,
        suspended: bool,
        state: AccountState,
    ) -> None:
        self._fill(customer, role, suspended, state)


class _MessageNames:
    __slots__ = ()
    if TYPE_CHECKING:
        Number: TypeAlias = "_MessageNumber"
        Activation: TypeAlias = "_MessageActivation"
        Provision: TypeAlias = "_MessageProvision"
        RebootDevice: TypeAlias = "_MessageRebootDevice"
        Webhook: TypeAlias = "_MessageWebhook"


class Message(Tagged, _MessageNames):
    """Something to be sent once the command that caused it is done.

    It is kept, with what may be read in it, until the program says that it was sent.
    """

    __slots__ = ()


@final
class _MessageNumber(Message):
    """A mail to the owner of a registration number that tells the number (S-MK-09).

    Attributes:
        customer: The customer.
        person: To whom.
        number: The number in full.
    """

    __slots__ = ("customer", "number", "person")
    TAG = "number"
    _FIELDS = (("customer", PLAIN), ("person", PLAIN), ("number", PRIVATE))
    customer: str
    person: str
    number: str

    def __init__(
        self,
        *,
        customer: str,
        person: str,
        number: str,
    ) -> None:
        self._fill(customer, person, number)


@final
class _MessageActivation(Message):
    """A mail by which a user is activated (S-ST-57).

    Attributes:
        of: The customer or partner whose user it is.
        person: To whom.
    """

    __slots__ = ("of", "person")
    TAG = "activation"
    _FIELDS = (("of", PLAIN), ("person", PLAIN))
    of: str
    person: str

    def __init__(
        self,
        *,
        of: str,
        person: str,
    ) -> None:
        self._fill(of, person)


@final
class _MessageProvision(Message):
    """Work on an account for the vendor's program, to be acknowledged by it.

    Attributes:
        customer: The customer.
        state: In which state the account waits.
    """

    __slots__ = ("customer", "state")
    TAG = "provision"
    _FIELDS = (("customer", PLAIN), ("state", OneWord(AccountState)))
    customer: str
    state: AccountState

    def __init__(
        self,
        *,
        customer: str,
        state: AccountState,
    ) -> None:
        self._fill(customer, state)


@final
class _MessageRebootDevice(Message):
    """The order to restart a device; its program reports what became of it (S-IP-39).

    Attributes:
        customer: The customer.
        device: The device.
    """

    __slots__ = ("customer", "device")
    TAG = "reboot_device"
    _FIELDS = (("customer", PLAIN), ("device", PLAIN))
    customer: str
    device: str

    def __init__(
        self,
        *,
        customer: str,
        device: str,
    ) -> None:
        self._fill(customer, device)


@final
class _MessageWebhook(Message):
    """An event to tell a webhook.

    Attributes:
        webhook: The webhook.
        stream: The stream of the event.
        index: Its index in the stream, from 1.
    """

    __slots__ = ("index", "stream", "webhook")
    TAG = "webhook"
    _FIELDS = (("webhook", PLAIN), ("stream", PLAIN), ("index", PLAIN))
    webhook: str
    stream: str
    index: int

    def __init__(
        self,
        *,
        webhook: str,
        stream: str,
        index: int,
    ) -> None:
        self._fill(webhook, stream, index)


nest(Message)


@final
class NeedView(Value):
    """Need and coverage of one period.

    Attributes:
        ahead: Periods ahead of the current one.
        period: The period; none before a subscription is started.
        need: Licences needed by type.
        allocated: Licences allocated by type.
        missing: Licences still missing by type.
    """

    __slots__ = ("ahead", "allocated", "missing", "need", "period")
    _FIELDS = (
        ("ahead", PLAIN),
        ("period", Maybe(Of(Period))),
        ("need", Table(PLAIN)),
        ("allocated", Table(PLAIN)),
        ("missing", Table(PLAIN)),
    )
    ahead: int
    period: Period | None
    need: Mapping[str, int]
    allocated: Mapping[str, int]
    missing: Mapping[str, int]

    def __init__(
        self,
        *,
        ahead: int,
        period: Period | None,
        need: Mapping[str, int],
        allocated: Mapping[str, int],
        missing: Mapping[str, int],
    ) -> None:
        self._fill(ahead, period, need, allocated, missing)


class StatusKind(Word):
    """What a customer may do with a product, in one word."""

    NOT_REGISTERED = "not_registered"
    """No system with the product is registered."""
    TRIAL = "trial"
    """Full use before a subscription is started."""
    NOT_STARTED = "not_started"
    """Registered, and no subscription was started."""
    GRACE = "grace"
    """Full use while licences are bought and allocated."""
    LICENSED = "licensed"
    """Every device is covered, or was when the period became fully licensed."""
    PARTLY_LICENSED = "partly_licensed"
    """The grace is over and only some devices are covered."""
    UNLICENSED = "unlicensed"
    """The grace or trial is over and nothing is allocated."""


@final
class ProductStatus(Value):
    """Where a customer stands with a product.

    Attributes:
        kind: In one word.
        start: First day of the current period.
        end: First day after the current period.
        grace_end: First day after the grace of this period, past or to come; none when it had no
            grace.
        trial_end: First day after the trial, past or to come.
        renewed: Whether the current period is a renewal, not the one the product joined in.
        days_left: Days until the status changes by itself, today included; none when it does not.
        text: The status in words.
        need: Need of the current period by licence type.
        allocated: Licences allocated to the current period.
        wallet: Licences in the wallet that can be used today, of any term.
        growth_exceeded: Growth beyond what is free, by licence type; empty when there is none.
    """

    __slots__ = (
        "allocated",
        "days_left",
        "end",
        "grace_end",
        "growth_exceeded",
        "kind",
        "need",
        "renewed",
        "start",
        "text",
        "trial_end",
        "wallet",
    )
    _FIELDS = (
        ("kind", OneWord(StatusKind)),
        ("start", Maybe(DAY)),
        ("end", Maybe(DAY)),
        ("grace_end", Maybe(DAY)),
        ("trial_end", Maybe(DAY)),
        ("renewed", PLAIN),
        ("days_left", Maybe(PLAIN)),
        ("text", PLAIN),
        ("need", Table(PLAIN)),
        ("allocated", Table(PLAIN)),
        ("wallet", Table(PLAIN)),
        ("growth_exceeded", Table(Of(Growth))),
    )
    kind: StatusKind
    start: date | None
    end: date | None
    grace_end: date | None
    trial_end: date | None
    renewed: bool
    days_left: int | None
    text: str
    need: Mapping[str, int]
    allocated: Mapping[str, int]
    wallet: Mapping[str, int]
    growth_exceeded: Mapping[str, Growth]

    def __init__(
        self,
        *,
        kind: StatusKind,
        start: date | None,
        end: date | None,
        grace_end: date | None,
        trial_end: date | None,
        renewed: bool,
        days_left: int | None,
        text: str,
        need: Mapping[str, int],
        allocated: Mapping[str, int],
        wallet: Mapping[str, int],
        growth_exceeded: Mapping[str, Growth],
    ) -> None:
        self._fill(
            kind,
            start,
            end,
            grace_end,
            trial_end,
            renewed,
            days_left,
            text,
            need,
            allocated,
            wallet,
            growth_exceeded,
        )


@final
class SystemView(Value):
    """A system of a customer.

    Attributes:
        product: The product it runs.
        devices: Devices by licence type.
        offline: Whether it is known by a description that was carried here, and has never asked by
            itself.
    """

    __slots__ = ("devices", "offline", "product")
    _FIELDS = (("product", PLAIN), ("devices", Table(PLAIN)), ("offline", PLAIN))
    product: str
    devices: Mapping[str, int]
    offline: bool

    def __init__(
        self,
        *,
        product: str,
        devices: Mapping[str, int],
        offline: bool,
    ) -> None:
        self._fill(product, devices, offline)


@final
class Overview(Value):
    """A customer at a glance.

    Attributes:
        today: The day in the customer's zone.
        zone: The zone.
        co_term: The day periods are laid from.
        products: One row a product that is sold as a pool of licences.
        hosts: One row a product that is licensed by host.
        devices: One row a product whose licences name devices: one each, or by the terms of an
            account.
        systems: Devices by licence type of each system.
        hardware: Licences of each piece of hardware, for its life.
    """

    __slots__ = ("co_term", "devices", "hardware", "hosts", "products", "systems", "today", "zone")
    _FIELDS = (
        ("today", DAY),
        ("zone", ZONE),
        ("co_term", Maybe(DAY)),
        ("products", Table(Of(ProductStatus))),
        ("hosts", Table(Of(HostStatus))),
        ("devices", Table(Of(DevicesStatus))),
        ("systems", Table(Of(SystemView))),
        ("hardware", Table(Of(HardwareView))),
    )
    today: date
    zone: ZoneInfo
    co_term: date | None
    products: Mapping[str, ProductStatus]
    hosts: Mapping[str, HostStatus]
    devices: Mapping[str, DevicesStatus]
    systems: Mapping[str, SystemView]
    hardware: Mapping[str, HardwareView]

    def __init__(
        self,
        *,
        today: date,
        zone: ZoneInfo | str,
        co_term: date | None,
        products: Mapping[str, ProductStatus],
        hosts: Mapping[str, HostStatus],
        devices: Mapping[str, DevicesStatus],
        systems: Mapping[str, SystemView],
        hardware: Mapping[str, HardwareView],
    ) -> None:
        self._fill(today, zone, co_term, products, hosts, devices, systems, hardware)


@final
class StockView(Value):
    """Licences of one kind in the stock of a partner.

    Attributes:
        product: The product.
        license_type: Type of licence.
        kind: What they are good for.
        received: How many came.
        given: How many were given to customers.
        left: How many are there.
    """

    __slots__ = ("given", "kind", "left", "license_type", "product", "received")
    _FIELDS = (
        ("product", PLAIN),
        ("license_type", PLAIN),
        ("kind", Of(LotKind)),
        ("received", PLAIN),
        ("given", PLAIN),
        ("left", PLAIN),
    )
    product: str
    license_type: str
    kind: LotKind
    received: int
    given: int
    left: int

    def __init__(
        self,
        *,
        product: str,
        license_type: str,
        kind: LotKind,
        received: int,
        given: int,
        left: int,
    ) -> None:
        self._fill(product, license_type, kind, received, given, left)


@final
class PartnerView(Value):
    """A partner, as it sees itself.

    Attributes:
        name: Its name; none once erased.
        email: Its e-mail.
        code: Its code.
        total: Licences in stock.
        stock: Licences in stock, by product, type and kind; their sum is ``total`` (S-IP-03).
        shop_linked: Whether it is linked to its account at the vendor's shop.
    """

    __slots__ = ("code", "email", "name", "shop_linked", "stock", "total")
    _FIELDS = (
        ("name", Maybe(PRIVATE)),
        ("email", Maybe(PRIVATE)),
        ("code", PLAIN),
        ("total", PLAIN),
        ("stock", Many(Of(StockView))),
        ("shop_linked", PLAIN),
    )
    name: str | None
    email: str | None
    code: str
    total: int
    stock: tuple[StockView, ...]
    shop_linked: bool

    def __init__(
        self,
        *,
        name: str | None,
        email: str | None,
        code: str,
        total: int,
        stock: Iterable[StockView],
        shop_linked: bool,
    ) -> None:
        self._fill(name, email, code, total, stock, shop_linked)


@final
class PeriodRow(Value):
    """A period with its length.

    Attributes:
        start: First day inside.
        end: First day after.
        days: Days inside.
    """

    __slots__ = ("days", "end", "start")
    _FIELDS = (("start", DAY), ("end", DAY), ("days", PLAIN))
    start: date
    end: date
    days: int

    def __init__(
        self,
        *,
        start: date,
        end: date,
        days: int,
    ) -> None:
        self._fill(start, end, days)


@final
class ProductView(Value):
    """A product in the catalogue.

    Attributes:
        name: The name shown to people.
        license_types: Its types of licence.
        policy_version: Version of the newest policy.
        policy: The newest policy.
    """

    __slots__ = ("license_types", "name", "policy", "policy_version")
    _FIELDS = (
        ("name", PRIVATE),
        ("license_types", Many(PLAIN)),
        ("policy_version", PLAIN),
        ("policy", Maybe(_POLICY)),
    )
    name: str
    license_types: tuple[str, ...]
    policy_version: int
    policy: Policy | None

    def __init__(
        self,
        *,
        name: str,
        license_types: Iterable[str],
        policy_version: int,
        policy: Policy | None,
    ) -> None:
        self._fill(name, license_types, policy_version, policy)


class SignInAgain(Word):
    """Why one has to sign in again."""

    RIGHTS_CHANGED = "rights_changed"
    """Licences moved, or a device was restarted (S-IP-23, S-IP-41)."""
    PROFILE_CHANGED = "profile_changed"
    """The person's own record changed, such as its language (S-ST-17)."""


@final
class SessionView(Value):
    """Whether a session still shows what is.

    Attributes:
        sign_in_again: Why to sign in again; empty when there is no need (S-IP-23, S-IP-24).
    """

    __slots__ = ("sign_in_again",)
    _FIELDS = (("sign_in_again", Many(OneWord(SignInAgain))),)
    sign_in_again: tuple[SignInAgain, ...]

    def __init__(
        self,
        *,
        sign_in_again: Iterable[SignInAgain],
    ) -> None:
        self._fill(sign_in_again)


@final
class ShopView(Value):
    """Whether somebody is to be asked to link an account at the vendor's shop.

    Attributes:
        channel: Where it buys.
        linked: Whether the link was made.
        needs_link: Whether to show the dialog (S-IP-04, S-IP-08).
    """

    __slots__ = ("channel", "linked", "needs_link")
    _FIELDS = (("channel", OneWord(Channel)), ("linked", PLAIN), ("needs_link", PLAIN))
    channel: Channel
    linked: bool
    needs_link: bool

    def __init__(
        self,
        *,
        channel: Channel,
        linked: bool,
        needs_link: bool,
    ) -> None:
        self._fill(channel, linked, needs_link)


@final
class TakenLots(Value):
    """Lots and what is taken from them.

    Attributes:
        expires_on: First day on which each lot can no longer be used.
        taken: What is taken; lots are numbered from 1.
    """

    __slots__ = ("expires_on", "taken")
    _FIELDS = (("expires_on", Many(DAY)), ("taken", Many(Of(Debit))))
    expires_on: tuple[date, ...]
    taken: tuple[Debit, ...]

    def __init__(
        self,
        *,
        expires_on: Iterable[date],
        taken: Iterable[Debit],
    ) -> None:
        self._fill(expires_on, taken)


@final
class UserView(Value):
    """A member of a customer.

    Attributes:
        person: The person.
        role: What it may do.
        administrator: Whether it is the administrator of the account (S-ST-58).
        active: Whether it was activated; a user who waits for it cannot sign in.
        language: The language of its texts; none for who does not sign in.
        provider: Who says who it is; none for who does not sign in.
        email_is_username: Whether mail goes to the username (S-ST-22).
        fields: Name and addresses; none once erased.
    """

    __slots__ = (
        "active",
        "administrator",
        "email_is_username",
        "fields",
        "language",
        "person",
        "provider",
        "role",
    )
    _FIELDS = (
        ("person", PLAIN),
        ("role", OneWord(MemberRole)),
        ("administrator", PLAIN),
        ("active", PLAIN),
        ("language", Maybe(OneWord(Language))),
        ("provider", Maybe(PLAIN)),
        ("email_is_username", PLAIN),
        ("fields", Maybe(Of(PersonFields))),
    )
    person: str
    role: MemberRole
    administrator: bool
    active: bool
    language: Language | None
    provider: str | None
    email_is_username: bool
    fields: PersonFields | None

    def __init__(
        self,
        *,
        person: str,
        role: MemberRole,
        administrator: bool,
        active: bool,
        language: Language | None,
        provider: str | None,
        email_is_username: bool,
        fields: PersonFields | None,
    ) -> None:
        self._fill(
            person,
            role,
            administrator,
            active,
            language,
            provider,
            email_is_username,
            fields,
        )


@final
class UsersView(Value):
    """The persons of a customer.

    Attributes:
        client: Name and address of the customer of an account; none without an account, and once
            erased.
        users: Its members.
    """

    __slots__ = ("client", "users")
    _FIELDS = (("client", Maybe(Of(PersonFields))), ("users", Many(Of(UserView))))
    client: PersonFields | None
    users: tuple[UserView, ...]

    def __init__(
        self,
        *,
        client: PersonFields | None,
        users: Iterable[UserView],
    ) -> None:
        self._fill(client, users)


@final
class WalletView(Value):
    """The stock of licences of a product.

    Attributes:
        usable: Licences that can be used today, by type.
        lots: Every lot, in the order of storing.
        carry: Parts of a licence carried from compensations, by type.
        balance: What came in and what became of it.
    """

    __slots__ = ("balance", "carry", "lots", "usable")
    _FIELDS = (
        ("usable", Table(PLAIN)),
        ("lots", Many(Of(LotView))),
        ("carry", Table(Of(Carry))),
        ("balance", Table(Table(Of(Balance)))),
    )
    usable: Mapping[str, int]
    lots: tuple[LotView, ...]
    carry: Mapping[str, Carry]
    balance: Mapping[str, Mapping[str, Balance]]

    def __init__(
        self,
        *,
        usable: Mapping[str, int],
        lots: Iterable[LotView],
        carry: Mapping[str, Carry],
        balance: Mapping[str, Mapping[str, Balance]],
    ) -> None:
        self._fill(usable, lots, carry, balance)


class Warning(Word):
    """Something to know before confirming."""

    NO_TRANSFER_BETWEEN_CUSTOMERS = "no_transfer_between_customers"
    """What is done for this customer cannot be moved to another later (S-AX-06)."""
    PICTURE_MAY_BE_MISSING = "picture_may_be_missing"
    """The picture of the device may be missing for a while (S-IP-40)."""
    USERS_SIGN_IN_AGAIN = "users_sign_in_again"
    """Whoever is signed in at the customer's has to sign in again, and should be told (S-IP-41)."""
