"""Conversions over the Rust crates; import `mlicense` instead."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Any, TypeAlias, TypeVar, final, overload

from typing_extensions import Self

from mlicense._tagged import Calculation, Command, Event, Query
from mlicense.answers import Diagnosis, HostFacts, Kept, NextAction, Usage
from mlicense.customers import Customers
from mlicense.documents import (
    AnswerClaims,
    KeyRingClaims,
    LicenseClaims,
    RequestFields,
    RequestKind,
    Revocation,
    RevocationClaims,
    RingKey,
    TimeClaims,
)
from mlicense.errors import Refusal
from mlicense.explanation import Explanation, Fact
from mlicense.outbox import Outbox
from mlicense.outcome import Outcome
from mlicense.partners import Partners
from mlicense.plan import Plan
from mlicense.products import Products
from mlicense.reports import Consistency, Inclusion, KeptCheckpoint, Verified
from mlicense.streams import Coming, History, Journal
from mlicense.views import Warning as PlanWarning

_Json: TypeAlias = Mapping[str, Any] | str
_Command: TypeAlias = Command | _Json
_Answer = TypeVar("_Answer")
_Document: TypeAlias = bytes | str
_Key: TypeAlias = PublicKey | str

__all__ = [
    "Accepted",
    "Actor",
    "Answer",
    "Checkpoint",
    "Client",
    "Clock",
    "Code",
    "Decision",
    "Feature",
    "KeyRing",
    "Ledger",
    "License",
    "Preview",
    "PublicKey",
    "Reason",
    "Receipt",
    "Request",
    "RevocationList",
    "Seat",
    "SeatLedger",
    "Signer",
    "Site",
    "TimeToken",
    "TreeHead",
    "Written",
    "__version__",
    "calculate",
    "command",
    "diagnose",
    "language",
    "refused",
    "simple_claims",
    "switched",
]

__version__: str

@overload
def calculate(calculation: Calculation[_Answer]) -> _Answer: ...
@overload
def calculate(calculation: _Json) -> Any:
    """Does the pure arithmetic, without a ledger.

    For quotations, for tests, and to see how a figure came about.

    Args:
        calculation: A value of ``mlicense.calculations``, or a mapping or JSON text with one
            member.

    Returns:
        What was calculated: for a value of ``mlicense.calculations`` one of its own type, of
        ``mlicense.views``; for a mapping or text a dict or list, without the name of what was
        asked.

    Raises:
        InputError: ``JSON_INVALID`` for what is no calculation.
        Refusal: What the rule refuses, such as ``INSUFFICIENT_WALLET``.

    Examples:
        >>> from datetime import date
        >>> from mlicense.calculations import Growth, Wallet
        >>> from mlicense.values import StoredLot
        >>> calculate(Growth(base=10, allocated=10, devices=21, percent=100)).extra_now
        1
        >>> lots = [StoredLot(quantity=3, stored_on=date(2026, 3, 1))]
        >>> calculate(Wallet(lots=lots, storage_years=5, today=date(2026, 6, 1), quantity=4))
        Traceback (most recent call last):
        mlicense.errors.Refusal: the wallet holds 3 usable licences of type `any`, 4 are wanted
    """

def command(arguments: Sequence[str]) -> int:
    """Runs a command line of the command ``mlicense`` on the streams of this process.

    The same code as the program of that name; ``docs/command.md`` explains it.

    Args:
        arguments: The command line, of which the first is the name of the program.

    Returns:
        The exit code.

    Examples:
        >>> command(["mlicense", "codes", "check", "ACME-5x4", "ACME-99999-99999-99999-999UU"])
        0
    """

def diagnose(
    product: str,
    addresses: list[str] | None = None,
    probe: Callable[[str], object] | None = None,
    *,
    language: str = "en",
    state: str | PathLike[str] | None = None,
    kept: bytes | None = None,
    vendor: str | None = None,
    facts: HostFacts | _Json | None = None,
    declared_id: str | None = None,
    customer: str | None = None,
    built_on: date | None = None,
) -> Diagnosis:
    """Looks at what a client would need, without opening one.

    When a client cannot be opened, this says why. Nothing is made or changed, but for an
    empty file that is tried out and removed.

    Args:
        product: The product's id.
        addresses: What the program wants to reach, each to be tried by itself.
        probe: Tries to reach an address as the program does, and raises when it cannot;
            may return which way it went, such as ``"past the proxy"``.
        language: A code or locale: ``en``, ``ru``, ``ja`` or ``fr``; English for any other.
        state: As for :class:`Client`, like the rest.
        kept: The state in bytes.
        vendor: The vendor's id.
        facts: What is known of the host.
        declared_id: An id of the host.
        customer: The customer's id.
        built_on: The day the program was built.

    Returns:
        What was found, with a problem where something is wrong; true when nothing is.

    Raises:
        InputError: ``FIELD_INVALID`` for addresses without a probe, or for an option.

    Examples:
        >>> def probe(address):
        ...     raise OSError("no route to host")
        >>> found = diagnose("editor", ["lic.example.com:443"], probe, state="/proc/nowhere")
        >>> sorted({finding.part for finding in found.problems})
        ['network', 'state']
    """

def language(locale: str) -> str:
    """Finds the language of a code or locale.

    Args:
        locale: A code such as ``ru`` or a locale such as ``ru_RU.UTF-8``.

    Returns:
        ``en``, ``ru``, ``ja`` or ``fr``; ``en`` for anything else.
    """

def refused(name: str, details: dict[str, str]) -> Refusal:
    """Makes the exception of a refusal, for the parts of the package that are written in Python.

    Args:
        name: The stable name of its kind.
        details: The facts that its text is made of.

    Returns:
        The exception, which is not raised.
    """

def switched(switch: str, allowed: bool) -> str:
    """Says how the switch of a module stands after a check; use :meth:`Switch.after`.

    Args:
        switch: How it stood: ``On``, ``DisabledByLicense`` or ``DisabledByUser``.
        allowed: Whether the check allowed the module.

    Returns:
        How it stands, in the same words.

    Raises:
        InputError: ``FIELD_INVALID`` for another word.
    """

def simple_claims(
    kind: str,
    product: str,
    licensee: str,
    *,
    start: date | None = None,
    until: date | None = None,
    zone: str = "UTC",
    issued_at: datetime | None = None,
) -> dict[str, Any]:
    """Makes the claims of a simple licence; `mlicense.LicenseClaims` has a method for each kind.

    Args:
        kind: ``perpetual``, ``updates_until``, ``until``, ``trial`` or ``subscription``.
        product: The product's id.
        licensee: Who is licensed, to be shown.
        start: The first day, where the kind wants it.
        until: The first day after, where the kind wants it.
        zone: The IANA time zone in which those days begin.
        issued_at: An aware datetime; now when left out.

    Returns:
        The claims in the form of JSON.
    """

@final
class PublicKey:
    """An Ed25519 public key that is neither malformed nor weak.

    Wherever a key is wanted its text will do. Keys are equal when their bytes are.

    Args:
        key: The 32 bytes of the key, or its text: 43 characters of base64url, as the member ``x``
            of a JSON Web Key.

    Raises:
        Refusal: ``KEY_WEAK`` for anything else, and for a key under which anyone can sign.

    Examples:
        >>> key = PublicKey("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
        >>> key.key_id
        'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k'
        >>> PublicKey(bytes(key)) == key
        True
        >>> PublicKey("AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
        Traceback (most recent call last):
        mlicense.errors.Refusal: the public key is of small order
    """

    def __new__(cls, key: bytes | _Key) -> Self: ...
    @property
    def key_id(self) -> str:
        """The name of the key: the thumbprint of its JSON Web Key (RFC 7638)."""

    def jwk(self) -> dict[str, str]:
        """Gives the key as a JSON Web Key (RFC 8037).

        Returns:
            The members ``kty``, ``crv``, ``x`` and ``kid``, for other libraries.
        """

    def verify(self, message: bytes, signature: bytes) -> None:
        """Checks a signature over the exact bytes of a message.

        Args:
            message: The bytes that were signed.
            signature: The 64 bytes of the signature.

        Raises:
            Refusal: ``SIGNATURE_INVALID`` when it does not hold.
        """

    def __bytes__(self) -> bytes: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[type[PublicKey], tuple[str]]: ...

@final
class Signer:
    """A private key that signs: the vendor's, or another.

    The private key cannot be read back or printed; keep the seed where it came from.

    Examples:
        >>> signer = Signer.from_seed(bytes(31) + b"7")
        >>> signature = signer.sign(b"note")
        >>> signer.public_key.verify(b"note", signature)
        >>> signer.public_key.verify(b"Note", signature)
        Traceback (most recent call last):
        mlicense.errors.Refusal: the signature does not hold: the message was changed after signing
    """

    @staticmethod
    def generate() -> Signer:
        """Makes a new key from the operating system's random bytes.

        Its seed is nowhere kept: for a key that is to live on, keep 32 random bytes and use
        :meth:`from_seed`.

        Returns:
            The signer.
        """

    @staticmethod
    def from_seed(seed: bytes) -> Signer:
        """Makes the key of a seed.

        Args:
            seed: 32 random bytes, kept secret.

        Returns:
            The signer.

        Raises:
            InputError: ``FIELD_INVALID`` for another number of bytes.
        """

    @property
    def public_key(self) -> PublicKey:
        """The public key to hand out."""

    @property
    def key_id(self) -> str:
        """The name under which documents cite the key."""

    def sign(self, message: bytes) -> bytes:
        """Signs the exact bytes of a message, which must not look like a document.

        Args:
            message: The bytes to sign.

        Returns:
            The 64 bytes of the signature.
        """

@final
class KeyRing:
    """A key ring whose signature was verified: the keys that sign for the vendor."""

    @staticmethod
    def issue(claims: KeyRingClaims | _Json, root: Signer) -> bytes:
        """Signs a key ring with a root key.

        Args:
            claims: ``mlicense.documents.KeyRingClaims``, or the same as a mapping or JSON text.
            root: A root key of the vendor.

        Returns:
            The signed document.

        Raises:
            InputError: ``JSON_INVALID`` for a member that is missing or not known.
            Refusal: ``CLAIMS_CONTRADICTORY`` without keys, with one twice, or with one whose time
                ends before it starts.

        Examples:
            >>> from datetime import datetime, timezone
            >>> from mlicense.documents import KeyRingClaims, RingKey
            >>> root, daily = Signer.generate(), Signer.generate()
            >>> now = datetime(2026, 3, 1, tzinfo=timezone.utc)
            >>> keys = [RingKey(key=daily.public_key, valid_from=now)]
            >>> claims = KeyRingClaims(number=1, issued_at=now, keys=keys)
            >>> document = KeyRing.issue(claims, root)
            >>> KeyRing.verify(document, [root.public_key]).number
            1
        """

    @staticmethod
    def verify(document: _Document, roots: Iterable[_Key]) -> KeyRing:
        """Reads a key ring that one of the root keys must have signed.

        Args:
            document: The signed document.
            roots: The vendor's root keys, or their texts.

        Returns:
            The key ring.

        Raises:
            Refusal: ``KEY_NOT_TRUSTED`` when another key signed it, ``SIGNATURE_INVALID`` when it
                was changed, and the like.
        """

    @property
    def number(self) -> int:
        """The number of the ring, which rises with every ring."""

    @property
    def issued_at(self) -> datetime:
        """When the ring was signed."""

    @property
    def keys(self) -> tuple[RingKey, ...]:
        """The keys, ordered by their names, as :meth:`issue` takes them."""

@final
class Clock:
    """A clock for tests of programs: it stands until it is told what time it is.

    Given to a :class:`Client` or :class:`Ledger` in the place of the system's, it sets the time of
    everything they do. Usable from many threads at once.

    Args:
        now: An aware datetime; whatever is less than a second is dropped.

    Raises:
        InputError: ``INSTANT_INVALID`` for a naive datetime.

    Examples:
        >>> from datetime import date, datetime, timedelta, timezone
        >>> from mlicense.testing import Clock
        >>> clock = Clock(datetime(2026, 3, 1, 9, tzinfo=timezone.utc))
        >>> root = Signer.generate()
        >>> client = Client("editor", [root.public_key], clock=clock)
        >>> claims = LicenseClaims.until("editor", "Example Ltd", date(2026, 4, 1), zone="UTC",
        ...     issued_at=clock.now)
        >>> client.accept(License.issue(claims, root)).changed
        True
        >>> bool(client.check("editor"))
        True
        >>> clock.advance(timedelta(days=31))
        >>> print(client.check("editor"))
        `editor` may not run: the last licensed day was 2026-03-31
    """

    def __new__(cls, now: datetime) -> Self: ...
    @property
    def now(self) -> datetime:
        """What the clock says."""

    def advance(self, by: timedelta) -> None:
        """Lets time pass, as it does while a program runs.

        Args:
            by: How much; none of it backwards.

        Raises:
            InputError: ``INSTANT_INVALID`` for less than nothing, and past the year 9999.
        """

    def set(self, now: datetime) -> None:
        """Sets the clock, forwards or backwards, as whoever changes the time of a machine.

        Args:
            now: An aware datetime.

        Raises:
            InputError: ``INSTANT_INVALID`` for a naive datetime.
        """

@final
class Code:
    """A licence key, coupon or registration number that people copy by hand; a secret.

    Prints masked; only :meth:`reveal` gives it away. Codes are equal however they were typed.

    Examples:
        >>> code = Code.parse("ACME-5x4", " acme 99999-99999-99999-999uu ")
        >>> print(code)
        ACME-*****-*****-*****-*99UU
        >>> code.reveal()
        'ACME-99999-99999-99999-999UU'
        >>> Code.parse("ACME-5x4", "ACME-99999-96999-99999-999YN")
        Traceback (most recent call last):
        mlicense.errors.Refusal: the code is mistyped: `ACME-*****-*?***-*****-*****`
    """

    @staticmethod
    def generate(form: str) -> Code:
        """Makes a code from the operating system's random bytes.

        Args:
            form: A form such as ``ACME-5x4``: a prefix, and symbols in fives, four times; 18 to
                31 symbols in groups of 4 to 8.

        Returns:
            The code.

        Raises:
            InputError: ``FIELD_INVALID`` for what is no such form.
        """

    @staticmethod
    def parse(form: str, typed: str) -> Code:
        """Reads what someone typed or pasted.

        Blanks, dashes, case and letters that look alike do not matter.

        Args:
            form: The form of the code.
            typed: What was typed.

        Returns:
            The code.

        Raises:
            Refusal: ``CODE_INVALID`` for another form, ``CODE_FOREIGN_CHARACTER`` for a character
                that no code has, ``CODE_MISTYPED`` where the check symbols do not hold.
        """

    @staticmethod
    def opaque(text: str) -> Code:
        """Takes a code that was issued elsewhere: 4 to 128 printable ASCII characters.

        Args:
            text: The code.

        Returns:
            The code.

        Raises:
            Refusal: ``CODE_INVALID`` for another length, ``CODE_FOREIGN_CHARACTER`` for other
                characters.
        """

    def reveal(self) -> str:
        """Gives the whole code, to hand to the one it is for.

        Returns:
            The code as people write it.
        """

    def __hash__(self) -> int: ...

@final
class License:
    """A licence whose signature was verified.

    Examples:
        >>> vendor = Signer.generate()
        >>> claims = LicenseClaims.perpetual("editor", "Example Ltd")
        >>> document = License.issue(claims, vendor)
        >>> License.verify(document, [vendor.public_key]).claims == claims
        True
        >>> License.verify(document, [Signer.generate().public_key])
        Traceback (most recent call last):
        mlicense.errors.Refusal: signed by key ..., which is not trusted here
    """

    @staticmethod
    def issue(claims: LicenseClaims | _Json, signer: Signer) -> bytes:
        """Signs a licence; the same claims and key give the same bytes.

        Args:
            claims: :class:`LicenseClaims`, or a mapping or JSON text in the form that
                ``docs/formats.md`` lists under "Licence".
            signer: A root key of the vendor, or a key of its key ring.

        Returns:
            The signed document: a JSON Web Signature, which other libraries verify too.

        Raises:
            InputError: ``JSON_INVALID`` for a member that is missing or not known,
                ``FIELD_INVALID`` for a text that is too long.
            Refusal: ``CLAIMS_CONTRADICTORY`` when the claims cannot all be true.
        """

    @staticmethod
    def verify(
        document: _Document, roots: Iterable[_Key], key_ring: _Document | None = None
    ) -> License:
        """Reads a licence that a trusted key must have signed; whether it has ended is not asked.

        Args:
            document: The signed document.
            roots: The vendor's root keys, or their texts.
            key_ring: The signed key ring that names the signer, where no root key signed.

        Returns:
            The licence.

        Raises:
            InputError: ``INPUT_TOO_LARGE`` for more than 65536 bytes.
            Refusal: ``DOCUMENT_MALFORMED``, ``DOCUMENT_WRONG_TYPE``, ``KEY_NOT_TRUSTED``,
                ``KEY_NOT_VALID`` or ``SIGNATURE_INVALID``.
        """

    @property
    def claims(self) -> LicenseClaims:
        """What the licence says."""

    @property
    def signed_by(self) -> str:
        """The name of the key that signed the licence."""

@final
class Actor:
    """Who gives a command; recorded for ever, so an id and never a name or an address.

    Examples:
        >>> Actor.vendor("back-office")
        Actor.vendor('back-office')
        >>> Actor.customer_manager("u17", customer="c1").customer
        'c1'
    """

    @staticmethod
    def vendor(actor_id: str) -> Actor:
        """A program or person of the vendor.

        Args:
            actor_id: Its id: 1 to 64 letters, digits, ``.``, ``_`` and ``-``.

        Returns:
            The actor.

        Raises:
            InputError: ``FIELD_INVALID`` for another id.
        """

    @staticmethod
    def customer_manager(actor_id: str, *, customer: str) -> Actor:
        """A user of a customer who manages its licences, and those of no other.

        Args:
            actor_id: The user's id.
            customer: The customer's id.

        Returns:
            The actor.

        Raises:
            InputError: ``FIELD_INVALID`` for another id.
        """

    @staticmethod
    def partner_user(actor_id: str, *, partner: str, administrator: bool = False) -> Actor:
        """A user of a partner, who acts for customers that chose the partner as their dealer.

        Args:
            actor_id: The user's id.
            partner: The partner's id.
            administrator: Whether it also manages the partner's users.

        Returns:
            The actor.

        Raises:
            InputError: ``FIELD_INVALID`` for another id.
        """

    @staticmethod
    def of_session(session: _Json) -> Actor:
        """The actor that a session names: what the question ``sign_in`` answers with.

        Args:
            session: The session, a mapping or JSON text.

        Returns:
            The actor.

        Raises:
            InputError: ``JSON_INVALID`` for what is no session.
        """

    @property
    def role(self) -> str:
        """The role, such as ``vendor``."""

    @property
    def id(self) -> str:
        """The id."""

    @property
    def customer(self) -> str | None:
        """The customer the actor belongs to, for roles at a customer."""

    @property
    def partner(self) -> str | None:
        """The partner the actor belongs to, for roles at a partner."""

@final
class Receipt:
    """What a command has written; the same command is always answered with the same receipt."""

    @property
    def command(self) -> str:
        """The id of the command: the idempotency key, or a random one."""

    @property
    def at(self) -> datetime:
        """When it was decided, the first time."""

    @property
    def events(self) -> tuple[Written, ...]:
        """The events, in order; none when there was nothing to change."""

@final
class Written:
    """An event that a command has written."""

    @property
    def stream(self) -> str:
        """The stream, such as ``customer/c1``."""

    @property
    def index(self) -> int:
        """The event's index in its stream, from 1."""

    @property
    def kind(self) -> str:
        """The name of the event, such as ``allocated``."""

    @property
    def chain(self) -> str:
        """The chain hash of the stream after the event, lower-case hex."""

@final
class Preview:
    """What a command would do.

    Examples:
        >>> ledger = vendor()
        >>> preview = ledger.preview({"register_customer": {"customer": "c9", "zone": "UTC"}})
        >>> print(preview.events[0], preview.refusal)
        The customer was registered: zone UTC None
        >>> refused = ledger.preview({"register_customer": {"customer": "c1", "zone": "UTC"}})
        >>> print(refused.token, refused.refusal.text("fr"))
        None le client `c1` est déjà enregistré
    """

    @property
    def token(self) -> str | None:
        """What to give to :meth:`Ledger.commit`; none when the command would be refused."""

    @property
    def events(self) -> tuple[Event, ...]:
        """The events that would be written, of a class in ``mlicense.events`` each."""

    @property
    def warnings(self) -> tuple[PlanWarning, ...]:
        """What to know before confirming."""

    @property
    def refusal(self) -> Refusal | None:
        """The refusal, when the command would be refused; not raised."""

@final
class Request:
    """A request whose signature was verified.

    It proves that the sender holds the key of the installation named, and nothing about who that
    is.
    """

    @staticmethod
    def verify(document: _Document) -> Request:
        """Reads a request and checks that its sender holds the key it names.

        Args:
            document: The signed request.

        Returns:
            The request.

        Raises:
            InputError: ``INPUT_TOO_LARGE`` for more than 65536 bytes.
            Refusal: ``DOCUMENT_MALFORMED``, ``DOCUMENT_WRONG_TYPE``, ``KEY_WEAK`` or
                ``SIGNATURE_INVALID``.
        """

    @property
    def fields(self) -> RequestFields:
        """What the request says."""

    @property
    def installation(self) -> str:
        """The installation that asks: the name of its key."""

    def explain(self, language: str = "en") -> str:
        """Says in words, line by line, what the request tells the vendor and what it keeps.

        It is to be shown before the request is sent. A number or coupon is shown by its end only;
        of the host the kinds of facts are named, whose values the request does not hold.

        Args:
            language: A code or locale: ``en``, ``ru``, ``ja`` or ``fr``; English for any other.

        Returns:
            One line for each thing told.
        """

@final
class Answer:
    """An answer whose signature was verified, and the signatures of what it carries."""

    @staticmethod
    def verify(
        document: _Document, roots: Iterable[_Key], key_ring: _Document | None = None
    ) -> Answer:
        """Reads an answer and all that it carries.

        Whether it is to this installation and its latest request is for the caller to compare;
        :meth:`Client.accept` does.

        Args:
            document: The signed answer.
            roots: The vendor's root keys, or their texts.
            key_ring: The newest signed key ring known, if any.

        Returns:
            The answer.

        Raises:
            InputError: ``INPUT_TOO_LARGE`` for more than 65536 bytes.
            Refusal: ``DOCUMENT_MALFORMED``, ``DOCUMENT_WRONG_TYPE``, ``KEY_NOT_TRUSTED``,
                ``KEY_NOT_VALID`` or ``SIGNATURE_INVALID``, for the answer or what it carries.
        """

    @property
    def claims(self) -> AnswerClaims:
        """What the answer says."""

    @property
    def license(self) -> License | None:
        """The licence inside, if there is one."""

@final
class RevocationList:
    """A revocation list whose signature was verified: what the vendor has revoked.

    Revoked is what the newest list names, and nothing else: being left out revokes nothing. A list
    that is late, or none at all, revokes nothing either. :meth:`Client.accept` keeps the newest.

    Examples:
        >>> vendor = Signer.generate()
        >>> sold = LicenseClaims.perpetual("editor", "Example Ltd")
        >>> sold = License.issue(sold.replace(serial="L-7"), vendor)
        >>> refunded = {"L-7": {"at": 1775001600, "reason": "refunded"}}
        >>> claims = {"number": 1, "iat": 1775001600, "next_update": 1775606400}
        >>> document = RevocationList.issue({**claims, "licenses": refunded}, vendor)
        >>> revoked = RevocationList.verify(document, [vendor.public_key])
        >>> revoked.revocation_of(License.verify(sold, [vendor.public_key])).reason
        'refunded'
        >>> RevocationList.issue({**claims, "next_update": 1775001600}, vendor)
        Traceback (most recent call last):
        mlicense.errors.Refusal: the revocation list contradicts itself: ...
    """

    @staticmethod
    def issue(claims: RevocationClaims | _Json, signer: Signer) -> bytes:
        """Signs a revocation list, to be published with the command ``publish_revocations``.

        Args:
            claims: A mapping or JSON text with the members that ``docs/formats.md`` lists under
                "Revocation list"; a member that is not known is refused.
            signer: A root key of the vendor, or a key of its key ring for answers.

        Returns:
            The signed document.

        Raises:
            InputError: ``JSON_INVALID`` for a member that is missing or not known,
                ``FIELD_INVALID`` for a reason of more than 64 bytes or none.
            Refusal: ``CLAIMS_CONTRADICTORY`` when the next list is due before this one is signed,
                something is revoked from later than that, or the signer is revoked.
        """

    @staticmethod
    def verify(
        document: _Document, roots: Iterable[_Key], key_ring: _Document | None = None
    ) -> RevocationList:
        """Reads a list that a trusted key must have signed; whether it is late is not asked.

        Args:
            document: The signed document.
            roots: The vendor's root keys, or their texts.
            key_ring: The signed key ring that names the signer, where no root key signed.

        Returns:
            The list.

        Raises:
            InputError: ``INPUT_TOO_LARGE`` for more than 65536 bytes.
            Refusal: ``DOCUMENT_MALFORMED``, ``DOCUMENT_WRONG_TYPE``, ``KEY_NOT_TRUSTED``,
                ``KEY_NOT_VALID``, ``SIGNATURE_INVALID`` or ``CLAIMS_CONTRADICTORY``.
        """

    @property
    def claims(self) -> RevocationClaims:
        """What the list says, in the form in which :meth:`issue` takes it."""

    @property
    def number(self) -> int:
        """The number of the list, which rises with every list."""

    @property
    def issued_at(self) -> datetime:
        """When the list was signed."""

    @property
    def next_update(self) -> datetime:
        """When the next list is due."""

    @property
    def signed_by(self) -> str:
        """The name of the key that signed the list."""

    def is_stale(self, now: datetime | None = None) -> bool:
        """Says whether a newer list is due: a reason to warn and to ask for it, none to deny.

        Args:
            now: An aware datetime; now when left out.

        Returns:
            Whether ``next_update`` has come.
        """

    def revocation_of(self, held: License) -> Revocation | None:
        """Finds the revocation of a licence, by its serial or the installation it was made for.

        Args:
            held: A licence that was verified.

        Returns:
            Since when, and why; None when the list names neither.
        """

@final
class TimeToken:
    """A time token whose signature was verified: what time it was when the vendor signed it.

    It was signed after the request that it answers was written. So it is not earlier than its
    instant, whatever the clock of the host says. :meth:`Client.accept` makes that comparison.

    Examples:
        >>> from datetime import datetime, timezone
        >>> vendor = Signer.generate()
        >>> asked, other = (
        ...     Request.verify(Client("editor", [vendor.public_key]).request("trial"))
        ...     for _ in range(2))
        >>> noon = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
        >>> document = TimeToken.issue(asked, vendor, issued_at=noon)
        >>> token = TimeToken.verify(document, [vendor.public_key])
        >>> token.require_request(asked)
        >>> print(token.instant)
        2026-03-01 12:00:00+00:00
        >>> token.require_request(other)
        Traceback (most recent call last):
        mlicense.errors.Refusal: the time token was made for another installation
    """

    @staticmethod
    def issue(request: Request, signer: Signer, *, issued_at: datetime | None = None) -> bytes:
        """Signs what time it is, for the installation that asked.

        The answers of a :class:`Ledger` carry a token already.

        Args:
            request: The request that asked.
            signer: A root key of the vendor, or a key of its key ring for answers.
            issued_at: An aware datetime; now when left out.

        Returns:
            The signed document.
        """

    @staticmethod
    def verify(
        document: _Document, roots: Iterable[_Key], key_ring: _Document | None = None
    ) -> TimeToken:
        """Reads a time token that a trusted key must have signed.

        Args:
            document: The signed document.
            roots: The vendor's root keys, or their texts.
            key_ring: The signed key ring that names the signer, where no root key signed.

        Returns:
            The token.

        Raises:
            InputError: ``INPUT_TOO_LARGE`` for more than 65536 bytes.
            Refusal: ``DOCUMENT_MALFORMED``, ``DOCUMENT_WRONG_TYPE``, ``KEY_NOT_TRUSTED``,
                ``KEY_NOT_VALID`` or ``SIGNATURE_INVALID``.
        """

    @property
    def claims(self) -> TimeClaims:
        """What the token says."""

    @property
    def instant(self) -> datetime:
        """The time by the vendor's clock when the token was signed."""

    @property
    def signed_by(self) -> str:
        """The name of the key that signed the token."""

    def require_request(self, request: Request) -> None:
        """Refuses a token for another request, such as one that was kept back.

        Args:
            request: The request that asked.

        Raises:
            Refusal: ``OTHER_INSTALLATION`` or ``OTHER_REQUEST``.
        """

@final
class TreeHead:
    """How many events a history has, and the root of the Merkle tree over them (RFC 6962).

    Hashes are texts: 44 characters of base64 with padding, as in checkpoints. Heads are equal when
    both are.

    Args:
        size: The number of leaves.
        root: The hash over all of them.

    Raises:
        InputError: ``FIELD_INVALID`` for a text that is no hash.

    Examples:
        >>> a, b = TreeHead.leaf(b"a"), TreeHead.leaf(b"b")
        >>> older, newer = TreeHead.over([a]), TreeHead.over([a, b])
        >>> older.verify_consistency(newer, [b])
        >>> newer.verify_inclusion(b, 1, [a])
        >>> newer.verify_inclusion(b, 0, [a])
        Traceback (most recent call last):
        mlicense.errors.Refusal: the proof does not hold: it does not lead to the root
    """

    def __new__(cls, size: int, root: str) -> Self: ...
    @staticmethod
    def over(leaves: Sequence[str]) -> TreeHead:
        """The head of the tree over leaves; hashes once for each of them.

        Args:
            leaves: The hashes of the entries, in their order.

        Returns:
            The head.

        Raises:
            InputError: ``FIELD_INVALID`` for a text that is no hash.
        """

    @staticmethod
    def leaf(entry: bytes) -> str:
        """The hash of an entry, told apart from that of a node above.

        Args:
            entry: The bytes of the entry.

        Returns:
            The hash.
        """

    @property
    def size(self) -> int:
        """The number of leaves."""

    @property
    def root(self) -> str:
        """The hash over all of them."""

    def verify_inclusion(self, leaf: str, index: int, proof: Sequence[str]) -> None:
        """Checks that a tree has a leaf at a place.

        Args:
            leaf: The hash of the entry.
            index: Its place, counted from 0.
            proof: The hashes that lead from the leaf to the root (RFC 9162, 2.1.3).

        Raises:
            InputError: ``FIELD_INVALID`` for a text that is no hash.
            Refusal: ``PROOF_INVALID``.
        """

    def verify_consistency(self, newer: TreeHead, proof: Sequence[str]) -> None:
        """Checks that a newer tree begins with the leaves of this one.

        Args:
            newer: The head of the newer tree.
            proof: The hashes that show it (RFC 9162, 2.1.4).

        Raises:
            InputError: ``FIELD_INVALID`` for a text that is no hash.
            Refusal: ``PROOF_INVALID``.
        """

    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[type[TreeHead], tuple[int, str]]: ...

@final
class Checkpoint:
    """A checkpoint: what a vendor states about its history.

    It is signed as a note that the tools of transparency logs read. Whoever keeps one can later
    have it proved that the history continues that of then.

    Args:
        origin: The name of the history, such as ``example.com/history``.
        head: How long the history is, and the hash over it.

    Raises:
        InputError: ``FIELD_INVALID`` for another name than 1 to 128 bytes without spaces and ``+``.
        Refusal: ``QUANTITY_OUT_OF_RANGE`` for more than 2**63 - 1 leaves.

    Examples:
        >>> vendor = Signer.generate()
        >>> head = TreeHead.over([TreeHead.leaf(b"the first event")])
        >>> note = Checkpoint("example.com/history", head).sign(vendor)
        >>> Checkpoint.verify(note, "example.com/history", [vendor.public_key]).head == head
        True
        >>> forged = note.replace(head.root.encode(), TreeHead.leaf(b"another").encode())
        >>> Checkpoint.verify(forged, "example.com/history", [vendor.public_key])
        Traceback (most recent call last):
        mlicense.errors.Refusal: the signature does not hold: the checkpoint was changed ...
    """

    def __new__(cls, origin: str, head: TreeHead) -> Self: ...
    @staticmethod
    def verify(
        note: _Document,
        origin: str,
        roots: Iterable[_Key],
        key_ring: _Document | None = None,
    ) -> Checkpoint:
        """Reads a checkpoint that a trusted key must have signed.

        Signatures of others, such as witnesses, are passed over.

        Args:
            note: The signed note.
            origin: The name of the history.
            roots: The vendor's root keys, or their texts.
            key_ring: The signed key ring, where a key of it for checkpoints may have signed.

        Returns:
            The checkpoint.

        Raises:
            InputError: ``FIELD_INVALID`` for what is no origin, ``INPUT_TOO_LARGE`` for more than
                131072 bytes.
            Refusal: ``DOCUMENT_MALFORMED``, ``KEY_NOT_TRUSTED``, ``SIGNATURE_INVALID`` or
                ``OTHER_ORIGIN``.
        """

    def sign(self, signer: Signer) -> bytes:
        """Signs the checkpoint; the same key gives the same bytes.

        Args:
            signer: A root key of the vendor, or a key of its key ring for checkpoints.

        Returns:
            The signed note.
        """

    @property
    def origin(self) -> str:
        """The name of the history."""

    @property
    def head(self) -> TreeHead:
        """How long the history is, and the hash over it."""

    def __hash__(self) -> int: ...

@final
class Client:
    """The customer's side: one installation of one product, and the licences it holds.

    Product and root keys are compiled into the program; nothing read from disk can take their
    place. Time is what the clock says, but never earlier than what was confirmed: a clock set back
    prolongs nothing. Usable from many threads at once; a check never fails.

    Args:
        product: The product's id.
        roots: The vendor's root keys, or their texts. The first one stays first for good: it also
            salts the digests of host facts.
        state: The folder that keeps the installation's key and licences. Without any place the
            state is in memory, and each client is a new installation that holds nothing.
        kept: The state as :meth:`state` gave it, for programs that keep it themselves; no bytes
            make a new installation.
        vendor: The vendor's id: keeps the state where the system keeps such things, for the whole
            machine where that is allowed and else for the user.
        facts: What is known of the host, instead of what this machine shows: :class:`HostFacts`, or
            ``{"class": "vm", "facts": [{"kind": "dmi_uuid", "value": "..."}]}``.
        declared_id: An id of the host, such as the name of a container's volume.
        customer: The customer's id: licences that name another, or none, are refused.
        built_on: The day the program was built, for licences that cover versions up to a day.
        fault_grace: For how many seconds every feature runs as grace when the state cannot be
            reached at the opening, at most 259200; 0 lets the opening fail.
        number_format: The form of the vendor's registration numbers, such as ``ACME-5x4``: what is
            typed is checked before it is sent, and a coupon needs a number.
        clock: A clock in the place of the system's, for tests.

    Raises:
        InputError: ``FIELD_INVALID`` without a root key, for an id that tells no hosts apart, or
            for more than one place.
        StorageError: ``STORE_CORRUPT`` for a damaged state, which is set aside so that the next
            opening starts afresh; other faults of the folder.

    Examples:
        >>> vendor = Signer.generate()
        >>> client = Client("editor", [vendor.public_key])
        >>> claims = LicenseClaims.perpetual("editor", "Example Ltd")
        >>> client.accept(License.issue(claims, vendor)).changed
        True
        >>> bool(client.check("editor")), bool(client.check("export"))
        (True, False)
        >>> client.require("export")
        Traceback (most recent call last):
        mlicense.errors.NotLicensed: `export` may not run: the licence does not include `export`
    """

    def __new__(
        cls,
        product: str,
        roots: Iterable[_Key],
        *,
        state: str | PathLike[str] | None = None,
        kept: bytes | None = None,
        vendor: str | None = None,
        facts: HostFacts | _Json | None = None,
        declared_id: str | None = None,
        customer: str | None = None,
        built_on: date | None = None,
        fault_grace: int = 0,
        number_format: str | None = None,
        clock: Clock | None = None,
    ) -> Self: ...
    def check(self, feature: str, *, now: datetime | None = None) -> Decision:
        """Decides whether a feature may run.

        Args:
            feature: The feature's id; the product's own id asks for the product as a whole. An
                unknown feature is denied.
            now: An aware datetime; the system's time when left out.

        Returns:
            The decision, which is false when denied.
        """

    def check_device(self, feature: str, device: str) -> Decision:
        """Decides whether a feature may run now for one device.

        A licence that names devices covers those, and one that names none covers any.

        Args:
            feature: The feature's id.
            device: The device's id.

        Returns:
            The decision, which is false when denied.

        Raises:
            InputError: ``FIELD_INVALID`` for what is no id of a device.
        """

    def feature(self, name: str) -> Feature:
        """Finds a feature, for code that asks at every turn.

        Args:
            name: The feature's id.

        Returns:
            The feature, which is true while it may run.
        """

    def capture(self, feature: str) -> Seat:
        """Captures a seat of a feature for one user of this program.

        A feature without a limit takes no seat, and is captured any number of times. Seats are
        counted for this client only; :class:`Site` counts those of several programs.

        Args:
            feature: The feature's id.

        Returns:
            The seat, to be given back with :meth:`Seat.release` or by leaving its ``with``.

        Raises:
            Refusal: ``NOT_LICENSED`` when the feature may not run, ``NO_FREE_LICENSE`` (1051) when
                all its seats are taken.
        """

    def usage(self) -> list[Usage]:
        """Lists every feature that may run now, with its limit and how many seats are taken here.

        Returns:
            The features in the order of their ids.
        """

    def available(self, feature: str) -> int | None:
        """Says how many seats of a feature are free in this program.

        They are nobody's: a feature that is counted is served only to who captured a seat.

        Args:
            feature: The feature's id.

        Returns:
            A count, 0 for a feature that may not run, or none for one that takes no seats.
        """

    def require(self, feature: str, *, now: datetime | None = None) -> Decision:
        """Stops a caller whose feature may not run.

        Args:
            feature: The feature's id.
            now: An aware datetime; the system's time when left out.

        Returns:
            The decision, which tells a grace from a licence.

        Raises:
            NotLicensed: When denied; it carries the decision.
        """

    def request(
        self, kind: RequestKind | str, *, now: datetime | None = None, **fields: Any
    ) -> bytes:
        """Writes a request for the vendor, signed with the installation's own key.

        It tells the host's facts as digests. Several requests may be under way at once.

        Args:
            kind: A :class:`RequestKind`, or its text: ``register``, ``number``, ``trial``,
                ``coupon``, ``system``, ``refresh``, ``rebind``, ``recover`` or ``release``.
            now: An aware datetime; the system's time when left out.
            **fields: What the kind needs: ``code`` for a coupon, ``system`` for a system, ``owner``
                (``email``, ``company``, ``contact``, ``zone``, ``phone``, ``tax_id``) to register
                or recover; where known ``number``, under which it asks, ``customer``, and
                ``devices``, a count by licence type; ``group``, the group of hosts that share a
                licence, to join it; and ``label``, what to call the host, which is told only where
                it is given: ask first, for it may name a person.

        Returns:
            The signed request, to be carried to the vendor.

        Raises:
            InputError: ``JSON_INVALID`` for an unknown kind or field.
            Refusal: ``CLAIMS_CONTRADICTORY`` when a field lacks that the kind needs.
            StorageError: When the state cannot be written.
        """

    @property
    def number(self) -> str | None:
        """The registration number kept, all but its tail masked; None when there is none."""

    def reveal_number(self) -> str | None:
        """The registration number that is kept, in full: for whoever asked to see it.

        Returns:
            The number, or None when there is none.
        """

    def enter_number(self, typed: str, *, now: datetime | None = None) -> bytes | None:
        """Writes a request to use a registration number here.

        The number is kept once the vendor's answer is accepted; from then on every request bears
        it.

        Args:
            typed: The number as it was typed.
            now: An aware datetime; the system's time when left out.

        Returns:
            The signed request, or None when this number is kept already.

        Raises:
            Refusal: ``NUMBER_LOCKED`` when another number is kept; ``CODE_INVALID``,
                ``CODE_MISTYPED`` and ``CODE_FOREIGN_CHARACTER`` for what is no number, where the
                form of numbers is known.
            StorageError: When the state cannot be written.
        """

    def change_number(self, typed: str, *, now: datetime | None = None) -> bytes | None:
        """Writes a request to use another registration number here than the one that is kept.

        The number that is kept stays until the vendor's answer is accepted.

        Args:
            typed: The number as it was typed.
            now: An aware datetime; the system's time when left out.

        Returns:
            The signed request, or None when this number is kept already.

        Raises:
            Refusal: ``CODE_INVALID``, ``CODE_MISTYPED`` and ``CODE_FOREIGN_CHARACTER`` for what is
                no number, where the form of numbers is known.
            StorageError: When the state cannot be written.
        """

    def remove_number(self, *, confirmed: bool = False) -> None:
        """Forgets the registration number.

        Licences stay until they end; the vendor is not told, and the host stays bound.

        Args:
            confirmed: Whether the user has confirmed it.

        Raises:
            Refusal: ``CONFIRMATION_NEEDED`` unless confirmed.
            StorageError: When the state cannot be written.
        """

    def deactivate(self, *, now: datetime | None = None) -> bytes:
        """Writes a request to give the licence back, before this installation is removed or moved.

        The licences stay until the vendor's answer is accepted: it is the signed receipt, and ends
        them.

        Args:
            now: An aware datetime; the system's time when left out.

        Returns:
            The signed request, to be carried to the vendor.

        Raises:
            StorageError: When the state cannot be written.
        """

    def next_action(self, *, now: datetime | None = None) -> NextAction:
        """Says what the program should do next to stay licensed, and when.

        Args:
            now: An aware datetime; the system's time when left out.

        Returns:
            What to do, from when on, and by when it is needed.
        """

    def state(self) -> bytes:
        """Gives the state, for programs that keep it themselves.

        It holds the installation's private key: keep it as a secret. Take it after each request
        and each accepted document, and now and then for what is known of the time.

        Returns:
            What ``kept`` takes.
        """

    def diagnose(
        self,
        addresses: list[str] | None = None,
        probe: Callable[[str], object] | None = None,
        *,
        language: str = "en",
    ) -> Diagnosis:
        """Looks at what can and cannot be read, written and reached.

        Args:
            addresses: What the program wants to reach, each to be tried by itself.
            probe: Tries to reach an address as the program does, and raises when it cannot;
                may return which way it went, such as ``"past the proxy"``.
            language: A code or locale: ``en``, ``ru``, ``ja`` or ``fr``; English for any other.

        Returns:
            What was found, with a problem where something is wrong; true when nothing is.

        Raises:
            InputError: ``FIELD_INVALID`` for addresses without a probe.
        """

    def accept(self, document: _Document, *, now: datetime | None = None) -> Accepted:
        """Accepts a signed document of the vendor's.

        It is an answer, a licence, a key ring, a revocation list or a time token. The same
        document again changes nothing, and neither does one that is refused.

        Args:
            document: The signed document.
            now: An aware datetime; the system's time when left out.

        Returns:
            What came of it.

        Raises:
            Refusal: ``SIGNATURE_INVALID``, ``KEY_NOT_TRUSTED`` and the like for what is no document
                of this vendor; ``OTHER_PRODUCT``, ``OTHER_CUSTOMER``, ``OTHER_INSTALLATION`` and
                ``OTHER_REQUEST`` for one made for others; ``DOCUMENT_OUTDATED``;
                ``ISSUED_IN_FUTURE``.
            StorageError: When the state cannot be written.
        """

    def licenses(self) -> list[License]:
        """Gives the licences held whose signatures hold.

        Returns:
            The licences, in the order in which they were accepted.
        """

    def notices(self) -> list[Refusal]:
        """Says why documents held do not count any more, such as a signer's key that was revoked.

        Returns:
            Refusals, which are not raised.
        """

    @property
    def product(self) -> str:
        """The product that asks."""

    @property
    def installation(self) -> str:
        """The installation: the name of its own key."""

    @property
    def host_facts(self) -> HostFacts:
        """The facts of the host, read when the client was opened; ``facts`` takes them too."""

@final
class Accepted:
    """What came of accepting a document."""

    @property
    def document(self) -> str:
        """The type of the document.

        It is ``mlicense-license+jwt``, ``mlicense-answer+jwt``, ``mlicense-key-ring+jwt``,
        ``mlicense-revocations+jwt`` or ``mlicense-time+jwt``.
        """

    @property
    def changed(self) -> bool:
        """Whether anything held is different now."""

    @property
    def refusal(self) -> tuple[int, str] | None:
        """Number and name of what the vendor refused, when the document is such an answer."""

    @property
    def answered(self) -> str | None:
        """What was asked for, such as ``coupon``, when the document is an answer.

        It is what to tell the user was done, unless it was refused.
        """

    @property
    def ended(self) -> int:
        """How many licences were let go.

        The answer says that nothing is licensed here, or confirms that they were given back.
        """

@final
class Decision:
    """The answer to one question at one instant; false when denied.

    Prints as one sentence: may it run, and why.

    Examples:
        >>> vendor = Signer.generate()
        >>> client = Client("editor", [vendor.public_key])
        >>> decision = client.check("editor")
        >>> if not decision:
        ...     print(decision)
        `editor` may not run: no licence has been accepted yet
        >>> decision.outcome
        <Outcome.DENIED: 0>
        >>> decision.reasons[0].remedy
        'Send a request to the vendor and accept the answer.'
    """

    def __bool__(self) -> bool: ...
    @property
    def outcome(self) -> Outcome:
        """The answer in one word."""

    @property
    def feature(self) -> str:
        """The feature asked about, cut to 64 characters."""

    @property
    def license(self) -> str | None:
        """The serial of the licence that decided, if it has one."""

    @property
    def until(self) -> datetime | None:
        """The first instant at which the outcome is another; none when it stays for ever."""

    @property
    def quantity(self) -> int | None:
        """How many the licence states for the feature, if it counts them."""

    @property
    def data(self) -> bytes | None:
        """The bytes that the licence carries for the feature; none when it may not run."""

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """What each rule found, in the order of the rules."""

    @property
    def message(self) -> str:
        """One English sentence without a final stop: may it run, and why."""

    def text(self, language: str) -> str:
        """Says whether it may run, and why.

        Args:
            language: A code or locale: ``en``, ``ru``, ``ja`` or ``fr``; English for any other.

        Returns:
            One sentence without a final stop.
        """

    def explain(self, language: str = "en") -> Explanation:
        """Gives the decision as data: texts, every reason, and what would change it.

        Args:
            language: A code or locale: ``en``, ``ru``, ``ja`` or ``fr``; English for any other.

        Returns:
            The decision as a value, for logs and support.
        """

    def require(self) -> None:
        """Stops a caller who was denied.

        Raises:
            NotLicensed: When denied; it carries this decision.
        """

@final
class Feature:
    """One feature of a client, for code that asks at every turn; true while it may run.

    It answers as the client does, also after the client has accepted another licence, and waits for
    nothing. Usable from many threads at once.

    Examples:
        >>> vendor = Signer.generate()
        >>> client = Client("editor", [vendor.public_key])
        >>> editor = client.feature("editor")
        >>> bool(editor)
        False
        >>> claims = LicenseClaims.perpetual("editor", "Example Ltd")
        >>> client.accept(License.issue(claims, vendor)).changed
        True
        >>> bool(editor)
        True
    """

    def __bool__(self) -> bool: ...
    @property
    def name(self) -> str:
        """The feature's id, as it was asked for."""

    @property
    def outcome(self) -> Outcome:
        """The answer in one word."""

    def check(self) -> Decision:
        """Decides with reasons, as :meth:`Client.check`.

        Returns:
            The decision, which is false when denied.
        """

    def require(self) -> None:
        """Stops a caller when the feature may not run now.

        Raises:
            NotLicensed: When denied; it carries the decision.
        """

@final
class Reason:
    """What one rule found."""

    @property
    def code(self) -> str:
        """Which rule it was; the names are stable and read as the claim: ``HOST_MATCHES``."""

    @property
    def passed(self) -> bool:
        """Whether what the code claims is so."""

    @property
    def facts(self) -> Mapping[str, Fact]:
        """The facts that the rule used, by name; to be read only.

        Each rule has facts of its own, and newer versions may have more. A name or an id is a text,
        a count a number, a civil day of the customer a date, an instant an aware datetime in UTC;
        kinds of host facts are a tuple of texts.
        """

    @property
    def message(self) -> str:
        """What the rule found, in one English clause."""

    @property
    def remedy(self) -> str | None:
        """What would change the answer, in English; none for a rule that passed."""

    def text(self, language: str) -> str:
        """Says what the rule found.

        Args:
            language: A code or locale: ``en``, ``ru``, ``ja`` or ``fr``; English for any other.

        Returns:
            One clause without a final stop.
        """

    def advice(self, language: str) -> str | None:
        """Says what would change the answer.

        Args:
            language: A code or locale: ``en``, ``ru``, ``ja`` or ``fr``; English for any other.

        Returns:
            The remedy; none for a rule that passed.
        """

@final
class Seat:
    """A seat of a feature for one user, within this program or shared by a site.

    A context manager that gives the seat back at its end, and true while the seat is held. One of
    :meth:`Client.capture` is taken until it is released or forgotten, or the program ends; one of
    :meth:`Site.capture` has a lease, and needs a sign of life within it. Usable from many threads
    at once.

    Examples:
        >>> vendor = Signer.generate()
        >>> client = Client("editor", [vendor.public_key])
        >>> from mlicense.documents import Feature
        >>> claims = LicenseClaims.perpetual("editor", "Example Ltd")
        >>> claims = claims.replace(features={"export": Feature(quantity=1)})
        >>> client.accept(License.issue(claims, vendor)).changed
        True
        >>> with client.capture("export") as seat:
        ...     bool(seat)
        ...     client.capture("export")
        Traceback (most recent call last):
        mlicense.errors.Refusal: no licence of `export` is free for this host: all 1 seats are taken
        >>> client.available("export")
        1
    """

    def __bool__(self) -> bool: ...
    @property
    def feature(self) -> str:
        """The feature for which it was captured."""

    @property
    def session(self) -> str | None:
        """The id of the session at a site, by which whoever knows it may use and end it.

        None for a seat within this program.
        """

    def capture(self, feature: str) -> Kept:
        """Captures another feature for the same user.

        Again the same feature takes no other seat. It is released with the seat. At a site this is
        a sign of life too.

        Args:
            feature: The feature's id.

        Returns:
            What :meth:`keep_alive` returns.

        Raises:
            Refusal: ``NOT_LICENSED`` when the feature may not run, ``NO_FREE_LICENSE`` (1051) when
                all its seats are taken, ``SESSION_UNKNOWN`` (1021) when the lease has ended or the
                seat was released.
        """

    def keep_alive(self) -> Kept:
        """Gives a sign of life: at a site the seat lasts for a lease from now.

        Returns:
            What is held, until when, and what was lost meanwhile.

        Raises:
            Refusal: ``SESSION_UNKNOWN`` (1021) when the lease has ended or the seat was released.
        """

    def release(self) -> None:
        """Gives back all that was captured; again it does nothing, unless the site is strict.

        Raises:
            Refusal: ``SESSION_UNKNOWN`` (1021) at a strict site when it is over already.
        """

    def __enter__(self) -> Self: ...
    def __exit__(
        self, *_exception: BaseException | type[BaseException] | TracebackType | None
    ) -> None: ...

@final
class SeatLedger:
    """Seats that a vendor counts for its customers, in one file or a PostgreSQL database.

    It is no history and stands apart from the :class:`Ledger`: who holds a seat comes and goes in
    one table. Usable from many threads at once; each call is one transaction.

    Examples:
        >>> import pathlib, tempfile
        >>> folder = tempfile.TemporaryDirectory()
        >>> vendor = Signer.generate()
        >>> from mlicense.documents import Feature
        >>> claims = LicenseClaims.perpetual("editor", "Example Ltd")
        >>> claims = claims.replace(features={"export": Feature(quantity=1)})
        >>> sold = License.issue(claims, vendor)
        >>> sold = License.verify(sold, [vendor.public_key])
        >>> seats = SeatLedger.open(pathlib.Path(folder.name, "vendor.seats"))
        >>> session = seats.of_customer("c1", sold).capture("export", holder="lyon").session
        >>> seats.of_customer("c1", sold).seat(session, "export").keep_alive().captured
        ('export',)
        >>> seats.of_customer("c1", sold).capture("export", holder="hamburg")
        Traceback (most recent call last):
        mlicense.errors.Refusal: no licence of `export` is free for this host: all 1 seats are taken
        >>> folder.cleanup()
    """

    @staticmethod
    def open(place: str | PathLike[str]) -> SeatLedger:
        """Opens the seats, or makes them where there are none.

        Args:
            place: The file, on a disk of this machine; or a PostgreSQL database that exists, as
                ``postgresql://user@host/name``, which may be that of a ledger.

        Returns:
            The seats.

        Raises:
            InputError: ``FIELD_INVALID`` for a connection that cannot be read.
            StorageError: ``STORE_FOREIGN`` when the file is something else, ``STORE_UNAVAILABLE``
                and the like.
        """

    def of_customer(self, customer: str, held: License, *, now: datetime | None = None) -> Site:
        """The seats of a licence for one customer, over all its sites.

        It costs nothing: make it anew for each call of a site, with the newest licence.

        Args:
            customer: The customer's id.
            held: A licence of the vendor's that was verified; it says how many there are.
            now: An aware datetime; the system's time when left out.

        Returns:
            The seats.

        Raises:
            InputError: ``FIELD_INVALID`` for the customer.
        """

@final
class Site:
    """The seats of a product at a site, shared by the programs of a machine through one file.

    The licences of the client say how many there are, also after it accepted others; the programs
    hold the same licences. The seats of a holder that crashed are free when its lease ends. Usable
    from many threads at once; each call is one transaction. A process that forks opens it anew.

    Args:
        place: The file, on a disk of this machine, made where there is none; or a PostgreSQL
            database for many machines, as ``postgresql://user@host/name``.
        client: The client whose product and licences count.
        lease: For how many seconds a seat lasts without a sign of life, 60 to 3600, where the
            licences state nothing else.
        strict: Whether releasing what was not captured is refused, instead of doing nothing, where
            the licences state nothing else.

    Raises:
        InputError: ``FIELD_INVALID`` for the lease.
        StorageError: ``STORE_FOREIGN`` when the file is something else, ``STORE_UNAVAILABLE`` and
            the like.

    Examples:
        >>> import pathlib, tempfile
        >>> folder = tempfile.TemporaryDirectory()
        >>> vendor = Signer.generate()
        >>> client = Client("editor", [vendor.public_key])
        >>> from mlicense.documents import Feature
        >>> claims = LicenseClaims.perpetual("editor", "Example Ltd")
        >>> claims = claims.replace(features={"export": Feature(quantity=5)})
        >>> client.accept(License.issue(claims, vendor)).changed
        True
        >>> site = Site(pathlib.Path(folder.name, "editor.seats"), client)
        >>> with site.capture("export", holder="desk 1") as seat:
        ...     seat.keep_alive().captured, site.available("export")
        (('export',), 4)
        >>> site.available("export")
        5
        >>> folder.cleanup()
    """

    def __new__(
        cls,
        place: str | PathLike[str],
        client: Client,
        *,
        lease: int = 300,
        strict: bool = False,
    ) -> Self: ...
    def capture(self, feature: str, *, holder: str = "") -> Seat:
        """Captures a seat of a feature for one user.

        Args:
            feature: The feature's id.
            holder: What the user says about itself, at most 1024 bytes, for whoever looks who holds
                the seats.

        Returns:
            The seat, to be given back with :meth:`Seat.release` or by leaving its ``with``.

        Raises:
            Refusal: ``NOT_LICENSED`` when the feature may not run, ``NO_FREE_LICENSE`` (1051) when
                all its seats are taken, ``SESSIONS_FULL`` when so many are open that this one has
                to wait.
            InputError: ``INPUT_TOO_LARGE`` for the holder.
        """

    def seat(self, session: str, feature: str) -> Seat:
        """The seat of a session, for whoever knows its id: a sign of life that came by a network.

        Nothing is asked yet; a session that is over is noticed when the seat is used.

        Args:
            session: The id, as :attr:`Seat.session` gave it.
            feature: The feature for which it was captured.

        Returns:
            The seat.

        Raises:
            Refusal: ``SESSION_UNKNOWN`` (1021) for what is no id of a session.
        """

    def usage(self) -> list[Usage]:
        """Lists every feature that may run now, with its limit and how many seats are taken.

        Returns:
            The features in the order of their ids.
        """

    def available(self, feature: str) -> int | None:
        """Says how many seats of a feature are free.

        They are nobody's: a feature that is counted is served only to who captured a seat.

        Args:
            feature: The feature's id.

        Returns:
            A count, 0 for a feature that may not run, or none for one that takes no seats.
        """

    def holders(self) -> list[tuple[str, list[str]]]:
        """Lists who holds what now.

        Returns:
            ``[("desk 1", ["export"]), ...]``: what each holder says about itself, and what it
            captured.
        """

@final
class Ledger:
    """The vendor's book of record, in one file or a PostgreSQL database.

    It keeps the history, decides commands on it by the rules, answers requests and signs documents.
    A context manager, usable from many threads at once; each call is one transaction, and a refused
    call changes nothing.

    While a ledger is open, the same process must not open its file with Python's own ``sqlite3``:
    closing that would let go of the locks that keep other processes out.

    Examples:
        >>> import pathlib, tempfile
        >>> folder = tempfile.TemporaryDirectory()
        >>> with Ledger.create(pathlib.Path(folder.name, "vendor.mlicense")) as ledger:
        ...     receipt = ledger.execute(
        ...         {"register_customer": {"customer": "c1", "zone": "Europe/Paris"}})
        ...     receipt.events[0].kind
        ...     ledger.execute({"register_customer": {"customer": "c1", "zone": "Asia/Tokyo"}})
        Traceback (most recent call last):
        mlicense.errors.Refusal: customer `c1` is registered already
        >>> folder.cleanup()
    """

    @staticmethod
    def create(place: str | PathLike[str], *, clock: Clock | None = None) -> Ledger:
        """Makes a new ledger in a file that does not exist yet, or in a database.

        Args:
            place: The file; or a PostgreSQL database that exists, as ``postgresql://user@host/name``,
                in which it takes a schema ``mlicense`` of its own. Another machine is reached under
                TLS only, and its certificate is checked against the file of ``sslrootcert``.
            clock: A clock in the place of the system's, for tests.

        Returns:
            The ledger, open.

        Raises:
            InputError: ``FIELD_INVALID`` for a connection that cannot be read, or leads to another
                machine without TLS.
            StorageError: ``STORE_EXISTS`` when something is there, ``STORE_UNAVAILABLE`` and the
                like.
        """

    @staticmethod
    def open(place: str | PathLike[str], *, clock: Clock | None = None) -> Ledger:
        """Opens a ledger.

        Args:
            place: The file or database, as for :meth:`create`.
            clock: A clock in the place of the system's, for tests.

        Returns:
            The ledger.

        Raises:
            InputError: As :meth:`create`.
            StorageError: ``STORE_UNAVAILABLE`` when there is none, ``STORE_FOREIGN`` when the file
                is something else, ``STORE_UNTRUSTED`` for a server with another certificate,
                ``STORE_NEWER`` or ``STORE_CORRUPT``.
        """

    @staticmethod
    def open_read_only(path: str | PathLike[str], *, clock: Clock | None = None) -> Ledger:
        """Opens a file to read it: queries, verification, export. Commands are refused.

        Args:
            path: The file.
            clock: A clock in the place of the system's, for tests.

        Returns:
            The ledger.

        Raises:
            StorageError: As :meth:`open`; ``STORE_READ_ONLY`` when an older version wrote it.
        """

    @property
    def path(self) -> Path | None:
        """The file, as a path; none when it is in a database."""

    @property
    def customers(self) -> Customers:
        """The customers: to make one, find one or go through them all."""

    @property
    def products(self) -> Products:
        """The products of the catalogue."""

    @property
    def partners(self) -> Partners:
        """The partners: who sells for the vendor."""

    @property
    def outbox(self) -> Outbox:
        """What commands left to be sent, oldest first."""

    def history(self, stream: str, *, after: int = 0) -> History:
        """The events of one stream, oldest first, asked for in pages.

        Args:
            stream: The stream, such as ``customer/c1`` or ``catalogue``.
            after: Only events after this index; 0 is all of them.

        Returns:
            What can be iterated, each time anew.
        """

    def journal(
        self,
        *,
        stream: str | None = None,
        actor: str | None = None,
        kind: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Journal:
        """The events of all streams that are of all that is named, in the order of their times.

        Args:
            stream: Only those of a stream: a customer's is ``customer/ID``.
            actor: Only those that an actor of this id caused, in whatever role.
            kind: Only those of a kind, such as ``registered``.
            since: Only those decided at this instant or later.
            until: Only those decided before this instant.

        Returns:
            What can be iterated, each time anew; asked for in pages.
        """

    def due(
        self,
        *,
        partner: str | None = None,
        until: date | None = None,
        now: datetime | None = None,
    ) -> Coming:
        """What is coming for customers without anybody's doing, such as renewals.

        Args:
            partner: Only for the customers of a partner.
            until: Only what comes before this day; everything when left out.
            now: An aware datetime; the system's time when left out.

        Returns:
            The customers for whom something comes, in the order of their ids; asked for in pages.
        """

    def plan(
        self, command: Command, *, actor: Actor | None = None, now: datetime | None = None
    ) -> Plan:
        """Says what a command would do, in words, with the means to do exactly that.

        Args:
            command: A value of ``mlicense.commands``.
            actor: Who would give it; ``Actor.vendor("vendor")`` when left out.
            now: An aware datetime; the system's time when left out.

        Returns:
            The plan.

        Raises:
            StorageError: When the ledger cannot be read.
        """

    @property
    def closed(self) -> bool:
        """Whether the ledger was closed."""

    def close(self) -> None:
        """Closes the file as soon as calls under way in other threads have ended.

        Closing again does nothing.
        """

    def execute(
        self,
        command: _Command,
        *,
        actor: Actor | None = None,
        now: datetime | None = None,
        idempotency_key: str | None = None,
    ) -> Receipt:
        """Does a command, once.

        Args:
            command: A value of ``mlicense.commands``, or a mapping or JSON text with one member.
            actor: Who gives it; ``Actor.vendor("vendor")`` when left out.
            now: An aware datetime; the system's time when left out.
            idempotency_key: The command's id: the same command under the same id is done once and
                answered with the first receipt. A random one when left out.

        Returns:
            What was written.

        Raises:
            InputError: ``JSON_INVALID`` for what is no command.
            Refusal: What the rules refuse; ``COMMAND_ID_REUSED`` for another command under the
                same id.
            StorageError: When the file cannot be written.
        """

    def execute_many(
        self,
        commands: Mapping[str, _Command],
        *,
        actor: Actor | None = None,
        now: datetime | None = None,
    ) -> dict[str, Receipt | Refusal]:
        """Does many commands, each for itself and in order: one refused stops none of the others.

        Hundreds of them share a transaction, which is many times faster than one after another.
        What is left when a fault of the store stops it is not done; give all of them again, under
        the same ids, and those are done that were not.

        Args:
            commands: The commands by their ids, each as :meth:`execute` takes it.
            actor: Who gives them; ``Actor.vendor("vendor")`` when left out.
            now: An aware datetime; the system's time when left out.

        Returns:
            By id what each has written, or the ``Refusal``, which is not raised.

        Raises:
            InputError: ``JSON_INVALID`` for what is no command; nothing is done then.
            StorageError: When the file cannot be written.

        Examples:
            >>> import tempfile
            >>> from mlicense import Ledger
            >>> customer = {"register_customer": {"customer": "c1", "zone": "Europe/Paris"}}
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     with Ledger.create(f"{folder}/vendor.mlicense") as ledger:
            ...         done = ledger.execute_many({"row-1": customer, "row-2": customer})
            >>> done["row-1"].events[0].kind
            'registered'
            >>> done["row-2"].name
            'CUSTOMER_ALREADY_REGISTERED'
        """

    def preview(
        self, command: _Command, *, actor: Actor | None = None, now: datetime | None = None
    ) -> Preview:
        """Says what a command would do, without doing it.

        Args:
            command: A value of ``mlicense.commands``, or a mapping or JSON text with one member.
            actor: Who would give it; ``Actor.vendor("vendor")`` when left out.
            now: An aware datetime; the system's time when left out.

        Returns:
            The events that would be written, or the refusal.

        Raises:
            InputError: ``JSON_INVALID`` for what is no command.
            StorageError: When the file cannot be read.
        """

    def commit(
        self,
        command: _Command,
        token: str,
        *,
        actor: Actor | None = None,
        now: datetime | None = None,
        idempotency_key: str | None = None,
    ) -> Receipt:
        """Does a command if it would do exactly what its preview showed.

        Args:
            command: The command that was previewed.
            token: The token of the preview.
            actor: Who gives it; ``Actor.vendor("vendor")`` when left out.
            now: An aware datetime; the system's time when left out.
            idempotency_key: The command's id, as for :meth:`execute`.

        Returns:
            What was written.

        Raises:
            Refusal: ``PREVIEW_STALE`` when it would do something else; else as :meth:`execute`.
        """

    @overload
    def query(self, query: Query[_Answer], *, now: datetime | None = None) -> _Answer: ...
    @overload
    def query(self, query: _Json, *, now: datetime | None = None) -> Any:
        """Answers a question.

        Args:
            query: A value of ``mlicense.queries``, or a mapping or JSON text with one member.
            now: An aware datetime; the system's time when left out.

        Returns:
            The answer: for a value of ``mlicense.queries`` one of its own type, of
            ``mlicense.views``; for a mapping or text a dict or list, without the name of the query.

        Raises:
            InputError: ``JSON_INVALID`` for what is no question.
            Refusal: ``CUSTOMER_UNKNOWN``, ``NOT_REGISTERED`` and the like.
            StorageError: When the file cannot be read.
        """

    def answer(
        self,
        request: _Document,
        *,
        customer: str | None = None,
        signer: Signer,
        actor: Actor | None = None,
        now: datetime | None = None,
    ) -> bytes:
        """Answers the request of an installation with a signed document.

        It carries a licence, a signed refusal or the receipt of what was given back; with it the
        published key ring and revocation list, and what time it is. Who registers becomes a
        customer with a number.

        Args:
            request: The signed request.
            customer: The id of the customer on whose behalf it is answered; when left out, the
                customer whose registration number the request carries, or a new one that registers.
            signer: A key of the published key ring.
            actor: Who hands it in; ``Actor.vendor("vendor")`` when left out.
            now: An aware datetime; the system's time when left out.

        Returns:
            The signed answer.

        Raises:
            Refusal: ``SYSTEM_FILE_INVALID`` when the request is damaged or forged,
                ``KEY_RING_MISSING`` when no published key ring lets the signer sign, and what else
                the rules refuse.
            StorageError: When the file cannot be written.
        """

    def _outgoing(self, limit: int) -> list[dict[str, Any]]:
        """Lists what commands left to be sent; :attr:`outbox` gives it as values."""

    def _sent(self, message: int) -> None:
        """Takes a message that was sent out of the outbox."""

    def link_shop(
        self,
        whom: _Json,
        *,
        email: str,
        password: str,
        gateway: Callable[[str, str], str | None],
        actor: Actor | None = None,
        now: datetime | None = None,
        idempotency_key: str | None = None,
    ) -> Receipt:
        """Links a customer or partner to its account at the vendor's shop.

        The password goes to the gateway and nowhere else: it is not kept, and in no error of ours.
        The gateway is called outside any transaction, and not at all for who may not make the link.

        Args:
            whom: A mapping or JSON text: ``{"customer": "c1"}`` or ``{"partner": "d1"}``.
            email: The e-mail of the account, as it was typed.
            password: The password of the account, as it was typed.
            gateway: Is called with both, and gives what the shop calls the account, or none when
                the shop does not know them. The name is always the same for the same account and
                never given to another, so not the e-mail. What it raises comes out as it is.
            actor: Who asks for it; ``Actor.vendor("vendor")`` when left out.
            now: An aware datetime; the system's time when left out.
            idempotency_key: The command's id, as for :meth:`execute`; the shop is asked each time.

        Returns:
            What was written.

        Raises:
            InputError: ``JSON_INVALID`` for whom.
            Refusal: ``FIELD_MISSING`` for an e-mail or password that is empty,
                ``SHOP_LOGIN_REFUSED`` when the shop does not know them, ``SHOP_ALREADY_LINKED``;
                else as :meth:`execute`.
            StorageError: When the file cannot be written.
        """

    def verify(self, since: Checkpoint | None = None) -> Verified:
        """Reads the whole ledger again: chains, the tables against the events, the checkpoints.

        Args:
            since: A checkpoint that was kept elsewhere, whose history this one has to continue.

        Returns:
            What was found to hold.

        Raises:
            Refusal: ``HISTORY_BROKEN`` naming the first event that is not what was written,
                ``TABLE_BROKEN`` the first row, ``CHECKPOINT_BROKEN`` the first checkpoint.
            StorageError: When the file cannot be read.
        """

    def checkpoint(
        self, origin: str, signer: Signer, *, now: datetime | None = None
    ) -> KeptCheckpoint:
        """Signs the history as it is now, so that any change to it can be shown later.

        Keep copies where nobody who can write to the ledger can write. What is done to events after
        the newest checkpoint that is known elsewhere, no checkpoint tells.

        Args:
            origin: The name of the history, such as ``example.com/history``.
            signer: A root key of the vendor, or a key of its key ring for checkpoints.
            now: An aware datetime; the system's time when left out.

        Returns:
            The checkpoint with its signed note; the last one when nothing has happened since.

        Raises:
            InputError: ``FIELD_INVALID`` for what is no origin.
            Refusal: ``OTHER_ORIGIN`` when the last has another, ``CHECKPOINT_BROKEN``.
            StorageError: When the file cannot be written.
        """

    def checkpoints(self) -> list[KeptCheckpoint]:
        """The checkpoints that are kept, the oldest first.

        Returns:
            Each as :meth:`checkpoint` gave it.

        Raises:
            StorageError: When the file cannot be read.
        """

    def prove_inclusion(self, stream: str, index: int, *, size: int | None = None) -> Inclusion:
        """Proves that an event stands in the history of a checkpoint.

        Args:
            stream: The stream, such as ``customer/c1``.
            index: The event, counted from 1.
            size: How many events the checkpoint vouches for; the last one when left out.

        Returns:
            The proof, for :meth:`TreeHead.verify_inclusion`.

        Raises:
            Refusal: ``CHECKPOINT_MISSING``, ``CHECKPOINT_BROKEN``.
            StorageError: When the file cannot be read.
        """

    def prove_consistency(self, older: int, newer: int | None = None) -> Consistency:
        """Proves that the history of a checkpoint begins with that of an older one.

        Args:
            older: How many events the older checkpoint vouches for.
            newer: How many the newer one; the last when left out.

        Returns:
            The proof, for :meth:`TreeHead.verify_consistency`.

        Raises:
            Refusal: ``CHECKPOINT_MISSING``, ``CHECKPOINT_BROKEN``, ``QUANTITY_OUT_OF_RANGE``.
            StorageError: When the file cannot be read.
        """

    def backup(self, path: str | PathLike[str]) -> None:
        """Copies the ledger as it is now to a new file; commands go on meanwhile.

        The copy is a ledger: open it to restore it.

        Args:
            path: The file.

        Raises:
            StorageError: ``STORE_EXISTS`` when something is there, ``STORE_FULL`` and the like.
        """

    def export(
        self, path: str | PathLike[str], *, people: bool = True, outbox: bool = True
    ) -> None:
        """Writes the whole ledger as lines of JSON to a file that does not exist yet.

        The file is as secret as the ledger: it has the salt under which codes are digested.

        Args:
            path: The file.
            people: Whether names and addresses go with it.
            outbox: Whether what is yet to be sent goes with it.

        Raises:
            FileExistsError: When something is there; other kinds of OSError when it cannot be made.
            Refusal: As :meth:`verify`: what is broken is not written.
            StorageError: When one of the files cannot be read or written.
        """

    @staticmethod
    def import_from(place: str | PathLike[str], source: str | PathLike[str]) -> Ledger:
        """Makes a ledger, in a file that does not exist yet, of what :meth:`export` has written.

        Args:
            place: The file or database of the new ledger, as for :meth:`create`.
            source: The file to read.

        Returns:
            The ledger, open. Go on with one of the two only.

        Raises:
            OSError: When ``source`` cannot be opened.
            Refusal: ``EXPORT_INVALID`` naming the first line that does not hold; as :meth:`verify`.
            StorageError: ``STORE_EXISTS`` when something is there, and the like.
        """

    def vacuum(self) -> None:
        """Rewrites the file without the room that deleted rows have left.

        Raises:
            StorageError: ``STORE_BUSY`` while another program uses it, ``STORE_FULL`` and the like.
        """

    def __enter__(self) -> Self: ...
    def __exit__(
        self, *_exception: BaseException | type[BaseException] | TracebackType | None
    ) -> None: ...
