"""`Customers` and `Customer`."""

from __future__ import annotations

from mlicense import commands, queries
from mlicense.streams import History
from mlicense.subscriptions import Subscriptions
from mlicense.values import MemberRole, PersonFields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date
    from zoneinfo import ZoneInfo

    from typing_extensions import Unpack

    from mlicense import views
    from mlicense._native import Ledger, Receipt, Signer
    from mlicense.plan import How

__all__ = ["Customer", "Customers"]


class Customers:
    """The customers of a vendor: make one, find one, go through them all.

    Examples:
        >>> ledger = vendor()
        >>> orchard = ledger.customers.create(
        ...     "orchard", zone="Europe/Berlin", name="Example Orchard", idempotency_key="row-7")
        >>> orchard.zone
        zoneinfo.ZoneInfo(key='Europe/Berlin')
        >>> "orchard" in ledger.customers, "nobody" in ledger.customers
        (True, False)
        >>> [customer.id for customer in ledger.customers]
        ['c1', 'orchard']
    """

    __slots__ = ("_ledger",)

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def create(
        self,
        id: str | None = None,  # noqa: A002 - what it is called everywhere
        *,
        zone: ZoneInfo | str,
        region: str | None = None,
        name: str | None = None,
        email: str | None = None,
        **how: Unpack[How],
    ) -> Customer:
        """Registers a customer, and whom to speak with there.

        With an idempotency key it may be called again until it succeeds: each step is done once.

        Args:
            id: The customer's id, which must tell nothing of a person: it stays in the history for
                ever. When left out, one that follows from the idempotency key, or a random one.
            zone: The time zone in which its days begin.
            region: The region of the vendor's service it belongs to.
            name: The name of whom to speak with, who becomes a manager. It is kept where it can be
                erased.
            email: The address of that person; with a name only.
            **how: ``actor``, ``now`` and ``idempotency_key``.

        Returns:
            The customer.

        Raises:
            InputError: ``ZONE_UNKNOWN``, or ``FIELD_INVALID`` for the id.
            Refusal: ``CUSTOMER_ALREADY_REGISTERED`` and the like.
        """
        key = how.pop("idempotency_key", None)
        customer = id if id is not None else _made_id(key)
        contact = f"{customer}.contact"
        steps: list[commands.Command] = [
            commands.RegisterCustomer(customer=customer, zone=zone, region=region)
        ]
        if name is not None:
            fields = PersonFields(name=name, email=email)
            steps.append(commands.AddPerson(person=contact, fields=fields))
            steps.append(commands.AddMember(customer=customer, person=contact))
        for number, step in enumerate(steps):
            how["idempotency_key"] = key and (f"{key}.{number}" if number else key)
            self._ledger.execute(step, **how)
        return self[customer]

    def __getitem__(self, id: str) -> Customer:  # noqa: A002 - as above
        """The customer of an id; nothing is asked of the ledger yet."""
        return Customer(self._ledger, id)

    def __contains__(self, id: object) -> bool:  # noqa: A002 - as above
        """Whether a customer was registered."""
        if not isinstance(id, str):
            return False
        return bool(self._ledger.query(queries.History(stream=f"customer/{id}", limit=1)))

    def __iter__(self) -> Iterator[Customer]:
        """Every customer, by the times at which they were registered; asked for in pages."""
        for entry in self._ledger.journal(kind="registered"):
            kind, _, customer = entry.stream.partition("/")
            if kind == "customer":
                yield self[customer]

    def __repr__(self) -> str:
        return f"Customers({self._ledger!r})"


class Customer:
    """A customer. Each property asks the ledger anew."""

    __slots__ = ("_ledger", "id")

    id: str
    """The customer's id."""

    def __init__(self, ledger: Ledger, id: str) -> None:  # noqa: A002 - as above
        self._ledger, self.id = ledger, id

    @property
    def overview(self) -> views.Overview:
        """Where the customer stands with every product.

        Raises:
            Refusal: ``CUSTOMER_UNKNOWN``.
        """
        return self._ledger.query(queries.Overview(customer=self.id))

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which its days begin."""
        return self.overview.zone

    @property
    def subscriptions(self) -> Subscriptions:
        """What it holds, by product."""
        return Subscriptions(self._ledger, self.id)

    @property
    def account(self) -> views.AccountView:
        """What its account is doing, its members, dealer and term."""
        return self._ledger.query(queries.Account(customer=self.id))

    @property
    def users(self) -> views.UsersView:
        """Its persons, and what is known of them."""
        return self._ledger.query(queries.Users(customer=self.id))

    @property
    def devices(self) -> Mapping[str, views.DeviceView]:
        """Its devices, by id."""
        return self._ledger.query(queries.Devices(customer=self.id))

    @property
    def due(self) -> tuple[views.Due, ...]:
        """What is coming without anybody's doing, nearest first."""
        return self._ledger.query(queries.Due(customer=self.id))

    @property
    def history(self) -> History:
        """Everything that happened, oldest first; asked for in pages."""
        return History(self._ledger, f"customer/{self.id}")

    def bindings(self, product: str) -> views.Bindings:
        """The hosts that are bound to the licences of a product.

        Args:
            product: The product's id.

        Returns:
            The bindings, with the lots and what may still be moved.
        """
        return self._ledger.query(queries.Bindings(customer=self.id, product=product))

    def invoice(self, product: str, month: date) -> views.Invoice | None:
        """What the account is to pay in a month.

        Args:
            product: The product's id.
            month: Any day of the month.

        Returns:
            The amounts, or None when there is nothing to pay.
        """
        query = queries.Invoice(customer=self.id, product=product, month=month)
        return self._ledger.query(query)

    def add_member(
        self,
        person: str,
        *,
        name: str,
        email: str | None = None,
        role: MemberRole = MemberRole.MANAGER,
        **how: Unpack[How],
    ) -> Receipt:
        """Adds a person, and makes it a member.

        Args:
            person: A new id of the person.
            name: The name, kept where it can be erased.
            email: The address, kept where it can be erased.
            role: What it may do.
            **how: ``actor``, ``now`` and ``idempotency_key``.

        Returns:
            The receipt of the membership.
        """
        key = how.pop("idempotency_key", None)
        fields = PersonFields(name=name, email=email)
        how["idempotency_key"] = key and f"{key}.1"
        self._ledger.execute(commands.AddPerson(person=person, fields=fields), **how)
        how["idempotency_key"] = key
        member = commands.AddMember(customer=self.id, person=person, role=role)
        return self._ledger.execute(member, **how)

    def set_dealer(self, partner: str | None, **how: Unpack[How]) -> Receipt:
        """Chooses the partner who sells to the customer.

        Args:
            partner: The partner's id, or None for no dealer.
            **how: ``actor``, ``now`` and ``idempotency_key``.

        Returns:
            The receipt.
        """
        return self._ledger.execute(commands.SetDealer(customer=self.id, partner=partner), **how)

    def free_host(
        self, product: str, binding: int | None = None, *, reason: str, **how: Unpack[How]
    ) -> Receipt:
        """Frees a bound host, or all of them: its licence may be bound elsewhere.

        Args:
            product: The product's id.
            binding: The number of the binding; all of them when left out.
            reason: Why, for the history.
            **how: ``actor``, ``now`` and ``idempotency_key``.

        Returns:
            The receipt.
        """
        free = commands.FreeHosts(customer=self.id, product=product, binding=binding, reason=reason)
        return self._ledger.execute(free, **how)

    def answer(self, request: bytes | str, signer: Signer, **how: Unpack[How]) -> bytes:
        """Answers the request of an installation, as :meth:`Ledger.answer`.

        Args:
            request: The signed request.
            signer: A key of the published key ring.
            **how: ``actor`` and ``now``.

        Returns:
            The signed answer.
        """
        how.pop("idempotency_key", None)
        given = {name: value for name, value in how.items() if value is not None}
        return self._ledger.answer(request, customer=self.id, signer=signer, **given)  # type: ignore[arg-type]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Customer):
            return NotImplemented
        return (self.id, self._ledger) == (other.id, other._ledger)

    def __hash__(self) -> int:
        return hash(self.id)

    def __repr__(self) -> str:
        return f"Customer({self.id!r})"


def _made_id(key: str | None) -> str:
    """An id that follows from a key, so that who asks twice gets the same customer."""
    from hashlib import sha256
    from secrets import token_hex

    return f"c-{sha256(key.encode()).hexdigest()[:24] if key is not None else token_hex(12)}"
