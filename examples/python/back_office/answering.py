"""Requests that came as files are answered with signed licences."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.progress import track

from mlicense import Ledger, Refusal, Signer


def answer_folder(ledger: Ledger, folder: Path, signer: Signer) -> int:
    """Writes an answer beside each request; 1 when one was refused.

    A request whose name is ``CUSTOMER.request`` or ``CUSTOMER.more.request`` is answered for that
    customer. Answering again gives an answer again.
    """
    console, refused = Console(stderr=True), 0
    for path in track(sorted(folder.glob("*.request")), "requests", console=console):
        customer = ledger.customers[path.name.split(".", maxsplit=1)[0]]
        try:
            answer = customer.answer(path.read_bytes(), signer)
        except Refusal as refusal:
            console.print(f"{path.name}: {refusal.number} {refusal.name}: {refusal}")
            refused = 1
        else:
            path.with_suffix(".answer").write_bytes(answer)
    return refused
