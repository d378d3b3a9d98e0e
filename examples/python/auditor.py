"""An auditor opens the vendor's ledger: history, wallet, hash chain, and the licence by itself.

    auditor.py LEDGER ANSWER ROOT_KEY

The hash chain is computed here, over the stored bytes, and compared with the library's own
verification; the licence is verified with PyJWT, which knows nothing of this library.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timezone
from fractions import Fraction
from pathlib import Path
from typing import Any

import jwt

import mlicense

PREFIX = b"mlicense-event-1\n"


def main() -> None:
    """Audits the ledger named on the command line."""
    if len(sys.argv) != 4:
        raise SystemExit(__doc__)
    path, answer, root = Path(sys.argv[1]), Path(sys.argv[2]).read_text("ascii"), sys.argv[3]
    with mlicense.Ledger.open(path) as ledger:
        claims = verify_licence(answer, root)
        customer, product = claims["sub"], claims["aud"]
        print_history(ledger, customer)
        print_wallet(ledger, customer, product)
        verified = ledger.verify()
    check_chain(path, verified)


def print_history(ledger: mlicense.Ledger, customer: str) -> None:
    """Prints what happened to a customer, one line an event."""
    entries = ledger.query({"history": {"stream": f"customer/{customer}"}})
    print(f"The history of `{customer}` holds {len(entries)} events:")
    for entry in entries:
        ((kind, facts),) = entry["event"].items()
        actor = f"{entry['actor']['role']} {entry['actor']['id']}"
        print(f"  {entry['index']:>2}  {entry['at']}  {actor}: {sentence(kind, facts)}")


def sentence(kind: str, facts: dict[str, Any]) -> str:
    """Says in a few words what an event was."""
    words = kind.replace("_", " ")
    match kind:
        case "subscription_started":
            start = facts["start"]
            return f"{words} on {start['joined']}, {start['grace_days']} days of grace"
        case "key_redeemed":
            return f"{words}: {facts['masked']}, {listed(facts['lots'])}"
        case "allocated":
            period = facts["period"]
            return f"{words} {listed(facts['lines'])} to [{period['start']}, {period['end']})"
        case "compensated":
            back = facts["lot"]["quantity"] if facts.get("lot") else 0
            return f"{words}: {facts['overlap_days']} of {facts['period_days']} days, {back} back"
        case "system_registered" | "system_updated":
            return f"{words}: {facts['system']['id']}"
        case _:
            return words


def listed(lines: list[dict[str, Any]]) -> str:
    """Sums quantities by licence type."""
    sums: Counter[str] = Counter()
    for line in lines:
        sums[line["license_type"]] += line["quantity"]
    return ", ".join(f"{count} `{license_type}`" for license_type, count in sums.items())


def print_wallet(ledger: mlicense.Ledger, customer: str, product: str) -> None:
    """Prints the wallet as it stood after the last event."""
    question = {"customer": customer, "product": product}
    last = ledger.query({"history": {"stream": f"customer/{customer}"}})[-1]["at"]
    wallet = ledger.query({"wallet": question}, now=instant(last))
    print(f"The wallet of `{product}` on {last}:")
    for lot in wallet["lots"]:
        print(
            f"  lot {lot['id']}: {lot['left']} of {lot['quantity']} `{lot['license_type']}` left, "
            f"from {lot['source']}, usable until {lot['expires_on']} exclusive"
        )
    for license_type, carry in wallet["carry"].items():
        part = Fraction(carry["ticks"], carry["ticks_per_license"])
        print(f"  carried: {part} of a `{license_type}` licence")


def instant(text: str) -> datetime:
    """Reads an instant of the ledger."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)


def stored_events(path: Path) -> Iterator[tuple[str, str, bytes]]:
    """Reads stream, exact text and chain hash of every event, without the library."""
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        yield from connection.execute("SELECT stream, json, chain FROM event ORDER BY position")
    finally:
        connection.close()


def check_chain(path: Path, verified: dict[str, Any]) -> None:
    """Computes every chain anew and compares it with what is stored and what was verified."""
    heads: dict[str, bytes] = {}
    events = 0
    for stream, text, chain in stored_events(path):
        link = hashlib.sha256(PREFIX + heads.get(stream, bytes(32)) + text.encode()).digest()
        if link != chain:
            raise SystemExit(f"the chain of {stream} does not hold: {text}")
        heads[stream] = link
        events += 1
    if {stream: link.hex() for stream, link in heads.items()} != verified["heads"]:
        raise SystemExit("the heads differ from those the library found")
    print(f"The hash chains of {len(heads)} streams hold over {events} events.")


def verify_licence(answer: str, root: str) -> dict[str, Any]:
    """Verifies answer and licence with PyJWT: the root key vouches for the ring, the ring for both.

    The ring travels inside the answer, so it is read from there first and trusted only when the
    root key signed it.
    """
    unverified = jwt.decode(answer, options={"verify_signature": False})
    ring = decode(unverified["key_ring"], okp(root))
    keys = {key["kid"]: key for key in ring["keys"]}
    outer = decode(answer, keys[jwt.get_unverified_header(answer)["kid"]])
    licence = outer["license"]
    claims = decode(licence, keys[jwt.get_unverified_header(licence)["kid"]])
    span = claims["licensed"]
    print(
        f"PyJWT verifies licence {claims['jti']} of `{claims['aud']}` for `{claims['sub']}`: "
        f"licensed from {span['from']['day']} to {span['until']['day']} exclusive, "
        f"features {json.dumps(claims['features'])}."
    )
    return claims


def okp(key: str) -> dict[str, str]:
    """A public key of 43 base64url characters as a JSON Web Key."""
    return {"kty": "OKP", "crv": "Ed25519", "x": key}


def decode(document: str, key: dict[str, str]) -> dict[str, Any]:
    """Verifies one document; its dates are for people and for the library, not for PyJWT."""
    public = jwt.PyJWK(okp(key["x"]), algorithm="EdDSA")
    return jwt.decode(
        document,
        public,
        algorithms=["EdDSA"],
        options={"verify_aud": False, "verify_iat": False},
    )


if __name__ == "__main__":
    main()
