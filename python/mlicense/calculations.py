"""Calculations: the pure arithmetic, without a ledger.

Written by ``xtask python`` from the schemas of the engine.
"""

from __future__ import annotations

from mlicense import values, views
from mlicense._shapes import DAY, PLAIN, Many, Of, OneWord
from mlicense._tagged import Calculation
from mlicense._typing import final

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

__all__ = [
    "Calculation",
    "Compensation",
    "Growth",
    "Period",
    "Periods",
    "Prorata",
    "Wallet",
]


@final
class Period(Calculation[views.PeriodRow]):
    """Period ``index`` of ``term_months`` months from an anchor.

    Attributes:
        anchor: The day periods are laid from.
        term_months: Length of a period.
        index: 0 is the period that starts on the anchor.

    Examples:
        >>> from datetime import date
        >>> from mlicense.calculations import Period
        >>> calculate(Period(anchor=date(2026, 1, 31), term_months=1, index=1))
        PeriodRow(start=datetime.date(2026, 2, 28), end=datetime.date(2026, 3, 31), days=31)
    """

    __slots__ = ("anchor", "index", "term_months")
    TAG = "period"
    _ANSWER = Of(views.PeriodRow)
    _FIELDS = (("anchor", DAY), ("term_months", PLAIN), ("index", PLAIN))
    anchor: date
    term_months: int
    index: int

    def __init__(
        self,
        *,
        anchor: date,
        term_months: int,
        index: int,
    ) -> None:
        self._fill(anchor, term_months, index)


@final
class Periods(Calculation[tuple[views.PeriodRow, ...]]):
    """The first ``count`` periods of ``term_months`` months from an anchor.

    Attributes:
        anchor: The day periods are laid from.
        term_months: Length of a period.
        count: How many, at most ``Calculation::PERIODS_MAX``.

    Examples:
        >>> from datetime import date
        >>> from mlicense.calculations import Periods
        >>> periods = Periods(anchor=date(2026, 1, 31), term_months=1, count=3)
        >>> [row.days for row in calculate(periods)]
        [28, 31, 30]
    """

    __slots__ = ("anchor", "count", "term_months")
    TAG = "periods"
    _ANSWER = Many(Of(views.PeriodRow))
    _FIELDS = (("anchor", DAY), ("term_months", PLAIN), ("count", PLAIN))
    anchor: date
    term_months: int
    count: int

    def __init__(
        self,
        *,
        anchor: date,
        term_months: int,
        count: int,
    ) -> None:
        self._fill(anchor, term_months, count)


@final
class Compensation(Calculation[views.Compensation]):
    """What late allocations to one period give back.

    Attributes:
        start: First day of the period.
        end: First day after it.
        term_months: Length of the period and of each licence.
        grace_days: Days of grace from joining.
        origin: From which day a late allocation is charged.
        carry: Ticks carried from before.
        steps: The allocations, one after another.

    Examples:
        >>> from datetime import date
        >>> from mlicense.calculations import Compensation
        >>> from mlicense.values import CompensationStep
        >>> late = CompensationStep(
        ...     quantity=10, joined=date(2026, 3, 1), allocated=date(2026, 3, 31))
        >>> given = calculate(Compensation(
        ...     start=date(2026, 3, 1), end=date(2027, 3, 1), grace_days=30, steps=[late]))
        >>> given.ticks_per_license, given.steps[0].overlap_days, given.steps[0].credited
        (133590, 30, 0)
    """

    __slots__ = ("carry", "end", "grace_days", "origin", "start", "steps", "term_months")
    TAG = "compensation"
    _ANSWER = Of(views.Compensation)
    _FIELDS = (
        ("start", DAY),
        ("end", DAY),
        ("term_months", PLAIN),
        ("grace_days", PLAIN),
        ("origin", OneWord(values.CompensationOrigin)),
        ("carry", PLAIN),
        ("steps", Many(Of(values.CompensationStep))),
    )
    start: date
    end: date
    term_months: int
    grace_days: int
    origin: values.CompensationOrigin
    carry: int
    steps: tuple[values.CompensationStep, ...]

    def __init__(
        self,
        *,
        start: date,
        end: date,
        grace_days: int,
        steps: Iterable[values.CompensationStep],
        term_months: int = 12,
        origin: values.CompensationOrigin = values.CompensationOrigin.ELAPSED,
        carry: int = 0,
    ) -> None:
        self._fill(start, end, term_months, grace_days, origin, carry, steps)


@final
class Wallet(Calculation[views.TakenLots]):
    """Which lots of a wallet licences are taken from.

    Attributes:
        lots: The lots, in the order of storing.
        storage_years: How many years a lot is stored.
        today: The day of taking.
        quantity: How many licences are wanted.

    Examples:
        >>> from datetime import date
        >>> from mlicense.calculations import Wallet
        >>> from mlicense.values import StoredLot
        >>> lot = StoredLot(quantity=3, stored_on=date(2026, 3, 1))
        >>> wallet = Wallet(lots=[lot], storage_years=5, today=date(2026, 6, 1), quantity=2)
        >>> calculate(wallet).expires_on
        (datetime.date(2031, 3, 1),)
        >>> calculate(wallet.replace(quantity=4))
        Traceback (most recent call last):
        mlicense.errors.Refusal: the wallet holds 3 usable licences of type `any`, 4 are wanted
    """

    __slots__ = ("lots", "quantity", "storage_years", "today")
    TAG = "wallet"
    _ANSWER = Of(views.TakenLots)
    _FIELDS = (
        ("lots", Many(Of(values.StoredLot))),
        ("storage_years", PLAIN),
        ("today", DAY),
        ("quantity", PLAIN),
    )
    lots: tuple[values.StoredLot, ...]
    storage_years: int
    today: date
    quantity: int

    def __init__(
        self,
        *,
        lots: Iterable[values.StoredLot],
        storage_years: int,
        today: date,
        quantity: int,
    ) -> None:
        self._fill(lots, storage_years, today, quantity)


@final
class Growth(Calculation[views.Growth]):
    """The growth rule for one licence type.

    Attributes:
        base: Licences allocated when the period first became fully licensed.
        allocated: Licences allocated now.
        devices: Devices there are.
        percent: Percent of the base that is free.

    Examples:
        >>> from mlicense.calculations import Growth
        >>> calculate(Growth(base=10, allocated=10, devices=21, percent=100))
        Growth(free=20, extra_now=1)
    """

    __slots__ = ("allocated", "base", "devices", "percent")
    TAG = "growth"
    _ANSWER = Of(views.Growth)
    _FIELDS = (("base", PLAIN), ("allocated", PLAIN), ("devices", PLAIN), ("percent", PLAIN))
    base: int
    allocated: int
    devices: int
    percent: int

    def __init__(
        self,
        *,
        base: int,
        allocated: int,
        devices: int,
        percent: int,
    ) -> None:
        self._fill(base, allocated, devices, percent)


@final
class Prorata(Calculation[views.Amount]):
    """A price for part of a period, in minor units.

    Attributes:
        price_cents: The price of the whole, in minor units.
        days_left: Days that are left.
        basis_days: Days of the whole.

    Examples:
        >>> from mlicense.calculations import Prorata
        >>> calculate(Prorata(price_cents=36_500, days_left=10, basis_days=365)).cents
        1000
    """

    __slots__ = ("basis_days", "days_left", "price_cents")
    TAG = "prorata"
    _ANSWER = Of(views.Amount)
    _FIELDS = (("price_cents", PLAIN), ("days_left", PLAIN), ("basis_days", PLAIN))
    price_cents: int
    days_left: int
    basis_days: int

    def __init__(
        self,
        *,
        price_cents: int,
        days_left: int,
        basis_days: int,
    ) -> None:
        self._fill(price_cents, days_left, basis_days)
