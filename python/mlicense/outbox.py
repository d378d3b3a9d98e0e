"""`Outbox` and `Outgoing`: what commands left to be sent."""

from __future__ import annotations

from mlicense._shapes import PLAIN, Maybe, Of
from mlicense._typing import final
from mlicense._value import Value
from mlicense.values import PersonFields
from mlicense.views import JournalEntry, Message

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from mlicense._native import Ledger

__all__ = ["Outbox", "Outgoing"]

# How many messages are asked for at once.
_PAGE = 100


@final
class Outgoing(Value):
    """Something to be sent.

    Attributes:
        id: Its number in the outbox, never used again.
        command: The id of the command that left it.
        message: What is to be sent, by kind: a mail with a number, the order to restart a device.
        to: Name and address of whom it is for; none once the person was erased, or where it is for
            nobody.
        event: What a webhook is told; its ``chain`` belongs to no other event, so that whoever is
            told twice knows it. None with other messages.
    """

    __slots__ = ("command", "event", "id", "message", "to")
    _FIELDS = (
        ("id", PLAIN),
        ("command", PLAIN),
        ("message", Of(Message)),
        ("to", Maybe(Of(PersonFields))),
        ("event", Maybe(Of(JournalEntry))),
    )
    _OMITTED = frozenset({"to", "event"})
    id: int
    command: str
    message: Message
    to: PersonFields | None
    event: JournalEntry | None

    def __init__(
        self,
        *,
        id: int,  # noqa: A002 - as in JSON
        command: str,
        message: Message,
        to: PersonFields | None = None,
        event: JournalEntry | None = None,
    ) -> None:
        self._fill(id, command, message, to, event)


class Outbox:
    """What commands left to be sent, oldest first.

    A message is written with the command that left it and stays until :meth:`done` is called with
    it: a program that stops in between sends it again, so that each goes out at least once.

    Examples:
        >>> ledger = vendor()
        >>> for message in ledger.outbox:
        ...     send(message)
        ...     ledger.outbox.done(message)
        >>> len(list(ledger.outbox))
        0
    """

    __slots__ = ("_ledger",)

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def __iter__(self) -> Iterator[Outgoing]:
        """What is still to be sent; asked for in pages."""
        last, limit = 0, _PAGE
        while True:
            listed = self._ledger._outgoing(limit)
            fresh = [message for message in listed if message["id"] > last]
            for message in fresh[:_PAGE]:
                last = message["id"]
                yield Outgoing.from_json(message)
            if len(listed) < limit and len(fresh) <= _PAGE:
                return
            # Those that were not sent stand before the others, and may be a page more by now.
            limit = len(listed) - len(fresh) + 2 * _PAGE

    def done(self, message: Outgoing | int) -> None:
        """Takes a message that was sent out of the outbox.

        Nothing happens when it is there no more.

        Args:
            message: The message, or its id.

        Raises:
            StorageError: When the ledger cannot be written.
        """
        self._ledger._sent(message.id if isinstance(message, Outgoing) else message)

    def __repr__(self) -> str:
        return f"Outbox({self._ledger!r})"
