"""`ledger.customers` and what stands on them: they only say in fewer words what commands say."""

import datetime
import pathlib
import zoneinfo
from collections.abc import Iterator

import pytest

from mlicense import Actor, Receipt, Refusal, commands, events, values, views
from mlicense.customers import Customer
from mlicense.outbox import Outgoing
from mlicense.plan import Plan
from mlicense.testing import Clock
from support import DAILY, Shop, at


@pytest.fixture
def clock() -> Clock:
    return Clock(at("2026-03-01"))


@pytest.fixture
def shop(tmp_path: pathlib.Path, clock: Clock) -> Iterator[Shop]:
    """The vendor of other tests, with a clock."""
    shop = Shop(tmp_path, clock)
    with shop.ledger:
        yield shop


def test_a_customer_is_made_once_under_a_key(shop: Shop) -> None:
    customers = shop.ledger.customers
    berlin = zoneinfo.ZoneInfo("Europe/Berlin")
    made = [
        customers.create(
            zone=berlin, name="Example", email="e@example.org", idempotency_key="row-7"
        )
        for _ in range(2)
    ]
    assert made[0] == made[1]
    assert hash(made[0]) == hash(made[1])
    assert made[0].zone == berlin
    (contact,) = made[0].account.members.items()
    assert contact == (f"{made[0].id}.contact", values.MemberRole.MANAGER)
    (user,) = made[0].users.users
    assert user.fields == values.PersonFields(name="Example", email="e@example.org")
    assert len(list(made[0].history)) == 2


def test_without_a_key_every_customer_is_another(shop: Shop) -> None:
    customers = shop.ledger.customers
    one, two = customers.create(zone="UTC"), customers.create(zone="UTC")
    assert one != two
    assert one.id in customers
    assert "nobody" not in customers
    assert 7 not in customers
    assert set(customers) == {customers["c1"], one, two}
    with pytest.raises(Refusal, match="customer `c1` is registered already"):
        customers.create("c1", zone="UTC")
    with pytest.raises(Refusal) as unknown:
        _ = customers["nobody"].overview
    assert unknown.value.name == "CUSTOMER_UNKNOWN"
    assert one != one.id


def test_customers_are_gone_through_in_pages(shop: Shop) -> None:
    rows = {
        f"k{row}": commands.RegisterCustomer(customer=f"p{row:04}", zone="UTC")
        for row in range(1200)
    }
    shop.ledger.execute_many(rows)
    found = [customer.id for customer in shop.ledger.customers]
    assert len(found) == 1201
    assert sorted(found) == ["c1", *(f"p{row:04}" for row in range(1200))]


def test_a_year_in_words_a_back_office_has(shop: Shop, clock: Clock) -> None:
    customer = shop.ledger.customers["c1"]
    subscription = customer.subscriptions["vms"]
    assert subscription.status.kind == "not_started"
    plan = subscription.start(preview=True)
    assert isinstance(plan, Plan)
    assert plan
    assert subscription.status.kind == "not_started"
    assert plan.words[0].startswith("A subscription was started: product vms, ")
    assert isinstance(plan.events[0], events.SubscriptionStarted)
    assert isinstance(plan.commit(), Receipt)
    assert subscription.status.kind == "grace"

    short = subscription.renew(quantity={"camera": 12}, preview=True)
    assert not short
    assert short.refusal is not None
    assert str(short) == f"refused: {short.refusal}"
    with pytest.raises(Refusal) as raised:
        short.commit()
    assert raised.value.name == short.refusal.name == "PERIOD_GAP"

    subscription.stock({"camera": 22}, purchase="order-7")
    assert subscription.wallet.usable == {"camera": 22}
    subscription.allocate({"camera": 10})
    current, ahead, *_ = subscription.need
    assert (current.missing, ahead.missing) == ({}, {"camera": 10})
    subscription.renew(idempotency_key="renewal-1")
    assert subscription.wallet.usable == {"camera": 2}
    assert subscription.need[1].missing == {}
    assert subscription.status.end == datetime.date(2027, 3, 1)

    clock.advance(datetime.timedelta(days=400))
    assert subscription.status.kind == "licensed"
    assert subscription.status.end == datetime.date(2028, 3, 1)
    assert list(customer.subscriptions) == ["vms"]


def test_a_key_is_worth_what_was_said_when_it_was_issued(shop: Shop) -> None:
    content = values.KeyContents(license_type="camera", quantity=5)
    keys = shop.ledger.products["vms"].issue_keys("b7", [content], form="VMS-5x4", count=2)
    assert len(keys) == len(set(keys)) == 2
    subscription = shop.ledger.customers["c1"].subscriptions["vms"]
    subscription.start()
    assert subscription.redeem(keys[0].reveal(), preview=True)
    subscription.redeem(keys[0].reveal())
    again = subscription.redeem(keys[0].reveal(), preview=True)
    assert again.refusal is not None
    assert again.refusal.name == "KEY_ALREADY_REDEEMED"
    assert keys[0].reveal() not in repr(again)


def test_what_a_count_is_of_must_be_clear(shop: Shop) -> None:
    subscription = shop.ledger.customers["c1"].subscriptions["vms"]
    subscription.start()
    # The product has cameras and doors, but the customer needs cameras only.
    subscription.stock(22)
    assert subscription.wallet.usable == {"camera": 22}
    other = shop.ledger.customers.create("c2", zone="UTC").subscriptions["vms"]
    shop.register("c2", shop.system("s2"), {"camera": 1, "door": 1})
    other.start()
    with pytest.raises(ValueError, match="name the types of licence"):
        other.stock(3)


def test_a_plan_is_done_only_as_it_was_shown(shop: Shop) -> None:
    subscription = shop.ledger.customers["c1"].subscriptions["vms"]
    subscription.start()
    subscription.stock({"camera": 30})
    plan = subscription.allocate({"camera": 10}, preview=True)
    other = subscription.allocate({"camera": 10}, preview=True)
    assert repr(plan).startswith("Plan(Allocate(")
    assert plan.commit(idempotency_key="a1").command == "a1"
    with pytest.raises(Refusal) as stale:
        other.commit()
    assert stale.value.name in {"PREVIEW_STALE", "EXCEEDS_NEED"}
    undo = subscription.undo(1, reason="wrong customer", actor=Actor.vendor("boss"))
    assert undo.events[0].kind == "allocation_undone"


def test_the_status_of_what_was_never_sold_is_refused(shop: Shop) -> None:
    for product in ("vms", "unknown"):
        with pytest.raises(Refusal):
            _ = shop.ledger.customers.create(zone="UTC").subscriptions[product].status


def test_partners_sell_and_see_what_is_coming(shop: Shop, clock: Clock) -> None:
    north = shop.ledger.partners.register("d1", code="NORTH", name="North")
    content = values.KeyContents(license_type="camera", quantity=20)
    north.stock("vms", [content])
    customer = shop.ledger.customers["c1"]
    customer.set_dealer("d1")
    customer.subscriptions["vms"].start()
    north.give("c1", "vms", [content.replace(quantity=10)])
    assert north.view.total == 10
    assert [row.customer for row in north.customers] == ["c1"]
    assert [partner.id for partner in shop.ledger.partners] == ["d1"]
    (coming,) = north.due()
    assert coming.customer == "c1"
    kinds = [type(due.what) for due in coming.due]
    assert views.DueKind.GraceEnds in kinds
    assert list(north.due(until=datetime.date(2026, 3, 2))) == []
    assert customer.due == coming.due


def test_members_invoices_and_bindings_are_asked_for_by_name(shop: Shop) -> None:
    customer = shop.ledger.customers["c1"]
    receipt = customer.add_member(
        "u1", name="Someone", role=values.MemberRole.USER, idempotency_key="m1"
    )
    assert receipt.command == "m1"
    assert customer.account.members == {"u1": values.MemberRole.USER}
    assert customer.devices == {}
    with pytest.raises(Refusal):
        customer.bindings("vms")
    with pytest.raises(Refusal):
        customer.invoice("vms", datetime.date(2026, 3, 1))
    with pytest.raises(Refusal):
        customer.free_host("vms", reason="sold")


def test_a_request_is_answered_in_the_name_of_its_customer(shop: Shop) -> None:
    customer = shop.ledger.customers["c1"]
    customer.subscriptions["vms"].start()
    system = f"system-{shop.client.installation[:8]}"
    now = at("2026-03-02")
    request = shop.client.request("system", system=system, devices={"camera": 10}, now=now)
    answer = customer.answer(request, DAILY, now=now)
    assert shop.client.accept(answer, now=now).changed
    assert shop.client.check("vms", now=now)


def test_products_are_defined_and_listed(shop: Shop) -> None:
    products = shop.ledger.products
    policy = values.HostBoundPolicy(duration=values.LicenseDuration.Months(12))
    editor = products.define("editor", name="Editor", license_types=["user"], policy=policy)
    assert editor.view.policy == policy
    assert "editor" in products
    assert list(products) == ["editor", "vms"]
    editor.publish_policy(policy.replace(trial_days=7))
    assert editor.view.policy_version == 2
    with pytest.raises(KeyError):
        _ = products["nothing"].view


def test_the_outbox_is_gone_through_in_pages_and_what_was_not_sent_stays(shop: Shop) -> None:
    shop.run({"set_webhook": {"webhook": "crm", "kinds": ["registered"]}})
    rows = {
        f"k{row}": commands.RegisterCustomer(customer=f"p{row:04}", zone="UTC")
        for row in range(450)
    }
    shop.ledger.execute_many(rows)
    seen: list[Outgoing] = []
    for message in shop.ledger.outbox:
        seen.append(message)
        if message.id % 3:
            shop.ledger.outbox.done(message)
    assert len({message.id for message in seen}) == len(seen) == 450
    assert [message.id for message in shop.ledger.outbox] == [
        message.id for message in seen if message.id % 3 == 0
    ]


def test_everything_tells_what_it_is(shop: Shop) -> None:
    ledger = shop.ledger
    assert repr(ledger.customers["c1"]) == "Customer('c1')"
    for thing in (
        ledger.customers,
        ledger.products,
        ledger.products["vms"],
        ledger.partners,
        ledger.partners["d1"],
        ledger.outbox,
        ledger.history("customer/c1"),
        ledger.journal(),
        ledger.due(),
        Customer(ledger, "c1").subscriptions,
        Customer(ledger, "c1").subscriptions["vms"],
    ):
        assert repr(thing).startswith(f"{type(thing).__name__}(")
