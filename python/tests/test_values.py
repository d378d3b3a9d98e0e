"""The generated classes: each says the same as its JSON, and never changes."""

import copy
import datetime
import inspect
import json
import pathlib
import pickle
import zoneinfo
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mlicense
from mlicense import (
    InputError,
    PublicKey,
    Refusal,
    _shapes,
    _tagged,
    _value,
    answers,
    calculations,
    commands,
    documents,
    events,
    explanation,
    outbox,
    queries,
    reports,
    values,
    views,
)
from mlicense.commands import (
    Allocate,
    DefineProduct,
    EstablishVendor,
    PublishKeyRing,
    UpgradeHardware,
)
from mlicense.values import (
    Budget,
    Definition,
    KeyContents,
    LicenseDuration,
    LotKind,
    SubscriptionPolicy,
)
from support import DAILY, ROOT, UTC, Shop, at

MODULES = (
    answers,
    calculations,
    commands,
    documents,
    events,
    explanation,
    outbox,
    queries,
    reports,
    values,
    views,
)
VECTORS = pathlib.Path(__file__).parents[2] / "core/tests/vectors/commands.json"
SAMPLES: list[dict[str, Any]] = json.loads(VECTORS.read_text(encoding="utf-8"))


def classes() -> Iterator[type[_value.Value]]:
    """Every class that can be made, alternatives of unions too."""
    for module in MODULES:
        for name in module.__all__:
            found = getattr(module, name)
            if not inspect.isclass(found) or not issubclass(found, _value.Value):
                continue
            if issubclass(found, _tagged.Tagged) and "_KINDS" in vars(found):
                yield from (kind for kinds in found._KINDS.values() for kind in kinds)
            else:
                yield found


CLASSES = sorted(set(classes()), key=lambda found: (found.__module__, found.__qualname__))


def some(shape: _shapes.Shape) -> st.SearchStrategy[Any]:
    """Values of a shape."""
    if shape is explanation.FACTS:
        texts, days = st.text(max_size=3), st.dates(datetime.date(1970, 1, 1))
        facts = {"feature": texts, "score": st.integers(0, 9), "until": days}
        return st.fixed_dictionaries(facts | {"lost": st.lists(texts, max_size=2).map(tuple)})
    if isinstance(shape, _shapes.Maybe):
        return st.none() | some(shape.inner)
    if isinstance(shape, _shapes.Many):
        return st.lists(some(shape.inner), max_size=2)
    if isinstance(shape, _shapes.Numbered):
        return st.dictionaries(st.integers(0, 9), some(shape.inner), max_size=2)
    if isinstance(shape, _shapes.Table):
        return st.dictionaries(st.text(max_size=3), some(shape.inner), max_size=2)
    if isinstance(shape, _shapes.OneWord):
        return st.sampled_from(list(shape.kind))
    if isinstance(shape, _shapes.Choice):
        return st.one_of([made(kind) for kind in shape.kinds.values()])
    if isinstance(shape, _shapes.Of):
        return made(shape.kind)
    if shape is _shapes.DAY:
        return st.dates(datetime.date(1970, 1, 1))
    if shape in (_shapes.INSTANT, _shapes.SECONDS):
        return st.integers(0, 4_000_000_000).map(
            lambda second: datetime.datetime.fromtimestamp(second, UTC)
        )
    if shape is _shapes.ZONE:
        return st.sampled_from(["UTC", "Europe/Paris", "Asia/Kolkata"]).map(zoneinfo.ZoneInfo)
    if isinstance(shape, reports._Head):
        leaves = [mlicense.TreeHead.leaf(bytes([leaf])) for leaf in range(3)]
        return st.sampled_from([mlicense.TreeHead.over(leaves[:size]) for size in (1, 2, 3)])
    if shape is explanation.OUTCOME:
        return st.sampled_from(list(mlicense.Outcome))
    if shape is _shapes.BYTES:
        return st.binary(max_size=4)
    if shape is _shapes.KEY:
        return st.sampled_from([ROOT.public_key, DAILY.public_key])
    return st.text(max_size=4) | st.integers(0, 9)


MADE: dict[str, st.SearchStrategy[Any]] = {}


def made(kind: type[_value.Value]) -> st.SearchStrategy[Any]:
    """Values of a class, or of the alternatives of a union; made once, which takes long."""
    name = f"{kind.__module__}.{kind.__qualname__}"
    if name not in MADE:
        MADE[name] = st.deferred(lambda: making(kind))
    return MADE[name]


def making(kind: type[_value.Value]) -> st.SearchStrategy[Any]:
    if issubclass(kind, _tagged.Tagged) and "_KINDS" in vars(kind):
        kinds = [one for alternatives in kind._KINDS.values() for one in alternatives]
        return st.sampled_from(kinds).flatmap(made)
    members = {name: some(shape) for name, shape in kind._FIELDS}
    return st.fixed_dictionaries(members).map(lambda found: kind(**found))


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: f"{kind.__module__}.{kind.__qualname__}")
@settings(max_examples=10)
@given(data=st.data())
def test_a_value_survives_json_and_pickle(kind: type[_value.Value], data: st.DataObject) -> None:
    value = data.draw(made(kind))
    text = json.dumps(value.to_json())
    assert kind.from_json(text) == value
    again = kind.from_json(value.to_json())
    assert again == value
    assert hash(again) == hash(value)
    assert pickle.loads(pickle.dumps(value)) == copy.deepcopy(value) == value
    assert value.replace() == value
    assert repr(value).startswith(f"{kind.__qualname__}(")


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: f"{kind.__module__}.{kind.__qualname__}")
def test_every_class_and_member_is_documented(kind: type[_value.Value]) -> None:
    docs = inspect.getdoc(kind)
    assert docs
    if "." not in kind.__qualname__:
        for name, _ in kind._FIELDS:
            assert f"    {name}" in docs


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: next(iter(sample)))
def test_every_command_of_the_vectors_means_the_same(sample: dict[str, Any], shop: Shop) -> None:
    command = _tagged.Command.from_json(sample)
    assert type(command).from_json(sample) == command
    written = command.to_json()
    assert contains(written, sample)
    assert _tagged.Command.from_json(written) == command
    assert previewed(shop, command) == previewed(shop, sample)
    assert "JSON_INVALID" not in repr(previewed(shop, sample))


def previewed(shop: Shop, command: Any) -> Any:
    """What a command would do, or how it is refused."""
    try:
        return shop.ledger.preview(command, now=at("2026-03-02"))
    except Refusal as refusal:
        return refusal.name, str(refusal)


def contains(more: Any, less: Any) -> bool:
    """Whether all that the one says is said by the other."""
    if isinstance(less, dict):
        return all(contains(more.get(name), value) for name, value in less.items() if value != {})
    if isinstance(less, list):
        return len(more) == len(less) and all(map(contains, more, less))
    return bool(more == less)


def test_every_command_has_a_class_and_a_sample() -> None:
    classes = {getattr(commands, name).TAG for name in commands.__all__ if name != "Command"}
    assert classes == {next(iter(sample)) for sample in SAMPLES}


def test_a_command_is_done_as_its_mapping_is(shop: Shop) -> None:
    shop.start()
    shop.redeem(shop.issue())
    allocate = Allocate(customer="c1", product="vms", quantities={"camera": 10})
    now = at("2026-03-02")
    receipt = shop.ledger.execute(allocate, idempotency_key="k1", now=now)
    assert receipt.events[-1].kind == "allocated"
    # The same id and the same meaning: once.
    mapping = {"customer": "c1", "product": "vms", "quantities": {"camera": 10}}
    again = shop.ledger.execute({"allocate": mapping}, idempotency_key="k1", now=now)
    assert again == receipt
    done = shop.ledger.execute_many({"k2": allocate}, now=now)
    assert isinstance(done["k2"], Refusal)


def test_every_query_answers_with_its_own_type(shop: Shop) -> None:
    shop.start()
    shop.redeem(shop.issue())
    shop.run({"allocate": {"customer": "c1", "product": "vms", "quantities": {"camera": 10}}})
    asked: list[_tagged.Query[Any]] = [
        queries.Products(),
        queries.Overview(customer="c1"),
        queries.Need(customer="c1", product="vms"),
        queries.Wallet(customer="c1", product="vms"),
        queries.Due(customer="c1"),
        queries.ComingDue(),
        queries.WhereToBuy(product="vms"),
        queries.Account(customer="c1"),
        queries.Users(customer="c1"),
        queries.Devices(customer="c1"),
        queries.Shop(customer="c1"),
        queries.Memberships(person="p1"),
        queries.History(stream="customer/c1"),
        queries.History(stream="catalogue"),
        queries.Journal(),
        queries.Webhooks(),
    ]
    now = at("2026-03-02")
    for query in asked:
        typed = shop.ledger.query(query, now=now)
        plain = shop.ledger.query(query.to_json(), now=now)
        assert query._ANSWER.write(typed) == plain, query
    overview = shop.ledger.query(queries.Overview(customer="c1"), now=now)
    assert overview.zone == zoneinfo.ZoneInfo("Europe/Paris")
    status = overview.products["vms"]
    assert status.kind is views.StatusKind.LICENSED
    assert status.end == datetime.date(2027, 3, 1)


def test_an_event_says_in_words_what_happened(shop: Shop) -> None:
    (first, *_) = shop.ledger.query(queries.History(stream="customer/c1"))
    assert isinstance(first.event, events.CustomerRegistered)
    assert str(first.event) == "The customer was registered: zone Europe/Paris"
    assert str(events.DevicesInspected()) == "Somebody looked at the devices."
    lot = events.Lot(
        id=1,
        license_type="camera",
        kind=LotKind.Subscription(12),
        quantity=3,
        source=events.LotSource.KEY,
        stored_on=datetime.date(2026, 3, 1),
        expires_on=datetime.date(2031, 3, 1),
    )
    stocked = events.LicensesStocked(product="vms", lots=[lot])
    assert str(stocked) == (
        "Licences went to the wallet without a key: product vms, lots (id 1, license type camera, "
        "kind (term 12), quantity 3, source key, stored on 2026-03-01, expires on 2031-03-01)"
    )
    # Nothing secret is said, and nothing that is empty.
    opened = events.AccountChanged(
        account=events.Account(
            product="vms", client="x1", administrator="x2", country="FR", reference="Order of A. B."
        )
    )
    assert "A. B." not in str(opened)
    assert "None" not in str(opened)
    assert first.at == at("2026-03-01")
    assert first.actor == values.Actor(role=values.Role.VENDOR, id="vendor")


def test_alternatives_have_classes_of_their_own() -> None:
    kind = KeyContents(license_type="camera", quantity=1).kind
    assert kind == LotKind.Subscription(12)
    assert isinstance(kind, LotKind.Subscription)
    match kind:
        case LotKind.Subscription(term=months):
            assert months == 12
        case _:
            pytest.fail("a subscription")
    assert LotKind.Host() == LotKind.from_json('"host"')
    assert LotKind.Host() != LotKind.Device()
    assert LicenseDuration.Months(6).to_json() == {"months": 6}
    assert repr(LotKind.Host()) == "LotKind.Host()"
    for unknown in ['"perpetual"', '{"host": 1}', "{}", '"subscription"', "7"]:
        with pytest.raises(InputError, match="LotKind"):
            LotKind.from_json(unknown)


def test_values_do_not_change_and_name_what_is_wrong() -> None:
    budget = Budget(count=3, days=90)
    with pytest.raises(AttributeError, match="does not change"):
        budget.days = 1  # type: ignore[misc]
    with pytest.raises(AttributeError, match="does not change"):
        del budget.days
    with pytest.raises(InputError, match="member `days` is missing"):
        Budget.from_json({"count": 3})
    with pytest.raises(InputError, match="unknown member `hours`"):
        Budget.from_json({"count": 3, "days": 90, "hours": 1})
    with pytest.raises(InputError, match="Budget"):
        Budget.from_json("[")
    with pytest.raises(InputError, match="an object is wanted"):
        Budget.from_json("[]")
    with pytest.raises(TypeError, match="count"):
        Budget(days=90)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="SubscriptionPolicy or"):
        DefineProduct(product="p", definition=definition(), policy=budget)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="Definition is wanted"):
        DefineProduct(product="p", definition=budget, policy=SubscriptionPolicy())  # type: ignore[arg-type]


def test_tables_are_read_only() -> None:
    allocate = Allocate(customer="c1", product="vms", quantities={"camera": 10})
    with pytest.raises(TypeError):
        allocate.quantities["camera"] = 11  # type: ignore[index]
    given = {"camera": 10}
    kept = Allocate(customer="c1", product="vms", quantities=given)
    given["camera"] = 11
    assert kept == allocate
    assert kept.quantities == {"camera": 10}
    assert "quantities={'camera': 10}" in repr(kept)


def definition() -> Definition:
    return Definition(name="P", license_types=["camera"])


def test_dates_instants_zones_keys_and_documents_are_taken_as_python_has_them() -> None:
    invoice = queries.Invoice(customer="c1", product="p", month=datetime.date(2026, 3, 1))
    assert invoice.to_json()["invoice"]["month"] == "2026-03-01"
    with pytest.raises(TypeError, match="a date is wanted"):
        queries.Invoice(customer="c1", product="p", month=at("2026-03-01"))
    paris = at("2026-03-01").astimezone(zoneinfo.ZoneInfo("Europe/Paris"))
    journal = queries.Journal(since=paris)
    assert journal.since == at("2026-03-01")
    assert journal.to_json()["journal"]["since"] == "2026-03-01T12:00:00Z"
    with pytest.raises(InputError, match="is not an instant"):
        queries.Journal(since=paris.replace(tzinfo=None))
    with pytest.raises(TypeError, match="a datetime is wanted"):
        queries.Journal(since=datetime.date(2026, 3, 1))  # type: ignore[arg-type]
    zoned = commands.RegisterCustomer(customer="c1", zone="Europe/Paris")
    assert zoned == commands.RegisterCustomer(customer="c1", zone=zoneinfo.ZoneInfo("Europe/Paris"))
    with pytest.raises(InputError, match="`Europe/Nowhere` is not a time zone"):
        commands.RegisterCustomer(customer="c1", zone="Europe/Nowhere")
    vendor = EstablishVendor(vendor="acme", roots=[str(ROOT.public_key), DAILY.public_key])
    assert vendor.roots == (ROOT.public_key, DAILY.public_key)
    assert isinstance(vendor.roots[0], PublicKey)
    assert PublishKeyRing(document=b"x.y.z") == PublishKeyRing(document="x.y.z")
    with pytest.raises(TypeError, match="several are wanted"):
        EstablishVendor(vendor="acme", roots=str(ROOT.public_key))


def test_secrets_and_people_are_not_printed() -> None:
    redeem = commands.RedeemKey(customer="c1", product="p", key="VMS-SECRET")
    assert repr(redeem) == "RedeemKey(customer='c1', product='p', key=…)"
    person = values.PersonFields(name="Someone", email="someone@example.org")
    assert repr(person) == "PersonFields(name=…, email=…)"


def test_a_member_named_as_python_names_things_has_an_underscore() -> None:
    upgrade = UpgradeHardware(customer="c1", hardware="h1", from_="camera", to="door", quantity=1)
    assert upgrade.to_json()["upgrade_hardware"]["from"] == "camera"
