"""Requests and answers, carried as bytes and as files between an installation and the vendor."""

from __future__ import annotations

import json
import pathlib
from typing import Any

import pytest

import mlicense
from mlicense import Client, Code, Ledger, Request
from mlicense.views import Message
from support import DAILY, ROOT, Shop, at

NOW = at("2026-03-11")


def offline_system(shop: Shop, name: str) -> Client:
    """A system without a network."""
    return shop.system(name)


def test_s_ax_12_s_ax_13_a_description_carried_as_a_file_stands_offline_in_the_overview(
    shop: Shop, tmp_path: pathlib.Path
) -> None:
    file = tmp_path / "door-7.mlicense-request"
    system = offline_system(shop, "door-7")
    file.write_bytes(system.request("system", now=NOW, system="door-7", devices={"camera": 3}))

    fields = Request.verify(file.read_bytes()).fields
    assert (fields.system, fields.devices) == ("door-7", {"camera": 3})
    assert len(fields.nonce) == 22
    assert Request.verify(file.read_bytes()).installation == system.installation

    shop.ledger.answer(file.read_bytes(), customer="c1", signer=DAILY, now=NOW)
    seen = shop.ledger.query({"overview": {"customer": "c1"}}, now=NOW)
    assert seen["systems"]["door-7"] == {
        "product": "vms",
        "devices": {"camera": 3},
        "offline": True,
    }
    assert seen["products"]["vms"]["need"] == {"camera": 13}

    refresh = system.request("refresh", now=NOW)
    shop.ledger.answer(refresh, customer="c1", signer=DAILY, now=NOW)
    seen = shop.ledger.query({"overview": {"customer": "c1"}}, now=NOW)
    assert seen["systems"]["door-7"]["offline"] is False


def test_s_ax_15_the_answer_carried_back_licenses_that_system_and_no_other(
    shop: Shop, tmp_path: pathlib.Path
) -> None:
    shop.start()
    key = shop.issue(quantity=13)
    shop.redeem(key)
    system, other = offline_system(shop, "door-7"), offline_system(shop, "door-8")
    request = system.request("system", now=NOW, system="door-7", devices={"camera": 3})
    shop.run({"take_request": {"customer": "c1", "request": request.decode()}})
    shop.run({"allocate": {"customer": "c1", "product": "vms", "quantities": {"camera": 13}}})
    file = tmp_path / "door-7.mlicense-answer"
    file.write_bytes(shop.ledger.answer(request, customer="c1", signer=DAILY, now=NOW))

    with pytest.raises(mlicense.Refusal) as refused:
        other.accept(file.read_bytes(), now=NOW)
    assert refused.value.name == "OTHER_INSTALLATION"
    assert not other.check("camera", now=NOW)
    for _ in range(2):
        system.accept(file.read_bytes(), now=NOW)
        assert system.check("camera", now=at("2027-02-28"))


class Journal:
    """A vendor that gives numbers, and sells product ``journal`` by host."""

    def __init__(self, folder: pathlib.Path) -> None:
        """Makes the ledger in a folder."""
        self.ledger = Ledger.create(folder / "journal.mlicense")
        day = at("2026-03-01")
        keys = [{"key": DAILY.public_key, "valid_from": day}]
        ring = mlicense.KeyRing.issue({"number": 1, "issued_at": day, "keys": keys}, ROOT)
        vendor = {"vendor": "acme", "roots": [ROOT.public_key], "number_format": "JRNL-5x4"}
        self.run({"establish_vendor": vendor})
        self.run({"publish_key_ring": {"document": ring}})
        definition = {"name": "Journal", "license_types": ["base"], "key_format": "JRNLUPD-5x4"}
        policy: dict[str, Any] = {"host_bound": {}}
        self.run(
            {"define_product": {"product": "journal", "definition": definition, "policy": policy}}
        )

    def run(self, command: dict[str, Any]) -> mlicense.Receipt:
        """Does a command at noon."""
        return self.ledger.execute(command, now=NOW)

    def host(self, name: str) -> Client:
        """An installation on a host of that name."""
        facts = {"class": "vm", "facts": [{"kind": "dmi_uuid", "value": f"4c4c-{name}"}]}
        return Client("journal", [ROOT.public_key], facts=facts, number_format="JRNL-5x4")

    def exchange(self, client: Client, kind: str, **fields: Any) -> mlicense.Accepted:
        """Asks the vendor and accepts what it answers."""
        answer = self.answer(client, kind, **fields)
        return client.accept(answer, now=NOW)

    def answer(self, client: Client, kind: str, **fields: Any) -> bytes:
        """The vendor's answer."""
        request = client.request(kind, now=NOW, **fields)
        return self.ledger.answer(request, signer=DAILY, now=NOW)

    def coupon(self, batch: str) -> str:
        """A coupon for one host."""
        code = Code.generate("JRNLUPD-5x4").reveal()
        contents = [{"license_type": "base", "kind": "host", "quantity": 1}]
        issue = {"batch": batch, "product": "journal", "contents": contents, "keys": [code]}
        self.run({"issue_keys": issue})
        return code


@pytest.fixture
def journal(tmp_path: pathlib.Path) -> Journal:
    """A vendor of numbers."""
    return Journal(tmp_path)


OWNER = {
    "email": "post@acme.example",
    "company": "Acme",
    "contact": "C. Ontact",
    "zone": "Europe/Moscow",
}


def test_the_way_from_a_registration_to_another_host(journal: Journal) -> None:
    first = journal.host("first")
    answer = journal.answer(first, "register", owner=OWNER)
    first.accept(answer, now=NOW)
    number = mlicense.Answer.verify(answer, [ROOT.public_key]).claims.number
    assert first.check("base", now=at("2026-04-09"))
    assert not first.check("base", now=at("2026-04-10"))

    with pytest.raises(mlicense.Refusal) as again:
        journal.answer(journal.host("first"), "register", owner=OWNER)
    assert (again.value.number, again.value.name) == (1059, "ALREADY_HAS_NUMBER")
    with pytest.raises(mlicense.Refusal) as tried:
        journal.answer(first, "trial", number=number)
    assert tried.value.name == "TRIAL_ALREADY_USED"

    coupon = journal.coupon("b1")
    with pytest.raises(mlicense.Refusal) as unnumbered:
        journal.answer(journal.host("first"), "coupon", code=coupon)
    assert unnumbered.value.number == 1003
    for _ in range(2):
        accepted = journal.exchange(first, "coupon", code=coupon)
        assert (accepted.answered, accepted.refusal) == ("coupon", None)
        journal.exchange(first, "refresh")
    assert first.check("base", now=at("2026-04-08"))

    assert number
    assert first.reveal_number() == number
    assert first.number
    assert number not in (first.number, repr(first))
    second = journal.host("second")
    request = second.enter_number(f" {number.lower()}\n", now=NOW)
    assert request
    answer = journal.ledger.answer(request, signer=DAILY, now=NOW)
    assert second.accept(answer, now=NOW).refusal == (1051, "NO_FREE_LICENSE")
    assert second.enter_number(number) is None
    with pytest.raises(mlicense.Refusal) as locked:
        second.enter_number(Code.generate("JRNL-5x4").reveal())
    assert locked.value.name == "NUMBER_LOCKED"
    assert not second.check("base", now=NOW)

    customer = first.licenses()[0].claims.customer
    free = {"customer": customer, "product": "journal", "reason": "moved"}
    journal.run({"free_hosts": free})
    journal.exchange(second, "refresh")
    assert second.check("base", now=NOW)
    refused = journal.exchange(first, "refresh").refusal
    assert refused == (1051, "NO_FREE_LICENSE")
    assert not first.check("base", now=NOW)
    with pytest.raises(mlicense.Refusal) as unconfirmed:
        first.remove_number()
    assert unconfirmed.value.name == "CONFIRMATION_NEEDED"
    first.remove_number(confirmed=True)
    assert first.number is None


def test_s_mk_35_a_number_removed_leaves_the_binding_where_the_vendor_lists_it(
    journal: Journal,
) -> None:
    host = journal.host("first")
    host.accept(journal.answer(host, "register", owner=OWNER), now=NOW)
    customer = host.licenses()[0].claims.customer
    query = {"bindings": {"customer": customer, "product": "journal"}}
    before = journal.ledger.query(query, now=NOW)
    assert len(before["bindings"]) == 1
    host.remove_number(confirmed=True)
    assert journal.ledger.query(query, now=NOW) == before


def test_a_host_is_called_what_the_caller_says_and_joins_the_group_it_names(
    journal: Journal,
) -> None:
    first, second = journal.host("first"), journal.host("second")
    answer = journal.answer(first, "register", owner=OWNER, label="front desk")
    first.accept(answer, now=NOW)
    number = mlicense.Answer.verify(answer, [ROOT.public_key]).claims.number
    customer = first.licenses()[0].claims.customer
    group = {"customer": customer, "product": "journal", "group": "nodes", "hosts": 2}
    journal.run({"group_hosts": group})
    journal.exchange(first, "refresh", group="nodes")
    journal.exchange(second, "refresh", number=number, group="nodes")
    assert second.check("base", now=NOW)
    query = {"bindings": {"customer": customer, "product": "journal"}}
    rows = journal.ledger.query(query, now=NOW)["bindings"]
    assert [(row["label"], row["group"]) for row in rows] == [
        ("front desk", "nodes"),
        (None, "nodes"),
    ]


def test_s_mk_30_a_coupon_used_by_one_number_is_refused_to_another(journal: Journal) -> None:
    numbers = []
    for name in ("first", "second"):
        owner = {**OWNER, "email": f"{name}@acme.example", "company": name}
        answer = journal.answer(journal.host(name), "register", owner=owner)
        numbers.append(mlicense.Answer.verify(answer, [ROOT.public_key]).claims.number)
    coupon = journal.coupon("b1")
    journal.exchange(journal.host("first"), "coupon", number=numbers[0], code=coupon)
    with pytest.raises(mlicense.Refusal) as used:
        journal.answer(journal.host("second"), "coupon", number=numbers[1], code=coupon)
    assert used.value.number == 2041


def test_a_licence_given_back_is_confirmed_and_gone(journal: Journal) -> None:
    first = journal.host("first")
    answer = journal.answer(first, "register", owner=OWNER)
    first.accept(answer, now=NOW)
    number = mlicense.Answer.verify(answer, [ROOT.public_key]).claims.number
    journal.exchange(first, "release", number=number)
    assert not first.check("base", now=NOW)
    second = journal.host("second")
    journal.exchange(second, "number", number=number)
    assert second.check("base", now=NOW)


def test_what_is_stored_of_a_registration_names_nobody(journal: Journal) -> None:
    journal.answer(journal.host("first"), "register", owner=OWNER)
    view = journal.ledger.query({"products": {}}, now=NOW)
    assert "Acme" not in json.dumps(view, default=str)


def test_s_mk_09_the_mail_of_a_number_stays_in_the_outbox_until_it_was_sent(
    journal: Journal,
) -> None:
    ledger = journal.ledger
    assert list(ledger.outbox) == []
    answer = journal.answer(journal.host("first"), "register", owner=OWNER)
    number = mlicense.Answer.verify(answer, [ROOT.public_key]).claims.number
    for _ in range(2):
        (mail,) = ledger.outbox
        assert isinstance(mail.message, Message.Number)
        assert mail.message.number == number
        assert number not in repr(mail)
        assert mail.to is not None
        assert (mail.to.email, mail.to.company) == ("post@acme.example", "Acme")
    ledger.outbox.done(mail.id + 1)
    assert len(list(ledger.outbox)) == 1
    for _ in range(2):
        ledger.outbox.done(mail)
    assert list(ledger.outbox) == []
    with pytest.raises((OverflowError, TypeError)):
        ledger.outbox.done(-1)
