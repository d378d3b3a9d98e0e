"""A request fits into one QR code and comes out of it unchanged, by two libraries of others."""

import pytest
import segno
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from segno.encoder import DataOverflowError

from mlicense import Client, License, LicenseClaims, Refusal, Request
from support import ROOT, at

# What a QR code holds at the most: version 40, level L, bytes (docs/formats.md).
CHARACTERS_MAX = 2953
QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
ONE = [
    "machine_id", "dmi_uuid", "board_serial", "tpm", "declared_id", "cpu_model", "hostname",
    "cloud_instance", "container",
]  # fmt: skip
MANY = ["disk_serial", "network_address"]


def facts(of_many: int) -> list[dict[str, str]]:
    """All that the library can see of a machine, with so many disks and interfaces."""
    facts = [{"kind": kind, "value": f"4c4c4544-0042-{kind}"} for kind in ONE]
    addresses = [f"3c:52:82:aa:bb:{number:02}" for number in range(of_many)]
    return facts + [{"kind": kind, "value": address} for kind in MANY for address in addresses]


def client(of_many: int) -> Client:
    host = {"class": "bare_metal", "facts": facts(of_many)}
    return Client("access-control", [ROOT.public_key], facts=host)


def code(document: bytes) -> segno.QRCode:
    return segno.make_qr(document.decode(), error="l", mode="byte", boost_error=False)


def scanned(qr: segno.QRCode, scale: int = 3) -> str:
    """What a scanner reads from the picture of a code, in grey."""
    rows = [bytes(0 if dark else 255 for dark in row) for row in qr.matrix_iter(scale=scale)]
    picture = memoryview(b"".join(rows)).cast("B", (len(rows), len(rows[0])))
    (found,) = zxingcpp.read_barcodes(picture, formats=QR)
    return str(found.text)


@pytest.mark.parametrize("of_many", [1, 5, 64])
@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("refresh", {}),
        ("number", {"number": "ACME-12345-ABCDE-12345-ABCDE"}),
        ("system", {"system": "front-gate-7", "customer": "example-ltd", "devices": {"door": 40}}),
    ],
)
def test_a_request_fits_and_comes_back(kind: str, fields: dict[str, object], of_many: int) -> None:
    installation = client(of_many)
    request = installation.request(kind, now=at("2026-03-01"), **fields)
    host = Request.verify(request).fields.host
    assert host is not None
    assert len(host.facts) == len(ONE) + len(MANY) * min(of_many, 5)
    assert len(request) <= CHARACTERS_MAX - 600  # room for longer names and more types of licences
    back = scanned(code(request))
    assert back == request.decode()
    assert Request.verify(back).installation == installation.installation


def test_a_licence_comes_back_too() -> None:
    claims = LicenseClaims.perpetual("editor", "Пример 例 Ltd", issued_at=at("2026-03-01"))
    document = License.issue(claims, ROOT)
    assert License.verify(scanned(code(document)), [ROOT.public_key]).claims == claims


def test_one_character_more_does_not_fit() -> None:
    full = "A" * CHARACTERS_MAX
    assert scanned(code(full.encode()), scale=2) == full
    with pytest.raises(DataOverflowError):
        code(full.encode() + b"A")


@settings(max_examples=20)
@given(st.integers(0, 99), st.integers(1, 20))
def test_scratches_are_corrected_or_noticed(seed: int, size: int) -> None:
    request = client(1).request("refresh", now=at("2026-03-01"))
    rows = [bytearray(0 if dark else 255 for dark in row) for row in code(request).matrix_iter(3)]
    for y in range(90 + seed, 90 + seed + size):
        rows[y][90 : 90 + size] = bytes(size)
    picture = memoryview(b"".join(rows)).cast("B", (len(rows), len(rows[0])))
    for found in zxingcpp.read_barcodes(picture, formats=QR):
        if found.text != request.decode():
            with pytest.raises(Refusal):
                Request.verify(found.text)
