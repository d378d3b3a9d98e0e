"""`RevocationList` and `TimeToken`."""

import datetime
from typing import Any

import pytest

from mlicense import (
    Client,
    InputError,
    License,
    LicenseClaims,
    Refusal,
    Request,
    RevocationList,
    TimeToken,
)
from mlicense.documents import Revocation, RevocationClaims, TimeClaims
from support import DAILY, ROOT, UTC, at, signer

ISSUED = int(at("2026-03-01").timestamp())
LIST = {"number": 7, "iat": ISSUED, "next_update": ISSUED + 3600}
REFUNDED = {"at": ISSUED, "reason": "refunded"}


def verified(claims: dict[str, Any]) -> RevocationList:
    return RevocationList.verify(RevocationList.issue(claims, ROOT), [ROOT.public_key])


def sold(serial: str) -> License:
    claims = LicenseClaims.perpetual("editor", "Example Ltd", issued_at=at("2026-03-01"))
    document = License.issue(claims.replace(serial=serial), ROOT)
    return License.verify(document, [ROOT.public_key])


def test_a_list_reads_as_it_was_written() -> None:
    claims = {**LIST, "licenses": {"L-7": REFUNDED}, "keys": {DAILY.key_id: REFUNDED}}
    read = verified(claims)
    assert read.claims.to_json() == claims
    assert read.claims == RevocationClaims.from_json(claims)
    assert (read.number, read.signed_by) == (7, ROOT.key_id)
    assert (read.issued_at, read.next_update) == (at("2026-03-01"), at("2026-03-01", hour=13))
    assert read.issued_at.tzinfo is UTC
    assert RevocationList.issue(read.claims, ROOT) == RevocationList.issue(claims, ROOT)
    assert repr(read) == "RevocationList(number=7, licenses=1, keys=1, installations=0)"


def test_revoked_is_what_a_list_names_and_nothing_else() -> None:
    read = verified({**LIST, "licenses": {"L-7": REFUNDED}})
    assert read.revocation_of(sold("L-7")) == Revocation(at=at("2026-03-01"), reason="refunded")
    assert read.revocation_of(sold("L-8")) is None
    assert verified(LIST).revocation_of(sold("L-7")) is None


def test_a_list_is_late_from_the_second_at_which_the_next_is_due() -> None:
    read = verified(LIST)
    assert not read.is_stale(read.next_update - datetime.timedelta(seconds=1))
    assert read.is_stale(read.next_update)
    assert read.is_stale()


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"next_update": ISSUED}, "CLAIMS_CONTRADICTORY"),
        ({"licenses": {"L": {"at": ISSUED + 1, "reason": "later"}}}, "CLAIMS_CONTRADICTORY"),
        ({"keys": {ROOT.key_id: REFUNDED}}, "CLAIMS_CONTRADICTORY"),
        ({"licenses": {"L": {"at": ISSUED, "reason": ""}}}, "FIELD_INVALID"),
        ({"licences": {}}, "JSON_INVALID"),
        ({"keys": {"daily": REFUNDED}}, "JSON_INVALID"),
        ({"licenses": {f"L{n}": REFUNDED for n in range(1001)}}, "JSON_INVALID"),
    ],
)
def test_a_list_that_makes_no_sense_is_refused(change: dict[str, Any], name: str) -> None:
    with pytest.raises(Refusal) as refused:
        RevocationList.issue({**LIST, **change}, ROOT)
    assert refused.value.name == name


def asked() -> Request:
    return Request.verify(Client("editor", [ROOT.public_key]).request("trial"))


def test_a_token_reads_as_it_was_written_and_is_for_one_request() -> None:
    request = asked()
    document = TimeToken.issue(request, ROOT, issued_at=at("2026-03-01"))
    token = TimeToken.verify(document, [ROOT.public_key])
    fields = request.fields
    installation = request.installation
    assert token.claims == TimeClaims(
        nonce=fields.nonce, installation=installation, issued_at=at("2026-03-01")
    )
    assert (token.instant, token.signed_by) == (at("2026-03-01"), ROOT.key_id)
    assert repr(token) == f"TimeToken('2026-03-01T12:00:00Z', installation='{installation}')"
    token.require_request(request)
    with pytest.raises(Refusal) as refused:
        token.require_request(asked())
    assert refused.value.name == "OTHER_INSTALLATION"


def test_a_token_for_an_earlier_request_of_the_same_installation_is_refused() -> None:
    client = Client("editor", [ROOT.public_key])
    earlier, later = (Request.verify(client.request("trial")) for _ in range(2))
    token = TimeToken.verify(TimeToken.issue(earlier, ROOT), [ROOT.public_key])
    with pytest.raises(Refusal) as refused:
        token.require_request(later)
    assert refused.value.name == "OTHER_REQUEST"


def test_without_an_instant_a_token_tells_the_present() -> None:
    before = datetime.datetime.now(UTC).replace(microsecond=0)
    token = TimeToken.verify(TimeToken.issue(asked(), ROOT), [ROOT.public_key])
    assert before <= token.instant <= before + datetime.timedelta(seconds=60)


def test_only_trusted_keys_count() -> None:
    revoked, told = RevocationList.issue(LIST, DAILY), TimeToken.issue(asked(), DAILY)
    stranger = signer("stranger").public_key
    for verify, document in [(RevocationList.verify, revoked), (TimeToken.verify, told)]:
        verify(document, [DAILY.public_key])
        with pytest.raises(Refusal) as refused:
            verify(document, [stranger])
        assert refused.value.name == "KEY_NOT_TRUSTED"
        with pytest.raises(InputError) as large:
            verify(document + bytes(65536), [DAILY.public_key])
        assert large.value.name == "INPUT_TOO_LARGE"
