"""What the classes of the package are made of: values that do not change."""

from __future__ import annotations

import json
from types import MappingProxyType

from mlicense._shapes import Shape, invalid
from mlicense._typing import dataclass_transform
from mlicense.errors import Error

# Importing `typing` takes longer than all the rest.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any, ClassVar, NoReturn

    from typing_extensions import Self


@dataclass_transform(kw_only_default=True, frozen_default=True)
class Value:
    """A value that never changes; equal to another of the same class with equal members."""

    __slots__ = ()
    _FIELDS: ClassVar[tuple[tuple[str, Shape], ...]] = ()
    # Members that are not written when they are empty.
    _OMITTED: ClassVar[frozenset[str]] = frozenset()
    # Members whose names in JSON are not made of those in Python.
    _NAMED: ClassVar[tuple[tuple[str, str], ...]] = ()
    # Each member by its names in JSON and in Python.
    _MEMBERS: ClassVar[tuple[tuple[str, str, Shape], ...]] = ()

    def __init_subclass__(cls) -> None:
        in_json = dict(cls._NAMED).get
        cls._MEMBERS = tuple(
            [(in_json(name) or name.rstrip("_"), name, shape) for name, shape in cls._FIELDS]
        )

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
                raise invalid(cls.__qualname__, str(fault)) from None
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
            raise invalid(cls.__qualname__, f"an object is wanted, not {type(given).__name__}")
        members, known = {}, 0
        for member, name, shape in cls._MEMBERS:
            if member in given:
                known += 1
                try:
                    members[name] = shape.read(given[member])
                except Error:
                    raise
                except (TypeError, ValueError, AttributeError) as fault:
                    raise invalid(cls.__qualname__, f"`{member}`: {fault}") from None
        if known < len(given):
            names = {member for member, _, _ in cls._MEMBERS}
            unknown = next(name for name in given if name not in names)
            raise invalid(cls.__qualname__, f"unknown member `{unknown}`")
        return cls._made(members)

    @classmethod
    def _made(cls, members: dict[str, Any]) -> Self:
        try:
            return cls(**members)
        except TypeError:
            usual = cls._usual()
            for member, name, _ in cls._MEMBERS:
                if name not in members and name not in usual:
                    missing = f"member `{member}` is missing"
                    raise invalid(cls.__qualname__, missing) from None
            raise

    @classmethod
    def _usual(cls) -> dict[str, Any]:
        """What members are when they are left out."""
        return getattr(cls.__init__, "__kwdefaults__", None) or {}

    def _members(self) -> dict[str, Any]:
        members, usual = {}, self._usual()
        for member, name, shape in self._MEMBERS:
            value = getattr(self, name)
            if name not in self._OMITTED or value != usual[name]:
                members[member] = shape.write(value)
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
            shown.append(
                f"{name}={'…' if shape.hidden and value is not None else repr(_plain(value))}"
            )
        return f"{type(self).__qualname__}({', '.join(shown)})"

    def __reduce__(self) -> tuple[Any, ...]:
        return _remade, (type(self), {name: _plain(value) for name, value in self._items()})


def _hashable(value: Any) -> Any:
    if isinstance(value, MappingProxyType):
        return frozenset((name, _hashable(one)) for name, one in value.items())
    if isinstance(value, tuple):
        return tuple([_hashable(one) for one in value])
    return value


def _plain(value: Any) -> Any:
    """The same with tables that can be pickled, and print as what they hold."""
    if isinstance(value, MappingProxyType):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, tuple):
        return tuple([_plain(one) for one in value])
    return value


def _remade(kind: type[Value], members: dict[str, Any]) -> Value:
    return kind(**members)
