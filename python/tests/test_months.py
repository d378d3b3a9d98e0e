"""Months and years agree with python-dateutil, from every day of a century."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta

import mlicense

CENTURY = [date(2000, 1, 1) + timedelta(days=n) for n in range(36_525)]
LEAP_YEAR_AND_NEXT = [date(2028, 1, 1) + timedelta(days=n) for n in range(366 + 365)]
MONTHS_AHEAD = 36


def periods(anchor: date, term: int, count: int) -> Any:
    """Start, end and days of the first periods of a term of months."""
    asked = {"anchor": anchor, "term_months": term, "count": count}
    return mlicense.calculate({"periods": asked})


def expected(bounds: list[date]) -> list[dict[str, Any]]:
    named = [(day, day.isoformat()) for day in bounds]
    return [
        {"start": start_name, "end": end_name, "days": (end - start).days}
        for (start, start_name), (end, end_name) in pairwise(named)
    ]


def test_the_century_is_whole() -> None:
    assert CENTURY[-1] == date(2099, 12, 31)


def test_months_agree_from_every_day_of_a_century() -> None:
    spans = [relativedelta(months=months) for months in range(MONTHS_AHEAD + 1)]
    for anchor in CENTURY:
        bounds = [anchor + span for span in spans]
        assert periods(anchor, 1, MONTHS_AHEAD) == expected(bounds), anchor


@pytest.mark.parametrize("term", range(1, 61))
def test_periods_of_every_term_agree(term: int) -> None:
    spans = [relativedelta(months=term * index) for index in range(6)]
    for anchor in LEAP_YEAR_AND_NEXT:
        bounds = [anchor + span for span in spans]
        assert periods(anchor, term, 5) == expected(bounds), anchor


@pytest.mark.parametrize("years", [1, 2, 3, 4, 5, 72, 100])
def test_years_of_storage_agree_from_every_day_of_a_century(years: int) -> None:
    for first in range(0, len(CENTURY), 1000):
        days = CENTURY[first : first + 1000]
        wallet = {
            "lots": [{"quantity": 1, "stored_on": day} for day in days],
            "storage_years": years,
            "today": days[0],
            "quantity": 1,
        }
        expires_on = [(day + relativedelta(years=years)).isoformat() for day in days]
        assert mlicense.calculate({"wallet": wallet})["expires_on"] == expires_on
