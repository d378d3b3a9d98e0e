"""`Partners` and `Partner`: who sells for the vendor."""

from __future__ import annotations

from mlicense import commands, queries
from mlicense.values import PersonFields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from typing_extensions import Unpack

    from mlicense import views
    from mlicense._native import Ledger, Receipt
    from mlicense.plan import How
    from mlicense.streams import Coming
    from mlicense.values import KeyContents

__all__ = ["Partner", "Partners"]


class Partners:
    """The partners of a vendor.

    Examples:
        >>> ledger = vendor()
        >>> dealer = ledger.partners.register("d1", code="NORTH", name="North Dealer")
        >>> ledger.customers["c1"].set_dealer("d1").events[0].kind
        'dealer_set'
        >>> [row.customer for row in dealer.customers]
        ['c1']
    """

    __slots__ = ("_ledger",)

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def register(
        self,
        id: str,  # noqa: A002 - what it is called everywhere
        *,
        code: str,
        name: str,
        email: str | None = None,
        **how: Unpack[How],
    ) -> Partner:
        """Registers a partner.

        Args:
            id: A new id.
            code: Its code, unique among partners.
            name: Its name, kept where it can be erased.
            email: Its address, kept where it can be erased.
            **how: ``actor``, ``now`` and ``idempotency_key``.

        Returns:
            The partner.
        """
        fields = PersonFields(name=name, email=email)
        command = commands.RegisterPartner(
            partner=id, code=code, contact=f"{id}.contact", fields=fields
        )
        self._ledger.execute(command, **how)
        return self[id]

    def __getitem__(self, id: str) -> Partner:  # noqa: A002 - as above
        """The partner of an id; nothing is asked of the ledger yet."""
        return Partner(self._ledger, id)

    def __iter__(self) -> Iterator[Partner]:
        """Every partner, by the times at which they were registered; asked for in pages."""
        for entry in self._ledger.journal(kind="registered"):
            kind, _, partner = entry.stream.partition("/")
            if kind == "partner":
                yield self[partner]

    def __repr__(self) -> str:
        return f"Partners({self._ledger!r})"


class Partner:
    """A partner. Each property asks the ledger anew."""

    __slots__ = ("_ledger", "id")

    id: str
    """The partner's id."""

    def __init__(self, ledger: Ledger, id: str) -> None:  # noqa: A002 - as above
        self._ledger, self.id = ledger, id

    @property
    def view(self) -> views.PartnerView:
        """Its name, code and stock."""
        return self._ledger.query(queries.Partner(partner=self.id))

    @property
    def customers(self) -> Iterator[views.CustomerRow]:
        """The customers who chose it as their dealer; asked for in pages."""
        page = 1
        while True:
            found = self._ledger.query(queries.PartnerCustomers(partner=self.id, page=page))
            yield from found.customers
            if page >= found.pages:
                return
            page += 1

    def due(self, until: date | None = None) -> Coming:
        """What is coming for its customers.

        Args:
            until: Only what comes before this day; everything when left out.

        Returns:
            Its customers with what is coming, asked for in pages.
        """
        return self._ledger.due(partner=self.id, until=until)

    def stock(self, product: str, contents: Iterable[KeyContents], **how: Unpack[How]) -> Receipt:
        """Puts licences into its stock.

        Args:
            product: The product's id.
            contents: The licences.
            **how: ``actor``, ``now`` and ``idempotency_key``.

        Returns:
            The receipt.
        """
        command = commands.StockPartner(partner=self.id, product=product, contents=contents)
        return self._ledger.execute(command, **how)

    def give(
        self, customer: str, product: str, contents: Iterable[KeyContents], **how: Unpack[How]
    ) -> Receipt:
        """Gives licences of its stock to a customer.

        Args:
            customer: The customer's id.
            product: The product's id.
            contents: The licences.
            **how: ``actor``, ``now`` and ``idempotency_key``.

        Returns:
            The receipt.
        """
        command = commands.GiveLicenses(
            partner=self.id, customer=customer, product=product, contents=contents
        )
        return self._ledger.execute(command, **how)

    def __repr__(self) -> str:
        return f"Partner({self.id!r})"
