"""`calculate` agrees with every case of an independent source and those worked by hand."""

import datetime
import json
import pathlib
from typing import Any

import pytest

from mlicense import InputError, Refusal, calculate, calculations

CORE = pathlib.Path(__file__).parents[2] / "core"

Cases = dict[str, list[dict[str, Any]]]


def read(name: str) -> Cases:
    cases: Cases = json.loads((CORE / "tests/vectors" / name).read_text(encoding="utf-8"))
    return cases


CASES = read("terms.json")
WORKED = read("worked.json")


def numbered(kind: str) -> pytest.MarkDecorator:
    assert len(CASES[kind]) > 50
    cases = enumerate(CASES[kind] + WORKED[kind], start=1)
    return pytest.mark.parametrize("case", [pytest.param(case, id=f"{n}") for n, case in cases])


def chosen(case: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: case[name] for name in names}


def calculated(given: dict[str, Any]) -> Any:
    """What comes of a mapping; the class of the calculation gives the same."""
    plain = calculate(given)
    asked: calculations.Calculation[Any] = calculations.Calculation.from_json(given)
    assert asked._ANSWER.write(calculate(asked)) == plain
    return plain


@numbered("periods")
def test_periods_agree(case: dict[str, Any]) -> None:
    given = chosen(case, "anchor", "term_months", "index")
    assert calculated({"period": given}) == chosen(case, "start", "end", "days")


@numbered("compensation")
def test_compensations_agree(case: dict[str, Any]) -> None:
    steps = [chosen(step, "quantity", "joined", "allocated") for step in case["steps"]]
    given = chosen(case, "start", "end", "grace_days", "origin")
    given |= {"steps": steps, "carry": case.get("carry", 0)}
    result = calculated({"compensation": given})
    assert result["ticks_per_license"] == case["ticks_per_license"]
    results = [chosen(step, "credited", "carry") for step in result["steps"]]
    assert results == [chosen(step, "credited", "carry") for step in case["steps"]]


@numbered("wallet")
def test_wallets_agree(case: dict[str, Any]) -> None:
    lots = [chosen(lot, "quantity", "stored_on") for lot in case["lots"]]
    given = {"wallet": chosen(case, "storage_years", "today", "quantity") | {"lots": lots}}
    if case["taken"] is None:
        with pytest.raises(Refusal) as refused:
            calculate(given)
        assert refused.value.name == "INSUFFICIENT_WALLET"
        return
    result = calculated(given)
    assert result["expires_on"] == [lot["expires_on"] for lot in case["lots"]]
    assert [(debit["lot"], debit["quantity"]) for debit in result["taken"]] == [
        tuple(taken) for taken in case["taken"]
    ]


@numbered("growth")
def test_growths_agree(case: dict[str, Any]) -> None:
    given = chosen(case, "base", "allocated", "devices", "percent")
    assert calculated({"growth": given}) == chosen(case, "free", "extra_now")


@numbered("prorata")
def test_amounts_agree(case: dict[str, Any]) -> None:
    given = chosen(case, "price_cents", "days_left", "basis_days")
    assert calculated({"prorata": given}) == chosen(case, "cents")


def test_every_case_is_replayed() -> None:
    assert CASES.keys() == {"periods", "compensation", "wallet", "growth", "prorata"}


def test_text_and_mapping_are_the_same_calculation() -> None:
    given = {"period": {"anchor": "2026-01-31", "term_months": 1, "index": 1}}
    expect = {"start": "2026-02-28", "end": "2026-03-31", "days": 31}
    assert calculate(given) == calculate(json.dumps(given)) == expect


def test_a_date_stands_for_its_text() -> None:
    anchor = datetime.date(2026, 1, 31)
    result = calculate({"period": {"anchor": anchor, "term_months": 1, "index": 1}})
    assert result["start"] == "2026-02-28"


def test_a_datetime_is_no_date() -> None:
    noon = datetime.datetime(2026, 1, 31, 12, tzinfo=datetime.timezone.utc)
    with pytest.raises(InputError) as refused:
        calculate({"period": {"anchor": noon, "term_months": 1, "index": 1}})
    assert refused.value.name == "JSON_INVALID"
