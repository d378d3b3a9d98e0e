"""Every numbered document reads as expected; Rust, C and a second reader replay the same file."""

import json
import pathlib
from typing import Any

import pytest

from mlicense import (
    Answer,
    KeyRing,
    License,
    PublicKey,
    Refusal,
    Request,
    RevocationList,
    TimeToken,
)

CORE = pathlib.Path(__file__).parents[2] / "core"
CASES: list[dict[str, Any]] = json.loads(
    (CORE / "tests/vectors/documents.json").read_text(encoding="utf-8")
)["cases"]


def read(case: dict[str, Any]) -> Any:
    document, key_ring = case["document"], case.get("key_ring")
    roots = [PublicKey(root) for root in case["roots"]]
    match case["wanted"]:
        case "mlicense-license+jwt":
            return License.verify(document, roots, key_ring).claims.to_json()
        case "mlicense-answer+jwt":
            return Answer.verify(document, roots, key_ring).claims.to_json()
        case "mlicense-request+jwt":
            return Request.verify(document).fields.to_json()
        case "mlicense-key-ring+jwt":
            ring = KeyRing.verify(document, roots)
            issued_at = ring.issued_at.isoformat().replace("+00:00", "Z")
            return {
                "number": ring.number,
                "issued_at": issued_at,
                "keys": [key.to_json() for key in ring.keys],
            }
        case "mlicense-revocations+jwt":
            return RevocationList.verify(document, roots, key_ring).claims.to_json()
        case "mlicense-time+jwt":
            return TimeToken.verify(document, roots, key_ring).claims.to_json()
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
    assert [case["number"] for case in CASES] == [*range(1, len(CASES) + 1)]
    assert len(CASES) > 110
    assert {"claims", "refusal"} == {name for case in CASES for name in case["expect"]}
