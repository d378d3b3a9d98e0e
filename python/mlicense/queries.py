"""Queries: everything that a ledger can be asked.

Written by ``xtask python`` from the schemas of the engine.
"""

from __future__ import annotations

from collections.abc import Mapping

from mlicense import values, views
from mlicense._shapes import DAY, INSTANT, PLAIN, PRIVATE, Many, Maybe, Of, OneWord, Table
from mlicense._tagged import Query
from mlicense._typing import final

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

__all__ = [
    "Account",
    "Assignments",
    "Bindings",
    "CheckDraft",
    "ComingDue",
    "Devices",
    "Due",
    "History",
    "Invoice",
    "Journal",
    "Login",
    "Memberships",
    "Need",
    "Overview",
    "Partner",
    "PartnerCustomers",
    "Products",
    "Query",
    "Session",
    "Shop",
    "SignIn",
    "Users",
    "Wallet",
    "Webhooks",
    "WhereToBuy",
]


@final
class Products(Query[Mapping[str, views.ProductView]]):
    """The products with their newest policies."""

    __slots__ = ()
    TAG = "products"
    _ANSWER = Table(Of(views.ProductView))


@final
class Overview(Query[views.Overview]):
    """Where a customer stands with every product (S-AX-01).

    Attributes:
        customer: The customer.
        language: The language of the status text; usually English.
    """

    __slots__ = ("customer", "language")
    TAG = "overview"
    _ANSWER = Of(views.Overview)
    _FIELDS = (("customer", PLAIN), ("language", OneWord(values.Language)))
    customer: str
    language: values.Language

    def __init__(
        self,
        *,
        customer: str,
        language: values.Language = values.Language.EN,
    ) -> None:
        self._fill(customer, language)


@final
class Need(Query[tuple[views.NeedView, ...]]):
    """Need and coverage of the current and the future periods of a product (S-AX-10).

    Attributes:
        customer: The customer.
        product: The product.
    """

    __slots__ = ("customer", "product")
    TAG = "need"
    _ANSWER = Many(Of(views.NeedView))
    _FIELDS = (("customer", PLAIN), ("product", PLAIN))
    customer: str
    product: str

    def __init__(
        self,
        *,
        customer: str,
        product: str,
    ) -> None:
        self._fill(customer, product)


@final
class Wallet(Query[views.WalletView]):
    """The stock of licences of a product (S-AX-20).

    Attributes:
        customer: The customer.
        product: The product.
    """

    __slots__ = ("customer", "product")
    TAG = "wallet"
    _ANSWER = Of(views.WalletView)
    _FIELDS = (("customer", PLAIN), ("product", PLAIN))
    customer: str
    product: str

    def __init__(
        self,
        *,
        customer: str,
        product: str,
    ) -> None:
        self._fill(customer, product)


@final
class Bindings(Query[views.Bindings]):
    """The hosts bound to the licences of a product (S-MK-44).

    Attributes:
        customer: The customer.
        product: The product.
    """

    __slots__ = ("customer", "product")
    TAG = "bindings"
    _ANSWER = Of(views.Bindings)
    _FIELDS = (("customer", PLAIN), ("product", PLAIN))
    customer: str
    product: str

    def __init__(
        self,
        *,
        customer: str,
        product: str,
    ) -> None:
        self._fill(customer, product)


@final
class Due(Query[tuple[views.Due, ...]]):
    """What is coming for a customer without anybody's doing, nearest first.

    Attributes:
        customer: The customer.
    """

    __slots__ = ("customer",)
    TAG = "due"
    _ANSWER = Many(Of(views.Due))
    _FIELDS = (("customer", PLAIN),)
    customer: str

    def __init__(
        self,
        *,
        customer: str,
    ) -> None:
        self._fill(customer)


@final
class ComingDue(Query[views.DuePage]):
    """What is coming for all customers, or for those of a partner, in the order of their ids.

    At most ``limit`` customers are looked at for an answer, which says where to go on.

    Attributes:
        partner: The partner whose customers are meant; all customers without.
        until: Only what comes before this day; everything without.
        after: The customer after whom to begin: ``next`` of the answer before.
        limit: How many customers to look at; the usual and the most is 500.
    """

    __slots__ = ("after", "limit", "partner", "until")
    TAG = "coming_due"
    _ANSWER = Of(views.DuePage)
    _FIELDS = (
        ("partner", Maybe(PLAIN)),
        ("until", Maybe(DAY)),
        ("after", Maybe(PLAIN)),
        ("limit", PLAIN),
    )
    partner: str | None
    until: date | None
    after: str | None
    limit: int

    def __init__(
        self,
        *,
        partner: str | None = None,
        until: date | None = None,
        after: str | None = None,
        limit: int = 500,
    ) -> None:
        self._fill(partner, until, after, limit)


@final
class Login(Query[str]):
    """The customer who signs in with a registration number.

    Or with a coupon that was activated (S-MK-42, S-MK-43).

    Attributes:
        login: The number or coupon as it was typed.
    """

    __slots__ = ("login",)
    TAG = "login"
    _ANSWER = PLAIN
    _FIELDS = (("login", PRIVATE),)
    login: str

    def __init__(
        self,
        *,
        login: str,
    ) -> None:
        self._fill(login)


@final
class WhereToBuy(Query[values.WhereToBuy | None]):
    """Where the licences of a product are sold (S-AX-09).

    Attributes:
        product: The product.
    """

    __slots__ = ("product",)
    TAG = "where_to_buy"
    _ANSWER = Maybe(Of(values.WhereToBuy))
    _FIELDS = (("product", PLAIN),)
    product: str

    def __init__(
        self,
        *,
        product: str,
    ) -> None:
        self._fill(product)


@final
class Account(Query[views.AccountView]):
    """What a customer's account is doing, and its term.

    Attributes:
        customer: The customer.
    """

    __slots__ = ("customer",)
    TAG = "account"
    _ANSWER = Of(views.AccountView)
    _FIELDS = (("customer", PLAIN),)
    customer: str

    def __init__(
        self,
        *,
        customer: str,
    ) -> None:
        self._fill(customer)


@final
class Users(Query[views.UsersView]):
    """The persons of a customer, and what is known of them.

    Attributes:
        customer: The customer.
    """

    __slots__ = ("customer",)
    TAG = "users"
    _ANSWER = Of(views.UsersView)
    _FIELDS = (("customer", PLAIN),)
    customer: str

    def __init__(
        self,
        *,
        customer: str,
    ) -> None:
        self._fill(customer)


@final
class CheckDraft(Query[views.DraftCheck]):
    """What is wrong with the pages of an account that is to be created (S-ST-04).

    Attributes:
        product: The product whose policy of account terms holds.
        draft: The pages.
    """

    __slots__ = ("draft", "product")
    TAG = "check_draft"
    _ANSWER = Of(views.DraftCheck)
    _FIELDS = (("product", PLAIN), ("draft", Of(values.AccountDraft)))
    product: str
    draft: values.AccountDraft

    def __init__(
        self,
        *,
        product: str,
        draft: values.AccountDraft,
    ) -> None:
        self._fill(product, draft)


@final
class Invoice(Query[views.Invoice | None]):
    """What an account is to pay in a month (S-ST-08).

    Attributes:
        customer: The customer.
        product: The product.
        month: Any day of the month.
    """

    __slots__ = ("customer", "month", "product")
    TAG = "invoice"
    _ANSWER = Maybe(Of(views.Invoice))
    _FIELDS = (("customer", PLAIN), ("product", PLAIN), ("month", DAY))
    customer: str
    product: str
    month: date

    def __init__(
        self,
        *,
        customer: str,
        product: str,
        month: date,
    ) -> None:
        self._fill(customer, product, month)


@final
class Devices(Query[Mapping[str, views.DeviceView]]):
    """The devices of a customer.

    Attributes:
        customer: The customer.
    """

    __slots__ = ("customer",)
    TAG = "devices"
    _ANSWER = Table(Of(views.DeviceView))
    _FIELDS = (("customer", PLAIN),)
    customer: str

    def __init__(
        self,
        *,
        customer: str,
    ) -> None:
        self._fill(customer)


@final
class Assignments(Query[views.AssignmentsView]):
    """The licences for devices and where they are, with changes that are not saved yet (S-IP-14.

    S-IP-18).

    Attributes:
        customer: The customer.
        product: The product.
        changes: The changes; none to see what is.
        language: The language of the marker of free licences; usually English.
    """

    __slots__ = ("changes", "customer", "language", "product")
    TAG = "assignments"
    _ANSWER = Of(views.AssignmentsView)
    _FIELDS = (
        ("customer", PLAIN),
        ("product", PLAIN),
        ("changes", Many(Of(values.Assignment))),
        ("language", OneWord(values.Language)),
    )
    customer: str
    product: str
    changes: tuple[values.Assignment, ...]
    language: values.Language

    def __init__(
        self,
        *,
        customer: str,
        product: str,
        changes: Iterable[values.Assignment] = (),
        language: values.Language = values.Language.EN,
    ) -> None:
        self._fill(customer, product, changes, language)


@final
class Partner(Query[views.PartnerView]):
    """A partner: what it has and gave (S-IP-03, S-IP-31).

    Attributes:
        partner: The partner.
    """

    __slots__ = ("partner",)
    TAG = "partner"
    _ANSWER = Of(views.PartnerView)
    _FIELDS = (("partner", PLAIN),)
    partner: str

    def __init__(
        self,
        *,
        partner: str,
    ) -> None:
        self._fill(partner)


@final
class PartnerCustomers(Query[views.CustomersPage]):
    """The customers who chose a partner as their dealer, 20 a page (S-IP-30, S-IP-34).

    Attributes:
        partner: The partner.
        email: A part of the e-mail; empty, the usual, for all.
        page: The page, from 1, the usual; past the last it is the last.
    """

    __slots__ = ("email", "page", "partner")
    TAG = "partner_customers"
    _ANSWER = Of(views.CustomersPage)
    _FIELDS = (("partner", PLAIN), ("email", PRIVATE), ("page", PLAIN))
    partner: str
    email: str
    page: int

    def __init__(
        self,
        *,
        partner: str,
        email: str = "",
        page: int = 1,
    ) -> None:
        self._fill(partner, email, page)


@final
class Shop(Query[views.ShopView]):
    """Whether a customer is to be asked to link its account at the vendor's shop (S-IP-04).

    Attributes:
        customer: The customer.
    """

    __slots__ = ("customer",)
    TAG = "shop"
    _ANSWER = Of(views.ShopView)
    _FIELDS = (("customer", PLAIN),)
    customer: str

    def __init__(
        self,
        *,
        customer: str,
    ) -> None:
        self._fill(customer)


@final
class SignIn(Query[values.Session]):
    """Lets somebody in whom the vendor's program has found out to be who it is.

    Attributes:
        who: Who.
        at: Where.
    """

    __slots__ = ("at", "who")
    TAG = "sign_in"
    _ANSWER = Of(values.Session)
    _FIELDS = (("who", Of(values.Who)), ("at", Of(values.Place)))
    who: values.Who
    at: values.Place

    def __init__(
        self,
        *,
        who: values.Who,
        at: values.Place,
    ) -> None:
        self._fill(who, at)


@final
class Session(Query[views.SessionView]):
    """Whether a session still shows what is.

    Attributes:
        session: The session.
    """

    __slots__ = ("session",)
    TAG = "session"
    _ANSWER = Of(views.SessionView)
    _FIELDS = (("session", Of(values.Session)),)
    session: values.Session

    def __init__(
        self,
        *,
        session: values.Session,
    ) -> None:
        self._fill(session)


@final
class Memberships(Query[tuple[views.Membership, ...]]):
    """The customers that a person is a member of (S-ST-34, S-ST-41).

    Attributes:
        person: The person.
    """

    __slots__ = ("person",)
    TAG = "memberships"
    _ANSWER = Many(Of(views.Membership))
    _FIELDS = (("person", PLAIN),)
    person: str

    def __init__(
        self,
        *,
        person: str,
    ) -> None:
        self._fill(person)


@final
class History(Query[tuple[views.HistoryEntry, ...]]):
    """The events of a stream, oldest first (S-AX-23, S-AX-24).

    Attributes:
        stream: The stream, such as ``customer/ID``.
        after: Only events after this index; 0, the usual, is all of them.
        limit: At most so many; the usual and the most is 1000.
    """

    __slots__ = ("after", "limit", "stream")
    TAG = "history"
    _ANSWER = Many(Of(views.HistoryEntry))
    _FIELDS = (("stream", PLAIN), ("after", PLAIN), ("limit", PLAIN))
    stream: str
    after: int
    limit: int

    def __init__(
        self,
        *,
        stream: str,
        after: int = 0,
        limit: int = 1000,
    ) -> None:
        self._fill(stream, after, limit)


@final
class Webhooks(Query[Mapping[str, tuple[str, ...]]]):
    """The webhooks with the kinds of events that each is told."""

    __slots__ = ()
    TAG = "webhooks"
    _ANSWER = Table(Many(PLAIN))


@final
class Journal(Query[views.JournalPage]):
    """The events of all streams that are of all that is named, in the order of their times.

    Then of their streams; it says where to go on. For the vendor: it tells of every customer.

    Attributes:
        stream: Only those of a stream: a customer's is ``customer/ID``.
        actor: Only those that an actor of this id caused, in whatever role.
        kind: Only those of a kind, such as ``registered``: the name that a receipt gives an event.
        since: Only those decided at this instant or later.
        until: Only those decided before this instant.
        after: Only those after this one: ``next`` of the answer before.
        limit: At most so many; the usual and the most is 1000.
    """

    __slots__ = ("actor", "after", "kind", "limit", "since", "stream", "until")
    TAG = "journal"
    _ANSWER = Of(views.JournalPage)
    _FIELDS = (
        ("stream", Maybe(PLAIN)),
        ("actor", Maybe(PLAIN)),
        ("kind", Maybe(PLAIN)),
        ("since", Maybe(INSTANT)),
        ("until", Maybe(INSTANT)),
        ("after", Maybe(Of(values.EventPlace))),
        ("limit", PLAIN),
    )
    stream: str | None
    actor: str | None
    kind: str | None
    since: datetime | None
    until: datetime | None
    after: values.EventPlace | None
    limit: int

    def __init__(
        self,
        *,
        stream: str | None = None,
        actor: str | None = None,
        kind: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        after: values.EventPlace | None = None,
        limit: int = 1000,
    ) -> None:
        self._fill(stream, actor, kind, since, until, after, limit)
