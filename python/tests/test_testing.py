"""`mlicense.testing.Clock`: the time of everything, set in one place."""

import datetime

import pytest

from mlicense import Client, InputError, License, LicenseClaims
from mlicense.testing import Clock
from support import ROOT, UTC, at

DAY = datetime.timedelta(days=1)


def test_a_clock_stands_until_it_is_moved() -> None:
    clock = Clock(at("2026-03-01"))
    assert clock.now == at("2026-03-01")
    assert clock.now.tzinfo is UTC
    clock.advance(DAY)
    assert clock.now == at("2026-03-02")
    clock.set(at("2020-01-01"))
    assert clock.now == at("2020-01-01")
    assert repr(clock) == "Clock(2020-01-01T12:00:00Z)"


def test_a_clock_takes_no_time_that_is_none() -> None:
    clock = Clock(at("9999-12-31"))
    with pytest.raises(InputError):
        clock.advance(DAY)
    with pytest.raises(InputError):
        clock.advance(-DAY)
    with pytest.raises(InputError):
        clock.set(at("2026-03-01").replace(tzinfo=None))
    assert clock.now == at("9999-12-31")


def test_setting_a_clock_back_is_seen_as_what_it_is() -> None:
    clock = Clock(at("2026-03-01"))
    client = Client("editor", [ROOT.public_key], clock=clock)
    claims = LicenseClaims.until(
        "editor", "Example Ltd", at("2026-04-01").date(), zone="UTC", issued_at=clock.now
    )
    client.accept(License.issue(claims, ROOT))
    assert client.check("editor")
    clock.advance(40 * DAY)
    assert not client.check("editor")
    # What was seen to pass stays past.
    clock.set(at("2026-03-15"))
    assert not client.check("editor")
    # A moment given beats the clock.
    assert client.next_action(now=at("2026-03-02")).failures == 0
