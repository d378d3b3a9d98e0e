"""The forms of members: how each is taken from a caller, read from JSON and written."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import date, datetime, timezone
from enum import Enum
from types import MappingProxyType

from mlicense._native import PublicKey, refused

# Importing `typing` takes longer than all the rest.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from mlicense._value import Value


EMPTY: Mapping[str, Any] = MappingProxyType({})
"""What a table is that is left out."""


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


class _Bytes(Shape):
    """Bytes, in JSON base64url without padding (RFC 4648)."""

    __slots__ = ()

    def take(self, value: bytes) -> bytes:
        if not isinstance(value, bytes):
            raise TypeError(f"bytes are wanted, not {type(value).__name__}")
        return value

    def read(self, given: str) -> bytes:
        return urlsafe_b64decode(given + "=" * (-len(given) % 4))

    def write(self, value: bytes) -> str:
        return urlsafe_b64encode(value).rstrip(b"=").decode("ascii")


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
BYTES: Shape = _Bytes(hidden=True)
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
    """Values by text, to be read only."""

    __slots__ = ("inner",)

    def __init__(self, inner: Shape) -> None:
        super().__init__(hidden=inner.hidden)
        self.inner = inner

    def take(self, value: Any) -> Mapping[Any, Any]:
        """Takes what a caller gave."""
        return MappingProxyType({name: self.inner.take(one) for name, one in value.items()})

    def read(self, given: Any) -> Mapping[Any, Any]:
        """Makes the value of JSON."""
        return MappingProxyType({name: self.inner.read(one) for name, one in given.items()})

    def write(self, value: Any) -> dict[str, Any]:
        """Makes JSON of the value."""
        return {str(name): self.inner.write(one) for name, one in value.items()}


class Numbered(Table):
    """Values by number."""

    __slots__ = ()

    def read(self, given: Any) -> Mapping[Any, Any]:
        """Makes the value of JSON."""
        return MappingProxyType({int(name): self.inner.read(one) for name, one in given.items()})


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
        name, inner = single(given, " or ".join(self.kinds))
        if name not in self.kinds:
            raise invalid("an alternative", f"unknown `{name}`")
        return self.kinds[name]._read(inner)

    def write(self, value: Any) -> dict[str, Any]:
        """Makes JSON of the value."""
        return {self.names[type(value)]: value.to_json()}


def single(given: Any, what: str) -> tuple[str, Any]:
    """The name and the inside of an object with one member."""
    if not hasattr(given, "items") or len(given) != 1:
        raise invalid(what, "an object with one member is wanted")
    (found,) = given.items()
    name, inner = found
    return name, inner


def invalid(what: str, detail: str) -> Exception:
    """The refusal of what is not in the form of JSON that is wanted."""
    return refused("JSON_INVALID", {"what": what, "detail": detail})
