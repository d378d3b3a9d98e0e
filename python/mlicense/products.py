"""`Products` and `Product`: the catalogue."""

from __future__ import annotations

from mlicense import commands, queries
from mlicense._native import Code
from mlicense.values import Definition, KeyContents

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from typing_extensions import Unpack

    from mlicense import views
    from mlicense._native import Ledger, Receipt
    from mlicense.plan import How
    from mlicense.values import Policy, WhereToBuy

__all__ = ["Product", "Products"]


class Products:
    """The products of a vendor.

    Examples:
        >>> from mlicense.values import SubscriptionPolicy
        >>> ledger = vendor()
        >>> editor = ledger.products.define("editor", name="Editor", license_types=["user"],
        ...     policy=SubscriptionPolicy(trial_days=30), key_format="EDIT-5x4")
        >>> editor.view.policy.trial_days
        30
        >>> list(ledger.products)
        ['editor', 'vms']
    """

    __slots__ = ("_ledger",)

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def define(
        self,
        id: str,  # noqa: A002 - what it is called everywhere
        *,
        name: str,
        license_types: Iterable[str],
        policy: Policy,
        key_format: str | None = None,
        where_to_buy: WhereToBuy | None = None,
        **how: Unpack[How],
    ) -> Product:
        """Puts a product into the catalogue.

        Args:
            id: The product's id.
            name: Its name, to be shown.
            license_types: The types of its licences, such as ``user``.
            policy: The rules under which it is sold: a policy of ``mlicense.values``.
            key_format: The form of its licence keys, such as ``EDIT-5x4``, where it has any.
            where_to_buy: Where its licences are sold.
            **how: ``actor``, ``now`` and ``idempotency_key``.

        Returns:
            The product.

        Raises:
            Refusal: ``PRODUCT_ALREADY_DEFINED``, and what else the rules refuse.
        """
        definition = Definition(
            name=name,
            license_types=license_types,
            key_format=key_format,
            where_to_buy=where_to_buy,
        )
        command = commands.DefineProduct(product=id, definition=definition, policy=policy)
        self._ledger.execute(command, **how)
        return self[id]

    def __getitem__(self, id: str) -> Product:  # noqa: A002 - as above
        """The product of an id; nothing is asked of the ledger yet."""
        return Product(self._ledger, id)

    def __contains__(self, id: object) -> bool:  # noqa: A002 - as above
        """Whether a product is in the catalogue."""
        return id in self._ledger.query(queries.Products())

    def __iter__(self) -> Iterator[str]:
        """The ids of all products."""
        products = self._ledger.query(queries.Products())
        return iter(products)

    def __repr__(self) -> str:
        return f"Products({self._ledger!r})"


class Product:
    """A product of the catalogue."""

    __slots__ = ("_ledger", "id")

    id: str
    """The product's id."""

    def __init__(self, ledger: Ledger, id: str) -> None:  # noqa: A002 - as above
        self._ledger, self.id = ledger, id

    @property
    def view(self) -> views.ProductView:
        """Its name, types of licences and newest policy.

        Raises:
            KeyError: When it is not in the catalogue.
        """
        return self._ledger.query(queries.Products())[self.id]

    def publish_policy(self, policy: Policy, **how: Unpack[How]) -> Receipt:
        """Publishes a newer policy, for agreements that begin or adopt it from now on.

        Args:
            policy: The policy.
            **how: ``actor``, ``now`` and ``idempotency_key``.

        Returns:
            The receipt.
        """
        command = commands.PublishPolicy(product=self.id, policy=policy)
        return self._ledger.execute(command, **how)

    def issue_keys(
        self,
        batch: str,
        contents: Iterable[KeyContents],
        *,
        form: str,
        count: int = 1,
        **how: Unpack[How],
    ) -> list[Code]:
        """Makes licence keys from random bytes and issues them.

        The ledger keeps digests and masked tails only: whoever loses the keys cannot get them back.

        Args:
            batch: A new id of the batch.
            contents: What each key is worth.
            form: The form of the keys, as the product has it.
            count: How many, 1 to 1000.
            **how: ``actor``, ``now`` and ``idempotency_key``.

        Returns:
            The keys; :meth:`Code.reveal` gives them away.
        """
        keys = [Code.generate(form) for _ in range(count)]
        command = commands.IssueKeys(
            batch=batch,
            product=self.id,
            contents=contents,
            keys=[key.reveal() for key in keys],
        )
        self._ledger.execute(command, **how)
        return keys

    def __repr__(self) -> str:
        return f"Product({self.id!r})"
