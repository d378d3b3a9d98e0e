"""`LicenseClaims` and `License`."""

import datetime
from typing import Any

import pytest

from mlicense import InputError, License, LicenseClaims, Refusal
from support import DAILY, ROOT, at, signer

ISSUED = at("2026-03-01")
YEAR = {"start": datetime.date(2026, 3, 1), "until": datetime.date(2027, 3, 1)}


def day(number: int) -> datetime.date:
    return datetime.date(2027, 3, number)


def simple(zone: str = "UTC") -> dict[str, LicenseClaims]:
    """Claims of every kind that has a constructor."""
    who = ("editor", "Example Ltd")
    return {
        "perpetual": LicenseClaims.perpetual(*who, issued_at=ISSUED),
        "updates_until": LicenseClaims.with_updates(*who, day(1), zone=zone, issued_at=ISSUED),
        "subscription": LicenseClaims.subscription(
            *who, start=YEAR["start"], until=YEAR["until"], zone=zone, issued_at=ISSUED
        ),
        "trial": LicenseClaims.trial(
            *who, start=YEAR["start"], until=YEAR["until"], zone=zone, issued_at=ISSUED
        ),
    }


@pytest.mark.parametrize("kind", simple())
def test_every_kind_has_its_claims(kind: str) -> None:
    claims = simple()[kind]
    assert claims.kind == kind
    assert claims.licensee == "Example Ltd"
    assert claims.issued_at == ISSUED
    assert LicenseClaims.from_json(claims.to_json()) == claims
    document = License.issue(claims, ROOT)
    assert document == License.issue(claims.to_json(), ROOT)
    assert License.verify(document, [ROOT.public_key]).claims == claims


@pytest.mark.parametrize(("zone", "hours"), [("UTC", 0), ("Asia/Tokyo", -9), ("America/Lima", 5)])
def test_a_day_begins_in_the_zone_of_the_customer(zone: str, hours: int) -> None:
    licensed = simple(zone)["subscription"].licensed
    assert licensed
    assert licensed.until
    assert licensed.until.day == day(1)
    assert licensed.until.at == at("2027-03-01", hour=0) + datetime.timedelta(hours=hours)


def test_until_starts_on_the_day_of_issue() -> None:
    claims = LicenseClaims.until("editor", "Example Ltd", day(1), zone="UTC", issued_at=ISSUED)
    assert claims == simple()["subscription"]


def test_without_an_instant_the_licence_is_issued_now() -> None:
    before = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    issued = LicenseClaims.perpetual("editor", "Example Ltd").issued_at
    assert before <= issued <= before + datetime.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"licensed": None}, "CLAIMS_CONTRADICTORY"),
        ({"features": {"export": {"quantity": 0}}}, "CLAIMS_CONTRADICTORY"),
        ({"features": {"export": {"quantitty": 5}}}, "JSON_INVALID"),
        ({"aud": "an editor"}, "JSON_INVALID"),
        ({"licensee": "x" * 257}, "FIELD_INVALID"),
        ({"iat": -1}, "JSON_INVALID"),
        ({"iat": 1.5}, "JSON_INVALID"),
        ({"features": {f"f{n}": {} for n in range(1001)}}, "JSON_INVALID"),
        ({"licensee": "x" * 70000}, "INPUT_TOO_LARGE"),
    ],
)
def test_claims_that_make_no_sense_are_refused(change: dict[str, Any], name: str) -> None:
    members = {**simple()["subscription"].to_json(), **change}
    with pytest.raises(Refusal) as refused:
        License.issue(members, ROOT)
    assert refused.value.name == name


def test_an_end_before_the_start_is_refused() -> None:
    claims = LicenseClaims.trial(
        "editor", "Example Ltd", start=day(2), until=day(1), zone="UTC", issued_at=ISSUED
    )
    with pytest.raises(Refusal) as refused:
        License.issue(claims, ROOT)
    assert refused.value.name == "CLAIMS_CONTRADICTORY"


@pytest.mark.parametrize("zone", ["", "Mars/Base", "+01:00"])
def test_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(InputError) as refused:
        LicenseClaims.until("editor", "Example Ltd", day(1), zone=zone)
    assert refused.value.name == "ZONE_UNKNOWN"


def test_a_datetime_is_no_day() -> None:
    with pytest.raises(InputError) as refused:
        LicenseClaims.until("editor", "Example Ltd", at("2027-03-01"), zone="UTC")
    assert refused.value.name == "DATE_INVALID"


def test_only_trusted_keys_count() -> None:
    document = License.issue(simple()["perpetual"], DAILY)
    assert License.verify(document, [ROOT.public_key, DAILY.public_key]).signed_by == DAILY.key_id
    for roots in ([], [ROOT.public_key], [str(signer("stranger").public_key)]):
        with pytest.raises(Refusal) as refused:
            License.verify(document, roots)
        assert refused.value.name == "KEY_NOT_TRUSTED"
