"""Every numbered document reads as expected; Rust, C and a second reader replay the same file."""

import json
import pathlib
from typing import Any

import pytest

from mlicense import Answer, KeyRing, License, PublicKey, Refusal, Request

CORE = pathlib.Path(__file__).parents[2] / "core"
ALL: list[dict[str, Any]] = json.loads(
    (CORE / "tests/vectors/documents.json").read_text(encoding="utf-8")
)["cases"]
# The package has no reader of its own for these yet; they travel inside answers, and test_reader.py
# reads them.
UNREAD = {"mlicense-revocations+jwt", "mlicense-time+jwt"}
CASES = [case for case in ALL if case["wanted"] not in UNREAD]


def read(case: dict[str, Any]) -> dict[str, Any]:
    document, key_ring = case["document"], case.get("key_ring")
    roots = [PublicKey(root) for root in case["roots"]]
    match case["wanted"]:
        case "mlicense-license+jwt":
            return License.verify(document, roots, key_ring).claims.members
        case "mlicense-answer+jwt":
            return Answer.verify(document, roots, key_ring).claims
        case "mlicense-request+jwt":
            return Request.verify(document).fields
        case "mlicense-key-ring+jwt":
            ring = KeyRing.verify(document, roots)
            issued_at = ring.issued_at.isoformat().replace("+00:00", "Z")
            return {"number": ring.number, "issued_at": issued_at, "keys": ring.keys}
        case other:
            raise AssertionError(f"no reader for {other}")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['number']}-{case['name']}")
def test_every_document_reads_as_expected(case: dict[str, Any]) -> None:
    try:
        outcome: dict[str, Any] = {"claims": read(case)}
    except Refusal as refusal:
        outcome = {"refusal": refusal.name}
    assert outcome == case["expect"]


def test_the_documents_are_there() -> None:
    assert [case["number"] for case in ALL] == [*range(1, len(ALL) + 1)]
    assert {case["wanted"] for case in ALL} > UNREAD
    assert len(CASES) > 60
    assert {"claims", "refusal"} == {name for case in CASES for name in case["expect"]}
