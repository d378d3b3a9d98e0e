"""Customers and their history from two CSV files, with a rehearsal on a copy of the ledger.

``customers.csv`` has ``customer,zone,name,email,partner,product,cameras``; ``history.csv`` has
``day,customer,product,what,quantity,purchase``, where ``what`` is ``start``, ``buy``, ``allocate``
or ``renew``. Each row becomes commands whose ids follow from it: a file that was taken in half is
given again, and what was done is not done twice.
"""

from __future__ import annotations

import csv
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import track
from rich.table import Table

from mlicense import Client, Ledger, Refusal, Signer
from mlicense.commands import TakeRequest

Row = dict[str, str]


@dataclass
class Report:
    """What became of the rows."""

    rehearsed: bool
    done: Counter[str] = field(default_factory=Counter)
    refused: list[tuple[str, Row, Exception]] = field(default_factory=list)


def rehearse(ledger: Ledger, customers: Path, history: Path) -> Report:
    """Takes the files into a copy, which is thrown away: the report is exact, and nothing done."""
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder, "whole.jsonl")
        ledger.export(whole)
        with Ledger.import_from(Path(folder, "copy.mlicense"), whole) as copy:
            report = take_in(copy, customers, history)
    report.rehearsed = True
    return report


def take_in(ledger: Ledger, customers: Path, history: Path) -> Report:
    """Takes in both files, row by row: one that is refused stops none of the others."""
    report = Report(rehearsed=False)
    past = sorted(rows(history), key=lambda row: row["day"])
    # A customer was there before the first thing that it did.
    first = {row["customer"]: row["day"] for row in reversed(past)}
    console = Console(stderr=True)
    for row in track(list(rows(customers)), "customers", console=console):
        attempt(report, "customer", row, partial(register, ledger, row, first))
    for row in track(past, "history", console=console):
        attempt(report, row["what"], row, partial(repeat, ledger, row))
    return report


def attempt(report: Report, what: str, row: Row, do: Callable[[], None]) -> None:
    """Does a row and counts it, or keeps why not."""
    try:
        do()
    except (Refusal, KeyError, ValueError) as fault:
        report.refused.append((what, row, fault))
    else:
        report.done[what] += 1


def rows(path: Path) -> Iterator[Row]:
    """The rows of a file by the names in its first line."""
    with path.open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def register(ledger: Ledger, row: Row, first: dict[str, str]) -> None:
    """Registers a customer, its dealer, and what it has installed."""
    customer, product = row["customer"], row["product"]
    zone = ZoneInfo(row["zone"])
    began = first.get(customer)
    day = date.fromisoformat(began) if began else datetime.now(zone).date()
    now = noon(day - timedelta(days=1), zone)
    made = ledger.customers.create(
        customer,
        zone=zone,
        name=row["name"],
        email=row["email"],
        now=now,
        idempotency_key=f"import.{customer}",
    )
    if row["partner"]:
        made.set_dealer(row["partner"], now=now, idempotency_key=f"import.{customer}.dealer")
    # The old books know how many cameras there are: that is told in the name of an installation
    # until the customer's own one tells it anew.
    stand_in = Client(product, [Signer.generate().public_key], declared_id=f"import-{customer}")
    devices = {"camera": int(row["cameras"])}
    request = stand_in.request("system", system=f"{customer}-1", devices=devices, now=now)
    ledger.execute(TakeRequest(customer=customer, request=request), now=now)


def repeat(ledger: Ledger, row: Row) -> None:
    """Does again what a customer did on that day."""
    customer = row["customer"]
    subscription = ledger.customers[customer].subscriptions[row["product"]]
    now = noon(date.fromisoformat(row["day"]), ledger.customers[customer].zone)
    key = ".".join(["import", row["day"], customer, row["what"], row["quantity"], row["purchase"]])
    match row["what"]:
        case "start":
            subscription.start(now=now, idempotency_key=key)
        case "buy":
            quantity = int(row["quantity"])
            purchase = row["purchase"]
            subscription.stock(quantity, purchase=purchase, now=now, idempotency_key=key)
        case "allocate":
            subscription.allocate(int(row["quantity"]), now=now, idempotency_key=key)
        case "renew":
            quantities = int(row["quantity"]) if row["quantity"] else None
            subscription.renew(quantities, now=now, idempotency_key=key)
        case other:
            raise ValueError(f"`{other}` is nothing that a customer does")


def noon(day: date, zone: ZoneInfo) -> datetime:
    """Noon of a day where the customer is."""
    return datetime.combine(day, time(12), zone)


def tell(report: Report) -> int:
    """Prints the report; 1 when a row was refused."""
    console = Console()
    title = "What would happen" if report.rehearsed else "What was done"
    table = Table("rows", "count", title=title)
    for what, count in sorted(report.done.items()):
        table.add_row(what, str(count))
    console.print(table)
    if not report.refused:
        return 0
    table = Table("row", "customer", "day", "why not", title="What is refused")
    for what, row, fault in report.refused:
        why = f"{fault.name}: {fault}" if isinstance(fault, Refusal) else repr(fault)
        table.add_row(what, row.get("customer", ""), row.get("day", ""), why)
    console.print(table)
    return 1
