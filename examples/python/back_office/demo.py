"""A vendor to play with: keys, a product, two partners."""

from __future__ import annotations

import secrets
from datetime import datetime, timezone
from pathlib import Path

from mlicense import KeyRing, Ledger, Signer
from mlicense.commands import EstablishVendor, PublishKeyRing
from mlicense.values import SubscriptionPolicy

# Everything a customer buys was published before the first of them came.
FOUNDED = datetime(2024, 1, 1, tzinfo=timezone.utc)


def begin(place: str, keys: Path) -> None:
    """Makes the ledger, and the seeds of a root key and of a daily key."""
    keys.mkdir()
    root, daily = (seed(keys / f"{name}.seed") for name in ("root", "daily"))
    entry = {"key": daily.public_key, "valid_from": FOUNDED}
    ring = KeyRing.issue({"number": 1, "issued_at": FOUNDED, "keys": [entry]}, root)
    with Ledger.create(place) as ledger:
        vendor = EstablishVendor(vendor="example", roots=[root.public_key])
        ledger.execute(vendor, now=FOUNDED)
        ledger.execute(PublishKeyRing(document=ring), now=FOUNDED)
        ledger.products.define(
            "vms",
            name="Video Management",
            license_types=["camera"],
            policy=SubscriptionPolicy(),
            key_format="VMS-5x4",
            now=FOUNDED,
        )
        for partner, name in [("north", "North Systems"), ("south", "South Security")]:
            ledger.partners.register(partner, code=partner.upper(), name=name, now=FOUNDED)


def seed(path: Path) -> Signer:
    """Makes a key and keeps its seed; a real vendor keeps the root key off every network."""
    path.touch(mode=0o600)
    path.write_bytes(secrets.token_bytes(32))
    return Signer.from_seed(path.read_bytes())
