"""The six types of documents, and whom a reader trusts."""

import dataclasses
import datetime
from typing import Any

from reader import members, rules
from reader.form import (
    Document,
    Json,
    RefusedError,
    base64url,
    parse,
    public_key,
    read_json,
    refuse,
    thumbprint,
)

ROLES = {
    "mlicense-license+jwt": "licenses",
    "mlicense-answer+jwt": "answers",
    "mlicense-revocations+jwt": "answers",
    "mlicense-time+jwt": "answers",
}
CLAIMS = {
    "mlicense-license+jwt": members.LICENSE,
    "mlicense-request+jwt": members.REQUEST,
    "mlicense-answer+jwt": members.ANSWER,
    "mlicense-revocations+jwt": members.REVOCATIONS,
    "mlicense-time+jwt": members.TIME,
    "mlicense-key-ring+jwt": members.KEY_RING,
}
KEY_ROLES = ("licenses", "answers", "checkpoints")
# Every name at the top of a type of documents, for `crit`.
KNOWN = {
    "mlicense-license+jwt": "iss sub aud jti iat licensee kind licensed grace updates_until "
    "offline_until features devices host installation nonce",
    "mlicense-request+jwt": "kind product system customer code number owner devices "
    "host group label epoch nonce iat",
    "mlicense-answer+jwt": "nonce installation aud iat license key_ring revocations time number "
    "refusal",
    "mlicense-revocations+jwt": "number iat next_update licenses keys installations",
    "mlicense-time+jwt": "nonce installation iat",
    "mlicense-key-ring+jwt": "number iat keys",
}


@dataclasses.dataclass(frozen=True)
class Reader:
    """Reads documents under root keys, the keys of a ring and a revocation list."""

    roots: tuple[str, ...]
    ring: Json | None = None
    revoked: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for root in self.roots:
            public_key(root)

    def read(self, document: str, typ: str) -> Json:
        """What a document of a type says."""
        if typ == "mlicense-request+jwt":
            return self._request(parse(document, typ))
        if typ == "mlicense-key-ring+jwt":
            return self._ring(parse(document, typ))
        if typ == "mlicense-answer+jwt":
            return self._answer(document)
        return self._trusted(document, typ)

    def with_ring(self, document: str) -> "Reader":
        """A reader that also trusts the keys of a ring."""
        return dataclasses.replace(self, ring=self._ring(parse(document, "mlicense-key-ring+jwt")))

    def checkpoint_keys(self) -> list[str]:
        """The keys that may have signed a checkpoint."""
        keys = self.ring["keys"] if self.ring else []
        named = [key["key"] for key in keys if key.get("role") == "checkpoints"]
        revoked = {key["key"] for key in keys if "revoked_at" in key}
        kept = [x for x in named if x not in revoked and thumbprint(x) not in self.revoked]
        return [*self.roots, *kept]

    def _request(self, document: Document) -> Json:
        if document.jwk is None:
            refuse("DOCUMENT_MALFORMED")
        key = public_key(document.jwk["x"])
        if thumbprint(document.jwk["x"]) != document.kid:
            refuse("DOCUMENT_MALFORMED")
        claims = claimed(document.verified(key), "mlicense-request+jwt")
        claims.setdefault("devices", {})
        rules.check_request(claims)
        return claims

    def _ring(self, document: Document) -> Json:
        root = next((root for root in self.roots if thumbprint(root) == document.kid), None)
        if root is None:
            refuse("KEY_NOT_TRUSTED")
        claims = claimed(document.verified(public_key(root)), "mlicense-key-ring+jwt")
        rules.require(1 <= len(claims["keys"]) <= 100)
        rules.require(len({key["kid"] for key in claims["keys"]}) == len(claims["keys"]))
        for key in claims["keys"]:
            check_ring_key(key)
        known = [key for key in claims["keys"] if key.get("role") in (None, *KEY_ROLES)]
        known.sort(key=lambda key: base64url(key["kid"]))
        return {
            "number": claims["number"],
            "issued_at": instant(claims["iat"]),
            "keys": [shown(key) for key in known],
        }

    def _trusted(self, document: str, typ: str) -> Json:
        parsed = parse(document, typ)
        x, key = self._key(parsed.kid, ROLES[typ])
        claims = claimed(parsed.verified(public_key(x)), typ)
        if typ == "mlicense-license+jwt":
            claims.setdefault("features", {})
            rules.check_license(claims)
        elif typ == "mlicense-answer+jwt":
            rules.check_answer(claims)
        elif typ == "mlicense-revocations+jwt":
            claims = {name: value for name, value in claims.items() if value != {}}
            rules.check_revocations(claims, parsed.kid)
        if key and (parsed.kid in self.revoked or not signed_in_time(key, claims["iat"])):
            refuse("KEY_NOT_VALID")
        return claims

    def _key(self, kid: str, role: str) -> tuple[str, Json | None]:
        """A root key of this name, or a key of the ring with what the ring says of it."""
        keys: list[Json] = self.ring["keys"] if self.ring else []
        named: list[tuple[str, Json | None]] = [(root, None) for root in self.roots]
        named += [(key["key"], key) for key in keys if key.get("role", role) == role]
        found = next((pair for pair in named if thumbprint(pair[0]) == kid), None)
        return found or refuse("KEY_NOT_TRUSTED")

    def _answer(self, document: str) -> Json:
        reader = self._with_ring_inside(parse(document, "mlicense-answer+jwt"))
        claims = reader._trusted(document, "mlicense-answer+jwt")
        if "revocations" in claims:
            listed = reader._trusted(claims["revocations"], "mlicense-revocations+jwt")
            reader = dataclasses.replace(reader, revoked=frozenset(listed.get("keys", {})))
        if "time" in claims:
            token = reader._trusted(claims["time"], "mlicense-time+jwt")
            if token["installation"] != claims["installation"]:
                refuse("OTHER_INSTALLATION")
            if token["nonce"] != claims["nonce"]:
                refuse("OTHER_REQUEST")
        if "license" in claims:
            license_ = reader._trusted(claims["license"], "mlicense-license+jwt")
            if license_["aud"] != claims["aud"]:
                refuse("OTHER_PRODUCT")
            if license_.get("installation", claims["installation"]) != claims["installation"]:
                refuse("OTHER_INSTALLATION")
        return claims

    def _with_ring_inside(self, answer: Document) -> "Reader":
        """The one thing that is read before the signature: it has a signature of its own."""
        try:
            inside = read_json(answer.payload).get("key_ring")
        except RefusedError:
            return self
        if not isinstance(inside, str):
            return self
        newer = self.with_ring(inside)
        held = self.ring["number"] if self.ring else -1
        return newer if newer.ring and newer.ring["number"] > held else self


def claimed(payload: Json, typ: str) -> Json:
    """Step 6: the members of a payload."""
    known = set(KNOWN[typ].split())
    try:
        if "crit" in payload and set(members.array(members.string)(payload["crit"])) - known:
            refuse("MEMBER_UNKNOWN")
        claims: Json = CLAIMS[typ](payload)
    except ValueError:
        refuse("JSON_INVALID")
    return claims


def check_ring_key(key: Json) -> None:
    if (key["kty"], key["crv"]) != ("OKP", "Ed25519"):
        refuse("KEY_WEAK")
    public_key(key["x"])
    rules.require(thumbprint(key["x"]) == key["kid"])
    rules.require(key.get("valid_until", key["valid_from"] + 1) > key["valid_from"])


def shown(key: Json) -> Json:
    """A key of a ring as the package shows it: with instants in RFC 3339."""
    times = [one for one in ("valid_from", "valid_until", "revoked_at") if one in key]
    role = {"role": key["role"]} if "role" in key else {}
    return {"key": key["x"], **role, **{one: instant(key[one]) for one in times}}


def signed_in_time(key: Json, at: int) -> bool:
    """Whether a key of a ring may have signed then."""
    until = key.get("valid_until")
    in_time = seconds(key["valid_from"]) <= at and (until is None or at < seconds(until))
    return in_time and "revoked_at" not in key


def instant(at: int) -> str:
    moment = datetime.datetime.fromtimestamp(at, datetime.timezone.utc)
    return moment.isoformat().replace("+00:00", "Z")


def seconds(text: Any) -> int:
    return int(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())
