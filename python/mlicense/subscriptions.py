"""`Subscriptions` and `Subscription`: what a customer holds of a product."""

from __future__ import annotations

from mlicense import commands, queries
from mlicense._typing import overload
from mlicense.plan import do
from mlicense.values import KeyContents, LotKind, StockSource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Literal, TypeAlias

    from typing_extensions import Unpack

    from mlicense import views
    from mlicense._native import Ledger, Receipt
    from mlicense.plan import How, Plan

    Quantities: TypeAlias = int | Mapping[str, int]

__all__ = ["Subscription", "Subscriptions"]


class Subscriptions:
    """The subscriptions of a customer, by product.

    Examples:
        >>> ledger = vendor()
        >>> subscriptions = ledger.customers["c1"].subscriptions
        >>> list(subscriptions)
        ['vms']
        >>> subscriptions["vms"].status.text
        'registered; no subscription has been started'
    """

    __slots__ = ("_customer", "_ledger")

    def __init__(self, ledger: Ledger, customer: str) -> None:
        self._ledger, self._customer = ledger, customer

    def __getitem__(self, product: str) -> Subscription:
        """The subscription to a product; nothing is asked of the ledger yet."""
        return Subscription(self._ledger, self._customer, product)

    def __iter__(self) -> Iterator[str]:
        """The ids of the products where the customer stands somewhere."""
        return iter(self._ledger.query(queries.Overview(customer=self._customer)).products)

    def __repr__(self) -> str:
        return f"Subscriptions(customer={self._customer!r})"


class Subscription:
    """What a customer holds of a product: where it stands, what it needs, what is in its wallet.

    Every method that changes something takes ``actor``, ``now`` and ``idempotency_key``, as
    :meth:`Ledger.execute`, and gives the receipt; with ``preview=True`` it changes nothing and
    gives a :class:`Plan`.

    Examples:
        >>> ledger = vendor()
        >>> subscription = ledger.customers["c1"].subscriptions["vms"]
        >>> receipt = subscription.start()
        >>> subscription.status.kind
        StatusKind.GRACE
        >>> receipt = subscription.stock({"camera": 20}, purchase="order-7")
        >>> receipt = subscription.allocate({"camera": 10})
        >>> plan = subscription.renew(preview=True)
        >>> bool(plan), [event.TAG for event in plan.events]
        (True, ['allocated'])
        >>> receipt = plan.commit()
        >>> subscription.wallet.usable["camera"]
        0
    """

    __slots__ = ("_ledger", "customer", "product")

    customer: str
    """The customer's id."""
    product: str
    """The product's id."""

    def __init__(self, ledger: Ledger, customer: str, product: str) -> None:
        self._ledger, self.customer, self.product = ledger, customer, product

    @property
    def status(self) -> views.ProductStatus:
        """Where the customer stands with the product.

        Raises:
            Refusal: ``CUSTOMER_UNKNOWN``, ``PRODUCT_UNKNOWN`` or ``NOT_REGISTERED``.
        """
        overview = self._ledger.query(queries.Overview(customer=self.customer))
        if self.product not in overview.products:
            # What it needs is refused for the same reason, in words.
            self._ledger.query(queries.Need(customer=self.customer, product=self.product))
        return overview.products[self.product]

    @property
    def need(self) -> tuple[views.NeedView, ...]:
        """What is needed and covered: the current period first, then those ahead."""
        return self._ledger.query(queries.Need(customer=self.customer, product=self.product))

    @property
    def wallet(self) -> views.WalletView:
        """The stock of licences."""
        return self._ledger.query(queries.Wallet(customer=self.customer, product=self.product))

    @overload
    def start(
        self, *, term: int | None = ..., preview: Literal[False] = ..., **how: Unpack[How]
    ) -> Receipt: ...
    @overload
    def start(
        self, *, term: int | None = ..., preview: Literal[True], **how: Unpack[How]
    ) -> Plan: ...
    def start(
        self, *, term: int | None = None, preview: bool = False, **how: Unpack[How]
    ) -> Receipt | Plan:
        """Starts the subscription.

        Args:
            term: Length of a period in months; the usual one of the policy when left out.
            preview: Whether to say only what would happen.
            **how: ``actor``, ``now`` and ``idempotency_key``.

        Returns:
            The receipt, or the plan.

        Raises:
            Refusal: ``SUBSCRIPTION_ALREADY_STARTED`` and what else the rules refuse.
        """
        command = commands.StartSubscription(
            customer=self.customer, product=self.product, term=term
        )
        return do(self._ledger, command, preview, how)

    @overload
    def redeem(self, key: str, *, preview: Literal[False] = ..., **how: Unpack[How]) -> Receipt: ...
    @overload
    def redeem(self, key: str, *, preview: Literal[True], **how: Unpack[How]) -> Plan: ...
    def redeem(self, key: str, *, preview: bool = False, **how: Unpack[How]) -> Receipt | Plan:
        """Redeems a licence key: everything it is worth goes to the wallet.

        Args:
            key: The key as it was typed.
            preview: Whether to say only what would happen.
            **how: ``actor``, ``now`` and ``idempotency_key``.

        Returns:
            The receipt, or the plan.

        Raises:
            Refusal: ``CODE_MISTYPED``, ``KEY_ALREADY_REDEEMED`` and what else the rules refuse.
        """
        command = commands.RedeemKey(customer=self.customer, product=self.product, key=key)
        return do(self._ledger, command, preview, how)

    @overload
    def stock(
        self,
        quantities: Quantities,
        *,
        term: int = ...,
        source: StockSource = ...,
        purchase: str | None = ...,
        preview: Literal[False] = ...,
        **how: Unpack[How],
    ) -> Receipt: ...
    @overload
    def stock(
        self,
        quantities: Quantities,
        *,
        term: int = ...,
        source: StockSource = ...,
        purchase: str | None = ...,
        preview: Literal[True],
        **how: Unpack[How],
    ) -> Plan: ...
    def stock(
        self,
        quantities: Quantities,
        *,
        term: int = 12,
        source: StockSource = StockSource.PURCHASE,
        purchase: str | None = None,
        preview: bool = False,
        **how: Unpack[How],
    ) -> Receipt | Plan:
        """Puts licences that were bought into the wallet, without a key.

        Args:
            quantities: Licences by type, or a count where the product has one type only.
            term: For how many months a licence is.
            source: Where they come from.
            purchase: The number of the purchase, which is taken in once, whatever the command's id.
            preview: Whether to say only what would happen.
            **how: ``actor``, ``now`` and ``idempotency_key``.

        Returns:
            The receipt, or the plan.
        """
        kind = LotKind.Subscription(term)
        contents = [
            KeyContents(license_type=license_type, kind=kind, quantity=quantity)
            for license_type, quantity in self._by_type(quantities).items()
        ]
        command = commands.StockLicenses(
            customer=self.customer,
            product=self.product,
            contents=contents,
            source=source,
            purchase=purchase,
        )
        return do(self._ledger, command, preview, how)

    @overload
    def allocate(
        self,
        quantities: Quantities,
        *,
        ahead: int = ...,
        term: int | None = ...,
        preview: Literal[False] = ...,
        **how: Unpack[How],
    ) -> Receipt: ...
    @overload
    def allocate(
        self,
        quantities: Quantities,
        *,
        ahead: int = ...,
        term: int | None = ...,
        preview: Literal[True],
        **how: Unpack[How],
    ) -> Plan: ...
    def allocate(
        self,
        quantities: Quantities,
        *,
        ahead: int = 0,
        term: int | None = None,
        preview: bool = False,
        **how: Unpack[How],
    ) -> Receipt | Plan:
        """Allocates licences from the wallet to a period.

        Args:
            quantities: Licences by type, or a count where the product has one type only.
            ahead: Periods ahead of the current one; 0 is the current one.
            term: Term of the licences in months; the usual one when left out.
            preview: Whether to say only what would happen.
            **how: ``actor``, ``now`` and ``idempotency_key``.

        Returns:
            The receipt, or the plan.

        Raises:
            Refusal: ``INSUFFICIENT_WALLET`` and what else the rules refuse.
        """
        command = commands.Allocate(
            customer=self.customer,
            product=self.product,
            quantities=self._by_type(quantities),
            ahead=ahead,
            term=term,
        )
        return do(self._ledger, command, preview, how)

    @overload
    def renew(
        self,
        quantity: Quantities | None = ...,
        *,
        preview: Literal[False] = ...,
        **how: Unpack[How],
    ) -> Receipt: ...
    @overload
    def renew(
        self, quantity: Quantities | None = ..., *, preview: Literal[True], **how: Unpack[How]
    ) -> Plan: ...
    def renew(
        self,
        quantity: Quantities | None = None,
        *,
        preview: bool = False,
        **how: Unpack[How],
    ) -> Receipt | Plan:
        """Allocates licences to the next period.

        Args:
            quantity: Licences by type, or a count where the product has one type only; what the
                next period misses when left out.
            preview: Whether to say only what would happen.
            **how: ``actor``, ``now`` and ``idempotency_key``.

        Returns:
            The receipt, or the plan.

        Raises:
            Refusal: ``INSUFFICIENT_WALLET`` and what else the rules refuse.
        """
        if quantity is None:
            missing = [period.missing for period in self.need if period.ahead == 1]
            quantity = missing[0] if missing else {}
        command = commands.Allocate(
            customer=self.customer,
            product=self.product,
            quantities=self._by_type(quantity),
            ahead=1,
        )
        return do(self._ledger, command, preview, how)

    def undo(self, allocation: int, *, reason: str, **how: Unpack[How]) -> Receipt:
        """Undoes the newest allocation within its period, with what it gave back: a correction.

        Args:
            allocation: The number of the allocation, as its event tells.
            reason: Why, for the history.
            **how: ``actor``, ``now`` and ``idempotency_key``.

        Returns:
            The receipt.
        """
        undo = commands.UndoAllocation(
            customer=self.customer, product=self.product, allocation=allocation, reason=reason
        )
        return self._ledger.execute(undo, **how)

    def _by_type(self, quantities: Quantities) -> Mapping[str, int]:
        if not isinstance(quantities, int):
            return quantities
        view = self._ledger.query(queries.Products()).get(self.product)
        types = view.license_types if view else ()
        if len(types) != 1:
            # What is not told apart has to be named.
            held = {name for period in self.need for name in period.need}
            types = tuple(held)
        if len(types) != 1:
            raise ValueError(f"name the types of licence: {{type: {quantities}}}")
        return {types[0]: quantities}

    def __repr__(self) -> str:
        return f"Subscription(customer={self.customer!r}, product={self.product!r})"
