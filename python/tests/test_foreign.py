"""Tokens that other libraries make are no licences, whatever attack on such tokens they are."""

import base64
import itertools
import json
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jwe, jws
from joserfc.jwk import ECKey, Key, OctKey, OKPKey, RSAKey

from mlicense import License, LicenseClaims, Refusal
from support import DAILY, ROOT, at, seed, signer

# Of no concern here: joserfc warns of algorithms, and these are wrong on purpose.
pytestmark = pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")

Header = dict[str, Any]
Maker = Callable[[Header, bytes], str]

TYP = "mlicense-license+jwt"
DAY = at("2026-03-01")
PERPETUAL = LicenseClaims.perpetual("editor", "Example Ltd", issued_at=DAY).to_json()
NEXT_YEAR = {"day": "2027-03-01", "at": int(at("2027-03-01", 0).timestamp())}
# What the tokens say: licences all of them, if the right key had signed them as a licence.
CLAIMS: list[dict[str, Any]] = [
    PERPETUAL,
    {**PERPETUAL, "kind": "updates_until", "updates_until": NEXT_YEAR},
    {**PERPETUAL, "kind": "trial", "licensed": {**PERPETUAL["licensed"], "until": NEXT_YEAR}},
    {**PERPETUAL, "kind": "site", "jti": "L-1", "features": {"export": {"quantity": 9}}},
    {**PERPETUAL, "exp": int(at("2099-01-01").timestamp()), "nbf": 0},
]


def okp(name: str) -> OKPKey:
    """The private key of that name."""
    octets = {"d": seed(name), "x": bytes(signer(name).public_key)}
    members = {n: base64.urlsafe_b64encode(b).rstrip(b"=").decode() for n, b in octets.items()}
    return OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", **members})


VENDOR, STRANGER = okp("root"), okp("daily")
PUBLIC = ROOT.public_key
PEM = (
    Ed25519PrivateKey.from_private_bytes(seed("root"))
    .public_key()
    .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
)
RSA, ED448 = RSAKey.generate_key(2048, private=True), OKPKey.generate_key("Ed448", private=True)
CURVES = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521", "ES256K": "secp256k1"}
PLAIN = {name: value for name, value in DAILY.public_key.jwk().items() if name != "kid"}
REGISTRY = jws.JWSRegistry(algorithms=list(jws.JWSRegistry.algorithms), strict_check_header=False)


def joserfc(key: Key, alg: str, **more: Any) -> Maker:
    def make(header: Header, payload: bytes) -> str:
        protected = {**header, "alg": alg, **more}
        return jws.serialize_compact(protected, payload, key, registry=REGISTRY)

    return make


def pyjwt(key: Any, alg: str, **more: Any) -> Maker:
    def make(header: Header, payload: bytes) -> str:
        # PyJWT writes a `typ` of its own where there is none.
        headers = {"typ": None, **header, **more}
        return jwt.PyJWS().encode(payload, key, algorithm=alg, headers=headers)

    return make


def own_type(header: Header, payload: bytes) -> str:
    """The right key and the right algorithm for another type."""
    typ = {TYP: TYP.upper(), "JWT": "JWT"}.get(header.get("typ", ""), "mlicense-answer+jwt")
    return joserfc(VENDOR, "EdDSA")({**header, "typ": typ}, payload)


def encrypted(key: Key, alg: str) -> Maker:
    def make(header: Header, payload: bytes) -> str:
        registry = jwe.JWERegistry(algorithms=[alg, "A256GCM"], strict_check_header=False)
        protected = {**header, "alg": alg, "enc": "A256GCM"}
        return jwe.encrypt_compact(protected, payload, key, registry=registry)

    return make


def as_json(general: bool) -> Maker:
    def make(header: Header, payload: bytes) -> str:
        member: Any = {"protected": {**header, "alg": "EdDSA"}}
        members = [member] if general else member
        return json.dumps(jws.serialize_json(members, payload, VENDOR, registry=REGISTRY))

    return make


MAKERS: dict[str, Maker] = {
    "none": pyjwt(None, "none"),
    **{f"HS{n}-x": joserfc(OctKey.import_key(str(PUBLIC)), f"HS{n}") for n in (256, 384, 512)},
    **{
        f"HS{n}-bytes": joserfc(OctKey.import_key(bytes(PUBLIC)), f"HS{n}") for n in (256, 384, 512)
    },
    **{f"RS{n}": joserfc(RSA, f"RS{n}") for n in (256, 384, 512)},
    **{f"PS{n}": joserfc(RSA, f"PS{n}") for n in (256, 384, 512)},
    **{alg: joserfc(ECKey.generate_key(curve, private=True), alg) for alg, curve in CURVES.items()},
    "Ed448": joserfc(ED448, "EdDSA"),
    "stranger": joserfc(STRANGER, "EdDSA", kid=DAILY.key_id),
    "stranger-as-root": joserfc(STRANGER, "EdDSA"),
    "jwk": joserfc(STRANGER, "EdDSA", kid=DAILY.key_id, jwk=PLAIN),
    "jwk-as-root": joserfc(STRANGER, "EdDSA", jwk=PLAIN),
    "jku": joserfc(STRANGER, "EdDSA", jku="https://example.com/keys"),
    "x5u": joserfc(STRANGER, "EdDSA", x5u="https://example.com/chain"),
    "x5c": joserfc(STRANGER, "EdDSA", x5c=[base64.b64encode(PEM).decode()]),
    # The right key from here on.
    "Ed25519": joserfc(VENDOR, "Ed25519"),
    "b64": joserfc(VENDOR, "EdDSA", b64=False, crit=["b64"]),
    "cty": joserfc(VENDOR, "EdDSA", cty="JWT"),
    "type": own_type,
    "flattened": as_json(general=False),
    "general": as_json(general=True),
    "dir": encrypted(OctKey.generate_key(256), "dir"),
    "RSA-OAEP": encrypted(RSA, "RSA-OAEP"),
    "ECDH-ES": encrypted(ECKey.generate_key("P-256", private=True), "ECDH-ES"),
}
HEADERS: list[Header] = [
    {"typ": TYP, "kid": ROOT.key_id},
    {"typ": "JWT", "kid": ROOT.key_id},
    {"kid": ROOT.key_id},
]


def tokens(name: str) -> list[str]:
    pairs = itertools.product(HEADERS, CLAIMS)
    return [MAKERS[name](dict(header), json.dumps(claims).encode()) for header, claims in pairs]


@pytest.mark.parametrize("name", MAKERS)
def test_no_foreign_token_is_a_licence(name: str) -> None:
    made = tokens(name)
    assert len(set(made)) == 15
    for token in made:
        with pytest.raises(Refusal):
            License.verify(token, [PUBLIC])


def test_there_are_510_of_them() -> None:
    assert len(MAKERS) * len(HEADERS) * len(CLAIMS) == 510


@pytest.mark.parametrize(
    "make",
    [joserfc(VENDOR, "EdDSA"), pyjwt(VENDOR.private_key, "EdDSA")],
    ids=["joserfc", "pyjwt"],
)
def test_a_right_one_by_the_same_libraries_is_taken(make: Maker) -> None:
    for claims in CLAIMS:
        license_ = License.verify(make(dict(HEADERS[0]), json.dumps(claims).encode()), [PUBLIC])
        assert license_.claims.to_json() == {
            name: value for name, value in claims.items() if name not in ("exp", "nbf")
        }


def careless(token: str) -> bool:
    """A verifier that believes the header, as verifiers have been written."""
    try:
        header = jwt.get_unverified_header(token)
        key: Any = OctKey.import_key(str(PUBLIC))
        if "jwk" in header:
            key = OKPKey.import_key(header["jwk"])
        elif header["alg"] in ("EdDSA", "Ed25519"):
            key = VENDOR
        return header["alg"] == "none" or bool(
            jws.deserialize_compact(token, key, registry=REGISTRY)
        )
    except (jwt.PyJWTError, ValueError, KeyError):
        return False
    except Exception as error:
        if type(error).__module__.startswith("joserfc"):
            return False
        raise


def test_a_careless_verifier_takes_many() -> None:
    taken = {name: sum(map(careless, tokens(name))) for name in MAKERS}
    assert {name for name, count in taken.items() if count == 15} == {
        *("none", "HS256-x", "HS384-x", "HS512-x", "jwk", "jwk-as-root", "cty", "type", "Ed25519"),
    }
