"""Random lives of a customer, lived by the engine and by the naive model at once."""

from __future__ import annotations

import tempfile
from collections import Counter
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

import mlicense

from .beside import TYPES, Beside
from .naive import Licenses, Policy, Product

LIVES, STEPS = 300, 25
PRODUCTS = ("vms", "access")
ZONES = (
    "UTC",
    "Europe/Paris",
    "America/New_York",
    "America/Santiago",
    "Asia/Tokyo",
    "Asia/Kolkata",
    "Pacific/Kiritimati",
)
# The engine's time zones know no summer time after 2099.
TIME_ZONES_END = datetime(2099, 1, 1, tzinfo=timezone.utc)
OFFERS = ((12,), (12, 24, 60), (12, 24), (1, 3), (3, 12), (60, 12))
SHORTEST_DAYS = {1: 28, 3: 89, 12: 365, 24: 730, 60: 1825}

small = st.integers(1, 12)
products = st.sampled_from(PRODUCTS)
types = st.sampled_from(TYPES)
at_once = st.just(0)
days = st.integers(0, 40) | st.integers(0, 400)
odds = st.fixed_dictionaries({name: st.sampled_from([0, 0, -3, -1, 1, 4]) for name in TYPES})
counts = st.fixed_dictionaries({name: st.integers(0, 8) | st.integers(0, 40) for name in TYPES})


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Any settings that do not contradict each other."""
    terms = draw(st.sampled_from(OFFERS))
    shortest = min(SHORTEST_DAYS[term] for term in terms)
    graces = [days for days in (30, 0, 1, 14, 27, 75, shortest - 1) if days < shortest]
    return Policy(
        terms=terms,
        grace_days=draw(st.sampled_from(graces)),
        trial_days=draw(st.sampled_from([0, 1, 90])),
        storage_years=draw(st.sampled_from([5, 1, 2])),
        advance_periods=draw(st.sampled_from([5, 5, 11, 2, 0])),
        growth_percent=draw(st.sampled_from([100, 100, 0, 33, 50])),
        compensation=draw(
            st.sampled_from(["elapsed", "elapsed", "grace_end", "grace_end", "none"])
        ),
        credited_storage=draw(st.sampled_from(["fresh", "inherit"])),
        partial_allocation=draw(st.booleans()),
        over_allocation=draw(st.booleans()),
    )


class Lives(RuleBasedStateMachine):
    """One customer with two products under random policies."""

    product_class: type[Product] = Product

    def __init__(self) -> None:
        super().__init__()
        shared_memory = Path("/dev/shm")
        parent = shared_memory if shared_memory.is_dir() else None
        self.folder = tempfile.TemporaryDirectory(dir=parent)
        self.ledger = mlicense.Ledger.create(Path(self.folder.name, "ledger"))
        self.keys: list[str] = []

    def teardown(self) -> None:
        self.ledger.close()
        self.folder.cleanup()

    @initialize(
        zone=st.sampled_from(ZONES),
        first=st.dates(date(2024, 1, 1), date(2028, 12, 31)),
        second_of_day=st.integers(0, 86_399),
        offered=st.fixed_dictionaries({name: policies() for name in PRODUCTS}),
        devices=st.fixed_dictionaries(dict.fromkeys(PRODUCTS, counts)),
        joining=st.tuples(at_once) | st.tuples(at_once, days) | st.tuples(),
    )
    def begin(
        self,
        zone: str,
        first: date,
        second_of_day: int,
        offered: dict[str, Policy],
        devices: dict[str, dict[str, int]],
        joining: tuple[int, ...],
    ) -> None:
        now = datetime.combine(first, time(), timezone.utc) + timedelta(seconds=second_of_day)
        self.beside = Beside(self.ledger, zone, now, offered, self.product_class)
        self.beside.pass_time(timedelta())
        for product, waited in zip(PRODUCTS, joining, strict=False):
            self.beside.pass_time(timedelta(days=waited))
            self.register(product, "s1", devices[product])
            self.beside.start(product, None)

    def product(self, name: str) -> Product:
        return self.beside.model.products[name]

    # Time.

    @rule(days=days, seconds=st.integers(0, 86_399))
    def wait(self, days: int, seconds: int) -> None:
        self.pass_time(timedelta(days=days, seconds=seconds))

    def pass_time(self, span: timedelta) -> None:
        if self.beside.now + span < TIME_ZONES_END:
            self.beside.pass_time(span)

    @rule(data=st.data(), product=products, seconds=st.sampled_from([0, -1, -86_400, 86_400]))
    def wait_for_a_change(self, data: st.DataObject, product: str, seconds: int) -> None:
        """Waits for the first or last second before something is due."""
        today = self.beside.model.today
        mine = self.product(product)
        days = {lot.expires_on for lot in mine.lots} | set(mine.days_of_change(today))
        if soon := sorted(day for day in days if today < day)[:4]:
            self.wait_for(data.draw(st.sampled_from(soon)), seconds)

    def wait_for(self, day: date, seconds: int = 0) -> None:
        midnight = datetime.combine(day, time(), self.beside.zone)
        span = midnight.astimezone(timezone.utc) - self.beside.now
        self.pass_time(max(span + timedelta(seconds=seconds), timedelta(seconds=1)))

    # Systems.

    @rule(product=products, system=st.sampled_from(["s1", "s1", "s2"]), devices=counts)
    def register(self, product: str, system: str, devices: dict[str, int]) -> None:
        self.beside.pass_time(timedelta(seconds=1))
        self.beside.register(product, f"{product}-{system}", Counter(devices))

    @rule(product=products, percent=st.sampled_from([50, 100, 150, 250]))
    def grow(self, product: str, percent: int) -> None:
        """Adds devices in proportion to those that are licensed, and one more of each type."""
        if subscription := self.product(product).subscription:
            licensed = subscription.of(0)
            more = {name: licensed[name] * percent // 100 + 1 for name in TYPES}
            self.register(product, "s3", more)

    @rule(product=products, devices=counts, data=st.data())
    def join(self, product: str, devices: dict[str, int], data: st.DataObject) -> None:
        """Registers a system where there is none, and starts the subscription."""
        mine = self.product(product)
        if mine.registered_on is None:
            self.register(product, "s1", devices)
        self.beside.start(product, data.draw(st.sampled_from((None, *mine.policy.terms))))

    # Wallet.

    @rule(
        product=products,
        contents=st.lists(st.tuples(types, small, st.integers(0, 4)), min_size=1, max_size=3),
        preloaded=st.booleans(),
    )
    def buy(self, product: str, contents: list[tuple[str, int, int]], preloaded: bool) -> None:
        """Buys at once what is one line, and by a key what is more; sometimes for odd terms."""
        offered = self.product(product).policy.terms
        terms = (*offered, *offered, 24, 7)
        lines = [Licenses(name, terms[n % len(terms)], quantity) for name, quantity, n in contents]
        if len(lines) == 1:
            self.beside.purchase(product, lines[0], "preload" if preloaded else "purchase")
        else:
            self.keys.append(f"KEY-{len(self.keys) + 1:04}")
            self.beside.issue(product, self.keys[-1], lines)
            self.beside.redeem(product, self.keys[-1])

    @rule(product=products, key=st.integers(-2, 5))
    def slip(self, product: str, key: int) -> None:
        """Does what is mostly refused."""
        if key < 0:
            self.beside.start(product, -12 * key)
        else:
            self.beside.redeem(product, self.keys[key] if key < len(self.keys) else "KEY-UNKNOWN")

    # Allocation.

    @rule(
        product=products,
        further=st.sampled_from([0, 0, 0, 1, -1]),
        odd=st.just({}) | odds,
        term=st.sampled_from([0, 0, 1, 2]),
        spare=st.sampled_from([0, 0, 3, None]),
    )
    def allocate(
        self, product: str, further: int, odd: dict[str, int], term: int, spare: int | None
    ) -> None:
        """Allocates what the first period that lacks something lacks, or nearly so."""
        mine = self.product(product)
        ahead = 0
        while ahead <= mine.policy.advance_periods and not mine.missing(ahead):
            ahead += 1
        ahead = max(0, ahead + further)
        wanted = mine.missing(ahead)
        wanted.update(odd)
        chosen = mine.policy.terms[term % len(mine.policy.terms)]
        for name, quantity in (+wanted).items():
            if spare is not None:
                self.beside.purchase(product, Licenses(name, chosen, quantity + spare))
        if +wanted:
            self.beside.allocate(product, +wanted, ahead, chosen)

    @rule(product=products)
    def cover(self, product: str) -> None:
        """Buys and allocates what the next period not covered lacks."""
        self.allocate(product, 0, {}, 0, 1)

    @rule(product=products, percent=st.sampled_from([0, 50, 100]))
    def renew(self, product: str, percent: int) -> None:
        """Covers a period, grows, covers what else lacks, and waits until the next one begins."""
        if subscription := self.product(product).subscription:
            self.cover(product)
            if percent > 0:
                self.grow(product, percent)
            self.cover(product)
            self.wait_for(subscription.current.end)

    @invariant()
    def agree(self) -> None:
        if hasattr(self, "beside"):
            self.beside.agree()
