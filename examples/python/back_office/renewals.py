"""What is to be renewed, by partner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rich.console import Console
from rich.table import Table

from mlicense import Ledger
from mlicense.views import DueKind


@dataclass(frozen=True)
class Renewal:
    """A subscription that comes to an end."""

    partner: str
    customer: str
    product: str
    on: date
    missing_now: int
    """Licences that the current period lacks: it runs in grace, or not at all."""
    needed: int
    """Licences that the next period needs."""
    missing: int
    """Those of them that are allocated nowhere yet."""
    held: int
    """Licences in the wallet, with which it could be renewed today."""


def renewals(ledger: Ledger, until: date | None = None) -> list[Renewal]:
    """Renewals of all customers, by partner and day."""
    found = []
    for coming in ledger.due(until=until):
        customer = ledger.customers[coming.customer]
        dealer = customer.account.dealer or "direct"
        for due in coming.due:
            if not isinstance(due.what, DueKind.Renewal):
                continue
            subscription = customer.subscriptions[due.product]
            current, ahead, *_ = subscription.need
            found.append(
                Renewal(
                    partner=dealer,
                    customer=customer.id,
                    product=due.product,
                    on=due.on,
                    missing_now=sum(current.missing.values()),
                    needed=sum(ahead.need.values()),
                    missing=sum(ahead.missing.values()),
                    held=sum(subscription.wallet.usable.values()),
                )
            )
    return sorted(found, key=lambda renewal: (renewal.partner, renewal.on, renewal.customer))


def tell(ledger: Ledger, until: date | None) -> None:
    """Prints a table for each partner."""
    console = Console()
    found = renewals(ledger, until)
    for partner in dict.fromkeys(renewal.partner for renewal in found):
        table = Table(
            "on", "customer", "product", "missing now", "needed", "missing", "in the wallet"
        )
        table.title = f"To renew: {partner}"
        for renewal in found:
            if renewal.partner == partner:
                counts = (renewal.missing_now, renewal.needed, renewal.missing, renewal.held)
                names = (str(renewal.on), renewal.customer, renewal.product)
                table.add_row(*names, *map(str, counts))
        console.print(table)
    if not found:
        console.print("Nothing is to be renewed.")
