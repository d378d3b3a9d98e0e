"""Aware datetimes go in, aware datetimes in UTC come out, and naive ones are refused."""

import datetime
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlicense import InputError, KeyRing, Signer

UTC = datetime.timezone.utc
ROOT = Signer.from_seed(bytes(32))


def round_trip(moment: datetime.datetime) -> datetime.datetime:
    """Signs a ring at this instant and reads the instant back."""
    keys = [{"key": ROOT.public_key, "valid_from": moment}]
    ring = KeyRing.issue({"number": 1, "issued_at": moment, "keys": keys}, ROOT)
    return KeyRing.verify(ring, [ROOT.public_key]).issued_at


@given(
    st.datetimes(
        min_value=datetime.datetime(1970, 1, 2),  # noqa: DTZ001 - the zone comes apart
        max_value=datetime.datetime(9999, 12, 30),  # noqa: DTZ001 - the zone comes apart
        timezones=st.timezones(),
    )
)
def test_an_instant_survives_to_the_second(moment: datetime.datetime) -> None:
    back = round_trip(moment)
    assert back.tzinfo is UTC
    assert back == moment.astimezone(UTC).replace(microsecond=0)


@pytest.mark.parametrize(
    "moment",
    [
        datetime.datetime(1970, 1, 1, tzinfo=UTC),
        datetime.datetime(1970, 1, 1, 0, 0, 0, 999_999, tzinfo=UTC),
        datetime.datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    ],
)
def test_the_ends_of_time_are_exact(moment: datetime.datetime) -> None:
    assert round_trip(moment) == moment.replace(microsecond=0)


def test_before_1970_is_refused() -> None:
    before = datetime.datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    with pytest.raises(InputError, match="is not an instant"):
        round_trip(before)


def test_the_second_of_two_equal_hours_is_later() -> None:
    berlin = zoneinfo.ZoneInfo("Europe/Berlin")
    first = datetime.datetime(2026, 10, 25, 2, 30, tzinfo=berlin)
    hour = datetime.timedelta(hours=1)
    assert round_trip(first.replace(fold=1)) - round_trip(first) == hour


class Nowhere(datetime.tzinfo):
    """A zone that knows no offset, so that its datetimes are naive for Python too."""

    def utcoffset(self, _: datetime.datetime | None, /) -> None:
        return None

    dst = utcoffset

    def tzname(self, _: datetime.datetime | None, /) -> str:
        return "nowhere"


def test_a_zone_without_an_offset_is_naive() -> None:
    with pytest.raises(InputError) as refused:
        round_trip(datetime.datetime(2026, 3, 1, 9, tzinfo=Nowhere()))
    assert refused.value.name == "INSTANT_INVALID"


@pytest.mark.parametrize("hours", [-23, 23])
def test_beyond_the_ends_of_time_is_refused(hours: int) -> None:
    zone = datetime.timezone(datetime.timedelta(hours=hours))
    first = datetime.datetime.min.replace(tzinfo=zone)
    last = datetime.datetime.max.replace(tzinfo=zone)
    with pytest.raises(InputError) as refused:
        round_trip(first if hours > 0 else last)
    assert refused.value.name == "INSTANT_INVALID"


def test_a_naive_datetime_is_refused() -> None:
    naive = datetime.datetime(2026, 3, 1, 9)  # noqa: DTZ001 - that is the point
    with pytest.raises(InputError) as refused:
        round_trip(naive)
    assert isinstance(refused.value, ValueError)
    assert (refused.value.number, refused.value.name) == (10006, "INSTANT_INVALID")
    assert "`2026-03-01 09:00:00`" in refused.value.message
