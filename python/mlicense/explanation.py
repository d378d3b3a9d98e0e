"""A decision as data: what :meth:`Decision.explain` gives, for logs and support."""

from __future__ import annotations

from mlicense._shapes import DAY, INSTANT, PLAIN, Many, Maybe, Of, Shape, Table
from mlicense._typing import final
from mlicense._value import Value
from mlicense.outcome import Outcome

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime
    from typing import Any, TypeAlias

    Fact: TypeAlias = str | int | date | datetime | tuple[str, ...]

__all__ = ["ExplainedReason", "Explanation"]

# Facts that are times, by their names; so are those whose names end in `_at`.
_DAYS = frozenset({"built_on", "from", "last_day", "until"})
_INSTANTS = frozenset({"clock", "mark"})


class _Outcome(Shape):
    """The answer in one word, which is a number in Python."""

    __slots__ = ()

    def take(self, value: Outcome) -> Outcome:
        return Outcome(value)

    def read(self, given: str) -> Outcome:
        return Outcome[given.upper()]

    def write(self, value: Outcome) -> str:
        return value.name.lower()


def _shape(name: str) -> Shape:
    if name in _DAYS:
        return DAY
    return INSTANT if name in _INSTANTS or name.endswith("_at") else PLAIN


class _Facts(Table):
    """Facts, each in the form that its name tells."""

    __slots__ = ()

    def take(self, value: Mapping[str, Fact]) -> Mapping[str, Fact]:
        return super().take(dict(value))

    def read(self, given: Mapping[str, Any]) -> Mapping[str, Fact]:
        facts = {name: _shape(name).read(fact) for name, fact in given.items()}
        return self.take(
            {name: tuple(fact) if isinstance(fact, list) else fact for name, fact in facts.items()}
        )

    def write(self, value: Mapping[str, Fact]) -> dict[str, Any]:
        facts = {name: _shape(name).write(fact) for name, fact in value.items()}
        return {
            name: list(fact) if isinstance(fact, tuple) else fact for name, fact in facts.items()
        }


OUTCOME: Shape = _Outcome()
FACTS: Shape = _Facts(PLAIN)


@final
class ExplainedReason(Value):
    """What one rule found, in words and as data.

    Attributes:
        text: What the rule found, in one clause, in the language that was asked for.
        remedy: What would change the answer; none for a rule that passed.
        code: Which rule it was, as :attr:`Reason.code`.
        passed: Whether what the code claims is so.
        facts: The facts that the rule used, as :attr:`Reason.facts`: each rule has facts of its
            own, and newer versions may have more. To be read only.
    """

    __slots__ = ("code", "facts", "passed", "remedy", "text")
    _FIELDS = (
        ("text", PLAIN),
        ("remedy", Maybe(PLAIN)),
        ("code", PLAIN),
        ("passed", PLAIN),
        ("facts", FACTS),
    )
    _OMITTED = frozenset({"remedy"})
    text: str
    remedy: str | None
    code: str
    passed: bool
    facts: Mapping[str, Fact]

    def __init__(
        self,
        *,
        text: str,
        code: str,
        passed: bool,
        facts: Mapping[str, Fact],
        remedy: str | None = None,
    ) -> None:
        self._fill(text, remedy, code, passed, facts)


@final
class Explanation(Value):
    """A decision in words and as data; ``to_json`` gives it to logs.

    Attributes:
        message: May it run, and why, in one sentence, in the language that was asked for.
        outcome: The answer in one word.
        feature: The feature asked about, cut to 64 characters.
        license: The serial of the licence that decided, if it has one.
        until: The first instant at which the outcome is another; none when it stays for ever.
        quantity: How many the licence states for the feature, if it counts them.
        reasons: What each rule found, in the order of the rules.

    Examples:
        >>> from mlicense import Client, Signer
        >>> explained = Client("editor", [Signer.generate().public_key]).check("export").explain()
        >>> explained.outcome, explained.reasons[0].code
        (<Outcome.DENIED: 0>, 'LICENSE_HELD')
        >>> explained.to_json()["message"]
        '`export` may not run: no licence has been accepted yet'
    """

    __slots__ = ("feature", "license", "message", "outcome", "quantity", "reasons", "until")
    _FIELDS = (
        ("message", PLAIN),
        ("outcome", OUTCOME),
        ("feature", PLAIN),
        ("license", Maybe(PLAIN)),
        ("until", Maybe(INSTANT)),
        ("quantity", Maybe(PLAIN)),
        ("reasons", Many(Of(ExplainedReason))),
    )
    _OMITTED = frozenset({"license", "until", "quantity"})
    message: str
    outcome: Outcome
    feature: str
    license: str | None
    until: datetime | None
    quantity: int | None
    reasons: tuple[ExplainedReason, ...]

    def __init__(
        self,
        *,
        message: str,
        outcome: Outcome,
        feature: str,
        reasons: Iterable[ExplainedReason],
        license: str | None = None,  # noqa: A002 - the name of every language
        until: datetime | None = None,
        quantity: int | None = None,
    ) -> None:
        self._fill(message, outcome, feature, license, until, quantity, reasons)
