"""A test of the test: faults planted in the model must make it differ from the engine."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from model.machine import LIVES, STEPS, Lives
from model.naive import Lot, Product, Subscription


class GraceIsADayTooLong(Product):
    def grace_from(self, start: date) -> date:
        return super().grace_from(start) + timedelta(days=1)


class CarryIsLost(Product):
    def compensate(self, name: str, quantity: int, sources: list[Lot], today: date) -> None:
        super().compensate(name, quantity, sources, today)
        self.carry[name] -= self.carry[name]


class LotIsDebitedTwice(Product):
    def debit(self, name: str, term: int, quantity: int, today: date) -> list[Lot]:
        sources = super().debit(name, term, quantity, today)
        sources[0].left = max(0, sources[0].left - quantity)
        return sources


class GrowthBaseIsKept(Product):
    def begin_next_period(self, subscription: Subscription) -> None:
        base = subscription.current.base
        super().begin_next_period(subscription)
        subscription.current.base = subscription.current.base and base


@pytest.mark.parametrize(
    "fault", [GraceIsADayTooLong, CarryIsLost, LotIsDebitedTwice, GrowthBaseIsKept]
)
def test_planted_fault_is_found(fault: type[Product]) -> None:
    class FaultyLives(Lives):
        product_class = fault

    searching = settings(
        max_examples=LIVES,
        stateful_step_count=STEPS,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        derandomize=True,
    )
    with pytest.raises(AssertionError):
        run_state_machine_as_test(FaultyLives, settings=searching)  # type: ignore[no-untyped-call]
