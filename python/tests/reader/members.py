"""What the members of the documents may be: step 6, and what step 7 says of single values.

A reader of a value takes it as JSON and returns what the document says by it. `ValueError` is a
value of another notation.
"""

import datetime
import re
import unicodedata
from collections.abc import Callable
from typing import Any

from reader.form import Json, base64url, refuse

Read = Callable[[Any], Any]

SECONDS_MAX = 253_402_300_799
EPOCH = datetime.date(1970, 1, 1)
KINDS = {"node_locked", "perpetual", "site", "subscription", "trial", "updates_until"}
REQUESTS = {
    "coupon", "number", "rebind", "recover", "refresh", "register", "release", "system", "trial",
}  # fmt: skip


def number(highest: int) -> Read:
    def read(value: Any) -> int:
        if type(value) is not int or not 0 <= value <= highest:
            raise ValueError("no such number")
        return value

    return read


def string(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("no text")
    return value


def text(bytes_max: int) -> Read:
    def read(value: Any) -> str:
        string(value)
        control = any(unicodedata.category(character) == "Cc" for character in value)
        if control or not 1 <= len(value.encode()) <= bytes_max:
            refuse("FIELD_INVALID")
        return str(value)

    return read


def name(value: Any) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,64}", string(value), re.ASCII):
        raise ValueError("no id")
    return str(value)


def truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("neither true nor false")
    return value


def octets(least: int, most: int) -> Read:
    def read(value: Any) -> str:
        if not least <= len(base64url(string(value))) <= most:
            raise ValueError("too short or too long")
        return str(value)

    return read


def choice(values: set[str]) -> Read:
    def read(value: Any) -> str:
        if string(value) not in values:
            raise ValueError("none of these")
        return str(value)

    return read


def array(element: Read) -> Read:
    def read(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise ValueError("no array")
        return [element(inner) for inner in value]

    return read


def table(key: Read, element: Read) -> Read:
    """An object whose names are data."""

    def read(value: Any) -> Json:
        if not isinstance(value, dict):
            raise ValueError("no object")
        return {key(inner): element(value[inner]) for inner in sorted(value)}

    return read


def record(required: dict[str, Read], optional: dict[str, Read] | None = None) -> Read:
    """An object with known members; others are ignored."""

    def read(value: Any) -> Json:
        if not isinstance(value, dict) or not set(required) <= set(value):
            raise ValueError("members missing")
        members = {one: reader(value[one]) for one, reader in required.items()}
        given = {one: reader for one, reader in (optional or {}).items() if one in value}
        return members | {
            one: reader(value[one]) for one, reader in given.items() if value[one] is not None
        }

    return read


def moment(value: Any) -> Json:
    members: Json = record({"day": string, "at": SECONDS})(value)
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", members["day"], re.ASCII):
        raise ValueError("no day")
    midnight = (datetime.date.fromisoformat(members["day"]) - EPOCH).days * 86_400
    if not -16 * 3600 <= members["at"] - midnight < 40 * 3600:
        raise ValueError("not on that day in any zone")
    return members


SECONDS = number(SECONDS_MAX)
KEY_ID = octets(32, 32)
NONCE = octets(16, 16)
SPAN = record({"from": moment}, {"until": moment})
FEATURE = record({}, {"quantity": number(2**32 - 1), "until": moment, "data": octets(1, 4096)})
FACT = {"kind": text(64), "digest": text(128)}
REVOCATION = record({"at": SECONDS, "reason": text(64)})

LICENSE = record(
    {"aud": name, "iat": SECONDS, "kind": choice(KINDS)},
    {
        "iss": name,
        "sub": name,
        "jti": text(64),
        "licensee": text(256),
        "licensed": SPAN,
        "grace": SPAN,
        "updates_until": moment,
        "offline_until": moment,
        "features": table(name, FEATURE),
        "seats": record({}, {"lease_seconds": number(2**32 - 1), "release_strict": truth}),
        "devices": array(name),
        "host": record(
            {
                "threshold": number(2**32 - 1),
                "facts": array(record({**FACT, "weight": number(2**32 - 1)})),
            }
        ),
        "installation": KEY_ID,
        "nonce": NONCE,
    },
)
REQUEST = record(
    {"kind": choice(REQUESTS), "product": name, "nonce": NONCE, "iat": SECONDS},
    {
        "system": name,
        "customer": name,
        "code": text(64),
        "number": text(64),
        "owner": record(
            {"email": text(320)},
            {name_: text(256) for name_ in ("company", "contact", "zone", "phone", "tax_id")},
        ),
        "devices": table(name, number(2**32 - 1)),
        "host": record({"class": text(64), "facts": array(record(FACT))}),
        "group": name,
        "label": text(128),
        "epoch": number(2**64 - 1),
    },
)
ANSWER = record(
    {"nonce": NONCE, "installation": KEY_ID, "aud": name, "iat": SECONDS},
    {
        "number": text(64),
        "license": string,
        "key_ring": string,
        "revocations": string,
        "time": string,
        "refusal": record({"number": number(2**32 - 1), "name": text(64)}),
    },
)
REVOCATIONS = record(
    {"number": number(2**64 - 1), "iat": SECONDS, "next_update": SECONDS},
    {
        "licenses": table(text(64), REVOCATION),
        "keys": table(KEY_ID, REVOCATION),
        "installations": table(KEY_ID, REVOCATION),
    },
)
TIME = record({"nonce": NONCE, "installation": KEY_ID, "iat": SECONDS})
KEY_RING = record(
    {
        "number": number(2**64 - 1),
        "iat": SECONDS,
        "keys": array(
            record(
                {"kty": string, "crv": string, "x": string, "kid": KEY_ID, "valid_from": SECONDS},
                {"role": string, "valid_until": SECONDS, "revoked_at": SECONDS},
            )
        ),
    }
)
