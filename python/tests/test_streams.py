"""What a version wrote is read by all that come after it, and means the same."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from mlicense import Ledger

STREAMS = Path(__file__).parents[2] / "ledger" / "tests" / "streams"


def says_as_much(then: Any, now: Any) -> bool:
    """Whether all that ``then`` says is in what is said ``now``, which may say more."""
    if isinstance(then, dict) and isinstance(now, dict):
        return all(name in now and says_as_much(then[name], now[name]) for name in then)
    if isinstance(then, list) and isinstance(now, list):
        return len(then) == len(now) and all(map(says_as_much, then, now))
    return bool(then == now)


@pytest.mark.parametrize("stream", sorted(STREAMS.glob("*/*.jsonl")), ids=lambda path: path.stem)
def test_what_every_version_wrote_means_the_same_in_python(stream: Path, tmp_path: Path) -> None:
    ledger = Ledger.import_from(tmp_path / "ledger", stream)
    answers = json.loads(stream.with_suffix(".answers.json").read_text("utf-8"))
    assert answers
    for then in answers:
        at = datetime.fromisoformat(then["at"])
        now = ledger.query(then["query"], now=at)
        (answer,) = then["answer"].values()
        assert says_as_much(answer, now), then["query"]
    # The control: another answer is seen.
    assert not says_as_much(answers[0]["answer"], {})
