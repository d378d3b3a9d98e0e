"""What the customer's side answers with, and what it is told of its host."""

from __future__ import annotations

from mlicense._shapes import INSTANT, PLAIN, Many, Maybe, Of, OneWord, Word
from mlicense._typing import final
from mlicense._value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

__all__ = [
    "Action",
    "Diagnosis",
    "Finding",
    "HostFact",
    "HostFacts",
    "Kept",
    "NextAction",
    "Problem",
    "Usage",
]


class Action(Word):
    """What a program should do next."""

    REFRESH = "refresh"
    """Ask for a fresh licence."""
    REQUEST = "request"
    """Ask for a licence: none is held."""
    NOTHING = "nothing"
    """Nothing for now."""


@final
class HostFact(Value):
    """A fact of a host.

    Attributes:
        kind: Of which kind, such as ``dmi_uuid``.
        value: What it is, as the host shows it.
    """

    __slots__ = ("kind", "value")
    _FIELDS = (("kind", PLAIN), ("value", PLAIN))
    kind: str
    value: str

    def __init__(self, *, kind: str, value: str) -> None:
        self._fill(kind, value)


@final
class HostFacts(Value):
    """What is known of a host.

    Attributes:
        class_: What it is: ``bare_metal``, ``vm``, ``container`` and so on.
        facts: The facts.
        unreadable: Kinds of facts that there may be and that could not be read.

    Examples:
        >>> from mlicense import Client, Signer
        >>> uuid = HostFact(kind="dmi_uuid", value="4c4c4544-0042-3510")
        >>> facts = HostFacts(class_="vm", facts=[uuid])
        >>> client = Client("editor", [Signer.generate().public_key], facts=facts)
        >>> client.host_facts == facts
        True
    """

    __slots__ = ("class_", "facts", "unreadable")
    _FIELDS = (("class_", PLAIN), ("facts", Many(Of(HostFact))), ("unreadable", Many(PLAIN)))
    class_: str
    facts: tuple[HostFact, ...]
    unreadable: tuple[str, ...]

    def __init__(
        self, *, class_: str, facts: Iterable[HostFact], unreadable: Iterable[str] = ()
    ) -> None:
        self._fill(class_, facts, unreadable)


@final
class Kept(Value):
    """What came of a sign of life.

    Attributes:
        until: At a site the first instant at which the seat is over without another one; none
            within a program.
        captured: The features that are held.
        dropped: The features that were lost since the last sign of life, which come back by a
            capture only.
    """

    __slots__ = ("captured", "dropped", "until")
    _FIELDS = (
        ("until", Maybe(INSTANT)),
        ("captured", Many(PLAIN)),
        ("dropped", Many(PLAIN)),
    )
    _OMITTED = frozenset({"until"})
    until: datetime | None
    captured: tuple[str, ...]
    dropped: tuple[str, ...]

    def __init__(
        self,
        *,
        until: datetime | None = None,
        captured: Iterable[str],
        dropped: Iterable[str],
    ) -> None:
        self._fill(until, captured, dropped)


@final
class Usage(Value):
    """How far a feature is used.

    Attributes:
        feature: The feature's id.
        limit: How many seats there are; none for a feature that takes no seats.
        captured: How many of them are taken.
    """

    __slots__ = ("captured", "feature", "limit")
    _FIELDS = (("feature", PLAIN), ("limit", Maybe(PLAIN)), ("captured", PLAIN))
    _OMITTED = frozenset({"limit"})
    feature: str
    limit: int | None
    captured: int

    def __init__(self, *, feature: str, limit: int | None = None, captured: int) -> None:
        self._fill(feature, limit, captured)


@final
class NextAction(Value):
    """What a program should do next to stay licensed, and when.

    Attributes:
        action: What to do.
        at: From when on.
        failures: How many requests in a row had no answer.
        renew_by: By when a fresh licence is needed; none when it is not.
        runs_until: The first instant at which something stops running; none when nothing does.
    """

    __slots__ = ("action", "at", "failures", "renew_by", "runs_until")
    _FIELDS = (
        ("action", OneWord(Action)),
        ("at", INSTANT),
        ("failures", PLAIN),
        ("renew_by", Maybe(INSTANT)),
        ("runs_until", Maybe(INSTANT)),
    )
    _OMITTED = frozenset({"renew_by", "runs_until"})
    action: Action
    at: datetime
    failures: int
    renew_by: datetime | None
    runs_until: datetime | None

    def __init__(
        self,
        *,
        action: Action,
        at: datetime,
        failures: int,
        renew_by: datetime | None = None,
        runs_until: datetime | None = None,
    ) -> None:
        self._fill(action, at, failures, renew_by, runs_until)


@final
class Problem(Value):
    """What is wrong with something that was looked at.

    Attributes:
        number: The stable number.
        name: The stable name.
        message: What is wrong, in the language that was asked for.
        remedy: What can be done about it.
    """

    __slots__ = ("message", "name", "number", "remedy")
    _FIELDS = (("number", PLAIN), ("name", PLAIN), ("message", PLAIN), ("remedy", PLAIN))
    number: int
    name: str
    message: str
    remedy: str

    def __init__(self, *, number: int, name: str, message: str, remedy: str) -> None:
        self._fill(number, name, message, remedy)


@final
class Finding(Value):
    """What was found when something was looked at.

    Attributes:
        part: What belongs together: ``state``, ``facts``, ``clock``, ``documents``, ``network``.
        subject: What was looked at, such as a folder or an address.
        detail: What was found, in the language that was asked for.
        problem: What is wrong with it; none when nothing is.
    """

    __slots__ = ("detail", "part", "problem", "subject")
    _FIELDS = (
        ("part", PLAIN),
        ("subject", PLAIN),
        ("detail", PLAIN),
        ("problem", Maybe(Of(Problem))),
    )
    _OMITTED = frozenset({"problem"})
    part: str
    subject: str
    detail: str
    problem: Problem | None

    def __init__(
        self, *, part: str, subject: str, detail: str, problem: Problem | None = None
    ) -> None:
        self._fill(part, subject, detail, problem)


@final
class Diagnosis(Value):
    """What can and cannot be read, written and reached; true when nothing is wrong.

    Attributes:
        findings: What was found.
    """

    __slots__ = ("findings",)
    _FIELDS = (("findings", Many(Of(Finding))),)
    findings: tuple[Finding, ...]

    def __init__(self, *, findings: Iterable[Finding]) -> None:
        self._fill(findings)

    @property
    def problems(self) -> tuple[Finding, ...]:
        """The findings with which something is wrong."""
        return tuple([finding for finding in self.findings if finding.problem])

    def __bool__(self) -> bool:
        return not self.problems
