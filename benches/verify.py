"""A licence verified from Python, beside PyJWT and the bare libraries, in turns.

Usage: verify.py [SECONDS]
"""

import statistics
import sys
import time
from collections.abc import Callable

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from mlicense import License, LicenseClaims, Signer


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    vendor = Signer.from_seed(bytes([1]) * 32)
    simple = LicenseClaims.perpetual("editor", "Example Ltd").members
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
        print(f"{name:26}{median:8.1f} µs  {median / ours:6.2f} x of ours")
    theirs = statistics.median(measured["PyJWT"])
    met = "met" if theirs >= 3.8 * ours else "NOT MET"
    print(f"goal: 3.8 x faster than PyJWT; {theirs / ours:.2f} x, {met}")


if __name__ == "__main__":
    main()
