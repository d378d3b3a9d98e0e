"""Audits a vendor's ledger and a licence it signed, and trusts neither the ledger nor mlicense.

Usage: auditor.py LEDGER ANSWER ROOT_KEY

The history and the wallet of every customer are told in sentences. The hash chains are computed
here, from the bytes in the file, beside `Ledger.verify`. The licence inside the answer is verified
by PyJWT: the root key vouches for the key ring, and a key of the ring for answer and licence.
"""

import hashlib
import json
import sqlite3
import sys
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import jwt

from mlicense import Error, Ledger

Json = dict[str, Any]

CHAIN_PREFIX = b"mlicense-event-1\n"

SENTENCES = {
    "registered": "is registered; its days begin in {zone}",
    "system_registered": "registers system `{system[id]}` of `{system[product]}`, {devices}",
    "system_updated": "describes system `{system[id]}` anew, {devices}",
    "subscription_started": "starts the subscription to `{product}` on {start[joined]}",
    "key_redeemed": "redeems licence key {masked}: {lots}",
    "licenses_stocked": "gets {lots}",
    "allocated": "allocates {lines} to {period[start]} to {period[end]}, that day not included",
    "compensated": "gets {credited} back, since {overlap_days} of {period_days} days had passed",
    "license_issued": "gets licence {serial} for system `{system}`",
    "allocation_undone": "has allocation {allocation} undone: {reason}",
    "licenses_voided": "has {debit[quantity]} taken from lot {debit[lot]}: {reason}",
}


class AuditError(Exception):
    """What an auditor has to report."""


def main() -> None:
    """Reports, or ends with the first fault."""
    if len(sys.argv) != 4:
        raise SystemExit("usage: auditor.py LEDGER ANSWER ROOT_KEY")
    path, answer, root = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    try:
        audit_ledger(path)
        audit_answer(answer.read_text(encoding="ascii").strip(), root)
    except (AuditError, Error, jwt.PyJWTError) as fault:
        raise SystemExit(f"FAULT: {fault}") from fault


def audit_ledger(path: Path) -> None:
    """Tells the history of every customer and checks every chain."""
    # Before the ledger is open: two copies of SQLite in one process would undo each other's locks.
    heads = {stream: chain.hex() for stream, chain in chained(path)}
    with Ledger.open(path) as ledger:
        for stream in sorted(heads):
            kind, _, customer = stream.partition("/")
            if kind == "customer":
                tell_history(ledger, stream)
                tell_wallets(ledger, customer)
        verified = ledger.verify()
    if verified.heads != heads:
        raise AuditError("`Ledger.verify` does not find the heads that were computed here")
    found = f"{verified.events} events in {verified.streams} streams"
    print(f"{found}: each chain holds, computed here from the file and again by the ledger.")


def chained(path: Path) -> Iterator[tuple[str, bytes]]:
    """Computes the chain of every stream; yields a stream and its newest link for every event."""
    links: dict[str, tuple[int, bytes]] = {}
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    connection.text_factory = bytes
    try:
        rows = connection.execute("SELECT stream, idx, json, chain FROM event ORDER BY position")
        for name, index, text, chain in rows:
            stream = name.decode()
            last, link = links.get(stream, (0, bytes(32)))
            event = json.loads(text)
            link = hashlib.sha256(CHAIN_PREFIX + link + text).digest()
            if (event["stream"], event["index"]) != (stream, index) or index != last + 1:
                raise AuditError(f"event {last + 1} of {stream} is missing or out of place")
            if link != chain:
                raise AuditError(f"event {index} of {stream} is not what was written")
            links[stream] = (index, link)
            yield stream, link
    finally:
        connection.close()


def tell_history(ledger: Ledger, stream: str) -> None:
    """Prints a line for every event of a customer."""
    print(f"History of {stream}:")
    after = 0
    while entries := ledger.query({"history": {"stream": stream, "after": after}}):
        for entry in entries:
            ((kind, event),) = entry["event"].items()
            actor = f"{entry['actor']['role']} {entry['actor']['id']}"
            print(f"  {entry['at']} {sentence(kind, event)} ({actor})")
            after = entry["index"]


def sentence(kind: str, event: Json) -> str:
    """What happened, in words; an event without a sentence here shows its members."""
    system, lot = event.get("system"), event.get("lot")
    words = {
        "devices": counted(system["devices"]) if isinstance(system, dict) else "",
        "lots": lots(event.get("lots", [])),
        "lines": lots(event.get("lines", [])),
        "credited": lots([lot]) if isinstance(lot, dict) else "no whole licence",
    }
    if kind not in SENTENCES:
        return f"{kind.replace('_', ' ')}: {json.dumps(event)}"
    return SENTENCES[kind].format_map({**event, **words})


def counted(quantities: Mapping[str, int]) -> str:
    """Quantities by licence type, in words."""
    return ", ".join(f"{n} `{name}`" for name, n in quantities.items()) or "nothing"


def lots(rows: list[Json]) -> str:
    """Licences of several lots or lines, in words."""
    return ", ".join(f"{row['quantity']} `{row['license_type']}`" for row in rows) or "nothing"


def tell_wallets(ledger: Ledger, customer: str) -> None:
    """Prints what every wallet of a customer holds."""
    overview = ledger.query({"overview": {"customer": customer}})
    for product in overview["products"]:
        wallet = ledger.query({"wallet": {"customer": customer, "product": product}})
        print(f"The wallet for `{product}` holds {counted(wallet['usable'])}.")
        for lot in wallet["lots"]:
            state = "expired on" if lot["expired"] else "usable before"
            left = f"{lot['left']} of {lot['quantity']} `{lot['license_type']}` left"
            print(f"  lot {lot['id']}, from {lot['source']}: {left}, {state} {lot['expires_on']}")
        for license_type, carry in wallet["carry"].items():
            part = Fraction(carry["ticks"], carry["ticks_per_license"])
            print(f"  {part} of a `{license_type}` licence is carried")


def audit_answer(answer: str, root: str) -> None:
    """Follows the trust from the root key to the licence, with PyJWT alone."""
    inside = jwt.decode(answer, options={"verify_signature": False})
    if "key_ring" not in inside:
        raise AuditError("the answer carries no key ring")
    ring = jwt.decode(inside["key_ring"], public_key({"x": root}), algorithms=["EdDSA"])
    print(f"The root key vouches for key ring {ring['number']}.")
    claims = decode(answer, ring, "answer")
    if "license" not in claims:
        raise AuditError(f"the answer carries no licence: {claims.get('refusal')}")
    licence = decode(claims["license"], ring, "license")
    if licence["aud"] != claims["aud"] or licence.get("installation") != claims["installation"]:
        raise AuditError("the licence is for another product or installation than the answer")
    serial, customer = licence.get("jti", "without a number"), licence.get("sub", "nobody named")
    print(f"A key of that ring signed licence {serial} of `{licence['aud']}` for {customer}:")
    for name in ("licensed", "grace"):
        if span := licence.get(name):
            until = span.get("until", {}).get("day", "for ever")
            print(f"  {name} from {span['from']['day']} until {until}, that day not included")
    features = {name: feature.get("quantity", 1) for name, feature in licence["features"].items()}
    print(f"  features: {counted(features)}")


def decode(document: str, ring: Json, kind: str) -> Json:
    """Verifies a document of a kind by the key of the ring that it names."""
    header = jwt.get_unverified_header(document)
    if header["typ"] != f"mlicense-{kind}+jwt":
        raise AuditError(f"a document of type {header['typ']} stands where the {kind} should")
    kid, role = header["kid"], f"{kind}s"
    key = next((key for key in ring["keys"] if key["kid"] == kid), None)
    if key is None or key.get("role", role) != role:
        raise AuditError(f"key {kid} may not sign {role}")
    claims: Json = jwt.decode(
        document, public_key(key), algorithms=["EdDSA"], options={"verify_aud": False}
    )
    ends = key.get("valid_until", claims["iat"] + 1)
    if "revoked_at" in key or not key["valid_from"] <= claims["iat"] < ends:
        raise AuditError(f"key {kid} was not valid when it signed")
    return claims


def public_key(key: Json) -> jwt.PyJWK:
    """The key that PyJWT verifies with; it says by itself that it is an Ed25519 key."""
    return jwt.PyJWK({"kty": "OKP", "crv": "Ed25519", "x": key["x"]}, algorithm="EdDSA")


if __name__ == "__main__":
    main()
