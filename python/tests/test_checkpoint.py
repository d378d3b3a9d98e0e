"""`Checkpoint` and `TreeHead`, by the vectors that Rust, C and a second reader replay too."""

import json
import pathlib
from typing import Any

import pytest

from mlicense import Checkpoint, InputError, PublicKey, Refusal, TreeHead
from support import ROOT, signer

CORE = pathlib.Path(__file__).parents[2] / "core"
VECTORS: dict[str, Any] = json.loads(
    (CORE / "tests/vectors/checkpoints.json").read_text(encoding="utf-8")
)
ORIGIN = "example.com/history"
LEAVES = [TreeHead.leaf(bytes([n])) for n in range(13)]


@pytest.mark.parametrize("case", VECTORS["checkpoints"], ids=lambda case: case["name"])
def test_every_checkpoint_reads_as_expected(case: dict[str, Any]) -> None:
    roots = [PublicKey(root) for root in case["roots"]]
    try:
        read = Checkpoint.verify(case["note"], case["origin"], roots, case.get("key_ring"))
        outcome: dict[str, Any] = {"head": {"size": read.head.size, "root": read.head.root}}
        assert read.origin == case["origin"]
    except Refusal as refusal:
        outcome = {"refusal": refusal.name}
    assert outcome == case["expect"]


def check(case: dict[str, Any]) -> None:
    if "leaf" in case:
        TreeHead(**case["head"]).verify_inclusion(case["leaf"], case["index"], case["proof"])
    else:
        newer = TreeHead(**case["newer"])
        TreeHead(**case["older"]).verify_consistency(newer, case["proof"])


@pytest.mark.parametrize(("kind", "count"), [("inclusion", 28), ("consistency", 24)])
def test_every_proof_is_judged_right(kind: str, count: int) -> None:
    assert len(VECTORS[kind]) == count
    for case in VECTORS[kind]:
        if case["holds"]:
            check(case)
            continue
        with pytest.raises(Refusal) as refused:
            check(case)
        assert refused.value.name == "PROOF_INVALID"


def test_the_head_over_leaves_is_that_of_the_vectors() -> None:
    case = VECTORS["checkpoints"][0]
    head = TreeHead.over(LEAVES)
    assert head == TreeHead(**case["expect"]["head"])
    assert len({head, TreeHead(13, head.root), TreeHead.over([])}) == 2
    assert repr(head) == f"TreeHead(13, '{head.root}')"


def test_a_checkpoint_reads_as_it_was_signed() -> None:
    checkpoint = Checkpoint(ORIGIN, TreeHead.over(LEAVES))
    note = checkpoint.sign(ROOT)
    assert Checkpoint.verify(note, ORIGIN, [ROOT.public_key]) == checkpoint
    assert Checkpoint.verify(note.decode(), ORIGIN, [str(ROOT.public_key)]) == checkpoint
    assert repr(checkpoint) == "Checkpoint('example.com/history', size=13)"
    for origin, roots, name in [
        (ORIGIN, [signer("stranger").public_key], "KEY_NOT_TRUSTED"),
        ("example.com/other", [ROOT.public_key], "KEY_NOT_TRUSTED"),
        ("example.com history", [ROOT.public_key], "FIELD_INVALID"),
    ]:
        with pytest.raises(Refusal) as refused:
            Checkpoint.verify(note, origin, roots)
        assert refused.value.name == name


@pytest.mark.parametrize("size", [2**63 - 1, 2**63, 2**64])
def test_a_history_has_up_to_2_63_events_and_not_one_more(size: int) -> None:
    root = LEAVES[0]
    if size < 2**63:
        assert Checkpoint(ORIGIN, TreeHead(size, root)).head.size == size
    elif size < 2**64:
        with pytest.raises(Refusal) as refused:
            Checkpoint(ORIGIN, TreeHead(size, root))
        assert refused.value.name == "QUANTITY_OUT_OF_RANGE"
    else:
        with pytest.raises(OverflowError):
            TreeHead(size, root)


@pytest.mark.parametrize("text", ["", "A" * 43, "A" * 44, LEAVES[0][:-1], LEAVES[0] + "="])
def test_what_is_no_hash_is_refused(text: str) -> None:
    head = TreeHead.over(LEAVES)
    for call in (
        lambda: TreeHead(1, text),
        lambda: TreeHead.over([text]),
        lambda: head.verify_inclusion(text, 0, []),
        lambda: head.verify_inclusion(LEAVES[0], 0, [text]),
        lambda: head.verify_consistency(head, [text]),
    ):
        with pytest.raises(InputError) as refused:
            call()
        assert refused.value.name == "FIELD_INVALID"
