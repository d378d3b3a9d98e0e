"""Other libraries read what mlicense signs, and mlicense reads what they sign."""

import base64
import hashlib
import json
import random
import string
from typing import Any

import joserfc.jwt
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from mlicense import (
    Answer,
    InputError,
    KeyRing,
    License,
    LicenseClaims,
    PublicKey,
    Refusal,
    Request,
    Signer,
)
from support import DAILY, ROOT, Shop, at

BASE64URL = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
SEED = hashlib.sha256(b"another library").digest()
CLAIMS = LicenseClaims.until(
    "editor",
    "Example Ltd",
    at("2027-03-01").date(),
    zone="Asia/Tokyo",
    issued_at=at("2026-03-01"),
)


def jwk(key: PublicKey) -> jwt.PyJWK:
    return jwt.PyJWK(key.jwk(), algorithm="EdDSA")


def decoded(document: bytes | str, key: PublicKey, product: str = "editor") -> dict[str, Any]:
    return jwt.decode(document, jwk(key), algorithms=["EdDSA"], audience=product)


def encoded(claims: dict[str, Any], document_type: str, **header: Any) -> str:
    """A document made by PyJWT."""
    private = Ed25519PrivateKey.from_private_bytes(SEED)
    kid = Signer.from_seed(SEED).key_id
    headers = {"typ": document_type, "kid": kid, **header}
    return jwt.encode(claims, private, algorithm="EdDSA", headers=headers)


def test_pyjwt_reads_a_licence() -> None:
    document = License.issue(CLAIMS, ROOT)
    assert decoded(document, ROOT.public_key) == CLAIMS.to_json()
    assert jwt.get_unverified_header(document) == {
        "alg": "EdDSA",
        "kid": ROOT.key_id,
        "typ": "mlicense-license+jwt",
    }


def test_pyjwt_refuses_a_licence_of_another_key_or_product() -> None:
    document = License.issue(CLAIMS, ROOT)
    with pytest.raises(jwt.InvalidSignatureError):
        decoded(document, DAILY.public_key)
    with pytest.raises(jwt.InvalidAudienceError):
        decoded(document, ROOT.public_key, product="viewer")


def test_mlicense_reads_a_licence_that_pyjwt_wrote() -> None:
    key = Signer.from_seed(SEED).public_key
    document = encoded(CLAIMS.to_json(), "mlicense-license+jwt")
    assert License.verify(document, [key]).claims == CLAIMS
    with pytest.raises(Refusal) as refused:
        License.verify(document, [ROOT.public_key])
    assert refused.value.name == "KEY_NOT_TRUSTED"


def test_pyjwt_follows_the_trust_from_root_to_licence(shop: Shop) -> None:
    shop.start()
    system = f"system-{shop.client.installation[:8]}"
    now = at("2026-03-02")
    request = shop.client.request("system", system=system, devices={"camera": 10}, now=now)
    shop.redeem(shop.issue())
    shop.run({"allocate": {"customer": "c1", "product": "vms", "quantities": {"camera": 10}}})
    answer = shop.ledger.answer(request, customer="c1", signer=DAILY, now=now)

    claims = jwt.decode(answer, options={"verify_signature": False})
    ring = jwt.decode(claims["key_ring"], jwk(ROOT.public_key), algorithms=["EdDSA"])
    keys = {key["kid"]: PublicKey(key["x"]) for key in ring["keys"]}
    signed_by = keys[jwt.get_unverified_header(answer)["kid"]]
    assert decoded(answer, signed_by, "vms") == claims
    license_by = keys[jwt.get_unverified_header(claims["license"])["kid"]]
    inside = decoded(claims["license"], license_by, "vms")
    ours = Answer.verify(answer, [ROOT.public_key])
    assert ours.claims.to_json() == claims
    assert ours.license
    assert ours.license.claims.to_json() == inside


def test_mlicense_reads_a_request_that_pyjwt_wrote(shop: Shop) -> None:
    key = Signer.from_seed(SEED).public_key
    fields = {
        "kind": "system",
        "product": "vms",
        "system": "s9",
        "devices": {"camera": 3},
        "nonce": base64.urlsafe_b64encode(bytes(16)).rstrip(b"=").decode(),
        "iat": int(at("2026-03-02").timestamp()),
    }
    own = {name: value for name, value in key.jwk().items() if name != "kid"}
    request = encoded(fields, "mlicense-request+jwt", jwk=own)
    assert Request.verify(request).installation == key.key_id
    shop.run({"take_request": {"customer": "c1", "request": request}})
    overview = shop.ledger.query({"overview": {"customer": "c1"}}, now=at("2026-03-02"))
    assert overview["systems"]["s9"]["devices"] == {"camera": 3}


def test_a_thumbprint_is_what_rfc_7638_says() -> None:
    members = {name: ROOT.public_key.jwk()[name] for name in ("crv", "kty", "x")}
    digest = hashlib.sha256(json.dumps(members, separators=(",", ":")).encode()).digest()
    assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == ROOT.key_id


def mutant(document: str, place: int) -> str:
    """A document with one character replaced by one that means other bits."""
    # The highest of the six bits always counts, even in the last character of a part.
    other = BASE64URL[BASE64URL.index(document[place]) ^ 32]
    return document[:place] + other + document[place + 1 :]


def licenses(count: int) -> list[str]:
    """Licences of which no two say the same."""
    chance = random.Random(7519)
    documents = []
    for number in range(count):
        names = chance.sample(["export", "print", "scan", "sign", "share"], chance.randint(0, 5))
        features = {
            name: chance.choice([{}, {"quantity": chance.randint(1, 2**32 - 1)}]) for name in names
        }
        licensee = "".join(chance.choices('aé漢я😀 "\\', k=chance.randint(1, 60)))
        more = {"jti": f"L-{number}", "licensee": licensee, "features": features}
        documents.append(License.issue({**CLAIMS.to_json(), **more}, ROOT).decode())
    return documents


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def test_others_read_a_thousand_licences_and_refuse_a_thousand_mutants() -> None:
    key, chance = ROOT.public_key, random.Random(7638)
    other = OKPKey.import_key(dict[str, Any](key.jwk()))
    names = set()
    for document in licenses(1000):
        claims = License.verify(document, [key]).claims.to_json()
        assert decoded(document, key) == claims
        assert joserfc.jwt.decode(document, other, algorithms=["EdDSA"]).claims == claims

        places = [place for place, character in enumerate(document) if character != "."]
        forged = mutant(document, chance.choice(places))
        with pytest.raises((jwt.PyJWTError, ValueError)):
            decoded(forged, key)
        with pytest.raises((JoseError, ValueError)):
            joserfc.jwt.decode(forged, other, algorithms=["EdDSA"])
        with pytest.raises(Refusal) as refused:
            License.verify(forged, [key])
        names.add(refused.value.name)
    assert {"SIGNATURE_INVALID", "DOCUMENT_MALFORMED"} <= names


def test_padding_that_pyjwt_lets_pass_is_refused() -> None:
    padded = License.issue(CLAIMS, ROOT) + b"=="
    assert decoded(padded, ROOT.public_key) == CLAIMS.to_json()
    with pytest.raises(Refusal) as refused:
        License.verify(padded, [ROOT.public_key])
    assert refused.value.name == "DOCUMENT_MALFORMED"


def test_no_other_algorithm_is_read() -> None:
    for algorithm, secret in [("none", ""), ("HS256", str(ROOT.public_key))]:
        headers = {"typ": "mlicense-license+jwt", "kid": ROOT.key_id}
        forged = jwt.encode(CLAIMS.to_json(), secret, algorithm=algorithm, headers=headers)
        with pytest.raises(Refusal) as refused:
            License.verify(forged, [ROOT.public_key])
        assert refused.value.name == "DOCUMENT_MALFORMED"


def test_a_ring_is_a_json_web_key_set() -> None:
    day = at("2026-03-01")
    keys = [{"key": DAILY.public_key, "valid_from": day, "role": "licenses"}]
    ring = KeyRing.issue({"number": 3, "issued_at": day, "keys": keys}, ROOT)
    payload = jwt.decode(ring, jwk(ROOT.public_key), algorithms=["EdDSA"])
    found = jwt.PyJWKSet.from_dict(payload)[DAILY.key_id]
    document = License.issue(CLAIMS, DAILY)
    assert jwt.decode(document, found, algorithms=["EdDSA"], audience="editor")
    assert License.verify(document, [ROOT.public_key], ring).signed_by == DAILY.key_id


def test_claims_that_would_be_ignored_are_not_signed() -> None:
    with pytest.raises(InputError, match="unknown member `exp`"):
        License.issue({**CLAIMS.to_json(), "exp": 1}, ROOT)
