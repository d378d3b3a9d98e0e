"""What a ledger says of itself: verification, checkpoints and proofs."""

from __future__ import annotations

from mlicense._native import TreeHead
from mlicense._shapes import INSTANT, PLAIN, Many, Maybe, Shape, Table
from mlicense._typing import final
from mlicense._value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from typing import Any

__all__ = ["Consistency", "Inclusion", "KeptCheckpoint", "Verified"]


class _Head(Shape):
    """A tree head, which is a class of the native module."""

    __slots__ = ()

    def read(self, given: Any) -> TreeHead:
        return TreeHead(given["size"], given["root"])

    def write(self, value: TreeHead) -> dict[str, object]:
        return {"size": value.size, "root": value.root}


_HEAD: Shape = _Head()


@final
class Verified(Value):
    """What a verification has found to hold.

    Attributes:
        streams: How many streams were read.
        events: How many events were read.
        heads: The chain hash of each stream's last event, by stream.
        claims: How many claims are those that the events tell.
        untold: How many claims no event tells.
        links: How many links are those that the events tell.
        checkpoint: The head of the last checkpoint; none before the first.
    """

    __slots__ = ("checkpoint", "claims", "events", "heads", "links", "streams", "untold")
    _FIELDS = (
        ("streams", PLAIN),
        ("events", PLAIN),
        ("heads", Table(PLAIN)),
        ("claims", PLAIN),
        ("untold", PLAIN),
        ("links", PLAIN),
        ("checkpoint", Maybe(_HEAD)),
    )
    streams: int
    events: int
    heads: Mapping[str, str]
    claims: int
    untold: int
    links: int
    checkpoint: TreeHead | None

    def __init__(
        self,
        *,
        streams: int,
        events: int,
        heads: Mapping[str, str],
        claims: int,
        untold: int,
        links: int,
        checkpoint: TreeHead | None,
    ) -> None:
        self._fill(streams, events, heads, claims, untold, links, checkpoint)


@final
class KeptCheckpoint(Value):
    """A checkpoint that a ledger keeps.

    Attributes:
        head: How many events it vouches for, and the root of the tree over them.
        at: When it was made.
        note: The signed note, for :meth:`Checkpoint.verify`.
    """

    __slots__ = ("at", "head", "note")
    _FIELDS = (("head", _HEAD), ("at", INSTANT), ("note", PLAIN))
    head: TreeHead
    at: datetime
    note: str

    def __init__(self, *, head: TreeHead, at: datetime, note: str) -> None:
        self._fill(head, at, note)


@final
class Inclusion(Value):
    """That an event stands in the history of a checkpoint, for :meth:`TreeHead.verify_inclusion`.

    Attributes:
        event: The event, its exact text.
        index: Its leaf in the tree, counted from 0.
        proof: The hashes that lead from it to the root.
        head: The head of the checkpoint.
    """

    __slots__ = ("event", "head", "index", "proof")
    _FIELDS = (("event", PLAIN), ("index", PLAIN), ("proof", Many(PLAIN)), ("head", _HEAD))
    event: str
    index: int
    proof: tuple[str, ...]
    head: TreeHead

    def __init__(self, *, event: str, index: int, proof: Iterable[str], head: TreeHead) -> None:
        self._fill(event, index, proof, head)


@final
class Consistency(Value):
    """That the history of a checkpoint begins with that of an older one.

    It is checked by :meth:`TreeHead.verify_consistency`.

    Attributes:
        older: The head of the older checkpoint.
        newer: The head of the newer one.
        proof: The hashes that lead to both roots.
    """

    __slots__ = ("newer", "older", "proof")
    _FIELDS = (("older", _HEAD), ("newer", _HEAD), ("proof", Many(PLAIN)))
    older: TreeHead
    newer: TreeHead
    proof: tuple[str, ...]

    def __init__(self, *, older: TreeHead, newer: TreeHead, proof: Iterable[str]) -> None:
        self._fill(older, newer, proof)
