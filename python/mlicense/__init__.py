"""A licensing engine to embed: decide what may run, sign licences, keep the vendor's ledger.

The customer's side asks a client whether a feature may run. The vendor's side signs licences with
:class:`License`, or keeps a :class:`Ledger` that answers requests by its rules. Both are one
engine, written in Rust, which Rust, C and 1C programs use as well.

What a ledger does has a class in ``mlicense.commands``, what it can be asked in
``mlicense.queries``, and what it answers in ``mlicense.views`` and ``mlicense.events``; all of
them are made of ``mlicense.values``. A mapping in the form of JSON does as well, and is answered
with dicts; in mappings a date, an aware datetime, a :class:`PublicKey` and the bytes of a document
may stand for their texts. Instants are aware datetimes, given out in UTC; whatever is less than a
second is dropped.
"""

from __future__ import annotations

from mlicense._native import (
    Accepted,
    Actor,
    Answer,
    Checkpoint,
    Client,
    Code,
    Decision,
    Feature,
    KeyRing,
    Ledger,
    License,
    LicenseClaims,
    Preview,
    PublicKey,
    Reason,
    Receipt,
    Request,
    RevocationList,
    Seat,
    SeatLedger,
    Signer,
    Site,
    TimeToken,
    TreeHead,
    Written,
    __version__,
    calculate,
    command,
    diagnose,
)
from mlicense.errors import Error, InputError, NotLicensed, Refusal, StorageError
from mlicense.outcome import Outcome

__all__ = [
    "Accepted",
    "Actor",
    "Answer",
    "Checkpoint",
    "Client",
    "Code",
    "Decision",
    "Error",
    "Feature",
    "InputError",
    "KeyRing",
    "Ledger",
    "License",
    "LicenseClaims",
    "NotLicensed",
    "Outcome",
    "Preview",
    "PublicKey",
    "Reason",
    "Receipt",
    "Refusal",
    "Request",
    "RevocationList",
    "Seat",
    "SeatLedger",
    "Signer",
    "Site",
    "StorageError",
    "TimeToken",
    "TreeHead",
    "Written",
    "__version__",
    "calculate",
    "command",
    "diagnose",
]

# What only the vendor's side needs is imported when it is first asked for.
_LATER = ("commands", "events", "queries", "values", "views")


def __getattr__(name: str) -> object:
    if name in _LATER:
        from importlib import import_module

        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_LATER})
