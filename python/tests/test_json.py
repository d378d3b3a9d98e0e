"""Mappings mean what their JSON text means, and dicts come back in the order of the text."""

import collections
import json
import types
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlicense import InputError, License, LicenseClaims, Refusal, calculate
from support import ROOT, at

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | TEXTS
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner), max_leaves=8
)
PERIOD = {"period": {"anchor": "2026-01-31", "term_months": 1, "index": 1}}


def judged(calculation: Any) -> tuple[str, str]:
    with pytest.raises(Refusal) as refused:
        calculate(calculation)
    return refused.value.name, refused.value.message


@given(st.dictionaries(st.sampled_from(["period", "growth", "wallet", "x"]) | TEXTS, VALUES))
def test_a_mapping_is_judged_as_its_text_is(calculation: dict[str, Any]) -> None:
    text = json.dumps(calculation, separators=(",", ":"), ensure_ascii=False)
    assert judged(calculation) == judged(text)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60))
def test_any_text_survives(licensee: str) -> None:
    claims = LicenseClaims.perpetual("editor", licensee, issued_at=at("2026-03-01"))
    assert claims.licensee == licensee
    document = License.issue(LicenseClaims.from_json(claims.to_json()), ROOT)
    assert License.verify(document, [ROOT.public_key]).claims == claims


@pytest.mark.parametrize(
    "mapping",
    [
        types.MappingProxyType(PERIOD),
        collections.OrderedDict(PERIOD),
        collections.ChainMap(PERIOD),
        collections.UserDict(PERIOD),
    ],
)
def test_every_mapping_will_do(mapping: Any) -> None:
    assert calculate(mapping) == calculate(PERIOD)


def test_tuples_are_lists() -> None:
    lots = ({"quantity": 3, "stored_on": "2026-03-01"},)
    given = {"lots": lots, "storage_years": 5, "today": "2026-06-01", "quantity": 3}
    assert calculate({"wallet": given})["taken"] == [{"lot": 1, "quantity": 3}]


def test_members_keep_their_order() -> None:
    assert [*calculate(PERIOD)] == ["start", "end", "days"]


def test_a_duplicate_in_text_is_refused() -> None:
    text = json.dumps(PERIOD)[:-2] + ', "index": 2}}'
    with pytest.raises(InputError, match="duplicate field `index`"):
        calculate(text)
