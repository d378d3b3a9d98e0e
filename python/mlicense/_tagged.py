"""Values under a name of their own in JSON: commands, events, questions and alternatives."""

from __future__ import annotations

from datetime import datetime
from types import MappingProxyType

from mlicense._shapes import EMPTY, INSTANT, Shape, invalid, single
from mlicense._value import Value

# Importing `typing` takes longer than all the rest.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar, Generic, TypeVar

    from typing_extensions import Self

    Answer = TypeVar("Answer")
else:
    Answer = None


class Tagged(Value):
    """A value that stands in JSON under its own name, or is no more than that name."""

    __slots__ = ()
    TAG: ClassVar[str]
    """The name."""
    _KINDS: ClassVar[dict[str, list[type[Any]]]]
    # Whether there is nothing but the name.
    _BARE: ClassVar[bool] = False
    # The one member, when it stands behind the name without a name of its own.
    _ALONE: ClassVar[Shape | None] = None

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "TAG" in vars(cls):
            cls._KINDS.setdefault(cls.TAG, []).append(cls)
        else:
            cls._KINDS = {}

    @classmethod
    def _is_name(cls, given: str) -> bool:
        return given in cls._KINDS

    @classmethod
    def _read(cls, given: Any) -> Self:
        bare = isinstance(given, str)
        name, inner = (given, {}) if bare else single(given, cls.__qualname__)
        kinds: list[type[Any]] = [
            kind for kind in cls._KINDS.get(name, ()) if issubclass(kind, cls)
        ]
        # Two alternatives may have one name; their members tell them apart.
        kinds.sort(key=lambda kind: not kind._fits(inner))
        if not kinds or kinds[0]._BARE is not bare:
            raise invalid(cls.__qualname__, f"unknown `{name}`")
        kind = kinds[0]
        if kind._ALONE is not None:
            made: Self = kind._alone(inner)
            return made
        read: Self = kind._read_members(inner)
        return read

    @classmethod
    def _alone(cls, inner: Any) -> Self:
        ((name, shape),) = cls._FIELDS
        return cls._made({name: shape.read(inner)})

    @classmethod
    def _fits(cls, inner: Any) -> bool:
        names = {member for member, _, _ in cls._MEMBERS}
        return hasattr(inner, "keys") and set(inner) <= names

    def to_json(self) -> Any:
        """Gives the form of JSON: the name, with what stands behind it.

        Returns:
            A dict with one member, or the name alone where nothing stands behind it.
        """
        if self._BARE:
            return self.TAG
        if self._ALONE is not None:
            return {self.TAG: self._ALONE.write(getattr(self, self._FIELDS[0][0]))}
        return {self.TAG: self._members()}


def nest(union: type[Tagged]) -> None:
    """Puts the alternatives of a union into it, by its second base, under their own names."""
    for kinds in union._KINDS.values():
        for kind in kinds:
            name = "".join(part.capitalize() for part in kind.TAG.split("_"))
            kind.__name__, kind.__qualname__ = name, f"{union.__name__}.{name}"
            setattr(union.__bases__[1], name, kind)


class Command(Tagged):
    """A command: what :meth:`Ledger.execute` does."""

    __slots__ = ()


class Event(Tagged):
    """Something that happened; its text says what, in words."""

    __slots__ = ()
    SUMMARY: ClassVar[str]
    """What happens when it does, in one sentence."""

    def __str__(self) -> str:
        told = _told(self)
        return f"{self.SUMMARY.removesuffix('.')}: {told}" if told else self.SUMMARY


if TYPE_CHECKING:

    class _Asking(Tagged, Generic[Answer]):
        """What a type checker knows of a question: the type of its answer."""

else:

    class _Asking(Tagged):
        __slots__ = ()

        def __class_getitem__(cls, _):
            return cls


class _Asked(_Asking[Answer]):
    """A question that is answered with a value of a type of its own."""

    __slots__ = ()
    _ANSWER: ClassVar[Shape]

    def _answered(self, given: Any) -> Answer:
        answer: Answer = self._ANSWER.read(given)
        return answer


class Query(_Asked[Answer]):
    """A question: what :meth:`Ledger.query` answers with a value of a type of its own."""

    __slots__ = ()


class Calculation(_Asked[Answer]):
    """A piece of arithmetic: what :func:`calculate` answers with a value of a type of its own."""

    __slots__ = ()


def _told(value: Value) -> str:
    """The members of a value in words; no secrets, and nothing that is empty."""
    told = []
    for name, shape in value._FIELDS:
        member = getattr(value, name)
        if not shape.hidden and member not in (None, False, (), EMPTY):
            told.append(f"{name.rstrip('_').replace('_', ' ')} {_said(member)}")
    return ", ".join(told)


def _said(value: Any) -> str:
    if isinstance(value, Tagged) and value._BARE:
        return value.TAG.replace("_", " ")
    if isinstance(value, Value):
        return f"({_told(value)})"
    if isinstance(value, datetime):
        return str(INSTANT.write(value))
    if isinstance(value, tuple):
        return " and ".join([_said(one) for one in value])
    if isinstance(value, MappingProxyType):
        return " and ".join([f"{_said(one)} {name}" for name, one in value.items()])
    return str(value)
