"""`Ledger.link_shop`: the vendor's shop confirms who is linked, and its passwords go nowhere."""

import pathlib
import traceback
from typing import Any

import pytest

from mlicense import Actor, Error, InputError, Refusal
from support import Shop, at

EMAIL = "buyer@shop.example"
PASSWORD = "correct horse battery staple"


class Gateway:
    """The vendor's shop, with one account; it counts how often it is asked."""

    def __init__(self, account: str = "account-4711") -> None:
        self.account = account
        self.asked = 0

    def __call__(self, email: str, password: str) -> str | None:
        self.asked += 1
        return self.account if (email, password) == (EMAIL, PASSWORD) else None


def link(shop: Shop, gateway: Any, **more: Any) -> Any:
    given = {"email": EMAIL, "password": PASSWORD, "now": at("2026-03-02"), **more}
    return shop.ledger.link_shop({"customer": "c1"}, gateway=gateway, **given)


def linked(shop: Shop) -> Any:
    return shop.ledger.query({"shop": {"customer": "c1"}}, now=at("2026-03-02"))["linked"]


def refused(shop: Shop, gateway: Any, **more: Any) -> str:
    with pytest.raises(Error) as raised:
        link(shop, gateway, **more)
    told = f"{raised.value} {raised.value!r} {raised.value.args}"
    assert EMAIL not in told
    assert PASSWORD not in told
    assert not linked(shop)
    return raised.value.name


@pytest.mark.parametrize("missing", [{"email": ""}, {"email": " "}, {"password": ""}])
def test_s_ip_05_both_fields_are_required(shop: Shop, missing: dict[str, str]) -> None:
    gateway = Gateway()
    assert refused(shop, gateway, **missing) == "FIELD_MISSING"
    assert gateway.asked == 0


def test_s_ip_06_the_link_is_made_once(shop: Shop) -> None:
    first = link(shop, Gateway(), idempotency_key="link-1")
    assert [event.kind for event in first.events] == ["shop_linked"]
    assert linked(shop)
    assert link(shop, Gateway(), idempotency_key="link-1") == first
    with pytest.raises(Refusal, match="before") as raised:
        link(shop, Gateway())
    assert raised.value.name == "SHOP_ALREADY_LINKED"


def test_s_ip_10_a_partner_is_linked_in_the_same_way(shop: Shop) -> None:
    fields = {"name": "A Dealer", "email": "desk@dealer.example"}
    partner = {"partner": "d1", "code": "D-1", "contact": "p1", "fields": fields}
    shop.ledger.execute({"register_partner": partner})
    whom = '{"partner": "d1"}'
    shop.ledger.link_shop(whom, email=EMAIL, password=PASSWORD, gateway=Gateway())
    assert shop.ledger.query({"partner": {"partner": "d1"}})["shop_linked"]


def test_a_wrong_password_is_refused(shop: Shop) -> None:
    gateway = Gateway()
    assert refused(shop, gateway, password="guess") == "SHOP_LOGIN_REFUSED"
    assert gateway.asked == 1


def test_an_account_without_a_name_is_refused(shop: Shop) -> None:
    assert refused(shop, Gateway("")) == "QUANTITY_OUT_OF_RANGE"


def test_who_may_not_link_does_not_get_as_far_as_the_shop(shop: Shop) -> None:
    gateway = Gateway()
    stranger = Actor.customer_manager("p9", customer="c1")
    assert refused(shop, gateway, actor=stranger) == "NOT_A_MEMBER"
    assert gateway.asked == 0


def test_what_the_gateway_raises_comes_out_and_links_nothing(shop: Shop) -> None:
    def away(email: str, password: str) -> str | None:
        raise ConnectionError("the shop is away")

    with pytest.raises(ConnectionError, match="away") as raised:
        link(shop, away)
    assert PASSWORD not in "".join(traceback.format_exception(raised.value))
    with pytest.raises(TypeError):
        link(shop, lambda email, password: 4711)
    with pytest.raises(TypeError):
        link(shop, None)
    assert not linked(shop)


def test_a_gateway_may_ask_the_ledger_itself(shop: Shop) -> None:
    def curious(email: str, password: str) -> str | None:
        return None if linked(shop) else "account-4711"

    link(shop, curious)
    assert linked(shop)


@pytest.mark.parametrize("whom", [{}, {"customer": "c1", "partner": "d1"}, {"person": "p1"}])
def test_whom_to_link_is_a_customer_or_a_partner(shop: Shop, whom: dict[str, str]) -> None:
    with pytest.raises(InputError):
        shop.ledger.link_shop(whom, email=EMAIL, password=PASSWORD, gateway=Gateway())


def test_nothing_that_was_typed_is_in_the_file(shop: Shop, tmp_path: pathlib.Path) -> None:
    link(shop, Gateway())
    files = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    assert files
    for secret in (EMAIL, PASSWORD, "account-4711"):
        assert not any(secret.encode() in content for content in files)
