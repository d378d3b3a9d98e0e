"""Exceptions of mlicense: each has a stable number, a stable name, a text and a remedy."""

from __future__ import annotations

# The name is enough for type checkers; importing `typing` takes longer than all the rest.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from typing_extensions import Self

    from mlicense._native import Decision

__all__ = ["Error", "InputError", "NotLicensed", "Refusal", "StorageError"]


class Error(Exception):
    """Anything that mlicense raises; raised itself only for a fault of ours.

    Attributes:
        number: The stable number, the same in every language, such as 10400.
        name: The stable name, such as ``INSUFFICIENT_WALLET``.
        details: The facts that the text was made of.

    Examples:
        >>> import mlicense
        >>> try:
        ...     mlicense.calculate({"growth": {}})
        ... except mlicense.Error as error:
        ...     print(error.number, error.name)
        10003 JSON_INVALID
    """

    number: int
    name: str
    details: dict[str, str]

    def __init__(
        self,
        number: int,
        name: str,
        details: Mapping[str, str],
        texts: Mapping[str, tuple[str, str]],
    ) -> None:
        super().__init__(number, name, details, texts)
        self.number = number
        self.name = name
        self.details = dict(details)
        self._texts = texts

    @property
    def message(self) -> str:
        """What went wrong, in one English sentence without a final stop."""
        return self.text("en")

    @property
    def remedy(self) -> str:
        """What can be done about it, in English."""
        return self.advice("en")

    def text(self, language: str) -> str:
        """Says what went wrong.

        Args:
            language: A code or locale: ``en``, ``ru``, ``ja`` or ``fr``; English for any other.

        Returns:
            One sentence without a final stop.
        """
        return self._in(language)[0]

    def advice(self, language: str) -> str:
        """Says what can be done about it.

        Args:
            language: A code or locale: ``en``, ``ru``, ``ja`` or ``fr``; English for any other.

        Returns:
            The remedy.
        """
        return self._in(language)[1]

    def _in(self, language: str) -> tuple[str, str]:
        # The exceptions exist before the native module, which raises them.
        from mlicense import _native

        return self._texts[_native.language(language)]

    def __str__(self) -> str:
        return self.message

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.number} {self.name}: {self.message})"


class Refusal(Error):  # noqa: N818 - the noun of every language
    """The rules do not allow what was asked; nothing was changed."""


class NotLicensed(Refusal):
    """A feature was required and may not run; ``str`` gives the sentence of the decision."""

    def __init__(
        self,
        number: int,
        name: str,
        details: Mapping[str, str],
        texts: Mapping[str, tuple[str, str]],
        decision: Decision | None = None,
    ) -> None:
        super().__init__(number, name, details, texts)
        self._decision = decision

    @property
    def decision(self) -> Decision:
        """The decision; it stays in the process that took it when the error is pickled."""
        if self._decision is None:
            raise AttributeError("the decision stayed in the process that took it")
        return self._decision

    def __reduce__(self) -> tuple[type[Self], tuple[Any, ...]]:
        return type(self), self.args


class InputError(Refusal, ValueError):
    """What was given is not in the form wanted: JSON, a date, an id; a ``ValueError`` too."""


class StorageError(Error):
    """A file could not be read or written."""
