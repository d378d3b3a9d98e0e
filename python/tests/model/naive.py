"""The rules of pool subscriptions once more, written to be read and not to be fast.

This is the second opinion that the engine is compared with: exact fractions, calendar months by
python-dateutil, and time that passes one day at a time. It shares nothing with the engine but the
names of things; behaviour ids stand in ``docs/behaviours.md``.
"""

from __future__ import annotations

import copy
import math
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from typing import Literal

from dateutil.relativedelta import relativedelta

Quantities = Counter[str]
"""How many of each licence type; what is missing counts 0."""

Source = Literal["key", "purchase", "preload", "compensation"]
"""Where the licences of a lot came from."""

DAY = timedelta(days=1)


@cache
def after(day: date, months: int) -> date:
    """The same day of a later month, or its last."""
    return day + relativedelta(months=months)


class RefusedError(Exception):
    """The rules do not allow what was asked; its arguments name every rule that is broken."""


@dataclass(frozen=True)
class Policy:
    """The settings of a subscription, with the usual values."""

    terms: tuple[int, ...] = (12,)
    grace_days: int = 30
    trial_days: int = 0
    storage_years: int = 5
    advance_periods: int = 5
    growth_percent: int = 100
    compensation: Literal["elapsed", "grace_end", "none"] = "elapsed"
    credited_storage: Literal["fresh", "inherit"] = "fresh"
    partial_allocation: bool = False
    over_allocation: bool = False


@dataclass(frozen=True)
class Licenses:
    """Some licences of one type, each for a term in months."""

    license_type: str
    term: int
    quantity: int


@dataclass
class Lot:
    """Licences that came into the wallet together."""

    licenses: Licenses
    source: Source
    stored_on: date
    expires_on: date
    left: int

    def usable(self, today: date) -> bool:
        return today < self.expires_on


@dataclass
class Period:
    """The current period of a subscription."""

    start: date
    end: date
    joined: date
    """The day from which the product took part: the first day, except in the founding period."""
    grace_end: date | None
    base: Quantities | None = None
    """What was allocated when the period first became fully licensed."""


@dataclass
class Subscription:
    """Consecutive periods, laid from the anchor, and the licences allocated to them."""

    anchor: date
    term: int
    index: int
    current: Period
    first_grace_end: date
    allocated: dict[int, Quantities] = field(default_factory=dict)
    """By index, counted from the anchor."""
    allocated_ever: Quantities = field(default_factory=Counter)

    def bounds(self, index: int) -> tuple[date, date]:
        """First day of a period and of the one after it; never chained, so 29 February returns."""
        start, end = index * self.term, (index + 1) * self.term
        return after(self.anchor, months=start), after(self.anchor, months=end)

    def of(self, ahead: int) -> Quantities:
        return self.allocated.get(self.index + ahead, Counter())


@dataclass
class Product:
    """What one customer has of one product."""

    types: tuple[str, ...]
    policy: Policy
    systems: dict[str, Quantities] = field(default_factory=dict)
    registered_on: date | None = None
    lots: list[Lot] = field(default_factory=list)
    carry: dict[str, Fraction] = field(default_factory=dict)
    subscription: Subscription | None = None

    # What is asked.

    def devices(self) -> Quantities:
        return sum(self.systems.values(), Counter())

    def need(self, ahead: int) -> Quantities:
        """Licences needed for a period (S-AX-10, S-AX-11, S-AX-56)."""
        subscription = self.subscription
        if subscription is None or ahead > 0 or subscription.current.base is None:
            return self.devices()
        return subscription.of(0) + self.extra_now()

    def extra_now(self) -> Quantities:
        """Licences wanted for growth beyond what is free (S-AX-57, S-AX-58)."""
        if self.subscription is None or self.subscription.current.base is None:
            return Counter()
        base, devices = self.subscription.current.base, self.devices()
        topped_up = self.subscription.of(0) - base
        extra: Quantities = Counter()
        for name in self.types:
            free = base[name] * (100 + self.policy.growth_percent) // 100 + topped_up[name]
            extra[name] = max(0, devices[name] - free)
        return extra

    def missing(self, ahead: int) -> Quantities:
        allocated = self.subscription.of(ahead) if self.subscription else Counter[str]()
        return self.need(ahead) - allocated

    def fully_licensed(self, ahead: int) -> bool:
        """Whether allocation reached the need (S-AX-41); growth never takes it away (S-AX-59)."""
        if self.subscription is None:
            return False
        if ahead == 0 and self.subscription.current.base is not None:
            return True
        return self.devices() <= self.subscription.of(ahead)

    def status(self, today: date) -> str:
        """The status in one word."""
        if self.registered_on is None:
            return "not_registered"
        if self.subscription is None:
            if self.policy.trial_days == 0:
                return "not_started"
            return "trial" if today < self.trial_end() else "unlicensed"
        if self.fully_licensed(0):
            return "licensed"
        grace_end = self.subscription.current.grace_end
        if grace_end is not None and today < grace_end:
            return "grace"
        return "partly_licensed" if self.subscription.of(0).total() > 0 else "unlicensed"

    def trial_end(self) -> date:
        assert self.registered_on is not None
        return self.registered_on + timedelta(days=self.policy.trial_days)

    def days_left(self, today: date) -> int | None:
        """Days until the status changes by itself, if it ever does."""
        status, future = self.status(today), copy.copy(self)
        future.subscription = copy.copy(self.subscription)
        for day in self.days_of_change(today):
            future.pass_to(day)
            if future.status(day) != status:
                return (day - today).days
        return None

    def days_of_change(self, today: date) -> list[date]:
        """The coming days on which the status might change by itself."""
        days = {self.trial_end()} if self.registered_on else set()
        if self.subscription is not None:
            for ahead in range(self.policy.advance_periods + 3):
                start, _ = self.subscription.bounds(self.subscription.index + ahead)
                days |= {start, start + timedelta(days=self.policy.grace_days)}
            days |= {self.subscription.current.grace_end or today}
        return sorted(day for day in days if day > today)

    def usable(self, name: str, term: int, today: date) -> list[Lot]:
        """The lots to take licences from, in the order of taking (S-AX-19, S-AX-21)."""
        kind = (name, term)
        lots = [lot for lot in self.lots if lot.usable(today) and lot.left > 0]
        lots = [lot for lot in lots if (lot.licenses.license_type, lot.licenses.term) == kind]
        return sorted(lots, key=lambda lot: lot.expires_on)

    def stock(self, name: str, today: date) -> int:
        """What is left in the wallet, of any term (S-AX-20)."""
        lots = [lot for lot in self.lots if lot.licenses.license_type == name]
        return sum(lot.left for lot in lots if lot.usable(today))

    def balance(self, name: str, today: date) -> Counter[str]:
        """What came in and what became of it, in months of one licence."""
        months: Counter[str] = Counter()
        for lot in self.lots:
            if lot.licenses.license_type == name:
                months[lot.source] += lot.licenses.quantity * lot.licenses.term
                months["left" if lot.usable(today) else "expired"] += lot.left * lot.licenses.term
        if self.subscription is not None:
            months["allocated"] = self.subscription.allocated_ever[name] * self.subscription.term
        return +months

    # What time does.

    def pass_to(self, today: date) -> None:
        """Lets the periods go by that end up to and on a day."""
        while self.subscription is not None and self.subscription.current.end <= today:
            self.begin_next_period(self.subscription)

    def begin_next_period(self, subscription: Subscription) -> None:
        """Renews; a grace follows what licences covered, unless they cover the next too (S-AX-52).

        What the grace from joining promised holds beside that (S-AX-27).
        """
        was_licensed = subscription.current.base is not None
        subscription.index += 1
        start, end = subscription.bounds(subscription.index)
        subscription.current = Period(start, end, joined=start, grace_end=None)
        self.fix_base()
        if was_licensed and subscription.current.base is None:
            subscription.current.grace_end = self.grace_from(start)
        elif start < subscription.first_grace_end:
            subscription.current.grace_end = subscription.first_grace_end

    def grace_from(self, start: date) -> date:
        """The first day after the grace that begins on a day (S-AX-27)."""
        return start + self.policy.grace_days * DAY

    def fix_base(self) -> None:
        """Notes what growth is measured by, once licences cover the period (S-AX-57)."""
        subscription = self.subscription
        if subscription is None or subscription.current.base is not None:
            return
        if self.fully_licensed(0) and subscription.of(0).total() > 0:
            subscription.current.base = Counter(subscription.of(0))

    # What is done.

    def register(self, system: str, devices: Quantities, today: date) -> None:
        self.systems[system] = Counter(devices)
        self.registered_on = self.registered_on or today
        self.fix_base()

    def start(self, anchor: date, term: int | None, today: date) -> None:
        """Starts the subscription, in the period of the customer that holds today (S-AX-49)."""
        if self.registered_on is None:
            raise RefusedError("NOT_REGISTERED")
        if self.subscription is not None:
            raise RefusedError("SUBSCRIPTION_ALREADY_STARTED")
        if term is not None and term not in self.policy.terms:
            raise RefusedError("TERM_NOT_OFFERED")
        term = term or self.policy.terms[0]
        grace_end = self.grace_from(today)
        founding = Period(anchor, anchor, joined=today, grace_end=grace_end)
        subscription = Subscription(anchor, term, 0, founding, grace_end)
        while subscription.bounds(subscription.index)[1] <= today:
            subscription.index += 1
        founding.start, founding.end = subscription.bounds(subscription.index)
        self.subscription = subscription

    def sold_for(self, term: int) -> bool:
        """Whether licences of a term can be used: it is a multiple of one on offer (S-AX-67)."""
        return any(term % offered == 0 for offered in self.policy.terms)

    def purchase(self, licenses: Licenses, source: Source, today: date) -> None:
        if not self.sold_for(licenses.term):
            raise RefusedError("TERM_NOT_OFFERED")
        self.store(licenses, source, today)

    def store(
        self, licenses: Licenses, source: Source, today: date, expires_on: date | None = None
    ) -> None:
        """Puts licences into the wallet (S-AX-19)."""
        expires_on = expires_on or after(today, 12 * self.policy.storage_years)
        self.lots.append(Lot(licenses, source, today, expires_on, licenses.quantity))

    def allocate(self, wanted: Quantities, ahead: int, term: int | None, today: date) -> None:
        """Takes licences from the wallet and gives them to periods, all or nothing (S-AX-40)."""
        subscription = self.subscription
        if subscription is None:
            registered = self.registered_on is not None
            raise RefusedError(
                "SUBSCRIPTION_NOT_STARTED", *() if registered else ("NOT_REGISTERED",)
            )
        term = term or subscription.term
        periods, rest = divmod(term, subscription.term)
        if rest:
            raise RefusedError("TERM_NOT_OFFERED")
        broken = set()
        if ahead + periods - 1 > self.policy.advance_periods:
            broken.add("ADVANCE_LIMIT")
        if ahead > 0 and not self.fully_licensed(ahead - 1):
            broken.add("PERIOD_GAP")
        for name in self.types:
            usable = sum(lot.left for lot in self.usable(name, term, today))
            for later in range(ahead, ahead + periods):
                missing = self.missing(later)[name]
                broken |= self.broken_by_quantity(wanted[name], missing, usable)
        if broken:
            raise RefusedError(*broken)
        for name in self.types:
            if wanted[name] > 0:
                sources = self.debit(name, term, wanted[name], today)
                if ahead == 0:
                    self.compensate(name, wanted[name], sources, today)
        for later in range(ahead, ahead + periods):
            index = subscription.index + later
            subscription.allocated[index] = subscription.of(later) + wanted
            subscription.allocated_ever += wanted
        self.fix_base()

    def broken_by_quantity(self, wanted: int, missing: int, usable: int) -> set[str]:
        """Usually exactly what a period still lacks may be allocated (S-AX-43)."""
        broken = set()
        if wanted > missing and not self.policy.over_allocation:
            broken.add("EXCEEDS_NEED")
        if wanted < missing and not self.policy.partial_allocation:
            broken.add("INSUFFICIENT_WALLET" if usable < missing else "PARTIAL_ALLOCATION")
        if wanted > usable:
            broken.add("INSUFFICIENT_WALLET")
        return broken

    def debit(self, name: str, term: int, quantity: int, today: date) -> list[Lot]:
        """Takes from the lot that expires first, and gives the lots taken from."""
        taken_from = []
        for lot in self.usable(name, term, today):
            taken = min(lot.left, quantity)
            if taken > 0:
                lot.left -= taken
                quantity -= taken
                taken_from.append(lot)
        return taken_from

    def compensate(self, name: str, quantity: int, sources: list[Lot], today: date) -> None:
        """Gives whole licences back and carries the rest (S-AX-48 to S-AX-51)."""
        subscription = self.subscription
        assert subscription is not None
        days = (subscription.current.end - subscription.current.start).days
        share = Fraction(self.days_overlapped(subscription.current, today), days)
        back = self.carry.get(name, Fraction()) + quantity * share
        whole = math.floor(back)
        self.carry[name] = back - whole
        if whole > 0:
            inherited = min(lot.expires_on for lot in sources)
            expires_on = inherited if self.policy.credited_storage == "inherit" else None
            licenses = Licenses(name, subscription.term, whole)
            self.store(licenses, "compensation", today, expires_on)

    def days_overlapped(self, period: Period, today: date) -> int:
        """Days of the period for which a licence allocated today is not charged."""
        before_joining = (period.joined - period.start).days
        grace_end = period.grace_end or period.start
        if self.policy.compensation == "none":
            return 0
        if today < grace_end:
            return before_joining
        if self.policy.compensation == "elapsed":
            return (today - period.start).days
        return before_joining + (today - grace_end).days


class Vendor:
    """The products of a vendor, the licence keys it issued, and one customer."""

    def __init__(self, product: type[Product] = Product) -> None:
        self.product_class = product
        self.products: dict[str, Product] = {}
        self.keys: dict[str, tuple[str, list[Licenses]]] = {}
        self.redeemed: set[str] = set()
        self.anchor: date | None = None
        self.today = date.min

    def define(self, product: str, types: tuple[str, ...], policy: Policy) -> None:
        self.products[product] = self.product_class(types, policy)

    def pass_to(self, today: date) -> None:
        """Lets days go by."""
        self.today = today
        for product in self.products.values():
            product.pass_to(today)

    def issue(self, product: str, key: str, contents: list[Licenses]) -> None:
        """Issues a licence key."""
        if not all(self.products[product].sold_for(licenses.term) for licenses in contents):
            raise RefusedError("TERM_NOT_OFFERED")
        self.keys[key] = (product, contents)

    def start(self, product: str, term: int | None) -> None:
        """Starts a subscription; the first one of a customer anchors all of them."""
        self.products[product].start(self.anchor or self.today, term, self.today)
        self.anchor = self.anchor or self.today

    def redeem(self, product: str, key: str) -> None:
        """Puts all that a key is worth into the wallet, once (S-AX-33 to S-AX-39)."""
        if key not in self.keys:
            raise RefusedError("KEY_UNKNOWN")
        made_for, contents = self.keys[key]
        broken = {"KEY_WRONG_PRODUCT"} if made_for != product else set()
        if key in self.redeemed:
            broken.add("KEY_ALREADY_REDEEMED")
        if broken:
            raise RefusedError(*broken)
        self.redeemed.add(key)
        for licenses in contents:
            self.products[product].store(licenses, "key", self.today)
