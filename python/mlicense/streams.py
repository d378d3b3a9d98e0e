"""`History`, `Journal` and `Coming`: what happened and what is to come, asked for in pages."""

from __future__ import annotations

from mlicense import queries

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime
    from typing import Any

    from mlicense import views
    from mlicense._native import Ledger
    from mlicense.values import EventPlace

__all__ = ["Coming", "History", "Journal"]


class History:
    """The events of one stream, oldest first; each iteration asks the ledger anew, in pages.

    Examples:
        >>> ledger = vendor()
        >>> for entry in ledger.history("customer/c1"):
        ...     print(entry.index, entry.event.SUMMARY)
        1 The customer was registered.
        2 A system was registered.
    """

    __slots__ = ("_after", "_ledger", "stream")

    stream: str
    """The stream, such as ``customer/c1``."""

    def __init__(self, ledger: Ledger, stream: str, after: int = 0) -> None:
        self._ledger, self.stream, self._after = ledger, stream, after

    def __iter__(self) -> Iterator[views.HistoryEntry]:
        """The events with their indexes, from 1."""
        after = self._after
        while page := self._ledger.query(queries.History(stream=self.stream, after=after)):
            yield from page
            after = page[-1].index

    def __repr__(self) -> str:
        return f"History({self.stream!r})"


class Journal:
    """The events of all streams that are wanted, in the order of their times; asked for in pages.

    Examples:
        >>> ledger = vendor()
        >>> for entry in ledger.journal(kind="registered"):
        ...     print(entry.stream, entry.event.SUMMARY)
        customer/c1 The customer was registered.
    """

    __slots__ = ("_ledger", "_wanted")

    def __init__(self, ledger: Ledger, **wanted: Any) -> None:
        self._ledger, self._wanted = ledger, queries.Journal(**wanted)

    def __iter__(self) -> Iterator[views.JournalEntry]:
        """The events with their streams."""
        place: EventPlace | None = self._wanted.after
        while True:
            page = self._ledger.query(self._wanted.replace(after=place))
            yield from page.entries
            place = page.next
            if place is None:
                return

    def __repr__(self) -> str:
        return f"Journal({self._wanted!r})"


class Coming:
    """What is coming for customers without anybody's doing, in the order of their ids.

    Customers for whom nothing comes are passed over; asked for in pages.

    Examples:
        >>> ledger = vendor()
        >>> ledger.customers["c1"].subscriptions["vms"].start().events[0].kind
        'subscription_started'
        >>> for customer in ledger.due():
        ...     print(customer.customer, [type(due.what).__name__ for due in customer.due])
        c1 ['GraceEnds', 'Renewal']
    """

    __slots__ = ("_ledger", "_now", "_partner", "_until")

    def __init__(
        self,
        ledger: Ledger,
        partner: str | None = None,
        until: date | None = None,
        now: datetime | None = None,
    ) -> None:
        self._ledger, self._partner, self._until, self._now = ledger, partner, until, now

    def __iter__(self) -> Iterator[views.CustomerDue]:
        """The customers for whom something comes."""
        after = None
        while True:
            query = queries.ComingDue(partner=self._partner, until=self._until, after=after)
            page = self._ledger.query(query, now=self._now)
            yield from page.customers
            after = page.next
            if after is None:
                return

    def __repr__(self) -> str:
        return f"Coming(partner={self._partner!r}, until={self._until!r})"
