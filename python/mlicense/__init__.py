"""A licensing engine to embed: decide what may run, sign licences, keep the vendor's ledger.

The customer's side asks a client whether a feature may run. The vendor's side signs licences with
:class:`License`, or keeps a :class:`Ledger` that answers requests by its rules. Both are one
engine, written in Rust, which Rust, C and 1C programs use as well.

What a ledger does has a class in ``mlicense.commands``, what it can be asked in
``mlicense.queries``, and what it answers in ``mlicense.views`` and ``mlicense.events``; all of
them are made of ``mlicense.values``. What signed documents say is in ``mlicense.documents``, and
the pure arithmetic for :func:`calculate` in ``mlicense.calculations``. A mapping in the form of
JSON does as well, and is answered with dicts; in mappings a date, an aware datetime, a
:class:`PublicKey` and the bytes of a document may stand for their texts. Instants are aware
datetimes, given out in UTC; whatever is less than a second is dropped.
"""

from __future__ import annotations

from mlicense._native import __version__, calculate, command, diagnose

# The name is enough for type checkers; importing `typing` takes longer than all the rest.
TYPE_CHECKING = False
if TYPE_CHECKING:
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
    )
    from mlicense.answers import HostFact, HostFacts
    from mlicense.documents import LicenseClaims, RequestKind
    from mlicense.errors import Error, InputError, NotLicensed, Refusal, StorageError
    from mlicense.explanation import Explanation
    from mlicense.outcome import Outcome
    from mlicense.plan import Plan
    from mlicense.switch import Switch

__all__ = [
    "Accepted",
    "Actor",
    "Answer",
    "Checkpoint",
    "Client",
    "Code",
    "Decision",
    "Error",
    "Explanation",
    "Feature",
    "HostFact",
    "HostFacts",
    "InputError",
    "KeyRing",
    "Ledger",
    "License",
    "LicenseClaims",
    "NotLicensed",
    "Outcome",
    "Plan",
    "Preview",
    "PublicKey",
    "Reason",
    "Receipt",
    "Refusal",
    "Request",
    "RequestKind",
    "RevocationList",
    "Seat",
    "SeatLedger",
    "Signer",
    "Site",
    "StorageError",
    "Switch",
    "TimeToken",
    "TreeHead",
    "Written",
    "__version__",
    "calculate",
    "command",
    "diagnose",
]

# What is imported, or made, when it is first asked for: modules, and classes by their modules.
_MODULES = (
    "answers",
    "calculations",
    "commands",
    "documents",
    "errors",
    "events",
    "explanation",
    "outcome",
    "plan",
    "queries",
    "reports",
    "testing",
    "values",
    "views",
)
_CLASSES = {
    "answers": ("HostFact", "HostFacts"),
    "documents": ("LicenseClaims", "RequestKind"),
    "errors": ("Error", "InputError", "NotLicensed", "Refusal", "StorageError"),
    "explanation": ("Explanation",),
    "outcome": ("Outcome",),
    "plan": ("Plan",),
    "switch": ("Switch",),
}


def __getattr__(name: str) -> object:
    if name in _MODULES:
        return _module(name)
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    places = [place for place, classes in _CLASSES.items() if name in classes]
    found: object = getattr(_module(*places or ("_native",)), name)
    globals()[name] = found
    return found


def _module(name: str) -> object:
    from importlib import import_module

    return import_module(f"{__name__}.{name}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULES, *__all__})
