"""A licence verified from Python, beside other libraries with the same claims, in turns.

Usage: verify.py [SECONDS]
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import biscuit_auth
import jwt
import pyseto
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from mlicense import License, LicenseClaims, Signer


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    vendor = Signer.from_seed(bytes([1]) * 32)
    simple = LicenseClaims.perpetual("editor", "Example Ltd").to_json()
    features = {f"feature-{number}": {"quantity": 5} for number in range(4)}
    document = License.issue({**simple, "features": features}, vendor)
    roots, key = [vendor.public_key], jwt.PyJWK(vendor.public_key.jwk(), algorithm="EdDSA")
    signed, _, _ = document.rpartition(b".")
    signature, bare = vendor.sign(signed), Ed25519PublicKey.from_public_bytes(bytes(roots[0]))
    runs: dict[str, Callable[[], object]] = {
        "mlicense": lambda: License.verify(document, roots),
        "mlicense, signature": lambda: roots[0].verify(signed, signature),
        "PyJWT": lambda: jwt.decode(document, key, algorithms=["EdDSA"], audience="editor"),
        "cryptography, signature": lambda: bare.verify(signature, signed),
        **peers(LicenseClaims.from_json({**simple, "features": features}).to_json()),
    }
    measured: dict[str, list[float]] = {name: [] for name in runs}
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        for name, run in runs.items():
            start = time.perf_counter()
            for _ in range(20):
                run()
            measured[name].append((time.perf_counter() - start) / 20 * 1e6)
    ours = statistics.median(measured["mlicense"])
    for name, times in measured.items():
        median = statistics.median(times)
        print(f"{name:28}{median:8.1f} µs  {median / ours:6.2f} x of ours")
    theirs = statistics.median(measured["PyJWT"])
    met = "met" if theirs >= 3.8 * ours else "NOT MET"
    print(f"goal: 3.8 x faster than PyJWT; {theirs / ours:.2f} x, {met}")
    whole = ["PyJWT", "pyseto, v4.public", "biscuit-python, read", "biscuit-python, authorized"]
    slower = all(statistics.median(measured[name]) > ours for name in whole)
    print(f"goal: faster than every other; {'met' if slower else 'NOT MET'}")


def peers(claims: dict[str, Any]) -> dict[str, Callable[[], object]]:
    """The same claims as a PASETO and as the facts of a biscuit."""
    private = Ed25519PrivateKey.from_private_bytes(bytes([1]) * 32)
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    signing, reading = (pyseto.Key.new(4, "public", key) for key in (pem, public))
    paseto = pyseto.encode(signing, json.dumps(claims).encode())

    pair = biscuit_auth.KeyPair()
    facts = [f'licensee("{claims["licensee"]}");', f"issued({claims['iat']});"]
    facts += [f'feature("{name}", {one["quantity"]});' for name, one in claims["features"].items()]
    built = biscuit_auth.BiscuitBuilder("\n".join(facts)).build(pair.private_key)
    biscuit = bytes(built.to_bytes())
    policy = 'allow if feature("feature-0", $count)'
    # Its stub does not know of limits.
    asking: Any = biscuit_auth.AuthorizerBuilder
    limits = asking(policy).limits()
    # On a busy machine the usual millisecond is over before anything was decided.
    limits.max_time = timedelta(seconds=1)

    def authorized() -> object:
        token = biscuit_auth.Biscuit.from_bytes(biscuit, pair.public_key)
        asked = asking(policy)
        asked.set_limits(limits)
        decided: object = asked.build(token).authorize()
        return decided

    return {
        "pyseto, v4.public": lambda: pyseto.decode(reading, paseto, deserializer=json),
        "biscuit-python, read": lambda: biscuit_auth.Biscuit.from_bytes(biscuit, pair.public_key),
        "biscuit-python, authorized": authorized,
    }


if __name__ == "__main__":
    main()
