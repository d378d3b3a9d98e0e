"""Runs the back office: ``python -m back_office --help``."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from mlicense import Error, Ledger, Signer

from . import answering, charts, demo, endpoint, importing, renewals


def main() -> int:
    """Does what the command line says; 1 when something was refused."""
    arguments = parser().parse_args()
    try:
        return int(arguments.run(arguments))
    except Error as error:
        print(f"{error.number} {error.name}: {error}\n{error.remedy}", file=sys.stderr)
        return 1


def parser() -> argparse.ArgumentParser:
    """The command line."""
    whole = argparse.ArgumentParser(prog="back_office", description=__doc__)
    commands = whole.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, what: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=what, description=what)
        made.add_argument("ledger", help="the ledger: a file, or postgresql://...")
        made.set_defaults(run=globals()[name])
        return made

    begin = command("begin", "make a ledger with a product and partners to play with")
    begin.add_argument("keys", type=Path, help="a new folder for the seeds of the vendor's keys")
    load = command("load", "take in customers and their history from CSV")
    load.add_argument("customers", type=Path)
    load.add_argument("history", type=Path)
    load.add_argument("--dry-run", action="store_true", help="only say what would happen")
    due = command("due", "list what is to be renewed, by partner")
    due.add_argument("--until", type=date.fromisoformat, help="before this day")
    answer = command("answer", "answer the requests in a folder")
    answer.add_argument("folder", type=Path)
    answer.add_argument("--key", type=Path, required=True, help="the seed of the daily key")
    chart = command("chart", "draw need, wallet and coverage of a customer")
    chart.add_argument("customer")
    chart.add_argument("product")
    chart.add_argument("picture", type=Path, help="such as orchard.png")
    serve = command("serve", "answer requests that come by HTTPS")
    serve.add_argument("--key", type=Path, required=True, help="the seed of the daily key")
    serve.add_argument("--certificate", type=Path, required=True, help="PEM: chain and key")
    serve.add_argument("--port", type=int, default=8443)
    return whole


def begin(arguments: argparse.Namespace) -> int:
    """Makes the ledger of the demonstration."""
    demo.begin(arguments.ledger, arguments.keys)
    return 0


def load(arguments: argparse.Namespace) -> int:
    """Takes in both files, or says what would happen."""
    with Ledger.open(arguments.ledger) as ledger:
        files = (arguments.customers, arguments.history)
        take_in = importing.rehearse if arguments.dry_run else importing.take_in
        return importing.tell(take_in(ledger, *files))


def due(arguments: argparse.Namespace) -> int:
    """Lists renewals."""
    with Ledger.open(arguments.ledger) as ledger:
        renewals.tell(ledger, arguments.until)
    return 0


def answer(arguments: argparse.Namespace) -> int:
    """Answers the requests of a folder."""
    with Ledger.open(arguments.ledger) as ledger:
        return answering.answer_folder(ledger, arguments.folder, signer(arguments.key))


def chart(arguments: argparse.Namespace) -> int:
    """Draws a customer."""
    with Ledger.open(arguments.ledger) as ledger:
        subscription = ledger.customers[arguments.customer].subscriptions[arguments.product]
        charts.draw(ledger, subscription, arguments.picture)
    return 0


def serve(arguments: argparse.Namespace) -> int:
    """Serves until it is interrupted."""
    with Ledger.open(arguments.ledger) as ledger:
        server = endpoint.Endpoint(
            ("", arguments.port), ledger, signer(arguments.key), arguments.certificate
        )
        print(f"listening on port {server.server_port}", flush=True)
        with server:
            try:
                server.serve_forever()
            except KeyboardInterrupt:
                return 0
    return 0


def signer(seed: Path) -> Signer:
    """The key of a seed that is kept in a file."""
    return Signer.from_seed(seed.read_bytes())


if __name__ == "__main__":
    sys.exit(main())
