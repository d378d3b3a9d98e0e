"""`Plan`: what a command would do, in words, and the means to do exactly that."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime

    from typing_extensions import TypedDict, Unpack

    from mlicense._native import Actor, Ledger, Receipt
    from mlicense._tagged import Command, Event
    from mlicense.errors import Refusal
    from mlicense.views import Warning as PlanWarning

    class How(TypedDict, total=False):
        """What may be said of every command: by whom, when, and under which id."""

        actor: Actor | None
        now: datetime | None
        idempotency_key: str | None


__all__ = ["Plan"]


class Plan:
    """What a command would do at this moment; true when it would be done, and not refused.

    Prints as a list of sentences. :meth:`commit` does it, and refuses to do anything else.

    Examples:
        >>> from mlicense.commands import RegisterCustomer
        >>> ledger = vendor()
        >>> plan = ledger.plan(RegisterCustomer(customer="c9", zone="Europe/Paris"))
        >>> print(plan)
        The customer was registered: zone Europe/Paris
        >>> plan.commit().events[0].kind
        'registered'
        >>> again = ledger.plan(RegisterCustomer(customer="c9", zone="Asia/Tokyo"))
        >>> bool(again), str(again.refusal)
        (False, 'customer `c9` is registered already')
    """

    __slots__ = ("_how", "_ledger", "_preview", "command")

    command: Command
    """The command."""

    def __init__(self, ledger: Ledger, command: Command, **how: Unpack[How]) -> None:
        self._ledger, self.command, self._how = ledger, command, how
        asked = {name: how.get(name) for name in ("actor", "now")}
        self._preview = ledger.preview(command, **asked)  # type: ignore[arg-type]

    @property
    def events(self) -> tuple[Event, ...]:
        """What would happen, in order; of a class in ``mlicense.events`` each."""
        return self._preview.events

    @property
    def words(self) -> tuple[str, ...]:
        """What would happen, a sentence each."""
        return tuple([str(event) for event in self.events])

    @property
    def warnings(self) -> tuple[PlanWarning, ...]:
        """What to know before it is done."""
        return self._preview.warnings

    @property
    def refusal(self) -> Refusal | None:
        """Why it would be refused; none when it would be done. Not raised, but it can be."""
        return self._preview.refusal

    def commit(self, *, idempotency_key: str | None = None) -> Receipt:
        """Does the command, if it would still do exactly what the plan says.

        Args:
            idempotency_key: The command's id, as for :meth:`Ledger.execute`.

        Returns:
            What was written.

        Raises:
            Refusal: ``PREVIEW_STALE`` when it would do something else meanwhile; the refusal of the
                plan.
            StorageError: When the ledger cannot be written.
        """
        token = self._preview.token
        if token is None:
            raise self._preview.refusal or RuntimeError("a plan without token or refusal")
        how: How = {**self._how}
        if idempotency_key is not None:
            how["idempotency_key"] = idempotency_key
        return self._ledger.commit(self.command, token, **how)

    def __bool__(self) -> bool:
        return self._preview.token is not None

    def __str__(self) -> str:
        if self.refusal is not None:
            return f"refused: {self.refusal}"
        return "\n".join(self.words) or "nothing would change"

    def __repr__(self) -> str:
        if self.refusal is not None:
            return f"Plan({self.command!r} would be refused: {self.refusal})"
        names = ", ".join(event.TAG for event in self.events) or "nothing"
        return f"Plan({self.command!r} would do: {names})"


def do(ledger: Ledger, command: Command, preview: bool, how: How) -> Plan | Receipt:
    """Does a command, or says what it would do."""
    return Plan(ledger, command, **how) if preview else ledger.execute(command, **how)
