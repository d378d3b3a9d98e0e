"""The engine and the naive model beside each other: the same commands, the same questions."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import mlicense

from .naive import Licenses, Policy, Product, Quantities, RefusedError, Source, Vendor

CUSTOMER = "c1"
TYPES = ("camera", "door")
ROOT = mlicense.Signer.from_seed(bytes(32))
FACTS = {
    "class": "vm",
    "facts": [{"kind": "dmi_uuid", "value": "4c4c4544-0042-3510-8058-b6c04f4b4d31"}],
}
SOURCES = {
    "key": "redeemed",
    "purchase": "purchased",
    "preload": "preloaded",
    "compensation": "credited",
}


def line(licenses: Licenses) -> dict[str, Any]:
    """Licences as the engine takes them."""
    kind = {"subscription": licenses.term}
    return {"license_type": licenses.license_type, "kind": kind, "quantity": licenses.quantity}


def some(quantities: dict[str, int]) -> Quantities:
    """What there is some of: 0 and nothing are the same."""
    return +Counter(quantities)


def day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


class Beside:
    """A ledger with one customer, and the model that must agree with it after every command."""

    def __init__(
        self,
        ledger: mlicense.Ledger,
        zone: str,
        now: datetime,
        policies: dict[str, Policy],
        product_class: type[Product] = Product,
    ) -> None:
        self.ledger, self.zone, self.now = ledger, ZoneInfo(zone), now
        self.model = Vendor(product_class)
        self.batches = itertools.count(1)
        self.clients: dict[tuple[str, str], mlicense.Client] = {}
        self.execute("establish_vendor", vendor="v1", roots=[ROOT.public_key])
        for product, policy in policies.items():
            definition = {"name": product, "license_types": TYPES}
            settings = {"subscription": asdict(policy)}
            self.execute("define_product", product=product, definition=definition, policy=settings)
            self.model.define(product, TYPES, policy)
        self.execute("register_customer", customer=CUSTOMER, zone=zone)

    # Commands.

    def execute(self, command: str, **members: Any) -> None:
        self.ledger.execute({command: members}, now=self.now)

    def both(self, in_model: Callable[[], None], command: str, **members: Any) -> str | None:
        """Does a command on both sides, in one step or with a preview; gives the refusal."""
        body = {command: members}
        preview = self.ledger.preview(body, now=self.now)
        previewed = preview.refusal and preview.refusal.name
        try:
            if preview.token is None:
                self.ledger.execute(body, now=self.now)
            else:
                self.ledger.commit(body, preview.token, now=self.now)
            engine = None
        except mlicense.Refusal as refusal:
            engine = refusal.name
        assert engine == previewed, f"{body}: preview {previewed}, engine {engine}"
        broken: tuple[str, ...] = ()
        try:
            in_model()
        except RefusedError as refusal:
            broken = refusal.args
        assert engine in (broken or (None,)), f"{body}: engine {engine}, model {broken}"
        return engine

    def register(self, product: str, system: str, devices: Quantities) -> None:
        client = self.clients.get((product, system))
        if client is None:
            client = mlicense.Client(product, [ROOT.public_key], facts=FACTS)
            self.clients[product, system] = client
        request = client.request("system", now=self.now, system=system, devices=dict(devices))
        mine = self.model.products[product]
        self.both(
            lambda: mine.register(system, devices, self.model.today),
            "take_request",
            customer=CUSTOMER,
            request=request,
        )

    def start(self, product: str, term: int | None) -> str | None:
        return self.both(
            lambda: self.model.start(product, term),
            "start_subscription",
            customer=CUSTOMER,
            product=product,
            term=term,
        )

    def issue(self, product: str, key: str, contents: list[Licenses]) -> None:
        self.both(
            lambda: self.model.issue(product, key, contents),
            "issue_keys",
            batch=f"b{next(self.batches)}",
            product=product,
            contents=[line(licenses) for licenses in contents],
            keys=[key],
        )

    def redeem(self, product: str, key: str) -> str | None:
        return self.both(
            lambda: self.model.redeem(product, key),
            "redeem_key",
            customer=CUSTOMER,
            product=product,
            key=key,
        )

    def purchase(self, product: str, licenses: Licenses, source: Source = "purchase") -> None:
        mine = self.model.products[product]
        self.both(
            lambda: mine.purchase(licenses, source, self.model.today),
            "stock_licenses",
            customer=CUSTOMER,
            product=product,
            contents=[line(licenses)],
            source=source,
        )

    def allocate(
        self, product: str, wanted: Quantities, ahead: int, term: int | None
    ) -> str | None:
        mine = self.model.products[product]
        return self.both(
            lambda: mine.allocate(wanted, ahead, term, self.model.today),
            "allocate",
            customer=CUSTOMER,
            product=product,
            quantities=dict(wanted),
            ahead=ahead,
            term=term,
        )

    # Time.

    def pass_time(self, span: timedelta) -> None:
        self.now += span
        self.model.pass_to(self.now.astimezone(self.zone).date())

    # Comparison.

    def agree(self) -> None:
        """Compares everything that can be seen of every product."""
        overview = self.query("overview")
        assert day(overview["today"]) == self.model.today, "today"
        assert day(overview["co_term"]) == self.model.anchor, "anchor"
        for name, product in self.model.products.items():
            if name in overview["products"]:
                self.agree_on(name, product, overview["products"][name])
            else:
                assert product.registered_on is None, f"{name} is missing"
                assert not product.lots, f"{name} is missing"

    def agree_on(self, name: str, product: Product, row: dict[str, Any]) -> None:
        engine = {
            **seen_in_overview(row),
            **seen_in_need(self.query("need", product=name)),
            **seen_in_wallet(self.query("wallet", product=name)),
        }
        model = expected(product, self.model.today)
        if product.subscription is None:
            for member in ("need", "allocated", "periods"):  # TOLERATED 1
                del engine[member][1:], model[member][1:]
        differences = {
            member: {"engine": engine[member], "model": model[member]}
            for member in model
            if engine[member] != model[member]
        }
        assert not differences, f"{name} on {self.model.today}: {differences}"

    def query(self, query: str, **members: Any) -> Any:
        return self.ledger.query({query: {"customer": CUSTOMER, **members}}, now=self.now)


def expected(product: Product, today: date) -> dict[str, Any]:
    """What should be seen of a product, by the model."""
    subscription = product.subscription
    current = subscription and subscription.current
    aheads = range(product.policy.advance_periods + 1)
    return {
        "status": product.status(today),
        "start": current and current.start,
        "end": current and current.end,
        "grace_end": current and current.grace_end,
        "trial_end": product.trial_end()
        if product.policy.trial_days and product.registered_on
        else None,
        "days_left": product.days_left(today),
        "need": [+product.need(ahead) for ahead in aheads],
        "allocated": [+subscription.of(ahead) if subscription else Counter() for ahead in aheads],
        "periods": [subscription and subscription.bounds(subscription.index + k) for k in aheads],
        "extra_now": +product.extra_now(),
        "wallet": some({name: product.stock(name, today) for name in TYPES}),
        "lots": [
            (
                lot.licenses,
                lot.source,
                lot.stored_on,
                lot.expires_on,
                lot.left,
                not lot.usable(today),
            )
            for lot in product.lots
        ],
        "carry": {name: carry for name, carry in product.carry.items() if carry},
        "balance": {name: balance for name in TYPES if (balance := product.balance(name, today))},
    }


def seen_in_overview(row: dict[str, Any]) -> dict[str, Any]:
    grown = {name: growth["extra_now"] for name, growth in row["growth_exceeded"].items()}
    return {
        "status": row["kind"],
        "start": day(row["start"]),
        "end": day(row["end"]),
        "grace_end": day(row["grace_end"]),
        "trial_end": day(row["trial_end"]),
        "days_left": row["days_left"],
        "extra_now": some(grown),
        "wallet": some(row["wallet"]),
    }


def seen_in_need(rows: list[dict[str, Any]]) -> dict[str, Any]:
    bounds = [row["period"] and (row["period"]["start"], row["period"]["end"]) for row in rows]
    for row in rows:
        missing = some(row["need"]) - some(row["allocated"])
        assert some(row["missing"]) == missing, f"missing in {row}"
    return {
        "need": [some(row["need"]) for row in rows],
        "allocated": [some(row["allocated"]) for row in rows],
        "periods": [period and tuple(map(date.fromisoformat, period)) for period in bounds],
    }


def seen_in_wallet(wallet: dict[str, Any]) -> dict[str, Any]:
    lots = []
    usable: Quantities = Counter()
    for lot in wallet["lots"]:
        licenses = Licenses(lot["license_type"], lot["kind"]["subscription"], lot["quantity"])
        stored_on, expires_on = day(lot["stored_on"]), day(lot["expires_on"])
        lots.append((licenses, lot["source"], stored_on, expires_on, lot["left"], lot["expired"]))
        if not lot["expired"]:
            usable[lot["license_type"]] += lot["left"]
    assert some(wallet["usable"]) == +usable, f"usable in {wallet}"
    balances = {}
    for name, units in wallet["balance"].items():
        assert list(units) == ["subscription_months"], f"units of {name}: {units}"
        balance = some(units["subscription_months"])
        came = sum(balance[word] for word in SOURCES.values())
        became = sum(balance[word] for word in ("left", "allocated", "expired", "voided"))
        assert came == became, f"balance of {name}: {balance}"
        balances[name] = Counter(
            {
                word: balance[SOURCES.get(word, word)]
                for word in (*SOURCES, "left", "allocated", "expired")
            }
        )
    return {
        "lots": lots,
        "carry": {
            name: Fraction(carry["ticks"], carry["ticks_per_license"])
            for name, carry in wallet["carry"].items()
            if carry["ticks"]
        },
        "balance": {name: +balance for name, balance in balances.items() if +balance},
    }
