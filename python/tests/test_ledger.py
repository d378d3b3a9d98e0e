"""`Ledger`: what it does is recorded once, and what it refuses changes nothing."""

import concurrent.futures
import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from mlicense import (
    Actor,
    Checkpoint,
    Code,
    Error,
    InputError,
    KeyRing,
    Ledger,
    Refusal,
    StorageError,
    TreeHead,
)
from mlicense.views import Message
from support import DAILY, ROOT, Shop, at, blocked, signer

CAMERAS = {"camera": 10}
UNUSED = "VMS-99999-99999-99999-999UU"


def allocate(quantity: int, **more: Any) -> dict[str, Any]:
    quantities = {"camera": quantity}
    return {"allocate": {"customer": "c1", "product": "vms", "quantities": quantities, **more}}


def begin(customer: str = "c1", product: str = "vms", **more: Any) -> dict[str, Any]:
    return {"start_subscription": {"customer": customer, "product": product, **more}}


def redemption(key: str) -> dict[str, Any]:
    return {"redeem_key": {"customer": "c1", "product": "vms", "key": key}}


def issue(*keys: str, batch: str = "new", quantity: int = 1) -> dict[str, Any]:
    contents = [{"license_type": "camera", "quantity": quantity}]
    return {
        "issue_keys": {"batch": batch, "product": "vms", "contents": contents, "keys": list(keys)}
    }


def definition(product: str = "nas", **policy: Any) -> dict[str, Any]:
    what = {"name": "NAS", "license_types": ["disk"]}
    offer = {"product": product, "definition": what, "policy": {"subscription": policy}}
    return {"define_product": offer}


def registration(zone: str = "Europe/Paris", customer: str = "c2") -> dict[str, Any]:
    return {"register_customer": {"customer": customer, "zone": zone}}


def establishment(vendor: str) -> dict[str, Any]:
    return {"establish_vendor": {"vendor": vendor, "roots": [ROOT.public_key]}}


def system_file(request: str) -> dict[str, Any]:
    return {"take_request": {"customer": "c1", "request": request}}


def nested(depth: int) -> dict[str, Any]:
    inner: Any = []
    for _ in range(depth):
        inner = [inner]
    return {"define_product": inner}


# Each bad input and the refusal that is its own.
REFUSED: list[tuple[str, int, str, dict[str, Any] | str]] = [
    ("no JSON", 10003, "JSON_INVALID", "{"),
    ("no object", 10003, "JSON_INVALID", "[]"),
    ("unknown command", 10003, "JSON_INVALID", {"alocate": {}}),
    ("unknown member", 10003, "JSON_INVALID", allocate(1, zone="UTC")),
    ("member missing", 10003, "JSON_INVALID", {"start_subscription": {"customer": "c1"}}),
    ("fraction", 10003, "JSON_INVALID", {"allocate": {"quantities": {"camera": 1.0}}}),
    ("more than 64 bits", 10003, "JSON_INVALID", allocate(2**64)),
    ("negative", 10003, "JSON_INVALID", allocate(-1)),
    ("set", 10003, "JSON_INVALID", {"allocate": {1}}),
    ("named by a number", 10003, "JSON_INVALID", {"allocate": {1: 1}}),
    ("nested deeply", 10003, "JSON_INVALID", nested(64)),
    ("no UTF-8", 10002, "NOT_UTF8", {"allocate": {"customer": "\ud800"}}),
    ("too large", 10001, "INPUT_TOO_LARGE", {"allocate": {"customer": "x" * 2**20}}),
    ("text too large", 10001, "INPUT_TOO_LARGE", " " * (2**20 + 1)),
    ("id", 10003, "JSON_INVALID", registration(customer="c 2")),
    ("zone", 10003, "JSON_INVALID", registration("Europe/Atlantis")),
    ("customer known", 10301, "CUSTOMER_ALREADY_REGISTERED", registration(customer="c1")),
    ("customer unknown", 10300, "CUSTOMER_UNKNOWN", begin(customer="c9")),
    ("product unknown", 10200, "PRODUCT_UNKNOWN", begin(product="nas")),
    ("product known", 10201, "PRODUCT_ALREADY_DEFINED", definition("vms")),
    ("contradictory", 10202, "POLICY_CONTRADICTORY", definition(grace_days=365)),
    ("term", 10204, "TERM_NOT_OFFERED", begin(term=24)),
    ("not registered", 10302, "NOT_REGISTERED", begin(product="other")),
    ("not started", 10303, "SUBSCRIPTION_NOT_STARTED", allocate(10)),
    ("other prefix", 10503, "CODE_INVALID", redemption("NAS-99999-99999-99999-999UU")),
    ("foreign letter", 10506, "CODE_FOREIGN_CHARACTER", redemption("VMS-99999-99999-99999-99Ж99")),
    ("mistyped", 10507, "CODE_MISTYPED", redemption("VMS-99999-99999-99999-99999")),
    ("key unknown", 10500, "KEY_UNKNOWN", redemption(UNUSED)),
    ("no keys", 10405, "QUANTITY_OUT_OF_RANGE", issue()),
    ("worth nothing", 10405, "QUANTITY_OUT_OF_RANGE", issue(UNUSED, quantity=0)),
    ("no ring", 10600, "DOCUMENT_MALFORMED", {"publish_key_ring": {"document": "x"}}),
    ("vendor", 10207, "VENDOR_ESTABLISHED", establishment("other")),
    ("request", 10611, "SYSTEM_FILE_INVALID", system_file("x")),
    ("person", 10306, "PERSON_UNKNOWN", {"erase_person": {"person": "p1"}}),
]


@pytest.fixture(scope="module")
def refusing(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """One ledger for every refusal: since a refusal changes nothing, the next finds it the same."""
    shop = Shop(tmp_path_factory.mktemp("refusing"))
    shop.define("other", "OTH-5x4")
    return shop


@pytest.mark.parametrize(
    ("number", "name", "command"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_a_bad_command_has_its_own_refusal_and_changes_nothing(
    refusing: Shop, number: int, name: str, command: dict[str, Any] | str
) -> None:
    before = refusing.bytes()
    with pytest.raises(Refusal) as refused:
        refusing.ledger.execute(command, now=at("2026-03-02"))
    assert (refused.value.number, refused.value.name) == (number, name)
    assert "{" not in refused.value.message + refused.value.remedy
    assert refused.value.message
    assert refused.value.remedy.endswith(".")
    assert isinstance(refused.value, InputError) == (number < 10100)
    assert refusing.bytes() == before


def test_every_bad_command_is_told_from_the_others(refusing: Shop) -> None:
    messages = set()
    for _, _, _, command in REFUSED:
        with pytest.raises(Refusal) as refused:
            refusing.ledger.execute(command, now=at("2026-03-02"))
        messages.add(refused.value.message)
    assert len(messages) == len(REFUSED)


def test_what_contains_itself_is_refused(shop: Shop) -> None:
    command: dict[str, Any] = {}
    command["again"] = [command, command]
    with pytest.raises(InputError, match="nested deeper than 64"):
        shop.ledger.execute(command)


def test_bytes_that_are_no_text_are_refused(shop: Shop) -> None:
    with pytest.raises(InputError) as refused:
        shop.ledger.execute({"publish_key_ring": {"document": b"\xff"}})
    assert refused.value.name == "NOT_UTF8"


def test_a_damaged_request_is_refused_and_changes_nothing(shop: Shop) -> None:
    request = bytearray(shop.client.request("system", system="s1", devices={"camera": 12}))
    request[len(request) // 2] ^= 1
    before = shop.bytes()
    with pytest.raises(Refusal, match="damaged or forged") as refused:
        shop.ledger.answer(bytes(request), customer="c1", signer=DAILY)
    assert refused.value.name == "SYSTEM_FILE_INVALID"
    assert shop.bytes() == before


def test_a_signer_that_no_ring_names_is_refused_and_changes_nothing(shop: Shop) -> None:
    request = shop.client.request("system", system="s1", devices=CAMERAS)
    before = shop.bytes()
    with pytest.raises(Refusal) as refused:
        shop.ledger.answer(request, customer="c1", signer=signer("stranger"))
    assert refused.value.name == "KEY_RING_MISSING"
    assert shop.bytes() == before


def test_a_key_is_redeemed_once(shop: Shop) -> None:
    key = shop.issue()
    shop.redeem(key)
    before = shop.bytes()
    with pytest.raises(Refusal) as refused:
        shop.redeem(key)
    assert refused.value.name == "KEY_ALREADY_REDEEMED"
    assert key not in refused.value.message
    assert shop.bytes() == before


def test_a_key_of_another_product_is_refused(shop: Shop) -> None:
    shop.define("nas", "NAS-5x4")
    key = shop.issue("nas")
    with pytest.raises(Refusal) as refused:
        shop.redeem(key)
    assert refused.value.name == "KEY_WRONG_PRODUCT"
    assert refused.value.details["product"] == "nas"


@pytest.mark.parametrize(
    ("command", "name"),
    [
        (allocate(11), "EXCEEDS_NEED"),
        (allocate(9), "PARTIAL_ALLOCATION"),
        (allocate(10, ahead=1), "PERIOD_GAP"),
        (allocate(10, ahead=6), "ADVANCE_LIMIT"),
        (begin(), "SUBSCRIPTION_ALREADY_STARTED"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_subscription_refuses_what_its_policy_does(
    shop: Shop, command: dict[str, Any], name: str
) -> None:
    shop.start()
    shop.redeem(shop.issue(quantity=100))
    before = shop.bytes()
    with pytest.raises(Refusal) as refused:
        shop.run(command, "2026-03-02")
    assert refused.value.name == name
    assert shop.bytes() == before


def test_an_empty_wallet_names_what_is_there_and_what_is_wanted(shop: Shop) -> None:
    shop.start()
    with pytest.raises(Refusal) as refused:
        shop.run(allocate(10))
    assert refused.value.name == "INSUFFICIENT_WALLET"
    assert refused.value.details == {"usable": "0", "license_type": "camera", "wanted": "10"}


def test_the_rules_say_who_may_do_what(shop: Shop) -> None:
    own = Actor.customer_manager("u1", customer="c1")
    other = Actor.customer_manager("u2", customer="c2")
    for actor, command in [(other, begin()), (own, registration())]:
        before = shop.bytes()
        with pytest.raises(Refusal) as refused:
            shop.ledger.execute(command, actor=actor)
        assert refused.value.name == "FORBIDDEN"
        assert shop.bytes() == before
    with pytest.raises(Refusal) as stranger:
        shop.ledger.execute(begin(), actor=own)
    assert stranger.value.name == "NOT_A_MEMBER"
    shop.run({"add_person": {"person": "u1", "fields": {"name": "Example"}}})
    shop.run({"add_member": {"customer": "c1", "person": "u1"}})
    shop.ledger.execute(begin(), actor=own)
    last = shop.ledger.query({"history": {"stream": "customer/c1"}})[-1]
    assert last["actor"] == {"role": "customer_manager", "id": "u1", "customer": "c1"}


def test_the_journal_tells_page_by_page_who_did_what(shop: Shop) -> None:
    shop.ledger.execute(begin(), actor=Actor.vendor("web.shop"), now=at("2026-03-05"))
    found, query = [], {"since": "2026-03-01T00:00:00Z", "limit": 2}
    while True:
        page = shop.ledger.query({"journal": query})
        found += page["entries"]
        if page["next"] is None:
            break
        query = {**query, "after": page["next"]}
    assert found == sorted(found, key=lambda e: (e["at"], e["stream"], e["index"]))
    whole = shop.ledger.query({"journal": {"since": query["since"]}})
    assert whole == {"entries": found, "next": None}
    by_shop = shop.ledger.query({"journal": {"actor": "web.shop"}})["entries"]
    assert by_shop
    assert by_shop == [e for e in found if e["actor"]["id"] == "web.shop"]
    assert {e["stream"] for e in by_shop} == {"customer/c1"}
    with pytest.raises(InputError) as wrong:
        shop.ledger.query({"journal": {"actor": "a b"}})
    assert wrong.value.name == "JSON_INVALID"


def test_a_webhook_is_told_each_event_of_its_kinds(shop: Shop) -> None:
    shop.run({"set_webhook": {"webhook": "crm", "kinds": ["member_added"]}})
    shop.run({"add_person": {"person": "u1", "fields": {"name": "Example"}}})
    receipt = shop.run({"add_member": {"customer": "c1", "person": "u1"}})
    (message,) = shop.ledger.outbox
    last = shop.ledger.query({"history": {"stream": "customer/c1"}})[-1]
    assert message.message == Message.Webhook(
        webhook="crm", stream="customer/c1", index=last["index"]
    )
    assert message.event is not None
    assert message.event.to_json() == {"stream": "customer/c1", **last}
    assert (message.command, message.to) == (receipt.command, None)
    shop.ledger.outbox.done(message)
    assert list(shop.ledger.outbox) == []


def test_without_an_actor_the_vendor_acts(shop: Shop) -> None:
    first = shop.ledger.query({"history": {"stream": "customer/c1", "limit": 1}})
    assert [entry["actor"] for entry in first] == [{"role": "vendor", "id": "vendor"}]
    assert Actor.vendor("vendor") == Actor.vendor("vendor") != Actor.vendor("robot")


def test_the_same_command_under_the_same_key_is_done_once(shop: Shop) -> None:
    first = shop.ledger.execute(begin(), now=at("2026-03-02"), idempotency_key="order-7")
    before = shop.bytes()
    again = shop.ledger.execute(
        json.dumps(begin()), now=at("2026-03-09"), idempotency_key="order-7"
    )
    assert again == first
    assert (again.command, again.at) == ("order-7", at("2026-03-02"))
    with pytest.raises(Refusal) as refused:
        shop.ledger.execute(registration(), idempotency_key="order-7")
    assert refused.value.name == "COMMAND_ID_REUSED"
    assert shop.bytes() == before


def test_of_many_commands_each_is_done_or_refused_for_itself(shop: Shop) -> None:
    second = {"register_customer": {"customer": "c2", "zone": "UTC"}}
    commands: dict[str, dict[str, Any] | str] = {
        "begin": begin(),
        "again": begin(),
        "second": json.dumps(second),
    }
    done = shop.ledger.execute_many(commands, now=at("2026-03-02"))
    assert list(done) == ["begin", "again", "second"]
    refused = done["again"]
    assert isinstance(refused, Refusal)
    assert refused.name == "SUBSCRIPTION_ALREADY_STARTED"
    written = [receipt for receipt in done.values() if not isinstance(receipt, Refusal)]
    assert [receipt.events[0].kind for receipt in written] == ["subscription_started", "registered"]
    again = shop.ledger.execute_many(commands, now=at("2026-04-02"))
    assert again["second"] == done["second"]
    assert shop.ledger.execute(second, now=at("2026-05-02"), idempotency_key="second") in written


def test_many_commands_of_which_one_is_none_change_nothing(shop: Shop) -> None:
    before = shop.ledger.verify().events
    with pytest.raises(InputError):
        shop.ledger.execute_many({"begin": begin(), "none": {"begin": 1}}, now=at("2026-03-02"))
    assert shop.ledger.verify().events == before


def test_a_receipt_names_the_events_and_their_chain(shop: Shop) -> None:
    receipt = shop.ledger.execute(begin(), now=at("2026-03-02"))
    assert [(event.stream, event.kind) for event in receipt.events] == [
        ("customer/c1", "subscription_started")
    ]
    last = shop.ledger.query({"history": {"stream": "customer/c1"}})[-1]
    assert (last["index"], last["chain"]) == (receipt.events[0].index, receipt.events[0].chain)
    assert last["command"] == receipt.command
    assert shop.ledger.verify().heads["customer/c1"] == last["chain"]


def test_a_preview_changes_nothing_and_commits_what_it_shows(shop: Shop) -> None:
    before = shop.bytes()
    preview = shop.ledger.preview(begin(), now=at("2026-03-02"))
    assert shop.bytes() == before
    assert preview.refusal is None
    assert [event.TAG for event in preview.events] == ["subscription_started"]
    assert preview.token
    receipt = shop.ledger.commit(begin(), preview.token, now=at("2026-03-02"))
    assert [event.kind for event in receipt.events] == ["subscription_started"]


def test_a_preview_shows_a_refusal_without_raising_it(shop: Shop) -> None:
    preview = shop.ledger.preview(allocate(10))
    assert preview.token is None
    assert preview.events == ()
    assert preview.refusal
    assert preview.refusal.name == "SUBSCRIPTION_NOT_STARTED"


def test_a_preview_refuses_in_every_language_as_the_command_does(shop: Shop) -> None:
    shown = shop.ledger.preview(allocate(10)).refusal
    with pytest.raises(Refusal) as refused:
        shop.ledger.execute(allocate(10))
    assert shown
    assert (shown.name, shown.details) == (refused.value.name, refused.value.details)
    texts = {shown.text(language) for language in ("en", "ru", "ja", "fr")}
    assert texts == {refused.value.text(language) for language in ("en", "ru", "ja", "fr")}
    assert len(texts) == 4


def test_a_stale_preview_is_refused_and_changes_nothing(shop: Shop) -> None:
    preview = shop.ledger.preview(begin(), now=at("2026-03-02"))
    assert preview.token
    before = shop.bytes()
    with pytest.raises(Refusal) as refused:
        shop.ledger.commit(begin(), preview.token, now=at("2026-03-03"))
    assert refused.value.name == "PREVIEW_STALE"
    assert shop.bytes() == before


def test_a_naive_datetime_is_refused_everywhere(shop: Shop) -> None:
    naive = at("2026-03-02").replace(tzinfo=None)
    request = shop.client.request("system", system="s1", devices=CAMERAS)
    calls: list[Callable[[], object]] = [
        lambda: shop.ledger.execute(begin(), now=naive),
        lambda: shop.ledger.preview(begin(), now=naive),
        lambda: shop.ledger.commit(begin(), "token", now=naive),
        lambda: shop.ledger.query({"products": {}}, now=naive),
        lambda: shop.ledger.answer(request, customer="c1", signer=DAILY, now=naive),
    ]
    before = shop.bytes()
    for call in calls:
        with pytest.raises(ValueError, match="is not an instant") as refused:
            call()
        assert isinstance(refused.value, InputError)
    assert shop.bytes() == before


@pytest.mark.parametrize("command", [None, 7, b"{}", ["allocate"], object()])
def test_what_is_no_mapping_is_a_type_error(shop: Shop, command: Any) -> None:
    with pytest.raises(TypeError, match="must be a value of its class, a mapping or JSON text"):
        shop.ledger.execute(command)


@pytest.mark.parametrize("key", ["", "a b", "x" * 65, "заказ"])
def test_an_idempotency_key_is_an_id(shop: Shop, key: str) -> None:
    with pytest.raises(InputError) as refused:
        shop.ledger.execute(begin(), idempotency_key=key)
    assert refused.value.name == "FIELD_INVALID"


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ({"overview": {"customer": "c9"}}, "CUSTOMER_UNKNOWN"),
        ({"need": {"customer": "c1", "product": "nas"}}, "NOT_REGISTERED"),
        ({"history": {"stream": "orders"}}, "JSON_INVALID"),
        ({"everything": {}}, "JSON_INVALID"),
        ("x" * (64 * 1024 + 1), "INPUT_TOO_LARGE"),
    ],
)
def test_a_bad_query_has_its_own_refusal(
    shop: Shop, query: dict[str, Any] | str, name: str
) -> None:
    with pytest.raises(Refusal) as refused:
        shop.ledger.query(query)
    assert refused.value.name == name


def test_a_closed_ledger_refuses_everything(shop: Shop) -> None:
    request = shop.client.request("system", system="s1", devices=CAMERAS)
    shop.ledger.close()
    shop.ledger.close()
    assert shop.ledger.closed
    calls: list[Callable[[], object]] = [
        lambda: shop.ledger.execute(begin()),
        lambda: shop.ledger.preview(begin()),
        lambda: shop.ledger.commit(begin(), "token"),
        lambda: shop.ledger.query({"products": {}}),
        lambda: shop.ledger.answer(request, customer="c1", signer=DAILY),
        shop.ledger.verify,
    ]
    for call in calls:
        with pytest.raises(Refusal) as refused:
            call()
        assert refused.value.name == "CLOSED"


def test_a_context_closes_and_the_history_stays(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "vendor.mlicense"
    with Ledger.create(str(path)) as ledger:
        assert ledger.path == path
        ledger.execute(registration())
        heads = ledger.verify()
    assert ledger.closed
    with Ledger.open(path) as ledger:
        assert ledger.verify() == heads
    with pytest.raises(ZeroDivisionError), Ledger.open(path) as ledger:
        _ = 1 / 0
    assert ledger.closed


def test_faults_of_the_file_are_storage_errors(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "vendor.mlicense"
    Ledger.create(path).close()
    foreign = tmp_path / "foreign"
    foreign.write_text("no database", encoding="utf-8")
    other = tmp_path / "other.sqlite"
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE t (x)")
    connection.close()
    calls: list[tuple[Callable[[], object], str]] = [
        (lambda: Ledger.create(path), "STORE_EXISTS"),
        (lambda: Ledger.open(tmp_path / "missing"), "STORE_UNAVAILABLE"),
        (lambda: Ledger.open(foreign), "STORE_FOREIGN"),
        (lambda: Ledger.open(other), "STORE_FOREIGN"),
        (lambda: Ledger.create(tmp_path / "no" / "folder"), "STORE_UNAVAILABLE"),
    ]
    for call, name in calls:
        with pytest.raises(StorageError) as fault:
            call()
        assert fault.value.name == name
        assert not isinstance(fault.value, Refusal)
    assert foreign.read_text(encoding="utf-8") == "no database"


def test_an_edited_event_is_found(shop: Shop) -> None:
    shop.start()
    shop.ledger.close()
    connection = sqlite3.connect(shop.path)
    with connection:
        connection.execute(
            "UPDATE event SET json = replace(json, 'Europe/Paris', 'Europe/Berlin') WHERE idx = 1"
        )
    connection.close()
    with Ledger.open(shop.path) as ledger, pytest.raises(Error) as broken:
        ledger.verify()
    assert broken.value.name == "HISTORY_BROKEN"
    assert broken.value.details["stream"] == "customer/c1"
    assert broken.value.details["index"] == "1"


def test_threads_share_a_ledger_and_lose_nothing(shop: Shop) -> None:
    customers = [f"t{number}" for number in range(40)]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda name: shop.run(registration(customer=name)), customers))
    verified = shop.ledger.verify()
    assert {f"customer/{name}" for name in customers} <= verified.heads.keys()


def test_other_threads_run_while_a_ledger_waits_for_its_file(shop: Shop) -> None:
    with blocked(shop.path) as unblock:
        waiting = threading.Thread(target=shop.run, args=(registration(),))
        waiting.start()
        time.sleep(0.2)
        assert waiting.is_alive()
        # Were the interpreter held, this would come too late: the writer gives up after 5 seconds.
        unblock()
    waiting.join()
    assert shop.ledger.query({"overview": {"customer": "c2"}})["zone"] == "Europe/Paris"


def test_a_whole_year_goes_round(shop: Shop) -> None:
    shop.start()
    shop.redeem(shop.issue(quantity=12), "2026-06-09")
    shop.run(allocate(10), "2026-06-09")
    wallet = shop.ledger.query({"wallet": {"customer": "c1", "product": "vms"}})
    assert wallet["usable"] == {"camera": 4}
    assert [lot["source"] for lot in wallet["lots"]] == ["key", "compensation"]

    system = f"system-{shop.client.installation[:8]}"
    now = at("2026-06-09", 13)
    request = shop.client.request("system", system=system, devices=CAMERAS, now=now)
    answer = shop.ledger.answer(request, customer="c1", signer=DAILY, now=now)
    assert shop.client.accept(answer, now=now).changed
    decision = shop.client.check("vms", now=now)
    assert decision
    assert decision.until == at("2027-02-28", 23)


def test_a_ring_may_be_published_as_text_or_bytes(shop: Shop) -> None:
    day = at("2026-03-01")
    keys = [{"key": str(DAILY.public_key), "valid_from": "2026-03-01T12:00:00Z"}]
    for number in (2, 3):
        ring = KeyRing.issue({"number": number, "issued_at": day, "keys": keys}, ROOT)
        document = ring if number == 2 else ring.decode()
        receipt = shop.run({"publish_key_ring": {"document": document}})
        assert [event.kind for event in receipt.events] == ["key_ring_published"]


def test_codes_are_masked_in_history(shop: Shop) -> None:
    key = shop.issue()
    shop.redeem(key)
    history = str(shop.ledger.query({"history": {"stream": "customer/c1"}}))
    assert key not in history
    assert str(Code.parse("VMS-5x4", key)) in history


def test_who_signs_in_acts_with_the_rights_of_the_session(shop: Shop) -> None:
    user = {"name": "P", "provider": "mail", "username": "ann@example.org"}
    shop.run({"add_user": {"customer": "c1", "person": "p1", "user": user}})
    who, place = {"username": "ANN@example.org"}, {"customer": "c1"}
    with pytest.raises(Refusal) as waiting:
        shop.ledger.query({"sign_in": {"who": who, "at": place}})
    assert waiting.value.name == "USER_NOT_ACTIVATED"
    shop.run({"activate_user": {"person": "p1"}})
    session = shop.ledger.query({"sign_in": {"who": who, "at": place}})
    actor = Actor.of_session(session)
    assert actor == Actor.customer_manager("p1", customer="c1")
    assert shop.ledger.execute(begin(), actor=actor).events
    with pytest.raises(Refusal) as refused:
        shop.ledger.execute({"suspend_account": {"customer": "c1"}}, actor=actor)
    assert refused.value.name == "FORBIDDEN"
    with pytest.raises(InputError):
        Actor.of_session({"person": "p1"})
    clerk = Actor.partner_user("p2", partner="d1")
    assert (clerk.role, clerk.partner, clerk.customer) == ("partner_user", "d1", None)
    assert Actor.partner_user("p2", partner="d1", administrator=True) != clerk
    with pytest.raises(Refusal) as unknown:
        shop.ledger.execute({"suspend_account": {"customer": "c1"}}, actor=clerk)
    assert unknown.value.name == "FORBIDDEN"


HISTORY = "vendor.example/history"


def test_a_checkpoint_shows_a_change_that_chains_do_not(shop: Shop) -> None:
    vendor = signer("vendor")
    kept = shop.ledger.checkpoint(HISTORY, vendor, now=at("2026-03-02"))
    assert shop.ledger.checkpoints() == [kept]
    older = Checkpoint.verify(kept.note, HISTORY, [vendor.public_key])
    assert older.head.size == shop.ledger.verify(since=older).events

    proved = shop.ledger.prove_inclusion("customer/c1", 1)
    leaf = TreeHead.leaf(proved.event.encode())
    older.head.verify_inclusion(leaf, proved.index, proved.proof)

    shop.ledger.execute({"register_customer": {"customer": "c2", "zone": "UTC"}})
    note = shop.ledger.checkpoint(HISTORY, vendor, now=at("2026-03-03")).note
    newer = Checkpoint.verify(note, HISTORY, [vendor.public_key])
    proof = shop.ledger.prove_consistency(older.head.size).proof
    older.head.verify_consistency(newer.head, proof)
    with pytest.raises(Refusal) as refused:
        shop.ledger.prove_inclusion("customer/c2", 1, size=older.head.size)
    assert refused.value.name == "CHECKPOINT_MISSING"
    other = Checkpoint(HISTORY, TreeHead.over([TreeHead.leaf(b"another event")]))
    with pytest.raises(Refusal) as refused:
        shop.ledger.verify(since=other)
    assert refused.value.name == "CHECKPOINT_BROKEN"


def test_backup_and_export_are_the_same_ledger(shop: Shop, tmp_path: pathlib.Path) -> None:
    held = shop.ledger.verify()
    shop.ledger.backup(tmp_path / "backup")
    with pytest.raises(StorageError):
        shop.ledger.backup(tmp_path / "backup")
    with Ledger.open_read_only(tmp_path / "backup") as copy:
        assert copy.verify() == held
        with pytest.raises(StorageError) as fault:
            copy.execute({"register_customer": {"customer": "c2", "zone": "UTC"}})
        assert fault.value.name == "STORE_READ_ONLY"

    shop.ledger.export(tmp_path / "lines")
    with pytest.raises(FileExistsError):
        shop.ledger.export(tmp_path / "lines")
    with Ledger.import_from(tmp_path / "import", tmp_path / "lines") as copy:
        assert copy.verify() == held
        copy.vacuum()
        copy.export(tmp_path / "again")
    assert (tmp_path / "again").read_text() == (tmp_path / "lines").read_text()
    (tmp_path / "cut").write_text((tmp_path / "lines").read_text()[:-1])
    with pytest.raises(Refusal) as refused:
        Ledger.import_from(tmp_path / "other", tmp_path / "cut")
    assert refused.value.name == "EXPORT_INVALID"
    assert not (tmp_path / "other").exists()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")
def test_a_fork_is_refused_and_closes_nothing(shop: Shop) -> None:
    """In a process of its own: this one has threads, which a fork would not have."""
    script = f"""
import os, sys
from mlicense import Ledger, StorageError
ledger = Ledger.open({str(shop.ledger.path)!r})
child = os.fork()
if child == 0:
    try:
        ledger.verify()
    except StorageError as fault:
        ledger.close()
        os._exit(0 if "fork" in str(fault) else 2)
    os._exit(1)
assert os.waitpid(child, 0)[1] == 0
ledger.execute({{"register_customer": {{"customer": "c9", "zone": "UTC"}}}})
ledger.verify()
"""
    subprocess.run([sys.executable, "-c", script], check=True)
    assert shop.ledger.verify().streams > 0
