"""`Seat` and `Site`: seats within one program, and shared by several."""

import datetime
import pathlib
import sqlite3
import subprocess
import sys

import pytest

from mlicense import (
    Client,
    InputError,
    License,
    LicenseClaims,
    Refusal,
    Seat,
    Site,
    StorageError,
)
from mlicense.answers import Kept, Usage
from mlicense.documents import Feature, SeatTerms
from support import HOST, ROOT, UTC

NOW = datetime.datetime.now(UTC)


def accept(client: Client, export: int, *, age: int = 0) -> None:
    """Accepts a licence with so many seats of ``export``, signed so many seconds ago."""
    issued_at = NOW - datetime.timedelta(seconds=age)
    claims = LicenseClaims.perpetual("editor", "Example Ltd", issued_at=issued_at)
    counted = {"export": export, "print": 1, "view": None}
    features = {name: Feature(quantity=quantity) for name, quantity in counted.items()}
    client.accept(License.issue(claims.replace(features=features), ROOT))


def licensed(export: int) -> Client:
    client = Client("editor", [ROOT.public_key], facts=HOST)
    accept(client, export, age=60)
    return client


def captured(holder: Client | Site, feature: str = "export") -> int:
    taken: dict[str, int] = {row.feature: row.captured for row in holder.usage()}
    return taken[feature]


def test_s_mk_52_s_mk_53_s_mk_55_a_program_counts_the_seats_of_its_licence() -> None:
    client = licensed(1)
    with client.capture("export") as seat:
        assert seat
        assert (seat.feature, seat.session) == ("export", None)
        assert client.usage()[1] == Usage(feature="export", limit=1, captured=1)
        with pytest.raises(Refusal) as refused:
            client.capture("export")
        assert (refused.value.number, refused.value.name) == (1051, "NO_FREE_LICENSE")
    assert not seat
    assert captured(client) == 0
    with pytest.raises(Refusal) as refused:
        seat.keep_alive()
    assert refused.value.number == 1021
    seat.release()


def test_a_seat_is_given_back_when_an_error_leaves_its_with() -> None:
    client = licensed(1)
    with pytest.raises(ZeroDivisionError), client.capture("export"):
        print(1 // 0)
    assert captured(client) == 0
    client.capture("export")  # Nobody keeps it.
    assert captured(client) == 0


def test_s_mk_54_s_mk_63_one_user_takes_one_seat_and_none_without_a_limit() -> None:
    client = licensed(2)
    with client.capture("export") as seat:
        for _ in range(2):
            assert seat.capture("export") == Kept(captured=["export"], dropped=())
        seat.capture("view")
        assert (captured(client), captured(client, "view")) == (1, 0)


def test_s_mk_59_s_mk_60_a_lower_limit_drops_the_latest_seats() -> None:
    client = licensed(2)
    first, second = client.capture("export"), client.capture("export")
    accept(client, 1)
    assert (bool(first), bool(second)) == (True, False)
    assert second.keep_alive() == Kept(captured=(), dropped=["export"])
    assert first.keep_alive().captured == ("export",)


def test_s_mk_64_free_seats_are_told_and_taken_by_nobody(tmp_path: pathlib.Path) -> None:
    client = licensed(2)
    for holder in (client, Site(tmp_path / "editor.seats", client)):
        assert (holder.available("export"), holder.available("view")) == (2, None)
        assert holder.available("import") == 0
        assert captured(holder) == 0


def test_programs_share_the_seats_of_a_site(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "editor.seats"
    one, other = Site(path, licensed(1)), Site(path, licensed(1))
    with one.capture("export", holder="desk 1") as seat:
        assert seat
        assert other.holders() == [("desk 1", ["export"])]
        with pytest.raises(Refusal) as refused:
            other.capture("export")
        assert refused.value.number == 1051
        assert seat.capture("print").captured == ("export", "print")
        until = seat.keep_alive().until
        assert until is not None
        lease = (until - datetime.datetime.now(UTC)).total_seconds()
        assert 290 < lease <= 300
    assert not seat
    other.capture("export").release()


def test_a_site_goes_by_what_its_client_accepts_later(tmp_path: pathlib.Path) -> None:
    client = licensed(2)
    site = Site(tmp_path / "editor.seats", client)
    seats = [site.capture("export") for _ in range(2)]
    accept(client, 1)
    assert [bool(seat) for seat in seats] == [True, False]
    assert [seat.keep_alive().dropped for seat in seats] == [(), ("export",)]


def test_s_mk_56_s_mk_57_what_is_over_is_refused_by_a_strict_site(tmp_path: pathlib.Path) -> None:
    path, client = tmp_path / "editor.seats", licensed(1)
    strict, lenient = Site(path, client, strict=True), Site(path, client)
    with strict.capture("export") as seat:
        seat.release()
        for over in (seat.release, seat.keep_alive, lambda: seat.capture("export")):
            with pytest.raises(Refusal) as refused:
                over()
            assert refused.value.number == 1021
    again = lenient.capture("export")
    for _ in range(2):
        again.release()


def test_s_mk_58_s_mk_62_terms_and_holders_have_limits(tmp_path: pathlib.Path) -> None:
    path, client = tmp_path / "editor.seats", licensed(1)
    for lease in (59, 3601):
        with pytest.raises(InputError, match="60 to 3600"):
            Site(path, client, lease=lease)
    site = Site(path, client, lease=60)
    with pytest.raises(InputError, match="1025"):
        site.capture("view", holder="x" * 1025)
    site.capture("view", holder="x" * 1024)
    (tmp_path / "other").write_bytes(b"something else, and long enough to tell")
    with pytest.raises(StorageError) as refused:
        Site(tmp_path / "other", client)
    assert refused.value.name == "STORE_FOREIGN"


def test_s_mk_56_s_mk_58_the_licence_states_the_terms_of_its_seats(tmp_path: pathlib.Path) -> None:
    client = Client("editor", [ROOT.public_key], facts=HOST)
    claims = LicenseClaims.perpetual("editor", "Example Ltd", issued_at=NOW)
    terms = SeatTerms(lease_seconds=900, release_strict=True)
    claims = claims.replace(features={"export": Feature(quantity=1)}, seats=terms)
    client.accept(License.issue(claims, ROOT))
    seat = Site(tmp_path / "editor.seats", client, lease=60).capture("export")
    until = seat.keep_alive().until
    assert until is not None
    assert 890 < (until - datetime.datetime.now(UTC)).total_seconds() <= 900
    seat.release()
    with pytest.raises(Refusal) as refused:
        seat.release()
    assert refused.value.number == 1021


def test_seats_of_licences_with_numbers_of_their_own_add_up() -> None:
    client = Client("editor", [ROOT.public_key], facts=HOST)
    for serial, quantity in (("L-1", 2), ("L-2", 1)):
        claims = LicenseClaims.perpetual("editor", "Example Ltd", issued_at=NOW)
        features = {"export": Feature(quantity=quantity)}
        client.accept(License.issue(claims.replace(serial=serial, features=features), ROOT))
    assert client.usage()[1] == Usage(feature="export", limit=3, captured=0)


HOLDER = """
import os, sys
import test_seat
from mlicense import Site

seat = Site(sys.argv[1], test_seat.licensed(1)).capture("export", holder="killed")
os._exit(9)
"""


def test_the_seat_of_a_program_that_crashed_is_free_when_its_lease_ends(
    tmp_path: pathlib.Path,
) -> None:
    path = tmp_path / "editor.seats"
    here = pathlib.Path(__file__).parent
    crashed = subprocess.run([sys.executable, "-c", HOLDER, path], cwd=here, check=False)
    assert crashed.returncode == 9
    site = Site(path, licensed(1))
    assert site.holders() == [("killed", ["export"])]
    with pytest.raises(Refusal):
        site.capture("export")
    # Before anything else opens the file with another SQLite, this process lets go of it.
    del site
    with sqlite3.connect(path) as table:
        table.execute("UPDATE session SET kept_at = kept_at - 300")
    table.close()
    with Site(path, licensed(1)).capture("export") as seat:
        assert isinstance(seat, Seat)
