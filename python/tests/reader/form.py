"""The form of every document: limits, header, keys, signature, JSON."""

import base64
import binascii
import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any, NoReturn

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Json = dict[str, Any]

DOCUMENT_BYTES_MAX = 65_536
HEADER_CHARACTERS_MAX = 1_024
DEPTH_MAX = 16
ITEMS_MAX = 1_000
PRIME = 2**255 - 19
# In the order of the bytes.
ORDER_8 = (
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
)
WEAK = {0, 1, PRIME - 1} | {int.from_bytes(bytes.fromhex(y), "little") for y in ORDER_8}


class RefusedError(Exception):
    """A refusal, under its stable name."""


def refuse(name: str) -> NoReturn:
    raise RefusedError(name)


def base64url(text: str) -> bytes:
    """Bytes of canonical base64url without padding; a `ValueError` otherwise."""
    if not re.fullmatch(r"[A-Za-z0-9_-]*", text) or len(text) % 4 == 1:
        raise ValueError("not base64url")
    octets = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if base64.urlsafe_b64encode(octets).rstrip(b"=").decode() != text:
        raise ValueError("unused bits are not 0")
    return octets


def thumbprint(x: str) -> str:
    """The name of a key."""
    digest = hashlib.sha256(f'{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}'.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def public_key(x: str) -> bytes:
    """The 32 bytes of a key that is not weak."""
    try:
        octets = base64url(x)
    except ValueError:
        refuse("KEY_WEAK")
    ordinate = int.from_bytes(octets, "little") & (2**255 - 1)
    if len(octets) != 32 or ordinate >= PRIME or ordinate in WEAK:
        refuse("KEY_WEAK")
    return octets


def holds(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a signature of 64 bytes holds."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return len(signature) == 64


@dataclass(frozen=True)
class Document:
    """A document of the right type whose signature nobody has looked at."""

    kid: str
    jwk: Json | None
    signed: bytes
    payload: bytes
    signature: bytes

    def verified(self, key: bytes) -> Json:
        """The payload, once the signature holds."""
        if not holds(key, self.signed, self.signature):
            refuse("SIGNATURE_INVALID")
        return read_json(self.payload)


def parse(document: str, typ: str) -> Document:
    """Steps 1 to 3 of the order of reading."""
    if len(document.encode()) > DOCUMENT_BYTES_MAX:
        refuse("INPUT_TOO_LARGE")
    parts = document.rstrip("\r\n").split(".")
    if len(parts) != 3:
        refuse("DOCUMENT_MALFORMED")
    if len(parts[0]) > HEADER_CHARACTERS_MAX:
        refuse("INPUT_TOO_LARGE")
    try:
        header, payload, signature = map(base64url, parts)
        members = loads(header.decode())
        kid, jwk = named(members)
    except (ValueError, binascii.Error, RecursionError):
        refuse("DOCUMENT_MALFORMED")
    if len(signature) != 64:
        refuse("DOCUMENT_MALFORMED")
    if members["typ"] != typ:
        refuse("DOCUMENT_WRONG_TYPE")
    if (jwk is not None) != (typ == "mlicense-request+jwt"):
        refuse("DOCUMENT_MALFORMED")
    return Document(kid, jwk, ".".join(parts[:2]).encode(), payload, signature)


def named(header: Any) -> tuple[str, Json | None]:
    """The members of a header that is strictly as it should be."""
    if not isinstance(header, dict) or not {"alg", "kid", "typ"} <= set(header):
        raise ValueError("members missing")
    if set(header) - {"alg", "kid", "typ", "jwk"} or header["alg"] != "EdDSA":
        raise ValueError("another header")
    kid, jwk = header["kid"], header.get("jwk")
    if not isinstance(kid, str) or not isinstance(header["typ"], str) or len(base64url(kid)) != 32:
        raise ValueError("no thumbprint")
    if jwk is not None and (
        not isinstance(jwk, dict)
        or set(jwk) != {"crv", "kty", "x"}
        or (jwk["crv"], jwk["kty"]) != ("Ed25519", "OKP")
        or not isinstance(jwk["x"], str)
    ):
        raise ValueError("no public key")
    return kid, jwk


def read_json(payload: bytes) -> Json:
    """One JSON object, read strictly."""
    try:
        members = loads(payload.decode())
        check(members, 1)
        "".join(texts(members)).encode()  # no half of a surrogate pair
    except (ValueError, RecursionError):
        refuse("JSON_INVALID")
    if not isinstance(members, dict):
        refuse("JSON_INVALID")
    return members


def loads(text: str) -> Any:
    return json.loads(
        text,
        object_pairs_hook=members_of,
        parse_int=whole,
        parse_float=not_whole,
        parse_constant=not_whole,
    )


def members_of(pairs: list[tuple[str, Any]]) -> Json:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member twice")
    return members


def whole(digits: str) -> int:
    if digits == "-0" or not -(2**63) <= int(digits) < 2**64:
        raise ValueError("not a whole number of 64 bits")
    return int(digits)


def not_whole(number: str) -> NoReturn:
    raise ValueError(f"{number} is not whole")


def check(value: Any, depth: int) -> None:
    """Depth and number of members or elements."""
    if isinstance(value, (dict, list)):
        if depth > DEPTH_MAX or len(value) > ITEMS_MAX:
            raise ValueError("too deep or too many")
        for inner in value.values() if isinstance(value, dict) else value:
            check(inner, depth + 1)


def texts(value: Any) -> list[str]:
    """All texts in a value, names too."""
    if isinstance(value, dict):
        return [text for pair in value.items() for part in pair for text in texts(part)]
    if isinstance(value, list):
        return [text for inner in value for text in texts(inner)]
    return [value] if isinstance(value, str) else []
