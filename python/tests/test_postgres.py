"""A ledger and seats in PostgreSQL, on a server that is made for these tests and removed."""

import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator

import pytest

from mlicense import (
    InputError,
    Ledger,
    License,
    LicenseClaims,
    Refusal,
    SeatLedger,
    StorageError,
    commands,
)
from mlicense.documents import Feature
from support import ROOT

# The server does not run as the owner of the machine.
USER = "nobody" if os.geteuid() == 0 else None


def programs() -> pathlib.Path | None:
    """The folder of the newest PostgreSQL that is installed."""
    asked = shutil.which("pg_config")
    found = sorted(
        pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name)
    )
    if asked:
        told = subprocess.run([asked, "--bindir"], capture_output=True, text=True, check=True)
        found.append(pathlib.Path(told.stdout.strip()))
    complete = [path for path in found if (path / "initdb").is_file()]
    return complete[-1] if complete else None


@pytest.fixture(scope="module")
def server() -> Iterator[pathlib.Path]:
    """The folder of the socket of a server with a database ``vendor``."""
    found = programs()
    if found is None:
        pytest.skip("PostgreSQL is not installed")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="mlicense-postgres-"))
    if USER:
        shutil.chown(folder, USER)
    data = folder / "data"
    made = [str(found / "initdb"), "-D", str(data), "-U", "ledger", "-A", "trust", "--no-sync"]
    subprocess.run(made, user=USER, cwd=folder, check=True, capture_output=True)
    run = [str(found / "postgres"), "-D", str(data), "-k", str(folder), "-h", ""]
    with open(folder / "log", "wb") as log:
        process = subprocess.Popen(run, user=USER, cwd=folder, stdout=log, stderr=log)
    try:
        ready = [str(found / "pg_isready"), "-q", "-h", str(folder)]
        while subprocess.run(ready, check=False).returncode:
            assert process.poll() is None, (folder / "log").read_text()
            time.sleep(0.05)
        create = [str(found / "createdb"), "-h", str(folder), "-U", "ledger"]
        for name in ("vendor", "seats", "empty"):
            subprocess.run([*create, name], check=True)
        yield folder
    finally:
        # At once: nobody needs what it would still write down.
        process.send_signal(3)
        process.wait()
        shutil.rmtree(folder)


def url(server: pathlib.Path, database: str) -> str:
    return f"postgresql://ledger:secret@/{database}?host={server}"


def test_a_ledger_in_a_database_is_one_in_every_way(
    server: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    with Ledger.create(url(server, "vendor")) as ledger:
        assert ledger.path is None
        assert repr(ledger) == "Ledger('postgresql:///vendor')"
        ledger.customers.create("c1", zone="Europe/Berlin", idempotency_key="k1")

        def register(number: int) -> None:
            # A program of its own, as far as the database knows.
            with Ledger.open(url(server, "vendor")) as other:
                other.execute(commands.RegisterCustomer(customer=f"t{number}", zone="UTC"))

        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            list(pool.map(register, range(8)))
        assert len(list(ledger.customers)) == 9
        with pytest.raises(Refusal, match="registered already"):
            register(3)
        ledger.export(tmp_path / "vendor.jsonl")
    with Ledger.import_from(tmp_path / "vendor.mlicense", tmp_path / "vendor.jsonl") as copy:
        assert {customer.id for customer in copy.customers} >= {"c1", "t0", "t7"}
    with pytest.raises(StorageError) as exists:
        Ledger.create(url(server, "vendor"))
    assert exists.value.name == "STORE_EXISTS"


def test_where_no_ledger_is_none_is_opened(server: pathlib.Path) -> None:
    for database, name in [("empty", "STORE_FOREIGN"), ("nothing", "STORE_UNAVAILABLE")]:
        with pytest.raises(StorageError) as foreign:
            Ledger.open(url(server, database))
        assert foreign.value.name == name
        assert "secret" not in str(foreign.value)
    with pytest.raises(InputError):
        Ledger.open("postgresql://ledger@db.example.com/vendor?sslmode=disable")


def test_seats_in_a_database_are_shared_by_all_who_count_them(server: pathlib.Path) -> None:
    claims = LicenseClaims.perpetual("editor", "Example Ltd")
    claims = claims.replace(features={"export": Feature(quantity=2)})
    sold = License.verify(License.issue(claims, ROOT), [ROOT.public_key])
    hamburg, lyon = (SeatLedger.open(url(server, "seats")) for _ in range(2))
    seat = hamburg.of_customer("c1", sold).capture("export", holder="hamburg")
    assert seat.session
    lyon.of_customer("c1", sold).capture("export", holder="lyon")
    with pytest.raises(Refusal) as taken:
        lyon.of_customer("c1", sold).capture("export")
    assert taken.value.number == 1051
    assert lyon.of_customer("c2", sold).available("export") == 2
    # Whoever knows the session gives it back, through whichever program.
    lyon.of_customer("c1", sold).seat(seat.session, "export").release()
    assert not seat
    assert hamburg.of_customer("c1", sold).available("export") == 1
    with pytest.raises(Refusal) as unknown:
        lyon.of_customer("c1", sold).seat("nonsense", "export")
    assert unknown.value.number == 1021
