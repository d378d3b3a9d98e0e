"""`PublicKey`, `Signer` and `KeyRing`, as RFC 8032, RFC 8037 and RFC 7638 say."""

import pickle
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from mlicense import InputError, KeyRing, PublicKey, Refusal, Signer
from mlicense.documents import KeyRingClaims, KeyRole, RingKey
from support import DAILY, ROOT, UTC, at

# RFC 8032, 7.1, test 2, and RFC 8037, appendix A.
SEED = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
PUBLIC = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
SIGNATURE = bytes.fromhex(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)


def test_the_vector_of_rfc_8032_is_signed_alike() -> None:
    signer = Signer.from_seed(SEED)
    assert bytes(signer.public_key) == PUBLIC
    assert signer.sign(b"\x72") == SIGNATURE
    PublicKey(PUBLIC).verify(b"\x72", SIGNATURE)


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200))
def test_another_library_signs_alike(seed: bytes, message: bytes) -> None:
    signer = Signer.from_seed(seed)
    assert signer.sign(message) == Ed25519PrivateKey.from_private_bytes(seed).sign(message)
    signer.public_key.verify(message, signer.sign(message))


@given(st.integers(0, 64 * 8 - 1))
def test_one_flipped_bit_breaks_a_signature(bit: int) -> None:
    flipped = bytearray(SIGNATURE)
    flipped[bit // 8] ^= 1 << bit % 8
    with pytest.raises(Refusal) as refused:
        PublicKey(PUBLIC).verify(b"\x72", bytes(flipped))
    assert refused.value.name == "SIGNATURE_INVALID"
    with pytest.raises(InvalidSignature):
        Ed25519PublicKey.from_public_bytes(PUBLIC).verify(bytes(flipped), b"\x72")


@pytest.mark.parametrize("key", [b"", PUBLIC[:31], PUBLIC + b"\0", bytes(32), b"\x01" + bytes(31)])
def test_weak_keys_are_refused(key: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        PublicKey(key)
    assert refused.value.name == "KEY_WEAK"


def test_keys_are_values() -> None:
    key = PublicKey(PUBLIC)
    assert key == PublicKey(str(key)) == PublicKey(key) == pickle.loads(pickle.dumps(key))
    assert key != ROOT.public_key
    assert len({key, PublicKey(PUBLIC), ROOT.public_key}) == 2
    assert repr(key) == f"PublicKey('{key}')"
    assert Signer.generate().public_key != Signer.generate().public_key


def ring(**more: Any) -> dict[str, Any]:
    key = {"key": DAILY.public_key, "valid_from": at("2026-03-01"), **more}
    return {"number": 7, "issued_at": at("2026-03-02"), "keys": [key]}


def test_a_ring_reads_as_it_was_written() -> None:
    document = KeyRing.issue(ring(valid_until=at("2027-03-01"), role="answers"), ROOT)
    read = KeyRing.verify(document, [ROOT.public_key])
    assert (read.number, read.issued_at) == (7, at("2026-03-02"))
    assert read.issued_at.tzinfo is UTC
    assert read.keys == (
        RingKey(
            key=DAILY.public_key,
            role=KeyRole.ANSWERS,
            valid_from=at("2026-03-01"),
            valid_until=at("2027-03-01"),
        ),
    )
    again = KeyRingClaims(number=read.number, issued_at=read.issued_at, keys=read.keys)
    assert KeyRing.issue(again, ROOT) == document


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        (ring(colour="red"), "JSON_INVALID"),
        (ring(role="everything"), "JSON_INVALID"),
        ({**ring(), "keys": []}, "CLAIMS_CONTRADICTORY"),
        ({**ring(), "keys": ring()["keys"] * 2}, "CLAIMS_CONTRADICTORY"),
        (ring(valid_until=at("2026-02-01")), "CLAIMS_CONTRADICTORY"),
        (ring(key=str(DAILY.public_key)[:-1]), "JSON_INVALID"),
        ({**ring(), "issued_at": "yesterday"}, "JSON_INVALID"),
    ],
)
def test_a_ring_that_makes_no_sense_is_refused(claims: dict[str, Any], name: str) -> None:
    with pytest.raises(Refusal) as refused:
        KeyRing.issue(claims, ROOT)
    assert refused.value.name == name
    assert isinstance(refused.value, InputError) == (name == "JSON_INVALID")
