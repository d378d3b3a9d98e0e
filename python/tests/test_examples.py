"""The programs in `examples/python` do what they say, and notice what they should."""

import pathlib
import sqlite3
import subprocess
import sys

import pytest

from mlicense import License, LicenseClaims, PublicKey
from mlicense.documents import Feature
from support import DAILY, ROOT, Shop, at, signer

EXAMPLES = pathlib.Path(__file__).parents[2] / "examples/python"


def run(program: pathlib.Path, *arguments: object, cwd: pathlib.Path) -> tuple[int, str]:
    command = [sys.executable, str(program), *map(str, arguments)]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def may_i_run(folder: pathlib.Path, document: bytes) -> tuple[int, str]:
    """Runs the first program with this vendor's key in the place of the one printed."""
    source = (EXAMPLES / "may_i_run.py").read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 12
    key = next(line.split('"')[1] for line in source.splitlines() if line.startswith("VENDOR"))
    PublicKey(key)
    program = folder / "may_i_run.py"
    program.write_text(source.replace(key, str(ROOT.public_key)), encoding="utf-8")
    (folder / "hello.license").write_bytes(document)
    return run(program, cwd=folder)


def test_the_first_program_runs_while_it_is_licensed(tmp_path: pathlib.Path) -> None:
    licensed = License.issue(LicenseClaims.perpetual("hello", "Example Orchard Ltd"), ROOT)
    assert may_i_run(tmp_path, licensed) == (0, "`hello` may run: licensed without end\n")
    ended = LicenseClaims.until(
        "hello", "Example", at("2021-03-01").date(), zone="UTC", issued_at=at("2020-03-01")
    )
    code, text = may_i_run(tmp_path, License.issue(ended, ROOT))
    assert (code, text) == (1, "`hello` may not run: the last licensed day was 2021-02-28\n")


def test_the_first_program_takes_no_forged_licence(tmp_path: pathlib.Path) -> None:
    forged = License.issue(LicenseClaims.perpetual("hello", "Example"), signer("stranger"))
    code, text = may_i_run(tmp_path, forged)
    assert code == 1
    assert "which is not trusted here" in text


def test_three_desks_share_two_seats_and_one_that_crashed_keeps_its_own(
    tmp_path: pathlib.Path,
) -> None:
    claims = LicenseClaims.perpetual("editor", "Example Orchard Ltd")
    claims = claims.replace(features={"export": Feature(quantity=2)})
    license_ = tmp_path / "editor.license"
    license_.write_bytes(License.issue(claims, ROOT))

    def desks(*more: str) -> tuple[int, str]:
        given = (ROOT.public_key, license_, tmp_path / "editor.seats", *more)
        return run(EXAMPLES / "seats.py", *given, cwd=tmp_path)

    story = (EXAMPLES.parent / "data/seats.txt").read_text(encoding="utf-8")
    assert desks() == (0, story)
    assert desks("crash") == (9, "a desk that crashes has a seat\n")
    assert "desk 2 waits: 1051 NO_FREE_LICENSE" in desks()[1]

    license_.write_bytes(License.issue(claims, signer("stranger")))
    code, text = desks()
    assert code == 1
    assert "which is not trusted here" in text


@pytest.fixture
def audited(shop: Shop, tmp_path: pathlib.Path) -> tuple[pathlib.Path, pathlib.Path]:
    """A ledger and an answer, after a year began late."""
    shop.start()
    shop.redeem(shop.issue(quantity=12), "2026-06-09")
    allocate = {"customer": "c1", "product": "vms", "quantities": {"camera": 10}}
    shop.run({"allocate": allocate}, "2026-06-09")
    now = at("2026-06-10")
    system = f"system-{shop.client.installation[:8]}"
    request = shop.client.request("system", system=system, devices={"camera": 10}, now=now)
    answer = tmp_path / "answer.jws"
    answer.write_bytes(shop.ledger.answer(request, customer="c1", signer=DAILY, now=now))
    shop.ledger.close()
    return shop.path, answer


def audit(files: tuple[pathlib.Path, pathlib.Path], key: object) -> tuple[int, str]:
    return run(EXAMPLES / "auditor.py", *files, key, cwd=files[0].parent)


def test_the_auditor_tells_history_wallet_and_licence(
    audited: tuple[pathlib.Path, pathlib.Path],
) -> None:
    code, text = audit(audited, ROOT.public_key)
    assert code == 0, text
    for line in [
        "registers system `system-",
        "starts the subscription to `vms` on 2026-03-01",
        "redeems licence key VMS-*****-*****-*****-*",
        "allocates 10 `camera` to 2026-03-01 to 2027-03-01",
        "gets 2 `camera` back, since 100 of 365 days had passed",
        "The wallet for `vms` holds 4 `camera`.",
        "54/73 of a `camera` licence is carried",
        "each chain holds",
        "The root key vouches for key ring 1.",
        "A key of that ring signed licence c1-1 of `vms` for c1:",
        "licensed from 2026-03-01 until 2027-03-01",
    ]:
        assert line in text


def test_the_auditor_notices_an_edited_event(
    audited: tuple[pathlib.Path, pathlib.Path],
) -> None:
    connection = sqlite3.connect(audited[0])
    with connection:
        connection.execute("UPDATE event SET json = replace(json, '2026-06-09', '2026-03-01')")
    connection.close()
    code, text = audit(audited, ROOT.public_key)
    assert code == 1
    assert "FAULT: event 4 of customer/c1 is not what was written" in text


def test_the_auditor_notices_a_missing_event(
    audited: tuple[pathlib.Path, pathlib.Path],
) -> None:
    connection = sqlite3.connect(audited[0])
    with connection:
        connection.execute("DELETE FROM event WHERE stream = 'customer/c1' AND idx = 4")
    connection.close()
    code, text = audit(audited, ROOT.public_key)
    assert code == 1
    assert "FAULT: event 4 of customer/c1 is missing or out of place" in text


def test_the_auditor_trusts_the_root_key_alone(
    audited: tuple[pathlib.Path, pathlib.Path],
) -> None:
    code, text = audit(audited, DAILY.public_key)
    assert code == 1
    assert "FAULT: Signature verification failed" in text
