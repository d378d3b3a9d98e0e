"""What signed documents say: licences, requests, answers and what goes with them.

Written by ``xtask python`` from the schemas of the engine.
"""

from __future__ import annotations

from mlicense._shapes import (
    BYTES,
    DAY,
    DOCUMENT,
    EMPTY,
    INSTANT,
    KEY,
    PLAIN,
    PRIVATE,
    SECONDS,
    Many,
    Maybe,
    Of,
    OneWord,
    Table,
    Word,
)
from mlicense._simple import SimpleClaims
from mlicense._typing import final
from mlicense._value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from mlicense._native import PublicKey

__all__ = [
    "AnswerClaims",
    "EnrolledFact",
    "Feature",
    "HostBinding",
    "HostFact",
    "HostFacts",
    "KeyRingClaims",
    "KeyRole",
    "LicenseClaims",
    "LicenseKind",
    "Moment",
    "Owner",
    "RequestFields",
    "RequestKind",
    "Revocation",
    "RevocationClaims",
    "RingKey",
    "SeatTerms",
    "SignedRefusal",
    "Span",
    "TimeClaims",
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
        product: The product it asked for.
        issued_at: When the answer is signed; in JSON seconds of UTC.
        number: The registration number that was asked for, in full: 1 to 64 bytes.
        license: A signed licence for that product and installation.
        key_ring: The key ring that names the signer of answer and licence.
        revocations: What the vendor has revoked, as a revocation list.
        time: What time it is, as a time token for the same nonce and installation.
        refusal: Why there is no licence; an answer with neither confirms what was asked for.
    """

    __slots__ = (
        "installation",
        "issued_at",
        "key_ring",
        "license",
        "nonce",
        "number",
        "product",
        "refusal",
        "revocations",
        "time",
    )
    _FIELDS = (
        ("nonce", PLAIN),
        ("installation", PLAIN),
        ("product", PLAIN),
        ("issued_at", SECONDS),
        ("number", Maybe(PRIVATE)),
        ("license", Maybe(DOCUMENT)),
        ("key_ring", Maybe(DOCUMENT)),
        ("revocations", Maybe(DOCUMENT)),
        ("time", Maybe(DOCUMENT)),
        ("refusal", Maybe(Of(SignedRefusal))),
    )
    _OMITTED = frozenset({"number", "license", "key_ring", "revocations", "time", "refusal"})
    _NAMED = (("product", "aud"), ("issued_at", "iat"))
    nonce: str
    installation: str
    product: str
    issued_at: datetime
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
        product: str,
        issued_at: datetime,
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
            product,
            issued_at,
            number,
            license,
            key_ring,
            revocations,
            time,
            refusal,
        )


@final
class EnrolledFact(Value):
    """A fact that counts towards a licence's threshold while the host shows it.

    Attributes:
        kind: Which property: 1 to 64 bytes.
        digest: The property's keyed digest: 1 to 128 bytes of text.
        weight: What the fact counts.
    """

    __slots__ = ("digest", "kind", "weight")
    _FIELDS = (("kind", PLAIN), ("digest", PLAIN), ("weight", PLAIN))
    kind: str
    digest: str
    weight: int

    def __init__(
        self,
        *,
        kind: str,
        digest: str,
        weight: int,
    ) -> None:
        self._fill(kind, digest, weight)


@final
class Moment(Value):
    """A civil day in the customer's zone, to be shown, and its first instant, to decide.

    Both travel, so that the customer's side needs no zone tables. JSON form:
    ``{"day":"2027-03-01","at":1803855600}``, ``at`` in seconds of UTC.

    Attributes:
        day: The day in the customer's zone.
        at: The instant at which it starts; in JSON seconds of UTC.
    """

    __slots__ = ("at", "day")
    _FIELDS = (("day", DAY), ("at", SECONDS))
    day: date
    at: datetime

    def __init__(
        self,
        *,
        day: date,
        at: datetime,
    ) -> None:
        self._fill(day, at)


@final
class Feature(Value):
    """A feature of a product under a licence.

    Attributes:
        quantity: How many, at least 1; not counted when absent.
        until: Its own end, exclusive; the licence's when absent. Grace does not prolong it.
        data: What the feature needs to run; the decision that allows it hands it out.
    """

    __slots__ = ("data", "quantity", "until")
    _FIELDS = (("quantity", Maybe(PLAIN)), ("until", Maybe(Of(Moment))), ("data", Maybe(BYTES)))
    _OMITTED = frozenset({"quantity", "until", "data"})
    quantity: int | None
    until: Moment | None
    data: bytes | None

    def __init__(
        self,
        *,
        quantity: int | None = None,
        until: Moment | None = None,
        data: bytes | None = None,
    ) -> None:
        self._fill(quantity, until, data)


@final
class HostBinding(Value):
    """The host that a licence is bound to: enrolled facts and how much of their weight must match.

    Attributes:
        threshold: The least sum of matching weights: 1 up to the sum of all weights, inclusive.
        facts: 1 to ``HOST_FACTS_MAX`` facts, none twice.
    """

    __slots__ = ("facts", "threshold")
    _FIELDS = (("threshold", PLAIN), ("facts", Many(Of(EnrolledFact))))
    threshold: int
    facts: tuple[EnrolledFact, ...]

    def __init__(
        self,
        *,
        threshold: int,
        facts: Iterable[EnrolledFact],
    ) -> None:
        self._fill(threshold, facts)


@final
class HostFact(Value):
    """One property of a host, such as the serial number of its board, as a digest.

    Attributes:
        kind: Which property: 1 to 64 bytes.
        digest: The property's keyed digest, never the property: 1 to 128 bytes of text.
    """

    __slots__ = ("digest", "kind")
    _FIELDS = (("kind", PLAIN), ("digest", PLAIN))
    kind: str
    digest: str

    def __init__(
        self,
        *,
        kind: str,
        digest: str,
    ) -> None:
        self._fill(kind, digest)


@final
class HostFacts(Value):
    """What an installation sees of the host it runs on.

    Attributes:
        class_: What sort of host it is, such as a virtual machine: 1 to 64 bytes.
        facts: At most ``HOST_FACTS_MAX`` facts, none twice.
    """

    __slots__ = ("class_", "facts")
    _FIELDS = (("class_", PLAIN), ("facts", Many(Of(HostFact))))
    class_: str
    facts: tuple[HostFact, ...]

    def __init__(
        self,
        *,
        class_: str,
        facts: Iterable[HostFact],
    ) -> None:
        self._fill(class_, facts)


class KeyRole(Word):
    """What a key of a ring may sign; a key without a role signs everything but checkpoints."""

    ANSWERS = "answers"
    """Answers, and the revocation lists and time tokens that travel with them, such as the key of a
    server on the network."""
    CHECKPOINTS = "checkpoints"
    """Checkpoints of the vendor's history only."""
    LICENSES = "licenses"
    """Licences only."""


@final
class RingKey(Value):
    """A key of a ring and when it signs.

    A retired key, one with ``valid_until``, still vouches for what it signed in time. A revoked key
    vouches for nothing any more, because whoever stole it can write any date.

    Attributes:
        key: The public key.
        role: What it may sign; everything but key rings and checkpoints when absent.
        valid_from: The first instant at which it signs.
        valid_until: The first instant at which it signs no more; it does not end when absent.
        revoked_at: Since when it is revoked; nothing it signed is taken, whatever the date.

    Examples:
        >>> from datetime import datetime, timezone
        >>> from mlicense.documents import KeyRole, RingKey
        >>> key = RingKey(
        ...     key="11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
        ...     valid_from=datetime(2026, 3, 1, tzinfo=timezone.utc), role=KeyRole.LICENSES)
        >>> key.key.key_id, str(key.role), key.valid_until
        ('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k', 'licenses', None)
    """

    __slots__ = ("key", "revoked_at", "role", "valid_from", "valid_until")
    _FIELDS = (
        ("key", KEY),
        ("role", Maybe(OneWord(KeyRole))),
        ("valid_from", INSTANT),
        ("valid_until", Maybe(INSTANT)),
        ("revoked_at", Maybe(INSTANT)),
    )
    _OMITTED = frozenset({"role", "valid_until", "revoked_at"})
    key: PublicKey
    role: KeyRole | None
    valid_from: datetime
    valid_until: datetime | None
    revoked_at: datetime | None

    def __init__(
        self,
        *,
        key: PublicKey | str,
        valid_from: datetime,
        role: KeyRole | None = None,
        valid_until: datetime | None = None,
        revoked_at: datetime | None = None,
    ) -> None:
        self._fill(key, role, valid_from, valid_until, revoked_at)


@final
class KeyRingClaims(Value):
    """What a vendor says in a key ring.

    Attributes:
        number: Rises with every ring; a ring with a lower number never replaces one with a higher.
        issued_at: When the ring is signed.
        keys: 1 to ``RING_KEYS_MAX`` keys, none twice.

    Examples:
        >>> from datetime import datetime, timezone
        >>> from mlicense.documents import KeyRingClaims, RingKey
        >>> now, root = datetime(2026, 3, 1, tzinfo=timezone.utc), Signer.generate()
        >>> daily = RingKey(key=Signer.generate().public_key, valid_from=now)
        >>> document = KeyRing.issue(KeyRingClaims(number=1, issued_at=now, keys=[daily]), root)
        >>> KeyRing.verify(document, [root.public_key]).keys == (daily,)
        True
    """

    __slots__ = ("issued_at", "keys", "number")
    _FIELDS = (("number", PLAIN), ("issued_at", INSTANT), ("keys", Many(Of(RingKey))))
    number: int
    issued_at: datetime
    keys: tuple[RingKey, ...]

    def __init__(
        self,
        *,
        number: int,
        issued_at: datetime,
        keys: Iterable[RingKey],
    ) -> None:
        self._fill(number, issued_at, keys)


class LicenseKind(Word):
    """The sort of a licence; it names what the dates say and decides nothing by itself."""

    NODE_LOCKED = "node_locked"
    """For one host or installation."""
    PERPETUAL = "perpetual"
    """Without an end."""
    SITE = "site"
    """For a site."""
    SUBSCRIPTION = "subscription"
    """For paid periods."""
    TRIAL = "trial"
    """To try the product, with an end."""
    UPDATES_UNTIL = "updates_until"
    """Without an end, for versions released before a date."""


@final
class Span(Value):
    """The time from ``from`` up to and not including ``until``, or for ever.

    Attributes:
        from_: The first moment inside.
        until: The first moment after; without it the span does not end.
    """

    __slots__ = ("from_", "until")
    _FIELDS = (("from_", Of(Moment)), ("until", Maybe(Of(Moment))))
    _OMITTED = frozenset({"until"})
    from_: Moment
    until: Moment | None

    def __init__(
        self,
        *,
        from_: Moment,
        until: Moment | None = None,
    ) -> None:
        self._fill(from_, until)


@final
class SeatTerms(Value):
    """On what terms a licence has its seats given (S-MK-56, S-MK-58).

    What it leaves open is for the program that gives them, and usual where that says nothing
    either.

    Attributes:
        lease_seconds: For how many seconds a session lasts without a sign of life:
            ``LEASE_SECONDS_MIN`` to ``LEASE_SECONDS_MAX``, both inclusive.
        release_strict: Whether releasing what was not captured is refused, instead of doing
            nothing.
    """

    __slots__ = ("lease_seconds", "release_strict")
    _FIELDS = (("lease_seconds", Maybe(PLAIN)), ("release_strict", Maybe(PLAIN)))
    _OMITTED = frozenset({"lease_seconds", "release_strict"})
    lease_seconds: int | None
    release_strict: bool | None

    def __init__(
        self,
        *,
        lease_seconds: int | None = None,
        release_strict: bool | None = None,
    ) -> None:
        self._fill(lease_seconds, release_strict)


@final
class LicenseClaims(SimpleClaims):
    """What a licence says. In JSON its members bear the names of JSON Web Tokens where those exist.

    The constructors make simple licences; further fields may be set before it is signed.

    Attributes:
        vendor: Who licenses.
        customer: Who is licensed.
        product: What is licensed.
        serial: The vendor's number of this licence: 1 to 64 bytes.
        issued_at: When the licence is signed; in JSON seconds of UTC.
        licensee: Who is licensed, to be shown: 1 to 256 bytes.
        kind: The sort of the licence.
        licensed: When use is licensed.
        grace: When use is let pass although it is not licensed; always with an end.
        updates_until: Versions released from this moment on are not covered.
        offline_until: From this moment on an installation may use the licence only after it got a
            newer one from the vendor; for ever when absent. It prolongs nothing.
        features: At most ``FEATURES_MAX`` features; the product as a whole needs none.
        seats: On what terms the seats of its features are given; the usual ones when absent.
        devices: The devices that the licence covers, 1 to ``DEVICES_MAX`` and none twice; any when
            absent.
        host: The host the licence is bound to; any when absent.
        installation: The installation the licence was made for; any when absent.
        nonce: The request that the licence answers.

    Examples:
        >>> from datetime import date
        >>> from mlicense.documents import Feature, LicenseClaims
        >>> claims = LicenseClaims.until(
        ...     "editor", "Example Ltd", date(2027, 3, 1), zone="Europe/Paris")
        >>> print(claims.licensed.until.day, claims.licensed.until.at)
        2027-03-01 2027-02-28 23:00:00+00:00
        >>> counted = claims.replace(features={"export": Feature(quantity=5)})
        >>> counted.features["export"].quantity
        5
        >>> License.issue(claims.replace(licensed=None), Signer.generate())
        Traceback (most recent call last):
        mlicense.errors.Refusal: the licence contradicts itself: ...
    """

    __slots__ = (
        "customer",
        "devices",
        "features",
        "grace",
        "host",
        "installation",
        "issued_at",
        "kind",
        "licensed",
        "licensee",
        "nonce",
        "offline_until",
        "product",
        "seats",
        "serial",
        "updates_until",
        "vendor",
    )
    _FIELDS = (
        ("vendor", Maybe(PLAIN)),
        ("customer", Maybe(PLAIN)),
        ("product", PLAIN),
        ("serial", Maybe(PLAIN)),
        ("issued_at", SECONDS),
        ("licensee", Maybe(PRIVATE)),
        ("kind", OneWord(LicenseKind)),
        ("licensed", Maybe(Of(Span))),
        ("grace", Maybe(Of(Span))),
        ("updates_until", Maybe(Of(Moment))),
        ("offline_until", Maybe(Of(Moment))),
        ("features", Table(Of(Feature))),
        ("seats", Maybe(Of(SeatTerms))),
        ("devices", Maybe(Many(PLAIN))),
        ("host", Maybe(Of(HostBinding))),
        ("installation", Maybe(PLAIN)),
        ("nonce", Maybe(PLAIN)),
    )
    _OMITTED = frozenset(
        {
            "vendor",
            "customer",
            "serial",
            "licensee",
            "licensed",
            "grace",
            "updates_until",
            "offline_until",
            "seats",
            "devices",
            "host",
            "installation",
            "nonce",
        }
    )
    _NAMED = (
        ("vendor", "iss"),
        ("customer", "sub"),
        ("product", "aud"),
        ("serial", "jti"),
        ("issued_at", "iat"),
    )
    vendor: str | None
    customer: str | None
    product: str
    serial: str | None
    issued_at: datetime
    licensee: str | None
    kind: LicenseKind
    licensed: Span | None
    grace: Span | None
    updates_until: Moment | None
    offline_until: Moment | None
    features: Mapping[str, Feature]
    seats: SeatTerms | None
    devices: tuple[str, ...] | None
    host: HostBinding | None
    installation: str | None
    nonce: str | None

    def __init__(
        self,
        *,
        product: str,
        issued_at: datetime,
        kind: LicenseKind,
        vendor: str | None = None,
        customer: str | None = None,
        serial: str | None = None,
        licensee: str | None = None,
        licensed: Span | None = None,
        grace: Span | None = None,
        updates_until: Moment | None = None,
        offline_until: Moment | None = None,
        features: Mapping[str, Feature] = EMPTY,
        seats: SeatTerms | None = None,
        devices: Iterable[str] | None = None,
        host: HostBinding | None = None,
        installation: str | None = None,
        nonce: str | None = None,
    ) -> None:
        self._fill(
            vendor,
            customer,
            product,
            serial,
            issued_at,
            licensee,
            kind,
            licensed,
            grace,
            updates_until,
            offline_until,
            features,
            seats,
            devices,
            host,
            installation,
            nonce,
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
        issued_at: When the request was written, by the installation's clock; in JSON seconds of
            UTC.
    """

    __slots__ = (
        "code",
        "customer",
        "devices",
        "epoch",
        "group",
        "host",
        "issued_at",
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
        ("issued_at", SECONDS),
    )
    _OMITTED = frozenset(
        {"system", "customer", "code", "number", "owner", "host", "group", "label", "epoch"}
    )
    _NAMED = (("issued_at", "iat"),)
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
    issued_at: datetime

    def __init__(
        self,
        *,
        kind: RequestKind,
        product: str,
        nonce: str,
        issued_at: datetime,
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
            issued_at,
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
        issued_at: When the list is signed; in JSON seconds of UTC.
        next_update: When the next list is due, after ``issued_at``; in JSON seconds of UTC.
        licenses: Licences by their serials; at most ``REVOCATIONS_MAX``.
        keys: Keys of the ring that vouch for nothing any more; at most ``REVOCATIONS_MAX``. A root
            key that is named here stays trusted.
        installations: Installations; at most ``REVOCATIONS_MAX``.
    """

    __slots__ = ("installations", "issued_at", "keys", "licenses", "next_update", "number")
    _FIELDS = (
        ("number", PLAIN),
        ("issued_at", SECONDS),
        ("next_update", SECONDS),
        ("licenses", Table(Of(Revocation))),
        ("keys", Table(Of(Revocation))),
        ("installations", Table(Of(Revocation))),
    )
    _OMITTED = frozenset({"licenses", "keys", "installations"})
    _NAMED = (("issued_at", "iat"),)
    number: int
    issued_at: datetime
    next_update: datetime
    licenses: Mapping[str, Revocation]
    keys: Mapping[str, Revocation]
    installations: Mapping[str, Revocation]

    def __init__(
        self,
        *,
        number: int,
        issued_at: datetime,
        next_update: datetime,
        licenses: Mapping[str, Revocation] = EMPTY,
        keys: Mapping[str, Revocation] = EMPTY,
        installations: Mapping[str, Revocation] = EMPTY,
    ) -> None:
        self._fill(number, issued_at, next_update, licenses, keys, installations)


@final
class TimeClaims(Value):
    """What a time token says.

    Attributes:
        nonce: The request that asked.
        installation: The installation that asked.
        issued_at: The time by the vendor's clock when the token is signed; in JSON seconds of UTC.

    Examples:
        >>> from datetime import datetime, timezone
        >>> root = Signer.generate()
        >>> asked = Request.verify(Client("editor", [root.public_key]).request("trial"))
        >>> noon = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
        >>> document = TimeToken.issue(asked, root, issued_at=noon)
        >>> token = TimeToken.verify(document, [root.public_key])
        >>> token.claims.issued_at == noon, token.claims.installation == asked.installation
        (True, True)
    """

    __slots__ = ("installation", "issued_at", "nonce")
    _FIELDS = (("nonce", PLAIN), ("installation", PLAIN), ("issued_at", SECONDS))
    _NAMED = (("issued_at", "iat"),)
    nonce: str
    installation: str
    issued_at: datetime

    def __init__(
        self,
        *,
        nonce: str,
        installation: str,
        issued_at: datetime,
    ) -> None:
        self._fill(nonce, installation, issued_at)
