"""What signed requests, answers and revocation lists say.

Written by ``xtask python`` from the schemas of the engine.
"""

from __future__ import annotations

from mlicense._value import (
    DOCUMENT,
    EMPTY,
    PLAIN,
    PRIVATE,
    SECONDS,
    Maybe,
    Of,
    OneWord,
    Table,
    Value,
    Word,
    final,
)
from mlicense.events import HostFacts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

__all__ = [
    "AnswerClaims",
    "Owner",
    "RequestFields",
    "RequestKind",
    "Revocation",
    "RevocationClaims",
    "SignedRefusal",
]


@final
class SignedRefusal(Value):
    """Why a vendor refused a request: the number and name of an ``ErrorKind``, maybe a newer one.

    Attributes:
        number: The stable number.
        name: The stable name: 1 to 64 bytes.
    """

    __slots__ = ("name", "number")
    _FIELDS = (("number", PLAIN), ("name", PRIVATE))
    number: int
    name: str

    def __init__(
        self,
        *,
        number: int,
        name: str,
    ) -> None:
        self._fill(number, name)


@final
class AnswerClaims(Value):
    """What an answer says. In JSON its members bear the names of JSON Web Tokens where those exist.

    Attributes:
        nonce: The request that is answered.
        installation: The installation that asked.
        aud: The product it asked for.
        iat: When the answer is signed; in JSON seconds of UTC.
        number: The registration number that was asked for, in full: 1 to 64 bytes.
        license: A signed licence for that product and installation.
        key_ring: The key ring that names the signer of answer and licence.
        revocations: What the vendor has revoked, as a revocation list.
        time: What time it is, as a time token for the same nonce and installation.
        refusal: Why there is no licence; an answer with neither confirms what was asked for.
    """

    __slots__ = (
        "aud",
        "iat",
        "installation",
        "key_ring",
        "license",
        "nonce",
        "number",
        "refusal",
        "revocations",
        "time",
    )
    _FIELDS = (
        ("nonce", PLAIN),
        ("installation", PLAIN),
        ("aud", PLAIN),
        ("iat", SECONDS),
        ("number", Maybe(PRIVATE)),
        ("license", Maybe(DOCUMENT)),
        ("key_ring", Maybe(DOCUMENT)),
        ("revocations", Maybe(DOCUMENT)),
        ("time", Maybe(DOCUMENT)),
        ("refusal", Maybe(Of(SignedRefusal))),
    )
    _OMITTED = frozenset({"number", "license", "key_ring", "revocations", "time", "refusal"})
    nonce: str
    installation: str
    aud: str
    iat: datetime
    number: str | None
    license: str | None
    key_ring: str | None
    revocations: str | None
    time: str | None
    refusal: SignedRefusal | None

    def __init__(
        self,
        *,
        nonce: str,
        installation: str,
        aud: str,
        iat: datetime,
        number: str | None = None,
        license: bytes | str | None = None,
        key_ring: bytes | str | None = None,
        revocations: bytes | str | None = None,
        time: bytes | str | None = None,
        refusal: SignedRefusal | None = None,
    ) -> None:
        self._fill(
            nonce,
            installation,
            aud,
            iat,
            number,
            license,
            key_ring,
            revocations,
            time,
            refusal,
        )


@final
class Owner(Value):
    """Who asks for a registration number, and under which address the vendor finds them.

    To register, company, contact and zone are needed; to find a number again, the address alone
    (S-MK-07).

    Attributes:
        email: The address for mail: 3 to 320 bytes with an ``@``.
        company: The company: 1 to 256 bytes.
        contact: The person to speak with: 1 to 256 bytes.
        zone: The IANA time zone in which the company's days begin, such as ``Europe/Berlin``.
        phone: A telephone number: 1 to 256 bytes.
        tax_id: A tax number: 1 to 256 bytes.
    """

    __slots__ = ("company", "contact", "email", "phone", "tax_id", "zone")
    _FIELDS = (
        ("email", PRIVATE),
        ("company", Maybe(PRIVATE)),
        ("contact", Maybe(PRIVATE)),
        ("zone", Maybe(PLAIN)),
        ("phone", Maybe(PRIVATE)),
        ("tax_id", Maybe(PRIVATE)),
    )
    _OMITTED = frozenset({"company", "contact", "zone", "phone", "tax_id"})
    email: str
    company: str | None
    contact: str | None
    zone: str | None
    phone: str | None
    tax_id: str | None

    def __init__(
        self,
        *,
        email: str,
        company: str | None = None,
        contact: str | None = None,
        zone: str | None = None,
        phone: str | None = None,
        tax_id: str | None = None,
    ) -> None:
        self._fill(email, company, contact, zone, phone, tax_id)


class RequestKind(Word):
    """What a request asks for."""

    COUPON = "coupon"
    """To redeem the coupon in ``code``."""
    NUMBER = "number"
    """To use the registration number here."""
    REBIND = "rebind"
    """To bind the licence to the host as it is now."""
    RECOVER = "recover"
    """To find a forgotten number again."""
    REFRESH = "refresh"
    """To get what has changed since."""
    REGISTER = "register"
    """To get a number."""
    RELEASE = "release"
    """To give the licence back."""
    SYSTEM = "system"
    """To license a system that is described here and carried to the vendor by hand (S-AX-12)."""
    TRIAL = "trial"
    """To try the product."""


@final
class RequestFields(Value):
    """What a request says. Debugging shows neither coupon nor number.

    Attributes:
        kind: What is asked for.
        product: Of which product.
        system: The system that asks, where one installation serves a system.
        customer: The customer, where the installation knows.
        code: The coupon as it was typed: 1 to 64 bytes.
        number: The registration number under which it asks, as it was typed: 1 to 64 bytes.
        owner: Who asks, where a number is wanted.
        devices: How many devices need a licence of each type; at most ``DEVICE_TYPES_MAX`` types.
        host: The host the installation runs on.
        group: The group of hosts that share a licence, which this host wants to join.
        label: What to call the host, by which people know it: 1 to ``LABEL_BYTES_MAX`` bytes. Only
            what the operator chose to tell, for it may name a person.
        epoch: Which request of the installation it is; one that comes twice with different nonces
            tells that a copy of the state was restored or is in use elsewhere.
        nonce: Ties the answer to this request.
        iat: When the request was written, by the installation's clock; in JSON seconds of UTC.
    """

    __slots__ = (
        "code",
        "customer",
        "devices",
        "epoch",
        "group",
        "host",
        "iat",
        "kind",
        "label",
        "nonce",
        "number",
        "owner",
        "product",
        "system",
    )
    _FIELDS = (
        ("kind", OneWord(RequestKind)),
        ("product", PLAIN),
        ("system", Maybe(PLAIN)),
        ("customer", Maybe(PLAIN)),
        ("code", Maybe(PRIVATE)),
        ("number", Maybe(PRIVATE)),
        ("owner", Maybe(Of(Owner))),
        ("devices", Table(PLAIN)),
        ("host", Maybe(Of(HostFacts))),
        ("group", Maybe(PLAIN)),
        ("label", Maybe(PRIVATE)),
        ("epoch", Maybe(PLAIN)),
        ("nonce", PLAIN),
        ("iat", SECONDS),
    )
    _OMITTED = frozenset(
        {"system", "customer", "code", "number", "owner", "host", "group", "label", "epoch"}
    )
    kind: RequestKind
    product: str
    system: str | None
    customer: str | None
    code: str | None
    number: str | None
    owner: Owner | None
    devices: Mapping[str, int]
    host: HostFacts | None
    group: str | None
    label: str | None
    epoch: int | None
    nonce: str
    iat: datetime

    def __init__(
        self,
        *,
        kind: RequestKind,
        product: str,
        nonce: str,
        iat: datetime,
        system: str | None = None,
        customer: str | None = None,
        code: str | None = None,
        number: str | None = None,
        owner: Owner | None = None,
        devices: Mapping[str, int] = EMPTY,
        host: HostFacts | None = None,
        group: str | None = None,
        label: str | None = None,
        epoch: int | None = None,
    ) -> None:
        self._fill(
            kind,
            product,
            system,
            customer,
            code,
            number,
            owner,
            devices,
            host,
            group,
            label,
            epoch,
            nonce,
            iat,
        )


@final
class Revocation(Value):
    """Since when something is revoked, and why.

    Attributes:
        at: Since when, to be told: what a list names is revoked whatever the clock says. In JSON
            seconds of UTC.
        reason: Why, in the vendor's words: 1 to 64 bytes.
    """

    __slots__ = ("at", "reason")
    _FIELDS = (("at", SECONDS), ("reason", PLAIN))
    at: datetime
    reason: str

    def __init__(
        self,
        *,
        at: datetime,
        reason: str,
    ) -> None:
        self._fill(at, reason)


@final
class RevocationClaims(Value):
    """What a revocation list says.

    Attributes:
        number: Rises with every list; a list with a lower number never replaces one with a higher.
        iat: When the list is signed; in JSON seconds of UTC.
        next_update: When the next list is due, after ``issued_at``; in JSON seconds of UTC.
        licenses: Licences by their serials; at most ``REVOCATIONS_MAX``.
        keys: Keys of the ring that vouch for nothing any more; at most ``REVOCATIONS_MAX``. A root
            key that is named here stays trusted.
        installations: Installations; at most ``REVOCATIONS_MAX``.
    """

    __slots__ = ("iat", "installations", "keys", "licenses", "next_update", "number")
    _FIELDS = (
        ("number", PLAIN),
        ("iat", SECONDS),
        ("next_update", SECONDS),
        ("licenses", Table(Of(Revocation))),
        ("keys", Table(Of(Revocation))),
        ("installations", Table(Of(Revocation))),
    )
    _OMITTED = frozenset({"licenses", "keys", "installations"})
    number: int
    iat: datetime
    next_update: datetime
    licenses: Mapping[str, Revocation]
    keys: Mapping[str, Revocation]
    installations: Mapping[str, Revocation]

    def __init__(
        self,
        *,
        number: int,
        iat: datetime,
        next_update: datetime,
        licenses: Mapping[str, Revocation] = EMPTY,
        keys: Mapping[str, Revocation] = EMPTY,
        installations: Mapping[str, Revocation] = EMPTY,
    ) -> None:
        self._fill(number, iat, next_update, licenses, keys, installations)
