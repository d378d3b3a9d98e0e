"""What several tests need: instants, a vendor with a ledger, and systems that ask it."""

import contextlib
import datetime
import hashlib
import itertools
import pathlib
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import mlicense
from mlicense import _tagged
from mlicense.testing import Clock

UTC = datetime.timezone.utc
HOST = {"class": "vm", "facts": [{"kind": "dmi_uuid", "value": "4c4c4544-0042-3510"}]}


def at(day: str, hour: int = 12) -> datetime.datetime:
    """An hour of a day, in UTC."""
    return datetime.datetime.fromisoformat(f"{day}T{hour:02}:00:00+00:00")


def seed(name: str) -> bytes:
    """The seed of the key of that name."""
    return hashlib.sha256(name.encode()).digest()


def signer(name: str) -> mlicense.Signer:
    """A key that follows from a name."""
    return mlicense.Signer.from_seed(seed(name))


ROOT, DAILY = signer("root"), signer("daily")


# Another process: the locks of two copies of SQLite in one process do not see each other.
BLOCKER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("blocked", flush=True)
sys.stdin.read()
"""


@contextlib.contextmanager
def blocked(path: pathlib.Path) -> Iterator[Callable[[], object]]:
    """Keeps everyone from writing to a ledger until what it gives is called."""
    blocker = subprocess.Popen(
        [sys.executable, "-c", BLOCKER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with blocker:
        assert blocker.stdout
        assert blocker.stdout.readline() == "blocked\n"
        yield blocker.communicate


class Shop:
    """A vendor: product ``vms`` (cameras, doors), ``c1`` in Paris with ten cameras.

    Everything was set up on 2026-03-01.
    """

    def __init__(self, folder: pathlib.Path, clock: Clock | None = None) -> None:
        """Makes the ledger in a folder."""
        self.path = folder / "vendor.mlicense"
        self.ledger = mlicense.Ledger.create(self.path, clock=clock)
        self.numbers = itertools.count(1)
        day = at("2026-03-01")
        keys = [{"key": DAILY.public_key, "valid_from": day}]
        self.key_ring = mlicense.KeyRing.issue({"number": 1, "issued_at": day, "keys": keys}, ROOT)
        self.run({"establish_vendor": {"vendor": "acme", "roots": [ROOT.public_key]}})
        self.run({"publish_key_ring": {"document": self.key_ring}})
        self.define("vms", "VMS-5x4")
        self.run({"register_customer": {"customer": "c1", "zone": "Europe/Paris"}})
        self.client = self.system("s1")
        self.register("c1", self.client, {"camera": 10})

    def run(
        self, command: Mapping[str, Any] | _tagged.Command, day: str = "2026-03-01"
    ) -> mlicense.Receipt:
        """Does a command at noon."""
        return self.ledger.execute(command, now=at(day))

    def define(self, product: str, key_format: str, **policy: Any) -> None:
        """Puts a product into the catalogue."""
        definition = {
            "name": product.upper(),
            "license_types": ["camera", "door"],
            "key_format": key_format,
        }
        offer = {"product": product, "definition": definition, "policy": {"subscription": policy}}
        self.run({"define_product": offer})

    def system(self, name: str, product: str = "vms") -> mlicense.Client:
        """A new installation on a host of its own."""
        facts = {"class": "vm", "facts": [{"kind": "dmi_uuid", "value": f"4c4c-{name}"}]}
        return mlicense.Client(product, [ROOT.public_key], facts=facts)

    def register(self, customer: str, client: mlicense.Client, devices: dict[str, int]) -> None:
        """Registers a system with a customer."""
        system = f"system-{client.installation[:8]}"
        request = client.request("system", now=at("2026-03-01"), system=system, devices=devices)
        self.run({"take_request": {"customer": customer, "request": request}})

    def start(self, day: str = "2026-03-01") -> None:
        """Starts the subscription of ``c1``."""
        self.run({"start_subscription": {"customer": "c1", "product": "vms"}}, day)

    def issue(self, product: str = "vms", quantity: int = 10) -> str:
        """Issues a licence key for cameras."""
        key = mlicense.Code.generate(f"{product.upper()}-5x4").reveal()
        contents = [{"license_type": "camera", "quantity": quantity}]
        batch = f"b{next(self.numbers)}"
        issue = {"batch": batch, "product": product, "contents": contents, "keys": [key]}
        self.run({"issue_keys": issue})
        return key

    def redeem(self, key: str, day: str = "2026-03-01") -> None:
        """Redeems a key for ``c1``."""
        self.run({"redeem_key": {"customer": "c1", "product": "vms", "key": key}}, day)

    def bytes(self) -> dict[str, bytes]:
        """The bytes of the ledger, written to the file or still in its log."""
        paths = [self.path, self.path.with_name(self.path.name + "-wal")]
        return {path.name: path.read_bytes() for path in paths if path.exists()}
