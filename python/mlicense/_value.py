"""What the generated classes are made of: values that do not change, in the form of JSON."""

from __future__ import annotations

import json
from datetime import date, datetime, timezone
from enum import Enum

from mlicense._native import PublicKey, refused
from mlicense.errors import Error

# Importing `typing` takes longer than all the rest.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any, ClassVar, Generic, NoReturn, TypeVar
    from typing import final as final
    from typing import overload as overload

    from typing_extensions import Self, dataclass_transform

    Answer = TypeVar("Answer")
else:
    Answer = None

    def dataclass_transform(**_):
        return lambda decorated: decorated

    def final(decorated):
        return decorated

    overload = final


EMPTY: Mapping[str, Any] = {}
"""What is left out of a table that is left out; never changed."""


class Word(str, Enum):
    """A word of a closed list; it is its own text."""

    __str__ = str.__str__

    def __repr__(self) -> str:
        return f"{type(self).__name__}.{self.name}"


class Shape:
    """The form of a member: as it is, unless a subclass says otherwise."""

    __slots__ = ("hidden",)

    def __init__(self, *, hidden: bool = False) -> None:
        # Whether `repr` passes it over: it may be a secret, or tell of a person.
        self.hidden = hidden

    def take(self, value: Any) -> Any:
        """Takes what a caller gave."""
        return value

    def read(self, given: Any) -> Any:
        """Makes the value of JSON."""
        return given

    def write(self, value: Any) -> Any:
        """Makes JSON of the value."""
        return value


class _Document(Shape):
    __slots__ = ()

    def take(self, value: bytes | str) -> str:
        return value.decode("utf-8") if isinstance(value, bytes) else value


class _Day(Shape):
    __slots__ = ()

    def take(self, value: date) -> date:
        if isinstance(value, datetime) or not isinstance(value, date):
            raise TypeError(f"a date is wanted, not {type(value).__name__}")
        return value

    def read(self, given: str) -> date:
        return date.fromisoformat(given)

    def write(self, value: date) -> str:
        return value.isoformat()


class _Instant(Shape):
    __slots__ = ()

    def take(self, value: datetime) -> datetime:
        if not isinstance(value, datetime):
            raise TypeError(f"a datetime is wanted, not {type(value).__name__}")
        if value.utcoffset() is None:
            raise refused("INSTANT_INVALID", {"value": str(value)})
        return value.astimezone(timezone.utc).replace(microsecond=0)

    def read(self, given: str) -> datetime:
        return datetime.fromisoformat(given.replace("Z", "+00:00"))

    def write(self, value: datetime) -> str:
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")


class _Seconds(_Instant):
    __slots__ = ()

    def read(self, given: int) -> datetime:  # type: ignore[override]
        return datetime.fromtimestamp(given, timezone.utc)

    def write(self, value: datetime) -> int:  # type: ignore[override]
        return int(value.timestamp())


class _Zone(Shape):
    __slots__ = ()

    def take(self, value: Any) -> Any:
        return self.read(value) if isinstance(value, str) else value

    def read(self, given: str) -> Any:
        # Its tables are only read by who handles zones.
        from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

        try:
            return ZoneInfo(given)
        except (ZoneInfoNotFoundError, ValueError):
            raise refused("ZONE_UNKNOWN", {"zone": given}) from None

    def write(self, value: Any) -> str:
        return str(value)


class _Key(Shape):
    __slots__ = ()

    def take(self, value: PublicKey | str) -> PublicKey:
        return PublicKey(value)

    def read(self, given: str) -> PublicKey:
        return PublicKey(given)

    def write(self, value: PublicKey) -> str:
        return str(value)


PLAIN: Shape = Shape()
PRIVATE: Shape = Shape(hidden=True)
DOCUMENT: Shape = _Document(hidden=True)
DAY: Shape = _Day()
INSTANT: Shape = _Instant()
SECONDS: Shape = _Seconds()
ZONE: Shape = _Zone()
KEY: Shape = _Key()


class Maybe(Shape):
    """Something or nothing."""

    __slots__ = ("inner",)

    def __init__(self, inner: Shape) -> None:
        super().__init__(hidden=inner.hidden)
        self.inner = inner

    def take(self, value: Any) -> Any:
        """Takes what a caller gave."""
        return None if value is None else self.inner.take(value)

    def read(self, given: Any) -> Any:
        """Makes the value of JSON."""
        return None if given is None else self.inner.read(given)

    def write(self, value: Any) -> Any:
        """Makes JSON of the value."""
        return None if value is None else self.inner.write(value)


class Many(Shape):
    """Several, in order."""

    __slots__ = ("inner",)

    def __init__(self, inner: Shape) -> None:
        super().__init__(hidden=inner.hidden)
        self.inner = inner

    def take(self, value: Any) -> tuple[Any, ...]:
        """Takes what a caller gave."""
        if isinstance(value, str | bytes):
            raise TypeError(f"several are wanted, not one {type(value).__name__}")
        return tuple([self.inner.take(one) for one in value])

    def read(self, given: Any) -> tuple[Any, ...]:
        """Makes the value of JSON."""
        return tuple([self.inner.read(one) for one in given])

    def write(self, value: Any) -> list[Any]:
        """Makes JSON of the value."""
        return [self.inner.write(one) for one in value]


class Table(Shape):
    """Values by text."""

    __slots__ = ("inner",)

    def __init__(self, inner: Shape) -> None:
        super().__init__(hidden=inner.hidden)
        self.inner = inner

    def take(self, value: Any) -> dict[Any, Any]:
        """Takes what a caller gave."""
        return {name: self.inner.take(one) for name, one in value.items()}

    def read(self, given: Any) -> dict[Any, Any]:
        """Makes the value of JSON."""
        return {name: self.inner.read(one) for name, one in given.items()}

    def write(self, value: Any) -> dict[str, Any]:
        """Makes JSON of the value."""
        return {str(name): self.inner.write(one) for name, one in value.items()}


class Numbered(Table):
    """Values by number."""

    __slots__ = ()

    def read(self, given: Any) -> dict[Any, Any]:
        """Makes the value of JSON."""
        return {int(name): self.inner.read(one) for name, one in given.items()}


class Of(Shape):
    """A value of a generated class."""

    __slots__ = ("kind",)

    def __init__(self, kind: type[Value]) -> None:
        super().__init__()
        self.kind = kind

    def take(self, value: Any) -> Any:
        """Takes what a caller gave."""
        if not isinstance(value, self.kind):
            wanted = self.kind.__qualname__
            raise TypeError(f"{wanted} is wanted, not {type(value).__name__}")
        return value

    def read(self, given: Any) -> Any:
        """Makes the value of JSON."""
        return self.kind._read(given)

    def write(self, value: Any) -> Any:
        """Makes JSON of the value."""
        return value.to_json()


class OneWord(Shape):
    """A word of a closed list."""

    __slots__ = ("kind",)

    def __init__(self, kind: type[Word]) -> None:
        super().__init__()
        self.kind = kind

    def take(self, value: Any) -> Any:
        """Takes what a caller gave."""
        return self.kind(value)

    def read(self, given: Any) -> Any:
        """Makes the value of JSON."""
        return self.kind(given)

    def write(self, value: Any) -> str:
        """Makes JSON of the value."""
        return str(value.value)


class Choice(Shape):
    """One of several records, each under a name."""

    __slots__ = ("kinds", "names")

    def __init__(self, **kinds: type[Value]) -> None:
        super().__init__()
        self.kinds = kinds
        self.names = {kind: name for name, kind in kinds.items()}

    def take(self, value: Any) -> Any:
        """Takes what a caller gave."""
        if type(value) not in self.names:
            wanted = " or ".join(kind.__qualname__ for kind in self.names)
            raise TypeError(f"{wanted} is wanted, not {type(value).__name__}")
        return value

    def read(self, given: Any) -> Any:
        """Makes the value of JSON."""
        name, inner = _single(given, " or ".join(self.kinds))
        if name not in self.kinds:
            raise _invalid("an alternative", f"unknown `{name}`")
        return self.kinds[name]._read(inner)

    def write(self, value: Any) -> dict[str, Any]:
        """Makes JSON of the value."""
        return {self.names[type(value)]: value.to_json()}


@dataclass_transform(kw_only_default=True, frozen_default=True)
class Value:
    """A value that never changes; equal to another of the same class with equal members."""

    __slots__ = ()
    _FIELDS: ClassVar[tuple[tuple[str, Shape], ...]] = ()
    # Members that are not written when they are empty.
    _OMITTED: ClassVar[frozenset[str]] = frozenset()

    def _fill(self, *values: object) -> None:
        for (name, shape), value in zip(self._FIELDS, values, strict=True):
            object.__setattr__(self, name, shape.take(value))

    @classmethod
    def from_json(cls, given: Mapping[str, Any] | str) -> Self:
        """Reads the form of JSON.

        Args:
            given: What :meth:`to_json` gives, or the same as JSON text.

        Returns:
            The value.

        Raises:
            InputError: ``JSON_INVALID`` for a member that is missing or not known.
        """
        if isinstance(given, str) and not cls._is_name(given):
            try:
                given = json.loads(given)
            except ValueError as fault:
                raise _invalid(cls.__qualname__, str(fault)) from None
        return cls._read(given)

    def to_json(self) -> Any:
        """Gives the form of JSON, which every other language knows.

        Returns:
            Texts, whole numbers, lists and dicts; all of it new.
        """
        return self._members()

    def replace(self, **changes: Any) -> Self:
        """Makes another value that differs in some members.

        Args:
            **changes: The members that differ.

        Returns:
            The other value.
        """
        return type(self)(**{**dict(self._items()), **changes})

    __replace__ = replace

    @classmethod
    def _is_name(cls, given: str) -> bool:
        """Whether a text is no JSON text, but the name of an alternative."""
        return False

    @classmethod
    def _read(cls, given: Any) -> Self:
        return cls._read_members(given)

    @classmethod
    def _read_members(cls, given: Any) -> Self:
        if not hasattr(given, "items"):
            raise _invalid(cls.__qualname__, f"an object is wanted, not {type(given).__name__}")
        members, known = {}, 0
        for name, shape in cls._FIELDS:
            member = name.rstrip("_")
            if member in given:
                known += 1
                try:
                    members[name] = shape.read(given[member])
                except Error:
                    raise
                except (TypeError, ValueError, AttributeError) as fault:
                    raise _invalid(cls.__qualname__, f"`{member}`: {fault}") from None
        if known < len(given):
            names = {name.rstrip("_") for name, _ in cls._FIELDS}
            unknown = next(name for name in given if name not in names)
            raise _invalid(cls.__qualname__, f"unknown member `{unknown}`")
        return cls._made(members)

    @classmethod
    def _made(cls, members: dict[str, Any]) -> Self:
        try:
            return cls(**members)
        except TypeError:
            usual = cls._usual()
            for name, _ in cls._FIELDS:
                if name not in members and name not in usual:
                    missing = f"member `{name.rstrip('_')}` is missing"
                    raise _invalid(cls.__qualname__, missing) from None
            raise

    @classmethod
    def _usual(cls) -> dict[str, Any]:
        """What members are when they are left out."""
        return getattr(cls.__init__, "__kwdefaults__", None) or {}

    def _members(self) -> dict[str, Any]:
        members, usual = {}, self._usual()
        for name, shape in self._FIELDS:
            value = getattr(self, name)
            if name not in self._OMITTED or value != usual[name]:
                members[name.rstrip("_")] = shape.write(value)
        return members

    def _items(self) -> Iterator[tuple[str, Any]]:
        for name, _ in self._FIELDS:
            yield name, getattr(self, name)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__qualname__} does not change: `{name}`")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__qualname__} does not change: `{name}`")

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(other, name) == value for name, value in self._items())

    def __hash__(self) -> int:
        return hash((type(self), *(_hashable(value) for _, value in self._items())))

    def __repr__(self) -> str:
        usual = self._usual()
        shown = []
        for name, shape in self._FIELDS:
            value = getattr(self, name)
            if name in usual and usual[name] == value:
                continue
            shown.append(f"{name}={'…' if shape.hidden and value is not None else repr(value)}")
        return f"{type(self).__qualname__}({', '.join(shown)})"

    def __reduce__(self) -> tuple[Any, ...]:
        return _remade, (type(self), dict(self._items()))


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
        name, inner = (given, {}) if bare else _single(given, cls.__qualname__)
        kinds: list[type[Any]] = [
            kind for kind in cls._KINDS.get(name, ()) if issubclass(kind, cls)
        ]
        # Two alternatives may have one name; their members tell them apart.
        kinds.sort(key=lambda kind: not kind._fits(inner))
        if not kinds or kinds[0]._BARE is not bare:
            raise _invalid(cls.__qualname__, f"unknown `{name}`")
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
        names = {name.rstrip("_") for name, _ in cls._FIELDS}
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

    class _Asked(Tagged, Generic[Answer]):
        """What a type checker knows of a query: the type of its answer."""

else:

    class _Asked(Tagged):
        __slots__ = ()

        def __class_getitem__(cls, _):
            return cls


class Query(_Asked[Answer]):
    """A question: what :meth:`Ledger.query` answers with a value of a type of its own."""

    __slots__ = ()
    _ANSWER: ClassVar[Shape]

    def _answered(self, given: Any) -> Answer:
        answer: Answer = self._ANSWER.read(given)
        return answer


def _single(given: Any, what: str) -> tuple[str, Any]:
    if not hasattr(given, "items") or len(given) != 1:
        raise _invalid(what, "an object with one member is wanted")
    (found,) = given.items()
    name, inner = found
    return name, inner


def _invalid(what: str, detail: str) -> Exception:
    return refused("JSON_INVALID", {"what": what, "detail": detail})


def _hashable(value: Any) -> Any:
    if isinstance(value, dict):
        return frozenset((name, _hashable(one)) for name, one in value.items())
    if isinstance(value, tuple):
        return tuple([_hashable(one) for one in value])
    return value


def _told(value: Value) -> str:
    """The members of a value in words; no secrets, and nothing that is empty."""
    told = []
    for name, shape in value._FIELDS:
        member = getattr(value, name)
        if not shape.hidden and member not in (None, False, (), {}):
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
    if isinstance(value, dict):
        return " and ".join([f"{_said(one)} {name}" for name, one in value.items()])
    return str(value)


def _remade(kind: type[Value], members: dict[str, Any]) -> Value:
    return kind(**members)
